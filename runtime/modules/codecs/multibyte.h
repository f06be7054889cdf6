// What an East Asian codec is to the classes of `_multibytecodec`: functions that take what they can, and say why they stopped.
// ref: Modules/cjkcodecs/multibytecodec.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/modules/codecs/codecs.h"

namespace krait::modules::multibyte {

// What a codec remembers between two pieces; encoders tell it to programs (getstate).
struct CodecState {
  uint8_t bytes[8];
};
constexpr int kDoneAll = 0;
constexpr int kCut = -1;  // the rest is the beginning of something; any positive result: so many bytes or characters are illegal
struct CodecDef {
  const char* family;  // module
  const char* name;
  // Both take from the front of `in` and add to `out`.
  int (*decode)(const CodecDef& codec, CodecState& state, std::string_view& in, StrBuilder& out);
  int (*encode)(const CodecDef& codec, CodecState& state, std::u32string_view& in, std::string& out, bool is_last);
  bool (*prepare)(const CodecDef& codec);              // makes the tables; false if the system lacks them
  void (*begin)(CodecState& state, bool decodes);      // null: a codec without a state
  void (*finish)(CodecState& state, std::string* out);  // back to the first state; `out` is null for decoders
};

// Codecs without a state (stateless.cpp), those that switch between character sets (iso2022.cpp), and HZ (hz.cpp).
int decodeStateless(const CodecDef& codec, CodecState& state, std::string_view& in, StrBuilder& out);
int encodeStateless(const CodecDef& codec, CodecState& state, std::u32string_view& in, std::string& out, bool is_last);
bool prepareStateless(const CodecDef& codec);
int decodeIso2022(const CodecDef& codec, CodecState& state, std::string_view& in, StrBuilder& out);
int encodeIso2022(const CodecDef& codec, CodecState& state, std::u32string_view& in, std::string& out, bool is_last);
bool prepareIso2022(const CodecDef& codec);
void beginIso2022(CodecState& state, bool decodes);
void finishIso2022(CodecState& state, std::string* out);
int decodeHz(const CodecDef& codec, CodecState& state, std::string_view& in, StrBuilder& out);
int encodeHz(const CodecDef& codec, CodecState& state, std::u32string_view& in, std::string& out, bool is_last);
bool prepareHz(const CodecDef& codec);
void beginHz(CodecState& state, bool decodes);
void finishHz(CodecState& state, std::string* out);

// `errors`: a handler's name or Undefined. What a whole piece gives: `is_last` says that nothing follows.
// decode leaves in `used` how many bytes of `data` were taken, encode how many characters of `text`.
Ref decodeWith_py(Thread& t, const CodecDef* codec, CodecState& state, Value data, Value errors, bool is_last, size_t& used);
Ref encodeWith_py(Thread& t, const CodecDef* codec, CodecState& state, Value text, Value errors, bool is_last, size_t& used);
CodecState firstState(const CodecDef* codec, bool decodes);

// The object that `getcodec` gives, and the classes that share its codec (incremental.cpp).
struct Codec : Object {
  const CodecDef* def;
};
extern Type* codec_type;
void makeIncrementalTypes(Thread& t);
void addIncrementalTypes(Thread& t, Module* m);

}  // namespace krait::modules::multibyte

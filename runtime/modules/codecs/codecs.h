// What the files of the `_codecs` module share: the registered error handlers and the loops that use them.
// ref: Python/codecs.c, Objects/unicodeobject.c.
#pragma once

#include <string>
#include <string_view>

#include "runtime/modules/module_table.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

// The error handler of this name (Undefined or None: strict); LookupError if there is none.
Ref lookupError_py(Thread& t, Value module, Value name);
// Fills the table of handlers with the built-in ones.
Status addErrorHandlers(Thread& t, Module* module);

// How one character becomes bytes; false if it cannot.
struct Encoder {
  const char* name;
  const char* reason;
  bool (*encode)(char32_t c, std::string& out);
  size_t utf_unit = 0;  // size of the units of a UTF codec; 0: another one
};
// The bytes of a text and its length as the tuple that codecs give; asks the handler for what cannot be encoded.
Ref encodeText_py(Thread& t, Value module, const Encoder& encoder, Value text, Value errors);

// One step of decoding: takes bytes from data[at] on. `size` bytes gave `c`, or are malformed (`reason`), or are the
// beginning of a character that is not complete (`is_cut`, with `reason`).
struct DecodeStep {
  size_t size = 0;
  char32_t c = 0;
  const char* reason = nullptr;
  bool is_cut = false;
};
using Decoder = DecodeStep (*)(std::string_view data, size_t at);
// The text of `data` from `begin` on and the number of bytes used as a tuple; what is cut at the end stays unused unless `final`.
Ref decodeBytes_py(Thread& t, Value module, const char* name, Decoder decoder, Value data, Value errors, bool is_final, size_t begin = 0);

// What the handler makes of an exception: its replacement and where to go on. `position` is set. A negative length: any position.
Ref askHandler_py(Thread& t, Value module, Value errors, Value exception, int64_t length, int64_t* position);
// The same for decoding, which goes on in the exception's object: a handler may have put other bytes there. `held` keeps what `data` shows.
Ref askDecodeHandler_py(Thread& t, Value module, Value errors, Value exception, Ref& held, std::string_view* data, size_t* position);
Ref newDecodeError_py(Thread& t, const char* codec, Value bytes, int64_t begin, int64_t end, const char* reason);
Ref newEncodeError_py(Thread& t, const char* codec, Value text, int64_t begin, int64_t end, const char* reason);
// charmap_decode, charmap_encode, charmap_build, escape_decode, escape_encode, readbuffer_encode (charmap.cpp).
extern const NativeDef kMapFunctions[];
extern const NativeDef kEscapeFunctions[];  // unicode_escape and raw_unicode_escape (escapes.cpp)
extern const NativeDef kUtf7Functions[];
// The bytes of a bytes-like argument; TypeError otherwise (`data` is then unchanged).
Status viewOf_py(Thread& t, Value v, std::string_view* data);


}  // namespace krait::modules

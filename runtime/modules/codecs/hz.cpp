// The HZ encoding of GB 2312 (RFC 1843): `~{` begins two-byte characters of seven bits, `~}` ends them, `~~` is a tilde, `~` and
// a line end are nothing. ref: Modules/cjkcodecs/_codecs_cn.c.
#include "runtime/modules/codecs/charsets.h"
#include "runtime/modules/codecs/multibyte.h"

namespace krait::modules::multibyte {

static uint8_t& inGb(CodecState& state) { return state.bytes[0]; }

// What `~` begins.
static int takeTilde(CodecState& state, std::string_view& in, StrBuilder& out) {
  if (in.size() < 2) return kCut;
  char second = in[1];
  bool in_gb = inGb(state) != 0;
  if (second == '~' && !in_gb) out.add('~');
  else if (second == '{' && !in_gb) inGb(state) = 1;
  else if (second == '}' && in_gb) inGb(state) = 0;
  else if (second != '\n' || in_gb) return 1;
  in.remove_prefix(2);
  return kDoneAll;
}
int decodeHz(const CodecDef&, CodecState& state, std::string_view& in, StrBuilder& out) {
  const Charset& set = *charsetOf("gb2312");
  while (!in.empty()) {
    uint8_t first = static_cast<uint8_t>(in[0]);
    if (first == '~') {
      int why = takeTilde(state, in, out);
      if (why != kDoneAll) return why;
      continue;
    }
    if (first >= 0x80) return 1;
    if (inGb(state) == 0) {
      out.add(first);
      in.remove_prefix(1);
      continue;
    }
    if (in.size() < 2) return kCut;
    uint8_t second = static_cast<uint8_t>(in[1]);
    uint32_t found = second >= 0x80 ? Charset::kNothing : set.read(first | 0x80, second | 0x80);
    if (found == Charset::kNothing) return 1;
    out.add(found);
    in.remove_prefix(2);
  }
  return kDoneAll;
}
int encodeHz(const CodecDef&, CodecState& state, std::u32string_view& in, std::string& out, bool) {
  const Charset& set = *charsetOf("gb2312");
  for (; !in.empty(); in.remove_prefix(1)) {
    char32_t c = in.front();
    if (c < 0x80) {
      finishHz(state, &out);
      out += static_cast<char>(c);
      if (c == '~') out += '~';
      continue;
    }
    uint32_t code = set.write(c);
    if (code == 0) return 1;
    if (inGb(state) == 0) out += "~{";
    inGb(state) = 1;
    out += static_cast<char>(code >> 8 & 0x7F);
    out += static_cast<char>(code & 0x7F);
  }
  return kDoneAll;
}
bool prepareHz(const CodecDef&) { return charsetOf("gb2312") != nullptr; }
void beginHz(CodecState& state, bool) { inGb(state) = 0; }
void finishHz(CodecState& state, std::string* out) {
  if (out != nullptr && inGb(state) != 0) *out += "~}";
  inGb(state) = 0;
}

}  // namespace krait::modules::multibyte

#include "analyzer/base/python_escape.h"

namespace krait {

void appendEscaped(std::string& out, char c, char quote) {
  static constexpr char kHex[] = "0123456789abcdef";
  unsigned char byte = static_cast<unsigned char>(c);
  if (c == '\\' || c == quote) {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (byte < 0x20 || byte == 0x7F) {
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  } else {
    out += c;
  }
}

}  // namespace krait

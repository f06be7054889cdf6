#include "analyzer/base/markup_text.h"

namespace krait {

std::string markupText(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n':
      case '\t': out += c; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
        else out += "\xef\xbf\xbd";
    }
  }
  return out;
}

}  // namespace krait

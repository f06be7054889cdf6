#include "analyzer/base/json_text.h"

#include <cstdio>

#include "analyzer/base/text.h"

namespace krait {

static void appendEscaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
    out += c;
    return;
  }
  char buffer[8];
  std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned char>(c));
  out += buffer;
}

void appendJsonString(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    size_t bad = findInvalidUtf8(text);
    for (char c : text.substr(0, bad)) appendEscaped(out, c);
    if (bad == std::string_view::npos) break;
    out += "\xef\xbf\xbd";
    text.remove_prefix(bad + 1);
  }
  out += '"';
}

std::string jsonString(std::string_view text) {
  std::string out;
  appendJsonString(out, text);
  return out;
}

}  // namespace krait

#include "analyzer/base/json_text.h"

#include <algorithm>

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

std::string indentedJson(std::string_view json) {
  std::string out, indent = "\n";
  bool is_inside = false;
  for (size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (is_inside) {
      out += c;
      if (c == '\\' && i + 1 < json.size()) out += json[++i];
      if (c == '"') is_inside = false;
      continue;
    }
    is_inside = c == '"';
    bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
    if (opens && i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']')) {
      out += c;
      out += json[++i];
      continue;
    }
    if (opens) indent += "  ";
    if (closes) {
      indent.resize(indent.size() - std::min<size_t>(2, indent.size() - 1));
      out += indent;
    }
    out += c;
    if (c == ':') out += ' ';
    if (opens || c == ',') out += indent;
  }
  return out;
}

}  // namespace krait

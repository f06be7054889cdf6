// Docstrings as Markdown: fields of reST, sections of the Google and NumPy forms, doctests as code.
#include <algorithm>
#include <vector>

#include "lsp/render_signature.h"

namespace krait::lsp {

static std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

static size_t indentOf(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

static bool isBlank(std::string_view line) { return indentOf(line) == line.size(); }

// "Args:" alone on its line: a section of the Google form.
static bool isSectionName(std::string_view text) {
  static constexpr std::string_view kNames[] = {"Args", "Arguments", "Parameters", "Params", "Returns", "Return", "Yields", "Raises", "Attributes",
                                                "Example", "Examples", "Note", "Notes", "Warning", "Warnings", "See Also", "References", "Other Parameters",
                                                "Keyword Args", "Keyword Arguments", "Methods", "Todo"};
  return std::find(std::begin(kNames), std::end(kNames), text) != std::end(kNames);
}

// `:param int x: what it is` -> "- `x` (int): what it is"; "" for other lines.
static std::string fieldLine(std::string_view line) {
  size_t close = line.find(':', 1);
  if (line.empty() || line[0] != ':' || close == std::string_view::npos) return "";
  std::string_view head = line.substr(1, close - 1), rest = line.substr(close + 1);
  size_t space = head.find(' ');
  std::string_view kind = head.substr(0, space);
  std::string name(space == std::string_view::npos ? std::string_view() : head.substr(space + 1)), type;
  if (size_t last = name.rfind(' '); last != std::string::npos) type = name.substr(0, last), name = name.substr(last + 1);
  static constexpr std::string_view kParameters[] = {"param", "parameter", "arg", "argument", "key", "keyword", "ivar", "cvar", "var", "type"};
  bool is_parameter = std::find(std::begin(kParameters), std::end(kParameters), kind) != std::end(kParameters);
  if (is_parameter) return "- `" + name + "`" + (type.empty() ? "" : " (" + type + ")") + ":" + std::string(rest);
  if (kind == "return" || kind == "returns" || kind == "rtype" || kind == "yields") return "- **" + std::string(kind) + "**:" + std::string(rest);
  if (kind == "raise" || kind == "raises" || kind == "except") return "- **raises** `" + name + "`:" + std::string(rest);
  return "";
}

// `x (int): what`, `x: what`, `x : int` in a section -> a list entry.
static std::string entryLine(std::string_view line) {
  std::string_view text = line.substr(indentOf(line));
  size_t colon = text.find(':');
  size_t end = std::min({text.find(' '), colon, text.find('('), text.size()});
  if (colon == std::string_view::npos || end == 0 || text.substr(0, end).find_first_of(".,;") != std::string_view::npos) return "";
  return "- `" + std::string(text.substr(0, end)) + "`" + std::string(text.substr(end));
}

std::string docstringMarkdown(const std::string& plain) {
  std::vector<std::string_view> lines = linesOf(plain);
  std::string out;
  bool in_doctest = false, in_section = false;
  size_t entry_indent = std::string_view::npos;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i], text = line.substr(indentOf(line));
    bool is_underlined = i + 1 < lines.size() && !isBlank(line) && lines[i + 1].find_first_not_of("- ") == std::string_view::npos && lines[i + 1].size() >= 3;
    if (text.starts_with(">>>") != in_doctest && !(in_doctest && !isBlank(line))) {
      out += in_doctest ? "```\n" : "```python\n";
      in_doctest = !in_doctest;
    }
    if (in_doctest) {
      out += std::string(text) + "\n";
    } else if (is_underlined || (text.ends_with(":") && isSectionName(text.substr(0, text.size() - 1)))) {
      out += "\n**" + std::string(text.ends_with(":") ? text.substr(0, text.size() - 1) : text) + "**\n\n";
      in_section = true;
      entry_indent = std::string_view::npos;
      if (is_underlined) ++i;
    } else if (std::string field = fieldLine(text); !field.empty()) {
      out += field + "\n";
    } else if (in_section && !isBlank(line)) {
      if (entry_indent == std::string_view::npos) entry_indent = indentOf(line);
      std::string entry = indentOf(line) == entry_indent ? entryLine(line) : "";
      out += (entry.empty() ? "  " + std::string(text) : entry) + "\n";
    } else {
      out += std::string(line) + "\n";
    }
  }
  if (in_doctest) out += "```\n";
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

}  // namespace krait::lsp

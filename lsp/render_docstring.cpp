// Docstrings as Markdown: fields of reST, sections of the Google and NumPy forms, doctests as code.
#include <algorithm>
#include <optional>
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

// The name that an entry line of a section speaks of: `x (int): what`, `x : int`, `x, y : int`, `*args: rest`.
static bool namesParameter(std::string_view entry, std::string_view parameter) {
  size_t end = entry.find_first_of(":(");
  std::string_view names = entry.substr(0, end == std::string_view::npos ? entry.size() : end);
  while (!names.empty()) {
    size_t comma = std::min(names.find(','), names.size());
    std::string_view name = names.substr(0, comma);
    while (!name.empty() && (name.back() == ' ' || name.back() == '`')) name.remove_suffix(1);
    while (!name.empty() && (name.front() == ' ' || name.front() == '*' || name.front() == '`')) name.remove_prefix(1);
    if (name == parameter) return true;
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return false;
}

// `:param str x: what` -> "what" when it speaks of x.
static std::optional<std::string_view> parameterField(std::string_view line, std::string_view parameter) {
  if (!line.starts_with(":param ") && !line.starts_with(":parameter ") && !line.starts_with(":arg ") && !line.starts_with(":keyword ")) return std::nullopt;
  size_t close = line.find(':', 1);
  if (close == std::string_view::npos) return std::nullopt;
  std::string_view head = line.substr(0, close);
  std::string_view name = head.substr(head.rfind(' ') + 1);
  while (name.starts_with('*') || name.starts_with('\\')) name.remove_prefix(1);
  return name == parameter ? std::optional(line.substr(close + 1)) : std::nullopt;
}

std::string parameterText(std::string_view docstring, std::string_view parameter) {
  std::vector<std::string_view> lines = linesOf(docstring);
  std::string out;
  size_t indent = 0;
  bool is_found = false, in_section = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i], text = line.substr(indentOf(line));
    if (is_found) {
      // The entry goes on while it is further in.
      if (isBlank(line) || indentOf(line) <= indent) break;
      out += (out.empty() ? "" : " ") + std::string(text);
      continue;
    }
    bool is_underlined = i + 1 < lines.size() && lines[i + 1].find_first_not_of("- ") == std::string_view::npos && lines[i + 1].size() >= 3;
    std::string_view section = text.ends_with(":") ? text.substr(0, text.size() - 1) : text;
    if ((is_underlined || text.ends_with(":")) && isSectionName(section)) {
      in_section = section.find("Arg") != std::string_view::npos || section.find("Param") != std::string_view::npos;
      continue;
    }
    std::optional<std::string_view> field = parameterField(text, parameter);
    bool is_entry = !field && in_section && text.find(':') != std::string_view::npos && namesParameter(text, parameter);
    if (!field && !is_entry) continue;
    is_found = true;
    indent = indentOf(line);
    // What stands behind the colon of the NumPy form is a type.
    bool has_type = is_entry && text.find(" : ") != std::string_view::npos;
    std::string_view rest = field ? *field : has_type ? std::string_view() : text.substr(text.find(':') + 1);
    out = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  return out;
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

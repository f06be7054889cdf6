#include "cli/notebook.h"

#include <algorithm>
#include <array>

#include "cli/notebook_json.h"

namespace krait::cli {

bool isNotebook(std::string_view path) { return path.ends_with(".ipynb"); }

std::string joinedText(const lsp::Json& text) {
  if (text.is_string()) return text.get<std::string>();
  std::string out;
  if (!text.is_array()) return out;
  for (const lsp::Json& line : text) {
    if (line.is_string()) out += line.get<std::string>();
  }
  return out;
}

// Of the magics of a whole cell only these run it as Python. ref: IPython documentation, "Built-in magic commands"
static bool isPythonCell(std::string_view first_line) {
  static constexpr std::array<std::string_view, 5> kPython = {"%%time", "%%timeit", "%%capture", "%%prun", "%%python3"};
  std::string_view word = first_line.substr(0, first_line.find_first_of(" \t"));
  return !word.starts_with("%%") || std::find(kPython.begin(), kPython.end(), word) != kPython.end();
}

// `%time x`, `!ls`, `?name`, `name?` become comments; what `x = !ls` and `x = %magic` give is not known.
static std::string pythonLine(std::string_view line, bool is_in_string) {
  size_t start = line.find_first_not_of(" \t");
  if (start == std::string_view::npos || is_in_string) return std::string(line);
  char first = line[start];
  bool is_help = line.ends_with('?') && line.find('#') == std::string_view::npos && line.find_first_of("'\" ", start) == std::string_view::npos;
  if (first == '%' || first == '!' || first == '?' || is_help) {
    // A block may consist of nothing else.
    return start == 0 ? "#" + std::string(line.substr(1)) : std::string(line.substr(0, start)) + "pass";
  }
  size_t equal = line.find('=');
  size_t value = equal == std::string_view::npos ? equal : line.find_first_not_of(" \t", equal + 1);
  bool is_plain = value != std::string_view::npos && line.find_first_of("'\"(#") > equal;
  if (is_plain && (line[value] == '!' || line[value] == '%')) return std::string(line.substr(0, value)) + "globals()[__name__]()";
  return std::string(line);
}

// Whether the line opens or closes a string of several lines.
static bool isInStringAfter(std::string_view line, bool is_in_string) {
  for (std::string_view quotes : {"\"\"\"", "'''"}) {
    for (size_t at = line.find(quotes); at != std::string_view::npos; at = line.find(quotes, at + 3)) is_in_string = !is_in_string;
  }
  return is_in_string;
}

std::string pythonOfCell(std::string_view cell) {
  std::string out;
  bool is_python = isPythonCell(cell.substr(0, cell.find('\n')));
  bool is_in_string = false;
  while (true) {
    size_t end = cell.find('\n');
    std::string_view line = cell.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_python) out += pythonLine(line, is_in_string);
    is_in_string = isInStringAfter(line, is_in_string);
    out += '\n';
    if (end == std::string_view::npos) return out;
    cell.remove_prefix(end + 1);
  }
}

bool readNotebook(std::string_view json, std::string& text, std::vector<CellStart>& cells) {
  lsp::Json notebook = lsp::Json::parse(json, nullptr, false);
  if (!hasCells(notebook)) return false;
  if (!isOfPython(notebook)) return true;
  uint32_t number = 0;
  for (const lsp::Json& cell : notebook["cells"]) {
    if (!isCodeCell(cell)) continue;
    cells.push_back({.line = static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n')), .number = ++number});
    text += pythonOfCell(joinedText(cell["source"]));
  }
  return true;
}

}  // namespace krait::cli

#include "cli/notebook_write.h"

#include <algorithm>

#include "analyzer/base/text_diff.h"
#include "cli/notebook.h"
#include "cli/notebook_json.h"

namespace krait::cli {

static uint32_t offsetOf(const SourceFile& file, const CellStart& cell) {
  return cell.line < file.lines.lineCount() ? file.lines.lineStart(cell.line) : static_cast<uint32_t>(file.text.size());
}

std::string_view codeOfCell(const SourceFile& file, size_t at) {
  uint32_t begin = offsetOf(file, file.cells[at]);
  uint32_t end = at + 1 < file.cells.size() ? offsetOf(file, file.cells[at + 1]) : static_cast<uint32_t>(file.text.size());
  return std::string_view(file.text).substr(begin, end - begin);
}

bool staysInCells(const SourceFile& file, const Fix& fix) {
  return std::all_of(fix.edits.begin(), fix.edits.end(), [&](const FixEdit& edit) {
    return std::none_of(file.cells.begin(), file.cells.end(), [&](const CellStart& cell) {
      uint32_t start = offsetOf(file, cell);
      return edit.range.begin < start && start < edit.range.end;
    });
  });
}

std::vector<CellStart> movedCells(const SourceFile& file, const std::vector<FixEdit>& edits, std::string_view text) {
  std::vector<CellStart> out;
  for (const CellStart& cell : file.cells) {
    uint32_t start = offsetOf(file, cell), place = start;
    for (const FixEdit& edit : edits) {
      bool is_before = edit.range.end < start || (edit.range.end == start && edit.range.begin < start);
      if (is_before) place += static_cast<uint32_t>(edit.replacement.size()) - edit.range.size();
    }
    out.push_back({.line = static_cast<uint32_t>(std::count(text.begin(), text.begin() + place, '\n')), .number = cell.number});
  }
  return out;
}

static std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// The cell's new source, with the lines of the old one that were changed to be Python.
static std::optional<std::string> sourceOf(std::string_view code, const std::string& before) {
  if (before.find('\r') != std::string::npos) return std::nullopt;
  std::string python = pythonOfCell(before);
  std::vector<std::string_view> old_lines = linesOf(before), python_lines = linesOf(python), lines = linesOf(code);
  size_t at = 0;
  for (size_t i = 0; i < old_lines.size() && i < python_lines.size(); ++i) {
    if (old_lines[i] == python_lines[i]) continue;
    while (at < lines.size() && lines[at] != python_lines[i]) ++at;
    if (at == lines.size()) return std::nullopt;
    lines[at++] = old_lines[i];
  }
  std::string out;
  for (std::string_view line : lines) out.append(line) += '\n';
  if (!out.empty()) out.pop_back();
  return out;
}

static void setSource(OrderedJson& cell, const std::string& source) {
  if (cell["source"].is_string()) {
    cell["source"] = source;
    return;
  }
  cell["source"] = OrderedJson::array();
  for (size_t begin = 0; begin < source.size();) {
    size_t end = std::min(source.find('\n', begin), source.size() - 1) + 1;
    cell["source"].push_back(source.substr(begin, end - begin));
    begin = end;
  }
}

std::vector<bool> plainCells(std::string_view json) {
  std::vector<bool> out;
  OrderedJson notebook = OrderedJson::parse(json, nullptr, false);
  if (!hasCells(notebook)) return out;
  for (const OrderedJson& cell : notebook["cells"]) {
    if (!isCodeCell(cell)) continue;
    std::string source = joinedText(lsp::Json(cell["source"]));
    out.push_back(pythonOfCell(source) == source + "\n");
  }
  return out;
}

std::optional<std::string> notebookWith(std::string_view json, const SourceFile& file) {
  OrderedJson notebook = OrderedJson::parse(json, nullptr, false);
  if (!hasCells(notebook)) return std::nullopt;
  size_t number = 0;
  for (OrderedJson& cell : notebook["cells"]) {
    if (!isCodeCell(cell)) continue;
    if (number == file.cells.size()) return std::nullopt;
    std::string_view code = codeOfCell(file, number++);
    std::string before = joinedText(lsp::Json(cell["source"]));
    if (code == pythonOfCell(before)) continue;
    std::optional<std::string> source = sourceOf(code, before);
    if (!source) return std::nullopt;
    setSource(cell, *source);
  }
  if (number != file.cells.size()) return std::nullopt;
  return notebook.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + (json.ends_with('\n') ? "\n" : "");
}

std::string notebookDiff(std::string_view old_json, std::string_view new_json, const std::string& path) {
  OrderedJson before = OrderedJson::parse(old_json, nullptr, false), after = OrderedJson::parse(new_json, nullptr, false);
  std::string out;
  if (!hasCells(before) || !hasCells(after)) return out;
  auto sourceOfCell = [](const OrderedJson& cell) {
    std::string source = joinedText(lsp::Json(cell["source"]));
    return source.ends_with('\n') ? source : source + "\n";
  };
  for (size_t i = 0; i < before["cells"].size() && i < after["cells"].size(); ++i) {
    const OrderedJson &old_cell = before["cells"][i], &new_cell = after["cells"][i];
    if (!isCodeCell(old_cell) || !isCodeCell(new_cell)) continue;
    std::string name = path + ":cell " + std::to_string(i + 1);
    out += unifiedDiff(sourceOfCell(old_cell), sourceOfCell(new_cell), name, name);
  }
  return out;
}

}  // namespace krait::cli

// Places on the wire: positions, ranges, locations and edits of documents, files and notebook cells.
#include <algorithm>

#include "lsp/findings.h"
#include "lsp/server.h"

namespace krait::lsp {

Json Server::rangeJson(SourceModule& module, TextRange range) const {
  LineColumn begin = module.lines().locate(range.begin, unit());
  LineColumn end = module.lines().locate(range.end, unit());
  if (const NotebookCell* cell = module.cellAt(range.begin)) {
    begin.line -= cell->first_line;
    end.line -= std::min(end.line, cell->first_line);
  }
  return {{"start", {{"line", begin.line}, {"character", begin.column}}},
          {"end", {{"line", end.line}, {"character", end.column}}}};
}

Json Server::locationJson(SourceModule& module, TextRange range) const {
  const NotebookCell* cell = module.cellAt(range.begin);
  return {{"uri", cell != nullptr ? cell->uri : module.uri}, {"range", rangeJson(module, range)}};
}

uint32_t Server::offsetOf(SourceModule& module, const Json& position) const {
  int64_t line = std::clamp<int64_t>(intOr(member(position, "line"), 0), 0, 0x7fffff00);
  int64_t column = std::clamp<int64_t>(intOr(member(position, "character"), 0), 0, 0x7fffffff);
  if (const NotebookCell* cell = module.cellOf(current_cell_)) {
    line = std::min<int64_t>(line, cell->line_count > 0 ? cell->line_count - 1 : 0) + cell->first_line;
  }
  return module.lines().offsetOf({static_cast<uint32_t>(line), static_cast<uint32_t>(column)}, unit());
}

TextRange Server::rangeOf(SourceModule& module, const Json& range) const {
  uint32_t begin = offsetOf(module, member(range, "start"));
  uint32_t end = offsetOf(module, member(range, "end"));
  return {std::min(begin, end), std::max(begin, end)};
}

SourceModule* Server::documentOf(const Json& params) {
  current_cell_ = stringOr(member(member(params, "textDocument"), "uri"));
  SourceModule* module = workspace_.document(current_cell_);
  if (module != nullptr && isSettings(*module)) return nullptr;
  if (module != nullptr) workspace_.askFor(module->path());
  return module;
}

SourceModule* Server::settingsFileOf(const Json& params) {
  SourceModule* module = workspace_.document(stringOr(member(member(params, "textDocument"), "uri")));
  return module != nullptr && isSettings(*module) ? module : nullptr;
}

TextRange Server::areaOf(SourceModule& module) const {
  uint32_t end = static_cast<uint32_t>(module.text().size());
  const NotebookCell* cell = module.cellOf(current_cell_);
  if (cell == nullptr) return {0, end};
  uint32_t first = module.lines().offsetOf({cell->first_line, 0});
  uint32_t last = cell->first_line + cell->line_count;
  return {first, last < module.lines().lineCount() ? module.lines().lineStart(last) : end};
}

Json Server::workspaceEdit(const std::vector<Edit>& edits) const {
  Json changes = Json::object();
  std::map<std::string, int64_t> versions;
  for (const Edit& edit : edits) {
    Json location = locationJson(*edit.module, edit.range);
    std::string uri = location["uri"];
    changes[uri].push_back({{"range", location["range"]}, {"newText", edit.text}});
    if (edit.module->is_open) versions[uri] = edit.module->version;
  }
  if (!features.document_changes) return {{"changes", std::move(changes)}};
  Json documents = Json::array();
  for (auto& [uri, list] : changes.items()) {
    Json version = versions.count(uri) != 0 ? Json(versions[uri]) : Json(nullptr);
    documents.push_back({{"textDocument", {{"uri", uri}, {"version", version}}}, {"edits", list}});
  }
  return {{"documentChanges", std::move(documents)}};
}

}  // namespace krait::lsp

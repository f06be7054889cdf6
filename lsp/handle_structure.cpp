// textDocument/foldingRange and textDocument/selectionRange (LSP 3.17).
#include <algorithm>

#include "lsp/locate.h"
#include "lsp/server.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
struct Folds {
  SourceModule& module;
  TextRange area;        // of the cell, in a notebook
  uint32_t first_line;   // of that cell
  Json list = Json::array();
};
}  // namespace

static void addFold(Folds& folds, TextRange range, const char* kind) {
  if (range.begin < folds.area.begin || range.end > folds.area.end) return;
  SourceModule& module = folds.module;
  uint32_t first = module.lines().lineOf(range.begin);
  uint32_t last = module.lines().lineOf(range.end > range.begin ? range.end - 1 : range.end);
  if (last <= first) return;
  Json fold = {{"startLine", first - folds.first_line}, {"endLine", last - folds.first_line}};
  if (kind != nullptr) fold["kind"] = kind;
  folds.list.push_back(std::move(fold));
}

static bool isBracketed(NodeKind kind) {
  return kind == NodeKind::kList || kind == NodeKind::kDict || kind == NodeKind::kSet || kind == NodeKind::kTuple ||
         kind == NodeKind::kCall || kind == NodeKind::kListComp || kind == NodeKind::kDictComp;
}

Json foldingRange(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  const Ast& ast = module->ast();
  TextRange area = server.areaOf(*module);
  Folds folds{*module, area, module->lines().lineOf(area.begin)};
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    if (ast.parent(node).isNone()) continue;
    bool is_compound = categoryOf(kind) == NodeCategory::kStmt && !bodyOf(ast, node).empty();
    bool is_block = kind == NodeKind::kIf || kind == NodeKind::kFor || kind == NodeKind::kWhile || kind == NodeKind::kWith ||
                    kind == NodeKind::kTry || kind == NodeKind::kMatch || kind == NodeKind::kMatchCase ||
                    kind == NodeKind::kExceptHandler;
    if (is_compound || is_block || isBracketed(kind)) addFold(folds, ast.range(node), nullptr);
    if (kind == NodeKind::kConstant && stringValue(ast, node)) addFold(folds, ast.range(node), nullptr);
  }
  std::span<const Comment> comments = ast.comments();
  for (size_t first = 0; first < comments.size();) {
    size_t last = first;
    while (last + 1 < comments.size() &&
           module->lines().lineOf(comments[last + 1].begin) == module->lines().lineOf(comments[last].begin) + 1) {
      ++last;
    }
    addFold(folds, {comments[first].begin, comments[last].end}, "comment");
    first = last + 1;
  }
  NodeList body = ast.as<Module>(ast.root()).body();
  for (size_t first = 0; first < body.size(); ++first) {
    auto isImport = [&](NodeId node) { return ast.is(node, NodeKind::kImport) || ast.is(node, NodeKind::kImportFrom); };
    size_t last = first;
    while (last < body.size() && isImport(body[last])) ++last;
    if (last > first) {
      addFold(folds, {ast.range(body[first]).begin, ast.range(body[last - 1]).end}, "imports");
      first = last;
    }
  }
  return std::move(folds.list);
}

Json selectionRange(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  const Json& positions = member(params, "positions");
  if (module == nullptr || !positions.is_array()) return nullptr;
  Json out = Json::array();
  for (const Json& position : positions) {
    Json chain = nullptr;
    TextRange last{0xffffffffu, 0};
    for (NodeId node : nodesAt(module->ast(), server.offsetOf(*module, position))) {
      TextRange range = fullRange(module->ast(), node);
      if (range == last) continue;
      last = range;
      Json step = {{"range", server.rangeJson(*module, range)}};
      if (!chain.is_null()) step["parent"] = std::move(chain);
      chain = std::move(step);
    }
    out.push_back(std::move(chain));
  }
  return out;
}

}  // namespace krait::lsp

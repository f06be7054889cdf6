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

// Where the line begins whose first word this is, between two places; `end` where there is none.
static uint32_t wordLine(SourceModule& module, std::string_view word, uint32_t begin, uint32_t end) {
  for (uint32_t line = module.lines().lineOf(begin); line <= module.lines().lineOf(end); ++line) {
    std::string_view text = module.lines().lineText(line);
    size_t first = std::min(text.find_first_not_of(" \t"), text.size());
    uint32_t at = module.lines().lineStart(line) + static_cast<uint32_t>(first);
    if (text.substr(first).starts_with(word) && at >= begin) return at;
  }
  return end;
}

// The parts of a statement, each with its own header: what stands below `if` and `elif` and `else`.
static void addParts(Folds& folds, NodeId node) {
  const Ast& ast = folds.module.ast();
  struct Part {
    const char* word;
    NodeList body;
  };
  std::vector<Part> parts;
  switch (ast.kind(node)) {
    case NodeKind::kIf: parts = {{"if", ast.as<If>(node).body()}, {"else", ast.as<If>(node).orelse()}}; break;
    case NodeKind::kFor: parts = {{"for", ast.as<For>(node).body()}, {"else", ast.as<For>(node).orelse()}}; break;
    case NodeKind::kWhile: parts = {{"while", ast.as<While>(node).body()}, {"else", ast.as<While>(node).orelse()}}; break;
    case NodeKind::kTry:
      parts = {{"try", ast.as<Try>(node).body()}, {"else", ast.as<Try>(node).orelse()}, {"finally", ast.as<Try>(node).finalbody()}};
      break;
    default: return addFold(folds, ast.range(node), nullptr);
  }
  uint32_t begin = ast.range(node).begin;
  bool is_first = true;
  for (const Part& part : parts) {
    if (part.body.empty()) continue;
    TextRange first = fullRange(ast, part.body[0]);
    uint32_t header = is_first ? begin : wordLine(folds.module, part.word, begin, first.begin);
    uint32_t end = ast.range(part.body[part.body.size() - 1]).end;
    // `elif` folds as the statement that it is.
    if (is_first || header < first.begin) addFold(folds, {header, end}, nullptr);
    begin = end;
    is_first = false;
  }
}

static std::string_view commentText(const Ast& ast, const Comment& comment) {
  std::string_view text = ast.text().substr(comment.begin + 1, comment.end - comment.begin - 1);
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

static bool isRegionMark(const Ast& ast, const Comment& comment) {
  return commentText(ast, comment).starts_with("region") || commentText(ast, comment).starts_with("endregion");
}

// `# region` … `# endregion`, also inside one another.
static void addRegions(Folds& folds) {
  const Ast& ast = folds.module.ast();
  std::vector<uint32_t> open;
  for (const Comment& comment : ast.comments()) {
    if (commentText(ast, comment).starts_with("region")) open.push_back(comment.begin);
    if (!commentText(ast, comment).starts_with("endregion") || open.empty()) continue;
    addFold(folds, {open.back(), comment.end}, "region");
    open.pop_back();
  }
}

static bool isBracketed(NodeKind kind) {
  return kind == NodeKind::kList || kind == NodeKind::kDict || kind == NodeKind::kSet || kind == NodeKind::kTuple ||
         kind == NodeKind::kCall || kind == NodeKind::kListComp || kind == NodeKind::kDictComp || kind == NodeKind::kSetComp ||
         kind == NodeKind::kGeneratorExp || kind == NodeKind::kJoinedStr;
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
    if (is_compound || is_block) addParts(folds, node);
    if (isBracketed(kind)) addFold(folds, ast.range(node), nullptr);
    // A text that stands for itself is a comment.
    bool is_docstring = ast.is(ast.parent(node), NodeKind::kExprStmt);
    if (kind == NodeKind::kConstant && stringValue(ast, node)) addFold(folds, ast.range(node), is_docstring ? "comment" : nullptr);
  }
  std::span<const Comment> comments = ast.comments();
  for (size_t first = 0; first < comments.size();) {
    size_t last = first;
    while (last + 1 < comments.size() && !isRegionMark(ast, comments[first]) && !isRegionMark(ast, comments[last + 1]) &&
           module->lines().lineOf(comments[last + 1].begin) == module->lines().lineOf(comments[last].begin) + 1) {
      ++last;
    }
    addFold(folds, {comments[first].begin, comments[last].end}, "comment");
    first = last + 1;
  }
  addRegions(folds);
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

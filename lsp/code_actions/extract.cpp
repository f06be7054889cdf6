// Extract variable, extract function, inline variable.
#include <algorithm>
#include <set>

#include "lsp/code_actions/action_list.h"
#include "lsp/occurrences.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::SymbolId;

static TextRange trimmed(std::string_view text, TextRange range) {
  auto is_blank = [&](uint32_t at) { return text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'; };
  while (range.begin < range.end && is_blank(range.begin)) ++range.begin;
  while (range.begin < range.end && is_blank(range.end - 1)) --range.end;
  return range;
}

// A name that nothing in the file uses yet.
static std::string freshName(SourceModule& module, std::string_view wanted) {
  std::string name(wanted);
  for (int i = 2; module.text().find(name) != std::string_view::npos && i < 100; ++i) name = std::string(wanted) + "_" + std::to_string(i);
  return name;
}

static NodeId statementAround(const Ast& ast, NodeId node) {
  while (node.valid() && !isStatement(ast, node)) node = ast.parent(node);
  // What stands before an elif stands before the whole if.
  while (node.valid() && ast.is(node, NodeKind::kIf) && ast.as<If>(node).isElif()) node = ast.parent(node);
  return node;
}

static bool isOwnScope(NodeKind kind) {
  return kind == NodeKind::kLambda || kind == NodeKind::kListComp || kind == NodeKind::kSetComp || kind == NodeKind::kDictComp ||
         kind == NodeKind::kGeneratorExp;
}

static void addExtractVariable(ActionList& actions, TextRange wanted) {
  const Ast& ast = actions.module.ast();
  NodeId expr;
  for (NodeId node : nodesAt(ast, wanted.begin)) {
    if (isExpression(ast, node) && ast.range(node) == wanted) expr = node;
  }
  if (expr.isNone() || ast.is(expr, NodeKind::kStarred) || ast.is(expr, NodeKind::kErrorExpr)) return;
  for (NodeId at = ast.parent(expr); at.valid() && !isStatement(ast, at); at = ast.parent(at)) {
    if (isOwnScope(ast.kind(at)) || ast.is(at, NodeKind::kParameters) || ast.is(at, NodeKind::kMatchCase)) return;
  }
  NodeId statement = statementAround(ast, expr);
  if (statement.isNone() || ast.is(statement, NodeKind::kWhile)) return;
  if (auto attribute = ast.tryAs<Attribute>(expr); attribute && attribute->context() != ExprContext::kLoad) return;
  if (auto name = ast.tryAs<Name>(expr); name && name->context() != ExprContext::kLoad) return;
  uint32_t begin = fullRange(ast, statement).begin;
  std::string indent = indentAt(actions.module, begin);
  if (actions.module.lines().lineStart(actions.module.lines().lineOf(begin)) + indent.size() != begin) return;  // `a; b`
  std::string name = freshName(actions.module, "extracted");
  actions.add("Extract into a variable", "refactor.extract",
              {{&actions.module, {begin, begin}, name + " = " + std::string(ast.text(wanted)) + "\n" + indent}, {&actions.module, wanted, name}});
}

namespace {
struct CrossingName {
  std::string text;
  NodeId place;  // where it is read, which tells its type; or none
};
// The names that cross the border of some statements of a function.
struct Crossing {
  std::vector<CrossingName> in;   // read inside, bound before
  std::vector<CrossingName> out;  // bound inside, read behind
};
}  // namespace

static bool inside(TextRange range, TextRange area) { return area.begin <= range.begin && range.end <= area.end; }

static Crossing crossingOf(SourceModule& module, TextRange area, semantic::ScopeId frame) {
  Crossing out;
  const semantic::SemanticModel& model = module.model();
  const Ast& ast = module.ast();
  std::vector<SymbolId> symbols(model.symbolsOf(frame).begin(), model.symbolsOf(frame).end());
  auto firstPlace = [&](SymbolId symbol) {
    std::span<const semantic::Definition> definitions = model.definitions(model.resolve(symbol));
    return definitions.empty() ? 0xffffffffu : ast.range(definitions[0].node).begin;
  };
  std::stable_sort(symbols.begin(), symbols.end(), [&](SymbolId a, SymbolId b) { return firstPlace(a) < firstPlace(b); });
  for (SymbolId symbol : symbols) {
    SymbolId owner = model.resolve(symbol);
    bool is_local = model[model[owner].scope].kind != semantic::ScopeKind::kModule && model.isBound(owner);
    bool bound_inside = false, bound_outside = false, read_inside = false;
    NodeId inner, outer;
    for (const semantic::Definition& definition : model.definitions(owner)) {
      bool is_inside = inside(ast.range(definition.node), area);
      bound_inside |= is_inside;
      bound_outside |= !is_inside;
      bool is_read = is_inside && definition.kind == semantic::DefinitionKind::kAugAssign;
      read_inside |= is_read;
      if (is_read && inner.isNone()) inner = definition.node;
    }
    for (const semantic::Reference& reference : model.references(owner)) {
      bool is_inside = inside(ast.range(reference.node), area);
      NodeId& place = is_inside ? inner : outer;
      bool is_better = place.isNone() || (!is_inside && ast.range(place).end <= area.begin) || ast.is(ast.parent(place), NodeKind::kAugAssign);
      if (is_better) place = reference.node;
    }
    std::string name(model.nameOf(owner));
    if (is_local && (read_inside || inner.valid()) && bound_outside) out.in.push_back({name, inner});
    if (bound_inside && outer.valid()) out.out.push_back({name, outer});
  }
  return out;
}

static bool canLeave(const Ast& ast, TextRange area) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (ast.parent(NodeId(i)).isNone() || !inside(ast.range(NodeId(i)), area)) continue;
    switch (ast.kind(NodeId(i))) {
      case NodeKind::kReturn: case NodeKind::kYield: case NodeKind::kYieldFrom: case NodeKind::kGlobal:
      case NodeKind::kNonlocal: case NodeKind::kImportFrom: case NodeKind::kErrorStmt: case NodeKind::kErrorExpr: return false;
      default: break;
    }
  }
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    bool is_jump = ast.is(NodeId(i), NodeKind::kBreak) || ast.is(NodeId(i), NodeKind::kContinue);
    if (is_jump && inside(ast.range(NodeId(i)), area)) {
      NodeId loop = ast.parent(NodeId(i));
      while (loop.valid() && !ast.is(loop, NodeKind::kFor) && !ast.is(loop, NodeKind::kWhile)) loop = ast.parent(loop);
      if (loop.isNone() || !inside(ast.range(loop), area)) return false;
    }
  }
  return true;
}

// Is something awaited there, outside functions of its own?
static bool isAwaited(const Ast& ast, TextRange area) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (ast.parent(NodeId(i)).isNone() || !inside(ast.range(NodeId(i)), area)) continue;
    auto loop = ast.tryAs<For>(NodeId(i));
    auto with = ast.tryAs<With>(NodeId(i));
    bool waits = ast.is(NodeId(i), NodeKind::kAwait) || (loop && loop->isAsync()) || (with && with->isAsync());
    NodeId function = ast.parent(NodeId(i));
    while (waits && function.valid() && !ast.is(function, NodeKind::kFunctionDef)) function = ast.parent(function);
    if (waits && !(function.valid() && inside(ast.range(function), area))) return true;
  }
  return false;
}

static std::string joined(const std::vector<CrossingName>& parts) {
  std::string out;
  for (const CrossingName& part : parts) out += (out.empty() ? "" : ", ") + part.text;
  return out;
}

// The type of a name as an annotation; "" where it cannot stand in one.
static std::string annotationOf(ActionList& actions, const CrossingName& name) {
  std::string type = name.place.valid() ? typeTextAt(actions.server.workspace(), actions.module, name.place) : std::string();
  bool is_plain = type.find_first_of("<?@") == std::string::npos && type.find("def ") == std::string::npos && !type.starts_with("overloaded") && type.find("Module") == std::string::npos;
  return is_plain && type != "Any" && !(name.text == "self" || name.text == "cls") ? type : std::string();
}

// Parameters and result; with types where the function around has them.
static std::string headerText(ActionList& actions, const Crossing& names, bool is_typed) {
  std::string parameters, result;
  bool knows_result = is_typed;
  for (const CrossingName& one : names.in) {
    std::string type = is_typed ? annotationOf(actions, one) : std::string();
    parameters += (parameters.empty() ? "" : ", ") + one.text + (type.empty() ? "" : ": " + type);
  }
  for (const CrossingName& one : names.out) {
    std::string type = annotationOf(actions, one);
    knows_result &= !type.empty();
    result += (result.empty() ? "" : ", ") + type;
  }
  if (names.out.size() > 1) result = "tuple[" + result + "]";
  return "(" + parameters + ")" + (knows_result ? " -> " + (names.out.empty() ? std::string("None") : result) : std::string()) + ":\n";
}

// Does a function around say what it gives?
static bool isTyped(const Ast& ast, NodeId node) {
  while (node.valid() && !ast.is(node, NodeKind::kFunctionDef)) node = ast.parent(node);
  return node.valid() && ast.as<FunctionDef>(node).returns().valid();
}

// The lines of the area, indented by four instead of what they had.
static std::string reindented(SourceModule& module, TextRange area, size_t margin) {
  std::string out;
  uint32_t last = module.lines().lineOf(area.end - 1);
  for (uint32_t line = module.lines().lineOf(area.begin); line <= last; ++line) {
    std::string_view text = module.lines().lineText(line);
    if (text.find_first_not_of(" \t") == std::string_view::npos) out += "\n";
    else out += "    " + std::string(text.substr(std::min(margin, text.find_first_not_of(" \t")))) + "\n";
  }
  return out;
}

static void addExtractFunction(ActionList& actions, TextRange wanted) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId first;
  bool is_whole = false;
  for (NodeId node : nodesAt(ast, wanted.begin)) {
    if (isStatement(ast, node) && fullRange(ast, node).begin == wanted.begin && first.isNone()) first = node;
  }
  if (first.isNone() || ast.is(ast.parent(first), NodeKind::kClassDef)) return;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    is_whole |= isStatement(ast, NodeId(i)) && ast.parent(NodeId(i)) == ast.parent(first) && ast.range(NodeId(i)).end == wanted.end;
  }
  semantic::ScopeId frame = module.model().enclosingScope(first);
  if (!is_whole || !canLeave(ast, wanted)) return;
  std::string indent = indentAt(module, wanted.begin);
  uint32_t line_begin = module.lines().lineStart(module.lines().lineOf(wanted.begin));
  if (line_begin + indent.size() != wanted.begin) return;
  NodeId outermost = first;
  while (ast.parent(outermost).valid() && !ast.is(ast.parent(outermost), NodeKind::kModule)) outermost = ast.parent(outermost);
  Crossing names = crossingOf(module, wanted, frame);
  std::string name = freshName(module, "extracted");
  bool is_async = isAwaited(ast, wanted);
  std::string function = (is_async ? "async def " : "def ") + name + headerText(actions, names, isTyped(ast, first)) + reindented(module, wanted, indent.size());
  if (!names.out.empty()) function += "    return " + joined(names.out) + "\n";
  std::string call = (names.out.empty() ? "" : joined(names.out) + " = ") + (is_async ? "await " : "") + name + "(" + joined(names.in) + ")";
  uint32_t place = fullRange(ast, outermost).begin;
  if (outermost == first) {
    actions.add("Extract into a function", "refactor.extract", {{&module, wanted, function + "\n\n" + call}});
  } else {
    actions.add("Extract into a function", "refactor.extract", {{&module, {place, place}, function + "\n\n"}, {&module, wanted, call}});
  }
}

void addExtractActions(ActionList& actions) {
  if (!actions.wants("refactor.extract") || actions.selection.size() == 0) return;
  TextRange wanted = trimmed(actions.module.text(), actions.selection);
  if (wanted.size() == 0) return;
  addExtractVariable(actions, wanted);
  addExtractFunction(actions, wanted);
}

// Does the expression need parentheses wherever it is put?
static bool needsParentheses(const Ast& ast, NodeId value) {
  switch (ast.kind(value)) {
    case NodeKind::kBinOp: case NodeKind::kBoolOp: case NodeKind::kCompare: case NodeKind::kUnaryOp: case NodeKind::kLambda:
    case NodeKind::kIfExp: case NodeKind::kNamedExpr: case NodeKind::kAwait: case NodeKind::kGeneratorExp: return true;
    case NodeKind::kTuple: return ast.text(value).empty() || ast.text(value)[0] != '(';
    default: return false;
  }
}

void addInlineAction(ActionList& actions) {
  if (!actions.wants("refactor.inline")) return;
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId name = nameAt(ast, actions.selection.begin);
  if (!ast.is(name, NodeKind::kName)) return;
  const semantic::SemanticModel& model = module.model();
  SymbolId owner = model.ownerAt(name);
  if (owner.isNone() || model.definitions(owner).size() != 1) return;
  const semantic::Definition& definition = model.definitions(owner)[0];
  auto assign = ast.tryAs<Assign>(definition.owner);
  bool is_fit = assign && assign->targets().size() == 1 && assign->targets()[0] == definition.node && !model.references(owner).empty();
  if (!is_fit || ast.is(assign->value(), NodeKind::kYield) || ast.is(assign->value(), NodeKind::kAwait)) return;
  // Other files may know a module's name.
  if (model[model[owner].scope].kind == semantic::ScopeKind::kModule) {
    for (const Occurrence& found : occurrencesOf(actions.server.workspace(), module, name, SearchArea::kWorkspace)) {
      if (found.module != &module) return;
    }
  }
  std::string value(ast.text(assign->value()));
  if (needsParentheses(ast, assign->value())) value = "(" + value + ")";
  TextRange statement = ast.range(definition.owner);
  uint32_t line = module.lines().lineOf(statement.begin);
  uint32_t next = module.lines().lineOf(statement.end) + 1;
  uint32_t end = next < module.lines().lineCount() ? module.lines().lineStart(next) : static_cast<uint32_t>(module.text().size());
  std::vector<Edit> edits = {{&module, {module.lines().lineStart(line), end}, ""}};
  for (const semantic::Reference& reference : model.references(owner)) edits.push_back({&module, ast.range(reference.node), value});
  actions.add("Inline `" + std::string(nameText(ast, name)) + "`", "refactor.inline", edits);
}

}  // namespace krait::lsp

// Extract variable, extract function or method.
#include <algorithm>

#include "analyzer/base/text_scan.h"
#include "lsp/code_actions/action_list.h"
#include "lsp/code_actions/crossing.h"
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

// Is it bound or deleted where it stands, or no value at all?
static bool isTarget(const Ast& ast, NodeId expr) {
  if (ast.is(expr, NodeKind::kSlice)) return true;
  if (auto name = ast.tryAs<Name>(expr)) return name->context() != ExprContext::kLoad;
  if (auto attribute = ast.tryAs<Attribute>(expr)) return attribute->context() != ExprContext::kLoad;
  if (auto part = ast.tryAs<Subscript>(expr)) return part->context() != ExprContext::kLoad;
  if (auto starred = ast.tryAs<Starred>(expr)) return isTarget(ast, starred->value());
  bool is_list = ast.is(expr, NodeKind::kList);
  if (!is_list && !ast.is(expr, NodeKind::kTuple)) return false;
  NodeList items = is_list ? ast.as<List>(expr).elts() : ast.as<Tuple>(expr).elts();
  return std::any_of(items.begin(), items.end(), [&](NodeId item) { return isTarget(ast, item); });
}

// Does it go over several lines only because something around it is in brackets?
static bool hasOpenLineEnd(std::string_view text) {
  TextScan scan;
  for (size_t i = 0; i < text.size(); ++i) {
    if (scan.take(text, i) && text[i] == '\n' && scan.depth == 0) return true;
  }
  return false;
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
  if (isTarget(ast, expr)) return;
  uint32_t begin = fullRange(ast, statement).begin;
  std::string indent = indentAt(actions.module, begin);
  if (actions.module.lines().lineStart(actions.module.lines().lineOf(begin)) + indent.size() != begin) return;  // `a; b`
  std::string name = freshName(actions.module, "extracted"), value(ast.text(wanted));
  if (hasOpenLineEnd(value)) value = "(" + value + ")";
  actions.add("Extract into a variable", "refactor.extract", {{&actions.module, {begin, begin}, name + " = " + value + "\n" + indent}, {&actions.module, wanted, name}});
}

namespace {
// What the statements do besides binding names.
struct Leaving {
  bool is_possible = true;  // to make a function of them
  bool returns = false;
  bool yields = false;
};
}  // namespace

// The function that a node of the area belongs to, where it lies in the area itself; or none.
static NodeId innerFunction(const Ast& ast, NodeId node, TextRange area) {
  for (NodeId at = ast.parent(node); at.valid() && inside(ast.range(at), area); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) || ast.is(at, NodeKind::kLambda)) return at;
  }
  return NodeId::none();
}

static Leaving leavingOf(const Ast& ast, TextRange area) {
  Leaving out;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (ast.parent(node).isNone() || !inside(ast.range(node), area)) continue;
    switch (ast.kind(node)) {
      case NodeKind::kReturn: out.returns |= innerFunction(ast, node, area).isNone(); break;
      case NodeKind::kYield: case NodeKind::kYieldFrom: out.yields |= innerFunction(ast, node, area).isNone(); break;
      case NodeKind::kImportFrom: out.is_possible &= nameText(ast, ast.as<ImportFrom>(node).names().empty() ? NodeId::none() : ast.as<Alias>(ast.as<ImportFrom>(node).names()[0]).name()) != "*"; break;
      case NodeKind::kGlobal: case NodeKind::kNonlocal: case NodeKind::kErrorStmt: case NodeKind::kErrorExpr: out.is_possible = false; break;
      case NodeKind::kBreak: case NodeKind::kContinue: {
        NodeId loop = ast.parent(node);
        while (loop.valid() && !ast.is(loop, NodeKind::kFor) && !ast.is(loop, NodeKind::kWhile)) loop = ast.parent(loop);
        out.is_possible &= loop.valid() && inside(ast.range(loop), area);
        break;
      }
      default: break;
    }
  }
  return out;
}

static bool alwaysLeaves(const Ast& ast, NodeList body) {
  if (body.empty()) return false;
  NodeId last = body[body.size() - 1];
  if (ast.is(last, NodeKind::kReturn) || ast.is(last, NodeKind::kRaise)) return true;
  if (auto branch = ast.tryAs<If>(last)) return alwaysLeaves(ast, branch->body()) && alwaysLeaves(ast, branch->orelse());
  if (auto with = ast.tryAs<With>(last)) return alwaysLeaves(ast, with->body());
  return false;
}

// Does nothing run behind the last of the statements: does each way return, or end the function?
static bool endsFunction(const Ast& ast, NodeId last) {
  NodeId parent = ast.parent(last);
  if (auto function = ast.tryAs<FunctionDef>(parent)) {
    if (function->body()[function->body().size() - 1] == last) return true;
  }
  if (ast.is(last, NodeKind::kReturn) || ast.is(last, NodeKind::kRaise)) return true;
  auto branch = ast.tryAs<If>(last);
  return branch && alwaysLeaves(ast, branch->body()) && alwaysLeaves(ast, branch->orelse());
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

namespace {
// A line of the new function; the rest of a text that goes over several lines stays where it was.
struct BodyLine {
  std::string text;
  bool is_text = false;
};
struct NewFunction {
  std::string header;
  std::vector<BodyLine> body;

  std::string text(const std::string& indent) const {
    std::string out = indent + header;
    for (const BodyLine& line : body) out += (line.is_text || line.text.empty() ? "" : indent + "    ") + line.text + "\n";
    return out;
  }
};
}  // namespace

static bool isInText(const Ast& ast, uint32_t offset) {
  for (NodeId node : nodesAt(ast, offset)) {
    bool is_text = ast.is(node, NodeKind::kJoinedStr) || (ast.is(node, NodeKind::kConstant) && stringValue(ast, node));
    if (is_text && ast.range(node).begin < offset && offset < ast.range(node).end) return true;
  }
  return false;
}

// The lines of the area without the indentation that they all had.
static std::vector<BodyLine> linesOf(SourceModule& module, TextRange area, size_t margin) {
  std::vector<BodyLine> out;
  uint32_t last = module.lines().lineOf(area.end - 1);
  for (uint32_t line = module.lines().lineOf(area.begin); line <= last; ++line) {
    std::string_view text = module.lines().lineText(line);
    bool is_text = !out.empty() && isInText(module.ast(), module.lines().lineStart(line));
    size_t first = text.find_first_not_of(" \t");
    if (is_text) out.push_back({std::string(text), true});
    else out.push_back({first == std::string_view::npos ? std::string() : std::string(text.substr(std::min(margin, first)))});
  }
  return out;
}

namespace {
// Where the new function goes, and how it is called from where its body stood.
struct NewPlace {
  uint32_t offset = 0;
  std::string indent;   // of the new function
  std::string prefix;   // "self." of a method
  bool is_behind = false;
};
}  // namespace

// Beside the method that the statements are of, where they use its object; else before all that stands around them.
static NewPlace newPlace(SourceModule& module, NodeId first, const Crossing& names) {
  const Ast& ast = module.ast();
  NodeId function = ast.parent(first);
  while (function.valid() && !ast.is(function, NodeKind::kFunctionDef)) function = ast.parent(function);
  if (function.valid() && ast.is(ast.parent(function), NodeKind::kClassDef) && !names.in.empty()) {
    FunctionDef def = ast.as<FunctionDef>(function);
    NodeList params = ast.as<Parameters>(def.params()).params();
    std::string_view self = params.empty() ? std::string_view() : nameText(ast, ast.as<Parameter>(params[0]).name());
    bool is_plain = def.decorators().empty() || isProperty(ast, function);
    if (is_plain && (self == "self") && names.in[0].text == self) {
      return {ast.range(function).end, indentAt(module, fullRange(ast, function).begin), std::string(self) + ".", true};
    }
  }
  NodeId outermost = first;
  while (ast.parent(outermost).valid() && !ast.is(ast.parent(outermost), NodeKind::kModule)) outermost = ast.parent(outermost);
  return {fullRange(ast, outermost).begin, "", "", false};
}

// Puts the function and the call in its place.
static void addFunction(ActionList& actions, TextRange wanted, NodeId first, const Crossing& names, const NewFunction& made, const std::string& call) {
  NewPlace place = newPlace(actions.module, first, names);
  std::string function = made.text(place.indent);
  const char* title = place.is_behind ? "Extract into a method" : "Extract into a function";
  if (place.is_behind) {
    actions.add(title, "refactor.extract", {{&actions.module, wanted, call}, {&actions.module, {place.offset, place.offset}, "\n\n" + function.substr(0, function.size() - 1)}});
  } else if (place.offset == wanted.begin) {
    actions.add(title, "refactor.extract", {{&actions.module, wanted, function + "\n\n" + call}});
  } else {
    actions.add(title, "refactor.extract", {{&actions.module, {place.offset, place.offset}, function + "\n\n"}, {&actions.module, wanted, call}});
  }
}

// `self.name(a, b)`, with what it waits for.
static std::string callText(SourceModule& module, NodeId first, const Crossing& names, const std::string& name, bool is_async, bool yields) {
  NewPlace place = newPlace(module, first, names);
  std::vector<CrossingName> given = names.in;
  if (place.is_behind) given.erase(given.begin());
  return std::string(is_async ? "await " : yields ? "yield from " : "") + place.prefix + name + "(" + joined(given) + ")";
}

static bool isAsyncAround(const Ast& ast, NodeId node) {
  while (node.valid() && !ast.is(node, NodeKind::kFunctionDef)) node = ast.parent(node);
  return node.valid() && ast.as<FunctionDef>(node).isAsync();
}

// The range without comments at its ends, and without the blanks beside them.
static TextRange withoutComments(const Ast& ast, TextRange range) {
  std::span<const Comment> comments = ast.comments();
  for (const Comment& comment : comments) {
    if (comment.begin == range.begin && comment.end <= range.end) range = trimmed(ast.text(), {comment.end, range.end});
  }
  for (size_t i = comments.size(); i-- > 0;) {
    if (comments[i].end == range.end && comments[i].begin >= range.begin) range = trimmed(ast.text(), {range.begin, comments[i].begin});
  }
  return range;
}

static void addExtractFunction(ActionList& actions, TextRange wanted) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId first, last;
  TextRange code = withoutComments(ast, wanted);
  for (NodeId node : nodesAt(ast, code.begin)) {
    if (isStatement(ast, node) && fullRange(ast, node).begin == code.begin && first.isNone()) first = node;
  }
  if (first.isNone() || ast.is(ast.parent(first), NodeKind::kClassDef) || (ast.is(first, NodeKind::kIf) && ast.as<If>(first).isElif())) return;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (isStatement(ast, NodeId(i)) && ast.parent(NodeId(i)) == ast.parent(first) && ast.range(NodeId(i)).end == code.end) last = NodeId(i);
  }
  semantic::ScopeId frame = module.model().enclosingScope(first);
  if (last.isNone()) return;
  Leaving leaving = leavingOf(ast, wanted);
  bool is_async = isAwaited(ast, wanted);
  if (!leaving.is_possible || (leaving.returns && !endsFunction(ast, last)) || (leaving.yields && isAsyncAround(ast, first))) return;
  std::string indent = indentAt(module, wanted.begin);
  uint32_t line_begin = module.lines().lineStart(module.lines().lineOf(wanted.begin));
  if (line_begin + indent.size() != wanted.begin) return;
  std::vector<NodeId> statements;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (isStatement(ast, NodeId(i)) && ast.parent(NodeId(i)) == ast.parent(first) && inside(ast.range(NodeId(i)), wanted)) statements.push_back(NodeId(i));
  }
  Crossing names = crossingOf(actions.server.workspace(), module, wanted, frame, statements);
  if (!leaving.returns && !names.is_possible) return;
  // Behind a return nobody reads what was bound.
  if (leaving.returns) names.out.clear();
  std::string name = freshName(module, "extracted");
  bool is_typed = isTyped(ast, first) && !leaving.returns && !leaving.yields;
  NewFunction function{(is_async ? "async def " : "def ") + name + headerText(actions, names, is_typed), linesOf(module, wanted, indent.size())};
  if (!names.out.empty()) function.body.push_back({"return " + joined(names.out)});
  std::string call = callText(module, first, names, name, is_async, leaving.yields);
  if (leaving.returns) call = "return " + (leaving.yields ? "(" + call + ")" : call);
  else if (!names.out.empty()) call = joined(names.out) + " = " + call;
  addFunction(actions, wanted, first, names, function, call);
}

// A function that gives what an expression does.
static void addExtractExpression(ActionList& actions, TextRange wanted) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId expr;
  for (NodeId node : nodesAt(ast, wanted.begin)) {
    if (isExpression(ast, node) && ast.range(node) == wanted) expr = node;
  }
  NodeId statement = expr.valid() ? statementAround(ast, expr) : NodeId::none();
  if (statement.isNone() || ast.is(expr, NodeKind::kName) || ast.is(expr, NodeKind::kConstant) || ast.is(expr, NodeKind::kStarred)) return;
  for (NodeId at = ast.parent(expr); at.valid() && at != statement; at = ast.parent(at)) {
    if (isOwnScope(ast.kind(at)) || ast.is(at, NodeKind::kParameters) || ast.is(at, NodeKind::kMatchCase)) return;
  }
  if (!ast.is(statement, NodeKind::kReturn) && !ast.is(statement, NodeKind::kAssign) && !ast.is(statement, NodeKind::kAnnAssign) && !ast.is(statement, NodeKind::kExprStmt) &&
      !ast.is(statement, NodeKind::kIf) && !ast.is(statement, NodeKind::kWhile) && !ast.is(statement, NodeKind::kAugAssign) && !ast.is(statement, NodeKind::kFor)) {
    return;
  }
  if (isTarget(ast, expr)) return;
  Leaving leaving = leavingOf(ast, wanted);
  Crossing names = crossingOf(actions.server.workspace(), module, wanted, module.model().enclosingScope(statement), {});
  if (!leaving.is_possible || leaving.yields || !names.out.empty()) return;
  bool is_async = isAwaited(ast, wanted);
  std::string name = freshName(module, "extracted");
  std::string type = isTyped(ast, statement) ? annotationOf(actions, {"", expr}) : std::string();
  std::string header = headerText(actions, names, isTyped(ast, statement));
  header = header.substr(0, header.rfind(')') + 1);
  std::string_view text = ast.text(wanted);
  bool is_long = text.find('\n') != std::string_view::npos;
  NewFunction function{(is_async ? "async def " : "def ") + name + header + (type.empty() ? "" : " -> " + type) + ":\n",
                       {{"return " + std::string(is_long ? "(" : "") + std::string(text) + (is_long ? ")" : "")}}};
  addFunction(actions, wanted, statement, names, function, callText(module, statement, names, name, is_async, false));
}

void addExtractActions(ActionList& actions) {
  if (!actions.wants("refactor.extract") || actions.selection.size() == 0) return;
  TextRange wanted = trimmed(actions.module.text(), actions.selection);
  if (wanted.size() == 0) return;
  addExtractVariable(actions, wanted);
  addExtractFunction(actions, wanted);
  addExtractExpression(actions, wanted);
}

}  // namespace krait::lsp

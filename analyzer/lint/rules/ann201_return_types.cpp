// ANN201, ANN202, ANN204, ANN205, ANN206: a function without return annotation; the fix writes the one that its body or
// its name tells. ref: flake8-annotations
#include <algorithm>
#include <array>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/value_types.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

namespace {
// How a list of statements may end: behind its last one, perhaps there and perhaps by `return`, always by `return`, always by
// `raise`, by one of the two.
enum class End : uint8_t { kFalls, kMayReturn, kReturns, kRaises, kLeaves };
struct Ending {
  End end = End::kFalls;
  bool raises = false;  // the last `raise` of some path raises something else than NotImplementedError

  bool falls() const { return end == End::kFalls || end == End::kMayReturn; }
  bool returns() const { return end == End::kMayReturn || end == End::kReturns || end == End::kLeaves; }
};
}  // namespace

static Ending endingOf(const LintContext& context, NodeList body);

// Of ends that are not kFalls.
static End joined(End a, End b) {
  if (a == b) return a;
  bool is_return = (a == End::kMayReturn && b == End::kReturns) || (a == End::kReturns && b == End::kMayReturn);
  return is_return ? End::kReturns : End::kLeaves;
}

// The branches are joined from the first to the last: `return` makes up for a branch before it that falls, as in ruff.
static Ending either(Ending a, Ending b) {
  bool raises = a.raises || b.raises;
  if (a.end != End::kFalls && b.end != End::kFalls) return {joined(a.end, b.end), raises};
  return {a.returns() || b.returns() ? End::kMayReturn : End::kFalls, raises};
}

// ruff goes on behind a statement that never ends.
static Ending then(Ending a, Ending b) {
  bool raises = (!a.falls() && a.raises) || b.raises;
  if (a.end == End::kFalls) return {b.end, raises};
  return {b.end == End::kFalls ? a.end : joined(a.end, b.end), raises};
}

// The branches may all be passed by.
static Ending perhaps(Ending ending) { return {ending.returns() ? End::kMayReturn : End::kFalls, ending.raises}; }

static Ending endingOfIf(const LintContext& context, syntax::If statement) {
  Ending ending = endingOf(context, statement.body());
  NodeList rest = statement.orelse();
  while (rest.size() == 1) {
    auto next = context.ast.tryAs<syntax::If>(rest[0]);
    if (!next || !next->isElif()) break;
    ending = either(ending, endingOf(context, next->body()));
    rest = next->orelse();
  }
  return rest.empty() ? perhaps(ending) : either(ending, endingOf(context, rest));
}

static Ending endingOfTry(const LintContext& context, syntax::Try statement) {
  // ruff takes the end of the body for reachable, whatever it holds.
  Ending ending = then(perhaps({endingOf(context, statement.body()).end}), endingOf(context, statement.finalbody()));
  std::optional<Ending> branches;
  for (NodeId id : statement.handlers()) {
    Ending handler = endingOf(context, context.ast.as<syntax::ExceptHandler>(id).body());
    branches = branches ? either(*branches, handler) : handler;
  }
  if (!branches) return ending;
  return then(ending, statement.orelse().empty() ? perhaps(*branches) : either(*branches, endingOf(context, statement.orelse())));
}

static Ending endingOfMatch(const LintContext& context, syntax::Match statement) {
  const Ast& ast = context.ast;
  std::optional<Ending> branches;
  bool has_default = false;
  for (NodeId id : statement.cases()) {
    auto one = ast.as<syntax::MatchCase>(id);
    auto pattern = ast.tryAs<syntax::MatchAs>(one.pattern());
    has_default |= pattern && !pattern->pattern().valid() && !one.guard().valid();
    Ending ending = endingOf(context, one.body());
    branches = branches ? either(*branches, ending) : ending;
  }
  return has_default ? *branches : perhaps(branches.value_or(Ending()));
}

static bool raisesNotImplemented(const LintContext& context, NodeId statement) {
  auto raise = context.ast.tryAs<syntax::Raise>(statement);
  if (!raise || !raise->exc().valid()) return false;
  NodeId exc = raise->exc();
  if (auto call = context.ast.tryAs<syntax::Call>(exc)) exc = call->func();
  return isBuiltin(context, exc, "NotImplementedError");
}

// ruff takes the body of a loop for run, and the else behind it, unless something breaks.
static Ending endingOfLoop(const LintContext& context, NodeList body, NodeList orelse) {
  Ending ending = endingOf(context, body);
  return mayBreak(context.ast, body) ? ending : then(ending, endingOf(context, orelse));
}

static Ending endingOfStatement(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  switch (ast.kind(node)) {
    case NodeKind::kReturn: return {End::kReturns};
    case NodeKind::kRaise: return {End::kRaises, !raisesNotImplemented(context, node)};
    case NodeKind::kIf: return endingOfIf(context, ast.as<syntax::If>(node));
    case NodeKind::kWith: return endingOf(context, ast.as<syntax::With>(node).body());
    case NodeKind::kTry: return endingOfTry(context, ast.as<syntax::Try>(node));
    case NodeKind::kMatch: return endingOfMatch(context, ast.as<syntax::Match>(node));
    case NodeKind::kWhile: return endingOfLoop(context, ast.as<syntax::While>(node).body(), ast.as<syntax::While>(node).orelse());
    case NodeKind::kFor: return endingOfLoop(context, ast.as<syntax::For>(node).body(), ast.as<syntax::For>(node).orelse());
    default: return {};
  }
}

static Ending endingOf(const LintContext& context, NodeList body) {
  Ending ending;
  for (NodeId statement : body) ending = then(ending, endingOfStatement(context, statement));
  return ending;
}

// The return statements of a body, without those of functions in it. False when it yields.
static bool collectReturns(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return true;
  if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) return false;
  if (kind == NodeKind::kReturn) out.push_back(node);
  bool is_plain = true;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_plain = is_plain && collectReturns(ast, child, out); });
  return is_plain;
}

// `raise NotImplementedError`, and no other statement that does something: subclasses say what is returned.
static bool isStubBody(const LintContext& context, NodeList body) {
  bool is_raised = false;
  for (NodeId statement : body) {
    auto expr = context.ast.tryAs<syntax::ExprStmt>(statement);
    bool raises = raisesNotImplemented(context, statement);
    bool is_stub = context.ast.is(statement, NodeKind::kPass) || raises ||
                   (expr && (isStr(context.ast, expr->value()) || isEllipsis(context.ast, expr->value())));
    if (!is_stub) return false;
    is_raised |= raises;
  }
  return is_raised;
}

static bool isKindOf(ValueType type, ValueType other) {
  constexpr std::array<ValueType, 4> kNumbers = {ValueType::kBool, ValueType::kInt, ValueType::kFloat, ValueType::kComplex};
  auto a = std::find(kNumbers.begin(), kNumbers.end(), type), b = std::find(kNumbers.begin(), kNumbers.end(), other);
  return type == other || (a != kNumbers.end() && b != kNumbers.end() && a < b);
}

// The union of two unions: two types alone become one where one is a kind of the other; a type comes to several only
// when it is not a kind of one of them.
static std::vector<ValueType> unite(std::vector<ValueType> a, std::vector<ValueType> b) {
  if (a.size() == 1 && b.size() == 1 && isKindOf(a[0], b[0])) return b;
  if (a.size() == 1 && b.size() > 1) std::swap(a, b);
  for (ValueType type : b) {
    bool is_known = std::any_of(a.begin(), a.end(), [&](ValueType other) { return isKindOf(type, other); });
    if (!is_known) a.push_back(type);
  }
  return a;
}

static std::vector<ValueType> typesOf(const Ast& ast, NodeId value) {
  if (auto choice = ast.tryAs<syntax::BoolOp>(value)) {
    std::vector<ValueType> types = typesOf(ast, choice->values()[0]);
    for (size_t i = 1; i < choice->values().size(); ++i) types = unite(types, typesOf(ast, choice->values()[i]));
    return types;
  }
  if (auto choice = ast.tryAs<syntax::IfExp>(value)) return unite(typesOf(ast, choice->body()), typesOf(ast, choice->orelse()));
  return {valueTypeOf(ast, value)};
}

// The union of the types as text, in the order that ruff writes them; empty when one of them has no name.
static std::string unionText(const std::vector<ValueType>& types) {
  static constexpr std::array<std::pair<ValueType, std::string_view>, 7> kTypes = {{{ValueType::kStr, "str"}, {ValueType::kBytes, "bytes"}, {ValueType::kInt, "int"}, {ValueType::kFloat, "float"}, {ValueType::kComplex, "complex"}, {ValueType::kBool, "bool"}, {ValueType::kNone, "None"}}};
  std::string text;
  size_t known = 0;
  for (auto [type, name] : kTypes) {
    if (std::find(types.begin(), types.end(), type) == types.end()) continue;
    text += (text.empty() ? "" : " | ") + std::string(name);
    ++known;
  }
  return known == types.size() ? text : std::string();
}

// "None", "str | None", "Never"; empty when the body does not tell.
static std::string inferredReturn(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  std::vector<NodeId> returns;
  for (NodeId statement : function.body()) {
    if (!collectReturns(ast, statement, returns)) return {};
  }
  Ending ending = endingOf(context, function.body());
  if (ending.end == End::kRaises) return ending.raises ? "Never" : "";
  std::vector<ValueType> types;
  for (NodeId id : returns) {
    NodeId value = ast.as<syntax::Return>(id).value();
    std::vector<ValueType> more = value.valid() ? typesOf(ast, value) : std::vector<ValueType>{ValueType::kNone};
    types = types.empty() ? more : unite(types, more);
  }
  if (returns.empty()) return "None";
  return unionText(ending.falls() ? unite(types, {ValueType::kNone}) : types);
}

static std::string_view specialReturn(std::string_view name) {
  if (isOneOf(name, {"__str__", "__repr__", "__format__"})) return "str";
  if (isOneOf(name, {"__len__", "__length_hint__", "__int__", "__index__"})) return "int";
  if (isOneOf(name, {"__bool__", "__contains__", "__instancecheck__", "__subclasscheck__"})) return "bool";
  if (isOneOf(name, {"__init__", "__del__", "__setattr__", "__delattr__", "__setitem__", "__delitem__", "__set__"})) return "None";
  return name == "__bytes__" ? "bytes" : name == "__float__" ? "float" : name == "__complex__" ? "complex" : "";
}

// Do subclasses or other functions say what is returned?
static bool isMeantForOthers(const LintContext& context, NodeId node) {
  return isAbstract(context, node) || hasTypingDecorator(context, node, "overload");
}

// Writes the builtins of the type as they can be named at the function. False when one of them cannot.
static bool nameBuiltins(const LintContext& context, NodeId node, std::string& type, std::vector<FixEdit>& edits) {
  for (std::string_view name : {"str", "bytes", "int", "float", "complex", "bool"}) {
    size_t at = (" " + type + " ").find(" " + std::string(name) + " ");
    if (at == std::string::npos) continue;
    std::optional<ImportedName> named = builtinNameAtEnd(context, node, name);
    if (!named) return false;
    type.replace(at, name.size(), named->text);
    if (!named->edit) continue;
    bool is_known = std::any_of(edits.begin(), edits.end(), [&](const FixEdit& edit) { return edit.replacement == named->edit->replacement; });
    if (!is_known) edits.push_back(*named->edit);
  }
  return true;
}

static std::optional<Fix> fixFor(const LintContext& context, NodeId node, bool is_special) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  std::string type;
  if (is_special) {
    type = specialReturn(syntax::nameText(ast, function.name()));
  } else if (!isStubBody(context, function.body()) && !(isMeantForOthers(context, node) && isEmptyBody(context, function.body()))) {
    type = inferredReturn(context, node);
  }
  bool is_union = type.find('|') != std::string::npos;
  if (type.empty()) return std::nullopt;
  std::vector<FixEdit> edits;
  if (!nameBuiltins(context, node, type, edits)) return std::nullopt;
  if (is_union && context.options.target_minor < 10) {
    // `X | None` is Optional[X], all others a Union.
    bool is_optional = type.ends_with(" | None") && type.find('|') == type.rfind('|');
    std::optional<ImportedName> imported = importName(context, "typing", is_optional ? "Optional" : "Union", node);
    if (!imported) return std::nullopt;
    std::string members = is_optional ? type.substr(0, type.size() - 7) : type;
    for (size_t at = members.find(" | "); at != std::string::npos; at = members.find(" | ")) members.replace(at, 3, ", ");
    type = imported->text + "[" + members + "]";
    if (imported->edit) edits.push_back(*imported->edit);
  }
  if (type == "Never") {
    std::string_view name = context.options.target_minor >= 11 ? "Never" : "NoReturn";
    std::optional<ImportedName> imported = importName(context, "typing", name, node);
    if (!imported) return std::nullopt;
    type = imported->text;
    if (imported->edit) edits.push_back(*imported->edit);
  }
  uint32_t at = ast.range(function.params()).end;
  while (at < ast.text().size() && ast.text()[at] != ':') ++at;
  while (at > 0 && ast.text()[at - 1] != ')') --at;
  edits.push_back({{at, at}, " -> " + type});
  return Fix{"Add return type annotation: `" + type + "`", FixSafety::kUnsafe, std::move(edits)};
}

// Does the statement return a value other than None? What is defined in it does not count.
static bool givesValue(const Ast& ast, NodeId node) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return false;
  if (auto statement = ast.tryAs<syntax::Return>(node)) return statement->value().valid() && !isNone(ast, statement->value());
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || givesValue(ast, child); });
  return is_found;
}

static bool returnsNothing(const Ast& ast, NodeList body) {
  return std::none_of(body.begin(), body.end(), [&](NodeId statement) { return givesValue(ast, statement); });
}

void checkReturnTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (function.returns().valid() || isOverloadImplementation(context, node) || isIgnoredAsUntyped(context, node)) return;
  if (context.options.flag("flake8-annotations.suppress-none-returning") && returnsNothing(ast, function.body())) return;
  if (context.options.flag("flake8-annotations.mypy-init-return") && syntax::nameText(ast, function.name()) == "__init__") {
    for (NodeId param : ast.as<syntax::Parameters>(function.params()).params()) {
      if (ast.as<syntax::Parameter>(param).annotation().valid()) return;
    }
  }
  ReturnKind kind = returnKindOf(context, node);
  Rule rule = kind == ReturnKind::kPublic    ? "ANN201"_rule
              : kind == ReturnKind::kPrivate ? "ANN202"_rule
              : kind == ReturnKind::kSpecial ? "ANN204"_rule
              : kind == ReturnKind::kStatic  ? "ANN205"_rule
                                             : "ANN206"_rule;
  auto finding = context.sink.begin(rule, ast.range(function.name()), {syntax::nameText(ast, function.name())});
  if (auto fix = fixFor(context, node, kind == ReturnKind::kSpecial)) finding.fix(fix->title, fix->edits, fix->safety);
}

}  // namespace krait::lint

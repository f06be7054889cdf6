// PLE0704, PLE0643, PLE1700, PLE1142, PLW0127, PLW0128, PLW0129, PLW0131, PLW0133, PLW0245, PLW2101, PLC3002, PLR1708,
// PLC0414: statements and expressions that cannot be meant. ref: pylint
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkMisplacedRaise(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.as<syntax::Raise>(node).exc().valid() || enclosingHandler(ast, node).valid()) return;
  NodeId function = enclosingFunction(ast, node);
  bool is_exit = ast.is(function, NodeKind::kFunctionDef) && definedName(ast, function) == "__exit__";
  if (is_exit && classOfMethod(ast, function).valid() && !hasDecorator(ast, function, "staticmethod")) return;
  context.sink.begin("PLE0704"_rule, ast.range(node));
}

void checkStopIteration(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId exc = ast.as<syntax::Raise>(node).exc();
  if (auto call = ast.tryAs<syntax::Call>(exc)) exc = call->func();
  if (!exc.valid() || !isBuiltin(context, exc, "StopIteration")) return;
  NodeId function = enclosingFunction(ast, node);
  if (!ast.is(function, NodeKind::kFunctionDef)) return;
  ScopeId scope = context.model.scopeOf(function);
  if (scope.valid() && context.model[scope].has(semantic::kGeneratorCode)) context.sink.begin("PLR1708"_rule, ast.range(node));
}

void checkIndexError(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  if (!ast.is(subscript.value(), NodeKind::kList) && !ast.is(subscript.value(), NodeKind::kTuple)) return;
  NodeList elements = ast.list(subscript.value(), 0);
  for (NodeId element : elements) {
    if (ast.is(element, NodeKind::kStarred)) return;
  }
  auto constant = ast.tryAs<syntax::Constant>(subscript.slice());
  auto index = intValue(ast, subscript.slice());
  bool is_huge = constant && constant->constantKind() == syntax::ConstantKind::kInt && !index;
  int64_t size = static_cast<int64_t>(elements.size());
  if (is_huge || (index && (*index >= size || *index < -size))) context.sink.begin("PLE0643"_rule, ast.range(subscript.slice()));
}

void checkYieldFromAsync(LintContext& context, NodeId node) {
  if (isInAsyncFunction(context.ast, node)) context.sink.begin("PLE1700"_rule, context.ast.range(node));
}

// The function or lambda in whose body the node stands, nearer than a class's body; headers belong to what is around them.
static NodeId functionAround(const Ast& ast, NodeId node) {
  auto holds = [](NodeList list, NodeId child) { return std::find(list.begin(), list.end(), child) != list.end(); };
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (auto function = ast.tryAs<syntax::FunctionDef>(at); function && holds(function->body(), child)) return at;
    if (auto lambda = ast.tryAs<syntax::Lambda>(at); lambda && lambda->body() == child) return at;
    if (auto cls = ast.tryAs<syntax::ClassDef>(at); cls && holds(cls->body(), child)) return NodeId::none();
  }
  return NodeId::none();
}

static bool isInSyncFunction(const Ast& ast, NodeId node) {
  NodeId function = functionAround(ast, node);
  if (ast.is(function, NodeKind::kLambda)) return true;
  return ast.is(function, NodeKind::kFunctionDef) && !ast.as<syntax::FunctionDef>(function).isAsync();
}

static bool isInGenerator(const Ast& ast, NodeId node) {
  for (NodeId at = ast.parent(node); at.valid() && !syntax::isStatement(ast, at); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kGeneratorExp)) return true;
  }
  return false;
}

void checkAwaitOutside(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_async = true;
  TextRange range = ast.range(node);
  if (auto loop = ast.tryAs<syntax::For>(node)) is_async = loop->isAsync();
  if (auto with = ast.tryAs<syntax::With>(node)) is_async = with->isAsync();
  if (auto generator = ast.tryAs<syntax::Comprehension>(node)) {
    is_async = generator->isAsync();
    if (ast.is(ast.parent(node), NodeKind::kGeneratorExp)) return;
  }
  // At the top of a module too, but not of a notebook's cell.
  bool is_top = !functionAround(ast, node).valid() && context.file.cells.empty();
  if (!is_async || (!is_top && !isInSyncFunction(ast, node)) || isInGenerator(ast, node)) return;
  context.sink.begin("PLE1142"_rule, range);
}

// Pairs of names in the same place of two displays.
static void checkSelfPair(LintContext& context, NodeId left, NodeId right) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(left);
  bool are_displays = kind == NodeKind::kTuple && ast.is(right, NodeKind::kTuple);
  if (are_displays) {
    NodeList a = ast.list(left, 0), b = ast.list(right, 0);
    if (a.size() != b.size()) return;
    for (size_t i = 0; i < a.size() && i < b.size(); ++i) checkSelfPair(context, a[i], b[i]);
    return;
  }
  if (kind != NodeKind::kName || !ast.is(right, NodeKind::kName) || syntax::nameOf(ast, left) != syntax::nameOf(ast, right)) return;
  context.sink.begin("PLW0127"_rule, ast.range(left), {syntax::nameText(ast, left)});
}

void checkSelfAssign(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.is(context.model[context.model.enclosingScope(node)].node, NodeKind::kClassDef)) return;
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(node)) {
    if (annotated->value().valid()) checkSelfPair(context, annotated->target(), annotated->value());
    return;
  }
  auto assign = ast.as<syntax::Assign>(node);
  NodeList targets = assign.targets();
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t j = i + 1; j < targets.size(); ++j) checkSelfPair(context, targets[i], targets[j]);
    checkSelfPair(context, targets[i], assign.value());
  }
}

static void checkRedeclared(LintContext& context, NodeId target, std::vector<NameId>& seen) {
  const Ast& ast = context.ast;
  if (auto starred = ast.tryAs<syntax::Starred>(target)) return checkRedeclared(context, starred->value(), seen);
  if (ast.is(target, NodeKind::kTuple) || ast.is(target, NodeKind::kList)) {
    for (NodeId element : ast.list(target, 0)) checkRedeclared(context, element, seen);
    return;
  }
  if (!ast.is(target, NodeKind::kName)) return;
  std::string_view name = syntax::nameText(ast, target);
  if (name.starts_with("_")) return;
  for (NameId other : seen) {
    if (other != syntax::nameOf(ast, target)) continue;
    context.sink.begin("PLW0128"_rule, ast.range(target), {name});
    return;
  }
  seen.push_back(syntax::nameOf(ast, target));
}

void checkRedeclaredNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::vector<NameId> seen;
  for (NodeId target : ast.as<syntax::Assign>(node).targets()) {
    checkRedeclared(context, target, seen);
  }
}

void checkAssertString(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId test = ast.as<syntax::Assert>(node).test();
  std::string_view kind = "a", what = "may have unintended results";
  if (auto joined = ast.tryAs<syntax::JoinedStr>(test)) {
    bool has_field = false, has_text = false;
    for (NodeId part : joined->values()) {
      auto text = syntax::stringValue(ast, part);
      has_field |= !text;
      has_text |= text && !text->empty();
    }
    if (has_text) kind = "a non-empty", what = "will always pass";
    if (!has_text && !has_field) kind = "an empty", what = "will never pass";
  } else if (auto constant = ast.tryAs<syntax::Constant>(test)) {
    bool is_text = constant->constantKind() == syntax::ConstantKind::kStr || constant->constantKind() == syntax::ConstantKind::kBytes;
    if (!is_text) return;
    bool is_empty = ast.string(constant->payload()).empty();
    kind = is_empty ? "an empty" : "a non-empty";
    what = is_empty ? "will never pass" : "will always pass";
  } else {
    return;
  }
  context.sink.begin("PLW0129"_rule, ast.range(test), {kind, what});
}

static bool isExceptionName(std::string_view name) {
  return name.ends_with("Error") || name.ends_with("Warning") || name.ends_with("Exception") || name.ends_with("ExceptionGroup") ||
         isOneOf(name, {"StopIteration", "StopAsyncIteration", "KeyboardInterrupt", "SystemExit", "GeneratorExit"});
}

void checkUselessExpressionCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value = ast.as<syntax::ExprStmt>(node).value();
  if (ast.is(value, NodeKind::kNamedExpr)) context.sink.begin("PLW0131"_rule, ast.range(value));
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call || !ast.is(call->func(), NodeKind::kName)) return;
  std::string_view name = syntax::nameText(ast, call->func());
  if (!isExceptionName(name) || !isBuiltin(context, call->func(), name) ||
      !context.builtins.has(syntax::nameOf(ast, call->func()))) {
    return;
  }
  uint32_t begin = ast.range(node).begin;
  context.sink.begin("PLW0133"_rule, ast.range(node)).fix("Add `raise` keyword", {{{begin, begin}, "raise "}}, FixSafety::kUnsafe);
}

void checkSuperBrackets(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || !isBuiltin(context, method->value(), "super")) return;
  NodeId function = enclosingFunction(ast, node);
  if (!ast.is(function, NodeKind::kFunctionDef) || !classOfMethod(ast, function).valid()) return;
  context.sink.begin("PLW0245"_rule, ast.range(method->value()))
      .fix("Add parentheses to `super` call", {{ast.range(method->value()), "super()"}});
}

void checkUselessLocks(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::With>(node).items()) {
    auto call = ast.tryAs<syntax::Call>(ast.as<syntax::WithItem>(id).contextExpr());
    if (!call) continue;
    if (isOneOf(qualifiedName(context, call->func()), {"threading.Lock", "threading.RLock", "threading.Condition", "threading.Semaphore",
                                                       "threading.BoundedSemaphore"})) {
      context.sink.begin("PLW2101"_rule, ast.range(call->id));
    }
  }
}

void checkDirectLambda(LintContext& context, NodeId node) {
  if (context.ast.is(context.ast.as<syntax::Call>(node).func(), NodeKind::kLambda)) {
    context.sink.begin("PLC3002"_rule, context.ast.range(node));
  }
}

void checkUselessAlias(LintContext& context, NodeId node) {
  // In a stub `import x as x` passes the name on.
  if (context.is_stub) return;
  const Ast& ast = context.ast;
  auto alias = ast.as<syntax::Alias>(node);
  if (!alias.asname().valid() || syntax::nameText(ast, alias.name()) != syntax::nameText(ast, alias.asname())) return;
  std::string name(syntax::nameText(ast, alias.name()));
  context.sink.begin("PLC0414"_rule, ast.range(node)).fix("Remove import alias", {{ast.range(node), name}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint

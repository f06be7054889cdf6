// PLE0302 to PLE0309, PLE0100, PLE0101: special methods with a wrong signature or result. ref: pylint
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/value_types.h"

namespace krait::lint {

namespace {
// How many parameters besides self; `most` is the greatest number.
struct Arity {
  uint32_t least;
  uint32_t most;
};
}  // namespace

static std::optional<Arity> arityOf(std::string_view name) {
  if (isOneOf(name, {"__del__",  "__repr__", "__str__",  "__bytes__", "__hash__", "__bool__", "__dir__",  "__len__", "__length_hint__",
                     "__iter__", "__reversed__", "__neg__", "__pos__", "__abs__", "__invert__", "__complex__", "__int__", "__float__",
                     "__index__", "__trunc__", "__floor__", "__ceil__", "__enter__", "__aenter__", "__getnewargs_ex__",
                     "__getnewargs__", "__getstate__", "__reduce__", "__copy__", "__aiter__", "__anext__", "__await__", "__fspath__",
                     "__subclasses__", "__next__"})) {
    return Arity{0, 0};
  }
  if (isOneOf(name, {"__format__", "__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__", "__getattr__", "__getattribute__",
                     "__delattr__", "__delete__", "__instancecheck__", "__subclasscheck__", "__getitem__", "__missing__",
                     "__delitem__", "__contains__", "__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__rfloordiv__",
                     "__mod__", "__divmod__", "__lshift__", "__rshift__", "__and__", "__xor__", "__or__", "__radd__",
                     "__rsub__", "__rmul__", "__rtruediv__", "__rmod__", "__rdivmod__", "__rpow__", "__rlshift__", "__rrshift__",
                     "__rand__", "__rxor__", "__ror__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ifloordiv__",
                     "__imod__", "__ilshift__", "__irshift__", "__iand__", "__ixor__", "__ior__", "__ipow__", "__setstate__",
                     "__reduce_ex__", "__deepcopy__", "__matmul__", "__rmatmul__", "__imatmul__", "__buffer__", "__class_getitem__",
                     "__mro_entries__", "__release_buffer__", "__subclasshook__"})) {
    return Arity{1, 1};
  }
  if (isOneOf(name, {"__setattr__", "__get__", "__set__", "__setitem__", "__set_name__"})) return Arity{2, 2};
  if (isOneOf(name, {"__exit__", "__aexit__"})) return Arity{3, 3};
  if (name == "__round__") return Arity{0, 1};
  if (name == "__pow__") return Arity{1, 2};
  return std::nullopt;
}

static std::string expectedText(Arity arity) {
  if (arity.least != arity.most) return "between " + std::to_string(arity.least) + " and " + std::to_string(arity.most) + " parameters";
  return std::to_string(arity.least) + (arity.least == 1 ? " parameter" : " parameters");
}

void checkSpecialSignature(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = definedName(ast, node);
  if (!isDunder(name) || !classOfMethod(ast, node).valid()) return;
  auto arity = arityOf(name);
  if (!arity || hasTypingDecorator(context, node, "overload")) return;
  bool is_static = hasDecorator(ast, node, "staticmethod");
  uint32_t mandatory = 0, optional = 0;
  bool has_star = false;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    switch (param.parameterKind()) {
      case syntax::ParameterKind::kPositionalOnly:
      case syntax::ParameterKind::kPositionalOrKeyword: ++(param.defaultValue().valid() ? optional : mandatory); break;
      case syntax::ParameterKind::kVarPositional: has_star = true; break;
      case syntax::ParameterKind::kKeywordOnly:
        if (!param.defaultValue().valid()) return;
        break;
      default: break;
    }
  }
  uint32_t own = is_static ? 0 : 1;  // the parameter that the instance or class comes in
  Arity wanted{arity->least + own, arity->most + own};
  if (mandatory == 0 && !has_star) return;
  bool fits = arity->least == arity->most
                  ? mandatory == wanted.least || (mandatory < wanted.least && (has_star || mandatory + optional >= wanted.least))
                  : mandatory <= wanted.most;
  if (fits) return;
  std::string given = std::to_string(mandatory) + (mandatory == 1 ? " was" : " were");
  context.sink.begin("PLE0302"_rule, nameRange(ast, node), {name, expectedText(wanted), given});
}

static void collectReturns(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
  if (kind == NodeKind::kReturn) return out.push_back(node);
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeKind child_kind = ast.kind(child);
    if (syntax::isStatement(ast, child) || child_kind == NodeKind::kExceptHandler || child_kind == NodeKind::kMatchCase) {
      collectReturns(ast, child, out);
    }
  });
}

// Can control reach the end of the block?
static bool canFinish(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    switch (ast.kind(statement)) {
      case NodeKind::kReturn:
      case NodeKind::kRaise: return false;
      case NodeKind::kIf: {
        auto test = ast.as<syntax::If>(statement);
        if (!test.orelse().empty() && !canFinish(ast, test.body()) && !canFinish(ast, test.orelse())) return false;
        break;
      }
      case NodeKind::kWith:
        if (!canFinish(ast, ast.as<syntax::With>(statement).body())) return false;
        break;
      case NodeKind::kTry: {
        auto attempt = ast.as<syntax::Try>(statement);
        if (!attempt.finalbody().empty() && !canFinish(ast, attempt.finalbody())) return false;
        bool finishes = canFinish(ast, attempt.body()) && (attempt.orelse().empty() || canFinish(ast, attempt.orelse()));
        for (NodeId id : attempt.handlers()) finishes = finishes || canFinish(ast, ast.as<syntax::ExceptHandler>(id).body());
        if (!finishes) return false;
        break;
      }
      case NodeKind::kWhile: {
        auto loop = ast.as<syntax::While>(statement);
        bool has_break = false;
        for (NodeId child : loop.body()) has_break = has_break || anyOver(ast, child, [&](NodeId at) { return ast.is(at, NodeKind::kBreak); });
        if (isConstant(ast, loop.test(), syntax::ConstantKind::kTrue) && !has_break) return false;
        break;
      }
      default: break;
    }
  }
  return true;
}

namespace {
struct ResultRule {
  std::string_view name;
  Rule rule;
};
}  // namespace

static bool isAllowedResult(std::string_view method, ValueType type, const Ast& ast, NodeId value) {
  // A negated number is negative, for all that its form tells.
  auto unary = ast.tryAs<syntax::UnaryOp>(value);
  if (method == "__len__" && unary && unary->op() == syntax::UnaryOperator::kUSub) return false;
  if (type == ValueType::kUnknown) return true;
  if (method == "__str__") return type == ValueType::kStr;
  if (method == "__bytes__") return type == ValueType::kBytes;
  if (method == "__bool__") return type == ValueType::kBool;
  if (type != ValueType::kInt) return false;
  auto number = intValue(ast, value);
  return method != "__len__" || !number || *number >= 0;
}

void checkSpecialResults(LintContext& context, NodeId node) {
  static const ResultRule kRules[] = {{"__len__", "PLE0303"_rule},  {"__bool__", "PLE0304"_rule},  {"__index__", "PLE0305"_rule},
                                          {"__str__", "PLE0307"_rule},  {"__bytes__", "PLE0308"_rule}, {"__hash__", "PLE0309"_rule}};
  const Ast& ast = context.ast;
  std::string_view name = definedName(ast, node);
  if (!isDunder(name) || !ast.is(ast.parent(node), NodeKind::kClassDef)) return;
  const ResultRule* found = nullptr;
  for (const ResultRule& each : kRules) {
    if (each.name == name) found = &each;
  }
  if (found == nullptr) return;
  NodeList body = ast.as<syntax::FunctionDef>(node).body();
  bool is_stub = true;
  for (NodeId statement : body) {
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    is_stub = is_stub && (ast.is(statement, NodeKind::kPass) || (expr && (isStr(ast, expr->value()) || isEllipsis(ast, expr->value()))));
  }
  if (is_stub) return;
  std::vector<NodeId> returns;
  for (NodeId statement : body) collectReturns(ast, statement, returns);
  if (returns.empty()) {
    if (canFinish(ast, body)) context.sink.begin(found->rule, nameRange(ast, node));
    return;
  }
  for (NodeId id : returns) {
    NodeId value = ast.as<syntax::Return>(id).value();
    if (!value.valid()) {
      context.sink.begin(found->rule, ast.range(id));
    } else if (!isAllowedResult(name, valueTypeOf(ast, value), ast, value)) {
      context.sink.begin(found->rule, ast.range(value));
    }
  }
}

static bool isInit(const Ast& ast, NodeId node) {
  NodeId function = enclosingFunction(ast, node);
  bool is_init = ast.is(function, NodeKind::kFunctionDef) && definedName(ast, function) == "__init__" && classOfMethod(ast, function).valid();
  return is_init && !hasDecorator(ast, function, "staticmethod") && !hasDecorator(ast, function, "classmethod");
}

void checkYieldInInit(LintContext& context, NodeId node) {
  if (isInit(context.ast, node)) context.sink.begin("PLE0100"_rule, context.ast.range(node));
}

void checkReturnInInit(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value = ast.as<syntax::Return>(node).value();
  if (value.valid() && !isNone(ast, value) && isInit(ast, node)) context.sink.begin("PLE0101"_rule, ast.range(node));
}

}  // namespace krait::lint

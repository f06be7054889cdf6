// PLC1802: len() of a container as a condition. ref: pylint use-implicit-booleaness-not-len
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/value_types.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

static bool isContainer(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  switch (ast.kind(expr)) {
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kSet:
    case NodeKind::kDict:
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kJoinedStr: return true;
    case NodeKind::kConstant: return isStr(ast, expr);
    case NodeKind::kCall: {
      NodeId func = ast.as<syntax::Call>(expr).func();
      std::string_view name = lastName(ast, func);
      bool is_maker = isOneOf(name, {"list", "tuple", "set", "dict", "frozenset", "chr", "format", "input", "repr", "sorted", "str", "bytes", "bytearray", "range"});
      return is_maker && isBuiltin(context, func, name);
    }
    case NodeKind::kName: break;
    default: return false;
  }
  const Definition* definition = lastDefinition(context, expr);
  if (definition == nullptr || context.model[definition->symbol].scope != context.model.enclosingScope(expr)) return false;
  if (auto param = ast.tryAs<syntax::Parameter>(definition->owner)) {
    return param->parameterKind() == syntax::ParameterKind::kVarPositional || param->parameterKind() == syntax::ParameterKind::kVarKeyword;
  }
  NodeId value = definedValue(context, *definition);
  if (!value.valid() || ast.is(value, NodeKind::kName)) return false;
  ValueType type = valueTypeOf(ast, value);
  bool is_sized = type == ValueType::kList || type == ValueType::kTuple || type == ValueType::kSet || type == ValueType::kDict || type == ValueType::kStr;
  return is_sized || isContainer(context, value);
}

void checkLenTest(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 1 || !isBuiltin(context, call.func(), "len") || !isBooleanTest(context, node)) return;
  NodeId arg = call.args()[0];
  if (ast.is(arg, NodeKind::kKeyword) || ast.is(arg, NodeKind::kStarred) || !isContainer(context, arg)) return;
  std::string text(ast.text(arg));
  context.sink.begin("PLC1802"_rule, ast.range(node), {text})
      .fix("Remove `len`", {{ast.range(node), text}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint

// The dispatch over expression forms, and what is common to all of them: the budget of nesting, the findings about
// values of None and Any, and the recording of types.
#include "checker/infer/forms.h"
#include "checker/infer/messages.h"

namespace krait::infer {

using syntax::NodeKind;

static constexpr uint32_t kMaxNesting = 1500;

static TypeId dispatch(Context& c, NodeId node, TypeId expected, const InferOptions& options) {
  switch (c.ast->kind(node)) {
    case NodeKind::kName: return inferName(c, node);
    case NodeKind::kConstant: return inferConstant(c, node, expected);
    case NodeKind::kAttribute: return inferAttribute(c, node);
    case NodeKind::kCall: return inferCall(c, node, options.allow_none_return);
    case NodeKind::kBoolOp: return inferBoolOp(c, node, expected);
    case NodeKind::kBinOp: return inferBinOp(c, node, expected);
    case NodeKind::kUnaryOp: return inferUnaryOp(c, node, expected);
    case NodeKind::kCompare: return inferCompare(c, node);
    case NodeKind::kIfExp: return inferIfExp(c, node, expected, options.allow_none_return);
    case NodeKind::kLambda: return inferLambda(c, node, expected);
    case NodeKind::kList: return inferListOrSet(c, node, c.ast->as<syntax::List>(node).elts(), "list", "<list>", expected);
    case NodeKind::kSet: return inferListOrSet(c, node, c.ast->as<syntax::Set>(node).elts(), "set", "<set>", expected);
    case NodeKind::kTuple: return inferTuple(c, node, expected);
    case NodeKind::kDict: return inferDict(c, node, expected);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: return inferComprehension(c, node, expected);
    case NodeKind::kAwait: return inferAwait(c, node, options.allow_none_return);
    case NodeKind::kYield: return inferYield(c, node);
    case NodeKind::kYieldFrom: return inferYieldFrom(c, node, options.allow_none_return);
    case NodeKind::kSubscript: return inferSubscript(c, node);
    case NodeKind::kSlice: return inferSlice(c, node);
    case NodeKind::kNamedExpr: {
      auto named = c.ast->as<syntax::NamedExpr>(node);
      c.callbacks->assign(c, named.target(), named.value());
      TypeId type = recordedType(c, named.value());
      return type.valid() ? type : c.w.types.any(AnyKind::kFromError);
    }
    case NodeKind::kStarred: {
      // Only reached where a star makes no sense, or inside a call or a display that has taken it apart already.
      return inferExpr(c, c.ast->as<syntax::Starred>(node).value(), TypeId::none());
    }
    case NodeKind::kJoinedStr:
    case NodeKind::kTemplateStr: return inferJoinedString(c, node);
    default: return c.w.types.any(AnyKind::kFromError);
  }
}

TypeId inferExpr(Context& c, NodeId node, TypeId expected, InferOptions options) {
  if (c.depth >= kMaxNesting) return c.w.types.any(AnyKind::kImplementationArtifact);
  ++c.depth;
  c.type_context.push_back(expected);
  TypeId type = dispatch(c, node, expected, options);
  c.type_context.pop_back();
  --c.depth;
  if (!type.valid()) type = c.w.types.any(AnyKind::kFromError);
  if (c.w.types.is(type, TypeKind::kAlias)) type = proper(c.w, type);
  recordType(c, node, type);
  if (c.options().disallow_any_expr && !options.always_allow_any && !c.is_stub && !c.is_dynamic &&
      c.w.types[type].has(kHasAny)) {
    if (c.w.types.is(type, TypeKind::kAny)) {
      fail(c, node, Code::kMisc, "Expression has type \"Any\"");
    } else {
      fail(c, node, Code::kMisc, "Expression type contains \"Any\" (has type " + formatType(c.w, type) + ")");
    }
  }
  // The whole body of an unannotated function is dynamic.
  if (c.is_dynamic) {
    TypeId any = c.w.types.any(AnyKind::kUnannotated);
    return any;
  }
  return type;
}

}  // namespace krait::infer

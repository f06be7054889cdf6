// `and`, `or` and conditional expressions: each part is inferred in what the parts before it made known.
#include "checker/infer/forms.h"

namespace krait::infer {

// Inside `a if c else b` and behind `and`/`or`: the part, in a frame with what the condition made known.
static TypeId inferBranch(Context& c, const Narrowing& narrowing, NodeId node, TypeId expected, bool allow_none_return = false) {
  narrow::FrameScope scope(*c.frames, {.can_skip = true, .fall_through = 0});
  if (narrowing.is_impossible) {
    inferExpr(c, node, expected, {.allow_none_return = allow_none_return});
    c.frames->setUnreachable();
    return c.w.types.never();
  }
  applyNarrowing(c, narrowing);
  return inferExpr(c, node, expected, {.allow_none_return = allow_none_return});
}

static bool isEnabled(const Context& c, std::string_view code) {
  for (const std::string& enabled : c.options().enable_error_code) {
    if (enabled == code) return true;
  }
  return false;
}

static TypeId combinedContext(Context& c, TypeId left, TypeId expected) {
  if (c.w.types[left].has(kHasAny)) return expected;
  return expected.valid() ? simplifiedUnion(c.w, left, expected) : left;
}

// One `left op right`, the left already inferred.
static TypeId boolStep(Context& c, bool is_and, NodeId left_node, TypeId left, const ConditionResult& condition, NodeId right_node,
                       TypeId expected) {
  World& w = c.w;
  TypeId expanded = expandSumType(w, left, "builtins.bool");
  const Narrowing& to_right = is_and ? condition.if_true : condition.if_false;
  const Narrowing& to_left = is_and ? condition.if_false : condition.if_true;
  std::string op = is_and ? "and" : "or";
  if (to_left.is_impossible && isEnabled(c, "redundant-expr")) {
    fail(c, left_node, Code::kRedundantExpr, "Left operand of \"" + op + "\" is always " + (is_and ? "true" : "false"));
  }
  if (to_right.is_impossible && c.options().warn_unreachable && !c.is_dynamic) {
    fail(c, right_node, Code::kUnreachable, "Right operand of \"" + op + "\" is never evaluated");
  }
  TypeId right = inferBranch(c, to_right, right_node, combinedContext(c, expanded, expected));
  if (to_left.is_impossible && to_right.is_impossible) return w.types.never();
  if (to_right.is_impossible) return left;
  if (to_left.is_impossible) return right;
  TypeId restricted = is_and ? falseOnly(w, expanded) : trueOnly(w, expanded);
  bool is_left = is_and ? !canBeTrue(w, expanded) : !canBeFalse(w, expanded);
  if (w.types.is(proper(w, restricted), TypeKind::kNever)) return right;
  if (is_left) return left;
  return simplifiedUnion(w, restricted, right);
}

TypeId inferBoolOp(Context& c, NodeId node, TypeId expected) {
  auto op = c.ast->as<syntax::BoolOp>(node);
  bool is_and = op.op() == syntax::BoolOperator::kAnd;
  NodeList values = op.values();
  // `a and b and c` is a and (b and c): what a and b made known holds in c.
  TypeId type = inferExpr(c, values[0], expected);
  if (values.size() == 2) {
    ConditionResult condition = c.callbacks->find_condition(c, values[0]);
    return boolStep(c, is_and, values[0], type, condition, values[1], expected);
  }
  World& w = c.w;
  std::vector<TypeId> results;
  narrow::FrameScope scope(*c.frames, {.can_skip = true, .fall_through = 0});
  for (size_t i = 0; i + 1 < values.size(); ++i) {
    ConditionResult condition = c.callbacks->find_condition(c, values[i]);
    TypeId expanded = expandSumType(w, type, "builtins.bool");
    const Narrowing& to_right = is_and ? condition.if_true : condition.if_false;
    const Narrowing& to_left = is_and ? condition.if_false : condition.if_true;
    if (to_left.is_impossible && isEnabled(c, "redundant-expr")) {
      fail(c, values[i], Code::kRedundantExpr, std::string("Left operand of \"") + (is_and ? "and" : "or") + "\" is always " +
                                                   (is_and ? "true" : "false"));
    }
    if (to_right.is_impossible) {
      if (c.options().warn_unreachable && !c.is_dynamic) {
        fail(c, values[i + 1], Code::kUnreachable, std::string("Right operand of \"") + (is_and ? "and" : "or") + "\" is never evaluated");
      }
      results.push_back(type);
      for (size_t j = i + 1; j < values.size(); ++j) inferBranch(c, to_right, values[j], expected);
      return simplifiedUnion(w, results);
    }
    TypeId restricted = is_and ? falseOnly(w, expanded) : trueOnly(w, expanded);
    if (!to_left.is_impossible && !w.types.is(proper(w, restricted), TypeKind::kNever)) results.push_back(restricted);
    applyNarrowing(c, to_right);
    type = inferExpr(c, values[i + 1], combinedContext(c, expanded, expected));
  }
  results.push_back(type);
  return simplifiedUnion(w, results);
}

static TypeId withoutSimpleLiteral(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kInstance) && w.types[plain].extra.valid()) return fallbackOf(w, w.types[plain].extra);
  if (w.types.is(plain, TypeKind::kLiteral)) return fallbackOf(w, plain);
  return type;
}

TypeId inferIfExp(Context& c, NodeId node, TypeId expected, bool allow_none) {
  World& w = c.w;
  auto branch = c.ast->as<syntax::IfExp>(node);
  inferExpr(c, branch.test());
  ConditionResult condition = c.callbacks->find_condition(c, branch.test());
  if (isEnabled(c, "redundant-expr")) {
    if (condition.if_true.is_impossible) fail(c, branch.test(), Code::kRedundantExpr, "If condition is always false");
    if (condition.if_false.is_impossible) fail(c, branch.test(), Code::kRedundantExpr, "If condition is always true");
  }
  TypeId body = inferBranch(c, condition.if_true, branch.body(), expected, allow_none);
  TypeId body_context = withoutSimpleLiteral(w, body);
  TypeId full = inferBranch(c, condition.if_false, branch.orelse(), expected, allow_none);
  TypeId orelse = full;
  if (!isValidInferred(c, body)) {
    TypeId context = withoutSimpleLiteral(w, orelse);
    if (!expected.valid() || !isEquivalent(w, context, expected)) {
      body = inferBranch(c, condition.if_true, branch.body(), context, allow_none);
    }
  } else if (body_context != expected) {
    MessageFilter filter(c);
    orelse = inferBranch(c, condition.if_false, branch.orelse(), body_context, allow_none);
    if (filter.hasErrors()) orelse = full;
  }
  if (isLiteralLike(w, full) && !isLiteralLike(w, orelse)) orelse = full;
  return simplifiedUnion(w, body, orelse);
}

}  // namespace krait::infer

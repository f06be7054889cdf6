// Rules between operator methods of classes: a reflected method beside the forward one of what it takes, and an in-place
// method beside the plain one. Follows mypy's check_reverse_op_method and check_inplace_operator_method.
#include "checker/check/check.h"

namespace krait::check {

// "__add__" of "__radd__"; none: the name is no reflected operator's.
static NameId forwardOf(World& w, std::string_view name) {
  static constexpr std::string_view kNames[] = {"add", "sub", "mul", "truediv", "mod", "divmod", "floordiv", "pow", "matmul", "and", "or", "xor", "lshift", "rshift"};
  for (std::string_view each : kNames) {
    if (name == "__r" + std::string(each) + "__") return w.name("__" + std::string(each) + "__");
  }
  return NameId::none();
}

static TypeId erasedToBound(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  return isPlainTypeVar(w, plain) ? upperBound(w, TypeVarId(w.types[plain].ref)) : type;
}

static TypeId operatorShape(World& w, TypeId like, TypeId left, TypeId right) {
  CallableParts parts = w.types.parts(like);
  parts.params.clear();
  parts.types.clear();
  parts.add(NameId::none(), ParamKind::kPos, left);
  parts.add(NameId::none(), ParamKind::kPos, right);
  return w.types.callable(parts);
}

static bool isUnsafe(World& w, ClassId cls, TypeId forward, TypeId forward_base, TypeId reverse) {
  CallableView f = w.types.callable(forward);
  CallableView r = w.types.callable(reverse);
  if (f.paramCount() < 1) return false;
  TypeId base = erasedToBound(w, forward_base);
  TypeId own = erasedToBound(w, r.types()[0]);
  TypeId forward_shape = operatorShape(w, forward, base, f.types()[0]);
  TypeId reverse_shape = operatorShape(w, reverse, r.types()[1], r.types()[0]);
  if (isSameType(w, own, base)) return false;
  bool reverse_first = isSubtype(w, own, base);
  const std::vector<TypeVarId> class_vars = w.classes[cls].type_vars;
  return isUnsafeOverlap(w, reverse_first ? reverse_shape : forward_shape, reverse_first ? forward_shape : reverse_shape, class_vars, false);
}

static void checkReverse(Checker& c, FunctionId id, TypeId reverse, NameId forward_name) {
  World& w = c.w;
  const FunctionInfo function = w.functions[id];
  CallableView view = w.types.callable(reverse);
  if (view.paramCount() < 2 || !isPositional(view.params()[0].kind) || !isPositional(view.params()[1].kind)) return;
  TypeId base = proper(w, view.types()[1]);
  TypeId lookup = proper(w, erasedToBound(w, base));
  for (TypeId item : unionItems(w, lookup)) {
    TypeId instance = w.types.is(item, TypeKind::kInstance) ? item : fallbackOf(w, item);
    if (!w.types.is(instance, TypeKind::kInstance) || !findMember(w, w.types[instance].cls(), forward_name).found()) return;
  }
  for (TypeId item : unionItems(w, lookup)) {
    TypeId forward = findMemberType(w, forward_name, item, item);
    if (!forward.valid()) continue;
    forward = proper(w, forward);
    std::vector<TypeId> items{forward};
    if (w.types.is(forward, TypeKind::kOverloaded)) items.assign(w.types[forward].args().begin(), w.types[forward].args().end());
    for (TypeId each : items) {
      if (w.types.is(each, TypeKind::kAny)) continue;
      if (!w.types.is(each, TypeKind::kCallable)) {
        fail(c, function.node, Code::kMisc, "Forward operator \"" + std::string(w.text(forward_name)) + "\" is not callable");
      } else if (isUnsafe(w, function.owner, each, base, reverse)) {
        fail(c, function.node, Code::kMisc,
             "Signatures of \"" + std::string(w.text(function.name)) + "\" of \"" + std::string(w.text(w.classes[function.owner].name)) + "\" and \"" +
                 std::string(w.text(forward_name)) + "\" of " + formatType(w, base) + " are unsafely overlapping");
      }
    }
  }
}

static void checkInPlace(Checker& c, FunctionId id, NameId plain_name) {
  World& w = c.w;
  const FunctionInfo function = w.functions[id];
  TypeId self = selfTypeOf(w, function.owner);
  TypeId own = findMemberType(w, function.name, self, self);
  TypeId plain = findMemberType(w, plain_name, self, self);
  if (!own.valid() || !plain.valid()) return;
  own = proper(w, own);
  plain = proper(w, plain);
  auto wider = [&](TypeId a, TypeId b) {
    CallableOptions options;
    options.ignore_return = true;
    return isCallableCompatible(w, a, b, options);
  };
  bool fits = false;
  if (w.types.is(own, TypeKind::kCallable) && w.types.is(plain, TypeKind::kCallable)) {
    fits = wider(own, plain);
  } else if (w.types.is(own, TypeKind::kOverloaded) && w.types.is(plain, TypeKind::kOverloaded) && w.types[own].count == w.types[plain].count) {
    fits = true;
    for (uint32_t i = 0; i < w.types[own].count; ++i) fits = fits && wider(w.types[own].items[i], w.types[plain].items[i]);
  } else if (w.types.is(plain, TypeKind::kAny)) {
    fits = true;
  }
  if (fits) return;
  fail(c, function.node, Code::kMisc,
       "Signatures of \"" + std::string(w.text(function.name)) + "\" and \"" + std::string(w.text(plain_name)) + "\" are incompatible");
}

void checkOperatorMethod(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!function.owner.valid() || function.has(kFnUnannotated) || !w.types.is(signature, TypeKind::kCallable)) return;
  std::string_view name = w.text(function.name);
  if (!name.starts_with("__") || !name.ends_with("__")) return;
  NameId forward = forwardOf(w, name);
  if (forward.valid()) return checkReverse(c, id, signature, forward);
  NameId plain = plainOperator(w, name);
  if (plain.valid()) checkInPlace(c, id, plain);
}

}  // namespace krait::check

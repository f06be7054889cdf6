// What signatures must hold beyond their types' being right.
#include "checker/check/check.h"

namespace krait::check {

// The parameter that a guard speaks of; none: there is no positional one.
static TypeId guardedParameter(World& w, const FunctionInfo& function, const CallableView& view, bool skips_self) {
  size_t at = skips_self && function.owner.valid() && !function.has(kFnStatic) ? 1 : 0;
  if (at >= view.paramCount()) return TypeId::none();
  ParamKind kind = view.params()[at].kind;
  return kind == ParamKind::kPos || kind == ParamKind::kOpt || kind == ParamKind::kStar ? view.types()[at] : TypeId::none();
}

// PEP 647 and PEP 742: a guard has a subject, and TypeIs narrows it.
static void checkGuard(Checker& c, const FunctionInfo& function, const CallableView& view) {
  World& w = c.w;
  if (!view.guard().valid()) return;
  bool is_type_is = view.has(kTypeIs);
  // For mypy self may be the subject.
  bool skips_self = is_type_is || follows(*c.options, Divergence::kGuardSubject);
  TypeId subject = guardedParameter(w, function, view, skips_self);
  if (!subject.valid() && !follows(*c.options, Divergence::kGuardSubject)) subject = guardedParameter(w, function, view, false);
  if (!subject.valid()) {
    fail(c, function.node, Code::kMisc, std::string(is_type_is ? "\"TypeIs\"" : "TypeGuard") + " functions must have a positional argument");
    return;
  }
  if (is_type_is && !isSubtype(w, view.guard(), subject)) {
    fail(c, function.node, Code::kNarrowedTypeNotSubtype,
         "Narrowed type " + formatType(w, view.guard()) + " is not a subtype of input type " + formatType(w, subject));
  }
}

static bool isOneOf(World& w, TypeId type, std::initializer_list<const char*> names) {
  if (w.types.is(type, TypeKind::kAny)) return true;
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  for (const char* name : names) {
    if (isNamed(w, type, name)) return true;
  }
  return false;
}

// Is a generator of that kind a value of the declared result?
static void checkGenerator(Checker& c, const FunctionInfo& function, TypeId ret) {
  World& w = c.w;
  if (!function.has(kFnGenerator) || function.has(kFnUnannotated)) return;
  bool is_async = function.has(kFnAsync);
  for (TypeId item : unionItems(w, ret)) {
    bool fits = is_async ? isOneOf(w, item, {"typing.AsyncGenerator", "typing.AsyncIterator", "typing.AsyncIterable", "builtins.object"})
                         : isOneOf(w, item, {"typing.Generator", "typing.Iterator", "typing.Iterable", "builtins.object", "typing.AwaitableGenerator"});
    if (fits) return;
    // A protocol of the user's own may fit as well.
    TypeId generator = namedType(w, "typing", is_async ? "AsyncGenerator" : "Generator");
    if (w.types.is(item, TypeKind::kInstance) && w.header(w.types[item].cls()).has(kClassProtocol) && isSubtype(w, generator, item)) return;
  }
  fail(c, function.node, Code::kMisc,
       is_async ? "The return type of an async generator function should be \"AsyncGenerator\" or one of its supertypes"
                : "The return type of a generator function should be \"Generator\" or one of its supertypes");
}

void checkSignatureRules(Checker& c, FunctionId id, TypeId signature) {
  const FunctionInfo& function = c.w.functions[id];
  CallableView view = c.w.types.callable(signature);
  checkGuard(c, function, view);
  checkGenerator(c, function, proper(c.w, view.ret()));
}

}  // namespace krait::check

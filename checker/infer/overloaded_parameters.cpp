// A decorator around an overloaded function: where Callable[P, R] (or Concatenate[…, P]) is wanted, each overload gives
// the callable that the call makes of it, and the result has them all.
#include "checker/infer/infer.h"

namespace krait::infer {

// The argument that is overloaded where a ParamSpec's parameters are wanted; none of them: its count.
static size_t overloadedArgument(World& w, TypeId callee, const GenericCall& call) {
  CallableView view = w.types.callable(callee);
  for (size_t i = 0; i < call.map.size() && i < view.types().size(); ++i) {
    TypeId formal = proper(w, view.types()[i]);
    if (!w.types.is(formal, TypeKind::kCallable) || !paramSpecOf(w, formal).valid() || call.map[i].size() != 1) continue;
    size_t at = call.map[i][0];
    if (call.site.args[at].kind != ArgKind::kPos && call.site.args[at].kind != ArgKind::kNamed) continue;
    if (call.types[at].valid() && w.types.is(proper(w, call.types[at]), TypeKind::kOverloaded)) return at;
  }
  return call.site.args.size();
}

TypeId withAllOverloads(Checker& c, TypeId generic, const GenericCall& call, TypeId result) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kOverloadedParameters) || !w.types.is(proper(w, result), TypeKind::kCallable)) return result;
  if (!w.types.callable(generic).isGeneric() || paramSpecOf(w, generic).valid()) return result;
  size_t at = overloadedArgument(w, generic, call);
  if (at == call.site.args.size()) return result;
  TypeId overloaded = proper(w, call.types[at]);
  std::vector<TypeId> results;
  for (TypeId item : std::vector<TypeId>(w.types[overloaded].args().begin(), w.types[overloaded].args().end())) {
    CallSite site = call.site;
    site.args[at].node = NodeId::none();
    site.args[at].type = item;
    Watch watch = startWatch(c);
    TypeId one = proper(w, checkCall(c, generic, site).ret);
    bool fits = !hasNewErrors(c, watch);
    takeBack(c, watch);
    if (!w.types.is(one, TypeKind::kCallable)) return result;
    if (fits) results.push_back(one);
  }
  return results.size() < 2 ? result : w.types.overloaded(results);
}

}  // namespace krait::infer

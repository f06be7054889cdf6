// functools.partial: what it binds is checked against the function, and the object that it makes knows the function
// that is left. That callable is the `extra` of the instance, which has the mark sub 2. ref: mypy plugins/functools.py
#include "checker/infer/library.h"
#include "checker/infer/partial_types.h"

namespace krait::infer {

static constexpr uint8_t kPartialMark = 2;

TypeId partialFunction(World& w, TypeId type) {
  return w.types.is(type, TypeKind::kInstance) && w.types[type].sub == kPartialMark ? w.types[type].extra : TypeId::none();
}

// The function with every parameter optional: what partial() itself requires of its arguments.
static TypeId withOptionalParameters(World& w, TypeId function) {
  CallableParts parts = w.types.parts(function);
  for (ParamShape& param : parts.params) {
    if (param.kind == ParamKind::kPos) param.kind = ParamKind::kOpt;
    if (param.kind == ParamKind::kNamed) param.kind = ParamKind::kNamedOpt;
  }
  return w.types.callable(parts);
}

// What is called behind the first argument; none: it takes several forms, or none.
static TypeId calledFunction(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (TypeId inner = partialFunction(w, plain); inner.valid()) return inner;
  if (w.types.is(plain, TypeKind::kTypeType)) {
    TypeId item = proper(w, w.types[plain].items[0]);
    if (isPlainTypeVar(w, item)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
    if (!w.types.is(item, TypeKind::kInstance)) return TypeId::none();
    plain = classCallable(w, w.types[item].cls());
  }
  if (w.types.is(plain, TypeKind::kInstance)) {
    TypeId call = findMemberType(w, w.names.__call__, plain, plain);
    plain = call.valid() ? proper(w, call) : plain;
  }
  return w.types.is(plain, TypeKind::kCallable) ? plain : TypeId::none();
}

// The parameters that the arguments leave: what was passed by position is gone, what was passed by name may be passed again.
static TypeId leftFunction(Checker& c, TypeId function, TypeId bound, const CallSite& site) {
  World& w = c.w;
  std::vector<TypeId> types;
  for (const Arg& arg : site.args) types.push_back(arg.node.valid() ? c.nodeType(arg.node) : arg.type);
  for (TypeId& type : types) type = type.valid() ? type : w.types.any();
  ArgumentMap map = mapArguments(c, site, types, function);
  CallableParts left = w.types.parts(function);
  CallableParts known = w.types.is(bound, TypeKind::kCallable) ? w.types.parts(bound) : left;
  bool is_same_shape = known.types.size() == left.types.size();
  left.params.clear();
  left.types.clear();
  CallableView view = w.types.callable(function);
  bool is_named_only = false;
  for (size_t i = 0; i < view.paramCount(); ++i) {
    TypeId type = is_same_shape && isValidInferred(w, known.types[i]) ? known.types[i] : view.types()[i];
    ParamShape param = view.params()[i];
    bool is_given = i < map.size() && !map[i].empty() && !isStar(param.kind);
    if (is_given) {
      bool by_position = false;
      for (size_t actual : map[i]) by_position = by_position || site.args[actual].kind == ArgKind::kPos || site.args[actual].kind == ArgKind::kStar;
      if (by_position) continue;
      param.kind = ParamKind::kNamedOpt;
      is_named_only = true;
    } else if (is_named_only && isPositional(param.kind)) {
      // Behind a parameter that is given by name, position means nothing.
      param.kind = param.kind == ParamKind::kPos ? ParamKind::kNamed : ParamKind::kNamedOpt;
    }
    left.params.push_back(param);
    left.types.push_back(type);
  }
  left.ret = isValidInferred(w, known.ret) ? known.ret : view.ret();
  if (left.has(kOtherResult)) left.guard = TypeId::none();
  left.clear(kTypeObject);
  left.clear(kOtherResult);
  left.set(kPartialForm);
  if (is_same_shape && !known.vars.empty()) left.vars = known.vars;
  return w.types.callable(left);
}

TypeId partialObject(Checker& c, const CallSite& site, TypeId made) {
  World& w = c.w;
  TypeId plain = proper(w, made);
  if (!isNamed(w, plain, "functools.partial") || site.args.empty() || site.args[0].kind != ArgKind::kPos || !site.args[0].node.valid()) return made;
  TypeId given = c.nodeType(site.args[0].node);
  if (!given.valid()) return made;
  if (w.types.is(proper(w, given), TypeKind::kUnion)) return made;
  TypeId function = calledFunction(c, given);
  if (!function.valid() || w.types.callable(function).has(kEllipsisArgs)) return made;
  for (TypeId type : w.types.callable(function).types()) {
    if (isParamSpec(w, type) || w.types.is(type, TypeKind::kUnpack)) return made;
  }
  CallSite inner;
  inner.node = site.node;
  inner.args.assign(site.args.begin() + 1, site.args.end());
  TypeId open = withOptionalParameters(w, function);
  CallResult result = checkCall(c, open, inner);
  TypeId left = leftFunction(c, function, result.callee.valid() ? proper(w, result.callee) : function, inner);
  TypeId ret = w.types.callable(left).ret();
  Type marked = w.types[w.types.withoutLiteral(plain)];
  marked.sub = kPartialMark;
  TypeId args[] = {ret};
  return w.types.rebuild(marked, args, left);
}

}  // namespace krait::infer

// functools.partial: what it binds is checked against the function, and the object that it makes knows the function
// that is left. That callable is the `extra` of the instance, whose sub has the mark. ref: mypy plugins/functools.py
#include <algorithm>

#include "checker/infer/library.h"
#include "checker/infer/partial_types.h"

namespace krait::infer {

// The mark of a partial object, and which parts of a ParamSpec are bound already.
static constexpr uint8_t kPartialMark = 4;
static constexpr uint8_t kArgsBound = 1;
static constexpr uint8_t kKwargsBound = 2;

TypeId partialFunction(World& w, TypeId type) {
  return w.types.is(type, TypeKind::kInstance) && (w.types[type].sub & kPartialMark) != 0 ? w.types[type].extra : TypeId::none();
}

// What is called behind the first argument; none: it takes several forms, or none.
static TypeId calledFunction(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (TypeId inner = partialFunction(w, plain); inner.valid()) return inner;
  if (w.types.is(plain, TypeKind::kTypeType)) {
    TypeId item = proper(w, w.types[plain].items[0]);
    if (isPlainTypeVar(w, item)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
    if (!w.types.is(item, TypeKind::kInstance)) return TypeId::none();
    plain = constructorOf(w, item);
  }
  if (w.types.is(plain, TypeKind::kInstance)) {
    TypeId call = findMemberType(w, w.names.__call__, plain, plain);
    plain = call.valid() ? proper(w, call) : plain;
  }
  if (!w.types.is(plain, TypeKind::kCallable)) return TypeId::none();
  return withNormalizedVarArgs(w, withUnpackedKwargs(w, plain));
}

static bool mentions(World& w, TypeId type, TypeId variable) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar && record.ref == w.types[variable].ref) return true;
  for (TypeId arg : record.args()) {
    if (mentions(w, arg, variable)) return true;
  }
  return false;
}

// The function as partial() itself calls it: every parameter optional, and only those of its variables open that what
// is given can decide.
static TypeId openFunction(World& w, TypeId function, const ArgumentMap& map, TypeId ret) {
  CallableParts parts = w.types.parts(function);
  std::vector<TypeId> vars;
  for (TypeId variable : parts.vars) {
    bool is_open = typeVarOf(w, variable).kind != TypeVarKind::kTypeVar;
    for (size_t i = 0; i < map.size() && !is_open; ++i) is_open = !map[i].empty() && mentions(w, parts.types[i], variable);
    if (is_open) vars.push_back(variable);
  }
  parts.vars = vars;
  for (ParamShape& param : parts.params) {
    if (param.kind == ParamKind::kPos) param.kind = ParamKind::kOpt;
    if (param.kind == ParamKind::kNamed) param.kind = ParamKind::kNamedOpt;
  }
  if (ret.valid()) parts.ret = ret;
  parts.set(kPartialForm);
  return w.types.callable(parts);
}

// The parameters that the arguments leave: what was passed by position is gone, what was passed by name may be passed again.
static CallableParts leftFunction(World& w, TypeId function, TypeId bound, const CallSite& site, const ArgumentMap& map) {
  CallableParts left = w.types.parts(function);
  CallableParts known = w.types.is(bound, TypeKind::kCallable) ? w.types.parts(bound) : left;
  bool is_same_shape = known.types.size() == left.types.size();
  left.params.clear();
  left.types.clear();
  CallableView view = w.types.callable(function);
  for (size_t i = 0; i < view.paramCount(); ++i) {
    TypeId type = is_same_shape && isValidInferred(w, known.types[i]) ? known.types[i] : view.types()[i];
    ParamShape param = view.params()[i];
    bool is_given = i < map.size() && !map[i].empty() && !isStar(param.kind);
    if (is_given) {
      bool by_position = false;
      for (size_t actual : map[i]) by_position = by_position || site.args[actual].kind == ArgKind::kPos || site.args[actual].kind == ArgKind::kStar;
      if (by_position) continue;
      param.kind = ParamKind::kNamedOpt;
    }
    left.params.push_back(param);
    left.types.push_back(type);
  }
  if (left.has(kOtherResult)) left.guard = TypeId::none();
  left.clear(kTypeObject);
  left.clear(kOtherResult);
  left.set(kPartialForm);
  return left;
}

static bool hasParamSpec(World& w, TypeId function) {
  if (!w.types.is(function, TypeKind::kCallable)) return false;
  for (TypeId type : w.types.callable(function).types()) {
    if (isParamSpec(w, type)) return true;
  }
  return false;
}

// The object for one function behind the first argument; none: nothing is known of it.
static TypeId objectFor(Checker& c, TypeId callee, const CallSite& inner, TypeId plain, TypeId context) {
  World& w = c.w;
  TypeId function = calledFunction(w, callee);
  if (!function.valid() || w.types.callable(function).has(kEllipsisArgs)) return TypeId::none();
  std::vector<TypeId> types;
  for (const Arg& arg : inner.args) types.push_back(arg.node.valid() ? c.nodeType(arg.node) : arg.type);
  for (TypeId& type : types) type = type.valid() ? type : w.types.any();
  ArgumentMap map = mapArguments(c, inner, types, function);
  ClassId cls = w.types[plain].cls();
  TypeId declared = w.types.callable(function).ret();
  // The result is wrapped so that a wanted partial[…] says what the function is to give.
  bool is_wrapped = !w.types.callable(function).isTypeObject();
  TypeId wrapped = is_wrapped ? w.types.instance(cls, std::span<const TypeId>(&declared, 1)) : TypeId::none();
  CallSite site = inner;
  CallResult result = checkCall(c, openFunction(w, function, map, wrapped), site, is_wrapped ? context : TypeId::none());
  TypeId bound = result.callee.valid() ? proper(w, result.callee) : function;
  TypeId ret = w.types.is(bound, TypeKind::kCallable) ? w.types.callable(bound).ret() : declared;
  if (is_wrapped && w.types.is(ret, TypeKind::kInstance) && w.types[ret].cls() == cls && w.types[ret].count == 1) ret = w.types[ret].items[0];
  if (!is_wrapped) ret = partialObject(c, inner, ret);
  CallableParts left = leftFunction(w, function, bound, inner, map);
  left.ret = isValidInferred(w, ret) ? ret : declared;
  std::vector<TypeVarId> own;
  for (TypeId variable : left.vars) own.push_back(TypeVarId(w.types[variable].ref));
  TypeId args[] = {eraseTypeVars(w, left.ret, &own, w.types.any(AnyKind::kSpecialForm))};
  TypeId left_type = w.types.callable(left);
  Type marked = w.types[w.types.instance(cls, args)];
  marked.sub = kPartialMark;
  if (hasParamSpec(w, left_type)) {
    for (const Arg& arg : inner.args) {
      if (arg.kind == ArgKind::kStar) marked.sub |= kArgsBound;
      if (arg.kind == ArgKind::kStar2) marked.sub |= kKwargsBound;
    }
  }
  return w.types.rebuild(marked, args, left_type);
}

TypeId partialObject(Checker& c, const CallSite& site, TypeId made, TypeId context) {
  World& w = c.w;
  TypeId plain = proper(w, made);
  if (!isNamed(w, plain, "functools.partial") || site.args.empty() || site.args[0].kind != ArgKind::kPos || !site.args[0].node.valid()) return made;
  TypeId given = c.nodeType(site.args[0].node);
  if (!given.valid()) return made;
  CallSite inner;
  inner.node = site.node;
  inner.args.assign(site.args.begin() + 1, site.args.end());
  std::vector<TypeId> objects;
  for (TypeId item : unionItems(w, given)) {
    TypeId object = objectFor(c, item, inner, plain, context);
    objects.push_back(object.valid() ? object : made);
  }
  return objects.size() == 1 ? objects[0] : w.types.unionOf(objects);
}

CallResult callPartial(Checker& c, TypeId object, CallSite& site, TypeId context) {
  World& w = c.w;
  TypeId function = partialFunction(w, object);
  CallResult result = checkCall(c, function, site, context);
  if (!hasParamSpec(w, function)) return result;
  uint8_t passed = 0;
  for (const Arg& arg : site.args) {
    TypeId type = arg.node.valid() && c.ast->is(arg.node, NodeKind::kName) ? c.nodeType(arg.node) : TypeId::none();
    if (!type.valid() || !isParamSpec(w, proper(w, type))) continue;
    passed |= w.types[proper(w, type)].sub == static_cast<uint8_t>(TypeVarForm::kArgs) ? kArgsBound : kKwargsBound;
  }
  uint8_t bound = w.types[object].sub;
  if (((bound | passed) & kArgsBound) == 0) tooFewArguments(c, function, site, site.node);
  if ((bound & passed & kArgsBound) != 0) fail(c, site.node, Code::kCallArg, "Too many arguments" + forFunction(w, function));
  if (((bound | passed) & kKwargsBound) == 0) tooFewArguments(c, function, site, site.node);
  return result;
}

}  // namespace krait::infer

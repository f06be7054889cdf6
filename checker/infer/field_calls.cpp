// Calls whose signature follows from the fields of the argument's class: dataclasses.replace, attr.evolve, attr.fields.
#include "checker/infer/infer.h"

namespace krait::infer {

namespace {

enum class Maker : uint8_t { kDataclass, kAttrs };

// The callable that replaces fields of one type's values, self bound; none: it is no such class.
TypeId replaceCallable(Checker& c, TypeId type, Maker maker) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  TypeId instance = w.types.is(plain, TypeKind::kInstance) ? plain : TypeId::none();
  if (w.types.is(plain, TypeKind::kTuple)) instance = fallbackOf(w, plain);
  if (!instance.valid()) return instance;
  for (ClassId cls : std::vector<ClassId>(w.header(w.types[instance].cls()).mro)) {
    const auto info = w.members(cls).dataclass;
    bool fits = info && info->replace.valid() && info->is_attrs == (maker == Maker::kAttrs) && !info->is_transform;
    if (!fits) continue;
    return substituteByInstance(w, info->replace, mapToSupertype(w, instance, cls));
  }
  return TypeId::none();
}

// The fields that may be replaced whichever of these callables is meant: each name with the meet of its types.
CallableParts meetOf(World& w, const std::vector<TypeId>& callables) {
  CallableParts parts;
  for (TypeId callable : callables) {
    CallableView view = w.types.callable(callable);
    for (uint32_t i = 1; i < view.paramCount(); ++i) {
      bool seen = false;
      for (const ParamShape& known : parts.params) seen = seen || known.name == view.params()[i].name;
      if (seen) continue;
      TypeId type = view.types()[i];
      bool required = view.params()[i].kind == ParamKind::kNamed;
      for (TypeId other : callables) {
        FormalArgument argument = argumentByName(w, other, view.params()[i].name);
        type = argument.exists ? meet(w, type, argument.type) : w.types.never();
        required = required || (argument.exists && argument.required);
      }
      parts.add(view.params()[i].name, required ? ParamKind::kNamed : ParamKind::kNamedOpt, type);
    }
  }
  return parts;
}

void notAttrs(Checker& c, NodeId at, TypeId whole, TypeId item) {
  World& w = c.w;
  std::string head = "Argument 1 to \"evolve\" has ";
  std::string whole_name = formatType(w, whole);
  if (w.types.is(proper(w, whole), TypeKind::kTypeVar)) {
    TypeId bound = proper(w, upperBound(w, TypeVarId(w.types[proper(w, whole)].ref)));
    std::string tail = w.types.is(bound, TypeKind::kUnion) ? " whose item " + formatType(w, item) + " is not bound to an attrs class"
                                                            : " not bound to an attrs class";
    fail(c, at, Code::kArgType, head + "a variable type " + whole_name + tail);
  } else if (w.types.is(proper(w, whole), TypeKind::kUnion)) {
    fail(c, at, Code::kArgType, head + "type " + whole_name + " whose item " + formatType(w, item) + " is not bound to an attrs class");
  } else {
    fail(c, at, Code::kArgType, head + "incompatible type " + whole_name + "; expected an attrs class");
  }
}

TypeId replaceCall(Checker& c, NodeId node, Maker maker, const char* name, CallSite& site) {
  World& w = c.w;
  if (site.args.empty() || site.args[0].kind != ArgKind::kPos) return TypeId::none();
  for (size_t i = 1; i < site.args.size(); ++i) {
    if (site.args[i].kind == ArgKind::kPos || site.args[i].kind == ArgKind::kStar) return TypeId::none();
  }
  ++c.silent;
  TypeId object = inferExpr(c, site.args[0].node);
  --c.silent;
  TypeId plain = proper(w, object);
  if (w.types.is(plain, TypeKind::kTypeVar)) plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
  std::vector<TypeId> callables;
  bool fits = true;
  for (TypeId item : unionItems(w, plain)) {
    if (w.types.is(proper(w, item), TypeKind::kAny)) return TypeId::none();
    TypeId callable = replaceCallable(c, item, maker);
    if (callable.valid()) {
      callables.push_back(callable);
      continue;
    }
    if (maker == Maker::kAttrs) notAttrs(c, site.args[0].node, object, item);
    fits = false;
  }
  if (!fits || callables.empty()) return TypeId::none();
  CallableParts fields = meetOf(w, callables);
  CallableParts parts;
  parts.add(NameId::none(), ParamKind::kPos, object);
  for (size_t i = 0; i < fields.params.size(); ++i) parts.add(fields.params[i].name, fields.params[i].kind, fields.types[i]);
  parts.ret = object;
  parts.name = w.name(std::string(name) + " of " + formatTypeBare(w, object));
  site.node = node;
  return checkCall(c, w.types.callable(parts), site).ret;
}

TypeId fieldsCall(Checker& c, CallSite& site) {
  World& w = c.w;
  if (site.args.size() != 1 || site.args[0].kind != ArgKind::kPos) return TypeId::none();
  Watch watch = startWatch(c);
  TypeId type = proper(w, inferExpr(c, site.args[0].node));
  takeBack(c, watch);
  if (w.types.is(type, TypeKind::kTypeType)) type = proper(w, w.types[type].items[0]);
  if (w.types.is(type, TypeKind::kTypeVar)) type = proper(w, upperBound(w, TypeVarId(w.types[type].ref)));
  if (w.types.is(type, TypeKind::kCallable) && w.types.callable(type).isTypeObject()) type = proper(w, w.types.callable(type).made());
  if (!w.types.is(type, TypeKind::kInstance)) return TypeId::none();
  FoundMember found = findMember(w, w.types[type].cls(), w.name("__attrs_attrs__"));
  return found.found() ? w.hooks.symbol_type(w, found.symbol) : TypeId::none();
}

}  // namespace

TypeId fieldCall(Checker& c, NodeId node, const std::string& callee, CallSite& site) {
  if (callee == "dataclasses.replace") return replaceCall(c, node, Maker::kDataclass, "replace", site);
  if (callee == "attr.evolve" || callee == "attrs.evolve" || callee == "attr.assoc") return replaceCall(c, node, Maker::kAttrs, "evolve", site);
  if (callee == "attr.fields" || callee == "attrs.fields") return fieldsCall(c, site);
  return TypeId::none();
}

}  // namespace krait::infer

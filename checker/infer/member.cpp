// Attribute access by the kind of the value's type (mypy's _analyze_member_access), and Attribute expressions.
#include "checker/infer/member.h"

#include "checker/infer/messages.h"
#include "checker/solve/constraints.h"

namespace krait::infer {

void failMember(Access& a, Code code, std::string text) {
  if (!a.options.silent) fail(a.c, a.at, code, std::move(text));
}

std::vector<TypeId> callableItems(World& w, TypeId type) {
  if (!w.types.is(type, TypeKind::kOverloaded)) return {type};
  return {w.types[type].args().begin(), w.types[type].args().end()};
}

bool isTypeObject(World& w, TypeId type) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
  return w.types.is(type, TypeKind::kCallable) && w.types.callable(type).isTypeObject();
}

TypeId freshenAll(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kCallable)) return w.types.callable(type).isGeneric() ? solve::freshen(w, type) : type;
  if (!w.types.is(type, TypeKind::kOverloaded)) return type;
  std::vector<TypeId> items;
  for (TypeId item : callableItems(w, type)) items.push_back(freshenAll(w, item));
  return w.types.overloaded(items);
}

TypeId expandSelfType(World& w, TypeId type, ClassId owner, TypeId self) {
  TypeVarId self_var = owner.valid() ? w.classes[owner].self_var : TypeVarId::none();
  if (!self_var.valid() || !w.types[type].has(kHasSelf)) return type;
  Substitution map;
  map.add(self_var, self);
  return substitute(w, type, map);
}

TypeId missingMember(Access& a, TypeId type) {
  if (!a.options.silent) reportNoAttribute(a.c, a.original, type, a.name, a.at);
  return a.c.w.types.any(AnyKind::kFromError);
}

static TypeId accessUnion(Access& a, TypeId type) {
  std::vector<TypeId> results;
  for (TypeId item : unionItems(a.c.w, type)) {
    Access part = a;
    part.self = item;
    part.in_union = true;
    results.push_back(accessMember(part, item));
  }
  return simplifiedUnion(a.c.w, results);
}

static TypeId accessTypeObject(Access& a, TypeId type) {
  World& w = a.c.w;
  TypeId first = callableItems(w, type)[0];
  TypeId made = proper(w, w.types.callable(first).ret());
  if (!w.types.is(made, TypeKind::kInstance)) made = fallbackOf(w, made);
  if (!w.types.is(made, TypeKind::kInstance)) return w.types.any(AnyKind::kFromError);
  TypeId metaclass = metaclassOf(w, w.types[made].cls());
  if (!a.options.is_operator) {
    std::vector<TypeId> vars(w.types.callable(first).vars().begin(), w.types.callable(first).vars().end());
    TypeId found = accessClass(a, made, metaclass, &vars);
    if (found.valid()) return found;
  }
  return accessMember(a, metaclass);
}

static TypeId accessTypeType(Access& a, TypeId type) {
  World& w = a.c.w;
  TypeId inner = proper(w, w.types[type].items[0]);
  TypeId fallback = builtinType(w, "type");
  TypeId item;
  auto dynamic = [&] {
    Access quiet = a;
    MessageFilter filter(a.c);
    quiet.options.silent = true;
    return accessMember(quiet, fallback);
  };
  switch (w.types.kind(inner)) {
    case TypeKind::kInstance: item = inner; break;
    case TypeKind::kAny: return dynamic();
    case TypeKind::kTypeVar: {
      TypeId bound = proper(w, upperBound(w, TypeVarId(w.types[inner].ref)));
      if (w.types.is(bound, TypeKind::kInstance)) item = bound;
      if (w.types.is(bound, TypeKind::kUnion)) return accessMember(a, w.types.typeType(bound));
      if (w.types.is(bound, TypeKind::kTuple)) item = tupleFallback(w, bound);
      if (isAny(w, bound)) return dynamic();
      break;
    }
    case TypeKind::kTuple: item = tupleFallback(w, inner); break;
    case TypeKind::kTypeType: {
      TypeId deeper = proper(w, w.types[inner].items[0]);
      if (w.types.is(deeper, TypeKind::kInstance)) item = metaclassOf(w, w.types[deeper].cls());
      break;
    }
    case TypeKind::kNone:
    case TypeKind::kLiteral:
    case TypeKind::kTypedDict: item = fallbackOf(w, inner); break;
    default: break;
  }
  bool ignore = false;
  if (item.valid() && w.types.is(item, TypeKind::kInstance)) {
    fallback = metaclassOf(w, w.types[item].cls());
    if (!a.options.is_operator) {
      TypeId found = accessClass(a, item, fallback, nullptr);
      if (found.valid()) {
        if (!(isAny(w, proper(w, found)) && w.classes[w.types[item].cls()].has(kClassFallbackToAny))) return found;
        ignore = true;
      }
    }
  }
  Access rest = a;
  rest.options.silent = rest.options.silent || ignore;
  return accessMember(rest, fallback);
}

TypeId accessMember(Access& a, TypeId type) {
  World& w = a.c.w;
  type = proper(w, type);
  const Type& record = w.types[type];
  switch (record.kind) {
    case TypeKind::kAny: return w.types.any(AnyKind::kFromAnotherAny);
    case TypeKind::kInstance: return accessInstance(a, type);
    case TypeKind::kUnion: return accessUnion(a, type);
    case TypeKind::kNever: return type;
    case TypeKind::kModule: return memberOfModule(a.c, ModuleId(record.ref), a.name, a.at, a.options.as_target);
    case TypeKind::kNone: {
      if (a.name == w.names.__bool__) {
        CallableParts parts;
        parts.ret = w.types.literal(LiteralKind::kBool, "False", builtinType(w, "bool"));
        return w.types.callable(parts);
      }
      TypeId none_class = namedType(w, "types", "NoneType");
      return accessMember(a, isAny(w, none_class) ? objectType(w) : none_class);
    }
    case TypeKind::kCallable:
    case TypeKind::kOverloaded:
      if (isTypeObject(w, type)) return accessTypeObject(a, type);
      if (a.name == w.names.__call__) return type;
      return accessMember(a, builtinType(w, "function"));
    case TypeKind::kTypeType: return accessTypeType(a, type);
    case TypeKind::kTypeVar: {
      TypeVarId id(record.ref);
      if (w.type_vars[id].kind == TypeVarKind::kTypeVar && !valuesOf(w, id).empty()) {
        return accessMember(a, simplifiedUnion(w, valuesOf(w, id)));
      }
      return accessMember(a, upperBound(w, id));
    }
    case TypeKind::kTypedDict:
    case TypeKind::kTuple:
    case TypeKind::kLiteral: {
      TypeId fallback = fallbackOf(w, type);
      return w.types.is(fallback, TypeKind::kInstance) ? accessInstance(a, fallback) : w.types.any(AnyKind::kFromError);
    }
    case TypeKind::kDeleted:
      failMember(a, Code::kMisc, "Trying to read deleted variable");
      return w.types.any(AnyKind::kFromError);
    case TypeKind::kPartial:
    case TypeKind::kUnbound:
    case TypeKind::kErased: return w.types.any(AnyKind::kFromError);
    default: return missingMember(a, type);
  }
}

TypeId memberType(Context& c, TypeId value, NameId name, NodeId at, const MemberOptions& options) {
  Access access{c, name, at, options, options.original.valid() ? options.original : value,
                options.self_type.valid() ? options.self_type : value, false};
  if (options.silent) {
    MessageFilter filter(c);
    return accessMember(access, value);
  }
  return accessMember(access, value);
}

bool hasMember(Context& c, TypeId type, NameId name) {
  World& w = c.w;
  type = proper(w, type);
  switch (w.types.kind(type)) {
    case TypeKind::kAny: return true;
    case TypeKind::kUnion:
      for (TypeId item : unionItems(w, type)) {
        if (!hasMember(c, item, name)) return false;
      }
      return true;
    case TypeKind::kTypeVar: return hasMember(c, upperBound(w, TypeVarId(w.types[type].ref)), name);
    case TypeKind::kTypeType: {
      TypeId item = proper(w, w.types[type].items[0]);
      if (w.types.is(item, TypeKind::kTypeVar)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
      if (!w.types.is(item, TypeKind::kInstance)) return hasMember(c, builtinType(w, "type"), name);
      return hasMember(c, metaclassOf(w, w.types[item].cls()), name);
    }
    case TypeKind::kCallable:
    case TypeKind::kOverloaded:
      if (isTypeObject(w, type)) {
        TypeId made = fallbackOf(w, proper(w, w.types.callable(callableItems(w, type)[0]).ret()));
        return w.types.is(made, TypeKind::kInstance) && hasMember(c, metaclassOf(w, w.types[made].cls()), name);
      }
      return hasMember(c, builtinType(w, "function"), name);
    case TypeKind::kInstance:
      return w.header(w.types[type].cls()).has(kClassFallbackToAny) || findMember(w, w.types[type].cls(), name).found();
    case TypeKind::kNever: return false;
    default: {
      TypeId fallback = fallbackOf(w, type);
      return w.types.is(fallback, TypeKind::kInstance) && findMember(w, w.types[fallback].cls(), name).found();
    }
  }
}

TypeId memberOfModule(Context& c, ModuleId module, NameId name, NodeId at, bool as_target) {
  World& w = c.w;
  SymbolId symbol = declare::moduleAttribute(w, module, name);
  std::string text(w.text(name));
  if (symbol.valid()) {
    bool hidden = w.symbols[symbol].has(kIsPrivateImport) && module != c.module;
    if (!hidden) return symbolValueType(c, symbol, at, as_target);
    bool is_stub = w.modules[module].is_stub;
    if (!is_stub || !w.modules[module].is_dynamic) {
      std::string module_name(w.text(w.modules[module].name));
      if (is_stub && w.symbols[symbol].kind == SymbolKind::kImport && followImports(w, symbol).valid() == false) {
        return w.types.any(AnyKind::kFromError);
      }
      fail(c, at, Code::kAttrDefined, "Module \"" + module_name + "\" does not explicitly export attribute \"" + text + "\"");
      return symbolValueType(c, symbol, at, as_target);
    }
  }
  if (w.modules[module].is_dynamic) {
    SymbolId getter = w.scopes[w.modules[module].scope].names.find(w.names.__getattr__);
    TypeId type = symbolValueType(c, getter, at);
    if (w.types.is(type, TypeKind::kCallable)) return w.types.callable(type).ret();
    return w.types.any(AnyKind::kFromError);
  }
  SymbolId getter = w.scopes[w.modules[module].scope].names.find(w.names.__getattr__);
  if (getter.valid() && !(text.starts_with("__") && text.ends_with("__"))) {
    TypeId type = symbolValueType(c, getter, at);
    if (w.types.is(type, TypeKind::kCallable)) return w.types.callable(type).ret();
  }
  TypeId module_type = namedType(w, "types", "ModuleType");
  if (w.types.is(module_type, TypeKind::kInstance)) {
    if (findMember(w, w.types[module_type].cls(), name).found() && name != w.names.__getattr__) {
      return memberType(c, module_type, name, at);
    }
    reportNoAttribute(c, module_type, module_type, name, at, module);
  } else {
    fail(c, at, Code::kAttrDefined, "Module has no attribute \"" + text + "\"");
  }
  return w.types.any(AnyKind::kFromError);
}

// The module that an expression names, or none: `a.b` where b is a submodule.
TypeId inferAttribute(Context& c, NodeId node, bool as_target) {
  World& w = c.w;
  auto attribute = c.ast->as<syntax::Attribute>(node);
  NameId name = syntax::nameOf(*c.ast, attribute.attr());
  NodeId base = attribute.value();
  if (auto call = c.ast->tryAs<syntax::Call>(base)) {
    auto callee = c.ast->tryAs<syntax::Name>(call->func());
    if (callee && callee->name() == w.names.super) {
      SymbolId symbol = followImports(w, declare::lookupName(w, c.scope, callee->name()));
      if (symbol.valid() && w.symbols[symbol].kind == SymbolKind::kClass &&
          isNamed(w, w.symbols[symbol].cls, "builtins.super")) {
        TypeId type = inferSuper(c, node, base, as_target);
        return as_target ? type : narrowedType(c, node, type);
      }
    }
  }
  TypeId value = inferExpr(c, base);
  MemberOptions options;
  options.as_target = as_target;
  TypeId type = memberType(c, value, name, node, options);
  if (as_target) return type;
  return narrowedType(c, node, type);
}

TypeId memberTargetType(Context& c, NodeId attribute) { return inferAttribute(c, attribute, true); }

}  // namespace krait::infer

// Inference of constraints, one function for each kind of template. `open` cuts recursion on recursive types.
#include "checker/solve/constraints.h"

#include <algorithm>

#include "checker/relations/literal_string.h"
#include "checker/solve/solver_internal.h"

namespace krait::solve {

namespace {

struct Builder {
  World& w;
  std::vector<std::pair<TypeId, TypeId>>& open;
  std::vector<std::pair<ClassId, TypeId>>& inferring;  // the protocols whose members are being compared, with what
  std::vector<TypeVarId>& extra;    // variables of the generic callables that are being compared as actual types

  void infer(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void inferProper(TypeId original, TypeId actual, Direction d, Constraints& out);
  void inferFromUnion(TypeId original, TypeId pattern, TypeId actual, Constraints& out);
  void inferToUnion(TypeId original, TypeId pattern, TypeId actual, Constraints& out);
  bool isOpen(TypeId pattern, TypeId actual) const;
  void visit(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitInstance(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitCallable(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitOverloaded(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitTuple(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitTypeType(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void callableArguments(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void paramSpec(TypeId pattern, TypeId actual, TypeId spec, Direction d, Constraints& out);
  void variadic(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void arguments(ClassId cls, std::span<const TypeId> pattern, std::span<const TypeId> actual, Direction d, Constraints& out);
  bool protocolMembersOf(TypeId instance, TypeId pattern, TypeId subtype, TypeId protocol, Direction d, bool class_object,
                         Constraints& out);
  void functionToProtocol(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void instanceToInstance(TypeId pattern, TypeId actual, TypeId original, Direction d, Constraints& out);
  void againstAny(std::span<const TypeId> types, TypeId any, Constraints& out);
  bool isPossible(TypeId pattern, TypeId actual, Direction d);
  bool isCompared(ClassId protocol, TypeId actual) const;
  void anyOf(std::vector<Constraints> options, bool is_eager, Constraints& out);
  void items(std::span<const TypeId> pattern, std::span<const TypeId> actual, Direction d, Constraints& out);
};

}  // namespace

bool Builder::isPossible(TypeId pattern, TypeId actual, Direction d) {
  TypeId erased = eraseTypeVars(w, pattern, nullptr, w.types.any(AnyKind::kSpecialForm));
  if (d == Direction::kSubtypeOf) return isSubtype(w, erased, actual);
  if (!isSubtype(w, actual, erased)) return false;
  TypeId plain = proper(w, pattern);
  if (isPlainTypeVar(w, plain)) {
    TypeId bound = upperBound(w, TypeVarId(w.types[plain].ref));
    return isSubtype(w, actual, eraseTypeVars(w, bound, nullptr, w.types.any(AnyKind::kSpecialForm)));
  }
  return true;
}

static bool isAnyTarget(World& w, const Constraint& c) { return w.types.is(proper(w, c.target), TypeKind::kAny); }

// Each constraint of x has its like in y: the same variable, direction (Any has none) and, if `targets`, target.
static bool coveredBy(World& w, const Constraints& x, const Constraints& y, bool targets) {
  for (const Constraint& c : x) {
    bool found = false;
    for (const Constraint& other : y) {
      bool no_direction = targets ? isAnyTarget(w, c) && isAnyTarget(w, other) : isAnyTarget(w, c) || isAnyTarget(w, other);
      found = found || (c.variable == other.variable && (c.direction == other.direction || no_direction) &&
                        (!targets || isSameType(w, c.target, other.target)));
    }
    if (!found) return false;
  }
  return true;
}

static bool isTrivial(World& w, const Constraints& option) {
  for (const Constraint& c : option) {
    if (!isAnyTarget(w, c)) return false;
  }
  return true;
}

static bool fitsBound(World& w, const Constraint& c) {
  TypeId bound = upperBound(w, c.variable);
  return isObject(w, proper(w, bound)) || isSubtype(w, c.target, bound);
}

// What follows when one of the options must hold; each is satisfiable as far as is known.
void Builder::anyOf(std::vector<Constraints> options, bool is_eager, Constraints& out) {
  if (is_eager) std::erase_if(options, [](const Constraints& option) { return option.empty(); });
  if (options.empty()) return;
  bool all_same = true, all_similar = true;
  for (const Constraints& option : options) {
    all_same = all_same && coveredBy(w, options[0], option, true) && coveredBy(w, option, options[0], true);
    all_similar = all_similar && coveredBy(w, options[0], option, false) && coveredBy(w, option, options[0], false);
  }
  if (all_same) {
    out.insert(out.end(), options[0].begin(), options[0].end());
    return;
  }
  size_t trivial = 0;
  for (const Constraints& option : options) trivial += isTrivial(w, option) ? 1 : 0;
  if (all_similar && trivial > 0 && trivial < options.size()) {
    // The ones that only speak of Any are merged into the others.
    std::vector<Constraints> merged;
    TypeId any = w.types.any(AnyKind::kImplementationArtifact);
    for (Constraints& option : options) {
      if (isTrivial(w, option)) continue;
      for (Constraint& c : option) {
        TypeId both[] = {c.target, any};
        c.target = w.types.unionOf(both);
      }
      merged.push_back(std::move(option));
    }
    anyOf(std::move(merged), is_eager, out);
    return;
  }
  // Constraints that break a bound can not be meant; an option of nothing else is none.
  std::vector<Constraints> satisfiable;
  bool changed = false;
  for (const Constraints& option : options) {
    Constraints kept;
    for (const Constraint& c : option) {
      if (fitsBound(w, c)) kept.push_back(c);
    }
    changed = changed || kept.size() != option.size();
    if (option.empty() || !kept.empty()) satisfiable.push_back(std::move(kept));
  }
  if (changed) anyOf(std::move(satisfiable), is_eager, out);
}

bool Builder::isOpen(TypeId pattern, TypeId actual) const {
  for (const auto& pair : open) {
    if (pair.first == pattern && pair.second == actual) return true;
  }
  return false;
}

void Builder::infer(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  const Type& record = w.types[pattern];
  bool concerns_actual = !extra.empty() && w.types[actual].has(kHasTypeVars);
  if (!record.has(kHasTypeVars) && !record.has(kHasAlias) && !concerns_actual) return;
  bool is_recursive = record.kind == TypeKind::kAlias || w.types.is(actual, TypeKind::kAlias);
  if (!is_recursive && record.kind != TypeKind::kInstance) {
    inferProper(pattern, actual, d, out);
    return;
  }
  if (isOpen(pattern, actual) || open.size() > 60) return;
  open.push_back({pattern, actual});
  bool is_same_alias = record.kind == TypeKind::kAlias && w.types.is(actual, TypeKind::kAlias) && record.ref == w.types[actual].ref && record.count > 0;
  uint32_t shared = is_same_alias && follows(w.options, Divergence::kSameAlias) ? record.count : 0;
  for (uint32_t i = 0; i < shared; ++i) infer(w.types[pattern].items[i], w.types[actual].items[i], d, out);
  if (shared == 0) inferProper(pattern, actual, d, out);
  open.pop_back();
}

void Builder::inferProper(TypeId original, TypeId actual, Direction d, Constraints& out) {
  TypeId pattern = proper(w, original);
  actual = proper(w, actual);
  TypeKind kind = w.types.kind(pattern);
  if (kind == TypeKind::kUnion) pattern = simplifiedUnion(w, w.types[pattern].args());
  if (w.types.is(actual, TypeKind::kUnion) && !w.types[actual].has(kHasErased)) actual = simplifiedUnion(w, w.types[actual].args());
  kind = w.types.kind(pattern);
  bool is_actual_union = w.types.is(actual, TypeKind::kUnion);
  if (kind == TypeKind::kTypeVar && !isParamSpec(w, pattern)) {
    // What a lambda's parameter is, of which nothing is known yet, says nothing.
    if (w.types.is(actual, TypeKind::kErased)) return;
    out.push_back({TypeVarId(w.types[pattern].ref), d, actual, {}});
    return;
  }
  if (isPlainTypeVar(w, actual) && std::find(extra.begin(), extra.end(), TypeVarId(w.types[actual].ref)) != extra.end()) {
    out.push_back({TypeVarId(w.types[actual].ref), opposite(d), pattern, {}});
    return;
  }
  if (d == Direction::kSubtypeOf && kind == TypeKind::kUnion) {
    for (TypeId item : unionItems(w, pattern)) infer(item, actual, d, out);
    return;
  }
  if (d == Direction::kSupertypeOf && is_actual_union && kind == TypeKind::kTypeType) {
    // type[T] against type[A] | type[B]: T is A | B.
    std::vector<TypeId> classes;
    for (TypeId item : unionItems(w, actual)) {
      if (w.types.is(item, TypeKind::kTypeType) && !w.types.isTypeForm(item)) classes.push_back(w.types[item].items[0]);
    }
    if (classes.size() == unionItems(w, actual).size()) return infer(w.types[pattern].items[0], w.types.unionOf(classes), d, out);
  }
  if (d == Direction::kSupertypeOf && is_actual_union) {
    inferFromUnion(original, pattern, actual, out);
    return;
  }
  if (d == Direction::kSubtypeOf && is_actual_union) {
    std::vector<Constraints> options;
    std::vector<TypeId> complete;
    for (TypeId item : unionItems(w, actual)) {
      if (!w.types[item].has(kHasNever)) complete.push_back(item);
    }
    if (complete.empty()) complete = unionItems(w, actual);
    for (TypeId item : complete) {
      if (!isPossible(pattern, item, d)) continue;
      Constraints option;
      infer(pattern, item, d, option);
      options.push_back(std::move(option));
    }
    anyOf(std::move(options), true, out);
    return;
  }
  if (kind == TypeKind::kUnion) {
    inferToUnion(original, pattern, actual, out);
    return;
  }
  if (w.types.is(actual, TypeKind::kPartial) || w.types.is(actual, TypeKind::kErased)) return;
  visit(pattern, actual, d, out);
}

// Each member of the actual union must fit the template.
void Builder::inferFromUnion(TypeId original, TypeId pattern, TypeId actual, Constraints& out) {
  std::vector<TypeId> items = unionItems(w, actual);
  if (w.types.is(pattern, TypeKind::kUnion)) {
    // Members that the template has too are no news for its variables.
    std::vector<TypeId> rest;
    for (TypeId item : items) {
      bool common = false;
      for (TypeId other : w.types[pattern].args()) common = common || (other == item && !w.types[item].has(kHasTypeVars));
      if (!common) rest.push_back(item);
    }
    if (!rest.empty()) items = rest;
  }
  for (TypeId item : items) infer(original, item, Direction::kSupertypeOf, out);
}

// One member of the template must take the actual type; which, is not known.
void Builder::inferToUnion(TypeId original, TypeId pattern, TypeId actual, Constraints& out) {
  constexpr Direction d = Direction::kSupertypeOf;
  std::vector<Constraints> options;
  std::vector<TypeId> items = unionItems(w, pattern);
  for (TypeId item : items) {
    if (!isPossible(item, actual, d)) continue;
    Constraints option;
    infer(item, actual, d, option);
    options.push_back(std::move(option));
  }
  size_t before = out.size();
  anyOf(std::move(options), w.types.is(actual, TypeKind::kAny), out);
  bool is_ordered = (w.types[original].has(kHasAlias) && !w.types[actual].has(kHasAlias)) || follows(w.options, Divergence::kUnionArguments);
  if (out.size() > before || !is_ordered) return;
  // T | list[T], of a recursive alias in any mode: the members that are no variables first.
  std::vector<TypeId> variables, others;
  for (TypeId item : items) (isPlainTypeVar(w, proper(w, item)) ? variables : others).push_back(item);
  if (variables.empty() || others.empty()) return;
  infer(w.types.unionOf(others), actual, d, out);
  if (out.size() == before) infer(w.types.unionOf(variables), actual, d, out);
}

void Builder::againstAny(std::span<const TypeId> types, TypeId any, Constraints& out) {
  for (TypeId type : types) {
    if (w.types.is(type, TypeKind::kUnpack)) {
      TypeId inner = proper(w, w.types[type].items[0]);
      if (isTypeVarTuple(w, inner)) {
        out.push_back({TypeVarId(w.types[inner].ref), Direction::kSupertypeOf, builtinType(w, "tuple", any), {}});
        continue;
      }
      type = inner;
    }
    if (isParamSpec(w, type)) {
      out.push_back({TypeVarId(w.types[type].ref), Direction::kSupertypeOf, any, {}});
      continue;
    }
    infer(type, any, Direction::kSubtypeOf, out);
    infer(type, any, Direction::kSupertypeOf, out);
  }
}

void Builder::visit(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  const Type& p = w.types[pattern];
  const Type& a = w.types[actual];
  switch (p.kind) {
    case TypeKind::kInstance: visitInstance(pattern, actual, d, out); break;
    case TypeKind::kCallable: visitCallable(pattern, actual, d, out); break;
    case TypeKind::kTuple: visitTuple(pattern, actual, d, out); break;
    case TypeKind::kTypeType: visitTypeType(pattern, actual, d, out); break;
    case TypeKind::kTypeVar: {
      // A ParamSpec: of a class argument, or P.args by itself.
      if (p.sub != static_cast<uint8_t>(TypeVarForm::kPlain)) break;
      if (p.count > 0 && (a.kind == TypeKind::kParameters || isParamSpec(w, actual))) {
        CallableParts parts;
        if (a.kind == TypeKind::kParameters) parts = w.types.parts(actual);
        CallableView prefix = w.types.callable(p.items[0]);
        size_t n = std::min<size_t>(prefix.paramCount(), parts.params.size());
        for (size_t i = 0; i < n; ++i) infer(prefix.types()[i], parts.types[i], opposite(d), out);
        parts.params.erase(parts.params.begin(), parts.params.begin() + static_cast<ptrdiff_t>(n));
        parts.types.erase(parts.types.begin(), parts.types.begin() + static_cast<ptrdiff_t>(n));
        out.push_back({TypeVarId(p.ref), d, w.types.parameters(parts), {}});
        break;
      }
      out.push_back({TypeVarId(p.ref), d, actual, {}});
      break;
    }
    case TypeKind::kOverloaded:
      visitOverloaded(pattern, actual, d, out);
      break;
    case TypeKind::kTypedDict:
      if (a.kind == TypeKind::kTypedDict) {
        for (const TypedDictItem& x : w.types.typedDictItems(pattern)) {
          for (const TypedDictItem& y : w.types.typedDictItems(actual)) {
            if (x.name != y.name) continue;
            infer(x.type, y.type, d, out);
            if (!x.read_only) infer(x.type, y.type, opposite(d), out);
          }
        }
      } else if (a.kind == TypeKind::kAny) {
        againstAny(p.args(), actual, out);
      }
      break;
    case TypeKind::kParameters:
      if (a.kind == TypeKind::kParameters) callableArguments(pattern, actual, d, out);
      if (a.kind == TypeKind::kAny) againstAny(w.types.callable(pattern).types(), actual, out);
      break;
    case TypeKind::kUnpack:
      if (a.kind == TypeKind::kUnpack) infer(p.items[0], a.items[0], d, out);
      break;
    default: break;
  }
}

void Builder::items(std::span<const TypeId> pattern, std::span<const TypeId> actual, Direction d, Constraints& out) {
  size_t at = 0;
  while (at < pattern.size() && !w.types.is(pattern[at], TypeKind::kUnpack)) ++at;
  if (at == pattern.size()) {
    bool actual_unpack = false;
    for (TypeId item : actual) actual_unpack = actual_unpack || w.types.is(item, TypeKind::kUnpack);
    if (actual_unpack || pattern.size() != actual.size()) return;
    for (size_t i = 0; i < pattern.size(); ++i) infer(pattern[i], actual[i], d, out);
    return;
  }
  size_t suffix = pattern.size() - at - 1;
  if (actual.size() < at + suffix) return;
  for (size_t i = 0; i < at; ++i) infer(pattern[i], actual[i], d, out);
  for (size_t i = 1; i <= suffix; ++i) infer(pattern[pattern.size() - i], actual[actual.size() - i], d, out);
  TypeId inner = proper(w, w.types[pattern[at]].items[0]);
  std::span<const TypeId> middle = actual.subspan(at, actual.size() - at - suffix);
  if (isTypeVarTuple(w, inner)) {
    out.push_back({TypeVarId(w.types[inner].ref), d, w.types.tuple(middle, builtinType(w, "tuple")), {}});
  } else if (isNamed(w, inner, "builtins.tuple")) {
    for (TypeId item : middle) {
      if (w.types.is(item, TypeKind::kUnpack)) {
        TypeId other = proper(w, w.types[item].items[0]);
        if (isNamed(w, other, "builtins.tuple")) infer(w.types[inner].items[0], w.types[other].items[0], d, out);
      } else {
        infer(w.types[inner].items[0], item, d, out);
      }
    }
  } else if (w.types.is(inner, TypeKind::kTuple)) {
    items(w.types[inner].args(), middle, d, out);
  }
}

void Builder::arguments(ClassId cls, std::span<const TypeId> pattern, std::span<const TypeId> actual, Direction d,
                        Constraints& out) {
  std::vector<TypeVarId> variables = w.header(cls).type_vars;
  size_t count = variables.size();
  size_t variadic = count;
  for (size_t i = 0; i < count; ++i) {
    if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVarTuple) variadic = i;
  }
  auto one = [&](TypeVarId variable, TypeId wanted, TypeId given) {
    if (w.types.is(wanted, TypeKind::kUnpack) || w.types.is(given, TypeKind::kUnpack)) return;
    if (w.type_vars[variable].kind == TypeVarKind::kParamSpec) {
      infer(wanted, given, d, out);
      return;
    }
    Variance variance = varianceOf(w, variable);
    if (variance != Variance::kContravariant) infer(wanted, given, d, out);
    if (variance != Variance::kCovariant) infer(wanted, given, opposite(d), out);
  };
  if (variadic == count) {
    for (size_t i = 0; i < std::min({count, pattern.size(), actual.size()}); ++i) one(variables[i], pattern[i], actual[i]);
    return;
  }
  size_t after = count - variadic - 1;
  if (pattern.size() < variadic + after || actual.size() < variadic + after) return;
  for (size_t i = 0; i < variadic; ++i) one(variables[i], pattern[i], actual[i]);
  for (size_t i = 1; i <= after; ++i) one(variables[count - i], pattern[pattern.size() - i], actual[actual.size() - i]);
  items(pattern.subspan(variadic, pattern.size() - variadic - after), actual.subspan(variadic, actual.size() - variadic - after), d, out);
}

// Is the protocol being compared with the type already, or with two others around it?
bool Builder::isCompared(ClassId protocol, TypeId actual) const {
  int around = 0;
  for (const auto& [cls, type] : inferring) {
    if (cls == protocol && (type == actual || ++around == 2)) return true;
  }
  return false;
}

// The members of a protocol compared one by one. `subtype` is what self is; for a class object, `instance` is what the
// class makes.
bool Builder::protocolMembersOf(TypeId instance, TypeId pattern, TypeId subtype, TypeId protocol, Direction d, bool class_object,
                                Constraints& out) {
  ClassId cls = w.types[protocol].cls();
  if (isCompared(cls, instance)) return false;
  inferring.push_back({cls, instance});
  Constraints found;
  bool complete = true;
  for (NameId member : protocolMembers(w, cls)) {
    TypeId given = withBodyResult(w, findMemberType(w, member, instance, subtype, class_object), subtype);
    TypeId wanted = findMemberType(w, member, pattern, subtype);
    if (!wanted.valid() || !given.valid()) {
      if (member == w.names.__call__) continue;
      complete = false;
      break;
    }
    infer(wanted, given, d, found);
    if (memberFlags(w, member, protocol).settable) infer(wanted, given, opposite(d), found);
  }
  inferring.pop_back();
  if (complete) out.insert(out.end(), found.begin(), found.end());
  return true;
}

// A function or class where a protocol is wanted.
void Builder::functionToProtocol(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  ClassId cls = w.types[pattern].cls();
  if (isCompared(cls, actual)) return;
  for (NameId member : protocolMembers(w, cls)) {
    if (member != w.names.__call__) continue;
    TypeId call = findMemberType(w, w.names.__call__, pattern, pattern);
    if (!call.valid()) break;
    TypeId erased = eraseTypeVars(w, call, nullptr, w.types.any(AnyKind::kSpecialForm));
    inferring.push_back({cls, actual});
    if (isSubtype(w, actual, erased)) infer(call, actual, d, out);
    inferring.pop_back();
  }
  TypeId first = w.types.is(actual, TypeKind::kOverloaded) ? w.types[actual].items[0] : actual;
  if (!w.types.callable(first).isTypeObject()) return;
  TypeId made = proper(w, w.types.callable(first).made());
  if (w.types.is(made, TypeKind::kTuple)) made = tupleFallback(w, made);
  if (!w.types.is(made, TypeKind::kInstance)) return;
  protocolMembersOf(made, pattern, d == Direction::kSubtypeOf ? pattern : made, pattern, d, true, out);
}

static bool isSequenceLike(std::string_view fullname) {
  return fullname == "typing.Iterable" || fullname == "typing.Collection" || fullname == "typing.Sequence" ||
         fullname == "typing.Container" || fullname == "typing.Reversible" || fullname == "builtins.tuple";
}

void Builder::visitInstance(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  const Type& p = w.types[pattern];
  const ClassInfo& info = w.header(p.cls());
  bool is_protocol = info.has(kClassProtocol);
  TypeId original = actual;
  TypeKind kind = w.types.kind(actual);
  size_t before = out.size();
  bool is_function = kind == TypeKind::kCallable || kind == TypeKind::kOverloaded;
  if (is_protocol && is_function) functionToProtocol(pattern, actual, d, out);
  if (is_protocol && kind == TypeKind::kTypeType) {
    TypeId item = proper(w, w.types[actual].items[0]);
    if (w.types.is(item, TypeKind::kInstance)) {
      protocolMembersOf(item, pattern, d == Direction::kSubtypeOf ? pattern : item, pattern, d, true, out);
    }
  }
  if (is_protocol && kind == TypeKind::kModule) {
    protocolMembersOf(actual, pattern, actual, pattern, d, false, out);
    return;
  }
  if (is_function || kind == TypeKind::kTypeType || kind == TypeKind::kTypedDict || kind == TypeKind::kLiteral || kind == TypeKind::kModule) {
    actual = fallbackOf(w, actual);
    kind = w.types.kind(actual);
  }
  switch (kind) {
    case TypeKind::kInstance:
      if (out.size() == before || !is_function) instanceToInstance(pattern, actual, original, d, out);
      break;
    case TypeKind::kAny: againstAny(p.args(), actual, out); break;
    case TypeKind::kNever:
      if (w.types[actual].sub == 0 && d == Direction::kSupertypeOf) {
        for (TypeId arg : p.args()) {
          if (!isParamSpec(w, arg) && !w.types.is(arg, TypeKind::kUnpack)) infer(arg, actual, d, out);
        }
      }
      break;
    case TypeKind::kTuple:
      if (d != Direction::kSupertypeOf) break;
      if (!isSequenceLike(info.fullname) || p.count != 1) {
        infer(pattern, tupleFallback(w, actual), d, out);
        break;
      }
      for (TypeId item : std::vector<TypeId>(w.types[actual].args().begin(), w.types[actual].args().end())) {
        if (w.types.is(item, TypeKind::kUnpack)) {
          TypeId inner = proper(w, w.types[item].items[0]);
          if (!isNamed(w, inner, "builtins.tuple")) continue;
          item = w.types[inner].items[0];
        }
        infer(w.types[pattern].items[0], item, d, out);
      }
      break;
    case TypeKind::kTypeVar:
      if (!isPlainTypeVar(w, actual) || valuesOf(w, TypeVarId(w.types[actual].ref)).empty()) {
        infer(pattern, upperBound(w, TypeVarId(w.types[actual].ref)), d, out);
      }
      break;
    default: break;
  }
}

// Nominally if one class derives from the other, else by the members of the protocol.
void Builder::instanceToInstance(TypeId pattern, TypeId actual, TypeId original, Direction d, Constraints& out) {
  ClassId wanted = w.types[pattern].cls(), given = w.types[actual].cls();
  if (d == Direction::kSubtypeOf && isSubclass(w, wanted, given)) {
    TypeId mapped = mapToSupertype(w, pattern, given);
    arguments(given, w.types[mapped].args(), w.types[actual].args(), d, out);
    return;
  }
  if (d == Direction::kSupertypeOf && isSubclass(w, given, wanted)) {
    TypeId mapped = mapToSupertype(w, actual, wanted);
    arguments(wanted, w.types[pattern].args(), w.types[mapped].args(), d, out);
    return;
  }
  TypeId erased = eraseTypeVars(w, pattern, nullptr, w.types.any(AnyKind::kSpecialForm));
  if (d == Direction::kSupertypeOf && w.header(wanted).has(kClassProtocol)) {
    if (isProtocolImplementation(w, actual, erased, {}, false, w.names.__call__)) {
      protocolMembersOf(actual, pattern, original, pattern, d, false, out);
    }
  } else if (d == Direction::kSubtypeOf && w.header(given).has(kClassProtocol)) {
    if (isProtocolImplementation(w, erased, actual, {}, false, w.names.__call__)) {
      protocolMembersOf(actual, pattern, pattern, actual, d, false, out);
    }
  }
}

void Builder::callableArguments(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  TypeId left = d == Direction::kSubtypeOf ? pattern : actual;
  TypeId right = d == Direction::kSubtypeOf ? actual : pattern;
  left = withNormalizedVarArgs(w, withUnpackedKwargs(w, left));
  right = withNormalizedVarArgs(w, withUnpackedKwargs(w, right));
  auto relate = [&](TypeId l, TypeId r) {
    if (isParamSpec(w, l) || isParamSpec(w, r) || w.types.is(l, TypeKind::kUnpack) || w.types.is(r, TypeKind::kUnpack)) return;
    if (d == Direction::kSubtypeOf) {
      infer(l, r, opposite(d), out);
    } else {
      infer(r, l, opposite(d), out);
    }
  };
  FormalArgument ls = varArgument(w, left), rs = varArgument(w, right);
  FormalArgument lk = keywordArgument(w, left), rk = keywordArgument(w, right);
  if (ls.exists && rs.exists) relate(ls.type, rs.type);
  if (lk.exists && rk.exists) relate(lk.type, rk.type);
  for (const FormalArgument& r : formalArguments(w, right)) {
    FormalArgument l = correspondingArgument(w, left, r);
    if (l.exists) relate(l.type, r.type);
  }
  if (rs.exists) {
    CallableView view = w.types.callable(left);
    for (auto i = static_cast<uint32_t>(rs.position); i < view.paramCount() && isPositional(view.params()[i].kind); ++i) {
      relate(view.types()[i], rs.type);
    }
  }
  if (rk.exists) {
    for (uint32_t i = 0; i < w.types.callable(left).paramCount(); ++i) {
      const ParamShape& param = w.types.callable(left).params()[i];
      if (isStar(param.kind) || !param.name.valid() || isPositional(param.kind)) continue;
      bool shared = false;
      for (const ParamShape& other : w.types.callable(right).params()) shared = shared || other.name == param.name;
      if (!shared) relate(w.types.callable(left).types()[i], rk.type);
    }
  }
}

void Builder::paramSpec(TypeId pattern, TypeId actual, TypeId spec, Direction d, Constraints& out) {
  CallableView p = w.types.callable(pattern);
  TypeId args = p.types()[p.paramCount() - 2];
  uint32_t prefix_length = p.paramCount() - 2;
  std::vector<TypeId> prefix(p.types().begin(), p.types().begin() + prefix_length);
  if (w.types[args].count > 0) {
    CallableView more = w.types.callable(w.types[args].items[0]);
    prefix.insert(prefix.end(), more.types().begin(), more.types().end());
  }
  TypeVarId variable(w.types[spec].ref);
  CallableParts parts = w.types.parts(actual);
  size_t taken = 0;
  while (taken < prefix.size() && taken < parts.params.size() && isPositional(parts.params[taken].kind)) {
    infer(prefix[taken], parts.types[taken], opposite(d), out);
    ++taken;
  }
  TypeId actual_spec = paramSpecOf(w, actual);
  parts.params.erase(parts.params.begin(), parts.params.begin() + static_cast<ptrdiff_t>(taken));
  parts.types.erase(parts.types.begin(), parts.types.begin() + static_cast<ptrdiff_t>(taken));
  if (actual_spec.valid()) {
    CallableParts rest;
    for (size_t i = 0; i + 2 < parts.params.size(); ++i) rest.add(parts.params[i].name, parts.params[i].kind, parts.types[i]);
    TypeId inner = parts.types[parts.types.size() - 2];
    TypeId rest_prefix = rest.params.empty() ? TypeId::none() : w.types.parameters(rest);
    if (w.types[inner].count > 0 && !rest_prefix.valid()) rest_prefix = w.types[inner].items[0];
    TypeId target = typeVarType(w, TypeVarId(w.types[actual_spec].ref), TypeVarForm::kPlain, rest_prefix);
    out.push_back({variable, Direction::kSupertypeOf, target, {}});
    return;
  }
  CallableParts target;
  target.params = parts.params;
  target.types = parts.types;
  target.flags = parts.flags & (kEllipsisArgs | kImpreciseArgs);
  out.push_back({variable, Direction::kSupertypeOf, w.types.parameters(target), {}});
}

// Callable[[*Ts], R] against a callable of plain positional parameters.
void Builder::variadic(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  auto asItems = [&](TypeId callable) {
    std::vector<TypeId> types;
    CallableView view = w.types.callable(callable);
    for (uint32_t i = 0; i < view.paramCount(); ++i) {
      TypeId type = view.types()[i];
      if (isPositional(view.params()[i].kind)) types.push_back(type);
      if (view.params()[i].kind == ParamKind::kStar) {
        if (w.types.is(type, TypeKind::kUnpack)) {
          TypeId inner = proper(w, w.types[type].items[0]);
          if (w.types.is(inner, TypeKind::kTuple)) {
            types.insert(types.end(), w.types[inner].args().begin(), w.types[inner].args().end());
          } else {
            types.push_back(type);
          }
        } else {
          types.push_back(w.types.unpack(builtinType(w, "tuple", type)));
        }
      }
    }
    return types;
  };
  std::vector<TypeId> pattern_items = asItems(pattern);
  std::vector<TypeId> actual_items = asItems(actual);
  items(pattern_items, actual_items, opposite(d), out);
}

void Builder::visitCallable(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  CallableView p = w.types.callable(pattern);
  switch (w.types.kind(actual)) {
    case TypeKind::kCallable: {
      TypeId spec = paramSpecOf(w, pattern);
      size_t before = out.size();
      bool has_self = false;
      for (TypeId var : w.types.callable(actual).vars()) has_self = has_self || typeVarOf(w, var).is_self;
      bool is_generic = w.types.callable(actual).isGeneric();
      if (is_generic && p.has(kEllipsisArgs) && !has_self) {
        // Any arguments at all: its variables can only be Any.
        TypeId unified = withUnknownArguments(w, actual);
        if (!unified.valid()) unified = unifyCallable(w, actual, pattern, true);
        if (unified.valid()) actual = unified;
        is_generic = !unified.valid();
      }
      size_t known_extra = extra.size();
      if (is_generic) {
        for (TypeId var : w.types.callable(actual).vars()) extra.push_back(TypeVarId(w.types[var].ref));
      }
      CallableView a = w.types.callable(actual);
      TypeId pattern_ret = p.ret(), actual_ret = a.ret();
      if (p.guard().valid() && a.guard().valid()) {
        infer(p.guard(), a.guard(), d, out);
        if (p.has(kTypeIs)) infer(p.guard(), a.guard(), opposite(d), out);
      } else {
        infer(pattern_ret, actual_ret, d, out);
      }
      if (spec.valid()) {
        paramSpec(pattern, actual, spec, d, out);
      } else if (!p.has(kEllipsisArgs)) {
        FormalArgument star = varArgument(w, pattern);
        bool has_variadic = star.exists && w.types.is(star.type, TypeKind::kUnpack);
        has_variadic ? variadic(pattern, actual, d, out) : callableArguments(pattern, actual, d, out);
      }
      extra.resize(known_extra);
      for (size_t i = before; is_generic && i < out.size(); ++i) {
        if (!out[i].origin.valid()) out[i].origin = actual;
      }
      break;
    }
    case TypeKind::kAny: {
      TypeId spec = paramSpecOf(w, pattern);
      std::vector<TypeId> types(p.types().begin(), p.types().end() - (spec.valid() ? 2 : 0));
      againstAny(types, actual, out);
      if (spec.valid()) out.push_back({TypeVarId(w.types[spec].ref), Direction::kSupertypeOf, ellipsisParameters(w), {}});
      infer(p.ret(), actual, d, out);
      if (p.guard().valid()) infer(p.guard(), actual, d, out);
      break;
    }
    case TypeKind::kOverloaded: {
      // The first item that fits the template, else the first.
      std::vector<TypeId> actual_items(w.types[actual].args().begin(), w.types[actual].args().end());
      // What holds of any text is solved for, not what holds of literal texts alone: "a" is a Supports[str].
      bool is_literal = std::all_of(actual_items.begin(), actual_items.end(), [&](TypeId item) { return givesLiteralString(w, item); });
      if (!is_literal) std::erase_if(actual_items, [&](TypeId item) { return givesLiteralString(w, item); });
      CallableOptions options;
      options.ignore_return = true;
      auto chosen = std::find_if(actual_items.begin(), actual_items.end(), [&](TypeId item) { return isCallableCompatible(w, item, pattern, options); });
      visitCallable(pattern, chosen != actual_items.end() ? *chosen : actual_items[0], d, out);
      break;
    }
    case TypeKind::kTypeType: {
      TypeId item = proper(w, w.types[actual].items[0]);
      if (w.types.is(item, TypeKind::kInstance) && w.types[item].count > 0) {
        // type[C[int]] makes a C[int], whatever the constructor could make.
        infer(p.ret(), item, d, out);
        TypeId constructor = classCallable(w, w.types[item].cls());
        if (!w.types.is(constructor, TypeKind::kCallable)) break;
        CallableParts parts = w.types.parts(constructor);
        parts.vars.clear();
        infer(pattern, substituteByInstance(w, w.types.callable(parts), item), d, out);
      } else if (w.types.is(item, TypeKind::kInstance)) {
        infer(pattern, classCallable(w, w.types[item].cls()), d, out);
      } else {
        infer(p.ret(), w.types[actual].items[0], d, out);
      }
      break;
    }
    case TypeKind::kInstance: {
      for (const auto& pair : open) {
        if (pair.first == pattern && pair.second == actual) return;
      }
      if (open.size() > 30) return;
      open.push_back({pattern, actual});
      TypeId call = findMemberType(w, w.names.__call__, actual, actual);
      if (call.valid()) infer(pattern, call, d, out);
      open.pop_back();
      break;
    }
    case TypeKind::kTypeVar:
      // A variable that stands for functions is called as its bound says.
      if (isPlainTypeVar(w, actual) && valuesOf(w, TypeVarId(w.types[actual].ref)).empty()) {
        infer(pattern, upperBound(w, TypeVarId(w.types[actual].ref)), d, out);
      }
      break;
    default: break;
  }
}

void Builder::visitOverloaded(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  std::vector<TypeId> all(w.types[pattern].args().begin(), w.types[pattern].args().end());
  if (w.types.is(actual, TypeKind::kAny)) {
    againstAny(all, actual, out);
    return;
  }
  std::vector<TypeId> matching;
  CallableOptions options;
  options.ignore_return = true;
  for (TypeId item : all) {
    if (w.types.is(actual, TypeKind::kCallable) && isCallableCompatible(w, item, actual, options)) matching.push_back(item);
  }
  for (TypeId item : matching.empty() ? all : matching) infer(item, actual, d, out);
}

void Builder::visitTuple(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  const Type& p = w.types[pattern];
  switch (w.types.kind(actual)) {
    case TypeKind::kTuple: items(p.args(), w.types[actual].args(), d, out); break;
    case TypeKind::kAny: againstAny(p.args(), actual, out); break;
    case TypeKind::kInstance: {
      ClassId tuple = lookupClass(w, "builtins", "tuple");
      if (d == Direction::kSupertypeOf && tuple.valid() && isSubclass(w, w.types[actual].cls(), tuple)) {
        TypeId mapped = mapToSupertype(w, actual, tuple);
        TypeId item = w.types[mapped].items[0];
        for (TypeId wanted : p.args()) {
          if (w.types.is(wanted, TypeKind::kUnpack)) {
            TypeId inner = proper(w, w.types[wanted].items[0]);
            infer(inner, mapped, d, out);
          } else {
            infer(wanted, item, d, out);
          }
        }
      } else if (d == Direction::kSubtypeOf && w.types[actual].count == 1) {
        infer(tupleFallback(w, pattern), actual, d, out);
      }
      break;
    }
    default: break;
  }
}

void Builder::visitTypeType(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  TypeId item = w.types[pattern].items[0];
  switch (w.types.kind(actual)) {
    case TypeKind::kCallable:
      if (w.types.callable(actual).isTypeObject()) infer(item, w.types.callable(actual).made(), d, out);
      break;
    case TypeKind::kOverloaded: infer(item, w.types.callable(w.types[actual].items[0]).made(), d, out); break;
    case TypeKind::kTypeType: infer(item, w.types[actual].items[0], d, out); break;
    case TypeKind::kAny: infer(item, actual, d, out); break;
    case TypeKind::kInstance:
      if (isMetaclass(w, w.types[actual].cls())) infer(item, w.types.any(), d, out);
      break;
    default: break;
  }
}

Constraints inferConstraints(World& w, TypeId pattern, TypeId actual, Direction direction) {
  // Shared by the inferences that start inside another one (unification of generic callables).
  static thread_local std::vector<std::pair<TypeId, TypeId>> open;
  static thread_local std::vector<std::pair<ClassId, TypeId>> inferring;
  std::vector<TypeVarId> extra;
  Constraints out;
  Builder{w, open, inferring, extra}.infer(pattern, actual, direction, out);
  return out;
}

}  // namespace krait::solve

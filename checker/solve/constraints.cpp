// Inference of constraints, one function for each kind of template. `open` cuts recursion on recursive types.
#include "checker/solve/constraints.h"

namespace krait::solve {

namespace {

struct Builder {
  World& w;
  std::vector<std::pair<TypeId, TypeId>>& open;

  void infer(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visit(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitInstance(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitCallable(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitTuple(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void visitTypeType(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void callableArguments(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void paramSpec(TypeId pattern, TypeId actual, TypeId spec, Direction d, Constraints& out);
  void variadic(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void arguments(ClassId cls, std::span<const TypeId> pattern, std::span<const TypeId> actual, Direction d, Constraints& out);
  void protocolMembersOf(TypeId pattern, TypeId actual, Direction d, Constraints& out);
  void againstAny(std::span<const TypeId> types, TypeId any, Constraints& out);
  bool isPossible(TypeId pattern, TypeId actual, Direction d);
  void anyOf(std::vector<Constraints>& options, Constraints& out);
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

static bool sameConstraints(const Constraints& a, const Constraints& b) {
  auto within = [](const Constraints& x, const Constraints& y) {
    for (const Constraint& c : x) {
      bool found = false;
      for (const Constraint& other : y) found = found || c == other;
      if (!found) return false;
    }
    return true;
  };
  return within(a, b) && within(b, a);
}

static bool similarConstraints(World& w, const Constraints& a, const Constraints& b) {
  auto within = [&](const Constraints& x, const Constraints& y) {
    for (const Constraint& c : x) {
      bool found = false;
      for (const Constraint& other : y) {
        bool any = w.types.is(proper(w, c.target), TypeKind::kAny) || w.types.is(proper(w, other.target), TypeKind::kAny);
        found = found || (c.variable == other.variable && c.direction == other.direction && (any || c.target == other.target));
      }
      if (!found) return false;
    }
    return true;
  };
  return within(a, b) && within(b, a);
}

void Builder::anyOf(std::vector<Constraints>& options, Constraints& out) {
  if (options.empty()) return;
  bool all_same = true;
  for (const Constraints& option : options) all_same = all_same && sameConstraints(options[0], option);
  if (all_same) {
    out.insert(out.end(), options[0].begin(), options[0].end());
    return;
  }
  bool all_similar = true;
  for (const Constraints& option : options) all_similar = all_similar && similarConstraints(w, options[0], option);
  if (all_similar) {
    for (Constraint c : options[0]) {
      c.target = w.types.any(AnyKind::kSpecialForm);
      out.push_back(c);
    }
    return;
  }
  // Options that say nothing lose against one that does.
  std::vector<Constraints> telling;
  for (const Constraints& option : options) {
    bool satisfiable = true;
    for (const Constraint& c : option) {
      if (w.type_vars[c.variable].kind != TypeVarKind::kTypeVar) continue;
      TypeId bound = upperBound(w, c.variable);
      if (c.direction == Direction::kSupertypeOf && !isSubtype(w, c.target, bound)) satisfiable = false;
    }
    if (satisfiable) telling.push_back(option);
  }
  if (telling.size() < options.size()) anyOf(telling, out);
}

void Builder::infer(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  if (!w.types[pattern].has(kHasTypeVars) && !w.types[pattern].has(kHasAlias)) return;
  if (w.types.is(pattern, TypeKind::kAlias) || w.types.is(actual, TypeKind::kAlias)) {
    for (const auto& pair : open) {
      if (pair.first == pattern && pair.second == actual) return;
    }
    if (open.size() > 30) return;
    open.push_back({pattern, actual});
    infer(proper(w, pattern), proper(w, actual), d, out);
    open.pop_back();
    return;
  }
  const Type& p = w.types[pattern];
  const Type& a = w.types[actual];
  if (p.kind == TypeKind::kTypeVar && !isParamSpec(w, pattern)) {
    if (isTypeVarTuple(w, pattern)) {
      out.push_back({TypeVarId(p.ref), d, actual});
      return;
    }
    out.push_back({TypeVarId(p.ref), d, actual});
    return;
  }
  if (d == Direction::kSubtypeOf && p.kind == TypeKind::kUnion) {
    for (TypeId item : p.args()) infer(item, actual, d, out);
    return;
  }
  if (d == Direction::kSupertypeOf && a.kind == TypeKind::kUnion) {
    std::vector<TypeId> left(a.args().begin(), a.args().end());
    TypeId reduced = pattern;
    if (p.kind == TypeKind::kUnion) {
      // What both unions have says nothing about the variables.
      std::vector<TypeId> rest_actual, rest_pattern;
      for (TypeId item : left) {
        bool common = false;
        for (TypeId other : p.args()) common = common || (other == item && !w.types[item].has(kHasTypeVars));
        if (!common) rest_actual.push_back(item);
      }
      for (TypeId item : p.args()) {
        bool common = false;
        for (TypeId other : left) common = common || (other == item && !w.types[item].has(kHasTypeVars));
        if (!common) rest_pattern.push_back(item);
      }
      if (!rest_actual.empty() && !rest_pattern.empty()) {
        left = rest_actual;
        reduced = w.types.unionOf(rest_pattern);
      }
    }
    if (isPlainTypeVar(w, reduced)) {
      infer(reduced, left.size() == a.count ? actual : simplifiedUnion(w, left), d, out);
      return;
    }
    for (TypeId item : left) infer(reduced, item, d, out);
    return;
  }
  if (p.kind == TypeKind::kUnion) {
    std::vector<Constraints> options;
    std::vector<TypeId> pattern_items(p.args().begin(), p.args().end());
    for (TypeId item : pattern_items) {
      if (!isPossible(item, actual, d)) continue;
      Constraints option;
      infer(item, actual, d, option);
      options.push_back(option);
    }
    // A bare type variable is only the last resort.
    if (options.size() > 1) {
      std::vector<Constraints> telling;
      for (size_t i = 0, at = 0; i < pattern_items.size(); ++i) {
        if (!isPossible(pattern_items[i], actual, d)) continue;
        if (!isPlainTypeVar(w, proper(w, pattern_items[i])) && w.types[pattern_items[i]].has(kHasTypeVars) &&
            !options[at].empty()) {
          telling.push_back(options[at]);
        }
        ++at;
      }
      bool any_plain_match = false;
      for (TypeId item : pattern_items) {
        any_plain_match = any_plain_match || (!w.types[item].has(kHasTypeVars) && isPossible(item, actual, d) &&
                                              !w.types.is(actual, TypeKind::kAny));
      }
      if (any_plain_match && telling.empty()) return;
      if (!telling.empty() && !w.types.is(actual, TypeKind::kAny)) options = telling;
    }
    anyOf(options, out);
    return;
  }
  if (a.kind == TypeKind::kUnion) {
    std::vector<Constraints> options;
    for (TypeId item : std::vector<TypeId>(a.args().begin(), a.args().end())) {
      if (!isPossible(pattern, item, d)) continue;
      Constraints option;
      infer(pattern, item, d, option);
      options.push_back(option);
    }
    anyOf(options, out);
    return;
  }
  if (a.kind == TypeKind::kPartial || a.kind == TypeKind::kErased) return;
  visit(pattern, actual, d, out);
}

void Builder::againstAny(std::span<const TypeId> types, TypeId any, Constraints& out) {
  for (TypeId type : types) {
    if (w.types.is(type, TypeKind::kUnpack)) {
      TypeId inner = proper(w, w.types[type].items[0]);
      if (isTypeVarTuple(w, inner)) {
        out.push_back({TypeVarId(w.types[inner].ref), Direction::kSupertypeOf, builtinType(w, "tuple", any)});
        continue;
      }
      type = inner;
    }
    if (isParamSpec(w, type)) {
      out.push_back({TypeVarId(w.types[type].ref), Direction::kSupertypeOf, any});
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
        out.push_back({TypeVarId(p.ref), d, w.types.parameters(parts)});
        break;
      }
      out.push_back({TypeVarId(p.ref), d, actual});
      break;
    }
    case TypeKind::kOverloaded:
      if (a.kind == TypeKind::kAny) againstAny(p.args(), actual, out);
      else for (TypeId item : p.args()) infer(item, actual, d, out);
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
    out.push_back({TypeVarId(w.types[inner].ref), d, w.types.tuple(middle, builtinType(w, "tuple"))});
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
  const ClassInfo& info = w.header(cls);
  for (TypeVarId variable : info.type_vars) {
    if (w.type_vars[variable].kind != TypeVarKind::kTypeVarTuple) continue;
    items(pattern, actual, d, out);
    return;
  }
  size_t count = std::min({info.type_vars.size(), pattern.size(), actual.size()});
  for (size_t i = 0; i < count; ++i) {
    TypeVarId variable = info.type_vars[i];
    if (w.type_vars[variable].kind == TypeVarKind::kParamSpec) {
      infer(pattern[i], actual[i], d, out);
      continue;
    }
    Variance variance = varianceOf(w, variable);
    if (variance != Variance::kContravariant) infer(pattern[i], actual[i], d, out);
    if (variance != Variance::kCovariant) infer(pattern[i], actual[i], opposite(d), out);
  }
}

void Builder::protocolMembersOf(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  for (const auto& pair : open) {
    if (pair.first == pattern && pair.second == actual) return;
  }
  if (open.size() > 30) return;
  open.push_back({pattern, actual});
  TypeId instance = w.types.is(pattern, TypeKind::kInstance) && w.header(w.types[pattern].cls()).has(kClassProtocol)
                        ? pattern
                        : actual;
  for (NameId member : protocolMembers(w, w.types[instance].cls())) {
    TypeId wanted = findMemberType(w, member, pattern, d == Direction::kSupertypeOf ? actual : pattern);
    TypeId found = findMemberType(w, member, actual, actual);
    if (!wanted.valid() || !found.valid()) continue;
    infer(wanted, found, d, out);
    if (memberFlags(w, member, instance).settable) infer(wanted, found, opposite(d), out);
  }
  open.pop_back();
}

void Builder::visitInstance(TypeId pattern, TypeId actual, Direction d, Constraints& out) {
  const Type& p = w.types[pattern];
  const ClassInfo& info = w.header(p.cls());
  bool is_protocol = info.has(kClassProtocol);
  TypeKind kind = w.types.kind(actual);
  if ((kind == TypeKind::kCallable || kind == TypeKind::kOverloaded) && is_protocol && d == Direction::kSupertypeOf) {
    for (NameId member : protocolMembers(w, p.cls())) {
      if (member != w.names.__call__) continue;
      TypeId call = findMemberType(w, w.names.__call__, pattern, pattern);
      if (call.valid()) {
        infer(call, actual, d, out);
        return;
      }
    }
    TypeId first = kind == TypeKind::kOverloaded ? w.types[actual].items[0] : actual;
    if (w.types.callable(first).isTypeObject()) {
      TypeId item = proper(w, w.types.callable(first).ret());
      if (w.types.is(item, TypeKind::kInstance)) {
        for (NameId member : protocolMembers(w, p.cls())) {
          TypeId wanted = findMemberType(w, member, pattern, pattern);
          TypeId found = findMemberType(w, member, item, item, true);
          if (wanted.valid() && found.valid()) infer(wanted, found, d, out);
        }
      }
    }
  }
  if (kind == TypeKind::kModule && is_protocol) {
    protocolMembersOf(pattern, actual, d, out);
    return;
  }
  if (kind == TypeKind::kCallable || kind == TypeKind::kOverloaded || kind == TypeKind::kTypeType ||
      kind == TypeKind::kTypedDict || kind == TypeKind::kLiteral || kind == TypeKind::kModule) {
    actual = fallbackOf(w, actual);
    kind = w.types.kind(actual);
  }
  if (kind == TypeKind::kAny) {
    againstAny(p.args(), actual, out);
    return;
  }
  if (kind == TypeKind::kNever) {
    if (w.types[actual].sub == 0 && d == Direction::kSupertypeOf) {
      for (TypeId arg : p.args()) {
        if (!isParamSpec(w, arg) && !w.types.is(arg, TypeKind::kUnpack)) infer(arg, actual, d, out);
      }
    }
    return;
  }
  if (kind == TypeKind::kTuple && d == Direction::kSupertypeOf) {
    bool collection = info.fullname == "typing.Iterable" || info.fullname == "typing.Collection" ||
                      info.fullname == "typing.Sequence" || info.fullname == "typing.Container" ||
                      info.fullname == "typing.Reversible" || info.fullname == "builtins.tuple";
    if (collection && p.count == 1) {
      for (TypeId item : std::vector<TypeId>(w.types[actual].args().begin(), w.types[actual].args().end())) {
        if (w.types.is(item, TypeKind::kUnpack)) {
          TypeId inner = proper(w, w.types[item].items[0]);
          if (isTypeVarTuple(w, inner)) inner = proper(w, upperBound(w, TypeVarId(w.types[inner].ref)));
          if (!isNamed(w, inner, "builtins.tuple")) continue;
          item = w.types[inner].items[0];
        }
        infer(p.items[0], item, Direction::kSupertypeOf, out);
      }
      return;
    }
    actual = tupleFallback(w, actual);
    kind = w.types.kind(actual);
  }
  if (kind == TypeKind::kTypeVar) {
    infer(pattern, upperBound(w, TypeVarId(w.types[actual].ref)), d, out);
    return;
  }
  if (kind != TypeKind::kInstance) return;
  const Type& a = w.types[actual];
  if (d == Direction::kSubtypeOf && isSubclass(w, p.cls(), a.cls())) {
    TypeId mapped = mapToSupertype(w, pattern, a.cls());
    arguments(a.cls(), w.types[mapped].args(), a.args(), d, out);
    return;
  }
  if (d == Direction::kSupertypeOf && isSubclass(w, a.cls(), p.cls())) {
    TypeId mapped = mapToSupertype(w, actual, p.cls());
    arguments(p.cls(), p.args(), w.types[mapped].args(), d, out);
    return;
  }
  if (is_protocol && d == Direction::kSupertypeOf) {
    TypeId erased = eraseType(w, pattern);
    if (isProtocolImplementation(w, actual, erased, {})) protocolMembersOf(pattern, actual, d, out);
  } else if (d == Direction::kSubtypeOf && w.header(a.cls()).has(kClassProtocol)) {
    if (isProtocolImplementation(w, eraseType(w, pattern), actual, {})) protocolMembersOf(pattern, actual, d, out);
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
    if (d == Direction::kSupertypeOf) {
      infer(prefix[taken], parts.types[taken], opposite(d), out);
    } else {
      infer(prefix[taken], parts.types[taken], opposite(d), out);
    }
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
    out.push_back({variable, Direction::kSupertypeOf, target});
    return;
  }
  CallableParts target;
  target.params = parts.params;
  target.types = parts.types;
  target.flags = parts.flags & (kEllipsisArgs | kImpreciseArgs);
  target.vars = parts.vars;
  out.push_back({variable, Direction::kSupertypeOf, w.types.parameters(target)});
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
      if (w.types.callable(actual).isGeneric()) {
        if (!spec.valid()) {
          TypeId unified = unifyCallable(w, actual, pattern, true);
          if (unified.valid()) actual = unified;
        }
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
        if (has_variadic) {
          variadic(pattern, actual, d, out);
        } else {
          callableArguments(pattern, actual, d, out);
        }
      }
      break;
    }
    case TypeKind::kAny: {
      TypeId spec = paramSpecOf(w, pattern);
      std::vector<TypeId> types(p.types().begin(), p.types().end() - (spec.valid() ? 2 : 0));
      againstAny(types, actual, out);
      if (spec.valid()) out.push_back({TypeVarId(w.types[spec].ref), Direction::kSupertypeOf, ellipsisParameters(w)});
      infer(p.ret(), actual, d, out);
      if (p.guard().valid()) infer(p.guard(), actual, d, out);
      break;
    }
    case TypeKind::kOverloaded: {
      // The first item that fits the erased template, else the first.
      std::vector<TypeId> actual_items(w.types[actual].args().begin(), w.types[actual].args().end());
      TypeId erased = eraseTypeVars(w, pattern, nullptr, w.types.any(AnyKind::kSpecialForm));
      TypeId chosen = actual_items[0];
      CallableOptions options;
      options.ignore_return = true;
      for (TypeId item : actual_items) {
        if (isCallableCompatible(w, item, erased, options)) {
          chosen = item;
          break;
        }
      }
      visitCallable(pattern, chosen, d, out);
      break;
    }
    case TypeKind::kTypeType: {
      TypeId item = proper(w, w.types[actual].items[0]);
      if (w.types.is(item, TypeKind::kInstance)) {
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
    default: break;
  }
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
      if (w.types.callable(actual).isTypeObject()) infer(item, w.types.callable(actual).ret(), d, out);
      break;
    case TypeKind::kOverloaded: infer(item, w.types.callable(w.types[actual].items[0]).ret(), d, out); break;
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
  Constraints out;
  Builder{w, open}.infer(pattern, actual, direction, out);
  return out;
}

}  // namespace krait::solve

// List, set, tuple and dict displays, and comprehensions.
#include "checker/infer/infer.h"
#include "checker/infer/redundant.h"
#include "checker/relations/literal_string.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// The item type that the context wants of a container: T of list[T], Iterable[T] and so on.
static TypeId itemContext(Checker& c, TypeId context, TypeId own, TypeVarId variable) {
  World& w = c.w;
  if (!context.valid()) return TypeId::none();
  // Of a union, the members that such a display could be.
  std::vector<TypeId> results;
  TypeId plain = proper(w, context);
  if (w.types.is(plain, TypeKind::kErased)) return TypeId::none();
  TypeId anything;
  for (TypeId item : unionItems(w, plain)) {
    if (w.types.is(item, TypeKind::kAny)) anything = item;
    if (!w.types.is(item, TypeKind::kInstance)) continue;
    TypeId erased = eraseTypeVars(w, own, nullptr, w.types.any());
    if (!isSubtype(w, erased, eraseType(w, item))) continue;
    Constraints constraints = inferConstraints(w, own, item, Direction::kSubtypeOf);
    TypeVarId variables[] = {variable};
    TypeId solution = solveConstraints(w, variables, constraints).types[0];
    if (solution.valid() && !(w.types.is(solution, TypeKind::kNever) && w.types[solution].sub == 1)) results.push_back(solution);
  }
  // Where anything is wanted a display holds anything, too; the specification has its items decide.
  if (results.empty() && !follows(*c.options, Divergence::kRedefinition)) return anything;
  return results.size() == 1 ? results[0] : TypeId::none();
}

// Where the wanted type is recursive, the items make a union: recursive types are mostly made of unions.
// Where items differ and of one nothing is known, the display may hold anything.
static TypeId joinItems(Checker& c, const std::vector<TypeId>& types, TypeId context = {}) {
  World& w = c.w;
  bool differ = false;
  TypeId unknown;
  for (TypeId type : types) {
    differ = differ || type != types[0];
    if (!w.types[type].has(kHasAny)) continue;
    for (TypeId item : unionItems(w, type)) {
      if (w.types.is(proper(w, item), TypeKind::kAny)) unknown = proper(w, item);
    }
  }
  // What one call puts in need not be all.
  bool is_of_call = differ && c.facts != nullptr && c.facts->given != nullptr && !unknown.valid();
  for (size_t i = 1; is_of_call && i < types.size() && !unknown.valid(); ++i) {
    if (removeLastKnownValues(w, types[i]) != removeLastKnownValues(w, types[0])) unknown = w.types.any(AnyKind::kUnannotated);
  }
  if (differ && unknown.valid() && !context.valid() && follows(*c.options, Divergence::kMixedDisplays)) return unknown;
  TypeId result;
  bool is_recursive = (context.valid() && w.types[context].has(kHasAlias)) || follows(*c.options, Divergence::kRedefinition);
  for (TypeId type : types) {
    TypeId plain = withoutLiteralString(w, removeLastKnownValues(w, type));
    result = !result.valid() ? plain : (is_recursive ? simplifiedUnion(w, result, plain) : join(w, result, plain));
  }
  return result;
}

// Keys of dicts and items of sets whose class sets __hash__ to None.
static void checkHashable(Checker& c, TypeId type, NodeId node) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kInstance) || c.ast->is(node, NodeKind::kConstant) || !follows(*c.options, Divergence::kUnhashableDataclasses)) return;
  FoundMember hash = findMember(w, w.types[plain].cls(), w.names.__hash__);
  if (!hash.found() || w.resolved(hash.symbol).kind != SymbolKind::kVariable) return;
  TypeId declared = w.hooks.symbol_type(w, hash.symbol);
  if (declared.valid() && w.types.is(proper(w, declared), TypeKind::kNone)) fail(c, node, Code::kMisc, "Value of type " + formatType(w, type) + " is not hashable");
}

// `{**x}`: each part of x must be a mapping, or have keys() and __getitem__.
static void checkUnpackedMapping(Checker& c, TypeId type, NodeId node, size_t at) {
  World& w = c.w;
  ClassId mapping = lookupClass(w, "typing", "Mapping");
  if (!mapping.valid() || isDynamic(c) || !follows(*c.options, Divergence::kUnpackedMappings)) return;
  for (TypeId item : unionItems(w, proper(w, type))) {
    TypeId plain = proper(w, item);
    bool is_plain = w.types.is(plain, TypeKind::kInstance) || w.types.is(plain, TypeKind::kNone);
    if (!is_plain || (w.types.is(plain, TypeKind::kInstance) && isSubclass(w, w.types[plain].cls(), mapping))) continue;
    bool has_items = w.types.is(plain, TypeKind::kInstance) && findMember(w, w.types[plain].cls(), w.names.keys).found() &&
                     findMember(w, w.types[plain].cls(), w.names.__getitem__).found();
    if (has_items || (w.types.is(plain, TypeKind::kInstance) && w.header(w.types[plain].cls()).has(kClassFallbackToAny))) continue;
    fail(c, node, Code::kDictItem, "Unpacked dict entry " + std::to_string(at) + " has incompatible type " + formatType(w, type) +
                                       "; expected \"SupportsKeysAndGetItem[Any, Any]\"");
    return;
  }
}

namespace {
struct UnpackedMapping {
  TypeId key, value;  // none: it tells nothing of them
  bool fits = true;
};
}  // namespace

// What `**x` brings into a dict display: the keys and values of those members of its type that are mappings. A member that
// has neither does not fit. ref: mypy checkexpr.visit_dict_expr
static UnpackedMapping unpackedMapping(Checker& c, TypeId type) {
  World& w = c.w;
  ClassId mapping = lookupClass(w, "typing", "Mapping");
  ClassId readable = lookupClass(w, "_typeshed", "SupportsKeysAndGetItem");
  bool is_strict = readable.valid() && !isDynamic(c) && !follows(*c.options, Divergence::kUnpackedMappings);
  UnpackedMapping result;
  std::vector<TypeId> keys, values;
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    if (w.types.is(plain, TypeKind::kTypedDict)) plain = fallbackOf(w, plain);
    if (mapping.valid() && w.types.is(plain, TypeKind::kInstance) && isSubclass(w, w.types[plain].cls(), mapping)) {
      TypeId mapped = mapToSupertype(w, plain, mapping);
      keys.push_back(w.types[mapped].items[0]);
      values.push_back(w.types[mapped].items[1]);
    } else if (is_strict && !isSubtype(w, item, instanceWithAny(w, readable))) {
      result.fits = false;
    } else {
      keys.push_back(any(c));
      values.push_back(any(c));
    }
  }
  if (!keys.empty()) {
    result.key = joinItems(c, keys);
    result.value = joinItems(c, values);
  }
  return result;
}

static ClassId builtinClass(World& w, const char* name) { return lookupClass(w, "builtins", name); }

// What `*value` gives the display around it.
static TypeId starredItem(Checker& c, NodeId display, NodeId value) {
  World& w = c.w;
  TypeId type = inferExpr(c, value);
  if (!follows(*c.options, Divergence::kIndexedArguments) && !isDynamic(c) && !isIterable(c, type)) {
    fail(c, display, Code::kMisc, "Expected iterable as variadic argument");
    return any(c);
  }
  TypeId item = iteratedType(c, type, value);
  bool joins = w.types.is(proper(w, type), TypeKind::kTuple) && w.types.is(item, TypeKind::kUnion) && !follows(*c.options, Divergence::kRedefinition);
  if (!joins) return item;
  // In a display the items of a tuple are one argument among others: they are joined.
  std::vector<TypeId> items = unionItems(w, item);
  TypeId joined = items[0];
  for (TypeId each : items) joined = join(w, joined, each);
  return joined;
}

TypeId inferList(Checker& c, NodeId node, NodeList items, const char* cls_name, TypeId context) {
  World& w = c.w;
  ClassId cls = builtinClass(w, cls_name);
  if (!cls.valid() || w.header(cls).type_vars.empty()) {
    for (NodeId item : items) inferExpr(c, c.ast->is(item, NodeKind::kStarred) ? c.ast->as<syntax::Starred>(item).value() : item);
    return cls.valid() ? w.types.instance(cls) : any(c);
  }
  TypeVarId variable = w.classes[cls].type_vars[0];
  TypeId own = selfInstanceOf(w, cls);
  TypeId wanted = itemContext(c, context, own, variable);
  bool usable = wanted.valid() && !w.types.is(proper(w, wanted), TypeKind::kNever) && !w.types[wanted].has(kHasErased);
  std::vector<TypeId> types;
  bool is_set = std::string_view(cls_name) == "set";
  for (NodeId item : items) {
    if (auto starred = c.ast->tryAs<syntax::Starred>(item)) {
      types.push_back(starredItem(c, node, starred->value()));
    } else {
      types.push_back(inferExpr(c, item, wanted));
      if (is_set) checkHashable(c, types.back(), item);
    }
  }
  if (usable) {
    bool all = true;
    for (TypeId type : types) all = all && isSubtype(w, type, wanted);
    bool whole_any = w.types.is(proper(w, wanted), TypeKind::kAny);
    if (all || !whole_any) {
      // Each item is checked like an argument.
      CallableParts parts;
      for (size_t i = 0; i < types.size(); ++i) parts.add(NameId::none(), ParamKind::kPos, wanted);
      parts.ret = w.types.instance(cls, std::span<const TypeId>(&wanted, 1));
      parts.name = w.name(std::string("<") + cls_name + ">");
      TypeId callee = w.types.callable(parts);
      CallSite site;
      site.node = node;
      for (size_t i = 0; i < types.size(); ++i) {
        if (isSubtype(w, types[i], wanted)) continue;
        NodeId where = items[i];
        reportIncompatibleArgument(c, callee, site, i + 1, i + 1, types[i], ArgKind::kPos, where);
      }
      return parts.ret;
    }
  }
  if (types.empty()) {
    TypeId never = w.types.ambiguousNever();
    return w.types.instance(cls, std::span<const TypeId>(&never, 1));
  }
  TypeId item = joinItems(c, types, context);
  return w.types.instance(cls, std::span<const TypeId>(&item, 1));
}

TypeId inferTuple(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  NodeList elts = c.ast->as<syntax::Tuple>(node).elts();
  // The context's items, if it is a tuple of this length, or the item of an iterable.
  std::vector<TypeId> wanted(elts.size());
  if (context.valid()) {
    bool has_star = false;
    for (NodeId item : elts) has_star = has_star || c.ast->is(item, NodeKind::kStarred);
    std::vector<TypeId> candidates;
    for (TypeId item : unionItems(w, context)) {
      if (w.types.is(item, TypeKind::kTuple) && w.types[item].count == elts.size() && !has_star) candidates.push_back(item);
      // Where the user's own modules stand in for the library's, tuple may have no parameter.
      if (isNamed(w, item, "builtins.tuple") && w.types[item].count == 1) candidates.push_back(item);
      if (w.types.is(item, TypeKind::kInstance) && !isNamed(w, item, "builtins.tuple") && w.types[item].count == 1 &&
          isSubtype(w, builtinType(w, "tuple", any(c)), eraseType(w, item))) {
        candidates.push_back(item);
      }
    }
    if (candidates.size() == 1) {
      TypeId tuple = candidates[0];
      for (size_t i = 0; i < wanted.size(); ++i) {
        if (w.types.is(tuple, TypeKind::kTuple)) {
          TypeId item = w.types[tuple].items[i];
          wanted[i] = w.types.is(item, TypeKind::kUnpack) ? TypeId::none() : item;
        } else {
          wanted[i] = w.types[tuple].items[0];
        }
      }
    }
  }
  std::vector<TypeId> items;
  bool open = false;
  for (size_t i = 0; i < elts.size(); ++i) {
    auto starred = c.ast->tryAs<syntax::Starred>(elts[i]);
    if (!starred) {
      items.push_back(inferExpr(c, elts[i], wanted[i]));
      continue;
    }
    TypeId type = proper(w, inferExpr(c, starred->value()));
    bool has_open = false;
    if (w.types.is(type, TypeKind::kTuple)) {
      for (TypeId part : w.types[type].args()) has_open = has_open || w.types.is(part, TypeKind::kUnpack);
    }
    if (w.types.is(type, TypeKind::kTuple) && !(open && has_open)) {
      items.insert(items.end(), w.types[type].args().begin(), w.types[type].args().end());
      open = open || has_open;
      continue;
    }
    TypeId item = starredItem(c, node, starred->value());
    if (open) {
      // A second one of unknown length: the whole becomes tuple[X, ...].
      std::vector<TypeId> all;
      for (TypeId each : items) all.push_back(w.types.is(each, TypeKind::kUnpack) ? unpackedItem(c, each) : each);
      all.push_back(item);
      for (size_t j = i + 1; j < elts.size(); ++j) {
        auto rest = c.ast->tryAs<syntax::Starred>(elts[j]);
        all.push_back(rest ? starredItem(c, node, rest->value()) : inferExpr(c, elts[j]));
      }
      return builtinType(w, "tuple", joinItems(c, all));
    }
    open = true;
    items.push_back(w.types.unpack(builtinType(w, "tuple", item)));
  }
  return normalizedTuple(w, items, builtinType(w, "tuple"));
}

// An entry, `k: v` or `**unpacked`, that does not fit.
static void reportEntry(Checker& c, syntax::Dict dict, size_t at, TypeId key, TypeId value, TypeId unpacked, TypeId wanted_key, TypeId wanted_value) {
  World& w = c.w;
  NodeId first = dict.keys()[at], last = dict.values()[at];
  if (!first.valid() && !follows(*c.options, Divergence::kUnpackedMappings)) {
    TypeId args[] = {wanted_key, wanted_value};
    std::string wanted = "\"SupportsKeysAndGetItem[" + formatTypeBare(w, args[0]) + ", " + formatTypeBare(w, args[1]) + "]\"";
    fail(c, last, Code::kDictItem, "Unpacked dict entry " + std::to_string(at) + " has incompatible type " + formatType(w, unpacked) + "; expected " + wanted);
    return;
  }
  auto texts = [&](TypeId actual, TypeId expected) {
    return actual == expected ? std::pair(formatType(w, actual), formatType(w, expected)) : formatTwo(w, actual, expected);
  };
  auto key_texts = texts(removeLastKnownValues(w, key), wanted_key);
  auto value_texts = texts(removeLastKnownValues(w, value), wanted_value);
  size_t before = c.messages->size();
  fail(c, first.valid() ? first : last, Code::kDictItem,
       "Dict entry " + std::to_string(at) + " has incompatible type " + key_texts.first + ": " + value_texts.first + "; expected " + key_texts.second + ": " + value_texts.second);
  // The whole entry is meant.
  if (c.messages->size() > before) c.messages->back().range.end = c.ast->range(last).end;
}

TypeId inferDict(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto dict = c.ast->as<syntax::Dict>(node);
  if (context.valid()) {
    TypeId made = typedDictInContext(c, node, context);
    if (made.valid()) return made;
  }
  ClassId cls = builtinClass(w, "dict");
  if (!cls.valid() || w.header(cls).type_vars.size() < 2) {
    for (size_t i = 0; i < dict.values().size(); ++i) {
      if (dict.keys()[i].valid()) inferExpr(c, dict.keys()[i]);
      inferExpr(c, dict.values()[i]);
    }
    return cls.valid() ? w.types.instance(cls) : any(c);
  }
  TypeId own = selfInstanceOf(w, cls);
  TypeId key_context = itemContext(c, context, own, w.classes[cls].type_vars[0]);
  TypeId value_context = itemContext(c, context, own, w.classes[cls].type_vars[1]);
  auto isUsable = [&](TypeId wanted) { return wanted.valid() && !w.types[wanted].has(kHasErased); };
  std::vector<TypeId> keys, values, unpacked(dict.values().size());
  std::vector<bool> is_unfit(dict.values().size());
  for (size_t i = 0; i < dict.values().size(); ++i) {
    NodeId key = dict.keys()[i];
    if (!key.valid()) {
      TypeId other = unpacked[i] = inferExpr(c, dict.values()[i], context);
      checkUnpackedMapping(c, other, dict.values()[i], i);
      UnpackedMapping parts = unpackedMapping(c, other);
      is_unfit[i] = !parts.fits;
      keys.push_back(parts.key);
      values.push_back(parts.value);
      continue;
    }
    keys.push_back(inferExpr(c, key, key_context));
    checkHashable(c, keys.back(), key);
    values.push_back(inferExpr(c, dict.values()[i], value_context));
  }
  // Where the context says something of one of them, the entries say the rest.
  bool is_half = isUsable(key_context) != isUsable(value_context) && !keys.empty() && !follows(*c.options, Divergence::kRedefinition);
  is_half = is_half && std::find(keys.begin(), keys.end(), TypeId::none()) == keys.end();
  if (is_half && !isUsable(value_context)) value_context = joinItems(c, values);
  if (is_half && !isUsable(key_context)) key_context = joinItems(c, keys);
  if (isUsable(key_context) && isUsable(value_context)) {
    TypeId args[] = {key_context, value_context};
    for (size_t i = 0; i < keys.size(); ++i) {
      if (!is_unfit[i] && isSubtype(w, keys[i], key_context) && isSubtype(w, values[i], value_context)) continue;
      reportEntry(c, dict, i, keys[i], values[i], unpacked[i], key_context, value_context);
    }
    return w.types.instance(cls, args);
  }
  if (keys.empty()) {
    TypeId args[] = {w.types.ambiguousNever(), w.types.ambiguousNever()};
    return w.types.instance(cls, args);
  }
  // What is unpacked and tells nothing counts for nothing.
  auto isKnown = [](TypeId type) { return type.valid(); };
  std::vector<TypeId> known_keys, known_values;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(known_keys), isKnown);
  std::copy_if(values.begin(), values.end(), std::back_inserter(known_values), isKnown);
  TypeId args[] = {known_keys.empty() ? w.types.ambiguousNever() : joinItems(c, known_keys), known_values.empty() ? w.types.ambiguousNever() : joinItems(c, known_values)};
  for (size_t i = 0; i < keys.size(); ++i) {
    if (is_unfit[i]) reportEntry(c, dict, i, keys[i], values[i], unpacked[i], args[0], args[1]);
  }
  return w.types.instance(cls, args);
}

static bool containsAwait(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kAwait)) return true;
  if (ast.is(node, NodeKind::kLambda)) return false;
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || containsAwait(ast, child); });
  return found;
}

// A generator expression that awaits anywhere but in its first iterable is an asynchronous one.
static bool generatorAwaits(const Ast& ast, NodeId element, NodeList generators) {
  if (containsAwait(ast, element)) return true;
  for (size_t i = 0; i < generators.size(); ++i) {
    auto part = ast.as<syntax::Comprehension>(generators[i]);
    if (i > 0 && containsAwait(ast, part.iter())) return true;
    for (NodeId condition : part.ifs()) {
      if (containsAwait(ast, condition)) return true;
    }
  }
  return false;
}

TypeId inferComprehension(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  NodeKind kind = c.ast->kind(node);
  bool is_dict = kind == NodeKind::kDictComp;
  NodeList generators = c.ast->list(node, is_dict ? 2 : 1);
  ScopeId inner = comprehensionScopeOf(c, node);
  ScopeId outer = c.scope;
  FrameScope frame(*c.binder, {.can_skip = true, .fall_through = 0});
  bool is_async = false;
  bool first = true;
  for (NodeId item : generators) {
    auto generator = c.ast->as<syntax::Comprehension>(item);
    // The first iterable belongs to the outer scope.
    c.scope = first ? outer : inner;
    TypeId iterable = inferExpr(c, generator.iter());
    TypeId element = generator.isAsync() ? asyncIteratedType(c, iterable, generator.iter()) : iteratedType(c, iterable, generator.iter());
    if (TypeId native = nativeRangeItem(c, generator.iter()); native.valid()) element = native;
    is_async = is_async || generator.isAsync();
    c.scope = inner;
    assign_hook(c, generator.target(), element, NodeId::none());
    for (NodeId condition : generator.ifs()) {
      inferExpr(c, condition);
      Conditions conditions = findConditions(c, condition);
      redundantBranches(c, condition, "If condition in comprehension", conditions);
      pushMap(c, conditions.if_true);
    }
    first = false;
  }
  auto container = [&](const char* name) { return builtinClass(w, name); };
  TypeId result;
  if (is_dict) {
    auto comp = c.ast->as<syntax::DictComp>(node);
    ClassId cls = container("dict");
    TypeId own = cls.valid() ? selfInstanceOf(w, cls) : any(c);
    TypeId key_context, value_context;
    if (cls.valid() && w.header(cls).type_vars.size() == 2) {
      key_context = itemContext(c, context, own, w.classes[cls].type_vars[0]);
      value_context = itemContext(c, context, own, w.classes[cls].type_vars[1]);
    }
    TypeId key = inferExpr(c, comp.key(), key_context);
    TypeId value = inferExpr(c, comp.value(), value_context);
    bool usable = key_context.valid() && value_context.valid();
    if (usable && !isSubtype(w, key, key_context)) {
      auto texts = formatTwo(w, key, key_context);
      fail(c, comp.key(), Code::kMisc, "Key expression in dictionary comprehension has incompatible type " + texts.first + "; expected type " + texts.second);
    }
    if (usable && !isSubtype(w, value, value_context)) {
      auto texts = formatTwo(w, value, value_context);
      fail(c, comp.value(), Code::kMisc, "Value expression in dictionary comprehension has incompatible type " + texts.first + "; expected type " + texts.second);
    }
    TypeId args[] = {usable ? key_context : withoutLiteralString(w, removeLastKnownValues(w, key)), usable ? value_context : withoutLiteralString(w, removeLastKnownValues(w, value))};
    result = cls.valid() ? namedType(w, "builtins", "dict", args) : any(c);
  } else {
    NodeId elt(c.ast->slot(node, 0));
    const char* name = kind == NodeKind::kListComp ? "list" : "set";
    bool generator = kind == NodeKind::kGeneratorExp;
    is_async = is_async || (generator && c.function.is_async && generatorAwaits(*c.ast, elt, generators));
    ClassId cls = generator ? lookupClass(w, "typing", is_async ? "AsyncGenerator" : "Generator") : container(name);
    TypeId wanted;
    if (cls.valid() && !w.header(cls).type_vars.empty()) wanted = itemContext(c, context, selfInstanceOf(w, cls), w.classes[cls].type_vars[0]);
    if (wanted.valid() && w.types[wanted].has(kHasErased)) wanted = TypeId::none();
    TypeId item = inferExpr(c, elt, wanted);
    if (wanted.valid() && !isSubtype(w, item, wanted)) {
      CallableParts parts;
      parts.add(NameId::none(), ParamKind::kPos, wanted);
      parts.ret = any(c);
      parts.name = w.name(generator ? "<generator>" : (kind == NodeKind::kListComp ? "<list-comprehension>" : "<set-comprehension>"));
      CallSite site;
      site.node = node;
      reportIncompatibleArgument(c, w.types.callable(parts), site, 1, 1, item, ArgKind::kPos, elt);
    }
    TypeId own_item = wanted.valid() ? wanted : withoutLiteralString(w, removeLastKnownValues(w, item));
    if (wanted.valid() && w.types.is(proper(w, wanted), TypeKind::kAny)) own_item = wanted;
    if (generator) {
      TypeId args[] = {own_item, w.types.none(), w.types.none()};
      result = namedType(w, "typing", is_async ? "AsyncGenerator" : "Generator", std::span<const TypeId>(args, is_async ? 2 : 3));
    } else {
      result = namedType(w, "builtins", name, std::span<const TypeId>(&own_item, 1));
    }
  }
  c.scope = outer;
  return result;
}

}  // namespace krait::infer

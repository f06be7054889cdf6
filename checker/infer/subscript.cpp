// Subscripts: tuples by literal index and slice, TypedDicts by key, classes with type arguments, and __getitem__.
#include <algorithm>
#include <optional>

#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// The known int of an index expression's type.
static bool literalIndex(World& w, TypeId type, int64_t& value) {
  type = proper(w, type);
  TypeId literal = w.types.is(type, TypeKind::kLiteral) ? type : (w.types.is(type, TypeKind::kInstance) ? w.types[type].extra : TypeId::none());
  if (!w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != LiteralKind::kInt) return false;
  const std::string text(w.types.literalValue(literal).text);
  if (text.size() > 10) return false;
  value = std::stoll(text);
  return true;
}

TypeId unpackedItem(Checker& c, TypeId unpack) {
  World& w = c.w;
  TypeId inner = proper(w, w.types[unpack].items[0]);
  if (isTypeVarTuple(w, inner)) inner = proper(w, upperBound(w, TypeVarId(w.types[inner].ref)));
  return isNamed(w, inner, "builtins.tuple") ? w.types[inner].items[0] : objectType(w);
}

// The items' types as one, for an index that is not known.
static TypeId tupleItemUnion(Checker& c, TypeId tuple) {
  World& w = c.w;
  std::vector<TypeId> items;
  for (TypeId item : w.types[tuple].args()) items.push_back(w.types.is(item, TypeKind::kUnpack) ? unpackedItem(c, item) : item);
  return simplifiedUnion(w, items);
}

// The known ints that an index may be; false: it may be another one.
static bool literalIndices(Checker& c, NodeId node, std::vector<std::optional<int64_t>>& out) {
  World& w = c.w;
  out.clear();
  if (!node.valid()) {
    out.emplace_back();
    return true;
  }
  for (TypeId item : unionItems(w, inferExpr(c, node))) {
    int64_t value = 0;
    if (!literalIndex(w, item, value)) return false;
    out.emplace_back(value);
  }
  return true;
}

static size_t openAt(World& w, TypeId tuple) {
  const Type& record = w.types[tuple];
  for (uint32_t i = 0; i < record.count; ++i) {
    if (w.types.is(record.items[i], TypeKind::kUnpack)) return i;
  }
  return record.count;
}

// Python's slice of a list of items.
static std::vector<TypeId> sliceOf(std::span<const TypeId> items, std::optional<int64_t> begin, std::optional<int64_t> end, int64_t step) {
  auto size = static_cast<int64_t>(items.size());
  auto clamp = [&](int64_t at) { return at < 0 ? std::max<int64_t>(at + size, step > 0 ? 0 : -1) : std::min(at, step > 0 ? size : size - 1); };
  int64_t from = begin ? clamp(*begin) : (step > 0 ? 0 : size - 1);
  int64_t to = end ? clamp(*end) : (step > 0 ? size : -1);
  std::vector<TypeId> result;
  for (int64_t i = from; step > 0 ? i < to : i > to; i += step) result.push_back(items[static_cast<size_t>(i)]);
  return result;
}

// Can this slice of a tuple with an unpacked part be told? Where a bound lies among the fixed items, it can.
static bool isClearSlice(int64_t open_at, int64_t size, std::optional<int64_t> begin, std::optional<int64_t> end, std::optional<int64_t> step) {
  auto inPrefix = [&](int64_t at) { return at >= 0 && at <= open_at; };
  auto inSuffix = [&](int64_t at) { return at < 0 && at > open_at - size; };
  if (!begin && !end) return !step || *step == 1 || *step == -1;
  bool from_prefix = !begin || inPrefix(*begin);
  bool from_suffix = begin && inSuffix(*begin);
  if (from_prefix && end && inPrefix(*end)) return true;
  if (from_suffix && (!end || inSuffix(*end))) return true;
  if (from_prefix && (!end || inSuffix(*end))) return !step || *step == 1;
  if (from_suffix && end && inPrefix(*end)) return !step || *step == -1;
  return false;
}

static TypeId tupleSlice(Checker& c, TypeId tuple, NodeId node) {
  World& w = c.w;
  auto slice = c.ast->as<syntax::Slice>(node);
  std::vector<std::optional<int64_t>> begins, ends, steps;
  if (!literalIndices(c, slice.lower(), begins) || !literalIndices(c, slice.upper(), ends) || !literalIndices(c, slice.step(), steps)) {
    return TypeId::none();
  }
  std::vector<TypeId> items(w.types[tuple].args().begin(), w.types[tuple].args().end());
  size_t open_at = openAt(w, tuple);
  std::vector<TypeId> results;
  for (auto begin : begins) {
    for (auto end : ends) {
      for (auto step : steps) {
        bool is_clear = open_at == items.size() || isClearSlice(static_cast<int64_t>(open_at), static_cast<int64_t>(items.size()), begin, end, step);
        bool is_zero = step && *step == 0;
        if (!is_clear && !is_zero && follows(*c.options, Divergence::kVariadicIndices)) return TypeId::none();
        if (is_zero || !is_clear) {
          fail(c, node, Code::kMisc, "Ambiguous slice of a variadic tuple");
          return any(c);
        }
        std::vector<TypeId> part = sliceOf(items, begin, end, step.value_or(1));
        bool is_even = part.size() == 1 && w.types.is(part[0], TypeKind::kUnpack) && isNamed(w, proper(w, w.types[part[0]].items[0]), "builtins.tuple");
        results.push_back(is_even ? w.types[part[0]].items[0] : w.types.tuple(part, builtinType(w, "tuple")));
      }
    }
  }
  return simplifiedUnion(w, results);
}

// The item at a known index; none: there is none (for sure).
static TypeId openTupleItem(Checker& c, TypeId tuple, int64_t at) {
  World& w = c.w;
  std::vector<TypeId> items(w.types[tuple].args().begin(), w.types[tuple].args().end());
  auto open_at = static_cast<int64_t>(openAt(w, tuple));
  auto size = static_cast<int64_t>(items.size());
  int64_t least = open_at == size ? size : size - 1;
  bool is_open = open_at < size && follows(*c.options, Divergence::kVariadicIndices);
  // Behind the unpacked part an index from the front may meet it or what follows it; likewise from the end.
  if (at >= 0) {
    if (at >= least && !is_open) return TypeId::none();
    if (at < open_at) return items[static_cast<size_t>(at)];
    std::vector<TypeId> choices{unpackedItem(c, items[static_cast<size_t>(open_at)])};
    for (int64_t i = open_at + 1; i < std::min(at + 2, size); ++i) choices.push_back(items[static_cast<size_t>(i)]);
    return w.types.unionOf(choices);
  }
  at += least;
  if (at < 0 && !is_open) return TypeId::none();
  if (open_at == size) return items[static_cast<size_t>(at)];
  if (at >= open_at) return items[static_cast<size_t>(at + 1)];
  std::vector<TypeId> choices(items.begin() + std::max<int64_t>(at, 0), items.begin() + open_at);
  choices.push_back(unpackedItem(c, items[static_cast<size_t>(open_at)]));
  return w.types.unionOf(choices);
}

static TypeId tupleIndex(Checker& c, TypeId tuple, NodeId node, NodeId index) {
  World& w = c.w;
  if (c.ast->is(index, NodeKind::kSlice)) return tupleSlice(c, tuple, index);
  std::vector<std::optional<int64_t>> indices;
  if (!literalIndices(c, index, indices)) return TypeId::none();
  std::vector<TypeId> results;
  for (auto at : indices) {
    TypeId item = openTupleItem(c, tuple, *at);
    if (!item.valid()) {
      fail(c, node, Code::kMisc, "Tuple index out of range");
      size_t size = w.types[tuple].count;
      if (openAt(w, tuple) < size) note(c, node, Code::kMisc, "Variadic tuple can have length " + std::to_string(size - 1));
      return any(c);
    }
    results.push_back(item);
  }
  return simplifiedUnion(w, results);
}

// Has the union tuples with items?
static bool mayBeLonger(World& w, TypeId type) {
  for (TypeId item : unionItems(w, type)) {
    if (w.types.is(item, TypeKind::kTuple) && w.types[item].count > 0) return true;
  }
  return false;
}

TypeId typedDictItem(Checker& c, TypeId dict, NodeId index, NodeId node, bool for_assignment) {
  World& w = c.w;
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  TypeId index_type = proper(w, inferExpr(c, index));
  std::vector<TypeId> results;
  for (TypeId item : unionItems(w, index_type)) {
    TypeId literal = w.types.is(item, TypeKind::kLiteral) ? item : (w.types.is(item, TypeKind::kInstance) ? w.types[item].extra : TypeId::none());
    if (!w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != LiteralKind::kStr) {
      TypeId as_dict = typedDictAsDict(w, dict);
      if (as_dict.valid() && isSubtype(w, item, builtinType(w, "str"))) {
        results.push_back(w.types[as_dict].items[1]);
        continue;
      }
      std::string names;
      for (const TypedDictItem& each : items) names += (names.empty() ? "\"" : ", \"") + std::string(w.text(each.name)) + "\"";
      fail(c, for_assignment ? node : index, Code::kLiteralRequired, "TypedDict key must be a string literal; expected one of (" + names + ")");
      return any(c);
    }
    const TypedDictItem* found = nullptr;
    for (const TypedDictItem& each : items) {
      if (w.text(each.name) == w.types.literalValue(literal).text) found = &each;
    }
    TypeId extra = found == nullptr ? w.types.typedDictExtra(dict) : TypeId::none();
    if (extra.valid()) {
      results.push_back(extra);
      continue;
    }
    if (found == nullptr) {
      std::string key(w.types.literalValue(literal).text);
      typedDictKeyNotFound(c, dict, key, index, for_assignment);
      return any(c);
    }
    bool is_read = !for_assignment && !found->required && !w.types.is(index_type, TypeKind::kUnion);
    if (is_read && follows(*c.options, Divergence::kAbsentItems)) {
      auto subscript = c.ast->tryAs<syntax::Subscript>(node);
      std::string key(w.text(found->name));
      if (subscript && mayBeAbsent(c, subscript->value(), key)) {
        fail(c, index, Code::kTypedDictItem, "Key \"" + key + "\" of TypedDict " + formatType(w, dict) + " is not required: it may be absent");
      }
    }
    results.push_back(found->type);
  }
  return simplifiedUnion(w, results);
}

TypeId inferSubscript(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(node);
  NodeId base = subscript.value();
  if ((c.ast->is(base, NodeKind::kName) || c.ast->is(base, NodeKind::kAttribute)) && isTypeExpression(w, c.module, c.scope, *c.ast, base)) {
    SymbolId symbol = followImports(w, lookupDotted(w, c.module, c.scope, *c.ast, base));
    bool generic_class = false;
    if (w.resolved(symbol).kind == SymbolKind::kClass) {
      ClassId cls = w.symbols[symbol].cls;
      generic_class = !w.header(cls).type_vars.empty() || w.classes[cls].fullname == "builtins.tuple" || w.classes[cls].fullname == "builtins.type";
      if (w.classes[cls].has(kClassEnum)) generic_class = false;
    }
    if (generic_class || (w.symbols[symbol].kind != SymbolKind::kClass)) {
      TypeId applied = typeApplication(c, node);
      bool wants_alias = context.valid() && isNamed(w, proper(w, context), "types.GenericAlias");
      return wants_alias && follows(*c.options, Divergence::kGenericAliasObject) ? proper(w, context) : applied;
    }
  }
  TypeId left = inferExpr(c, base);
  if (follows(*c.options, Divergence::kUnsolvedAny)) left = withUnsolvedAny(w, left);
  TypeId result = indexOf(c, left, node);
  return narrowedByFlow(c, keyOf(c, node), result);
}

// Is it a class object whose class, not its metaclass, says what an index gives?
static bool asksClassGetItem(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId first = w.types.is(type, TypeKind::kOverloaded) ? w.types[type].items[0] : type;
  TypeId instance;
  if (w.types.is(first, TypeKind::kCallable) && w.types.callable(first).isTypeObject()) instance = proper(w, w.types.callable(first).made());
  if (w.types.is(first, TypeKind::kTypeType)) instance = proper(w, w.types[first].items[0]);
  if (!instance.valid() || !w.types.is(instance, TypeKind::kInstance) || !follows(*c.options, Divergence::kClassGetItem)) return false;
  ClassId cls = w.types[instance].cls();
  if (!findMember(w, cls, w.names.__class_getitem__).found()) return false;
  TypeId metaclass = metaclassOf(w, cls);
  return !w.types.is(metaclass, TypeKind::kInstance) || !findMember(w, w.types[metaclass].cls(), w.names.__getitem__).found();
}

// Does the metaclass of an enum say itself what an index gives?
static bool hasOwnIndex(Checker& c, ClassId cls) {
  World& w = c.w;
  TypeId metaclass = metaclassOf(w, cls);
  if (!w.types.is(metaclass, TypeKind::kInstance) || !follows(*c.options, Divergence::kClassGetItem)) return false;
  FoundMember getter = findMember(w, w.types[metaclass].cls(), w.names.__getitem__);
  return getter.found() && !w.classes[getter.owner].fullname.starts_with("enum.");
}

TypeId indexOf(Checker& c, TypeId left, NodeId node, TypeId original) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(node);
  NodeId index = subscript.slice();
  TypeId plain = proper(w, left);
  switch (w.types.kind(plain)) {
    case TypeKind::kUnion: {
      TypeId united = follows(*c.options, Divergence::kRedefinition) ? withoutKnownValues(w, plain) : plain;
      if (w.types.is(united, TypeKind::kInstance)) return indexOf(c, united, node, original);
      std::vector<TypeId> results;
      bool was_measured = follows(*c.options, Divergence::kPreciseLengths) && mayBeLonger(w, plain);
      for (TypeId item : unionItems(w, plain)) {
        // A test of the length may leave the empty tuple that another test excludes.
        if (was_measured && w.types.is(item, TypeKind::kTuple) && w.types[item].count == 0) continue;
        if (w.types.is(item, TypeKind::kNone) && !isDynamic(c)) {
          inferExpr(c, index);
          fail(c, node, Code::kIndex, "Value of type " + formatType(w, left) + " is not indexable");
          results.push_back(any(c));
          continue;
        }
        results.push_back(indexOf(c, item, node, original.valid() ? original : left));
      }
      return simplifiedUnion(w, results);
    }
    case TypeKind::kTuple: {
      FoundMember getter = w.types.is(w.types[plain].extra, TypeKind::kInstance) ? findMember(w, w.types[w.types[plain].extra].cls(), w.names.__getitem__) : FoundMember{};
      bool overridden = getter.found() && !w.classes[getter.owner].fullname.starts_with("builtins.") && !w.classes[getter.owner].fullname.starts_with("typing.");
      if (overridden) break;
      TypeId item = tupleIndex(c, plain, node, index);
      if (item.valid()) return item;
      // __getitem__ checks the index; the union of the items says more than their join.
      std::vector<Arg> args{{index, ArgKind::kPos, NameId::none(), TypeId::none()}};
      callMethod(c, w.names.__getitem__, left, std::move(args), index);
      TypeId choices = tupleItemUnion(c, plain);
      return c.ast->is(index, NodeKind::kSlice) ? builtinType(w, "tuple", choices) : choices;
    }
    case TypeKind::kTypedDict: return typedDictItem(c, plain, index, node);
    case TypeKind::kAny: inferExpr(c, index); return any(c, AnyKind::kFromAnotherAny);
    case TypeKind::kNever: return plain;
    case TypeKind::kTypeVar: {
      if (isParamSpec(w, plain) && follows(*c.options, Divergence::kPackedParameters)) return indexOf(c, fallbackOf(w, plain), node);
      TypeId bound = upperBound(w, TypeVarId(w.types[plain].ref));
      // A method of the bound is asked for what it gives for the variable itself.
      if (isPlainTypeVar(w, plain) && w.types.is(proper(w, bound), TypeKind::kInstance)) break;
      return indexOf(c, bound, node);
    }
    case TypeKind::kCallable:
      if (w.types.callable(plain).isTypeObject()) {
        TypeId instance = proper(w, w.types.callable(plain).made());
        if (w.types.is(instance, TypeKind::kInstance) && w.header(w.types[instance].cls()).has(kClassEnum) && !hasOwnIndex(c, w.types[instance].cls())) {
          TypeId index_type = inferExpr(c, index);
          if (!isSubtype(w, index_type, builtinType(w, "str"))) {
            fail(c, node, Code::kMisc, "Enum index should be a string (actual index type " + formatType(w, index_type) + ")");
          }
          return instance;
        }
      }
      if (!w.types.callable(plain).isTypeObject() && w.types.callable(plain).isGeneric() && !follows(*c.options, Divergence::kSubscriptedFunctions)) {
        fail(c, node, Code::kMisc, "Type application is only supported for generic classes");
        return any(c);
      }
      break;
    default: break;
  }
  std::vector<Arg> args{{index, ArgKind::kPos, NameId::none(), TypeId::none()}};
  // A class object is asked what its metaclass says of an index, not what the class says of its instances.
  bool is_class = w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject() && !follows(*c.options, Divergence::kClassGetItem);
  TypeId metaclass = is_class ? fallbackOf(w, plain) : TypeId::none();
  if (is_class && w.types.is(metaclass, TypeKind::kInstance) && !findMember(w, w.types[metaclass].cls(), w.names.__getitem__).found()) {
    inferExpr(c, index);
    TypeId made = w.types.callable(plain).made();
    fail(c, node, Code::kTypeArg, "The type " + formatType(w, w.types.typeType(made)) + " is not generic and not indexable");
    return any(c);
  }
  if (asksClassGetItem(c, plain)) return callMethod(c, w.names.__class_getitem__, left, std::move(args), node).ret;
  return callMethod(c, w.names.__getitem__, left, std::move(args), node, TypeId::none(), original).ret;
}

}  // namespace krait::infer

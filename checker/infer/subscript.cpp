// Subscripts: tuples by literal index and slice, TypedDicts by key, classes with type arguments, and __getitem__.
#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// The known int of an index expression's type.
static bool literalIndex(World& w, TypeId type, int64_t& value) {
  type = proper(w, type);
  TypeId literal = w.types.is(type, TypeKind::kLiteral) ? type : (w.types.is(type, TypeKind::kInstance) ? w.types[type].extra : TypeId::none());
  if (!literal.valid() || w.types.literalValue(literal).kind != LiteralKind::kInt) return false;
  const std::string text(w.types.literalValue(literal).text);
  if (text.size() > 10) return false;
  value = std::stoll(text);
  return true;
}

static TypeId tupleIndex(Checker& c, TypeId tuple, NodeId node, NodeId index) {
  World& w = c.w;
  const Type& record = w.types[tuple];
  auto size = static_cast<int64_t>(record.count);
  bool open = false;
  for (TypeId item : record.args()) open = open || w.types.is(item, TypeKind::kUnpack);
  if (open) return TypeId::none();
  if (auto slice = c.ast->tryAs<syntax::Slice>(index)) {
    int64_t step = 1;
    auto part = [&](NodeId bound, int64_t fallback, int64_t& out) {
      out = fallback;
      if (!bound.valid()) return true;
      return literalIndex(w, inferExpr(c, bound), out);
    };
    if (!part(slice->step(), 1, step) || step == 0) return TypeId::none();
    int64_t begin = 0, end = 0;
    if (!part(slice->lower(), step > 0 ? 0 : size - 1, begin) || !part(slice->upper(), step > 0 ? size : -size - 1, end)) return TypeId::none();
    auto clamp = [&](int64_t at) { return at < 0 ? std::max<int64_t>(at + size, step > 0 ? 0 : -1) : std::min(at, step > 0 ? size : size - 1); };
    begin = clamp(begin);
    end = clamp(end);
    std::vector<TypeId> items;
    for (int64_t i = begin; step > 0 ? i < end : i > end; i += step) items.push_back(record.items[i]);
    return w.types.tuple(items, builtinType(w, "tuple"));
  }
  TypeId index_type = inferExpr(c, index);
  std::vector<TypeId> results;
  for (TypeId item : unionItems(w, index_type)) {
    int64_t at = 0;
    if (!literalIndex(w, item, at)) return TypeId::none();
    if (at < 0) at += size;
    if (at < 0 || at >= size) {
      fail(c, node, Code::kMisc, "Tuple index out of range");
      return any(c);
    }
    results.push_back(record.items[at]);
  }
  return simplifiedUnion(w, results);
}

TypeId typedDictItem(Checker& c, TypeId dict, NodeId index, NodeId node, bool for_assignment) {
  World& w = c.w;
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  TypeId index_type = proper(w, inferExpr(c, index));
  std::vector<TypeId> results;
  for (TypeId item : unionItems(w, index_type)) {
    TypeId literal = w.types.is(item, TypeKind::kLiteral) ? item : (w.types.is(item, TypeKind::kInstance) ? w.types[item].extra : TypeId::none());
    if (!literal.valid() || w.types.literalValue(literal).kind != LiteralKind::kStr) {
      std::string names;
      for (const TypedDictItem& each : items) names += (names.empty() ? "\"" : ", \"") + std::string(w.text(each.name)) + "\"";
      fail(c, node, Code::kLiteralRequired, "TypedDict key must be a string literal; expected one of (" + names + ")");
      return any(c);
    }
    const TypedDictItem* found = nullptr;
    for (const TypedDictItem& each : items) {
      if (w.text(each.name) == w.types.literalValue(literal).text) found = &each;
    }
    if (found == nullptr) {
      std::string key(w.types.literalValue(literal).text);
      typedDictKeyNotFound(c, dict, key, node, for_assignment);
      return any(c);
    }
    results.push_back(found->type);
  }
  return simplifiedUnion(w, results);
}

TypeId aliasValue(Checker& c, AliasId alias_id, NodeId node) {
  World& w = c.w;
  if (w.aliases[alias_id].resolved == Progress::kNot) resolveAlias(w, alias_id);
  const AliasInfo& alias = w.aliases[alias_id];
  if (alias.is_new_style) {
    TypeId type = namedType(w, "typing", "TypeAliasType");
    if (w.types.is(type, TypeKind::kInstance)) return type;
    return namedType(w, "typing_extensions", "TypeAliasType");
  }
  TypeId target = alias.target.valid() ? proper(w, alias.target) : any(c);
  switch (w.types.kind(target)) {
    case TypeKind::kInstance:
    case TypeKind::kTuple:
    case TypeKind::kTypedDict: {
      TypeId instance = w.types.is(target, TypeKind::kInstance) ? target : w.types[target].extra;
      if (!w.types.is(instance, TypeKind::kInstance)) return any(c);
      TypeId callable = classCallable(w, w.types[instance].cls());
      if (alias.no_args) return callable;
      if (!w.types.is(callable, TypeKind::kCallable) && !w.types.is(callable, TypeKind::kOverloaded)) return callable;
      // The class with the alias's arguments put in; the alias's own variables stay variables.
      std::vector<TypeVarId> own = alias.type_vars;
      auto applied = [&](TypeId one) {
        TypeId made = substituteByInstance(w, one, instance);
        CallableParts parts = w.types.parts(made);
        std::vector<TypeId> vars;
        for (TypeVarId variable : own) vars.push_back(typeVarType(w, variable));
        for (TypeId var : w.types.callable(one).vars()) {
          bool of_class = false;
          for (TypeVarId variable : w.header(w.types[instance].cls()).type_vars) of_class = of_class || variable.value == w.types[var].ref;
          if (!of_class) vars.push_back(var);
        }
        parts.vars = vars;
        return w.types.callable(parts);
      };
      if (w.types.is(callable, TypeKind::kCallable)) return applied(callable);
      std::vector<TypeId> items;
      for (TypeId one : std::vector<TypeId>(w.types[callable].args().begin(), w.types[callable].args().end())) items.push_back(applied(one));
      return w.types.overloaded(items);
    }
    case TypeKind::kUnion: {
      TypeId type = namedType(w, "types", "UnionType");
      return w.types.is(type, TypeKind::kInstance) ? type : namedType(w, "typing", "_SpecialForm");
    }
    case TypeKind::kAny: return target;
    case TypeKind::kTypeType: return builtinType(w, "type");
    case TypeKind::kNone: return w.types.typeType(target);
    default: return namedType(w, "typing", "_SpecialForm");
  }
}

// C[int] used as a value.
static TypeId typeApplication(Checker& c, NodeId node) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(node);
  AnnotationContext context{w, c.module, c.scope, c.ast};
  context.is_silent = isDynamic(c);
  SymbolId symbol = followImports(w, lookupDotted(w, c.module, c.scope, *c.ast, subscript.value()));
  const Symbol& info = w.resolved(symbol);
  if (info.kind == SymbolKind::kSpecialForm) {
    std::string_view form = w.text(info.special);
    if (form != "Tuple" && form != "Type" && form != "List" && form != "Dict" && form != "Set" && form != "FrozenSet" && form != "Union" && form != "Optional") {
      TypeId type = analyzeType(context, node);
      (void)type;
      return namedType(w, "typing", "_SpecialForm");
    }
  }
  TypeId type = c.withValues(analyzeType(context, node));
  type = type.valid() ? proper(w, type) : any(c);
  if (w.types.is(type, TypeKind::kUnion)) {
    TypeId union_type = namedType(w, "types", "UnionType");
    return w.types.is(union_type, TypeKind::kInstance) ? union_type : namedType(w, "typing", "_SpecialForm");
  }
  TypeId instance = w.types.is(type, TypeKind::kInstance) ? type : TypeId::none();
  if (w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kTypedDict)) instance = w.types[type].extra;
  if (!instance.valid() || !w.types.is(instance, TypeKind::kInstance)) return w.types.is(type, TypeKind::kAny) ? type : namedType(w, "typing", "_SpecialForm");
  TypeId callable = classCallable(w, w.types[instance].cls());
  auto applied = [&](TypeId one) {
    CallableParts parts = w.types.parts(one);
    std::vector<TypeId> vars;
    for (TypeId var : parts.vars) {
      bool of_class = false;
      for (TypeVarId variable : w.header(w.types[instance].cls()).type_vars) of_class = of_class || variable.value == w.types[var].ref;
      if (!of_class) vars.push_back(var);
    }
    parts.vars = vars;
    return substituteByInstance(w, w.types.callable(parts), instance);
  };
  if (w.types.is(callable, TypeKind::kCallable)) return applied(callable);
  if (!w.types.is(callable, TypeKind::kOverloaded)) return callable;
  std::vector<TypeId> items;
  for (TypeId one : std::vector<TypeId>(w.types[callable].args().begin(), w.types[callable].args().end())) items.push_back(applied(one));
  return w.types.overloaded(items);
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
      if (!generic_class) {
        TypeId metaclass = w.classes[cls].metaclass;
        bool meta = metaclass.valid() && findMember(w, w.types[metaclass].cls(), w.names.__getitem__).found();
        if (!meta && !w.classes[cls].has(kClassFallbackToAny) && !findMember(w, cls, w.names.__class_getitem__).found()) generic_class = true;
      }
    }
    if (generic_class || (w.symbols[symbol].kind != SymbolKind::kClass)) return typeApplication(c, node);
  }
  TypeId left = inferExpr(c, base);
  TypeId result = indexOf(c, left, node);
  return narrowedByFlow(c, keyOf(c, node), result);
}

TypeId indexOf(Checker& c, TypeId left, NodeId node) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(node);
  NodeId index = subscript.slice();
  TypeId plain = proper(w, left);
  switch (w.types.kind(plain)) {
    case TypeKind::kUnion: {
      std::vector<TypeId> results;
      for (TypeId item : unionItems(w, plain)) {
        if (w.types.is(item, TypeKind::kNone) && !isDynamic(c)) {
          inferExpr(c, index);
          fail(c, node, Code::kIndex, "Value of type " + formatType(w, left) + " is not indexable");
          results.push_back(any(c));
          continue;
        }
        results.push_back(indexOf(c, item, node));
      }
      return simplifiedUnion(w, results);
    }
    case TypeKind::kTuple: {
      FoundMember getter = w.types.is(w.types[plain].extra, TypeKind::kInstance) ? findMember(w, w.types[w.types[plain].extra].cls(), w.names.__getitem__) : FoundMember{};
      bool overridden = getter.found() && !w.classes[getter.owner].fullname.starts_with("builtins.") && !w.classes[getter.owner].fullname.starts_with("typing.");
      if (overridden) break;
      TypeId item = tupleIndex(c, plain, node, index);
      if (item.valid()) return item;
      break;
    }
    case TypeKind::kTypedDict: return typedDictItem(c, plain, index, node);
    case TypeKind::kAny: inferExpr(c, index); return any(c, AnyKind::kFromAnotherAny);
    case TypeKind::kNever: return plain;
    case TypeKind::kTypeVar: return indexOf(c, upperBound(w, TypeVarId(w.types[plain].ref)), node);
    case TypeKind::kCallable:
      if (w.types.callable(plain).isTypeObject()) {
        TypeId instance = proper(w, w.types.callable(plain).ret());
        if (w.types.is(instance, TypeKind::kInstance) && w.header(w.types[instance].cls()).has(kClassEnum)) {
          TypeId index_type = inferExpr(c, index);
          if (!isSubtype(w, index_type, builtinType(w, "str"))) {
            fail(c, node, Code::kMisc, "Enum index should be a string (actual index type " + formatType(w, index_type) + ")");
          }
          return instance;
        }
      }
      break;
    default: break;
  }
  std::vector<Arg> args{{index, ArgKind::kPos, NameId::none(), TypeId::none()}};
  return callMethod(c, w.names.__getitem__, left, std::move(args), node).ret;
}

}  // namespace krait::infer

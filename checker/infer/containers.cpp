// Displays: lists, sets, tuples and dicts. A list display is a call of `def [T] (*T) -> list[T]`, so that the expected
// type reaches the items; a dict display one of `def [K, V] (*tuple[K, V]) -> dict[K, V]`.
#include "checker/infer/forms.h"
#include "checker/infer/messages.h"

namespace krait::infer {

static CallableParts displayConstructor(World& w, TypeId instance, std::string_view tag) {
  CallableParts parts;
  ClassId cls = w.types[instance].cls();
  std::vector<TypeId> vars;
  for (TypeVarId variable : w.header(cls).type_vars) vars.push_back(typeVarType(w, variable));
  parts.vars = vars;
  parts.ret = w.types.instance(cls, vars);
  parts.name = w.name(tag);
  return parts;
}

TypeId inferListOrSet(Context& c, NodeId node, NodeList items, std::string_view cls, std::string_view tag, TypeId expected) {
  World& w = c.w;
  TypeId instance = builtinType(w, cls);
  std::vector<Argument> args = argumentsOf(c, items);
  if (!w.types.is(instance, TypeKind::kInstance) || w.header(w.types[instance].cls()).type_vars.size() != 1) {
    inferArgumentsAlone(c, args);
    return instance;
  }
  CallableParts parts = displayConstructor(w, instance, tag);
  parts.add(NameId::none(), ParamKind::kStar, parts.vars[0]);
  CallResult result = checkCall(c, w.types.callable(parts), args, node);
  return removeLastKnownValues(w, result.type);
}

static bool isTupleLike(World& w, TypeId type) {
  for (const char* name : {"builtins.tuple", "typing.Iterable", "typing.Container", "typing.Sequence", "typing.Reversible"}) {
    if (isNamed(w, type, name)) return true;
  }
  return false;
}

TypeId inferTuple(Context& c, NodeId node, TypeId expected) {
  World& w = c.w;
  NodeList elements = c.ast->as<syntax::Tuple>(node).elts();
  TypeId context = expected.valid() ? proper(w, expected) : expected;
  if (context.valid() && w.types.is(context, TypeKind::kUnion)) {
    std::vector<TypeId> fitting;
    for (TypeId item : unionItems(w, context)) {
      TypeId plain = proper(w, item);
      bool same = w.types.is(plain, TypeKind::kTuple) && w.types[plain].count == elements.size();
      if (same || isTupleLike(w, plain)) fitting.push_back(plain);
    }
    if (fitting.size() == 1) context = fitting[0];
  }
  std::vector<TypeId> wanted;
  if (context.valid() && w.types.is(context, TypeKind::kTuple)) {
    wanted.assign(w.types[context].args().begin(), w.types[context].args().end());
    for (size_t i = 0; i < wanted.size(); ++i) {
      // *tuple[X, ...] in the context: as many X as there are elements.
      if (!w.types.is(wanted[i], TypeKind::kUnpack)) continue;
      TypeId inner = proper(w, w.types[wanted[i]].items[0]);
      TypeId item = w.types.is(inner, TypeKind::kInstance) && w.types[inner].count > 0 ? w.types[inner].items[0] : TypeId::none();
      size_t suffix = wanted.size() - i - 1;
      std::vector<TypeId> spread(wanted.begin(), wanted.begin() + static_cast<long>(i));
      while (spread.size() + suffix < elements.size()) spread.push_back(item);
      spread.insert(spread.end(), wanted.end() - static_cast<long>(suffix), wanted.end());
      wanted = spread;
      break;
    }
  } else if (context.valid() && isTupleLike(w, context) && w.types[context].count > 0) {
    wanted.assign(elements.size(), w.types[context].items[0]);
  }
  std::vector<TypeId> items;
  size_t at = 0;
  bool has_unpack = false;
  for (NodeId element : elements) {
    if (auto star = c.ast->tryAs<syntax::Starred>(element)) {
      TypeId type = proper(w, inferExpr(c, star->value()));
      if (w.types.is(type, TypeKind::kTuple)) {
        for (TypeId item : w.types[type].args()) {
          if (w.types.is(item, TypeKind::kUnpack)) {
            if (has_unpack) return inferListOrSet(c, node, elements, "tuple", "<tuple>", expected);
            has_unpack = true;
          }
          items.push_back(item);
        }
        at += w.types[type].count;
        continue;
      }
      if (!has_unpack && context.valid() && w.types.is(context, TypeKind::kTuple) && isValidStarArgument(c, type) && !isAny(w, type)) {
        has_unpack = true;
        items.push_back(w.types.unpack(builtinType(w, "tuple", iterableItem(c, type, element))));
        continue;
      }
      return inferListOrSet(c, node, elements, "tuple", "<tuple>", expected);
    }
    items.push_back(inferExpr(c, element, at < wanted.size() ? wanted[at] : TypeId::none()));
    ++at;
  }
  TypeId fallback = builtinType(w, "tuple", w.types.any(AnyKind::kSpecialForm));
  return has_unpack ? normalizedTuple(w, items, fallback) : w.types.tuple(items, fallback);
}

TypeId inferDict(Context& c, NodeId node, TypeId expected) {
  World& w = c.w;
  TypeId typed = inferTypedDictDisplay(c, node, expected);
  if (typed.valid()) return typed;
  auto dict = c.ast->as<syntax::Dict>(node);
  TypeId instance = builtinType(w, "dict");
  bool usable = w.types.is(instance, TypeKind::kInstance) && w.header(w.types[instance].cls()).type_vars.size() == 2;
  if (!usable) {
    for (size_t i = 0; i < dict.values().size(); ++i) {
      if (dict.keys()[i].valid()) inferExpr(c, dict.keys()[i]);
      inferExpr(c, dict.values()[i]);
    }
    return instance;
  }
  CallableParts parts = displayConstructor(w, instance, "<dict>");
  TypeId pair = w.types.tuple(parts.vars, builtinType(w, "tuple", w.types.any(AnyKind::kSpecialForm)));
  ClassId keyed = lookupClass(w, "_typeshed", "SupportsKeysAndGetItem");
  std::vector<Argument> args;
  for (size_t i = 0; i < dict.values().size(); ++i) {
    Argument argument;
    if (dict.keys()[i].valid()) {
      argument.node = dict.keys()[i];
      argument.second = dict.values()[i];
      parts.add(NameId::none(), ParamKind::kPos, pair);
    } else {
      argument.node = dict.values()[i];
      TypeId wanted = keyed.valid() ? w.types.instance(keyed, parts.vars) : parts.ret;
      parts.add(NameId::none(), ParamKind::kPos, wanted);
    }
    args.push_back(argument);
  }
  CallResult result = checkCall(c, w.types.callable(parts), args, node);
  return removeLastKnownValues(w, result.type);
}

bool isValidInferred(Context& c, TypeId type, bool is_lvalue_final) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  // None alone is not valid for a variable; Never inside means that something could not be solved.
  if (isNone(w, plain)) return is_lvalue_final;
  if (w.types.is(plain, TypeKind::kNever)) return false;
  const Type& record = w.types[plain];
  if (!record.has(kHasNever) && !record.has(kHasErased)) return true;
  struct Search {
    static bool hasAmbiguous(World& w, TypeId t) {
      const Type& r = w.types[t];
      if (!r.has(kHasNever) && !r.has(kHasErased)) return false;
      if (r.kind == TypeKind::kNever) return r.sub == 1;
      if (r.kind == TypeKind::kErased) return true;
      for (TypeId arg : r.args()) {
        if (hasAmbiguous(w, arg)) return true;
      }
      return false;
    }
  };
  return !Search::hasAmbiguous(w, plain);
}

}  // namespace krait::infer

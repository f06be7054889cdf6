#include "checker/relations/literal_string.h"

namespace krait::relations {

TypeId literalString(World& w) {
  TypeId str = builtinType(w, "str");
  if (!w.types.is(str, TypeKind::kInstance)) return str;
  Type marked = w.types[str];
  marked.sub = 1;
  return w.types.rebuild(marked, {}, TypeId::none());
}

bool isLiteralText(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  const Type& record = w.types[plain];
  switch (record.kind) {
    case TypeKind::kAny:
    case TypeKind::kNever: return true;
    case TypeKind::kLiteral: return w.types.literalValue(plain).kind == LiteralKind::kStr;
    case TypeKind::kInstance:
      return record.sub == 1 || (w.types.is(record.extra, TypeKind::kLiteral) && w.types.literalValue(record.extra).kind == LiteralKind::kStr);
    case TypeKind::kTypeVar: return isPlainTypeVar(w, plain) && isLiteralText(w, upperBound(w, TypeVarId(record.ref)));
    case TypeKind::kUnion:
      for (TypeId item : record.args()) {
        if (!isLiteralText(w, item)) return false;
      }
      return true;
    default: return false;
  }
}

TypeId withoutLiteralString(World& w, TypeId type) {
  if (isLiteralString(w, type)) return builtinType(w, "str");
  bool is_union = w.types.is(type, TypeKind::kUnion);
  if (!is_union && !w.types.is(type, TypeKind::kTuple)) return type;
  std::vector<TypeId> items(w.types[type].args().begin(), w.types[type].args().end());
  bool is_changed = false;
  for (TypeId& item : items) {
    TypeId plain = withoutLiteralString(w, item);
    is_changed = is_changed || plain != item;
    item = plain;
  }
  if (!is_changed) return type;
  return is_union ? simplifiedUnion(w, items) : w.types.rebuild(w.types[type], items, w.types[type].extra);
}

bool givesLiteralString(World& w, TypeId callable) {
  auto isText = [&](TypeId type) {
    if (isLiteralString(w, type)) return true;
    if (!w.types.is(type, TypeKind::kInstance)) return false;
    for (TypeId arg : w.types[type].args()) {
      if (isLiteralString(w, arg)) return true;
    }
    return false;
  };
  CallableView view = w.types.callable(callable);
  for (TypeId type : view.types()) {
    if (isText(type)) return true;
  }
  return isText(view.ret());
}

}  // namespace krait::relations

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
  if (!w.types.is(type, TypeKind::kUnion)) return type;
  std::vector<TypeId> items(w.types[type].args().begin(), w.types[type].args().end());
  for (TypeId& item : items) item = withoutLiteralString(w, item);
  return simplifiedUnion(w, items);
}

}  // namespace krait::relations

// isinstance-like narrowing: splitting a type by classes.
#include "checker/narrow/checker.h"

namespace krait::narrow {

static constexpr uint8_t kUnionMark = 8;

TypeId unionObject(World& w, TypeId written) {
  TypeId object = namedType(w, "types", "UnionType");
  if (!w.types.is(object, TypeKind::kInstance) || !w.types.is(written, TypeKind::kUnion)) return object;
  Type marked = w.types[object];
  marked.sub = kUnionMark;
  return w.types.rebuild(marked, {}, written);
}

TypeId unionBehind(World& w, TypeId object) {
  return w.types.is(object, TypeKind::kInstance) && w.types[object].sub == kUnionMark ? w.types[object].extra : TypeId::none();
}

// Recursive types have no end: nobody writes classes nested deeper than this.
constexpr int kMaxNesting = 10;

static bool rangesOf(Checker& c, TypeId type, std::vector<TypeRange>& out, int depth) {
  World& w = c.w;
  if (depth > kMaxNesting) return false;
  type = proper(w, type);
  const Type& record = w.types[type];
  switch (record.kind) {
    case TypeKind::kTuple:
      for (TypeId item : record.args()) {
        if (w.types.is(item, TypeKind::kUnpack)) return false;
        if (!rangesOf(c, item, out, depth + 1)) return false;
      }
      return true;
    case TypeKind::kUnion:
      for (TypeId item : record.args()) {
        if (!rangesOf(c, item, out, depth + 1)) return false;
      }
      for (TypeRange& range : out) range.is_upper_bound = true;
      return true;
    case TypeKind::kCallable:
    case TypeKind::kOverloaded: {
      TypeId first = record.kind == TypeKind::kOverloaded ? record.items[0] : type;
      CallableView view = w.types.callable(first);
      if (!view.isTypeObject()) return false;
      out.push_back({eraseTypeVars(w, view.made(), nullptr, w.types.any(AnyKind::kFromOmittedGenerics)), false});
      return true;
    }
    case TypeKind::kTypeType: {
      TypeId item = record.items[0];
      TypeId plain = proper(w, item);
      // None and a final class have no classes below them.
      bool is_exact = w.types.is(plain, TypeKind::kNone) || (w.types.is(plain, TypeKind::kInstance) && w.header(w.types[plain].cls()).has(kClassFinal));
      out.push_back({item, !is_exact});
      return true;
    }
    case TypeKind::kTypeVar: return isPlainTypeVar(w, type) && rangesOf(c, upperBound(w, TypeVarId(record.ref)), out, depth + 1);
    case TypeKind::kInstance: {
      const ClassInfo& info = w.classes[record.cls()];
      if (info.fullname == "builtins.type") {
        out.push_back({objectType(w), true});
        return true;
      }
      if (info.fullname == "builtins.tuple" && record.count == 1) {
        bool known = rangesOf(c, record.items[0], out, depth + 1);
        for (TypeRange& range : out) range.is_upper_bound = true;
        return known;
      }
      // X | Y: the values of any of the classes.
      for (TypeId item : unionItems(w, unionBehind(w, type))) {
        TypeId plain = proper(w, item);
        if (!w.types.is(plain, TypeKind::kInstance) && !w.types.is(plain, TypeKind::kNone) && !w.types.is(plain, TypeKind::kTuple)) return false;
        out.push_back({eraseTypeVars(w, plain, nullptr, w.types.any(AnyKind::kFromOmittedGenerics)), false});
      }
      return unionBehind(w, type).valid();
    }
    case TypeKind::kAny: out.push_back({type, false}); return true;
    default: return false;
  }
}

bool typeRanges(Checker& c, TypeId type, std::vector<TypeRange>& out) { return rangesOf(c, type, out, 0); }

}  // namespace krait::narrow

// What `==` can mean for a type: special methods of its own, and the domains of values (numbers, text, bytes) in which
// values of different classes can be equal.
#include <map>
#include <set>

#include "checker/narrow/checker.h"

namespace krait::narrow {

bool hasCustomMethod(World& w, TypeId type, NameId name, bool check_all) {
  TypeId plain = proper(w, type);
  switch (w.types.kind(plain)) {
    case TypeKind::kInstance: {
      FoundMember found = findMember(w, w.types[plain].cls(), name);
      if (!found.found()) return false;
      const std::string& owner = w.classes[found.owner].fullname;
      return !owner.starts_with("builtins.") && !owner.starts_with("typing.") && !owner.starts_with("enum.");
    }
    case TypeKind::kUnion: {
      for (TypeId item : w.types[plain].args()) {
        if (hasCustomMethod(w, item, name, check_all) != check_all) return !check_all;
      }
      return check_all;
    }
    case TypeKind::kTuple: return hasCustomMethod(w, tupleFallback(w, plain), name, check_all);
    case TypeKind::kCallable:
    case TypeKind::kOverloaded: {
      TypeId first = w.types.is(plain, TypeKind::kOverloaded) ? w.types[plain].items[0] : plain;
      if (!w.types.callable(first).isTypeObject()) return false;
      TypeId made = proper(w, w.types.callable(first).made());
      if (w.types.is(made, TypeKind::kTuple)) made = tupleFallback(w, made);
      return w.types.is(made, TypeKind::kInstance) && hasCustomMethod(w, metaclassOf(w, w.types[made].cls()), name, check_all);
    }
    case TypeKind::kTypeType: {
      TypeId item = proper(w, w.types[plain].items[0]);
      return w.types.is(item, TypeKind::kInstance) && hasCustomMethod(w, metaclassOf(w, w.types[item].cls()), name, check_all);
    }
    case TypeKind::kAny: return true;
    case TypeKind::kTypeVar:
      return isPlainTypeVar(w, plain) && hasCustomMethod(w, upperBound(w, TypeVarId(w.types[plain].ref)), name, check_all);
    case TypeKind::kLiteral: return hasCustomMethod(w, w.types[plain].extra, name, check_all);
    default: return false;
  }
}

namespace {

struct Domain {
  std::set<uint32_t> classes, enums;  // by ClassId
};
struct ValueInfo {
  std::map<std::string, Domain> domains;
  bool is_top = false;  // object: any value
};

}  // namespace

static const char* domainOf(const std::string& fullname) {
  if (fullname == "builtins.int" || fullname == "builtins.float" || fullname == "builtins.complex") return "number";
  if (fullname == "builtins.str") return "text";
  if (fullname == "builtins.bytes" || fullname == "builtins.bytearray" || fullname == "builtins.memoryview") return "bytes";
  return nullptr;
}

static void addValueInfo(World& w, TypeId type, ValueInfo& info) {
  TypeId plain = proper(w, type);
  switch (w.types.kind(plain)) {
    case TypeKind::kUnion:
      for (TypeId item : w.types[plain].args()) addValueInfo(w, item, info);
      return;
    case TypeKind::kTypeVar:
      if (!isPlainTypeVar(w, plain)) return;
      if (const auto& values = valuesOf(w, TypeVarId(w.types[plain].ref)); !values.empty()) {
        for (TypeId value : values) addValueInfo(w, value, info);
        return;
      }
      addValueInfo(w, upperBound(w, TypeVarId(w.types[plain].ref)), info);
      return;
    case TypeKind::kLiteral: addValueInfo(w, w.types[plain].extra, info); return;
    case TypeKind::kInstance: {
      ClassId cls = w.types[plain].cls();
      const ClassInfo& header = w.header(cls);
      if (header.fullname == "builtins.object") {
        info.is_top = true;
        return;
      }
      for (ClassId base : header.mro) {
        const char* domain = domainOf(w.classes[base].fullname);
        if (domain == nullptr) continue;
        info.domains[domain].classes.insert(cls.value);
        if (header.has(kClassEnum)) info.domains[domain].enums.insert(cls.value);
      }
      return;
    }
    default: return;
  }
}

bool isEqualityAmbiguous(World& w, TypeId left, TypeId right) {
  ValueInfo a, b;
  addValueInfo(w, left, a);
  addValueInfo(w, right, b);
  if (a.is_top || b.is_top) {
    for (const auto& entry : (a.is_top ? b : a).domains) {
      if (!entry.second.enums.empty()) return true;
    }
    return false;
  }
  for (const auto& entry : a.domains) {
    auto found = b.domains.find(entry.first);
    if (found == b.domains.end()) continue;
    const Domain& x = entry.second;
    const Domain& y = found->second;
    // Values of one enum are told apart by member.
    if (!x.enums.empty() && x.enums == y.enums && x.classes == x.enums && y.classes == y.enums) continue;
    if (x.classes != y.classes || !x.enums.empty() || !y.enums.empty()) return true;
  }
  return false;
}

}  // namespace krait::narrow

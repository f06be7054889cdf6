// Made-up classes: what isinstance() leaves of two classes where neither derives from the other. Follows the rules of
// mypy's intersect_instances: a class of both must have an order of its bases, and they must agree.
#include "checker/narrow/checker.h"

namespace krait::narrow {

bool (*bases_agree_hook)(Checker&, ClassId) = nullptr;

// The classes that are intersected: an intersection counts as what it is made of.
static std::vector<TypeId> basesOf(World& w, TypeId left, TypeId right) {
  std::vector<TypeId> bases;
  for (TypeId side : {left, right}) {
    const ClassInfo& info = w.header(w.types[side].cls());
    if (info.has(kClassIntersection)) {
      bases.insert(bases.end(), info.bases.begin(), info.bases.end());
    } else {
      bases.push_back(side);
    }
  }
  return bases;
}

static std::string inSequence(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += names.size() == 2 ? " and " : i + 1 == names.size() ? ", and " : ", ";
    text += "\"" + names[i] + "\"";
  }
  return text;
}

// An empty class of that name and these bases, without an order of them.
static ClassId emptyClass(Checker& c, const std::string& name, const std::vector<TypeId>& bases) {
  World& w = c.w;
  ClassInfo info;
  info.name = w.name(name);
  info.fullname = std::string(w.text(w.modules[c.module].name)) + "." + name;
  info.module = c.module;
  info.parent = w.modules[c.module].scope;
  info.set(kClassIntersection);
  info.bases = bases;
  info.headed = info.membered = info.self_attributes = Progress::kDone;
  ClassId id = w.classes.add(std::move(info));
  Scope scope;
  scope.kind = ScopeKind::kClass;
  scope.parent = w.modules[c.module].scope;
  scope.module = c.module;
  scope.cls = id;
  scope.collected = Progress::kDone;
  w.classes[id].scope = w.scopes.add(std::move(scope));
  return id;
}

// A class of these bases; none: its bases have no common order.
static ClassId makeClass(Checker& c, const std::vector<TypeId>& bases) {
  World& w = c.w;
  std::vector<std::string> names;
  for (TypeId base : bases) names.push_back(formatTypeBare(w, base, 2));
  ClassId id = emptyClass(c, "<subclass of " + inSequence(names) + ">", bases);
  if (!computeMro(w, id)) return ClassId::none();
  for (TypeId base : bases) {
    ClassId metaclass_of = w.types[base].cls();
    if (!w.classes[id].metaclass.valid()) w.classes[id].metaclass = w.header(metaclass_of).metaclass;
  }
  return id;
}

TypeId callableSubclass(Checker& c, TypeId instance) {
  World& w = c.w;
  // One for each class and module; no type has an id as high as the second half of the key.
  uint64_t key = (static_cast<uint64_t>(instance.value) << 32) | 0x80000000u | c.module.value;
  auto found = w.intersections.find(key);
  if (found != w.intersections.end()) return found->second.type;
  std::vector<TypeId> bases{instance};
  ClassId id = emptyClass(c, "<callable subtype of " + std::string(w.text(w.classes[w.types[instance].cls()].name)) + ">", bases);
  computeMro(w, id);
  const ClassInfo& base = w.header(w.types[instance].cls());
  w.classes[id].metaclass = base.metaclass;
  if (base.has(kClassFallbackToAny)) w.classes[id].set(kClassFallbackToAny);
  CallableParts call;
  call.add(w.name("self"), ParamKind::kPos, instance);
  call.add(NameId::none(), ParamKind::kStar, w.types.any(AnyKind::kExplicit));
  call.add(NameId::none(), ParamKind::kStar2, w.types.any(AnyKind::kExplicit));
  call.ret = w.types.any(AnyKind::kExplicit);
  addMethod(w, id, "__call__", call, 0);
  Intersection made;
  made.type = w.types.instance(id);
  w.intersections.emplace(key, made);
  return made.type;
}

// Does the one number stand for the other where that is wanted: int for float, float for complex?
static bool promotesTo(World& w, ClassId from, ClassId to) {
  const std::string& name = w.classes[from].fullname;
  if (name == "builtins.bytearray" || name == "builtins.memoryview") return false;
  for (ClassId target : std::vector<ClassId>(w.header(from).promotes)) {
    if (target == to || promotesTo(w, target, to)) return true;
  }
  return false;
}

static Intersection makeIntersection(Checker& c, TypeId left, TypeId right) {
  World& w = c.w;
  Intersection result;
  if (promotesTo(w, w.types[left].cls(), w.types[right].cls())) result.type = left;
  if (promotesTo(w, w.types[right].cls(), w.types[left].cls())) result.type = right;
  if (result.type.valid()) return result;
  std::vector<TypeId> bases = basesOf(w, left, right);
  result.classes = inSequence(formatDistinctly(w, bases, true));
  for (TypeId base : bases) {
    const ClassInfo& info = w.header(w.types[base].cls());
    if (!info.has(kClassFinal) && !(info.has(kClassEnum) && !enumMembers(w, w.types[base].cls()).empty())) continue;
    result.reason = "\"" + std::string(w.text(info.name)) + "\" is final";
    return result;
  }
  ClassId made = makeClass(c, bases);
  if (made.valid() && bases_agree_hook(c, made)) {
    result.type = w.types.instance(made);
    return result;
  }
  // class X(A, B) is wrong; class X(B, A) may be right.
  std::vector<TypeId> reversed = basesOf(w, right, left);
  ClassId other = makeClass(c, reversed);
  if (!made.valid() || !other.valid()) {
    result.reason = "would have inconsistent method resolution order";
  } else if (bases_agree_hook(c, other)) {
    result.type = w.types.instance(other);
  } else {
    result.reason = "would have incompatible method signatures";
  }
  return result;
}

TypeId intersectClasses(Checker& c, TypeId left, TypeId right, std::vector<const Intersection*>& impossible) {
  World& w = c.w;
  uint64_t key = (static_cast<uint64_t>(left.value) << 32) | right.value;
  auto found = w.intersections.find(key);
  if (found == w.intersections.end()) found = w.intersections.emplace(key, makeIntersection(c, left, right)).first;
  if (!found->second.type.valid()) impossible.push_back(&found->second);
  return found->second.type;
}

void reportImpossible(Checker& c, const std::vector<const Intersection*>& impossible, NodeId node) {
  bool reports = c.options->warn_unreachable && !isDynamic(c) && !c.binder->isWarningSuppressed();
  if (!reports) return;
  TextRange range = c.ast->range(node);
  for (const Intersection* each : impossible) {
    std::string text = "Subclass of " + each->classes + " cannot exist: " + each->reason;
    bool is_known = false;
    for (const Message& message : *c.messages) is_known = is_known || (message.range == range && message.text == text);
    if (!is_known) fail(c, node, Code::kUnreachable, std::move(text));
  }
}

}  // namespace krait::narrow

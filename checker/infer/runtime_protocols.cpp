// Protocols in isinstance() and issubclass(): they must be @runtime_checkable, issubclass() takes only those of methods,
// and (by the typing specification) the test must not accept what the protocol's types reject.
#include "checker/infer/infer.h"

namespace krait::infer {

static void classesOf(Checker& c, NodeId node, std::vector<NodeId>& out) {
  if (auto tuple = c.ast->tryAs<syntax::Tuple>(node)) {
    for (NodeId item : tuple->elts()) classesOf(c, item, out);
  } else {
    out.push_back(node);
  }
}

// The protocol that the expression denotes, or none.
static ClassId protocolOf(Checker& c, NodeId node) {
  World& w = c.w;
  TypeId type = c.nodeType(node);
  if (!type.valid()) return ClassId::none();
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
  if (!w.types.is(type, TypeKind::kCallable) || !w.types.callable(type).isTypeObject()) return ClassId::none();
  TypeId made = proper(w, w.types.callable(type).made());
  if (!w.types.is(made, TypeKind::kInstance)) return ClassId::none();
  ClassId cls = w.types[made].cls();
  return w.header(cls).has(kClassProtocol) ? cls : ClassId::none();
}

// Has the type every member by name, though not as the protocol wants it?
static bool overlapsUnsafely(World& w, TypeId subject, ClassId protocol) {
  subject = proper(w, subject);
  if (w.types.is(subject, TypeKind::kCallable) && w.types.callable(subject).isTypeObject()) subject = proper(w, w.types.callable(subject).made());
  if (w.types.is(subject, TypeKind::kTypeType)) subject = proper(w, w.types[subject].items[0]);
  if (!w.types.is(subject, TypeKind::kInstance)) return false;
  TypeId wanted = instanceWithAny(w, protocol);
  if (isSubtype(w, subject, wanted)) return false;
  for (NameId member : protocolMembers(w, protocol)) {
    if (!findMember(w, w.types[subject].cls(), member).found()) return false;
  }
  return true;
}

void checkRuntimeProtocols(Checker& c, NodeId node, bool is_subclass_test) {
  World& w = c.w;
  NodeList args = c.ast->as<syntax::Call>(node).args();
  if (args.size() != 2 || isDynamic(c)) return;
  std::vector<NodeId> classes;
  classesOf(c, args[1], classes);
  for (NodeId each : classes) {
    ClassId protocol = protocolOf(c, each);
    if (!protocol.valid()) continue;
    bool is_runtime = w.classes[protocol].has(kClassRuntimeProtocol);
    if (!is_runtime) fail(c, node, Code::kMisc, "Only @runtime_checkable protocols can be used with instance and class checks");
    std::string others;
    TypeId instance = instanceWithAny(w, protocol);
    for (NameId member : protocolMembers(w, protocol)) {
      TypeId type = findMemberType(w, member, instance, instance);
      TypeKind kind = type.valid() ? w.types.kind(proper(w, type)) : TypeKind::kAny;
      bool is_method = (kind == TypeKind::kCallable || kind == TypeKind::kOverloaded) && !memberFlags(w, member, instance).variable;
      if (!is_method) others += (others.empty() ? "" : ", ") + std::string(w.text(member));
    }
    if (is_subclass_test && !others.empty()) {
      fail(c, node, Code::kMisc, "Only protocols that don't have non-method members can be used with issubclass()");
      note(c, node, Code::kMisc, "Protocol \"" + std::string(w.text(w.classes[protocol].name)) + "\" has non-method member(s): " + others);
      continue;
    }
    TypeId subject = c.nodeType(args[0]);
    if (is_runtime && follows(*c.options, Divergence::kUnsafeOverlap) && subject.valid() && overlapsUnsafely(w, subject, protocol)) {
      fail(c, node, Code::kMisc, "The test is unsafe: " + formatType(w, subject) + " has the members of protocol \"" +
                                     std::string(w.text(w.classes[protocol].name)) + "\", but not with their types");
    }
  }
}

}  // namespace krait::infer

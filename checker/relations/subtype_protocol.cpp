// Structural subtyping: whether a type has every member of a protocol, with a fitting type. A question that comes up
// again while it is being answered is assumed true (recursive protocols).
#include "checker/relations/relations.h"

namespace krait::relations {

static const char* const kNotMembers[] = {"__abstractmethods__", "__annotations__", "__dict__", "__doc__",
                                          "__init__", "__module__", "__new__", "__slots__", "__subclasshook__",
                                          "__weakref__", "__class_getitem__", "__match_args__",
                                          "__static_attributes__", "__firstlineno__", "__annotate__",
                                          "__annotate_func__", "__annotations_cache__", "__type_params__",
                                          "_is_protocol", "__parameters__"};

std::vector<NameId> protocolMembers(World& w, ClassId cls) {
  std::vector<NameId> result;
  std::vector<ClassId> mro = w.header(cls).mro;
  for (size_t i = mro.size(); i-- > 0;) {
    if (!w.header(mro[i]).has(kClassProtocol)) continue;
    const ClassInfo& info = w.members(mro[i]);
    if (info.self_attributes == Progress::kNot) w.hooks.complete_self_attributes(w, mro[i]);
    std::vector<SymbolId> symbols = w.scopes[w.classes[mro[i]].scope].names.in_order;
    for (SymbolId symbol : symbols) {
      std::string_view name = w.text(w.symbols[symbol].name);
      bool skip = false;
      for (const char* other : kNotMembers) skip = skip || name == other;
      if (w.symbols[symbol].kind == SymbolKind::kTypeVar || w.symbols[symbol].kind == SymbolKind::kAlias) skip = true;
      for (NameId seen : result) skip = skip || seen == w.symbols[symbol].name;
      if (!skip) result.push_back(w.symbols[symbol].name);
    }
  }
  return result;
}

namespace {
struct OpenProtocol {
  TypeId left, right;
  bool proper, class_object;
};
thread_local std::vector<OpenProtocol> open_protocols;
}  // namespace

static bool flagsFit(const MemberFlags& sub, const MemberFlags& super, bool class_object) {
  if (super.settable && !sub.settable) return false;
  if (!class_object) {
    if (!super.settable) {
      if (super.class_var && !sub.class_var) return false;
    } else if (sub.class_var != super.class_var) {
      return false;
    }
  } else {
    if (super.variable && !sub.class_var) return false;
    if (super.class_var) return false;
  }
  return !(super.class_or_static && !sub.class_or_static);
}

// How the class of the instance is called: as its metaclass says, else by its constructor.
static TypeId callOfClass(World& w, TypeId instance) {
  ClassId cls = w.types[proper(w, instance)].cls();
  TypeId metaclass = metaclassOf(w, cls);
  if (w.types.is(metaclass, TypeKind::kInstance)) {
    FoundMember call = findMember(w, w.types[metaclass].cls(), w.names.__call__);
    if (call.found() && !isNamed(w, call.owner, "builtins.type")) return findMemberType(w, w.names.__call__, metaclass, w.types.typeType(instance));
  }
  return substituteByInstance(w, classCallable(w, cls), instance);
}

static bool memberFits(World& w, TypeId left, TypeId right, NameId member, const SubtypeOptions& options,
                       bool class_object) {
  TypeId supertype = findMemberType(w, member, right, left);
  if (!supertype.valid()) return true;
  TypeId subtype = class_object && member == w.names.__call__ ? callOfClass(w, left) : findMemberType(w, member, left, left, class_object);
  if (!subtype.valid()) return false;
  SubtypeOptions o;
  o.proper = options.proper;
  // By the typing specification a caller may pass by name what the protocol names.
  o.ignore_positional_names = !options.proper && member != w.names.__call__ && !follows(w.options, Divergence::kProtocolNames);
  if (!isSubtype(w, subtype, supertype, o)) return false;
  if (w.types.is(proper(w, subtype), TypeKind::kNone) && w.types.is(proper(w, supertype), TypeKind::kCallable)) return false;
  MemberFlags sub = memberFlags(w, member, left, class_object);
  MemberFlags super = memberFlags(w, member, right);
  if (super.settable) {
    TypeId set_super = findMemberType(w, member, right, left, false, true);
    TypeId set_sub = findMemberType(w, member, left, left, class_object, true);
    o.ignore_positional_names = false;
    if (set_super.valid() && set_sub.valid() && !isSubtype(w, set_super, set_sub, o)) return false;
  }
  return flagsFit(sub, super, class_object);
}

bool isProtocolImplementation(World& w, TypeId left, TypeId right, const SubtypeOptions& options, bool class_object,
                              NameId skip) {
  for (size_t i = open_protocols.size(); i-- > 0;) {
    const OpenProtocol& open = open_protocols[i];
    if (open.left == left && open.right == right && open.proper == options.proper && open.class_object == class_object) {
      return true;
    }
  }
  if (open_protocols.size() > 100) return true;
  ClassId cls = w.types[right].cls();
  std::vector<NameId> members = protocolMembers(w, cls);
  if (w.types.is(left, TypeKind::kInstance) && w.header(w.types[left].cls()).has(kClassProtocol) && !class_object) {
    std::vector<NameId> left_members = protocolMembers(w, w.types[left].cls());
    for (NameId member : members) {
      if (member == skip) continue;
      bool found = false;
      for (NameId other : left_members) found = found || other == member;
      if (!found) {
        // Members of object are there for every class.
        ClassId object = lookupClass(w, "builtins", "object");
        if (!object.valid() || !ownMember(w, object, member).valid()) return false;
      }
    }
  }
  open_protocols.push_back({left, right, options.proper, class_object});
  bool fits = true;
  for (NameId member : members) {
    if (member == skip) continue;
    if (!memberFits(w, left, right, member, options, class_object)) {
      fits = false;
      break;
    }
  }
  open_protocols.pop_back();
  return fits;
}

}  // namespace krait::relations

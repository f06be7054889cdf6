// Why a type does not fit a protocol: members that it lacks, members with other types, other kinds of members; and what
// __call__ takes where an object meets a callable. ref: mypy messages.report_protocol_problems, note_call
#include "checker/infer/infer.h"

namespace krait::infer {

namespace {

struct Conflict {
  NameId name;
  TypeId got, expected;
  bool is_setter = false;
};

struct Comparison {
  std::vector<NameId> missing;
  std::vector<Conflict> conflicts;
  std::vector<std::vector<std::string>> flags;  // by member
};

// What is compared: an instance (of a module, a class's own instance for class objects) and where it comes from.
struct Subject {
  TypeId instance;
  bool is_class = false, is_module = false, is_function = false;
  bool skipsSelf() const { return is_class || is_module; }
};

}  // namespace

static constexpr size_t kMaxItems = 2;

static bool isFunctionLike(World& w, TypeId type) { return w.types.is(type, TypeKind::kCallable) || w.types.is(type, TypeKind::kOverloaded); }

static Comparison compare(World& w, const Subject& subject, TypeId wanted) {
  Comparison result;
  ClassId protocol = w.types[wanted].cls();
  std::string protocol_name(w.text(w.classes[protocol].name));
  for (NameId member : protocolMembers(w, protocol)) {
    if (member == w.names.__init__ || member == w.names.__new__ || (subject.is_function && member == w.names.__call__)) continue;
    TypeId expected = findMemberType(w, member, wanted, subject.instance);
    TypeId got = findMemberType(w, member, subject.instance, subject.instance, subject.is_class);
    if (subject.is_class && member == w.names.__call__) {
      FoundMember call = findMember(w, w.types[metaclassOf(w, w.types[subject.instance].cls())].cls(), member);
      if (!call.found() || isNamed(w, call.owner, "builtins.type")) got = classCallable(w, w.types[subject.instance].cls());
    }
    if (!got.valid()) {
      result.missing.push_back(member);
      continue;
    }
    if (!expected.valid()) continue;
    SubtypeOptions o;
    o.ignore_positional_names = member != w.names.__call__;
    MemberFlags sub = memberFlags(w, member, subject.instance, subject.is_class);
    MemberFlags super = memberFlags(w, member, wanted);
    bool fits = isSubtype(w, got, expected, o);
    if (!fits) result.conflicts.push_back({member, got, expected});
    if (super.settable) {
      TypeId expected_set = findMemberType(w, member, wanted, subject.instance, false, true);
      TypeId got_set = findMemberType(w, member, subject.instance, subject.instance, subject.is_class, true);
      if (!expected_set.valid()) expected_set = expected;
      if (!got_set.valid()) got_set = got;
      bool is_setter = !isSameType(w, expected_set, expected) || !isSameType(w, got_set, got);
      if ((fits || is_setter) && !isSubtype(w, expected_set, got_set, o)) result.conflicts.push_back({member, got_set, expected_set, is_setter});
    }
    std::vector<std::string> notes;
    std::string dotted = protocol_name + "." + std::string(w.text(member));
    if (super.settable && !sub.settable) notes.push_back("Protocol member " + dotted + " expected settable variable, got read-only attribute");
    if (super.class_or_static && !sub.class_or_static) notes.push_back("Protocol member " + dotted + " expected class or static method");
    if (subject.is_class) {
      FoundMember declared = findMember(w, protocol, member);
      bool is_variable = declared.found() && w.resolved(declared.symbol).kind == SymbolKind::kVariable;
      std::string name(w.text(member));
      if (is_variable && !sub.class_var) {
        notes.push_back("Only class variables allowed for class object access on protocols, " + name + " is an instance variable of " + formatType(w, subject.instance));
      }
      if (super.class_var) notes.push_back("ClassVar protocol member " + dotted + " can never be matched by a class object");
    } else {
      if (super.class_var && !sub.class_var) notes.push_back("Protocol member " + dotted + " expected class variable, got instance variable");
      if (super.settable && sub.class_var && !super.class_var) notes.push_back("Protocol member " + dotted + " expected instance variable, got class variable");
    }
    if (!notes.empty()) result.flags.push_back(std::move(notes));
  }
  return result;
}

// The instance that stands for `actual`; none: it has no members to compare.
static Subject subjectOf(World& w, TypeId actual) {
  Subject subject{actual};
  if (w.types.is(actual, TypeKind::kModule)) {
    subject.is_module = true;
    return subject;
  }
  if (w.types.is(actual, TypeKind::kCallable) && w.types.callable(actual).isTypeObject()) {
    subject = {proper(w, w.types.callable(actual).made()), true};
  } else if (w.types.is(actual, TypeKind::kTypeType)) {
    subject = {proper(w, w.types[actual].items[0]), true};
  }
  if (isFunctionLike(w, subject.instance)) subject = {fallbackOf(w, actual), false, false, true};
  if (w.types.is(subject.instance, TypeKind::kTuple) || w.types.is(subject.instance, TypeKind::kTypedDict)) subject.instance = fallbackOf(w, subject.instance);
  if (!w.types.is(subject.instance, TypeKind::kInstance)) subject.instance = TypeId::none();
  return subject;
}

static void signatureNotes(Checker& c, NodeId node, Code code, TypeId type, bool skip_self) {
  World& w = c.w;
  if (w.types.is(type, TypeKind::kCallable)) {
    note(c, node, code, "        " + prettyCallable(w, type, skip_self));
    return;
  }
  for (TypeId item : std::vector<TypeId>(w.types[type].args().begin(), w.types[type].args().end())) {
    note(c, node, code, "        @overload");
    note(c, node, code, "        " + prettyCallable(w, item, skip_self));
  }
}

static void conflictNotes(Checker& c, const Subject& subject, const std::vector<Conflict>& conflicts, NodeId node, Code code) {
  World& w = c.w;
  std::string shown = subject.is_module ? "Module \"" + std::string(w.text(w.modules[ModuleId(w.types[subject.instance].ref)].name)) + "\""
                                        : formatType(w, subject.instance);
  note(c, node, code, "Following member(s) of " + shown + " have conflicts:");
  for (size_t i = 0; i < conflicts.size() && i < kMaxItems; ++i) {
    TypeId got = proper(w, conflicts[i].got);
    TypeId expected = proper(w, conflicts[i].expected);
    std::string suffix = conflicts[i].is_setter ? " setter type" : "";
    if (!isFunctionLike(w, got) || !isFunctionLike(w, expected)) {
      auto texts = formatTwo(w, expected, got);
      note(c, node, code, "    " + std::string(w.text(conflicts[i].name)) + ": expected" + suffix + " " + texts.first + ", got " + texts.second);
      bool is_wider = conflicts[i].is_setter && isSubtype(w, got, expected);
      if (is_wider) note(c, node, code, "    Setter types should behave contravariantly");
      continue;
    }
    note(c, node, code, "    Expected" + suffix + ":");
    signatureNotes(c, node, code, expected, subject.skipsSelf());
    note(c, node, code, "    Got:");
    signatureNotes(c, node, code, got, subject.skipsSelf());
  }
  if (conflicts.size() > kMaxItems) note(c, node, code, "    <" + std::to_string(conflicts.size() - kMaxItems) + " more conflict(s) not shown>");
}

static void missingNotes(Checker& c, const Subject& subject, const std::vector<NameId>& missing, TypeId wanted, NodeId node, Code code) {
  World& w = c.w;
  std::string protocol(w.text(w.classes[w.types[wanted].cls()].name));
  std::string own = subject.is_module ? "ModuleType" : std::string(w.text(w.classes[w.types[subject.instance].cls()].name));
  if (subject.is_class && missing[0] == w.names.__call__ && missing.size() == 1) {
    note(c, node, code, quoted(own) + " has constructor incompatible with \"__call__\" of " + quoted(protocol));
    return;
  }
  std::string names;
  for (NameId name : missing) names += (names.empty() ? "" : ", ") + std::string(w.text(name));
  note(c, node, code, quoted(own) + " is missing following " + quoted(protocol) + " protocol member" + (missing.size() > 1 ? "s" : "") + ":");
  note(c, node, code, "    " + names);
}

static void problemNotes(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code) {
  World& w = c.w;
  if (!w.types.is(wanted, TypeKind::kInstance) || !w.header(w.types[wanted].cls()).has(kClassProtocol)) return;
  Subject subject = subjectOf(w, actual);
  if (!subject.instance.valid()) return;
  for (TypeId arg : w.types[wanted].args()) {
    if (w.types.is(proper(w, arg), TypeKind::kNever)) return;
  }
  if (!subject.is_module) {
    // A class that derives from the protocol has its members: only the type arguments differ.
    bool is_display = w.types.is(actual, TypeKind::kTypedDict) || w.types.is(actual, TypeKind::kTuple);
    bool derives = !subject.is_class && !is_display && isSubclass(w, w.types[subject.instance].cls(), w.types[wanted].cls());
    if (derives || isObject(w, subject.instance)) return;
  }
  Comparison found = compare(w, subject, wanted);
  // mypy looks at the class of a tuple, whose items may be anything.
  if (w.types.is(actual, TypeKind::kTuple)) found.conflicts.clear();
  size_t members = protocolMembers(w, w.types[wanted].cls()).size();
  bool is_call = found.missing.size() == 1 && found.missing[0] == w.names.__call__;
  if (!found.missing.empty() && (found.missing.size() < members || is_call) && found.missing.size() <= kMaxItems) {
    missingNotes(c, subject, found.missing, wanted, node, code);
  } else if (found.missing.size() > kMaxItems || found.missing.size() == members) {
    return;  // nothing like it
  }
  // Where only the type arguments of generic classes differ, the members do not tell more.
  bool is_generic = !subject.is_module && w.types[subject.instance].count > 0 && w.types[wanted].count > 0;
  if (is_generic && !subject.is_class && isSubtype(w, subject.instance, eraseType(w, wanted))) found.conflicts.clear();
  if (!found.conflicts.empty()) {
    bool is_call_conflict = subject.is_class && found.conflicts[0].name == w.names.__call__;
    if (is_call_conflict) missingNotes(c, subject, {w.names.__call__}, wanted, node, code);
    conflictNotes(c, subject, found.conflicts, node, code);
  }
  for (size_t i = 0; i < found.flags.size() && i < kMaxItems; ++i) {
    for (const std::string& text : found.flags[i]) note(c, node, code, text);
  }
  if (found.flags.size() > kMaxItems) note(c, node, code, "    <" + std::to_string(found.flags.size() - kMaxItems) + " more conflict(s) not shown>");
}

// What the __call__ of `type` takes.
static void callNote(Checker& c, TypeId type, TypeId self, NodeId node, Code code) {
  World& w = c.w;
  TypeId call = findMemberType(w, w.names.__call__, type, self);
  if (!call.valid()) return;
  std::string shown = formatType(w, call, 1);
  note(c, node, code, "\"" + formatTypeBare(w, type) + ".__call__\" has type " + shown);
}

void protocolNotes(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code) {
  World& w = c.w;
  wanted = proper(w, wanted);
  actual = proper(w, actual);
  if (w.types.is(wanted, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, wanted)) problemNotes(c, actual, proper(w, item), node, code);
    return;
  }
  problemNotes(c, actual, wanted, node, code);
  bool is_instance = w.types.is(actual, TypeKind::kInstance);
  if (w.types.is(wanted, TypeKind::kCallable) && is_instance) callNote(c, actual, actual, node, code);
  if (!w.types.is(wanted, TypeKind::kInstance) || !isFunctionLike(w, actual)) return;
  if (!w.header(w.types[wanted].cls()).has(kClassProtocol)) return;
  for (NameId member : protocolMembers(w, w.types[wanted].cls())) {
    if (member != w.names.__call__) continue;
    TypeId call = findMemberType(w, member, wanted, wanted);
    if (!call.valid() || !isSubtype(w, actual, call)) callNote(c, wanted, wanted, node, code);
  }
}

}  // namespace krait::infer

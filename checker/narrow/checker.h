// Checker: the state while one target (a module's top level, a class body in it, or a function) is being checked:
// where we are, what the flow knows, which partial types are open, where findings go. Plain data; the logic is in free
// functions of narrow/, infer/ and check/ that take it first.
#pragma once

#include "checker/declare/declare.h"
#include "checker/narrow/binder.h"

namespace krait::narrow {

using namespace declare;

// A variable whose type its first value did not tell: `x = []`, `x = None`.
struct PartialVariable {
  SymbolId symbol;
  NodeId node;       // where to ask for an annotation
  ClassId cls;       // list, dict, set, …; none: a partial None
  size_t scope = 0;  // how many partial scopes were open, its own included
  bool is_reported = false;  // an annotation was asked for
};

struct FunctionState {
  FunctionId id;
  TypeId declared_return;   // what `return` must give; none: not inside a function
  TypeId yield_type, send_type;
  bool is_async = false;
  bool is_generator = false;
  bool is_dynamic = false;  // unannotated and not checked closely
  bool is_lambda = false;
};

// A function in a function, checked before all of the outer one's statements were: what it read of variables, and what
// was known of others that do not change any more.
struct InnerCheck {
  FunctionId function;
  ScopeId parent;
  std::vector<std::pair<SymbolId, TypeId>> read;
  std::vector<std::pair<KeyId, KnownType>> known;
};

// Where findings were when a speculation began.
struct Watch {
  size_t mark = 0;
};

struct Checker {
  World& w;
  KeyTable& keys;
  ModuleId module;
  const Ast* ast = nullptr;
  ScopeId scope;
  ClassId cls;
  const CheckOptions* options = nullptr;
  Binder* binder = nullptr;
  std::vector<Message>* messages = nullptr;
  FunctionState function;
  std::vector<PartialVariable> partials;
  std::vector<bool> partial_scopes;  // the open ones; true: in a function
  bool is_deferred = false;      // something needed is not known yet
  bool in_checked_function = true;
  int expression_depth = 0;
  int silent = 0;
  std::vector<ClassId> class_stack;
  // Comprehension scopes are made once for a node.
  std::unordered_map<uint32_t, ScopeId> comprehension_scopes;
  bool is_final_pass = true;
  int self_depth = 0;
  NodeId lambda_anchor;
  bool allows_none = false;       // the next expression's value is not used: a call that gives None is fine
  // In a function with type variables of a few values, each body check stands for one choice of values.
  Substitution values;
  TypeId withValues(TypeId type) { return values.empty() || !type.valid() ? type : substitute(w, type, values); }
  // --allow-redefinition-old: targets that begin a new variable under the old name, and the statements that last did.
  std::unordered_set<uint32_t> starts;
  std::unordered_map<uint32_t, NodeId> begun;  // by SymbolId
  int widenings = 0;                           // --allow-redefinition: how often a variable's type became wider
  std::vector<NodeId> match_subjects;  // of the match statements around: narrowed whatever expression they are
  bool none_is_fine = false;      // the same, for the expression whose inference just began

  std::vector<InnerCheck> inner_checks;  // of the functions in the one that is being checked
  BodyFacts* facts = nullptr;     // of the evaluation of a body for its facts: where they go; null: an ordinary check

  TypeId& nodeType(NodeId node) { return w.modules[module].node_types[node.value]; }
};

// Findings. `note` after an error at the same place belongs to that error.
void fail(Checker& c, NodeId node, Code code, std::string text);
void fail(Checker& c, TextRange range, Code code, std::string text);
void note(Checker& c, NodeId node, Code code, std::string text);
Watch startWatch(Checker& c);
bool hasNewErrors(const Checker& c, Watch watch);
// Takes back what was reported since the watch began, and returns it.
std::vector<Message> takeBack(Checker& c, Watch watch);
void putBack(Checker& c, std::vector<Message> messages);
// Is the code inside an unannotated function whose body is not checked?
inline bool isDynamic(const Checker& c) { return c.function.is_dynamic; }
// Findings are dropped in unannotated functions unless they concern what is checked everywhere.

// The key of an expression that can be narrowed; none for others.
KeyId keyOf(Checker& c, NodeId node);
// The symbol that a Name refers to here; none: not found.
SymbolId symbolAt(Checker& c, NodeId name);
ScopeId comprehensionScopeOf(Checker& c, NodeId node);

// What a condition says about expressions where it is true, and where it is false.
struct MapEntry {
  NodeId node;
  TypeId type;
  bool is_guard = false;  // a TypeGuard said so: right even where the declared type disagrees
  NameId attribute;       // of hasattr(): the entry is about this attribute of `node`
};
struct TypeMap {
  bool is_impossible = false;
  std::vector<MapEntry> entries;
  bool isEmpty() const { return !is_impossible && entries.empty(); }
};
struct Conditions {
  TypeMap if_true, if_false;
  bool isEmpty() const { return if_true.isEmpty() && if_false.isEmpty(); }
};
TypeMap impossibleMap();
// Items of TypedDicts that may be absent. What `"item" in dict` tells where it is true; that the item is there, or is not,
// from here on; may it be absent here? No where that cannot be told, or where a `try` may catch it.
MapEntry presenceEntry(Checker& c, NodeId dict, std::string_view item);
void notePresent(Checker& c, NodeId dict, std::string_view item);
void noteAbsent(Checker& c, NodeId dict, std::string_view item);
bool mayBeAbsent(Checker& c, NodeId dict, std::string_view item);
// Reads the types of the condition's parts from node_types: the condition was inferred before. What is learned of
// `x.a` and `x[0]` is used for the union `x` too.
Conditions findConditions(Checker& c, NodeId condition);
// Comparisons; operands may be walrus expressions.
Conditions findComparison(Checker& c, NodeId comparison);
Conditions findLengthChecks(Checker& c, NodeId comparison);
// Can `len(x)` tell something about a value of this type?
bool isNarrowedByLength(Checker& c, TypeId type);
// Reports a test for truth of what is always true.
void checkTruthiness(Checker& c, NodeId node, TypeId type);
// The type where `len(x) OP size` holds, and where it does not; none: that can not be.
struct LengthSplit {
  TypeId yes, no;
};
LengthSplit splitByLength(Checker& c, TypeId type, syntax::CompareOperator op, int64_t size);
// Adds what the entries tell about the expressions that they are parts of (`x` of `x.tag` and `x["tag"]`).
TypeMap withParents(Checker& c, TypeMap map);

// Both hold. `uses_meet`: of two types for an expression take what is in both, else the second.
TypeMap andMaps(Checker& c, const TypeMap& a, const TypeMap& b, bool uses_meet = false);
// One of them holds. `coalesces_any`: Any of the first map stays alone.
TypeMap orMaps(Checker& c, const TypeMap& a, const TypeMap& b, bool coalesces_any = false);
// Puts the map into the current frame; an impossible map makes it unreachable. `stays`: what it says counts behind the
// frame as an assignment does (after a loop, an assertion). ref: mypy push_type_map
void pushMap(Checker& c, const TypeMap& map, bool stays = false);
// A map of one expression: impossible for Never, empty for no type ("nothing new").
TypeMap mapOf(Checker& c, NodeId node, TypeId type);
// The expression that a test of `node` is about: the target of a walrus.
NodeId withoutWalrus(const Checker& c, NodeId node);
// The declared type of an expression as flow narrows it: `type` is the declared one.
TypeId narrowedByFlow(Checker& c, KeyId key, TypeId type);

// The two parts of `current` that an isinstance() test with these classes makes.
struct TypeRange {
  TypeId item;
  bool is_upper_bound = false;  // of type[C]: some subclass of it
};
// The instance of a made-up class below that of `instance` whose values can be called with anything.
TypeId callableSubclass(Checker& c, TypeId instance);
// X | Y as a value: the types.UnionType that knows its classes; others: a plain one (or Any: there is no such class).
TypeId unionObject(World& w, TypeId written);
// The union that such a value is of; none: it is none.
TypeId unionBehind(World& w, TypeId object);
struct Narrowed {
  TypeId yes, no;  // Never where impossible; none: nothing new (only when `fallback` is none)
};
struct SplitOptions {
  TypeId fallback;                // what "nothing new" is
  bool at_runtime = true;         // the test looks at classes only, not at type arguments
  bool from_equality = false;
};
Narrowed splitType(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, const SplitOptions& options);
// The same with made-up subclasses of two classes where neither is a subclass of the other.
// `at_runtime`: the test looks at classes only (isinstance), not at type arguments (TypeIs).
Narrowed splitWithIntersections(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, NodeId node, bool at_runtime = true);
// What `subject == value` makes of a subject's type, on both sides.
Narrowed splitByEquality(Checker& c, TypeId type, TypeId value);
Narrowed conditionalTypes(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, bool from_equality = false);
// A made-up class that derives from both (instances); none: there can be no such class, and why is added to the list.
TypeId intersectClasses(Checker& c, TypeId left, TypeId right, std::vector<const Intersection*>& impossible);
// --warn-unreachable: "Subclass of … cannot exist".
void reportImpossible(Checker& c, const std::vector<const Intersection*>& impossible, NodeId node);
// Do the definitions that the class inherits from several bases agree? Set by check/.
extern bool (*bases_agree_hook)(Checker&, ClassId);
// The types that a class argument of isinstance() stands for; false: cannot tell.
bool typeRanges(Checker& c, TypeId type, std::vector<TypeRange>& out);
TypeId restrictSubtypeAway(World& w, TypeId type, TypeId gone, bool at_runtime);
// Has the type a special method of its own, not the one of object or of a builtin class? `check_all`: of a union, all.
bool hasCustomMethod(World& w, TypeId type, NameId name, bool check_all = false);
// Could values of the two types be equal though the types do not overlap (an IntEnum member and an int)?
bool isEqualityAmbiguous(World& w, TypeId left, TypeId right);
// Reports where values fall through a match or an exhaustive chain; see infer.

}  // namespace krait::narrow

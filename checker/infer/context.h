// Context: what is known while one target (a function, a module's top level, a class body) is checked; and the
// functions that give expressions their types. Takes syntax and declared entities; gives types, recorded by node, and
// findings. The statements (check/) drive it; what only they can do (assign to a target, read a condition) comes back
// through Callbacks.
//
// What always holds: an expression's type is proper (no unresolved recursive alias at the top), is recorded in
// Module::node_types when inference ends, and is Any of kind kFromError after an error was reported.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "checker/declare/declare.h"
#include "checker/narrow/frames.h"

namespace krait::infer {

using namespace types;
using namespace relations;
using narrow::Frames;
using narrow::RefKey;

struct Context;

// What one outcome of a condition makes known. `is_impossible`: the outcome never happens.
struct Narrowing {
  bool is_impossible = false;
  std::vector<std::pair<NodeId, TypeId>> types;
};
struct ConditionResult {
  Narrowing if_true;
  Narrowing if_false;
};

// Set by check/ (and narrow/) before any inference. All are required.
struct Callbacks {
  // What a condition, whose parts have been inferred already, makes known. mypy's find_isinstance_check.
  ConditionResult (*find_condition)(Context&, NodeId condition) = nullptr;
  // `target = value`, for the walrus. Infers the value and the target.
  void (*assign)(Context&, NodeId target, NodeId value) = nullptr;
  // Gives an assignment target (a name, tuple, attribute…) the type of what is assigned to it; for comprehensions.
  void (*assign_type)(Context&, NodeId target, TypeId type, NodeId at) = nullptr;
  // The type of a local or global variable is not known yet: defer the target. False: cannot be deferred any more.
  bool (*defer)(Context&, NodeId at) = nullptr;
};

// A variable whose first value did not tell its type (`x = []`, `x = None`), while its scope is checked.
struct PartialVariable {
  SymbolId symbol;
  NodeId node;  // where it was assigned: findings go there
};
struct PartialScope {
  std::vector<PartialVariable> variables;
  bool is_function = false;
  bool is_local = true;
};

struct Context {
  World& w;
  ModuleId module;
  const Ast* ast = nullptr;
  ScopeId scope;                 // where names are looked up
  const Callbacks* callbacks = nullptr;
  Frames* frames = nullptr;

  FunctionId function;           // the innermost function being checked; none at top level
  ClassId cls;                   // the class whose body or method is being checked; none outside
  TypeId return_type;            // declared; none at top level
  bool is_dynamic = false;       // the body of an unannotated function: everything in it is Any
  bool is_checked = true;        // false: findings of a body that is not checked are dropped
  bool in_lambda = false;
  bool is_final_pass = true;     // false: what cannot be determined is deferred, not reported
  bool in_deferred = false;
  bool is_stub = false;
  std::vector<PartialScope> partials;
  std::vector<TypeId> type_context;          // expected types of the expressions around; none entries
  std::vector<TypeId> return_types;          // of the functions and lambdas around
  std::vector<std::vector<Message>*> filters;  // where findings go instead of the module; null: dropped
  std::unordered_map<uint32_t, ScopeId> expression_scopes;  // of comprehensions and lambdas, by node
  std::vector<TypeId> overload_unions;       // see overload_math.cpp
  uint32_t depth = 0;                        // nesting of expressions: a budget
  uint32_t generic_depth = 0;
  bool in_checked_comprehension = false;

  const config::Options& options() const { return w.modules[module].options; }
};

// Findings made while this lives go to `messages` (they are not reported).
class MessageFilter {
 public:
  explicit MessageFilter(Context& c) : c_(c) { c_.filters.push_back(&messages); }
  ~MessageFilter() { c_.filters.pop_back(); }
  MessageFilter(const MessageFilter&) = delete;
  bool hasErrors() const {
    for (const Message& message : messages) {
      if (message.severity == Severity::kError && message.code != Code::kDeprecated) return true;
    }
    return false;
  }
  std::vector<Message> messages;

 private:
  Context& c_;
};

// ---- reporting ----
void fail(Context& c, NodeId at, Code code, std::string text);
void fail(Context& c, TextRange range, Code code, std::string text);
void note(Context& c, NodeId at, Code code, std::string text);
void addMessages(Context& c, std::vector<Message> messages);
// Are findings recorded at all (not in an unchecked function, not unreachable)?
bool reports(const Context& c);

// ---- expressions ----
struct InferOptions {
  bool allow_none_return = false;  // a call that returns None is fine here
  bool always_allow_any = false;
  bool is_callee = false;
  bool allow_type = false;
};
// The type of an expression where `expected` (or none) is wanted. Mypy's ExpressionChecker.accept.
TypeId inferExpr(Context& c, NodeId node, TypeId expected = {}, InferOptions options = {});
// The type recorded for a node, or none.
TypeId recordedType(const Context& c, NodeId node);
void recordType(Context& c, NodeId node, TypeId type);
// The type of a reference (Name, Attribute, Subscript) as an assignment target sees it: declared, not narrowed.
TypeId inferTarget(Context& c, NodeId target);
// The type that a name has when it is read, without narrowing: of any symbol kind. `as_target`: being assigned.
TypeId symbolValueType(Context& c, SymbolId symbol, NodeId at, bool as_target = false);
// The declared or inferred type narrowed by what the frames know.
TypeId narrowedType(Context& c, NodeId reference, TypeId declared, bool skip_non_overlapping = false);
// Records what a condition made known in the top frame.
void applyNarrowing(Context& c, const Narrowing& narrowing, bool from_assignment = false);
// The declared type of a reference for Frames::put; none where it has none.
TypeId declarationOf(Context& c, NodeId reference);
RefKey keyOf(Context& c, NodeId reference);

// ---- members ----
struct MemberOptions {
  bool as_target = false;         // being assigned
  bool is_super = false;
  bool is_operator = false;       // looked up by syntax: `a + b`, on the class
  bool silent = false;
  TypeId original;                // the type before unions, tuples and variables were taken apart; none: the type
  TypeId override_info;           // start in this class's MRO (super)
  ClassId skip_until;             // super(): look behind this class
  bool no_deferral = false;
  NodeId value_node;              // the assigned value, for errors
  TypeId self_type;               // what `self` is bound to, where it is not `original`
  bool preserve_type_var_ids = false;
};
// The type of `value.name`; reports a missing member at `at`.
TypeId memberType(Context& c, TypeId value, NameId name, NodeId at, const MemberOptions& options = {});
bool hasMember(Context& c, TypeId type, NameId name);
// What may be assigned to `target` (an Attribute).
TypeId memberTargetType(Context& c, NodeId attribute);

// ---- calls ----
enum class ArgKind : uint8_t { kPos, kStar, kNamed, kStar2 };
struct Argument {
  NodeId node;          // none: synthesised, of the type `type`
  ArgKind kind = ArgKind::kPos;
  NameId name;          // of kNamed
  TypeId type;          // when valid, it is not inferred from the node
  NodeId second;        // of a dict entry: the value; node is the key
};
struct CallResult {
  TypeId type;    // of the call
  TypeId callee;  // with its variables solved
};
// A call of a value of type `callee` with these arguments. `callable_name`: "m.f" or "m.C.f" for messages; may be empty.
CallResult checkCall(Context& c, TypeId callee, std::vector<Argument> args, NodeId at, std::string callable_name = {},
                     TypeId object_type = {}, NodeId callable_node = {});
// `value.method(args)` with arguments of known types; errors at `at`. The type is the call's.
CallResult checkMethodCallByName(Context& c, NameId method, TypeId value, std::vector<Argument> args, NodeId at);
Argument typedArgument(TypeId type, NodeId at = {});

// ---- operators ----
// `left op right` where op is a dunder name (`__add__`), with the reflected method tried too.
TypeId checkOperator(Context& c, NameId method, TypeId left, NodeId right_node, TypeId right, NodeId at, bool allow_reverse = true);
// The dunder of a binary operator; reversed and in-place forms.
NameId methodOf(World& w, syntax::BinaryOp op);
NameId reverseMethodOf(World& w, NameId method);
NameId inplaceMethodOf(World& w, NameId method);
// `left op= right` as far as types go: the type of the result.
TypeId checkInplaceOperator(Context& c, syntax::BinaryOp op, TypeId left, NodeId left_node, NodeId right, NodeId at);
// `value[index]` with a known value type.
TypeId checkIndex(Context& c, TypeId value, NodeId subscript, TypeId original = {});

// ---- protocols of the language ----
// What iterating over the type gives; reports what is not iterable.
TypeId iterableItem(Context& c, TypeId type, NodeId at);
TypeId asyncIterableItem(Context& c, TypeId type, NodeId at);
// The type of `await value`.
TypeId awaitedType(Context& c, TypeId value, NodeId at, std::string text, Code code = Code::kMisc);
struct WithTypes {
  TypeId target;       // of `__enter__()` or of awaiting `__aenter__()`
  TypeId exit_result;  // what `__exit__` returns
};
WithTypes contextManager(Context& c, NodeId expression, bool is_async);
// Of a generator's declared return type.
TypeId generatorYieldType(World& w, TypeId return_type, bool is_async);
TypeId generatorSendType(World& w, TypeId return_type, bool is_async);
TypeId generatorReturnType(World& w, TypeId return_type, bool is_coroutine);

// ---- helpers for statements ----
// Reports a value of type `actual` where `wanted` is declared: "Incompatible types in … (… has type X, … type Y)".
// The text begins with `what`; `left` and `right` name the two. Returns whether it fits.
bool checkSubtype(Context& c, TypeId actual, TypeId wanted, NodeId at, const std::string& what, const std::string& actual_label,
                  const std::string& wanted_label, Code code);
// Notes that explain why `actual` is no `wanted` (protocol members, invariance).
void explainMismatch(Context& c, TypeId actual, TypeId wanted, NodeId at, Code code);
// The type of the class object itself: a callable (or overloads) that makes instances.
TypeId classObjectType(Context& c, ClassId cls, NodeId at = {});
// What an unfinished partial variable gets: completes `symbol` with the type.
bool completePartial(Context& c, SymbolId symbol, TypeId type);
// Where the partial variable is, innermost scope first; none: not partial here.
PartialScope* findPartial(Context& c, SymbolId symbol, bool* is_local = nullptr);
// Reports `Need type annotation for "x"`.
void needAnnotation(Context& c, SymbolId symbol, NodeId at);
// A type with unsolved variables or partial parts inside is not good enough for a variable.
bool isValidInferred(Context& c, TypeId type, bool is_lvalue_final = false);
bool hasUninhabited(World& w, TypeId type);
bool hasAnyInside(World& w, TypeId type);

}  // namespace krait::infer

// infer/: the types of expressions, one form in each file. An expected type ("context") flows in, the type flows out;
// findings go to the Checker. Every inferred node's type is kept in Module::node_types (narrowing reads it).
#pragma once

#include "checker/narrow/checker.h"
#include "checker/solve/constraints.h"

namespace krait::infer {

using namespace narrow;
using namespace solve;

// The type of an expression. `context`: the type that is wanted, or none.
TypeId inferExpr(Checker& c, NodeId node, TypeId context = {});
// As above; a call that gives None is fine here (its value is not used).
TypeId inferDiscarded(Checker& c, NodeId node);

// ---- calls ----
enum class ArgKind : uint8_t { kPos, kStar, kNamed, kStar2 };
struct Arg {
  NodeId node;      // none: only a type is known
  ArgKind kind = ArgKind::kPos;
  NameId name;
  TypeId type;      // given where the argument is no expression of the program
};
struct CallSite {
  std::vector<Arg> args;
  NodeId node;             // where findings are reported
  std::string callable_name;  // "m.f", for special functions; may be empty
  TypeId object_type;      // of a method call: what it is called on; or none
  NodeId callee_node;
  bool is_subscript_assignment = false;
  bool is_implicit = false;  // of an operator, a statement, a descriptor: nobody wrote the arguments as such
};
struct CallResult {
  TypeId ret;
  TypeId callee;  // as resolved: overload chosen, type variables solved
};
CallResult checkCall(Checker& c, TypeId callee, CallSite& site, TypeId context = {});
CallResult checkOverloadCall(Checker& c, TypeId callee, CallSite& site, TypeId context);
TypeId inferCall(Checker& c, NodeId node, TypeId context);
// What the arguments of `(lambda x: …)(1)` say about its parameters; none: it takes any number of them.
TypeId calledLambdaContext(Checker& c, NodeId node, const CallSite& site);
// Calls to functions whose types need code: reveal_type, cast, super… False: an ordinary call.
// isinstance(x, C) and issubclass(x, C), after inference: may C be used so? `function`: its name.
void checkClassArgument(Checker& c, NodeId call, const std::string& function);
bool specialCall(Checker& c, NodeId node, const std::string& callee, TypeId context, TypeId& result);
TypeId inferSuper(Checker& c, NodeId call);
// What super() gives where no attribute is asked for at once: an instance (or the type) of the class behind; none: not known.
TypeId superValue(Checker& c, NodeId call);
// Protocols among the classes of isinstance() or issubclass().
void checkRuntimeProtocols(Checker& c, NodeId call, bool is_subclass_test);
// Calls whose signature follows from a class's fields (dataclasses.replace, attr.evolve, attr.fields); none: others.
TypeId fieldCall(Checker& c, NodeId node, const std::string& callee, CallSite& site);
// A method looked up and called with arguments that are only types; reports at `node`. none: no such method (reported).
// `original`: what messages say that the method was asked of; none: `base`.
CallResult callMethod(Checker& c, NameId method, TypeId base, std::vector<Arg> args, NodeId node, TypeId context = {}, TypeId original = {});

using ArgumentMap = std::vector<std::vector<size_t>>;  // for each formal parameter the arguments that go to it
ArgumentMap mapArguments(Checker& c, const CallSite& site, const std::vector<TypeId>& types, TypeId callee);
// One positional argument is left out in the middle and the others fit behind it: that is reported; false: it is not so.
bool checkOmittedArgument(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types);
bool checkArgumentCount(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                        const ArgumentMap& map);
void checkArgumentTypes(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                        const ArgumentMap& map);
// The arguments of one call of a generic callable, while its type variables are solved.
struct GenericCall {
  CallSite& site;
  std::vector<TypeId> star_types;               // the types of * and ** arguments, which decide the mapping
  ArgumentMap map;
  std::vector<TypeId> types;                    // of each argument, as far as inferred
  std::vector<std::vector<Message>> messages;   // of the inference of each argument that may be made again
  std::vector<bool> depends;                    // the argument was inferred in a context with open variables
  bool unions = false;

  // Maps again, for a callee whose ParamSpec or TypeVarTuple became known.
  void remap(Checker& c, TypeId callee);
  // Infers all arguments, lambdas only if the callee is not generic.
  void inferAll(Checker& c, TypeId callee);
  // Infers the arguments of the second pass with what the first one found out.
  void inferWaiting(Checker& c, TypeId callee, const std::vector<bool>& second);
  // With all variables known: infers again what depends on them, and reports what the inferences found.
  void finish(Checker& c, TypeId callee);
  void inferOne(Checker& c, TypeId callee, size_t formal, size_t argument);
};
// May the node be evaluated more than once in a run of its function: in a loop, in a lambda?
bool isRepeated(const Ast& ast, NodeId node);
// What an operation on literals gives, as literals; none: it gives what the types' methods say.
TypeId literalMath(Checker& c, syntax::BinaryOp op, TypeId left, TypeId right, NodeId node);
// Reports a call of an abstract class method or static method without a body on the class itself. `func`: the callee.
void checkAbstractCall(Checker& c, NodeId func, TypeId callee);
// The result of a call of `generic`; with each overload of an argument whose parameters it takes over, if that is
// overloaded. `result`: what the call gives otherwise.
TypeId withAllOverloads(Checker& c, TypeId generic, const GenericCall& call, TypeId result);
// The generic callable with its type variables solved for this call. `ids`: the numbers of variables that stay free.
TypeId inferTypeArguments(Checker& c, TypeId callee, GenericCall& call, const std::vector<int32_t>& ids);
TypeId inferFromContext(Checker& c, TypeId callee, TypeId context);
// What one actual argument gives to one formal parameter (unpacking * and **).
struct ArgumentExpander {
  size_t tuple_index = 0;
  std::vector<NameId> kwargs_used;
};
// What the actual arguments of `*args: *Ts`, the parameter numbered `formal`, are, one after another. What parameters
// before it take of an unpacked tuple is not among them.
std::vector<TypeId> variadicItems(Checker& c, ArgumentExpander& expander, const CallSite& site, const std::vector<TypeId>& types, const ArgumentMap& map, size_t formal);
TypeId expandActual(Checker& c, ArgumentExpander& expander, TypeId actual, ArgKind kind, NameId formal_name, ParamKind formal_kind);

// ---- attributes ----
struct AttributeSite {
  NodeId node;          // where findings are reported
  NameId name;
  TypeId original;      // the whole type that the attribute is read from
  TypeId self_type;     // what self is bound to
  bool is_lvalue = false;
  bool is_super = false;
  bool is_operator = false;
  bool is_silent = false;
  bool suppress_errors = false;
  NodeId rvalue;
};
TypeId inferAttribute(Checker& c, NodeId node, TypeId context);
// The attribute of a type; reports if there is none and gives Any.
TypeId attributeType(Checker& c, TypeId type, AttributeSite& site);
TypeId attributeOf(Checker& c, TypeId type, NameId name, NodeId node);
bool hasMember(Checker& c, TypeId type, NameId name);
// The type that a descriptor gives when it is read through an instance or a class.
TypeId readDescriptor(Checker& c, TypeId descriptor, TypeId instance, TypeId owner, AttributeSite& site);
TypeId symbolValue(Checker& c, SymbolId symbol, NodeId node);
TypeId inferName(Checker& c, NodeId node);
// A function's type with the result that its body gives where it declares none; others as they are.
TypeId withInferredResult(World& w, TypeId callable);
// What the default value of a parameter without annotation tells of the parameter; none: nothing. The value is inferred
// without findings, where the checker stands.
TypeId typeOfDefault(Checker& c, NodeId value);
// What this call of `callee` gives: `result`, or what the function's body returns for these arguments.
TypeId resultOfCall(World& w, const CheckOptions& options, TypeId callee, const CallSite& site, const std::vector<TypeId>& types, const ArgumentMap& map, TypeId result);

// .name and .value of an enum's member; `fallback` where nothing more is known.
TypeId enumAttribute(Checker& c, TypeId type, NameId name, TypeId fallback);
TypeId enumMemberValue(World& w, ClassId cls, SymbolId member);
// nonmember[T] in an enum is its T.
TypeId withoutNonMember(World& w, TypeId type);

// ---- other expressions ----
TypeId inferBinary(Checker& c, NodeId node, TypeId context);
TypeId binaryOperation(Checker& c, syntax::BinaryOp op, TypeId left, TypeId right, NodeId left_node, NodeId right_node, NodeId node,
                       TypeId context, bool is_inplace = false);
// "__iadd__" for +=.
std::string inplaceMethod(syntax::BinaryOp op);
// divmod(a, b): an operator with a reflected method as the others are.
TypeId divmodOf(Checker& c, NodeId call);
TypeId inferUnary(Checker& c, NodeId node, TypeId context);
TypeId inferCompare(Checker& c, NodeId node);
// --strict-equality: reports operands that can never be equal (or the same object).
void checkComparable(Checker& c, TypeId left, TypeId right, bool is_identity, NodeId node);
// The same for `element in container`.
void checkContainer(Checker& c, TypeId element, TypeId container, NodeId node);
TypeId inferBool(Checker& c, NodeId node, TypeId context);
TypeId inferSubscript(Checker& c, NodeId node, TypeId context);
TypeId indexOf(Checker& c, TypeId left, NodeId node, TypeId original = {});
TypeId inferList(Checker& c, NodeId node, NodeList items, const char* cls, TypeId context);
TypeId inferTuple(Checker& c, NodeId node, TypeId context);
TypeId inferDict(Checker& c, NodeId node, TypeId context);
TypeId inferComprehension(Checker& c, NodeId node, TypeId context);
TypeId inferLambda(Checker& c, NodeId node, TypeId context);
TypeId inferConditional(Checker& c, NodeId node, TypeId context);
TypeId inferAwait(Checker& c, NodeId node, TypeId context);
TypeId inferYield(Checker& c, NodeId node);
TypeId inferYieldFrom(Checker& c, NodeId node);
TypeId inferNamedExpr(Checker& c, NodeId node, TypeId context);
TypeId inferJoined(Checker& c, NodeId node);
// A protocol or a class with abstract members, as a value?
bool isAbstractClassObject(World& w, const CheckOptions& options, TypeId type);
// Is it type[C] of a protocol or abstract class, or of a type variable?
bool wantsConcrete(World& w, TypeId wanted);
// The type of the items of an unpacked part of a tuple.
TypeId unpackedItem(Checker& c, TypeId unpack);
// The type form that an expression denotes where a TypeForm is among what the context wants; none: it denotes none, or
// does not fit. A string that stands where it cannot be read as a type is reported.
TypeId typeFormInContext(Checker& c, NodeId node, TypeId context);
// Is a literal among what the context wants?
bool wantsLiteral(World& w, TypeId context);
// A class by its name where type[…] is wanted: its type variables become Any, or their defaults; a sentinel by its name
// where a literal is wanted: the literal. Others as they are.
TypeId classInContext(Checker& c, NodeId node, TypeId type, TypeId context);
// C[int] used as a value.
TypeId typeApplication(Checker& c, NodeId node);
// The instance (or each of a union) with Any for the arguments that its constructor or display left open.
TypeId withUnsolvedAny(World& w, TypeId type);
// The signature that alone decides about a call of the class in place of __new__ and __init__; none: there is no such one.
TypeId decidingConstructor(World& w, ClassId cls);
// The constructor of a called `C[int]`, with what it declares for self or cls bound to that instance; misfits among
// overloads are left out, one alone is reported. Other callees as they are.
TypeId boundConstructor(Checker& c, NodeId func, TypeId callee);
TypeId aliasValue(Checker& c, AliasId alias, NodeId node);
// The result of awaiting.
TypeId awaitedType(Checker& c, TypeId type, NodeId node, const std::string& message);
// Has the type an __iter__ that gives an iterator, as typing.Iterable asks?
bool isIterable(Checker& c, TypeId type);
// The items of an iterable; reports what cannot be iterated.
TypeId iteratedType(Checker& c, TypeId type, NodeId node);
// The integers of `range(n)` where n is one of fixed width; none: it is another iterable.
TypeId nativeRangeItem(Checker& c, NodeId iterable);
TypeId asyncIteratedType(Checker& c, TypeId type, NodeId node);
// Binds the targets of for, with, comprehensions, walrus: set by check/ (assignment is its part).
using AssignFunction = void (*)(Checker&, NodeId target, TypeId type, NodeId rvalue);
extern AssignFunction assign_hook;
using CheckFunctionHook = void (*)(Checker&, FunctionId);
// A dict, list or TypedDict item by a literal key.
TypeId typedDictItem(Checker& c, TypeId dict, NodeId index, NodeId node, bool for_assignment = false);

// {"k": v} where a TypedDict is wanted.
TypeId typedDictDisplay(Checker& c, NodeId dict, TypeId wanted);
// The same where the expected type may be a union with TypedDicts in it; none: an ordinary dict.
TypeId typedDictInContext(Checker& c, NodeId dict, TypeId context);
// Up to three names that look like `wanted`, best first; and these as `"a" or "b"`.
std::vector<std::string> similarNames(World& w, const std::vector<NameId>& names, std::string_view wanted);
std::string didYouMean(const std::vector<std::string>& names);
// `; maybe "x"?` with those of the names that look like the one that is missing; "": none does.
std::string perhapsMeant(World& w, const std::vector<NameId>& names, std::string_view wanted);
// The names of a module that others may take from it.
std::vector<NameId> publicNames(World& w, ModuleId module);
// TD(k=v), TD({"k": v}), TD(dict(k=v)), TD(): the callee is a class object that makes a TypedDict.
TypeId typedDictCall(Checker& c, TypeId callee, NodeId call);
// The dict that a TypedDict is whose items all have one type, may be changed and are not required; none: it is no dict.
// ref: PEP 728
TypeId typedDictAsDict(World& w, TypeId dict);
void typedDictKeyNotFound(Checker& c, TypeId dict, const std::string& key, NodeId at, bool is_assignment);
// get, pop, setdefault, update: what the keys say beyond the method's own signature. `result` is of the plain call.
TypeId typedDictMethod(Checker& c, TypeId dict, NameId method, NodeId call, TypeId result);
// update() and `|=` take a dict with any of the keys: the callee with that parameter. `arg` or `given` (its type): what is
// given, or none.
TypeId typedDictCallee(Checker& c, TypeId dict, NameId method, TypeId callee, NodeId arg, TypeId given = {});
// dict(k=v, …) where a TypedDict is wanted; none: it is an ordinary call.
TypeId dictCallInContext(Checker& c, NodeId call, TypeId context);
// A method called on a union of TypedDicts (and other types): each member's own, their results joined.
TypeId typedDictUnionCall(Checker& c, TypeId object, NodeId call, CallSite& site);
// `d[key] = value`. None: the value type that the target takes; reports what is wrong.
void typedDictAssign(Checker& c, TypeId dict, NodeId target, TypeId type, NodeId rvalue);
// The string values that the key expression may have; empty: not known.
std::vector<std::string> literalKeys(Checker& c, NodeId key);

// "…" % x: the type, after the format was checked; none: the left side is no literal.
TypeId inferPercentFormat(Checker& c, NodeId node);
// "…".format(…).
void checkFormatCall(Checker& c, NodeId call);

// ---- messages ----
std::string quoted(std::string_view text);
std::string callableName(World& w, TypeId callee);       // `"f" of "C"`, with quotes; "" without a name
std::string forFunction(World& w, TypeId callee);
void reportIncompatibleArgument(Checker& c, TypeId callee, const CallSite& site, size_t n, size_t m, TypeId actual, ArgKind kind,
                                NodeId where);
// Checks and reports; true if it fits.
bool checkSubtype(Checker& c, TypeId actual, TypeId wanted, NodeId node, const std::string& message, const char* actual_label,
                  const char* wanted_label, Code code);
void noAttribute(Checker& c, TypeId original, TypeId type, NameId name, NodeId node, bool is_assignment = false);
void protocolNotes(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code);
std::vector<std::string> invarianceNotes(World& w, TypeId actual, TypeId wanted);
void cannotDetermine(Checker& c, NameId name, NodeId node);
// Says that what the symbol stands for is deprecated; `is_setter`: of a property, its setter is used.
void checkDeprecated(Checker& c, SymbolId symbol, NodeId node, bool is_setter = false);
// The same of the overload that a call chose.
void checkDeprecatedOverload(Checker& c, TypeId chosen, NodeId node);

}  // namespace krait::infer

// check/: statements, functions and classes: what they require of the types that infer/ gives. Each target is checked
// once; findings go to its module.
#pragma once

#include <utility>

#include "checker/infer/infer.h"
#include "checker/infer/partial_types.h"

namespace krait::check {

using namespace infer;

// Sets the hooks for demand: variables without declaration, decorated functions.
void installHooks(World& w);
// The whole module: its top level, then every function in source order.
void checkModule(World& w, ModuleId module);
void checkTopLevel(World& w, ModuleId module);
void checkFunction(World& w, FunctionId function);

// Puts a node among those of which types tell something (Module::exhaustive and the like), or takes it out.
void setMark(std::unordered_set<uint32_t>& marks, NodeId node, bool is_set);
void checkBody(Checker& c, NodeList statements);
void checkStatement(Checker& c, NodeId node);
// What a base class says of a class attribute that is given a value: what it declares; to mypy whatever it has under the name,
// a method as the class shows it. None: there is nothing.
TypeId inheritedContext(Checker& c, SymbolId defined);
// Notes what is read after `type` went to an attribute that takes `taken` and gives something else; false: it gives what it takes.
bool narrowAsymmetric(Checker& c, NodeId target, KeyId key, TypeId type, TypeId taken);
// Reports what an import puts into variables whose types it does not fit.
void checkImportedOver(Checker& c, NodeId node);
// What `from m import x` takes must be there, and for others; what is deprecated is told.
void checkImportedNames(Checker& c, NodeId node);
// Reports `nonlocal` of a type parameter.
void checkNonlocal(Checker& c, NodeId node);
// Reports a jump out of an `except*` block.
void checkLeaving(Checker& c, NodeId node);
// Assigns to a target: of an assignment, loop, with item, walrus. `rvalue` none: only the type is known.
void assignTo(Checker& c, NodeId target, TypeId type, NodeId rvalue);
// Assigns to each of the targets (of the tuple or list `target`) its part of the value. `type` none: that of `rvalue`.
void assignUnpacked(Checker& c, NodeId target, NodeList targets, TypeId type, NodeId rvalue);
void checkAssign(Checker& c, NodeId node);
// The target has been assigned a display or call that makes a TypedDict: the items written there are present.
void noteGivenItems(Checker& c, NodeId target, NodeId value);
void checkAnnAssign(Checker& c, NodeId node);
void checkAugAssign(Checker& c, NodeId node);
// Reports an annotated assignment whose target may not be declared (false: it declares nothing), and Final where it may
// not stand.
bool checkDeclarationPlace(Checker& c, NodeId node);
// Reports what `__getattr__`, `__getattribute__` or `__setattr__` of a class or module cannot be.
void checkAttributeHook(Checker& c, NameId name, TypeId type, NodeId at, bool in_module);
// Reports a value that such a name, or `__slots__`, cannot have, and any assignment to `x.__match_args__`.
void checkSpecialName(Checker& c, NodeId target, NodeId value);
void checkDelete(Checker& c, NodeId node);
void checkMatch(Checker& c, NodeId node);
void checkTry(Checker& c, NodeId node);
void checkWith(Checker& c, NodeId node);
void checkClass(Checker& c, NodeId node);
void checkNestedFunction(Checker& c, NodeId node);
void checkFunctionBody(Checker& c, FunctionId function);
// The statements alone, for one choice of values of the type variables. Is the end reachable?
bool checkStatementsOf(Checker& c, FunctionId function, TypeId signature);
// Puts what is known of parameters without annotation where the body begins (parameters.cpp). `around`: what is known
// where the function stands; null: it stands at no place of a body that is being checked.
void beginParameters(Checker& c, FunctionId function, Binder* around);
// A checker that stands at the module's top level.
Checker checkerFor(World& w, ModuleId module);

// While it lives None counts as the options of the module say whose target is checked: to mypy each module has its own word.
class NoneRules {
 public:
  NoneRules(World& w, ModuleId module) : w_(w), before_(w.options.strict_optional) {
    if (w.options.mypy) w.options.strict_optional = w.modules[module].options.strict_optional;
  }
  ~NoneRules() { w_.options.strict_optional = before_; }
  NoneRules(const NoneRules&) = delete;

 private:
  World& w_;
  bool before_;
};

// ---- What bodies tell (body_facts.cpp) ----
TypeId inferResult(World& w, FunctionId function);
TypeId inferInferredAttribute(World& w, SymbolId symbol);
// What a call with arguments of these types gives, by the function's body (call_results.cpp); none: it is not looked into.
// `depth`: so many other calls are looked into around it.
TypeId inferCallResult(World& w, FunctionId function, const std::vector<TypeId>& given);
TypeId callResult(World& w, FunctionId function, const std::vector<TypeId>& given, uint32_t depth);
// What the function's body tells, answered once.
FactsAnswer factsOfBody(World& w, FunctionId function);
// While a body is evaluated: it assigns this.
void recordAssigned(Checker& c, SymbolId symbol, TypeId type);
// At the end of a top level: variables of the module that functions assign to become as wide as those say.
void widenByFunctions(Checker& c);
// Assigns to an attribute of self (or its default in the class body) without a declaration.
void assignInferredAttribute(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId rvalue);
// The attribute without a declaration that this target defines; none: it is something else.
SymbolId inferredAttributeAt(Checker& c, NodeId target);
// While it lives, questions about bodies are asked anew: what is found out lasts.
class FactsBarrier {
 public:
  explicit FactsBarrier(World& w)
      : w_(w), open_(std::exchange(w.body_facts.open, {})), local_(std::exchange(w.body_facts.local, {})),
        local_order_(std::exchange(w.body_facts.local_order, {})) {}
  ~FactsBarrier() {
    w_.body_facts.open = std::move(open_);
    w_.body_facts.local = std::move(local_);
    w_.body_facts.local_order = std::move(local_order_);
  }
  FactsBarrier(const FactsBarrier&) = delete;

 private:
  World& w_;
  std::vector<FactsFrame> open_;
  std::unordered_map<uint64_t, BodyFactsStore::Local> local_;
  std::vector<uint64_t> local_order_;
};
// The choices of values for the function's (and its class's) type variables that have values, on top of `outer`; just
// `outer` where there are none.
std::vector<Substitution> valueChoices(World& w, FunctionId function, const Substitution& outer);
// What a signature must hold: the subject of TypeGuard and TypeIs, the result of generators.
void checkSignatureRules(Checker& c, FunctionId function, TypeId signature);
// Local variables without declaration lose their types: the body is checked again.
void forgetLocals(Checker& c, ScopeId scope);
// Of the findings since the watch began, only the first of equal ones stay.
void dropRepeated(Checker& c, Watch since);
void checkOverrides(Checker& c, ClassId cls);
// The type of a member of `owner` as an instance of `from` sees it.
TypeId memberAsSeen(Checker& c, SymbolId symbol, ClassId owner, ClassId from);
void checkEnum(Checker& c, ClassId cls);
// Does what the class's header says fit the __init_subclass__ of its bases?
void checkInitSubclass(Checker& c, ClassId cls, NodeId node);
// Reports an __exit__ that declares bool and always returns False.
void checkExitResult(Checker& c, FunctionId function, TypeId result);
// Reflected and in-place operator methods.
void checkOperatorMethod(Checker& c, FunctionId function, TypeId signature);
// The plain operator method that an in-place one stands for ("__iadd__": "__add__"); none: it is no such name.
NameId plainOperator(World& w, std::string_view name);
// Could one call fit both, and get the result of the second where the first one's is promised? `partial_only`: not
// where the first takes all that the second does.
bool isUnsafeOverlap(World& w, TypeId first, TypeId second, const std::vector<TypeVarId>& class_vars, bool partial_only = true);
// Do members that two bases define independently of each other agree?
void checkBases(Checker& c, ClassId cls);
void checkOverloads(Checker& c, SymbolId symbol, NodeId node);
// Variance of type variables: of a class's own, and in a function's signature.
void checkClassVariance(Checker& c, ClassId cls, NodeId node);
// Type parameters: of a class's header, of a function; the order of defaults among them.
void checkClassTypeParams(Checker& c, ClassId cls, NodeId node);
void checkFunctionTypeParams(Checker& c, FunctionId function);
void checkTypeParamOrder(Checker& c, const std::vector<TypeVarId>& variables, NodeId node);
void checkSignatureVariance(Checker& c, FunctionId function, TypeId signature);
// Names that may be undefined, and names used before their definition; after the module was checked.
void checkDefinedness(World& w, ModuleId module);
// The same by the flow of control, as types know it.
void checkBoundNames(World& w, ModuleId module);
// Does a loop over it run at least once? A display with items does.
bool runsAtLeastOnce(const World& w, ModuleId module, const Ast& ast, NodeId iterable);
// In an unannotated function only names are looked up.
void checkNamesOnly(Checker& c, NodeList statements);

// The type of a variable from its first value; opens a partial type where that does not tell it.
void inferVariable(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId where);
// ---- Variables that change their type (redefinition.cpp) ----
// Finds the assignments of a module or function that begin a new variable, with --allow-redefinition-old.
void findRedefinitions(Checker& c, NodeId scope);
// The variable that this target begins anew; none: it assigns to what there is.
SymbolId redefined(Checker& c, NodeId target);
void beginAgain(Checker& c, SymbolId symbol, NodeId target, NodeId statement);
// May an assignment make the variable's type wider (--allow-redefinition)?
bool isWidened(Checker& c, SymbolId symbol, NodeId target);
// The same of a variable that is bound by something else than an assignment's target.
bool mayWiden(Checker& c, SymbolId symbol);
// Lets the variable hold values of `type`, too; gives what it is declared to hold then.
TypeId widen(Checker& c, SymbolId symbol, TypeId type);
void assignWidening(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId rvalue);
// A binder for a body: variables of it may be redefined if the options say so.
inline Binder binderFor(Checker& c) { return Binder(c.w, mayRedefine(*c.options) ? &c.keys : nullptr); }
// A function of module or class level that gives an open `x = None` of the scopes around its type is checked where it
// stands; others after the top level.
void checkIfItCompletes(Checker& c, FunctionId function);

void reportRedefinition(Checker& c, SymbolId symbol, NodeId node, NodeId name);
// Reports `name = NewType(…)` and the like for a name that is taken; true: there is nothing else to check.
bool checkMadeAgain(Checker& c, NodeId node, NodeId target, NodeId value, SymbolId symbol);
// What makes a class or gives a property another name: the call (`X = namedtuple(…)`) is checked as one where mypy does so.
void checkMade(Checker& c, NodeId value);

}  // namespace krait::check

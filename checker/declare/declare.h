// declare/: from syntax to entities: which names a scope binds, what a name means, what an annotation, a signature, a
// class header declares. All lazily, on the first question, through the hooks of World (installHooks). What needs the
// types of expressions (a variable without annotation, a decorator) goes on to infer/ through its own hooks.
#pragma once

#include "checker/relations/relations.h"
#include "checker/types/printer.h"
#include "checker/types/world.h"

namespace krait::declare {

using namespace types;
using namespace relations;

// Sets the hooks that this layer implements.
void installHooks(World& w);

// ---- collecting names ----
// Makes the module's scope and binds its names. The module is parsed.
// The names in the module's __all__, as far as it can be followed; none: the module has none. Read once.
const std::optional<std::vector<NameId>>& namesInAll(World& w, ModuleId module);
// Imports that stand in __all__ are passed on.
void applyAll(World& w, ModuleId module);
void collectModule(World& w, ModuleId module);
// Binds the names of a class body (not those that a transform adds) into its scope.
void collectClass(World& w, ClassId cls);
// Makes a function's (or lambda's) scope: parameters and local names.
void collectFunction(World& w, FunctionId function);
// A scope for a comprehension, whose targets are local to it.
ScopeId comprehensionScope(World& w, ModuleId module, ScopeId parent, NodeId node);
bool isUnreachable(World& w, ModuleId module, NodeId statement);

// ---- looking names up ----
// The symbol that `name` means in a scope (annotations and expressions alike); none: undefined.
SymbolId lookupName(World& w, ScopeId scope, NameId name);
// The symbol of a Name or dotted Attribute; none when it is no such thing or undefined.
SymbolId lookupDotted(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node);
// A name of a module as others see it: its own names, its submodules, __name__ and the like; none: no such name.
SymbolId moduleAttribute(World& w, ModuleId module, NameId name);
// In a package's __init__: the submodule of that name, which an import from it binds there; none: it is no such name.
// ref: language reference, "Submodules"
ModuleId ownSubmodule(World& w, ModuleId module, std::string_view name);
// Is the head of the dotted name undefined in a module that may have any name (Module::has_open_names)?
bool isOpenName(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node);
// What a class inherits from whose base is this expression, by the expression's value: an instance of the class, Any where
// nobody knows the class, none where the value is no class.
TypeId computedBase(World& w, ModuleId module, ScopeId scope, NodeId node);
// The full name of what a Name or Attribute refers to ("typing.List", "m.C"), imports followed; "" if unknown.
std::string fullNameAt(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node);
// The same of what is called: a variable that only ever stands for another name (`namedtuple = collections.namedtuple`)
// is that one.
std::string calleeNameAt(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node);
ScopeId scopeOfClass(World& w, ClassId cls);
// The function that the scope is inside of, or none.
FunctionId enclosingFunction(World& w, ScopeId scope);
ClassId enclosingClass(World& w, ScopeId scope);

// ---- reporting ----
void report(World& w, ModuleId module, TextRange range, Code code, std::string text);
void report(World& w, ModuleId module, NodeId node, Code code, std::string text);
void reportNote(World& w, ModuleId module, NodeId node, Code code, std::string text);

// ---- annotations ----
struct AnnotationContext {
  World& w;
  ModuleId module;
  ScopeId scope;
  const Ast* ast;
  NodeId anchor;                 // of a quoted annotation: the string, where findings are reported; else none
  FunctionId function;           // binds type variables that no enclosing scope binds; or none
  ClassId class_header;          // likewise, for the bases of a class
  std::vector<TypeVarId>* collects = nullptr;  // definitions are collected here instead of being bound (aliases, bases)
  const std::vector<TypeVarId>* extra = nullptr;  // more bound variables in reach
  AliasId alias;                 // being defined
  bool allows_unpack = false;
  bool unpacks_keywords = false;  // of `**kwargs`: a TypedDict
  bool in_unpack = false;        // the operand of * or Unpack[]
  bool allows_final = false;
  bool allows_class_var = false;
  bool allows_required = false;
  bool allows_param_spec = false;
  bool allows_param_parts = false;  // P.args, P.kwargs: of a variadic parameter
  bool is_base = false;          // a base class expression: bare generics are fine
  bool is_silent = false;
  bool in_callable_ret = false;
  bool is_applied = false;       // C[int] as a value: its arguments are judged as those of a call are
  bool allows_tuple_literal = false;
  const char* item_of = nullptr;  // "NamedTuple" or "TypedDict": of an item of such a class, where Self and qualifiers may not stand
  bool* has_failed = nullptr;    // set where something was wrong, told or not
  int depth = 0;
  // What was seen at the top: qualifiers.
  bool is_final = false, is_class_var = false, is_required = false, is_not_required = false, is_read_only = false;
};
// The type that an expression denotes. Reports what is wrong and then gives Any.
TypeId analyzeType(AnnotationContext& context, NodeId node);
// Does the expression denote a type (and not a value)? For implicit aliases and casts; reports nothing.
// What modules are instances of: types.ModuleType, or object where a small library does not have it.
TypeId moduleClass(World& w);
bool isTypeExpression(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node);
// The type of a class with these arguments checked against its variables (defaults, ParamSpec forms…).
TypeId instantiate(AnnotationContext& context, ClassId cls, NodeList args, NodeId node, bool has_args);
std::vector<TypeId> analyzeTypeArguments(AnnotationContext& context, std::span<const TypeVarId> variables, NodeList args,
                                         NodeId node, const std::string& name);
TypeId analyzeAliasUse(AnnotationContext& context, AliasId alias, NodeList args, NodeId node, bool has_args);
// The bound form of a type variable definition in this context; none: unbound (reported unless silent).
TypeVarId bindTypeVar(AnnotationContext& context, TypeVarId definition, NodeId node);
// A copy of a definition bound to a class, a function or an alias.
TypeVarId findEnclosing(World& w, ScopeId from, TypeVarId definition, bool crosses_classes);
// typing.Self as a type variable of the class; made when it is first asked for.
TypeId selfVariable(World& w, ClassId cls);
TypeVarId boundCopy(World& w, TypeVarId definition, ClassId cls, FunctionId function, int32_t raw_id);
NodeList subscriptItems(const Ast& ast, NodeId slice, NodeId* single);
// Parses a quoted annotation found at `string` of the context's module; none (reported) if it is not an expression.
const Ast* parseQuoted(World& w, ModuleId module, const Ast& ast, NodeId string, NodeId& expression);

// ---- declarations ----
// What `@typing._promote(T)` above a class says: T, whose values the class's may stand for; none: another decorator.
TypeId promotionOf(World& w, ClassId cls, NodeId decorator);
// The signature as written, without decorators.
TypeId declaredSignature(World& w, FunctionId function);
// Reads the decorators once and sets the FunctionFlags that follow from them.
void readDecorators(World& w, FunctionId function);
bool hasDecorator(World& w, FunctionId function, std::string_view fullname);
// Is there nothing but a docstring, `pass`, `...` or a raised NotImplementedError? ref: mypy is_trivial_body
bool isTrivialBody(const Ast& ast, NodeList body);
TypeId typeOfFunctionSymbol(World& w, SymbolId symbol);
// The declared type of a variable's annotation, or none without one.
TypeId declaredVariableType(World& w, SymbolId symbol);

void completeClass(World& w, ClassId cls);
void completeMembers(World& w, ClassId cls);
void completeSelfAttributes(World& w, ClassId cls);
// Is it a variable of a class (or module) without a declaration, whose type follows from all that is assigned to it in
// functions (Divergence::kInferredAttributes)?
bool isInferredAttribute(World& w, SymbolId symbol);
void completeAbstract(World& w, ClassId cls);
bool computeMro(World& w, ClassId cls);
void addTypeParams(World& w, ModuleId module, ScopeId scope, NodeList params, ClassId cls, FunctionId function, AliasId alias);

void resolveSymbol(World& w, SymbolId symbol);
void resolveTypeVar(World& w, TypeVarId id);
void resolveAlias(World& w, AliasId alias);

// A member that a transform adds. Replaces nothing that the class defines itself unless `force`.
SymbolId addMember(World& w, ClassId cls, NameId name, TypeId type, SymbolKind kind = SymbolKind::kVariable, uint32_t flags = 0);
SymbolId addMethod(World& w, ClassId cls, std::string_view name, CallableParts parts, uint32_t flags = 0);

// Class transforms, each in its own file.
void transformEnum(World& w, ClassId cls);
void transformDataclass(World& w, ClassId cls);
void transformAttrs(World& w, ClassId cls);
void transformNamedTupleClass(World& w, ClassId cls);
// The TypedDicts among the bases of a TypedDict class; the class itself keeps only typing's base.
std::vector<TypeId> takeTypedDictBases(World& w, ClassId cls);
void transformTypedDictClass(World& w, ClassId cls, const std::vector<TypeId>& bases);
// The type variables in the types that a call (TypedDict, NamedTuple) names become those of the class it makes.
void bindCallTypeVars(World& w, ClassId cls, ScopeId scope, const Ast& ast, NodeList types);
// Functional forms: X = NamedTuple("X", …). True when the call is one and the symbol was made.
bool resolveNamedTupleCall(World& w, SymbolId symbol, const Ast& ast, NodeId call, const std::string& callee);
bool resolveTypedDictCall(World& w, SymbolId symbol, const Ast& ast, NodeId call, const std::string& callee);
bool resolveNewType(World& w, SymbolId symbol, const Ast& ast, NodeId call, const std::string& callee);
bool resolveEnumCall(World& w, SymbolId symbol, const Ast& ast, NodeId call, const std::string& callee);
bool resolveSentinelCall(World& w, SymbolId symbol, const Ast& ast, NodeId call, const std::string& callee);
// What the name of a sentinel denotes as a type; none: it is no sentinel.
TypeId sentinelType(World& w, SymbolId symbol);
bool resolveTypeVarCall(World& w, SymbolId symbol, const Ast& ast, NodeId call, const std::string& callee);
// The type of a named tuple or TypedDict is known: what its items named becomes it.
void finishSelfAlias(World& w, ClassId cls);
// A class that a call makes, as a new ClassInfo with an empty scope.
ClassId makeClass(World& w, SymbolId symbol, NodeId node, NameId name);
// Members of a named tuple with these fields (types and whether they have defaults).
struct NamedTupleField {
  NameId name;
  TypeId type;
  bool has_default = false;
};
void addNamedTupleMembers(World& w, ClassId cls, const std::vector<NamedTupleField>& fields);

struct DataclassField {
  NameId name;
  TypeId type;
  TypeId init_type;  // what __init__ takes, where a converter or descriptor makes it another type
  NameId alias;
  bool has_default = false;
  bool in_init = true;
  bool kw_only = false;
  bool is_init_var = false;
  bool is_class_var = false;
  ClassId owner;
};

}  // namespace krait::declare

namespace krait::types {
struct DataclassInfo {
  std::vector<krait::declare::DataclassField> fields;
  bool frozen = false, eq = true, order = false, init = true, kw_only = false, slots = false, match_args = true;
  bool is_transform = false;  // made by a dataclass_transform, not by @dataclass
  bool is_neutral = false;    // neither frozen nor not: what it says does not bind subclasses
  bool is_attrs = false;
  bool unsafe_hash = false;
  TypeId replace;             // the callable of dataclasses.replace or attrs.evolve: self first
};
}  // namespace krait::types

// The entities that types speak of: modules, scopes, symbols, functions, classes, type variables and aliases.
// They are plain data, completed lazily: a field that says "after …" is meaningless before that completion ran
// (the hooks of world.h run it). Entities never move once made.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "checker/types/options.h"
#include "checker/types/type.h"

namespace krait::types {

// How far a lazy computation got. kRunning met again means a cycle.
enum class Progress : uint8_t { kNot, kRunning, kDone };

// Names to symbols, in the order of definition.
struct NameTable {
  std::unordered_map<NameId, SymbolId> by_name;
  std::vector<SymbolId> in_order;

  SymbolId find(NameId name) const {
    auto found = by_name.find(name);
    return found == by_name.end() ? SymbolId::none() : found->second;
  }
  void add(NameId name, SymbolId symbol) {
    if (by_name.insert_or_assign(name, symbol).second) in_order.push_back(symbol);
  }
};

enum class ScopeKind : uint8_t { kModule, kClass, kFunction, kComprehension, kTypeParams };

struct Scope {
  ScopeKind kind = ScopeKind::kModule;
  ScopeId parent;
  ModuleId module;
  ClassId cls;
  FunctionId function;
  NodeId node;
  NameTable names;
  std::vector<NameId> globals;    // declared `global` here
  std::vector<NameId> nonlocals;  // declared `nonlocal` here
  Progress collected = Progress::kNot;
};

enum class SymbolKind : uint8_t {
  kVariable,
  kFunction,    // one def, or a property, or overloads: see `functions`
  kClass,       // cls
  kAlias,       // alias
  kTypeVar,     // type_var: the definition
  kModule,      // module
  kImport,      // resolves to another symbol (link), a module, or nothing
  kSpecialForm, // typing's own names: `special` is the name in typing
};

enum SymbolFlags : uint32_t {
  kIsDeclared = 1,         // has an annotation
  kIsFinal = 2,
  kIsClassVar = 4,
  kIsProperty = 8,
  kIsSettable = 16,
  kIsStaticMethod = 32,
  kIsClassMethod = 64,
  kIsAbstract = 128,
  kIsInitializedInClass = 256,
  kIsSelfAttribute = 512,  // defined by `self.x = …`
  kIsInferred = 1024,
  kIsPrivateImport = 2048, // not visible to other modules (stub or --no-implicit-reexport)
  kIsExplicitSelf = 4096,
  kIsEnumMember = 8192,
  kIsSynthesised = 16384,  // made by a class transform (dataclass, named tuple)
  kIsFinalUnset = 32768,   // a Final without a value in a class body
  kIsParameter = 65536,
  kIsReady = 1 << 17,
  kIsMissingImport = 1 << 18,
  kHasTypeErrors = 1 << 19,
  kIsOverloaded = 1 << 20,
  kIsDecorated = 1 << 21,
  kIsTrivialSelf = 1 << 22,
  kIsReadOnlyItem = 1 << 23,
  kIsUnreachableOnly = 1 << 24,
  kAllowIncompatibleOverride = 1 << 25,
  kIsCallableProperty = 1 << 26,
  kIsBeingDeclared = 1 << 27,
  kIsTrivialBodyProtocol = 1 << 28,
  kIsInitOnly = 1 << 29,      // an InitVar: no attribute
  kIsEnumAlias = 1u << 31,    // another name of an enum member
  kIsInstanceOnly = 1 << 30,  // a field without a default: not on the class
};

enum class DefinitionKind : uint8_t {
  kAssign, kAnnotated, kFunction, kClass, kImport, kImportFrom, kFor, kWith, kExcept, kNamed, kParameter, kTypeAlias, kTypeParam,
  kMatch, kAugmented, kDelete, kSelf
};

// One place that binds a symbol. `node` is the statement (or pattern, handler, parameter); `target` the name node.
struct Definition {
  DefinitionKind kind;
  NodeId node;
  NodeId target;
};

struct Symbol {
  SymbolKind kind = SymbolKind::kVariable;
  NameId name;
  ScopeId scope;
  ModuleId module;
  ClassId owner;  // the class that it is a member of, or none
  uint32_t flags = 0;
  Progress resolved = Progress::kNot;  // kind and its payload
  Progress typed = Progress::kNot;     // type
  std::vector<Definition> definitions;
  std::vector<FunctionId> functions;   // of a function: the overloads, or getter and setter; the implementation last
  FunctionId implementation;           // of overloads
  TypeId type;         // of the value, after symbolType; for a property: of the getter (a callable)
  TypeId setter_type;  // what may be assigned, where it differs
  TypeId final_value;  // the literal of a Final, or none
  ClassId cls;
  AliasId alias;
  TypeVarId type_var;
  ModuleId target_module;
  SymbolId link;
  NameId special;
  FunctionId self_function;  // of kIsSelfAttribute: the method that defines it

  bool has(SymbolFlags flag) const { return (flags & flag) != 0; }
  void set(SymbolFlags flag) { flags |= flag; }
  void clear(SymbolFlags flag) { flags &= ~static_cast<uint32_t>(flag); }
};

enum FunctionFlags : uint32_t {
  kFnAsync = 1,
  kFnGenerator = 2,
  kFnOverload = 4,
  kFnStatic = 8,
  kFnClass = 16,
  kFnAbstract = 32,
  kFnFinal = 64,
  kFnProperty = 128,
  kFnSetter = 256,
  kFnDeleter = 512,
  kFnOverride = 1024,
  kFnTrivialBody = 2048,
  kFnLambda = 4096,
  kFnNoTypeCheck = 8192,
  kFnDecorated = 16384,      // has decorators whose effect on the type must be inferred
  kFnConditional = 32768,
  kFnUnannotated = 65536,    // no annotation at all
  kFnFlagsKnown = 1 << 17,
  kFnCachedProperty = 1 << 18,
  kFnImplicitAbstract = 1 << 19,
  kFnContextManager = 1 << 20,
  kFnSynthesised = 1 << 21,
  kFnHasSelfType = 1 << 22,
};

struct FunctionInfo {
  NameId name;
  ModuleId module;
  NodeId node;       // the FunctionDef or Lambda; none: synthesised
  ScopeId parent;    // the scope it stands in
  ScopeId scope;     // its own scope, after collectFunction
  ClassId owner;
  SymbolId symbol;
  uint32_t flags = 0;
  Progress declared = Progress::kNot;
  Progress decorated = Progress::kNot;
  Progress checked = Progress::kNot;
  TypeId type;            // the callable as written, without decorators (self is a parameter)
  TypeId decorated_type;  // after decorators
  std::vector<TypeVarId> type_vars;  // bound by this function, after declaration
  std::string deprecated;
  bool has(FunctionFlags flag) const { return (flags & flag) != 0; }
  void set(FunctionFlags flag) { flags |= flag; }
};

enum class TypeVarKind : uint8_t { kTypeVar, kParamSpec, kTypeVarTuple };
enum class Variance : uint8_t { kInvariant, kCovariant, kContravariant, kNotReady };

struct TypeVarInfo {
  TypeVarKind kind = TypeVarKind::kTypeVar;
  Variance variance = Variance::kInvariant;
  NameId name;
  std::string fullname;
  int32_t raw_id = 0;        // 1, 2, … in classes; -1, -2, … in functions; 0: not bound to a scope
  bool is_meta = false;      // being solved
  bool is_self = false;      // typing.Self
  TypeVarId definition;      // the unbound definition that this is a copy of; or none
  TypeVarId narrowed_from;   // the variable that this one is, with a bound that a test made narrower; or none
  ClassId class_scope;
  FunctionId function_scope;
  AliasId alias_scope;
  std::vector<TypeId> values;
  TypeId bound;              // after resolution; none: object
  TypeId default_type;       // none: no default
  // How to resolve a definition.
  ModuleId module;
  ScopeId scope;
  NodeId node;               // the Call, or the type parameter
  Progress resolved = Progress::kNot;
};

struct AliasInfo {
  NameId name;
  std::string fullname;
  ModuleId module;
  ScopeId scope;
  NodeId node;               // the value expression
  NodeId statement;
  NodeId type_params;        // of TypeAliasType(…, type_params=…): the argument
  std::vector<TypeVarId> type_vars;
  TypeId target;
  Progress resolved = Progress::kNot;
  bool is_recursive = false;
  bool is_cyclic = false;      // it mentions itself inside of a function, where that cannot be: it is Any
  bool is_new_style = false;   // `type X = …` or TypeAliasType
  bool no_args = false;        // X = list: a bare generic class
  bool is_explicit = false;    // X: TypeAlias = …
  SymbolId symbol;
};

enum ClassFlags : uint32_t {
  kClassProtocol = 1,
  kClassRuntimeProtocol = 2,
  kClassFinal = 4,
  kClassEnum = 8,
  kClassNamedTuple = 16,
  kClassTypedDict = 32,
  kClassNewType = 64,
  kClassFallbackToAny = 128,
  kClassMetaFallbackToAny = 256,
  kClassExplicitAbstract = 512,
  kClassDataclass = 1024,
  kClassIntersection = 2048,
  kClassGenericBase = 4096,   // Generic[...] or Protocol[...] was written
  kClassBadMro = 8192,
  kClassHasTypeParams = 16384,  // PEP 695
  kClassDisjointBase = 32768,
  kClassFrozen = 65536,
  kClassHasErrors = 1 << 17,
};

struct DataclassInfo;

struct ClassInfo {
  NameId name;
  std::string fullname;
  ModuleId module;
  NodeId node;        // the ClassDef, the Call that makes it, or none
  ScopeId parent;
  ScopeId scope;      // of its body: always there
  SymbolId symbol;
  uint32_t flags = 0;
  Progress headed = Progress::kNot;    // bases, mro, type_vars, metaclass, flags
  Progress membered = Progress::kNot;  // names, with those that a transform adds
  Progress self_attributes = Progress::kNot;
  Progress abstract_known = Progress::kNot;
  std::vector<TypeVarId> type_vars;
  std::vector<TypeId> bases;
  std::vector<ClassId> mro;            // itself first; object last
  TypeId metaclass;                    // an Instance, or none for type
  TypeId declared_metaclass;
  TypeId tuple_type;                   // of a named tuple or a subclass of tuple
  TypeId typed_dict_type;
  TypeId self_type;                    // the instance with its own type variables as arguments
  TypeVarId self_var;                  // typing.Self in this class
  AliasId self_alias;                  // of a named tuple or TypedDict that its own items mention: what they name; or none
  std::vector<ClassId> promotes;       // int -> float -> complex
  std::vector<std::pair<NameId, FunctionId>> abstract_members;
  std::vector<NameId> named_tuple_fields;
  std::vector<NameId> slots;
  std::vector<NameId> self_assigned;   // x of `self.x = …` in its methods, also where a base declares it
  bool has_slots = false;
  std::string deprecated;
  std::shared_ptr<DataclassInfo> dataclass;
  int line = 0;
  bool in_function = false;            // printed as name@line
  bool has(ClassFlags flag) const { return (flags & flag) != 0; }
  void set(ClassFlags flag) { flags |= flag; }
};

// One line of output, before sorting. Phase: 0 parsing and imports, 1 declarations, 2 bodies.
struct Message {
  TextRange range;
  Severity severity = Severity::kError;
  Code code = Code::kNone;
  std::string text;
  std::vector<std::string> notes;   // said after it, at its place
  uint8_t phase = 2;
  TextRange origin;         // where a `# type: ignore` counts too; empty: only at `range`
  bool is_blocker = false;
  bool shows_code = false;  // a note that prints its code
  FunctionId target;        // the function whose check found it; none: the top level's, or a declaration
};

struct Module {
  NameId name;              // dotted
  std::string path;
  std::string text;
  std::shared_ptr<const Ast> ast;
  ScopeId scope;
  bool is_stub = false;
  bool is_package = false;
  bool is_library = false;  // typeshed or installed: its own errors are not reported
  bool is_partial_stub = false;
  bool is_test_stub = false;
  Progress parsed = Progress::kNot;
  Progress checked = Progress::kNot;  // its top level
  CheckOptions options;
  std::vector<Message> messages;
  Progress all_read = Progress::kNot;  // all_names
  std::optional<std::vector<NameId>> all_names;  // of __all__, as far as it can be followed
  std::vector<bool> unreachable;      // by NodeId: statements that are not for this target; may be empty
  std::vector<TypeId> node_types;     // by NodeId; none where nothing was inferred
  // What types tell of control flow, by node.
  std::unordered_set<uint32_t> exhaustive;  // If nodes without else whose test is always true, Match nodes that take all
  std::unordered_set<uint32_t> swallowing;  // With nodes whose managers may swallow an exception
  std::unordered_set<uint32_t> unreached;   // the first statements of bodies, or parts of them, that are never reached
  std::unordered_map<uint32_t, FunctionId> functions;  // by FunctionDef or Lambda node
  std::unordered_map<uint32_t, ClassId> classes;       // by ClassDef node
  std::unordered_map<NameId, ModuleId> submodules;     // imported somewhere as attributes
  LineIndex lines;
  // A quoted annotation is parsed as a text of its own; `string_texts` keeps those texts alive.
  std::vector<std::unique_ptr<Ast>> string_annotations;
  std::vector<std::unique_ptr<std::string>> string_texts;
  bool is_dynamic = false;            // has a module-level __getattr__
  bool has_open_names = false;        // it writes names into its own namespace, or a module that it imports all names from does
  // May others find names in it that its text does not bind?
  bool mayHaveAnyName() const { return is_dynamic || has_open_names; }
};

}  // namespace krait::types

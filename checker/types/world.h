// World: everything the checker knows about a program: names, types, entities, and the hooks by which lower layers
// ask upper ones to complete an entity (the layers below declare/ must not include it).
#pragma once

#include <deque>
#include <unordered_map>
#include <span>
#include <string>

#include "checker/types/body_facts.h"
#include "checker/types/divergence.h"
#include "checker/types/entities.h"
#include "checker/types/names.h"
#include "checker/types/type_store.h"

namespace krait::types {

// Entities by id; references stay valid for ever.
template <class T, class IdT>
class EntityStore {
 public:
  IdT add(T value = {}) {
    items_.push_back(std::move(value));
    return IdT(static_cast<uint32_t>(items_.size() - 1));
  }
  T& operator[](IdT id) {
    DCHECK(id.value < items_.size(), "id belongs to this store");
    return items_[id.value];
  }
  const T& operator[](IdT id) const {
    DCHECK(id.value < items_.size(), "id belongs to this store");
    return items_[id.value];
  }
  uint32_t size() const { return static_cast<uint32_t>(items_.size()); }

 private:
  std::deque<T> items_;
};

struct World;

// Set by the layers that implement them; all must be set before use.
struct Hooks {
  void (*complete_class)(World&, ClassId) = nullptr;        // ClassInfo::headed
  void (*complete_members)(World&, ClassId) = nullptr;      // ClassInfo::membered
  void (*complete_self_attributes)(World&, ClassId) = nullptr;
  void (*complete_abstract)(World&, ClassId) = nullptr;
  void (*resolve_symbol)(World&, SymbolId) = nullptr;       // Symbol::resolved
  TypeId (*symbol_type)(World&, SymbolId) = nullptr;        // Symbol::type; none: it depends on itself
  void (*resolve_type_var)(World&, TypeVarId) = nullptr;
  void (*resolve_alias)(World&, AliasId) = nullptr;
  // Is the dotted name imported anywhere, so that it is an attribute of its package?
  bool (*is_imported)(World&, std::string_view) = nullptr;
  ModuleId (*find_module)(World&, std::string_view) = nullptr;  // loads it; none: not found
  TypeId (*infer_variable)(World&, SymbolId) = nullptr;     // of a variable without a declaration
  TypeId (*infer_decorated)(World&, FunctionId) = nullptr;  // a function's type after its decorators
  TypeId (*infer_decorated_class)(World&, ClassId) = nullptr;  // what its decorators make of a class; none: the class itself
  TypeId (*infer_value)(World&, SymbolId) = nullptr;        // of the first value that is assigned to it, alone
  void (*infer_variance)(World&, TypeVarId) = nullptr;
  // What a call of a function without a declared result gives, by its body; none: not known.
  TypeId (*infer_result)(World&, FunctionId) = nullptr;
  // The same of a call with arguments of these types, in the order of the function's parameters (none: left out, or
  // nothing is to be learned of it); none: not known better.
  TypeId (*infer_call_result)(World&, FunctionId, const std::vector<TypeId>&) = nullptr;
  // The type of an attribute without a declaration, by all that methods assign to it; none: it has one.
  TypeId (*infer_attribute)(World&, SymbolId) = nullptr;
  // The generic callable `left` with its variables solved so that it fits `right`, or none (solve/).
  TypeId (*unify_callable)(World&, TypeId left, TypeId right, bool ignore_return) = nullptr;
  // The arguments for these variables that make `pattern` equal to, or (is_supertype) a supertype of, `actual`.
  std::vector<TypeId> (*solve_pattern)(World&, std::span<const TypeVarId>, TypeId pattern, TypeId actual,
                                       bool is_supertype) = nullptr;
  void* program = nullptr;
};

// A class made of two, for isinstance(); `type` none: there can be none, for `reason`.
struct Intersection {
  TypeId type;
  std::string classes, reason;
};

struct World {
  explicit World(Interner& interner) : interner(interner), names(interner), types(interner) {}

  Interner& interner;
  Names names;
  TypeStore types;
  EntityStore<ClassInfo, ClassId> classes;
  EntityStore<Symbol, SymbolId> symbols;
  EntityStore<FunctionInfo, FunctionId> functions;
  EntityStore<TypeVarInfo, TypeVarId> type_vars;
  EntityStore<AliasInfo, AliasId> aliases;
  EntityStore<Module, ModuleId> modules;
  EntityStore<Scope, ScopeId> scopes;
  std::unordered_map<NameId, ModuleId> module_by_name;  // none: known to be missing
  Hooks hooks;
  CheckOptions options;
  ModuleId builtins;
  int32_t next_meta_id = 1;
  std::unordered_map<uint64_t, Intersection> intersections;  // by the two instances
  std::unordered_map<uint64_t, TypeVarId> narrowed_variables;  // by variable and bound
  BodyFactsStore body_facts;
  FunctionId target;  // whose body is being checked: the outermost function; none: a top level
  // Stands for a declaration as the target: its findings are found once, whoever asks first.
  static constexpr FunctionId kDeclaration{0xfffffffe};
  // Sources that import each other, in the order in which their top levels are checked, whoever asks for one first; emptied when begun.
  std::vector<std::vector<ModuleId>> import_cycles;
  std::unordered_map<uint32_t, uint32_t> cycle_of;  // by ModuleId: an index of those
  bool sees_all_submodules = false;  // a.b is an attribute of a though nobody imported it: only some modules are loaded
  std::unordered_map<NameId, bool> imported_names;  // dotted names that some module imports, with their prefixes

  std::string_view text(NameId id) const { return interner.text(id); }
  NameId name(std::string_view text) { return interner.intern(text); }

  ClassInfo& header(ClassId id) {
    if (classes[id].headed == Progress::kNot) hooks.complete_class(*this, id);
    return classes[id];
  }
  ClassInfo& members(ClassId id) {
    if (classes[id].membered == Progress::kNot) hooks.complete_members(*this, id);
    return classes[id];
  }
  Symbol& resolved(SymbolId id) {
    if (symbols[id].resolved == Progress::kNot) hooks.resolve_symbol(*this, id);
    return symbols[id];
  }
};

// The symbol that an import stands for in the end, or the symbol itself. None: a missing import.
SymbolId followImports(World& w, SymbolId symbol);
// A name of a module that is loaded if need be: ("typing", "Iterable"). None where module or name is missing.
SymbolId lookupGlobal(World& w, std::string_view module, std::string_view name);
// The class of that name, or none.
ClassId lookupClass(World& w, std::string_view module, std::string_view name);
// The class `module.name` as an instance with Any for its arguments; Any where it is missing.
TypeId namedType(World& w, std::string_view module, std::string_view name, std::span<const TypeId> args = {});
TypeId builtinType(World& w, std::string_view name, std::span<const TypeId> args = {});
inline TypeId builtinType(World& w, std::string_view name, TypeId arg) {
  return builtinType(w, name, std::span<const TypeId>(&arg, 1));
}
TypeId objectType(World& w);

// The member `name` of the class itself (not of its bases), or none.
SymbolId ownMember(World& w, ClassId cls, NameId name);
// The first class in the MRO that has the member, and the member.
struct FoundMember {
  SymbolId symbol;
  ClassId owner;
  bool found() const { return symbol.valid(); }
};
FoundMember findMember(World& w, ClassId cls, NameId name);

bool isSubclass(World& w, ClassId cls, ClassId base);
bool isSubclass(World& w, ClassId cls, std::string_view base_fullname);
bool isNamed(World& w, TypeId type, std::string_view fullname);  // an instance of the class of that full name
bool isNamed(World& w, ClassId cls, std::string_view fullname);

// The bound, the default and the values of a type variable, resolved.
TypeId upperBound(World& w, TypeVarId id);
TypeId defaultOf(World& w, TypeVarId id);
const std::vector<TypeId>& valuesOf(World& w, TypeVarId id);
// The variable as flow sees it after a test: the same variable with a narrower bound (one for each bound).
TypeId narrowedVariable(World& w, TypeId variable, TypeId bound);
// The variable itself, whatever tests did to its bound.
inline TypeVarId rootVariable(const World& w, TypeVarId id) {
  TypeVarId from = w.type_vars[id].narrowed_from;
  return from.valid() ? from : id;
}
Variance varianceOf(World& w, TypeVarId id);
TypeId typeVarType(World& w, TypeVarId id, TypeVarForm form = TypeVarForm::kPlain, TypeId prefix = {});
inline TypeVarInfo& typeVarOf(World& w, TypeId type) { return w.type_vars[TypeVarId(w.types[type].ref)]; }
bool isParamSpec(World& w, TypeId type);
bool isTypeVarTuple(World& w, TypeId type);
bool isPlainTypeVar(World& w, TypeId type);

// The full name of a symbol: "m.C.x".
std::string fullNameOf(World& w, SymbolId symbol);
// 1-based line of a node.
uint32_t lineOf(World& w, ModuleId module, NodeId node);

// The target of a recursive alias with its arguments put in; any other type is returned itself.
TypeId proper(World& w, TypeId type);

}  // namespace krait::types

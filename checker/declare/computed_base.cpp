// Base classes that no name of a class says: an attribute of an object, a variable or parameter of type `type[X]`, the
// result of a call, an item of a container. Specification mode takes the class that the value is.
// ref: language reference, "Class definitions"; typing specification, "The type of class objects"
#include "checker/declare/declare.h"

namespace krait::declare {

// What to inherit from where the base is a value of that type: an instance, Any where nobody knows, none: no class.
static TypeId baseOfValue(World& w, TypeId value) {
  TypeId type = proper(w, value);
  switch (w.types.kind(type)) {
    case TypeKind::kAny: return type;
    case TypeKind::kCallable: {
      CallableView view = w.types.callable(type);
      if (!view.isTypeObject()) return TypeId::none();
      TypeId made = proper(w, view.ret());
      return w.types.is(made, TypeKind::kInstance) ? instanceWithAny(w, w.types[made].cls()) : w.types.any();
    }
    // The constructors of a class.
    case TypeKind::kOverloaded: return baseOfValue(w, w.types[type].args()[0]);
    case TypeKind::kTypeType: {
      TypeId item = proper(w, w.types[type].args()[0]);
      if (w.types.is(item, TypeKind::kTypeVar) && isPlainTypeVar(w, item)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
      if (w.types.is(item, TypeKind::kInstance)) return item;
      return w.types.any();
    }
    // Which of them it is nobody knows; one must be a class.
    case TypeKind::kUnion:
      for (TypeId item : std::vector<TypeId>(w.types[type].args().begin(), w.types[type].args().end())) {
        if (baseOfValue(w, item).valid()) return w.types.any();
      }
      return TypeId::none();
    case TypeKind::kInstance: {
      bool is_class = isSubclass(w, w.types[type].cls(), "builtins.type");
      return is_class ? w.types.any() : TypeId::none();
    }
    default: return TypeId::none();
  }
}

TypeId computedBase(World& w, ModuleId module, ScopeId scope, NodeId node) {
  if (w.hooks.infer_value == nullptr) return TypeId::none();
  FunctionId function = enclosingFunction(w, scope);
  if (function.valid()) {
    collectFunction(w, function);
    declaredSignature(w, function);
  }
  Symbol symbol;  // a variable that is assigned the base
  symbol.scope = scope;
  symbol.module = module;
  symbol.resolved = Progress::kDone;
  symbol.definitions.push_back({DefinitionKind::kAssign, node, node});
  TypeId value = w.hooks.infer_value(w, w.symbols.add(std::move(symbol)));
  return value.valid() ? baseOfValue(w, value) : w.types.any();
}

}  // namespace krait::declare

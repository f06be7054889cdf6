#include "checker/program/signatures.h"

#include "checker/declare/declare.h"
#include "checker/infer/library.h"
#include "checker/types/printer.h"

namespace krait::program {

using namespace types;
namespace syn = krait::syntax;

// Types inside types that lead to callables: more would be a cycle.
static constexpr int kMostSteps = 4;

static DefinitionPlace placeOf(World& w, FunctionId function) {
  const FunctionInfo& info = w.functions[function];
  const Module& module = w.modules[info.module];
  if (module.ast == nullptr || !info.node.valid()) return {};
  auto def = module.ast->tryAs<syn::FunctionDef>(info.node);
  return def ? DefinitionPlace{module.path, module.ast->range(def->name())} : DefinitionPlace{};
}

// What a function without a declared result gives, by its body; "" where nobody knows.
static std::string inferredResult(World& w, CallableView view) {
  FunctionId function = view.shape->definition;
  if (!function.valid() || view.isTypeObject() || w.hooks.infer_result == nullptr) return "";
  const Module& module = w.modules[w.functions[function].module];
  auto def = module.ast != nullptr && w.functions[function].node.valid() ? module.ast->tryAs<syn::FunctionDef>(w.functions[function].node) : std::nullopt;
  if (!def || def->returns().valid()) return "";
  TypeId result = w.hooks.infer_result(w, function);
  return result.valid() ? formatTypeBare(w, result) : std::string();
}

static void addCallable(World& w, TypeId type, std::vector<SignatureText>& out) {
  CallableView view = w.types.callable(type);
  SignatureText signature;
  signature.is_class = view.isTypeObject();
  signature.takes_anything = view.has(kEllipsisArgs);
  // As the definition has it: there self may stand before the others.
  TypeId written;
  size_t bound = 0;
  if (FunctionId function = view.shape->definition; function.valid()) {
    signature.definition = placeOf(w, function);
    written = w.functions[function].type;
    bool is_fit = w.types.is(written, TypeKind::kCallable) && w.types.callable(written).paramCount() >= view.paramCount();
    if (is_fit) bound = w.types.callable(written).paramCount() - view.paramCount();
    else written = TypeId::none();
  }
  auto differs = [&](TypeId own, TypeId before) { return own != before && formatTypeBare(w, own) != formatTypeBare(w, before); };
  for (size_t i = 0; i < view.params().size(); ++i) {
    const ParamShape& shape = view.params()[i];
    TypeId own = view.types()[i];
    SignatureText::Parameter parameter{.name = shape.name.valid() ? std::string(w.text(shape.name)) : std::string(), .kind = shape.kind, .type = formatTypeBare(w, own)};
    parameter.is_own = written.valid() && differs(own, w.types.callable(written).types()[i + bound]);
    signature.parameters.push_back(std::move(parameter));
  }
  TypeId result = signature.is_class ? view.made() : view.ret();
  signature.result = formatTypeBare(w, result);
  signature.has_own_result = !signature.is_class && written.valid() && differs(result, w.types.callable(written).ret());
  if (std::string inferred = inferredResult(w, view); !inferred.empty()) signature.result = inferred;
  out.push_back(std::move(signature));
}

static void addSignatures(World& w, TypeId given, int steps, std::vector<SignatureText>& out) {
  TypeId type = proper(w, given);
  if (!type.valid() || steps > kMostSteps) return;
  switch (w.types.kind(type)) {
    case TypeKind::kCallable: addCallable(w, type, out); break;
    case TypeKind::kOverloaded:
    case TypeKind::kUnion: {
      std::vector<TypeId> parts(w.types[type].args().begin(), w.types[type].args().end());
      for (TypeId part : parts) addSignatures(w, part, steps + 1, out);
      break;
    }
    case TypeKind::kInstance: {
      NameId name = w.interner.find("__call__");
      TypeId callable = name.valid() ? memberType(w, type, name) : TypeId::none();
      size_t first = out.size();
      addSignatures(w, callable, steps + 1, out);
      // Self is given by the object.
      for (size_t i = first; i < out.size(); ++i) {
        if (!out[i].parameters.empty()) out[i].parameters.erase(out[i].parameters.begin());
      }
      break;
    }
    case TypeKind::kTypeType: {
      TypeId made = proper(w, w.types[type].items[0]);
      if (w.types.is(made, TypeKind::kTypeVar)) made = proper(w, upperBound(w, TypeVarId(w.types[made].ref)));
      if (w.types.is(made, TypeKind::kInstance)) addSignatures(w, infer::constructorOf(w, made), steps + 1, out);
      break;
    }
    default: break;
  }
}

std::vector<SignatureText> signaturesOf(World& w, TypeId type) {
  std::vector<SignatureText> out;
  addSignatures(w, type, 0, out);
  return out;
}

}  // namespace krait::program

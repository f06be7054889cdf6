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

std::string onOneLine(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) out += c;
    else if (!out.empty() && out.back() != ' ' && out.back() != '(' && out.back() != '[') out += ' ';
  }
  return out;
}

// The value that a field of a dataclass has by its declaration: of `field(default=1)` the 1.
static std::string fieldValue(const syn::Ast& ast, syn::NodeId value) {
  auto call = ast.tryAs<syn::Call>(value);
  if (!call) return onOneLine(ast.text(value));
  std::string_view callee = ast.text(call->func());
  callee = callee.substr(callee.rfind('.') + 1);
  bool is_field = callee == "field" || callee == "Field" || callee == "attrib" || callee == "ib";
  if (!is_field) return onOneLine(ast.text(value));
  for (syn::NodeId arg : call->args()) {
    auto one = ast.tryAs<syn::Keyword>(arg);
    if (one && one->arg().valid() && ast.text(one->arg()) == "default") return onOneLine(ast.text(one->value()));
  }
  return "";
}

static std::string declaredValue(World& w, ClassId cls, std::string_view name) {
  for (ClassId above : w.classes[cls].mro) {
    const ClassInfo& info = w.classes[above];
    const Module& module = w.modules[info.module];
    auto def = module.ast != nullptr && info.node.valid() ? module.ast->tryAs<syn::ClassDef>(info.node) : std::nullopt;
    if (!def) continue;
    for (syn::NodeId statement : def->body()) {
      auto field = module.ast->tryAs<syn::AnnAssign>(statement);
      if (field && module.ast->text(field->target()) == name) return field->value().valid() ? fieldValue(*module.ast, field->value()) : std::string();
    }
  }
  return "";
}

// The default of a parameter, as the function or the class whose fields become parameters says it.
static std::string defaultText(World& w, CallableView view, const ParamShape& shape) {
  bool is_bound_by_name = view.has(kPartialForm) && shape.kind == ParamKind::kNamedOpt;
  if ((shape.kind != ParamKind::kOpt && shape.kind != ParamKind::kNamedOpt) || !shape.name.valid() || is_bound_by_name) return "";
  std::string_view name = w.text(shape.name);
  FunctionId function = view.shape->definition;
  if (function.valid() && w.functions[function].node.valid()) {
    const Module& module = w.modules[w.functions[function].module];
    auto def = module.ast != nullptr ? module.ast->tryAs<syn::FunctionDef>(w.functions[function].node) : std::nullopt;
    if (!def) return "";
    for (syn::NodeId node : module.ast->as<syn::Parameters>(def->params()).params()) {
      auto parameter = module.ast->as<syn::Parameter>(node);
      if (module.ast->text(parameter.name()) == name) return parameter.defaultValue().valid() ? onOneLine(module.ast->text(parameter.defaultValue())) : std::string();
    }
    return "";
  }
  TypeId made = view.isTypeObject() ? declare::fallbackOf(w, proper(w, view.made())) : TypeId::none();
  return made.valid() && w.types.is(made, TypeKind::kInstance) ? declaredValue(w, w.types[made].cls(), name) : std::string();
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
    parameter.value = defaultText(w, view, shape);
    parameter.is_own = written.valid() && differs(own, w.types.callable(written).types()[i + bound]);
    signature.parameters.push_back(std::move(parameter));
  }
  TypeId result = signature.is_class ? view.made() : view.ret();
  signature.result = formatTypeBare(w, result);
  signature.has_own_result = !signature.is_class && written.valid() && differs(result, w.types.callable(written).ret());
  if (std::string inferred = inferredResult(w, view); !inferred.empty()) signature.result = inferred;
  out.push_back(std::move(signature));
}

// Does it take `*args, **kwargs` and nothing else, whatever they are?
static bool takesAnything(World& w, TypeId given) {
  TypeId type = proper(w, given);
  if (!type.valid() || !w.types.is(type, TypeKind::kCallable)) return false;
  CallableView view = w.types.callable(type);
  auto isAny = [&](TypeId one) { return w.types.is(proper(w, one), TypeKind::kAny); };
  for (size_t i = 0; i < view.paramCount(); ++i) {
    if (!isStar(view.params()[i].kind) || !isAny(view.types()[i])) return false;
  }
  return view.paramCount() > 0;
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
      if (TypeId left = infer::partialFunction(w, type); left.valid()) {
        addSignatures(w, left, steps + 1, out);
        // It has other parameters than the text of the function.
        for (SignatureText& one : out) one.definition = {}, one.is_class = false;
        break;
      }
      // Self is given by the object.
      TypeId callable = declare::findMemberType(w, w.names.__call__, type, type);
      // What functools.wraps made of a function that takes anything is called as what it wraps.
      NameId wrapped = w.classes[w.types[type].cls()].fullname == "functools._Wrapped" ? w.interner.find("__wrapped__") : NameId::none();
      if (wrapped.valid() && takesAnything(w, callable)) callable = declare::findMemberType(w, wrapped, type, type);
      addSignatures(w, callable, steps + 1, out);
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

// Any that options forbid in functions: in signatures, in what decorators make of them, and in bases of classes.
#include "checker/check/any_rules.h"
#include "checker/declare/any_rules.h"

namespace krait::check {

void checkSignatureAny(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (function.has(kFnUnannotated)) return;
  CallableView view = w.types.callable(signature);
  reportUnimported(w, c.module, function.node, "Return type", view.ret());
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    reportUnimported(w, c.module, function.node, "Argument " + std::to_string(i + 1) + " to \"" + std::string(w.text(function.name)) + "\"", view.types()[i]);
  }
  reportExplicit(w, c.module, function.node, signature);
}

void checkDecoratedAny(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!c.options->disallow_any_decorated || w.modules[c.module].is_stub || !c.ast->is(function.node, NodeKind::kFunctionDef)) return;
  if (!function.has(kFnDecorated) || function.has(kFnOverload) || function.has(kFnNoTypeCheck)) return;
  TypeId type = w.hooks.infer_decorated(w, id);
  if (!type.valid() || !mentionsRealAny(w, type)) return;
  bool was = c.function.is_dynamic;
  c.function.is_dynamic = false;
  if (w.types.is(proper(w, type), TypeKind::kAny)) {
    fail(c, function.node, Code::kMisc, "Function is untyped after decorator transformation");
  } else {
    fail(c, function.node, Code::kMisc, "Type of decorated function contains type \"Any\" (" + formatType(w, type) + ")");
  }
  c.function.is_dynamic = was;
}

}  // namespace krait::check

// The module: from its statements to a finished unit.
#include "runtime/codegen/compile.h"

#include "runtime/codegen/annotations.h"
#include "runtime/codegen/def.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"
#include "runtime/codegen/unit.h"

namespace krait::codegen {

SpecialNames::SpecialNames(Interner& n)
    : self(n.intern("self")), super(n.intern("super")), dunder_class(n.intern("__class__")), classdict(n.intern("__classdict__")),
      conditional_annotations(n.intern("__conditional_annotations__")), type_params(n.intern("__type_params__")),
      dot_type_params(n.intern(".type_params")), generic_base(n.intern(".generic_base")), defaults(n.intern(".defaults")),
      kwdefaults(n.intern(".kwdefaults")), debug(n.intern("__debug__")), annotate(n.intern("__annotate__")),
      annotate_func(n.intern("__annotate_func__")), annotations(n.intern("__annotations__")), doc(n.intern("__doc__")),
      name(n.intern("__name__")), module(n.intern("__module__")), qualname(n.intern("__qualname__")),
      firstlineno(n.intern("__firstlineno__")), static_attributes(n.intern("__static_attributes__")),
      classcell(n.intern("__classcell__")), classdictcell(n.intern("__classdictcell__")), dot_zero(n.intern(".0")),
      dot_format(n.intern(".format")), format(n.intern("format")), lambda_name(n.intern("<lambda>")),
      genexpr_name(n.intern("<genexpr>")), listcomp_name(n.intern("<listcomp>")), setcomp_name(n.intern("<setcomp>")),
      dictcomp_name(n.intern("<dictcomp>")), module_name(n.intern("<module>")), star(n.intern("*")) {}

static void evalBody(CompileContext& c, NodeList body) {
  if (body.size() != 1 || !c.ast.is(body[0], NodeKind::kExprStmt)) return fail(c, c.ast.root(), "invalid syntax");
  NodeId value = c.ast.as<syntax::ExprStmt>(body[0]).value();
  uint16_t reg = exprToTemp(c, value);
  at(c, value);
  emit(c, Op::kReturn, reg, 0, 0, bytecode::kFreeA);
}

static void moduleBody(CompileContext& c) {
  NodeList body = syntax::bodyOf(c.ast, c.ast.root());
  if (c.options.mode == CompileMode::kEval) return evalBody(c, body);
  setUpAnnotations(c, c.ast.root());
  NodeId docstring = syntax::docstringOf(c.ast, body);
  if (docstring.valid() && c.options.mode == CompileMode::kExec) {
    if (c.options.optimize < 2) {
      TempScope temps(c);
      at(c, docstring);
      uint16_t reg = allocTemp(c);
      loadString(c, cleanDocstring(*syntax::stringValue(c.ast, docstring)), reg);
      storePlace(c, {Access::kName, kNoRegister, c.special.doc}, {reg, true, false});
    }
    body = body.subspan(1);
  }
  statements(c, body);
  emitReturnNone(c);
}

CompileResult compileModule(const SemanticModel& model, Interner& names, const CompileOptions& options) {
  CompileContext c(model, names, options);
  c.future_annotations = options.future_annotations || model.hasFutureAnnotations();
  UnitSpec spec{.scope = SemanticModel::kModuleScope, .kind = ScopeKind::kModule, .node = model.ast().root()};
  spec.name = names.text(c.special.module_name);
  CompileResult result;
  for (bool long_jumps : {false, true}) {
    UnitContext u;
    beginUnit(c, u, spec, long_jumps);
    moduleBody(c);
    bool done = endUnit(c);
    if (c.failed) break;
    if (!done) continue;
    result.unit = std::move(u.code);
    return result;
  }
  if (!c.failed) fail(c, model.ast().root(), "code block too long");
  result.error = c.error;
  return result;
}

}  // namespace krait::codegen

#include "runtime/codegen/watch.h"

#include "runtime/codegen/annotations.h"
#include "runtime/codegen/names.h"

namespace krait::codegen {

using bytecode::Observed;

static bool isWatching(const CompileContext& c) { return c.options.checks_annotations || c.options.observes_values; }

static NodeId functionOf(CompileContext& c) {
  bool is_function = c.u->kind == ScopeKind::kFunction && c.ast.is(c.u->node, NodeKind::kFunctionDef);
  return is_function ? c.u->node : NodeId::none();
}

void watchParameters(CompileContext& c) {
  if (!isWatching(c)) return;
  NodeId function = functionOf(c);
  if (!function.valid()) return;
  TextRange before = c.u->here;
  for (NodeId id : c.ast.as<syntax::Parameters>(c.ast.as<syntax::FunctionDef>(function).params()).params()) {
    auto parameter = c.ast.as<syntax::Parameter>(id);
    NameId name = syntax::nameOf(c.ast, parameter.name());
    if (!name.valid()) continue;
    SymbolId symbol = c.model.symbolAt(parameter.name());
    uint16_t reg = symbol.valid() ? c.register_of[symbol.value] : kNoRegister;
    if (reg == kNoRegister) continue;
    at(c, id);
    if (c.options.checks_annotations && parameter.annotation().valid()) emit(c, Op::kCheckType, reg, reg, addCache(c, name));
    if (c.options.observes_values) emit(c, Op::kObserve, reg, static_cast<uint32_t>(Observed::kParameter), reg);
  }
  c.u->here = before;
}

bool watchesResult(CompileContext& c) {
  if (!isWatching(c)) return false;
  NodeId function = functionOf(c);
  if (!function.valid() || (c.u->code->flags & (bytecode::kCodeGenerator | bytecode::kCodeAsyncGenerator)) != 0) return false;
  return c.options.observes_values || c.ast.as<syntax::FunctionDef>(function).returns().valid();
}

void watchResult(CompileContext& c, uint16_t reg) {
  bool is_declared = c.ast.as<syntax::FunctionDef>(c.u->node).returns().valid();
  if (c.options.checks_annotations && is_declared) emit(c, Op::kCheckType, reg, bytecode::kTestedResult, addCache(c, c.names.intern("return")));
  if (c.options.observes_values) emit(c, Op::kObserve, reg, static_cast<uint32_t>(Observed::kResult), 0);
}

// The annotation that declares the variable, or none.
static NodeId declarationOf(CompileContext& c, NodeId name) {
  SymbolId symbol = c.model.symbolAt(name);
  if (!symbol.valid()) return NodeId::none();
  for (const semantic::Definition& d : c.model.definitions(c.model.resolve(symbol))) {
    bool is_variable = d.kind == semantic::DefinitionKind::kAnnAssign || d.kind == semantic::DefinitionKind::kAnnotation;
    if (is_variable && c.ast.is(d.owner, NodeKind::kAnnAssign)) return c.ast.as<syntax::AnnAssign>(d.owner).annotation();
    if (d.kind != semantic::DefinitionKind::kParameter || !c.ast.is(d.owner, NodeKind::kParameter)) continue;
    auto parameter = c.ast.as<syntax::Parameter>(d.owner);
    bool is_packed = parameter.parameterKind() == syntax::ParameterKind::kVarPositional || parameter.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (!is_packed && parameter.annotation().valid()) return parameter.annotation();
  }
  return NodeId::none();
}

bool isTestedVariable(CompileContext& c, NodeId name) { return c.options.checks_annotations && declarationOf(c, name).valid(); }

void testVariable(CompileContext& c, NodeId name, uint16_t reg) {
  if (!c.options.checks_annotations) return;
  NodeId annotation = declarationOf(c, name);
  if (annotation.valid()) testDeclared(c, annotation, reg);
}

// The test's name is the text of the annotation: a local variable's is evaluated by nothing else.
void testDeclared(CompileContext& c, NodeId annotation, uint16_t reg) {
  if (!c.options.checks_annotations) return;
  emit(c, Op::kCheckType, reg, bytecode::kTestedVariable, addCache(c, c.names.intern(unparse(c.ast, annotation))));
}

// `self.x: int = 1` in a method declares the attribute: its test's name is `x: int`, which no attribute has.
void testAttribute(CompileContext& c, const syntax::Attribute& attribute, uint16_t object, uint16_t reg) {
  if (!c.options.checks_annotations) return;
  NameId name = mangled(c, syntax::nameOf(c.ast, attribute.attr()));
  auto declaration = c.ast.tryAs<syntax::AnnAssign>(c.ast.parent(attribute.id));
  bool is_declared = declaration && declaration->target() == attribute.id;
  if (is_declared) name = c.names.intern(std::string(c.names.text(name)) + ": " + unparse(c.ast, declaration->annotation()));
  emit(c, Op::kCheckAttr, object, reg, addCache(c, name));
}

void observeExpression(CompileContext& c, NodeId node, uint16_t reg) {
  if (!c.options.observes_values || c.failed || !c.u->is_reachable) return;
  TextRange before = c.u->here;
  at(c, node);
  emit(c, Op::kObserve, reg, static_cast<uint32_t>(Observed::kExpression), 0);
  c.u->here = before;
}

}  // namespace krait::codegen

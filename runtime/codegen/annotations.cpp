#include "runtime/codegen/annotations.h"

#include "runtime/codegen/def.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"

namespace krait::codegen {

namespace {
struct Annotated {
  NodeId node;             // the AnnAssign
  bool is_conditional;     // its index is in the set __conditional_annotations__ once it has run
};
}  // namespace

void checkFormat(CompileContext& c) {
  TempScope temps(c);
  Label known = newLabel(c);
  Operand limit{static_cast<uint16_t>(addConstant(c, makeInt(2))), false, true};
  jumpCompare(c, Op::kJumpIfGtK, {0, false, false}, limit, known, false);
  uint16_t error = allocTemp(c);
  emit(c, Op::kLoadAssertionError, error, 1);  // NotImplementedError
  emit(c, Op::kRaise, error, 0, 1, bytecode::kFreeA);
  bindLabel(c, known);
}

static void annotationTo(CompileContext& c, NodeId annotation, uint16_t dst) {
  if (c.future_annotations) {
    at(c, annotation);
    return loadString(c, unparse(c.ast, annotation), dst);
  }
  auto starred = c.ast.tryAs<syntax::Starred>(annotation);
  if (!starred) return exprTo(c, annotation, dst);
  // `*args: *Ts`: the one item of the iterable.
  exprTo(c, starred->value(), dst);
  at(c, annotation);
  emit(c, Op::kUnpackSequence, dst, dst, 1, bytecode::kFreeB);
}

// dict[name] = annotation
static void addAnnotation(CompileContext& c, uint16_t dict, NodeId name, NodeId annotation) {
  TempScope temps(c);
  uint16_t key = allocTemp(c), value = allocTemp(c);
  annotationTo(c, annotation, value);
  at(c, annotation);
  loadString(c, c.names.text(mangled(c, syntax::nameOf(c.ast, name))), key);
  emit(c, Op::kMapAdd, dict, key, value, bytecode::kFreeB | bytecode::kFreeC);
}

// A function of `format` whose body fills a dict; in a register.
template <class Fill>
static uint16_t annotateUnit(CompileContext& c, ScopeId scope, NodeId node, NameId extra_free, Fill&& fill) {
  uint16_t dst = allocTemp(c);
  if (scope.valid() && c.model[scope].has(semantic::kDetached)) scope = ScopeId::none();
  UnitSpec spec{.scope = scope, .kind = ScopeKind::kAnnotations, .node = node, .name = c.names.text(c.special.annotate)};
  spec.implicit_parameter = c.special.format;
  spec.extra_free = extra_free;
  uint32_t child = compileChild(c, spec, [&] {
    checkFormat(c);
    TempScope temps(c);
    uint16_t dict = allocTemp(c);
    at(c, node);
    emit(c, Op::kBuildMap, dict, dict, 0);
    fill(dict);
    at(c, node);
    emit(c, Op::kReturn, dict, 0, 0, bytecode::kFreeA);
  });
  at(c, node);
  makeFunction(c, child, dst);
  return dst;
}

// ref: codegen_visit_annotations' order.
static std::vector<NodeId> annotatedParameters(CompileContext& c, NodeId params) {
  using Kind = syntax::ParameterKind;
  std::vector<NodeId> out;
  for (Kind kind : {Kind::kPositionalOrKeyword, Kind::kPositionalOnly, Kind::kVarPositional, Kind::kKeywordOnly, Kind::kVarKeyword}) {
    for (NodeId id : c.ast.as<syntax::Parameters>(params).params()) {
      auto parameter = c.ast.as<syntax::Parameter>(id);
      if (parameter.parameterKind() == kind && parameter.annotation().valid()) out.push_back(id);
    }
  }
  return out;
}

uint16_t annotateFunction(CompileContext& c, ScopeId scope, NodeId node, NodeId params, NodeId returns) {
  std::vector<NodeId> annotated = annotatedParameters(c, params);
  if (annotated.empty() && !returns.valid()) return kNoRegister;
  return annotateUnit(c, c.model[scope].own_annotations, node, NameId::none(), [&](uint16_t dict) {
    for (NodeId id : annotated) {
      auto parameter = c.ast.as<syntax::Parameter>(id);
      addAnnotation(c, dict, parameter.name(), parameter.annotation());
    }
    if (!returns.valid()) return;
    TempScope temps(c);
    uint16_t key = allocTemp(c), value = allocTemp(c);
    annotationTo(c, returns, value);
    loadString(c, "return", key);
    emit(c, Op::kMapAdd, dict, key, value, bytecode::kFreeB | bytecode::kFreeC);
  });
}

// --- variables of modules and classes

static void collectAnnotated(const Ast& ast, NodeList body, bool is_conditional, std::vector<Annotated>& out) {
  for (NodeId id : body) {
    switch (ast.kind(id)) {
      case NodeKind::kAnnAssign: {
        auto assign = ast.as<syntax::AnnAssign>(id);
        if (assign.isSimple() && ast.is(assign.target(), NodeKind::kName)) out.push_back({id, is_conditional});
        break;
      }
      case NodeKind::kIf:
        collectAnnotated(ast, ast.as<syntax::If>(id).body(), true, out);
        collectAnnotated(ast, ast.as<syntax::If>(id).orelse(), true, out);
        break;
      case NodeKind::kWhile:
        collectAnnotated(ast, ast.as<syntax::While>(id).body(), true, out);
        collectAnnotated(ast, ast.as<syntax::While>(id).orelse(), true, out);
        break;
      case NodeKind::kFor:
        collectAnnotated(ast, ast.as<syntax::For>(id).body(), true, out);
        collectAnnotated(ast, ast.as<syntax::For>(id).orelse(), true, out);
        break;
      case NodeKind::kWith: collectAnnotated(ast, ast.as<syntax::With>(id).body(), true, out); break;
      case NodeKind::kMatch:
        for (NodeId one : ast.as<syntax::Match>(id).cases()) collectAnnotated(ast, ast.as<syntax::MatchCase>(one).body(), true, out);
        break;
      case NodeKind::kTry: {
        auto attempt = ast.as<syntax::Try>(id);
        collectAnnotated(ast, attempt.body(), true, out);
        for (NodeId one : attempt.handlers()) collectAnnotated(ast, ast.as<syntax::ExceptHandler>(one).body(), true, out);
        collectAnnotated(ast, attempt.orelse(), true, out);
        collectAnnotated(ast, attempt.finalbody(), true, out);
        break;
      }
      default: break;
    }
  }
}

// The annotations of the current module or class in order. In a module each counts as conditional: it can be read while
// the module still runs.
static std::vector<Annotated> annotatedVariables(CompileContext& c) {
  std::vector<Annotated> out;
  bool is_module = c.u->kind == ScopeKind::kModule;
  NodeId body = is_module ? c.ast.root() : c.model[c.u->scope].node;
  collectAnnotated(c.ast, syntax::bodyOf(c.ast, body), is_module, out);
  return out;
}

static bool keepsConditionalSet(CompileContext& c) { return c.model[c.u->scope].has(semantic::kConditionalAnnotations); }

static Place conditionalSet(CompileContext& c) {
  for (const FreeVariable& f : c.u->cells) {
    if (f.name == c.special.conditional_annotations) return {Access::kCell, f.reg, f.name};
  }
  return {Access::kName, kNoRegister, c.special.conditional_annotations};
}

static uint16_t annotateVariables(CompileContext& c, NodeId node) {
  std::vector<Annotated> variables = annotatedVariables(c);
  bool in_class = c.u->kind == ScopeKind::kClass;
  bool keeps_set = keepsConditionalSet(c);
  NameId extra = in_class && keeps_set ? c.special.conditional_annotations : NameId::none();
  return annotateUnit(c, c.model[c.u->scope].annotations, node, extra, [&](uint16_t dict) {
    int64_t index = 0;
    for (const Annotated& variable : variables) {
      auto assign = c.ast.as<syntax::AnnAssign>(variable.node);
      Label skip = newLabel(c);
      if (variable.is_conditional && keeps_set) {
        TempScope temps(c);
        uint16_t number = allocTemp(c), ran = allocTemp(c);
        at(c, variable.node);
        loadConstant(c, makeInt(index++), number);
        Place set{Access::kGlobal, kNoRegister, c.special.conditional_annotations};
        if (in_class) set = placeOfSpecial(c, c.special.conditional_annotations);
        loadPlace(c, set, ran);
        emit(c, Op::kIn, number, number, ran, bytecode::kFreeB | bytecode::kFreeC);
        jumpIf(c, {number, true, false}, skip, false);
      }
      addAnnotation(c, dict, assign.target(), assign.annotation());
      bindLabel(c, skip);
    }
  });
}

void setUpAnnotations(CompileContext& c, NodeId node) {
  if (!c.model[c.u->scope].annotations.valid()) return;
  TempScope temps(c);
  at(c, node);
  if (!c.future_annotations && c.u->kind == ScopeKind::kModule) {
    storePlace(c, {Access::kName, kNoRegister, c.special.annotate}, {annotateVariables(c, node), true, false});
  }
  uint16_t reg = allocTemp(c);
  if (keepsConditionalSet(c)) {
    emit(c, Op::kBuildSet, reg, reg, 0);
    storePlace(c, conditionalSet(c), {reg, true, false});
  }
  if (!c.future_annotations) return;
  loadNone(c, reg);
  emit(c, Op::kIntrinsic, reg, reg, static_cast<uint32_t>(bytecode::Intrinsic::kSetupAnnotations), bytecode::kFreeB);
  emit(c, Op::kClear, reg);
}

void finishAnnotations(CompileContext& c, NodeId node) {
  if (c.future_annotations || !c.model[c.u->scope].annotations.valid() || annotatedVariables(c).empty()) return;
  TempScope temps(c);
  storePlace(c, {Access::kName, kNoRegister, c.special.annotate_func}, {annotateVariables(c, node), true, false});
}

void noteAnnotation(CompileContext& c, NodeId node) {
  bool is_class = c.u->kind == ScopeKind::kClass;
  if ((!is_class && c.u->kind != ScopeKind::kModule) || !c.u->comprehensions.empty()) return;
  auto assign = c.ast.as<syntax::AnnAssign>(node);
  TempScope temps(c);
  at(c, node);
  if (c.future_annotations) {
    uint16_t value = allocTemp(c), dict = allocTemp(c), key = allocTemp(c);
    loadString(c, unparse(c.ast, assign.annotation()), value);
    emit(c, Op::kLoadName, dict, 0, sharedCache(c, c.special.annotations));
    loadString(c, c.names.text(mangled(c, syntax::nameOf(c.ast, assign.target()))), key);
    return emit(c, Op::kSetItem, dict, key, value, bytecode::kFreeA | bytecode::kFreeB | bytecode::kFreeC);
  }
  if (!keepsConditionalSet(c)) return;
  int64_t index = 0;
  for (const Annotated& variable : annotatedVariables(c)) {
    if (variable.node == node) {
      if (!variable.is_conditional) return;
      break;
    }
    index += variable.is_conditional;
  }
  uint16_t set = allocTemp(c), number = allocTemp(c);
  loadPlace(c, conditionalSet(c), set);
  loadConstant(c, makeInt(index), number);
  emit(c, Op::kSetAdd, set, number, 0, bytecode::kFreeB);
  emit(c, Op::kClear, set);
}

}  // namespace krait::codegen

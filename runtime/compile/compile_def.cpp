// Functions, lambdas, decorators and annotations.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::FunctionPart;
using bytecode::kFreeA;
using bytecode::kFreeB;
using semantic::ScopeKind;

uint32_t fixedRegisters(const SemanticModel& model, ScopeId scope, size_t free_count);

std::string Compiler::childQualname(std::string_view name, ScopeId scope, SymbolId symbol) {
  (void)scope;
  Unit* outer = unit_;
  if (outer != nullptr && model_[outer->scope].kind == ScopeKind::kTypeParameters) outer = outer->outer;
  if (outer == nullptr || outer->outer == nullptr) return std::string(name);
  if (symbol.valid() && model_[symbol].binding == semantic::Binding::kGlobalExplicit) return std::string(name);
  return outer->qualname + (outer->is_class ? "." : ".<locals>.") + std::string(name);
}

void Compiler::makeFunction(Ref made, const std::vector<NameId>& free_names, uint16_t dst) {
  if (!made) return;
  uint32_t depth = code().depth();
  Operand c = fresh();
  code().emitBc(Op::kLoadConst, c.reg, static_cast<int32_t>(code().constant(made.get())));
  code().emit(Op::kMakeFunction, dst, c.reg, 0, c.reg == dst ? 0 : kFreeB);
  code().freeTo(depth);
  if (dst >= depth && code().depth() <= dst) code().temp(dst + 1 - code().depth());
  Operand closure;
  if (closureFor(free_names, closure)) {
    code().emit(Op::kSetFunction, dst, closure.reg, static_cast<uint32_t>(FunctionPart::kClosure), kFreeB);
    free(closure);
  }
  code().freeTo(depth);
}

Ref Compiler::functionCode(NodeId node, ScopeId scope, NodeId params, NodeList statements, std::string_view name, bool is_lambda) {
  std::vector<NameId> names = freeNames(scope);
  Unit unit(t_, fixedRegisters(model_, scope, names.size()), scope);
  SymbolId symbol = is_lambda ? SymbolId::none() : model_.symbolAt(ast_.as<ast::FunctionDef>(node).name());
  unit.qualname = childQualname(name, scope, symbol);
  CodeParts& parts = unit.code.parts;
  for (NodeId p : ast_.as<ast::Parameters>(params).params()) {
    switch (ast_.as<ast::Parameter>(p).parameterKind()) {
      case ast::ParameterKind::kPositionalOnly: ++parts.positional_only; [[fallthrough]];
      case ast::ParameterKind::kPositionalOrKeyword: ++parts.arg_count; break;
      case ast::ParameterKind::kKeywordOnly: ++parts.keyword_only; break;
      default: break;
    }
  }
  if (!is_lambda) {
    if (NodeId doc = ast::docstringOf(ast_, statements); doc.valid()) unit.code.constant(constantValue(doc).get());
  }
  enterUnit(unit, scope, name, node);
  uint32_t parameters = static_cast<uint32_t>(ast_.as<ast::Parameters>(params).params().size());
  for (uint32_t i = 0; i < parameters && i < unit.bound.size(); ++i) unit.bound[i] = true;
  if (is_lambda) {
    NodeId value = statements[0];
    Operand v = expr(value);
    position(value);
    code().emit(Op::kReturn, v.reg);
    free(v);
  } else {
    body(statements);
    if (!statements.empty()) position(statements.back());
    code().emit(Op::kReturnConst, code().constant(Value::none()));
  }
  NodeList decorators = is_lambda ? NodeList() : ast_.as<ast::FunctionDef>(node).decorators();
  return leaveUnit(unit, name, lineOf(decorators.empty() ? node : decorators[0]));
}

// Default values are evaluated in the scope around the function, in order; both registers are temps or empty.
static bool isKeywordOnly(const Ast& tree, NodeId p) { return tree.as<ast::Parameter>(p).parameterKind() == ast::ParameterKind::kKeywordOnly; }

void Compiler::defaultsInto(NodeId params, Operand& defaults, Operand& kw_defaults) {
  NodeList list = ast_.as<ast::Parameters>(params).params();
  std::vector<NodeId> positional, keyword;
  for (NodeId p : list) {
    if (ast_.as<ast::Parameter>(p).defaultValue().valid()) (isKeywordOnly(ast_, p) ? keyword : positional).push_back(p);
  }
  if (!positional.empty()) {
    defaults = fresh();
    uint16_t first = code().temp(static_cast<uint32_t>(positional.size()));
    code().freeTo(first);
    for (NodeId p : positional) exprTo(ast_.as<ast::Parameter>(p).defaultValue(), code().temp());
    code().emit(Op::kBuildTuple, defaults.reg, first, static_cast<uint32_t>(positional.size()));
    code().freeTo(first);
  }
  if (!keyword.empty()) {
    kw_defaults = fresh();
    uint16_t first = code().temp(static_cast<uint32_t>(keyword.size() * 2));
    code().freeTo(first);
    for (NodeId p : keyword) {
      constantTo(mangled(ast::nameOf(ast_, ast_.as<ast::Parameter>(p).name())), code().temp());
      exprTo(ast_.as<ast::Parameter>(p).defaultValue(), code().temp());
    }
    code().emit(Op::kBuildMap, kw_defaults.reg, first, static_cast<uint32_t>(keyword.size()));
    code().freeTo(first);
  }
}

void Compiler::setDefaults(uint16_t function, Operand defaults, Operand kw_defaults) {
  if (defaults.is_temp) code().emit(Op::kSetFunction, function, defaults.reg, static_cast<uint32_t>(FunctionPart::kDefaults), kFreeB);
  if (kw_defaults.is_temp) code().emit(Op::kSetFunction, function, kw_defaults.reg, static_cast<uint32_t>(FunctionPart::kKeywordDefaults), kFreeB);
}

void Compiler::lambdaTo(NodeId node, uint16_t dst) {
  auto l = ast_.as<ast::Lambda>(node);
  uint32_t depth = code().depth();
  Operand defaults, kw_defaults;
  defaultsInto(l.params(), defaults, kw_defaults);
  ScopeId scope = model_.scopeOf(node);
  NodeId value = l.body();
  Ref made = functionCode(node, scope, l.params(), NodeList(&value, 1), "<lambda>", true);
  Operand f = fresh();
  makeFunction(std::move(made), freeNames(scope), f.reg);
  setDefaults(f.reg, defaults, kw_defaults);
  code().emit(Op::kTake, dst, f.reg);
  code().freeTo(depth);
}

// --- annotations. ref: PEP 649 and 749.
// The code of `__annotate__(format)`: a dict of the annotations, made when asked for.
Ref Compiler::annotateCode(ScopeId scope, const std::vector<std::pair<Str*, NodeId>>& items, NodeId node) {
  std::vector<NameId> names = freeNames(scope);
  Unit unit(t_, fixedRegisters(model_, scope, names.size()) + 1, scope);
  unit.qualname = childQualname("__annotate__", scope, SymbolId::none());
  unit.code.parts.local_names.push_back(intern(*t_.isolate, "format"));
  unit.code.parts.arg_count = unit.code.parts.positional_only = 1;
  unit.leading_parameters = 1;
  enterUnit(unit, scope, "__annotate__", node);
  checkFormat();
  Operand map = fresh();
  code().emit(Op::kBuildMap, map.reg, map.reg, 0);
  for (auto& [key, annotation] : items) {
    Operand k = fresh();
    constantTo(key, k.reg);
    Operand v = fresh();
    if (auto star = ast_.tryAs<ast::Starred>(annotation)) {  // *args: *Ts
      Operand it = exprInTemp(star->value());
      code().emit(Op::kUnpackSequence, v.reg, it.reg, 1, kFreeB);
      free(it);
    } else {
      exprTo(annotation, v.reg);
    }
    code().emit(Op::kMapAdd, map.reg, k.reg, v.reg, kFreeB | bytecode::kFreeC);
    free(k);
  }
  code().emit(Op::kReturn, map.reg);
  return leaveUnit(unit, "__annotate__", lineOf(node));
}

// if format > 2: raise NotImplementedError
void Compiler::checkFormat() {
  Label ok = code().label();
  code().jumpCompare(Op::kJumpIfGtK, 0, code().constant(Value::fromInt(2)), ok, 0);
  Operand e = fresh();
  code().emit(Op::kLoadGlobal, e.reg, 0, code().cache(intern(*t_.isolate, "NotImplementedError")));
  code().emit(Op::kRaise, e.reg, 0, 1);
  free(e);
  code().bind(ok);
}

void Compiler::annotateFunction(NodeId node, uint16_t function) {
  auto f = ast_.as<ast::FunctionDef>(node);
  ScopeId annotations = model_[model_.scopeOf(node)].own_annotations;
  if (!annotations.valid()) return;
  std::vector<std::pair<Str*, NodeId>> items;
  using PK = ast::ParameterKind;
  auto visit = [&](auto&& wanted) {
    for (NodeId p : ast_.as<ast::Parameters>(f.params()).params()) {
      auto param = ast_.as<ast::Parameter>(p);
      if (param.annotation().valid() && wanted(param.parameterKind())) items.push_back({mangled(ast::nameOf(ast_, param.name())), param.annotation()});
    }
  };
  visit([](PK k) { return k <= PK::kVarPositional; });
  visit([](PK k) { return k == PK::kKeywordOnly; });
  visit([](PK k) { return k == PK::kVarKeyword; });
  if (f.returns().valid()) items.push_back({intern(*t_.isolate, "return"), f.returns()});
  uint32_t depth = code().depth();
  if (model_.hasFutureAnnotations()) {
    uint16_t first = code().temp(static_cast<uint32_t>(items.size() * 2));
    code().freeTo(first);
    for (auto& [key, annotation] : items) {
      constantTo(key, code().temp());
      constantTo(newStr(t_, ast_.text(annotation)).get(), code().temp());
    }
    code().emit(Op::kBuildMap, first, first, static_cast<uint32_t>(items.size()));
    code().emit(Op::kSetFunction, function, first, static_cast<uint32_t>(FunctionPart::kAnnotations), kFreeB);
    code().freeTo(depth);
    return;
  }
  Ref made = annotateCode(annotations, items, node);
  Operand a = fresh();
  makeFunction(std::move(made), freeNames(annotations), a.reg);
  code().emit(Op::kSetFunction, function, a.reg, static_cast<uint32_t>(FunctionPart::kAnnotate), kFreeB);
  code().freeTo(depth);
}

void Compiler::recordAnnotation(NodeId node) { unit_->annotations.push_back(node); }

// At the end of a module or class body: its `__annotate__`, or with postponed evaluation the dict of texts.
void Compiler::finishAnnotations(ScopeId owner_scope) {
  if (unit_->annotations.empty() || !error_.empty()) return;
  std::vector<std::pair<Str*, NodeId>> items;
  for (NodeId n : unit_->annotations) {
    auto a = ast_.as<ast::AnnAssign>(n);
    items.push_back({mangled(ast_.as<ast::Name>(a.target()).name()), a.annotation()});
  }
  uint32_t depth = code().depth();
  if (model_.hasFutureAnnotations()) {
    Operand map = fresh();
    code().emit(Op::kBuildMap, map.reg, map.reg, 0);
    for (auto& [key, annotation] : items) {
      Operand k = fresh();
      constantTo(key, k.reg);
      Operand v = fresh();
      constantTo(newStr(t_, ast_.text(annotation)).get(), v.reg);
      code().emit(Op::kMapAdd, map.reg, k.reg, v.reg, kFreeB | bytecode::kFreeC);
      free(k);
    }
    code().emit(Op::kStoreName, map.reg, 0, code().cache(t_.names().d_annotations), kFreeA);
    code().freeTo(depth);
    return;
  }
  ScopeId scope = model_[owner_scope].annotations;
  if (!scope.valid()) return;
  Ref made = annotateCode(scope, items, unit_->annotations[0]);
  Operand f = fresh();
  makeFunction(std::move(made), freeNames(scope), f.reg);
  Str* name = unit_->is_class ? intern(*t_.isolate, "__annotate_func__") : t_.names().d_annotate;
  code().emit(Op::kStoreName, f.reg, 0, code().cache(name), kFreeA);
  code().freeTo(depth);
}

// --- def
std::vector<Operand> Compiler::decorators(NodeList list) {
  std::vector<Operand> out;
  for (NodeId d : list) out.push_back(exprInTemp(d));
  return out;
}
// value = decorator(value), innermost first; positions are the decorators'.
void Compiler::decorate(NodeList list, const std::vector<Operand>& values, uint16_t value) {
  for (size_t i = values.size(); i-- > 0;) {
    position(list[i]);
    uint32_t depth = code().depth();
    uint16_t window = code().temp(kFrameWords + 4);
    code().emit(Op::kTake, window, values[i].reg);
    code().emit(Op::kTake, window + kFrameWords, value);
    code().emit(Op::kCall, value, window, 1);
    code().freeTo(depth);
  }
}

// The function of a def, with defaults, annotations and closure, into the temp `dst`; without type parameters' scope.
void Compiler::functionObject(NodeId node, uint16_t dst, Operand defaults, Operand kw_defaults) {
  auto f = ast_.as<ast::FunctionDef>(node);
  ScopeId scope = model_.scopeOf(node);
  Ref made = functionCode(node, scope, f.params(), f.body(), ast::nameText(ast_, f.name()), false);
  makeFunction(std::move(made), freeNames(scope), dst);
  setDefaults(dst, defaults, kw_defaults);
  annotateFunction(node, dst);
}

void Compiler::functionDef(NodeId node) {
  auto f = ast_.as<ast::FunctionDef>(node);
  uint32_t depth = code().depth();
  std::vector<Operand> decorator_values = decorators(f.decorators());
  position(node);
  Operand defaults, kw_defaults;
  defaultsInto(f.params(), defaults, kw_defaults);
  Operand value = fresh();
  if (f.typeParams().empty()) {
    functionObject(node, value.reg, defaults, kw_defaults);
  } else {
    genericFunction(node, value.reg, defaults, kw_defaults);
  }
  decorate(f.decorators(), decorator_values, value.reg);
  position(node);
  assign(f.name(), value);
  code().freeTo(depth);
}

}  // namespace krait::compile

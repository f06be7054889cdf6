// Assignments with an annotation, and augmented ones.
#include "checker/check/assignment_targets.h"
#include "checker/declare/any_rules.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// --allow-redefinition-old: `x: T` begins a new variable.
static void checkAnnotatedAgain(Checker& c, NodeId node, SymbolId symbol) {
  World& w = c.w;
  auto assign = c.ast->as<syntax::AnnAssign>(node);
  AnnotationContext context{w, c.module, c.scope, c.ast};
  TypeId declared = c.withValues(analyzeType(context, assign.annotation()));
  TypeId type = assign.value().valid() ? inferExpr(c, assign.value(), declared) : TypeId::none();
  beginAgain(c, symbol, assign.target(), node);
  w.symbols[symbol].type = declared;
  w.symbols[symbol].typed = Progress::kDone;
  w.symbols[symbol].set(kIsDeclared);
  w.symbols[symbol].clear(kIsInferred);
  c.nodeType(assign.target()) = declared;
  if (!type.valid()) return;
  checkAssigned(c, type, declared, assign.value());
  KeyId key = keyOf(c, assign.target());
  bool narrows = follows(*c.options, Divergence::kDeclarationsNarrow) && !w.types.is(proper(w, declared), TypeKind::kAny);
  if (key.valid()) c.binder->assign(key, narrows ? type : declared, declared, false);
}

void checkAnnAssign(Checker& c, NodeId node) {
  World& w = c.w;
  auto assign = c.ast->as<syntax::AnnAssign>(node);
  NodeId target = assign.target();
  if (!checkDeclarationPlace(c, node)) {
    assignTo(c, target, assign.value().valid() ? TypeId::none() : any(c), assign.value());
    return;
  }
  SymbolId symbol;
  if (c.ast->is(target, NodeKind::kName)) {
    symbol = symbolAt(c, target);
  } else if (auto attribute = c.ast->tryAs<syntax::Attribute>(target)) {
    bool in_tuple = c.cls.valid() && !c.function.id.valid() && w.classes[c.cls].has(kClassNamedTuple);
    if (in_tuple) return;  // said where the fields are read
    if (c.cls.valid()) symbol = ownMember(w, c.cls, syntax::nameOf(*c.ast, attribute->attr()));
    inferExpr(c, attribute->value());
  }
  if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kAlias) return resolveAlias(w, w.symbols[symbol].alias);
  if (!symbol.valid() || w.symbols[symbol].kind != SymbolKind::kVariable) {
    AnnotationContext context{w, c.module, c.scope, c.ast};
    context.allows_final = context.allows_class_var = true;
    TypeId declared = c.withValues(analyzeType(context, assign.annotation()));
    if (assign.value().valid()) inferExpr(c, assign.value(), declared);
    if (symbol.valid() && context.is_final) {
      fail(c, node, Code::kMisc, "Cannot redefine an existing name as final");
      return;
    }
    bool is_form = symbol.valid() && w.symbols[symbol].kind == SymbolKind::kSpecialForm;
    if (symbol.valid() && !is_form && c.ast->is(target, NodeKind::kName)) reportRedefinition(c, symbol, node, target);
    return;
  }
  if (redefined(c, target).valid()) return checkAnnotatedAgain(c, node, symbol);
  bool first = false;
  for (const Definition& definition : w.symbols[symbol].definitions) {
    bool annotated = definition.kind == DefinitionKind::kAnnotated || (definition.kind == DefinitionKind::kSelf && c.ast->is(definition.node, NodeKind::kAnnAssign));
    if (!annotated) continue;
    first = definition.node == node;
    break;
  }
  const Definition earliest = w.symbols[symbol].definitions.empty() ? Definition{} : w.symbols[symbol].definitions[0];
  bool is_again = earliest.node.valid() && earliest.node != node && !c.ast->is(earliest.node, NodeKind::kAnnAssign) && !mayRedefine(*c.options);
  if (is_again && (earliest.kind == DefinitionKind::kParameter || (!declaredVariableType(w, symbol).valid() && !w.symbols[symbol].has(kIsFinal)))) {
    // The name is bound already: this declares nothing.
    reportRedefinition(c, symbol, node, target);
    AnnotationContext context{w, c.module, c.scope, c.ast};
    context.allows_final = context.allows_class_var = true;
    TypeId written = c.withValues(analyzeType(context, assign.annotation()));
    if (!assign.value().valid()) return;
    if (c.ast->is(target, NodeKind::kAttribute)) return assignTo(c, target, TypeId::none(), assign.value());
    inferExpr(c, assign.value(), written);
    return;
  }
  bool says_again = follows(*c.options, Divergence::kRedeclaredAttribute) && c.ast->is(target, NodeKind::kAttribute) && w.symbols[symbol].has(kIsDeclared);
  if (says_again) {
    // The specification lets a method repeat what the class body declares.
  } else if (w.symbols[symbol].has(kIsFinal) && w.symbols[symbol].definitions[0].node != node && !w.symbols[symbol].has(kIsSelfAttribute)) {
    fail(c, node, Code::kMisc, "Cannot redefine an existing name as final");
  } else if (!first || (w.symbols[symbol].definitions[0].node != node && w.symbols[symbol].typed == Progress::kDone && w.symbols[symbol].has(kIsInferred))) {
    reportRedefinition(c, symbol, node, target);
  }
  bool is_final_inferred = false;
  TypeId declared = declaredVariableType(w, symbol);
  if (!declared.valid()) is_final_inferred = true;
  if (is_final_inferred) {
    if (!assign.value().valid()) {
      w.symbols[symbol].type = any(c);
      w.symbols[symbol].typed = Progress::kDone;
      fail(c, node, Code::kMisc, "Type in Final[...] can only be omitted if there is an initializer");
      return;
    }
    if (w.symbols[symbol].typed != Progress::kDone) {
      TypeId type = inferExpr(c, assign.value());
      inferVariable(c, symbol, target, type, assign.value());
    }
    c.nodeType(target) = w.symbols[symbol].type;
    return;
  }
  if (w.symbols[symbol].typed != Progress::kDone) {
    w.symbols[symbol].type = declared;
    w.symbols[symbol].typed = Progress::kDone;
  }
  if (c.values.empty()) {
    reportUnimported(w, c.module, node, "Type of variable", declared);
    reportExplicit(w, c.module, node, declared);
  }
  declared = c.withValues(declared);
  c.nodeType(target) = declared;
  bool is_final = w.symbols[symbol].has(kIsFinal);
  bool in_class_body = w.symbols[symbol].owner.valid() && !c.ast->is(target, NodeKind::kAttribute);
  if (is_final && !assign.value().valid() && !in_class_body && !w.modules[c.module].is_stub) {
    fail(c, node, Code::kMisc, "Final name must be initialized with a value");
  }
  if (is_final && in_class_body && w.types[declared].has(kHasTypeVars) && !follows(*c.options, Divergence::kGenericFinal)) {
    fail(c, node, Code::kMisc, "Final name declared in class body cannot depend on type variables");
  }
  if (!is_final && c.ast->is(target, NodeKind::kAttribute)) {
    checkFinalMember(c, target, proper(w, c.nodeType(c.ast->as<syntax::Attribute>(target).value())));
  }
  if (!assign.value().valid()) return;
  // x: Final[…] = … and fields of stubs may be left open by an ellipsis.
  if (auto constant = c.ast->tryAs<syntax::Constant>(assign.value())) {
    if (constant->constantKind() == syntax::ConstantKind::kEllipsis && w.modules[c.module].is_stub) return;
  }
  TypeId type = inferExpr(c, assign.value(), declared);
  // `x = None  # type: T` in a class body only declares; a type comment stands in the range of its statement.
  bool is_comment = c.ast->is(assign.annotation(), NodeKind::kConstant) && c.ast->range(assign.annotation()).begin == c.ast->range(node).begin;
  bool in_class = is_comment && symbol.valid() && w.symbols[symbol].owner.valid() && !w.symbols[symbol].has(kIsSelfAttribute);
  if (in_class && w.types.is(proper(w, type), TypeKind::kNone)) type = declared;
  checkAssigned(c, type, declared, assign.value());
  KeyId key = keyOf(c, target);
  // ref: mypy checker.visit_assignment_stmt
  bool narrows = follows(*c.options, Divergence::kDeclarationsNarrow);
  if (key.valid() && narrows) {
    c.binder->invalidateDependents(key, c.keys);
    bool any_declared = w.types.is(proper(w, declared), TypeKind::kAny);
    if (!any_declared) c.binder->assign(key, type, declared, false);
  }
}

void checkAugAssign(Checker& c, NodeId node) {
  auto assign = c.ast->as<syntax::AugAssign>(node);
  completeByAugmented(c, node);
  TypeId left = inferExpr(c, assign.target());
  Watch watch = startWatch(c);
  TypeId right = inferExpr(c, assign.value());
  bool display = c.ast->is(assign.value(), NodeKind::kList) || c.ast->is(assign.value(), NodeKind::kDict) || c.ast->is(assign.value(), NodeKind::kSet);
  if (display) takeBack(c, watch);
  TypeId result = binaryOperation(c, assign.op(), left, right, assign.target(), display ? assign.value() : NodeId::none(), node, TypeId::none(), true);
  if (c.ast->is(assign.target(), NodeKind::kName) || c.ast->is(assign.target(), NodeKind::kAttribute)) {
    World& w = c.w;
    if (c.ast->is(assign.target(), NodeKind::kName)) checkFinalName(c, assign.target());
    if (SymbolId attribute = inferredAttributeAt(c, assign.target()); attribute.valid()) {
      return assignInferredAttribute(c, attribute, assign.target(), result, NodeId::none());
    }
    SymbolId named = c.ast->is(assign.target(), NodeKind::kName) ? symbolAt(c, assign.target()) : SymbolId::none();
    if (follows(*c.options, Divergence::kRedefinition) && isWidened(c, named, assign.target())) {
      return assignWidening(c, named, assign.target(), result, NodeId::none());
    }
    TypeId declared = targetType(c, assign.target());
    if (w.types.is(declared, TypeKind::kPartial)) return;
    c.nodeType(assign.target()) = declared;
    if (!isSubtype(w, result, declared) && !isDynamic(c)) {
      std::string op = syntax::spelling(assign.op());
      auto texts = formatTwo(w, result, declared);
      bool is_inplace = w.types.is(proper(w, left), TypeKind::kInstance) && findMember(w, w.types[proper(w, left)].cls(), w.name(inplaceMethod(assign.op()))).found();
      fail(c, node, Code::kAssignment, is_inplace ? "Result type of " + op + " incompatible in assignment"
                                                  : "Incompatible types in assignment (expression has type " + texts.first + ", variable has type " + texts.second + ")");
    }
    KeyId key = keyOf(c, assign.target());
    if (key.valid()) {
      c.binder->invalidateDependents(key, c.keys);
      c.binder->assign(key, result, declared, false);
    }
  } else {
    assignTo(c, assign.target(), result, NodeId::none());
  }
}

}  // namespace krait::check

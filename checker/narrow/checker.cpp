#include "checker/narrow/checker.h"

namespace krait::narrow {

void fail(Checker& c, TextRange range, Code code, std::string text) {
  if (c.silent > 0) return;
  if (c.binder != nullptr && c.binder->isUnreachable() && !c.options->check_unreachable) return;
  Message message;
  message.range = range;
  message.code = code;
  message.text = std::move(text);
  message.target = c.w.target;
  c.messages->push_back(std::move(message));
}

void fail(Checker& c, NodeId node, Code code, std::string text) { fail(c, c.ast->range(node), code, std::move(text)); }

void note(Checker& c, NodeId node, Code code, std::string text) {
  if (c.silent > 0) return;
  if (c.binder != nullptr && c.binder->isUnreachable() && !c.options->check_unreachable) return;
  Message message;
  message.range = c.ast->range(node);
  message.code = code;
  message.severity = Severity::kNote;
  message.text = std::move(text);
  message.target = c.w.target;
  c.messages->push_back(std::move(message));
}

Watch startWatch(Checker& c) { return {c.messages->size()}; }

bool hasNewErrors(const Checker& c, Watch watch) {
  for (size_t i = watch.mark; i < c.messages->size(); ++i) {
    // That something is deprecated makes nothing wrong.
    if ((*c.messages)[i].severity == Severity::kError && (*c.messages)[i].code != Code::kDeprecated) return true;
  }
  return false;
}

std::vector<Message> takeBack(Checker& c, Watch watch) {
  std::vector<Message> taken(std::make_move_iterator(c.messages->begin() + static_cast<ptrdiff_t>(watch.mark)),
                             std::make_move_iterator(c.messages->end()));
  c.messages->resize(watch.mark);
  return taken;
}

void putBack(Checker& c, std::vector<Message> messages) {
  if (c.silent > 0) return;
  for (Message& message : messages) c.messages->push_back(std::move(message));
}

ScopeId comprehensionScopeOf(Checker& c, NodeId node) {
  auto found = c.comprehension_scopes.find(node.value);
  if (found != c.comprehension_scopes.end()) return found->second;
  ScopeId scope = comprehensionScope(c.w, c.module, c.scope, node);
  c.comprehension_scopes[node.value] = scope;
  return scope;
}

SymbolId symbolAt(Checker& c, NodeId name) { return lookupName(c.w, c.scope, syntax::nameOf(*c.ast, name)); }

static std::string literalKey(Checker& c, NodeId node) {
  const Ast& ast = *c.ast;
  if (auto constant = ast.tryAs<syntax::Constant>(node)) {
    switch (constant->constantKind()) {
      case syntax::ConstantKind::kInt:
      case syntax::ConstantKind::kStr:
      case syntax::ConstantKind::kBytes: return std::string(ast.text(node));
      default: return "";
    }
  }
  if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) {
    if (unary->op() == syntax::UnaryOperator::kUSub && ast.is(unary->operand(), NodeKind::kConstant)) {
      std::string inner = literalKey(c, unary->operand());
      return inner.empty() ? "" : "-" + inner;
    }
  }
  if (auto name = ast.tryAs<syntax::Name>(node)) {
    // A Final name with a known value narrows as the value does.
    SymbolId symbol = symbolAt(c, node);
    if (symbol.valid() && c.w.symbols[symbol].has(kIsFinal)) return "final " + std::string(c.w.text(name->name()));
  }
  return "";
}

static KeyId keyOfReference(Checker& c, NodeId node) {
  const Ast& ast = *c.ast;
  switch (ast.kind(node)) {
    case NodeKind::kName: {
      SymbolId symbol = symbolAt(c, node);
      if (!symbol.valid()) return KeyId::none();
      return c.keys.variable(symbol);
    }
    case NodeKind::kAttribute: {
      auto attribute = ast.as<syntax::Attribute>(node);
      KeyId base = keyOfReference(c, attribute.value());
      return base.valid() ? c.keys.attribute(base, syntax::nameOf(ast, attribute.attr())) : base;
    }
    case NodeKind::kSubscript: {
      auto subscript = ast.as<syntax::Subscript>(node);
      KeyId base = keyOfReference(c, subscript.value());
      if (!base.valid()) return base;
      std::string literal = literalKey(c, subscript.slice());
      return literal.empty() ? KeyId::none() : c.keys.item(base, literal);
    }
    case NodeKind::kNamedExpr: return keyOfReference(c, ast.as<syntax::NamedExpr>(node).target());
    default: return KeyId::none();
  }
}

KeyId keyOf(Checker& c, NodeId node) {
  KeyId key = keyOfReference(c, node);
  if (key.valid()) return key;
  for (NodeId subject : c.match_subjects) {
    if (subject == node) return c.keys.other(node.value);
  }
  return KeyId::none();
}

}  // namespace krait::narrow

// RSE102: empty parentheses on a raised exception. ref: flake8-raise
#include <cctype>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// What a function returns must be called for: names that look like functions may be some.
static bool looksLikeFunction(std::string_view name) {
  bool is_dunder = name.starts_with("__") && name.ends_with("__");
  if (is_dunder) return false;
  while (name.starts_with('_')) name.remove_prefix(1);
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z';
}

void checkRaiseParentheses(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || !call->args().empty()) return;
  NodeId func = call->func();
  std::string qualified = qualifiedName(context, func);
  bool is_class = qualified.starts_with("builtins.");
  SymbolId owner = ast.is(func, NodeKind::kName) ? context.model.ownerAt(func) : SymbolId::none();
  if (auto member = ast.tryAs<syntax::Attribute>(func); member && ast.is(member->value(), NodeKind::kName)) {
    // A member of a class of this file.
    SymbolId cls = context.model.ownerAt(member->value());
    auto definitions = cls.valid() ? context.model.definitions(cls) : decltype(context.model.definitions(cls)){};
    if (!definitions.empty() && definitions.back().kind == DefinitionKind::kClass) {
      owner = context.model.find(context.model.scopeOf(definitions.back().owner), syntax::nameOf(ast, member->attr()));
    }
  }
  if (owner.valid()) {
    auto definitions = context.model.definitions(owner);
    if (!definitions.empty() && definitions.back().kind == DefinitionKind::kFunction) return;
    is_class |= !definitions.empty() && definitions.back().kind == DefinitionKind::kClass;
  }
  std::string_view last = lastName(ast, func);
  if (qualified.starts_with("ctypes.WinError") || (!is_class && looksLikeFunction(last))) return;
  TextRange parens = argumentsRange(context, call->id);
  bool joins_words = parens.end < ast.text().size() && std::isalpha(static_cast<unsigned char>(ast.text()[parens.end])) != 0;
  bool is_certain = is_class || (!last.empty() && last[0] >= 'A' && last[0] <= 'Z');
  context.sink.begin("RSE102"_rule, parens)
      .fix("Remove unnecessary parentheses", {{parens, joins_words ? " " : ""}}, is_certain ? FixSafety::kSafe : FixSafety::kUnsafe);
}

}  // namespace krait::lint

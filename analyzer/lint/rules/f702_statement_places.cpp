// F406, F407, F602, F621, F622, F633: forms at places where they do not work. ref: pyflakes
#include <map>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkFutureFeatures(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  std::string_view module = syntax::nameText(ast, import.module());
  bool is_star = !import.names().empty() && syntax::nameText(ast, ast.as<syntax::Alias>(import.names()[0]).name()) == "*";
  if (is_star && context.model.enclosingScope(node) != SemanticModel::kModuleScope) {
    std::string shown(import.level(), '.');
    context.sink.begin("F406"_rule, ast.range(node), {shown + std::string(module)});
  }
  if (module != "__future__" || import.level() != 0) return;
  for (NodeId alias : import.names()) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias).name());
    bool is_known = isOneOf(name, {"nested_scopes", "generators", "division", "absolute_import", "with_statement", "print_function",
                                   "unicode_literals", "barry_as_FLUFL", "generator_stop", "annotations"});
    if (!is_known) context.sink.begin("F407"_rule, ast.range(alias), {name});
  }
}

void checkRepeatedVariableKeys(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto dict = ast.as<syntax::Dict>(node);
  // The fields of a `TypedDict("X", {…})` are no dictionary.
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  bool is_fields = call && !call->args().empty() && call->args()[0] != node && typingName(context, call->func()) == "TypedDict";
  if (is_fields) return;
  std::map<std::string_view, std::vector<std::string_view>> seen;
  for (size_t i = 0; i < dict.keys().size(); ++i) {
    NodeId key = dict.keys()[i];
    if (!ast.is(key, NodeKind::kName)) continue;
    std::string_view value = ast.text(dict.values()[i]);
    auto [entry, is_new] = seen.try_emplace(ast.text(key));
    bool is_same_value = false;
    for (std::string_view known : entry->second) is_same_value |= known == value;
    entry->second.push_back(value);
    if (is_new) continue;
    auto finding = context.sink.begin("F602Other"_rule, ast.range(key), {ast.text(key)});
    if (is_same_value) {
      TextRange range{parenthesizedRange(ast, dict.values()[i - 1]).end, parenthesizedRange(ast, dict.values()[i]).end};
      finding.fix("Remove repeated key `" + std::string(ast.text(key)) + "`", {{range, ""}}, FixSafety::kUnsafe);
    }
  }
}

void checkPrintShift(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BinOp>(node);
  if (operation.op() != syntax::BinaryOp::kRShift || !isBuiltin(context, operation.left(), "print")) return;
  context.sink.begin("F633"_rule, ast.range(operation.left()));
}

}  // namespace krait::lint

// PTH124, PTH210: py.path, and suffixes without a dot. ref: flake8-use-pathlib
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

void checkPyPath(LintContext& context, NodeId node) {
  if (calleeName(context, node) == "py.path.local") {
    context.sink.begin("PTH124"_rule, context.ast.range(context.ast.as<syntax::Call>(node).func()));
  }
}

void checkSuffixes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "with_suffix" || call.args().size() > 1) return;
  NodeId suffix = argumentOf(ast, node, "suffix", 0);
  if (!suffix.valid()) return;
  auto text = syntax::stringValue(ast, suffix);
  bool is_dot = text == "." && context.options.target_minor < 14;
  if (!text || text->empty() || (text->starts_with(".") && !is_dot) || !isPlainPath(context, method->value())) return;
  syntax::StringPrefix prefix = syntax::parseStringPrefix(ast.text(suffix));
  uint32_t at = ast.range(suffix).begin + prefix.prefix_size + prefix.quote_size;
  auto finding = context.sink.begin(is_dot ? "PTH210Dot"_rule : "PTH210"_rule, ast.range(node));
  if (!is_dot) finding.fix("Add a leading dot", {{{at, at}, "."}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint

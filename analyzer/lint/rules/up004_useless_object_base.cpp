// UP004: a class that inherits from object. ref: pyupgrade
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkObjectBases(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  for (NodeId base : cls.args()) {
    if (!isBuiltin(context, base, "object")) continue;
    auto finding = context.sink.begin("UP004"_rule, ast.range(base), {syntax::nameText(ast, cls.name())});
    if (cls.args().size() != 1) {
      finding.fix("Remove `object` inheritance", {removeArgument(context, cls.args(), base, ast.range(cls.name()).end, ast.range(cls.body()[0]).begin)});
      continue;
    }
    std::string_view text = ast.text();
    uint32_t open = ast.range(base).begin;
    while (open > 0 && text[open] != '(') --open;
    uint32_t close = ast.range(base).end;
    while (close < text.size() && text[close] != ')') ++close;
    bool has_comment = text.substr(open, close - open).find('#') != std::string_view::npos;
    finding.fix("Remove `object` inheritance", {{{open, close + 1}, ""}},
                has_comment ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

}  // namespace krait::lint

// E742: a class named l, O or I. ref: pycodestyle ambiguous_identifier
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAmbiguousClassNames(LintContext& context, NodeId node) {
  NodeId name_node = context.ast.as<syntax::ClassDef>(node).name();
  std::string_view name = syntax::nameText(context.ast, name_node);
  if (name != "l" && name != "O" && name != "I") return;
  context.sink.begin("E742"_rule, context.ast.range(name_node), {name});
}

}  // namespace krait::lint

// N801: a class not in CapWords. ref: pep8-naming
#include <algorithm>

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkClassNames(LintContext& context, NodeId node) {
  NodeId name = context.ast.as<syntax::ClassDef>(node).name();
  std::string_view text = syntax::nameText(context.ast, name);
  std::string_view stripped = text.substr(std::min(text.find_first_not_of('_'), text.size()));
  bool begins_upper = !stripped.empty() && !(stripped[0] >= 'a' && stripped[0] <= 'z');
  if ((begins_upper && stripped.find('_') == std::string_view::npos) || isIgnoredName(context, text)) return;
  context.sink.begin("N801"_rule, context.ast.range(name), {text});
}

}  // namespace krait::lint

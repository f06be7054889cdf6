// N801: a class not in CapWords. ref: pep8-naming
#include <algorithm>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkClassNames(LintContext& context, NodeId node) {
  NodeId name = context.ast.as<syntax::ClassDef>(node).name();
  std::string_view text = syntax::nameText(context.ast, name);
  std::string_view stripped = text.substr(std::min(text.find_first_not_of('_'), text.size()));
  size_t offset = 0;
  bool begins_upper = !stripped.empty() && unicode::isUpper(unicode::decodeUtf8(stripped, offset));
  if ((begins_upper && stripped.find('_') == std::string_view::npos) || isIgnoredName(context, text)) return;
  context.sink.begin("N801"_rule, context.ast.range(name), {text});
}

}  // namespace krait::lint

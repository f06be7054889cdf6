// N818: an exception whose name lacks Error. ref: pep8-naming
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkExceptionNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  bool is_exception = false;
  for (NodeId base : cls.args()) {
    std::string_view name = syntax::nameText(ast, base);
    is_exception |= name == "Exception" || name.ends_with("Error");
  }
  std::string_view name = syntax::nameText(ast, cls.name());
  if (is_exception && !name.ends_with("Error") && !isIgnoredName(context, name)) context.sink.begin("N818"_rule, ast.range(cls.name()), {name});
}

}  // namespace krait::lint

// S503: a broken protocol as a parameter's default. ref: bandit B503
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkSslDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params()) {
    NodeId value = ast.as<syntax::Parameter>(id).defaultValue();
    if (!value.valid() || (!ast.is(value, NodeKind::kName) && !ast.is(value, NodeKind::kAttribute))) continue;
    std::string_view name = lastName(ast, value);
    if (!isOneOf(name, {"PROTOCOL_SSLv2", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1", "SSLv2_METHOD",
                        "SSLv23_METHOD", "SSLv3_METHOD", "TLSv1_METHOD", "TLSv1_1_METHOD"})) {
      continue;
    }
    context.sink.begin("S503"_rule, ast.range(value), {name});
  }
}

}  // namespace krait::lint

// F601: a constant key given several times with different values. ref: pyflakes MultiValueRepeatedKeyLiteral
#include <map>
#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRepeatedKeys(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  syntax::Dict dict = ast.as<syntax::Dict>(node);
  std::map<std::string, std::vector<std::string_view>> values;  // by kind and value of the key
  for (size_t i = 0; i < dict.values().size(); ++i) {
    NodeId key = dict.keys()[i];
    auto constant = ast.tryAs<syntax::Constant>(key);
    if (!constant) continue;
    std::string identity = std::to_string(static_cast<int>(constant->constantKind())) + ":";
    identity += syntax::stringValue(ast, key) ? *syntax::stringValue(ast, key) : ast.text(key);
    std::vector<std::string_view>& seen = values[identity];
    std::string_view value = ast.text(dict.values()[i]);
    if (!seen.empty()) {
      DiagnosticBuilder builder = context.sink.begin("F601"_rule, ast.range(key), {ast.text(key)});
      for (std::string_view other : seen) {
        if (other != value) continue;
        TextRange range{ast.range(dict.values()[i - 1]).end, ast.range(dict.values()[i]).end};
        builder.fix("Remove repeated key literal", {{.range = range, .replacement = ""}}, FixSafety::kUnsafe);
        break;
      }
    }
    seen.push_back(value);
  }
}

}  // namespace krait::lint

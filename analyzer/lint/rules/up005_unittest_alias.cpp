// UP005: old names of unittest's assertions. ref: library reference unittest, "Deprecated aliases"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"failUnlessEqual", "assertEqual"}, {"assertEquals", "assertEqual"}, {"failIfEqual", "assertNotEqual"}, {"assertNotEquals", "assertNotEqual"},
    {"failUnless", "assertTrue"}, {"assert_", "assertTrue"}, {"failIf", "assertFalse"}, {"failUnlessRaises", "assertRaises"},
    {"failUnlessAlmostEqual", "assertAlmostEqual"}, {"assertAlmostEquals", "assertAlmostEqual"}, {"failIfAlmostEqual", "assertNotAlmostEqual"},
    {"assertNotAlmostEquals", "assertNotAlmostEqual"}, {"assertRegexpMatches", "assertRegex"}, {"assertNotRegexpMatches", "assertNotRegex"},
    {"assertRaisesRegexp", "assertRaisesRegex"}};

void checkUnittestAlias(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto attribute = ast.tryAs<syntax::Attribute>(call.func());
  if (!attribute || syntax::nameText(ast, attribute->value()) != "self") return;
  std::string_view name = syntax::nameText(ast, attribute->attr());
  for (auto [alias, target] : kAliases) {
    if (alias != name) continue;
    TextRange range = ast.range(call.func());
    context.sink.begin("UP005"_rule, range, {alias, target})
        .fix("Replace `" + std::string(target) + "` with `" + std::string(alias) + "`", {{range, "self." + std::string(target)}});
  }
}

}  // namespace krait::lint

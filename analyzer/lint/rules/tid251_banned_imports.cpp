// TID251, TID253: modules and members that the configuration bans, everywhere or at module level. ref: flake8-tidy-imports
#include <algorithm>

#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static constexpr std::string_view kBanTables[] = {"flake8-tidy-imports.extend-banned-api.", "flake8-tidy-imports.banned-api."};

// The message of a ban on the name or on what holds it; the banned name goes to `banned`.
static std::string banOf(const LintContext& context, std::string_view name, bool with_parents, std::string* banned) {
  while (true) {
    for (std::string_view table : kBanTables) {
      for (std::string_view suffix : {".msg", ""}) {
        std::string message = context.options.text(std::string(table) + std::string(name) + std::string(suffix), "");
        if (message.empty()) continue;
        *banned = name;
        return message;
      }
    }
    size_t dot = name.rfind('.');
    if (!with_parents || dot == std::string_view::npos) return {};
    name = name.substr(0, dot);
  }
}

static bool hasBans(const LintContext& context) {
  return std::any_of(std::begin(kBanTables), std::end(kBanTables), [&](std::string_view table) {
    auto at = context.options.plugins.lower_bound(table);
    return at != context.options.plugins.end() && at->first.starts_with(table);
  });
}

static void reportBan(LintContext& context, std::string_view name, TextRange range, bool with_parents) {
  std::string banned;
  std::string message = banOf(context, name, with_parents, &banned);
  if (!message.empty()) context.sink.begin("TID251"_rule, range, {banned, message});
}

static void checkLevel(LintContext& context, NodeId node, std::string_view name, TextRange range) {
  const std::vector<std::string>* list = context.options.list("flake8-tidy-imports.banned-module-level-imports");
  if (list == nullptr || !context.ast.is(context.ast.parent(node), NodeKind::kModule)) return;
  for (const std::string& banned : *list) {
    if (name == banned || name.starts_with(banned + ".")) return (void)context.sink.begin("TID253"_rule, range, {banned});
  }
}

void checkBannedImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool has_bans = hasBans(context);
  if (auto import = ast.tryAs<syntax::Import>(node)) {
    for (NodeId alias : import->names()) {
      std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias).name());
      if (has_bans) reportBan(context, name, ast.range(alias), true);
      checkLevel(context, node, name, ast.range(alias));
    }
    return;
  }
  auto import = ast.as<syntax::ImportFrom>(node);
  if (import.level() != 0) return;
  std::string module(syntax::nameText(ast, import.module()));
  if (has_bans) reportBan(context, module, ast.range(node), true);
  size_t before = context.sink.all().size();
  checkLevel(context, node, module, ast.range(node));
  bool is_level_told = context.sink.all().size() > before;
  for (NodeId alias : import.names()) {
    std::string member = module + "." + std::string(syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()));
    if (has_bans) reportBan(context, member, ast.range(alias), false);
    if (!is_level_told) checkLevel(context, node, member, ast.range(alias));
  }
}

void checkBannedUses(LintContext& context, NodeId node) {
  if (!context.ast.is(node, NodeKind::kAttribute) || !hasBans(context)) return;
  std::string name = qualifiedName(context, node);
  if (!name.empty()) reportBan(context, name, context.ast.range(node), false);
}

}  // namespace krait::lint

// N811, N812, N813, N814, N817: imports whose new name says another kind of thing than the old one; ICN002, ICN003:
// names that the configuration bans; A004: names of builtins; PLC2403: characters beyond ASCII.
// ref: pep8-naming, flake8-import-conventions, flake8-builtins, pylint
#include <algorithm>
#include <string>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/builtin_names.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Has the name letters of this case, and none of the other?
static bool hasOnly(std::string_view name, unicode::CharacterFlag of, unicode::CharacterFlag other) {
  bool is_found = false;
  for (size_t at = 0; at < name.size();) {
    uint16_t flags = unicode::characterFlags(unicode::decodeUtf8(name, at));
    if (flags & other) return false;
    is_found |= (flags & of) != 0;
  }
  return is_found;
}

static bool isUppercase(std::string_view name) { return hasOnly(name, unicode::kUpper, unicode::kLower); }
static bool isLowercase(std::string_view name) { return hasOnly(name, unicode::kLower, unicode::kUpper); }
static bool isCamelCase(std::string_view name) { return !isLowercase(name) && !isUppercase(name) && name.find('_') == std::string_view::npos; }

static size_t characterCount(std::string_view name) {
  size_t count = 0;
  for (size_t at = 0; at < name.size(); ++count) unicode::decodeUtf8(name, at);
  return count;
}

static bool isAcronymOf(std::string_view name, std::string_view acronym) {
  std::string capitals;
  for (size_t at = 0; at < name.size();) {
    size_t begin = at;
    if (unicode::isUpper(unicode::decodeUtf8(name, at))) capitals += name.substr(begin, at - begin);
  }
  return capitals == acronym;
}

static bool isUsualAlias(const LintContext& context, std::string_view module, std::string_view alias) {
  for (std::string_view key : {"flake8-import-conventions.aliases.", "flake8-import-conventions.extend-aliases."}) {
    std::string own = context.options.text(std::string(key) + std::string(module), "");
    if (!own.empty()) return own == alias;
  }
  return module == "xml.etree.ElementTree" && alias == "ET";
}

static void checkCase(LintContext& context, NodeId statement, TextRange range, std::string_view module, std::string_view bound) {
  auto report = [&](Rule rule, std::string_view name) {
    context.sink.begin(rule, range, {name, bound}).origin(context.ast.range(statement));
  };
  if (isIgnoredName(context, module) || isIgnoredName(context, bound)) return;
  std::string_view name = module.substr(module.rfind('.') + 1);
  if (isUppercase(name) && !isUppercase(bound) && (characterCount(name) > 1 || !isCamelCase(bound))) report("N811"_rule, name);
  if (isLowercase(name) && !isLowerName(bound)) report("N812"_rule, name);
  if (!isCamelCase(name)) return;
  if (isLowercase(bound)) report("N813"_rule, name);
  if (!isUppercase(bound)) return;
  if (!isAcronymOf(name, bound)) {
    // One letter may stand for a class or a constant.
    if (characterCount(bound) == 1) return;
    report("N814"_rule, name);
  } else if (!isUsualAlias(context, module, bound)) {
    report("N817"_rule, name);
  }
}

static bool isAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

static void checkCharacters(LintContext& context, syntax::Alias alias, std::string_view name, std::string_view bound) {
  if (alias.asname().valid()) {
    if (!isAscii(bound)) context.sink.begin("PLC2403"_rule, context.ast.range(alias.asname()), {bound});
  } else if (!isAscii(name)) {
    context.sink.begin("PLC2403Name"_rule, context.ast.range(alias.id), {name});
  }
}

static bool isBannedAlias(const LintContext& context, std::string_view module, std::string_view bound) {
  const std::vector<std::string>* banned = context.options.list("flake8-import-conventions.banned-aliases." + std::string(module));
  return banned != nullptr && std::find(banned->begin(), banned->end(), bound) != banned->end();
}

static void checkAlias(LintContext& context, NodeId node, NodeId alias_id, std::string_view prefix) {
  const Ast& ast = context.ast;
  auto alias = ast.as<syntax::Alias>(alias_id);
  NodeId bound_id = alias.asname().valid() ? alias.asname() : alias.name();
  std::string_view name = syntax::nameText(ast, alias.name()), bound = syntax::nameText(ast, bound_id);
  std::string module = std::string(prefix) + std::string(name);
  if (isShadowedBuiltin(context, syntax::nameOf(ast, bound_id))) context.sink.begin("A004"_rule, ast.range(bound_id), {bound});
  checkCharacters(context, alias, name, bound);
  if (!alias.asname().valid()) return;
  checkCase(context, node, ast.range(alias_id), module, bound);
  if (isBannedAlias(context, module, bound)) context.sink.begin("ICN002"_rule, ast.range(node), {module, bound});
}

void checkImportNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto import = ast.tryAs<syntax::Import>(node)) {
    for (NodeId alias : import->names()) checkAlias(context, node, alias, "");
    return;
  }
  auto from = ast.as<syntax::ImportFrom>(node);
  std::string module(syntax::nameText(ast, from.module()));
  if (module == "__future__") return;
  for (NodeId alias : from.names()) checkAlias(context, node, alias, from.level() == 0 ? module + "." : std::string());
  const std::vector<std::string>* banned = context.options.list("flake8-import-conventions.banned-from");
  bool is_banned = banned != nullptr && from.level() == 0 && std::find(banned->begin(), banned->end(), module) != banned->end();
  if (is_banned) context.sink.begin("ICN003"_rule, ast.range(node), {module});
}

}  // namespace krait::lint

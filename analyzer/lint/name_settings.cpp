#include "analyzer/lint/name_settings.h"

#include <algorithm>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/config/path_regex.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

const std::vector<std::string>& sourceFolders(const LintContext& context) {
  static const std::vector<std::string> kUsual = {".", "src"};
  const std::vector<std::string>* given = context.options.list("src");
  return given != nullptr ? *given : kUsual;
}

std::string_view typingModule(const LintContext& context, uint32_t since) {
  if (context.options.target_minor >= since) return "typing";
  return context.options.flag("typing-extensions", true) ? "typing_extensions" : "";
}

bool isListed(const LintContext& context, std::string_view key, std::string_view name) {
  const std::vector<std::string>* list = context.options.list(key);
  return list != nullptr && std::find(list->begin(), list->end(), name) != list->end();
}

bool matchesListed(const LintContext& context, std::string_view key, std::string_view name) {
  const std::vector<std::string>* list = context.options.list(key);
  if (list == nullptr || name.empty()) return false;
  return std::any_of(list->begin(), list->end(), [&](const std::string& pattern) { return config::matchesGlob(pattern, name); });
}

bool listsQualified(const LintContext& context, std::string_view key, std::string_view qualified) {
  if (qualified.empty()) return false;
  constexpr std::string_view kModule = "builtins.";
  bool is_builtin = qualified.starts_with(kModule) && isListed(context, key, qualified.substr(kModule.size()));
  return is_builtin || (qualified.find('.') != std::string_view::npos && isListed(context, key, qualified));
}

bool isIgnoredName(const LintContext& context, std::string_view name) {
  bool has_own = context.options.list("pep8-naming.ignore-names") != nullptr;
  bool is_usual = isOneOf(name, {"setUp", "tearDown", "setUpClass", "tearDownClass", "setUpModule", "tearDownModule", "asyncSetUp",
                                 "asyncTearDown", "setUpTestData", "failureException", "longMessage", "maxDiff"});
  return (has_own ? matchesListed(context, "pep8-naming.ignore-names", name) : is_usual) ||
         matchesListed(context, "pep8-naming.extend-ignore-names", name);
}

bool isDummy(const LintContext& context, std::string_view name) {
  if (context.options.dummy_variable_rgx.empty()) return isDummyName(name);
  return context.tokens.isFoundIn(context.options.dummy_variable_rgx, name);
}

bool isLowerName(std::string_view name) {
  for (size_t at = 0; at < name.size();) {
    uint16_t flags = unicode::characterFlags(unicode::decodeUtf8(name, at));
    if ((flags & unicode::kAlpha) && !(flags & unicode::kLower)) return false;
  }
  return true;
}

}  // namespace krait::lint

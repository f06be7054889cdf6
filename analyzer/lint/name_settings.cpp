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
  if (list == nullptr) return false;
  return std::any_of(list->begin(), list->end(), [&](const std::string& pattern) { return config::matchesGlob(pattern, name); });
}

bool listsQualified(const LintContext& context, std::string_view key, std::string_view qualified) {
  const std::vector<std::string>* list = context.options.list(key);
  if (list == nullptr || qualified.empty()) return false;
  std::string_view last = qualified.substr(qualified.rfind('.') + 1);
  return std::any_of(list->begin(), list->end(), [&](const std::string& name) { return name == qualified || name == last; });
}

bool isIgnoredName(const LintContext& context, std::string_view name) {
  bool has_own = context.options.list("pep8-naming.ignore-names") != nullptr;
  bool is_usual = isOneOf(name, {"setUp", "tearDown", "setUpClass", "tearDownClass", "setUpModule", "tearDownModule", "asyncSetUp",
                                 "asyncTearDown", "setUpTestData", "failureException", "longMessage", "maxDiff"});
  return (has_own ? isListed(context, "pep8-naming.ignore-names", name) : is_usual) ||
         isListed(context, "pep8-naming.extend-ignore-names", name);
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

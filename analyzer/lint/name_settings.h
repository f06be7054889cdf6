// Settings that list names: whether a name is on a list of the configuration, with the defaults that ruff gives them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The folders that hold the project's sources (`src`): paths from the configuration's folder, which may be patterns.
const std::vector<std::string>& sourceFolders(const LintContext& context);
// The module of a name that typing has since Python 3.`since`: "typing", else "typing_extensions", or "" where the project does not
// use that (`typing-extensions = false`).
std::string_view typingModule(const LintContext& context, uint32_t since);
// Does the list setting hold the name? False when the setting is not given.
bool isListed(const LintContext& context, std::string_view key, std::string_view name);
// Does a pattern of the list setting match the name, which is not empty?
bool matchesListed(const LintContext& context, std::string_view key, std::string_view name);
// Does the list setting hold the qualified name? A name without a dot in the list is a builtin.
bool listsQualified(const LintContext& context, std::string_view key, std::string_view qualified);
// pep8-naming: names that any style lets pass (`ignore-names`, `extend-ignore-names`).
bool isIgnoredName(const LintContext& context, std::string_view name);
// Does the name say "not used on purpose", by `dummy-variable-rgx` or, where that is not set, by isDummyName?
bool isDummy(const LintContext& context, std::string_view name);
// pep8-naming: are all letters of the name small ones? Letters of an alphabet without cases are not.
bool isLowerName(std::string_view name);

}  // namespace krait::lint

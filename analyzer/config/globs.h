// Patterns of paths as the settings of linters and formatters write them. ref: globset
#pragma once

#include <string_view>

namespace krait::config {

// Shell-style match of a whole path or, where the pattern has no slash, of its last part: `*` and `?` cross folders, `**/` is any
// folders or none, `[abc]`, `{a,b}`. (`matchesGlob` of lint_options.h stays within names, as .gitignore wants it.)
bool matchesPathGlob(std::string_view pattern, std::string_view path);

}  // namespace krait::config

// Patterns of paths as the settings of linters and formatters write them. ref: globset
#pragma once

#include <string_view>

namespace krait::config {

// Shell-style match of a whole path or, where the pattern has no slash, of its last part: `*` within a name, `**` across folders, `?`,
// `[abc]`. So .gitignore wants it.
bool matchesGlob(std::string_view pattern, std::string_view path);
// The same, but `*` and `?` cross folders, `**/` is any folders or none, and there are alternatives: `{a,b}`.
bool matchesPathGlob(std::string_view pattern, std::string_view path);

}  // namespace krait::config

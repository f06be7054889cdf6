// The names of lint rules: "unused-import" for F401. Suppression comments may use them in the preview. ref: ruff
#pragma once

#include <string_view>

namespace krait {

// The name of the rule with the code; empty when ruff has no such rule.
std::string_view lintRuleName(std::string_view code);
// The code of the rule with the name; empty when no rule is called so.
std::string_view lintCodeOfRule(std::string_view name);

}  // namespace krait

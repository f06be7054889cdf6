// "Did you mean …?": the name that is nearest to a mistyped one. ref: Python/suggestions.c (_Py_CalculateSuggestions).
#pragma once

#include <string>
#include <vector>

namespace krait::object {

// The candidate nearest to `wrong`; empty when none is near enough. Texts in UTF-8.
std::string nearestName(const std::vector<std::string>& candidates, const std::string& wrong);
// "f() got an unexpected keyword argument 'wrong'", with the name among `candidates` that is meant.
std::string unexpectedKeywordText(const std::string& function, const std::string& wrong, const std::vector<std::string>& candidates);

}  // namespace krait::object

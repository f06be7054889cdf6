// `required-version` of a ruff configuration: which versions of ruff it is written for. ref: PEP 440
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace krait::config {

// The version of ruff whose rules and settings these are.
inline constexpr std::string_view kRuffVersion = "0.17.3";

// What is wrong with the specifiers (">=0.15, <1"; a version alone is the only one): they are none, or do not hold of kRuffVersion.
std::optional<std::string> faultOfRequiredVersion(std::string_view specifiers);

}  // namespace krait::config

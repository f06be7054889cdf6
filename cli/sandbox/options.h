// The options that open a sandbox, for every command that has one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/sandbox/sandbox.h"

namespace krait::cli {

// Added to a command's own options, in this order.
enum SandboxOption : size_t { kAllowRead, kAllowWrite, kAllowRun, kAllowEnvironment, kAllowNetwork, kWeakSandbox, kSandboxOptionCount };
std::vector<OptionSpec> withSandboxOptions(std::vector<OptionSpec> options);

struct SandboxChoice {
  SandboxPermissions permissions;
  SandboxPolicy policy = SandboxPolicy::kRequired;
};
// `first`: the index of the first one among the command's options. What is wrong with the option, or none.
std::optional<std::string> readSandboxOption(const ParsedOption& option, size_t first, SandboxChoice& choice);

}  // namespace krait::cli

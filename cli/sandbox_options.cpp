#include "cli/sandbox_options.h"

#include <filesystem>

namespace krait::cli {

std::vector<OptionSpec> withSandboxOptions(std::vector<OptionSpec> options) {
  const OptionSpec kOptions[] = {
      {"--allow-read", ArgKind::kValue, "PATH", "a path that programs may read; may be repeated", "sandbox"},
      {"--allow-write", ArgKind::kValue, "PATH", "a path that programs may write to; may be repeated", "sandbox"},
      {"--allow-env", ArgKind::kValue, "NAME", "a variable that programs may see; may be repeated", "sandbox"},
      {"--allow-net", ArgKind::kFlag, "", "the network", "sandbox"},
      {"--allow-weak-sandbox", ArgKind::kFlag, "", "run even where the kernel lacks a layer of the sandbox", "sandbox"}};
  options.insert(options.end(), std::begin(kOptions), std::end(kOptions));
  return options;
}

// An existing path, as an absolute one.
static std::optional<std::string> addPath(std::vector<std::string>& paths, std::string_view option, const std::string& path) {
  std::error_code error;
  std::filesystem::path full = std::filesystem::canonical(path, error);
  if (error) return "argument " + std::string(option) + ": " + path + ": " + error.message();
  paths.push_back(full.string());
  return std::nullopt;
}

std::optional<std::string> readSandboxOption(const ParsedOption& option, size_t first, SandboxChoice& choice) {
  if (option.index < first) return std::nullopt;
  switch (static_cast<SandboxOption>(option.index - first)) {
    case kAllowRead: return addPath(choice.permissions.read, "--allow-read", option.values[0]);
    case kAllowWrite: return addPath(choice.permissions.write, "--allow-write", option.values[0]);
    case kAllowEnvironment: choice.permissions.environment.push_back(option.values[0]); break;
    case kAllowNetwork: choice.permissions.has_network = true; break;
    case kWeakSandbox: choice.policy = SandboxPolicy::kBestEffort; break;
    default: break;
  }
  return std::nullopt;
}

}  // namespace krait::cli

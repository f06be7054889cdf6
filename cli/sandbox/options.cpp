#include "cli/sandbox/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace krait::cli {

std::vector<OptionSpec> withSandboxOptions(std::vector<OptionSpec> options) {
  const OptionSpec kOptions[] = {
      {"--allow-read", ArgKind::kValue, "PATH", "a path that programs may read; may be repeated", "sandbox"},
      {"--allow-write", ArgKind::kValue, "PATH", "a path that programs may write to; may be repeated", "sandbox"},
      {"--allow-run", ArgKind::kValue, "PROGRAM", "a program that programs may start, by name or path; may be repeated", "sandbox"},
      {"--allow-env", ArgKind::kValue, "NAME", "a variable that programs may see; may be repeated", "sandbox"},
      {"--allow-net", ArgKind::kOptional, "[=HOST:PORT]", "the network, or one address of it; may be repeated", "sandbox"},
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

// A program by its path, or by its name among the system's.
static std::optional<std::string> addProgram(std::vector<std::string>& programs, const std::string& name) {
  std::vector<std::string> places = {""};
  if (name.find('/') == std::string::npos) places = {"/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/sbin/"};
  std::error_code error;
  for (const std::string& place : places) {
    std::filesystem::path path = std::filesystem::absolute(place + name, error);
    if (!error && access(path.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(path, error)) {
      programs.push_back(path.lexically_normal().string());
      return std::nullopt;
    }
  }
  return "argument --allow-run: " + name + ": no such program";
}

// `example.com:443`; nothing: the whole network.
static std::optional<std::string> addAddress(SandboxPermissions& permissions, const std::string& text) {
  if (text.empty()) {
    permissions.has_network = true;
    return std::nullopt;
  }
  size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon), port = colon == std::string::npos ? "" : text.substr(colon + 1);
  bool is_number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  int number = is_number ? std::atoi(port.c_str()) : 0;
  auto is_host = [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' || c == '-' || c == '_'; };
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host) || number < 1 || number > 65535)
    return "argument --allow-net: '" + text + "': expected HOST:PORT, a name or an IPv4 address and a number";
  if (permissions.addresses.size() >= kMostAddresses) return "argument --allow-net: at most " + std::to_string(kMostAddresses) + " addresses";
  permissions.addresses.push_back({host, static_cast<uint16_t>(number)});
  return std::nullopt;
}

std::optional<std::string> readSandboxOption(const ParsedOption& option, size_t first, SandboxChoice& choice) {
  if (option.index < first) return std::nullopt;
  switch (static_cast<SandboxOption>(option.index - first)) {
    case kAllowRead: return addPath(choice.permissions.read, "--allow-read", option.values[0]);
    case kAllowWrite: return addPath(choice.permissions.write, "--allow-write", option.values[0]);
    case kAllowEnvironment: choice.permissions.environment.push_back(option.values[0]); break;
    case kAllowRun: return addProgram(choice.permissions.run, option.values[0]);
    case kAllowNetwork: return addAddress(choice.permissions, option.values[0]);
    case kWeakSandbox: choice.policy = SandboxPolicy::kBestEffort; break;
    default: break;
  }
  return std::nullopt;
}

}  // namespace krait::cli

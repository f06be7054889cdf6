// Running a program that somebody else wrote: in a private temporary folder, with limits on time, memory, output and
// files, without the network, and without writing anywhere else. The kernel enforces it (resource limits, Landlock,
// seccomp, namespaces); what this kernel refuses is named. Connections to single addresses go through gates (gates.h).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/sanitizers.h"
#include "cli/sandbox/stand_in.h"

namespace krait::cli {

struct SandboxLimits {
  unsigned wall_seconds = 10 * kSlowdown;
  unsigned cpu_seconds = 10 * kSlowdown;
  size_t memory_bytes = size_t{2} << 30;
  size_t output_bytes = size_t{4} << 20;
  size_t file_bytes = size_t{16} << 20;
  size_t processes = 64;
};

// What the person who runs it allows besides.
struct SandboxPermissions {
  std::vector<std::string> read;         // paths
  std::vector<std::string> list;         // folders whose names may be listed; what they hold needs permission itself
  std::vector<std::string> write;        // paths
  std::vector<std::string> run;          // programs, by absolute paths
  std::vector<std::string> environment;  // names of variables that are passed on
  std::vector<NetAddress> addresses;     // the only ones it can connect to, over TCP
  bool has_network = false;              // all of it
};

struct SandboxedRun {
  std::string stdout_text;
  std::string stderr_text;
  int exit_code = -1;
  int signal = 0;
  bool is_timeout = false;
  bool is_cut = false;      // more output than allowed
  bool is_refused = false;  // a layer could not be set up, so the program was not started
};

// The layers that this kernel does not offer, by name; empty when all hold.
std::vector<std::string> missingSandboxLayers();

enum class SandboxPolicy { kRequired, kBestEffort };

struct SandboxRequest {
  std::vector<std::string> command;  // command[0] is the path of a program
  std::string folder;                // where it runs, and the only place that it may write to
  std::string input;                 // on its standard input
  SandboxLimits limits;
  SandboxPermissions permissions;
  SandboxPolicy policy = SandboxPolicy::kRequired;
  const StandIns* stand_ins = nullptr;  // pages of the network that are answered here
  std::vector<std::pair<std::string, std::string>> variables;  // of its environment, besides
};

// Its environment is empty but for PATH, HOME, LANG, TMPDIR and KRAIT_SANDBOX, where certificates of stand-ins are, and `variables`.
SandboxedRun runSandboxed(const SandboxRequest& request);
// The same with this process's standard streams, as long as it takes. How it ended, as a shell says it; none: refused.
std::optional<int> runSandboxedHere(const SandboxRequest& request);

}  // namespace krait::cli

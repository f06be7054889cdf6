// Running the blocks of documents in the sandbox, several at a time. A block whose claims do not hold runs once more: what
// differs between the two runs is a sample.
#pragma once

#include <string>
#include <vector>

#include "cli/verify/document.h"
#include "cli/sandbox/sandbox.h"

namespace krait::cli {

// Blocks wait more than they work: for sleeps, for their start.
inline constexpr unsigned kBlocksPerThread = 4;

struct RunRequest {
  std::vector<std::string> interpreter;  // command[0] is a path
  bool is_own = false;                   // it is krait, which can run with clocks of its own
  bool has_contracts = false;            // annotations are tested against the values that flow
  bool is_deterministic = false;         // every run has them
  SandboxLimits limits;
  SandboxPermissions permissions;
  SandboxPolicy policy = SandboxPolicy::kRequired;
};

// One block's run; the status stays kUnrun when the sandbox could not be set up.
BlockRun runBlock(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index);

// Runs `program` in the block's place as script.py, watched; what was seen (runtime/interp/observe.h), empty when it did not run.
std::string runObserved(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, const std::string& program);

// Every block that can run.
void runDocument(const RunRequest& request, const SourceFile& file, VerifiedDocument& document);

}  // namespace krait::cli

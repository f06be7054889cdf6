#include "cli/verify/run.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "cli/verify/judge.h"

namespace krait::cli {

// Blocks wait more than they work: for sleeps, for their start.
static constexpr unsigned kBlocksPerThread = 4;

static constexpr int kOtherSeed = 7;

static bool writeInto(const std::string& folder, const NamedFile& file) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::path(folder) / file.path;
  std::filesystem::create_directories(path.parent_path(), error);
  return !error && writeFileAtomically(path.string(), file.text).ok();
}

// The doctests of a file run with the file itself, and with what stands beside it.
static std::string folderOf(std::string_view path) {
  std::error_code error;
  std::filesystem::path full = std::filesystem::absolute(std::filesystem::path(path), error);
  return error ? "" : full.parent_path().string();
}

// `seed`: of a run with clocks and randomness of its own; negative: with the system's.
static void runOnce(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, int seed, BlockRun& run) {
  std::string folder = "/tmp/krait-verify-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return;
  std::string program = programOf(document, index);
  const std::string& own_name = document.blocks[index].file;
  std::string script = own_name.ends_with(".py") ? own_name : "script.py";
  bool is_written = writeInto(folder, {script, program});
  for (const NamedFile& named : filesOf(document, index)) {
    if (named.path != script) is_written = is_written && writeInto(folder, named);
  }
  SandboxRequest sandbox{.command = request.interpreter, .folder = folder, .input = document.blocks[index].input, .limits = request.limits, .permissions = request.permissions, .policy = request.policy};
  if (!document.module_path.empty()) {
    std::string name = document.module_path.substr(document.module_path.rfind('/') == std::string::npos ? 0 : document.module_path.rfind('/') + 1);
    is_written = is_written && writeInto(folder, {name, file.text});
    std::string beside = folderOf(document.module_path);
    if (!beside.empty()) sandbox.permissions.read.push_back(beside);
  }
  if (request.has_contracts) sandbox.command.push_back("--contracts");
  if (seed >= 0) sandbox.command.insert(sandbox.command.end(), {"--deterministic", "--seed", std::to_string(seed)});
  sandbox.command.push_back(script);
  for (const std::string& argument : document.blocks[index].arguments) sandbox.command.push_back(argument);
  SandboxedRun outcome;
  if (is_written) outcome = runSandboxed(sandbox);
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (!is_written || outcome.is_refused) return;
  run.exit_code = outcome.exit_code;
  run.stderr_text = outcome.stderr_text;
  bool is_over = outcome.is_timeout || outcome.signal == SIGXCPU || (outcome.signal == SIGKILL && !outcome.is_cut);
  run.status = outcome.is_cut           ? BlockStatus::kCut
               : is_over                ? BlockStatus::kTimeout
               : outcome.exit_code == 0 ? BlockStatus::kOk
                                        : BlockStatus::kFailed;
  if (outcome.signal != 0 && !is_over && !outcome.is_cut)
    run.stderr_text += "ended by signal " + std::string(strsignal(outcome.signal)) + "\n";
  judgeRun(document.blocks[index], outcome.stdout_text, run);
}

BlockRun runBlock(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index) {
  BlockRun run;
  runOnce(request, file, document, index, request.is_deterministic ? 0 : -1, run);
  bool is_doubtful = std::any_of(run.claims.begin(), run.claims.end(), [](const Claim& claim) { return claim.verdict == Verdict::kWrong; });
  if (!is_doubtful) return run;
  BlockRun again;
  // Another date, other random numbers, another order of sets.
  runOnce(request, file, document, index, request.is_own ? kOtherSeed : -1, again);
  if (again.status != BlockStatus::kUnrun) compareRuns(run.claims, again.claims);
  return run;
}

void runDocument(const RunRequest& request, const SourceFile& file, VerifiedDocument& document) {
  std::vector<BlockRun> runs(document.blocks.size());
  parallelFor(document.blocks.size(), hardwareThreads() * kBlocksPerThread, [&](size_t i) {
    if (document.blocks[i].isRunnable()) runs[i] = runBlock(request, file, document, i);
  });
  for (size_t i = 0; i < document.blocks.size(); ++i) {
    if (runs[i].status != BlockStatus::kUnrun) recordRun(document, file, i, std::move(runs[i]));
  }
}

}  // namespace krait::cli

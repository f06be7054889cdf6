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
#include "cli/verify/instrument.h"
#include "cli/verify/block_program.h"
#include "cli/verify/judge.h"

namespace krait::cli {

static constexpr int kOtherSeed = 7;
static constexpr int kThirdSeed = 11;
// CPU time of a program in which nothing waits.
static constexpr unsigned kCalmSeconds = 4 * kSlowdown;

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

// A private folder with what a block's program finds there, and how the program is started in it; the folder goes away with it.
namespace {
struct Workplace {
  std::string folder = "/tmp/krait-verify-XXXXXX";
  SandboxRequest sandbox;
  std::vector<std::string> arguments;
  bool is_ready = false;

  Workplace(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, const std::string& script, const std::string& program);
  ~Workplace() {
    std::error_code error;
    if (!folder.empty()) std::filesystem::remove_all(folder, error);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  // After the interpreter's own options.
  SandboxedRun run(const std::string& script) {
    sandbox.command.push_back(script);
    sandbox.command.insert(sandbox.command.end(), arguments.begin(), arguments.end());
    return runSandboxed(sandbox);
  }
};
}  // namespace

Workplace::Workplace(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, const std::string& script, const std::string& program) {
  if (mkdtemp(folder.data()) == nullptr) {
    folder.clear();
    return;
  }
  is_ready = writeInto(folder, {script, program});
  sandbox = {.command = request.interpreter, .folder = folder, .input = "", .limits = request.limits, .permissions = request.permissions, .policy = request.policy, .stand_ins = document.stand_ins.get(), .variables = {}};
  allowProject(document.project, request.is_own, sandbox);
  if (index != kWholeFile) {
    for (const NamedFile& named : filesOf(document, index)) {
      if (named.path != script) is_ready = is_ready && writeInto(folder, named);
    }
    sandbox.input = document.blocks[index].input;
    arguments = document.blocks[index].arguments;
  }
  if (document.module_path.empty()) return;
  std::string name = document.module_path.substr(document.module_path.rfind('/') == std::string::npos ? 0 : document.module_path.rfind('/') + 1);
  if (name != script) is_ready = is_ready && writeInto(folder, {name, file.text});
  std::string beside = folderOf(document.module_path);
  if (!beside.empty()) sandbox.permissions.read.push_back(beside);
}

// `seed`: of a run with clocks and randomness of its own; negative: with the system's.
static void runOnce(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, int seed, BlockRun& run, bool is_as_told = false, BlockForm form = BlockForm::kWritten) {
  const std::string& own_name = document.blocks[index].file;
  std::string script = own_name.ends_with(".py") ? own_name : "script.py";
  // The doctests of a file run beside it.
  if (!document.blocks[index].block.is_file && ("/" + document.module_path).ends_with("/" + script)) script = "doctests_of_" + script;
  Workplace place(request, file, document, index, script, programOf(document, index, form));
  if (!place.is_ready) return;
  if (is_as_told) place.arguments = document.blocks[index].told_arguments;
  std::vector<std::string>& command = place.sandbox.command;
  if (request.has_contracts) command.push_back("--contracts");
  if (seed >= 0) command.insert(command.end(), {"--deterministic", "--seed", std::to_string(seed)});
  SandboxedRun outcome = place.run(script);
  if (outcome.is_refused) return;
  run.exit_code = outcome.exit_code;
  run.stderr_text = plainError(outcome.stderr_text, place.folder);
  bool is_over = outcome.is_timeout || outcome.signal == SIGXCPU || (outcome.signal == SIGKILL && !outcome.is_cut);
  run.status = outcome.is_cut           ? BlockStatus::kCut
               : is_over                ? BlockStatus::kTimeout
               : outcome.exit_code == 0 ? BlockStatus::kOk
                                        : BlockStatus::kFailed;
  if (outcome.signal != 0 && !is_over && !outcome.is_cut)
    run.stderr_text += "ended by signal " + std::string(strsignal(outcome.signal)) + "\n";
  judgeRun(document.blocks[index], outcome.stdout_text, form, run);
}

std::string runObserved(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, const std::string& program) {
  static constexpr const char* kScript = "script.py";
  static constexpr const char* kSeen = ".observations.json";
  Workplace place(request, file, document, index, kScript, program);
  if (!place.is_ready) return "";
  place.sandbox.command.insert(place.sandbox.command.end(), {"--deterministic", "--observe", kSeen});
  if (place.run(kScript).is_refused) return "";
  Result<std::string> seen = readFile(place.folder + "/" + kSeen);
  return seen.ok() ? std::move(seen.value()) : "";
}

static bool isDoubtful(const BlockRun& run) {
  return std::any_of(run.claims.begin(), run.claims.end(), [](const Claim& claim) { return claim.verdict == Verdict::kWrong; });
}

static RunRequest withoutWaiting(const RunRequest& request) {
  RunRequest calm = request;
  calm.limits.cpu_seconds = std::min(calm.limits.cpu_seconds, kCalmSeconds);
  return calm;
}

// Is a program that did not end one that sleeps? A server that waits for clients waits as long with any clock.
static bool mentionsSleep(const std::string& program) {
  for (std::string_view word : {"sleep", "Timer(", "call_later"}) {
    if (program.find(word) != std::string::npos) return true;
  }
  return false;
}

// A program that sleeps longer than it may ends at once when sleeps cost nothing.
static void runWithoutWaiting(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, BlockRun& run) {
  BlockRun ended;
  runOnce(withoutWaiting(request), file, document, index, 0, ended);
  if (ended.status == BlockStatus::kOk || ended.status == BlockStatus::kFailed) run = std::move(ended);
}

// What is said in functions that only a comment calls.
static void runCalled(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, BlockRun& run) {
  BlockRun called, again;
  runOnce(withoutWaiting(request), file, document, index, 0, called, false, BlockForm::kCalled);
  if (called.status != BlockStatus::kOk) return;
  if (isDoubtful(called)) runOnce(withoutWaiting(request), file, document, index, kOtherSeed, again, false, BlockForm::kCalled);
  if (again.status != BlockStatus::kUnrun) compareRuns(called.claims, again.claims);
  acceptCalled(run.claims, called.claims);
}

// Another date, other random numbers, another order of sets.
static void compareWithSeed(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index, int seed, BlockRun& run) {
  BlockRun again;
  runOnce(request, file, document, index, request.is_own ? seed : -1, again);
  if (again.status != BlockStatus::kUnrun) compareRuns(run.claims, again.claims);
}

BlockRun runBlock(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index) {
  BlockRun run;
  int seed = request.is_deterministic ? 0 : -1;
  runOnce(request, file, document, index, seed, run);
  bool is_asleep = run.status == BlockStatus::kTimeout && request.is_own && seed < 0 && mentionsSleep(programOf(document, index));
  if (is_asleep) runWithoutWaiting(request, file, document, index, run);
  if (isDoubtful(run)) {
    if (!document.blocks[index].told_arguments.empty()) {
      // What the text says of a call with arguments is true of that call.
      BlockRun told;
      runOnce(request, file, document, index, seed, told, true);
      acceptTold(run.claims, told.claims);
    }
    compareWithSeed(request, file, document, index, kOtherSeed, run);
    // The same number twice may be chance.
    bool draws = document.blocks[index].program.find("random") != std::string::npos;
    if (draws && isDoubtful(run)) compareWithSeed(request, file, document, index, kThirdSeed, run);
  }
  bool has_calls = run.has_unreached && run.status == BlockStatus::kOk && !document.blocks[index].called_program.empty();
  if (has_calls && request.is_own) runCalled(request, file, document, index, run);
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

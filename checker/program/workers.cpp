#include "checker/program/workers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "analyzer/base/file_io.h"
#include "checker/check/check.h"
#include "checker/program/error_context.h"
#include "checker/program/library_ids.h"

namespace krait::program {

using namespace types;

namespace {
// Sources [begin, end), checked by one process, which writes what it found into `pipe`.
struct Share {
  size_t begin = 0, end = 0;
  pid_t process = -1;
  int pipe = -1;
  std::string bytes;
};
}  // namespace

static void checkRange(Program::State& state, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    ModuleId module = state.modules[i];
    if (state.known[module.value] != nullptr || state.found.contains(i)) continue;
    state.world.next_meta_id += libraryIds(state.world, module);
    check::checkModule(state.world, module);
  }
}

// Runs of modules in the order of imports, so that neighbours, which need the same of others, stay together.
static std::vector<Share> sharesOf(const Program::State& state, unsigned workers) {
  std::vector<size_t> sizes;
  size_t all = 0;
  for (ModuleId module : state.modules) {
    sizes.push_back(state.known[module.value] == nullptr ? state.world.modules[module].text.size() + 1 : 0);
    all += sizes.back();
  }
  std::vector<Share> shares;
  size_t done = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (shares.size() < workers && done * workers >= all * shares.size()) shares.push_back({.begin = i, .end = i});
    shares.back().end = i + 1;
    done += sizes[i];
  }
  return shares;
}

static std::string readAll(int file) {
  std::string out;
  char buffer[65536];
  for (;;) {
    ssize_t count = read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return out;
    out.append(buffer, static_cast<size_t>(count));
  }
}

// What a worker tells: the findings of its modules, and the files and folders that it read.
static std::string resultsOf(Program::State& state, const Share& share) {
  RunRecord record;
  for (size_t i = share.begin; i < share.end; ++i) {
    Module& module = state.world.modules[state.modules[i]];
    std::vector<Diagnostic> diagnostics = diagnosticsOf(std::move(module.messages), FileId(0));
    if (module.options.show_error_context && module.ast != nullptr) addContext(*module.ast, diagnostics);
    record.files.push_back({.path = "", .module = "", .base_dir = "", .diagnostics = std::move(diagnostics)});
  }
  for (const auto& [path, disk] : state.reads) record.libraries.push_back({path, disk});
  for (const std::string& folder : state.input.resolver.foldersRead()) record.folders.push_back({folder, {}});
  return encodeRecord(record);
}

// What is not the whole of it counts as nothing.
static void takeResults(Program::State& state, const Share& share) {
  std::optional<RunRecord> record = decodeRecord(share.bytes);
  if (!record || record->files.size() != share.end - share.begin) return;
  for (size_t i = share.begin; i < share.end; ++i) {
    std::vector<Diagnostic>& diagnostics = record->files[i - share.begin].diagnostics;
    for (Diagnostic& diagnostic : diagnostics) diagnostic.file = state.input.ids[i];
    if (state.known[state.modules[i].value] == nullptr) state.found[i] = std::move(diagnostics);
  }
  for (ReadPath& path : record->libraries) state.reads.emplace(std::move(path.path), path.state);
  for (ReadPath& path : record->folders) state.folders.insert(std::move(path.path));
}

static void startWorker(Program::State& state, Share& share) {
  int ends[2];
  if (pipe(ends) != 0) return;
  share.process = fork();
  if (share.process == 0) {
    close(ends[0]);
    checkRange(state, share.begin, share.end);
    bool is_written = writeAll(ends[1], resultsOf(state, share));
    _exit(is_written ? 0 : 1);
  }
  close(ends[1]);
  if (share.process > 0) share.pipe = ends[0];
  else close(ends[0]);
}

static void finishWorker(Program::State& state, Share& share) {
  if (share.process <= 0) return;
  share.bytes = readAll(share.pipe);
  close(share.pipe);
  int status = 0;
  while (waitpid(share.process, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) takeResults(state, share);
}

void checkSources(Program::State& state, unsigned workers) {
  std::vector<Share> shares;
  if (workers > 1) shares = sharesOf(state, workers);
  // The last share is this process's own.
  for (size_t i = 0; i + 1 < shares.size(); ++i) startWorker(state, shares[i]);
  if (!shares.empty()) checkRange(state, shares.back().begin, shares.back().end);
  for (size_t i = 0; i + 1 < shares.size(); ++i) finishWorker(state, shares[i]);
  // What a worker did not tell of.
  checkRange(state, 0, shares.empty() ? state.modules.size() : shares.back().begin);
}

}  // namespace krait::program

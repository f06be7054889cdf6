#include "cli/watch.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>

#include "analyzer/base/interner.h"
#include "analyzer/semantic/imports/directory_cache.h"

namespace krait::cli {

static constexpr long kPauseNanoseconds = 300'000'000;
static constexpr int kDeepest = 40;

static bool isWatched(const std::string& name) {
  return name.ends_with(".py") || name.ends_with(".pyi") || name == "pyproject.toml" || name == "mypy.ini" || name == ".mypy.ini" ||
         name == "setup.cfg" || name == "krait.toml" || name == "ruff.toml" || name == ".ruff.toml";
}

static uint64_t stampOf(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return 0;
  return hashBytes(path) ^ (static_cast<uint64_t>(info.st_mtim.tv_sec) * 1'000'000'007u + static_cast<uint64_t>(info.st_mtim.tv_nsec)) ^
         static_cast<uint64_t>(info.st_size) * 0x9e3779b97f4a7c15ull;
}

// One number for all that is watched below a path; it changes when a file does, comes or goes.
static uint64_t stateBelow(semantic::DirectoryCache& folders, const std::string& path, int depth) {
  uint64_t state = 0;
  for (const semantic::DirectoryEntry& entry : folders.list(path)) {
    std::string inner = semantic::joinPath(path, entry.name);
    if (!entry.is_directory) {
      if (isWatched(entry.name)) state += stampOf(inner);
      continue;
    }
    bool is_passed = entry.name.starts_with(".") || entry.name == "__pycache__" || entry.name == "node_modules";
    if (!is_passed && depth < kDeepest) state += stateBelow(folders, inner, depth + 1);
  }
  return state;
}

static uint64_t stateOf(const std::vector<std::string>& paths) {
  semantic::DirectoryCache folders;
  uint64_t state = stateBelow(folders, ".", kDeepest);  // the configuration
  for (const std::string& path : paths) state = state * 31 + stampOf(path) + stateBelow(folders, path, 0);
  return state;
}

int watch(const std::vector<std::string>& paths, const std::function<int()>& check) {
  const std::vector<std::string> watched = paths.empty() ? std::vector<std::string>{"."} : paths;
  uint64_t seen = 0;
  for (bool is_first = true;; is_first = false) {
    uint64_t now = stateOf(watched);
    if (is_first || now != seen) {
      seen = now;
      std::fflush(nullptr);
      pid_t child = fork();
      if (child < 0) {
        std::fprintf(stderr, "krait: cannot start a check\n");
        return 2;
      }
      if (child == 0) {
        int exit_code = check();
        std::fflush(nullptr);
        _exit(exit_code);
      }
      int status = 0;
      waitpid(child, &status, 0);
      std::printf("-- watching, Ctrl-C ends\n");
      std::fflush(stdout);
    }
    timespec pause{0, kPauseNanoseconds};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace krait::cli

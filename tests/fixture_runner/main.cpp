// fixture_runner --krait BINARY [--update] [--flat] PATH...: runs the fixtures below the paths, prints what differs,
// and ends with a line of counts. Exit code 0 when all hold.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "tests/fixture_runner/runner.h"

namespace krait::tests {

enum class Verdict : uint8_t { kPassed, kFailed, kTodo, kUpdated };

namespace {
struct Outcome {
  Verdict verdict = Verdict::kFailed;
  std::vector<std::string> lines;
};
}  // namespace

static bool isFixtureName(std::string_view name) {
  return name.ends_with(".py") || name.ends_with(".pyi") || name.ends_with(".md");
}

static void collect(const std::string& path, bool is_flat, bool is_top, std::vector<std::string>& out) {
  DIR* dir = opendir(path.c_str());
  if (dir == nullptr) {
    out.push_back(path);
    return;
  }
  std::vector<std::string> names;
  while (dirent* entry = readdir(dir)) names.emplace_back(entry->d_name);
  closedir(dir);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (name.starts_with(".") || name == "__pycache__" || name == "README.md") continue;
    std::string child = path + "/" + name;
    if (isDirectory(child)) {
      if (!is_flat || !is_top) collect(child, is_flat, false, out);
    } else if (isFixtureName(name)) {
      out.push_back(child);
    }
  }
}

// fixtures/<kind>/…: the folder after the last "fixtures".
static std::string kindOf(const std::string& path) {
  size_t at = path.rfind("fixtures/");
  if (at == std::string::npos) return "check";
  size_t begin = at + 9;
  return path.substr(begin, path.find('/', begin) - begin);
}

static Outcome update(const Fixture& fixture, const std::string& text, const Answer& answer,
                      const RunnerOptions& options) {
  if (!answer.broken.empty()) return {Verdict::kFailed, {fixture.path + ": not recorded: " + answer.broken}};
  Answer again = runFixture(fixture, options);
  std::string updated = updatedText(fixture, text, answer);
  if (!again.broken.empty() || updatedText(fixture, text, again) != updated) {
    return {Verdict::kFailed, {fixture.path + ": not recorded: two runs gave two answers"}};
  }
  if (updated == text) return {Verdict::kPassed, {}};
  if (!writeFileAtomically(fixture.path, updated).ok())
    return {Verdict::kFailed, {fixture.path + ": cannot be written"}};
  return {Verdict::kUpdated, {fixture.path + ": updated"}};
}

static Outcome runOne(const std::string& path, const RunnerOptions& options) {
  Result<std::string> text = readFile(path);
  if (!text.ok()) return {Verdict::kFailed, {text.message()}};
  Result<Fixture> fixture = parseFixture(path, text.value(), kindOf(path));
  if (!fixture.ok()) return {Verdict::kFailed, {fixture.message()}};
  Answer answer = runFixture(fixture.value(), options);
  std::vector<std::string> differences = compareAnswer(fixture.value(), answer);
  bool is_todo = fixture.value().settings.contains("todo");
  if (is_todo && differences.empty()) return {Verdict::kFailed, {path + ": marked `todo` but holds; remove the mark"}};
  if (is_todo) return {Verdict::kTodo, {}};
  if (differences.empty()) return {Verdict::kPassed, {}};
  if (options.is_update) return update(fixture.value(), text.value(), answer, options);
  differences.push_back("  again: fixture_runner --krait " + options.krait + " " + path);
  return {Verdict::kFailed, std::move(differences)};
}

static int runAll(const std::vector<std::string>& paths, const RunnerOptions& options) {
  std::vector<Outcome> outcomes(paths.size());
  parallelFor(paths.size(), hardwareThreads(), [&](size_t i) { outcomes[i] = runOne(paths[i], options); });
  size_t counts[4] = {};
  for (const Outcome& outcome : outcomes) {
    ++counts[static_cast<size_t>(outcome.verdict)];
    for (const std::string& line : outcome.lines) std::printf("%s\n", line.c_str());
  }
  std::printf("%zu fixtures: %zu passed, %zu failed, %zu todo, %zu updated\n", paths.size(), counts[0], counts[1],
              counts[2], counts[3]);
  return counts[1] == 0 ? 0 : 1;
}

}  // namespace krait::tests

int main(int argc, char** argv) {
  krait::tests::RunnerOptions options;
  std::vector<std::string> paths;
  bool is_flat = false;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--krait" && i + 1 < argc) {
      char* resolved = realpath(argv[++i], nullptr);
      options.krait = resolved != nullptr ? resolved : argv[i];
      std::free(resolved);
    } else if (argument == "--update") {
      options.is_update = true;
    } else if (argument == "--flat") {
      is_flat = true;
    } else {
      krait::tests::collect(argument, is_flat, true, paths);
    }
  }
  if (options.krait.empty() || argc < 3) {
    std::fprintf(stderr, "usage: fixture_runner --krait BINARY [--update] [--flat] PATH...\n");
    return 2;
  }
  if (options.is_update && std::getenv("CI") != nullptr) {
    std::fprintf(stderr, "fixture_runner: --update is not for CI\n");
    return 2;
  }
  std::string folder = "/tmp/krait-fixtures-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 2;
  options.cases_folder = folder;
  int exit_code = krait::tests::runAll(paths, options);
  rmdir(folder.c_str());
  return exit_code;
}

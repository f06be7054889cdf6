#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "tests/fixture_runner/runner.h"

namespace krait::tests {

static void makeFolders(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0777);
  }
}

static void removeTree(const std::string& folder) {
  if (DIR* dir = opendir(folder.c_str())) {
    while (dirent* entry = readdir(dir)) {
      std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      std::string path = folder + "/" + name;
      if (unlink(path.c_str()) != 0) removeTree(path);
    }
    closedir(dir);
  }
  rmdir(folder.c_str());
}

static std::string layOut(const Fixture& fixture, const RunnerOptions& options) {
  std::string folder = options.cases_folder + "/case-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return "";
  for (const Module& module : fixture.modules) {
    std::string path = folder + "/" + module.path;
    makeFolders(path);
    if (!writeFileAtomically(path, module.text).ok()) return "";
  }
  std::string config;
  for (const std::string& setting : fixture.config) config += setting + "\n";
  if (!config.empty() && !writeFileAtomically(folder + "/krait.toml", config).ok()) return "";
  return folder;
}

static uint32_t takeNumber(std::string_view& text) {
  uint32_t value = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    value = value * 10 + static_cast<uint32_t>(text[0] - '0');
    text.remove_prefix(1);
  }
  if (text.starts_with(":")) text.remove_prefix(1);
  return value;
}

// `path:line:column:end_line:end_column: severity: message  [code]`
static bool parseFinding(std::string_view line, Finding& finding) {
  size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  finding.file = line.substr(0, colon);
  std::string_view rest = line.substr(colon + 1);
  finding.line = takeNumber(rest);
  finding.column = takeNumber(rest);
  finding.end_line = takeNumber(rest);
  finding.end_column = takeNumber(rest);
  finding.column -= finding.column > 0;
  if (finding.line == 0 || !rest.starts_with(" ")) return false;
  rest.remove_prefix(1);
  size_t after = rest.find(": ");
  std::string_view severity = rest.substr(0, after);
  if (after == std::string_view::npos) return false;
  finding.severity = severity == "error"     ? Severity::kError
                     : severity == "warning" ? Severity::kWarning
                                             : Severity::kNote;
  finding.text = rest.substr(after + 2);
  static constexpr std::string_view kRevealed = "Revealed type is \"";
  if (finding.severity == Severity::kNote && finding.text.starts_with(kRevealed) && finding.text.ends_with("\"")) {
    finding.severity = Severity::kRevealed;
    finding.text = finding.text.substr(kRevealed.size(), finding.text.size() - kRevealed.size() - 1);
  }
  size_t bracket = finding.text.rfind("  [");
  if (bracket != std::string::npos && finding.text.ends_with("]") && finding.severity != Severity::kRevealed) {
    finding.code = finding.text.substr(bracket + 3, finding.text.size() - bracket - 4);
    finding.text.resize(bracket);
  }
  return true;
}

static std::string describe(const ProcessResult& result) {
  if (result.is_timeout) return "no end in the time allowed";
  if (result.signal != 0) return "ended by signal " + std::to_string(result.signal) + "\n" + result.stderr_text;
  return "could not be started";
}

static void readFindings(const ProcessResult& result, Answer& answer) {
  std::string_view rest = result.stdout_text;
  while (!rest.empty()) {
    size_t end = std::min(rest.find('\n'), rest.size());
    Finding finding;
    if (!parseFinding(rest.substr(0, end), finding)) {
      answer.broken = "unexpected output: " + std::string(rest.substr(0, end));
      return;
    }
    answer.findings.push_back(std::move(finding));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!result.stderr_text.empty()) answer.broken = "unexpected text on stderr: " + result.stderr_text;
}

namespace {
struct Case {
  const Fixture& fixture;
  const RunnerOptions& options;
  std::string folder;
};
}  // namespace

static ProcessResult callKrait(const Case& c, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), c.options.krait);
  arguments.insert(arguments.end(), c.fixture.arguments.begin(), c.fixture.arguments.end());
  return runProcess(arguments, c.folder, "", c.options.timeout_seconds);
}

static std::vector<std::string> commonOptions(const Case& c) {
  std::vector<std::string> out;
  auto version = c.fixture.settings.find("python");
  if (version != c.fixture.settings.end()) out.insert(out.end(), {"--python-version", version->second});
  auto platform = c.fixture.settings.find("platform");
  if (platform != c.fixture.settings.end()) out.insert(out.end(), {"--platform", platform->second});
  for (const std::string& mode : c.fixture.modes) out.push_back("--" + mode);
  return out;
}

static Answer runCheckOnce(const Case& c, bool is_reversed) {
  std::vector<std::string> arguments = {"check", "--show-error-end", "--no-error-summary", "--no-site-packages",
                                        "--cache-dir=/dev/null"};
  for (std::string& option : commonOptions(c)) arguments.push_back(std::move(option));
  if (is_reversed) arguments.insert(arguments.end(), {"--num-workers", "1"});
  std::vector<std::string> paths;
  for (const Module& module : c.fixture.modules) {
    if (module.path.ends_with(".py") || module.path.ends_with(".pyi")) paths.push_back(module.path);
  }
  if (is_reversed) std::reverse(paths.begin(), paths.end());
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  Answer answer;
  ProcessResult result = callKrait(c, arguments);
  if (result.isBroken()) {
    answer.broken = describe(result);
  } else {
    readFindings(result, answer);
  }
  return answer;
}

static bool isSameFinding(const Finding& a, const Finding& b) {
  return a.file == b.file && a.line == b.line && a.column == b.column && a.severity == b.severity && a.code == b.code &&
         a.text == b.text;
}

// The order of files and the number of threads must not show.
static Answer runCheck(const Case& c) {
  Answer answer = runCheckOnce(c, false);
  if (!answer.broken.empty()) return answer;
  Answer other = runCheckOnce(c, true);
  bool is_same = other.broken.empty() && other.findings.size() == answer.findings.size();
  for (const Finding& finding : answer.findings) {
    is_same = is_same && std::any_of(other.findings.begin(), other.findings.end(),
                                     [&](const Finding& f) { return isSameFinding(f, finding); });
  }
  if (!is_same) answer.broken = "one thread and the files in reverse order give another answer " + other.broken;
  return answer;
}

// The code under test is the name of the fixture's folder, unless `args:` selects.
static Answer runLint(const Case& c) {
  Answer answer;
  std::vector<std::string> arguments = {"lint", "--output-format", "text"};
  size_t slash = c.fixture.path.rfind('/');
  size_t before = slash == std::string::npos || slash == 0 ? std::string::npos : c.fixture.path.rfind('/', slash - 1);
  std::string code = before == std::string::npos ? "" : c.fixture.path.substr(before + 1, slash - before - 1);
  bool is_code = !code.empty() && code[0] >= 'A' && code[0] <= 'Z';
  if (is_code && c.fixture.arguments.empty()) arguments.insert(arguments.end(), {"--select", code});
  for (std::string& option : commonOptions(c)) arguments.push_back(std::move(option));
  arguments.push_back(".");
  ProcessResult result = callKrait(c, arguments);
  if (result.isBroken()) {
    answer.broken = describe(result);
    return answer;
  }
  readFindings(result, answer);
  if (c.fixture.section("fixed") == nullptr || !answer.broken.empty()) return answer;
  arguments.push_back("--fix");
  result = callKrait(c, arguments);
  if (result.isBroken()) answer.broken = describe(result);
  Result<std::string> fixed = readFile(c.folder + "/" + c.fixture.modules[0].path);
  if (fixed.ok()) answer.sections.push_back({"fixed", fixed.value(), 0});
  return answer;
}

// A field of the one JSON line that --syntax-only prints.
static std::string jsonField(std::string_view line, const std::string& name) {
  size_t at = line.find("\"" + name + "\":");
  if (at == std::string_view::npos) return "";
  at = line.find_first_not_of(' ', at + name.size() + 3);
  std::string out;
  if (at != std::string_view::npos && line[at] == '"') {
    for (++at; at < line.size() && line[at] != '"'; ++at) {
      if (line[at] == '\\' && at + 1 < line.size()) ++at;
      out += line[at];
    }
    return out;
  }
  while (at < line.size() && line[at] != ',' && line[at] != '}') out += line[at++];
  return out;
}

// The code of a syntax error is its exception class: error[SyntaxError].
static Answer runSyntax(const Case& c) {
  Answer answer;
  ProcessResult result = callKrait(c, {"dump", "ast", "--syntax-only", c.fixture.modules[0].path});
  if (result.isBroken()) answer.broken = describe(result);
  if (jsonField(result.stdout_text, "ok") == "true" || !answer.broken.empty()) return answer;
  Finding finding{.file = c.fixture.modules[0].path};
  finding.line = static_cast<uint32_t>(std::atoi(jsonField(result.stdout_text, "line").c_str()));
  finding.end_line = static_cast<uint32_t>(std::atoi(jsonField(result.stdout_text, "end_line").c_str()));
  finding.column = static_cast<uint32_t>(std::max(0, std::atoi(jsonField(result.stdout_text, "column").c_str()) - 1));
  finding.end_column =
      static_cast<uint32_t>(std::max(0, std::atoi(jsonField(result.stdout_text, "end_column").c_str()) - 1));
  finding.code = jsonField(result.stdout_text, "class");
  finding.text = jsonField(result.stdout_text, "message");
  if (finding.code.empty()) answer.broken = "unexpected output: " + result.stdout_text + result.stderr_text;
  answer.findings.push_back(std::move(finding));
  return answer;
}

// `raises:` is the last line of the traceback.
static std::string lastLine(std::string_view text) {
  while (text.ends_with("\n")) text.remove_suffix(1);
  size_t begin = text.rfind('\n');
  return std::string(text.substr(begin == std::string_view::npos ? 0 : begin + 1)) + "\n";
}

// A script's own path is absolute in tracebacks: the case's folder is not the fixture's business.
static void dropFolder(std::string& text, const std::string& folder) {
  for (size_t at; (at = text.find(folder + "/")) != std::string::npos;) text.erase(at, folder.size() + 1);
}

static Answer runProgram(const Case& c, std::vector<std::string> arguments, const Module& module) {
  Answer answer;
  arguments.push_back(module.path);
  ProcessResult result = callKrait(c, arguments);
  dropFolder(result.stdout_text, c.folder);
  dropFolder(result.stderr_text, c.folder);
  if (result.isBroken()) {
    answer.broken = describe(result);
    return answer;
  }
  bool has_traceback = result.exit_code == 1 && result.stderr_text.find("Traceback") != std::string::npos;
  if (!result.stdout_text.empty()) answer.sections.push_back({"stdout", result.stdout_text, 0});
  if (has_traceback) answer.sections.push_back({"raises", lastLine(result.stderr_text), 0});
  bool wants_stderr = c.fixture.section("stderr") != nullptr || (!has_traceback && !result.stderr_text.empty());
  if (wants_stderr) answer.sections.push_back({"stderr", result.stderr_text, 0});
  bool wants_exit = c.fixture.section("exit") != nullptr || (!has_traceback && result.exit_code != 0);
  if (wants_exit) answer.sections.push_back({"exit", std::to_string(result.exit_code) + "\n", 0});
  return answer;
}

static Answer runDump(const Case& c, const std::string& stage) {
  Answer answer;
  ProcessResult result = callKrait(c, {"dump", stage, c.fixture.modules[0].path});
  if (result.isBroken() || result.exit_code == 2) {
    answer.broken = result.exit_code == 2 ? result.stderr_text : describe(result);
    return answer;
  }
  answer.sections.push_back({"dump", result.stdout_text, 0});
  return answer;
}

static Answer runKind(const Case& c) {
  const std::string& kind = c.fixture.kind;
  if (kind == "check") return runCheck(c);
  if (kind == "lint") return runLint(c);
  if (kind == "syntax") return runSyntax(c);
  if (kind == "run") return runProgram(c, {"run"}, c.fixture.modules[0]);
  // The document of a verify fixture is its last file: `# --- notes.md`.
  if (kind == "verify") return runProgram(c, {"verify"}, c.fixture.modules.back());
  if (kind == "semantic") return runDump(c, c.fixture.modes.empty() ? "scopes" : c.fixture.modes[0]);
  if (kind == "compile") return runDump(c, "bytecode");
  if (kind == "dump") return runDump(c, c.fixture.modes.empty() ? "ast" : c.fixture.modes[0]);
  Answer answer;
  answer.broken = "no kind is called " + kind;
  return answer;
}

Answer runFixture(const Fixture& fixture, const RunnerOptions& options) {
  std::string folder = layOut(fixture, options);
  if (folder.empty()) return {.findings = {}, .sections = {}, .broken = "cannot write below " + options.cases_folder};
  Answer answer = runKind({.fixture = fixture, .options = options, .folder = folder});
  removeTree(folder);
  return answer;
}

}  // namespace krait::tests

// krait infer: annotations for what has none, from what the checker infers and, with --from-run, from the values that came by
// while a program ran. What is proposed is checked before it is written: an annotation that brings findings is left out.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/base/text_diff.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/semantic/front_findings.h"
#include "checker/program/session.h"
#include "cli/commands.h"
#include "cli/infer/propose.h"
#include "cli/load_source.h"
#include "cli/observations.h"

namespace krait::cli {

namespace fs = std::filesystem;

enum InferOption : size_t { kFromRun, kArgument, kDiff };

CommandSpec inferSpec() {
  return {.name = "infer",
          .summary = "Write annotations that the code and its runs tell",
          .details = "Parameters and results without an annotation get one where the checker knows the type, and with --from-run\n"
                     "where a run shows it. Nothing that brings new findings is written.\n"
                     "Exit code: 0, 2 wrong usage or unreadable files.",
          .operands = "PATHS...",
          .options = {{"--from-run", ArgKind::kValue, "SCRIPT", "run this program and take the types of the values that come by", ""},
                      {"--argument", ArgKind::kValue, "TEXT", "an argument of that program; may be repeated", ""},
                      {"--diff", ArgKind::kFlag, "", "show what would be written", ""}}};
}

namespace {
struct InferRequest {
  std::string script;
  std::vector<std::string> arguments;
  bool shows_diff = false;
};
// The functions of each file that ran, by its real path.
using ObservedFiles = std::map<std::string, ObservedFunctions>;
}  // namespace

static std::string realPath(const std::string& path) {
  std::error_code error;
  fs::path full = fs::canonical(path, error);
  return error ? path : full.string();
}

// Runs the script by this same program; what it saw, none when it could not be started.
static std::optional<std::string> runWatched(const InferRequest& request) {
  char self[4096];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  std::string seen = (fs::temp_directory_path() / "krait-observed-XXXXXX").string();
  int file = length > 0 ? mkstemp(seen.data()) : -1;
  if (file < 0) return std::nullopt;
  close(file);
  self[length] = 0;
  std::vector<std::string> words = {self, "run", "--observe", seen, request.script};
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  std::vector<char*> command;
  for (std::string& word : words) command.push_back(word.data());
  command.push_back(nullptr);
  std::fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    execv(self, command.data());
    _exit(127);
  }
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  Result<std::string> text = readFile(seen);
  std::error_code error;
  fs::remove(seen, error);
  if (child < 0 || !text.ok()) return std::nullopt;
  return std::move(text.value());
}

static ObservedFiles functionsOf(const std::string& observations) {
  ObservedFiles files;
  for (ObservedPlace& place : readObservations(observations)) {
    if (place.what != "parameter" && place.what != "result") continue;
    ObservedFunction& function = files[realPath(place.file)][place.function];
    std::vector<program::ObservedKind>& kinds = place.what == "result" ? function.results : function.parameters[place.name];
    for (program::ObservedKind& kind : place.kinds) kinds.push_back(std::move(kind));
    function.is_complete = function.is_complete && place.is_complete;
  }
  return files;
}

static size_t errorCount(program::Session& session, const std::string& path) {
  std::vector<Diagnostic> found = session.findings(path, FileId(0));
  return static_cast<size_t>(std::count_if(found.begin(), found.end(), [](const Diagnostic& d) { return d.severity == Severity::kError; }));
}

// The proposals that bring no findings: all of them, or those of one function after the other.
static std::vector<ProposedAnnotation> withoutFindings(program::Session& session, const config::Source& source, const std::string& text, std::vector<ProposedAnnotation> proposals) {
  auto errorsWith = [&](const std::vector<ProposedAnnotation>& annotations) {
    session.setText(source.path, source.module, withAnnotations(text, annotations));
    return errorCount(session, source.path);
  };
  size_t before = errorsWith({});
  if (errorsWith(proposals) <= before) return proposals;
  std::vector<ProposedAnnotation> kept;
  for (size_t i = 0; i < proposals.size();) {
    std::vector<ProposedAnnotation> tried = kept;
    syntax::NodeId function = proposals[i].function;
    // Parameters stand before the results; those of functions inside come between.
    std::erase_if(proposals, [&](const ProposedAnnotation& p) {
      if (p.function == function) tried.push_back(p);
      return p.function == function;
    });
    std::sort(tried.begin(), tried.end(), [](const ProposedAnnotation& x, const ProposedAnnotation& y) { return x.offset < y.offset; });
    if (errorsWith(tried) <= before) kept = std::move(tried);
  }
  return kept;
}

// 0, or 2 when the file cannot be read or written.
static int inferFile(const InferRequest& request, program::Session& session, const config::Source& source, const ObservedFiles& observed) {
  SourceFile file;
  LoadOutcome loaded = loadSource(source.path, file);
  if (!loaded.failure.empty() || loaded.error) {
    std::fprintf(stderr, "krait infer: %s: %s\n", source.path.c_str(), loaded.error ? loaded.error->message.c_str() : loaded.failure.c_str());
    return 2;
  }
  session.setText(source.path, source.module, file.text);
  (void)session.findings(source.path, FileId(0));
  program::Session::View view = session.view(source.path);
  if (view.world == nullptr || !view.module.valid()) return 0;
  auto found = observed.find(realPath(source.path));
  static const ObservedFunctions kNothing;
  std::vector<ProposedAnnotation> proposals = proposeAnnotations(*view.world, view.module, found != observed.end() ? found->second : kNothing);
  proposals = withoutFindings(session, source, file.text, std::move(proposals));
  std::string text = withAnnotations(file.text, proposals);
  if (request.shows_diff) {
    std::fputs(unifiedDiff(file.text, text, source.path, source.path).c_str(), stdout);
    return 0;
  }
  if (proposals.empty()) return 0;
  Result<size_t> written = writeFileAtomically(source.path, text);
  if (!written.ok()) {
    std::fprintf(stderr, "krait infer: %s\n", written.message().c_str());
    return 2;
  }
  std::printf("%s: %zu annotations\n", source.path.c_str(), proposals.size());
  return 0;
}

static int inferPaths(const InferRequest& request, const std::vector<std::string>& operands) {
  ObservedFiles observed;
  if (!request.script.empty()) {
    std::optional<std::string> seen = runWatched(request);
    if (!seen) {
      std::fprintf(stderr, "krait infer: %s could not be run\n", request.script.c_str());
      return 2;
    }
    observed = functionsOf(*seen);
  }
  Result<config::Config> loaded = config::loadConfig({});
  if (!loaded.ok()) {
    std::fprintf(stderr, "krait infer: %s\n", loaded.message().c_str());
    return 2;
  }
  config::Config& config = loaded.value();
  // Bodies without annotations are what this is about.
  config.base.check_untyped_defs = true;
  Result<std::vector<config::Source>> sources = config::findSources(operands, config.base, {});
  if (!sources.ok()) {
    std::fprintf(stderr, "krait infer: %s\n", sources.message().c_str());
    return 2;
  }
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, sources.value()));
  Interner names;
  program::Session session(config, resolver, names);
  int exit_code = 0;
  for (const config::Source& source : sources.value()) exit_code = std::max(exit_code, inferFile(request, session, source, observed));
  return exit_code;
}

int runInfer(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(inferSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  InferRequest request;
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kFromRun) request.script = option.values[0];
    if (option.index == kArgument) request.arguments.push_back(option.values[0]);
    if (option.index == kDiff) request.shows_diff = true;
  }
  std::vector<std::string> operands = parsed.operands;
  if (operands.empty() && !request.script.empty()) operands.push_back(request.script);
  if (operands.empty()) return sayUsageError(inferSpec(), "no file is given");
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = inferPaths(request, operands); });
  return exit_code;
}

}  // namespace krait::cli

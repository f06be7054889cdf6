// krait stubgen: stubs (.pyi) of modules and packages, from their text and what the checker knows of it. Nothing is imported or
// run.
#include <cstdio>
#include <filesystem>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/semantic/front_findings.h"
#include "checker/program/session.h"
#include "cli/commands.h"
#include "cli/load_source.h"
#include "cli/module_sources.h"
#include "cli/stubgen/stub.h"

namespace krait::cli {

namespace fs = std::filesystem;

namespace {
enum StubgenOption : size_t { kOutput, kModule, kPackage, kPrivate, kDocstrings, kExportLess, kNoAnalysis, kIgnoreErrors, kQuiet, kVerbose };

struct StubgenRequest {
  StubOptions options;
  std::string output = "out";
  std::vector<std::string> modules, packages;
  bool ignores_errors = false, is_quiet = false, is_verbose = false;
};
}  // namespace

CommandSpec stubgenSpec() {
  return {.name = "stubgen",
          .summary = "Write stubs (.pyi) of modules and packages",
          .details = "A stub has what others may use of a module: declared types as they are, others where the checker knows them,\n"
                     "`Incomplete` for the rest. Names that begin with `_` are left out unless a public one needs them.\n"
                     "Exit code: 0, 2 wrong usage or files that cannot be read.",
          .operands = "PATHS...",
          .options = {{"-o,--output", ArgKind::kValue, "FOLDER", "where the stubs are written (default: out)", ""},
                      {"-m,--module", ArgKind::kValue, "MODULE", "a module by its name; may be repeated", ""},
                      {"-p,--package", ArgKind::kValue, "PACKAGE", "a package and all in it; may be repeated", ""},
                      {"--include-private", ArgKind::kFlag, "", "also names that begin with an underscore", ""},
                      {"--include-docstrings", ArgKind::kFlag, "", "keep docstrings", ""},
                      {"--export-less", ArgKind::kFlag, "", "do not pass on names that are imported from the same package", ""},
                      {"--parse-only,--no-analysis", ArgKind::kFlag, "", "take the text alone, ask for no types", ""},
                      {"--ignore-errors", ArgKind::kFlag, "", "go on behind files that Python rejects", ""},
                      {"-q,--quiet", ArgKind::kFlag, "", "print nothing", ""},
                      {"-v,--verbose", ArgKind::kFlag, "", "print each file that is written", ""}}};
}

static int usageError(const std::string& message) { return sayUsageError(stubgenSpec(), message); }

// Where the stub of a source goes, below the output folder.
static std::string stubPath(const config::Source& source) {
  fs::path file = source.path;
  if (source.module.empty()) return file.stem().string() + ".pyi";
  std::string path = source.module;
  for (char& c : path) c = c == '.' ? '/' : c;
  return file.stem() == "__init__" ? path + "/__init__.pyi" : path + ".pyi";
}

// "" or what kept the stub from being written.
static std::string writeStub(const std::string& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return path + ": " + error.message();
  Result<size_t> written = writeFileAtomically(path, text);
  return written.ok() ? "" : written.message();
}

// Puts the sources into the session; those that cannot be are told of and taken out. How many were.
static size_t openSources(program::Session& session, Interner& names, std::vector<config::Source>& sources, StubRequests& requests) {
  size_t before = sources.size();
  std::erase_if(sources, [&](const config::Source& source) {
    SourceFile file;
    LoadOutcome loaded = loadSource(source.path, file);
    std::string problem = loaded.error ? loaded.error->message : loaded.failure;
    if (problem.empty()) {
      std::shared_ptr<program::ParsedText> parsed = program::ParsedTexts::parse(file.text, names, false);
      if (!parsed->error) {
        requests.add(*parsed->ast, source.module, fs::path(source.path).stem() == "__init__");
        session.setParsed(source.path, source.module, std::move(parsed));
        return false;
      }
      problem = "line " + std::to_string(file.lines.lineOf(parsed->error->range.begin) + 1) + ": " + parsed->error->message;
    }
    std::fprintf(stderr, "krait stubgen: %s: %s\n", source.path.c_str(), problem.c_str());
    return true;
  });
  return before - sources.size();
}

static int writeStubs(const StubgenRequest& request, const std::vector<config::Source>& sources, program::Session& session, const StubRequests& requests) {
  int exit_code = 0;
  size_t count = 0;
  std::string last;
  for (const config::Source& source : sources) {
    if (request.options.has_analysis) (void)session.findings(source.path, FileId(0));
    program::Session::View view = session.view(source.path);
    if (view.world == nullptr || !view.module.valid()) continue;
    last = request.output + "/" + stubPath(source);
    std::string problem = writeStub(last, stubText(*view.world, view.module, source.module, request.options, requests));
    if (!problem.empty()) {
      std::fprintf(stderr, "krait stubgen: %s\n", problem.c_str());
      exit_code = 2;
      continue;
    }
    ++count;
    if (request.is_verbose) std::printf("%s -> %s\n", source.path.c_str(), last.c_str());
  }
  if (request.is_quiet) return exit_code;
  std::printf("Processed %zu modules\n", count);
  if (count == 1) std::printf("Generated %s\n", last.c_str());
  if (count > 1) std::printf("Generated files under %s/\n", request.output.c_str());
  return exit_code;
}

static int generateStubs(const StubgenRequest& request, const std::vector<std::string>& paths) {
  Result<config::Config> loaded = config::loadConfig({});
  if (!loaded.ok()) return usageError(loaded.message());
  config::Config& config = loaded.value();
  // Bodies without annotations tell types, too.
  config.base.check_untyped_defs = true;
  Result<std::vector<config::Source>> found = config::findSources(paths, config.base, {});
  if (!found.ok()) return usageError(found.message());
  std::vector<config::Source>& sources = found.value();
  Result<std::vector<config::Source>> named = findModuleSources(request.modules, request.packages, config);
  if (!named.ok()) return usageError(named.message());
  sources.insert(sources.end(), named.value().begin(), named.value().end());
  for (config::Source& source : sources) {
    // The code itself, where a stub stands beside it.
    if (!source.path.ends_with(".pyi")) continue;
    source.path.pop_back();
    if (!isFile(source.path)) return usageError(source.path + "i is a stub already");
  }
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, sources));
  Interner names;
  program::Session session(config, resolver, names);
  StubRequests requests;
  size_t failures = openSources(session, names, sources, requests);
  if (failures > 0 && !request.ignores_errors) return 2;
  return writeStubs(request, sources, session, requests);
}

int runStubgen(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(stubgenSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  StubgenRequest request;
  for (const ParsedOption& option : parsed.options) {
    switch (option.index) {
      case kOutput: request.output = option.values[0]; break;
      case kModule: request.modules.push_back(option.values[0]); break;
      case kPackage: request.packages.push_back(option.values[0]); break;
      case kPrivate: request.options.includes_private = true; break;
      case kDocstrings: request.options.includes_docstrings = true; break;
      case kExportLess: request.options.exports_less = true; break;
      case kNoAnalysis: request.options.has_analysis = false; break;
      case kIgnoreErrors: request.ignores_errors = true; break;
      case kQuiet: request.is_quiet = true; break;
      case kVerbose: request.is_verbose = true; break;
    }
  }
  bool has_target = !parsed.operands.empty() || !request.modules.empty() || !request.packages.empty();
  if (!has_target) return usageError("give files, folders, modules (-m) or packages (-p)");
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = generateStubs(request, parsed.operands); });
  return exit_code;
}

}  // namespace krait::cli

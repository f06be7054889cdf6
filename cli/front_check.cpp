#include "cli/front_check.h"

#include <cstdlib>

#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/front_findings.h"
#include "checker/program/program.h"
#include "cli/load_source.h"

namespace krait::cli {

namespace {
struct FileResult {
  std::vector<Diagnostic> diagnostics;
  std::string failure;
};
}  // namespace

static LoadOutcome load(const FrontCheckInput& input, const config::Source& source, SourceFile& file) {
  if (source.path == "<string>") {
    file.setText(input.program_text);
    return {};
  }
  std::string path = source.path;
  for (const auto& [shown, actual] : input.shadow_files) {
    if (shown == path) path = actual;
  }
  return loadSource(path, file);
}

namespace {
struct CheckerRun {
  program::Program& program;
  const std::vector<FileId>& ids;
};
}  // namespace

static std::vector<Diagnostic> checkerFindings(void* data, FileId file) {
  CheckerRun& run = *static_cast<CheckerRun*>(data);
  for (size_t i = 0; i < run.ids.size(); ++i) {
    if (run.ids[i] == file) return run.program.diagnosticsOf(i);
  }
  return {};
}

static FileResult checkFile(const FrontCheckInput& input, const semantic::FrontContext& context, const config::Source& source,
                            const LoadOutcome& loaded, const SourceFile& file, FileId id) {
  FileResult result;
  if (!loaded.failure.empty()) {
    result.failure = "can't read file '" + source.path + "': " + loaded.failure;
  } else if (loaded.error) {
    DiagnosticSink sink(id);
    DiagnosticBuilder builder = sink.begin(Rule::kSyntaxError, loaded.error->range, {loaded.error->message});
    if (input.config.base.mypy) builder.blocker();
    result.diagnostics = sink.take();
  } else {
    result.diagnostics = semantic::frontFindings(context, source, file, id);
  }
  return result;
}

FrontCheckResult frontCheck(const FrontCheckInput& input, SourceFiles& files) {
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(input.config, input.sources));
  Interner names;
  semantic::StarNames star_names(resolver, names);
  semantic::FrontContext context{.config = input.config, .resolver = resolver, .star_names = star_names, .names = names};
  std::vector<FileResult> results(input.sources.size());
  std::vector<FileId> ids;
  std::vector<config::Source> sources = input.sources;
  for (const config::Source& source : sources) ids.push_back(files.add(source.path));
  std::vector<LoadOutcome> loaded(results.size());
  int chosen = std::atoi(input.config.base.num_workers.c_str());
  unsigned threads = chosen > 0 ? static_cast<unsigned>(chosen) : hardwareThreads();
  parallelFor(results.size(), threads, [&](size_t i) { loaded[i] = load(input, sources[i], files[ids[i]]); });
  std::vector<FileId> given = ids;
  program::Program program({input.config, sources, resolver, files, ids});
  program.check();
  results.resize(sources.size());
  CheckerRun run{program, ids};
  context.checker = checkerFindings;
  context.checker_data = &run;
  for (size_t i = 0; i < results.size(); ++i) {
    LoadOutcome outcome;
    for (size_t k = 0; k < given.size(); ++k) {
      if (given[k] == ids[i]) outcome = loaded[k];
    }
    results[i] = checkFile(input, context, sources[i], outcome, files[ids[i]], ids[i]);
  }
  FrontCheckResult out;
  for (FileId id : ids) {
    if (input.config.base.show_absolute_path) files[id].path = config::absolutePath(files[id].path);
  }
  for (FileResult& result : results) {
    if (!result.failure.empty()) out.failures.push_back(std::move(result.failure));
    for (Diagnostic& diagnostic : result.diagnostics) out.diagnostics.push_back(std::move(diagnostic));
  }
  return out;
}

}  // namespace krait::cli

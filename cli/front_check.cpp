#include "cli/check_options.h"
#include "cli/front_check.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "analyzer/base/task_pool.h"
#include "analyzer/config/installation.h"
#include "analyzer/semantic/front_findings.h"
#include "checker/program/cache/cache_store.h"
#include "checker/program/cache/run_plan.h"
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
  return loadPython(path, file);
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
                            const LoadOutcome& loaded, const SourceFile& file, FileId id, const semantic::ParsedView& parsed) {
  FileResult result;
  if (!loaded.failure.empty()) {
    result.failure = "can't read file '" + source.path + "': " + loaded.failure;
  } else if (loaded.error) {
    DiagnosticSink sink(id);
    DiagnosticBuilder builder = sink.begin(Rule::kSyntaxError, loaded.error->range, {loaded.error->message});
    if (input.config.base.mypy) builder.blocker();
    result.diagnostics = sink.take();
  } else {
    result.diagnostics = semantic::frontFindings(context, source, file, id, &parsed);
  }
  return result;
}

// Texts are read late for files whose findings were known: only where something is to be printed.
static void loadForPrinting(const FrontCheckInput& input, const config::Source& source, SourceFile& file) {
  if (file.text.empty()) load(input, source, file);
}

// The files of a record get the ids that they would get in a run that checks them: the given ones come first, in their order.
static std::vector<FileId> addRecorded(const FrontCheckInput& input, const program::RunRecord& record, SourceFiles& files) {
  std::unordered_map<std::string, size_t> by_key;
  for (size_t i = 0; i < record.files.size(); ++i) by_key[program::keyOf(record.files[i].path, record.files[i].module)] = i;
  std::vector<FileId> ids(record.files.size());
  for (const config::Source& source : input.sources) {
    auto found = by_key.find(program::keyOf(source.path, source.module));
    if (found != by_key.end() && !ids[found->second].valid()) ids[found->second] = files.add(source.path);
  }
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!ids[i].valid()) ids[i] = files.add(record.files[i].path);
  }
  return ids;
}

static void addModules(const program::FileRecord& file, std::vector<std::string>& modules) {
  modules.push_back(file.module.empty() ? "__main__" : file.module);
  for (std::string name : file.imports) {
    for (size_t dot = name.size(); dot != std::string::npos; dot = name.rfind('.')) {
      name.resize(dot);
      modules.push_back(name);
    }
  }
}

// The findings of a record, as if they had just been found.
static FrontCheckResult replay(const FrontCheckInput& input, const program::RunRecord& record, SourceFiles& files) {
  FrontCheckResult out;
  std::vector<FileId> ids = addRecorded(input, record, files);
  for (size_t i = 0; i < ids.size(); ++i) {
    const program::FileRecord& file = record.files[i];
    if (!file.failure.empty()) out.failures.push_back(file.failure);
    for (Diagnostic diagnostic : file.diagnostics) {
      diagnostic.file = ids[i];
      for (Note& note : diagnostic.notes) {
        if (note.file.valid()) note.file = ids[i];  // notes about other files are not kept
      }
      out.diagnostics.push_back(std::move(diagnostic));
    }
    if (input.config.base.warn_unused_configs) addModules(file, out.modules);
    if (!file.diagnostics.empty()) loadForPrinting(input, {.path = file.path, .module = file.module, .base_dir = file.base_dir}, files[ids[i]]);
  }
  return out;
}

namespace {
// One run that checks something.
struct Run {
  const FrontCheckInput& input;
  SourceFiles& files;
  semantic::ImportResolver& resolver;
  const program::RunRecord& before;
  const program::RunPlan& plan;
  std::vector<config::Source> sources;
  std::vector<FileId> ids;
  std::vector<LoadOutcome> loaded;  // of the given sources
};
}  // namespace

static std::string keyOf(const config::Source& source) { return program::keyOf(source.path, source.module); }

// Findings of a known file point to files by their place in the record.
static void takeKnown(Run& run, size_t index, const program::FileRecord& known, FileResult& result) {
  result.failure = known.failure;
  result.diagnostics = known.diagnostics;
  for (Diagnostic& diagnostic : result.diagnostics) diagnostic.file = run.ids[index];
  if (!result.diagnostics.empty()) loadForPrinting(run.input, run.sources[index], run.files[run.ids[index]]);
}

static bool hasForeignNotes(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    for (const Note& note : diagnostic.notes) {
      if (note.file.valid() && note.file != diagnostic.file) return true;
    }
  }
  return false;
}

// What the next run may take over.
static program::RunRecord makeRecord(const Run& run, const program::Program& program, const std::vector<FileResult>& results) {
  program::RunRecord record;
  for (uint32_t i = 0; i < run.ids.size(); ++i) {
    program::FileRecord file{.path = run.sources[i].path, .module = run.sources[i].module, .base_dir = run.sources[i].base_dir};
    uint32_t id = run.ids[i].value;
    file.is_given = id < run.loaded.size();
    auto known = run.plan.known.find(keyOf(run.sources[i]));
    if (known != run.plan.known.end()) {
      file.state = known->second->state;
    } else if (file.is_given) {
      file.state = run.loaded[id].disk;
    }
    program.describe(i, file);
    file.failure = results[i].failure;
    file.diagnostics = results[i].diagnostics;
    for (Diagnostic& diagnostic : file.diagnostics) diagnostic.file = FileId(i);
    record.files.push_back(std::move(file));
  }
  std::unordered_map<std::string, program::DiskState> libraries, folders;
  if (!run.plan.known.empty()) {
    for (const program::ReadPath& path : run.before.libraries) libraries[path.path] = path.state;
    for (const program::ReadPath& path : run.before.folders) folders[path.path] = path.state;
  }
  for (const program::ReadPath& path : program.libraries()) libraries[path.path] = path.state;
  for (const std::string& folder : program.foldersRead()) folders[folder] = program::stateOfFolder(folder);
  for (auto& [path, state] : libraries) record.libraries.push_back({path, state});
  for (auto& [path, state] : folders) record.folders.push_back({path, state});
  return record;
}

// Reads the sources that are not known, in parallel.
static void loadSources(Run& run) {
  for (const config::Source& source : run.sources) run.ids.push_back(run.files.add(source.path));
  run.loaded.resize(run.sources.size());
  int chosen = std::atoi(run.input.config.base.num_workers.c_str());
  parallelFor(run.sources.size(), chosen > 0 ? static_cast<unsigned>(chosen) : hardwareThreads(), [&](size_t i) {
    if (run.plan.known.count(keyOf(run.sources[i])) == 0) run.loaded[i] = load(run.input, run.sources[i], run.files[run.ids[i]]);
  });
}

// Small programs are checked before another process could be started.
static unsigned workersFor(const Run& run) {
  static constexpr size_t kSmall = size_t{1} << 20;
  int chosen = std::atoi(run.input.config.base.num_workers.c_str());
  if (chosen > 0) return static_cast<unsigned>(std::min(chosen, 64));
  size_t size = 0;
  for (FileId id : run.ids) size += run.files[id].text.size();
  return size < kSmall ? 1 : hardwareThreads();
}

static FrontCheckResult checkSources(Run& run, const program::CacheStore& store, uint64_t key) {
  loadSources(run);
  Interner names;
  semantic::StarNames star_names(run.resolver, names);
  semantic::FrontContext context{.config = run.input.config, .resolver = run.resolver, .star_names = star_names, .names = names, .given = &run.input.sources};
  // Never destroyed: the process ends after the report, and taking the World down costs as much as a small check.
  auto& program = *new program::Program({.config = run.input.config,
                                               .sources = run.sources,
                                               .resolver = run.resolver,
                                               .files = run.files,
                                               .ids = run.ids,
                                               .known = &run.plan.known,
                                               .shadow_files = &run.input.shadow_files});
  program.check(workersFor(run));
  CheckerRun checker{program, run.ids};
  context.checker = checkerFindings;
  context.checker_data = &checker;
  std::vector<FileResult> results(run.sources.size());
  FrontCheckResult out;
  bool is_kept = !store.isOff();
  for (size_t i = 0; i < results.size(); ++i) {
    FileId id = run.ids[i];
    if (program.isKnown(i)) {
      takeKnown(run, i, *run.plan.known.at(keyOf(run.sources[i])), results[i]);
      continue;
    }
    ++out.checked_again;
    LoadOutcome outcome;
    if (id.value < run.loaded.size()) outcome = run.loaded[id.value];
    results[i] = checkFile(run.input, context, run.sources[i], outcome, run.files[id], id, program.parsedSource(i));
    is_kept = is_kept && !hasForeignNotes(results[i].diagnostics);
  }
  if (is_kept) store.save(key, program::encodeRecord(makeRecord(run, program, results)));
  for (uint32_t i = 0; run.input.config.base.warn_unused_configs && i < run.ids.size(); ++i) {
    program::FileRecord file{.path = run.sources[i].path, .module = run.sources[i].module, .base_dir = run.sources[i].base_dir};
    program.describe(i, file);
    addModules(file, out.modules);
  }
  for (FileResult& result : results) {
    if (!result.failure.empty()) out.failures.push_back(std::move(result.failure));
    for (Diagnostic& diagnostic : result.diagnostics) out.diagnostics.push_back(std::move(diagnostic));
  }
  return out;
}

// Where one file cannot be read to its end mypy checks none: of the others it says only what they import in vain, and after a
// syntax error that of the given files alone, as nothing else has been looked at. ref: mypy errors.Errors.raise_error
static void dropAfterBlocker(std::vector<Diagnostic>& diagnostics, size_t given) {
  bool has_blocker = false, is_syntax = false;
  std::set<uint32_t> blocked;
  for (const Diagnostic& each : diagnostics) {
    if (!each.is_blocker) continue;
    has_blocker = true;
    is_syntax |= each.code == Code::kSyntax;
    blocked.insert(each.file.value);
  }
  if (!has_blocker) return;
  std::erase_if(diagnostics, [&](const Diagnostic& each) {
    if (each.is_blocker) return false;
    bool is_import = each.code == Code::kImportNotFound || each.code == Code::kImportUntyped;
    if (blocked.count(each.file.value) > 0) return is_import && is_syntax;
    return !is_import || (is_syntax && each.file.value >= given);
  });
}

// Paths are shown as they are found from the current folder: in mypy mode all, else those that nobody wrote.
static void shortenPaths(const FrontCheckInput& input, SourceFiles& files) {
  std::string here = config::absolutePath("x");
  here.pop_back();
  for (uint32_t i = input.config.base.mypy ? 0 : static_cast<uint32_t>(input.sources.size()); i < files.size(); ++i) {
    std::string& path = files[FileId(i)].path;
    if (path.size() > here.size() && path.starts_with(here)) path.erase(0, here.size());
  }
}

FrontCheckResult frontCheck(const FrontCheckInput& input, SourceFiles& files) {
  const config::Options& options = input.config.base;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(input.config, input.sources));
  bool is_cached = options.incremental && input.program_text.size() <= 1 && input.shadow_files.empty();
  program::CacheStore store(is_cached ? options.cache_dir : "");
  uint64_t key = store.isOff() ? 0 : program::runKey(input.config, input.targets, resolver.options());
  program::RunRecord before;
  program::RunPlan plan;
  if (std::optional<std::string> bytes = store.load(key)) {
    if (std::optional<program::RunRecord> record = program::decodeRecord(*bytes)) {
      before = std::move(*record);
      plan = program::planRun(before, input.sources, resolver);
    }
  }
  FrontCheckResult out;
  bool has_builtins = input.sources.empty() || resolver.resolve("builtins").found();
  if (plan.is_unchanged) {
    out = replay(input, before, files);
    if (plan.is_touched) store.save(key, program::encodeRecord(before));
  } else {
    Run run{input, files, resolver, before, plan, input.sources, {}, {}};
    out = checkSources(run, store, key);
  }
  if (!has_builtins) out.failures.push_back("error: " + missingBuiltins(options) + ", so nothing can be said of types");
  if (options.mypy) dropAfterBlocker(out.diagnostics, input.sources.size());
  if (!options.show_absolute_path) {
    shortenPaths(input, files);
  } else {
    for (uint32_t i = 0; i < files.size(); ++i) files[FileId(i)].path = config::absolutePath(files[FileId(i)].path);
  }
  return out;
}

}  // namespace krait::cli

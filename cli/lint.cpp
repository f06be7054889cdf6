// krait lint: the linter over files and folders, with fixes.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/base/text_diff.h"
#include "analyzer/config/discovery.h"
#include "analyzer/config/lint_files.h"
#include "analyzer/config/lint_selection.h"
#include "analyzer/lint/module_links.h"
#include "analyzer/lint/runner.h"
#include "analyzer/semantic/front_findings.h"
#include "cli/add_noqa.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/lint_folders.h"
#include "cli/lint_one.h"
#include "cli/lint_reports.h"
#include "cli/lint_request.h"
#include "cli/lint_settings_text.h"
#include "cli/lint_summary.h"
#include "cli/watch.h"

namespace krait::cli {

static int printChanges(const LintRequest& request, const SourceFiles& files, const std::vector<FileOutcome>& outcomes) {
  uint32_t count = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    count += outcomes[i].fix_count;
    if (!request.shows_diff) continue;
    const std::string& path = files[FileId(static_cast<uint32_t>(i))].path;
    std::string diff = !outcomes[i].diff.empty() ? outcomes[i].diff : outcomes[i].original == outcomes[i].changed || !files[FileId(static_cast<uint32_t>(i))].cells.empty() ? "" : unifiedDiff(outcomes[i].original, outcomes[i].changed, path, path);
    std::fwrite(diff.data(), 1, diff.size(), stdout);
  }
  if (request.readsStdin() && !request.shows_diff) std::fwrite(outcomes[0].changed.data(), 1, outcomes[0].changed.size(), stdout);
  if (request.adds_noqa) {
    std::fprintf(stderr, "Added %u %s%s.\n", count, request.added.are_ignores ? "ignore comment" : "noqa directive", count == 1 ? "" : "s");
    return 0;
  }
  if (!request.is_quiet && request.shows_diff) {
    std::vector<Diagnostic> left;
    for (const FileOutcome& outcome : outcomes) left.insert(left.end(), outcome.diagnostics.begin(), outcome.diagnostics.end());
    std::fputs(changesOf(count, countFixes(request, left)).c_str(), stderr);
  }
  return request.shows_diff && count > 0 && !request.exits_zero ? 1 : 0;
}

static int printFindings(const LintRequest& request, const SourceFiles& files, std::vector<FileOutcome>& outcomes) {
  std::vector<Diagnostic> all;
  std::vector<FixedFile> fixes;
  uint32_t fixed = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    FileOutcome& outcome = outcomes[i];
    fixed += outcome.fix_count;
    if (request.shows_fixes && outcome.fix_count > 0) fixes.push_back({files[FileId(static_cast<uint32_t>(i))].path, outcome.fixed});
    for (Diagnostic& diagnostic : outcome.diagnostics) all.push_back(std::move(diagnostic));
  }
  FixCounts left = countFixes(request, all);
  if (request.fixes_only) all.clear();
  Report report(files, all);
  RenderOptions options = renderOptionsOf(config::Options());
  options.show_error_end = true;
  options.offers_unsafe_fixes = request.choice == lint::FixChoice::kUnsafeToo;
  options.working_folder = config::absolutePath(".");
  std::string out = request.shows_statistics ? statisticsOf(request, all) : render(request.format, report, options);
  bool is_for_people = request.format == OutputFormat::kLintFull || request.format == OutputFormat::kConcise || request.format == OutputFormat::kGrouped;
  if (is_for_people && !request.is_quiet) {
    bool ends_with_gap = request.format == OutputFormat::kLintFull && report.errorCount() > 0 && !request.shows_statistics;
    if (ends_with_gap || !fixes.empty()) out += "\n";
    if (!fixes.empty()) out += fixesText(std::move(fixes)) + "\n";
    out += summaryOf(request, report.errorCount(), fixed, left);
  }
  // The fixed text takes standard output.
  bool gives_text = request.readsStdin() && request.fixes;
  if (!request.output_file.empty()) {
    Result<size_t> written = writeFileAtomically(request.output_file, out);
    if (!written.ok()) {
      std::fprintf(stderr, "krait: %s\n", written.message().c_str());
      return 2;
    }
  } else {
    std::fwrite(out.data(), 1, out.size(), gives_text ? stderr : stdout);
  }
  bool has_findings = report.errorCount() > 0 || (request.exits_on_fix && fixed > 0);
  return has_findings && !request.exits_zero ? 1 : 0;
}

static int printOutcome(const LintRequest& request, const SourceFiles& files, std::vector<FileOutcome>& outcomes) {
  bool has_failed = false;
  for (const FileOutcome& outcome : outcomes) {
    if (outcome.failure.empty()) continue;
    std::fprintf(stderr, "krait: %s\n", outcome.failure.c_str());
    has_failed = true;
  }
  bool gives_changes = request.shows_diff || request.adds_noqa;
  if (!gives_changes && request.readsStdin() && request.fixes) printChanges(request, files, outcomes);
  int exit_code = gives_changes ? printChanges(request, files, outcomes) : printFindings(request, files, outcomes);
  return has_failed ? 2 : exit_code;
}

static Result<std::vector<config::Source>> sourcesOf(const LintRequest& request, const config::Config& config, FolderOptions& folders) {
  if (request.readsStdin()) {
    config::Source source;
    source.path = request.stdin_name.empty() ? "-" : request.stdin_name;
    return std::vector<config::Source>{std::move(source)};
  }
  config::DiscoverySettings settings{.includes_notebooks = true, .uses_gitignore = config.lint.respect_gitignore, .allows_empty_folders = true, .passes_over = {}, .keeps_all_files = true};
  settings.passes_over = [&](const std::string& path) { return config::isPassedOver(folders.of(path), path, config::FoldersAbove::kWereAsked); };
  settings.includes = [&](const std::string& path) { return config::isIncluded(folders.of(path), path); };
  std::vector<std::string> paths = request.paths;
  if (config.lint.force_exclude) std::erase_if(paths, [&](const std::string& path) { return path != "." && config::isPassedOver(folders.of(path), path, config::FoldersAbove::kCount); });
  return config::findSources(paths, config.base, settings);
}

static std::vector<lint::AskedNames> askedOf(const std::vector<config::Source>& sources, const std::vector<lint::ModuleLinks>& links) {
  std::vector<std::string> modules;
  for (const config::Source& source : sources) modules.push_back(source.module);
  return lint::askedNames(modules, links);
}

// Rounds of fixes over all files; each but the first needs a name that an earlier one left to nobody.
static constexpr int kMostRounds = 16;

static int lintPaths(const LintRequest& request, const config::Config& config, FolderOptions& folders) {
  Result<std::vector<config::Source>> found = sourcesOf(request, config, folders);
  if (!found.ok()) {
    std::fprintf(stderr, "%s\n", found.message().c_str());
    return 2;
  }
  const std::vector<config::Source>& sources = found.value();
  if (request.shows_files) {
    std::set<std::string> shown;
    for (const config::Source& source : sources) shown.insert(config::absolutePath(source.path));
    for (const std::string& path : shown) std::printf("%s\n", path.c_str());
    return 0;
  }
  if (request.shows_settings && !sources.empty()) {
    std::fputs(settingsText(folders.of(sources[0].path), config::absolutePath(sources[0].path)).c_str(), stdout);
    return 0;
  }
  if (sources.empty() && !request.is_quiet) std::fprintf(stderr, "krait: warning: no Python files found under the given paths\n");
  Interner names;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, sources));
  semantic::StarNames star_names(resolver, names);
  if (!sources.empty() && !star_names.builtins().has(names.intern("object"))) {
    std::fprintf(stderr, "krait: warning: %s; rules that must know them report little or nothing\n", missingBuiltins(config.base).c_str());
  }
  SourceFiles files;
  std::vector<const config::LintOptions*> options;
  for (const config::Source& source : sources) {
    files.add(source.path);
    options.push_back(&folders.of(source.path));
  }
  // What the files ask of each other is known when all were read; what breaks another file is not fixed without a word.
  bool asks_others = sources.size() > 1;
  std::vector<lint::ModuleLinks> links(asks_others ? sources.size() : 0);
  std::vector<lint::AskedNames> asked;
  auto inputOf = [&](size_t i) {
    FileId id(static_cast<uint32_t>(i));
    return lint::LintInput{.file = files[id],
                           .id = id,
                           .module = sources[i].module,
                           .options = *options[i],
                           .star_names = star_names,
                           .names = names,
                           .ignores_comments = request.ignores_noqa,
                           .asked = asked.empty() ? nullptr : &asked[i],
                           .links = asks_others ? &links[i] : nullptr};
  };
  std::vector<FileOutcome> outcomes(sources.size());
  parallelFor(sources.size(), hardwareThreads(), [&](size_t i) { outcomes[i] = lintOne(request, inputOf(i), files[FileId(static_cast<uint32_t>(i))]); });
  // A fix may take away the last asker of a name: another round then sees that nobody asks for it any more.
  bool is_fixing = request.fixes || request.shows_diff;
  std::vector<lint::AskedNames> before(sources.size());
  for (int round = 0; round < kMostRounds; ++round) {
    if (asks_others) asked = askedOf(sources, links);
    std::vector<char> has_changed(sources.size(), 0);
    parallelFor(sources.size(), hardwareThreads(), [&](size_t i) {
      SourceFile& file = files[FileId(static_cast<uint32_t>(i))];
      FileOutcome& outcome = outcomes[i];
      bool is_asked_anew = asks_others && !links[i].taken.empty() && asked[i] != before[i];
      if (!outcome.is_read || (round > 0 && (!is_asked_anew || !file.cells.empty()))) return;
      lint::LintInput input = inputOf(i);
      if (is_asked_anew) lintText(input, outcome);
      uint32_t count = outcome.fix_count;
      applyRequest(request, input, file, outcome);
      has_changed[i] = is_fixing && outcome.fix_count != count;
    });
    if (!asks_others || std::find(has_changed.begin(), has_changed.end(), 1) == has_changed.end()) break;
    before = asked;
  }
  int exit_code = printOutcome(request, files, outcomes);
  return folders.hasFaults() ? 2 : exit_code;
}

int runLint(const Arguments& arguments) {
  if (asksForLintReport(arguments)) return runLintReport(arguments);
  // `--explain CODE` is `krait explain CODE`.
  if (!arguments.empty() && arguments[0] == "--explain") return runExplain(Arguments(arguments.begin() + 1, arguments.end()));
  CommandSpec spec = lintSpec();
  ParsedArguments parsed = parseArguments(spec, arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  // Nothing is given back before the end: memory that only grows takes the fewest calls of the system.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
  config::CommandLine command_line;
  command_line.config_file = lintConfigFile(parsed);
  auto run = [&]() -> int {
    Result<config::Config> config = config::loadConfig(command_line);
    LintRequest request;
    std::optional<std::string> wrong = config.ok() ? readLintSettings(parsed, config.value()) : config.message();
    if (!wrong) wrong = readLintRequest(parsed, request, config.value().lint);
    if (wrong) return sayUsageError(lintSpec(), *wrong);
    for (const std::string& warning : config.value().warnings) std::fprintf(stderr, "%s\n", warning.c_str());
    for (const std::string& warning : config.value().lint_warnings) {
      bool is_said = std::find(config.value().warnings.begin(), config.value().warnings.end(), warning) != config.value().warnings.end();
      if (!is_said) std::fprintf(stderr, "%s\n", warning.c_str());
    }
    if (config.value().lint.fault_count > 0) return 2;
    if (std::string name = config::resolveRuleNames(config.value().lint); !name.empty()) return sayUsageError(lintSpec(), "rules can be selected by name in the preview only: " + name);
    config::finishLintOptions(config.value().lint);
    for (const std::string& selector : config::findIdleSelectors(config.value().lint)) {
      std::fprintf(stderr, "krait: warning: selecting %s has no effect without --preview\n", selector.c_str());
    }
    int exit_code = 2;
    FolderOptions folders(parsed, config.value());
    runOnDeepStack([&] { exit_code = lintPaths(request, config.value(), folders); });
    return exit_code;
  };
  LintRequest request;
  config::LintOptions unused;
  bool watches = !readLintRequest(parsed, request, unused) && request.watches;
  return watches ? watch(request.paths, run) : run();
}

}  // namespace krait::cli

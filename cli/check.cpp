// krait check: from the command line to findings on the terminal.
#include <malloc.h>

#include <cstdio>
#include <map>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/discovery.h"
#include "analyzer/diagnostics/render.h"
#include "cli/baseline.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/edit_ignores.h"
#include "cli/front_check.h"
#include "cli/module_sources.h"
#include "cli/watch.h"

namespace krait::cli {

CommandSpec checkSpec() { return checkCommandSpec(); }

static int usageError(const std::string& message) { return sayUsageError(checkSpec(), message); }

static std::string joinedLines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out + "\n";
}

// The configuration's files, modules and packages count when the command line names nothing.
static void takeTargetsOfConfig(CheckRequest& request, const config::Options& options) {
  if (!request.paths.empty() || !request.modules.empty() || !request.packages.empty() || !request.programs.empty())
    return;
  request.paths = options.files;
  if (!request.paths.empty()) return;
  request.modules = options.modules;
  request.packages = options.packages;
}

// `last`: a line that stands below the findings.
static int printReport(const CheckRequest& request, const config::Options& options, const Report& report, size_t checked, bool has_failed,
                       const std::string& last) {
  RenderOptions render_options = renderOptionsOf(options);
  std::string out = render(request.format, report, render_options) + last;
  bool is_for_people = request.format == OutputFormat::kText || request.format == OutputFormat::kFull;
  if (options.error_summary && is_for_people && !has_failed) {
    std::string summary = summaryLine(report, checked);
    const char* color = report.errorCount() == 0 ? "\x1b[1m\x1b[32m" : "\x1b[1m\x1b[31m";
    if (request.format == OutputFormat::kFull && !report.lines().empty()) out += "\n";
    out += render_options.color ? color + summary + "\x1b[0m\n" : summary + "\n";
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (!options.junit_xml.empty()) {
    Result<size_t> written =
        writeFileAtomically(options.junit_xml, render(OutputFormat::kJunit, report, render_options));
    if (!written.ok()) std::fprintf(stderr, "krait: %s\n", written.message().c_str());
    has_failed |= !written.ok();
  }
  if (has_failed || (options.mypy && report.hasBlocker())) return 2;
  return report.errorCount() > 0 ? 1 : 0;
}

// The sections of the configuration that are for none of the modules, as a line; empty: there are none. mypy says it among its findings.
static std::string unusedSectionsLine(const config::Config& config, const std::vector<std::string>& modules) {
  if (!config.base.warn_unused_configs || config.sections.empty()) return "";
  std::vector<std::string> unused = config::unusedSections(config, modules);
  bool is_toml = config.path.ends_with(".toml");
  if (is_toml) std::sort(unused.begin(), unused.end());
  std::string list;
  for (const std::string& pattern : unused) {
    if (is_toml) {
      list += (list.empty() ? "'" : ", '") + pattern + "'";
    } else {
      list += (list.empty() ? "[mypy-" : ", [mypy-") + pattern + "]";
    }
  }
  if (list.empty()) return "";
  if (is_toml) list = "module = [" + list + "]";
  return config.base.mypy ? config.path + ": note: unused section(s): " + list + "\n" : "Warning: unused section(s) in " + config.path + ": " + list + "\n";
}

// Two sources of one module name: which of them an import means cannot be told. ref: mypy build.load_graph
static std::string duplicateModule(const std::vector<config::Source>& sources) {
  std::map<std::string, const config::Source*> by_module;
  for (const config::Source& source : sources) {
    std::string_view module = source.module.empty() ? std::string_view("__main__") : source.module;
    auto [known, is_new] = by_module.emplace(module, &source);
    if (is_new || known->second->path == source.path) continue;
    return source.path + ": error: Duplicate module named \"" + known->first + "\" (also at \"" +
           known->second->path + "\")\n" + source.path +
           ": note: See https://mypy.readthedocs.io/en/stable/running_mypy.html#mapping-file-paths-to-modules for more "
           "info\n" +
           source.path +
           ": note: Common resolutions include: a) using `--exclude` to avoid checking one of them, b) adding "
           "`__init__.py` "
           "somewhere, c) using `--explicit-package-bases` or adjusting MYPYPATH\n";
  }
  return "";
}

// What --baseline asks for; an exit code where nothing is left to be printed.
static std::optional<int> applyBaseline(const CheckRequest& request, const SourceFiles& files, std::vector<Diagnostic>& diagnostics) {
  if (request.writes_baseline) {
    Baseline now = Baseline::of(files, diagnostics);
    Result<size_t> written = now.write(request.baseline);
    if (!written.ok()) return usageError(written.message());
    std::printf("%s: %zu findings accepted\n", request.baseline.c_str(), now.size());
    return 0;
  }
  Result<Baseline> baseline = Baseline::read(request.baseline);
  if (!baseline.ok()) return usageError(baseline.message() + (isFile(request.baseline) ? "" : " (write it with --write-baseline)"));
  if (request.shrinks_baseline) {
    Baseline shrunk = baseline.value().shrunkTo(Baseline::of(files, diagnostics));
    Result<size_t> written = shrunk.write(request.baseline);
    if (!written.ok()) return usageError(written.message());
  }
  Baseline::Compared compared = baseline.value().compare(files, std::move(diagnostics));
  diagnostics = std::move(compared.left);
  if (compared.gone > 0 && !request.shrinks_baseline) {
    std::fprintf(stderr, "%s: %zu findings are gone: --shrink-baseline takes them out\n", request.baseline.c_str(), compared.gone);
  }
  return std::nullopt;
}

static int finishEdit(const EditedIgnores& edited, const char* verb) {
  for (const std::string& problem : edited.problems) std::fprintf(stderr, "%s\n", problem.c_str());
  std::printf("%zu comments %s in %zu files\n", edited.comments, verb, edited.files);
  return edited.problems.empty() ? 0 : 1;
}

static std::vector<std::string> targetsOf(const CheckRequest& request) {
  std::vector<std::string> targets = request.paths;
  for (const std::string& module : request.modules) targets.push_back("-m " + module);
  for (const std::string& package : request.packages) targets.push_back("-p " + package);
  return targets;
}

static int checkRequest(CheckRequest& request) {
  Result<config::Config> loaded = config::loadConfig(request.command_line);
  if (!loaded.ok()) return usageError(loaded.message());
  const config::Config& config = loaded.value();
  for (const std::string& warning : config.warnings) std::fprintf(stderr, "%s\n", warning.c_str());
  takeTargetsOfConfig(request, config.base);
  bool has_target =
      !request.paths.empty() || !request.modules.empty() || !request.packages.empty() || !request.programs.empty();
  if (!has_target) return usageError("Missing target module, package, files, or command.");

  Result<std::vector<config::Source>> found = config::findSources(request.paths, config.base, {.includes_notebooks = !config.base.mypy});
  if (!found.ok()) {
    std::fprintf(stderr, "%s\n", found.message().c_str());
    return 2;
  }
  std::vector<config::Source>& sources = found.value();
  Result<std::vector<config::Source>> named = findModuleSources(request.modules, request.packages, config);
  if (!named.ok()) {
    std::fprintf(stderr, "%s\n", named.message().c_str());
    return 2;
  }
  sources.insert(sources.end(), named.value().begin(), named.value().end());
  if (!request.programs.empty()) sources.push_back({.path = "<string>", .module = "", .base_dir = ""});
  if (config.base.install_types)
    return usageError("--install-types is not supported: install the stub packages that are named");
  if (request.is_verbose) {
    std::fprintf(stderr, "configuration: %s\n", config.path.empty() ? "none" : config.path.c_str());
    for (const config::Source& source : sources) {
      std::fprintf(stderr, "source: %s (%s)\n", source.path.c_str(),
                   source.module.empty() ? "__main__" : source.module.c_str());
    }
  }
  if (std::string duplicate = config.base.mypy ? duplicateModule(sources) : ""; !duplicate.empty()) {
    if (config.base.error_summary) duplicate += "Found 1 error in 1 file (errors prevented further checking)\n";
    std::fputs(duplicate.c_str(), stdout);
    return 2;
  }
  SourceFiles files;
  FrontCheckResult checked = frontCheck({.config = config,
                                         .sources = sources,
                                         .shadow_files = request.shadow_files,
                                         .program_text = joinedLines(request.programs),
                                         .targets = targetsOf(request)},
                                        files);
  if (request.is_verbose) std::fprintf(stderr, "checked again: %zu of %u files\n", checked.checked_again, files.size());
  for (const std::string& failure : checked.failures) {
    std::fprintf(stderr, "%s: %s\n", config.base.mypy ? "mypy" : "krait", failure.c_str());
  }
  std::string unused = unusedSectionsLine(config, checked.modules);
  bool is_listed = config.base.mypy && request.format == OutputFormat::kText;
  if (!is_listed) std::fputs(unused.c_str(), stderr);
  if (request.removes_ignores) return finishEdit(removeUnusedIgnores(files, checked.diagnostics), "removed or narrowed");
  if (!request.baseline.empty()) {
    if (std::optional<int> exit_code = applyBaseline(request, files, checked.diagnostics)) return *exit_code;
  }
  if (request.adds_ignores) return finishEdit(addIgnores(Report(files, std::move(checked.diagnostics))), "added");
  Report report(files, std::move(checked.diagnostics));
  return printReport(request, config.base, report, sources.size(), !checked.failures.empty(), is_listed ? unused : "");
}

int runCheck(const Arguments& arguments) {
  CommandSpec spec = checkSpec();
  ParsedArguments parsed = parseArguments(spec, arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  Result<CheckRequest> request = readCheckRequest(spec, parsed);
  if (!request.ok()) return usageError(request.message());
  // Nothing is given back before the end: one arena that only grows takes the fewest calls of the system.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
  auto check = [&] {
    int exit_code = 2;
    runOnDeepStack([&] { exit_code = checkRequest(request.value()); });
    return exit_code;
  };
  return request.value().is_watching ? watch(request.value().paths, check) : check();
}

}  // namespace krait::cli

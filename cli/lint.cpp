// krait lint: the linter over files and folders, with fixes.
#include <algorithm>
#include <cstdio>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/diagnostics/render.h"
#include "analyzer/lint/fixes.h"
#include "analyzer/lint/runner.h"
#include "analyzer/semantic/front_findings.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/lint_reports.h"
#include "cli/load_source.h"

namespace krait::cli {

enum LintOption : size_t { kSelect, kIgnore, kExtendSelect, kFormat, kFix, kUnsafeFixes, kExitZero, kQuiet, kConfig, kIsolated };

// Passes over one file until nothing is left to fix; more would mean that two fixes undo each other.
static constexpr int kMostFixPasses = 64;

CommandSpec lintSpec() {
  return {
      .name = "lint",
      .summary = "Find mistakes and bad habits, and fix them",
      .details =
          "Codes are ruff's: F401 names a rule, F a family, ALL every rule. Settings are read from [lint] in "
          "krait.toml,\n"
          "[tool.krait.lint] or [tool.ruff.lint] in pyproject.toml. `# noqa: CODE` silences a line.\n"
          "--metrics prints measures of the code, --project finds code that nothing uses: see --metrics --help.",
      .operands = "[PATHS...]",
      .options = {
          {"--select", ArgKind::kValue, "CODES", "codes or prefixes to report, separated by commas", ""},
          {"--ignore", ArgKind::kValue, "CODES", "codes or prefixes not to report", ""},
          {"--extend-select", ArgKind::kValue, "CODES", "codes to report besides", ""},
          {"--output-format", ArgKind::kValue, "FORMAT", "full, concise, text, json, json-lines, sarif, github, gitlab, junit", ""},
          {"--fix", ArgKind::kFlag, "", "write the safe fixes into the files", ""},
          {"--unsafe-fixes", ArgKind::kFlag, "", "with --fix: those too that may change what the program does", ""},
          {"-e,--exit-zero", ArgKind::kFlag, "", "exit 0 even with findings", ""},
          {"-q,--quiet", ArgKind::kFlag, "", "print findings only", ""},
          {"--config", ArgKind::kValue, "FILE", "configuration to use", ""},
          {"--isolated", ArgKind::kFlag, "", "read no configuration", ""}}};
}

namespace {
struct LintRequest {
  OutputFormat format = OutputFormat::kFull;
  bool fixes = false;
  lint::FixChoice choice = lint::FixChoice::kSafe;
  bool exits_zero = false;
  bool is_quiet = false;
  std::vector<std::string> paths;
};
struct FileOutcome {
  std::vector<Diagnostic> diagnostics;
  uint32_t fix_count = 0;
  std::string failure;
};
}  // namespace

static std::vector<std::string> splitCodes(const std::string& text) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// Every selector must name something: a mistyped code would silently check nothing.
static std::optional<std::string> unknownCode(const std::vector<std::string>& codes) {
  for (const std::string& selector : codes) {
    bool is_known = selector == "ALL";
    for (uint16_t i = 1; i < codeCount() && !is_known; ++i) {
      const CodeInfo& info = codeInfo(static_cast<Code>(i));
      is_known = info.tool == Tool::kLint && info.text.starts_with(selector);
    }
    if (!is_known) return selector;
  }
  return std::nullopt;
}

static std::optional<std::string> readOptions(const ParsedArguments& parsed, LintRequest& request,
                                              config::LintOptions& options) {
  request.paths = parsed.operands;
  for (const ParsedOption& option : parsed.options) {
    std::vector<std::string> codes;
    if (option.index <= kExtendSelect) {
      codes = splitCodes(option.values[0]);
      if (std::optional<std::string> unknown = unknownCode(codes)) return "no rule is called " + *unknown;
    }
    switch (option.index) {
      case kSelect:
        options.select = std::move(codes);
        break;
      case kIgnore:
        options.ignore.insert(options.ignore.end(), codes.begin(), codes.end());
        break;
      case kExtendSelect:
        options.extend_select.insert(options.extend_select.end(), codes.begin(), codes.end());
        break;
      case kFormat: {
        std::optional<OutputFormat> format = findOutputFormat(option.values[0]);
        if (!format)
          return "argument --output-format: invalid choice: '" + option.values[0] + "' (choose from " +
                 outputFormatNames() + ")";
        // The linter's JSON is ruff's, the checker's mypy's.
        request.format = *format == OutputFormat::kJson ? OutputFormat::kLintJson : *format;
        break;
      }
      case kFix:
        request.fixes = true;
        break;
      case kUnsafeFixes:
        request.choice = lint::FixChoice::kUnsafeToo;
        break;
      case kExitZero:
        request.exits_zero = true;
        break;
      case kQuiet:
        request.is_quiet = true;
        break;
      default:
        break;
    }
  }
  if (request.paths.empty()) request.paths = {"."};
  return std::nullopt;
}

// Lints the text again after each pass of fixes, and writes it only when it still parses.
static void fixFile(const lint::LintInput& input, SourceFile& file, lint::FixChoice choice, FileOutcome& outcome) {
  std::string original = file.text;
  for (int pass = 0; pass < kMostFixPasses; ++pass) {
    lint::FixedText fixed = lint::applyFixes(file.text, outcome.diagnostics, choice);
    if (fixed.fix_count == 0) break;
    if (syntax::parseModule(fixed.text, input.names).error) {
      outcome.failure = file.path + ": a fix was not applied because the file would not parse; please report this";
      break;
    }
    outcome.fix_count += fixed.fix_count;
    file.setText(std::move(fixed.text));
    outcome.diagnostics = lint::lintFile(input);
  }
  if (file.text == original) return;
  Result<size_t> written = writeFileAtomically(file.path, file.text);
  if (!written.ok()) outcome.failure = written.message();
}

// Files in other encodings, or with a byte order mark, are not rewritten: the text in memory is not what they hold.
static bool isUtf8Source(const std::string& path) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) return false;
  syntax::SourceText source = syntax::decodeSource(bytes.value());
  return !source.error && !source.has_bom && source.encoding == "utf-8";
}

static FileOutcome lintOne(const LintRequest& request, const lint::LintInput& input, SourceFile& file) {
  FileOutcome outcome;
  LoadOutcome loaded = loadSource(file.path, file);
  if (!loaded.failure.empty()) {
    outcome.failure = "can't read file '" + file.path + "': " + loaded.failure;
    return outcome;
  }
  if (loaded.error) {
    DiagnosticSink sink(input.id);
    sink.begin(Rule::kLintSyntaxError, loaded.error->range, {loaded.error->message});
    outcome.diagnostics = sink.take();
    return outcome;
  }
  outcome.diagnostics = lint::lintFile(input);
  if (request.fixes && isUtf8Source(file.path)) fixFile(input, file, request.choice, outcome);
  return outcome;
}

static int printOutcome(const LintRequest& request, const SourceFiles& files, std::vector<FileOutcome>& outcomes) {
  std::vector<Diagnostic> all;
  uint32_t fixed = 0;
  bool has_failed = false;
  for (FileOutcome& outcome : outcomes) {
    fixed += outcome.fix_count;
    if (!outcome.failure.empty()) {
      std::fprintf(stderr, "krait: %s\n", outcome.failure.c_str());
      has_failed = true;
    }
    for (Diagnostic& diagnostic : outcome.diagnostics) all.push_back(std::move(diagnostic));
  }
  uint32_t fixable = static_cast<uint32_t>(std::count_if(all.begin(), all.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.fix && diagnostic.fix->safety == FixSafety::kSafe && !diagnostic.fix->edits.empty();
  }));
  Report report(files, std::move(all));
  RenderOptions options = renderOptionsOf(config::Options());
  options.show_error_end = true;
  std::string out = render(request.format, report, options);
  bool is_for_people = request.format == OutputFormat::kFull || request.format == OutputFormat::kConcise;
  if (is_for_people && !request.is_quiet) {
    std::string count =
        std::to_string(report.errorCount() + fixed) + (report.errorCount() + fixed == 1 ? " error" : " errors");
    if (request.format == OutputFormat::kFull && report.errorCount() > 0) out += "\n";
    if (fixed > 0) {
      out += "Found " + count + " (" + std::to_string(fixed) + " fixed, " + std::to_string(report.errorCount()) +
             " remaining).\n";
    } else {
      out += report.errorCount() == 0 ? "All checks passed!\n" : "Found " + count + ".\n";
    }
    if (fixable > 0 && !request.fixes) out += "[*] " + std::to_string(fixable) + " fixable with the `--fix` option.\n";
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (has_failed) return 2;
  return report.errorCount() > 0 && !request.exits_zero ? 1 : 0;
}

static int lintPaths(const LintRequest& request, const config::Config& config) {
  Result<std::vector<config::Source>> found =
      config::findSources(request.paths, config.base, {.uses_gitignore = true, .allows_empty_folders = true});
  if (!found.ok()) {
    std::fprintf(stderr, "%s\n", found.message().c_str());
    return 2;
  }
  std::erase_if(found.value(), [&](const config::Source& source) {
    return std::any_of(config.lint.exclude.begin(), config.lint.exclude.end(),
                       [&](const std::string& pattern) { return config::matchesGlob(pattern, source.path); });
  });
  const std::vector<config::Source>& sources = found.value();
  Interner names;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, sources));
  semantic::StarNames star_names(resolver, names);
  SourceFiles files;
  for (const config::Source& source : sources) files.add(source.path);
  std::vector<FileOutcome> outcomes(sources.size());
  parallelFor(sources.size(), hardwareThreads(), [&](size_t i) {
    FileId id(static_cast<uint32_t>(i));
    lint::LintInput input{.file = files[id],
                          .id = id,
                          .module = sources[i].module,
                          .options = config.lint,
                          .star_names = star_names,
                          .names = names};
    outcomes[i] = lintOne(request, input, files[id]);
  });
  return printOutcome(request, files, outcomes);
}

int runLint(const Arguments& arguments) {
  if (asksForLintReport(arguments)) return runLintReport(arguments);
  CommandSpec spec = lintSpec();
  ParsedArguments parsed = parseArguments(spec, arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  config::CommandLine command_line;
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kConfig) command_line.config_file = option.values[0];
    if (option.index == kIsolated) command_line.config_file = "";
  }
  Result<config::Config> config = config::loadConfig(command_line);
  LintRequest request;
  std::optional<std::string> wrong = config.ok() ? readOptions(parsed, request, config.value().lint) : config.message();
  if (wrong) {
    std::fprintf(stderr, "usage: krait lint [options] [PATHS...]\nkrait lint: error: %s\n", wrong->c_str());
    return 2;
  }
  for (const std::string& warning : config.value().warnings) std::fprintf(stderr, "%s\n", warning.c_str());
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = lintPaths(request, config.value()); });
  return exit_code;
}

}  // namespace krait::cli

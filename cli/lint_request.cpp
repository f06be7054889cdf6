#include "cli/lint_request.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "analyzer/config/lint_file.h"
#include "analyzer/config/lint_selection.h"
#include "analyzer/diagnostics/code_redirects.h"
#include "cli/commands.h"

namespace krait::cli {

// In the order of the specification's options.
enum LintOption : size_t {
  kSelect, kIgnore, kExtendSelect, kExtendIgnore, kFixable, kUnfixable, kExtendFixable, kPerFileIgnores, kExtendPerFileIgnores, kLineLength, kTargetVersion, kPreview, kNoPreview, kFormat, kOutputFile,
  kFix, kNoFix, kUnsafeFixes, kNoUnsafeFixes, kFixOnly, kShowFixes, kDiff, kAddNoqa, kAddIgnore, kIgnoreNoqa, kStatistics, kShowFiles, kShowSettings, kExtension, kStdinFilename, kWatch, kExitZero, kExitOnFix, kQuiet, kExclude, kExtendExclude,
  kForceExclude, kNoForceExclude, kRespectGitignore, kNoRespectGitignore, kNoCache, kCacheDir, kConfig, kIsolated
};

CommandSpec lintSpec() {
  return {
      .name = "lint",
      .summary = "Find mistakes and bad habits, and fix them",
      .details =
          "Codes are ruff's: F401 names a rule, F a family, ALL every rule. Settings are read from [lint] in "
          "krait.toml,\n"
          "[tool.krait.lint] or [tool.ruff.lint] in pyproject.toml, or ruff.toml. `# noqa: CODE` silences a line. `-` reads the text from "
          "standard input.\n"
          "--metrics prints measures of the code, --project finds code that nothing uses: see --metrics --help. --explain CODE says\n"
          "what a code means.",
      .operands = "[PATHS...]",
      .options = {
          {"--select", ArgKind::kValue, "CODES", "codes or prefixes to report, separated by commas", ""},
          {"--ignore", ArgKind::kValue, "CODES", "codes or prefixes not to report", ""},
          {"--extend-select", ArgKind::kValue, "CODES", "codes to report besides", ""},
          {"--extend-ignore", ArgKind::kValue, "CODES", "codes not to report besides", ""},
          {"--fixable", ArgKind::kValue, "CODES", "codes whose fixes may be applied", ""},
          {"--unfixable", ArgKind::kValue, "CODES", "codes whose fixes are not applied", ""},
          {"--extend-fixable", ArgKind::kValue, "CODES", "codes whose fixes may be applied besides", ""},
          {"--per-file-ignores", ArgKind::kValue, "PAIRS", "pattern:CODE pairs: codes not reported in files", ""},
          {"--extend-per-file-ignores", ArgKind::kValue, "PAIRS", "more of them", ""},
          {"--line-length", ArgKind::kValue, "N", "columns of the longest line", ""},
          {"--target-version", ArgKind::kValue, "VERSION", "the oldest Python that the code is for: py311", ""},
          {"--preview", ArgKind::kFlag, "", "codes of the preview may be selected too", ""},
          {"--no-preview", ArgKind::kFlag, "", "they may not", ""},
          {"--output-format", ArgKind::kValue, "FORMAT", "full, concise, grouped, text, json, json-lines, sarif, github, gitlab, junit, pylint, azure, rdjson", ""},
          {"-o,--output-file", ArgKind::kValue, "FILE", "write the findings into a file", ""},
          {"--fix", ArgKind::kFlag, "", "write the safe fixes into the files", ""},
          {"--no-fix", ArgKind::kFlag, "", "write none, whatever the configuration says", ""},
          {"--unsafe-fixes", ArgKind::kFlag, "", "with --fix and --diff: those too that may change what the program does", ""},
          {"--no-unsafe-fixes", ArgKind::kFlag, "", "not those", ""},
          {"--fix-only", ArgKind::kFlag, "", "--fix, without a report of what is left", ""},
          {"--show-fixes", ArgKind::kFlag, "", "count the fixes of each file", ""},
          {"--diff", ArgKind::kFlag, "", "show what --fix would change, and write nothing", ""},
          {"--add-noqa", ArgKind::kOptional, "REASON", "add a `# noqa` comment to each line with findings", ""},
          {"--add-ignore", ArgKind::kOptional, "REASON", "add a `# ruff: ignore` comment to each line with findings", ""},
          {"--ignore-noqa", ArgKind::kFlag, "", "report what `# noqa` comments silence", ""},
          {"--statistics", ArgKind::kFlag, "", "count the findings of each code", ""},
          {"--show-files", ArgKind::kFlag, "", "list the files that would be read", ""},
          {"--show-settings", ArgKind::kFlag, "", "print the settings that hold for the first file", ""},
          {"--extension", ArgKind::kValue, "PAIRS", "EXTENSION:python pairs: files to read as Python besides", ""},
          {"--stdin-filename", ArgKind::kValue, "FILE", "the name of the text from standard input", ""},
          {"-w,--watch", ArgKind::kFlag, "", "run again whenever a file changes", ""},
          {"-e,--exit-zero", ArgKind::kFlag, "", "exit 0 even with findings", ""},
          {"--exit-non-zero-on-fix", ArgKind::kFlag, "", "exit 1 when something was fixed", ""},
          {"-q,--quiet", ArgKind::kFlag, "", "print findings only", ""},
          {"--exclude", ArgKind::kValue, "PATTERNS", "files and folders to pass over instead of the usual ones", ""},
          {"--extend-exclude", ArgKind::kValue, "PATTERNS", "files and folders to pass over besides", ""},
          {"--force-exclude", ArgKind::kFlag, "", "pass over them also where they are named here", ""},
          {"--no-force-exclude", ArgKind::kFlag, "", "not there", ""},
          {"--respect-gitignore", ArgKind::kFlag, "", "pass over what .gitignore names (so it is without a setting)", ""},
          {"--no-respect-gitignore", ArgKind::kFlag, "", "read that too", ""},
          {"-n,--no-cache", ArgKind::kFlag, "", "for other linters' scripts: there is no cache", ""},
          {"--cache-dir", ArgKind::kValue, "FOLDER", "the same", ""},
          {"--config", ArgKind::kValue, "FILE", "configuration to use, or a setting of it: 'lint.pydocstyle.convention = \"google\"'", ""},
          {"--isolated", ArgKind::kFlag, "", "read no configuration", ""}}};
}

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
  auto unknown = std::find_if_not(codes.begin(), codes.end(), config::isKnownLintSelector);
  return unknown == codes.end() ? std::nullopt : std::optional(*unknown);
}

static void append(std::vector<std::string>& to, const std::vector<std::string>& from) { to.insert(to.end(), from.begin(), from.end()); }

static std::optional<std::string> readCodes(size_t index, const std::string& value, config::LintOptions& options) {
  std::vector<std::string> codes = splitCodes(value);
  if (std::optional<std::string> unknown = unknownCode(codes)) return "no rule is called " + *unknown;
  bool selects = index == kSelect || index == kExtendSelect;
  auto removed = std::find_if(codes.begin(), codes.end(), config::isRemovedLintCode);
  if (selects && removed != codes.end()) return "the rule " + *removed + " is gone and cannot be selected";
  config::LintSelection& selection = options.selection;
  switch (index) {
    case kSelect:
      if (!selection.select) selection.select.emplace();
      append(*selection.select, codes);
      break;
    case kIgnore:
    case kExtendIgnore:
      append(selection.ignore, codes);
      break;
    case kExtendSelect:
      append(selection.extend_select, codes);
      break;
    case kFixable:
      if (!selection.fixable) selection.fixable.emplace();
      append(*selection.fixable, codes);
      break;
    case kExtendFixable:
      append(selection.extend_fixable, codes);
      break;
    default:
      append(selection.unfixable, codes);
      break;
  }
  return std::nullopt;
}

static bool readFormat(const std::string& name, LintRequest& request) {
  std::optional<OutputFormat> format = findLintFormat(name);
  if (format) request.format = *format;
  return format.has_value();
}

// `is_again`: the option stood on the line before.
static std::optional<std::string> readValue(size_t index, const std::string& value, bool is_again, LintRequest& request, config::LintOptions& options) {
  switch (index) {
    case kPerFileIgnores:
    case kExtendPerFileIgnores:
      if (!config::setPerFileIgnores(options, value, is_again || index == kExtendPerFileIgnores)) return "argument --per-file-ignores: expected pattern:CODE, got '" + value + "'";
      break;
    case kExclude:
      options.exclude = splitCodes(value);
      break;
    case kExtendExclude:
      append(options.extend_exclude, splitCodes(value));
      break;
    case kLineLength: {
      uint32_t length = 0;
      auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
      if (error != std::errc() || end != value.data() + value.size() || length == 0 || length > 320) {
        return "argument --line-length: expected a number from 1 to 320, got '" + value + "'";
      }
      options.line_length = length;
      break;
    }
    case kTargetVersion:
      if (!config::setTargetVersion(options, value)) return "argument --target-version: expected py37 to py315, got '" + value + "'";
      break;
    case kFormat:
      if (!readFormat(value, request)) return "argument --output-format: invalid choice: '" + value + "' (choose from " + outputFormatNames() + ")";
      break;
    case kOutputFile:
      request.output_file = value;
      break;
    case kStdinFilename:
      request.stdin_name = value;
      break;
    case kAddNoqa:
    case kAddIgnore:
      request.adds_noqa = true;
      request.added.are_ignores = index == kAddIgnore;
      request.added.reason = value;
      break;
    case kExtension:
      for (const std::string& pair : splitCodes(value)) {
        size_t colon = pair.find(':');
        if (colon == std::string::npos || pair.substr(colon + 1) != "python") return "argument --extension: expected EXTENSION:python, got '" + pair + "'";
        options.extend_include.push_back("*." + pair.substr(0, colon));
      }
      break;
    default:
      break;
  }
  return std::nullopt;
}

static void readFlag(size_t index, LintRequest& request) {
  switch (index) {
    case kFix:
    case kNoFix:
      request.fixes = index == kFix;
      break;
    case kUnsafeFixes:
      request.choice = lint::FixChoice::kUnsafeToo;
      request.hints_at_unsafe = false;
      break;
    case kNoUnsafeFixes:
      request.choice = lint::FixChoice::kSafe;
      request.hints_at_unsafe = false;
      break;
    case kFixOnly:
      request.fixes = request.fixes_only = true;
      break;
    case kShowFixes:
      request.shows_fixes = true;
      break;
    case kDiff:
      request.shows_diff = true;
      break;
    case kShowSettings:
      request.shows_settings = true;
      break;
    case kIgnoreNoqa:
      request.ignores_noqa = true;
      break;
    case kStatistics:
      request.shows_statistics = true;
      break;
    case kShowFiles:
      request.shows_files = true;
      break;
    case kWatch:
      request.watches = true;
      break;
    case kExitZero:
      request.exits_zero = true;
      break;
    case kExitOnFix:
      request.exits_on_fix = true;
      break;
    case kQuiet:
      request.is_quiet = true;
      break;
    default:
      break;
  }
}

// The flags that are settings too.
static void readSwitch(size_t index, config::LintOptions& options) {
  if (index == kPreview || index == kNoPreview) options.preview = index == kPreview;
  if (index == kForceExclude || index == kNoForceExclude) options.force_exclude = index == kForceExclude;
  if (index == kRespectGitignore || index == kNoRespectGitignore) options.respect_gitignore = index == kRespectGitignore;
}

// What the configuration asks for; the command line comes after it.
static std::optional<std::string> readConfigured(const config::LintOptions& options, LintRequest& request) {
  request.fixes = options.fixes || options.fixes_only;
  request.fixes_only = options.fixes_only;
  request.shows_fixes = options.shows_fixes;
  if (options.unsafe_fixes.value_or(false)) request.choice = lint::FixChoice::kUnsafeToo;
  request.hints_at_unsafe = !options.unsafe_fixes;
  if (options.output_format.empty() || readFormat(options.output_format, request)) return std::nullopt;
  return "output-format: invalid choice: '" + options.output_format + "' (choose from " + outputFormatNames() + ")";
}

std::optional<std::string> readLintRequest(const ParsedArguments& parsed, LintRequest& request, config::LintOptions& options) {
  if (std::optional<std::string> wrong = readConfigured(options, request)) return wrong;
  // A report without changes was asked for, or changes of another kind.
  bool is_other = std::any_of(parsed.options.begin(), parsed.options.end(), [](const ParsedOption& one) { return one.index == kDiff || one.index == kAddNoqa || one.index == kAddIgnore; });
  if (is_other) request.fixes = false;
  request.paths = parsed.operands;
  config::beginSelection(options);
  for (const ParsedOption& option : parsed.options) {
    std::optional<std::string> wrong;
    if (option.index <= kExtendFixable) {
      wrong = readCodes(option.index, option.values[0], options);
    } else if (!option.values.empty() || option.index == kAddNoqa || option.index == kAddIgnore) {
      bool is_again = std::any_of(parsed.options.data(), &option, [&](const ParsedOption& one) { return one.index == option.index; });
      wrong = readValue(option.index, option.values.empty() ? "" : option.values[0], is_again, request, options);
    } else {
      readFlag(option.index, request);
      readSwitch(option.index, options);
    }
    if (wrong) return wrong;
  }
  request.added.names_rules = options.preview && !options.flag("output-prefer-rule-codes");
  if (request.paths.empty()) request.paths = {"."};
  bool names_stdin = std::find(request.paths.begin(), request.paths.end(), "-") != request.paths.end();
  if (names_stdin && request.paths.size() > 1) return "`-` cannot be combined with other paths";
  if (request.adds_noqa && (request.fixes || request.shows_diff)) return "argument --add-noqa or --add-ignore: not allowed with --fix or --diff";
  if (request.watches && (names_stdin || request.shows_diff || request.adds_noqa)) return "argument --watch: not allowed with `-`, --diff or --add-noqa";
  return std::nullopt;
}

// `--config 'line-length = 100'`: a setting, unless there is a file of that name.
static bool isSetting(const std::string& value) { return value.find('=') != std::string::npos && access(value.c_str(), F_OK) != 0; }

std::optional<std::string> readLintSettings(const ParsedArguments& parsed, config::Config& config) {
  for (const ParsedOption& option : parsed.options) {
    if (option.index != kConfig || !isSetting(option.values[0])) continue;
    Result<bool> read = config::readLintSetting(option.values[0], config.lint, config.lint_warnings);
    if (!read.ok()) return "argument --config: " + read.message();
  }
  return std::nullopt;
}

std::optional<std::string> lintConfigFile(const ParsedArguments& parsed) {
  std::optional<std::string> file;
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kConfig && !isSetting(option.values[0])) file = option.values[0];
    if (option.index == kIsolated) file = "";
  }
  return file;
}

}  // namespace krait::cli

#include "cli/check_options.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "analyzer/config/installation.h"
#include "analyzer/config/settings_reader.h"

namespace krait::cli {

using config::Flag;
using config::OptionGroup;
using config::OptionId;
using config::OptionInfo;
using config::OptionKind;

static const char* headingOf(OptionGroup group) {
  switch (group) {
    case OptionGroup::kHidden:
      return "";
    case OptionGroup::kConfigFile:
      return "configuration file";
    case OptionGroup::kImports:
      return "imports";
    case OptionGroup::kPlatform:
      return "platform";
    case OptionGroup::kAny:
      return "dynamic typing";
    case OptionGroup::kUntyped:
      return "untyped definitions and calls";
    case OptionGroup::kNone:
      return "None";
    case OptionGroup::kWarnings:
      return "warnings";
    case OptionGroup::kStrictness:
      return "strictness";
    case OptionGroup::kMessages:
      return "output";
    case OptionGroup::kCache:
      return "cache";
    case OptionGroup::kAdvanced:
      return "advanced";
    case OptionGroup::kMisc:
      return "other";
    case OptionGroup::kCode:
      return "what to check";
  }
  return "";
}

// The options that are not settings of the checker, by their place in the specification.
enum RunOption : size_t {
  kVerbose,
  kVersion,
  kOutput,
  kConfigFile,
  kStrict,
  kModule,
  kPackage,
  kProgram,
  kShadowFile,
  kFindOccurrences,
  kWatch,
  kBaseline,
  kWriteBaseline,
  kShrinkBaseline,
  kAddIgnore,
  kRemoveUnusedIgnores,
  kAnyExprsReport,
  kCoberturaReport,
  kHtmlReport,
  kLinecountReport,
  kLinecoverageReport,
  kLineprecisionReport,
  kTxtReport,
  kXmlReport,
  kXsltHtmlReport,
  kXsltTxtReport,
  kRunOptionCount
};

static std::vector<OptionSpec> runOptions() {
  std::vector<OptionSpec> options(kRunOptionCount);
  options[kVerbose] = {"-v,--verbose", ArgKind::kFlag, "", "say what is read", ""};
  options[kVersion] = {"-V,--version", ArgKind::kFlag, "", "print the version", ""};
  options[kOutput] = {"-O,--output", ArgKind::kValue, "FORMAT", "how findings are printed: " + outputFormatNames(), ""};
  options[kConfigFile] = {"--config-file", ArgKind::kValue, "FILE", "configuration to use; '' uses none",
                          "configuration file"};
  options[kStrict] = {"--strict", ArgKind::kFlag, "", "turn on every check that mypy's strict mode has", "strictness"};
  options[kModule] = {"-m,--module", ArgKind::kValue, "MODULE", "check a module, found as an import would find it",
                      "what to check"};
  options[kPackage] = {"-p,--package", ArgKind::kValue, "PACKAGE", "check a package and all its modules",
                       "what to check"};
  options[kProgram] = {"-c,--command", ArgKind::kValue, "TEXT", "check the text of a program", "what to check"};
  options[kShadowFile] = {"--shadow-file", ArgKind::kPair, "FILE OTHER", "read OTHER where FILE is meant",
                          "what to check"};
  options[kFindOccurrences] = {"--find-occurrences", ArgKind::kValue, "CLASS.MEMBER", "", ""};
  options[kWatch] = {"--watch", ArgKind::kFlag, "", "check again whenever a file changes, until Ctrl-C", "what to check"};
  options[kBaseline] = {"--baseline", ArgKind::kValue, "FILE", "do not report what the file lists", "accepted findings"};
  options[kWriteBaseline] = {"--write-baseline", ArgKind::kFlag, "", "write the file of --baseline: all that is found now", "accepted findings"};
  options[kShrinkBaseline] = {"--shrink-baseline", ArgKind::kFlag, "", "take out of the file of --baseline what is found no more", "accepted findings"};
  options[kAddIgnore] = {"--add-ignore", ArgKind::kFlag, "", "write a `# type: ignore[…]` comment at each finding", "accepted findings"};
  options[kRemoveUnusedIgnores] = {"--remove-unused-ignores", ArgKind::kFlag, "", "take out `# type: ignore` comments that nothing needs", "accepted findings"};
  static constexpr const char* kReports[] = {"any-exprs",     "cobertura-xml", "html", "linecount", "linecoverage",
                                             "lineprecision", "txt",           "xml",  "xslt-html", "xslt-txt"};
  for (size_t i = 0; i < std::size(kReports); ++i) {
    options[kAnyExprsReport + i] = {"--" + std::string(kReports[i]) + "-report", ArgKind::kValue, "DIR", "", ""};
  }
  return options;
}

CommandSpec checkCommandSpec() {
  CommandSpec spec{
      .name = "check",
      .summary = "Check types, names, imports and syntax",
      .details =
          "Settings are read from krait.toml, mypy.ini, .mypy.ini, pyproject.toml ([tool.krait] or [tool.mypy]) or\n"
          "setup.cfg of the working folder or the nearest one above it that has any.\n"
          "Exit code: 0 nothing found, 1 findings, 2 wrong usage or configuration.",
      .operands = "[PATHS...]",
      .options = runOptions()};
  for (const Flag& flag : config::allFlags()) {
    const OptionInfo& info = config::optionInfo(flag.id);
    spec.options.push_back({.names = flag.name,
                            .kind = info.kind == OptionKind::kSwitch ? ArgKind::kFlag : ArgKind::kValue,
                            .metavar = std::string(info.metavar),
                            .help = flag.is_shown ? std::string(info.help) : "",
                            .group = headingOf(info.group)});
  }
  return spec;
}

static std::optional<std::string> addSetting(const Flag& flag, const std::vector<std::string>& values,
                                             CheckRequest& request) {
  config::Setting setting{.id = flag.id, .flag = flag.value};
  if (config::optionInfo(flag.id).kind != OptionKind::kSwitch) {
    config::ConfigValue value{.text = values[0]};
    // On the command line a list takes one item each time.
    if (config::optionInfo(flag.id).kind == OptionKind::kList)
      value = {.kind = config::ValueKind::kList, .items = values};
    if (std::optional<std::string> wrong = config::readSetting(flag.id, value, "", setting)) {
      bool is_about_codes = flag.id == OptionId::k_enable_error_code || flag.id == OptionId::k_disable_error_code;
      return is_about_codes ? *wrong : "argument " + flag.name + ": " + *wrong;
    }
  }
  request.command_line.settings.push_back(std::move(setting));
  return std::nullopt;
}

static std::optional<std::string> addRunOption(size_t index, const ParsedOption& option, CheckRequest& request) {
  const std::vector<std::string>& values = option.values;
  switch (index) {
    case kVerbose:
      request.is_verbose = true;
      break;
    case kOutput: {
      std::optional<OutputFormat> format = findOutputFormat(values[0]);
      if (!format)
        return "argument -O/--output: invalid choice: '" + values[0] + "' (choose from " + outputFormatNames() + ")";
      request.format = *format;
      break;
    }
    case kConfigFile:
      request.command_line.config_file = values[0];
      break;
    case kStrict:
      request.command_line.is_strict = true;
      break;
    case kModule:
      request.modules.push_back(values[0]);
      break;
    case kPackage:
      request.packages.push_back(values[0]);
      break;
    case kProgram:
      request.programs.push_back(values[0]);
      break;
    case kShadowFile:
      request.shadow_files.emplace_back(values[0], values[1]);
      break;
    case kWatch: request.is_watching = true; break;
    case kBaseline: request.baseline = values[0]; break;
    case kWriteBaseline: request.writes_baseline = true; break;
    case kShrinkBaseline: request.shrinks_baseline = true; break;
    case kAddIgnore: request.adds_ignores = true; break;
    case kRemoveUnusedIgnores: {
      request.removes_ignores = true;
      config::Setting setting{.id = OptionId::k_warn_unused_ignores, .flag = true};
      request.command_line.settings.push_back(std::move(setting));
      break;
    }
    case kFindOccurrences:
      return "--find-occurrences is not supported";
    default:
      return runOptions()[index].names + " is not supported: krait writes no such reports";
  }
  return std::nullopt;
}

Result<CheckRequest> readCheckRequest(const CommandSpec& spec, const ParsedArguments& parsed) {
  CheckRequest request;
  request.paths = parsed.operands;
  std::vector<Flag> flags = config::allFlags();
  for (const ParsedOption& option : parsed.options) {
    std::optional<std::string> wrong = option.index < kRunOptionCount
                                           ? addRunOption(option.index, option, request)
                                           : addSetting(flags[option.index - kRunOptionCount], option.values, request);
    if (wrong) return Failure{*wrong};
  }
  if ((request.writes_baseline || request.shrinks_baseline) && request.baseline.empty())
    return Failure{"--write-baseline and --shrink-baseline need --baseline FILE."};
  if (request.adds_ignores && request.removes_ignores) return Failure{"May only specify one of: --add-ignore, --remove-unused-ignores."};
  bool changes_files = request.adds_ignores || request.removes_ignores || request.writes_baseline || request.shrinks_baseline;
  if (request.is_watching && changes_files) return Failure{"--watch only looks: it goes with no option that writes files."};
  bool edits = request.adds_ignores || request.removes_ignores;
  if (edits && (!request.programs.empty() || !request.shadow_files.empty())) return Failure{"Comments are written into files: give files, modules or packages."};
  int kinds =
      !request.paths.empty() + !request.programs.empty() + (!request.modules.empty() || !request.packages.empty());
  if (kinds > 1) return Failure{"May only specify one of: module/package, files, or command."};
  return request;
}

static bool isColorForced() {
  const char* value = std::getenv("MYPY_FORCE_COLOR");
  if (value == nullptr) value = std::getenv("FORCE_COLOR");
  return value != nullptr && value[0] != '\0' && std::string_view(value) != "0";
}

static unsigned terminalWidth() {
  if (const char* forced = std::getenv("MYPY_FORCE_TERMINAL_WIDTH"); forced != nullptr && std::atoi(forced) > 0) {
    return static_cast<unsigned>(std::atoi(forced));
  }
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr && std::atoi(columns) > 0) {
    return static_cast<unsigned>(std::atoi(columns));
  }
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

RenderOptions renderOptionsOf(const config::Options& options) {
  bool is_terminal = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return {.show_column_numbers = options.show_column_numbers,
          .show_error_end = options.show_error_end,
          .hide_error_codes = options.hide_error_codes,
          .show_error_context = options.show_error_context,
          .show_error_code_links = options.show_error_code_links,
          .pretty = options.pretty,
          .color = options.color_output && (is_terminal || isColorForced()),
          .width = terminalWidth()};
}

std::string missingBuiltins(const config::Options& options) {
  std::string folder = options.custom_typeshed_dir.empty() ? config::typeshedFolder() : options.custom_typeshed_dir;
  return "the builtins are not found in " + folder + (options.custom_typeshed_dir.empty() ? "; is share/krait installed beside bin/?" : "");
}

}  // namespace krait::cli

// krait fmt: files, or standard input, in Black's style.
#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/base/text_diff.h"
#include "analyzer/config/discovery.h"
#include "analyzer/config/file_walk.h"
#include "analyzer/config/format_settings.h"
#include "analyzer/format/cell.h"
#include "analyzer/format/format.h"
#include "analyzer/syntax/source_text.h"
#include "cli/commands.h"
#include "cli/notebook.h"
#include "cli/notebook_write.h"

namespace krait::cli {

enum FmtOption : size_t {
  kCheck, kDiff, kLineLength, kSkipStrings, kSkipCommas, kTargetVersion, kRanges, kExclude, kStdinName, kConfig,
  kIsolated, kQuiet
};

CommandSpec fmtSpec() {
  return {
      .name = "fmt",
      .summary = "Format files in the Black style",
      .details =
          "The style is Black's stable one. `-` formats standard input. Settings are read from [fmt] in krait.toml and\n"
          "[tool.krait.fmt] in pyproject.toml; without those from [tool.black], ruff.toml, or [tool.ruff] and [tool.ruff.format].\n"
          "Exit code: 0 nothing to say, 1 --check found something or a file could not be formatted, 2 wrong usage.",
      .operands = "[PATHS...]",
      .options = {
          {"--check", ArgKind::kFlag, "", "write nothing; exit 1 when a file would change", ""},
          {"--diff", ArgKind::kFlag, "", "write nothing; print what would change", ""},
          {"-l,--line-length", ArgKind::kValue, "N", "characters a line may have (88)", ""},
          {"-S,--skip-string-normalization", ArgKind::kFlag, "", "leave quotes and prefixes of strings", ""},
          {"-C,--skip-magic-trailing-comma", ArgKind::kFlag, "", "a trailing comma does not keep lines split", ""},
          {"-t,--target-version", ArgKind::kValue, "VERSIONS", "versions that must read the result: py38,py312", ""},
          {"--line-ranges,--range", ArgKind::kValue, "START-END", "format these lines only (from 1, both ends included)", ""},
          {"--exclude", ArgKind::kValue, "GLOBS", "files and folders to pass over, separated by commas", ""},
          {"--stdin-filename", ArgKind::kValue, "FILE", "name of standard input, for messages and .pyi", ""},
          {"--config", ArgKind::kValue, "FILE", "configuration to use, or a setting of it: 'format.quote-style = \"single\"'", ""},
          {"--isolated", ArgKind::kFlag, "", "read no configuration", ""},
          {"-q,--quiet", ArgKind::kFlag, "", "print errors and diffs only", ""}}};
}

namespace {
struct FmtRequest {
  bool is_check = false;
  bool is_diff = false;
  bool is_quiet = false;
  std::string stdin_name = "<stdin>";
  std::vector<format::LineRange> ranges;
  std::vector<std::string> paths;
  config::FormatSettings settings;

  bool writesFiles() const { return !is_check && !is_diff; }
};
enum class FileState : uint8_t { kUnchanged, kChanged, kFailed };
struct FileResult {
  FileState state = FileState::kUnchanged;
  std::string message;  // of a failure
  std::string diff;
};
}  // namespace

static std::optional<uint32_t> readNumber(std::string_view text) {
  uint32_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool is_fine = error == std::errc() && end == text.data() + text.size() && number > 0;
  return is_fine ? std::optional(number) : std::nullopt;
}

static std::vector<std::string> splitAtCommas(const std::string& text) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// Each gives what is wrong with the value, or nothing.
static std::string readRanges(const std::string& text, FmtRequest& request) {
  for (const std::string& part : splitAtCommas(text)) {
    size_t dash = part.find('-');
    std::optional<uint32_t> first = readNumber(std::string_view(part).substr(0, dash));
    std::optional<uint32_t> last = dash == std::string::npos ? first : readNumber(std::string_view(part).substr(dash + 1));
    if (!first || !last || *first > *last) return "argument --line-ranges: expected START-END, not '" + part + "'";
    request.ranges.push_back({*first, *last});
  }
  return "";
}

static std::string readVersions(const std::string& text, config::FormatSettings& settings) {
  for (const std::string& version : splitAtCommas(text)) {
    std::optional<uint8_t> minor = config::readTargetVersion(version);
    if (!minor) return "argument --target-version: unknown version '" + version + "' (expected py38, py312, …)";
    settings.oldest_minor = std::min(*minor, settings.oldest_minor.value_or(*minor));
  }
  return "";
}

static std::string readOption(const ParsedOption& option, FmtRequest& request) {
  config::FormatSettings& settings = request.settings;
  switch (option.index) {
    case kCheck: request.is_check = true; return "";
    case kDiff: request.is_diff = true; return "";
    case kLineLength: {
      std::optional<uint32_t> length = readNumber(option.values[0]);
      if (!length || *length > 100000) return "argument --line-length: expected a number from 1, not '" + option.values[0] + "'";
      settings.line_length = *length;
      return "";
    }
    case kSkipStrings: settings.normalizes_strings = false; return "";
    case kSkipCommas: settings.has_magic_commas = false; return "";
    case kTargetVersion: return readVersions(option.values[0], settings);
    case kRanges: return readRanges(option.values[0], request);
    case kExclude:
      for (std::string& glob : splitAtCommas(option.values[0])) settings.exclude_globs.push_back(std::move(glob));
      if (settings.root.empty()) settings.root = config::absolutePath(".");
      return "";
    case kStdinName: request.stdin_name = option.values[0]; return "";
    case kQuiet: request.is_quiet = true; return "";
    default: return "";
  }
}

// The folder whose configuration counts: that of the first path.
static std::string folderOf(const FmtRequest& request) {
  const std::string& first = request.paths[0] == "-" ? request.stdin_name : request.paths[0];
  if (isDirectory(first)) return first;
  size_t slash = first.rfind('/');
  return slash == std::string::npos ? "." : first.substr(0, slash + 1);
}

// Reads the command line and the configuration. Gives what is wrong, or nothing.
static std::string readRequest(const ParsedArguments& parsed, FmtRequest& request) {
  request.paths = parsed.operands.empty() ? std::vector<std::string>{"."} : parsed.operands;
  std::optional<std::string> config_file;
  bool is_isolated = false;
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kConfig) config_file = option.values[0];
    if (option.index == kIsolated) is_isolated = true;
    if (option.index == kStdinName) request.stdin_name = option.values[0];
  }
  if (is_isolated && config_file) return "--isolated and --config contradict each other";
  if (!is_isolated) {
    Result<config::FormatSettings> settings = config::loadFormatSettings(folderOf(request), config_file);
    if (!settings.ok()) return settings.message();
    request.settings = std::move(settings.value());
  }
  for (const ParsedOption& option : parsed.options) {
    bool is_first_version = option.index == kTargetVersion;
    if (is_first_version) request.settings.oldest_minor.reset();
    if (std::string wrong = readOption(option, request); !wrong.empty()) return wrong;
  }
  bool has_stdin = std::find(request.paths.begin(), request.paths.end(), "-") != request.paths.end();
  if (has_stdin && request.paths.size() > 1) return "- stands alone: standard input and files are not formatted together";
  if (!request.ranges.empty() && (request.paths.size() != 1 || isDirectory(request.paths[0]) || isNotebook(request.paths[0]))) {
    return "--line-ranges goes with one file that is no notebook";
  }
  return "";
}

// The text as bytes of the file's encoding. Nothing when it cannot be: then a comment or string would be lost.
static std::optional<std::string> encode(const std::string& text, const syntax::SourceText& source) {
  if (source.encoding == "utf-8") return (source.has_bom ? "\xef\xbb\xbf" : "") + text;
  // Encodings of one byte a character: what each byte stands for, turned round.
  std::vector<std::string> characters(256);
  std::string problem;
  for (int byte = 1; byte < 256; ++byte) {
    char c = static_cast<char>(byte);
    characters[static_cast<size_t>(byte)] = syntax::decodeBytes({&c, 1}, source.encoding, problem).value_or("");
  }
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    auto found = std::find(characters.begin(), characters.end(), text.substr(at, end - at));
    if (end == at + 1) {
      out += text[at];
    } else if (found != characters.end()) {
      out += static_cast<char>(found - characters.begin());
    } else {
      return std::nullopt;
    }
    at = end;
  }
  std::optional<std::string> again = syntax::decodeBytes(out, source.encoding, problem);
  return again == text ? std::optional(out) : std::nullopt;
}

static std::string errorText(const std::string& path, const syntax::SyntaxError& error) {
  // What is wrong with the whole file has no place: its begin stands for it.
  return path + ":" + std::to_string(std::max(error.line, 1)) + ":" + std::to_string(std::max(error.column, 1)) +
         ": error: cannot format: " + error.message;
}

// Formats the bytes; `result` gets the new ones.
static FileResult formatBytes(const FmtRequest& request, const std::string& path, const std::string& bytes,
                              std::string& result) {
  syntax::SourceText source = syntax::decodeSource(bytes);
  if (source.error) return {FileState::kFailed, errorText(path, *source.error), ""};
  format::FormatOptions options = format::optionsFor(request.settings, path);
  format::FormatOutcome outcome = request.ranges.empty()
                                      ? format::formatText(source.text, options)
                                      : format::formatLines(source.text, request.ranges, options);
  if (outcome.error) return {FileState::kFailed, errorText(path, *outcome.error), ""};
  if (!outcome.failure.empty()) return {FileState::kFailed, path + ": error: cannot format: " + outcome.failure, ""};
  result = bytes;
  if (!outcome.is_changed) return {};
  FileResult changed{FileState::kChanged, "", ""};
  if (request.is_diff) changed.diff = unifiedDiff(source.text, outcome.text, path, path);
  std::optional<std::string> encoded = encode(outcome.text, source);
  if (!encoded) {
    return {FileState::kFailed, path + ": error: cannot format: the result cannot be written in " + source.encoding, ""};
  }
  result = std::move(*encoded);
  return changed;
}

// The file that a link stands for: a link stays one.
static std::string targetOf(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  std::string out = resolved != nullptr ? resolved : path;
  std::free(resolved);
  return out;
}

// A notebook, cell by cell; cells with magics or commands stay as they are.
static FileResult formatNotebook(const FmtRequest& request, const std::string& path, const std::string& bytes, std::string& result) {
  SourceFile file;
  file.path = path;
  std::string text, out;
  if (!readNotebook(bytes, text, file.cells)) return {FileState::kFailed, path + ": error: cannot format: " + kNoNotebook, ""};
  file.setText(std::move(text));
  std::vector<bool> is_plain = plainCells(bytes);
  format::FormatOptions options = format::optionsFor(request.settings, path);
  std::vector<CellStart> cells = file.cells;
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string_view code = codeOfCell(file, i);
    format::FormatOutcome outcome = is_plain[i] ? format::formatCell(code, options) : format::FormatOutcome();
    std::string place = path + ":cell " + std::to_string(cells[i].number);
    if (outcome.error) return {FileState::kFailed, errorText(place, *outcome.error), ""};
    if (!outcome.failure.empty()) return {FileState::kFailed, place + ": error: cannot format: " + outcome.failure, ""};
    cells[i].line = static_cast<uint32_t>(std::count(out.begin(), out.end(), '\n'));
    out += outcome.is_changed ? outcome.text : std::string(code);
  }
  result = bytes;
  if (out == file.text) return {};
  file.cells = std::move(cells);
  file.setText(std::move(out));
  std::optional<std::string> written = notebookWith(bytes, file);
  if (!written) return {FileState::kFailed, path + ": error: cannot format: its cells cannot be written back", ""};
  FileResult changed{FileState::kChanged, "", ""};
  if (request.is_diff) changed.diff = unifiedDiff(bytes, *written, path, path);
  result = std::move(*written);
  return changed;
}

static FileResult formatFile(const FmtRequest& request, const std::string& path) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) return {FileState::kFailed, bytes.message(), ""};
  std::string formatted;
  FileResult result = (isNotebook(path) ? formatNotebook : formatBytes)(request, path, bytes.value(), formatted);
  if (result.state != FileState::kChanged || !request.writesFiles()) return result;
  Result<size_t> written = writeFileAtomically(targetOf(path), formatted);
  if (!written.ok()) return {FileState::kFailed, written.message(), ""};
  return result;
}

static std::string countText(size_t count, const char* what) {
  return std::to_string(count) + " file" + (count == 1 ? " " : "s ") + what;
}

static int report(const FmtRequest& request, const std::vector<config::WalkedFile>& files,
                  const std::vector<FileResult>& results) {
  size_t changed = 0, unchanged = 0, failed = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    const FileResult& result = results[i];
    changed += result.state == FileState::kChanged;
    unchanged += result.state == FileState::kUnchanged;
    failed += result.state == FileState::kFailed;
    std::fwrite(result.diff.data(), 1, result.diff.size(), stdout);
    if (result.state == FileState::kFailed) std::fprintf(stderr, "%s\n", result.message.c_str());
    if (result.state == FileState::kChanged && !request.is_quiet) {
      std::fprintf(stderr, "%s %s\n", request.writesFiles() ? "reformatted" : "would reformat", files[i].path.c_str());
    }
  }
  if (!request.is_quiet) {
    std::string line;
    auto add = [&](size_t count, const char* what) {
      if (count > 0) line += (line.empty() ? "" : ", ") + countText(count, what);
    };
    add(changed, request.writesFiles() ? "reformatted" : "would be reformatted");
    add(unchanged, request.writesFiles() ? "left unchanged" : "would be left unchanged");
    add(failed, request.writesFiles() ? "failed to reformat" : "would fail to reformat");
    std::fprintf(stderr, "%s.\n", line.empty() ? "No Python files are there to format" : line.c_str());
  }
  return failed > 0 || (request.is_check && changed > 0) ? 1 : 0;
}

static int formatFiles(const FmtRequest& request) {
  Result<std::vector<config::WalkedFile>> walked = config::walkPythonFiles(request.paths);
  if (!walked.ok()) {
    std::fprintf(stderr, "krait fmt: error: %s\n", walked.message().c_str());
    return 2;
  }
  std::vector<config::WalkedFile>& files = walked.value();
  std::erase_if(files, [&](const config::WalkedFile& file) {
    return !file.is_named && config::isExcludedFromFormat(request.settings, config::absolutePath(file.path));
  });
  std::vector<FileResult> results(files.size());
  parallelFor(files.size(), hardwareThreads(), [&](size_t i) { results[i] = formatFile(request, files[i].path); });
  return report(request, files, results);
}

static int formatStandardInput(const FmtRequest& request) {
  std::string bytes;
  char buffer[65536];
  for (size_t got; (got = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) bytes.append(buffer, got);
  std::string formatted;
  FileResult result = (isNotebook(request.stdin_name) ? formatNotebook : formatBytes)(request, request.stdin_name, bytes, formatted);
  if (result.state == FileState::kFailed) {
    std::fprintf(stderr, "%s\n", result.message.c_str());
    return 1;
  }
  const std::string& out = request.is_diff ? result.diff : formatted;
  if (request.is_diff || !request.is_check) std::fwrite(out.data(), 1, out.size(), stdout);
  return request.is_check && result.state == FileState::kChanged ? 1 : 0;
}

int runFmt(const Arguments& arguments) {
  CommandSpec spec = fmtSpec();
  ParsedArguments parsed = parseArguments(spec, arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  FmtRequest request;
  if (std::string wrong = readRequest(parsed, request); !wrong.empty()) return sayUsageError(fmtSpec(), wrong);
  for (const std::string& warning : request.settings.warnings) std::fprintf(stderr, "%s\n", warning.c_str());
  int exit_code = 2;
  runOnDeepStack([&] {
    exit_code = request.paths[0] == "-" ? formatStandardInput(request) : formatFiles(request);
  });
  return exit_code;
}

}  // namespace krait::cli

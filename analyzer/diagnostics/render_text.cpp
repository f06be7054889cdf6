// mypy's form: `path:line: error: Message  [code]`, one line a finding or note.
#include "analyzer/diagnostics/render.h"

#include <algorithm>
#include <set>

namespace krait {

static constexpr std::string_view kLinkBase = "https://mypy.rtfd.io/en/stable/_refs.html#code-";

namespace {
struct Palette {
  std::string_view bold_red, blue, yellow, dim, bold, normal;
};
}  // namespace
static constexpr Palette kColors = {"\x1b[1m\x1b[31m", "\x1b[34m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"};

static std::string place(const ReportLine& line, const SourceFile& file, const RenderOptions& options) {
  std::string text = file.placeOf(line.line);
  if (options.show_column_numbers || options.show_error_end) text += ":" + std::to_string(line.column + 1);
  if (options.show_error_end) text += ":" + std::to_string(line.end_line) + ":" + std::to_string(line.end_column);
  return text;
}

// Parts between double quotes in bold, as long as the quotes pair up.
static std::string highlightQuotes(std::string_view message) {
  size_t quotes = 0;
  for (char c : message) quotes += c == '"';
  if (quotes % 2 != 0) return std::string(message);
  std::string out;
  bool inside = false;
  for (char c : message) {
    if (c != '"') {
      out += c;
    } else if (inside) {
      out += c;
      out += kColors.normal;
    } else {
      out += kColors.bold;
      out += c;
    }
    inside ^= c == '"';
  }
  return out;
}

static std::string messageLine(const ReportLine& line, const SourceFile& file, const RenderOptions& options) {
  std::string prefix = place(line, file, options) + ": ";
  std::string severity = std::string(severityName(line.severity)) + ":";
  std::string_view code = options.hide_error_codes ? std::string_view() : shownCode(line);
  std::string text(line.message);
  if (!code.empty()) text += "  [" + std::string(code) + "]";
  if (options.pretty && !line.isNote()) {
    text = softWrap(text, options.width, static_cast<unsigned>(prefix.size() + severity.size()) + 1);
  }
  if (!options.color) return prefix + severity + " " + text + "\n";
  std::string tail;
  if (!code.empty() && text.ends_with("[" + std::string(code) + "]")) {
    text.resize(text.size() - code.size() - 2);
    tail = std::string(kColors.yellow) + "[" + std::string(code) + "]" + std::string(kColors.normal);
  }
  std::string_view color = line.isNote() ? kColors.blue : kColors.bold_red;
  return prefix + std::string(color) + severity + std::string(kColors.normal) + " " + highlightQuotes(text) + tail +
         "\n";
}

static std::string colored(std::string text, std::string_view color, const RenderOptions& options) {
  return options.color ? std::string(color) + text + std::string(kColors.normal) : text;
}

// Those that say all themselves, or that have a note of their own, have no link. ref: mypy errors.HIDE_LINK_CODES
static bool isDocumented(Code code) {
  static constexpr Code kPlain[] = {Code::kMisc, Code::kAssignment, Code::kArgType, Code::kReturnValue, Code::kAttrDefined, Code::kNameDefined, Code::kOverride};
  return std::find(std::begin(kPlain), std::end(kPlain), code) == std::end(kPlain);
}

std::string renderText(const Report& report, const RenderOptions& options) {
  std::string out;
  FileId context_file;
  std::string_view context;
  std::set<Code> linked;
  const std::vector<ReportLine>& lines = report.lines();
  for (size_t i = 0; i < lines.size(); ++i) {
    const ReportLine& line = lines[i];
    const SourceFile& file = report.files()[line.file];
    if (options.show_error_context && (line.file != context_file || line.diagnostic->context != context)) {
      bool is_first_at_module_level = line.file != context_file && line.diagnostic->context.empty();
      context_file = line.file;
      context = line.diagnostic->context;
      if (!is_first_at_module_level) {
        out += file.path + ": note: " + (context.empty() ? "At top level:" : std::string(context)) + "\n";
      }
    }
    out += messageLine(line, file, options);
    if (options.pretty && line.severity == Severity::kError) {
      out += colored(sourceExcerpt(line, file, options.width), kColors.dim, options);
    }
    // The link stands behind all that is said of it, once for each code.
    bool is_last = i + 1 == lines.size() || lines[i + 1].diagnostic != line.diagnostic;
    bool is_linked = options.show_error_code_links && is_last && line.diagnostic->severity == Severity::kError && isDocumented(line.diagnostic->code);
    if (is_linked && linked.insert(line.diagnostic->code).second) {
      out += place(line, file, options) + ": note: See " + std::string(kLinkBase) + std::string(codeInfo(line.diagnostic->code).text) + " for more info\n";
    }
  }
  return out;
}

}  // namespace krait

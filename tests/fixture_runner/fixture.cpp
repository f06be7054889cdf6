#include "tests/fixture_runner/fixture.h"

#include <algorithm>

namespace krait::tests {

static constexpr std::string_view kSettings[] = {"python", "typeshed", "cpython", "todo", "platform"};
static constexpr std::string_view kSections[] = {"stdout", "stderr", "raises", "exit", "fixed", "dump"};
static constexpr std::string_view kLineWords[] = {"error[", "warning[", "note:", "revealed:"};

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

static bool startsExpectation(std::string_view comment) {
  if (!comment.starts_with("# ")) return false;
  std::string_view rest = trimmed(comment.substr(2));
  return std::any_of(std::begin(kLineWords), std::end(kLineWords),
                     [&](std::string_view word) { return rest.starts_with(word); });
}

size_t findExpectationComments(std::string_view line) {
  for (size_t at = line.find("# "); at != std::string_view::npos; at = line.find("# ", at + 1)) {
    bool stands_alone = at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t';
    if (stands_alone && startsExpectation(line.substr(at))) return at;
  }
  return std::string_view::npos;
}

namespace {
struct Parser {
  Fixture fixture;
  std::vector<std::string_view> lines;
  std::string error;
  uint32_t line = 0;  // 1-based, the one being read
  Section* open_section = nullptr;
  bool is_in_sections = false;

  bool fail(const std::string& what) {
    if (error.empty()) error = fixture.path + ":" + std::to_string(line) + ": " + what;
    return false;
  }
  Module& module() { return fixture.modules.back(); }
};
}  // namespace

// `error[code]: text`, `note: text`, `revealed: text`.
static bool addExpectation(Parser& parser, std::string_view text, uint32_t module_line) {
  Expectation expectation{
      .severity = Severity::kError, .code = "", .text = std::nullopt, .line = module_line, .columns = std::nullopt};
  bool has_code = text.starts_with("error[") || text.starts_with("warning[");
  if (has_code) {
    size_t open = text.find('['), close = text.find(']');
    if (close == std::string_view::npos) return parser.fail("expected `error[code]`, found: " + std::string(text));
    if (text.starts_with("warning[")) expectation.severity = Severity::kWarning;
    expectation.code = text.substr(open + 1, close - open - 1);
    text = text.substr(close + 1);
    if (text.starts_with(":")) {
      expectation.text = trimmed(text.substr(1));
    } else if (!trimmed(text).empty()) {
      return parser.fail("expected `: text` after the code, found: " + std::string(text));
    }
  } else {
    expectation.severity = text.starts_with("note:") ? Severity::kNote : Severity::kRevealed;
    expectation.text = trimmed(text.substr(text.find(':') + 1));
  }
  parser.module().expectations.push_back(std::move(expectation));
  return true;
}

static bool readExpectations(Parser& parser, std::string_view line, uint32_t module_line) {
  size_t at = findExpectationComments(line);
  while (at != std::string_view::npos) {
    std::string_view rest = line.substr(at + 2);
    size_t next = findExpectationComments(rest);
    if (!addExpectation(parser, trimmed(rest.substr(0, next)), module_line)) return false;
    at = next == std::string_view::npos ? next : at + 2 + next;
  }
  return true;
}

// A line of `#`, blanks and one run of `^`: the columns of the expectation on the nearest code line above.
static bool isCaretLine(std::string_view line) {
  std::string_view text = trimmed(line);
  if (!text.starts_with("#")) return false;
  text = trimmed(text.substr(1));
  return !text.empty() && text.find_first_not_of('^') == std::string_view::npos;
}

static bool readCarets(Parser& parser, std::string_view line) {
  std::vector<Expectation>& expectations = parser.module().expectations;
  uint32_t begin = static_cast<uint32_t>(line.find('^'));
  uint32_t end = static_cast<uint32_t>(line.rfind('^')) + 1;
  for (Expectation& expectation : expectations) {
    if (expectation.line != expectations.back().line || expectation.columns) continue;
    expectation.columns = {begin, end};
    return true;
  }
  return parser.fail("a caret line needs an expectation above it");
}

static std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) out.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

static bool readEdit(Parser& parser, std::string_view value) {
  static constexpr std::string_view kArrow = " → ";
  size_t arrow = value.find(kArrow);
  if (arrow == std::string_view::npos) return parser.fail("expected `edit: old → new`");
  parser.fixture.edits.push_back(
      {std::string(value.substr(0, arrow)), std::string(value.substr(arrow + kArrow.size())), parser.line});
  return true;
}

// A comment that stands alone: a directive, a section, or a plain comment. `is_directive` tells which.
static bool readDirective(Parser& parser, std::string_view text, bool& is_directive) {
  is_directive = true;
  size_t colon = text.find(':');
  std::string name(text.substr(0, colon));
  std::string_view value = colon == std::string_view::npos ? "" : trimmed(text.substr(colon + 1));
  bool has_value = colon != std::string_view::npos;
  if (has_value && name == "test") {
    std::vector<std::string> parts = words(value);
    if (parts.empty()) return parser.fail("`test:` needs a kind");
    parser.fixture.kind = parts[0];
    parser.fixture.modes.assign(parts.begin() + 1, parts.end());
  } else if (has_value && std::find(std::begin(kSettings), std::end(kSettings), name) != std::end(kSettings)) {
    parser.fixture.settings[name] = value;
  } else if (has_value && name == "config") {
    parser.fixture.config.emplace_back(value);
  } else if (has_value && name == "args") {
    for (std::string& word : words(value)) parser.fixture.arguments.push_back(std::move(word));
  } else if (has_value && name == "edit") {
    return readEdit(parser, value);
  } else if (has_value && std::find(std::begin(kSections), std::end(kSections), name) != std::end(kSections)) {
    bool is_one_line = !value.empty() && value != "|";
    parser.fixture.sections.push_back({name, is_one_line ? std::string(value) + "\n" : "", parser.line});
    parser.open_section = is_one_line ? nullptr : &parser.fixture.sections.back();
    parser.is_in_sections = true;
  } else {
    is_directive = false;
  }
  return true;
}

// Comments like `# eror[x]` or `# Stdout: x` are not let pass as comments.
static bool looksMisspelt(std::string_view text) {
  size_t end = text.find_first_of(":[");
  if (end == std::string_view::npos || end > 10 || end < 3) return false;
  std::string word(text.substr(0, end));
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (std::string_view known : {"error", "warning", "note", "revealed", "stdout", "stderr", "raises", "fixed", "exit",
                                 "test", "config", "args", "todo"}) {
    if (word == known) return true;
    bool has_length = word.size() + 1 >= known.size() && word.size() <= known.size() + 1 && known.size() >= 5;
    if (!has_length) continue;
    size_t same = 0;
    while (same < word.size() && same < known.size() && word[same] == known[same]) ++same;
    size_t tail = 0;
    while (tail + same < std::min(word.size(), known.size()) &&
           word[word.size() - 1 - tail] == known[known.size() - 1 - tail])
      ++tail;
    if (same + tail + 1 >= std::max(word.size(), known.size())) return true;
  }
  return false;
}

static bool readSectionLine(Parser& parser, std::string_view line) {
  if (line == "# |" || line.starts_with("# | ")) {
    if (parser.open_section == nullptr) return parser.fail("`# |` stands outside of a section");
    parser.open_section->text += line.size() > 4 ? line.substr(4) : "";
    parser.open_section->text += "\n";
    return true;
  }
  if (trimmed(line).empty()) return true;
  bool is_directive = false;
  if (line.starts_with("# ") && !readDirective(parser, line.substr(2), is_directive)) return false;
  return is_directive || parser.fail("only sections may follow a section, found: " + std::string(line));
}

// What krait is shown: comments that speak to the runner would be in the way of rules about comments and of fixes.
static std::string_view withoutExpectations(std::string_view line) {
  size_t at = findExpectationComments(line);
  if (at == std::string_view::npos) return line;
  std::string_view code = line.substr(0, at);
  while (code.ends_with(" ") || code.ends_with("\t")) code.remove_suffix(1);
  return code;
}

static bool readLine(Parser& parser, std::string_view line) {
  if (parser.is_in_sections) return readSectionLine(parser, line);
  if (line.starts_with("# --- ")) {
    parser.fixture.modules.push_back(
        {.path = std::string(trimmed(line.substr(6))), .text = "", .first_line = parser.line + 1, .expectations = {}});
    return true;
  }
  uint32_t module_line = parser.line - parser.module().first_line + 1;
  std::string_view text = trimmed(line);
  if (isCaretLine(line)) {
    if (!readCarets(parser, line)) return false;
  } else if (findExpectationComments(line) != std::string_view::npos) {
    if (!readExpectations(parser, line, module_line)) return false;
  } else if (line.starts_with("# ")) {
    bool is_directive = false;
    if (!readDirective(parser, line.substr(2), is_directive)) return false;
    if (parser.is_in_sections) return true;
    if (!is_directive && looksMisspelt(text.substr(2))) return parser.fail("not a directive: " + std::string(text));
  } else if (size_t hash = line.rfind("  # "); hash != std::string_view::npos && looksMisspelt(line.substr(hash + 4))) {
    return parser.fail("not an expectation: " + std::string(line.substr(hash + 2)));
  }
  parser.module().text += std::string(withoutExpectations(line)) + "\n";
  return true;
}

Result<Fixture> parseFixture(const std::string& path, std::string_view text, const std::string& kind) {
  Parser parser;
  parser.fixture.path = path;
  parser.fixture.kind = kind;
  parser.fixture.modules.push_back(
      {.path = path.substr(path.rfind('/') + 1), .text = "", .first_line = 1, .expectations = {}});
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    ++parser.line;
    if (!readLine(parser, text.substr(begin, end - begin))) return Failure{parser.error};
    begin = end + 1;
  }
  return std::move(parser.fixture);
}

}  // namespace krait::tests

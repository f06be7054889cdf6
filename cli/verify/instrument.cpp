#include "cli/verify/instrument.h"

#include <algorithm>
#include <map>
#include <utility>

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

// A control character that no program of a document prints.
static constexpr std::string_view kMark = "\x1ekrait:";
static constexpr std::string_view kStart = "\x1ekrait:start";

// What a mark says of its claim.
enum MarkKind : int { kBegin = 0, kValue = 1, kEnd = 2, kException = 3, kExpression = 4, kBinding = 5, kAttempt = 6, kExample = 7, kGoesOn = 8 };

// Puts `__krait__(claim, kind, …)` among the builtins: kExpression and kBinding end a statement with a value (None counts for
// bindings only), kAttempt runs code that stands in a comment, kExample an example of a session. Marks go to the real output, whatever sys.stdout is.
static constexpr std::string_view kPrelude =
    R"(exec('import builtins, sys\ndef say(n, kind, text=None):\n    out = sys.__stdout__\n    if out is not None and not out.closed:\n        out.write("\\x1ekrait:%d:%d\\n" % (n, kind))\n        if text is not None: out.write(text + "\\n")\ndef mark(n, kind, *rest):\n    if kind == 6:\n        say(n, 0)\n        try: exec(rest[0], rest[1], rest[2])\n        except BaseException as error: say(n, 3, type(error).__name__)\n        return say(n, 2)\n    if kind == 7:\n        say(n, 0)\n        try: exec(compile(rest[0], "<example>", "single"), rest[1])\n        except SystemExit: raise\n        except BaseException as error:\n            import traceback\n            say(n, 3, type(error).__name__)\n            say(n, 8)\n            print("Traceback (most recent call last):")\n            print("".join(traceback.format_exception_only(error)), end="")\n        return say(n, 2)\n    if kind < 4: return say(n, kind)\n    if kind == 5 or rest[0] is not None:\n        try: text = repr(rest[0])\n        except BaseException: text = None\n        if text is not None: say(n, 1, text)\n    say(n, 2)\n    return rest[0]\nbuiltins.__krait__ = mark\n', {}))";

namespace {
struct Insertion {
  uint32_t offset;
  std::string text;
};

struct Writer {
  const Ast& ast;
  LineIndex lines;
  std::vector<Insertion> insertions;

  void insert(uint32_t offset, std::string text) { insertions.push_back({offset, std::move(text)}); }
  // A statement before another one, on a line that is free if there is one.
  void insertBefore(TextRange statement, bool is_compound, const std::string& text);
};
}  // namespace

static std::string call(size_t claim, MarkKind kind) { return "__krait__(" + std::to_string(claim) + "," + std::to_string(kind); }

void Writer::insertBefore(TextRange statement, bool is_compound, const std::string& text) {
  uint32_t line = lines.lineOf(statement.begin);
  std::string indent(ast.text({lines.lineStart(line), statement.begin}));
  if (!is_compound) return insert(statement.begin, text + ";");
  if (line > 0 && trimmedClaim(lines.lineText(line - 1)).empty() && !lines.lineText(line - 1).ends_with("\\")) {
    return insert(lines.lineStart(line - 1) + static_cast<uint32_t>(lines.lineText(line - 1).size()), indent + text);
  }
  insert(lines.lineStart(line), indent + text + "\n");
}

// After the docstring and the imports from __future__, which must be first.
static NodeId firstStatement(const Ast& ast) {
  syntax::NodeList body = syntax::bodyOf(ast, ast.root());
  NodeId docstring = syntax::docstringOf(ast, body);
  for (NodeId statement : body) {
    if (docstring.valid() && statement == body[0]) continue;
    auto import = ast.tryAs<syntax::ImportFrom>(statement);
    if (import && ast.text(ast.range(statement)).starts_with("from __future__")) continue;
    return statement;
  }
  return NodeId::none();
}

static std::string literal(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
  }
  return out + "\"";
}

static void addMarks(Writer& writer, size_t id, const Claim& claim) {
  if (!claim.code.empty()) {
    writer.insert(claim.comment.begin, call(id, kAttempt) + "," + literal(claim.code) + ",globals(),locals()) ");
  } else if (claim.is_compound) {
    writer.insertBefore(claim.statement, true, call(id, kBegin) + ")");
    writer.insert(claim.comment.begin, call(id, kEnd) + ") ");
  } else if (claim.is_expression) {
    writer.insert(claim.statement.begin, call(id, kBegin) + ");" + call(id, kExpression) + ",(");
    writer.insert(claim.statement.end, "))");
  } else {
    writer.insert(claim.statement.begin, call(id, kBegin) + ");");
    writer.insert(claim.statement.end, ";" + (claim.shown_name.empty() ? call(id, kEnd) : call(id, kBinding) + "," + claim.shown_name) + ")");
  }
}

// Claims of one statement, by the first of them.
static size_t sharedWith(const std::vector<Claim>& claims, size_t id) {
  const Claim& claim = claims[id];
  if (!claim.code.empty() || claim.is_compound) return id;
  for (size_t i = 0; i < id; ++i) {
    bool is_same = claims[i].code.empty() && !claims[i].is_compound && claims[i].statement.begin == claim.statement.begin && claims[i].statement.end == claim.statement.end;
    if (is_same) return i;
  }
  return id;
}

std::string instrumented(const Ast& ast, const std::vector<Claim>& claims) {
  Writer writer{.ast = ast, .lines = LineIndex(ast.text()), .insertions = {}};
  NodeId first = firstStatement(ast);
  bool has_marks = std::any_of(claims.begin(), claims.end(), [](const Claim& claim) { return claim.line != 0; });
  // A program that watches calls would see those of the marks.
  bool is_watching = ast.text().find("settrace") != std::string_view::npos || ast.text().find("setprofile") != std::string_view::npos;
  if (!first.valid() || !has_marks || is_watching) return std::string(ast.text());
  NodeKind kind = ast.kind(first);
  bool is_simple = kind == NodeKind::kExprStmt || kind == NodeKind::kAssign || kind == NodeKind::kAnnAssign || kind == NodeKind::kImport ||
                   kind == NodeKind::kImportFrom || kind == NodeKind::kAugAssign || kind == NodeKind::kDelete;
  writer.insertBefore(syntax::fullRange(ast, first), !is_simple, std::string(kPrelude));
  for (size_t i = 0; i < claims.size(); ++i) {
    if (claims[i].line != 0 && sharedWith(claims, i) == i) addMarks(writer, i, claims[i]);
  }
  std::stable_sort(writer.insertions.begin(), writer.insertions.end(), [](const Insertion& a, const Insertion& b) { return a.offset < b.offset; });
  std::string out;
  std::string_view text = ast.text();
  size_t at = 0;
  for (const Insertion& insertion : writer.insertions) {
    out += text.substr(at, insertion.offset - at);
    out += insertion.text;
    at = insertion.offset;
  }
  return out + std::string(text.substr(at));
}

std::string sessionProgram(const std::vector<Claim>& claims) {
  std::string out = std::string(kPrelude) + "\n";
  for (size_t i = 0; i < claims.size(); ++i) {
    if (claims[i].form == ClaimForm::kSession) out += call(i, kExample) + "," + literal(claims[i].code) + ",globals())\n";
  }
  return out;
}

std::string earlierBlock(std::string_view text) {
  return "try: exec(compile(" + literal(text) + ", 'earlier block', 'exec'), globals())\nexcept BaseException: pass\n";
}

std::string startMark() { return "__import__(\"sys\").__stdout__.write(\"\\x1ekrait:start\\n\")\n"; }

bool hasStartMark(std::string_view output) { return output.find(kStart) != std::string_view::npos; }

std::string_view afterStartMark(std::string_view output) {
  size_t at = output.find(kStart);
  if (at == std::string_view::npos) return output;
  return output.substr(std::min(at + kStart.size() + 1, output.size()));
}

namespace {
// Whose doing the lines that follow are.
struct Reading {
  std::vector<size_t> open;  // claims that have begun, innermost last
  int part = kBegin;         // of the innermost
};
}  // namespace

// `0:2`: the mark of a claim.
static bool readMark(std::string_view mark, std::vector<Claim>& claims, Reading& reading) {
  size_t colon = mark.find(':');
  if (colon == std::string_view::npos || colon + 2 != mark.size()) return false;
  size_t id = 0;
  for (char c : mark.substr(0, colon)) {
    if (c < '0' || c > '9' || id > claims.size()) return false;
    id = id * 10 + static_cast<size_t>(c - '0');
  }
  int kind = mark[colon + 1] - '0';
  if (id >= claims.size() || kind < kBegin || (kind > kException && kind != kGoesOn)) return false;
  Claim& claim = claims[id];
  auto innermost = std::find(reading.open.rbegin(), reading.open.rend(), id);
  if (kind == kBegin) {
    claim.executions.emplace_back();
    if (innermost == reading.open.rend()) reading.open.push_back(id);
    reading.part = kBegin;
    return true;
  }
  if (claim.executions.empty()) return false;
  // What was open inside was left by an exception.
  if (innermost != reading.open.rend()) reading.open.erase(innermost.base(), reading.open.end());
  reading.part = kind == kGoesOn ? static_cast<int>(kBegin) : kind;
  if (kind != kEnd) return true;
  claim.executions.back().is_finished = true;
  if (!reading.open.empty() && reading.open.back() == id) reading.open.pop_back();
  reading.part = kBegin;
  return true;
}

static void shareExecutions(std::vector<Claim>& claims) {
  for (size_t i = 0; i < claims.size(); ++i) {
    size_t first = claims[i].line == 0 ? i : sharedWith(claims, i);
    if (first != i) claims[i].executions = claims[first].executions;
  }
}

std::string readMarks(std::string_view output, std::vector<Claim>& claims) {
  std::string clean;
  Reading reading;
  while (!output.empty()) {
    size_t end = std::min(output.find('\n'), output.size());
    bool has_end = end < output.size();
    std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    size_t mark = line.find(kMark);
    std::string text(line.substr(0, mark));
    if (mark == std::string_view::npos && has_end) text += "\n";
    bool is_attempt = !reading.open.empty() && claims[reading.open.back()].form == ClaimForm::kRaises && !claims[reading.open.back()].code.empty();
    if (reading.part == kBegin && !is_attempt) clean += text;
    for (size_t id : reading.open) {
      Execution& execution = claims[id].executions.back();
      if (reading.part == kBegin) execution.printed += text;
    }
    if (!reading.open.empty() && reading.part == kValue) claims[reading.open.back()].executions.back().value += text;
    if (!reading.open.empty() && reading.part == kException && !text.empty()) claims[reading.open.back()].executions.back().exception = trimmedClaim(text);
    if (mark != std::string_view::npos) readMark(line.substr(mark + kMark.size()), claims, reading);
  }
  if (!reading.open.empty()) claims[reading.open.back()].executions.back().is_last = true;
  shareExecutions(claims);
  return clean;
}

// Takes `__krait__(1,2);` out of a line, and the call around what is left. True: there was one.
static bool removeMarks(std::string& line) {
  static constexpr std::string_view kCall = "__krait__(";
  bool has_changed = false;
  if (size_t at = line.find(kPrelude); at != std::string::npos) {
    line.erase(at, kPrelude.size());
    if (line.compare(at, 1, ";") == 0) line.erase(at, 1);
    has_changed = true;
  }
  for (size_t at = line.find(kCall); at != std::string::npos; at = line.find(kCall, at)) {
    size_t end = line.find_first_not_of("0123456789,", at + kCall.size());
    if (end == std::string::npos) break;
    has_changed = true;
    if (line[end] == ')') {
      line.erase(at, end + (line.compare(end + 1, 1, ";") == 0 ? 2 : 1) - at);
      continue;
    }
    size_t close = line.rfind("))");
    if (line[end] != '(' || close == std::string::npos || close < end) break;
    line.erase(close, 2);
    line.erase(at, end + 1 - at);
  }
  return has_changed;
}

std::string plainError(std::string_view text, const std::string& folder) {
  std::string out;
  bool points_at_marks = false;  // the carets of a line that has changed
  while (!text.empty()) {
    std::string line(text.substr(0, text.find('\n')));
    bool has_end = line.size() < text.size();
    text.remove_prefix(line.size() + (has_end ? 1 : 0));
    if (std::exchange(points_at_marks, false) && line.find_first_not_of(" ~^") == std::string::npos) continue;
    points_at_marks = removeMarks(line);
    for (size_t at = folder.empty() ? std::string::npos : line.find(folder + "/"); at != std::string::npos; at = line.find(folder + "/")) line.erase(at, folder.size() + 1);
    out += line;
    if (has_end) out += '\n';
  }
  return out;
}

}  // namespace krait::cli

#include "cli/verify/instrument.h"

#include <algorithm>
#include <cstdlib>
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
enum MarkKind : int { kBegin = 0, kValue = 1, kEnd = 2, kException = 3, kExpression = 4, kBinding = 5, kAttempt = 6, kExample = 7, kGoesOn = 8, kWatched = 9, kTried = 10 };

// Puts `__krait__(claim, kind, …)` among the builtins: kExpression and kBinding end a statement with a value (None counts for
// bindings only), kAttempt runs code that stands in a comment (what is to work, in a process of its own, which changes nothing),
// kExample an example of a session; kWatched begins to count how often a function's own body runs, or to measure memory. Marks go
// to the real output, whatever sys.stdout is.
static constexpr std::string_view kPreludeSource = R"py(import builtins, sys
watched = {}
def say(n, kind, text=None):
    out = sys.__stdout__
    if out is not None and not out.closed:
        out.write("\x1ekrait:%d:%d\n" % (n, kind))
        if text is not None: out.write(text + "\n")
def started(code, offset):
    for entry in watched.values():
        if entry[0] is code: entry[1] += 1
def watch(n, function=None):
    if function is None:
        import tracemalloc
        if not tracemalloc.is_tracing():
            tracemalloc.start()
            watched[n] = [None, tracemalloc]
        return
    inner = function
    for i in range(20):
        if not hasattr(inner, "__wrapped__"): break
        inner = inner.__wrapped__
    if inner is function: return
    tools = sys.monitoring
    if tools.get_tool(4) is None:
        tools.use_tool_id(4, "krait")
        tools.register_callback(4, tools.events.PY_START, started)
    tools.set_local_events(4, inner.__code__, tools.events.PY_START)
    watched[n] = [inner.__code__, 0]
def seen(n):
    code, count = watched.pop(n)
    if code is None:
        peak = count.get_traced_memory()[1]
        count.stop()
        count = peak
    say(n, 9, str(count))
def works(code, names, own):
    import os
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        text = ""
        try: exec(code, names, own)
        except BaseException as error: text = type(error).__name__
        os.write(writer, text.encode())
        os._exit(0)
    os.close(writer)
    text = os.read(reader, 1000).decode()
    os.close(reader)
    os.waitpid(child, 0)
    return text
def mark(n, kind, *rest):
    if kind == 6:
        say(n, 0)
        if len(rest) == 4:
            text = works(rest[0], rest[1], rest[2])
            if text: say(n, 3, text)
            return say(n, 2)
        try: exec(rest[0], rest[1], rest[2])
        except BaseException as error: say(n, 3, type(error).__name__)
        return say(n, 2)
    if kind == 7:
        say(n, 0)
        try: exec(compile(rest[0], "<example>", "single"), rest[1])
        except SystemExit: raise
        except BaseException as error:
            import traceback
            say(n, 3, type(error).__name__)
            say(n, 8)
            print("Traceback (most recent call last):")
            print("".join(traceback.format_exception_only(error)), end="")
        return say(n, 2)
    if kind == 9:
        try: watch(n, *rest)
        except Exception: pass
        return
    if n in watched and kind != 0: seen(n)
    if kind < 4 or kind == 10: return say(n, kind)
    if kind == 5 or rest[0] is not None:
        try: text = repr(rest[0])
        except BaseException: text = None
        if text is not None: say(n, 1, text)
    say(n, 2)
    return rest[0]
builtins.__krait__ = mark
)py";

static std::string literal(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
  }
  return out + "\"";
}

// On one line: the lines of the program keep their numbers.
static const std::string& prelude() {
  static const std::string kText = "exec(" + literal(kPreludeSource) + ", {})";
  return kText;
}

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

static void addMarks(Writer& writer, size_t id, const Claim& claim) {
  if (!claim.code.empty()) {
    writer.insert(claim.comment.begin, call(id, kAttempt) + "," + literal(claim.code) + ",globals(),locals()" + (claim.is_to_work ? ",True" : "") + ") ");
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
  writer.insertBefore(syntax::fullRange(ast, first), !is_simple, prelude());
  for (size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    if (claim.line == 0) continue;
    size_t first_claim = sharedWith(claims, i);
    if (claim.tried_at != 0) writer.insert(claim.tried_at, call(i, kTried) + ");");
    if (claim.watch != Watch::kNone) writer.insert(claim.statement.begin, call(first_claim, kWatched) + (claim.function.empty() ? "" : "," + claim.function) + ");");
    if (first_claim == i) addMarks(writer, i, claim);
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
  std::string out = prelude() + "\n";
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
  if (colon == std::string_view::npos || colon + 1 >= mark.size() || colon + 3 < mark.size()) return false;
  size_t id = 0;
  for (char c : mark.substr(0, colon)) {
    if (c < '0' || c > '9' || id > claims.size()) return false;
    id = id * 10 + static_cast<size_t>(c - '0');
  }
  int kind = mark.substr(colon + 1) == "10" ? static_cast<int>(kTried) : mark[colon + 1] - '0';
  if (id >= claims.size() || kind < kBegin || (kind > kException && kind < kGoesOn)) return false;
  Claim& claim = claims[id];
  if (kind == kTried) {
    claim.was_tried = true;
    return true;
  }
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
    if (!reading.open.empty() && reading.part == kWatched && !text.empty()) {
      Claim& claim = claims[reading.open.back()];
      claim.executions.back().watched = std::strtol(text.c_str(), nullptr, 10);
    }
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
  if (size_t at = line.find(prelude()); at != std::string::npos) {
    line.erase(at, prelude().size());
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
    size_t watched = line.compare(end - 3, 3, ",9,") == 0 ? line.find(");", end) : std::string::npos;
    if (watched != std::string::npos) {
      line.erase(at, watched + 2 - at);
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

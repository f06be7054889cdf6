#include "cli/verify/claims.h"

#include <algorithm>

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

// A control character that no program of a document prints.
static constexpr std::string_view kMark = "\x1ekrait:";

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

static bool takeWord(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c != word[i]) return false;
  }
  text.remove_prefix(word.size());
  return true;
}

// `Output: x`, `Outputs: x`, `prints: x`, `=> x`, `-> x`, `→ x`.
static bool readExplicit(std::string_view comment, std::string& claim) {
  std::string_view rest = trimmed(comment);
  for (std::string_view word :
       {"output:", "outputs:", "prints:", "print:", "result:", "returns:", "=>", "->", "→", "▶", "⟶"}) {
    std::string_view after = rest;
    if (!takeWord(after, word)) continue;
    claim = trimmed(after);
    return !claim.empty();
  }
  return false;
}

// A bare value: a number, a string, a display, True, None, a class; not prose.
static bool looksLikeValue(std::string_view text) {
  if (text.empty()) return false;
  for (std::string_view word : {"True", "False", "None", "inf", "nan", "<class ", "set()"}) {
    if (text == word || (text.starts_with(word) && word.ends_with(" "))) return true;
  }
  char first = text.front();
  bool is_number =
      (first >= '0' && first <= '9') || (first == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9');
  if (is_number) {
    return std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'j' || c == ',' || c == ' ';
    });
  }
  bool is_closed = (first == '[' && text.back() == ']') || (first == '{' && text.back() == '}') ||
                   (first == '(' && text.back() == ')') ||
                   ((first == '"' || first == '\'') && text.back() == first && text.size() > 1);
  return is_closed;
}

static bool isCall(const Ast& ast, NodeId statement) {
  auto expression = ast.tryAs<syntax::ExprStmt>(statement);
  return expression && ast.is(expression->value(), NodeKind::kCall);
}

// The single name that an assignment gives a value to.
static std::string assignedName(const Ast& ast, NodeId statement) {
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    bool is_one = assign->targets().size() == 1 && ast.is(assign->targets()[0], NodeKind::kName);
    return is_one ? std::string(syntax::nameText(ast, assign->targets()[0])) : "";
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
    bool is_name = annotated->value().valid() && ast.is(annotated->target(), NodeKind::kName);
    return is_name ? std::string(syntax::nameText(ast, annotated->target())) : "";
  }
  return "";
}

namespace {
struct ClaimReader {
  const Ast& ast;
  LineIndex lines;
  std::vector<Claim> claims;
};
}  // namespace

// Comment lines right below an `# Output:` that stands alone belong to it.
static std::string followingLines(const ClaimReader& reader, size_t first) {
  std::string out;
  std::span<const syntax::Comment> comments = reader.ast.comments();
  uint32_t line = reader.lines.lineOf(comments[first].begin);
  for (size_t i = first + 1; i < comments.size(); ++i) {
    if (reader.lines.lineOf(comments[i].begin) != ++line) break;
    uint32_t begin = reader.lines.lineStart(line);
    if (!trimmed(reader.ast.text({begin, comments[i].begin})).empty()) break;
    std::string_view text = reader.ast.text({comments[i].begin + 1, comments[i].end});
    if (text.starts_with(" ")) text.remove_prefix(1);
    out += "\n" + std::string(text);
  }
  return out;
}

static void addClaim(ClaimReader& reader, NodeId statement, size_t index) {
  const Ast& ast = reader.ast;
  const syntax::Comment& comment = ast.comments()[index];
  std::string_view text = ast.text({comment.begin + 1, comment.end});
  bool stands_alone = reader.lines.lineOf(ast.range(statement).end) != reader.lines.lineOf(comment.begin);
  Claim claim{.line = reader.lines.lineOf(comment.begin) + 1,
              .text = "",
              .statement = syntax::fullRange(ast, statement),
              .shown_name = "",
              .printed = "",
              .value = ""};
  std::string name = assignedName(ast, statement);
  std::string_view heading = trimmed(text);
  bool is_heading =
      stands_alone && (takeWord(heading, "output:") || takeWord(heading, "outputs:")) && trimmed(heading).empty();
  if (is_heading) {
    claim.text = trimmed(followingLines(reader, index));
  } else if (readExplicit(text, claim.text)) {
    if (stands_alone) claim.text += followingLines(reader, index);
  } else if (!stands_alone && (isCall(ast, statement) || !name.empty())) {
    claim.text = trimmed(text);
    claim.form = looksLikeValue(claim.text) ? ClaimForm::kValue : ClaimForm::kRemark;
  }
  if (claim.text.empty()) return;
  claim.shown_name = name;
  reader.claims.push_back(std::move(claim));
}

std::vector<Claim> findClaims(const Ast& ast) {
  ClaimReader reader{.ast = ast, .lines = LineIndex(ast.text()), .claims = {}};
  syntax::NodeList body = syntax::bodyOf(ast, ast.root());
  std::span<const syntax::Comment> comments = ast.comments();
  for (size_t i = 0; i < comments.size(); ++i) {
    // The statement that ends on the comment's line or is the last one before it.
    NodeId nearest;
    for (NodeId statement : body) {
      if (ast.range(statement).end <= comments[i].begin) nearest = statement;
    }
    if (!nearest.valid()) continue;
    uint32_t end_line = reader.lines.lineOf(ast.range(nearest).end), line = reader.lines.lineOf(comments[i].begin);
    bool is_simple = ast.is(nearest, NodeKind::kExprStmt) || ast.is(nearest, NodeKind::kAssign) ||
                     ast.is(nearest, NodeKind::kAnnAssign);
    if (line == end_line && !is_simple) continue;
    if (line - end_line <= 1) addClaim(reader, nearest, i);
  }
  return reader.claims;
}

std::string markedProgram(const Ast& ast, const std::vector<Claim>& claims) {
  std::string out;
  std::string_view text = ast.text();
  LineIndex lines(text);
  uint32_t at = 0;
  for (size_t i = 0; i < claims.size(); ++i) {
    uint32_t begin = lines.lineStart(lines.lineOf(claims[i].statement.begin));
    uint32_t last = lines.lineOf(claims[i].statement.end);
    uint32_t end = last + 1 < lines.lineCount() ? lines.lineStart(last + 1) : static_cast<uint32_t>(text.size());
    if (begin < at) continue;
    std::string id = std::to_string(i);
    std::string mark = "print(\"\\x1ekrait:" + id;
    out +=
        std::string(text.substr(at, begin - at)) + mark + ":begin\")\n" + std::string(text.substr(begin, end - begin));
    if (!out.ends_with("\n")) out += "\n";
    if (!claims[i].shown_name.empty()) out += mark + ":value\")\nprint(repr(" + claims[i].shown_name + "))\n";
    out += mark + ":end\")\n";
    at = end;
  }
  return out + std::string(text.substr(at));
}

// Quotes around the whole, and runs of blanks, are not what a claim is about.
static std::string loosened(std::string_view text) {
  text = trimmed(text);
  bool is_quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  if (is_quoted) text = text.substr(1, text.size() - 2);
  std::string out;
  for (char c : text) {
    bool is_space = c == ' ' || c == '\n' || c == '\t' || c == ',';
    if (!is_space) out += c == '"' ? '\'' : c;
  }
  for (std::string_view arrow : {"->", "→"}) {
    for (size_t at; (at = out.find(arrow)) != std::string::npos;) out.erase(at, arrow.size());
  }
  return out;
}

// Addresses and the like differ from run to run.
static bool isSample(std::string_view claim, std::string_view actual) {
  return claim.find(" at 0x") != std::string_view::npos || actual.find(" at 0x") != std::string_view::npos ||
         claim.find("...") != std::string_view::npos;
}

// The claim's text up to where prose takes over: `15 (sum)`, `15 - because`, `15, not 16`.
static std::vector<std::string_view> readings(std::string_view claim) {
  std::vector<std::string_view> out = {claim};
  for (std::string_view separator : {" (", " - ", " – ", " because", " if ", " since"}) {
    size_t at = claim.find(separator);
    if (at != std::string_view::npos && at > 0) out.push_back(claim.substr(0, at));
  }
  for (std::string_view separator : {"→ ", "-> ", "=> ", ": ", "= "}) {
    size_t at = claim.find(separator);
    // Prose stands before it, not a part of the value.
    bool is_prose =
        at != std::string_view::npos && claim.substr(0, at).find_first_of("[{('\"<") == std::string_view::npos;
    if (is_prose) out.push_back(claim.substr(at + separator.size()));
  }
  return out;
}

static bool matchesSeen(const Claim& claim) {
  std::string printed = loosened(claim.printed), value = loosened(claim.value);
  // `print("Evens:", x)  # [0, 2]`: the comment leaves out the words that were printed before the value.
  if (claim.form == ClaimForm::kValue && printed.ends_with(":" + loosened(claim.text)))
    return printed.find_first_of("[{(") >= printed.find(':');
  for (std::string_view reading : readings(claim.text)) {
    std::string expected = loosened(reading);
    if (expected.empty()) continue;
    bool is_printed = expected == printed;
    if (is_printed || (!claim.shown_name.empty() && expected == value)) return true;
  }
  return false;
}

static std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> out(1);
  for (char c : text) {
    bool is_word = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
                   static_cast<unsigned char>(c) >= 0x80;
    if (is_word) out.back() += c;
    if (!is_word && !out.back().empty()) out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

// A remark is a claim that failed only when most of its words are words of what was seen, and the other way round.
static bool speaksOfOutput(const Claim& claim) {
  std::vector<std::string> said = wordsOf(claim.text), seen = wordsOf(claim.printed + " " + claim.value);
  if (said.size() < 2 || seen.empty()) return false;
  auto common = static_cast<size_t>(std::count_if(said.begin(), said.end(), [&](const std::string& word) {
    return std::find(seen.begin(), seen.end(), word) != seen.end();
  }));
  return common * 10 >= said.size() * 6 && common * 10 >= seen.size() * 6;
}

// The elements of sets come in another order from run to run.
static bool isReordered(const Claim& claim) {
  std::vector<std::string> said = wordsOf(claim.text), seen = wordsOf(actualText(claim));
  std::sort(said.begin(), said.end());
  std::sort(seen.begin(), seen.end());
  return said == seen && claim.text.find('{') != std::string::npos;
}

static void judge(Claim& claim, bool is_repeatable) {
  if (matchesSeen(claim)) {
    claim.verdict = Verdict::kHolds;
  } else if (claim.form == ClaimForm::kRemark && !speaksOfOutput(claim)) {
    claim.verdict = Verdict::kUnchecked;
  } else if (!is_repeatable || isSample(claim.text, claim.printed + claim.value) || isReordered(claim)) {
    claim.verdict = Verdict::kSample;
  } else {
    claim.verdict = Verdict::kWrong;
  }
}

std::string actualText(const Claim& claim) {
  std::string_view text = !claim.shown_name.empty() && trimmed(claim.printed).empty() ? claim.value : claim.printed;
  return std::string(trimmed(text));
}

bool isRepeatable(std::string_view program) {
  for (std::string_view word : {"random", "time", "datetime", "uuid", "secrets", "getpid", "id(", "hash(",
                                "perf_counter", "os.environ", "getcwd", "platform", "getsizeof", "get_ident"}) {
    if (program.find(word) != std::string_view::npos) return false;
  }
  return true;
}

namespace {
// Which part of which statement's doing the lines that follow belong to.
struct Reading {
  Claim* claim = nullptr;
  bool is_value = false;
};
}  // namespace

// `0:begin`, `0:value`, `0:end`: true when the text is a mark of one of the claims.
static bool readMark(std::string_view mark, std::vector<Claim>& claims, Reading& reading, bool is_repeatable) {
  size_t index = 0;
  while (!mark.empty() && mark[0] >= '0' && mark[0] <= '9') {
    index = index * 10 + static_cast<size_t>(mark[0] - '0');
    mark.remove_prefix(1);
  }
  if (index >= claims.size()) return false;
  reading = {mark == ":end" ? nullptr : &claims[index], mark == ":value"};
  if (mark == ":end") judge(claims[index], is_repeatable);
  return true;
}

std::string judgeClaims(std::string_view output, std::vector<Claim>& claims, bool is_repeatable) {
  std::string clean;
  Reading reading;
  while (!output.empty()) {
    size_t end = std::min(output.find('\n'), output.size());
    std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    size_t mark = line.find(kMark);
    std::string text(line.substr(0, mark));
    if (mark == std::string_view::npos) text += "\n";
    if (!reading.is_value) clean += text;
    if (reading.claim != nullptr) (reading.is_value ? reading.claim->value : reading.claim->printed) += text;
    if (mark != std::string_view::npos) readMark(line.substr(mark + kMark.size()), claims, reading, is_repeatable);
  }
  std::erase_if(claims, [](const Claim& claim) {
    bool is_unsaid = claim.verdict == Verdict::kUnreached && claim.form == ClaimForm::kRemark;
    return claim.verdict == Verdict::kUnchecked || is_unsaid;
  });
  return clean;
}

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kWrong:
      return "wrong";
    case Verdict::kSample:
      return "sample";
    case Verdict::kUnreached:
      return "unreached";
    case Verdict::kUnchecked:
      return "unchecked";
  }
  return "";
}

}  // namespace krait::cli

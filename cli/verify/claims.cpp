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
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
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
  for (std::string_view word : {"output:", "outputs:", "prints:", "print:", "result:", "returns:", "=>", "->", "→", "▶", "⟶"}) {
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
  bool is_number = (first >= '0' && first <= '9') || (first == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9');
  if (is_number) {
    return std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'j' || c == ',' || c == ' ';
    });
  }
  bool is_closed = (first == '[' && text.back() == ']') || (first == '{' && text.back() == '}') || (first == '(' && text.back() == ')') ||
                   ((first == '"' || first == '\'') && text.back() == first && text.size() > 1);
  return is_closed;
}

static bool isPrint(const Ast& ast, NodeId statement) {
  auto expression = ast.tryAs<syntax::ExprStmt>(statement);
  auto call = expression ? ast.tryAs<syntax::Call>(expression->value()) : std::nullopt;
  return call && ast.is(call->func(), NodeKind::kName) && syntax::nameText(ast, call->func()) == "print";
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
  Claim claim{.line = reader.lines.lineOf(comment.begin) + 1, .text = "", .statement = syntax::fullRange(ast, statement), .shown_name = "", .actual = ""};
  std::string name = assignedName(ast, statement);
  std::string_view heading = trimmed(text);
  bool is_heading = stands_alone && (takeWord(heading, "output:") || takeWord(heading, "outputs:")) && trimmed(heading).empty();
  if (is_heading) {
    claim.text = trimmed(followingLines(reader, index));
  } else if (readExplicit(text, claim.text)) {
    if (stands_alone) claim.text += followingLines(reader, index);
  } else if (!stands_alone && (isPrint(ast, statement) || !name.empty()) && looksLikeValue(trimmed(text))) {
    claim.form = ClaimForm::kValue;
    claim.text = trimmed(text);
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
    bool is_simple = ast.is(nearest, NodeKind::kExprStmt) || ast.is(nearest, NodeKind::kAssign) || ast.is(nearest, NodeKind::kAnnAssign);
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
    out += std::string(text.substr(at, begin - at)) + mark + ":begin\")\n" + std::string(text.substr(begin, end - begin));
    if (!out.ends_with("\n")) out += "\n";
    if (!claims[i].shown_name.empty()) out += "print(" + claims[i].shown_name + ".__repr__())\n";
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
  return out;
}

// Addresses and the like differ from run to run.
static bool isSample(std::string_view claim, std::string_view actual) {
  return claim.find(" at 0x") != std::string_view::npos || actual.find(" at 0x") != std::string_view::npos ||
         claim.find("...") != std::string_view::npos;
}

static void judge(Claim& claim) {
  std::string expected = loosened(claim.text), got = loosened(claim.actual);
  // `# 15 (sum)` and `# 15 - because …`: the value, then prose.
  bool has_value_first = !got.empty() && expected.starts_with(got) &&
                         (claim.text.find(" (") != std::string::npos || claim.text.find(" - ") != std::string::npos);
  if (expected == got || has_value_first) {
    claim.verdict = Verdict::kHolds;
  } else if (isSample(claim.text, claim.actual)) {
    claim.verdict = Verdict::kSample;
  } else {
    claim.verdict = Verdict::kWrong;
  }
}

std::string judgeClaims(std::string_view output, std::vector<Claim>& claims) {
  std::string clean;
  Claim* open = nullptr;
  while (!output.empty()) {
    size_t end = std::min(output.find('\n'), output.size());
    std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    size_t mark = line.find(kMark);
    if (mark == std::string_view::npos) {
      bool is_shown_value = open != nullptr && !open->shown_name.empty();
      if (open != nullptr) open->actual += std::string(line) + "\n";
      if (!is_shown_value) clean += std::string(line) + "\n";
      continue;
    }
    std::string_view rest = line.substr(mark + kMark.size());
    size_t index = 0;
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
      index = index * 10 + static_cast<size_t>(rest[0] - '0');
      rest.remove_prefix(1);
    }
    if (mark > 0) clean += line.substr(0, mark);
    if (index >= claims.size()) continue;
    open = rest == ":begin" ? &claims[index] : nullptr;
    if (mark > 0 && open == nullptr) claims[index].actual += line.substr(0, mark);
    if (open == nullptr) judge(claims[index]);
  }
  return clean;
}

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds: return "holds";
    case Verdict::kWrong: return "wrong";
    case Verdict::kSample: return "sample";
    case Verdict::kUnreached: return "unreached";
    case Verdict::kUnchecked: return "unchecked";
  }
  return "";
}

}  // namespace krait::cli

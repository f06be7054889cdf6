#include "cli/verify/claims.h"

#include <algorithm>

#include "analyzer/syntax/parser.h"
#include "cli/verify/watches.h"

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

std::string_view trimmedClaim(std::string_view text) {
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
  std::string_view rest = trimmedClaim(comment);
  for (std::string_view word : {"output:", "outputs:", "expected output:", "prints:", "print:", "result:", "returns:", "=>", "->", "→", "▶", "⟶"}) {
    std::string_view after = rest;
    if (!takeWord(after, word)) continue;
    claim = trimmedClaim(after);
    return !claim.empty();
  }
  return false;
}

bool looksLikeValue(std::string_view text) {
  if (text.empty()) return false;
  for (std::string_view word : {"True", "False", "None", "inf", "nan", "<class ", "set()"}) {
    if (text == word || (text.starts_with(word) && word.ends_with(" "))) return true;
  }
  char first = text.front();
  bool is_number = (first >= '0' && first <= '9') || (first == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9');
  if (is_number) {
    return std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'j' || c == ',' || c == ' ' || c == '_';
    });
  }
  bool is_closed = (first == '[' && text.back() == ']') || (first == '{' && text.back() == '}') ||
                   (first == '(' && text.back() == ')') ||
                   ((first == '"' || first == '\'') && text.back() == first && text.size() > 1);
  if (is_closed) return true;
  // A call's repr: `Counter({'a': 1})`.
  size_t open = text.find('(');
  bool is_call = open != std::string_view::npos && open > 0 && text.back() == ')' &&
                 std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(open), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || (c >= '0' && c <= '9');
                 });
  return is_call;
}

static bool isWordChar(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

static bool isExceptionName(std::string_view word) {
  if (word.empty() || word[0] < 'A' || word[0] > 'Z' || word == "Error" || word == "Exception") return false;
  for (std::string_view end : {"Error", "Exception", "StopIteration", "StopAsyncIteration", "KeyboardInterrupt", "SystemExit", "GeneratorExit"}) {
    if (word.ends_with(end)) return true;
  }
  return false;
}

RaisedName raisedBy(std::string_view text) {
  RaisedName raised;
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    if (!isWordChar(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && isWordChar(text[end])) ++end;
    std::string_view word = text.substr(at, end - at);
    at = end;
    ++count;
    std::string_view verb = word;
    bool is_verb = (takeWord(verb, "raise") || takeWord(verb, "throw")) && (verb.empty() || verb == "s");
    if (is_verb && count <= 6) raised.is_told = raised.is_error = true;
    bool is_early = count <= 3 || raised.is_told;
    if (raised.name.empty() && is_early && isExceptionName(word)) {
      raised.name = word;
      raised.is_error = true;
    }
    if ((word == "Error" || word == "error" || word == "ERROR") && is_early) raised.is_error = true;
  }
  return raised;
}

// The names that an assignment binds, as text; empty: something else than plain names.
static std::string assignedNames(const Ast& ast, NodeId statement) {
  auto plain = [&](NodeId target) { return ast.is(target, NodeKind::kName) ? std::string(ast.text(ast.range(target))) : ""; };
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    if (assign->targets().size() != 1) return "";
    auto tuple = ast.tryAs<syntax::Tuple>(assign->targets()[0]);
    if (!tuple) return plain(assign->targets()[0]);
    std::string out;
    for (NodeId element : tuple->elts()) {
      if (!ast.is(element, NodeKind::kName)) return "";
      out += (out.empty() ? "(" : ", ") + plain(element);
    }
    return out.empty() ? "" : out + ")";
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) return annotated->value().valid() ? plain(annotated->target()) : "";
  if (auto augmented = ast.tryAs<syntax::AugAssign>(statement)) return plain(augmented->target());
  return "";
}

static bool isCompound(const Ast& ast, NodeId statement) {
  switch (ast.kind(statement)) {
    case NodeKind::kFor:
    case NodeKind::kWhile:
    case NodeKind::kIf:
    case NodeKind::kWith:
    case NodeKind::kTry:
    case NodeKind::kMatch: return true;
    default: return false;
  }
}

static bool isSimple(const Ast& ast, NodeId statement) {
  switch (ast.kind(statement)) {
    case NodeKind::kExprStmt:
    case NodeKind::kAssign:
    case NodeKind::kAnnAssign:
    case NodeKind::kAugAssign:
    case NodeKind::kDelete: return true;
    default: return false;
  }
}

namespace {
struct ClaimReader {
  const Ast& ast;
  Interner& names;
  LineIndex lines;
  std::vector<NodeId> statements;  // that have lines of their own, in order of their begin
  std::vector<Claim> claims;

  void collect(NodeId node);
  bool hasOwnLines(NodeId statement) const;
  std::string_view blankBefore(uint32_t offset) const { return ast.text({lines.lineStart(lines.lineOf(offset)), offset}); }
  bool standsAlone(const syntax::Comment& comment) const { return trimmedClaim(blankBefore(comment.begin)).empty(); }
  NodeId statementOf(const syntax::Comment& comment, bool stands_alone) const;
  NodeId statementAround(const syntax::Comment& comment) const;
  std::string followingLines(size_t first, size_t& last) const;
  bool readCommentedCode(const syntax::Comment& comment, NodeId neighbour);
  size_t read(size_t index);
};
}  // namespace

// Nothing else but a comment shares a line with it.
bool ClaimReader::hasOwnLines(NodeId statement) const {
  TextRange range = syntax::fullRange(ast, statement);
  if (!trimmedClaim(blankBefore(range.begin)).empty()) return false;
  uint32_t end = lines.lineStart(lines.lineOf(range.end)) + static_cast<uint32_t>(lines.lineText(lines.lineOf(range.end)).size());
  std::string_view rest = trimmedClaim(ast.text({range.end, end}));
  return rest.empty() || rest[0] == '#';
}

void ClaimReader::collect(NodeId node) {
  bool is_wanted = isSimple(ast, node) || isCompound(ast, node);
  if (is_wanted && hasOwnLines(node)) statements.push_back(node);
  if (isSimple(ast, node)) return;
  syntax::forEachChild(ast, node, [&](NodeId child) { collect(child); });
}

NodeId ClaimReader::statementOf(const syntax::Comment& comment, bool stands_alone) const {
  NodeId found;
  uint32_t line = lines.lineOf(comment.begin);
  for (NodeId statement : statements) {
    TextRange range = syntax::fullRange(ast, statement);
    if (range.begin > comment.begin) break;
    if (range.end > comment.begin) continue;
    if (!stands_alone) {
      if (isSimple(ast, statement) && lines.lineOf(range.end) == line) found = statement;
      continue;
    }
    bool is_level = blankBefore(range.begin) == blankBefore(comment.begin);
    if (is_level) found = statement;
  }
  if (!found.valid()) return found;
  // Only comments and one blank line between them.
  uint32_t from = lines.lineOf(syntax::fullRange(ast, found).end) + 1;
  size_t blank = 0;
  for (uint32_t i = from; i < line; ++i) {
    std::string_view text = trimmedClaim(lines.lineText(i));
    if (!text.empty() && text[0] != '#') return NodeId::none();
    blank += text.empty();
  }
  return blank <= 1 ? found : NodeId::none();
}

// The simple statement on several lines inside of which a comment stands.
NodeId ClaimReader::statementAround(const syntax::Comment& comment) const {
  for (NodeId statement : statements) {
    TextRange range = syntax::fullRange(ast, statement);
    if (isSimple(ast, statement) && range.begin < comment.begin && comment.begin < range.end) return statement;
  }
  return NodeId::none();
}

// Does a statement leave the body around it without an exception?
static bool leavesBody(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kReturn:
    case NodeKind::kBreak:
    case NodeKind::kContinue:
    case NodeKind::kRaise: return true;
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef: return false;
    default: break;
  }
  bool leaves = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { leaves = leaves || leavesBody(ast, child); });
  return leaves;
}

// Where the body of the `try` begins that a statement stands in directly, when only an exception can keep it from being
// reached; 0: there is none.
static uint32_t tryAround(const Ast& ast, NodeId statement) {
  auto attempt = ast.tryAs<syntax::Try>(ast.parent(statement));
  if (!attempt || !isSimple(ast, attempt->body()[0])) return 0;
  for (NodeId sibling : attempt->body()) {
    if (sibling == statement) return syntax::fullRange(ast, attempt->body()[0]).begin;
    if (leavesBody(ast, sibling)) break;
  }
  return 0;
}

static bool isPrint(const Ast& ast, NodeId statement) {
  auto expression = ast.tryAs<syntax::ExprStmt>(statement);
  auto call = expression ? ast.tryAs<syntax::Call>(expression->value()) : std::nullopt;
  return call && ast.is(call->func(), NodeKind::kName) && syntax::nameText(ast, call->func()) == "print";
}

// `# works`, `# would work`: nothing is raised.
static bool saysItWorks(std::string_view text) {
  for (std::string_view word : {"works", "would work", "this works", "this would work", "valid", "allowed", "no error"}) {
    std::string_view rest = text;
    if (takeWord(rest, word) && (rest.empty() || !isWordChar(rest[0]))) return true;
  }
  return false;
}

// Comment lines right below an `# Output:` that stands alone belong to it.
std::string ClaimReader::followingLines(size_t first, size_t& last) const {
  std::string out;
  std::span<const syntax::Comment> comments = ast.comments();
  uint32_t line = lines.lineOf(comments[first].begin);
  for (size_t i = first + 1; i < comments.size(); ++i) {
    if (lines.lineOf(comments[i].begin) != ++line || !standsAlone(comments[i])) break;
    std::string_view text = ast.text({comments[i].begin + 1, comments[i].end});
    if (text.starts_with(" ")) text.remove_prefix(1);
    out += "\n" + std::string(text);
    last = i;
  }
  return out;
}

// `# total[0] = 1  # TypeError`: code that would fail, with what it would raise.
bool ClaimReader::readCommentedCode(const syntax::Comment& comment, NodeId neighbour) {
  std::string_view text = ast.text({comment.begin + 1, comment.end});
  size_t split = text.rfind('#');
  if (split == std::string_view::npos || !neighbour.valid()) return false;
  std::string_view claim = trimmedClaim(text.substr(split + 1));
  std::string_view code = trimmedClaim(text.substr(0, split));
  bool works = saysItWorks(claim);
  if ((!works && !raisedBy(claim).is_error) || code.find_first_of("(.[=+-*/") == std::string_view::npos) return false;
  syntax::ParsedModule module = syntax::parseModule(code, names);
  syntax::NodeList body = syntax::bodyOf(module.ast, module.ast.root());
  if (module.error || body.size() != 1 || !isSimple(module.ast, body[0])) return false;
  claims.push_back({.line = lines.lineOf(comment.begin) + 1,
                    .text = std::string(claim),
                    .form = ClaimForm::kRaises,
                    .comment = {comment.begin, comment.end},
                    .statement = {comment.begin, comment.begin},
                    .shown_name = "",
                    .code = std::string(code),
                    .is_to_work = works,
                    .flags = "",
                    .binds = {},
                    .executions = {}});
  return true;
}

// The claim of one comment; gives the last comment that it took.
size_t ClaimReader::read(size_t index) {
  const syntax::Comment& comment = ast.comments()[index];
  bool stands_alone = standsAlone(comment);
  NodeId statement = statementOf(comment, stands_alone);
  if (stands_alone && readCommentedCode(comment, statement)) return index;
  std::string_view text = ast.text({comment.begin + 1, comment.end});
  Watch watch = stands_alone ? Watch::kNone : watchOf(text);
  if (!statement.valid() && watch != Watch::kNone) statement = statementAround(comment);
  if (!statement.valid()) return index;
  Claim claim{.line = lines.lineOf(comment.begin) + 1,
              .text = "",
              .comment = {comment.begin, comment.end},
              .statement = syntax::fullRange(ast, statement),
              .shown_name = assignedNames(ast, statement),
              .code = "",
              .flags = "",
              .binds = {},
              .watch = watch,
              .executions = {}};
  claim.is_compound = isCompound(ast, statement);
  if (auto expression = ast.tryAs<syntax::ExprStmt>(statement)) claim.is_expression = !ast.is(expression->value(), NodeKind::kConstant);
  size_t last = index;
  std::string_view heading = trimmedClaim(text);
  bool is_heading = stands_alone && (takeWord(heading, "output:") || takeWord(heading, "outputs:") || takeWord(heading, "expected output:")) && trimmedClaim(heading).empty();
  std::string_view bare = trimmedClaim(text);
  RaisedName raised = raisedBy(bare);
  if (is_heading) {
    claim.text = trimmedClaim(followingLines(index, last));
  } else if (raised.is_error && !claim.is_compound && !stands_alone && (raised.is_told || !raised.name.empty())) {
    claim.text = bare;
    claim.form = ClaimForm::kRaises;
  } else if (readExplicit(text, claim.text)) {
    if (stands_alone) claim.text += followingLines(index, last);
  } else if (stands_alone) {
    bool is_display = looksLikeValue(bare) && (bare[0] == '[' || bare[0] == '{' || bare[0] == '(' || bare[0] == '"' || bare[0] == '\'');
    bool is_next = lines.lineOf(claim.statement.end) + 1 == lines.lineOf(comment.begin);
    bool has_value = !claim.shown_name.empty() || claim.is_expression || claim.is_compound;
    if (is_display && is_next && has_value) claim.text = bare;
    claim.form = ClaimForm::kValue;
  } else {
    claim.text = bare;
    std::string_view short_form = claim.text;
    size_t note = std::min(short_form.find(" ("), short_form.find("  #"));
    bool is_value = looksLikeValue(short_form) || (note != std::string_view::npos && note > 0 && looksLikeValue(trimmedClaim(short_form.substr(0, note))));
    claim.form = is_value ? ClaimForm::kValue : ClaimForm::kRemark;
  }
  if (claim.form != ClaimForm::kRemark) claim.watch = Watch::kNone;
  if (claim.form == ClaimForm::kRemark && isPrint(ast, statement)) claim.tried_at = tryAround(ast, statement);
  readWatch(ast, statement, claim);
  if (!claim.text.empty()) claims.push_back(std::move(claim));
  return last;
}

std::vector<Claim> findClaims(const Ast& ast, Interner& names) {
  ClaimReader reader{.ast = ast, .names = names, .lines = LineIndex(ast.text()), .statements = {}, .claims = {}};
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) reader.collect(statement);
  std::sort(reader.statements.begin(), reader.statements.end(), [&](NodeId a, NodeId b) {
    TextRange left = syntax::fullRange(ast, a), right = syntax::fullRange(ast, b);
    return left.begin != right.begin ? left.begin < right.begin : left.end > right.end;
  });
  for (size_t i = 0; i < ast.comments().size(); ++i) i = reader.read(i);
  return std::move(reader.claims);
}

std::string actualText(const Claim& claim) {
  std::string printed, value;
  for (const Execution& execution : claim.executions) {
    printed += execution.printed;
    if (!execution.value.empty()) value = execution.value;
    if (!execution.exception.empty()) value = execution.exception;
  }
  if (std::string watched = watchedText(claim); !watched.empty()) return watched;
  if (printed.empty() && value.empty() && claim.form == ClaimForm::kRaises && !claim.executions.empty()) return "no exception";
  return std::string(trimmedClaim(trimmedClaim(printed).empty() ? value : printed));
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

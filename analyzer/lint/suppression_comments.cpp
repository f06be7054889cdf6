#include "analyzer/lint/suppression_comments.h"

#include <algorithm>

namespace krait::lint {

static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

static bool isCodeCharacter(char c) {
  bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

namespace {
// Reads the file's comments in order, with the indentation of the block that each stands in.
struct Reading {
  struct Pending {
    SuppressionComment comment;
    std::string_view indent;
  };
  const SourceFile& file;
  const std::vector<Token>& tokens;
  const std::vector<std::pair<uint32_t, uint32_t>>& joined_lines;
  std::string_view text;
  std::vector<std::string_view> indents;
  std::vector<Pending> pending;  // `disable` and `enable` that have no partner yet
  RangeSuppressions out;
};
}  // namespace

// Reads the directive at the '#'. False where it is none; a directive that cannot be read goes to the faulty ones.
static bool readComment(Reading& reading, uint32_t hash, uint32_t end, bool is_last, SuppressionComment& out) {
  std::string_view text = reading.text;
  uint32_t at = hash + 1;
  auto skip = [&] {
    while (at < end && isBlank(text[at])) ++at;
  };
  auto take = [&](std::string_view word) {
    bool is_there = text.substr(at, end - at).starts_with(word);
    if (is_there) at += static_cast<uint32_t>(word.size());
    return is_there;
  };
  auto fail = [&](std::string_view fault) {
    reading.out.faulty.push_back({out.range, fault});
    return false;
  };
  skip();
  if (!take("ruff")) return false;
  skip();
  if (!take(":")) return false;
  skip();
  out.range = {hash, end};
  std::string_view rest = text.substr(at, end - at);
  if (rest.starts_with("noqa") || rest.starts_with("isort")) return false;
  if (take("disable")) out.action = SuppressionAction::kDisable;
  else if (take("enable")) out.action = SuppressionAction::kEnable;
  else if (take("ignore")) out.action = SuppressionAction::kIgnore;
  else if (take("file-ignore")) out.action = SuppressionAction::kFileIgnore;
  else return fail("unknown ruff directive");
  skip();
  if (!take("[")) return fail("missing suppression codes like `[E501, ...]`");
  out.list.begin = at;
  while (true) {
    skip();
    if (at >= end) return fail("missing closing bracket");
    uint32_t begin = at;
    if (text[at] == ']') break;
    while (at < end && isCodeCharacter(text[at])) ++at;
    if (at == begin) return fail("invalid error code");
    out.codes.push_back({begin, at});
    skip();
    // Before another comment something else stands where a comma should.
    if (at >= end) return fail(is_last ? "missing closing bracket" : "missing comma between codes");
    if (text[at] == ']') break;
    if (!take(",")) return fail("missing comma between codes");
  }
  out.list.end = at;
  return !out.codes.empty() || fail("missing suppression codes like `[E501, ...]`");
}

static bool isSameList(const Reading& reading, const SuppressionComment& a, const SuppressionComment& b) {
  auto same = [&](TextRange x, TextRange y) {
    return reading.text.substr(x.begin, x.size()) == reading.text.substr(y.begin, y.size());
  };
  return std::equal(a.codes.begin(), a.codes.end(), b.codes.begin(), b.codes.end(), same);
}

static void add(Reading& reading, SuppressionComment comment, TextRange covered, std::optional<SuppressionComment> enable = {}) {
  std::vector<bool> used(comment.codes.size(), false);
  reading.out.all.push_back({std::move(comment), std::move(enable), covered, std::move(used)});
}

// Where a block ends at `end`, its comments find their partners; a `disable` without one holds until there.
static void matchComments(Reading& reading, std::string_view indent, uint32_t end) {
  for (size_t i = 0; i < reading.pending.size();) {
    Reading::Pending one = reading.pending[i];
    if (one.indent.size() < indent.size()) {
      ++i;
      continue;
    }
    reading.pending.erase(reading.pending.begin() + static_cast<ptrdiff_t>(i));
    bool is_disable = one.comment.action == SuppressionAction::kDisable;
    auto partner = std::find_if(reading.pending.begin() + static_cast<ptrdiff_t>(i), reading.pending.end(), [&](const auto& other) {
      bool is_end = is_disable && other.comment.action == SuppressionAction::kEnable && other.indent == one.indent;
      return is_end && isSameList(reading, one.comment, other.comment);
    });
    if (partner != reading.pending.end()) {
      TextRange covered{one.comment.range.begin, partner->comment.range.end};
      add(reading, std::move(one.comment), covered, std::move(partner->comment));
      reading.pending.erase(partner);
    } else if (is_disable) {
      TextRange covered{one.comment.range.begin, end};
      add(reading, std::move(one.comment), covered);
    } else {
      reading.out.faulty.push_back({one.comment.range, "no matching 'disable' comment"});
    }
  }
}

static std::pair<uint32_t, uint32_t> joinedAround(const Reading& reading, uint32_t line) {
  for (const auto& [first, last] : reading.joined_lines) {
    if (first <= line && line <= last) return {first, last};
  }
  return {line, line};
}

// The next code after the comment at `at`: its logical line, or inside brackets its line alone.
static uint32_t endOfNextCode(const Reading& reading, size_t at) {
  bool is_inside = reading.tokens[at].depth > 0;
  auto isEmpty = [](TokenKind kind) {
    return isTrivia(kind) || kind == TokenKind::kIndent || kind == TokenKind::kDedent || kind == TokenKind::kNewline;
  };
  while (at + 1 < reading.tokens.size() && isEmpty(reading.tokens[at].kind)) ++at;
  if (is_inside) {
    uint32_t last = joinedAround(reading, reading.file.lines.lineOf(reading.tokens[at].begin)).second;
    return reading.file.lines.lineStart(last) + static_cast<uint32_t>(reading.file.lines.lineText(last).size());
  }
  while (at + 1 < reading.tokens.size() && reading.tokens[at].kind != TokenKind::kNewline) ++at;
  return reading.tokens[at].end;
}

static void place(Reading& reading, size_t at, SuppressionComment comment) {
  const SourceFile& file = reading.file;
  uint32_t line = file.lines.lineOf(comment.range.begin), start = file.lines.lineStart(line);
  std::string_view before = reading.text.substr(start, comment.range.begin - start);
  bool is_alone = std::all_of(before.begin(), before.end(), isBlank);
  if (comment.action == SuppressionAction::kIgnore) {
    // Behind another comment of its line it speaks of that line only.
    TextRange covered = is_alone ? TextRange{comment.range.begin, endOfNextCode(reading, at)}
                                    : TextRange{file.lines.lineStart(joinedAround(reading, line).first), comment.range.end};
    return add(reading, std::move(comment), covered);
  }
  auto fail = [&](std::string_view fault) { reading.out.faulty.push_back({comment.range, fault}); };
  if (!is_alone) return fail("trailing comments are only supported for ruff:ignore suppressions");
  size_t next = at;
  while (next + 1 < reading.tokens.size() && isTrivia(reading.tokens[next].kind)) ++next;
  if (comment.action == SuppressionAction::kFileIgnore) {
    // Behind a block it stands before the tokens that end the block.
    bool is_outside = reading.indents.empty() || reading.tokens[next].kind == TokenKind::kDedent || next + 1 == reading.tokens.size();
    if (!before.empty() || !is_outside) return fail("file-level suppressions must be at global module scope");
    return add(reading, std::move(comment), {0, static_cast<uint32_t>(reading.text.size()) + 1});
  }
  bool is_at_edge = reading.tokens[next].kind == TokenKind::kIndent || reading.tokens[next].kind == TokenKind::kDedent;
  if (!is_at_edge && before != (reading.indents.empty() ? std::string_view() : reading.indents.back())) {
    return fail("unexpected indentation");
  }
  reading.pending.push_back({std::move(comment), before});
}

RangeSuppressions readRangeSuppressions(const SourceFile& file, const std::vector<Token>& tokens,
                                        const std::vector<std::pair<uint32_t, uint32_t>>& joined_lines) {
  Reading reading{.file = file, .tokens = tokens, .joined_lines = joined_lines, .text = file.text, .indents = {}, .pending = {}, .out = {}};
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kIndent) {
      uint32_t start = file.lines.lineStart(file.lines.lineOf(token.end));
      reading.indents.push_back(reading.text.substr(start, token.end - start));
    } else if (token.kind == TokenKind::kDedent) {
      matchComments(reading, reading.indents.empty() ? std::string_view() : reading.indents.back(), token.end);
      if (!reading.indents.empty()) reading.indents.pop_back();
    } else if (token.kind == TokenKind::kComment) {
      for (uint32_t hash = token.begin; hash < token.end;) {
        size_t found = reading.text.substr(0, token.end).find('#', hash + 1);
        uint32_t end = found == std::string_view::npos ? token.end : static_cast<uint32_t>(found);
        SuppressionComment comment;
        if (readComment(reading, hash, end, end == token.end, comment)) place(reading, i, std::move(comment));
        hash = end;
      }
    }
  }
  matchComments(reading, "", static_cast<uint32_t>(reading.text.size()) + 1);
  std::stable_sort(reading.out.all.begin(), reading.out.all.end(),
                   [](const auto& a, const auto& b) { return a.covered.begin < b.covered.begin; });
  return std::move(reading.out);
}

}  // namespace krait::lint

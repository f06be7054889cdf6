// E301-E306: blank lines before functions, classes and what follows them. ref: pycodestyle blank_lines
#include <optional>

#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/logical_lines.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
enum class LineKind : uint8_t { kOther, kComment, kClass, kFunction, kDecorator, kImport, kFromImport };
enum class Follows : uint8_t { kOther, kDecorator, kFunction, kDocstring, kImport, kFromImport };

struct BlankLine {
  LineKind kind = LineKind::kOther;
  TextRange first;
  uint32_t begin = 0;  // of its first physical line
  uint32_t end = 0;    // of its last token
  uint32_t indent = 0;
  uint32_t blanks = 0;             // blank lines right before it
  uint32_t blanks_and_comments = 0;  // the most blank lines in one place since the last line of code
  bool opens_block = false;        // it ends in a colon: not a function in one line
  bool ends_in_ellipsis = false;
  bool is_string = false;
};

// Where the walk stands with the nearest class or function.
struct Nesting {
  enum Kind : uint8_t { kOutside, kInside, kCommentAfter } kind = kOutside;
  uint32_t indent = 0;

  void enter(const BlankLine& line) {
    if (kind == kOutside) *this = {kInside, line.indent};
  }
  void update(const BlankLine& line) {
    bool is_comment = line.kind == LineKind::kComment;
    if (kind == kInside && line.indent <= indent) kind = is_comment ? kCommentAfter : kOutside;
    else if (kind == kCommentAfter && !is_comment) kind = line.indent > indent ? kInside : kOutside;
  }
};

struct BlankLineCheck {
  LintContext& context;
  Nesting in_class = {}, in_function = {};
  Follows follows = Follows::kOther;
  bool follows_stub = false;  // the line before is a function of one line that ends in `...`
  bool has_code = false;
  uint32_t code_end = 0;  // of the last line of code
  std::optional<BlankLine> comments;  // the first of the comment lines of one indentation since then
  uint32_t indent_before = 0;
  bool has_unindented = false;
  LineKind unindented = LineKind::kOther;  // the last line of code without indentation
};
}  // namespace

static bool isDefinition(LineKind kind) {
  return kind == LineKind::kClass || kind == LineKind::kFunction || kind == LineKind::kDecorator;
}

// The blank lines right above the line; what blanks the first of them has stay.
static TextRange blankLinesAbove(const BlankLineCheck& check, const BlankLine& line) {
  const LineIndex& lines = check.context.file.lines;
  uint32_t first = lines.lineOf(line.begin) - line.blanks;
  std::string_view text = lines.lineText(first);
  return {lines.lineStart(first) + static_cast<uint32_t>(std::min(text.find_first_not_of(" \t\f"), text.size())), line.begin};
}

static std::string blankLines(const LintContext& context, uint32_t count) {
  std::string out;
  for (; count > 0; --count) out += lineEndText(context);
  return out;
}

// Makes `wanted` blank lines of those before the line.
static void wantLines(BlankLineCheck& check, Rule rule, const BlankLine& line, uint32_t wanted) {
  // Comments above with its indentation belong to the line, but within functions.
  bool has_comments = check.comments && check.comments->indent == line.indent && rule != "E306"_rule;
  uint32_t at = has_comments ? check.comments->begin : line.begin;
  FixEdit edit{{at, at}, blankLines(check.context, wanted - line.blanks_and_comments)};
  // Blank lines right above it become as many as there should be.
  if (line.blanks > 0) edit = {blankLinesAbove(check, line), blankLines(check.context, wanted)};
  check.context.sink.begin(rule, line.first, {std::to_string(wanted), std::to_string(line.blanks_and_comments)})
      .fix("Add missing blank line" + std::string(wanted > 1 ? "(s)" : ""), {edit});
}

static void removeLines(BlankLineCheck& check, Rule rule, const BlankLine& line, uint32_t count, uint32_t kept) {
  // Blank lines are all there is between the line's beginning and what stands above.
  TextRange range = blankLinesAbove(check, line);
  bool is_removable = line.blanks > 0;
  auto builder = check.context.sink.begin(rule, line.first, {std::to_string(count)});
  if (is_removable) builder.fix("Remove extraneous blank line(s)", {{range, blankLines(check.context, std::min(kept, line.blanks))}});
}

// E304: comments between the decorator and the line stay, the blank lines go.
static void joinToDecorator(BlankLineCheck& check, const BlankLine& line) {
  const LineIndex& lines = check.context.file.lines;
  uint32_t first = lines.lineOf(check.code_end) + 1, last = lines.lineOf(line.begin);
  std::string kept;
  for (uint32_t at = first; at < last; ++at) {
    if (!isBlank(lines.lineText(at))) kept += check.context.ast.text({lines.lineStart(at), lines.lineStart(at + 1)});
  }
  check.context.sink.begin("E304"_rule, line.first, {std::to_string(line.blanks_and_comments)})
      .fix("Remove extraneous blank line(s)", {{{lines.lineStart(first), line.begin}, kept}});
}

static bool isInOneLineGroup(const BlankLineCheck& check, const BlankLine& line) {
  bool is_close = check.follows_stub && line.blanks_and_comments == 0;
  return check.follows == Follows::kFunction && (!line.opens_block || is_close) && line.indent == check.indent_before;
}

static void checkMissing(BlankLineCheck& check, const BlankLine& line) {
  uint32_t found = line.blanks_and_comments;
  bool is_nested_in_function = check.in_function.kind == Nesting::kInside;
  bool is_in_class = check.in_class.kind == Nesting::kInside;
  bool follows_header = line.indent > check.indent_before;
  bool follows_docstring = check.follows == Follows::kDocstring && line.indent == check.indent_before;
  bool is_free = check.follows == Follows::kDecorator || isInOneLineGroup(check, line);
  bool is_method = line.kind == LineKind::kFunction || line.kind == LineKind::kDecorator;
  if (found == 0 && is_method && is_in_class && !is_nested_in_function && !is_free && !follows_docstring && !follows_header) {
    wantLines(check, "E301"_rule, line, 1);
  }
  uint32_t wanted = 2;
  uint32_t after_imports = check.context.options.number("isort.lines-after-imports", 2);
  if (check.follows == Follows::kImport || check.follows == Follows::kFromImport) wanted = after_imports;
  if (found < wanted && isDefinition(line.kind) && line.indent == 0 && !is_free) {
    wantLines(check, "E302"_rule, line, wanted);
  }
  bool follows_definition = check.has_unindented && isDefinition(check.unindented);
  if (found < 2 && follows_definition && line.indent == 0 && line.kind != LineKind::kComment && !isDefinition(line.kind)) {
    wantLines(check, "E305"_rule, line, 2);
  }
  if (found == 0 && isDefinition(line.kind) && is_nested_in_function && !is_free && !follows_docstring && !follows_header) {
    wantLines(check, "E306"_rule, line, 1);
  }
}

static void checkTooMany(BlankLineCheck& check, const BlankLine& line) {
  uint32_t most = line.indent == 0 ? 2 : 1;
  bool follows_import = check.follows == Follows::kImport, follows_from = check.follows == Follows::kFromImport;
  if ((follows_import && line.kind == LineKind::kFromImport) || (follows_from && line.kind == LineKind::kImport)) {
    most = std::max(most, check.context.options.number("isort.lines-between-types", 0));
  } else if ((follows_import || follows_from) && line.indent == 0) {
    most = check.context.options.number("isort.lines-after-imports", most);
  }
  bool is_decorated = check.follows == Follows::kDecorator && line.kind != LineKind::kComment;
  if (line.blanks > most) removeLines(check, "E303"_rule, line, line.blanks, most);
  if (is_decorated && line.blanks_and_comments > 0) joinToDecorator(check, line);
}

static void checkLine(BlankLineCheck& check, const BlankLine& line) {
  check.in_class.update(line);
  check.in_function.update(line);
  if (check.has_code && !check.context.is_stub) checkMissing(check, line);
  checkTooMany(check, line);
  switch (line.kind) {
    case LineKind::kClass:
      check.in_class.enter(line);
      check.follows = Follows::kOther;
      break;
    case LineKind::kFunction:
      check.in_function.enter(line);
      check.follows = Follows::kFunction;
      break;
    case LineKind::kDecorator:
      check.follows = Follows::kDecorator;
      break;
    case LineKind::kImport:
      check.follows = Follows::kImport;
      break;
    case LineKind::kFromImport:
      check.follows = Follows::kFromImport;
      break;
    case LineKind::kOther:
      check.follows = line.is_string ? Follows::kDocstring : Follows::kOther;
      break;
    case LineKind::kComment:
      if (!check.comments || check.comments->indent != line.indent) check.comments = line;
      return;
  }
  check.follows_stub = line.kind == LineKind::kFunction && line.ends_in_ellipsis;
  check.has_code = true;
  check.indent_before = line.indent;
  check.code_end = line.end;
  check.comments.reset();
  if (line.indent == 0) {
    check.unindented = line.kind;
    check.has_unindented = true;
  }
}

static LineKind kindOf(std::span<const Token> tokens) {
  switch (tokens[0].kind) {
    case TokenKind::kKwClass: return LineKind::kClass;
    case TokenKind::kAt: return LineKind::kDecorator;
    case TokenKind::kKwDef: return LineKind::kFunction;
    case TokenKind::kKwAsync: return tokens.size() > 1 && tokens[1].kind == TokenKind::kKwDef ? LineKind::kFunction : LineKind::kOther;
    case TokenKind::kComment: return LineKind::kComment;
    case TokenKind::kKwImport: return LineKind::kImport;
    case TokenKind::kKwFrom: return LineKind::kFromImport;
    default: return LineKind::kOther;
  }
}

static BlankLine lineOf(const LintContext& context, std::span<const Token> tokens, uint32_t blanks) {
  const LineIndex& lines = context.file.lines;
  BlankLine line;
  line.kind = kindOf(tokens);
  line.first = tokens[0].range();
  line.begin = lines.lineStart(lines.lineOf(tokens[0].begin));
  uint32_t indentation = indentationBegin(context.ast.text(), tokens[0].begin);
  line.indent = static_cast<uint32_t>(context.ast.text().find_first_not_of(" \t", indentation)) - indentation;
  line.blanks = blanks;
  line.is_string = tokens[0].kind == TokenKind::kString;
  for (const Token& token : tokens) {
    if (!isLayout(token.kind)) line.end = token.end;
    if (!isLayout(token.kind) && token.kind != TokenKind::kComment) {
      line.opens_block = token.kind == TokenKind::kColon;
      line.ends_in_ellipsis = token.kind == TokenKind::kEllipsis;
    }
  }
  return line;
}

void checkBlankLinesBetween(LintContext& context) {
  std::span<const Token> tokens = context.tokens.all();
  BlankLineCheck check{context};
  uint32_t blanks = 0, most = 0;
  for (size_t begin = 0, at = 0; at < tokens.size(); ++at) {
    TokenKind kind = tokens[at].kind;
    if (begin == at && (kind == TokenKind::kIndent || kind == TokenKind::kDedent)) {
      begin = at + 1;
      continue;
    }
    if (tokens[at].depth > 0 || (kind != TokenKind::kNewline && kind != TokenKind::kNl)) continue;
    if (begin == at) {
      ++blanks;
    } else {
      BlankLine line = lineOf(context, tokens.subspan(begin, at + 1 - begin), blanks);
      most = std::max(most, blanks);
      line.blanks_and_comments = most;
      checkLine(check, line);
      if (line.kind != LineKind::kComment) most = 0;
      blanks = 0;
    }
    begin = at + 1;
  }
}

}  // namespace krait::lint

#include "runtime/compile/tokens_to_python.h"

#include <algorithm>
#include <string>

#include "analyzer/syntax/tokens/tokenizer.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::compile {

using namespace krait::object;
using syntax::Token;
using syntax::TokenKind;

// Lib/token.py's numbers.
static constexpr int kName = 1, kNumber = 2, kString = 3, kNewLine = 4, kIndentType = 5, kDedentType = 6, kOp = 55, kFormatStart = 59, kComment = 65, kNl = 66;
static constexpr std::string_view kExact[] = {"(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==", "!=", "<=", ">=",
    "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//", "//=", "@", "@=", "->", "...", ":=", "!"};

static int typeOf(TokenKind kind, bool extra_tokens) {
  switch (kind) {
    case TokenKind::kEndMarker: return 0;
    case TokenKind::kName: return kName;
    case TokenKind::kNumber: return kNumber;
    case TokenKind::kString: return kString;
    case TokenKind::kNewline: return kNewLine;
    case TokenKind::kIndent: return kIndentType;
    case TokenKind::kDedent: return kDedentType;
    case TokenKind::kFStringStart: return kFormatStart;
    case TokenKind::kFStringMiddle: return kFormatStart + 1;
    case TokenKind::kFStringEnd: return kFormatStart + 2;
    case TokenKind::kTStringStart: return kFormatStart + 3;
    case TokenKind::kTStringMiddle: return kFormatStart + 4;
    case TokenKind::kTStringEnd: return kFormatStart + 5;
    case TokenKind::kComment: return kComment;
    case TokenKind::kNl: return kNl;
    default: break;
  }
  if (syntax::isKeyword(kind)) return kName;
  std::string_view text = syntax::tokenKindText(kind);
  for (size_t i = 0; !extra_tokens && i < std::size(kExact); ++i) {
    if (kExact[i] == text) return static_cast<int>(7 + i);
  }
  return kOp;
}

namespace {
class Tokens {
 public:
  // `offset` is what is added to the numbers of the text's lines.
  Tokens(Thread& t, std::string_view text, int64_t offset) : t_(t), text_(text), lines_(text), offset_(offset) {}
  std::string_view indentOf(const Token& token) {
    uint32_t begin = lines_.lineStart(lines_.lineOf(token.begin));
    return text_.substr(begin, token.begin - begin);
  }
  Ref tokenTuple(const Token& token, int type);

 private:
  Ref place(uint32_t offset, int64_t& line) {
    LineColumn at = lines_.locate(offset, ColumnUnit::kUtf32);
    line = at.line;
    return tupleOf(t_, {Value::fromInt(static_cast<int64_t>(at.line) + 1 + offset_), Value::fromInt(at.column)});
  }
  std::string_view physicalLines(int64_t first, int64_t last) {
    uint32_t begin = lines_.lineStart(static_cast<uint32_t>(first));
    size_t end = static_cast<uint32_t>(last) + 1 < lines_.lineCount() ? lines_.lineStart(static_cast<uint32_t>(last) + 1) : text_.size();
    return text_.substr(begin, end - begin);
  }
  Thread& t_;
  std::string_view text_;
  LineIndex lines_;
  int64_t offset_;
};

Ref Tokens::tokenTuple(const Token& token, int type) {
  uint32_t begin = token.begin, end = token.end;
  int64_t first = 0, last = 0;
  bool at_end = (type == 0 || type == kDedentType) && begin >= text_.size();
  if (type == kIndentType) {
    begin = lines_.lineStart(lines_.lineOf(token.begin));
    end = token.begin;
  }
  std::string_view shown = text_.substr(begin, end - begin);
  Ref from, to;
  if (at_end) {
    bool is_ended = text_.empty() || text_.back() == '\n';
    int64_t row = static_cast<int64_t>(lines_.lineOf(static_cast<uint32_t>(text_.size()))) + (is_ended ? 1 : 2) + offset_;
    from = tupleOf(t_, {Value::fromInt(row), Value::fromInt(0)});
    to = Ref::of(from.get());
    shown = {};
  } else {
    from = place(begin, first);
    to = place(end, last);
    if (type == kNewLine || type == kNl) {  // ends in its own line
      int64_t column = from.as<Tuple>()->items()[1].asInt();
      to = tupleOf(t_, {Value::fromInt(first + 1 + offset_), Value::fromInt(column + 1)});
      last = first;
    }
  }
  Ref text = newStr(t_, shown), line = at_end ? newStr(t_, "") : newStr(t_, physicalLines(first, last));
  return tupleOf(t_, {Value::fromInt(type), text.get(), from.get(), to.get(), line.get()});
}
}  // namespace

static int64_t codePoints(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}
static Ref errorObject(Thread& t, const syntax::SyntaxError& error, std::string_view text, int64_t offset) {
  Type* type = error.error_class == syntax::SyntaxErrorClass::kIndentationError ? errors(t).indentation_error
               : error.error_class == syntax::SyntaxErrorClass::kTabError       ? errors(t).tab_error
                                                                                : errors(t).syntax_error;
  LineIndex lines(text);
  std::string_view line = error.line >= 1 && static_cast<uint32_t>(error.line) <= lines.lineCount() ? lines.lineText(static_cast<uint32_t>(error.line) - 1) : std::string_view();
  Ref message = newStr(t, error.message), filename = newStr(t, "<string>"), source = newStr(t, line);
  // Wrong indentation is told at the end of its line, and has no end of its own.
  bool is_indent = type == errors(t).tab_error || error.message.starts_with("unindent does not match");
  int64_t column = is_indent ? codePoints(line) + 1 : error.column;
  Ref where = tupleOf(t, {filename.get(), Value::fromInt(error.line + offset), Value::fromInt(column), source.get(),
                          is_indent ? Value::none() : Value::fromInt(error.end_line + offset), is_indent ? Value::none() : Value::fromInt(error.end_column)});
  Value args[2] = {message.get(), where.get()};
  return newException_py(t, type, args, 2);
}

// The text ends inside brackets or behind a backslash: the line that is missing is the place, and the column is what was read of
// the last piece. ref: Python-tokenize.c, _tokenizer_error, E_EOF
static syntax::SyntaxError endError(const syntax::TokenList& list, std::string_view text) {
  syntax::SyntaxError error = list.error->error;
  bool is_joined = error.message == "unexpected EOF while parsing";
  uint32_t open_string = 0;
  int depth = 0;
  for (const Token& token : list.tokens) {
    bool begins = token.kind == TokenKind::kFStringStart || token.kind == TokenKind::kTStringStart;
    if (begins && depth++ == 0) open_string = token.begin;
    if (token.kind == TokenKind::kFStringEnd || token.kind == TokenKind::kTStringEnd) --depth;
  }
  LineIndex lines(text);
  bool is_ended = text.ends_with("\n");
  uint32_t begin = lines.lineStart(lines.lineOf(is_joined ? static_cast<uint32_t>(text.size()) : open_string));
  error.message = "unexpected EOF in multi-line statement";
  error.line = error.end_line = static_cast<int32_t>(lines.lineOf(static_cast<uint32_t>(text.size()))) + (is_ended ? 0 : 1);
  error.column = error.end_column = is_joined || depth > 0 ? static_cast<int32_t>(text.size() - begin) + (is_ended ? 0 : 1) : 0;
  return error;
}

// Whether more lines could make it right.
static bool isAboutMore(std::string_view message) {
  return message.ends_with("' was never closed") || message == "unexpected EOF while parsing" || message.find("triple-quoted") != std::string_view::npos ||
         message.ends_with("-string: expecting '}'");
}

Ref tokensToPython_py(Thread& t, std::string_view lines, bool extra_tokens, bool is_last, int64_t lines_before, std::vector<std::string>& indents) {
  // Blocks that are open stand before the text as they must have been.
  std::string text;
  for (size_t i = 0; i <= indents.size() && !indents.empty(); ++i) text += (i > 0 ? indents[i - 1] : "") + (i < indents.size() ? "if x:\n" : "x\n");
  size_t before = text.size();
  int64_t offset = lines_before - (indents.empty() ? 0 : static_cast<int64_t>(indents.size()) + 1);
  text += lines;
  syntax::TokenList list = syntax::tokenize(text, extra_tokens ? syntax::Trivia::kLenient : syntax::Trivia::kDrop);
  bool is_joined = text.ends_with("\\\n") || text.ends_with("\\\r\n");
  if (!is_last && list.error && (is_joined || isAboutMore(list.error->error.message))) return Ref::none();
  Tokens tokens(t, text, offset);
  Ref out = newList(t);
  for (const Token& token : list.tokens) {
    if (token.kind == TokenKind::kError) break;
    bool ends_blocks = token.kind == TokenKind::kEndMarker || (token.kind == TokenKind::kDedent && token.begin >= text.size());
    if (token.begin < before || (ends_blocks && !is_last)) continue;
    if (token.kind == TokenKind::kIndent) indents.emplace_back(tokens.indentOf(token));
    if (token.kind == TokenKind::kDedent && !indents.empty()) indents.pop_back();
    listAppendSteal(out.as<List>(), tokens.tokenTuple(token, typeOf(token.kind, extra_tokens)).release());
  }
  // A last line of blanks or a comment ends without its line end.
  std::string_view last = std::string_view(text).substr(text.rfind('\n') + 1);
  size_t shown = last.find_first_not_of(" \t\f");
  if (extra_tokens && !is_last && !list.error && !last.empty() && (shown == std::string_view::npos || last[shown] == '#')) {
    uint32_t end = static_cast<uint32_t>(text.size());
    listAppendSteal(out.as<List>(), tokens.tokenTuple(Token{.begin = end, .end = end, .kind = TokenKind::kNl}, kNl).release());
  }
  if (list.error) {
    std::string_view message = list.error->error.message;
    bool is_end = message.ends_with("' was never closed") || message == "unexpected EOF while parsing";
    Ref e = TRY(errorObject(t, is_end ? endError(list, text) : list.error->error, text, offset));
    listAppend(out.as<List>(), e.get());
  }
  return out;
}

}  // namespace krait::compile

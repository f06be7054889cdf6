// Raw counts as radon makes them (radon.raw.analyze): the text is read a statement's lines at a time; lines are those of
// str.splitlines, so that a form feed ends one, too.
#include "analyzer/lint/metrics/raw_metrics.h"

#include <algorithm>

#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::lint {

using syntax::Token;
using syntax::TokenKind;

// The length of the line end that the text begins with, or 0: \n, \r\n, \r, \v, \f, \x1c to \x1e, U+0085, U+2028, U+2029.
static size_t lineEndLength(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  unsigned char c = static_cast<unsigned char>(text[0]);
  if ((c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e)) return 1;
  if (text.starts_with("\xc2\x85")) return 2;
  return text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

namespace {
struct LineCounts {
  uint32_t filled = 0;
  uint32_t blank = 0;
};
}  // namespace

// Lines of a part of the text that begins and ends with lines.
static LineCounts countLines(std::string_view part) {
  LineCounts counts;
  bool is_filled = false, is_open = false;
  for (size_t i = 0; i < part.size();) {
    size_t end = lineEndLength(part.substr(i));
    is_open = end == 0;
    if (end == 0) {
      is_filled |= part[i] != ' ' && part[i] != '\t' && part[i] != '\x1f';
      ++i;
      continue;
    }
    ++(is_filled ? counts.filled : counts.blank);
    is_filled = false;
    i += end;
  }
  if (is_open) ++(is_filled ? counts.filled : counts.blank);
  return counts;
}

namespace {
// The tokens of a statement's lines, between semicolons.
struct LogicalLines {
  uint32_t total = 0;
  uint32_t tokens = 0;
  std::optional<uint32_t> last_colon;

  // One line, or two when code follows the last colon of it, whatever that colon is. At a semicolon one token after the
  // colon does not count.
  void end(bool is_semicolon) {
    uint32_t uncounted = is_semicolon ? 2 : 1;
    if (last_colon.has_value()) total += *last_colon + uncounted == tokens ? 1 : 2;
    else if (tokens > 0) ++total;
    tokens = 0;
    last_colon.reset();
  }
};

bool opensFormat(TokenKind kind) { return kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart; }
bool closesFormat(TokenKind kind) { return kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd; }

class RawCount {
 public:
  RawCount(std::string_view text, RawMetrics& raw) : text_(text), raw_(raw) {}
  // Tokens in their order, with comments and line ends that end no statement.
  void add(const Token& token);
  // What is left after the last token.
  void finish();

 private:
  void addCodeToken(const Token& token);
  void endStatement(uint32_t end);
  // Blank lines, and lines that only join the next one, before a statement or a comment.
  void addLinesBefore(uint32_t place);

  std::string_view text_;
  RawMetrics& raw_;
  LogicalLines logical_;
  uint32_t done_ = 0;  // lines before are counted
  uint32_t begin_ = 0;  // of the statement's first token
  uint32_t count_ = 0;  // tokens of the statement, comments and line ends in it among them
  uint32_t format_depth_ = 0;
  bool is_string_ = false;  // its first token
};
}  // namespace

void RawCount::addLinesBefore(uint32_t place) {
  // The line that the place stands in begins after the last line end.
  uint32_t line = place;
  while (line > done_ && text_[line - 1] != '\n' && text_[line - 1] != '\r') --line;
  LineCounts counts = countLines(text_.substr(done_, line - done_));
  raw_.blank += counts.blank;
  raw_.source_lines += counts.filled;
  done_ = line;
}

void RawCount::endStatement(uint32_t end) {
  while (end < text_.size() && text_[end] != '\n' && text_[end] != '\r') ++end;
  if (end < text_.size()) end += static_cast<uint32_t>(lineEndLength(text_.substr(end)));
  logical_.end(false);
  raw_.logical_lines += logical_.total;
  std::string_view part = text_.substr(done_, end - done_);
  LineCounts counts = countLines(part);
  // A string of one row that stands alone counts with the comments.
  bool is_string = is_string_ && count_ == 1;
  bool is_row = is_string && counts.filled + counts.blank == 1;
  raw_.single_comments += is_row;
  if (!is_row) {
    (is_string ? raw_.multi : raw_.source_lines) += counts.filled;
    raw_.blank += counts.blank;
  }
  done_ = end;
  count_ = 0;
  logical_ = {};
}

void RawCount::addCodeToken(const Token& token) {
  bool is_part = format_depth_ > 0;  // a format string counts as one
  format_depth_ += opensFormat(token.kind);
  format_depth_ -= closesFormat(token.kind);
  if (is_part) return;
  if (count_++ == 0) {
    addLinesBefore(token.begin);
    begin_ = token.begin;
    is_string_ = token.kind == TokenKind::kString || opensFormat(token.kind);
  }
  if (token.kind == TokenKind::kSemicolon) return logical_.end(true);
  if (token.kind == TokenKind::kColon) logical_.last_colon = logical_.tokens;
  ++logical_.tokens;
}

void RawCount::add(const Token& token) {
  switch (token.kind) {
    case TokenKind::kIndent:
    case TokenKind::kDedent:
    case TokenKind::kEndMarker: return;
    case TokenKind::kComment:
      ++raw_.comments;
      if (count_ > 0) {
        ++count_;
        return;
      }
      addLinesBefore(token.begin);
      ++raw_.single_comments;
      done_ = token.end;
      if (done_ < text_.size()) done_ += static_cast<uint32_t>(lineEndLength(text_.substr(done_)));
      return;
    case TokenKind::kNl: return;
    case TokenKind::kNewline:
      if (count_ > 0) endStatement(token.begin);
      return;
    default: addCodeToken(token);
  }
}

void RawCount::finish() {
  if (count_ > 0) endStatement(static_cast<uint32_t>(text_.size()));
  LineCounts counts = countLines(text_.substr(done_));
  raw_.blank += counts.blank;
  raw_.source_lines += counts.filled;
  raw_.lines = raw_.source_lines + raw_.blank + raw_.multi + raw_.single_comments;
}

RawMetrics measureRaw(std::string_view text) {
  RawMetrics raw;
  RawCount count(text, raw);
  for (const Token& token : syntax::tokenize(text, syntax::Trivia::kKeep).tokens) count.add(token);
  count.finish();
  return raw;
}

}  // namespace krait::lint

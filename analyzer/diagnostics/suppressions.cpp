#include "analyzer/diagnostics/suppressions.h"

#include <algorithm>

namespace krait {

static bool isWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

static bool isBlank(char c) { return c == ' ' || c == '\t'; }

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

namespace {
// Reads one directive out of a comment's text, left to right.
struct Reader {
  std::string_view text;
  size_t at = 0;

  void skipBlanks() {
    while (at < text.size() && isBlank(text[at])) ++at;
  }
  bool take(std::string_view word, bool ignore_case = false) {
    if (text.size() - at < word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      char c = text[at + i];
      if (ignore_case && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      if (c != word[i]) return false;
    }
    at += word.size();
    return true;
  }
};
}  // namespace

// `[a, b]` after a directive: true and the codes, or false when there is no well-formed list.
static bool takeCodeList(Reader& reader, std::vector<std::string>& codes) {
  if (!reader.take("[")) return false;
  size_t close = reader.text.find(']', reader.at);
  size_t hash = reader.text.find('#', reader.at);
  if (close == std::string_view::npos || hash < close) return false;
  std::string_view list = reader.text.substr(reader.at, close - reader.at);
  for (size_t begin = 0; begin <= list.size();) {
    size_t end = std::min(list.find(',', begin), list.size());
    codes.emplace_back(trimmed(list.substr(begin, end - begin)));
    begin = end + 1;
  }
  reader.at = close + 1;
  return true;
}

// After `type: ignore`: nothing, a further comment, or a code list and nothing else. ref: mypy parse_type_ignore_tag
// `allows_text`: the codes may be followed, or replaced, by words.
static bool takeTypeIgnoreTag(Reader& reader, std::vector<std::string>& codes, bool allows_text) {
  reader.skipBlanks();
  if (reader.at >= reader.text.size() || reader.text[reader.at] == '#') return true;
  bool has_list = reader.text[reader.at] == '[';
  if (!takeCodeList(reader, codes)) return allows_text && !has_list;
  size_t end = reader.at;
  reader.skipBlanks();
  bool is_at_end = allows_text || reader.at >= reader.text.size() || reader.text[reader.at] == '#';
  reader.at = end;
  return is_at_end;
}

// Codes of a noqa comment: letters then digits, separated by commas or blanks. False: what follows a code makes it none.
static bool takeNoqaCodes(Reader& reader, std::vector<std::string>& codes) {
  size_t end = reader.at;
  while (true) {
    while (reader.at < reader.text.size() && (isBlank(reader.text[reader.at]) || reader.text[reader.at] == ','))
      ++reader.at;
    size_t begin = reader.at;
    while (reader.at < reader.text.size() && reader.text[reader.at] >= 'A' && reader.text[reader.at] <= 'Z')
      ++reader.at;
    size_t digits = reader.at;
    while (reader.at < reader.text.size() && reader.text[reader.at] >= '0' && reader.text[reader.at] <= '9')
      ++reader.at;
    if (digits == begin || reader.at == digits) break;
    codes.emplace_back(reader.text.substr(begin, reader.at - begin));
    end = reader.at;
    char next = end < reader.text.size() ? reader.text[end] : ' ';
    if (!isBlank(next) && next != ',' && next != '#' && !(next >= 'A' && next <= 'Z')) return false;
  }
  reader.at = end;
  return true;
}

// `pyright: ignore` and its like; words may follow.
static bool takeOtherChecker(Reader& reader) {
  size_t start = reader.at;
  for (const char* name : {"pyright:", "basedpyright:", "ty:", "pyrefly:", "zuban:"}) {
    reader.at = start;
    if (!reader.take(name)) continue;
    reader.skipBlanks();
    return reader.take("ignore") && (reader.at >= reader.text.size() || !isWordByte(reader.text[reader.at]));
  }
  return false;
}

namespace {
struct CommentContext {
  const SourceFile& file;
  TextRange comment;
  uint32_t line;
  bool is_before_code;  // stands before the module's first statement
  bool is_own_line;
  bool allows_text;
  Suppressions& out;
  bool has_noqa = false;
};
}  // namespace

// Is there a word that a directive may hold?
static bool mayHoldDirective(std::string_view text) {
  for (size_t at = 2; at + 1 < text.size(); ++at) {
    bool is_noqa = (text[at] == 'q' || text[at] == 'Q') && (text[at + 1] == 'a' || text[at + 1] == 'A') && (text[at - 1] == 'o' || text[at - 1] == 'O');
    if (is_noqa) return true;
  }
  return text.find("ignore") != std::string_view::npos;
}

// Tries to read one directive at `hash`, the offset of a '#' inside the comment.
static void readDirective(CommentContext& context, std::string_view text, size_t hash) {
  Reader reader{text, hash + 1};
  reader.skipBlanks();
  Suppression found{.kind = SuppressionKind::kTypeIgnore, .range = {}, .line = context.line};
  size_t start = reader.at;
  bool is_read = false;
  // Only at the start of the comment, or after a type comment (`# type: int  # type: ignore`), as for the peers.
  Reader first{text, 1};
  first.skipBlanks();
  if ((hash == 0 || (first.take("type:") && text.find('#', 1) == hash)) && reader.take("type:")) {
    reader.skipBlanks();
    if (!reader.take("ignore") || (reader.at < text.size() && isWordByte(text[reader.at]))) return;
    found.is_file_level = context.is_before_code;
    is_read = takeTypeIgnoreTag(reader, found.codes, context.allows_text);
    if (!is_read) context.out.invalid_ignores.push_back(context.comment);
  } else if (reader.at = start, reader.take("krait:")) {
    reader.skipBlanks();
    found.kind = SuppressionKind::kKraitIgnore;
    if (!reader.take("ignore") || (reader.at < text.size() && isWordByte(text[reader.at]))) return;
    is_read = reader.at >= text.size() || text[reader.at] != '[' || takeCodeList(reader, found.codes);
  } else if (reader.at = start, context.allows_text && takeOtherChecker(reader)) {
    // Its codes are not ours: what it ignores on the line is all.
    found.kind = SuppressionKind::kOtherIgnore;
    is_read = true;
  } else {
    reader.at = start;
    bool is_file_form = reader.take("ruff") || reader.take("flake8");
    if (is_file_form) {
      reader.skipBlanks();
      // It covers the file on a line of its own, and nothing on others.
      if (!reader.take(":") || !context.is_own_line) return;
    }
    reader.skipBlanks();
    if (!reader.take("noqa", true)) return;
    // Of several on a line the first one counts.
    if (context.has_noqa && !is_file_form) return;
    context.has_noqa = true;
    found.kind = SuppressionKind::kNoqa;
    found.is_file_level = is_file_form;
    size_t end = reader.at;
    reader.skipBlanks();
    if (reader.take(":")) {
      if (!takeNoqaCodes(reader, found.codes) || found.codes.empty()) return;
    } else {
      bool is_at_end = end >= text.size() || isBlank(text[end]) || text[end] == '#';
      if (!is_at_end) return;
      reader.at = end;
    }
    is_read = true;
  }
  if (!is_read) return;
  found.range = {context.comment.begin + static_cast<uint32_t>(hash),
                 context.comment.begin + static_cast<uint32_t>(reader.at)};
  context.out.all.push_back(std::move(found));
}

Suppressions readSuppressions(const SourceFile& file, std::span<const TextRange> comments, uint32_t first_statement, bool allows_text) {
  Suppressions out;
  for (TextRange comment : comments) {
    std::string_view text = std::string_view(file.text).substr(comment.begin, comment.size());
    if (!mayHoldDirective(text)) continue;
    uint32_t line = file.lines.lineOf(comment.begin);
    std::string_view before =
        std::string_view(file.text).substr(file.lines.lineStart(line), comment.begin - file.lines.lineStart(line));
    CommentContext context{
        .file = file,
        .comment = comment,
        .line = line,
        .is_before_code = line < file.lines.lineOf(first_statement) || first_statement >= file.text.size(),
        .is_own_line = trimmed(before).empty(),
        .allows_text = allows_text,
        .out = out};
    for (size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash + 1)) {
      readDirective(context, text, hash);
    }
  }
  return out;
}

}  // namespace krait

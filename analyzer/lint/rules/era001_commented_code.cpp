// ERA001: a comment that holds code. ref: eradicate
#include <algorithm>
#include <optional>
#include <string>

#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::lint {

static bool isWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80); }
static bool isWordPart(char c) { return isWordStart(c) || (c >= '0' && c <= '9'); }
static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\f'; }

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && (isSpace(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

static std::string_view firstWord(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && isWordPart(text[end])) ++end;
  return text.substr(0, end);
}

// Has the line anything that only code is likely to have?
static bool hasCodeSign(std::string_view line) {
  if (line.find_first_of("()[]{}:=%") != std::string_view::npos) return true;
  for (std::string_view word : {"return", "break", "continue", "import"}) {
    if (line.find(word) != std::string_view::npos) return true;
  }
  return false;
}

// Two names with nothing but blanks between are prose.
static bool hasProse(std::string_view line) {
  bool was_name = false;
  for (size_t at = 0; at < line.size();) {
    char c = line[at];
    bool is_unread = (c >= '0' && c <= '9') || std::string_view("'\"#$?`").find(c) != std::string_view::npos || (c == '!' && !line.substr(at).starts_with("!="));
    if (is_unread) {
      // What is in a string or a number, and behind it, is not read.
      return false;
    } else if (isWordStart(c)) {
      std::string_view word = firstWord(line.substr(at));
      at += word.size();
      bool is_prefix = at < line.size() && (line[at] == '\'' || line[at] == '"') && word.size() <= 2;
      bool is_name = syntax::wordKind(word) == syntax::TokenKind::kName && !is_prefix &&
                     !isOneOf(word, {"match", "type", "case"});
      if (is_name && was_name) return true;
      was_name = is_name;
    } else {
      if (!isSpace(c)) was_name = false;
      ++at;
    }
  }
  return false;
}

static bool startsWithFolded(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// Comments that tools read.
static bool isToolComment(std::string_view line) {
  for (std::string_view tool : {"pylint", "pyright", "noqa", "nosec", "region", "endregion", "fmt: on", "fmt: off", "fmt:on", "fmt:off", "isort:on",
                                "isort:off", "isort:skip", "isort:split", "isort: on", "isort: off", "isort: skip", "isort: split",
                                "isort: dont-add", "mypy:", "spdx-license-identifier:", "pyrefly"}) {
    if (startsWithFolded(line, tool)) return true;
  }
  if (startsWithFolded(line, "type:")) return startsWithFolded(trimmed(line.substr(5)), "ignore");
  if (startsWithFolded(line, "ty:")) return startsWithFolded(trimmed(line.substr(3)), "ignore");
  if (startsWithFolded(line, "ruff:")) {
    std::string_view rest = trimmed(line.substr(5));
    for (std::string_view word : {"noqa", "disable", "enable", "ignore", "file-ignore", "isort:"}) {
      if (startsWithFolded(rest, word)) return true;
    }
    return false;
  }
  std::string_view coding = line;
  if (startsWithFolded(coding, "en")) coding.remove_prefix(2);
  if (!startsWithFolded(coding, "coding")) return false;
  coding.remove_prefix(6);
  return !coding.empty() && (coding[0] == ':' || coding[0] == '=');
}

static bool isClauseHeader(std::string_view line) {
  std::string_view word = firstWord(line);
  std::string_view rest = line.substr(word.size());
  bool has_colon = rest.find(':') != std::string_view::npos;
  if (word == "else" || word == "try" || word == "finally") return trimmed(rest).starts_with(":");
  if (word.starts_with("except")) return has_colon;
  bool is_spaced = !rest.empty() && isSpace(rest[0]);
  return (word == "elif" || word == "case") && is_spaced && has_colon;
}

static std::string_view withoutComment(std::string_view line) {
  size_t hash = line.find('#');
  return trimmed(hash == std::string_view::npos ? line : line.substr(0, hash));
}

// `"key": value,` or `"key": {`
static bool isDictItem(std::string_view line) {
  if (line.empty() || (line[0] != '"' && line[0] != '\'')) return false;
  std::string_view key = firstWord(line.substr(1));
  std::string_view rest = line.substr(1 + key.size());
  if (key.empty() || rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return false;
  rest = trimmed(rest.substr(1));
  if (!rest.starts_with(":")) return false;
  std::string_view value = withoutComment(rest.substr(1));
  bool has_more = rest.find(value) > 1 || value.size() > 1;
  return !value.empty() && has_more && (value.back() == ',' || value.back() == '{');
}

// `name = [`, `a, b = (`
static bool opensAssignment(std::string_view line) {
  std::string_view rest = line;
  if (!rest.empty() && (rest[0] == '(' || rest[0] == '[')) rest = trimmed(rest.substr(1));
  while (true) {
    std::string_view word = firstWord(rest);
    if (word.empty()) return false;
    rest = trimmed(rest.substr(word.size()));
    if (!rest.starts_with(",")) break;
    rest = trimmed(rest.substr(1));
  }
  if (!rest.empty() && (rest[0] == ')' || rest[0] == ']')) rest = trimmed(rest.substr(1));
  if (!rest.starts_with("=")) return false;
  std::string_view value = withoutComment(rest.substr(1));
  return !value.empty() && (value.back() == '(' || value.back() == '[' || value.back() == '{');
}

static bool isBrackets(std::string_view line) { return line.find_first_not_of("()[]{} \t") == std::string_view::npos; }

// Words that begin a comment about what is to be done (`task-tags`).
static bool isTaskTag(const config::LintOptions& options, std::string_view word) {
  const std::vector<std::string>* tags = options.list("task-tags");
  return tags != nullptr ? std::find(tags->begin(), tags->end(), word) != tags->end() : isOneOf(word, {"TODO", "FIXME", "XXX"});
}

static bool isCode(std::string_view comment, const config::LintOptions& options, Interner& names) {
  while (!comment.empty() && (comment.front() == '#' || comment.front() == ' ')) comment.remove_prefix(1);
  std::string_view line = trimmed(comment);
  if (line.empty() || !hasCodeSign(line)) return false;
  std::string_view tag = line.substr(0, std::min(line.find_first_of(" :("), line.size()));
  if (isTaskTag(options, tag) || isToolComment(line)) return false;
  for (size_t hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1)) {
    if (hash + 1 < line.size() && line[hash + 1] >= '0' && line[hash + 1] <= '9') return false;
  }
  if (hasProse(line)) return false;
  bool is_continued = line.back() == '\\';
  if (is_continued || isClauseHeader(line) || isDictItem(line) || opensAssignment(line) || isBrackets(line)) return true;
  std::string text(line);
  return !syntax::parseModule(text, names).error;
}

void checkCommentedCode(LintContext& context) {
  const Ast& ast = context.ast;
  std::optional<Interner> names;
  bool is_script = false;  // inside the `# /// script` block (PEP 723)
  for (const syntax::Comment& comment : ast.comments()) {
    uint32_t line = lineBegin(context, comment.begin);
    if (ast.text({line, comment.begin}).find_first_not_of(" \t\f") != std::string_view::npos) continue;
    std::string_view text = ast.text({comment.begin, comment.end});
    if (text.starts_with("# ///")) {
      is_script = trimmed(text.substr(5)) == "script" || (is_script && !trimmed(text.substr(5)).empty());
      continue;
    }
    if (is_script) continue;
    if (!names) names.emplace();
    if (!isCode(text, context.options, *names)) continue;
    context.sink.begin("ERA001"_rule, {comment.begin, comment.end})
        .fix("Remove commented-out code", {{{line, nextLineBegin(context, comment.begin)}, ""}}, FixSafety::kDisplayOnly);
  }
}

}  // namespace krait::lint

// PGH003, PGH004: comments that suppress every finding of a line or file. ref: pygrep-hooks
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static size_t skipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

// `# type: ignore` without codes.
static void checkTypeIgnore(LintContext& context, std::string_view text, uint32_t begin, std::string_view tool, Rule rule) {
  for (size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash + 1)) {
    size_t at = skipBlanks(text, hash + 1);
    if (!text.substr(at).starts_with(tool)) continue;
    size_t start = hash;
    at = skipBlanks(text, at + tool.size());
    if (!text.substr(at).starts_with("ignore")) continue;
    at += 6;
    size_t next = skipBlanks(text, at);
    bool is_end = next >= text.size() || text[next] == '#';
    if (!is_end) continue;
    context.sink.begin(rule, {begin + static_cast<uint32_t>(start), begin + static_cast<uint32_t>(text.size())});
  }
}

static bool isCode(std::string_view text) {
  size_t letters = 0;
  while (letters < text.size() && text[letters] >= 'A' && text[letters] <= 'Z') ++letters;
  return letters > 0 && letters < text.size() && text[letters] >= '0' && text[letters] <= '9';
}

static bool startsWithNoqa(std::string_view text) {
  if (text.size() < 4) return false;
  for (size_t i = 0; i < 4; ++i) {
    if ((text[i] | 0x20) != "noqa"[i]) return false;
  }
  return true;
}

static void checkNoqa(LintContext& context, std::string_view text, uint32_t begin) {
  for (size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash + 1)) {
    size_t at = skipBlanks(text, hash + 1);
    Rule blanket = "PGH004"_rule;
    for (std::string_view tool : {"ruff", "flake8"}) {
      if (!text.substr(at).starts_with(tool)) continue;
      size_t colon = skipBlanks(text, at + tool.size());
      if (colon >= text.size() || text[colon] != ':') continue;
      at = skipBlanks(text, colon + 1);
      blanket = "PGH004File"_rule;
    }
    // A file's comment has a line of its own.
    bool is_own_line = hash == 0 && begin - lineBegin(context, begin) == indentationAt(context, begin).size();
    if (blanket == "PGH004File"_rule && !is_own_line) return;
    if (!startsWithNoqa(text.substr(at))) continue;
    at += 4;
    TextRange range{begin + static_cast<uint32_t>(hash), begin + static_cast<uint32_t>(at)};
    if (at < text.size() && text[at] == ':') return;
    size_t next = skipBlanks(text, at);
    if (next < text.size() && text[next] == ':') return;
    bool is_end = at >= text.size() || text[at] == '#' || next > at;
    if (!is_end) continue;
    if (blanket == "PGH004"_rule && next > at && isCode(text.substr(next))) {
      TextRange with_blanks{range.begin, begin + static_cast<uint32_t>(next)};
      context.sink.begin("PGH004Colon"_rule, with_blanks).fix("Add missing colon", {{{range.end, range.end}, ":"}}, FixSafety::kUnsafe);
      return;
    }
    bool is_file = blanket == "PGH004File"_rule;
    context.sink.begin(blanket, is_file ? TextRange{begin, begin + static_cast<uint32_t>(text.size())} : range);
    return;
  }
}

void checkBlanketSuppressions(LintContext& context) {
  for (const syntax::Comment& comment : context.ast.comments()) {
    std::string_view text = context.ast.text({comment.begin, comment.end});
    checkTypeIgnore(context, text, comment.begin, "type:", "PGH003"_rule);
    checkTypeIgnore(context, text, comment.begin, "pyright:", "PGH003"_rule);
    checkNoqa(context, text, comment.begin);
  }
}

}  // namespace krait::lint

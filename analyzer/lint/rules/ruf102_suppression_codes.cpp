// RUF102: suppression comments that name a code no rule has: `# noqa: …` and `# ruff: disable[…]` and its kin. ref: ruff
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/known_codes.h"
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isUnknown(const LintContext& context, std::string_view code) {
  const std::vector<std::string>* external = context.options.list("external");
  bool is_external = external != nullptr && std::any_of(external->begin(), external->end(), [&](const auto& prefix) { return code.starts_with(prefix); });
  return !is_external && !isKnownLintCode(code);
}

static uint32_t skipBlanks(std::string_view text, uint32_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

// Takes a directive out of its line with what follows it, but for another comment; a line of its own goes as a whole.
static FixEdit withoutDirective(const LintContext& context, TextRange directive, bool takes_line) {
  std::string_view text = context.ast.text();
  uint32_t line = context.file.lines.lineOf(directive.begin), begin = directive.begin;
  uint32_t rest = skipBlanks(text, directive.end);
  if (rest < text.size() && text[rest] == '#') return {{begin, rest}, ""};
  uint32_t end = context.file.lines.lineStart(line) + static_cast<uint32_t>(context.file.lines.lineText(line).size());
  TextRange indent = indentationOf(context, line);
  if (takes_line && indent.end == begin) {
    bool is_last = line + 1 >= context.file.lines.lineCount();
    return {{indent.begin, is_last ? end : context.file.lines.lineStart(line + 1)}, ""};
  }
  while (begin > indent.begin && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return {{begin, end}, ""};
}

static std::string joinedTexts(const LintContext& context, const std::vector<TextRange>& codes) {
  std::string out;
  for (TextRange code : codes) out += (out.empty() ? "" : ", ") + std::string(context.ast.text(code));
  return out;
}

static constexpr const char* kNoqaTitle = "Add non-Ruff rule codes to the `lint.external` configuration option";

static void checkNoqa(LintContext& context, const Suppression& suppression) {
  std::string_view text = context.ast.text();
  size_t colon = text.find(':', suppression.range.begin);
  std::vector<TextRange> unknown;
  std::vector<FixEdit> edits;
  uint32_t before = static_cast<uint32_t>(colon) + 1;
  for (size_t i = 0; i < suppression.codes.size(); ++i) {
    const std::string& code = suppression.codes[i];
    uint32_t at = static_cast<uint32_t>(text.find(code, before));
    uint32_t end = at + static_cast<uint32_t>(code.size());
    if (isUnknown(context, code)) {
      unknown.push_back({at, end});
      bool takes_comma = i == 0 && end < text.size() && text[end] == ',';
      edits.push_back({{before, takes_comma ? end + 1 : end}, ""});
    }
    before = end;
  }
  if (unknown.size() == suppression.codes.size()) {
    auto finding = context.sink.begin(Rule::kRUF102Noqa, suppression.range, {joinedTexts(context, unknown)});
    finding.fix(kNoqaTitle, {withoutDirective(context, suppression.range, false)});
    return;
  }
  for (size_t i = 0; i < unknown.size(); ++i) {
    context.sink.begin(Rule::kRUF102Noqa, unknown[i], {context.ast.text(unknown[i])}).fix(kNoqaTitle, {edits[i]});
  }
}

void checkUnknownNoqaCodes(LintContext& context) {
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : context.ast.comments()) comments.push_back({comment.begin, comment.end});
  Suppressions found = readSuppressions(context.file, comments, static_cast<uint32_t>(context.ast.text().size()));
  for (const Suppression& suppression : found.all) {
    bool is_listing = suppression.kind == SuppressionKind::kNoqa && !suppression.is_file_level && !suppression.codes.empty();
    if (is_listing) checkNoqa(context, suppression);
  }
}

namespace {
struct RangeComment {
  TextRange range;  // to the closing bracket
  std::string_view action;
  TextRange list;  // between the brackets
  std::vector<TextRange> codes;
};
}  // namespace

static bool isCodeCharacter(char c) {
  bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// The codes between the brackets; none where the list cannot be read.
static std::vector<TextRange> readCodes(std::string_view text, TextRange list) {
  std::vector<TextRange> codes;
  for (uint32_t at = skipBlanks(text, list.begin); at < list.end;) {
    uint32_t begin = at;
    while (at < list.end && isCodeCharacter(text[at])) ++at;
    if (at == begin) return {};
    codes.push_back({begin, at});
    at = skipBlanks(text, at);
    if (at < list.end && text[at] != ',') return {};
    at = skipBlanks(text, at + 1);
  }
  return codes;
}

// `# ruff: disable[…]` at the '#'; one without codes is none.
static RangeComment readRangeComment(std::string_view text, uint32_t hash, uint32_t end) {
  auto take = [&](uint32_t& at, std::string_view word) {
    at = skipBlanks(text, at);
    bool is_there = text.substr(at, end - at).starts_with(word);
    if (is_there) at += static_cast<uint32_t>(word.size());
    return is_there;
  };
  uint32_t at = hash + 1;
  if (!take(at, "ruff") || !take(at, ":")) return {};
  for (std::string_view action : {"disable", "enable", "ignore", "file-ignore"}) {
    if (!take(at, action)) continue;
    size_t close = text.substr(0, end).find(']', at);
    if (!take(at, "[") || close == std::string_view::npos) return {};
    TextRange list{at, static_cast<uint32_t>(close)};
    return {.range = {hash, list.end + 1}, .action = action, .list = list, .codes = readCodes(text, list)};
  }
  return {};
}

static FixEdit withoutCodes(const LintContext& context, const RangeComment& comment) {
  std::vector<TextRange> kept;
  size_t at = 0;  // of the last unknown one
  for (size_t i = 0; i < comment.codes.size(); ++i) {
    if (isUnknown(context, context.ast.text(comment.codes[i]))) at = i;
    else kept.push_back(comment.codes[i]);
  }
  if (kept.empty()) return withoutDirective(context, comment.range, true);
  if (kept.size() + 1 < comment.codes.size()) return {comment.list, joinedTexts(context, kept)};
  if (at > 0) return {{comment.codes[at - 1].end, comment.codes[at].end}, ""};
  return {{comment.codes[0].begin, comment.codes[1].begin}, ""};
}

static bool isSameList(const LintContext& context, const RangeComment& a, const RangeComment& b) {
  return std::equal(a.codes.begin(), a.codes.end(), b.codes.begin(), b.codes.end(),
                    [&](TextRange x, TextRange y) { return context.ast.text(x) == context.ast.text(y); });
}

static uint32_t columnOf(const LintContext& context, TextRange range) {
  return range.begin - context.file.lines.lineStart(context.file.lines.lineOf(range.begin));
}

// The comments after a `disable` may hold the `enable` that ends it: at the same column, with the same codes.
static const RangeComment* findEnable(const LintContext& context, const std::vector<RangeComment>& comments, size_t disable) {
  for (size_t i = disable + 1; i < comments.size(); ++i) {
    bool is_end = comments[i].action == "enable" && columnOf(context, comments[i].range) == columnOf(context, comments[disable].range);
    if (is_end && isSameList(context, comments[i], comments[disable])) return &comments[i];
  }
  return nullptr;
}

static void checkRangeComment(LintContext& context, const std::vector<RangeComment>& comments, size_t at) {
  const RangeComment& comment = comments[at];
  std::vector<TextRange> unknown;
  for (TextRange code : comment.codes) {
    if (isUnknown(context, context.ast.text(code))) unknown.push_back(code);
  }
  if (unknown.empty()) return;
  std::string names = joinedTexts(context, unknown);
  std::vector<FixEdit> edits = {withoutCodes(context, comment)};
  const RangeComment* enable = comment.action == "disable" ? findEnable(context, comments, at) : nullptr;
  if (enable != nullptr) edits.push_back(withoutCodes(context, *enable));
  bool keeps_some = unknown.size() < comment.codes.size();
  auto finding = context.sink.begin(Rule::kRUF102, unknown.size() == 1 ? unknown[0] : comment.range, {names});
  finding.fix(keeps_some ? "Remove the rule code `" + names + "`" : "Remove the suppression comment", edits);
}

void checkUnknownSuppressionCodes(LintContext& context) {
  std::string_view text = context.ast.text();
  std::vector<RangeComment> comments;
  for (const syntax::Comment& comment : context.ast.comments()) {
    std::string_view whole = text.substr(comment.begin, comment.end - comment.begin);
    if (whole.find("ruff") == std::string_view::npos) continue;
    for (size_t hash = whole.find('#'); hash != std::string_view::npos; hash = whole.find('#', hash + 1)) {
      RangeComment read = readRangeComment(text, comment.begin + static_cast<uint32_t>(hash), comment.end);
      TextRange indent = indentationOf(context, context.file.lines.lineOf(comment.begin));
      bool is_alone = hash == 0 && indent.end == comment.begin;
      // Only `ignore` may stand behind code.
      if (!read.codes.empty() && (is_alone || read.action == "ignore")) comments.push_back(std::move(read));
    }
  }
  for (size_t i = 0; i < comments.size(); ++i) {
    if (comments[i].action != "enable") checkRangeComment(context, comments, i);
  }
}

}  // namespace krait::lint

// RUF102: `# noqa` comments that name a code no rule has; for `# ruff: …` see judge_suppressions.cpp. ref: ruff
#include <string>
#include <vector>

#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/lint/external_codes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/suppression_comments.h"

namespace krait::lint {

static bool isUnknown(const LintContext& context, std::string_view code) {
  return !isExternalCode(context.options, code) && !isKnownLintCode(code);
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
    auto finding = context.sink.begin("RUF102Noqa"_rule, suppression.range, {joinedTexts(context, unknown)});
    finding.fix(kNoqaTitle, {withoutDirective(context.file, suppression.range)});
    return;
  }
  for (size_t i = 0; i < unknown.size(); ++i) {
    context.sink.begin("RUF102Noqa"_rule, unknown[i], {context.ast.text(unknown[i])}).fix(kNoqaTitle, {edits[i]});
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

}  // namespace krait::lint

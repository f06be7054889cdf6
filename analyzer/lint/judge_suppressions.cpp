// What is said about the comments of suppression_comments.h: codes that cover nothing, that no rule has, comments that
// cannot be read or find no partner. ref: ruff
#include <algorithm>

#include "analyzer/config/lint_options.h"
#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule_names.h"
#include "analyzer/lint/external_codes.h"
#include "analyzer/lint/suppression_comments.h"

namespace krait::lint {

// The code that a comment names: by itself, by the name it had before, in the preview by the rule's name.
static std::string_view meantCode(const config::LintOptions& options, std::string_view written) {
  std::string_view today = redirectedCode(written);
  if (!today.empty()) return today;
  std::string_view named = options.preview ? lintCodeOfRule(written) : std::string_view();
  return named.empty() ? written : named;
}

void dropCovered(RangeSuppressions& suppressions, const SourceFile& file, const config::LintOptions& options,
                 std::vector<Diagnostic>& found) {
  std::string_view text = file.text;
  std::erase_if(found, [&](const Diagnostic& diagnostic) {
    std::string_view code = codeInfo(diagnostic.code).text;
    for (RangeSuppression& suppression : suppressions.all) {
      auto covers = [&](uint32_t offset) { return suppression.covered.begin <= offset && offset < suppression.covered.end; };
      if (!covers(diagnostic.range.begin) && !(diagnostic.origin && covers(diagnostic.origin->begin))) continue;
      for (size_t i = 0; i < suppression.used.size(); ++i) {
        TextRange written = suppression.comment.codes[i];
        if (meantCode(options, text.substr(written.begin, written.size())) != code) continue;
        suppression.used[i] = true;
        return true;
      }
    }
    return false;
  });
}

namespace {
struct Judging {
  const SourceFile& file;
  const config::LintOptions& options;
  DiagnosticSink& sink;
  std::string_view textOf(TextRange range) const { return std::string_view(file.text).substr(range.begin, range.size()); }
};
}  // namespace

// Takes codes out of a comment's list; where none stays, the comment.
static FixEdit withoutCodes(const Judging& judging, const SuppressionComment& comment, const std::vector<bool>& is_out) {
  std::string kept;
  std::vector<std::string_view> seen;
  size_t taken = 0, last = 0;
  for (size_t i = 0; i < comment.codes.size(); ++i) {
    if (is_out[i]) {
      ++taken;
      last = i;
      continue;
    }
    std::string_view code = judging.textOf(comment.codes[i]);
    if (std::find(seen.begin(), seen.end(), code) != seen.end()) continue;
    seen.push_back(code);
    kept += (kept.empty() ? "" : ", ") + std::string(code);
  }
  if (kept.empty()) return withoutDirective(judging.file, comment.range);
  if (taken != 1) return {comment.list, kept};
  if (last > 0) return {{comment.codes[last - 1].end, comment.codes[last].end}, ""};
  return {{comment.codes[0].begin, comment.codes[1].begin}, ""};
}

static std::vector<FixEdit> takeCodes(const Judging& judging, const RangeSuppression& suppression, const std::vector<bool>& is_out) {
  std::vector<FixEdit> edits = {withoutCodes(judging, suppression.comment, is_out)};
  if (suppression.enable) edits.push_back(withoutCodes(judging, *suppression.enable, is_out));
  return edits;
}

static bool isUnknown(const Judging& judging, std::string_view code) {
  if (isKnownLintCode(code) || (judging.options.preview && !lintCodeOfRule(code).empty())) return false;
  return !isExternalCode(judging.options, code);
}

static void reportUnknown(const Judging& judging, const RangeSuppression& suppression) {
  std::vector<TextRange> unknown;
  std::vector<bool> is_out;
  std::string names;
  for (TextRange code : suppression.comment.codes) {
    is_out.push_back(isUnknown(judging, judging.textOf(code)));
    if (!is_out.back()) continue;
    unknown.push_back(code);
    names += (names.empty() ? "" : ", ") + std::string(judging.textOf(code));
  }
  if (unknown.empty()) return;
  bool keeps_some = unknown.size() < is_out.size();
  judging.sink.begin("RUF102"_rule, unknown.size() == 1 ? unknown[0] : suppression.comment.range, {names})
      .fix(keeps_some ? "Remove the rule code `" + names + "`" : "Remove the suppression comment", takeCodes(judging, suppression, is_out));
}

static void reportUnused(const Judging& judging, const RangeSuppression& suppression) {
  const SuppressionComment& comment = suppression.comment;
  NeedlessCodes needless;
  std::vector<std::string_view> seen;
  std::vector<bool> is_out(comment.codes.size(), false);
  for (size_t i = 0; i < comment.codes.size(); ++i) {
    std::string_view written = judging.textOf(comment.codes[i]);
    bool is_again = std::find(seen.begin(), seen.end(), written) != seen.end();
    seen.push_back(written);
    // Of a code that silences nothing every mention is a repeated one.
    bool is_repeated = is_again || std::count_if(comment.codes.begin(), comment.codes.end(), [&](TextRange other) { return judging.textOf(other) == written; }) > 1;
    if (suppression.used[i] || isUnknown(judging, written)) continue;
    std::optional<Code> code = findCode(meantCode(judging.options, written));
    bool is_enabled = code && config::isLintCodeSelected(judging.options, *code) && !config::isIgnoredInFile(judging.options, *code, judging.file.path);
    if (!is_enabled) needless.not_enabled.push_back(written);
    else if (is_repeated) needless.repeated.push_back(written);
    else needless.unused.push_back(written);
    is_out[i] = !is_enabled || !is_repeated;
  }
  std::sort(needless.unused.begin(), needless.unused.end());
  std::sort(needless.not_enabled.begin(), needless.not_enabled.end());
  std::string message = needless.text();
  if (message.empty()) return;
  judging.sink.begin("RUF100Suppression"_rule, comment.range, {message}).fix("Remove unused suppression", takeCodes(judging, suppression, is_out));
}

void reportCodesInSuppressions(const RangeSuppressions& suppressions, const SourceFile& file,
                               const config::LintOptions& options, DiagnosticSink& sink) {
  for (const RangeSuppression& suppression : suppressions.all) {
    for (size_t i = 0; i < suppression.comment.codes.size(); ++i) {
      TextRange written = suppression.comment.codes[i];
      std::string_view code = std::string_view(file.text).substr(written.begin, written.size());
      std::string_view name = lintRuleName(meantCode(options, code));
      if (name.empty() || name == code) continue;
      std::vector<FixEdit> edits = {{written, std::string(name)}};
      if (suppression.enable) edits.push_back({suppression.enable->codes[i], std::string(name)});
      sink.begin("RUF106"_rule, written).fix("Replace rule code with name", std::move(edits));
    }
  }
}

void judgeRangeSuppressions(const RangeSuppressions& suppressions, const SourceFile& file,
                            const config::LintOptions& options, DiagnosticSink& sink) {
  Judging judging{file, options, sink};
  for (const RangeSuppression& suppression : suppressions.all) {
    reportUnknown(judging, suppression);
    reportUnused(judging, suppression);
    bool is_used = std::find(suppression.used.begin(), suppression.used.end(), true) != suppression.used.end();
    bool is_open = suppression.comment.action == SuppressionAction::kDisable && !suppression.enable;
    if (is_open && is_used) sink.begin("RUF104"_rule, suppression.comment.range);
  }
  for (const FaultySuppression& faulty : suppressions.faulty) {
    sink.begin("RUF103"_rule, faulty.range, {faulty.fault})
        .fix("Remove suppression comment", {withoutDirective(file, faulty.range)}, FixSafety::kUnsafe);
  }
}

void reportNoqaComments(const Suppressions& suppressions, const SourceFile& file, const std::vector<Diagnostic>& judged, bool is_use_known,
                        const std::function<std::set<std::string>(const Suppression&)>& codesOf, DiagnosticSink& sink) {
  for (const Suppression& each : suppressions.all) {
    std::string_view text = std::string_view(file.text).substr(each.range.begin, each.range.size());
    bool is_other = each.kind != SuppressionKind::kNoqa || text.find("flake8") != std::string_view::npos;
    bool is_unread = !each.is_file_level && ((each.codes.empty() && text.find(':') != std::string_view::npos) || text.find("ruff") != std::string_view::npos);
    bool is_judged = std::any_of(judged.begin(), judged.end(), [&](const Diagnostic& diagnostic) {
      return diagnostic.code == "RUF100"_code && diagnostic.range.begin < each.range.end && each.range.begin < diagnostic.range.end;
    });
    if (is_other || is_unread || is_judged) continue;
    std::string own = each.is_file_level ? "ruff: file-ignore" : "ruff: ignore";
    auto finding = sink.begin("RUF105"_rule, each.range, {each.is_file_level ? "ruff: noqa" : "noqa", own});
    if (!is_use_known) continue;
    std::string codes;
    for (const std::string& code : each.codes) codes += (codes.empty() ? "" : ", ") + code;
    if (each.codes.empty() && !each.is_file_level) {
      for (const std::string& code : codesOf(each)) codes += (codes.empty() ? "" : ", ") + code;
    }
    // RUF100 does not judge what names it: it may silence nothing.
    bool is_spared = std::find(each.codes.begin(), each.codes.end(), "RUF100") != each.codes.end();
    if (codes.empty() || (is_spared && each.codes.size() > 1 && codesOf(each).empty())) continue;
    finding.fix("Use `" + own + "` instead", {{each.range, "# " + own + "[" + codes + "]"}});
  }
}

}  // namespace krait::lint

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
      if (suppression.covered.begin > diagnostic.range.begin) break;
      if (diagnostic.range.begin >= suppression.covered.end) continue;
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

static uint32_t skipBlanks(std::string_view text, uint32_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

FixEdit withoutDirective(const SourceFile& file, TextRange directive, bool takes_line) {
  std::string_view text = file.text;
  uint32_t line = file.lines.lineOf(directive.begin), begin = directive.begin, start = file.lines.lineStart(line);
  uint32_t rest = skipBlanks(text, directive.end);
  if (rest < text.size() && text[rest] == '#') return {{begin, rest}, ""};
  uint32_t end = start + static_cast<uint32_t>(file.lines.lineText(line).size());
  uint32_t indent = skipBlanks(text, start);
  if (takes_line && indent == begin) {
    bool is_last = line + 1 >= file.lines.lineCount();
    return {{start, is_last ? end : file.lines.lineStart(line + 1)}, ""};
  }
  while (begin > indent && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return {{begin, end}, ""};
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
  if (kept.empty()) return withoutDirective(judging.file, comment.range, true);
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
  judging.sink.begin(Rule::kRUF102, unknown.size() == 1 ? unknown[0] : suppression.comment.range, {names})
      .fix(keeps_some ? "Remove the rule code `" + names + "`" : "Remove the suppression comment", takeCodes(judging, suppression, is_out));
}

// "`A`, `B`", or nothing.
static std::string listed(std::string_view title, const std::vector<std::string_view>& codes) {
  std::string out;
  for (std::string_view code : codes) out += (out.empty() ? std::string(title) + ": `" : ", `") + std::string(code) + "`";
  return out;
}

static void reportUnused(const Judging& judging, const RangeSuppression& suppression) {
  const SuppressionComment& comment = suppression.comment;
  std::vector<std::string_view> unused, idle, repeated, seen;
  std::vector<bool> is_out(comment.codes.size(), false);
  for (size_t i = 0; i < comment.codes.size(); ++i) {
    std::string_view written = judging.textOf(comment.codes[i]);
    bool is_repeated = std::find(seen.begin(), seen.end(), written) != seen.end();
    seen.push_back(written);
    if (suppression.used[i] || isUnknown(judging, written)) continue;
    std::optional<Code> code = findCode(meantCode(judging.options, written));
    bool is_enabled = code && config::isLintCodeSelected(judging.options, *code) && !config::isIgnoredInFile(judging.options, *code, judging.file.path);
    if (!is_enabled) idle.push_back(written);
    else if (is_repeated) repeated.push_back(written);
    else unused.push_back(written);
    is_out[i] = !is_enabled || !is_repeated;
  }
  std::sort(unused.begin(), unused.end());
  std::sort(idle.begin(), idle.end());
  std::string message;
  for (const std::string& part : {listed("unused", unused), listed("non-enabled", idle), listed("duplicated", repeated)}) {
    if (!part.empty()) message += (message.empty() ? "" : "; ") + part;
  }
  if (message.empty()) return;
  judging.sink.begin(Rule::kRUF100Suppression, comment.range, {message}).fix("Remove unused suppression", takeCodes(judging, suppression, is_out));
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
      sink.begin(Rule::kRUF106, written).fix("Replace rule code with name", std::move(edits));
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
    if (is_open && is_used) sink.begin(Rule::kRUF104, suppression.comment.range);
  }
  for (const FaultySuppression& faulty : suppressions.faulty) {
    sink.begin(Rule::kRUF103, faulty.range, {faulty.fault})
        .fix("Remove suppression comment", {withoutDirective(file, faulty.range, true)}, FixSafety::kUnsafe);
  }
}

void reportNoqaComments(const Suppressions& suppressions, const SourceFile& file, const std::vector<Diagnostic>& judged, bool is_use_known,
                        DiagnosticSink& sink) {
  for (const Suppression& each : suppressions.all) {
    std::string_view text = std::string_view(file.text).substr(each.range.begin, each.range.size());
    bool is_other = each.kind != SuppressionKind::kNoqa || text.find("flake8") != std::string_view::npos;
    bool is_unread = !each.is_file_level && ((each.codes.empty() && text.find(':') != std::string_view::npos) || text.find("ruff") != std::string_view::npos);
    bool is_judged = std::any_of(judged.begin(), judged.end(), [&](const Diagnostic& diagnostic) {
      return diagnostic.code == Code::kRUF100 && diagnostic.range.begin < each.range.end && each.range.begin < diagnostic.range.end;
    });
    if (is_other || is_unread || is_judged) continue;
    std::string own = each.is_file_level ? "ruff: file-ignore" : "ruff: ignore";
    auto finding = sink.begin(Rule::kRUF105, each.range, {each.is_file_level ? "ruff: noqa" : "noqa", own});
    if (!is_use_known || each.codes.empty()) continue;
    std::string codes;
    for (const std::string& code : each.codes) codes += (codes.empty() ? "" : ", ") + code;
    finding.fix("Use `" + own + "` instead", {{each.range, "# " + own + "[" + codes + "]"}});
  }
}

}  // namespace krait::lint

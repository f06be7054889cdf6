// Which findings the comments of a file cover, and what is said about the comments.
#include <algorithm>
#include <map>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/suppressions.h"

namespace krait {

namespace {
struct Applied {
  const Suppressions& suppressions;
  const SourceFile& file;
  std::vector<std::set<std::string>> used;  // for each suppression, the codes that it covered
  const std::vector<std::pair<uint32_t, uint32_t>>& joined_lines;
};
}  // namespace

static bool speaksTo(SuppressionKind kind, Tool tool) {
  switch (kind) {
    case SuppressionKind::kTypeIgnore:
    case SuppressionKind::kOtherIgnore:
      return tool == Tool::kChecker;
    case SuppressionKind::kNoqa:
      return tool == Tool::kLint;
    case SuppressionKind::kKraitIgnore:
      return true;
  }
  return false;
}

static bool namesCode(const Suppression& suppression, Code code) {
  if (suppression.codes.empty()) return true;
  for (const std::string& text : suppression.codes) {
    if (text == codeInfo(code).text ||
        (codeInfo(code).parent != Code::kNone && text == codeInfo(codeInfo(code).parent).text)) {
      return true;
    }
    if (suppression.kind == SuppressionKind::kNoqa && redirectedCode(text) == codeInfo(code).text) return true;
  }
  return false;
}

static uint32_t lastJoinedLine(const Applied& applied, uint32_t line) {
  for (const auto& [first, last] : applied.joined_lines) {
    if (first <= line && line <= last) return last;
  }
  return line;
}

// True when a comment covers the finding. `uncovered`: a type: ignore on one of its lines that names other codes.
static bool isCovered(Applied& applied, const Diagnostic& diagnostic, const Suppression** uncovered) {
  TextRange origin = diagnostic.origin.value_or(diagnostic.range);
  uint32_t first = applied.file.lines.lineOf(origin.begin);
  uint32_t last = std::max(first, applied.file.lines.lineOf(std::max(origin.begin, origin.end)));
  uint32_t own = applied.file.lines.lineOf(diagnostic.range.begin);
  Tool tool = codeInfo(diagnostic.code).tool;
  for (size_t i = 0; i < applied.suppressions.all.size(); ++i) {
    const Suppression& suppression = applied.suppressions.all[i];
    if (!speaksTo(suppression.kind, tool)) continue;
    bool is_noqa = suppression.kind == SuppressionKind::kNoqa;
    bool is_near = suppression.is_file_level ||
                   (is_noqa ? suppression.line == lastJoinedLine(applied, first) || suppression.line == lastJoinedLine(applied, own)
                            : first <= suppression.line && suppression.line <= last);
    if (!is_near) continue;
    bool covers_all = suppression.is_file_level && suppression.kind == SuppressionKind::kTypeIgnore;
    if (covers_all || namesCode(suppression, diagnostic.code)) {
      std::string code(codeInfo(diagnostic.code).text);
      applied.used[i].insert(code);
      // Several comments for the whole file are as one.
      for (size_t j = i + 1; j < applied.suppressions.all.size() && is_noqa && suppression.is_file_level; ++j) {
        const Suppression& other = applied.suppressions.all[j];
        if (other.kind == suppression.kind && other.is_file_level && namesCode(other, diagnostic.code)) applied.used[j].insert(code);
      }
      return true;
    }
    if (suppression.kind == SuppressionKind::kTypeIgnore) *uncovered = &suppression;
  }
  return false;
}

// Codes that findings had before they got one of their own; what is said of them names the new one.
static bool hadCode(Code code, const std::vector<std::string>& codes) {
  bool was_misc = code == Code::kLiteralRequired || code == Code::kTypeAbstract;
  return was_misc && std::find(codes.begin(), codes.end(), codeInfo(Code::kMisc).text) != codes.end();
}

static std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

// ref: mypy Errors.generate_unused_ignore_errors
static void reportUnusedIgnore(DiagnosticSink& sink, const Suppression& suppression,
                               const std::set<std::string>& used) {
  if (!used.empty() && suppression.codes.empty()) return;
  const std::vector<std::string>& codes = suppression.codes;
  if (std::find(codes.begin(), codes.end(), codeInfo(Code::kUnusedIgnore).text) != codes.end()) return;
  std::vector<std::string> unused;
  std::set<std::string> narrower;
  for (const std::string& text : suppression.codes) {
    // `ignore[,a]`: what names nothing counts only where nothing is named.
    bool is_gap = text.empty() && std::any_of(codes.begin(), codes.end(), [](const auto& code) { return !code.empty(); });
    if (is_gap || used.contains(text)) continue;
    bool covers_child = false;
    for (const std::string& code : used) {
      std::optional<Code> known = findCode(code);
      if (!known || codeInfo(*known).parent == Code::kNone || codeInfo(codeInfo(*known).parent).text != text) continue;
      covers_child = true;
      if (std::find(suppression.codes.begin(), suppression.codes.end(), code) == suppression.codes.end())
        narrower.insert(code);
    }
    if (!covers_child || !narrower.empty()) unused.push_back(text);
  }
  if (!suppression.codes.empty() && unused.empty()) return;
  // `ignore[,]` names nothing.
  bool has_names = std::any_of(unused.begin(), unused.end(), [](const auto& code) { return !code.empty(); });
  std::string list = suppression.codes.size() > 1 && has_names ? "[" + joined(unused) + "]" : "";
  std::string advice;
  if (!narrower.empty()) {
    advice =
        ", use narrower [" + joined({narrower.begin(), narrower.end()}) + "] instead of [" + joined(unused) + "] code";
    list.clear();
  }
  std::string left;
  for (const std::string& text : suppression.codes) {
    if (std::find(unused.begin(), unused.end(), text) == unused.end()) left += (left.empty() ? "" : ", ") + text;
  }
  for (const std::string& text : narrower) left += (left.empty() ? "" : ", ") + text;
  sink.begin(Rule::kUnusedTypeIgnore, suppression.range, {list, advice})
      .fix(left.empty() ? "Remove the unused comment" : "Keep only the codes that are needed",
           {{.range = suppression.range, .replacement = left.empty() ? "" : "# type: ignore[" + left + "]"}});
}

static uint32_t skipBlanks(std::string_view text, uint32_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

FixEdit withoutDirective(const SourceFile& file, TextRange directive) {
  std::string_view text = file.text;
  uint32_t line = file.lines.lineOf(directive.begin), begin = directive.begin, start = file.lines.lineStart(line);
  uint32_t rest = skipBlanks(text, directive.end);
  if (rest < text.size() && text[rest] == '#') return {{begin, rest}, ""};
  uint32_t end = start + static_cast<uint32_t>(file.lines.lineText(line).size());
  uint32_t indent = skipBlanks(text, start);
  if (indent == begin && skipBlanks(text, directive.end) == end) {
    bool is_last = line + 1 >= file.lines.lineCount();
    return {{start, is_last ? end : file.lines.lineStart(line + 1)}, ""};
  }
  while (begin > start && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return {{begin, end}, ""};
}

std::string NeedlessCodes::text() const {
  std::string out;
  auto say = [&](const char* title, const std::vector<std::string_view>& codes) {
    if (codes.empty()) return;
    if (!out.empty()) out += "; ";
    out += title;
    for (size_t i = 0; i < codes.size(); ++i) out += (i == 0 ? "`" : ", `") + std::string(codes[i]) + "`";
  };
  say("unused: ", unused);
  say("non-enabled: ", not_enabled);
  say("duplicated: ", repeated);
  return out;
}

namespace {
enum class NoqaUse : uint8_t { kUsed, kUnused, kNotEnabled, kRepeated, kUnknown };
}  // namespace

static NoqaUse useOf(const std::string& text, const std::set<std::string>& used, const SuppressionSettings& settings, bool is_repeated) {
  bool is_used = std::any_of(used.begin(), used.end(), [&](const std::string& code) { return text == code || redirectedCode(text) == code; });
  if (is_repeated) return NoqaUse::kRepeated;
  if (is_used || text == "RUF100") return NoqaUse::kUsed;
  bool is_known = isKnownLintCode(text);
  for (uint16_t i = 1; i < codeCount(); ++i) {
    Code code = static_cast<Code>(i);
    if (text != codeInfo(code).text && redirectedCode(text) != codeInfo(code).text) continue;
    if (!settings.is_enabled || settings.is_enabled(code)) return NoqaUse::kUnused;
    is_known = true;
  }
  return is_known ? NoqaUse::kNotEnabled : NoqaUse::kUnknown;
}

static void reportUnusedNoqa(DiagnosticSink& sink, const SourceFile& file, const Suppression& suppression,
                             const std::set<std::string>& used, const SuppressionSettings& settings) {
  if (suppression.codes.empty()) {
    if (used.empty() && !suppression.is_file_level) {
      sink.begin("RUF100Blanket"_rule, suppression.range)
          .fix("Remove unused `noqa` directive", {withoutDirective(file, suppression.range)});
    }
    return;
  }
  std::vector<std::string> seen;
  std::string kept;
  NeedlessCodes needless;
  for (const std::string& text : suppression.codes) {
    if (text == "RUF100") return;  // it silences this very finding
    bool is_repeated = std::find(seen.begin(), seen.end(), text) != seen.end();
    seen.push_back(text);
    NoqaUse use = useOf(text, used, settings, is_repeated);
    if (use == NoqaUse::kUnused) needless.unused.push_back(text);
    if (use == NoqaUse::kNotEnabled) needless.not_enabled.push_back(text);
    if (use == NoqaUse::kRepeated) needless.repeated.push_back(text);
    // What no rule has is RUF102's matter.
    bool is_kept = use == NoqaUse::kUsed || (use == NoqaUse::kUnknown && settings.is_external && settings.is_external(text));
    if (is_kept) kept += (kept.empty() ? "" : ", ") + text;
  }
  std::string message = needless.text();
  if (message.empty()) return;
  bool is_flake8 = file.text.substr(suppression.range.begin, suppression.range.size()).find("flake8") != std::string::npos;
  std::string directive = !suppression.is_file_level ? "# noqa" : is_flake8 ? "# flake8: noqa" : "# ruff: noqa";
  FixEdit edit = kept.empty() ? withoutDirective(file, suppression.range)
                              : FixEdit{.range = suppression.range, .replacement = directive + ": " + kept};
  sink.begin("RUF100"_rule, suppression.range, {message}).fix("Remove unused `noqa` directive", {std::move(edit)});
}

static void reportComments(DiagnosticSink& sink, const Applied& applied, const SuppressionSettings& settings) {
  if (settings.tool == Tool::kChecker) {
    for (TextRange range : applied.suppressions.invalid_ignores) sink.begin(Rule::kInvalidTypeIgnore, range);
  }
  // Where the whole file is ignored, no other comment is asked for.
  bool is_whole = std::any_of(applied.suppressions.all.begin(), applied.suppressions.all.end(), [](const Suppression& each) {
    return each.is_file_level && each.kind == SuppressionKind::kTypeIgnore;
  });
  for (size_t i = 0; i < applied.suppressions.all.size(); ++i) {
    const Suppression& suppression = applied.suppressions.all[i];
    if (!speaksTo(suppression.kind, settings.tool)) continue;
    if (is_whole && suppression.kind == SuppressionKind::kTypeIgnore && !suppression.is_file_level) continue;
    bool is_type_ignore = suppression.kind == SuppressionKind::kTypeIgnore;
    if (is_type_ignore && suppression.is_file_level && !suppression.codes.empty()) {
      sink.begin(Rule::kModuleIgnoreWithCode, suppression.range, {joined(suppression.codes)});
      continue;
    }
    if (is_type_ignore && settings.reports_unused_ignores) reportUnusedIgnore(sink, suppression, applied.used[i]);
    if (is_type_ignore && settings.reports_ignores_without_code && suppression.codes.empty() &&
        !suppression.is_file_level && !(settings.reports_unused_ignores && applied.used[i].empty())) {
      std::string hint = joined({applied.used[i].begin(), applied.used[i].end()});
      sink.begin(Rule::kIgnoreWithoutCode, suppression.range, {hint.empty() ? "" : " (consider \"type: ignore[" + hint + "]\" instead)"});
    }
    if (suppression.kind == SuppressionKind::kNoqa && settings.reports_unused_noqa && suppression.is_file_level == settings.judges_file_level) {
      reportUnusedNoqa(sink, applied.file, suppression, applied.used[i], settings);
    }
  }
}

std::vector<Diagnostic> applySuppressions(std::vector<Diagnostic> diagnostics, const Suppressions& suppressions,
                                          const SourceFile& file, FileId file_id, const SuppressionSettings& settings) {
  if (suppressions.all.empty() && suppressions.invalid_ignores.empty()) return diagnostics;
  Applied applied{.suppressions = suppressions, .file = file, .used = {}, .joined_lines = settings.joined_lines};
  applied.used.resize(suppressions.all.size());
  std::vector<Diagnostic> kept;
  for (Diagnostic& diagnostic : diagnostics) {
    const Suppression* uncovered = nullptr;
    if (!diagnostic.is_blocker && isCovered(applied, diagnostic, &uncovered)) continue;
    if (uncovered != nullptr && diagnostic.severity == Severity::kError && !diagnostic.is_blocker) {
      std::string code(codeInfo(diagnostic.code).text);
      diagnostic.notes.push_back({.message = hadCode(diagnostic.code, uncovered->codes)
                                                 ? "Error code changed to " + code + "; \"type: ignore\" comment may be out of date"
                                                 : "Error code \"" + code + "\" not covered by \"type: ignore[" + joined(uncovered->codes) + "]\" comment"});
    }
    kept.push_back(std::move(diagnostic));
  }
  DiagnosticSink sink(file_id);
  reportComments(sink, applied, settings);
  for (Diagnostic& diagnostic : sink.take()) kept.push_back(std::move(diagnostic));
  return kept;
}

}  // namespace krait

// Actions that answer findings: fixes, suppression comments, everything that is safe at once, organised imports.
#include <algorithm>

#include "lsp/code_actions/action_list.h"
#include "lsp/findings.h"

namespace krait::lsp {

static std::vector<Edit> editsOf(SourceModule& module, const Fix& fix) {
  std::vector<Edit> out;
  for (const FixEdit& edit : fix.edits) out.push_back({&module, edit.range, edit.replacement});
  return out;
}

static bool overlaps(const std::vector<Edit>& all, const Fix& fix) {
  return std::any_of(fix.edits.begin(), fix.edits.end(), [&](const FixEdit& edit) {
    return std::any_of(all.begin(), all.end(), [&](const Edit& other) {
      return edit.range.begin <= other.range.end && other.range.begin <= edit.range.end;
    });
  });
}

// `# noqa: CODE` or `# type: ignore[code]` at the end of the finding's line, joined with such a comment that is there.
static Edit suppression(SourceModule& module, const Diagnostic& diagnostic) {
  uint32_t line = module.lines().lineOf(diagnostic.range.begin);
  uint32_t begin = module.lines().lineStart(line);
  std::string_view text = module.lines().lineText(line);
  uint32_t end = begin + static_cast<uint32_t>(text.size());
  std::string code(codeInfo(diagnostic.code).text);
  bool is_lint = codeInfo(diagnostic.code).tool == Tool::kLint;
  size_t known = text.find(is_lint ? "# noqa: " : "# type: ignore[");
  if (known == std::string_view::npos) {
    std::string comment = is_lint ? "  # noqa: " + code : "  # type: ignore[" + code + "]";
    // A type ignore counts only where it comes first.
    size_t other = is_lint ? std::string_view::npos : text.find("  # noqa");
    uint32_t at = other == std::string_view::npos ? end : begin + static_cast<uint32_t>(other);
    return {&module, {at, at}, comment};
  }
  size_t close = is_lint ? text.find_first_of(" \t#", known + 8) : text.find(']', known);
  uint32_t at = close == std::string_view::npos ? end : begin + static_cast<uint32_t>(close);
  return {&module, {at, at}, is_lint ? "," + code : ", " + code};
}

static void addFix(ActionList& actions, const Diagnostic& diagnostic) {
  if (!diagnostic.fix || diagnostic.fix->safety == FixSafety::kDisplayOnly) return;
  std::string title = diagnostic.fix->title.empty() ? "Fix: " + diagnostic.message : diagnostic.fix->title;
  actions.add(std::move(title), "quickfix", editsOf(actions.module, *diagnostic.fix), diagnostic.fix->safety == FixSafety::kSafe);
}

// Imports are organised also where the configuration does not ask for it: the action was chosen by hand.
static void addOrganiseAction(ActionList& actions) {
  if (!actions.wants("source.organizeImports.krait")) return;
  for (const Diagnostic& diagnostic : findingsOfRule(actions.server, actions.module, "I001")) {
    if (diagnostic.fix) actions.add("Organise imports", "source.organizeImports.krait", editsOf(actions.module, *diagnostic.fix));
  }
}

void addFindingActions(ActionList& actions) {
  addOrganiseAction(actions);
  std::vector<Edit> all;
  bool wants_fixes = actions.wants("quickfix");
  for (const Diagnostic& diagnostic : lintFindings(actions.server, actions.module)) {
    bool is_here = diagnostic.range.begin <= actions.selection.end && actions.selection.begin <= diagnostic.range.end;
    if (is_here && wants_fixes) addFix(actions, diagnostic);
    if (!diagnostic.fix || diagnostic.fix->safety != FixSafety::kSafe) continue;
    // Organised imports are an action of their own.
    if (codeInfo(diagnostic.code).text != "I001" && !overlaps(all, *diagnostic.fix)) {
      std::vector<Edit> more = editsOf(actions.module, *diagnostic.fix);
      all.insert(all.end(), more.begin(), more.end());
    }
  }
  if (!all.empty()) actions.add("Fix all that is safe to fix", "source.fixAll.krait", all);
  if (!wants_fixes) return;
  for (const Diagnostic& diagnostic : findingsOf(actions.server, actions.module)) {
    bool is_here = diagnostic.range.begin <= actions.selection.end && actions.selection.begin <= diagnostic.range.end;
    std::string_view code = codeInfo(diagnostic.code).text;
    if (!is_here || code.empty() || code == "syntax" || diagnostic.severity == Severity::kNote) continue;
    actions.add("Ignore " + std::string(code) + " on this line", "quickfix", {suppression(actions.module, diagnostic)});
  }
}

}  // namespace krait::lsp

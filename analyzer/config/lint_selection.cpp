#include "analyzer/config/lint_selection.h"

#include <algorithm>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule_names.h"

namespace krait::config {

void beginSelection(LintOptions& options) {
  options.earlier.push_back(std::move(options.selection));
  options.selection = {};
}

template <class Visit>
static void forEachSelection(const LintOptions& options, Visit visit) {
  for (const LintSelection& each : options.earlier) visit(each);
  visit(options.selection);
}

bool isRemovedLintCode(std::string_view selector) {
  return isKnownLintCode(selector) && redirectedCode(selector).empty() && lintRuleName(selector).empty();
}

bool isKnownLintSelector(std::string_view selector) {
  if (selector == "ALL" || isRemovedLintCode(selector) || !lintCodeOfRule(selector).empty()) return true;
  for (uint16_t i = 1; i < codeCount(); ++i) {
    const CodeInfo& info = codeInfo(static_cast<Code>(i));
    if (info.tool == Tool::kLint && namesLintCode(selector, info.text)) return true;
  }
  return false;
}

static void resolveNames(std::vector<std::string>& selectors, std::string& first) {
  for (std::string& selector : selectors) {
    std::string_view code = lintCodeOfRule(selector);
    if (code.empty()) continue;
    if (first.empty()) first = selector;
    selector = code;
  }
}

std::string resolveRuleNames(LintOptions& options) {
  std::string first;
  auto resolve = [&](LintSelection& selection) {
    for (std::optional<std::vector<std::string>>* list : {&selection.select, &selection.fixable}) {
      if (*list) resolveNames(**list, first);
    }
    for (std::vector<std::string>* list : {&selection.ignore, &selection.extend_select, &selection.unfixable, &selection.extend_fixable}) resolveNames(*list, first);
  };
  for (LintSelection& selection : options.earlier) resolve(selection);
  resolve(options.selection);
  for (PerFileIgnore& entry : options.per_file_ignores) resolveNames(entry.codes, first);
  for (const char* key : {"extend-safe-fixes", "extend-unsafe-fixes"}) {
    if (auto found = options.plugins.find(key); found != options.plugins.end()) resolveNames(found->second.items, first);
  }
  return options.preview ? "" : first;
}

size_t codeSpecificity(const std::vector<std::string>& entries, std::string_view code) {
  size_t best = 0;
  for (const std::string& entry : entries) {
    if (entry == "ALL") best = std::max<size_t>(best, 1);
    if (namesLintCode(entry, code)) best = std::max(best, 1 + entry.size());
  }
  return best;
}

static size_t codeSpecificity(const std::optional<std::vector<std::string>>& entries, std::string_view code) { return entries ? codeSpecificity(*entries, code) : 0; }

static bool contains(const std::vector<std::string>& entries, std::string_view code) { return std::find(entries.begin(), entries.end(), code) != entries.end(); }

// Is it selected by its whole code?
static bool isNamedWhole(const LintOptions& options, std::string_view code) {
  bool is_named = false;
  forEachSelection(options, [&](const LintSelection& each) { is_named |= contains(each.extend_select, code) || (each.select && contains(*each.select, code)); });
  return is_named;
}

// The rules that a docstring convention does not have; whoever selects one by its full code wants it all the same.
static void leaveOutOfConvention(const LintOptions& options, std::vector<bool>& selected) {
  std::string convention = options.text("pydocstyle.convention", "");
  std::string_view left_out;
  if (convention == "google") left_out = "D203 D204 D213 D215 D400 D401 D404 D406 D407 D408 D409 D413";
  if (convention == "numpy") left_out = "D107 D203 D212 D213 D402 D413 D415 D416 D417";
  if (convention == "pep257") left_out = "D203 D212 D213 D214 D215 D404 D405 D406 D407 D408 D409 D410 D411 D413 D415 D416 D417 D420";
  for (uint16_t i = 0; i < codeCount() && !left_out.empty(); ++i) {
    std::string_view code = codeInfo(static_cast<Code>(i)).text;
    if (code.size() != 4 || left_out.find(code) == std::string_view::npos) continue;
    if (!isNamedWhole(options, code)) selected[i] = false;
  }
}

void finishLintOptions(LintOptions& options) {
  resolveRuleNames(options);
  std::vector<bool> selected(codeCount());
  for (uint16_t i = 0; i < codeCount(); ++i) selected[i] = isLintCodeSelected(options, static_cast<Code>(i));
  leaveOutOfConvention(options, selected);
  // These contradict each other: one gives way, as in ruff.
  if (selected[static_cast<size_t>("D212"_code)]) selected[static_cast<size_t>("D213"_code)] = false;
  if (selected[static_cast<size_t>("D211"_code)]) selected[static_cast<size_t>("D203"_code)] = false;
  options.selected = std::move(selected);
}

static bool mayPreview(const LintOptions& options, std::string_view code) {
  if (!options.preview || !options.explicit_preview) return options.preview;
  return isNamedWhole(options, code);
}

std::vector<std::string> findIdleSelectors(const LintOptions& options) {
  std::vector<std::string> selectors, idle;
  forEachSelection(options, [&](const LintSelection& each) {
    if (each.select) selectors = *each.select;
    selectors.insert(selectors.end(), each.extend_select.begin(), each.extend_select.end());
  });
  for (const std::string& selector : selectors) {
    bool is_idle = false;
    for (uint16_t i = 1; i < codeCount(); ++i) {
      const CodeInfo& info = codeInfo(static_cast<Code>(i));
      if (info.tool != Tool::kLint || selector == "ALL" || !namesLintCode(selector, info.text)) continue;
      is_idle = info.is_preview && !options.preview;
      if (!is_idle) break;
    }
    if (is_idle) idle.push_back(selector);
  }
  return idle;
}

bool isLintCodeSelected(const LintOptions& options, Code code) {
  if (!options.selected.empty()) return options.selected[static_cast<size_t>(code)];
  const CodeInfo& info = codeInfo(code);
  if (info.is_preview && !mayPreview(options, info.text)) return false;
  bool is_selected = info.is_enabled_by_default;
  size_t carried = 0;  // of the `ignore` beside an empty `select`: it holds for what comes on top
  forEachSelection(options, [&](const LintSelection& each) {
    size_t selected = std::max(codeSpecificity(each.extend_select, info.text), codeSpecificity(each.select, info.text));
    size_t ignored = std::max(codeSpecificity(each.ignore, info.text), carried);
    bool is_empty = each.select && each.select->empty() && each.extend_select.empty();
    carried = is_empty ? codeSpecificity(each.ignore, info.text) : 0;
    if (each.select || selected > 0 || ignored > 0) is_selected = selected > ignored;
  });
  return is_selected;
}

bool isLintCodeFixable(const LintOptions& options, Code code) {
  std::string_view text = codeInfo(code).text;
  bool is_fixable = true;
  forEachSelection(options, [&](const LintSelection& each) {
    size_t fixable = std::max(codeSpecificity(each.fixable, text), codeSpecificity(each.extend_fixable, text));
    size_t unfixable = codeSpecificity(each.unfixable, text);
    if (each.fixable || fixable > 0 || unfixable > 0) is_fixable = fixable > unfixable;
  });
  return is_fixable;
}

}  // namespace krait::config

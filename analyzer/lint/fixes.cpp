#include "analyzer/lint/fixes.h"

#include <algorithm>

namespace krait::lint {

static bool isChosen(const Diagnostic& diagnostic, FixChoice choice) {
  if (!diagnostic.fix || diagnostic.fix->edits.empty()) return false;
  FixSafety safety = diagnostic.fix->safety;
  return safety == FixSafety::kSafe || (safety == FixSafety::kUnsafe && choice == FixChoice::kUnsafeToo);
}

static bool isSame(const FixEdit& a, const FixEdit& b) { return a.range == b.range && a.replacement == b.replacement; }

// What is put in where another edit begins or ends might become part of what that edit writes. Of two that are put in at one place
// the second waits for the next round, which sees what the first wrote.
static bool overlaps(const FixEdit& a, const FixEdit& b) {
  if (a.range.size() == 0 && a.range == b.range) return !isSame(a, b);
  bool is_one_inserted = (a.range.size() == 0) != (b.range.size() == 0);
  if (is_one_inserted) return a.range.begin <= b.range.end && b.range.begin <= a.range.end;
  return a.range.begin < b.range.end && b.range.begin < a.range.end;
}

FixedText applyFixes(std::string_view text, const std::vector<Diagnostic>& diagnostics, FixChoice choice) {
  std::vector<const Diagnostic*> fixable;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (isChosen(diagnostic, choice)) fixable.push_back(&diagnostic);
  }
  std::stable_sort(fixable.begin(), fixable.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return a->fix->edits[0].range.begin < b->fix->edits[0].range.begin;
  });
  std::vector<FixEdit> edits;
  FixedText out;
  for (const Diagnostic* diagnostic : fixable) {
    const Fix* fix = &*diagnostic->fix;
    bool is_known = std::all_of(fix->edits.begin(), fix->edits.end(), [&](const FixEdit& edit) {
      return std::any_of(edits.begin(), edits.end(), [&](const FixEdit& other) { return isSame(edit, other); });
    });
    bool is_free = std::none_of(fix->edits.begin(), fix->edits.end(), [&](const FixEdit& edit) {
      return std::any_of(edits.begin(), edits.end(), [&](const FixEdit& other) { return overlaps(edit, other); });
    });
    if (!is_known && !is_free) continue;
    out.codes.push_back(diagnostic->code);
    ++out.fix_count;
    if (is_known) continue;
    for (const FixEdit& edit : fix->edits) {
      // Two fixes may need the same import: it is added once.
      bool is_import = edit.range.size() == 0 && (edit.replacement.starts_with("import ") || edit.replacement.starts_with("from ") || edit.replacement.starts_with(", "));
      bool is_added = is_import && std::any_of(edits.begin(), edits.end(), [&](const FixEdit& other) { return isSame(edit, other); });
      if (!is_added) edits.push_back(edit);
    }
  }
  std::stable_sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; });
  uint32_t at = 0;
  for (const FixEdit& edit : edits) {
    out.text += text.substr(at, edit.range.begin - at);
    out.text += edit.replacement;
    at = edit.range.end;
  }
  out.text += text.substr(at);
  out.edits = std::move(edits);
  return out;
}

}  // namespace krait::lint

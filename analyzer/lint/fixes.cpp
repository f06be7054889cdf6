#include "analyzer/lint/fixes.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace krait::lint {

static bool isChosen(const Diagnostic& diagnostic, FixChoice choice) {
  if (!diagnostic.fix || diagnostic.fix->edits.empty()) return false;
  FixSafety safety = diagnostic.fix->safety;
  return safety == FixSafety::kSafe || (safety == FixSafety::kUnsafe && choice == FixChoice::kUnsafeToo);
}

static bool isSame(const FixEdit& a, const FixEdit& b) { return a.range == b.range && a.replacement == b.replacement; }

static bool isEarlier(const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; }

static uint32_t beginOf(const Fix& fix) { return std::min_element(fix.edits.begin(), fix.edits.end(), isEarlier)->range.begin; }

// Of fixes that begin at one place some go first, as the other one reads what they write, and imports are sorted after what else is
// done to them. What is said when a scope or a loop was read to its end (F401, PERF102) comes later than what its statements show.
static int precedence(Code code) {
  if (code == "D400"_code || code == "D415"_code || code == "SIM401"_code) return 0;
  if (code == "PERF102"_code || code == "F401"_code) return 2;
  return code == "I001"_code ? 3 : 1;
}

// Definitions that are made anew go before all else: an import among them would be taken for an unused one afterwards.
static bool isBefore(const Diagnostic& a, const Diagnostic& b) {
  bool is_first_redefined = a.code == "F811"_code, is_second_redefined = b.code == "F811"_code;
  if (is_first_redefined != is_second_redefined) return is_first_redefined;
  uint32_t first = beginOf(*a.fix), second = beginOf(*b.fix);
  return first != second ? first < second : precedence(a.code) < precedence(b.code);
}

FixedText applyFixes(std::string_view text, const std::vector<Diagnostic>& diagnostics, FixChoice choice) {
  std::vector<const Diagnostic*> fixable;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (isChosen(diagnostic, choice)) fixable.push_back(&diagnostic);
  }
  std::stable_sort(fixable.begin(), fixable.end(), [](const Diagnostic* a, const Diagnostic* b) { return isBefore(*a, *b); });
  FixedText out;
  std::optional<uint32_t> done;  // where the last edit ended
  for (const Diagnostic* diagnostic : fixable) {
    // Two fixes may need the same import: it is added once.
    std::vector<FixEdit> own;
    for (const FixEdit& edit : diagnostic->fix->edits) {
      auto [first, last] = std::equal_range(out.edits.begin(), out.edits.end(), edit, isEarlier);
      bool is_known = std::any_of(first, last, [&](const FixEdit& other) { return isSame(edit, other); });
      if (!is_known) own.push_back(edit);
    }
    std::stable_sort(own.begin(), own.end(), isEarlier);
    if (!own.empty() && done && own[0].range.begin <= *done) continue;
    out.codes.push_back(diagnostic->code);
    ++out.fix_count;
    if (own.empty()) continue;
    done = own.back().range.end;
    out.edits.insert(out.edits.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  uint32_t at = 0;
  for (const FixEdit& edit : out.edits) {
    out.text += text.substr(at, edit.range.begin - at);
    out.text += edit.replacement;
    at = edit.range.end;
  }
  out.text += text.substr(at);
  return out;
}

}  // namespace krait::lint

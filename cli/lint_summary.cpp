#include "cli/lint_summary.h"

#include <algorithm>
#include <map>

#include "analyzer/base/json_text.h"
#include "analyzer/diagnostics/rule_names.h"

namespace krait::cli {

static bool isOffered(const LintRequest& request, const Fix& fix) {
  if (fix.edits.empty()) return false;
  return fix.safety == FixSafety::kSafe || (fix.safety == FixSafety::kUnsafe && request.choice == lint::FixChoice::kUnsafeToo);
}

FixCounts countFixes(const LintRequest& request, const std::vector<Diagnostic>& all) {
  FixCounts counts;
  for (const Diagnostic& diagnostic : all) {
    if (!diagnostic.fix) continue;
    bool is_offered = isOffered(request, *diagnostic.fix);
    counts.offered += is_offered;
    counts.hidden += request.hints_at_unsafe && !is_offered && diagnostic.fix->safety == FixSafety::kUnsafe && !diagnostic.fix->edits.empty();
  }
  return counts;
}

std::string statisticsOf(const LintRequest& request, const std::vector<Diagnostic>& all) {
  struct Count {
    uint32_t findings = 0, fixable = 0;
    std::string text;
  };
  std::map<Code, Count> counts;
  for (const Diagnostic& diagnostic : all) {
    Count& count = counts[diagnostic.code];
    ++count.findings;
    count.fixable += diagnostic.fix && isOffered(request, *diagnostic.fix);
    if (count.text.empty()) count.text = ruleInfo(diagnostic.rule).text;
  }
  std::vector<std::pair<Code, Count>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.second.findings != b.second.findings) return a.second.findings > b.second.findings;
    return codeInfo(a.first).text < codeInfo(b.first).text;
  });
  if (request.format == OutputFormat::kLintJson) {
    std::string json = "[";
    for (const auto& [code, count] : order) {
      std::string_view text = codeInfo(code).text, name = lintRuleName(text);
      json += std::string(json.size() > 1 ? "," : "") + "{\"code\":" + jsonString(text) + ",\"name\":" + jsonString(name.empty() ? text : name) + ",\"count\":" + std::to_string(count.findings) +
              ",\"fixable\":" + (count.fixable == count.findings ? "true" : "false") + ",\"fixable_count\":" + std::to_string(count.fixable) + "}";
    }
    return indentedJson(json + "]") + "\n";
  }
  size_t number_width = 0, code_width = 0;
  bool has_marks = false;
  for (const auto& [code, count] : order) {
    number_width = std::max(number_width, std::to_string(count.findings).size());
    code_width = std::max(code_width, codeInfo(code).text.size());
    has_marks |= count.fixable > 0;
  }
  std::string out;
  for (const auto& [code, count] : order) {
    std::string number = std::to_string(count.findings);
    std::string_view text = codeInfo(code).text, name = lintRuleName(text);
    const char* mark = !has_marks ? "" : count.fixable == 0 ? "[ ] " : count.fixable == count.findings ? "[*] " : "[-] ";
    out += std::string(number_width - number.size(), ' ') + number + "\t" + std::string(text) + std::string(code_width - text.size(), ' ') + "\t" + mark +
           (name.empty() ? count.text : std::string(name)) + "\n";
  }
  return out;
}

static std::string counted(uint32_t count, const char* one, const char* many) { return std::to_string(count) + " " + (count == 1 ? one : many); }

// " (2 additional fixes available with `--unsafe-fixes`)." behind what was or would be fixed.
static std::string unsafeHint(uint32_t hidden, const char* kind) {
  if (hidden == 0) return ".\n";
  return " (" + std::to_string(hidden) + kind + (hidden == 1 ? " fix" : " fixes") + " available with `--unsafe-fixes`).\n";
}

std::string summaryOf(const LintRequest& request, uint32_t errors, uint32_t fixed, FixCounts counts) {
  std::string count = counted(errors + fixed, "error", "errors");
  if (request.fixes_only) return fixed == 0 ? "No errors fixed" + unsafeHint(counts.hidden, "") : "Fixed " + count + unsafeHint(counts.hidden, " additional");
  std::string out;
  if (fixed > 0) {
    out = "Found " + count + " (" + std::to_string(fixed) + " fixed, " + std::to_string(errors) + " remaining).\n";
  } else {
    out = errors == 0 ? "All checks passed!\n" : "Found " + count + ".\n";
  }
  std::string hidden = counted(counts.hidden, "hidden fix", "hidden fixes") + " can be enabled with the `--unsafe-fixes` option).\n";
  if (counts.offered > 0 && !request.fixes) {
    out += "[*] " + std::to_string(counts.offered) + " fixable with the `--fix` option" + (counts.hidden > 0 ? " (" + hidden : ".\n");
  } else if (counts.hidden > 0) {
    out += "No fixes available (" + hidden;
  }
  return out;
}

std::string changesOf(uint32_t fixed, FixCounts left) {
  return fixed == 0 ? "No errors would be fixed" + unsafeHint(left.hidden, "") : "Would fix " + counted(fixed, "error", "errors") + unsafeHint(left.hidden, " additional");
}

std::string fixesText(std::vector<FixedFile> files) {
  std::sort(files.begin(), files.end(), [](const FixedFile& a, const FixedFile& b) { return a.path < b.path; });
  size_t total = 0, most = 0;
  std::string lines;
  std::vector<std::map<Code, size_t>> counts;
  for (const FixedFile& file : files) {
    total += file.codes.size();
    std::map<Code, size_t>& count = counts.emplace_back();
    for (Code code : file.codes) most = std::max(most, ++count[code]);
  }
  size_t width = std::to_string(most).size();
  for (size_t i = 0; i < files.size(); ++i) {
    lines += "- " + files[i].path + ":\n";
    std::vector<std::pair<Code, size_t>> order(counts[i].begin(), counts[i].end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [code, count] : order) {
      std::string number = std::to_string(count);
      lines += "    " + std::string(width - number.size(), ' ') + number + " \u00d7 " + std::string(codeInfo(code).text) + " (" + std::string(lintRuleName(codeInfo(code).text)) + ")\n";
    }
  }
  return "Fixed " + std::to_string(total) + (total == 1 ? " error" : " errors") + ":\n" + lines;
}

}  // namespace krait::cli

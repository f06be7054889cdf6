#include "analyzer/diagnostics/rule.h"

#include <algorithm>
#include <vector>

#include "analyzer/base/check.h"

namespace krait {

enum Enabled : uint8_t { kOff, kOn, kPreview };

static constexpr CodeInfo kCodes[] = {
#define CODE(Id, text, tool, enabled, parent, help) {text, Tool::tool, enabled == kOn, enabled == kPreview, Code::parent, help},
#include "analyzer/diagnostics/codes.def"
#define CODE(Id, text, tool, enabled, parent, help) {text, Tool::tool, enabled == kOn, enabled == kPreview, Code::parent, help},
#include "analyzer/diagnostics/lint_codes.def"
};

namespace {
// Which place the linter's codes and messages have behind the others.
enum class LintCode : uint16_t {
#define CODE(Id, text, tool, enabled, parent, help) k##Id,
#include "analyzer/diagnostics/lint_codes.def"
};
enum class LintRule : uint16_t {
#define RULE(Id, code, severity, text) k##Id,
#include "analyzer/diagnostics/lint_rules.def"
};
template <LintName Name>
struct LintCodeNamed;
#define CODE(Id, text, tool, enabled, parent, help) \
  template <>                                       \
  struct LintCodeNamed<text> {                      \
    static constexpr LintCode kCode = LintCode::k##Id; \
  };
#include "analyzer/diagnostics/lint_codes.def"
template <LintName Name>
struct LintRuleNamed;
#define RULE(Id, code, severity, text) \
  template <>                          \
  struct LintRuleNamed<#Id> {          \
    static constexpr LintRule kRule = LintRule::k##Id; \
  };
#include "analyzer/diagnostics/lint_rules.def"
}  // namespace

static constexpr Code codeOf(LintCode code) { return static_cast<Code>(static_cast<uint16_t>(Code::kFirstOfLint) + static_cast<uint16_t>(code)); }

template <LintName Name>
Code operator""_code() {
  return codeOf(LintCodeNamed<Name>::kCode);
}
#define CODE(Id, text, tool, enabled, parent, help) template Code operator""_code<text>();
#include "analyzer/diagnostics/lint_codes.def"

template <LintName Name>
Rule operator""_rule() {
  return static_cast<Rule>(static_cast<uint16_t>(Rule::kFirstOfLint) + static_cast<uint16_t>(LintRuleNamed<Name>::kRule));
}
#define RULE(Id, code, severity, text) template Rule operator""_rule<#Id>();
#include "analyzer/diagnostics/lint_rules.def"

static constexpr RuleInfo kRules[] = {
#define RULE(Id, code, severity, text) {#Id, Code::k##code, Severity::severity, text},
#include "analyzer/diagnostics/rules.def"
#define RULE(Id, code, severity, text) {#Id, codeOf(LintCode::k##code), Severity::severity, text},
#include "analyzer/diagnostics/lint_rules.def"
};
static_assert(kCodes[static_cast<size_t>(Code::kFirstOfLint)].tool == Tool::kLint && std::size(kRules) > static_cast<size_t>(Rule::kFirstOfLint));

const CodeInfo& codeInfo(Code code) { return kCodes[static_cast<uint16_t>(code)]; }
const RuleInfo& ruleInfo(Rule rule) { return kRules[static_cast<uint16_t>(rule)]; }
uint16_t codeCount() { return static_cast<uint16_t>(std::size(kCodes)); }
uint16_t ruleCount() { return static_cast<uint16_t>(std::size(kRules)); }

std::optional<Code> findCode(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (uint16_t i = 1; i < codeCount(); ++i) {
    if (kCodes[i].text == text) return static_cast<Code>(i);
  }
  return std::nullopt;
}

// Levenshtein distance over bytes.
static size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

std::optional<Code> findSimilarCode(std::string_view text) {
  std::optional<Code> best;
  size_t best_distance = std::max<size_t>(2, text.size() / 3) + 1;
  for (uint16_t i = 1; i < codeCount(); ++i) {
    size_t distance = editDistance(text.substr(0, 64), kCodes[i].text);
    if (distance < best_distance) {
      best_distance = distance;
      best = static_cast<Code>(i);
    }
  }
  return best;
}

std::string_view severityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  UNREACHABLE("severity is one of three");
}

std::string formatMessage(Rule rule, std::initializer_list<std::string_view> arguments) {
  std::string_view text = ruleInfo(rule).text;
  std::string message;
  const std::string_view* next = arguments.begin();
  for (size_t i = 0; i < text.size(); ++i) {
    bool is_pair = i + 1 < text.size() && text[i] == '{';
    if (is_pair && text[i + 1] == '}') {
      CHECK(next != arguments.end(), "every {} of a rule's text has an argument");
      message += *next++;
      ++i;
    } else {
      message += text[i];
      if (is_pair && text[i + 1] == '{') ++i;
    }
  }
  return message;
}

}  // namespace krait

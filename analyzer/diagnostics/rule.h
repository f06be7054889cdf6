// The catalogue of findings: Code (what users name) and Rule (one message). Those that several stages speak of are
// enumerators, generated from codes.def and rules.def; the linter's have no declaration: "F401"_code and "F401"_rule
// find them by name when the program is linked, so that a new one is compiled in rule.cpp and where it is used.
// Constant tables only; a Rule's code, severity and text never change while the program runs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace krait {

enum class Tool : uint8_t { kChecker, kLint, kVerify };
enum class Severity : uint8_t { kError, kWarning, kNote };

enum class Code : uint16_t {
#define CODE(Id, text, tool, enabled, parent, help) k##Id,
#include "analyzer/diagnostics/codes.def"
  kFirstOfLint
};

enum class Rule : uint16_t {
#define RULE(Id, code, severity, text) k##Id,
#include "analyzer/diagnostics/rules.def"
  kFirstOfLint
};

// The name of one of the linter's codes or messages, as a template argument.
template <size_t N>
struct LintName {
  consteval LintName(const char (&name)[N]) { std::copy_n(name, N, text); }
  char text[N];
};

// The code of lint_codes_*.def with this name, the message of lint_rules_*.def with this Id. A name that is not there
// fails the link.
template <LintName Name>
Code operator""_code();
template <LintName Name>
Rule operator""_rule();

struct CodeInfo {
  std::string_view text;
  Tool tool;
  bool is_enabled_by_default;
  bool is_preview;  // of the linter: only on request, see LintOptions::preview
  Code parent;  // kNone for most
  std::string_view help;
};

struct RuleInfo {
  std::string_view id;  // the name in its list, for `krait explain` and machine output
  Code code;
  Severity severity;
  std::string_view text;
};

const CodeInfo& codeInfo(Code code);
const RuleInfo& ruleInfo(Rule rule);
uint16_t codeCount();
uint16_t ruleCount();

// The code that users write as `text`, exactly; none when there is no such code.
std::optional<Code> findCode(std::string_view text);
// The code of a tool that differs from `text` by the fewest letters, for "did you mean"; none when all differ much.
std::optional<Code> findSimilarCode(std::string_view text);
std::string_view severityName(Severity severity);

// The rule's text with each `{}` replaced by the next argument. A missing argument is a bug (CHECK).
std::string formatMessage(Rule rule, std::initializer_list<std::string_view> arguments);

}  // namespace krait

#include "cli/verify/judge.h"

#include <algorithm>
#include <optional>

#include "cli/verify/dates.h"
#include "cli/verify/readings.h"
#include "cli/verify/watches.h"

namespace krait::cli {

// Quotes around the whole, and runs of blanks, are not what a claim is about.
static std::string loosened(std::string_view text) {
  text = trimmedClaim(text);
  bool is_quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  if (is_quoted) text = text.substr(1, text.size() - 2);
  std::string out;
  for (char c : text) {
    bool is_space = c == ' ' || c == '\n' || c == '\t' || c == ',';
    if (!is_space) out += c == '"' ? '\'' : c;
  }
  for (std::string_view arrow : {"->", "→"}) {
    for (size_t at; (at = out.find(arrow)) != std::string::npos;) out.erase(at, arrow.size());
  }
  return out;
}

// Addresses and the like differ from run to run; dots stand for what is left out.
static bool isSample(std::string_view claim, std::string_view actual) {
  return claim.find(" at 0x") != std::string_view::npos || actual.find(" at 0x") != std::string_view::npos ||
         claim.find("...") != std::string_view::npos || claim.find("…") != std::string_view::npos;
}

static std::string withoutNotes(std::string_view claim) {
  std::string out;
  while (!claim.empty()) {
    size_t end = std::min(claim.find('\n'), claim.size());
    out += std::string(claim.substr(0, std::min(end, claim.find("  #")))) + "\n";
    claim.remove_prefix(std::min(end + 1, claim.size()));
  }
  return out;
}

// The claim's text with and without prose around it: `15 (sum)`, `15 - because`, `doubled: 15`, `5 * 3 = 15`.
static std::vector<std::string> readings(std::string_view claim) {
  std::vector<std::string> out = {std::string(claim)};
  for (std::string_view separator : {" (", " - ", " – ", " because", " if ", " since", " due to ", " until ", "  #"}) {
    size_t at = claim.find(separator);
    if (at != std::string_view::npos && at > 0) out.emplace_back(claim.substr(0, at));
  }
  for (std::string_view separator : {"→ ", "-> ", "=> ", ": ", "= "}) {
    size_t first = claim.find(separator);
    if (first == std::string_view::npos) continue;
    // Prose stands before it, not a part of the value.
    bool is_prose = claim.substr(0, first).find_first_of("[{('\"<") == std::string_view::npos;
    if (is_prose) out.emplace_back(claim.substr(first + separator.size()));
    size_t last = claim.rfind(separator);
    if (separator != ": ") out.emplace_back(claim.substr(last + separator.size()));
  }
  // Either of two: `('UTC', 'UTC') or ('EST', 'EDT')`.
  size_t either = claim.find(" or ");
  if (either != std::string_view::npos && looksLikeValue(claim.substr(0, either)) && looksLikeValue(claim.substr(either + 4))) {
    out.emplace_back(claim.substr(0, either));
    out.emplace_back(claim.substr(either + 4));
  }
  if (claim.find("  #") != std::string_view::npos) out.push_back(withoutNotes(claim));
  return out;
}

// `32 bytes for SHA-256` of the number 32.
static bool startsWithNumber(std::string_view claim, std::string_view seen) {
  seen = trimmedClaim(seen);
  bool is_number = !seen.empty() && seen.size() < claim.size() && std::all_of(seen.begin(), seen.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
  return is_number && claim.starts_with(seen) && claim[seen.size()] == ' ' && claim.find_first_of("0123456789", seen.size()) != seen.size() + 1;
}

// Dots stand for any text. ref: doctest, "Option Flags", ELLIPSIS
static bool matchesExample(std::string_view expected, std::string_view actual, bool is_elliptic) {
  if (!is_elliptic) return expected == actual;
  size_t dots = expected.find("...");
  if (dots == std::string_view::npos) return expected == actual;
  if (!actual.starts_with(expected.substr(0, dots))) return false;
  actual.remove_prefix(dots);
  expected.remove_prefix(dots + 3);
  for (;;) {
    dots = expected.find("...");
    if (dots == std::string_view::npos) return actual.size() >= expected.size() && actual.ends_with(expected);
    size_t at = actual.find(expected.substr(0, dots));
    if (at == std::string_view::npos) return false;
    actual.remove_prefix(at + dots);
    expected.remove_prefix(dots + 3);
  }
}

// `[11.0, 12.33..., 14.0]`, `0: red, 1: green...`: dots at the end of a value or of the whole, and enough besides.
static bool matchesElided(std::string expected, const std::string& seen) {
  static constexpr size_t kLeastSaid = 6;
  for (size_t at; (at = expected.find("…")) != std::string::npos;) expected.replace(at, std::string_view("…").size(), "...");
  size_t dots = expected.find("...");
  bool is_enough = dots != std::string::npos && static_cast<size_t>(std::count_if(expected.begin(), expected.end(), [](char c) { return c != '.'; })) >= kLeastSaid;
  return is_enough && dots > 0 && matchesExample(expected, seen, true);
}

static bool matches(const Claim& claim, std::string_view printed_text, std::string_view value_text) {
  std::string printed = loosened(printed_text), value = loosened(value_text);
  std::optional<std::string> content = contentOf(value_text);
  bool is_told = claim.text.find("->") != std::string::npos || claim.text.find("→") != std::string::npos;
  if (claim.form == ClaimForm::kRemark && ((is_told && hasSameWords(claim.text, printed_text)) || (printed.empty() && hasSameWords(claim.text, value_text)))) return true;
  if (claim.form != ClaimForm::kOutput && (startsWithNumber(claim.text, printed_text) || startsWithNumber(claim.text, value_text))) return true;
  for (const std::string& reading : readings(claim.text)) {
    std::string expected = loosened(reading);
    if (expected.empty()) continue;
    if (expected == printed || (!value.empty() && (expected == value || (content && expected == loosened(*content))))) return true;
    // `print("Evens:", x)  # [0, 2]`: the comment leaves out the words that were printed before the value.
    bool is_labelled = claim.form != ClaimForm::kOutput && printed.ends_with(":" + expected) && printed.find_first_of("[{(") >= printed.find(':');
    if (is_labelled || matchesElided(expected, printed) || (!value.empty() && matchesElided(expected, value))) return true;
  }
  return false;
}

// One time that the statement ran, or all of them together, is what the claim says.
static bool matchesSeen(const Claim& claim) {
  std::string all_printed, all_values;
  for (const Execution& execution : claim.executions) {
    if (matches(claim, execution.printed, execution.value)) return true;
    all_printed += execution.printed;
    all_values += execution.value;
  }
  return claim.executions.size() > 1 && matches(claim, all_printed, all_values);
}

// `Wed Jul 9 14:20 2025` as `a a 0 0:0 0`: what a text looks like, whatever it says.
static std::string shapeOf(std::string_view text) {
  std::string out;
  for (char c : trimmedClaim(text)) {
    bool is_digit = c >= '0' && c <= '9';
    bool is_letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    char kind = is_digit ? '0' : is_letter ? 'a' : c;
    if (out.empty() || out.back() != kind || (kind != '0' && kind != 'a' && kind != ' ')) out += kind;
  }
  return out;
}

// A remark is a claim that failed only when most of its words are words of what was seen, and the other way round, or when
// it has its form, numbers and all.
static bool speaksOfOutput(const Claim& claim) {
  std::string actual = actualText(claim);
  std::string shape = shapeOf(claim.text);
  bool has_form = shape.find('0') != std::string::npos && shape.find_first_of("/-:.") != std::string::npos;
  if (has_form && shape == shapeOf(actual)) return true;
  std::vector<std::string> said = wordsOf(claim.text), seen = wordsOf(actual);
  if (said.size() < 2 || seen.empty()) return false;
  auto common = static_cast<size_t>(std::count_if(said.begin(), said.end(), [&](const std::string& word) {
    return std::find(seen.begin(), seen.end(), word) != seen.end();
  }));
  return common * 10 >= said.size() * 6 && common * 10 >= seen.size() * 6;
}

// The elements of a set come in another order from run to run; those of anything else do not.
static bool isReorderedSet(const Claim& claim) {
  std::string said = loosened(withOrderedSets(claim.text)), seen = loosened(withOrderedSets(actualText(claim)));
  return seen.find('{') != std::string::npos && said == seen;
}

static void judgeRaised(Claim& claim, std::string_view error) {
  RaisedName expected = raisedBy(claim.text);
  const Execution& last = claim.executions.back();
  std::string_view of_program = last.is_last ? error.substr(0, error.find(':')) : std::string_view();
  std::string_view raised = claim.code.empty() ? of_program : std::string_view(last.exception);
  bool has_raised = claim.code.empty() ? !last.is_finished : !last.exception.empty();
  if (claim.is_to_work) {
    claim.verdict = has_raised ? Verdict::kWrong : Verdict::kHolds;
  } else if (has_raised) {
    raised = raised.substr(raised.rfind('.') == std::string_view::npos ? 0 : raised.rfind('.') + 1);
    if (claim.code.empty()) claim.executions.back().exception = raised;
    // An error that the program caught itself left no name behind.
    bool is_it = expected.name.empty() || raised.empty() || raised == expected.name;
    claim.verdict = is_it ? Verdict::kHolds : Verdict::kWrong;
  } else if (matchesSeen(claim)) {
    claim.verdict = Verdict::kHolds;
  } else {
    claim.verdict = expected.is_told || !claim.code.empty() ? Verdict::kWrong : Verdict::kUnchecked;
  }
}

static std::string squeezed(std::string_view text) {
  std::string out;
  for (char c : trimmedClaim(text)) {
    bool is_space = c == ' ' || c == '\n' || c == '\t';
    if (!is_space) out += c;
    if (is_space && !out.ends_with(" ")) out += ' ';
  }
  return out;
}

static std::string withBlankLines(std::string text) {
  for (size_t at; (at = text.find("<BLANKLINE>")) != std::string::npos;) text.erase(at, 11);
  return text;
}

// `ValueError: …` of a traceback, whatever its frames are.
static std::string errorOf(std::string_view text) {
  std::string last;
  bool has_message = false;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    bool is_frame = line.starts_with("Traceback") || line.starts_with(" ") || line.starts_with("...");
    if (!is_frame && !has_message) {
      last = text;
      has_message = true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return last;
}

static void judgeExample(Claim& claim) {
  auto has = [&](std::string_view flag) {
    size_t own = claim.code.find("doctest:");
    std::string_view said = own == std::string::npos ? std::string_view() : std::string_view(claim.code).substr(own);
    bool is_off = said.find("-" + std::string(flag.substr(1))) != std::string_view::npos;
    return said.find(flag) != std::string_view::npos || (!is_off && claim.flags.find(flag) != std::string::npos);
  };
  if (has("+SKIP")) {
    claim.verdict = Verdict::kUnchecked;
    return;
  }
  std::string expected = withBlankLines(claim.text.empty() ? "" : claim.text + "\n"), actual = claim.executions.back().printed;
  bool is_error = expected.starts_with("Traceback (") && !claim.executions.back().exception.empty();
  if (is_error) {
    expected = errorOf(expected);
    actual = errorOf(actual);
    if (has("+IGNORE_EXCEPTION_DETAIL")) {
      expected = expected.substr(0, expected.find(':'));
      actual = actual.substr(0, actual.find(':'));
      actual = actual.substr(actual.rfind('.') == std::string::npos ? 0 : actual.rfind('.') + 1);
      expected = expected.substr(expected.rfind('.') == std::string::npos ? 0 : expected.rfind('.') + 1);
    }
  }
  if (has("+NORMALIZE_WHITESPACE")) {
    expected = squeezed(expected);
    actual = squeezed(actual);
  }
  bool holds = matchesExample(expected, actual, has("+ELLIPSIS"));
  claim.verdict = holds ? Verdict::kHolds : isSample("", actual) ? Verdict::kSample : Verdict::kWrong;
}

static void judge(Claim& claim, std::string_view error) {
  if (claim.executions.empty()) return;
  if (claim.form == ClaimForm::kSession) return judgeExample(claim);
  if (claim.form == ClaimForm::kRaises) return judgeRaised(claim, error);
  if (std::optional<bool> watched = judgeWatch(claim)) {
    claim.verdict = *watched ? Verdict::kHolds : Verdict::kWrong;
    return;
  }
  bool is_finished = std::any_of(claim.executions.begin(), claim.executions.end(), [](const Execution& one) { return one.is_finished; });
  std::optional<bool> said;
  if (claim.form == ClaimForm::kRemark) said = judgeRemark(claim.text, claim.executions.back().printed, claim.executions.back().value);
  if (matchesSeen(claim) || said.value_or(false) || isReorderedSet(claim)) {
    claim.verdict = Verdict::kHolds;
  } else if (!is_finished) {
    claim.verdict = Verdict::kUnreached;
  } else if (claim.form == ClaimForm::kRemark && !said && !speaksOfOutput(claim)) {
    claim.verdict = Verdict::kUnchecked;
  } else if (claim.form == ClaimForm::kOutput && actualText(claim).empty() && !claim.is_compound && claim.line != 0) {
    // `# -> …` behind something that shows nothing is an explanation.
    claim.verdict = Verdict::kUnchecked;
  } else if (isSample(claim.text, actualText(claim))) {
    claim.verdict = Verdict::kSample;
  } else {
    claim.verdict = Verdict::kWrong;
  }
}

// Lines behind the last statement of several that print them.
static bool tellsOutput(const Claim& claim, std::string_view output) {
  bool is_long = claim.form == ClaimForm::kOutput && claim.text.find('\n') != std::string::npos;
  std::string said = is_long ? loosened(claim.text) : "";
  return !said.empty() && loosened(output).find(said) != std::string::npos;
}

std::string unexpectedError(const Claim& claim) {
  bool is_raised = claim.form == ClaimForm::kSession && !claim.executions.empty() && !claim.executions.back().exception.empty();
  if (!is_raised || claim.text.starts_with("Traceback (")) return "";
  return std::string(trimmedClaim(errorOf(claim.executions.back().printed)));
}

bool missesOneOf(std::string_view error, const std::set<std::string>& lost) {
  size_t quote = error.starts_with("NameError: ") ? error.find('\'') : std::string_view::npos;
  return quote != std::string_view::npos && lost.contains(std::string(error.substr(quote + 1, error.find('\'', quote + 1) - quote - 1)));
}

void passFailuresOn(std::vector<Claim>& claims, std::set<std::string>& lost) {
  for (Claim& claim : claims) {
    if (claim.form != ClaimForm::kSession || claim.executions.empty()) continue;
    if (missesOneOf(unexpectedError(claim), lost)) claim.verdict = Verdict::kUnreached;
    bool has_failed = claim.verdict == Verdict::kUnreached || (claim.verdict == Verdict::kWrong && !claim.executions.back().exception.empty());
    for (const std::string& name : claim.binds) {
      if (has_failed) lost.insert(name);
      if (!has_failed) lost.erase(name);
    }
  }
}

void judgeClaims(std::vector<Claim>& claims, std::string_view error, std::string_view output) {
  for (Claim& claim : claims) {
    judge(claim, error);
    if (claim.verdict == Verdict::kWrong && tellsOutput(claim, output)) claim.verdict = Verdict::kHolds;
  }
  std::erase_if(claims, [](const Claim& claim) {
    bool is_unsaid = claim.verdict == Verdict::kUnreached && claim.form == ClaimForm::kRemark && !claim.was_tried;
    return claim.verdict == Verdict::kUnchecked || is_unsaid;
  });
}

bool isErrorClaimed(const std::vector<Claim>& claims) {
  return std::any_of(claims.begin(), claims.end(), [](const Claim& claim) {
    return claim.form == ClaimForm::kRaises && claim.code.empty() && claim.verdict == Verdict::kHolds && !claim.executions.empty() && claim.executions.back().is_last;
  });
}

void acceptTold(std::vector<Claim>& claims, const std::vector<Claim>& told) {
  for (Claim& claim : claims) {
    if (claim.verdict != Verdict::kWrong) continue;
    auto same = std::find_if(told.begin(), told.end(), [&](const Claim& other) { return other.line == claim.line && other.comment.begin == claim.comment.begin && other.verdict == Verdict::kHolds; });
    if (same != told.end()) claim = *same;
  }
}

void acceptCalled(std::vector<Claim>& claims, const std::vector<Claim>& called) {
  for (const Claim& claim : called) {
    bool is_judged = claim.verdict == Verdict::kHolds || claim.verdict == Verdict::kWrong || claim.verdict == Verdict::kSample;
    if (!is_judged) continue;
    auto at = std::find_if(claims.begin(), claims.end(), [&](const Claim& other) { return other.line >= claim.line; });
    bool is_known = at != claims.end() && at->line == claim.line && at->text == claim.text;
    if (is_known && at->verdict != Verdict::kUnreached) continue;
    if (is_known) *at = claim;
    if (!is_known) claims.insert(at, claim);
  }
}

void compareRuns(std::vector<Claim>& claims, const std::vector<Claim>& again) {
  for (Claim& claim : claims) {
    if (claim.verdict != Verdict::kWrong) continue;
    bool is_same = std::any_of(again.begin(), again.end(), [&](const Claim& other) {
      return other.line == claim.line && other.comment.begin == claim.comment.begin && withOrderedSets(actualText(other)) == withOrderedSets(actualText(claim));
    });
    if (!is_same && !isMisprintedDate(claim.text, actualText(claim))) claim.verdict = Verdict::kSample;
  }
}

}  // namespace krait::cli

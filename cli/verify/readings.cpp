#include "cli/verify/readings.h"

#include <algorithm>
#include <cstdlib>

#include "cli/verify/claims.h"

namespace krait::cli {

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> out(1);
  for (char c : text) {
    bool is_word = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (is_word) out.back() += c;
    if (!is_word && !out.back().empty()) out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string lowered(std::string_view text) {
  std::string out;
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool hasSameWords(std::string_view a, std::string_view b) {
  std::vector<std::string> left = wordsOf(lowered(a)), right = wordsOf(lowered(b));
  return left.size() >= 2 && left == right;
}

// The end of a quoted text that begins at `at`.
static size_t skipQuoted(std::string_view text, size_t at) {
  char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

static bool isApostrophe(std::string_view text, size_t at) {
  return text[at] == '\'' && at > 0 && (((text[at - 1] | 32) >= 'a' && (text[at - 1] | 32) <= 'z'));
}

// From the "{" at `at` to its end; the elements of the display in between, and whether a colon makes it a dict.
static size_t readDisplay(std::string_view text, size_t at, std::vector<std::string>& elements, bool& is_dict) {
  size_t depth = 0, begin = at + 1;
  for (size_t i = at; i < text.size(); ++i) {
    char c = text[i];
    if ((c == '\'' || c == '"') && !isApostrophe(text, i)) {
      i = skipQuoted(text, i) - 1;
      continue;
    }
    if (c == '{' || c == '[' || c == '(') ++depth;
    bool is_end = (c == '}' || c == ']' || c == ')') && --depth == 0;
    if (depth == 1 && c == ':') is_dict = true;
    if ((depth == 1 && c == ',') || is_end) {
      elements.emplace_back(trimmedClaim(text.substr(begin, i - begin)));
      begin = i + 1;
    }
    if (is_end) return i + 1;
  }
  return 0;
}

std::string withOrderedSets(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    std::vector<std::string> elements;
    bool is_dict = false;
    size_t end = text[at] == '{' ? readDisplay(text, at, elements, is_dict) : 0;
    if (end == 0) {
      out += text[at++];
      continue;
    }
    for (std::string& element : elements) element = withOrderedSets(element);
    if (!is_dict) std::sort(elements.begin(), elements.end());
    out += '{';
    for (size_t i = 0; i < elements.size(); ++i) out += (i == 0 ? "" : ", ") + elements[i];
    out += '}';
    at = end;
  }
  return out;
}

static constexpr long kLongestRange = 1000;

static std::optional<std::string> elementsOfRange(std::string_view value) {
  if (!value.starts_with("range(") || !value.ends_with(")")) return std::nullopt;
  long bounds[3] = {0, 0, 1};
  size_t count = 0;
  std::string inner(value.substr(6, value.size() - 7));
  for (const char* at = inner.c_str(); *at != 0 && count < 3;) {
    char* end = nullptr;
    bounds[count++] = std::strtol(at, &end, 10);
    if (end == at) return std::nullopt;
    at = end + std::min<size_t>(2, std::char_traits<char>::length(end));
  }
  if (count < 2 || bounds[2] == 0 || std::labs((bounds[1] - bounds[0]) / bounds[2]) > kLongestRange) return std::nullopt;
  std::string out;
  for (long i = bounds[0]; bounds[2] > 0 ? i < bounds[1] : i > bounds[1]; i += bounds[2]) out += (out.empty() ? "" : ", ") + std::to_string(i);
  return out;
}

static std::optional<std::string> matchedText(std::string_view value) {
  static constexpr std::string_view kBefore = ", match=";
  size_t at = value.find(kBefore);
  if (!value.starts_with("<re.Match object;") || at == std::string_view::npos || !value.ends_with(">")) return std::nullopt;
  value = value.substr(at + kBefore.size(), value.size() - at - kBefore.size() - 1);
  if (value.size() < 2) return std::nullopt;
  return std::string(value.substr(1, value.size() - 2));
}

std::optional<std::string> contentOf(std::string_view value) {
  value = trimmedClaim(value);
  std::optional<std::string> out = elementsOfRange(value);
  return out ? out : matchedText(value);
}

static bool isPlain(std::string_view text) { return text == "True" || text == "False" || text == "None"; }

std::optional<bool> judgeRemark(std::string_view remark, std::string_view printed, std::string_view value) {
  printed = trimmedClaim(printed);
  value = trimmedClaim(value);
  if (lowered(remark).starts_with("matches ")) {
    std::string_view said = trimmedClaim(remark.substr(8));
    bool is_quoted = said.size() > 2 && (said[0] == '"' || said[0] == '\'') && said.find(said[0], 1) == said.size() - 1;
    std::optional<std::string> matched = matchedText(value);
    bool is_match = matched || (value == "None" && printed.empty());
    if (is_quoted && is_match) return matched && *matched == said.substr(1, said.size() - 2);
  }
  size_t space = remark.find(' ');
  std::string_view word = remark.substr(0, space), rest = space == std::string_view::npos ? std::string_view() : remark.substr(space + 1);
  bool is_said = isPlain(word) && !rest.empty() && rest[0] >= 'a' && rest[0] <= 'z' && !rest.starts_with("of ") && !rest.starts_with("or ") && !rest.starts_with("to ");
  if (!is_said) return std::nullopt;
  std::string_view shown = printed.empty() ? value : printed;
  size_t label = shown.rfind(": ");
  if (label != std::string_view::npos && shown.find('\n') == std::string_view::npos) shown = shown.substr(label + 2);
  return isPlain(shown) ? std::optional<bool>(shown == word) : std::nullopt;
}

}  // namespace krait::cli

#include "cli/verify/repair.h"

#include <algorithm>

#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/parser.h"
#include "cli/verify/claims.h"

namespace krait::cli {

static bool parses(std::string_view text, Interner& names) { return !syntax::parseModule(text, names).error; }

// Where prose begins behind code: after two blanks or more, with a capital letter.
static size_t proseIn(std::string_view line) {
  for (size_t at = line.find("  "); at != std::string_view::npos; at = line.find("  ", at + 1)) {
    size_t word = line.find_first_not_of(' ', at);
    if (word == std::string_view::npos) return std::string_view::npos;
    bool is_behind_code = line.substr(0, at).find_first_not_of(" \t") != std::string_view::npos;
    if (is_behind_code && line[word] >= 'A' && line[word] <= 'Z') return word;
    at = word - 1;
  }
  return std::string_view::npos;
}

std::optional<std::string> withComments(std::string_view text, Interner& names) {
  std::string out;
  bool is_changed = false;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    size_t prose = line.find('#') == std::string_view::npos ? proseIn(line) : std::string_view::npos;
    if (prose != std::string_view::npos) {
      // Two of the blanks make room: the columns of what follows stay.
      out += std::string(line.substr(0, prose - 2)) + "# " + std::string(line.substr(prose)) + "\n";
      is_changed = true;
    } else {
      out += std::string(line) + "\n";
    }
  }
  if (!is_changed || !parses(out, names)) return std::nullopt;
  return out;
}

bool isOutputHeading(std::string_view line) {
  std::string word;
  for (char c : line) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool is_digit = c >= '0' && c <= '9';
    if (is_digit || c == '(' || c == '=') return false;
    if (is_letter || c == ' ') word += static_cast<char>(is_letter ? c | 32 : c);
  }
  std::string_view text = trimmedClaim(word);
  for (std::string_view known : {"output", "outputs", "expected output", "example output", "prints", "this prints", "result", "output is", "the output is", "this outputs"}) {
    if (text == known) return true;
  }
  return false;
}

std::optional<ProgramWithOutput> partedFromOutput(std::string_view text, Interner& names) {
  uint32_t line_number = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    ++line_number;
    // A comment says it to a reader of the program, and is a claim as it stands.
    bool is_heading = at > 0 && !trimmedClaim(line).starts_with("#") && isOutputHeading(line);
    if (is_heading) {
      ProgramWithOutput parted{.program = std::string(text.substr(0, at)), .output = std::string(trimmedClaim(text.substr(std::min(end + 1, text.size())))), .heading_line = line_number};
      bool is_program = !trimmedClaim(parted.program).empty() && !parted.output.empty() && parses(parted.program, names);
      return is_program ? std::optional(std::move(parted)) : std::nullopt;
    }
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace krait::cli

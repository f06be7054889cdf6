#include "cli/verify/repair.h"

#include <algorithm>

#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/parser.h"

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

}  // namespace krait::cli

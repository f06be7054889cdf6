#include "cli/example.h"

#include <algorithm>

#include "analyzer/base/file_io.h"
#include "analyzer/config/installation.h"

namespace krait::cli {

Example exampleOf(std::string_view code) {
  Example example;
  Result<std::string> file = readFile(config::shareFolder() + "/examples.txt");
  if (!file.ok()) return example;
  std::string_view rest = file.value();
  bool is_wanted = false;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.starts_with("= ")) {
      if (is_wanted) break;
      line.remove_prefix(2);
      std::string_view named = line.substr(0, line.find(' '));
      is_wanted = named == code;
      if (!is_wanted || named.size() == line.size()) continue;
      line.remove_prefix(named.size() + 1);
      example.is_stub = line.starts_with("--stub");
      example.options = example.is_stub ? line.substr(std::min(line.size(), size_t{7})) : line;
    } else if (is_wanted && line.size() >= 2) {
      std::string_view shown = line.substr(2);
      if (!shown.empty()) example.text += "    " + std::string(shown);
      if (line[0] == '>') example.text += "  # <- " + std::string(code);
      example.text += '\n';
    }
  }
  return example;
}

}  // namespace krait::cli

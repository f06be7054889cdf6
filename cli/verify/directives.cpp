// The directives of Sphinx and MyST that hold code. ref: sphinx.ext.doctest, docutils "code", MyST-NB "code-cell"
#include "cli/verify/blocks.h"

namespace krait::cli {

std::optional<Directive> directiveOf(std::string_view name, std::string_view argument) {
  std::string said(argument.substr(0, argument.find_first_of(" \t")));
  bool is_ipython = said.starts_with("ipython") || name == "ipython" || name == "code-cell";
  if (name == "code-block" || name == "sourcecode" || name == "code") return Directive{.language = said, .group = "", .is_magic = is_ipython};
  if (name == "code-cell" || name == "ipython") return Directive{.language = said.empty() ? "python" : said, .group = "", .is_magic = true};
  if (name == "doctest") return Directive{.language = "pycon", .group = said};
  if (name == "testcode" || name == "testsetup") return Directive{.language = "python", .group = said, .role = BlockRole::kTest};
  if (name == "testoutput") return Directive{.language = "text", .group = said, .role = BlockRole::kOutput};
  return std::nullopt;
}

}  // namespace krait::cli

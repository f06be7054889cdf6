// Import blocks: runs of import statements in one list of statements, read into modules, members and comments, and the
// text that isort's rules make of them. Takes a file's tree and comments; gives the wished text without its
// indentation. What always holds: the text imports the same names. ref: isort, PEP 8 "Imports"
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class Section : uint8_t { kFuture, kStandardLibrary, kThirdParty, kFirstParty, kLocalFolder };

struct ImportComments {
  std::vector<std::string> atop;    // lines before the statement or member
  std::vector<std::string> inlined;  // behind it
  std::vector<std::string> trailing;  // of a member: lines between it and the closing parenthesis; of a statement: behind that
};

struct ImportMember {
  std::string name, asname;
  ImportComments comments;
};

// `import a.b as c` (no members) or `from ..m import x, y`.
struct ImportedModule {
  bool is_from = false;
  uint32_t level = 0;
  std::string name, asname;
  std::vector<ImportMember> members;
  bool has_trailing_comma = false;
  ImportComments comments;
};

// What follows the block in its list of statements.
enum class Trailer : uint8_t { kNone, kStatement, kDefinition };

struct ImportBlock {
  std::vector<NodeId> statements;
  Trailer trailer = Trailer::kNone;
  bool is_nested = false;
};

struct ImportSettings {
  uint32_t line_length = 88, indent_width = 4, tab_width = 4;  // `indent_width`: columns before each line
  bool forces_single_line = false, combines_as = false, sorts_within_sections = false, splits_on_comma = true;
  bool orders_by_type = true, is_case_sensitive = false, wraps_aliases = false, puts_from_first = false;
  bool sorts_by_length = false, sorts_straight_by_length = false, sorts_closest_first = false;
  int lines_after = -1;
  uint32_t lines_between_types = 0;
  std::vector<std::string> sections;  // names in their order
  std::map<std::string, std::string> headings;  // by section: the comment above it, `#` included
  std::vector<std::string> single_line_exclusions, to_top, classes, constants, variables, no_lines_before, forced_separate;
};

std::vector<ImportBlock> importBlocksOf(const LintContext& context);
// Does a comment `isort: skip_file` take the file out, wherever it stands?
bool skipsImports(const LintContext& context);
std::vector<ImportedModule> readImports(const LintContext& context, const ImportBlock& block);
ImportSettings importSettings(const LintContext& context);
// The name of the section that the module's imports stand in: "third-party", or one of the user's.
std::string sectionNameOf(const LintContext& context, const ImportSettings& settings, std::string_view module, uint32_t level);
Section sectionOf(const LintContext& context, std::string_view module, uint32_t level);
// The block in order, lines ended by "\n", with the blank lines that follow it.
std::string formatImports(const LintContext& context, const ImportBlock& block, const ImportSettings& settings);
// Is the comment one that stands above a section?
bool isHeading(const ImportSettings& settings, std::string_view comment);
// Has the version of Python 3 the module, or the package that holds it?
bool isStandardLibrary(std::string_view module, uint32_t minor);

}  // namespace krait::lint

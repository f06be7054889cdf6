// One document under verification: its blocks, what is Python among them, which earlier blocks each one needs, what the
// front end says of it, and what running it showed. Takes a text (Markdown, reStructuredText, a Python file with doctests, a
// notebook); every place is a line of the document.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/star_names.h"
#include "cli/sandbox/stand_in.h"
#include "cli/verify/blocks.h"
#include "cli/verify/claims.h"
#include "cli/verify/named_files.h"
#include "cli/verify/project.h"

namespace krait::cli {

enum class BlockStatus : uint8_t { kNotPython, kSyntaxError, kUnrun, kOk, kFailed, kTimeout, kCut };

struct VerifiedBlock {
  TextBlock block;
  BlockStatus status = BlockStatus::kUnrun;
  bool is_session = false;            // `>>>`
  bool is_repaired = false;           // what does not parse runs with comments put right
  std::string program;                // with marks; what is run
  std::string plain;                  // without marks; what later blocks run before them
  std::string file;                   // the name that it has as a file; empty: none
  std::vector<std::string> defined;   // names that it binds at module level
  std::vector<std::string> missing;   // names that it uses and nothing in it defines
  std::vector<TextRange> missing_at;  // the uses, one for each missing name, in the block
  bool is_open = false;               // it may have names that nobody can read from its text
  std::map<std::string, std::string> import_of;  // the import statements of module level, by the names that they bind
  std::string unguarded;              // the text without `if __name__ == "__main__":`; empty: it has none
  std::set<std::string> guarded;      // names that are bound below the guard only
  std::vector<std::string> reads;     // files that it opens and did not write before
  std::vector<std::string> writes;    // files that it opens for writing
  std::set<std::string> imports;      // first parts of the modules that it imports
  std::set<std::string> lost;         // names that failures left without values, here or in what it needs
  std::vector<size_t> needs;          // earlier blocks to run before it, in order
  std::vector<std::string> needed_imports;  // import statements of other sections to run before those
  std::vector<Claim> claims;
  std::string called_program;         // the program with calls that stand in comments, `# main()`; empty: there are none
  std::vector<Claim> called_claims;
  std::string input;                   // for its standard input
  std::vector<std::string> arguments;  // sys.argv after the name
  std::vector<std::string> told_arguments;  // those that the text says it is started with: `# python script.py a b`
  bool is_skipped = false;             // somebody said that it shall not run
  std::string stdout_text;
  std::string stderr_text;
  int exit_code = -1;

  // Is it Python that parses?
  bool isChecked() const { return status != BlockStatus::kNotPython && status != BlockStatus::kSyntaxError && !is_skipped; }
  bool isRunnable() const { return (status == BlockStatus::kUnrun || is_repaired) && !is_skipped; }
};

struct VerifiedDocument {
  FileId id;
  std::string module_path;  // of a Python file whose doctests these are
  DocumentProject project;  // that every block can import from
  std::vector<NamedFile> files;  // that every block finds
  std::shared_ptr<const StandIns> stand_ins;  // pages of the network that every block finds; none: nullptr
  std::vector<VerifiedBlock> blocks;
  std::vector<Diagnostic> findings;
};

// The kind of a document follows from its name.
bool isDocument(std::string_view path);

// The static part: blocks, syntax errors, names, claims. Recurses over trees: needs a deep stack.
VerifiedDocument readDocument(const SourceFile& file, FileId id, semantic::StarNames& star_names, Interner& names, const semantic::ImportResolver& library);

// The names that a text gives values to, for those after it; none of one that does not parse.
std::vector<std::string> boundNames(const std::string& source, Interner& names);

// Which program of a block is meant.
enum class BlockForm : uint8_t { kWritten, kCalled };

// The whole program of a block: what it needs, a mark, itself.
std::string programOf(const VerifiedDocument& document, size_t index, BlockForm form = BlockForm::kWritten);

// The files that it finds in its folder.
std::vector<NamedFile> filesOf(const VerifiedDocument& document, size_t index);

// What one run of a block's program showed. `claims`: the block's, judged.
struct BlockRun {
  BlockStatus status = BlockStatus::kUnrun;
  std::string stdout_text;
  std::string stderr_text;
  int exit_code = -1;
  std::vector<Claim> claims;
  bool has_unreached = false;  // statements with claims or remarks that did not run
};
// Takes what the program printed, marks and all, and fills in the block's own output and the verdicts.
void judgeRun(const VerifiedBlock& block, std::string_view output, BlockForm form, BlockRun& run);

// The line of a program's error output that says what was raised, `ValueError: …`, which notes may follow; else its last line.
std::string_view errorLineOf(std::string_view stderr_text);

// Keeps a run's outcome and adds the findings that follow from it.
void recordRun(VerifiedDocument& document, const SourceFile& file, size_t index, BlockRun run);

// Adds a finding in the document's own lines.
void sayFinding(VerifiedDocument& document, Rule rule, TextRange range, std::initializer_list<std::string_view> arguments);

// The line of the document that a claim stands on, 1-based.
uint32_t lineOfClaim(const VerifiedBlock& block, const Claim& claim);

// A range of a block's text as a range of the document.
TextRange documentRange(const SourceFile& file, const TextBlock& block, TextRange range);

std::string_view statusName(BlockStatus status);

}  // namespace krait::cli

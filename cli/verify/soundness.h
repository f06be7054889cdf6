// What the checker says of documents' programs, and whether it is true: the types of a block's program beside the values that
// every expression, parameter and result really had.
#pragma once

#include <memory>

#include "cli/verify/block_program.h"
#include "cli/verify/run.h"

namespace krait::cli {

// The checker over the programs of all blocks, which are files beside each other for it. Needs a deep stack.
class BlockChecker {
 public:
  // `roots`: the folders with the documents' own modules.
  explicit BlockChecker(const std::vector<std::string>& roots);
  ~BlockChecker();

  // A program that questions will be asked about. Enter all of them first: what they import is read once.
  void enter(const SourceFile& file, const VerifiedDocument& document, size_t index);
  // Of a program that was entered: adds the checker's findings in the block's own lines.
  void addTypeFindings(const SourceFile& file, VerifiedDocument& document, size_t index);
  // Adds the linter's, of the rules that the configuration of the current folder selects.
  void addLintFindings(const SourceFile& file, VerifiedDocument& document, size_t index);
  // Adds what `observations` (interp/observe.h) show that the checker's types leave out, and where Any hid what came by.
  // Programs in which the checker finds errors are left out: nothing is promised there.
  void addSoundness(const SourceFile& file, VerifiedDocument& document, size_t index, const std::string& observations);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Runs the block's plain program once more, and gives what was observed; empty when it did not run.
std::string observeBlock(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index);

}  // namespace krait::cli

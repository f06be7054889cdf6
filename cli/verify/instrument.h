// A block with marks around the statements that have claims, so that a run tells what each of them printed, gave or raised.
// Lines keep their numbers wherever the text lets them; the marks do not show in the program's names or files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/verify/claims.h"

namespace krait::cli {

// The block's program. Claims of one statement share the marks of the first.
std::string instrumented(const syntax::Ast& ast, const std::vector<Claim>& claims);

// A statement that runs what another block says, in the same names; what it prints goes away with what comes before the
// start mark, and an error in it stops nothing.
std::string earlierBlock(std::string_view text);

// The program of a session: its examples one after the other, each as if it were typed in.
std::string sessionProgram(const std::vector<Claim>& claims);

// A statement that prints a mark of its own: what follows is the output of the block itself, not of what it needs.
std::string startMark();

// What a program with marks wrote about its errors, as the program without them would have: the lines of tracebacks say what
// the block says, and files are named within `folder`, where it ran.
std::string plainError(std::string_view text, const std::string& folder);

// The output after the start mark; the whole output when there is none.
std::string_view afterStartMark(std::string_view output);
bool hasStartMark(std::string_view output);

// Takes the marks out of what an instrumented program printed, and fills in what was seen.
std::string readMarks(std::string_view output, std::vector<Claim>& claims);

}  // namespace krait::cli

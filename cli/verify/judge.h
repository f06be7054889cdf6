// The verdict on each claim: what its text says against what was seen when its statement ran.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verify/claims.h"

namespace krait::cli {

// Sets the verdicts. `error`: the line of a failed program that says what was raised; empty when it did not fail. `output`: all that
// the block printed. Takes out remarks that turn out to claim nothing.
void judgeClaims(std::vector<Claim>& claims, std::string_view error, std::string_view output);

// The exception that ended the program is one that a claim names.
bool isErrorClaimed(const std::vector<Claim>& claims);

// Wrong claims that hold in a run with the arguments that the text tells.
void acceptTold(std::vector<Claim>& claims, const std::vector<Claim>& told);

// Claims and remarks that were not reached, with the verdicts of a run in which calls that stand in comments were made.
void acceptCalled(std::vector<Claim>& claims, const std::vector<Claim>& called);

// `NameError: …` of a session's example that raised where a value or nothing was expected; else empty.
std::string unexpectedError(const Claim& claim);

// Does `NameError: name 'x' …` speak of one of these names?
bool missesOneOf(std::string_view error, const std::set<std::string>& lost);

// A session's example that failed leaves names without values; examples that miss them say nothing of their own and are not
// reached. `lost`: those of blocks before, and afterwards this one's too.
void passFailuresOn(std::vector<Claim>& claims, std::set<std::string>& lost);

// What differs between two runs of one program is a sample, not a claim.
void compareRuns(std::vector<Claim>& claims, const std::vector<Claim>& again);

}  // namespace krait::cli

// Claims: what a block's comments say that a statement prints or is. Takes a block's tree; gives each claim with its
// statement, and the block's text with markers put in, so that a run tells what each statement printed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::cli {

// `# Output: 5` and the like; a bare value `# 5`; another comment behind a call, which is a claim when it speaks of
// what was printed.
enum class ClaimForm : uint8_t { kOutput, kValue, kRemark };
enum class Verdict : uint8_t { kHolds, kWrong, kSample, kUnreached, kUnchecked };

struct Claim {
  uint32_t line = 0;  // 1-based, in the block
  std::string text;   // what is claimed
  ClaimForm form = ClaimForm::kOutput;
  TextRange statement;     // whose doing it is
  std::string shown_name;  // of an assignment: the name whose value is meant; empty: what was printed
  std::string printed;     // by the statement
  std::string value;       // repr of shown_name after it
  Verdict verdict = Verdict::kUnreached;
};

// The claims of module-level statements, in order.
std::vector<Claim> findClaims(const syntax::Ast& ast);

// The block with a marker line before and after each statement that has a claim.
std::string markedProgram(const syntax::Ast& ast, const std::vector<Claim>& claims);

// Takes the markers out of what a marked program printed, and fills in what was seen and the verdicts.
// `is_repeatable`: nothing in the program changes from run to run; else a difference makes the claim a sample.
std::string judgeClaims(std::string_view output, std::vector<Claim>& claims, bool is_repeatable);

// What a claim is compared with, for people.
std::string actualText(const Claim& claim);

// Whether a program asks for the time, randomness or its own process.
bool isRepeatable(std::string_view program);

std::string_view verdictName(Verdict verdict);

}  // namespace krait::cli

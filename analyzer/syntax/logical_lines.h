// Counts the logical lines of a text without tokens: a cheap sum to hold against the number of lines that a tree has.
#pragma once

#include <cstdint>
#include <string_view>

namespace krait::syntax {

// How many logical lines a text has (language reference 2.1.1): lines that are not blank, joined where brackets,
// strings and backslashes join them. Right for every text whose strings are closed and whose format strings do not
// hold their own quotes; for others a number that need not be right.
uint32_t countLogicalLines(std::string_view text);

}  // namespace krait::syntax

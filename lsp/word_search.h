// What the text of a file alone tells, without its tree: for files that nobody has open and whose index is still to come.
// Answers from here are good guesses, quickly made; the index gives the exact ones.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lsp/file_index.h"

namespace krait::lsp {

// Can the byte be part of a name? All of what is not ASCII can.
bool isWordByte(char c);

// Does the text hold the word, not only as a part of longer ones?
bool holdsWord(std::string_view text, std::string_view word);

enum class WordUse : uint8_t { kName, kAttribute };
// Offsets where the word stands outside strings and comments: plain, or behind a dot.
std::vector<uint32_t> wordPlaces(std::string_view text, std::string_view word, WordUse use);

// … and where it stands in short strings that look like annotations: `x: "Word"`, `list["Word | None"]`.
std::vector<uint32_t> quotedPlaces(std::string_view text, std::string_view word);

// What the beginnings of lines define: classes and functions anywhere, variables at the left margin.
std::vector<IndexedSymbol> symbolsByLines(std::string_view text);

// X of `… module as X` in an import of the text, or "".
std::string_view aliasOf(std::string_view text, std::string_view module);

}  // namespace krait::lsp

// The parser's input: the tokenizer's tokens with strings whole, and every token with the gap before it.
//
// What always holds: gaps and tokens alternate and cover the text. The comments before a dedent are shared out by
// their columns: what stands at the inner block's column or deeper belongs to the dedent's gap.
#pragma once

#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::format {

struct InputToken {
  syntax::TokenKind kind;
  TextRange range;
  TextRange gap;
  uint32_t line;  // 1-based
};

// `list`: the text's tokens without trivia. Empty when the text is not tokens.
std::vector<InputToken> readInput(std::string_view source, const syntax::TokenList& list);

}  // namespace krait::format

// What the parse table says for a state and a symbol. tree-sitter keeps the rows of all but a few states as groups of
// symbols that it searches from the front, once for each token and each reduction: a tenth of a parse. The answers are
// kept here, one for each slot, and most of them are asked for again at once. There is one language. Only for parser_library.c.
#pragma once

#define ts_language_lookup searchParseTable
#include <language.h>
#undef ts_language_lookup

enum { kKeptAnswers = 2048 };

typedef struct {
  uint32_t question;  // state and symbol, and 1 more than they are: 0 is no question
  uint16_t answer;
} KeptAnswer;

static _Thread_local KeptAnswer kept_answers[kKeptAnswers];

static inline uint16_t ts_language_lookup(const TSLanguage *language, TSStateId state, TSSymbol symbol) {
  if (state < language->large_state_count) return language->parse_table[state * language->symbol_count + symbol];
  const uint32_t question = ((uint32_t)state << 16 | symbol) + 1;
  KeptAnswer *const kept = &kept_answers[(state * 31u + symbol) % kKeptAnswers];
  if (kept->question == question) return kept->answer;
  const uint16_t answer = searchParseTable(language, state, symbol);
  kept->question = question;
  kept->answer = answer;
  return answer;
}

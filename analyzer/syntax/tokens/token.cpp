#include "analyzer/syntax/tokens/token.h"

#include <cstring>

namespace krait::syntax {

static constexpr std::string_view kKindTexts[] = {
#define KEYWORD(Name, text) text,
#define OPERATOR(Name, text) text,
#define OTHER(Name, shown) shown,
#include "analyzer/syntax/tokens/token_kinds.def"
};

std::string_view tokenKindText(TokenKind kind) { return kKindTexts[static_cast<uint8_t>(kind)]; }

bool isKeyword(TokenKind kind) { return kind >= TokenKind::kKwFalse && kind <= TokenKind::kKwYield; }

// The keywords by their first letter: at most five each.
static TokenKind pick(std::string_view word, std::initializer_list<TokenKind> candidates) {
  for (TokenKind kind : candidates) {
    std::string_view text = tokenKindText(kind);
    if (text.size() == word.size() && std::memcmp(text.data(), word.data(), word.size()) == 0) return kind;
  }
  return TokenKind::kName;
}

TokenKind wordKind(std::string_view word) {
  using enum TokenKind;
  if (word.size() < 2 || word.size() > 8) return kName;
  switch (word[0]) {
    case 'F': return pick(word, {kKwFalse});
    case 'N': return pick(word, {kKwNone});
    case 'T': return pick(word, {kKwTrue});
    case 'a': return pick(word, {kKwAnd, kKwAs, kKwAssert, kKwAsync, kKwAwait});
    case 'b': return pick(word, {kKwBreak});
    case 'c': return pick(word, {kKwClass, kKwContinue});
    case 'd': return pick(word, {kKwDef, kKwDel});
    case 'e': return pick(word, {kKwElse, kKwElif, kKwExcept});
    case 'f': return pick(word, {kKwFor, kKwFrom, kKwFinally});
    case 'g': return pick(word, {kKwGlobal});
    case 'i': return pick(word, {kKwIf, kKwIn, kKwIs, kKwImport});
    case 'l': return pick(word, {kKwLambda});
    case 'n': return pick(word, {kKwNot, kKwNonlocal});
    case 'o': return pick(word, {kKwOr});
    case 'p': return pick(word, {kKwPass});
    case 'r': return pick(word, {kKwReturn, kKwRaise});
    case 't': return pick(word, {kKwTry});
    case 'w': return pick(word, {kKwWith, kKwWhile});
    case 'y': return pick(word, {kKwYield});
    default: return kName;
  }
}

}  // namespace krait::syntax

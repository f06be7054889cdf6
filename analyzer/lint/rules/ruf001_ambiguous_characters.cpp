// RUF001, RUF002, RUF003: characters of strings, docstrings and comments that look like others.
#include <algorithm>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/base/unicode_names.h"
#include "analyzer/lint/confusables.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

namespace {
struct Found {
  TextRange range;
  uint32_t looks_like;
};
struct Word {
  std::vector<Found> candidates;
  bool has_ascii = false, has_other = false;
};
}  // namespace

// The only one that looks like a character outside of ASCII; in the preview.
static constexpr uint32_t kMicroSign = 0xb5, kGreekMu = 0x3bc;

static uint32_t decodeAt(std::string_view text, uint32_t at, uint32_t* size) {
  unsigned char c = static_cast<unsigned char>(text[at]);
  *size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (*size == 1) return c;
  uint32_t value = c & (0xff >> (*size + 1));
  for (uint32_t i = 1; i < *size; ++i) value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
  return value;
}

// Letters, numbers, the vowel points of Hebrew and Arabic, and the vowel signs of Indic alphabets; not what joins or silences letters.
static bool isWordCharacter(uint32_t c) {
  if (unicode::isAlnum(c)) return true;
  bool is_point = (c >= 0x5b0 && c <= 0x5c7) || (c >= 0x610 && c <= 0x61a) || (c >= 0x64b && c <= 0x65f && c != 0x658) || c == 0x670;
  if (is_point) return unicode::isIdentifierContinue(c);
  bool is_silent = c >= 0x900 && c < 0xd80 && ((c & 0x7f) == 0x4d || (c & 0x7f) == 0x3c);  // virama, nukta
  return c >= 0x900 && c < 0x2000 && !is_silent && unicode::isIdentifierContinue(c);
}

static bool isAllowed(const LintContext& context, std::string_view character) {
  const std::vector<std::string>* allowed = context.options.list("allowed-confusables");
  return allowed != nullptr && std::find(allowed->begin(), allowed->end(), character) != allowed->end();
}

static void report(LintContext& context, Rule rule, const Found& found) {
  std::string_view character = context.ast.text(found.range);
  if (isAllowed(context, character)) return;
  uint32_t size;
  std::string name = unicodeName(decodeAt(character, 0, &size));
  std::string other;
  unicode::appendUtf8(other, found.looks_like);
  context.sink.begin(rule, found.range, {character, name, other, unicodeName(found.looks_like)});
}

// A word of another alphabet is meant as it is; one with ASCII letters in it, or of lookalikes only, may be a mistake.
static void endWord(LintContext& context, Rule rule, Word& word) {
  if (word.has_ascii || !word.has_other) {
    for (const Found& found : word.candidates) report(context, rule, found);
  }
  word = Word();
}

static void checkText(LintContext& context, Rule rule, TextRange range) {
  std::string_view text = context.ast.text();
  bool has_other = false;
  for (uint32_t i = range.begin; i < range.end && !has_other; ++i) has_other = static_cast<unsigned char>(text[i]) >= 0x80;
  if (!has_other) return;
  Word word;
  for (uint32_t at = range.begin, size = 1; at < range.end; at += size) {
    uint32_t character = decodeAt(text, at, &size);
    uint32_t looks_like = character < 0x80 ? 0 : character == kMicroSign && context.options.preview ? kGreekMu : static_cast<unsigned char>(confusable(character));
    Found found{{at, at + size}, looks_like};
    if (!isWordCharacter(character)) {
      endWord(context, rule, word);
      if (looks_like != 0) report(context, rule, found);
    } else if (character < 0x80) {
      word.has_ascii = true;
    } else if (looks_like != 0) {
      word.candidates.push_back(found);
    } else {
      word.has_other = true;
    }
  }
  endWord(context, rule, word);
}

void checkAmbiguousCharacters(LintContext& context) {
  const Ast& ast = context.ast;
  for (const syntax::Comment& comment : ast.comments()) checkText(context, "RUF003"_rule, {comment.begin, comment.end});
  std::vector<uint32_t> docstrings = docstringStarts(ast);
  for (const Token& token : context.tokens.all()) {
    if (token.kind == TokenKind::kFStringMiddle) {
      checkText(context, "RUF001"_rule, token.range());
    } else if (token.kind == TokenKind::kString) {
      if (ast.text()[token.begin] == 'b' || ast.text()[token.begin] == 'B') continue;
      bool is_docstring = std::binary_search(docstrings.begin(), docstrings.end(), token.begin);
      checkText(context, is_docstring ? "RUF002"_rule : "RUF001"_rule, token.range());
    }
  }
}

}  // namespace krait::lint

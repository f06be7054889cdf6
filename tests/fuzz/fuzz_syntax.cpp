// Any bytes: decoding, the tokenizer and the exact syntax check never crash, tokens stand in order inside the text, and
// an error has a message and a place inside the text. A text that the grammar accepts goes through the compile checks.
#include <cstdint>
#include <string_view>

#include "analyzer/base/check.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/tokens/tokenizer.h"

using namespace krait::syntax;

static void checkTokens(std::string_view text, Trivia trivia) {
  TokenList list = tokenize(text, trivia);
  CHECK(!list.tokens.empty(), "a token list ends in a token");
  CHECK((list.tokens.back().kind == TokenKind::kError) == list.error.has_value(), "an error ends the list");
  uint32_t last = 0;
  for (const Token& token : list.tokens) {
    CHECK(token.begin <= token.end && token.end <= text.size(), "a token lies inside the text");
    CHECK(token.begin >= last || token.kind == TokenKind::kError, "tokens come in order");
    last = token.kind == TokenKind::kError ? last : token.begin;
  }
}

static void checkError(std::string_view text, const std::optional<SyntaxError>& error) {
  if (!error) return;
  CHECK(!error->message.empty(), "an error has a message");
  CHECK(error->range.begin <= error->range.end && error->range.end <= text.size(), "an error lies inside the text");
  CHECK(error->line >= 0 && error->column >= -1, "an error has a place");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  SourceText source = decodeSource(bytes);
  checkError(bytes, source.error);
  if (source.error) return 0;
  checkTokens(source.text, Trivia::kDrop);
  checkTokens(source.text, Trivia::kKeep);
  std::optional<SyntaxError> error = findSyntaxError(source.text);
  checkError(source.text, error);
  if (error) return 0;
  krait::Interner names;
  ParsedModule module = parseModule(source.text, names, SyntaxCheck::kWhenSuspicious);
  checkError(source.text, krait::semantic::findCompileError(module.ast, names));
  return 0;
}

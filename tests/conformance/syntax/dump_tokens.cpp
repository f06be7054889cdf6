// Prints the tokens of files, or only the time that tokenizing took: `dump_tokens [--time] FILE...`.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "analyzer/syntax/tokens/tokenizer.h"

using namespace krait;
using namespace krait::syntax;

static void printTokens(const std::string& text) {
  TokenList list = tokenize(text, Trivia::kKeep);
  LineIndex lines(text);
  for (const Token& token : list.tokens) {
    LineColumn begin = lines.locate(token.begin, ColumnUnit::kUtf32);
    LineColumn end = lines.locate(token.end, ColumnUnit::kUtf32);
    bool is_name = isKeyword(token.kind);
    std::printf("%s %u,%u-%u,%u %.*s\n", is_name ? "NAME" : std::string(tokenKindText(token.kind)).c_str(), begin.line + 1,
                begin.column, end.line + 1, end.column, static_cast<int>(token.end - token.begin), text.data() + token.begin);
  }
  if (list.error) {
    const SyntaxError& e = list.error->error;
    std::printf("error %s %d %d %d %d\n", e.message.c_str(), e.line, e.column, e.end_line, e.end_column);
  }
}

int main(int argc, char** argv) {
  bool time_only = argc > 1 && std::strcmp(argv[1], "--time") == 0;
  double seconds = 0;
  size_t bytes = 0;
  size_t errors = 0;
  for (int i = time_only ? 2 : 1; i < argc; ++i) {
    Result<std::string> text = readFile(argv[i]);
    if (!text.ok()) return 2;
    if (!time_only) {
      printTokens(text.value());
      continue;
    }
    auto start = std::chrono::steady_clock::now();
    TokenList list = tokenize(text.value());
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bytes += text.value().size();
    errors += list.error.has_value();
  }
  if (time_only) std::printf("%.1f MB/s, %zu bytes, %zu errors\n", static_cast<double>(bytes) / 1e6 / seconds, bytes, errors);
  return 0;
}

// What findSyntaxError and findCompileError say of files, one JSON line each: `syntax_only [MODE] FILE...`.
// MODE --grammar: only what the grammar says; --module: what parseModule says, which asks the grammar only about texts
// that look suspicious; --time: only the speed of the grammar check.
#include <cstdio>
#include <cstring>
#include <ctime>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "analyzer/syntax/syntax_errors.h"

using namespace krait;
using namespace krait::syntax;

static std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

static void printVerdict(const char* path, const std::optional<SyntaxError>& error) {
  if (!error) {
    std::printf("{\"file\":%s,\"ok\":true}\n", quoted(path).c_str());
    return;
  }
  std::printf("{\"file\":%s,\"ok\":false,\"class\":\"%s\",\"message\":%s,\"line\":%d,\"column\":%d,\"end_line\":%d,"
              "\"end_column\":%d}\n",
              quoted(path).c_str(), std::string(syntaxErrorClassName(error->error_class)).c_str(),
              quoted(error->message).c_str(), error->line, error->column, error->end_line, error->end_column);
}

enum class Mode : uint8_t { kAll, kGrammar, kModule, kQuick, kTime };

struct Totals {
  double seconds = 0;
  size_t bytes = 0;
  size_t errors = 0;
};

static std::optional<SyntaxError> findError(std::string_view bytes, Mode mode) {
  SourceText source = decodeSource(bytes);
  if (mode == Mode::kModule || mode == Mode::kQuick) {
    Interner names;
    SyntaxCheck check = mode == Mode::kModule ? SyntaxCheck::kAlways : SyntaxCheck::kWhenSuspicious;
    return source.error ? source.error : parseModule(source.text, names, check).error;
  }
  std::optional<SyntaxError> error = source.error ? source.error : findSyntaxError(source.text);
  if (error || mode != Mode::kAll) return error;
  Interner names;
  ParsedModule module = parseModule(source.text, names);
  return semantic::findCompileError(module.ast, names);
}

static int checkFile(const char* path, Mode mode, Totals& totals) {
  Result<std::string> text = readFile(path);
  if (!text.ok()) {
    std::fprintf(stderr, "%s\n", text.message().c_str());
    return 2;
  }
  std::clock_t start = std::clock();
  std::optional<SyntaxError> error = findError(text.value(), mode);
  totals.seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;  // of the processor: other load does not count
  totals.bytes += text.value().size();
  totals.errors += error.has_value();
  if (mode != Mode::kTime) printVerdict(path, error);
  return 0;
}

int main(int argc, char** argv) {
  Mode mode = Mode::kAll;
  int first = 1;
  if (argc > 1 && std::strcmp(argv[1], "--time") == 0) mode = Mode::kTime, ++first;
  if (argc > 1 && std::strcmp(argv[1], "--grammar") == 0) mode = Mode::kGrammar, ++first;
  if (argc > 1 && std::strcmp(argv[1], "--module") == 0) mode = Mode::kModule, ++first;
  if (argc > 1 && std::strcmp(argv[1], "--quick") == 0) mode = Mode::kQuick, ++first;
  Totals totals;
  int exit_code = 0;
  runOnDeepStack([&] {
    for (int i = first; i < argc && exit_code == 0; ++i) exit_code = checkFile(argv[i], mode, totals);
  });
  if (mode == Mode::kTime) {
    std::printf("%.1f MB/s, %zu bytes, %zu rejected\n", static_cast<double>(totals.bytes) / 1e6 / totals.seconds,
                totals.bytes, totals.errors);
  }
  return exit_code;
}

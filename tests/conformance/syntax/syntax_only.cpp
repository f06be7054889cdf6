// What findSyntaxError says of files, one JSON line each: `syntax_only FILE...`. `--time FILE...`: only the speed.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "analyzer/base/file_io.h"
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

int main(int argc, char** argv) {
  bool time_only = argc > 1 && std::strcmp(argv[1], "--time") == 0;
  double seconds = 0;
  size_t bytes = 0;
  size_t errors = 0;
  for (int i = time_only ? 2 : 1; i < argc; ++i) {
    Result<std::string> text = readFile(argv[i]);
    if (!text.ok()) {
      std::fprintf(stderr, "%s\n", text.message().c_str());
      return 2;
    }
    std::string_view source = text.value();
    if (source.starts_with("\xef\xbb\xbf")) source.remove_prefix(3);
    auto start = std::chrono::steady_clock::now();
    std::optional<SyntaxError> error = findSyntaxError(source);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bytes += source.size();
    errors += error.has_value();
    if (!time_only) printVerdict(argv[i], error);
  }
  if (time_only) std::printf("%.1f MB/s, %zu bytes, %zu rejected\n", static_cast<double>(bytes) / 1e6 / seconds, bytes, errors);
  return 0;
}

// ast_dump LISTING: for each file named in LISTING (one path a line), a line "### path" and its syntax tree.
#include <cstdio>

#include "analyzer/base/file_io.h"
#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/verify_ast.h"

static void dumpFile(const std::string& path) {
  krait::Result<std::string> bytes = krait::readFile(path);
  std::printf("### %s\n", path.c_str());
  if (!bytes.ok() || krait::findInvalidUtf8(bytes.value()) != std::string::npos) return;
  krait::Interner names;
  krait::syntax::ParsedModule module = krait::syntax::parseModule(bytes.value(), names);
  std::string problem = krait::syntax::verifyAst(module.ast);
  if (!problem.empty()) std::printf("broken tree: %s\n", problem.c_str());
  std::fputs(krait::syntax::dumpAst(module.ast, krait::syntax::DumpRanges::kLineColumn).c_str(), stdout);
}

int main(int argc, char** argv) {
  krait::Result<std::string> listing = krait::readFile(argc > 1 ? argv[1] : "");
  if (!listing.ok()) {
    std::fprintf(stderr, "usage: ast_dump LISTING\n");
    return 2;
  }
  std::string_view rest = listing.value();
  while (!rest.empty()) {
    size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) dumpFile(std::string(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return 0;
}

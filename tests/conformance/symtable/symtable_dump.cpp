// symtable_dump FILE…: one line per file, the path, a tab and its symbol table as dumpSymtable writes it.
#include <cstdio>
#include <string>

#include "analyzer/base/file_io.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/dump_scopes.h"
#include "analyzer/syntax/parser.h"

int main(int argc, char** argv) {
  krait::Interner names;
  for (int i = 1; i < argc; ++i) {
    krait::Result<std::string> text = krait::readFile(argv[i]);
    if (!text.ok()) {
      std::fprintf(stderr, "%s\n", text.message().c_str());
      return 2;
    }
    krait::syntax::ParsedModule module = krait::syntax::parseModule(text.value(), names);
    krait::semantic::SemanticModel model = krait::semantic::bind(module.ast, names);
    std::printf("%s\t%s\n", argv[i], krait::semantic::dumpSymtable(model).c_str());
  }
  return 0;
}

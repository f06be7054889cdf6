// Any bytes: parsing and lowering never crash, and the tree keeps its invariants.
#include <cstdint>
#include <string_view>

#include "analyzer/base/check.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/verify_ast.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  text = text.substr(0, krait::findInvalidUtf8(text));
  krait::Interner names;
  krait::syntax::ParsedModule module = krait::syntax::parseModule(text, names);
  std::string problem = krait::syntax::verifyAst(module.ast);
  CHECK(problem.empty(), problem.c_str());
  return 0;
}

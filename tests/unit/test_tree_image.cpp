// Trees as bytes: what is read back is the tree that was written, and damaged bytes are refused.
#include <string>

#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/tree_image.h"
#include "tests/unit/catch.h"

using namespace krait;

static const std::string kText =
    "import os.path as p\n"
    "class C[T: int = str](Base, metaclass=M):\n"
    "    'doc\\n'  # a comment\n"
    "    x: 'list[int]' = 0xFFFFFFFFFFFFFFFFFFFFFF + 1.5 - 2j\n"
    "    async def f(self, a, /, b=b'\\xff', *args: int, c: str = \"\\N{BULLET}\", **kw) -> None: ...\n"
    "match v:\n"
    "    case {'k': [1, *rest], **more} | C(x=None) if rest < more <= 3: pass\n"
    "print(f'{v!r:>{width}} {x=}', *(y for y in z), sep='')\n";

TEST_CASE("a tree read back is the tree that was written") {
  Interner names, others;
  others.intern("so that names have other numbers");
  syntax::ParsedModule module = syntax::parseModule(kText, names);
  REQUIRE(!module.error);
  std::string image = syntax::writeTreeImage(module.ast);
  std::string copy = kText;
  auto read = syntax::readTreeImage(image, copy, others);
  REQUIRE(read);
  CHECK(syntax::dumpAst(*read, syntax::DumpRanges::kLineColumn) == syntax::dumpAst(module.ast, syntax::DumpRanges::kLineColumn));
  CHECK(read->comments().size() == module.ast.comments().size());
  for (uint32_t i = 0; i < read->nodeCount(); ++i) REQUIRE(read->parent(syntax::NodeId(i)) == module.ast.parent(syntax::NodeId(i)));
}

TEST_CASE("bytes that are not the whole image of the text are refused") {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(kText, names);
  std::string image = syntax::writeTreeImage(module.ast);
  for (size_t size = 0; size < image.size(); size += 8) CHECK(!syntax::readTreeImage(image.substr(0, size), kText, names));
  CHECK(!syntax::readTreeImage(image, kText + "\n", names));
}

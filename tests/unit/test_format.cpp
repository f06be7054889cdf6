// The formatter's check on itself: which texts it takes for the same.
#include <string>

#include "analyzer/format/concrete.h"
#include "analyzer/format/meaning.h"
#include "tests/unit/catch.h"

using krait::format::Meaning;

static Meaning meaningOf(const std::string& text) {
  krait::syntax::TokenList tokens = krait::syntax::tokenize(text);
  krait::format::ConcreteTree tree = krait::format::parseConcrete(text, tokens);
  REQUIRE(tree.root.valid());
  return krait::format::meaningOf(tree);
}

TEST_CASE("texts that mean the same have equal sums") {
  const char* pairs[][2] = {
      {"x = (a)\n", "x = a\n"},
      {"x = ((a + b))\n", "x = a + b\n"},
      {"(a, b) = c\n", "a, b = c\n"},
      {"x = a,\n", "x = (a,)\n"},
      {"f(a, b,)\n", "f(a, b)\n"},
      {"f(a,)\n", "f(a)\n"},
      {"x = [1,]\n", "x = [1]\n"},
      {"x = {1: 2,}\n", "x = {1: 2}\n"},
      {"x = {1,}\n", "x = {1}\n"},
      {"def f(a,): pass\n", "def f(a):\n    pass\n"},
      {"a; b;\n", "a\nb\n"},
      {"class A(): pass\n", "class A:\n    pass\n"},
      {"from a import (b, c,)\n", "from a import b, c\n"},
      {"with (a, b): pass\n", "with a, b:\n    pass\n"},
      {"with (a as b): pass\n", "with a as b:\n    pass\n"},
      {"x = 'a\"'\n", "x = \"a\\\"\"\n"},
      {"x = U'a'\n", "x = \"a\"\n"},
      {"x = 0XAB + 1E5 + 1.\n", "x = 0xAB + 1e5 + 1.0\n"},
      {"x = -2 ** 8\n", "x = -(2**8)\n"},
      {"'''  a\n   b  '''\n", "\"\"\"a\nb\"\"\"\n"},
      {"async def f(): await (a.b(c))\n", "async def f():\n    await a.b(c)\n"},
      {"x = 1 \\\n  + 2\n", "x = 1 + 2\n"},
  };
  for (auto& pair : pairs) {
    INFO(pair[0]);
    CHECK(meaningOf(pair[0]) == meaningOf(pair[1]));
  }
}

TEST_CASE("texts that mean something else have other sums") {
  const char* pairs[][2] = {
      {"x = (a,)\n", "x = a\n"},
      {"x = (a + b) * c\n", "x = a + b * c\n"},
      {"x = a - (b - c)\n", "x = a - b - c\n"},
      {"f((a, b))\n", "f(a, b)\n"},
      {"x[a,]\n", "x[a]\n"},
      {"x = 'a'\n", "x = b'a'\n"},
      {"x = 'a'\n", "x = 'b'\n"},
      {"x = r'\\n'\n", "x = '\\n'\n"},
      {"x = 'a  b'\n", "x = 'a b'\n"},
      {"async def f():\n    await (a ** b)\n", "async def f():\n    await a ** b\n"},
      {"a\nb\n", "a.b\n"},
      {"if a:\n    b\nc\n", "if a:\n    b\n    c\n"},
      {"x = a if b else c\n", "x = a if c else b\n"},
      {"x = {1: 2}\n", "x = {1, 2}\n"},
      {"x = (a for b in c)\n", "x = [a for b in c]\n"},
      {"with (a, b) as c: pass\n", "with a, b as c: pass\n"},
      {"x = not (a in b)\n", "x = (not a) in b\n"},
      {"x = ()\n", "x = []\n"},
      {"x = lambda: (a, b)\n", "x = lambda: a, b\n"},
      {"del a\n", "del a.b\n"},
      {"x = 1\n", "x = 1  # c\n"},
      {"a < (b < c)\n", "a < b < c\n"},
      {"a -b\n", "a\n-b\n"},
      {"@a\ndef f(): pass\n", "def f(): pass\n"},
      {"def f(a, /): pass\n", "def f(a): pass\n"},
      {"x: int\n", "x = int\n"},
  };
  for (auto& pair : pairs) {
    INFO(pair[0] << pair[1]);
    CHECK(meaningOf(pair[0]) != meaningOf(pair[1]));
  }
}

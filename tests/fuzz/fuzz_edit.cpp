// A text and edits to it: parsing with the edited tree gives what a fresh parse gives, and so does reparsing only what was
// edited; the tree of a broken text is a sound one. The input is the text; its bytes also choose the edits.
#include <algorithm>
#include <cstdint>
#include <string>

#include "analyzer/base/check.h"
#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/reparse.h"
#include "analyzer/syntax/verify_ast.h"

namespace syntax = krait::syntax;

static constexpr const char* kInserts[] = {"x", "\n", "(", ")", " ", "    ", "def f():\n    pass\n", "\"", "#", ":", "if x:\n",
                                           "\xc3\xa9", ",", "=", "1"};

static std::string dump(const syntax::SyntaxTree& tree, std::string_view text) {
  krait::Interner names;
  return syntax::dumpAst(syntax::parseModule(text, tree, names).ast, syntax::DumpRanges::kLineColumn);
}

// The edit that byte `seed` asks for, at a UTF-8 boundary.
static syntax::TextEdit applyEdit(std::string* text, uint32_t seed) {
  auto boundary = [&](uint32_t at) {
    while (at < text->size() && (static_cast<unsigned char>((*text)[at]) & 0xc0) == 0x80) ++at;
    return std::min(at, static_cast<uint32_t>(text->size()));
  };
  uint32_t begin = boundary(seed * 2654435761u % (static_cast<uint32_t>(text->size()) + 1));
  uint32_t old_end = boundary(std::min(begin + seed % 7, static_cast<uint32_t>(text->size())));
  std::string inserted = seed % 3 == 0 ? "" : kInserts[seed % std::size(kInserts)];
  text->replace(begin, old_end - begin, inserted);
  return {begin, old_end, begin + static_cast<uint32_t>(inserted.size())};
}

static void checkReparse(const std::string& before, const std::string& text, const syntax::TextEdit& edit) {
  krait::Interner names;
  syntax::ParsedModule old = syntax::parseModule(before, names);
  if (old.error) return;
  syntax::Reparsed edited = syntax::reparse(old.ast, text, edit, names, syntax::KeepBroken::kYes);
  if (edited.broken) {
    std::string problem = syntax::verifyAst(*edited.broken);
    CHECK(problem.empty(), problem.c_str());
  }
  syntax::ParsedModule whole = syntax::parseModule(text, names);
  if (!edited.ast) return;
  CHECK(!whole.error, "a reparsed text is one that Python takes");
  auto dumped = [](const syntax::Ast& ast) { return syntax::dumpAst(ast, syntax::DumpRanges::kLineColumn); };
  CHECK(dumped(*edited.ast) == dumped(whole.ast), "a reparsed tree is the tree of the text");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  text.resize(std::min(text.size(), krait::findInvalidUtf8(text)));
  syntax::SyntaxTree tree = syntax::parseTree(text);
  for (uint32_t i = 0; i < 4; ++i) {
    std::string before = text;
    uint32_t seed = static_cast<uint32_t>(size) * 31 + i * 7919 + (size > i ? data[size - 1 - i] : 0);
    syntax::TextEdit edit = applyEdit(&text, seed);
    checkReparse(before, text, edit);
    tree.edit(edit, before, text);
    tree = syntax::parseTree(text, &tree);
    CHECK(dump(tree, text) == dump(syntax::parseTree(text), text), "an edited parse equals a fresh one");
  }
  return 0;
}

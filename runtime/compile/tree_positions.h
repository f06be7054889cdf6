// Where the nodes of an `ast` tree stand, for code that was compiled from the text that ast.unparse made of the tree. It takes the
// tree and what that text parses to, node beside node; it gives the places of the tree for places of the text.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "analyzer/syntax/tokens/syntax_error.h"
#include "runtime/bytecode/code_unit.h"
#include "runtime/object/object.h"

namespace krait::compile {

class TreePositions {
 public:
  // `lines`: how many the text has.
  explicit TreePositions(size_t lines) : lines_(lines + 3) {}
  // Notes the places of `tree` and of all below it; `copy` is the text's tree. Raises RecursionError for trees that nest too deeply.
  object::Status read_py(object::Thread& t, object::Value tree, object::Value copy);
  // Lines that no node begins have the place of the one before.
  void fillLines();

  uint32_t line(uint32_t text_line) const;
  // The code's places become the tree's; columns of what is no node's are unknown.
  void move(bytecode::CodeUnit& unit) const;
  void move(syntax::SyntaxError& error) const;

 private:
  struct Place {
    uint32_t line = 0, column = 0;
    bool operator==(const Place&) const = default;
  };
  struct Range {
    Place begin, end;
    bool operator==(const Range&) const = default;
  };
  struct Hash {
    size_t operator()(const Place& p) const { return (static_cast<uint64_t>(p.line) << 32 | p.column) * 0x9E3779B97F4A7C15u >> 7; }
    size_t operator()(const Range& r) const { return (*this)(r.begin) * 31 + (*this)(r.end); }
  };
  static bool placeOf_py(object::Thread& t, object::Value node, Range& range);
  bool find(const Range& text, Range& tree) const;

  std::vector<uint32_t> lines_;  // line of the text -> line of the tree; 0: unknown
  std::unordered_map<Range, Range, Hash> ranges_;
  std::unordered_map<Place, Place, Hash> begins_, ends_;
};

}  // namespace krait::compile

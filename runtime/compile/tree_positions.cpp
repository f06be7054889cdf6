#include "runtime/compile/tree_positions.h"

#include <algorithm>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/type.h"

namespace krait::compile {

using namespace krait::object;

static bool number_py(Thread& t, Value node, const char* name, uint32_t& out) {
  Ref v = findAttr_py(t, node, intern(*t.isolate, name));
  if (!v) clearException(t);
  if (!v || !v.get().isInt() || v.get().asInt() < 0 || v.get().asInt() > UINT32_MAX) return false;
  out = static_cast<uint32_t>(v.get().asInt());
  return true;
}
// False when the node has no line. Its end may be missing, as trees made by hand leave it out: then it ends nowhere (line 0).
bool TreePositions::placeOf_py(Thread& t, Value node, Range& range) {
  if (!node.isHeap() || !number_py(t, node, "lineno", range.begin.line)) return false;
  if (!number_py(t, node, "col_offset", range.begin.column)) range.begin.column = 0xFFFF;
  if (!number_py(t, node, "end_lineno", range.end.line) || !number_py(t, node, "end_col_offset", range.end.column)) range.end = {};
  return true;
}

Status TreePositions::read_py(Thread& t, Value tree, Value copy) {
  TRY(checkRecursion(t, " during compilation"));
  if (isList(tree) && isList(copy)) {
    for (int64_t i = 0; i < tree.as<List>()->size && i < copy.as<List>()->size; ++i) TRY(read_py(t, tree.as<List>()->items[i], copy.as<List>()->items[i]));
    return kDone;
  }
  if (!tree.isHeap() || !copy.isHeap()) return kDone;
  Value fields = typeLookup(typeOf(t, copy), intern(*t.isolate, "_fields"));
  if (!isTuple(fields)) return kDone;
  Range from, to;
  if (placeOf_py(t, copy, from) && placeOf_py(t, tree, to)) {
    if (from.begin.line < lines_.size() && lines_[from.begin.line] == 0) lines_[from.begin.line] = to.begin.line;
    ranges_[from] = to;  // an expression that is all of its statement is meant
    begins_.emplace(from.begin, to.begin);
    if (to.end.line != 0) ends_.emplace(from.end, to.end);
  }
  for (int64_t i = 0; i < fields.as<Tuple>()->size; ++i) {
    Str* name = fields.as<Tuple>()->items()[i].as<Str>();
    Ref a = findAttr_py(t, tree, name), b = findAttr_py(t, copy, name);
    if (isPending(t)) clearException(t);
    if (a && b) TRY(read_py(t, a.get(), b.get()));
  }
  return kDone;
}

void TreePositions::fillLines() {
  for (size_t i = 1; i < lines_.size(); ++i) {
    if (lines_[i] == 0) lines_[i] = lines_[i - 1];
  }
}

uint32_t TreePositions::line(uint32_t text_line) const { return text_line < lines_.size() && lines_[text_line] != 0 ? lines_[text_line] : text_line; }

// What is no node's range may still reach from where one begins to where another ends, as a chain of comparisons does.
bool TreePositions::find(const Range& text, Range& tree) const {
  if (auto whole = ranges_.find(text); whole != ranges_.end()) {
    tree = whole->second;
    return tree.end.line != 0;
  }
  auto begin = begins_.find(text.begin), end = ends_.find(text.end);
  if (begin == begins_.end() || end == ends_.end()) return false;
  tree = {begin->second, end->second};
  return tree.begin.line <= tree.end.line;
}

void TreePositions::move(bytecode::CodeUnit& unit) const {
  unit.first_line = line(unit.first_line);
  for (bytecode::UnitPosition& p : unit.positions) {
    Range found;
    bool known = p.column != 0xFFFF && find({{p.line, p.column}, {p.end_line, p.end_column}}, found) && found.begin.column < 0xFFFF && found.end.column < 0xFFFF;
    if (known) {
      p = {found.begin.line, found.end.line, static_cast<uint16_t>(found.begin.column), static_cast<uint16_t>(found.end.column)};
      continue;
    }
    auto begin = begins_.find({p.line, p.column});
    p.line = begin != begins_.end() ? begin->second.line : line(p.line);
    p.end_line = p.line;
    p.column = p.end_column = 0xFFFF;
  }
  for (auto& child : unit.children) move(*child);
}

void TreePositions::move(syntax::SyntaxError& error) const {
  Range found;
  Range text{{static_cast<uint32_t>(error.line), static_cast<uint32_t>(error.column - 1)}, {static_cast<uint32_t>(error.end_line), static_cast<uint32_t>(error.end_column - 1)}};
  if (error.column > 0 && find(text, found)) {
    error.line = static_cast<int32_t>(found.begin.line);
    error.column = static_cast<int32_t>(found.begin.column) + 1;
    error.end_line = static_cast<int32_t>(found.end.line);
    error.end_column = static_cast<int32_t>(found.end.column) + 1;
    return;
  }
  error.line = error.end_line = static_cast<int32_t>(line(static_cast<uint32_t>(std::max(error.line, 0))));
}

}  // namespace krait::compile

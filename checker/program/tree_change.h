// The difference of two trees of one file, before and after an edit, as one run of nodes: those before it are the same
// in both trees, those after it are the same and only moved. Nodes are numbered children first, so that what encloses
// the edit comes after it.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::program {

struct TreeChange {
  uint32_t begin = 0;    // first node that differs
  uint32_t old_end = 0;  // after the last one, in the old tree
  uint32_t new_end = 0;  // in the new one
  uint32_t text_begin = 0, text_old_end = 0, text_new_end = 0;  // bytes that hold all that differs
  // Nodes after the run, in the new tree, whose children are in the run or became fewer: what the edit stands in.
  std::vector<syntax::NodeId> parents;

  // The node in the new tree; none: it is in the run.
  syntax::NodeId map(syntax::NodeId node) const {
    if (!node.valid() || node.value < begin) return node;
    if (node.value < old_end) return syntax::NodeId::none();
    return syntax::NodeId(node.value - old_end + new_end);
  }
  // The place in the new text; places inside the edit go to its begin.
  uint32_t map(uint32_t offset) const {
    if (offset <= text_begin) return offset;
    if (offset < text_old_end) return text_begin;
    return offset - text_old_end + text_new_end;
  }
  TextRange map(TextRange range) const { return {map(range.begin), map(range.end)}; }
};

// None: the trees have nothing in common that would be worth keeping.
std::optional<TreeChange> compareTrees(const syntax::Ast& before, const syntax::Ast& after);

}  // namespace krait::program

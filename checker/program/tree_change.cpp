#include "checker/program/tree_change.h"

#include <algorithm>

namespace krait::program {

using namespace syntax;

namespace {

struct Comparer {
  const Ast& a;
  const Ast& b;
  TreeChange& change;

  bool sameText(NodeId left, NodeId right) const { return a.text(left) == b.text(right); }
  bool isPayload(NodeKind kind) const { return kind == NodeKind::kConstant || kind == NodeKind::kInterpolation; }
  bool sameHead(NodeId left, NodeId right) const {
    return a[left].kind == b[right].kind && a[left].detail == b[right].detail && a[left].flags == b[right].flags;
  }
  // Do the children agree? `is_parent` becomes true where some of them are in the run.
  bool sameChild(NodeId left, NodeId right, bool& is_parent) const {
    if (left.valid() != right.valid()) return false;
    if (!left.valid()) return true;
    NodeId mapped = change.map(left);
    if (mapped.valid()) return mapped == right;
    is_parent = true;
    return right.value >= change.begin && right.value < change.new_end;
  }
  bool sameList(NodeList left, NodeList right, bool& is_parent) const;
  bool sameFields(NodeId left, NodeId right, bool& is_parent) const;
};

}  // namespace

bool Comparer::sameList(NodeList left, NodeList right, bool& is_parent) const {
  size_t front = 0, back = 0, shorter = std::min(left.size(), right.size());
  bool ignored = false;
  auto agree = [&](NodeId l, NodeId r) {
    if (l.valid() && !change.map(l).valid()) return false;
    return sameChild(l, r, ignored);
  };
  while (front < shorter && agree(left[front], right[front])) ++front;
  while (back < shorter - front && agree(left[left.size() - 1 - back], right[right.size() - 1 - back])) ++back;
  if (front + back == left.size() && front + back == right.size()) return true;
  is_parent = true;
  for (size_t i = front; i + back < left.size(); ++i) {
    if (!left[i].valid() || change.map(left[i]).valid()) return false;
  }
  for (size_t i = front; i + back < right.size(); ++i) {
    if (!right[i].valid() || right[i].value < change.begin || right[i].value >= change.new_end) return false;
  }
  return true;
}

bool Comparer::sameFields(NodeId left, NodeId right, bool& is_parent) const {
  std::span<const FieldInfo> fields = fieldsOf(a.kind(left));
  for (uint32_t i = 0; i < fields.size(); ++i) {
    bool same = true;
    switch (fields[i].kind) {
      case FieldKind::kNode:
      case FieldKind::kOpt: same = sameChild(a.child(left, i), b.child(right, i), is_parent); break;
      case FieldKind::kList:
      case FieldKind::kOpts: same = sameList(a.list(left, i), b.list(right, i), is_parent); break;
      case FieldKind::kName: same = a.slot(left, i) == b.slot(right, i); break;
      case FieldKind::kInt: same = isPayload(a.kind(left)) || a.slot(left, i) == b.slot(right, i); break;
      case FieldKind::kValues: {
        NodeList x = a.list(left, i), y = b.list(right, i);
        same = std::equal(x.begin(), x.end(), y.begin(), y.end());
        break;
      }
    }
    if (!same) return false;
  }
  return true;
}

// Can the one place have become the other? Places at the edit's borders may have grown with it.
static bool isMoved(const TreeChange& change, uint32_t from, uint32_t to) {
  bool is_at_edit = change.text_begin <= from && from <= change.text_old_end;
  return change.map(from) == to || (is_at_edit && change.text_begin <= to && to <= change.text_new_end);
}

std::optional<TreeChange> compareTrees(const Ast& before, const Ast& after) {
  TreeChange change;
  std::string_view old_text = before.text(), new_text = after.text();
  size_t shorter = std::min(old_text.size(), new_text.size());
  uint32_t head = static_cast<uint32_t>(std::mismatch(old_text.begin(), old_text.begin() + static_cast<ptrdiff_t>(shorter), new_text.begin()).first - old_text.begin());
  uint32_t tail = 0;
  while (tail < shorter - head && old_text[old_text.size() - 1 - tail] == new_text[new_text.size() - 1 - tail]) ++tail;
  change.text_begin = head;
  change.text_old_end = static_cast<uint32_t>(old_text.size()) - tail;
  change.text_new_end = static_cast<uint32_t>(new_text.size()) - tail;

  uint32_t old_count = before.nodeCount(), new_count = after.nodeCount(), fewer = std::min(old_count, new_count);
  // While comparing fronts no node is in the run: all map to themselves.
  change.begin = change.old_end = change.new_end = old_count;
  Comparer comparer{before, after, change};
  uint32_t front = 0;
  bool is_parent = false;
  for (; front < fewer; ++front) {
    NodeId node(front);
    bool same = before.range(node) == after.range(node) && comparer.sameHead(node, node);
    if (same && comparer.isPayload(before.kind(node))) same = comparer.sameText(node, node);
    if (!same || !comparer.sameFields(node, node, is_parent)) break;
  }
  // The longest back whose nodes look alike; then what does not hang together is taken into the run.
  uint32_t back = 0;
  for (; back < fewer - front; ++back) {
    NodeId left(old_count - 1 - back), right(new_count - 1 - back);
    TextRange from = before.range(left), to = after.range(right);
    if (!isMoved(change, from.begin, to.begin) || !isMoved(change, from.end, to.end) || !comparer.sameHead(left, right)) break;
    if (comparer.isPayload(before.kind(left)) && !comparer.sameText(left, right)) break;
  }
  change.begin = front;
  change.old_end = old_count - back;
  change.new_end = new_count - back;
  for (uint32_t i = change.old_end; i < old_count; ++i) {
    NodeId left(i), right(i - old_count + new_count);
    is_parent = false;
    if (comparer.sameFields(left, right, is_parent)) {
      if (is_parent) change.parents.push_back(right);
      continue;
    }
    change.old_end = i + 1;
    change.new_end = right.value + 1;
    change.parents.clear();
  }
  if (change.old_end == old_count || change.parents.size() > 64) return std::nullopt;
  // The last pass may have been made against a shorter run: look once more at who encloses it.
  change.parents.clear();
  for (uint32_t i = change.old_end; i < old_count; ++i) {
    NodeId left(i), right(i - old_count + new_count);
    is_parent = false;
    if (!comparer.sameFields(left, right, is_parent)) return std::nullopt;
    if (is_parent) change.parents.push_back(right);
  }
  return change;
}

}  // namespace krait::program

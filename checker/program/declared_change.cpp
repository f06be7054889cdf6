#include "checker/program/declared_change.h"

#include <algorithm>

namespace krait::program {

using namespace syntax;

uint32_t firstNode(const Ast& ast, NodeId node) {
  for (NodeId at = node;;) {
    uint32_t first = at.value;
    forEachChild(ast, at, [&](NodeId child) { first = std::min(first, child.value); });
    if (first == at.value) return first;
    at = NodeId(first);
  }
}

namespace {

struct Finder {
  const Ast& before;
  const Ast& after;
  const TreeChange& change;

  NodeId old(NodeId node) const { return node.value < change.begin ? node : NodeId(node.value - change.new_end + change.old_end); }
  // Does the run lie behind the statement, or before it?
  bool endsBefore(NodeId left, NodeId right) const { return left == right && left.value < change.begin; }
  bool beginsAfter(NodeId left, NodeId right) const {
    return change.map(left) == right && firstNode(before, left) >= change.old_end && firstNode(after, right) >= change.new_end;
  }
  DeclaredChange within(NodeId owner) const;
  bool hasSameHead(NodeId left, NodeId right) const;
};

}  // namespace

DeclaredChange Finder::within(NodeId owner) const {
  DeclaredChange out{.owner_before = old(owner), .owner = owner, .before = {}, .after = {}};
  NodeList left = bodyOf(before, out.owner_before), right = bodyOf(after, owner);
  size_t front = 0, back = 0, shorter = std::min(left.size(), right.size());
  while (front < shorter && endsBefore(left[front], right[front])) ++front;
  while (back < shorter - front && beginsAfter(left[left.size() - 1 - back], right[right.size() - 1 - back])) ++back;
  for (size_t i = front; i + back < left.size(); ++i) out.before.push_back(left[i]);
  for (size_t i = front; i + back < right.size(); ++i) out.after.push_back(right[i]);
  return out;
}

// All that stands before the bodies of both definitions is before the run.
bool Finder::hasSameHead(NodeId left, NodeId right) const {
  NodeList body = bodyOf(after, right), old_body = bodyOf(before, left);
  if (body.empty() || old_body.empty()) return false;
  uint32_t first = body[0].value, old_first = old_body[0].value;
  uint32_t head_end = 0;
  forEachChild(after, right, [&](NodeId child) {
    if (child.value < first) head_end = std::max(head_end, child.value + 1);
  });
  uint32_t old_head_end = 0;
  forEachChild(before, left, [&](NodeId child) {
    if (child.value < old_first) old_head_end = std::max(old_head_end, child.value + 1);
  });
  return head_end == old_head_end && head_end <= change.begin && after.range(right).begin == before.range(left).begin;
}

std::optional<DeclaredChange> findDeclaredChange(const Ast& before, const Ast& after, const TreeChange& change) {
  Finder finder{before, after, change};
  DeclaredChange found = finder.within(after.root());
  while (found.before.size() == 1 && found.after.size() == 1) {
    NodeId left = found.before[0], right = found.after[0];
    bool is_class = before.is(left, NodeKind::kClassDef) && after.is(right, NodeKind::kClassDef) && change.map(left) == right;
    if (!is_class || !finder.hasSameHead(left, right)) break;
    found = finder.within(right);
  }
  if (found.before.empty() && found.after.empty()) return std::nullopt;
  return found;
}

bool differsInBodyOnly(const Ast& before, const Ast& after, const TreeChange& change, NodeId old_node, NodeId new_node) {
  bool is_function = before.is(old_node, NodeKind::kFunctionDef) && after.is(new_node, NodeKind::kFunctionDef) && change.map(old_node) == new_node;
  return is_function && Finder{before, after, change}.hasSameHead(old_node, new_node);
}

}  // namespace krait::program

// AstBuilder: appends nodes to an Ast, children before their parents. Only lowering uses it, and what makes type comments
// annotations (type_comments.h).
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

class AstBuilder {
 public:
  AstBuilder(std::string_view text, const Interner& names) : ast_(text, names) {}

  explicit AstBuilder(Ast&& ast) : ast_(std::move(ast)) {}

  // Adds a node; `fields` are the slots of its kind in order: NodeId values, list(…) results, numbers.
  NodeId add(NodeKind kind, TextRange range, std::initializer_list<uint32_t> fields, uint8_t detail = 0) {
    NodeId id(static_cast<uint32_t>(ast_.nodes_.size()));
    uint32_t slots = static_cast<uint32_t>(ast_.slots_.size());
    ast_.slots_.insert(ast_.slots_.end(), fields.begin(), fields.end());
    ast_.nodes_.push_back({kind, detail, 0, range.begin, range.end, slots, NodeId::none()});
    return id;
  }
  // Makes a node another one in the same place.
  void replace(NodeId id, NodeKind kind, std::initializer_list<uint32_t> fields, uint8_t detail) {
    NodeRecord& record = ast_.nodes_[id.value];
    record.kind = kind;
    record.detail = detail;
    record.slots = static_cast<uint32_t>(ast_.slots_.size());
    ast_.slots_.insert(ast_.slots_.end(), fields.begin(), fields.end());
  }
  // Stores a list of children (or numbers); the result goes into a list field.
  uint32_t list(std::span<const NodeId> items) {
    if (items.empty()) return kEmptyList;
    uint32_t at = static_cast<uint32_t>(ast_.lists_.size());
    ast_.lists_.push_back(NodeId(static_cast<uint32_t>(items.size())));
    ast_.lists_.insert(ast_.lists_.end(), items.begin(), items.end());
    return at;
  }
  uint32_t list(std::initializer_list<NodeId> items) {
    return list(std::span<const NodeId>(items.begin(), items.size()));
  }
  // A stored list; valid until the next call of list().
  NodeList listAt(uint32_t at) const { return NodeList(ast_.lists_.data() + at + 1, ast_.lists_[at].value); }
  static constexpr uint32_t kEmptyList = 0;  // the list at index 0 is empty, always

  uint32_t addString(std::string_view text);      // borrowed: must live as long as the source text
  uint32_t addOwnedString(std::string_view text);  // copied
  // Takes back the nodes from the `count`th on; nothing else may name them.
  void dropNodesFrom(uint32_t count) { ast_.nodes_.resize(count); }
  // A copy of a text that lives as long as the tree.
  std::string_view keep(std::string_view text) { return ast_.arena_.copy(text); }
  uint32_t addInt(const IntConstant& value);
  uint32_t addFloat(double value);
  // Gives a node that is no child of it a parent.
  void hang(NodeId node, NodeId parent) { hung_.push_back({node, parent}); }
  void addComment(Comment comment) { ast_.comments_.push_back(comment); }

  void setFlag(NodeId id, NodeFlags flag) { ast_.nodes_[id.value].flags |= flag; }
  void clearFlags(NodeId id) { ast_.nodes_[id.value].flags = 0; }
  void setDetail(NodeId id, uint8_t detail) { ast_.nodes_[id.value].detail = detail; }
  void setRange(NodeId id, TextRange range) {
    ast_.nodes_[id.value].begin = range.begin;
    ast_.nodes_[id.value].end = range.end;
  }
  void setSlot(NodeId id, uint32_t index, uint32_t value) { ast_.slots_[ast_.nodes_[id.value].slots + index] = value; }
  const Ast& ast() const { return ast_; }

  // Adds a node like one of another tree, with these fields, place and parent (set for good).
  void copy(const NodeRecord& record, std::span<const uint32_t> fields, TextRange range, NodeId parent) {
    uint32_t slots = static_cast<uint32_t>(ast_.slots_.size());
    ast_.slots_.insert(ast_.slots_.end(), fields.begin(), fields.end());
    ast_.nodes_.push_back({record.kind, record.detail, record.flags, range.begin, range.end, slots, parent});
  }
  void setParent(NodeId id, NodeId parent) { ast_.nodes_[id.value].parent = parent; }
  // Of the children of the nodes [begin, end).
  void setParents(uint32_t begin, uint32_t end);
  // Did setParents meet a starred expression where none may stand?
  bool hasStrayStar() const { return has_stray_star_; }

  // The arrays of a tree as they stand in memory, for what writes and reads trees whole (tree_image.h).
  struct Arrays {
    NodeId& root;
    std::vector<NodeRecord>& nodes;
    std::vector<uint32_t>& slots;
    std::vector<NodeId>& lists;
    std::vector<std::string_view>& strings;
    std::vector<IntConstant>& ints;
    std::vector<double>& floats;
    std::vector<Comment>& comments;
  };
  struct ConstArrays {
    NodeId root;
    const std::vector<NodeRecord>& nodes;
    const std::vector<uint32_t>& slots;
    const std::vector<NodeId>& lists;
    const std::vector<std::string_view>& strings;
    const std::vector<IntConstant>& ints;
    const std::vector<double>& floats;
    const std::vector<Comment>& comments;
  };
  static ConstArrays arraysOf(const Ast& ast) {
    return {ast.root_, ast.nodes_, ast.slots_, ast.lists_, ast.strings_, ast.ints_, ast.floats_, ast.comments_};
  }
  Arrays arrays() { return {ast_.root_, ast_.nodes_, ast_.slots_, ast_.lists_, ast_.strings_, ast_.ints_, ast_.floats_, ast_.comments_}; }
  // The finished tree, parents and root as they were put into its arrays.
  Ast take() { return std::move(ast_); }

  void reserve(size_t text_bytes);
  // Sets parents and returns the finished tree.
  Ast finish(NodeId root);
  // The same where all parents are set.
  Ast finishCopied(NodeId root);

 private:
  Ast ast_;
  bool has_stray_star_ = false;
  std::vector<std::pair<NodeId, NodeId>> hung_;
};

}  // namespace krait::syntax

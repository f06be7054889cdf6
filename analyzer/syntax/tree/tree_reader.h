// TreeReader: reads tree-sitter's tree for lowering. The only header that shows tree-sitter to lowering: nodes arrive as
// TreeNode values that carry their type, field and byte range, comments are collected on the way, and error and missing
// nodes are noticed.
#pragma once

#include <tree_sitter/api.h>

#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

enum class Symbol : uint8_t {
  kOther,
  kError,
#define SYMBOL(name) k_##name,
#define TOKEN(name, text) kToken##name,
#include "analyzer/syntax/tree/symbols.def"
};

enum class Field : uint8_t {
  kNone,
  kAlias, kAlternative, kArgument, kArguments, kAttribute, kBody, kCause, kCode, kCondition, kConsequence, kDefinition,
  kExpression, kFormatSpecifier, kFunction, kGuard, kKey, kLeft, kModuleName, kName, kObject, kOperator, kOperators,
  kParameters, kReturnType, kRight, kSubject, kSubscript, kSuperclasses, kType, kTypeConversion, kTypeParameters, kValue
};

struct TreeNode {
  const void* subtree = nullptr;  // tree-sitter's; null: none
  Symbol symbol = Symbol::kOther;
  Field field = Field::kNone;
  bool is_named = false;
  bool is_missing = false;
  uint32_t begin = 0;
  uint32_t end = 0;
  TextRange range() const { return {begin, end}; }
};

class TreeReader {
 public:
  explicit TreeReader(const TSTree* tree);
  TreeReader(const TreeReader&) = delete;
  TreeReader& operator=(const TreeReader&) = delete;

  TreeNode root() const { return root_; }
  // An error or missing node was read.
  bool sawError() const { return saw_error_; }
  std::vector<Comment> takeComments();

  // Appends the children of `node` but comments and line continuations to the stack and returns their number.
  uint32_t push(const TreeNode& node);
  void pop(uint32_t count) { stack_.resize(stack_.size() - count); }
  uint32_t stackSize() const { return static_cast<uint32_t>(stack_.size()); }
  // By value: pushing moves the stack.
  TreeNode at(uint32_t index) const { return stack_[index]; }
  const TreeNode& peek(uint32_t index) const { return stack_[index]; }

 private:
  // The children of a subtree that begins at `begin`; `field` is that of the hidden nodes between it and the node asked for.
  void pushChildren(const void* subtree, uint32_t begin, Field field);
  void pushChild(const TreeNode& child);
  TreeNode describe(const void* subtree, uint32_t begin, uint16_t alias) const;
  const TSLanguage* language_;
  TreeNode root_;
  std::vector<TreeNode> stack_;
  std::vector<Comment> comments_;
  bool saw_error_ = false;
};

// The children of a node, kept on the reader's stack while this object lives. Objects nest like calls.
class Children {
 public:
  Children(TreeReader& reader, const TreeNode& node)
      : reader_(reader), first_(reader.stackSize()), count_(reader.push(node)) {}
  ~Children() { reader_.pop(count_); }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  uint32_t size() const { return count_; }
  TreeNode operator[](uint32_t i) const { return reader_.at(first_ + i); }
  Symbol symbol(uint32_t i) const { return reader_.peek(first_ + i).symbol; }
  // The first child of the field; symbol kOther and an empty range if there is none.
  TreeNode find(Field field) const;
  bool has(Field field) const;
  bool has(Symbol symbol) const;
  // The first named child, as find.
  TreeNode firstNamed() const;
  uint32_t namedCount() const;

 private:
  TreeReader& reader_;
  uint32_t first_;
  uint32_t count_;
};

// Whether find() found something.
inline bool exists(const TreeNode& node) { return node.subtree != nullptr; }

}  // namespace krait::syntax

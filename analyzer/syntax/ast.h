// Ast: the syntax tree of one file, flat arrays indexed by NodeId, with typed views generated from nodes.def.
//
//   auto call = ast.as<Call>(id);             // a view: two words, cheap to copy
//   for (NodeId arg : call.args()) ...
//
// What always holds: ranges are byte ranges of text(), half-open; a child lies inside its parent's range, in the
// order of the fields (decorators come before their definition's range; a Dict's keys and values alternate); every
// node but the root has a parent; a FIELD_NODE child is never none; nesting is at most kMaxDepth. An Ast is immutable
// once lowering returned it. It borrows the text and the interner: both must outlive it.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/base/arena.h"
#include "analyzer/base/check.h"
#include "analyzer/base/interner.h"
#include "analyzer/base/text.h"
#include "analyzer/syntax/ast_enums.h"

namespace krait::syntax {

struct NodeTag;
using NodeId = Id<NodeTag>;
using NodeList = std::span<const NodeId>;

// Deeper text is lowered to an error node; later stages may recurse over the tree on threads with kDeepStackBytes.
inline constexpr uint32_t kMaxDepth = 20000;

enum NodeFlags : uint8_t {
  kParenthesized = 1,  // the expression or pattern stands in parentheses of its own (not part of its range)
  kHasTrailingComma = 2,  // a call's, definition's or display's last element is followed by a comma
};

struct NodeRecord {
  NodeKind kind;
  uint8_t detail = 0;
  uint8_t flags = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t slots = 0;  // index of the first field in Ast::slots_
  NodeId parent;
};

// An int literal. When it does not fit 64 bits, `digits` holds it without prefix and underscores, in base `base`.
struct IntConstant {
  int64_t value = 0;
  bool fits = true;
  uint8_t base = 10;
  std::string_view digits;
};

struct Comment {
  uint32_t begin;  // at the '#'
  uint32_t end;    // before the line end
};

class Ast {
 public:
  Ast(std::string_view text, const Interner& names) : text_(text), names_(&names) {}
  Ast(Ast&&) = default;
  Ast& operator=(Ast&&) = default;

  NodeId root() const { return root_; }
  uint32_t nodeCount() const { return static_cast<uint32_t>(nodes_.size()); }
  const NodeRecord& operator[](NodeId id) const {
    DCHECK(id.value < nodes_.size(), "node belongs to this tree");
    return nodes_[id.value];
  }
  NodeKind kind(NodeId id) const { return (*this)[id].kind; }
  bool is(NodeId id, NodeKind kind) const { return id.valid() && (*this)[id].kind == kind; }
  TextRange range(NodeId id) const { return {(*this)[id].begin, (*this)[id].end}; }
  NodeId parent(NodeId id) const { return (*this)[id].parent; }
  bool hasFlag(NodeId id, NodeFlags flag) const { return ((*this)[id].flags & flag) != 0; }

  std::string_view text() const { return text_; }
  std::string_view text(TextRange range) const { return text_.substr(range.begin, range.size()); }
  std::string_view text(NodeId id) const { return text(range(id)); }
  const Interner& names() const { return *names_; }
  std::string_view name(NameId id) const { return names_->text(id); }

  // The view of a node whose kind is known.
  template <class View>
  View as(NodeId id) const {
    DCHECK(kind(id) == View::kKind, "node is of the view's kind");
    return View{this, id};
  }
  // The view if the node (which may be none) is of the kind.
  template <class View>
  std::optional<View> tryAs(NodeId id) const {
    if (!is(id, View::kKind)) return std::nullopt;
    return View{this, id};
  }

  uint32_t slot(NodeId id, uint32_t index) const { return slots_[(*this)[id].slots + index]; }
  NodeId child(NodeId id, uint32_t index) const { return NodeId(slot(id, index)); }
  NodeList list(NodeId id, uint32_t index) const {
    uint32_t at = slot(id, index);
    return NodeList(lists_.data() + at + 1, lists_[at].value);
  }

  // Decoded value of a str (as UTF-8; lone surrogates as three bytes) or the bytes of a bytes constant.
  std::string_view string(uint32_t payload) const { return strings_[payload]; }
  const IntConstant& integer(uint32_t payload) const { return ints_[payload]; }
  double floating(uint32_t payload) const { return floats_[payload]; }
  std::span<const Comment> comments() const { return comments_; }

  // Memory held by the tree, in bytes.
  size_t memoryBytes() const;

 private:
  friend class AstBuilder;
  std::string_view text_;
  const Interner* names_;
  NodeId root_;
  std::vector<NodeRecord> nodes_;
  std::vector<uint32_t> slots_;
  std::vector<NodeId> lists_;  // each list: its length, then its members
  std::vector<std::string_view> strings_;
  std::vector<IntConstant> ints_;
  std::vector<double> floats_;
  std::vector<Comment> comments_;
  Arena arena_;  // decoded strings
};

// The views: struct FunctionDef { NodeList decorators(); NodeId name(); ... }.
#define NODE(Kind, category)                               \
  struct Kind {                                            \
    static constexpr NodeKind kKind = NodeKind::k##Kind;   \
    const Ast* ast;                                        \
    NodeId id;                                             \
    TextRange range() const { return ast->range(id); }
#define END(Kind) };
#define DETAIL(Type, name) \
  Type name() const { return static_cast<Type>((*ast)[id].detail); }
#define FIELD_NODE(name, i) \
  NodeId name() const { return ast->child(id, i); }
#define FIELD_OPT(name, i) FIELD_NODE(name, i)
#define FIELD_LIST(name, i) \
  NodeList name() const { return ast->list(id, i); }
#define FIELD_OPTS(name, i) FIELD_LIST(name, i)
#define FIELD_NAME(name, i) \
  NameId name() const { return NameId(ast->slot(id, i)); }
#define FIELD_INT(name, i) \
  uint32_t name() const { return ast->slot(id, i); }
#define FIELD_VALUES(name, i) FIELD_LIST(name, i)
#include "analyzer/syntax/nodes.def"

enum class FieldKind : uint8_t { kNode, kOpt, kList, kOpts, kName, kInt, kValues };

struct FieldInfo {
  const char* name;
  FieldKind kind;
};

// The fields of a kind in the order of their slots.
std::span<const FieldInfo> fieldsOf(NodeKind kind);
// The name of the kind's detail ("op", "isAsync"), or null.
const char* detailName(NodeKind kind);

// Calls visit(child) for each child that is there, in field order (Dict: key, value, key, value …).
template <class Visit>
void forEachChild(const Ast& ast, NodeId id, Visit&& visit) {
  if (ast.kind(id) == NodeKind::kDict) {
    Dict dict = ast.as<Dict>(id);
    for (size_t i = 0; i < dict.values().size(); ++i) {
      if (dict.keys()[i].valid()) visit(dict.keys()[i]);
      visit(dict.values()[i]);
    }
    return;
  }
  std::span<const FieldInfo> fields = fieldsOf(ast.kind(id));
  for (uint32_t i = 0; i < fields.size(); ++i) {
    FieldKind kind = fields[i].kind;
    if (kind == FieldKind::kNode || kind == FieldKind::kOpt) {
      NodeId child = ast.child(id, i);
      if (child.valid()) visit(child);
    } else if (kind == FieldKind::kList || kind == FieldKind::kOpts) {
      for (NodeId child : ast.list(id, i)) {
        if (child.valid()) visit(child);
      }
    }
  }
}

// The name in an Identifier or Name node; none for none or another kind.
NameId nameOf(const Ast& ast, NodeId id);
// The text of nameOf.
std::string_view nameText(const Ast& ast, NodeId id);
// The node's range with its decorators, for definitions.
TextRange fullRange(const Ast& ast, NodeId id);
// The Constant (str, not an f-string) that is the docstring of a body, or none.
NodeId docstringOf(const Ast& ast, NodeList body);
// The body of a Module, FunctionDef or ClassDef.
NodeList bodyOf(const Ast& ast, NodeId id);
inline bool isStatement(const Ast& ast, NodeId id) { return categoryOf(ast.kind(id)) == NodeCategory::kStmt; }
inline bool isExpression(const Ast& ast, NodeId id) { return categoryOf(ast.kind(id)) == NodeCategory::kExpr; }
// The value of a str Constant, nullopt for anything else.
std::optional<std::string_view> stringValue(const Ast& ast, NodeId id);

}  // namespace krait::syntax

#include "analyzer/syntax/ast_builder.h"

namespace krait::syntax {

uint32_t AstBuilder::addString(std::string_view text) {
  ast_.strings_.push_back(text);
  return static_cast<uint32_t>(ast_.strings_.size() - 1);
}

uint32_t AstBuilder::addOwnedString(std::string_view text) { return addString(ast_.arena_.copy(text)); }

uint32_t AstBuilder::addInt(const IntConstant& value) {
  IntConstant kept = value;
  if (!kept.fits) kept.digits = ast_.arena_.copy(kept.digits);
  ast_.ints_.push_back(kept);
  return static_cast<uint32_t>(ast_.ints_.size() - 1);
}

uint32_t AstBuilder::addFloat(double value) {
  ast_.floats_.push_back(value);
  return static_cast<uint32_t>(ast_.floats_.size() - 1);
}

void AstBuilder::reserve(size_t text_bytes) {
  ast_.nodes_.reserve(text_bytes / 6 + 16);
  ast_.slots_.reserve(text_bytes / 3 + 16);
  ast_.lists_.reserve(text_bytes / 12 + 16);
  ast_.lists_.push_back(NodeId(0));
}

// Displays, arguments, bases and annotations of parameters hold starred expressions.
static bool mayHoldStar(const Ast& ast, NodeId parent, NodeId child) {
  switch (ast[parent].kind) {
    case NodeKind::kTuple: case NodeKind::kList: case NodeKind::kSet: case NodeKind::kClassDef: return true;
    case NodeKind::kParameter: return ast.as<Parameter>(parent).defaultValue() != child;
    case NodeKind::kCall: return ast.as<Call>(parent).func() != child;
    default: return false;
  }
}

void AstBuilder::setParents(uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end; ++i) {
    forEachChild(ast_, NodeId(i), [&](NodeId child) {
      NodeRecord& record = ast_.nodes_[child.value];
      record.parent = NodeId(i);
      if (record.kind == NodeKind::kStarred && !mayHoldStar(ast_, NodeId(i), child)) has_stray_star_ = true;
    });
  }
}

Ast AstBuilder::finish(NodeId root) {
  setParents(0, static_cast<uint32_t>(ast_.nodes_.size()));
  return finishCopied(root);
}

Ast AstBuilder::finishCopied(NodeId root) {
  ast_.root_ = root;
  for (const auto& [child, parent] : hung_) ast_.nodes_[child.value].parent = parent;
  return std::move(ast_);
}

}  // namespace krait::syntax

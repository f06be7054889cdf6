// Text to syntax tree. parseModule is the front door: tree-sitter's parse, lowering to an Ast, and, where either of
// them saw anything that Python might reject, the exact syntax check. A broken file still yields an Ast that holds
// every statement that could be recovered.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/syntax/ast.h"
#include "analyzer/syntax/tokens/syntax_error.h"

struct TSTree;

namespace krait::syntax {

// One replacement of text: the bytes [begin, old_end) of the old text became [begin, new_end) of the new text.
struct TextEdit {
  uint32_t begin = 0;
  uint32_t old_end = 0;
  uint32_t new_end = 0;
};

// tree-sitter's tree of a text. `edit` then `parseTree` with it as the base equals a fresh parse of the new text.
class SyntaxTree {
 public:
  SyntaxTree() = default;
  explicit SyntaxTree(TSTree* tree) : tree_(tree) {}
  SyntaxTree(SyntaxTree&& other) noexcept : tree_(other.tree_) { other.tree_ = nullptr; }
  SyntaxTree& operator=(SyntaxTree&& other) noexcept;
  ~SyntaxTree();

  // Tells the tree that its text changed. `old_text` and `new_text` give the lines and columns that tree-sitter wants.
  void edit(const TextEdit& edit, std::string_view old_text, std::string_view new_text);
  TSTree* get() const { return tree_; }
  // Another tree of the same text; cheap.
  SyntaxTree copy() const;

 private:
  TSTree* tree_ = nullptr;
};

// Parses UTF-8 text. `base`: the edited tree of an earlier version, or null.
SyntaxTree parseTree(std::string_view text, const SyntaxTree* base = nullptr);
// Parses one part of the text; its nodes keep their places in the whole.
SyntaxTree parseTreePart(std::string_view text, TextRange part);

struct LoweredModule {
  Ast ast;
  // The tree has error nodes, or the text uses a form that tree-sitter takes and Python may not. Not complete: there are
  // wrong texts that look right (a value that is missing at a line's end).
  bool is_suspicious = false;
  // Something could not be lowered: the Ast has error nodes or lacks a part.
  bool has_errors = false;
};

// Lowers a tree of `text` to an Ast. Never fails: what cannot be understood becomes ErrorStmt and ErrorExpr nodes.
LoweredModule lower(const SyntaxTree& tree, std::string_view text, Interner& names);

struct ParsedModule {
  Ast ast;
  std::optional<SyntaxError> error;  // CPython's, when it would reject the text
};

enum class SyntaxCheck : uint8_t {
  kAlways,  // the verdict is CPython's
  // The same, but texts that do not look suspicious while they are lowered are right without being read a second time: a seventh
  // faster. No text is known where the two differ (conformance/syntax_quick).
  kWhenSuspicious,
};

// Text (UTF-8, no byte order mark) to Ast and verdict. `tree`: of this text, as parseTree gave it.
ParsedModule parseModule(std::string_view text, const SyntaxTree& tree, Interner& names,
                         SyntaxCheck check = SyntaxCheck::kAlways);
ParsedModule parseModule(std::string_view text, Interner& names, SyntaxCheck check = SyntaxCheck::kAlways);

}  // namespace krait::syntax

#include "analyzer/syntax/parser.h"

#include <tree_sitter/api.h>

#include <algorithm>

#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/token_parser/token_parser.h"
#include "analyzer/syntax/tree/parse_memory.h"

extern "C" const TSLanguage* quickPythonLanguage(void);

namespace krait::syntax {

SyntaxTree& SyntaxTree::operator=(SyntaxTree&& other) noexcept {
  std::swap(tree_, other.tree_);
  return *this;
}

SyntaxTree::~SyntaxTree() {
  if (tree_ != nullptr) ts_tree_delete(tree_);
}

// tree-sitter counts rows by "\n" and columns in bytes.
static TSPoint pointAt(std::string_view text, uint32_t offset) {
  offset = std::min(offset, static_cast<uint32_t>(text.size()));
  std::string_view before = text.substr(0, offset);
  uint32_t row = static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n'));
  size_t line_start = before.rfind('\n');
  uint32_t column = offset - (line_start == std::string_view::npos ? 0 : static_cast<uint32_t>(line_start) + 1);
  return {row, column};
}

void SyntaxTree::edit(const TextEdit& edit, std::string_view old_text, std::string_view new_text) {
  if (tree_ == nullptr) return;
  TSInputEdit input;
  input.start_byte = edit.begin;
  input.old_end_byte = edit.old_end;
  input.new_end_byte = edit.new_end;
  input.start_point = pointAt(old_text, edit.begin);
  input.old_end_point = pointAt(old_text, edit.old_end);
  input.new_end_point = pointAt(new_text, edit.new_end);
  ts_tree_edit(tree_, &input);
}

SyntaxTree SyntaxTree::copy() const { return tree_ != nullptr ? SyntaxTree(ts_tree_copy(tree_)) : SyntaxTree(); }

SyntaxTree parseTree(std::string_view text, const SyntaxTree* base) {
  useParseMemory();
  TSParser* parser = ts_parser_new();
  ts_parser_set_language(parser, quickPythonLanguage());
  TSTree* tree = ts_parser_parse_string(parser, base != nullptr ? base->get() : nullptr, text.data(),
                                        static_cast<uint32_t>(text.size()));
  // Where there are errors, what recovery keeps depends on the old tree: only a fresh parse is the fresh parse.
  if (base != nullptr && ts_node_has_error(ts_tree_root_node(tree))) {
    ts_tree_delete(tree);
    ts_parser_reset(parser);
    tree = ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
  }
  ts_parser_delete(parser);
  return SyntaxTree(tree);
}

SyntaxTree parseTreePart(std::string_view text, TextRange part) {
  useParseMemory();
  TSParser* parser = ts_parser_new();
  ts_parser_set_language(parser, quickPythonLanguage());
  TSRange range{pointAt(text, part.begin), pointAt(text, part.end), part.begin, part.end};
  ts_parser_set_included_ranges(parser, &range, 1);
  TSTree* tree = ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
  ts_parser_delete(parser);
  return SyntaxTree(tree);
}

ParsedModule parseModule(std::string_view text, const SyntaxTree& tree, Interner& names, SyntaxCheck check) {
  LoweredModule lowered = lower(tree, text, names);
  bool is_doubtful = lowered.is_suspicious || lowered.has_errors || lowering::joinsIndents(text);
  if (check == SyntaxCheck::kWhenSuspicious && !is_doubtful) return {std::move(lowered.ast), std::nullopt};
  std::optional<SyntaxError> error = findSyntaxError(text);
  if (!error.has_value() && is_doubtful) {
    lowering::LowerContext context(text, names);
    lowered = lowering::TokenParser(context).parse();
  }
  return {std::move(lowered.ast), std::move(error)};
}

namespace {
// A tree that is left to the ParseMemory that it was made in.
union LeftTree {
  explicit LeftTree(SyntaxTree&& made) : tree(std::move(made)) {}
  ~LeftTree() {}
  SyntaxTree tree;
};
}  // namespace

ParsedModule parseModule(std::string_view text, Interner& names, SyntaxCheck check) {
  ParseMemory memory;
  LeftTree made{parseTree(text)};
  return parseModule(text, made.tree, names, check);
}

}  // namespace krait::syntax

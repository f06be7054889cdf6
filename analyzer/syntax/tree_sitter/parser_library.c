// tree-sitter's library as one translation unit, as its own lib.c is, with what a parse spends most of its time on
// replaced: the sums of lengths (lengths.h), the step to the next character, the mark of a token's end and the
// children that a reduction takes from the stack. Trees are the same; only the time is not. The sources are those of
// the pinned npm package and stay as they are.
#include "analyzer/syntax/tree_sitter/lengths.h"

#include "alloc.c"
#include "get_changed_ranges.c"
#include "language.c"
#include "lexer.c"
#include "node.c"
#include "subtree.c"
#include "stack.c"

// The next character when this one and the next are ASCII within the same range and chunk, and no line ends: nearly
// always. Everything else is the library's. Logging is not: nothing sets a logger.
static void advanceQuickly(TSLexer *base, bool skip) {
  Lexer *lexer = (Lexer *)base;
  const uint32_t position = lexer->current_position.bytes + 1;
  const uint32_t offset = position - lexer->chunk_start;
  // A text's first character may be its byte order mark, so the second is not reached here.
  const bool is_plain = lexer->lookahead_size == 1 && lexer->data.lookahead != '\n' && lexer->chunk != NULL &&
                        offset < lexer->chunk_size && position > 1;
  if (!is_plain || position >= lexer->included_ranges[lexer->current_included_range_index].end_byte ||
      (unsigned char)lexer->chunk[offset] >= 0x80) {
    ts_lexer__advance(base, skip);
    return;
  }
  const uint32_t row = lexer->current_position.extent.row;
  const uint32_t column = lexer->current_position.extent.column + 1;
  lexer->current_position.bytes = position;
  lexer->current_position.extent.column = column;
  if (lexer->column_data.valid) lexer->column_data.value++;
  lexer->data.lookahead = lexer->chunk[offset];
  if (!skip) return;
  lexer->token_start_position.bytes = position;
  lexer->token_start_position.extent.row = row;
  lexer->token_start_position.extent.column = column;
}

// In the first of the ranges a token ends where the lexer stands.
static void markEndQuickly(TSLexer *base) {
  Lexer *lexer = (Lexer *)base;
  if (lexer->current_included_range_index != 0) {
    ts_lexer__mark_end(base);
    return;
  }
  const uint32_t row = lexer->current_position.extent.row;
  const uint32_t column = lexer->current_position.extent.column;
  lexer->token_end_position.bytes = lexer->current_position.bytes;
  lexer->token_end_position.extent.row = row;
  lexer->token_end_position.extent.column = column;
}

// Takes `count` subtrees that are not extras from a version's stack, as ts_stack_pop_count. A stack that did not fork
// is a list: no iterators are needed to walk it.
static StackSliceArray popQuickly(Stack *stack, StackVersion version, uint32_t count) {
  StackNode *const top = array_get(&stack->heads, version)->node;
  StackNode *bottom = top;
  uint32_t total = 0;
  for (uint32_t counted = 0; counted < count; total++) {
    if (bottom->link_count != 1 || bottom->links[0].subtree.ptr == NULL) return ts_stack_pop_count(stack, version, count);
    if (!ts_subtree_extra(bottom->links[0].subtree)) counted++;
    bottom = bottom->links[0].node;
  }
  // The new node is put behind its children, so there is room for it.
  const uint32_t room = (uint32_t)(ts_subtree_alloc_size(count) / sizeof(Subtree));
  SubtreeArray children = array_new();
  array_reserve(&children, room > total ? room : total);
  children.size = total;
  StackNode *node = top;
  for (uint32_t i = total; i-- > 0; node = node->links[0].node) {
    children.contents[i] = node->links[0].subtree;
    ts_subtree_retain(node->links[0].subtree);
  }
  array_clear(&stack->slices);
  StackSlice slice = {children, ts_stack__add_version(stack, version, bottom)};
  array_push(&stack->slices, slice);
  return stack->slices;
}

#define ts_stack_pop_count popQuickly
#define ts_parser_new newPlainParser
#include "parser.c"
#undef ts_parser_new

TSParser *ts_parser_new(void) {
  TSParser *parser = newPlainParser();
  parser->lexer.data.advance = advanceQuickly;
  parser->lexer.data.mark_end = markEndQuickly;
  return parser;
}

#include "query.c"
#include "tree_cursor.c"
#include "tree.c"
#include "wasm_store.c"

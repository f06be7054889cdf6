// tree-sitter's library as one translation unit, as its own lib.c is, with what a parse spends most of its time on
// replaced: the sums of lengths (lengths.h), the search in the parse table (parse_table.h), the lexer's steps
// (quick_lexer.h), the counts of references, what is put on the stack and what a reduction takes from it.
// Trees are the same; only the time is not. The sources are those of the pinned npm package and stay as they are.
#include "analyzer/syntax/tree_sitter/lengths.h"
#include "analyzer/syntax/tree_sitter/parse_table.h"

#include "alloc.c"
#include "get_changed_ranges.c"
#include "language.c"
#include "lexer.c"
#include "node.c"
#include "subtree.c"

#include "scanner.c"
#include "analyzer/syntax/tree_sitter/quick_lexer.h"

// A parse without an older tree owns every subtree that it touches, so its counts need no atomic instructions. A subtree
// of an older tree may belong to trees in other threads.
static _Thread_local bool owns_subtrees = false;

static inline void retainQuickly(Subtree subtree) {
  if (subtree.data.is_inline || !owns_subtrees) {
    ts_subtree_retain(subtree);
    return;
  }
  ((SubtreeHeapData *)subtree.ptr)->ref_count++;
}

static inline void releaseQuickly(SubtreePool *pool, Subtree subtree) {
  if (subtree.data.is_inline) return;
  if (!owns_subtrees || subtree.ptr->ref_count == 1) {
    ts_subtree_release(pool, subtree);
    return;
  }
  ((SubtreeHeapData *)subtree.ptr)->ref_count--;
}

#define ts_subtree_retain retainQuickly
#define ts_subtree_release releaseQuickly
#include "stack.c"

// Takes `count` subtrees that are not extras from a version's stack, as ts_stack_pop_count. A stack that did not fork
// is a list: no iterators are needed to walk it.
static inline StackSliceArray popQuickly(Stack *stack, StackVersion version, uint32_t count) {
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
  StackNode *node = top;
  for (uint32_t i = total; i-- > 0; node = node->links[0].node) {
    children.contents[i] = node->links[0].subtree;
    ts_subtree_retain(node->links[0].subtree);
  }
  array_clear(&stack->slices);
  array_reserve(&stack->slices, 1);
  StackSlice *const slice = &stack->slices.contents[0];
  slice->version = ts_stack__add_version(stack, version, bottom);
  slice->subtrees.contents = children.contents;
  slice->subtrees.size = total;
  slice->subtrees.capacity = children.capacity;
  stack->slices.size = 1;
  // Made of its parts: an array of two halves that were just written would be read as one number, and waited for.
  const StackSliceArray slices = {stack->slices.contents, 1, stack->slices.capacity};
  return slices;
}

// Puts a subtree on a version's stack, as ts_stack_push: a node has room for eight links and only its first is in use, so
// the others are not cleared.
static void pushQuickly(Stack *stack, StackVersion version, Subtree subtree, bool is_pending, TSStateId state) {
  StackHead *const head = array_get(&stack->heads, version);
  StackNode *const previous = head->node;
  if (previous == NULL || subtree.ptr == NULL || stack->node_pool.size == 0) {
    ts_stack_push(stack, version, subtree, is_pending, state);
    return;
  }
  StackNode *const node = array_pop(&stack->node_pool);
  node->state = state;
  node->link_count = 1;
  node->ref_count = 1;
  node->links[0].node = previous;
  node->links[0].subtree = subtree;
  node->links[0].is_pending = is_pending;
  node->position = length_add(previous->position, ts_subtree_total_size(subtree));
  node->error_cost = previous->error_cost + ts_subtree_error_cost(subtree);
  node->node_count = previous->node_count + stack__subtree_node_count(subtree);
  node->dynamic_precedence = previous->dynamic_precedence + ts_subtree_dynamic_precedence(subtree);
  head->node = node;
}

#define ts_stack_pop_count popQuickly
#define ts_stack_push pushQuickly
#define ts_parser_new newPlainParser
#define ts_parser_parse_string parsePlainly
#include "parser.c"
#undef ts_parser_new
#undef ts_parser_parse_string
#undef ts_subtree_retain
#undef ts_subtree_release

TSParser *ts_parser_new(void) {
  TSParser *parser = newPlainParser();
  parser->lexer.data.advance = advanceQuickly;
  parser->lexer.data.mark_end = markEndQuickly;
  return parser;
}

TSTree *ts_parser_parse_string(TSParser *parser, const TSTree *old_tree, const char *string, uint32_t length) {
  owns_subtrees = old_tree == NULL;
  TSTree *const tree = parsePlainly(parser, old_tree, string, length);
  owns_subtrees = false;
  return tree;
}

#include "query.c"
#include "tree_cursor.c"
#include "tree.c"
#include "wasm_store.c"

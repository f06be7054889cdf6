// usage: tree_hash [--edits N] FILE...
//
// One line for each file: a number made of all nodes (kind, bytes, state, error) of the trees of its text and of the text
// after some edits, each parsed afresh and from the tree before it. Built twice: with our parser_library.c and with
// tree-sitter's own library as it is; compare.py compares what they print.
#include <tree_sitter/api.h>

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

extern "C" const TSLanguage* KRAIT_LANGUAGE(void);

namespace {

constexpr int kUsualEdits = 6;

struct Hash {
  uint64_t value = 14695981039346656037u;
  void add(uint64_t part) { value = (value ^ part) * 1099511628211u; }
};

void addNodes(TSTreeCursor* cursor, Hash& hash) {
  do {
    TSNode node = ts_tree_cursor_current_node(cursor);
    hash.add(ts_node_symbol(node));
    hash.add(uint64_t{ts_node_start_byte(node)} << 32 | ts_node_end_byte(node));
    hash.add(uint64_t{ts_node_start_point(node).column} << 32 | ts_node_end_point(node).row);
    hash.add(uint64_t{ts_node_parse_state(node)} << 1 | (ts_node_has_error(node) ? 1 : 0));
    if (!ts_tree_cursor_goto_first_child(cursor)) continue;
    addNodes(cursor, hash);
    ts_tree_cursor_goto_parent(cursor);
  } while (ts_tree_cursor_goto_next_sibling(cursor));
}

void addTree(const TSTree* tree, Hash& hash) {
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  addNodes(&cursor, hash);
  ts_tree_cursor_delete(&cursor);
}

TSPoint pointAfter(const std::string& text, size_t bytes) {
  auto end = text.begin() + static_cast<ptrdiff_t>(bytes);
  size_t line = bytes == 0 ? std::string::npos : text.rfind('\n', bytes - 1);
  return {static_cast<uint32_t>(std::count(text.begin(), end, '\n')),
          static_cast<uint32_t>(line == std::string::npos ? bytes : bytes - line - 1)};
}

// Replaces a few bytes somewhere by others that mean something to a lexer, and tells the tree.
void edit(std::string& text, TSTree* tree, std::mt19937& random) {
  static constexpr std::string_view kBytes = "()[]{}:,.'\"\\\n\t\r #=@fdef rb'''\"\"\"if\xc3\xa9\f*0x1_";
  size_t begin = random() % (text.size() + 1);
  size_t removed = std::min<size_t>(random() % 6, text.size() - begin);
  std::string added;
  for (size_t i = random() % 4; i > 0; i--) added += kBytes[random() % kBytes.size()];
  TSInputEdit change{};
  change.start_byte = static_cast<uint32_t>(begin);
  change.old_end_byte = static_cast<uint32_t>(begin + removed);
  change.new_end_byte = static_cast<uint32_t>(begin + added.size());
  change.start_point = pointAfter(text, begin);
  change.old_end_point = pointAfter(text, begin + removed);
  text.replace(begin, removed, added);
  change.new_end_point = pointAfter(text, begin + added.size());
  ts_tree_edit(tree, &change);
}

uint64_t hashOf(TSParser* parser, std::string text, uint32_t seed, int edits) {
  Hash hash;
  std::mt19937 random(seed);
  TSTree* tree = ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
  addTree(tree, hash);
  for (int i = 0; i < edits; i++) {
    edit(text, tree, random);
    TSTree* edited = ts_parser_parse_string(parser, tree, text.data(), static_cast<uint32_t>(text.size()));
    addTree(edited, hash);
    ts_tree_delete(tree);
    tree = edited;
    TSTree* fresh = ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
    addTree(fresh, hash);
    ts_tree_delete(fresh);
  }
  ts_tree_delete(tree);
  return hash.value;
}

}  // namespace

int main(int argc, char** argv) {
  TSParser* parser = ts_parser_new();
  ts_parser_set_language(parser, KRAIT_LANGUAGE());
  bool has_edits = argc > 2 && std::string_view(argv[1]) == "--edits";
  int edits = has_edits ? std::atoi(argv[2]) : kUsualEdits;
  for (int i = has_edits ? 3 : 1; i < argc; i++) {
    std::ifstream file(argv[i], std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    std::printf("%016" PRIx64 " %s\n", hashOf(parser, text, static_cast<uint32_t>(i), edits), argv[i]);
  }
  ts_parser_delete(parser);
}

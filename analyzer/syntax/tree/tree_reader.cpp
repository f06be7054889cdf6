// Children are read from tree-sitter's own nodes: its cursor asks each twice, for questions that nobody has here. What
// that takes is in two of its private headers, of the pinned version; only this file includes them.
#include "analyzer/syntax/tree/tree_reader.h"

#include <algorithm>
#include <cstring>
#include <string_view>

extern "C" {
#include <language.h>
#include <subtree.h>

const TSLanguage* tree_sitter_python(void);
}

namespace krait::syntax {

namespace {

struct Tables {
  std::vector<Symbol> symbols;
  std::vector<bool> is_named;
  std::vector<Field> fields;
};

struct NamedSymbol {
  const char* name;
  bool is_named;
  Symbol symbol;
};

constexpr NamedSymbol kSymbols[] = {
#define SYMBOL(name) {#name, true, Symbol::k_##name},
#define TOKEN(name, text) {text, false, Symbol::kToken##name},
#include "analyzer/syntax/tree/symbols.def"
};

struct NamedField {
  const char* name;
  Field field;
};

constexpr NamedField kFields[] = {
    {"alias", Field::kAlias}, {"alternative", Field::kAlternative}, {"argument", Field::kArgument},
    {"arguments", Field::kArguments}, {"attribute", Field::kAttribute}, {"body", Field::kBody},
    {"cause", Field::kCause}, {"code", Field::kCode}, {"condition", Field::kCondition},
    {"consequence", Field::kConsequence}, {"definition", Field::kDefinition}, {"expression", Field::kExpression},
    {"format_specifier", Field::kFormatSpecifier}, {"function", Field::kFunction}, {"guard", Field::kGuard},
    {"key", Field::kKey}, {"left", Field::kLeft}, {"module_name", Field::kModuleName}, {"name", Field::kName},
    {"object", Field::kObject}, {"operator", Field::kOperator}, {"operators", Field::kOperators},
    {"parameters", Field::kParameters}, {"return_type", Field::kReturnType}, {"right", Field::kRight},
    {"subject", Field::kSubject}, {"subscript", Field::kSubscript}, {"superclasses", Field::kSuperclasses},
    {"type", Field::kType}, {"type_conversion", Field::kTypeConversion}, {"type_parameters", Field::kTypeParameters},
    {"value", Field::kValue},
};

}  // namespace

static Tables makeTables() {
  const TSLanguage* language = tree_sitter_python();
  Tables tables;
  uint32_t symbol_count = ts_language_symbol_count(language);
  tables.symbols.assign(symbol_count, Symbol::kOther);
  for (uint32_t i = 0; i < symbol_count; ++i) {
    TSSymbol id = ts_language_public_symbol(language, static_cast<TSSymbol>(i));
    TSSymbolType type = ts_language_symbol_type(language, id);
    const char* name = ts_language_symbol_name(language, id);
    tables.is_named.push_back(ts_language_symbol_metadata(language, static_cast<TSSymbol>(i)).named);
    for (const NamedSymbol& known : kSymbols) {
      if (known.is_named == (type == TSSymbolTypeRegular) && std::strcmp(known.name, name) == 0) {
        tables.symbols[i] = known.symbol;
      }
    }
  }
  uint32_t field_count = ts_language_field_count(language);
  tables.fields.assign(field_count + 1, Field::kNone);
  for (uint32_t i = 1; i <= field_count; ++i) {
    const char* name = ts_language_field_name_for_id(language, static_cast<TSFieldId>(i));
    for (const NamedField& known : kFields) {
      if (std::strcmp(known.name, name) == 0) tables.fields[i] = known.field;
    }
  }
  return tables;
}

static const Tables& tables() {
  static const Tables made = makeTables();
  return made;
}

TreeReader::TreeReader(const TSTree* tree) : language_(tree_sitter_python()) {
  TSNode root = ts_tree_root_node(tree);
  root_ = describe(root.id, ts_node_start_byte(root), 0);
  saw_error_ = ts_node_has_error(root);
  stack_.reserve(256);
}

TreeNode TreeReader::describe(const void* subtree, uint32_t begin, uint16_t alias) const {
  Subtree self = *static_cast<const Subtree*>(subtree);
  TSSymbol symbol = alias != 0 ? alias : ts_subtree_symbol(self);
  TreeNode out;
  out.subtree = subtree;
  out.symbol = symbol < tables().symbols.size() ? tables().symbols[symbol] : Symbol::kError;
  out.is_named = alias != 0 ? tables().is_named[alias] : ts_subtree_named(self);
  out.begin = begin;
  out.end = begin + ts_subtree_size(self).bytes;
  // Only an empty token can be a missing one.
  out.is_missing = out.begin == out.end && ts_subtree_missing(self);
  return out;
}

void TreeReader::pushChild(const TreeNode& child) {
  if (child.symbol == Symbol::k_comment) {
    comments_.push_back({child.begin, child.end});
  } else if (child.symbol != Symbol::k_line_continuation) {
    stack_.push_back(child);
  }
}

namespace {
// What a production says of its children, by their number among those that are no extras.
struct Production {
  Production(const TSLanguage* language, uint32_t id) : aliases(ts_language_alias_sequence(language, id)) {
    ts_language_field_map(language, id, &fields, &fields_end);
  }
  TSFieldId fieldOf(uint32_t child) const {
    for (const TSFieldMapEntry* entry = fields; entry != fields_end; ++entry) {
      if (!entry->inherited && entry->child_index == child) return entry->field_id;
    }
    return 0;
  }
  const TSSymbol* aliases;
  const TSFieldMapEntry* fields = nullptr;
  const TSFieldMapEntry* fields_end = nullptr;
};
}  // namespace

void TreeReader::pushChildren(const void* subtree, uint32_t begin, Field field) {
  Subtree self = *static_cast<const Subtree*>(subtree);
  uint32_t count = ts_subtree_child_count(self);
  if (count == 0) return;
  Production production(language_, self.ptr->production_id);
  const Subtree* children = ts_subtree_children(self);
  uint32_t number = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const Subtree& child = children[i];
    // The blanks before the first child stand before its parent.
    if (i > 0) begin += ts_subtree_padding(child).bytes;
    Field own = Field::kNone;
    TSSymbol alias = 0;
    if (!ts_subtree_extra(child)) {
      TSFieldId id = production.fieldOf(number);
      own = id != 0 ? tables().fields[id] : field;
      if (production.aliases != nullptr) alias = production.aliases[number];
      ++number;
    }
    if (ts_subtree_visible(child) || alias != 0) {
      TreeNode node = describe(&child, begin, alias);
      node.field = own;
      pushChild(node);
    } else {
      pushChildren(&child, begin, own);
    }
    begin += ts_subtree_size(child).bytes;
  }
}

uint32_t TreeReader::push(const TreeNode& node) {
  if (node.subtree == nullptr) return 0;
  uint32_t before = stackSize();
  pushChildren(node.subtree, node.begin, Field::kNone);
  return stackSize() - before;
}

std::vector<Comment> TreeReader::takeComments() {
  std::sort(comments_.begin(), comments_.end(), [](Comment a, Comment b) { return a.begin < b.begin; });
  auto same = [](Comment a, Comment b) { return a.begin == b.begin; };
  comments_.erase(std::unique(comments_.begin(), comments_.end(), same), comments_.end());
  return std::move(comments_);
}

TreeNode Children::find(Field field) const {
  for (uint32_t i = 0; i < count_; ++i) {
    if (reader_.peek(first_ + i).field == field) return reader_.at(first_ + i);
  }
  return {};
}

bool Children::has(Field field) const {
  for (uint32_t i = 0; i < count_; ++i) {
    if (reader_.peek(first_ + i).field == field) return true;
  }
  return false;
}

bool Children::has(Symbol symbol) const {
  for (uint32_t i = 0; i < count_; ++i) {
    if (reader_.peek(first_ + i).symbol == symbol) return true;
  }
  return false;
}

TreeNode Children::firstNamed() const {
  for (uint32_t i = 0; i < count_; ++i) {
    if (reader_.peek(first_ + i).is_named) return reader_.at(first_ + i);
  }
  return {};
}

uint32_t Children::namedCount() const {
  uint32_t named = 0;
  for (uint32_t i = 0; i < count_; ++i) named += reader_.peek(first_ + i).is_named;
  return named;
}

}  // namespace krait::syntax

#include "analyzer/syntax/tree/tree_reader.h"

#include <algorithm>
#include <cstring>
#include <string_view>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace krait::syntax {

namespace {

struct Tables {
  std::vector<Symbol> symbols;
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
    TSSymbol id = static_cast<TSSymbol>(i);
    TSSymbolType type = ts_language_symbol_type(language, id);
    const char* name = ts_language_symbol_name(language, id);
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

TreeReader::TreeReader(const TSTree* tree) : symbols_(tables().symbols.data()), fields_(tables().fields.data()) {
  TSNode root = ts_tree_root_node(tree);
  cursor_ = ts_tree_cursor_new(root);
  root_ = describe(root);
  saw_error_ = ts_node_has_error(root);
  stack_.reserve(256);
}

TreeReader::~TreeReader() { ts_tree_cursor_delete(&cursor_); }

TreeNode TreeReader::describe(TSNode node) const {
  TreeNode out;
  out.node = node;
  TSSymbol symbol = ts_node_symbol(node);
  out.symbol = symbol == static_cast<TSSymbol>(-1) ? Symbol::kError : symbols_[symbol];
  out.is_named = ts_node_is_named(node);
  out.begin = ts_node_start_byte(node);
  out.end = ts_node_end_byte(node);
  // Only an empty token can be a missing one.
  out.is_missing = out.begin == out.end && ts_node_is_missing(node);
  return out;
}

uint32_t TreeReader::push(const TreeNode& node) {
  if (node.node.id == nullptr) return 0;
  uint32_t before = stackSize();
  ts_tree_cursor_reset(&cursor_, node.node);
  if (!ts_tree_cursor_goto_first_child(&cursor_)) return 0;
  do {
    TreeNode child = describe(ts_tree_cursor_current_node(&cursor_));
    if (child.symbol == Symbol::k_comment) {
      comments_.push_back({child.begin, child.end});
      continue;
    }
    if (child.symbol == Symbol::k_line_continuation) continue;
    child.field = fields_[ts_tree_cursor_current_field_id(&cursor_)];
    stack_.push_back(child);
  } while (ts_tree_cursor_goto_next_sibling(&cursor_));
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

#include "analyzer/format/meaning.h"

#include <cstring>

#include "analyzer/format/literals.h"
#include "analyzer/format/white_space.h"

namespace krait::format {

using enum TokenKind;

namespace {
struct MeaningContext {
  const ConcreteTree& tree;
  Meaning meaning = {};
};
}  // namespace

// What stands for things that are no tokens.
enum Sign : uint64_t { kBegin = 0x100, kEnd = 0x200, kStatement = 0x300, kBlock = 0x400, kTuple = 0x500 };

static void add(MeaningContext& context, uint64_t value) {
  context.meaning.sum = mixBits(context.meaning.sum ^ (value + 0x9e3779b97f4a7c15ull));
}

static void addText(MeaningContext& context, std::string_view text) {
  uint64_t size = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) {
    uint64_t word;
    std::memcpy(&word, text.data(), 8);
    add(context, word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  add(context, rest ^ (size << 56) ^ (size << 32));
}

static void countComments(MeaningContext& context, TextRange gap) {
  std::string_view text = context.tree.source().substr(gap.begin, gap.size());
  for (size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at)) {
    for (; at < text.size() && text[at] != '\n'; ++at) context.meaning.comment_size += text[at] > ' ' && text[at] < 0x7f;
  }
}

// The content with quotes that need no backslash, whatever the literal's own quotes are.
static std::string withPlainQuotes(std::string_view content) {
  std::string out;
  for (size_t at = 0; at < content.size(); ++at) {
    if (content[at] != '\\' || at + 1 == content.size()) {
      out += content[at];
      continue;
    }
    bool is_quote = content[at + 1] == '\'' || content[at + 1] == '"';
    if (!is_quote) out += '\\';
    out += content[++at];
  }
  return out;
}

// Without any white space; at most one line end between lines of text.
static std::string withoutBlanks(std::string_view text) {
  std::string out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    for (std::string_view rest = text.substr(begin, end - begin); !(rest = stripLeft(rest)).empty();) {
      size_t word = std::min(rest.find_first_of(" \t\f\v\r"), rest.size());
      out += rest.substr(0, word);
      rest.remove_prefix(word);
    }
    if (end < text.size() && !out.empty() && out.back() != '\n') out += '\n';
    begin = end + 1;
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

static void addString(MeaningContext& context, ElementId leaf) {
  std::string_view text = context.tree[leaf].text;
  size_t prefix = prefixSize(text);
  uint64_t kind = 1;
  bool is_raw = false;
  for (char c : text.substr(0, prefix)) {
    char lower = static_cast<char>(c | 0x20);
    is_raw = is_raw || lower == 'r';
    if (lower != 'u') kind += static_cast<uint64_t>(lower);
  }
  std::string_view value = text.substr(prefix);
  bool is_triple = value.size() >= 6 && value[1] == value[0] && value[2] == value[0];
  std::string_view content = value.substr(is_triple ? 3 : 1, value.size() - (is_triple ? 6 : 2));
  add(context, kind);
  std::string changed;
  if (!is_raw && content.find('\\') != std::string_view::npos) content = changed = withPlainQuotes(content);
  if (context.tree.parentIs(leaf, Form::kSimpleStmt)) content = changed = withoutBlanks(content);
  addText(context, content);
}

static void addLeaf(MeaningContext& context, ElementId id) {
  const Element& leaf = context.tree[id];
  if (leaf.gap.size() > 1) countComments(context, leaf.gap);
  switch (leaf.token) {
    case kComma:
    case kSemicolon:
    case kNewline:
    case kIndent:
    case kDedent:
    case kEndMarker: return;
    case kString: return addString(context, id);
    case kNumber:
      if (leaf.text.find_first_not_of("0123456789") == std::string_view::npos) return addText(context, leaf.text);
      return addText(context, standardNumber(leaf.text));
    case kName: return addText(context, leaf.text);
    default: add(context, static_cast<uint64_t>(leaf.token));
  }
}

static bool isBareTuple(Form form) {
  return form == Form::kTestlist || form == Form::kTestlistStarExpr || form == Form::kExprList ||
         form == Form::kTestlistGexp;
}

static bool isComprehension(const ConcreteTree& tree, ElementId node) {
  return tree.is(tree[node].last, Form::kCompFor) || tree.is(tree[node].last, Form::kCompIf);
}

// Parentheses that only group, and the import's.
static bool isGroup(const ConcreteTree& tree, ElementId node) {
  if (!tree.is(node, Form::kAtom) || !tree.is(tree[node].first, kLeftParen)) return false;
  ElementId content = tree[tree[node].first].next;
  bool is_generator = tree.is(content, Form::kTestlistGexp) && isComprehension(tree, content);
  return content != tree[node].last && !is_generator;
}

// Lists whose only element would stand for them without the comma after it.
static bool isListOfOne(const ConcreteTree& tree, ElementId node) {
  switch (tree[node].form) {
    case Form::kArgList:
    case Form::kListMaker:
    case Form::kDictSetMaker:
    case Form::kTypedArgsList:
    case Form::kImportAsNames:
    case Form::kTypeParams: break;
    default: return false;
  }
  ElementId second = tree[tree[node].first].next;
  return second.valid() && second == tree[node].last && tree.is(second, kComma);
}

// Where a with statement's items stand in parentheses: the list in there.
static bool isItemList(const ConcreteTree& tree, ElementId node) {
  if (!tree.is(node, Form::kTestlistGexp)) return false;
  ElementId atom = tree[node].parent;
  while (isGroup(tree, atom) && isGroup(tree, tree[atom].parent)) atom = tree[atom].parent;
  ElementId with = tree[atom].parent;
  return tree.is(with, Form::kWithStmt) && tree.is(tree[atom].previous, kKwWith) && tree.is(tree[atom].next, kColon);
}

// A call, index or attribute in parentheses after `await`, which binds as loosely as they do.
static bool isAwaited(const ConcreteTree& tree, ElementId power) {
  if (!tree.is(power, Form::kPower) || tree.is(tree[power].first, kKwAwait)) return false;
  if (tree.is(tree[tree[power].last].previous, kDoubleStar)) return false;
  ElementId atom = tree[power].parent;
  while (isGroup(tree, atom) && isGroup(tree, tree[atom].parent)) atom = tree[atom].parent;
  return isGroup(tree, atom) && tree.is(tree[atom].previous, kKwAwait);
}

// Whether the element's own sort counts; otherwise only what is in it does.
static uint64_t signOf(const ConcreteTree& tree, ElementId node) {
  const Element& element = tree[node];
  if (isGroup(tree, node) || isListOfOne(tree, node) || isAwaited(tree, node)) return 0;
  if (isBareTuple(element.form) && !isComprehension(tree, node)) return isItemList(tree, node) ? 0 : uint64_t{kTuple};
  bool is_block = element.form == Form::kSuite ||
                  (element.form == Form::kSimpleStmt && tree.is(element.previous, kColon));
  if (is_block) return kBlock;
  if (element.form == Form::kSimpleStmt) return 0;
  return kBegin + static_cast<uint64_t>(element.form);
}

// Brackets that may go although they are no group's.
static bool isDroppedBracket(const ConcreteTree& tree, ElementId leaf) {
  bool is_paren = tree.is(leaf, kLeftParen) || tree.is(leaf, kRightParen);
  if (!is_paren) return false;
  ElementId parent = tree[leaf].parent;
  if (isGroup(tree, parent) || tree.is(parent, Form::kImportFrom)) return true;
  bool is_empty = tree.is(tree[leaf].next, kRightParen) || tree.is(tree[leaf].previous, kLeftParen);
  return tree.is(parent, Form::kClassDef) && is_empty;
}

Meaning meaningOf(const ConcreteTree& tree) {
  MeaningContext context{tree};
  struct Open {
    ElementId node;
    uint64_t sign;
  };
  std::vector<Open> open;
  for (ElementId id = tree.root; id.valid();) {
    bool is_statement = tree.is(tree[id].parent, Form::kSimpleStmt) && !tree.is(id, kSemicolon) && !tree.is(id, kNewline);
    if (is_statement) add(context, kStatement);
    if (tree.isNode(id)) {
      uint64_t sign = signOf(tree, id);
      if (sign != 0) add(context, sign);
      open.push_back({id, sign});
      id = tree[id].first;
      continue;
    }
    if (isDroppedBracket(tree, id)) {
      countComments(context, tree[id].gap);
    } else {
      addLeaf(context, id);
    }
    while (id.valid() && tree[id].next.isNone()) {
      if (open.empty()) return context.meaning;
      if (open.back().sign != 0) add(context, kEnd);
      id = open.back().node;
      open.pop_back();
    }
    id = tree[id].next;
  }
  return context.meaning;
}

}  // namespace krait::format

// Which syntax the result may use: what all versions of Python have that can read the text as it is.
#include "analyzer/format/line_builder.h"
#include "analyzer/format/literals.h"

namespace krait::format {

using enum TokenKind;

static uint8_t atLeast(uint8_t version, uint8_t other) { return version < other ? other : version; }

static uint8_t versionOfString(std::string_view text) {
  std::string_view prefix = text.substr(0, prefixSize(text));
  if (prefix.find_first_of("fFtT") == std::string_view::npos) return 3;
  // `{name=}` came later; anything that looks like it counts.
  for (size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    size_t next = text.find_first_not_of(' ', at + 1);
    if (next != std::string_view::npos && text[next] == '}' && text.find('{') < at) return 8;
  }
  return 6;
}

static bool hasStarChild(const ConcreteTree& tree, ElementId node) {
  for (ElementId child = tree[node].first; child.valid(); child = tree[child].next) {
    if (tree.is(child, kStar) || tree.is(child, kDoubleStar)) return true;
    if (!tree.is(child, Form::kArgument)) continue;
    for (ElementId part = tree[child].first; part.valid(); part = tree[part].next) {
      if (tree.is(part, kStar) || tree.is(part, kDoubleStar)) return true;
    }
  }
  return false;
}

static bool hasChild(const ConcreteTree& tree, ElementId node, Form form) {
  for (ElementId child = tree[node].first; child.valid(); child = tree[child].next) {
    if (tree.is(child, form)) return true;
  }
  return false;
}

// A name with attributes, and one call at the end: what a decorator could be at first.
static bool isSimpleDecorator(const ConcreteTree& tree, ElementId expr) {
  if (tree.is(expr, kName)) return true;
  if (!tree.is(expr, Form::kPower) || !tree.is(tree[expr].first, kName)) return false;
  for (ElementId part = tree[tree[expr].first].next; part.valid(); part = tree[part].next) {
    if (!tree.is(part, Form::kTrailer)) return false;
    bool is_call = tree.is(tree[part].first, kLeftParen) && !tree[part].next.valid();
    if (!is_call && !tree.is(tree[part].first, kDot)) return false;
  }
  return true;
}

static bool isParenthesizedItemList(const ConcreteTree& tree, ElementId with) {
  ElementId atom = tree.child(with, 1);
  if (!tree.is(atom, Form::kAtom) || !tree.is(tree[atom].first, kLeftParen)) return false;
  return tree.is(tree.child(atom, 1), Form::kTestlistGexp) && tree.childCount(atom) == 3;
}

static uint8_t versionOfLeaf(const ConcreteTree& tree, ElementId id) {
  const Element& leaf = tree[id];
  switch (leaf.token) {
    case kString: return versionOfString(leaf.text);
    case kNumber: return leaf.text.find('_') != std::string_view::npos ? 6 : 3;
    case kColonEqual: return 8;
    case kSlash: {
      Form form = tree.parentForm(id);
      bool is_parameter = form == Form::kTypedArgsList || form == Form::kVarArgsList || form == Form::kArgList;
      return is_parameter ? 8 : 3;
    }
    default: return 3;
  }
}

static uint8_t versionOfNode(const ConcreteTree& tree, ElementId id) {
  switch (tree[id].form) {
    case Form::kDecorator: return isSimpleDecorator(tree, tree.child(id, 1)) ? 3 : 9;
    case Form::kTypedArgsList: return tree.is(tree[id].last, kComma) && hasStarChild(tree, id) ? 6 : 3;
    case Form::kArgList: return tree.is(tree[id].last, kComma) && hasStarChild(tree, id) ? 5 : 3;
    case Form::kReturnStmt:
    case Form::kYieldExpr: {
      ElementId value = tree.child(id, 1);
      return tree.is(value, Form::kTestlistStarExpr) && hasChild(tree, value, Form::kStarExpr) ? 8 : 3;
    }
    case Form::kAnnAssign: return tree.is(tree.child(id, 3), Form::kTestlistStarExpr) ? 8 : 3;
    case Form::kWithStmt: return isParenthesizedItemList(tree, id) ? 9 : 3;
    case Form::kMatchStmt: return 10;
    case Form::kExceptClause: return tree.is(tree.child(id, 1), kStar) ? 11 : 3;
    case Form::kSubscriptList:
    case Form::kTrailer: return hasChild(tree, id, Form::kStarExpr) ? 11 : 3;
    case Form::kTypedName: return hasChild(tree, id, Form::kStarExpr) ? 11 : 3;
    case Form::kTypeParams:
    case Form::kTypeStmt: return 12;
    default: return 3;
  }
}

static bool importsFutureAnnotations(const ConcreteTree& tree, ElementId statement) {
  ElementId import = tree[statement].first;
  if (!tree.is(import, Form::kImportFrom) || tree[tree.child(import, 1)].text != "__future__") return false;
  for (ElementId leaf = tree.firstLeaf(import); leaf.valid(); leaf = tree.nextLeaf(leaf, import)) {
    if (tree[leaf].text == "annotations") return true;
  }
  return false;
}

void findFeatures(FormatContext& context) {
  const ConcreteTree& tree = context.tree;
  uint8_t oldest = 3;
  if (context.options.oldest_minor) {
    oldest = *context.options.oldest_minor;
  } else {
    ElementId id = tree.root;
    for (ElementId statement = tree[id].first; statement.valid(); statement = tree[statement].next) {
      if (tree.is(statement, Form::kSimpleStmt) && importsFutureAnnotations(tree, statement)) oldest = 7;
      if (!tree.is(statement, Form::kSimpleStmt)) break;
    }
    while (id.valid()) {
      oldest = atLeast(oldest, tree.isLeaf(id) ? versionOfLeaf(tree, id) : versionOfNode(tree, id));
      ElementId next = tree[id].first;
      for (ElementId up = id; !next.valid() && up.valid(); up = tree[up].parent) next = tree[up].next;
      id = next;
    }
  }
  context.may_end_star_call_in_comma = oldest >= 5;
  context.may_end_star_parameters_in_comma = oldest >= 6;
}

}  // namespace krait::format

// ConcreteTree: a text as the formatter sees it, every token a leaf, every phrase of the grammar a node above its parts.
//
// Takes a text that the grammar accepts; gives elements named by ElementId, linked to parent and siblings, which later
// steps may wrap, replace and hide. What always holds: a phrase of one part is that part; a leaf's gap is the text
// between the leaf before it and itself, comments included, and the gaps and leaves together are the whole text.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/base/arena.h"
#include "analyzer/base/check.h"
#include "analyzer/base/id.h"
#include "analyzer/base/text.h"
#include "analyzer/format/options.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::format {

using syntax::TokenKind;

struct ElementTag;
using ElementId = Id<ElementTag>;

// What an element is: three sorts of leaves, then the phrases (lib2to3's names where it has one).
enum class Form : uint8_t {
  kToken,
  kComment,            // at the end of a line of code
  kStandaloneComment,  // on lines of its own, or text that must stay as it is
  kFile, kSimpleStmt, kSuite,
  kExprStmt, kAnnAssign, kDelStmt, kReturnStmt, kRaiseStmt, kAssertStmt, kGlobalStmt, kTypeStmt,
  kImportName, kImportFrom, kImportAsNames, kImportAsName, kDottedName, kDottedAsNames, kDottedAsName,
  kIfStmt, kWhileStmt, kForStmt, kTryStmt, kExceptClause, kWithStmt, kFuncDef, kAsyncFuncDef, kAsyncStmt, kClassDef,
  kDecorated, kDecorators, kDecorator, kMatchStmt, kCaseBlock, kGuard, kPatterns, kPattern, kSubjectExpr,
  kParameters, kTypedArgsList, kVarArgsList, kTypedName, kTypeParams, kTypeVar,
  kTestlist, kTestlistStarExpr, kExprList, kTestlistGexp, kListMaker, kDictSetMaker, kArgList, kArgument,
  kSubscript, kSubscriptList, kSliceOp, kTrailer, kCompFor, kCompIf,
  kNamedExpr, kAsExpr, kTest, kLambda, kOrTest, kAndTest, kNotTest, kComparison, kCompOp, kStarExpr,
  kExpr, kXorExpr, kAndExpr, kShiftExpr, kArithExpr, kTerm, kFactor, kPower, kAtom, kYieldExpr, kYieldArg
};

struct Element {
  ElementId parent, previous, next;  // next and previous sibling
  ElementId first, last;             // children
  Form form = Form::kToken;
  TokenKind token = TokenKind::kError;  // of a kToken leaf
  // What the splitter knows of a leaf.
  uint8_t spaces = 0;         // before it in its line
  bool is_orphan = false;     // stands for no place in the tree any more, or never did
  bool has_comments = false;  // some line holds comments that follow it
  bool spans_lines = false;   // its text has a line end
  int8_t complexity = -1;     // of a subscript: whether it has more than names and numbers; -1: not looked at yet
  uint32_t newlines = 0;      // empty lines before it, when it begins a line
  uint32_t depth = 0;         // brackets around it
  uint32_t width = 0;         // characters of its text
  ElementId opening;          // of a closing bracket: its opening one
  TextRange gap;              // in the source, before the leaf
  TextRange range;            // in the source; empty for what is not there
  uint32_t line = 0;          // 1-based; 0 for what is not in the source
  std::string_view text;      // empty for brackets that are not shown
};

class ConcreteTree {
 public:
  explicit ConcreteTree(std::string_view source) : source_(source) {}

  ElementId root;
  IndentStyle indents;  // of the lines that are made of it
  std::string_view source() const { return source_; }
  Element& operator[](ElementId id) {
    DCHECK(id.value < elements_.size(), "element belongs to this tree");
    return elements_[id.value];
  }
  const Element& operator[](ElementId id) const {
    DCHECK(id.value < elements_.size(), "element belongs to this tree");
    return elements_[id.value];
  }
  void reserve(size_t count) { elements_.reserve(count); }

  ElementId addNode(Form form);
  ElementId addLeaf(Form form, TokenKind token, std::string_view text);
  // Sets a leaf's text and what follows from it.
  void setText(ElementId leaf, std::string_view text);
  std::string_view keep(std::string_view text) { return arena_.copy(text); }

  void append(ElementId parent, ElementId child);
  // Puts `child` before `place`, a child of `parent`; at the end when `place` is none.
  void insertBefore(ElementId parent, ElementId place, ElementId child);
  void remove(ElementId child);
  void replace(ElementId old_child, ElementId new_child);

  bool isLeaf(ElementId id) const { return id.valid() && (*this)[id].form <= Form::kStandaloneComment; }
  bool isNode(ElementId id) const { return id.valid() && (*this)[id].form > Form::kStandaloneComment; }
  bool is(ElementId id, Form form) const { return id.valid() && (*this)[id].form == form; }
  bool is(ElementId id, TokenKind token) const {
    return id.valid() && (*this)[id].form == Form::kToken && (*this)[id].token == token;
  }
  bool parentIs(ElementId id, Form form) const { return is((*this)[id].parent, form); }
  // Phrase of the parent, kToken when there is none.
  Form parentForm(ElementId id) const {
    ElementId parent = (*this)[id].parent;
    return parent.valid() ? (*this)[parent].form : Form::kToken;
  }
  uint32_t childCount(ElementId id) const;
  ElementId child(ElementId id, uint32_t index) const;
  ElementId firstLeaf(ElementId id) const;
  ElementId lastLeaf(ElementId id) const;
  // The leaf before the element in the whole text; none at its start.
  ElementId precedingLeaf(ElementId id) const;
  // The leaf after `leaf` inside `within`; none after its last.
  ElementId nextLeaf(ElementId leaf, ElementId within) const;

 private:
  std::string_view source_;
  std::vector<Element> elements_;
  Arena arena_;
};

inline bool isOpening(TokenKind token) {
  return token == TokenKind::kLeftParen || token == TokenKind::kLeftBracket || token == TokenKind::kLeftBrace;
}
inline bool isClosing(TokenKind token) {
  return token == TokenKind::kRightParen || token == TokenKind::kRightBracket || token == TokenKind::kRightBrace;
}
inline bool isOpening(const Element& leaf) { return leaf.form == Form::kToken && isOpening(leaf.token); }
inline bool isClosing(const Element& leaf) { return leaf.form == Form::kToken && isClosing(leaf.token); }
inline bool isToken(const Element& leaf, TokenKind token) { return leaf.form == Form::kToken && leaf.token == token; }
// Names and keywords, but `async` and `await`.
bool isWord(const Element& leaf);
// A string in triple quotes that spans lines.
bool isMultilineString(const Element& leaf);
// Characters (code points) of UTF-8 text.
uint32_t widthOf(std::string_view text);

// The tree of a text that ends in a line end and has no "\r". `list`: its tokens without trivia. Fails, giving no root, only when the grammar does not
// accept the text or nesting is deeper than kMaxNesting.
inline constexpr uint32_t kMaxNesting = 4000;
ConcreteTree parseConcrete(std::string_view source, const syntax::TokenList& list);

}  // namespace krait::format

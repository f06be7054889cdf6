// Questions about whole expressions: are two the same, does evaluating one do something, what does its text hold.
// Recursion goes as deep as the tree; the linter's threads have the stack for it.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Do the two say the same, whatever the layout, quotes, and parentheses? Both may be none.
bool isSameExpr(const Ast& ast, NodeId a, NodeId b);
// May evaluating it do something or give another value the next time: calls, awaits, subscripts, operators on unknown
// operands, comprehensions.
bool hasEffect(const LintContext& context, NodeId expr);
// Does the test hold for the node or one below it? The test may be asked in any order.
template <class Test>
bool anyOver(const Ast& ast, NodeId node, Test&& test) {
  if (!node.valid()) return false;
  if (test(node)) return true;
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || anyOver(ast, child, test); });
  return is_found;
}
// Is a Name of this text read or written anywhere in the node?
bool mentionsName(const Ast& ast, NodeId node, NameId name);
// Is there a comment in the range?
bool hasComment(const Ast& ast, TextRange range);
// A chain of names, "a.b.c"; empty for anything else.
std::string dottedText(const Ast& ast, NodeId expr);
// The last name of a Name or Attribute; empty for others.
std::string_view lastName(const Ast& ast, NodeId expr);
// The name of the FunctionDef, ClassDef, Parameter, Keyword or other node whose first field is its name.
std::string_view definedName(const Ast& ast, NodeId definition);
bool isLiteral(const Ast& ast, NodeId expr);  // a number, string, bytes, True, False, None or `...`
inline bool isStr(const Ast& ast, NodeId expr) { return syntax::stringValue(ast, expr).has_value(); }
// The value of an int literal that fits, none for others; `-1` counts.
std::optional<int64_t> intValue(const Ast& ast, NodeId expr);
// The argument's text; a generator that is the only one has none of the call's parentheses.
std::string_view argumentText(const Ast& ast, NodeId call, NodeId argument);
// Does the expression bind weaker than a comparison operand, so that it takes parentheses beside an operator?
bool needsParentheses(const Ast& ast, NodeId expr);
// The node's range with the parentheses of its own around it.
TextRange parenthesizedRange(const Ast& ast, NodeId expr);
// The decorator from its `@` on, with the parentheses around it.
TextRange decoratorRange(const Ast& ast, NodeId decorator);
// The text with a blank where it would run into a letter beside the range that it is put into.
std::string padded(const Ast& ast, TextRange range, std::string text);
// The text with a blank where it would stand right at the brace of a replacement field around the node.
std::string paddedInField(const Ast& ast, NodeId node, TextRange range, std::string text);
// The text with line breaks and what is around them as one space, cut after `limit` characters: ruff's way to show
// code in a message; `...` where the text has several lines or is too long.
std::string shownText(const Ast& ast, NodeId expr);

// Does a loop with this body have a `break` of its own?
bool mayBreak(const Ast& ast, NodeList body);

}  // namespace krait::lint

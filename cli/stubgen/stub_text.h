// Texts of a stub: annotations as a stub writes them, defaults, and the names that a text uses. Takes nodes of a parsed module;
// gives one line of text each. What always holds: a text that is given back parses as an expression.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "analyzer/syntax/ast.h"

namespace krait::cli {

// The annotation on one line, strings that hold types without their quotes.
std::string annotationText(const syntax::Ast& ast, syntax::NodeId annotation);
// An expression on one line, as it was written.
std::string sourceText(const syntax::Ast& ast, syntax::NodeId expression);
// A default that is short and simple as it was written, "..." for any other.
std::string defaultText(const syntax::Ast& ast, syntax::NodeId value);
// The names that the text reads: identifiers outside of strings that stand behind no dot, nor before a `=` in a call.
void collectNames(std::string_view text, std::set<std::string>& names);
// Whether a name is meant for the module alone: `_x`, but not `__x__`.
bool isPrivateName(std::string_view name);

}  // namespace krait::cli

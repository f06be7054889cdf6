// Parts of definitions that functions and classes of a stub share. What always holds: each text is whole lines, or a piece that
// stands in one.
#pragma once

#include <string>

#include "cli/stubgen/stub_context.h"

namespace krait::cli {

// Those decorators that mean something to a checker, one on a line.
std::string decoratorsText(const StubContext& c, const StubScope& scope, syntax::NodeList decorators);
// "[T, U: int]", or "".
std::string typeParametersText(const StubContext& c, syntax::NodeList params);
// The docstring as a line of the body, where docstrings are asked for.
std::string docstringText(const StubContext& c, syntax::NodeList body, const std::string& indent);
// "('x', Incomplete), ('y', Incomplete)" of a call of namedtuple; "" where the fields are not written there.
std::string namedTupleFieldsText(const syntax::Ast& ast, syntax::NodeId call);

}  // namespace krait::cli

// Probe: what the checker knows of an expression that somebody is writing, without making a new World for each letter.
// The World's own text is taken (the document as it was when last checked), the expression is put on a line of its own
// before the line at the cursor, and that is patched in for a while: it binds nothing, so that nothing else changes.
#pragma once

#include "lsp/type_queries.h"

namespace krait::lsp {

// The expression that ends at `end`, on the cursor's line. None: the document differs from the World's text elsewhere too,
// the line goes on from the one before, or it does not read as an expression.
TypedPlace probeBefore(Workspace& workspace, SourceModule& document, uint32_t end);

// The part of a statement's beginning that is an expression: `x = f(a` -> `f(a`, `for x in xs` -> `xs`. Exposed for tests.
std::string_view expressionPart(std::string_view statement);

}  // namespace krait::lsp

// The scope of a place, also where the text is broken: the statement that somebody types may have fallen out of the tree
// together with the function around it.
#pragma once

#include <string>
#include <vector>

#include "lsp/source_module.h"

namespace krait::lsp {

// The innermost scope at the offset, clamped to the text. Where the text has an error and the tree says less than the lines
// do, it is that of the function or class whose header the lines at the place are indented below.
semantic::ScopeId scopeAt(SourceModule& module, uint32_t offset);

// Names that the broken statement around the offset gives to its own parts, as far as words tell: behind `for` in a
// comprehension, of a lambda's parameters, before `:=`. Nothing where the text is right: then the tree has them.
std::vector<std::string> namesOfStatement(SourceModule& module, uint32_t offset);

}  // namespace krait::lsp

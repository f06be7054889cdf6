// Mend: a text that is broken in more than one place, as somebody leaves it who goes on elsewhere. Lines that Python
// rejects give way to ones that mean nothing, of the same length, so that all that is right keeps its place.
#pragma once

#include <memory>
#include <string>

#include "checker/program/program.h"

namespace krait::lsp {

// The text without its wrong lines, parsed; the line that holds `kept` (an offset) stays as it is. With an error: that is in
// the line, or there are too many.
std::shared_ptr<const program::ParsedText> parseMended(std::string text, uint32_t kept, Interner& names);

// A tree of a broken text that was made without its wrong lines, if more could be read so; else the text itself.
std::shared_ptr<const program::ParsedText> withMendedTree(std::shared_ptr<const program::ParsedText> broken, Interner& names);

}  // namespace krait::lsp

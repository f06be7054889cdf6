// Mend: a text that is broken in more than one place, as somebody leaves it who goes on elsewhere. Lines that Python
// rejects give way to ones that mean nothing, of the same length, so that all that is right keeps its place.
#pragma once

#include <memory>
#include <string>

#include "checker/program/program.h"

namespace krait::lsp {

// The text without its wrong lines, parsed; the line that holds `kept` (an offset) stays as it is. Null: the error is in
// that line, there are too many, or the text is too long to try.
std::shared_ptr<const program::ParsedText> parseMended(std::string text, uint32_t kept, Interner& names);

}  // namespace krait::lsp

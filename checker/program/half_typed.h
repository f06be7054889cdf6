// A text that somebody is typing into, parsed with what was known before the edits in mind.
#pragma once

#include <memory>

#include "checker/program/program.h"

namespace krait::program {

// The text that `edit` makes of `before`, a right one. Where Python rejects it, what stands around the edited statements
// is as it was, and `error` is the whole text's. Null: only a parse of the whole text can tell.
std::shared_ptr<ParsedText> parseHalfTyped(const ParsedText& before, const syntax::TextEdit& edit, std::string text, Interner& names);

}  // namespace krait::program

// The tokens of a text as `_tokenize.TokenizerIter` gives them.
#pragma once

#include <string_view>

#include "runtime/object/object.h"

namespace krait::compile {

// A list of (type, string, (row, column), (row, column), line); a lexical error is its last item, as a SyntaxError instance.
// With `extra_tokens` comments and the line ends inside brackets are there and every operator has type OP.
object::Ref tokensToPython_py(object::Thread& t, std::string_view utf8, bool extra_tokens);

}  // namespace krait::compile

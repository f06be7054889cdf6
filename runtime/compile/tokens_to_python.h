// The tokens of a text as `_tokenize.TokenizerIter` gives them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/object/object.h"

namespace krait::compile {

// The tokens of some lines as a list of (type, string, (row, column), (row, column), line); a lexical error is its last item, as a
// SyntaxError instance. With `extra_tokens` comments and the line ends inside brackets are there and every operator has type OP.
// `lines_before` lines stood before them and left blocks of these `indents` open (what is open then is stored there). None when the
// lines stop within something and are not the last.
object::Ref tokensToPython_py(object::Thread& t, std::string_view lines, bool extra_tokens, bool is_last, int64_t lines_before, std::vector<std::string>& indents);

}  // namespace krait::compile

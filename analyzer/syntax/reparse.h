// reparse: the tree of an edited text, made from the tree before the edit: the statements around the edit are parsed and
// lowered anew, all others are copied and moved. Takes a tree of a text that Python accepts; gives the tree and verdict
// that a parse of the whole new text would give, or nothing where only that parse can tell (then call parseModule).
#pragma once

#include <optional>

#include "analyzer/syntax/parser.h"

namespace krait::syntax {

struct Reparsed {
  std::optional<Ast> ast;  // of a text that Python accepts
  // There is no tree because the edited statements alone are wrong, as good as surely the whole text is.
  bool is_wrong = false;
  // Of a text that is wrong, where it was asked for: all that stands around the edited statements is as it was, and of
  // them there is what could be recovered.
  std::optional<Ast> broken;
};

enum class KeepBroken : uint8_t { kNo, kYes };

// `before`: as parseModule gave it, without a syntax error and without type comments applied; `text`: what the edit made
// of its text.
Reparsed reparse(const Ast& before, std::string_view text, const TextEdit& edit, Interner& names,
                 KeepBroken keep_broken = KeepBroken::kNo);

// A tree of its own, for those who add to it: what a parse of the same text would give, without parsing.
Ast copyOf(const Ast& tree, Interner& names);

}  // namespace krait::syntax

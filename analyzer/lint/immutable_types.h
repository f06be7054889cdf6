// Which annotations and calls promise a value that nothing can change: what B006, B008, RUF009 and RUF012 leave alone.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Does the annotation name types that cannot change: `str`, `Sequence[int]`, `Optional[int]`, `int | None`? An annotation
// that is none says nothing. Types listed in flake8-bugbear.extend-immutable-calls count, too.
bool isImmutableAnnotation(const LintContext& context, NodeId annotation);
// Does calling it make a value that cannot change (`frozenset`, `re.compile`), or is it listed as such?
bool isImmutableCall(const LintContext& context, NodeId func);
// Does calling it make a container that can change: `list`, `collections.deque`?
bool isMutableCall(const LintContext& context, NodeId func);

}  // namespace krait::lint

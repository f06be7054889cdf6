// What a name is bound to, as far as one binding tells: its only definition, and whether that makes it a list, dict,
// set or str. Nothing is inferred across functions.
#pragma once

#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The only definition of the name that counts where it stands, or null when it has none or several: what is bound later
// counts for functions only, which run later.
const Definition* onlyDefinition(const LintContext& context, NodeId name);
// The last of them, or null.
const Definition* lastDefinition(const LintContext& context, NodeId name);
// The value that the definition gives its name: the right side, or the item of it that a target in a display gets. None
// when it is not to be seen.
NodeId definedValue(const LintContext& context, const Definition& definition);
// The value that the name was last given before it stands here, or none.
NodeId assignedValue(const LintContext& context, NodeId name);
// The annotation of the definition's parameter or annotated assignment, or none.
NodeId definedAnnotation(const LintContext& context, const Definition& definition);

// Does the scope around the node have the name already?
bool isTaken(const LintContext& context, NodeId node, std::string_view name);

enum class Container : uint8_t { kList, kDict, kSet, kTuple, kStr, kInt, kFloat, kBytes };
// Is the name's only binding so far a display or constructor call of the builtin, or annotated as one?
bool isKnownAs(const LintContext& context, NodeId name, Container container);
// The same of a name that the scope where it stands binds itself, be it by an annotation alone.
bool isKnownInScope(const LintContext& context, NodeId name, Container container);
// The same of its last binding so far, however many there are.
bool isLastKnownAs(const LintContext& context, NodeId name, Container container);
bool isDefinedAs(const LintContext& context, const Definition& definition, Container container);
// Is the annotation `list`, `list[...]`, `typing.List`…?
bool isAnnotationOf(const LintContext& context, NodeId annotation, Container container);
// Does the expression make one by itself: a display, a constructor call?
bool isMaking(const LintContext& context, NodeId expr, Container container);

}  // namespace krait::lint

// Is a value a pathlib.Path, as far as one binding tells?
#pragma once

#include <initializer_list>
#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// A call of a path class, or a name whose only binding is one or is annotated as one, `Path | None` among them.
bool isPath(const LintContext& context, NodeId expr);
// The same, where an annotation has to name a path class and nothing else.
bool isPlainPath(const LintContext& context, NodeId expr);
// The same without annotations: a call of a path class, or a name whose last binding is one.
bool isMadePath(const LintContext& context, NodeId expr);

// An int, which stands for a file that is open already.
bool isFileDescriptor(const LintContext& context, NodeId expr);

// Adds the fix that makes the call one of a path: `Path(argument)` and `.rest`. Nothing is added outside the preview, or
// where pathlib's name cannot be had. `is_same`: what the call gives does not change.
void fixWithPath(const LintContext& context, DiagnosticBuilder finding, NodeId call, NodeId argument, const std::string& rest,
                 const std::string& shown, bool is_same = true);
// The call's arguments without those that have the names, the first `skipped` positional ones left out.
std::string otherArguments(const Ast& ast, NodeId call, uint32_t skipped, std::initializer_list<std::string_view> names);
// Are the call's keywords among the names, without `**`?
bool hasOnlyKeywords(const Ast& ast, NodeId call, std::initializer_list<std::string_view> names);
// One of pathlib's classes of paths, by its qualified name.
bool isPathClass(std::string_view name);

}  // namespace krait::lint

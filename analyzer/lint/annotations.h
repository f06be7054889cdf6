// Where types are written: annotations, and the other places that type checkers read as types.
#pragma once

#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is the node part of an annotation of a parameter, result or variable?
bool isInAnnotation(const LintContext& context, NodeId node);
// Is the node part of an annotation, of a type alias, or of the type arguments of a generic?
bool isTypeDefinition(const LintContext& context, NodeId node);
// The name that `typing` or `typing_extensions` knows the expression by ("List"), or empty.
std::string typingName(const LintContext& context, NodeId expr);
// Python keeps the annotation as text: it is never evaluated early.
bool isDeferredAnnotation(const LintContext& context, NodeId node);
// The string constants that stand where a type is wanted, in the order of the tree.
std::vector<NodeId> findQuotedTypes(const LintContext& context);
// Does typing's decorator of this name stand on the function or class?
bool hasTypingDecorator(const LintContext& context, NodeId definition, std::string_view name);
// Is the function what `@overload` functions of its name before it describe?
bool isOverloadImplementation(const LintContext& context, NodeId function);
// flake8-annotations: has the function no annotation at all, and do the settings ask for more than that?
bool isIgnoredAsUntyped(const LintContext& context, NodeId function);
// flake8-annotations: a parameter whose name says that it is not used, where the settings let those pass.
bool isIgnoredDummy(const LintContext& context, std::string_view param);
// The type that a string constant says, or the node itself.
NodeId unquoted(const LintContext& context, NodeId annotation);
// Is it an `if TYPE_CHECKING:`, whatever the name or attribute of that name belongs to, or under another name that typing's got? An `elif`
// is none.
bool isTypingBlock(const LintContext& context, NodeId branch);
// Does nothing but type checkers read the node: in a deferred annotation, in quotes, or under `if TYPE_CHECKING:`?
bool isTypingOnly(const LintContext& context, NodeId node);
// May `Optional[X]` or `Union[X, Y]` be written with `|` where it stands: nothing in it is starred, and quoted types only
// where nothing is evaluated.
bool isReplaceableUnion(const LintContext& context, NodeId subscript);
// The operands of `X | Y | Z`, or of `Union[X, Y]`, or the type itself; nested ones too.
void unionMembers(const LintContext& context, NodeId type, std::vector<NodeId>& out);

}  // namespace krait::lint

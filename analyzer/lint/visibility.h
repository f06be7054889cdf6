// Who a function is for, as documentation and annotation rules see it: public names of public modules and classes,
// private ones, and the methods that Python itself calls.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class ReturnKind : uint8_t { kPublic, kPrivate, kSpecial, kStatic, kClass };

// The group that a function's missing return annotation belongs to.
ReturnKind returnKindOf(const LintContext& context, NodeId function);
// Does one of abc's decorators say that subclasses have to define the function?
bool isAbstract(const LintContext& context, NodeId function);
// Is the definition public: its own name, the names of all classes around it, and not inside a function?
bool isPublicDefinition(const LintContext& context, NodeId definition);

}  // namespace krait::lint

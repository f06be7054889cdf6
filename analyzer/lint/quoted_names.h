// Names inside string annotations (`x: "Widget"`, `cast("Widget", y)`): they use what they name, though no Name node says
// so.
#pragma once

#include "analyzer/base/interner.h"
#include "analyzer/semantic/undefined_names.h"
#include "analyzer/syntax/ast.h"

namespace krait::lint {

// Every identifier in the strings of annotations, of type-alias values and of arguments to typing's functions; strings
// inside `Literal[...]` are values and do not count.
semantic::NameSet quotedNames(const syntax::Ast& ast, Interner& names);

}  // namespace krait::lint

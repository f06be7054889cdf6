// bind: Ast -> SemanticModel, in two steps: a walk that opens scopes and records every mention of a name, then an
// analysis that decides where each name lives (local, cell, free, global), as Python/symtable.c does.
#pragma once

#include "analyzer/base/interner.h"
#include "analyzer/semantic/semantic_model.h"

namespace krait::syntax {
class QuotedTypes;
}

namespace krait::semantic {

// Binds one file. `names` is the interner of the Ast (mangled names are added to it). Never fails: what Python would
// reject (a `nonlocal` without binding, a duplicate parameter) is bound as well as it can be. Recurses over the tree:
// deep trees need a deep stack (syntax::kMaxDepth).
SemanticModel bind(const Ast& ast, Interner& names);
// The same for a tree with types in quotes: they mention their names where their constants stand.
SemanticModel bind(const Ast& ast, Interner& names, const syntax::QuotedTypes* quoted);

// PEP 8 / language reference 6.2.1: `__name` inside class `cls` becomes `_cls__name`; other names stay.
NameId mangle(Interner& names, std::string_view class_name, NameId name);

}  // namespace krait::semantic

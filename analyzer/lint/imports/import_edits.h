// Edits of import statements: names taken out of them, and what they name.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// What an import binds, with its module: "os.path", "typing.Any", ".mod.name". `node`: the Alias's name or asname.
std::string importedModule(const Ast& ast, NodeId node);
// The statement without these Aliases; the whole statement goes when none is left. None when it cannot be written.
std::optional<FixEdit> withoutAliases(const LintContext& context, NodeId statement, std::span<const NodeId> aliases);

// Puts an import before the file's first code: behind the docstring, imports from `__future__` and comments.
FixEdit importAtStart(const LintContext& context, const std::string& statement);
// May a fix put `from __future__ import annotations` in, by the settings, which the file does not have yet?
bool mayDeferAnnotations(const LintContext& context);
// Puts it in.
FixEdit futureAnnotationsEdit(const LintContext& context);

}  // namespace krait::lint

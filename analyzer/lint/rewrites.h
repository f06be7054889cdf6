// Pieces of fixes that many rules need: removing statements and arguments, putting imports in. Each gives edits of the
// file's text that keep it parsing; none changes anything itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Removes a statement with its line; the only statement of a block becomes `pass`.
FixEdit removeStatement(const LintContext& context, NodeId statement);
// Removes one argument of a call or class with its comma; the parentheses too when it was the only one and
// `removes_parentheses`.
FixEdit removeArgument(const LintContext& context, NodeList args, NodeId argument, uint32_t open, uint32_t close,
                       bool removes_parentheses = false);
// The offsets of the parenthesis that opens a call's arguments and of its closing one.
TextRange argumentsRange(const LintContext& context, NodeId call);

// How a name of a module can be written at `node`, and the edit that makes it so.
struct ImportedName {
  std::string text;             // `reduce` or `functools.reduce`
  std::optional<FixEdit> edit;  // none when the file has the import already
};
// None when the name is hidden there or cannot be imported. `prefers_module`: `import functools` where nothing is there.
std::optional<ImportedName> importName(const LintContext& context, std::string_view module, std::string_view member,
                                       NodeId at, bool prefers_module = false);
// Puts the import statement behind the last import before `offset`, or before the file's first code.
FixEdit importEdit(const LintContext& context, const std::string& statement, uint32_t offset);
// Does the name mean the builtin where the node stands?
bool isBuiltinAvailable(const LintContext& context, NodeId at, std::string_view name);
// How the builtin can be written at `node`: by its name, or as `builtins.name` where something hides it.
std::optional<ImportedName> builtinName(const LintContext& context, NodeId at, std::string_view name);
// The same where all that the scope around the node binds counts, be it further down.
std::optional<ImportedName> builtinNameAtEnd(const LintContext& context, NodeId at, std::string_view name);
// Is there a comment inside the range, or on its lines where it begins or ends the code of a line?
bool hasCommentAround(const LintContext& context, TextRange range);
// Is there a comment inside the range?
bool hasComment(const LintContext& context, TextRange range);
// The node's range with its own parentheses, if it has them.
TextRange parenthesizedRange(const LintContext& context, NodeId node);
// The blanks before the line that holds the offset.
std::string_view indentAt(const LintContext& context, uint32_t offset);
// One step of the file's indentation: that of its first block, else of its first line inside brackets, else four blanks.
std::string_view indentStep(const LintContext& context);
// Does the range span lines?
bool isMultiline(const LintContext& context, TextRange range);

// The text as a string literal in the quotes that the file's first string has.
std::string inPreferredQuotes(const LintContext& context, std::string_view text);

}  // namespace krait::lint

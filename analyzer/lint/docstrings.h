// The docstrings of a file, for the rules about their form.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

struct Docstring {
  NodeId owner;              // Module, ClassDef or FunctionDef
  TextRange range;           // of the literal, with its quotes
  std::string_view content;  // between the quotes, as written
  std::string_view quote;    // "\"\"\"" or another
};

// Has the function a decorator that `pydocstyle.ignore-decorators` names? Nothing is asked of its docstring then.
bool isIgnoredByDecorator(const LintContext& context, NodeId function);
// In the order of the text. Implicitly joined strings are no docstrings to these rules.
std::vector<Docstring> docstringsOf(const LintContext& context);
// Where every docstring begins, joined ones too, in the order of the text: for rules that meet it as a token.
std::vector<uint32_t> docstringStarts(const Ast& ast);
std::vector<std::string_view> linesOf(std::string_view text);
bool isBlank(std::string_view line);
// The last line of the first paragraph, trimmed: a part of the file's text.
std::string_view summaryEnd(std::string_view content);
// Puts `mark` behind the summary; none where it ends in one of `stops`.
std::optional<FixEdit> endSummary(const LintContext& context, const Docstring& docstring, std::string_view mark, std::string_view stops);
// Does the summary (the first paragraph's first line) end in one of these characters? Empty docstrings, and those whose
// summary is a heading or a list, are accepted.
bool summaryEndsIn(std::string_view content, std::string_view characters);

}  // namespace krait::lint

// Definitions as a person reads them: `def f(a: int, b: str = "x") -> bool`, `class C(Base)`, and cleaned docstrings.
#pragma once

#include <string>
#include <vector>

#include "checker/program/signatures.h"
#include "lsp/locate.h"

namespace krait::lsp {

struct RenderedSignature {
  std::string label;
  // The parameters' places in the label, in bytes, and their names.
  std::vector<TextRange> parameters;
  std::vector<std::string> names;
};

enum class SelfParameter : uint8_t { kShown, kHidden };

// The signature of a FunctionDef; with what the checker knows of it where it is used: types that are not those of the
// text, the result of a function that does not name it, and whether a class is called.
RenderedSignature renderSignature(const syntax::Ast& ast, NodeId function, SelfParameter self, const program::SignatureText* known = nullptr);
// The signature of what nobody wrote as a function: `name(a: int, /) -> str`.
RenderedSignature renderKnown(const program::SignatureText& known, std::string_view name);
// One line (or a few) of Python that says what a target is.
std::string renderDefinition(const Target& target, const program::SignatureText* known = nullptr);
// The docstring of a module, class or function without its indentation (PEP 257's trim), or "".
std::string docstringText(const syntax::Ast& ast, NodeId owner);
// What a function's docstring says of the parameter, in the reST, Google or NumPy form; "": nothing.
std::string parameterText(std::string_view docstring, std::string_view parameter);
// Such a text as Markdown: reST fields, Google and NumPy sections and doctests become lists, headings and code.
std::string docstringMarkdown(const std::string& plain);

}  // namespace krait::lsp

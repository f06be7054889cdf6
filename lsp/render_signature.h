// Definitions as a person reads them: `def f(a: int, b: str = "x") -> bool`, `class C(Base)`, and cleaned docstrings.
#pragma once

#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct RenderedSignature {
  std::string label;
  // The parameters' places in the label, in bytes, and their names.
  std::vector<TextRange> parameters;
  std::vector<std::string> names;
};

enum class SelfParameter : uint8_t { kShown, kHidden };

// The signature of a FunctionDef.
RenderedSignature renderSignature(const syntax::Ast& ast, NodeId function, SelfParameter self);
// One line (or a few) of Python that says what a target is.
std::string renderDefinition(const Target& target);
// The docstring of a module, class or function without its indentation (PEP 257's trim), or "".
std::string docstringText(const syntax::Ast& ast, NodeId owner);
// Such a text as Markdown: reST fields, Google and NumPy sections and doctests become lists, headings and code.
std::string docstringMarkdown(const std::string& plain);

}  // namespace krait::lsp

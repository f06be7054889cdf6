#include "checker/program/error_context.h"

#include <string>

namespace krait::program {

namespace syn = krait::syntax;
using syn::NodeId;
using syn::NodeKind;

namespace {
struct Definition {
  TextRange range;
  std::string_view name;
  bool is_class = false;
};
}  // namespace

static std::vector<Definition> definitionsIn(const syn::Ast& ast) {
  std::vector<Definition> out;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (auto function = ast.tryAs<syn::FunctionDef>(node)) out.push_back({ast.range(node), syn::nameText(ast, function->name()), false});
    if (auto cls = ast.tryAs<syn::ClassDef>(node)) out.push_back({ast.range(node), syn::nameText(ast, cls->name()), true});
  }
  return out;
}

// The innermost definition of that kind around the place; null: there is none.
static const Definition* around(const std::vector<Definition>& definitions, uint32_t offset, bool is_class) {
  const Definition* found = nullptr;
  for (const Definition& each : definitions) {
    bool holds = each.is_class == is_class && each.range.begin <= offset && offset < each.range.end;
    if (holds && (found == nullptr || each.range.begin >= found->range.begin)) found = &each;
  }
  return found;
}

void addContext(const syn::Ast& ast, std::vector<Diagnostic>& diagnostics) {
  std::vector<Definition> definitions = definitionsIn(ast);
  for (Diagnostic& diagnostic : diagnostics) {
    const Definition* function = around(definitions, diagnostic.range.begin, false);
    const Definition* cls = around(definitions, diagnostic.range.begin, true);
    if (function == nullptr && cls == nullptr) continue;
    std::string text = function == nullptr ? "In class " : cls == nullptr ? "In function " : "In member ";
    if (function != nullptr) text += "\"" + std::string(function->name) + "\"";
    if (function != nullptr && cls != nullptr) text += " of class ";
    if (cls != nullptr) text += "\"" + std::string(cls->name) + "\"";
    diagnostic.context = text + ":";
  }
}

}  // namespace krait::program

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

// The outermost function around the place counts, with the innermost class around it; what is nested in that function
// belongs to it, and is told without the class. ref: mypy scope.Scope, errors.Errors.report
static std::string contextAt(const std::vector<Definition>& definitions, uint32_t offset) {
  auto holds = [](const Definition& one, uint32_t at) { return one.range.begin <= at && at < one.range.end; };
  const Definition* function = nullptr;
  for (const Definition& each : definitions) {
    if (!each.is_class && holds(each, offset) && (function == nullptr || each.range.begin < function->range.begin)) function = &each;
  }
  const Definition* cls = nullptr;
  bool is_nested = false;
  for (const Definition& each : definitions) {
    if (&each == function || !holds(each, offset)) continue;
    if (function != nullptr && each.range.begin > function->range.begin) {
      is_nested = true;
    } else if (each.is_class && (cls == nullptr || each.range.begin > cls->range.begin)) {
      cls = &each;
    }
  }
  std::string of_class = cls != nullptr ? "class \"" + std::string(cls->name) + "\"" : "";
  if (function == nullptr) return cls == nullptr ? "" : "In " + of_class;
  std::string name = "\"" + std::string(function->name) + "\"";
  return cls == nullptr || is_nested ? "In function " + name : "In member " + name + " of " + of_class;
}

void addContext(const syn::Ast& ast, std::vector<Diagnostic>& diagnostics) {
  std::vector<Definition> definitions = definitionsIn(ast);
  for (Diagnostic& diagnostic : diagnostics) {
    std::string text = contextAt(definitions, diagnostic.range.begin);
    if (!text.empty()) diagnostic.context = text + ":";
  }
}

}  // namespace krait::program

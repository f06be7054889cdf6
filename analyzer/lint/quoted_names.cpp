#include "analyzer/lint/quoted_names.h"

#include <vector>

namespace krait::lint {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

static bool isWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

static void addWords(std::string_view text, Interner& names, semantic::NameSet& out) {
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && isWordByte(text[end])) ++end;
    if (end > begin) out.add(names.intern(text.substr(begin, end - begin)));
    begin = end + 1;
  }
}

static std::string_view lastName(const Ast& ast, NodeId node) {
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) return syntax::nameText(ast, attribute->attr());
  return syntax::nameText(ast, node);
}

// All strings below `root`, but for those of Literal. A work list, as annotations nest as deep as their author likes.
static void addStrings(const Ast& ast, NodeId root, Interner& names, semantic::NameSet& out) {
  std::vector<NodeId> pending = {root};
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    if (auto text = syntax::stringValue(ast, node)) addWords(*text, names, out);
    auto subscript = ast.tryAs<syntax::Subscript>(node);
    if (subscript && lastName(ast, subscript->value()) == "Literal") continue;
    syntax::forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
  }
}

static bool takesTypes(std::string_view function) {
  for (std::string_view name : {"cast", "TypeVar", "NewType", "NamedTuple", "TypedDict", "assert_type", "ParamSpec", "TypeAliasType"}) {
    if (name == function) return true;
  }
  return false;
}

semantic::NameSet quotedNames(const Ast& ast, Interner& names) {
  semantic::NameSet out;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    switch (ast.kind(node)) {
      case NodeKind::kAnnAssign:
        addStrings(ast, ast.as<syntax::AnnAssign>(node).annotation(), names, out);
        // `X: TypeAlias = "Widget"`.
        if (ast.as<syntax::AnnAssign>(node).value().valid() &&
            lastName(ast, ast.as<syntax::AnnAssign>(node).annotation()) == "TypeAlias") {
          addStrings(ast, ast.as<syntax::AnnAssign>(node).value(), names, out);
        }
        break;
      case NodeKind::kParameter:
        if (NodeId annotation = ast.as<syntax::Parameter>(node).annotation(); annotation.valid()) addStrings(ast, annotation, names, out);
        break;
      case NodeKind::kFunctionDef:
        if (NodeId returns = ast.as<syntax::FunctionDef>(node).returns(); returns.valid()) addStrings(ast, returns, names, out);
        break;
      case NodeKind::kSubscript: {
        // Base classes and aliases such as `List["Widget"]`.
        std::string_view name = lastName(ast, ast.as<syntax::Subscript>(node).value());
        bool is_type = !name.empty() && ((name[0] >= 'A' && name[0] <= 'Z') || name == "list" || name == "dict" || name == "type");
        if (is_type && name != "Literal") addStrings(ast, ast.as<syntax::Subscript>(node).slice(), names, out);
        break;
      }
      case NodeKind::kCall:
        if (takesTypes(lastName(ast, ast.as<syntax::Call>(node).func()))) {
          for (NodeId argument : ast.as<syntax::Call>(node).args()) addStrings(ast, argument, names, out);
        }
        break;
      default: break;
    }
  }
  out.freeze();
  return out;
}

}  // namespace krait::lint

#include "lsp/quoted_names.h"

#include <algorithm>
#include <cctype>

namespace krait::lsp {

using namespace krait::syntax;

static std::string_view lastName(const Ast& ast, NodeId expr) {
  if (auto attribute = ast.tryAs<Attribute>(expr)) return nameText(ast, attribute->attr());
  return nameText(ast, expr);
}

// `Callable[["C"], int]` as a value: forms that hold types wherever they stand, so that quotes in them are annotations.
static bool holdsTypes(std::string_view form) {
  static constexpr std::string_view kForms[] = {"Callable", "Union", "Optional", "Type", "Dict", "List", "Tuple", "Set", "FrozenSet", "Sequence", "Iterable", "Iterator",
                                                "Mapping", "MutableMapping", "Awaitable", "Coroutine", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator",
                                                "ClassVar", "Annotated", "DefaultDict", "Deque", "Concatenate", "type", "dict", "list", "tuple", "set", "frozenset"};
  return std::find(std::begin(kForms), std::end(kForms), form) != std::end(kForms);
}

// Does the node stand where an annotation or a part of one stands?
static bool isInAnnotation(const Ast& ast, NodeId node) {
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    switch (ast.kind(parent)) {
      case NodeKind::kAnnAssign: return ast.as<AnnAssign>(parent).annotation() == child;
      case NodeKind::kParameter: return ast.as<Parameter>(parent).annotation() == child;
      case NodeKind::kFunctionDef: return ast.as<FunctionDef>(parent).returns() == child;
      case NodeKind::kKeyword: return nameText(ast, ast.as<Keyword>(parent).arg()) == "bound";
      case NodeKind::kCall: return lastName(ast, ast.as<Call>(parent).func()) == "cast" && ast.as<Call>(parent).args()[0] == child;
      case NodeKind::kSubscript:
        if (ast.as<Subscript>(parent).slice() != child || lastName(ast, ast.as<Subscript>(parent).value()) == "Literal") return false;
        // What is left of a broken statement may hang on nothing.
        if (ast.is(ast.parent(parent), NodeKind::kClassDef)) return true;
        if (ast.is(ast.parent(parent), NodeKind::kAssign)) return holdsTypes(lastName(ast, ast.as<Subscript>(parent).value()));
        break;
      case NodeKind::kTuple:
      case NodeKind::kList:
      case NodeKind::kBinOp:
      case NodeKind::kStarred: break;
      default: return false;
    }
  }
  return false;
}

static bool isWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

std::vector<QuotedName> quotedNamesOf(const Ast& ast, NodeId constant) {
  std::optional<std::string_view> value = ast.is(constant, NodeKind::kConstant) ? stringValue(ast, constant) : std::nullopt;
  std::string_view text = ast.text();
  // A value that is not a piece of the text was put together from escapes.
  bool is_piece = value && !value->empty() && value->data() >= text.data() && value->data() + value->size() <= text.data() + text.size();
  if (!is_piece || !isInAnnotation(ast, constant)) return {};
  std::vector<QuotedName> out;
  uint32_t begin = static_cast<uint32_t>(value->data() - text.data());
  for (size_t i = 0; i < value->size();) {
    size_t first = i;
    while (i < value->size() && isWordByte((*value)[i])) ++i;
    bool is_name = i > first && !std::isdigit(static_cast<unsigned char>((*value)[first])) && (first == 0 || (*value)[first - 1] != '.');
    uint32_t at = begin + static_cast<uint32_t>(first);
    if (is_name) out.push_back({{at, begin + static_cast<uint32_t>(i)}, std::string(value->substr(first, i - first))});
    if (i == first) ++i;
  }
  return out;
}

std::optional<QuotedName> quotedNameAt(const Ast& ast, uint32_t offset) {
  for (NodeId node : nodesAt(ast, offset)) {
    for (QuotedName& name : quotedNamesOf(ast, node)) {
      if (name.range.begin <= offset && offset <= name.range.end) return std::move(name);
    }
  }
  return std::nullopt;
}

}  // namespace krait::lsp

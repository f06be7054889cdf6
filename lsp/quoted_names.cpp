#include "lsp/quoted_names.h"

#include <algorithm>
#include <cctype>

#include "analyzer/syntax/type_comments.h"

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

static void addNames(std::string_view text, uint32_t begin, std::vector<QuotedName>& out) {
  for (size_t i = 0; i < text.size();) {
    size_t first = i;
    while (i < text.size() && isWordByte(text[i])) ++i;
    if (i == first) {
      ++i;
      continue;
    }
    if (std::isdigit(static_cast<unsigned char>(text[first]))) continue;
    QuotedName name{{begin + static_cast<uint32_t>(first), begin + static_cast<uint32_t>(i)}, std::string(text.substr(first, i - first)), {}};
    bool is_member = first > 0 && text[first - 1] == '.';
    // Words of literals are values.
    if (name.word == "Literal" && text.substr(i).starts_with("[")) i = std::min(text.size(), text.find(']', i));
    bool has_owner = is_member && !out.empty() && out.back().range.end + 1 == name.range.begin;
    if (has_owner) name.owner = out.back().owner + (out.back().owner.empty() ? "" : ".") + out.back().word;
    if (!is_member || has_owner) out.push_back(std::move(name));
  }
}

std::vector<QuotedName> quotedNamesOf(const Ast& ast, NodeId constant) {
  std::optional<std::string_view> value = ast.is(constant, NodeKind::kConstant) ? stringValue(ast, constant) : std::nullopt;
  std::string_view text = ast.text();
  // A value that is not a piece of the text was put together from escapes.
  bool is_piece = value && !value->empty() && value->data() >= text.data() && value->data() + value->size() <= text.data() + text.size();
  std::vector<QuotedName> out;
  if (is_piece && isInAnnotation(ast, constant)) addNames(*value, static_cast<uint32_t>(value->data() - text.data()), out);
  return out;
}

std::vector<QuotedName> commentNamesOf(const Ast& ast) {
  std::vector<QuotedName> out;
  for (TextRange range : typeCommentRanges(ast)) addNames(ast.text(range), range.begin, out);
  return out;
}

static std::optional<QuotedName> nameAt(std::vector<QuotedName> names, uint32_t offset) {
  for (QuotedName& name : names) {
    if (name.range.begin <= offset && offset <= name.range.end) return std::move(name);
  }
  return std::nullopt;
}

std::optional<QuotedName> quotedNameAt(const Ast& ast, uint32_t offset) {
  for (NodeId node : nodesAt(ast, offset)) {
    if (std::optional<QuotedName> name = nameAt(quotedNamesOf(ast, node), offset)) return name;
  }
  return nameAt(commentNamesOf(ast), offset);
}

// Where the name is looked up: a comment behind a statement belongs to it.
static uint32_t scopePlace(const Ast& ast, uint32_t offset) {
  std::string_view text = ast.text();
  size_t line = text.rfind('\n', offset) + 1;
  auto comment = std::find_if(ast.comments().begin(), ast.comments().end(), [&](const Comment& one) { return one.begin <= offset && offset <= one.end; });
  if (comment == ast.comments().end()) return offset;
  size_t code = text.substr(line, comment->begin - line).find_last_not_of(" \t");
  return code == std::string_view::npos ? offset : static_cast<uint32_t>(line + code);
}

std::vector<Target> quotedTargets(Workspace& workspace, SourceModule& module, const QuotedName& name) {
  std::string path = name.owner.empty() ? name.word : name.owner + "." + name.word;
  return dottedTargets(workspace, module, scopePlace(module.ast(), name.range.begin), path);
}

semantic::SymbolId quotedSymbol(SourceModule& module, const QuotedName& name) {
  return name.owner.empty() ? nameSymbol(module, scopePlace(module.ast(), name.range.begin), name.word) : semantic::SymbolId::none();
}

}  // namespace krait::lsp

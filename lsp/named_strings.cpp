#include "lsp/named_strings.h"

#include <algorithm>

#include "analyzer/config/discovery.h"
#include "lsp/file_index.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

std::optional<NamedString> namedString(const Ast& ast, NodeId constant) {
  std::optional<std::string_view> value = ast.is(constant, NodeKind::kConstant) ? stringValue(ast, constant) : std::nullopt;
  std::string_view text = ast.text();
  // A value that is not a piece of the text was put together from escapes.
  bool is_piece = value && value->data() >= text.data() && value->data() + value->size() <= text.data() + text.size();
  if (!is_piece || !config::isIdentifier(*value)) return std::nullopt;
  uint32_t begin = static_cast<uint32_t>(value->data() - text.data());
  return NamedString{constant, {begin, begin + static_cast<uint32_t>(value->size())}, std::string(*value)};
}

std::optional<NamedString> namedStringAt(const Ast& ast, uint32_t offset) {
  for (NodeId node : nodesAt(ast, offset)) {
    std::optional<NamedString> found = namedString(ast, node);
    if (found && found->range.begin <= offset && offset <= found->range.end) return found;
  }
  return std::nullopt;
}

// The expression whose keys the constant may be one of, or none.
static NodeId keyOwner(const Ast& ast, NodeId constant) {
  NodeId parent = ast.parent(constant);
  if (auto subscript = ast.tryAs<Subscript>(parent); subscript && subscript->slice() == constant) return subscript->value();
  if (auto dict = ast.tryAs<Dict>(parent)) {
    NodeList keys = dict->keys();
    return std::find(keys.begin(), keys.end(), constant) != keys.end() ? parent : NodeId::none();
  }
  auto call = ast.tryAs<Call>(parent);
  auto method = call && !call->args().empty() && call->args()[0] == constant ? ast.tryAs<Attribute>(call->func()) : std::nullopt;
  std::string_view name = method ? nameText(ast, method->attr()) : std::string_view();
  return name == "get" || name == "pop" || name == "setdefault" ? method->value() : NodeId::none();
}

std::vector<Target> stringTargets(Workspace& workspace, SourceModule& module, const NamedString& string) {
  const Ast& ast = module.ast();
  if (isInAll(ast, string.constant)) return moduleMember(workspace, module, string.word, FollowImports::kYes);
  NodeId owner = keyOwner(ast, string.constant);
  if (owner.isNone()) return {};
  TypedPlace typed = typedAt(workspace, module, owner);
  if (!typed.valid()) return {};
  std::vector<std::string> keys = keysOf(typed);
  std::vector<Target> out;
  if (std::find(keys.begin(), keys.end(), string.word) == keys.end()) return out;
  for (const Target& cls : typeTargets(workspace, typed)) {
    for (const Target& field : classMember(workspace, cls, string.word)) out.push_back(field);
  }
  return out;
}

}  // namespace krait::lsp

#include "lsp/named_strings.h"

#include <algorithm>

#include "analyzer/config/discovery.h"
#include "lsp/class_tree.h"
#include "lsp/file_index.h"
#include "lsp/functional_fields.h"
#include "lsp/pytest_fixtures.h"
#include "lsp/symbol_list.h"
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

std::optional<NamedString> namedStringAt(SourceModule& module, uint32_t offset) {
  const Ast& ast = module.ast();
  for (NodeId node : nodesAt(ast, offset)) {
    Target field = ast.is(node, NodeKind::kConstant) ? functionalFieldAt(module, node, offset) : Target();
    if (field.module != nullptr) return NamedString{node, field.part, std::string(targetName(field))};
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

// `__slots__ = ("a", "b")` in a class: that class; none: the string stands elsewhere.
static NodeId classOfSlots(const Ast& ast, NodeId constant) {
  NodeId statement = ast.parent(constant);
  for (int steps = 0; steps < 2 && (ast.is(statement, NodeKind::kTuple) || ast.is(statement, NodeKind::kList) || ast.is(statement, NodeKind::kSet) || ast.is(statement, NodeKind::kDict)); ++steps) statement = ast.parent(statement);
  if (statement.isNone() || !ast.is(ast.parent(statement), NodeKind::kClassDef)) return NodeId::none();
  std::string_view text = ast.text(statement);
  return text.starts_with("__slots__") || text.starts_with("__match_args__") ? ast.parent(statement) : NodeId::none();
}

// `Color["RED"]`, where the name leads to an enumeration.
static std::vector<Target> enumMember(Workspace& workspace, SourceModule& module, const NamedString& string) {
  const Ast& ast = module.ast();
  auto subscript = ast.tryAs<Subscript>(ast.parent(string.constant));
  if (!subscript || subscript->slice() != string.constant) return {};
  NodeId name = subscript->value();
  if (auto attribute = ast.tryAs<Attribute>(name)) name = attribute->attr();
  if (!ast.is(name, NodeKind::kName) && !ast.is(name, NodeKind::kIdentifier)) return {};
  for (const Target& cls : targetsOf(workspace, module, name, FollowImports::kYes)) {
    const Ast& other = cls.module->ast();
    bool is_enum = isEnum(other, cls.owner);
    for (const Target& above : is_enum || !other.is(cls.owner, NodeKind::kClassDef) ? std::vector<Target>() : ancestorsOf(workspace, cls)) is_enum |= isEnum(above.module->ast(), above.owner);
    if (is_enum || makesEnum(other, functionalCall(other, cls.owner))) return classMember(workspace, cls, string.word);
  }
  return {};
}

// `@pytest.mark.usefixtures("a")`.
static Target usedFixture(Workspace& workspace, SourceModule& module, const NamedString& string) {
  const Ast& ast = module.ast();
  auto call = ast.tryAs<Call>(ast.parent(string.constant));
  auto attribute = call ? ast.tryAs<Attribute>(call->func()) : std::nullopt;
  if (!attribute || nameText(ast, attribute->attr()) != "usefixtures") return {};
  return fixtureNamed(workspace, module, ast.parent(ast.parent(string.constant)), string.word);
}

std::vector<Target> stringTargets(Workspace& workspace, SourceModule& module, const NamedString& string, StringAsking asking) {
  const Ast& ast = module.ast();
  if (Target field = functionalFieldAt(module, string.constant, string.range.begin); field.module != nullptr) return {field};
  if (NodeId cls = classOfSlots(ast, string.constant); cls.valid()) return classMember(workspace, {&module, ast.as<ClassDef>(cls).name(), cls}, string.word);
  if (std::vector<Target> member = enumMember(workspace, module, string); !member.empty()) return member;
  if (Target fixture = usedFixture(workspace, module, string); fixture.module != nullptr) return {fixture};
  if (asking == StringAsking::kNamesOnly) return {};
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

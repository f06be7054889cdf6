#include "lsp/type_queries.h"

#include <algorithm>

#include "lsp/functional_fields.h"
#include "lsp/probe.h"
#include "lsp/repair.h"

namespace krait::lsp {

using namespace krait::syntax;
using types::TypeId;
using types::TypeKind;

namespace {
// A node of the document as the checker's World has it.
struct Known {
  program::Session::View view;
  NodeId node;
  bool valid() const { return node.valid(); }
};
}  // namespace

static program::Session::View viewOf(Workspace& workspace, SourceModule& document) {
  Asker asker(workspace, document);
  program::Session& session = workspace.session();
  if (document.is_open && workspace.is_quick) return session.lastView(document.path());
  return document.is_open ? session.view(document.path()) : session.viewOfClosed(document.path(), document.module_name);
}

// Right texts that are equal have equal trees.
static bool isSameTree(const Ast& known, SourceModule& document) {
  return &known == &document.ast() || (!document.syntaxError() && known.text() == document.text());
}

// Where the place in `text` was in `before`, if what stands from there on is the same.
static uint32_t placeBefore(std::string_view before, std::string_view text, uint32_t place) {
  size_t shorter = std::min(before.size(), text.size() - place), tail = 0;
  while (tail < shorter && before[before.size() - 1 - tail] == text[text.size() - 1 - tail]) ++tail;
  return tail == text.size() - place ? static_cast<uint32_t>(before.size() - tail) : place;
}

static Known knownNode(Workspace& workspace, SourceModule& document, NodeId node) {
  program::Session::View view = document.is_open ? viewOf(workspace, document) : workspace.session().viewOfClosed(document.path(), document.module_name, node);
  if (view.world == nullptr || !view.module.valid()) return {};
  const types::Module& module = view.world->modules[view.module];
  if (isSameTree(*module.ast, document)) return {view, node};
  // An older version: an expression that begins at the same place, moved by what was edited before it, and reads the same.
  uint32_t begin = placeBefore(module.ast->text(), document.text(), document.ast()[node].begin);
  return {view, program::expressionAt(*view.world, view.module, begin, document.ast().text(node))};
}

std::string typeTextAt(Workspace& workspace, SourceModule& document, NodeId node) {
  Known known = knownNode(workspace, document, node);
  if (!known.valid()) return "";
  types::World& w = *known.view.world;
  TypeId type = program::typeAt(w, known.view.module, known.node);
  if (!type.valid() || w.types.is(type, TypeKind::kModule)) return "";
  return program::typeText(w, type);
}

NodeId expressionEndingAt(const Ast& ast, uint32_t end) {
  for (NodeId node : nodesAt(ast, end)) {
    bool is_fit = ast.range(node).end == end && (isExpression(ast, node) || ast.is(node, NodeKind::kIdentifier));
    if (is_fit) return node;
  }
  // Parentheses are nobody's part: `(a)` ends where `a` does.
  uint32_t inner = end;
  while (inner > 0 && ast.text()[inner - 1] == ')') {
    --inner;
    while (inner > 0 && (ast.text()[inner - 1] == ' ' || ast.text()[inner - 1] == '\n')) --inner;
    for (NodeId node : nodesAt(ast, inner)) {
      if (ast.range(node).end == inner && isExpression(ast, node)) return node;
    }
  }
  return NodeId::none();
}

TypedPlace typedAt(Workspace& workspace, SourceModule& document, NodeId node) {
  Known known = knownNode(workspace, document, node);
  return known.valid() ? TypedPlace{known.view.world, known.view.module, known.node} : TypedPlace();
}

static TypedPlace knownBefore(Workspace& workspace, SourceModule& document, uint32_t end) {
  NodeId node = expressionEndingAt(document.ast(), end);
  if (node.isNone()) return {};
  Known known = knownNode(workspace, document, node);
  return {known.view.world, known.view.module, known.node};
}

TypedPlace typedBefore(Workspace& workspace, SourceModule& document, uint32_t end, uint32_t cursor, std::string_view word, Asking asking) {
  Asker asker(workspace, document);
  bool is_broken = document.syntaxError().has_value();
  bool is_outdated = workspace.is_quick && document.is_open && workspace.session().isStale();
  if (!is_broken || asking == Asking::kWhatIsThere) {
    TypedPlace known = knownBefore(workspace, document, end);
    if (known.valid() || !is_outdated || asking == Asking::kWhatIsThere) return known;
  }
  // What a statement of a module binds others may see: with the statement itself the checker would look at everything again.
  uint32_t line = document.lines().lineStart(document.lines().lineOf(end));
  bool is_at_top = document.text().substr(line, 1) != " " && document.text().substr(line, 1) != "\t";
  if (workspace.is_quick && document.cells.empty() && (is_outdated || is_at_top)) {
    if (TypedPlace probed = probeBefore(workspace, document, end); probed.valid()) return probed;
  }
  if (!is_broken) {
    QuickAnswer exact(workspace, false);
    return knownBefore(workspace, document, end);
  }
  std::shared_ptr<const program::ParsedText> repaired = repairedAt(document, cursor, word);
  if (repaired == nullptr) return {};
  program::Session& session = workspace.session();
  session.setParsed(document.path(), document.module_name, repaired);
  program::Session::View view = session.view(document.path());
  if (view.world == nullptr || !view.module.valid() || view.world->modules[view.module].ast.get() != repaired->ast.get()) return {};
  return {view.world, view.module, expressionEndingAt(*repaired->ast, end)};
}

static TypeId typeOf(const TypedPlace& place) {
  return place.valid() ? program::typeAt(*place.world, place.module, place.node) : TypeId::none();
}

std::string typeTextOf(const TypedPlace& place) {
  TypeId type = typeOf(place);
  return type.valid() ? program::typeText(*place.world, type) : std::string();
}

std::vector<program::Member> membersOf(const TypedPlace& place) {
  TypeId type = typeOf(place);
  return type.valid() ? program::membersOf(*place.world, type) : std::vector<program::Member>();
}

std::vector<std::string> keysOf(const TypedPlace& place) {
  TypeId type = typeOf(place);
  return type.valid() ? program::keysOf(*place.world, type) : std::vector<std::string>();
}

std::vector<std::string> literalTextsOf(const TypedPlace& place) {
  TypeId type = typeOf(place);
  return type.valid() ? program::literalTextsOf(*place.world, type) : std::vector<std::string>();
}

static std::vector<Target> targetsAt(Workspace& workspace, const std::vector<program::DefinitionPlace>& places) {
  std::vector<Target> out;
  for (const program::DefinitionPlace& place : places) {
    SourceModule* module = workspace.load(place.path);
    if (module == nullptr || place.range.end > module->text().size()) continue;
    NodeId at = nameAt(module->ast(), place.range.begin);
    if (!at.valid()) continue;
    NodeId owner = module->ast().parent(at);
    // `self.x = …`: the statement, as for names.
    if (module->ast().is(owner, NodeKind::kAttribute)) owner = module->ast().parent(owner);
    Target target{module, at, owner};
    if (std::find(out.begin(), out.end(), target) == out.end()) out.push_back(target);
  }
  return out;
}

std::vector<program::SignatureText> signaturesOf(const TypedPlace& place) {
  TypeId type = typeOf(place);
  return type.valid() ? program::signaturesOf(*place.world, type) : std::vector<program::SignatureText>();
}

std::vector<program::SignatureText> signaturesAt(Workspace& workspace, SourceModule& document, NodeId node) {
  Known known = knownNode(workspace, document, node);
  return known.valid() ? signaturesOf({known.view.world, known.view.module, known.node}) : std::vector<program::SignatureText>();
}

const program::SignatureText* signatureOf(const std::vector<program::SignatureText>& all, const Target& target) {
  if (target.module == nullptr || target.name.isNone()) return nullptr;
  uint32_t begin = target.module->ast().range(target.name).begin;
  for (const program::SignatureText& one : all) {
    if (one.definition.range.begin == begin && one.definition.path == target.module->path()) return &one;
  }
  return nullptr;
}

Target definitionOf(Workspace& workspace, const program::SignatureText& signature) {
  if (signature.definition.path.empty()) return {};
  std::vector<Target> found = targetsAt(workspace, {signature.definition});
  bool is_function = !found.empty() && found[0].module->ast().is(found[0].owner, NodeKind::kFunctionDef);
  return is_function ? found[0] : Target();
}

void addDefaults(std::vector<program::SignatureText>& signatures, const std::vector<Target>& written) {
  for (const Target& target : written) {
    const Ast& ast = target.module->ast();
    auto function = ast.tryAs<FunctionDef>(target.owner);
    if (!function || isOverload(target)) continue;
    for (NodeId node : ast.as<Parameters>(function->params()).params()) {
      Parameter parameter = ast.as<Parameter>(node);
      if (!parameter.defaultValue().valid()) continue;
      for (program::SignatureText& signature : signatures) {
        for (program::SignatureText::Parameter& one : signature.parameters) {
          bool is_it = one.value.empty() && one.name == nameText(ast, parameter.name());
          if (is_it && signature.definition.path.empty()) one.value = program::onOneLine(ast.text(parameter.defaultValue()));
        }
      }
    }
  }
}

// Where a member of the type is defined; fields of classes that calls make stand in strings.
static std::vector<Target> membersByType(Workspace& workspace, types::World& world, TypeId type, NameId name, std::string_view text) {
  std::vector<Target> found = targetsAt(workspace, program::definitionsOf(world, type, name));
  if (!found.empty()) return found;
  for (const Target& cls : targetsAt(workspace, program::classDefinitionsOf(world, type))) {
    if (functionalCall(cls.module->ast(), cls.owner).isNone()) continue;
    for (const Target& field : classMember(workspace, cls, text)) found.push_back(field);
  }
  return found;
}

std::vector<Target> memberTargets(Workspace& workspace, const TypedPlace& place, std::string_view member) {
  TypeId type = typeOf(place);
  NameId name = workspace.names().find(member);
  if (!type.valid() || name.isNone()) return {};
  return membersByType(workspace, *place.world, type, name, member);
}

std::vector<Target> typeTargets(Workspace& workspace, const TypedPlace& place) {
  TypeId type = typeOf(place);
  return type.valid() ? targetsAt(workspace, program::classDefinitionsOf(*place.world, type)) : std::vector<Target>();
}

std::vector<Target> typeTargets(Workspace& workspace, SourceModule& document, NodeId node) {
  return typeTargets(workspace, typedAt(workspace, document, node));
}

std::vector<Target> definitionTargets(Workspace& workspace, SourceModule& document, NodeId name) {
  std::vector<Target> found = targetsByType(workspace, document, name);
  return found.empty() ? targetsOf(workspace, document, name, FollowImports::kYes) : found;
}

// The parameters that a keyword argument gives a value to.
// `replace(point, x=1)` and `pair._replace(first=1)`: what is copied; none: it is no such call.
static NodeId copiedBy(Workspace& workspace, SourceModule& document, Call call) {
  const Ast& ast = document.ast();
  auto attribute = ast.tryAs<Attribute>(call.func());
  NodeId name = attribute ? attribute->attr() : call.func();
  if (attribute && nameText(ast, name) == "_replace") return attribute->value();
  bool is_first = !call.args().empty() && !ast.is(call.args()[0], NodeKind::kKeyword) && !ast.is(call.args()[0], NodeKind::kStarred);
  if (!is_first || !(ast.is(name, NodeKind::kName) || ast.is(name, NodeKind::kIdentifier))) return NodeId::none();
  std::vector<Target> callees = targetsOf(workspace, document, name, FollowImports::kYes);
  bool is_copy = std::any_of(callees.begin(), callees.end(), [](const Target& one) {
    bool is_module = one.module->module_name == "dataclasses" || one.module->module_name == "copy" || one.module->module_name == "attr" || one.module->module_name == "attrs";
    std::string_view text = one.name.valid() ? nameText(one.module->ast(), one.name) : std::string_view();
    return is_module && (text == "replace" || text == "evolve");
  });
  return is_copy ? call.args()[0] : NodeId::none();
}

static std::vector<Target> parametersByType(Workspace& workspace, SourceModule& document, NodeId name) {
  const Ast& ast = document.ast();
  NodeId parent = ast.parent(name);
  auto keyword = ast.tryAs<Keyword>(parent);
  auto call = keyword && keyword->arg() == name ? ast.tryAs<Call>(ast.parent(parent)) : std::nullopt;
  std::vector<Target> out;
  if (!call) return out;
  for (const program::SignatureText& signature : signaturesAt(workspace, document, call->func())) {
    Target function = definitionOf(workspace, signature);
    if (function.module == nullptr) continue;
    const Ast& other = function.module->ast();
    for (NodeId parameter : other.as<Parameters>(other.as<FunctionDef>(function.owner).params()).params()) {
      Target target{function.module, other.as<Parameter>(parameter).name(), parameter};
      bool is_meant = nameText(other, target.name) == nameText(ast, name);
      if (is_meant && std::find(out.begin(), out.end(), target) == out.end()) out.push_back(target);
    }
  }
  NodeId copied = out.empty() ? copiedBy(workspace, document, *call) : NodeId::none();
  return copied.valid() ? memberTargets(workspace, typedAt(workspace, document, copied), nameText(ast, name)) : out;
}

std::vector<Target> targetsByType(Workspace& workspace, SourceModule& document, NodeId name) {
  const Ast& ast = document.ast();
  if (ast.is(ast.parent(name), NodeKind::kKeyword)) return parametersByType(workspace, document, name);
  auto attribute = ast.tryAs<Attribute>(ast.parent(name));
  if (!attribute || attribute->attr() != name) return {};
  Known known = knownNode(workspace, document, attribute->value());
  if (!known.valid()) return {};
  TypeId type = program::typeAt(*known.view.world, known.view.module, known.node);
  if (!type.valid()) return {};
  return membersByType(workspace, *known.view.world, type, nameOf(ast, name), nameText(ast, name));
}

TypedModule::TypedModule(Workspace& workspace, SourceModule& module) : workspace_(workspace), module_(module) {
  Asker asker(workspace, module);
  program::Session::View view = viewOf(workspace, module);
  if (view.world == nullptr || !view.module.valid()) return;
  module.adopt(workspace.session().parsedFile(module.path()));
  if (!isSameTree(*view.world->modules[view.module].ast, module)) return;
  world_ = view.world;
  id_ = view.module;
}

const std::vector<Target>& TypedModule::attributeTargets(NodeId name) {
  const Ast& ast = module_.ast();
  auto attribute = ast.tryAs<Attribute>(ast.parent(name));
  if (world_ == nullptr || !attribute || attribute->attr() != name) return none_;
  TypeId type = program::typeAt(*world_, id_, attribute->value());
  if (!type.valid()) return none_;
  NameId text = nameOf(ast, name);
  auto [found, is_new] = known_.try_emplace(uint64_t{type.value} << 32 | text.value);
  if (is_new) found->second = membersByType(workspace_, *world_, type, text, nameText(ast, name));
  return found->second;
}

}  // namespace krait::lsp

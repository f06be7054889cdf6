#include "checker/program/mentions.h"

#include <algorithm>

#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::program {

using namespace types;
namespace syn = krait::syntax;
using syn::NodeKind;

// Longer strings are texts, not names.
static constexpr size_t kLongestNameText = 200;

static bool isWordCharacter(char c) { return c == '_' || static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)); }

template <class Visit>
static void forEachWord(std::string_view text, Visit visit) {
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && isWordCharacter(text[end])) ++end;
    if (end > at) visit(text.substr(at, end - at));
    at = end + 1;
  }
}

// The string of the node as far as names may be in it: no docstring, no long text.
static std::string_view nameTextOf(const Ast& ast, NodeId node) {
  auto text = ast.is(node, NodeKind::kConstant) ? syn::stringValue(ast, node) : std::nullopt;
  if (!text || text->size() > kLongestNameText || ast.is(ast.parent(node), NodeKind::kExprStmt)) return {};
  return *text;
}

namespace {

struct Search {
  World& w;
  ModuleId module;
  const NameIds& names;
  const Ast& ast;
  std::vector<FunctionId> found = {};

  bool add(NodeId node, bool is_text);
  bool isPlainStatement(NodeId statement) const;
};

}  // namespace

static bool isInBody(const Ast& ast, NodeId definition, NodeId child) {
  syn::NodeList body = syn::bodyOf(ast, definition);
  return !body.empty() && ast.range(body[0]).begin <= ast.range(child).begin;
}

// At module or class level: does it give types to nothing but variables that are inferred?
bool Search::isPlainStatement(NodeId statement) const {
  auto assign = ast.tryAs<syn::Assign>(statement);
  if (!assign) return true;
  NodeId owner = ast.parent(statement);
  ScopeId scope = w.modules[module].scope;
  while (owner.valid() && !ast.is(owner, NodeKind::kClassDef)) owner = ast.parent(owner);
  if (owner.valid()) {
    auto cls = w.modules[module].classes.find(owner.value);
    if (cls == w.modules[module].classes.end()) return false;
    const ClassInfo& info = w.classes[cls->second];
    constexpr uint32_t kSpecial = kClassEnum | kClassNamedTuple | kClassTypedDict | kClassProtocol;
    if ((info.flags & kSpecial) != 0 || info.dataclass) return false;
    scope = info.scope;
  }
  for (NodeId target : assign->targets()) {
    SymbolId symbol = ast.is(target, NodeKind::kName) ? w.scopes[scope].names.find(syn::nameOf(ast, target)) : SymbolId::none();
    if (symbol.valid() && w.symbols[symbol].kind != SymbolKind::kVariable) return false;
  }
  return true;
}

bool Search::add(NodeId node, bool is_text) {
  NodeId function, statement;
  bool is_declared = false;
  NodeId child = node;
  for (NodeId at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (!statement.valid() && syn::isStatement(ast, at)) statement = at;
    switch (ast.kind(at)) {
      case NodeKind::kFunctionDef:
        if (isInBody(ast, at, child)) {
          function = at;
          is_declared = false;
          statement = at;
        } else if (ast.is(child, NodeKind::kParameters) || child == ast.as<syn::FunctionDef>(at).name()) {
          function = at;
        } else {
          is_declared = true;
        }
        break;
      case NodeKind::kParameter:
        if (child == ast.as<syn::Parameter>(at).name()) return true;
        is_declared = is_declared || child == ast.as<syn::Parameter>(at).annotation();
        break;
      case NodeKind::kClassDef:
        if (isInBody(ast, at, child) || child == ast.as<syn::ClassDef>(at).name()) break;
        is_declared = true;
        break;
      case NodeKind::kAnnAssign:
        is_declared = is_declared || child == ast.as<syn::AnnAssign>(at).annotation();
        break;
      case NodeKind::kTypeAlias: is_declared = true; break;
      default: break;
    }
  }
  if (is_declared) return false;
  if (!function.valid()) return !is_text && (!statement.valid() || isPlainStatement(statement));
  auto id = w.modules[module].functions.find(function.value);
  if (id != w.modules[module].functions.end() && std::find(found.begin(), found.end(), id->second) == found.end()) found.push_back(id->second);
  return true;
}

// What a module's text tells of others: kept, as only edited modules change.
static const ModuleDigest& digestOf(Program::State& state, ModuleId id) {
  World& w = state.world;
  const Module& module = w.modules[id];
  ModuleDigest& digest = state.digests[id.value];
  if (digest.ast == module.ast) return digest;
  digest = {.ast = module.ast, .names = {}, .imports = {}, .stars = {}};
  const Ast& ast = *module.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (auto import = ast.tryAs<syn::Import>(node)) {
      for (NodeId item : import->names()) digest.imports.insert(syn::nameOf(ast, ast.as<syn::Alias>(item).name()));
    } else if (auto from = ast.tryAs<syn::ImportFrom>(node)) {
      std::string_view written = from->module().valid() ? syn::nameText(ast, from->module()) : std::string_view();
      std::string source = from->level() == 0 ? std::string(written)
                                              : semantic::absoluteModule(w.text(module.name), module.is_package, from->level(), written);
      digest.imports.insert(w.name(source));
      for (NodeId item : from->names()) {
        std::string_view name = syn::nameText(ast, ast.as<syn::Alias>(item).name());
        if (name == "*") digest.stars.insert(w.name(source));
        else digest.imports.insert(w.name(source + "." + std::string(name)));
      }
    } else if (ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kIdentifier)) {
      digest.names.insert(syn::nameOf(ast, node));
    } else if (std::string_view text = nameTextOf(ast, node); !text.empty()) {
      forEachWord(text, [&](std::string_view word) { digest.names.insert(w.name(word)); });
    }
  }
  return digest;
}

// The loaded modules from which imports lead to this one.
static std::vector<ModuleId> importersOf(Program::State& state, ModuleId id) {
  World& w = state.world;
  std::vector<ModuleId> out;
  NameId name = w.modules[id].name;
  if (!w.imported_names.contains(name)) return out;
  std::vector<NameId> sought{name};
  std::vector<bool> is_found(w.modules.size());
  is_found[id.value] = true;
  for (size_t next = 0; next < sought.size(); ++next) {
    for (uint32_t i = 0; i < w.modules.size(); ++i) {
      const Module& other = w.modules[ModuleId(i)];
      if (is_found[i] || other.is_stub || other.ast == nullptr || !digestOf(state, ModuleId(i)).imports.contains(sought[next])) continue;
      is_found[i] = true;
      out.push_back(ModuleId(i));
      sought.push_back(other.name);
    }
  }
  return out;
}

bool areMentionedElsewhere(Program::State& state, ModuleId module, const NameIds& names) {
  for (ModuleId importer : importersOf(state, module)) {
    const ModuleDigest& digest = digestOf(state, importer);
    // Without a star the names go no further than somebody writes them.
    if (digest.stars.contains(state.world.modules[module].name)) return true;
    if (std::any_of(names.begin(), names.end(), [&](NameId name) { return digest.names.contains(name); })) return true;
  }
  return false;
}

std::optional<std::vector<FunctionId>> findMentions(Program::State& state, ModuleId module, const NameIds& names,
                                                    const std::vector<std::pair<uint32_t, uint32_t>>& known) {
  World& w = state.world;
  if (areMentionedElsewhere(state, module, names)) return std::nullopt;
  Search search{w, module, names, *w.modules[module].ast};
  const Ast& ast = search.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (std::any_of(known.begin(), known.end(), [&](const auto& range) { return range.first <= i && i <= range.second; })) continue;
    bool is_name = ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kIdentifier);
    bool is_meant = is_name && names.contains(syn::nameOf(ast, node));
    if (!is_name) forEachWord(nameTextOf(ast, node), [&](std::string_view word) { is_meant = is_meant || names.contains(w.name(word)); });
    if (is_meant && !search.add(node, !is_name)) return std::nullopt;
  }
  return search.found;
}

}  // namespace krait::program

#include "lsp/file_index.h"

#include <algorithm>
#include <unordered_map>

#include "checker/program/interface.h"
#include "lsp/module_parts.h"
#include "lsp/named_strings.h"
#include "lsp/quoted_names.h"
#include "lsp/symbol_list.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::SemanticModel;

uint32_t wordHash(std::string_view word) { return static_cast<uint32_t>(hashBytes(word)); }
uint32_t pathHash(std::string_view path) { return static_cast<uint32_t>(hashBytes(path) >> 32); }

std::span<const Mention> FileIndex::mentionsOf(uint32_t key) const {
  auto range = std::equal_range(mentions.begin(), mentions.end(), Mention{.key = key}, [](const Mention& a, const Mention& b) { return a.key < b.key; });
  return {range.first, range.second};
}

// `self.x = …`: the class whose attribute it is, instead of the method.
static NodeId ownerOfAttribute(const Ast& ast, NodeId name) {
  auto attribute = ast.tryAs<Attribute>(ast.parent(name));
  if (!attribute || attribute->attr() != name || !ast.is(attribute->value(), NodeKind::kName)) return NodeId::none();
  for (NodeId at = ast.parent(name); at.valid(); at = ast.parent(at)) {
    auto function = ast.tryAs<FunctionDef>(at);
    if (!function) continue;
    NodeList params = ast.as<Parameters>(function->params()).params();
    bool is_self = !params.empty() && nameOf(ast, ast.as<Parameter>(params[0]).name()) == nameOf(ast, attribute->value());
    if (is_self && ast.is(ast.parent(at), NodeKind::kClassDef)) return ast.parent(at);
  }
  return NodeId::none();
}

uint32_t keyOf(const Target& target) {
  const Ast& ast = target.module->ast();
  uint64_t hash = hashBytes(target.module->path());
  auto mix = [&](std::string_view text) { hash = (hash ^ hashBytes(text)) * 0x9e3779b97f4a7c15ull + 1; };
  if (target.name.valid()) {
    mix(targetName(target));
    NodeId from = ownerOfAttribute(ast, target.name);
    if (from.isNone()) {
      mix(ast.is(target.owner, NodeKind::kParameter) ? "parameter" : "");
      from = ast.is(target.owner, NodeKind::kFunctionDef) || ast.is(target.owner, NodeKind::kClassDef) ? ast.parent(target.owner) : target.owner;
    } else {
      mix("");
    }
    for (NodeId at = from; at.valid(); at = ast.parent(at)) {
      if (auto function = ast.tryAs<FunctionDef>(at)) mix(nameText(ast, function->name()));
      if (auto cls = ast.tryAs<ClassDef>(at)) mix(nameText(ast, cls->name()));
    }
  }
  return static_cast<uint32_t>(hash >> 32);
}

bool isSeenElsewhere(SourceModule& module, NodeId name) {
  const SemanticModel& model = module.model();
  semantic::SymbolId symbol = model.ownerAt(name);
  if (symbol.isNone() || model.definitions(symbol).empty()) return true;
  semantic::ScopeKind kind = model[model[symbol].scope].kind;
  if (kind == semantic::ScopeKind::kModule || kind == semantic::ScopeKind::kClass) return true;
  std::span<const semantic::Definition> definitions = model.definitions(symbol);
  return std::any_of(definitions.begin(), definitions.end(), [](const semantic::Definition& one) {
    bool is_import = one.kind == semantic::DefinitionKind::kImport || one.kind == semantic::DefinitionKind::kImportFrom;
    return is_import || one.kind == semantic::DefinitionKind::kParameter;
  });
}

TextRange lastPart(SourceModule& module, NodeId name) {
  TextRange range = module.ast().range(name);
  size_t dot = module.ast().text(range).rfind('.');
  if (dot != std::string_view::npos) range.begin += static_cast<uint32_t>(dot) + 1;
  return range;
}

bool isInAll(const Ast& ast, NodeId constant) {
  NodeId statement = ast.parent(constant);
  while (statement.valid() && !isStatement(ast, statement)) statement = ast.parent(statement);
  return statement.valid() && ast.text(statement).starts_with("__all__");
}

namespace {
struct Indexing {
  Workspace& workspace;
  SourceModule& module;
  FileIndex index;
  std::unordered_map<const SourceModule*, bool> seen;

  void add(const std::vector<Target>& meanings, TextRange range, NodeId name);
  void addQuoted(const std::vector<QuotedName>& names);
  void addAll();
};
}  // namespace

void Indexing::add(const std::vector<Target>& meanings, TextRange range, NodeId name) {
  uint32_t word = wordHash(module.ast().text(range));
  for (const Target& meaning : meanings) {
    bool is_definition = name.valid() && meaning.module == &module && meaning.name == name;
    index.mentions.push_back({.key = keyOf(meaning), .word = word, .offset = range.begin, .is_definition = is_definition});
    if (meaning.module != &module && seen.emplace(meaning.module, true).second) index.looks_into.push_back(pathHash(meaning.module->path()));
  }
}

void Indexing::addQuoted(const std::vector<QuotedName>& names) {
  for (const QuotedName& name : names) add(quotedTargets(workspace, module, name), name.range, NodeId::none());
}

void Indexing::addAll() {
  const Ast& ast = module.ast();
  if (module.text().find("__all__") == std::string_view::npos) return;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    std::optional<std::string_view> text = ast.is(NodeId(i), NodeKind::kConstant) ? stringValue(ast, NodeId(i)) : std::nullopt;
    if (!text || text->empty() || !isInAll(ast, NodeId(i))) continue;
    size_t at = ast.text().find(*text, ast.range(NodeId(i)).begin);
    for (const Target& meaning : moduleMember(workspace, module, *text, FollowImports::kYes)) {
      index.mentions.push_back({.key = keyOf(meaning), .word = wordHash(*text), .offset = static_cast<uint32_t>(at), .is_exported = true});
    }
  }
}

FileIndex indexFile(Workspace& workspace, SourceModule& module) {
  Asker asker(workspace, module);
  Indexing indexing{.workspace = workspace, .module = module, .index = {}, .seen = {}};
  FileIndex& index = indexing.index;
  TypedModule typed(workspace, module);
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kConstant) {
      indexing.addQuoted(quotedNamesOf(ast, node));
      std::optional<NamedString> string = namedString(ast, node);
      if (string) indexing.add(stringTargets(workspace, module, *string, StringAsking::kNamesOnly), string->range, NodeId::none());
    }
    if ((kind != NodeKind::kName && kind != NodeKind::kIdentifier) || ast.parent(node).isNone() || nameText(ast, node).empty()) continue;
    if (!isSeenElsewhere(module, node)) continue;
    std::vector<ModulePart> parts = modulePartsOf(module, node);
    for (size_t part = 0; part + 1 < parts.size(); ++part) {
      SourceModule* package = workspace.loadModule(parts[part].module);
      if (package != nullptr) indexing.add({{package, NodeId::none(), package->ast().root()}}, parts[part].range, NodeId::none());
    }
    std::vector<Target> meanings = typed.attributeTargets(node);
    if (meanings.empty()) meanings = targetsOf(workspace, module, node, FollowImports::kYes);
    indexing.add(meanings, lastPart(module, node), node);
  }
  indexing.addQuoted(commentNamesOf(ast));
  indexing.addAll();
  std::sort(index.mentions.begin(), index.mentions.end(), [](const Mention& a, const Mention& b) {
    return a.key != b.key ? a.key < b.key : a.offset < b.offset;
  });
  std::sort(index.looks_into.begin(), index.looks_into.end());
  index.mentions.shrink_to_fit();
  index.looks_into.shrink_to_fit();
  index.symbols = symbolsOf(module);
  index.interface = program::interfaceHash(ast);
  index.modified = module.modified;
  return std::move(index);
}

}  // namespace krait::lsp

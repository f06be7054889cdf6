// textDocument/semanticTokens/full and /range (LSP 3.17): what each name is.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>

#include "lsp/locate.h"
#include "lsp/quoted_names.h"
#include "lsp/semantic_token_types.h"
#include "lsp/server.h"
#include "lsp/symbol_list.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::DefinitionKind;

namespace {
struct SemanticToken {
  TextRange range;
  SemanticTokenType type;
  uint32_t modifiers = 0;
};
// What was found out while one file's tokens are listed; nothing: nobody knows.
struct TokenCache {
  std::unordered_map<uint64_t, std::optional<SemanticTokenType>> attributes;  // by the symbol before the dot and the name
  std::unordered_map<uint32_t, std::optional<SemanticTokenType>> imports;     // by the definition's node
};
}  // namespace

static bool isInClassBody(SourceModule& module, NodeId owner) {
  return module.ast().is(module.ast().parent(owner), NodeKind::kClassDef);
}

// What an assignment in a class's body makes; nothing: it stands elsewhere.
static std::optional<SemanticTokenType> fieldType(const Ast& ast, NodeId owner) {
  if (!ast.is(ast.parent(owner), NodeKind::kClassDef) || (!ast.is(owner, NodeKind::kAssign) && !ast.is(owner, NodeKind::kAnnAssign))) return std::nullopt;
  bool is_member = ast.is(owner, NodeKind::kAssign) && isEnum(ast, ast.parent(owner));
  return is_member ? SemanticTokenType::kEnumMember : SemanticTokenType::kProperty;
}

// What the definition says beside its kind: `async def`, a static method, what must not be assigned again.
static uint32_t modifiersOf(const Ast& ast, NodeId owner, std::string_view name) {
  uint32_t out = 0;
  if (auto function = ast.tryAs<FunctionDef>(owner)) {
    if (function->isAsync()) out |= kAsyncModifier;
    for (NodeId decorator : function->decorators()) {
      if (nameText(ast, decorator) == "staticmethod") out |= kStaticModifier;
    }
    return out;
  }
  auto declared = ast.tryAs<AnnAssign>(owner);
  bool is_final = declared && ast.text(declared->annotation()).find("Final") != std::string_view::npos;
  bool is_constant = (declared || ast.is(owner, NodeKind::kAssign)) && name.size() > 1 && isConstantName(name);
  return is_final || is_constant ? kReadonlyModifier : 0;
}

static SemanticTokenType typeOf(SourceModule& module, const Definition& definition) {
  switch (definition.kind) {
    case DefinitionKind::kParameter: return SemanticTokenType::kParameter;
    case DefinitionKind::kFunction:
      return isInClassBody(module, definition.owner) ? SemanticTokenType::kMethod : SemanticTokenType::kFunction;
    case DefinitionKind::kClass: return isEnum(module.ast(), definition.owner) ? SemanticTokenType::kEnum : SemanticTokenType::kClass;
    case DefinitionKind::kImport: return SemanticTokenType::kNamespace;
    case DefinitionKind::kTypeParam: return SemanticTokenType::kTypeParameter;
    case DefinitionKind::kTypeAlias: return SemanticTokenType::kClass;
    default: return fieldType(module.ast(), definition.owner).value_or(SemanticTokenType::kVariable);
  }
}

// What a definition in some module is.
static SemanticTokenType typeOfTarget(const Target& target) {
  const Ast& ast = target.module->ast();
  bool is_member = ast.is(ast.parent(target.owner), NodeKind::kClassDef);
  switch (ast.kind(target.owner)) {
    case NodeKind::kModule: return SemanticTokenType::kNamespace;
    case NodeKind::kClassDef: return isEnum(ast, target.owner) ? SemanticTokenType::kEnum : SemanticTokenType::kClass;
    case NodeKind::kTypeAlias: return SemanticTokenType::kClass;
    case NodeKind::kFunctionDef:
      if (!is_member) return SemanticTokenType::kFunction;
      return isProperty(ast, target.owner) ? SemanticTokenType::kProperty : SemanticTokenType::kMethod;
    case NodeKind::kAnnAssign: {
      // The forms of typing read as types.
      std::string_view annotation = ast.text(ast.as<AnnAssign>(target.owner).annotation());
      if (annotation == "_SpecialForm" || annotation.starts_with("type[")) return SemanticTokenType::kClass;
      break;
    }
    case NodeKind::kAssign:
      if (auto call = ast.tryAs<Call>(ast.as<Assign>(target.owner).value()); call && ast.text(call->func()).ends_with("TypeVar")) return SemanticTokenType::kTypeParameter;
      break;
    default: break;
  }
  if (std::optional<SemanticTokenType> field = fieldType(ast, target.owner)) return *field;
  return is_member || ast.is(ast.parent(target.name), NodeKind::kAttribute) ? SemanticTokenType::kProperty : SemanticTokenType::kVariable;
}

// `path = _path` may mean a module.
static SemanticTokenType typeOfValue(Workspace& workspace, const Target& target) {
  auto assign = target.module->ast().tryAs<Assign>(target.owner);
  bool is_other_name = assign && target.module->ast().is(assign->value(), NodeKind::kName) && target.module->path().ends_with(".pyi");
  if (!is_other_name) return typeOfTarget(target);
  std::vector<Target> values = valueTargets(workspace, *target.module, assign->value());
  return values.empty() || values[0].module->ast().kind(values[0].owner) != NodeKind::kModule ? typeOfTarget(target) : SemanticTokenType::kNamespace;
}

// The name of a module that a chain of attributes begins with, or none.
static NodeId importedRoot(SourceModule& module, NodeId expr) {
  const Ast& ast = module.ast();
  while (auto attribute = ast.tryAs<Attribute>(expr)) expr = attribute->value();
  semantic::SymbolId owner = ast.is(expr, NodeKind::kName) ? module.model().ownerAt(expr) : semantic::SymbolId::none();
  if (owner.isNone() || module.model().definitions(owner).empty()) return NodeId::none();
  return module.model().definitions(owner)[0].kind == DefinitionKind::kImport ? expr : NodeId::none();
}

// What an attribute is, as far as names tell: of modules, classes and `self`.
static SemanticTokenType attributeType(Server& server, SourceModule& module, NodeId node, TokenCache& cache) {
  const Ast& ast = module.ast();
  Attribute attribute = ast.as<Attribute>(ast.parent(node));
  auto call = ast.tryAs<Call>(ast.parent(ast.parent(node)));
  bool is_called = call && call->func() == ast.parent(node);
  SemanticTokenType guess = is_called ? SemanticTokenType::kMethod : SemanticTokenType::kProperty;
  NodeId module_name = importedRoot(module, attribute.value());
  if (module_name == attribute.value() && is_called) guess = SemanticTokenType::kFunction;
  if (module_name.valid() && !ast.is(attribute.value(), NodeKind::kName)) {
    // `os.path.join`: as far as modules go, names tell.
    std::vector<Target> targets = targetsOf(server.workspace(), module, node, FollowImports::kYes);
    return targets.empty() ? guess : typeOfValue(server.workspace(), targets[0]);
  }
  if (!ast.is(attribute.value(), NodeKind::kName)) return guess;
  semantic::SymbolId owner = module.model().ownerAt(attribute.value());
  if (owner.isNone()) return guess;
  auto [found, is_new] = cache.attributes.try_emplace(uint64_t{owner.value} << 32 | nameOf(ast, node).value);
  if (!is_new) return found->second.value_or(guess);
  std::vector<Target> targets = targetsOf(server.workspace(), module, node, FollowImports::kYes);
  if (!targets.empty()) found->second = typeOfValue(server.workspace(), targets[0]);
  return found->second.value_or(guess);
}

// What an imported name is in its own module.
static std::optional<SemanticTokenType> importedType(Server& server, SourceModule& module, const Definition& definition, TokenCache& cache) {
  auto [found, is_new] = cache.imports.try_emplace(definition.node.value);
  if (!is_new) return found->second;
  auto alias = module.ast().tryAs<Alias>(definition.owner);
  if (!alias) return std::nullopt;
  std::vector<Target> targets = targetsOf(server.workspace(), module, alias->name(), FollowImports::kYes);
  if (!targets.empty()) found->second = typeOfTarget(targets[0]);
  return found->second;
}

static std::optional<SemanticToken> tokenOf(Server& server, SourceModule& module, NodeId node, TokenCache& cache) {
  const Ast& ast = module.ast();
  const semantic::SemanticModel& model = module.model();
  NodeId parent = ast.parent(node);
  TextRange range = ast.range(node);
  if (auto attribute = ast.tryAs<Attribute>(parent); attribute && attribute->attr() == node) {
    return SemanticToken{range, attributeType(server, module, node, cache)};
  }
  if (auto pattern = ast.tryAs<MatchClass>(parent); pattern && pattern->cls() != node) return SemanticToken{range, SemanticTokenType::kProperty};
  if (auto keyword = ast.tryAs<Keyword>(parent); keyword && keyword->arg() == node) return SemanticToken{range, SemanticTokenType::kParameter};
  if (ast.is(parent, NodeKind::kImportFrom)) return SemanticToken{range, SemanticTokenType::kNamespace};
  semantic::SymbolId owner = model.ownerAt(node);
  if (owner.isNone()) return std::nullopt;
  std::span<const Definition> definitions = model.definitions(owner);
  if (definitions.empty()) {
    if (server.workspace().builtins() == nullptr) return std::nullopt;
    NameId name = server.workspace().names().find(model.nameOf(owner));
    const semantic::SemanticModel& builtins = server.workspace().builtins()->model();
    semantic::SymbolId symbol = name.valid() ? builtins.find(semantic::SemanticModel::kModuleScope, name) : semantic::SymbolId();
    if (symbol.isNone() || builtins.definitions(symbol).empty()) return std::nullopt;
    return SemanticToken{range, typeOf(*server.workspace().builtins(), builtins.definitions(symbol)[0]), kDefaultLibraryModifier};
  }
  SemanticToken token{range, typeOf(module, definitions[0])};
  if (definitions[0].kind == DefinitionKind::kImportFrom) token.type = importedType(server, module, definitions[0], cache).value_or(token.type);
  bool is_property = definitions[0].kind == DefinitionKind::kFunction && token.type == SemanticTokenType::kMethod && isProperty(ast, definitions[0].owner);
  if (is_property) token.type = SemanticTokenType::kProperty;
  if (auto assign = ast.tryAs<Assign>(definitions[0].owner)) {
    auto call = ast.tryAs<Call>(assign->value());
    if (call && ast.text(call->func()).ends_with("TypeVar")) token.type = SemanticTokenType::kTypeParameter;
  }
  token.modifiers |= modifiersOf(ast, definitions[0].owner, model.nameOf(owner));
  for (const Definition& definition : definitions) {
    if (definition.node == node) token.modifiers |= kDeclarationModifier;
  }
  return token;
}

// Names in string annotations and type comments: classes, mostly.
static void addQuoted(Server& server, SourceModule& module, const std::vector<QuotedName>& names, TextRange area, std::vector<SemanticToken>& tokens) {
  for (const QuotedName& name : names) {
    if (name.range.end <= area.begin || name.range.begin >= area.end) continue;
    std::vector<Target> targets = quotedTargets(server.workspace(), module, name);
    if (!targets.empty()) tokens.push_back({name.range, typeOfTarget(targets[0])});
  }
}

static Json encode(Server& server, SourceModule& module, TextRange area, std::vector<SemanticToken> tokens) {
  std::sort(tokens.begin(), tokens.end(), [](const SemanticToken& a, const SemanticToken& b) { return a.range.begin < b.range.begin; });
  Json data = Json::array();
  LineColumn last;
  if (!module.cells.empty()) last.line = module.lines().lineOf(area.begin);
  for (const SemanticToken& token : tokens) {
    LineColumn place = module.lines().locate(token.range.begin, server.unit());
    uint32_t delta_line = place.line - last.line;
    uint32_t delta_column = delta_line == 0 ? place.column - last.column : place.column;
    uint32_t length = countUnits(module.ast().text(token.range), server.unit());
    for (uint32_t value : {delta_line, delta_column, length, static_cast<uint32_t>(token.type), token.modifiers}) data.push_back(value);
    last = place;
  }
  return {{"data", std::move(data)}};
}

// The name in `@name`, `@module.name` and `@name(…)`.
static bool isDecorator(const Ast& ast, NodeId name) {
  NodeId expr = name;
  if (auto attribute = ast.tryAs<Attribute>(ast.parent(expr)); attribute && attribute->attr() == name) expr = ast.parent(expr);
  if (auto call = ast.tryAs<Call>(ast.parent(expr)); call && call->func() == expr) expr = ast.parent(expr);
  auto function = ast.tryAs<FunctionDef>(ast.parent(expr));
  auto cls = ast.tryAs<ClassDef>(ast.parent(expr));
  NodeList decorators = function ? function->decorators() : cls ? cls->decorators() : NodeList();
  return std::find(decorators.begin(), decorators.end(), expr) != decorators.end();
}

static Json tokensIn(Server& server, SourceModule& module, TextRange area) {
  const Ast& ast = module.ast();
  std::vector<SemanticToken> tokens;
  TokenCache cache;
  addQuoted(server, module, commentNamesOf(ast), area, tokens);
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kConstant) addQuoted(server, module, quotedNamesOf(ast, node), area, tokens);
    if ((kind != NodeKind::kName && kind != NodeKind::kIdentifier) || ast.parent(node).isNone()) continue;
    TextRange range = ast.range(node);
    if (range.end <= area.begin || range.begin >= area.end || range.size() == 0) continue;
    if (ast.text(range).find('\n') != std::string_view::npos) continue;
    std::optional<SemanticToken> token = tokenOf(server, module, node, cache);
    if (token && isDecorator(ast, node)) token->type = SemanticTokenType::kDecorator;
    if (token) tokens.push_back(*token);
  }
  return encode(server, module, server.areaOf(module), std::move(tokens));
}

static Json fullTokens(Server& server, SourceModule& module, const std::string& uri) {
  Json answer = tokensIn(server, module, server.areaOf(module));
  SentTokens& sent = server.sent_tokens[uri];
  sent.data = answer["data"].get<std::vector<uint32_t>>();
  sent.id = std::to_string(sent.id.empty() ? 1 : std::strtoull(sent.id.c_str(), nullptr, 10) + 1);
  answer["resultId"] = sent.id;
  return answer;
}

Json semanticTokensFull(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  return fullTokens(server, *module, stringOr(member(member(params, "textDocument"), "uri")));
}

// One edit that turns the numbers sent before into those of now.
Json semanticTokensDelta(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  std::string uri = stringOr(member(member(params, "textDocument"), "uri"));
  auto before = server.sent_tokens.find(uri);
  if (before == server.sent_tokens.end() || before->second.id != stringOr(member(params, "previousResultId"))) return fullTokens(server, *module, uri);
  std::vector<uint32_t> old = std::move(before->second.data);
  Json answer = fullTokens(server, *module, uri);
  const std::vector<uint32_t>& now = server.sent_tokens[uri].data;
  size_t front = 0, back = 0, shorter = std::min(old.size(), now.size());
  while (front < shorter && old[front] == now[front]) ++front;
  while (back < shorter - front && old[old.size() - 1 - back] == now[now.size() - 1 - back]) ++back;
  Json edits = Json::array();
  if (front != now.size() || front != old.size()) {
    std::vector<uint32_t> put(now.begin() + static_cast<ptrdiff_t>(front), now.end() - static_cast<ptrdiff_t>(back));
    edits.push_back({{"start", front}, {"deleteCount", old.size() - front - back}, {"data", std::move(put)}});
  }
  return {{"resultId", answer["resultId"]}, {"edits", std::move(edits)}};
}

Json semanticTokensRange(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  return tokensIn(server, *module, server.rangeOf(*module, member(params, "range")));
}

}  // namespace krait::lsp

// textDocument/semanticTokens/full and /range (LSP 3.17): what each name is.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "lsp/locate.h"
#include "lsp/semantic_token_types.h"
#include "lsp/server.h"

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
}  // namespace

static bool isInClassBody(SourceModule& module, NodeId owner) {
  return module.ast().is(module.ast().parent(owner), NodeKind::kClassDef);
}

static SemanticTokenType typeOf(SourceModule& module, const Definition& definition) {
  switch (definition.kind) {
    case DefinitionKind::kParameter: return SemanticTokenType::kParameter;
    case DefinitionKind::kFunction:
      return isInClassBody(module, definition.owner) ? SemanticTokenType::kMethod : SemanticTokenType::kFunction;
    case DefinitionKind::kClass: return SemanticTokenType::kClass;
    case DefinitionKind::kImport: return SemanticTokenType::kNamespace;
    case DefinitionKind::kTypeParam: return SemanticTokenType::kTypeParameter;
    case DefinitionKind::kTypeAlias: return SemanticTokenType::kClass;
    default: return SemanticTokenType::kVariable;
  }
}

static std::optional<SemanticToken> tokenOf(Server& server, SourceModule& module, NodeId node) {
  const Ast& ast = module.ast();
  const semantic::SemanticModel& model = module.model();
  NodeId parent = ast.parent(node);
  TextRange range = ast.range(node);
  if (auto attribute = ast.tryAs<Attribute>(parent); attribute && attribute->attr() == node) {
    auto call = ast.tryAs<Call>(ast.parent(parent));
    bool is_called = call && call->func() == parent;
    return SemanticToken{range, is_called ? SemanticTokenType::kMethod : SemanticTokenType::kProperty};
  }
  if (ast.is(parent, NodeKind::kKeyword)) return SemanticToken{range, SemanticTokenType::kParameter};
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
  for (const Definition& definition : definitions) {
    if (definition.node == node) token.modifiers |= kDeclarationModifier;
  }
  return token;
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

static Json tokensIn(Server& server, SourceModule& module, TextRange area) {
  const Ast& ast = module.ast();
  std::vector<SemanticToken> tokens;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    if ((kind != NodeKind::kName && kind != NodeKind::kIdentifier) || ast.parent(node).isNone()) continue;
    TextRange range = ast.range(node);
    if (range.end <= area.begin || range.begin >= area.end || range.size() == 0) continue;
    if (ast.text(range).find('\n') != std::string_view::npos) continue;
    if (std::optional<SemanticToken> token = tokenOf(server, module, node)) tokens.push_back(*token);
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

// textDocument/completion and completionItem/resolve (LSP 3.17). What is offered is found in lsp/completion.
#include <algorithm>

#include "lsp/class_tree.h"
#include "lsp/code_actions/action_list.h"
#include "lsp/completion/completion.h"
#include "lsp/completion/wanted.h"
#include "lsp/render_signature.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

Json* Items::add(std::string_view label, int kind, int rank, std::string detail) {
  if (label.empty() || !seen.insert(std::string(label)).second) return nullptr;
  // Private names go last within their rank.
  std::string sort = std::to_string(rank) + (label[0] == '_' ? "z" : "a") + std::string(label);
  Json item = {{"label", std::string(label)}, {"kind", kind}, {"sortText", std::move(sort)}};
  if (!detail.empty()) item["detail"] = std::move(detail);
  bool is_function = kind == kFunctionItem || kind == kMethodItem;
  if (has_call_snippets && is_function) {
    item["insertText"] = std::string(label) + "($0)";
    item["insertTextFormat"] = 2;
  }
  list.push_back(std::move(item));
  return &list.back();
}

static bool isNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Where what stands before blanks ends; in brackets line ends and lines of comments are blanks.
static uint32_t behindBlanks(std::string_view text, uint32_t end, bool is_inside) {
  while (end > 0) {
    char c = text[end - 1];
    if (c != ' ' && c != '\t' && !(is_inside && (c == '\n' || c == '\r'))) break;
    --end;
    if (c != '\n') continue;
    size_t line = end == 0 ? 0 : text.rfind('\n', end - 1) + 1;
    size_t first = text.find_first_not_of(" \t", line);
    if (first < end && text[first] == '#') end = static_cast<uint32_t>(line);
  }
  return end;
}

static CompletionPlace placeAt(Server& server, SourceModule& module, uint32_t cursor) {
  std::string_view text = module.text();
  CompletionPlace out{server, module, cursor, cursor};
  while (out.word_begin > 0 && isNameByte(text[out.word_begin - 1])) --out.word_begin;
  uint32_t line = module.lines().lineStart(module.lines().lineOf(cursor));
  out.line_before = text.substr(line, out.word_begin - line);
  out.ends = openEndsAt(text, cursor);
  bool is_inside = !out.ends.opens.empty();
  uint32_t behind = behindBlanks(text, out.word_begin, is_inside);
  bool is_dot = behind > line && text[behind - 1] == '.' && !(behind > 1 && text[behind - 2] == '.');
  if (is_dot) out.dot = behindBlanks(text, behind - 1, is_inside);
  return out;
}

static void addAll(const CompletionPlace& place, Items& items) {
  if (addStringContents(place, items) || addImportParts(place, items) || addOverrides(place, items)) return;
  if (place.dot != 0xffffffffu) {
    addMembers(place, items);
    return;
  }
  if (addConversions(place, items) || addFixtures(place, items) || namesSomethingNew(place)) return;
  // A number is being written.
  if (!place.word().empty() && place.word()[0] >= '0' && place.word()[0] <= '9') return;
  CallPlace call = callAround(place.server.workspace(), place.module, place.cursor);
  addKeywordArguments(place, call, items);
  addNamesInScope(place, items);
  addExpected(place, call, items);
  addCompared(place, items);
  addAutoImports(place, items);
  preferExceptions(place, items);
}

Json completion(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  QuickAnswer quick(server.workspace(), server.wasEditedLately());
  CompletionPlace place = placeAt(server, *module, server.offsetOf(*module, member(params, "position")));
  std::string trigger = stringOr(member(member(params, "context"), "triggerCharacter"));
  // Quotes, brackets and at-signs ask only where they open something that is known.
  Items items;
  items.has_call_snippets = server.settings.call_snippets && server.features.snippets;
  if (trigger == "\"" || trigger == "'" || trigger == "[") addStringContents(place, items);
  else addAll(place, items);
  for (Json& item : items.list) {
    if (!item.contains("data")) item["data"] = {{"uri", stringOr(member(member(params, "textDocument"), "uri"))}, {"at", place.dot != 0xffffffffu ? place.dot + 1 : place.word_begin}, {"dot", place.dot != 0xffffffffu}, {"cursor", place.cursor}};
  }
  return {{"isIncomplete", items.is_incomplete}, {"items", std::move(items.list)}};
}

static Json documentation(Server& server, const std::string& text) {
  if (!server.features.completion_markdown) return text;
  return {{"kind", "markdown"}, {"value", docstringMarkdown(text)}};
}

static void describe(Server& server, const std::vector<Target>& targets, Json& item) {
  for (const Target& target : targets) {
    if (!item.contains("detail")) item["detail"] = renderDefinition(target);
    std::string text = documentationText(server.workspace(), target);
    if (text.empty()) continue;
    item["documentation"] = documentation(server, text);
    return;
  }
}

// What the label means where the item was offered.
static std::vector<Target> meaningOf(Server& server, SourceModule& module, uint32_t at, uint32_t cursor, bool is_member, std::string_view label) {
  Workspace& workspace = server.workspace();
  if (is_member) {
    if (at == 0 || at > module.text().size()) return {};
    for (Asking asking : {Asking::kWhatIsThere, Asking::kWithRepair}) {
      TypedPlace typed = typedBefore(workspace, module, at - 1, cursor, "x", asking);
      std::vector<Target> found = typed.valid() ? memberTargets(workspace, typed, label) : std::vector<Target>();
      if (!found.empty()) return found;
    }
    std::string_view text = module.text();
    uint32_t begin = at - 1;
    while (begin > 0 && (isNameByte(text[begin - 1]) || text[begin - 1] == '.')) --begin;
    return begin + 1 < at ? dottedTargets(workspace, module, begin, std::string(text.substr(begin, at - 1 - begin)) + "." + std::string(label)) : std::vector<Target>();
  }
  return nameTargets(workspace, module, at, label);
}

Json completionResolve(Server& server, const Json& params) {
  Json item = params;
  if (!item.is_object()) return nullptr;
  const Json& data = member(params, "data");
  SourceModule* module = server.documentOf({{"textDocument", {{"uri", member(data, "uri")}}}});
  if (module == nullptr) return item;
  std::string label = stringOr(member(params, "label"));
  if (member(data, "module").is_string()) {
    std::string from = stringOr(member(data, "module")), name = stringOr(member(data, "name"));
    Json edits = Json::array();
    for (const Edit& edit : importEdits(server.workspace(), *module, from, name)) edits.push_back({{"range", server.rangeJson(*module, edit.range)}, {"newText", edit.text}});
    item["additionalTextEdits"] = std::move(edits);
    SourceModule* source = server.workspace().loadModule(from);
    if (source != nullptr && !name.empty()) describe(server, moduleMember(server.workspace(), *source, name, FollowImports::kYes), item);
    return item;
  }
  auto placeIn = [&](const char* name) { return static_cast<uint32_t>(std::clamp<int64_t>(intOr(member(data, name), 0), 0, static_cast<int64_t>(module->text().size()))); };
  uint32_t at = placeIn("at");
  if (intOr(member(params, "kind"), 0) != kKeywordItem) describe(server, meaningOf(server, *module, at, placeIn("cursor"), boolOr(member(data, "dot"), false), label), item);
  return item;
}

}  // namespace krait::lsp

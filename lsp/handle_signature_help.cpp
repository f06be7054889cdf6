// textDocument/signatureHelp (LSP 3.17).
#include <algorithm>

#include "lsp/call_place.h"
#include "lsp/render_signature.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Which parameter the argument goes to; the number of parameters: none.
static size_t activeParameter(const CallPlace& call, const RenderedSignature& signature) {
  if (!call.keyword.empty()) {
    for (size_t i = 0; i < signature.names.size(); ++i) {
      if (signature.names[i] == call.keyword) return i;
    }
  }
  // What lies behind *args goes to it.
  for (size_t i = 0; i < signature.parameters.size() && i <= call.index; ++i) {
    if (signature.label[signature.parameters[i].begin] == '*') return i;
  }
  return call.index;
}

static Json signatureJson(const RenderedSignature& rendered, size_t active) {
  Json parameters = Json::array();
  for (TextRange range : rendered.parameters) {
    std::string_view before = std::string_view(rendered.label).substr(0, range.begin);
    std::string_view through = std::string_view(rendered.label).substr(0, range.end);
    parameters.push_back({{"label", {countUnits(before, ColumnUnit::kUtf16), countUnits(through, ColumnUnit::kUtf16)}}});
  }
  return {{"label", rendered.label}, {"parameters", std::move(parameters)}, {"activeParameter", active}};
}

// A signature as the checker prints it, taken apart at its commas.
static RenderedSignature fromText(const std::string& text) {
  RenderedSignature out;
  size_t open = text.find('(');
  if (!text.starts_with("def ") || open == std::string::npos) return out;
  out.label = text;
  int depth = 0;
  uint32_t begin = static_cast<uint32_t>(open) + 1;
  for (uint32_t i = begin; i < text.size(); ++i) {
    char c = text[i];
    bool is_end = depth == 0 && (c == ',' || c == ')');
    if (is_end && i > begin) {
      std::string part = text.substr(begin, i - begin);
      if (part != "*" && part != "/") {
        out.parameters.push_back({begin, i});
        out.names.push_back(part.substr(0, part.find(':')));
      }
    }
    if (is_end) begin = i + 2;
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && depth-- == 0) break;
  }
  return out;
}

Json signatureHelp(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  QuickAnswer quick(server.workspace(), server.wasEditedLately());
  CallPlace call = callAround(server.workspace(), *module, server.offsetOf(*module, member(params, "position")));
  if (!call.valid()) return nullptr;
  Json signatures = Json::array();
  size_t best = 0, active = 0;
  bool has_best = false;
  for (const Target& callee : call.callees) {
    const Ast& ast = callee.module->ast();
    RenderedSignature rendered = renderSignature(ast, callee.owner, call.hides_first ? SelfParameter::kHidden : SelfParameter::kShown);
    size_t own = activeParameter(call, rendered);
    // The first overload that takes so many arguments.
    bool fits = own < rendered.parameters.size() || rendered.parameters.empty();
    if (!has_best && fits) best = signatures.size(), active = own, has_best = true;
    Json signature = signatureJson(rendered, own);
    std::string documentation = docstringText(ast, callee.owner);
    if (!documentation.empty()) signature["documentation"] = documentation;
    signatures.push_back(std::move(signature));
  }
  if (signatures.empty()) {
    RenderedSignature rendered = fromText(call.type);
    if (rendered.label.empty()) return nullptr;
    active = activeParameter(call, rendered);
    signatures.push_back(signatureJson(rendered, active));
  }
  return {{"signatures", std::move(signatures)}, {"activeSignature", best}, {"activeParameter", active}};
}

}  // namespace krait::lsp

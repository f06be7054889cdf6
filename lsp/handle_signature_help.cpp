// textDocument/signatureHelp (LSP 3.17).
#include <algorithm>
#include <cctype>
#include <utility>

#include "lsp/call_place.h"
#include "lsp/class_tree.h"
#include "lsp/render_signature.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Which parameter the argument goes to; the number of parameters: none.
static size_t activeParameter(const CallPlace& call, const RenderedSignature& signature) {
  auto startsWith = [&](size_t i, std::string_view stars) { return std::string_view(signature.label).substr(signature.parameters[i].begin).starts_with(stars); };
  size_t count = signature.parameters.size();
  size_t rest = 0;  // where `**` is
  while (rest < count && !startsWith(rest, "**")) ++rest;
  if (!call.keyword.empty()) {
    for (size_t i = 0; i < count; ++i) {
      if (signature.names[i] == call.keyword) return i;
    }
    return rest;
  }
  // Behind keyword arguments: the first parameter that has no value yet.
  if (!call.given.empty() && !call.has_argument) {
    auto isGiven = [&](const std::string& name) { return std::find(call.given.begin(), call.given.end(), name) != call.given.end(); };
    size_t next = call.index - std::min(call.index, call.given.size());
    while (next < rest && (startsWith(next, "*") || isGiven(signature.names[next]))) ++next;
    return next;
  }
  // What lies behind *args goes to it.
  for (size_t i = 0; i < count && i <= call.index; ++i) {
    if (startsWith(i, "**")) return count;
    if (startsWith(i, "*")) return i;
  }
  return std::min(call.index, count);
}

// Can so many arguments, and those named, be given?
static bool takes(const CallPlace& call, const RenderedSignature& signature, size_t active) {
  bool has_rest = std::any_of(signature.parameters.begin(), signature.parameters.end(), [&](TextRange one) { return signature.label.compare(one.begin, 2, "**") == 0; });
  bool knows_names = has_rest || std::all_of(call.given.begin(), call.given.end(), [&](const std::string& name) {
    return std::find(signature.names.begin(), signature.names.end(), name) != signature.names.end();
  });
  return knows_names && (active < signature.parameters.size() || (signature.parameters.empty() && !call.has_argument));
}

static Json signatureJson(const RenderedSignature& rendered, size_t active, const std::string& documentation) {
  Json parameters = Json::array();
  for (size_t i = 0; i < rendered.parameters.size(); ++i) {
    TextRange range = rendered.parameters[i];
    std::string_view before = std::string_view(rendered.label).substr(0, range.begin);
    std::string_view through = std::string_view(rendered.label).substr(0, range.end);
    Json parameter = {{"label", {countUnits(before, ColumnUnit::kUtf16), countUnits(through, ColumnUnit::kUtf16)}}};
    std::string text = documentation.empty() ? std::string() : parameterText(documentation, rendered.names[i]);
    if (!text.empty()) parameter["documentation"] = std::move(text);
    parameters.push_back(std::move(parameter));
  }
  Json out = {{"label", rendered.label}, {"parameters", std::move(parameters)}, {"activeParameter", active}};
  if (!documentation.empty()) out["documentation"] = documentation;
  return out;
}

// The text of the function or, where that has none, of its source or the class that it makes objects of.
static std::string documentationOf(Workspace& workspace, const Target& callee) {
  std::string out = documentationText(workspace, callee);
  Target cls = out.empty() ? classAround(callee) : Target();
  std::string_view name = nameText(callee.module->ast(), callee.name);
  return cls.module != nullptr && (name == "__init__" || name == "__new__") ? documentationText(workspace, cls) : out;
}

// Each way to call it, as it is shown, with its documentation.
static std::vector<std::pair<RenderedSignature, std::string>> shownSignatures(Workspace& workspace, const SourceModule& module, const CallPlace& call) {
  std::vector<std::pair<RenderedSignature, std::string>> out;
  std::string_view text = module.text();
  size_t end = call.open;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  size_t begin = end;
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) || text[begin - 1] == '_')) --begin;
  std::string_view name = text.substr(begin, end - begin);
  if (!call.known.empty() && call.callees.empty()) {
    for (const program::SignatureText& one : call.known) out.emplace_back(renderKnown(one, name), "");
    return out;
  }
  for (size_t i = 0; i < call.callees.size(); ++i) {
    const Target& callee = call.callees[i];
    const program::SignatureText* known = call.known.empty() ? nullptr : &call.known[i];
    const Ast& ast = callee.module->ast();
    size_t written = ast.as<Parameters>(ast.as<FunctionDef>(callee.owner).params()).params().size();
    bool is_fit = known == nullptr || known->parameters.size() == written || known->parameters.size() + 1 == written;
    bool hides = known != nullptr ? known->parameters.size() + 1 == written : call.hides_first;
    // By its name alone a constructor is as well the class's.
    program::SignatureText made{.is_class = true};
    bool is_constructor = known == nullptr && call.hides_first && (nameText(ast, callee.name) == "__init__" || nameText(ast, callee.name) == "__new__");
    if (is_constructor) made.result = name, known = &made, is_fit = true;
    RenderedSignature shown = is_fit ? renderSignature(ast, callee.owner, hides ? SelfParameter::kHidden : SelfParameter::kShown, known) : renderKnown(*known, name);
    out.emplace_back(std::move(shown), documentationOf(workspace, callee));
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
  for (auto& [shown, documentation] : shownSignatures(server.workspace(), *module, call)) {
    size_t own = activeParameter(call, shown);
    if (signatures.empty()) active = own;
    // The first overload that takes so many arguments.
    if (!has_best && takes(call, shown, own)) best = signatures.size(), active = own, has_best = true;
    signatures.push_back(signatureJson(shown, own, documentation));
  }
  if (signatures.empty()) return nullptr;
  return {{"signatures", std::move(signatures)}, {"activeSignature", best}, {"activeParameter", active}};
}

}  // namespace krait::lsp

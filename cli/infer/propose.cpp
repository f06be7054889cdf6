#include "cli/infer/propose.h"

#include <algorithm>

#include "checker/program/queries.h"
#include "cli/infer/name_type.h"

namespace krait::cli {

using namespace types;
namespace syn = krait::syntax;
using syn::NodeKind;

namespace {
struct Proposer {
  World& w;
  ModuleId module;
  const Ast& ast;
  const ObservedFunctions& observed;
  std::vector<ProposedAnnotation> out;

  void visit(NodeId node, const std::string& prefix, bool is_class);
  void function(NodeId node, const std::string& prefix, bool is_method);
  void parameter(NodeId function, syn::Parameter parameter, const ObservedFunction* seen);
  std::optional<std::string> resultOf(syn::FunctionDef def);
};

// What a function's own statements return and whether they yield.
struct Results {
  const Ast& ast;
  std::vector<NodeId> returns;
  bool yields = false;

  void visit(NodeId node) {
    if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || ast.is(node, NodeKind::kLambda)) return;
    if (ast.is(node, NodeKind::kReturn)) returns.push_back(node);
    if (ast.is(node, NodeKind::kYield) || ast.is(node, NodeKind::kYieldFrom)) yields = true;
    syn::forEachChild(ast, node, [&](NodeId child) { visit(child); });
  }
};
}  // namespace

// Does the end of the body come by? The same question that the checker asks of functions that return nothing.
static bool canEnd(const Ast& ast, syn::NodeList body) {
  if (body.empty()) return true;
  NodeId last = body[body.size() - 1];
  if (ast.is(last, NodeKind::kReturn) || ast.is(last, NodeKind::kRaise)) return false;
  if (auto branch = ast.tryAs<syn::If>(last)) return branch->orelse().empty() || canEnd(ast, branch->body()) || canEnd(ast, branch->orelse());
  if (auto with = ast.tryAs<syn::With>(last)) return canEnd(ast, with->body());
  if (auto loop = ast.tryAs<syn::While>(last)) return ast.text(loop->test()) != "True" && ast.text(loop->test()) != "1";
  if (auto attempt = ast.tryAs<syn::Try>(last)) {
    bool can_end = attempt->orelse().empty() ? canEnd(ast, attempt->body()) : canEnd(ast, attempt->orelse());
    for (NodeId handler : attempt->handlers()) can_end |= canEnd(ast, ast.as<syn::ExceptHandler>(handler).body());
    return can_end && (attempt->finalbody().empty() || canEnd(ast, attempt->finalbody()));
  }
  return true;
}

// Nothing but `...`, `pass`, a docstring or a `raise`: the type is for others to say.
static bool isTrivial(const Ast& ast, syn::NodeList body) {
  for (NodeId statement : body) {
    bool is_constant = ast.is(statement, NodeKind::kExprStmt) && ast.is(ast.as<syn::ExprStmt>(statement).value(), NodeKind::kConstant);
    if (!is_constant && !ast.is(statement, NodeKind::kPass) && !ast.is(statement, NodeKind::kRaise)) return false;
  }
  return true;
}

std::optional<std::string> Proposer::resultOf(syn::FunctionDef def) {
  Results results{ast};
  for (NodeId statement : def.body()) results.visit(statement);
  if (results.yields || isTrivial(ast, def.body())) return std::nullopt;
  std::vector<std::string> texts;
  if (canEnd(ast, def.body())) texts.push_back("None");
  for (NodeId node : results.returns) {
    NodeId value = ast.as<syn::Return>(node).value();
    std::optional<std::string> text = "None";
    if (value.valid()) {
      TypeId type = program::typeAt(w, module, value);
      text = type.valid() ? annotationOf(w, module, type) : std::nullopt;
    }
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return unionText(texts);
}

void Proposer::parameter(NodeId function, syn::Parameter parameter, const ObservedFunction* seen) {
  NodeId name = parameter.name();
  if (parameter.annotation().valid() || !name.valid()) return;
  std::vector<std::string> texts;
  NodeId fallback = parameter.defaultValue();
  std::optional<std::string> of_default;
  if (fallback.valid()) {
    TypeId type = program::typeAt(w, module, fallback);
    of_default = type.valid() ? annotationOf(w, module, type) : std::nullopt;
    // Of None or () alone nobody knows what else may come.
    if (!of_default || ((*of_default == "None" || *of_default == "tuple[()]") && seen == nullptr)) return;
    texts.push_back(*of_default);
  }
  if (seen != nullptr) {
    auto found = seen->parameters.find(std::string(syn::nameText(ast, name)));
    bool is_packed = parameter.parameterKind() == syn::ParameterKind::kVarPositional || parameter.parameterKind() == syn::ParameterKind::kVarKeyword;
    if (found == seen->parameters.end()) return;
    std::vector<program::ObservedKind> kinds = found->second;
    if (is_packed) {
      kinds.clear();
      for (const program::ObservedKind& kind : found->second) kinds.insert(kinds.end(), kind.items.begin(), kind.items.end());
    }
    std::optional<std::string> text = annotationOf(w, module, kinds);
    if (!text) return;
    texts.push_back(std::move(*text));
  }
  if (texts.empty() || unionText(texts) == "None") return;
  ProposedAnnotation proposal{.offset = ast.range(name).end, .text = ": " + unionText(texts), .replaced = 0, .function = function};
  if (fallback.valid()) {
    proposal.text += " = ";
    proposal.replaced = ast.range(fallback).begin - proposal.offset;
    // A parenthesis or comment between the two stays where it is.
    std::string_view between = std::string_view(ast.text()).substr(proposal.offset, proposal.replaced);
    if (between.find_first_not_of(" \t=") != std::string_view::npos) return;
  }
  out.push_back(std::move(proposal));
}

void Proposer::function(NodeId node, const std::string& prefix, bool is_method) {
  auto def = ast.as<syn::FunctionDef>(node);
  std::string name = prefix + std::string(syn::nameText(ast, def.name()));
  auto found = observed.find(name);
  const ObservedFunction* seen = found != observed.end() && found->second.is_complete ? &found->second : nullptr;
  bool is_static = false;
  for (NodeId decorator : def.decorators()) is_static |= syn::nameText(ast, decorator) == "staticmethod";
  syn::NodeList parameters = ast.as<syn::Parameters>(def.params()).params();
  for (size_t i = is_method && !is_static ? 1 : 0; i < parameters.size(); ++i) parameter(node, ast.as<syn::Parameter>(parameters[i]), seen);
  if (!def.returns().valid()) {
    std::optional<std::string> text = resultOf(def);
    if (!text && seen != nullptr) text = annotationOf(w, module, seen->results);
    // Behind the parenthesis that closes the parameters.
    size_t colon = def.body().empty() ? std::string::npos : std::string_view(ast.text()).rfind(':', ast.range(def.body()[0]).begin);
    size_t close = colon == std::string::npos ? colon : std::string_view(ast.text()).rfind(')', colon);
    if (text && close != std::string::npos && close >= ast.range(def.name()).end) {
      out.push_back({.offset = static_cast<uint32_t>(close) + 1, .text = " -> " + *text, .replaced = 0, .function = node});
    }
  }
  for (NodeId statement : def.body()) visit(statement, name + ".<locals>.", false);
}

void Proposer::visit(NodeId node, const std::string& prefix, bool is_class) {
  if (ast.is(node, NodeKind::kFunctionDef)) return function(node, prefix, is_class);
  if (auto cls = ast.tryAs<syn::ClassDef>(node)) {
    std::string name = prefix + std::string(syn::nameText(ast, cls->name())) + ".";
    for (NodeId statement : cls->body()) visit(statement, name, true);
    return;
  }
  if (syn::isExpression(ast, node)) return;
  syn::forEachChild(ast, node, [&](NodeId child) { visit(child, prefix, is_class); });
}

std::vector<ProposedAnnotation> proposeAnnotations(World& w, ModuleId module, const ObservedFunctions& observed) {
  Proposer proposer{w, module, *w.modules[module].ast, observed, {}};
  proposer.visit(proposer.ast.root(), "", false);
  std::sort(proposer.out.begin(), proposer.out.end(), [](const ProposedAnnotation& x, const ProposedAnnotation& y) { return x.offset < y.offset; });
  return std::move(proposer.out);
}

std::string withAnnotations(std::string_view text, const std::vector<ProposedAnnotation>& annotations) {
  std::string out;
  size_t at = 0;
  for (const ProposedAnnotation& annotation : annotations) {
    out += text.substr(at, annotation.offset - at);
    out += annotation.text;
    at = annotation.offset + annotation.replaced;
  }
  return out + std::string(text.substr(at));
}

}  // namespace krait::cli

// Docstrings made from what a function or a class says of itself, in Google's form.
#include <algorithm>
#include <set>

#include "lsp/code_actions/action_list.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
// What stands in a function's own statements, not in those of functions inside it.
struct Body {
  std::vector<std::string> raised;  // names of exceptions, each once
  bool yields = false;
};
}  // namespace

static Body bodyFacts(const Ast& ast, NodeList statements) {
  Body out;
  std::vector<NodeId> pending(statements.begin(), statements.end());
  std::reverse(pending.begin(), pending.end());
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || ast.is(node, NodeKind::kLambda)) continue;
    out.yields |= ast.is(node, NodeKind::kYield) || ast.is(node, NodeKind::kYieldFrom);
    auto raise = ast.tryAs<Raise>(node);
    if (raise && raise->exc().valid()) {
      auto call = ast.tryAs<Call>(raise->exc());
      std::string name(ast.text(call ? call->func() : raise->exc()));
      bool is_class = !name.empty() && name[name.rfind('.') + 1] >= 'A' && name[name.rfind('.') + 1] <= 'Z';
      if (is_class && std::find(out.raised.begin(), out.raised.end(), name) == out.raised.end()) out.raised.push_back(name);
    }
    std::vector<NodeId> children;
    forEachChild(ast, node, [&](NodeId child) { children.push_back(child); });
    pending.insert(pending.end(), children.rbegin(), children.rend());
  }
  return out;
}

static bool isStatic(const Ast& ast, NodeId function) {
  NodeList decorators = ast.as<FunctionDef>(function).decorators();
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId one) { return ast.text(one) == "staticmethod"; });
}

// `load_all` -> `Load all`.
static std::string titleOf(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  size_t first = name.find_first_not_of(' ');
  name = first == std::string::npos ? name : name.substr(first, name.find_last_not_of(' ') + 1 - first);
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

static std::string functionParts(const Ast& ast, NodeId function, const std::string& indent) {
  FunctionDef def = ast.as<FunctionDef>(function);
  Body body = bodyFacts(ast, def.body());
  std::string arguments, out;
  bool hides_first = ast.is(ast.parent(function), NodeKind::kClassDef) && !isStatic(ast, function);
  for (NodeId id : ast.as<Parameters>(def.params()).params()) {
    Parameter parameter = ast.as<Parameter>(id);
    ParameterKind kind = parameter.parameterKind();
    std::string_view stars = kind == ParameterKind::kVarPositional ? "*" : kind == ParameterKind::kVarKeyword ? "**" : "";
    if (!hides_first) arguments += indent + "    " + std::string(stars) + std::string(nameText(ast, parameter.name())) + ":\n";
    hides_first = false;
  }
  if (!arguments.empty()) out += "\n" + indent + "Args:\n" + arguments;
  std::string result = def.returns().valid() ? std::string(ast.text(def.returns())) : "";
  bool has_result = !result.empty() && result != "None" && result != "NoReturn" && result != "Never";
  if (has_result || body.yields) out += "\n" + indent + (body.yields ? "Yields:\n" : "Returns:\n") + indent + "    " + (has_result ? result : "object") + ":\n";
  if (!body.raised.empty()) out += "\n" + indent + "Raises:\n";
  for (const std::string& name : body.raised) out += indent + "    " + name + ":\n";
  return out;
}

static std::string classParts(const Ast& ast, NodeId cls, const std::string& indent) {
  std::string fields;
  for (NodeId statement : ast.as<ClassDef>(cls).body()) {
    auto field = ast.tryAs<AnnAssign>(statement);
    if (field && ast.is(field->target(), NodeKind::kName)) fields += indent + "    " + std::string(nameText(ast, field->target())) + ":\n";
  }
  return fields.empty() ? fields : "\n" + indent + "Attributes:\n" + fields;
}

void addDocstringAction(ActionList& actions) {
  if (!actions.wants("refactor.rewrite")) return;
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId owner;
  for (NodeId node : nodesAt(ast, actions.selection.begin)) {
    bool is_definition = ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef);
    if (is_definition && !bodyOf(ast, node).empty() && actions.selection.begin < ast.range(bodyOf(ast, node)[0]).begin) owner = node;
  }
  if (owner.isNone() || docstringOf(ast, bodyOf(ast, owner)).valid()) return;
  std::string indent = indentAt(module, ast.range(owner).begin) + "    ";
  auto function = ast.tryAs<FunctionDef>(owner);
  std::string name(nameText(ast, function ? function->name() : ast.as<ClassDef>(owner).name()));
  std::string parts = function ? functionParts(ast, owner, indent) : classParts(ast, owner, indent);
  std::string text = "\"\"\"" + titleOf(name == "__init__" ? "initialise the object" : name) + ".";
  text += (parts.empty() ? "" : "\n" + parts + indent) + "\"\"\"\n" + indent;
  uint32_t place = fullRange(ast, bodyOf(ast, owner)[0]).begin;
  if (module.lines().lineOf(place) == module.lines().lineOf(ast.range(owner).begin)) text = "\n" + indent + text;
  actions.add("Write a docstring", "refactor.rewrite", {{&module, {place, place}, text}});
}

}  // namespace krait::lsp

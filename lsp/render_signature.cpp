#include "lsp/render_signature.h"

#include <algorithm>

namespace krait::lsp {

using namespace krait::syntax;

// Source text on one line.
static std::string flat(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) out += c;
    else if (!out.empty() && out.back() != ' ' && out.back() != '(' && out.back() != '[') out += ' ';
  }
  return out;
}

RenderedSignature renderSignature(const Ast& ast, NodeId function, SelfParameter self) {
  FunctionDef def = ast.as<FunctionDef>(function);
  RenderedSignature out;
  out.label = (def.isAsync() ? "async def " : "def ") + std::string(nameText(ast, def.name())) + "(";
  bool is_first = true;
  ParameterKind last = ParameterKind::kPositionalOrKeyword;
  auto separate = [&] {
    if (!is_first) out.label += ", ";
    is_first = false;
  };
  bool hides_first = self == SelfParameter::kHidden;
  for (NodeId id : ast.as<Parameters>(def.params()).params()) {
    Parameter parameter = ast.as<Parameter>(id);
    ParameterKind kind = parameter.parameterKind();
    if (last == ParameterKind::kPositionalOnly && kind != last && !is_first) {
      separate();
      out.label += '/';
    }
    bool after_star = last == ParameterKind::kKeywordOnly || last == ParameterKind::kVarPositional;
    if (kind == ParameterKind::kKeywordOnly && !after_star) {
      separate();
      out.label += '*';
    }
    last = kind;
    if (hides_first) {
      hides_first = false;
      continue;
    }
    separate();
    uint32_t begin = static_cast<uint32_t>(out.label.size());
    if (kind == ParameterKind::kVarPositional) out.label += '*';
    if (kind == ParameterKind::kVarKeyword) out.label += "**";
    out.label += nameText(ast, parameter.name());
    if (parameter.annotation().valid()) out.label += ": " + flat(ast.text(parameter.annotation()));
    if (parameter.defaultValue().valid()) {
      out.label += (parameter.annotation().valid() ? " = " : "=") + flat(ast.text(parameter.defaultValue()));
    }
    out.parameters.push_back({begin, static_cast<uint32_t>(out.label.size())});
    out.names.push_back(std::string(nameText(ast, parameter.name())));
  }
  if (last == ParameterKind::kPositionalOnly && !is_first) out.label += ", /";
  out.label += ')';
  if (def.returns().valid()) out.label += " -> " + flat(ast.text(def.returns()));
  return out;
}

std::string renderDefinition(const Target& target) {
  const Ast& ast = target.module->ast();
  std::string name(nameText(ast, target.name));
  switch (ast.kind(target.owner)) {
    case NodeKind::kModule: return "module " + target.module->module_name;
    case NodeKind::kFunctionDef: return renderSignature(ast, target.owner, SelfParameter::kShown).label;
    case NodeKind::kClassDef: {
      std::string bases;
      for (NodeId base : ast.as<ClassDef>(target.owner).args()) bases += (bases.empty() ? "" : ", ") + flat(ast.text(base));
      return "class " + name + (bases.empty() ? "" : "(" + bases + ")");
    }
    case NodeKind::kParameter: {
      Parameter parameter = ast.as<Parameter>(target.owner);
      if (parameter.annotation().valid()) name += ": " + flat(ast.text(parameter.annotation()));
      if (parameter.defaultValue().valid()) name += " = " + flat(ast.text(parameter.defaultValue()));
      return "(parameter) " + name;
    }
    case NodeKind::kAnnAssign: {
      name += ": " + flat(ast.text(ast.as<AnnAssign>(target.owner).annotation()));
      return "(variable) " + name;
    }
    case NodeKind::kAssign: {
      std::string value = flat(ast.text(ast.as<Assign>(target.owner).value()));
      if (value.size() <= 80) name += " = " + value;
      return "(variable) " + name;
    }
    case NodeKind::kTypeAlias: return flat(ast.text(target.owner));
    case NodeKind::kTypeVar: case NodeKind::kParamSpec: case NodeKind::kTypeVarTuple: return "(type parameter) " + flat(ast.text(target.owner));
    default: return "(variable) " + name;
  }
}

std::string docstringText(const Ast& ast, NodeId owner) {
  NodeId node = docstringOf(ast, bodyOf(ast, owner));
  if (node.isNone()) return {};
  std::string_view raw = *stringValue(ast, node);
  std::vector<std::string_view> lines;
  for (size_t at = 0; at <= raw.size();) {
    size_t end = std::min(raw.find('\n', at), raw.size());
    lines.push_back(raw.substr(at, end - at));
    at = end + 1;
  }
  size_t margin = std::string_view::npos;
  for (size_t i = 1; i < lines.size(); ++i) {
    size_t first = lines[i].find_first_not_of(" \t");
    if (first != std::string_view::npos) margin = std::min(margin, first);
  }
  std::string out;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (i == 0) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    else if (margin != std::string_view::npos) line.remove_prefix(std::min(margin, line.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    out += std::string(line) + "\n";
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

}  // namespace krait::lsp

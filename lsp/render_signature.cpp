#include "lsp/render_signature.h"

#include <algorithm>

namespace krait::lsp {

using namespace krait::syntax;

// A value that stands behind a variable is shown when it is no longer; a type in brackets may be.
static constexpr size_t kLongestValue = 80;
static constexpr size_t kLongestForm = 400;

namespace {
// A signature's text while it grows: commas, the marks `/` and `*`, the parameters' places.
struct Writer {
  RenderedSignature out;
  ParameterKind last = ParameterKind::kPositionalOrKeyword;
  bool is_first = true;

  void separate() {
    if (!is_first) out.label += ", ";
    is_first = false;
  }
  // Before each parameter, also one that is not shown.
  void mark(ParameterKind kind) {
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
  }
  void add(ParameterKind kind, std::string_view name, const std::string& type, std::string_view value) {
    separate();
    uint32_t begin = static_cast<uint32_t>(out.label.size());
    if (kind == ParameterKind::kVarPositional) out.label += '*';
    if (kind == ParameterKind::kVarKeyword) out.label += "**";
    out.label += name;
    if (!type.empty()) out.label += (name.empty() ? "" : ": ") + type;
    if (!value.empty()) out.label += (type.empty() ? "=" : " = ") + std::string(value);
    out.parameters.push_back({begin, static_cast<uint32_t>(out.label.size())});
    out.names.emplace_back(name);
  }
  RenderedSignature finish(const std::string& result) {
    if (last == ParameterKind::kPositionalOnly && !is_first) out.label += ", /";
    out.label += ')';
    if (!result.empty()) out.label += " -> " + result;
    return std::move(out);
  }
};
}  // namespace

static std::string resultText(const Ast& ast, FunctionDef def, const program::SignatureText* known) {
  if (known != nullptr && known->is_class) return "";
  if (def.returns().valid()) return known != nullptr && known->has_own_result ? known->result : program::onOneLine(ast.text(def.returns()));
  return known != nullptr && known->result != "Any" ? known->result : "";
}

// `[T, *Ts]` behind the name of what has type parameters.
static std::string typeParamsText(const Ast& ast, NodeList params) {
  std::string out;
  for (NodeId param : params) out += (out.empty() ? "[" : ", ") + program::onOneLine(ast.text(param));
  return out.empty() ? out : out + "]";
}

RenderedSignature renderSignature(const Ast& ast, NodeId function, SelfParameter self, const program::SignatureText* known) {
  FunctionDef def = ast.as<FunctionDef>(function);
  NodeList params = ast.as<Parameters>(def.params()).params();
  // What the checker knows may lack self, and nothing else.
  bool is_fit = known != nullptr && (known->parameters.size() == params.size() || known->parameters.size() + 1 == params.size());
  size_t unbound = is_fit ? params.size() - known->parameters.size() : 0;
  Writer writer;
  if (known != nullptr && known->is_class) writer.out.label = "class " + known->result.substr(0, known->result.find('[')) + "(";
  else writer.out.label = (def.isAsync() ? "async def " : "def ") + std::string(nameText(ast, def.name())) + typeParamsText(ast, def.typeParams()) + "(";
  for (size_t i = 0; i < params.size(); ++i) {
    Parameter parameter = ast.as<Parameter>(params[i]);
    writer.mark(parameter.parameterKind());
    if (i == 0 && self == SelfParameter::kHidden) continue;
    const program::SignatureText::Parameter* own = is_fit && i >= unbound ? &known->parameters[i - unbound] : nullptr;
    std::string type = parameter.annotation().valid() ? program::onOneLine(ast.text(parameter.annotation())) : "";
    if (own != nullptr && own->is_own && !type.empty()) type = own->type;
    writer.add(parameter.parameterKind(), nameText(ast, parameter.name()), type, parameter.defaultValue().valid() ? program::onOneLine(ast.text(parameter.defaultValue())) : "");
  }
  return writer.finish(resultText(ast, def, known));
}

static ParameterKind kindOf(const program::SignatureText::Parameter& parameter) {
  switch (parameter.kind) {
    case types::ParamKind::kStar: return ParameterKind::kVarPositional;
    case types::ParamKind::kStar2: return ParameterKind::kVarKeyword;
    case types::ParamKind::kNamed:
    case types::ParamKind::kNamedOpt: return ParameterKind::kKeywordOnly;
    default: return parameter.name.empty() ? ParameterKind::kPositionalOnly : ParameterKind::kPositionalOrKeyword;
  }
}

RenderedSignature renderKnown(const program::SignatureText& known, std::string_view name) {
  Writer writer;
  if (known.is_class) writer.out.label = "class " + known.result.substr(0, known.result.find('[')) + "(";
  else writer.out.label = "def " + std::string(name) + "(";
  if (known.takes_anything) {
    writer.add(ParameterKind::kPositionalOrKeyword, "...", "", "");
    return writer.finish(known.result);
  }
  for (const program::SignatureText::Parameter& parameter : known.parameters) {
    bool is_optional = parameter.kind == types::ParamKind::kOpt || parameter.kind == types::ParamKind::kNamedOpt;
    writer.mark(kindOf(parameter));
    writer.add(kindOf(parameter), parameter.name, parameter.type, !is_optional ? "" : parameter.value.empty() ? "..." : parameter.value);
  }
  return writer.finish(known.is_class ? "" : known.result);
}

// A field of a class that a call makes, with its type where that is written beside it.
static std::string fieldText(const Target& field) {
  const Ast& ast = field.module->ast();
  NodeId parent = ast.parent(field.name);
  auto pair = ast.tryAs<Tuple>(parent);
  auto dict = ast.tryAs<Dict>(parent);
  NodeId type = pair && pair->elts().size() == 2 && pair->elts()[0] == field.name ? pair->elts()[1] : NodeId::none();
  for (size_t i = 0; dict && i < dict->keys().size(); ++i) {
    if (dict->keys()[i] == field.name) type = dict->values()[i];
  }
  return (dict ? "(key) " : "(attribute) ") + std::string(targetName(field)) + (type.valid() ? ": " + program::onOneLine(ast.text(type)) : "");
}

std::string renderDefinition(const Target& target, const program::SignatureText* known) {
  if (target.part.size() > 0) return fieldText(target);
  const Ast& ast = target.module->ast();
  std::string name(nameText(ast, target.name));
  switch (ast.kind(target.owner)) {
    case NodeKind::kModule: return "module " + target.module->module_name;
    case NodeKind::kFunctionDef: return renderSignature(ast, target.owner, SelfParameter::kShown, known).label;
    case NodeKind::kClassDef: {
      std::string bases;
      name += typeParamsText(ast, ast.as<ClassDef>(target.owner).typeParams());
      for (NodeId base : ast.as<ClassDef>(target.owner).args()) bases += (bases.empty() ? "" : ", ") + program::onOneLine(ast.text(base));
      return "class " + name + (bases.empty() ? "" : "(" + bases + ")");
    }
    case NodeKind::kParameter: {
      Parameter parameter = ast.as<Parameter>(target.owner);
      if (parameter.annotation().valid()) name += ": " + program::onOneLine(ast.text(parameter.annotation()));
      if (parameter.defaultValue().valid()) name += " = " + program::onOneLine(ast.text(parameter.defaultValue()));
      return "(parameter) " + name;
    }
    case NodeKind::kAnnAssign: {
      std::string annotation = program::onOneLine(ast.text(ast.as<AnnAssign>(target.owner).annotation()));
      if (annotation == "_SpecialForm") return "(special form) " + name;
      return "(variable) " + name + ": " + annotation;
    }
    case NodeKind::kAssign: {
      std::string value = program::onOneLine(ast.text(ast.as<Assign>(target.owner).value()));
      bool is_form = ast.is(ast.as<Assign>(target.owner).value(), NodeKind::kSubscript);
      if (value.size() <= (is_form ? kLongestForm : kLongestValue)) name += " = " + value;
      return "(variable) " + name;
    }
    case NodeKind::kTypeAlias: return program::onOneLine(ast.text(target.owner));
    case NodeKind::kTypeVar: case NodeKind::kParamSpec: case NodeKind::kTypeVarTuple: return "(type parameter) " + program::onOneLine(ast.text(target.owner));
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

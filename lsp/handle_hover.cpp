// textDocument/hover (LSP 3.17).
#include <algorithm>
#include <cctype>

#include "lsp/class_tree.h"
#include "lsp/comment_codes.h"
#include "lsp/module_parts.h"
#include "lsp/named_strings.h"
#include "lsp/pytest_fixtures.h"
#include "lsp/quoted_names.h"
#include "lsp/render_signature.h"
#include "lsp/server.h"
#include "lsp/symbol_list.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Of overloads the first few tell the story.
static constexpr size_t kMostOverloads = 5;
// A value that is longer is not shown.
static constexpr size_t kLongestValue = 80;

// Says a target less than the checker's type would: is it no function, class or module?
static bool isVariable(const std::vector<Target>& targets) {
  return targets.empty() || std::any_of(targets.begin(), targets.end(), [](const Target& target) {
    NodeKind kind = target.module->ast().kind(target.owner);
    return kind != NodeKind::kFunctionDef && kind != NodeKind::kClassDef && kind != NodeKind::kModule;
  });
}

// What kind of thing the name is, as it stands before its type.
static const char* kindText(const Ast& ast, NodeId name, const std::vector<Target>& targets) {
  NodeKind owner = targets.empty() ? NodeKind::kAssign : targets[0].module->ast().kind(targets[0].owner);
  if (owner == NodeKind::kParameter) return "(parameter) ";
  auto attribute = ast.tryAs<Attribute>(ast.parent(name));
  bool is_attribute = attribute && attribute->attr() == name;
  if (!targets.empty()) is_attribute |= targets[0].module->ast().is(targets[0].module->ast().parent(targets[0].owner), NodeKind::kClassDef);
  std::string_view text = nameText(ast, name);
  bool is_constant = text.size() > 1 && std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::islower(c); }) &&
                     std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isupper(c); });
  return is_constant ? "(constant) " : is_attribute ? "(attribute) " : "(variable) ";
}

// `x = value` where x may hold several types: from there on it has the value's.
static std::string assignedTypeText(Workspace& workspace, SourceModule& module, NodeId name) {
  auto assign = module.ast().tryAs<Assign>(module.ast().parent(name));
  if (!assign || std::find(assign->targets().begin(), assign->targets().end(), name) == assign->targets().end()) return "";
  return typeTextAt(workspace, module, assign->value());
}

static std::string variableTypeText(Workspace& workspace, SourceModule& module, NodeId name) {
  std::string type = typeTextAt(workspace, module, name);
  if (type.find(" | ") == std::string::npos) return type;
  std::string assigned = assignedTypeText(workspace, module, name);
  return assigned.empty() || assigned == "Any" ? type : assigned;
}

// How objects of the class are made, as lines behind it; "" where nobody wrote or knows that.
static std::string constructorText(Workspace& workspace, SourceModule& module, NodeId name, const Target& target) {
  if (!target.module->ast().is(target.owner, NodeKind::kClassDef)) return "";
  std::string out;
  size_t shown = 0;
  for (const Target& constructor : constructorsOf(workspace, target)) {
    if (shown++ < kMostOverloads) out += "\n    " + renderDefinition(constructor);
  }
  if (!out.empty() || name.isNone()) return out;
  for (program::SignatureText& one : signaturesAt(workspace, module, name)) {
    if (!one.is_class || one.parameters.empty() || shown++ == kMostOverloads) continue;
    one.parameters.insert(one.parameters.begin(), {.name = "self"});
    one.is_class = false;
    one.result = "None";
    out += "\n    " + renderKnown(one, "__init__").label;
  }
  return out;
}

// `Pair = tuple[int, str]`, `type Pair = …`: what stands for a type, as it was written; "": it does not.
static std::string aliasText(const Target& target, const std::string& type) {
  const Ast& ast = target.module->ast();
  if (ast.is(target.owner, NodeKind::kTypeAlias)) return renderDefinition(target);
  NodeId value;
  if (auto assign = ast.tryAs<Assign>(target.owner)) value = assign->value();
  auto declared = ast.tryAs<AnnAssign>(target.owner);
  bool says_so = declared && ast.text(declared->annotation()).ends_with("TypeAlias");
  if (says_so) value = declared->value();
  bool is_form = ast.is(value, NodeKind::kSubscript) || ast.is(value, NodeKind::kBinOp);
  if (value.isNone() || (!says_so && !is_form)) return "";
  bool is_type = type.starts_with("type[") && type.ends_with("]");
  if (!says_so && !is_type) return "";
  return "(type alias) " + std::string(nameText(ast, target.name)) + " = " + (is_type ? type.substr(5, type.size() - 6) : std::string(ast.text(value)));
}

// Do decorators make something else of the function than what its header says?
static bool isDecorated(const Target& target) {
  const Ast& ast = target.module->ast();
  auto function = ast.tryAs<FunctionDef>(target.owner);
  return function && !function->decorators().empty() && !isProperty(ast, target.owner) && !isOverload(target);
}

// Functions, classes and modules, one below the other.
static std::string definitionsText(Workspace& workspace, SourceModule& module, NodeId name, const std::vector<Target>& targets) {
  std::string out;
  size_t shown = 0;
  bool is_call = std::any_of(targets.begin(), targets.end(), [](const Target& one) { return one.module->ast().is(one.owner, NodeKind::kFunctionDef); });
  std::vector<program::SignatureText> known;
  if (is_call && name.valid()) known = signaturesAt(workspace, module, name);
  std::string before;
  // Callers see the overloads, not what implements them.
  bool has_overloads = std::any_of(targets.begin(), targets.end(), isOverload);
  for (const Target& target : targets) {
    if (shown == kMostOverloads) break;
    if (has_overloads && !isOverload(target) && target.module->ast().is(target.owner, NodeKind::kFunctionDef)) continue;
    // What nobody wrote is what a decorator made of it.
    if (targets.size() == 1 && isDecorated(target) && !known.empty() && known[0].definition.path.empty() && !known[0].takes_anything) {
      addDefaults(known, targets);
      for (const program::SignatureText& one : known) out += (out.empty() ? "" : "\n") + renderKnown(one, nameText(target.module->ast(), target.name)).label;
      return out;
    }
    std::string text = renderDefinition(target, signatureOf(known, target)) + constructorText(workspace, module, name, target);
    if (text == before) continue;
    out += (out.empty() ? "" : "\n") + text;
    before = std::move(text);
    ++shown;
  }
  return out;
}

// What the docstrings say: of a parameter its function's.
static std::string documentationAt(Workspace& workspace, const std::vector<Target>& targets, std::string_view name) {
  std::string out;
  for (const Target& target : targets) {
    const Ast& ast = target.module->ast();
    bool is_parameter = ast.is(target.owner, NodeKind::kParameter);
    if (!is_parameter) out = documentationText(workspace, target);
    else if (NodeId function = ast.parent(ast.parent(target.owner)); ast.is(function, NodeKind::kFunctionDef)) {
      out = parameterText(documentationText(workspace, {target.module, ast.as<FunctionDef>(function).name(), function}), name);
    }
    if (!out.empty()) break;
  }
  return out;
}

static bool isEnumMember(const std::vector<Target>& targets) {
  if (targets.size() != 1 || !targets[0].name.valid()) return false;
  const Ast& ast = targets[0].module->ast();
  NodeId cls = ast.parent(targets[0].owner);
  return ast.is(targets[0].owner, NodeKind::kAssign) && ast.is(cls, NodeKind::kClassDef) && isEnum(ast, cls);
}

// ` = value` of a member of an enumeration.
static std::string enumValue(const std::vector<Target>& targets) {
  if (!isEnumMember(targets)) return "";
  const Ast& ast = targets[0].module->ast();
  std::string value = program::onOneLine(ast.text(ast.as<Assign>(targets[0].owner).value()));
  return value.size() > kLongestValue ? "" : " = " + value;
}

static Json hoverJson(Server& server, SourceModule& module, TextRange range, const std::string& code, const std::string& documentation) {
  std::string value = server.features.markdown ? "```python\n" + code + "\n```" : code;
  if (!documentation.empty()) value += (server.features.markdown ? "\n---\n" + docstringMarkdown(documentation) : "\n\n" + documentation);
  return {{"contents", {{"kind", server.features.markdown ? "markdown" : "plaintext"}, {"value", value}}}, {"range", server.rangeJson(module, range)}};
}

static Json codeHover(Server& server, SourceModule& module, const CommentCode& code) {
  std::string value = server.features.markdown ? "**" + code.title + "**\n\n" + code.explanation : code.title + "\n\n" + code.explanation;
  return {{"contents", {{"kind", server.features.markdown ? "markdown" : "plaintext"}, {"value", value}}}, {"range", server.rangeJson(module, code.range)}};
}

// A key of a TypedDict, an entry of `__all__`.
static Json stringHover(Server& server, SourceModule& module, uint32_t offset) {
  std::optional<NamedString> string = namedStringAt(module, offset);
  std::vector<Target> targets = string ? stringTargets(server.workspace(), module, *string) : std::vector<Target>();
  if (targets.empty()) return nullptr;
  std::string code;
  for (const Target& target : targets) {
    std::string text = renderDefinition(target);
    bool is_key = target.module->ast().is(target.owner, NodeKind::kAnnAssign) && classAround(target).module != nullptr;
    static constexpr std::string_view kVariable = "(variable) ";
    if (is_key && text.starts_with(kVariable)) text = "(key) " + text.substr(kVariable.size());
    code += (code.empty() ? "" : "\n") + text;
  }
  return hoverJson(server, module, string->range, code, documentationAt(server.workspace(), targets, string->word));
}

// Of several definitions those count that are for this Python, and imports that lead somewhere.
static void dropUnused(Workspace& workspace, std::vector<Target>& targets) {
  std::vector<Target> used = targets;
  std::erase_if(used, [&](const Target& one) {
    const Ast& ast = one.module->ast();
    return ast.is(one.owner, NodeKind::kAlias) || (one.name.valid() && isForOthers(workspace, *one.module, ast, one.owner));
  });
  if (!used.empty()) targets = std::move(used);
}

// `path = _path` where that is a module: it is the module.
static Target moduleOfName(Workspace& workspace, const Target& target) {
  auto assign = target.module->ast().tryAs<Assign>(target.owner);
  bool is_name = assign && target.name.valid() && target.module->ast().is(assign->value(), NodeKind::kName);
  std::vector<Target> values = is_name ? valueTargets(workspace, *target.module, assign->value()) : std::vector<Target>();
  return values.size() == 1 && values[0].name.isNone() ? values[0] : target;
}

// The type of what a pytest fixture gives.
static std::string fixtureTypeText(Workspace& workspace, const Target& fixture) {
  const Ast& ast = fixture.module->ast();
  bool is_written = ast.as<FunctionDef>(fixture.owner).returns().valid();
  std::string out;
  for (NodeId value : fixtureValues(fixture)) {
    std::string one = is_written ? program::onOneLine(ast.text(value)) : typeTextAt(workspace, *fixture.module, value);
    if (is_written && one.size() > 2 && (one[0] == '"' || one[0] == '\'')) one = one.substr(1, one.size() - 2);
    if (!one.empty() && one[0] != '<' && out.find(one) == std::string::npos) out += (out.empty() ? "" : " | ") + one;
  }
  return out.empty() ? "Any" : out;
}

Json hover(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  uint32_t offset = server.offsetOf(*module, member(params, "position"));
  NodeId name = nameAt(module->ast(), offset);
  std::optional<QuotedName> quoted = name.isNone() ? quotedNameAt(module->ast(), offset) : std::nullopt;
  if (std::optional<CommentCode> code = name.isNone() ? commentCodeAt(*module, offset) : std::nullopt) return codeHover(server, *module, *code);
  if (name.isNone() && !quoted) return stringHover(server, *module, offset);
  // For an attribute the type of what stands before the dot decides; where that is not known, names do.
  std::vector<Target> targets = quoted ? quotedTargets(server.workspace(), *module, *quoted) : definitionTargets(server.workspace(), *module, name);
  Workspace& workspace = server.workspace();
  for (Target& target : targets) target = moduleOfName(workspace, target);
  dropUnused(workspace, targets);
  SourceModule* package = quoted ? nullptr : packageAt(workspace, *module, name, offset);
  if (package != nullptr) targets = {{package, NodeId::none(), package->ast().root()}};
  std::string_view text = quoted ? std::string_view(quoted->word) : nameText(module->ast(), name);
  bool is_property = !targets.empty() && isProperty(targets[0].module->ast(), targets[0].owner);
  std::string type = !quoted && (is_property || isVariable(targets)) ? variableTypeText(workspace, *module, name) : "";
  if (targets.empty() && type.empty()) return nullptr;
  std::string code = quoted || targets.empty() ? "" : aliasText(targets[0], type);
  // At its own definition a property is the function that reads it.
  if (size_t arrow = type.rfind(" -> "); is_property && type.starts_with("def ") && arrow != std::string::npos) type.erase(0, arrow + 4);
  if (code.empty() && (type.empty() || type[0] == '<')) code = definitionsText(workspace, *module, name, targets);
  else if (code.empty() && type.starts_with("def ") && !type.starts_with("def (")) code = type;
  else if (code.empty()) code = (is_property ? "(property) " : isEnumMember(targets) ? "(constant) " : kindText(module->ast(), name, targets)) + std::string(text) + ": " + type;
  // How the object that functools.partial makes is called.
  if (!quoted && type.starts_with("partial[")) {
    for (const program::SignatureText& one : signaturesAt(workspace, *module, name)) code += one.definition.path.empty() ? "\n" + renderKnown(one, text).label : "";
  }
  code += enumValue(targets);
  std::string documentation = documentationAt(workspace, targets, text);
  Target fixture = targets.size() == 1 && targets[0].name.valid() ? fixtureOf(workspace, *targets[0].module, targets[0].owner) : Target();
  if (fixture.module != nullptr) {
    if (type == "Any") code = "(parameter) " + std::string(text) + ": " + fixtureTypeText(workspace, fixture);
    if (documentation.empty()) documentation = documentationText(workspace, fixture);
  }
  return hoverJson(server, *module, quoted ? quoted->range : module->ast().range(name), code, documentation);
}

}  // namespace krait::lsp

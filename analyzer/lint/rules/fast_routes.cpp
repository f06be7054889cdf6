// FAST001, FAST002, FAST003: what a FastAPI route says twice, in an old way, or not at all.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/syntax/keywords.h"

namespace krait::lint {

static bool isApplication(const LintContext& context, NodeId type) {
  return isOneOf(qualifiedName(context, type), {"fastapi.FastAPI", "fastapi.APIRouter"});
}

// Is the name an application by its annotation, or else by its value?
static bool holdsApplication(const LintContext& context, NodeId name) {
  const Ast& ast = context.ast;
  const Definition* definition = lastDefinition(context, name);
  if (definition == nullptr || definition->kind == DefinitionKind::kAnnotation) return false;
  auto param = ast.tryAs<syntax::Parameter>(definition->owner);
  using Kind = syntax::ParameterKind;
  if (param && (param->parameterKind() == Kind::kVarPositional || param->parameterKind() == Kind::kVarKeyword)) return false;
  NodeId annotation = definedAnnotation(context, *definition);
  if (annotation.valid()) return isApplication(context, annotation);
  auto made = ast.tryAs<syntax::Call>(assignedValue(context, name));
  return made && isApplication(context, made->func());
}

// The call of `app.get(…)` and its kin that the decorator is, on an application or router of this file.
static NodeId routeCall(const LintContext& context, NodeId decorator) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(decorator);
  auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || !ast.is(method->value(), NodeKind::kName)) return {};
  if (!isOneOf(syntax::nameText(ast, method->attr()), {"get", "post", "put", "delete", "patch", "options", "head", "trace"})) return {};
  return holdsApplication(context, method->value()) ? decorator : NodeId();
}

static bool isKnownName(const LintContext& context, NodeId name) {
  return !qualifiedName(context, name).empty() || !context.model.definitions(context.model.ownerAt(name)).empty();
}

static bool isSameType(const LintContext& context, NodeId a, NodeId b) {
  const Ast& ast = context.ast;
  if (ast.kind(a) != ast.kind(b)) return false;
  if (ast.is(a, NodeKind::kName)) return syntax::nameText(ast, a) == syntax::nameText(ast, b) && isKnownName(context, a);
  if (auto subscript = ast.tryAs<syntax::Subscript>(a)) {
    auto other = ast.as<syntax::Subscript>(b);
    return isSameType(context, subscript->value(), other.value()) && isSameType(context, subscript->slice(), other.slice());
  }
  auto tuple = ast.tryAs<syntax::Tuple>(a);
  if (!tuple || tuple->elts().size() != ast.as<syntax::Tuple>(b).elts().size()) return false;
  for (size_t i = 0; i < tuple->elts().size(); ++i) {
    if (!isSameType(context, tuple->elts()[i], ast.as<syntax::Tuple>(b).elts()[i])) return false;
  }
  return true;
}

static void checkResponseModel(LintContext& context, NodeId function, NodeId call) {
  const Ast& ast = context.ast;
  NodeId returns = ast.as<syntax::FunctionDef>(function).returns();
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !returns.valid() || syntax::nameText(ast, keyword->arg()) != "response_model") continue;
    if (!isSameType(context, keyword->value(), returns)) continue;
    context.sink.begin("FAST001"_rule, ast.range(arg)).fix("Remove argument", {removeArgument(context, call, arg)}, FixSafety::kUnsafe);
  }
}

// "Query", "Depends"… for a call of fastapi's markers of parameters; empty for others.
static std::string markerOf(const LintContext& context, NodeId node) {
  auto call = context.ast.tryAs<syntax::Call>(node);
  std::string name = call ? qualifiedName(context, call->func()) : std::string();
  std::string_view last = std::string_view(name).substr(std::min(name.rfind('.') + 1, name.size()));
  bool is_marker = isOneOf(last, {"Query", "Path", "Body", "Cookie", "Header", "File", "Form", "Depends", "Security"});
  bool is_fastapi = name == "fastapi." + std::string(last) || name == "fastapi.param_functions." + std::string(last);
  return is_marker && is_fastapi ? std::string(last) : std::string();
}

namespace {
struct AnnotatedParameter {
  std::string text;
  bool has_default = false;
};
}  // namespace

// `x: Annotated[T, Query(…)] = default` for `x: T = Query(default, …)`.
static AnnotatedParameter annotated(const Ast& ast, NodeId param, const std::string& marker, const std::string& name) {
  auto parts = ast.as<syntax::Parameter>(param);
  auto call = ast.as<syntax::Call>(parts.defaultValue());
  bool has_default = marker != "Depends" && marker != "Security";
  NodeId fallback;
  std::string args;
  bool is_first = true;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    bool is_unpacked = ast.is(arg, NodeKind::kStarred) || (keyword && !keyword->arg().valid());
    bool is_default = has_default && !is_unpacked && (keyword ? syntax::nameText(ast, keyword->arg()) == "default" : is_first);
    is_first = false;
    if (is_default) {
      fallback = keyword ? keyword->value() : arg;
      continue;
    }
    args += (args.empty() ? "" : ", ") + std::string(ast.text(arg));
  }
  AnnotatedParameter out;
  out.text = std::string(syntax::nameText(ast, parts.name())) + ": " + name + "[" + std::string(ast.text(parts.annotation())) + ", " +
             std::string(ast.text(call.func())) + "(" + args + ")]";
  out.has_default = fallback.valid() && !isEllipsis(ast, fallback);
  if (out.has_default) out.text += " = " + std::string(ast.text(fallback));
  return out;
}

static void checkMarkers(LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  bool has_default_before = false;
  for (NodeId param : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params()) {
    auto parts = ast.as<syntax::Parameter>(param);
    if (!parts.defaultValue().valid()) continue;
    // FastAPI passes what it finds by name.
    bool is_named = parts.parameterKind() != syntax::ParameterKind::kPositionalOnly;
    std::string marker = is_named && parts.annotation().valid() ? markerOf(context, parts.defaultValue()) : std::string();
    if (marker.empty()) {
      has_default_before = true;
      continue;
    }
    std::string_view module = typingModule(context, 9);
    if (module.empty()) continue;
    auto finding = context.sink.begin("FAST002"_rule, ast.range(param));
    std::optional<ImportedName> name = importName(context, module, "Annotated", function);
    if (!name) continue;
    AnnotatedParameter text = annotated(ast, param, marker, name->text);
    if (has_default_before && !text.has_default) continue;
    has_default_before |= text.has_default;
    std::vector<FixEdit> edits = {{ast.range(param), text.text}};
    if (name->edit) edits.push_back(*name->edit);
    finding.fix("Replace with `" + std::string(module) + ".Annotated`", std::move(edits), FixSafety::kUnsafe);
  }
}

namespace {
struct PathName {
  std::string_view name;
  TextRange range;  // with the braces
};

struct Taken {
  std::set<std::string_view> names;
  std::set<std::string_view> positional_only;
  std::set<std::string_view> own;  // of the function's parameters, whatever a path calls them
  bool is_complete = true;  // false: a dependency that is not to be seen may take any
};
}  // namespace

static bool isAsciiName(std::string_view text) {
  auto is_word = [](char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), is_word);
}

// `{name}` and `{name:convertor}`. ref: starlette's routing
static std::vector<PathName> pathNames(const Ast& ast, NodeId path) {
  std::vector<PathName> names;
  TextRange range = ast.range(path);
  std::string_view text = ast.text(path);
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    std::string_view name = text.substr(open + 1, close - open - 1);
    size_t colon = name.find(':');
    bool is_converted = colon != std::string_view::npos;
    bool is_name = isAsciiName(name.substr(0, colon)) && (!is_converted || isAsciiName(name.substr(colon + 1)));
    if (is_name) names.push_back({name.substr(0, colon), {range.begin + static_cast<uint32_t>(open), range.begin + static_cast<uint32_t>(close) + 1}});
  }
  return names;
}

static void addParameters(const Ast& ast, NodeId params, bool skips_first, Taken& taken) {
  for (NodeId param : ast.as<syntax::Parameters>(params).params()) {
    if (!skips_first) taken.names.insert(syntax::nameText(ast, ast.as<syntax::Parameter>(param).name()));
    skips_first = false;
  }
}

// What a dependency takes: the parameters of a function, those of a class's `__init__`.
static void addDependency(const LintContext& context, NodeId callee, Taken& taken) {
  const Ast& ast = context.ast;
  if (auto lambda = ast.tryAs<syntax::Lambda>(callee)) return addParameters(ast, lambda->params(), false, taken);
  const Definition* definition = ast.is(callee, NodeKind::kName) ? onlyDefinition(context, callee) : nullptr;
  NodeId owner = definition ? definition->owner : NodeId();
  if (auto function = ast.tryAs<syntax::FunctionDef>(owner)) return addParameters(ast, function->params(), false, taken);
  auto cls = ast.tryAs<syntax::ClassDef>(owner);
  bool is_plain = cls && cls->args().empty() && cls->decorators().empty();
  for (size_t i = 0; cls && cls->args().empty() && i < cls->body().size(); ++i) {
    auto method = ast.tryAs<syntax::FunctionDef>(cls->body()[i]);
    if (method && definedName(ast, method->id) == "__init__") return addParameters(ast, method->params(), true, taken);
    is_plain &= !method || definedName(ast, method->id) != "__new__";
  }
  if (!is_plain) taken.is_complete = false;
}

// Gives whether the marker says another name than the parameter's.
static bool addMarker(const LintContext& context, NodeId node, NodeId type, Taken& taken) {
  const Ast& ast = context.ast;
  std::string marker = markerOf(context, node);
  if (marker == "Depends" || marker == "Security") {
    NodeId callee = argumentOf(ast, node, "dependency", 0);
    addDependency(context, callee.valid() ? callee : type, taken);
  } else if (marker == "Path") {
    NodeId alias = keywordOf(ast, node, "alias");
    if (auto text = alias.valid() ? syntax::stringValue(ast, alias) : std::nullopt) taken.names.insert(*text);
    return alias.valid();
  }
  return false;
}

static Taken takenNames(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  Taken taken;
  for (NodeId param : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params()) {
    auto parts = ast.as<syntax::Parameter>(param);
    using Kind = syntax::ParameterKind;
    if (parts.parameterKind() == Kind::kVarPositional || parts.parameterKind() == Kind::kVarKeyword) continue;
    bool is_renamed = parts.defaultValue().valid() && addMarker(context, parts.defaultValue(), parts.annotation(), taken);
    auto subscript = ast.tryAs<syntax::Subscript>(parts.annotation());
    auto tuple = subscript && typingName(context, subscript->value()) == "Annotated" ? ast.tryAs<syntax::Tuple>(subscript->slice()) : std::nullopt;
    for (size_t i = 1; tuple && i < tuple->elts().size(); ++i) is_renamed |= addMarker(context, tuple->elts()[i], tuple->elts()[0], taken);
    std::string_view name = syntax::nameText(ast, parts.name());
    taken.own.insert(name);
    if (!is_renamed) (parts.parameterKind() == Kind::kPositionalOnly ? taken.positional_only : taken.names).insert(name);
  }
  return taken;
}

// Puts the parameter behind the last one that has no default.
static FixEdit insertion(const LintContext& context, NodeId function, std::string_view name) {
  const Ast& ast = context.ast;
  NodeList params = ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params();
  NodeId last;
  for (NodeId param : params) {
    auto parts = ast.as<syntax::Parameter>(param);
    bool is_plain = parts.parameterKind() == syntax::ParameterKind::kPositionalOnly || parts.parameterKind() == syntax::ParameterKind::kPositionalOrKeyword;
    if (is_plain && !parts.defaultValue().valid()) last = param;
  }
  if (last.valid()) return {{ast.range(last).end, ast.range(last).end}, ", " + std::string(name)};
  uint32_t open = ast.range(ast.as<syntax::FunctionDef>(function).name()).end;
  while (open < ast.text().size() && ast.text()[open] != '(') ++open;
  return {{open + 1, open + 1}, std::string(name) + (params.empty() ? "" : ", ")};
}

static void checkPathNames(LintContext& context, NodeId function, NodeId call) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(call).args();
  if (args.empty() || !isStr(ast, args[0])) return;
  Taken taken = takenNames(context, function);
  if (!taken.is_complete) return;
  std::string_view function_name = definedName(ast, function);
  for (const PathName& path : pathNames(ast, args[0])) {
    if (taken.names.contains(path.name)) continue;
    bool is_positional = taken.positional_only.contains(path.name);
    auto finding = context.sink.begin("FAST003"_rule, path.range, {path.name, is_positional ? "only as a positional-only argument" : "not", function_name});
    if (is_positional || syntax::isKeyword(path.name) || taken.own.contains(path.name)) continue;
    finding.fix("Add `" + std::string(path.name) + "` to function signature", {insertion(context, function, path.name)}, FixSafety::kUnsafe);
  }
}

void checkRoutes(LintContext& context, NodeId node) {
  bool is_route = false;
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(node).decorators()) {
    NodeId call = routeCall(context, decorator);
    if (!call.valid()) continue;
    checkResponseModel(context, node, call);
    if (!is_route) checkPathNames(context, node, call);
    is_route = true;
  }
  if (is_route) checkMarkers(context, node);
}

}  // namespace krait::lint

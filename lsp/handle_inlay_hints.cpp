// textDocument/inlayHint and inlayHint/resolve (LSP 3.17): types of variables and results that are not written, names of parameters at calls,
// type arguments that a constructor's call was given.
#include <algorithm>

#include "lsp/class_tree.h"
#include "lsp/locate.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"
#include "lsp/word_search.h"

namespace krait::lsp {

using namespace krait::syntax;

static Json insertion(const Json& place, const std::string& text) {
  return {{{"range", {{"start", place}, {"end", place}}}, {"newText", text}}};
}

namespace {

enum HintKind : int { kTypeHint = 1, kParameterHint = 2 };

// A hint longer than this hides the code it explains.
constexpr size_t kLongestHint = 60;

struct Hints {
  Server& server;
  SourceModule& module;
  const Ast& ast;
  std::vector<std::pair<uint32_t, Json>> list;  // by offset

  void add(uint32_t offset, std::string label, HintKind kind, bool is_insertable) {
    if (label.size() > kLongestHint) return;
    Json place = server.rangeJson(module, {offset, offset})["start"];
    Json hint = {{"position", place}, {"label", label}, {"kind", kind}};
    if (kind == kParameterHint) hint["paddingRight"] = true;
    // Clients that ask for the edits of a hint when it is touched need not be told all of them before.
    if (is_insertable && server.features.inlay_hint_resolves) hint["data"] = {{"inserts", true}};
    else if (is_insertable) hint["textEdits"] = insertion(place, label);
    list.emplace_back(offset, std::move(hint));
  }
};

}  // namespace

// Can the text stand in an annotation as it is?
static bool isAnnotation(std::string_view type) {
  static constexpr std::string_view kUnfit[] = {"def ", "Any", "<", "?", "overloaded", "Module", "@"};
  return std::none_of(std::begin(kUnfit), std::end(kUnfit), [&](std::string_view part) { return type.find(part) != std::string_view::npos; });
}

// Does the value say its type itself: a literal, a display of literals, a call of the class?
static bool isObvious(const Ast& ast, NodeId value, std::string_view type) {
  if (ast.is(value, NodeKind::kConstant) || ast.is(value, NodeKind::kJoinedStr) || ast.is(value, NodeKind::kLambda)) return true;
  if (auto call = ast.tryAs<Call>(value)) {
    std::string_view callee = ast.text(call->func());
    size_t dot = callee.rfind('.');
    return type == (dot == std::string_view::npos ? callee : callee.substr(dot + 1));
  }
  return false;
}

// Is it the place that gives the variable or attribute to its scope or class?
static bool isFirstPlace(Hints& hints, NodeId target) {
  if (hints.ast.is(target, NodeKind::kName)) {
    semantic::SymbolId owner = hints.module.model().ownerAt(target);
    return owner.valid() && hints.module.model().definitions(owner)[0].node == target;
  }
  auto attribute = hints.ast.tryAs<Attribute>(target);
  if (!attribute || nameText(hints.ast, attribute->value()) != "self") return false;
  std::vector<Target> targets = targetsOf(hints.server.workspace(), hints.module, attribute->attr(), FollowImports::kNo);
  return !targets.empty() && targets[0].name == attribute->attr();
}

static void variableHint(Hints& hints, NodeId statement) {
  Assign assign = hints.ast.as<Assign>(statement);
  for (NodeId target : assign.targets()) {
    if (!isFirstPlace(hints, target)) continue;
    NodeId name = hints.ast.is(target, NodeKind::kAttribute) ? hints.ast.as<Attribute>(target).attr() : target;
    std::string type = typeTextAt(hints.server.workspace(), hints.module, name);
    // What has no name says nothing.
    bool is_plain = !type.empty() && !type.starts_with("def ") && !type.starts_with("type[") && type[0] != '<' && !type.starts_with("overloaded");
    if (!is_plain || type == "Any" || isObvious(hints.ast, assign.value(), type)) continue;
    bool is_insertable = isAnnotation(type) && assign.targets().size() == 1;
    hints.add(hints.ast.range(target).end, ": " + type, kTypeHint, is_insertable);
  }
}

// The types that the function's own return statements give, joined; "" where that is not known.
std::string returnTypeText(Workspace& workspace, SourceModule& module, NodeId function) {
  const Ast& ast = module.ast();
  FunctionDef def = ast.as<FunctionDef>(function);
  std::vector<std::string> parts;
  std::vector<NodeId> pending(def.body().begin(), def.body().end());
  bool is_abstract = def.body().size() == 1 && !ast.is(def.body()[0], NodeKind::kReturn);
  bool has_effect = false;
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kLambda) continue;
    if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) return "";
    has_effect |= kind == NodeKind::kCall || kind == NodeKind::kAssign || kind == NodeKind::kAugAssign;
    if (auto statement = ast.tryAs<Return>(node); statement && statement->value().valid()) {
      bool is_none = ast.text(statement->value()) == "None";
      std::string type = is_none ? "None" : typeTextAt(workspace, module, statement->value());
      if (type.empty() || !isAnnotation(type)) return "";
      if (std::find(parts.begin(), parts.end(), type) == parts.end()) parts.push_back(std::move(type));
    }
    forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
  }
  if (parts.empty()) return is_abstract && !has_effect ? "" : "None";
  NodeId last = def.body().back();
  bool falls_through = !ast.is(last, NodeKind::kReturn) && !ast.is(last, NodeKind::kRaise);
  if (falls_through && (ast.is(last, NodeKind::kIf) || ast.is(last, NodeKind::kTry) || ast.is(last, NodeKind::kWith) ||
                        ast.is(last, NodeKind::kMatch) || ast.is(last, NodeKind::kWhile))) {
    return "";
  }
  if (falls_through && std::find(parts.begin(), parts.end(), "None") == parts.end()) parts.push_back("None");
  std::sort(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) { return (a == "None") < (b == "None"); });
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " | ") + part;
  return out;
}

uint32_t resultPlace(const Ast& ast, NodeId function) {
  FunctionDef def = ast.as<FunctionDef>(function);
  uint32_t end = ast.range(def.params()).end;
  return end > 0 && ast.text()[end - 1] == ')' ? end : 0;
}

static void returnHint(Hints& hints, NodeId function) {
  FunctionDef def = hints.ast.as<FunctionDef>(function);
  if (def.returns().valid() || hints.module.path().ends_with(".pyi")) return;
  std::string type = returnTypeText(hints.server.workspace(), hints.module, function);
  if (type.empty()) return;
  uint32_t place = resultPlace(hints.ast, function);
  if (place != 0) hints.add(place, " -> " + type, kTypeHint, true);
}

static NodeId calleeName(const Ast& ast, NodeId callee) {
  if (auto attribute = ast.tryAs<Attribute>(callee)) return attribute->attr();
  return ast.is(callee, NodeKind::kName) ? callee : NodeId::none();
}

static std::string_view lastName(const Ast& ast, NodeId expr) {
  if (auto attribute = ast.tryAs<Attribute>(expr)) return nameText(ast, attribute->attr());
  return nameText(ast, expr);
}

static void parameterHints(Hints& hints, NodeId node) {
  Call call = hints.ast.as<Call>(node);
  NodeId name = calleeName(hints.ast, call.func());
  if (name.isNone() || call.args().empty()) return;
  std::vector<Target> targets = definitionTargets(hints.server.workspace(), hints.module, name);
  if (targets.empty()) return;
  Target target = targets[0];
  bool hides_first = false;
  if (target.module->ast().is(target.owner, NodeKind::kClassDef)) {
    std::vector<Target> init = constructorsOf(hints.server.workspace(), target);
    if (init.empty()) return;
    target = init[0];
    hides_first = true;
  }
  const Ast& other = target.module->ast();
  auto function = other.tryAs<FunctionDef>(target.owner);
  if (!function) return;
  bool is_static = std::any_of(function->decorators().begin(), function->decorators().end(),
                               [&](NodeId decorator) { return lastName(other, decorator) == "staticmethod"; });
  bool is_method = other.is(other.parent(target.owner), NodeKind::kClassDef);
  hides_first |= is_method && !is_static && hints.ast.is(call.func(), NodeKind::kAttribute);
  NodeList params = other.as<Parameters>(function->params()).params();
  size_t index = hides_first && !params.empty() ? 1 : 0;
  for (NodeId argument : call.args()) {
    if (index >= params.size() || hints.ast.is(argument, NodeKind::kKeyword) || hints.ast.is(argument, NodeKind::kStarred)) return;
    Parameter parameter = other.as<Parameter>(params[index++]);
    if (parameter.parameterKind() != ParameterKind::kPositionalOrKeyword) {
      if (parameter.parameterKind() != ParameterKind::kPositionalOnly) return;
      continue;
    }
    std::string_view text = nameText(other, parameter.name());
    if (text.size() < 2 || text[0] == '_' || lastName(hints.ast, argument) == text) continue;
    hints.add(hints.ast.range(argument).begin, std::string(text) + "=", kParameterHint, false);
  }
}

// `x = Box(1)` where that makes a Box[int].
static void genericHint(Hints& hints, NodeId node) {
  Call call = hints.ast.as<Call>(node);
  std::string_view callee = lastName(hints.ast, call.func());
  if (callee.empty()) return;
  std::string type = typeTextAt(hints.server.workspace(), hints.module, node);
  bool is_generic = type.size() > callee.size() + 1 && type.starts_with(callee) && type[callee.size()] == '[';
  // `set()` of which nobody knows yet what it holds.
  if (is_generic && !holdsWord(type, "Never")) hints.add(hints.ast.range(call.func()).end, type.substr(callee.size()), kTypeHint, isAnnotation(type));
}

// What a hint does when it is taken, and what it means.
Json inlayHintResolve(Server&, const Json& params) {
  Json out = params;
  std::string label = stringOr(member(params, "label"));
  if (boolOr(member(member(params, "data"), "inserts"), false)) {
    out["textEdits"] = insertion(member(params, "position"), label);
    out["tooltip"] = "inferred; taking the hint writes `" + label + "` here";
  } else if (intOr(member(params, "kind"), 0) == kParameterHint) {
    out["tooltip"] = "the parameter `" + label.substr(0, label.find('=')) + "`";
  }
  return out;
}

Json inlayHint(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  TextRange wanted = server.rangeOf(*module, member(params, "range"));
  Hints hints{server, *module, module->ast()};
  for (uint32_t i = 0; i < hints.ast.nodeCount(); ++i) {
    NodeId node(i);
    TextRange range = hints.ast.range(node);
    bool is_near = range.begin <= wanted.end && wanted.begin <= range.end;
    if (!is_near || hints.ast.parent(node).isNone()) continue;
    NodeKind kind = hints.ast.kind(node);
    if (kind == NodeKind::kAssign && server.settings.variable_hints) variableHint(hints, node);
    if (kind == NodeKind::kFunctionDef && server.settings.return_hints) returnHint(hints, node);
    if (kind == NodeKind::kCall && server.settings.generic_hints) genericHint(hints, node);
    if (kind == NodeKind::kCall && server.settings.parameter_hints) parameterHints(hints, node);
    if (server.isCancelled()) break;
  }
  std::stable_sort(hints.list.begin(), hints.list.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  TextRange area = server.areaOf(*module);
  Json out = Json::array();
  for (auto& [offset, hint] : hints.list) {
    if (area.begin <= offset && offset <= area.end) out.push_back(std::move(hint));
  }
  return out;
}

}  // namespace krait::lsp

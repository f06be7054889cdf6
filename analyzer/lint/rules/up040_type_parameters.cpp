// UP040, UP046, UP047, RUF053: generic classes, functions and aliases with type parameters of their own. ref: PEP 695
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
struct TypeParam {
  std::string name, text;
  bool has_default = false;
};
struct TypeParams {
  std::vector<TypeParam> all;  // each once, in order
  bool has_other = false;      // a name that is no type variable
  bool has_default = false;
  bool has_repeated = false;
};
}  // namespace

// The type parameter that does what the module's type variable of this name does.
static std::optional<TypeParam> typeParamOf(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!ast.is(node, NodeKind::kName)) return std::nullopt;
  std::string name(syntax::nameText(ast, node));
  if (typingName(context, node) == "AnyStr") return TypeParam{name, name + ": (bytes, str)"};
  SymbolId owner = context.model.ownerAt(node);
  if (!owner.valid() || context.model.definitions(owner).size() != 1) return std::nullopt;
  auto assign = ast.tryAs<syntax::Assign>(context.model.definitions(owner)[0].owner);
  auto call = assign ? ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
  if (!call) return std::nullopt;
  std::string kind = typingName(context, call->func());
  if (kind != "TypeVar" && kind != "ParamSpec" && kind != "TypeVarTuple") return std::nullopt;
  TypeParam out{name, (kind == "ParamSpec" ? "**" : kind == "TypeVarTuple" ? "*" : "") + name};
  std::string limits;
  for (uint32_t i = 1; kind == "TypeVar" && i < positionalCount(ast, call->id); ++i) limits += (limits.empty() ? "" : ", ") + std::string(ast.text(call->args()[i]));
  NodeId bound = keywordOf(ast, call->id, "bound"), fallback = keywordOf(ast, call->id, "default");
  if (bound.valid()) out.text += ": " + std::string(ast.text(bound));
  else if (!limits.empty()) out.text += ": (" + limits + ")";
  if (fallback.valid()) out.text += " = " + std::string(ast.text(fallback));
  out.has_default = fallback.valid();
  return out;
}

static void collect(const LintContext& context, NodeId node, TypeParams& out) {
  if (!node.valid()) return;
  if (context.ast.is(node, NodeKind::kName)) {
    std::optional<TypeParam> param = typeParamOf(context, node);
    out.has_other |= !param;
    if (!param) return;
    out.has_default |= param->has_default;
    bool is_known = std::any_of(out.all.begin(), out.all.end(), [&](const auto& other) { return other.name == param->name; });
    out.has_repeated |= is_known;
    if (!is_known) out.all.push_back(std::move(*param));
    return;
  }
  syntax::forEachChild(context.ast, node, [&](NodeId child) { collect(context, child, out); });
}

// Defaults of type parameters are newer than type parameters.
static bool canWrite(const LintContext& context, const TypeParams& params) {
  return !params.has_default || (context.options.preview && context.options.target_minor >= 13);
}

static std::string joinedParams(const TypeParams& params) {
  std::string out;
  for (const TypeParam& param : params.all) out += (out.empty() ? "" : ", ") + param.text;
  return out;
}

static bool isInFunction(const Ast& ast, NodeId node) { return enclosingFunction(ast, node).valid(); }

void checkGenericClass(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  if (context.options.target_minor < 12) return;
  NodeId base;
  bool is_last = true;
  for (NodeId arg : cls.args()) {
    auto subscript = ast.tryAs<syntax::Subscript>(arg);
    if (base.valid()) is_last &= ast.is(arg, NodeKind::kKeyword);
    if (!base.valid() && subscript && typingName(context, subscript->value()) == "Generic") base = arg;
  }
  if (!base.valid()) return;
  TypeParams params;
  collect(context, ast.as<syntax::Subscript>(base).slice(), params);
  bool is_mixed = !cls.typeParams().empty();
  if (!is_mixed && (isInFunction(ast, node) || params.has_repeated || !canWrite(context, params))) return;
  auto finding = is_mixed ? context.sink.begin("RUF053"_rule, ast.range(base))
                          : context.sink.begin("UP046"_rule, ast.range(base), {syntax::nameText(ast, cls.name()), "Generic"});
  if (!is_last || params.has_other || params.all.empty() || params.has_repeated || !canWrite(context, params)) return;
  uint32_t at = is_mixed ? ast.range(cls.typeParams().back()).end : ast.range(cls.name()).end;
  std::string text = is_mixed ? ", " + joinedParams(params) : "[" + joinedParams(params) + "]";
  uint32_t open = is_mixed ? skipTrivia(ast.text(), at) : at;
  while (ast.text()[open] != '(') ++open;
  uint32_t close = ast.range(cls.args().back()).end;
  while (ast.text()[close] != ')') ++close;
  FixEdit removal = removeArgument(context, cls.args(), base, open, close + 1, true);
  std::vector<FixEdit> edits;
  if (removal.range.begin == at) edits = {{removal.range, text + removal.replacement}};
  else edits = {{{at, at}, text}, std::move(removal)};
  finding.fix("Use type parameters", std::move(edits), FixSafety::kUnsafe);
}

void checkGenericFunction(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (context.options.target_minor < 12 || !function.typeParams().empty()) return;
  if (classOfMethod(ast, node).valid() || isInFunction(ast, node)) return;
  TypeParams params;
  for (NodeId param : ast.as<syntax::Parameters>(function.params()).params()) collect(context, ast.as<syntax::Parameter>(param).annotation(), params);
  if (params.all.empty() || !canWrite(context, params)) return;
  uint32_t end = ast.range(function.name()).end;
  context.sink.begin("UP047"_rule, {ast.range(function.name()).begin, std::max(ast.range(function.params()).end, end)}, {syntax::nameText(ast, function.name())})
      .fix("Use type parameters", {{{end, end}, "[" + joinedParams(params) + "]"}}, FixSafety::kUnsafe);
}

static void reportAlias(LintContext& context, NodeId node, const std::string& name, std::string_view how, const TypeParams& params, NodeId value) {
  if (!canWrite(context, params)) return;
  std::string list = params.all.empty() ? "" : "[" + joinedParams(params) + "]";
  std::string text = "type " + name + list + " = " + std::string(context.ast.text(parenthesizedRange(context, value)));
  context.sink.begin("UP040"_rule, context.ast.range(node), {name, how})
      .fix("Use the `type` keyword", {{context.ast.range(node), std::move(text)}}, context.is_stub ? FixSafety::kSafe : FixSafety::kUnsafe);
}

void checkTypeAliases(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.options.target_minor < 12) return;
  TypeParams params;
  if (auto assign = ast.tryAs<syntax::AnnAssign>(node)) {
    bool is_alias = assign->value().valid() && ast.is(assign->target(), NodeKind::kName) && typingName(context, assign->annotation()) == "TypeAlias";
    if (!is_alias) return;
    collect(context, assign->value(), params);
    reportAlias(context, node, std::string(ast.text(assign->target())), "`TypeAlias` annotation", params, assign->value());
    return;
  }
  auto assign = ast.as<syntax::Assign>(node);
  auto call = ast.tryAs<syntax::Call>(assign.value());
  if (!call || assign.targets().size() != 1 || !ast.is(assign.targets()[0], NodeKind::kName) || typingName(context, call->func()) != "TypeAliasType") return;
  std::string target(syntax::nameText(ast, assign.targets()[0]));
  if (positionalCount(ast, call->id) != 2 || syntax::stringValue(ast, call->args()[0]) != target) return;
  NodeId listed = keywordOf(ast, call->id, "type_params");
  if (call->args().size() > (listed.valid() ? 3u : 2u)) return;
  collect(context, listed, params);
  reportAlias(context, node, target, "`TypeAliasType` assignment", params, call->args()[1]);
}

}  // namespace krait::lint

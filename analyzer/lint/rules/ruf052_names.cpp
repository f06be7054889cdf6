// RUF052, RUF056, PLC2701, PLR6104, PLW1514: names that say what they are not, and arguments that are missing or idle.
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/builtin_names.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/truthiness.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::lint {

using syntax::BinaryOp;

static bool isLocalKind(BindKind kind) {
  return kind == BindKind::kAssignment || kind == BindKind::kNamedExpr || kind == BindKind::kLoopVar || kind == BindKind::kWithItem ||
         kind == BindKind::kException || kind == BindKind::kAnnotation;
}

static bool isBoundAround(const LintContext& context, ScopeId scope, NameId name) {
  SymbolId symbol = context.model.lookup(scope, name);
  return symbol.valid() && context.model.isBound(context.model.resolve(symbol));
}

// Gives every place of the name another text; nothing where the new name has a meaning there.
static std::vector<FixEdit> renamed(const LintContext& context, const FlowBinding& binding, const std::string& name) {
  const Ast& ast = context.ast;
  NameId id = ast.names().find(name);
  if (id.valid() && isBoundAround(context, binding.scope, id)) return {};
  std::vector<FixEdit> edits;
  SymbolId owner = context.model.resolve(binding.symbol);
  for (const Definition& definition : context.model.definitions(owner)) {
    // What is imported keeps its name: `import _ssl as ssl`.
    auto alias = ast.tryAs<syntax::Alias>(definition.owner);
    std::string kept = alias && !alias->asname().valid() ? std::string(syntax::nameText(ast, alias->name())) : std::string();
    if (kept.find('.') != std::string::npos) return {};
    edits.push_back({ast.range(definition.node), kept.empty() ? name : kept + " as " + name});
  }
  for (const FlowBinding& other : context.tokens.nameFlow(context).bindings) {
    bool is_outer = other.kind == BindKind::kNonlocal || other.kind == BindKind::kGlobal;
    if (is_outer && other.symbol.valid() && context.model.resolve(other.symbol) == owner) edits.push_back({ast.range(other.node), name});
  }
  for (const Reference& reference : context.model.references(owner)) edits.push_back({ast.range(reference.node), name});
  std::sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.range.begin < b.range.begin; });
  edits.erase(std::unique(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.range.begin == b.range.begin; }), edits.end());
  return edits;
}

void checkUsedDummies(LintContext& context) {
  const Ast& ast = context.ast;
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (const FlowBinding& binding : flow.bindings) {
    if (!isLocalKind(binding.kind) || binding.is_global || binding.is_nonlocal || !binding.isUsed()) continue;
    semantic::ScopeKind kind = context.model[binding.scope].kind;
    bool is_local = kind == ScopeKind::kFunction || kind == ScopeKind::kLambda || kind == ScopeKind::kListComp || kind == ScopeKind::kSetComp ||
                    kind == ScopeKind::kDictComp || kind == ScopeKind::kGenerator;
    std::string_view name = syntax::nameText(ast, binding.node);
    if (!is_local || !isDummy(context, name) || isDunder(name)) continue;
    // A parameter that gets another value stays the parameter.
    bool is_parameter = std::any_of(flow.bindings.begin(), flow.bindings.end(), [&](const FlowBinding& other) {
      return other.kind == BindKind::kParameter && other.symbol == binding.symbol;
    });
    if (is_parameter) continue;
    std::string bare(name.substr(std::min(name.find_first_not_of('_'), name.size())));
    if (bare.empty()) continue;
    auto finding = context.sink.begin("RUF052"_rule, ast.range(binding.node), {name});
    NameId id = ast.names().find(bare);
    bool is_keyword = syntax::isKeyword(syntax::wordKind(bare)), is_builtin = id.valid() && context.builtins.has(id);
    bool is_taken = is_keyword || is_builtin || (id.valid() && isBoundAround(context, binding.scope, id));
    std::vector<FixEdit> edits = renamed(context, binding, is_taken ? bare + "_" : bare);
    bool is_digit = bare[0] >= '0' && bare[0] <= '9';
    if (!edits.empty() && !is_digit) finding.fix(is_taken ? std::string("Prefer using trailing underscores to avoid shadowing a ") + (is_builtin ? "built-in" : is_keyword ? "keyword" : "variable") : "Remove leading underscores", std::move(edits), FixSafety::kUnsafe);
  }
}

void checkFalsyFallback(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "get" || !ast.is(method->value(), NodeKind::kName) || !isKnownAs(context, method->value(), Container::kDict)) return;
  if (!isBooleanTest(context, node)) return;
  NodeId fallback = argumentOf(ast, node, "default", 1);
  if (!fallback.valid() || ast.is(fallback, NodeKind::kStarred)) return;
  auto made = ast.tryAs<syntax::Call>(fallback);
  bool is_empty_display = made && made->args().empty() && isOneOf(qualifiedName(context, made->func()), {"builtins.dict", "builtins.list", "builtins.set", "builtins.tuple", "builtins.frozenset"});
  if (made ? !is_empty_display : !isFalsy(truthOf(context, fallback))) return;
  bool is_plain = call.args().size() == 2 && !ast.is(call.args()[0], NodeKind::kKeyword) && !ast.is(call.args()[0], NodeKind::kStarred) && call.args()[1] == fallback;
  NodeId shown = keywordNodeOf(ast, node, "default");
  auto finding = context.sink.begin("RUF056"_rule, ast.range(shown.valid() ? shown : fallback));
  if (is_plain) finding.fix("Remove falsy fallback from `dict.get()`", {removeArgument(context, node, fallback)}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// Is it `_name`, and no name that Python or a tool gives a meaning?
static bool isPrivateName(std::string_view name) { return name.starts_with("_") && !isDunder(name); }

// Names that only annotations use may be the only way to write a type.
static bool isTypingOnlyBinding(const LintContext& context, const NameFlow& flow, const FlowBinding& binding) {
  for (uint32_t at = binding.references; at != kNoBinding; at = flow.references[at].next) {
    if (flow.references[at].typing == 0 && !isInAnnotation(context, flow.references[at].node)) return false;
  }
  return binding.isUsed();
}

// The import that a name means in the end: its first private part is told, and what it is a part of.
static void checkPrivateImport(LintContext& context, const FlowBinding& binding) {
  const Ast& ast = context.ast;
  auto from = ast.tryAs<syntax::ImportFrom>(binding.statement);
  auto alias = ast.as<syntax::Alias>(ast.parent(binding.node));
  std::string path(syntax::nameText(ast, alias.name())), outer;
  NodeId shown = from || !alias.asname().valid() ? alias.name() : alias.asname();
  if (from && (from->level() > 0 || !from->module().valid())) return;
  std::string module(from ? syntax::nameText(ast, from->module()) : "");
  if (module == "__future__" || module == "__main__") return;
  uint32_t begin = ast.range(shown).begin;
  if (from) begin = ast.range(from->module()).begin;
  size_t at = 0;
  for (std::string whole = from ? module + "." + path : path; at <= whole.size();) {
    size_t end = std::min(whole.find('.', at), whole.size());
    std::string part = whole.substr(at, end - at);
    if (isPrivateName(part)) {
      uint32_t place = begin + static_cast<uint32_t>(at);
      bool is_in_module = from && at < module.size();
      TextRange range = is_in_module ? TextRange{place, place + static_cast<uint32_t>(part.size())} : ast.range(shown);
      context.sink.begin("PLC2701"_rule, range, {part, outer.empty() ? "" : " from external module `" + outer + "`"});
      return;
    }
    outer += (outer.empty() ? "" : ".") + part;
    at = end + 1;
  }
}

void checkPrivateImports(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    bool is_import = binding.kind == BindKind::kImport || binding.kind == BindKind::kFromImport;
    if (!is_import || context.model[binding.scope].kind == ScopeKind::kClass || isTypingOnlyBinding(context, flow, binding)) continue;
    checkPrivateImport(context, binding);
  }
}

static bool commutes(BinaryOp op) {
  return op == BinaryOp::kAdd || op == BinaryOp::kMult || op == BinaryOp::kBitAnd || op == BinaryOp::kBitOr || op == BinaryOp::kBitXor;
}

static bool isNumberLiteral(const Ast& ast, NodeId node) {
  if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) return unary->op() != syntax::UnaryOperator::kNot && isNumberLiteral(ast, unary->operand());
  return isBool(ast, node) || isConstant(ast, node, syntax::ConstantKind::kInt) || isConstant(ast, node, syntax::ConstantKind::kFloat) ||
         isConstant(ast, node, syntax::ConstantKind::kComplex);
}

void checkNonAugmented(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  auto operation = ast.tryAs<syntax::BinOp>(assign.value());
  if (!operation || assign.targets().size() != 1) return;
  NodeId target = assign.targets()[0], value;
  if (isSameExpr(ast, target, operation->left())) value = operation->right();
  else if (commutes(operation->op()) && isNumberLiteral(ast, operation->left()) && isSameExpr(ast, target, operation->right())) value = operation->left();
  if (!value.valid()) return;
  std::string op = std::string(syntax::spelling(operation->op())) + "=";
  std::string text = std::string(ast.text(target)) + " " + op + " " + std::string(ast.text(parenthesizedRange(ast, value)));
  context.sink.begin("PLR6104"_rule, ast.range(node), {op}).fix("Replace with augmented assignment", {{ast.range(node), std::move(text)}}, FixSafety::kUnsafe);
}

void checkTextEncoding(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (hasStarredArgument(ast, node)) return;
  for (NodeId arg : call.args()) {
    if (auto keyword = ast.tryAs<syntax::Keyword>(arg); keyword && !keyword->arg().valid()) return;
  }
  std::string name(calleeName(context, node)), shown = name;
  uint32_t mode_at = 1, encoding_at = 3;
  bool has_mode = true, is_text_by_default = true;
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (name == "builtins.open") {
    if (syntax::nameText(ast, call.func()) == "open") shown = "open";
  } else if (name == "codecs.open") {
    encoding_at = 2;
  } else if (name == "tempfile.TemporaryFile" || name == "tempfile.NamedTemporaryFile" || name == "tempfile.SpooledTemporaryFile") {
    mode_at = name == "tempfile.SpooledTemporaryFile" ? 1 : 0;
    encoding_at = mode_at + 2;
    is_text_by_default = false;
  } else if (name == "io.TextIOWrapper") {
    has_mode = false;
    encoding_at = 1;
  } else if (method && isPlainPath(context, method->value()) && isOneOf(std::string(syntax::nameText(ast, method->attr())), {"open", "read_text", "write_text"})) {
    std::string_view attr = syntax::nameText(ast, method->attr());
    shown = "pathlib.Path(...)." + std::string(attr);
    has_mode = attr == "open";
    mode_at = 0;
    encoding_at = attr == "open" ? 2 : attr == "read_text" ? 0 : 1;
  } else {
    return;
  }
  NodeId encoding = argumentOf(ast, node, "encoding", encoding_at);
  if (encoding.valid() && !isNone(ast, encoding)) return;
  if (encoding.valid()) return;
  NodeId mode = has_mode ? argumentOf(ast, node, "mode", mode_at) : NodeId::none();
  if (mode.valid()) {
    std::optional<std::string_view> text = syntax::stringValue(ast, mode);
    if (!text || text->find('b') != std::string_view::npos) return;
  } else if (has_mode && !is_text_by_default) {
    return;
  }
  FixEdit edit = addArgument(context, node, "encoding=" + inPreferredQuotes(context, "utf-8"));
  context.sink.begin("PLW1514"_rule, ast.range(call.func()), {shown, has_mode ? " in text mode" : ""})
      .fix("Add explicit `encoding` argument", {std::move(edit)}, FixSafety::kUnsafe);
}

}  // namespace krait::lint

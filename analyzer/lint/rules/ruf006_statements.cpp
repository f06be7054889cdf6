// RUF006, RUF018, RUF019, RUF030, RUF040, RUF048, RUF051, RUF063: statements that lose something.
#include "analyzer/lint/assignments.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/string_text.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static std::string taskFunction(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call) return {};
  std::string name = qualifiedName(context, call->func());
  if (name == "asyncio.create_task" || name == "asyncio.ensure_future") return name;
  auto method = ast.tryAs<syntax::Attribute>(call->func());
  if (!method) return {};
  std::string_view attr = syntax::nameText(ast, method->attr());
  if (attr != "create_task" && attr != "ensure_future") return {};
  // A variable that holds a loop.
  NodeId made = ast.is(method->value(), NodeKind::kName) ? assignedValue(context, method->value()) : NodeId::none();
  if (made.valid() && ast.range(made).begin > ast.range(value).begin) return {};
  auto loop = ast.tryAs<syntax::Call>(made);
  if (loop && isOneOf(qualifiedName(context, loop->func()), {"asyncio.get_running_loop", "asyncio.get_event_loop", "asyncio.new_event_loop"})) {
    return std::string(ast.text(method->value())) + "." + std::string(attr);
  }
  return {};
}

void checkDanglingTask(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value = ast.as<syntax::ExprStmt>(node).value();
  std::string name = taskFunction(context, value);
  if (!name.empty()) context.sink.begin("RUF006"_rule, ast.range(value), {name});
}

// `task = asyncio.create_task(…)` where nothing reads the name.
void checkUnreadTask(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto [target, value] = soleAssignment(ast, node);
  if (!ast.is(target, NodeKind::kName) || !ast.is(value, NodeKind::kCall)) return;
  std::string name = taskFunction(context, value);
  SymbolId owner = name.empty() ? SymbolId::none() : context.model.ownerAt(target);
  if (!owner.valid() || context.isUsed(owner)) return;
  for (const Definition& definition : context.model.definitions(owner)) {
    if (definition.kind == DefinitionKind::kAugAssign || definition.kind == DefinitionKind::kDelete) return;
  }
  // What `global` and `nonlocal` name is shared with others.
  for (const FlowBinding& binding : context.tokens.nameFlow(context).bindings) {
    bool is_shared = binding.kind == BindKind::kGlobal || binding.kind == BindKind::kNonlocal;
    if (is_shared && context.model.ownerAt(binding.node) == owner) return;
  }
  context.sink.begin("RUF006"_rule, ast.range(value), {name});
}

// Is the name read anywhere but in an assertion? Without assertions it is not bound there.
static bool isReadElsewhere(const LintContext& context, NodeId name) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t id = 0; id < flow.bindings.size(); ++id) {
    if (flow.bindings[id].node != name) continue;
    for (uint32_t at = flow.bindings[id].references; at != kNoBinding; at = flow.references[at].next) {
      if (!context.ast.is(statementOf(context.ast, flow.references[at].node), NodeKind::kAssert)) return true;
    }
  }
  return false;
}

static void findAssignments(LintContext& context, NodeId node) {
  auto named = context.ast.tryAs<syntax::NamedExpr>(node);
  if (named && isReadElsewhere(context, named->target())) context.sink.begin("RUF018"_rule, context.ast.range(node));
  syntax::forEachChild(context.ast, node, [&](NodeId child) { findAssignments(context, child); });
}

// A piece of what a `print` shows: literal text, or what stands in an f-string. None where it takes other quotes.
static std::optional<std::string> printedText(const Ast& ast, NodeId arg, bool& is_format) {
  if (auto text = syntax::stringValue(ast, arg)) {
    std::string out;
    for (char c : *text) {
      if (c == '"') return std::nullopt;
      bool is_brace = c == '{' || c == '}';
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : c == '\\' ? "\\\\" : is_brace ? std::string(2, c) : std::string(1, c);
    }
    return out;
  }
  is_format = is_format || !ast.is(arg, NodeKind::kJoinedStr);
  std::string source(ast.text(arg));
  if (!ast.is(arg, NodeKind::kJoinedStr)) return "{" + source + "}";
  bool is_plain = source.starts_with("f\"") && source.ends_with('"') && source.find('"', 2) == source.size() - 1;
  if (!is_plain) return std::nullopt;
  is_format = is_format || source.find('{') != std::string::npos;
  return source.substr(2, source.size() - 3);
}

// The message that the arguments of `print` make, as a string or an f-string; none where it cannot be written.
static std::optional<std::string> printedMessage(const Ast& ast, NodeId print) {
  NodeId separator = keywordOf(ast, print, "sep");
  bool is_format = separator.valid() && !syntax::stringValue(ast, separator);
  std::optional<std::string> between = separator.valid() ? printedText(ast, separator, is_format) : std::optional<std::string>(" ");
  std::string out;
  size_t count = 0;
  for (NodeId arg : ast.as<syntax::Call>(print).args()) {
    if (ast.is(arg, NodeKind::kKeyword)) continue;
    std::optional<std::string> text = printedText(ast, arg, is_format);
    if (!text || !between) return std::nullopt;
    out += (count++ > 0 ? *between : "") + *text;
  }
  if (is_format) return "f\"" + out + "\"";
  // Braces stand once outside of f-strings.
  for (std::string_view brace : {"{{", "}}"}) {
    for (size_t at = out.find(brace); at != std::string::npos; at = out.find(brace, at + 1)) out.erase(at, 1);
  }
  return "\"" + out + "\"";
}

void checkAssertParts(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Assert>(node);
  findAssignments(context, node);
  if (auto call = ast.tryAs<syntax::Call>(statement.msg()); call && isBuiltin(context, call->func(), "print")) {
    auto finding = context.sink.begin("RUF030"_rule, ast.range(statement.msg()));
    // The statement is written anew.
    std::string text = "assert " + generatedOperand(ast, statement.test(), Operand::kArgument);
    if (positionalCount(ast, statement.msg()) > 0) {
      auto only = call->args().size() == 1 ? syntax::stringValue(ast, call->args()[0]) : std::nullopt;
      std::optional<std::string> message = only ? quotedText(*only, "", inPreferredQuotes(context, "")[0]) : printedMessage(ast, statement.msg());
      if (!message) return;
      text += ", " + *message;
    }
    finding.fix("Remove `print`", {{ast.range(node), text}}, FixSafety::kUnsafe);
  }
  auto message = ast.tryAs<syntax::Constant>(statement.msg());
  if (message && message->constantKind() != syntax::ConstantKind::kStr) context.sink.begin("RUF040"_rule, ast.range(statement.msg()));
}

// `bool(value)`
static bool isTruthCall(const LintContext& context, NodeId node, NodeId value) {
  auto call = context.ast.tryAs<syntax::Call>(node);
  return call && call->args().size() == 1 && call->args()[0] == value && isBuiltin(context, call->func(), "bool");
}

// `key in d and d[key]`
void checkUnnecessaryKeyCheck(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BoolOp>(node);
  if (operation.op() != syntax::BoolOperator::kAnd || operation.values().size() != 2) return;
  auto test = ast.tryAs<syntax::Compare>(operation.values()[0]);
  auto access = ast.tryAs<syntax::Subscript>(operation.values()[1]);
  if (!test || !access || test->comparators().size() != 1) return;
  if (static_cast<syntax::CompareOperator>(test->ops()[0].value) != syntax::CompareOperator::kIn) return;
  bool is_same = isSameExpr(ast, test->left(), access->slice()) && isSameExpr(ast, test->comparators()[0], access->value());
  if (!is_same || hasEffect(context, access->value()) || hasEffect(context, access->slice())) return;
  // Only where the result is used as a truth value is `get` the same.
  NodeId parent = ast.parent(node);
  NodeId child = node;
  while (ast.is(parent, NodeKind::kBoolOp) || (ast.is(parent, NodeKind::kUnaryOp) && ast.as<syntax::UnaryOp>(parent).op() == syntax::UnaryOperator::kNot)) {
    child = parent;
    parent = ast.parent(parent);
  }
  bool is_test = (ast.is(parent, NodeKind::kIf) && ast.as<syntax::If>(parent).test() == child) ||
                 (ast.is(parent, NodeKind::kWhile) && ast.as<syntax::While>(parent).test() == child) ||
                 (ast.is(parent, NodeKind::kIfExp) && ast.as<syntax::IfExp>(parent).test() == child) ||
                 (ast.is(parent, NodeKind::kMatchCase) && ast.as<syntax::MatchCase>(parent).guard() == child) || isTruthCall(context, parent, child) ||
                 (ast.is(parent, NodeKind::kAssert) && ast.as<syntax::Assert>(parent).test() == child) || ast.is(child, NodeKind::kUnaryOp) ||
                 (ast.is(parent, NodeKind::kComprehension) && ast.as<syntax::Comprehension>(parent).iter() != child);
  if (!is_test) return;
  std::string text = std::string(ast.text(access->value())) + ".get(" + std::string(ast.text(access->slice())) + ")";
  context.sink.begin("RUF019"_rule, ast.range(node)).fix("Replace with `dict.get`", {{ast.range(node), text}});
}

// Are both one name or one literal? What a call or an attribute gives may change in between.
static bool isSameKey(const Ast& ast, NodeId a, NodeId b) {
  if (ast.kind(a) != ast.kind(b)) return false;
  if (ast.is(a, NodeKind::kName)) return syntax::nameOf(ast, a) == syntax::nameOf(ast, b);
  if (!ast.is(a, NodeKind::kConstant)) return false;
  auto left = syntax::stringValue(ast, a), right = syntax::stringValue(ast, b);
  return left || right ? left == right : ast.text(a) == ast.text(b);
}

// `if key in d: del d[key]`
void checkInDictDelete(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto branch = ast.as<syntax::If>(node);
  if (branch.isElif() || !branch.orelse().empty() || branch.body().size() != 1) return;
  auto test = ast.tryAs<syntax::Compare>(branch.test());
  auto deletion = ast.tryAs<syntax::Delete>(branch.body()[0]);
  if (!test || !deletion || test->comparators().size() != 1 || deletion->targets().size() != 1) return;
  if (static_cast<syntax::CompareOperator>(test->ops()[0].value) != syntax::CompareOperator::kIn) return;
  auto access = ast.tryAs<syntax::Subscript>(deletion->targets()[0]);
  if (!access || !isSameKey(ast, test->left(), access->slice())) return;
  NodeId dict = test->comparators()[0];
  if (ast.text(dict) != ast.text(access->value())) return;
  // Only of a name that is known to be a dict can one be sure.
  if (!ast.is(dict, NodeKind::kName)) return;
  if (!isKnownAs(context, dict, Container::kDict)) return;
  std::string text = std::string(ast.text(dict)) + ".pop(" + std::string(ast.text(test->left())) + ", None)";
  FixSafety safety = hasComment(context, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe;
  context.sink.begin("RUF051"_rule, ast.range(branch.body()[0])).fix("Replace `if` statement with `.pop(..., None)`", {{ast.range(node), text}}, safety);
}

// `tuple(map(int, __version__.split(".")))`
void checkVersionParts(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (!isBuiltin(context, call.func(), "map") || call.args().size() != 2 || !isBuiltin(context, call.args()[0], "int")) return;
  auto split = ast.tryAs<syntax::Call>(call.args()[1]);
  auto method = split ? ast.tryAs<syntax::Attribute>(split->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "split" || split->args().size() != 1) return;
  if (syntax::stringValue(ast, split->args()[0]) != ".") return;
  NodeId value = method->value();
  auto attribute = ast.tryAs<syntax::Attribute>(value);
  if (syntax::nameText(ast, attribute ? attribute->attr() : value) == "__version__") context.sink.begin("RUF048"_rule, ast.range(node));
}

// `cls.__dict__["__annotations__"]` and `.get("__annotations__")`
void checkAnnotationsFromDict(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId dict, key;
  if (auto subscript = ast.tryAs<syntax::Subscript>(node)) {
    dict = subscript->value();
    key = subscript->slice();
  } else {
    auto call = ast.as<syntax::Call>(node);
    auto method = ast.tryAs<syntax::Attribute>(call.func());
    if (!method || syntax::nameText(ast, method->attr()) != "get" || call.args().empty() || call.args().size() > 2) return;
    dict = method->value();
    key = call.args()[0];
  }
  auto attribute = ast.tryAs<syntax::Attribute>(dict);
  if (!attribute || syntax::nameText(ast, attribute->attr()) != "__dict__" || syntax::stringValue(ast, key) != "__annotations__") return;
  uint32_t minor = context.options.target_minor;
  std::string_view module = minor >= 14 ? "annotationlib" : minor >= 10 ? "inspect" : typingModule(context, 10);
  if (module.empty()) return;
  context.sink.begin("RUF063"_rule, ast.range(node), {std::string(module) + ".get_annotations"});
}

}  // namespace krait::lint

// PLC2801: a special method that is called by its name. ref: pylint C2801; data model 3.3
#include <algorithm>
#include <string>

#include "analyzer/lint/bound_names.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
enum class Form : uint8_t {
  kBuiltin,    // `len(x)`
  kOperator,   // `x + y`
  kReversed,   // `y + x`
  kAugmented,  // `x += y`
  kAdvice,     // no rewriting, whatever the arguments
};
struct Dunder {
  std::string_view name;  // without its underscores
  Form form;
  std::string_view text;  // the builtin, the operator, or the advice
};
}  // namespace

static constexpr Dunder kDunders[] = {
    {"abs", Form::kBuiltin, "abs"}, {"add", Form::kOperator, "+"}, {"aenter", Form::kAdvice, "Invoke context manager directly."},
    {"aiter", Form::kBuiltin, "aiter"}, {"and", Form::kOperator, "&"}, {"anext", Form::kBuiltin, "anext"},
    {"attrs_init", Form::kBuiltin, ""}, {"attrs_post_init", Form::kBuiltin, ""}, {"attrs_pre_init", Form::kBuiltin, ""},
    {"bool", Form::kBuiltin, "bool"}, {"buffer", Form::kBuiltin, ""}, {"bytes", Form::kBuiltin, "bytes"}, {"call", Form::kBuiltin, ""},
    {"ceil", Form::kAdvice, "Use `math.ceil()` function."}, {"complex", Form::kBuiltin, "complex"},
    {"contains", Form::kReversed, "in"}, {"copy", Form::kAdvice, "Use `copy.copy()` function."},
    {"deepcopy", Form::kAdvice, "Use `copy.deepcopy()` function."}, {"del", Form::kAdvice, "Use `del` statement."},
    {"delattr", Form::kAdvice, "Use `del` statement."}, {"delitem", Form::kAdvice, "Use `del` statement."},
    {"dir", Form::kBuiltin, "dir"}, {"divmod", Form::kAdvice, "Use `divmod()` builtin."}, {"enter", Form::kBuiltin, ""},
    {"eq", Form::kOperator, "=="}, {"float", Form::kBuiltin, "float"}, {"floor", Form::kAdvice, "Use `math.floor()` function."},
    {"floordiv", Form::kOperator, "//"},
    {"format", Form::kAdvice, "Use `format` builtin, format string method, or f-string."},
    {"fspath", Form::kAdvice, "Use `os.fspath` function."}, {"ge", Form::kOperator, ">="},
    {"getattr", Form::kAdvice, "Access attribute directly or use getattr built-in function."},
    {"getattribute", Form::kAdvice, "Access attribute directly or use getattr built-in function."},
    {"getitem", Form::kAdvice, "Access item via subscript."}, {"gt", Form::kOperator, ">"}, {"hash", Form::kBuiltin, "hash"},
    {"html", Form::kBuiltin, ""},
    {"iadd", Form::kAugmented, "+="}, {"iand", Form::kAugmented, "&="}, {"ifloordiv", Form::kAugmented, "//="},
    {"ilshift", Form::kAugmented, "<<="}, {"imatmul", Form::kAugmented, "@="}, {"imod", Form::kAugmented, "%="},
    {"imul", Form::kAugmented, "*="}, {"init", Form::kAdvice, "Instantiate class directly."},
    {"instancecheck", Form::kAdvice, "Use `isinstance()` builtin."}, {"int", Form::kBuiltin, "int"},
    {"invert", Form::kAdvice, "Use `~` operator."}, {"ior", Form::kAugmented, "|="}, {"ipow", Form::kAugmented, "**="},
    {"irshift", Form::kAugmented, ">>="}, {"isub", Form::kAugmented, "-="}, {"iter", Form::kBuiltin, "iter"},
    {"itruediv", Form::kAugmented, "/="}, {"ixor", Form::kAugmented, "^="}, {"le", Form::kOperator, "<="},
    {"len", Form::kBuiltin, "len"}, {"length_hint", Form::kAdvice, "Use `operator.length_hint()` function."},
    {"lshift", Form::kOperator, "<<"}, {"lt", Form::kOperator, "<"}, {"matmul", Form::kOperator, "@"},
    {"mod", Form::kOperator, "%"}, {"mro_entries", Form::kBuiltin, ""}, {"mul", Form::kOperator, "*"}, {"ne", Form::kOperator, "!="},
    {"neg", Form::kAdvice, "Multiply by -1 instead."}, {"next", Form::kBuiltin, "next"}, {"or", Form::kOperator, "|"},
    {"pos", Form::kAdvice, "Multiply by +1 instead."}, {"pow", Form::kAdvice, "Use ** operator or `pow()` builtin."},
    {"prepare", Form::kBuiltin, ""}, {"radd", Form::kReversed, "+"}, {"rand", Form::kReversed, "&"}, {"rdivmod", Form::kAdvice, "Use `divmod()` builtin."},
    {"release_buffer", Form::kBuiltin, ""}, {"replace", Form::kBuiltin, ""}, {"repr", Form::kBuiltin, "repr"}, {"reversed", Form::kBuiltin, "reversed"}, {"rfloordiv", Form::kReversed, "//"},
    {"rlshift", Form::kReversed, "<<"}, {"rmatmul", Form::kReversed, "@"}, {"rmod", Form::kReversed, "%"},
    {"rmul", Form::kReversed, "*"}, {"ror", Form::kReversed, "|"}, {"round", Form::kBuiltin, "round"},
    {"rpow", Form::kAdvice, "Use ** operator or `pow()` builtin."}, {"rrshift", Form::kReversed, ">>"},
    {"rshift", Form::kOperator, ">>"}, {"rsub", Form::kReversed, "-"}, {"rtruediv", Form::kReversed, "/"},
    {"rxor", Form::kReversed, "^"},
    {"setattr", Form::kAdvice, "Mutate attribute directly or use setattr built-in function."},
    {"setitem", Form::kAdvice, "Use subscript assignment."}, {"str", Form::kBuiltin, "str"}, {"sub", Form::kOperator, "-"},
    {"subclasscheck", Form::kBuiltin, "issubclass"}, {"truediv", Form::kOperator, "/"},
    {"trunc", Form::kAdvice, "Use `math.trunc()` function."}, {"xor", Form::kOperator, "^"},
};

// The methods and attributes of enum.Enum with one underscore on each side.
static constexpr Dunder kOfEnums = {"", Form::kBuiltin, ""};

static const Dunder* findDunder(std::string_view method) {
  if (isOneOf(method, {"_add_alias_", "_add_value_alias_", "_generate_next_value_", "_ignore_", "_missing_", "_name_", "_order_", "_value_"})) return &kOfEnums;
  if (!isDunder(method)) return nullptr;
  method = method.substr(2, method.size() - 4);
  const Dunder* found = std::lower_bound(std::begin(kDunders), std::end(kDunders), method,
                                         [](const Dunder& dunder, std::string_view name) { return dunder.name < name; });
  return found != std::end(kDunders) && found->name == method ? found : nullptr;
}

// How strongly things bind, loosest first. ref: language reference 6.17
namespace {
enum Strength : int { kLoosest, kNamed, kLambda, kIfElse, kOr, kAnd, kNot, kComparison, kBitOr, kBitXor, kBitAnd, kShift, kSum, kTerm, kSign, kPower, kAwait, kTight, kAtom };
}  // namespace

static int strengthOf(std::string_view op) {
  if (op == "|") return kBitOr;
  if (op == "^") return kBitXor;
  if (op == "&") return kBitAnd;
  if (op == "<<" || op == ">>") return kShift;
  if (op == "+" || op == "-") return kSum;
  if (op == "*" || op == "/" || op == "//" || op == "%" || op == "@") return kTerm;
  return op == "**" ? kPower : kComparison;
}

static int strengthOf(syntax::BinaryOp op) {
  using Op = syntax::BinaryOp;
  switch (op) {
    case Op::kBitOr: return kBitOr;
    case Op::kBitXor: return kBitXor;
    case Op::kBitAnd: return kBitAnd;
    case Op::kLShift:
    case Op::kRShift: return kShift;
    case Op::kAdd:
    case Op::kSub: return kSum;
    case Op::kPow: return kPower;
    default: return kTerm;
  }
}

static int strengthOf(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
    case NodeKind::kStarred: return kLoosest;
    case NodeKind::kNamedExpr: return kNamed;
    case NodeKind::kLambda: return kLambda;
    case NodeKind::kIfExp: return kIfElse;
    case NodeKind::kBoolOp: return ast.as<syntax::BoolOp>(expr).op() == syntax::BoolOperator::kOr ? kOr : kAnd;
    case NodeKind::kUnaryOp: return ast.as<syntax::UnaryOp>(expr).op() == syntax::UnaryOperator::kNot ? kNot : kSign;
    case NodeKind::kCompare: return kComparison;
    case NodeKind::kBinOp: return strengthOf(ast.as<syntax::BinOp>(expr).op());
    case NodeKind::kAwait: return kAwait;
    case NodeKind::kCall:
    case NodeKind::kAttribute:
    case NodeKind::kSubscript: return kTight;
    default: return kAtom;
  }
}

// Is the call an operand of something that binds tighter than the operator that replaces it?
static bool needsParentheses(const Ast& ast, NodeId call, std::string_view op) {
  NodeId parent = ast.parent(call);
  if (ast.is(parent, NodeKind::kKeyword) || ast.is(parent, NodeKind::kCall) || ast.is(parent, NodeKind::kComprehension)) return false;
  if (ast.is(parent, NodeKind::kSlice) || ast.is(parent, NodeKind::kFormattedValue)) return true;
  return syntax::isExpression(ast, parent) && strengthOf(ast, parent) > strengthOf(op);
}

static std::string operandText(const Ast& ast, NodeId arg, std::string_view op, bool is_augmented) {
  int limit = is_augmented ? static_cast<int>(kLoosest) : strengthOf(op);
  std::string text(ast.text(arg));
  return strengthOf(ast, arg) <= limit ? "(" + text + ")" : text;
}

static bool isInsideDunder(const Ast& ast, NodeId node) {
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) && isDunder(definedName(ast, at))) return true;
  }
  return false;
}

// These would have to become statements.
static bool isStatementOnly(const Dunder& dunder) {
  return dunder.form == Form::kAugmented || isOneOf(dunder.name, {"init", "del", "delattr", "delitem", "setitem"});
}

static std::string callText(const Ast& ast, NodeId value, std::string_view builtin) {
  std::string text(ast.text(value));
  if (ast.is(value, NodeKind::kTuple) && !text.starts_with("(")) text = "(" + text + ")";
  return std::string(builtin) + "(" + text + ")";
}

// What stands for the call, or empty.
static std::string replacementOf(const Ast& ast, NodeId node, const Dunder& dunder) {
  auto call = ast.as<syntax::Call>(node);
  NodeId value = ast.as<syntax::Attribute>(call.func()).value();
  if (dunder.form == Form::kBuiltin) return call.args().size() == 0 && !dunder.text.empty() ? callText(ast, value, dunder.text) : "";
  if (dunder.form == Form::kAdvice || call.args().size() != 1) return "";
  bool is_augmented = dunder.form == Form::kAugmented;
  std::string op(dunder.text), left(ast.text(value)), right = operandText(ast, call.args()[0], op, is_augmented);
  if (dunder.form == Form::kReversed) std::swap(left, right);
  std::string text = left + " " + op + " " + right;
  return !is_augmented && needsParentheses(ast, node, op) ? "(" + text + ")" : text;
}

void checkDunderCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  const Dunder* dunder = method ? findDunder(syntax::nameText(ast, method->attr())) : nullptr;
  if (!dunder || isInsideDunder(ast, node)) return;
  for (NodeId arg : call.args()) {
    if (ast.is(arg, NodeKind::kKeyword)) return;
  }
  if (auto owner = ast.tryAs<syntax::Call>(method->value()); owner && syntax::nameText(ast, owner->func()) == "super") return;
  if (isStatementOnly(*dunder) && syntax::isExpression(ast, ast.parent(node))) return;
  if (dunder->form == Form::kBuiltin && !dunder->text.empty() && isBoundAt(context, node, dunder->text)) return;
  if (isOneOf(dunder->name, {"aiter", "anext"}) && context.options.target_minor < 10) return;
  std::string text = replacementOf(ast, node, *dunder), advice;
  if (dunder->form == Form::kAdvice) {
    advice = ". " + std::string(dunder->text);
  } else if (!text.empty()) {
    advice = ". Use `" + std::string(dunder->text) + (dunder->form == Form::kBuiltin ? "()` builtin." : "` operator.");
  }
  std::string name(syntax::nameText(ast, method->attr()));
  auto finding = context.sink.begin("PLC2801"_rule, ast.range(node), {name, advice});
  if (text.empty()) return;
  finding.fix(advice.substr(2, advice.size() - 3), {{ast.range(node), std::move(text)}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint

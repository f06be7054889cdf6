#include "analyzer/lint/expressions.h"

#include <algorithm>

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

using syntax::ConstantKind;
using syntax::FieldKind;

static bool isSameConstant(const Ast& ast, syntax::Constant a, syntax::Constant b) {
  if (a.constantKind() != b.constantKind()) return false;
  switch (a.constantKind()) {
    case ConstantKind::kStr:
    case ConstantKind::kBytes: return ast.string(a.payload()) == ast.string(b.payload());
    case ConstantKind::kInt: {
      const syntax::IntConstant& x = ast.integer(a.payload());
      const syntax::IntConstant& y = ast.integer(b.payload());
      return x.fits == y.fits && (x.fits ? x.value == y.value : x.base == y.base && x.digits == y.digits);
    }
    case ConstantKind::kFloat:
    case ConstantKind::kComplex: return ast.floating(a.payload()) == ast.floating(b.payload());
    default: return true;
  }
}

static bool isSameList(const Ast& ast, NodeList a, NodeList b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!isSameExpr(ast, a[i], b[i])) return false;
  }
  return true;
}

bool isSameExpr(const Ast& ast, NodeId a, NodeId b) {
  if (!a.valid() || !b.valid()) return a.valid() == b.valid();
  if (a == b) return true;
  NodeKind kind = ast.kind(a);
  if (kind != ast.kind(b)) return false;
  if (kind == NodeKind::kConstant) return isSameConstant(ast, ast.as<syntax::Constant>(a), ast.as<syntax::Constant>(b));
  if (kind != NodeKind::kName && kind != NodeKind::kAttribute && kind != NodeKind::kSubscript &&
      kind != NodeKind::kTuple && kind != NodeKind::kList && kind != NodeKind::kStarred && ast[a].detail != ast[b].detail) {
    return false;
  }
  std::span<const syntax::FieldInfo> fields = syntax::fieldsOf(kind);
  for (uint32_t i = 0; i < fields.size(); ++i) {
    switch (fields[i].kind) {
      case FieldKind::kNode:
      case FieldKind::kOpt:
        if (!isSameExpr(ast, ast.child(a, i), ast.child(b, i))) return false;
        break;
      case FieldKind::kList:
      case FieldKind::kOpts:
        if (!isSameList(ast, ast.list(a, i), ast.list(b, i))) return false;
        break;
      case FieldKind::kValues: {
        NodeList x = ast.list(a, i), y = ast.list(b, i);
        if (!std::equal(x.begin(), x.end(), y.begin(), y.end())) return false;
        break;
      }
      default:
        if (kind != NodeKind::kInterpolation && ast.slot(a, i) != ast.slot(b, i)) return false;
    }
  }
  return true;
}

static bool isDisplayOrLiteral(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kConstant:
    case NodeKind::kJoinedStr:
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kSet:
    case NodeKind::kDict:
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp: return true;
    default: return false;
  }
}

bool hasEffect(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  return anyOver(ast, expr, [&](NodeId node) {
    switch (ast.kind(node)) {
      case NodeKind::kCall: {
        auto call = ast.as<syntax::Call>(node);
        std::string_view name = syntax::nameText(ast, call.func());
        bool is_empty_display = call.args().empty() && isOneOf(name, {"set", "list", "tuple", "dict", "frozenset"}) &&
                                isBuiltin(context, call.func(), name);
        return !is_empty_display;
      }
      case NodeKind::kBinOp: {
        auto op = ast.as<syntax::BinOp>(node);
        return !isDisplayOrLiteral(ast, op.left()) || !isDisplayOrLiteral(ast, op.right());
      }
      case NodeKind::kAwait:
      case NodeKind::kDictComp:
      case NodeKind::kGeneratorExp:
      case NodeKind::kListComp:
      case NodeKind::kSetComp:
      case NodeKind::kSubscript:
      case NodeKind::kYield:
      case NodeKind::kYieldFrom: return true;
      default: return false;
    }
  });
}

bool mentionsName(const Ast& ast, NodeId node, NameId name) {
  return anyOver(ast, node, [&](NodeId at) { return ast.is(at, NodeKind::kName) && syntax::nameOf(ast, at) == name; });
}

bool hasComment(const Ast& ast, TextRange range) {
  std::span<const syntax::Comment> comments = ast.comments();
  auto at = std::lower_bound(comments.begin(), comments.end(), range.begin,
                             [](const syntax::Comment& comment, uint32_t begin) { return comment.begin < begin; });
  return at != comments.end() && at->begin < range.end;
}

std::string dottedText(const Ast& ast, NodeId expr) {
  if (ast.is(expr, NodeKind::kName)) return std::string(syntax::nameText(ast, expr));
  auto attribute = ast.tryAs<syntax::Attribute>(expr);
  if (!attribute) return {};
  std::string base = dottedText(ast, attribute->value());
  if (base.empty()) return {};
  base += '.';
  base += syntax::nameText(ast, attribute->attr());
  return base;
}

std::string_view lastName(const Ast& ast, NodeId expr) {
  if (auto attribute = ast.tryAs<syntax::Attribute>(expr)) return syntax::nameText(ast, attribute->attr());
  return ast.is(expr, NodeKind::kName) ? syntax::nameText(ast, expr) : std::string_view();
}

std::string_view definedName(const Ast& ast, NodeId definition) {
  switch (ast.kind(definition)) {
    case NodeKind::kFunctionDef: return syntax::nameText(ast, ast.as<syntax::FunctionDef>(definition).name());
    case NodeKind::kClassDef: return syntax::nameText(ast, ast.as<syntax::ClassDef>(definition).name());
    case NodeKind::kParameter: return syntax::nameText(ast, ast.as<syntax::Parameter>(definition).name());
    case NodeKind::kKeyword: return syntax::nameText(ast, ast.as<syntax::Keyword>(definition).arg());
    default: return {};
  }
}

bool isLiteral(const Ast& ast, NodeId expr) { return ast.is(expr, NodeKind::kConstant); }

std::optional<int64_t> intValue(const Ast& ast, NodeId expr) {
  if (auto unary = ast.tryAs<syntax::UnaryOp>(expr); unary && unary->op() == syntax::UnaryOperator::kUSub) {
    auto constant = ast.tryAs<syntax::Constant>(unary->operand());
    if (!constant || constant->constantKind() != ConstantKind::kInt || !ast.integer(constant->payload()).fits) return {};
    return -ast.integer(constant->payload()).value;
  }
  auto constant = ast.tryAs<syntax::Constant>(expr);
  if (!constant || constant->constantKind() != ConstantKind::kInt || !ast.integer(constant->payload()).fits) return {};
  return ast.integer(constant->payload()).value;
}

std::string_view argumentText(const Ast& ast, NodeId call, NodeId argument) {
  std::string_view text = ast.text(argument);
  bool is_only = ast.is(argument, NodeKind::kGeneratorExp) && ast.range(argument).end == ast.range(call).end;
  return is_only && text.size() > 1 ? text.substr(1, text.size() - 2) : text;
}

bool needsParentheses(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kBoolOp:
    case NodeKind::kNamedExpr:
    case NodeKind::kLambda:
    case NodeKind::kIfExp:
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
    case NodeKind::kStarred:
    case NodeKind::kCompare: return true;
    case NodeKind::kUnaryOp: return ast.as<syntax::UnaryOp>(expr).op() == syntax::UnaryOperator::kNot;
    case NodeKind::kTuple: return ast.text(expr).front() != '(';
    default: return false;
  }
}

// Where the comment that ends at `end` begins, if it is its line's own or stands behind an opening parenthesis; else `end`.
static uint32_t openingComment(std::string_view text, uint32_t begin, uint32_t end) {
  size_t line_end = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
  size_t line = std::max<size_t>(begin, line_end == std::string_view::npos ? 0 : line_end + 1), at = text.find('#', line);
  if (at >= end) return end;
  size_t last = text.substr(line, at - line).find_last_not_of(" \t\f");
  return last == std::string_view::npos || text[line + last] == '(' ? static_cast<uint32_t>(at) : end;
}

TextRange parenthesizedRange(const Ast& ast, NodeId expr) {
  TextRange range = ast.range(expr);
  if (!ast.hasFlag(expr, syntax::kParenthesized)) return range;
  std::string_view text = ast.text();
  TextRange outer = ast.range(ast.parent(expr));
  // White space, line joins and comments may stand between the parenthesis and the expression.
  auto before = [&](uint32_t at) {
    while (true) {
      uint32_t behind = at;
      while (at > outer.begin && std::string_view(" \t\n\r\\\f").find(text[at - 1]) != std::string_view::npos) --at;
      uint32_t comment = text.substr(at, behind - at).find('\n') == std::string_view::npos ? at : openingComment(text, outer.begin, at);
      if (comment == at) return at;
      at = comment;
    }
  };
  auto after = [&](uint32_t at) {
    while (at < text.size()) {
      char c = text[at];
      if (c == '#') {
        at = static_cast<uint32_t>(std::min(text.find('\n', at), text.size()));
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\' || c == '\f') {
        ++at;
      } else {
        break;
      }
    }
    return at;
  };
  while (true) {
    uint32_t begin = before(range.begin);
    uint32_t end = after(range.end);
    bool is_inside = begin > 0 && end < text.size() && text[begin - 1] == '(' && text[end] == ')';
    if (!is_inside) return range;
    // The parentheses of a call or definition around a single argument are not the expression's own.
    NodeId parent = ast.parent(expr);
    TextRange candidate{begin - 1, end + 1};
    if (auto call = ast.tryAs<syntax::Call>(parent); call && call->func() != expr && candidate.end == ast.range(parent).end) {
      return range;
    }
    range = candidate;
  }
}

TextRange decoratorRange(const Ast& ast, NodeId decorator) {
  TextRange range = parenthesizedRange(ast, decorator);
  while (range.begin > 0 && ast.text()[range.begin] != '@') --range.begin;
  return range;
}

static bool isLetterAt(std::string_view text, size_t at) {
  return at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'));
}

std::string padded(const Ast& ast, TextRange range, std::string text) {
  if (range.begin > 0 && isLetterAt(ast.text(), range.begin - 1)) text.insert(0, " ");
  if (isLetterAt(ast.text(), range.end)) text += ' ';
  return text;
}

std::string paddedInField(const Ast& ast, NodeId node, TextRange range, std::string text) {
  NodeId parent = ast.parent(node);
  auto is_field = [&] { return ast.is(parent, NodeKind::kFormattedValue) || ast.is(parent, NodeKind::kInterpolation); };
  while (parent.valid() && !is_field() && !syntax::isStatement(ast, parent)) parent = ast.parent(parent);
  if (!is_field()) return text;
  if (text.starts_with('{') && range.begin > 0 && ast.text()[range.begin - 1] == '{') text.insert(0, " ");
  if (text.ends_with('}') && range.end < ast.text().size() && ast.text()[range.end] == '}') text += ' ';
  return text;
}

std::string shownText(const Ast& ast, NodeId expr) {
  std::string_view text = ast.text(expr);
  if (text.find('\n') != std::string_view::npos || countUnits(text, ColumnUnit::kUtf32) > 50) return "...";
  return std::string(text);
}

bool mayBreak(const Ast& ast, NodeList body) {
  for (NodeId node : body) {
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kBreak) return true;
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) continue;
    if (kind == NodeKind::kFor || kind == NodeKind::kWhile) {
      NodeList orelse = kind == NodeKind::kFor ? ast.as<syntax::For>(node).orelse() : ast.as<syntax::While>(node).orelse();
      if (mayBreak(ast, orelse)) return true;
      continue;
    }
    bool found = false;
    syntax::forEachChild(ast, node, [&](NodeId child) {
      NodeKind child_kind = ast.kind(child);
      bool holds = syntax::isStatement(ast, child) || child_kind == NodeKind::kExceptHandler || child_kind == NodeKind::kMatchCase;
      if (!found && holds) {
        if (child_kind == NodeKind::kExceptHandler) found = mayBreak(ast, ast.as<syntax::ExceptHandler>(child).body());
        else if (child_kind == NodeKind::kMatchCase) found = mayBreak(ast, ast.as<syntax::MatchCase>(child).body());
        else found = mayBreak(ast, NodeList(&child, 1));
      }
    });
    if (found) return true;
  }
  return false;
}

}  // namespace krait::lint

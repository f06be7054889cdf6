// Expressions back to text, for annotations that are kept as strings. Precedences and spacing as in Python/ast_unparse.c.
#include <charconv>
#include <cstdio>

#include "runtime/codegen/annotations.h"

namespace krait::codegen {

namespace {

enum Level {
  kTuple, kTest, kOr, kAnd, kNot, kComparison, kExpr, kBitOr = kExpr, kBitXor, kBitAnd, kShift, kArithmetic, kTerm, kFactor, kPower,
  kAwait, kAtom
};

struct Writer {
  const Ast& ast;
  std::string out;
  int depth = 0;
};

}  // namespace

static void write(Writer& w, NodeId node, int level);

static void open(Writer& w, bool parentheses) {
  if (parentheses) w.out += '(';
}
static void close(Writer& w, bool parentheses) {
  if (parentheses) w.out += ')';
}

static void writeList(Writer& w, NodeList nodes, int level = kTest) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) w.out += ", ";
    write(w, nodes[i], level);
  }
}

static void writeRepr(std::string& out, std::string_view text, bool is_bytes) {
  char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
  if (is_bytes) out += 'b';
  out += quote;
  for (size_t i = 0; i < text.size(); ++i) {
    char ch = text[i];
    unsigned char u = static_cast<unsigned char>(ch);
    bool is_surrogate = !is_bytes && u == 0xED && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0;
    if (is_surrogate) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", 0xD000u | (text[i + 1] & 0x3Fu) << 6 | (text[i + 2] & 0x3Fu));
      out += buffer;
      i += 2;
      continue;
    }
    if (ch == quote || ch == '\\') {
      out += '\\';
      out += ch;
    } else if (ch == '\n') {
      out += "\\n";
    } else if (ch == '\r') {
      out += "\\r";
    } else if (ch == '\t') {
      out += "\\t";
    } else if (u < 0x20 || u == 0x7f || (is_bytes && u >= 0x80)) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\x%02x", u);
      out += buffer;
    } else {
      out += ch;
    }
  }
  out += quote;
}

// repr(float): the shortest digits that read back the same. Infinity is written as a literal that overflows.
static void writeFloat(std::string& out, double value) {
  if (value > 1.7976931348623157e308) {
    out += "1e309";
    return;
  }
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  size_t e = text.find('e');
  int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  std::string digits(text.substr(0, e));
  if (size_t dot = digits.find('.'); dot != std::string::npos) digits.erase(dot, 1);
  if (exponent < -4 || exponent >= 16) {
    out += digits[0];
    if (digits.size() > 1) out += '.' + digits.substr(1);
    std::snprintf(buffer, sizeof buffer, "e%+03d", exponent);
    out += buffer;
    return;
  }
  if (exponent < 0) {
    out += "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
    return;
  }
  size_t whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  out += digits.substr(0, whole) + '.' + (digits.size() > whole ? digits.substr(whole) : "0");
}

static void writeConstant(Writer& w, NodeId node) {
  auto constant = w.ast.as<syntax::Constant>(node);
  switch (constant.constantKind()) {
    case syntax::ConstantKind::kNone: w.out += "None"; return;
    case syntax::ConstantKind::kTrue: w.out += "True"; return;
    case syntax::ConstantKind::kFalse: w.out += "False"; return;
    case syntax::ConstantKind::kEllipsis: w.out += "..."; return;
    case syntax::ConstantKind::kStr:
      if (w.ast.text(node).starts_with("u") || w.ast.text(node).starts_with("U")) w.out += 'u';
      return writeRepr(w.out, w.ast.string(constant.payload()), false);
    case syntax::ConstantKind::kBytes: return writeRepr(w.out, w.ast.string(constant.payload()), true);
    case syntax::ConstantKind::kFloat: return writeFloat(w.out, w.ast.floating(constant.payload()));
    case syntax::ConstantKind::kComplex: {
      std::string text;
      writeFloat(text, w.ast.floating(constant.payload()));
      if (text.ends_with(".0")) text.resize(text.size() - 2);
      w.out += text + 'j';
      return;
    }
    case syntax::ConstantKind::kInt: {
      const syntax::IntConstant& value = w.ast.integer(constant.payload());
      if (value.fits) w.out += std::to_string(value.value);
      else w.out += w.ast.text(node);
      return;
    }
  }
}

static void writeParameter(Writer& w, const syntax::Parameter& parameter) {
  w.out += syntax::nameText(w.ast, parameter.name());
  if (!parameter.defaultValue().valid()) return;
  w.out += '=';
  write(w, parameter.defaultValue(), kTest);
}
// Nothing stands between `lambda` and a star. ref: append_ast_lambda.
static void writeLambda(Writer& w, NodeId node, int level) {
  using syntax::ParameterKind;
  auto lambda = w.ast.as<syntax::Lambda>(node);
  NodeList all = w.ast.as<syntax::Parameters>(lambda.params()).params();
  open(w, level > kTest);
  w.out += "lambda";
  ParameterKind last = ParameterKind::kPositionalOnly;
  bool has_star = false;
  for (size_t i = 0; i < all.size(); ++i) {
    auto parameter = w.ast.as<syntax::Parameter>(all[i]);
    ParameterKind kind = parameter.parameterKind();
    bool is_named = kind == ParameterKind::kPositionalOnly || kind == ParameterKind::kPositionalOrKeyword;
    if (i > 0) w.out += ", ";
    else if (is_named) w.out += ' ';
    if (i > 0 && last == ParameterKind::kPositionalOnly && kind != ParameterKind::kPositionalOnly) w.out += "/, ";
    if (kind == ParameterKind::kKeywordOnly && !has_star) w.out += "*, ";
    has_star = has_star || kind == ParameterKind::kKeywordOnly || kind == ParameterKind::kVarPositional;
    w.out += kind == ParameterKind::kVarPositional ? "*" : kind == ParameterKind::kVarKeyword ? "**" : "";
    writeParameter(w, parameter);
    last = kind;
  }
  if (!all.empty() && last == ParameterKind::kPositionalOnly) w.out += ", /";
  w.out += ": ";
  write(w, lambda.body(), kTest);
  close(w, level > kTest);
}

// --- strings with parts: what they hold is put together, then quoted as a whole. ref: append_joinedstr.
static void addParts(Writer& w, NodeList values);
// `source`: the text of an expression that a template keeps.
static void addReplacement(Writer& w, NodeId value, int32_t conversion, NodeId spec, std::string_view source = {}) {
  Writer inner{w.ast, std::string(source), w.depth};
  if (source.empty()) write(inner, value, kTest + 1);
  w.out += inner.out.starts_with("{") ? "{ " : "{";
  w.out += inner.out;
  if (conversion > 0) w.out += std::string("!") + static_cast<char>(conversion);
  if (spec.valid()) {
    w.out += ':';
    if (w.ast.is(spec, NodeKind::kJoinedStr)) addParts(w, w.ast.as<syntax::JoinedStr>(spec).values());
    else if (w.ast.is(spec, NodeKind::kTemplateStr)) addParts(w, w.ast.as<syntax::TemplateStr>(spec).values());
  }
  w.out += '}';
}
static void addParts(Writer& w, NodeList values) {
  for (size_t i = 0; i < values.size(); ++i) {
    NodeId value = values[i];
    if (auto constant = w.ast.tryAs<syntax::Constant>(value)) {
      for (char c : w.ast.string(constant->payload())) w.out.append(c == '{' || c == '}' ? 2 : 1, c);
    } else if (auto formatted = w.ast.tryAs<syntax::FormattedValue>(value)) {
      addReplacement(w, formatted->value(), static_cast<int32_t>(formatted->conversion()), formatted->formatSpec());
    } else if (auto interpolated = w.ast.tryAs<syntax::Interpolation>(value)) {
      addReplacement(w, interpolated->value(), static_cast<int32_t>(interpolated->conversion()), interpolated->formatSpec(), w.ast.string(interpolated->source()));
    }
  }
}
static void writeJoined(Writer& w, NodeList values, char prefix) {
  Writer body{w.ast, {}, w.depth};
  addParts(body, values);
  w.out += prefix;
  writeRepr(w.out, body.out, false);
}

static void writeBinary(Writer& w, NodeId node, int level) {
  auto binary = w.ast.as<syntax::BinOp>(node);
  static constexpr int kLevels[] = {kArithmetic, kArithmetic, kTerm, kTerm, kTerm, kTerm, kPower, kShift, kShift, kBitOr, kBitXor, kBitAnd, kTerm};
  int own = kLevels[static_cast<int>(binary.op())];
  bool right_associative = binary.op() == syntax::BinaryOp::kPow;
  open(w, level > own);
  write(w, binary.left(), own + right_associative);
  w.out += std::string(" ") + syntax::spelling(binary.op()) + " ";
  write(w, binary.right(), own + !right_associative);
  close(w, level > own);
}

static void writeUnary(Writer& w, NodeId node, int level) {
  auto unary = w.ast.as<syntax::UnaryOp>(node);
  bool is_not = unary.op() == syntax::UnaryOperator::kNot;
  int own = is_not ? kNot : kFactor;
  open(w, level > own);
  w.out += is_not ? "not " : syntax::spelling(unary.op());
  write(w, unary.operand(), own);
  close(w, level > own);
}

static void writeArguments(Writer& w, NodeList args) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (i > 0) w.out += ", ";
    if (auto keyword = w.ast.tryAs<syntax::Keyword>(args[i])) {
      if (keyword->arg().valid()) w.out += std::string(syntax::nameText(w.ast, keyword->arg())) + "=";
      else w.out += "**";
      write(w, keyword->value(), kTest);
    } else {
      write(w, args[i], kTest);
    }
  }
}

static void writeSubscript(Writer& w, NodeId node) {
  auto subscript = w.ast.as<syntax::Subscript>(node);
  write(w, subscript.value(), kAtom);
  w.out += '[';
  auto tuple = w.ast.tryAs<syntax::Tuple>(subscript.slice());
  bool bare = tuple && !tuple->elts().empty();
  if (bare) {
    writeList(w, tuple->elts());
    if (tuple->elts().size() == 1) w.out += ',';
  } else {
    write(w, subscript.slice(), kTuple);
  }
  w.out += ']';
}

static void writeGenerators(Writer& w, NodeList generators) {
  for (NodeId id : generators) {
    auto generator = w.ast.as<syntax::Comprehension>(id);
    w.out += generator.isAsync() ? " async for " : " for ";
    write(w, generator.target(), kTuple);
    w.out += " in ";
    write(w, generator.iter(), kTest + 1);
    for (NodeId condition : generator.ifs()) {
      w.out += " if ";
      write(w, condition, kTest + 1);
    }
  }
}

static void writeDict(Writer& w, NodeId node) {
  auto dict = w.ast.as<syntax::Dict>(node);
  w.out += '{';
  for (size_t i = 0; i < dict.values().size(); ++i) {
    if (i > 0) w.out += ", ";
    if (dict.keys()[i].valid()) {
      write(w, dict.keys()[i], kTest);
      w.out += ": ";
      write(w, dict.values()[i], kTest);
    } else {
      w.out += "**";
      write(w, dict.values()[i], kExpr);
    }
  }
  w.out += '}';
}

static void write(Writer& w, NodeId node, int level) {
  if (++w.depth > 1000) {
    w.out += w.ast.text(node);
    --w.depth;
    return;
  }
  const Ast& ast = w.ast;
  switch (ast.kind(node)) {
    case NodeKind::kConstant: writeConstant(w, node); break;
    case NodeKind::kName: w.out += syntax::nameText(ast, node); break;
    case NodeKind::kBinOp: writeBinary(w, node, level); break;
    case NodeKind::kUnaryOp: writeUnary(w, node, level); break;
    case NodeKind::kBoolOp: {
      auto op = ast.as<syntax::BoolOp>(node);
      int own = op.op() == syntax::BoolOperator::kAnd ? kAnd : kOr;
      open(w, level > own);
      for (size_t i = 0; i < op.values().size(); ++i) {
        if (i > 0) w.out += own == kAnd ? " and " : " or ";
        write(w, op.values()[i], own + 1);
      }
      close(w, level > own);
      break;
    }
    case NodeKind::kCompare: {
      auto compare = ast.as<syntax::Compare>(node);
      open(w, level > kComparison);
      write(w, compare.left(), kComparison + 1);
      for (size_t i = 0; i < compare.comparators().size(); ++i) {
        w.out += std::string(" ") + syntax::spelling(static_cast<syntax::CompareOperator>(compare.ops()[i].value)) + " ";
        write(w, compare.comparators()[i], kComparison + 1);
      }
      close(w, level > kComparison);
      break;
    }
    case NodeKind::kIfExp: {
      auto choice = ast.as<syntax::IfExp>(node);
      open(w, level > kTest);
      write(w, choice.body(), kTest + 1);
      w.out += " if ";
      write(w, choice.test(), kTest + 1);
      w.out += " else ";
      write(w, choice.orelse(), kTest);
      close(w, level > kTest);
      break;
    }
    case NodeKind::kAttribute: {
      auto attribute = ast.as<syntax::Attribute>(node);
      write(w, attribute.value(), kAtom);
      auto constant = ast.tryAs<syntax::Constant>(attribute.value());
      w.out += constant && constant->constantKind() == syntax::ConstantKind::kInt ? " ." : ".";
      w.out += syntax::nameText(ast, attribute.attr());
      break;
    }
    case NodeKind::kSubscript: writeSubscript(w, node); break;
    case NodeKind::kStarred:
      w.out += '*';
      write(w, ast.as<syntax::Starred>(node).value(), kExpr);
      break;
    case NodeKind::kTuple: {
      NodeList elements = ast.as<syntax::Tuple>(node).elts();
      bool parentheses = elements.empty() || level > kTuple;
      open(w, parentheses);
      writeList(w, elements);
      if (elements.size() == 1) w.out += ',';
      close(w, parentheses);
      break;
    }
    case NodeKind::kList:
      w.out += '[';
      writeList(w, ast.as<syntax::List>(node).elts());
      w.out += ']';
      break;
    case NodeKind::kSet:
      w.out += '{';
      writeList(w, ast.as<syntax::Set>(node).elts());
      w.out += '}';
      break;
    case NodeKind::kDict: writeDict(w, node); break;
    case NodeKind::kCall: {
      NodeList arguments = ast.as<syntax::Call>(node).args();
      write(w, ast.as<syntax::Call>(node).func(), kAtom);
      bool is_generator = arguments.size() == 1 && ast.is(arguments[0], NodeKind::kGeneratorExp);
      open(w, !is_generator);
      writeArguments(w, arguments);
      close(w, !is_generator);
      break;
    }
    case NodeKind::kSlice: {
      auto slice = ast.as<syntax::Slice>(node);
      if (slice.lower().valid()) write(w, slice.lower(), kTest);
      w.out += ':';
      if (slice.upper().valid()) write(w, slice.upper(), kTest);
      if (slice.step().valid()) {
        w.out += ':';
        write(w, slice.step(), kTest);
      }
      break;
    }
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kGeneratorExp: {
      const char* brackets = ast.is(node, NodeKind::kListComp) ? "[]" : ast.is(node, NodeKind::kSetComp) ? "{}" : "()";
      w.out += brackets[0];
      write(w, ast.child(node, 0), kTest);
      writeGenerators(w, ast.list(node, 1));
      w.out += brackets[1];
      break;
    }
    case NodeKind::kNamedExpr:
      w.out += '(';
      write(w, ast.as<syntax::NamedExpr>(node).target(), kAtom);
      w.out += " := ";
      write(w, ast.as<syntax::NamedExpr>(node).value(), kAtom);
      w.out += ')';
      break;
    case NodeKind::kLambda: writeLambda(w, node, level); break;
    case NodeKind::kYield: case NodeKind::kYieldFrom:
      w.out += ast.is(node, NodeKind::kYield) ? "(yield" : "(yield from";
      if (ast.child(node, 0).valid()) {
        w.out += ' ';
        write(w, ast.child(node, 0), kTest);
      }
      w.out += ')';
      break;
    case NodeKind::kAwait:
      open(w, level > kAwait);
      w.out += "await ";
      write(w, ast.as<syntax::Await>(node).value(), kAtom);
      close(w, level > kAwait);
      break;
    case NodeKind::kJoinedStr: writeJoined(w, ast.as<syntax::JoinedStr>(node).values(), 'f'); break;
    case NodeKind::kTemplateStr: writeJoined(w, ast.as<syntax::TemplateStr>(node).values(), 't'); break;
    default: w.out += ast.text(node); break;
  }
  --w.depth;
}

std::string unparse(const Ast& ast, NodeId node) {
  Writer w{ast, {}, 0};
  write(w, node, kTest);
  return std::move(w.out);
}

}  // namespace krait::codegen

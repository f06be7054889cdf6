#include "analyzer/lint/generated_code.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/string_text.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
// How tight the forms of expressions bind; a form that binds looser than its place gets parentheses.
enum Level : uint8_t {
  kWhole = 0,
  kNamed = 1,
  kYieldLevel = 7,
  kSliceLevel = 13,
  kTupleLevel = 19,
  kComma = 21,
  kNamedValue = 24,
  kChoice = 27,
  kComprehensionPart = 29,
  kOrLevel = 31,
  kAndLevel = 33,
  kNotLevel = 35,
  kCompareLevel = 37,
  kSignLevel = 53,
  kPowerLevel = 55,
  kAwaitLevel = 57,
  kAtomLevel = 63,
};

struct Writer {
  const Ast& ast;
  std::string out;
};
}  // namespace

static void write(Writer& w, NodeId expr, uint8_t level);

static uint8_t levelOf(syntax::BinaryOp op) {
  switch (op) {
    case syntax::BinaryOp::kBitOr: return 39;
    case syntax::BinaryOp::kBitXor: return 41;
    case syntax::BinaryOp::kBitAnd: return 43;
    case syntax::BinaryOp::kLShift:
    case syntax::BinaryOp::kRShift: return 45;
    case syntax::BinaryOp::kAdd:
    case syntax::BinaryOp::kSub: return 47;
    case syntax::BinaryOp::kPow: return kPowerLevel;
    default: return 49;
  }
}

static void writeList(Writer& w, NodeList items, uint8_t level) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) w.out += ", ";
    write(w, items[i], level);
  }
}

static void writeGenerators(Writer& w, NodeList generators) {
  for (NodeId id : generators) {
    auto part = w.ast.as<syntax::Comprehension>(id);
    w.out += part.isAsync() ? " async for " : " for ";
    write(w, part.target(), kTupleLevel);
    w.out += " in ";
    write(w, part.iter(), kComprehensionPart);
    for (NodeId test : part.ifs()) {
      w.out += " if ";
      write(w, test, kComprehensionPart);
    }
  }
}

static void writeParameters(Writer& w, NodeList params) {
  using syntax::ParameterKind;
  bool has_star = false;
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = w.ast.as<syntax::Parameter>(params[i]);
    ParameterKind kind = param.parameterKind();
    w.out += i == 0 ? " " : ", ";
    if (kind == ParameterKind::kKeywordOnly && !has_star) w.out += "*, ";
    has_star |= kind == ParameterKind::kKeywordOnly || kind == ParameterKind::kVarPositional;
    if (kind == ParameterKind::kVarPositional) w.out += '*';
    if (kind == ParameterKind::kVarKeyword) w.out += "**";
    w.out += syntax::nameText(w.ast, param.name());
    if (param.defaultValue().valid()) {
      w.out += '=';
      write(w, param.defaultValue(), kComma);
    }
    bool ends_positional = kind == ParameterKind::kPositionalOnly &&
                           (i + 1 == params.size() || w.ast.as<syntax::Parameter>(params[i + 1]).parameterKind() != kind);
    if (ends_positional) w.out += ", /";
  }
}

static void writeCall(Writer& w, syntax::Call call) {
  write(w, call.func(), kAtomLevel);
  w.out += '(';
  NodeList args = call.args();
  auto generator = args.size() == 1 ? w.ast.tryAs<syntax::GeneratorExp>(args[0]) : std::nullopt;
  if (generator) {
    write(w, generator->elt(), kComma);
    writeGenerators(w, generator->generators());
  } else {
    writeList(w, args, kComma);
  }
  w.out += ')';
}

static void writeDict(Writer& w, syntax::Dict dict) {
  w.out += '{';
  for (size_t i = 0; i < dict.values().size(); ++i) {
    if (i > 0) w.out += ", ";
    if (dict.keys()[i].valid()) {
      write(w, dict.keys()[i], kComma);
      w.out += ": ";
      write(w, dict.values()[i], kComma);
    } else {
      w.out += "**";
      write(w, dict.values()[i], kAtomLevel);
    }
  }
  w.out += '}';
}

// Where the next of several literals begins: past blanks, line ends and comments.
static size_t literalAt(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (std::string_view(" \t\f\r\n\\").find(text[at]) == std::string_view::npos) {
      break;
    } else {
      ++at;
    }
  }
  return at;
}

// Where the literal that begins here ends: behind its closing quotes.
static size_t literalEnd(std::string_view text, size_t at) {
  syntax::StringPrefix prefix = syntax::parseStringPrefix(text.substr(at));
  size_t content = at + prefix.prefix_size + prefix.quote_size;
  std::string_view quote = text.substr(at + prefix.prefix_size, prefix.quote_size);
  while (content < text.size()) {
    if (text[content] == '\\') {
      content += 2;
    } else if (text.substr(content).starts_with(quote)) {
      return content + quote.size();
    } else {
      ++content;
    }
  }
  return text.size();
}

// An f-string or template as it is written, with a line break and the blanks around it as one blank.
static void writeFormatted(Writer& w, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n') {
      w.out += text[i];
      continue;
    }
    while (w.out.ends_with(' ') || w.out.ends_with('\r')) w.out.pop_back();
    i = std::min(text.find_first_not_of(" \t\r\n", i), text.size()) - 1;
    w.out += ' ';
  }
}

// A literal as it is written, its escapes as Python would show them.
static void writePart(Writer& w, std::string_view literal) {
  syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
  if (prefix.is_raw && prefix.is_bytes) {
    bool is_capital = literal.substr(0, prefix.prefix_size).find('R') != std::string_view::npos;
    w.out += is_capital ? "Rb" : "rb";
    literal.remove_prefix(prefix.prefix_size);
  }
  if (prefix.is_raw) {
    w.out += literal;
    return;
  }
  size_t head = prefix.prefix_size + prefix.quote_size;
  std::string value;
  bool is_fine = true;
  syntax::decodeStringContent(literal.substr(head, literal.size() - head - prefix.quote_size), prefix, false, &value, &is_fine);
  std::string_view letters = literal.substr(0, prefix.prefix_size);
  char quote = literal[prefix.prefix_size];
  std::string text = prefix.is_bytes ? quotedBytes(value, letters, quote) : quotedText(value, letters, quote);
  std::string more(prefix.is_triple ? 2 : 0, text.back());
  w.out += text.insert(letters.size(), more) + more;
}

// A float as Python shows it.
static std::string floatText(double value) {
  std::array<char, 64> buffer;
  bool is_plain = value == 0 || (std::abs(value) >= 1e-4 && std::abs(value) < 1e16);
  auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::string text(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr);
  if (is_plain && text.find('.') == std::string::npos) text += ".0";
  return text;
}

// A whole number beyond the signed ones of 64 bits: beyond the unsigned ones, too, it stays as it is written.
static std::string largeText(const syntax::IntConstant& constant, std::string_view written) {
  uint64_t value = 0;
  const char* end = constant.digits.data() + constant.digits.size();
  auto read = std::from_chars(constant.digits.data(), end, value, constant.base);
  return read.ec == std::errc() && read.ptr == end ? std::to_string(value) : std::string(written);
}

// The expressions in the fields of an f-string, in the order of the text; `{x=}` shows its own as it is written.
static void collectFields(const Ast& ast, NodeId joined, std::vector<NodeId>& out) {
  for (NodeId part : ast.as<syntax::JoinedStr>(joined).values()) {
    auto field = ast.tryAs<syntax::FormattedValue>(part);
    if (!field) continue;
    uint32_t behind = skipTrivia(ast.text(), ast.range(field->value()).end);
    if (behind < ast.text().size() && ast.text()[behind] != '=') out.push_back(field->value());
    if (field->formatSpec().valid()) collectFields(ast, field->formatSpec(), out);
  }
}

// The text of an f-string with the expressions in it written anew; a template stays as it is.
static std::string withGeneratedFields(const Ast& ast, NodeId expr) {
  std::vector<NodeId> fields;
  if (ast.is(expr, NodeKind::kJoinedStr)) collectFields(ast, expr, fields);
  std::string out;
  uint32_t at = ast.range(expr).begin;
  for (NodeId field : fields) {
    TextRange range = ast.range(field);
    out += ast.text({at, range.begin});
    out += generatedCode(ast, field);
    at = range.end;
  }
  return out + std::string(ast.text({at, ast.range(expr).end}));
}

// The literals of one string or number as they are written, line breaks between them left out.
static void writeLiteral(Writer& w, NodeId expr) {
  std::string_view text = w.ast.text(expr);
  auto constant = w.ast.tryAs<syntax::Constant>(expr);
  if (constant && constant->constantKind() == syntax::ConstantKind::kInt) {
    const syntax::IntConstant& value = w.ast.integer(constant->payload());
    w.out += value.fits ? std::to_string(value.value) : largeText(value, text);
    return;
  }
  if (constant && constant->constantKind() == syntax::ConstantKind::kFloat) {
    double value = w.ast.floating(constant->payload());
    w.out += std::isfinite(value) ? floatText(value) : "1e309";
    return;
  }
  if (constant && constant->constantKind() == syntax::ConstantKind::kComplex) {
    std::string value = floatText(w.ast.floating(constant->payload()));
    if (value.ends_with(".0")) value.resize(value.size() - 2);
    w.out += value + 'j';
    return;
  }
  bool is_text = !constant || constant->constantKind() == syntax::ConstantKind::kStr || constant->constantKind() == syntax::ConstantKind::kBytes;
  if (!is_text) {
    w.out += text;
    return;
  }
  if (!constant) return writeFormatted(w, withGeneratedFields(w.ast, expr));
  bool is_first = true;
  for (size_t at = literalAt(text, 0); at < text.size();) {
    size_t end = literalEnd(text, at);
    if (!is_first) w.out += ' ';
    is_first = false;
    writePart(w, text.substr(at, end - at));
    at = literalAt(text, end);
  }
}

static void writeSlice(Writer& w, syntax::Slice slice) {
  if (slice.lower().valid()) write(w, slice.lower(), kSliceLevel);
  w.out += ':';
  if (slice.upper().valid()) write(w, slice.upper(), kSliceLevel);
  if (!slice.step().valid()) return;
  w.out += ':';
  write(w, slice.step(), kSliceLevel);
}

static void writeCompare(Writer& w, syntax::Compare compare) {
  write(w, compare.left(), kCompareLevel + 1);
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    w.out += ' ';
    w.out += syntax::spelling(static_cast<syntax::CompareOperator>(compare.ops()[i].value));
    w.out += ' ';
    write(w, compare.comparators()[i], kCompareLevel + 1);
  }
}

static void writeBoolOp(Writer& w, syntax::BoolOp op, uint8_t level) {
  bool is_first = true;
  for (NodeId value : op.values()) {
    if (!is_first) w.out += op.op() == syntax::BoolOperator::kAnd ? " and " : " or ";
    is_first = false;
    write(w, value, level + 1);
  }
}

static void writeBinOp(Writer& w, syntax::BinOp op, uint8_t level) {
  bool is_right = op.op() == syntax::BinaryOp::kPow;
  write(w, op.left(), level + (is_right ? 1 : 0));
  w.out += ' ';
  w.out += syntax::spelling(op.op());
  w.out += ' ';
  write(w, op.right(), level + (is_right ? 0 : 1));
}

// The level of a form that takes parentheses in tighter places; kAtomLevel for those that never do.
static uint8_t levelOf(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kBoolOp: return ast.as<syntax::BoolOp>(expr).op() == syntax::BoolOperator::kAnd ? kAndLevel : kOrLevel;
    case NodeKind::kNamedExpr: return kNamed;
    case NodeKind::kBinOp: return levelOf(ast.as<syntax::BinOp>(expr).op());
    case NodeKind::kUnaryOp: return ast.as<syntax::UnaryOp>(expr).op() == syntax::UnaryOperator::kNot ? kNotLevel : kSignLevel;
    case NodeKind::kLambda:
    case NodeKind::kIfExp: return kChoice;
    case NodeKind::kAwait: return kAwaitLevel;
    case NodeKind::kYield:
    case NodeKind::kYieldFrom: return kYieldLevel;
    case NodeKind::kCompare: return kCompareLevel;
    case NodeKind::kTuple: return ast.as<syntax::Tuple>(expr).elts().empty() ? kAtomLevel : kTupleLevel;
    default: return kAtomLevel;
  }
}

static void writeComprehension(Writer& w, NodeId expr, char open, char close) {
  w.out += open;
  write(w, w.ast.child(expr, 0), kChoice);
  if (auto dict = w.ast.tryAs<syntax::DictComp>(expr)) {
    w.out += ": ";
    write(w, dict->value(), kChoice);
    writeGenerators(w, dict->generators());
  } else {
    writeGenerators(w, w.ast.list(expr, 1));
  }
  w.out += close;
}

static void writeForm(Writer& w, NodeId expr, uint8_t own) {
  const Ast& ast = w.ast;
  switch (ast.kind(expr)) {
    case NodeKind::kBoolOp: return writeBoolOp(w, ast.as<syntax::BoolOp>(expr), own);
    case NodeKind::kBinOp: return writeBinOp(w, ast.as<syntax::BinOp>(expr), own);
    case NodeKind::kCompare: return writeCompare(w, ast.as<syntax::Compare>(expr));
    case NodeKind::kCall: return writeCall(w, ast.as<syntax::Call>(expr));
    case NodeKind::kDict: return writeDict(w, ast.as<syntax::Dict>(expr));
    case NodeKind::kSlice: return writeSlice(w, ast.as<syntax::Slice>(expr));
    case NodeKind::kListComp: return writeComprehension(w, expr, '[', ']');
    case NodeKind::kSetComp:
    case NodeKind::kDictComp: return writeComprehension(w, expr, '{', '}');
    case NodeKind::kGeneratorExp: return writeComprehension(w, expr, '(', ')');
    case NodeKind::kNamedExpr: {
      auto named = ast.as<syntax::NamedExpr>(expr);
      write(w, named.target(), kNamed);
      w.out += " := ";
      return write(w, named.value(), kNamedValue);
    }
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<syntax::UnaryOp>(expr);
      w.out += unary.op() == syntax::UnaryOperator::kNot ? "not " : syntax::spelling(unary.op());
      return write(w, unary.operand(), own);
    }
    case NodeKind::kLambda: {
      auto lambda = ast.as<syntax::Lambda>(expr);
      w.out += "lambda";
      writeParameters(w, ast.as<syntax::Parameters>(lambda.params()).params());
      w.out += ": ";
      return write(w, lambda.body(), kChoice);
    }
    case NodeKind::kIfExp: {
      auto choice = ast.as<syntax::IfExp>(expr);
      write(w, choice.body(), kChoice + 1);
      w.out += " if ";
      write(w, choice.test(), kChoice + 1);
      w.out += " else ";
      return write(w, choice.orelse(), kChoice);
    }
    case NodeKind::kAwait: w.out += "await "; return write(w, ast.as<syntax::Await>(expr).value(), kAtomLevel);
    case NodeKind::kYield: {
      w.out += "yield";
      NodeId value = ast.as<syntax::Yield>(expr).value();
      if (value.valid()) w.out += ' ', write(w, value, kYieldLevel + 1);
      return;
    }
    case NodeKind::kYieldFrom: w.out += "yield from "; return write(w, ast.as<syntax::YieldFrom>(expr).value(), kAtomLevel);
    case NodeKind::kSet: w.out += '{', writeList(w, ast.as<syntax::Set>(expr).elts(), kComma), w.out += '}'; return;
    case NodeKind::kList: w.out += '[', writeList(w, ast.as<syntax::List>(expr).elts(), kComma), w.out += ']'; return;
    case NodeKind::kTuple: {
      NodeList elts = ast.as<syntax::Tuple>(expr).elts();
      if (elts.empty()) w.out += "()";
      writeList(w, elts, kComma);
      if (elts.size() == 1) w.out += ',';
      return;
    }
    case NodeKind::kStarred: w.out += '*'; return write(w, ast.as<syntax::Starred>(expr).value(), kAtomLevel);
    case NodeKind::kKeyword: {
      auto keyword = ast.as<syntax::Keyword>(expr);
      w.out += keyword.arg().valid() ? std::string(syntax::nameText(ast, keyword.arg())) + "=" : "**";
      return write(w, keyword.value(), keyword.arg().valid() ? kComma : kAtomLevel);
    }
    case NodeKind::kAttribute: {
      auto attribute = ast.as<syntax::Attribute>(expr);
      auto number = ast.tryAs<syntax::Constant>(attribute.value());
      bool is_int = number && number->constantKind() == syntax::ConstantKind::kInt;
      if (is_int) w.out += '(';
      write(w, attribute.value(), kAtomLevel);
      w.out += is_int ? ")." : ".";
      w.out += syntax::nameText(ast, attribute.attr());
      return;
    }
    case NodeKind::kSubscript: {
      auto subscript = ast.as<syntax::Subscript>(expr);
      write(w, subscript.value(), kAtomLevel);
      w.out += '[';
      write(w, subscript.slice(), kSliceLevel);
      w.out += ']';
      return;
    }
    case NodeKind::kConstant:
    case NodeKind::kJoinedStr:
    case NodeKind::kTemplateStr: return writeLiteral(w, expr);
    default: w.out += ast.text(expr);
  }
}

static void write(Writer& w, NodeId expr, uint8_t level) {
  uint8_t own = levelOf(w.ast, expr);
  if (level > own) w.out += '(';
  writeForm(w, expr, own);
  if (level > own) w.out += ')';
}

std::string generatedCode(const Ast& ast, NodeId expr) {
  Writer w{ast, {}};
  write(w, expr, kWhole);
  return std::move(w.out);
}

std::string generatedOperand(const Ast& ast, NodeId expr, Operand operand) {
  Writer w{ast, {}};
  switch (operand) {
    case Operand::kArgument: write(w, expr, kComma); break;
    case Operand::kChoice: write(w, expr, kChoice + 1); break;
    case Operand::kElse: write(w, expr, kChoice); break;
    case Operand::kAnd: write(w, expr, kAndLevel + 1); break;
    case Operand::kOr: write(w, expr, kOrLevel + 1); break;
    case Operand::kNot: write(w, expr, kNotLevel); break;
    case Operand::kComparison: write(w, expr, kCompareLevel + 1); break;
    case Operand::kAtom: write(w, expr, kAtomLevel); break;
  }
  return std::move(w.out);
}

std::string generatedCall(const Ast& ast, std::string_view function, NodeId argument) {
  std::string text = generatedOperand(ast, argument, Operand::kArgument);
  return std::string(function) + (ast.is(argument, NodeKind::kGeneratorExp) ? text : "(" + text + ")");
}

}  // namespace krait::lint

#include "analyzer/lint/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "analyzer/lint/metrics/complexity.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::lint {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::Token;
using syntax::TokenKind;

double HalsteadMetrics::calculatedLength() const {
  auto part = [](uint32_t n) { return n > 0 ? n * std::log2(n) : 0.0; };
  return part(distinct_operators) + part(distinct_operands);
}

double HalsteadMetrics::volume() const { return vocabulary() > 0 ? length() * std::log2(vocabulary()) : 0.0; }

double HalsteadMetrics::difficulty() const {
  return distinct_operands > 0 ? distinct_operators * static_cast<double>(operands) / (2.0 * distinct_operands) : 0.0;
}

namespace {
struct HalsteadVisit {
  const Ast& ast;
  HalsteadMetrics counts;
  std::set<std::string> operators;
  std::set<std::string> operands;  // with the function that they stand in

  void addOperator(const char* name) {
    ++counts.operators;
    operators.insert(name);
  }
  void addOperand(NodeId node, const std::string& function);
  void visit(NodeId node, const std::string& function);
};
}  // namespace

void HalsteadVisit::addOperand(NodeId node, const std::string& function) {
  ++counts.operands;
  std::string key = function + "\n";
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
    key += syntax::nameText(ast, attribute->attr());
  } else if (ast.is(node, NodeKind::kName)) {
    key += syntax::nameText(ast, node);
  } else if (ast.is(node, NodeKind::kConstant)) {
    key += "=" + std::string(ast.text(node));
  } else {
    key += "#" + std::to_string(node.value);
  }
  operands.insert(std::move(key));
}

void HalsteadVisit::visit(NodeId node, const std::string& function) {
  if (auto op = ast.tryAs<syntax::BinOp>(node)) {
    addOperator(syntax::spelling(op->op()));
    addOperand(op->left(), function);
    addOperand(op->right(), function);
  } else if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) {
    addOperator((std::string("unary ") + syntax::spelling(unary->op())).c_str());
    addOperand(unary->operand(), function);
  } else if (auto either = ast.tryAs<syntax::BoolOp>(node)) {
    addOperator(syntax::spelling(either->op()));
    for (NodeId value : either->values()) addOperand(value, function);
  } else if (auto assign = ast.tryAs<syntax::AugAssign>(node)) {
    addOperator(syntax::spelling(assign->op()));
    addOperand(assign->target(), function);
    addOperand(assign->value(), function);
  } else if (auto compare = ast.tryAs<syntax::Compare>(node)) {
    for (NodeId op_value : compare->ops()) addOperator(syntax::spelling(static_cast<syntax::CompareOperator>(op_value.value)));
    addOperand(compare->left(), function);
    for (NodeId value : compare->comparators()) addOperand(value, function);
  } else if (auto def = ast.tryAs<syntax::FunctionDef>(node)) {
    std::string inner(syntax::nameText(ast, def->name()));
    for (NodeId statement : def->body()) visit(statement, inner);
    return;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { visit(child, function); });
}

// The logical lines of one line of tokens between semicolons: two when code follows a block's colon.
static uint32_t logicalLines(const std::vector<Token>& tokens, size_t begin, size_t end) {
  if (begin == end) return 0;
  bool is_block = syntax::isKeyword(tokens[begin].kind) && tokens[begin].kind != TokenKind::kKwLambda;
  if (!is_block) return 1;
  int depth = 0;
  for (size_t i = begin; i < end; ++i) {
    TokenKind kind = tokens[i].kind;
    depth += kind == TokenKind::kKwLambda;
    if (kind != TokenKind::kColon || tokens[i].depth != tokens[begin].depth) continue;
    if (depth-- > 0) continue;
    return i + 1 < end ? 2 : 1;
  }
  return 1;
}

static uint32_t countLogicalLines(const std::vector<Token>& tokens) {
  uint32_t count = 0;
  size_t begin = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    TokenKind kind = tokens[i].kind;
    if (kind == TokenKind::kIndent || kind == TokenKind::kDedent) {
      begin = i + 1;
      continue;
    }
    if (kind != TokenKind::kNewline && kind != TokenKind::kSemicolon && kind != TokenKind::kEndMarker) continue;
    count += logicalLines(tokens, begin, i);
    begin = i + 1;
  }
  return count;
}

static bool isBlankLine(std::string_view line) { return line.find_first_not_of(" \t\f\r") == std::string_view::npos; }

// Strings that stand alone as statements, by their lines.
static void countStrings(const Ast& ast, const LineIndex& lines, RawMetrics& raw) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto statement = ast.tryAs<syntax::ExprStmt>(NodeId(i));
    if (!statement || !syntax::stringValue(ast, statement->value())) continue;
    uint32_t first = lines.lineOf(ast.range(statement->id).begin), last = lines.lineOf(ast.range(statement->id).end);
    if (first == last) {
      ++raw.single_comments;
      continue;
    }
    for (uint32_t line = first; line <= last; ++line) raw.multi += !isBlankLine(lines.lineText(line));
  }
}

static RawMetrics measureRaw(const Ast& ast, const LineIndex& lines) {
  RawMetrics raw;
  std::string_view text = ast.text();
  raw.lines = lines.lineCount() - (text.empty() || text.back() == '\n' ? 1 : 0);
  for (uint32_t line = 0; line < raw.lines; ++line) raw.blank += isBlankLine(lines.lineText(line));
  raw.comments = static_cast<uint32_t>(ast.comments().size());
  for (const syntax::Comment& comment : ast.comments()) {
    uint32_t start = lines.lineStart(lines.lineOf(comment.begin));
    raw.single_comments += isBlankLine(text.substr(start, comment.begin - start));
  }
  countStrings(ast, lines, raw);
  uint32_t other = raw.blank + raw.single_comments + raw.multi;
  raw.source_lines = raw.lines > other ? raw.lines - other : 0;
  raw.logical_lines = countLogicalLines(syntax::tokenize(text).tokens);
  return raw;
}

static double maintainabilityOf(const FileMetrics& metrics) {
  double volume = metrics.halstead.volume();
  if (volume <= 0 || metrics.raw.logical_lines == 0) return 100;
  double percent = metrics.raw.source_lines == 0 ? 0 : 100.0 * (metrics.raw.comments + metrics.raw.multi) / metrics.raw.source_lines;
  static constexpr double kRadians = 3.14159265358979323846 / 180;
  double index = 171 - 5.2 * std::log(volume) - 0.23 * metrics.total_complexity - 16.2 * std::log(metrics.raw.logical_lines) +
                 50 * std::sin(std::sqrt(2.46 * percent * kRadians));
  return std::clamp(index * 100 / 171, 0.0, 100.0);
}

FileMetrics measureFile(const Ast& ast, const LineIndex& lines) {
  FileMetrics metrics;
  metrics.total_complexity = measureComplexity(ast, lines, metrics.blocks);
  HalsteadVisit visit{.ast = ast, .counts = {}, .operators = {}, .operands = {}};
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) visit.visit(statement, "");
  metrics.halstead = visit.counts;
  metrics.halstead.distinct_operators = static_cast<uint32_t>(visit.operators.size());
  metrics.halstead.distinct_operands = static_cast<uint32_t>(visit.operands.size());
  metrics.raw = measureRaw(ast, lines);
  metrics.maintainability = maintainabilityOf(metrics);
  return metrics;
}

char maintainabilityRank(double index) { return index > 19 ? 'A' : index > 9 ? 'B' : 'C'; }

}  // namespace krait::lint

#include "analyzer/lint/metrics/metrics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/metrics/complexity.h"
#include "analyzer/lint/metrics/raw_metrics.h"

namespace krait::lint {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

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

static std::string numberKey(double value) {
  bool is_whole = std::abs(value) < 9e15 && value == std::floor(value);
  return is_whole ? "number " + std::to_string(static_cast<int64_t>(value)) : "number " + std::to_string(std::bit_cast<uint64_t>(value));
}

// Equal for constants that Python finds equal, be they of several types; a str's is its text.
static std::string constantKey(const Ast& ast, const syntax::Constant& constant) {
  switch (constant.constantKind()) {
    case syntax::ConstantKind::kStr: return "name " + std::string(ast.string(constant.payload()));
    case syntax::ConstantKind::kBytes: return "bytes " + std::string(ast.string(constant.payload()));
    case syntax::ConstantKind::kTrue: return "number 1";
    case syntax::ConstantKind::kFalse: return "number 0";
    case syntax::ConstantKind::kFloat: return numberKey(ast.floating(constant.payload()));
    case syntax::ConstantKind::kComplex: {
      double imaginary = ast.floating(constant.payload());
      return (imaginary != 0 ? "imaginary " : "") + numberKey(imaginary);
    }
    case syntax::ConstantKind::kInt:
      if (auto value = intValue(ast, constant.id)) return "number " + std::to_string(*value);
      return "literal " + std::string(ast.text(constant.id));
    default: return "literal " + std::string(ast.text(constant.id));
  }
}

void HalsteadVisit::addOperand(NodeId node, const std::string& function) {
  ++counts.operands;
  std::string key = function + "\n";
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
    key += "name " + std::string(syntax::nameText(ast, attribute->attr()));
  } else if (ast.is(node, NodeKind::kName)) {
    key += "name " + std::string(syntax::nameText(ast, node));
  } else if (auto constant = ast.tryAs<syntax::Constant>(node)) {
    key += constantKey(ast, *constant);
  } else {
    key += "node " + std::to_string(node.value);
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
  metrics.raw = measureRaw(ast.text());
  metrics.maintainability = maintainabilityOf(metrics);
  return metrics;
}

char maintainabilityRank(double index) { return index > 19 ? 'A' : index > 9 ? 'B' : 'C'; }

}  // namespace krait::lint

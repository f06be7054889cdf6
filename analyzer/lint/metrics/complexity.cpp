#include "analyzer/lint/metrics/complexity.h"

namespace krait::lint {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

namespace {
struct ComplexityVisit {
  const Ast& ast;
  const LineIndex& lines;
  std::vector<BlockMetrics>& blocks;

  uint32_t countNode(NodeId node);
  uint32_t countBody(NodeList body);
  void addFunction(NodeId node, const std::string& owner, uint32_t* sum);
  uint32_t addClass(NodeId node);
};
}  // namespace

// What a node itself adds.
static uint32_t ownComplexity(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kIf:
    case NodeKind::kIfExp:
    case NodeKind::kAssert:
    case NodeKind::kLambda: return 1;
    case NodeKind::kFor: return 1 + !ast.as<syntax::For>(node).orelse().empty();
    case NodeKind::kWhile: return 1 + !ast.as<syntax::While>(node).orelse().empty();
    case NodeKind::kTry: {
      auto attempt = ast.as<syntax::Try>(node);
      return static_cast<uint32_t>(attempt.handlers().size()) + !attempt.orelse().empty();
    }
    case NodeKind::kBoolOp: return static_cast<uint32_t>(ast.as<syntax::BoolOp>(node).values().size()) - 1;
    case NodeKind::kComprehension: return 1 + static_cast<uint32_t>(ast.as<syntax::Comprehension>(node).ifs().size());
    case NodeKind::kMatch: {
      uint32_t count = 0;
      for (NodeId id : ast.as<syntax::Match>(node).cases()) {
        auto pattern = ast.tryAs<syntax::MatchAs>(ast.as<syntax::MatchCase>(id).pattern());
        bool is_wildcard = pattern && !pattern->pattern().valid() && !pattern->name().valid();
        count += !is_wildcard;
      }
      return count;
    }
    default: return 0;
  }
}

uint32_t ComplexityVisit::countNode(NodeId node) {
  if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef)) return 0;
  uint32_t count = ownComplexity(ast, node);
  syntax::forEachChild(ast, node, [&](NodeId child) { count += countNode(child); });
  return count;
}

uint32_t ComplexityVisit::countBody(NodeList body) {
  uint32_t count = 0;
  for (NodeId statement : body) count += countNode(statement);
  return count;
}

void ComplexityVisit::addFunction(NodeId node, const std::string& owner, uint32_t* sum) {
  auto function = ast.as<syntax::FunctionDef>(node);
  LineColumn place = lines.locate(ast.range(node).begin, ColumnUnit::kUtf32);
  BlockMetrics block{.kind = owner.empty() ? BlockKind::kFunction : BlockKind::kMethod,
                     .name = owner + std::string(syntax::nameText(ast, function.name())),
                     .line = place.line + 1,
                     .column = place.column,
                     .complexity = 1 + countBody(function.body())};
  *sum += block.complexity;
  blocks.push_back(std::move(block));
}

// Returns the sum of the class's methods and its own code, plus one.
uint32_t ComplexityVisit::addClass(NodeId node) {
  auto cls = ast.as<syntax::ClassDef>(node);
  std::string name(syntax::nameText(ast, cls.name()));
  size_t at = blocks.size();
  LineColumn place = lines.locate(ast.range(node).begin, ColumnUnit::kUtf32);
  blocks.push_back({.kind = BlockKind::kClass, .name = name, .line = place.line + 1, .column = place.column});
  uint32_t sum = 1, methods = 0;
  for (NodeId statement : cls.body()) {
    if (ast.is(statement, NodeKind::kFunctionDef)) {
      ++methods;
      addFunction(statement, name + ".", &sum);
    } else if (ast.is(statement, NodeKind::kClassDef)) {
      addClass(statement);
    } else {
      sum += countNode(statement);
    }
  }
  blocks[at].complexity = methods == 0 ? sum : sum / methods + (methods != 1);
  return sum;
}

uint32_t measureComplexity(const Ast& ast, const LineIndex& lines, std::vector<BlockMetrics>& blocks) {
  ComplexityVisit visit{.ast = ast, .lines = lines, .blocks = blocks};
  uint32_t total = 1;
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    if (ast.is(statement, NodeKind::kFunctionDef)) {
      uint32_t sum = 0;
      visit.addFunction(statement, "", &sum);
      total += sum - 1;
    } else if (ast.is(statement, NodeKind::kClassDef)) {
      total += visit.addClass(statement) - 1;
    } else {
      total += visit.countNode(statement);
    }
  }
  return total;
}

char complexityRank(uint32_t complexity) {
  if (complexity <= 5) return 'A';
  if (complexity > 40) return 'F';
  return static_cast<char>('A' + (complexity + 9) / 10);
}

}  // namespace krait::lint

#include "analyzer/lint/metrics/complexity.h"

namespace krait::lint {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

namespace {
// What one body adds up to.
struct Sums {
  uint32_t own = 0;        // of the code outside of functions and classes
  uint32_t functions = 0;  // of the functions in it, each from 1
  uint32_t function_count = 0;
  uint32_t classes = 0;  // of the classes in it, each from 0
};

// Blocks are the functions and classes of a module and the functions of those classes, however deep in statements they
// stand; what stands in functions or in classes of classes is none.
struct ComplexityVisit {
  const Ast& ast;
  const LineIndex& lines;
  std::vector<BlockMetrics>& blocks;

  // `owner`: the class whose body it is; null: the module's. `is_inner`: there are no blocks in it.
  void add(NodeId node, const std::string* owner, bool is_inner, Sums& sums);
  void addFunction(NodeId node, const std::string* owner, bool is_inner, Sums& sums);
  void addClass(NodeId node, const std::string* owner, bool is_inner, Sums& sums);
  BlockMetrics blockAt(NodeId node, BlockKind kind, std::string name) const;
};
}  // namespace

// What a node itself adds.
static uint32_t ownComplexity(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kIf:
    case NodeKind::kIfExp:
    case NodeKind::kAssert: return 1;
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

BlockMetrics ComplexityVisit::blockAt(NodeId node, BlockKind kind, std::string name) const {
  LineColumn place = lines.locate(ast.range(node).begin, ColumnUnit::kUtf8);
  return {.kind = kind, .name = std::move(name), .line = place.line + 1, .column = place.column};
}

void ComplexityVisit::add(NodeId node, const std::string* owner, bool is_inner, Sums& sums) {
  if (ast.is(node, NodeKind::kFunctionDef)) return addFunction(node, owner, is_inner, sums);
  if (ast.is(node, NodeKind::kClassDef)) return addClass(node, owner, is_inner, sums);
  sums.own += ownComplexity(ast, node);
  if (ast.is(node, NodeKind::kAssert)) return;
  syntax::forEachChild(ast, node, [&](NodeId child) { add(child, owner, is_inner, sums); });
}

void ComplexityVisit::addFunction(NodeId node, const std::string* owner, bool is_inner, Sums& sums) {
  auto function = ast.as<syntax::FunctionDef>(node);
  Sums inner;
  for (NodeId statement : function.body()) add(statement, nullptr, true, inner);
  uint32_t complexity = 1 + inner.own;
  sums.functions += complexity;
  ++sums.function_count;
  if (is_inner) return;
  std::string name = (owner != nullptr ? *owner + "." : "") + std::string(syntax::nameText(ast, function.name()));
  blocks.push_back(blockAt(node, owner != nullptr ? BlockKind::kMethod : BlockKind::kFunction, std::move(name)));
  blocks.back().complexity = complexity;
}

void ComplexityVisit::addClass(NodeId node, const std::string* owner, bool is_inner, Sums& sums) {
  auto cls = ast.as<syntax::ClassDef>(node);
  std::string name(syntax::nameText(ast, cls.name()));
  bool is_block = !is_inner && owner == nullptr;
  size_t at = blocks.size();
  if (is_block) blocks.push_back(blockAt(node, BlockKind::kClass, name));
  Sums inner;
  for (NodeId statement : cls.body()) add(statement, &name, !is_block, inner);
  sums.classes += inner.own + inner.functions;
  if (!is_block) return;
  // The average of its methods.
  uint32_t all = 1 + inner.own + inner.functions, methods = inner.function_count;
  blocks[at].complexity = methods == 0 ? all : all / methods + (methods > 1);
}

uint32_t measureComplexity(const Ast& ast, const LineIndex& lines, std::vector<BlockMetrics>& blocks) {
  ComplexityVisit visit{.ast = ast, .lines = lines, .blocks = blocks};
  Sums sums;
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) visit.add(statement, nullptr, false, sums);
  return 1 + sums.own + (sums.functions - sums.function_count) + sums.classes;
}

char complexityRank(uint32_t complexity) {
  if (complexity <= 5) return 'A';
  if (complexity > 40) return 'F';
  return static_cast<char>('A' + (complexity + 9) / 10);
}

}  // namespace krait::lint

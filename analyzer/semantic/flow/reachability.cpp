#include "analyzer/semantic/flow/reachability.h"

namespace krait::semantic {

using namespace syntax;

bool Reachability::isUnreachable(const Ast& ast, NodeId node) const {
  if (!has_marks_) return false;
  for (; node.valid(); node = ast.parent(node)) {
    if (isMarked(node)) return true;
  }
  return false;
}

bool isIrrefutable(const Ast& ast, NodeId pattern) {
  if (auto match_as = ast.tryAs<MatchAs>(pattern)) {
    return !match_as->pattern().valid() || isIrrefutable(ast, match_as->pattern());
  }
  if (auto match_or = ast.tryAs<MatchOr>(pattern)) {
    for (NodeId alternative : match_or->patterns()) {
      if (isIrrefutable(ast, alternative)) return true;
    }
  }
  return false;
}

struct ReachabilityWalk {
  const Ast& ast;
  const Target& target;
  Reachability result;
  std::vector<NodeList> work;

  void mark(NodeList statements) {
    if (statements.empty()) return;
    if (result.marks_.empty()) result.marks_.resize(ast.nodeCount());
    result.has_marks_ = true;
    for (NodeId statement : statements) result.marks_[statement.value] = true;
  }

  void visitIf(NodeId node) {
    auto statement = ast.as<If>(node);
    Truth truth = truthOf(ast, statement.test(), target);
    if (isFalse(truth)) {
      mark(statement.body());
    } else {
      work.push_back(statement.body());
    }
    if (isTrue(truth)) {
      mark(statement.orelse());
    } else {
      work.push_back(statement.orelse());
    }
  }

  void visitMatch(NodeId node) {
    bool is_exhausted = false;
    for (NodeId id : ast.as<Match>(node).cases()) {
      auto match_case = ast.as<MatchCase>(id);
      Truth guard = match_case.guard().valid() ? truthOf(ast, match_case.guard(), target) : Truth::kTrue;
      if (is_exhausted || isFalse(guard)) {
        mark(match_case.body());
        continue;
      }
      work.push_back(match_case.body());
      is_exhausted = isTrue(guard) && isIrrefutable(ast, match_case.pattern());
    }
  }

  void visitTry(NodeId node) {
    auto statement = ast.as<Try>(node);
    work.push_back(statement.body());
    for (NodeId handler : statement.handlers()) work.push_back(ast.as<ExceptHandler>(handler).body());
    work.push_back(statement.orelse());
    work.push_back(statement.finalbody());
  }

  void visit(NodeId node) {
    switch (ast.kind(node)) {
      case NodeKind::kIf: return visitIf(node);
      case NodeKind::kMatch: return visitMatch(node);
      case NodeKind::kTry: return visitTry(node);
      case NodeKind::kFunctionDef: return work.push_back(ast.as<FunctionDef>(node).body());
      case NodeKind::kClassDef: return work.push_back(ast.as<ClassDef>(node).body());
      case NodeKind::kWith: return work.push_back(ast.as<With>(node).body());
      case NodeKind::kFor:
        work.push_back(ast.as<For>(node).body());
        return work.push_back(ast.as<For>(node).orelse());
      case NodeKind::kWhile: {
        auto statement = ast.as<While>(node);
        if (isFalse(truthOf(ast, statement.test(), target))) {
          mark(statement.body());
        } else {
          work.push_back(statement.body());
        }
        return work.push_back(statement.orelse());
      }
      default: return;
    }
  }

  void visitList(NodeList statements) {
    for (size_t i = 0; i < statements.size(); ++i) {
      visit(statements[i]);
      auto assertion = ast.tryAs<Assert>(statements[i]);
      if (assertion && isFalse(truthOf(ast, assertion->test(), target))) return mark(statements.subspan(i + 1));
    }
  }
};

Reachability findUnreachable(const Ast& ast, const Target& target) {
  ReachabilityWalk walk{ast, target, {}, {}};
  walk.work.push_back(bodyOf(ast, ast.root()));
  while (!walk.work.empty()) {
    NodeList statements = walk.work.back();
    walk.work.pop_back();
    walk.visitList(statements);
  }
  return std::move(walk.result);
}

}  // namespace krait::semantic

// The state of one walk of followNames: where it is, what it put off, and the operations on bindings. Internal to
// name_flow.cpp (bindings and uses) and name_flow_walk.cpp (the order of the walk).
#pragma once

#include <deque>
#include <unordered_map>

#include "analyzer/lint/name_flow.h"

namespace krait::lint {

struct FlowState {
  explicit FlowState(const LintContext& context) : c(context) {}

  const LintContext& c;
  NameFlow flow;
  ScopeId scope = SemanticModel::kModuleScope;
  NodeId statement;
  uint32_t branch = 0;
  uint32_t statement_branch = 0;  // of `statement`: what its header binds belongs there
  uint32_t name_error_depth = 0;
  bool is_string = false;             // in a type in quotes
  bool is_future = false;             // in an annotation that was put off
  bool is_typing_annotation = false;  // in an annotation that nothing evaluates
  bool is_typing_block = false;       // under `if TYPE_CHECKING:`
  bool is_type_param = false;         // in a bound, a default or an alias's value

  enum class Put : uint8_t { kFunction, kLambda, kType, kString, kLazy, kBases };
  struct Deferred {
    Put put;
    NodeId node;
    ScopeId scope;
    NodeId statement;
    uint32_t branch;
    bool is_string, is_future, is_typing_annotation, is_typing_block, is_type_param;
  };
  // By Put; each is worked off before the next one.
  std::deque<Deferred> deferred[6];
  std::unordered_map<uint32_t, uint32_t> builtins;  // NameId -> binding
  std::vector<bool> has_star;                       // by ScopeId: scopes with a star import so far

  uint32_t newBranch(uint32_t around) {
    flow.branches.push_back(around);
    return static_cast<uint32_t>(flow.branches.size()) - 1;
  }
  bool isTyping() const { return is_typing_block || is_typing_annotation || is_string || is_type_param; }
  void putOff(Put put, NodeId node);
  void restore(const Deferred& later);
  void enterStatement(NodeId node, uint32_t in_branch) {
    statement = node;
    statement_branch = in_branch;
  }

  // name_flow.cpp
  uint32_t latestIn(ScopeId in, NameId name) const;
  // The binding that stands for a builtin, made when it is used first.
  uint32_t builtinBinding(NameId name);
  void refer(uint32_t binding, NodeId node, ScopeId from);
  void referSubmodule(uint32_t binding, NodeId node, ScopeId in);
  bool use(uint32_t binding, NodeId node, ScopeId in);
  void noteUndefined(NodeId node);
  void load(NodeId node);
  void store(NodeId node);
  void remove(NodeId node);
  uint32_t bind(NodeId node, NodeId statement, BindKind kind, bool is_unpacked);

  // name_flow_walk.cpp
  void visitBody(NodeList body);
  void visitStatement(NodeId node);
  void visitExpression(NodeId node);
  void visitExpressions(NodeList nodes);
  void visitPattern(NodeId node);
  void visitAnnotation(NodeId node, bool is_evaluated);
  void visitDeferred();

 private:
  void visitFunction(NodeId node);
  void visitFunctionBody(NodeId node);
  void visitLambda(NodeId node);
  void visitClass(NodeId node);
  void visitTypeParams(NodeList params);
  void visitComprehension(NodeId node);
  void visitImports(NodeId node, NodeList aliases, bool is_from);
  void visitGlobal(NodeId node, NodeList names);
  void visitNonlocal(NodeId node, NodeList names);
  void visitTry(NodeId node);
  void visitHandler(NodeId node);
  void visitIf(NodeId node);
  void visitCall(NodeId node);
  void bindParameters(NodeId params);
  void visitBranch(NodeList body);
};

}  // namespace krait::lint

#include "analyzer/semantic/flow/flow_events.h"

namespace krait::semantic {

using namespace syntax;

namespace {
struct EventWalk {
  const SemanticModel& model;
  const Ast& ast;
  ScopeId frame;
  std::vector<FlowEvent>& events;

  void add(NodeId node, FlowEvent::Kind kind) {
    SymbolId owner = model.ownerAt(node);
    if (owner.valid() && model[owner].scope == frame && model[owner].binding != Binding::kGlobalImplicit) {
      events.push_back({node, owner, kind});
    }
  }

  void expressions(NodeList nodes) {
    for (NodeId node : nodes) expression(node);
  }

  void defaults(NodeId params) {
    for (NodeId param : ast.as<Parameters>(params).params()) {
      NodeId value = ast.as<Parameter>(param).defaultValue();
      if (value.valid()) expression(value);
    }
  }

  void comprehension(NodeId node) {
    bool is_dict = ast.is(node, NodeKind::kDictComp);
    for (NodeId id : ast.list(node, is_dict ? 2 : 1)) {
      auto part = ast.as<Comprehension>(id);
      expression(part.iter());
      expressions(part.ifs());
    }
    expression(ast.child(node, 0));
    if (is_dict) expression(ast.child(node, 1));
  }

  void expression(NodeId node) {
    switch (ast.kind(node)) {
      case NodeKind::kName: return add(node, FlowEvent::kUse);
      case NodeKind::kConstant: return;
      case NodeKind::kLambda: return defaults(ast.as<Lambda>(node).params());
      case NodeKind::kListComp:
      case NodeKind::kSetComp:
      case NodeKind::kDictComp:
      case NodeKind::kGeneratorExp: return comprehension(node);
      case NodeKind::kNamedExpr: {
        auto named = ast.as<NamedExpr>(node);
        expression(named.value());
        return target(named.target(), FlowEvent::kDefine);
      }
      case NodeKind::kIdentifier: return;
      default: forEachChild(ast, node, [&](NodeId child) { expression(child); });
    }
  }

  void target(NodeId node, FlowEvent::Kind kind) {
    switch (ast.kind(node)) {
      case NodeKind::kName: return add(node, kind);
      case NodeKind::kTuple:
        for (NodeId element : ast.as<Tuple>(node).elts()) target(element, kind);
        return;
      case NodeKind::kList:
        for (NodeId element : ast.as<List>(node).elts()) target(element, kind);
        return;
      case NodeKind::kStarred: return target(ast.as<Starred>(node).value(), kind);
      default: return expression(node);
    }
  }

  void pattern(NodeId node) {
    forEachChild(ast, node, [&](NodeId child) {
      if (categoryOf(ast.kind(child)) == NodeCategory::kPattern) {
        pattern(child);
      } else if (ast.is(child, NodeKind::kIdentifier)) {
        add(child, FlowEvent::kDefine);
      } else {
        expression(child);
      }
    });
  }

  void imports(NodeList aliases) {
    for (NodeId id : aliases) {
      auto alias = ast.as<Alias>(id);
      add(alias.asname().valid() ? alias.asname() : alias.name(), FlowEvent::kDefine);
    }
  }

  void statement(NodeId node) {
    switch (ast.kind(node)) {
      case NodeKind::kFunctionDef: {
        auto function = ast.as<FunctionDef>(node);
        expressions(function.decorators());
        defaults(function.params());
        return add(function.name(), FlowEvent::kDefine);
      }
      case NodeKind::kClassDef: {
        auto cls = ast.as<ClassDef>(node);
        expressions(cls.decorators());
        expressions(cls.args());
        return add(cls.name(), FlowEvent::kDefine);
      }
      case NodeKind::kAssign: {
        auto assign = ast.as<Assign>(node);
        expression(assign.value());
        for (NodeId to : assign.targets()) target(to, FlowEvent::kDefine);
        return;
      }
      case NodeKind::kAnnAssign: {
        auto assign = ast.as<AnnAssign>(node);
        if (!assign.value().valid()) return;
        expression(assign.value());
        return target(assign.target(), FlowEvent::kDefine);
      }
      case NodeKind::kAugAssign: {
        auto assign = ast.as<AugAssign>(node);
        target(assign.target(), FlowEvent::kUse);
        expression(assign.value());
        return target(assign.target(), FlowEvent::kDefine);
      }
      case NodeKind::kDelete:
        for (NodeId to : ast.as<Delete>(node).targets()) target(to, FlowEvent::kUnbind);
        return;
      case NodeKind::kTypeAlias: return target(ast.as<TypeAlias>(node).name(), FlowEvent::kDefine);
      case NodeKind::kImport: return imports(ast.as<Import>(node).names());
      case NodeKind::kImportFrom: return imports(ast.as<ImportFrom>(node).names());
      case NodeKind::kGlobal:
      case NodeKind::kNonlocal: return;
      default:
        forEachChild(ast, node, [&](NodeId child) {
          if (isStatement(ast, child)) {
            statement(child);
          } else {
            expression(child);
          }
        });
    }
  }
};
}  // namespace

void appendEvents(const SemanticModel& model, ScopeId frame, const Element& element, std::vector<FlowEvent>& events) {
  EventWalk walk{model, model.ast(), frame, events};
  switch (element.kind) {
    case ElementKind::kStatement: return walk.statement(element.node);
    case ElementKind::kExpression: return walk.expression(element.node);
    case ElementKind::kTarget: return walk.target(element.node, FlowEvent::kDefine);
    case ElementKind::kHandlerName:
      return walk.add(model.ast().as<ExceptHandler>(element.node).name(), FlowEvent::kDefine);
    case ElementKind::kHandlerEnd:
      return walk.add(model.ast().as<ExceptHandler>(element.node).name(), FlowEvent::kUnbind);
    case ElementKind::kPattern: {
      if (auto match_as = model.ast().tryAs<MatchAs>(element.node); match_as && match_as->name().valid()) {
        if (match_as->pattern().valid()) walk.pattern(match_as->pattern());
        return walk.add(match_as->name(), FlowEvent::kDefine);
      }
      return walk.pattern(element.node);
    }
  }
}

}  // namespace krait::semantic

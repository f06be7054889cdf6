// Comprehensions and generator expressions: a scope of their own; conditions narrow what follows them.
#include "checker/infer/forms.h"

namespace krait::infer {

using syntax::NodeKind;

static ScopeId scopeOf(Context& c, NodeId node) {
  auto found = c.expression_scopes.find(node.value);
  if (found != c.expression_scopes.end()) return found->second;
  ScopeId scope = declare::comprehensionScope(c.w, c.module, c.scope, node);
  c.expression_scopes[node.value] = scope;
  return scope;
}

static bool hasAsync(const Ast& ast, NodeId node) {
  uint32_t at = ast.is(node, NodeKind::kDictComp) ? 2 : 1;
  for (NodeId generator : ast.list(node, at)) {
    if (ast.as<syntax::Comprehension>(generator).isAsync()) return true;
  }
  return false;
}

static void checkGenerators(Context& c, NodeList generators, ScopeId inner) {
  World& w = c.w;
  ScopeId outer = c.scope;
  bool first = true;
  for (NodeId node : generators) {
    auto generator = c.ast->as<syntax::Comprehension>(node);
    // The first iterable is evaluated outside.
    c.scope = first ? outer : inner;
    first = false;
    TypeId iterable = inferExpr(c, generator.iter());
    TypeId item = generator.isAsync() ? asyncIterableItem(c, iterable, generator.iter()) : iterableItem(c, iterable, generator.iter());
    c.scope = inner;
    c.callbacks->assign_type(c, generator.target(), item, node);
    for (NodeId condition : generator.ifs()) {
      inferExpr(c, condition);
      ConditionResult known = c.callbacks->find_condition(c, condition);
      for (const std::string& enabled : c.options().enable_error_code) {
        if (enabled != "redundant-expr") continue;
        if (known.if_true.is_impossible) fail(c, condition, Code::kRedundantExpr, "If condition in comprehension is always false");
        if (known.if_false.is_impossible) fail(c, condition, Code::kRedundantExpr, "If condition in comprehension is always true");
      }
      applyNarrowing(c, known.if_true);
    }
  }
  (void)w;
}

// `def [T] (T) -> list[T]` called with the element.
static TypeId wrap(Context& c, NodeId node, NodeId element, TypeId generic, std::string_view tag) {
  World& w = c.w;
  if (!w.types.is(generic, TypeKind::kInstance) || w.header(w.types[generic].cls()).type_vars.empty()) {
    inferExpr(c, element);
    return generic;
  }
  ClassId cls = w.types[generic].cls();
  CallableParts parts;
  TypeVarId first = w.header(cls).type_vars[0];
  parts.vars = {typeVarType(w, first)};
  std::vector<TypeId> args = {parts.vars[0]};
  size_t count = w.header(cls).type_vars.size();
  while (args.size() < count) args.push_back(w.types.none());
  parts.ret = w.types.instance(cls, args);
  parts.name = w.name(tag);
  parts.add(NameId::none(), ParamKind::kPos, parts.vars[0]);
  return checkCall(c, w.types.callable(parts), {Argument{.node = element}}, node).type;
}

static TypeId wrapDict(Context& c, NodeId node) {
  World& w = c.w;
  auto comp = c.ast->as<syntax::DictComp>(node);
  TypeId dict = builtinType(w, "dict");
  if (!w.types.is(dict, TypeKind::kInstance) || w.header(w.types[dict].cls()).type_vars.size() != 2) return dict;
  ClassId cls = w.types[dict].cls();
  CallableParts parts;
  for (TypeVarId variable : w.header(cls).type_vars) parts.vars.push_back(typeVarType(w, variable));
  parts.ret = w.types.instance(cls, parts.vars);
  parts.name = w.name("<dictionary-comprehension>");
  parts.add(NameId::none(), ParamKind::kPos, parts.vars[0]);
  parts.add(NameId::none(), ParamKind::kPos, parts.vars[1]);
  return checkCall(c, w.types.callable(parts), {Argument{.node = comp.key()}, Argument{.node = comp.value()}}, node).type;
}

TypeId inferComprehension(Context& c, NodeId node, TypeId expected) {
  World& w = c.w;
  NodeKind kind = c.ast->kind(node);
  ScopeId inner = scopeOf(c, node);
  ScopeId outer = c.scope;
  TypeId result;
  {
    narrow::FrameScope frame(*c.frames, {.can_skip = true, .fall_through = 0});
    uint32_t at = kind == NodeKind::kDictComp ? 2 : 1;
    checkGenerators(c, c.ast->list(node, at), inner);
    c.scope = inner;
    NodeId element = c.ast->child(node, 0);
    if (kind == NodeKind::kListComp) {
      result = wrap(c, node, element, builtinType(w, "list"), "<list-comprehension>");
    } else if (kind == NodeKind::kSetComp) {
      result = wrap(c, node, element, builtinType(w, "set"), "<set-comprehension>");
    } else if (kind == NodeKind::kDictComp) {
      result = wrapDict(c, node);
    } else {
      bool is_async = hasAsync(*c.ast, node) || c.ast->is(element, NodeKind::kAwait);
      result = wrap(c, node, element, namedType(w, "typing", is_async ? "AsyncGenerator" : "Generator"), "<generator>");
    }
  }
  c.scope = outer;
  return removeLastKnownValues(w, result);
}

}  // namespace krait::infer

// The inference of a call's arguments in the contexts of their formal parameters: once where nothing is open in the
// formal, else again when the type variables are known.
#include "checker/infer/infer.h"

namespace krait::infer {

static bool isStarred(const Arg& arg) { return arg.kind == ArgKind::kStar || arg.kind == ArgKind::kStar2; }

// Does the type of such an expression depend on the context?
static bool takesContext(NodeKind kind) {
  switch (kind) {
    case NodeKind::kName:
    case NodeKind::kAttribute:
    case NodeKind::kSubscript:
    case NodeKind::kConstant:
    case NodeKind::kCompare:
    case NodeKind::kJoinedStr: return false;
    default: return true;
  }
}

void GenericCall::inferOne(Checker& c, TypeId callee, size_t formal_index, size_t argument) {
  World& w = c.w;
  const Arg& arg = site.args[argument];
  CallableView view = w.types.callable(callee);
  TypeId context = view.types()[formal_index];
  bool is_lambda = arg.node.valid() && c.ast->is(arg.node, NodeKind::kLambda);
  bool is_open = false;
  if (!arg.node.valid()) {
    types[argument] = arg.type;
    return;
  }
  if (isStarred(arg) || w.types.is(context, TypeKind::kUnpack) || isParamSpec(w, context)) context = TypeId::none();
  if (context.valid() && view.isGeneric() && w.types[context].has(kHasTypeVars)) {
    std::vector<TypeVarId> variables;
    for (TypeId var : view.vars()) variables.push_back(TypeVarId(w.types[var].ref));
    TypeId erased = eraseTypeVars(w, context, &variables, w.types.erased());
    is_open = erased != context;
    // A variable that stands for literals makes literals of its arguments.
    if (is_open && isPlainTypeVar(w, context) && wantsLiteral(w, context)) {
      TypeVarId variable(w.types[context].ref);
      std::vector<TypeId> values = valuesOf(w, variable);
      erased = values.empty() ? upperBound(w, variable) : w.types.unionOf(values);
    }
    context = erased;
  }
  depends[argument] = is_open && takesContext(c.ast->kind(arg.node));
  Watch watch = startWatch(c);
  types[argument] = inferExpr(c, arg.node, context);
  if (depends[argument] || is_lambda) messages[argument] = takeBack(c, watch);
}

void GenericCall::remap(Checker& c, TypeId callee) {
  std::vector<TypeId> known = star_types;
  for (size_t i = 0; i < types.size(); ++i) {
    if (isStarred(site.args[i]) && types[i].valid()) known[i] = types[i];
  }
  map = mapArguments(c, site, known, callee);
}

void GenericCall::inferAll(Checker& c, TypeId callee) {
  size_t count = site.args.size();
  types.assign(count, TypeId::none());
  messages.assign(count, {});
  depends.assign(count, false);
  for (size_t i = 0; i < map.size(); ++i) {
    for (size_t ai : map[i]) {
      if (!types[ai].valid()) inferOne(c, callee, i, ai);
    }
  }
  for (size_t ai = 0; ai < count; ++ai) {
    if (!types[ai].valid()) types[ai] = site.args[ai].node.valid() ? inferExpr(c, site.args[ai].node) : site.args[ai].type;
  }
}

void GenericCall::inferWaiting(Checker& c, TypeId callee, const std::vector<bool>& second) {
  for (size_t i = 0; i < map.size(); ++i) {
    for (size_t ai : map[i]) {
      if (second[ai] && depends[ai]) inferOne(c, callee, i, ai);
    }
  }
}

// Is there a type variable that no function or class around binds?
static bool hasFreeVariable(Checker& c, TypeId type) {
  World& w = c.w;
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar) {
    const TypeVarInfo& info = typeVarOf(w, type);
    for (ScopeId at = c.scope; at.valid(); at = w.scopes[at].parent) {
      const Scope& scope = w.scopes[at];
      if (scope.kind == ScopeKind::kClass && info.class_scope == scope.cls) return false;
      if (scope.kind == ScopeKind::kFunction && info.function_scope == scope.function) return false;
    }
    return true;
  }
  return std::any_of(record.args().begin(), record.args().end(), [&](TypeId arg) { return hasFreeVariable(c, arg); });
}

void GenericCall::finish(Checker& c, TypeId callee) {
  World& w = c.w;
  for (size_t i = 0; i < map.size(); ++i) {
    for (size_t ai : map[i]) {
      if (!depends[ai]) continue;
      TypeId formal = w.types.callable(callee).types()[i];
      bool usable = !w.types[formal].has(kHasErased) && !isParamSpec(w, formal) && !w.types.is(formal, TypeKind::kUnpack);
      // A call that fits needs no other context.
      bool is_call = c.ast->is(site.args[ai].node, NodeKind::kCall);
      if (!usable || (is_call && isSubtype(w, types[ai], formal))) continue;
      depends[ai] = false;
      std::vector<Message> before = std::move(messages[ai]);
      messages[ai].clear();
      // A lambda's parameters that no argument tells are anything, if what it does with them does not fit free variables.
      bool is_lambda = c.ast->is(site.args[ai].node, NodeKind::kLambda);
      bool may_be_anything = is_lambda && before.empty() && follows(*c.options, Divergence::kLambdaContext) && hasFreeVariable(c, formal);
      Watch watch = startWatch(c);
      TypeId type = inferExpr(c, site.args[ai].node, formal);
      if (may_be_anything && hasNewErrors(c, watch)) {
        takeBack(c, watch);
        continue;
      }
      types[ai] = type;
    }
  }
  for (std::vector<Message>& found : messages) putBack(c, std::move(found));
}

}  // namespace krait::infer

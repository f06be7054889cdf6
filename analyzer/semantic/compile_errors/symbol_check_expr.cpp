#include "analyzer/semantic/compile_errors/symbol_check.h"

namespace krait::semantic {

using namespace syntax;

// symtable_raise_if_annotation_block: `what` may not stand in annotations and their kin.
static bool checkPlaceOf(SymbolCheck& c, const char* what, NodeId id) {
  std::string start = std::string(what) + " cannot be used within ";
  switch (c.current().kind) {
    case BlockKind::kAnnotation: return failAt(c.check, id, start + "an annotation");
    case BlockKind::kTypeVariable: return failAt(c.check, id, start + c.current().place);
    case BlockKind::kTypeAlias: return failAt(c.check, id, start + "a type alias");
    case BlockKind::kTypeParameters: return failAt(c.check, id, start + "the definition of a generic");
    default: return true;
  }
}

static const char* whereWalrusIsNot(BlockKind kind) {
  switch (kind) {
    case BlockKind::kClass: return "in a class body";
    case BlockKind::kTypeParameters: return "within the definition of a generic";
    case BlockKind::kTypeAlias: return "in a type alias";
    case BlockKind::kTypeVariable: return "in a TypeVar bound";
    default: return nullptr;
  }
}

// PEP 572: the target of `:=` in a comprehension belongs to the block around all comprehensions.
static bool bindOutside(SymbolCheck& c, const Name& target) {
  NameId name = mangledName(c, target.name());
  std::string shown(c.ast.name(target.name()));
  for (size_t i = c.stack.size(); i-- > 0;) {
    uint32_t index = c.stack[i];
    const SymbolBlock& block = c.blocks[index];
    if (block.comprehension != ComprehensionKind::kNone) {
      uint32_t known = flagsOf(c, index, name);
      if ((known & kNameIteration) != 0 && (known & (kNameLocal | kNameGlobal)) != 0) {
        return failAt(c.check, target.id,
                      "assignment expression cannot rebind comprehension iteration variable '" + shown + "'");
      }
      continue;
    }
    if (const char* where = whereWalrusIsNot(block.kind)) {
      return failAt(c.check, target.id,
                    std::string("assignment expression within a comprehension cannot be used ") + where);
    }
    bool is_global = block.kind == BlockKind::kModule || (flagsOf(c, index, name) & kNameGlobal) != 0;
    if (!addName(c, target.name(), is_global ? kNameGlobal : kNameNonlocal, target.range())) return false;
    c.directives.push_back({c.currentIndex(), name, target.range()});
    bool is_module = c.blocks[index].kind == BlockKind::kModule;
    return addNameIn(c, index, target.name(), is_module ? kNameGlobal : kNameLocal, target.range());
  }
  return true;
}

static bool checkNamedExpr(SymbolCheck& c, const NamedExpr& named) {
  if (!checkPlaceOf(c, "named expression", named.id)) return false;
  if (c.current().iterable_depth > 0) {
    return failAt(c.check, named.id, "assignment expression cannot be used in a comprehension iterable expression");
  }
  auto target = c.ast.tryAs<Name>(named.target());
  if (target && c.current().comprehension != ComprehensionKind::kNone && !bindOutside(c, *target)) return false;
  return checkExpression(c, named.value()) && checkExpression(c, named.target());
}

static bool checkYield(SymbolCheck& c, NodeId id, NodeId value) {
  if (!checkPlaceOf(c, "yield expression", id)) return false;
  if (value.valid() && !checkExpression(c, value)) return false;
  switch (c.current().comprehension) {
    case ComprehensionKind::kNone: return true;
    case ComprehensionKind::kList: return failAt(c.check, id, "'yield' inside list comprehension");
    case ComprehensionKind::kSet: return failAt(c.check, id, "'yield' inside set comprehension");
    case ComprehensionKind::kDict: return failAt(c.check, id, "'yield' inside dict comprehension");
    case ComprehensionKind::kGenerator: return failAt(c.check, id, "'yield' inside generator expression");
  }
  return true;
}

static bool isAsyncDef(SymbolCheck& c) {
  return c.current().kind == BlockKind::kFunction && c.current().is_coroutine;
}

static bool checkAwait(SymbolCheck& c, const Await& await) {
  if (!checkPlaceOf(c, "await expression", await.id)) return false;
  if (c.check.awaits_at_top && c.current().kind == BlockKind::kModule) return checkExpression(c, await.value());
  if (!isFunctionLike(c.current().kind)) return failAt(c.check, await.id, "'await' outside function");
  if (!isAsyncDef(c) && c.current().comprehension == ComprehensionKind::kNone) {
    return failAt(c.check, await.id, "'await' outside async function");
  }
  if (!checkExpression(c, await.value())) return false;
  c.current().is_coroutine = true;
  return true;
}

static bool checkTarget(SymbolCheck& c, NodeId target) {
  c.current().in_iteration_target = true;
  bool ok = checkExpression(c, target);
  c.current().in_iteration_target = false;
  return ok;
}

static bool checkIterable(SymbolCheck& c, NodeId iterable) {
  ++c.current().iterable_depth;
  bool ok = checkExpression(c, iterable);
  --c.current().iterable_depth;
  return ok;
}

static bool checkClauses(SymbolCheck& c, NodeList generators) {
  Comprehension outermost = c.ast.as<Comprehension>(generators[0]);
  if (!checkTarget(c, outermost.target()) || !checkExpressions(c, outermost.ifs())) return false;
  for (NodeId id : generators.subspan(1)) {
    Comprehension clause = c.ast.as<Comprehension>(id);
    if (!checkTarget(c, clause.target()) || !checkIterable(c, clause.iter()) || !checkExpressions(c, clause.ifs())) {
      return false;
    }
    if (clause.isAsync()) c.current().is_coroutine = true;
  }
  return true;
}

// symtable_handle_comprehension. `value`: of a dict comprehension, else none.
static bool checkComprehension(SymbolCheck& c, NodeId id, ComprehensionKind kind, NodeList generators, NodeId element,
                               NodeId value) {
  Comprehension outermost = c.ast.as<Comprehension>(generators[0]);
  if (!checkIterable(c, outermost.iter())) return false;
  SymbolBlock& block = enterBlock(c, BlockKind::kFunction);
  block.comprehension = kind;
  block.is_coroutine = outermost.isAsync();
  bool ok = checkClauses(c, generators) && (value.isNone() || checkExpression(c, value)) && checkExpression(c, element);
  bool is_async = c.current().is_coroutine && kind != ComprehensionKind::kGenerator;
  leaveBlock(c);
  if (!ok || !is_async || (c.check.awaits_at_top && c.current().kind == BlockKind::kModule)) return ok;
  if (!isAsyncDef(c) && c.current().comprehension == ComprehensionKind::kNone) {
    return failAt(c.check, id, "asynchronous comprehension outside of an asynchronous function");
  }
  c.current().is_coroutine = true;
  return true;
}

static bool checkLambda(SymbolCheck& c, const Lambda& lambda) {
  if (!checkDefaults(c, lambda.params())) return false;
  enterBlock(c, BlockKind::kFunction);
  bool ok = checkParameters(c, lambda.params()) && checkExpression(c, lambda.body());
  leaveBlock(c);
  return ok;
}

static NameUse useOf(ExprContext context) {
  return context == ExprContext::kLoad    ? NameUse::kLoad
         : context == ExprContext::kStore ? NameUse::kStore
                                          : NameUse::kDelete;
}

bool checkKeywordNames(SymbolCheck& c, NodeList args) {
  for (NodeId id : args) {
    auto keyword = c.ast.tryAs<Keyword>(id);
    if (!keyword || keyword->arg().isNone()) continue;
    if (!checkReservedName(c, nameText(c.ast, keyword->arg()), keyword->range(), NameUse::kStore)) return false;
  }
  return true;
}

static bool checkParts(SymbolCheck& c, NodeId id) {
  bool ok = true;
  forEachChild(c.ast, id, [&](NodeId child) {
    if (ok && !c.ast.is(child, NodeKind::kIdentifier)) ok = checkExpression(c, child);
  });
  return ok;
}

bool checkExpression(SymbolCheck& c, NodeId id) {
  const Ast& ast = c.ast;
  switch (ast.kind(id)) {
    case NodeKind::kName: {
      Name name = ast.as<Name>(id);
      NameUse use = useOf(name.context());
      return addName(c, name.name(), use == NameUse::kLoad ? kNameUsed : kNameLocal, name.range(), use);
    }
    case NodeKind::kAttribute: {
      Attribute attribute = ast.as<Attribute>(id);
      return checkReservedName(c, nameText(ast, attribute.attr()), attribute.range(), useOf(attribute.context())) &&
             checkExpression(c, attribute.value());
    }
    case NodeKind::kNamedExpr: return checkNamedExpr(c, ast.as<NamedExpr>(id));
    case NodeKind::kLambda: return checkLambda(c, ast.as<Lambda>(id));
    case NodeKind::kYield: return checkYield(c, id, ast.as<Yield>(id).value());
    case NodeKind::kYieldFrom: return checkYield(c, id, ast.as<YieldFrom>(id).value());
    case NodeKind::kAwait: return checkAwait(c, ast.as<Await>(id));
    case NodeKind::kIfExp: {
      IfExp conditional = ast.as<IfExp>(id);
      return checkExpression(c, conditional.test()) && checkExpression(c, conditional.body()) &&
             checkExpression(c, conditional.orelse());
    }
    case NodeKind::kCall: {
      Call call = ast.as<Call>(id);
      return checkExpression(c, call.func()) && checkKeywordNames(c, call.args()) && checkExpressions(c, call.args());
    }
    case NodeKind::kListComp: {
      ListComp comp = ast.as<ListComp>(id);
      return checkComprehension(c, id, ComprehensionKind::kList, comp.generators(), comp.elt(), NodeId());
    }
    case NodeKind::kSetComp: {
      SetComp comp = ast.as<SetComp>(id);
      return checkComprehension(c, id, ComprehensionKind::kSet, comp.generators(), comp.elt(), NodeId());
    }
    case NodeKind::kGeneratorExp: {
      GeneratorExp comp = ast.as<GeneratorExp>(id);
      return checkComprehension(c, id, ComprehensionKind::kGenerator, comp.generators(), comp.elt(), NodeId());
    }
    case NodeKind::kDictComp: {
      DictComp comp = ast.as<DictComp>(id);
      return checkComprehension(c, id, ComprehensionKind::kDict, comp.generators(), comp.key(), comp.value());
    }
    default: return checkParts(c, id);
  }
}

bool checkExpressions(SymbolCheck& c, NodeList list) {
  for (NodeId id : list) {
    if (!checkExpression(c, id)) return false;
  }
  return true;
}

}  // namespace krait::semantic

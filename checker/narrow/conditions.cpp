// Conditions: which narrowings follow where a test is true and where it is false. Dispatch over the forms of tests.
#include "checker/narrow/checker.h"

namespace krait::narrow {

static TypeId typeAt(Checker& c, NodeId node) {
  TypeId type = c.nodeType(node);
  return type.valid() ? type : c.w.types.any();
}

// What of the type is true-ish by its length. That tuple[X, ...] has an item is not written out.
static TypeId longerThanNone(Checker& c, TypeId type, TypeId precise) {
  if (!follows(*c.options, Divergence::kPreciseLengths)) return precise;
  World& w = c.w;
  std::vector<TypeId> kept;
  for (TypeId item : unionItems(w, proper(w, type))) {
    bool is_plain = !isNarrowedByLength(c, item) || w.types.is(proper(w, item), TypeKind::kInstance);
    TypeId part = is_plain ? item : splitByLength(c, item, syntax::CompareOperator::kGt, 0).yes;
    if (part.valid()) kept.push_back(part);
  }
  return kept.empty() ? w.types.never() : simplifiedUnion(w, kept);
}

// Truth alone: what is true-ish and what false-ish of the type; a tuple's truth is its length.
static Conditions truthiness(Checker& c, NodeId node) {
  World& w = c.w;
  TypeId type = typeAt(c, node);
  checkTruthiness(c, node, type);
  auto part = [&](TypeId narrowed) { return narrowed == type ? TypeMap{} : mapOf(c, node, narrowed); };
  if (w.options.strict_optional && keyOf(c, withoutWalrus(c, node)).valid() && isNarrowedByLength(c, type) &&
      !hasCustomMethod(w, type, w.names.__bool__)) {
    LengthSplit split = splitByLength(c, type, syntax::CompareOperator::kGt, 0);
    TypeId yes = split.yes.valid() ? trueOnly(w, longerThanNone(c, type, split.yes)) : w.types.never();
    TypeId no = split.no.valid() ? falseOnly(w, split.no) : w.types.never();
    return {part(yes), part(no)};
  }
  TypeId expanded = expandSumType(w, type, "builtins.bool");
  TypeId yes = trueOnly(w, expanded), no = falseOnly(w, expanded);
  Conditions result;
  result.if_true = yes == expanded ? TypeMap{} : part(yes);
  result.if_false = no == expanded ? TypeMap{} : part(no);
  return result;
}

static Conditions fromRanges(Checker& c, NodeId node, const std::vector<TypeRange>& ranges, bool at_runtime = true) {
  node = withoutWalrus(c, node);
  Narrowed split = splitWithIntersections(c, typeAt(c, node), ranges, node, at_runtime);
  return {mapOf(c, node, split.yes), mapOf(c, node, split.no)};
}

// types.NoneType is the class of None.
static void readNoneType(World& w, std::vector<TypeRange>& ranges) {
  for (TypeRange& range : ranges) {
    if (isNamed(w, range.item, "types.NoneType") || isNamed(w, range.item, "_typeshed.NoneType")) range.item = w.types.none();
  }
}

static Conditions isinstanceCall(Checker& c, NodeId node, NodeId classes) {
  std::vector<TypeRange> ranges;
  if (c.ast->is(classes, NodeKind::kBinOp)) {
    // X | Y
    std::vector<NodeId> parts{classes};
    bool known = true;
    while (!parts.empty()) {
      NodeId part = parts.back();
      parts.pop_back();
      auto op = c.ast->tryAs<syntax::BinOp>(part);
      if (op) {
        parts.push_back(op->right());
        parts.push_back(op->left());
      } else if (auto constant = c.ast->tryAs<syntax::Constant>(part)) {
        ranges.push_back({c.w.types.none(), false});
      } else {
        known = known && typeRanges(c, typeAt(c, part), ranges);
      }
    }
    if (!known) return {};
    return fromRanges(c, node, ranges);
  }
  if (!typeRanges(c, typeAt(c, classes), ranges)) return {};
  readNoneType(c.w, ranges);
  return fromRanges(c, node, ranges);
}

static Conditions issubclassCall(Checker& c, NodeId node, NodeId classes) {
  World& w = c.w;
  std::vector<TypeRange> ranges;
  if (!typeRanges(c, typeAt(c, classes), ranges)) return {};
  readNoneType(w, ranges);
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, typeAt(c, node))) {
    if (w.types.is(item, TypeKind::kTypeType)) {
      items.push_back(w.types[item].items[0]);
    } else if (w.types.is(item, TypeKind::kCallable) && w.types.callable(item).isTypeObject()) {
      items.push_back(w.types.callable(item).made());
    } else if (w.types.is(item, TypeKind::kInstance) && isMetaclass(w, w.types[item].cls())) {
      items.push_back(objectType(w));
    } else if (w.types.is(item, TypeKind::kAny)) {
      items.push_back(item);
    } else {
      return {};
    }
  }
  TypeId current = w.types.unionOf(items);
  Narrowed narrowed = splitWithIntersections(c, current, ranges, node);
  auto wrap = [&](TypeId type) {
    if (w.types.is(type, TypeKind::kNever)) return type;
    std::vector<TypeId> classes;
    for (TypeId item : unionItems(w, type)) classes.push_back(w.types.typeType(item));
    return w.types.unionOf(classes);
  };
  Conditions result;
  result.if_true = mapOf(c, node, wrap(narrowed.yes));
  result.if_false = narrowed.no == current ? TypeMap{} : mapOf(c, node, wrap(narrowed.no));
  return result;
}

// Splits a type by whether its values can be called. `in_union`: a member of a union that says nothing about it counts as
// what cannot. ref: mypy checker.partition_by_callable
static void partitionByCallable(Checker& c, TypeId type, bool in_union, std::vector<TypeId>& yes, std::vector<TypeId>& no) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  switch (w.types.kind(plain)) {
    case TypeKind::kCallable:
    case TypeKind::kOverloaded:
    case TypeKind::kTypeType: yes.push_back(type); return;
    case TypeKind::kAny:
      yes.push_back(type);
      no.push_back(type);
      return;
    case TypeKind::kNone: no.push_back(type); return;
    case TypeKind::kUnion:
      for (TypeId item : unionItems(w, plain)) partitionByCallable(c, item, true, yes, no);
      return;
    case TypeKind::kTypeVar: {
      if (!isPlainTypeVar(w, plain)) break;
      std::vector<TypeId> values = valuesOf(w, TypeVarId(w.types[plain].ref));
      std::vector<TypeId> rest;
      partitionByCallable(c, values.empty() ? upperBound(w, TypeVarId(w.types[plain].ref)) : w.types.unionOf(values), in_union, yes, rest);
      if (!rest.empty()) no.push_back(type);
      return;
    }
    default: break;
  }
  TypeId instance = w.types.is(plain, TypeKind::kTuple) ? tupleFallback(w, plain) : plain;
  // A literal that can be called is one of a class that nobody knows.
  if (w.types.is(plain, TypeKind::kLiteral)) instance = w.types[plain].extra;
  if (w.types.is(instance, TypeKind::kInstance)) {
    ClassId cls = w.types[instance].cls();
    if (findMember(w, cls, w.names.__call__).found()) {
      TypeId call = findMemberType(w, w.names.__call__, instance, instance);
      std::vector<TypeId> callable, other;
      if (call.valid()) partitionByCallable(c, call, false, callable, other);
      if (!callable.empty() && other.empty()) {
        yes.push_back(type);
        return;
      }
    }
    if (isObject(w, instance) && follows(*c.options, Divergence::kCallableObject)) {
      CallableParts parts;
      parts.add(NameId::none(), ParamKind::kStar, w.types.any(AnyKind::kSpecialForm));
      parts.add(NameId::none(), ParamKind::kStar2, w.types.any(AnyKind::kSpecialForm));
      parts.set(kEllipsisArgs);
      parts.ret = objectType(w);
      yes.push_back(w.types.callable(parts));
      no.push_back(type);
      return;
    }
    if (!in_union) {
      TypeId made = callableSubclass(c, instance);
      yes.push_back(!w.types.is(plain, TypeKind::kTuple) ? made : w.types.tuple(std::vector<TypeId>(w.types[plain].args().begin(), w.types[plain].args().end()), made));
      no.push_back(type);
      return;
    }
  }
  if (!in_union) yes.push_back(type);
  no.push_back(type);
}

static Conditions callableCall(Checker& c, NodeId node) {
  World& w = c.w;
  TypeId type = typeAt(c, node);
  if (w.types.is(proper(w, type), TypeKind::kAny)) return {};
  std::vector<TypeId> yes, no;
  partitionByCallable(c, type, false, yes, no);
  Conditions result;
  if (yes.empty()) return {impossibleMap(), {}};
  if (no.empty()) return {{}, impossibleMap()};
  result.if_true = mapOf(c, node, w.types.unionOf(yes));
  result.if_false = mapOf(c, node, w.types.unionOf(no));
  return result;
}

// Has the type an attribute of that name, for sure?
static bool hasAttribute(Checker& c, TypeId type, NameId name) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  bool is_class = false;
  if (isPlainTypeVar(w, plain)) plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
  if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  if (w.types.is(plain, TypeKind::kTypeType)) {
    plain = proper(w, w.types[plain].items[0]);
    is_class = true;
  } else if (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject()) {
    plain = proper(w, w.types.callable(plain).made());
    is_class = true;
  }
  if (w.types.is(plain, TypeKind::kAny)) return true;
  if (w.types.is(plain, TypeKind::kModule)) return moduleAttribute(w, ModuleId(w.types[plain].ref), name).valid();
  if (!w.types.is(plain, TypeKind::kInstance)) plain = fallbackOf(w, plain);
  if (!w.types.is(plain, TypeKind::kInstance)) return true;
  ClassId cls = w.types[plain].cls();
  if (findMember(w, cls, name).found() || w.header(cls).has(kClassFallbackToAny)) return true;
  if (!is_class) return findMember(w, cls, w.names.__getattr__).found();
  TypeId metaclass = metaclassOf(w, cls);
  return w.types.is(metaclass, TypeKind::kInstance) && findMember(w, w.types[metaclass].cls(), name).found();
}

// hasattr(x, "name"): where it holds and the type has no such attribute, the attribute is Any.
static Conditions hasattrCall(Checker& c, NodeId node, NodeId name_node) {
  World& w = c.w;
  node = withoutWalrus(c, node);
  TypeId literal = coerceToLiteral(w, proper(w, typeAt(c, name_node)));
  if (!w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != LiteralKind::kStr || !keyOf(c, node).valid()) return {};
  NameId name = w.name(w.types.literalValue(literal).text);
  TypeId type = typeAt(c, node);
  std::vector<TypeId> without;
  std::vector<TypeId> items = unionItems(w, type);
  for (TypeId item : items) {
    if (!hasAttribute(c, item, name)) without.push_back(item);
  }
  Conditions result;
  if (without.empty()) return result;
  result.if_true.entries.push_back({node, w.types.any(AnyKind::kSpecialForm), true, name});
  if (without.size() < items.size()) result.if_false = mapOf(c, node, w.types.unionOf(without));
  return result;
}

// The argument that a TypeGuard or TypeIs speaks of: the first positional one, or the one for the first parameter.
static NodeId guardedArgument(Checker& c, const syntax::Call& call, const CallableView& view) {
  NodeId first = call.args()[0];
  if (c.ast->is(first, NodeKind::kStarred)) return NodeId::none();
  if (!c.ast->is(first, NodeKind::kKeyword)) return first;
  for (NodeId arg : call.args()) {
    auto keyword = c.ast->tryAs<syntax::Keyword>(arg);
    if (keyword && keyword->arg().valid() && !view.params().empty() && syntax::nameOf(*c.ast, keyword->arg()) == view.params()[0].name) {
      return keyword->value();
    }
  }
  return NodeId::none();
}

static Conditions guardCall(Checker& c, NodeId call_node) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(call_node);
  TypeId callee = proper(w, typeAt(c, call.func()));
  if (w.types.is(callee, TypeKind::kInstance)) {
    TypeId method = findMemberType(w, w.names.__call__, callee, callee);
    if (method.valid()) callee = proper(w, method);
  }
  if (w.types.is(callee, TypeKind::kOverloaded)) callee = w.types[callee].items[0];
  if (!w.types.is(callee, TypeKind::kCallable)) return truthiness(c, call_node);
  // infer/ stores the callee as resolved for the call.
  CallableView view = w.types.callable(callee);
  if (!view.guard().valid() || call.args().empty()) return truthiness(c, call_node);
  NodeId arg = guardedArgument(c, call, view);
  if (!arg.valid()) {
    fail(c, call_node, Code::kMisc, std::string("Type ") + (view.has(kTypeGuard) ? "guard" : "narrower") + " requires positional argument");
    return {};
  }
  if (!keyOf(c, withoutWalrus(c, arg)).valid()) return {};
  Conditions result;
  if (view.has(kTypeGuard)) {
    result.if_true.entries.push_back({withoutWalrus(c, arg), view.guard(), true});
    return result;
  }
  return fromRanges(c, arg, {{view.guard(), false}}, false);
}

static Conditions call(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::Call>(node);
  NodeList args = view.args();
  NodeId func = view.func();
  if (c.ast->is(func, NodeKind::kName) || c.ast->is(func, NodeKind::kAttribute)) {
    std::string name = fullNameAt(w, c.module, c.scope, *c.ast, func);
    if (name == "builtins.isinstance" && args.size() == 2) {
      bool is_ref = c.ast->is(args[1], NodeKind::kName) || c.ast->is(args[1], NodeKind::kAttribute);
      std::string of = is_ref && follows(*c.options, Divergence::kCallableObject) ? fullNameAt(w, c.module, c.scope, *c.ast, args[1]) : std::string();
      if (of == "typing.Callable" || of == "collections.abc.Callable") return callableCall(c, args[0]);
      return isinstanceCall(c, args[0], args[1]);
    }
    if (name == "builtins.issubclass" && args.size() == 2) return issubclassCall(c, args[0], args[1]);
    if (name == "builtins.hasattr" && args.size() == 2) return hasattrCall(c, args[0], args[1]);
    if (name == "builtins.callable" && args.size() == 1) return callableCall(c, args[0]);
    if (name == "builtins.bool" && args.size() == 1) return findConditions(c, args[0]);
  }
  return guardCall(c, node);
}

// A name with one definition in this scope: what holds of it once holds as long as it is in reach.
static const Definition* onlyDefinition(Checker& c, NodeId name, SymbolId& symbol) {
  if (!c.ast->is(name, NodeKind::kName)) return nullptr;
  symbol = symbolAt(c, name);
  if (!symbol.valid() || c.w.symbols[symbol].scope != c.scope) return nullptr;
  const Symbol& info = c.w.symbols[symbol];
  return info.kind == SymbolKind::kVariable && info.definitions.size() == 1 ? &info.definitions[0] : nullptr;
}

static bool isInside(const Ast& ast, NodeId node, NodeId outer) {
  return ast.range(outer).begin <= ast.range(node).begin && ast.range(node).end <= ast.range(outer).end;
}

// Does no assignment of the name run between the test and its use: each is before the test or behind the use, and no loop
// leads from it to the use past the test?
static bool isKept(Checker& c, NodeId name, NodeId test, NodeId use) {
  const Ast& ast = *c.ast;
  if (!ast.is(name, NodeKind::kName)) return false;
  SymbolId symbol = symbolAt(c, name);
  if (!symbol.valid() || c.w.symbols[symbol].scope != c.scope || c.w.symbols[symbol].kind != SymbolKind::kVariable) return false;
  if (c.w.symbols[symbol].definitions.size() == 1) return true;
  for (const Definition& definition : c.w.symbols[symbol].definitions) {
    NodeId target = definition.target.valid() ? definition.target : definition.node;
    if (!target.valid()) return false;
    if (definition.kind == DefinitionKind::kParameter || ast.range(target).begin < ast.range(test).begin) continue;
    if (ast.range(target).begin < ast.range(use).begin) return false;
    for (NodeId at = ast.parent(use); at.valid() && !isInside(ast, test, at); at = ast.parent(at)) {
      bool is_loop = ast.is(at, NodeKind::kFor) || ast.is(at, NodeKind::kWhile);
      if (is_loop && isInside(ast, target, at)) return false;
    }
  }
  return true;
}

// The part of a remembered condition that speaks of names which nobody assigned since, as they are known now.
static TypeMap remembered(Checker& c, const TypeMap& map, NodeId test, NodeId use) {
  World& w = c.w;
  TypeMap result;
  for (MapEntry entry : map.entries) {
    if (entry.attribute.valid() || !isKept(c, entry.node, test, use)) continue;
    SymbolId symbol = symbolAt(c, entry.node);
    if (!w.symbols[symbol].type.valid()) continue;
    TypeId known = narrowedByFlow(c, keyOf(c, entry.node), w.symbols[symbol].type);
    if (!entry.is_guard) entry.type = narrowDeclared(w, known, entry.type);
    result.entries.push_back(entry);
  }
  return result;
}

// `is_none = x is None`, then `if is_none:`.
static Conditions aliasedCondition(Checker& c, NodeId node) {
  SymbolId symbol;
  const Definition* definition = onlyDefinition(c, node, symbol);
  if (definition == nullptr || (definition->kind != DefinitionKind::kAssign && definition->kind != DefinitionKind::kAnnotated)) return {};
  auto assign = c.ast->tryAs<syntax::Assign>(definition->node);
  auto annotated = c.ast->tryAs<syntax::AnnAssign>(definition->node);
  if (assign && (assign->targets().size() != 1 || assign->targets()[0] != definition->target)) return {};
  NodeId value = assign ? assign->value() : annotated ? annotated->value() : NodeId::none();
  if (!value.valid() || !c.nodeType(value).valid()) return {};
  bool is_test = c.ast->is(value, NodeKind::kCompare) || c.ast->is(value, NodeKind::kCall) || c.ast->is(value, NodeKind::kUnaryOp);
  is_test = is_test && isNamed(c.w, proper(c.w, c.nodeType(value)), "builtins.bool");
  if (!is_test && !c.ast->is(value, NodeKind::kBoolOp)) return {};
  Watch watch = startWatch(c);
  Conditions found = findConditions(c, value);
  takeBack(c, watch);
  return {remembered(c, found.if_true, value, node), remembered(c, found.if_false, value, node)};
}

// `(x := y)[0]`: what is assigned on the way to the value is assigned whichever way the test goes.
static void assignedOnTheWay(Checker& c, NodeId node, std::vector<MapEntry>& out) {
  if (auto named = c.ast->tryAs<syntax::NamedExpr>(node)) {
    TypeId type = c.nodeType(named->value());
    if (type.valid() && !c.w.types[type].has(kHasNever)) out.push_back({named->target(), removeLastKnownValues(c.w, type)});
    assignedOnTheWay(c, named->value(), out);
  } else if (auto attribute = c.ast->tryAs<syntax::Attribute>(node)) {
    assignedOnTheWay(c, attribute->value(), out);
  } else if (auto subscript = c.ast->tryAs<syntax::Subscript>(node)) {
    assignedOnTheWay(c, subscript->value(), out);
    assignedOnTheWay(c, subscript->slice(), out);
  }
}

static Conditions findWithoutParents(Checker& c, NodeId node) {
  const Ast& ast = *c.ast;
  switch (ast.kind(node)) {
    case NodeKind::kCall: return call(c, node);
    case NodeKind::kCompare: return findComparison(c, node);
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<syntax::UnaryOp>(node);
      if (unary.op() != syntax::UnaryOperator::kNot) break;
      Conditions inner = findConditions(c, unary.operand());
      std::swap(inner.if_true, inner.if_false);
      return inner;
    }
    case NodeKind::kBoolOp: {
      auto op = ast.as<syntax::BoolOp>(node);
      Conditions all = findConditions(c, op.values()[0]);
      for (size_t i = 1; i < op.values().size(); ++i) {
        bool skipped = op.op() == syntax::BoolOperator::kAnd ? all.if_true.is_impossible : all.if_false.is_impossible;
        if (skipped) break;
        Conditions right = findConditions(c, op.values()[i]);
        if (op.op() == syntax::BoolOperator::kAnd) {
          all.if_true = andMaps(c, all.if_true, right.if_true);
          all.if_false = orMaps(c, all.if_false, right.if_false, true);
        } else {
          all.if_true = orMaps(c, all.if_true, right.if_true);
          all.if_false = andMaps(c, all.if_false, right.if_false);
        }
      }
      return all;
    }
    case NodeKind::kNamedExpr: {
      auto named = ast.as<syntax::NamedExpr>(node);
      Conditions value = findConditions(c, named.value());
      Conditions name = truthiness(c, named.target());
      return {andMaps(c, value.if_true, name.if_true), andMaps(c, value.if_false, name.if_false)};
    }
    case NodeKind::kConstant: {
      auto constant = ast.as<syntax::Constant>(node);
      Conditions result;
      if (constant.constantKind() == syntax::ConstantKind::kTrue) result.if_false = impossibleMap();
      if (constant.constantKind() == syntax::ConstantKind::kFalse || constant.constantKind() == syntax::ConstantKind::kNone) {
        result.if_true = impossibleMap();
      }
      if (constant.constantKind() == syntax::ConstantKind::kInt) {
        const syntax::IntConstant& value = ast.integer(constant.payload());
        (value.fits && value.value == 0 ? result.if_true : result.if_false) = impossibleMap();
      }
      return result;
    }
    case NodeKind::kAttribute:
    case NodeKind::kSubscript: {
      Conditions result = truthiness(c, node);
      TypeMap assigned;
      assignedOnTheWay(c, node, assigned.entries);
      if (assigned.entries.empty()) return result;
      return {andMaps(c, result.if_true, assigned), andMaps(c, result.if_false, assigned)};
    }
    default: break;
  }
  return truthiness(c, node);
}

// What is known of x in `(x := y)` is known of y.
static void addWalrusValues(Checker& c, TypeMap& map) {
  for (size_t i = 0; i < map.entries.size(); ++i) {
    MapEntry entry = map.entries[i];
    NodeId parent = c.ast->parent(entry.node);
    auto named = parent.valid() ? c.ast->tryAs<syntax::NamedExpr>(parent) : std::nullopt;
    if (!named || named->target() != entry.node || !keyOf(c, named->value()).valid()) continue;
    bool is_known = false;
    for (const MapEntry& other : map.entries) is_known = is_known || other.node == named->value();
    if (is_known) continue;
    entry.node = named->value();
    map.entries.push_back(entry);
  }
}

Conditions findConditions(Checker& c, NodeId node) {
  Conditions found = findWithoutParents(c, node);
  if (c.ast->is(node, NodeKind::kName) && follows(*c.options, Divergence::kAliasedConditions)) {
    Conditions earlier = aliasedCondition(c, node);
    found.if_true = andMaps(c, found.if_true, earlier.if_true);
    found.if_false = andMaps(c, found.if_false, earlier.if_false);
  }
  if (follows(*c.options, Divergence::kWalrusValue)) {
    addWalrusValues(c, found.if_true);
    addWalrusValues(c, found.if_false);
  }
  return {withParents(c, std::move(found.if_true)), withParents(c, std::move(found.if_false))};
}

}  // namespace krait::narrow

// Expressions: dispatch, constants, names, conditional expressions, lambda, await, yield, walrus, f-strings, iteration.
#include "analyzer/semantic/open_names.h"
#include "checker/declare/any_rules.h"
#include "checker/relations/literal_string.h"
#include "checker/infer/infer.h"
#include "checker/infer/library.h"
#include "checker/infer/partial_types.h"
#include "checker/infer/redundant.h"

namespace krait::infer {

AssignFunction assign_hook = nullptr;

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

bool wantsLiteral(World& w, TypeId context) {
  if (!context.valid()) return false;
  for (TypeId item : unionItems(w, context)) {
    if (w.types.is(item, TypeKind::kLiteral)) return true;
    if (!isPlainTypeVar(w, item)) continue;
    TypeVarId variable(w.types[item].ref);
    if (wantsLiteral(w, upperBound(w, variable))) return true;
    for (TypeId value : std::vector<TypeId>(valuesOf(w, variable))) {
      if (wantsLiteral(w, value)) return true;
    }
  }
  return false;
}

static TypeId literalExpr(Checker& c, LiteralKind kind, std::string_view text, const char* cls, TypeId context) {
  World& w = c.w;
  TypeId instance = builtinType(w, cls);
  if (!w.types.is(instance, TypeKind::kInstance)) return instance;
  TypeId literal = w.types.literal(kind, text, instance);
  if (wantsLiteral(w, context)) return literal;
  return w.types.instance(w.types[instance].cls(), {}, literal);
}

static TypeId inferConstant(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto constant = c.ast->as<syntax::Constant>(node);
  switch (constant.constantKind()) {
    case syntax::ConstantKind::kNone: return w.types.none();
    case syntax::ConstantKind::kTrue: return literalExpr(c, LiteralKind::kBool, "True", "bool", context);
    case syntax::ConstantKind::kFalse: return literalExpr(c, LiteralKind::kBool, "False", "bool", context);
    case syntax::ConstantKind::kEllipsis: {
      TypeId type = builtinType(w, "ellipsis");
      return w.types.is(type, TypeKind::kInstance) ? type : namedType(w, "types", "EllipsisType");
    }
    case syntax::ConstantKind::kInt: {
      const syntax::IntConstant& value = c.ast->integer(constant.payload());
      return literalExpr(c, LiteralKind::kInt, value.fits ? std::to_string(value.value) : std::string(value.digits), "int", context);
    }
    case syntax::ConstantKind::kFloat: return builtinType(w, "float");
    case syntax::ConstantKind::kComplex: return builtinType(w, "complex");
    case syntax::ConstantKind::kStr: return literalExpr(c, LiteralKind::kStr, c.ast->string(constant.payload()), "str", context);
    case syntax::ConstantKind::kBytes: return literalExpr(c, LiteralKind::kBytes, c.ast->string(constant.payload()), "bytes", context);
  }
  return any(c);
}

// `from m import x` where only the __getattr__ of m knows x.
static TypeId dynamicImport(Checker& c, SymbolId symbol) {
  World& w = c.w;
  ModuleId module = w.symbols[symbol].target_module;
  TypeId unknown = any(c, AnyKind::kFromUnimported);
  if (!module.valid() || !w.modules[module].is_dynamic || !follows(*c.options, Divergence::kDynamicImports)) return unknown;
  TypeId type = w.hooks.symbol_type(w, w.scopes[w.modules[module].scope].names.find(w.names.__getattr__));
  return type.valid() && w.types.is(type, TypeKind::kCallable) ? w.types.callable(type).ret() : unknown;
}

TypeId symbolValue(Checker& c, SymbolId symbol, NodeId node) {
  World& w = c.w;
  SymbolId target = followImports(w, symbol);
  if (!target.valid()) return dynamicImport(c, symbol);
  Symbol& info = w.resolved(target);
  switch (info.kind) {
    case SymbolKind::kAlias: return aliasValue(c, info.alias, node);
    case SymbolKind::kImport: return dynamicImport(c, target);
    case SymbolKind::kTypeVar: {
      const char* names[] = {"TypeVar", "ParamSpec", "TypeVarTuple"};
      TypeId type = namedType(w, "typing", names[static_cast<size_t>(w.type_vars[info.type_var].kind)]);
      return w.types.is(type, TypeKind::kInstance) ? type : objectType(w);
    }
    case SymbolKind::kSpecialForm: {
      std::string_view form = w.text(info.special);
      if (form == "Any") return objectType(w);
      // isinstance(x, Callable) asks whether x can be called.
      if (form == "Callable" && follows(*c.options, Divergence::kCallableObject)) return namedType(w, "types", "UnionType");
      TypeId type = namedType(w, "typing", "_SpecialForm");
      if (form == "List" || form == "Dict" || form == "Set" || form == "FrozenSet" || form == "DefaultDict" || form == "OrderedDict" || form == "Deque" || form == "Counter" || form == "Tuple" || form == "Type") {
        AnnotationContext context{w, c.module, c.scope, c.ast};
        context.is_silent = true;
        context.is_base = true;
        TypeId denoted = analyzeType(context, node);
        denoted = denoted.valid() ? proper(w, denoted) : any(c);
        if (w.types.is(denoted, TypeKind::kInstance)) return classCallable(w, w.types[denoted].cls());
      }
      return w.types.is(type, TypeKind::kInstance) ? type : objectType(w);
    }
    default: break;
  }
  TypeId type = c.withValues(w.hooks.symbol_type(w, target));
  if (!type.valid()) {
    cannotDetermine(c, w.symbols[target].name, node);
    return any(c);
  }
  return info.kind == SymbolKind::kFunction ? withInferredResult(w, type) : type;
}

// `; did you mean "x"?` with the names in reach that look like the one that is missing.
static std::string suggestedNames(Checker& c, std::string_view missing) {
  World& w = c.w;
  if (c.silent > 0 || missing.size() < 3) return "";
  std::vector<NameId> names;
  auto takeAll = [&](ScopeId scope) {
    for (SymbolId symbol : w.scopes[scope].names.in_order) {
      bool is_hidden = w.symbols[symbol].has(kIsSelfAttribute) || w.symbols[symbol].has(kIsSynthesised) || w.symbols[symbol].has(kIsPrivateImport);
      if (!is_hidden || w.symbols[symbol].module == c.module) names.push_back(w.symbols[symbol].name);
    }
  };
  for (ScopeId at = c.scope; at.valid(); at = w.scopes[at].parent) {
    if (w.scopes[at].kind != ScopeKind::kClass || at == c.scope) takeAll(at);
  }
  if (w.builtins.valid() && w.builtins != c.module) takeAll(w.modules[w.builtins].scope);
  std::vector<std::string> matches = similarNames(w, names, missing);
  return matches.empty() ? "" : "; did you mean " + didYouMean(matches) + "?";
}

TypeId inferName(Checker& c, NodeId node) {
  World& w = c.w;
  NameId name = syntax::nameOf(*c.ast, node);
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, node);
  if (!symbol.valid()) {
    std::string_view text = w.text(name);
    if (ModuleId own = declare::ownSubmodule(w, c.module, text); own.valid()) return w.types.module(own, declare::moduleClass(w));
    if (text == "__debug__") return builtinType(w, "bool");
    if (text == "__class__" && c.cls.valid()) return w.types.typeType(selfTypeOf(w, c.cls));
    if (text == "reveal_type" || text == "reveal_locals" || text == "super") return any(c);
    bool in_class_body = c.cls.valid() && w.scopes[c.scope].kind == ScopeKind::kClass;
    if ((text == "__module__" || text == "__qualname__") && in_class_body) return builtinType(w, "str");
    if (w.modules[c.module].has_open_names) return any(c);
    if (follows(*c.options, Divergence::kGuardedNames) && semantic::isNameErrorCaught(*c.ast, node)) return any(c);
    std::vector<std::string> hints = types::missingNameHints(text);
    fail(c, node, Code::kNameDefined, "Name \"" + std::string(text) + "\" is not defined" + (hints.size() > 1 ? "" : suggestedNames(c, text)));
    for (std::string& hint : hints) note(c, node, Code::kNameDefined, std::move(hint));
    return any(c);
  }
  // What `from m import f` names was said there.
  bool by_import = false;
  for (const Definition& definition : w.symbols[symbol].definitions) by_import = by_import || (definition.kind == DefinitionKind::kImportFrom && w.symbols[symbol].module == c.module);
  if (!by_import) checkDeprecated(c, symbol, node);
  if (w.symbols[symbol].kind == SymbolKind::kTypeVar) {
    TypeVarId variable = w.symbols[symbol].type_var;
    if (w.type_vars[variable].raw_id != 0 || findEnclosing(w, c.scope, variable, false).valid()) {
      fail(c, node, Code::kMisc, "\"" + std::string(w.text(name)) + "\" is a type variable and only valid in type context");
      return any(c);
    }
  }
  TypeId type = symbolValue(c, symbol, node);
  bool is_value = w.symbols[symbol].has(kIsEnumMember) && c.scope == w.symbols[symbol].scope;
  if (is_value) {
    // In the body of its class a member is still its value.
    TypeId value = enumMemberValue(w, w.symbols[symbol].owner, symbol);
    if (value.valid()) return removeLastKnownValues(w, value);
  }
  if (w.types.is(type, TypeKind::kPartial)) {
    SymbolId target = followImports(w, symbol);
    type = readPartial(c, target, node);
  }
  return narrowedByFlow(c, c.keys.variable(symbol), type);
}

TypeId inferConditional(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto conditional = c.ast->as<syntax::IfExp>(node);
  bool none_is_fine = c.none_is_fine;
  inferExpr(c, conditional.test());
  Conditions conditions = findConditions(c, conditional.test());
  redundantBranches(c, conditional.test(), "If condition", conditions);
  TypeId yes, no;
  auto branch = [&](const TypeMap& map, NodeId expr, TypeId wanted) {
    FrameScope frame(*c.binder, {.can_skip = true, .fall_through = 0});
    pushMap(c, map);
    c.allows_none = none_is_fine;
    if (map.is_impossible) {
      ++c.silent;
      inferExpr(c, expr, wanted);
      --c.silent;
      return w.types.never();
    }
    return inferExpr(c, expr, wanted);
  };
  yes = branch(conditions.if_true, conditional.body(), context);
  TypeId else_context = context.valid() ? context : TypeId::none();
  no = branch(conditions.if_false, conditional.orelse(), else_context);
  if (!context.valid()) {
    // One branch may tell the other what it is: [] if … else [1].
    if (w.types[yes].has(kHasNever) && !w.types.is(yes, TypeKind::kNever)) yes = branch(conditions.if_true, conditional.body(), no);
    if (w.types[no].has(kHasNever) && !w.types.is(no, TypeKind::kNever)) no = branch(conditions.if_false, conditional.orelse(), yes);
  }
  TypeId plain = context.valid() ? proper(w, context) : TypeId::none();
  if (plain.valid() && w.types.is(plain, TypeKind::kUnion)) {
    TypeId both[] = {yes, no};
    return simplifiedUnion(w, both);
  }
  TypeId both[] = {yes, no};
  return simplifiedUnion(w, both);
}

bool isIterable(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  if (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject()) plain = w.types.typeType(w.types.callable(plain).made());
  if (w.types.is(plain, TypeKind::kTypeType)) {
    // A class object is iterated by its metaclass.
    TypeId item = proper(w, w.types[plain].items[0]);
    if (isPlainTypeVar(w, item)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
    if (w.types.is(item, TypeKind::kInstance)) plain = metaclassOf(w, w.types[item].cls());
  }
  ClassId iterable = lookupClass(w, "typing", "Iterable");
  return w.types.is(plain, TypeKind::kAny) || w.types.is(plain, TypeKind::kTuple) || !iterable.valid() || isSubtype(w, plain, instanceWithAny(w, iterable));
}

TypeId iteratedType(Checker& c, TypeId type, NodeId node) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  switch (w.types.kind(plain)) {
    case TypeKind::kAny: return any(c, AnyKind::kFromAnotherAny);
    case TypeKind::kNever: return plain;
    case TypeKind::kUnion: {
      std::vector<TypeId> items;
      for (TypeId item : unionItems(w, plain)) {
        if (w.types.is(item, TypeKind::kNone) || !hasMember(c, item, w.names.__iter__)) {
          if (!hasMember(c, item, w.names.__getitem__) && node.valid() && !isDynamic(c)) {
            // What a literal lacks, its class does.
            auto texts = formatTwo(w, w.types.is(item, TypeKind::kLiteral) ? fallbackOf(w, item) : item, type);
            fail(c, node, Code::kUnionAttr, "Item " + texts.first + " of " + texts.second + " has no attribute \"__iter__\" (not iterable)");
            items.push_back(any(c));
            continue;
          }
        }
        items.push_back(iteratedType(c, item, node));
      }
      return simplifiedUnion(w, items);
    }
    case TypeKind::kTuple: {
      FoundMember iter = w.types.is(w.types[plain].extra, TypeKind::kInstance) ? findMember(w, w.types[w.types[plain].extra].cls(), w.names.__iter__) : FoundMember{};
      bool custom = iter.found() && !w.classes[iter.owner].fullname.starts_with("builtins.") && !w.classes[iter.owner].fullname.starts_with("typing.");
      if (custom) break;
      std::vector<TypeId> items;
      for (TypeId item : w.types[plain].args()) {
        if (w.types.is(item, TypeKind::kUnpack)) {
          TypeId inner = proper(w, w.types[item].items[0]);
          if (isTypeVarTuple(w, inner)) inner = proper(w, upperBound(w, TypeVarId(w.types[inner].ref)));
          item = isNamed(w, inner, "builtins.tuple") && w.types[inner].count == 1 ? w.types[inner].items[0] : objectType(w);
        }
        items.push_back(item);
      }
      if (items.empty()) return w.types.ambiguousNever();
      return simplifiedUnion(w, items);
    }
    case TypeKind::kTypeVar:
      if (isPlainTypeVar(w, plain)) return iteratedType(c, upperBound(w, TypeVarId(w.types[plain].ref)), node);
      break;
    default: break;
  }
  TypeId instance = w.types.is(plain, TypeKind::kInstance) ? plain : fallbackOf(w, plain);
  bool is_class = w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject();
  if (is_class) {
    TypeId item = proper(w, w.types.callable(plain).made());
    if (w.types.is(item, TypeKind::kInstance) && w.header(w.types[item].cls()).has(kClassEnum)) return item;
  }
  if (w.types.is(instance, TypeKind::kInstance)) {
    if (findMember(w, w.types[instance].cls(), w.names.__iter__).found() || w.classes[w.types[instance].cls()].has(kClassFallbackToAny)) {
      NodeId where = node.valid() ? node : c.ast->root();
      TypeId iterator = callMethod(c, w.names.__iter__, plain, {}, where).ret;
      if (w.types.is(proper(w, iterator), TypeKind::kAny)) return iterator;
      return callMethod(c, w.names.__next__, iterator, {}, where).ret;
    }
    if (findMember(w, w.types[instance].cls(), w.names.__getitem__).found()) {
      std::vector<Arg> args{{NodeId::none(), ArgKind::kPos, NameId::none(), builtinType(w, "int")}};
      NodeId where = node.valid() ? node : c.ast->root();
      return callMethod(c, w.names.__getitem__, plain, std::move(args), where).ret;
    }
  }
  if (hasMember(c, plain, w.names.__iter__)) return any(c);  // of an unknown class
  if (node.valid()) noAttribute(c, type, type, w.names.__iter__, node, false);
  return any(c);
}

TypeId asyncIteratedType(Checker& c, TypeId type, NodeId node) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kAny)) return any(c, AnyKind::kFromAnotherAny);
  if (!hasMember(c, plain, w.names.__aiter__)) {
    noAttribute(c, type, type, w.names.__aiter__, node, false);
    return any(c);
  }
  TypeId iterator = callMethod(c, w.names.__aiter__, type, {}, node).ret;
  TypeId awaitable = callMethod(c, w.names.__anext__, iterator, {}, node).ret;
  return awaitedType(c, awaitable, node, "Incompatible types in \"async for\"");
}

TypeId awaitedType(Checker& c, TypeId type, NodeId node, const std::string& message) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kAny)) return any(c, AnyKind::kFromAnotherAny);
  TypeId awaitable = namedType(w, "typing", "Awaitable");
  if (!isSubtype(w, type, awaitable)) {
    checkSubtype(c, type, awaitable, node, message, "actual type", "expected type", Code::kMisc);
    return any(c);
  }
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> results;
    for (TypeId item : unionItems(w, plain)) results.push_back(awaitedType(c, item, node, message));
    return simplifiedUnion(w, results);
  }
  TypeId generator = proper(w, callMethod(c, w.names.__await__, type, {}, node).ret);
  if (w.types.is(generator, TypeKind::kInstance)) {
    ClassId cls = lookupClass(w, "typing", "Generator");
    if (cls.valid() && isSubclass(w, w.types[generator].cls(), cls)) {
      TypeId mapped = mapToSupertype(w, generator, cls);
      if (w.types[mapped].count > 2) return w.types[mapped].items[2];
    }
  }
  return any(c);
}

TypeId inferAwait(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  NodeId value = c.ast->as<syntax::Await>(node).value();
  TypeId wanted;
  if (context.valid()) wanted = namedType(w, "typing", "Awaitable", std::span<const TypeId>(&context, 1));
  TypeId type = inferExpr(c, value, wanted);
  TypeId result = awaitedType(c, type, node, "Incompatible types in \"await\"");
  if (w.types.is(proper(w, result), TypeKind::kNever) && w.types[proper(w, result)].sub == 0) c.binder->unreachable();
  return result;
}

// While the function's body is evaluated for what it tells: it yields this.
static void recordYield(Checker& c, TypeId type) {
  if (c.facts != nullptr && c.facts->function == c.function.id) c.facts->yields.push_back(removeLastKnownValues(c.w, type));
}

TypeId inferYield(Checker& c, NodeId node) {
  World& w = c.w;
  NodeId value = c.ast->as<syntax::Yield>(node).value();
  TypeId expected = c.function.yield_type.valid() ? c.function.yield_type : any(c, AnyKind::kSpecialForm);
  if (!value.valid()) {
    if (!isSubtype(w, w.types.none(), expected) && !isDynamic(c)) fail(c, node, Code::kMisc, "Yield value expected");
    recordYield(c, w.types.none());
  } else {
    TypeId type = inferExpr(c, value, expected);
    recordYield(c, type);
    checkSubtype(c, type, expected, value, "Incompatible types in \"yield\"", "actual type", "expected type", Code::kMisc);
  }
  return c.function.send_type.valid() ? c.function.send_type : any(c, AnyKind::kSpecialForm);
}

TypeId inferYieldFrom(Checker& c, NodeId node) {
  World& w = c.w;
  NodeId value = c.ast->as<syntax::YieldFrom>(node).value();
  TypeId type = inferExpr(c, value);
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kAny)) {
    recordYield(c, plain);
    return plain;
  }
  if (!hasMember(c, plain, w.names.__iter__)) {
    fail(c, node, Code::kMisc, "\"yield from\" can't be applied to " + formatType(w, type));
    return any(c);
  }
  TypeId iterator = callMethod(c, w.names.__iter__, type, {}, node).ret;
  TypeId item = callMethod(c, w.names.__next__, iterator, {}, node).ret;
  recordYield(c, item);
  if (c.function.yield_type.valid()) {
    checkSubtype(c, item, c.function.yield_type, node, "Incompatible types in \"yield from\"", "actual type", "expected type", Code::kMisc);
  }
  ClassId generator = lookupClass(w, "typing", "Generator");
  TypeId it = proper(w, iterator);
  if (generator.valid() && w.types.is(it, TypeKind::kInstance) && isSubclass(w, w.types[it].cls(), generator)) {
    TypeId mapped = mapToSupertype(w, it, generator);
    TypeId accepted = w.types[mapped].items[1];
    if (follows(*c.options, Divergence::kYieldFromSend) && c.function.send_type.valid() && !isSubtype(w, c.function.send_type, accepted)) {
      auto texts = formatTwo(w, c.function.send_type, accepted);
      fail(c, node, Code::kMisc, "Incompatible send types in yield from (actual type " + texts.first + ", expected type " + texts.second + ")");
    }
    if (w.types[mapped].count > 2) return w.types[mapped].items[2];
  }
  if (w.types.is(it, TypeKind::kAny)) return it;
  return w.types.none();
}

TypeId inferNamedExpr(Checker& c, NodeId node, TypeId context) {
  auto named = c.ast->as<syntax::NamedExpr>(node);
  TypeId value = inferExpr(c, named.value(), context);
  assign_hook(c, named.target(), value, named.value());
  TypeId after = c.silent > 0 ? value : inferName(c, named.target());
  c.nodeType(named.target()) = after;
  return value;
}

TypeId inferJoined(Checker& c, NodeId node) {
  bool is_literal = follows(*c.options, Divergence::kLiteralStrings);
  syntax::forEachChild(*c.ast, node, [&](NodeId child) {
    if (auto formatted = c.ast->tryAs<syntax::FormattedValue>(child)) {
      TypeId shown = inferExpr(c, formatted->value());
      is_literal = is_literal && isLiteralText(c.w, shown) && !c.w.types.is(proper(c.w, shown), TypeKind::kAny);
      if (static_cast<int32_t>(formatted->conversion()) < 0 && isShownAsBytes(c.w, shown)) reportBytesInText(c, node);
      if (formatted->formatSpec().valid()) inferJoined(c, formatted->formatSpec());
    } else if (auto interpolation = c.ast->tryAs<syntax::Interpolation>(child)) {
      inferExpr(c, interpolation->value());
      if (interpolation->formatSpec().valid()) inferJoined(c, interpolation->formatSpec());
    }
  });
  return is_literal ? literalString(c.w) : builtinType(c.w, "str");
}

// `x or {}`, where nothing says what the display holds: anything.
static TypeId withoutOpenParts(Checker& c, TypeId type, TypeId context) {
  return context.valid() || !follows(*c.options, Divergence::kUnsolvedAny) ? type : withUnsolvedAny(c.w, type);
}

static TypeId dispatch(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  switch (c.ast->kind(node)) {
    case NodeKind::kConstant: return inferConstant(c, node, context);
    case NodeKind::kName: return classInContext(c, node, inferName(c, node), context);
    case NodeKind::kAttribute: return classInContext(c, node, inferAttribute(c, node, context), context);
    case NodeKind::kCall: return inferCall(c, node, context);
    case NodeKind::kSubscript: return inferSubscript(c, node, context);
    case NodeKind::kBinOp: return inferBinary(c, node, context);
    case NodeKind::kUnaryOp: return inferUnary(c, node, context);
    case NodeKind::kBoolOp: return withoutOpenParts(c, inferBool(c, node, context), context);
    case NodeKind::kCompare: return inferCompare(c, node);
    case NodeKind::kList: return inferList(c, node, c.ast->as<syntax::List>(node).elts(), "list", context);
    case NodeKind::kSet: return inferList(c, node, c.ast->as<syntax::Set>(node).elts(), "set", context);
    case NodeKind::kTuple: return inferTuple(c, node, context);
    case NodeKind::kDict: return inferDict(c, node, context);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: return inferComprehension(c, node, context);
    case NodeKind::kLambda: return inferLambda(c, node, context);
    case NodeKind::kIfExp: return withoutOpenParts(c, inferConditional(c, node, context), context);
    case NodeKind::kAwait: return inferAwait(c, node, context);
    case NodeKind::kYield: return inferYield(c, node);
    case NodeKind::kYieldFrom: return inferYieldFrom(c, node);
    case NodeKind::kNamedExpr: return inferNamedExpr(c, node, context);
    case NodeKind::kJoinedStr: return inferJoined(c, node);
    case NodeKind::kTemplateStr: inferJoined(c, node); return namedType(w, "string.templatelib", "Template");
    case NodeKind::kStarred: return inferExpr(c, c.ast->as<syntax::Starred>(node).value());
    case NodeKind::kSlice: {
      auto slice = c.ast->as<syntax::Slice>(node);
      std::vector<TypeId> parts;
      for (NodeId part : {slice.lower(), slice.upper(), slice.step()}) {
        parts.push_back(part.valid() ? removeLastKnownValues(w, inferExpr(c, part)) : w.types.none());
      }
      return follows(*c.options, Divergence::kSliceParts) ? builtinType(w, "slice", parts) : builtinType(w, "slice");
    }
    default: return any(c);
  }
}

// --disallow-any-expr: Any is allowed as what is called, as a statement, and where a declared type awaits it.
static void checkAnyExpression(Checker& c, NodeId node, TypeId type, TypeId context) {
  World& w = c.w;
  bool is_checked = !c.function.id.valid() || !w.functions[c.function.id].has(kFnUnannotated);
  if (c.silent > 0 || w.modules[c.module].is_stub || !is_checked || !mentionsRealAny(w, type)) return;
  NodeId parent = c.ast->parent(node);
  if (parent.valid()) {
    if (c.ast->is(parent, NodeKind::kExprStmt)) return;
    if (auto call = c.ast->tryAs<syntax::Call>(parent); call && call->func() == node) return;
    bool is_assigned = c.ast->is(parent, NodeKind::kAssign) || c.ast->is(parent, NodeKind::kAnnAssign);
    if (is_assigned && context.valid() && !w.types.is(proper(w, context), TypeKind::kAny)) return;
  }
  std::string text = w.types.is(proper(w, type), TypeKind::kAny) ? std::string("Expression has type \"Any\"")
                                                                 : "Expression type contains \"Any\" (has type " + formatType(w, type) + ")";
  for (const Message& message : *c.messages) {
    if (message.range == c.ast->range(node) && message.text == text) return;
  }
  fail(c, node, Code::kMisc, std::move(text));
}

TypeId inferExpr(Checker& c, NodeId node, TypeId context) {
  if (c.expression_depth > 900) return any(c);
  ++c.expression_depth;
  c.none_is_fine = c.allows_none;
  c.allows_none = false;
  TypeId type = context.valid() ? typeFormInContext(c, node, context) : TypeId::none();
  if (!type.valid()) type = dispatch(c, node, context);
  --c.expression_depth;
  if (!type.valid()) type = any(c);
  if (c.w.types.is(type, TypeKind::kPartial)) type = any(c, AnyKind::kImplementationArtifact);
  c.nodeType(node) = type;
  if (c.options->disallow_any_expr) checkAnyExpression(c, node, type, context);
  return type;
}

TypeId inferDiscarded(Checker& c, NodeId node) {
  c.allows_none = true;
  return inferExpr(c, node);
}

}  // namespace krait::infer

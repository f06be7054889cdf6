// Assignments: declared and inferred targets, unpacking, attributes and subscripts, partial types.
#include "checker/check/assignment_targets.h"
#include "checker/declare/any_rules.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// Names of functions and the like are not part of a variable's type.
static TypeId stripType(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kCallable)) {
    CallableParts parts = w.types.parts(plain);
    parts.name = NameId::none();
    return w.types.callable(parts);
  }
  if (w.types.is(plain, TypeKind::kOverloaded)) {
    std::vector<TypeId> items;
    for (TypeId item : std::vector<TypeId>(w.types[plain].args().begin(), w.types[plain].args().end())) items.push_back(stripType(w, item));
    return w.types.overloaded(items);
  }
  return type;
}

// Patterns can follow names only where they are known.
static void checkMatchArgs(Checker& c, NodeId target, TypeId type) {
  World& w = c.w;
  bool is_known = w.types.is(type, TypeKind::kTuple);
  for (size_t i = 0; is_known && i < w.types[type].count; ++i) {
    TypeId literal = coerceToLiteral(w, proper(w, w.types[type].items[i]));
    is_known = w.types.is(literal, TypeKind::kLiteral) && w.types.literalValue(literal).kind == LiteralKind::kStr;
  }
  if (!is_known) note(c, target, Code::kLiteralRequired, "__match_args__ must be a tuple containing string literals for checking of match statements to work");
}

// The type with Any for each part that nothing is known of. ref: mypy checker.inference_error_fallback_type
static TypeId withoutAmbiguity(World& w, TypeId type) {
  auto toAny = [](World& world, TypeId part, void*) {
    bool is_open = world.types.is(part, TypeKind::kNever) && world.types[part].sub == 1;
    return is_open ? world.types.any(AnyKind::kFromError) : TypeId::none();
  };
  return mapTypes(w, type, toAny, nullptr);
}

// `b = a` in a class body, for a class method or static method a: b is one, too.
static void takeMethodKind(Checker& c, SymbolId symbol, NodeId value) {
  World& w = c.w;
  if (!w.symbols[symbol].owner.valid() || !value.valid() || !c.ast->is(value, NodeKind::kName)) return;
  SymbolId method = w.scopes[w.symbols[symbol].scope].names.find(syntax::nameOf(*c.ast, value));
  if (!method.valid() || w.resolved(method).kind != SymbolKind::kFunction) return;
  w.hooks.symbol_type(w, method);
  if (w.symbols[method].has(kIsStaticMethod)) w.symbols[symbol].set(kIsStaticMethod);
  if (w.symbols[method].has(kIsClassMethod)) w.symbols[symbol].set(kIsClassMethod);
}

void inferVariable(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId where) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  bool is_final = w.symbols[symbol].has(kIsFinal);
  // A local `_` takes anything. ref: mypy semanal.analyze_name_lvalue
  bool is_throwaway = w.text(w.symbols[symbol].name) == "_" && w.scopes[w.symbols[symbol].scope].kind == ScopeKind::kFunction;
  if (mayRedefine(*c.options)) is_throwaway = false;
  if (isDynamic(c) || is_throwaway) {
    w.symbols[symbol].type = any(c, is_throwaway ? AnyKind::kSpecialForm : AnyKind::kUnannotated);
    w.symbols[symbol].typed = Progress::kDone;
    return;
  }
  if (w.types.is(plain, TypeKind::kDeleted)) {
    NameId source(w.types[plain].ref);
    fail(c, where, Code::kMisc, "Trying to read deleted variable" + (source.valid() ? " \"" + std::string(w.text(source)) + "\"" : std::string()));
    type = any(c);
  }
  bool is_none = w.types.is(plain, TypeKind::kNone);
  bool valid = is_none ? is_final || mayRedefine(*c.options) : isValidInferred(w, type);
  if (!valid) {
    if (w.text(w.symbols[symbol].name) == "_") {
      w.symbols[symbol].type = any(c, AnyKind::kSpecialForm);
      w.symbols[symbol].typed = Progress::kDone;
      return;
    }
    if (openPartial(c, symbol, target, type)) return;
    std::string name(w.text(w.symbols[symbol].name));
    bool is_item = w.types.is(plain, TypeKind::kNever);  // of an empty display
    bool is_open = follows(*c.options, Divergence::kOpenContainers) && (is_item || w.types.is(plain, TypeKind::kInstance) || w.types.is(plain, TypeKind::kTuple) || w.types.is(plain, TypeKind::kCallable));
    if (is_open) type = is_item ? any(c, AnyKind::kFromOmittedGenerics) : withUnsolvedAny(w, plain);
    if (is_open && mayRedefine(*c.options)) w.symbols[symbol].set(kIsInferred);
    if (!is_open) fail(c, target, Code::kVarAnnotated, "Need type annotation for \"" + name + "\"");
    w.symbols[symbol].type = eraseTypeVars(w, withoutAmbiguity(w, type), nullptr, any(c));
    w.symbols[symbol].typed = Progress::kDone;
    return;
  }
  bool names_fields = w.symbols[symbol].name == w.names.__match_args__ && w.symbols[symbol].owner.valid();
  TypeId inferred = stripType(w, is_final || names_fields ? type : removeLastKnownValues(w, type));
  if (names_fields) checkMatchArgs(c, target, plain);
  w.symbols[symbol].type = inferred;
  w.symbols[symbol].typed = Progress::kDone;
  w.symbols[symbol].set(kIsInferred);
  takeMethodKind(c, symbol, where);
}

// The symbol that this target defines for the first time, without a declaration; none otherwise.
static SymbolId inferredDefinition(Checker& c, NodeId target) {
  World& w = c.w;
  SymbolId symbol;
  if (c.ast->is(target, NodeKind::kName)) {
    symbol = symbolAt(c, target);
  } else if (auto attribute = c.ast->tryAs<syntax::Attribute>(target)) {
    if (!c.cls.valid() || !c.function.id.valid()) return symbol;
    symbol = ownMember(w, c.cls, syntax::nameOf(*c.ast, attribute->attr()));
    if (symbol.valid() && !w.symbols[symbol].has(kIsSelfAttribute)) return SymbolId::none();
  }
  if (!symbol.valid()) return symbol;
  Symbol& info = w.symbols[symbol];
  if (info.module != c.module || info.definitions.empty()) return SymbolId::none();
  // What an unpacking left undetermined is defined by the next assignment.
  bool is_undetermined = info.typed == Progress::kDone && !info.type.valid() && info.definitions[0].kind != DefinitionKind::kAnnotated && c.ast->is(target, NodeKind::kName) && info.scope == c.scope;
  if (is_undetermined) {
    info.typed = Progress::kNot;
  } else if (info.definitions[0].target != target) {
    // Assignments before it that never run define nothing.
    if (!c.ast->is(target, NodeKind::kName) || info.scope != c.scope || info.typed != Progress::kNot) return SymbolId::none();
    for (const Definition& earlier : info.definitions) {
      if (earlier.target == target) break;
      if (earlier.kind != DefinitionKind::kAssign) return SymbolId::none();
    }
  }
  w.resolved(symbol);
  if (w.symbols[symbol].kind != SymbolKind::kVariable) return SymbolId::none();
  // Each of several variables under one name has its own declaration, or none.
  if (c.starts.count(target.value) != 0) return symbol;
  for (const Definition& definition : w.symbols[symbol].definitions) {
    // Annotations behind it declare nothing.
    if (definition.target == target && !mayRedefine(*c.options)) break;
    if (definition.kind == DefinitionKind::kAnnotated) return SymbolId::none();
    if (definition.kind == DefinitionKind::kSelf && c.ast->is(definition.node, NodeKind::kAnnAssign)) return SymbolId::none();
  }
  return symbol;
}

static void assignIndexed(Checker& c, NodeId target, TypeId type, NodeId rvalue) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(target);
  completeByItem(c, target, rvalue);
  TypeId base = inferExpr(c, subscript.value());
  TypeId plain = proper(w, base);
  if (w.types.is(plain, TypeKind::kTypeVar)) plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
  bool all_dicts = true;
  for (TypeId item : unionItems(w, plain)) all_dicts = all_dicts && w.types.is(proper(w, item), TypeKind::kTypedDict);
  if (all_dicts) {
    for (TypeId item : unionItems(w, plain)) typedDictAssign(c, proper(w, item), target, type, rvalue);
    return;
  }
  std::vector<Arg> args{{subscript.slice(), ArgKind::kPos, NameId::none(), TypeId::none()}, {rvalue, ArgKind::kPos, NameId::none(), type}};
  callMethod(c, w.names.__setitem__, base, std::move(args), target);
  KeyId key = keyOf(c, target);
  if (key.valid()) {
    Watch watch = startWatch(c);
    TypeId declared = indexOf(c, base, target);
    takeBack(c, watch);
    if (rvalue.valid()) type = c.nodeType(rvalue).valid() ? c.nodeType(rvalue) : type;
    if (type.valid()) {
      c.binder->invalidateDependents(key, c.keys);
      c.binder->assign(key, type, declared, false);
      c.nodeType(target) = declared;
    }
  }
}

// `if b: x = 1` and `else: x = None`: a local x is optional. ref: mypy checker.check_assignment
static TypeId widenedByNone(Checker& c, SymbolId symbol, NodeId target, NodeId rvalue, TypeId declared) {
  World& w = c.w;
  if (!rvalue.valid() || !c.ast->is(target, NodeKind::kName) || !symbol.valid() || !w.symbols[symbol].has(kIsInferred)) return declared;
  auto constant = c.ast->tryAs<syntax::Constant>(rvalue);
  if (!constant || constant->constantKind() != syntax::ConstantKind::kNone) return declared;
  bool is_local = w.scopes[w.symbols[symbol].scope].kind == ScopeKind::kFunction && w.symbols[symbol].scope == c.scope;
  if (!is_local || w.types.is(proper(w, declared), TypeKind::kAny) || !c.binder->isDeclaredInOtherBranch(keyOf(c, target))) return declared;
  TypeId both[] = {declared, w.types.none()};
  w.symbols[symbol].type = simplifiedUnion(w, both);
  return w.symbols[symbol].type;
}

// A partial type meets the value that completes it.
static bool completeByAssignment(Checker& c, NodeId target, TypeId& type, NodeId rvalue) {
  World& w = c.w;
  SymbolId symbol = partialVariable(c, target);
  if (!symbol.valid()) return false;
  if (ClassId cls(w.types[w.symbols[symbol].type].ref); cls.valid()) {
    completeByValue(c, symbol, rvalue, type);
    return false;
  }
  if (rvalue.valid()) type = inferExpr(c, rvalue);
  // Inferring the value may have closed partial types, this one too.
  if (!w.types.is(w.symbols[symbol].type, TypeKind::kPartial)) return false;
  if (w.types.is(proper(w, type), TypeKind::kNone)) return true;
  if (!isValidInferred(w, type)) {
    auto open = std::find_if(c.partials.begin(), c.partials.end(), [&](const PartialVariable& partial) { return partial.symbol == symbol; });
    NodeId begun = open != c.partials.end() ? open->node : target;
    std::erase_if(c.partials, [&](const PartialVariable& partial) { return partial.symbol == symbol; });
    if (openPartial(c, symbol, target, type)) return true;
    // Containers alone can be completed later. ref: mypy checker.set_inferred_type
    fail(c, begun, Code::kVarAnnotated, "Need type annotation for \"" + std::string(w.text(w.symbols[symbol].name)) + "\"");
    type = withUnsolvedAny(w, type);
  }
  TypeId both[] = {removeLastKnownValues(w, type), w.types.none()};
  closePartial(c, symbol, c.options->strict_optional ? simplifiedUnion(w, both) : both[0]);
  KeyId key = keyOf(c, target);
  c.nodeType(target) = w.symbols[symbol].type;
  if (key.valid()) c.binder->assign(key, type, w.symbols[symbol].type, false);
  return true;
}

// Does a comment on the statement, `a, b = x, y  # type: A, B`, declare the target? ref: mypy check_multi_assignment
static bool isDeclaredByComment(Checker& c, SymbolId symbol, NodeId target) {
  World& w = c.w;
  if (follows(*c.options, Divergence::kDeclarationsNarrow) || !symbol.valid() || w.symbols[symbol].module != c.module || !w.symbols[symbol].has(kIsDeclared)) return false;
  NodeId statement = target;
  while (statement.valid() && !syntax::isStatement(*c.ast, statement)) statement = c.ast->parent(statement);
  if (!statement.valid() || !c.ast->is(statement, NodeKind::kAssign)) return false;
  for (const Definition& definition : w.symbols[symbol].definitions) {
    if (c.ast->is(definition.node, NodeKind::kAnnAssign) && c.ast->range(definition.node) == c.ast->range(statement)) return true;
  }
  return false;
}

// __all__ holds names. ref: mypy checker.check_partial
static void checkAllType(Checker& c, NodeId target, TypeId type) {
  World& w = c.w;
  TypeId str = builtinType(w, "str");
  TypeId names = namedType(w, "typing", "Sequence", std::span<const TypeId>(&str, 1));
  if (w.types.is(names, TypeKind::kAny) || isSubtype(w, type, names)) return;
  auto texts = formatTwo(w, names, removeLastKnownValues(w, type));
  fail(c, target, Code::kMisc, "Type of __all__ must be " + texts.first + ", not " + texts.second);
}

// `m = n` for two modules: a name stands for one module. ref: mypy semanal.process_module_assignment
static void checkModuleAssignment(Checker& c, NodeId target, SymbolId symbol, NodeId rvalue) {
  World& w = c.w;
  SymbolId before = followImports(w, symbol);
  if (!before.valid() || w.resolved(before).kind != SymbolKind::kModule || follows(*c.options, Divergence::kRedefinition) || !rvalue.valid()) return;
  if (!c.ast->is(rvalue, NodeKind::kName) && !c.ast->is(rvalue, NodeKind::kAttribute)) return;
  SymbolId value = lookupDotted(w, c.module, c.scope, *c.ast, rvalue);
  if (value.valid()) value = followImports(w, value);
  if (!value.valid() || w.resolved(value).kind != SymbolKind::kModule || w.symbols[value].target_module == w.symbols[before].target_module) return;
  fail(c, target, Code::kMisc, "Cannot assign multiple modules to name \"" + std::string(w.text(w.symbols[symbol].name)) + "\" without explicit \"types.ModuleType\" annotation");
}

// Is the target a variable of another module, which declares no type for it?
static bool isUndeclaredElsewhere(Checker& c, NodeId target) {
  World& w = c.w;
  auto attribute = c.ast->tryAs<syntax::Attribute>(target);
  if (!attribute || !follows(*c.options, Divergence::kForeignVariables)) return false;
  TypeId owner = c.nodeType(attribute->value()).valid() ? proper(w, c.nodeType(attribute->value())) : TypeId::none();
  if (!w.types.is(owner, TypeKind::kModule)) return false;
  SymbolId symbol = w.scopes[w.modules[ModuleId(w.types[owner].ref)].scope].names.find(syntax::nameOf(*c.ast, attribute->attr()));
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kVariable) return false;
  return !w.symbols[symbol].has(kIsDeclared) && !w.symbols[symbol].has(kIsFinal);
}

// Is it `super().x`, which is no target to mypy?
static bool isOfSuper(Checker& c, NodeId target) {
  auto attribute = c.ast->tryAs<syntax::Attribute>(target);
  auto call = attribute ? c.ast->tryAs<syntax::Call>(attribute->value()) : std::nullopt;
  if (!call || !c.ast->is(call->func(), NodeKind::kName) || syntax::nameOf(*c.ast, call->func()) != c.w.names.super || follows(*c.options, Divergence::kSuperTargets)) return false;
  return !symbolAt(c, call->func()).valid() || fullNameAt(c.w, c.module, c.scope, *c.ast, call->func()) == "builtins.super";
}

void assignTo(Checker& c, NodeId target, TypeId type, NodeId rvalue) {
  World& w = c.w;
  switch (c.ast->kind(target)) {
    case NodeKind::kTuple: {
      NodeList targets = c.ast->as<syntax::Tuple>(target).elts();
      assignUnpacked(c, target, targets, type, rvalue);
      return;
    }
    case NodeKind::kList: {
      NodeList targets = c.ast->as<syntax::List>(target).elts();
      assignUnpacked(c, target, targets, type, rvalue);
      return;
    }
    case NodeKind::kStarred: assignTo(c, c.ast->as<syntax::Starred>(target).value(), type, rvalue); return;
    case NodeKind::kSubscript: assignIndexed(c, target, type, rvalue); return;
    case NodeKind::kName:
    case NodeKind::kAttribute: break;
    default: return;
  }
  if (isOfSuper(c, target)) return fail(c, target, Code::kMisc, "Invalid assignment target");
  if (c.ast->is(target, NodeKind::kName)) {
    SymbolId symbol = symbolAt(c, target);
    bool of_enum = symbol.valid() && c.scope == w.symbols[symbol].scope && (w.symbols[symbol].has(kIsEnumMember) || w.symbols[symbol].has(kIsEnumAlias));
    if (!of_enum) checkFinalName(c, target);
    if (symbol.valid()) {
      Symbol& info = w.resolved(symbol);
      if (info.kind == SymbolKind::kAlias || info.kind == SymbolKind::kTypeVar || info.kind == SymbolKind::kSpecialForm) {
        auto assign = c.ast->tryAs<syntax::Assign>(c.ast->parent(target));
        if (info.kind == SymbolKind::kAlias && assign && assign->targets().size() > 1) {
          // No statement of one target could make an alias of it again: it is what the alias is as a value.
          TypeId wanted = aliasValue(c, info.alias, target);
          if (!type.valid() && rvalue.valid()) type = inferExpr(c, rvalue);
          if (type.valid()) checkAssigned(c, type, wanted, rvalue.valid() ? rvalue : target);
        } else if (info.kind == SymbolKind::kAlias && !info.definitions.empty() && info.definitions[0].target != target) {
          std::string name(w.text(info.name));
          fail(c, target, Code::kMisc, "Cannot assign multiple types to name \"" + name + "\" without an explicit \"type[...]\" annotation");
        }
        return;
      }
      if ((info.has(kIsEnumMember) || info.has(kIsEnumAlias)) && c.scope == info.scope) {
        // The class's transform made a member of it.
        if (rvalue.valid()) inferExpr(c, rvalue);
        return;
      }
      if (info.kind == SymbolKind::kModule || info.kind == SymbolKind::kImport) checkModuleAssignment(c, target, symbol, rvalue);
      if (info.kind == SymbolKind::kClass) {
        bool own = !info.definitions.empty() && info.definitions[0].target == target;
        if (!own) {
          if (rvalue.valid()) type = inferExpr(c, rvalue);
          fail(c, target, Code::kMisc, "Cannot assign to a type");
          TypeId declared = w.hooks.symbol_type(w, symbol);
          if (declared.valid() && type.valid()) checkSubtype(c, type, declared, rvalue.valid() ? rvalue : target, "Incompatible types in assignment", "expression has type", "variable has type", Code::kAssignment);
        }
        return;
      }
    }
  }
  if (SymbolId attribute = inferredAttributeAt(c, target); attribute.valid()) {
    if (c.ast->is(target, NodeKind::kAttribute)) {
      TypeId owner = inferExpr(c, c.ast->as<syntax::Attribute>(target).value());
      checkSlots(c, target, proper(w, owner));
      checkFinalMember(c, target, proper(w, owner));
    }
    return assignInferredAttribute(c, attribute, target, type, rvalue);
  }
  SymbolId defined = inferredDefinition(c, target);
  // In a further round of a loop the first assignment defines an exception's variable anew.
  if (defined.valid() && w.symbols[defined].type.valid() && w.types.is(w.symbols[defined].type, TypeKind::kDeleted)) w.symbols[defined].typed = Progress::kNot;
  if (c.ast->is(target, NodeKind::kAttribute)) {
    TypeId owner = inferExpr(c, c.ast->as<syntax::Attribute>(target).value());
    if (defined.valid() && w.symbols[defined].typed != Progress::kDone) checkSlots(c, target, proper(w, owner));
  }
  if (defined.valid() && w.symbols[defined].typed != Progress::kDone) {
    if (rvalue.valid()) {
      TypeId base_context = inheritedContext(c, defined);
      bool is_all = w.symbols[defined].name == w.names.__all__ && w.scopes[w.symbols[defined].scope].kind == ScopeKind::kModule;
      if (is_all && c.ast->is(rvalue, NodeKind::kList)) base_context = builtinType(w, "list", builtinType(w, "str"));
      type = inferExpr(c, rvalue, base_context);
      if (is_all) checkAllType(c, target, type);
      bool inherits = base_context.valid() && follows(*c.options, Divergence::kInheritedDeclarations);
      if (inherits && !w.symbols[defined].has(kIsEnumMember) && isSubtype(w, type, base_context) && !w.symbols[defined].has(kIsFinal)) {
        w.symbols[defined].type = base_context;
        w.symbols[defined].typed = Progress::kDone;
        return;
      }
    }
    if (w.symbols[defined].typed == Progress::kDone) {
      // Completed on the way by a reader.
    } else {
      inferVariable(c, defined, target, type, rvalue.valid() ? rvalue : target);
      bool is_elsewhere = c.ast->is(target, NodeKind::kName) && w.symbols[defined].scope != c.scope && !w.types.is(w.symbols[defined].type, TypeKind::kPartial);
      if (is_elsewhere) recordAssigned(c, defined, w.symbols[defined].type);
    }
    TypeId declared = w.symbols[defined].type;
    KeyId key = keyOf(c, target);
    if (key.valid() && c.ast->is(target, NodeKind::kName)) c.binder->declare(key);
    c.nodeType(target) = declared;
    if (key.valid() && !w.types.is(declared, TypeKind::kPartial)) {
      c.binder->invalidateDependents(key, c.keys);
      TypeKind kind = w.types.kind(proper(w, declared));
      bool is_stripped = !isValidInferred(w, type) || kind == TypeKind::kAny || kind == TypeKind::kCallable || kind == TypeKind::kOverloaded;
      c.binder->assign(key, is_stripped ? declared : type, declared, true);
    }
    return;
  }
  if (SymbolId again = redefined(c, target); again.valid()) {
    if (rvalue.valid()) type = inferExpr(c, rvalue);
    beginAgain(c, again, target, target);
    inferVariable(c, again, target, type, rvalue.valid() ? rvalue : target);
    TypeId declared = w.symbols[again].type;
    c.nodeType(target) = declared;
    KeyId key = keyOf(c, target);
    if (key.valid() && !w.types.is(declared, TypeKind::kPartial)) c.binder->assign(key, type, declared, true);
    return;
  }
  SymbolId named = c.ast->is(target, NodeKind::kName) ? symbolAt(c, target) : SymbolId::none();
  if (c.ast->is(target, NodeKind::kAttribute) && c.cls.valid()) {
    named = findMember(w, c.cls, syntax::nameOf(*c.ast, c.ast->as<syntax::Attribute>(target).attr())).symbol;
  }
  if (completeByAssignment(c, target, type, rvalue)) return;
  if (isWidened(c, named, target)) return assignWidening(c, named, target, type, rvalue);
  TypeId declared = targetType(c, target);
  // A container that nothing has filled is asked for its annotation; what is assigned must fit it. ref: mypy checker.handle_partial_var_type
  SymbolId open = w.types.is(declared, TypeKind::kPartial) && !follows(*c.options, Divergence::kOpenContainers) ? partialVariable(c, target) : SymbolId::none();
  if (w.types.is(declared, TypeKind::kPartial)) declared = open.valid() && ClassId(w.types[declared].ref).valid() ? readPartial(c, open, target) : any(c);
  if (w.types.is(declared, TypeKind::kDeleted)) {
    if (rvalue.valid()) inferExpr(c, rvalue);
    fail(c, target, Code::kMisc, "Assignment to variable \"" + std::string(w.text(NameId(w.types[declared].ref))) + "\" outside except: block");
    return;
  }
  if (c.ast->is(target, NodeKind::kAttribute) && isEnumMember(w, declared)) {
    // That a member is not assigned to was said.
    if (rvalue.valid()) inferExpr(c, rvalue);
    return;
  }
  declared = widenedByNone(c, named, target, rvalue, declared);
  c.nodeType(target) = declared;
  if (rvalue.valid()) {
    bool plain_any = w.types.is(proper(w, declared), TypeKind::kAny);
    type = inferExpr(c, rvalue, plain_any ? TypeId::none() : declared);
  }
  // `name = None` where an import failed.
  bool is_fallback = named.valid() && (w.symbols[named].kind == SymbolKind::kImport || w.symbols[named].kind == SymbolKind::kModule) && c.ast->is(target, NodeKind::kName) &&
                     follows(*c.options, Divergence::kRedefinition) && w.types.is(proper(w, type), TypeKind::kNone);
  if (!isDynamic(c) && !is_fallback && !isUndeclaredElsewhere(c, target)) {
    checkAssigned(c, type, declared, rvalue.valid() ? rvalue : target);
  }
  KeyId key = keyOf(c, target);
  if (key.valid() && isDeclaredByComment(c, named, target)) {
    // The comment's type counts, not the value's.
  } else if (key.valid() && narrowAsymmetric(c, target, key, type, declared)) {
    // What it takes is not what it gives.
  } else if (key.valid()) {
    c.binder->invalidateDependents(key, c.keys);
    c.binder->assign(key, type, declared, named.valid() && w.symbols[named].has(kIsInferred));
  }
}

void checkAssign(Checker& c, NodeId node) {
  World& w = c.w;
  auto assign = c.ast->as<syntax::Assign>(node);
  NodeList targets = assign.targets();
  // Definitions of types are no ordinary assignments.
  if (targets.size() == 1 && c.ast->is(targets[0], NodeKind::kName)) {
    bool is_same = c.ast->is(assign.value(), NodeKind::kName) && syntax::nameOf(*c.ast, targets[0]) == syntax::nameOf(*c.ast, assign.value());
    if (is_same && c.scope == w.modules[c.module].scope) return static_cast<void>(inferExpr(c, assign.value()));
    SymbolId symbol = symbolAt(c, targets[0]);
    if (symbol.valid()) {
      Symbol& info = w.resolved(symbol);
      bool first = !info.definitions.empty() && info.definitions[0].target == targets[0] && info.module == c.module;
      if (first && info.kind == SymbolKind::kAlias) return resolveAlias(w, info.alias);
      if (first && info.kind == SymbolKind::kTypeVar) {
        upperBound(w, info.type_var);
        return;
      }
      if (first && (info.kind == SymbolKind::kClass || info.kind == SymbolKind::kFunction)) return checkMade(c, assign.value());
      if (!first && checkMadeAgain(c, node, targets[0], assign.value(), symbol)) return;
      if (sentinelType(w, symbol).valid() && c.ast->is(assign.value(), NodeKind::kCall)) {
        TypeId type = inferExpr(c, assign.value());
        if (first) return;
        if (isSubtype(w, type, w.symbols[symbol].type)) {
          fail(c, node, Code::kMisc, "Cannot redefine an existing name as final");
          return;
        }
      }
    }
  }
  NodeId value = assign.value();
  if (targets.size() == 1) {
    assignTo(c, targets[0], TypeId::none(), value);
    checkSpecialName(c, targets[0], value);
    return;
  }
  // The last target sees the value itself, the others its type. ref: mypy checker.visit_assignment_stmt
  assignTo(c, targets.back(), TypeId::none(), value);
  TypeId type = c.nodeType(value).valid() ? c.nodeType(value) : inferExpr(c, value);
  for (size_t i = 0; i + 1 < targets.size(); ++i) assignTo(c, targets[i], type, NodeId::none());
  for (NodeId target : targets) checkSpecialName(c, target, value);
}

}  // namespace krait::check

// Class headers: bases, type variables, MRO (C3), metaclass and the flags that follow from them.
#include "checker/declare/annotation_internal.h"
#include "checker/declare/any_rules.h"

namespace krait::declare {

// C3: merges the bases' MROs and the list of bases. False when there is no consistent order.
bool computeMro(World& w, ClassId cls) {
  std::vector<std::vector<ClassId>> lists;
  std::vector<ClassId> bases;
  for (TypeId base : w.classes[cls].bases) {
    TypeId fallback = w.types.is(base, TypeKind::kInstance) ? base : fallbackOf(w, base);
    if (!w.types.is(fallback, TypeKind::kInstance)) continue;
    bases.push_back(w.types[fallback].cls());
    lists.push_back(w.header(bases.back()).mro);
  }
  lists.push_back(bases);
  std::vector<ClassId> mro{cls};
  for (;;) {
    ClassId next;
    bool any_left = false;
    for (const std::vector<ClassId>& list : lists) {
      if (list.empty()) continue;
      any_left = true;
      bool blocked = false;
      for (const std::vector<ClassId>& other : lists) {
        for (size_t i = 1; i < other.size(); ++i) blocked = blocked || other[i] == list[0];
      }
      if (!blocked) {
        next = list[0];
        break;
      }
    }
    if (!any_left) break;
    if (!next.valid()) {
      w.classes[cls].mro = {cls};
      ClassId object = lookupClass(w, "builtins", "object");
      if (object.valid()) w.classes[cls].mro.push_back(object);
      return false;
    }
    mro.push_back(next);
    for (std::vector<ClassId>& list : lists) {
      if (!list.empty() && list[0] == next) list.erase(list.begin());
    }
  }
  w.classes[cls].mro = mro;
  return true;
}

namespace {

struct HeaderBuilder {
  World& w;
  ClassId cls;
  ModuleId module;
  const Ast& ast;
  ScopeId scope;
  std::vector<TypeVarId> definitions;  // from Generic[…] / Protocol[…], else in order of use in the bases
  bool is_explicit = false;
  bool has_six_metaclass = false;
  bool has_duplicates = false;  // a base twice: what the bases are is not known then

  void scanTypeVars(NodeList args);
  void base(NodeId node);
  void addBase(TypeId type, NodeId node);
  void keywords(NodeList args);
  void metaclassExpr(NodeId value);
  bool isSixCall(NodeId node) const;
  bool isOfMissingModule(NodeId node) const;
  bool sixBase(NodeId node);
  void metaclass();
  void metaclassConflict(TypeId winner, ClassId winner_class, TypeId other, ClassId other_class);
  bool specialBase(NodeId node);
  bool baseByValue(NodeId node);
};

}  // namespace

// Finds the type variables of a header before the class's own variables exist.
void HeaderBuilder::scanTypeVars(NodeList args) {
  std::vector<TypeVarId> used;
  size_t listings = 0;
  std::vector<TypeVarId> listed;
  bool is_repeated = false;
  // The bases that with_metaclass() stands for.
  if (args.size() == 1 && isSixCall(args[0])) return scanTypeVars(ast.as<syntax::Call>(args[0]).args());
  for (NodeId arg : args) {
    if (ast.is(arg, NodeKind::kKeyword)) continue;
    auto subscript = ast.tryAs<syntax::Subscript>(arg);
    if (!subscript) continue;
    std::string name = fullNameAt(w, module, scope, ast, subscript->value());
    bool generic = name == "typing.Generic" || name == "typing_extensions.Generic";
    bool protocol = name == "typing.Protocol" || name == "typing_extensions.Protocol";
    AnnotationContext c{w, module, scope, &ast};
    c.is_silent = true;
    std::vector<TypeVarId> found;
    c.collects = &found;
    c.allows_unpack = true;
    c.allows_param_spec = true;
    NodeId single;
    for (NodeId item : subscriptItems(ast, subscript->slice(), &single)) {
      TypeId params = analyzeParameters(c, item);
      if (!params.valid()) analyzeInner(c, item, true, true);
    }
    for (TypeVarId definition : found) {
      // A variable of an enclosing class or function is not this class's own.
      bool repeated = false;
      for (TypeVarId seen : used) repeated = repeated || seen == definition;
      if (!repeated) used.push_back(definition);
    }
    if (generic || protocol) {
      if (is_explicit) report(w, module, w.classes[cls].node, Code::kMisc, "Only single Generic[...] or Protocol[...] can be in bases");
      is_explicit = true;
      ++listings;
      definitions = found;
      for (TypeVarId variable : found) {
        is_repeated = is_repeated || std::find(listed.begin(), listed.end(), variable) != listed.end();
        listed.push_back(variable);
      }
    }
  }
  if (is_repeated) report(w, module, w.classes[cls].node, Code::kMisc, "Duplicate type variables in Generic[...] or Protocol[...]");
  if (!is_explicit) {
    definitions = used;
    return;
  }
  if (listings > 1) return;
  std::vector<TypeVarId> unlisted;
  for (TypeVarId variable : used) {
    if (std::find(definitions.begin(), definitions.end(), variable) == definitions.end()) unlisted.push_back(variable);
  }
  if (unlisted.empty()) return;
  report(w, module, w.classes[cls].node, Code::kMisc, "If Generic[...] or Protocol[...] is present it should list all type variables");
  definitions.insert(definitions.end(), unlisted.begin(), unlisted.end());
}

bool HeaderBuilder::specialBase(NodeId node) {
  NodeId name_node = node;
  if (auto subscript = ast.tryAs<syntax::Subscript>(node)) name_node = subscript->value();
  if (auto call = ast.tryAs<syntax::Call>(node)) name_node = call->func();
  if (!ast.is(name_node, NodeKind::kName) && !ast.is(name_node, NodeKind::kAttribute)) return false;
  std::string name = fullNameAt(w, module, scope, ast, name_node);
  if (ast.is(node, NodeKind::kCall)) return false;
  ClassInfo& info = w.classes[cls];
  if (name == "typing.Generic" || name == "typing_extensions.Generic") {
    info.set(kClassGenericBase);
    return true;
  }
  if (name == "typing.Protocol" || name == "typing_extensions.Protocol") {
    info.set(kClassProtocol);
    return true;
  }
  if (name == "typing.NamedTuple" || name == "typing_extensions.NamedTuple") {
    info.set(kClassNamedTuple);
    return true;
  }
  if (name == "typing.TypedDict" || name == "typing_extensions.TypedDict" || name == "mypy_extensions.TypedDict") {
    info.set(kClassTypedDict);
    TypeId base = namedType(w, "typing", "_TypedDict");
    if (!w.types.is(base, TypeKind::kInstance)) base = namedType(w, "typing_extensions", "_TypedDict");
    if (!w.types.is(base, TypeKind::kInstance)) base = namedType(w, "mypy_extensions", "_TypedDict");
    if (!w.types.is(base, TypeKind::kInstance)) return true;
    for (TypeId other : info.bases) {
      if (other != base) continue;
      report(w, module, info.node, Code::kMisc, "Duplicate base class \"TypedDict\"");
      return true;
    }
    w.classes[cls].bases.push_back(base);
    return true;
  }
  return false;
}

void HeaderBuilder::addBase(TypeId type, NodeId node) {
  ClassInfo& info = w.classes[cls];
  bool is_named = ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute);
  std::string shown = is_named ? dottedText(ast, node) : std::string();
  reportUnimported(w, module, node, is_named ? "Base type " + shown.substr(shown.rfind('.') + 1) : "Base type", type);
  reportExplicit(w, module, node, type);
  type = proper(w, type);
  switch (w.types.kind(type)) {
    case TypeKind::kInstance: {
      ClassId base = w.types[type].cls();
      if (w.classes[base].headed == Progress::kRunning && base == cls) {
        report(w, module, node, Code::kMisc, "Cannot resolve name \"" + std::string(w.text(info.name)) + "\" (possible cyclic definition)");
        info.set(kClassFallbackToAny);
        return;
      }
      const ClassInfo& base_info = w.header(base);
      bool is_late = !follows(w.modules[module].options, Divergence::kFinalAncestors);
      NodeId final_place = is_late ? info.node : node;
      for (size_t i = 1; is_late && i < base_info.mro.size(); ++i) {
        const ClassInfo& ancestor = w.classes[base_info.mro[i]];
        if (ancestor.has(kClassFinal) && !ancestor.has(kClassEnum)) report(w, module, final_place, Code::kMisc, "Cannot inherit from final class \"" + std::string(w.text(ancestor.name)) + "\"");
      }
      if (base_info.has(kClassNewType)) {
        report(w, module, info.node, Code::kMisc, "Cannot subclass \"NewType\"");
      }
      if (base_info.has(kClassFinal)) {
        report(w, module, final_place, Code::kMisc, "Cannot inherit from final class \"" + std::string(w.text(base_info.name)) + "\"");
      }
      for (TypeId other : info.bases) {
        if (w.types.is(other, TypeKind::kInstance) && w.types[other].cls() == base) {
          report(w, module, w.classes[cls].node, Code::kMisc, "Duplicate base class \"" + std::string(w.text(base_info.name)) + "\"");
          info.set(kClassFallbackToAny);
          has_duplicates = true;
          return;
        }
      }
      w.classes[cls].bases.push_back(type);
      if (base_info.has(kClassFallbackToAny)) w.classes[cls].set(kClassFallbackToAny);
      break;
    }
    case TypeKind::kTuple: {
      TypeId fallback = w.types[type].extra;
      if (isNamed(w, fallback, "builtins.tuple")) fallback = tupleFallback(w, type);
      w.classes[cls].bases.push_back(fallback);
      if (w.classes[cls].tuple_type.valid() && w.classes[cls].tuple_type != type && !follows(w.modules[module].options, Divergence::kTupleBases)) {
        report(w, module, info.node, Code::kMisc, "Class has two incompatible bases derived from tuple");
        w.classes[cls].set(kClassHasErrors);
      }
      w.classes[cls].tuple_type = type;
      break;
    }
    case TypeKind::kTypedDict:
      for (TypeId other : info.bases) {
        if (!w.types.is(other, TypeKind::kInstance) || w.types[other].cls() != w.types[w.types[type].extra].cls()) continue;
        report(w, module, info.node, Code::kMisc, "Duplicate base class \"" + std::string(w.text(w.classes[w.types[other].cls()].name)) + "\"");
        return;
      }
      w.classes[cls].set(kClassTypedDict);
      w.classes[cls].bases.push_back(w.types[type].extra);
      break;
    case TypeKind::kAny:
      if (w.modules[module].options.disallow_subclassing_any) {
        std::string what = is_named ? "Class cannot subclass \"" + shown.substr(shown.rfind('.') + 1) + "\" (has type \"Any\")" : std::string("Class cannot subclass value of type \"Any\"");
        report(w, module, node, Code::kMisc, std::move(what));
      }
      w.classes[cls].set(kClassFallbackToAny);
      break;
    default:
      if (auto subscript = ast.tryAs<syntax::Subscript>(node)) node = subscript->value();
      report(w, module, node, Code::kMisc, "Invalid base class \"" + dottedText(ast, node) + "\"");
      w.classes[cls].set(kClassFallbackToAny);
      break;
  }
}

bool HeaderBuilder::isSixCall(NodeId node) const {
  auto call = ast.tryAs<syntax::Call>(node);
  if (!call || call->args().empty()) return false;
  std::string callee = fullNameAt(w, module, scope, ast, call->func());
  return callee == "six.with_metaclass" || callee == "future.utils.with_metaclass" || callee == "past.utils.with_metaclass";
}

// with_metaclass(M, *bases) of six: the only base, which stands for the bases, and names the metaclass.
bool HeaderBuilder::sixBase(NodeId node) {
  if (!isSixCall(node)) return false;
  auto call = ast.as<syntax::Call>(node);
  size_t bases = 0;
  for (NodeId arg : ast.as<syntax::ClassDef>(w.classes[cls].node).args()) bases += ast.is(arg, NodeKind::kKeyword) ? 0 : 1;
  if (bases != 1) return false;
  for (NodeId arg : call.args()) {
    if (ast.is(arg, NodeKind::kKeyword) || ast.is(arg, NodeKind::kStarred)) return false;
  }
  has_six_metaclass = true;
  metaclassExpr(call.args()[0]);
  for (size_t i = 1; i < call.args().size(); ++i) base(call.args()[i]);
  return true;
}

// `m.x` where m could not be imported.
bool HeaderBuilder::isOfMissingModule(NodeId node) const {
  auto attribute = ast.tryAs<syntax::Attribute>(node);
  SymbolId head = attribute ? lookupDotted(w, module, scope, ast, attribute->value()) : SymbolId::none();
  if (head.valid()) head = followImports(w, head);
  return head.valid() && w.resolved(head).has(kIsMissingImport);
}

// Specification mode: the class that the expression's value is. False: its value is no class.
bool HeaderBuilder::baseByValue(NodeId node) {
  if (!follows(w.modules[module].options, Divergence::kComputedBases)) return false;
  TypeId type = computedBase(w, module, scope, node);
  if (type.valid()) addBase(type, node);
  return type.valid();
}

void HeaderBuilder::base(NodeId node) {
  if (specialBase(node)) return;
  if (ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute)) {
    SymbolId symbol = lookupDotted(w, module, scope, ast, node);
    if (!symbol.valid()) {
      if (isOfMissingModule(node)) {
        addBase(w.types.any(AnyKind::kFromUnimported), node);
        return;
      }
      if (isOpenName(w, module, scope, ast, node)) return addBase(w.types.any(), node);
      bool is_member = ast.is(node, NodeKind::kAttribute);
      if (is_member && baseByValue(node)) return;
      if (is_member && dottedText(ast, node).starts_with(".")) {
        report(w, module, node, Code::kMisc, "Invalid base class");
        w.classes[cls].set(kClassFallbackToAny);
        return;
      }
      report(w, module, node, Code::kNameDefined, "Name \"" + dottedText(ast, node) + "\" is not defined");
      addBase(w.types.any(), node);
      return;
    }
    SymbolId target = followImports(w, symbol);
    if (target.valid()) {
      const Symbol& info = w.resolved(target);
      if (info.kind == SymbolKind::kTypeVar) {
        report(w, module, node, Code::kMisc, "\"" + dottedText(ast, node) + "\" is a type variable and only valid in type context");
        report(w, module, node, Code::kMisc, "Invalid base class \"" + dottedText(ast, node) + "\"");
        w.classes[cls].set(kClassFallbackToAny);
        return;
      }
      if (info.kind == SymbolKind::kFunction) {
        AnnotationContext context{w, module, scope, &ast};
        functionAsType(context, target, node);
      }
      if (info.kind == SymbolKind::kVariable || info.kind == SymbolKind::kFunction || info.kind == SymbolKind::kModule) {
        TypeId type = info.kind == SymbolKind::kVariable ? w.hooks.symbol_type(w, target) : TypeId::none();
        if (info.has(kIsMissingImport) || (type.valid() && w.types.is(proper(w, type), TypeKind::kAny))) {
          addBase(w.types.any(AnyKind::kFromUnimported), node);
          return;
        }
        if (info.kind == SymbolKind::kVariable && baseByValue(node)) return;
        if (info.kind == SymbolKind::kVariable) {
          report(w, module, node, Code::kValidType, "Variable \"" + variableName(w, target, dottedText(ast, node)) + "\" is not valid as a type");
          reportNote(w, module, node, Code::kValidType,
                     "See https://mypy.readthedocs.io/en/stable/common_issues.html#variables-vs-type-aliases");
        }
        report(w, module, node, Code::kMisc, "Invalid base class \"" + dottedText(ast, node) + "\"");
        w.classes[cls].set(kClassFallbackToAny);
        return;
      }
    }
  } else if (!ast.is(node, NodeKind::kSubscript) && !syntax::stringValue(ast, node)) {
    if (auto call = ast.tryAs<syntax::Call>(node)) {
      std::string callee = calleeNameAt(w, module, scope, ast, call->func());
      Symbol symbol;
      symbol.scope = scope;
      symbol.module = module;
      symbol.resolved = Progress::kRunning;
      auto name = call->args().empty() ? std::nullopt : syntax::stringValue(ast, call->args()[0]);
      if (name) symbol.name = w.name(*name);
      if (name) {
        SymbolId made = w.symbols.add(std::move(symbol));
        if (resolveNamedTupleCall(w, made, ast, node, callee) || resolveTypedDictCall(w, made, ast, node, callee)) {
          w.symbols[made].resolved = Progress::kDone;
          // In mypy's messages such a base has a name of its own. ref: mypy semanal_namedtuple.check_namedtuple
          ClassInfo& named = w.classes[w.symbols[made].cls];
          if (w.options.mypy && !named.in_function) {
            std::string line = "@" + std::to_string(named.line);
            named.name = w.name(std::string(*name) + line);
            named.fullname += line;
          }
          addBase(selfTypeOf(w, w.symbols[made].cls), node);
          return;
        }
      }
      if (sixBase(node)) return;
      if (callee == "builtins.type") {
        w.classes[cls].set(kClassFallbackToAny);
        return;
      }
    }
    auto constant = ast.tryAs<syntax::Constant>(node);
    if (constant && constant->constantKind() == syntax::ConstantKind::kNone) {
      report(w, module, node, Code::kMisc, "Invalid base class \"None\"");
      w.classes[cls].set(kClassFallbackToAny);
      return;
    }
    if (baseByValue(node)) return;
    if (constant && constant->constantKind() != syntax::ConstantKind::kEllipsis && !follows(w.modules[module].options, Divergence::kComputedBases)) {
      AnnotationContext context{w, module, scope, &ast};
      analyzeType(context, node);
      w.classes[cls].set(kClassFallbackToAny);
      return;
    }
    report(w, module, node, Code::kMisc, ast.is(node, NodeKind::kCall) ? "Unsupported dynamic base class" + (" \"" + dottedText(ast, ast.as<syntax::Call>(node).func()) + "\"") : std::string("Invalid base class"));
    w.classes[cls].set(kClassFallbackToAny);
    return;
  }
  if (auto item = ast.tryAs<syntax::Subscript>(node)) {
    bool is_dotted = ast.is(item->value(), NodeKind::kName) || ast.is(item->value(), NodeKind::kAttribute);
    SymbolId head = is_dotted ? lookupDotted(w, module, scope, ast, item->value()) : SymbolId::none();
    if (head.valid()) head = followImports(w, head);
    bool is_value = head.valid() ? w.resolved(head).kind == SymbolKind::kVariable : !is_dotted;
    if (is_value && baseByValue(node)) return;
    if (!is_dotted) {
      report(w, module, node, Code::kMisc, "Invalid base class");
      w.classes[cls].set(kClassFallbackToAny);
      return;
    }
  }
  AnnotationContext c{w, module, scope, &ast};
  c.is_base = true;
  c.allows_unpack = true;
  c.class_header = cls;
  c.extra = &w.classes[cls].type_vars;
  TypeId type = analyzeType(c, node);
  addBase(type.valid() ? type : w.types.any(), node);
}

void HeaderBuilder::keywords(NodeList args) {
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid() || syntax::nameOf(ast, keyword->arg()) != w.names.metaclass) continue;
    metaclassExpr(keyword->value());
  }
}

// The metaclass that a class names: by `metaclass=`, or through six.
void HeaderBuilder::metaclassExpr(NodeId value) {
  bool is_dotted = ast.is(value, NodeKind::kName) || (ast.is(value, NodeKind::kAttribute) && !dottedText(ast, value).starts_with("."));
  if (!is_dotted) {
    report(w, module, value, Code::kMetaclass, "Dynamic metaclass not supported for \"" + std::string(w.text(w.classes[cls].name)) + "\"");
    w.classes[cls].set(kClassMetaFallbackToAny);
    return;
  }
  SymbolId symbol = lookupDotted(w, module, scope, ast, value);
  auto takeAny = [&] {
    w.classes[cls].set(kClassMetaFallbackToAny);
    if (!w.modules[module].options.disallow_subclassing_any) return;
    report(w, module, value, Code::kMetaclass, "Class cannot use \"" + dottedText(ast, value) + "\" as a metaclass (has type \"Any\")");
  };
  if (!symbol.valid() && isOfMissingModule(value)) return takeAny();
  if (!symbol.valid()) {
    report(w, module, value, Code::kNameDefined, "Name \"" + dottedText(ast, value) + "\" is not defined");
    return;
  }
  SymbolId target = followImports(w, symbol);
  if (!target.valid() || w.resolved(target).kind != SymbolKind::kClass) {
    bool is_alias = target.valid() && w.symbols[target].kind == SymbolKind::kAlias;
    if (is_alias) {
      resolveAlias(w, w.symbols[target].alias);
      TypeId type = proper(w, w.aliases[w.symbols[target].alias].target);
      if (w.types.is(type, TypeKind::kInstance)) {
        w.classes[cls].declared_metaclass = type;
        return;
      }
    }
    bool unknown = !target.valid() || w.symbols[target].has(kIsMissingImport);
    TypeId type = target.valid() && w.symbols[target].kind == SymbolKind::kVariable ? w.hooks.symbol_type(w, target) : TypeId::none();
    unknown = unknown || (type.valid() && w.types.is(proper(w, type), TypeKind::kAny));
    if (unknown) {
      takeAny();
    } else {
      report(w, module, value, Code::kMisc, "Invalid metaclass \"" + dottedText(ast, value) + "\"");
    }
    return;
  }
  ClassId meta = w.symbols[target].cls;
  if (w.header(meta).tuple_type.valid()) {
    report(w, module, value, Code::kMetaclass, "Invalid metaclass \"" + dottedText(ast, value) + "\"");
    return;
  }
  if (!isMetaclass(w, meta) && !w.classes[meta].has(kClassFallbackToAny)) {
    report(w, module, value, Code::kMisc, "Metaclasses not inheriting from \"type\" are not supported");
    return;
  }
  w.classes[cls].declared_metaclass = instanceWithAny(w, meta);
}

// The metaclass that a class declares itself.
static TypeId declaredMetaclass(World& w, ClassId cls) {
  const ClassInfo& info = w.header(cls);
  bool is_def = info.node.valid() && w.modules[info.module].ast->is(info.node, NodeKind::kClassDef);
  return is_def ? info.declared_metaclass : info.metaclass;
}

// Says which two metaclasses cannot be one; only where a base has a metaclass that is known to be right.
void HeaderBuilder::metaclassConflict(TypeId winner, ClassId winner_class, TypeId other, ClassId other_class) {
  const ClassInfo info = w.classes[cls];
  bool known = false;
  for (TypeId base : info.bases) {
    known = known || (w.types.is(base, TypeKind::kInstance) && w.header(w.types[base].cls()).metaclass.valid());
  }
  bool exempt = isMetaclass(w, cls) || info.has(kClassProtocol) || info.has(kClassNamedTuple) || info.has(kClassEnum) || info.has(kClassTypedDict);
  if (!known || exempt) return;
  report(w, module, info.node, Code::kMetaclass,
         "Metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
  auto part = [&](TypeId meta, ClassId of) {
    return "\"" + w.classes[w.types[meta].cls()].fullname + "\" (metaclass of \"" + w.classes[of].fullname + "\")";
  };
  reportNote(w, module, info.node, Code::kMetaclass, part(winner, winner_class) + " conflicts with " + part(other, other_class));
}

void HeaderBuilder::metaclass() {
  TypeId winner = w.classes[cls].declared_metaclass;
  ClassId winner_class = cls;
  for (size_t i = 1; i < w.classes[cls].mro.size(); ++i) {
    ClassId base = w.classes[cls].mro[i];
    TypeId other = declaredMetaclass(w, base);
    if (!other.valid()) continue;
    bool covered = winner.valid() && isSubclass(w, w.types[winner].cls(), w.types[other].cls());
    if (covered) continue;
    if (winner.valid() && !isSubclass(w, w.types[other].cls(), w.types[winner].cls())) {
      metaclassConflict(winner, winner_class, other, base);
      winner = TypeId::none();
      break;
    }
    winner = other;
    winner_class = base;
  }
  // Protocols and what derives from them have ABCMeta unless they say otherwise.
  // ref: mypy semanal.recalculate_metaclass
  if (!winner.valid() || isNamed(w, winner, "builtins.type")) {
    bool has_protocol = false;
    for (ClassId base : w.classes[cls].mro) has_protocol = has_protocol || w.classes[base].has(kClassProtocol);
    ClassId abc_meta = has_protocol ? lookupClass(w, "abc", "ABCMeta") : ClassId::none();
    if (abc_meta.valid()) winner = w.types.instance(abc_meta);
  }
  w.classes[cls].metaclass = winner;
  if (winner.valid() && isSubclass(w, w.types[winner].cls(), "enum.EnumMeta")) w.classes[cls].set(kClassEnum);
  for (size_t i = 1; i < w.classes[cls].mro.size(); ++i) {
    const ClassInfo& base = w.classes[w.classes[cls].mro[i]];
    if (base.has(kClassMetaFallbackToAny)) w.classes[cls].set(kClassMetaFallbackToAny);
    if (base.has(kClassEnum)) w.classes[cls].set(kClassEnum);
    if (base.has(kClassRuntimeProtocol) && w.classes[cls].has(kClassProtocol)) {
    }
  }
}

static void readClassDecorators(World& w, ClassId cls, const Ast& ast, NodeList decorators) {
  const ClassInfo& info = w.classes[cls];
  for (NodeId decorator : decorators) {
    NodeId name_node = decorator;
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (call) name_node = call->func();
    std::string name = fullNameAt(w, info.module, info.parent, ast, name_node);
    if (name == "typing.final" || name == "typing_extensions.final") w.classes[cls].set(kClassFinal);
    if (name == "typing.runtime_checkable" || name == "typing_extensions.runtime_checkable" || name == "typing.runtime") {
      w.classes[cls].set(kClassRuntimeProtocol);
    }
    if (name == "warnings.deprecated" || name == "typing_extensions.deprecated") {
      if (call && !call->args().empty()) {
        if (auto text = syntax::stringValue(ast, call->args()[0])) w.classes[cls].deprecated = *text;
      }
    }
    if (name == "typing.disjoint_base" || name == "typing_extensions.disjoint_base") w.classes[cls].set(kClassDisjointBase);
  }
}

TypeId promotionOf(World& w, ClassId cls, NodeId decorator) {
  const ClassInfo& info = w.classes[cls];
  const Ast& ast = *w.modules[info.module].ast;
  auto call = ast.tryAs<syntax::Call>(decorator);
  if (!call || call->args().size() != 1 || fullNameAt(w, info.module, info.parent, ast, call->func()) != "typing._promote") return TypeId::none();
  SymbolId target = lookupDotted(w, info.module, info.parent, ast, call->args()[0]);
  if (target.valid()) target = followImports(w, target);
  if (!target.valid() || w.resolved(target).kind != SymbolKind::kClass) return w.types.any(AnyKind::kFromError);
  return instanceWithAny(w, w.symbols[target].cls);
}

static void setPromotions(World& w, ClassId cls) {
  ClassInfo& info = w.classes[cls];
  if (info.node.valid()) {
    const Ast& ast = *w.modules[info.module].ast;
    for (NodeId decorator : ast.as<syntax::ClassDef>(info.node).decorators()) {
      TypeId wider = promotionOf(w, cls, decorator);
      if (wider.valid() && w.types.is(wider, TypeKind::kInstance)) w.classes[cls].promotes.push_back(w.types[wider].cls());
    }
  }
  if (isNativeInt(w, w.types.instance(cls))) {
    // Both ways, for convenience.
    ClassId plain = lookupClass(w, "builtins", "int");
    if (plain.valid()) w.header(plain);
    if (plain.valid()) w.classes[plain].promotes.push_back(cls);
  }
  if (!info.fullname.starts_with("builtins.")) return;
  auto promote = [&](const char* name) {
    ClassId target = lookupClass(w, "builtins", name);
    if (target.valid()) w.classes[cls].promotes.push_back(target);
  };
  if (info.fullname == "builtins.int") promote("float");
  if (info.fullname == "builtins.float") promote("complex");
  if (info.fullname == "builtins.bytearray" || info.fullname == "builtins.memoryview") promote("bytes");
}

void completeClass(World& w, ClassId cls) {
  if (w.classes[cls].headed != Progress::kNot) return;
  w.classes[cls].headed = Progress::kRunning;
  ModuleId module = w.classes[cls].module;
  NodeId node = w.classes[cls].node;
  const Ast& ast = *w.modules[module].ast;
  if (!node.valid() || !ast.is(node, NodeKind::kClassDef)) {
    w.classes[cls].headed = Progress::kDone;
    return;
  }
  auto def = ast.as<syntax::ClassDef>(node);
  HeaderBuilder builder{w, cls, module, ast, w.classes[cls].parent, {}};
  ScopeId params_scope = w.classes[cls].parent;
  if (!def.typeParams().empty()) {
    w.classes[cls].set(kClassHasTypeParams);
    addTypeParams(w, module, params_scope, def.typeParams(), cls, FunctionId::none(), AliasId::none());
  } else {
    builder.scanTypeVars(def.args());
    int32_t raw = 1;
    for (TypeVarId definition : builder.definitions) {
      if (w.type_vars[definition].raw_id != 0) continue;
      w.classes[cls].type_vars.push_back(boundCopy(w, definition, cls, FunctionId::none(), raw++));
    }
  }
  readClassDecorators(w, cls, ast, def.decorators());
  builder.keywords(def.args());
  for (NodeId arg : def.args()) {
    if (!ast.is(arg, NodeKind::kKeyword)) builder.base(arg);
  }
  size_t metaclasses = builder.has_six_metaclass ? 1 : 0;
  for (NodeId arg : def.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    metaclasses += keyword && keyword->arg().valid() && syntax::nameOf(ast, keyword->arg()) == w.names.metaclass ? 1 : 0;
  }
  for (NodeId decorator : def.decorators()) {
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (!call || call->args().size() != 1 || ast.is(call->args()[0], NodeKind::kKeyword)) continue;
    if (fullNameAt(w, module, builder.scope, ast, call->func()) != "six.add_metaclass") continue;
    ++metaclasses;
    builder.metaclassExpr(call->args()[0]);
  }
  if (metaclasses > 1) report(w, module, node, Code::kMetaclass, "Multiple metaclass definitions");
  ClassInfo& info = w.classes[cls];
  const std::vector<TypeId> written_bases = info.bases;
  if (builder.has_duplicates) info.bases.clear();
  if (info.bases.empty() && info.fullname != "builtins.object") {
    ClassId object = lookupClass(w, "builtins", "object");
    if (object.valid()) w.classes[cls].bases.push_back(w.types.instance(object));
  }
  if (info.has(kClassNamedTuple)) {
    size_t bases = 0;
    for (NodeId arg : def.args()) {
      auto subscript = ast.tryAs<syntax::Subscript>(arg);
      bool generic = subscript && fullNameAt(w, module, builder.scope, ast, subscript->value()).ends_with(".Generic");
      bases += ast.is(arg, NodeKind::kKeyword) || generic ? 0 : 1;
    }
    if (bases > 1) report(w, module, node, Code::kMisc, "NamedTuple should be a single base");
    TypeId tuple = builtinType(w, "tuple", w.types.any(AnyKind::kSpecialForm));
    w.classes[cls].bases.clear();
    w.classes[cls].bases.push_back(tuple);
  }
  std::vector<TypeId> typed_dict_bases;
  if (info.has(kClassTypedDict)) typed_dict_bases = takeTypedDictBases(w, cls);
  if (!computeMro(w, cls)) {
    report(w, module, node, Code::kMisc,
           "Cannot determine consistent method resolution order (MRO) for \"" + std::string(w.text(info.name)) + "\"");
    w.classes[cls].set(kClassBadMro);
    bool has_metaclass = false;
    for (TypeId base : written_bases) has_metaclass = has_metaclass || (w.types.is(base, TypeKind::kInstance) && w.classes[w.types[base].cls()].metaclass.valid());
    if (has_metaclass && !w.classes[cls].declared_metaclass.valid()) {
      report(w, module, node, Code::kMetaclass, "Metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
    }
  }
  builder.metaclass();
  setPromotions(w, cls);
  w.classes[cls].headed = Progress::kDone;
  // A tuple class's or TypedDict's own shape follows from its body.
  if (w.classes[cls].has(kClassNamedTuple)) transformNamedTupleClass(w, cls);
  if (!w.classes[cls].tuple_type.valid()) {
    for (TypeId base : std::vector<TypeId>(w.classes[cls].bases)) {
      if (!w.types.is(base, TypeKind::kInstance)) continue;
      TypeId inherited = w.header(w.types[base].cls()).tuple_type;
      if (inherited.valid()) {
        TypeId tuple = substituteByInstance(w, inherited, base);
        w.classes[cls].tuple_type = w.types.tuple(w.types[tuple].args(), selfInstanceOf(w, cls));
      }
    }
  } else {
    TypeId tuple = w.classes[cls].tuple_type;
    w.classes[cls].tuple_type = w.types.tuple(w.types[tuple].args(), selfInstanceOf(w, cls));
  }
  if (w.classes[cls].has(kClassTypedDict)) transformTypedDictClass(w, cls, typed_dict_bases);
}

}  // namespace krait::declare

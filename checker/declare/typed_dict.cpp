// TypedDicts: the class form and TypedDict("X", {…}). A TypedDict class has no bases but typing's own; the TypedDicts
// that it names are merged item by item. ref: PEP 589, PEP 705, PEP 728
#include "checker/declare/annotation_internal.h"
#include "checker/declare/any_rules.h"

namespace krait::declare {

namespace {

// What the keywords of the class or the call say.
struct Totality {
  bool total = true;
  bool closed = false;
  bool closed_given = false;
  TypeId extra;
  bool extra_read_only = false;
};

struct TypedDictBuilder {
  World& w;
  ClassId cls;
  ModuleId module;
  ScopeId scope;
  const Ast& ast;
  Totality how;
  std::vector<TypedDictItem> items;
  std::vector<ClassId> origins;  // of the items: the class that each was taken from

  bool literalBool(NodeId value, const char* name, bool fallback);
  void keyword(NodeId arg, bool is_class);
  TypedDictItem item(NameId name, NodeId annotation);
  std::string nameOf(ClassId id) { return std::string(w.text(w.classes[id].name)); }
  int find(NameId name);
  void mergeBase(TypeId base, NodeId at);
  void mergeItem(const TypedDictItem& given, ClassId origin, NodeId at);
  void checkOverride(const TypedDictItem& inherited, const TypedDictItem& own, ClassId origin, NodeId at);
  void finish();
};

}  // namespace

bool TypedDictBuilder::literalBool(NodeId value, const char* name, bool fallback) {
  if (auto constant = ast.tryAs<syntax::Constant>(value)) {
    if (constant->constantKind() == syntax::ConstantKind::kTrue) return true;
    if (constant->constantKind() == syntax::ConstantKind::kFalse) return false;
  }
  if (ast.is(value, NodeKind::kName) && !lookupDotted(w, module, scope, ast, value).valid()) {
    report(w, module, value, Code::kNameDefined, "Name \"" + std::string(syntax::nameText(ast, value)) + "\" is not defined");
  }
  report(w, module, value, Code::kMisc, std::string("\"") + name + "\" argument must be a True or False literal");
  return fallback;
}

void TypedDictBuilder::keyword(NodeId arg, bool is_class) {
  auto keyword = ast.as<syntax::Keyword>(arg);
  if (!keyword.arg().valid()) return;
  NameId name = syntax::nameOf(ast, keyword.arg());
  if (name == w.names.total) {
    how.total = literalBool(keyword.value(), "total", true);
  } else if (name == w.names.closed) {
    how.closed = literalBool(keyword.value(), "closed", false);
    how.closed_given = true;
    if (how.extra.valid()) report(w, module, arg, Code::kMisc, "Cannot use both \"closed\" and \"extra_items\"");
  } else if (name == w.names.extra_items) {
    AnnotationContext c{w, module, scope, &ast};
    c.allows_required = true;
    c.extra = &w.classes[cls].type_vars;
    how.extra = analyzeType(c, keyword.value());
    if (!how.extra.valid()) how.extra = w.types.any();
    how.extra_read_only = c.is_read_only;
    if (c.is_required || c.is_not_required) {
      report(w, module, keyword.value(), Code::kValidType,
             std::string("Cannot use ") + (c.is_required ? "Required" : "NotRequired") + "[] in \"extra_items\"");
    }
    if (how.closed_given) report(w, module, arg, Code::kMisc, "Cannot use both \"closed\" and \"extra_items\"");
  } else if (is_class && name != w.names.metaclass) {
    report(w, module, w.classes[cls].node, Code::kMisc,
           "Unexpected keyword argument \"" + std::string(w.text(name)) + "\" for \"__init_subclass__\" of \"TypedDict\"");
  } else if (is_class) {
    report(w, module, w.classes[cls].node, Code::kMisc, "Metaclasses cannot be used with TypedDict");
  }
}

TypedDictItem TypedDictBuilder::item(NameId name, NodeId annotation) {
  AnnotationContext c{w, module, scope, &ast};
  c.allows_required = true;
  c.item_of = "TypedDict";
  c.extra = &w.classes[cls].type_vars;
  TypedDictItem made;
  made.name = name;
  made.type = analyzeType(c, annotation);
  if (!made.type.valid()) made.type = w.types.any();
  made.required = c.is_required || (how.total && !c.is_not_required);
  made.read_only = c.is_read_only;
  return made;
}

int TypedDictBuilder::find(NameId name) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

// An item of one more base beside those merged so far. An item that can be changed wins over one that is read only.
void TypedDictBuilder::mergeItem(const TypedDictItem& given, ClassId origin, NodeId at) {
  int found = find(given.name);
  if (found < 0) {
    items.push_back(given);
    origins.push_back(origin);
    return;
  }
  TypedDictItem& known = items[static_cast<size_t>(found)];
  ClassId& known_origin = origins[static_cast<size_t>(found)];
  std::string field = "field \"" + std::string(w.text(given.name)) + "\"";
  bool compatible = false;
  if (!known.read_only && !given.read_only) compatible = isEquivalent(w, known.type, given.type);
  if (known.read_only && given.read_only) compatible = isSubtype(w, known.type, given.type) || isSubtype(w, given.type, known.type);
  if (known.read_only && !given.read_only) compatible = isSubtype(w, given.type, known.type);
  if (!known.read_only && given.read_only) compatible = isSubtype(w, known.type, given.type);
  if (!compatible) {
    report(w, module, at, Code::kMisc,
           "Incompatible definitions of " + field + " in base classes \"" + nameOf(known_origin) + "\" and \"" + nameOf(origin) + "\"");
  } else if (known.required != given.required) {
    const TypedDictItem& optional = known.required ? given : known;
    // `given` comes from the earlier base: what it says goes.
    bool loses_required = known.read_only && given.read_only && known.required && follows(w.options, Divergence::kReadOnlyRequired);
    if (loses_required) {
      report(w, module, at, Code::kMisc,
             "Field \"" + std::string(w.text(given.name)) + "\" is required in base class \"" + nameOf(known_origin) + "\" but not in base class \"" +
                 nameOf(origin) + "\"");
    } else if (!optional.read_only) {
      ClassId requires_it = known.required ? known_origin : origin;
      ClassId deletes_it = known.required ? origin : known_origin;
      report(w, module, at, Code::kMisc,
             "Field \"" + std::string(w.text(given.name)) + "\" is required in base class \"" + nameOf(requires_it) +
                 "\" but can be deleted in base class \"" + nameOf(deletes_it) + "\"");
    }
  }
  bool both_fixed = known.read_only && given.read_only;
  bool keeps = both_fixed ? !isSubtype(w, given.type, known.type) : given.read_only;
  bool required = both_fixed && (known.required || given.required);
  if (!keeps) {
    known = given;
    known_origin = origin;
  }
  if (required) known.required = true;
}

void TypedDictBuilder::mergeBase(TypeId base, NodeId at) {
  ClassId origin = w.types[base].cls();
  const ClassInfo& info = w.header(origin);
  if (!info.typed_dict_type.valid()) return;
  TypeId dict = substituteByInstance(w, info.typed_dict_type, base);
  for (const TypedDictItem& given : w.types.typedDictItems(dict)) mergeItem(given, origin, at);
  const TypedDictShape& shape = w.types.typedDictShape(dict);
  if (shape.is_closed && how.closed_given && !how.closed) {
    report(w, module, at, Code::kMisc, "Cannot reopen closed base class \"" + nameOf(origin) + "\"");
  }
  if (shape.is_closed) how.closed = true;
  if (!shape.has_extra) return;
  TypeId inherited = w.types.typedDictExtra(dict);
  if (how.closed_given && !how.closed) {
    report(w, module, at, Code::kMisc, "Cannot reopen base class \"" + nameOf(origin) + "\" that has extra items");
  } else if (how.closed_given && !shape.extra_read_only) {
    report(w, module, at, Code::kMisc, "Cannot close base class \"" + nameOf(origin) + "\" that has extra items");
  } else if (!how.extra.valid() && !how.closed) {
    how.extra = inherited;
    how.extra_read_only = shape.extra_read_only;
  } else if (how.extra.valid()) {
    bool fits = shape.extra_read_only ? isSubtype(w, how.extra, inherited)
                                      : !how.extra_read_only && isEquivalent(w, how.extra, inherited);
    if (!fits) report(w, module, at, Code::kMisc, "Type of extra items incompatible with base class \"" + nameOf(origin) + "\"");
  }
}

// An item of the body in place of an inherited one.
void TypedDictBuilder::checkOverride(const TypedDictItem& inherited, const TypedDictItem& own, ClassId origin, NodeId at) {
  std::string field = "field \"" + std::string(w.text(own.name)) + "\"";
  std::string base = "base class \"" + nameOf(origin) + "\"";
  bool fits = inherited.read_only ? isSubtype(w, own.type, inherited.type) : isEquivalent(w, own.type, inherited.type);
  if (!fits) {
    report(w, module, at, Code::kMisc, "Definition of " + field + " incompatible with " + base);
    return;
  }
  if (!inherited.read_only && own.read_only) {
    report(w, module, at, Code::kMisc, "Field \"" + std::string(w.text(own.name)) + "\" is mutable in " + base);
  } else if (inherited.required && !own.required) {
    report(w, module, at, Code::kMisc, "Field \"" + std::string(w.text(own.name)) + "\" is required in " + base);
  } else if (!inherited.required && !inherited.read_only && own.required) {
    report(w, module, at, Code::kMisc, "Field \"" + std::string(w.text(own.name)) + "\" can be deleted in " + base);
  }
}

void TypedDictBuilder::finish() {
  TypeId fallback = selfInstanceOf(w, cls);
  bool has_extra = how.extra.valid() && !how.closed;
  w.classes[cls].typed_dict_type =
      w.types.typedDict(items, fallback, how.closed, has_extra ? how.extra : TypeId::none(), how.extra_read_only);
  finishSelfAlias(w, cls);
}

static bool isPlaceholder(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kPass)) return true;
  auto expr = ast.tryAs<syntax::ExprStmt>(node);
  auto constant = expr ? ast.tryAs<syntax::Constant>(expr->value()) : std::nullopt;
  return constant && (constant->constantKind() == syntax::ConstantKind::kStr || constant->constantKind() == syntax::ConstantKind::kEllipsis);
}

// The statements of the body; where the specification counts, those of conditions that are known, too.
static void takeStatements(World& w, ModuleId module, const Ast& ast, NodeList body, std::vector<NodeId>& statements) {
  for (NodeId statement : body) {
    auto branch = ast.tryAs<syntax::If>(statement);
    if (!branch || !follows(w.options, Divergence::kConditionalItems)) {
      statements.push_back(statement);
      continue;
    }
    for (NodeList part : {branch->body(), branch->orelse()}) {
      if (!part.empty() && !isUnreachable(w, module, part[0])) takeStatements(w, module, ast, part, statements);
    }
  }
}

static constexpr const char* kBadStatement = "Invalid statement in TypedDict definition; expected \"field_name: field_type\"";

// Items of a closed base, or one whose extra items do not allow it, cannot be added.
static void checkExtensions(TypedDictBuilder& b, const std::vector<TypeId>& bases, NodeId at) {
  World& w = b.w;
  for (TypeId base : bases) {
    ClassId origin = w.types[base].cls();
    TypeId declared = w.header(origin).typed_dict_type;
    if (!declared.valid()) continue;
    TypeId dict = substituteByInstance(w, declared, base);
    const TypedDictShape& shape = w.types.typedDictShape(dict);
    if (!shape.is_closed && !shape.has_extra) continue;
    std::vector<TypedDictItem> known = w.types.typedDictItems(dict);
    for (size_t i = 0; i < b.items.size(); ++i) {
      bool has = false;
      for (const TypedDictItem& item : known) has = has || item.name == b.items[i].name;
      if (has || b.origins[i] == origin) continue;
      std::string field = " with field \"" + std::string(w.text(b.items[i].name)) + "\"";
      std::string source = b.origins[i] == b.cls ? "" : " from base class \"" + b.nameOf(b.origins[i]) + "\"";
      if (shape.is_closed) {
        report(w, b.module, at, Code::kMisc, "Cannot extend closed base class \"" + b.nameOf(origin) + "\"" + field + source);
        continue;
      }
      TypedDictItem rest = restOf(w, dict);
      const TypedDictItem& item = b.items[i];
      bool fits = rest.read_only ? isSubtype(w, item.type, rest.type)
                                 : !item.required && !item.read_only && isEquivalent(w, item.type, rest.type);
      if (!fits) {
        report(w, b.module, at, Code::kMisc, "Field \"" + std::string(w.text(item.name)) + "\" incompatible with extra items of base class \"" + b.nameOf(origin) + "\"");
      }
    }
  }
}

std::vector<TypeId> takeTypedDictBases(World& w, ClassId cls) {
  ModuleId module = w.classes[cls].module;
  NodeId at = w.classes[cls].node;
  std::vector<TypeId> dicts;
  std::vector<TypeId> kept;
  bool plain_seen = false;
  for (TypeId base : std::vector<TypeId>(w.classes[cls].bases)) {
    if (!w.types.is(base, TypeKind::kInstance)) continue;
    const ClassInfo& info = w.header(w.types[base].cls());
    if (info.typed_dict_type.valid()) {
      dicts.push_back(base);
    } else if (info.fullname.ends_with("._TypedDict")) {
      kept.assign(1, base);
    } else if (!plain_seen) {
      plain_seen = true;
      report(w, module, at, Code::kMisc, "All bases of a new TypedDict must be TypedDict types");
    }
  }
  if (kept.empty()) {
    for (TypeId dict : dicts) {
      const ClassInfo& info = w.header(w.types[dict].cls());
      if (!info.bases.empty()) kept.assign(1, info.bases[0]);
    }
  }
  if (kept.empty()) kept.push_back(objectType(w));
  w.classes[cls].bases = kept;
  computeMro(w, cls);
  return dicts;
}

void transformTypedDictClass(World& w, ClassId cls, const std::vector<TypeId>& bases) {
  collectClass(w, cls);
  ModuleId module = w.classes[cls].module;
  const Ast& ast = *w.modules[module].ast;
  NodeId node = w.classes[cls].node;
  auto def = ast.as<syntax::ClassDef>(node);
  TypedDictBuilder b{w, cls, module, w.classes[cls].scope, ast, {}, {}, {}};
  if (w.classes[cls].has(kClassDisjointBase)) {
    report(w, module, def.decorators()[0], Code::kMisc, "@disjoint_base cannot be used with TypedDict");
  }
  for (NodeId arg : def.args()) {
    if (ast.is(arg, NodeKind::kKeyword)) b.keyword(arg, true);
  }
  for (size_t i = bases.size(); i-- > 0;) b.mergeBase(bases[i], node);
  std::vector<NameId> seen;
  std::vector<NodeId> statements;
  takeStatements(w, module, ast, def.body(), statements);
  for (NodeId statement : statements) {
    auto assign = ast.tryAs<syntax::AnnAssign>(statement);
    if (!assign || !ast.is(assign->target(), NodeKind::kName)) {
      NodeId at = statement;
      if (auto function = ast.tryAs<syntax::FunctionDef>(statement)) {
        if (!function->decorators().empty()) at = function->decorators()[0];
      }
      if (!isPlaceholder(ast, statement)) report(w, module, at, Code::kMisc, kBadStatement);
      auto plain = ast.tryAs<syntax::Assign>(statement);
      if (plain && plain->targets().size() == 1 && ast.is(plain->targets()[0], NodeKind::kName)) {
        TypedDictItem item;
        item.name = syntax::nameOf(ast, plain->targets()[0]);
        item.type = w.types.any(AnyKind::kUnannotated);
        item.required = b.how.total;
        b.items.push_back(item);
        b.origins.push_back(cls);
        seen.push_back(item.name);
      }
      continue;
    }
    NameId name = syntax::nameOf(ast, assign->target());
    bool repeated = false;
    for (NameId other : seen) repeated = repeated || other == name;
    if (repeated) {
      report(w, module, statement, Code::kMisc, "Duplicate TypedDict key \"" + std::string(w.text(name)) + "\"");
      continue;
    }
    seen.push_back(name);
    TypedDictItem item = b.item(name, assign->annotation());
    reportUnimported(w, module, statement, "Type of variable", item.type);
    reportExplicit(w, module, statement, item.type);
    if (assign->value().valid()) {
      report(w, module, statement, Code::kMisc, "Right hand side values are not supported in TypedDict");
    }
    int found = b.find(name);
    if (found >= 0) {
      auto at = static_cast<size_t>(found);
      b.checkOverride(b.items[at], item, b.origins[at], statement);
      b.items[at] = item;
      b.origins[at] = cls;
    } else {
      b.items.push_back(item);
      b.origins.push_back(cls);
    }
  }
  checkExtensions(b, bases, node);
  // The items are no attributes.
  for (SymbolId id : w.scopes[w.classes[cls].scope].names.in_order) {
    if (w.symbols[id].kind == SymbolKind::kVariable) w.scopes[w.classes[cls].scope].names.by_name.erase(w.symbols[id].name);
  }
  b.finish();
}

static ClassId makeTypedDict(World& w, SymbolId id, NodeId call_node) {
  ClassId cls = makeClass(w, id, call_node, w.symbols[id].name);
  w.classes[cls].set(kClassTypedDict);
  TypeId base = namedType(w, "typing", "_TypedDict");
  if (!w.types.is(base, TypeKind::kInstance)) base = namedType(w, "typing_extensions", "_TypedDict");
  if (!w.types.is(base, TypeKind::kInstance)) base = objectType(w);
  w.classes[cls].bases.push_back(base);
  computeMro(w, cls);
  w.classes[cls].metaclass = w.types.is(base, TypeKind::kInstance) ? w.header(w.types[base].cls()).metaclass : TypeId::none();
  return cls;
}

// Makes the class that a call tells. False: the call tells none, which was reported.
static bool typedDictOf(World& w, SymbolId id, const Ast& ast, NodeId call_node) {
  const Symbol symbol = w.symbols[id];
  auto call = ast.as<syntax::Call>(call_node);
  auto invalid = [&](std::string text) {
    report(w, symbol.module, call_node, Code::kMisc, std::move(text));
    return false;
  };
  NodeList args = call.args();
  if (args.size() < 2) return invalid("Too few arguments for TypedDict()");
  for (size_t i = 0; i < args.size(); ++i) {
    bool named = ast.is(args[i], NodeKind::kKeyword);
    if (named != (i >= 2) || ast.is(args[i], NodeKind::kStarred)) return invalid("Unexpected arguments to TypedDict()");
    if (!named) continue;
    NodeId arg = ast.as<syntax::Keyword>(args[i]).arg();
    if (!arg.valid()) return invalid("Unexpected arguments to TypedDict()");
    NameId name = syntax::nameOf(ast, arg);
    if (name != w.names.total && name != w.names.closed && name != w.names.extra_items) {
      return invalid("Unexpected keyword argument \"" + std::string(w.text(name)) + "\" for \"TypedDict\"");
    }
  }
  auto name = syntax::stringValue(ast, args[0]);
  if (!name) return invalid("TypedDict() expects a string literal as the first argument");
  auto dict = ast.tryAs<syntax::Dict>(args[1]);
  if (!dict) return invalid("TypedDict() expects a dictionary literal as the second argument");
  if (*name != w.text(symbol.name)) {
    report(w, symbol.module, call_node, Code::kNameMatch,
           "First argument \"" + std::string(*name) + "\" to TypedDict() does not match variable name \"" + std::string(w.text(symbol.name)) + "\"");
  }
  ClassId cls = makeTypedDict(w, id, call_node);
  bindCallTypeVars(w, cls, symbol.scope, ast, dict->values());
  TypedDictBuilder b{w, cls, symbol.module, symbol.scope, ast, {}, {}, {}};
  for (size_t i = 2; i < args.size(); ++i) b.keyword(args[i], false);
  for (size_t i = 0; i < dict->keys().size(); ++i) {
    auto key = dict->keys()[i].valid() ? syntax::stringValue(ast, dict->keys()[i]) : std::nullopt;
    if (!key) {
      report(w, symbol.module, dict->keys()[i].valid() ? dict->keys()[i] : dict->values()[i], Code::kMisc, "Invalid TypedDict() field name");
      b.items.clear();
      break;
    }
    NameId key_name = w.name(*key);
    TypedDictItem item = b.item(key_name, dict->values()[i]);
    reportUnimported(w, symbol.module, call_node, "Type of a TypedDict key", item.type);
    int found = b.find(key_name);
    if (found >= 0) {
      report(w, symbol.module, dict->keys()[i], Code::kMisc, "Duplicate TypedDict key \"" + std::string(*key) + "\"");
      b.items[static_cast<size_t>(found)] = item;
    } else {
      b.items.push_back(item);
    }
  }
  b.finish();
  reportExplicit(w, symbol.module, call_node, w.classes[b.cls].typed_dict_type);
  return true;
}

bool resolveTypedDictCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  if (callee != "typing.TypedDict" && callee != "typing_extensions.TypedDict" && callee != "mypy_extensions.TypedDict") return false;
  if (typedDictOf(w, id, ast, call_node)) return true;
  if (!w.options.mypy) return false;
  // To mypy the name means a class all the same, one without items. ref: mypy semanal_typeddict.check_typeddict
  TypedDictBuilder b{w, makeTypedDict(w, id, call_node), w.symbols[id].module, w.symbols[id].scope, ast, {}, {}, {}};
  b.finish();
  return true;
}

}  // namespace krait::declare

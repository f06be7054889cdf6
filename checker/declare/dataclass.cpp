// Dataclasses and the classes of dataclass_transform: fields of the class and its bases, and the methods that follow
// from them. ref: PEP 557, PEP 681
#include <algorithm>

#include "checker/declare/field_transform.h"

namespace krait::declare {

namespace {

struct DataclassBuilder {
  World& w;
  ClassId cls;
  ModuleId module;
  const Ast& ast;
  TransformSpec spec;
  std::shared_ptr<DataclassInfo> info;

  void readOptions();
  void inheritFields();
  void collectFields();
  bool addField(NodeId statement, bool& kw_only, bool& kw_only_seen);
  std::string annotationHead(NodeId annotation);
  void readField(NodeId value, DataclassField& field, SymbolId symbol);
  void readDefaultsOfSpecifier(NodeId call, DataclassField& field);
  TypeId setterType(SymbolId symbol, TypeId type, NodeId at);
  void checkOrder();
  void checkFreezing();
  void addMethods();
  void addInit();
  void addOrder();
  void addPlainMembers();
  void hideInitVars();
  TypeId initType(const DataclassField& field) { return withSelf(w, cls, field.init_type.valid() ? field.init_type : field.type); }
};

}  // namespace

void DataclassBuilder::readOptions() {
  auto option = [&](NameId name, bool fallback) { return boolOption(w, module, ast, spec.arguments, name, fallback); };
  info->is_transform = !spec.is_dataclass;
  info->eq = option(w.names.eq, spec.eq_default);
  info->order = option(w.names.order, spec.order_default);
  info->init = option(w.names.init, true);
  info->kw_only = option(w.names.kw_only, spec.kw_only_default);
  info->slots = option(w.names.slots, false);
  info->match_args = option(w.names.match_args, true);
  info->unsafe_hash = option(w.names.unsafe_hash, false);
  info->is_neutral = spec.declares_metaclass && !keywordValue(ast, spec.arguments, w.names.frozen).valid();
  info->frozen = option(w.names.frozen, spec.frozen_default) && !info->is_neutral;
}

// `init` as a field specifier's signature gives it by default.
void DataclassBuilder::readDefaultsOfSpecifier(NodeId node, DataclassField& field) {
  auto call = ast.as<syntax::Call>(node);
  SymbolId symbol = lookupDotted(w, module, w.classes[cls].scope, ast, call.func());
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kFunction || spec.is_dataclass) return;
  TypeId type = proper(w, w.hooks.symbol_type(w, symbol));
  std::vector<TypeId> items;
  if (w.types.is(type, TypeKind::kCallable)) items.push_back(type);
  if (w.types.is(type, TypeKind::kOverloaded)) items.assign(w.types[type].args().begin(), w.types[type].args().end());
  for (TypeId item : items) {
    // The overload whose parameters have all the names that are given, and that requires no other.
    bool fits = true;
    CallableView view = w.types.callable(item);
    for (NodeId arg : call.args()) {
      auto keyword = ast.tryAs<syntax::Keyword>(arg);
      if (keyword && keyword->arg().valid()) fits = fits && argumentByName(w, item, syntax::nameOf(ast, keyword->arg())).exists;
    }
    for (uint32_t i = 0; i < view.paramCount(); ++i) {
      if (view.params()[i].kind == ParamKind::kNamed) fits = fits && keywordValue(ast, call.args(), view.params()[i].name).valid();
    }
    if (!fits) continue;
    FunctionId definition = view.shape->definition;
    if (!definition.valid() || !w.functions[definition].node.valid()) return;
    const Ast& other = *w.modules[w.functions[definition].module].ast;
    auto def = other.as<syntax::FunctionDef>(w.functions[definition].node);
    for (NodeId param_node : other.as<syntax::Parameters>(def.params()).params()) {
      auto param = other.as<syntax::Parameter>(param_node);
      if (!param.defaultValue().valid()) continue;
      NameId name = syntax::nameOf(other, param.name());
      auto literal = boolLiteral(other, param.defaultValue());
      if (!literal) continue;
      if (name == w.names.init) field.in_init = *literal;
    }
    return;
  }
}

void DataclassBuilder::readField(NodeId value, DataclassField& field, SymbolId symbol) {
  (void)symbol;
  if (!value.valid()) return;
  field.has_default = true;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call) return;
  std::string callee = fullNameAt(w, module, w.classes[cls].scope, ast, call->func());
  bool known = false;
  for (const std::string& specifier : spec.field_specifiers) known = known || specifier == callee;
  if (!known || callee.empty()) return;
  field.has_default = false;
  for (NodeId arg : call->args()) {
    if (ast.is(arg, NodeKind::kKeyword) && ast.as<syntax::Keyword>(arg).arg().valid()) continue;
    if (!spec.is_dataclass) continue;
    bool stars = ast.is(arg, NodeKind::kKeyword);
    report(w, module, value, Code::kMisc,
           stars ? "Unpacking **kwargs in \"field()\" is not supported" : "\"field()\" does not accept positional arguments");
    return;
  }
  readDefaultsOfSpecifier(value, field);
  for (NodeId arg : call->args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    NameId key = syntax::nameOf(ast, keyword->arg());
    NodeId given = keyword->value();
    if (key == w.names.default_ || key == w.names.default_factory || key == w.names.factory) field.has_default = true;
    if (key == w.names.init) field.in_init = boolLiteral(ast, given).value_or(false);
    if (key == w.names.kw_only) {
      if (auto literal = boolLiteral(ast, given)) {
        field.kw_only = *literal;
      } else {
        report(w, module, value, Code::kLiteralRequired, "\"kw_only\" argument must be a boolean literal");
      }
    }
    if (key == w.names.alias) {
      if (auto alias = syntax::stringValue(ast, given)) {
        field.alias = w.name(*alias);
      } else {
        report(w, module, value, Code::kLiteralRequired, "\"alias\" argument to dataclass field must be a string literal");
      }
    }
    bool converts = key == w.names.converter && !spec.is_dataclass && follows(w.options, Divergence::kConverters);
    if (converts) {
      field.init_type = converterInput(w, module, w.classes[cls].scope, ast, given, value, false, field.type);
      w.symbols[symbol].setter_type = field.init_type;
    }
  }
}

void DataclassBuilder::inheritFields() {
  const std::vector<ClassId> mro = w.classes[cls].mro;
  for (size_t i = mro.size(); i-- > 1;) {
    w.members(mro[i]);
    if (!w.classes[mro[i]].dataclass) continue;
    TypeId mapped = mapToSupertype(w, selfInstanceOf(w, cls), mro[i]);
    for (DataclassField field : w.classes[mro[i]].dataclass->fields) {
      if (field.owner != mro[i]) continue;
      field.type = substituteByInstance(w, field.type, mapped);
      if (field.init_type.valid()) field.init_type = substituteByInstance(w, field.init_type, mapped);
      SymbolId own = w.scopes[w.classes[cls].scope].names.find(field.name);
      if (own.valid() && w.symbols[own].kind == SymbolKind::kFunction && !w.symbols[own].definitions.empty()) {
        NodeId at = w.symbols[own].definitions[0].node;
        auto def = ast.tryAs<syntax::FunctionDef>(at);
        if (def && !def->decorators().empty()) at = def->decorators()[0];
        report(w, module, at, Code::kMisc, "Dataclass attribute may only be overridden by another attribute");
      }
      bool replaced = false;
      for (DataclassField& known : info->fields) {
        if (known.name != field.name) continue;
        known = field;
        replaced = true;
      }
      if (!replaced) info->fields.push_back(field);
    }
  }
}

std::string DataclassBuilder::annotationHead(NodeId annotation) {
  NodeId head = annotation;
  if (auto subscript = ast.tryAs<syntax::Subscript>(annotation)) head = subscript->value();
  bool named = ast.is(head, NodeKind::kName) || ast.is(head, NodeKind::kAttribute);
  return named ? fullNameAt(w, module, w.classes[cls].scope, ast, head) : "";
}

// What a descriptor's __set__ takes is what __init__ takes for it.
TypeId DataclassBuilder::setterType(SymbolId symbol, TypeId type, NodeId at) {
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kInstance) || w.symbols[symbol].has(kIsInstanceOnly)) return TypeId::none();
  FoundMember setter = findMember(w, w.types[plain].cls(), w.names.__set__);
  if (!setter.found()) return TypeId::none();
  std::string name = "\"__set__\" in \"" + std::string(w.text(w.classes[w.types[plain].cls()].name)) + "\"";
  TypeId method = w.hooks.symbol_type(w, setter.symbol);
  method = method.valid() ? proper(w, substituteByInstance(w, method, mapToSupertype(w, plain, setter.owner))) : w.types.any();
  if (w.types.is(method, TypeKind::kCallable)) {
    CallableView view = w.types.callable(method);
    bool three = view.paramCount() == 3;
    for (const ParamShape& param : view.params()) three = three && param.kind == ParamKind::kPos;
    if (three) return view.types()[2];
    report(w, module, at, Code::kMisc, "Unsupported signature for " + name);
  } else {
    report(w, module, at, Code::kMisc, "Unsupported " + name);
  }
  return w.types.any();
}

// False: the statement is no field.
bool DataclassBuilder::addField(NodeId node, bool& kw_only, bool& kw_only_seen) {
  auto assign = ast.tryAs<syntax::AnnAssign>(node);
  if (!assign || !ast.is(assign->target(), NodeKind::kName)) return false;
  NameId name = syntax::nameOf(ast, assign->target());
  SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(name);
  if (!symbol.valid()) return false;
  std::string head = annotationHead(assign->annotation());
  if (head == "dataclasses.KW_ONLY") {
    if (kw_only_seen) report(w, module, node, Code::kMisc, "There may not be more than one field with the KW_ONLY type");
    kw_only = kw_only_seen = true;
    w.symbols[symbol].type = w.types.any(AnyKind::kSpecialForm);
    w.symbols[symbol].typed = w.symbols[symbol].resolved = Progress::kDone;
    w.symbols[symbol].set(kIsDeclared);
    return false;
  }
  if (w.symbols[symbol].kind == SymbolKind::kFunction) return false;
  if (w.resolved(symbol).kind == SymbolKind::kAlias && spec.is_dataclass && !follows(w.options, Divergence::kDataclassAliases)) {
    report(w, module, node, Code::kMisc, "Type aliases inside dataclass definitions are not supported at runtime");
    return false;
  }
  DataclassField field;
  field.name = field.alias = name;
  field.owner = cls;
  field.kw_only = kw_only;
  if (head == "dataclasses.InitVar") {
    field.is_init_var = true;
    auto subscript = ast.tryAs<syntax::Subscript>(assign->annotation());
    AnnotationContext c{w, module, w.classes[cls].scope, &ast};
    field.type = subscript ? analyzeType(c, subscript->slice()) : w.types.any();
    w.symbols[symbol].type = field.type;
    w.symbols[symbol].typed = w.symbols[symbol].resolved = Progress::kDone;
    w.symbols[symbol].set(kIsDeclared);
    for (const Definition& other : w.symbols[symbol].definitions) {
      if (other.kind != DefinitionKind::kFunction || !assign->value().valid()) continue;
      auto def = ast.as<syntax::FunctionDef>(other.node);
      report(w, module, def.decorators().empty() ? other.node : def.decorators()[0], Code::kMisc, "InitVar with default value cannot be redefined");
    }
  } else {
    field.type = declaredVariableType(w, symbol);
    bool bare_final = w.symbols[symbol].has(kIsFinal) && !field.type.valid();
    if (bare_final && assign->value().valid() && !ast.is(assign->value(), NodeKind::kConstant) && !ast.is(assign->value(), NodeKind::kUnaryOp)) {
      report(w, module, node, Code::kMisc, "Need type argument for Final[...] with non-literal default in dataclass");
    }
    if (!field.type.valid()) field.type = w.hooks.symbol_type(w, symbol);
    if (!field.type.valid()) field.type = w.types.any();
  }
  if (w.symbols[symbol].has(kIsClassVar)) return false;
  readField(assign->value(), field, symbol);
  if (spec.is_dataclass && !field.has_default && !field.is_init_var) w.symbols[symbol].set(kIsInstanceOnly);
  if (!field.init_type.valid() && !field.is_init_var) field.init_type = setterType(symbol, field.type, node);
  if (info->frozen) w.symbols[symbol].set(kIsReadOnlyItem);
  for (DataclassField& known : info->fields) {
    if (known.name != name) continue;
    if (known.owner == cls && known.is_init_var == field.is_init_var) return true;
    known = field;
    return true;
  }
  info->fields.push_back(field);
  return true;
}

void DataclassBuilder::collectFields() {
  inheritFields();
  bool kw_only = info->kw_only, kw_only_seen = false;
  for (NodeId node : fieldStatements(w, cls)) addField(node, kw_only, kw_only_seen);
  std::stable_sort(info->fields.begin(), info->fields.end(),
                   [](const DataclassField& a, const DataclassField& b) { return a.kw_only < b.kw_only; });
  checkOrder();
}

void DataclassBuilder::checkOrder() {
  bool seen_default = false;
  for (const DataclassField& field : info->fields) {
    if (seen_default && field.in_init && !field.has_default && !field.kw_only) {
      NodeId at = classNode(w, cls);
      for (NodeId node : fieldStatements(w, cls)) {
        auto assign = ast.tryAs<syntax::AnnAssign>(node);
        if (assign && ast.is(assign->target(), NodeKind::kName) && syntax::nameOf(ast, assign->target()) == field.name) at = node;
      }
      report(w, module, at, Code::kMisc, "Attributes without a default cannot follow attributes with one");
    }
    seen_default = seen_default || (field.has_default && field.in_init);
  }
}

void DataclassBuilder::checkFreezing() {
  if (info->is_neutral) return;
  bool frozen_parent = false, thawed_parent = false;
  const std::vector<ClassId> mro = w.classes[cls].mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    const auto& parent = w.classes[mro[i]].dataclass;
    if (!parent || parent->is_neutral) continue;
    (parent->frozen ? frozen_parent : thawed_parent) = true;
  }
  if (info->frozen && thawed_parent) {
    report(w, module, classNode(w, cls), Code::kMisc, "Frozen dataclass cannot inherit from a non-frozen dataclass");
  } else if (!info->frozen && frozen_parent) {
    report(w, module, classNode(w, cls), Code::kMisc, "Non-frozen dataclass cannot inherit from a frozen dataclass");
  }
}

void DataclassBuilder::addInit() {
  CallableParts init;
  init.add(w.names.self, ParamKind::kPos, selfTypeOf(w, cls));
  if (w.classes[cls].has(kClassFallbackToAny)) {
    TypeId any = w.types.any(AnyKind::kSpecialForm);
    init.add(w.names.args, ParamKind::kStar, any);
    for (const DataclassField& field : info->fields) {
      if (field.in_init) init.add(field.alias, ParamKind::kNamedOpt, initType(field));
    }
    init.add(w.names.kwargs, ParamKind::kStar2, any);
  } else {
    for (const DataclassField& field : info->fields) {
      if (!field.in_init) continue;
      ParamKind kind = field.kw_only ? (field.has_default ? ParamKind::kNamedOpt : ParamKind::kNamed)
                                     : (field.has_default ? ParamKind::kOpt : ParamKind::kPos);
      init.add(field.alias, kind, initType(field));
    }
  }
  init.ret = w.types.none();
  addMethod(w, cls, "__init__", init);
}

void DataclassBuilder::addOrder() {
  if (!info->eq) report(w, module, spec.reason, Code::kMisc, "\"eq\" must be True if \"order\" is True");
  TypeId self = w.options.mypy ? ownVariable(w, cls, "_DT") : selfTypeOf(w, cls);
  for (const char* name : {"__lt__", "__gt__", "__le__", "__ge__"}) {
    if (definesItself(w, cls, w.name(name))) {
      SymbolId own = w.scopes[w.classes[cls].scope].names.find(w.name(name));
      report(w, module, w.symbols[own].definitions[0].node, Code::kMisc,
             std::string("You may not have a custom \"") + name + "\" method when \"order\" is True");
    }
    CallableParts method;
    method.add(w.names.self, ParamKind::kPos, self);
    method.add(w.name("other"), ParamKind::kPos, self);
    method.ret = builtinType(w, "bool");
    if (w.options.mypy) method.vars.push_back(self);
    addMethod(w, cls, name, method);
  }
}

void DataclassBuilder::addPlainMembers() {
  TypeId any = w.types.any(AnyKind::kSpecialForm);
  TypeId str = builtinType(w, "str");
  uint32_t class_variable = kIsInitializedInClass | kIsClassVar;
  if (info->match_args && w.types.is(str, TypeKind::kInstance)) {
    std::vector<TypeId> names;
    for (const DataclassField& field : info->fields) {
      if (field.in_init && !field.kw_only) names.push_back(w.types.literal(LiteralKind::kStr, w.text(field.name), str));
    }
    addMember(w, cls, w.names.__match_args__, w.types.tuple(names, builtinType(w, "tuple")), SymbolKind::kVariable, class_variable);
  }
  TypeId field_any[] = {any};
  TypeId dict_args[] = {str, namedType(w, "dataclasses", "Field", field_any)};
  if (spec.is_dataclass) {
    addMember(w, cls, w.names.__dataclass_fields__, builtinType(w, "dict", dict_args), SymbolKind::kVariable, class_variable);
  }
  // Without a hash of its own a class that compares its fields has none, unless it is frozen.
  bool unhashable = info->eq && !info->frozen && !info->unsafe_hash && follows(w.options, Divergence::kUnhashableDataclasses);
  if (unhashable) addMember(w, cls, w.names.__hash__, w.types.none(), SymbolKind::kVariable, class_variable);
}

void DataclassBuilder::addMethods() {
  TypeId self = selfTypeOf(w, cls);
  if (info->init) addInit();
  if (info->order) addOrder();
  addPlainMembers();
  CallableParts replace;
  replace.add(w.names.self, ParamKind::kPos, self);
  for (const DataclassField& field : info->fields) {
    if (!field.in_init) continue;
    replace.add(field.alias, field.is_init_var && !field.has_default ? ParamKind::kNamed : ParamKind::kNamedOpt, initType(field));
  }
  replace.ret = self;
  info->replace = w.types.callable(replace);
  if (spec.is_dataclass && w.options.version.minor >= 13) addMethod(w, cls, "__replace__", replace);
  if (!info->slots) return;
  if (definesItself(w, cls, w.names.__slots__)) {
    report(w, module, classNode(w, cls), Code::kMisc,
           "\"" + std::string(w.text(w.classes[cls].name)) + "\" both defines \"__slots__\" and is used with \"slots=True\"");
    return;
  }
  std::vector<NameId> slots;
  for (const DataclassField& field : info->fields) slots.push_back(field.name);
  addSlots(w, cls, slots);
  addMember(w, cls, w.names.__slots__, w.types.any(AnyKind::kSpecialForm), SymbolKind::kVariable, kIsInitializedInClass | kIsClassVar);
}

// InitVars are arguments, not attributes.
void DataclassBuilder::hideInitVars() {
  for (const DataclassField& field : info->fields) {
    if (!field.is_init_var) continue;
    SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(field.name);
    if (symbol.valid() && w.symbols[symbol].kind == SymbolKind::kVariable) w.symbols[symbol].set(kIsInitOnly);
  }
}

void transformDataclass(World& w, ClassId cls) {
  ModuleId module = w.classes[cls].module;
  NodeId node = w.classes[cls].node;
  if (!node.valid() || !w.modules[module].ast->is(node, NodeKind::kClassDef)) return;
  std::optional<TransformSpec> spec = findTransform(w, cls);
  if (!spec) return;
  if (w.classes[cls].tuple_type.valid() && spec->is_dataclass) {
    for (ClassId base : w.classes[cls].mro) {
      if (!w.classes[base].has(kClassNamedTuple)) continue;
      report(w, module, node, Code::kMisc, "A NamedTuple cannot be a dataclass");
      return;
    }
  }
  DataclassBuilder builder{w, cls, module, *w.modules[module].ast, *spec, std::make_shared<DataclassInfo>()};
  builder.readOptions();
  w.classes[cls].dataclass = builder.info;
  if (builder.info->frozen) w.classes[cls].set(kClassFrozen);
  if (spec->is_dataclass) w.classes[cls].set(kClassDataclass);
  builder.collectFields();
  builder.checkFreezing();
  builder.addMethods();
  builder.hideInitVars();
}

}  // namespace krait::declare

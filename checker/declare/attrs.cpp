// attrs: attr.s, attr.define and their kin: fields from attr.ib() assignments and annotations, and the methods that
// follow from them. ref: attrs' documentation; mypy's attrs plugin for what is reported
#include "checker/declare/field_transform.h"

namespace krait::declare {

namespace {

enum class AutoAttribs : uint8_t { kNo, kYes, kGuess };

struct AttrsBuilder {
  World& w;
  ClassId cls;
  ModuleId module;
  const Ast& ast;
  NodeList arguments;
  NodeId decorator;
  std::shared_ptr<DataclassInfo> info;
  AutoAttribs auto_attribs = AutoAttribs::kNo;
  std::vector<DataclassField> own;
  std::vector<std::pair<NameId, NodeId>> positions;

  std::optional<bool> optionalBool(NameId name);
  bool readOrder();
  bool isMaker(NodeId value);
  void collect();
  void statement(NodeId node);
  void fromMaker(NodeId target, NodeId value, NodeId node, bool annotated);
  void fromAnnotation(NodeId target, NodeId value, NodeId node);
  void addField(DataclassField field, NodeId node);
  void decoratedDefaults();
  void checkOrder(size_t inherited);
  TypeId converterType(NodeId converter, NodeId at, TypeId produces);
  void addInit(const char* name);
  void addOrder();
  void addMagicAttribute();
  void addHash();
  void freeze();
};

}  // namespace

static bool isMakerName(const std::string& name);

bool isFieldDecorator(World& w, const FunctionInfo& function, NodeId decorator) {
  const Ast& ast = *w.modules[function.module].ast;
  auto attribute = ast.tryAs<syntax::Attribute>(decorator);
  if (!attribute || !function.owner.valid() || !ast.is(attribute->value(), NodeKind::kName)) return false;
  std::string_view kind = syntax::nameText(ast, attribute->attr());
  if (kind != "default" && kind != "validator") return false;
  SymbolId field = w.scopes[w.classes[function.owner].scope].names.find(syntax::nameOf(ast, attribute->value()));
  if (!field.valid() || w.symbols[field].definitions.empty()) return false;
  NodeId node = w.symbols[field].definitions[0].node;
  NodeId value;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) value = assign->value();
  if (auto assign = ast.tryAs<syntax::AnnAssign>(node)) value = assign->value();
  auto call = value.valid() ? ast.tryAs<syntax::Call>(value) : std::nullopt;
  return call && isMakerName(fullNameAt(w, function.module, w.classes[function.owner].scope, ast, call->func()));
}

static bool oneOf(const std::string& name, std::initializer_list<std::string_view> names) {
  for (std::string_view each : names) {
    if (name == each) return true;
  }
  return false;
}

static bool isMakerName(const std::string& name) { return oneOf(name, {"attr.ib", "attr.attrib", "attr.attr", "attr.field", "attrs.field"}); }

static NameId publicName(World& w, NameId name) {
  std::string_view text = w.text(name);
  while (text.starts_with("_")) text.remove_prefix(1);
  return w.name(text);
}

std::optional<bool> AttrsBuilder::optionalBool(NameId name) {
  NodeId value = keywordValue(ast, arguments, name);
  if (!value.valid()) return std::nullopt;
  if (auto literal = boolLiteral(ast, value)) return literal;
  auto constant = ast.tryAs<syntax::Constant>(value);
  if (constant && constant->constantKind() == syntax::ConstantKind::kNone) return std::nullopt;
  report(w, module, value, Code::kLiteralRequired, "\"" + std::string(w.text(name)) + "\" argument must be a True, False, or None literal");
  return std::nullopt;
}

// Does the class get order methods? Sets info->eq, too.
bool AttrsBuilder::readOrder() {
  std::optional<bool> cmp = optionalBool(w.name("cmp"));
  std::optional<bool> eq = optionalBool(w.names.eq);
  std::optional<bool> order = optionalBool(w.names.order);
  if (cmp && (eq || order)) report(w, module, decorator, Code::kMisc, "Don't mix \"cmp\" with \"eq\" and \"order\"");
  if (cmp) {
    info->eq = *cmp;
    return *cmp;
  }
  info->eq = eq.value_or(true);
  bool ordered = order.value_or(info->eq);
  if (!info->eq && ordered) report(w, module, decorator, Code::kMisc, "eq must be True if order is True");
  return ordered;
}

bool AttrsBuilder::isMaker(NodeId value) {
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call || (!ast.is(call->func(), NodeKind::kName) && !ast.is(call->func(), NodeKind::kAttribute))) return false;
  return isMakerName(fullNameAt(w, module, w.classes[cls].scope, ast, call->func()));
}

TypeId AttrsBuilder::converterType(NodeId converter, NodeId at, TypeId produces) {
  ScopeId scope = w.classes[cls].scope;
  if (auto constant = ast.tryAs<syntax::Constant>(converter)) {
    if (constant->constantKind() == syntax::ConstantKind::kNone) return TypeId::none();
  }
  if (auto call = ast.tryAs<syntax::Call>(converter)) {
    std::string name = fullNameAt(w, module, scope, ast, call->func());
    if (oneOf(name, {"attr.converters.optional", "attrs.converters.optional"}) && call->args().size() == 1) {
      TypeId inner = converterInput(w, module, scope, ast, call->args()[0], at, true, TypeId::none());
      TypeId both[] = {inner, w.types.none()};
      return w.types.unionOf(both);
    }
    if (oneOf(name, {"attr.converters.default_if_none", "attrs.converters.default_if_none"})) return w.types.any();
  }
  return converterInput(w, module, scope, ast, converter, at, true, produces);
}

void AttrsBuilder::addField(DataclassField field, NodeId node) {
  for (size_t i = 0; i < own.size(); ++i) {
    if (own[i].name != field.name) continue;
    if (auto_attribs == AutoAttribs::kYes) {
      own[i] = field;
      positions[i].second = node;
      return;
    }
    own.erase(own.begin() + static_cast<ptrdiff_t>(i));
    positions.erase(positions.begin() + static_cast<ptrdiff_t>(i));
    break;
  }
  own.push_back(field);
  positions.emplace_back(field.name, node);
}

void AttrsBuilder::fromMaker(NodeId target, NodeId value, NodeId node, bool annotated) {
  auto call = ast.as<syntax::Call>(value);
  NameId name = syntax::nameOf(ast, target);
  SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(name);
  if (!symbol.valid()) return;
  if (auto_attribs == AutoAttribs::kYes && !annotated) {
    report(w, module, node, Code::kVarAnnotated, "Need type annotation for \"" + std::string(w.text(name)) + "\"");
    return;
  }
  auto assign = ast.tryAs<syntax::Assign>(node);
  if (assign && assign->targets().size() > 1) {
    report(w, module, node, Code::kMisc, "Too many names for one attribute");
    return;
  }
  DataclassField field;
  field.name = name;
  field.alias = publicName(w, name);
  field.owner = cls;
  NodeList args = call.args();
  bool positional_default = !args.empty() && !ast.is(args[0], NodeKind::kKeyword) && !ast.is(args[0], NodeKind::kStarred);
  bool has_default = positional_default || keywordValue(ast, args, w.names.default_).valid();
  bool has_factory = keywordValue(ast, args, w.names.factory).valid();
  if (has_default && has_factory) report(w, module, value, Code::kMisc, "Can't pass both \"default\" and \"factory\".");
  field.has_default = has_default || has_factory;
  field.in_init = boolOption(w, module, ast, args, w.names.init, true);
  field.kw_only = boolOption(w, module, ast, args, w.names.kw_only, info->kw_only);
  NodeId type_arg = keywordValue(ast, args, w.name("type"));
  if (annotated) {
    field.type = declaredVariableType(w, symbol);
  } else if (type_arg.valid()) {
    AnnotationContext c{w, module, w.classes[cls].scope, &ast};
    field.type = analyzeType(c, type_arg);
    if (field.type.valid()) {
      w.symbols[symbol].type = field.type;
      w.symbols[symbol].typed = w.symbols[symbol].resolved = Progress::kDone;
      w.symbols[symbol].set(kIsDeclared);
    }
  } else if (w.modules[module].options.disallow_untyped_defs) {
    report(w, module, node, Code::kVarAnnotated, "Need type annotation for \"" + std::string(w.text(name)) + "\"");
  }
  if (!field.type.valid()) field.type = w.types.any(AnyKind::kUnannotated);
  NodeId converter = keywordValue(ast, args, w.names.converter);
  NodeId convert = keywordValue(ast, args, w.name("convert"));
  if (convert.valid() && converter.valid()) {
    report(w, module, value, Code::kMisc, "Can't pass both \"convert\" and \"converter\".");
  } else if (convert.valid()) {
    report(w, module, value, Code::kMisc, "convert is deprecated, use converter");
    converter = convert;
  }
  if (converter.valid()) field.init_type = converterType(converter, value, field.type);
  NodeId alias = keywordValue(ast, args, w.names.alias);
  if (alias.valid()) {
    if (auto text = syntax::stringValue(ast, alias)) {
      field.alias = w.name(*text);
    } else {
      report(w, module, value, Code::kLiteralRequired, "\"alias\" argument to attrs field must be a string literal");
    }
  }
  addField(field, node);
}

void AttrsBuilder::fromAnnotation(NodeId target, NodeId value, NodeId node) {
  NameId name = syntax::nameOf(ast, target);
  SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(name);
  if (!symbol.valid()) return;
  DataclassField field;
  field.name = name;
  field.alias = publicName(w, name);
  field.owner = cls;
  field.kw_only = info->kw_only;
  field.has_default = value.valid();
  field.type = declaredVariableType(w, symbol);
  if (!field.type.valid()) return;
  if (w.symbols[symbol].has(kIsClassVar)) return;
  addField(field, node);
}

void AttrsBuilder::statement(NodeId node) {
  if (auto assign = ast.tryAs<syntax::AnnAssign>(node)) {
    if (!ast.is(assign->target(), NodeKind::kName)) return;
    if (assign->value().valid() && isMaker(assign->value())) {
      fromMaker(assign->target(), assign->value(), node, true);
    } else if (auto_attribs == AutoAttribs::kYes) {
      fromAnnotation(assign->target(), assign->value(), node);
    }
    return;
  }
  auto assign = ast.as<syntax::Assign>(node);
  for (NodeId target : assign.targets()) {
    if (ast.is(target, NodeKind::kName) && isMaker(assign.value())) fromMaker(target, assign.value(), node, false);
    auto names = ast.tryAs<syntax::Tuple>(target);
    auto values = ast.tryAs<syntax::Tuple>(assign.value());
    if (!names || !values || names->elts().size() != values->elts().size()) continue;
    for (size_t i = 0; i < names->elts().size(); ++i) {
      if (ast.is(names->elts()[i], NodeKind::kName) && isMaker(values->elts()[i])) fromMaker(names->elts()[i], values->elts()[i], node, false);
    }
  }
}

// @x.default above a method gives x a default.
void AttrsBuilder::decoratedDefaults() {
  for (NodeId node : ast.as<syntax::ClassDef>(w.classes[cls].node).body()) {
    auto def = ast.tryAs<syntax::FunctionDef>(node);
    if (!def) continue;
    for (NodeId each : def->decorators()) {
      auto attribute = ast.tryAs<syntax::Attribute>(each);
      if (!attribute || !ast.is(attribute->value(), NodeKind::kName)) continue;
      if (syntax::nameOf(ast, attribute->attr()) != w.names.default_) continue;
      for (DataclassField& field : own) {
        if (field.name == syntax::nameOf(ast, attribute->value())) field.has_default = true;
      }
    }
  }
}

void AttrsBuilder::checkOrder(size_t inherited) {
  bool seen_default = false;
  for (size_t i = 0; i < info->fields.size(); ++i) {
    const DataclassField& field = info->fields[i];
    if (!field.in_init || field.kw_only) continue;
    if (seen_default && !field.has_default) {
      NodeId at = i < inherited ? classNode(w, cls) : positions[i - inherited].second;
      report(w, module, at, Code::kMisc, "Non-default attributes not allowed after default attributes.");
    }
    seen_default = seen_default || field.has_default;
  }
}

void AttrsBuilder::collect() {
  std::vector<NodeId> statements = fieldStatements(w, cls);
  if (auto_attribs == AutoAttribs::kGuess) {
    auto_attribs = AutoAttribs::kYes;
    for (NodeId node : statements) {
      auto assign = ast.tryAs<syntax::Assign>(node);
      if (assign && isMaker(assign->value())) auto_attribs = AutoAttribs::kNo;
    }
  }
  for (NodeId node : statements) statement(node);
  decoratedDefaults();
  auto known = [&](NameId name) {
    for (const DataclassField& field : own) {
      if (field.name == name) return true;
    }
    for (const DataclassField& field : info->fields) {
      if (field.name == name) return true;
    }
    return false;
  };
  const std::vector<ClassId> mro = w.classes[cls].mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    w.members(mro[i]);
    const auto& parent = w.classes[mro[i]].dataclass;
    if (!parent || !parent->is_attrs) continue;
    TypeId mapped = mapToSupertype(w, selfInstanceOf(w, cls), mro[i]);
    for (DataclassField field : parent->fields) {
      if (known(field.name)) continue;
      field.type = substituteByInstance(w, field.type, mapped);
      if (field.init_type.valid()) field.init_type = substituteByInstance(w, field.init_type, mapped);
      info->fields.push_back(field);
    }
    info->frozen = info->frozen || parent->frozen;
  }
  size_t inherited = info->fields.size();
  info->fields.insert(info->fields.end(), own.begin(), own.end());
  checkOrder(inherited);
}

void AttrsBuilder::addInit(const char* name) {
  CallableParts init;
  init.add(w.names.self, ParamKind::kPos, selfTypeOf(w, cls));
  for (bool keywords : {false, true}) {
    for (const DataclassField& field : info->fields) {
      if (!field.in_init || field.kw_only != keywords) continue;
      ParamKind kind = keywords ? (field.has_default ? ParamKind::kNamedOpt : ParamKind::kNamed)
                                : (field.has_default ? ParamKind::kOpt : ParamKind::kPos);
      init.add(field.alias, kind, withSelf(w, cls, field.init_type.valid() ? field.init_type : field.type));
    }
  }
  init.ret = w.types.none();
  addMethod(w, cls, name, init);
  CallableParts evolve = init;
  for (size_t i = 1; i < evolve.params.size(); ++i) evolve.params[i].kind = ParamKind::kNamedOpt;
  evolve.ret = selfTypeOf(w, cls);
  info->replace = w.types.callable(evolve);
}

void AttrsBuilder::addOrder() {
  TypeId self = ownVariable(w, cls, "_AT");
  for (const char* name : {"__lt__", "__le__", "__gt__", "__ge__"}) {
    CallableParts method;
    method.add(w.names.self, ParamKind::kPos, self);
    method.add(w.name("other"), ParamKind::kPos, self);
    method.ret = builtinType(w, "bool");
    method.vars.push_back(self);
    addMethod(w, cls, name, method);
  }
}

// __attrs_attrs__: a tuple of its own class, with an attr.Attribute for each field by name and position.
void AttrsBuilder::addMagicAttribute() {
  TypeId tuple = builtinType(w, "tuple", w.types.any(AnyKind::kSpecialForm));
  if (!w.types.is(tuple, TypeKind::kInstance)) return;
  std::string dotted = w.classes[cls].fullname;
  for (char& ch : dotted) {
    if (ch == '.') ch = '_';
  }
  Symbol owner;
  owner.name = w.name("__" + dotted + "_AttrsAttributes__");
  owner.scope = w.classes[cls].scope;
  owner.module = module;
  owner.owner = cls;
  owner.resolved = Progress::kDone;
  SymbolId symbol = w.symbols.add(std::move(owner));
  ClassId made = makeClass(w, symbol, classNode(w, cls), w.symbols[symbol].name);
  w.classes[made].in_function = false;
  std::vector<TypeId> items;
  std::vector<std::pair<NameId, TypeId>> members;
  for (const DataclassField& field : info->fields) {
    TypeId args[] = {field.type};
    items.push_back(namedType(w, "attr", "Attribute", args));
    members.emplace_back(field.name, items.back());
  }
  TypeId shape = w.types.tuple(items, tuple);
  w.classes[made].bases.push_back(tupleFallback(w, shape));
  computeMro(w, made);
  for (const auto& member : members) addMember(w, made, member.first, member.second, SymbolKind::kVariable, kIsInitializedInClass);
  TypeId magic = w.types.tuple(items, w.types.instance(made));
  w.classes[made].tuple_type = magic;
  addMember(w, cls, w.name("__attrs_attrs__"), magic, SymbolKind::kVariable, kIsClassVar | kIsInitializedInClass);
}

void AttrsBuilder::addHash() {
  std::optional<bool> hash = optionalBool(w.name("hash"));
  std::optional<bool> unsafe = optionalBool(w.names.unsafe_hash);
  if (unsafe) hash = unsafe;
  if (definesItself(w, cls, w.names.__hash__) || (!hash && !info->eq)) return;
  uint32_t flags = kIsClassVar | kIsInitializedInClass;
  if (hash.value_or(info->frozen)) {
    CallableParts method;
    method.add(w.names.self, ParamKind::kPos, objectType(w));
    method.ret = builtinType(w, "int");
    addMethod(w, cls, "__hash__", method);
    return;
  }
  addMember(w, cls, w.names.__hash__, w.types.none(), SymbolKind::kVariable, flags);
}

void AttrsBuilder::freeze() {
  for (const DataclassField& field : info->fields) {
    SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(field.name);
    if (!symbol.valid()) symbol = addMember(w, cls, field.name, field.type);
    w.symbols[symbol].set(kIsReadOnlyItem);
  }
}

void transformAttrs(World& w, ClassId cls) {
  ModuleId module = w.classes[cls].module;
  NodeId node = w.classes[cls].node;
  if (w.classes[cls].dataclass || !node.valid() || !w.modules[module].ast->is(node, NodeKind::kClassDef)) return;
  const Ast& ast = *w.modules[module].ast;
  for (NodeId decorator : ast.as<syntax::ClassDef>(node).decorators()) {
    auto call = ast.tryAs<syntax::Call>(decorator);
    NodeId callee = call ? call->func() : decorator;
    if (!ast.is(callee, NodeKind::kName) && !ast.is(callee, NodeKind::kAttribute)) continue;
    std::string name = fullNameAt(w, module, w.classes[cls].parent, ast, callee);
    bool old_maker = oneOf(name, {"attr.s", "attr.attrs", "attr.attributes"});
    bool dataclass_maker = name == "attr.dataclass";
    bool frozen_maker = oneOf(name, {"attr.frozen", "attrs.frozen"});
    bool new_maker = frozen_maker || oneOf(name, {"attr.define", "attr.mutable", "attrs.define", "attrs.mutable"});
    if (!old_maker && !dataclass_maker && !new_maker) continue;
    AttrsBuilder b{w, cls, module, ast, call ? call->args() : NodeList{}, decorator, std::make_shared<DataclassInfo>()};
    auto option = [&](NameId key, bool fallback) { return boolOption(w, module, ast, b.arguments, key, fallback); };
    b.info->is_attrs = true;
    w.classes[cls].dataclass = b.info;
    b.info->frozen = option(w.names.frozen, frozen_maker);
    bool order = b.readOrder();
    bool init = option(w.names.init, true);
    b.info->kw_only = option(w.names.kw_only, false);
    b.info->slots = option(w.names.slots, new_maker);
    b.info->match_args = option(w.names.match_args, true);
    std::optional<bool> automatic = b.optionalBool(w.name("auto_attribs"));
    b.auto_attribs = new_maker ? AutoAttribs::kGuess : (dataclass_maker ? AutoAttribs::kYes : AutoAttribs::kNo);
    if (automatic) b.auto_attribs = *automatic ? AutoAttribs::kYes : AutoAttribs::kNo;
    b.collect();
    b.addMagicAttribute();
    std::vector<NameId> names;
    std::vector<TypeId> literals;
    TypeId str = builtinType(w, "str");
    for (const DataclassField& field : b.info->fields) {
      names.push_back(field.name);
      if (!field.in_init || field.kw_only || !w.types.is(str, TypeKind::kInstance)) continue;
      TypeId literal = w.types.literal(LiteralKind::kStr, w.text(field.name), str);
      literals.push_back(w.types.instance(w.types[str].cls(), {}, literal));
    }
    if (b.info->slots) addSlots(w, cls, names);
    if (b.info->match_args) {
      addMember(w, cls, w.names.__match_args__, w.types.tuple(literals, builtinType(w, "tuple")), SymbolKind::kVariable,
                kIsInitializedInClass | kIsClassVar);
    }
    b.addInit(init ? "__init__" : "__attrs_init__");
    if (order) b.addOrder();
    b.addHash();
    if (b.info->frozen) b.freeze();
    return;
  }
}

}  // namespace krait::declare

// Dataclasses: fields of the class and its bases, and the methods that the decorator adds.
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

static bool boolOf(const Ast& ast, NodeId node, bool fallback) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (!constant) return fallback;
  if (constant->constantKind() == syntax::ConstantKind::kTrue) return true;
  if (constant->constantKind() == syntax::ConstantKind::kFalse) return false;
  return fallback;
}

namespace {

struct DataclassBuilder {
  World& w;
  ClassId cls;
  ModuleId module;
  const Ast& ast;
  std::shared_ptr<DataclassInfo> info;

  bool findDecorator();
  void collectFields();
  void readField(NodeId value, DataclassField& field);
  void addMethods();
};

}  // namespace

bool DataclassBuilder::findDecorator() {
  for (NodeId decorator : ast.as<syntax::ClassDef>(w.classes[cls].node).decorators()) {
    NodeId name_node = decorator;
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (call) name_node = call->func();
    std::string name = fullNameAt(w, module, w.classes[cls].parent, ast, name_node);
    if (name != "dataclasses.dataclass") continue;
    info = std::make_shared<DataclassInfo>();
    if (call) {
      for (NodeId arg : call->args()) {
        auto keyword = ast.tryAs<syntax::Keyword>(arg);
        if (!keyword || !keyword->arg().valid()) continue;
        NameId key = syntax::nameOf(ast, keyword->arg());
        NodeId value = keyword->value();
        if (key == w.names.frozen) info->frozen = boolOf(ast, value, false);
        if (key == w.names.eq) info->eq = boolOf(ast, value, true);
        if (key == w.names.order) info->order = boolOf(ast, value, false);
        if (key == w.names.init) info->init = boolOf(ast, value, true);
        if (key == w.names.kw_only) info->kw_only = boolOf(ast, value, false);
        if (key == w.names.slots) info->slots = boolOf(ast, value, false);
        if (key == w.names.match_args) info->match_args = boolOf(ast, value, true);
      }
    }
    return true;
  }
  return false;
}

void DataclassBuilder::readField(NodeId value, DataclassField& field) {
  if (!value.valid()) return;
  field.has_default = true;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call) return;
  std::string callee = fullNameAt(w, module, w.classes[cls].scope, ast, call->func());
  if (callee != "dataclasses.field") return;
  field.has_default = false;
  for (NodeId arg : call->args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    NameId key = syntax::nameOf(ast, keyword->arg());
    if (key == w.names.default_ || key == w.names.default_factory || key == w.names.factory) field.has_default = true;
    if (key == w.names.init) field.in_init = boolOf(ast, keyword->value(), true);
    if (key == w.names.kw_only) field.kw_only = boolOf(ast, keyword->value(), field.kw_only);
    if (key == w.names.alias) {
      if (auto alias = syntax::stringValue(ast, keyword->value())) field.alias = w.name(*alias);
    }
  }
}

void DataclassBuilder::collectFields() {
  const std::vector<ClassId> mro = w.classes[cls].mro;
  for (size_t i = mro.size(); i-- > 1;) {
    w.members(mro[i]);
    if (!w.classes[mro[i]].dataclass) continue;
    TypeId mapped = mapToSupertype(w, selfInstanceOf(w, cls), mro[i]);
    for (DataclassField field : w.classes[mro[i]].dataclass->fields) {
      if (field.owner != mro[i]) continue;
      field.type = substituteByInstance(w, field.type, mapped);
      bool replaced = false;
      for (DataclassField& own : info->fields) {
        if (own.name == field.name) {
          own = field;
          replaced = true;
        }
      }
      if (!replaced) info->fields.push_back(field);
    }
  }
  bool kw_only = info->kw_only;
  for (NodeId node : ast.as<syntax::ClassDef>(w.classes[cls].node).body()) {
    auto assign = ast.tryAs<syntax::AnnAssign>(node);
    if (!assign || !ast.is(assign->target(), NodeKind::kName)) continue;
    NameId name = syntax::nameOf(ast, assign->target());
    SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(name);
    if (!symbol.valid()) continue;
    NodeId annotation = assign->annotation();
    NodeId head = annotation;
    if (auto subscript = ast.tryAs<syntax::Subscript>(annotation)) head = subscript->value();
    std::string head_name = ast.is(head, NodeKind::kName) || ast.is(head, NodeKind::kAttribute)
                                ? fullNameAt(w, module, w.classes[cls].scope, ast, head)
                                : "";
    if (head_name == "dataclasses.KW_ONLY") {
      kw_only = true;
      continue;
    }
    DataclassField field;
    field.name = name;
    field.alias = name;
    field.owner = cls;
    field.kw_only = kw_only;
    if (head_name == "dataclasses.InitVar") {
      field.is_init_var = true;
      auto subscript = ast.tryAs<syntax::Subscript>(annotation);
      AnnotationContext c{w, module, w.classes[cls].scope, &ast};
      field.type = subscript ? analyzeType(c, subscript->slice()) : w.types.any();
      w.symbols[symbol].type = field.type;
      w.symbols[symbol].typed = Progress::kDone;
      w.symbols[symbol].resolved = Progress::kDone;
      w.symbols[symbol].set(kIsDeclared);
    } else {
      field.type = w.hooks.symbol_type(w, symbol);
      if (!field.type.valid()) field.type = w.types.any();
    }
    if (w.symbols[symbol].has(kIsClassVar)) continue;
    readField(assign->value(), field);
    if (info->frozen) w.symbols[symbol].set(kIsReadOnlyItem);
    bool replaced = false;
    for (DataclassField& own : info->fields) {
      if (own.name != name) continue;
      own = field;
      replaced = true;
    }
    if (!replaced) info->fields.push_back(field);
  }
}

void DataclassBuilder::addMethods() {
  TypeId self = selfTypeOf(w, cls);
  TypeId any = w.types.any(AnyKind::kSpecialForm);
  if (info->init) {
    CallableParts init;
    init.add(w.names.self, ParamKind::kPos, self);
    bool seen_default = false;
    for (const DataclassField& field : info->fields) {
      if (!field.in_init || field.kw_only) continue;
      if (field.has_default) seen_default = true;
      if (seen_default && !field.has_default && field.owner == cls) {
        for (NodeId node : ast.as<syntax::ClassDef>(w.classes[cls].node).body()) {
          auto assign = ast.tryAs<syntax::AnnAssign>(node);
          if (assign && syntax::nameOf(ast, assign->target()) == field.name) {
            report(w, module, node, Code::kMisc, "Attributes without a default cannot follow attributes with one");
          }
        }
      }
      init.add(field.alias, field.has_default ? ParamKind::kOpt : ParamKind::kPos, field.init_type.valid() ? field.init_type : field.type);
    }
    for (const DataclassField& field : info->fields) {
      if (!field.in_init || !field.kw_only) continue;
      init.add(field.alias, field.has_default ? ParamKind::kNamedOpt : ParamKind::kNamed, field.init_type.valid() ? field.init_type : field.type);
    }
    if (w.classes[cls].has(kClassFallbackToAny)) {
      init.params.erase(init.params.begin() + 1, init.params.end());
      init.types.erase(init.types.begin() + 1, init.types.end());
      init.add(w.names.args, ParamKind::kStar, any);
      init.add(w.names.kwargs, ParamKind::kStar2, any);
    }
    init.ret = w.types.none();
    addMethod(w, cls, "__init__", init);
  }
  if (info->order) {
    for (const char* name : {"__lt__", "__gt__", "__le__", "__ge__"}) {
      CallableParts method;
      method.add(w.names.self, ParamKind::kPos, self);
      method.add(w.name("other"), ParamKind::kPos, self);
      method.ret = builtinType(w, "bool");
      addMethod(w, cls, name, method);
    }
  }
  if (info->match_args) {
    std::vector<TypeId> names;
    TypeId str = builtinType(w, "str");
    for (const DataclassField& field : info->fields) {
      if (!field.in_init || field.kw_only || !w.types.is(str, TypeKind::kInstance)) continue;
      names.push_back(w.types.literal(LiteralKind::kStr, w.text(field.name), str));
    }
    addMember(w, cls, w.names.__match_args__, w.types.tuple(names, builtinType(w, "tuple")), SymbolKind::kVariable, kIsInitializedInClass | kIsClassVar);
  }
  CallableParts replace;
  replace.add(w.names.self, ParamKind::kPos, self);
  for (const DataclassField& field : info->fields) {
    if (field.in_init) replace.add(field.alias, field.is_init_var && !field.has_default ? ParamKind::kNamed : ParamKind::kNamedOpt, field.type);
  }
  replace.ret = self;
  if (w.options.version.minor >= 13) addMethod(w, cls, "__replace__", replace);
  TypeId field_any[] = {any};
  TypeId field_type = namedType(w, "dataclasses", "Field", field_any);
  TypeId dict_args[] = {builtinType(w, "str"), field_type};
  addMember(w, cls, w.names.__dataclass_fields__, builtinType(w, "dict", dict_args), SymbolKind::kVariable, kIsClassVar | kIsInitializedInClass);
}

void transformDataclass(World& w, ClassId cls) {
  ModuleId module = w.classes[cls].module;
  NodeId node = w.classes[cls].node;
  if (!node.valid() || !w.modules[module].ast->is(node, NodeKind::kClassDef)) return;
  const Ast& ast = *w.modules[module].ast;
  if (ast.as<syntax::ClassDef>(node).decorators().empty()) return;
  DataclassBuilder builder{w, cls, module, ast, nullptr};
  if (!builder.findDecorator()) return;
  w.classes[cls].dataclass = builder.info;
  if (builder.info->frozen) w.classes[cls].set(kClassFrozen);
  w.classes[cls].set(kClassDataclass);
  builder.collectFields();
  builder.addMethods();
}

}  // namespace krait::declare

#include "checker/declare/field_transform.h"

namespace krait::declare {

bool isTransformName(const std::string& fullname) {
  return fullname == "typing.dataclass_transform" || fullname == "typing_extensions.dataclass_transform";
}

static void collectStatements(World& w, ModuleId module, const Ast& ast, NodeList body, std::vector<NodeId>& found) {
  for (NodeId node : body) {
    if (isUnreachable(w, module, node)) continue;
    if (ast.is(node, NodeKind::kAnnAssign) || ast.is(node, NodeKind::kAssign)) found.push_back(node);
    if (auto branch = ast.tryAs<syntax::If>(node)) {
      collectStatements(w, module, ast, branch->body(), found);
      collectStatements(w, module, ast, branch->orelse(), found);
    }
  }
}

std::vector<NodeId> fieldStatements(World& w, ClassId cls) {
  std::vector<NodeId> found;
  ModuleId module = w.classes[cls].module;
  const Ast& ast = *w.modules[module].ast;
  collectStatements(w, module, ast, ast.as<syntax::ClassDef>(w.classes[cls].node).body(), found);
  return found;
}

std::optional<bool> boolLiteral(const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (constant && constant->constantKind() == syntax::ConstantKind::kTrue) return true;
  if (constant && constant->constantKind() == syntax::ConstantKind::kFalse) return false;
  return std::nullopt;
}

NodeId keywordValue(const Ast& ast, NodeList args, NameId name) {
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && keyword->arg().valid() && syntax::nameOf(ast, keyword->arg()) == name) return keyword->value();
  }
  return NodeId::none();
}

bool boolOption(World& w, ModuleId module, const Ast& ast, NodeList args, NameId name, bool fallback, const char* allowed) {
  NodeId value = keywordValue(ast, args, name);
  if (!value.valid()) return fallback;
  if (auto literal = boolLiteral(ast, value)) return *literal;
  report(w, module, value, Code::kLiteralRequired, "\"" + std::string(w.text(name)) + "\" argument must be a " + allowed + " literal");
  return fallback;
}

TypeId withSelf(World& w, ClassId cls, TypeId type) {
  if (!w.types[type].has(kHasSelf)) return type;
  Substitution map;
  for (ClassId base : w.classes[cls].mro) {
    if (w.classes[base].self_var.valid()) map.add(w.classes[base].self_var, selfTypeOf(w, cls));
  }
  return substitute(w, type, map);
}

NodeId classNode(World& w, ClassId cls) { return w.classes[cls].node; }

TypeId ownVariable(World& w, ClassId cls, const std::string& name) {
  TypeVarInfo variable;
  variable.name = w.name(name);
  variable.fullname = w.classes[cls].fullname + "." + name;
  variable.raw_id = -1;
  variable.bound = objectType(w);
  variable.resolved = Progress::kDone;
  return typeVarType(w, w.type_vars.add(std::move(variable)));
}

bool definesItself(World& w, ClassId cls, NameId name) {
  SymbolId own = w.scopes[w.classes[cls].scope].names.find(name);
  return own.valid() && !w.symbols[own].has(kIsSynthesised);
}

TransformSpec readTransform(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId decorator, bool reports) {
  TransformSpec spec;
  auto call = ast.tryAs<syntax::Call>(decorator);
  if (!call) return spec;
  auto option = [&](NameId name, bool fallback) {
    NodeId value = keywordValue(ast, call->args(), name);
    if (!value.valid()) return fallback;
    if (auto literal = boolLiteral(ast, value)) return *literal;
    if (reports) {
      report(w, module, value, Code::kLiteralRequired, "\"" + std::string(w.text(name)) + "\" argument must be a True or False literal");
    }
    return fallback;
  };
  spec.eq_default = option(w.names.eq_default, true);
  spec.order_default = option(w.name("order_default"), false);
  spec.kw_only_default = option(w.names.kw_only_default, false);
  spec.frozen_default = option(w.names.frozen_default, false);
  NodeId specifiers = keywordValue(ast, call->args(), w.name("field_specifiers"));
  if (!specifiers.valid()) return spec;
  auto tuple = ast.tryAs<syntax::Tuple>(specifiers);
  if (!tuple) {
    if (reports) report(w, module, specifiers, Code::kLiteralRequired, "\"field_specifiers\" argument must be a tuple literal");
    return spec;
  }
  for (NodeId item : tuple->elts()) {
    std::string name;
    if (ast.is(item, NodeKind::kName) || ast.is(item, NodeKind::kAttribute)) name = fullNameAt(w, module, scope, ast, item);
    if (!name.empty()) {
      spec.field_specifiers.push_back(name);
    } else if (reports) {
      report(w, module, specifiers, Code::kLiteralRequired, "\"field_specifiers\" must only contain identifiers");
      break;
    }
  }
  return spec;
}

// The dataclass_transform among the decorators of a function or class.
static std::optional<TransformSpec> transformAmong(World& w, ModuleId module, ScopeId scope, NodeList decorators) {
  const Ast& ast = *w.modules[module].ast;
  for (NodeId decorator : decorators) {
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (call && isTransformName(fullNameAt(w, module, scope, ast, call->func()))) {
      return readTransform(w, module, scope, ast, decorator, false);
    }
  }
  return std::nullopt;
}

static std::optional<TransformSpec> transformOfFunction(World& w, SymbolId symbol) {
  for (FunctionId id : std::vector<FunctionId>(w.symbols[symbol].functions)) {
    const FunctionInfo function = w.functions[id];
    const Ast& ast = *w.modules[function.module].ast;
    if (!function.node.valid() || !ast.is(function.node, NodeKind::kFunctionDef)) continue;
    auto spec = transformAmong(w, function.module, function.parent, ast.as<syntax::FunctionDef>(function.node).decorators());
    if (spec) return spec;
  }
  return std::nullopt;
}

static std::optional<TransformSpec> transformOfClass(World& w, ClassId cls) {
  const ClassInfo& info = w.classes[cls];
  const Ast& ast = *w.modules[info.module].ast;
  if (!info.node.valid() || !ast.is(info.node, NodeKind::kClassDef)) return std::nullopt;
  NodeList decorators = ast.as<syntax::ClassDef>(info.node).decorators();
  return decorators.empty() ? std::nullopt : transformAmong(w, info.module, info.parent, decorators);
}

std::optional<TransformSpec> findTransform(World& w, ClassId cls) {
  const ClassInfo info = w.classes[cls];
  const Ast& ast = *w.modules[info.module].ast;
  if (!info.node.valid() || !ast.is(info.node, NodeKind::kClassDef)) return std::nullopt;
  auto def = ast.as<syntax::ClassDef>(info.node);
  for (NodeId decorator : def.decorators()) {
    NodeId callee = decorator;
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (call) callee = call->func();
    if (!ast.is(callee, NodeKind::kName) && !ast.is(callee, NodeKind::kAttribute)) continue;
    SymbolId symbol = lookupDotted(w, info.module, info.parent, ast, callee);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kFunction) continue;
    std::optional<TransformSpec> spec;
    if (fullNameOf(w, symbol) == "dataclasses.dataclass") {
      spec.emplace();
      spec->is_dataclass = true;
      spec->field_specifiers = {"dataclasses.field", "dataclasses.Field"};
    } else {
      spec = transformOfFunction(w, symbol);
    }
    if (!spec) continue;
    if (call) spec->arguments = call->args();
    spec->reason = decorator;
    return spec;
  }
  std::optional<TransformSpec> spec;
  for (size_t i = 1; i < info.mro.size() && !spec; ++i) spec = transformOfClass(w, info.mro[i]);
  if (!spec && info.metaclass.valid()) {
    for (ClassId meta : std::vector<ClassId>(w.header(w.types[info.metaclass].cls()).mro)) {
      spec = transformOfClass(w, meta);
      if (spec) break;
    }
    if (spec) spec->declares_metaclass = keywordValue(ast, def.args(), w.names.metaclass).valid();
  }
  if (!spec) return std::nullopt;
  spec->arguments = def.args();
  spec->reason = info.node;
  return spec;
}

// The first parameter of a callable that can be called with one argument; none: it cannot.
static TypeId firstInput(World& w, TypeId callable, bool is_attrs) {
  CallableView view = w.types.callable(callable);
  if (view.paramCount() == 0) return TypeId::none();
  if (!is_attrs && !isPositional(view.params()[0].kind) && view.params()[0].kind != ParamKind::kStar) return TypeId::none();
  for (uint32_t i = 1; i < view.paramCount(); ++i) {
    if (isRequired(view.params()[i].kind)) return TypeId::none();
  }
  return view.types()[0];
}

TypeId converterInput(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId converter, NodeId at, bool is_attrs,
                      TypeId produces) {
  TypeId any = w.types.any(AnyKind::kFromError);
  if (ast.is(converter, NodeKind::kLambda)) return any;
  NodeId name = converter;
  TypeId type;
  if (auto subscript = ast.tryAs<syntax::Subscript>(converter)) {
    // A generic class with its arguments.
    AnnotationContext c{w, module, scope, &ast};
    c.is_silent = true;
    TypeId instance = proper(w, analyzeType(c, converter));
    if (w.types.is(instance, TypeKind::kInstance)) type = substituteByInstance(w, classCallable(w, w.types[instance].cls()), instance);
    name = subscript->value();
  } else if (ast.is(name, NodeKind::kName) || ast.is(name, NodeKind::kAttribute)) {
    SymbolId symbol = lookupDotted(w, module, scope, ast, name);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kFunction) type = w.hooks.symbol_type(w, symbol);
    if (symbol.valid() && w.symbols[symbol].kind == SymbolKind::kClass) type = classCallable(w, w.symbols[symbol].cls);
  }
  if (!type.valid()) {
    if (is_attrs) report(w, module, at, Code::kMisc, "Unsupported converter, only named functions, types and lambdas are currently supported");
    return any;
  }
  type = proper(w, type);
  std::vector<TypeId> items;
  if (w.types.is(type, TypeKind::kCallable)) items.push_back(type);
  if (w.types.is(type, TypeKind::kOverloaded)) items.assign(w.types[type].args().begin(), w.types[type].args().end());
  if (items.empty()) return any;
  std::vector<TypeId> inputs;
  bool fits_nothing = false;
  for (TypeId item : items) {
    TypeId input = firstInput(w, item, is_attrs);
    // Variables of the converter itself are not known here.
    if (!input.valid()) continue;
    bool is_checked = !is_attrs && produces.valid() && w.types.callable(item).vars().empty() && follows(w.options, Divergence::kConverterResults);
    if (is_checked && !isSubtype(w, w.types.callable(item).ret(), produces)) {
      fits_nothing = true;
      continue;
    }
    std::vector<TypeVarId> own;
    for (TypeId var : w.types.callable(item).vars()) own.push_back(TypeVarId(w.types[var].ref));
    if (!own.empty() && produces.valid() && w.hooks.solve_pattern != nullptr) {
      std::vector<TypeId> solution = w.hooks.solve_pattern(w, own, w.types.callable(item).ret(), produces, false);
      Substitution map;
      for (size_t i = 0; i < own.size() && i < solution.size(); ++i) {
        if (!w.types.is(solution[i], TypeKind::kNever)) map.add(own[i], solution[i]);
      }
      input = substitute(w, input, map);
      std::erase_if(own, [&](TypeVarId variable) { return map.find(variable).valid(); });
    }
    if (!own.empty()) input = eraseTypeVars(w, input, &own, any);
    inputs.push_back(input);
  }
  if (inputs.empty()) {
    report(w, module, at, Code::kMisc, fits_nothing ? "What the converter gives does not fit the type of the field" : "Cannot determine __init__ type from converter");
    return any;
  }
  return simplifiedUnion(w, inputs);
}

void addSlots(World& w, ClassId cls, const std::vector<NameId>& names) {
  for (size_t i = 1; i < w.classes[cls].mro.size(); ++i) {
    const ClassInfo& base = w.classes[w.classes[cls].mro[i]];
    if (base.fullname != "builtins.object" && !base.has_slots) return;
  }
  w.classes[cls].slots = names;
  w.classes[cls].has_slots = true;
}

}  // namespace krait::declare

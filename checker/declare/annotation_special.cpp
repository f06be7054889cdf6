// The special forms of typing in annotations, one function for each form with arguments.
#include <unordered_map>

#include "checker/declare/annotation_internal.h"
#include "checker/relations/literal_string.h"

namespace krait::declare {

static constexpr std::string_view kForms[] = {
    "Any", "Union", "Optional", "Callable", "Tuple", "Type", "Literal", "LiteralString", "Final", "ClassVar", "Annotated",
    "Generic", "Protocol", "NoReturn", "Never", "Concatenate", "Unpack", "Required", "NotRequired", "ReadOnly", "TypeGuard",
    "TypeIs", "Self", "TypeAlias", "TypeForm", "NamedTuple", "TypedDict", "List", "Dict", "Set", "FrozenSet", "DefaultDict",
    "OrderedDict", "Counter", "ChainMap", "Deque"};

bool isSpecialFormName(std::string_view name) {
  for (std::string_view form : kForms) {
    if (form == name) return true;
  }
  return false;
}

static TypeId any(AnnotationContext& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// typing's capitalised names of builtin and collections classes.
static ClassId aliasedClass(World& w, std::string_view form) {
  static constexpr std::pair<std::string_view, std::pair<std::string_view, std::string_view>> kClasses[] = {
      {"List", {"builtins", "list"}},          {"Dict", {"builtins", "dict"}},
      {"Set", {"builtins", "set"}},            {"FrozenSet", {"builtins", "frozenset"}},
      {"DefaultDict", {"collections", "defaultdict"}}, {"OrderedDict", {"collections", "OrderedDict"}},
      {"Counter", {"collections", "Counter"}}, {"ChainMap", {"collections", "ChainMap"}},
      {"Deque", {"collections", "deque"}}};
  for (const auto& entry : kClasses) {
    if (entry.first == form) return lookupClass(w, entry.second.first, entry.second.second);
  }
  return ClassId::none();
}

static TypeId analyzeTuple(AnnotationContext& c, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  if (!has_args) return builtinType(w, "tuple", any(c, AnyKind::kFromOmittedGenerics));
  const Ast& ast = *c.ast;
  if (args.size() == 1 && ast.is(args[0], NodeKind::kTuple)) return w.types.tuple({}, builtinType(w, "tuple"));
  auto isEllipsis = [&](NodeId item) {
    auto constant = ast.tryAs<syntax::Constant>(item);
    return constant && constant->constantKind() == syntax::ConstantKind::kEllipsis;
  };
  if (args.size() == 2 && isEllipsis(args[1])) {
    TypeId item = analyzeInner(c, args[0], follows(w.modules[c.module].options, Divergence::kRepeatedUnpack));
    if (!w.types.is(item, TypeKind::kUnpack)) return builtinType(w, "tuple", item);
    fail(c, node, Code::kValidType, "An unpacked tuple cannot be repeated");
    return builtinType(w, "tuple", any(c));
  }
  std::vector<TypeId> items;
  int unpacked = 0;
  for (NodeId arg : args) {
    TypeId item = analyzeInner(c, arg, true);
    if (w.types.is(item, TypeKind::kUnpack)) {
      TypeId inner = proper(w, w.types[item].items[0]);
      if (w.types.is(inner, TypeKind::kTuple)) {
        for (TypeId part : w.types[inner].args()) {
          unpacked += w.types.is(part, TypeKind::kUnpack) ? 1 : 0;
          items.push_back(part);
        }
        continue;
      }
      ++unpacked;
    }
    items.push_back(item);
  }
  if (unpacked > 1) {
    fail(c, node, Code::kMisc, "More than one variadic Unpack in a type is not allowed");
    std::vector<TypeId> kept;
    int seen = 0;
    for (TypeId item : items) {
      if (w.types.is(item, TypeKind::kUnpack) && ++seen > 1) continue;
      kept.push_back(item);
    }
    items = kept;
  }
  return normalizedTuple(w, items, builtinType(w, "tuple"));
}

TypeId analyzeParameters(AnnotationContext& c, NodeId node) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  if (auto constant = ast.tryAs<syntax::Constant>(node)) {
    if (constant->constantKind() == syntax::ConstantKind::kEllipsis) return ellipsisParameters(w);
  }
  if (auto list = ast.tryAs<syntax::List>(node)) {
    CallableParts parts;
    for (NodeId item : list->elts()) {
      if (addNamedParameter(c, item, parts)) continue;
      bool is_name = ast.is(item, NodeKind::kName) || ast.is(item, NodeKind::kAttribute);
      if (is_name && fullNameAt(w, c.module, c.scope, ast, item).ends_with(".Unpack")) {
        fail(c, item, Code::kValidType, "Unpack[...] requires exactly one type argument");
        parts.add(NameId::none(), ParamKind::kStar, w.types.any(AnyKind::kFromError));
        continue;
      }
      TypeId type = analyzeInner(c, item, true);
      bool is_open = !parts.params.empty() && parts.params.back().kind == ParamKind::kStar && w.types.is(parts.types.back(), TypeKind::kUnpack);
      if (is_open && w.types.is(type, TypeKind::kUnpack)) {
        fail(c, item, Code::kValidType, "More than one variadic Unpack in a type is not allowed");
      } else if (w.types.is(type, TypeKind::kUnpack)) {
        parts.add(NameId::none(), ParamKind::kStar, type);
      } else if (is_open) {
        // What follows an unpacked part belongs to the same *args.
        TypeId inner = w.types[parts.types.back()].items[0];
        std::vector<TypeId> items;
        if (w.types.is(proper(w, inner), TypeKind::kTuple)) {
          items.assign(w.types[proper(w, inner)].args().begin(), w.types[proper(w, inner)].args().end());
        } else {
          items.push_back(parts.types.back());
        }
        items.push_back(type);
        parts.types.back() = w.types.unpack(w.types.tuple(items, builtinType(w, "tuple")));
      } else {
        parts.add(NameId::none(), ParamKind::kPos, type);
      }
    }
    checkParameterOrder(c, parts, list->elts());
    for (size_t i = 0; i < parts.types.size(); ++i) {
      if (parts.params[i].kind == ParamKind::kStar) parts.types[i] = plainStar(w, parts.types[i]);
    }
    return w.types.parameters(parts);
  }
  if (ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute)) {
    SymbolId symbol = lookupDotted(w, c.module, c.scope, ast, node);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kTypeVar &&
        w.type_vars[w.symbols[symbol].type_var].kind == TypeVarKind::kParamSpec) {
      AnnotationContext inner = c;
      inner.allows_param_spec = true;
      return typeVarAsType(inner, w.symbols[symbol].type_var, node);
    }
    if (fullNameAt(w, c.module, c.scope, ast, node).ends_with(".Concatenate")) fail(c, node, Code::kValidType, "Concatenate needs type arguments");
    return TypeId::none();
  }
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  if (!subscript) return TypeId::none();
  std::string name = fullNameAt(w, c.module, c.scope, ast, subscript->value());
  if (!name.ends_with(".Concatenate")) return TypeId::none();
  NodeId single;
  NodeList args = subscriptItems(ast, subscript->slice(), &single);
  if (args.empty()) return TypeId::none();
  CallableParts prefix;
  for (size_t i = 0; i + 1 < args.size(); ++i) {
    TypeId type = analyzeInner(c, args[i], true);
    prefix.add(NameId::none(), w.types.is(type, TypeKind::kUnpack) ? ParamKind::kStar : ParamKind::kPos, type);
  }
  TypeId last = analyzeParameters(c, args.back());
  if (!last.valid()) {
    fail(c, node, Code::kValidType, "The last parameter to Concatenate needs to be a ParamSpec");
    return any(c);
  }
  if (isParamSpec(w, last)) {
    const Type& spec = w.types[last];
    if (spec.count > 0) {
      fail(c, node, Code::kValidType, "Nested Concatenates are invalid");
      CallableParts more = w.types.parts(spec.items[0]);
      for (size_t i = 0; i < more.params.size(); ++i) prefix.add(more.params[i].name, more.params[i].kind, more.types[i]);
    }
    return typeVarType(w, TypeVarId(spec.ref), TypeVarForm::kPlain, w.types.parameters(prefix));
  }
  if (w.types.is(last, TypeKind::kParameters)) {
    CallableParts rest = w.types.parts(last);
    for (size_t i = 0; i < rest.params.size(); ++i) prefix.add(rest.params[i].name, rest.params[i].kind, rest.types[i]);
    if (rest.has(kEllipsisArgs)) prefix.set(kFromConcatenate);
    return w.types.parameters(prefix);
  }
  return last;
}

// The type variables in Callable[…] that no scope around binds: it is generic by itself.
// ref: mypy typeanal.analyze_callable_type, bind_function_type_variables
static std::vector<TypeVarId> ownVariables(AnnotationContext& c, NodeList args) {
  std::vector<TypeVarId> own;
  if (c.collects != nullptr || c.function.valid() || c.class_header.valid() || c.alias.valid()) return own;
  std::vector<TypeVarId> definitions;
  AnnotationContext probe = c;
  probe.is_silent = true;
  probe.collects = &definitions;
  analyzeParameters(probe, args[0]);
  analyzeInner(probe, args[1]);
  for (TypeVarId definition : definitions) {
    if (findEnclosing(c.w, c.scope, definition, false).valid()) continue;
    own.push_back(boundCopy(c.w, definition, ClassId::none(), FunctionId::none(), -1 - static_cast<int32_t>(own.size())));
  }
  return own;
}

static TypeId analyzeCallable(AnnotationContext& c, NodeList args, NodeId node, bool has_args);

// A generic callable with variables of its own.
static TypeId analyzeGeneric(AnnotationContext& c, NodeList args, NodeId node, const std::vector<TypeVarId>& own) {
  World& w = c.w;
  std::vector<TypeVarId> reachable = own;
  if (c.extra != nullptr) reachable.insert(reachable.end(), c.extra->begin(), c.extra->end());
  AnnotationContext inner = c;
  inner.extra = &reachable;
  TypeId type = analyzeCallable(inner, args, node, true);
  if (!w.types.is(type, TypeKind::kCallable)) return type;
  CallableParts parts = w.types.parts(type);
  for (TypeVarId variable : own) parts.vars.push_back(typeVarType(w, variable));
  return w.types.callable(parts);
}

static TypeId analyzeCallable(AnnotationContext& c, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  CallableParts parts;
  TypeId unknown = any(c, AnyKind::kFromOmittedGenerics);
  if (!has_args) {
    parts.add(NameId::none(), ParamKind::kStar, unknown);
    parts.add(NameId::none(), ParamKind::kStar2, unknown);
    parts.ret = unknown;
    parts.set(kEllipsisArgs);
    return w.types.callable(parts);
  }
  if (args.size() != 2) {
    fail(c, node, Code::kValidType, "Please use \"Callable[[<parameters>], <return type>]\" or \"Callable\"");
    return any(c);
  }
  if (std::vector<TypeVarId> own = ownVariables(c, args); !own.empty()) return analyzeGeneric(c, args, node, own);
  TypeId params = analyzeParameters(c, args[0]);
  if (!params.valid()) {
    fail(c, node, Code::kValidType, "The first argument to Callable must be a list of types, parameter specification, or \"...\"");
    failNote(c, node, Code::kValidType, "See https://mypy.readthedocs.io/en/stable/kinds_of_types.html#callable-types-and-lambdas");
    return any(c);
  }
  if (w.types.is(params, TypeKind::kParameters)) {
    parts = w.types.parts(params);
  } else if (isParamSpec(w, params)) {
    const Type& spec = w.types[params];
    if (spec.count > 0) {
      CallableParts prefix = w.types.parts(spec.items[0]);
      parts.params = prefix.params;
      parts.types = prefix.types;
      parts.set(kFromConcatenate);
    }
    TypeVarId variable(spec.ref);
    parts.add(w.names.args, ParamKind::kStar, typeVarType(w, variable, TypeVarForm::kArgs));
    parts.add(w.names.kwargs, ParamKind::kStar2, typeVarType(w, variable, TypeVarForm::kKwargs));
  } else {
    return params;
  }
  // TypeGuard[…] and TypeIs[…] as the result.
  const Ast& ast = *c.ast;
  parts.ret = TypeId::none();
  if (auto subscript = ast.tryAs<syntax::Subscript>(args[1])) {
    std::string name = fullNameAt(w, c.module, c.scope, ast, subscript->value());
    if (name.ends_with(".TypeGuard") || name.ends_with(".TypeIs")) {
      parts.guard = analyzeInner(c, subscript->slice());
      parts.set(name.ends_with(".TypeIs") ? kTypeIs : kTypeGuard);
      parts.ret = builtinType(w, "bool");
    }
  }
  if (!parts.ret.valid()) parts.ret = analyzeInner(c, args[1]);
  return w.types.callable(parts);
}

static TypeId analyzeUnion(AnnotationContext& c, NodeList args) {
  std::vector<TypeId> items;
  for (NodeId arg : args) items.push_back(analyzeInner(c, arg));
  return c.w.types.unionOf(items);
}

// How a message calls what type[…] cannot contain; "": it can. ref: mypy typeanal.get_bad_type_type_item
static std::string wrongTypeItem(World& w, TypeId type) {
  TypeId item = proper(w, type);
  if (w.types.is(item, TypeKind::kTypeType)) return "Type[...]";
  if (w.types.is(item, TypeKind::kLiteral)) return "Literal[...]";
  if (!w.types.is(item, TypeKind::kUnion)) return "";
  std::vector<std::string> wrong;
  for (TypeId each : unionItems(w, item)) {
    std::string name = wrongTypeItem(w, each);
    if (!name.empty()) wrong.push_back(std::move(name));
  }
  if (wrong.size() < 2) return wrong.empty() ? "" : wrong[0];
  std::string text = "Union[" + wrong[0];
  for (size_t i = 1; i < wrong.size(); ++i) text += ", " + wrong[i];
  return text + "]";
}

static TypeId analyzeTypeOf(AnnotationContext& c, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  if (!has_args) return w.types.typeType(any(c, AnyKind::kFromOmittedGenerics));
  if (args.size() != 1) fail(c, node, Code::kValidType, "Type[...] must have exactly one type argument");
  TypeId item = analyzeInner(c, args[0]);
  // type[type]: a class of classes.
  if (w.types.is(proper(w, item), TypeKind::kTypeType) && follows(w.modules[c.module].options, Divergence::kBareType)) item = namedType(w, "builtins", "type");
  if (std::string wrong = wrongTypeItem(w, item); !wrong.empty()) {
    fail(c, node, Code::kValidType, "Type[...] can't contain \"" + wrong + "\"");
    return w.types.typeType(any(c, AnyKind::kFromError));
  }
  if (w.types.is(item, TypeKind::kCallable) || w.types.is(item, TypeKind::kTypeType)) return w.types.typeType(any(c));
  return w.types.typeType(item);
}

// `whole`: the Literal[…] around it, where findings stand.
static TypeId literalOfNode(AnnotationContext& c, NodeId node, NodeId whole, int index) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  std::string position = std::to_string(index);
  if (auto constant = ast.tryAs<syntax::Constant>(node)) {
    switch (constant->constantKind()) {
      case syntax::ConstantKind::kNone: return w.types.none();
      case syntax::ConstantKind::kTrue: return w.types.literal(LiteralKind::kBool, "True", builtinType(w, "bool"));
      case syntax::ConstantKind::kFalse: return w.types.literal(LiteralKind::kBool, "False", builtinType(w, "bool"));
      case syntax::ConstantKind::kInt: {
        const syntax::IntConstant& value = ast.integer(constant->payload());
        std::string text = value.fits ? std::to_string(value.value) : std::string(value.digits);
        return w.types.literal(LiteralKind::kInt, text, builtinType(w, "int"));
      }
      case syntax::ConstantKind::kStr:
        return w.types.literal(LiteralKind::kStr, ast.string(constant->payload()), builtinType(w, "str"));
      case syntax::ConstantKind::kBytes:
        return w.types.literal(LiteralKind::kBytes, ast.string(constant->payload()), builtinType(w, "bytes"));
      case syntax::ConstantKind::kFloat:
        fail(c, whole, Code::kValidType, "Parameter " + position + " of Literal[...] cannot be of type \"float\"");
        return any(c);
      case syntax::ConstantKind::kComplex:
        fail(c, whole, Code::kValidType, "Parameter " + position + " of Literal[...] cannot be of type \"complex\"");
        return any(c);
      default: break;
    }
  }
  if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) {
    auto operand = ast.tryAs<syntax::Constant>(unary->operand());
    if (operand && operand->constantKind() == syntax::ConstantKind::kInt &&
        (unary->op() == syntax::UnaryOperator::kUSub || unary->op() == syntax::UnaryOperator::kUAdd)) {
      const syntax::IntConstant& value = ast.integer(operand->payload());
      std::string text = value.fits ? std::to_string(value.value) : std::string(value.digits);
      if (unary->op() == syntax::UnaryOperator::kUSub && text != "0") text = "-" + text;
      return w.types.literal(LiteralKind::kInt, text, builtinType(w, "int"));
    }
  }
  if (ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute) || ast.is(node, NodeKind::kSubscript)) {
    // An enum member, or an alias or a nested Literal.
    if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
      SymbolId base = lookupDotted(w, c.module, c.scope, ast, attribute->value());
      if (base.valid()) base = followImports(w, base);
      // `F = Colour` and then Literal[F.red].
      if (base.valid() && w.resolved(base).kind == SymbolKind::kAlias) {
        AliasId alias = w.symbols[base].alias;
        if (w.aliases[alias].resolved == Progress::kNot) resolveAlias(w, alias);
        TypeId named = w.aliases[alias].target.valid() ? proper(w, w.aliases[alias].target) : TypeId::none();
        if (w.types.is(named, TypeKind::kInstance) && w.types[named].count == 0) base = w.classes[w.types[named].cls()].symbol;
      }
      if (base.valid() && w.resolved(base).kind == SymbolKind::kClass && w.header(w.symbols[base].cls).has(kClassEnum)) {
        NameId name = syntax::nameOf(ast, attribute->attr());
        ClassId cls = w.symbols[base].cls;
        w.members(cls);
        SymbolId member = w.scopes[w.classes[cls].scope].names.find(name);
        bool is_member = member.valid() && w.symbols[member].has(kIsEnumMember);
        if (is_member) return w.types.literal(LiteralKind::kEnum, w.text(name), w.types.instance(cls));
        if (member.valid() && w.symbols[member].has(kIsEnumAlias)) return w.types[w.symbols[member].type].extra;
      }
    }
    SymbolId symbol;
    if (!ast.is(node, NodeKind::kSubscript)) {
      symbol = lookupDotted(w, c.module, c.scope, ast, node);
      if (!symbol.valid()) {
        if (isOpenName(w, c.module, c.scope, ast, node)) return any(c);
        fail(c, node, Code::kNameDefined, "Name \"" + dottedText(ast, node) + "\" is not defined");
        return any(c);
      }
      symbol = followImports(w, symbol);
      if (!symbol.valid()) return any(c);
    }
    bool is_type = !symbol.valid() || w.resolved(symbol).kind == SymbolKind::kAlias;
    if (is_type) {
      TypeId type = analyzeInner(c, node);
      bool all = true;
      for (TypeId item : unionItems(w, type)) {
        all = all && (w.types.is(item, TypeKind::kLiteral) || w.types.is(item, TypeKind::kNone) || w.types.is(item, TypeKind::kAny));
      }
      if (all && !w.types.is(proper(w, type), TypeKind::kAny)) return type;
      if (w.types.is(proper(w, type), TypeKind::kAny)) {
        fail(c, whole, Code::kValidType, "Parameter " + position + " of Literal[...] cannot be of type \"Any\"");
        return any(c);
      }
    } else if (fullNameAt(w, c.module, c.scope, ast, node) == "typing.Any") {
      fail(c, whole, Code::kValidType, "Parameter " + position + " of Literal[...] cannot be of type \"Any\"");
      return any(c);
    }
  }
  bool is_display = ast.is(node, NodeKind::kList) || ast.is(node, NodeKind::kDict) || ast.is(node, NodeKind::kTuple);
  bool is_type_like = ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute) || ast.is(node, NodeKind::kSubscript) || ast.is(node, NodeKind::kConstant);
  if (!is_display && !is_type_like) {
    fail(c, whole, Code::kValidType, "Invalid type: Literal[...] cannot contain arbitrary expressions");
    return any(c);
  }
  fail(c, whole, Code::kValidType, "Parameter " + position + " of Literal[...] is invalid");
  return any(c);
}

TypeId analyzeLiteral(AnnotationContext& c, NodeList args, NodeId node) {
  std::vector<TypeId> items;
  int index = 1;
  NodeId slice = c.ast->is(node, NodeKind::kSubscript) ? c.ast->as<syntax::Subscript>(node).slice() : NodeId::none();
  if (c.ast->is(slice, NodeKind::kTuple) && c.ast->hasFlag(slice, syntax::kParenthesized) && follows(c.w.options, Divergence::kLiteralTuple)) {
    fail(c, slice, Code::kValidType, "Parameter 1 of Literal[...] is invalid");
    return any(c);
  }
  if (args.empty()) {
    fail(c, node, Code::kValidType, "Literal[...] must have at least one parameter");
    return any(c);
  }
  for (NodeId arg : args) {
    TypeId item = literalOfNode(c, arg, node, index++);
    items.push_back(item);
  }
  bool has_error = false;
  for (TypeId item : items) has_error = has_error || c.w.types.is(item, TypeKind::kAny);
  if (has_error) return any(c);
  return c.w.types.unionOf(items);
}

static TypeId bareForm(AnnotationContext& c, std::string_view form, NodeId node) {
  World& w = c.w;
  if (form == "Any") return w.types.any(AnyKind::kExplicit);
  if (form == "NoReturn" || form == "Never") return w.types.never();
  if (form == "LiteralString") {
    const CheckOptions& options = w.modules[c.module].is_library ? w.options : w.modules[c.module].options;
    return follows(options, Divergence::kLiteralStrings) ? literalString(w) : builtinType(w, "str");
  }
  if (form == "Union" || form == "Optional") {
    if (form == "Optional") {
      fail(c, node, Code::kValidType, "Optional[...] must have exactly one type argument");
      return any(c);
    }
    return w.types.never();
  }
  if (form == "Literal") {
    fail(c, node, Code::kValidType, "Literal[...] must have at least one parameter");
    return any(c);
  }
  if (form == "Annotated") {
    fail(c, node, Code::kValidType, "Annotated[...] must have exactly one type argument and at least one annotation");
    return any(c);
  }
  if (form == "TypeAlias") return w.types.any(AnyKind::kSpecialForm);
  if (form == "TypeForm") return w.types.typeForm(any(c, AnyKind::kFromOmittedGenerics));
  if (form == "TypeGuard" || form == "TypeIs") {
    fail(c, node, Code::kValidType, std::string(form) + " must have exactly one type argument");
    return builtinType(w, "bool");
  }
  if (form == "Concatenate") {
    fail(c, node, Code::kValidType, "Concatenate needs type arguments");
    return any(c);
  }
  if (form == "Generic" || form == "Protocol") {
    fail(c, node, Code::kValidType, "Variable \"typing." + std::string(form) + "\" is not valid as a type");
    return any(c);
  }
  return TypeId::none();
}

// In a dataclass ClassVar[Final[…]] is a class variable that is no field.
static bool inDataclass(AnnotationContext& c) {
  World& w = c.w;
  if (!c.scope.valid() || w.scopes[c.scope].kind != ScopeKind::kClass) return false;
  const ClassInfo& info = w.classes[w.scopes[c.scope].cls];
  auto def = info.node.valid() ? c.ast->tryAs<syntax::ClassDef>(info.node) : std::nullopt;
  if (!def) return false;
  for (NodeId decorator : def->decorators()) {
    auto call = c.ast->tryAs<syntax::Call>(decorator);
    NodeId name = call ? call->func() : decorator;
    bool is_name = c.ast->is(name, NodeKind::kName) || c.ast->is(name, NodeKind::kAttribute);
    if (is_name && fullNameAt(w, c.module, info.parent, *c.ast, name) == "dataclasses.dataclass") return true;
  }
  return false;
}

static TypeId analyzeQualifier(AnnotationContext& c, std::string_view form, NodeList args, NodeId node, bool has_args) {
  if (c.item_of != nullptr && (form == "Final" || form == "ClassVar")) {
    fail(c, node, Code::kMisc, std::string(form) + "[...] can't be used inside a " + c.item_of);
    return any(c);
  }
  if (form == "Final") {
    if (c.is_class_var && c.allows_final && !inDataclass(c) && (c.w.options.version.minor < 13 || follows(c.w.options, Divergence::kFinalClassVars))) {
      fail(c, node, Code::kMisc, "Variable should not be annotated with both ClassVar and Final");
      return any(c);
    }
    if (!c.allows_final) {
      fail(c, node, Code::kValidType, "Final can be only used as an outermost qualifier in a variable annotation");
      return any(c);
    }
    c.is_final = true;
  } else if (form == "ClassVar") {
    if (!c.allows_class_var) {
      fail(c, node, Code::kValidType, "Invalid type: ClassVar nested inside other type");
      return any(c);
    }
    c.is_class_var = true;
    // At run time both are allowed together since 3.13.
    if (c.is_final && (c.w.options.version.minor < 13 || follows(c.w.options, Divergence::kFinalClassVars))) {
      fail(c, node, Code::kMisc, "Variable should not be annotated with both ClassVar and Final");
      c.is_final = false;
    }
  } else {
    if (!c.allows_required) {
      fail(c, node, Code::kValidType, std::string(form) + "[] can be only used in a TypedDict definition");
      return any(c);
    }
    bool nested = form == "ReadOnly" ? c.is_read_only : (c.is_required || c.is_not_required);
    if (nested) fail(c, node, Code::kMisc, "\"" + std::string(form) + "[]\" type cannot be nested");
    if (form == "Required") c.is_required = true;
    if (form == "NotRequired") c.is_not_required = true;
    if (form == "ReadOnly") c.is_read_only = true;
  }
  if (!has_args && (form == "Required" || form == "NotRequired")) {
    fail(c, node, Code::kValidType, std::string(form) + "[] must have exactly one type argument");
    return any(c);
  }
  if (!has_args) return TypeId::none();
  if (args.size() != 1) {
    bool outer = form == "Final" || form == "ClassVar";
    if (form == "Final") {
      fail(c, node, Code::kMisc, "Final[...] takes at most one type argument");
      return args.empty() ? any(c) : analyzeType(c, args[0]);
    }
    fail(c, node, Code::kValidType, std::string(form) + (outer ? "[...] must have at most one" : "[] must have exactly one") + " type argument");
    return any(c);
  }
  // Final and ClassVar may contain each other in a dataclass; the TypedDict qualifiers each other.
  return analyzeType(c, args[0]);
}

static TypeId analyzeSelf(AnnotationContext& c, NodeId node, bool has_args) {
  World& w = c.w;
  if (has_args) fail(c, node, Code::kValidType, "Self type cannot have type arguments");
  if (c.item_of != nullptr) {
    fail(c, node, Code::kMisc, std::string("Self type cannot be used in ") + c.item_of + " item type");
    return any(c);
  }
  ClassId cls = enclosingClass(w, c.scope);
  if (!cls.valid()) {
    fail(c, node, Code::kMisc, "Self type is only allowed in annotations within class definition");
    return any(c);
  }
  if (c.alias.valid()) {
    fail(c, node, Code::kMisc, "Self type cannot be used in type alias target");
    return any(c);
  }
  return selfVariable(w, cls);
}

TypeId selfVariable(World& w, ClassId cls) {
  ClassInfo& info = w.classes[cls];
  if (!info.self_var.valid()) {
    TypeVarInfo self;
    self.name = w.name("Self");
    self.fullname = info.fullname + ".Self";
    self.is_self = true;
    self.class_scope = cls;
    self.resolved = Progress::kDone;
    info.self_var = w.type_vars.add(std::move(self));
    w.type_vars[info.self_var].bound = w.header(cls).headed == Progress::kDone ? selfTypeOf(w, cls) : w.types.instance(cls);
  }
  return typeVarType(w, info.self_var);
}

TypeId analyzeSpecial(AnnotationContext& c, NameId special, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  std::string_view form = w.text(special);
  bool takes_arguments = form == "Callable" || form == "Tuple" || form == "Type";
  if (takes_arguments && !has_args && w.modules[c.module].options.disallow_any_generics && !w.modules[c.module].is_library) {
    fail(c, node, Code::kTypeArg, "Missing type arguments for generic type \"" + dottedText(*c.ast, node) + "\"");
  }
  ClassId aliased = aliasedClass(w, form);
  if (aliased.valid()) return instantiate(c, aliased, args, node, has_args);
  if (form == "Tuple") return analyzeTuple(c, args, node, has_args);
  if (form == "Callable") return analyzeCallable(c, args, node, has_args);
  if (form == "Type") return analyzeTypeOf(c, args, node, has_args);
  if (form == "Final" || form == "ClassVar" || form == "Required" || form == "NotRequired" || form == "ReadOnly") {
    return analyzeQualifier(c, form, args, node, has_args);
  }
  if (form == "Self") return analyzeSelf(c, node, has_args);
  if (!has_args) {
    TypeId type = bareForm(c, form, node);
    if (type.valid()) return type;
    fail(c, node, Code::kValidType, "Variable \"typing." + std::string(form) + "\" is not valid as a type");
    return any(c);
  }
  if (form == "Union") return analyzeUnion(c, args);
  if (form == "Optional") {
    if (args.size() != 1) {
      fail(c, node, Code::kValidType, "Optional[...] must have exactly one type argument");
      return any(c);
    }
    TypeId both[] = {analyzeInner(c, args[0]), w.types.none()};
    return w.types.unionOf(both);
  }
  if (form == "Literal") return analyzeLiteral(c, args, node);
  if (form == "Annotated") {
    if (args.size() < 2) {
      fail(c, node, Code::kValidType, "Annotated[...] must have exactly one type argument and at least one annotation");
      return any(c);
    }
    return analyzeType(c, args[0]);
  }
  if (form == "TypeGuard" || form == "TypeIs") {
    if (args.size() != 1) fail(c, node, Code::kValidType, std::string(form) + " must have exactly one type argument");
    for (NodeId arg : args) analyzeInner(c, arg);
    return builtinType(w, "bool");
  }
  if (form == "TypeForm") {
    if (args.size() != 1) fail(c, node, Code::kValidType, "TypeForm[...] must have exactly one type argument");
    return w.types.typeForm(analyzeInner(c, args[0]));
  }
  if (form == "Unpack") {
    if (args.size() != 1) {
      fail(c, node, Code::kValidType, "Unpack[...] requires exactly one type argument");
      return any(c);
    }
    if (!c.allows_unpack) {
      fail(c, node, Code::kValidType, "Unpack is only valid in a variadic position");
      return any(c);
    }
    AnnotationContext inner = c;
    inner.allows_unpack = inner.in_unpack = true;
    TypeId type = analyzeType(inner, args[0]);
    return unpackedType(c, args[0], type);
  }
  if (form == "Concatenate") {
    fail(c, node, Code::kValidType, "Invalid location for Concatenate");
    failNote(c, node, Code::kValidType, "You can use Concatenate as the first argument to Callable");
    return any(c);
  }
  if (form == "Any" || form == "NoReturn" || form == "Never" || form == "LiteralString") {
    fail(c, node, Code::kValidType, "Type \"" + std::string(form) + "\" is not generic and not indexable");
    return bareForm(c, form, node);
  }
  fail(c, node, Code::kValidType, "Variable \"typing." + std::string(form) + "\" is not valid as a type");
  return any(c);
}

}  // namespace krait::declare

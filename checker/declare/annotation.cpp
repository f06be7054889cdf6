// Annotations: from an expression to the type it denotes (typeanal.py in mypy). This file has the forms of expressions;
// names of typing are in annotation_special.cpp, arguments of generics in annotation_generic.cpp.
#include "analyzer/syntax/parser.h"
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

void fail(AnnotationContext& c, NodeId node, Code code, std::string text) {
  if (c.has_failed != nullptr) *c.has_failed = true;
  if (c.is_silent) return;
  if (c.anchor.valid()) node = c.anchor;
  report(c.w, c.module, node, code, std::move(text));
}

void failNote(AnnotationContext& c, NodeId node, Code code, std::string text) {
  if (c.is_silent) return;
  if (c.anchor.valid()) node = c.anchor;
  reportNote(c.w, c.module, node, code, std::move(text));
}

static TypeId errorType(AnnotationContext& c) { return c.w.types.any(AnyKind::kFromError); }

// The dotted text of a Name or Attribute chain.
std::string dottedText(const Ast& ast, NodeId node) {
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
    return dottedText(ast, attribute->value()) + "." + std::string(syntax::nameText(ast, attribute->attr()));
  }
  return std::string(syntax::nameText(ast, node));
}

const Ast* parseQuoted(World& w, ModuleId module, const Ast& ast, NodeId string, NodeId& expression) {
  auto text = syntax::stringValue(ast, string);
  expression = NodeId::none();
  if (!text) return nullptr;
  Module& info = w.modules[module];
  // Parentheses let a quoted annotation span lines; they do not change what it means.
  info.string_texts.push_back(std::make_unique<std::string>("(" + std::string(*text) + ")"));
  auto lowered = syntax::parseModule(*info.string_texts.back(), w.interner);
  info.string_annotations.push_back(std::make_unique<Ast>(std::move(lowered.ast)));
  const Ast& parsed = *info.string_annotations.back();
  NodeList body = parsed.as<syntax::Module>(parsed.root()).body();
  if (lowered.error || body.size() != 1 || !parsed.is(body[0], NodeKind::kExprStmt)) return nullptr;
  expression = parsed.as<syntax::ExprStmt>(body[0]).value();
  if (parsed.is(expression, NodeKind::kErrorExpr)) return nullptr;
  return &parsed;
}

static TypeId analyzeQuoted(AnnotationContext& c, NodeId node) {
  NodeId expression;
  const Ast* parsed = parseQuoted(c.w, c.module, *c.ast, node, expression);
  if (parsed == nullptr) {
    std::string_view written = c.ast->text(node);
    bool is_comment = written.find_first_of("'\"") == std::string_view::npos;
    if (is_comment) fail(c, node, Code::kSyntax, "Syntax error in type comment \"" + std::string(*syntax::stringValue(*c.ast, node)) + "\"");
    else fail(c, node, Code::kValidType, "Invalid type comment or annotation");
    return errorType(c);
  }
  const Ast* outer = c.ast;
  NodeId outer_anchor = c.anchor;
  if (!c.anchor.valid()) c.anchor = node;
  c.ast = parsed;
  TypeId type = analyzeType(c, expression);
  c.ast = outer;
  c.anchor = outer_anchor;
  return type;
}

// Was the variable to be a class or type variable, made by a call of typing that was wrong (reported there)?
static bool isFailedDefinition(World& w, const Symbol& symbol) {
  if (symbol.definitions.empty() || symbol.definitions[0].kind != DefinitionKind::kAssign) return false;
  const Ast& ast = *w.modules[symbol.module].ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Assign>(symbol.definitions[0].node).value());
  if (!call) return false;
  std::string callee = fullNameAt(w, symbol.module, symbol.scope, ast, call->func());
  return callee.starts_with("typing.") || callee.starts_with("typing_extensions.") || callee.starts_with("enum.") || callee == "collections.namedtuple";
}

std::string variableName(World& w, SymbolId variable, std::string shown) {
  const Symbol& symbol = w.symbols[variable];
  if (!enclosingFunction(w, symbol.scope).valid()) return fullNameOf(w, variable);
  if (!symbol.owner.valid()) return shown;
  const ClassInfo& owner = w.classes[symbol.owner];
  return owner.fullname + "@" + std::to_string(owner.line) + "." + std::string(w.text(symbol.name));
}

static TypeId variableAsType(AnnotationContext& c, SymbolId symbol_id, NodeId node, const std::string& shown) {
  World& w = c.w;
  if (TypeId sentinel = sentinelType(w, symbol_id); sentinel.valid()) return sentinel;
  Symbol& symbol = w.symbols[symbol_id];
  if (symbol.has(kIsMissingImport)) return w.types.any(AnyKind::kFromUnimported);
  bool is_known = symbol.has(kIsDeclared) || symbol.module != c.module || isFailedDefinition(w, symbol);
  if (symbol.typed == Progress::kDone && symbol.type.valid()) {
    if (is_known && w.types.is(symbol.type, TypeKind::kAny)) return w.types.any(AnyKind::kFromAnotherAny);
  } else if (symbol.has(kIsDeclared) || symbol.typed == Progress::kNot) {
    TypeId declared = declaredVariableType(w, symbol_id);
    if (declared.valid() && w.types.is(declared, TypeKind::kAny)) return w.types.any(AnyKind::kFromAnotherAny);
  }
  if (symbol.has(kIsEnumMember)) {
    fail(c, node, Code::kValidType, "Invalid type: try using Literal[" + shown + "] instead?");
    return errorType(c);
  }
  fail(c, node, Code::kValidType, "Variable \"" + variableName(w, symbol_id, shown) + "\" is not valid as a type");
  failNote(c, node, Code::kValidType,
           "See https://mypy.readthedocs.io/en/stable/common_issues.html#variables-vs-type-aliases");
  return errorType(c);
}

TypeId functionAsType(AnnotationContext& c, SymbolId symbol, NodeId node) {
  std::string full = fullNameOf(c.w, symbol);
  fail(c, node, Code::kValidType, "Function \"" + full + "\" is not valid as a type");
  if (full == "builtins.any") {
    failNote(c, node, Code::kValidType, "Perhaps you meant \"typing.Any\" instead of \"any\"?");
  } else if (full == "builtins.callable") {
    failNote(c, node, Code::kValidType, "Perhaps you meant \"typing.Callable\" instead of \"callable\"?");
  } else {
    failNote(c, node, Code::kValidType, "Perhaps you need \"Callable[...]\" or a callback protocol?");
  }
  return errorType(c);
}

TypeId typeVarAsType(AnnotationContext& c, TypeVarId definition, NodeId node) {
  World& w = c.w;
  TypeVarId bound = bindTypeVar(c, definition, node);
  if (!bound.valid()) return errorType(c);
  TypeVarKind kind = w.type_vars[bound].kind;
  if (kind == TypeVarKind::kParamSpec && !c.allows_param_spec) {
    fail(c, node, Code::kValidType, "Invalid location for ParamSpec \"" + std::string(w.text(w.type_vars[bound].name)) + "\"");
    failNote(c, node, Code::kValidType,
             "You can use ParamSpec as the first argument to Callable, e.g., \"Callable[" +
                 std::string(w.text(w.type_vars[bound].name)) + ", int]\"");
    return errorType(c);
  }
  if (kind == TypeVarKind::kTypeVarTuple && !c.in_unpack) {
    fail(c, node, Code::kValidType, "TypeVarTuple \"" + std::string(w.text(w.type_vars[bound].name)) + "\" is only valid with an unpack");
    return c.allows_unpack ? w.types.unpack(builtinType(w, "tuple", errorType(c))) : errorType(c);
  }
  return typeVarType(w, bound);
}

// P.args and P.kwargs.
static TypeId paramSpecPart(AnnotationContext& c, NodeId node) {
  auto attribute = c.ast->as<syntax::Attribute>(node);
  std::string_view part = syntax::nameText(*c.ast, attribute.attr());
  if (part != "args" && part != "kwargs") return TypeId::none();
  SymbolId base = lookupDotted(c.w, c.module, c.scope, *c.ast, attribute.value());
  if (base.valid()) base = followImports(c.w, base);
  if (!base.valid()) return TypeId::none();
  Symbol& symbol = c.w.resolved(base);
  if (symbol.kind != SymbolKind::kTypeVar || c.w.type_vars[symbol.type_var].kind != TypeVarKind::kParamSpec) return TypeId::none();
  if (!c.allows_param_parts) {
    fail(c, node, Code::kValidType, "ParamSpec components are not allowed here");
    return errorType(c);
  }
  TypeVarId bound = bindTypeVar(c, symbol.type_var, node);
  if (!bound.valid()) return errorType(c);
  return typeVarType(c.w, bound, part == "args" ? TypeVarForm::kArgs : TypeVarForm::kKwargs);
}

// Says that the class is deprecated, where it is used by another one's code.
static void deprecatedClass(AnnotationContext& c, ClassId cls, NodeId node) {
  World& w = c.w;
  const ClassInfo& info = w.header(cls);
  if (info.deprecated.empty() || w.modules[c.module].is_stub || w.modules[c.module].is_library) return;
  for (ScopeId at = c.scope; at.valid(); at = w.scopes[at].parent) {
    if (w.scopes[at].cls == cls) return;
  }
  const CheckOptions& options = w.modules[c.module].options;
  for (const std::string& prefix : options.deprecated_calls_exclude) {
    if (info.fullname == prefix || info.fullname.starts_with(prefix + ".")) return;
  }
  std::string text = "class " + info.fullname + " is deprecated: " + info.deprecated;
  bool is_note = options.report_deprecated_as_note || (w.modules[info.module].is_library && follows(options, Divergence::kLibraryDeprecations));
  is_note ? failNote(c, node, Code::kDeprecated, text) : fail(c, node, Code::kDeprecated, text);
}

// A quoted name means what the module or the builtins have under it before what a class body has, where that is no type.
// ref: PEP 563, "Resolving Type Hints at Runtime"
static SymbolId preferGlobal(AnnotationContext& c, NodeId name, SymbolId found) {
  World& w = c.w;
  if (!c.anchor.valid() || !found.valid() || !c.ast->is(name, NodeKind::kName) || !follows(w.modules[c.module].options, Divergence::kQuotedNames)) return found;
  const Symbol& symbol = w.symbols[found];
  bool is_value = symbol.kind == SymbolKind::kVariable || symbol.kind == SymbolKind::kFunction;
  if (!is_value || !symbol.scope.valid() || w.scopes[symbol.scope].kind != ScopeKind::kClass) return found;
  SymbolId global = lookupName(w, w.modules[c.module].scope, symbol.name);
  return global.valid() ? global : found;
}

// Is the variable the one that the quoted annotation declares?
static bool declaresItself(AnnotationContext& c, const Symbol& variable) {
  const Ast& ast = *c.w.modules[c.module].ast;
  if (!c.anchor.valid() || variable.module != c.module || variable.definitions.empty()) return false;
  NodeId parent = ast.parent(c.anchor);
  return parent.valid() && parent == variable.definitions[0].node && ast.is(parent, NodeKind::kAnnAssign);
}

static bool hasFutureAnnotations(const Ast& ast) {
  for (NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
    auto from = ast.tryAs<syntax::ImportFrom>(statement);
    if (!from || !from->module().valid() || syntax::nameText(ast, from->module()) != "__future__") continue;
    for (NodeId name : from->names()) {
      if (syntax::nameText(ast, ast.as<syntax::Alias>(name).name()) == "annotations") return true;
    }
  }
  return false;
}

// A string beside a class: `"C" | int` has no meaning when the program evaluates it.
static bool joinsText(AnnotationContext& c, NodeId text, NodeId other) {
  World& w = c.w;
  const Module& module = w.modules[c.module];
  if (c.anchor.valid() || module.is_stub || module.is_library || !follows(module.options, Divergence::kQuotedNames)) return false;
  auto constant = c.ast->tryAs<syntax::Constant>(text);
  if (!constant || constant->constantKind() != syntax::ConstantKind::kStr || !c.ast->is(other, NodeKind::kName)) return false;
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, other);
  if (symbol.valid()) symbol = followImports(w, symbol);
  return symbol.valid() && w.resolved(symbol).kind == SymbolKind::kClass && !hasFutureAnnotations(*module.ast);
}

// A name in a type, with or without arguments.
TypeId analyzeNamed(AnnotationContext& c, NodeId name_node, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  if (c.ast->is(name_node, NodeKind::kAttribute)) {
    TypeId part = paramSpecPart(c, name_node);
    if (part.valid()) return part;
  }
  std::string shown = dottedText(*c.ast, name_node);
  SymbolId symbol_id = preferGlobal(c, name_node, lookupDotted(w, c.module, c.scope, *c.ast, name_node));
  if (!symbol_id.valid()) {
    // An attribute of something unknown (an import that is missing, Any) is unknown too.
    if (auto attribute = c.ast->tryAs<syntax::Attribute>(name_node)) {
      SymbolId base = lookupDotted(w, c.module, c.scope, *c.ast, attribute->value());
      SymbolId final_base = base.valid() ? followImports(w, base) : base;
      bool missing = final_base.valid() && w.resolved(final_base).has(kIsMissingImport);
      bool dynamic = final_base.valid() && w.symbols[final_base].kind == SymbolKind::kModule &&
                     w.modules[w.symbols[final_base].target_module].mayHaveAnyName();
      if (missing || dynamic) return w.types.any(AnyKind::kFromUnimported);
      if (final_base.valid() && w.symbols[final_base].kind == SymbolKind::kVariable) {
        TypeId base_type = declaredVariableType(w, final_base);
        if (base_type.valid() && w.types.is(base_type, TypeKind::kAny)) return w.types.any(AnyKind::kFromAnotherAny);
      }
    }
    if (isOpenName(w, c.module, c.scope, *c.ast, name_node)) return w.types.any();
    // Where the first name is none, it alone is told.
    NodeId first = name_node;
    while (auto attribute = c.ast->tryAs<syntax::Attribute>(first)) first = attribute->value();
    bool is_first = c.ast->is(first, NodeKind::kName) && !lookupDotted(w, c.module, c.scope, *c.ast, first).valid();
    if (is_first) shown = dottedText(*c.ast, first);
    fail(c, name_node, Code::kNameDefined, "Name \"" + shown + "\" is not defined");
    if (!c.is_silent) {
      NodeId place = c.anchor.valid() ? c.anchor : name_node;
      for (std::string& hint : missingNameHints(shown)) reportNote(w, c.module, place, Code::kNameDefined, std::move(hint));
    }
    return errorType(c);
  }
  SymbolId target = followImports(w, symbol_id);
  if (!target.valid()) return w.types.any(AnyKind::kFromUnimported);
  Symbol& symbol = w.resolved(target);
  switch (symbol.kind) {
    case SymbolKind::kClass: {
      bool by_import = target != symbol_id && c.ast->is(name_node, NodeKind::kName);
      if (!by_import) deprecatedClass(c, symbol.cls, name_node);
      return instantiate(c, symbol.cls, args, node, has_args);
    }
    case SymbolKind::kAlias: return analyzeAliasUse(c, symbol.alias, args, node, has_args);
    case SymbolKind::kTypeVar:
      if (has_args) {
        fail(c, node, Code::kValidType, "Type variable \"" + w.type_vars[symbol.type_var].fullname + "\" used with arguments");
      }
      return typeVarAsType(c, symbol.type_var, name_node);
    case SymbolKind::kSpecialForm: return analyzeSpecial(c, symbol.special, args, node, has_args);
    case SymbolKind::kFunction: return functionAsType(c, target, name_node);
    case SymbolKind::kModule: {
      std::string module_name(w.text(w.modules[symbol.target_module].name));
      fail(c, name_node, Code::kValidType, "Module \"" + module_name + "\" is not valid as a type");
      failNote(c, name_node, Code::kValidType, "Perhaps you meant to use a protocol matching the module structure?");
      return errorType(c);
    }
    case SymbolKind::kImport: return w.types.any(AnyKind::kFromUnimported);
    case SymbolKind::kVariable:
      if (follows(w.modules[c.module].options, Divergence::kQuotedNames) && declaresItself(c, w.symbols[target])) {
        fail(c, name_node, Code::kValidType, "Variable \"" + variableName(w, target, shown) + "\" is not valid as a type");
        return errorType(c);
      }
      return variableAsType(c, target, name_node, shown);
  }
  return errorType(c);
}

NodeList subscriptItems(const Ast& ast, NodeId slice, NodeId* single) {
  if (auto tuple = ast.tryAs<syntax::Tuple>(slice)) {
    return tuple->elts();
  }
  *single = slice;
  return NodeList(single, 1);
}

static TypeId analyzeConstant(AnnotationContext& c, NodeId node) {
  auto constant = c.ast->as<syntax::Constant>(node);
  switch (constant.constantKind()) {
    case syntax::ConstantKind::kNone: return c.w.types.none();
    case syntax::ConstantKind::kStr: return analyzeQuoted(c, node);
    case syntax::ConstantKind::kEllipsis: fail(c, node, Code::kValidType, "Unexpected \"...\""); return errorType(c);
    case syntax::ConstantKind::kInt:
    case syntax::ConstantKind::kTrue:
    case syntax::ConstantKind::kFalse:
      fail(c, node, Code::kValidType, "Invalid type: try using Literal[" + std::string(c.ast->text(node)) + "] instead?");
      return errorType(c);
    case syntax::ConstantKind::kFloat:
      fail(c, node, Code::kValidType, "Invalid type: float literals cannot be used as a type");
      return errorType(c);
    case syntax::ConstantKind::kComplex:
      fail(c, node, Code::kValidType, "Invalid type: complex literals cannot be used as a type");
      return errorType(c);
    case syntax::ConstantKind::kBytes:
      fail(c, node, Code::kValidType, "Invalid type comment or annotation");
      return errorType(c);
  }
  return errorType(c);
}

static void collectUnion(AnnotationContext& c, NodeId node, std::vector<TypeId>& items) {
  auto op = c.ast->tryAs<syntax::BinOp>(node);
  if (op && op->op() == syntax::BinaryOp::kBitOr) {
    collectUnion(c, op->left(), items);
    collectUnion(c, op->right(), items);
  } else {
    items.push_back(analyzeType(c, node));
  }
}

static TypeId analyzeForm(AnnotationContext& c, NodeId node) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  switch (ast.kind(node)) {
    case NodeKind::kName:
    case NodeKind::kAttribute: return analyzeNamed(c, node, {}, node, false);
    case NodeKind::kSubscript: {
      auto subscript = ast.as<syntax::Subscript>(node);
      NodeId base = subscript.value();
      NodeId single;
      NodeList args = subscriptItems(ast, subscript.slice(), &single);
      if (ast.is(base, NodeKind::kName) || ast.is(base, NodeKind::kAttribute)) return analyzeNamed(c, base, args, node, true);
      fail(c, node, Code::kValidType, "Invalid type comment or annotation");
      return errorType(c);
    }
    case NodeKind::kBinOp: {
      auto op = ast.as<syntax::BinOp>(node);
      if (op.op() != syntax::BinaryOp::kBitOr) break;
      if (joinsText(c, op.left(), op.right()) || joinsText(c, op.right(), op.left())) {
        fail(c, node, Code::kValidType, "\"|\" does not join a class with a quoted type; quote the whole annotation");
      }
      std::vector<TypeId> items;
      collectUnion(c, node, items);
      return w.types.unionOf(items);
    }
    case NodeKind::kConstant: return analyzeConstant(c, node);
    case NodeKind::kStarred: {
      AnnotationContext operand = c;
      operand.allows_unpack = operand.in_unpack = true;
      TypeId inner = analyzeType(operand, ast.as<syntax::Starred>(node).value());
      return unpackedType(c, ast.as<syntax::Starred>(node).value(), inner);
    }
    case NodeKind::kList: {
      NodeList items = ast.as<syntax::List>(node).elts();
      fail(c, node, Code::kValidType, "Bracketed expression \"[...]\" is not valid as a type");
      if (items.size() == 1) failNote(c, node, Code::kValidType, "Did you mean \"List[...]\"?");
      return errorType(c);
    }
    case NodeKind::kTuple:
      fail(c, node, Code::kSyntax, "Syntax error in type annotation");
      switch (ast.as<syntax::Tuple>(node).elts().size()) {
        case 0:
          failNote(c, node, Code::kSyntax, "Suggestion: Use Tuple[()] instead of () for an empty tuple, or None for a function without a return value");
          break;
        case 1: failNote(c, node, Code::kSyntax, "Suggestion: Is there a spurious trailing comma?"); break;
        default: failNote(c, node, Code::kSyntax, "Suggestion: Use Tuple[T1, ..., Tn] instead of (T1, ..., Tn)"); break;
      }
      return errorType(c);
    case NodeKind::kCall: {
      NodeId callee = ast.as<syntax::Call>(node).func();
      std::string name = dottedText(ast, callee);
      fail(c, node, Code::kValidType, "Invalid type comment or annotation");
      if (!name.empty()) {
        failNote(c, node, Code::kValidType, "Suggestion: use " + name + "[...] instead of " + name + "(...)");
      }
      return errorType(c);
    }
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<syntax::UnaryOp>(node);
      if (unary.op() == syntax::UnaryOperator::kUSub && ast.is(unary.operand(), NodeKind::kConstant)) {
        fail(c, node, Code::kValidType, "Invalid type: try using Literal[" + std::string(ast.text(node)) + "] instead?");
        return errorType(c);
      }
      break;
    }
    default: break;
  }
  fail(c, node, Code::kValidType, "Invalid type comment or annotation");
  return errorType(c);
}

TypeId analyzeType(AnnotationContext& context, NodeId node) {
  if (context.depth > 200) return errorType(context);
  ++context.depth;
  // What is allowed at this place is not allowed further inside, unless a form says so.
  TypeId type = analyzeForm(context, node);
  --context.depth;
  return type;
}

TypeId unpackedType(AnnotationContext& c, NodeId node, TypeId type) {
  World& w = c.w;
  if (w.types.is(type, TypeKind::kAny)) return type;
  TypeId plain = w.types.is(type, TypeKind::kAlias) ? TypeId::none() : proper(w, type);
  bool is_wrong = plain.valid() && !c.unpacks_keywords &&
                  (isPlainTypeVar(w, plain) || w.types.is(plain, TypeKind::kTypedDict) || w.types.is(plain, TypeKind::kNone) || w.types.is(plain, TypeKind::kUnion) ||
                   (w.types.is(plain, TypeKind::kInstance) && !isNamed(w, plain, "builtins.tuple")));
  if (!is_wrong) return w.types.unpack(type);
  fail(c, node, Code::kValidType, formatType(w, plain) + " cannot be unpacked (must be tuple or TypeVarTuple)");
  return w.types.unpack(builtinType(w, "tuple", errorType(c)));
}

TypeId analyzeInner(AnnotationContext& c, NodeId node, bool allows_unpack, bool allows_param_spec) {
  AnnotationContext inner = c;
  inner.allows_unpack = allows_unpack;
  inner.in_unpack = false;
  inner.allows_param_spec = allows_param_spec;
  inner.allows_param_parts = false;
  inner.allows_final = inner.allows_class_var = inner.allows_required = false;
  inner.is_base = false;
  inner.in_callable_ret = false;
  return analyzeType(inner, node);
}

}  // namespace krait::declare

// NewType, functional Enum, and the making of classes by calls.
#include "checker/declare/annotation_internal.h"
#include "checker/declare/any_rules.h"

namespace krait::declare {

ClassId makeClass(World& w, SymbolId symbol, NodeId node, NameId name) {
  const Symbol owner = w.symbols[symbol];
  ClassInfo info;
  info.name = name;
  info.module = owner.module;
  info.node = node;
  info.parent = owner.scope;
  info.symbol = symbol;
  info.line = static_cast<int>(lineOf(w, owner.module, node));
  info.in_function = enclosingFunction(w, owner.scope).valid();
  std::string prefix = owner.owner.valid() ? w.classes[owner.owner].fullname : std::string(w.text(w.modules[owner.module].name));
  info.fullname = prefix + "." + std::string(w.text(name));
  info.membered = info.self_attributes = info.headed = Progress::kDone;
  ClassId id = w.classes.add(std::move(info));
  Scope scope;
  scope.kind = ScopeKind::kClass;
  scope.parent = owner.scope;
  scope.module = owner.module;
  scope.cls = id;
  scope.node = node;
  scope.collected = Progress::kDone;
  w.classes[id].scope = w.scopes.add(std::move(scope));
  Symbol& again = w.symbols[symbol];
  again.kind = SymbolKind::kClass;
  again.cls = id;
  return id;
}

void bindCallTypeVars(World& w, ClassId cls, ScopeId scope, const Ast& ast, NodeList types) {
  std::vector<TypeVarId> found;
  AnnotationContext c{w, w.classes[cls].module, scope, &ast};
  c.is_silent = true;
  c.collects = &found;
  c.allows_required = true;
  for (NodeId type : types) analyzeType(c, type);
  int32_t raw = 1;
  for (TypeVarId definition : found) {
    bool is_new = w.type_vars[definition].raw_id == 0;
    for (TypeVarId own : w.classes[cls].type_vars) is_new = is_new && w.type_vars[own].definition != definition;
    if (is_new) w.classes[cls].type_vars.push_back(boundCopy(w, definition, cls, FunctionId::none(), raw++));
  }
}

bool resolveNewType(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  if (callee != "typing.NewType" && callee != "typing_extensions.NewType") return false;
  const Symbol symbol = w.symbols[id];
  NodeId statement = ast.parent(call_node);
  auto call = ast.as<syntax::Call>(call_node);
  bool is_two = call.args().size() == 2 && !ast.is(call.args()[0], syntax::NodeKind::kKeyword) && !ast.is(call.args()[1], syntax::NodeKind::kKeyword);
  if (!is_two) {
    report(w, symbol.module, statement, Code::kMisc, "NewType(...) expects exactly two positional arguments");
    return false;
  }
  auto name = syntax::stringValue(ast, call.args()[0]);
  if (!name) {
    report(w, symbol.module, statement, Code::kMisc, "Argument 1 to NewType(...) must be a string literal");
    return false;
  }
  auto constant = ast.tryAs<syntax::Constant>(call.args()[1]);
  if (constant && constant->constantKind() != syntax::ConstantKind::kStr && constant->constantKind() != syntax::ConstantKind::kNone) {
    report(w, symbol.module, statement, Code::kMisc, "Argument 2 to NewType(...) must be a valid type");
    return false;
  }
  if (*name != w.text(symbol.name)) {
    report(w, symbol.module, statement, Code::kMisc,
           "String argument 1 \"" + std::string(*name) + "\" to NewType(...) does not match variable name \"" + std::string(w.text(symbol.name)) + "\"");
    return false;
  }
  ClassId cls = makeClass(w, id, call_node, symbol.name);
  w.classes[cls].set(kClassNewType);
  AnnotationContext c{w, symbol.module, symbol.scope, &ast};
  TypeId base = analyzeType(c, call.args()[1]);
  TypeId plain = proper(w, base.valid() ? base : w.types.any());
  TypeId base_instance = plain;
  if (!w.types.is(plain, TypeKind::kAny)) {
    reportUnimported(w, symbol.module, call_node, "Argument 2 to NewType(...)", plain);
    reportExplicit(w, symbol.module, call_node, plain);
  }
  if (w.types.is(plain, TypeKind::kTuple)) {
    w.classes[cls].tuple_type = w.types.tuple(w.types[plain].args(), w.types.instance(cls));
    base_instance = tupleFallback(w, plain);
  } else if (w.types.is(plain, TypeKind::kAny)) {
    // What is no type where it stands is told as it is written.
    bool is_dotted = ast.is(call.args()[1], syntax::NodeKind::kName) || ast.is(call.args()[1], syntax::NodeKind::kAttribute);
    SymbolId named = is_dotted ? lookupDotted(w, symbol.module, symbol.scope, ast, call.args()[1]) : SymbolId::none();
    if (named.valid()) named = followImports(w, named);
    bool is_variable = named.valid() && w.resolved(named).kind == SymbolKind::kTypeVar;
    std::string got = is_variable ? std::string(w.text(w.symbols[named].name)) + "?" : "\"Any\"";
    report(w, symbol.module, statement, Code::kValidNewType, "Argument 2 to NewType(...) must be subclassable (got " + got + ")");
    w.classes[cls].set(kClassFallbackToAny);
    base_instance = objectType(w);
  } else if (!w.types.is(plain, TypeKind::kInstance)) {
    report(w, symbol.module, statement, Code::kValidNewType,
           "Argument 2 to NewType(...) must be subclassable (got " + formatType(w, plain) + ")");
    w.classes[cls].set(kClassFallbackToAny);
    base_instance = objectType(w);
  } else if (w.header(w.types[plain].cls()).has(kClassProtocol)) {
    report(w, symbol.module, statement, Code::kMisc, "NewType cannot be used with protocol classes");
  }
  if (w.types.is(base_instance, TypeKind::kInstance)) {
    w.classes[cls].bases.push_back(base_instance);
    computeMro(w, cls);
    w.classes[cls].metaclass = w.header(w.types[base_instance].cls()).metaclass;
  }
  CallableParts init;
  init.add(w.names.self, ParamKind::kPos, w.types.instance(cls));
  init.add(w.name("item"), ParamKind::kPos, plain);
  init.ret = w.types.none();
  init.name = w.classes[cls].name;
  addMethod(w, cls, "__init__", init);
  CallableParts creator;
  creator.add(w.names.cls, ParamKind::kPos, w.types.typeType(w.types.instance(cls)));
  creator.add(NameId::none(), ParamKind::kStar, w.types.any(AnyKind::kSpecialForm));
  creator.add(NameId::none(), ParamKind::kStar2, w.types.any(AnyKind::kSpecialForm));
  creator.ret = w.types.any(AnyKind::kSpecialForm);
  addMethod(w, cls, "__new__", creator, kIsStaticMethod);
  return true;
}

static void addEnumMember(World& w, ClassId cls, NameId name, TypeId value) {
  TypeId instance = w.types.instance(cls);
  TypeId literal = w.types.literal(LiteralKind::kEnum, w.text(name), instance);
  SymbolId member = addMember(w, cls, name, w.types.instance(cls, {}, literal), SymbolKind::kVariable,
                              kIsEnumMember | kIsInitializedInClass | kIsFinal);
  w.symbols[member].final_value = value;
}

// An instance of a builtin class whose value is known.
static TypeId knownValue(World& w, const char* cls, LiteralKind kind, std::string_view text) {
  TypeId type = builtinType(w, cls);
  if (!w.types.is(type, TypeKind::kInstance)) return type;
  return w.types.instance(w.types[type].cls(), {}, w.types.literal(kind, text, type));
}

// The type of a literal constant, with its value known; none: no constant.
static TypeId literalValue(World& w, const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (!constant) return TypeId::none();
  switch (constant->constantKind()) {
    case syntax::ConstantKind::kStr: return knownValue(w, "str", LiteralKind::kStr, ast.string(constant->payload()));
    case syntax::ConstantKind::kInt: {
      const syntax::IntConstant& value = ast.integer(constant->payload());
      return knownValue(w, "int", LiteralKind::kInt, value.fits ? std::to_string(value.value) : std::string(value.digits));
    }
    case syntax::ConstantKind::kTrue: return knownValue(w, "bool", LiteralKind::kBool, "True");
    case syntax::ConstantKind::kFalse: return knownValue(w, "bool", LiteralKind::kBool, "False");
    case syntax::ConstantKind::kFloat: return builtinType(w, "float");
    case syntax::ConstantKind::kNone: return w.types.none();
    default: return TypeId::none();
  }
}

bool resolveEnumCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  static constexpr std::string_view kBases[] = {"enum.Enum", "enum.IntEnum", "enum.Flag", "enum.IntFlag", "enum.StrEnum"};
  bool known = false;
  for (std::string_view base : kBases) known = known || callee == base;
  if (!known) return false;
  const Symbol symbol = w.symbols[id];
  auto call = ast.as<syntax::Call>(call_node);
  std::string form = callee.substr(5);
  if (call.args().size() < 2) {
    report(w, symbol.module, call_node, Code::kMisc, "Too few arguments for " + form + "()");
    return false;
  }
  static constexpr std::string_view kKeywords[] = {"value", "names", "module", "qualname", "type", "start", "boundary"};
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    std::string given(syntax::nameText(ast, keyword->arg()));
    if (std::find(std::begin(kKeywords), std::end(kKeywords), given) != std::end(kKeywords)) continue;
    report(w, symbol.module, call_node, Code::kMisc, "Unexpected keyword argument \"" + given + "\"");
    return false;
  }
  auto name = syntax::stringValue(ast, call.args()[0]);
  if (!name) {
    report(w, symbol.module, call_node, Code::kMisc, form + "() expects a string literal as the first argument");
    return false;
  }
  std::vector<NameId> members;
  std::vector<std::pair<NameId, NodeId>> values;
  NodeId items = call.args()[1];
  if (auto keyword = ast.tryAs<syntax::Keyword>(items)) items = keyword->value();
  // A Final name stands for the value that it has.
  if (ast.is(items, NodeKind::kName)) {
    SymbolId named = lookupName(w, symbol.scope, syntax::nameOf(ast, items));
    if (named.valid() && w.symbols[named].module == symbol.module && !w.symbols[named].definitions.empty()) {
      auto assign = ast.tryAs<syntax::AnnAssign>(w.symbols[named].definitions[0].node);
      NodeId head = assign ? assign->annotation() : NodeId::none();
      if (auto subscript = head.valid() ? ast.tryAs<syntax::Subscript>(head) : std::nullopt) head = subscript->value();
      if (assign && assign->value().valid() && fullNameAt(w, symbol.module, symbol.scope, ast, head).ends_with(".Final")) items = assign->value();
    }
  }
  if (auto text = syntax::stringValue(ast, items)) {
    std::string word;
    for (char ch : std::string(*text) + " ") {
      if (ch == ' ' || ch == ',') {
        if (!word.empty()) members.push_back(w.name(word));
        word.clear();
      } else {
        word += ch;
      }
    }
  } else {
    NodeList elements;
    if (auto list = ast.tryAs<syntax::List>(items)) elements = list->elts();
    if (auto tuple = ast.tryAs<syntax::Tuple>(items)) elements = tuple->elts();
    for (NodeId element : elements) {
      NodeId first = element;
      if (auto pair = ast.tryAs<syntax::Tuple>(element)) first = pair->elts().empty() ? element : pair->elts()[0];
      if (auto pair = ast.tryAs<syntax::List>(element)) first = pair->elts().empty() ? element : pair->elts()[0];
      if (auto member = syntax::stringValue(ast, first)) members.push_back(w.name(*member));
      NodeList parts;
      if (auto pair = ast.tryAs<syntax::Tuple>(element)) parts = pair->elts();
      if (auto pair = ast.tryAs<syntax::List>(element)) parts = pair->elts();
      // Names alone, or pairs alone.
      bool is_fine = syntax::stringValue(ast, first).has_value() && (parts.empty() ? first == element : parts.size() == 2);
      if (!is_fine || (members.size() > 1 && parts.empty() != values.empty())) {
        report(w, symbol.module, call_node, Code::kMisc, form + "() with tuple or list expects strings or (name, value) pairs");
        return false;
      }
      if (parts.size() == 2 && !members.empty()) values.emplace_back(members.back(), parts[1]);
    }
    if (auto dict = ast.tryAs<syntax::Dict>(items)) {
      for (size_t i = 0; i < dict->keys().size(); ++i) {
        NodeId key = dict->keys()[i];
        if (!key.valid()) continue;
        if (!syntax::stringValue(ast, key)) {
          report(w, symbol.module, call_node, Code::kMisc, form + "() with dict literal requires string literals");
          return false;
        }
        if (auto member = syntax::stringValue(ast, key)) {
          members.push_back(w.name(*member));
          values.emplace_back(members.back(), dict->values()[i]);
        }
      }
    }
  }
  if (members.empty()) {
    bool is_display = ast.is(items, NodeKind::kList) || ast.is(items, NodeKind::kTuple) || ast.is(items, NodeKind::kDict) || syntax::stringValue(ast, items).has_value();
    if (is_display) {
      report(w, symbol.module, call_node, Code::kMisc, form + "() needs at least one item");
      return false;
    }
    report(w, symbol.module, call_node, Code::kMisc, "Second argument of " + form + "() must be string, tuple, list or dict literal for mypy to determine Enum members");
    return false;
  }
  ClassId cls = makeClass(w, id, call_node, symbol.name);
  w.classes[cls].set(kClassEnum);
  TypeId base = namedType(w, "enum", form);
  if (w.types.is(base, TypeKind::kInstance)) {
    w.classes[cls].bases.push_back(base);
    computeMro(w, cls);
    w.classes[cls].metaclass = w.header(w.types[base].cls()).metaclass;
  }
  bool is_counted = values.empty() && (form == "Enum" || form == "IntEnum") && call.args().size() == 2 && follows(w.options, Divergence::kMadeEnumValues);
  for (size_t i = 0; i < members.size(); ++i) {
    NameId member = members[i];
    TypeId value;
    if (is_counted) value = knownValue(w, "int", LiteralKind::kInt, std::to_string(i + 1));
    for (const auto& entry : values) {
      if (entry.first == member) value = literalValue(w, ast, entry.second);
    }
    addEnumMember(w, cls, member, value);
  }
  return true;
}

}  // namespace krait::declare

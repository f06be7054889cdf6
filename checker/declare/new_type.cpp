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

// What Enum(…) is told: the members and the values of those that have one.
struct EnumItems {
  std::vector<NameId> members;
  std::vector<std::pair<NameId, NodeId>> values;
};

// What a name stands for that is Final in its own module, else none.
static NodeId finalValue(World& w, const Symbol& symbol, const Ast& ast, NodeId name) {
  SymbolId named = ast.is(name, NodeKind::kName) ? lookupName(w, symbol.scope, syntax::nameOf(ast, name)) : SymbolId::none();
  if (!named.valid() || w.symbols[named].module != symbol.module || w.symbols[named].definitions.empty()) return NodeId::none();
  auto assign = ast.tryAs<syntax::AnnAssign>(w.symbols[named].definitions[0].node);
  if (!assign || !assign->value().valid()) return NodeId::none();
  NodeId head = assign->annotation();
  if (auto subscript = ast.tryAs<syntax::Subscript>(head)) head = subscript->value();
  return fullNameAt(w, symbol.module, symbol.scope, ast, head).ends_with(".Final") ? assign->value() : NodeId::none();
}

// Members in words, parted by blanks or commas.
static void membersInText(World& w, std::string_view text, EnumItems& items) {
  std::string word;
  for (char ch : std::string(text) + " ") {
    if (ch != ' ' && ch != ',') {
      word += ch;
      continue;
    }
    if (!word.empty()) items.members.push_back(w.name(word));
    word.clear();
  }
}

// The items of a list or a tuple: names alone, or pairs alone. False: neither.
static bool membersInDisplay(World& w, const Ast& ast, NodeList elements, EnumItems& items) {
  for (NodeId element : elements) {
    NodeList parts;
    if (auto pair = ast.tryAs<syntax::Tuple>(element)) parts = pair->elts();
    if (auto pair = ast.tryAs<syntax::List>(element)) parts = pair->elts();
    auto member = syntax::stringValue(ast, parts.empty() ? element : parts[0]);
    if (!member || (!parts.empty() && parts.size() != 2)) return false;
    if (!items.members.empty() && parts.empty() != items.values.empty()) return false;
    items.members.push_back(w.name(*member));
    if (parts.size() == 2) items.values.emplace_back(items.members.back(), parts[1]);
  }
  return true;
}

// Why the call makes no enum; empty: it does. ref: mypy semanal_enum.parse_enum_call_args
static std::string readEnumCall(World& w, const Symbol& symbol, const Ast& ast, NodeId call_node, const std::string& form, EnumItems& items) {
  static constexpr std::string_view kKeywords[] = {"value", "names", "module", "qualname", "type", "start", "boundary"};
  NodeList args = ast.as<syntax::Call>(call_node).args();
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred) || (keyword && !keyword->arg().valid())) return "Unexpected arguments to " + form + "()";
  }
  if (args.size() < 2) return "Too few arguments for " + form + "()";
  NodeId value = args[0], names = args[1];
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword) continue;
    std::string given(syntax::nameText(ast, keyword->arg()));
    if (std::find(std::begin(kKeywords), std::end(kKeywords), given) == std::end(kKeywords)) return "Unexpected keyword argument \"" + given + "\"";
    if (given == "value") value = arg;
    if (given == "names") names = arg;
  }
  if (auto keyword = ast.tryAs<syntax::Keyword>(value)) value = keyword->value();
  if (auto keyword = ast.tryAs<syntax::Keyword>(names)) names = keyword->value();
  if (!syntax::stringValue(ast, value)) return form + "() expects a string literal as the first argument";
  if (NodeId known = finalValue(w, symbol, ast, names); known.valid()) names = known;
  if (auto text = syntax::stringValue(ast, names)) {
    membersInText(w, *text, items);
  } else if (ast.is(names, NodeKind::kList) || ast.is(names, NodeKind::kTuple)) {
    NodeList elements = ast.is(names, NodeKind::kList) ? ast.as<syntax::List>(names).elts() : ast.as<syntax::Tuple>(names).elts();
    if (!membersInDisplay(w, ast, elements, items)) return form + "() with tuple or list expects strings or (name, value) pairs";
  } else if (auto dict = ast.tryAs<syntax::Dict>(names)) {
    for (size_t i = 0; i < dict->keys().size(); ++i) {
      auto member = dict->keys()[i].valid() ? syntax::stringValue(ast, dict->keys()[i]) : std::nullopt;
      if (!member) return form + "() with dict literal requires string literals";
      items.members.push_back(w.name(*member));
      items.values.emplace_back(items.members.back(), dict->values()[i]);
    }
  } else {
    return "Second argument of " + form + "() must be string, tuple, list or dict literal for mypy to determine Enum members";
  }
  return items.members.empty() ? form + "() needs at least one item" : "";
}

bool resolveEnumCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  static constexpr std::string_view kBases[] = {"enum.Enum", "enum.IntEnum", "enum.Flag", "enum.IntFlag", "enum.StrEnum"};
  if (std::find(std::begin(kBases), std::end(kBases), callee) == std::end(kBases)) return false;
  const Symbol symbol = w.symbols[id];
  std::string form = callee.substr(5);
  EnumItems items;
  if (std::string problem = readEnumCall(w, symbol, ast, call_node, form, items); !problem.empty()) {
    report(w, symbol.module, call_node, Code::kMisc, std::move(problem));
    // To mypy the name means an enum all the same, one without members. ref: mypy semanal_enum.check_enum_call
    if (!w.options.mypy) return false;
    items = {};
  }
  ClassId cls = makeClass(w, id, call_node, symbol.name);
  w.classes[cls].set(kClassEnum);
  TypeId base = namedType(w, "enum", form);
  if (w.types.is(base, TypeKind::kInstance)) {
    w.classes[cls].bases.push_back(base);
    computeMro(w, cls);
    w.classes[cls].metaclass = w.header(w.types[base].cls()).metaclass;
  }
  bool is_plain = ast.as<syntax::Call>(call_node).args().size() == 2;
  bool is_counted = items.values.empty() && (form == "Enum" || form == "IntEnum") && is_plain && follows(w.options, Divergence::kMadeEnumValues);
  for (size_t i = 0; i < items.members.size(); ++i) {
    NameId member = items.members[i];
    TypeId value;
    if (is_counted) value = knownValue(w, "int", LiteralKind::kInt, std::to_string(i + 1));
    for (const auto& entry : items.values) {
      if (entry.first == member) value = literalValue(w, ast, entry.second);
    }
    addEnumMember(w, cls, member, value);
  }
  return true;
}

}  // namespace krait::declare

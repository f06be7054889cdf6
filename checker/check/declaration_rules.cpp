// Where declarations may stand: Final, annotations of targets that are no variables; what a class's header says to
// __init_subclass__; what __exit__ declares. ref: mypy semanal.unwrap_final, check_final_implicit_def;
// checker.check_init_subclass, check__exit__return_type
#include "checker/check/check.h"

namespace krait::check {

// Is it `self.x`, with the first parameter of the method around it?
static bool isOfSelf(Checker& c, NodeId target) {
  auto attribute = c.ast->tryAs<syntax::Attribute>(target);
  if (!attribute || !c.ast->is(attribute->value(), NodeKind::kName) || !c.function.id.valid()) return false;
  // A function inside of the method sees its self.
  FunctionId method = c.function.id;
  while (!c.w.functions[method].owner.valid() && c.w.scopes[c.w.functions[method].parent].kind == ScopeKind::kFunction) {
    method = c.w.scopes[c.w.functions[method].parent].function;
  }
  const FunctionInfo& function = c.w.functions[method];
  if (!function.owner.valid() || !c.ast->is(function.node, NodeKind::kFunctionDef)) return false;
  NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params();
  return !params.empty() && syntax::nameOf(*c.ast, c.ast->as<syntax::Parameter>(params[0]).name()) == syntax::nameOf(*c.ast, attribute->value());
}

static bool saysFinal(Checker& c, NodeId annotation) {
  NodeId head = annotation;
  if (auto subscript = c.ast->tryAs<syntax::Subscript>(annotation)) head = subscript->value();
  if (!c.ast->is(head, NodeKind::kName) && !c.ast->is(head, NodeKind::kAttribute)) return false;
  return fullNameAt(c.w, c.module, c.scope, *c.ast, head).ends_with(".Final");
}

bool checkDeclarationPlace(Checker& c, NodeId node) {
  // What else may not stand in the body of a named tuple is said there.
  if (c.cls.valid() && !c.function.id.valid() && c.w.classes[c.cls].has(kClassNamedTuple)) return true;
  auto assign = c.ast->as<syntax::AnnAssign>(node);
  NodeId target = assign.target();
  bool is_attribute = c.ast->is(target, NodeKind::kAttribute);
  if (c.ast->is(target, NodeKind::kSubscript)) {
    fail(c, target, Code::kMisc, "Unexpected type declaration");
    return false;
  }
  bool is_repeated = isRepeated(*c.ast, node);
  if (!is_attribute && !is_repeated) return true;
  bool is_self = is_attribute && isOfSelf(c, target);
  if (!saysFinal(c, assign.annotation())) {
    if (is_attribute && !is_self) fail(c, target, Code::kMisc, "Type cannot be declared in assignment to non-self attribute");
    return !is_attribute || is_self;
  }
  if (is_repeated) fail(c, node, Code::kMisc, "Cannot use Final inside a loop");
  if (is_attribute && !is_self) {
    fail(c, node, Code::kMisc, "Final can be only applied to a name or an attribute on self");
    return false;
  }
  if (is_self && c.w.functions[c.function.id].name != c.w.names.__init__) {
    fail(c, node, Code::kMisc, "Can only declare a final attribute in class body or __init__");
  }
  return true;
}

// Does `type` itself, or ABCMeta, say what becomes of the metaclass's method?
static bool isPlain(World& w, FoundMember member) {
  if (!member.found()) return true;
  const std::string& owner = w.classes[member.owner].fullname;
  return owner == "builtins.type" || owner == "builtins.object" || owner == "abc.ABCMeta";
}

// The keywords of a class header go to the metaclass's __new__. True: that one decides.
static bool checkMetaclassNew(Checker& c, ClassId cls, ClassId metaclass, const std::vector<Arg>& keywords, NodeId node) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kMetaclassKeywords)) return true;
  FoundMember creator = findMember(w, metaclass, w.names.__new__);
  const auto& dataclass = w.classes[cls].dataclass;
  if (isPlain(w, creator)) return (dataclass && dataclass->is_transform) || !isPlain(w, findMember(w, metaclass, w.names.__init__));
  if (w.modules[w.classes[creator.owner].module].is_library) return true;
  TypeId type = w.hooks.symbol_type(w, creator.symbol);
  if (!type.valid() || !w.types.is(proper(w, type), TypeKind::kCallable)) return true;
  CallSite site;
  site.node = node;
  site.args.assign(4, Arg{NodeId::none(), ArgKind::kPos, NameId::none(), w.types.any(AnyKind::kSpecialForm)});
  site.args.insert(site.args.end(), keywords.begin(), keywords.end());
  checkCall(c, type, site);
  return true;
}

void checkInitSubclass(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  const ClassInfo& info = w.header(cls);
  if (info.has(kClassTypedDict) || info.has(kClassNamedTuple) || info.has(kClassFallbackToAny)) return;
  std::vector<Arg> args;
  for (NodeId arg : c.ast->as<syntax::ClassDef>(node).args()) {
    auto keyword = c.ast->tryAs<syntax::Keyword>(arg);
    if (!keyword || (keyword->arg().valid() && syntax::nameOf(*c.ast, keyword->arg()) == w.names.metaclass)) continue;
    bool is_named = keyword->arg().valid();
    if (!is_named && !follows(*c.options, Divergence::kHeaderUnpacking)) continue;
    args.push_back({keyword->value(), is_named ? ArgKind::kNamed : ArgKind::kStar2, is_named ? syntax::nameOf(*c.ast, keyword->arg()) : NameId::none(), TypeId::none()});
  }
  if (w.types.is(info.metaclass, TypeKind::kInstance)) {
    const std::string& name = w.classes[w.types[info.metaclass].cls()].fullname;
    if (name != "builtins.type" && name != "abc.ABCMeta" && checkMetaclassNew(c, cls, w.types[info.metaclass].cls(), args, node)) return;
  }
  const std::vector<ClassId> mro = info.mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    w.members(mro[i]);
    if (!ownMember(w, mro[i], w.names.__init_subclass__).valid()) continue;
    if (args.empty() && i + 1 == mro.size()) return;
    callMethod(c, w.names.__init_subclass__, classCallable(w, mro[i]), std::move(args), node);
    return;
  }
}

// The values of all `return` statements of the body; functions and classes inside of it have their own.
static void collectReturns(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || ast.is(node, NodeKind::kLambda)) return;
  if (auto found = ast.tryAs<syntax::Return>(node)) out.push_back(found->value());
  syntax::forEachChild(ast, node, [&](NodeId child) { collectReturns(ast, child, out); });
}

void checkExitResult(Checker& c, FunctionId id, TypeId result) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!function.owner.valid() || w.text(function.name) != "__exit__") return;
  bool has_bool = false;
  TypeId plain = proper(w, result);
  for (TypeId item : unionItems(w, plain)) {
    TypeId one = proper(w, item);
    has_bool = has_bool || (w.types.is(one, TypeKind::kInstance) && w.classes[w.types[one].cls()].fullname == "builtins.bool");
  }
  if (!has_bool) return;
  std::vector<NodeId> values;
  for (NodeId statement : c.ast->as<syntax::FunctionDef>(function.node).body()) collectReturns(*c.ast, statement, values);
  if (values.empty()) return;
  for (NodeId value : values) {
    auto constant = value.valid() ? c.ast->tryAs<syntax::Constant>(value) : std::nullopt;
    if (!constant || constant->constantKind() != syntax::ConstantKind::kFalse) return;
  }
  fail(c, function.node, Code::kExitReturn, "\"bool\" is invalid as return type for \"__exit__\" that always returns False");
  note(c, function.node, Code::kExitReturn, "Use \"typing.Literal[False]\" as the return type or change it to \"None\"");
  note(c, function.node, Code::kExitReturn, "If return type of \"__exit__\" implies that it may return True, the context manager may swallow exceptions");
}

// ref: mypy semanal.process_newtype_declaration, process_typevar_declaration
bool checkMadeAgain(Checker& c, NodeId node, NodeId target, NodeId value, SymbolId symbol) {
  World& w = c.w;
  auto call = c.ast->tryAs<syntax::Call>(value);
  bool is_named = call && (c.ast->is(call->func(), NodeKind::kName) || c.ast->is(call->func(), NodeKind::kAttribute));
  if (!is_named || w.symbols[symbol].scope != c.scope || w.symbols[symbol].module != c.module || mayRedefine(*c.options)) return false;
  std::string callee = fullNameAt(w, c.module, c.scope, *c.ast, call->func());
  std::string_view form = std::string_view(callee).substr(callee.rfind('.') + 1);
  std::string_view from = std::string_view(callee).substr(0, callee.size() - std::min(callee.size(), form.size() + 1));
  std::string name(w.text(w.symbols[symbol].name));
  if (from == "typing" || from == "typing_extensions") {
    if (form == "TypeVar" || form == "ParamSpec" || form == "TypeVarTuple") {
      fail(c, node, Code::kMisc, "Cannot redefine \"" + name + "\" as a type variable");
      bool is_variable = w.symbols[symbol].kind == SymbolKind::kTypeVar;
      if (is_variable) fail(c, target, Code::kMisc, "Invalid assignment target");
      return is_variable;
    }
    if (form == "NewType") fail(c, node, Code::kMisc, "Cannot redefine \"" + name + "\" as a NewType");
    if (form != "NewType" && form != "NamedTuple" && form != "TypedDict") return false;
  } else if (callee != "collections.namedtuple" && callee != "enum.Enum" && callee != "enum.IntEnum" && callee != "enum.Flag" && callee != "enum.IntFlag") {
    return false;
  }
  reportRedefinition(c, symbol, node, target);
  return true;
}

// ref: mypy checkexpr.visit_call_expr
void checkMade(Checker& c, NodeId value) {
  auto call = c.ast->tryAs<syntax::Call>(value);
  if (!call || !c.options->mypy) return;
  if (fullNameAt(c.w, c.module, c.scope, *c.ast, call->func()) == "collections.namedtuple") inferExpr(c, value);
}

}  // namespace krait::check

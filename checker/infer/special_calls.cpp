// Calls of functions that the checker itself knows: reveal_type, cast, assert_type, super, and the makers of types.
#include <algorithm>

#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

static TypeId denoted(Checker& c, NodeId node) {
  AnnotationContext context{c.w, c.module, c.scope, c.ast};
  context.is_silent = c.silent > 0;
  TypeId type = analyzeType(context, node);
  return type.valid() ? type : any(c);
}

static void reveal(Checker& c, NodeId node, TypeId type) {
  note(c, node, Code::kMisc, "Revealed type is \"" + revealType(c.w, type) + "\"");
}

// The variables of the function (or module) with what is known of them here, by name.
static void revealLocals(Checker& c, NodeId node) {
  World& w = c.w;
  ScopeId scope = c.function.id.valid() ? w.functions[c.function.id].scope : c.cls.valid() ? w.classes[c.cls].scope : w.modules[c.module].scope;
  std::vector<std::pair<std::string, TypeId>> found;
  for (SymbolId symbol : w.scopes[scope].names.in_order) {
    const Symbol& info = w.symbols[symbol];
    if (info.kind != SymbolKind::kVariable || !info.type.valid() || w.text(info.name).starts_with("__")) continue;
    TypeId known = c.binder->get(c.keys.variable(symbol));
    found.emplace_back(std::string(w.text(info.name)), known.valid() ? known : info.type);
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) {
    note(c, node, Code::kMisc, "There are no locals to reveal");
    return;
  }
  note(c, node, Code::kMisc, "Revealed local types are:");
  for (const auto& entry : found) note(c, node, Code::kMisc, "    " + entry.first + ": " + revealType(w, entry.second));
}

bool specialCall(Checker& c, NodeId node, const std::string& callee, TypeId context, TypeId& result) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(node);
  NodeList args = call.args();
  size_t dot = callee.rfind('.');
  std::string_view name = std::string_view(callee).substr(dot + 1);
  std::string_view module = std::string_view(callee).substr(0, dot);
  bool typing = module == "typing" || module == "typing_extensions" || module == "mypy_extensions";
  if (name == "reveal_locals" && args.empty() && (typing || module == "builtins")) {
    revealLocals(c, node);
    result = w.types.none();
    return true;
  }
  if (name == "reveal_type" && (typing || module == "builtins") && args.size() == 1) {
    NodeId arg = args[0];
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) arg = keyword->value();
    c.allows_none = true;
    TypeId type = inferExpr(c, arg, context);
    if (isDynamic(c)) {
      bool was = c.function.is_dynamic;
      reveal(c, arg, any(c));
      note(c, arg, Code::kMisc, "'reveal_type' always outputs 'Any' in unchecked functions");
      c.function.is_dynamic = was;
      result = any(c);
      return true;
    }
    reveal(c, arg, type);
    result = type;
    return true;
  }
  if (!typing) return false;
  if (name == "cast" && args.size() == 2) {
    TypeId target = denoted(c, args[0]);
    Watch watch = startWatch(c);
    TypeId source = inferExpr(c, args[1], any(c, AnyKind::kSpecialForm));
    (void)watch;
    if (c.options->warn_redundant_casts && isSameType(w, source, target) && !w.types.is(proper(w, target), TypeKind::kAny)) {
      fail(c, node, Code::kRedundantCast, "Redundant cast to " + formatType(w, target));
    }
    result = target;
    return true;
  }
  if (name == "assert_type" && args.size() == 2) {
    TypeId target = denoted(c, args[1]);
    TypeId source = inferExpr(c, args[0], target);
    // Without the context, literals would be printed as such.
    TypeId shown = removeLastKnownValues(w, source);
    if (isDynamic(c)) {
      auto texts = formatTwo(w, any(c), target);
      if (!w.types.is(proper(w, target), TypeKind::kAny)) {
        fail(c, node, Code::kAssertType, "Expression is of type " + texts.first + ", not " + texts.second);
        note(c, node, Code::kAssertType, "\"assert_type\" expects everything to be \"Any\" in unchecked functions");
      }
      result = source;
      return true;
    }
    if (!isSameType(w, shown, target)) {
      auto texts = formatTwo(w, shown, target);
      fail(c, node, Code::kAssertType, "Expression is of type " + texts.first + ", not " + texts.second);
    }
    result = source;
    return true;
  }
  static constexpr std::string_view kMakers[] = {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType"};
  for (std::string_view maker : kMakers) {
    if (name != maker) continue;
    // Where the assignment made an entity of it, its arguments are types, not values.
    NodeId parent = c.ast->parent(node);
    if (!c.ast->is(parent, NodeKind::kAssign)) return false;
    TypeId type = namedType(w, "typing", name);
    result = w.types.is(type, TypeKind::kInstance) ? type : any(c);
    return true;
  }
  return false;
}

// super().name, where the node is the attribute.
TypeId inferSuper(Checker& c, NodeId node) {
  World& w = c.w;
  auto attribute = c.ast->as<syntax::Attribute>(node);
  auto call = c.ast->as<syntax::Call>(attribute.value());
  NameId name = syntax::nameOf(*c.ast, attribute.attr());
  ClassId cls = c.cls;
  if (!cls.valid()) {
    fail(c, node, Code::kMisc, "\"super\" used outside class");
    return any(c);
  }
  FunctionId method = c.function.id;
  for (NodeId arg : call.args()) {
    if (!c.ast->is(arg, NodeKind::kKeyword)) inferExpr(c, arg);
  }
  TypeId self_type = selfTypeOf(w, cls);
  bool is_class = false;
  if (method.valid()) {
    // The type of the method's own first parameter.
    ScopeId scope = w.functions[method].scope;
    readDecorators(w, method);
    is_class = w.functions[method].has(kFnClass) || w.functions[method].name == w.names.__new__;
    NodeId function_node = w.functions[method].node;
    if (c.ast->is(function_node, NodeKind::kFunctionDef)) {
      NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function_node).params()).params();
      if (params.empty()) {
        fail(c, node, Code::kMisc, "super() requires one or more positional arguments in enclosing function");
        return any(c);
      }
      SymbolId self = w.scopes[scope].names.find(syntax::nameOf(*c.ast, c.ast->as<syntax::Parameter>(params[0]).name()));
      if (self.valid() && w.symbols[self].type.valid()) {
        TypeId type = proper(w, w.symbols[self].type);
        if (is_class && w.types.is(type, TypeKind::kTypeType)) type = w.types[type].items[0];
        if (!w.types.is(proper(w, type), TypeKind::kAny)) self_type = type;
      }
    }
  }
  ClassId start = cls;
  if (call.args().size() == 2) {
    // super(C, x)
    TypeId first = proper(w, c.nodeType(call.args()[0]));
    if (w.types.is(first, TypeKind::kCallable) && w.types.callable(first).isTypeObject()) {
      TypeId instance = proper(w, w.types.callable(first).ret());
      if (w.types.is(instance, TypeKind::kInstance)) start = w.types[instance].cls();
    }
  }
  TypeId plain_self = proper(w, self_type);
  ClassId mro_of = cls;
  if (w.types.is(plain_self, TypeKind::kInstance)) mro_of = w.types[plain_self].cls();
  const std::vector<ClassId> mro = w.header(mro_of).mro;
  size_t at = 0;
  while (at < mro.size() && mro[at] != start) ++at;
  for (size_t i = at + 1; i < mro.size(); ++i) {
    if (!ownMember(w, mro[i], name).valid()) continue;
    TypeId instance = mapToSupertype(w, w.types.is(plain_self, TypeKind::kInstance) ? plain_self : selfInstanceOf(w, cls), mro[i]);
    AttributeSite site;
    site.node = node;
    site.name = name;
    site.is_super = true;
    site.original = instance;
    site.self_type = self_type;
    SymbolId symbol = ownMember(w, mro[i], name);
    const Symbol& info = w.symbols[symbol];
    if (info.kind == SymbolKind::kFunction && !info.functions.empty()) {
      FunctionId target = info.functions.back();
      readDecorators(w, target);
      bool trivial = w.functions[target].has(kFnTrivialBody) && (w.functions[target].has(kFnAbstract) || w.classes[mro[i]].has(kClassProtocol)) && !w.modules[w.classes[mro[i]].module].is_stub;
      if (trivial) {
        TypeId type = declaredSignature(w, target);
        TypeId ret = type.valid() && w.types.is(type, TypeKind::kCallable) ? proper(w, w.types.callable(type).ret()) : any(c);
        if (!isSubtype(w, w.types.none(), ret)) {
          fail(c, node, Code::kSafeSuper, "Call to abstract method \"" + std::string(w.text(name)) + "\" of \"" + std::string(w.text(w.classes[mro[i]].name)) + "\" with trivial body via super() is unsafe");
        }
      }
    }
    if (is_class) return attributeType(c, w.types.typeType(instance), site);
    return attributeType(c, instance, site);
  }
  if (w.classes[cls].has(kClassFallbackToAny)) return any(c, AnyKind::kSpecialForm);
  fail(c, node, Code::kMisc, "\"" + std::string(w.text(name)) + "\" undefined in superclass");
  return any(c);
}

}  // namespace krait::infer

#include "checker/infer/partial_types.h"

#include <algorithm>

#include "checker/infer/infer.h"
#include "checker/relations/literal_string.h"

namespace krait::infer {

void enterPartialScope(Checker& c, PartialScopeKind kind) {
  bool is_local = kind == PartialScopeKind::kFunction || (!c.partial_scopes.empty() && c.partial_scopes.back());
  c.partial_scopes.push_back(is_local);
}

static void askForAnnotation(Checker& c, const PartialVariable& partial) {
  World& w = c.w;
  std::string name(w.text(w.symbols[partial.symbol].name));
  std::string cls(w.text(w.classes[partial.cls].name));
  bool hinted = cls == "list" || cls == "dict" || cls == "set" || cls == "frozenset";
  std::string hint = hinted ? " (hint: \"" + name + ": " + cls + (cls == "dict" ? "[<type>, <type>]" : "[<type>]") + " = ...\")" : "";
  fail(c, partial.node, Code::kVarAnnotated, "Need type annotation for \"" + name + "\"" + hint);
}

// Was the question kept? What is found while findings are withheld may be dropped.
static bool isAsked(const Checker& c, const PartialVariable& partial) {
  TextRange range = c.ast->range(partial.node);
  for (const Message& message : *c.messages) {
    if (message.code == Code::kVarAnnotated && message.range == range) return true;
  }
  return false;
}

void leavePartialScope(Checker& c) {
  World& w = c.w;
  // In the body of an unannotated function nobody is asked for annotations. ref: mypy enter_partial_types
  bool is_unannotated = c.function.id.valid() && w.functions[c.function.id].has(kFnUnannotated);
  bool is_permissive = follows(*c.options, Divergence::kOpenContainers) || (c.options->allow_untyped_globals && !c.partial_scopes.back()) || is_unannotated;
  for (size_t i = 0; i < c.partials.size();) {
    PartialVariable partial = c.partials[i];
    if (partial.scope != c.partial_scopes.size()) {
      ++i;
      continue;
    }
    c.partials.erase(c.partials.begin() + static_cast<ptrdiff_t>(i));
    Symbol& symbol = w.symbols[partial.symbol];
    symbol.typed = Progress::kDone;
    if (!partial.cls.valid()) {
      symbol.type = w.types.none();
      continue;
    }
    symbol.type = instanceWithAny(w, partial.cls, AnyKind::kFromError);
    if (isDynamic(c) || is_permissive || (partial.is_reported && isAsked(c, partial))) continue;
    bool was = c.binder != nullptr && c.binder->isUnreachable();
    if (was) c.binder->top().is_unreachable = false;
    askForAnnotation(c, partial);
    if (was) c.binder->top().is_unreachable = true;
  }
  c.partial_scopes.pop_back();
}

bool isValidInferred(World& w, TypeId type) {
  const Type& record = w.types[type];
  if (!record.has(kHasNever)) return true;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kNever)) return w.types[plain].sub == 0;
  for (TypeId arg : record.args()) {
    TypeId inner = proper(w, arg);
    if (w.types.is(inner, TypeKind::kNever) && w.types[inner].sub == 1) return false;
    if (!isValidInferred(w, arg)) return false;
  }
  return true;
}

static bool isUnknown(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  return w.types.is(plain, TypeKind::kNever) || w.types.is(plain, TypeKind::kNone);
}

// May a defaultdict's values begin as this? `int`, and containers of what is not known yet.
static bool isOpenValue(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kInstance)) return false;
  if (w.types[plain].count == 0) return true;
  return w.types[plain].count == 1 && isUnknown(w, w.types[plain].items[0]);
}

bool openPartial(Checker& c, SymbolId symbol, NodeId target, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  PartialVariable partial;
  partial.symbol = symbol;
  partial.node = target;
  partial.scope = c.partial_scopes.size();
  TypeId value;
  if (!w.types.is(plain, TypeKind::kNone)) {
    if (!w.types.is(plain, TypeKind::kInstance)) return false;
    partial.cls = w.types[plain].cls();
    const std::string& name = w.classes[partial.cls].fullname;
    std::span<const TypeId> args = w.types[plain].args();
    if (name == "collections.defaultdict") {
      if (args.size() != 2 || !isUnknown(w, args[0]) || !isOpenValue(w, args[1])) return false;
      value = proper(w, args[1]);
    } else {
      static constexpr std::string_view kOpen[] = {"builtins.list", "builtins.set", "builtins.dict", "collections.OrderedDict", "collections.deque"};
      bool is_open = std::find(std::begin(kOpen), std::end(kOpen), name) != std::end(kOpen);
      for (TypeId arg : args) is_open = is_open && isUnknown(w, arg);
      if (!is_open) return false;
    }
  }
  w.symbols[symbol].type = w.types.partial(partial.cls, value);
  w.symbols[symbol].typed = Progress::kDone;
  c.partials.push_back(partial);
  return true;
}

static PartialVariable* findPartial(Checker& c, SymbolId symbol) {
  for (size_t i = c.partials.size(); i-- > 0;) {
    if (c.partials[i].symbol == symbol) return &c.partials[i];
  }
  return nullptr;
}

// Partial types of module level and of functions do not complete each other; generic attributes never do.
static bool isInScope(const Checker& c, const PartialVariable& partial) {
  // A function that says so gives a variable of the module its type, a method an attribute of its class.
  if (!partial.cls.valid() && !c.partial_scopes[partial.scope - 1]) return true;
  bool anywhere = !c.options->local_partial_types && !(partial.cls.valid() && c.w.symbols[partial.symbol].owner.valid());
  return anywhere || c.partial_scopes[partial.scope - 1] == c.partial_scopes.back();
}

SymbolId partialVariable(Checker& c, NodeId reference) {
  World& w = c.w;
  SymbolId symbol;
  if (c.partials.empty()) return symbol;
  if (c.ast->is(reference, NodeKind::kName)) {
    symbol = symbolAt(c, reference);
    if (symbol.valid()) symbol = followImports(w, symbol);
  } else if (auto attribute = c.ast->tryAs<syntax::Attribute>(reference)) {
    if (!c.cls.valid() || !c.ast->is(attribute->value(), NodeKind::kName)) return symbol;
    symbol = findMember(w, c.cls, syntax::nameOf(*c.ast, attribute->attr())).symbol;
  }
  if (!symbol.valid() || !w.types.is(w.symbols[symbol].type, TypeKind::kPartial)) return SymbolId::none();
  PartialVariable* partial = findPartial(c, symbol);
  return partial != nullptr && isInScope(c, *partial) ? symbol : SymbolId::none();
}

void closePartial(Checker& c, SymbolId symbol, TypeId type) {
  c.w.symbols[symbol].type = type;
  c.w.symbols[symbol].typed = Progress::kDone;
  if (follows(*c.options, Divergence::kRedefinition)) c.w.symbols[symbol].set(kIsInferred);
  std::erase_if(c.partials, [&](const PartialVariable& partial) { return partial.symbol == symbol; });
}

TypeId readPartial(Checker& c, SymbolId symbol, NodeId node) {
  World& w = c.w;
  ClassId cls(w.types[w.symbols[symbol].type].ref);
  if (!cls.valid()) return w.types.none();
  PartialVariable* partial = findPartial(c, symbol);
  if (partial != nullptr && isInScope(c, *partial) && !partial->is_reported) {
    bool is_local = c.partial_scopes[partial->scope - 1];
    if ((is_local || !c.options->allow_untyped_globals) && !follows(*c.options, Divergence::kOpenContainers)) {
      partial->is_reported = true;
      askForAnnotation(c, *partial);
    }
  }
  // What the values of a defaultdict begin as is known.
  TypeId value = follows(*c.options, Divergence::kOpenContainers) && w.types[w.symbols[symbol].type].count == 1 ? w.types[w.symbols[symbol].type].items[0] : TypeId::none();
  if (!value.valid()) return instanceWithAny(w, cls, AnyKind::kFromError);
  TypeId args[] = {w.types.any(), withUnsolvedAny(w, value)};
  return w.types.instance(cls, args);
}

// What a container holds is as wide as the classes of its first items, where the specification is followed.
static TypeId withoutLiterals(Checker& c, TypeId type) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kOpenContainers)) return type;
  type = withoutLiteralString(w, type);
  bool has_literal = false;
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, type)) {
    // One of several that is unknown may be anything.
    if (w.types.is(item, TypeKind::kAny)) return type == item ? item : w.types.any(AnyKind::kSpecialForm);
    bool is_literal = w.types.is(item, TypeKind::kLiteral);
    has_literal = has_literal || is_literal;
    items.push_back(is_literal ? w.types[item].extra : item);
  }
  return has_literal ? simplifiedUnion(w, items) : type;
}

// `opens`: what an empty display leaves open is anything.
static TypeId inferSilently(Checker& c, NodeId node, bool opens = false) {
  ++c.silent;
  TypeId type = withoutLiterals(c, removeLastKnownValues(c.w, inferExpr(c, node)));
  --c.silent;
  return opens ? withUnsolvedAny(c.w, proper(c.w, type)) : type;
}

static bool isComplete(World& w, TypeId type) { return isValidInferred(w, type) && !w.types[type].has(kHasPartial); }

// The container that `x.method(argument)` makes of an x that is an empty `cls`; none: the call does not tell.
static TypeId containerOfCall(Checker& c, ClassId cls, std::string_view method, NodeId argument, bool opens = false) {
  World& w = c.w;
  const std::string& name = w.classes[cls].fullname;
  bool is_list = name == "builtins.list", is_set = name == "builtins.set", is_deque = name == "collections.deque";
  bool takes_item = (is_list && method == "append") || (is_set && (method == "add" || method == "discard")) ||
                    (is_deque && (method == "append" || method == "appendleft"));
  if (takes_item) {
    TypeId item = inferSilently(c, argument, opens);
    return isComplete(w, item) ? w.types.instance(cls, std::span<const TypeId>(&item, 1)) : TypeId::none();
  }
  bool is_dict = name == "builtins.dict" || name == "collections.OrderedDict";
  bool takes_many = ((is_list || is_deque) && method == "extend") || ((is_dict || is_set) && method == "update");
  if (!takes_many) return TypeId::none();
  TypeId many = proper(w, inferSilently(c, argument, opens));
  if (w.types.is(many, TypeKind::kAny)) return instanceWithAny(w, cls, AnyKind::kFromAnotherAny);
  if (!w.types.is(many, TypeKind::kInstance)) return TypeId::none();
  const std::string& given = w.classes[w.types[many].cls()].fullname;
  bool fits = is_dict ? given == "builtins.dict" : given == "builtins.list" || (is_set && given == "builtins.set");
  if (!fits || w.types[many].count != w.classes[cls].type_vars.size()) return TypeId::none();
  for (TypeId arg : w.types[many].args()) {
    if (!isComplete(w, arg)) return TypeId::none();
  }
  return w.types.instance(cls, w.types[many].args());
}

// A defaultdict with its keys and values; none: one of them does not tell.
static TypeId dictOf(Checker& c, ClassId cls, NodeId key_node, TypeId value) {
  World& w = c.w;
  TypeId key = inferSilently(c, key_node);
  if (!isComplete(w, key) || !isComplete(w, value)) return TypeId::none();
  TypeId args[] = {key, value};
  return w.types.instance(cls, args);
}

static void close(Checker& c, SymbolId symbol, TypeId type) {
  // Inferring the parts may have closed it.
  if (type.valid() && c.w.types.is(c.w.symbols[symbol].type, TypeKind::kPartial)) closePartial(c, symbol, type);
}

// Is it an empty container by its value: `[]`, `{}`, `list()`?
static bool isEmptyContainer(const Ast& ast, NodeId value) {
  if (auto list = ast.tryAs<syntax::List>(value)) return list->elts().empty();
  if (auto dict = ast.tryAs<syntax::Dict>(value)) return dict->keys().empty();
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call || !call->args().empty() || !ast.is(call->func(), NodeKind::kName)) return false;
  std::string_view name = syntax::nameText(ast, call->func());
  return name == "list" || name == "dict" || name == "set" || name == "deque" || name == "OrderedDict";
}

// A variable of this scope that began as an empty container and got its type from what was put into it.
static SymbolId filledContainer(Checker& c, NodeId reference) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kOpenContainers) || !c.ast->is(reference, NodeKind::kName)) return SymbolId::none();
  SymbolId symbol = symbolAt(c, reference);
  if (!symbol.valid() || w.symbols[symbol].scope != c.scope || !w.symbols[symbol].has(kIsInferred) || w.symbols[symbol].definitions.empty()) return SymbolId::none();
  auto assign = c.ast->tryAs<syntax::Assign>(w.symbols[symbol].definitions[0].node);
  if (!assign || w.symbols[symbol].module != c.module || !isEmptyContainer(*c.ast, assign->value())) return SymbolId::none();
  return w.types.is(w.symbols[symbol].type, TypeKind::kInstance) ? symbol : SymbolId::none();
}

// How deep containers that hold each other are inferred; below that they hold Any.
static constexpr int kDeepest = 4;

// The type with Any for the container itself inside of what it holds (`d["self"] = d`), and for what lies too deep.
static TypeId withoutItself(Checker& c, TypeId type, TypeId container, int depth) {
  World& w = c.w;
  if (type == container || depth > kDeepest) return w.types.any(AnyKind::kSpecialForm);
  bool is_container = w.types.is(type, TypeKind::kInstance) || w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kUnion);
  if (!is_container || w.types[type].count == 0) return type;
  int below = depth + (w.types.is(type, TypeKind::kUnion) ? 0 : 1);
  std::vector<TypeId> args(w.types[type].args().begin(), w.types[type].args().end());
  bool is_changed = false;
  for (TypeId& arg : args) {
    TypeId changed = withoutItself(c, arg, container, below);
    is_changed |= changed != arg;
    arg = changed;
  }
  if (!is_changed) return type;
  return w.types.is(type, TypeKind::kUnion) ? simplifiedUnion(w, args) : w.types.rebuild(w.types[type], args, w.types[type].extra);
}

static bool mentions(Checker& c, SymbolId symbol, NodeId node) {
  if (c.ast->is(node, NodeKind::kName) && symbolAt(c, node) == symbol) return true;
  bool found = false;
  syntax::forEachChild(*c.ast, node, [&](NodeId child) { found = found || mentions(c, symbol, child); });
  return found;
}

// The container as wide as it must be for what `more` holds, which comes from `value`. What is made of parts of the
// container grows with it: then it holds anything.
static void widenContainer(Checker& c, SymbolId symbol, NodeId reference, TypeId more, NodeId value) {
  World& w = c.w;
  TypeId type = w.symbols[symbol].type;
  if (!more.valid() || !w.types.is(more, TypeKind::kInstance) || w.types[more].cls() != w.types[type].cls() || w.types[more].count != w.types[type].count) return;
  std::vector<TypeId> args;
  bool holds_parts = value.valid() && !c.ast->is(value, NodeKind::kName) && mentions(c, symbol, value);
  for (uint32_t i = 0; i < w.types[type].count; ++i) {
    TypeId both[] = {w.types[type].items[i], withoutItself(c, w.types[more].items[i], type, 1)};
    if (holds_parts && i + 1 == w.types[type].count && !isSubtype(w, w.types[more].items[i], both[0])) {
      args.push_back(w.types.any(AnyKind::kSpecialForm));
      continue;
    }
    bool is_itself = both[1] != w.types[more].items[i] && w.types.is(both[1], TypeKind::kAny);
    // It may hold anything beside None and something unknown, and where one of several possible items is unknown.
    bool is_mixed = w.types.is(both[1], TypeKind::kAny) && w.types[both[1]].sub == static_cast<uint8_t>(AnyKind::kSpecialForm);
    bool is_open = !is_itself && (is_mixed || (w.types.is(both[1], TypeKind::kAny) && w.types.is(both[0], TypeKind::kNone)));
    if (is_itself) args.push_back(w.types.unionOf(both));
    else if (is_open) args.push_back(both[1]);
    else args.push_back(isSubtype(w, both[1], both[0]) ? both[0] : simplifiedUnion(w, both));
  }
  TypeId wider = w.types.rebuild(w.types[type], args, TypeId::none());
  if (wider == type) return;
  w.symbols[symbol].type = wider;
  ++c.widenings;
  KeyId key = keyOf(c, reference);
  if (key.valid() && c.binder != nullptr && c.binder->get(key) == type) c.binder->assign(key, wider, wider, true);
}

void completeByCall(Checker& c, NodeId func, NodeId argument) {
  World& w = c.w;
  auto method_of = c.ast->tryAs<syntax::Attribute>(func);
  if (SymbolId filled = method_of ? filledContainer(c, method_of->value()) : SymbolId::none(); filled.valid()) {
    std::string_view method = w.text(syntax::nameOf(*c.ast, method_of->attr()));
    widenContainer(c, filled, method_of->value(), containerOfCall(c, w.types[w.symbols[filled].type].cls(), method, argument, true), argument);
    return;
  }
  if (c.partials.empty()) return;
  auto attribute = c.ast->tryAs<syntax::Attribute>(func);
  if (!attribute) return;
  std::string_view method = w.text(syntax::nameOf(*c.ast, attribute->attr()));
  NodeId base = attribute->value();
  if (auto subscript = c.ast->tryAs<syntax::Subscript>(base)) {
    SymbolId symbol = partialVariable(c, subscript->value());
    if (!symbol.valid() || w.types[w.symbols[symbol].type].count == 0) return;
    ClassId dict(w.types[w.symbols[symbol].type].ref);
    TypeId begun = w.types[w.symbols[symbol].type].items[0];
    TypeId value = containerOfCall(c, w.types[begun].cls(), method, argument);
    if (value.valid()) close(c, symbol, dictOf(c, dict, subscript->slice(), value));
    return;
  }
  SymbolId symbol = partialVariable(c, base);
  if (!symbol.valid()) return;
  ClassId cls(w.types[w.symbols[symbol].type].ref);
  if (cls.valid()) close(c, symbol, containerOfCall(c, cls, method, argument));
}

void completeByItem(Checker& c, NodeId subscript_node, NodeId value_node) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(subscript_node);
  if (SymbolId filled = value_node.valid() ? filledContainer(c, subscript.value()) : SymbolId::none(); filled.valid()) {
    ClassId dict = w.types[w.symbols[filled].type].cls();
    if (w.classes[dict].fullname != "builtins.dict" && w.classes[dict].fullname != "collections.OrderedDict") return;
    widenContainer(c, filled, subscript.value(), dictOf(c, dict, subscript.slice(), inferSilently(c, value_node, true)), value_node);
    return;
  }
  if (c.partials.empty() || !value_node.valid()) return;
  SymbolId symbol = partialVariable(c, subscript.value());
  if (!symbol.valid()) return;
  const Type& partial = w.types[w.symbols[symbol].type];
  ClassId cls(partial.ref);
  if (!cls.valid()) return;
  const std::string& name = w.classes[cls].fullname;
  if (name != "builtins.dict" && name != "collections.OrderedDict" && name != "collections.defaultdict") return;
  TypeId begun = partial.count > 0 ? partial.items[0] : TypeId::none();
  TypeId value = inferSilently(c, value_node);
  if (begun.valid() && !(isSubtype(w, value, begun) && isSubtype(w, begun, value))) return;
  close(c, symbol, dictOf(c, cls, subscript.slice(), value));
}

void completeByAugmented(Checker& c, NodeId statement) {
  World& w = c.w;
  auto assign = c.ast->as<syntax::AugAssign>(statement);
  bool is_sum = assign.op() == syntax::BinaryOp::kAdd, is_union = assign.op() == syntax::BinaryOp::kBitOr;
  if (!is_sum && !is_union) return;
  if (SymbolId filled = filledContainer(c, assign.target()); filled.valid()) {
    ClassId cls = w.types[w.symbols[filled].type].cls();
    widenContainer(c, filled, assign.target(), containerOfCall(c, cls, is_sum ? "extend" : "update", assign.value(), true), assign.value());
    return;
  }
  SymbolId open = partialVariable(c, assign.target());
  if (!open.valid()) return;
  ClassId cls(w.types[w.symbols[open].type].ref);
  if (cls.valid() && w.classes[cls].fullname == (is_sum ? "builtins.list" : "builtins.set")) completeByValue(c, open, assign.value(), TypeId::none());
}

void completeByValue(Checker& c, SymbolId symbol, NodeId value, TypeId type) {
  World& w = c.w;
  ClassId cls(w.types[w.symbols[symbol].type].ref);
  if (!cls.valid()) return;
  if (value.valid()) type = inferSilently(c, value);
  if (!type.valid()) return;
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kAny)) {
    close(c, symbol, instanceWithAny(w, cls, AnyKind::kFromAnotherAny));
  } else if (w.types.is(type, TypeKind::kInstance) && w.types[type].cls() == cls && isComplete(w, type)) {
    close(c, symbol, type);
  }
}

}  // namespace krait::infer

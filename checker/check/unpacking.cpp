// Unpacking: `a, *b = value`. A display on the right is taken apart item by item, so that each target guides its own
// value; of a union each member is taken apart for itself. Follows mypy's check_multi_assignment.
#include "checker/check/check.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

namespace {

struct Unpacking {
  Checker& c;
  NodeList targets;
  size_t star;  // the index of the starred target, or the number of targets
  NodeId where;
  bool is_undetermined = false;  // nothing tells what the targets get

  bool hasStar() const { return star < targets.size(); }
  size_t suffix() const { return targets.size() - star - 1; }
};

// What one target gets: a type, or a value of a display whose type depends on the target.
struct Slot {
  TypeId type;
  NodeId value;
};

}  // namespace

static TypeId listOf(Checker& c, const std::vector<TypeId>& items) {
  World& w = c.w;
  TypeId element;
  bool unites = follows(*c.options, Divergence::kRedefinition);
  for (TypeId given : items) {
    TypeId item = removeLastKnownValues(w, given);
    element = !element.valid() ? item : unites ? simplifiedUnion(w, element, item) : join(w, element, item);
  }
  return builtinType(w, "list", element.valid() ? element : w.types.ambiguousNever());
}

static bool hasRightCount(Unpacking& u, size_t given) {
  size_t wanted = u.hasStar() ? u.targets.size() - 1 : u.targets.size();
  if (u.hasStar() ? given >= wanted : given == wanted) return true;
  std::string expected = " (" + std::to_string(wanted) + " expected";
  if (given < wanted) {
    fail(u.c, u.where, Code::kMisc, "Need more than " + std::to_string(given) + " value" + (given == 1 ? "" : "s") + " to unpack" + expected + ")");
  } else {
    fail(u.c, u.where, Code::kMisc, "Too many values to unpack" + expected + ", " + std::to_string(given) + " provided)");
  }
  u.is_undetermined = true;
  return false;
}

// Nothing is known of the targets: the number of values is wrong.
static std::vector<TypeId> unknown(const Unpacking& u, bool keeps_list) {
  std::vector<TypeId> result(u.targets.size(), any(u.c));
  if (u.hasStar() && keeps_list) result[u.star] = listOf(u.c, {any(u.c)});
  return result;
}

static bool canUnpack(Checker& c, TypeId type, TypeId holder) {
  if (!follows(*c.options, Divergence::kIndexedArguments)) return isIterable(c, type);
  return hasMember(c, holder, c.w.names.__iter__) || hasMember(c, holder, c.w.names.__getitem__);
}

// What the base Iterable[T] says of the elements; none: there is no such base, or Any in it.
// ref: mypy checker.iterable_item_type
static TypeId declaredElement(Checker& c, TypeId type) {
  World& w = c.w;
  if (follows(*c.options, Divergence::kRedefinition) || !w.types.is(type, TypeKind::kInstance)) return TypeId::none();
  TypeId base = namedType(w, "typing", "Iterable");
  if (!w.types.is(base, TypeKind::kInstance) || !isSubclass(w, w.types[type].cls(), "typing.Iterable")) return TypeId::none();
  TypeId mapped = mapToSupertype(w, type, w.types[base].cls());
  if (!w.types.is(mapped, TypeKind::kInstance) || w.types[mapped].count != 1) return TypeId::none();
  TypeId element = w.types[mapped].items[0];
  return w.types.is(proper(w, element), TypeKind::kAny) ? TypeId::none() : element;
}

static std::vector<TypeId> fromIterable(Unpacking& u, TypeId type) {
  Checker& c = u.c;
  World& w = c.w;
  TypeId plain = proper(w, type);
  TypeId holder = plain;
  if (w.types.is(holder, TypeKind::kOverloaded)) holder = w.types[holder].items[0];
  bool is_class = w.types.is(holder, TypeKind::kTypeType) || (w.types.is(holder, TypeKind::kCallable) && w.types.callable(holder).isTypeObject());
  if (is_class && !w.types.is(holder, TypeKind::kTypeType)) holder = w.types.typeType(w.types.callable(holder).made());
  if (is_class) {
    // A class object is iterated by its metaclass.
    TypeId item = proper(w, w.types[holder].items[0]);
    if (isPlainTypeVar(w, item)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
    holder = w.types.is(item, TypeKind::kInstance) ? metaclassOf(w, w.types[item].cls()) : plain;
  }
  TypeId element;
  if (w.types.is(plain, TypeKind::kAny)) {
    element = plain;
  } else if (isNamed(w, plain, "builtins.str") && !isDynamic(c) && !follows(*c.options, Divergence::kRedefinition)) {
    fail(c, u.where, Code::kStrUnpack, "Unpacking a string is disallowed");
    element = plain;
  } else if (!w.types.is(plain, TypeKind::kTuple) && !canUnpack(c, plain, holder)) {
    fail(c, u.where, Code::kMisc, formatType(w, type) + " object is not iterable");
    u.is_undetermined = !w.types.is(plain, TypeKind::kNone);
    element = any(c);
  } else {
    element = declaredElement(c, plain);
    if (!element.valid()) element = iteratedType(c, plain, u.where);
  }
  std::vector<TypeId> result(u.targets.size(), element);
  if (u.hasStar()) result[u.star] = listOf(c, {element});
  return result;
}

static std::vector<TypeId> fromTuple(Unpacking& u, TypeId tuple) {
  World& w = u.c.w;
  std::vector<TypeId> items(w.types[tuple].args().begin(), w.types[tuple].args().end());
  size_t open = 0;
  while (open < items.size() && !w.types.is(items[open], TypeKind::kUnpack)) ++open;
  if (open < items.size() && follows(*u.c.options, Divergence::kVariadicTargets)) {
    // The unpacked part stands for as many items as there are targets that the fixed ones leave.
    TypeId unpacked[] = {items[open]};
    TypeId element = iteratedType(u.c, w.types.tuple(unpacked, builtinType(w, "tuple")), NodeId::none());
    size_t targets = u.hasStar() ? u.star + 1 + u.suffix() : u.targets.size();
    if (!u.hasStar() && targets < items.size() - 1) {
      hasRightCount(u, items.size() - 1);
      return unknown(u, false);
    }
    items.erase(items.begin() + static_cast<ptrdiff_t>(open));
    size_t before = u.hasStar() && u.star > open ? u.star - open : 0;
    size_t after = u.hasStar() && u.suffix() > items.size() - open ? u.suffix() - (items.size() - open) : 0;
    size_t count = u.hasStar() ? before + 1 + after : targets - items.size();
    items.insert(items.begin() + static_cast<ptrdiff_t>(open), count, element);
  } else if (open < items.size()) {
    if (!u.hasStar()) {
      if (follows(*u.c.options, Divergence::kRedefinition)) return fromIterable(u, tuple);
      fail(u.c, u.where, Code::kMisc, "Variadic tuple unpacking requires a star target");
      return unknown(u, true);
    }
    if (u.star > open || u.suffix() > items.size() - open - 1) {
      if (follows(*u.c.options, Divergence::kRedefinition)) return fromIterable(u, tuple);
      fail(u.c, u.where, Code::kMisc, "Too many assignment targets for variadic unpack");
      return unknown(u, true);
    }
    TypeId unpacked[] = {items[open]};
    items[open] = iteratedType(u.c, w.types.tuple(unpacked, builtinType(w, "tuple")), NodeId::none());
  } else if (!hasRightCount(u, items.size())) {
    return unknown(u, false);
  }
  if (!u.hasStar()) return items;
  std::vector<TypeId> result(items.begin(), items.begin() + static_cast<ptrdiff_t>(u.star));
  size_t end = items.size() - u.suffix();
  result.push_back(listOf(u.c, {items.begin() + static_cast<ptrdiff_t>(u.star), items.begin() + static_cast<ptrdiff_t>(end)}));
  result.insert(result.end(), items.begin() + static_cast<ptrdiff_t>(end), items.end());
  return result;
}

// The types that the targets get, the starred one a list.
static std::vector<TypeId> targetTypes(Unpacking& u, TypeId type, int depth = 0) {
  World& w = u.c.w;
  TypeId plain = proper(w, type);
  if (isPlainTypeVar(w, plain) && depth < 8) return targetTypes(u, upperBound(w, TypeVarId(w.types[plain].ref)), depth + 1);
  if (w.types.is(plain, TypeKind::kTuple)) return fromTuple(u, plain);
  if (!w.types.is(plain, TypeKind::kUnion)) return fromIterable(u, plain);
  std::vector<std::vector<TypeId>> columns(u.targets.size());
  for (TypeId item : unionItems(w, plain)) {
    bool is_iterable = w.types.is(item, TypeKind::kTuple) || w.types.is(item, TypeKind::kAny) || hasMember(u.c, item, w.names.__iter__) ||
                       hasMember(u.c, item, w.names.__getitem__);
    // mypy takes each member for itself.
    is_iterable = is_iterable || !follows(*u.c.options, Divergence::kIndexedArguments);
    // What cannot be iterated is told as a part of the union.
    std::vector<TypeId> own = is_iterable ? targetTypes(u, item, depth + 1) : unknown(u, false);
    for (size_t i = 0; i < columns.size(); ++i) columns[i].push_back(own[i]);
    if (is_iterable || isDynamic(u.c)) continue;
    auto texts = formatTwo(w, item, type);
    fail(u.c, u.where, Code::kUnionAttr, "Item " + texts.first + " of " + texts.second + " has no attribute \"__iter__\" (not iterable)");
  }
  u.is_undetermined = false;  // of a union the other items tell
  std::vector<TypeId> result;
  for (const std::vector<TypeId>& column : columns) result.push_back(simplifiedUnion(w, column));
  return result;
}

// The values of a display in order, its starred parts opened. An iterable of no known length stands for as many values
// as are missing; there may be one kind of them, in one place (else none is given, reported).
static bool displaySlots(const Unpacking& u, NodeList values, std::vector<Slot>& slots) {
  Checker& c = u.c;
  World& w = c.w;
  TypeId repeated;
  size_t begin = 0, end = 0;
  for (NodeId value : values) {
    auto starred = c.ast->tryAs<syntax::Starred>(value);
    if (!starred) {
      slots.push_back({TypeId::none(), value});
      continue;
    }
    TypeId type = proper(w, inferExpr(c, starred->value()));
    bool is_open = false;
    if (w.types.is(type, TypeKind::kTuple)) {
      for (TypeId item : w.types[type].args()) is_open = is_open || w.types.is(item, TypeKind::kUnpack);
    }
    if (w.types.is(type, TypeKind::kTuple) && !is_open) {
      for (TypeId item : std::vector<TypeId>(w.types[type].args().begin(), w.types[type].args().end())) slots.push_back({item, NodeId::none()});
      continue;
    }
    TypeId element = iteratedType(c, type, starred->value());
    if (repeated.valid() && !u.hasStar() && (element != repeated || end != slots.size())) {
      if (follows(*c.options, Divergence::kRedefinition)) return false;
      fail(c, u.where, Code::kMisc, "Contiguous iterable with same type expected");
      continue;
    }
    if (!repeated.valid()) begin = slots.size();
    repeated = element;
    slots.push_back({element, NodeId::none()});
    end = slots.size();
  }
  if (!repeated.valid() || u.hasStar()) return true;
  size_t fixed = slots.size() - (end - begin);
  size_t needed = u.targets.size() > fixed ? u.targets.size() - fixed : 0;
  slots.erase(slots.begin() + static_cast<ptrdiff_t>(begin), slots.begin() + static_cast<ptrdiff_t>(end));
  slots.insert(slots.begin() + static_cast<ptrdiff_t>(begin), needed, Slot{repeated, NodeId::none()});
  return true;
}

static void give(Checker& c, NodeId target, TypeId type, NodeId value) {
  if (auto starred = c.ast->tryAs<syntax::Starred>(target)) target = starred->value();
  assignTo(c, target, type, value);
}

// Variables that would have been defined here have no type then: whoever reads them is told. False: they are Any.
// ref: mypy checker.check_multi_assignment_from_tuple
static bool leavesUndetermined(const Unpacking& u) {
  Checker& c = u.c;
  World& w = c.w;
  if (!u.is_undetermined || isDynamic(c) || follows(*c.options, Divergence::kUndeterminedTargets)) return false;
  for (NodeId target : u.targets) {
    SymbolId symbol = c.ast->is(target, NodeKind::kName) ? symbolAt(c, target) : SymbolId::none();
    if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kVariable || w.symbols[symbol].module != c.module) continue;
    Symbol& info = w.symbols[symbol];
    bool defines = !info.definitions.empty() && info.definitions[0].target == target && info.typed != Progress::kDone;
    if (!defines) continue;
    info.type = TypeId::none();
    info.typed = Progress::kDone;
  }
  return true;
}

static void namesIn(const Ast& ast, NodeId node, std::vector<NameId>& names) {
  if (ast.is(node, NodeKind::kName)) names.push_back(syntax::nameOf(ast, node));
  syntax::forEachChild(ast, node, [&](NodeId child) { namesIn(ast, child, names); });
}

// Values that read what a target before theirs is given have their types before any target gets its own.
static void evaluateFirst(Unpacking& u, std::vector<Slot>& slots) {
  Checker& c = u.c;
  std::vector<NameId> given, read;
  for (size_t i = 0; i + 1 < u.targets.size(); ++i) namesIn(*c.ast, u.targets[i], given);
  bool is_read = false;
  for (size_t i = 1; i < slots.size(); ++i) {
    if (slots[i].value.valid()) namesIn(*c.ast, slots[i].value, read);
  }
  for (NameId name : read) is_read = is_read || std::find(given.begin(), given.end(), name) != given.end();
  if (!is_read) return;
  for (Slot& slot : slots) {
    if (!slot.value.valid()) continue;
    slot.type = inferExpr(c, slot.value);
    slot.value = NodeId::none();
  }
}

// Gives the values of a display to the targets; false: they are better taken by their type.
static bool assignDisplay(Unpacking& u, NodeList values) {
  Checker& c = u.c;
  std::vector<Slot> slots;
  if (!displaySlots(u, values, slots)) return false;
  if (!hasRightCount(u, slots.size())) {
    for (const Slot& slot : slots) {
      if (slot.value.valid()) inferExpr(c, slot.value);
    }
    if (leavesUndetermined(u)) return true;
    for (NodeId target : u.targets) give(c, target, any(c), NodeId::none());
    return true;
  }
  if (follows(*c.options, Divergence::kParallelTargets)) evaluateFirst(u, slots);
  size_t middle = u.hasStar() ? slots.size() - (u.targets.size() - 1) : 0;
  size_t at = 0;
  for (size_t i = 0; i < u.targets.size(); ++i) {
    if (i != u.star) {
      const Slot& slot = slots[at++];
      TypeId type = slot.type.valid() ? slot.type : inferExpr(c, slot.value);
      give(c, u.targets[i], type, slot.value);
      continue;
    }
    std::vector<TypeId> items;
    for (size_t k = 0; k < middle; ++k, ++at) items.push_back(slots[at].type.valid() ? slots[at].type : inferExpr(c, slots[at].value));
    give(c, u.targets[i], listOf(c, items), NodeId::none());
  }
  return true;
}

// The result of a call again, with what the variables that it goes to want of it. ref: mypy lvalue_type_for_inference
static TypeId inferredForTargets(const Unpacking& u, TypeId type, NodeId rvalue) {
  Checker& c = u.c;
  World& w = c.w;
  TypeId plain = proper(w, type);
  bool is_call = c.ast->is(rvalue, NodeKind::kCall) || c.ast->is(rvalue, NodeKind::kAwait);
  if (!is_call || isDynamic(c) || u.hasStar() || !w.types.is(plain, TypeKind::kTuple) || w.types[plain].count != u.targets.size()) return type;
  std::vector<TypeId> wanted(w.types[plain].args().begin(), w.types[plain].args().end());
  bool is_known = false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (w.types.is(wanted[i], TypeKind::kUnpack)) return type;
    SymbolId symbol = c.ast->is(u.targets[i], NodeKind::kName) ? symbolAt(c, u.targets[i]) : SymbolId::none();
    if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kVariable) continue;
    const Symbol& info = w.symbols[symbol];
    bool has_type = info.typed == Progress::kDone && info.type.valid() && !w.types.is(info.type, TypeKind::kPartial) && !w.types.is(info.type, TypeKind::kDeleted);
    bool is_own = !info.definitions.empty() && info.definitions[0].target == u.targets[i] && !info.has(kIsDeclared);
    if (!has_type || is_own || w.types.is(proper(w, info.type), TypeKind::kAny)) continue;
    wanted[i] = c.withValues(info.type);
    is_known = true;
  }
  if (!is_known) return type;
  TypeId again = inferExpr(c, rvalue, w.types.tuple(wanted, builtinType(w, "tuple")));
  return w.types.is(proper(w, again), TypeKind::kTuple) ? again : type;
}

void assignUnpacked(Checker& c, NodeId target, NodeList targets, TypeId type, NodeId rvalue) {
  Unpacking u{c, targets, targets.size(), rvalue.valid() ? rvalue : target};
  for (size_t i = 0; i < targets.size(); ++i) {
    if (c.ast->is(targets[i], NodeKind::kStarred)) u.star = i;
  }
  if (rvalue.valid()) {
    auto tuple = c.ast->tryAs<syntax::Tuple>(rvalue);
    auto list = c.ast->tryAs<syntax::List>(rvalue);
    if ((tuple || list) && assignDisplay(u, tuple ? tuple->elts() : list->elts())) return;
    if (!type.valid()) type = inferredForTargets(u, inferExpr(c, rvalue), rvalue);
  }
  std::vector<TypeId> types = targetTypes(u, type);
  if (leavesUndetermined(u)) return;
  for (size_t i = 0; i < targets.size(); ++i) {
    size_t before = c.messages->size();
    give(c, targets[i], types[i], NodeId::none());
    // What does not fit is the value.
    for (size_t k = before; rvalue.valid() && k < c.messages->size(); ++k) {
      Message& message = c.messages->at(k);
      if (message.code == Code::kAssignment && message.range == c.ast->range(targets[i])) message.range = c.ast->range(rvalue);
    }
  }
}

}  // namespace krait::check

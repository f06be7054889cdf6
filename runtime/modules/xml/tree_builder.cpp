// TreeBuilder: what a parser tells, as a tree of elements.
#include "runtime/modules/xml/element_tree.h"

namespace krait::modules::element_tree {

static TreeBuilder* self(Value v) { return v.as<TreeBuilder>(); }

// --- texts that wait until it is known whose they are
static Ref joined_py(Thread& t, Value parts) {
  if (parts.as<List>()->size == 1) return Ref::of(parts.as<List>()->items[0]);
  return callMethod_py(t, t.isolate->empty_str, intern(*t.isolate, "join"), parts);
}
static Status flush_py(Thread& t, TreeBuilder* b) {
  if (b->data.isUndefined()) return kDone;
  Ref parts = Ref::steal(b->data), text = joined_py(t, parts.get());
  b->data = Value();
  if (!text) return kRaised;
  bool is_tail = b->last_for_tail.defined();
  Ref owner = Ref::of(is_tail ? b->last_for_tail : b->last);
  if (owner.get().isUndefined()) return kDone;
  Str* field = intern(*t.isolate, is_tail ? "tail" : "text");
  Ref known = getAttr_py(t, owner.get(), field);
  if (!known) return kRaised;
  if (!known.get().isNone()) {
    text = binary_py(t, known.get(), text.get(), BinaryOp::kAdd);
    if (!text) return kRaised;
  }
  return setAttr_py(t, owner.get(), field, text.get());
}
Ref builderData_py(Thread& t, TreeBuilder* b, Value data) {
  if (b->last.isUndefined()) return Ref::none();  // before the first element
  if (b->data.isUndefined()) b->data = newList(t).release();
  listAppend(b->data.as<List>(), data);
  return Ref::none();
}

Status builderEvent_py(Thread& t, TreeBuilder* b, EventKind kind, Value what) {
  if (b->events_append.isUndefined() || b->event_names[kind].isUndefined()) return kDone;
  Ref event = tupleOf(t, {b->event_names[kind], what}), append = Ref::of(b->events_append);
  Ref done = callArgs_py(t, append.get(), event.get());
  return done ? Status(kDone) : Status(kRaised);
}
static Status add_py(Thread& t, Value parent, Value child) {
  if (isExactElement(parent) && isElement(child)) {
    addChild(t, parent.as<Element>(), child);
    return kDone;
  }
  Ref done = callMethod_py(t, parent, intern(*t.isolate, "append"), child);
  return done ? Status(kDone) : Status(kRaised);
}

Ref builderStart_py(Thread& t, TreeBuilder* b, Value tag, Value attrib) {
  TRY(flush_py(t, b));
  Ref node;
  if (b->element_factory.isUndefined()) {
    node = newElement(t, tag, attrib);
  } else {
    Ref given = attrib.defined() ? Ref::of(attrib) : newDict(t), factory = Ref::of(b->element_factory);
    node = TRY(callArgs_py(t, factory.get(), tag, given.get()));
  }
  Ref parent = Ref::of(b->current);
  if (parent) {
    TRY(add_py(t, parent.get(), node.get()));
  } else {
    if (b->root.defined()) {
      Ref message = newStr(t, "multiple elements on top level"), e = TRY(callArgs_py(t, state.parse_error, message.get()));
      return raiseException(t, e.get());
    }
    store(b->root, node.get());
  }
  listAppend(b->stack, parent ? parent.get() : Value::none());
  store(b->current, node.get());
  store(b->last, node.get());
  clearField(b->last_for_tail);
  TRY(builderEvent_py(t, b, kStartEvent, node.get()));
  return node;
}
Ref builderEnd_py(Thread& t, TreeBuilder* b) {
  TRY(flush_py(t, b));
  if (b->stack->size == 0) return raiseIndexError(t, "pop from empty stack");
  Ref done = Ref::of(b->current);
  store(b->last, done.get());
  store(b->last_for_tail, done.get());
  Ref parent = Ref::steal(b->stack->items[--b->stack->size]);
  store(b->current, parent.get().isNone() ? Value() : parent.get());
  TRY(builderEvent_py(t, b, kEndEvent, done.get()));
  return done;
}
// A comment or an instruction that its factory made, into the tree where that is asked for.
static Status keep_py(Thread& t, TreeBuilder* b, bool inserts, Value made) {
  if (!inserts || b->current.isUndefined()) return kDone;
  Ref parent = Ref::of(b->current);
  TRY(add_py(t, parent.get(), made));
  store(b->last_for_tail, made);
  return kDone;
}
Ref builderComment_py(Thread& t, TreeBuilder* b, Value text) {
  TRY(flush_py(t, b));
  Ref made = Ref::of(text);
  if (b->comment_factory.defined()) {
    made = TRY(callArgs_py(t, Ref::of(b->comment_factory).get(), text));
    TRY(keep_py(t, b, b->inserts_comments, made.get()));
  }
  TRY(builderEvent_py(t, b, kCommentEvent, made.get()));
  return made;
}
Ref builderInstruction_py(Thread& t, TreeBuilder* b, Value target, Value text) {
  TRY(flush_py(t, b));
  Value data = text.defined() ? text : Value::none();
  Ref made;
  if (b->pi_factory.defined()) {
    made = TRY(callArgs_py(t, Ref::of(b->pi_factory).get(), target, data));
    TRY(keep_py(t, b, b->inserts_pis, made.get()));
  } else {
    made = tupleOf(t, {target, data});
  }
  TRY(builderEvent_py(t, b, kInstructionEvent, made.get()));
  return made;
}
Ref builderClose_py(Thread& t, TreeBuilder* b) {
  TRY(flush_py(t, b));
  return b->root.defined() ? Ref::of(b->root) : Ref::none();
}

static Ref start(Thread& t, const Value* a) {
  if (!isDict(a[2])) return raiseTypeError(t, "start() argument 2 must be dict, not %s", typeNameOf(t, a[2]));
  return builderStart_py(t, self(a[0]), a[1], a[2]);
}
static Ref end(Thread& t, const Value* a) { return builderEnd_py(t, self(a[0])); }
static Ref data(Thread& t, const Value* a) { return builderData_py(t, self(a[0]), a[1]); }
static Ref comment(Thread& t, const Value* a) { return builderComment_py(t, self(a[0]), a[1]); }
static Ref pi(Thread& t, const Value* a) { return builderInstruction_py(t, self(a[0]), a[1], a[2]); }
static Ref close(Thread& t, const Value* a) { return builderClose_py(t, self(a[0])); }
static const NativeDef kMethods[] = {{"data", "($self, data, /)", data}, {"start", "($self, tag, attrs, /)", start}, {"end", "($self, tag, /)", end},
    {"comment", "($self, text, /)", comment}, {"pi", "($self, target, text=None, /)", pi}, {"close", "($self, /)", close}, {nullptr, nullptr, nullptr}};

// --- the type
static TreeBuilder* allocateBuilder(Thread& t, Type* type) {
  TreeBuilder* b = allocate<TreeBuilder>(type);
  b->stack = newList(t).release().as<List>();
  gcTrack(b);
  return b;
}
Ref newBuilder_py(Thread& t) { return Ref::steal(allocateBuilder(t, state.builder)); }
static Ref make(Thread& t, Type* type, const Value*, uint32_t, Tuple*) { return Ref::steal(allocateBuilder(t, type)); }
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "TreeBuilder", "(element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False)", args, nargs, keywords, a));
  TreeBuilder* b = self(v);
  bool comments = TRY(isTrue_py(t, a[3])), pis = TRY(isTrue_py(t, a[4]));
  store(b->element_factory, a[0].isNone() ? Value() : a[0]);
  store(b->comment_factory, a[1].isNone() ? state.comment_factory : a[1]);
  store(b->pi_factory, a[2].isNone() ? state.pi_factory : a[2]);
  b->inserts_comments = comments && b->comment_factory.defined();
  b->inserts_pis = pis && b->pi_factory.defined();
  return kDone;
}
template <class F>
static void eachField(TreeBuilder* b, F f) {
  for (Value* v : {&b->root, &b->current, &b->last, &b->last_for_tail, &b->data, &b->element_factory, &b->comment_factory, &b->pi_factory, &b->events_append}) f(*v);
  for (Value& v : b->event_names) f(v);
}
void addBuilderType(Thread& t, Module* m) {
  Type* type = state.builder = makeType(*t.isolate, {.name = "xml.etree.ElementTree.TreeBuilder", .size = sizeof(TreeBuilder), .flags = kTypeGc | kTypeBaseable, .methods = kMethods});
  type->slots.make = make;
  type->slots.init = init;
  type->slots.dealloc = [](Object* o) {
    eachField(static_cast<TreeBuilder*>(o), [](Value& v) { clearField(v); });
    clearField(static_cast<TreeBuilder*>(o)->stack);
  };
  type->slots.clear = [](Object* o) { eachField(static_cast<TreeBuilder*>(o), [](Value& v) { clearField(v); }); };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    eachField(static_cast<TreeBuilder*>(o), [&](Value& v) { visit(v, visitor, context); });
    visit(static_cast<TreeBuilder*>(o)->stack, visitor, context);
  };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::element_tree

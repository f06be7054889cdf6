// Frame and traceback objects. ref: Objects/frameobject.c, Python/traceback.c.
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

FrameObject* frameObject(Thread& t, Frame* frame) {
  if (frame->object != nullptr) return frame->object;
  FrameObject* o = allocate<FrameObject>(t.types().frame);
  o->frame = frame;
  o->code = share(Value(frame->code)).as<Code>();
  o->globals = share(Value(frame->globals)).as<Dict>();
  o->locals = share(frame->locals);
  o->function = share(frame->function);
  gcTrack(o);
  frame->object = o;
  return o;
}

void detachFrame(Frame* frame) {
  FrameObject* o = frame->object;
  frame->object = nullptr;
  o->line = lineOf(frame->code, frame->pc);
  o->instruction = instructionIndex(frame);
  o->frame = nullptr;
  if (o->refs > 1) {  // somebody keeps it: so it keeps the locals
    uint32_t n = frame->code->local_count + frame->code->free_count;
    o->value_count = n;
    o->values = static_cast<Value*>(std::malloc((n + 1) * sizeof(Value)));
    for (uint32_t i = 0; i < n; ++i) o->values[i] = share(frame->registers()[i]);
    if (frame->back != nullptr) o->back = share(Value(frameObject(*current_thread, frame->back))).as<FrameObject>();
  }
  decref(static_cast<Object*>(o));
}

static FrameObject* self(Value v) { return v.as<FrameObject>(); }
static void dealloc(Object* object) {
  FrameObject* o = static_cast<FrameObject*>(object);
  decref(static_cast<Object*>(o->code));
  decref(static_cast<Object*>(o->globals));
  decref(o->locals);
  decref(o->function);
  if (o->back != nullptr) decref(static_cast<Object*>(o->back));
  for (uint32_t i = 0; i < o->value_count; ++i) decref(o->values[i]);
  std::free(static_cast<void*>(o->values));
  decref(o->trace);
  decref(o->native_callee);
  if (o->local_dict != nullptr) decref(static_cast<Object*>(o->local_dict));
}
static void traverse(Object* object, Visitor visitor, void* context) {
  FrameObject* o = static_cast<FrameObject*>(object);
  visit(o->globals, visitor, context);
  visit(o->locals, visitor, context);
  visit(o->function, visitor, context);
  visit(o->native_callee, visitor, context);
  visit(o->back, visitor, context);
  for (uint32_t i = 0; i < o->value_count; ++i) visit(o->values[i], visitor, context);
  visit(o->local_dict, visitor, context);
}
static void clear(Object* object) {
  FrameObject* o = static_cast<FrameObject*>(object);
  for (uint32_t i = 0; i < o->value_count; ++i) clearField(o->values[i]);
  clearField(o->local_dict);
}
static Ref repr(Thread& t, Value v) {
  int32_t line = self(v)->frame != nullptr ? lineOf(self(v)->code, self(v)->frame->pc) : self(v)->line;
  return strFormat(t, "<frame at %p, file '%s', line %d, code %s>", static_cast<void*>(v.object()), toUtf8(self(v)->code->filename).c_str(), line, toUtf8(self(v)->code->name).c_str());
}
static Ref getBack(Thread& t, Value v) {
  FrameObject* o = self(v);
  if (o->frame != nullptr) return o->frame->back != nullptr ? Ref::of(frameObject(t, o->frame->back)) : Ref::none();
  return o->back != nullptr ? Ref::of(o->back) : Ref::none();
}
static Ref getCode(Thread&, Value v) { return Ref::of(self(v)->code); }
static Ref getGlobals(Thread&, Value v) { return Ref::of(self(v)->globals); }
static Ref getBuiltins(Thread& t, Value) { return Ref::of(t.isolate->builtins); }
static Ref getLine(Thread& t, Value v) {
  if (self(v)->frame != nullptr && self(v)->traced_line == kLineOfCall) return newIntSmall(self(v)->code->first_line);
  FrameObject* o = self(v);
  bool has_no_line = o->frame != nullptr && positionsOf(o->code)[instructionIndex(o->frame)].line == 0;
  if (has_no_line && o->traced_line > 0 && o->trace_state == kTraceActive) return newIntSmall(o->traced_line);
  return newInt(t, self(v)->frame != nullptr ? lineOf(self(v)->code, self(v)->frame->pc) : self(v)->line);
}
// Installed by the interpreter: sends a frame that is being traced to another line.
Status (*set_frame_line)(Thread& t, FrameObject* frame, Value line) = nullptr;
static Status setLine(Thread& t, Value v, Value line) { return set_frame_line(t, self(v), line); }
static Ref getLasti(Thread& t, Value v) { return newInt(t, 2 * (self(v)->frame != nullptr ? instructionIndex(self(v)->frame) : self(v)->instruction)); }
static Ref getTrace(Thread&, Value v) { return self(v)->trace.defined() ? Ref::of(self(v)->trace) : Ref::none(); }
static Status setTrace(Thread&, Value v, Value f) {
  Value old = self(v)->trace;
  self(v)->trace = f.isNone() ? Value() : share(f);
  decref(old);
  return kDone;
}
static Ref getTraceLines(Thread&, Value v) { return Ref::boolean(!self(v)->skips_lines); }
static Ref getTraceOpcodes(Thread&, Value v) { return Ref::boolean(self(v)->wants_opcodes); }
static Status setTraceLines(Thread& t, Value v, Value wanted) {
  if (wanted.isUndefined()) return raiseTypeError(t, "cannot delete numeric/char attribute");
  if (!wanted.isBool()) return raiseTypeError(t, "attribute value type must be bool");
  self(v)->skips_lines = !wanted.isTrue();
  return kDone;
}
static Status setTraceOpcodes(Thread& t, Value v, Value wanted) {
  if (wanted.isUndefined() || !wanted.isBool()) return raiseTypeError(t, "attribute value type must be bool");
  self(v)->wants_opcodes = wanted.isTrue();
  return kDone;
}
static Ref getGenerator(Thread&, Value v) {
  FrameObject* o = self(v);
  return o->frame != nullptr && o->frame->generator != nullptr ? Ref::of(Value(static_cast<Object*>(o->frame->generator))) : Ref::none();
}

// Does a comprehension run in the frame of a module or class? Its variables are the only ones in registers there (PEP 709), and while
// they are bound they are what locals() shows. ref: _PyFrame_HasHiddenLocals.
static bool runsComprehension(const FrameObject* o) {
  if ((o->code->flags & kCodeOptimized) || (o->frame == nullptr && o->values == nullptr)) return false;
  const Value* values = o->frame != nullptr ? o->frame->registers() : o->values;
  for (uint32_t i = 0; i < o->code->local_count; ++i) {
    Str* name = o->code->local_names->items()[i].as<Str>();
    bool is_compilers = name->length == 0 || name->at(0) == '.' || (name->length > 4 && name->at(0) == '_' && name->at(1) == '_' && name->at(name->length - 1) == '_');
    if (!is_compilers && values[i].defined() && !(isExact(values[i], TypeId::kCell) && values[i].as<Cell>()->value.isUndefined())) return true;
  }
  return false;
}
// A snapshot of the locals: the mapping of modules and classes itself, a new dict for functions (PEP 667 reads).
Ref frameLocals(Thread& t, FrameObject* o) {
  bool has_mapping = !runsComprehension(o);
  if (has_mapping && o->locals.defined()) return Ref::of(o->locals);
  if (has_mapping && !(o->code->flags & kCodeOptimized)) return Ref::of(o->globals);
  Ref d = newDict(t);
  Value* values = o->frame != nullptr ? o->frame->registers() : o->values;
  uint32_t n = o->frame != nullptr ? o->code->local_count + o->code->free_count : o->value_count;
  uint32_t argument_count = o->code->arg_count + o->code->keyword_only + ((o->code->flags & kCodeVarargs) != 0) + ((o->code->flags & kCodeVarkeywords) != 0);
  // Parameters and plain variables first, then the cells, then what is free: the order of co_varnames, co_cellvars, co_freevars.
  for (bool cells : {false, true}) {
    for (uint32_t i = 0; i < n; ++i) {
      Value v = values[i];
      Value name = i < o->code->local_count ? o->code->local_names->items()[i] : o->code->free_names->items()[i - o->code->local_count];
      bool is_cell = i >= o->code->local_count;
      for (int64_t k = 0; k < o->code->cell_names->size; ++k) is_cell = is_cell || o->code->cell_registers[k] == i;
      if ((is_cell && i >= argument_count) != cells) continue;
      if (is_cell && isExact(v, TypeId::kCell)) v = v.as<Cell>()->value;
      if (v.defined() && name.as<Str>()->length > 0 && name.as<Str>()->at(0) != '.') dictSetStr(d.as<Dict>(), name.as<Str>(), v);
    }
  }
  return d;
}
// frame_locals.cpp
Ref newLocalsProxy(Thread& t, FrameObject* frame);
static Ref getLocals(Thread& t, Value v) {
  bool has_variables = self(v)->locals.isUndefined() && (self(v)->code->flags & kCodeOptimized);
  return has_variables || runsComprehension(self(v)) ? newLocalsProxy(t, self(v)) : frameLocals(t, self(v));
}
static Ref clearMethod(Thread& t, const Value* a) {
  Frame* frame = self(a[0])->frame;
  Generator* generator = frame != nullptr && (frame->flags & kFrameGenerator) ? frame->generator : nullptr;
  if (frame != nullptr && (generator == nullptr || generator->state == GeneratorState::kRunning)) return raiseRuntimeError(t, "cannot clear an executing frame");
  if (generator != nullptr && generator->state == GeneratorState::kSuspended) return raiseRuntimeError(t, "cannot clear a suspended frame");
  if (generator != nullptr && generator->state == GeneratorState::kCreated) {  // it will never begin
    Ref held = Ref::of(Value(static_cast<Object*>(generator))), ended = TRY(callMethod_py(t, held.get(), intern(*t.isolate, "close")));
  }
  clear(a[0].object());
  return Ref::none();
}
static const GetSetDef kGetSets[] = {{"f_back", getBack}, {"f_code", getCode}, {"f_globals", getGlobals}, {"f_builtins", getBuiltins}, {"f_locals", getLocals},
    {"f_lineno", getLine, setLine}, {"f_lasti", getLasti}, {"f_trace", getTrace, setTrace}, {"f_trace_lines", getTraceLines, setTraceLines},
    {"f_trace_opcodes", getTraceOpcodes, setTraceOpcodes}, {"f_generator", getGenerator}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {{"clear", "($self, /)", clearMethod}, {nullptr, nullptr, nullptr}};
void initFrameType(Isolate& isolate) {
  Type* type = isolate.types.frame = makeType(isolate, {.name = "frame", .id = TypeId::kFrame, .size = sizeof(FrameObject), .flags = kTypeGc | kTypeDisallowNew, .methods = kMethods, .getsets = kGetSets});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.clear = clear;
  type->slots.repr = repr;
}

// --- traceback
static void tbDealloc(Object* o) {
  // A long chain is released in a loop.
  Traceback* tb = static_cast<Traceback*>(o);
  decref(tb->frame);
  decref(tb->next);
}
static void tbTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<Traceback*>(o)->frame, visitor, context);
  visit(static_cast<Traceback*>(o)->next, visitor, context);
}
static void tbClear(Object* o) {
  clearField(static_cast<Traceback*>(o)->frame);
  clearField(static_cast<Traceback*>(o)->next);
}
static Ref tbNext(Thread&, Value v) { return v.as<Traceback>()->next.defined() ? Ref::of(v.as<Traceback>()->next) : Ref::none(); }
static Status tbSetNext(Thread& t, Value v, Value next) {
  if (next.isUndefined()) return raiseTypeError(t, "can't delete tb_next attribute");
  if (!next.isNone() && !isExact(next, TypeId::kTraceback)) return raiseTypeError(t, "expected traceback object or None, got '%s'", typeNameOf(t, next));
  for (Value at = next; at.isHeap() && isExact(at, TypeId::kTraceback); at = at.as<Traceback>()->next) {
    if (at == v) return raiseValueError(t, "traceback loop detected");
  }
  Value old = v.as<Traceback>()->next;
  v.as<Traceback>()->next = next.isNone() ? Value() : share(next);
  decref(old);
  return kDone;
}
static Ref tbFrame(Thread&, Value v) { return Ref::of(v.as<Traceback>()->frame); }
static Ref tbLine(Thread& t, Value v) { return newInt(t, v.as<Traceback>()->line); }
static Ref tbLasti(Thread& t, Value v) { return newInt(t, v.as<Traceback>()->is_made ? v.as<Traceback>()->lasti : 2 * v.as<Traceback>()->instruction); }
static Ref tbMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "traceback", "(tb_next, tb_frame, tb_lasti, tb_lineno)", args, nargs, keywords, a));
  if (!a[0].isNone() && !isExact(a[0], TypeId::kTraceback)) return raiseTypeError(t, "traceback() argument 'tb_next' must be traceback or None, not %s", typeNameOf(t, a[0]));
  if (!isExact(a[1], TypeId::kFrame)) return raiseTypeError(t, "traceback() argument 'tb_frame' must be frame, not %s", typeNameOf(t, a[1]));
  Traceback* tb = allocate<Traceback>(t.types().traceback);
  tb->next = a[0].isNone() ? Value() : share(a[0]);
  tb->frame = share(a[1]);
  Ref r = Ref::steal(tb);
  tb->is_made = true;
  tb->lasti = TRY(toCInt_py(t, a[2]));
  tb->instruction = tb->lasti < 0 ? 0 : tb->lasti / 2;
  tb->line = TRY(toCInt_py(t, a[3]));
  gcTrack(tb);
  return r;
}
static const GetSetDef kTracebackGetSets[] = {{"tb_next", tbNext, tbSetNext}, {"tb_frame", tbFrame, readOnlyMember}, {"tb_lineno", tbLine}, {"tb_lasti", tbLasti, readOnlyMember}, {nullptr, nullptr}};
void initTracebackType(Isolate& isolate) {
  Type* type = isolate.types.traceback = makeType(isolate, {.name = "traceback", .id = TypeId::kTraceback, .size = sizeof(Traceback), .flags = kTypeGc, .getsets = kTracebackGetSets});
  type->slots.dealloc = tbDealloc;
  type->slots.traverse = tbTraverse;
  type->slots.clear = tbClear;
  type->slots.make = tbMake;
}

}  // namespace krait::object

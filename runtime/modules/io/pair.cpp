// BufferedRWPair: a reader and a writer as one stream.
#include "runtime/modules/io/io.h"
#include "runtime/object/exception.h"

namespace krait::modules::io {

struct Pair : IOBase {
  Value reader, writer;
};
static Pair* self(Value v) { return v.as<Pair>(); }
static void dealloc(Object* o) {
  decref(static_cast<Pair*>(o)->reader);
  decref(static_cast<Pair*>(o)->writer);
  deallocDict(static_cast<IOBase*>(o));
}
static void traverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<Pair*>(o)->reader, visitor, context);
  visit(static_cast<Pair*>(o)->writer, visitor, context);
  visit(static_cast<Pair*>(o)->dict, visitor, context);
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Pair* p = allocate<Pair>(type);
  gcTrack(p);
  return Ref::steal(p);
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "BufferedRWPair", "(reader, writer, buffer_size=131072, /)", args, nargs, keywords, a));
  if (!TRY(asks_py(t, a[0], "readable"))) return raiseUnsupported(t, "File or stream is not readable.");
  if (!TRY(asks_py(t, a[1], "writable"))) return raiseUnsupported(t, "File or stream is not writable.");
  Ref reader = callArgs_py(t, types.reader, a[0], a[2]);
  if (!reader) return kRaised;
  Ref writer = callArgs_py(t, types.writer, a[1], a[2]);
  if (!writer) return kRaised;
  Value old_reader = self(v)->reader, old_writer = self(v)->writer;
  self(v)->reader = reader.release();
  self(v)->writer = writer.release();
  decref(old_reader);
  decref(old_writer);
  return kDone;
}
static Status checkReady(Thread& t, Value v) {
  if (self(v)->reader.defined() && self(v)->writer.defined()) return kDone;
  return raiseValueError(t, "I/O operation on uninitialized object");
}

template <int Name, bool OnWriter, bool HasArgument>
static Ref forward(Thread& t, const Value* a) {
  static constexpr const char* kNames[] = {"read", "read1", "readinto", "readinto1", "peek", "write", "flush", "readable", "writable"};
  TRY(checkReady(t, a[0]));
  Value to = OnWriter ? self(a[0])->writer : self(a[0])->reader;
  if constexpr (HasArgument) return callName(t, to, kNames[Name], a[1]);
  else return callName(t, to, kNames[Name]);
}
static Ref close(Thread& t, const Value* a) {
  TRY(checkReady(t, a[0]));
  Ref first = callName(t, self(a[0])->writer, "close");
  Ref error = first ? Ref() : takeException(t);
  Ref second = callName(t, self(a[0])->reader, "close");
  if (!error) return second;
  if (!second) {
    Ref later = takeException(t);
    setContext(later.as<BaseException>(), error.get());
    error = std::move(later);
  }
  restoreException(t, std::move(error));
  return Ref();
}
static Ref isatty(Thread& t, const Value* a) {
  TRY(checkReady(t, a[0]));
  if (TRY(asks_py(t, self(a[0])->writer, "isatty"))) return Ref::boolean(true);
  return callName(t, self(a[0])->reader, "isatty");
}
static Ref getClosed(Thread& t, Value v) {
  TRY(checkReady(t, v));
  return getAttrNamed_py(t, self(v)->writer, "closed");
}
static const NativeDef kMethods[] = {
    {"read", "($self, size=-1, /)", forward<0, false, true>}, {"read1", "($self, size=-1, /)", forward<1, false, true>},
    {"readinto", "($self, buffer, /)", forward<2, false, true>}, {"readinto1", "($self, buffer, /)", forward<3, false, true>},
    {"peek", "($self, size=0, /)", forward<4, false, true>}, {"write", "($self, b, /)", forward<5, true, true>}, {"flush", "($self, /)", forward<6, true, false>},
    {"readable", "($self, /)", forward<7, false, false>}, {"writable", "($self, /)", forward<8, true, false>}, {"close", "($self, /)", close},
    {"isatty", "($self, /)", isatty}, {"__getstate__", "($self, /)", cannotPickle}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"closed", getClosed}, {nullptr, nullptr}};

void addPairType(Thread& t, Module* m) {
  Type* type = types.pair = makeType(*t.isolate, {.name = "_io.BufferedRWPair", .size = sizeof(Pair), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeFinalizesLate, .base = types.buffered,
      .methods = kMethods, .getsets = kGetSets, .doc = "A buffered reader and writer object together.", .dict_offset = kDictOffset});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.make = make;
  type->slots.init = init;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::io

// Slow paths of operators, comparisons, items and truth.
#include "runtime/interp/slow.h"
#include "runtime/object/bytes.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::object {
void listReplaceRange(List* list, int64_t begin, int64_t end, const Value* items, int64_t n);  // sequence_types.cpp
}  // namespace krait::object

namespace krait::interp {

using object::BinaryOp;

static Ref mixedArithmetic(Thread& t, double a, double b, BinaryOp op, bool& done) {
  done = true;
  switch (op) {
    case BinaryOp::kAdd: return newFloat(a + b);
    case BinaryOp::kSub: return newFloat(a - b);
    case BinaryOp::kMul: return newFloat(a * b);
    case BinaryOp::kTrueDiv:
      if (b != 0) return newFloat(a / b);
      break;
    default: break;
  }
  done = false;
  return Ref();
}

static Ref intArithmetic(Thread& t, Value a, Value b, BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd: return intAdd(t, a, b);
    case BinaryOp::kSub: return intSub(t, a, b);
    case BinaryOp::kMul: return intMul(t, a, b);
    case BinaryOp::kFloorDiv: return intFloorDiv(t, a, b);
    case BinaryOp::kMod: return intMod(t, a, b);
    case BinaryOp::kTrueDiv: return intTrueDiv(t, a, b);
    case BinaryOp::kAnd: return intBitwise(t, a, b, '&');
    case BinaryOp::kOr: return intBitwise(t, a, b, '|');
    case BinaryOp::kXor: return intBitwise(t, a, b, '^');
    case BinaryOp::kLShift: return intShiftLeft(t, a, b);
    case BinaryOp::kRShift: return intShiftRight(t, a, b);
    default: return binary_py(t, a, b, op);
  }
}

// `s += t` at a module's level: the name that is about to be assigned gives its reference up first. ref: unicode_concatenate.
// Gives the place of the global that kept it, which is None now, or null.
static Value* releaseName(Frame* f, const Instruction* pc, Value s) {
  const Instruction& next = pc[1];
  bool is_store = (next.op == Op::kStoreName && f->locals == Value(f->globals)) || next.op == Op::kStoreGlobal;
  if (!is_store || next.a != pc->a) return nullptr;
  const InlineCache& cache = f->code->caches[next.c];
  Dict* globals = f->globals;
  bool known = cache.kind == 1 && cache.slot < globals->filled && globals->entries[cache.slot].key == Value(static_cast<Object*>(cache.name));
  if (!known || globals->entries[cache.slot].value != s) return nullptr;
  globals->entries[cache.slot].value = Value::none();
  --s.object()->refs;
  return &globals->entries[cache.slot].value;
}
// a + b where the instruction holds the only reference to a and drops it: a's block grows instead of both being copied.
static Ref append(Thread& t, Frame* f, const Instruction* pc, Str* a, Str* b) {
  bool drops = (pc->a == pc->b || (pc->flags & bytecode::kFreeB)) && reg(f, pc->b) == Value(a);
  Value* global = nullptr;
  if (drops && a->refs == 2 && (pc->flags & bytecode::kInplace)) global = releaseName(f, pc, a);
  if (!drops || a->refs != 1 || b->length == 0 || Value(b) == Value(a) || !strCanGrow(a, b)) return strConcat(t, a, b);
  ++a->refs;  // the register keeps it when there is no room
  Ref grown = strGrow(Ref::steal(Value(a)), b);
  if (grown) {
    --grown.as<Str>()->refs;
    reg(f, pc->b) = Value();
  } else if (global != nullptr) {
    *global = share(Value(a));
  }
  return grown;
}

static Ref compute(Thread& t, Frame* f, const Instruction* pc, Value a, Value b, BinaryOp op) {
  if (op != BinaryOp::kMatMul && isExactInt(a) && isExactInt(b)) return intArithmetic(t, a, b, op);
  bool done = false;
  if (a.isFloat() && b.isInt()) {
    Ref r = mixedArithmetic(t, a.asDouble(), static_cast<double>(b.asInt()), op, done);
    if (done) return r;
  } else if (a.isInt() && b.isFloat()) {
    Ref r = mixedArithmetic(t, static_cast<double>(a.asInt()), b.asDouble(), op, done);
    if (done) return r;
  } else if (op == BinaryOp::kAdd && isExactStr(a) && isExactStr(b)) {
    return append(t, f, pc, a.as<Str>(), b.as<Str>());
  }
  return pc->flags & bytecode::kInplace ? inplace_py(t, a, b, op) : binary_py(t, a, b, op);
}

bool binarySlow(Thread& t, Frame* f, const Instruction* pc, BinaryOp op, Value right) {
  return finish(f, pc, compute(t, f, pc, reg(f, pc->b), right, op));
}
#define BINARY_SLOW(Name)                                                          \
  bool Name##Slow(Thread& t, Frame* f, const Instruction* pc) {                    \
    return binarySlow(t, f, pc, BinaryOp::k##Name, reg(f, pc->c));                 \
  }                                                                                \
  bool Name##KSlow(Thread& t, Frame* f, const Instruction* pc) {                   \
    return binarySlow(t, f, pc, BinaryOp::k##Name, f->code->constants[pc->c]);     \
  }
BINARY_SLOW(Add) BINARY_SLOW(Sub) BINARY_SLOW(Mul) BINARY_SLOW(TrueDiv) BINARY_SLOW(FloorDiv) BINARY_SLOW(Mod)
BINARY_SLOW(And) BINARY_SLOW(Or) BINARY_SLOW(Xor) BINARY_SLOW(LShift) BINARY_SLOW(RShift) BINARY_SLOW(Pow) BINARY_SLOW(MatMul)

bool compareSlow(Thread& t, Frame* f, const Instruction* pc, CompareOp op, Value right) {
  return finish(f, pc, compare_py(t, reg(f, pc->b), right, op));
}
#define COMPARE_SLOW(Name)                                                            \
  bool Name##Slow(Thread& t, Frame* f, const Instruction* pc) {                       \
    return compareSlow(t, f, pc, CompareOp::k##Name, reg(f, pc->c));                  \
  }                                                                                   \
  bool Name##KSlow(Thread& t, Frame* f, const Instruction* pc) {                      \
    return compareSlow(t, f, pc, CompareOp::k##Name, f->code->constants[pc->c]);      \
  }
COMPARE_SLOW(Lt) COMPARE_SLOW(Le) COMPARE_SLOW(Eq) COMPARE_SLOW(Ne) COMPARE_SLOW(Gt) COMPARE_SLOW(Ge)

int compareJump(Thread& t, Frame* f, const Instruction* pc, CompareOp op, Value right) {
  Value left = reg(f, pc->a);
  Fallible<bool> r = false;
  if ((op == CompareOp::kEq || op == CompareOp::kNe) && isExactStr(left) && isExactStr(right)) {
    r = strEqual(left.as<Str>(), right.as<Str>()) == (op == CompareOp::kEq);
    if (!(pc->flags & (bytecode::kFreeA | bytecode::kFreeB))) return r.value;
  } else {
    r = compareTrue_py(t, left, right, op);
  }
  if (r.failed) return -1;
  if (pc->flags & bytecode::kFreeA) freeReg(f, pc->a);
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  return r.value;
}
int truthJump(Thread& t, Frame* f, const Instruction* pc) {
  Fallible<bool> r = isTrue_py(t, reg(f, pc->a));
  if (r.failed) return -1;
  if (pc->flags & bytecode::kFreeA) freeReg(f, pc->a);
  return r.value;
}

bool IsSlow(Thread&, Frame* f, const Instruction* pc) { return finish(f, pc, Ref::boolean(reg(f, pc->b) == reg(f, pc->c))); }
bool IsNotSlow(Thread&, Frame* f, const Instruction* pc) { return finish(f, pc, Ref::boolean(reg(f, pc->b) != reg(f, pc->c))); }

static bool membership(Thread& t, Frame* f, const Instruction* pc, bool wanted) {
  Fallible<bool> r = contains_py(t, reg(f, pc->c), reg(f, pc->b));
  return finish(f, pc, r.failed ? Ref() : Ref::boolean(r.value == wanted));
}
bool InSlow(Thread& t, Frame* f, const Instruction* pc) { return membership(t, f, pc, true); }
bool NotInSlow(Thread& t, Frame* f, const Instruction* pc) { return membership(t, f, pc, false); }
bool NegativeSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, negative_py(t, reg(f, pc->b))); }
bool PositiveSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, positive_py(t, reg(f, pc->b))); }
bool InvertSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, invert_py(t, reg(f, pc->b))); }
bool NotSlow(Thread& t, Frame* f, const Instruction* pc) {
  Fallible<bool> r = isTrue_py(t, reg(f, pc->b));
  return finish(f, pc, r.failed ? Ref() : Ref::boolean(!r.value));
}

// object[key]; characters and the entries of plain dictionaries are found here.
static inline Ref itemOf(Thread& t, Value object, Value key) {
  if (object.isHeap()) {
    TypeId id = object.object()->type->id;
    if (id == TypeId::kDict) {
      Value found = object::dictGet_py(t, object.as<Dict>(), key);
      if (found.defined()) return Ref::of(found);
      if (isPending(t)) return Ref();
    } else if (id == TypeId::kStr && key.isInt()) {
      const Str* s = object.as<Str>();
      int64_t i = key.asInt();
      if (i < 0) i += s->length;
      if (i >= 0 && i < s->length && s->at(i) < 256) return Ref::of(t.isolate->latin1[s->at(i)]);
    }
  }
  return getItem_py(t, object, key);
}
bool GetItemSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, itemOf(t, reg(f, pc->b), reg(f, pc->c))); }
bool GetItemKSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, itemOf(t, reg(f, pc->b), f->code->constants[pc->c])); }
bool SetItemSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value object = reg(f, pc->a), key = reg(f, pc->b), value = reg(f, pc->c);
  bool is_dict = isExact(object, TypeId::kDict);
  return finishStatus(f, pc, is_dict ? object::dictSet_py(t, object.as<Dict>(), key, value) : setItem_py(t, object, key, value));
}
bool DeleteItemSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finishStatus(f, pc, setItem_py(t, reg(f, pc->a), reg(f, pc->b), Value()));
}
// A bound of a slice of `length` items; false: it is no int and not None.
static bool boundOf(Value v, int64_t length, int64_t otherwise, int64_t& out) {
  out = otherwise;
  if (v.isInt()) {
    out = v.asInt();
    if (out < 0) out = out + length < 0 ? 0 : out + length;
    if (out > length) out = length;
  }
  return v.isInt() || v.isNone();
}
// object[start:stop] of a builtin sequence; empty without an exception: it is something else.
static Ref sliceOf(Thread& t, Value object, Value start, Value stop) {
  if (!object.isHeap()) return Ref();
  const object::Types& types = t.types();
  Type* type = object.object()->type;
  bool is_list = type == types.list, is_tuple = type == types.tuple, is_str = type == types.str;
  if (!is_list && !is_tuple && !is_str && type != types.bytes) return Ref();
  int64_t length = is_list ? object.as<List>()->size : is_tuple ? object.as<Tuple>()->size : is_str ? object.as<Str>()->length : static_cast<int64_t>(object.as<Bytes>()->view().size());
  int64_t from, to;
  if (!boundOf(start, length, 0, from) || !boundOf(stop, length, length, to)) return Ref();
  if (to < from) to = from;
  if (is_list) return object::listFrom(t, object.as<List>()->items + from, to - from);
  if (from == 0 && to == length) return Ref::of(object);
  if (is_tuple) return object::tupleFrom(t, object.as<Tuple>()->items() + from, to - from);
  if (is_str) return object::strSlice(t, object.as<Str>(), from, to);
  return object::newBytes(t, object.as<Bytes>()->view().substr(static_cast<size_t>(from), static_cast<size_t>(to - from)));
}
bool GetSliceSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value start = reg(f, pc->c), stop = reg(f, pc->c + 1);
  Ref r = sliceOf(t, reg(f, pc->b), start, stop);
  if (!r && !isPending(t)) {
    Ref slice = newSlice(t, start, stop, Value::none());
    r = getItem_py(t, reg(f, pc->b), slice.get());
  }
  if (!r) return false;
  freeReg(f, pc->c);
  freeReg(f, static_cast<uint16_t>(pc->c + 1));
  return finish(f, pc, std::move(r));
}
// list[start:stop] = another list or a tuple; false: it is something else.
static bool setSliceOf(Value object, Value start, Value stop, Value source) {
  if (!isExact(object, TypeId::kList) || source == object) return false;
  List* list = object.as<List>();
  int64_t from, to;
  if (!boundOf(start, list->size, 0, from) || !boundOf(stop, list->size, list->size, to)) return false;
  if (to < from) to = from;
  if (isExact(source, TypeId::kList)) object::listReplaceRange(list, from, to, source.as<List>()->items, source.as<List>()->size);
  else if (isExact(source, TypeId::kTuple)) object::listReplaceRange(list, from, to, source.as<Tuple>()->items(), source.as<Tuple>()->size);
  else return false;
  return true;
}
bool SetSliceSlow(Thread& t, Frame* f, const Instruction* pc) {
  if (setSliceOf(reg(f, pc->a), reg(f, pc->b), reg(f, static_cast<uint16_t>(pc->b + 1)), reg(f, pc->c))) {
    freeOperands(f, pc);
    freeReg(f, pc->b);
    freeReg(f, static_cast<uint16_t>(pc->b + 1));
    return true;
  }
  Ref slice = newSlice(t, reg(f, pc->b), reg(f, pc->b + 1), Value::none());
  if (!finishStatus(f, pc, setItem_py(t, reg(f, pc->a), slice.get(), reg(f, pc->c)))) return false;
  freeReg(f, pc->b);
  freeReg(f, static_cast<uint16_t>(pc->b + 1));
  return true;
}
bool BuildSliceSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value step = pc->c == 3 ? reg(f, pc->b + 2) : Value::none();
  Ref r = newSlice(t, reg(f, pc->b), reg(f, pc->b + 1), step);
  for (int i = 0; i < pc->c; ++i) freeReg(f, static_cast<uint16_t>(pc->b + i));
  return finish(f, pc, std::move(r));
}

}  // namespace krait::interp

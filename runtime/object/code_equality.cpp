// When two code objects are equal: the same instructions on the same constants at the same places; the file does not matter.
// Constants are compared with their types, so that 1 and 1.0 or 0.0 and -0.0 differ. ref: code_richcompare, _PyCode_ConstantKey.
#include <bit>
#include <cstring>

#include "runtime/bytecode/instruction.h"
#include "runtime/object/bytes.h"
#include "runtime/object/code.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static Fallible<bool> sameConstant_py(Thread& t, Value a, Value b) {
  if (a == b) return true;
  Type* type = typeOf(t, a);
  if (type != typeOf(t, b)) return false;
  if (isTuple(a)) {
    if (a.as<Tuple>()->size != b.as<Tuple>()->size) return false;
    TRY(checkRecursion(t, " in comparison"));
    for (int64_t i = 0; i < a.as<Tuple>()->size; ++i) {
      if (!TRY(sameConstant_py(t, (*a.as<Tuple>())[i], (*b.as<Tuple>())[i]))) return false;
    }
    return true;
  }
  if (a.isFloat()) return false;  // the words differ: so do the numbers, or their signs
  if (type == t.types().complex) {
    Ref left = TRY(repr_py(t, a)), right = TRY(repr_py(t, b));
    return strEqual(left.as<Str>(), right.as<Str>());
  }
  return equals_py(t, a, b);
}
static bool sameNames(Tuple* a, Tuple* b) {
  if (a->size != b->size) return false;
  for (int64_t i = 0; i < a->size; ++i) {
    if (!strEqual((*a)[i].as<Str>(), (*b)[i].as<Str>())) return false;
  }
  return true;
}
static bool sameInstructions(const Code* a, const Code* b) {
  for (uint32_t i = 0; i < a->instruction_count; ++i) {
    Instruction left = a->instructions[i], right = b->instructions[i];
    left.op = bytecode::plainOp(left.op);
    right.op = bytecode::plainOp(right.op);
    if (std::memcmp(&left, &right, sizeof left) != 0) return false;
  }
  for (uint32_t i = 0; i < a->cache_count; ++i) {
    if (!strEqual(a->cache_names[i], b->cache_names[i])) return false;
  }
  return (a->packed_size == 0) == (b->packed_size == 0) && std::memcmp(a->handlers, b->handlers, a->handler_count * sizeof(HandlerRange)) == 0 &&
         packPositions(positionsOf(a), a->instruction_count) == packPositions(positionsOf(b), b->instruction_count);
}
static Fallible<bool> sameCode_py(Thread& t, const Code* a, const Code* b) {
  if (a == b) return true;
  if (!strEqual(a->name, b->name) || a->arg_count != b->arg_count || a->positional_only != b->positional_only || a->keyword_only != b->keyword_only ||
      a->flags != b->flags || a->first_line != b->first_line || a->instruction_count != b->instruction_count || a->constant_count != b->constant_count ||
      a->cache_count != b->cache_count || a->handler_count != b->handler_count) {
    return false;
  }
  if (!sameNames(a->local_names, b->local_names) || !sameNames(a->cell_names, b->cell_names) || !sameNames(a->free_names, b->free_names)) return false;
  if (!sameInstructions(a, b)) return false;
  for (uint32_t i = 0; i < a->constant_count; ++i) {
    if (!TRY(sameConstant_py(t, a->constants[i], b->constants[i]))) return false;
  }
  return true;
}

static Ref compareCode_py(Thread& t, Value a, Value b, CompareOp op) {
  bool is_equality = op == CompareOp::kEq || op == CompareOp::kNe;
  if (!is_equality || typeOf(t, a) != t.types().code || typeOf(t, b) != t.types().code) return Ref::of(Value::notImplemented());
  return Ref::boolean(TRY(sameCode_py(t, a.as<Code>(), b.as<Code>())) == (op == CompareOp::kEq));
}
// What equal code has in common and costs little to read.
static Fallible<int64_t> hashCode_py(Thread& t, Value v) {
  const Code* c = v.as<Code>();
  uint64_t hash = static_cast<uint64_t>(TRY(hash_py(t, Value(c->name))));
  for (uint64_t part : {c->arg_count, c->positional_only, c->keyword_only, c->flags, c->first_line, c->instruction_count, c->constant_count}) {
    hash = std::rotl(hash ^ part, 13) * 0x9E3779B97F4A7C15;
  }
  for (uint32_t i = 0; i < c->instruction_count; ++i) {
    Instruction instruction = c->instructions[i];
    instruction.op = bytecode::plainOp(instruction.op);
    uint64_t word;
    std::memcpy(&word, &instruction, sizeof word);
    hash = std::rotl(hash ^ word, 13) * 0x9E3779B97F4A7C15;
  }
  return hash == ~uint64_t{0} ? -2 : static_cast<int64_t>(hash);
}

void fillCodeSlots(Type* type) {
  type->slots.compare = compareCode_py;
  type->slots.hash = hashCode_py;
}

}  // namespace krait::object

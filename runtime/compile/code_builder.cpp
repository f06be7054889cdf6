#include "runtime/compile/code_builder.h"

#include "runtime/object/containers.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::compile {

CodeBuilder::~CodeBuilder() {
  for (Value v : parts.constants) decref(v);
}

uint16_t CodeBuilder::temp(uint32_t count) {
  uint32_t first = depth_;
  depth_ += count;
  if (depth_ > parts.register_count) parts.register_count = depth_;
  if (depth_ > 0xFF00) overflow_ = true;
  return static_cast<uint16_t>(first);
}

uint32_t CodeBuilder::emit(Op op, uint32_t a, uint32_t b, uint32_t c, uint8_t flags) {
  if ((a | b | c) > 0xFFFF) overflow_ = true;
  Instruction i{op, flags, static_cast<uint16_t>(a), static_cast<uint16_t>(b), static_cast<uint16_t>(c)};
  parts.instructions.push_back(i);
  parts.positions.push_back(position_);
  return here() - 1;
}

uint32_t CodeBuilder::emitBc(Op op, uint32_t a, int32_t bc, uint8_t flags) {
  uint32_t at = emit(op, a, 0, 0, flags);
  parts.instructions[at].setBc(bc);
  return at;
}

Label CodeBuilder::label() {
  labels_.push_back(0xffffffffu);
  return {static_cast<uint32_t>(labels_.size() - 1)};
}
void CodeBuilder::bind(Label l) {
  labels_[l.id] = here();
  reachable_ = true;
}
void CodeBuilder::jump(Label l) { patches_.push_back({emitBc(Op::kJump, 0, 0), l.id, false}); }
void CodeBuilder::jumpBack(Label l) { patches_.push_back({emitBc(Op::kJumpBack, 0, 0), l.id, false}); }
void CodeBuilder::jumpIf(Op op, uint32_t a, Label l, uint8_t flags) { patches_.push_back({emitBc(op, a, 0, flags), l.id, false}); }
void CodeBuilder::jumpCompare(Op op, uint32_t a, uint32_t b, Label l, uint8_t flags) {
  patches_.push_back({emit(op, a, b, 0, flags), l.id, true});
}

static bool sameConstant(Value a, Value b) {
  if (a == b) return true;
  if (!a.isHeap() || !b.isHeap() || typeOfHeap(a) != typeOfHeap(b)) return false;
  TypeId id = typeOfHeap(a)->id;
  if (id == TypeId::kStr) return strEqual(a.as<Str>(), b.as<Str>());
  if (id == TypeId::kInt) return intCompare(a, b) == 0;
  if (id == TypeId::kTuple) {
    Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
    if (x->size != y->size) return false;
    for (int64_t i = 0; i < x->size; ++i) {
      if (!sameConstant(x->items()[i], y->items()[i])) return false;
    }
    return true;
  }
  return false;
}

uint32_t CodeBuilder::constant(Value v) {
  uint32_t n = static_cast<uint32_t>(parts.constants.size());
  uint32_t from = n > 256 ? n - 256 : 0;  // look back a while: large displays have no equal items
  for (uint32_t i = from; i < n; ++i) {
    if (sameConstant(parts.constants[i], v)) return i;
  }
  parts.constants.push_back(share(v));
  return n;
}

uint32_t CodeBuilder::cache(Str* name) {
  parts.cache_names.push_back(name);
  return static_cast<uint32_t>(parts.cache_names.size() - 1);
}

void CodeBuilder::handler(uint32_t begin, uint32_t end, Label target_label, uint32_t level, uint32_t target) {
  if (begin < end) handlers_.push_back({begin, end, target_label.id, level, target});
}

Ref CodeBuilder::finish(std::string& error) {
  for (const Patch& p : patches_) {
    int64_t distance = static_cast<int64_t>(labels_[p.label]) - p.instruction - 1;
    if (!p.is_short) {
      parts.instructions[p.instruction].setBc(static_cast<int32_t>(distance));
      continue;
    }
    if (distance != static_cast<int16_t>(distance)) overflow_ = true;
    parts.instructions[p.instruction].c = static_cast<uint16_t>(distance);
  }
  for (const PendingHandler& h : handlers_) {
    parts.handlers.push_back({h.begin, h.end, labels_[h.label], static_cast<uint16_t>(h.level), static_cast<uint16_t>(h.target)});
  }
  if (overflow_) {
    error = "code block is too large: more than 32767 instructions in one jump, 65535 constants, names or registers";
    return Ref();
  }
  Ref code = newCode(t_, parts);
  parts.constants.clear();
  return code;
}

}  // namespace krait::compile

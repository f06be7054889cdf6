// CodeBuilder: one code object in the making: instructions with labels, constants, names, registers and handler ranges.
// Registers are given in stack order above the locals: a temporary is freed before those below it.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "runtime/object/code.h"

namespace krait::compile {

using bytecode::Instruction;
using bytecode::Op;
using namespace krait::object;

struct Label {
  uint32_t id = 0xffffffffu;
};

class CodeBuilder {
 public:
  CodeBuilder(Thread& t, uint32_t fixed_registers) : t_(t), depth_(fixed_registers), base_(fixed_registers) {
    parts.register_count = fixed_registers;
  }
  ~CodeBuilder();
  CodeBuilder(const CodeBuilder&) = delete;

  CodeParts parts;

  // --- registers
  uint16_t temp(uint32_t count = 1);   // the first of `count` fresh ones
  void freeTo(uint32_t depth) { depth_ = depth; }
  uint32_t depth() const { return depth_; }
  bool isTemp(uint16_t r) const { return r >= base_; }

  // --- instructions. `emit` gives the index.
  uint32_t emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint8_t flags = 0);
  uint32_t emitBc(Op op, uint32_t a, int32_t bc, uint8_t flags = 0);
  uint32_t here() const { return static_cast<uint32_t>(parts.instructions.size()); }
  void at(const SourcePosition& position) { position_ = position; }
  const SourcePosition& position() const { return position_; }

  // --- control flow
  Label label();
  void bind(Label label);
  // Jump and JumpBack to a label; JumpIf… by a register.
  void jump(Label label);
  void jumpBack(Label label);
  void jumpIf(Op op, uint32_t a, Label label, uint8_t flags);           // 32-bit distance
  void jumpCompare(Op op, uint32_t a, uint32_t b, Label label, uint8_t flags);  // 16-bit distance in c
  bool isReachable() const { return reachable_; }
  void setReachable(bool r) { reachable_ = r; }

  // --- pools
  uint32_t constant(Value v);          // shares; equal constants of one type get one entry
  uint32_t cache(Str* name);           // a new inline cache for an interned name
  void handler(uint32_t begin, uint32_t end, Label target_label, uint32_t level, uint32_t target);

  // The code object, once all labels are bound. Empty with a SyntaxError-like message in `error` when a limit is exceeded.
  Ref finish(std::string& error);
  Thread& thread() { return t_; }

 private:
  struct Patch {
    uint32_t instruction;
    uint32_t label;
    bool is_short;
  };
  struct PendingHandler {
    uint32_t begin, end, label, level, target;
  };
  Thread& t_;
  uint32_t depth_, base_;
  SourcePosition position_ = {1, 1, 0xFFFF, 0xFFFF};
  bool reachable_ = true;
  bool overflow_ = false;
  std::vector<uint32_t> labels_;
  std::vector<Patch> patches_;
  std::vector<PendingHandler> handlers_;
};

}  // namespace krait::compile

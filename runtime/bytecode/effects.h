// What an instruction does with registers, beyond what its flags say: which it reads, empties and fills. One description for the
// verifier and whatever else follows values through code.
#pragma once

#include <vector>

#include "runtime/bytecode/code_unit.h"

namespace krait::bytecode {

struct Effects {
  std::vector<uint32_t> reads;    // must hold a value before
  std::vector<uint32_t> empties;  // hold nothing afterwards (before `fills` takes effect)
  std::vector<uint32_t> fills;    // hold a value afterwards
  std::vector<uint32_t> empties_on_jump;  // instead, where the jump is taken
  bool fills_on_jump = true;      // whether `fills` holds where the jump is taken
  int64_t window = -1;            // a call: its window's first register, and the one behind its last argument
  int64_t window_end = -1;

  void clear();
};

void effectsOf(const Instruction& i, Effects& out);
// Does c or bc hold a jump distance? Then its target, counted from instruction `index`.
bool jumpTarget(const Instruction& i, uint32_t index, int64_t& target);
// Execution never goes on behind it.
bool isTerminal(Op op);

}  // namespace krait::bytecode

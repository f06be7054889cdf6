// The vocabulary of opcode bodies, for the dispatch that includes it (dispatch_tail.cpp, dispatch_goto.cpp). A body reads
// pc, R (registers), T (thread), F (frame), K (constants) and ends in exactly one of:
//   NEXT()              go on with the instruction after pc
//   JUMP(distance)      go on `distance` instructions after the next one
//   SLOW(Name)          leave the hot path: the whole instruction is done by NameSlow
//   SET_NEXT(r, v)      store an owned v in register r, release what was there, go on
//   ENTER() / LEAVE(v)  run t.frame from its pc / end the dispatch with a value
//   UNWIND()            an exception is pending
#pragma once

#define BOTH_INTS(x, y) (((x).bits & (y).bits) >= Value::kIntTag)
#define REG(i) R[i]

#define ARITHMETIC(Name, RIGHT, INT_BODY, FLOAT_BODY)     \
  INST(Name) {                                            \
    Value x = R[pc->b], y = RIGHT;                        \
    if (LIKELY(BOTH_INTS(x, y))) {                        \
      INT_BODY                                            \
    } else if (x.isFloat() && y.isFloat()) {              \
      double p = x.asDouble(), q = y.asDouble();          \
      (void)p;                                            \
      (void)q;                                            \
      FLOAT_BODY                                          \
    }                                                     \
    SLOW(Name);                                           \
  }
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

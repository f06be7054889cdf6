// What the bodies of functions tell where no annotation does: what a function gives, and what it assigns to attributes
// and module variables. A body is evaluated without findings and without lasting effects (check/body_facts.cpp), on
// demand; the answers are kept here. Specification mode only.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/types/ids.h"

namespace krait::types {

struct BodyFacts {
  FunctionId function;
  std::vector<TypeId> results;  // of its return statements
  std::vector<TypeId> yields;
  std::vector<std::pair<SymbolId, TypeId>> assigned;  // attributes of self, variables of the module
  bool is_end_reachable = false;
};

// The question of which others are being asked: the body of a function, or the type of a variable.
struct FactsFrame {
  uint64_t key = 0;
  size_t low = 0;         // the lowest frame that the answer depends on while that one is still open
  int tainted = 0;        // how many answers inside of it depend on it
  bool is_cyclic = false;
  TypeId so_far;          // of a variable
};

struct BodyFactsStore {
  struct Known {
    BodyFacts facts;
    TypeId type;           // the result of a function, the type of a variable
    uint32_t cycle = 0;    // not 0: the number of the cycle of questions that it is part of
  };
  std::unordered_map<uint64_t, Known> known;
  // Answers that depend on a frame that is still open, with that frame.
  struct Local {
    Known answer;
    size_t low = 0;
  };
  std::unordered_map<uint64_t, Local> local;
  std::vector<FactsFrame> open;
  std::unordered_map<uint64_t, uint32_t> cycles;
  uint32_t next_cycle = 1;
};

}  // namespace krait::types

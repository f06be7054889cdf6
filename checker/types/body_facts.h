// What the bodies of functions tell where no annotation does: what a function gives, and what it assigns to attributes
// and module variables. A body is evaluated without findings and without lasting effects (check/body_facts.cpp), on
// demand; the answers are kept here. Specification mode only.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/types/ids.h"

namespace krait::types {

// What one evaluation of a body came upon.
struct BodyFacts {
  FunctionId function;
  std::vector<TypeId> results;  // of its return statements
  std::vector<TypeId> yields;
  std::vector<std::pair<SymbolId, TypeId>> assigned;  // attributes of self, variables of the module
  bool is_end_reachable = false;
  const std::vector<TypeId>* given = nullptr;  // of a call: the types of its arguments, by parameter
};

// The answer to a question: about the body of a function, or about the type of a variable.
struct FactsAnswer {
  TypeId type;                                        // what the function gives, what the variable holds; none: unknown
  std::vector<std::pair<SymbolId, TypeId>> assigned;  // of a body
};

// An answer that was used while it did not last yet. Version 0: the question was still open.
struct FactsUse {
  uint64_t key = 0;
  uint32_t version = 0;
  bool operator==(const FactsUse&) const = default;
  auto operator<=>(const FactsUse&) const = default;
};

// The question of which others are being asked.
struct FactsFrame {
  uint64_t key = 0;
  size_t low = 0;          // the lowest frame that the answer depends on while that one is still open
  bool is_cyclic = false;  // it was asked again while it was open
  TypeId so_far;           // of a variable; of a function in a function that asks for itself: what it gave at first
  std::vector<FactsUse> uses;
};

struct BodyFactsStore {
  std::unordered_map<uint64_t, FactsAnswer> known;  // lasting answers
  // Answers that depend on a frame that is still open, with that frame and what they were made of.
  struct Local {
    FactsAnswer answer, first;
    size_t low = 0;
    uint32_t version = 1;
    int growth = 0;            // how often it came out deeper than before
    bool is_given_up = false;  // it stays as it was first
    std::vector<FactsUse> uses;
  };
  std::unordered_map<uint64_t, Local> local;
  std::vector<uint64_t> local_order;  // the keys of `local`, as they were answered first
  // Answers about a function in a function, which sees that one's names as they are when it is asked.
  struct Nested {
    uint64_t names = 0;  // a digest of them
    FactsAnswer answer;
    std::vector<FactsUse> uses;
  };
  std::unordered_map<uint64_t, std::vector<Nested>> nested;
  // What calls give, by the function, the types of the arguments, and how deep in other calls they were looked into.
  struct Call {
    std::vector<TypeId> given;
    uint32_t depth = 0;
    TypeId result;
  };
  std::unordered_map<uint32_t, std::vector<Call>> calls;  // by FunctionId
  std::vector<FactsFrame> open;
  std::vector<FunctionId> evaluated;  // the bodies that are being evaluated, whoever asked
};

}  // namespace krait::types

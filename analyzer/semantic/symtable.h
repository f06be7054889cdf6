// The scopes of a model as the blocks of CPython's symbol table (Python/symtable.c): what the module `symtable` shows. The blocks
// hold texts of their own; they outlive the model.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/semantic/semantic_model.h"

namespace krait::semantic {

struct SymtableBlock {
  int type = 2;  // 0 function, 1 class, 2 module, 3 annotations, 4 type alias, 5 type parameters, 6 type variable
  std::string name;
  bool is_nested = false;
  uint32_t line = 0;  // 0 of the module
  std::vector<std::pair<std::string, uint32_t>> symbols;  // flags | binding << 12, in order of first mention
  std::vector<std::string> parameters;
  std::vector<SymtableBlock> children;
};

SymtableBlock symtableOf(const SemanticModel& model);

}  // namespace krait::semantic

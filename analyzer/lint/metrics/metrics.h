// Measures of one file's code: cyclomatic complexity by function and class (McCabe), Halstead's counts, raw line counts
// and the maintainability index. Takes a tree, gives numbers; the counting rules are radon's, so that its users can
// compare: boolean operators, conditions, loops with their else, handlers, asserts and comprehensions add to complexity.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/syntax/ast.h"

namespace krait::lint {

enum class BlockKind : uint8_t { kFunction, kMethod, kClass };

struct BlockMetrics {
  BlockKind kind = BlockKind::kFunction;
  std::string name;  // "Class.method" for methods
  uint32_t line = 0;  // from 1
  uint32_t column = 0;  // from 0
  uint32_t complexity = 1;
};

struct HalsteadMetrics {
  uint32_t distinct_operators = 0;
  uint32_t distinct_operands = 0;
  uint32_t operators = 0;
  uint32_t operands = 0;

  uint32_t vocabulary() const { return distinct_operators + distinct_operands; }
  uint32_t length() const { return operators + operands; }
  double calculatedLength() const;
  double volume() const;
  double difficulty() const;
  double effort() const { return difficulty() * volume(); }
  double time() const { return effort() / 18; }  // seconds
  double bugs() const { return volume() / 3000; }
};

struct RawMetrics {
  uint32_t lines = 0;
  uint32_t logical_lines = 0;
  uint32_t source_lines = 0;
  uint32_t comments = 0;
  uint32_t single_comments = 0;  // lines that hold only a comment or a one-line docstring
  uint32_t multi = 0;            // lines of multi-line strings that stand alone
  uint32_t blank = 0;
};

struct FileMetrics {
  std::vector<BlockMetrics> blocks;  // in the order of the text
  uint32_t total_complexity = 0;
  HalsteadMetrics halstead;
  RawMetrics raw;
  double maintainability = 100;  // 0 to 100
};

FileMetrics measureFile(const syntax::Ast& ast, const LineIndex& lines);
// A for 1 to 5, B to 10, C to 20, D to 30, E to 40, F above.
char complexityRank(uint32_t complexity);
// A above 19, B above 9, else C.
char maintainabilityRank(double index);

}  // namespace krait::lint

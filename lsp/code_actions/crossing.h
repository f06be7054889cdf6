// The names that cross the border of some statements: what a function made of them must be given, and what it gives.
#pragma once

#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct CrossingName {
  std::string text;
  NodeId place;  // where it is read, which tells its type; or none
};

struct Crossing {
  std::vector<CrossingName> in;   // read inside, bound before
  std::vector<CrossingName> out;  // bound inside, read behind
  bool is_possible = true;        // false: on some ways what it had to give is not bound
};

// `statements`: those of the area, which stand behind each other in one block; none: an expression. `frame`: the scope
// around them.
Crossing crossingOf(Workspace& workspace, SourceModule& module, TextRange area, semantic::ScopeId frame, const std::vector<NodeId>& statements);

inline bool inside(TextRange range, TextRange area) { return area.begin <= range.begin && range.end <= area.end; }

}  // namespace krait::lsp

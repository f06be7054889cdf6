// CallPlace: the call whose parentheses hold a place, also while it is being written: what is called, which arguments
// stand before the place, and which one the place is in.
#pragma once

#include <string>
#include <vector>

#include "checker/program/signatures.h"
#include "lsp/locate.h"

namespace krait::lsp {

struct CallPlace {
  uint32_t open = 0;             // of the parenthesis
  bool is_call = false;
  std::vector<Target> callees;   // functions; of a class what makes its objects
  bool hides_first = false;      // the callees' first parameter is given by the object or class
  bool has_argument = false;     // something stands at the place, or before or behind it in the same argument
  size_t index = 0;              // of the argument that the place is in
  std::string keyword;           // … when it is `keyword=…`
  std::vector<std::string> given;  // names of keyword arguments before it
  bool is_argument_start = false;  // nothing of the argument but a part of a name stands before the place
  std::vector<program::SignatureText> known;  // what the checker knows of what is called; where it has definitions the callees are these
  bool valid() const { return is_call; }
};

CallPlace callAround(Workspace& workspace, SourceModule& module, uint32_t cursor);
// The Parameter of the callee (a FunctionDef) that the argument goes to, or none.
NodeId parameterFor(const CallPlace& call, const Target& callee);

}  // namespace krait::lsp

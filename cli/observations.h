// What a watched program wrote (runtime/interp/observe.h), read back.
#pragma once

#include <string>
#include <vector>

#include "checker/program/observed.h"

namespace krait::cli {

struct ObservedPlace {
  std::string file;
  uint32_t line = 0, column = 0, end_line = 0, end_column = 0;  // lines from 1, columns in bytes from 0
  std::string what;                                             // "expression", "parameter", "result"
  std::string function;                                         // qualified name of the code it stands in
  std::string name;                                             // of a parameter
  std::vector<program::ObservedKind> kinds;
  bool is_complete = false;                                     // no kind was left out
};

// Empty when the text is none that a watched program wrote.
std::vector<ObservedPlace> readObservations(const std::string& text);

}  // namespace krait::cli

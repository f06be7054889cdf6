// Annotations that a file could have: for parameters and results without one, from what the checker infers of the body and the
// defaults, and from the values that came by in a run. Only types that the file can name where the annotation would stand are
// proposed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checker/program/observed.h"
#include "checker/types/world.h"

namespace krait::cli {

struct ProposedAnnotation {
  uint32_t offset = 0;      // where it is put in
  std::string text;         // ": int", " -> str", ": int = " in the place of "="
  uint32_t replaced = 0;    // bytes behind `offset` that it takes the place of
  syntax::NodeId function;
};

// What a run showed, by the qualified name of a function: "f", "C.m", "f.<locals>.g".
struct ObservedFunction {
  std::map<std::string, std::vector<program::ObservedKind>> parameters;
  std::vector<program::ObservedKind> results;
  bool is_complete = true;
};
using ObservedFunctions = std::map<std::string, ObservedFunction>;

// In order of their offsets. The module must be checked.
std::vector<ProposedAnnotation> proposeAnnotations(types::World& w, types::ModuleId module, const ObservedFunctions& observed);

// The text with the annotations in it.
std::string withAnnotations(std::string_view text, const std::vector<ProposedAnnotation>& annotations);

}  // namespace krait::cli

// Types as a file can write them, with the names that it has.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/program/observed.h"
#include "checker/types/world.h"

namespace krait::cli {

// The type as an annotation in the module; none when it cannot be written there, or says nothing (Any, object).
std::optional<std::string> annotationOf(types::World& w, types::ModuleId module, types::TypeId type);
// The smallest union of types that all these values have.
std::optional<std::string> annotationOf(types::World& w, types::ModuleId module, const std::vector<program::ObservedKind>& kinds);

// Texts of types joined to a union: no text twice, `bool` in `int`, `int` in `float`, None last.
std::string unionText(const std::vector<std::string>& texts);

}  // namespace krait::cli

// The stub of one module: what others may use of it, with the types that it declares and those that the checker tells. Takes the
// checked module; gives the text of its .pyi. What always holds: each name that the text reads is imported or defined in it, or
// was not defined in the module either; nothing depends on the order in which modules are asked for.
#pragma once

#include <map>
#include <set>
#include <string>

#include "checker/types/world.h"

namespace krait::cli {

struct StubOptions {
  bool includes_private = false;
  bool includes_docstrings = false;
  bool exports_less = false;  // names imported from the same package are not passed on
  bool has_analysis = true;   // the World knows types; else the text alone counts
};

// What the modules of a run take from each other: shown in the stubs even where it is private, or was only imported.
struct StubRequests {
  std::map<std::string, std::set<std::string>> imported;  // by module
  std::set<std::string> bases;                            // `Base` of `class C(module.Base)` and of `@module.Base`

  // Adds what a module takes. `is_package`: it is an __init__.py.
  void add(const syntax::Ast& ast, const std::string& module, bool is_package);
};

// `name`: the module's dotted name. With analysis the module must be checked.
std::string stubText(types::World& w, types::ModuleId module, const std::string& name, const StubOptions& options, const StubRequests& requests);

}  // namespace krait::cli

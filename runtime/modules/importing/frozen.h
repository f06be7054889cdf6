// The frozen image: library modules compiled at build time, in one file that is mapped into memory. Layout: magic, code
// stamp, count; per module the lengths of name and code, a package flag, name and marshalled code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/object/thread.h"

namespace krait::modules::importing {

using namespace krait::object;

struct FrozenModule {
  std::string_view name;       // as imported
  std::string_view original;   // name of the source module
  std::string_view code;       // marshalled; empty: compile the source in the library folder
  bool is_package = false;
};
// Maps the image if it belongs to this build; without one the few modules that importing needs are compiled when asked for.
void openFrozenImage(const std::string& file);
// With -X frozen_modules=off only the modules that importing itself needs are found.
const FrozenModule* findFrozen(std::string_view name);
std::vector<std::string_view> frozenNames();
// The module's code object.
Ref frozenCode_py(Thread& t, const FrozenModule& module);
// Compiles the modules from the library folder into an image; false when a source is missing or `file` cannot be written.
bool writeFrozenImage_py(Thread& t, const std::string& library, const std::string& file);

}  // namespace krait::modules::importing

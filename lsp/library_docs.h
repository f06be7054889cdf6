// What the library's functions and classes do that are written in C: no source holds a docstring of theirs.
#pragma once

#include <string_view>

namespace krait::lsp {

// By the module's name and the name in it ("str.join"; "": the module itself); "" where there is none.
std::string_view libraryDoc(std::string_view module, std::string_view name);

}  // namespace krait::lsp

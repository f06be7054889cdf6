// What imported names mean to the resolver, as one number, and the names that a dotted name imports.
#pragma once

#include <string>
#include <vector>

#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::program {

// Calls visit("a"), visit("a.b"), visit("a.b.c") for "a.b.c".
template <class Visit>
void forEachPrefix(const std::string& name, Visit&& visit) {
  for (size_t dot = 0; dot != std::string::npos;) {
    dot = name.find('.', dot + 1);
    if (dot == 0 || name.empty()) break;
    visit(name.substr(0, dot));
  }
}

// Of the names and their packages.
uint64_t resolutionHash(semantic::ImportResolver& resolver, const std::vector<std::string>& names);

}  // namespace krait::program

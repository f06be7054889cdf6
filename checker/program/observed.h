// Values that a program really had, held against the types that the checker gave the places they came by.
#pragma once

#include <string>
#include <vector>

#include "checker/types/world.h"

namespace krait::program {

// One kind of value. Classes are written "module:qualified.name", each with its method resolution order.
struct ObservedKind {
  std::vector<std::string> mro;
  std::string value;              // JSON text of None, a bool, a small int or a short str; "": not known
  std::string member;             // of an enumeration
  std::string module;             // of a module object
  std::vector<std::string> of;    // of a class object
  bool is_callable = false;
  bool has_items = false;         // `items` (and a dict's `keys`) are a sample of what it holds
  bool is_whole = false;          // and all of it
  std::vector<ObservedKind> items, keys;
};

enum class Fit : uint8_t {
  kFits,
  kUnknown,  // the value's class is not one that the checker knows, or the type promises too little
  kBreaks,   // no value of the type is of this kind
};

// `main`: the module that classes of `__main__` are of.
Fit fitOf(types::World& w, types::ModuleId main, types::TypeId type, const ObservedKind& kind);

// The class of that name, as ObservedKind::mro writes it; none where the checker has no such class.
types::ClassId classOfObserved(types::World& w, types::ModuleId main, std::string_view name);

// The kind as a type would be written; the sample's kinds stand for a container's items.
std::string kindText(const ObservedKind& kind);

}  // namespace krait::program

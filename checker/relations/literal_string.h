// LiteralString, where it is a type of its own (Divergence::kLiteralStrings): the instance of str with the mark sub 1.
// It takes literal texts and itself; anything that takes a str takes it.
#pragma once

#include "checker/relations/relations.h"

namespace krait::relations {

TypeId literalString(World& w);
inline bool isLiteralString(const World& w, TypeId type) { return w.types.is(type, TypeKind::kInstance) && w.types[type].sub == 1; }
// Is any value of the type a text that the program spells out?
bool isLiteralText(World& w, TypeId type);
// Does the callable take or give LiteralString, on its own or as an argument of a class?
bool givesLiteralString(World& w, TypeId callable);
// The type of a display's item: LiteralString in it is str.
TypeId withoutLiteralString(World& w, TypeId type);

}  // namespace krait::relations

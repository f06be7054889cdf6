// Types as text, byte for byte as mypy prints them: in messages (`formatType`), in reveal_type (`revealType`) and as
// a function's signature in notes (`prettyCallable`).
#pragma once

#include <string>

#include "checker/types/world.h"

namespace krait::types {

// Is it a name that readers take for one of typing's? ref: mypy messages.TYPES_FOR_UNIMPORTED_HINTS
bool isTypingHint(std::string_view name);
// What follows "Name … is not defined": the notes on a name that a library of the user's own lacks or that nobody imported.
// ref: mypy semanal.name_not_defined
std::vector<std::string> missingNameHints(std::string_view name);
// The form in messages, in double quotes: `"list[int]"`; a few forms stand without quotes (`overloaded function`).
std::string formatType(World& w, TypeId type, int verbosity = 0);
// Without quotes.
std::string formatTypeBare(World& w, TypeId type, int verbosity = 0);
// Two (or more) types in one message: names that would look the same are printed in full.
std::pair<std::string, std::string> formatTwo(World& w, TypeId first, TypeId second, bool bare = false);
std::vector<std::string> formatDistinctly(World& w, std::span<const TypeId> types, bool bare = false);

// The form in reveal_type, without quotes. Names are full when the program asks for verbose types.
std::string revealType(World& w, TypeId type);

// "def f(x: int, *, y: str = ...) -> None"
std::string prettyCallable(World& w, TypeId callable, bool skip_self = false);

// A str as Python's repr prints it.
std::string pythonRepr(std::string_view text);
// The value of a literal as it stands in Literal[…]; enum members as Class.NAME, with a full class name on request.
std::string literalText(World& w, TypeId literal, bool full_names);
// Is it the type of a sentinel: printed by its name alone?
bool isSentinel(World& w, TypeId type);

// Quotes unless the text is one of the forms that stand bare.
std::string quoteType(const std::string& text);

}  // namespace krait::types

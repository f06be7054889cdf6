// Questions about a World that an editor asks: the type of an expression, the members of a type, where a member is
// defined. They read what checking left behind and complete entities on demand; they report nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/types/world.h"

namespace krait::program {

// The type of an expression, or of the variable, parameter or attribute that a name node stands for; none where nobody
// knows.
types::TypeId typeAt(types::World& w, types::ModuleId module, types::NodeId node);

// The expression of the module's tree that begins there and reads like this; none: there is none.
types::NodeId expressionAt(types::World& w, types::ModuleId module, uint32_t begin, std::string_view text);

// Is what is called there, by a name or as an attribute, declared in a stub? Then its result is what the stub says.
bool isOfStub(types::World& w, types::ModuleId module, types::NodeId callee);

// As messages write it, without quotes.
std::string typeText(types::World& w, types::TypeId type);

struct Member {
  std::string name;
  types::SymbolId symbol;
  bool is_method = false;
  bool is_class = false;
  bool is_property = false;
  bool is_module = false;
  bool is_of_module = false;  // and not of a class
  bool is_deprecated = false;
  bool is_partial = false;  // some parts of the union lack it
  int depth = 0;  // 0: of the class itself, 1: of its first base, …
};

// What may follow the dot after a value of the type, each name once, nearest definition first. Of a union: what any
// of its parts has, None apart.
std::vector<Member> membersOf(types::World& w, types::TypeId type);

// What its class says of a member of a type that is no union: self is not bound; none: it has no such member.
types::TypeId memberType(types::World& w, types::TypeId type, NameId name);

// The keys that a value of the type has for sure to offer: of a TypedDict; of a union, those of all its parts together.
std::vector<std::string> keysOf(types::World& w, types::TypeId type);
// The texts of the str literals that the type consists of, alone or in a union.
std::vector<std::string> literalTextsOf(types::World& w, types::TypeId type);

struct DefinitionPlace {
  std::string path;
  TextRange range;  // of the name, in the file's text
};

// Where a member of the type is defined; for a union those of all parts.
std::vector<DefinitionPlace> definitionsOf(types::World& w, types::TypeId type, NameId member);

// Where the class of the type is defined; for a union those of all parts but None.
std::vector<DefinitionPlace> classDefinitionsOf(types::World& w, types::TypeId type);

}  // namespace krait::program

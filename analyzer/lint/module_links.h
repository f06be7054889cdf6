// What the modules of one run need of each other. A fix that takes a name away from a module while another file of the run asks that
// module for it would break the other file, though nothing in the module's own text says so: the runner calls such a fix unsafe. Names
// are followed through imports, attributes of imported modules and dotted texts (`patch("package.module.name")`). So are methods that get
// another name (`self.assert_` to `self.assertTrue`) though a class of the run defines the old one.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// What one file asks of others, and what can be asked of it.
struct ModuleLinks {
  std::vector<std::string> asked;  // dotted paths, sorted, each once: "package.module.name", "package.module.*" for a star import
  std::vector<std::pair<std::string, std::string>> bound;  // module-level names that imports bind, with the paths that they lead to
  std::vector<std::string> methods;  // names that its classes define functions by, sorted, each once
  std::vector<std::string> taken;    // names that its safe fixes would take away
  bool has_all = false;                                    // it has an `__all__`
};

// `taken` is left empty: the runner fills it when it knows the findings.
ModuleLinks linksOf(const LintContext& context);

// Where the module's own scope binds a name, or where the attribute of an object is named. The name is a part of the text or of the
// interner.
struct NamedPlace {
  TextRange range;
  std::string_view name;
  bool is_attribute = false;
};

// In the order of the text.
std::vector<NamedPlace> namedPlaces(const LintContext& context);
// The names that are bound where the fix deletes or replaces text and that its new text does not have, and ".name" for attributes that
// get another name; each once.
std::vector<std::string> namesTaken(std::string_view text, const Fix& fix, const std::vector<NamedPlace>& places);

// `# type: (Any) -> str`: does the comment hold a type that has the name as a word?
bool isNamedInTypeComment(std::string_view comment, std::string_view name);

using AskedNames = std::set<std::string, std::less<>>;

// For each file the names that other files ask its module for; "*" for all public ones, ".name" for what a class of any file defines.
// Both lists are in the order of the files.
std::vector<AskedNames> askedNames(const std::vector<std::string>& modules, const std::vector<ModuleLinks>& links);
bool isAsked(const AskedNames& asked, std::string_view name);

}  // namespace krait::lint

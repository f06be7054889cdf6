// Classes above and below a class, and the methods that override a method, as far as names tell; and the way from a stub
// to the source that it describes. Searches the files of the workspace and the open documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

// The classes written as bases of a class, in order; imports followed.
std::vector<Target> basesOf(Workspace& workspace, const Target& cls);
// All classes above, nearest first, each once.
std::vector<Target> ancestorsOf(Workspace& workspace, const Target& cls);
// The classes that name this one as a base.
std::vector<Target> subclassesOf(Workspace& workspace, const Target& cls);
// All classes below, each once.
std::vector<Target> descendantsOf(Workspace& workspace, const Target& cls);
// The definition of the name in the class's own body: a function or a variable; nothing: there is none.
std::vector<Target> ownMember(const Target& cls, std::string_view name);
// The functions that make the class's objects: the nearest __init__ or __new__ that is not object's.
std::vector<Target> constructorsOf(Workspace& workspace, const Target& cls);
// The class whose body holds the definition, or a target without a module.
Target classAround(const Target& member);

// What stands in for the thing in practice: subclasses of a class, overriding methods of a method; itself if none.
std::vector<Target> implementationTargets(Workspace& workspace, SourceModule& module, NodeId name);
// Definitions in stubs exchanged for those in the sources they describe, where these are installed.
std::vector<Target> throughStubs(Workspace& workspace, std::vector<Target> targets);
// The docstring of a definition; a stub's is its source's. "": there is none.
std::string documentationText(Workspace& workspace, const Target& target);

}  // namespace krait::lsp

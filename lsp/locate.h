// From a place in a text to the syntax and the names there, and from a name to where it is defined, across files.
#pragma once

#include <string>
#include <vector>

#include "lsp/workspace.h"

namespace krait::lsp {

using syntax::NodeId;
using syntax::NodeKind;

// The nodes that hold `offset` (a place at a node's end counts), outermost first.
std::vector<NodeId> nodesAt(const syntax::Ast& ast, uint32_t offset);
// The Name or Identifier at `offset`, or none.
NodeId nameAt(const syntax::Ast& ast, uint32_t offset);

// Where something is defined: a name (or the whole module, when `name` is none) in a module.
struct Target {
  SourceModule* module = nullptr;
  NodeId name;   // the Name or Identifier that carries the name
  NodeId owner;  // the definition: FunctionDef, ClassDef, Assign, Parameter … (see semantic::Definition)
  TextRange part = {};  // where `name` is a string: the name inside it
  bool operator==(const Target& other) const {
    return module == other.module && name == other.name && part == other.part && (name.valid() || owner == other.owner);
  }
};

enum class FollowImports : uint8_t { kYes, kNo };

// What the name at `name` (a Name or Identifier of `module`) refers to. Through imports to their source, for attributes
// as far as their object is a module, a class, or `self`.
std::vector<Target> targetsOf(Workspace& workspace, SourceModule& module, NodeId name, FollowImports follow, int depth = 0);
// The symbol that a plain name would be at a place of the module; none where no scope of it binds the name.
semantic::SymbolId nameSymbol(SourceModule& module, uint32_t offset, std::string_view name);
// What a plain name would mean at a place of the module: of a scope around it, or a builtin.
std::vector<Target> nameTargets(Workspace& workspace, SourceModule& module, uint32_t offset, std::string_view name);
// What `a.b.c` would mean there, through modules, packages and classes.
std::vector<Target> dottedTargets(Workspace& workspace, SourceModule& module, uint32_t offset, std::string_view dotted);
// The definitions of a module-level name of a module, imports followed.
std::vector<Target> moduleMember(Workspace& workspace, SourceModule& module, std::string_view name, FollowImports follow,
                                 int depth = 0);
// The definitions of a class's own attribute: in its body, on self in its methods, then in its bases.
std::vector<Target> classMember(Workspace& workspace, const Target& cls, std::string_view name, int depth = 0);
// The class that an expression's value is an instance or the class itself of, as far as names alone tell.
std::vector<Target> valueTargets(Workspace& workspace, SourceModule& module, NodeId expr, int depth = 0);
// Does the node stand in a branch of `if sys.version_info …` (or platform) that is not for the module's target?
bool isForOthers(Workspace& workspace, const SourceModule& module, const syntax::Ast& ast, NodeId node);
// Is it a function that reads, writes or deletes a property?
bool isProperty(const syntax::Ast& ast, NodeId definition);
// Is it one of a function's overloads, and not what implements them?
bool isOverload(const Target& target);
// The absolute module name of an ImportFrom in `module`, or "".
std::string importedModule(SourceModule& module, NodeId import_from);

// The range that a client is shown for a target.
TextRange targetRange(const Target& target);
// The name that the target has; "" for a whole module.
std::string_view targetName(const Target& target);

}  // namespace krait::lsp

// The inside of a Program: its World, and what is known of each module beside what the World holds. Modules are entered
// (named, placed) before they are loaded (parsed, their names collected): a known source is loaded only on demand.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "checker/program/program.h"
#include "checker/types/world.h"

namespace krait::program {

// What the text of a module tells of others, for the question which of them an edit concerns.
struct ModuleDigest {
  std::shared_ptr<const syntax::Ast> ast;       // of which it was made
  std::unordered_set<NameId> names, imports;    // identifiers and words of short strings; full names of modules and of what is taken from them
  std::unordered_set<NameId> stars;             // full names of the modules of `from m import *`
};

struct Program::State {
  explicit State(const ProgramInput& input) : input(input), names(input.names != nullptr ? *input.names : own_names), world(names) {}

  ProgramInput input;
  Interner own_names;
  Interner& names;
  types::World world;
  std::vector<types::ModuleId> modules;                        // of the sources
  std::vector<std::optional<syntax::SyntaxError>> errors;      // of parsing, by ModuleId
  std::vector<std::vector<syntax::SyntaxError>> late_errors;   // that CPython finds after parsing, by ModuleId
  std::vector<const FileRecord*> known;                        // by ModuleId; null: not known
  std::vector<bool> has_text;                                  // by ModuleId: the source's text was given
  std::unordered_map<std::string, DiskState> reads;            // files that loadModule read
  std::unordered_map<size_t, std::vector<Diagnostic>> found;   // by source: what a worker found
  std::set<std::string> folders;                               // that workers searched for imports
  std::unordered_map<uint32_t, ModuleDigest> digests;          // by ModuleId, of modules that an edit made somebody ask about
};

// Makes the World ready for modules: its hooks and options. `builtins` is found last, by findModule.
void startWorld(Program::State& state);
types::ModuleId addModule(Program::State& state, std::string_view name);
// A module that somebody named by its file; "" is a script's name.
types::ModuleId addSource(Program::State& state, const std::string& path, const std::string& name);
// The module of that name without loading it; none: there is none.
types::ModuleId enterModule(Program::State& state, std::string_view name);
// Parses the module's text (reading it when it was not given) and collects its names.
void loadModule(Program::State& state, types::ModuleId id);
// World::hooks.find_module: enters and loads.
types::ModuleId findModule(types::World& w, std::string_view name);
// Loads the modules that sources import, as far as they are the user's own, and orders all by who imports whom.
void followImportsOfSources(Program::State& state);
// Findings in the order of phases, notes with the errors that they belong to.
std::vector<Diagnostic> diagnosticsOf(std::vector<types::Message> messages, FileId file);

}  // namespace krait::program

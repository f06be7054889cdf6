// Which modules belong to a run beside the given ones, and in which order findings are printed.
#include <algorithm>
#include <unordered_map>

#include "analyzer/semantic/imports/imports_of.h"
#include "analyzer/semantic/imports/module_graph.h"
#include "checker/declare/declare.h"
#include "checker/program/resolution.h"
#include "checker/program/state.h"

namespace krait::program {

using namespace types;

static std::vector<std::string> importNames(Program::State& state, ModuleId module) {
  World& w = state.world;
  if (const FileRecord* record = state.known[module.value]) {
    for (const std::string& name : record->imports) {
      forEachPrefix(name, [&](const std::string& prefix) { w.imported_names[w.name(prefix)] = true; });
    }
    return record->imports;
  }
  if (w.modules[module].parsed == Progress::kNot) loadModule(state, module);
  const Module& info = w.modules[module];
  std::vector<std::string> names;
  for (const semantic::ImportedModule& imported : semantic::importsOf(*info.ast, w.text(info.name), info.is_package, info.unreachable)) {
    names.push_back(imported.name);
  }
  return names;
}

// The modules of a cycle: in mypy mode as its order says, else by their names: the order in which files are given does not count.
static void enterCycle(World& w, const std::vector<ModuleId>& modules, const std::vector<uint32_t>& component) {
  std::vector<ModuleId> cycle;
  for (size_t i = component.size(); i-- > 0;) cycle.push_back(modules[component[i]]);
  if (!w.options.mypy) {
    std::sort(cycle.begin(), cycle.end(), [&](ModuleId a, ModuleId b) { return w.text(w.modules[a].name) < w.text(w.modules[b].name); });
  }
  for (ModuleId module : cycle) w.cycle_of[module.value] = static_cast<uint32_t>(w.import_cycles.size());
  w.import_cycles.push_back(std::move(cycle));
}

// Loads the modules that sources import, as far as they are the user's own, and orders all by who imports whom.
void followImportsOfSources(Program::State& state) {
  World& w = state.world;
  ProgramInput& input = state.input;
  std::vector<std::vector<uint32_t>> edges;
  std::unordered_map<uint32_t, uint32_t> index_of;  // by ModuleId
  for (uint32_t i = 0; i < state.modules.size(); ++i) index_of[state.modules[i].value] = i;
  for (uint32_t i = 0; i < state.modules.size(); ++i) {
    ModuleId module = state.modules[i];
    edges.emplace_back();
    for (const std::string& name : importNames(state, module)) {
      // a.b.c imports a and a.b, too.
      forEachPrefix(name, [&](const std::string& prefix) {
        const semantic::ResolvedModule& found = input.resolver.resolve(prefix);
        if (!found.found() || found.origin != semantic::ModuleOrigin::kSource || found.is_namespace) return;
        ModuleId target = enterModule(state, prefix);
        if (!target.valid() || w.modules[target].is_library || w.modules[target].options.follow_imports != "normal") return;
        auto [entry, is_new] = index_of.try_emplace(target.value, static_cast<uint32_t>(state.modules.size()));
        if (is_new) {
          if (state.known[target.value] == nullptr && w.modules[target].parsed == Progress::kNot) loadModule(state, target);
          state.modules.push_back(target);
          input.sources.push_back({.path = w.modules[target].path, .module = prefix, .base_dir = ""});
          input.ids.push_back(input.files.add(w.modules[target].path, w.modules[target].text));
        }
        edges[i].push_back(entry->second);
      });
    }
  }
  semantic::ModuleGraph graph(static_cast<uint32_t>(state.modules.size()));
  for (uint32_t from = 0; from < edges.size(); ++from) {
    for (uint32_t to : edges[from]) graph.addEdge(from, to);
  }
  std::vector<ModuleId> modules;
  std::vector<config::Source> sources;
  std::vector<FileId> ids;
  for (const std::vector<uint32_t>& component : graph.components()) {
    if (component.size() > 1) enterCycle(w, state.modules, component);
    // Inside a cycle what was found later (deeper in the imports) comes first.
    for (size_t i = component.size(); i-- > 0;) {
      modules.push_back(state.modules[component[i]]);
      sources.push_back(input.sources[component[i]]);
      ids.push_back(input.ids[component[i]]);
    }
  }
  state.modules = std::move(modules);
  input.sources = std::move(sources);
  input.ids = std::move(ids);
}

}  // namespace krait::program

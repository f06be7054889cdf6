#include "checker/program/program.h"

#include <algorithm>
#include <unordered_map>

#include "analyzer/base/file_io.h"
#include "analyzer/config/inline_config.h"
#include "analyzer/semantic/flow/reachability.h"
#include "analyzer/semantic/imports/imports_of.h"
#include "analyzer/semantic/imports/module_graph.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/type_comments.h"
#include "checker/check/check.h"

namespace krait::program {

using namespace types;

struct Program::State {
  explicit State(const ProgramInput& input) : input(input), world(names) {}

  ProgramInput input;
  Interner names;
  World world;
  std::unordered_map<std::string, size_t> source_by_module;
  std::vector<ModuleId> modules;  // of the sources
};

static Program::State* stateOf(World& w);

// Parses the text that the module already has and collects its names.
static void load(Program::State& state, ModuleId id);

static ModuleId addModule(Program::State& state, std::string_view name);

struct Access {
  static ModuleId find(World& w, std::string_view name);
};

static Program::State* stateOf(World& w) { return static_cast<Program::State*>(w.hooks.program); }

static ModuleId addModule(Program::State& state, std::string_view name) {
  World& w = state.world;
  NameId id = w.name(name);
  ModuleId module = w.modules.add();
  w.modules[module].name = id;
  w.module_by_name[id] = module;
  return module;
}

static void load(Program::State& state, ModuleId id) {
  World& w = state.world;
  Module& module = w.modules[id];
  module.lines = LineIndex(module.text);
  auto lowered = syntax::parseModule(module.text, state.names);
  std::vector<syntax::TypeCommentProblem> problems;
  module.ast = std::make_unique<Ast>(syntax::applyTypeComments(std::move(lowered.ast), state.names, problems));
  for (const syntax::TypeCommentProblem& problem : problems) {
    Message message;
    message.range = module.ast->range(problem.node);
    message.code = Code::kSyntax;
    message.text = problem.message;
    message.phase = 0;
    if (!module.is_library) module.messages.push_back(std::move(message));
  }
  semantic::Target target = semantic::targetOf(module.options);
  module.unreachable = semantic::findUnreachable(*module.ast, target).marks();
  module.parsed = Progress::kDone;
  declare::collectModule(w, id);
}

ModuleId Access::find(World& w, std::string_view name) {
  Program::State& state = *stateOf(w);
  NameId id = w.name(name);
  auto known = w.module_by_name.find(id);
  if (known != w.module_by_name.end()) return known->second;
  if (name.empty()) return ModuleId::none();
  const semantic::ResolvedModule& found = state.input.resolver.resolve(name);
  if (!found.found()) {
    w.module_by_name[id] = ModuleId::none();
    return ModuleId::none();
  }
  ModuleId module = addModule(state, name);
  Module& info = w.modules[module];
  info.path = found.path;
  info.is_stub = found.is_stub;
  info.is_package = found.is_package;
  // Stubs that stand in for the core of the library are not the user's to correct.
  bool is_core = found.is_stub && (name == "builtins" || name == "typing" || name == "_typeshed" || name == "typing_extensions");
  info.is_library = found.origin != semantic::ModuleOrigin::kSource || is_core;
  info.options = config::optionsForModule(state.input.config, name);
  if (!found.is_namespace) {
    Result<std::string> text = readFile(found.path);
    if (text.ok()) info.text = std::move(text.value());
  }
  if (!info.is_library) config::applyModuleSettings(info.options, config::readInlineConfig(info.text).settings);
  load(state, module);
  return module;
}

// Loads the modules that sources import, as far as they are the user's own, and orders all by who imports whom.
static void followImportsOfSources(Program::State& state) {
  World& w = state.world;
  ProgramInput& input = state.input;
  std::vector<std::vector<uint32_t>> edges;
  std::unordered_map<uint32_t, uint32_t> index_of;  // by ModuleId
  for (uint32_t i = 0; i < state.modules.size(); ++i) index_of[state.modules[i].value] = i;
  for (uint32_t i = 0; i < state.modules.size(); ++i) {
    ModuleId module = state.modules[i];
    if (w.modules[module].parsed == Progress::kNot) load(state, module);
    edges.emplace_back();
    std::string name(w.text(w.modules[module].name));
    for (const semantic::ImportedModule& imported :
         semantic::importsOf(*w.modules[module].ast, name, w.modules[module].is_package, w.modules[module].unreachable)) {
      // a.b.c imports a and a.b, too.
      for (size_t dot = 0; dot != std::string::npos;) {
        dot = imported.name.find('.', dot + 1);
        std::string prefix = imported.name.substr(0, dot);
        if (prefix.empty()) break;
        const semantic::ResolvedModule& found = input.resolver.resolve(prefix);
        if (!found.found() || found.origin != semantic::ModuleOrigin::kSource || found.is_namespace) continue;
        ModuleId target = Access::find(w, prefix);
        if (!target.valid() || w.modules[target].is_library || w.modules[target].options.follow_imports != "normal") continue;
        auto [entry, is_new] = index_of.try_emplace(target.value, static_cast<uint32_t>(state.modules.size()));
        if (is_new) {
          state.modules.push_back(target);
          input.sources.push_back({.path = w.modules[target].path, .module = prefix, .base_dir = ""});
          input.ids.push_back(input.files.add(w.modules[target].path, w.modules[target].text));
        }
        edges[i].push_back(entry->second);
      }
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

Program::Program(const ProgramInput& input) : state_(new State(input)) {
  World& w = state_->world;
  w.hooks.program = state_.get();
  w.hooks.find_module = Access::find;
  declare::installHooks(w);
  check::installHooks(w);
  w.options = input.config.base;
  state_->modules.resize(input.sources.size());
  for (size_t i = 0; i < input.sources.size(); ++i) {
    const config::Source& source = input.sources[i];
    std::string name = source.module.empty() ? "__main__" : source.module;
    ModuleId module = addModule(*state_, name);
    state_->modules[i] = module;
    Module& info = w.modules[module];
    info.path = source.path;
    info.text = input.files[input.ids[i]].text;
    info.is_stub = source.path.ends_with(".pyi");
    info.is_package = source.path.ends_with("__init__.py") || source.path.ends_with("__init__.pyi");
    info.options = config::optionsForModule(input.config, name);
    config::InlineConfig own = config::readInlineConfig(info.text);
    config::applyModuleSettings(info.options, own.settings);
  }
  w.builtins = Access::find(w, "builtins");
  followImportsOfSources(*state_);
}

Program::~Program() = default;

void Program::check() {
  if (!state_->world.builtins.valid()) return;
  for (ModuleId module : state_->modules) check::checkModule(state_->world, module);
}

std::vector<Diagnostic> Program::diagnosticsOf(size_t index) {
  std::vector<Message>& messages = state_->world.modules[state_->modules[index]].messages;
  std::stable_sort(messages.begin(), messages.end(), [](const Message& a, const Message& b) { return a.phase < b.phase; });
  std::vector<Diagnostic> result;
  for (Message& message : messages) {
    bool attached = message.severity == Severity::kNote && !result.empty() && result.back().range == message.range &&
                    result.back().code == message.code && result.back().severity == Severity::kError;
    if (attached) {
      result.back().notes.push_back({.message = std::move(message.text)});
      continue;
    }
    Diagnostic diagnostic;
    diagnostic.rule = message.severity == Severity::kNote ? Rule::kCheckerNote : Rule::kCheckerError;
    diagnostic.code = message.code;
    diagnostic.severity = message.severity;
    diagnostic.file = state_->input.ids[index];
    diagnostic.range = message.range;
    diagnostic.message = std::move(message.text);
    result.push_back(std::move(diagnostic));
  }
  messages.clear();
  return result;
}

}  // namespace krait::program

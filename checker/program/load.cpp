// Modules: from a name to a parsed text whose names are collected.
#include "analyzer/base/file_io.h"
#include "analyzer/config/inline_config.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/flow/reachability.h"
#include "analyzer/syntax/type_comments.h"
#include "checker/check/check.h"
#include "checker/program/state.h"

namespace krait::program {

using namespace types;

ModuleId addModule(Program::State& state, std::string_view name) {
  World& w = state.world;
  NameId id = w.name(name);
  ModuleId module = w.modules.add();
  w.modules[module].name = id;
  w.module_by_name[id] = module;
  state.errors.emplace_back();
  state.known.push_back(nullptr);
  state.has_text.push_back(false);
  return module;
}

// The text of a file that is no source of the run, and what the disk holds of it.
static std::string readText(Program::State& state, const std::string& shown) {
  std::string path = shown;
  if (state.input.shadow_files != nullptr) {
    for (const auto& [from, to] : *state.input.shadow_files) {
      if (from == path) path = to;
    }
  }
  if (isDirectory(path)) return "";  // a namespace package
  DiskState disk = statOf(path);
  Result<std::string> text = readFile(path);
  if (text.ok()) disk.content = contentHash(text.value());
  state.reads[shown] = disk;
  return text.ok() ? std::move(text.value()) : std::string();
}

ModuleId enterModule(Program::State& state, std::string_view name) {
  World& w = state.world;
  NameId id = w.name(name);
  auto entered = w.module_by_name.find(id);
  if (entered != w.module_by_name.end()) return entered->second;
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
  if (!info.is_library && state.input.known != nullptr) {
    auto known = state.input.known->find(keyOf(info.path, name));
    if (known != state.input.known->end()) state.known[module.value] = known->second;
  }
  return module;
}

void loadModule(Program::State& state, ModuleId id) {
  World& w = state.world;
  Module& module = w.modules[id];
  module.parsed = Progress::kRunning;
  if (!state.has_text[id.value]) {
    module.text = readText(state, module.path);
    if (!module.is_library) config::applyModuleSettings(module.options, config::readInlineConfig(module.text).settings);
  }
  module.lines = LineIndex(module.text);
  auto lowered = syntax::parseModule(module.text, state.names);
  state.errors[id.value] = std::move(lowered.error);
  if (!module.is_library && !module.options.mypy && !state.errors[id.value]) {
    state.errors[id.value] = semantic::findCompileError(lowered.ast, state.names);
  }
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
  module.unreachable = semantic::findUnreachable(*module.ast, semantic::targetOf(module.options)).marks();
  module.parsed = Progress::kDone;
  declare::collectModule(w, id);
}

ModuleId findModule(World& w, std::string_view name) {
  Program::State& state = *static_cast<Program::State*>(w.hooks.program);
  ModuleId module = enterModule(state, name);
  if (module.valid() && w.modules[module].parsed == Progress::kNot) loadModule(state, module);
  return module;
}

}  // namespace krait::program

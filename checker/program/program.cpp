#include "checker/program/program.h"

#include <algorithm>

#include "analyzer/config/inline_config.h"
#include "analyzer/semantic/imports/imports_of.h"
#include "checker/check/check.h"
#include "checker/program/error_context.h"
#include "checker/program/interface.h"
#include "checker/program/resolution.h"
#include "checker/program/state.h"
#include "checker/program/workers.h"

namespace krait::program {

using namespace types;

Program::Program(const ProgramInput& input) : state_(new State(input)) {
  World& w = state_->world;
  startWorld(*state_);
  state_->modules.resize(input.sources.size());
  for (size_t i = 0; i < input.sources.size(); ++i) {
    const config::Source& source = input.sources[i];
    ModuleId module = addSource(*state_, source.path, source.module);
    state_->modules[i] = module;
    Module& info = w.modules[module];
    info.text = input.files[input.ids[i]].text;
    if (input.known != nullptr) {
      auto known = input.known->find(keyOf(source.path, source.module));
      if (known != input.known->end()) state_->known[module.value] = known->second;
    }
    state_->has_text[module.value] = state_->known[module.value] == nullptr;
    config::InlineConfig own = config::readInlineConfig(info.text);
    config::applyModuleSettings(info.options, own.settings);
  }
  w.builtins = findModule(w, "builtins");
  followImportsOfSources(*state_);
}

Program::~Program() = default;

void Program::check(unsigned workers) {
  if (!state_->world.builtins.valid()) return;
  checkSources(*state_, workers);
}

bool Program::isKnown(size_t index) const { return state_->known[state_->modules[index].value] != nullptr; }

semantic::ParsedView Program::parsedSource(size_t index) const {
  ModuleId id = state_->modules[index];
  const Module& module = state_->world.modules[id];
  return {.ast = module.ast.get(), .error = &state_->errors[id.value], .unreachable = &module.unreachable, .compile_errors = &state_->late_errors[id.value]};
}

void Program::describe(size_t index, FileRecord& record) const {
  World& w = state_->world;
  ModuleId id = state_->modules[index];
  const Module& module = w.modules[id];
  if (const FileRecord* known = state_->known[id.value]) {
    record.imports = known->imports;
    record.interface = known->interface;
  } else {
    for (const semantic::ImportedModule& imported : semantic::importsOf(*module.ast, w.text(module.name), module.is_package, module.unreachable)) {
      record.imports.push_back(imported.name);
    }
    record.interface = interfaceHash(*module.ast, follows(module.options, Divergence::kInferredResults));
  }
  record.resolution = resolutionHash(state_->input.resolver, record.imports);
  auto read = state_->reads.find(module.path);
  if (read != state_->reads.end() && record.state.content == 0) record.state = read->second;
}

std::vector<ReadPath> Program::libraries() const {
  std::unordered_map<std::string_view, bool> sources;
  for (const config::Source& source : state_->input.sources) sources[source.path] = true;
  std::vector<ReadPath> out;
  for (const auto& [path, disk] : state_->reads) {
    if (sources.count(path) == 0) out.push_back({path, disk});
  }
  std::sort(out.begin(), out.end(), [](const ReadPath& a, const ReadPath& b) { return a.path < b.path; });
  return out;
}

std::vector<Diagnostic> diagnosticsOf(std::vector<Message> messages, FileId file) {
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
    diagnostic.file = file;
    diagnostic.shows_note_code = message.severity == Severity::kNote && (message.shows_code || message.code == Code::kDeprecated);
    diagnostic.range = message.range;
    if (message.origin.size() != 0) diagnostic.origin = message.origin;
    diagnostic.message = std::move(message.text);
    result.push_back(std::move(diagnostic));
  }
  return result;
}

std::vector<std::string> Program::foldersRead() const {
  std::vector<std::string> out = state_->input.resolver.foldersRead();
  out.insert(out.end(), state_->folders.begin(), state_->folders.end());
  return out;
}

std::vector<Diagnostic> Program::diagnosticsOf(size_t index) {
  auto found = state_->found.find(index);
  if (found != state_->found.end()) return std::move(found->second);
  Module& module = state_->world.modules[state_->modules[index]];
  std::vector<Diagnostic> diagnostics = program::diagnosticsOf(std::move(module.messages), state_->input.ids[index]);
  if (module.options.show_error_context && module.ast != nullptr) addContext(*module.ast, diagnostics);
  return diagnostics;
}

}  // namespace krait::program

// Modules: from a name to a parsed text whose names are collected.
#include "analyzer/base/file_io.h"
#include "analyzer/config/inline_config.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/flow/reachability.h"
#include "analyzer/syntax/reparse.h"
#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/type_comments.h"
#include "checker/check/check.h"
#include "checker/program/half_typed.h"
#include "checker/program/kept_trees.h"
#include "checker/program/read_ahead.h"
#include "checker/program/state.h"
#include "checker/program/stub_trees.h"

namespace krait::program {

using namespace types;

ModuleId addModule(Program::State& state, std::string_view name) {
  World& w = state.world;
  NameId id = w.name(name);
  ModuleId module = w.modules.add();
  w.modules[module].name = id;
  w.module_by_name[id] = module;
  state.errors.emplace_back();
  state.late_errors.emplace_back();
  state.known.push_back(nullptr);
  state.has_text.push_back(false);
  return module;
}

void startWorld(Program::State& state) {
  World& w = state.world;
  w.hooks.program = &state;
  w.hooks.find_module = findModule;
  declare::installHooks(w);
  check::installHooks(w);
  w.options = state.input.config.base;
}

ModuleId addSource(Program::State& state, const std::string& path, const std::string& name) {
  std::string known_as = name.empty() ? "__main__" : name;
  ModuleId id = addModule(state, known_as);
  Module& info = state.world.modules[id];
  info.path = path;
  info.is_stub = path.ends_with(".pyi");
  info.is_package = path.ends_with("__init__.py") || path.ends_with("__init__.pyi");
  info.options = config::optionsForModule(configOf(state.input, path), known_as);
  return id;
}

const config::Config& configOf(const ProgramInput& input, std::string_view path) {
  const FolderConfig* found = nullptr;
  if (input.folders == nullptr) return input.config;
  for (const FolderConfig& one : *input.folders) {
    bool holds = path.starts_with(one.folder) && path.substr(one.folder.size(), 1) == "/";
    if (holds && (found == nullptr || one.folder.size() > found->folder.size())) found = &one;
  }
  return found != nullptr ? *found->config : input.config;
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

// Does the configuration leave out a module that is imported but not given? Stubs are followed unless it says so of them, too.
// ref: mypy build.find_module_and_diagnose
static bool isLeftOut(Program::State& state, const semantic::ResolvedModule& found, std::string_view name) {
  static constexpr std::string_view kCore[] = {"builtins", "typing", "types", "typing_extensions", "mypy_extensions", "_typeshed", "_collections_abc",
                                               "collections", "collections.abc", "sys", "abc"};
  if (found.is_namespace || std::find(std::begin(kCore), std::end(kCore), name) != std::end(kCore)) return false;
  const config::Config& config = configOf(state.input, found.path);
  if (config.base.follow_imports == "normal" && config.sections.empty()) return false;
  config::Options options = config::optionsForModule(config, name);
  if (options.follow_imports != "skip" && options.follow_imports != "error") return false;
  return found.path.ends_with(".py") || options.follow_imports_for_stubs;
}

ModuleId enterModule(Program::State& state, std::string_view name) {
  World& w = state.world;
  NameId id = w.name(name);
  auto entered = w.module_by_name.find(id);
  if (entered != w.module_by_name.end()) return entered->second;
  if (name.empty()) return ModuleId::none();
  const semantic::ResolvedModule& found = state.input.resolver.resolve(name);
  if (!found.found() || isLeftOut(state, found, name)) {
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
  info.options = config::optionsForModule(configOf(state.input, info.path), name);
  if (!info.is_library && state.input.known != nullptr) {
    auto known = state.input.known->find(keyOf(info.path, name));
    if (known != state.input.known->end()) state.known[module.value] = known->second;
  }
  return module;
}

static void takeTree(ParsedText& out, Ast ast, Interner& names) {
  uint32_t written = ast.nodeCount();
  out.ast = std::make_shared<const Ast>(syntax::applyTypeComments(std::move(ast), names, out.problems));
  out.has_type_comments = out.ast->nodeCount() != written;
}

std::shared_ptr<ParsedText> ParsedTexts::parse(std::string text, Interner& names, bool is_library, const syntax::SyntaxTree* tree) {
  auto out = std::make_shared<ParsedText>();
  out->text = std::move(text);
  if (is_library && tree == nullptr) {
    if (std::optional<Ast> made = stubTreeOf(out->text, names)) {
      out->ast = std::make_shared<const Ast>(std::move(*made));
      return out;
    }
  }
  // What Python might reject marks the text while it is lowered; the exact check has the last word on such texts only.
  constexpr syntax::SyntaxCheck check = syntax::SyntaxCheck::kWhenSuspicious;
  syntax::ParsedModule module = tree != nullptr ? syntax::parseModule(out->text, *tree, names, check) : syntax::parseModule(out->text, names, check);
  out->error = std::move(module.error);
  takeTree(*out, std::move(module.ast), names);
  return out;
}

std::shared_ptr<ParsedText> ParsedTexts::parseFile(const std::string& path, std::string text, Interner& names, bool is_library, KeptTrees* kept) {
  // The installation has trees of its stubs.
  bool is_kept = kept != nullptr && !path.ends_with(".pyi");
  std::shared_ptr<ParsedText> out = is_kept ? kept->find(text, !is_library, names) : nullptr;
  if (out != nullptr) return out;
  out = parse(std::move(text), names, is_library);
  if (is_kept) kept->note(out, !is_library);
  return out;
}

std::shared_ptr<ParsedText> ParsedTexts::parseEdited(const ParsedText& before, const syntax::TextEdit& edit, std::string text, Interner& names,
                                                    bool* is_wrong) {
  if (before.error || before.has_type_comments) return nullptr;
  auto out = std::make_shared<ParsedText>();
  out->text = std::move(text);
  syntax::Reparsed edited = syntax::reparse(*before.ast, out->text, edit, names);
  if (is_wrong != nullptr) *is_wrong = edited.is_wrong;
  if (!edited.ast) return nullptr;
  takeTree(*out, std::move(*edited.ast), names);
  return out;
}

std::shared_ptr<ParsedText> parseHalfTyped(const ParsedText& before, const syntax::TextEdit& edit, std::string text, Interner& names) {
  if (before.error || before.has_type_comments) return nullptr;
  auto out = std::make_shared<ParsedText>();
  out->text = std::move(text);
  syntax::Reparsed edited = syntax::reparse(*before.ast, out->text, edit, names, syntax::KeepBroken::kYes);
  if (edited.broken) out->error = syntax::findSyntaxError(out->text);
  if (!edited.ast && !out->error) return nullptr;
  takeTree(*out, std::move(edited.ast ? *edited.ast : *edited.broken), names);
  return out;
}

// The parsed text of a module whose text nobody gave: an editor's, an earlier program's, the disk's.
static std::shared_ptr<const ParsedText> parsedTextOf(Program::State& state, const Module& module) {
  ParsedTexts* texts = state.input.parsed;
  if (texts == nullptr) return ParsedTexts::parse(readText(state, module.path), state.names, module.is_library);
  auto open = texts->open.find(module.path);
  if (open != texts->open.end()) return open->second;
  auto before = texts->on_disk.find(module.path);
  if (before != texts->on_disk.end()) {
    DiskState disk = before->second->disk;
    if (isFileCurrent(module.path, disk)) return before->second;
  }
  std::shared_ptr<ParsedText> parsed = state.input.read_ahead != nullptr ? state.input.read_ahead->take(module.path) : nullptr;
  if (parsed != nullptr) {
    state.reads[module.path] = parsed->disk;
  } else {
    parsed = ParsedTexts::parseFile(module.path, readText(state, module.path), state.names, module.is_library, state.input.kept_trees);
    auto read = state.reads.find(module.path);
    if (read != state.reads.end()) parsed->disk = read->second;
  }
  texts->on_disk[module.path] = parsed;
  return parsed;
}

void loadModule(Program::State& state, ModuleId id) {
  World& w = state.world;
  Module& module = w.modules[id];
  module.parsed = Progress::kRunning;
  std::shared_ptr<const ParsedText> parsed;
  if (state.has_text[id.value]) {
    parsed = ParsedTexts::parse(module.text, state.names, module.is_library);
  } else {
    parsed = parsedTextOf(state, module);
    module.text = parsed->text;
    if (!module.is_library) config::applyModuleSettings(module.options, config::readInlineConfig(module.text).settings);
  }
  module.lines = LineIndex(module.text);
  // The tree borrows the text that it was parsed from: keeping one keeps both.
  module.ast = std::shared_ptr<const Ast>(parsed, parsed->ast.get());
  state.errors[id.value] = parsed->error;
  if (!module.is_library && !module.options.mypy && !parsed->error) {
    state.late_errors[id.value] = semantic::findCompileErrors(*module.ast, state.names, semantic::topLevelOf(module.path));
  }
  for (const syntax::TypeCommentProblem& problem : parsed->problems) {
    Message message;
    message.range = module.ast->range(problem.node);
    message.code = problem.is_syntax ? Code::kSyntax : Code::kMisc;
    message.text = problem.message;
    message.phase = 0;
    if (module.is_library) continue;
    module.messages.push_back(message);
    if (problem.note.empty()) continue;
    message.severity = Severity::kNote;
    message.text = problem.note;
    module.messages.push_back(std::move(message));
  }
  module.unreachable = semantic::findUnreachable(*module.ast, semantic::targetOf(module.options)).marks();
  module.parsed = Progress::kDone;
  if (state.input.read_ahead != nullptr) state.input.read_ahead->follow(w.text(module.name), module.is_package, module.ast);
  declare::collectModule(w, id);
}

ModuleId findModule(World& w, std::string_view name) {
  Program::State& state = *static_cast<Program::State*>(w.hooks.program);
  ModuleId module = enterModule(state, name);
  if (module.valid() && w.modules[module].parsed == Progress::kNot) loadModule(state, module);
  return module;
}

}  // namespace krait::program

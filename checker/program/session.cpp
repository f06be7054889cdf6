#include "checker/program/session.h"

#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "checker/check/check.h"
#include "checker/program/patch.h"
#include "checker/program/state.h"

namespace krait::program {

using namespace types;

// So many edits at most are patched into one World.
static constexpr size_t kMostPatches = 3000;

Session::Session(const config::Config& config, semantic::ImportResolver& resolver, Interner& names, std::vector<FolderConfig> folders, KeptTrees* kept)
    : config_(config), resolver_(resolver), names_(names), folders_(std::move(folders)), kept_trees_(kept), read_ahead_(resolver, names, kept) {}

Session::~Session() = default;

void Session::setText(const std::string& path, const std::string& module, std::string text) {
  auto found = documents_.find(path);
  if (found != documents_.end() && found->second.parsed->text == text && found->second.module == module) return;
  setParsed(path, module, ParsedTexts::parse(std::move(text), names_, false));
}

void Session::setParsed(const std::string& path, const std::string& module, std::shared_ptr<const ParsedText> parsed) {
  auto [found, is_new] = documents_.try_emplace(path);
  Document& document = found->second;
  if (!is_new && document.parsed == parsed && document.module == module) return;
  bool is_renamed = document.module != module;
  document.module = module;
  document.parsed = std::move(parsed);
  document.error = document.parsed->error;
  document.late_errors.clear();
  if (!document.error && !configOf(input(), path).base.mypy) document.late_errors = semantic::findCompileErrors(*document.parsed->ast, names_, semantic::topLevelOf(path));
  // A text that does not parse has one finding; the World keeps the version before it until it is right again.
  if (document.error) {
    last_change_ = path + " is not right just now: its last right version counts";
    if (is_new) texts_.open[path] = document.parsed;
    is_stale_ = is_stale_ || is_new;
    return;
  }
  texts_.open[path] = document.parsed;
  bool is_worn = patched_ - patched_before_ >= kMostPatches;
  bool is_patched = !is_new && !is_renamed && !is_stale_ && !is_worn && document.id.valid() && document.is_checked && patch(document, document.parsed);
  if (is_patched) document.in_world = document.parsed;
  if (is_patched) ++patched_;
  if (is_new) last_change_ = path + " was opened";
  else if (is_patched) last_change_ = "the edit of " + path + " was patched in: nothing outside the edited function changed";
  else if (is_worn) last_change_ = "so many edits were patched in that everything was checked again";
  else last_change_ = "the edit of " + path + " changed what others can see";
  is_stale_ = is_stale_ || !is_patched;
}

// Into the World; where that fails it is stale at least.
bool Session::patch(Document& document, const std::shared_ptr<const ParsedText>& parsed) {
  Patched patched = patchModule(*state_, document.id, parsed);
  is_sound_ = is_sound_ && patched != Patched::kBroken;
  is_stale_ = is_stale_ || !is_sound_;
  if (patched == Patched::kYes) document.is_probed = false;
  return patched == Patched::kYes;
}

std::shared_ptr<const ParsedText> Session::textInWorld(const std::string& path) const {
  auto found = documents_.find(path);
  bool is_there = found != documents_.end() && is_sound_ && found->second.id.valid() && found->second.is_checked;
  return is_there ? found->second.in_world : nullptr;
}

Session::View Session::probe(const std::string& path, const std::shared_ptr<const ParsedText>& parsed) {
  if (textInWorld(path) == nullptr) return {};
  Document& document = documents_.find(path)->second;
  if (!patch(document, parsed)) return {};
  document.is_probed = true;
  return {&state_->world, document.id};
}

// The texts that were checked come back.
void Session::endProbes() {
  for (auto& [path, document] : documents_) {
    if (document.is_probed && !is_stale_ && !patch(document, document.in_world)) is_stale_ = true;
  }
}

void Session::close(const std::string& path) {
  if (documents_.erase(path) == 0) return;
  texts_.open.erase(path);
  is_stale_ = true;
}

void Session::reset() {
  last_change_ = "files or settings changed on disk";
  is_stale_ = true;
}

ProgramInput Session::input() {
  return {.config = config_, .sources = no_sources_, .resolver = resolver_, .files = no_files_, .ids = no_ids_,
          .names = &names_, .parsed = &texts_, .folders = &folders_, .read_ahead = &read_ahead_, .kept_trees = kept_trees_};
}

bool Session::renewAfter(size_t most) {
  if (is_stale_ || state_ == nullptr || patched_ - patched_before_ < most) return false;
  is_stale_ = true;
  std::vector<std::string> paths;
  for (const auto& [path, document] : documents_) paths.push_back(path);
  for (const std::string& path : paths) ready(path);
  return true;
}

void Session::rebuild() {
  ++rebuilt_;
  patched_before_ = patched_;
  is_sound_ = true;
  state_.reset();
  state_ = std::make_unique<Program::State>(input());
  World& w = state_->world;
  startWorld(*state_);
  w.sees_all_submodules = true;
  w.builtins = findModule(w, "builtins");
  for (auto& [path, document] : documents_) {
    document.id = ModuleId::none();
    document.is_checked = false;
    document.is_probed = false;
    document.in_world.reset();
  }
  checked_closed_.clear();
  counted_closed_.clear();
  closed_bytes_ = 0;
  is_stale_ = false;
}

// The module of an open document. A script, or a file that its name does not lead to, is entered by its path.
ModuleId Session::enter(const std::string& path, Document& document) {
  World& w = state_->world;
  ModuleId found = document.module.empty() ? ModuleId::none() : findModule(w, document.module);
  if (found.valid() && w.modules[found].path == path) return found;
  ModuleId id = addSource(*state_, path, document.module);
  loadModule(*state_, id);
  // Others who import the name mean what the name leads to: the stub beside the source, the first of several folders.
  if (found.valid()) w.module_by_name[w.name(document.module)] = found;
  return id;
}

Session::Document* Session::ready(const std::string& path) {
  auto found = documents_.find(path);
  if (found == documents_.end()) return nullptr;
  endProbes();
  if (is_stale_) rebuild();
  Document& document = found->second;
  ReadAhead::While reading(read_ahead_);
  World& w = state_->world;
  if (!w.builtins.valid()) return &document;
  if (!document.id.valid()) {
    document.id = enter(path, document);
    // The user looks at it, so it is his to correct.
    w.modules[document.id].is_library = false;
  }
  if (!document.is_checked) {
    document.is_checked = true;
    document.in_world = texts_.open[path];
    check::checkModule(w, document.id);
  }
  return &document;
}

std::vector<Diagnostic> Session::findings(const std::string& path, FileId file) {
  auto found = documents_.find(path);
  if (found == documents_.end() || found->second.error) return {};
  Document* document = ready(path);
  if (!document->id.valid()) return {};
  return diagnosticsOf(state_->world.modules[document->id].messages, file);
}

semantic::ParsedView Session::parsed(const std::string& path) {
  auto found = documents_.find(path);
  if (found == documents_.end()) return {};
  Document* document = &found->second;
  return {.ast = document->parsed->ast.get(), .error = &document->error, .unreachable = nullptr, .compile_errors = &document->late_errors,
          .stops_at_error = true};
}

Session::View Session::view(const std::string& path) {
  Document* document = ready(path);
  if (document == nullptr) return {};
  return {&state_->world, document->id};
}

Session::View Session::lastView(const std::string& path) {
  if (textInWorld(path) == nullptr) return view(path);
  return {&state_->world, documents_.find(path)->second.id};
}

ModuleId Session::findClosed(const std::string& path, const std::string& module) {
  endProbes();
  if (is_stale_) rebuild();
  World& w = state_->world;
  if (!w.builtins.valid() || module.empty()) return ModuleId::none();
  ModuleId id = findModule(w, module);
  return id.valid() && w.modules[id].path == path ? id : ModuleId::none();
}

void Session::countClosed(ModuleId id) {
  if (counted_closed_.insert(id.value).second) closed_bytes_ += state_->world.modules[id].text.size();
}

ModuleId Session::readyClosed(const std::string& path, const std::string& module) {
  ReadAhead::While reading(read_ahead_);
  ModuleId id = findClosed(path, module);
  if (!id.valid() || !checked_closed_.insert(path).second) return id;
  countClosed(id);
  check::checkModule(state_->world, id);
  return id;
}

std::vector<Diagnostic> Session::findingsOfClosed(const std::string& path, const std::string& module, FileId file) {
  ModuleId id = readyClosed(path, module);
  return id.valid() ? diagnosticsOf(state_->world.modules[id].messages, file) : std::vector<Diagnostic>();
}

Session::View Session::viewOfClosed(const std::string& path, const std::string& module) {
  ModuleId id = readyClosed(path, module);
  if (state_ == nullptr) return {};
  return {&state_->world, id};
}

// The function of a module or class that the node stands in: the outermost that the module knows; none: no function.
static FunctionId functionAround(const Module& module, syntax::NodeId node) {
  FunctionId out;
  for (; node.valid(); node = module.ast->parent(node)) {
    if (!module.ast->is(node, syntax::NodeKind::kFunctionDef)) continue;
    auto found = module.functions.find(node.value);
    if (found != module.functions.end()) out = found->second;
  }
  return out;
}

Session::View Session::viewOfClosed(const std::string& path, const std::string& module, syntax::NodeId node) {
  if (!is_stale_ && checked_closed_.count(path) != 0) return viewOfClosed(path, module);
  ReadAhead::While reading(read_ahead_);
  ModuleId id = findClosed(path, module);
  if (state_ == nullptr) return {};
  World& w = state_->world;
  if (!id.valid() || checked_closed_.count(path) != 0) return {&w, id};
  countClosed(id);
  check::checkTopLevel(w, id);
  FunctionId function = functionAround(w.modules[id], node);
  if (function.valid()) check::checkFunction(w, function);
  return {&w, id};
}

std::shared_ptr<const ParsedText> Session::parsedFile(const std::string& path) const {
  auto found = texts_.on_disk.find(path);
  return found != texts_.on_disk.end() ? found->second : nullptr;
}

}  // namespace krait::program

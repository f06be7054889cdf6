#include "analyzer/semantic/star_names.h"

#include <mutex>
#include <unordered_map>

#include "analyzer/base/file_io.h"
#include "analyzer/semantic/open_names.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/exports.h"
#include "analyzer/semantic/flow/reachability.h"
#include "analyzer/semantic/imports/imports_of.h"
#include "analyzer/syntax/parser.h"

namespace krait::semantic {

namespace {
struct ModuleNames {
  bool is_known = false;
  std::vector<NameId> names;
  std::vector<std::string> stars;  // modules whose star names are part of these
};
}  // namespace

struct StarNames::State {
  ImportResolver& resolver;
  Interner& names;
  std::mutex lock;
  std::unordered_map<std::string, std::unique_ptr<ModuleNames>> modules;
  std::once_flag builtins_once;
  NameSet builtins;
};

StarNames::StarNames(ImportResolver& resolver, Interner& names)
    : state_(new State{resolver, names, {}, {}, {}, {}}) {}
StarNames::~StarNames() = default;

static Target targetOf(const ImportResolver& resolver) {
  Target target;
  target.major = resolver.options().major_version;
  target.minor = resolver.options().minor_version;
  return target;
}

static ModuleNames readModule(ImportResolver& resolver, Interner& names, const std::string& module) {
  ModuleNames result;
  const ResolvedModule& resolved = resolver.resolve(module);
  if (resolved.path.empty() || resolved.is_namespace) return result;
  Result<std::string> text = readFile(resolved.path);
  if (!text.ok()) return result;
  syntax::ParsedModule lowered = syntax::parseModule(text.value(), names, syntax::SyntaxCheck::kWhenSuspicious);
  SemanticModel model = bind(lowered.ast, names);
  Reachability reachability = findUnreachable(lowered.ast, targetOf(resolver));
  FileKind kind = resolved.path.ends_with(".pyi") ? FileKind::kStub : FileKind::kSource;
  ModuleExports exports = exportsOf(model, names, kind, reachability.marks());
  result.is_known = true;
  if (exports.has_all && exports.is_all_known) {
    for (const AllEntry& entry : exports.all) result.names.push_back(entry.name);
    for (const std::string& other : exports.all_of_modules) {
      // `m.__all__` of a sibling imported by `from . import m` is close enough to m's star names.
      result.stars.push_back(absoluteModule(module, resolved.is_package, 1, other));
      result.stars.push_back(other);
    }
    return result;
  }
  if (opensItsNames(model.ast())) result.is_known = false;
  auto symbols = model.symbolsOf(SemanticModel::kModuleScope);
  for (size_t i = 0; i < symbols.size(); ++i) {
    bool is_bound = model[symbols[i]].definition_count > 0 || (model[symbols[i]].flags & kDefGlobal);
    if (is_bound && exports.visibility[i] == Visibility::kPublic) result.names.push_back(model[symbols[i]].name);
  }
  for (const StarImport& star : exports.star_imports) {
    std::string name = absoluteModule(module, resolved.is_package, star.level, names.text(star.module));
    if (name.empty()) {
      result.is_known = false;
    } else {
      result.stars.push_back(std::move(name));
    }
  }
  return result;
}

bool StarNames::addNamesOf(std::string_view module, NameSet& to) {
  std::vector<std::string> work = {std::string(module)};
  std::vector<std::string> seen;
  bool is_complete = true;
  while (!work.empty()) {
    std::string name = std::move(work.back());
    work.pop_back();
    bool is_seen = false;
    for (const std::string& other : seen) is_seen |= other == name;
    if (is_seen) continue;
    seen.push_back(name);
    const ModuleNames* found = nullptr;
    {
      std::lock_guard<std::mutex> guard(state_->lock);
      auto at = state_->modules.find(name);
      if (at != state_->modules.end()) found = at->second.get();
    }
    if (found == nullptr) {
      auto read = std::make_unique<ModuleNames>(readModule(state_->resolver, state_->names, name));
      std::lock_guard<std::mutex> guard(state_->lock);
      auto [at, added] = state_->modules.emplace(name, nullptr);
      if (added) at->second = std::move(read);
      found = at->second.get();
    }
    if (!found->is_known) is_complete = false;
    for (NameId id : found->names) to.add(id);
    work.insert(work.end(), found->stars.begin(), found->stars.end());
  }
  return is_complete;
}

// `from .sub import x` inside a package binds `sub` there as well (language reference, "Submodules").
static void addImportedSubmodules(const Ast& ast, Interner& names, NameSet& to) {
  for (const ImportedModule& imported : importsOf(ast, "p", true)) {
    if (imported.may_be_absent || !imported.is_top_level || !ast.is(imported.node, NodeKind::kImportFrom)) continue;
    if (!imported.name.starts_with("p.")) continue;
    std::string_view submodule = std::string_view(imported.name).substr(2);
    to.add(names.intern(submodule.substr(0, submodule.find('.'))));
  }
}

std::unique_ptr<NameSet> StarNames::namesOf(const SemanticModel& model, std::string_view module, bool is_package) {
  auto set = std::make_unique<NameSet>();
  if (opensItsNames(model.ast())) return nullptr;
  if (is_package) addImportedSubmodules(model.ast(), state_->names, *set);
  if (!model.hasStarImport()) {
    set->freeze();
    return set;
  }
  ModuleExports exports = exportsOf(model, state_->names, FileKind::kSource);
  for (const StarImport& star : exports.star_imports) {
    std::string name = absoluteModule(module, is_package, star.level, state_->names.text(star.module));
    if (name.empty() || !addNamesOf(name, *set)) return nullptr;
  }
  set->freeze();
  return set;
}

const NameSet& StarNames::builtins() {
  std::call_once(state_->builtins_once, [&] {
    const ResolvedModule& resolved = state_->resolver.resolve("builtins");
    Result<std::string> text = readFile(resolved.path);
    std::string empty;
    const std::string& source = text.ok() ? text.value() : empty;
    syntax::ParsedModule lowered = syntax::parseModule(source, state_->names, syntax::SyntaxCheck::kWhenSuspicious);
    SemanticModel model = bind(lowered.ast, state_->names);
    Reachability reachability = findUnreachable(lowered.ast, targetOf(state_->resolver));
    state_->builtins = builtinNames(model, state_->names, reachability.marks());
  });
  return state_->builtins;
}

}  // namespace krait::semantic

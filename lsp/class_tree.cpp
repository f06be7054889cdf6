#include "lsp/class_tree.h"

#include <algorithm>

#include "analyzer/base/file_io.h"
#include "analyzer/config/installation.h"
#include "lsp/file_index.h"
#include "lsp/library_docs.h"
#include "lsp/render_signature.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// An import may lead to an import.
static constexpr int kMostSteps = 8;
// A tree of classes is not searched further than this.
static constexpr size_t kMostClasses = 2000;

static void addNew(std::vector<Target>* to, const Target& target) {
  if (std::find(to->begin(), to->end(), target) == to->end()) to->push_back(target);
}

static bool isClass(const Target& target) { return target.module != nullptr && target.module->ast().is(target.owner, NodeKind::kClassDef); }

std::vector<Target> basesOf(Workspace& workspace, const Target& cls) {
  std::vector<Target> out;
  if (!isClass(cls)) return out;
  const Ast& ast = cls.module->ast();
  for (NodeId base : ast.as<ClassDef>(cls.owner).args()) {
    if (ast.is(base, NodeKind::kKeyword)) continue;
    if (auto subscript = ast.tryAs<Subscript>(base)) base = subscript->value();
    for (const Target& target : valueTargets(workspace, *cls.module, base)) {
      if (isClass(target) && !(target == cls)) addNew(&out, target);
    }
  }
  return out;
}

std::vector<Target> ancestorsOf(Workspace& workspace, const Target& cls) {
  std::vector<Target> out = basesOf(workspace, cls);
  for (size_t i = 0; i < out.size() && out.size() < kMostClasses; ++i) {
    for (const Target& base : basesOf(workspace, out[i])) addNew(&out, base);
  }
  return out;
}

static void addSubclassesIn(Workspace& workspace, SourceModule& module, const Target& cls, std::string_view name, std::vector<Target>* out) {
  if (module.text().find("class ") == std::string_view::npos) return;
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto def = ast.tryAs<ClassDef>(NodeId(i));
    if (!def || def->args().empty() || ast.parent(NodeId(i)).isNone()) continue;
    Target candidate{&module, def->name(), NodeId(i)};
    bool mentions = std::any_of(def->args().begin(), def->args().end(), [&](NodeId base) {
      // Under another name only where the module renames it.
      return ast.text(base).find(name) != std::string_view::npos || module.text().find(std::string(name) + " as ") != std::string_view::npos;
    });
    if (!mentions) continue;
    std::vector<Target> bases = basesOf(workspace, candidate);
    if (std::find(bases.begin(), bases.end(), cls) != bases.end()) addNew(out, candidate);
  }
}

std::vector<Target> subclassesOf(Workspace& workspace, const Target& cls) {
  std::vector<Target> out;
  if (!isClass(cls)) return out;
  std::string name(nameText(cls.module->ast(), cls.name));
  std::vector<SourceModule*> modules = workspace.openDocuments();
  addNew(&out, cls);
  if (!cls.module->is_open && !workspace.isOwn(*cls.module)) modules.push_back(cls.module);
  uint32_t key = keyOf(cls);
  for (const std::string& path : workspace.projectFiles()) {
    const FileIndex* index = workspace.indexOf(path);
    if (index != nullptr ? index->mentionsOf(key).empty() : !workspace.mayName(path, name)) continue;
    SourceModule* module = workspace.load(path);
    if (module != nullptr && !module->is_open) modules.push_back(module);
  }
  for (SourceModule* module : modules) {
    if (module->text().find(name) != std::string_view::npos) addSubclassesIn(workspace, *module, cls, name, &out);
  }
  out.erase(out.begin());
  return out;
}

std::vector<Target> descendantsOf(Workspace& workspace, const Target& cls) {
  std::vector<Target> out = subclassesOf(workspace, cls);
  for (size_t i = 0; i < out.size() && out.size() < kMostClasses; ++i) {
    for (const Target& below : subclassesOf(workspace, Target(out[i]))) addNew(&out, below);
  }
  return out;
}

std::vector<Target> ownMember(const Target& cls, std::string_view name) {
  std::vector<Target> out;
  if (!isClass(cls)) return out;
  const semantic::SemanticModel& model = cls.module->model();
  semantic::ScopeId scope = model.scopeOf(cls.owner);
  for (semantic::SymbolId symbol : scope.valid() ? model.symbolsOf(scope) : std::span<const semantic::SymbolId>()) {
    if (model.nameOf(symbol) != name) continue;
    for (const semantic::Definition& definition : model.definitions(model.resolve(symbol))) out.push_back({cls.module, definition.node, definition.owner});
  }
  return out;
}

Target classAround(const Target& member) {
  const Ast& ast = member.module->ast();
  NodeId parent = member.owner.valid() ? ast.parent(member.owner) : NodeId::none();
  // `if sys.version_info >= …:` in a class.
  while (ast.is(parent, NodeKind::kIf) || ast.is(parent, NodeKind::kTry) || ast.is(parent, NodeKind::kExceptHandler)) parent = ast.parent(parent);
  if (!ast.is(parent, NodeKind::kClassDef)) return {};
  return {member.module, ast.as<ClassDef>(parent).name(), parent};
}

// Does the class itself say that it is a protocol?
static bool isProtocol(const Target& cls) {
  if (!isClass(cls)) return false;
  const Ast& ast = cls.module->ast();
  NodeList bases = ast.as<ClassDef>(cls.owner).args();
  return std::any_of(bases.begin(), bases.end(), [&](NodeId base) {
    if (auto subscript = ast.tryAs<Subscript>(base)) base = subscript->value();
    if (auto attribute = ast.tryAs<Attribute>(base)) base = attribute->attr();
    return !ast.is(base, NodeKind::kKeyword) && nameText(ast, base) == "Protocol";
  });
}

// Classes that have all that the protocol asks for, by names, and do not name it as a base.
static std::vector<Target> structuralClasses(Workspace& workspace, const Target& protocol) {
  std::vector<Target> out;
  const Ast& ast = protocol.module->ast();
  std::vector<std::string> wanted;
  for (NodeId statement : ast.as<ClassDef>(protocol.owner).body()) {
    if (auto function = ast.tryAs<FunctionDef>(statement)) wanted.emplace_back(nameText(ast, function->name()));
    auto field = ast.tryAs<AnnAssign>(statement);
    if (field && ast.is(field->target(), NodeKind::kName)) wanted.emplace_back(nameText(ast, field->target()));
  }
  if (wanted.empty() || !workspace.isOwn(*protocol.module)) return out;
  std::vector<SourceModule*> modules = workspace.openDocuments();
  for (const std::string& path : workspace.projectFiles()) {
    bool may_have = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) { return workspace.mayName(path, name); });
    SourceModule* module = may_have ? workspace.load(path) : nullptr;
    if (module != nullptr && !module->is_open) modules.push_back(module);
  }
  for (SourceModule* module : modules) {
    const Ast& other = module->ast();
    for (uint32_t i = 0; i < other.nodeCount() && out.size() < kMostClasses; ++i) {
      auto def = other.tryAs<ClassDef>(NodeId(i));
      if (!def || other.parent(NodeId(i)).isNone()) continue;
      Target candidate{module, def->name(), NodeId(i)};
      auto has = [&](const std::string& name) { return !classMember(workspace, candidate, name).empty(); };
      if (!(candidate == protocol) && !isProtocol(candidate) && std::all_of(wanted.begin(), wanted.end(), has)) addNew(&out, candidate);
    }
  }
  return out;
}

std::vector<Target> implementationTargets(Workspace& workspace, SourceModule& module, NodeId name) {
  std::vector<Target> targets = definitionTargets(workspace, module, name);
  std::vector<Target> out;
  for (const Target& target : targets) {
    if (isClass(target)) {
      for (const Target& below : descendantsOf(workspace, target)) addNew(&out, below);
      for (const Target& fitting : isProtocol(target) ? structuralClasses(workspace, target) : std::vector<Target>()) addNew(&out, fitting);
    } else if (Target cls = classAround(target); cls.module != nullptr) {
      std::string text(nameText(target.module->ast(), target.name));
      for (const Target& below : descendantsOf(workspace, cls)) {
        for (const Target& member : ownMember(below, text)) addNew(&out, member);
      }
      for (const Target& fitting : isProtocol(cls) ? structuralClasses(workspace, cls) : std::vector<Target>()) {
        for (const Target& member : classMember(workspace, fitting, text)) addNew(&out, member);
      }
    }
  }
  if (!out.empty()) return out;
  // Of overloads what implements them; of stubs what they describe.
  bool has_body = std::any_of(targets.begin(), targets.end(), [](const Target& one) { return !isOverload(one); });
  if (has_body) std::erase_if(targets, isOverload);
  return throughStubs(workspace, std::move(targets));
}

std::vector<Target> constructorsOf(Workspace& workspace, const Target& cls) {
  std::vector<Target> line = ancestorsOf(workspace, cls);
  line.insert(line.begin(), cls);
  for (const Target& one : line) {
    std::string_view base = nameText(one.module->ast(), one.name);
    if (base == "object") continue;
    // Nobody wrote what makes the objects of a class of named fields.
    if (base == "NamedTuple" && !(one == cls)) return {};
    for (std::string_view name : {"__init__", "__new__"}) {
      std::vector<Target> found = ownMember(one, name);
      std::erase_if(found, [](const Target& member) { return !member.module->ast().is(member.owner, NodeKind::kFunctionDef); });
      if (!found.empty()) return found;
    }
  }
  return {};
}

// The file, no stub, of a module's name, or null.
static SourceModule* sourceOfModule(Workspace& workspace, std::string relative) {
  std::replace(relative.begin(), relative.end(), '.', '/');
  std::vector<std::string> folders = {config::stdlibFolder()};
  const semantic::SearchPaths& paths = workspace.resolver().options().paths;
  folders.insert(folders.end(), paths.source_roots.begin(), paths.source_roots.end());
  folders.insert(folders.end(), paths.site_packages.begin(), paths.site_packages.end());
  for (const std::string& folder : folders) {
    for (const char* end : {".py", "/__init__.py"}) {
      std::string path = folder + "/" + relative + end;
      if (isFile(path)) return workspace.load(path);
    }
  }
  return nullptr;
}

// What the source binds the name to; imports lead to sources, also where stubs leave a module out.
static std::vector<Target> sourceMember(Workspace& workspace, SourceModule& source, std::string_view name, int steps = 0) {
  std::vector<Target> found = moduleMember(workspace, source, name, FollowImports::kYes);
  for (const Target& target : found) {
    const Ast& ast = target.module->ast();
    auto alias = ast.tryAs<Alias>(target.owner);
    bool is_lost = alias && target.module == &source && ast.is(ast.parent(target.owner), NodeKind::kImportFrom) && steps < kMostSteps;
    SourceModule* from = is_lost ? sourceOfModule(workspace, importedModule(source, ast.parent(target.owner))) : nullptr;
    if (from != nullptr && from != &source) return sourceMember(workspace, *from, nameText(ast, alias->name()), steps + 1);
  }
  return found;
}

std::vector<Target> throughStubs(Workspace& workspace, std::vector<Target> targets) {
  for (Target& target : targets) {
    if (target.module == nullptr || !target.module->path().ends_with(".pyi")) continue;
    SourceModule* source = sourceOfModule(workspace, target.module->module_name);
    if (source == nullptr) continue;
    if (target.name.isNone()) {
      target = {source, NodeId::none(), source->ast().root()};
      continue;
    }
    std::string_view name = nameText(target.module->ast(), target.name);
    std::vector<Target> found;
    if (Target cls = classAround(target); cls.module != nullptr) {
      std::string_view class_name = nameText(cls.module->ast(), cls.name);
      for (const Target& outer : sourceMember(workspace, *source, class_name)) {
        for (const Target& member : classMember(workspace, outer, name)) found.push_back(member);
      }
    } else {
      found = sourceMember(workspace, *source, name);
    }
    // A stub again (the source imports its C part): no better than the first one. Nor is a variable where the stub tells
    // of a class or function.
    bool is_variable = target.module->ast().is(target.owner, NodeKind::kAssign) || target.module->ast().is(target.owner, NodeKind::kAnnAssign);
    std::erase_if(found, [&](const Target& one) {
      NodeKind kind = one.module->ast().kind(one.owner);
      return one.module->path().ends_with(".pyi") || (!is_variable && kind != NodeKind::kFunctionDef && kind != NodeKind::kClassDef && kind != NodeKind::kModule);
    });
    if (!found.empty()) target = found[0];
  }
  std::vector<Target> out;
  for (const Target& target : targets) addNew(&out, target);
  return out;
}

// Of a stub's module, function, class or method.
static std::string textOfLibrary(const Target& target) {
  const Ast& ast = target.module->ast();
  std::string name = target.name.valid() ? std::string(nameText(ast, target.name)) : std::string();
  bool is_named = ast.is(target.owner, NodeKind::kFunctionDef) || ast.is(target.owner, NodeKind::kClassDef) || target.name.isNone();
  if (!is_named) return "";
  Target cls = target.name.valid() && ast.is(target.owner, NodeKind::kFunctionDef) ? classAround(target) : Target();
  if (cls.module != nullptr) name = std::string(nameText(ast, cls.name)) + "." + name;
  return std::string(libraryDoc(target.module->module_name, name));
}

std::string documentationText(Workspace& workspace, const Target& target) {
  std::string out = docstringText(target.module->ast(), target.owner);
  if (!out.empty() || !target.module->path().ends_with(".pyi")) return out;
  for (const Target& source : throughStubs(workspace, {target})) {
    if (out.empty()) out = docstringText(source.module->ast(), source.owner);
  }
  return out.empty() && !workspace.isOwn(*target.module) ? textOfLibrary(target) : out;
}

}  // namespace krait::lsp

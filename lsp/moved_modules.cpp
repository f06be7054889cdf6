#include "lsp/moved_modules.h"

#include <algorithm>
#include <set>

#include "lsp/code_actions/action_list.h"
#include "lsp/occurrences.h"
#include "lsp/quoted_names.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::SymbolId;

static std::string lastPartOf(const std::string& name) { return name.substr(name.rfind('.') + 1); }

static std::string packageOf(const std::string& name) {
  size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

static bool isPackagePath(const std::string& path) { return path.ends_with("/__init__.py") || path.ends_with("/__init__.pyi"); }

namespace {
struct Moving {
  Workspace& workspace;
  const std::vector<ModuleMove>& moves;
  std::set<std::string> imported_names = {};  // "module:name" where a file imports the name from there
  std::vector<Edit> edits = {};

  std::string movedName(const std::string& name) const;
  bool mayConcern(const SourceModule& module) const;
  bool isPackageAfter(const SourceModule& module) const;
};

// The edits of one file.
struct MovingFile {
  Moving& moving;
  SourceModule& module;
  const Ast& ast = module.ast();
  std::set<uint32_t> renamed = {};  // symbols
  std::set<uint32_t> edited = {};   // where edits begin

  void add(TextRange range, std::string text);
  std::string relativeName(const std::string& wanted) const;
  bool mayRename(SymbolId owner, const std::string& from, const std::string& name) const;
  void renameBound(NodeId alias, const std::string& name);
  void import(NodeId node);
  void importFrom(NodeId node);
  void importedNames(NodeId node, const std::string& source);
  bool isBoundByImport(NodeId name, const ModuleMove& move) const;
  void use(NodeId node);
  void quoted(const std::vector<QuotedName>& names);
};
}  // namespace

// The name after the moves, or "" where it stays.
std::string Moving::movedName(const std::string& name) const {
  for (const ModuleMove& move : moves) {
    if (move.from == move.to) continue;
    if (name == move.from) return move.to;
    if (name.starts_with(move.from + ".")) return move.to + name.substr(move.from.size());
  }
  return "";
}

// Is it, or will it be, a package's own module?
bool Moving::isPackageAfter(const SourceModule& module) const {
  for (const ModuleMove& move : moves) {
    if (module.path() == move.old_path) return isPackagePath(move.new_path);
  }
  return isPackagePath(module.path());
}

bool Moving::mayConcern(const SourceModule& module) const {
  return std::any_of(moves.begin(), moves.end(), [&](const ModuleMove& move) {
    bool is_inside = module.module_name == move.from || module.module_name.starts_with(move.from + ".");
    return is_inside || module.text().find(lastPartOf(move.from)) != std::string_view::npos;
  });
}

void MovingFile::add(TextRange range, std::string text) {
  if (ast.text().substr(range.begin, range.size()) == text && range.size() > 0) return;
  if (range.size() > 0 && !edited.insert(range.begin).second) return;
  moving.edits.push_back({&module, range, std::move(text)});
}

// How the file will name a module from where it then is; "" where that needs the absolute name.
std::string MovingFile::relativeName(const std::string& wanted) const {
  std::string own = moving.movedName(module.module_name);
  const std::string& importer = own.empty() ? module.module_name : own;
  for (uint32_t level = 1;; ++level) {
    std::string base = semantic::absoluteModule(importer, moving.isPackageAfter(module), level, "");
    if (base.empty()) return "";
    if (wanted == base) return std::string(level, '.');
    if (wanted.starts_with(base + ".")) return std::string(level, '.') + wanted.substr(base.size() + 1);
  }
}

// Can the symbol take a new name with the module that it means?
bool MovingFile::mayRename(SymbolId owner, const std::string& from, const std::string& name) const {
  if (owner.isNone()) return false;
  const semantic::SemanticModel& model = module.model();
  for (const Definition& definition : model.definitions(owner)) {
    auto alias = ast.tryAs<Alias>(definition.owner);
    bool is_import = alias && ast.is(ast.parent(definition.owner), NodeKind::kImportFrom) && !alias->asname().valid();
    if (!is_import || importedModule(module, ast.parent(definition.owner)) + "." + std::string(nameText(ast, alias->name())) != from) return false;
  }
  if (moving.imported_names.count(module.module_name + ":" + lastPartOf(from)) != 0) return false;
  // Nothing else of the file has the new name.
  return std::none_of(model.symbols().begin(), model.symbols().end(), [&](const semantic::Symbol& one) { return ast.name(one.name) == name; });
}

// The uses of the name that an import binds; not the import.
void MovingFile::renameBound(NodeId alias, const std::string& name) {
  SymbolId owner = module.model().ownerAt(ast.as<Alias>(alias).name());
  if (!renamed.insert(owner.value).second) return;
  for (const Occurrence& one : symbolOccurrences(module, owner)) {
    NodeId found = nameAt(ast, one.range.begin);
    bool is_import = found.valid() && ast.is(ast.parent(found), NodeKind::kAlias);
    if (!is_import) add(one.range, name);
  }
}

void MovingFile::import(NodeId node) {
  for (NodeId alias : ast.as<Import>(node).names()) {
    NodeId name = ast.as<Alias>(alias).name();
    std::string moved = moving.movedName(std::string(nameText(ast, name)));
    if (!moved.empty()) add(ast.range(name), moved);
  }
}

// One of several names in a list, with the comma behind it, or of the last one with that before it.
static TextRange withComma(std::string_view text, TextRange name, uint32_t end) {
  size_t behind = text.find_first_not_of(" \t", name.end);
  if (behind < end && text[behind] == ',') {
    size_t next = std::min<size_t>(text.find_first_not_of(" \t", behind + 1), end);
    return {name.begin, static_cast<uint32_t>(next)};
  }
  size_t before = text.find_last_not_of(" \t\r\n", name.begin - 1);
  return {text[before] == ',' ? static_cast<uint32_t>(before) : name.begin, name.end};
}

// `from package import module` where the module itself moves.
void MovingFile::importedNames(NodeId node, const std::string& source) {
  ImportFrom from = ast.as<ImportFrom>(node);
  std::string moved_source = moving.movedName(source);
  const std::string& package_after = moved_source.empty() ? source : moved_source;
  for (NodeId alias : from.names()) {
    Alias one = ast.as<Alias>(alias);
    std::string old_name(nameText(ast, one.name())), old_module = source + "." + old_name;
    std::string moved = moving.movedName(old_module);
    if (moved.empty()) continue;
    std::string package = packageOf(moved), name = lastPartOf(moved);
    std::string as = one.asname().valid() ? std::string(nameText(ast, one.asname())) : old_name;
    if (!one.asname().valid() && name != old_name && mayRename(module.model().ownerAt(one.name()), old_module, name)) {
      renameBound(alias, name);
      as = name;
    }
    std::string imported = name == as ? name : name + " as " + as;
    if (package == package_after) {
      add(ast.range(alias), imported);
      continue;
    }
    std::string relative = from.level() > 0 && !package.empty() ? relativeName(package) : "";
    std::string statement = package.empty() ? "import " + imported : "from " + (relative.empty() ? package : relative) + " import " + imported;
    if (from.names().size() == 1) {
      add(ast.range(node), statement);
    } else {
      add(withComma(module.text(), ast.range(alias), ast.range(node).end), "");
      add({ast.range(node).end, ast.range(node).end}, "\n" + indentAt(module, ast.range(node).begin) + statement);
    }
  }
}

void MovingFile::importFrom(NodeId node) {
  ImportFrom from = ast.as<ImportFrom>(node);
  std::string source = importedModule(module, node), moved = moving.movedName(source);
  if (source.empty()) return;
  importedNames(node, source);
  const std::string& wanted = moved.empty() ? source : moved;
  if (from.level() == 0) {
    if (!moved.empty()) add(ast.range(from.module()), moved);
    return;
  }
  // `from .name import …`: relative to where the file is after the moves.
  std::string own = moving.movedName(module.module_name);
  std::string part = from.module().valid() ? std::string(nameText(ast, from.module())) : std::string();
  std::string base = semantic::absoluteModule(own.empty() ? module.module_name : own, moving.isPackageAfter(module), from.level(), "");
  std::string reached = base.empty() || part.empty() ? base : base + "." + part;
  if (reached == wanted || edited.count(ast.range(node).begin) != 0) return;
  std::string relative = relativeName(wanted);
  uint32_t begin = static_cast<uint32_t>(ast.text().find('.', ast.range(node).begin));
  uint32_t end = from.module().valid() ? ast.range(from.module()).end : begin + from.level();
  add({begin, end}, relative.empty() ? wanted : relative);
}

// Does `import a.b` bind the name, for the module that moves or what is around or below it?
bool MovingFile::isBoundByImport(NodeId name, const ModuleMove& move) const {
  SymbolId owner = module.model().ownerAt(name);
  if (owner.isNone()) return false;
  std::span<const Definition> definitions = module.model().definitions(owner);
  bool is_same_package = packageOf(move.from) == packageOf(move.to);
  return std::any_of(definitions.begin(), definitions.end(), [&](const Definition& one) {
    auto alias = ast.tryAs<Alias>(one.owner);
    if (!alias || alias->asname().valid() || !ast.is(ast.parent(one.owner), NodeKind::kImport)) return false;
    std::string named(nameText(ast, alias->name()));
    return is_same_package || named == move.from || named.starts_with(move.from + ".");
  });
}

// `pkg.module` in the code behind `import pkg.module`; `alias.module` where the alias is the package.
void MovingFile::use(NodeId node) {
  if (!ast.parent(node).valid() || ast.is(ast.parent(node), NodeKind::kAlias)) return;
  NodeId root = node;
  while (auto attribute = ast.tryAs<Attribute>(root)) root = attribute->value();
  if (!ast.is(root, NodeKind::kName)) return;
  for (const ModuleMove& move : moving.moves) {
    if (move.from == move.to) continue;
    if (ast.text(node) == move.from && isBoundByImport(root, move)) return add(ast.range(node), move.to);
    auto attribute = ast.tryAs<Attribute>(node);
    bool is_member = attribute && packageOf(move.from) == packageOf(move.to) && nameText(ast, attribute->attr()) == lastPartOf(move.from);
    if (!is_member) continue;
    std::vector<Target> owners = valueTargets(moving.workspace, module, attribute->value());
    bool is_package = std::any_of(owners.begin(), owners.end(), [&](const Target& one) { return one.name.isNone() && one.module->module_name == packageOf(move.from); });
    // Of the whole chain the import's own edit speaks.
    if (is_package && ast.text(node) != move.from) return add(ast.range(attribute->attr()), lastPartOf(move.to));
  }
}

void MovingFile::quoted(const std::vector<QuotedName>& names) {
  for (const QuotedName& name : names) {
    std::string path = name.owner + (name.owner.empty() ? "" : ".") + name.word;
    for (const ModuleMove& move : moving.moves) {
      if (path != move.from || move.from == move.to) continue;
      std::vector<Target> targets = quotedTargets(moving.workspace, module, name);
      bool is_module = std::any_of(targets.begin(), targets.end(), [&](const Target& one) { return one.name.isNone() && one.module->module_name == move.from; });
      if (is_module) add({name.range.end - static_cast<uint32_t>(path.size()), name.range.end}, move.to);
    }
  }
}

static void moveImports(Moving& moving, SourceModule& module) {
  if (!moving.mayConcern(module)) return;
  MovingFile file{moving, module};
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    switch (ast.kind(node)) {
      case NodeKind::kImport: file.import(node); break;
      case NodeKind::kImportFrom: file.importFrom(node); break;
      case NodeKind::kName:
      case NodeKind::kAttribute: file.use(node); break;
      case NodeKind::kConstant: file.quoted(quotedNamesOf(ast, node)); break;
      default: break;
    }
  }
  file.quoted(commentNamesOf(ast));
}

// Which names files import from where, as far as they could be those of the modules that move.
static void collectImported(Moving& moving, SourceModule& module) {
  if (!moving.mayConcern(module)) return;
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto alias = ast.tryAs<Alias>(NodeId(i));
    if (!alias || !ast.is(ast.parent(NodeId(i)), NodeKind::kImportFrom)) continue;
    std::string source = importedModule(module, ast.parent(NodeId(i))), name(nameText(ast, alias->name()));
    if (moving.movedName(source + "." + name).empty()) moving.imported_names.insert(source + ":" + name);
  }
}

std::vector<Edit> editsOfMoves(Workspace& workspace, const std::vector<ModuleMove>& moves) {
  Moving moving{.workspace = workspace, .moves = moves};
  std::vector<SourceModule*> modules = workspace.openDocuments();
  for (const std::string& path : workspace.projectFiles()) {
    SourceModule* module = workspace.load(path);
    if (module != nullptr && !module->is_open) modules.push_back(module);
  }
  for (SourceModule* module : modules) collectImported(moving, *module);
  for (SourceModule* module : modules) {
    moveImports(moving, *module);
    if (!module->is_open) module->release();
  }
  return std::move(moving.edits);
}

}  // namespace krait::lsp

#include "analyzer/lint/module_links.h"

#include <algorithm>
#include <unordered_map>

#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::lint {

static constexpr size_t kLongestText = 200;  // of what might be a path in quotes
static constexpr int kMostSteps = 8;         // modules that pass a name on to each other

static bool isWordByte(char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }

// `a.b.c`, with at least one dot.
static bool isDottedPath(std::string_view text) {
  if (text.size() > kLongestText || text.find('.') == std::string_view::npos) return false;
  char before = '.';
  for (char c : text) {
    if (c == '.' ? before == '.' : !isWordByte(c)) return false;
    if (before == '.' && c >= '0' && c <= '9') return false;
    before = c;
  }
  return before != '.';
}

// Where an import leads that binds a name: `import a.b` to a, `import a.b as c` and `from a import b` to a.b. Empty when the dots lead
// out of the package, and for what is no import.
static std::string targetOf(const LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  auto alias = ast.tryAs<syntax::Alias>(definition.owner);
  if (!alias) return {};
  std::string name(syntax::nameText(ast, alias->name()));
  if (auto from = ast.tryAs<syntax::ImportFrom>(ast.parent(definition.owner))) {
    std::string_view written = from->module().valid() ? syntax::nameText(ast, from->module()) : std::string_view();
    std::string module = from->level() == 0 ? std::string(written) : semantic::absoluteModule(context.module, context.is_init, from->level(), written);
    return module.empty() ? std::string() : module + "." + name;
  }
  return alias->asname().valid() ? name : name.substr(0, name.find('.'));
}

namespace {
struct LinkVisit {
  const LintContext& context;
  const Ast& ast;
  std::set<std::string, std::less<>> asked = {};

  void visitImport(NodeId node);
  void visitAttribute(NodeId node);
};
}  // namespace

void LinkVisit::visitImport(NodeId node) {
  if (ast.is(node, NodeKind::kImport)) {
    for (NodeId id : ast.as<syntax::Import>(node).names()) asked.emplace(syntax::nameText(ast, ast.as<syntax::Alias>(id).name()));
    return;
  }
  auto from = ast.as<syntax::ImportFrom>(node);
  std::string_view written = from.module().valid() ? syntax::nameText(ast, from.module()) : std::string_view();
  std::string module = from.level() == 0 ? std::string(written) : semantic::absoluteModule(context.module, context.is_init, from.level(), written);
  if (module.empty()) return;
  for (NodeId id : from.names()) asked.insert(module + "." + std::string(syntax::nameText(ast, ast.as<syntax::Alias>(id).name())));
}

// The whole of `module.name.name`, where an import binds its first name.
void LinkVisit::visitAttribute(NodeId node) {
  NodeId parent = ast.parent(node);
  if (ast.is(parent, NodeKind::kAttribute)) return;
  std::string path;
  NodeId at = node;
  while (auto attribute = ast.tryAs<syntax::Attribute>(at)) {
    path = "." + std::string(syntax::nameText(ast, attribute->attr())) + path;
    at = attribute->value();
  }
  if (!ast.is(at, NodeKind::kName)) return;
  SymbolId owner = context.model.ownerAt(at);
  if (!owner.valid()) return;
  for (const Definition& definition : context.model.definitions(owner)) {
    std::string target = targetOf(context, definition);
    if (!target.empty()) asked.insert(target + path);
  }
}

ModuleLinks linksOf(const LintContext& context) {
  const Ast& ast = context.ast;
  LinkVisit visit{.context = context, .ast = ast};
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    switch (ast.kind(node)) {
      case NodeKind::kImport:
      case NodeKind::kImportFrom: visit.visitImport(node); break;
      case NodeKind::kAttribute: visit.visitAttribute(node); break;
      case NodeKind::kConstant:
        if (auto text = syntax::stringValue(ast, node); text && isDottedPath(*text)) visit.asked.emplace(*text);
        break;
      default: break;
    }
  }
  ModuleLinks links;
  links.asked.assign(visit.asked.begin(), visit.asked.end());
  links.has_all = context.exports.has_all;
  for (SymbolId symbol : context.model.symbolsOf(SemanticModel::kModuleScope)) {
    for (const Definition& definition : context.model.definitions(symbol)) {
      std::string target = targetOf(context, definition);
      if (!target.empty()) links.bound.emplace_back(context.model.nameOf(symbol), std::move(target));
    }
  }
  return links;
}

std::vector<BoundPlace> boundPlaces(const LintContext& context) {
  std::vector<BoundPlace> places;
  for (SymbolId symbol : context.model.symbolsOf(SemanticModel::kModuleScope)) {
    for (const Definition& definition : context.model.definitions(symbol)) {
      if (semantic::isBinding(definition.kind)) places.push_back({context.ast.range(definition.node), std::string(context.model.nameOf(symbol))});
    }
  }
  std::sort(places.begin(), places.end(), [](const BoundPlace& a, const BoundPlace& b) { return a.range.begin < b.range.begin; });
  return places;
}

static bool hasWord(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    size_t end = at + word.size();
    if ((at == 0 || !isWordByte(text[at - 1])) && (end == text.size() || !isWordByte(text[end]))) return true;
  }
  return false;
}

std::vector<std::string> namesTaken(const Fix& fix, const std::vector<BoundPlace>& places) {
  std::vector<std::string> taken;
  for (const FixEdit& edit : fix.edits) {
    auto place = std::lower_bound(places.begin(), places.end(), edit.range.begin, [](const BoundPlace& each, uint32_t begin) { return each.range.end <= begin; });
    for (; place != places.end() && place->range.begin < edit.range.end; ++place) {
      bool is_kept = std::any_of(fix.edits.begin(), fix.edits.end(), [&](const FixEdit& each) { return hasWord(each.replacement, place->name); });
      if (!is_kept && std::find(taken.begin(), taken.end(), place->name) == taken.end()) taken.push_back(place->name);
    }
  }
  return taken;
}

bool isNamedInTypeComment(std::string_view comment, std::string_view name) {
  comment.remove_prefix(std::min(comment.find_first_not_of("# \t"), comment.size()));
  if (!comment.starts_with("type:")) return false;
  comment.remove_prefix(std::min(comment.find_first_not_of(" \t", 5), comment.size()));
  return !comment.starts_with("ignore") && hasWord(comment, name);
}

namespace {
// Follows what is asked to the modules of the run.
struct Followed {
  const std::vector<ModuleLinks>& links;
  std::unordered_map<std::string_view, std::vector<size_t>> files;  // by module
  std::vector<AskedNames>& asked;

  void follow(std::string_view path, size_t asker, int steps);
  void ask(size_t file, std::string_view name, std::string_view rest, size_t asker, int steps);
};
}  // namespace

void Followed::ask(size_t file, std::string_view name, std::string_view rest, size_t asker, int steps) {
  if (file != asker && !(name == "*" && links[file].has_all)) asked[file].emplace(name);
  if (rest.empty() || steps == 0) return;
  // A module that got a module from elsewhere: what is asked of the one is asked of the other.
  for (const auto& [bound, target] : links[file].bound) {
    if (bound == name) follow(target + std::string(rest), asker, steps - 1);
  }
}

// Any beginning of the path may be a module: what follows is asked of it.
void Followed::follow(std::string_view path, size_t asker, int steps) {
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    auto found = files.find(path.substr(0, dot));
    if (found == files.end()) continue;
    size_t end = std::min(path.find('.', dot + 1), path.size());
    for (size_t file : found->second) ask(file, path.substr(dot + 1, end - dot - 1), path.substr(end), asker, steps);
  }
}

std::vector<AskedNames> askedNames(const std::vector<std::string>& modules, const std::vector<ModuleLinks>& links) {
  std::vector<AskedNames> asked(modules.size());
  Followed followed{.links = links, .files = {}, .asked = asked};
  for (size_t i = 0; i < modules.size(); ++i) {
    if (!modules[i].empty()) followed.files[modules[i]].push_back(i);
  }
  for (size_t i = 0; i < links.size(); ++i) {
    for (const std::string& path : links[i].asked) followed.follow(path, i, kMostSteps);
  }
  return asked;
}

bool isAsked(const AskedNames& asked, std::string_view name) {
  return asked.contains(name) || (!name.starts_with("_") && asked.contains("*"));
}

}  // namespace krait::lint

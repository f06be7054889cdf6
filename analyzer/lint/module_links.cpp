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
  std::set<std::string, std::less<>> methods = {};

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
      case NodeKind::kFunctionDef:
        if (ast.is(ast.parent(node), NodeKind::kClassDef)) visit.methods.emplace(syntax::nameText(ast, ast.as<syntax::FunctionDef>(node).name()));
        break;
      case NodeKind::kConstant:
        if (auto text = syntax::stringValue(ast, node); text && isDottedPath(*text)) visit.asked.emplace(*text);
        break;
      default: break;
    }
  }
  ModuleLinks links;
  links.asked.assign(visit.asked.begin(), visit.asked.end());
  links.methods.assign(visit.methods.begin(), visit.methods.end());
  links.has_all = context.exports.has_all;
  for (SymbolId symbol : context.model.symbolsOf(SemanticModel::kModuleScope)) {
    for (const Definition& definition : context.model.definitions(symbol)) {
      std::string target = targetOf(context, definition);
      if (!target.empty()) links.bound.emplace_back(context.model.nameOf(symbol), std::move(target));
    }
  }
  return links;
}

std::vector<NamedPlace> namedPlaces(const LintContext& context) {
  const Ast& ast = context.ast;
  std::vector<NamedPlace> places;
  for (SymbolId symbol : context.model.symbolsOf(SemanticModel::kModuleScope)) {
    for (const Definition& definition : context.model.definitions(symbol)) {
      if (semantic::isBinding(definition.kind)) places.push_back({ast.range(definition.node), context.model.nameOf(symbol)});
    }
  }
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto attribute = ast.tryAs<syntax::Attribute>(NodeId(i));
    if (attribute) places.push_back({ast.range(attribute->attr()), syntax::nameText(ast, attribute->attr()), true});
  }
  std::sort(places.begin(), places.end(), [](const NamedPlace& a, const NamedPlace& b) { return a.range.begin < b.range.begin; });
  return places;
}

static bool hasWord(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    size_t end = at + word.size();
    if ((at == 0 || !isWordByte(text[at - 1])) && (end == text.size() || !isWordByte(text[end]))) return true;
  }
  return false;
}

static bool isIdentifier(std::string_view text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), isWordByte);
}

// Is the attribute at the edit's end all that becomes another name?
static bool isRenamed(std::string_view text, const FixEdit& edit, const NamedPlace& place) {
  if (place.range.end != edit.range.end || place.range.begin < edit.range.begin) return false;
  std::string_view object = text.substr(edit.range.begin, place.range.begin - edit.range.begin), replacement = edit.replacement;
  if (!replacement.starts_with(object)) return false;
  std::string_view name = replacement.substr(object.size());
  return name != place.name && isIdentifier(name);
}

std::vector<std::string> namesTaken(std::string_view text, const Fix& fix, const std::vector<NamedPlace>& places) {
  std::vector<std::string> taken;
  auto add = [&](std::string name) {
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) taken.push_back(std::move(name));
  };
  for (const FixEdit& edit : fix.edits) {
    auto place = std::lower_bound(places.begin(), places.end(), edit.range.begin, [](const NamedPlace& each, uint32_t begin) { return each.range.end <= begin; });
    for (; place != places.end() && place->range.begin < edit.range.end; ++place) {
      if (place->is_attribute) {
        if (isRenamed(text, edit, *place)) add("." + std::string(place->name));
        continue;
      }
      bool is_kept = std::any_of(fix.edits.begin(), fix.edits.end(), [&](const FixEdit& each) { return hasWord(each.replacement, place->name); });
      if (!is_kept) add(std::string(place->name));
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
  std::set<std::string_view> methods;
  for (const ModuleLinks& each : links) methods.insert(each.methods.begin(), each.methods.end());
  for (size_t i = 0; i < links.size(); ++i) {
    for (const std::string& name : links[i].taken) {
      if (name.starts_with(".") && methods.contains(std::string_view(name).substr(1))) asked[i].insert(name);
    }
  }
  return asked;
}

bool isAsked(const AskedNames& asked, std::string_view name) {
  return asked.contains(name) || (!name.starts_with("_") && !name.starts_with(".") && asked.contains("*"));
}

}  // namespace krait::lint

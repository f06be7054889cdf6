#include "lsp/occurrences.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "analyzer/base/file_io.h"
#include "lsp/class_tree.h"
#include "lsp/file_index.h"
#include "lsp/functional_fields.h"
#include "lsp/module_parts.h"
#include "lsp/named_strings.h"
#include "lsp/pytest_fixtures.h"
#include "lsp/quoted_names.h"
#include "lsp/type_queries.h"
#include "lsp/word_search.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::SemanticModel;
using semantic::SymbolId;

// Is the name visible outside its file: bound at module level, in a class, or an attribute?
static bool isVisibleOutside(const Target& target) {
  const SemanticModel& model = target.module->model();
  if (target.name.isNone()) return true;
  SymbolId symbol = model.ownerAt(target.name);
  if (symbol.isNone()) return true;
  semantic::ScopeKind kind = model[model[symbol].scope].kind;
  return kind == semantic::ScopeKind::kModule || kind == semantic::ScopeKind::kClass;
}

void addQuotedOf(SourceModule& module, SymbolId owner, std::vector<Occurrence>* out) {
  const Ast& ast = module.ast();
  std::string_view text = module.model().nameOf(owner);
  auto add = [&](const std::vector<QuotedName>& names) {
    for (const QuotedName& name : names) {
      if (name.word == text && quotedSymbol(module, name) == owner) out->push_back({&module, name.range, false});
    }
  };
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (ast.is(NodeId(i), NodeKind::kConstant)) add(quotedNamesOf(ast, NodeId(i)));
  }
  add(commentNamesOf(ast));
}

static void addLocal(SourceModule& module, SymbolId owner, std::vector<Occurrence>* out) {
  const SemanticModel& model = module.model();
  for (const Definition& definition : model.definitions(owner)) out->push_back({&module, module.ast().range(definition.node), true});
  for (const semantic::Reference& reference : model.references(owner)) {
    out->push_back({&module, module.ast().range(reference.node), false});
  }
  // `nonlocal name` neither binds nor reads.
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto statement = ast.tryAs<Nonlocal>(NodeId(i));
    if (!statement) continue;
    for (NodeId name : statement->names()) {
      if (model.ownerAt(name) == owner) out->push_back({&module, ast.range(name), false});
    }
  }
  addQuotedOf(module, owner, out);
}

// Files without an index are looked at as far as an answer may wait for it: so many bytes of source are checked to tell
// whose attribute a use is, so many are parsed, and of the others the words count.
static constexpr size_t kMostTyped = size_t{12} << 10;
// … and so many for all searches together, as long as the checker's World is the same: what it checked it keeps.
static constexpr size_t kMostTypedInAll = size_t{256} << 10;
static constexpr size_t kMostParsed = size_t{160} << 10;
// … until there are so many places.
static constexpr size_t kMostPlaces = 3000;

static bool isWordAt(std::string_view text, size_t at, size_t size) {
  auto isWord = [&](size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_'); };
  return !(at > 0 && isWord(at - 1)) && !isWord(at + size);
}

// A parameter that calls may name; not the object that a method is called on.
static bool isNameableParameter(const Target& target) {
  const Ast& ast = target.module->ast();
  if (!ast.is(target.owner, NodeKind::kParameter)) return false;
  NodeId parameters = ast.parent(target.owner), function = ast.parent(parameters);
  bool is_method = ast.is(function, NodeKind::kFunctionDef) && ast.is(ast.parent(function), NodeKind::kClassDef);
  std::string_view name = nameText(ast, target.name);
  return !is_method || ast.as<Parameters>(parameters).params()[0] != target.owner || (name != "self" && name != "cls");
}

// A field of a TypedDict?
static bool isKey(Workspace& workspace, const Target& target) {
  if (target.part.size() > 0) return true;
  if (target.name.isNone() || !target.module->ast().is(target.owner, NodeKind::kAnnAssign)) return false;
  Target cls = classAround(target);
  if (cls.module == nullptr) return false;
  auto namesIt = [](const Target& one) { return nameText(one.module->ast(), one.name) == "TypedDict"; };
  for (NodeId base : cls.module->ast().as<ClassDef>(cls.owner).args()) {
    if (cls.module->ast().text(base).ends_with("TypedDict")) return true;
  }
  std::vector<Target> above = ancestorsOf(workspace, cls);
  return std::any_of(above.begin(), above.end(), namesIt);
}

namespace {
struct Search {
  Workspace& workspace;
  std::vector<Target> targets;
  std::string text;
  std::vector<uint32_t> keys;  // of the targets
  bool has_members = false;  // a target is an attribute of a class: only types tell whose attribute a use is
  bool has_keys = false;     // a target is a field of a TypedDict, or one that stands in a string: strings may name it
  bool is_parameter = false;  // a target is a parameter: other files name it in calls only
  bool has_modules = false;  // a target is a whole module
  bool has_fixtures = false;  // a target is a fixture of pytest: parameters of its name mean it
  std::vector<Occurrence> found;
};
}  // namespace

static bool isMember(const Target& target) {
  if (target.name.isNone()) return false;
  const Ast& ast = target.module->ast();
  if (target.part.size() > 0) return true;
  return classAround(target).module != nullptr || ast.is(ast.parent(target.name), NodeKind::kAttribute);
}

// Strings that are keys of a TypedDict, entries of `__slots__`, members of enumerations, fields of classes that calls make.
static void searchKeys(Search& search, SourceModule& module, NodeId constant) {
  if (!search.has_keys && !search.has_members && !search.has_fixtures) return;
  if (search.has_keys) {
    for (const Target& field : fieldsOfConstant(module, constant)) {
      if (std::find(search.targets.begin(), search.targets.end(), field) != search.targets.end()) search.found.push_back({&module, field.part, true});
    }
  }
  std::optional<std::string_view> value = stringValue(module.ast(), constant);
  if (!value || *value != search.text || isInAll(module.ast(), constant)) return;
  std::optional<NamedString> string = namedString(module.ast(), constant);
  if (!string) return;
  for (const Target& meaning : stringTargets(search.workspace, module, *string, search.has_keys ? StringAsking::kEverybody : StringAsking::kNamesOnly)) {
    if (std::find(search.targets.begin(), search.targets.end(), meaning) == search.targets.end()) continue;
    search.found.push_back({&module, string->range, false});
    break;
  }
}

// In strings that are annotations and in type comments.
static void searchQuoted(Search& search, SourceModule& module, const std::vector<QuotedName>& names) {
  for (const QuotedName& name : names) {
    if (name.word != search.text) continue;
    for (const Target& meaning : quotedTargets(search.workspace, module, name)) {
      if (std::find(search.targets.begin(), search.targets.end(), meaning) == search.targets.end()) continue;
      search.found.push_back({&module, name.range, false});
      break;
    }
  }
}

// The names of modules in import statements. False: the node is no such name.
static bool searchModuleParts(Search& search, SourceModule& module, NodeId node) {
  Asker asker(search.workspace, module);
  std::vector<ModulePart> parts = modulePartsOf(module, node);
  for (const ModulePart& part : parts) {
    if (module.ast().text(part.range) != search.text) continue;
    SourceModule* named = search.workspace.loadModule(part.module);
    bool is_meant = named != nullptr && std::any_of(search.targets.begin(), search.targets.end(), [&](const Target& one) { return one.name.isNone() && one.module == named; });
    if (is_meant) search.found.push_back({&module, part.range, false});
  }
  return !parts.empty();
}

// A parameter that gets its value from a fixture that is searched, and all uses of it. False: the node is no such name.
static bool searchParameter(Search& search, SourceModule& module, NodeId name) {
  NodeId parameter = module.ast().parent(name);
  if (!module.ast().is(parameter, NodeKind::kParameter)) return false;
  Target fixture = fixtureOf(search.workspace, module, parameter);
  if (fixture.module == nullptr || std::find(search.targets.begin(), search.targets.end(), fixture) == search.targets.end()) return false;
  addLocal(module, module.model().ownerAt(name), &search.found);
  return true;
}

// Can only types tell what the name means? A parameter is named in calls; `super()` of a class without bases is object's.
static bool mayNeedTypes(const Search& search, const Ast& ast, NodeId name) {
  NodeId parent = ast.parent(name);
  if (!search.has_members) return search.is_parameter && ast.is(parent, NodeKind::kKeyword);
  auto attribute = ast.tryAs<Attribute>(parent);
  auto call = attribute ? ast.tryAs<Call>(attribute->value()) : std::nullopt;
  if (!call || nameText(ast, call->func()) != "super" || call->args().size() != 0) return true;
  NodeId cls = enclosingClass(ast, parent);
  bool is_plain = cls.valid() && ast.as<ClassDef>(cls).args().size() == 0;
  return !is_plain || std::any_of(search.targets.begin(), search.targets.end(), [](const Target& one) { return one.module->module_name == "builtins"; });
}

static void searchModule(Search& search, SourceModule& module) {
  if (module.text().find(search.text) == std::string_view::npos) return;
  const Ast& ast = module.ast();
  searchQuoted(search, module, commentNamesOf(ast));
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kConstant) searchQuoted(search, module, quotedNamesOf(ast, node)), searchKeys(search, module, node);
    if ((kind != NodeKind::kName && kind != NodeKind::kIdentifier) || ast.parent(node).isNone()) continue;
    if (search.has_modules && kind == NodeKind::kIdentifier && searchModuleParts(search, module, node)) continue;
    if (nameText(ast, node) != search.text) continue;
    if (search.has_fixtures && searchParameter(search, module, node)) continue;
    std::vector<Target> meanings = targetsOf(search.workspace, module, node, FollowImports::kYes);
    if (meanings.empty() && mayNeedTypes(search, ast, node)) meanings = targetsByType(search.workspace, module, node);
    for (const Target& meaning : meanings) {
      if (std::find(search.targets.begin(), search.targets.end(), meaning) == search.targets.end()) continue;
      bool is_write = meaning.module == &module && meaning.name == node;
      search.found.push_back({&module, lastPart(module, node), is_write});
      break;
    }
  }
}

// The name as a string of `__all__`.
static void searchAll(Search& search, SourceModule& module) {
  const Ast& ast = module.ast();
  bool is_bound = std::any_of(search.targets.begin(), search.targets.end(), [&](const Target& target) {
    if (target.name.isNone() || isMember(target)) return false;
    std::vector<Target> here = moduleMember(search.workspace, module, search.text, FollowImports::kYes);
    return std::find(here.begin(), here.end(), target) != here.end();
  });
  if (!is_bound || module.text().find("__all__") == std::string_view::npos) return;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    std::optional<std::string_view> text = ast.is(NodeId(i), NodeKind::kConstant) ? stringValue(ast, NodeId(i)) : std::nullopt;
    if (!text || *text != search.text) continue;
    if (!isInAll(ast, NodeId(i))) continue;
    TextRange range = ast.range(NodeId(i));
    range.begin = static_cast<uint32_t>(ast.text().find(search.text, range.begin));
    search.found.push_back({&module, {range.begin, range.begin + static_cast<uint32_t>(search.text.size())}, false});
  }
}

// A parameter's fields in the docstring of its function: `:param x:`, `:type x:`, `x: …` and `x (int): …`, `x : int`.
static void searchDocstring(Search& search, const Target& target) {
  const Ast& ast = target.module->ast();
  if (!ast.is(target.owner, NodeKind::kParameter)) return;
  NodeId function = ast.parent(ast.parent(target.owner));
  NodeId docstring = ast.is(function, NodeKind::kFunctionDef) ? docstringOf(ast, bodyOf(ast, function)) : NodeId::none();
  if (docstring.isNone()) return;
  TextRange range = ast.range(docstring);
  std::string_view text = ast.text();
  for (size_t at = text.find(search.text, range.begin); at < range.end; at = text.find(search.text, at + 1)) {
    if (!isWordAt(text, at, search.text.size())) continue;
    size_t line = text.rfind('\n', at) + 1, after = at + search.text.size();
    std::string_view before = text.substr(line, at - line);
    size_t first = before.find_first_not_of(" \t");
    bool is_first = first == std::string_view::npos;
    bool is_field = !is_first && before[first] == ':' && before.find(':', first + 1) == std::string_view::npos && text.substr(after, 1) == ":";
    size_t next = text.find_first_not_of(" ", after);
    bool is_entry = is_first && next < range.end && (text[next] == ':' || (text[next] == '(' && text.substr(next, text.find('\n', next) - next).find("):") != std::string_view::npos));
    if (is_field || is_entry) search.found.push_back({target.module, {static_cast<uint32_t>(at), static_cast<uint32_t>(after)}, false});
  }
}

// Methods of the same name above and below in the class tree: who renames one renames all.
static void addFamily(Search& search) {
  std::vector<Target> family = search.targets;
  for (const Target& target : search.targets) {
    Target cls = target.name.valid() ? classAround(target) : Target();
    if (cls.module == nullptr) continue;
    std::vector<Target> line = {cls};
    for (const Target& above : ancestorsOf(search.workspace, cls)) line.push_back(above);
    size_t tops = line.size();
    for (size_t i = 0; i < tops; ++i) {
      if (ownMember(line[i], search.text).empty() || !search.workspace.isOwn(*line[i].module)) continue;
      for (const Target& below : descendantsOf(search.workspace, Target(line[i]))) line.push_back(below);
    }
    for (const Target& one : line) {
      if (!search.workspace.isOwn(*one.module)) continue;
      for (const Target& member : ownMember(one, search.text)) {
        if (std::find(family.begin(), family.end(), member) == family.end()) family.push_back(member);
      }
    }
  }
  search.targets = std::move(family);
}

// A file that is not open, by its index. False: the index does not fit the file any more.
static bool searchIndex(Search& search, const std::string& path, const FileIndex& index) {
  uint32_t word = wordHash(search.text);
  std::vector<Occurrence> found;
  SourceModule* module = nullptr;
  for (uint32_t key : search.keys) {
    for (const Mention& mention : index.mentionsOf(key)) {
      if (mention.word != word) continue;
      if (module == nullptr) module = search.workspace.load(path);
      if (module == nullptr || module->text().substr(mention.offset, search.text.size()) != search.text) return false;
      found.push_back({module, {mention.offset, mention.offset + static_cast<uint32_t>(search.text.size())}, mention.is_definition});
    }
  }
  search.found.insert(search.found.end(), found.begin(), found.end());
  return true;
}

// Does the text speak of a module that defines a target, by one of the last parts of its name?
static bool speaksOfTargets(const Search& search, std::string_view text) {
  return std::any_of(search.targets.begin(), search.targets.end(), [&](const Target& target) {
    std::string_view name = target.module->module_name;
    if (name == "builtins") return true;
    for (int part = 0; part < 2 && !name.empty(); ++part) {
      size_t dot = name.rfind('.');
      if (holdsWord(text, dot == std::string_view::npos ? name : name.substr(dot + 1))) return true;
      name = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
    }
    return false;
  });
}

// Is the word written as a keyword argument somewhere: the only use of a parameter in other files?
static bool holdsKeyword(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    size_t after = text.find_first_not_of(" ", at + word.size());
    if (isWordAt(text, at, word.size()) && after != std::string_view::npos && text[after] == '=') return true;
  }
  return false;
}

// `t.Optional` behind `import typing as t`: the word behind a dot, where a module's name or alias stands before that.
static void addThroughModules(const Search& search, std::string_view text, std::vector<uint32_t>& places) {
  std::vector<std::string_view> owners;
  for (const Target& target : search.targets) {
    std::string_view name = target.module->module_name;
    owners.push_back(name.substr(name.rfind('.') + 1));
    std::string_view alias = aliasOf(text, owners.back());
    if (!alias.empty()) owners.push_back(alias);
  }
  for (uint32_t place : wordPlaces(text, search.text, WordUse::kAttribute)) {
    std::string_view before = text.substr(0, place - 1);
    bool is_owned = std::any_of(owners.begin(), owners.end(), [&](std::string_view owner) {
      return !owner.empty() && before.ends_with(owner) && isWordAt(text, before.size() - owner.size(), owner.size());
    });
    if (is_owned) places.push_back(place);
  }
  std::sort(places.begin(), places.end());
}

static void searchWords(Search& search, const std::string& path, std::string_view text) {
  if (search.is_parameter || (!search.has_members && !speaksOfTargets(search, text))) return;
  std::vector<uint32_t> places = wordPlaces(text, search.text, search.has_members ? WordUse::kAttribute : WordUse::kName);
  if (!search.has_members) addThroughModules(search, text, places);
  bool is_class = std::any_of(search.targets.begin(), search.targets.end(), [](const Target& one) { return one.module->ast().is(one.owner, NodeKind::kClassDef); });
  if (is_class) {
    for (uint32_t place : quotedPlaces(text, search.text)) places.push_back(place);
    std::sort(places.begin(), places.end());
  }
  SourceModule* module = places.empty() ? nullptr : search.workspace.load(path);
  if (module == nullptr || module->text() != text) return;
  uint32_t size = static_cast<uint32_t>(search.text.size());
  for (uint32_t place : places) search.found.push_back({module, {place, place + size}, false});
}

// Is the member one of the types that everybody uses, so that most uses of the word are somebody else's?
static bool isCommonMember(const Search& search) {
  return search.has_members && std::any_of(search.targets.begin(), search.targets.end(), [](const Target& target) {
    return target.module->module_name == "builtins" || target.module->module_name == "typing";
  });
}

// Members by names alone: uses that lead to another definition are left out; those that lead nowhere may be meant.
static void searchByNames(Search& search, const std::string& path) {
  SourceModule* module = search.workspace.load(path);
  if (module == nullptr) return;
  bool was_analysed = module->isAnalysed(), is_common = isCommonMember(search);
  const Ast& ast = module->ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (!ast.is(node, NodeKind::kIdentifier) || !ast.is(ast.parent(node), NodeKind::kAttribute) || nameText(ast, node) != search.text) continue;
    std::vector<Target> meanings = targetsOf(search.workspace, *module, node, FollowImports::kYes);
    bool is_meant = std::any_of(meanings.begin(), meanings.end(), [&](const Target& one) {
      return std::find(search.targets.begin(), search.targets.end(), one) != search.targets.end();
    });
    if (is_meant || (meanings.empty() && !is_common)) search.found.push_back({module, lastPart(*module, node), false});
  }
  if (!was_analysed) module->release();
}

// A file without an index: exactly for a renaming, else as far as `parsed` and `typed` (bytes so far) leave room.
static void searchUnindexed(Search& search, const std::string& path, SearchArea area, size_t& parsed, size_t& typed) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok() || bytes.value().find(search.text) == std::string::npos) return;
  const std::string& text = bytes.value();
  if (search.is_parameter && !holdsKeyword(text, search.text)) return;
  bool is_exact = area == SearchArea::kFamily;
  bool asks_types = (search.has_members && text.find("." + search.text) != std::string::npos) || search.has_keys;
  bool may_ask = !asks_types || (typed + text.size() <= kMostTyped && search.workspace.session().closedBytes() + text.size() <= kMostTypedInAll);
  bool fits = parsed + text.size() <= kMostParsed && may_ask;
  if (!is_exact && !fits && asks_types && parsed + text.size() <= kMostParsed) {
    parsed += text.size();
    return searchByNames(search, path);
  }
  if (!is_exact && !fits) return isCommonMember(search) ? void() : searchWords(search, path, text);
  parsed += text.size();
  if (asks_types) typed += text.size();
  SourceModule* module = search.workspace.load(path);
  if (module == nullptr) return;
  bool was_analysed = module->isAnalysed();
  searchModule(search, *module);
  searchAll(search, *module);
  // One search may go through all files: their trees are not all held at once.
  if (!was_analysed) module->release();
}

// A renaming must be exact: where an open document says something new to others, the checker looks at the files that may
// be meant. The room is needed for that: the index waits meanwhile, and gives back what it is made with.
namespace {
class ExactSearch {
 public:
  ExactSearch(Workspace& workspace, SearchArea area) : workspace_(workspace), is_exact_(area == SearchArea::kFamily) {
    if (!is_exact_) return;
    outdated_ = workspace.outdatedIndexes();
    workspace.holdIndex(true);
  }
  ~ExactSearch() {
    if (is_exact_) workspace_.holdIndex(false);
  }
  ExactSearch(const ExactSearch&) = delete;
  ExactSearch& operator=(const ExactSearch&) = delete;

  bool mayUseIndexOf(const std::string& path) const { return !is_exact_ || (outdated_ && outdated_->count(pathHash(path)) == 0); }

 private:
  Workspace& workspace_;
  bool is_exact_;
  std::optional<std::unordered_set<uint32_t>> outdated_;
};
}  // namespace

// So much is checked for a renaming before the checker's World is exchanged.
static constexpr size_t kMostTypedForRename = size_t{256} << 10;

static void searchClosed(Search& search, const SourceModule& begun, SearchArea area) {
  for (const Target& target : search.targets) search.keys.push_back(keyOf(target));
  ExactSearch exact(search.workspace, area);
  std::set<std::string_view> open;
  for (SourceModule* document : search.workspace.openDocuments()) open.insert(document->path());
  size_t parsed = 0, typed = 0;
  for (const std::string& path : search.workspace.projectFiles()) {
    if (open.count(path) != 0 || path == begun.path()) continue;
    // The index does not know of keys and fixtures.
    const FileIndex* index = !search.has_keys && !search.has_fixtures && exact.mayUseIndexOf(path) ? search.workspace.indexOf(path) : nullptr;
    if (index != nullptr && searchIndex(search, path, *index)) continue;
    if (area != SearchArea::kFamily && search.found.size() >= kMostPlaces) break;
    if (area == SearchArea::kFamily) search.workspace.forgetManyTypes(kMostTypedForRename);
    searchUnindexed(search, path, area, parsed, typed);
  }
  // What was found is about to be edited.
  if (area == SearchArea::kFamily) search.workspace.forgetManyTypes(kMostTypedInAll);
}

static void searchEverywhere(Search& search, SourceModule& module, SearchArea area) {
  searchModule(search, module);
  searchAll(search, module);
  if (area == SearchArea::kDocument) return;
  for (SourceModule* open : search.workspace.openDocuments()) {
    if (open == &module) continue;
    searchModule(search, *open);
    searchAll(search, *open);
  }
  searchClosed(search, module, area);
  for (const Target& target : search.targets) {
    bool is_listed = std::any_of(search.found.begin(), search.found.end(), [&](const Occurrence& o) { return o.module == target.module; });
    if (!is_listed && target.name.valid()) search.found.push_back({target.module, targetRange(target), true});
    if (area == SearchArea::kFamily) searchDocstring(search, target);
  }
}

// By files and places, each once.
static std::vector<Occurrence> inOrder(std::vector<Occurrence> out) {
  auto before = [](const Occurrence& a, const Occurrence& b) {
    return a.module != b.module ? a.module->path() < b.module->path() : a.range.begin < b.range.begin;
  };
  std::stable_sort(out.begin(), out.end(), before);
  auto same = [](const Occurrence& a, const Occurrence& b) { return a.module == b.module && a.range == b.range; };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

// Who asks for a parameter that a fixture of the workspace gives its value asks for the fixture.
static void turnToFixtures(Search& search) {
  for (Target& target : search.targets) {
    Target fixture = target.name.valid() ? fixtureOf(search.workspace, *target.module, target.owner) : Target();
    if (fixture.module != nullptr && search.workspace.isOwn(*fixture.module) && targetName(fixture) == search.text) target = fixture;
  }
}

std::vector<Occurrence> occurrencesOf(Workspace& workspace, SourceModule& module, NodeId name, SearchArea area, SourceModule* package, SourceModule* shown) {
  Search search{workspace, {}, name.valid() ? std::string(nameText(module.ast(), name)) : std::string()};
  if (package != nullptr) search.targets = {{package, NodeId::none(), package->ast().root()}}, search.text = package->module_name;
  else search.targets = definitionTargets(workspace, module, name);
  if (area != SearchArea::kDocument) turnToFixtures(search);
  if (size_t dot = search.text.rfind('.'); dot != std::string::npos) search.text = search.text.substr(dot + 1);
  const std::vector<Target>& targets = search.targets;
  SymbolId owner = name.valid() ? module.model().ownerAt(name) : SymbolId::none();
  bool is_local = owner.valid() && !targets.empty() &&
                  std::all_of(targets.begin(), targets.end(), [&](const Target& t) { return t.module == &module && !isVisibleOutside(t); });
  // A parameter's name is also written where the function is called.
  search.is_parameter = std::any_of(targets.begin(), targets.end(), isNameableParameter);
  search.has_members = std::any_of(targets.begin(), targets.end(), isMember);
  search.has_keys = std::any_of(targets.begin(), targets.end(), [&](const Target& one) { return isKey(workspace, one); });
  search.has_fixtures = std::any_of(targets.begin(), targets.end(), isFixture);
  search.has_modules = std::any_of(targets.begin(), targets.end(), [](const Target& one) { return one.name.isNone(); });
  if (search.has_members && area == SearchArea::kFamily) addFamily(search);
  if (owner.valid() && (targets.empty() || (is_local && !search.is_parameter))) addLocal(module, owner, &search.found);
  else if (!targets.empty()) searchEverywhere(search, area == SearchArea::kDocument && shown != nullptr ? *shown : module, area);
  return inOrder(std::move(search.found));
}

std::vector<Occurrence> fieldOccurrences(Workspace& workspace, const Target& field, SearchArea area, SourceModule& shown) {
  Search search{.workspace = workspace, .targets = {field}, .text = std::string(targetName(field)), .has_members = true, .has_keys = true};
  searchEverywhere(search, area == SearchArea::kDocument ? shown : *field.module, area);
  return inOrder(std::move(search.found));
}

}  // namespace krait::lsp

#include "cli/stubgen/stub.h"

#include <algorithm>
#include <array>

#include "cli/stubgen/stub_context.h"
#include "cli/stubgen/stub_text.h"

namespace krait::cli {

using namespace krait::syntax;

// Names that stand for what was left out or filled up, and where a stub takes them from.
static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kHelpers = {
    {{"Self", "from typing import Self\n"},
     {"Incomplete", "from _typeshed import Incomplete\n"},
     {"types", "import types\n"},
     {"AsyncGenerator", "from collections.abc import AsyncGenerator\n"},
     {"Generator", "from collections.abc import Generator\n"},
     {"NamedTuple", "from typing import NamedTuple\n"}}};

static void addItem(StubContext& c, std::vector<std::string> names, std::string text, bool is_import, bool is_wanted) {
  StubItem item{.names = std::move(names), .text = std::move(text), .uses = {}, .is_import = is_import, .is_wanted = is_wanted};
  if (!is_import) {
    collectNames(item.text, item.uses);
    // Types in strings: the bound of a TypeVar, an item of Literal.
    std::string unquoted = item.text;
    std::replace_if(unquoted.begin(), unquoted.end(), [](char ch) { return ch == '"' || ch == '\''; }, ' ');
    if (item.text.find(" = ") != std::string::npos) collectNames(unquoted, item.uses);
  }
  c.items.push_back(std::move(item));
}

// The names in `__all__ = [...]` and what is added to it; false where it is not written out.
static bool readAll(const Ast& ast, NodeId value, std::set<std::string>& names) {
  NodeList items;
  if (auto list = ast.tryAs<List>(value)) items = list->elts();
  else if (auto tuple = ast.tryAs<Tuple>(value)) items = tuple->elts();
  else return false;
  for (NodeId item : items) {
    std::optional<std::string_view> name = stringValue(ast, item);
    if (!name) return false;
    names.emplace(*name);
  }
  return true;
}

static void findAll(StubContext& c) {
  bool is_known = true, has_all = false;
  forEachStatement(c, c.ast.as<Module>(c.ast.root()).body(), [&](NodeId statement) {
    NodeId target, value;
    if (auto assign = c.ast.tryAs<Assign>(statement); assign && assign->targets().size() == 1) target = assign->targets()[0], value = assign->value();
    if (auto declared = c.ast.tryAs<AnnAssign>(statement)) target = declared->target(), value = declared->value();
    if (auto added = c.ast.tryAs<AugAssign>(statement)) target = added->target(), value = added->value();
    if (!target.valid() || !value.valid() || nameText(c.ast, target) != "__all__") return;
    has_all = true;
    is_known = is_known && readAll(c.ast, value, c.wanted);
  });
  c.has_all = has_all && is_known;
  if (!c.has_all) c.wanted.clear();
}

static bool isPublic(const StubContext& c, const std::string& name) {
  if (c.imported.contains(name) || c.requests.bases.contains(name)) return true;
  if (c.has_all) return c.wanted.contains(name) || (c.options.includes_private && isPrivateName(name));
  return c.options.includes_private || !isPrivateName(name);
}

static std::set<std::string> namesRead(const Ast& ast) {
  std::set<std::string> out;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (ast.is(NodeId(i), NodeKind::kName)) out.emplace(nameText(ast, NodeId(i)));
    // Types in strings.
    if (std::optional<std::string_view> text = stringValue(ast, NodeId(i)); text && text->size() < 200) collectNames(*text, out);
  }
  return out;
}

static std::string_view firstPart(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

// Imported from the module's own package?
static bool isFromHere(const StubContext& c, ImportFrom node) {
  if (node.level() > 0) return true;
  return firstPart(nameText(c.ast, node.module())) == firstPart(c.module_name);
}

static void addImport(StubContext& c, StubScope& scope, Import node) {
  for (NodeId id : node.names()) {
    auto alias = c.ast.as<Alias>(id);
    std::string module(nameText(c.ast, alias.name()));
    std::string name(alias.asname().valid() ? nameText(c.ast, alias.asname()) : firstPart(module));
    bool is_new = scope.defined.insert(name).second;
    // `import a.b` and `import a.c` both belong to a.
    if (!is_new && alias.asname().valid()) continue;
    bool has_as = alias.asname().valid() || (c.imported.contains(name) && name == module);
    addItem(c, {name}, "import " + module + (has_as ? " as " + name : "") + "\n", true, c.imported.contains(name) || (c.has_all && c.wanted.contains(name)));
  }
}

static void addImportFrom(StubContext& c, StubScope& scope, ImportFrom node, const std::set<std::string>& read) {
  std::string module(node.module().valid() ? nameText(c.ast, node.module()) : "");
  if (module == "__future__" && node.level() == 0) return;
  std::string begin = "from " + std::string(node.level(), '.') + module + " import ";
  for (NodeId id : node.names()) {
    auto alias = c.ast.as<Alias>(id);
    std::string original(nameText(c.ast, alias.name()));
    if (original == "*") {
      addItem(c, {}, begin + "*\n", true, true);
      continue;
    }
    std::string name(alias.asname().valid() ? nameText(c.ast, alias.asname()) : original);
    if (!scope.defined.insert(name).second) continue;
    bool is_explicit = alias.asname().valid() && name == original;
    bool is_passed_on = is_explicit || c.imported.contains(name) || c.requests.bases.contains(name) || (!c.has_all && !c.options.exports_less && isFromHere(c, node) && !read.contains(name) && !isPrivateName(name));
    bool has_as = is_passed_on || alias.asname().valid();
    addItem(c, {name}, begin + original + (has_as ? " as " + name : "") + "\n", true, is_passed_on || (c.has_all && c.wanted.contains(name)));
  }
}

static void addDefinition(StubContext& c, StubScope& scope, NodeId statement) {
  std::set<std::string> before = scope.defined;
  bool is_function = c.ast.is(statement, NodeKind::kFunctionDef);
  std::string text = is_function                                       ? functionText(c, scope, statement)
                     : c.ast.is(statement, NodeKind::kClassDef) ? classText(c, scope, statement)
                                                                       : assignmentText(c, scope, statement);
  if (text.empty()) return;
  std::vector<std::string> names;
  std::set_difference(scope.defined.begin(), scope.defined.end(), before.begin(), before.end(), std::back_inserter(names));
  // A further overload or accessor.
  if (names.empty() && is_function) names.emplace_back(nameText(c.ast, c.ast.as<FunctionDef>(statement).name()));
  bool is_wanted = std::any_of(names.begin(), names.end(), [&](const std::string& name) { return isPublic(c, name); });
  addItem(c, std::move(names), std::move(text), false, is_wanted);
}

// What wanted items read is wanted, too.
static std::set<std::string> markNeeded(StubContext& c) {
  std::set<std::string> needed;
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (StubItem& item : c.items) {
      item.is_wanted = item.is_wanted || std::any_of(item.names.begin(), item.names.end(), [&](const std::string& name) { return needed.contains(name); });
      if (!item.is_wanted) continue;
      size_t before = needed.size();
      needed.insert(item.uses.begin(), item.uses.end());
      has_changed |= needed.size() != before;
    }
  }
  return needed;
}

static std::string allText(const StubContext& c) {
  std::string out;
  // In the order of the definitions; then what nobody defines here.
  std::set<std::string> left = c.wanted;
  auto add = [&](const std::string& name) { out += (out.empty() ? "__all__ = ['" : ", '") + name + "'"; };
  for (const StubItem& item : c.items) {
    for (const std::string& name : item.names) {
      if (left.erase(name) > 0) add(name);
    }
  }
  for (const std::string& name : left) add(name);
  return out.empty() ? "__all__: list[str] = []\n" : out + "]\n";
}

// Imports of one module on one line, where the first of them stood.
static std::string importsText(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  std::map<std::string, size_t> by_module;
  for (const std::string& line : lines) {
    size_t names = line.find(" import ");
    bool can_join = line.starts_with("from ") && !line.ends_with("*\n");
    auto [known, is_new] = by_module.emplace(line.substr(0, names), out.size());
    if (!can_join || is_new) {
      if (!can_join) by_module.erase(line.substr(0, names));
      out.push_back(line);
      continue;
    }
    std::string& joined = out[known->second];
    joined.pop_back();
    joined += ", " + line.substr(names + 8);
  }
  std::string text;
  for (const std::string& line : out) text += line;
  return text;
}

static std::string joined(const StubContext& c, const std::set<std::string>& needed) {
  std::vector<std::string> imports;
  std::string body;
  auto isDefined = [&](std::string_view name) {
    return std::any_of(c.items.begin(), c.items.end(), [&](const StubItem& item) { return std::find(item.names.begin(), item.names.end(), name) != item.names.end(); });
  };
  for (auto [name, text] : kHelpers) {
    if (needed.contains(std::string(name)) && !isDefined(name)) imports.emplace_back(text);
  }
  bool was_block = false;
  for (const StubItem& item : c.items) {
    if (!item.is_wanted) continue;
    if (item.is_import) {
      imports.push_back(item.text);
      continue;
    }
    bool is_block = item.text.find('\n') + 1 != item.text.size() && (item.text.starts_with("class ") || item.text.starts_with("@dataclass"));
    if (!body.empty() && (is_block || was_block)) body += "\n";
    body += item.text;
    was_block = is_block;
  }
  std::string out = importsText(imports);
  if (c.has_all) out += (out.empty() ? "" : "\n") + allText(c);
  return out + (out.empty() || body.empty() ? "" : "\n") + body;
}

static void addProposals(StubContext& c) {
  if (!c.options.has_analysis) return;
  for (const ProposedAnnotation& proposal : proposeAnnotations(c.w, c.module, {})) {
    std::string text = proposal.text;
    if (text.starts_with(" -> ")) {
      c.result_types[proposal.function.value] = text.substr(4);
    } else {
      if (text.ends_with(" = ")) text.resize(text.size() - 3);
      c.parameter_types[proposal.offset] = std::move(text);
    }
  }
}

void StubRequests::add(const Ast& ast, const std::string& module, bool is_package) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (auto def = ast.tryAs<ClassDef>(NodeId(i))) {
      for (NodeId arg : def->args()) {
        auto base = ast.tryAs<Attribute>(arg);
        if (base) bases.emplace(nameText(ast, base->attr()));
      }
    }
    if (auto def = ast.tryAs<FunctionDef>(NodeId(i))) {
      for (NodeId decorator : def->decorators()) {
        if (auto attribute = ast.tryAs<Attribute>(decorator)) bases.emplace(nameText(ast, attribute->attr()));
      }
    }
    auto from = ast.tryAs<ImportFrom>(NodeId(i));
    if (!from) continue;
    std::string home = from->level() == 0 ? "" : module;
    for (uint32_t up = is_package ? 1 : 0; up < from->level(); ++up) home.resize(home.find('.') == std::string::npos ? 0 : home.rfind('.'));
    std::string_view named = from->module().valid() ? nameText(ast, from->module()) : "";
    home += (home.empty() || named.empty() ? "" : ".") + std::string(named);
    if (home == module) continue;
    for (NodeId alias : from->names()) imported[home].emplace(nameText(ast, ast.as<Alias>(alias).name()));
  }
}

std::string stubText(types::World& w, types::ModuleId module, const std::string& name, const StubOptions& options, const StubRequests& requests) {
  const Ast& ast = *w.modules[module].ast;
  static const std::set<std::string> kNothing;
  auto asked = requests.imported.find(name);
  StubContext c{.w = w, .module = module, .ast = ast, .options = options, .requests = requests, .imported = asked != requests.imported.end() ? asked->second : kNothing, .module_name = name, .reachability = semantic::findUnreachable(ast, semantic::targetOf(w.modules[module].options))};
  addProposals(c);
  findAll(c);
  std::set<std::string> read = namesRead(ast);
  StubScope scope;
  NodeList body = ast.as<Module>(ast.root()).body();
  forEachStatement(c, body, [&](NodeId statement) {
    if (auto import = ast.tryAs<Import>(statement)) addImport(c, scope, *import);
    else if (auto from = ast.tryAs<ImportFrom>(statement)) addImportFrom(c, scope, *from, read);
    else addDefinition(c, scope, statement);
  });
  std::set<std::string> needed = markNeeded(c);
  NodeId docstring = options.includes_docstrings ? docstringOf(ast, body) : NodeId::none();
  return (docstring.valid() ? std::string(ast.text(docstring)) + "\n\n" : "") + joined(c, needed);
}

}  // namespace krait::cli

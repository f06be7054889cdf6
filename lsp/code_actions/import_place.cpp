// Where a new import goes: into a statement that imports from the module already, or to its place in the order of the
// block at the file's beginning. What is in order stays in order (isort's: sections, `import` before `from`, by name).
#include <algorithm>
#include <cctype>
#include <tuple>

#include "analyzer/lint/imports/import_block.h"
#include "lsp/code_actions/action_list.h"

namespace krait::lsp {

using namespace krait::syntax;

static std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Constants, then classes, then what else there is.
static std::pair<int, std::string> memberKey(std::string_view name) {
  bool has_lower = std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
  int rank = !has_lower && name.size() > 1 ? 0 : std::isupper(static_cast<unsigned char>(name[0])) ? 1 : 2;
  return {rank, lowered(name)};
}

namespace {
struct StatementKey {
  lint::Section section = lint::Section::kThirdParty;
  bool is_from = false;
  std::string module;
  auto parts() const { return std::tie(section, is_from, module); }
  bool operator<(const StatementKey& other) const { return parts() < other.parts(); }
};
}  // namespace

static StatementKey keyOf(Workspace& workspace, std::string_view module, bool is_from) {
  std::string_view first = module.substr(0, module.find('.'));
  SourceModule* found = workspace.loadModule(first);
  lint::Section section = module == "__future__"                   ? lint::Section::kFuture
                          : lint::isStandardLibrary(first, config::PythonVersion{}.minor) ? lint::Section::kStandardLibrary
                          : found != nullptr && workspace.isOwn(*found) ? lint::Section::kFirstParty
                                                                   : lint::Section::kThirdParty;
  return {section, is_from, lowered(module)};
}

static StatementKey keyOf(Workspace& workspace, const Ast& ast, NodeId statement) {
  if (auto import = ast.tryAs<Import>(statement)) return keyOf(workspace, nameText(ast, ast.as<Alias>(import->names()[0]).name()), false);
  ImportFrom from = ast.as<ImportFrom>(statement);
  std::string_view module = from.module().valid() ? nameText(ast, from.module()) : std::string_view();
  if (from.level() > 0) return {lint::Section::kLocalFolder, true, lowered(module)};
  return keyOf(workspace, module, true);
}

// The imports at the file's beginning, behind its docstring.
static std::vector<NodeId> firstImports(const Ast& ast) {
  std::vector<NodeId> out;
  NodeList body = ast.as<Module>(ast.root()).body();
  for (size_t i = docstringOf(ast, body).valid() ? 1 : 0; i < body.size(); ++i) {
    bool is_import = (ast.is(body[i], NodeKind::kImport) && !ast.as<Import>(body[i]).names().empty()) || ast.is(body[i], NodeKind::kImportFrom);
    if (!is_import) break;
    out.push_back(body[i]);
  }
  return out;
}

// `from module import …` of these names at module level, or none.
static NodeId importOf(const Ast& ast, std::string_view module) {
  for (NodeId statement : ast.as<Module>(ast.root()).body()) {
    auto import = ast.tryAs<ImportFrom>(statement);
    if (!import || import->level() != 0 || nameText(ast, import->module()) != module || import->names().empty()) continue;
    if (nameText(ast, ast.as<Alias>(import->names()[0]).name()) != "*") return statement;
  }
  return NodeId::none();
}

static Edit intoList(SourceModule& file, NodeId statement, std::string_view name) {
  const Ast& ast = file.ast();
  NodeList names = ast.as<ImportFrom>(statement).names();
  auto keyAt = [&](size_t i) { return memberKey(nameText(ast, ast.as<Alias>(names[i]).name())); };
  bool is_sorted = true;
  size_t at = names.size();
  for (size_t i = 0; i < names.size(); ++i) {
    is_sorted &= i == 0 || !(keyAt(i) < keyAt(i - 1));
    if (at == names.size() && memberKey(name) < keyAt(i)) at = i;
  }
  uint32_t first = file.lines().lineOf(ast.range(names[0]).begin);
  bool has_own_lines = first != file.lines().lineOf(ast.range(statement).begin) && (names.size() == 1 || file.lines().lineOf(ast.range(names[1]).begin) != first) &&
                       ast.text(statement).find('(') != std::string_view::npos;
  std::string_view text = file.text();
  std::string separator = has_own_lines ? (text.find("\r\n") != std::string_view::npos ? ",\r\n" : ",\n") + indentAt(file, ast.range(names[0]).begin) : ", ";
  if (is_sorted && at < names.size()) {
    uint32_t begin = ast.range(names[at]).begin;
    return {&file, {begin, begin}, std::string(name) + separator};
  }
  uint32_t end = ast.range(names.back()).end;
  return {&file, {end, end}, separator + std::string(name)};
}

static Edit newStatement(Workspace& workspace, SourceModule& file, const std::string& line, const StatementKey& key) {
  const Ast& ast = file.ast();
  NodeList body = ast.as<Module>(ast.root()).body();
  std::vector<NodeId> imports = firstImports(ast);
  std::vector<StatementKey> keys;
  for (NodeId one : imports) keys.push_back(keyOf(workspace, ast, one));
  bool is_sorted = std::is_sorted(keys.begin(), keys.end());
  std::string newline = file.text().find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
  auto lineStart = [&](NodeId node) { return file.lines().lineStart(file.lines().lineOf(fullRange(ast, node).begin)); };
  auto lineBehind = [&](NodeId node) {
    uint32_t next = file.lines().lineOf(ast.range(node).end) + 1;
    return next < file.lines().lineCount() ? file.lines().lineStart(next) : static_cast<uint32_t>(file.text().size());
  };
  auto isBlankAt = [&](uint32_t place) { return place >= file.text().size() || file.text()[place] == '\n' || file.text()[place] == '\r'; };
  auto endsLine = [&](uint32_t place) { return place == 0 || file.text()[place - 1] == '\n'; };
  size_t at = is_sorted ? static_cast<size_t>(std::upper_bound(keys.begin(), keys.end(), key) - keys.begin()) : imports.size();
  if (imports.empty()) {
    bool has_docstring = docstringOf(ast, body).valid();
    uint32_t place = has_docstring ? lineBehind(body[0]) : body.empty() ? static_cast<uint32_t>(0) : lineStart(body[0]);
    bool wants_blank_behind = !isBlankAt(place);
    return {&file, {place, place}, (endsLine(place) ? "" : newline) + (has_docstring ? newline : "") + line + newline + (wants_blank_behind ? newline : "")};
  }
  if (at < imports.size() && (at == 0 || keys[at - 1].section != key.section)) {
    // The first of its section, or of all: before what follows.
    uint32_t place = lineStart(imports[at]);
    bool is_other = keys[at].section != key.section;
    return {&file, {place, place}, line + newline + (is_other ? newline : "")};
  }
  uint32_t place = lineBehind(imports[at - 1]);
  bool is_other = is_sorted && keys[at - 1].section != key.section;
  return {&file, {place, place}, (endsLine(place) ? "" : newline) + (is_other ? newline : "") + line + newline};
}

std::vector<Edit> importEdits(Workspace& workspace, SourceModule& file, std::string_view module, std::string_view name) {
  const Ast& ast = file.ast();
  NodeId known = name.empty() ? NodeId::none() : importOf(ast, module);
  if (known.valid()) {
    for (NodeId alias : ast.as<ImportFrom>(known).names()) {
      Alias one = ast.as<Alias>(alias);
      if (nameText(ast, one.name()) == name && (one.asname().isNone() || nameText(ast, one.asname()) == name)) return {};
    }
    return {intoList(file, known, name)};
  }
  std::string line = name.empty() ? "import " + std::string(module) : "from " + std::string(module) + " import " + std::string(name);
  return {newStatement(workspace, file, line, keyOf(workspace, module, !name.empty()))};
}

}  // namespace krait::lsp

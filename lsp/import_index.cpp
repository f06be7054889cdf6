#include "lsp/import_index.h"

#include <algorithm>
#include <cctype>

#include "analyzer/base/file_io.h"
#include "lsp/workspace.h"

namespace krait::lsp {

// Files looked at in one step.
static constexpr size_t kFilesPerStep = 3;
static constexpr size_t kLargestFile = size_t{2} << 20;

static bool isNameByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

static std::string_view wordAt(std::string_view line, size_t at) {
  size_t end = at;
  while (end < line.size() && isNameByte(line[end])) ++end;
  return line.substr(at, end - at);
}

static std::string startOf(std::string_view name) {
  std::string out;
  for (char c : name.substr(0, 2)) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// What a line at the left margin defines; an empty name: nothing.
static std::pair<std::string_view, ImportIndex::Kind> definedBy(std::string_view line) {
  using Kind = ImportIndex::Kind;
  if (line.starts_with("class ")) return {wordAt(line, 6), Kind::kClass};
  if (line.starts_with("def ")) return {wordAt(line, 4), Kind::kFunction};
  if (line.starts_with("async def ")) return {wordAt(line, 10), Kind::kFunction};
  if (line.starts_with("type ")) return {wordAt(line, 5), Kind::kVariable};
  std::string_view word = wordAt(line, 0);
  size_t after = line.find_first_not_of(" \t", word.size());
  if (word.empty() || after == std::string_view::npos) return {};
  bool is_assigned = line[after] == '=' && line.substr(after, 2) != "==";
  bool is_annotated = line[after] == ':' && after == word.size() && line.size() > after + 1 && line[after + 1] == ' ';
  static constexpr std::string_view kWords[] = {"else", "try", "finally", "if", "for", "while", "with", "lambda"};
  if (!is_assigned && !is_annotated) return {};
  if (std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords)) return {};
  return {word, Kind::kVariable};
}

// `if sys.version_info >= (3, 11):` in a stub: what stands in it counts, unless it is for others.
static bool beginsBranch(std::string_view line) {
  bool is_branch = line.starts_with("if ") || line.starts_with("elif ") || line.starts_with("else:") || line.starts_with("try:") || line.starts_with("except ");
  return is_branch && line.find("version_info < ") == std::string_view::npos && line.find("== \"win32\"") == std::string_view::npos;
}

namespace {
// What a package gives out of its modules (`from .part import Name`, `from .part import *`), and a stub of any.
struct Reexports {
  std::string module;
  bool is_own = false;
  bool is_package = false;
  bool is_in_list = false;  // between the parentheses of such an import
  std::vector<std::string> names, starred;  // full names of modules that are given out as a whole

  void addNames(std::string_view list) {
    while (!list.empty()) {
      size_t comma = std::min(list.find(','), list.size());
      std::string_view one = list.substr(0, std::min(comma, list.find('#')));
      list.remove_prefix(std::min(comma + 1, list.size()));
      size_t first = one.find_first_not_of(" \t(");
      std::string_view name = first == std::string_view::npos ? std::string_view() : wordAt(one, first);
      size_t as = one.find(" as ");
      std::string_view other = as == std::string_view::npos ? std::string_view() : wordAt(one, one.find_first_not_of(' ', as + 4));
      // Of stubs only what they name twice is for others.
      bool is_given = !name.empty() && (is_own ? other.empty() || other == name : !other.empty());
      if (is_given) names.emplace_back(other.empty() ? name : other);
    }
  }

  // False: the line is none of such an import.
  bool read(std::string_view line) {
    if (is_in_list) {
      is_in_list = line.find(')') == std::string_view::npos;
      addNames(line.substr(0, std::min(line.find(')'), line.size())));
      return true;
    }
    size_t import = line.find(" import ");
    bool is_inside = is_package && line.starts_with("from .") && !line.starts_with("from ..");
    if ((!is_inside && (is_own || !line.starts_with("from "))) || import == std::string_view::npos) return false;
    std::string source(is_inside ? line.substr(6, import - 6) : line.substr(5, import - 5));
    std::string_view list = line.substr(import + 8);
    if (list.starts_with("*")) starred.push_back(is_inside ? module + "." + source : source);
    else addNames(list.substr(0, std::min(list.find(')'), list.size())));
    is_in_list = list.starts_with("(") && list.find(')') == std::string_view::npos;
    return true;
  }
};
}  // namespace

void ImportIndex::readFile(const std::string& path, const std::string& module, bool is_own) {
  uint32_t number = static_cast<uint32_t>(modules_.size());
  modules_.push_back(module);
  auto add = [&](std::string_view name, Kind kind, uint32_t from) {
    if (name.size() < 2 || name[0] == '_') return;
    by_start_[startOf(name)].push_back(static_cast<uint32_t>(entries_.size()));
    entries_.push_back({std::string(name), from, kind, is_own});
  };
  size_t dot = module.rfind('.');
  if (module[0] != '_') add(dot == std::string::npos ? std::string_view(module) : std::string_view(module).substr(dot + 1), Kind::kModule, number);
  Result<std::string> bytes = krait::readFile(path);
  if (!bytes.ok() || bytes.value().size() > kLargestFile) return;
  std::string_view text = bytes.value(), last;
  bool is_package = path.ends_with("/__init__.py") || path.ends_with("/__init__.pyi"), is_stub = path.ends_with(".pyi"), is_branch = false;
  bool gives_out = is_package || is_stub;
  // What a package gives out is best had from the package.
  uint32_t from = number;
  if (auto given = given_out_.find(module); given != given_out_.end()) {
    from = static_cast<uint32_t>(modules_.size());
    modules_.push_back(given->second);
  }
  Reexports reexports{.module = module, .is_own = is_own, .is_package = is_package};
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (gives_out && reexports.read(line)) continue;
    bool is_inside = is_branch && line.starts_with("    ") && line.size() > 4 && line[4] != ' ';
    if (is_inside) line.remove_prefix(4);
    if (line.empty() || line[0] == ' ' || line[0] == '#' || line[0] == '@') continue;
    if (!is_inside) is_branch = is_stub && beginsBranch(line);
    auto [name, kind] = definedBy(line);
    if (name != last) add(name, kind, from);  // overloads stand together
    if (!name.empty()) last = name;
  }
  for (const std::string& name : reexports.names) add(name, std::isupper(static_cast<unsigned char>(name[0])) ? Kind::kClass : Kind::kFunction, from);
  for (const std::string& given : reexports.starred) {
    bool is_private = given[0] == '_';
    // A module of the library that only others are to import from.
    if (is_private && !is_own && given_out_.emplace(given, module).second) waiting_.push_back({"", given, false});
    else if (given.starts_with(module + ".")) given_out_.emplace(given, module);
  }
}

void ImportIndex::begin(Workspace& workspace) {
  is_begun_ = true;
  for (const std::string& path : workspace.projectFiles()) {
    waiting_.push_back({path, "", true});
  }
  for (std::string& module : workspace.resolver().childrenOf("")) waiting_.push_back({"", std::move(module), false});
}

// A module of the library: its file, and the modules inside it for later.
void ImportIndex::readLibrary(Workspace& workspace, const std::string& module) {
  bool is_public = (module[0] != '_' && module.find("._") == std::string::npos) || given_out_.count(module) != 0;
  if (!is_public || !workspace.resolver().isStandardLibrary(module) || std::count(module.begin(), module.end(), '.') > 2) return;
  const semantic::ResolvedModule& found = workspace.resolver().resolve(module);
  if (!found.found() || found.is_namespace) return;
  bool is_package = found.is_package;
  readFile(found.path, module, false);
  if (!is_package || module == "test" || module == "idlelib" || module == "lib2to3") return;
  for (const std::string& child : workspace.resolver().childrenOf(module)) waiting_.push_back({"", module + "." + child, false});
}

bool ImportIndex::step(Workspace& workspace) {
  if (!is_begun_) {
    begin(workspace);
    return true;
  }
  for (size_t i = 0; i < kFilesPerStep && next_ < waiting_.size(); ++i, ++next_) {
    Waiting one = waiting_[next_];
    if (one.is_own) {
      Result<config::Source> source = config::sourceOfFile(one.path, workspace.configOf(one.path).base);
      if (source.ok() && !source.value().module.empty()) readFile(one.path, source.value().module, true);
    } else {
      readLibrary(workspace, one.module);
    }
  }
  return next_ < waiting_.size();
}

void ImportIndex::finish(Workspace& workspace) {
  while (step(workspace)) continue;
}

void ImportIndex::forget() { *this = ImportIndex(); }

static bool isBetter(const ImportIndex& index, const ImportIndex::Entry* a, const ImportIndex::Entry* b) {
  if (a->is_own != b->is_own) return a->is_own;
  const std::string& left = index.moduleOf(*a);
  const std::string& right = index.moduleOf(*b);
  auto depth = [](const std::string& module) { return std::count(module.begin(), module.end(), '.'); };
  if (depth(left) != depth(right)) return depth(left) < depth(right);
  return left < right;
}

std::vector<const ImportIndex::Entry*> ImportIndex::find(std::string_view name) const {
  std::vector<const Entry*> out;
  auto found = by_start_.find(startOf(name));
  if (found == by_start_.end()) return out;
  for (uint32_t index : found->second) {
    if (entries_[index].name == name) out.push_back(&entries_[index]);
  }
  std::sort(out.begin(), out.end(), [&](const Entry* a, const Entry* b) { return isBetter(*this, a, b); });
  return out;
}

std::vector<const ImportIndex::Entry*> ImportIndex::startingWith(std::string_view prefix, size_t most) const {
  std::vector<const Entry*> out;
  if (prefix.size() < 2) return out;
  auto found = by_start_.find(startOf(prefix));
  if (found == by_start_.end()) return out;
  for (uint32_t index : found->second) {
    const std::string& name = entries_[index].name;
    bool fits = name.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), name.begin(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
    if (fits) out.push_back(&entries_[index]);
  }
  std::sort(out.begin(), out.end(), [&](const Entry* a, const Entry* b) {
    return a->name != b->name ? a->name < b->name : isBetter(*this, a, b);
  });
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace krait::lsp

#include "cli/verify/project.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <tuple>

#include "analyzer/base/file_io.h"
#include "analyzer/config/config_text.h"
#include "analyzer/semantic/imports/search_paths.h"

namespace krait::cli {

namespace fs = std::filesystem;

// A folder with more modules is no source folder.
static constexpr size_t kMostModules = 2000;

static bool isIdentifier(std::string_view name) {
  bool is_fine = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  return is_fine && std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; });
}

static bool isThere(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

static bool isFolder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

// With `__init__`, or a namespace with modules in it or in a package below it.
static bool isPackage(const fs::path& folder) {
  if (isThere(folder / "__init__.py")) return true;
  if (isThere(folder / "pyvenv.cfg")) return false;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, error)) {
    if (entry.path().extension() == ".py" || isThere(entry.path() / "__init__.py")) return true;
  }
  return false;
}

// The names that can be imported from a folder, with their paths, in order.
static std::vector<std::pair<std::string, std::string>> modulesIn(const fs::path& root, const ImportedNames& imported, const semantic::ImportResolver& library) {
  std::vector<std::pair<std::string, std::string>> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(root, fs::directory_options::skip_permission_denied, error)) {
    const fs::path& path = entry.path();
    bool is_file = path.extension() == ".py";
    std::string name = (is_file ? path.stem() : path.filename()).string();
    if (!isIdentifier(name) || library.isStandardLibrary(name) || imported.own.contains(name)) continue;
    if (is_file || (isFolder(path) && isPackage(path))) found.emplace_back(std::move(name), path.string());
    if (found.size() > kMostModules) return {};
  }
  std::sort(found.begin(), found.end());
  return found;
}

static void addRoot(DocumentProject& project, const fs::path& root, const ImportedNames& imported, const semantic::ImportResolver& library, bool is_needed) {
  std::string path = root.string();
  if (std::find(project.roots.begin(), project.roots.end(), path) != project.roots.end() || !isFolder(root)) return;
  std::vector<std::pair<std::string, std::string>> modules = modulesIn(root, imported, library);
  is_needed = is_needed || std::any_of(modules.begin(), modules.end(), [&](const auto& module) { return imported.named.contains(module.first); });
  if (!is_needed || modules.empty()) return;
  project.roots.push_back(path);
  for (auto& [name, module] : modules) project.modules.push_back(std::move(module));
}

// The folder that holds what a project is known by; the given one when there is none above it.
static fs::path projectFolder(const fs::path& folder) {
  for (fs::path at = folder; at.has_relative_path(); at = at.parent_path()) {
    for (const char* mark : {"pyproject.toml", "setup.py", "setup.cfg", "krait.toml", ".git"}) {
      if (isThere(at / mark)) return at;
    }
  }
  return folder;
}

// The folder that a Python file's dotted name starts below, and that name; no name: the file is in no package.
static std::pair<fs::path, std::string> placeOf(const fs::path& file) {
  fs::path folder = file.parent_path();
  std::string stem = file.stem().string(), name = stem == "__init__" ? "" : stem;
  bool is_named = isIdentifier(stem);
  while (folder.has_relative_path() && isThere(folder / "__init__.py")) {
    std::string part = folder.filename().string();
    is_named = is_named && isIdentifier(part);
    name = part + (name.empty() ? "" : "." + name);
    folder = folder.parent_path();
  }
  bool is_inside = folder != file.parent_path();
  return {folder, is_named && is_inside ? name : ""};
}

// pytest's own sections, by the files that they stand in.
static constexpr std::pair<const char*, const char*> kPytestSections[] = {
    {"pytest.ini", "pytest"}, {"pyproject.toml", "tool.pytest.ini_options"}, {"tox.ini", "pytest"}, {"setup.cfg", "tool:pytest"}};

std::string exampleFlagsOf(std::string_view path) {
  std::error_code error;
  fs::path file = fs::absolute(fs::path(path), error).lexically_normal();
  if (error) return "";
  std::string flags = file.extension() == ".py" ? "" : " +ELLIPSIS";
  fs::path folder = projectFolder(file.parent_path());
  for (const auto& [name, section] : kPytestSections) {
    Result<std::string> text = readFile((folder / name).string());
    if (!text.ok()) continue;
    // What is wrong with the file is not ours to say.
    Result<config::ConfigText> read = fs::path(name).extension() == ".toml" ? config::readToml(name, text.value()) : config::readIni(name, text.value());
    const config::ConfigSection* found = read.ok() ? read.value().find(section) : nullptr;
    const config::ConfigEntry* entry = found == nullptr ? nullptr : found->find("doctest_optionflags");
    if (entry == nullptr) continue;
    std::string said = entry->value.text;
    for (const std::string& item : entry->value.items) said += " " + item;
    for (const char* flag : {"ELLIPSIS", "NORMALIZE_WHITESPACE", "IGNORE_EXCEPTION_DETAIL"}) {
      if (said.find(flag) != std::string::npos) flags += std::string(" +") + flag;
    }
    break;
  }
  return flags;
}

DocumentProject projectOf(std::string_view path, const ImportedNames& imported, const semantic::ImportResolver& library) {
  DocumentProject project;
  std::error_code error;
  fs::path file = fs::absolute(fs::path(path), error).lexically_normal();
  if (error) return project;
  fs::path base = file.parent_path();
  if (file.extension() == ".py") {
    std::string name;
    std::tie(base, name) = placeOf(file);
    if (!library.isStandardLibrary(name.substr(0, name.find('.')))) project.module = name;
    addRoot(project, base, imported, library, !project.module.empty());
    if (project.roots.empty()) project.module.clear();
  }
  fs::path folder = projectFolder(base);
  addRoot(project, folder / "src", imported, library, false);
  addRoot(project, folder, imported, library, false);
  addRoot(project, file.parent_path(), imported, library, false);
  if (const char* named = std::getenv("PYTHONPATH")) {
    for (const std::string& root : semantic::splitPathList(named)) {
      fs::path full = fs::absolute(root, error).lexically_normal();
      if (error || !isFolder(full)) continue;
      project.roots.push_back(full.string());
      project.modules.push_back(full.string());
    }
  }
  project.installed = semantic::findSitePackages({.python_executable = "", .project_root = folder.string(), .uses_system = false});
  return project;
}

static std::string joined(const std::vector<std::string>& paths) {
  std::string out;
  for (const std::string& path : paths) out += (out.empty() ? "" : ":") + path;
  return out;
}

void allowProject(const DocumentProject& project, bool is_own, SandboxRequest& request) {
  SandboxPermissions& permissions = request.permissions;
  permissions.list.insert(permissions.list.end(), project.roots.begin(), project.roots.end());
  permissions.read.insert(permissions.read.end(), project.modules.begin(), project.modules.end());
  permissions.read.insert(permissions.read.end(), project.installed.begin(), project.installed.end());
  std::vector<std::string> path = project.roots;
  if (is_own && !project.installed.empty()) request.variables.emplace_back("KRAIT_SITE_PACKAGES", joined(project.installed));
  if (!is_own) path.insert(path.end(), project.installed.begin(), project.installed.end());
  if (!path.empty()) request.variables.emplace_back("PYTHONPATH", joined(path));
}

}  // namespace krait::cli

#include "cli/verify/named_files.h"

#include <algorithm>
#include <set>

namespace krait::cli {

static bool isPathChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
}

// `shapes/area.py`: a relative path with a known ending, and nothing that leaves the folder.
static bool isFileName(std::string_view text) {
  if (text.empty() || text.size() > 120 || text[0] == '/' || text[0] == '.' || text.find("..") != std::string_view::npos) return false;
  if (!std::all_of(text.begin(), text.end(), isPathChar)) return false;
  for (std::string_view end : {".py", ".txt", ".json", ".csv", ".ini", ".toml", ".cfg", ".yaml", ".yml", ".md", ".html", ".xml", ".log", ".sql"}) {
    if (text.size() > end.size() && text.ends_with(end)) return true;
  }
  return false;
}

static std::string_view firstLine(std::string_view text) { return text.substr(0, std::min(text.find('\n'), text.size())); }

static std::string_view fromComment(std::string_view text) {
  std::string_view line = firstLine(text);
  if (!line.starts_with("#")) return {};
  line.remove_prefix(1);
  while (line.starts_with(" ")) line.remove_prefix(1);
  for (std::string_view word : {"file: ", "File: ", "filename: ", "Filename: "}) {
    if (line.starts_with(word)) line.remove_prefix(word.size());
  }
  while (line.ends_with(" ") || line.ends_with("\r") || line.ends_with(":")) line.remove_suffix(1);
  return isFileName(line) ? line : std::string_view();
}

// `title="a.py"`, `filename=a.py`, `:a.py`, `a.py`.
static std::string_view fromInfo(std::string_view info) {
  for (size_t at = 0; at < info.size();) {
    if (!isPathChar(info[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < info.size() && isPathChar(info[end])) ++end;
    std::string_view word = info.substr(at, end - at);
    if (isFileName(word)) return word;
    at = end;
  }
  return {};
}

// The only name between backquotes in a line of text.
static std::string_view fromLead(std::string_view lead) {
  std::string_view found;
  for (size_t at = lead.find('`'); at != std::string_view::npos; at = lead.find('`', at + 1)) {
    size_t end = lead.find('`', at + 1);
    if (end == std::string_view::npos) break;
    std::string_view name = lead.substr(at + 1, end - at - 1);
    if (isFileName(name)) {
      if (!found.empty() && found != name) return {};
      found = name;
    }
    at = end;
  }
  return found;
}

static std::string_view baseName(std::string_view path) { return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1); }

std::string fileNameOf(const TextBlock& block) {
  std::string_view told = fromLead(block.lead);
  std::string_view own = fromInfo(block.info);
  if (own.empty()) own = fromComment(block.text);
  // `# area.py` below "Create `shapes/area.py`": the text knows the folder.
  if (!own.empty()) return std::string(baseName(told) == own ? told : own);
  bool is_python = block.language.starts_with("py");
  return is_python ? "" : std::string(told);
}

// Does a program import the module that a file is, or a package around it?
static bool isImported(std::string_view path, std::string_view program) {
  std::string module(path.substr(0, path.size() - 3));
  std::replace(module.begin(), module.end(), '/', '.');
  std::string top = module.substr(0, module.find('.'));
  for (size_t at = program.find(top); at != std::string_view::npos; at = program.find(top, at + 1)) {
    bool is_word = (at == 0 || !isPathChar(program[at - 1])) && (at + top.size() == program.size() || program[at + top.size()] == '.' || !isPathChar(program[at + top.size()]));
    if (!is_word) continue;
    size_t line = program.rfind('\n', at);
    std::string_view before = program.substr(line == std::string_view::npos ? 0 : line + 1, at - (line == std::string_view::npos ? 0 : line + 1));
    if (before.find("import") != std::string_view::npos || before.find("from ") != std::string_view::npos) return true;
  }
  return false;
}

// A file beside another one, imported by a relative import.
static bool isBeside(std::string_view path, const std::set<std::string>& taken) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  return std::any_of(taken.begin(), taken.end(), [&](const std::string& other) { return std::string_view(other).starts_with(path.substr(0, slash + 1)); });
}

std::vector<NamedFile> filesFor(const std::vector<NamedFile>& earlier, std::string_view program) {
  std::set<std::string> taken;
  std::string text(program);
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (const NamedFile& file : earlier) {
      if (taken.contains(file.path)) continue;
      bool is_python = file.path.ends_with(".py");
      bool is_needed = is_python ? isImported(file.path, text) || isBeside(file.path, taken) : text.find(baseName(file.path)) != std::string::npos;
      if (!is_needed) continue;
      taken.insert(file.path);
      text += "\n" + file.text;
      is_changed = true;
    }
  }
  std::vector<NamedFile> out;
  for (const NamedFile& file : earlier) {
    if (!taken.contains(file.path)) continue;
    std::erase_if(out, [&](const NamedFile& other) { return other.path == file.path; });
    out.push_back(file);
  }
  return out;
}

}  // namespace krait::cli

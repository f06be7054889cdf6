#include "runtime/object/sandbox_note.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <vector>

namespace krait::object {

static bool is_in_sandbox = false;
static std::vector<std::string> programs = {"/proc/self/exe"};

void noteSandbox(std::string_view permissions) {
  is_in_sandbox = true;
  if (permissions.starts_with("run=")) permissions.remove_prefix(4);
  while (!permissions.empty()) {
    size_t end = std::min(permissions.find(':'), permissions.size());
    programs.emplace_back(permissions.substr(0, end));
    permissions.remove_prefix(std::min(end + 1, permissions.size()));
  }
}

static bool isSameFile(const std::string& a, const std::string& b) {
  struct stat first, second;
  return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool mayRun(const std::string& path) {
  return !is_in_sandbox || std::any_of(programs.begin(), programs.end(), [&](const std::string& allowed) { return isSameFile(path, allowed); });
}


static std::string wouldHelp(std::string_view option) { return "the sandbox forbids it; " + std::string(option) + " allows it"; }

std::string runNote(std::string_view name) { return "the sandbox starts only programs that it is told to; --allow-run=" + std::string(name) + " allows this one"; }
std::string nameNote() { return is_in_sandbox ? wouldHelp("--allow-net=HOST:PORT") : ""; }

std::string sandboxNote(int error_number, std::string_view path) {
  if (!is_in_sandbox) return "";
  if (path.empty()) return error_number == ENETUNREACH || error_number == ENETDOWN ? wouldHelp("--allow-net=HOST:PORT") : "";
  if (error_number == EROFS) return wouldHelp("--allow-write=" + std::string(path));
  if (error_number == EACCES || error_number == EPERM) return wouldHelp("--allow-read=" + std::string(path) + " or --allow-write=" + std::string(path));
  // What may not be read is not there.
  const char* home = std::getenv("HOME");
  bool is_own = !path.starts_with("/") || (home != nullptr && path.starts_with(home));
  if (error_number == ENOENT && !is_own) return "the sandbox shows only what it is told to; if this is there, --allow-read=" + std::string(path) + " shows it";
  return "";
}

}  // namespace krait::object

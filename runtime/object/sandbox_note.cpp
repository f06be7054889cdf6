#include "runtime/object/sandbox_note.h"

#include <cerrno>
#include <cstdlib>

namespace krait::object {

static bool is_in_sandbox = false;

void noteSandbox() { is_in_sandbox = true; }

static std::string wouldHelp(std::string_view option) { return "the sandbox forbids it; " + std::string(option) + " allows it"; }

std::string sandboxNote(int error_number, std::string_view path) {
  if (!is_in_sandbox) return "";
  if (path.empty()) return error_number == ENETUNREACH || error_number == ENETDOWN ? wouldHelp("--allow-net") : "";
  if (error_number == EROFS) return wouldHelp("--allow-write=" + std::string(path));
  if (error_number == EACCES || error_number == EPERM) return wouldHelp("--allow-read=" + std::string(path) + " or --allow-write=" + std::string(path));
  // What may not be read is not there.
  const char* home = std::getenv("HOME");
  bool is_own = !path.starts_with("/") || (home != nullptr && path.starts_with(home));
  if (error_number == ENOENT && !is_own) return "the sandbox shows only what it is told to; if this is there, --allow-read=" + std::string(path) + " shows it";
  return "";
}

}  // namespace krait::object

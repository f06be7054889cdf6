#include "analyzer/base/file_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace krait {

static Failure failure(const char* what, const std::string& path, int error) {
  return Failure{std::string(what) + " " + path + ": " + std::strerror(error)};
}

Result<std::string> readFile(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failure("cannot read", path, errno);
  struct stat info;
  if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    int error = S_ISDIR(info.st_mode) ? EISDIR : errno;
    close(fd);
    return failure("cannot read", path, error);
  }
  std::string bytes(S_ISREG(info.st_mode) ? static_cast<size_t>(info.st_size) + 1 : 65536, '\0');
  size_t used = 0;
  while (true) {
    if (used == bytes.size()) bytes.resize(bytes.size() * 2);
    ssize_t got = read(fd, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || used > 0x7fffffff) {
      int error = got < 0 ? errno : EFBIG;
      close(fd);
      return failure("cannot read", path, error);
    }
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  close(fd);
  bytes.resize(used);
  return bytes;
}

bool writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

// Whether a new file may take the place of this one: not of one that has other names, or that is no plain file, or whose owner we are
// not and cannot make the new one's.
static bool canBeReplaced(const struct stat& info) {
  return S_ISREG(info.st_mode) && info.st_nlink == 1 && (info.st_uid == geteuid() || geteuid() == 0);
}

// Writes into the file that is there.
static Result<size_t> overwrite(const std::string& path, std::string_view bytes) {
  int fd = open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (fd < 0) return failure("cannot write", path, errno);
  bool fine = writeAll(fd, bytes);
  int error = errno;
  fine = close(fd) == 0 && fine;
  if (!fine) return failure("cannot write", path, error);
  return bytes.size();
}

Result<size_t> writeFileAtomically(const std::string& path, std::string_view bytes) {
  struct stat info;
  bool is_there = stat(path.c_str(), &info) == 0;
  // To take a file's place asks nothing of the file itself: one that must not be written stays.
  if (is_there && access(path.c_str(), W_OK) != 0) return failure("cannot write", path, errno);
  if (is_there && !canBeReplaced(info)) return overwrite(path, bytes);
  mode_t mode = is_there ? info.st_mode & 07777 : 0;
  std::string temporary = path + ".XXXXXX";
  int fd = mkstemp(temporary.data());
  if (fd < 0) return failure("cannot write", path, errno);
  if (!is_there) {
    mode_t mask = umask(0);
    umask(mask);
    mode = 0666 & ~mask;
  }
  bool is_others = is_there && info.st_uid != geteuid();
  bool fine = writeAll(fd, bytes) && (!is_others || fchown(fd, info.st_uid, info.st_gid) == 0) && fchmod(fd, mode) == 0;
  int error = errno;
  fine = close(fd) == 0 && fine;
  if (!fine || rename(temporary.c_str(), path.c_str()) != 0) {
    if (fine) error = errno;
    unlink(temporary.c_str());
    return failure("cannot write", path, error);
  }
  return bytes.size();
}

bool isFile(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool isDirectory(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace krait

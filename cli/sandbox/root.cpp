#include "cli/sandbox/root.h"

#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace krait::cli {

// Where the new root is made; nothing of the program sees it.
static constexpr const char* kPlace = "/tmp";
static constexpr const char* kRoot = "/tmp/root";

static bool writeText(const char* path, const std::string& text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool is_fine = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return is_fine;
}

bool mapUser(int child, const UserMap& map) {
  std::string process = "/proc/" + std::to_string(child);
  writeText((process + "/setgroups").c_str(), "deny");
  std::string users = std::to_string(map.user) + " " + std::to_string(map.outer_user) + " 1";
  std::string groups = std::to_string(map.group) + " " + std::to_string(map.outer_group) + " 1";
  return writeText((process + "/uid_map").c_str(), users) && writeText((process + "/gid_map").c_str(), groups);
}

// A change of user forgets which signal the parent's end sends.
static bool becomeUser(const UserMap& map) {
  return setresgid(map.group, map.group, map.group) == 0 && setresuid(map.user, map.user, map.user) == 0 &&
         prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

static bool makeFolders(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    std::string part = path.substr(0, slash);
    if (mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) return false;
    if (slash == std::string::npos) return true;
  }
}

static bool makeText(const std::string& path, const std::string& text) {
  int fd = makeFolders(path.substr(0, path.rfind('/'))) ? open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644) : -1;
  if (fd < 0) return false;
  bool is_fine = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return is_fine;
}

// A path of the old root, held open because /tmp is about to be covered.
struct Source {
  std::string path;
  int fd;
  bool is_folder;
  bool is_writable;
  std::string link;  // of a symbolic link
};

static Source openSource(const std::string& path, bool is_writable) {
  Source source{.path = path, .fd = -1, .is_folder = false, .is_writable = is_writable, .link = ""};
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return source;
  if (S_ISLNK(info.st_mode)) {
    char buffer[PATH_MAX];
    ssize_t length = readlink(path.c_str(), buffer, sizeof buffer);
    // `/lib -> usr/lib` stays a link; one that leads elsewhere becomes what it leads to.
    if (length > 0 && std::string_view(buffer, static_cast<size_t>(length)).starts_with("usr/")) {
      source.link.assign(buffer, static_cast<size_t>(length));
      return source;
    }
  }
  source.fd = open(path.c_str(), O_PATH | O_CLOEXEC);
  source.is_folder = fstat(source.fd, &info) == 0 && S_ISDIR(info.st_mode);
  return source;
}

static bool bind(const Source& source) {
  std::string target = kRoot + source.path;
  std::string parent = target.substr(0, target.rfind('/'));
  if (source.fd < 0 && source.link.empty()) return true;
  if (!makeFolders(parent)) return false;
  if (!source.link.empty()) return symlink(source.link.c_str(), target.c_str()) == 0 || errno == EEXIST;
  if (source.is_folder) {
    if (!makeFolders(target)) return false;
  } else if (access(target.c_str(), F_OK) == 0) {
    // There already, below a folder that was bound.
    if (!source.is_writable) return true;
  } else {
    int fd = open(target.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0) return errno == EEXIST || errno == EROFS;
    close(fd);
  }
  std::string from = "/proc/self/fd/" + std::to_string(source.fd);
  if (mount(from.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) return false;
  if (source.is_writable) return true;
  // Flags that the mount had before are locked in a user namespace and must be kept; devices stay usable.
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID;
  bool is_device = source.path.starts_with("/dev/");
  return is_device || mount(nullptr, target.c_str(), nullptr, flags, nullptr) == 0 || mount(nullptr, target.c_str(), nullptr, flags | MS_NODEV, nullptr) == 0 ||
         mount(nullptr, target.c_str(), nullptr, flags | MS_NODEV | MS_NOATIME, nullptr) == 0 || mount(nullptr, target.c_str(), nullptr, flags | MS_RELATIME | MS_NODEV, nullptr) == 0;
}

bool enterPrivateRoot(const RootPlan& plan, const UserMap& map) {
  std::vector<Source> sources;
  for (const std::string& path : plan.read_only) sources.push_back(openSource(path, false));
  for (const std::string& path : plan.programs) sources.push_back(openSource(path, false));
  for (const std::string& path : plan.writable) sources.push_back(openSource(path, true));
  if (!becomeUser(map)) return false;
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  if (mount("tmpfs", kPlace, "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=0755") != 0) return false;
  if (mkdir(kRoot, 0755) != 0 || mount(kRoot, kRoot, nullptr, MS_BIND, nullptr) != 0) return false;
  bool is_fine = true;
  for (const Source& source : sources) {
    is_fine = is_fine && bind(source);
    if (source.fd >= 0) close(source.fd);
  }
  for (const std::string& path : plan.listed) is_fine = is_fine && makeFolders(kRoot + path);
  for (const auto& [path, text] : plan.texts) is_fine = is_fine && makeText(kRoot + path, text);
  std::string shared = std::string(kRoot) + "/dev/shm", temporary = std::string(kRoot) + "/tmp", old = std::string(kRoot) + "/.old", processes = std::string(kRoot) + "/proc";
  is_fine = is_fine && makeFolders(shared) && makeFolders(temporary) && makeFolders(old);
  is_fine = is_fine && mount("tmpfs", shared.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=1777") == 0;
  // Its own processes only; a program finds its own path there.
  is_fine = is_fine && makeFolders(processes) && mount("proc", processes.c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
  is_fine = is_fine && syscall(SYS_pivot_root, kRoot, old.c_str()) == 0 && chdir("/") == 0;
  is_fine = is_fine && umount2("/.old", MNT_DETACH) == 0;
  if (is_fine) rmdir("/.old");
  return is_fine;
}

void raiseLoopback() {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  ifreq request = {};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  ioctl(fd, SIOCSIFFLAGS, &request);
  close(fd);
}

}  // namespace krait::cli

#include "cli/sandbox/files.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace krait::cli {

static constexpr uint64_t kWriteRights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                         LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                         LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                         LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                         LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
static constexpr uint64_t kReadRights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static constexpr uint64_t kStartRights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;

bool hasLandlock() {
  return syscall(SYS_landlock_create_ruleset, nullptr, size_t{0}, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static bool allowPath(int ruleset, const char* path, uint64_t rights) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT;  // what is not there needs no permission
  struct stat info;
  bool is_folder = fstat(fd, &info) == 0 && S_ISDIR(info.st_mode);
  if (!is_folder) rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
  landlock_path_beneath_attr rule = {};
  rule.allowed_access = rights;
  rule.parent_fd = fd;
  bool is_fine = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close(fd);
  return is_fine;
}

bool applyLandlock(const RootPlan& plan, bool has_root) {
  landlock_ruleset_attr attributes = {};
  attributes.handled_access_fs = kReadRights | kStartRights | kWriteRights;
  int ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0));
  if (ruleset < 0) return false;
  bool is_fine = true;
  for (const std::string& path : plan.read_only) is_fine &= path.empty() || allowPath(ruleset, path.c_str(), kReadRights);
  for (const std::string& path : plan.listed) is_fine &= allowPath(ruleset, path.c_str(), LANDLOCK_ACCESS_FS_READ_DIR);
  for (const std::string& path : plan.programs) is_fine &= allowPath(ruleset, path.c_str(), kStartRights);
  for (const std::string& path : plan.writable) is_fine &= allowPath(ruleset, path.c_str(), kReadRights | kWriteRights);
  // Shared memory and settings of its own.
  if (has_root) is_fine &= allowPath(ruleset, "/dev/shm", kReadRights | kWriteRights) && allowPath(ruleset, "/etc", kReadRights);
  is_fine &= prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return is_fine;
}

// The loader that a program asks for; empty: none. ref: elf(5), PT_INTERP
static std::string loaderOf(const std::string& program) {
  int fd = open(program.c_str(), O_RDONLY | O_CLOEXEC);
  Elf64_Ehdr header = {};
  std::string out;
  bool is_elf = fd >= 0 && read(fd, &header, sizeof header) == sizeof header && std::string_view(reinterpret_cast<char*>(header.e_ident), 4) == ELFMAG;
  for (int i = 0; is_elf && i < header.e_phnum && out.empty(); ++i) {
    Elf64_Phdr part = {};
    off_t at = static_cast<off_t>(header.e_phoff + static_cast<uint64_t>(i) * header.e_phentsize);
    if (pread(fd, &part, sizeof part, at) != sizeof part) break;
    if (part.p_type != PT_INTERP || part.p_filesz > PATH_MAX || part.p_filesz == 0) continue;
    out.resize(part.p_filesz - 1);
    if (pread(fd, out.data(), out.size(), static_cast<off_t>(part.p_offset)) < 0) out.clear();
  }
  if (fd >= 0) close(fd);
  return out;
}

static std::string folderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// A program under its name, under what that leads to, and the loader.
static void addProgram(const std::string& path, std::vector<std::string>& programs) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::canonical(folderOf(path) + "/", error), whole = std::filesystem::canonical(path, error);
  if (error) return;
  std::filesystem::path name = std::filesystem::path(path).filename();
  std::string here = (folder / name).string();
  for (int hops = 0; hops < 8 && here != whole.string(); ++hops) {
    programs.push_back(here);
    std::filesystem::path next = std::filesystem::read_symlink(here, error);
    if (error) break;
    here = (std::filesystem::path(folderOf(here)) / next).lexically_normal().string();
  }
  programs.push_back(whole.string());
  std::string loader = loaderOf(whole.string());
  if (loader.empty()) return;
  whole = std::filesystem::canonical(loader, error);
  if (!error) programs.push_back(whole.string());
}

std::vector<NetAddress> gatesOf(const SandboxRequest& request) {
  if (request.permissions.has_network) return {};
  std::vector<NetAddress> gates = request.permissions.addresses;
  if (request.stand_ins != nullptr) gates.insert(gates.end(), request.stand_ins->addresses().begin(), request.stand_ins->addresses().end());
  return gates;
}

RootPlan planOf(const SandboxRequest& request) {
  RootPlan plan;
  plan.read_only = {"/usr/lib",       "/usr/lib32",     "/usr/lib64",         "/usr/libx32",    "/usr/libexec",     "/usr/share",   "/usr/local/lib",  "/usr/local/share", "/lib",
                    "/lib32",         "/lib64",         "/libx32",            "/bin",           "/sbin",            "/etc/ssl",     "/etc/ld.so.cache", "/etc/localtime",   "/etc/alternatives",
                    "/dev/urandom",   "/dev/random",    "/dev/zero"};
  // Where /bin is a folder of its own it is not one of libraries.
  std::error_code error;
  std::erase_if(plan.read_only, [&](const std::string& path) { return (path == "/bin" || path == "/sbin") && !std::filesystem::is_symlink(path, error); });
  const std::string& program = request.command[0];
  addProgram(program, plan.programs);
  for (const std::string& path : request.permissions.run) addProgram(path, plan.programs);
  std::string prefix = folderOf(folderOf(program));
  bool is_systems = prefix.empty() || prefix == "/usr" || prefix == "/usr/local";
  if (!is_systems) plan.read_only.push_back(prefix);
  for (const std::string& path : request.permissions.read) plan.read_only.push_back(path);
  plan.listed = request.permissions.list;
  plan.writable = {request.folder, "/dev/null"};
  for (const std::string& path : request.permissions.write) plan.writable.push_back(path);
  if (request.permissions.has_network) {
    for (const char* path : {"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/gai.conf"}) plan.read_only.emplace_back(path);
  } else {
    plan.texts = {{"/etc/hosts", hostsText(gatesOf(request))}, {"/etc/nsswitch.conf", "hosts: files dns\n"}};
    if (request.stand_ins != nullptr) plan.texts.emplace_back(kCertificates, request.stand_ins->certificate());
  }
  return plan;
}

}  // namespace krait::cli

// The `_posixsubprocess` module: fork and exec in one step. After the fork the child makes only system calls, so other
// threads' locks do not matter. ref: Modules/_posixsubprocess.c.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/modules/fork.h"
#include "runtime/modules/os_support.h"

namespace krait::modules {

struct Spawn {
  std::vector<std::string> arguments, environment, executables;
  std::vector<int> keep;
  std::vector<gid_t> groups;
  bool has_environment = false, has_groups = false, has_gid = false, has_uid = false, close_fds = false, restore_signals = false, new_session = false;
  std::string folder;
  bool has_folder = false;
  int pipes[6];       // p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite
  int error_read, error_write, group = -1, mask = -1;
  gid_t gid = 0;
  uid_t uid = 0;
  Value before_exec;
};

static Status textList_py(Thread& t, Value v, std::vector<std::string>& out, const char* what) {
  Ref list = listFromIterable_py(t, v);
  if (!list) return kRaised;
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    PathArg item;
    TRY(pathArg_py(t, list.as<List>()->items[i], kPathOnly, "", "expected str, bytes or os.PathLike object;", item));
    out.push_back(item.text);
  }
  (void)what;
  return kDone;
}
static std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& s : texts) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

// --- in the child: nothing but system calls
static bool setFlag(int fd, bool inheritable) {
  int flags = fcntl(fd, F_GETFD);
  return flags >= 0 && fcntl(fd, F_SETFD, inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC) == 0;
}
static void closeOthers(int first, const std::vector<int>& keep) {
  int from = first;
  for (int fd : keep) {  // sorted
    if (fd < from) continue;
    if (fd > from) close_range(static_cast<unsigned>(from), static_cast<unsigned>(fd - 1), 0);
    from = fd + 1;
  }
  close_range(static_cast<unsigned>(from), ~0u, 0);
}
static const char* prepareChild(Spawn& s) {
  for (int fd : s.keep) {
    if (fd != s.error_write && !setFlag(fd, true)) return "";
  }
  int *p = s.pipes, in = p[0], out = p[3], err = p[5];
  for (int fd : {p[1], p[2], p[4], s.error_read}) {
    if (fd >= 0) close(fd);
  }
  if (out == 0 && (out = dup(out)) < 0) return "";
  while (err == 0 || err == 1) {  // a copy may land on the other one
    if ((err = dup(err)) < 0) return "";
  }
  auto place = [](int fd, int at) {
    if (fd == at) return setFlag(fd, true);
    return fd < 0 || dup2(fd, at) >= 0;
  };
  if (!place(in, 0) || !place(out, 1) || !place(err, 2)) return "";
  if (s.has_folder && chdir(s.folder.c_str()) != 0) return "noexec:chdir";
  if (s.mask >= 0) umask(static_cast<mode_t>(s.mask));
  if (s.restore_signals) {
    for (int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_DFL);
  }
  if (s.new_session) setsid();
  if (s.group >= 0 && setpgid(0, s.group) != 0) return "";
  if (s.has_groups && setgroups(s.groups.size(), s.groups.data()) != 0) return "";
  if (s.has_gid && setregid(s.gid, s.gid) != 0) return "";
  if (s.has_uid && setreuid(s.uid, s.uid) != 0) return "";
  return nullptr;
}
[[noreturn]] static void runChild(Thread& t, Spawn& s, char* const* argv, char* const* environment) {
  const char* failed = prepareChild(s);
  const char* kind = "OSError:";
  int error = errno;
  if (failed == nullptr && s.before_exec.defined()) {
    Ref done = callTuple_py(t, s.before_exec, t.isolate->empty_tuple, nullptr);
    if (!done) {
      failed = "";
      kind = "SubprocessError:";
      error = -1;
    }
  }
  if (failed == nullptr) {
    if (s.close_fds) closeOthers(3, s.keep);
    error = 0;
    for (const std::string& program : s.executables) {
      if (s.has_environment) execve(program.c_str(), argv, environment);
      else execv(program.c_str(), argv);
      if (errno != ENOENT && errno != ENOTDIR && error == 0) error = errno;
    }
    if (error == 0) error = errno;
    failed = "";
  }
  if (error < 0) {
    const char* text = "SubprocessError:0:Exception occurred in preexec_fn.";
    ssize_t n = write(s.error_write, text, std::strlen(text));
    (void)n;
    _exit(255);
  }
  char text[128];
  int size = std::snprintf(text, sizeof text, "%s%x:%s", kind, static_cast<unsigned>(error), failed);
  ssize_t n = write(s.error_write, text, static_cast<size_t>(size));
  (void)n;
  _exit(255);
}

static Status readArguments_py(Thread& t, const Value* a, Spawn& s) {
  TRY(textList_py(t, a[0], s.arguments, "args"));
  Iteration programs(t, a[1]);
  while (programs.next()) {
    if (!isBytes(programs.value())) return raiseTypeError(t, "executable_list must contain bytes");
    s.executables.push_back(std::string(programs.value().as<Bytes>()->view()));
  }
  if (programs.raised()) return kRaised;
  s.close_fds = TRY(isTrue_py(t, a[2]));
  if (!isTuple(a[3])) return raiseTypeError(t, "fork_exec() argument 4 must be tuple, not %s", typeNameOf(t, a[3]));
  int64_t last = -1;
  for (int64_t i = 0; i < a[3].as<Tuple>()->size; ++i) {
    int64_t fd = TRY(toInt64_py(t, a[3].as<Tuple>()->items()[i]));
    if (fd < 0 || fd <= last || fd > INT32_MAX) return raiseValueError(t, "bad value(s) in fds_to_keep");
    s.keep.push_back(static_cast<int>(last = fd));
  }
  if (!a[4].isNone()) {
    PathArg folder;
    TRY(pathArg_py(t, a[4], kPathOnly, "", "cwd", folder));
    s.folder = folder.text;
    s.has_folder = true;
  }
  if (!a[5].isNone()) {
    TRY(textList_py(t, a[5], s.environment, "env"));
    s.has_environment = true;
  }
  for (int i = 0; i < 6; ++i) s.pipes[i] = TRY(toCInt_py(t, a[6 + i]));
  s.error_read = TRY(toCInt_py(t, a[12]));
  s.error_write = TRY(toCInt_py(t, a[13]));
  s.restore_signals = TRY(isTrue_py(t, a[14]));
  s.new_session = TRY(isTrue_py(t, a[15]));
  s.group = TRY(toCInt_py(t, a[16]));
  if (!a[17].isNone()) {
    s.has_gid = true;
    s.gid = static_cast<gid_t>(TRY(toInt64_py(t, a[17])));
  }
  if (!a[18].isNone()) {
    s.has_groups = true;
    Iteration groups(t, a[18]);
    while (groups.next()) {
      int64_t group;
      if (!isIntLike(groups.value()) || !intFits(groups.value(), group) || group < -1 || group > UINT32_MAX) return raiseValueError(t, "invalid group id");
      s.groups.push_back(static_cast<gid_t>(group));
    }
    if (groups.raised()) return kRaised;
  }
  if (!a[19].isNone()) {
    s.has_uid = true;
    s.uid = static_cast<uid_t>(TRY(toInt64_py(t, a[19])));
  }
  s.mask = TRY(toCInt_py(t, a[20]));
  if (!a[21].isNone()) s.before_exec = a[21];
  return kDone;
}
static Ref forkExec(Thread& t, const Value* a) {
  Spawn s;
  TRY(readArguments_py(t, a, s));
  // Relative ones start from another folder.
  bool is_absolute = std::all_of(s.executables.begin(), s.executables.end(), [](const std::string& path) { return path.starts_with("/"); });
  if (is_absolute || !s.has_folder) {
    Ref name = s.arguments.empty() ? Ref() : newStr(t, s.arguments[0]);
    TRY(checkMayRun_py(t, s.executables, name ? name.get() : Value::none()));
  }
  std::vector<char*> argv = pointers(s.arguments), environment = pointers(s.environment);
  bool runs_python = s.before_exec.defined();
  if (runs_python) TRY(beforeFork_py(t));
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &old);
  pid_t pid = fork();
  if (pid == 0) {
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    if (runs_python) (void)afterForkChild_py(t);
    runChild(t, s, argv.data(), environment.data());
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (runs_python) TRY(afterForkParent_py(t));
  if (pid < 0) return raiseOSError(t, error);
  return newInt(t, pid);
}
static const NativeDef kFunctions[] = {
    {"fork_exec", "(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn, /)", forkExec},
    {nullptr, nullptr, nullptr}};
extern const NativeModule kPosixsubprocessModule;
const NativeModule kPosixsubprocessModule = {"_posixsubprocess", "A POSIX helper for the subprocess module.", kFunctions};

}  // namespace krait::modules

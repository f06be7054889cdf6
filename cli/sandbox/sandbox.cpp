#include "cli/sandbox/sandbox.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "cli/sandbox/files.h"
#include "cli/sandbox/root.h"

namespace krait::cli {

// System calls that a verified program has no business with fail with EPERM. Sockets are among them unless the program has
// a network of its own or may use ours; raw ones always are. Signals reach the program itself only, unless it is alone in a
// namespace of processes.
static bool applySeccomp(bool is_alone, bool has_sockets) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return false;
  bool is_fine = true;
  if (!is_alone) {
    auto self = static_cast<scmp_datum_t>(getpid());
    for (int call : {SCMP_SYS(kill), SCMP_SYS(tgkill)}) {
      is_fine &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 1, SCMP_A0(SCMP_CMP_NE, self)) == 0;
    }
    for (int call : {SCMP_SYS(tkill), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_send_signal), SCMP_SYS(rt_sigqueueinfo),
                     SCMP_SYS(rt_tgsigqueueinfo)}) {
      is_fine &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
    }
  }
  if (!has_sockets) is_fine &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 0) == 0;
  is_fine &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_GT, AF_INET6)) == 0;
  is_fine &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW)) == 0;
  for (int call : {SCMP_SYS(ptrace),
                   SCMP_SYS(mount),
                   SCMP_SYS(umount2),
                   SCMP_SYS(pivot_root),
                   SCMP_SYS(chroot),
                   SCMP_SYS(process_vm_readv),
                   SCMP_SYS(process_vm_writev),
                   SCMP_SYS(kexec_load),
                   SCMP_SYS(init_module),
                   SCMP_SYS(finit_module),
                   SCMP_SYS(bpf),
                   SCMP_SYS(perf_event_open),
                   SCMP_SYS(keyctl),
                   SCMP_SYS(add_key),
                   SCMP_SYS(setns),
                   SCMP_SYS(unshare),
                   SCMP_SYS(userfaultfd),
                   SCMP_SYS(io_uring_setup),
                   SCMP_SYS(open_by_handle_at)}) {
    is_fine &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  }
  is_fine &= seccomp_load(filter) == 0;
  seccomp_release(filter);
  return is_fine;
}

static void limit(int resource, size_t value) {
  rlimit both = {value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// Processes are counted in a namespace of users of their own, else together with everything else that the user runs.
static void applyLimits(const SandboxLimits& limits, bool has_root) {
  if (has_root) limit(RLIMIT_NPROC, limits.processes);
  limit(RLIMIT_CPU, limits.cpu_seconds);
#if !defined(__has_feature) || !__has_feature(address_sanitizer)
  // What that sanitizer notes of memory takes more of the address space than any limit leaves.
  limit(RLIMIT_AS, limits.memory_bytes);
#endif
  limit(RLIMIT_FSIZE, limits.file_bytes);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 128);
}

std::vector<std::string> missingSandboxLayers() {
  std::vector<std::string> missing;
  if (!hasLandlock()) missing.push_back("Landlock (files)");
  if (seccomp_api_get() == 0) missing.push_back("seccomp (system calls)");
  return missing;
}

static constexpr int kRefusedExit = 126;

// The first process of the new namespace goes on; the one outside waits for it and ends as it ended.
static void enterProcessNamespace() {
  pid_t inner = fork();
  if (inner == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return;
  }
  int status = 0;
  for (int fd = 0; fd < 3; ++fd) close(fd);
  while (inner > 0 && waitpid(inner, &status, 0) < 0 && errno == EINTR) continue;
  if (inner > 0 && WIFSIGNALED(status)) {
    rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  _exit(inner > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : kRefusedExit);
}

// What the runtime is told, so that it can say what is missing.
static std::string programNames(const SandboxRequest& request) {
  std::string out;
  for (const std::string& program : request.permissions.run) out += (out.empty() ? "" : ":") + program;
  return out;
}

static std::vector<std::string> environmentOf(const SandboxRequest& request) {
  std::vector<std::string> out = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + request.folder, "TMPDIR=" + request.folder, "KRAIT_SANDBOX=run=" + programNames(request)};
  if (request.stand_ins != nullptr && !request.stand_ins->certificate().empty()) {
    for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) out.push_back(std::string(name) + "=" + kCertificates);
  }
  for (const auto& [name, value] : request.variables) out.push_back(name + "=" + value);
  for (const std::string& name : request.permissions.environment) {
    if (const char* value = std::getenv(name.c_str())) out.push_back(name + "=" + value);
  }
  return out;
}

// The limit on processes does not hold for root: there the program is nobody outside of its namespace. What root has given
// it to write to, or keeps from everybody, it needs root for.
static constexpr unsigned kNobody = 65534;
static UserMap userFor(const SandboxRequest& request) {
  UserMap map{geteuid(), getegid(), geteuid(), getegid()};
  struct stat program = {};
  bool is_public = stat(request.command[0].c_str(), &program) == 0 && (program.st_mode & S_IXOTH) != 0;
  if (map.user == 0 && request.permissions.write.empty() && is_public) map.outer_user = map.outer_group = kNobody;
  return map;
}

static void giveFolder(const std::string& folder, const UserMap& map) {
  if (map.outer_user == map.user) return;
  std::error_code error;
  bool is_given = lchown(folder.c_str(), map.outer_user, map.outer_group) == 0;
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end; is_given && !error && entry != end; entry.increment(error)) {
    is_given = lchown(entry->path().c_str(), map.outer_user, map.outer_group) == 0;
  }
}

// How the two processes wait for each other: the child has namespaces, the parent has given it its user there; the child has
// listeners in its network, the parent has them too.
struct Handshake {
  int from_child[2] = {-1, -1}, to_child[2] = {-1, -1}, gates[2] = {-1, -1};

  bool open() {
    return pipe2(from_child, O_CLOEXEC) == 0 && pipe2(to_child, O_CLOEXEC) == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gates) == 0;
  }
  // The child's side: of all descriptors but the first three only these stay. Those of other blocks' pipes, which are made at
  // the same time, would keep them open.
  void keepOnly() {
    int own[3] = {fcntl(from_child[1], F_DUPFD_CLOEXEC, 10), fcntl(to_child[0], F_DUPFD_CLOEXEC, 10), fcntl(gates[1], F_DUPFD_CLOEXEC, 10)};
    from_child[1] = dup3(own[0], 3, O_CLOEXEC);
    to_child[0] = dup3(own[1], 4, O_CLOEXEC);
    gates[1] = dup3(own[2], 5, O_CLOEXEC);
    syscall(SYS_close_range, 6u, ~0u, 0u);
  }
  // The child's side; true when it has its user.
  bool ask(bool is_alone) {
    char word = is_alone ? 'n' : 'x';
    return write(from_child[1], &word, 1) == 1 && is_alone && read(to_child[0], &word, 1) == 1 && word == 'y';
  }
  void answer(pid_t child, const UserMap& map) {
    close(from_child[1]);
    close(to_child[0]);
    char word = 'x';
    bool is_alone = read(from_child[0], &word, 1) == 1 && word == 'n';
    word = is_alone && mapUser(child, map) ? 'y' : 'x';
    if (is_alone && write(to_child[1], &word, 1) != 1) kill(child, SIGKILL);
    close(from_child[0]);
    close(to_child[1]);
    close(gates[1]);
  }
  // The parent's side, after answer().
  std::vector<int> listeners(size_t count) {
    std::vector<int> out = count == 0 ? std::vector<int>() : receiveDescriptors(gates[0], count);
    close(gates[0]);
    return out;
  }
};

// The child's side: the gates of its network, which the parent serves.
static bool openGates(const SandboxRequest& request, const Handshake& handshake) {
  std::vector<int> listeners;
  bool is_fine = openListeners(gatesOf(request), listeners) && sendDescriptors(handshake.gates[1], listeners);
  for (int fd : listeners) close(fd);
  return is_fine;
}

// The parent's side: serves them.
static GateKeeper keeperOf(const SandboxRequest& request, Handshake& handshake) {
  std::vector<NetAddress> gates = gatesOf(request);
  std::vector<int> listeners = handshake.listeners(gates.size());
  return GateKeeper(std::move(gates), std::move(listeners), request.permissions.addresses.size(), request.stand_ins);
}

[[noreturn]] static void becomeProgram(const SandboxRequest& request, const UserMap& map, Handshake& handshake, const int* fds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int i = 0; i < 3; ++i) dup2(fds[i], i);
  handshake.keepOnly();
  RootPlan plan = planOf(request);
  // Files, the network and other processes are closed off twice; a kernel that gives no namespaces still has the filters.
  int spaces = CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNS | (request.permissions.has_network ? 0 : CLONE_NEWNET);
  bool is_alone = unshare(spaces) == 0;
  bool has_root = handshake.ask(is_alone);
  if (is_alone) enterProcessNamespace();
  if (has_root && !request.permissions.has_network) raiseLoopback();
  bool is_joined = gatesOf(request).empty() || (has_root && openGates(request, handshake));
  close(handshake.gates[1]);
  if (has_root && !enterPrivateRoot(plan, map)) _exit(kRefusedExit);
  bool is_in_folder = chdir(request.folder.c_str()) == 0;
  applyLimits(request.limits, has_root);
  bool is_closed = applyLandlock(plan, has_root) && applySeccomp(is_alone, has_root || request.permissions.has_network);
  if (!is_in_folder || !is_joined || (!is_closed && request.policy == SandboxPolicy::kRequired)) _exit(kRefusedExit);
  syscall(SYS_close_range, 3u, ~0u, 0u);
  std::vector<std::string> variables = environmentOf(request);
  std::vector<char*> environment, arguments;
  for (std::string& variable : variables) environment.push_back(variable.data());
  for (const std::string& argument : request.command) arguments.push_back(const_cast<char*>(argument.c_str()));
  environment.push_back(nullptr);
  arguments.push_back(nullptr);
  execve(arguments[0], arguments.data(), environment.data());
  _exit(127);
}

// Reads both outputs until they close, time is over, or there is too much.
static void collect(int out, int err, SandboxedRun& run, const SandboxLimits& limits) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limits.wall_seconds);
  pollfd fds[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    run.is_timeout = left <= 0;
    run.is_cut = run.stdout_text.size() + run.stderr_text.size() > limits.output_bytes;
    if (run.is_timeout || run.is_cut) return;
    if (poll(fds, 2, static_cast<int>(left)) < 0) continue;
    char buffer[65536];
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      ssize_t got = read(fds[i].fd, buffer, sizeof buffer);
      if (got > 0) (i == 0 ? run.stdout_text : run.stderr_text).append(buffer, static_cast<size_t>(got));
      if (got == 0) fds[i].fd = -1;
    }
  }
}

// A program may close its outputs and go on: it still ends by the deadline. Leaves it to be reaped.
static void awaitEnd(pid_t child, SandboxedRun& run, const SandboxLimits& limits) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limits.wall_seconds);
  while (!run.is_timeout && !run.is_cut) {
    siginfo_t info = {};
    if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid == child)
      return;
    run.is_timeout = std::chrono::steady_clock::now() > deadline;
    usleep(500);
  }
}

// The input in a file that has no name any more: nothing blocks on it.
static int inputFile(const std::string& folder, const std::string& input) {
  int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (write(fd, input.data(), input.size()) >= 0) lseek(fd, 0, SEEK_SET);
  return fd;
}

SandboxedRun runSandboxed(const SandboxRequest& request) {
  const SandboxLimits& limits = request.limits;
  SandboxedRun run;
  int out[2], err[2];
  Handshake handshake;
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 || !handshake.open()) return run;
  UserMap map = userFor(request);
  giveFolder(request.folder, map);
  int in = inputFile(request.folder, request.input);
  pid_t child = fork();
  if (child == 0) {
    int fds[3] = {in, out[1], err[1]};
    setpgid(0, 0);
    becomeProgram(request, map, handshake, fds);
  }
  handshake.answer(child, map);
  GateKeeper keeper = keeperOf(request, handshake);
  close(in);
  close(out[1]);
  close(err[1]);
  collect(out[0], err[0], run, limits);
  awaitEnd(child, run, limits);
  // The child is not reaped yet, so that its process group cannot be anybody else's. What it started ends with it.
  kill(-child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  close(out[0]);
  close(err[0]);
  if (WIFEXITED(status)) run.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) run.signal = WTERMSIG(status);
  run.is_refused = run.exit_code == kRefusedExit && run.stdout_text.empty() && run.stderr_text.empty();
  return run;
}

std::optional<int> runSandboxedHere(const SandboxRequest& request) {
  Handshake handshake;
  if (!handshake.open()) return std::nullopt;
  UserMap map = userFor(request);
  giveFolder(request.folder, map);
  pid_t child = fork();
  if (child == 0) {
    int fds[3] = {0, 1, 2};
    becomeProgram(request, map, handshake, fds);
  }
  handshake.answer(child, map);
  GateKeeper keeper = keeperOf(request, handshake);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
  return WEXITSTATUS(status) == kRefusedExit ? std::nullopt : std::optional<int>(WEXITSTATUS(status));
}

}  // namespace krait::cli

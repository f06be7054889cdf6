#include "tests/fixture_runner/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace krait::tests {

namespace {
struct Pipes {
  int in[2], out[2], err[2];
};
}  // namespace

[[noreturn]] static void becomeProgram(const std::vector<std::string>& command, const std::string& folder,
                                       const Pipes& pipes) {
  setpgid(0, 0);
  dup2(pipes.in[0], 0);
  dup2(pipes.out[1], 1);
  dup2(pipes.err[1], 2);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  for (const char* name : {"MYPYPATH", "FORCE_COLOR", "MYPY_FORCE_COLOR", "VIRTUAL_ENV", "COLUMNS", "PYTHONPATH"})
    unsetenv(name);
  if (chdir(folder.c_str()) == 0) execv(arguments[0], arguments.data());
  _exit(127);
}

// Moves bytes until both outputs are closed or the time is over. True when it was over.
static bool pump(Pipes& pipes, std::string_view input, ProcessResult& result, unsigned timeout_seconds) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(timeout_seconds);
  pollfd fds[3] = {{pipes.out[0], POLLIN, 0}, {pipes.err[0], POLLIN, 0}, {pipes.in[1], POLLOUT, 0}};
  if (input.empty()) {
    close(pipes.in[1]);
    fds[2].fd = -1;
  }
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return true;
    if (poll(fds, 3, static_cast<int>(left)) < 0) continue;
    char buffer[65536];
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      ssize_t got = read(fds[i].fd, buffer, sizeof buffer);
      if (got > 0) (i == 0 ? result.stdout_text : result.stderr_text).append(buffer, static_cast<size_t>(got));
      if (got == 0) fds[i].fd = -1;
    }
    if (fds[2].fd >= 0 && fds[2].revents != 0) {
      ssize_t put = write(fds[2].fd, input.data(), input.size());
      if (put > 0) input.remove_prefix(static_cast<size_t>(put));
      if (put < 0 || input.empty()) {
        close(fds[2].fd);
        fds[2].fd = -1;
      }
    }
  }
  if (fds[2].fd >= 0) close(fds[2].fd);
  return false;
}

ProcessResult runProcess(const std::vector<std::string>& command, const std::string& folder, const std::string& input,
                         unsigned timeout_seconds) {
  ProcessResult result;
  Pipes pipes;
  if (pipe2(pipes.in, O_CLOEXEC) != 0 || pipe2(pipes.out, O_CLOEXEC) != 0 || pipe2(pipes.err, O_CLOEXEC) != 0)
    return result;
  pid_t child = fork();
  if (child == 0) becomeProgram(command, folder, pipes);
  close(pipes.in[0]);
  close(pipes.out[1]);
  close(pipes.err[1]);
  result.is_timeout = pump(pipes, input, result, timeout_seconds);
  if (result.is_timeout) kill(-child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  close(pipes.out[0]);
  close(pipes.err[0]);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace krait::tests

// krait lsp: the language server on standard input and output, a TCP connection or a local socket.
#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/task_pool.h"
#include "checker/program/kept_trees.h"
#include "cli/commands.h"
#include "cli/verify/blocks.h"
#include "lsp/server.h"
#include "lsp/transport.h"

namespace krait::cli {

CommandSpec lspSpec() {
  return {.name = "lsp",
          .summary = "Serve an editor (Language Server Protocol)",
          .details = "Speaks LSP 3.17; editors start it themselves. Serves one client and ends with it.",
          .operands = "",
          .options = {{"--stdio", ArgKind::kFlag, "", "standard input and output (the default)", ""},
                      {"--tcp", ArgKind::kValue, "PORT", "wait on this port of 127.0.0.1 for a client", ""},
                      {"--socket", ArgKind::kValue, "PORT", "connect to the client that waits on this port", ""},
                      {"--pipe", ArgKind::kValue, "NAME", "connect to the client's local socket; where there is none, make it and wait", ""},
                      {"--cache-dir", ArgKind::kValue, "FOLDER", "where trees of files are kept for the next start (default: the user's cache folder); /dev/null: nowhere", ""},
                      {"--clientProcessId", ArgKind::kValue, "PID", "accepted from editors; the process in `initialize` counts", ""}}};
}

static std::string programPath() {
  char buffer[4096];
  ssize_t length = readlink("/proc/self/exe", buffer, sizeof buffer);
  return length > 0 ? std::string(buffer, static_cast<size_t>(length)) : std::string("krait");
}

// The commands that the editor's user may start on a file.
static std::vector<std::string> commandFor(std::string_view action, const std::string& path, const std::string& what) {
  if (action == "run") return {programPath(), "run", path};
  if (action == "verify") return {programPath(), "verify", path};
  if (action == "test") return {programPath(), "run", "-m", "pytest", what.empty() ? path : path + "::" + what};
  return {};
}

static std::vector<uint32_t> blocksOf(const std::string& path, const std::string& text) {
  std::vector<TextBlock> blocks;
  Interner names;
  if (path.ends_with(".py") || path.ends_with(".pyi")) blocks = findDoctests(text, names);
  else blocks = path.ends_with(".rst") ? findRestBlocks(text) : findMarkdownBlocks(text);
  std::vector<uint32_t> lines;
  for (const TextBlock& block : blocks) {
    bool is_python = block.language == "python" || block.language == "py" || block.language == "python3" || block.language == "pycon";
    if (is_python && block.line > 0) lines.push_back(block.line - 1);
  }
  return lines;
}

// Another process verifies: what happens to it does not happen to the server.
static std::string verifyInSandbox(const std::string& path, uint32_t line) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return "no pipe: " + std::string(std::strerror(errno));
  std::string program = programPath(), number = std::to_string(line + 1);
  std::vector<const char*> arguments = {program.c_str(), "verify", "--output", "json", "--line", number.c_str(), "--", path.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  pid_t child = 0;
  int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, const_cast<char**>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string report;
  char chunk[4096];
  ssize_t got = 0;
  while (failed == 0 && ((got = read(ends[0], chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))) {
    if (got > 0) report.append(chunk, static_cast<size_t>(got));
  }
  close(ends[0]);
  if (failed != 0) return "krait verify cannot be started: " + std::string(std::strerror(failed));
  waitpid(child, nullptr, 0);
  return report;
}

static int complain(const std::string& message) {
  std::fprintf(stderr, "krait lsp: %s\n", message.c_str());
  return -1;
}

// A connected socket, or -1 after saying why not.
static int joinOrAwait(int fd, const sockaddr* address, socklen_t size, bool listens, const std::string& name) {
  if (fd < 0) return complain("no socket: " + std::string(std::strerror(errno)));
  if (!listens) {
    if (connect(fd, address, size) == 0) return fd;
    return complain("cannot connect to " + name + ": " + std::strerror(errno));
  }
  int reuse = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  if (bind(fd, address, size) != 0 || listen(fd, 1) != 0) return complain("cannot listen on " + name + ": " + std::strerror(errno));
  int client = accept(fd, nullptr, nullptr);
  if (client < 0) return complain("no client came to " + name + ": " + std::strerror(errno));
  close(fd);
  return client;
}

static int connectTcp(const std::string& text, bool listens) {
  char* end = nullptr;
  long port = std::strtol(text.c_str(), &end, 10);
  if (end == text.c_str() || *end != '\0' || port < 1 || port > 65535) return complain("a port is a number from 1 to 65535, not \"" + text + "\"");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return joinOrAwait(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<sockaddr*>(&address), sizeof address, listens, "port " + text);
}

static int connectPipe(const std::string& path) {
  bool listens = access(path.c_str(), F_OK) != 0;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return complain("--pipe takes the path of a local socket of at most 107 bytes");
  std::memcpy(address.sun_path, path.data(), path.size());
  int fd = joinOrAwait(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<sockaddr*>(&address), sizeof address, listens, path);
  if (listens && fd >= 0) unlink(path.c_str());
  return fd;
}

namespace {
enum OptionIndex : size_t { kStdio, kTcp, kSocket, kPipe, kCacheDir };
struct Channel {
  int input = STDIN_FILENO;
  int output = STDOUT_FILENO;
  int chosen = 0;
};
}  // namespace

static Channel channelFor(const ParsedArguments& parsed) {
  Channel out;
  const ParsedOption* chosen = nullptr;
  for (const ParsedOption& option : parsed.options) {
    if (option.index > kPipe) continue;
    ++out.chosen;
    chosen = &option;
  }
  if (out.chosen > 1) out.input = complain("--stdio, --tcp, --socket and --pipe exclude each other");
  else if (chosen != nullptr && chosen->index == kPipe) out.input = out.output = connectPipe(chosen->values[0]);
  else if (chosen != nullptr && chosen->index != kStdio) out.input = out.output = connectTcp(chosen->values[0], chosen->index == kTcp);
  return out;
}

// ref: mypy's --cache-dir, which /dev/null turns off.
static std::string treesFile(const ParsedArguments& parsed) {
  std::string file = program::keptTreesFile();
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kCacheDir) file = option.values[0] == "/dev/null" ? "" : option.values[0] + "/trees";
  }
  return file;
}

int runLsp(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(lspSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  // What one thread gives back another may use: with an arena for each a renaming through a library held an eighth more.
  mallopt(M_ARENA_MAX, 1);
  // A client that goes away must not kill the server before it has cleaned up.
  std::signal(SIGPIPE, SIG_IGN);
  Channel channel = channelFor(parsed);
  if (channel.input < 0) return 2;
  int exit_code = 0;
  lsp::Transport transport(channel.input, channel.output);
  runOnDeepStack([&] {
    lsp::Server server(transport, {.command_for = commandFor, .blocks_of = blocksOf, .verify = verifyInSandbox, .owns_process = true, .kept_trees = treesFile(parsed)});
    exit_code = server.run();
    // What the server holds need not be given back piece by piece while its client waits.
    std::fflush(nullptr);
    _exit(exit_code);
  });
  return exit_code;
}

}  // namespace krait::cli

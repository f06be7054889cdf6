// krait lsp: the language server on standard input and output.
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "analyzer/base/task_pool.h"
#include "cli/commands.h"
#include "lsp/server.h"
#include "lsp/transport.h"

namespace krait::cli {

CommandSpec lspSpec() {
  return {.name = "lsp",
          .summary = "Serve an editor (Language Server Protocol)",
          .details = "Speaks LSP 3.17 on standard input and output; editors start it themselves.",
          .operands = "",
          .options = {{"--stdio", ArgKind::kFlag, "", "standard input and output (the default)", ""}}};
}

int runLsp(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(lspSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  // A client that goes away must not kill the server before it has cleaned up.
  std::signal(SIGPIPE, SIG_IGN);
  int exit_code = 0;
  lsp::Transport transport(STDIN_FILENO, STDOUT_FILENO);
  runOnDeepStack([&] {
    lsp::Server server(transport);
    exit_code = server.run();
  });
  std::fflush(nullptr);
  _exit(exit_code);
}

}  // namespace krait::cli

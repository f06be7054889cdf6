// Message sequences to the language server: it answers or refuses, and never crashes. The input's lines are message
// texts; each is framed and sent, then the input ends. Output goes nowhere.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "analyzer/base/task_pool.h"
#include "lsp/server.h"
#include "lsp/transport.h"

static std::string framed(std::string_view lines) {
  std::string out;
  for (size_t at = 0; at < lines.size();) {
    size_t end = std::min(lines.find('\n', at), lines.size());
    std::string_view message = lines.substr(at, end - at);
    if (!message.empty()) out += "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + std::string(message);
    at = end + 1;
  }
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string messages = framed({reinterpret_cast<const char*>(data), size});
  int input = memfd_create("messages", MFD_CLOEXEC);
  int output = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (input < 0 || output < 0 || write(input, messages.data(), messages.size()) != static_cast<ssize_t>(messages.size())) return 0;
  lseek(input, 0, SEEK_SET);
  krait::runOnDeepStack([&] {
    krait::lsp::Transport transport(input, output);
    krait::lsp::Server server(transport);
    server.run();
  });
  close(input);
  close(output);
  return 0;
}

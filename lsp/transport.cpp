#include "lsp/transport.h"

#include <poll.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "lsp/json.h"

namespace krait::lsp {

// A message that claims to be longer is not read: the client is broken or hostile.
static constexpr size_t kLongestMessage = size_t{256} << 20;

Transport::Transport(int input, int output)
    : inbox_(std::make_shared<Inbox>(input, output)), reader_([inbox = inbox_] { inbox->readLoop(); }) {}

Transport::~Transport() {
  bool is_over;
  {
    std::lock_guard<std::mutex> guard(inbox_->lock);
    is_over = inbox_->is_closed;
    inbox_->is_left = true;
    inbox_->left.notify_one();
  }
  struct stat kind = {};
  bool never_waits = fstat(inbox_->input, &kind) == 0 && S_ISREG(kind.st_mode);
  // A reader that still waits for input may do so for ever: it ends with the process.
  if (is_over || never_waits) reader_.join();
  else reader_.detach();
}

bool Transport::Inbox::fill() {
  char chunk[65536];
  while (true) {
    ssize_t got = read(input, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    buffer.append(chunk, static_cast<size_t>(got));
    return true;
  }
}

bool Transport::Inbox::readMessage(std::string* message) {
  size_t length = std::string::npos;
  size_t header_end;
  while ((header_end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (buffer.size() > 65536 || !fill()) return false;
  }
  for (size_t at = 0; at < header_end;) {
    size_t end = std::min(buffer.find("\r\n", at), header_end);
    static constexpr char kName[] = "Content-Length:";
    if (end - at > sizeof kName - 1 && strncasecmp(buffer.data() + at, kName, sizeof kName - 1) == 0) {
      length = std::strtoull(buffer.data() + at + sizeof kName - 1, nullptr, 10);
    }
    at = end + 2;
  }
  if (length == std::string::npos || length > kLongestMessage) return false;
  while (buffer.size() < header_end + 4 + length) {
    if (!fill()) return false;
  }
  *message = buffer.substr(header_end + 4, length);
  buffer.erase(0, header_end + 4 + length);
  return true;
}

void Transport::Inbox::readLoop() {
  std::string message;
  while (readMessage(&message)) {
    // What is read here is short; looking for the word first spares a parse of every message.
    std::string method, id;
    bool is_ours = message.size() < 300 && (message.find("$/cancelRequest") != std::string::npos || message.find("shutdown") != std::string::npos || message.find("exit") != std::string::npos);
    if (is_ours) {
      Json parsed = Json::parse(message, nullptr, false);
      method = stringOr(member(parsed, "method"));
      const Json& named = method == "$/cancelRequest" ? member(member(parsed, "params"), "id") : member(parsed, "id");
      if (named.is_string() || named.is_number()) id = serialize(named);
    }
    std::unique_lock<std::mutex> guard(lock);
    if (method == "$/cancelRequest" && !id.empty()) {
      cancelled.insert(id);
      continue;
    }
    if (method == "shutdown" && !id.empty() && leaves_promptly && answered.empty()) {
      answered = id;
      write("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":null}");
    }
    messages.push_back(std::move(message));
    arrived.notify_one();
    if (method == "exit" && id.empty() && leaves_promptly) leave(guard);
  }
  std::lock_guard<std::mutex> guard(lock);
  is_closed = true;
  arrived.notify_one();
}

// How long the serving thread has to end by itself.
static constexpr auto kLastWork = std::chrono::milliseconds(100);

void Transport::Inbox::leave(std::unique_lock<std::mutex>& guard) {
  if (!left.wait_for(guard, kLastWork, [this] { return is_left; })) _exit(answered.empty() ? 1 : 0);
}

void Transport::leavePromptly() {
  std::lock_guard<std::mutex> guard(inbox_->lock);
  inbox_->leaves_promptly = true;
}

bool Transport::isAnswered(const std::string& id) {
  std::lock_guard<std::mutex> guard(inbox_->lock);
  return inbox_->answered == id;
}

std::optional<std::string> Transport::next(int milliseconds) {
  std::unique_lock<std::mutex> guard(inbox_->lock);
  auto ready = [this] { return !inbox_->messages.empty() || inbox_->is_closed; };
  if (milliseconds < 0) inbox_->arrived.wait(guard, ready);
  else inbox_->arrived.wait_for(guard, std::chrono::milliseconds(milliseconds), ready);
  if (inbox_->messages.empty()) return std::nullopt;
  std::string message = std::move(inbox_->messages.front());
  inbox_->messages.pop_front();
  return message;
}

bool Transport::isClosed() {
  std::lock_guard<std::mutex> guard(inbox_->lock);
  return inbox_->is_closed && inbox_->messages.empty();
}

bool Transport::hasPending() {
  std::lock_guard<std::mutex> guard(inbox_->lock);
  return !inbox_->messages.empty();
}

bool Transport::isCancelled(const std::string& id) {
  std::lock_guard<std::mutex> guard(inbox_->lock);
  return inbox_->cancelled.count(id) != 0;
}

void Transport::forgetCancelled(const std::string& id) {
  std::lock_guard<std::mutex> guard(inbox_->lock);
  inbox_->cancelled.erase(id);
}

bool Transport::send(std::string_view message) { return inbox_->write(message); }

bool Transport::Inbox::write(std::string_view message) {
  std::lock_guard<std::mutex> guard(write_lock);
  std::string framed = "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n";
  framed += message;
  std::string_view rest = framed;
  while (!rest.empty()) {
    ssize_t put = ::write(output, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) {
      pollfd waiting{output, POLLOUT, 0};
      poll(&waiting, 1, 1000);
      continue;
    }
    if (put <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

}  // namespace krait::lsp

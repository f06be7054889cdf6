#include "lsp/transport.h"

#include <poll.h>
#include <strings.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "lsp/json.h"

namespace krait::lsp {

// A message that claims to be longer is not read: the client is broken or hostile.
static constexpr size_t kLongestMessage = size_t{256} << 20;

Transport::Transport(int input, int output) : input_(input), output_(output), reader_([this] { readLoop(); }) {}

Transport::~Transport() {
  bool is_over;
  {
    std::lock_guard<std::mutex> guard(lock_);
    is_over = is_closed_;
  }
  // A reader that still waits for input may do so for ever: it ends with the process.
  if (is_over) reader_.join();
  else reader_.detach();
}

bool Transport::fill() {
  char chunk[65536];
  while (true) {
    ssize_t got = read(input_, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    buffer_.append(chunk, static_cast<size_t>(got));
    return true;
  }
}

bool Transport::readMessage(std::string* message) {
  size_t length = std::string::npos;
  size_t header_end;
  while ((header_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (buffer_.size() > 65536 || !fill()) return false;
  }
  for (size_t at = 0; at < header_end;) {
    size_t end = std::min(buffer_.find("\r\n", at), header_end);
    static constexpr char kName[] = "Content-Length:";
    if (end - at > sizeof kName - 1 && strncasecmp(buffer_.data() + at, kName, sizeof kName - 1) == 0) {
      length = std::strtoull(buffer_.data() + at + sizeof kName - 1, nullptr, 10);
    }
    at = end + 2;
  }
  if (length == std::string::npos || length > kLongestMessage) return false;
  while (buffer_.size() < header_end + 4 + length) {
    if (!fill()) return false;
  }
  *message = buffer_.substr(header_end + 4, length);
  buffer_.erase(0, header_end + 4 + length);
  return true;
}

void Transport::readLoop() {
  std::string message;
  while (readMessage(&message)) {
    // Cancellations are short; looking for the word first spares a parse of every message.
    std::string cancelled;
    if (message.size() < 300 && message.find("$/cancelRequest") != std::string::npos) {
      Json parsed = Json::parse(message, nullptr, false);
      if (stringOr(member(parsed, "method")) == "$/cancelRequest") cancelled = serialize(member(member(parsed, "params"), "id"));
    }
    std::lock_guard<std::mutex> guard(lock_);
    if (!cancelled.empty()) cancelled_.insert(cancelled);
    else messages_.push_back(std::move(message));
    arrived_.notify_one();
  }
  std::lock_guard<std::mutex> guard(lock_);
  is_closed_ = true;
  arrived_.notify_one();
}

std::optional<std::string> Transport::next(int milliseconds) {
  std::unique_lock<std::mutex> guard(lock_);
  auto ready = [this] { return !messages_.empty() || is_closed_; };
  if (milliseconds < 0) arrived_.wait(guard, ready);
  else arrived_.wait_for(guard, std::chrono::milliseconds(milliseconds), ready);
  if (messages_.empty()) return std::nullopt;
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

bool Transport::isClosed() {
  std::lock_guard<std::mutex> guard(lock_);
  return is_closed_ && messages_.empty();
}

bool Transport::hasPending() {
  std::lock_guard<std::mutex> guard(lock_);
  return !messages_.empty();
}

bool Transport::isCancelled(const std::string& id) {
  std::lock_guard<std::mutex> guard(lock_);
  return cancelled_.count(id) != 0;
}

void Transport::forgetCancelled(const std::string& id) {
  std::lock_guard<std::mutex> guard(lock_);
  cancelled_.erase(id);
}

bool Transport::send(std::string_view message) {
  std::string framed = "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n";
  framed += message;
  std::string_view rest = framed;
  while (!rest.empty()) {
    ssize_t put = write(output_, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) {
      pollfd waiting{output_, POLLOUT, 0};
      poll(&waiting, 1, 1000);
      continue;
    }
    if (put <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

}  // namespace krait::lsp

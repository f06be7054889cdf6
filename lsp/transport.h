// Messages over a pair of file descriptors in the base protocol of LSP 3.17 (Content-Length headers). A reader thread
// takes them off the wire, so that a cancellation is seen while a request is being answered.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace krait::lsp {

class Transport {
 public:
  Transport(int input, int output);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // The next message's text; waits at most `milliseconds` (-1: for ever). Nothing: none came, or the client is gone.
  std::optional<std::string> next(int milliseconds);
  bool isClosed();
  bool hasPending();
  // Was the request with this id (its JSON text) cancelled?
  bool isCancelled(const std::string& id);
  void forgetCancelled(const std::string& id);
  // Writes one message; false when the client is gone.
  bool send(std::string_view message);

 private:
  // The reader thread's half, which may outlive this object: a thread that waits for input cannot be ended.
  struct Inbox {
    int input;
    std::string buffer = {};  // reader thread only
    std::mutex lock = {};
    std::condition_variable arrived = {};
    std::deque<std::string> messages = {};
    std::set<std::string> cancelled = {};
    bool is_closed = false;

    void readLoop();
    bool readMessage(std::string* message);
    bool fill();
  };
  std::shared_ptr<Inbox> inbox_;
  int output_;
  std::thread reader_;
};

}  // namespace krait::lsp

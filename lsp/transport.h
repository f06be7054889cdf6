// Messages over a pair of file descriptors in the base protocol of LSP 3.17 (Content-Length headers). A reader thread
// takes them off the wire, so that a cancellation is seen while a request is being answered, and a client that leaves does not wait.
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
  // From now on `shutdown` is answered as soon as it is read, and the process ends soon after `exit` whatever it is doing. Nothing
  // of it is half written then: files are replaced whole.
  void leavePromptly();
  // The `shutdown` request with this id was answered already.
  bool isAnswered(const std::string& id);

 private:
  // The reader thread's half, which may outlive this object: a thread that waits for input cannot be ended.
  struct Inbox {
    int input, output;
    std::string buffer = {};  // reader thread only
    std::mutex write_lock = {};
    std::mutex lock = {};
    std::condition_variable arrived = {}, left = {};
    std::deque<std::string> messages = {};
    std::set<std::string> cancelled = {};
    std::string answered = {};  // the id of a shutdown
    bool is_closed = false;
    bool leaves_promptly = false;
    bool is_left = false;  // the serving thread is done

    void readLoop();
    void leave(std::unique_lock<std::mutex>& guard);
    bool write(std::string_view message);
    bool readMessage(std::string* message);
    bool fill();
  };
  std::shared_ptr<Inbox> inbox_;
  std::thread reader_;
};

}  // namespace krait::lsp

#include "cli/sandbox/gates.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace krait::cli {

static bool isNumber(const std::string& host) {
  in_addr parsed;
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1;
}

// The first gate of the same host: all ports of a host have one address.
static size_t firstOf(const std::vector<NetAddress>& gates, size_t index) {
  for (size_t i = 0; i < index; ++i) {
    if (gates[i].host == gates[index].host) return i;
  }
  return index;
}

std::string addressInside(const std::vector<NetAddress>& gates, size_t index) {
  const std::string& host = gates[index].host;
  if (host == "localhost") return "127.0.0.1";
  size_t number = firstOf(gates, index) + 1;
  return isNumber(host) ? host : "127.1." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1);
}

std::string hostsText(const std::vector<NetAddress>& gates) {
  std::string text = "127.0.0.1\tlocalhost\n";
  for (size_t i = 0; i < gates.size(); ++i) {
    bool is_named = !isNumber(gates[i].host) && gates[i].host != "localhost" && firstOf(gates, i) == i;
    if (is_named) text += addressInside(gates, i) + "\t" + gates[i].host + "\n";
  }
  return text;
}

static sockaddr_in socketAddress(const std::string& number, uint16_t port) {
  sockaddr_in out = {};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  inet_pton(AF_INET, number.c_str(), &out.sin_addr);
  return out;
}

// Gives the loopback interface one more address. ref: netdevice(7), aliases
static bool addAddress(const std::string& number, size_t index) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request = {};
  std::strncpy(request.ifr_name, ("lo:" + std::to_string(index)).c_str(), IFNAMSIZ - 1);
  sockaddr_in address = socketAddress(number, 0), mask = socketAddress("255.255.255.255", 0);
  std::memcpy(&request.ifr_addr, &address, sizeof address);
  bool is_fine = fd >= 0 && ioctl(fd, SIOCSIFADDR, &request) == 0;
  std::memcpy(&request.ifr_netmask, &mask, sizeof mask);
  is_fine = is_fine && ioctl(fd, SIOCSIFNETMASK, &request) == 0;
  if (fd >= 0) close(fd);
  return is_fine;
}

bool openListeners(const std::vector<NetAddress>& gates, std::vector<int>& listeners) {
  for (size_t i = 0; i < gates.size(); ++i) {
    std::string number = addressInside(gates, i);
    if (!number.starts_with("127.") && firstOf(gates, i) == i && !addAddress(number, i)) return false;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    listeners.push_back(fd);
    sockaddr_in address = socketAddress(number, gates[i].port);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 64) != 0) return false;
  }
  return true;
}

bool sendDescriptors(int socket, const std::vector<int>& descriptors) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMostAddresses)] = {};
  char word = 'g';
  iovec part = {&word, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptors.size() > kMostAddresses) return false;
  if (!descriptors.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
    std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof(int) * descriptors.size());
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

std::vector<int> receiveDescriptors(int socket, size_t count) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMostAddresses)] = {};
  char word = 0;
  iovec part = {&word, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  std::vector<int> out;
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) return out;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return out;
  out.resize(std::min(count, (header->cmsg_len - CMSG_LEN(0)) / sizeof(int)));
  std::memcpy(out.data(), CMSG_DATA(header), sizeof(int) * out.size());
  return out;
}

namespace {

constexpr size_t kBufferSize = size_t{64} << 10;

struct SocketAddress {
  sockaddr_storage address = {};
  socklen_t size = 0;
};

// Two sockets, and what one said that the other has not heard yet.
struct Passage {
  int ends[2] = {-1, -1};
  std::vector<SocketAddress> untried;  // of the host, the next one last
  std::string pending[2];  // from ends[i] to the other one
  bool is_ended[2] = {false, false};
  bool is_connecting = true;  // ends[1]

  bool isDone() const { return is_ended[0] && is_ended[1] && pending[0].empty() && pending[1].empty(); }
  short wanted(int i) const {
    bool reads = !is_ended[i] && pending[i].size() < kBufferSize, writes = !pending[1 - i].empty() || (i == 1 && is_connecting);
    return static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
  }
  void end(int i) {
    is_ended[i] = true;
    if (pending[i].empty()) shutdown(ends[1 - i], SHUT_WR);
  }
  void breakOff() {
    is_ended[0] = is_ended[1] = true;
    pending[0].clear();
    pending[1].clear();
  }
  // Begins to connect to the first of the untried addresses that can be tried: a name may stand for some where nobody
  // listens (`localhost` for ::1).
  bool connectNext() {
    if (ends[1] >= 0) ::close(ends[1]);
    for (ends[1] = -1; ends[1] < 0 && !untried.empty(); untried.pop_back()) {
      const SocketAddress& next = untried.back();
      auto address = reinterpret_cast<const sockaddr*>(&next.address);
      int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (fd >= 0 && (connect(fd, address, next.size) == 0 || errno == EINPROGRESS)) ends[1] = fd;
      else if (fd >= 0) ::close(fd);
    }
    return ends[1] >= 0;
  }
  void close() {
    for (int fd : ends) {
      if (fd >= 0) ::close(fd);
    }
  }
  void move(int i, short events) {
    if (i == 1 && is_connecting && (events & (POLLOUT | POLLERR | POLLHUP)) != 0) {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(ends[1], SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) {
        if (!connectNext()) breakOff();
        return;
      }
      is_connecting = false;
    }
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !is_ended[i] && pending[i].size() < kBufferSize) {
      char buffer[kBufferSize];
      ssize_t got = recv(ends[i], buffer, sizeof buffer, MSG_DONTWAIT);
      if (got > 0) pending[i].append(buffer, static_cast<size_t>(got));
      if (got == 0) end(i);
      if (got < 0 && errno != EAGAIN) return breakOff();
    }
    std::string& out = pending[1 - i];
    if ((events & POLLOUT) == 0 || out.empty()) return;
    ssize_t sent = send(ends[i], out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return breakOff();
    if (sent > 0) out.erase(0, static_cast<size_t>(sent));
    if (out.empty() && is_ended[1 - i]) shutdown(ends[i], SHUT_WR);
  }
};

}  // namespace

// The addresses that the host's name stands for, the first one last.
static std::vector<SocketAddress> addressesOf(const NetAddress& address) {
  addrinfo hints = {}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  std::vector<SocketAddress> out;
  if (getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) return out;
  for (addrinfo* at = found; at != nullptr; at = at->ai_next) {
    SocketAddress next;
    next.size = std::min<socklen_t>(at->ai_addrlen, sizeof next.address);
    std::memcpy(&next.address, at->ai_addr, next.size);
    out.insert(out.begin(), next);
  }
  freeaddrinfo(found);
  return out;
}

GateKeeper::GateKeeper(std::vector<NetAddress> gates, std::vector<int> listeners, size_t first_served, const GateService* service)
    : gates_(std::move(gates)), listeners_(std::move(listeners)), first_served_(first_served), service_(service) {
  if (listeners_.empty() || pipe2(stop_, O_CLOEXEC) != 0) return;
  thread_ = std::thread([this] { serve(); });
}

GateKeeper::~GateKeeper() {
  if (stop_[1] >= 0) close(stop_[1]);
  if (thread_.joinable()) thread_.join();
  for (std::thread& thread : served_) thread.join();
  if (stop_[0] >= 0) close(stop_[0]);
  for (int fd : listeners_) close(fd);
}

void GateKeeper::serve() {
  std::vector<Passage> passages;
  for (;;) {
    std::vector<pollfd> all = {{stop_[0], POLLIN, 0}};
    for (int fd : listeners_) all.push_back({fd, POLLIN, 0});
    for (const Passage& passage : passages) {
      for (int i = 0; i < 2; ++i) all.push_back({passage.wanted(i) != 0 ? passage.ends[i] : -1, passage.wanted(i), 0});
    }
    if (poll(all.data(), all.size(), -1) < 0 && errno != EINTR) break;
    if (all[0].revents != 0) break;
    size_t at = 1 + listeners_.size();
    for (Passage& passage : passages) {
      for (int i = 0; i < 2; ++i) {
        if (short events = all[at++].revents; events != 0) passage.move(i, events);
      }
    }
    std::erase_if(passages, [](Passage& passage) {
      if (!passage.isDone()) return false;
      passage.close();
      return true;
    });
    for (size_t i = 0; i < listeners_.size(); ++i) {
      if ((all[1 + i].revents & POLLIN) == 0) continue;
      if (i >= first_served_ && service_ != nullptr) {
        int connection = accept4(listeners_[i], nullptr, nullptr, SOCK_CLOEXEC);
        if (connection >= 0) served_.emplace_back([this, connection, i] { service_->serve(connection, gates_[i]); });
        continue;
      }
      Passage passage;
      passage.ends[0] = accept4(listeners_[i], nullptr, nullptr, SOCK_CLOEXEC);
      passage.untried = addressesOf(gates_[i]);
      bool is_connecting = passage.connectNext();
      if (passage.ends[0] >= 0 && is_connecting) passages.push_back(std::move(passage));
      else passage.close();
    }
  }
  for (Passage& passage : passages) passage.close();
}

}  // namespace krait::cli

// The ways out of a sandbox's own network: inside, a listener for each address that is allowed, which the program reaches under the
// address's own name; outside, a thread that hands on what comes through it. Nothing else leaves the network.
#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace krait::cli {

// `host`: a name or an IPv4 address in numbers.
struct NetAddress {
  std::string host;
  uint16_t port = 0;
};

inline constexpr size_t kMostAddresses = 64;

// Where a gate stands inside: the address itself when it is a number, one of the loopback's for a name.
std::string addressInside(const std::vector<NetAddress>& gates, size_t index);
// The names of the gates, as /etc/hosts says them.
std::string hostsText(const std::vector<NetAddress>& gates);

// Inside, with the rights of the network's owner: one listener for each gate. False: the kernel refuses one.
bool openListeners(const std::vector<NetAddress>& gates, std::vector<int>& listeners);

// Descriptors to the process at the other end of a socket, and what came from there.
bool sendDescriptors(int socket, const std::vector<int>& descriptors);
std::vector<int> receiveDescriptors(int socket, size_t count);

// Answers what comes through a gate in the place of the address behind it.
class GateService {
 public:
  virtual ~GateService() = default;
  // Called by a thread of its own; takes the connection.
  virtual void serve(int connection, const NetAddress& address) const = 0;
};

// Outside: joins what connects to a listener with the gate's address, or with the service for the gates from `first_served` on, until
// it is destroyed. Owns the listeners.
class GateKeeper {
 public:
  GateKeeper(std::vector<NetAddress> gates, std::vector<int> listeners, size_t first_served, const GateService* service);
  ~GateKeeper();
  GateKeeper(const GateKeeper&) = delete;
  GateKeeper& operator=(const GateKeeper&) = delete;

 private:
  void serve();

  std::vector<NetAddress> gates_;
  std::vector<int> listeners_;
  size_t first_served_;
  const GateService* service_;
  int stop_[2] = {-1, -1};
  std::thread thread_;
  std::vector<std::thread> served_;
};

}  // namespace krait::cli

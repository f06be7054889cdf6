// Stand-ins for pages of the network: what a program in the sandbox gets for `https://example.com/data.json` is a text that
// somebody wrote down, answered by this process over HTTP or HTTPS, with a certificate of its own that only the sandbox trusts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sandbox/gates.h"

namespace krait::cli {

// `path` begins with "/"; one that ends in "/" stands for everything below it too.
struct StandInPage {
  bool is_secure = false;
  NetAddress address;
  std::string path;
  std::string body;
};

// `https://host:port/path` with the text behind it. None: not such an address.
std::optional<StandInPage> readStandIn(std::string_view url, std::string body);

class StandIns : public GateService {
 public:
  explicit StandIns(std::vector<StandInPage> pages);
  ~StandIns() override;
  StandIns(const StandIns&) = delete;
  StandIns& operator=(const StandIns&) = delete;

  // One for each host and port.
  const std::vector<NetAddress>& addresses() const { return addresses_; }
  // For the program to trust, in PEM; empty when no page is secure.
  const std::string& certificate() const { return certificate_; }
  // Answers one request; takes the connection.
  void serve(int connection, const NetAddress& address) const override;

 private:
  struct Keys;
  const StandInPage* find(const NetAddress& address, std::string_view path) const;
  std::string answer(const NetAddress& address, std::string_view request) const;

  std::vector<StandInPage> pages_;
  std::vector<NetAddress> addresses_;
  std::string certificate_;
  std::unique_ptr<Keys> keys_;
};

}  // namespace krait::cli

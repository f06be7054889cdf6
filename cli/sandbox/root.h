// A file system of its own for a program in the sandbox: what it may read, its folder, and nothing else. Needs namespaces of
// users and mounts.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace krait::cli {

struct RootPlan {
  std::vector<std::string> read_only;  // paths that keep their names; what is not there is left out
  std::vector<std::string> writable;
  std::vector<std::string> listed;     // folders that are there by name, empty but for what other paths put into them
  std::vector<std::string> programs;   // the only files that may be started; read-only too
  std::vector<std::pair<std::string, std::string>> texts;  // files made for it: path, text
};

// The user that a process is in its new namespace of users, and the one of the outer namespace behind it.
struct UserMap {
  unsigned user = 0, group = 0;
  unsigned outer_user = 0, outer_group = 0;
};
// Gives a child process, which has made a namespace of users, its user there. Called by the parent. False: refused.
bool mapUser(int child, const UserMap& map);

// Makes the calling process, which has namespaces of its own, that user, and replaces its root. False: the kernel refuses; the
// process may then see a half-made root and must end.
bool enterPrivateRoot(const RootPlan& plan, const UserMap& map);

// Switches the loopback interface of a new network namespace on.
void raiseLoopback();

}  // namespace krait::cli

// A file system of its own for a program in the sandbox: what it may read, its folder, and nothing else. Needs namespaces of
// users and mounts.
#pragma once

#include <string>
#include <vector>

namespace krait::cli {

struct RootPlan {
  std::vector<std::string> read_only;  // paths that keep their names; what is not there is left out
  std::vector<std::string> writable;
};

// Makes the calling process's user the same number inside its new user namespace. False: the kernel refuses.
bool keepUser(unsigned user, unsigned group);

// Replaces the root of the calling process, which has namespaces of its own. False: the kernel refuses; the process may then
// see a half-made root and must end.
bool enterPrivateRoot(const RootPlan& plan);

// Switches the loopback interface of a new network namespace on.
void raiseLoopback();

}  // namespace krait::cli

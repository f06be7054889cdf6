// What of the file system a program in the sandbox gets: what it may read, write and start.
#pragma once

#include "cli/sandbox/root.h"
#include "cli/sandbox/sandbox.h"

namespace krait::cli {

// Reading: the system's libraries, krait itself and its data, what is allowed. Writing: the folder, /dev/null, what is allowed.
// Starting: the program itself and what is allowed, with the loader that they name.
RootPlan planOf(const SandboxRequest& request);

// The ways out of a network of its own: what is allowed, then what stands in for it. None where all of the network is allowed.
std::vector<NetAddress> gatesOf(const SandboxRequest& request);
// Where the program finds the certificates of stand-ins.
inline constexpr const char* kCertificates = "/etc/stand-ins.pem";

bool hasLandlock();
// From here on this process and its children reach nothing but the plan. False: the kernel refuses.
bool applyLandlock(const RootPlan& plan, bool has_root);

}  // namespace krait::cli

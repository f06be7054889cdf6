// --watch: the same command again whenever a Python file or a configuration file below the watched folders changes. Each
// check is a process of its own, quick by the cache.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace krait::cli {

// Runs `check` in a child process now and after each change. Ends only by a signal (its exit code is then the signal's), or
// where no child can be made (2).
int watch(const std::vector<std::string>& paths, const std::function<int()>& check);

}  // namespace krait::cli

// Reading and atomically writing files. Failures carry the path and the system's reason.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.h"

namespace krait {

// The bytes of the file. Fails for directories, unreadable files and files of 2 GiB and more.
Result<std::string> readFile(const std::string& path);

// Writes all of it to an open descriptor. False: an error, in errno.
bool writeAll(int fd, std::string_view bytes);

// Replaces the file by `bytes` in one step: readers see the old or the new content, never a part.
// Keeps the permissions of a file that was there, and fails when they forbid to write; what has other names (hard links), and what is
// no plain file, is written into. The value is the number of bytes written.
Result<size_t> writeFileAtomically(const std::string& path, std::string_view bytes);

bool isFile(const std::string& path);
bool isDirectory(const std::string& path);

}  // namespace krait

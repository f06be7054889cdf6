// Running a program with a time limit and catching what it prints.
#pragma once

#include <string>
#include <vector>

namespace krait::tests {

struct ProcessResult {
  std::string stdout_text;
  std::string stderr_text;
  int exit_code = -1;
  int signal = 0;           // that ended it
  bool is_timeout = false;  // ended by us

  // Ended in a way that no fixture may expect.
  bool isBroken() const { return signal != 0 || is_timeout || exit_code < 0; }
};

// `command[0]` is the program's path; it runs in `folder` with `input` on its standard input.
ProcessResult runProcess(const std::vector<std::string>& command, const std::string& folder, const std::string& input,
                         unsigned timeout_seconds);

}  // namespace krait::tests

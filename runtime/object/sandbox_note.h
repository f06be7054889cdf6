// What an error says to somebody whose program runs in a sandbox: which permission would have let it pass.
#pragma once

#include <string>
#include <string_view>

namespace krait::object {

// The program runs in a sandbox that is opened by options named `--allow-…`.
void noteSandbox();

// The note for a failed system call; empty when no permission would have helped, or outside of a sandbox.
std::string sandboxNote(int error_number, std::string_view path);

}  // namespace krait::object

// What an error says to somebody whose program runs in a sandbox: which permission would have let it pass.
#pragma once

#include <string>
#include <string_view>

namespace krait::object {

// The program runs in a sandbox that is opened by options named `--allow-…`. `permissions`: `run=PATH:PATH`, the programs that it
// may start.
void noteSandbox(std::string_view permissions);

// May a program be started? Always outside of a sandbox; inside, this one itself and those that are allowed.
bool mayRun(const std::string& path);
std::string runNote(std::string_view name);
// For a name that no server told the address of.
std::string nameNote();

// The note for a failed system call; empty when no permission would have helped, or outside of a sandbox.
std::string sandboxNote(int error_number, std::string_view path);

}  // namespace krait::object

// Memory that only the start of a program needs.
#pragma once

namespace krait::embed {

// Gives back the pages of the binary's code and constants and of the frozen image that were mapped so far: a start runs through much
// that a program does not need again, and files' pages count as a process's memory. What is needed again is mapped again from
// the page cache. Does nothing in builds with checks, as a debugger's breakpoints stand in these pages.
void giveBackStartPages();

}  // namespace krait::embed

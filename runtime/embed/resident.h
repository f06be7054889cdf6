// What a start read of the program's own file and programs hardly need again: names, tables, the strings of methods.
#pragma once

namespace krait::embed {

// Takes the read-only data of the program's file out of this process's memory; what is read again comes back from the page cache.
// Nothing changes for anybody but the process's size. ref: madvise(2), MADV_DONTNEED
void releaseConstants();

}  // namespace krait::embed

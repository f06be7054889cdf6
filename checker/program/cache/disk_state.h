// What the disk held when it was read, so that a later run can tell whether it still does. Files are compared by time
// stamp and size, and by content where those differ or where the stamp is too young to be trusted (a file written
// twice within one tick of the clock keeps its stamp). Folders are compared by what imports can see of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace krait::program {

struct DiskState {
  uint64_t modified = 0;  // nanoseconds since 1970; 0: not to be trusted, compare the content
  uint64_t size = 0;
  uint64_t content = 0;   // contentHash of a file, listingHash of a folder; 0: there is none

  bool operator==(const DiskState&) const = default;
};

uint64_t contentHash(std::string_view bytes);
// Of the names in a folder that an import can mean; 0 when it is not a readable folder.
uint64_t listingHash(const std::string& folder);

// The state of a file whose bytes were just read (or of no file). The stamp is taken before the bytes: call statOf
// first, read, then fill in.
DiskState statOf(const std::string& path);
DiskState stateOfFolder(const std::string& folder);

// Does the disk still hold what `state` says? Brings the time stamp of `state` up to date when only that changed.
bool isFileCurrent(const std::string& path, DiskState& state);
bool isFolderCurrent(const std::string& folder, DiskState& state);

}  // namespace krait::program

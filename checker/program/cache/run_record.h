// RunRecord: what one run found, and all it read to find it. As long as the disk still holds what the record says, its
// findings are the findings. Kept by CacheStore as bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "checker/program/cache/disk_state.h"

namespace krait::program {

struct FileRecord {
  std::string path;
  std::string module;
  std::string base_dir;
  bool is_given = false;           // named by the user, not found by following imports
  DiskState state;
  uint64_t interface = 0;          // interfaceHash of its syntax
  uint64_t resolution = 0;         // of what its imports meant
  std::vector<std::string> imports;  // dotted names, prefixes not included
  std::string failure;             // why it could not be read; empty: it could
  std::vector<Diagnostic> diagnostics;  // FileIds are indices into RunRecord::files
};

// One file may be two modules: what tells them apart.
inline std::string keyOf(std::string_view path, std::string_view module) {
  std::string key(module);
  key += '\0';
  key += path;
  return key;
}

struct ReadPath {
  std::string path;
  DiskState state;
};

struct RunRecord {
  std::vector<FileRecord> files;     // in the order in which findings are printed
  std::vector<ReadPath> libraries;   // files that were read and are not reported on
  std::vector<ReadPath> folders;     // that were searched for imports
};

std::string encodeRecord(const RunRecord& record);
std::optional<RunRecord> decodeRecord(std::string_view bytes);

}  // namespace krait::program

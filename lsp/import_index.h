// ImportIndex: which module-level names the workspace and the standard library offer, for imports that are put in
// automatically. Made by looking at the beginnings of lines, not by parsing, in steps between messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace krait::lsp {

class Workspace;

class ImportIndex {
 public:
  enum class Kind : uint8_t { kModule, kClass, kFunction, kVariable };
  struct Entry {
    std::string name;
    uint32_t module = 0;  // index of modules()
    Kind kind = Kind::kVariable;
    bool is_own = false;  // of the workspace
  };

  // Looks at some more files; false: everything is known.
  bool step(Workspace& workspace);
  // Looks at all that is left.
  void finish(Workspace& workspace);
  // Files changed: made anew.
  void forget();

  // Where a name can be imported from, best first: own modules, then the library's, public before private.
  std::vector<const Entry*> find(std::string_view name) const;
  // Names that begin like this, whatever the case; at most `most`, sorted.
  std::vector<const Entry*> startingWith(std::string_view prefix, size_t most) const;
  const std::string& moduleOf(const Entry& entry) const { return modules_[entry.module]; }

 private:
  void begin(Workspace& workspace);
  void readLibrary(Workspace& workspace, const std::string& module);
  void readFile(const std::string& path, const std::string& module, bool is_own);

  struct Waiting {
    std::string path;    // of own files
    std::string module;  // of the library's
    bool is_own = false;
  };
  bool is_begun_ = false;
  size_t next_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<std::string> modules_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::string> given_out_;  // modules whose names their package gives out: by whom
  std::unordered_map<std::string, std::vector<uint32_t>> by_start_;  // by the first two letters, lower case
};

}  // namespace krait::lsp

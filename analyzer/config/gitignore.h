// .gitignore files as git reads them (gitignore(5)): patterns of a folder speak to everything below it, the last match
// decides, `!` takes back. Thread-confined.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace krait::config {

class GitIgnore {
 public:
  // Reads `folder`/.gitignore, if there is one, on top of what is known. `folder` is a prefix of the paths asked about
  // ("" or ends in "/"). `has_file`: false where it is known that there is none.
  void enter(const std::string& folder, bool has_file = true);
  // Forgets what the last enter added.
  void leave();
  // Whether a path (with the prefix of some entered folder) is ignored.
  bool ignores(std::string_view path, bool is_folder) const;

 private:
  struct Pattern {
    std::string text;
    bool is_negated;
    bool is_folder_only;
    bool is_anchored;
  };
  struct Level {
    std::string folder;
    std::vector<Pattern> patterns;
  };
  std::vector<Level> levels_;
};

}  // namespace krait::config

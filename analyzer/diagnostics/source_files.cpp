#include "analyzer/diagnostics/source_files.h"

namespace krait {

FileId SourceFiles::add(std::string path) {
  FileId id(size());
  files_.push_back(std::make_unique<SourceFile>());
  files_.back()->path = std::move(path);
  return id;
}

FileId SourceFiles::add(std::string path, std::string text) {
  FileId id = add(std::move(path));
  (*this)[id].setText(std::move(text));
  return id;
}

}  // namespace krait

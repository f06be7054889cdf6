// The texts that diagnostics point into: path as it is shown, text, line index. Files are added by one thread; once
// added a SourceFile never moves, so stages may keep references to it and fill their own from many threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/diagnostics/diagnostic.h"

namespace krait {

// A code cell of a notebook: its first line (from 0) in the text that all cells make, and its number from 1.
struct CellStart {
  uint32_t line = 0;
  uint32_t number = 0;
};

struct SourceFile {
  std::string path;  // as given by the user or found below what he gave
  std::string text;  // valid UTF-8
  LineIndex lines;   // of text
  std::vector<CellStart> cells;  // of a notebook

  SourceFile() = default;
  SourceFile(const SourceFile&) = delete;
  SourceFile& operator=(const SourceFile&) = delete;
  // "path:line" (from 1) as a person finds it: in a notebook "path:cell 2:line", with the line of the cell.
  std::string placeOf(uint32_t line) const;
  // The cell that the line (from 1) stands in; null: the file is no notebook.
  const CellStart* cellOf(uint32_t line) const;
  void setText(std::string new_text) {
    text = std::move(new_text);
    lines = LineIndex(text);
  }
};

class SourceFiles {
 public:
  // A new file without text.
  FileId add(std::string path);
  FileId add(std::string path, std::string text);

  SourceFile& operator[](FileId id) { return *files_[id.value]; }
  const SourceFile& operator[](FileId id) const { return *files_[id.value]; }
  uint32_t size() const { return static_cast<uint32_t>(files_.size()); }

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
};

}  // namespace krait

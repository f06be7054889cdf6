#include "analyzer/diagnostics/source_files.h"

namespace krait {

const CellStart* SourceFile::cellOf(uint32_t line) const {
  const CellStart* found = nullptr;
  for (const CellStart& cell : cells) {
    if (found == nullptr || cell.line < line) found = &cell;
  }
  return found;
}

std::string SourceFile::placeOf(uint32_t line) const {
  const CellStart* cell = cellOf(line);
  return cell == nullptr ? path + ":" + std::to_string(line) : path + ":cell " + std::to_string(cell->number) + ":" + std::to_string(line - cell->line);
}

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

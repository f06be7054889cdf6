#include "cli/load_source.h"

#include "analyzer/base/file_io.h"
#include "analyzer/syntax/source_text.h"
#include "cli/notebook.h"

namespace krait::cli {

// The bytes with '?' in place of what is not UTF-8: offsets stay what they were.
static std::string replaceInvalid(std::string bytes) {
  size_t at = 0;
  for (size_t bad; (bad = findInvalidUtf8(std::string_view(bytes).substr(at))) != std::string::npos; at += bad + 1)
    bytes[at + bad] = '?';
  return bytes;
}

LoadOutcome loadSource(const std::string& path, SourceFile& file) {
  LoadOutcome outcome;
  outcome.disk = program::statOf(path);
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) {
    size_t reason = bytes.message().rfind(": ");
    outcome.failure = bytes.message().substr(reason == std::string::npos ? 0 : reason + 2);
    return outcome;
  }
  outcome.disk.content = program::contentHash(bytes.value());
  syntax::SourceText source = syntax::decodeSource(bytes.value());
  outcome.error = source.error;
  if (source.error) {
    file.setText(replaceInvalid(std::move(bytes.value())));
  } else {
    file.setText(std::string(source.text));
  }
  return outcome;
}

LoadOutcome loadPython(const std::string& path, SourceFile& file) {
  LoadOutcome outcome = loadSource(path, file);
  if (!isNotebook(file.path) || !outcome.failure.empty() || outcome.error) return outcome;
  std::string text;
  if (!readNotebook(file.text, text, file.cells)) outcome.failure = kNoNotebook;
  file.setText(std::move(text));
  return outcome;
}

}  // namespace krait::cli

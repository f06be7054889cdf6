// Unused code over a whole project. Each file gives the names it defines and the names it uses; a definition is unused
// when no file uses its name, for whatever object: what is reported may still be reached by other ways (getattr,
// templates), what is used somewhere under the same name is never reported. The confidence says how sure the kind is.
#pragma once

#include <string>
#include <vector>

#include "analyzer/semantic/semantic_model.h"

namespace krait::lint {

enum class UnusedKind : uint8_t { kImport, kFunction, kMethod, kClass, kVariable, kAttribute, kProperty, kArgument, kUnreachable };

struct NamedCode {
  UnusedKind kind = UnusedKind::kFunction;
  std::string name;
  uint32_t line = 0;       // from 1
  uint32_t line_count = 1;
};

struct FileNames {
  std::vector<NamedCode> defined;  // in the order of the text
  std::vector<std::string> used;   // sorted, each once
};

FileNames namesOfFile(const semantic::SemanticModel& model, const LineIndex& lines, bool is_test, bool is_init);
// The definitions of each file that no file uses.
std::vector<std::vector<NamedCode>> unusedCode(const std::vector<FileNames>& files);

std::string_view spelling(UnusedKind kind);  // "function", "import"
uint32_t confidenceOf(UnusedKind kind);      // percent

}  // namespace krait::lint

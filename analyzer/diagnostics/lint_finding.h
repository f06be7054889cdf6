// What the linter's output forms share about one finding.
#pragma once

#include <string>

#include "analyzer/diagnostics/render.h"

namespace krait {

// Whether --fix would apply the fix as things are.
bool isOffered(const Fix& fix, const RenderOptions& options);

// "F401 [*] `os` imported but unused" and the line's end: code, mark of a fix that is offered, message.
std::string bodyOf(const ReportLine& line, const RenderOptions& options);

// The file's path from the root.
std::string fullPathOf(const SourceFile& file, const RenderOptions& options);

// Where the rule is described; empty: nowhere.
std::string addressOfRule(const ReportLine& line);

// "unused-import" for F401; of syntax errors their code.
std::string nameOfRule(const ReportLine& line);

// The column from 1 in characters, of the finding's begin or end.
uint32_t characterColumn(const SourceFile& file, uint32_t offset);

// The line from 1 as the file shows it: in a notebook within its cell.
uint32_t shownRow(const SourceFile& file, uint32_t offset);

}  // namespace krait

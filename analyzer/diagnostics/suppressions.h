// Suppression comments of one file: `# type: ignore[codes]` (mypy's rules), `# noqa: CODES` (flake8's and ruff's) and
// `# krait: ignore[codes]` (any code of ours); where mypy is not followed the like of `# pyright: ignore`, too. Takes the file's comments; gives the findings that remain, with the
// findings about the comments themselves added when asked for.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait {

enum class SuppressionKind : uint8_t { kTypeIgnore, kNoqa, kKraitIgnore, kOtherIgnore };

struct Suppression {
  SuppressionKind kind;
  TextRange range;  // from the comment's "#" that begins it to the end of the directive
  uint32_t line;    // 0-based
  bool is_file_level = false;
  std::vector<std::string> codes;  // empty: every code
};

struct Suppressions {
  std::vector<Suppression> all;            // in source order
  std::vector<TextRange> invalid_ignores;  // `# type: ignore` comments that cannot be read
};

// Reads the comments (ranges from "#" to before the line end, in source order). `first_statement`: the offset of the
// module's first statement; a `# type: ignore` before it covers the whole file. Past the end: no statement.
// `allows_text`: words may follow `# type: ignore` (the typing specification allows it, mypy does not).
Suppressions readSuppressions(const SourceFile& file, std::span<const TextRange> comments, uint32_t first_statement,
                              bool allows_text = false);

struct SuppressionSettings {
  Tool tool = Tool::kChecker;           // whose findings these are: comments of the other tool are not judged
  bool reports_unused_ignores = false;  // mypy's --warn-unused-ignores
  bool reports_ignores_without_code = false;
  bool reports_unused_noqa = false;  // RUF100
  bool judges_file_level = false;    // by RUF100 those noqa comments that cover the file, not those of lines
  std::function<bool(Code)> is_enabled = {};  // whether findings of the code were asked for; absent: all were
  std::function<bool(std::string_view)> is_external = {};  // whether another tool has the code
  // Lines (0-based, first and last) that one string or backslashes join: what the linter finds on them is silenced on the
  // last of them. In order; they do not overlap.
  std::vector<std::pair<uint32_t, uint32_t>> joined_lines;
};

// Removes what the comments suppress; blockers stay. Adds notes about codes that a comment on the line does not cover.
std::vector<Diagnostic> applySuppressions(std::vector<Diagnostic> diagnostics, const Suppressions& suppressions,
                                          const SourceFile& file, FileId file_id, const SuppressionSettings& settings);

// Takes a directive out of its line with what follows it, but for another comment. A line of its own goes as a whole.
FixEdit withoutDirective(const SourceFile& file, TextRange directive);

// The codes of a comment that do nothing there; they are kept by the caller.
struct NeedlessCodes {
  std::vector<std::string_view> unused, not_enabled, repeated;
  // "unused: `A`, `B`; duplicated: `C`"; empty when there are none.
  std::string text() const;
};

}  // namespace krait

// Ruff's suppression comments: `# ruff: disable[…]` with its `enable`, `# ruff: ignore[…]`, `# ruff: file-ignore[…]`.
// Takes a file's tokens; gives the places that they cover and the comments that cannot be read. What always holds: the
// suppressions are in the order of where they begin to cover, so that of several the first takes the finding.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::config {
struct LintOptions;
}

namespace krait::lint {

enum class SuppressionAction : uint8_t { kDisable, kEnable, kIgnore, kFileIgnore };

struct SuppressionComment {
  TextRange range;  // from the '#' to the end of what is said about it
  SuppressionAction action = SuppressionAction::kDisable;
  TextRange list;  // between the brackets
  std::vector<TextRange> codes;
};

struct FaultySuppression {
  TextRange range;
  std::string_view fault;
};

struct RangeSuppression {
  SuppressionComment comment;
  std::optional<SuppressionComment> enable;  // that ends what `comment` begins
  TextRange covered;                         // findings that begin in it
  std::vector<bool> used;                    // by code
};

struct RangeSuppressions {
  std::vector<RangeSuppression> all;
  std::vector<FaultySuppression> faulty;
};

// `joined_lines`: the lines (0-based, first and last) that one string or backslashes join.
RangeSuppressions readRangeSuppressions(const SourceFile& file, const std::vector<Token>& tokens,
                                        const std::vector<std::pair<uint32_t, uint32_t>>& joined_lines);

// Takes out the findings that the suppressions cover and marks these as used.
void dropCovered(RangeSuppressions& suppressions, const SourceFile& file, const config::LintOptions& options,
                 std::vector<Diagnostic>& found);

// Reports codes that stand where the names of rules could: RUF106. ref: ruff
void reportCodesInSuppressions(const RangeSuppressions& suppressions, const SourceFile& file,
                               const config::LintOptions& options, DiagnosticSink& sink);

// Reports what is wrong with the comments: RUF100, RUF102, RUF103, RUF104. ref: ruff
void judgeRangeSuppressions(const RangeSuppressions& suppressions, const SourceFile& file,
                            const config::LintOptions& options, DiagnosticSink& sink);

// RUF105: `# noqa` comments where ruff's own would do. `judged`: what else is said about the file; a comment that RUF100
// finds fault with is left to it, and where RUF100 is on the others get a fix. `codesOf`: what a comment without codes silences.
void reportNoqaComments(const Suppressions& suppressions, const SourceFile& file, const std::vector<Diagnostic>& judged, bool is_use_known,
                        const std::function<std::set<std::string>(const Suppression&)>& codesOf, DiagnosticSink& sink);

}  // namespace krait::lint

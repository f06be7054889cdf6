// What the rules about physical lines ask: the width of lines, the long ones that pass, whether a place is inside a string.
#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/base/text.h"

namespace krait::lint {

struct LintContext;

// The tabs and spaces that the line (0-based) begins with.
TextRange indentationOf(const LintContext& context, uint32_t line);

// Columns that a text at the start of a line takes: tabs go to the next multiple of `tab`, wide characters take two,
// combining ones none. ref: Unicode Standard Annex 11
uint32_t lineWidth(std::string_view text, uint32_t tab);

// The bytes of the longest beginning that takes no more than `limit` columns.
uint32_t bytesWithin(std::string_view text, uint32_t limit, uint32_t tab);

// Whether the comment, "#" included, speaks to a tool: it does not count for the width of its line.
bool isPragma(std::string_view comment);

// The line without its comment where that speaks to a tool or, if the settings say so, of a task. `comment`: where the
// comment begins in the line; the line's size without one.
std::string_view measuredPart(const LintContext& context, std::string_view line, size_t comment);

// Whether the line may be longer than the limit: one word, a link that begins in time.
bool mayBeLong(const LintContext& context, std::string_view line, uint32_t limit);

// Whether the place is inside a string constant: what stands there is a part of a value.
bool isInsideString(LintContext& context, uint32_t offset);

}  // namespace krait::lint

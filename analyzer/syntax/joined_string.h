// A joined string under construction: what both readers of string literals (lower_string, token_parser/strings) share.
#pragma once

#include <string>

#include "analyzer/syntax/lower_context.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::syntax::lowering {

struct Joined {
  explicit Joined(LowerContext& context) : values(context) {}
  ListScope values;
  std::string pending;  // text that no Constant holds yet
  TextRange pending_range;
  bool has_pending = false;
  bool is_fine = true;
};

// Makes the pending text a Constant.
void flush(LowerContext& context, Joined& joined);
// `shown` is the range that the Constant gets: with its quotes for a literal that is not formatted.
void addText(LowerContext& context, Joined& joined, TextRange range, TextRange shown, const StringPrefix& prefix, bool is_format);
// What stands between the quotes of a literal.
TextRange contentOf(TextRange literal, const StringPrefix& prefix);
// One literal that is not formatted.
NodeId lowerPlainString(LowerContext& context, TextRange literal, const StringPrefix& prefix);
// Finishes adjacent literals: a Constant if none is formatted, else a JoinedStr or TemplateStr.
NodeId finishJoined(LowerContext& context, Joined& joined, TextRange range, bool is_bytes, bool is_formatted, bool is_template);
// A replacement field: `source` is the text of its expression. `spec` may be none.
NodeId addField(LowerContext& context, TextRange range, NodeId value, TextRange source, uint32_t conversion, NodeId spec, bool is_template);

}  // namespace krait::syntax::lowering

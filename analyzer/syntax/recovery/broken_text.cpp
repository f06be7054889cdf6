#include "analyzer/syntax/recovery/broken_text.h"

#include "analyzer/syntax/recovery/recovering_parser.h"

namespace krait::syntax::recovery {

std::optional<BrokenText> readBrokenText(std::string_view text, uint32_t minor) {
  RecoveringParser parser(text, minor);
  parser.parse();
  if (parser.gaveUp()) return std::nullopt;
  return BrokenText{parser.takeProblems(), parser.takeTokens()};
}

}  // namespace krait::syntax::recovery

// Where a RecoveringParser stands, to go back to; and the bound of its depth.
#pragma once

#include "analyzer/syntax/recovery/recovering_parser.h"

namespace krait::syntax::recovery {

inline constexpr uint32_t kMaxProblemDepth = 3000;

struct RecoveringParser::State {
  RecoveryLexer lexer;
  uint32_t last_end, lists;
  size_t tokens, problems, lexical, later, versions;
};

// One level of nesting. Too many: the parser gives up and reads nothing more.
struct RecoveringParser::Depth {
  explicit Depth(RecoveringParser& parser) : parser(parser) {
    if (++parser.depth_ > kMaxProblemDepth) parser.gave_up_ = true;
  }
  ~Depth() { --parser.depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  RecoveringParser& parser;
};

}  // namespace krait::syntax::recovery

// Claims: what a block's comments say that a statement prints, is or raises. One claim is a plain record: where it stands,
// what it says, and what was seen when its statement ran.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/syntax/ast.h"

namespace krait::cli {

// `# Output: 5` and the like; a bare value `# 5`; `# raises ValueError`; another comment behind a statement, which is a
// claim when it speaks of what was seen; the lines below `>>> 2 + 3`.
enum class ClaimForm : uint8_t { kOutput, kValue, kRaises, kRemark, kSession };
// What of a statement's doing a remark speaks of that neither its output nor its value shows: `# cache hit`, `# all in memory`.
enum class Watch : uint8_t { kNone, kCacheHit, kCacheMiss, kInMemory, kNotInMemory };
enum class Verdict : uint8_t { kHolds, kWrong, kSample, kUnreached, kUnchecked };

// One time that the statement ran.
struct Execution {
  std::string printed;
  std::string value;      // repr of what it gave or bound; empty: nothing
  std::string exception;  // of code that stands in a comment: the class that it raised
  std::optional<long> watched;  // how often the function's own body ran, or how many bytes were in use at once
  bool is_finished = false;
  bool is_last = false;   // the program ended while it ran
};

struct Claim {
  uint32_t line = 0;           // 1-based, in the block; 0: a text outside of it
  uint32_t document_line = 0;  // of a text outside of the block, 1-based
  std::string text;   // what is claimed
  ClaimForm form = ClaimForm::kOutput;
  TextRange comment;           // in the block; where the claim's text is written
  TextRange statement;         // whose doing it is
  bool is_expression = false;  // the statement's value is meant
  bool is_compound = false;    // a loop or the like, whose whole output is meant
  std::string shown_name;      // of an assignment: the names whose value is meant
  std::string code;            // `# x[0] = 1  # TypeError`: what stands in the comment; the source of a session's example
  bool is_to_work = false;         // of code in a comment: that it raises nothing is claimed
  std::string flags;               // of a session's example: doctest's, of its whole block
  std::vector<std::string> binds;  // names that a session's example gives values to
  Watch watch = Watch::kNone;
  std::string function = {};  // whose body is watched
  long quantity = 0;      // calls of it in the statement; elements that are spoken of
  uint32_t tried_at = 0;  // of a remark behind a print in a `try`: where its body begins; 0: elsewhere
  bool was_tried = false; // the body was entered
  std::vector<Execution> executions;
  Verdict verdict = Verdict::kUnreached;
};

// The claims of a block, in order.
std::vector<Claim> findClaims(const syntax::Ast& ast, Interner& names);

// The block's text with the calls of its own functions that stand in comments, `# main()`, `# asyncio.run(main())`, as
// statements on the same lines; empty: there are none. `own`: the names that the block defines.
std::string withCallsUncommented(const syntax::Ast& ast, const std::vector<std::string>& own, Interner& names);

// What a claim is compared with, for people.
std::string actualText(const Claim& claim);

std::string_view verdictName(Verdict verdict);

// A text without blanks and line ends around it.
std::string_view trimmedClaim(std::string_view text);

// The exception class that a text names, "" when it only says that there is an error; none: it speaks of no error.
struct RaisedName {
  bool is_error = false;
  bool is_told = false;  // "raises …", not only a name
  std::string name;
};
RaisedName raisedBy(std::string_view text);

// A number, a string, a display, True, None, a class; not prose.
bool looksLikeValue(std::string_view text);

}  // namespace krait::cli

// Running a Program over a text: match at one place, or search for the first place. Takes text of one, two or four bytes
// a character; gives the span of the match, the groups' marks and lastindex. No recursion: ways back are on a stack of
// their own that grows on the heap. Python's rules for groups hold: what a failed way set is as if it had never been set.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/regex/program.h"

namespace krait::regex {

enum class Outcome : uint8_t { kMatch, kNoMatch, kNoMemory, kInterrupted };

// A text of `kind` bytes a character (1, 2 or 4). Look-behind and anchors see all of [0, length).
struct Subject {
  const void* data;
  int kind;
  int64_t length;
};

struct MatchOptions {
  bool must_reach_end = false;     // fullmatch
  int64_t must_not_end_at = -1;    // an empty match here does not count: the search goes on after an empty match
  bool (*poll)(void*) = nullptr;   // asked now and then in long runs; true stops the matcher
  void* poll_context = nullptr;
};

// Where a way back leads.
struct Choice {
  int64_t position;
  int64_t limit;   // of repeats: how far the position may go
  uint32_t pc;
  uint32_t trail;  // the height of the trail when the choice was made
};

// What was in a slot before it was changed.
struct TrailEntry {
  int64_t old_value;
  uint32_t slot;
};

// The state of a matcher; reusable for further matches of the same program (the memory is kept).
class Matcher {
 public:
  Matcher(const Program& program, Subject subject, MatchOptions options = {});

  // Tries at `start` only.
  Outcome match(int64_t start);
  // Tries at each position from `start`.
  Outcome search(int64_t start);
  // Makes the matcher ready for another text; the program stays.
  void reset(Subject subject, MatchOptions options) {
    subject_ = subject;
    options_ = options;
    is_dirty_ = true;
  }
  void setMustNotEndAt(int64_t position) { options_.must_not_end_at = position; }

  // Of the last match.
  int64_t start() const { return start_; }
  int64_t end() const { return end_; }
  // Begin (2 * group) and end (2 * group + 1) of a group, counted from 0; -1 if it did not take part.
  int64_t mark(uint32_t index) const { return slots_[index]; }
  // The group that was closed last, counted from 1; -1 if none.
  int64_t lastIndex() const { return slots_[program_.lastIndexSlot()]; }

 private:
  template <class Char>
  friend struct Run;

  const Program& program_;
  Subject subject_;
  MatchOptions options_;
  int64_t start_ = 0;
  int64_t end_ = 0;
  bool is_dirty_ = true;
  uint32_t ticks_ = 0;
  std::vector<int64_t> slots_;
  std::vector<Choice> choices_;
  std::vector<TrailEntry> trail_;
};

}  // namespace krait::regex

// The objects of the `_sre` module: compiled patterns, matches, scanners and replacement templates, and what their
// methods share. The work is done by runtime/regex; here are Python's arguments, results and messages.
// ref: Modules/_sre/sre.c.
#pragma once

#include <memory>
#include <string>

#include "runtime/object/buffer.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/regex/matcher.h"

namespace krait::modules {

using namespace krait::object;

struct SreTypes {
  Type* pattern;
  Type* match;
  Type* scanner;
  Type* tmpl;
};

struct Pattern : Object {
  Value source;      // str, bytes or None
  Value groupindex;  // dict: name -> number
  Value indexgroup;  // tuple: number -> name or None
  int64_t flags;
  int64_t groups;
  regex::Program* program;  // owned
  regex::Matcher* matcher;  // owned, kept for the next call; null while in use
  SreTypes types;
};

struct Match : Object {
  static constexpr int64_t kInlineGroups = 4;
  Value string;
  Value pattern;
  int64_t pos, endpos, lastindex, groups;
  int64_t* marks;  // 2 * (groups + 1); inline_marks or owned
  int64_t inline_marks[2 * kInlineGroups];
};

struct Scanner : Object {
  Value pattern;
  Value string;
  int64_t pos, endpos, at;  // at: -1 when the scan is over
  int64_t must_not_end_at;
  bool holds_memory;  // the string's, as a buffer
};

// Literals and group numbers in turn; a literal comes first and last.
struct Template : Object {
  Value parts;  // tuple
};

// The matcher of a pattern over a text, taken from the pattern and given back. `raised()` when the text does not fit.
class Search {
 public:
  Search(Thread& t, Pattern* pattern, Value string, int64_t pos, int64_t endpos, bool must_reach_end = false);
  ~Search();
  Search(const Search&) = delete;
  bool raised() const { return matcher_ == nullptr; }
  regex::Matcher& matcher() { return *matcher_; }
  int64_t pos() const { return pos_; }
  int64_t endpos() const { return endpos_; }
  // The next match after those found before; 1 found, 0 none, -1 raised.
  int next(Thread& t);
  // One attempt or a search from `at`; 1, 0, -1.
  int run(Thread& t, int64_t at, bool search);
  int64_t resumeAt() const { return at_; }
  void resumeFrom(int64_t at, int64_t must_not_end_at);
  int64_t mustNotEndAt() const { return must_not_end_at_; }

 private:
  Pattern* pattern_;
  Buffer held_;  // of a text that Python code could change while matches are replaced
  std::unique_ptr<regex::Matcher> matcher_;
  int64_t pos_ = 0, endpos_ = 0, at_ = 0, must_not_end_at_ = -1;
};

// A slice of the text: str of str, bytes of anything else.
Ref sliceOf(Thread& t, Value string, int64_t begin, int64_t end);
Ref newMatch(Thread& t, Pattern* pattern, Value string, Search& search);
// The text of a group, `missing` if it took no part.
Ref matchGroup(Thread& t, Match* match, int64_t group, Value missing);
// A template filled with the groups of a match.
Ref expandTemplate(Thread& t, Template* tmpl, Match* match);
// re._compile_template(pattern, text): a Template.
Ref compileTemplate_py(Thread& t, Pattern* pattern, Value text);

// Collects the pieces of a result of the same kind as `like`.
class PieceBuilder {
 public:
  explicit PieceBuilder(Value like) : is_text_(isStr(like)) {}
  // A part of the searched text.
  void addSlice(Value string, int64_t begin, int64_t end);
  // Any piece that Python code gave: raises what ''.join would.
  Status add(Thread& t, Value piece);
  Ref finish(Thread& t);

 private:
  bool is_text_;
  int64_t count_ = 0;
  StrBuilder text_;
  std::string bytes_;
};

Type* makePatternType(Isolate& isolate);
Type* makeMatchType(Isolate& isolate);
Type* makeScannerType(Isolate& isolate);
Type* makeTemplateType(Isolate& isolate);
Ref newScanner(Thread& t, Pattern* pattern, Value string, int64_t pos, int64_t endpos);
// An argument that counts characters; huge values are cut.
Fallible<int64_t> toPosition_py(Thread& t, Value v, int64_t missing);
// cls[item] of Pattern and Match.
Ref aliasOf(Thread& t, const Value* a);

}  // namespace krait::modules

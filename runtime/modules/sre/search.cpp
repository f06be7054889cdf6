// What the methods of patterns, matches and scanners share: texts, slices, pieces, the matcher's lease.
#include <algorithm>

#include "runtime/modules/sre/sre.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/int.h"

namespace krait::modules {

// The memory of any exporter; empty and an exception when it gives none now.
static std::string_view bytesView(Value v) {
  if (isBytes(v)) return v.as<Bytes>()->view();
  if (isByteArray(v)) return v.as<ByteArray>()->view();
  BufferInfo info;
  if (getBuffer(*current_thread, v, info).failed) return {};
  releaseBuffer(v);
  return {reinterpret_cast<const char*>(info.data), static_cast<size_t>(info.size)};
}

// The characters of a text that a pattern may search. ref: getstring, state_init.
static bool subjectOf(Thread& t, Pattern* pattern, Value string, regex::Subject* subject) {
  if (isStr(string)) {
    const Str* s = string.as<Str>();
    *subject = {s->data1(), s->kind, s->length};
  } else if (isBytesLike(string)) {
    std::string_view view = bytesView(string);
    if (isPending(t)) return false;
    *subject = {view.data(), 1, static_cast<int64_t>(view.size())};
  } else {
    (void)raiseTypeError(t, "expected string or bytes-like object, got '%s'", typeNameOf(t, string));
    return false;
  }
  if (isBytesLike(string) && isStr(pattern->source)) {
    (void)raiseTypeError(t, "cannot use a string pattern on a bytes-like object");
    return false;
  }
  if (isStr(string) && isBytesLike(pattern->source)) {
    (void)raiseTypeError(t, "cannot use a bytes pattern on a string-like object");
    return false;
  }
  return true;
}

Search::Search(Thread& t, Pattern* pattern, Value string, int64_t pos, int64_t endpos, bool must_reach_end) : pattern_(pattern) {
  regex::Subject subject;
  if (!subjectOf(t, pattern, string, &subject)) return;
  if (!isStr(string) && !isBytes(string)) {
    if (held_.acquire(t, string).failed) return;
    subject = {held_.data(), 1, held_.size()};
  }
  pos_ = std::clamp<int64_t>(pos, 0, subject.length);
  endpos_ = std::clamp<int64_t>(endpos, 0, subject.length);
  at_ = pos_;
  subject.length = endpos_;
  regex::MatchOptions options{.must_reach_end = must_reach_end};
  matcher_.reset(pattern->matcher);
  pattern->matcher = nullptr;
  if (matcher_ == nullptr) matcher_ = std::make_unique<regex::Matcher>(*pattern->program, subject, options);
  else matcher_->reset(subject, options);
}

Search::~Search() {
  if (pattern_->matcher == nullptr) pattern_->matcher = matcher_.release();
}

void Search::resumeFrom(int64_t at, int64_t must_not_end_at) {
  at_ = at;
  must_not_end_at_ = must_not_end_at;
}

int Search::run(Thread& t, int64_t at, bool search) {
  if (at > endpos_) return 0;
  matcher_->setMustNotEndAt(must_not_end_at_);
  switch (search ? matcher_->search(at) : matcher_->match(at)) {
    case regex::Outcome::kMatch: break;
    case regex::Outcome::kNoMatch: return 0;
    case regex::Outcome::kNoMemory: (void)raiseMemoryError(t); return -1;
    case regex::Outcome::kInterrupted: return -1;
  }
  at_ = matcher_->end();
  must_not_end_at_ = matcher_->end() == matcher_->start() ? matcher_->end() : -1;
  return 1;
}

int Search::next(Thread& t) { return run(t, at_, true); }

Ref sliceOf(Thread& t, Value string, int64_t begin, int64_t end) {
  if (isStr(string)) {
    bool is_whole = begin == 0 && end == string.as<Str>()->length && isExactStr(string);
    return is_whole ? Ref::of(string) : strSlice(t, string.as<Str>(), begin, end);
  }
  std::string_view view = bytesView(string);
  int64_t size = static_cast<int64_t>(view.size());
  if (begin == 0 && end == size && isExact(string, TypeId::kBytes)) return Ref::of(string);
  begin = std::min(begin, size);
  return newBytes(t, view.substr(static_cast<size_t>(begin), static_cast<size_t>(std::max(begin, std::min(end, size)) - begin)));
}

void PieceBuilder::addSlice(Value string, int64_t begin, int64_t end) {
  ++count_;
  if (is_text_) text_.addSlice(string.as<Str>(), begin, end);
  else if (std::string_view view = bytesView(string); static_cast<size_t>(begin) < view.size()) {
    bytes_ += view.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  }
}

Status PieceBuilder::add(Thread& t, Value piece) {
  if (is_text_ ? !isStr(piece) : !isBytesLike(piece)) {
    const char* wanted = is_text_ ? "str instance" : "a bytes-like object";
    return raiseTypeError(t, "sequence item %lld: expected %s, %s found", static_cast<long long>(count_), wanted,
                          typeNameOf(t, piece));
  }
  ++count_;
  if (is_text_) text_.add(piece.as<Str>());
  else bytes_ += bytesView(piece);
  return kDone;
}

Ref PieceBuilder::finish(Thread& t) { return is_text_ ? text_.finish(t) : newBytes(t, bytes_); }

Fallible<int64_t> toPosition_py(Thread& t, Value v, int64_t missing) {
  if (v.isUndefined()) return missing;
  return toInt64_py(t, v);
}

Ref aliasOf(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

}  // namespace krait::modules

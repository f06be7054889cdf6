// What the decompressors of `_bz2`, `_lzma` and `_zstd` share: input that came too early or too late, the attributes eof,
// needs_input and unused_data, and the loop that fills output up to max_length. ref: the decompress_buf of each module.
#pragma once

#include <string>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"

namespace krait::modules::compression {

struct Incremental : Object {
  std::string* pending;  // input not consumed yet
  std::string* unused;   // what follows the end of the stream
  bool at_end, needs_input;
};
inline void beginIncremental(Incremental* s) {
  s->pending = new std::string;
  s->unused = new std::string;
  s->needs_input = true;
}
inline void endIncremental(Incremental* s) {
  delete s->pending;
  delete s->unused;
}

// One call of the library: moves the positions forward and says when the stream has ended.
struct Step {
  const char* in;
  size_t in_left;
  char* out;
  size_t out_left;
  bool is_end = false;
};
// a: self, data, max_length. `step(Step&)` gives a Status. `over` is the message after the end of the stream.
template <class Run>
Ref decompressMore(Thread& t, const Value* a, const char* over, Run step) {
  Incremental* s = a[0].as<Incremental>();
  Buffer data;
  TRY(data.acquire(t, a[1]));
  int64_t limit = TRY(toInt64_py(t, a[2]));
  if (s->at_end) return raise(t, errors(t).eof_error, "%s", over);
  *s->pending += data.view();
  std::string out;
  Step now = {s->pending->data(), s->pending->size(), nullptr, 0};
  for (;;) {
    size_t old = out.size(), room = std::max<size_t>(16384, old);
    if (limit >= 0) room = std::min<size_t>(room, static_cast<size_t>(limit) - old);
    if (room == 0 && limit != 0) break;
    out.resize(old + room);
    now.out = out.data() + old;
    now.out_left = room;
    size_t in_before = now.in_left;
    TRY(step(now));
    out.resize(out.size() - now.out_left);
    if (now.is_end || (now.in_left == 0 && now.out_left > 0) || (limit == 0 && in_before == now.in_left)) break;
  }
  bool is_full = limit >= 0 && static_cast<int64_t>(out.size()) == limit;
  *s->pending = s->pending->substr(s->pending->size() - now.in_left);
  s->at_end = now.is_end;
  if (s->at_end) s->unused->swap(*s->pending);
  s->needs_input = !s->at_end && s->pending->empty() && !is_full;
  return newBytes(t, out);
}

inline Ref getUnused(Thread& t, Value v) { return newBytes(t, *v.as<Incremental>()->unused); }
inline Ref getEnd(Thread&, Value v) { return Ref::boolean(v.as<Incremental>()->at_end); }
inline Ref getNeedsInput(Thread&, Value v) { return Ref::boolean(v.as<Incremental>()->needs_input); }
#define INCREMENTAL_GETSETS                                                                                                    \
  {"unused_data", compression::getUnused, nullptr, "Data found after the end of the compressed stream."},                     \
      {"eof", compression::getEnd, nullptr, "True if the end-of-stream marker has been reached."},                            \
      {"needs_input", compression::getNeedsInput, nullptr, "True if more input is needed before more decompressed data can be produced."}

}  // namespace krait::modules::compression

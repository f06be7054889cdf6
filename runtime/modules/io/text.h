// Inside TextIOWrapper: what text.cpp and text_read.cpp share.
#pragma once

#include "runtime/modules/io/io.h"

namespace krait::modules::io {

inline TextIO* self(Value v) { return v.as<TextIO>(); }
Status checkAttached(Thread& t, const TextIO* s);
// Attached and not closed.
Status checkUsable_py(Thread& t, TextIO* s);
Status flushPendingText_py(Thread& t, TextIO* s);
// Drops the text that was decoded ahead and the decoder's state.
void forgetDecoded(TextIO* s);
void setField(Value& field, Value v);

Ref textRead(Thread& t, const Value* a);
Ref textReadline(Thread& t, const Value* a);
Ref textTell(Thread& t, const Value* a);
Ref textSeek(Thread& t, const Value* a);
Ref textNext(Thread& t, Value v);

}  // namespace krait::modules::io

// What the two files of `_zstd` share: raising ZstdError, and the parameters of contexts.
#pragma once

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <vector>

#include "runtime/modules/compression/incremental.h"
#include "runtime/object/str.h"

namespace krait::modules::zstd {

extern Type* error_type;
// ZstdError: `what`: the library's text for `code`.
RaisedTag raiseZstd(Thread& t, const char* what, size_t code);
// The level argument and the options dictionary; raise as CPython does when they are out of bounds.
Status setLevel(Thread& t, ZSTD_CCtx* context, Value level);
Status setOptions(Thread& t, ZSTD_CCtx* context, Value options);
Status setOptions(Thread& t, ZSTD_DCtx* context, Value options);
Ref paramBounds(Thread& t, const Value* a);
Ref setParameterTypes(Thread& t, const Value* a);
void addConstants(Thread& t, Module* m);

}  // namespace krait::modules::zstd

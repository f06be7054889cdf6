// Struct sequences: tuples whose items have names too, as os.stat_result and time.struct_time. Fields after the first
// `visible` ones are attributes only. ref: Objects/structseq.c.
#pragma once

#include "runtime/object/containers.h"

namespace krait::object {

constexpr int kMaxSequenceFields = 32;

struct StructSequenceDef {
  const char* name;           // "os.stat_result"
  int visible;                // items of the tuple
  int total;                  // fields, at most kMaxSequenceFields
  const char* fields[kMaxSequenceFields];  // null: an item without a name
  const char* doc = nullptr;
};

// The type; `def` must live as long as the isolate.
Type* makeStructSequence(Isolate& isolate, const StructSequenceDef& def);
// An instance from def.total values whose references it takes over.
Ref structSequenceSteal(Thread& t, Type* type, Value* values, int total);

}  // namespace krait::object

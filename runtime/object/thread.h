// Isolate: everything one interpreter owns (types, names, modules, collector). Thread: one line of execution
// inside it: the pending exception, the frame chain, the register stack. Every function that may allocate or run
// Python code takes Thread& first; nothing of the runtime is a C++ global except the pointer to the current Thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/object/object.h"

namespace krait::object {

struct Frame;
struct Isolate;
struct Collector;
struct WeakTable;

struct Types {
#define TYPE(field, Id) Type* field = nullptr;
#include "runtime/object/types.def"
};

struct Names {
#define NAME(field, text) Str* field = nullptr;
#include "runtime/object/names.def"
};

// The exception being handled (sys.exception()), one per thread plus one per running generator.
struct HandledException {
  Value value;  // Undefined: look at `outer`
  HandledException* outer = nullptr;
};

struct Thread {
  Isolate* isolate = nullptr;
  Frame* frame = nullptr;               // innermost Python frame
  Value pending;                        // owned: the exception being raised, or Undefined
  Value returned;                       // owned: what the generator that just finished returned
  HandledException* handled = nullptr;  // never null
  HandledException base_handled;
  Value exit_value;                     // what the dispatch loop gives back to C++
  Object* dying = nullptr;              // handed from a hot block to the release path
  uint32_t eval_breaker = 0;            // not 0: handleBreaker_py must run at the next safe point
  int32_t depth = 0;                    // Python frames in progress
  int32_t recursion_limit = 1000;
  const char* c_stack_limit = nullptr;  // below this address native recursion raises RecursionError
  const char* c_stack_top = nullptr;    // where it was counted from
  Value* stack_begin = nullptr;         // register stack
  Value* stack_end = nullptr;
  uint32_t destroy_depth = 0;           // nesting of destroyObject
  Object* destroy_later = nullptr;      // objects whose destruction was postponed, linked through `type`
  Value async_exception;                // owned: sent by another thread, raised at the next safe point
  Value asyncgen_first, asyncgen_finalizer;  // owned: sys.set_asyncgen_hooks
  Thread* next = nullptr;               // the isolate's other threads
  uint64_t ident = 0;                   // the system's handle of the thread
  uint64_t id = 1;                      // unique in the isolate, never used again
  Value locals;                         // owned: dictionaries of _thread._local objects, or Undefined
  Value trace_function, profile_function;  // owned: sys.settrace's and sys.setprofile's, or Undefined
  int32_t tracing = 0;                  // not 0: one of them is running
  Value context;                        // owned: contextvars' current context, or Undefined

  const Types& types() const;
  const Names& names() const;
};

struct Isolate {
  Types types;
  Names names;
  Thread main_thread;
  Dict* interned = nullptr;         // str -> itself
  Dict* modules = nullptr;          // sys.modules
  Dict* builtins = nullptr;         // builtins.__dict__
  Dict* sys = nullptr;              // sys.__dict__
  Tuple* empty_tuple = nullptr;
  Str* empty_str = nullptr;
  Str* latin1[256] = {};            // one-character strings
  Object* empty_bytes = nullptr;
  Object* byte_values[256] = {};    // one-byte bytes objects
  struct Errors* errors = nullptr;  // exception classes
  Collector* collector = nullptr;
  WeakTable* weak_table = nullptr;
  uint32_t next_type_version = 1;
  uint32_t next_keys_version = 1;
  uint64_t hash_key[2] = {0, 0};
  Value warn_hook;                  // borrowed: `_warnings.warn`, once that module exists
  int64_t int_max_str_digits = 4300;
  Status (*signal_hook)(Thread&) = nullptr;  // runs the handlers of signals that arrived
  bool finalizing = false;
};

inline const Types& Thread::types() const { return isolate->types; }
inline const Names& Thread::names() const { return isolate->names; }

extern thread_local Thread* current_thread;

}  // namespace krait::object

// `_foreign`: what runtime/library/_ctypes.py cannot say in Python: typed access to memory, calls of C functions and C
// functions that call Python (libffi). A Memory is a piece of memory that it owns, or that another object keeps alive; it
// is the base class of all ctypes instances. A code is struct's letter of a C type (with 'g' long double, 'D' 'F' 'G' the
// complex ones, 'z' 'Z' char* and wchar_t*, 'O' an object: the word of a Value), or 'V', a structure by value.
// ref: Modules/_ctypes.
#pragma once

#include <ffi.h>

#include "runtime/modules/os_support.h"

namespace krait::modules::foreign {

struct Memory : Object {
  uint8_t* address;
  int64_t size;
  Value owner;    // keeps `address` alive: another Memory or any exporter of a buffer; Undefined when this one owns it
  Value objects;  // what ctypes keeps for as long as the memory may point to it
  Value format;   // of the buffer that is exported: the text of the format, or Undefined
  int64_t index;  // place inside the owner
  bool is_allocated;
  bool has_buffer;  // `owner` exports a buffer that must be released
  uint8_t local[16];
};

// The layout of a structure that is passed by value.
struct Aggregate : Object {
  ffi_type type;
  ffi_type** elements;
};

// An argument of a call, ready: a word of the type `code`, or the memory `object` of the layout `aggregate`.
struct Argument : Object {
  char code;
  alignas(16) uint8_t value[32];
  Value object;     // what the word points to
  Value aggregate;  // of 'V'
};

struct State {
  Type *memory, *aggregate, *argument, *callback;
};
extern State state;

inline bool isMemory(Value v) { return v.isHeap() && isSubtype(v.object()->type, state.memory); }
inline Memory* memory(Value v) { return v.as<Memory>(); }
// Of a code; 0 when there is no such type.
int64_t sizeOfCode(char code);
// The C value at `at` as Python's; `is_swapped`: in the other byte order.
Ref loadScalar(Thread& t, const uint8_t* at, char code, bool is_swapped);
// The other way round. What must live as long as the memory points to it goes to `keep`. ref: cfield.c, the setters.
Status storeScalar_py(Thread& t, uint8_t* at, char code, bool is_swapped, Value v, Ref& keep);
ffi_type* ffiTypeOf(char code);
// A type name of one letter, or an Aggregate.
Fallible<ffi_type*> ffiTypeArg_py(Thread& t, Value v, char& code);
Ref newMemoryAt(Thread& t, Type* type, uint8_t* address, int64_t size, Value owner, int64_t index);
Status checkMemory(Thread& t, Value v);

// True on a thread that is inside a C function it called without the isolate's lock.
extern thread_local bool outside_lock;

void addFunctions(Thread& t, Module* m, const NativeDef* table);
void addMemory(Thread& t, Module* m);
void addCalls(Thread& t, Module* m);
void addCallback(Thread& t, Module* m);

}  // namespace krait::modules::foreign

// The `_pickle` module: what its files share. ref: Modules/_pickle.c; Lib/pickletools.py describes the opcodes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {
// What a memoryview shows (its `obj`), None once it is released. Borrowed; memoryview_type.cpp has it.
object::Value viewedObject(object::Value view);
}  // namespace krait::modules

namespace krait::modules::pickle {

enum Opcode : char {
  kMark = '(', kStop = '.', kPop = '0', kPopMark = '1', kDup = '2', kFloat = 'F', kInt = 'I', kBinInt = 'J', kBinInt1 = 'K', kLong = 'L', kBinInt2 = 'M',
  kNone = 'N', kPersId = 'P', kBinPersId = 'Q', kReduce = 'R', kString = 'S', kBinString = 'T', kShortBinString = 'U', kUnicode = 'V', kBinUnicode = 'X',
  kAppend = 'a', kBuild = 'b', kGlobal = 'c', kDict = 'd', kEmptyDict = '}', kAppends = 'e', kGet = 'g', kBinGet = 'h', kInst = 'i', kLongBinGet = 'j',
  kList = 'l', kEmptyList = ']', kObj = 'o', kPut = 'p', kBinPut = 'q', kLongBinPut = 'r', kSetItem = 's', kTuple = 't', kEmptyTuple = ')', kSetItems = 'u',
  kBinFloat = 'G', kProto = '\x80', kNewObj = '\x81', kExt1 = '\x82', kExt2 = '\x83', kExt4 = '\x84', kTuple1 = '\x85', kTuple2 = '\x86', kTuple3 = '\x87',
  kNewTrue = '\x88', kNewFalse = '\x89', kLong1 = '\x8a', kLong4 = '\x8b', kBinBytes = 'B', kShortBinBytes = 'C', kShortBinUnicode = '\x8c', kBinUnicode8 = '\x8d',
  kBinBytes8 = '\x8e', kEmptySet = '\x8f', kAddItems = '\x90', kFrozenSet = '\x91', kNewObjEx = '\x92', kStackGlobal = '\x93', kMemoize = '\x94', kFrame = '\x95',
  kByteArray8 = '\x96', kNextBuffer = '\x97', kReadOnlyBuffer = '\x98',
};
constexpr int kHighestProtocol = 5, kDefaultProtocol = 5;
constexpr size_t kFrameTarget = 64 * 1024, kFrameHeader = 9, kFrameLeast = 4;
constexpr int64_t kBatch = 1000;

struct State {
  Type *pickle_error, *pickling_error, *unpickling_error, *pickler, *unpickler, *buffer;
  // From copyreg, _compat_pickle, codecs, functools; owned for the process's life.
  Value dispatch_table, extension_registry, inverted_registry, extension_cache;
  Value name_2to3, import_2to3, name_3to2, import_3to2;
  Value codecs_encode, getattr_function, partial;
};
extern State state;

// What has been written already, by identity: object -> number.
class Memo {
 public:
  int64_t find(Object* o) const {
    if (table_.empty()) return -1;
    for (size_t i = slotOf(o);; i = (i + 1) & (table_.size() - 1)) {
      if (table_[i].object == o) return table_[i].index;
      if (table_[i].object == nullptr) return -1;
    }
  }
  void add(Object* o, int64_t index);  // keeps the object alive
  void clear();
  int64_t size() const { return used_; }
  struct Entry {
    Object* object;
    int64_t index;
  };
  const std::vector<Entry>& entries() const { return table_; }
  ~Memo() { clear(); }

 private:
  size_t slotOf(Object* o) const { return (reinterpret_cast<size_t>(o) >> 4) * 0x9E3779B97F4A7C15ull >> 20 & (table_.size() - 1); }
  std::vector<Entry> table_;
  int64_t used_ = 0;
};

// Ellipsis and NotImplemented are memoized by their words.
inline bool canBeMemoized(Value v) { return v.isHeap() || v.isEllipsis() || v.isNotImplemented(); }
struct PicklerData {
  Memo memo;
  std::string out;
  int64_t frame_start = -1;  // where the open frame's header is, -1: none
  bool is_framing = false, bin = false, fix_imports = false, fast = false;
  int proto = 0;
  int depth = 0;
};
struct Pickler : Object {
  PicklerData* d;
  Value write;            // file.write, or Undefined
  Value persistent_id;    // what to call, or Undefined
  Value own_persistent_id;  // set as attribute
  Value dispatch_table;   // or Undefined
  Value reducer_override;
  Value buffer_callback;
  Dict* dict;
};

// --- writing (writer.cpp)
inline void put(Pickler* p, std::string_view data);
void openFrame(PicklerData& d);
void closeFrame(PicklerData& d);
inline void put(Pickler* p, std::string_view data) {
  PicklerData& d = *p->d;
  if (d.is_framing && d.frame_start < 0) openFrame(d);
  d.out += data;
}
inline void put(Pickler* p, char c) { put(p, std::string_view(&c, 1)); }
// Bytes that may be too large for a frame.
Status putLarge_py(Thread& t, Pickler* p, std::string_view header, std::string_view payload);
// Ends a frame that has its size, and hands what is complete to the file.
Status boundary_py(Thread& t, Pickler* p);
Status flush_py(Thread& t, Pickler* p);
void putMemo(Pickler* p, Value v);
Status putGet(Thread& t, Pickler* p, Value v, int64_t index);
Status saveInt(Thread& t, Pickler* p, Value v);
Status saveStr_py(Thread& t, Pickler* p, Value v);
Status saveBytes_py(Thread& t, Pickler* p, Value v);
Status saveByteArray_py(Thread& t, Pickler* p, Value v);

// --- objects (pickler.cpp)
Status save_py(Thread& t, Pickler* p, Value v, bool may_be_persistent = true);
Status saveList_py(Thread& t, Pickler* p, Value v);
Status saveListItems_py(Thread& t, Pickler* p, Value iterator, Value owner);
Status saveDictItems_py(Thread& t, Pickler* p, Value iterator, Value owner);
// --- anything else (reduce.cpp)
Status saveGlobal_py(Thread& t, Pickler* p, Value v, Value name);
Status saveReduced_py(Thread& t, Pickler* p, Value reduced, Value v);
Status saveReduce_py(Thread& t, Pickler* p, Value callee, Value args, Value object);

inline Value memoryviewType(Thread& t) { return dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview")); }
// Adds a note to the pending exception.
[[gnu::format(printf, 2, 3)]] RaisedTag addNote_py(Thread& t, const char* format, ...);
// The class's name as notes show it.
std::string classText_py(Thread& t, Value v);
Status initState_py(Thread& t);

void makePicklerType(Thread& t, Module* m);
void makeUnpicklerType(Thread& t, Module* m);
void makeBufferType(Thread& t, Module* m);
// Whose memory a PickleBuffer shows; any other value itself. Borrowed.
Value memoryOwner(Value v);
Ref dumpTo_py(Thread& t, Value v, Value file, Value protocol, Value fix_imports, Value buffer_callback);
Ref dumps_py(Thread& t, Value v, Value protocol, Value fix_imports, Value buffer_callback);
Ref load_py(Thread& t, const Value* a);
Ref loads_py(Thread& t, const Value* a);

}  // namespace krait::modules::pickle

// What the files of the `_io` module share: the layouts of its objects and the ways around Python calls between them.
// Every stream is an IOBase; `closed` of classes without their own state lives there. ref: Modules/_io/.
#pragma once

#include <string>

#include "runtime/modules/os_support.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::io {

constexpr int64_t kBufferSize = 128 * 1024;  // io.DEFAULT_BUFFER_SIZE

struct IOBase : Object {
  Dict* dict;
  bool is_closed;   // by _IOBase.close
  bool finalizing;  // closed by the destructor: file objects warn
};

constexpr uint32_t kDictOffset = sizeof(Object);  // of IOBase::dict

struct FileIO : IOBase {
  int fd;  // -1 once closed
  bool created, readable, writable, appending, closefd;
  int8_t seekable;  // -1: not asked yet
  int64_t block_size;
};

// BufferedReader, BufferedWriter, BufferedRandom.
struct Buffered : IOBase {
  Value raw;          // Undefined before __init__ and after detach
  uint8_t* data;      // read buffer of `capacity` bytes, made on first use
  int64_t capacity;
  int64_t at, end;    // unread bytes are data[at, end)
  std::string* pending;  // bytes to write
  bool readable, writable, ok, detached;
  Thread* owner;      // in the middle of an operation
  Value name_hint;
};

struct BytesIO : IOBase {
  Value bytes;        // Bytes that may be shared, or Undefined when `text` holds the contents
  std::string* text;
  int64_t position;
  int64_t exports;
};

// Native codecs of TextIOWrapper; kOther goes through codec objects.
enum class TextCodec : uint8_t { kOther, kUtf8, kAscii, kLatin1 };

struct TextState {
  std::string pending;   // encoded text that is not in the buffer yet
  std::string leftover;  // raw bytes of an incomplete character (native codecs)
  std::string snapshot;  // raw bytes that `decoded` came from
  bool snapshot_ends = false;  // they were decoded as the last ones
};
struct TextIO : IOBase {
  Value buffer, encoding, errors, encoder, decoder;
  Value read_newline;    // Str or Undefined (universal)
  Value decoded;         // Str or Undefined
  Value snapshot_state;  // decoder's state before the snapshot (kOther)
  int64_t used;          // characters of `decoded` that were handed out
  TextState* state;
  TextCodec codec;
  uint8_t seen_newlines;  // 1 \r, 2 \n, 4 \r\n
  bool ok, detached, line_buffering, write_through, seekable, telling, has_read1;
  bool universal, translate, write_translate, write_crlf, write_cr, was_snapshot_cr, at_start;
  int64_t chunk_size;
};

struct Types {
  Type *base, *raw, *buffered, *text_base, *file, *reader, *writer, *random, *pair, *bytes_io, *string_io, *text, *newline_decoder, *bytes_buffer;
  Value unsupported;  // io.UnsupportedOperation
};
extern Types types;

void addBaseTypes(Thread& t, Module* m);
void addFileType(Thread& t, Module* m);
void addBufferedTypes(Thread& t, Module* m);
void addPairType(Thread& t, Module* m);
void addBytesIOType(Thread& t, Module* m);
void addNewlineDecoderType(Thread& t, Module* m);
void addStringIOType(Thread& t, Module* m);
void addTextType(Thread& t, Module* m);

// --- calls by name
template <class... Args>
Ref callName(Thread& t, Value object, const char* name, Args... args) {
  return callMethod_py(t, object, intern(*t.isolate, name), args...);
}
RaisedTag raiseUnsupported(Thread& t, const char* text);
inline RaisedTag raiseClosedFile(Thread& t) { return raiseValueError(t, "I/O operation on closed file."); }
// `object.closed` as a truth value.
Fallible<bool> isClosed_py(Thread& t, Value v);
// An int or None (absent: -1), as read(size) takes it.
Fallible<int64_t> sizeArg_py(Thread& t, Value v);
// Calls object.name() -> bool.
Fallible<bool> asks_py(Thread& t, Value object, const char* name);
// What a stream's destructor does. ref: iobase_finalize.
Status finalizeStream_py(Thread& t, Value v);
void deallocDict(IOBase* o);
Ref cannotPickle(Thread& t, const Value* a);
// <name repr> as the streams' reprs show it: " name='x'" or "".
std::string nameText_py(Thread& t, Value v);

// --- FileIO without Python calls; -1 with errno, kWouldBlock for None.
constexpr int64_t kWouldBlock = -2;
inline bool isPlainFile(Value v) { return v.isHeap() && v.object()->type == types.file; }
Fallible<int64_t> fileRead_py(Thread& t, FileIO* f, uint8_t* out, int64_t size);
Fallible<int64_t> fileWrite_py(Thread& t, FileIO* f, const uint8_t* data, int64_t size);
Ref newFileIO_py(Thread& t, Value file, Value mode, Value closefd, Value opener);

// --- buffered streams from TextIOWrapper
Ref bufferedReadOne_py(Thread& t, Buffered* b, int64_t size);  // read1
Status bufferedWrite_py(Thread& t, Buffered* b, std::string_view data);
Status bufferedFlush_py(Thread& t, Buffered* b);

// --- text
Fallible<int64_t> textWrite_py(Thread& t, Value stream, Value text);
Ref newTextIO_py(Thread& t, Value buffer, Value encoding, Value errors, Value newline, Value line_buffering, Value write_through);
// Translates \r\n and \r to \n and notes what was seen. ref: IncrementalNewlineDecoder.
Ref translateNewlines(Thread& t, Str* text, bool translate, uint8_t& seen);
Ref newlinesSeen(Thread& t, uint8_t seen);
// The end of the first line in s[from:], after its newline; -1 when there is none. `universal` without translation.
int64_t findLineEnd(const Str* s, int64_t from, bool translate, bool universal, Value newline);

Ref open_py(Thread& t, const Value* a);

}  // namespace krait::modules::io

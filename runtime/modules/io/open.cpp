// open(), and the `_io` module itself. ref: Modules/_io/_iomodule.c.
#include <unistd.h>

#include "runtime/modules/io/io.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/python_config.h"

namespace krait::modules::io {

struct OpenMode {
  std::string raw;  // for FileIO
  bool creating = false, reading = false, writing = false, appending = false, updating = false, text = false, binary = false;
};
static Status parseMode_py(Thread& t, const std::string& mode, OpenMode& out) {
  for (size_t i = 0; i < mode.size(); ++i) {
    bool* flag = nullptr;
    switch (mode[i]) {
      case 'x': flag = &out.creating; break;
      case 'r': flag = &out.reading; break;
      case 'w': flag = &out.writing; break;
      case 'a': flag = &out.appending; break;
      case '+': flag = &out.updating; break;
      case 't': flag = &out.text; break;
      case 'b': flag = &out.binary; break;
      default: break;
    }
    if (flag == nullptr || *flag) return raiseValueError(t, "invalid mode: '%s'", mode.c_str());
    *flag = true;
  }
  if (out.text && out.binary) return raiseValueError(t, "can't have text and binary mode at once");
  if (out.creating + out.reading + out.writing + out.appending > 1) return raiseValueError(t, "must have exactly one of create/read/write/append mode");
  if (out.creating) out.raw += 'x';
  if (out.reading) out.raw += 'r';
  if (out.writing) out.raw += 'w';
  if (out.appending) out.raw += 'a';
  if (out.updating) out.raw += '+';
  return kDone;
}

// Closes what is open already when a later step of open() fails.
static Ref failClosing(Thread& t, Value stream) {
  Ref error = takeException(t);
  Ref closed = callName(t, stream, "close");
  if (!closed) clearException(t);
  restoreException(t, std::move(error));
  return Ref();
}

Ref open_py(Thread& t, const Value* a) {
  Value file = a[0], encoding = a[3], handlers = a[4], newline = a[5];
  Ref path = Ref::of(file);
  if (!isIntLike(file) && !isStr(file) && !isBytes(file)) {
    path = fspath_py(t, file);
    if (!path) return Ref();
  }
  if (!isStr(a[1])) return raiseTypeError(t, "open() argument 'mode' must be str, not %s", typeNameOf(t, a[1]));
  for (auto [v, name] : {std::pair{encoding, "encoding"}, {handlers, "errors"}, {newline, "newline"}}) {
    if (!v.isNone() && !isStr(v)) return raiseTypeError(t, "open() argument '%s' must be str or None, not %s", name, typeNameOf(t, v));
  }
  int64_t buffering = TRY(toCInt_py(t, a[2]));
  std::string mode = toUtf8(a[1].as<Str>());
  OpenMode m;
  TRY(parseMode_py(t, mode, m));
  if (m.binary && !encoding.isNone()) return raiseValueError(t, "binary mode doesn't take an encoding argument");
  if (m.binary && !handlers.isNone()) return raiseValueError(t, "binary mode doesn't take an errors argument");
  if (m.binary && !newline.isNone()) return raiseValueError(t, "binary mode doesn't take a newline argument");
  if (m.binary && buffering == 1) {
    TRY(warn_py(t, errors(t).runtime_warning, 1, "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used"));
  }
  Ref raw_mode = newStr(t, m.raw);
  Ref raw = TRY(newFileIO_py(t, path.get(), raw_mode.get(), a[6], a[7]));
  FileIO* f = raw.as<FileIO>();
  bool is_tty = buffering < 0 && f->seekable != 1 && lseek(f->fd, 0, SEEK_CUR) < 0 && ::isatty(f->fd) == 1;
  bool line_buffering = buffering == 1 && !m.binary;
  if (is_tty && !m.binary) line_buffering = true;
  if (buffering == 1 || buffering < 0) buffering = f->block_size > kBufferSize ? f->block_size : kBufferSize;
  if (buffering == 0) {
    if (m.binary) return raw;
    (void)raiseValueError(t, "can't have unbuffered text I/O");
    return failClosing(t, raw.get());
  }
  Type* type = m.updating ? types.random : m.creating || m.writing || m.appending ? types.writer : types.reader;
  if (!m.updating && !m.creating && !m.writing && !m.appending && !m.reading) {
    (void)raiseValueError(t, "unknown mode: '%s'", mode.c_str());
    return failClosing(t, raw.get());
  }
  Ref buffer = callArgs_py(t, type, raw.get(), Value::fromInt(buffering));
  if (!buffer) return failClosing(t, raw.get());
  if (m.binary) return buffer;
  Ref text = newTextIO_py(t, buffer.get(), encoding, handlers, newline, Value::fromBool(line_buffering), Value::fromBool(false));
  if (!text) return failClosing(t, buffer.get());
  if (setAttr_py(t, text.get(), intern(*t.isolate, "mode"), a[1]).failed) return failClosing(t, text.get());
  return text;
}

static Ref openCode(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "open_code() argument 'path' must be str, not %s", typeNameOf(t, a[0]));
  Ref mode = newStr(t, "rb");
  Value args[8] = {a[0], mode.get(), Value::fromInt(-1), Value::none(), Value::none(), Value::none(), Value::fromBool(true), Value::none()};
  return open_py(t, args);
}
static Ref textEncoding(Thread& t, const Value* a) {
  if (!a[0].isNone()) return Ref::of(a[0]);
  if (python_config.warn_default_encoding) {
    TRY(warn_py(t, errors(t).encoding_warning, static_cast<int>(TRY(toInt64_py(t, a[1]))), "'encoding' argument not specified"));
  }
  return newStr(t, python_config.utf8_mode ? "utf-8" : "locale");
}

#define OPEN_SIGNATURE "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)"
static const NativeDef kFunctions[] = {{"open", OPEN_SIGNATURE, open_py, "Open file and return a stream.  Raise OSError upon failure."},
    {"open_code", "(path)", openCode}, {"text_encoding", "(encoding, stacklevel=2, /)", textEncoding}, {nullptr, nullptr, nullptr}};

static Ref makeUnsupported(Thread& t) {
  Ref name = newStr(t, "UnsupportedOperation"), bases = tupleOf(t, {errors(t).os_error, errors(t).value_error}), dict = newDict(t), module = newStr(t, "io");
  dictSetStr(dict.as<Dict>(), t.names().d_module, module.get());
  return callArgs_py(t, t.types().type, name.get(), bases.get(), dict.get());
}

static Status init(Thread& t, Module* m) {
  moduleSet(t, m, "DEFAULT_BUFFER_SIZE", Value::fromInt(kBufferSize));
  moduleSet(t, m, "BlockingIOError", errors(t).blocking_io_error);
  Ref unsupported = makeUnsupported(t);
  if (!unsupported) return kRaised;
  types.unsupported = share(unsupported.get());
  moduleSet(t, m, "UnsupportedOperation", unsupported.get());
  addBaseTypes(t, m);
  addFileType(t, m);
  addBufferedTypes(t, m);
  addPairType(t, m);
  addBytesIOType(t, m);
  addNewlineDecoderType(t, m);
  addStringIOType(t, m);
  addTextType(t, m);
  Value open = dictGetStr(m->dict, intern(*t.isolate, "open"));
  dictSetStr(t.isolate->builtins, intern(*t.isolate, "open"), open);
  return kDone;
}

}  // namespace krait::modules::io

namespace krait::modules {
extern const NativeModule kIoModule;
const NativeModule kIoModule = {"_io", "The io module provides the Python interfaces to stream handling.", io::kFunctions, io::init};
}  // namespace krait::modules

// ref: create_stdio, init_sys_streams, flush_std_files in Python/pylifecycle.c.
#include "runtime/modules/io/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "runtime/modules/compile_hook.h"
#include "runtime/modules/io/io.h"

namespace krait::modules::io {

static bool isPlainLocale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* text = std::getenv(name);
    if (text == nullptr || *text == 0) continue;
    std::string_view value = text;
    return value == "C" || value == "POSIX" || value == "C.UTF-8" || value == "C.utf8";
  }
  return true;
}

// The name that the codec itself goes by (`latin1` is `iso8859-1`); the text as it is where there is none. ref: config_get_codec_name.
static std::string codecNameOf(Thread& t, const std::string& encoding) {
  Ref module_name = newStr(t, "_codecs"), list = newList(t), asked = newStr(t, encoding);
  Ref module = importModule_py(t, module_name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0));
  Ref found = module ? callMethod_py(t, module.get(), intern(*t.isolate, "lookup"), asked.get()) : Ref();
  Ref name = found ? getAttr_py(t, found.get(), t.names().name) : Ref();
  clearException(t);
  return name && isStr(name.get()) ? toUtf8(name.as<Str>()) : encoding;
}

static Ref makeStream_py(Thread& t, int fd, const char* name, bool unbuffered, const std::string& setting) {
  bool is_writing = fd != 0;
  if (fcntl(fd, F_GETFD) < 0) return Ref::none();
  Ref mode = newStr(t, is_writing ? "w" : "r"), raw_mode = newStr(t, is_writing ? "wb" : "rb");
  Ref raw = TRY(newFileIO_py(t, Value::fromInt(fd), raw_mode.get(), Value::fromBool(false), Value::none()));
  Ref shown = newStr(t, name);
  TRY(setAttr_py(t, raw.get(), t.names().name, shown.get()));
  Ref buffer = Ref::of(raw.get());
  if (!(unbuffered && is_writing)) buffer = TRY(callArgs_py(t, is_writing ? types.writer : types.reader, raw.get()));
  std::string encoding = "utf-8", handlers = fd == 2 ? "backslashreplace" : isPlainLocale() ? "surrogateescape" : "strict";
  if (!setting.empty()) {
    size_t colon = setting.find(':');
    if (colon != 0) encoding = codecNameOf(t, setting.substr(0, colon)), handlers = fd == 2 ? handlers : "strict";
    if (colon != std::string::npos && colon + 1 < setting.size() && fd != 2) handlers = setting.substr(colon + 1);
  }
  Ref encoding_text = newStr(t, encoding), handlers_text = newStr(t, handlers), newline = newStr(t, "\n");
  bool line_buffering = fd == 2 || isatty(fd) == 1;
  Ref text = TRY(newTextIO_py(t, buffer.get(), encoding_text.get(), handlers_text.get(), is_writing ? newline.get() : Value::none(),
                              Value::fromBool(line_buffering && !unbuffered), Value::fromBool(unbuffered)));
  TRY(setAttr_py(t, text.get(), intern(*t.isolate, "mode"), mode.get()));
  return text;
}

Status makeStandardStreams_py(Thread& t, bool unbuffered, const std::string& encoding) {
  struct Standard {
    int fd;
    const char* name;
    const char* shown;
  };
  for (auto [fd, name, shown] : {Standard{0, "stdin", "<stdin>"}, {1, "stdout", "<stdout>"}, {2, "stderr", "<stderr>"}}) {
    Ref stream = makeStream_py(t, fd, shown, unbuffered, encoding);
    if (!stream) {
      clearException(t);
      stream = Ref::none();
    }
    dictSetStr(t.isolate->sys, intern(*t.isolate, name), stream.get());
    dictSetStr(t.isolate->sys, intern(*t.isolate, "__" + std::string(name) + "__"), stream.get());
  }
  return kDone;
}

static bool flushStream_py(Thread& t, Value stream, bool report) {
  if (stream.isUndefined() || stream.isNone()) return true;
  Ref held = Ref::of(stream);
  Ref closed = findAttr_py(t, stream, intern(*t.isolate, "closed"));
  if (!closed) clearException(t);
  if (closed) {
    auto truth = isTrue_py(t, closed.get());
    if (truth.failed) clearException(t);
    else if (truth.value) return true;
  }
  Ref done = callMethod_py(t, stream, t.names().flush);
  if (done) return true;
  if (report) writeUnraisable_py(t, "Exception ignored while flushing sys.stdout", Value());
  else clearException(t);
  return false;
}
bool flushStandardStreams_py(Thread& t, bool reports) {
  bool ok = flushStream_py(t, dictGetStr(t.isolate->sys, t.names().stdout_), reports);
  (void)flushStream_py(t, dictGetStr(t.isolate->sys, t.names().stderr_), false);
  return ok;
}

void writeStderr_py(Thread& t, const std::string& utf8) { writeMessage_py(t, dictGetStr(t.isolate->sys, t.names().stderr_), utf8); }

void writeMessage_py(Thread& t, Value stream, const std::string& utf8) {
  if (stream.defined() && !stream.isNone()) {
    Ref held = Ref::of(stream), text = newStr(t, utf8);
    Ref done = callMethod_py(t, stream, t.names().write, text.get());
    if (done) {
      Ref flushed = callMethod_py(t, stream, t.names().flush);
      if (!flushed) clearException(t);
      return;
    }
    clearException(t);
  }
  if (stream.isNone()) return;
  ssize_t n = ::write(2, utf8.data(), utf8.size());
  (void)n;
}

}  // namespace krait::modules::io

// input() and breakpoint(). ref: Python/bltinmodule.c (builtin_input, builtin_breakpoint).
#include "runtime/modules/audit.h"
#include "runtime/modules/builtins_parts.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Ref stream(Thread& t, Str* name, const char* text) {
  Value v = dictGetStr(t.isolate->sys, name);
  if (v.isUndefined() || v.isNone()) return raiseRuntimeError(t, "lost sys.%s", text);
  return Ref::of(v);
}
// Whether the stream is the console that descriptor `fd` shows.
static bool isConsole_py(Thread& t, Value file, int64_t fd) {
  Ref number = callMethod_py(t, file, t.names().fileno_);
  bool is_same = number && number.get() == Value::fromInt(fd);
  Ref tty = is_same ? callMethod_py(t, file, t.names().isatty) : Ref();
  bool is_tty = tty && tty.get().isTrue();
  clearException(t);
  return is_tty;
}
// With the readline module loaded, a console's line is edited there.
static Ref editedLine_py(Thread& t, Value prompt, bool& is_edited) {
  Ref name = newStr(t, "readline");
  Value module = dictGet_py(t, t.isolate->modules, name.get());
  if (module.isUndefined()) return Ref();
  Ref edit = findAttr_py(t, module, intern(*t.isolate, "_input"));
  if (!edit) {
    clearException(t);
    return Ref();
  }
  is_edited = true;
  return callArgs_py(t, edit.get(), prompt);
}
static Ref lineOf_py(Thread& t, Value in) {
  Ref line = TRY(callMethod_py(t, in, t.names().readline));
  if (!isStr(line.get())) return raiseTypeError(t, "object.readline() returned non-string");
  Str* s = line.as<Str>();
  if (s->length == 0) return raise(t, errors(t).eof_error, "EOF when reading a line");
  return s->at(s->length - 1) == '\n' ? strSlice(t, s, 0, s->length - 1) : line.take();
}
static Ref input(Thread& t, const Value* a) {
  Ref in = TRY(stream(t, t.names().stdin_, "stdin")), out = TRY(stream(t, t.names().stdout_, "stdout")), err = TRY(stream(t, t.names().stderr_, "stderr"));
  Ref prompt = a[0].defined() ? Ref::of(a[0]) : Ref::none();
  TRY(audit_py(t, "builtins.input", {prompt.get()}));
  Ref flushed = callMethod_py(t, err.get(), t.names().flush);
  if (!flushed) clearException(t);
  Ref text = a[0].defined() ? TRY(str_py(t, a[0])) : newStr(t, "");
  bool is_edited = false;
  Ref line;
  if (isConsole_py(t, in.get(), 0) && isConsole_py(t, out.get(), 1)) line = editedLine_py(t, text.get(), is_edited);
  if (!is_edited) {
    if (isPending(t)) return Ref();
    if (a[0].defined()) Ref written = TRY(callMethod_py(t, out.get(), t.names().write, text.get()));
    flushed = callMethod_py(t, out.get(), t.names().flush);
    if (!flushed) clearException(t);
    line = lineOf_py(t, in.get());
  }
  if (!line) return Ref();
  TRY(audit_py(t, "builtins.input/result", {line.get()}));
  return line;
}
static Ref breakpoint(Thread& t, const Value* a) {
  Value hook = dictGetStr(t.isolate->sys, intern(*t.isolate, "breakpointhook"));
  if (hook.isUndefined()) return raiseRuntimeError(t, "lost sys.breakpointhook");
  Ref held = Ref::of(hook);
  TRY(audit_py(t, "builtins.breakpoint", {hook}));
  return callTuple_py(t, held.get(), a[0].as<Tuple>(), a[1].as<Dict>());
}
const NativeDef kInteractiveBuiltins[] = {{"input", "(prompt=<unset>, /)", input, "Read a string from standard input.  The trailing newline is stripped."},
    {"breakpoint", "(*args, **kws)", breakpoint, "Call sys.breakpointhook(*args, **kws)."}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules

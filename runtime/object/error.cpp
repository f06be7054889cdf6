// Raising exceptions from C++ code.
#include "runtime/object/error.h"

#include <cerrno>
#include <cstdarg>
#include <cstring>

#include "runtime/object/audit.h"
#include "runtime/object/containers.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/sandbox_note.h"
#include "runtime/object/str.h"
#include "runtime/object/struct_sequence.h"

namespace krait::object {


Errors& errors(Thread& t) { return *t.isolate->errors; }

static std::string formatArgs(const char* text, va_list args) {
  char* out = nullptr;
  int n = vasprintf(&out, text, args);
  std::string r(n < 0 ? "" : out);
  std::free(out);
  return r;
}

Value handledException(const Thread& t) {
  for (HandledException* h = t.handled; h != nullptr; h = h->outer) {
    if (h->value.defined()) return h->value;
  }
  return Value();
}

void setContext(BaseException* e, Value context) {
  Value old = e->context;
  e->context = share(context);
  decref(old);
}
void setCause(BaseException* e, Value cause) {
  Value old = e->cause;
  e->cause = share(cause);
  e->suppress_context = true;
  decref(old);
}

void restoreException(Thread& t, Ref exception) {
  Value old = t.pending;
  t.pending = exception.release();
  decref(old);
}

Ref takeException(Thread& t) {
  Value v = t.pending;
  t.pending = Value();
  return Ref::steal(v);
}

void clearException(Thread& t) {
  Value old = t.pending;
  t.pending = Value();
  decref(old);
}

// ref: _PyErr_SetObject: the handled exception becomes the context, and no cycle is made.
RaisedTag raiseException(Thread& t, Value exception) {
  Ref held = Ref::of(exception);
  Value handled = handledException(t);
  if (handled.defined() && handled != exception) {
    Value at = handled;
    for (int guard = 0; at.defined() && guard < 100000; ++guard) {
      Value next = at.as<BaseException>()->context;
      if (next == exception) {
        setContext(at.as<BaseException>(), Value());
        break;
      }
      at = next;
    }
    setContext(exception.as<BaseException>(), handled);
  }
  restoreException(t, std::move(held));
  return kRaised;
}

RaisedTag raiseWith(Thread& t, Type* type, Value value) {
  Ref e = newException_py(t, type, &value, value.defined() ? 1 : 0);
  if (!e) return kRaised;
  return raiseException(t, e.get());
}

static RaisedTag raiseText(Thread& t, Type* type, const std::string& text) {
  Ref message = newStr(t, text);
  return raiseWith(t, type, message.get());
}

#define FORMAT_INTO(name)                    \
  va_list list_;                               \
  va_start(list_, format);                     \
  std::string name = formatArgs(format, list_); \
  va_end(list_)

RaisedTag raise(Thread& t, Type* type, const char* format, ...) {
  FORMAT_INTO(text);
  return raiseText(t, type, text);
}
// "f() argument 1 must be str, not None": what argument checks of CPython call the type of None. ref: _PyArg_BadArgument.
static void sayNone(std::string& text) {
  constexpr std::string_view kEnd = ", not NoneType";
  if (!text.ends_with(kEnd) || text.find("() argument ") == std::string::npos) return;
  // Those with an article or a choice are messages of the functions' own.
  if (text.find(" must be a ") != std::string::npos && text.find("a unicode character") == std::string::npos) return;
  if (text.find(" must be an iterable,") != std::string::npos || text.find(" must be str or bytes-like,") != std::string::npos) return;
  text.resize(text.size() - 4);
}
RaisedTag raiseTypeError(Thread& t, const char* format, ...) {
  FORMAT_INTO(text);
  sayNone(text);
  return raiseText(t, errors(t).type_error, text);
}
RaisedTag raiseValueError(Thread& t, const char* format, ...) {
  FORMAT_INTO(text);
  return raiseText(t, errors(t).value_error, text);
}
RaisedTag raiseIndexError(Thread& t, const char* format, ...) {
  FORMAT_INTO(text);
  return raiseText(t, errors(t).index_error, text);
}
RaisedTag raiseOverflowError(Thread& t, const char* format, ...) {
  FORMAT_INTO(text);
  return raiseText(t, errors(t).overflow_error, text);
}
RaisedTag raiseRuntimeError(Thread& t, const char* format, ...) {
  FORMAT_INTO(text);
  return raiseText(t, errors(t).runtime_error, text);
}
RaisedTag raiseMemoryError(Thread& t) {
  Ref e = newException_py(t, errors(t).memory_error, nullptr, 0);
  if (!e) return kRaised;
  return raiseException(t, e.get());
}
RaisedTag raiseKeyError(Thread& t, Value key) { return raiseWith(t, errors(t).key_error, key); }

RaisedTag raiseAttributeError(Thread& t, Value object, Str* name, const std::string& message) {
  Ref text = newStr(t, message);
  Value arg = text.get();
  Ref e = newException_py(t, errors(t).attribute_error, &arg, 1);
  if (!e) return kRaised;
  BaseException* b = e.as<BaseException>();
  b->extra[kExtraName] = share(name);
  b->extra[kExtraObj] = share(object);
  return raiseException(t, e.get());
}

RaisedTag raiseNoAttribute(Thread& t, Value object, Str* name) {
  return raiseAttributeError(t, object, name, "'" + std::string(typeNameOf(t, object)) + "' object has no attribute '" + toUtf8(name) + "'");
}

RaisedTag raiseNameError(Thread& t, Type* type, Str* name, const std::string& message) {
  Ref text = newStr(t, message);
  Value arg = text.get();
  Ref e = newException_py(t, type, &arg, 1);
  if (!e) return kRaised;
  e.as<BaseException>()->extra[kExtraName] = share(name);
  return raiseException(t, e.get());
}

RaisedTag raiseOSError(Thread& t, int error_number, Value filename, Value filename2) {
  Ref text = newStr(t, std::strerror(error_number));
  Value args[5] = {Value::fromInt(error_number), text.get(), filename, Value::none(), filename2};
  uint32_t n = filename2.defined() ? 5 : filename.defined() ? 3 : 2;
  Ref e = newException_py(t, errors(t).os_error, args, n);
  if (!e) return kRaised;
  if (std::string note = sandboxNote(error_number, isStr(filename) ? toUtf8(filename.as<Str>()) : ""); !note.empty()) {
    Ref said = newStr(t, note);
    if (!callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), said.get())) return kRaised;
  }
  return raiseException(t, e.get());
}

RaisedTag raiseStopIteration(Thread& t, Value value) {
  Ref e = newException_py(t, errors(t).stop_iteration, &value, value.isNone() ? 0 : 1);
  if (!e) return kRaised;
  return raiseException(t, e.get());
}

Status checkRecursion(Thread& t, const char* where) {
  char here;
  if (__builtin_expect(&here > t.c_stack_limit, 1)) return kDone;
  // Leave some room for handling the error itself.
  const char* saved_stack = t.c_stack_limit;
  t.c_stack_limit -= 256 * 1024;
  (void)raise(t, errors(t).recursion_error, "Stack overflow (used %d kB)%s", static_cast<int>((t.c_stack_top - &here) / 1024), where);
  t.c_stack_limit = saved_stack;
  return kRaised;
}

RaisedTag raiseTooManyFrames(Thread& t) { return raise(t, errors(t).recursion_error, "maximum recursion depth exceeded"); }

// What sys.unraisablehook gets.
Type* unraisableType(Thread& t) {
  static const StructSequenceDef kDef = {"UnraisableHookArgs", 5, 5, {"exc_type", "exc_value", "exc_traceback", "err_msg", "object"}, "Type used to pass arguments to sys.unraisablehook."};
  static Type* type = makeStructSequence(*t.isolate, kDef);
  return type;
}
// A traceback of one frame.
static Ref tracebackOf(Thread& t, Frame* frame) {
  Traceback* tb = allocate<Traceback>(t.types().traceback);
  tb->frame = share(Value(frameObject(t, frame)));
  tb->instruction = static_cast<int32_t>(instructionIndex(frame));
  tb->line = lineOf(frame->code, frame->pc);
  gcTrack(tb);
  return Ref::steal(tb);
}
void writeUnraisable_py(Thread& t, const char* message, Value object) {
  Ref exception = takeException(t);
  Ref hook = Ref::of(dictGetStr(t.isolate->sys, intern(*t.isolate, "unraisablehook")));
  if (hook && exception) {
    BaseException* e = exception.as<BaseException>();
    if (e->traceback.isUndefined() && t.frame != nullptr) e->traceback = tracebackOf(t, t.frame).release();
    // A message that ends in a space names the object itself.
    bool names_object = message != nullptr && object.defined() && std::string_view(message).ends_with(" ");
    Ref text = newStr(t, (message != nullptr ? message : "") + (names_object ? reprText_py(t, object) : std::string()));
    if (names_object) object = Value();
    Value args[5] = {typeOfHeap(exception.get()), exception.get(), e->traceback.defined() ? e->traceback : Value::none(),
                     message != nullptr ? text.get() : Value::none(), object.defined() ? object : Value::none()};
    for (Value v : args) incref(v);
    Ref details = structSequenceSteal(t, unraisableType(t), args, 5);
    Ref r = audit_py(t, "sys.unraisablehook", {hook.get(), details.get()}).failed ? Ref() : callArgs_py(t, hook.get(), details.get());
    if (!r && isExact(dictGetStr(t.isolate->sys, intern(*t.isolate, "__unraisablehook__")), TypeId::kNativeFunction)) {
      Ref failure = takeException(t), plain = Ref::of(dictGetStr(t.isolate->sys, intern(*t.isolate, "__unraisablehook__")));
      Value parts[5] = {share(Value(typeOfHeap(failure.get()))), share(failure.get()), Value::none(), newStr(t, "Exception ignored in sys.unraisablehook").release(), share(hook.get())};
      Ref again = structSequenceSteal(t, unraisableType(t), parts, 5);
      r = callArgs_py(t, plain.get(), again.get());
    }
  }
  clearException(t);
}

void writeDeallocatorFailure_py(Thread& t, Object* object) {
  Value own = typeLookup(object->type, t.names().d_del);
  Ref named = Ref::of(own.defined() ? own : Value(object));
  writeUnraisable_py(t, "Exception ignored while calling deallocator ", named.get());
}

Status warn_py(Thread& t, Type* category, int stack_level, const char* format, ...) {
  FORMAT_INTO(text);
  Ref warnings = Ref::of(dictGetStr(t.isolate->modules, intern(*t.isolate, "_warnings")));
  if (!warnings) return kDone;
  Ref message = newStr(t, text);
  Value args[3] = {message.get(), category, Value::fromInt(stack_level)};
  Ref r = TRY(callMethodArgs_py(t, warnings.get(), t.names().warn, args, 3));
  return kDone;
}

}  // namespace krait::object

// Exceptions that end a program, and the plain text of one for where the module `traceback` cannot print it: unraisable
// exceptions, and when the library is out of reach. ref: Python/traceback.c, Python/pythonrun.c (print_exception).
#include <algorithm>
#include <cstdio>

#include "analyzer/base/file_io.h"
#include "runtime/embed/hooks.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/object/audit.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {
std::string qualifiedTypeName(Thread& t, Type* type);
}

namespace krait::embed {

using namespace krait::object;

static std::string strip(std::string_view s) {
  size_t begin = s.find_first_not_of(" \t\f"), end = s.find_last_not_of(" \t\f\r\n");
  return begin == std::string_view::npos ? "" : std::string(s.substr(begin, end - begin + 1));
}

static std::string sourceLine(const Code* code, int64_t line) {
  Result<std::string> text = readFile(toUtf8(code->filename));
  if (!text.ok() || line < 1) return std::string();
  std::string_view rest = text.value();
  while (--line > 0) rest.remove_prefix(std::min(rest.size(), rest.find('\n') + 1 == 0 ? rest.size() : rest.find('\n') + 1));
  std::string shown = strip(rest.substr(0, rest.find('\n')));
  return shown.empty() ? shown : "    " + shown + "\n";
}

std::string tracebackText(Thread& t, Value tb) {
  (void)t;
  std::string out = "Traceback (most recent call last):\n", last;
  int repeated = 0;
  auto flush = [&] {
    if (repeated > 3) out += "  [Previous line repeated " + std::to_string(repeated - 3) + " more time" + (repeated - 3 == 1 ? "" : "s") + "]\n";
  };
  for (; tb.defined(); tb = tb.as<Traceback>()->next) {
    Traceback* entry = tb.as<Traceback>();
    Code* code = entry->frame.as<FrameObject>()->code;
    std::string head = "  File \"" + toUtf8(code->filename) + "\", line " + std::to_string(entry->line) + ", in " + toUtf8(code->name) + "\n";
    repeated = head == last ? repeated + 1 : (flush(), 1);
    last = head;
    if (repeated > 3) continue;
    out += head + sourceLine(code, entry->line);
  }
  flush();
  return out;
}

static std::string textOf(Thread& t, Value v) {
  Ref s = str_py(t, v);
  if (!s) {
    clearException(t);
    return "<exception str() failed>";
  }
  return toUtf8(s.as<Str>());
}

static std::string syntaxDetails(Thread& t, BaseException* e) {
  Value file = e->extra[kSyntaxFilename], line = e->extra[kSyntaxLineno], text = e->extra[kSyntaxText], offset = e->extra[kSyntaxOffset], end = e->extra[kSyntaxEndOffset];
  if (!line.isInt()) return "";
  std::string out = "  File \"" + (isStr(file) ? toUtf8(file.as<Str>()) : "<string>") + "\", line " + std::to_string(line.asInt()) + "\n";
  if (!isStr(text)) return out;
  std::string source = toUtf8(text.as<Str>());
  std::string shown = strip(source);
  if (shown.empty()) return out;
  out += "    " + shown + "\n";
  if (!offset.isInt() || offset.asInt() < 1) return out;
  int64_t indent = static_cast<int64_t>(source.find_first_not_of(" \t\f"));
  int64_t begin = offset.asInt() - 1 - indent, stop = end.isInt() && end.asInt() > offset.asInt() ? end.asInt() - 1 - indent : begin + 1;
  if (begin < 0) return out;
  (void)t;
  return out + "    " + std::string(static_cast<size_t>(begin), ' ') + std::string(static_cast<size_t>(stop > begin ? stop - begin : 1), '^') + "\n";
}

static std::string exceptionLine(Thread& t, Value exception) {
  BaseException* e = exception.as<BaseException>();
  bool syntax = isInstanceOf(t, exception, errors(t).syntax_error);
  std::string name = qualifiedTypeName(t, e->type);
  if (name.starts_with("__main__.")) name = name.substr(9);
  std::string text = syntax && e->extra[kSyntaxMsg].defined() ? textOf(t, e->extra[kSyntaxMsg]) : textOf(t, exception);
  std::string out = (syntax ? syntaxDetails(t, e) : "") + name + (text.empty() ? "" : ": " + text) + "\n";
  Ref notes = findAttr_py(t, exception, t.names().d_notes);
  clearException(t);
  for (int64_t i = 0; notes && isList(notes.get()) && i < notes.as<List>()->size; ++i) out += textOf(t, notes.as<List>()->items[i]) + "\n";
  return out;
}

static std::string render(Thread& t, Value exception, int depth) {
  BaseException* e = exception.as<BaseException>();
  std::string out;
  if (depth < 50) {
    if (e->cause.defined()) out = render(t, e->cause, depth + 1) + "\nThe above exception was the direct cause of the following exception:\n\n";
    else if (e->context.defined() && !e->suppress_context) out = render(t, e->context, depth + 1) + "\nDuring handling of the above exception, another exception occurred:\n\n";
  }
  if (e->traceback.defined()) out += tracebackText(t, e->traceback);
  out += exceptionLine(t, exception);
  if (isInstanceOf(t, exception, errors(t).base_exception_group)) {
    Tuple* members = e->extra[kGroupExceptions].as<Tuple>();
    std::string framed;
    for (size_t at = 0; at < out.size();) {
      size_t end = out.find('\n', at);
      bool first = framed.empty();
      framed += (first ? "  + Exception Group " : "  | ") + out.substr(at, end - at) + "\n";
      at = end + 1;
    }
    for (int64_t i = 0; i < members->size; ++i) {
      framed += std::string(i == 0 ? "  +-+" : "    +") + "---------------- " + std::to_string(i + 1) + " ----------------\n";
      std::string inner = render(t, members->items()[i], depth + 1);
      for (size_t at = 0; at < inner.size();) {
        size_t end = inner.find('\n', at);
        framed += "    | " + inner.substr(at, end - at) + "\n";
        at = end + 1;
      }
    }
    out = framed + "    +------------------------------------\n";
  }
  return out;
}

std::string exceptionText(Thread& t, Value exception, Value traceback) {
  BaseException* e = exception.as<BaseException>();
  if (traceback.defined() && !traceback.isNone() && e->traceback != traceback) {
    Value old = e->traceback;
    e->traceback = share(traceback);
    decref(old);
  }
  return render(t, exception, 0);
}

// Through sys.excepthook; when that fails too, both exceptions are shown. ref: _PyErr_PrintEx.
Ref printException_py(Thread& t, Value exception) {
  Ref flushed = callMethod_py(t, dictGetStr(t.isolate->sys, t.names().stdout_), t.names().flush);
  if (!flushed) clearException(t);
  BaseException* e = exception.as<BaseException>();
  Ref hook = Ref::of(dictGetStr(t.isolate->sys, t.names().excepthook));
  for (auto [name, value] : {std::pair{"last_exc", exception}, {"last_type", Value(e->type)}, {"last_value", exception}, {"last_traceback", e->traceback.defined() ? e->traceback : Value::none()}}) {
    dictSetStr(t.isolate->sys, intern(*t.isolate, name), value);
  }
  if (!hook) {
    modules::io::writeStderr_py(t, "sys.excepthook is missing\n" + render(t, exception, 0));
    return Ref();
  }
  if (audit_py(t, "sys.excepthook", {hook.get(), Value(e->type), exception, e->traceback.defined() ? e->traceback : Value::none()}).failed) {
    bool ends = pendingMatches(t, errors(t).runtime_error);
    clearException(t);
    if (ends) return Ref();
  }
  Ref done = callArgs_py(t, hook.get(), Value(e->type), exception, e->traceback.defined() ? e->traceback : Value::none());
  if (done) return Ref();
  Ref second = takeException(t);
  if (isInstanceOf(t, second.get(), errors(t).system_exit)) return second;
  modules::io::writeStderr_py(t, "Error in sys.excepthook:\n" + render(t, second.get(), 0) + "\nOriginal exception was:\n" + render(t, exception, 0));
  return Ref();
}

}  // namespace krait::embed

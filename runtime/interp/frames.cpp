// Frames: entering, leaving, unwinding; binding arguments to parameters. ref: Python/ceval.c initialize_locals and the
// messages of missing_arguments, too_many_positional.
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "runtime/interp/interpreter.h"
#include "runtime/object/exception.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/str.h"
#include "runtime/object/suggestions.h"

namespace krait::interp {

bool initFrame(Thread& t, Frame* frame, Function* function, uint32_t filled) {
  Code* code = function->code;
  if (frame->registers() + code->register_count + kFrameWords + 64 > t.stack_end || t.depth >= t.recursion_limit) {
    (void)raiseTooManyFrames(t);
    return false;
  }
  if (__builtin_expect(code->caches == nullptr, 0)) makeCaches(code);
  ++t.depth;
  frame->code = code;
  frame->back = t.frame;
  frame->pc = code->instructions;
  frame->globals = function->globals;
  frame->locals = Value();
  frame->extra = Value();
  frame->object = nullptr;
  frame->generator = nullptr;
  frame->flags = 0;
  frame->stack_top = nullptr;
  Value* regs = frame->registers();
  for (uint32_t i = filled; i < code->local_count; ++i) regs[i] = Value();
  return true;
}

void clearFrame(Thread& t, Frame* frame) {
  if (frame->object != nullptr) detachFrame(frame);
  Value* regs = frame->registers();
  for (uint32_t i = 0, n = frame->code->register_count; i < n; ++i) {
    Value old = regs[i];
    regs[i] = Value();
    decref(old);
  }
  Value locals = frame->locals, extra = frame->extra, function = frame->function;
  if (!(frame->flags & kFrameGenerator)) {
    Value* words = reinterpret_cast<Value*>(frame);
    for (uint32_t i = 0; i < kFrameWords; ++i) words[i] = Value();
  } else {
    frame->locals = frame->extra = frame->function = Value();
  }
  decref(locals);
  decref(extra);
  decref(function);
}

// --- parameters
static std::string quotedList(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? (names.size() > 2 ? ", and " : " and ") : ", ";
    out += "'" + names[i] + "'";
  }
  return out;
}

static void raiseMissing(Thread& t, Function* f, Value* regs, uint32_t begin, uint32_t end, const char* kind) {
  std::vector<std::string> names;
  for (uint32_t i = begin; i < end; ++i) {
    if (regs[i].isUndefined()) names.push_back(toUtf8(f->code->local_names->items()[i].as<Str>()));
  }
  (void)raiseTypeError(t, "%s() missing %zu required %s argument%s: %s", toUtf8(f->qualname.as<Str>()).c_str(), names.size(), kind,
                       names.size() == 1 ? "" : "s", quotedList(names).c_str());
}

static void raiseTooMany(Thread& t, Function* f, Value* regs, uint32_t given) {
  Code* code = f->code;
  uint32_t defaults = f->defaults.defined() ? static_cast<uint32_t>(f->defaults.as<Tuple>()->size) : 0;
  uint32_t kwonly = 0;
  for (uint32_t i = code->arg_count; i < code->arg_count + code->keyword_only; ++i) kwonly += regs[i].defined();
  std::string name = toUtf8(f->qualname.as<Str>());
  std::string takes = defaults > 0 ? "from " + std::to_string(code->arg_count - defaults) + " to " + std::to_string(code->arg_count)
                                   : std::to_string(code->arg_count);
  bool plural = defaults > 0 || code->arg_count != 1;
  std::string extra;
  if (kwonly > 0) {
    extra = std::string(" positional argument") + (given != 1 ? "s" : "") + " (and " + std::to_string(kwonly) + " keyword-only argument" + (kwonly != 1 ? "s" : "") + ")";
  }
  (void)raiseTypeError(t, "%s() takes %s positional argument%s but %u%s %s given", name.c_str(), takes.c_str(), plural ? "s" : "", given,
                       extra.c_str(), given == 1 && kwonly == 0 ? "was" : "were");
}

// The parameter that keyword `key` names, or -1.
static int findParameter(Code* code, Str* key) {
  uint32_t n = code->arg_count + code->keyword_only;
  for (uint32_t i = code->positional_only; i < n; ++i) {
    if (code->local_names->items()[i] == Value(key)) return static_cast<int>(i);
  }
  for (uint32_t i = code->positional_only; i < n; ++i) {
    if (strEqual(code->local_names->items()[i].as<Str>(), key)) return static_cast<int>(i);
  }
  return -1;
}

static void raiseUnexpectedKeyword(Thread& t, Function* f, Str* key, Tuple* keywords) {
  std::vector<std::string> positional_only;
  Code* code = f->code;
  for (uint32_t i = 0; i < code->positional_only; ++i) {
    for (int64_t k = 0; k < keywords->size; ++k) {
      if (strEqual(code->local_names->items()[i].as<Str>(), keywords->items()[k].as<Str>())) positional_only.push_back(toUtf8(keywords->items()[k].as<Str>()));
    }
  }
  std::string name = toUtf8(f->qualname.as<Str>());
  if (!positional_only.empty()) {
    std::string list;
    for (auto& s : positional_only) list += (list.empty() ? "" : ", ") + s;
    (void)raiseTypeError(t, "%s() got some positional-only arguments passed as keyword arguments: '%s'", name.c_str(), list.c_str());
    return;
  }
  std::vector<std::string> others;
  for (uint32_t i = code->positional_only; i < code->arg_count + code->keyword_only; ++i) others.push_back(toUtf8(code->local_names->items()[i].as<Str>()));
  (void)raiseTypeError(t, "%s", unexpectedKeywordText(name, toUtf8(key), others).c_str());
}

// Moves the values.
static bool placeKeywords(Thread& t, Function* f, Value* out, Value* values, Tuple* keywords, Dict* extra) {
  for (int64_t k = 0; k < keywords->size; ++k) {
    Str* key = keywords->items()[k].as<Str>();
    int at = findParameter(f->code, key);
    if (at < 0) {
      if (extra == nullptr) {
        raiseUnexpectedKeyword(t, f, key, keywords);
        return false;
      }
      dictSetStr(extra, key, values[k]);
      continue;
    }
    if (out[at].defined()) {
      (void)raiseTypeError(t, "%s() got multiple values for argument '%s'", toUtf8(f->qualname.as<Str>()).c_str(), toUtf8(key).c_str());
      return false;
    }
    out[at] = values[k];
    values[k] = Value();
  }
  return true;
}

static bool fillDefaults(Thread& t, Function* f, Value* out, uint32_t given) {
  Code* code = f->code;
  uint32_t defaults = f->defaults.defined() ? static_cast<uint32_t>(f->defaults.as<Tuple>()->size) : 0;
  uint32_t first_default = code->arg_count - (defaults < code->arg_count ? defaults : code->arg_count);
  for (uint32_t i = given < code->arg_count ? given : code->arg_count; i < first_default; ++i) {
    if (out[i].isUndefined()) {
      raiseMissing(t, f, out, 0, first_default, "positional");
      return false;
    }
  }
  uint32_t skip = defaults - (code->arg_count - first_default);
  for (uint32_t i = first_default; i < code->arg_count; ++i) {
    if (out[i].isUndefined()) out[i] = share(f->defaults.as<Tuple>()->items()[i - first_default + skip]);
  }
  bool missing = false;
  for (uint32_t i = code->arg_count; i < code->arg_count + code->keyword_only; ++i) {
    if (out[i].defined()) continue;
    Value v = f->kw_defaults.defined() ? dictGetStr(f->kw_defaults.as<Dict>(), code->local_names->items()[i].as<Str>()) : Value();
    if (v.defined()) out[i] = share(v);
    else missing = true;
  }
  if (missing) raiseMissing(t, f, out, code->arg_count, code->arg_count + code->keyword_only, "keyword-only");
  return !missing;
}

static bool bindSlow(Thread& t, Function* f, Value* regs, uint32_t nargs, Tuple* keywords) {
  Code* code = f->code;
  uint32_t nkw = keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0;
  // What was given, while the registers become the parameters.
  static constexpr uint32_t kFew = 16;
  Value few[kFew];
  Value* given = nargs + nkw <= kFew ? few : static_cast<Value*>(std::malloc((nargs + nkw) * sizeof(Value)));
  for (uint32_t i = 0; i < nargs + nkw; ++i) given[i] = regs[i];
  bool has_varargs = code->flags & kCodeVarargs, has_kwargs = code->flags & kCodeVarkeywords;
  uint32_t total = code->arg_count + code->keyword_only;
  uint32_t all = total + has_varargs + has_kwargs;
  for (uint32_t i = 0; i < all || i < nargs + nkw; ++i) regs[i] = Value();
  uint32_t direct = nargs < code->arg_count ? nargs : code->arg_count;
  for (uint32_t i = 0; i < direct; ++i) {
    regs[i] = given[i];
    given[i] = Value();
  }
  if (has_varargs) {
    regs[total] = tupleFromSteal(t, given + direct, nargs - direct).release();
    for (uint32_t i = direct; i < nargs; ++i) given[i] = Value();
  }
  if (has_kwargs) regs[total + has_varargs] = newDict(t).release();
  bool ok = nkw == 0 || placeKeywords(t, f, regs, given + nargs, keywords, has_kwargs ? regs[total + has_varargs].as<Dict>() : nullptr);
  if (ok && nargs > code->arg_count && !has_varargs) {
    raiseTooMany(t, f, regs, nargs);
    ok = false;
  }
  ok = ok && fillDefaults(t, f, regs, nargs);
  for (uint32_t i = 0; i < nargs + nkw; ++i) decref(given[i]);
  if (given != few) std::free(static_cast<void*>(given));
  if (ok) return true;
  for (uint32_t i = 0; i < all; ++i) {
    Value old = regs[i];
    regs[i] = Value();
    decref(old);
  }
  return false;
}

// Few named arguments, the names being the parameters' own, of a function without * and **. False: nothing was done.
static bool placeNamed(Thread& t, Function* f, Value* regs, uint32_t nargs, Tuple* keywords, bool& ok) {
  static constexpr uint32_t kFew = 6;
  Code* code = f->code;
  uint32_t total = code->arg_count + code->keyword_only, count = static_cast<uint32_t>(keywords->size);
  if (count > kFew || nargs > code->arg_count) return false;
  uint32_t places[kFew];
  for (uint32_t k = 0; k < count; ++k) {
    uint32_t at = code->positional_only > nargs ? code->positional_only : nargs;
    while (at < total && code->local_names->items()[at] != keywords->items()[k]) ++at;
    if (at == total) return false;
    places[k] = at;
  }
  uint64_t given[kFew];
  for (uint32_t k = 0; k < count; ++k) given[k] = regs[nargs + k].bits;
  for (uint32_t i = nargs; i < total || i < nargs + count; ++i) regs[i] = Value();
  for (uint32_t k = 0; k < count; ++k) regs[places[k]] = Value(given[k]);
  ok = fillDefaults(t, f, regs, nargs);
  for (uint32_t i = 0; !ok && i < total; ++i) {
    Value old = regs[i];
    regs[i] = Value();
    decref(old);
  }
  return true;
}

bool bindParameters(Thread& t, Function* f, Value* regs, uint32_t nargs, Tuple* keywords) {
  Code* code = f->code;
  bool plain = (code->flags & (kCodeVarargs | kCodeVarkeywords)) == 0 && code->keyword_only == 0;
  if (plain && (keywords == nullptr || keywords->size == 0) && nargs <= code->arg_count) {
    if (nargs == code->arg_count) return true;
    int64_t defaults = f->defaults.defined() ? f->defaults.as<Tuple>()->size : 0;
    int64_t missing = code->arg_count - nargs;
    if (missing <= defaults) {
      const Value* from = f->defaults.as<Tuple>()->items() + (defaults - missing);
      for (int64_t i = 0; i < missing; ++i) regs[nargs + i] = share(from[i]);
      return true;
    }
  }
  bool has_varargs = code->flags & kCodeVarargs, has_kwargs = code->flags & kCodeVarkeywords, ok;
  if (keywords != nullptr && keywords->size > 0) {
    if (!has_varargs && !has_kwargs && placeNamed(t, f, regs, nargs, keywords, ok)) return ok;
  } else if (code->keyword_only == 0 && has_varargs && nargs >= code->arg_count) {
    uint32_t first = code->arg_count;
    Value rest = tupleFromSteal(t, regs + first, nargs - first).release();
    for (uint32_t i = first; i < nargs; ++i) regs[i] = Value();
    regs[first] = rest;
    if (has_kwargs) regs[first + 1] = newDict(t).release();
    return true;
  }
  return bindSlow(t, f, regs, nargs, keywords);
}

// --- exceptions
void addTraceback(Thread& t, BaseException* e, Frame* frame) {
  Traceback* tb = allocate<Traceback>(t.types().traceback);
  tb->next = e->traceback;
  tb->frame = share(Value(frameObject(t, frame)));
  tb->instruction = static_cast<int32_t>(instructionIndex(frame));
  tb->line = lineOf(frame->code, frame->pc);
  gcTrack(tb);
  e->traceback = tb;
}

void standWhereRaised(Frame* frame) {
  bool restores = frame->pc->op == Op::kReraise && positionsOf(frame->code)[instructionIndex(frame)].line == 0;
  if (restores) frame->pc = frame->code->instructions + frame->raised_at;
}

const Instruction* findHandler(Thread& t, Frame* frame) {
  Code* code = frame->code;
  uint32_t at = instructionIndex(frame);
  for (uint32_t i = 0; i < code->handler_count; ++i) {
    const HandlerRange& h = code->handlers[i];
    if (at < h.begin || at >= h.end) continue;
    Value* regs = frame->registers();
    for (uint32_t r = h.level; r < code->register_count; ++r) {
      Value old = regs[r];
      regs[r] = Value();
      decref(old);
    }
    Value old = regs[h.target];
    regs[h.target] = takeException(t).release();
    decref(old);
    return code->instructions + h.handler;
  }
  return nullptr;
}

static void convertStopIteration(Thread& t, Frame* frame) {
  uint32_t flags = frame->code->flags;
  bool async = flags & kCodeAsyncGenerator;
  if (!pendingMatches(t, errors(t).stop_iteration) && !(async && pendingMatches(t, errors(t).stop_async_iteration))) return;
  bool stop_async = !pendingMatches(t, errors(t).stop_iteration);
  Ref cause = takeException(t);
  const char* what = async ? "async generator" : flags & kCodeCoroutine ? "coroutine" : "generator";
  (void)raiseRuntimeError(t, "%s raised %s", what, stop_async ? "StopAsyncIteration" : "StopIteration");
  setCause(t.pending.as<BaseException>(), cause.get());
  setContext(t.pending.as<BaseException>(), cause.get());
}

void popRaisedFrame(Thread& t, Frame* frame) {
  --t.depth;
  Frame* back = frame->back;
  if (frame->flags & kFrameGenerator) {
    convertStopIteration(t, frame);
    Generator* g = frame->generator;
    clearFrame(t, frame);
    finishGenerator(t, g);
    t.frame = back;
    decref(static_cast<Object*>(g));
    return;
  }
  clearFrame(t, frame);
  t.frame = back;
}

}  // namespace krait::interp

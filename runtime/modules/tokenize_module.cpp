// The `_tokenize` module: TokenizerIter over the lines that a readline function gives. ref: Python/Python-tokenize.c.
#include <string>

#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

// What was read and not yet tokenized, and what is around it.
struct Reading {
  std::string text;
  std::vector<std::string> indents;  // of the blocks that are open before it
  int64_t lines = 0, wanted = 1;     // of `text`: how many there are, and how many before it is tried again
  int64_t lines_before = 0;
  bool extra_tokens = false;
  bool is_over = false;
};
struct TokenizerIter : Object {
  Value readline, encoding, tokens;  // encoding: Undefined for text; tokens: of the lines that were complete last
  int64_t at;
  Reading* reading;
};

static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "tokenizeriter", "(readline, /, *, extra_tokens, encoding=<unset>)", args, nargs, keywords, a));
  bool extra = TRY(isTrue_py(t, a[1]));
  TokenizerIter* it = allocate<TokenizerIter>(type);
  it->readline = share(a[0]);
  if (isStr(a[2])) it->encoding = share(a[2]);
  it->reading = new Reading;
  it->reading->extra_tokens = extra;
  gcTrack(it);
  return Ref::steal(it);
}
// Adds what readline gives; false behind the last line (an empty one, or StopIteration). Bytes are in the encoding, or UTF-8 when it
// is Undefined.
static Fallible<bool> readLine_py(Thread& t, Value readline, Value encoding, std::string& out) {
  Ref line = call_py(t, readline, nullptr, 0);
  if (!line) {
    if (!pendingMatches(t, errors(t).stop_iteration)) return kRaised;
    clearException(t);
    return false;
  }
  size_t before = out.size();
  if (isStr(line.get())) {
    appendUtf8(out, line.as<Str>());
  } else if (isBytes(line.get()) && encoding.defined()) {
    Ref text = TRY(callMethod_py(t, line.get(), intern(*t.isolate, "decode"), encoding));
    if (!isStr(text.get())) return raiseTypeError(t, "readline() returned a non-string object");
    appendUtf8(out, text.as<Str>());
  } else if (isBytes(line.get())) {
    out += line.as<Bytes>()->view();
  } else {
    return raiseTypeError(t, "readline() returned a non-string object");
  }
  return out.size() != before;
}
// The tokens of the next lines that are complete. Each line is read when its tokens are asked for; only what goes on over many lines is
// read ahead, so that it is not tokenized again for each of them.
static Status fill_py(Thread& t, TokenizerIter* it) {
  Reading& r = *it->reading;
  for (;;) {
    bool has_more = true;
    while (has_more && r.lines < r.wanted) {
      has_more = TRY(readLine_py(t, it->readline, it->encoding, r.text));
      r.lines += has_more;
    }
    r.is_over = !has_more;
    Ref tokens = TRY(compile_hooks.tokenize(t, r.text, r.extra_tokens, r.is_over, r.lines_before, r.indents));
    if (tokens.get().isNone()) {
      r.wanted = 2 * r.lines;
      continue;
    }
    Value old = it->tokens;
    it->tokens = tokens.release();
    decref(old);
    it->at = 0;
    r.lines_before += r.lines;
    r.lines = 0;
    r.wanted = 1;
    r.text.clear();
    return kDone;
  }
}
static Ref next(Thread& t, Value v) {
  TokenizerIter* it = v.as<TokenizerIter>();
  while (it->tokens.isUndefined() || it->at >= it->tokens.as<List>()->size) {
    if (it->reading->is_over) return Ref();
    TRY(fill_py(t, it));
  }
  Value item = it->tokens.as<List>()->items[it->at++];
  if (!isException(item)) return Ref::of(item);
  it->reading->is_over = true;
  return raiseException(t, item);
}

static Status initModule(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "_tokenize.TokenizerIter", .size = sizeof(TokenizerIter), .flags = kTypeGc});
  type->slots.dealloc = [](Object* o) {
    decref(static_cast<TokenizerIter*>(o)->readline);
    decref(static_cast<TokenizerIter*>(o)->encoding);
    decref(static_cast<TokenizerIter*>(o)->tokens);
    delete static_cast<TokenizerIter*>(o)->reading;
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<TokenizerIter*>(o)->readline, visitor, context); };
  type->slots.make = make;
  type->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  type->slots.next = next;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  return kDone;
}
extern const NativeModule kTokenizeModule;
const NativeModule kTokenizeModule = {"_tokenize", nullptr, nullptr, initModule};

}  // namespace krait::modules

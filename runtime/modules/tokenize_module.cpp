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

struct TokenizerIter : Object {
  Value readline, encoding, tokens;  // encoding: Undefined for text; tokens: Undefined until the first step
  int64_t at;
  bool extra_tokens;
};

static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "tokenizeriter", "(readline, /, *, extra_tokens, encoding=<unset>)", args, nargs, keywords, a));
  bool extra = TRY(isTrue_py(t, a[1]));
  TokenizerIter* it = allocate<TokenizerIter>(type);
  it->readline = share(a[0]);
  if (isStr(a[2])) it->encoding = share(a[2]);
  it->extra_tokens = extra;
  gcTrack(it);
  return Ref::steal(it);
}
// Everything that readline gives, up to an empty line or StopIteration; bytes are in the encoding, or UTF-8 when it is Undefined.
static Status readAll_py(Thread& t, Value readline, Value encoding, std::string& out) {
  for (;;) {
    Ref line = call_py(t, readline, nullptr, 0);
    if (!line) {
      if (!pendingMatches(t, errors(t).stop_iteration)) return kRaised;
      clearException(t);
      return kDone;
    }
    size_t before = out.size();
    if (isStr(line.get())) appendUtf8(out, line.as<Str>());
    else if (isBytes(line.get()) && encoding.defined()) {
      Ref text = TRY(callMethod_py(t, line.get(), intern(*t.isolate, "decode"), encoding));
      if (!isStr(text.get())) return raiseTypeError(t, "readline() returned a non-string object");
      appendUtf8(out, text.as<Str>());
    } else if (isBytes(line.get())) out += line.as<Bytes>()->view();
    else return raiseTypeError(t, "readline() returned a non-string object");
    if (out.size() == before) return kDone;
  }
}
static Ref next(Thread& t, Value v) {
  TokenizerIter* it = v.as<TokenizerIter>();
  if (it->tokens.isUndefined()) {
    std::string text;
    TRY(readAll_py(t, it->readline, it->encoding, text));
    it->tokens = TRY(compile_hooks.tokenize(t, text, it->extra_tokens)).release();
  }
  List* tokens = it->tokens.as<List>();
  if (it->at >= tokens->size) return Ref();
  Value item = tokens->items[it->at++];
  return isException(item) ? Ref(raiseException(t, item)) : Ref::of(item);
}

static Status initModule(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "_tokenize.TokenizerIter", .size = sizeof(TokenizerIter), .flags = kTypeGc});
  type->slots.dealloc = [](Object* o) {
    decref(static_cast<TokenizerIter*>(o)->readline);
    decref(static_cast<TokenizerIter*>(o)->encoding);
    decref(static_cast<TokenizerIter*>(o)->tokens);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<TokenizerIter*>(o)->readline, visitor, context); };
  type->slots.make = make;
  type->slots.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  type->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  type->slots.next = next;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  return kDone;
}
extern const NativeModule kTokenizeModule;
const NativeModule kTokenizeModule = {"_tokenize", nullptr, nullptr, initModule};

}  // namespace krait::modules

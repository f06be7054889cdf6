// The unpickler: a stack machine over the opcodes. Every malformed pickle raises; nothing here trusts its input.
#include <bit>
#include <cstring>
#include <unordered_map>

#include "runtime/modules/audit.h"
#include "runtime/modules/pickle/pickle.h"
#include "runtime/object/float.h"
#include "runtime/object/instance.h"

namespace krait::modules::pickle {

struct Unpickler : Object {
  struct UnpicklerData* d;
  Value file, read, readline, persistent_load, buffers;
  Value encoding, errors;  // str
  Dict* dict;
};
struct UnpicklerData {
  std::vector<Value> stack;   // owned
  std::vector<size_t> marks;
  std::vector<Value> memo;    // owned; Undefined: not set
  std::unordered_map<uint64_t, Value> far_memo;  // numbers that no honest pickler gives
  std::string owned;          // what came from the file
  std::string_view data;
  size_t at = 0;
  int proto = 0;
  bool fix_imports = true, is_initialised = false;
  bool is_subclass = false;

  ~UnpicklerData() { clear(); }
  void clearStack() {
    for (Value v : stack) decref(v);
    stack.clear();
    marks.clear();
  }
  void clear() {
    clearStack();
    for (Value v : memo) decref(v);
    memo.clear();
    for (auto& [key, v] : far_memo) decref(v);
    far_memo.clear();
  }
};
static Unpickler* self(Value v) { return v.as<Unpickler>(); }

// --- input
static RaisedTag raiseEnd(Thread& t) { return raise(t, errors(t).eof_error, "Ran out of input"); }
static RaisedTag raiseCut(Thread& t) { return raise(t, state.unpickling_error, "pickle data was truncated"); }
static RaisedTag raiseUnderflow(Thread& t) { return raise(t, state.unpickling_error, "unpickling stack underflow"); }

// Makes `n` more bytes readable from the file; fewer at its end.
static Status fill_py(Thread& t, Unpickler* u, size_t n) {
  UnpicklerData& d = *u->d;
  if (u->read.isUndefined() || d.data.size() - d.at >= n) return kDone;
  size_t have = d.data.size() - d.at;
  Ref chunk = TRY(callArgs_py(t, u->read, Value::fromInt(static_cast<int64_t>(n - have))));
  if (!isBytes(chunk.get()) && !isByteArray(chunk.get())) return raiseTypeError(t, "read() returned non-bytes object (%s)", typeNameOf(t, chunk.get()));
  std::string rest(d.data.substr(d.at));
  rest += isBytes(chunk.get()) ? chunk.as<Bytes>()->view() : chunk.as<ByteArray>()->view();
  d.owned.swap(rest);
  d.data = d.owned;
  d.at = 0;
  return kDone;
}
static Fallible<std::string_view> take_py(Thread& t, Unpickler* u, uint64_t n) {
  UnpicklerData& d = *u->d;
  if (d.data.size() - d.at < n) {
    if (u->read.isUndefined() || n > (uint64_t{1} << 40)) return n > (uint64_t{1} << 62) ? Fallible<std::string_view>(raiseOverflowError(t, "pickle size is too large")) : Fallible<std::string_view>(raiseCut(t));
    if (!canAllocate(n)) return raiseMemoryError(t);
    TRY(fill_py(t, u, n));
    if (d.data.size() - d.at < n) return d.data.size() == d.at ? Fallible<std::string_view>(raiseEnd(t)) : Fallible<std::string_view>(raiseCut(t));
  }
  std::string_view out = d.data.substr(d.at, n);
  d.at += n;
  return out;
}
// A line without its newline.
static Fallible<std::string> line_py(Thread& t, Unpickler* u) {
  UnpicklerData& d = *u->d;
  size_t end = d.data.find('\n', d.at);
  if (end == std::string_view::npos && u->readline.defined()) {
    std::string rest(d.data.substr(d.at));
    Ref chunk = TRY(call_py(t, u->readline, nullptr, 0));
    if (!isBytes(chunk.get())) return raiseTypeError(t, "readline() returned non-bytes object (%s)", typeNameOf(t, chunk.get()));
    rest += chunk.as<Bytes>()->view();
    d.owned.swap(rest);
    d.data = d.owned;
    d.at = 0;
    end = d.data.find('\n');
  }
  if (end == std::string_view::npos) return raiseCut(t);
  std::string out(d.data.substr(d.at, end - d.at));
  d.at = end + 1;
  return out;
}
// A line that holds something. ref: the checks of the length that _Unpickler_Readline gives.
static Fallible<std::string> filledLine_py(Thread& t, Unpickler* u) {
  std::string line = TRY(line_py(t, u));
  return line.empty() ? Fallible<std::string>(raiseCut(t)) : Fallible<std::string>(std::move(line));
}
static uint64_t little(std::string_view s) {
  uint64_t n = 0;
  for (size_t i = s.size(); i-- > 0;) n = n << 8 | static_cast<unsigned char>(s[i]);
  return n;
}
static Fallible<uint64_t> number_py(Thread& t, Unpickler* u, int bytes) { return little(TRY(take_py(t, u, static_cast<uint64_t>(bytes)))); }

// --- stack
static size_t floorOf(const UnpicklerData& d) { return d.marks.empty() ? 0 : d.marks.back(); }
static void push(Unpickler* u, Ref v) { u->d->stack.push_back(v.release()); }
static Ref pop(Thread& t, Unpickler* u) {
  UnpicklerData& d = *u->d;
  if (d.stack.size() <= floorOf(d)) return d.marks.empty() ? Ref(raiseUnderflow(t)) : Ref(raise(t, state.unpickling_error, "unexpected MARK found"));
  Ref out = Ref::steal(d.stack.back());
  d.stack.pop_back();
  return out;
}
static Fallible<Value> top(Thread& t, Unpickler* u) {
  UnpicklerData& d = *u->d;
  if (d.stack.size() <= floorOf(d)) return d.marks.empty() ? Fallible<Value>(raiseUnderflow(t)) : Fallible<Value>(raise(t, state.unpickling_error, "unexpected MARK found"));
  return d.stack.back();
}
static Fallible<size_t> popMark(Thread& t, Unpickler* u) {
  if (u->d->marks.empty()) return raise(t, state.unpickling_error, "could not find MARK");
  size_t at = u->d->marks.back();
  u->d->marks.pop_back();
  return at;
}
static void dropTo(Unpickler* u, size_t at) {
  std::vector<Value>& stack = u->d->stack;
  while (stack.size() > at) {
    Value v = stack.back();
    stack.pop_back();
    decref(v);
  }
}
// The items above `at`, taken off the stack.
static Ref tupleFromStack(Thread& t, Unpickler* u, size_t at) {
  std::vector<Value>& stack = u->d->stack;
  Ref out = tupleFromSteal(t, stack.data() + at, static_cast<int64_t>(stack.size() - at));
  stack.resize(at);
  return out;
}

// --- memo
static Status memoPut(Thread&, Unpickler* u, uint64_t index, Value v) {
  UnpicklerData& d = *u->d;
  incref(v);
  if (index < d.memo.size() + 4096) {
    if (index >= d.memo.size()) d.memo.resize(std::max<size_t>(index + 1, d.memo.size() * 2));
    Value old = d.memo[index];
    d.memo[index] = v;
    decref(old);
  } else {
    Value& slot = d.far_memo[index];
    Value old = slot;
    slot = v;
    decref(old);
  }
  return kDone;
}
static Status memoGet(Thread& t, Unpickler* u, uint64_t index) {
  UnpicklerData& d = *u->d;
  Value v = index < d.memo.size() ? d.memo[index] : Value();
  if (v.isUndefined()) {
    auto found = d.far_memo.find(index);
    if (found != d.far_memo.end()) v = found->second;
  }
  if (v.isUndefined()) return raise(t, state.unpickling_error, "Memo value not found at index %lld", static_cast<long long>(index));
  push(u, Ref::of(v));
  return kDone;
}

// --- names
static Ref findClass_py(Thread& t, Unpickler* u, Value module, Value name) {
  TRY(audit_py(t, "pickle.find_class", {module, name}));
  Ref module_name = Ref::of(module), attribute = Ref::of(name);
  if (u->d->proto < 3 && u->d->fix_imports) {
    Ref key = tupleOf(t, {module, name});
    if (Value mapped = dictGet_py(t, state.name_2to3.as<Dict>(), key.get()); mapped.defined() && isTuple(mapped)) {
      module_name = Ref::of((*mapped.as<Tuple>())[0]);
      attribute = Ref::of((*mapped.as<Tuple>())[1]);
    } else if (Value other = dictGet_py(t, state.import_2to3.as<Dict>(), module); other.defined()) {
      module_name = Ref::of(other);
    }
  }
  Ref list = newList(t), sys_name = newStr(t, "sys");
  Ref sys = TRY(importModule_py(t, sys_name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0)));
  Ref modules = TRY(getAttrNamed_py(t, sys.get(), "modules"));
  Ref found;
  if (isDict(modules.get())) found = Ref::of(dictGet_py(t, modules.as<Dict>(), module_name.get()));
  if (!found || found.get().isNone()) {
    clearException(t);
    TRY(importModule_py(t, module_name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0)));
    found = TRY(getItem_py(t, modules.get(), module_name.get()));
  }
  std::string text = toUtf8(attribute.as<Str>());
  if (u->d->proto < 4 || text.find('.') == std::string::npos) return getAttr_py(t, found.get(), internStr(*t.isolate, attribute.as<Str>()));
  for (size_t at = 0;;) {
    size_t dot = text.find('.', at);
    std::string part = text.substr(at, dot - at);
    Ref next = part == "<locals>" ? Ref() : findAttr_py(t, found.get(), intern(*t.isolate, part));
    if (!next) {
      if (isPending(t)) return kRaised;
      return raise(t, errors(t).attribute_error, "Can't resolve path %s on module %s", reprText_py(t, attribute.get()).c_str(), reprText_py(t, module_name.get()).c_str());
    }
    found = std::move(next);
    if (dot == std::string::npos) return found;
    at = dot + 1;
  }
}
static Ref classNamed_py(Thread& t, Unpickler* u, Value module, Value name) {
  if (!u->d->is_subclass) return findClass_py(t, u, module, name);
  return callMethod_py(t, u, intern(*t.isolate, "find_class"), module, name);
}
static Status loadExtension_py(Thread& t, Unpickler* u, int bytes) {
  uint64_t raw = TRY(number_py(t, u, bytes));
  int64_t code = bytes == 4 ? static_cast<int32_t>(raw) : static_cast<int64_t>(raw);
  if (code <= 0) return raise(t, state.unpickling_error, "EXT specifies code <= 0");
  Value key = Value::fromInt(code), known = dictGet_py(t, state.extension_cache.as<Dict>(), key);
  if (known.defined()) return push(u, Ref::of(known)), kDone;
  Value pair = dictGet_py(t, state.inverted_registry.as<Dict>(), key);
  if (pair.isUndefined()) return raiseValueError(t, "unregistered extension code %lld", static_cast<long long>(code));
  if (!isTuple(pair) || pair.as<Tuple>()->size != 2) return raiseValueError(t, "_inverted_registry[%lld] isn't a 2-tuple of strings", static_cast<long long>(code));
  Ref held = Ref::of(pair);
  Ref found = TRY(classNamed_py(t, u, (*held.as<Tuple>())[0], (*held.as<Tuple>())[1]));
  TRY(dictSet_py(t, state.extension_cache.as<Dict>(), key, found.get()));
  push(u, std::move(found));
  return kDone;
}

// --- numbers and text
static Ref longFrom(Thread& t, std::string_view bytes) {
  if (bytes.empty()) return newIntSmall(0);
  bool negative = bytes.back() & 0x80;
  std::vector<uint64_t> limbs((bytes.size() + 7) / 8, negative ? ~uint64_t{0} : 0);
  for (size_t i = 0; i < bytes.size(); ++i) {
    limbs[i / 8] &= ~(uint64_t{0xff} << (8 * (i % 8)));
    limbs[i / 8] |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * (i % 8));
  }
  if (negative) {
    uint64_t carry = 1;
    for (uint64_t& limb : limbs) {
      limb = ~limb + carry;
      carry = carry && limb == 0;
    }
    if (carry) limbs.push_back(1);
  }
  return newIntFromLimbs(t, limbs.data(), static_cast<int64_t>(limbs.size()), negative);
}
static Status loadInt_py(Thread& t, Unpickler* u, bool is_long) {
  std::string text = TRY(filledLine_py(t, u));
  if (!is_long && (text == "00" || text == "01")) return push(u, Ref::boolean(text == "01")), kDone;
  if (text.back() == 'L' && is_long) text.pop_back();
  else text += '\n';
  Ref s = newStr(t, text), number = intFromText(t, s.get(), is_long ? 10 : 0);
  if (!number && !is_long) clearException(t);
  if (!number) return is_long ? Status(kRaised) : Status(raiseValueError(t, "could not convert string to int"));
  return push(u, std::move(number)), kDone;
}
static Status loadFloat_py(Thread& t, Unpickler* u) {
  std::string text = TRY(filledLine_py(t, u));
  double d;
  if (!floatFromText(text, d)) return raiseValueError(t, "could not convert string to float: '%s\n'", text.c_str());
  return push(u, newFloat(d)), kDone;
}
static Ref decodeText_py(Thread& t, std::string_view data, const char* encoding, const char* error_handler) {
  Ref bytes = newBytes(t, data), e = newStr(t, encoding), h = newStr(t, error_handler);
  return callMethod_py(t, bytes.get(), intern(*t.isolate, "decode"), e.get(), h.get());
}
static Ref textFrom_py(Thread& t, std::string_view utf8) {
  bool is_ascii = true;
  for (char c : utf8) is_ascii = is_ascii && !(c & 0x80);
  if (is_ascii) return newStrLatin1(t, reinterpret_cast<const uint8_t*>(utf8.data()), static_cast<int64_t>(utf8.size()));
  return decodeText_py(t, utf8, "utf-8", "surrogatepass");
}
// Text of Python 2: decoded, or kept as bytes.
static Status pushOldString_py(Thread& t, Unpickler* u, std::string_view data) {
  Ref bytes = newBytes(t, data);
  if (strEquals(u->encoding.as<Str>(), "bytes")) return push(u, std::move(bytes)), kDone;
  push(u, TRY(callMethod_py(t, bytes.get(), intern(*t.isolate, "decode"), u->encoding, u->errors)));
  return kDone;
}
static Status loadString_py(Thread& t, Unpickler* u) {
  std::string text = TRY(line_py(t, u));
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.pop_back();
  if (text.size() < 2 || text[0] != text.back() || (text[0] != '\'' && text[0] != '"')) return raise(t, state.unpickling_error, "the STRING opcode argument must be quoted");
  Ref inner = newBytes(t, std::string_view(text).substr(1, text.size() - 2)), name = newStr(t, "codecs"), list = newList(t);
  Ref codecs = TRY(importModule_py(t, name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0)));
  Ref pair = TRY(callMethod_py(t, codecs.get(), intern(*t.isolate, "escape_decode"), inner.get()));
  return pushOldString_py(t, u, (*pair.as<Tuple>())[0].as<Bytes>()->view());
}
static Status loadByteArray_py(Thread& t, Unpickler* u) {
  uint64_t size = TRY(number_py(t, u, 8));
  if (size > (uint64_t{1} << 62)) return raiseOverflowError(t, "BYTEARRAY8 exceeds system's maximum size of %lld bytes", static_cast<long long>(INT64_MAX));
  return push(u, newByteArray(t, TRY(take_py(t, u, size)))), kDone;
}

// --- objects
static Ref newFromClass_py(Thread& t, Value cls, const Value* args, int64_t nargs, const char* opcode) {
  if (!isType(cls)) return raise(t, state.unpickling_error, "%s class argument must be a type, not %s", opcode, typeNameOf(t, cls));
  Type* type = cls.as<Type>();
  if (type->slots.make == nullptr) return raise(t, state.unpickling_error, "%s class argument '%s' doesn't have __new__", opcode, typeName(type));
  return type->slots.make(t, type, args, static_cast<uint32_t>(nargs), nullptr);
}
static Ref instantiate_py(Thread& t, Value cls, Tuple* args) {
  if (args->size == 0 && isType(cls)) {
    Ref getter = findAttr_py(t, cls, intern(*t.isolate, "__getinitargs__"));
    if (!getter && isPending(t)) return kRaised;
    if (!getter) return newFromClass_py(t, cls, nullptr, 0, "INST");
  }
  return call_py(t, cls, args->items(), static_cast<uint32_t>(args->size));
}
static Status setState_py(Thread& t, Value object, Value dict_state) {
  if (!isDict(dict_state)) return raise(t, state.unpickling_error, "state is not a dictionary");
  Ref own;
  bool is_plain = object.isHeap() && typeOfHeap(object)->has(kTypeHasDict);
  if (!is_plain) own = TRY(getAttrNamed_py(t, object, "__dict__"));
  Value key, value;
  for (int64_t at = 0; dictNext(dict_state.as<Dict>(), at, key, value);) {
    if (is_plain && isExactStr(key)) {
      Str* name = internStr(*t.isolate, key.as<Str>());
      instanceSet(t, object.object(), name, value);
    } else {
      if (!own) own = TRY(getAttrNamed_py(t, object, "__dict__"));
      Ref k = isExactStr(key) ? Ref::of(internStr(*t.isolate, key.as<Str>())) : Ref::of(key), v = Ref::of(value);
      TRY(setItem_py(t, own.get(), k.get(), v.get()));
    }
  }
  return kDone;
}
static Status build_py(Thread& t, Unpickler* u) {
  Ref build_state = TRY(pop(t, u));
  Ref object = Ref::of(TRY(top(t, u)));
  Ref setter = findAttr_py(t, object.get(), intern(*t.isolate, "__setstate__"));
  if (!setter && isPending(t)) return kRaised;
  if (setter) {
    if (!callArgs_py(t, setter.get(), build_state.get())) return kRaised;
    return kDone;
  }
  Ref slots;
  if (isTuple(build_state.get()) && build_state.as<Tuple>()->size == 2) {
    slots = Ref::of((*build_state.as<Tuple>())[1]);
    build_state = Ref::of((*build_state.as<Tuple>())[0]);
  }
  if (!build_state.get().isNone() && TRY(isTrue_py(t, build_state.get()))) TRY(setState_py(t, object.get(), build_state.get()));
  if (!slots || slots.get().isNone()) return kDone;
  if (!isDict(slots.get())) return raise(t, state.unpickling_error, "slot state is not a dictionary");
  Value key, value;
  for (int64_t at = 0; dictNext(slots.as<Dict>(), at, key, value);) {
    if (!isStr(key)) return raiseTypeError(t, "attribute name must be string, not '%s'", typeNameOf(t, key));
    Ref v = Ref::of(value);
    TRY(setAttr_py(t, object.get(), internStr(*t.isolate, key.as<Str>()), v.get()));
  }
  return kDone;
}
static Status append_py(Thread& t, Unpickler* u, size_t at) {
  std::vector<Value>& stack = u->d->stack;
  if (at < 1 || at <= floorOf(*u->d)) return raiseUnderflow(t);
  Value target = stack[at - 1];
  if (stack.size() == at) return kDone;
  if (isExact(target, TypeId::kList)) {
    for (size_t i = at; i < stack.size(); ++i) listAppendSteal(target.as<List>(), stack[i]);
    stack.resize(at);
    return kDone;
  }
  Ref held = Ref::of(target), items = tupleFromStack(t, u, at);
  Ref extend = findAttr_py(t, target, intern(*t.isolate, "extend"));
  if (extend) {
    Ref list = TRY(listFromIterable_py(t, items.get()));
    if (!callArgs_py(t, extend.get(), list.get())) return kRaised;
    return kDone;
  }
  if (isPending(t)) return kRaised;
  Ref append = TRY(getAttrNamed_py(t, target, "append"));
  for (int64_t i = 0; i < items.as<Tuple>()->size; ++i) {
    if (!callArgs_py(t, append.get(), (*items.as<Tuple>())[i])) return kRaised;
  }
  return kDone;
}
static Status setItems_py(Thread& t, Unpickler* u, size_t at) {
  std::vector<Value>& stack = u->d->stack;
  if (at < 1 || at <= floorOf(*u->d)) return raiseUnderflow(t);
  if ((stack.size() - at) % 2 != 0) return raise(t, state.unpickling_error, "odd number of items for SETITEMS");
  Ref target = Ref::of(stack[at - 1]), items = tupleFromStack(t, u, at);
  for (int64_t i = 0; i + 1 < items.as<Tuple>()->size; i += 2) {
    Value key = (*items.as<Tuple>())[i], value = (*items.as<Tuple>())[i + 1];
    if (isExact(target.get(), TypeId::kDict)) TRY(dictSet_py(t, target.as<Dict>(), key, value));
    else TRY(setItem_py(t, target.get(), key, value));
  }
  return kDone;
}
static Status addItems_py(Thread& t, Unpickler* u) {
  size_t at = TRY(popMark(t, u));
  if (at < 1 || at <= floorOf(*u->d)) return raiseUnderflow(t);
  Ref target = Ref::of(u->d->stack[at - 1]), items = tupleFromStack(t, u, at);
  if (hasLayout(target.get(), TypeId::kSet)) return setUpdate_py(t, target.as<Set>(), items.get());
  Ref add = TRY(getAttrNamed_py(t, target.get(), "add"));
  for (int64_t i = 0; i < items.as<Tuple>()->size; ++i) {
    if (!callArgs_py(t, add.get(), (*items.as<Tuple>())[i])) return kRaised;
  }
  return kDone;
}
static Status loadPersistent_py(Thread& t, Unpickler* u, Ref id) {
  Ref loader = u->persistent_load.defined() ? Ref::of(u->persistent_load) : getAttrNamed_py(t, u, "persistent_load");
  if (!loader) return kRaised;
  push(u, TRY(callArgs_py(t, loader.get(), id.get())));
  return kDone;
}
static Status nextBuffer_py(Thread& t, Unpickler* u) {
  if (u->buffers.isUndefined()) return raise(t, state.unpickling_error, "pickle stream refers to out-of-band data but no *buffers* argument was given");
  Ref next = next_py(t, u->buffers);
  if (!next) {
    if (isPending(t)) return kRaised;
    return raise(t, state.unpickling_error, "not enough out-of-band buffers");
  }
  push(u, std::move(next));
  return kDone;
}
static Status readOnlyBuffer_py(Thread& t, Unpickler* u) {
  Ref buffer = TRY(pop(t, u));
  Ref view = TRY(callArgs_py(t, memoryviewType(t), buffer.get()));
  if (TRY(getAttrNamed_py(t, view.get(), "readonly")).get().isTrue()) return push(u, std::move(buffer)), kDone;
  push(u, TRY(callMethod_py(t, view.get(), intern(*t.isolate, "toreadonly"))));
  return kDone;
}
static Status makeDict_py(Thread& t, Unpickler* u) {
  size_t at = TRY(popMark(t, u));
  if ((u->d->stack.size() - at) % 2 != 0) return raise(t, state.unpickling_error, "odd number of items for DICT");
  Ref dict = newDict(t), items = tupleFromStack(t, u, at);
  for (int64_t i = 0; i + 1 < items.as<Tuple>()->size; i += 2) TRY(dictSet_py(t, dict.as<Dict>(), (*items.as<Tuple>())[i], (*items.as<Tuple>())[i + 1]));
  push(u, std::move(dict));
  return kDone;
}
static Status reduce_py(Thread& t, Unpickler* u) {
  Ref args = TRY(pop(t, u)), callee = TRY(pop(t, u));
  if (!isTuple(args.get())) return raiseTypeError(t, "argument list must be a tuple, not '%s'", typeNameOf(t, args.get()));
  push(u, TRY(call_py(t, callee.get(), args.as<Tuple>()->items(), static_cast<uint32_t>(args.as<Tuple>()->size))));
  return kDone;
}
static Status newObject_py(Thread& t, Unpickler* u, bool has_keywords) {
  Ref keywords;
  if (has_keywords) keywords = TRY(pop(t, u));
  Ref args = TRY(pop(t, u)), cls = TRY(pop(t, u));
  const char* opcode = has_keywords ? "NEWOBJ_EX" : "NEWOBJ";
  if (!isType(cls.get())) return raise(t, state.unpickling_error, "%s class argument must be a type, not %s", opcode, typeNameOf(t, cls.get()));
  if (!isTuple(args.get())) return raise(t, state.unpickling_error, "%s args argument must be a tuple, not %s", opcode, typeNameOf(t, args.get()));
  if (has_keywords && !isDict(keywords.get())) return raise(t, state.unpickling_error, "NEWOBJ_EX kwargs argument must be a dict, not %s", typeNameOf(t, keywords.get()));
  if (!has_keywords || keywords.as<Dict>()->used == 0) return push(u, TRY(newFromClass_py(t, cls.get(), args.as<Tuple>()->items(), args.as<Tuple>()->size, opcode))), kDone;
  Ref maker = TRY(getAttrNamed_py(t, cls.get(), "__new__"));
  Ref all = newTuple(t, args.as<Tuple>()->size + 1);
  all.as<Tuple>()->items()[0] = share(cls.get());
  for (int64_t i = 0; i < args.as<Tuple>()->size; ++i) all.as<Tuple>()->items()[i + 1] = share((*args.as<Tuple>())[i]);
  push(u, TRY(callTuple_py(t, maker.get(), all.as<Tuple>(), keywords.as<Dict>())));
  return kDone;
}
static Status pushTuple(Thread& t, Unpickler* u, size_t count) {
  if (u->d->stack.size() < floorOf(*u->d) + count) return raiseUnderflow(t);
  Ref made = tupleFromStack(t, u, u->d->stack.size() - count);
  push(u, std::move(made));
  return kDone;
}
static Status loadGlobal_py(Thread& t, Unpickler* u) {
  std::string first = TRY(filledLine_py(t, u)), second = TRY(filledLine_py(t, u));
  Ref module = TRY(textFrom_py(t, first)), name = TRY(textFrom_py(t, second));
  push(u, TRY(classNamed_py(t, u, module.get(), name.get())));
  return kDone;
}
static Status stackGlobal_py(Thread& t, Unpickler* u) {
  Ref name = TRY(pop(t, u)), module = TRY(pop(t, u));
  if (!isExactStr(name.get()) || !isExactStr(module.get())) return raise(t, state.unpickling_error, "STACK_GLOBAL requires str");
  push(u, TRY(classNamed_py(t, u, module.get(), name.get())));
  return kDone;
}
static Status loadInstance_py(Thread& t, Unpickler* u, bool is_named) {
  size_t at = TRY(popMark(t, u));
  Ref cls;
  if (is_named) {
    std::string first = TRY(filledLine_py(t, u)), second = TRY(filledLine_py(t, u));
    Ref module = TRY(textFrom_py(t, first)), name = TRY(textFrom_py(t, second));
    cls = TRY(classNamed_py(t, u, module.get(), name.get()));
  }
  Ref args = tupleFromStack(t, u, at);
  if (!is_named) {
    Tuple* all = args.as<Tuple>();
    if (all->size < 1) return raiseUnderflow(t);
    cls = Ref::of((*all)[0]);
    args = tupleFrom(t, all->items() + 1, all->size - 1);
  }
  push(u, TRY(instantiate_py(t, cls.get(), args.as<Tuple>())));
  return kDone;
}
static Status popOpcode(Thread& t, Unpickler* u) {
  UnpicklerData& d = *u->d;
  if (d.stack.size() > floorOf(d)) return dropTo(u, d.stack.size() - 1), kDone;
  if (d.marks.empty()) return raiseUnderflow(t);
  d.marks.pop_back();
  return kDone;
}
static Fallible<uint64_t> memoIndex_py(Thread& t, Unpickler* u) {
  std::string text = TRY(filledLine_py(t, u));
  Ref s = newStr(t, text + "\n");
  Ref n = TRY(intFromText(t, s.get(), 10));
  if (intIsNegative(n.get())) return raiseValueError(t, "negative PUT argument");
  int64_t index;
  if (!intFits(n.get(), index)) return raiseOverflowError(t, "memo id too large");
  return static_cast<uint64_t>(index);
}

static Status putTop(Thread& t, Unpickler* u, uint64_t index) { return memoPut(t, u, index, TRY(top(t, u))); }
#define SIZED(bytes) TRY(take_py(t, u, TRY(number_py(t, u, bytes))))
static Status step_py(Thread& t, Unpickler* u, char opcode) {
  switch (opcode) {
    case kMark: u->d->marks.push_back(u->d->stack.size()); return kDone;
    case kPop: return popOpcode(t, u);
    case kPopMark: dropTo(u, TRY(popMark(t, u))); return kDone;
    case kDup: push(u, Ref::of(TRY(top(t, u)))); return kDone;
    case kFloat: return loadFloat_py(t, u);
    case kBinFloat: {
      std::string_view s = TRY(take_py(t, u, 8));
      uint64_t bits = 0;
      for (char c : s) bits = bits << 8 | static_cast<unsigned char>(c);
      push(u, newFloat(std::bit_cast<double>(bits)));
      return kDone;
    }
    case kInt: return loadInt_py(t, u, false);
    case kLong: return loadInt_py(t, u, true);
    case kBinInt: push(u, newIntSmall(static_cast<int32_t>(TRY(number_py(t, u, 4))))); return kDone;
    case kBinInt1: push(u, newIntSmall(static_cast<int64_t>(TRY(number_py(t, u, 1))))); return kDone;
    case kBinInt2: push(u, newIntSmall(static_cast<int64_t>(TRY(number_py(t, u, 2))))); return kDone;
    case kLong1: push(u, longFrom(t, SIZED(1))); return kDone;
    case kLong4: {
      int32_t size = static_cast<int32_t>(TRY(number_py(t, u, 4)));
      if (size < 0) return raise(t, state.unpickling_error, "LONG pickle has negative byte count");
      push(u, longFrom(t, TRY(take_py(t, u, static_cast<uint64_t>(size)))));
      return kDone;
    }
    case kNone: push(u, Ref::none()); return kDone;
    case kNewTrue: push(u, Ref::boolean(true)); return kDone;
    case kNewFalse: push(u, Ref::boolean(false)); return kDone;
    case kString: return loadString_py(t, u);
    case kBinString: {
      int32_t size = static_cast<int32_t>(TRY(number_py(t, u, 4)));
      if (size < 0) return raise(t, state.unpickling_error, "BINSTRING pickle has negative byte count");
      return pushOldString_py(t, u, TRY(take_py(t, u, static_cast<uint64_t>(size))));
    }
    case kShortBinString: return pushOldString_py(t, u, SIZED(1));
    case kUnicode: push(u, TRY(decodeText_py(t, TRY(line_py(t, u)), "raw-unicode-escape", "strict"))); return kDone;
    case kShortBinUnicode: push(u, TRY(textFrom_py(t, SIZED(1)))); return kDone;
    case kBinUnicode: push(u, TRY(textFrom_py(t, SIZED(4)))); return kDone;
    case kBinUnicode8: push(u, TRY(textFrom_py(t, SIZED(8)))); return kDone;
    case kShortBinBytes: push(u, newBytes(t, SIZED(1))); return kDone;
    case kBinBytes: push(u, newBytes(t, SIZED(4))); return kDone;
    case kBinBytes8: push(u, newBytes(t, SIZED(8))); return kDone;
    case kByteArray8: return loadByteArray_py(t, u);
    case kNextBuffer: return nextBuffer_py(t, u);
    case kReadOnlyBuffer: return readOnlyBuffer_py(t, u);
    case kEmptyDict: push(u, newDict(t)); return kDone;
    case kEmptyList: push(u, newList(t)); return kDone;
    case kEmptyTuple: push(u, newTuple(t, 0)); return kDone;
    case kEmptySet: push(u, newSet(t)); return kDone;
    case kTuple: {
      size_t at = TRY(popMark(t, u));
      Ref made = tupleFromStack(t, u, at);
      push(u, std::move(made));
      return kDone;
    }
    case kTuple1: return pushTuple(t, u, 1);
    case kTuple2: return pushTuple(t, u, 2);
    case kTuple3: return pushTuple(t, u, 3);
    case kList: {
      size_t at = TRY(popMark(t, u));
      Ref items = tupleFromStack(t, u, at);
      push(u, listFrom(t, items.as<Tuple>()->items(), items.as<Tuple>()->size));
      return kDone;
    }
    case kDict: return makeDict_py(t, u);
    case kFrozenSet: {
      size_t at = TRY(popMark(t, u));
      Ref items = tupleFromStack(t, u, at);
      push(u, TRY(setFromIterable_py(t, t.types().frozenset, items.get())));
      return kDone;
    }
    case kAppend: return u->d->stack.size() < floorOf(*u->d) + 2 ? Status(raiseUnderflow(t)) : append_py(t, u, u->d->stack.size() - 1);
    case kAppends: return append_py(t, u, TRY(popMark(t, u)));
    case kSetItem: return u->d->stack.size() < floorOf(*u->d) + 3 ? Status(raiseUnderflow(t)) : setItems_py(t, u, u->d->stack.size() - 2);
    case kSetItems: return setItems_py(t, u, TRY(popMark(t, u)));
    case kAddItems: return addItems_py(t, u);
    case kGet: return memoGet(t, u, TRY(memoIndex_py(t, u)));
    case kBinGet: return memoGet(t, u, TRY(number_py(t, u, 1)));
    case kLongBinGet: return memoGet(t, u, TRY(number_py(t, u, 4)));
    case kPut: return putTop(t, u, TRY(memoIndex_py(t, u)));
    case kBinPut: return putTop(t, u, TRY(number_py(t, u, 1)));
    case kLongBinPut: return putTop(t, u, TRY(number_py(t, u, 4)));
    case kGlobal: return loadGlobal_py(t, u);
    case kStackGlobal: return stackGlobal_py(t, u);
    case kInst: return loadInstance_py(t, u, true);
    case kObj: return loadInstance_py(t, u, false);
    case kReduce: return reduce_py(t, u);
    case kNewObj: return newObject_py(t, u, false);
    case kNewObjEx: return newObject_py(t, u, true);
    case kBuild: return build_py(t, u);
    case kPersId: {
      std::string id = TRY(line_py(t, u));
      for (char c : id) {
        if (c & 0x80) return raise(t, state.unpickling_error, "persistent IDs in protocol 0 must be ASCII strings");
      }
      return loadPersistent_py(t, u, newStr(t, id));
    }
    case kBinPersId: return loadPersistent_py(t, u, TRY(pop(t, u)));
    case kExt1: return loadExtension_py(t, u, 1);
    case kExt2: return loadExtension_py(t, u, 2);
    case kExt4: return loadExtension_py(t, u, 4);
    case kProto: {
      uint64_t proto = TRY(number_py(t, u, 1));
      if (proto > kHighestProtocol) return raiseValueError(t, "unsupported pickle protocol: %d", static_cast<int>(proto));
      u->d->proto = static_cast<int>(proto);
      return kDone;
    }
    case kFrame: {
      uint64_t size = TRY(number_py(t, u, 8));
      if (size > INT64_MAX) return raiseOverflowError(t, "FRAME length exceeds system's maximum of %lld bytes", static_cast<long long>(INT64_MAX));
      if (u->read.defined() && size < (uint64_t{1} << 32)) TRY(fill_py(t, u, size));
      if (u->d->data.size() - u->d->at < size) return raiseCut(t);
      return kDone;
    }
    default: break;
  }
  unsigned char byte = static_cast<unsigned char>(opcode);
  if (byte >= 0x20 && byte < 0x7f && opcode != '\'' && opcode != '\\') return raise(t, state.unpickling_error, "invalid load key, '%c'.", opcode);
  return raise(t, state.unpickling_error, "invalid load key, '\\x%02x'.", byte);
}
static Ref run_py(Thread& t, Unpickler* u) {
  UnpicklerData& d = *u->d;
  d.clearStack();
  d.proto = 0;
  uint64_t memoized = 0;
  for (;;) {
    if (d.at >= d.data.size()) {
      TRY(fill_py(t, u, 1));
      if (d.at >= d.data.size()) return raiseEnd(t);
    }
    char opcode = d.data[d.at++];
    if (opcode == kStop) break;
    if (opcode == kMemoize) {
      while (memoized < d.memo.size() && d.memo[memoized].defined()) ++memoized;
      TRY(memoPut(t, u, memoized++, TRY(top(t, u))));
      continue;
    }
    TRY(step_py(t, u, opcode));
  }
  Ref result = pop(t, u);
  d.clearStack();
  return result;
}

// --- the class
static Ref newUnpickler(Type* type) {
  Unpickler* u = allocate<Unpickler>(type);
  u->d = new UnpicklerData;
  gcTrack(u);
  return Ref::steal(u);
}
static Status setUp_py(Thread& t, Unpickler* u, Value fix_imports, Value encoding, Value error_handler, Value buffers) {
  if (!isStr(encoding) || !isStr(error_handler)) return raiseTypeError(t, "encoding and errors must be str");
  u->d->fix_imports = TRY(isTrue_py(t, fix_imports));
  auto set = [](Value& slot, Value v) {
    Value old = slot;
    slot = share(v);
    decref(old);
  };
  set(u->encoding, encoding);
  set(u->errors, error_handler);
  set(u->buffers, Value());
  if (!buffers.isNone()) u->buffers = TRY(iter_py(t, buffers)).release();
  u->d->is_initialised = true;
  return kDone;
}
static Status setFile_py(Thread& t, Unpickler* u, Value file) {
  Ref read = findAttr_py(t, file, intern(*t.isolate, "read"));
  if (!read && isPending(t)) return kRaised;
  Ref readline = read ? findAttr_py(t, file, intern(*t.isolate, "readline")) : Ref();
  if (!readline && isPending(t)) return kRaised;
  if (!read || !readline) return raiseTypeError(t, "file must have 'read' and 'readline' attributes");
  clearField(u->read);
  clearField(u->readline);
  u->read = read.release();
  u->readline = readline.release();
  return kDone;
}
#define UNPICKLER_ARGS "fix_imports=True, encoding=<unset>, errors=<unset>, buffers=None"
static Status configure_py(Thread& t, Unpickler* u, Value fix_imports, Value encoding, Value error_handler, Value buffers) {
  Ref ascii = newStr(t, "ASCII"), strict = newStr(t, "strict");
  return setUp_py(t, u, fix_imports, encoding.isUndefined() ? ascii.get() : encoding, error_handler.isUndefined() ? strict.get() : error_handler, buffers);
}
static Status unpicklerInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Unpickler", "(file, *, " UNPICKLER_ARGS ")", args, nargs, keywords, a));
  Unpickler* u = self(v);
  u->d->clear();
  u->d->is_subclass = typeOfHeap(v) != state.unpickler;
  TRY(configure_py(t, u, a[1], a[2], a[3], a[4]));
  return setFile_py(t, u, a[0]);
}
static Ref loadMethod(Thread& t, const Value* a) {
  if (self(a[0])->read.isUndefined()) return raise(t, state.unpickling_error, "Unpickler.__init__() was not called by %s.__init__()", typeNameOf(t, a[0]));
  return run_py(t, self(a[0]));
}
static Ref findClassMethod(Thread& t, const Value* a) {
  for (int i = 1; i < 3; ++i) {
    if (!isStr(a[i])) return raiseTypeError(t, "find_class() argument %d must be str, not %s", i, typeNameOf(t, a[i]));
  }
  return findClass_py(t, self(a[0]), a[1], a[2]);
}
static Ref persistentLoad(Thread& t, const Value*) {
  return raise(t, state.unpickling_error, "A load persistent id instruction was encountered, but no persistent_load function was specified.");
}
static Ref getMemo(Thread& t, Value v) {
  Ref dict = newDict(t);
  const std::vector<Value>& memo = self(v)->d->memo;
  for (size_t i = 0; i < memo.size(); ++i) {
    if (memo[i].defined()) TRY(dictSet_py(t, dict.as<Dict>(), Value::fromInt(static_cast<int64_t>(i)), memo[i]));
  }
  return dict;
}
static Status setMemo(Thread& t, Value v, Value value) {
  if (!isDict(value)) return raiseTypeError(t, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not '%s'", typeNameOf(t, value));
  Ref held = Ref::of(value);
  UnpicklerData& d = *self(v)->d;
  for (Value old : d.memo) decref(old);
  d.memo.clear();
  Value key, item;
  for (int64_t at = 0; dictNext(value.as<Dict>(), at, key, item);) {
    if (!isIntLike(key)) return raiseTypeError(t, "memo key must be integers");
    if (intIsNegative(key)) return raiseValueError(t, "memo key must be positive integers.");
    TRY(memoPut(t, self(v), static_cast<uint64_t>(TRY(toInt64_py(t, key))), item));
  }
  return kDone;
}
static Status setAttribute(Thread& t, Value v, Str* name, Value value) {
  if (!strEquals(name, "persistent_load")) return genericSetAttr_py(t, v, name, value);
  Value old = self(v)->persistent_load;
  self(v)->persistent_load = share(value);
  decref(old);
  return kDone;
}
static Ref getAttribute(Thread& t, Value v, Str* name) {
  if (self(v)->persistent_load.defined() && strEquals(name, "persistent_load")) return Ref::of(self(v)->persistent_load);
  return genericGetAttr_py(t, v, name);
}
// a: file (load) or data (loads), fix_imports, encoding, errors, buffers.
Ref load_py(Thread& t, const Value* a) {
  Ref u = newUnpickler(state.unpickler);
  TRY(configure_py(t, self(u.get()), a[1], a[2], a[3], a[4]));
  TRY(setFile_py(t, self(u.get()), a[0]));
  return run_py(t, self(u.get()));
}
Ref loads_py(Thread& t, const Value* a) {
  Ref u = newUnpickler(state.unpickler);
  TRY(configure_py(t, self(u.get()), a[1], a[2], a[3], a[4]));
  Buffer data;
  TRY(data.acquire(t, a[0]));
  self(u.get())->d->data = data.view();
  return run_py(t, self(u.get()));
}
static const NativeDef kMethods[] = {{"load", "($self, /)", loadMethod, "Load a pickle."}, {"find_class", "($self, module_name, global_name, /)", findClassMethod, "Return an object from a specified module."},
    {"persistent_load", "($self, pid, /)", persistentLoad}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"memo", getMemo, setMemo}, {nullptr, nullptr}};

void makeUnpicklerType(Thread& t, Module* m) {
  Type* type = state.unpickler = makeType(*t.isolate, {.name = "_pickle.Unpickler", .size = sizeof(Unpickler), .flags = kTypeBaseable | kTypeGc, .methods = kMethods, .getsets = kGetSets,
      .doc = "This takes a binary file for reading a pickle data stream."});
  Slots& s = type->slots;
  s.clear = [](Object* o) {
    Unpickler* u = static_cast<Unpickler*>(o);
    for (Value* v : {&u->read, &u->readline, &u->persistent_load, &u->buffers, &u->encoding, &u->errors}) clearField(*v);
    u->d->clear();
  };
  s.dealloc = [](Object* o) {
    Unpickler* u = static_cast<Unpickler*>(o);
    for (Value* v : {&u->read, &u->readline, &u->persistent_load, &u->buffers, &u->encoding, &u->errors}) clearField(*v);
    delete u->d;
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    Unpickler* u = static_cast<Unpickler*>(o);
    for (Value v : {u->read, u->readline, u->persistent_load, u->buffers, u->encoding, u->errors}) visit(v, visitor, context);
    for (Value v : u->d->memo) visit(v, visitor, context);
    for (Value v : u->d->stack) visit(v, visitor, context);
  };
  s.make = [](Thread&, Type* own, const Value*, uint32_t, Tuple*) -> Ref { return newUnpickler(own); };
  s.init = unpicklerInit;
  s.set_attr = setAttribute;
  s.get_attr = getAttribute;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::pickle

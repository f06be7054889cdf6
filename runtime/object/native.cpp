// Parsing text signatures and binding call arguments to them. Messages follow Python/getargs.c.
#include "runtime/object/native.h"

#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/object/builtin_docs.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/suggestions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/type_signatures.h"
#include "runtime/object/unnamed.h"

namespace krait::object {

NativeKind nativeKindOf(const char* signature, bool in_type) {
  if (std::strncmp(signature, "($self", 6) == 0) return NativeKind::kMethod;
  if (std::strncmp(signature, "($type", 6) == 0) return NativeKind::kClassMethod;
  return in_type ? NativeKind::kStaticMethod : NativeKind::kFunction;
}

// A default's value: None, True, False, an int, or a string in quotes; Undefined for anything else.
static Value parseDefault(Thread& t, std::string_view text) {
  if (text == "None") return Value::none();
  if (text == "True" || text == "False") return Value::fromBool(text == "True");
  if (!text.empty() && (text[0] == '\'' || text[0] == '"')) return intern(*t.isolate, text.substr(1, text.size() - 2));
  if (!text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'))) return Value::fromInt(std::atoll(std::string(text).c_str()));
  return Value();
}

static std::vector<std::string_view> splitParameters(std::string_view text) {
  std::vector<std::string_view> out;
  size_t begin = 0;
  char quote = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && quote != 0) {
      if (text[i] == quote) quote = 0;
      continue;
    }
    if (i < text.size() && (text[i] == '\'' || text[i] == '"')) quote = text[i];
    if (i < text.size() && text[i] != ',') continue;
    std::string_view part = text.substr(begin, i - begin);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) out.push_back(part);
    begin = i + 1;
  }
  return out;
}

static NativeSignature* parseSignature(Thread& t, const char* signature, bool in_type) {
  NativeSignature* s = new NativeSignature();
  s->kind = nativeKindOf(signature, in_type);
  std::string_view text(signature);
  text = text.substr(1, text.rfind(')') - 1);
  std::vector<NativeParameter> parameters;
  bool keyword_only = false, optional_seen = false;
  for (std::string_view part : splitParameters(text)) {
    if (part == "/") {
      s->positional_only = static_cast<uint8_t>(parameters.size());
      continue;
    }
    if (part == "*") {
      keyword_only = true;
      continue;
    }
    if (part == "$module") continue;
    if (part == "$self" || part == "$type") part.remove_prefix(1);
    bool is_var = part[0] == '*';
    if (part.starts_with("**")) s->has_kwargs = true;
    else if (is_var) s->has_varargs = keyword_only = true;
    size_t equals = part.find('=');
    NativeParameter p;
    p.name = intern(*t.isolate, part.substr(is_var ? part.find_first_not_of('*') : 0, equals == std::string_view::npos ? equals : equals - 0));
    if (equals != std::string_view::npos) p.name = intern(*t.isolate, part.substr(0, equals));
    p.optional = equals != std::string_view::npos || is_var;
    p.default_value = equals != std::string_view::npos ? parseDefault(t, part.substr(equals + 1)) : Value();
    if (!is_var && !keyword_only) ++s->positional;
    if (p.optional) optional_seen = true;
    if (!optional_seen && !keyword_only) ++s->required;
    parameters.push_back(p);
  }
  s->total = static_cast<uint8_t>(parameters.size());
  CHECK(s->total <= kMaxNativeParameters, "a native function has few parameters");
  s->only_positional = !s->has_varargs && !s->has_kwargs && s->positional == s->total;
  s->parameters = static_cast<NativeParameter*>(std::malloc((parameters.size() + 1) * sizeof(NativeParameter)));
  if (!parameters.empty()) std::memcpy(static_cast<void*>(s->parameters), parameters.data(), parameters.size() * sizeof(NativeParameter));
  return s;
}

const NativeSignature* signatureOf(Thread& t, NativeFunction* f) {
  if (f->signature == nullptr) {
    bool in_type = f->owner != nullptr || f->kind == NativeKind::kStaticMethod;
    f->signature = parseSignature(t, f->def->signature, in_type);
  }
  return f->signature;
}

Ref newNativeFunction(Thread& t, const NativeDef* def, Value self, Value module) {
  NativeFunction* f = allocate<NativeFunction>(t.types().native_function);
  f->def = def;
  f->self = share(self);
  f->module = share(module);
  f->kind = nativeKindOf(def->signature, false);
  gcTrack(f);
  return Ref::steal(f);
}

Ref newNativeDescriptor(Isolate& isolate, const NativeDef* def, Type* owner) {
  Thread& t = isolate.main_thread;
  NativeKind kind = nativeKindOf(def->signature, true);
  Type* type = kind == NativeKind::kMethod ? isolate.types.native_descriptor
               : kind == NativeKind::kClassMethod ? isolate.types.class_method_descriptor
                                                  : isolate.types.native_function;
  NativeFunction* f = static_cast<NativeFunction*>(allocateBytes(sizeof(NativeFunction)));
  std::memset(static_cast<void*>(f), 0, sizeof *f);
  f->refs = 1;
  f->type = type;
  f->def = def;
  f->self = f->module = Value();
  f->kind = kind;
  Ref r = Ref::steal(f);
  if (kind != NativeKind::kStaticMethod) {
    f->owner = owner;
    return r;
  }
  f->self = owner;
  incref(owner);
  return newStaticMethod(t, r.get());
}

// What messages call a function: by its class or its module, when that is not builtins. ref: _PyObject_FunctionStr.
static std::string fullName(const NativeFunction* f, const char* name) {
  if (f == nullptr) return name;
  bool has_self = f->kind == NativeKind::kMethod || f->kind == NativeKind::kClassMethod;
  if (f->owner != nullptr) return std::string(shortTypeName(f->owner)) + "." + name;
  if (has_self && f->self.defined() && !isExact(f->self, TypeId::kModule)) {
    return std::string(shortTypeName(isType(f->self) ? f->self.as<Type>() : typeOf(*current_thread, f->self))) + "." + name;
  }
  if (!isStr(f->module) || strEquals(f->module.as<Str>(), "builtins")) return name;
  return toUtf8(f->module.as<Str>()) + "." + name;
}
static std::string plural(uint32_t n) { return n == 1 ? "" : "s"; }

// What CPython calls constructors that do not say their name.
static bool isUnnamed(const char* name) { return name == kUnnamed; }

// "f() takes at most 2 arguments (3 given)" and its variants. ref: vgetargskeywords, _PyArg_CheckPositional.
static RaisedTag raiseCount(Thread& t, const NativeFunction* f, const char* name, const NativeSignature& s, uint32_t skip, uint32_t nargs, uint32_t nkw) {
  uint32_t low = s.required - (s.required < skip ? s.required : skip), high = s.positional - skip;
  if (high == 0 && s.total > s.positional) return raiseTypeError(t, "%s() takes no positional arguments", name);
  if (s.positional_only >= s.positional && s.total == s.positional) {  // positional only
    if (high == 0 && low == 0) return raiseTypeError(t, "%s() takes no arguments (%u given)", fullName(f, name).c_str(), nargs);
    if (low == high) {
      if (high == 1 && f != nullptr) return raiseTypeError(t, "%s() takes exactly one argument (%u given)", fullName(f, name).c_str(), nargs);
      return raiseTypeError(t, "%s expected %u argument%s, got %u", name, high, plural(high).c_str(), nargs);
    }
    if (nargs < low) return raiseTypeError(t, "%s expected at least %u argument%s, got %u", name, low, plural(low).c_str(), nargs);
    return raiseTypeError(t, "%s expected at most %u argument%s, got %u", name, high, plural(high).c_str(), nargs);
  }
  uint32_t all = s.total - skip;
  const char* brackets = isUnnamed(name) ? "" : "()";
  if (nargs + nkw > all && !s.has_kwargs) {
    return raiseTypeError(t, "%s%s takes at most %u %sargument%s (%u given)", name, brackets, all, nargs == 0 ? "keyword " : "", plural(all).c_str(), nargs + nkw);
  }
  return raiseTypeError(t, "%s%s takes %s %u positional argument%s (%u given)", name, brackets, low == high ? "exactly" : "at most", high, plural(high).c_str(), nargs);
}

static Status bindKeywords(Thread& t, const NativeFunction* f, const char* name, const NativeSignature& s, uint32_t skip, const Value* values,
                           Tuple* keywords, Value* out, Dict* extra, Str*& unexpected) {
  for (int64_t k = 0; k < keywords->size; ++k) {
    Str* key = keywords->items()[k].as<Str>();
    int at = -1;
    for (uint32_t i = s.positional_only > skip ? s.positional_only : skip; i < s.total; ++i) {
      if (strEqual(s.parameters[i].name, key)) at = static_cast<int>(i);
    }
    bool is_star = at >= 0 && ((s.has_kwargs && at == s.total - 1) || (s.has_varargs && at == s.positional));
    if (at < 0 || is_star) {
      if (extra != nullptr) {
        dictSetStr(extra, key, values[k]);
        continue;
      }
      for (uint32_t i = skip; i < s.positional_only; ++i) {
        if (strEqual(s.parameters[i].name, key) && s.positional_only == s.total) return raiseTypeError(t, "%s() takes no keyword arguments", fullName(f, name).c_str());
      }
      bool takes_none = s.positional_only >= s.total || (s.has_varargs && s.positional_only >= s.positional && s.total == s.positional + 1u);
      if (takes_none) return raiseTypeError(t, "%s() takes no keyword arguments", fullName(f, name).c_str());
      if (unexpected == nullptr) unexpected = key;
      continue;
    }
    if (out[at].defined()) {
      return raiseTypeError(t, "argument for %s() given by name ('%s') and position (%d)", name, toUtf8(key).c_str(), at + 1 - static_cast<int>(skip));
    }
    out[at] = values[k];
  }
  return kDone;
}

// More arguments of both kinds than there are parameters is told before anything else. A constructor that takes *args counts
// its keywords alone. ref: _PyArg_UnpackKeywords, vgetargskeywords.
static Status checkTotal(Thread& t, const NativeFunction* f, const char* name, const NativeSignature& s, uint32_t skip, uint32_t nargs, uint32_t nkw) {
  if (nkw == 0 || s.has_kwargs || s.positional_only >= s.total || (s.has_varargs && f != nullptr)) return kDone;
  if (s.has_varargs) nargs = 0;
  uint32_t all = s.total - skip - (s.has_varargs ? 1 : 0);
  if (all == 0 || nargs + nkw <= all) return kDone;
  return raiseTypeError(t, "%s() takes at most %u %sargument%s (%u given)", name, all, nargs == 0 ? "keyword " : "", plural(all).c_str(), nargs + nkw);
}

// Fills out[0..total). `skip`: 1 when args[0] is self.
static Status bind(Thread& t, const NativeFunction* f, const char* name, const NativeSignature& s, uint32_t skip, const Value* args, uint32_t nargs,
                   Tuple* keywords, Value* out, Ref& varargs, Ref& kwargs) {
  for (uint32_t i = 0; i < s.total; ++i) out[i] = Value();
  uint32_t nkw = keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0;
  TRY(checkTotal(t, f, name, s, skip, nargs - skip, nkw));
  uint32_t direct = nargs < s.positional ? nargs : s.positional;
  for (uint32_t i = 0; i < direct; ++i) out[i] = args[i];
  if (nargs > s.positional && !s.has_varargs) {
    if (nkw > 0 && s.positional_only >= s.total) return raiseTypeError(t, "%s() takes no keyword arguments", fullName(f, name).c_str());
    return raiseCount(t, f, name, s, skip, nargs - skip, nkw);
  }
  if (s.has_varargs) {
    varargs = tupleFrom(t, args + direct, nargs - direct);
    out[s.positional] = varargs.get();
  }
  if (s.has_kwargs) {
    kwargs = newDict(t);
    out[s.total - 1] = kwargs.get();
  }
  Str* unexpected = nullptr;  // told after what is missing
  if (nkw > 0) TRY(bindKeywords(t, f, name, s, skip, args + nargs, keywords, out, s.has_kwargs ? kwargs.as<Dict>() : nullptr, unexpected));
  for (uint32_t i = 0; i < s.total; ++i) {
    if (out[i].defined()) continue;
    const NativeParameter& p = s.parameters[i];
    if (!p.optional) {
      if (s.positional_only >= s.total) return raiseCount(t, f, name, s, skip, nargs - skip, nkw);
      if (i < s.positional_only) {
        uint32_t least = s.required < s.positional_only ? s.required : s.positional_only;
        return raiseTypeError(t, "%s() takes %s %u positional argument%s (%u given)", name, least < s.positional ? "at least" : "exactly", least - skip,
                              plural(least - skip).c_str(), nargs - skip);
      }
      return raiseTypeError(t, "%s%s missing required argument '%s' (pos %u)", name, isUnnamed(name) ? "" : "()", toUtf8(p.name).c_str(), i + 1 - skip);
    }
    out[i] = p.default_value;
  }
  if (unexpected != nullptr) {
    std::vector<std::string> others;
    for (uint32_t i = s.positional_only > skip ? s.positional_only : skip; i < s.total; ++i) {
      if (!(s.has_varargs && i == s.positional)) others.push_back(toUtf8(s.parameters[i].name));
    }
    return raiseTypeError(t, "%s", unexpectedKeywordText(name, toUtf8(unexpected), others).c_str());
  }
  return kDone;
}

Ref bindAndCall_py(Thread& t, NativeFunction* f, const Value* args, uint32_t nargs, Tuple* keywords) {
  const NativeSignature& s = *signatureOf(t, f);
  uint32_t skip = s.kind == NativeKind::kMethod || s.kind == NativeKind::kClassMethod ? 1 : 0;
  bool no_keywords = keywords == nullptr || keywords->size == 0;
  if (s.only_positional && no_keywords && nargs <= s.total && nargs >= s.required) {
    if (nargs == s.total) return f->def->fn(t, args);
    NativeArguments bound;
    uint32_t i = 0;
    for (; i < nargs; ++i) bound.values[i] = args[i];
    for (; i < s.total; ++i) bound.values[i] = s.parameters[i].default_value;
    return f->def->fn(t, bound.values);
  }
  NativeArguments bound;
  Ref varargs, kwargs;
  if (s.only_positional && s.positional_only >= s.total && no_keywords && f->owner != nullptr && f->owner->name != nullptr && skip == 1 &&
      nargs - skip != 1 && s.total == 2 && s.required == 2) {
    return raiseTypeError(t, "%s() takes exactly one argument (%u given)", fullName(f, f->def->name).c_str(), nargs - skip);
  }
  TRY(bind(t, f, f->def->name, s, skip, args, nargs, keywords, bound.values, varargs, kwargs));
  return f->def->fn(t, bound.values);
}

// ref: tp_new_wrapper.
static Ref callNew_py(Thread& t, NativeFunction* f, const Value* args, uint32_t nargs, Tuple* keywords) {
  Type* owner = f->self.as<Type>();
  const char* name = typeName(owner);
  if (nargs == 0) return raiseTypeError(t, "%s.__new__(): not enough arguments", name);
  if (!isType(args[0])) return raiseTypeError(t, "%s.__new__(X): X is not a type object (%s)", name, typeNameOf(t, args[0]));
  Type* type = args[0].as<Type>();
  if (!isSubtype(type, owner)) {
    return raiseTypeError(t, "%s.__new__(%s): %s is not a subtype of %s", name, typeName(type), typeName(type), name);
  }
  Type* base = type;
  while (base->has(kTypeHeap)) base = base->base;
  bool has_own_layout = base->basic_size != t.types().object->basic_size;
  if (base->slots.make == nullptr && (has_own_layout || base->has(kTypeDisallowNew))) return raiseTypeError(t, "cannot create '%s' instances", typeName(type));
  if (base->slots.make != nullptr && base->slots.make != owner->slots.make) {
    return raiseTypeError(t, "%s.__new__(%s) is not safe, use %s.__new__()", name, typeName(type), typeName(base));
  }
  return owner->slots.make(t, type, args + 1, nargs - 1, keywords);
}

static Ref callWithSelf(Thread& t, NativeFunction* f, const Value* args, uint32_t nargs, Tuple* keywords) {
  uint32_t nkw = keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0;
  NativeArguments stack;
  Value* all = nargs + nkw + 1 <= kMaxNativeParameters ? stack.values : static_cast<Value*>(std::malloc((nargs + nkw + 1) * sizeof(Value)));
  all[0] = f->self;
  if (nargs + nkw > 0) std::memcpy(static_cast<void*>(all + 1), args, (nargs + nkw) * sizeof(Value));
  Ref r = bindAndCall_py(t, f, all, nargs + 1, keywords);
  if (all != stack.values) std::free(static_cast<void*>(all));
  return r;
}

Ref callNative_py(Thread& t, NativeFunction* f, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (f->def->fn == nullptr) return callNew_py(t, f, args, nargs, keywords);
  if (f->kind == NativeKind::kClassMethod && f->owner != nullptr) {  // ref: classmethod_get
    if (nargs == 0) return raiseTypeError(t, "descriptor '%s' of '%s' object needs an argument", f->def->name, typeName(f->owner));
    if (!isType(args[0])) return raiseTypeError(t, "descriptor '%s' for type '%s' needs a type, not a '%s' as arg 2", f->def->name, typeName(f->owner), typeNameOf(t, args[0]));
    if (!isSubtype(args[0].as<Type>(), f->owner)) {
      return raiseTypeError(t, "descriptor '%s' requires a subtype of '%s' but received '%s'", f->def->name, typeName(f->owner), typeName(args[0].as<Type>()));
    }
    return bindAndCall_py(t, f, args, nargs, keywords);
  }
  if (f->owner != nullptr) {  // a descriptor called with self in front
    if (nargs == 0) return raiseTypeError(t, "unbound method %s.%s() needs an argument", shortTypeName(f->owner), f->def->name);
    if (!isInstanceOf(t, args[0], f->owner)) {
      return raiseTypeError(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", f->def->name, typeName(f->owner), typeNameOf(t, args[0]));
    }
    return bindAndCall_py(t, f, args, nargs, keywords);
  }
  if (f->kind == NativeKind::kMethod || f->kind == NativeKind::kClassMethod) return callWithSelf(t, f, args, nargs, keywords);
  return bindAndCall_py(t, f, args, nargs, keywords);
}

Status bindArguments_py(Thread& t, const char* function_name, const char* signature, const Value* args, uint32_t nargs,
                        Tuple* keywords, BoundArguments& out) {
  // Signatures are literals: one parse for each address.
  struct KnownSignatures {
    std::unordered_map<const char*, NativeSignature*> all;
    ~KnownSignatures() {
      for (const auto& [text, parsed] : all) {
        std::free(parsed->parameters);
        delete parsed;
      }
    }
  };
  static thread_local KnownSignatures known;
  // The few that a program uses all the time, by their address.
  struct Recent {
    const char* text;
    NativeSignature* signature;
  };
  static thread_local Recent recent[256];
  Recent& last = recent[(reinterpret_cast<uintptr_t>(signature) >> 3 ^ reinterpret_cast<uintptr_t>(signature) >> 11) & 255];
  if (last.text != signature) {
    NativeSignature*& known_one = known.all[signature];
    if (known_one == nullptr) known_one = parseSignature(t, signature, false);
    last = {signature, known_one};
  }
  const NativeSignature* s = last.signature;
  if ((keywords == nullptr || keywords->size == 0) && nargs >= s->required && nargs <= s->positional && !s->has_varargs && !s->has_kwargs) {
    for (uint32_t i = 0; i < nargs; ++i) out.values[i] = args[i];
    for (uint32_t i = nargs; i < s->total; ++i) out.values[i] = s->parameters[i].default_value;
    return kDone;
  }
  return bind(t, nullptr, function_name, *s, 0, args, nargs, keywords, out.values, out.varargs, out.kwargs);
}

// --- the three types
static void deallocNative(Object* o) {
  NativeFunction* f = static_cast<NativeFunction*>(o);
  decref(f->self);
  decref(f->module);
}
static void traverseNative(Object* o, Visitor visitor, void* context) {
  visit(static_cast<NativeFunction*>(o)->self, visitor, context);
  visit(static_cast<NativeFunction*>(o)->module, visitor, context);
}
static Ref nativeCall(Thread& t, Value self, const Value* args, uint32_t nargs, Tuple* keywords) {
  return callNative_py(t, self.as<NativeFunction>(), args, nargs, keywords);
}

static Ref nativeRepr(Thread& t, Value self) {
  NativeFunction* f = self.as<NativeFunction>();
  if (f->owner != nullptr) return strFormat(t, "<method '%s' of '%s' objects>", f->def->name, typeName(f->owner));
  if (f->self.isUndefined() || hasLayout(f->self, TypeId::kModule)) return strFormat(t, "<built-in function %s>", f->def->name);
  return strFormat(t, "<built-in method %s of %s object at %p>", f->def->name, typeNameOf(t, f->self), static_cast<void*>(f->self.object()));
}

static Ref descriptorGet(Thread& t, Value descr, Value object, Value type) {
  NativeFunction* f = descr.as<NativeFunction>();
  if (f->kind == NativeKind::kClassMethod) {
    Value cls = type.defined() ? type : Value(typeOf(t, object));
    Ref bound = newNativeFunction(t, f->def, cls, Value());
    bound.as<NativeFunction>()->signature = signatureOf(t, f);
    return bound;
  }
  if (object.isUndefined()) return Ref::of(descr);
  if (!isInstanceOf(t, object, f->owner)) {
    return raiseTypeError(t, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", f->def->name, typeName(f->owner), typeNameOf(t, object));
  }
  Ref bound = newNativeFunction(t, f->def, object, Value());
  bound.as<NativeFunction>()->signature = signatureOf(t, f);
  return bound;
}

static Ref getName(Thread& t, Value self) { return newStr(t, self.as<NativeFunction>()->def->name); }
// The class of a method; null for functions of modules.
static Type* ownerOf(Thread& t, NativeFunction* f) {
  if (f->owner != nullptr || !f->self.defined() || hasLayout(f->self, TypeId::kModule)) return f->owner;
  return isType(f->self) ? f->self.as<Type>() : typeOf(t, f->self);
}
static Ref getQualname(Thread& t, Value self) {
  NativeFunction* f = self.as<NativeFunction>();
  Type* owner = ownerOf(t, f);
  if (owner == nullptr) return newStr(t, f->def->name);
  return strFormat(t, "%s.%s", toUtf8(owner->qualname).c_str(), f->def->name);
}
static Ref getDoc(Thread& t, Value self) {
  NativeFunction* f = self.as<NativeFunction>();
  const char* doc = f->def->doc;
  Type* owner = doc == nullptr ? ownerOf(t, f) : nullptr;
  for (; doc == nullptr && owner != nullptr; owner = owner->base) doc = builtinDoc(typeName(owner), f->def->name);
  return doc != nullptr ? newStr(t, doc) : Ref::none();
}
// The text of a function's parameters: what is stated for it (its own, or that of a class which its `self` comes from), or the
// parameters themselves, which a function of a module puts behind $module. ref: type_get_text_signature, Argument Clinic.
static Ref getSignature(Thread& t, Value self) {
  NativeFunction* f = self.as<NativeFunction>();
  std::string text = f->def->signature, name = f->def->name;
  const char* stated = nullptr;
  bool is_found = false, is_of_module = f->owner == nullptr && (f->self.isUndefined() || hasLayout(f->self, TypeId::kModule));
  if (f->owner != nullptr) {
    is_found = statedSignature(std::string(typeName(f->owner)) + "." + name, stated);
  } else if (!is_of_module) {
    Type* type = isType(f->self) ? f->self.as<Type>() : typeOf(t, f->self);
    for (int64_t i = 0; type->mro != nullptr && i < type->mro->size && !is_found; ++i) {
      is_found = statedSignature(std::string(typeName(type->mro->items()[i].as<Type>())) + "." + name, stated);
    }
  } else if (f->module.defined() && isStr(f->module)) {
    is_found = statedSignature(toUtf8(f->module.as<Str>()) + "." + name, stated);
  }
  if (is_found) return stated != nullptr ? newStr(t, stated) : Ref::none();
  for (size_t at; (at = text.find("<unset>")) != std::string::npos;) text.replace(at, 7, "<unrepresentable>");
  for (size_t at; (at = text.find('\n')) != std::string::npos;) text.replace(at, 1, "\\n");  // within a default
  bool has_slash = text.find(", /,") != std::string::npos || text.ends_with("/)");
  if (is_of_module && text[1] != '$') {
    text = text == "()" ? "($module, /)" : (has_slash ? "($module, " : "($module, /, ") + text.substr(1);
  } else if (text.starts_with("($self") && !has_slash) {
    text = "($self, /" + text.substr(6);
  }
  return newStr(t, text);
}
static Ref getModule(Thread& t, Value self) {
  Value module = self.as<NativeFunction>()->module;
  return module.defined() ? Ref::of(module) : Ref::none();
}
static Ref getSelf(Thread& t, Value self) {
  Value v = self.as<NativeFunction>()->self;
  return v.defined() ? Ref::of(v) : Ref::none();
}
static Ref getObjclass(Thread& t, Value self) {
  Type* owner = self.as<NativeFunction>()->owner;
  return owner != nullptr ? Ref::of(owner) : Ref::none();
}
static Ref nativeReduce(Thread& t, const Value* a) {
  NativeFunction* f = a[0].as<NativeFunction>();
  if (f->self.isUndefined() || hasLayout(f->self, TypeId::kModule)) return newStr(t, f->def->name);
  Ref name = newStr(t, f->def->name);
  Ref args = tupleOf(t, {f->self, name.get()});
  Value getattr = dictGetStr(t.isolate->builtins, intern(*t.isolate, "getattr"));
  return tupleOf(t, {getattr, args.get()});
}

static const GetSetDef kFunctionGetSets[] = {
    {"__name__", getName}, {"__qualname__", getQualname}, {"__doc__", getDoc}, {"__text_signature__", getSignature},
    {"__module__", getModule}, {"__self__", getSelf}, {nullptr, nullptr}};
static const NativeDef kFunctionMethods[] = {{"__reduce__", "($self, /)", nativeReduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kDescriptorGetSets[] = {
    {"__name__", getName, readOnlyMember}, {"__qualname__", getQualname}, {"__doc__", getDoc}, {"__text_signature__", getSignature},
    {"__objclass__", getObjclass, readOnlyMember}, {nullptr, nullptr}};

static const NativeDef kDescriptorMethods[] = {{"__reduce__", "($self, /)", descriptorReduce}, {nullptr, nullptr, nullptr}};

// Compares by function and self, as builtin methods do. ref: meth_richcompare.
static Ref nativeCompare(Thread& t, Value a, Value b, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !isExact(b, TypeId::kNativeFunction)) return Ref::notImplemented();
  NativeFunction *x = a.as<NativeFunction>(), *y = b.as<NativeFunction>();
  return Ref::boolean((x->def == y->def && x->self == y->self) == (op == CompareOp::kEq));
}
static Fallible<int64_t> nativeHash(Thread& t, Value v) {
  NativeFunction* f = v.as<NativeFunction>();
  return static_cast<int64_t>((reinterpret_cast<uintptr_t>(f->def) ^ f->self.bits * 31) >> 4);
}

static void setSlots(Type* type) {
  type->slots.dealloc = deallocNative;
  type->slots.traverse = traverseNative;
  type->slots.call = nativeCall;
  type->slots.repr = nativeRepr;
}

void initNativeFunctionType(Isolate& isolate) {
  Type* type = isolate.types.native_function = makeType(isolate, {.name = "builtin_function_or_method", .id = TypeId::kNativeFunction,
      .size = sizeof(NativeFunction), .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .methods = kFunctionMethods, .getsets = kFunctionGetSets});
  setSlots(type);
  type->slots.compare = nativeCompare;
  type->slots.hash = nativeHash;
}
void initNativeDescriptorType(Isolate& isolate) {
  Type* type = isolate.types.native_descriptor = makeType(isolate, {.name = "method_descriptor", .id = TypeId::kNativeDescriptor, .size = sizeof(NativeFunction),
      .flags = kTypeGc | kTypeMethodDescriptor | kTypeDisallowNew, .methods = kDescriptorMethods, .getsets = kDescriptorGetSets});
  setSlots(type);
  type->slots.descr_get = descriptorGet;
}
void initClassMethodDescriptorType(Isolate& isolate) {
  Type* type = isolate.types.class_method_descriptor = makeType(isolate, {.name = "classmethod_descriptor", .id = TypeId::kClassMethodDescriptor,
      .size = sizeof(NativeFunction), .flags = kTypeGc | kTypeDisallowNew, .getsets = kDescriptorGetSets});
  setSlots(type);
  type->slots.descr_get = descriptorGet;
}

}  // namespace krait::object

// Values between Python and SQLite: parameters, results of functions, adapters.
#include <cstring>

#include "runtime/modules/sqlite/sqlite.h"

namespace krait::modules::sqlite {

// ref: pysqlite_microprotocols_adapt. `fallback` Undefined: ProgrammingError "can't adapt".
Ref adapt_py(Thread& t, Value object, Value protocol, Value fallback) {
  Ref key = tupleOf(t, {Value(typeOf(t, object)), protocol});
  Value adapter = dictGet_py(t, state.adapters.as<Dict>(), key.get());
  if (adapter.defined()) {
    Ref held = Ref::of(adapter);
    return callArgs_py(t, held.get(), object);
  }
  if (isPending(t)) return kRaised;
  struct Way {
    Value on, argument;
    const char* method;
  };
  for (const Way& way : {Way{protocol, object, "__adapt__"}, Way{object, protocol, "__conform__"}}) {
    Ref method = findAttr_py(t, way.on, intern(*t.isolate, way.method));
    if (!method) {
      if (isPending(t)) return kRaised;
      continue;
    }
    Ref adapted = callArgs_py(t, method.get(), way.argument);
    if (!adapted) {
      if (!pendingMatches(t, errors(t).type_error)) return kRaised;
      clearException(t);
    } else if (!adapted.get().isNone()) {
      return adapted;
    }
  }
  if (fallback.defined()) return Ref::of(fallback);
  return raise(t, state.errors.programming_error, "can't adapt");
}
static bool needsAdapting(Value v) {
  if (state.has_type_adapters) return true;
  return !(isExactInt(v) || v.isFloat() || isExactStr(v) || isExact(v, TypeId::kByteArray) || v.isNone());
}
static Status bindOne_py(Thread& t, Statement* s, int at, Value given, const char* name) {
  Ref held = needsAdapting(given) ? adapt_py(t, given, Value(state.protocol), given) : Ref::of(given);
  if (!held) return kRaised;
  Value v = held.get();
  int code;
  if (v.isNone()) {
    code = sqlite3_bind_null(s->handle, at);
  } else if (isIntLike(v)) {
    int64_t n;
    if (!intFits(v, n)) return raiseOverflowError(t, "Python int too large to convert to SQLite INTEGER");
    code = sqlite3_bind_int64(s->handle, at, n);
  } else if (isFloatLike(v)) {
    code = sqlite3_bind_double(s->handle, at, floatValue(v));
  } else if (isStr(v)) {
    const Str* text = v.as<Str>();
    for (int64_t i = 0; !text->is_ascii && i < text->length; ++i) {
      if (text->at(i) >= 0xd800 && text->at(i) < 0xe000) {
        Ref failed = callMethod_py(t, v, intern(*t.isolate, "encode"), newStr(t, "utf-8").get());
        if (!failed) return kRaised;
      }
    }
    std::string utf8 = toUtf8(text);
    if (utf8.size() > INT32_MAX) return raiseOverflowError(t, "string longer than INT_MAX bytes");
    code = sqlite3_bind_text(s->handle, at, utf8.data(), static_cast<int>(utf8.size()), SQLITE_TRANSIENT);
  } else if (isBytesLike(v)) {
    Buffer data;
    TRY(data.acquire(t, v));
    if (data.size() > INT32_MAX) return raiseOverflowError(t, "BLOB longer than INT_MAX bytes");
    code = sqlite3_bind_blob(s->handle, at, data.data() == nullptr ? reinterpret_cast<const uint8_t*>("") : data.data(), static_cast<int>(data.size()), SQLITE_TRANSIENT);
  } else {
    if (name != nullptr) return raise(t, state.errors.programming_error, "Error binding parameter ':%s': type '%s' is not supported", name, typeNameOf(t, v));
    return raise(t, state.errors.programming_error, "Error binding parameter %d: type '%s' is not supported", at, typeNameOf(t, v));
  }
  if (code != SQLITE_OK) return raiseDatabase(t, sqlite3_db_handle(s->handle));
  return kDone;
}
Status bindParameters_py(Thread& t, Connection*, Statement* s, Value parameters) {
  int needed = sqlite3_bind_parameter_count(s->handle);
  bool is_sequence = isTuple(parameters) || isList(parameters);
  if (!is_sequence && !isDict(parameters)) {
    Type* type = typeOf(t, parameters);
    Ref method = type->slots.get_item != nullptr && type->slots.length != nullptr ? findSpecial_py(t, parameters, intern(*t.isolate, "keys")) : Ref();
    if (!method && isPending(t)) return kRaised;
    is_sequence = !method && type->slots.get_item != nullptr && type->slots.length != nullptr;
  }
  if (is_sequence) {
    int64_t given = TRY(length_py(t, parameters));
    if (given != needed) {
      return raise(t, state.errors.programming_error, "Incorrect number of bindings supplied. The current statement uses %d, and there are %lld supplied.", needed, static_cast<long long>(given));
    }
    for (int i = 0; i < needed; ++i) {
      const char* name = sqlite3_bind_parameter_name(s->handle, i + 1);
      if (name != nullptr && name[0] != '?') {
        return raise(t, state.errors.programming_error, "Binding %d ('%s') is a named parameter, but you supplied a sequence which requires nameless (qmark) placeholders.", i + 1, name);
      }
      Ref item = isTuple(parameters) ? Ref::of((*parameters.as<Tuple>())[i]) : getItem_py(t, parameters, Value::fromInt(i));
      if (!item) return kRaised;
      TRY(bindOne_py(t, s, i + 1, item.get(), nullptr));
    }
    return kDone;
  }
  if (typeOf(t, parameters)->slots.get_item == nullptr) return raise(t, state.errors.programming_error, "parameters are of unsupported type");
  for (int i = 1; i <= needed; ++i) {
    const char* name = sqlite3_bind_parameter_name(s->handle, i);
    if (name == nullptr) return raise(t, state.errors.programming_error, "Binding %d has no name, but you supplied a dictionary (which has only names).", i);
    ++name;  // the colon
    Ref key = newStr(t, name);
    Ref item = getItem_py(t, parameters, key.get());
    if (!item) {
      if (!pendingMatches(t, errors(t).lookup_error)) return kRaised;
      clearException(t);
      return raise(t, state.errors.programming_error, "You did not supply a value for binding parameter :%s.", name);
    }
    TRY(bindOne_py(t, s, i, item.get(), name));
  }
  return kDone;
}

static bool isUtf8(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    unsigned char c = static_cast<unsigned char>(s[i]);
    size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;
    if (more == 9 || i + more >= s.size() + (more == 0)) return false;
    for (size_t k = 1; k <= more; ++k) {
      if (i + k >= s.size() || (static_cast<unsigned char>(s[i + k]) & 0xc0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}
Ref columnText_py(Thread& t, Connection* c, const char* text, int size, const char* column) {
  std::string_view view(text == nullptr ? "" : text, static_cast<size_t>(size));
  Value factory = c->text_factory;
  if (factory == Value(t.types().str)) {
    if (isUtf8(view)) return newStr(t, view);
    return raise(t, state.errors.operational_error, "Could not decode to UTF-8 column '%s' with text '%s'", column, std::string(view).c_str());
  }
  if (factory == Value(t.types().bytes)) return newBytes(t, view);
  if (factory == Value(t.types().bytearray)) return newByteArray(t, view);
  Ref bytes = newBytes(t, view);
  return callArgs_py(t, factory, bytes.get());
}
Ref fromSqlite_py(Thread& t, sqlite3_value* v) {
  switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return newInt(t, sqlite3_value_int64(v));
    case SQLITE_FLOAT: return newFloat(sqlite3_value_double(v));
    case SQLITE_TEXT: {
      const char* text = reinterpret_cast<const char*>(sqlite3_value_text(v));
      return newStr(t, {text == nullptr ? "" : text, static_cast<size_t>(sqlite3_value_bytes(v))});
    }
    case SQLITE_BLOB: {
      const char* data = static_cast<const char*>(sqlite3_value_blob(v));
      return newBytes(t, {data == nullptr ? "" : data, static_cast<size_t>(sqlite3_value_bytes(v))});
    }
    default: return Ref::none();
  }
}
bool setResult_py(Thread& t, sqlite3_context* context, Value v) {
  if (v.isNone()) {
    sqlite3_result_null(context);
  } else if (isIntLike(v)) {
    int64_t n;
    if (!intFits(v, n)) {
      (void)raiseOverflowError(t, "Python int too large to convert to SQLite INTEGER");
      return false;
    }
    sqlite3_result_int64(context, n);
  } else if (isFloatLike(v)) {
    sqlite3_result_double(context, floatValue(v));
  } else if (isStr(v)) {
    std::string utf8 = toUtf8(v.as<Str>());
    sqlite3_result_text(context, utf8.data(), static_cast<int>(utf8.size()), SQLITE_TRANSIENT);
  } else if (isBytesLike(v)) {
    Buffer data;
    if (data.acquire(t, v).failed) return false;
    sqlite3_result_blob(context, data.data(), static_cast<int>(data.size()), SQLITE_TRANSIENT);
  } else {
    return false;
  }
  return true;
}

}  // namespace krait::modules::sqlite

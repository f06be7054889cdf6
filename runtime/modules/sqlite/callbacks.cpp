// What SQLite calls back: functions, aggregates, collations, hooks. They run with the lock taken back; an exception makes the
// statement fail (the last one stays pending only where SQLite has no way to say so).
#include "runtime/modules/sqlite/sqlite.h"

namespace krait::modules::sqlite {

// One Python object that SQLite keeps a pointer to.
struct Callback {
  Value callee;
  Connection* connection;
};
static void freeCallback(void* data) {
  Callback* c = static_cast<Callback*>(data);
  // SQLite calls this with or without the lock held, always on a thread that had it: the reference moves to the connection.
  c->connection->d->kept.push_back(c->callee);
  delete c;
}
static Callback* newCallback(Connection* c, Value callee) { return new Callback{share(callee), c}; }
void releaseCallbacks(Connection* c) {
  std::vector<Value> kept;
  kept.swap(c->d->kept);
  for (Value v : kept) decref(v);
}
static void dropException(Thread& t) {
  if (!isPending(t)) return;
  if (state.shows_callback_errors) writeUnraisable_py(t, "Exception ignored in sqlite3 callback", Value::none());
  else clearException(t);
}
// The error that a function's exception becomes.
static void failContext(Thread& t, sqlite3_context* context, const char* message) {
  if (pendingMatches(t, errors(t).memory_error)) sqlite3_result_error_nomem(context);
  else if (pendingMatches(t, errors(t).overflow_error)) sqlite3_result_error_toobig(context);
  else sqlite3_result_error(context, message, -1);
  dropException(t);
}
static bool gatherArgs(Thread& t, int count, sqlite3_value** values, std::vector<Ref>& held, std::vector<Value>& args) {
  for (int i = 0; i < count; ++i) {
    held.push_back(fromSqlite_py(t, values[i]));
    if (!held.back()) return false;
    args.push_back(held.back().get());
  }
  return true;
}
static void callFunction(sqlite3_context* context, int count, sqlite3_value** values) {
  CallbackScope scope;
  Thread& t = scope.t;
  Callback* c = static_cast<Callback*>(sqlite3_user_data(context));
  std::vector<Ref> held;
  std::vector<Value> args;
  Ref result;
  if (gatherArgs(t, count, values, held, args)) result = call_py(t, c->callee, args.data(), static_cast<uint32_t>(args.size()));
  if (!result || !setResult_py(t, context, result.get())) failContext(t, context, "user-defined function raised exception");
}
// --- aggregates: the instance lives in the context's memory
static Value* instanceOf(Thread& t, sqlite3_context* context, bool make) {
  Value* slot = static_cast<Value*>(sqlite3_aggregate_context(context, make ? sizeof(Value) : 0));
  if (slot == nullptr) return nullptr;
  if (slot->isUndefined() && make) {
    Callback* c = static_cast<Callback*>(sqlite3_user_data(context));
    *slot = call_py(t, c->callee, nullptr, 0).release();
    if (slot->isUndefined()) failContext(t, context, "user-defined aggregate's '__init__' method raised error");
  }
  return slot;
}
template <bool inverse>
static void callStep(sqlite3_context* context, int count, sqlite3_value** values) {
  CallbackScope scope;
  Thread& t = scope.t;
  Value* instance = instanceOf(t, context, true);
  if (instance == nullptr || instance->isUndefined()) return;
  std::vector<Ref> held;
  std::vector<Value> args;
  Ref result;
  Ref method = findAttr_py(t, *instance, intern(*t.isolate, inverse ? "inverse" : "step"));
  if (!method && !isPending(t)) return failContext(t, context, inverse ? "user-defined aggregate's 'inverse' method not defined" : "user-defined aggregate's 'step' method not defined");
  if (method && gatherArgs(t, count, values, held, args)) result = call_py(t, method.get(), args.data(), static_cast<uint32_t>(args.size()));
  if (!result) failContext(t, context, inverse ? "user-defined aggregate's 'inverse' method raised error" : "user-defined aggregate's 'step' method raised error");
}
static void callValue(sqlite3_context* context) {
  CallbackScope scope;
  Thread& t = scope.t;
  Value* instance = instanceOf(t, context, true);
  if (instance == nullptr || instance->isUndefined()) return;
  Ref result = callMethod_py(t, *instance, intern(*t.isolate, "value"));
  if (!result || !setResult_py(t, context, result.get())) failContext(t, context, "user-defined aggregate's 'value' method raised error");
}
static void callFinal(sqlite3_context* context) {
  CallbackScope scope;
  Thread& t = scope.t;
  Ref saved = isPending(t) ? takeException(t) : Ref();
  Value* instance = instanceOf(t, context, true);  // also when no row was there
  if (instance != nullptr && instance->defined()) {
    Ref held = Ref::steal(*instance);
    *instance = Value();
    Ref result = callMethod_py(t, held.get(), intern(*t.isolate, "finalize"));
    if (!result || !setResult_py(t, context, result.get())) {
      bool is_missing = pendingMatches(t, errors(t).attribute_error);
      failContext(t, context, is_missing ? "user-defined aggregate's 'finalize' method not defined" : "user-defined aggregate's 'finalize' method raised error");
    }
  }
  if (saved) restoreException(t, std::move(saved));
}
static int callCollation(void* data, int n1, const void* a, int n2, const void* b) {
  CallbackScope scope;
  Thread& t = scope.t;
  if (isPending(t)) return 0;
  Ref x = newStr(t, {static_cast<const char*>(a), static_cast<size_t>(n1)}), y = newStr(t, {static_cast<const char*>(b), static_cast<size_t>(n2)});
  Ref result = callArgs_py(t, static_cast<Callback*>(data)->callee, x.get(), y.get());
  if (!result || !isIntLike(result.get())) {
    dropException(t);
    return 0;
  }
  return intIsNegative(result.get()) ? -1 : intIsZero(result.get()) ? 0 : 1;
}
static int callAuthorizer(void* data, int action, const char* a, const char* b, const char* c, const char* d) {
  CallbackScope scope;
  Thread& t = scope.t;
  auto text = [&](const char* s) { return s == nullptr ? Ref::none() : newStr(t, s); };
  Ref r1 = text(a), r2 = text(b), r3 = text(c), r4 = text(d);
  Ref result = callArgs_py(t, static_cast<Connection*>(data)->authorizer, Value::fromInt(action), r1.get(), r2.get(), r3.get(), r4.get());
  int64_t n;
  if (result && isIntLike(result.get()) && intFits(result.get(), n)) return static_cast<int>(n);
  dropException(t);
  return SQLITE_DENY;
}
static int callProgress(void* data) {
  CallbackScope scope;
  Thread& t = scope.t;
  Ref result = call_py(t, static_cast<Connection*>(data)->progress, nullptr, 0);
  Fallible<bool> stop = result ? isTrue_py(t, result.get()) : Fallible<bool>(kRaised);
  if (!stop.failed) return stop.value;
  dropException(t);
  return 1;
}
static int callTrace(unsigned, void* data, void* statement, void* sql) {
  CallbackScope scope;
  Thread& t = scope.t;
  const char* unexpanded = static_cast<const char*>(sql);
  bool is_comment = unexpanded[0] == '-' && unexpanded[1] == '-';
  char* expanded = is_comment ? nullptr : sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
  Ref text = newStr(t, expanded != nullptr ? expanded : unexpanded);
  sqlite3_free(expanded);
  Ref result = callArgs_py(t, static_cast<Connection*>(data)->trace, text.get());
  if (!result) dropException(t);
  return 0;
}

// --- methods of Connection
#define CHECKED                                \
  Connection* c = connectionOf(a[0]);          \
  TRY(checkThread(t, c));                      \
  TRY(checkConnection(t, c))
static Fallible<std::string> nameArg(Thread& t, Value v) {
  if (!isStr(v)) return raiseTypeError(t, "argument 1 must be str, not %s", typeNameOf(t, v));
  return toUtf8(v.as<Str>());
}
static Ref createFunction(Thread& t, const Value* a) {
  std::string name = TRY(nameArg(t, a[1]));
  int count = TRY(toCInt_py(t, a[2])), flags = SQLITE_UTF8;
  if (TRY(isTrue_py(t, a[4]))) flags |= SQLITE_DETERMINISTIC;
  CHECKED;
  int code = a[3].isNone() ? sqlite3_create_function_v2(c->db, name.c_str(), count, flags, nullptr, nullptr, nullptr, nullptr, nullptr)
                           : sqlite3_create_function_v2(c->db, name.c_str(), count, flags, newCallback(c, a[3]), callFunction, nullptr, nullptr, freeCallback);
  if (code != SQLITE_OK) return raise(t, state.errors.operational_error, "Error creating function");
  return Ref::none();
}
static Ref createAggregate(Thread& t, const Value* a) {
  std::string name = TRY(nameArg(t, a[1]));
  int count = TRY(toCInt_py(t, a[2]));
  CHECKED;
  int code = a[3].isNone() ? sqlite3_create_function_v2(c->db, name.c_str(), count, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr)
                           : sqlite3_create_function_v2(c->db, name.c_str(), count, SQLITE_UTF8, newCallback(c, a[3]), nullptr, callStep<false>, callFinal, freeCallback);
  if (code != SQLITE_OK) return raise(t, state.errors.operational_error, "Error creating aggregate");
  return Ref::none();
}
static Ref createWindow(Thread& t, const Value* a) {
  std::string name = TRY(nameArg(t, a[1]));
  int count = TRY(toCInt_py(t, a[2]));
  CHECKED;
  int code = a[3].isNone() ? sqlite3_create_window_function(c->db, name.c_str(), count, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr)
                           : sqlite3_create_window_function(c->db, name.c_str(), count, SQLITE_UTF8, newCallback(c, a[3]), callStep<false>, callFinal, callValue, callStep<true>, freeCallback);
  if (code != SQLITE_OK) return raiseDatabase(t, c->db);
  return Ref::none();
}
static Ref createCollation(Thread& t, const Value* a) {
  CHECKED;
  std::string name = TRY(nameArg(t, a[1]));
  if (!a[2].isNone() && !isCallable(t, a[2])) return raiseTypeError(t, "parameter must be callable");
  int code = a[2].isNone() ? sqlite3_create_collation_v2(c->db, name.c_str(), SQLITE_UTF8, nullptr, nullptr, nullptr)
                           : sqlite3_create_collation_v2(c->db, name.c_str(), SQLITE_UTF8, newCallback(c, a[2]), callCollation, freeCallback);
  if (code != SQLITE_OK) return raiseDatabase(t, c->db);
  return Ref::none();
}
static Ref setAuthorizer(Thread& t, const Value* a) {
  CHECKED;
  assign(c->authorizer, a[1].isNone() ? Value() : a[1]);
  if (sqlite3_set_authorizer(c->db, a[1].isNone() ? nullptr : callAuthorizer, c) != SQLITE_OK) return raise(t, state.errors.operational_error, "Error setting authorizer callback");
  return Ref::none();
}
static Ref setProgress(Thread& t, const Value* a) {
  int every = TRY(toCInt_py(t, a[2]));
  CHECKED;
  assign(c->progress, a[1].isNone() ? Value() : a[1]);
  sqlite3_progress_handler(c->db, a[1].isNone() ? 0 : every, a[1].isNone() ? nullptr : callProgress, c);
  return Ref::none();
}
static Ref setTrace(Thread& t, const Value* a) {
  CHECKED;
  assign(c->trace, a[1].isNone() ? Value() : a[1]);
  sqlite3_trace_v2(c->db, a[1].isNone() ? 0 : SQLITE_TRACE_STMT, a[1].isNone() ? nullptr : callTrace, c);
  return Ref::none();
}
const NativeDef kCallbackMethods[] = {
    {"create_function", "($self, name, narg, func, /, *, deterministic=False)", createFunction, "Creates a new function."},
    {"create_aggregate", "($self, name, n_arg, aggregate_class, /)", createAggregate, "Creates a new aggregate."},
    {"create_window_function", "($self, name, num_params, aggregate_class, /)", createWindow, "Creates or redefines an aggregate window function."},
    {"create_collation", "($self, name, callback, /)", createCollation, "Creates a collation function."},
    {"set_authorizer", "($self, authorizer_callback, /)", setAuthorizer, "Set authorizer callback."},
    {"set_progress_handler", "($self, progress_handler, /, n)", setProgress, "Set progress handler callback."},
    {"set_trace_callback", "($self, trace_callback, /)", setTrace, "Set a trace callback called for each SQL statement."}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules::sqlite

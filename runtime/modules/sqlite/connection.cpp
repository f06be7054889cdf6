// sqlite3.Connection.
#include <pthread.h>

#include "runtime/modules/audit.h"
#include "runtime/modules/os_support.h"
#include "runtime/modules/sqlite/sqlite.h"
#include "runtime/object/import.h"

namespace krait::modules::sqlite {

Connection* connectionOf(Value v) { return v.as<Connection>(); }
static Connection* self(Value v) { return v.as<Connection>(); }

Status checkConnection(Thread& t, Connection* c) {
  if (!c->is_initialised) return raise(t, state.errors.programming_error, "Base Connection.__init__ not called.");
  if (c->db == nullptr) return raise(t, state.errors.programming_error, "Cannot operate on a closed database.");
  return kDone;
}
Status checkThread(Thread& t, Connection* c) {
  uint64_t here = static_cast<uint64_t>(pthread_self());
  if (!c->is_initialised || !c->check_same_thread || c->thread == here) return kDone;
  return raise(t, state.errors.programming_error, "SQLite objects created in a thread can only be used in that same thread. The object was created in thread id %llu and this is thread id %llu.",
               static_cast<unsigned long long>(c->thread), static_cast<unsigned long long>(here));
}
#define CHECKED(v)               \
  TRY(checkThread(t, self(v))); \
  TRY(checkConnection(t, self(v)))

static const char* beginStatement(std::string_view level) {
  static constexpr const char* kBegins[] = {"BEGIN ", "BEGIN DEFERRED", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"};
  for (const char* begin : kBegins) {
    std::string_view word = std::string_view(begin).substr(6);
    if (word.size() == level.size() && strncasecmp(word.data(), level.data(), level.size()) == 0) return begin;
  }
  return nullptr;
}
static Status setLevel(Thread& t, Connection* c, Value level) {
  if (level.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  if (level.isNone()) {
    c->begin = nullptr;
    if (c->db != nullptr && c->autocommit == kLegacyTransactions && !sqlite3_get_autocommit(c->db)) TRY(runSql(t, c, "COMMIT"));
  } else {
    if (!isStr(level)) return raiseTypeError(t, "isolation_level must be str or None");
    const char* begin = beginStatement(toUtf8(level.as<Str>()));
    if (begin == nullptr) return raiseValueError(t, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
    c->begin = begin;
  }
  assign(c->isolation_level, level);
  return kDone;
}
static Fallible<int> autocommitArg_py(Thread& t, Value v) {
  if (v.isBool()) return v.isTrue() ? 1 : 0;
  if (v.isInt() && v.asInt() == kLegacyTransactions) return kLegacyTransactions;
  return raiseValueError(t, "autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL");
}

static Ref connectionMake(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  Connection* c = allocate<Connection>(type);
  c->d = new ConnectionData;
  c->row_factory = Value::none();
  c->text_factory = share(Value(t.types().str));
  c->isolation_level = newStr(t, "").release();
  gcTrack(c);
  return Ref::steal(c);
}
static void closeDatabase(Connection* c) {
  clearStatements(c);
  closeBlobs(c);
  sqlite3* db = c->db;
  c->db = nullptr;
  if (db != nullptr) sqlite3_close_v2(db);
}
// A callback of a running statement must leave the connection as it is: the statement goes on when the callback is back.
static Status checkIdle(Thread& t, Connection* c) {
  for (Object* o : c->d->cursors) {
    if (static_cast<Cursor*>(o)->is_locked) return raise(t, state.errors.programming_error, "Cannot close a connection while one of its statements runs.");
  }
  return kDone;
}
static Status connectionInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Connection", "(database, timeout=<unset>, detect_types=0, isolation_level=<unset>, check_same_thread=True, cached_statements=128, uri=False, *, autocommit=<unset>)", args, nargs, keywords, a));
  Connection* c = self(v);
  if (c->is_initialised) {
    TRY(checkIdle(t, c));
    closeDatabase(c);
  }
  c->is_initialised = false;
  TRY(audit_py(t, "sqlite3.connect", {a[0]}));
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "connect", "database", path));
  double timeout = a[1].isUndefined() ? 5.0 : TRY(toDouble_py(t, a[1]));
  c->detect_types = static_cast<int>(TRY(toInt64_py(t, a[2])));
  c->check_same_thread = TRY(isTrue_py(t, a[4]));
  c->d->cache_limit = static_cast<size_t>(std::max<int64_t>(0, TRY(toInt64_py(t, a[5]))));
  bool is_uri = TRY(isTrue_py(t, a[6]));
  c->autocommit = a[7].isUndefined() ? kLegacyTransactions : TRY(autocommitArg_py(t, a[7]));
  Ref empty = newStr(t, "");
  c->begin = nullptr;
  TRY(setLevel(t, c, a[3].isUndefined() ? empty.get() : a[3]));
  sqlite3* db = nullptr;
  int code = unlocked(t, [&] {
    int opened = sqlite3_open_v2(path.text.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (is_uri ? SQLITE_OPEN_URI : 0), nullptr);
    if (opened == SQLITE_OK) sqlite3_busy_timeout(db, static_cast<int>(timeout * 1000));
    return opened;
  });
  if (db == nullptr) return raiseMemoryError(t);
  if (code != SQLITE_OK) {
    (void)raiseDatabase(t, db);
    sqlite3_close(db);
    return kRaised;
  }
  sqlite3_extended_result_codes(db, 1);
  c->db = db;
  c->thread = static_cast<uint64_t>(pthread_self());
  c->is_initialised = true;
  TRY(audit_py(t, "sqlite3.connect/handle", {v}));
  if (c->autocommit == 0) TRY(runSql(t, c, "BEGIN"));
  return kDone;
}

// --- transactions
static Ref endTransaction(Thread& t, Value v, const char* sql) {
  CHECKED(v);
  Connection* c = self(v);
  if (c->autocommit == kLegacyTransactions) {
    if (!sqlite3_get_autocommit(c->db)) TRY(runSql(t, c, sql));
  } else if (c->autocommit == 0) {
    TRY(runSql(t, c, sql));
    TRY(runSql(t, c, "BEGIN"));
  }
  return Ref::none();
}
static Ref commit(Thread& t, const Value* a) { return endTransaction(t, a[0], "COMMIT"); }
static Ref rollback(Thread& t, const Value* a) { return endTransaction(t, a[0], "ROLLBACK"); }
static Ref closeMethod(Thread& t, const Value* a) {
  TRY(checkThread(t, self(a[0])));
  Connection* c = self(a[0]);
  if (!c->is_initialised) return raise(t, state.errors.programming_error, "Base Connection.__init__ not called.");
  TRY(checkIdle(t, c));
  if (c->db != nullptr && c->autocommit == 0 && !sqlite3_get_autocommit(c->db)) TRY(runSql(t, c, "ROLLBACK"));
  closeDatabase(c);
  return Ref::none();
}
static Ref enter(Thread& t, const Value* a) {
  TRY(checkConnection(t, self(a[0])));
  return Ref::of(a[0]);
}
static Ref leave(Thread& t, const Value* a) {
  bool failed = !a[1].isNone();
  Ref done = callMethod_py(t, a[0], intern(*t.isolate, failed ? "rollback" : "commit"));
  if (!done) {
    if (failed) return kRaised;
    Ref exception = takeException(t);  // a commit that failed is undone
    if (!callMethod_py(t, a[0], intern(*t.isolate, "rollback"))) clearException(t);
    restoreException(t, std::move(exception));
    return kRaised;
  }
  return Ref::boolean(false);
}

// --- cursors and shortcuts
static Ref cursorMethod(Thread& t, const Value* a) { return newCursor_py(t, a[0], a[1]); }
static Ref shortcut(Thread& t, const Value* a, const char* name, int count) {
  Ref cursor = TRY(callMethod_py(t, a[0], intern(*t.isolate, "cursor")));
  return callMethodArgs_py(t, cursor.get(), intern(*t.isolate, name), a + 1, static_cast<uint32_t>(count));
}
static Ref execute(Thread& t, const Value* a) { return shortcut(t, a, "execute", a[2].isUndefined() ? 1 : 2); }
static Ref executeMany(Thread& t, const Value* a) { return shortcut(t, a, "executemany", 2); }
static Ref executeScript(Thread& t, const Value* a) { return shortcut(t, a, "executescript", 1); }
static Ref callConnection(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Connection", "(sql, /)", args, nargs, keywords, a));
  CHECKED(v);
  Statement* s = prepare_py(t, self(v), a[0]);
  if (s == nullptr) return kRaised;
  giveBack(self(v), s);
  return Ref::none();
}
static Ref interrupt(Thread& t, const Value* a) {
  TRY(checkConnection(t, self(a[0])));
  sqlite3_interrupt(self(a[0])->db);
  return Ref::none();
}
static Ref iterDump(Thread& t, const Value* a) {
  TRY(checkConnection(t, self(a[0])));
  Ref function = TRY(importAttr_py(t, "sqlite3.dump", "_iterdump"));
  Ref filter_name = newStr(t, "filter"), names = tupleOf(t, {filter_name.get()});
  Value args[2] = {a[0], a[1]};
  return call_py(t, function.get(), args, 1, names.as<Tuple>());
}
static Ref backup(Thread& t, const Value* a) {
  if (!isInstanceOf(t, a[1], state.connection)) return raiseTypeError(t, "backup() argument 'target' must be sqlite3.Connection, not %s", typeNameOf(t, a[1]));
  int pages = TRY(toCInt_py(t, a[2]));
  if (pages == 0) pages = -1;
  std::string name = isStr(a[4]) ? toUtf8(a[4].as<Str>()) : "main";
  double pause = a[5].isUndefined() ? 0.25 : TRY(toDouble_py(t, a[5]));
  CHECKED(a[0]);
  if (a[0] == a[1]) return raiseValueError(t, "target cannot be the same connection instance");
  TRY(checkConnection(t, self(a[1])));
  sqlite3* to = self(a[1])->db;
  sqlite3_backup* handle = unlocked(t, [&] { return sqlite3_backup_init(to, "main", self(a[0])->db, name.c_str()); });
  if (handle == nullptr) return raiseDatabase(t, to);
  int code;
  do {
    code = unlocked(t, [&] { return sqlite3_backup_step(handle, pages); });
    if (!a[3].isNone() && !callArgs_py(t, a[3], Value::fromInt(code), Value::fromInt(sqlite3_backup_remaining(handle)), Value::fromInt(sqlite3_backup_pagecount(handle)))) {
      sqlite3_backup_finish(handle);
      return kRaised;
    }
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) unlocked(t, [&] { return sqlite3_sleep(static_cast<int>(pause * 1000)); });
  } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
  code = unlocked(t, [&] { return sqlite3_backup_finish(handle); });
  if (code != SQLITE_OK) return raiseDatabase(t, to);
  return Ref::none();
}
static Ref serialize(Thread& t, const Value* a) {
  CHECKED(a[0]);
  std::string name = isStr(a[1]) ? toUtf8(a[1].as<Str>()) : "main";
  sqlite3_int64 size = 0;
  unsigned char* data = unlocked(t, [&] { return sqlite3_serialize(self(a[0])->db, name.c_str(), &size, 0); });
  if (data == nullptr) return raise(t, state.errors.operational_error, "unable to serialize '%s'", name.c_str());
  Ref out = newBytes(t, {reinterpret_cast<char*>(data), static_cast<size_t>(size)});
  sqlite3_free(data);
  return out;
}
static Ref deserialize(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[1]));
  CHECKED(a[0]);
  std::string name = isStr(a[2]) ? toUtf8(a[2].as<Str>()) : "main";
  unsigned char* copy = static_cast<unsigned char*>(sqlite3_malloc64(static_cast<uint64_t>(data.size())));
  if (copy == nullptr) return raiseMemoryError(t);
  std::copy(data.data(), data.data() + data.size(), copy);
  int code = sqlite3_deserialize(self(a[0])->db, name.c_str(), copy, data.size(), data.size(), SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  if (code != SQLITE_OK) return raiseDatabase(t, self(a[0])->db);
  return Ref::none();
}
static Ref getLimit(Thread& t, const Value* a) {
  int category = TRY(toCInt_py(t, a[1]));
  CHECKED(a[0]);
  int value = sqlite3_limit(self(a[0])->db, category, -1);
  if (value < 0) return raise(t, state.errors.programming_error, "'category' is out of bounds");
  return newIntSmall(value);
}
static Ref setLimit(Thread& t, const Value* a) {
  int category = TRY(toCInt_py(t, a[1])), limit = TRY(toCInt_py(t, a[2]));
  CHECKED(a[0]);
  int value = sqlite3_limit(self(a[0])->db, category, limit);
  if (value < 0) return raise(t, state.errors.programming_error, "'category' is out of bounds");
  return newIntSmall(value);
}
static Ref config(Thread& t, Value v, Value option, int value) {
  int which = TRY(toCInt_py(t, option)), now = 0;
  CHECKED(v);
  if (which < SQLITE_DBCONFIG_ENABLE_FKEY || which > SQLITE_DBCONFIG_MAX) return raiseValueError(t, "unknown config 'op': %d", which);
  int code = sqlite3_db_config(self(v)->db, which, value, &now);
  if (code != SQLITE_OK) return raiseDatabase(t, self(v)->db);
  return Ref::boolean(now != 0);
}
static Ref getConfig(Thread& t, const Value* a) { return config(t, a[0], a[1], -1); }
static Ref setConfig(Thread& t, const Value* a) {
  int which = TRY(toCInt_py(t, a[1]));
  bool on = TRY(isTrue_py(t, a[2]));
  Ref now = TRY(config(t, a[0], Value::fromInt(which), on));
  if (now.get().isTrue() != on) return raise(t, state.errors.operational_error, "Unable to set config");
  return Ref::none();
}
static Ref enableExtensions(Thread& t, const Value* a) {
  bool enable = TRY(isTrue_py(t, a[1]));
  CHECKED(a[0]);
  TRY(audit_py(t, "sqlite3.enable_load_extension", {a[0], Value::fromBool(enable)}));
  CHECKED(a[0]);
  if (sqlite3_enable_load_extension(self(a[0])->db, enable) != SQLITE_OK) return raise(t, state.errors.operational_error, "Error enabling load extension");
  return Ref::none();
}
static Ref loadExtension(Thread& t, const Value* a) {
  CHECKED(a[0]);
  if (!isStr(a[1])) return raiseTypeError(t, "load_extension() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  std::string entry = isStr(a[2]) ? toUtf8(a[2].as<Str>()) : "";
  TRY(audit_py(t, "sqlite3.load_extension", {a[0], a[1]}));
  CHECKED(a[0]);
  char* message = nullptr;
  if (sqlite3_load_extension(self(a[0])->db, toUtf8(a[1].as<Str>()).c_str(), isStr(a[2]) ? entry.c_str() : nullptr, &message) != SQLITE_OK) {
    (void)raise(t, state.errors.operational_error, "%s", message == nullptr ? "" : message);
    sqlite3_free(message);
    return kRaised;
  }
  return Ref::none();
}
static Ref blobOpen(Thread& t, const Value* a) {
  CHECKED(a[0]);
  return openBlob_py(t, a[0], a + 1);
}

// --- attributes
static Ref getLevel(Thread& t, Value v) {
  TRY(checkConnection(t, self(v)));
  return Ref::of(self(v)->isolation_level);
}
static Status setLevelAttribute(Thread& t, Value v, Value value) { return setLevel(t, self(v), value); }
static Ref getTotalChanges(Thread& t, Value v) {
  TRY(checkConnection(t, self(v)));
  return newIntSmall(sqlite3_total_changes(self(v)->db));
}
static Ref getInTransaction(Thread& t, Value v) {
  TRY(checkConnection(t, self(v)));
  return Ref::boolean(!sqlite3_get_autocommit(self(v)->db));
}
static Ref getAutocommit(Thread& t, Value v) {
  CHECKED(v);
  return self(v)->autocommit == kLegacyTransactions ? newIntSmall(kLegacyTransactions) : Ref::boolean(self(v)->autocommit == 1);
}
static Status setAutocommit(Thread& t, Value v, Value value) {
  CHECKED(v);
  Connection* c = self(v);
  int wanted = TRY(autocommitArg_py(t, value));
  if (wanted == 1 && !sqlite3_get_autocommit(c->db)) TRY(runSql(t, c, "COMMIT"));
  if (wanted == 0 && sqlite3_get_autocommit(c->db)) TRY(runSql(t, c, "BEGIN"));
  c->autocommit = wanted;
  return kDone;
}
template <Value Connection::*field>
static Ref getField(Thread&, Value v) { return Ref::of(self(v)->*field); }
template <Value Connection::*field>
static Status setField(Thread&, Value v, Value value) { return assign(self(v)->*field, value.isUndefined() ? Value::none() : value), kDone; }
template <Type* Errors::*field>
static Ref getError(Thread&, Value) { return Ref::of(Value(state.errors.*field)); }
static const GetSetDef kGetSets[] = {{"isolation_level", getLevel, setLevelAttribute}, {"total_changes", getTotalChanges}, {"in_transaction", getInTransaction}, {"autocommit", getAutocommit, setAutocommit},
    {"row_factory", getField<&Connection::row_factory>, setField<&Connection::row_factory>}, {"text_factory", getField<&Connection::text_factory>, setField<&Connection::text_factory>},
    {"Warning", getError<&Errors::warning>}, {"Error", getError<&Errors::error>}, {"InterfaceError", getError<&Errors::interface_error>}, {"DatabaseError", getError<&Errors::database_error>},
    {"DataError", getError<&Errors::data_error>}, {"OperationalError", getError<&Errors::operational_error>}, {"IntegrityError", getError<&Errors::integrity_error>},
    {"InternalError", getError<&Errors::internal_error>}, {"ProgrammingError", getError<&Errors::programming_error>}, {"NotSupportedError", getError<&Errors::not_supported_error>}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {
    {"cursor", "($self, /, factory=<unset>)", cursorMethod, "Return a cursor for the connection."}, {"commit", "($self, /)", commit, "Commit any pending transaction to the database."},
    {"rollback", "($self, /)", rollback, "Roll back to the start of any pending transaction."}, {"close", "($self, /)", closeMethod, "Close the database connection."},
    {"execute", "($self, sql, parameters=<unset>, /)", execute, "Executes an SQL statement."}, {"executemany", "($self, sql, parameters, /)", executeMany, "Repeatedly executes an SQL statement."},
    {"executescript", "($self, sql_script, /)", executeScript, "Executes multiple SQL statements at once."}, {"interrupt", "($self, /)", interrupt, "Abort any pending database operation."},
    {"iterdump", "($self, /, *, filter=None)", iterDump, "Returns iterator to the dump of the database in an SQL text format."},
    {"backup", "($self, /, target, *, pages=-1, progress=None, name='main', sleep=<unset>)", backup, "Makes a backup of the database."},
    {"serialize", "($self, /, *, name='main')", serialize, "Serialize a database into a byte string."}, {"deserialize", "($self, data, /, *, name='main')", deserialize, "Load a serialized database."},
    {"getlimit", "($self, category, /)", getLimit, "Get connection run-time limits."}, {"setlimit", "($self, category, limit, /)", setLimit, "Set connection run-time limits."},
    {"getconfig", "($self, op, /)", getConfig, "Query a boolean connection configuration option."}, {"setconfig", "($self, op, enable=True, /)", setConfig, "Set a boolean connection configuration option."},
    {"enable_load_extension", "($self, enable, /)", enableExtensions, "Enable dynamic loading of SQLite extension modules."}, {"load_extension", "($self, name, /, *, entrypoint=None)", loadExtension, "Load SQLite extension module."},
    {"blobopen", "($self, table, column, rowid, /, *, readonly=False, name='main')", blobOpen, "Open and return a BLOB object."},
    {"__enter__", "($self, /)", enter, "Called when the connection is used as a context manager."}, {"__exit__", "($self, type, value, traceback, /)", leave, "Commits or rolls back."}, {nullptr, nullptr, nullptr}};

static void clearConnection(Object* o) {
  Connection* c = static_cast<Connection*>(o);
  for (Value* v : {&c->row_factory, &c->text_factory, &c->isolation_level, &c->trace, &c->authorizer, &c->progress}) clearField(*v);
}
void makeConnectionType(Thread& t, Module* m) {
  std::vector<NativeDef>* all = new std::vector<NativeDef>();  // lives as long as the type
  for (const NativeDef* table : {kMethods, kCallbackMethods}) {
    for (; table->name != nullptr; ++table) all->push_back(*table);
  }
  all->push_back({nullptr, nullptr, nullptr});
  Type* type = state.connection = makeType(*t.isolate, {.name = "sqlite3.Connection", .size = sizeof(Connection), .flags = kTypeBaseable | kTypeGc | kTypeWeakrefable, .methods = all->data(), .getsets = kGetSets,
      .doc = "SQLite database connection object."});
  Slots& s = type->slots;
  s.clear = clearConnection;
  s.dealloc = [](Object* o) {
    Connection* c = static_cast<Connection*>(o);
    closeDatabase(c);
    releaseCallbacks(c);
    clearConnection(o);
    delete c->d;
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    Connection* c = static_cast<Connection*>(o);
    for (Value v : {c->row_factory, c->text_factory, c->isolation_level, c->trace, c->authorizer, c->progress}) visit(v, visitor, context);
    for (Value v : c->d->kept) visit(v, visitor, context);
  };
  s.make = connectionMake;
  s.init = connectionInit;
  s.call = callConnection;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::sqlite

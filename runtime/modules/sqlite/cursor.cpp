// sqlite3.Cursor, prepared statements and their cache.
#include <cstring>

#include "runtime/modules/sqlite/sqlite.h"

namespace krait::modules::sqlite {

static Cursor* self(Value v) { return v.as<Cursor>(); }

// The text behind leading comments and space.
static const char* withoutComments(const char* s) {
  for (;;) {
    if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\f') ++s;
    else if (s[0] == '-' && s[1] == '-') {
      while (*s != '\0' && *s != '\n') ++s;
    } else if (s[0] == '/' && s[1] == '*') {
      const char* end = std::strstr(s + 2, "*/");
      if (end == nullptr) return s + std::strlen(s);
      s = end + 2;
    } else {
      return s;
    }
  }
}
static bool isDml(const char* sql) {
  const char* at = withoutComments(sql);
  for (const char* word : {"insert", "update", "delete", "replace"}) {
    if (strncasecmp(at, word, std::strlen(word)) == 0) return true;
  }
  return false;
}
Statement* prepare_py(Thread& t, Connection* c, Value sql) {
  if (!isStr(sql)) return (void)raiseTypeError(t, "execute() argument 1 must be str, not %s", typeNameOf(t, sql)), nullptr;
  std::string text = toUtf8(sql.as<Str>());
  ConnectionData& d = *c->d;
  if (auto found = d.by_sql.find(text); found != d.by_sql.end()) {
    Statement* s = *found->second;
    d.cached.erase(found->second);
    d.by_sql.erase(found);
    s->in_use = true;
    return s;
  }
  if (static_cast<int>(text.size()) > sqlite3_limit(c->db, SQLITE_LIMIT_SQL_LENGTH, -1)) return (void)raise(t, state.errors.data_error, "query string is too large"), nullptr;
  if (text.find('\0') != std::string::npos) return (void)raise(t, state.errors.programming_error, "the query contains a null character"), nullptr;
  sqlite3_stmt* handle = nullptr;
  const char* tail = nullptr;
  int code = unlocked(t, [&] { return sqlite3_prepare_v2(c->db, text.c_str(), static_cast<int>(text.size()) + 1, &handle, &tail); });
  if (code != SQLITE_OK) {
    (void)raiseDatabase(t, c->db);
    return nullptr;
  }
  if (*withoutComments(tail) != '\0') {
    sqlite3_finalize(handle);
    (void)raise(t, state.errors.programming_error, "You can only execute one statement at a time.");
    return nullptr;
  }
  Statement* s = new Statement;
  s->handle = handle;
  s->is_dml = isDml(text.c_str());
  s->sql = std::move(text);
  s->in_use = true;
  return s;
}
void giveBack(Connection* c, Statement* s) {
  s->in_use = false;
  ConnectionData& d = *c->d;
  sqlite3_reset(s->handle);
  if (s->handle != nullptr) sqlite3_clear_bindings(s->handle);
  if (c->db == nullptr || d.cache_limit == 0 || s->handle == nullptr || d.by_sql.count(s->sql) != 0) {
    delete s;
    return;
  }
  d.cached.push_front(s);
  d.by_sql[s->sql] = d.cached.begin();
  if (d.cached.size() > d.cache_limit) {
    Statement* last = d.cached.back();
    d.by_sql.erase(last->sql);
    d.cached.pop_back();
    delete last;
  }
}
void clearStatements(Connection* c) {
  for (Object* o : c->d->cursors) {
    Cursor* cursor = static_cast<Cursor*>(o);
    delete cursor->statement;
    cursor->statement = nullptr;
  }
  for (Statement* s : c->d->cached) delete s;
  c->d->cached.clear();
  c->d->by_sql.clear();
}
int step(Thread& t, Statement* s) {
  if (s->handle == nullptr) return SQLITE_DONE;
  return unlocked(t, [&] { return sqlite3_step(s->handle); });
}
Status runSql(Thread& t, Connection* c, const char* sql) {
  int code = unlocked(t, [&] {
    sqlite3_stmt* handle = nullptr;
    int made = sqlite3_prepare_v2(c->db, sql, -1, &handle, nullptr);
    if (made == SQLITE_OK) {
      (void)sqlite3_step(handle);
      made = sqlite3_finalize(handle);
    }
    return made;
  });
  if (isPending(t)) return kRaised;
  if (code != SQLITE_OK) return raiseDatabase(t, c->db);
  return kDone;
}

// --- cursor state
static Status checkCursor(Thread& t, Cursor* c) {
  if (!c->is_initialised) return raise(t, state.errors.programming_error, "Base Cursor.__init__ not called.");
  if (c->is_closed) return raise(t, state.errors.programming_error, "Cannot operate on a closed cursor.");
  if (c->is_locked) return raise(t, state.errors.programming_error, "Recursive use of cursors not allowed.");
  TRY(checkThread(t, connectionOf(c->connection)));
  return checkConnection(t, connectionOf(c->connection));
}
static void finish(Cursor* c) {
  if (c->statement == nullptr) return;
  Statement* s = c->statement;
  c->statement = nullptr;
  giveBack(connectionOf(c->connection), s);
}
static Ref none() { return Ref::none(); }
static Ref columnName(Thread& t, Connection* c, const char* name) {
  std::string_view view = name == nullptr ? "" : name;
  if (c->detect_types & kParseColNames) {
    if (size_t bracket = view.find('['); bracket != std::string_view::npos && bracket > 0 && view[bracket - 1] == ' ') view = view.substr(0, bracket - 1);
  }
  return newStr(t, view);
}
static Status describe(Thread& t, Cursor* c) {
  int columns = sqlite3_column_count(c->statement->handle);
  Ref all = newTuple(t, columns);
  for (int i = 0; i < columns; ++i) {
    Ref name = columnName(t, connectionOf(c->connection), sqlite3_column_name(c->statement->handle, i));
    Value n = Value::none();
    all.as<Tuple>()->items()[i] = tupleOf(t, {name.get(), n, n, n, n, n, n}).release();
  }
  assign(c->description, columns == 0 ? Value::none() : all.get());
  return kDone;
}
// The converters of the columns, by declared types and names.
static Status findConverters_py(Thread& t, Cursor* c) {
  Connection* connection = connectionOf(c->connection);
  if (connection->detect_types == 0) return assign(c->row_cast, Value()), kDone;
  Ref all = newList(t);
  for (int i = 0; i < sqlite3_column_count(c->statement->handle); ++i) {
    std::string wanted[2];
    if (connection->detect_types & kParseColNames) {
      const char* name = sqlite3_column_name(c->statement->handle, i);
      std::string_view view = name == nullptr ? "" : name;
      size_t open = view.find('['), close = view.find(']', open == std::string_view::npos ? 0 : open);
      if (open != std::string_view::npos && close != std::string_view::npos) wanted[0] = view.substr(open + 1, close - open - 1);
    }
    if (connection->detect_types & kParseDeclTypes) {
      const char* declared = sqlite3_column_decltype(c->statement->handle, i);
      if (declared != nullptr) wanted[1] = std::string(declared, std::strcspn(declared, " ("));
    }
    Value found;
    for (const std::string& name : wanted) {
      if (name.empty() || found.defined()) continue;
      Ref text = newStr(t, name), key = TRY(callMethod_py(t, text.get(), intern(*t.isolate, "upper")));
      found = dictGet_py(t, state.converters.as<Dict>(), key.get());
    }
    listAppend(all.as<List>(), found.defined() ? found : Value::none());
  }
  assign(c->row_cast, all.get());
  return kDone;
}
static Ref fetchRow_py(Thread& t, Cursor* c) {
  Connection* connection = connectionOf(c->connection);
  sqlite3_stmt* s = c->statement->handle;
  int columns = sqlite3_data_count(s);
  Ref row = newTuple(t, columns);
  for (int i = 0; i < columns; ++i) {
    Value converter = c->row_cast.defined() && i < c->row_cast.as<List>()->size ? c->row_cast.as<List>()->items[i] : Value::none();
    Ref item;
    int type = sqlite3_column_type(s, i);
    if (type == SQLITE_NULL) {
      item = none();
    } else if (!converter.isNone()) {
      const char* data = static_cast<const char*>(sqlite3_column_blob(s, i));
      Ref bytes = newBytes(t, {data == nullptr ? "" : data, static_cast<size_t>(sqlite3_column_bytes(s, i))});
      item = TRY(callArgs_py(t, converter, bytes.get()));
    } else if (type == SQLITE_INTEGER) {
      item = newInt(t, sqlite3_column_int64(s, i));
    } else if (type == SQLITE_FLOAT) {
      item = newFloat(sqlite3_column_double(s, i));
    } else if (type == SQLITE_TEXT) {
      const char* text = reinterpret_cast<const char*>(sqlite3_column_text(s, i));
      item = TRY(columnText_py(t, connection, text, sqlite3_column_bytes(s, i), sqlite3_column_name(s, i)));
    } else {
      const char* data = static_cast<const char*>(sqlite3_column_blob(s, i));
      item = newBytes(t, {data == nullptr ? "" : data, static_cast<size_t>(sqlite3_column_bytes(s, i))});
    }
    row.as<Tuple>()->items()[i] = item.release();
  }
  return row;
}
static Status beginIfNeeded(Thread& t, Connection* c, Statement* s) {
  if (c->autocommit != kLegacyTransactions || c->begin == nullptr || !s->is_dml || !sqlite3_get_autocommit(c->db)) return kDone;
  return runSql(t, c, c->begin);
}
static Status runOnce_py(Thread& t, Cursor* c, Value parameters, bool is_many) {
  Connection* connection = connectionOf(c->connection);
  sqlite3_reset(c->statement->handle);
  if (c->statement->handle != nullptr) sqlite3_clear_bindings(c->statement->handle);  // an empty text has none
  TRY(bindParameters_py(t, connection, c->statement, parameters));
  int code = step(t, c->statement);
  if (isPending(t)) return kRaised;
  if (code != SQLITE_DONE && code != SQLITE_ROW) return raiseDatabase(t, connection->db);
  if (!is_many) TRY(findConverters_py(t, c));
  TRY(describe(t, c));
  if (code == SQLITE_DONE) {
    if (c->statement->is_dml) c->row_count += sqlite3_changes(connection->db);
  }
  return kDone;
}
static Status executeAll_py(Thread& t, Value v, Value sql, Value parameters, bool is_many) {
  Cursor* c = self(v);
  Connection* connection = connectionOf(c->connection);
  Ref iterator;
  if (is_many) iterator = TRY(iter_py(t, parameters));
  assign(c->description, Value::none());
  finish(c);
  c->statement = prepare_py(t, connection, sql);
  if (c->statement == nullptr) return kRaised;
  if (is_many && sqlite3_stmt_readonly(c->statement->handle)) return raise(t, state.errors.programming_error, "executemany() can only execute DML statements.");
  c->row_count = c->statement->is_dml ? 0 : -1;
  TRY(beginIfNeeded(t, connection, c->statement));
  if (!is_many) {
    TRY(runOnce_py(t, c, parameters, false));
  } else {
    for (;;) {
      Ref one = next_py(t, iterator.get());
      if (!one) break;
      TRY(runOnce_py(t, c, one.get(), true));
    }
    if (isPending(t)) return kRaised;
  }
  sqlite3_int64 last = sqlite3_last_insert_rowid(connection->db);
  if (!is_many) {
    Ref id = newInt(t, last);
    assign(c->last_row_id, id.get());
  }
  if (c->statement != nullptr && (is_many || sqlite3_data_count(c->statement->handle) == 0)) finish(c);
  return kDone;
}
static Ref execute_py(Thread& t, Value v, Value sql, Value parameters, bool is_many) {
  if (!isStr(sql)) return raiseTypeError(t, "%s() argument 1 must be str, not %s", is_many ? "executemany" : "execute", typeNameOf(t, sql));
  TRY(checkCursor(t, self(v)));
  Ref held = Ref::of(v);
  self(v)->is_locked = true;
  Status done = executeAll_py(t, v, sql, parameters, is_many);
  self(v)->is_locked = false;
  if (done.failed) {
    finish(self(v));
    self(v)->row_count = -1;
    return kRaised;
  }
  return held;
}
static Ref execute(Thread& t, const Value* a) {
  Ref empty = newTuple(t, 0);
  return execute_py(t, a[0], a[1], a[2].isUndefined() ? empty.get() : a[2], false);
}
static Ref executeMany(Thread& t, const Value* a) { return execute_py(t, a[0], a[1], a[2], true); }
Ref executeScript_py(Thread& t, Connection* c, Value script) {
  if (!isStr(script)) return raiseTypeError(t, "executescript() argument must be str, not %s", typeNameOf(t, script));
  std::string text = toUtf8(script.as<Str>());
  if (text.find('\0') != std::string::npos) return raiseValueError(t, "embedded null character");
  if (static_cast<int>(text.size()) > sqlite3_limit(c->db, SQLITE_LIMIT_SQL_LENGTH, -1)) return raise(t, state.errors.data_error, "query string is too large");
  if (c->autocommit == kLegacyTransactions && !sqlite3_get_autocommit(c->db)) TRY(runSql(t, c, "COMMIT"));
  const char* at = text.c_str();
  while (*at != '\0') {
    int code = unlocked(t, [&] {
      sqlite3_stmt* handle = nullptr;
      int made = sqlite3_prepare_v2(c->db, at, -1, &handle, &at);
      if (made != SQLITE_OK) return made;
      do made = sqlite3_step(handle);
      while (made == SQLITE_ROW);
      return sqlite3_finalize(handle);
    });
    if (isPending(t)) return kRaised;
    if (code != SQLITE_OK) return raiseDatabase(t, c->db);
  }
  return Ref::none();
}
static Ref executeScript(Thread& t, const Value* a) {
  TRY(checkCursor(t, self(a[0])));
  finish(self(a[0]));
  TRY(executeScript_py(t, connectionOf(self(a[0])->connection), a[1]));
  return Ref::of(a[0]);
}

// --- fetching
static Ref nextRow_py(Thread& t, Value v) {
  Cursor* c = self(v);
  TRY(checkCursor(t, c));
  if (c->statement == nullptr) return Ref();
  c->is_locked = true;
  Ref row = fetchRow_py(t, c);
  int code = row ? step(t, c->statement) : SQLITE_DONE;
  c->is_locked = false;
  Connection* connection = connectionOf(c->connection);
  if (!row || isPending(t)) {
    finish(c);
    return kRaised;
  }
  if (code == SQLITE_DONE) {
    if (c->statement->is_dml) c->row_count = sqlite3_changes(connection->db);
    finish(c);
  } else if (code != SQLITE_ROW) {
    (void)raiseDatabase(t, connection->db);
    finish(c);
    return kRaised;
  }
  if (c->row_factory.isNone()) return row;
  return callArgs_py(t, c->row_factory, v, row.get());
}
static Ref fetchOne(Thread& t, const Value* a) {
  Ref row = nextRow_py(t, a[0]);
  if (!row && !isPending(t)) return Ref::none();
  return row;
}
static Ref fetchUpTo(Thread& t, Value v, int64_t limit) {
  Ref out = newList(t);
  while (limit < 0 || out.as<List>()->size < limit) {
    Ref row = nextRow_py(t, v);
    if (!row) {
      if (isPending(t)) return kRaised;
      break;
    }
    listAppend(out.as<List>(), row.get());
  }
  return out;
}
static Ref fetchMany(Thread& t, const Value* a) {
  int64_t size = a[1].isUndefined() ? self(a[0])->array_size : TRY(toInt64_py(t, a[1]));
  return fetchUpTo(t, a[0], size < 0 ? -1 : size == 0 ? -1 : size);
}
static Ref fetchAll(Thread& t, const Value* a) { return fetchUpTo(t, a[0], -1); }
static Ref closeCursor(Thread& t, const Value* a) {
  Cursor* c = self(a[0]);
  if (!c->is_initialised) return raise(t, state.errors.programming_error, "Base Cursor.__init__ not called.");
  if (c->is_locked) return raise(t, state.errors.programming_error, "Recursive use of cursors not allowed.");
  TRY(checkThread(t, connectionOf(c->connection)));
  TRY(checkConnection(t, connectionOf(c->connection)));
  finish(c);
  c->is_closed = true;
  return Ref::none();
}
static Ref setSizes(Thread&, const Value*) { return Ref::none(); }

// --- the class
static Ref cursorMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Cursor* c = allocate<Cursor>(type);
  c->description = c->last_row_id = c->row_factory = Value::none();
  c->array_size = 1;
  c->row_count = -1;
  gcTrack(c);
  return Ref::steal(c);
}
static void forget(Cursor* c) {
  if (c->connection.isUndefined()) return;
  std::vector<Object*>& cursors = connectionOf(c->connection)->d->cursors;
  for (size_t i = 0; i < cursors.size(); ++i) {
    if (cursors[i] != c) continue;
    cursors[i] = cursors.back();
    cursors.pop_back();
    return;
  }
}
static Status cursorInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Cursor", "(connection, /)", args, nargs, keywords, a));
  if (!isInstanceOf(t, a[0], state.connection)) return raiseTypeError(t, "Cursor() argument 1 must be sqlite3.Connection, not %s", typeNameOf(t, a[0]));
  Cursor* c = self(v);
  if (c->is_locked) return raise(t, state.errors.programming_error, "Recursive use of cursors not allowed.");
  if (c->connection.defined()) finish(c);
  forget(c);
  assign(c->connection, a[0]);
  connectionOf(a[0])->d->cursors.push_back(c);
  c->is_closed = false;
  c->array_size = 1;
  c->row_count = -1;
  c->is_initialised = true;
  return checkThread(t, connectionOf(a[0]));
}
Ref newCursor_py(Thread& t, Value connection, Value factory) {
  TRY(checkThread(t, connectionOf(connection)));
  TRY(checkConnection(t, connectionOf(connection)));
  Ref made = TRY(callArgs_py(t, factory.isUndefined() || factory.isNone() ? Value(state.cursor) : factory, connection));
  if (!isInstanceOf(t, made.get(), state.cursor)) return raiseTypeError(t, "factory must return a cursor, not %s", typeNameOf(t, made.get()));
  if (!connectionOf(connection)->row_factory.isNone()) assign(self(made.get())->row_factory, connectionOf(connection)->row_factory);
  return made;
}
static Ref getConnection(Thread&, Value v) { return self(v)->connection.defined() ? Ref::of(self(v)->connection) : Ref::none(); }
static Ref getDescription(Thread&, Value v) { return Ref::of(self(v)->description); }
static Ref getLastRow(Thread&, Value v) { return Ref::of(self(v)->last_row_id); }
static Ref getRowCount(Thread& t, Value v) { return newInt(t, self(v)->row_count); }
static Ref getArraySize(Thread& t, Value v) { return newInt(t, self(v)->array_size); }
static Status setArraySize(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "can't delete numeric/char attribute");
  self(v)->array_size = TRY(toInt64_py(t, value));
  return kDone;
}
static Ref getRowFactory(Thread&, Value v) { return Ref::of(self(v)->row_factory); }
static Status setRowFactory(Thread&, Value v, Value value) { return assign(self(v)->row_factory, value.isUndefined() ? Value::none() : value), kDone; }
static const GetSetDef kGetSets[] = {{"connection", getConnection}, {"description", getDescription}, {"lastrowid", getLastRow}, {"rowcount", getRowCount},
    {"arraysize", getArraySize, setArraySize}, {"row_factory", getRowFactory, setRowFactory}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {
    {"execute", "($self, sql, parameters=<unset>, /)", execute, "Executes an SQL statement."}, {"executemany", "($self, sql, seq_of_parameters, /)", executeMany, "Repeatedly executes an SQL statement."},
    {"executescript", "($self, sql_script, /)", executeScript, "Executes multiple SQL statements at once."}, {"fetchone", "($self, /)", fetchOne, "Fetches one row from the resultset."},
    {"fetchmany", "($self, /, size=<unset>)", fetchMany, "Fetches several rows from the resultset."}, {"fetchall", "($self, /)", fetchAll, "Fetches all rows from the resultset."},
    {"close", "($self, /)", closeCursor, "Closes the cursor."}, {"setinputsizes", "($self, sizes, /)", setSizes, "Required by DB-API. Does nothing in sqlite3."},
    {"setoutputsize", "($self, size, column=None, /)", setSizes, "Required by DB-API. Does nothing in sqlite3."}, {nullptr, nullptr, nullptr}};

void makeCursorType(Thread& t, Module* m) {
  Type* type = state.cursor = makeType(*t.isolate, {.name = "sqlite3.Cursor", .size = sizeof(Cursor), .flags = kTypeBaseable | kTypeGc | kTypeWeakrefable, .methods = kMethods, .getsets = kGetSets,
      .doc = "SQLite database cursor class."});
  Slots& s = type->slots;
  s.clear = [](Object* o) {
    Cursor* c = static_cast<Cursor*>(o);
    for (Value* v : {&c->description, &c->row_cast, &c->last_row_id, &c->row_factory}) assign(*v, v == &c->row_cast ? Value() : Value::none());
  };
  s.dealloc = [](Object* o) {
    Cursor* c = static_cast<Cursor*>(o);
    if (c->connection.defined()) finish(c);
    forget(c);
    for (Value v : {c->description, c->row_cast, c->last_row_id, c->row_factory, c->connection}) decref(v);
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    Cursor* c = static_cast<Cursor*>(o);
    for (Value v : {c->description, c->row_cast, c->last_row_id, c->row_factory, c->connection}) visit(v, visitor, context);
  };
  s.make = cursorMake;
  s.init = cursorInit;
  s.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  s.next = nextRow_py;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::sqlite

// The `_sqlite3` module: what its files share. SQLite runs without the isolate's lock; callbacks from it take the lock back.
// ref: Modules/_sqlite; PEP 249; library reference, sqlite3.
#pragma once

#include <sqlite3.h>

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/lock.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::sqlite {

struct Errors {
  Type *warning, *error, *interface_error, *database_error, *internal_error, *operational_error, *programming_error, *integrity_error, *data_error, *not_supported_error;
};
struct State {
  Errors errors;
  Type *connection, *cursor, *row, *blob, *protocol, *statement;
  Value adapters, converters;  // dicts
  bool shows_callback_errors = false;
  bool has_type_adapters = false;
};
extern State state;

constexpr int kParseDeclTypes = 1, kParseColNames = 2, kLegacyTransactions = -1;

// A prepared statement; connections keep finished ones for reuse.
struct Statement {
  sqlite3_stmt* handle = nullptr;
  std::string sql;
  bool is_dml = false, in_use = false;
  ~Statement() { sqlite3_finalize(handle); }
};
// What a callback needs: the Python function, and the connection's thread rules.
struct ConnectionData {
  std::list<Statement*> cached;  // most recently used first; all not in use
  std::unordered_map<std::string, std::list<Statement*>::iterator> by_sql;
  size_t cache_limit = 128;
  std::vector<Object*> cursors, blobs;  // borrowed; they remove themselves
  std::vector<Value> kept;              // functions that SQLite may call; owned
};
struct Connection : Object {
  sqlite3* db;
  ConnectionData* d;
  int detect_types;
  int autocommit;             // kLegacyTransactions, 0 or 1
  bool is_initialised, check_same_thread;
  const char* begin;          // "BEGIN ", "BEGIN IMMEDIATE" …; null: no implicit transactions
  uint64_t thread;
  Value row_factory, text_factory, isolation_level, trace, authorizer, progress;
  Dict* dict;
};
struct Cursor : Object {
  Value connection;
  Statement* statement;  // owned while running
  Value description, row_cast, last_row_id, row_factory;
  int64_t array_size, row_count;
  bool is_closed, is_locked, is_initialised;
  Dict* dict;
  Value weak;
};

Connection* connectionOf(Value v);
Status checkConnection(Thread& t, Connection* c);
Status checkThread(Thread& t, Connection* c);
// Raises what the connection's last error says.
RaisedTag raiseDatabase(Thread& t, sqlite3* db);
RaisedTag raiseCode(Thread& t, Type* type, int code, const char* message);
const char* codeName(int code);

// SQLite without the lock; its callbacks use CallbackScope.
template <class F>
auto unlocked(Thread& t, F call) {
  WithoutLock released(t);
  return call();
}
class CallbackScope {
 public:
  CallbackScope() : t(*current_thread) { takeLock(t); }
  ~CallbackScope() { giveLock(t); }
  Thread& t;
};

// --- statements (cursor.cpp)
Statement* prepare_py(Thread& t, Connection* c, Value sql);  // null: raised
void giveBack(Connection* c, Statement* s);
void clearStatements(Connection* c);
int step(Thread& t, Statement* s);
Status runSql(Thread& t, Connection* c, const char* sql);
void makeCursorType(Thread& t, Module* m);
Ref newCursor_py(Thread& t, Value connection, Value factory);
Ref executeScript_py(Thread& t, Connection* c, Value script);

// --- values (values.cpp)
Status bindParameters_py(Thread& t, Connection* c, Statement* s, Value parameters);
Ref adapt_py(Thread& t, Value object, Value protocol, Value fallback);
Ref fromSqlite_py(Thread& t, sqlite3_value* v);
bool setResult_py(Thread& t, sqlite3_context* context, Value v);
Ref columnText_py(Thread& t, Connection* c, const char* text, int size, const char* column);

// --- connection (connection.cpp), its callbacks (callbacks.cpp)
void makeConnectionType(Thread& t, Module* m);
Ref connect_py(Thread& t, const Value* args, uint32_t nargs, Tuple* keywords);
extern const NativeDef kCallbackMethods[];
void releaseCallbacks(Connection* c);

void makeRowType(Thread& t, Module* m);
void makeBlobType(Thread& t, Module* m);
Ref openBlob_py(Thread& t, Value connection, const Value* a);
void closeBlobs(Connection* c);

inline void assign(Value& slot, Value v) {
  Value old = slot;
  slot = share(v);
  decref(old);
}

}  // namespace krait::modules::sqlite

// The `_sqlite3` module: functions, exceptions and constants.
#include "runtime/modules/sqlite/sqlite.h"

namespace krait::modules {

namespace sqlite {
State state;

struct Constant {
  const char* name;
  int value;
};
#define C(name) {#name, name}
static const Constant kErrorCodes[] = {
    C(SQLITE_OK), C(SQLITE_ERROR), C(SQLITE_INTERNAL), C(SQLITE_PERM), C(SQLITE_ABORT), C(SQLITE_BUSY), C(SQLITE_LOCKED), C(SQLITE_NOMEM), C(SQLITE_READONLY), C(SQLITE_INTERRUPT), C(SQLITE_IOERR),
    C(SQLITE_CORRUPT), C(SQLITE_NOTFOUND), C(SQLITE_FULL), C(SQLITE_CANTOPEN), C(SQLITE_PROTOCOL), C(SQLITE_EMPTY), C(SQLITE_SCHEMA), C(SQLITE_TOOBIG), C(SQLITE_CONSTRAINT), C(SQLITE_MISMATCH),
    C(SQLITE_MISUSE), C(SQLITE_NOLFS), C(SQLITE_AUTH), C(SQLITE_FORMAT), C(SQLITE_RANGE), C(SQLITE_NOTADB), C(SQLITE_NOTICE), C(SQLITE_WARNING), C(SQLITE_ROW), C(SQLITE_DONE),
    C(SQLITE_ABORT_ROLLBACK), C(SQLITE_AUTH_USER), C(SQLITE_BUSY_RECOVERY), C(SQLITE_BUSY_SNAPSHOT), C(SQLITE_BUSY_TIMEOUT), C(SQLITE_CANTOPEN_CONVPATH), C(SQLITE_CANTOPEN_DIRTYWAL), C(SQLITE_CANTOPEN_FULLPATH),
    C(SQLITE_CANTOPEN_ISDIR), C(SQLITE_CANTOPEN_NOTEMPDIR), C(SQLITE_CANTOPEN_SYMLINK), C(SQLITE_CONSTRAINT_CHECK), C(SQLITE_CONSTRAINT_COMMITHOOK), C(SQLITE_CONSTRAINT_FOREIGNKEY), C(SQLITE_CONSTRAINT_FUNCTION),
    C(SQLITE_CONSTRAINT_NOTNULL), C(SQLITE_CONSTRAINT_PINNED), C(SQLITE_CONSTRAINT_PRIMARYKEY), C(SQLITE_CONSTRAINT_ROWID), C(SQLITE_CONSTRAINT_TRIGGER), C(SQLITE_CONSTRAINT_UNIQUE), C(SQLITE_CONSTRAINT_VTAB),
    C(SQLITE_CORRUPT_INDEX), C(SQLITE_CORRUPT_SEQUENCE), C(SQLITE_CORRUPT_VTAB), C(SQLITE_ERROR_MISSING_COLLSEQ), C(SQLITE_ERROR_RETRY), C(SQLITE_ERROR_SNAPSHOT), C(SQLITE_IOERR_READ), C(SQLITE_IOERR_WRITE),
    C(SQLITE_IOERR_FSYNC), C(SQLITE_IOERR_LOCK), C(SQLITE_IOERR_CLOSE), C(SQLITE_IOERR_ACCESS), C(SQLITE_IOERR_NOMEM), C(SQLITE_IOERR_SHORT_READ), C(SQLITE_IOERR_TRUNCATE), C(SQLITE_IOERR_UNLOCK), C(SQLITE_IOERR_DELETE),
    C(SQLITE_IOERR_AUTH), C(SQLITE_IOERR_BEGIN_ATOMIC), C(SQLITE_IOERR_BLOCKED), C(SQLITE_IOERR_CHECKRESERVEDLOCK), C(SQLITE_IOERR_COMMIT_ATOMIC), C(SQLITE_IOERR_CONVPATH), C(SQLITE_IOERR_CORRUPTFS),
    C(SQLITE_IOERR_DATA), C(SQLITE_IOERR_DELETE_NOENT), C(SQLITE_IOERR_DIR_CLOSE), C(SQLITE_IOERR_DIR_FSYNC), C(SQLITE_IOERR_FSTAT), C(SQLITE_IOERR_GETTEMPPATH), C(SQLITE_IOERR_MMAP),
    C(SQLITE_IOERR_RDLOCK), C(SQLITE_IOERR_ROLLBACK_ATOMIC), C(SQLITE_IOERR_SEEK), C(SQLITE_IOERR_SHMLOCK), C(SQLITE_IOERR_SHMMAP), C(SQLITE_IOERR_SHMOPEN), C(SQLITE_IOERR_SHMSIZE),
    C(SQLITE_IOERR_VNODE),
    C(SQLITE_OK_SYMLINK), C(SQLITE_LOCKED_SHAREDCACHE), C(SQLITE_LOCKED_VTAB), C(SQLITE_NOTICE_RECOVER_ROLLBACK), C(SQLITE_NOTICE_RECOVER_WAL), C(SQLITE_OK_LOAD_PERMANENTLY), C(SQLITE_READONLY_CANTINIT), C(SQLITE_READONLY_CANTLOCK),
    C(SQLITE_READONLY_DBMOVED), C(SQLITE_READONLY_DIRECTORY), C(SQLITE_READONLY_RECOVERY), C(SQLITE_READONLY_ROLLBACK), C(SQLITE_WARNING_AUTOINDEX)};
static const Constant kConstants[] = {
    {"PARSE_DECLTYPES", kParseDeclTypes}, {"PARSE_COLNAMES", kParseColNames}, {"LEGACY_TRANSACTION_CONTROL", kLegacyTransactions}, C(SQLITE_DENY), C(SQLITE_IGNORE), C(SQLITE_CREATE_INDEX), C(SQLITE_CREATE_TABLE),
    C(SQLITE_CREATE_TEMP_INDEX), C(SQLITE_CREATE_TEMP_TABLE), C(SQLITE_CREATE_TEMP_TRIGGER), C(SQLITE_CREATE_TEMP_VIEW), C(SQLITE_CREATE_TRIGGER), C(SQLITE_CREATE_VIEW), C(SQLITE_DELETE), C(SQLITE_DROP_INDEX),
    C(SQLITE_DROP_TABLE), C(SQLITE_DROP_TEMP_INDEX), C(SQLITE_DROP_TEMP_TABLE), C(SQLITE_DROP_TEMP_TRIGGER), C(SQLITE_DROP_TEMP_VIEW), C(SQLITE_DROP_TRIGGER), C(SQLITE_DROP_VIEW), C(SQLITE_INSERT), C(SQLITE_PRAGMA),
    C(SQLITE_READ), C(SQLITE_SELECT), C(SQLITE_TRANSACTION), C(SQLITE_UPDATE), C(SQLITE_ATTACH), C(SQLITE_DETACH), C(SQLITE_ALTER_TABLE), C(SQLITE_REINDEX), C(SQLITE_ANALYZE), C(SQLITE_CREATE_VTABLE), C(SQLITE_DROP_VTABLE),
    C(SQLITE_FUNCTION), C(SQLITE_SAVEPOINT), C(SQLITE_RECURSIVE), C(SQLITE_LIMIT_LENGTH), C(SQLITE_LIMIT_SQL_LENGTH), C(SQLITE_LIMIT_COLUMN), C(SQLITE_LIMIT_EXPR_DEPTH), C(SQLITE_LIMIT_COMPOUND_SELECT), C(SQLITE_LIMIT_VDBE_OP),
    C(SQLITE_LIMIT_FUNCTION_ARG), C(SQLITE_LIMIT_ATTACHED), C(SQLITE_LIMIT_LIKE_PATTERN_LENGTH), C(SQLITE_LIMIT_VARIABLE_NUMBER), C(SQLITE_LIMIT_TRIGGER_DEPTH), C(SQLITE_LIMIT_WORKER_THREADS),
    C(SQLITE_DBCONFIG_ENABLE_FKEY), C(SQLITE_DBCONFIG_ENABLE_TRIGGER), C(SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER), C(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION), C(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE), C(SQLITE_DBCONFIG_ENABLE_QPSG),
    C(SQLITE_DBCONFIG_TRIGGER_EQP), C(SQLITE_DBCONFIG_RESET_DATABASE), C(SQLITE_DBCONFIG_DEFENSIVE), C(SQLITE_DBCONFIG_WRITABLE_SCHEMA), C(SQLITE_DBCONFIG_LEGACY_ALTER_TABLE), C(SQLITE_DBCONFIG_DQS_DML),
    C(SQLITE_DBCONFIG_DQS_DDL), C(SQLITE_DBCONFIG_ENABLE_VIEW), C(SQLITE_DBCONFIG_LEGACY_FILE_FORMAT), C(SQLITE_DBCONFIG_TRUSTED_SCHEMA)};
#undef C

const char* codeName(int code) {
  for (const Constant& c : kErrorCodes) {
    if (c.value == code) return c.name;
  }
  return "unknown";
}
static Type* classOf(Thread& t, int code) {
  const Errors& e = state.errors;
  switch (code & 0xff) {
    case SQLITE_INTERNAL: case SQLITE_NOTFOUND: return e.internal_error;
    case SQLITE_NOMEM: return errors(t).memory_error;
    case SQLITE_ERROR: case SQLITE_PERM: case SQLITE_ABORT: case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_READONLY: case SQLITE_INTERRUPT: case SQLITE_IOERR:
    case SQLITE_FULL: case SQLITE_CANTOPEN: case SQLITE_PROTOCOL: case SQLITE_EMPTY: case SQLITE_SCHEMA: return e.operational_error;
    case SQLITE_TOOBIG: return e.data_error;
    case SQLITE_CONSTRAINT: case SQLITE_MISMATCH: return e.integrity_error;
    case SQLITE_MISUSE: case SQLITE_RANGE: return e.interface_error;
    default: return e.database_error;
  }
}
RaisedTag raiseCode(Thread& t, Type* type, int code, const char* message) {
  Ref text = newStr(t, message);
  Ref exception = callArgs_py(t, type, text.get());
  if (!exception) return kRaised;
  Ref name = newStr(t, codeName(code));
  (void)setAttr_py(t, exception.get(), intern(*t.isolate, "sqlite_errorcode"), Value::fromInt(code));
  (void)setAttr_py(t, exception.get(), intern(*t.isolate, "sqlite_errorname"), name.get());
  if (isPending(t)) return kRaised;
  return raiseException(t, exception.get());
}
RaisedTag raiseDatabase(Thread& t, sqlite3* db) {
  if (isPending(t)) return kRaised;
  int code = sqlite3_errcode(db), extended = sqlite3_extended_errcode(db);
  Type* type = classOf(t, code);
  if (type == errors(t).memory_error) return raiseMemoryError(t);
  return raiseCode(t, type, extended, sqlite3_errmsg(db));
}

static Ref connect(Thread& t, const Value* a) {
  // The class to make may be given as `factory`.
  Tuple* args = a[0].as<Tuple>();
  Ref keywords = dictCopy(t, a[1].as<Dict>()), name = newStr(t, "factory");
  Ref factory = dictPop_py(t, keywords.as<Dict>(), name.get());
  if (!factory && isPending(t)) return kRaised;
  if (!factory && args->size > 5) {
    factory = Ref::of((*args)[5]);
    Ref rest = newTuple(t, args->size - 1);
    for (int64_t i = 0, k = 0; i < args->size; ++i) {
      if (i != 5) rest.as<Tuple>()->items()[k++] = share((*args)[i]);
    }
    return callTuple_py(t, factory.get(), rest.as<Tuple>(), keywords.as<Dict>());
  }
  return callTuple_py(t, factory ? factory.get() : Value(state.connection), args, keywords.as<Dict>());
}
static Ref completeStatement(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "complete_statement() argument 'statement' must be str, not %s", typeNameOf(t, a[0]));
  return Ref::boolean(sqlite3_complete(toUtf8(a[0].as<Str>()).c_str()) != 0);
}
static Ref registerAdapter(Thread& t, const Value* a) {
  Type* type = isType(a[0]) ? a[0].as<Type>() : nullptr;
  if (type == t.types().int_ || type == t.types().float_ || type == t.types().str || type == t.types().bytearray) state.has_type_adapters = true;
  Ref key = tupleOf(t, {a[0], Value(state.protocol)});
  TRY(dictSet_py(t, state.adapters.as<Dict>(), key.get(), a[1]));
  return Ref::none();
}
static Ref registerConverter(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "register_converter() argument 1 must be str, not %s", typeNameOf(t, a[0]));
  Ref key = TRY(callMethod_py(t, a[0], intern(*t.isolate, "upper")));
  TRY(dictSet_py(t, state.converters.as<Dict>(), key.get(), a[1]));
  return Ref::none();
}
static Ref enableTracebacks(Thread& t, const Value* a) {
  state.shows_callback_errors = TRY(isTrue_py(t, a[0]));
  return Ref::none();
}
static Ref adapt(Thread& t, const Value* a) { return adapt_py(t, a[0], a[1].isUndefined() ? Value(state.protocol) : a[1], a[2]); }

static const NativeDef kFunctions[] = {
    {"connect", "(*args, **kwargs)", connect, "Open a connection to the SQLite database file 'database'."}, {"complete_statement", "(statement)", completeStatement, "Checks if a string contains a complete SQL statement."},
    {"register_adapter", "(type, adapter, /)", registerAdapter, "Register a function to adapt Python objects to SQLite values."}, {"register_converter", "(typename, converter, /)", registerConverter, "Register a function to convert SQLite values to Python objects."},
    {"enable_callback_tracebacks", "(enable, /)", enableTracebacks, "Enable or disable callback functions throwing errors to stderr."}, {"adapt", "(obj, proto=<unset>, alt=<unset>, /)", adapt, "Adapt given object to given protocol."},
    {nullptr, nullptr, nullptr}};

static Status addErrors(Thread& t, Module* m) {
  Errors& e = state.errors;
  struct Wanted {
    const char* name;
    Type** into;
    Type** base;
  };
  Type* exception = errors(t).exception;
  const Wanted wanted[] = {{"Warning", &e.warning, &exception}, {"Error", &e.error, &exception}, {"InterfaceError", &e.interface_error, &e.error}, {"DatabaseError", &e.database_error, &e.error},
      {"InternalError", &e.internal_error, &e.database_error}, {"OperationalError", &e.operational_error, &e.database_error}, {"ProgrammingError", &e.programming_error, &e.database_error},
      {"IntegrityError", &e.integrity_error, &e.database_error}, {"DataError", &e.data_error, &e.database_error}, {"NotSupportedError", &e.not_supported_error, &e.database_error}};
  for (const Wanted& w : wanted) {
    Ref name = newStr(t, w.name), bases = tupleOf(t, {*w.base}), ns = newDict(t), module = newStr(t, "sqlite3");
    dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
    Ref made = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
    moduleSet(t, m, w.name, made.get());
    *w.into = made.release().as<Type>();
  }
  return kDone;
}
static Status init(Thread& t, Module* m) {
  sqlite3_initialize();
  TRY(addErrors(t, m));
  state.adapters = newDict(t).release();
  state.converters = newDict(t).release();
  moduleSet(t, m, "adapters", state.adapters);
  moduleSet(t, m, "converters", state.converters);
  state.protocol = makeType(*t.isolate, {.name = "sqlite3.PrepareProtocol", .size = sizeof(Object), .flags = kTypeBaseable});
  state.protocol->slots.make = [](Thread&, Type* type, const Value*, uint32_t, Tuple*) -> Ref { return Ref::steal(allocate<Object>(type)); };
  readyType(*t.isolate, state.protocol);
  moduleSetType(t, m, state.protocol);
  makeConnectionType(t, m);
  makeCursorType(t, m);
  makeRowType(t, m);
  makeBlobType(t, m);
  for (const Constant& c : kErrorCodes) moduleSet(t, m, c.name, Value::fromInt(c.value));
  for (const Constant& c : kConstants) moduleSet(t, m, c.name, Value::fromInt(c.value));
  Ref version = newStr(t, sqlite3_libversion());
  moduleSet(t, m, "sqlite_version", version.get());
  moduleSet(t, m, "threadsafety", Value::fromInt(sqlite3_threadsafe() == 1 ? 3 : sqlite3_threadsafe() == 2 ? 1 : 0));
  return kDone;
}
}  // namespace sqlite

extern const NativeModule kSqliteModule;
const NativeModule kSqliteModule = {"_sqlite3", nullptr, sqlite::kFunctions, sqlite::init};

}  // namespace krait::modules

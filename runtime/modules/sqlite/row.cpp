// sqlite3.Row and sqlite3.Blob.
#include "runtime/modules/sqlite/sqlite.h"

namespace krait::modules::sqlite {

// --- Row: a tuple of values with the names of its columns
struct Row : Object {
  Value data, description;  // tuples
};
static Row* rowOf(Value v) { return v.as<Row>(); }
static Ref rowMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Row", "(cursor, data, /)", args, nargs, keywords, a));
  if (!isInstanceOf(t, a[0], state.cursor)) return raiseTypeError(t, "Row() argument 1 must be sqlite3.Cursor, not %s", typeNameOf(t, a[0]));
  if (!isTuple(a[1])) return raiseTypeError(t, "Row() argument 2 must be tuple, not %s", typeNameOf(t, a[1]));
  Row* r = allocate<Row>(type);
  r->data = share(a[1]);
  r->description = share(a[0].as<Cursor>()->description);
  gcTrack(r);
  return Ref::steal(r);
}
static std::string lower(const std::string& s) {
  std::string out = s;
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}
static Ref rowItem(Thread& t, Value v, Value key) {
  Row* r = rowOf(v);
  if (isStr(key)) {
    std::string wanted = lower(toUtf8(key.as<Str>()));
    Tuple* columns = isTuple(r->description) ? r->description.as<Tuple>() : nullptr;
    for (int64_t i = 0; columns != nullptr && i < columns->size; ++i) {
      Value name = (*(*columns)[i].as<Tuple>())[0];
      if (isStr(name) && lower(toUtf8(name.as<Str>())) == wanted) return Ref::of((*r->data.as<Tuple>())[i]);
    }
    return raiseIndexError(t, "No item with that key");
  }
  if (!isIntLike(key) && !isExact(key, TypeId::kSlice) && typeOf(t, key)->slots.index == nullptr) return raiseIndexError(t, "Index must be int or string");
  return getItem_py(t, r->data, key);
}
static Ref rowKeys(Thread& t, const Value* a) {
  Ref out = newList(t);
  Value columns = rowOf(a[0])->description;
  for (int64_t i = 0; isTuple(columns) && i < columns.as<Tuple>()->size; ++i) listAppend(out.as<List>(), (*(*columns.as<Tuple>())[i].as<Tuple>())[0]);
  return out;
}
static Ref rowCompare(Thread& t, Value a, Value b, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !isInstanceOf(t, b, state.row)) return Ref::notImplemented();
  bool same = TRY(equals_py(t, rowOf(a)->description, rowOf(b)->description)) && TRY(equals_py(t, rowOf(a)->data, rowOf(b)->data));
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static const NativeDef kRowMethods[] = {{"keys", "($self, /)", rowKeys, "Returns the keys of the row."}, {nullptr, nullptr, nullptr}};
void makeRowType(Thread& t, Module* m) {
  Type* type = state.row = makeType(*t.isolate, {.name = "sqlite3.Row", .size = sizeof(Row), .flags = kTypeBaseable | kTypeGc, .methods = kRowMethods});
  Slots& s = type->slots;
  s.dealloc = s.clear = [](Object* o) {
    clearField(static_cast<Row*>(o)->data);
    clearField(static_cast<Row*>(o)->description);
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    visit(static_cast<Row*>(o)->data, visitor, context);
    visit(static_cast<Row*>(o)->description, visitor, context);
  };
  s.make = rowMake;
  s.iter = [](Thread& now, Value v) -> Ref { return iter_py(now, rowOf(v)->data); };
  s.length = [](Thread&, Value v) -> Fallible<int64_t> { return rowOf(v)->data.as<Tuple>()->size; };
  s.get_item = rowItem;
  s.compare = rowCompare;
  s.hash = [](Thread& now, Value v) -> Fallible<int64_t> {
    int64_t a = TRY(hash_py(now, rowOf(v)->description)), b = TRY(hash_py(now, rowOf(v)->data));
    return a ^ b;
  };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

// --- Blob: incremental access to one value
struct Blob : Object {
  Value connection;
  sqlite3_blob* handle;  // null once closed
  int64_t offset;
};
static Blob* blobOf(Value v) { return v.as<Blob>(); }
static Status checkBlob(Thread& t, Blob* b) {
  TRY(checkThread(t, connectionOf(b->connection)));
  TRY(checkConnection(t, connectionOf(b->connection)));
  if (b->handle == nullptr) return raise(t, state.errors.programming_error, "Cannot operate on a closed blob.");
  return kDone;
}
static void closeHandle(Blob* b) {
  if (b->handle == nullptr) return;
  sqlite3_blob_close(b->handle);
  b->handle = nullptr;
  std::vector<Object*>& blobs = connectionOf(b->connection)->d->blobs;
  for (size_t i = 0; i < blobs.size(); ++i) {
    if (blobs[i] == b) {
      blobs.erase(blobs.begin() + static_cast<long>(i));
      return;
    }
  }
}
void closeBlobs(Connection* c) {
  while (!c->d->blobs.empty()) closeHandle(static_cast<Blob*>(c->d->blobs.back()));
}
// a: table, column, rowid, readonly, name.
Ref openBlob_py(Thread& t, Value connection, const Value* a) {
  for (int i : {0, 1, 4}) {
    if (!isStr(a[i])) return raiseTypeError(t, "blobopen() argument must be str, not %s", typeNameOf(t, a[i]));
  }
  if (!isIntLike(a[2])) return raiseTypeError(t, "expected 'int'");  // ref: sqlite3_int64_converter
  int64_t row = TRY(toInt64_py(t, a[2]));
  bool read_only = TRY(isTrue_py(t, a[3]));
  TRY(checkConnection(t, connectionOf(connection)));
  std::string table = toUtf8(a[0].as<Str>()), column = toUtf8(a[1].as<Str>()), name = toUtf8(a[4].as<Str>());
  sqlite3_blob* handle = nullptr;
  sqlite3* db = connectionOf(connection)->db;
  int code = unlocked(t, [&] { return sqlite3_blob_open(db, name.c_str(), table.c_str(), column.c_str(), row, !read_only, &handle); });
  if (code != SQLITE_OK) return raiseDatabase(t, db);
  Blob* b = allocate<Blob>(state.blob);
  b->connection = share(connection);
  b->handle = handle;
  connectionOf(connection)->d->blobs.push_back(b);
  return Ref::steal(b);
}
static Ref readAt(Thread& t, Blob* b, int64_t at, int64_t size) {
  Ref out = TRY(newBytesBuffer(t, size));
  if (size > 0 && sqlite3_blob_read(b->handle, out.as<Bytes>()->data(), static_cast<int>(size), static_cast<int>(at)) != SQLITE_OK) return raiseDatabase(t, connectionOf(b->connection)->db);
  return out;
}
static Status writeAt(Thread& t, Blob* b, std::string_view data, int64_t at) {
  if (static_cast<int64_t>(data.size()) > sqlite3_blob_bytes(b->handle) - at) return raiseValueError(t, "data longer than blob length");
  if (sqlite3_blob_write(b->handle, data.data(), static_cast<int>(data.size()), static_cast<int>(at)) != SQLITE_OK) return raiseDatabase(t, connectionOf(b->connection)->db);
  return kDone;
}
static Ref blobRead(Thread& t, const Value* a) {
  Blob* b = blobOf(a[0]);
  int64_t size = TRY(toInt64_py(t, a[1]));
  TRY(checkBlob(t, b));
  int64_t left = sqlite3_blob_bytes(b->handle) - b->offset;
  if (size < 0 || size > left) size = left;
  Ref out = TRY(readAt(t, b, b->offset, size));
  b->offset += size;
  return out;
}
static Ref blobWrite(Thread& t, const Value* a) {
  Blob* b = blobOf(a[0]);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  TRY(checkBlob(t, b));
  TRY(writeAt(t, b, data.view(), b->offset));
  b->offset += data.size();
  return Ref::none();
}
static Ref blobSeek(Thread& t, const Value* a) {
  Blob* b = blobOf(a[0]);
  int64_t offset = TRY(toCInt_py(t, a[1])), origin = TRY(toCInt_py(t, a[2]));
  TRY(checkBlob(t, b));
  int64_t length = sqlite3_blob_bytes(b->handle);
  if (origin < 0 || origin > 2) return raiseValueError(t, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
  offset += origin == 1 ? b->offset : origin == 2 ? length : 0;
  if (offset < 0 || offset > length) return raiseValueError(t, "offset out of blob range");
  b->offset = offset;
  return Ref::none();
}
static Ref blobTell(Thread& t, const Value* a) {
  TRY(checkBlob(t, blobOf(a[0])));
  return newInt(t, blobOf(a[0])->offset);
}
static Ref blobClose(Thread& t, const Value* a) {
  TRY(checkThread(t, connectionOf(blobOf(a[0])->connection)));
  TRY(checkConnection(t, connectionOf(blobOf(a[0])->connection)));
  closeHandle(blobOf(a[0]));
  return Ref::none();
}
static Ref blobEnter(Thread& t, const Value* a) {
  TRY(checkBlob(t, blobOf(a[0])));
  return Ref::of(a[0]);
}
static Ref blobExit(Thread& t, const Value* a) {
  TRY(checkBlob(t, blobOf(a[0])));
  closeHandle(blobOf(a[0]));
  return Ref::boolean(false);
}
static Ref blobItem(Thread& t, Value v, Value key) {
  Blob* b = blobOf(v);
  TRY(checkBlob(t, b));
  int64_t length = sqlite3_blob_bytes(b->handle);
  if (isExact(key, TypeId::kSlice)) {
    Ref all = TRY(readAt(t, b, 0, length));
    return getItem_py(t, all.get(), key);
  }
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "Blob indices must be integers");
  int64_t at = TRY(checkIndex_py(t, key, length, "Blob index out of range"));
  TRY(checkBlob(t, b));
  Ref one = TRY(readAt(t, b, at, 1));
  return newIntSmall(one.as<Bytes>()->data()[0]);
}
static Status blobSetItem(Thread& t, Value v, Value key, Value value) {
  Blob* b = blobOf(v);
  TRY(checkBlob(t, b));
  int64_t length = sqlite3_blob_bytes(b->handle);
  if (value.isUndefined()) return raiseTypeError(t, "Blob doesn't support %s deletion", isExact(key, TypeId::kSlice) ? "slice" : "item");
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds s = TRY(sliceBounds_py(t, key, length));
    Buffer data;
    TRY(data.acquire(t, value));
    TRY(checkBlob(t, b));
    if (data.size() != s.length) return raiseIndexError(t, "Blob slice assignment is wrong size");
    for (int64_t i = 0; i < s.length; ++i) TRY(writeAt(t, b, data.view().substr(static_cast<size_t>(i), 1), s.start + i * s.step));
    return kDone;
  }
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "Blob indices must be integers");
  if (!isIntLike(value)) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, value));
  int64_t n = -1, at = TRY(checkIndex_py(t, key, length, "Blob index out of range"));
  TRY(checkBlob(t, b));
  if (!intFits(value, n) || n < 0 || n > 255) return raiseValueError(t, "byte must be in range(0, 256)");
  char byte = static_cast<char>(n);
  return writeAt(t, b, {&byte, 1}, at);
}
static const NativeDef kBlobMethods[] = {{"read", "($self, length=-1, /)", blobRead, "Read data at the current offset position."}, {"write", "($self, data, /)", blobWrite, "Write data at the current offset."},
    {"seek", "($self, offset, origin=0, /)", blobSeek, "Set the current access position to offset."}, {"tell", "($self, /)", blobTell, "Return the current access position for the blob."},
    {"close", "($self, /)", blobClose, "Close the blob."}, {"__enter__", "($self, /)", blobEnter}, {"__exit__", "($self, type, val, tb, /)", blobExit}, {nullptr, nullptr, nullptr}};
void makeBlobType(Thread& t, Module* m) {
  Type* type = state.blob = makeType(*t.isolate, {.name = "sqlite3.Blob", .size = sizeof(Blob), .flags = kTypeDisallowNew | kTypeWeakrefable, .methods = kBlobMethods});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) {
    closeHandle(static_cast<Blob*>(o));
    decref(static_cast<Blob*>(o)->connection);
  };
  s.length = [](Thread& now, Value v) -> Fallible<int64_t> {
    TRY(checkBlob(now, blobOf(v)));
    return sqlite3_blob_bytes(blobOf(v)->handle);
  };
  s.get_item = blobItem;
  s.set_item = blobSetItem;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::sqlite

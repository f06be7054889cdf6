// MemoryBIO and SSLSession.
#include "runtime/modules/ssl/ssl.h"

namespace krait::modules::ssl {

static MemoryBio* self(Value v) { return v.as<MemoryBio>(); }
static Ref makeBio(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "MemoryBIO", "()", args, nargs, keywords, a));
  MemoryBio* b = allocate<MemoryBio>(type);
  b->bio = BIO_new(BIO_s_mem());
  BIO_set_retry_read(b->bio);
  BIO_set_mem_eof_return(b->bio, -1);
  return Ref::steal(b);
}
static Ref read(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[1])), available = static_cast<int64_t>(BIO_ctrl_pending(self(a[0])->bio));
  if (size < 0 || size > available) size = available;
  Ref out = TRY(newBytesBuffer(t, size));
  int got = size == 0 ? 0 : BIO_read(self(a[0])->bio, out.as<Bytes>()->data(), static_cast<int>(size));
  if (got < 0) return raiseSsl(t);
  return out;
}
static Ref write(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[1]));
  if (data.size() > INT32_MAX) return raiseOverflowError(t, "string longer than %d bytes", INT32_MAX);
  if (self(a[0])->got_eof) return raiseSslText(t, types.error, 0, "cannot write() after write_eof()");
  int put = data.size() == 0 ? 0 : BIO_write(self(a[0])->bio, data.data(), static_cast<int>(data.size()));
  if (put < 0) return raiseSsl(t);
  return newIntSmall(put);
}
static Ref writeEof(Thread&, const Value* a) {
  self(a[0])->got_eof = true;
  BIO_clear_retry_flags(self(a[0])->bio);
  BIO_set_mem_eof_return(self(a[0])->bio, 0);
  return Ref::none();
}
static Ref getPending(Thread&, Value v) { return newIntSmall(static_cast<int64_t>(BIO_ctrl_pending(self(v)->bio))); }
static Ref getEof(Thread&, Value v) { return Ref::boolean(self(v)->got_eof && BIO_ctrl_pending(self(v)->bio) == 0); }
static const NativeDef kBioMethods[] = {{"read", "($self, size=-1, /)", read, "Read up to size bytes from the memory BIO."},
    {"write", "($self, b, /)", write, "Writes the bytes b into the memory BIO."}, {"write_eof", "($self, /)", writeEof, "Write an EOF marker to the memory BIO."}, {nullptr, nullptr, nullptr}};
static const GetSetDef kBioGetSets[] = {{"pending", getPending, nullptr, "The number of bytes pending in the memory BIO."}, {"eof", getEof, nullptr, "Whether the memory BIO is at EOF."}, {nullptr, nullptr}};

static SSL_SESSION* session(Value v) { return v.as<Session>()->session; }
static Ref getId(Thread& t, Value v) {
  unsigned size = 0;
  const unsigned char* id = SSL_SESSION_get_id(session(v), &size);
  return newBytes(t, {reinterpret_cast<const char*>(id), size});
}
static Ref getTime(Thread&, Value v) { return newIntSmall(SSL_SESSION_get_time(session(v))); }
static Ref getTimeout(Thread&, Value v) { return newIntSmall(SSL_SESSION_get_timeout(session(v))); }
static Ref getHint(Thread&, Value v) { return newIntSmall(static_cast<int64_t>(SSL_SESSION_get_ticket_lifetime_hint(session(v)))); }
static Ref hasTicket(Thread&, Value v) { return Ref::boolean(SSL_SESSION_has_ticket(session(v)) != 0); }
static Ref compareSessions(Thread& t, Value a, Value b, CompareOp op) {
  if (!isInstanceOf(t, b, types.session) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  unsigned size_a = 0, size_b = 0;
  const unsigned char *id_a = SSL_SESSION_get_id(session(a), &size_a), *id_b = SSL_SESSION_get_id(session(b), &size_b);
  bool is_same = size_a == size_b && std::equal(id_a, id_a + size_a, id_b);
  return Ref::boolean(is_same == (op == CompareOp::kEq));
}
static const GetSetDef kSessionGetSets[] = {{"id", getId, nullptr, "Session ID."}, {"time", getTime, nullptr, "Session creation time (seconds since epoch)."},
    {"timeout", getTimeout, nullptr, "Session timeout (delta in seconds)."}, {"ticket_lifetime_hint", getHint, nullptr, "Ticket life time hint."},
    {"has_ticket", hasTicket, nullptr, "Does the session contain a ticket?"}, {nullptr, nullptr}};

void addMemoryTypes(Thread& t, Module* m) {
  Type* b = types.memory_bio = addType(t, m, {.name = "_ssl.MemoryBIO", .size = sizeof(MemoryBio), .methods = kBioMethods, .getsets = kBioGetSets}, makeBio);
  b->slots.dealloc = [](Object* o) { BIO_free_all(static_cast<MemoryBio*>(o)->bio); };
  readyType(*t.isolate, b);
  moduleSetType(t, m, b);
  Type* s = types.session = addType(t, m, {.name = "_ssl.SSLSession", .size = sizeof(Session), .flags = kTypeDisallowNew, .getsets = kSessionGetSets}, nullptr);
  s->slots.dealloc = [](Object* o) {
    SSL_SESSION_free(static_cast<Session*>(o)->session);
    decref(static_cast<Session*>(o)->context);
  };
  s->slots.compare = compareSessions;
  readyType(*t.isolate, s);
  moduleSet(t, m, "SSLSession", s);
}

}  // namespace krait::modules::ssl

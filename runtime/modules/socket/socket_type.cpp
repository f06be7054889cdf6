// The socket class: construction, names, options, connecting. Sending and receiving are in transfer.cpp.
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/socket/socket.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"

namespace krait::modules::socket {

static Socket* self(Value v) { return v.as<Socket>(); }
static Socket* self(const Value* a) { return a[0].as<Socket>(); }

Ref newSocket(Thread& t, int fd, int family, int type, int proto) {
  Socket* s = allocate<Socket>(types.socket);
  s->fd = fd;
  s->family = family;
  s->type = type;
  s->proto = proto;
  s->timeout = types.default_timeout;
  s->is_ready = true;
  if (s->timeout >= 0) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  return Ref::steal(s);
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Socket* s = allocate<Socket>(type);
  s->fd = -1;
  s->timeout = -1;
  return Ref::steal(s);
}
static Status adopt(Thread& t, Socket* s, int fd, int& family, int& type, int& proto) {
  Address address;
  address.size = sizeof address.storage;
  if (getsockname(fd, address.get(), &address.size) != 0) {
    if (family == -1 || errno == EBADF || errno == ENOTSOCK) return raiseOSError(t, errno);
  } else if (family == -1) {
    family = address.storage.ss_family;
  }
  socklen_t size = sizeof(int);
  if (type == -1 && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return raiseOSError(t, errno);
  size = sizeof(int);
  if (proto == -1 && getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &proto, &size) != 0) return raiseOSError(t, errno);
  s->fd = fd;
  return kDone;
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "socket", "(family=-1, type=-1, proto=-1, fileno=None)", args, nargs, keywords, a));
  Socket* s = self(v);
  int family = TRY(toCInt_py(t, a[0])), type = TRY(toCInt_py(t, a[1])), proto = TRY(toCInt_py(t, a[2]));
  TRY(audit_py(t, "socket.__new__", {v, a[0], a[1], a[2]}));
  if (!a[3].isNone()) {
    if (a[3].isFloat()) return raiseTypeError(t, "integer argument expected, got float");
    int64_t fd = TRY(toInt64_py(t, a[3]));
    if (fd < 0) return raiseValueError(t, "negative file descriptor");
    TRY(adopt(t, s, static_cast<int>(fd), family, type, proto));
  } else {
    if (family == -1) family = AF_INET;
    if (type == -1) type = SOCK_STREAM;
    if (proto == -1) proto = 0;
    s->fd = ::socket(family, type | SOCK_CLOEXEC, proto);
    if (s->fd < 0) return raiseOSError(t, errno);
  }
  s->family = family;
  s->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
  s->proto = proto;
  s->timeout = type & SOCK_NONBLOCK ? 0 : types.default_timeout;
  s->is_ready = true;
  if (s->timeout >= 0) fcntl(s->fd, F_SETFL, fcntl(s->fd, F_GETFL) | O_NONBLOCK);
  return kDone;
}
static Status finalize(Thread& t, Value v) {
  Socket* s = self(v);
  if (s->fd < 0) return kDone;
  Status warned = warn_py(t, errors(t).resource_warning, 1, "unclosed %s", reprText_py(t, v).c_str());
  ::close(s->fd);
  s->fd = -1;
  return warned;
}
static void dealloc(Object* o) {
  if (static_cast<Socket*>(o)->is_ready && static_cast<Socket*>(o)->fd >= 0) ::close(static_cast<Socket*>(o)->fd);
}
static Ref repr(Thread& t, Value v) {
  Socket* s = self(v);
  return strFormat(t, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd, s->family, s->type, s->proto);
}

static Ref closeFn(Thread& t, const Value* a) {
  int fd = self(a)->fd, result;
  if (fd < 0) return Ref::none();
  self(a)->fd = -1;
  {
    WithoutLock unlocked(t);
    result = ::close(fd);
  }
  if (result < 0 && errno != ECONNRESET) return raiseOSError(t, errno);
  return Ref::none();
}
static Ref detach(Thread& t, const Value* a) {
  int fd = self(a)->fd;
  self(a)->fd = -1;
  return newInt(t, fd);
}
static Ref fileno(Thread& t, const Value* a) { return newInt(t, self(a)->fd); }
static Ref bindFn(Thread& t, const Value* a) {
  Address address;
  TRY(addressArg_py(t, self(a), a[1], "bind", address));
  TRY(audit_py(t, "socket.bind", {a[0], a[1]}));
  return noneOrError(t, ::bind(self(a)->fd, address.get(), address.size));
}
static Ref listenFn(Thread& t, const Value* a) {
  int backlog = a[1].isUndefined() ? 128 : TRY(toCInt_py(t, a[1]));
  return noneOrError(t, ::listen(self(a)->fd, backlog < 0 ? 0 : backlog));
}
static Ref acceptFn(Thread& t, const Value* a) {
  Socket* s = self(a);
  Address address;
  address.size = sizeof address.storage;
  int64_t fd = TRY(socketCall_py(t, s, Wait::kRead, [&] {
    address.size = sizeof address.storage;
    return accept4(s->fd, address.get(), &address.size, SOCK_CLOEXEC);
  }));
  Ref shown = addressValue(t, address);
  return tupleOf(t, {Value::fromInt(fd), shown.get()});
}
// 0 or an errno; -1: raised. ref: internal_connect.
static Fallible<int> connect_py(Thread& t, Socket* s, Address& address) {
  int error;
  {
    WithoutLock unlocked(t);
    error = ::connect(s->fd, address.get(), address.size) == 0 ? 0 : errno;
  }
  if (error == 0) return 0;
  bool waits = (error == EINTR && s->timeout != 0) || ((error == EINPROGRESS || error == EWOULDBLOCK) && s->timeout > 0);
  if (error == EINTR) TRY(checkSignals_py(t));
  if (!waits) return error;
  int64_t deadline = s->timeout > 0 ? deadlineOf(s) : INT64_MAX / 2;
  if (!TRY(waitReady_py(t, s, Wait::kWrite, deadline))) return raise(t, errors(t).timeout_error, "timed out");
  socklen_t size = sizeof error;
  if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error == EISCONN ? 0 : error;
}
static Ref connectFn(Thread& t, const Value* a) {
  Address address;
  TRY(addressArg_py(t, self(a), a[1], "connect", address));
  TRY(audit_py(t, "socket.connect", {a[0], a[1]}));
  int error = TRY(connect_py(t, self(a), address));
  if (error != 0) return raiseOSError(t, error);
  return Ref::none();
}
static Ref connectEx(Thread& t, const Value* a) {
  Address address;
  TRY(addressArg_py(t, self(a), a[1], "connect_ex", address));
  TRY(audit_py(t, "socket.connect", {a[0], a[1]}));
  auto error = connect_py(t, self(a), address);
  if (!error.failed) return newInt(t, error.value);
  if (!pendingMatches(t, errors(t).timeout_error)) return Ref();
  clearException(t);
  return newInt(t, EWOULDBLOCK);
}
static Ref shutdownFn(Thread& t, const Value* a) { return noneOrError(t, ::shutdown(self(a)->fd, TRY(toCInt_py(t, a[1])))); }
template <bool Peer>
static Ref nameOf(Thread& t, const Value* a) {
  Address address;
  address.size = sizeof address.storage;
  int result = Peer ? getpeername(self(a)->fd, address.get(), &address.size) : getsockname(self(a)->fd, address.get(), &address.size);
  if (result != 0) return raiseOSError(t, errno);
  return addressValue(t, address);
}
static Status setTimeout(Thread& t, Socket* s, int64_t timeout) {
  int flags = fcntl(s->fd, F_GETFL);
  if (flags < 0 || fcntl(s->fd, F_SETFL, timeout >= 0 ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) != 0) return raiseOSError(t, errno);
  s->timeout = timeout;
  return kDone;
}
static Ref settimeoutFn(Thread& t, const Value* a) {
  TRY(setTimeout(t, self(a), TRY(timeoutArg_py(t, a[1]))));
  return Ref::none();
}
static Ref gettimeoutFn(Thread&, const Value* a) { return self(a)->timeout < 0 ? Ref::none() : newFloat(static_cast<double>(self(a)->timeout) / 1e9); }
static Ref setblockingFn(Thread& t, const Value* a) {
  TRY(setTimeout(t, self(a), TRY(isTrue_py(t, a[1])) ? -1 : 0));
  return Ref::none();
}
static Ref getblockingFn(Thread&, const Value* a) { return Ref::boolean(self(a)->timeout != 0); }
static Ref setsockoptFn(Thread& t, const Value* a) {
  int level = TRY(toCInt_py(t, a[1])), name = TRY(toCInt_py(t, a[2]));
  if (a[4].defined() && a[3].isNone()) return noneOrError(t, setsockopt(self(a)->fd, level, name, nullptr, static_cast<socklen_t>(TRY(toInt64_py(t, a[4])))));
  if (isIntLike(a[3])) {
    int value = TRY(toCInt_py(t, a[3]));
    return noneOrError(t, setsockopt(self(a)->fd, level, name, &value, sizeof value));
  }
  Buffer data;
  TRY(data.acquire(t, a[3]));
  return noneOrError(t, setsockopt(self(a)->fd, level, name, data.data(), static_cast<socklen_t>(data.size())));
}
static Ref getsockoptFn(Thread& t, const Value* a) {
  int level = TRY(toCInt_py(t, a[1])), name = TRY(toCInt_py(t, a[2]));
  int64_t size = TRY(toInt64_py(t, a[3]));
  if (size == 0) {
    int value = 0;
    socklen_t length = sizeof value;
    if (getsockopt(self(a)->fd, level, name, &value, &length) != 0) return raiseOSError(t, errno);
    return newInt(t, value);
  }
  if (size < 0 || size > 1024) return raise(t, errors(t).os_error, "getsockopt buflen out of range");
  char buffer[1024];
  socklen_t length = static_cast<socklen_t>(size);
  if (getsockopt(self(a)->fd, level, name, buffer, &length) != 0) return raiseOSError(t, errno);
  return newBytes(t, {buffer, length});
}
static Ref getFamily(Thread& t, Value v) { return newInt(t, self(v)->family); }
static Ref getType(Thread& t, Value v) { return newInt(t, self(v)->type); }
static Ref getProto(Thread& t, Value v) { return newInt(t, self(v)->proto); }
static Ref getTimeout(Thread& t, Value v) { return gettimeoutFn(t, &v); }
static const GetSetDef kGetSets[] = {{"family", getFamily}, {"type", getType}, {"proto", getProto}, {"timeout", getTimeout}, {nullptr, nullptr}};

const NativeDef kSocketMethods[] = {{"close", "($self, /)", closeFn}, {"detach", "($self, /)", detach}, {"fileno", "($self, /)", fileno}, {"bind", "($self, address, /)", bindFn},
    {"listen", "($self, backlog=<unset>, /)", listenFn}, {"_accept", "($self, /)", acceptFn}, {"connect", "($self, address, /)", connectFn},
    {"connect_ex", "($self, address, /)", connectEx}, {"shutdown", "($self, flag, /)", shutdownFn}, {"getpeername", "($self, /)", nameOf<true>},
    {"getsockname", "($self, /)", nameOf<false>}, {"settimeout", "($self, timeout, /)", settimeoutFn}, {"gettimeout", "($self, /)", gettimeoutFn},
    {"setblocking", "($self, flag, /)", setblockingFn}, {"getblocking", "($self, /)", getblockingFn}, {"setsockopt", "($self, level, optname, value, optlen=<unset>, /)", setsockoptFn},
    {"getsockopt", "($self, level, optname, buflen=0, /)", getsockoptFn}, {nullptr, nullptr, nullptr}};

static Ref makeError(Thread& t, const char* name, Value base) {
  Ref text = newStr(t, name), bases = tupleOf(t, {base}), dict = newDict(t), module = newStr(t, "socket");
  dictSetStr(dict.as<Dict>(), t.names().d_module, module.get());
  return callArgs_py(t, t.types().type, text.get(), bases.get(), dict.get());
}
static Status initModule(Thread& t, Module* m) {
  NativeDef* methods = new NativeDef[64]();
  int count = 0;
  for (const NativeDef* table : {kSocketMethods, kTransferMethods}) {
    for (; table->name != nullptr; ++table) methods[count++] = *table;
  }
  Type* type = types.socket = makeType(*t.isolate, {.name = "_socket.socket", .size = sizeof(Socket), .flags = kTypeBaseable, .methods = methods, .getsets = kGetSets,
                                                    .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object"});
  type->slots.make = make;
  type->slots.init = init;
  type->slots.dealloc = dealloc;
  type->slots.finalize = finalize;
  type->slots.repr = repr;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  moduleSet(t, m, "SocketType", type);
  moduleSet(t, m, "error", errors(t).os_error);
  moduleSet(t, m, "timeout", errors(t).timeout_error);
  Ref gaierror = makeError(t, "gaierror", errors(t).os_error), herror = makeError(t, "herror", errors(t).os_error);
  if (!gaierror || !herror) return kRaised;
  types.gaierror = share(gaierror.get());
  types.herror = share(herror.get());
  moduleSet(t, m, "gaierror", gaierror.get());
  moduleSet(t, m, "herror", herror.get());
  moduleSet(t, m, "has_ipv6", Value::fromBool(true));
  addSocketConstants(t, m);
  return kDone;
}

}  // namespace krait::modules::socket

namespace krait::modules {
extern const NativeModule kSocketModule;
const NativeModule kSocketModule = {"_socket", "Implementation module for socket operations.", socket::kResolverFunctions, socket::initModule};
}  // namespace krait::modules

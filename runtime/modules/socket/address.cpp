// Addresses between C and Python.
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>

#include <cmath>
#include <cstring>

#include "runtime/modules/socket/socket.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/float.h"
#include "runtime/object/sandbox_note.h"

namespace krait::modules::socket {

Types types;

RaisedTag raiseAddressError(Thread& t, int error) {
  if (error == EAI_SYSTEM) return raiseOSError(t, errno);
  Ref text = newStr(t, gai_strerror(error));
  Ref e = callArgs_py(t, types.gaierror, Value::fromInt(error), text.get());
  if (!e) return kRaised;
  if (std::string note = nameNote(); !note.empty()) {
    Ref said = newStr(t, note);
    if (!callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), said.get())) return kRaised;
  }
  return raiseException(t, e.get());
}
Status resolve_py(Thread& t, const std::string& host, int family, Address& out) {
  if (host == "<broadcast>") {
    sockaddr_in* in = reinterpret_cast<sockaddr_in*>(&out.storage);
    *in = {};
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = INADDR_BROADCAST;
    out.size = sizeof *in;
    return kDone;
  }
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = family;
  hints.ai_socktype = SOCK_DGRAM;
  if (host.empty()) hints.ai_flags = AI_PASSIVE;
  int error;
  {
    WithoutLock unlocked(t);
    error = getaddrinfo(host.empty() ? nullptr : host.c_str(), host.empty() ? "0" : nullptr, &hints, &found);
  }
  if (error != 0) return raiseAddressError(t, error);
  std::memcpy(&out.storage, found->ai_addr, found->ai_addrlen);
  out.size = found->ai_addrlen;
  freeaddrinfo(found);
  return kDone;
}

// A host name or number: str (IDNA when not ASCII), bytes.
static Fallible<std::string> hostArg_py(Thread& t, Value v) {
  if (isBytes(v)) return std::string(v.as<Bytes>()->view());
  if (isByteArray(v)) return std::string(v.as<ByteArray>()->view());
  if (!isStr(v)) return raiseTypeError(t, "str, bytes or bytearray expected, not %s", typeNameOf(t, v));
  if (v.as<Str>()->is_ascii) {
    std::string text(v.as<Str>()->ascii());
    if (text.find('\0') != std::string::npos) return raiseTypeError(t, "host name must not contain null character");
    return text;
  }
  Ref idna = newStr(t, "idna");
  Ref bytes = callMethod_py(t, v, intern(*t.isolate, "encode"), idna.get());
  if (!bytes) return kRaised;
  return std::string(bytes.as<Bytes>()->view());
}
static Fallible<uint16_t> portArg_py(Thread& t, Value v, const char* function) {
  if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, v));
  Ref index = toIndex_py(t, v);
  if (!index) return kRaised;
  int64_t n;
  if (!intFits(index.get(), n) || n < 0 || n > 0xffff) return raiseOverflowError(t, "%s(): port must be 0-65535.", function);
  return static_cast<uint16_t>(n);
}
static Status unixAddress_py(Thread& t, Value v, Address& out) {
  std::string path;
  if (isStr(v)) path = TRY(fsEncode_py(t, v));
  else {
    Buffer data;
    TRY(data.acquire(t, v));
    path = std::string(data.view());
  }
  sockaddr_un* un = reinterpret_cast<sockaddr_un*>(&out.storage);
  *un = {};
  un->sun_family = AF_UNIX;
  bool is_abstract = path.empty() || path[0] == '\0';  // the empty one asks the system for a name
  if (path.size() + !is_abstract > sizeof un->sun_path) return raise(t, errors(t).os_error, "AF_UNIX path too long");
  std::memcpy(un->sun_path, path.data(), path.size());
  out.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + !is_abstract);
  return kDone;
}
Status addressArg_py(Thread& t, const Socket* s, Value v, const char* function, Address& out) {
  std::memset(&out.storage, 0, sizeof out.storage);
  if (s->family == AF_UNIX) return unixAddress_py(t, v, out);
  if (s->family != AF_INET && s->family != AF_INET6) return raise(t, errors(t).os_error, "%s(): bad family", function);
  if (!isTuple(v)) return raiseTypeError(t, "%s(): %s address must be tuple, not %s", function, s->family == AF_INET ? "AF_INET" : "AF_INET6", typeNameOf(t, v));
  Tuple* parts = v.as<Tuple>();
  if (s->family == AF_INET && parts->size != 2) return raiseTypeError(t, "AF_INET address must be a pair (host, port)");
  if (s->family == AF_INET6 && (parts->size < 2 || parts->size > 4)) return raiseTypeError(t, "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
  std::string host = TRY(hostArg_py(t, parts->items()[0]));
  uint16_t port = TRY(portArg_py(t, parts->items()[1], function));
  in_addr v4;
  if (s->family == AF_INET && inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    sockaddr_in* in = reinterpret_cast<sockaddr_in*>(&out.storage);
    in->sin_family = AF_INET;
    in->sin_addr = v4;
    out.size = sizeof *in;
  } else {
    TRY(resolve_py(t, host, s->family, out));
  }
  if (s->family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(&out.storage)->sin_port = htons(port);
    return kDone;
  }
  sockaddr_in6* in6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  in6->sin6_port = htons(port);
  int64_t flow = parts->size > 2 ? TRY(toInt64_py(t, parts->items()[2])) : 0;
  if (flow < 0 || flow > 0xfffff) return raiseOverflowError(t, "%s(): flowinfo must be 0-1048575.", function);
  in6->sin6_flowinfo = htonl(static_cast<uint32_t>(flow));
  if (parts->size > 3) in6->sin6_scope_id = static_cast<uint32_t>(TRY(toInt64_py(t, parts->items()[3])));
  return kDone;
}

Ref addressValue(Thread& t, const Address& a) {
  if (a.size == 0) return Ref::none();
  char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 2];
  switch (a.storage.ss_family) {
    case AF_INET: {
      const sockaddr_in* in = reinterpret_cast<const sockaddr_in*>(&a.storage);
      inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
      Ref host = newStr(t, text);
      return tupleOf(t, {host.get(), Value::fromInt(ntohs(in->sin_port))});
    }
    case AF_INET6: {
      const sockaddr_in6* in6 = reinterpret_cast<const sockaddr_in6*>(&a.storage);
      inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
      Ref host = newStr(t, text);
      return tupleOf(t, {host.get(), Value::fromInt(ntohs(in6->sin6_port)), Value::fromInt(ntohl(in6->sin6_flowinfo)), Value::fromInt(in6->sin6_scope_id)});
    }
    case AF_UNIX: {
      const sockaddr_un* un = reinterpret_cast<const sockaddr_un*>(&a.storage);
      size_t n = a.size > offsetof(sockaddr_un, sun_path) ? a.size - offsetof(sockaddr_un, sun_path) : 0;
      if (n > 0 && un->sun_path[0] == '\0') return newBytes(t, {un->sun_path, n});
      return fsDecode(t, {un->sun_path, strnlen(un->sun_path, n)});
    }
    default: {
      Ref bytes = newBytes(t, {reinterpret_cast<const char*>(&a.storage) + 2, a.size > 2 ? a.size - 2 : 0});
      return tupleOf(t, {Value::fromInt(a.storage.ss_family), bytes.get()});
    }
  }
}

Fallible<int64_t> timeoutArg_py(Thread& t, Value v) {
  if (v.isNone()) return int64_t{-1};
  double d = TRY(toDouble_py(t, v));
  if (d != d) return raiseValueError(t, "Invalid value NaN (not a number)");
  if (d < 0) return raiseValueError(t, "Timeout value out of range");
  if (d > 9.2e9) return raiseOverflowError(t, "timeout doesn't fit into C timeval");
  return static_cast<int64_t>(std::ceil(d * 1e9));
}
int64_t deadlineOf(const Socket* s) { return s->timeout > 0 ? thread::monotonicNanos() + s->timeout : s->timeout; }
Fallible<bool> waitReady_py(Thread& t, const Socket* s, Wait wait, int64_t deadline) {
  pollfd p = {s->fd, static_cast<short>(wait == Wait::kRead ? POLLIN : POLLOUT), 0};
  for (;;) {
    int64_t left = deadline - thread::monotonicNanos();
    if (left <= 0) left = 0;
    int n;
    {
      WithoutLock unlocked(t);
      n = poll(&p, 1, static_cast<int>((left + 999999) / 1000000));
    }
    if (n > 0) return true;
    if (n == 0 && thread::monotonicNanos() >= deadline) return false;
    if (n < 0 && errno != EINTR) return raiseOSError(t, errno);
    TRY(checkSignals_py(t));
  }
}

}  // namespace krait::modules::socket

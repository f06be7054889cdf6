// What the files of the `_socket` module share: the socket object and addresses. ref: Modules/socketmodule.c.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "runtime/modules/os_support.h"
#include "runtime/object/heap.h"

namespace krait::modules::socket {

struct Socket : Object {
  int fd;            // -1 once closed
  int family, type, proto;
  int64_t timeout;   // nanoseconds; <0: wait for ever, 0: never wait
  bool is_ready;     // made by __init__
};
struct Types {
  Type* socket;
  Value gaierror, herror;
  int64_t default_timeout = -1;
};
extern Types types;

struct Address {
  sockaddr_storage storage;
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};
// The address argument of `function` for the socket's family; host names are resolved.
Status addressArg_py(Thread& t, const Socket* s, Value v, const char* function, Address& out);
// As Python shows it: (host, port), (host, port, flow, scope), path …; None for no address.
Ref addressValue(Thread& t, const Address& address);
// "localhost" or a number to an address of the family; raises gaierror.
Status resolve_py(Thread& t, const std::string& host, int family, Address& out);
RaisedTag raiseAddressError(Thread& t, int error);
// A timeout argument (None or seconds) in nanoseconds.
Fallible<int64_t> timeoutArg_py(Thread& t, Value v);

// Runs `call` when the socket is ready, within its timeout, and again after EINTR and EAGAIN; -1 never comes back.
enum class Wait { kRead, kWrite };
Fallible<bool> waitReady_py(Thread& t, const Socket* s, Wait wait, int64_t deadline);
int64_t deadlineOf(const Socket* s);
template <class F>
Fallible<int64_t> socketCall_py(Thread& t, Socket* s, Wait wait, F call) {
  int64_t deadline = deadlineOf(s);
  for (;;) {
    if (s->timeout > 0 && !TRY(waitReady_py(t, s, wait, deadline))) return raise(t, errors(t).timeout_error, "timed out");
    int64_t n = TRY(blockingCall_py(t, call));
    if (n >= 0) return n;
    if (s->timeout > 0 && (errno == EWOULDBLOCK || errno == EAGAIN)) continue;
    return raiseOSError(t, errno);
  }
}

extern const NativeDef kSocketMethods[];
extern const NativeDef kTransferMethods[];
extern const NativeDef kResolverFunctions[];
Ref newSocket(Thread& t, int fd, int family, int type, int proto);
void addSocketConstants(Thread& t, Module* m);

}  // namespace krait::modules::socket

// Sending and receiving.
#include <memory>
#include <vector>

#include "runtime/modules/audit.h"
#include "runtime/modules/socket/socket.h"
#include "runtime/modules/thread/thread.h"

namespace krait::modules::socket {

static Socket* self(const Value* a) { return a[0].as<Socket>(); }
#define INT(value) TRY(toCInt_py(t, value))

static Ref receive_py(Thread& t, const Value* a, bool with_address) {
  Socket* s = self(a);
  int64_t size = TRY(toInt64_py(t, a[1]));
  int flags = INT(a[2]);
  if (size < 0) return raiseValueError(t, "negative buffersize in %s", with_address ? "recvfrom" : "recv");
  Ref bytes = TRY(newBytesBuffer(t, size));
  uint8_t* data = bytes.as<Bytes>()->data();
  Address address;
  int64_t n = TRY(socketCall_py(t, s, Wait::kRead, [&] {
    address.size = sizeof address.storage;
    return with_address ? recvfrom(s->fd, data, static_cast<size_t>(size), flags, address.get(), &address.size) : recv(s->fd, data, static_cast<size_t>(size), flags);
  }));
  if (n < size) bytes = newBytes(t, bytes.as<Bytes>()->view().substr(0, static_cast<size_t>(n)));
  if (!with_address) return bytes;
  Ref shown = addressValue(t, address);
  return tupleOf(t, {bytes.get(), shown.get()});
}
static Ref recvFn(Thread& t, const Value* a) { return receive_py(t, a, false); }
static Ref recvfromFn(Thread& t, const Value* a) { return receive_py(t, a, true); }
static Ref receiveInto_py(Thread& t, const Value* a, bool with_address) {
  Socket* s = self(a);
  Buffer buffer;
  TRY(buffer.acquireWritable(t, a[1], with_address ? "recvfrom_into() argument 1" : "recv_into() argument 1"));
  int64_t size = TRY(toInt64_py(t, a[2]));
  int flags = INT(a[3]);
  if (size < 0) return raiseValueError(t, "negative buffersize in %s", with_address ? "recvfrom_into" : "recv_into");
  if (size == 0) size = buffer.size();
  if (size > buffer.size()) return raiseValueError(t, with_address ? "nbytes is greater than the length of the buffer" : "buffer too small for requested bytes");
  Address address;
  int64_t n = TRY(socketCall_py(t, s, Wait::kRead, [&] {
    address.size = sizeof address.storage;
    return with_address ? recvfrom(s->fd, buffer.data(), static_cast<size_t>(size), flags, address.get(), &address.size) : recv(s->fd, buffer.data(), static_cast<size_t>(size), flags);
  }));
  if (!with_address) return newInt(t, n);
  Ref shown = addressValue(t, address);
  return tupleOf(t, {Value::fromInt(n), shown.get()});
}
static Ref recvInto(Thread& t, const Value* a) { return receiveInto_py(t, a, false); }
static Ref recvfromInto(Thread& t, const Value* a) { return receiveInto_py(t, a, true); }
static Ref sendFn(Thread& t, const Value* a) {
  Socket* s = self(a);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  int flags = INT(a[2]);
  return newInt(t, TRY(socketCall_py(t, s, Wait::kWrite, [&] { return send(s->fd, data.data(), static_cast<size_t>(data.size()), flags); })));
}
static Ref sendallFn(Thread& t, const Value* a) {
  Socket* s = self(a);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  int flags = INT(a[2]);
  int64_t done = 0, deadline = deadlineOf(s);
  while (done < data.size()) {
    if (s->timeout > 0 && !TRY(waitReady_py(t, s, Wait::kWrite, deadline))) return raise(t, errors(t).timeout_error, "timed out");
    int64_t n = TRY(blockingCall_py(t, [&] { return send(s->fd, data.data() + done, static_cast<size_t>(data.size() - done), flags); }));
    if (n < 0 && !(s->timeout > 0 && (errno == EAGAIN || errno == EWOULDBLOCK))) return raiseOSError(t, errno);
    if (n > 0) done += n;
    TRY(checkSignals_py(t));
  }
  return Ref::none();
}
// Data, flags or none, address. ref: sock_sendto.
static Ref sendtoFn(Thread& t, const Value* a) {
  Socket* s = self(a);
  Tuple* given = a[1].as<Tuple>();
  const Value* args = given->items();
  if (given->size < 2 || given->size > 3) return raiseTypeError(t, "sendto() takes 2 or 3 arguments (%ld given)", static_cast<long>(given->size));
  Value where = args[given->size - 1];
  Buffer data;
  TRY(data.acquire(t, args[0]));
  int flags = given->size == 2 ? 0 : INT(args[1]);
  Address address;
  TRY(addressArg_py(t, s, where, "sendto", address));
  TRY(audit_py(t, "socket.sendto", {a[0], where}));
  return newInt(t, TRY(socketCall_py(t, s, Wait::kWrite, [&] { return sendto(s->fd, data.data(), static_cast<size_t>(data.size()), flags, address.get(), address.size); })));
}

// --- messages with ancillary data
struct Parts {
  std::vector<std::unique_ptr<Buffer>> buffers;
  std::vector<iovec> vectors;
};
static Status partsOf_py(Thread& t, Value v, bool is_writable, Parts& out) {
  Iteration it(t, v);
  while (it.next()) {
    out.buffers.push_back(std::make_unique<Buffer>());
    Buffer& b = *out.buffers.back();
    TRY(is_writable ? b.acquireWritable(t, it.value(), "recvmsg_into() argument 1") : b.acquire(t, it.value()));
    out.vectors.push_back({b.data(), static_cast<size_t>(b.size())});
  }
  if (it.raised()) return kRaised;
  return kDone;
}
static Ref ancillaryList(Thread& t, msghdr& message) {
  Ref list = newList(t);
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    size_t size = c->cmsg_len - CMSG_LEN(0);
    Ref data = newBytes(t, {reinterpret_cast<const char*>(CMSG_DATA(c)), size});
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(c->cmsg_level), Value::fromInt(c->cmsg_type), data.get()}).release());
  }
  return list;
}
static Fallible<int64_t> receiveMessage_py(Thread& t, Socket* s, Parts& parts, int64_t ancillary, int flags, Ref& list, int& out_flags, Ref& from) {
  std::string control(static_cast<size_t>(ancillary), '\0');
  Address address;
  msghdr message = {};
  int64_t n = TRY(socketCall_py(t, s, Wait::kRead, [&] {
    message = {};
    message.msg_name = address.get();
    message.msg_namelen = sizeof address.storage;
    message.msg_iov = parts.vectors.data();
    message.msg_iovlen = parts.vectors.size();
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    return recvmsg(s->fd, &message, flags | MSG_CMSG_CLOEXEC);
  }));
  address.size = message.msg_namelen;
  list = ancillaryList(t, message);
  out_flags = message.msg_flags & ~MSG_CMSG_CLOEXEC;
  from = addressValue(t, address);
  return n;
}
static Ref recvmsgFn(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[1])), ancillary = TRY(toInt64_py(t, a[2]));
  if (size < 0) return raiseValueError(t, "negative buffer size in recvmsg()");
  if (ancillary < 0 || ancillary > INT32_MAX) return raiseValueError(t, "invalid ancillary data buffer length");
  Ref bytes = TRY(newBytesBuffer(t, size)), list, from;
  Parts parts;
  parts.vectors.push_back({bytes.as<Bytes>()->data(), static_cast<size_t>(size)});
  int flags = 0;
  int64_t n = TRY(receiveMessage_py(t, self(a), parts, ancillary, INT(a[3]), list, flags, from));
  Ref data = newBytes(t, bytes.as<Bytes>()->view().substr(0, static_cast<size_t>(n)));
  return tupleOf(t, {data.get(), list.get(), Value::fromInt(flags), from.get()});
}
static Ref recvmsgInto(Thread& t, const Value* a) {
  Parts parts;
  TRY(partsOf_py(t, a[1], true, parts));
  int64_t ancillary = TRY(toInt64_py(t, a[2]));
  if (ancillary < 0 || ancillary > INT32_MAX) return raiseValueError(t, "invalid ancillary data buffer length");
  Ref list, from;
  int flags = 0;
  int64_t n = TRY(receiveMessage_py(t, self(a), parts, ancillary, INT(a[3]), list, flags, from));
  return tupleOf(t, {Value::fromInt(n), list.get(), Value::fromInt(flags), from.get()});
}
static Ref sendmsgFn(Thread& t, const Value* a) {
  Socket* s = self(a);
  Parts parts;
  TRY(partsOf_py(t, a[1], false, parts));
  std::string control;
  Iteration it(t, a[2].isUndefined() ? Value(t.isolate->empty_tuple) : a[2]);
  while (it.next()) {
    if (!isTuple(it.value()) || it.value().as<Tuple>()->size != 3) return raiseTypeError(t, "sendmsg() argument 2 must be an iterable of 3-tuples");
    const Value* item = it.value().as<Tuple>()->items();
    Buffer data;
    TRY(data.acquire(t, item[2]));
    size_t at = control.size(), size = static_cast<size_t>(data.size());
    control.resize(at + CMSG_SPACE(size));
    cmsghdr* c = reinterpret_cast<cmsghdr*>(control.data() + at);
    c->cmsg_level = INT(item[0]);
    c->cmsg_type = INT(item[1]);
    c->cmsg_len = CMSG_LEN(size);
    if (size > 0) __builtin_memcpy(CMSG_DATA(c), data.data(), size);
  }
  if (it.raised()) return Ref();
  int flags = INT(a[3]);
  Address address;
  if (!a[4].isNone()) TRY(addressArg_py(t, s, a[4], "sendmsg", address));
  msghdr message = {};
  message.msg_name = address.size > 0 ? address.get() : nullptr;
  message.msg_namelen = address.size;
  message.msg_iov = parts.vectors.data();
  message.msg_iovlen = parts.vectors.size();
  message.msg_control = control.empty() ? nullptr : control.data();
  message.msg_controllen = control.size();
  return newInt(t, TRY(socketCall_py(t, s, Wait::kWrite, [&] { return sendmsg(s->fd, &message, flags); })));
}

const NativeDef kTransferMethods[] = {{"recv", "($self, bufsize, flags=0, /)", recvFn}, {"recvfrom", "($self, bufsize, flags=0, /)", recvfromFn},
    {"recv_into", "($self, /, buffer, nbytes=0, flags=0)", recvInto}, {"recvfrom_into", "($self, /, buffer, nbytes=0, flags=0)", recvfromInto}, {"send", "($self, data, flags=0, /)", sendFn},
    {"sendall", "($self, data, flags=0, /)", sendallFn}, {"sendto", "($self, /, *args)", sendtoFn}, {"recvmsg", "($self, bufsize, ancbufsize=0, flags=0, /)", recvmsgFn},
    {"recvmsg_into", "($self, buffers, ancbufsize=0, flags=0, /)", recvmsgInto}, {"sendmsg", "($self, buffers, ancdata=<unset>, flags=0, address=None, /)", sendmsgFn}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules::socket

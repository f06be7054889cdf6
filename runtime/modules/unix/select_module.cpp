// The `select` module: select, poll, epoll. ref: Modules/selectmodule.c.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include <cmath>
#include <map>
#include <vector>

#include "runtime/modules/os_support.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/clock.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"

namespace krait::modules {

// Seconds (None: for ever, -1) in nanoseconds.
static Fallible<int64_t> secondsArg_py(Thread& t, Value v, const char* message) {
  if (v.isNone() || v.isUndefined()) return int64_t{-1};
  if (!v.isFloat() && !isIntLike(v) && typeOf(t, v)->slots.to_float == nullptr && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "%s", message);
  double d = TRY(toDouble_py(t, v));
  if (d != d) return raiseValueError(t, "Invalid value NaN (not a number)");
  if (d > 9.2e9) return raiseOverflowError(t, "timeout is too large");
  return static_cast<int64_t>(std::ceil(d * 1e9));
}
// Repeats `call(milliseconds)` after EINTR until the time is over; the result or -1 with errno.
template <class F>
static Fallible<int64_t> waiting_py(Thread& t, int64_t nanos, F call) {
  int64_t deadline = nanos < 0 ? -1 : thread::monotonicNanos() + nanos;
  for (;;) {
    int64_t left = deadline < 0 ? -1 : deadline - thread::monotonicNanos();
    if (deadline >= 0 && left < 0) left = 0;
    // With time of its own nothing waits for long: what is not ready by then comes later.
    bool is_short = left > 0 && hasOwnTime();
    if (is_short) {
      passTime(left);
      left = 1000000;
    }
    int64_t n;
    {
      WithoutLock unlocked(t);
      n = call(left);
    }
    if (n >= 0 || errno != EINTR) return n;
    TRY(checkSignals_py(t));
  }
}
static int milliseconds(int64_t nanos) { return nanos < 0 ? -1 : static_cast<int>((nanos + 999999) / 1000000 > INT32_MAX ? INT32_MAX : (nanos + 999999) / 1000000); }

// --- select
static Status fillSet_py(Thread& t, Value v, fd_set& set, std::vector<std::pair<int, Ref>>& items, int& highest) {
  FD_ZERO(&set);
  Ref list = isList(v) ? Ref::of(v) : listFromIterable_py(t, v);  // a list that fileno() changes is looked at as it is then
  if (!list) {
    if (pendingMatches(t, errors(t).type_error)) {
      clearException(t);
      return raiseTypeError(t, "arguments 1-3 must be sequences");
    }
    return kRaised;
  }
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    Ref item = Ref::of(list.as<List>()->items[i]);
    int fd = TRY(toDescriptor_py(t, item.get()));
    if (fd >= FD_SETSIZE) return raiseValueError(t, "filedescriptor out of range in select()");
    FD_SET(fd, &set);
    if (fd > highest) highest = fd;
    items.push_back({fd, std::move(item)});
  }
  return kDone;
}
static Ref selectFn(Thread& t, const Value* a) {
  fd_set wanted[3], sets[3];
  std::vector<std::pair<int, Ref>> items[3];
  int highest = -1;
  int64_t nanos = TRY(secondsArg_py(t, a[3], "timeout must be a float or None"));
  if (nanos < 0 && !a[3].isNone()) return raiseValueError(t, "timeout must be non-negative");
  for (int i = 0; i < 3; ++i) TRY(fillSet_py(t, a[i], wanted[i], items[i], highest));
  int64_t n = TRY(waiting_py(t, nanos, [&](int64_t left) -> int64_t {
    for (int i = 0; i < 3; ++i) sets[i] = wanted[i];
    timeval wait = {left / 1000000000, (left % 1000000000 + 999) / 1000};
    return ::select(highest + 1, &sets[0], &sets[1], &sets[2], left < 0 ? nullptr : &wait);
  }));
  if (n < 0) return raiseOSError(t, errno);
  Ref lists[3];
  for (int i = 0; i < 3; ++i) {
    lists[i] = newList(t);
    for (auto& [fd, item] : items[i]) {
      if (n > 0 && FD_ISSET(fd, &sets[i])) listAppend(lists[i].as<List>(), item.get());
    }
  }
  return tupleOf(t, {lists[0].get(), lists[1].get(), lists[2].get()});
}

// --- poll
struct Poll : Object {
  std::map<int, short>* fds;
  bool is_busy;
};
static Type* poll_type = nullptr;
static Poll* pollOf(const Value* a) { return a[0].as<Poll>(); }
static Ref newPoll(Thread&, const Value*) {
  Poll* p = allocate<Poll>(poll_type);
  p->fds = new std::map<int, short>();
  return Ref::steal(p);
}
static Fallible<short> eventsArg_py(Thread& t, Value v) {
  int64_t n = TRY(toInt64_py(t, v));
  if (n < 0) return raiseValueError(t, "value must be positive");
  if (n > 0xffff) return raiseOverflowError(t, "Python int too large for C unsigned short");
  return static_cast<short>(n);
}
static Ref pollRegister(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[1]));
  short events = TRY(eventsArg_py(t, a[2]));
  (*pollOf(a)->fds)[fd] = events;
  return Ref::none();
}
static Ref pollModify(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[1]));
  short events = TRY(eventsArg_py(t, a[2]));
  auto at = pollOf(a)->fds->find(fd);
  if (at == pollOf(a)->fds->end()) return raiseOSError(t, ENOENT);
  at->second = events;
  return Ref::none();
}
static Ref pollUnregister(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[1]));
  if (pollOf(a)->fds->erase(fd) == 0) return raiseKeyError(t, Value::fromInt(fd));
  return Ref::none();
}
static Ref pollPoll(Thread& t, const Value* a) {
  Poll* p = pollOf(a);
  int64_t nanos = -1;
  if (!a[1].isNone()) {
    if (!a[1].isFloat() && !isIntLike(a[1])) return raiseTypeError(t, "timeout must be an integer or None");
    double ms = TRY(toDouble_py(t, a[1]));
    if (ms > 2147483647) return raiseOverflowError(t, "timeout is too large");
    nanos = ms < 0 ? -1 : static_cast<int64_t>(std::ceil(ms) * 1e6);
  }
  if (p->is_busy) return raiseRuntimeError(t, "concurrent poll() invocation");
  std::vector<pollfd> fds;
  for (auto& [fd, events] : *p->fds) fds.push_back({fd, events, 0});
  p->is_busy = true;
  auto n = waiting_py(t, nanos, [&](int64_t left) -> int64_t { return ::poll(fds.data(), fds.size(), milliseconds(left)); });
  p->is_busy = false;
  if (n.failed) return Ref();
  if (n.value < 0) return raiseOSError(t, errno);
  Ref list = newList(t);
  for (const pollfd& f : fds) {
    if (f.revents != 0) listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(f.fd), Value::fromInt(static_cast<unsigned short>(f.revents))}).release());
  }
  return list;
}
static const NativeDef kPollMethods[] = {{"register", "($self, fd, eventmask=7, /)", pollRegister}, {"modify", "($self, fd, eventmask, /)", pollModify},
    {"unregister", "($self, fd, /)", pollUnregister}, {"poll", "($self, timeout=None, /)", pollPoll}, {nullptr, nullptr, nullptr}};

// --- epoll
struct Epoll : Object {
  int fd;
};
static Epoll* epollOf(const Value* a) { return a[0].as<Epoll>(); }
static Ref epollMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "epoll", "(sizehint=-1, flags=0)", args, nargs, keywords, a));
  if (int64_t hint = TRY(toInt64_py(t, a[0])); hint == 0 || hint < -1) return raiseValueError(t, "negative sizehint");
  if (int flags = TRY(toCInt_py(t, a[1])); flags != 0 && flags != EPOLL_CLOEXEC) return raise(t, errors(t).os_error, "invalid flags");
  int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return raiseOSError(t, errno);
  Epoll* e = allocate<Epoll>(type);
  e->fd = fd;
  return Ref::steal(e);
}
static Ref epollFromFd(Thread& t, const Value* a) {
  Epoll* e = allocate<Epoll>(a[0].as<Type>());
  e->fd = TRY(toCInt_py(t, a[1]));
  return Ref::steal(e);
}
static void epollDealloc(Object* o) {
  if (static_cast<Epoll*>(o)->fd >= 0) close(static_cast<Epoll*>(o)->fd);
}
#define OPEN(e) \
  if ((e)->fd < 0) return raiseValueError(t, "I/O operation on closed epoll object")
static Ref epollClose(Thread& t, const Value* a) {
  int fd = epollOf(a)->fd;
  epollOf(a)->fd = -1;
  if (fd >= 0 && close(fd) != 0) return raiseOSError(t, errno);
  return Ref::none();
}
static Ref epollControl_py(Thread& t, const Value* a, int operation, Value events) {
  OPEN(epollOf(a));
  int fd = TRY(toDescriptor_py(t, a[1]));
  epoll_event event = {};
  if (events.defined()) event.events = static_cast<uint32_t>(TRY(toInt64_py(t, events)));
  event.data.fd = fd;
  return noneOrError(t, epoll_ctl(epollOf(a)->fd, operation, fd, &event));
}
static Ref epollRegister(Thread& t, const Value* a) { return epollControl_py(t, a, EPOLL_CTL_ADD, a[2]); }
static Ref epollModify(Thread& t, const Value* a) { return epollControl_py(t, a, EPOLL_CTL_MOD, a[2]); }
static Ref epollUnregister(Thread& t, const Value* a) { return epollControl_py(t, a, EPOLL_CTL_DEL, Value()); }
static Ref epollPoll(Thread& t, const Value* a) {
  Epoll* e = epollOf(a);
  OPEN(e);
  int64_t nanos = TRY(secondsArg_py(t, a[1], "timeout must be an integer or None"));
  int most = TRY(toCInt_py(t, a[2]));
  if (most == -1) most = FD_SETSIZE - 1;
  if (most < 1) return raiseValueError(t, "maxevents must be greater than 0, got %d", most);
  std::vector<epoll_event> events(static_cast<size_t>(most));
  int fd = e->fd;
  int64_t n = TRY(waiting_py(t, nanos, [&](int64_t left) -> int64_t { return epoll_wait(fd, events.data(), most, milliseconds(left)); }));
  if (n < 0) return raiseOSError(t, errno);
  Ref list = newList(t, n);
  for (int64_t i = 0; i < n; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(event.data.fd), Value::fromInt(event.events)}).release());
  }
  return list;
}
static Ref epollFileno(Thread& t, const Value* a) {
  OPEN(epollOf(a));
  return newInt(t, epollOf(a)->fd);
}
static Ref epollEnter(Thread& t, const Value* a) {
  OPEN(epollOf(a));
  return Ref::of(a[0]);
}
static Ref epollClosed(Thread&, Value v) { return Ref::boolean(v.as<Epoll>()->fd < 0); }
static const NativeDef kEpollMethods[] = {{"fromfd", "($type, fd, /)", epollFromFd}, {"close", "($self, /)", epollClose}, {"fileno", "($self, /)", epollFileno},
    {"register", "($self, /, fd, eventmask=7)", epollRegister}, {"modify", "($self, /, fd, eventmask)", epollModify}, {"unregister", "($self, /, fd)", epollUnregister},
    {"poll", "($self, /, timeout=None, maxevents=-1)", epollPoll}, {"__enter__", "($self, /)", epollEnter}, {"__exit__", "($self, /, *exc_info)", epollClose}, {nullptr, nullptr, nullptr}};
static const GetSetDef kEpollGetSets[] = {{"closed", epollClosed}, {nullptr, nullptr}};

static const NativeDef kFunctions[] = {{"select", "(rlist, wlist, xlist, timeout=None, /)", selectFn}, {"poll", "()", newPoll}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  poll_type = makeType(*t.isolate, {.name = "select.poll", .size = sizeof(Poll), .flags = kTypeDisallowNew, .methods = kPollMethods});
  poll_type->slots.dealloc = [](Object* o) { delete static_cast<Poll*>(o)->fds; };
  readyType(*t.isolate, poll_type);
  Type* epoll = makeType(*t.isolate, {.name = "select.epoll", .size = sizeof(Epoll), .methods = kEpollMethods, .getsets = kEpollGetSets});
  epoll->slots.make = epollMake;
  epoll->slots.dealloc = epollDealloc;
  readyType(*t.isolate, epoll);
  moduleSetType(t, m, epoll);
  moduleSet(t, m, "error", errors(t).os_error);
  for (auto [name, value] : {
#define C(name) std::pair<const char*, int64_t>{#name, static_cast<uint32_t>(name)},
           C(POLLIN) C(POLLPRI) C(POLLOUT) C(POLLERR) C(POLLHUP) C(POLLNVAL) C(POLLRDNORM) C(POLLRDBAND) C(POLLWRNORM) C(POLLWRBAND) C(POLLMSG) C(POLLRDHUP) C(EPOLLIN) C(EPOLLOUT) C(EPOLLPRI)
           C(EPOLLERR) C(EPOLLHUP) C(EPOLLRDHUP) C(EPOLLET) C(EPOLLONESHOT) C(EPOLLEXCLUSIVE) C(EPOLLRDNORM) C(EPOLLRDBAND) C(EPOLLWRNORM) C(EPOLLWRBAND) C(EPOLLMSG) C(EPOLLWAKEUP) C(EPOLL_CLOEXEC)
#undef C
           std::pair<const char*, int64_t>{"PIPE_BUF", 4096}}) {
    moduleSet(t, m, name, Value::fromInt(value));
  }
  return kDone;
}
extern const NativeModule kSelectModule;
const NativeModule kSelectModule = {"select", "This module supports asynchronous I/O on multiple file descriptors.", kFunctions, init};

}  // namespace krait::modules

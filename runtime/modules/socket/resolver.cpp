// Functions of the module: names and numbers of hosts, services, interfaces; pairs; byte orders; constants.
#include <memory>
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/socket/socket.h"
#include "runtime/object/float.h"

namespace krait::modules::socket {

#define INT(value) TRY(toCInt_py(t, value))

static Fallible<std::string> textArg_py(Thread& t, Value v, const char* what) {
  if (isStr(v)) return TRY(fsEncode_py(t, v));
  if (isBytes(v)) return std::string(v.as<Bytes>()->view());
  return raiseTypeError(t, "%s", what);
}
static Ref getaddrinfoFn(Thread& t, const Value* a) {
  std::string host, port;
  bool has_host = !a[0].isNone(), has_port = !a[1].isNone();
  if (has_host) {
    if (isStr(a[0]) && !a[0].as<Str>()->is_ascii) {
      Ref idna = newStr(t, "idna"), bytes = TRY(callMethod_py(t, a[0], intern(*t.isolate, "encode"), idna.get()));
      host = bytes.as<Bytes>()->view();
    } else {
      host = TRY(textArg_py(t, a[0], "getaddrinfo() argument 1 must be string or None"));
    }
  }
  if (isIntLike(a[1])) port = intToText(a[1], 10);
  else if (has_port) port = TRY(textArg_py(t, a[1], "Int or String expected"));
  TRY(audit_py(t, "socket.getaddrinfo", {a[0], a[1], a[2], a[3], a[4]}));
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = INT(a[2]);
  hints.ai_socktype = INT(a[3]);
  hints.ai_protocol = INT(a[4]);
  hints.ai_flags = INT(a[5]);
  int error;
  {
    WithoutLock unlocked(t);
    error = getaddrinfo(has_host ? host.c_str() : nullptr, has_port ? port.c_str() : nullptr, &hints, &found);
  }
  if (error != 0) return raiseAddressError(t, error);
  Ref list = newList(t);
  for (addrinfo* at = found; at != nullptr; at = at->ai_next) {
    Address address;
    std::memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
    address.size = at->ai_addrlen;
    Ref shown = addressValue(t, address), name = newStr(t, at->ai_canonname != nullptr ? at->ai_canonname : "");
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(at->ai_family), Value::fromInt(at->ai_socktype), Value::fromInt(at->ai_protocol), name.get(), shown.get()}).release());
  }
  freeaddrinfo(found);
  return list;
}
static Ref getnameinfoFn(Thread& t, const Value* a) {
  if (!isTuple(a[0]) || a[0].as<Tuple>()->size < 2) return raiseTypeError(t, "getnameinfo() argument 1 must be a tuple");
  const Value* parts = a[0].as<Tuple>()->items();
  std::string host = TRY(textArg_py(t, parts[0], "getnameinfo(): illegal sockaddr argument"));
  std::string port = std::to_string(TRY(toInt64_py(t, parts[1])));
  uint32_t numbers[2] = {0, 0};  // flow and scope
  for (int64_t i = 2; i < a[0].as<Tuple>()->size && i < 4; ++i) numbers[i - 2] = static_cast<uint32_t>(TRY(toInt64_py(t, parts[i])));
  if (numbers[0] > 0xfffff) return raiseOverflowError(t, "getnameinfo(): flowinfo must be 0-1048575.");
  TRY(audit_py(t, "socket.getnameinfo", {a[0]}));
  addrinfo hints = {}, *found = nullptr;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST;
  int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return raiseAddressError(t, error);
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> kept(found, freeaddrinfo);
  if (found->ai_next != nullptr) return raise(t, errors(t).os_error, "sockaddr resolved to multiple addresses");
  if (found->ai_family == AF_INET && a[0].as<Tuple>()->size != 2) return raise(t, errors(t).os_error, "IPv4 sockaddr must be 2 tuple");
  if (found->ai_family == AF_INET6) {
    sockaddr_in6* in6 = reinterpret_cast<sockaddr_in6*>(found->ai_addr);
    in6->sin6_flowinfo = htonl(numbers[0]);
    in6->sin6_scope_id = numbers[1];
  }
  char name[NI_MAXHOST], service[NI_MAXSERV];
  int flags = INT(a[1]);
  {
    WithoutLock unlocked(t);
    error = getnameinfo(found->ai_addr, found->ai_addrlen, name, sizeof name, service, sizeof service, flags);
  }
  if (error != 0) return raiseAddressError(t, error);
  Ref first = newStr(t, name), second = newStr(t, service);
  return tupleOf(t, {first.get(), second.get()});
}
static RaisedTag raiseHostError(Thread& t, int number) {
  Ref text = newStr(t, hstrerror(number));
  Ref e = callArgs_py(t, types.herror, Value::fromInt(number), text.get());
  if (!e) return kRaised;
  return raiseException(t, e.get());
}
static Ref gethostnameFn(Thread& t, const Value*) {
  TRY(audit_py(t, "socket.gethostname"));
  char name[1024];
  if (gethostname(name, sizeof name - 1) != 0) return raiseOSError(t, errno);
  name[sizeof name - 1] = 0;
  return fsDecode(t, name);
}
static Ref sethostnameFn(Thread& t, const Value* a) {
  std::string name = TRY(textArg_py(t, a[0], "sethostname() argument 1 must be str or bytes"));
  TRY(audit_py(t, "socket.sethostname", {a[0]}));
  return noneOrError(t, sethostname(name.data(), name.size()));
}
static Ref gethostbyname(Thread& t, const Value* a) {
  std::string host = TRY(textArg_py(t, a[0], "host must be str or bytes"));
  TRY(audit_py(t, "socket.gethostbyname", {a[0]}));
  Address address;
  TRY(resolve_py(t, host, AF_INET, address));
  Ref shown = addressValue(t, address);
  return Ref::of(shown.as<Tuple>()->items()[0]);
}
static Ref hostEntry(Thread& t, const hostent* h) {
  if (h == nullptr) return raiseHostError(t, h_errno);
  Ref name = newStr(t, h->h_name), aliases = newList(t), addresses = newList(t);
  for (char** at = h->h_aliases; at != nullptr && *at != nullptr; ++at) listAppendSteal(aliases.as<List>(), newStr(t, *at).release());
  for (char** at = h->h_addr_list; *at != nullptr; ++at) {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(h->h_addrtype, *at, text, sizeof text);
    listAppendSteal(addresses.as<List>(), newStr(t, text).release());
  }
  return tupleOf(t, {name.get(), aliases.get(), addresses.get()});
}
static Ref gethostbynameEx(Thread& t, const Value* a) {
  std::string host = TRY(textArg_py(t, a[0], "host must be str or bytes"));
  TRY(audit_py(t, "socket.gethostbyname", {a[0]}));
  hostent entry, *found = nullptr;
  char buffer[16384];
  int error = 0;
  {
    WithoutLock unlocked(t);
    gethostbyname_r(host.c_str(), &entry, buffer, sizeof buffer, &found, &error);
  }
  if (found == nullptr) return raiseHostError(t, error);
  return hostEntry(t, found);
}
static Ref gethostbyaddrFn(Thread& t, const Value* a) {
  std::string host = TRY(textArg_py(t, a[0], "host must be str or bytes"));
  TRY(audit_py(t, "socket.gethostbyaddr", {a[0]}));
  Address address;
  TRY(resolve_py(t, host, AF_UNSPEC, address));
  bool is_six = address.storage.ss_family == AF_INET6;
  const void* data = is_six ? static_cast<const void*>(&reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_addr) : &reinterpret_cast<sockaddr_in*>(&address.storage)->sin_addr;
  hostent entry, *found = nullptr;
  char buffer[16384];
  int error = 0;
  {
    WithoutLock unlocked(t);
    gethostbyaddr_r(data, is_six ? 16 : 4, address.storage.ss_family, &entry, buffer, sizeof buffer, &found, &error);
  }
  if (found == nullptr) return raiseHostError(t, error);
  return hostEntry(t, found);
}
static Ref getservbynameFn(Thread& t, const Value* a) {
  std::string name = TRY(textArg_py(t, a[0], "service name must be str")), proto = a[1].isNone() ? "" : TRY(textArg_py(t, a[1], "protocol name must be str"));
  TRY(audit_py(t, "socket.getservbyname", {a[0], a[1].isNone() ? newStr(t, "").get() : a[1]}));
  servent* s = getservbyname(name.c_str(), a[1].isNone() ? nullptr : proto.c_str());
  if (s == nullptr) return raise(t, errors(t).os_error, "service/proto not found");
  return newInt(t, ntohs(static_cast<uint16_t>(s->s_port)));
}
static Ref getservbyportFn(Thread& t, const Value* a) {
  int port = INT(a[0]);
  if (port < 0 || port > 0xffff) return raiseOverflowError(t, "getservbyport: port must be 0-65535.");
  std::string proto = a[1].isNone() ? "" : TRY(textArg_py(t, a[1], "protocol name must be str"));
  TRY(audit_py(t, "socket.getservbyport", {Value::fromInt(port), a[1].isNone() ? newStr(t, "").get() : a[1]}));
  servent* s = getservbyport(htons(static_cast<uint16_t>(port)), a[1].isNone() ? nullptr : proto.c_str());
  if (s == nullptr) return raise(t, errors(t).os_error, "port/proto not found");
  return newStr(t, s->s_name);
}
static Ref getprotobynameFn(Thread& t, const Value* a) {
  std::string name = TRY(textArg_py(t, a[0], "protocol name must be str"));
  protoent* p = getprotobyname(name.c_str());
  if (p == nullptr) return raise(t, errors(t).os_error, "protocol not found");
  return newInt(t, p->p_proto);
}
static Ref socketpairFn(Thread& t, const Value* a) {
  int family = a[0].isNone() ? AF_UNIX : INT(a[0]), type = INT(a[1]), proto = INT(a[2]), fds[2];
  if (socketpair(family, type | SOCK_CLOEXEC, proto, fds) != 0) return raiseOSError(t, errno);
  Ref first = newSocket(t, fds[0], family, type, proto), second = newSocket(t, fds[1], family, type, proto);
  return tupleOf(t, {first.get(), second.get()});
}
static Ref closeFn(Thread& t, const Value* a) {
  int fd = INT(a[0]);
  return noneOrError(t, TRY(blockingCall_py(t, [&] { return ::close(fd); })));
}
static Ref dupFn(Thread& t, const Value* a) { return intOrError(t, fcntl(INT(a[0]), F_DUPFD_CLOEXEC, 0)); }

// --- numbers
template <int Bits, bool ToNetwork>
static Ref swapped(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[0]));
  const char* name = Bits == 16 ? (ToNetwork ? "htons" : "ntohs") : ToNetwork ? "htonl" : "ntohl";
  if (n < 0) return raiseOverflowError(t, Bits == 16 ? "%s: can't convert negative Python int to C 16-bit unsigned integer" : "can't convert negative value to unsigned int%.0s", name);
  if (n >= int64_t{1} << Bits) return raiseOverflowError(t, Bits == 16 ? "%s: Python int too large to convert to C 16-bit unsigned integer" : "int larger than 32 bits%.0s", name);
  return newInt(t, Bits == 16 ? htons(static_cast<uint16_t>(n)) : htonl(static_cast<uint32_t>(n)));
}
static Ref inetAton(Thread& t, const Value* a) {
  std::string text = TRY(textArg_py(t, a[0], "inet_aton() argument 1 must be str"));
  in_addr out;
  if (inet_aton(text.c_str(), &out) == 0) return raise(t, errors(t).os_error, "illegal IP address string passed to inet_aton");
  return newBytes(t, {reinterpret_cast<const char*>(&out), 4});
}
static Ref inetNtoa(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[0]));
  if (data.size() != 4) return raise(t, errors(t).os_error, "packed IP wrong length");
  char text[INET_ADDRSTRLEN];
  return newStr(t, inet_ntop(AF_INET, data.data(), text, sizeof text));
}
static Ref inetPton(Thread& t, const Value* a) {
  int family = INT(a[0]);
  std::string text = TRY(textArg_py(t, a[1], "inet_pton() argument 2 must be str"));
  char out[16];
  int n = inet_pton(family, text.c_str(), out);
  if (n < 0) return raiseOSError(t, errno);
  if (n == 0) return raise(t, errors(t).os_error, "illegal IP address string passed to inet_pton");
  return newBytes(t, {out, family == AF_INET ? size_t{4} : size_t{16}});
}
static Ref inetNtop(Thread& t, const Value* a) {
  int family = INT(a[0]);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  if (family != AF_INET && family != AF_INET6) return raiseValueError(t, "unknown address family %d", family);
  if (data.size() != (family == AF_INET ? 4 : 16)) return raiseValueError(t, "invalid length of packed IP address string");
  char text[INET6_ADDRSTRLEN];
  return newStr(t, inet_ntop(family, data.data(), text, sizeof text));
}
static Ref ifNameToIndex(Thread& t, const Value* a) {
  std::string name = TRY(textArg_py(t, a[0], "interface name must be str"));
  unsigned n = if_nametoindex(name.c_str());
  if (n == 0) return raise(t, errors(t).os_error, "no interface with this name");
  return newInt(t, n);
}
static Ref ifIndexToName(Thread& t, const Value* a) {
  char name[IF_NAMESIZE];
  if (if_indextoname(static_cast<unsigned>(TRY(toInt64_py(t, a[0]))), name) == nullptr) return raiseOSError(t, errno);
  return fsDecode(t, name);
}
static Ref ifNameIndex(Thread& t, const Value*) {
  struct if_nameindex* all = if_nameindex();
  if (all == nullptr) return raiseOSError(t, errno);
  Ref list = newList(t);
  for (struct if_nameindex* at = all; at->if_index != 0; ++at) {
    Ref name = fsDecode(t, at->if_name);
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(at->if_index), name.get()}).release());
  }
  if_freenameindex(all);
  return list;
}
static Ref getDefault(Thread&, const Value*) { return types.default_timeout < 0 ? Ref::none() : newFloat(static_cast<double>(types.default_timeout) / 1e9); }
static Ref setDefault(Thread& t, const Value* a) {
  types.default_timeout = TRY(timeoutArg_py(t, a[0]));
  return Ref::none();
}
static Ref cmsgLen(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[0]));
  if (n < 0 || n > static_cast<int64_t>(INT32_MAX - CMSG_LEN(0))) return raiseOverflowError(t, "CMSG_LEN() argument out of range");
  return newInt(t, static_cast<int64_t>(CMSG_LEN(static_cast<size_t>(n))));
}
static Ref cmsgSpace(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[0]));
  if (n < 0 || n > static_cast<int64_t>(INT32_MAX - CMSG_SPACE(1))) return raiseOverflowError(t, "CMSG_SPACE() argument out of range");
  return newInt(t, static_cast<int64_t>(CMSG_SPACE(static_cast<size_t>(n))));
}

const NativeDef kResolverFunctions[] = {{"getaddrinfo", "(host, port, family=0, type=0, proto=0, flags=0)", getaddrinfoFn}, {"getnameinfo", "(sockaddr, flags, /)", getnameinfoFn},
    {"gethostname", "()", gethostnameFn}, {"sethostname", "(name, /)", sethostnameFn}, {"gethostbyname", "(host, /)", gethostbyname}, {"gethostbyname_ex", "(host, /)", gethostbynameEx},
    {"gethostbyaddr", "(host, /)", gethostbyaddrFn}, {"getservbyname", "(servicename, protocolname=None, /)", getservbynameFn}, {"getservbyport", "(port, protocolname=None, /)", getservbyportFn},
    {"getprotobyname", "(name, /)", getprotobynameFn}, {"socketpair", "(family=None, type=1, proto=0, /)", socketpairFn}, {"close", "(fd, /)", closeFn}, {"dup", "(fd, /)", dupFn},
    {"htons", "(integer, /)", swapped<16, true>}, {"ntohs", "(integer, /)", swapped<16, false>}, {"htonl", "(integer, /)", swapped<32, true>}, {"ntohl", "(integer, /)", swapped<32, false>},
    {"inet_aton", "(ip_addr, /)", inetAton}, {"inet_ntoa", "(packed_ip, /)", inetNtoa}, {"inet_pton", "(address_family, ip_string, /)", inetPton},
    {"inet_ntop", "(address_family, packed_ip, /)", inetNtop}, {"if_nametoindex", "(oname, /)", ifNameToIndex}, {"if_indextoname", "(if_index, /)", ifIndexToName},
    {"if_nameindex", "()", ifNameIndex}, {"getdefaulttimeout", "()", getDefault}, {"setdefaulttimeout", "(timeout, /)", setDefault}, {"CMSG_LEN", "(length, /)", cmsgLen},
    {"CMSG_SPACE", "(length, /)", cmsgSpace}, {nullptr, nullptr, nullptr}};

void addSocketConstants(Thread& t, Module* m) {
  struct Constant {
    const char* name;
    int64_t value;
  };
  static constexpr Constant kConstants[] = {
#define C(name) {#name, static_cast<int64_t>(name)},
      C(AF_APPLETALK) C(AF_ASH) C(AF_ATMPVC) C(AF_ATMSVC) C(AF_AX25) C(AF_BRIDGE) C(AF_DECnet) C(AF_ECONET) C(AF_IPX) C(AF_IRDA) C(AF_KEY) C(AF_LLC) C(AF_NETBEUI) C(AF_NETROM)
      C(AF_PPPOX) C(AF_RDS) C(AF_ROSE) C(AF_ROUTE) C(AF_SECURITY) C(AF_SNA) C(AF_WANPIPE) C(AF_X25) C(IPPROTO_MPTCP) C(IPPROTO_UDPLITE) C(IPV6_RECVERR)
      C(IP_ADD_SOURCE_MEMBERSHIP) C(IP_BLOCK_SOURCE) C(IP_DROP_SOURCE_MEMBERSHIP) C(IP_FREEBIND) C(IP_RECVERR) C(IP_RECVORIGDSTADDR) C(IP_RECVTTL) C(IP_UNBLOCK_SOURCE)
      C(PF_PACKET) C(PF_RDS) C(TCP_CC_INFO) C(TCP_FASTOPEN_CONNECT) C(TCP_FASTOPEN_KEY) C(TCP_FASTOPEN_NO_COOKIE) C(TCP_INQ) C(TCP_MD5SIG) C(TCP_MD5SIG_EXT) C(TCP_QUEUE_SEQ)
      C(TCP_REPAIR) C(TCP_REPAIR_OPTIONS) C(TCP_REPAIR_QUEUE) C(TCP_REPAIR_WINDOW) C(TCP_SAVED_SYN) C(TCP_SAVE_SYN) C(TCP_THIN_DUPACK) C(TCP_THIN_LINEAR_TIMEOUTS)
      C(TCP_TIMESTAMP) C(TCP_TX_DELAY) C(TCP_ULP) C(TCP_ZEROCOPY_RECEIVE) {"ETHERTYPE_ARP", 2054}, {"ETHERTYPE_IP", 2048}, {"ETHERTYPE_IPV6", 34525},
      {"ETHERTYPE_VLAN", 33024}, {"ETH_P_ALL", 3}, {"SOL_RDS", 276}, {"SO_BINDTOIFINDEX", 62}, {"UDPLITE_RECV_CSCOV", 11}, {"UDPLITE_SEND_CSCOV", 10},
      C(AF_UNSPEC) C(AF_INET) C(AF_INET6) C(AF_UNIX) C(AF_NETLINK) C(AF_PACKET) C(AF_BLUETOOTH) C(AF_CAN) C(AF_VSOCK) C(AF_ALG) C(SOCK_STREAM) C(SOCK_DGRAM) C(SOCK_RAW)
      C(SOCK_SEQPACKET) C(SOCK_RDM) C(SOCK_CLOEXEC) C(SOCK_NONBLOCK) C(SO_DEBUG) C(SO_ACCEPTCONN) C(SO_REUSEADDR) C(SO_KEEPALIVE) C(SO_DONTROUTE) C(SO_BROADCAST) C(SO_LINGER)
      C(SO_OOBINLINE) C(SO_REUSEPORT) C(SO_SNDBUF) C(SO_RCVBUF) C(SO_SNDLOWAT) C(SO_RCVLOWAT) C(SO_SNDTIMEO) C(SO_RCVTIMEO) C(SO_ERROR) C(SO_TYPE) C(SO_PASSCRED) C(SO_PEERCRED)
      C(SO_PASSSEC) C(SO_PEERSEC) C(SO_BINDTODEVICE) C(SO_PRIORITY) C(SO_MARK) C(SO_DOMAIN) C(SO_PROTOCOL) C(SO_INCOMING_CPU) C(SOMAXCONN) C(SCM_RIGHTS) C(SCM_CREDENTIALS) C(MSG_OOB) C(MSG_PEEK)
      C(MSG_DONTROUTE) C(MSG_DONTWAIT) C(MSG_EOR) C(MSG_TRUNC) C(MSG_CTRUNC) C(MSG_WAITALL) C(MSG_NOSIGNAL) C(MSG_CMSG_CLOEXEC) C(MSG_ERRQUEUE) C(MSG_CONFIRM) C(MSG_MORE)
      C(MSG_FASTOPEN) C(SOL_SOCKET) C(SOL_IP) C(SOL_TCP) {"SOL_UDP", 17}, C(IPPROTO_IP) C(IPPROTO_ICMP) C(IPPROTO_IGMP) C(IPPROTO_TCP) C(IPPROTO_EGP) C(IPPROTO_PUP) C(IPPROTO_UDP)
      C(IPPROTO_IDP) C(IPPROTO_TP) C(IPPROTO_IPV6) C(IPPROTO_ROUTING) C(IPPROTO_FRAGMENT) C(IPPROTO_RSVP) C(IPPROTO_GRE) C(IPPROTO_ESP) C(IPPROTO_AH) C(IPPROTO_ICMPV6) C(IPPROTO_NONE)
      C(IPPROTO_DSTOPTS) C(IPPROTO_PIM) C(IPPROTO_SCTP) C(IPPROTO_RAW) C(IPPROTO_IPIP) C(IPPROTO_HOPOPTS) C(IPPORT_RESERVED) C(IPPORT_USERRESERVED) C(INADDR_ANY) C(INADDR_BROADCAST)
      C(INADDR_LOOPBACK) C(INADDR_UNSPEC_GROUP) C(INADDR_ALLHOSTS_GROUP) C(INADDR_MAX_LOCAL_GROUP) C(INADDR_NONE) C(IP_OPTIONS) C(IP_HDRINCL) C(IP_TOS) C(IP_TTL) C(IP_RECVOPTS)
      C(IP_RECVTOS) C(IP_RECVRETOPTS) C(IP_RETOPTS) C(IP_MULTICAST_IF) C(IP_MULTICAST_TTL) C(IP_MULTICAST_LOOP) C(IP_ADD_MEMBERSHIP) C(IP_DROP_MEMBERSHIP) C(IP_DEFAULT_MULTICAST_TTL)
      C(IP_DEFAULT_MULTICAST_LOOP) C(IP_MAX_MEMBERSHIPS) C(IP_TRANSPARENT) C(IP_PKTINFO) C(IP_BIND_ADDRESS_NO_PORT) C(IPV6_JOIN_GROUP) C(IPV6_LEAVE_GROUP) C(IPV6_MULTICAST_HOPS) C(IPV6_MULTICAST_IF)
      C(IPV6_MULTICAST_LOOP) C(IPV6_UNICAST_HOPS) C(IPV6_V6ONLY) C(IPV6_CHECKSUM) C(IPV6_DONTFRAG) C(IPV6_DSTOPTS) C(IPV6_HOPLIMIT) C(IPV6_HOPOPTS) C(IPV6_NEXTHOP) C(IPV6_PATHMTU)
      C(IPV6_PKTINFO) C(IPV6_RECVDSTOPTS) C(IPV6_RECVHOPLIMIT) C(IPV6_RECVHOPOPTS) C(IPV6_RECVPKTINFO) C(IPV6_RECVRTHDR) C(IPV6_RECVTCLASS) C(IPV6_RTHDR) C(IPV6_RTHDRDSTOPTS)
      C(IPV6_RTHDR_TYPE_0) C(IPV6_RECVPATHMTU) C(IPV6_TCLASS) C(TCP_NODELAY) C(TCP_MAXSEG) C(TCP_CORK) C(TCP_KEEPIDLE) C(TCP_KEEPINTVL) C(TCP_KEEPCNT) C(TCP_SYNCNT) C(TCP_LINGER2)
      C(TCP_DEFER_ACCEPT) C(TCP_WINDOW_CLAMP) C(TCP_INFO) C(TCP_QUICKACK) C(TCP_FASTOPEN) C(TCP_CONGESTION) C(TCP_USER_TIMEOUT) C(TCP_NOTSENT_LOWAT) C(SHUT_RD) C(SHUT_WR) C(SHUT_RDWR)
      C(EAI_ADDRFAMILY) C(EAI_AGAIN) C(EAI_BADFLAGS) C(EAI_FAIL) C(EAI_FAMILY) C(EAI_MEMORY) C(EAI_NODATA) C(EAI_NONAME) C(EAI_OVERFLOW) C(EAI_SERVICE) C(EAI_SOCKTYPE) C(EAI_SYSTEM)
      C(AI_PASSIVE) C(AI_CANONNAME) C(AI_NUMERICHOST) C(AI_NUMERICSERV) C(AI_ALL) C(AI_V4MAPPED) C(AI_ADDRCONFIG) C(NI_MAXHOST) C(NI_MAXSERV) C(NI_NOFQDN) C(NI_NUMERICHOST)
      C(NI_NAMEREQD) C(NI_NUMERICSERV) C(NI_DGRAM) {"NETLINK_ROUTE", 0}, {"NETLINK_USERSOCK", 2}, {"NETLINK_FIREWALL", 3}, {"NETLINK_NFLOG", 5}, {"NETLINK_XFRM", 6},
      {"NETLINK_IP6_FW", 13}, {"NETLINK_DNRTMSG", 14}, {"NETLINK_CRYPTO", 21}, {"PACKET_HOST", 0}, {"PACKET_BROADCAST", 1}, {"PACKET_MULTICAST", 2}, {"PACKET_OTHERHOST", 3},
      {"PACKET_OUTGOING", 4}, {"PACKET_LOOPBACK", 5}, {"PACKET_FASTROUTE", 6},
#undef C
  };
  for (const Constant& c : kConstants) moduleSet(t, m, c.name, newInt(t, c.value).get());
}

}  // namespace krait::modules::socket

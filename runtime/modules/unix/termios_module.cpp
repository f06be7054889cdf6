// `termios`: terminal attributes. ref: Modules/termios.c.
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstring>

#include "runtime/modules/os_support.h"

namespace krait::modules {

static Value termios_error;
static Ref failed(Thread& t) {
  int number = errno;
  Ref text = newStr(t, strerror(number));
  Ref e = TRY(callArgs_py(t, termios_error, Value::fromInt(number), text.get()));
  return raiseException(t, e.get());
}
static Ref getattrFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0]));
  termios mode;
  if (tcgetattr(fd, &mode) != 0) return failed(t);
  Ref cc = newList(t);
  bool is_raw = (mode.c_lflag & ICANON) == 0;
  for (int i = 0; i < NCCS; ++i) {
    bool is_number = is_raw && (i == VMIN || i == VTIME);
    char c = static_cast<char>(mode.c_cc[i]);
    listAppendSteal(cc.as<List>(), (is_number ? newIntSmall(mode.c_cc[i]) : newBytes(t, {&c, 1})).release());
  }
  Ref list = newList(t);
  for (int64_t n : {int64_t{mode.c_iflag}, int64_t{mode.c_oflag}, int64_t{mode.c_cflag}, int64_t{mode.c_lflag}, int64_t{cfgetispeed(&mode)}, int64_t{cfgetospeed(&mode)}}) listAppend(list.as<List>(), Value::fromInt(n));
  listAppend(list.as<List>(), cc.get());
  return list;
}
static Ref setattrFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), when = TRY(toCInt_py(t, a[1]));
  if (!isList(a[2]) || a[2].as<List>()->size != 7) return raiseTypeError(t, "tcsetattr, arg 3: must be 7 element list");
  termios mode;
  if (tcgetattr(fd, &mode) != 0) return failed(t);
  const Value* items = a[2].as<List>()->items;
  int64_t numbers[6];
  for (int i = 0; i < 6; ++i) numbers[i] = TRY(toInt64_py(t, items[i]));
  if (!isList(items[6]) || items[6].as<List>()->size != NCCS) return raiseTypeError(t, "tcsetattr: attributes[6] must be %d element list", NCCS);
  mode.c_iflag = static_cast<tcflag_t>(numbers[0]);
  mode.c_oflag = static_cast<tcflag_t>(numbers[1]);
  mode.c_cflag = static_cast<tcflag_t>(numbers[2]);
  mode.c_lflag = static_cast<tcflag_t>(numbers[3]);
  for (int i = 0; i < NCCS; ++i) {
    Value c = items[6].as<List>()->items[i];
    if (isBytes(c) && c.as<Bytes>()->size == 1) mode.c_cc[i] = c.as<Bytes>()->data()[0];
    else if (isIntLike(c)) mode.c_cc[i] = static_cast<cc_t>(TRY(toInt64_py(t, c)));
    else return raiseTypeError(t, "tcsetattr: elements of attributes must be characters or integers");
  }
  cfsetispeed(&mode, static_cast<speed_t>(numbers[4]));
  cfsetospeed(&mode, static_cast<speed_t>(numbers[5]));
  if (TRY(blockingCall_py(t, [&] { return tcsetattr(fd, when, &mode); })) != 0) return failed(t);
  return Ref::none();
}
#define SIMPLE(function, call)                                                   \
  static Ref function(Thread& t, const Value* a) {                               \
    int fd = TRY(toDescriptor_py(t, a[0]));                                      \
    [[maybe_unused]] int n = a[1].defined() ? TRY(toCInt_py(t, a[1])) : 0;       \
    if (TRY(blockingCall_py(t, [&] { return call; })) != 0) return failed(t);    \
    return Ref::none();                                                          \
  }
SIMPLE(sendbreakFn, tcsendbreak(fd, n))
SIMPLE(flushFn, tcflush(fd, n))
SIMPLE(flowFn, tcflow(fd, n))
static Ref drainFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0]));
  if (TRY(blockingCall_py(t, [&] { return tcdrain(fd); })) != 0) return failed(t);
  return Ref::none();
}
static Ref getwinsizeFn(Thread& t, const Value* a) {
  winsize w;
  if (ioctl(TRY(toDescriptor_py(t, a[0])), TIOCGWINSZ, &w) != 0) return failed(t);
  return tupleOf(t, {Value::fromInt(w.ws_row), Value::fromInt(w.ws_col)});
}
static Ref setwinsizeFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0]));
  if (!isTuple(a[1]) && !isList(a[1])) return raiseTypeError(t, "tcsetwinsize, arg 2 must be a two-item sequence");
  Ref size = TRY(tupleFromIterable_py(t, a[1]));
  if (size.as<Tuple>()->size != 2) return raiseTypeError(t, "tcsetwinsize, arg 2 must be a two-item sequence");
  int64_t rows = TRY(toInt64_py(t, size.as<Tuple>()->items()[0])), columns = TRY(toInt64_py(t, size.as<Tuple>()->items()[1]));
  winsize w;
  if (ioctl(fd, TIOCGWINSZ, &w) != 0) return failed(t);
  w.ws_row = static_cast<unsigned short>(rows);
  w.ws_col = static_cast<unsigned short>(columns);
  if (w.ws_row != rows || w.ws_col != columns) return raiseOverflowError(t, "winsize value(s) out of range.");
  return ioctl(fd, TIOCSWINSZ, &w) != 0 ? failed(t) : Ref::none();
}
static const NativeDef kFunctions[] = {{"tcgetattr", "(fd, /)", getattrFn}, {"tcsetattr", "(fd, when, attributes, /)", setattrFn}, {"tcsendbreak", "(fd, duration, /)", sendbreakFn},
    {"tcflush", "(fd, queue, /)", flushFn}, {"tcflow", "(fd, action, /)", flowFn}, {"tcdrain", "(fd, /)", drainFn}, {"tcgetwinsize", "(fd, /)", getwinsizeFn},
    {"tcsetwinsize", "(fd, winsize, /)", setwinsizeFn, "Set the rows and columns of a terminal."}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  Ref name = newStr(t, "error"), bases = tupleOf(t, {errors(t).exception}), dict = newDict(t), module = newStr(t, "termios");
  dictSetStr(dict.as<Dict>(), t.names().d_module, module.get());
  Ref error = callArgs_py(t, t.types().type, name.get(), bases.get(), dict.get());
  if (!error) return kRaised;
  termios_error = share(error.get());
  moduleSet(t, m, "error", error.get());
  for (auto [text, value] : {
#define C(name) std::pair<const char*, int64_t>{#name, static_cast<int64_t>(name)},
           C(B0) C(B50) C(B75) C(B110) C(B300) C(B600) C(B1200) C(B2400) C(B4800) C(B9600) C(B19200) C(B38400) C(B57600) C(B115200) C(B230400) C(CSIZE) C(CSTOPB) C(CREAD) C(PARENB) C(PARODD) C(HUPCL)
           C(CLOCAL) C(CS5) C(CS6) C(CS7) C(CS8) C(CRTSCTS) C(IGNBRK) C(BRKINT) C(IGNPAR) C(PARMRK) C(INPCK) C(ISTRIP) C(INLCR) C(IGNCR) C(ICRNL) C(IXON) C(IXANY) C(IXOFF) C(IMAXBEL) C(OPOST) C(ONLCR)
           C(OCRNL) C(ONOCR) C(ONLRET) C(OFILL) C(OFDEL) C(ISIG) C(ICANON) C(ECHO) C(ECHOE) C(ECHOK) C(ECHONL) C(ECHOCTL) C(ECHOPRT) C(ECHOKE) C(NOFLSH) C(TOSTOP) C(PENDIN) C(IEXTEN) C(VINTR) C(VQUIT)
           C(VERASE) C(VKILL) C(VEOF) C(VTIME) C(VMIN) C(VSTART) C(VSTOP) C(VSUSP) C(VEOL) C(VREPRINT) C(VDISCARD) C(VWERASE) C(VLNEXT) C(VEOL2) C(NCCS) C(TCSANOW) C(TCSADRAIN) C(TCSAFLUSH) C(TCIFLUSH)
           C(TCOFLUSH) C(TCIOFLUSH) C(TCOOFF) C(TCOON) C(TCIOFF) C(TCION) C(TIOCGWINSZ) C(TIOCSWINSZ) C(TIOCSCTTY) C(TIOCNOTTY) C(TIOCGPGRP) C(TIOCSPGRP) C(TIOCSTI) C(FIONREAD) C(FIONBIO) C(FIOCLEX)
           C(B1000000) C(B1152000) C(B134) C(B150) C(B1500000) C(B1800) C(B200) C(B2000000) C(B2500000) C(B3000000) C(B3500000) C(B4000000) C(B460800) C(B500000) C(B576000) C(B921600) C(BS0)
           C(BS1) C(BSDLY) C(CBAUD) C(CBAUDEX) C(CIBAUD) C(CR0) C(CR1) C(CR2) C(CR3) C(CRDLY) C(EXTA) C(EXTB) C(EXTPROC) C(FF0) C(FF1) C(FFDLY) C(FIOASYNC) C(FLUSHO) C(IUCLC) C(IUTF8) C(NL0)
           C(NL1) C(NLDLY) C(OLCUC) C(TAB0) C(TAB1) C(TAB2) C(TAB3) C(TABDLY) C(TCFLSH) C(TCGETA) C(TCGETS) C(TCSBRK) C(TCSBRKP) C(TCSETA) C(TCSETAF) C(TCSETAW) C(TCSETS) C(TCSETSF)
           C(TCSETSW) C(TCXONC) C(TIOCCONS) C(TIOCEXCL) C(TIOCGETD) C(TIOCGICOUNT) C(TIOCGLCKTRMIOS) C(TIOCGSERIAL) C(TIOCGSOFTCAR) C(TIOCINQ) C(TIOCLINUX) C(TIOCMBIC) C(TIOCMBIS)
           C(TIOCMGET) C(TIOCMIWAIT) C(TIOCMSET) C(TIOCM_CAR) C(TIOCM_CD) C(TIOCM_CTS) C(TIOCM_DSR) C(TIOCM_DTR) C(TIOCM_LE) C(TIOCM_RI) C(TIOCM_RNG) C(TIOCM_RTS) C(TIOCM_SR) C(TIOCM_ST)
           C(TIOCNXCL) C(TIOCOUTQ) C(TIOCPKT) C(TIOCPKT_DATA) C(TIOCPKT_DOSTOP) C(TIOCPKT_FLUSHREAD) C(TIOCPKT_FLUSHWRITE) C(TIOCPKT_NOSTOP) C(TIOCPKT_START) C(TIOCPKT_STOP) C(TIOCSERCONFIG)
           C(TIOCSERGETLSR) C(TIOCSERGETMULTI) C(TIOCSERGSTRUCT) C(TIOCSERGWILD) C(TIOCSERSETMULTI) C(TIOCSERSWILD) C(TIOCSER_TEMT) C(TIOCSETD) C(TIOCSLCKTRMIOS) C(TIOCSSERIAL)
           C(TIOCSSOFTCAR) C(VSWTC) C(VT0) C(VT1) C(VTDLY) C(XCASE) C(XTABS) C(_POSIX_VDISABLE) C(CDSUSP) C(CEOF) C(CEOL) C(CERASE) C(CINTR) C(CKILL) C(CLNEXT) C(CQUIT) C(CRPRNT) C(CSTART) C(CSTOP)
           C(CSUSP) C(CWERASE) C(NCC) C(N_TTY) C(N_SLIP) C(N_MOUSE) C(N_PPP) C(N_STRIP)
           std::pair<const char*, int64_t>{"FIONCLEX", FIONCLEX}
#undef C
       }) {
    moduleSet(t, m, text, Value::fromInt(value));
  }
  return kDone;
}
extern const NativeModule kTermiosModule;
const NativeModule kTermiosModule = {"termios", "This module provides an interface to the Posix calls for tty I/O control.", kFunctions, init};

}  // namespace krait::modules

// `pwd`, `grp` and `resource`: users, groups, limits. ref: Modules/pwdmodule.c, grpmodule.c, resource.c.
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/modules/audit.h"
#include "runtime/modules/os_support.h"
#include "runtime/object/float.h"
#include "runtime/object/struct_sequence.h"

namespace krait::modules {

static const StructSequenceDef kPasswd = {"pwd.struct_passwd", 7, 7, {"pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"}, "pwd.struct_passwd: Results from getpw*() routines."};
static const StructSequenceDef kGroup = {"grp.struct_group", 4, 4, {"gr_name", "gr_passwd", "gr_gid", "gr_mem"}, "grp.struct_group: Results from getgr*() routines."};
static const StructSequenceDef kUsage = {"resource.struct_rusage", 16, 16, {"ru_utime", "ru_stime", "ru_maxrss", "ru_ixrss", "ru_idrss", "ru_isrss", "ru_minflt", "ru_majflt", "ru_nswap",
    "ru_inblock", "ru_oublock", "ru_msgsnd", "ru_msgrcv", "ru_nsignals", "ru_nvcsw", "ru_nivcsw"}, "struct_rusage: Result from getrusage."};
static Type *passwd_type, *group_type, *usage_type;

static Value text(Thread& t, const char* s) { return s == nullptr ? Value::none() : fsDecode(t, s).release(); }
static Ref passwdValue(Thread& t, const passwd* p) {
  Value values[7] = {text(t, p->pw_name), text(t, p->pw_passwd), Value::fromInt(p->pw_uid), Value::fromInt(p->pw_gid), text(t, p->pw_gecos), text(t, p->pw_dir), text(t, p->pw_shell)};
  return structSequenceSteal(t, passwd_type, values, 7);
}
static Ref missing(Thread& t, const char* what, const std::string& shown) {
  Ref message = newStr(t, std::string(what) + " not found: " + shown);
  return raiseKeyError(t, message.get());
}
static std::string shownId(uint32_t id) { return id == UINT32_MAX ? "-1" : std::to_string(id); }
static Ref getpwuidFn(Thread& t, const Value* a) {
  Fallible<uint32_t> uid = idArg_py(t, a[0], "uid");
  if (uid.failed) {
    if (!pendingMatches(t, errors(t).overflow_error)) return kRaised;
    clearException(t);
    Ref message = newStr(t, "getpwuid(): uid not found");
    return raiseKeyError(t, message.get());
  }
  passwd* p = getpwuid(uid.value);
  return p != nullptr ? passwdValue(t, p) : missing(t, "getpwuid(): uid", shownId(uid.value));
}
static Ref getpwnamFn(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "getpwnam() argument must be str, not %s", typeNameOf(t, a[0]));
  std::string name = TRY(fsEncode_py(t, a[0]));
  if (name.find('\0') != std::string::npos) return raiseValueError(t, "embedded null byte");
  passwd* p = getpwnam(name.c_str());
  return p != nullptr ? passwdValue(t, p) : missing(t, "getpwnam(): name", reprText_py(t, a[0]));
}
static Ref getpwallFn(Thread& t, const Value*) {
  Ref list = newList(t);
  setpwent();
  while (passwd* p = getpwent()) listAppendSteal(list.as<List>(), passwdValue(t, p).release());
  endpwent();
  return list;
}
static const NativeDef kPwdFunctions[] = {{"getpwuid", "(uidobj, /)", getpwuidFn}, {"getpwnam", "(name, /)", getpwnamFn}, {"getpwall", "()", getpwallFn}, {nullptr, nullptr, nullptr}};
static Status initPwd(Thread& t, Module* m) {
  passwd_type = makeStructSequence(*t.isolate, kPasswd);
  moduleSetType(t, m, passwd_type);
  return kDone;
}

static Ref groupValue(Thread& t, const group* g) {
  Ref members = newList(t);
  for (char** at = g->gr_mem; *at != nullptr; ++at) listAppendSteal(members.as<List>(), text(t, *at));
  Value values[4] = {text(t, g->gr_name), text(t, g->gr_passwd), Value::fromInt(g->gr_gid), members.release()};
  return structSequenceSteal(t, group_type, values, 4);
}
static Ref getgrgidFn(Thread& t, const Value* a) {
  uint32_t gid = TRY(idArg_py(t, a[0], "gid"));
  group* g = getgrgid(gid);
  return g != nullptr ? groupValue(t, g) : missing(t, "getgrgid(): gid", shownId(gid));
}
static Ref getgrnamFn(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "getgrnam() argument 'name' must be str, not %s", typeNameOf(t, a[0]));
  std::string name = TRY(fsEncode_py(t, a[0]));
  if (name.find('\0') != std::string::npos) return raiseValueError(t, "embedded null byte");
  group* g = getgrnam(name.c_str());
  return g != nullptr ? groupValue(t, g) : missing(t, "getgrnam(): name", reprText_py(t, a[0]));
}
static Ref getgrallFn(Thread& t, const Value*) {
  Ref list = newList(t);
  setgrent();
  while (group* g = getgrent()) listAppendSteal(list.as<List>(), groupValue(t, g).release());
  endgrent();
  return list;
}
static const NativeDef kGrpFunctions[] = {{"getgrgid", "(id)", getgrgidFn}, {"getgrnam", "(name)", getgrnamFn}, {"getgrall", "()", getgrallFn}, {nullptr, nullptr, nullptr}};
static Status initGrp(Thread& t, Module* m) {
  group_type = makeStructSequence(*t.isolate, kGroup);
  moduleSetType(t, m, group_type);
  return kDone;
}

// --- resource
static Ref getrusageFn(Thread& t, const Value* a) {
  rusage r;
  if (getrusage(static_cast<__rusage_who_t>(TRY(toCInt_py(t, a[0]))), &r) != 0) return errno == EINVAL ? Ref(raiseValueError(t, "invalid who parameter")) : Ref(raiseOSError(t, errno));
  auto seconds = [](const timeval& v) { return Value::fromDouble(static_cast<double>(v.tv_sec) + static_cast<double>(v.tv_usec) * 1e-6); };
  Value values[16] = {seconds(r.ru_utime), seconds(r.ru_stime)};
  int i = 2;
  for (long n : {r.ru_maxrss, r.ru_ixrss, r.ru_idrss, r.ru_isrss, r.ru_minflt, r.ru_majflt, r.ru_nswap, r.ru_inblock, r.ru_oublock, r.ru_msgsnd, r.ru_msgrcv, r.ru_nsignals, r.ru_nvcsw, r.ru_nivcsw}) values[i++] = Value::fromInt(n);
  return structSequenceSteal(t, usage_type, values, 16);
}
static Ref limitPair(Thread& t, const rlimit& l) {
  Ref a = newInt(t, static_cast<int64_t>(l.rlim_cur)), b = newInt(t, static_cast<int64_t>(l.rlim_max));
  return tupleOf(t, {a.get(), b.get()});
}
static Status limitArg_py(Thread& t, Value v, rlimit& out) {
  Ref pair = tupleFromIterable_py(t, v);
  if (!pair) return kRaised;
  if (pair.as<Tuple>()->size != 2) return raiseValueError(t, "expected a tuple of 2 integers");
  out.rlim_cur = static_cast<rlim_t>(TRY(toInt64_py(t, pair.as<Tuple>()->items()[0])));
  out.rlim_max = static_cast<rlim_t>(TRY(toInt64_py(t, pair.as<Tuple>()->items()[1])));
  return kDone;
}
static Fallible<int> resourceArg_py(Thread& t, Value v) {
  int n = TRY(toCInt_py(t, v));
  if (n < 0 || n >= static_cast<int>(RLIM_NLIMITS)) return raiseValueError(t, "invalid resource specified");
  return n;
}
static Ref getrlimitFn(Thread& t, const Value* a) {
  rlimit l;
  if (getrlimit(static_cast<__rlimit_resource_t>(TRY(resourceArg_py(t, a[0]))), &l) != 0) return raiseOSError(t, errno);
  return limitPair(t, l);
}
static Ref setLimitError(Thread& t) {
  if (errno == EINVAL) return raiseValueError(t, "current limit exceeds maximum limit");
  if (errno == EPERM) return raiseValueError(t, "not allowed to raise maximum limit");
  return raiseOSError(t, errno);
}
static Ref setrlimitFn(Thread& t, const Value* a) {
  int resource = TRY(resourceArg_py(t, a[0]));
  rlimit l;
  TRY(limitArg_py(t, a[1], l));
  TRY(audit_py(t, "resource.setrlimit", {a[0], a[1]}));
  if (setrlimit(static_cast<__rlimit_resource_t>(resource), &l) != 0) return setLimitError(t);
  return Ref::none();
}
static Ref prlimitFn(Thread& t, const Value* a) {
  int pid = TRY(toCInt_py(t, a[0])), resource = TRY(resourceArg_py(t, a[1]));
  rlimit now, old;
  bool sets = !a[2].isNone();
  if (sets) TRY(limitArg_py(t, a[2], now));
  TRY(audit_py(t, "resource.prlimit", {a[0], a[1], a[2]}));
  if (::prlimit(pid, static_cast<__rlimit_resource>(resource), sets ? &now : nullptr, &old) != 0) return setLimitError(t);
  return limitPair(t, old);
}
static Ref getpagesizeFn(Thread& t, const Value*) { return newInt(t, getpagesize()); }
static const NativeDef kResourceFunctions[] = {{"getrusage", "(who, /)", getrusageFn}, {"getrlimit", "(resource, /)", getrlimitFn}, {"setrlimit", "(resource, limits, /)", setrlimitFn},
    {"prlimit", "(pid, resource, limits=None, /)", prlimitFn}, {"getpagesize", "()", getpagesizeFn}, {nullptr, nullptr, nullptr}};
static Status initResource(Thread& t, Module* m) {
  usage_type = makeStructSequence(*t.isolate, kUsage);
  moduleSetType(t, m, usage_type);
  moduleSet(t, m, "error", errors(t).os_error);
  for (auto [name, value] : {
#define C(name) std::pair<const char*, int64_t>{#name, static_cast<int64_t>(name)},
           C(RLIMIT_CPU) C(RLIMIT_FSIZE) C(RLIMIT_DATA) C(RLIMIT_STACK) C(RLIMIT_CORE) C(RLIMIT_NOFILE) C(RLIMIT_OFILE) C(RLIMIT_AS) C(RLIMIT_RSS) C(RLIMIT_NPROC) C(RLIMIT_MEMLOCK) C(RLIMIT_MSGQUEUE)
           C(RLIMIT_NICE) C(RLIMIT_RTPRIO) C(RLIMIT_RTTIME) C(RLIMIT_SIGPENDING) C(RUSAGE_SELF) C(RUSAGE_CHILDREN) C(RUSAGE_THREAD) std::pair<const char*, int64_t>{"RLIM_INFINITY", -1}
#undef C
       }) {
    moduleSet(t, m, name, Value::fromInt(value));
  }
  return kDone;
}

extern const NativeModule kPwdModule, kGrpModule, kResourceModule;
const NativeModule kPwdModule = {"pwd", "This module provides access to the Unix password database.", kPwdFunctions, initPwd};
const NativeModule kGrpModule = {"grp", "Access to the Unix group database.", kGrpFunctions, initGrp};
const NativeModule kResourceModule = {"resource", nullptr, kResourceFunctions, initResource};

}  // namespace krait::modules

// `_locale` and `syslog`. ref: Modules/_localemodule.c, syslogmodule.c.
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <syslog.h>

#include <algorithm>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/os_support.h"
#include "runtime/object/float.h"

namespace krait::modules {

// --- _locale
static Value locale_error;
static Ref setlocaleFn(Thread& t, const Value* a) {
  int category = TRY(toCInt_py(t, a[0]));
  std::string name;
  bool has_name = !a[1].isNone();
  if (has_name) {
    if (!isStr(a[1])) return raiseTypeError(t, "setlocale() argument 2 must be str or None, not %s", typeNameOf(t, a[1]));
    name = TRY(fsEncode_py(t, a[1]));
  }
  if (category < LC_CTYPE || category > LC_IDENTIFICATION) return raiseWith(t, locale_error.as<Type>(), newStr(t, "invalid locale category").get());
  const char* now = setlocale(category, has_name ? name.c_str() : nullptr);
  if (now == nullptr) return raiseWith(t, locale_error.as<Type>(), newStr(t, has_name ? "unsupported locale setting" : "locale query failed").get());
  return fsDecode(t, now);
}
static Ref localeconvFn(Thread& t, const Value*) {
  lconv* l = localeconv();
  Ref dict = newDict(t);
  auto text = [&](const char* key, const char* s) { dictSetStr(dict.as<Dict>(), intern(*t.isolate, key), fsDecode(t, s).get()); };
  auto grouping = [&](const char* key, const char* s) {
    Ref list = newList(t);
    for (; *s != 0; ++s) {
      listAppend(list.as<List>(), Value::fromInt(*s));
      if (*s == 127) break;
    }
    if (list.as<List>()->size > 0 && *s == 0) listAppend(list.as<List>(), Value::fromInt(0));
    dictSetStr(dict.as<Dict>(), intern(*t.isolate, key), list.get());
  };
  auto number = [&](const char* key, char n) { dictSetStr(dict.as<Dict>(), intern(*t.isolate, key), Value::fromInt(n)); };
  text("decimal_point", l->decimal_point), text("thousands_sep", l->thousands_sep), grouping("grouping", l->grouping);
  text("int_curr_symbol", l->int_curr_symbol), text("currency_symbol", l->currency_symbol), text("mon_decimal_point", l->mon_decimal_point);
  text("mon_thousands_sep", l->mon_thousands_sep), grouping("mon_grouping", l->mon_grouping), text("positive_sign", l->positive_sign), text("negative_sign", l->negative_sign);
  number("int_frac_digits", l->int_frac_digits), number("frac_digits", l->frac_digits), number("p_cs_precedes", l->p_cs_precedes), number("p_sep_by_space", l->p_sep_by_space);
  number("n_cs_precedes", l->n_cs_precedes), number("n_sep_by_space", l->n_sep_by_space), number("p_sign_posn", l->p_sign_posn), number("n_sign_posn", l->n_sign_posn);
  return dict;
}
// Only the constants of this module are asked for: others may stand for numbers and memory.
static constexpr nl_item kLangInfo[] = {DAY_1, DAY_2, DAY_3, DAY_4, DAY_5, DAY_6, DAY_7, ABDAY_1, ABDAY_2, ABDAY_3, ABDAY_4, ABDAY_5, ABDAY_6, ABDAY_7, MON_1, MON_2, MON_3, MON_4, MON_5, MON_6,
    MON_7, MON_8, MON_9, MON_10, MON_11, MON_12, ABMON_1, ABMON_2, ABMON_3, ABMON_4, ABMON_5, ABMON_6, ABMON_7, ABMON_8, ABMON_9, ABMON_10, ABMON_11, ABMON_12, RADIXCHAR, THOUSEP, YESEXPR, NOEXPR,
    CRNCYSTR, D_FMT, D_T_FMT, T_FMT, AM_STR, PM_STR, CODESET, T_FMT_AMPM, ERA, ERA_D_FMT, ERA_D_T_FMT, ERA_T_FMT, ALT_DIGITS};
static Ref nlLanginfo(Thread& t, const Value* a) {
  int key = TRY(toCInt_py(t, a[0]));
  if (std::find(std::begin(kLangInfo), std::end(kLangInfo), key) == std::end(kLangInfo)) return raiseValueError(t, "unsupported langinfo constant");
  const char* text = nl_langinfo(key);
  return fsDecode(t, text == nullptr ? "" : text);
}
static Ref getencodingFn(Thread& t, const Value*) { return newStr(t, "UTF-8"); }
static bool hasNull(const Str* s) {
  for (int64_t i = 0; i < s->length; ++i) {
    if (s->at(i) == 0) return true;
  }
  return false;
}
static Ref strcollFn(Thread& t, const Value* a) {
  for (int i : {0, 1}) {
    if (!isStr(a[i])) return raiseTypeError(t, "strcoll() argument %d must be str, not %s", i + 1, typeNameOf(t, a[i]));
  }
  for (int i : {0, 1}) {
    if (hasNull(a[i].as<Str>())) return raiseValueError(t, "embedded null character");
  }
  return newInt(t, strcoll(TRY(fsEncode_py(t, a[0])).c_str(), TRY(fsEncode_py(t, a[1])).c_str()));
}
static Ref strxfrmFn(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "strxfrm() argument must be str, not %s", typeNameOf(t, a[0]));
  if (hasNull(a[0].as<Str>())) return raiseValueError(t, "embedded null character");
  std::string text = TRY(fsEncode_py(t, a[0]));
  std::string out(strxfrm(nullptr, text.c_str(), 0) + 1, '\0');
  out.resize(strxfrm(out.data(), text.c_str(), out.size()));
  return newStrLatin1(t, reinterpret_cast<const uint8_t*>(out.data()), static_cast<int64_t>(out.size()));
}
// --- messages in other languages, by the C library's catalogues. ref: _locale_gettext_impl and its neighbours.
// A text argument as the C library wants it; `name` is the function's.
static Fallible<std::string> messageArg_py(Thread& t, Value v, const char* name, int place) {
  if (!isStr(v)) {
    std::string which = place == 0 ? "argument" : "argument " + std::to_string(place);
    return raiseTypeError(t, "%s() %s must be str, not %s", name, which.c_str(), typeNameOf(t, v));
  }
  if (hasNull(v.as<Str>())) return raiseValueError(t, "embedded null character");
  return fsEncode_py(t, v);
}
static Ref gettextFn(Thread& t, const Value* a) {
  std::string message = TRY(messageArg_py(t, a[0], "gettext", 0));
  return fsDecode(t, ::gettext(message.c_str()));
}
static Ref dcgettextIn(Thread& t, const char* name, Value domain, Value text, int category) {
  bool has_domain = !domain.isNone();
  std::string where = has_domain ? TRY(messageArg_py(t, domain, name, 1)) : "", message = TRY(messageArg_py(t, text, name, 2));
  return fsDecode(t, ::dcgettext(has_domain ? where.c_str() : nullptr, message.c_str(), category));
}
static Ref dgettextFn(Thread& t, const Value* a) { return dcgettextIn(t, "dgettext", a[0], a[1], LC_MESSAGES); }
static Ref dcgettextFn(Thread& t, const Value* a) { return dcgettextIn(t, "dcgettext", a[0], a[1], TRY(toCInt_py(t, a[2]))); }
static Ref textdomainFn(Thread& t, const Value* a) {
  bool has_domain = !a[0].isNone();
  std::string domain = has_domain ? TRY(messageArg_py(t, a[0], "textdomain", 0)) : "";
  const char* now = ::textdomain(has_domain ? domain.c_str() : nullptr);
  return now == nullptr ? Ref(raiseOSError(t, errno)) : fsDecode(t, now);
}
static Ref bindtextdomainFn(Thread& t, const Value* a) {
  std::string domain = TRY(messageArg_py(t, a[0], "bindtextdomain", 1));
  if (domain.empty()) return raiseWith(t, locale_error.as<Type>(), newStr(t, "domain must be a non-empty string").get());
  bool has_folder = !a[1].isNone();
  std::string folder = has_folder ? TRY(messageArg_py(t, a[1], "bindtextdomain", 2)) : "";
  const char* now = ::bindtextdomain(domain.c_str(), has_folder ? folder.c_str() : nullptr);
  return now == nullptr ? Ref(raiseOSError(t, errno)) : fsDecode(t, now);
}
static Ref bindCodesetFn(Thread& t, const Value* a) {
  std::string domain = TRY(messageArg_py(t, a[0], "bind_textdomain_codeset", 1));
  bool has_codeset = !a[1].isNone();
  std::string codeset = has_codeset ? TRY(messageArg_py(t, a[1], "bind_textdomain_codeset", 2)) : "";
  const char* now = ::bind_textdomain_codeset(domain.c_str(), has_codeset ? codeset.c_str() : nullptr);
  return now == nullptr ? Ref::none() : fsDecode(t, now);
}
static const NativeDef kLocaleFunctions[] = {{"gettext", "(msg, /)", gettextFn}, {"dgettext", "(domain, msg, /)", dgettextFn}, {"dcgettext", "(domain, msg, category, /)", dcgettextFn},
    {"textdomain", "(domain, /)", textdomainFn}, {"bindtextdomain", "(domain, dir, /)", bindtextdomainFn}, {"bind_textdomain_codeset", "(domain, codeset, /)", bindCodesetFn},
    {"setlocale", "(category, locale=None, /)", setlocaleFn}, {"localeconv", "()", localeconvFn}, {"nl_langinfo", "(key, /)", nlLanginfo},
    {"getencoding", "()", getencodingFn}, {"strcoll", "(os1, os2, /)", strcollFn}, {"strxfrm", "(string, /)", strxfrmFn}, {nullptr, nullptr, nullptr}};
static Status initLocale(Thread& t, Module* m) {
  Ref name = newStr(t, "Error"), bases = tupleOf(t, {errors(t).exception}), dict = newDict(t), module = newStr(t, "locale");
  dictSetStr(dict.as<Dict>(), t.names().d_module, module.get());
  Ref error = callArgs_py(t, t.types().type, name.get(), bases.get(), dict.get());
  if (!error) return kRaised;
  locale_error = share(error.get());
  moduleSet(t, m, "Error", error.get());
  for (auto [text, value] : {
#define C(name) std::pair<const char*, int>{#name, name},
           C(LC_CTYPE) C(LC_TIME) C(LC_COLLATE) C(LC_MONETARY) C(LC_MESSAGES) C(LC_NUMERIC) C(LC_ALL) C(DAY_1) C(DAY_2) C(DAY_3) C(DAY_4) C(DAY_5) C(DAY_6) C(DAY_7) C(ABDAY_1) C(ABDAY_2) C(ABDAY_3)
           C(ABDAY_4) C(ABDAY_5) C(ABDAY_6) C(ABDAY_7) C(MON_1) C(MON_2) C(MON_3) C(MON_4) C(MON_5) C(MON_6) C(MON_7) C(MON_8) C(MON_9) C(MON_10) C(MON_11) C(MON_12) C(ABMON_1) C(ABMON_2) C(ABMON_3)
           C(ABMON_4) C(ABMON_5) C(ABMON_6) C(ABMON_7) C(ABMON_8) C(ABMON_9) C(ABMON_10) C(ABMON_11) C(ABMON_12) C(RADIXCHAR) C(THOUSEP) C(YESEXPR) C(NOEXPR) C(CRNCYSTR) C(D_FMT) C(D_T_FMT) C(T_FMT)
           C(AM_STR) C(PM_STR) C(CODESET) C(T_FMT_AMPM) C(ERA) C(ERA_D_FMT) C(ERA_D_T_FMT) C(ERA_T_FMT) C(ALT_DIGITS) std::pair<const char*, int>{"CHAR_MAX", 127}
#undef C
       }) {
    moduleSet(t, m, text, Value::fromInt(value));
  }
  return kDone;
}

// --- syslog
static bool syslog_open = false;
static std::string syslog_ident;
static Ref openlogFn(Thread& t, const Value* a) {
  if (isStr(a[0])) {
    Ref ident = TRY(callMethod_py(t, a[0], intern(*t.isolate, "encode")));
    syslog_ident = ident.as<Bytes>()->view();
    if (syslog_ident.find('\0') != std::string::npos) return raiseValueError(t, "embedded null character");
  }
  TRY(audit_py(t, "syslog.openlog", {a[0], a[1], a[2]}));
  openlog(syslog_ident.empty() ? nullptr : syslog_ident.c_str(), TRY(toCInt_py(t, a[1])), TRY(toCInt_py(t, a[2])));
  syslog_open = true;
  return Ref::none();
}
static Ref syslogFn(Thread& t, const Value* a) {
  bool has_priority = a[1].defined();
  int priority = has_priority ? TRY(toCInt_py(t, a[0])) : LOG_INFO;
  Value message = has_priority ? a[1] : a[0];
  if (!isStr(message)) return raiseTypeError(t, "syslog() argument must be str, not %s", typeNameOf(t, message));
  Ref encoded = TRY(callMethod_py(t, message, intern(*t.isolate, "encode")));
  std::string text(encoded.as<Bytes>()->view());
  TRY(audit_py(t, "syslog.syslog", {Value::fromInt(priority), message}));
  WithoutLock unlocked(t);
  ::syslog(priority, "%s", text.c_str());
  return Ref::none();
}
static Ref closelogFn(Thread&, const Value*) {
  closelog();
  syslog_open = false;
  return Ref::none();
}
static Ref setlogmaskFn(Thread& t, const Value* a) { return newInt(t, setlogmask(TRY(toCInt_py(t, a[0])))); }
static Ref logMask(Thread& t, const Value* a) { return newInt(t, LOG_MASK(TRY(toCInt_py(t, a[0])))); }
static Ref logUpto(Thread& t, const Value* a) { return newInt(t, LOG_UPTO(TRY(toCInt_py(t, a[0])))); }
static const NativeDef kSyslogFunctions[] = {{"openlog", "(ident=None, logoption=0, facility=8)", openlogFn}, {"syslog", "(priority, message=<unset>, /)", syslogFn}, {"closelog", "()", closelogFn},
    {"setlogmask", "(maskpri, /)", setlogmaskFn}, {"LOG_MASK", "(pri, /)", logMask}, {"LOG_UPTO", "(pri, /)", logUpto}, {nullptr, nullptr, nullptr}};
static Status initSyslog(Thread& t, Module* m) {
  for (auto [text, value] : {
#define C(name) std::pair<const char*, int>{#name, name},
           C(LOG_EMERG) C(LOG_ALERT) C(LOG_CRIT) C(LOG_ERR) C(LOG_WARNING) C(LOG_NOTICE) C(LOG_INFO) C(LOG_DEBUG) C(LOG_PID) C(LOG_CONS) C(LOG_NDELAY) C(LOG_ODELAY) C(LOG_NOWAIT) C(LOG_PERROR) C(LOG_KERN)
           C(LOG_USER) C(LOG_MAIL) C(LOG_DAEMON) C(LOG_AUTH) C(LOG_AUTHPRIV) C(LOG_LPR) C(LOG_NEWS) C(LOG_UUCP) C(LOG_CRON) C(LOG_SYSLOG) C(LOG_FTP) C(LOG_LOCAL0) C(LOG_LOCAL1) C(LOG_LOCAL2) C(LOG_LOCAL3)
           C(LOG_LOCAL4) C(LOG_LOCAL5) C(LOG_LOCAL6) std::pair<const char*, int>{"LOG_LOCAL7", LOG_LOCAL7}
#undef C
       }) {
    moduleSet(t, m, text, Value::fromInt(value));
  }
  return kDone;
}

extern const NativeModule kLocaleModule, kSyslogModule;
const NativeModule kLocaleModule = {"_locale", "Support for POSIX locales.", kLocaleFunctions, initLocale};
const NativeModule kSyslogModule = {"syslog", nullptr, kSyslogFunctions, initSyslog};

}  // namespace krait::modules

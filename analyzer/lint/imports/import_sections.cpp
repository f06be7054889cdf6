// The section of an import: by the language, the standard library, the project's own files, or anybody's.
#include <glob.h>

#include <algorithm>

#include "analyzer/base/file_io.h"
#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// The modules of the standard library of Python 3.11, in order. ref: sys.stdlib_module_names
static constexpr std::string_view kStandardLibrary[] = {
    "__future__", "_abc", "_aix_support", "_ast", "_asyncio", "_bisect", "_blake2", "_bootsubprocess", "_bz2",
    "_codecs", "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw",
    "_collections", "_collections_abc", "_compat_pickle", "_compression", "_contextvars", "_crypt", "_csv", "_ctypes",
    "_ctypes_test", "_curses", "_curses_panel", "_datetime", "_dbm", "_decimal", "_elementtree", "_frozen_importlib",
    "_frozen_importlib_external", "_functools", "_gdbm", "_hashlib", "_heapq", "_imp", "_io", "_json", "_locale",
    "_lsprof", "_lzma", "_markupbase", "_md5", "_msi", "_multibytecodec", "_multiprocessing", "_opcode", "_operator",
    "_osx_support", "_overlapped", "_pickle", "_posixshmem", "_posixsubprocess", "_py_abc", "_pydecimal", "_pyio",
    "_queue", "_random", "_scproxy", "_sha1", "_sha256", "_sha3", "_sha512", "_signal", "_sitebuiltins", "_socket",
    "_sqlite3", "_sre", "_ssl", "_stat", "_statistics", "_string", "_strptime", "_struct", "_symtable", "_testbuffer",
    "_testcapi", "_testconsole", "_testimportmultiple", "_testinternalcapi", "_testmultiphase", "_thread", "_threading_local",
    "_tkinter", "_tokenize", "_tracemalloc", "_typing", "_uuid", "_warnings", "_weakref", "_weakrefset", "_winapi",
    "_xxtestfuzz", "_zoneinfo", "abc", "aifc", "antigravity", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore",
    "atexit", "audioop", "base64", "bdb", "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi",
    "cgitb", "chunk", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys", "compileall",
    "concurrent", "configparser", "contextlib", "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses",
    "dataclasses", "datetime", "dbm", "decimal", "difflib", "dis", "distutils", "doctest", "email", "encodings",
    "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib",
    "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib",
    "heapq", "hmac", "html", "http", "idlelib", "imaplib", "imghdr", "imp", "importlib", "inspect", "io", "ipaddress",
    "itertools", "json", "keyword", "lib2to3", "linecache", "locale", "logging", "lzma", "mailbox", "mailcap",
    "marshal", "math", "mimetypes", "mmap", "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis",
    "nntplib", "nt", "ntpath", "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev",
    "pathlib", "pdb", "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib", "poplib", "posix",
    "posixpath", "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data",
    "pyexpat", "queue", "quopri", "random", "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched",
    "secrets", "select", "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib", "sndhdr",
    "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl", "stat",
    "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symtable", "sys", "sysconfig", "syslog",
    "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap", "this", "threading", "time", "timeit", "tkinter",
    "token", "tokenize", "tomllib", "trace", "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types",
    "typing", "unicodedata", "unittest", "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser",
    "winreg", "winsound", "wsgiref", "xdrlib", "xml", "xmlrpc", "xx", "xxlimited", "xxsubtype", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
};

namespace {
struct Span {
  std::string_view name;
  uint32_t first, end;  // the minor versions of Python 3 that have it: from `first` to before `end`
};
}  // namespace

static constexpr uint32_t kStill = UINT32_MAX;
// Modules that came or went. ref: "What's New in Python" of each version
static constexpr Span kSpans[] = {
    {"_aix_support", 9, kStill}, {"_android_support", 13, kStill}, {"_apple_support", 13, kStill}, {"_ast_unparse", 14, kStill},
    {"_bootlocale", 0, 10}, {"_bootsubprocess", 9, 12}, {"_colorize", 13, kStill}, {"_compression", 0, 14}, {"_crypt", 0, 13}, {"_hmac", 14, kStill},
    {"_interpchannels", 13, kStill}, {"_interpqueues", 13, kStill}, {"_interpreters", 13, kStill}, {"_ios_support", 13, kStill}, {"_msi", 0, 13},
    {"_opcode_metadata", 13, kStill}, {"_posixshmem", 8, kStill}, {"_py_warnings", 14, kStill}, {"_pylong", 12, kStill}, {"_pyrepl", 13, kStill},
    {"_remote_debugging", 14, kStill}, {"_sha256", 0, 12}, {"_sha512", 0, 12}, {"_statistics", 8, kStill}, {"_suggestions", 13, kStill},
    {"_sysconfig", 13, kStill}, {"_testclinic", 10, kStill}, {"_testexternalinspection", 13, 14}, {"_testinternalcapi", 8, kStill},
    {"_testlimitedcapi", 13, kStill}, {"_testsinglephase", 12, kStill}, {"_tokenize", 11, kStill}, {"_types", 14, kStill}, {"_typing", 11, kStill},
    {"_xxinterpchannels", 12, 13}, {"_xxsubinterpreters", 8, 13}, {"_zoneinfo", 9, kStill}, {"_zstd", 14, kStill}, {"aifc", 0, 13},
    {"annotationlib", 14, kStill}, {"asynchat", 0, 12}, {"asyncore", 0, 12}, {"audioop", 0, 13}, {"binhex", 0, 11}, {"cgi", 0, 13}, {"cgitb", 0, 13},
    {"chunk", 0, 13}, {"compression", 14, kStill}, {"crypt", 0, 13}, {"distutils", 0, 12}, {"dummy_threading", 0, 9}, {"formatter", 0, 10},
    {"graphlib", 9, kStill}, {"imghdr", 0, 13}, {"imp", 0, 12}, {"lib2to3", 0, 13}, {"macpath", 0, 8}, {"mailcap", 0, 13}, {"msilib", 0, 13},
    {"nis", 0, 13}, {"nntplib", 0, 13}, {"ossaudiodev", 0, 13}, {"parser", 0, 10}, {"pipes", 0, 13}, {"smtpd", 0, 12}, {"sndhdr", 0, 13},
    {"spwd", 0, 13}, {"sre_compile", 0, 15}, {"sre_constants", 0, 15}, {"sre_parse", 0, 15}, {"sunau", 0, 13}, {"symbol", 0, 10},
    {"telnetlib", 0, 13}, {"tomllib", 11, kStill}, {"uu", 0, 13}, {"xdrlib", 0, 13}, {"xxlimited_35", 10, kStill}, {"zoneinfo", 9, kStill},
};

bool isStandardLibrary(std::string_view module, uint32_t minor) {
  std::string_view top = module.substr(0, module.find('.'));
  auto span = std::lower_bound(std::begin(kSpans), std::end(kSpans), top, [](const Span& each, std::string_view name) { return each.name < name; });
  if (span != std::end(kSpans) && span->name == top) return span->first <= minor && minor < span->end;
  return std::binary_search(std::begin(kStandardLibrary), std::end(kStandardLibrary), top);
}

// Does the list name the module or a package that holds it?
static bool listsModule(const LintContext& context, std::string_view key, std::string_view module) {
  const std::vector<std::string>* list = context.options.list(key);
  if (list == nullptr) return false;
  for (std::string_view name = module;; name = name.substr(0, name.rfind('.'))) {
    for (const std::string& pattern : *list) {
      if (config::matchesGlob(pattern, name)) return true;
    }
    if (name.find('.') == std::string_view::npos) return false;
  }
}

static constexpr std::string_view kSectionNames[] = {"future", "standard-library", "third-party", "first-party", "local-folder"};

static bool holdsModule(const std::string& folder, const std::string& top) { return isDirectory(folder + "/" + top) || isFile(folder + "/" + top + ".py"); }

// Does one of the source folders (`src`, which may be patterns) hold a folder or a module of the name? ref: ruff's settings
static bool isSource(const LintContext& context, const std::string& top) {
  for (const std::string& source : sourceFolders(context)) {
    std::string folder = source.starts_with('/') ? source : context.options.root + source;
    if (folder.find_first_of("*?[") == std::string::npos) {
      if (holdsModule(folder, top)) return true;
      continue;
    }
    glob_t found{};
    bool is_held = false;
    if (glob(folder.c_str(), 0, nullptr, &found) == 0) is_held = std::any_of(found.gl_pathv, found.gl_pathv + found.gl_pathc, [&](const char* one) { return holdsModule(one, top); });
    globfree(&found);
    if (is_held) return true;
  }
  return false;
}

// One of the user's sections; empty when none lists the module.
static std::string ownSection(const LintContext& context, std::string_view module) {
  constexpr std::string_view kPrefix = "isort.sections.";
  for (const auto& [key, value] : context.options.plugins) {
    if (key.starts_with(kPrefix) && listsModule(context, key, module)) return key.substr(kPrefix.size());
  }
  return {};
}

static std::string givenSection(const LintContext& context, std::string_view module, uint32_t level, std::string_view otherwise) {
  std::string top(module.substr(0, module.find('.')));
  if (level == 0 && top == "__future__") return "future";
  if (context.options.flag("isort.no-sections")) return "first-party";
  if (level > 0) return "local-folder";
  if (listsModule(context, "isort.known-first-party", module)) return "first-party";
  if (listsModule(context, "isort.known-third-party", module)) return "third-party";
  if (listsModule(context, "isort.known-local-folder", module)) return "local-folder";
  if (listsModule(context, "isort.extra-standard-library", module)) return "standard-library";
  if (std::string own = ownSection(context, module); !own.empty()) return own;
  if (isStandardLibrary(top, context.options.target_minor)) return "standard-library";
  bool is_own = (context.options.flag("isort.detect-same-package", true) && context.tokens.outermostPackage(context.file.path) == top) || isSource(context, top) || module == "__main__";
  return is_own ? "first-party" : std::string(otherwise);
}

std::string sectionNameOf(const LintContext& context, const ImportSettings& settings, std::string_view module, uint32_t level) {
  std::string fallback = context.options.text("isort.default-section", "third-party");
  std::string name = givenSection(context, module, level, fallback);
  bool is_listed = std::find(settings.sections.begin(), settings.sections.end(), name) != settings.sections.end();
  return is_listed ? name : fallback;
}

Section sectionOf(const LintContext& context, std::string_view module, uint32_t level) {
  std::string name = givenSection(context, module, level, "third-party");
  for (size_t i = 0; i < std::size(kSectionNames); ++i) {
    if (kSectionNames[i] == name) return static_cast<Section>(i);
  }
  return Section::kThirdParty;
}

static std::vector<std::string> listOr(const LintContext& context, std::string_view key) {
  const std::vector<std::string>* list = context.options.list(key);
  return list != nullptr ? *list : std::vector<std::string>();
}

ImportSettings importSettings(const LintContext& context) {
  const config::LintOptions& options = context.options;
  ImportSettings settings;
  settings.line_length = options.line_length;
  settings.forces_single_line = options.flag("isort.force-single-line");
  settings.combines_as = options.flag("isort.combine-as-imports");
  settings.sorts_within_sections = options.flag("isort.force-sort-within-sections");
  settings.splits_on_comma = options.flag("isort.split-on-trailing-comma", true);
  settings.orders_by_type = options.flag("isort.order-by-type", true);
  settings.is_case_sensitive = options.flag("isort.case-sensitive");
  settings.wraps_aliases = options.flag("isort.force-wrap-aliases");
  settings.puts_from_first = options.flag("isort.from-first");
  settings.sorts_by_length = options.flag("isort.length-sort");
  settings.sorts_straight_by_length = options.flag("isort.length-sort-straight");
  settings.sorts_closest_first = options.text("isort.relative-imports-order", "") == "closest-to-furthest";
  settings.lines_between_types = options.number("isort.lines-between-types", 0);
  settings.sections = listOr(context, "isort.section-order");
  if (settings.sections.empty()) settings.sections.assign(std::begin(kSectionNames), std::end(kSectionNames));
  for (const std::string& section : settings.sections) {
    std::string heading = options.text("isort.import-heading." + section, "");
    if (!heading.empty()) settings.headings[section] = "# " + heading;
  }
  settings.single_line_exclusions = listOr(context, "isort.single-line-exclusions");
  settings.to_top = listOr(context, "isort.force-to-top");
  settings.classes = listOr(context, "isort.classes");
  settings.constants = listOr(context, "isort.constants");
  settings.variables = listOr(context, "isort.variables");
  settings.no_lines_before = listOr(context, "isort.no-lines-before");
  settings.forced_separate = listOr(context, "isort.forced-separate");
  if (options.plugins.contains("isort.lines-after-imports")) {
    settings.lines_after = static_cast<int>(std::min(options.number("isort.lines-after-imports", 99), 99u));
    if (settings.lines_after == 99) settings.lines_after = -1;
  }
  return settings;
}

}  // namespace krait::lint

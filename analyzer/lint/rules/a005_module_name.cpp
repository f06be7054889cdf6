// A005: a module named like one of the standard library. ref: flake8-builtins
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Span {
  std::string_view name;
  uint32_t first, end;  // the minor versions of Python 3 that have it: from `first` to before `end`
};
}  // namespace

static constexpr uint32_t kStill = UINT32_MAX;
// Modules that came or went. ref: "What's New in Python" of each version
static constexpr Span kSpans[] = {
    {"aifc", 0, 13},       {"annotationlib", 14, kStill}, {"asynchat", 0, 12}, {"asyncore", 0, 12},      {"audioop", 0, 13},   {"binhex", 0, 11},
    {"cgi", 0, 13},        {"cgitb", 0, 13},              {"chunk", 0, 13},    {"compression", 14, kStill}, {"crypt", 0, 13},  {"distutils", 0, 12},
    {"graphlib", 9, kStill}, {"imghdr", 0, 13},           {"imp", 0, 12},      {"lib2to3", 0, 13},       {"mailcap", 0, 13},   {"msilib", 0, 13},
    {"nis", 0, 13},        {"nntplib", 0, 13},            {"ossaudiodev", 0, 13}, {"pipes", 0, 13},      {"smtpd", 0, 12},     {"sndhdr", 0, 13},
    {"spwd", 0, 13},       {"sunau", 0, 13},              {"telnetlib", 0, 13}, {"tomllib", 11, kStill}, {"uu", 0, 13},        {"xdrlib", 0, 13},
    {"zoneinfo", 9, kStill},
};

static bool isInLibrary(std::string_view name, uint32_t minor) {
  for (const Span& span : kSpans) {
    if (span.name == name) return span.first <= minor && minor < span.end;
  }
  return isStandardLibrary(name);
}

// The path from the project's folder, or from its `src`, without what says that it is Python.
static std::string modulePath(const LintContext& context) {
  std::string_view path = context.file.path;
  if (!context.options.root.empty() && path.starts_with(context.options.root)) path.remove_prefix(context.options.root.size());
  while (path.starts_with("./")) path.remove_prefix(2);
  if (path.starts_with("src/")) path.remove_prefix(4);
  path.remove_suffix(3);
  if (path.ends_with("/__init__") || path.ends_with("/__main__")) path.remove_suffix(9);
  return std::string(path);
}

void checkLibraryModuleName(LintContext& context) {
  if (!context.file.path.ends_with(".py")) return;
  std::string path = modulePath(context);
  size_t slash = path.rfind('/');
  std::string_view name = std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
  // Private modules of the standard library are nobody's to import.
  bool is_private = name.starts_with('_') && !name.starts_with("__");
  if (is_private || !isInLibrary(name, context.options.target_minor)) return;
  if (isListed(context, "flake8-builtins.allowed-modules", name) || isListed(context, "flake8-builtins.builtins-allowed-modules", name)) return;
  // Inside a package it has another name.
  bool is_strict = context.options.flag("flake8-builtins.strict-checking") || context.options.flag("flake8-builtins.builtins-strict-checking");
  if (slash != std::string::npos && slash > 0 && !is_strict) return;
  context.sink.begin("A005"_rule, {0, 0}, {name});
}

}  // namespace krait::lint

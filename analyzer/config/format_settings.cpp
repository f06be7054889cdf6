#include "analyzer/config/format_settings.h"

#include <algorithm>
#include <charconv>

#include "analyzer/base/file_io.h"
#include "analyzer/base/text.h"
#include "analyzer/config/config_text.h"
#include "analyzer/config/discovery.h"
#include "analyzer/config/lint_options.h"
#include "analyzer/config/path_prefixes.h"
#include "analyzer/config/path_regex.h"

namespace krait::config {

namespace {
struct ReadContext {
  FormatSettings& settings;
  const std::string& path;
  const ConfigSection& section;
};
}  // namespace

static std::string placeOf(const ReadContext& context, const ConfigEntry& entry) {
  return context.path + ":" + std::to_string(entry.line) + ": [" + context.section.name + "]: ";
}

std::optional<uint8_t> readTargetVersion(std::string_view text) {
  if (text.starts_with("py3")) {
    text.remove_prefix(3);
  } else if (text.starts_with("3.")) {
    text.remove_prefix(2);
  } else {
    return std::nullopt;
  }
  uint8_t minor = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minor);
  bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && minor <= 99 ? std::optional(minor) : std::nullopt;
}

static std::vector<std::string> itemsOf(const ConfigValue& value) {
  return value.kind == ValueKind::kList ? value.items : std::vector<std::string>{value.text};
}

// Each reader gives what is wrong with the value, or nothing.
static std::string readLineLength(const ReadContext& context, const ConfigEntry& entry) {
  uint32_t length = 0;
  const std::string& text = entry.value.text;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || end != text.data() + text.size() || length == 0 || length > 100000) {
    return "line-length must be a number from 1, not " + text;
  }
  context.settings.line_length = length;
  return "";
}

static std::string readSwitch(const ConfigEntry& entry, bool& out, bool when_set) {
  if (entry.value.kind != ValueKind::kBool) return entry.key + " must be true or false, not " + entry.value.text;
  out = entry.value.flag ? when_set : !when_set;
  return "";
}

static std::string readVersions(const ReadContext& context, const ConfigEntry& entry) {
  context.settings.oldest_minor.reset();
  for (const std::string& item : itemsOf(entry.value)) {
    std::optional<uint8_t> minor = readTargetVersion(item);
    if (!minor) return "target-version: unknown version " + item + " (expected py38, py312, …)";
    context.settings.oldest_minor = std::min(*minor, context.settings.oldest_minor.value_or(*minor));
  }
  return "";
}

static std::string readRegex(const ReadContext& context, const ConfigEntry& entry) {
  Result<PathRegex> regex = PathRegex::compile(entry.value.text);
  if (!regex.ok()) return entry.key + ": " + regex.message();
  context.settings.exclude_regexes.push_back(entry.value.text);
  return "";
}

static std::string readGlobs(const ReadContext& context, const ConfigEntry& entry) {
  for (std::string& item : itemsOf(entry.value)) context.settings.exclude_globs.push_back(std::move(item));
  return "";
}

// Keys with dashes, as both tools and we write them. `is_known` becomes false for others.
static std::string readEntry(const ReadContext& context, const ConfigEntry& entry, bool* is_known) {
  std::string key = entry.key;
  std::replace(key.begin(), key.end(), '_', '-');
  FormatSettings& settings = context.settings;
  bool has_regexes = context.section.name == "tool.black";
  if (key == "line-length") return readLineLength(context, entry);
  if (key == "skip-string-normalization") return readSwitch(entry, settings.normalizes_strings, false);
  if (key == "skip-magic-trailing-comma") return readSwitch(entry, settings.has_magic_commas, false);
  if (key == "target-version") return readVersions(context, entry);
  if (key == "exclude" || key == "extend-exclude" || key == "force-exclude") {
    return has_regexes ? readRegex(context, entry) : readGlobs(context, entry);
  }
  if (key == "quote-style" && (entry.value.text == "double" || entry.value.text == "preserve")) {
    settings.normalizes_strings = entry.value.text == "double";
    return "";
  }
  *is_known = false;
  return "";
}

// ruff's and Black's other keys are theirs; ours must be known.
static std::string readSection(FormatSettings& settings, const std::string& path, const ConfigSection& section,
                               bool is_own) {
  ReadContext context{settings, path, section};
  for (const ConfigEntry& entry : section.entries) {
    bool is_known = true;
    std::string wrong = readEntry(context, entry, &is_known);
    if (!wrong.empty()) return placeOf(context, entry) + wrong;
    bool changes_result = entry.key == "preview" ? entry.value.flag
                          : entry.key == "quote-style" || (entry.key == "indent-style" && entry.value.text != "space");
    if (!is_known && (is_own || changes_result)) {
      settings.warnings.push_back(placeOf(context, entry) + (is_own ? "Unrecognized option: " : "not supported: ") +
                                  entry.key + " = " + entry.value.text);
    }
  }
  return "";
}

// Whether the file says something about formatting; then it was read.
static Result<bool> readFrom(FormatSettings& settings, const std::string& path) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) return Failure{bytes.message()};
  if (findInvalidUtf8(bytes.value()) != std::string::npos) return Failure{path + ": not valid UTF-8"};
  Result<ConfigText> text = readToml(path, bytes.value());
  if (!text.ok()) return Failure{text.message()};
  bool is_own_file = path.ends_with("krait.toml");
  std::vector<std::string> names = {is_own_file ? "fmt" : "tool.krait.fmt"};
  if (!is_own_file && text.value().find(names[0]) == nullptr) {
    names = {"tool.black"};
    if (text.value().find(names[0]) == nullptr) names = {"tool.ruff", "tool.ruff.format"};
  }
  bool is_found = false;
  for (const std::string& name : names) {
    const ConfigSection* section = text.value().find(name);
    if (section == nullptr) continue;
    is_found = true;
    std::string wrong = readSection(settings, path, *section, is_own_file || name == "tool.krait.fmt");
    if (!wrong.empty()) return Failure{wrong};
  }
  size_t slash = path.rfind('/');
  settings.root = absolutePath(slash == std::string::npos ? "." : path.substr(0, slash));
  return is_found;
}

Result<FormatSettings> loadFormatSettings(const std::string& folder, const std::optional<std::string>& named_file) {
  FormatSettings settings;
  if (named_file) {
    Result<bool> is_read = readFrom(settings, *named_file);
    if (!is_read.ok()) return Failure{is_read.message()};
    return settings;
  }
  std::string here = absolutePath(folder);
  for (;;) {
    for (const char* name : {"/krait.toml", "/pyproject.toml"}) {
      std::string path = (here == "/" ? "" : here) + name;
      if (!isFile(path)) continue;
      Result<bool> is_read = readFrom(settings, path);
      if (!is_read.ok()) return Failure{is_read.message()};
      if (is_read.value()) return settings;
    }
    bool is_repository = isDirectory(here + "/.git") || isFile(here + "/.git") || isDirectory(here + "/.hg");
    if (is_repository || here == "/" || here.empty()) break;
    size_t slash = here.rfind('/');
    here = slash == 0 || slash == std::string::npos ? "/" : here.substr(0, slash);
  }
  settings.root.clear();
  return settings;
}

bool isExcludedFromFormat(const FormatSettings& settings, const std::string& path) {
  if (settings.root.empty()) return false;
  std::string relative = path.starts_with(settings.root) ? path.substr(settings.root.size()) : path;
  if (!relative.starts_with('/')) relative.insert(relative.begin(), '/');
  for (const std::string& pattern : settings.exclude_regexes) {
    Result<PathRegex> regex = PathRegex::compile(pattern);
    if (regex.ok() && regex.value().isFoundIn(relative)) return true;
  }
  return std::any_of(settings.exclude_globs.begin(), settings.exclude_globs.end(), [&](const std::string& pattern) {
    // A folder's name covers what is in it.
    return anyOnTheWayTo(std::string_view(relative).substr(1), [&](std::string_view path) { return matchesGlob(pattern, path); });
  });
}

}  // namespace krait::config

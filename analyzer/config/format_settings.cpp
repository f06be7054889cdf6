#include "analyzer/config/format_settings.h"

#include <algorithm>
#include <charconv>

#include "analyzer/base/file_io.h"
#include "analyzer/config/config_files.h"
#include "analyzer/config/discovery.h"
#include "analyzer/config/globs.h"
#include "analyzer/config/lint_options.h"
#include "analyzer/config/lint_settings.h"
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
  std::string table = context.section.name.empty() ? "" : "[" + context.section.name + "]: ";
  return context.path + ":" + std::to_string(entry.line) + ": " + table;
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
static std::string readNumber(const ConfigEntry& entry, uint32_t greatest, uint32_t& out) {
  uint32_t number = 0;
  const std::string& text = entry.value.text;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > greatest) {
    return entry.key + " must be a number from 1, not " + text;
  }
  out = number;
  return "";
}

static std::string readSwitch(const ConfigEntry& entry, bool& out, bool when_set) {
  if (entry.value.kind != ValueKind::kBool) return entry.key + " must be true or false, not " + entry.value.text;
  out = entry.value.flag ? when_set : !when_set;
  return "";
}

static std::string readChoice(const ConfigEntry& entry, std::initializer_list<std::string_view> choices, std::string& out) {
  if (entry.value.kind == ValueKind::kText && std::find(choices.begin(), choices.end(), entry.value.text) != choices.end()) {
    out = entry.value.text;
    return "";
  }
  std::string wanted;
  for (std::string_view choice : choices) wanted += (wanted.empty() ? "" : ", ") + std::string(choice);
  return entry.key + " must be one of " + wanted + ", not " + entry.value.text;
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
  bool is_blacks = context.section.name == "tool.black";
  if (key == "line-length") return readNumber(entry, 100000, settings.line_length);
  if (key == "skip-string-normalization") return readSwitch(entry, settings.normalizes_strings, false);
  if (key == "skip-magic-trailing-comma") return readSwitch(entry, settings.has_magic_commas, false);
  if (key == "target-version") return readVersions(context, entry);
  if (key == "exclude" || key == "extend-exclude" || key == "force-exclude") {
    return is_blacks ? readRegex(context, entry) : readGlobs(context, entry);
  }
  if (!is_blacks && key == "quote-style") return readChoice(entry, {"double", "single", "preserve"}, settings.quote_style);
  if (!is_blacks && key == "indent-width") return readNumber(entry, 255, settings.indent_width);
  if (!is_blacks && key == "indent-style") {
    std::string style;
    std::string wrong = readChoice(entry, {"space", "tab"}, style);
    settings.has_tabs = style == "tab";
    return wrong;
  }
  if (!is_blacks && key == "line-ending") {
    std::string wrong = readChoice(entry, {"auto", "lf", "cr-lf", "native"}, settings.line_ending);
    if (settings.line_ending == "native") settings.line_ending = "lf";
    return wrong;
  }
  *is_known = false;
  return "";
}

// Does a key that is not read change what the formatter that it is meant for writes?
static bool changesResult(const ConfigEntry& entry) {
  static constexpr std::string_view kSwitches[] = {"preview", "docstring-code-format", "experimental-string-processing"};
  if (entry.key == "nested-string-quote-style") return entry.value.text == "preferred";
  return entry.value.flag && std::find(std::begin(kSwitches), std::end(kSwitches), entry.key) != std::end(kSwitches);
}

// ruff's and Black's other keys are theirs; ours must be known.
static std::string readSection(FormatSettings& settings, const std::string& path, const ConfigSection& section,
                               bool is_own) {
  ReadContext context{settings, path, section};
  for (const ConfigEntry& entry : section.entries) {
    bool is_known = true;
    std::string wrong = readEntry(context, entry, &is_known);
    if (!wrong.empty()) return placeOf(context, entry) + wrong;
    if (!is_known && (is_own || changesResult(entry))) {
      settings.warnings.push_back(placeOf(context, entry) + (is_own ? "Unrecognized option: " : "not supported: ") +
                                  entry.key + " = " + entry.value.text);
    }
  }
  return "";
}

// The versions that the project is for count where no setting names others. ref: PEP 621
static void readProject(FormatSettings& settings, const ConfigText& text) {
  LintOptions required;
  readRequiredPython(text, required);
  if (required.has_target) settings.oldest_minor = static_cast<uint8_t>(required.target_minor);
}

static std::string readTables(FormatSettings& settings, const std::string& path, const ConfigText& text,
                              std::initializer_list<std::string_view> names, bool is_own) {
  readProject(settings, text);
  for (std::string_view name : names) {
    const ConfigSection* section = text.find(name);
    if (section == nullptr) continue;
    if (std::string wrong = readSection(settings, path, *section, is_own); !wrong.empty()) return wrong;
  }
  return "";
}

// ruff's settings, those of the file that this one extends first. `is_ruff_file`: nothing but them.
static std::string readRuff(FormatSettings& settings, const std::string& path, const ConfigText& text, bool is_ruff_file, int depth) {
  constexpr int kMostExtends = 16;
  std::string faults;
  for (const std::string& fault : faultsOfSettings(text, is_ruff_file ? "" : "tool.ruff", path)) faults += (faults.empty() ? "" : "\n") + fault;
  if (!faults.empty()) return faults;
  const ConfigSection* section = text.find(is_ruff_file ? "" : "tool.ruff");
  const ConfigEntry* extend = section == nullptr ? nullptr : section->find("extend");
  if (extend != nullptr) {
    std::string place = path + ":" + std::to_string(extend->line) + ": ";
    if (depth >= kMostExtends) return place + "too many files extend each other";
    const std::string& named = extend->value.text;
    std::string base = named.starts_with('/') ? named : path.substr(0, path.rfind('/') + 1) + named;
    Result<ConfigText> read = readConfigText(base);
    if (!read.ok()) return place + "extend: " + read.message();
    if (std::string wrong = readRuff(settings, base, read.value(), isRuffFile(read.value()), depth + 1); !wrong.empty()) return wrong;
  }
  if (is_ruff_file) return readTables(settings, path, text, {"", "format"}, false);
  return readTables(settings, path, text, {"tool.ruff", "tool.ruff.format"}, false);
}

// Whether the file says something about formatting; then it was read.
static Result<bool> readFrom(FormatSettings& settings, const std::string& path) {
  Result<ConfigText> read = readConfigText(path);
  if (!read.ok()) return Failure{read.message()};
  const ConfigText& text = read.value();
  auto hasTable = [&](std::string_view name) {
    return std::any_of(text.sections.begin(), text.sections.end(), [&](const ConfigSection& section) { return section.name.starts_with(name); });
  };
  std::string wrong;
  bool is_found = true;
  if (path.ends_with("krait.toml")) {
    is_found = text.find("fmt") != nullptr;
    wrong = readTables(settings, path, text, {"fmt"}, true);
  } else if (text.find("tool.krait.fmt") != nullptr) {
    wrong = readTables(settings, path, text, {"tool.krait.fmt"}, true);
  } else if (text.find("tool.black") != nullptr) {
    wrong = readTables(settings, path, text, {"tool.black"}, false);
  } else if (path.ends_with("pyproject.toml")) {
    is_found = hasTable("tool.ruff");
    wrong = readRuff(settings, path, text, false, 0);
  } else {
    wrong = readRuff(settings, path, text, isRuffFile(text), 0);
  }
  if (!wrong.empty()) return Failure{wrong};
  size_t slash = path.rfind('/');
  settings.root = absolutePath(slash == std::string::npos ? "." : path.substr(0, slash));
  return is_found;
}

// In pyproject.toml [tool.ruff] counts only where there is no file of ruff's own.
static Result<bool> readFolder(FormatSettings& settings, const std::string& folder) {
  for (const char* name : {"/krait.toml", "/pyproject.toml", "/.ruff.toml", "/ruff.toml", "/pyproject.toml"}) {
    std::string path = folder + name;
    if (!isFile(path)) continue;
    bool comes_again = path.ends_with("/pyproject.toml") && (isFile(folder + "/.ruff.toml") || isFile(folder + "/ruff.toml"));
    FormatSettings found;
    if (comes_again) {
      Result<ConfigText> text = readConfigText(path);
      if (text.ok() && text.value().find("tool.krait.fmt") == nullptr && text.value().find("tool.black") == nullptr) continue;
    }
    Result<bool> is_read = readFrom(found, path);
    if (!is_read.ok()) return is_read;
    if (!is_read.value()) continue;
    settings = std::move(found);
    return true;
  }
  return false;
}

// One setting, as a ruff.toml would have it.
static Result<FormatSettings> readSetting(const std::string& setting) {
  FormatSettings settings;
  Result<ConfigText> text = readToml("--config", setting + "\n");
  if (!text.ok()) return Failure{text.message()};
  std::string wrong = readRuff(settings, "--config", text.value(), true, 0);
  if (!wrong.empty()) return Failure{wrong};
  return settings;
}

Result<FormatSettings> loadFormatSettings(const std::string& folder, const std::optional<std::string>& named_file) {
  FormatSettings settings;
  if (named_file) {
    if (!isFile(*named_file) && named_file->find('=') != std::string::npos) return readSetting(*named_file);
    Result<bool> is_read = readFrom(settings, *named_file);
    if (!is_read.ok()) return Failure{is_read.message()};
    return settings;
  }
  std::string here = absolutePath(folder);
  for (;;) {
    Result<bool> is_read = readFolder(settings, here == "/" ? "" : here);
    if (!is_read.ok()) return Failure{is_read.message()};
    if (is_read.value()) return settings;
    bool is_repository = isDirectory(here + "/.git") || isFile(here + "/.git") || isDirectory(here + "/.hg");
    if (is_repository || here == "/" || here.empty()) break;
    size_t slash = here.rfind('/');
    here = slash == 0 || slash == std::string::npos ? "/" : here.substr(0, slash);
  }
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
    return anyOnTheWayTo(std::string_view(relative).substr(1), [&](std::string_view path) { return matchesPathGlob(pattern, path); });
  });
}

}  // namespace krait::config

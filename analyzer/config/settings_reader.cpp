#include "analyzer/config/settings_reader.h"

#include <cstdlib>

namespace krait::config {

static std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::optional<bool> readBool(std::string_view text) {
  std::string word = lowered(text);
  if (word == "1" || word == "yes" || word == "true" || word == "on") return true;
  if (word == "0" || word == "no" || word == "false" || word == "off") return false;
  return std::nullopt;
}

static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static std::string_view stripped(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Home folder and environment variables in a path. ref: os.path.expanduser, os.path.expandvars
static std::string expandPath(std::string_view path, const std::string& config_dir) {
  std::string out;
  if (path.starts_with("~") && (path.size() == 1 || path[1] == '/')) {
    const char* home = std::getenv("HOME");
    out = home != nullptr ? home : "~";
    path.remove_prefix(1);
  }
  for (size_t i = 0; i < path.size();) {
    size_t name = i + 1;
    bool is_braced = path[i] == '$' && name < path.size() && path[name] == '{';
    if (is_braced) ++name;
    size_t end = name;
    while (path[i] == '$' && end < path.size() &&
           (std::isalnum(static_cast<unsigned char>(path[end])) || path[end] == '_'))
      ++end;
    if (path[i] != '$' || end == name || (is_braced && (end >= path.size() || path[end] != '}'))) {
      out += path[i++];
      continue;
    }
    std::string variable(path.substr(name, end - name));
    const char* value = variable == "MYPY_CONFIG_FILE_DIR" ? config_dir.c_str() : std::getenv(variable.c_str());
    size_t next = end + (is_braced ? 1 : 0);
    out += value != nullptr ? std::string(value) : std::string(path.substr(i, next - i));
    i = next;
  }
  return out;
}

static std::vector<std::string> splitList(std::string_view text, std::string_view separators) {
  std::vector<std::string> items;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find_first_of(separators, begin), text.size());
    items.emplace_back(stripped(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  if (!items.empty() && items.back().empty()) items.pop_back();
  return items;
}

static bool isPathOption(OptionId id) {
  switch (id) {
    case OptionId::k_mypy_path:
    case OptionId::k_files:
    case OptionId::k_custom_typeshed_dir:
    case OptionId::k_quickstart_file:
    case OptionId::k_junit_xml:
    case OptionId::k_cache_dir:
    case OptionId::k_python_executable:
      return true;
    default:
      return false;
  }
}

// ref: mypy parse_version
static std::optional<std::string> checkVersion(const ConfigValue& value) {
  const std::string& text = value.text;
  size_t dot = text.find('.');
  bool is_wellformed = dot == 1 && text.size() > 2 && text.size() <= 4;
  for (size_t i = 0; i < text.size() && is_wellformed; ++i)
    is_wellformed = i == dot || (text[i] >= '0' && text[i] <= '9');
  if (!is_wellformed) return "Invalid python version '" + text + "' (expected format: 'x.y')";
  if (text[0] != '3') return "Python major version '" + text.substr(0, 1) + "' out of range (must be 3)";
  int minor = std::atoi(text.c_str() + 2);
  if (minor >= 10) return std::nullopt;
  std::string message = "Python 3." + std::to_string(minor) + " is not supported (must be 3.10 or higher)";
  if (value.kind == ValueKind::kNumber) message += ". You may need to put quotes around your Python version";
  return message;
}

static std::optional<std::string> checkChoice(const OptionInfo& info, const std::string& text) {
  if (info.metavar.find('|') == std::string_view::npos) return std::nullopt;
  std::string choices;
  for (const std::string& choice : splitList(info.metavar, "|")) {
    if (choice == text) return std::nullopt;
    choices += (choices.empty() ? "'" : ", '") + choice + "'";
  }
  return "invalid choice '" + text + "' (choose from " + choices + ")";
}

static std::optional<std::string> checkCodes(const std::vector<std::string>& codes) {
  std::set<std::string> invalid;
  for (const std::string& code : codes) {
    std::optional<Code> known = findCode(code);
    if (!known || codeInfo(*known).tool != Tool::kChecker) invalid.insert(code);
  }
  if (invalid.empty()) return std::nullopt;
  std::string list;
  for (const std::string& code : invalid) list += (list.empty() ? "" : ", ") + code;
  return "Invalid error code(s): " + list;
}

static std::optional<std::string> readText(OptionId id, const ConfigValue& value, const std::string& config_dir,
                                           Setting& out) {
  out.text = stripped(value.text);
  if (id == OptionId::k_python_version) return checkVersion(value);
  if (isPathOption(id)) out.text = expandPath(out.text, config_dir);
  bool is_number =
      !out.text.empty() && out.text.find_first_not_of("0123456789", out.text[0] == '-' ? 1 : 0) == std::string::npos;
  if (optionInfo(id).metavar == "N" && !is_number) return "invalid int value: '" + out.text + "'";
  return checkChoice(optionInfo(id), out.text);
}

static std::optional<std::string> readList(OptionId id, const ConfigValue& value, const std::string& config_dir,
                                           Setting& out) {
  // A regular expression may hold commas: in an ini file `exclude` is one pattern.
  bool is_one = id == OptionId::k_exclude;
  if (value.kind == ValueKind::kList) {
    for (const std::string& item : value.items) {
      if (!is_one || !stripped(item).empty()) out.items.emplace_back(stripped(item));
    }
  } else if (is_one) {
    if (!stripped(value.text).empty()) out.items.emplace_back(stripped(value.text));
  } else {
    out.items = splitList(value.text, id == OptionId::k_mypy_path ? ",:" : ",");
  }
  if (isPathOption(id)) {
    for (std::string& item : out.items) item = expandPath(item, config_dir);
  }
  if (id == OptionId::k_untyped_calls_exclude || id == OptionId::k_deprecated_calls_exclude) {
    for (const std::string& item : out.items) {
      if (item.find('*') != std::string::npos) {
        return "Invalid allow list entry: " + item + " (entries are already prefixes so must not contain *)";
      }
    }
  }
  bool holds_codes = id == OptionId::k_enable_error_code || id == OptionId::k_disable_error_code;
  return holds_codes ? checkCodes(out.items) : std::nullopt;
}

std::optional<std::string> readSetting(OptionId id, const ConfigValue& value, const std::string& config_dir,
                                       Setting& out) {
  out.id = id;
  switch (optionInfo(id).kind) {
    case OptionKind::kSwitch: {
      std::optional<bool> flag = readBool(value.text);
      if (!flag) return "Not a boolean: " + value.text;
      out.flag = *flag;
      return std::nullopt;
    }
    case OptionKind::kText:
      return readText(id, value, config_dir, out);
    case OptionKind::kList:
      return readList(id, value, config_dir, out);
  }
  return std::nullopt;
}

namespace {
struct Resolved {
  OptionId id;
  bool is_inverted;
};
}  // namespace

// The option a key names, in its own form or as no_x, allow/disallow, show/hide. ref: mypy parse_section
static std::optional<Resolved> resolveKey(std::string_view key) {
  if (auto id = findOption(key)) return Resolved{*id, false};
  std::string other;
  if (key.starts_with("no_")) {
    other = key.substr(3);
  } else if (key.starts_with("allow")) {
    other = "dis" + std::string(key);
  } else if (key.starts_with("disallow")) {
    other = key.substr(3);
  } else if (key.starts_with("show_")) {
    other = "hide_" + std::string(key.substr(5));
  }
  if (other.empty()) return std::nullopt;
  if (auto id = findOption(other)) return Resolved{*id, true};
  return std::nullopt;
}

static constexpr std::string_view kReports[] = {"any_exprs",    "cobertura_xml", "html",       "linecount",
                                                "linecoverage", "lineprecision", "memory_xml", "txt",
                                                "xml",          "xslt_html",     "xslt_txt"};

static void readReport(const ConfigEntry& entry, SectionSettings& out) {
  std::string_view kind = std::string_view(entry.key).substr(0, entry.key.size() - 7);
  for (std::string_view known : kReports) {
    if (known == kind) {
      out.reports.emplace_back(kind);
      return;
    }
  }
  out.messages.push_back({entry.line, "Unrecognized report type: " + entry.key});
}

static void readEntry(const ConfigEntry& entry, const std::string& config_dir, SectionSettings& out) {
  const std::string& key = entry.key;
  if (key == "strict") {
    std::optional<bool> flag = readBool(entry.value.text);
    if (!flag) out.messages.push_back({entry.line, "strict: Not a boolean: " + entry.value.text});
    out.is_strict |= flag.value_or(false);
    return;
  }
  std::optional<Resolved> resolved = resolveKey(key);
  if (!resolved) {
    if (key.ends_with("_report")) return readReport(entry, out);
    if (key.starts_with("x_")) return;
    out.messages.push_back({entry.line, "Unrecognized option: " + key + " = " + entry.value.text});
    return;
  }
  if (resolved->is_inverted && optionInfo(resolved->id).kind != OptionKind::kSwitch) {
    out.messages.push_back(
        {entry.line, "Can not invert non-boolean key " + std::string(optionInfo(resolved->id).name)});
    return;
  }
  Setting setting{.id = resolved->id};
  if (std::optional<std::string> wrong = readSetting(resolved->id, entry.value, config_dir, setting)) {
    out.messages.push_back({entry.line, key + ": " + *wrong});
    return;
  }
  setting.flag ^= resolved->is_inverted;
  out.settings.push_back(std::move(setting));
}

SectionSettings readSettings(const ConfigSection& section, const std::string& config_dir) {
  SectionSettings out;
  for (const ConfigEntry& entry : section.entries) readEntry(entry, config_dir, out);
  return out;
}

}  // namespace krait::config

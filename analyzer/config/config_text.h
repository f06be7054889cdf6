// Configuration files as sections of keys with values and lines, whatever their syntax. readIni takes configparser's
// form (mypy.ini, setup.cfg), readToml TOML 1.0 (pyproject.toml, krait.toml). Values are not interpreted here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace krait::config {

enum class ValueKind : uint8_t { kText, kBool, kNumber, kList, kOther };

struct ConfigValue {
  ValueKind kind = ValueKind::kText;
  std::string text;                // as it would be written in an ini file
  std::vector<std::string> items;  // of a list
  bool has_only_texts = true;      // of a list: no item is a number, a list or a table
  bool flag = false;               // of a bool
};

struct ConfigEntry {
  std::string key;
  ConfigValue value;
  uint32_t line = 0;  // 1-based
};

struct ConfigSection {
  std::string name;  // of a TOML table its dotted path; tables of one array share their name
  uint32_t line = 0;
  std::vector<ConfigEntry> entries;

  const ConfigEntry* find(std::string_view key) const {
    for (const ConfigEntry& entry : entries) {
      if (entry.key == key) return &entry;
    }
    return nullptr;
  }
};

struct ConfigText {
  std::vector<ConfigSection> sections;
  const ConfigSection* find(std::string_view name) const {
    for (const ConfigSection& section : sections) {
      if (section.name == name) return &section;
    }
    return nullptr;
  }
};

// `path` is for messages: "path:line: what is wrong".
Result<ConfigText> readIni(std::string_view path, std::string_view text);
Result<ConfigText> readToml(std::string_view path, std::string_view text);

}  // namespace krait::config

// A TOML text as a tree of values with the places where they stand, for those who judge the text itself. Settings are read
// from config_text.h, which flattens it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/text.h"

namespace krait::config {

enum class TomlKind : uint8_t { kText, kInteger, kFloat, kBool, kDate, kList, kTable };

struct TomlEntry;

struct TomlValue {
  TomlKind kind = TomlKind::kTable;
  std::string text;  // of a text; of a number or a bool as it stands in the file
  TextRange range;   // of a table with a header: the header
  std::vector<TomlValue> items;    // of a list
  std::vector<TomlEntry> entries;  // of a table, by their keys' order

  // The value under the key; null: there is none, or this is no table.
  const TomlValue* find(std::string_view key) const;
};

struct TomlEntry {
  std::string key;
  TomlValue value;
};

inline const TomlValue* TomlValue::find(std::string_view key) const {
  for (const TomlEntry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

struct TomlTree {
  TomlValue root;     // a table
  std::string error;  // what is wrong with the text; empty: nothing
  TextRange error_range;
};

// Reads TOML 1.0. Values nested deeper than the reader goes make an error, as does anything else that the grammar does not know.
TomlTree readTomlTree(std::string_view text);

}  // namespace krait::config

// FormatOptions: what the formatter is told. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace krait::config {
struct FormatSettings;
}

namespace krait::format {

struct FormatOptions {
  uint32_t line_length = 88;        // characters
  bool normalizes_strings = true;   // prefer double quotes, prefixes in lower case
  bool has_magic_commas = true;     // a trailing comma keeps one element to a line
  bool is_stub = false;             // the rules for .pyi files
  // The oldest version of Python 3 that must read the result; nothing: found out from the syntax that is used.
  std::optional<uint8_t> oldest_minor;
};

// The options of one file. `path`: its name decides whether it is a stub.
FormatOptions optionsFor(const config::FormatSettings& settings, std::string_view path);

}  // namespace krait::format

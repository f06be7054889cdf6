// FormatOptions: what the formatter is told. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace krait::config {
struct FormatSettings;
}

namespace krait::format {

enum class QuoteStyle : uint8_t { kDouble, kSingle, kPreserve };  // kSingle: docstrings and strings in three quotes have double ones

// How far a level of indentation goes in, and what it is written with.
struct IndentStyle {
  uint32_t width = 4;  // columns
  bool has_tabs = false;

  uint32_t columns(uint32_t levels) const { return levels * width; }
  // The bytes of so many levels.
  size_t size(uint32_t levels) const { return has_tabs ? levels : columns(levels); }
  void append(std::string& out, uint32_t levels) const { out.append(size(levels), has_tabs ? '\t' : ' '); }
};

enum class LineEnding : uint8_t { kFirst, kLf, kCrLf };  // kFirst: those of the text's first line

struct FormatOptions {
  uint32_t line_length = 88;        // characters
  bool normalizes_strings = true;   // quotes as `quotes` says, prefixes in lower case
  QuoteStyle quotes = QuoteStyle::kDouble;
  IndentStyle indents;
  LineEnding line_ending = LineEnding::kFirst;
  bool has_magic_commas = true;     // a trailing comma keeps one element to a line
  bool is_stub = false;             // the rules for .pyi files
  // The oldest version of Python 3 that must read the result; nothing: found out from the syntax that is used.
  std::optional<uint8_t> oldest_minor;
};

// The options of one file. `path`: its name decides whether it is a stub.
FormatOptions optionsFor(const config::FormatSettings& settings, std::string_view path);

}  // namespace krait::format

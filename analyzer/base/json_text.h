// Writing JSON text: string escaping that every output form shares. No numbers, no tree: callers write the rest.
#pragma once

#include <string>
#include <string_view>

namespace krait {

// Appends `text` as a JSON string with its quotes. Bytes that are not valid UTF-8 become U+FFFD (RFC 8259 section 8.1).
void appendJsonString(std::string& out, std::string_view text);

// The same as a value.
std::string jsonString(std::string_view text);

// JSON that was written without blanks between its tokens, laid out over lines, two blanks a level.
std::string indentedJson(std::string_view json);

}  // namespace krait

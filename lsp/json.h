// JSON for the language server: nlohmann_json without exceptions. Only .cpp files of lsp include this header.
#pragma once

#define JSON_NOEXCEPTION 1
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace krait::lsp {

using Json = nlohmann::json;

// The member of an object, or null when there is none or `value` is no object.
inline const Json& member(const Json& value, const char* key) {
  static const Json kNull;
  if (!value.is_object()) return kNull;
  auto found = value.find(key);
  return found == value.end() ? kNull : *found;
}
inline std::string stringOr(const Json& value, std::string fallback = {}) {
  return value.is_string() ? value.get<std::string>() : fallback;
}
inline bool boolOr(const Json& value, bool fallback) { return value.is_boolean() ? value.get<bool>() : fallback; }
inline int64_t intOr(const Json& value, int64_t fallback) {
  if (value.is_number_integer()) return value.get<int64_t>();
  double number = value.is_number_float() ? value.get<double>() : 0;
  // Beyond 2 to the 53 a double is no whole number that anybody meant.
  return value.is_number_float() && number > -9e15 && number < 9e15 ? static_cast<int64_t>(number) : fallback;
}
// Text for the wire; bytes that are not UTF-8 are replaced.
inline std::string serialize(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace krait::lsp

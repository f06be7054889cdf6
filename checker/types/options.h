// CheckOptions: the switches that change what the checker reports for one module. program/ fills them from the
// configuration; the names are mypy's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace krait::types {

enum class Mode : uint8_t { kSpec, kMypy };

struct CheckOptions {
  Mode mode = Mode::kMypy;
  int python_minor = 14;
  std::string platform = "linux";
  bool check_untyped_defs = false;
  bool disallow_untyped_defs = false;
  bool disallow_incomplete_defs = false;
  bool disallow_untyped_calls = false;
  bool disallow_untyped_decorators = false;
  bool disallow_any_generics = false;
  bool disallow_any_expr = false;
  bool disallow_any_decorated = false;
  bool disallow_any_explicit = false;
  bool disallow_any_unimported = false;
  bool disallow_subclassing_any = false;
  bool warn_return_any = false;
  bool warn_unreachable = false;
  bool warn_redundant_casts = false;
  bool warn_unused_ignores = false;
  bool warn_no_return = true;
  bool warn_incomplete_stub = false;
  bool strict_optional = true;
  bool implicit_optional = false;
  bool strict_equality = false;
  bool strict_equality_for_none = false;
  bool strict_concatenate = false;
  bool extra_checks = false;
  bool implicit_reexport = true;
  bool local_partial_types = true;
  bool allow_redefinition = false;
  bool allow_redefinition_new = false;
  bool allow_untyped_globals = false;
  bool disable_bytearray_promotion = true;
  bool disable_memoryview_promotion = true;
  bool reveal_verbose_types = false;
  bool allow_empty_bodies = false;
  bool ignore_errors = false;
  bool ignore_missing_imports = false;
  bool show_column_numbers = false;
  bool hide_error_codes = false;
  std::vector<std::string> enabled_codes;
  std::vector<std::string> disabled_codes;
  std::vector<std::string> untyped_calls_exclude;
  std::vector<std::string> deprecated_calls_exclude;
  std::vector<std::string> always_true;
  std::vector<std::string> always_false;

  // Whether an optional error code (off unless enabled) is on.
  bool enabled(const char* code) const {
    for (const std::string& name : enabled_codes) {
      if (name == code) return true;
    }
    return false;
  }
  bool disabled(const char* code) const {
    for (const std::string& name : disabled_codes) {
      if (name == code) return !enabled(code);
    }
    return false;
  }
};

}  // namespace krait::types

#include "lsp/settings.h"

namespace krait::lsp {

namespace {
struct SettingPlace {
  const char* group;
  const char* name;
  bool Settings::*field;
};
constexpr SettingPlace kPlaces[] = {
    {"diagnostics", "workspace", &Settings::checks_workspace}, {"diagnostics", "lint", &Settings::lints},
    {"diagnostics", "types", &Settings::checks_types},         {"completion", "callSnippets", &Settings::call_snippets},
    {"completion", "autoImport", &Settings::auto_imports},     {"inlayHints", "variableTypes", &Settings::variable_hints},
    {"inlayHints", "returnTypes", &Settings::return_hints},    {"inlayHints", "parameterNames", &Settings::parameter_hints},
    {"inlayHints", "genericArguments", &Settings::generic_hints}, {"codeLens", "enabled", &Settings::lenses},
    {"workspace", "index", &Settings::indexes},
};
}  // namespace

void applySettings(const Json& section, Settings& settings) {
  for (const SettingPlace& place : kPlaces) {
    bool& field = settings.*place.field;
    field = boolOr(member(member(section, place.group), place.name), field);
    // Some clients send "completion.autoImport" as one flat name.
    field = boolOr(member(section, (std::string(place.group) + "." + place.name).c_str()), field);
  }
}

}  // namespace krait::lsp

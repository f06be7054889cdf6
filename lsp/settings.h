// Settings: what a user sets for the server in the editor, below the section "krait" (initializationOptions,
// workspace/didChangeConfiguration, workspace/configuration). What is checked and linted is configured in files.
#pragma once

#include "lsp/json.h"

namespace krait::lsp {

struct Settings {
  bool checks_workspace = false;       // diagnostics.workspace: also files that are not open
  bool lints = true;                   // diagnostics.lint
  bool checks_types = true;            // diagnostics.types
  bool call_snippets = false;          // completion.callSnippets
  bool auto_imports = true;            // completion.autoImport
  bool variable_hints = true;          // inlayHints.variableTypes
  bool return_hints = true;            // inlayHints.returnTypes
  bool parameter_hints = true;         // inlayHints.parameterNames
  bool generic_hints = false;          // inlayHints.genericArguments
  bool indexes = true;                 // workspace.index: files that are not open, in the background
  bool lenses = true;                  // codeLens.enabled
};

// Puts what `section` (the value of "krait") says on top of `settings`; unknown and misshapen members are passed over.
void applySettings(const Json& section, Settings& settings);

}  // namespace krait::lsp

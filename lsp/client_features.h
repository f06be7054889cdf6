// ClientFeatures: what the client said in its initialize request that it can do (LSP 3.17, ClientCapabilities). Taken
// once, plain flags; a flag that a client does not mention is false.
#pragma once

#include <string>

#include "analyzer/base/text.h"
#include "lsp/json.h"

namespace krait::lsp {

struct ClientFeatures {
  ColumnUnit unit = ColumnUnit::kUtf16;  // agreed upon
  bool snippets = false;
  bool insert_replace = false;
  bool label_details = false;
  bool markdown = true;            // in hovers
  bool completion_markdown = false;
  bool pulls_diagnostics = false;
  bool diagnostic_refresh = false;
  bool related_information = true;
  bool code_description = false;
  bool diagnostic_tags = true;
  bool location_links = false;     // definition may answer with LocationLink
  bool hierarchical_symbols = true;
  bool line_folding_only = false;
  bool code_action_literals = true;
  bool document_changes = false;   // WorkspaceEdit.documentChanges
  bool file_creation = false;
  bool file_renames = false;       // … with rename operations in it
  bool apply_edit = false;
  bool configuration = false;      // workspace/configuration
  bool configuration_changes = false;  // dynamic registration of didChangeConfiguration
  bool watched_files = false;      // dynamic registration of didChangeWatchedFiles
  bool progress = false;           // window/workDoneProgress/create
  bool inlay_hint_refresh = false;
  bool inlay_hint_resolves = false;  // asks for the edits of hints later
  bool code_lens_refresh = false;
  bool semantic_token_refresh = false;
};

// From the parameters of `initialize`.
ClientFeatures readClientFeatures(const Json& params);

}  // namespace krait::lsp

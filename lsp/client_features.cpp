#include "lsp/client_features.h"

#include <algorithm>

namespace krait::lsp {

static bool holds(const Json& list, const char* wanted) {
  return list.is_array() && std::find(list.begin(), list.end(), wanted) != list.end();
}

static bool flag(const Json& object, const char* key) { return boolOr(member(object, key), false); }

static ColumnUnit chooseUnit(const Json& encodings) {
  if (holds(encodings, "utf-8")) return ColumnUnit::kUtf8;
  bool is_only_utf32 = holds(encodings, "utf-32") && !holds(encodings, "utf-16");
  return is_only_utf32 ? ColumnUnit::kUtf32 : ColumnUnit::kUtf16;
}

static void readTextDocument(const Json& text_document, ClientFeatures& out) {
  const Json& item = member(member(text_document, "completion"), "completionItem");
  out.snippets = flag(item, "snippetSupport");
  out.insert_replace = flag(item, "insertReplaceSupport");
  out.label_details = flag(item, "labelDetailsSupport");
  out.completion_markdown = holds(member(item, "documentationFormat"), "markdown");
  const Json& formats = member(member(text_document, "hover"), "contentFormat");
  out.markdown = !formats.is_array() || holds(formats, "markdown");
  out.pulls_diagnostics = member(text_document, "diagnostic").is_object();
  const Json& published = member(text_document, "publishDiagnostics");
  if (published.is_object() && !out.pulls_diagnostics) {
    out.related_information = boolOr(member(published, "relatedInformation"), true);
    out.diagnostic_tags = member(published, "tagSupport").is_null() || member(published, "tagSupport") != false;
  }
  out.code_description = flag(published, "codeDescriptionSupport") || out.pulls_diagnostics;
  out.location_links = flag(member(text_document, "definition"), "linkSupport");
  const Json& symbols = member(text_document, "documentSymbol");
  out.hierarchical_symbols = !symbols.is_object() || boolOr(member(symbols, "hierarchicalDocumentSymbolSupport"), false);
  out.line_folding_only = flag(member(text_document, "foldingRange"), "lineFoldingOnly");
  out.inlay_hint_resolves = holds(member(member(member(text_document, "inlayHint"), "resolveSupport"), "properties"), "textEdits");
  const Json& actions = member(text_document, "codeAction");
  out.code_action_literals = !actions.is_object() || member(actions, "codeActionLiteralSupport").is_object();
}

static void readWorkspace(const Json& workspace, ClientFeatures& out) {
  const Json& edit = member(workspace, "workspaceEdit");
  out.document_changes = flag(edit, "documentChanges");
  out.file_creation = out.document_changes && holds(member(edit, "resourceOperations"), "create");
  out.file_renames = out.document_changes && holds(member(edit, "resourceOperations"), "rename");
  out.apply_edit = flag(workspace, "applyEdit");
  out.configuration = flag(workspace, "configuration");
  out.configuration_changes = flag(member(workspace, "didChangeConfiguration"), "dynamicRegistration");
  out.watched_files = flag(member(workspace, "didChangeWatchedFiles"), "dynamicRegistration");
  out.diagnostic_refresh = flag(member(workspace, "diagnostics"), "refreshSupport") || flag(member(workspace, "diagnostic"), "refreshSupport");
  out.inlay_hint_refresh = flag(member(workspace, "inlayHint"), "refreshSupport");
  out.code_lens_refresh = flag(member(workspace, "codeLens"), "refreshSupport");
  out.semantic_token_refresh = flag(member(workspace, "semanticTokens"), "refreshSupport");
}

ClientFeatures readClientFeatures(const Json& params) {
  ClientFeatures out;
  const Json& capabilities = member(params, "capabilities");
  out.unit = chooseUnit(member(member(capabilities, "general"), "positionEncodings"));
  readTextDocument(member(capabilities, "textDocument"), out);
  readWorkspace(member(capabilities, "workspace"), out);
  out.progress = flag(member(capabilities, "window"), "workDoneProgress");
  return out;
}

}  // namespace krait::lsp

// What the server announces. Capabilities that are just `true` come from handlers.def.
#include "lsp/semantic_token_types.h"
#include "lsp/server.h"

namespace krait::lsp {

static const char* encodingName(ColumnUnit unit) {
  return unit == ColumnUnit::kUtf8 ? "utf-8" : unit == ColumnUnit::kUtf16 ? "utf-16" : "utf-32";
}

static Json workspaceCapabilities() {
  Json python_files = {{"filters", {{{"scheme", "file"}, {"pattern", {{"glob", "**/*.{py,pyi}"}}}}, {{"scheme", "file"}, {"pattern", {{"glob", "**"}, {"matches", "folder"}}}}}}};
  return {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}},
          {"fileOperations", {{"willRename", python_files}, {"didRename", python_files}, {"didCreate", python_files}, {"didDelete", python_files}}}};
}

Json serverCapabilities(const ClientFeatures& features) {
  Json out = {
      {"positionEncoding", encodingName(features.unit)},
      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
      {"notebookDocumentSync", {{"notebookSelector", {{{"notebook", "*"}, {"cells", {{{"language", "python"}}}}}}}}},
      {"signatureHelpProvider", {{"triggerCharacters", {"(", ","}}, {"retriggerCharacters", {")"}}}},
      {"renameProvider", {{"prepareProvider", true}}},
      {"diagnosticProvider", {{"identifier", "krait"}, {"interFileDependencies", true}, {"workspaceDiagnostics", true}}},
      {"semanticTokensProvider",
       {{"legend", {{"tokenTypes", semanticTokenTypes()}, {"tokenModifiers", semanticTokenModifiers()}}},
        {"full", {{"delta", true}}},
        {"range", true}}},
      {"workspace", workspaceCapabilities()},
  };
  out["completionProvider"] = {{"triggerCharacters", {".", "[", "\"", "'", "@"}}, {"resolveProvider", true}, {"completionItem", {{"labelDetailsSupport", true}}}};
  out["codeActionProvider"] = {{"codeActionKinds", {"quickfix", "refactor.extract", "refactor.inline", "refactor.rewrite", "refactor.move", "source.fixAll", "source.fixAll.krait",
                                                    "source.organizeImports", "source.organizeImports.krait"}}};
  out["documentLinkProvider"] = {{"resolveProvider", false}};
  out["documentRangeFormattingProvider"] = {{"rangesSupport", true}};
  out["documentOnTypeFormattingProvider"] = {{"firstTriggerCharacter", ":"}};
  out["codeLensProvider"] = {{"resolveProvider", true}};
  out["inlayHintProvider"] = {{"resolveProvider", true}};
  out["executeCommandProvider"] = {{"commands", {"krait.runFile", "krait.testFile", "krait.verifyFile", "krait.verifyBlock", "krait.restart", "krait.showType", "krait.showInvalidated"}}};
#define HANDLER(method, function, capability) \
  if (capability[0] != '\0') out[capability] = true;
#include "lsp/handlers.def"
  // They may take longer: clients may ask to be told so.
  for (const char* slow : {"referencesProvider", "implementationProvider", "callHierarchyProvider", "typeHierarchyProvider", "workspaceSymbolProvider"}) {
    out[slow] = {{"workDoneProgress", true}};
  }
  out["renameProvider"]["workDoneProgress"] = true;
  out["diagnosticProvider"]["workDoneProgress"] = true;
  return out;
}

}  // namespace krait::lsp

#include "lsp/semantic_token_types.h"
#include "lsp/server.h"

namespace krait::lsp {

static const char* encodingName(ColumnUnit unit) {
  return unit == ColumnUnit::kUtf8 ? "utf-8" : unit == ColumnUnit::kUtf16 ? "utf-16" : "utf-32";
}

Json serverCapabilities(ColumnUnit unit) {
  Json out = {
      {"positionEncoding", encodingName(unit)},
      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
      {"completionProvider", {{"triggerCharacters", {"."}}}},
      {"signatureHelpProvider", {{"triggerCharacters", {"(", ","}}}},
      {"renameProvider", {{"prepareProvider", true}}},
      {"codeActionProvider", {{"codeActionKinds", {"quickfix", "source.fixAll"}}}},
      {"diagnosticProvider", {{"identifier", "krait"}, {"interFileDependencies", true}, {"workspaceDiagnostics", false}}},
      {"semanticTokensProvider",
       {{"legend", {{"tokenTypes", semanticTokenTypes()}, {"tokenModifiers", semanticTokenModifiers()}}},
        {"full", true},
        {"range", true}}},
      {"workspace", {{"workspaceFolders", {{"supported", true}}}}},
  };
#define HANDLER(method, function, capability) \
  if (capability[0] != '\0') out[capability] = true;
#include "lsp/handlers.def"
  return out;
}

}  // namespace krait::lsp

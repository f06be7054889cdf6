// Diagnostics for the client: what `krait check` and `krait lint` say of an open document, in one list without repeats.
#include <set>

#include "analyzer/lint/runner.h"
#include "analyzer/semantic/front_findings.h"
#include "lsp/server.h"

namespace krait::lsp {

// Names that some findings carry for editors (DiagnosticTag).
enum DiagnosticTag : int { kUnnecessaryTag = 1, kDeprecatedTag = 2 };

static Json toJson(Server& server, SourceModule& module, const Diagnostic& diagnostic) {
  const CodeInfo& code = codeInfo(diagnostic.code);
  int severity = diagnostic.severity == Severity::kError ? 1 : diagnostic.severity == Severity::kWarning ? 2 : 3;
  if (code.tool == Tool::kLint && severity == 1 && diagnostic.rule != Rule::kLintSyntaxError) severity = 2;
  Json out = {{"range", server.rangeJson(module, diagnostic.range)},
              {"severity", severity},
              {"source", "krait"},
              {"message", diagnostic.message}};
  if (!code.text.empty()) out["code"] = std::string(code.text);
  for (const Note& note : diagnostic.notes) {
    TextRange range = note.range.value_or(diagnostic.range);
    out["relatedInformation"].push_back({{"location", server.locationJson(module, range)}, {"message", note.message}});
  }
  if (code.text == "F401" || code.text == "F811" || code.text == "F841") out["tags"] = {kUnnecessaryTag};
  return out;
}

namespace {
struct CheckedDocument {
  program::Session& session;
  const std::string& path;
};
}  // namespace

static std::vector<Diagnostic> typeFindings(void* data, FileId file) {
  CheckedDocument& document = *static_cast<CheckedDocument*>(data);
  return document.session.findings(document.path, file);
}

Json diagnosticsOf(Server& server, SourceModule& module) {
  Workspace& workspace = server.workspace();
  program::Session& session = workspace.checked(module);
  CheckedDocument checked{session, module.path()};
  semantic::FrontContext context{.config = workspace.config(), .resolver = workspace.resolver(), .star_names = workspace.starNames(),
                                 .names = workspace.names(), .checker = typeFindings, .checker_data = &checked};
  semantic::ParsedView parsed = session.parsed(module.path());
  std::vector<Diagnostic> all = semantic::frontFindings(context, workspace.sourceOf(module), module.file(), FileId(0), &parsed);
  bool is_broken = module.syntaxError().has_value();
  if (!is_broken) {
    lint::LintInput input{.file = module.file(), .id = FileId(0), .module = module.module_name, .options = workspace.config().lint,
                          .star_names = workspace.starNames(), .names = workspace.names(), .ast = &module.ast(), .model = &module.model()};
    for (Diagnostic& diagnostic : lint::lintFile(input)) all.push_back(std::move(diagnostic));
  }
  Json out = Json::array();
  // The checker and the linter both report undefined names: one finding is enough.
  std::set<uint32_t> undefined;
  for (const Diagnostic& diagnostic : all) {
    std::string_view code = codeInfo(diagnostic.code).text;
    if (code == "name-defined") undefined.insert(diagnostic.range.begin);
    if (code == "F821" && undefined.count(diagnostic.range.begin) != 0) continue;
    out.push_back(toJson(server, module, diagnostic));
  }
  return out;
}

Json documentDiagnostic(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  Json items = module != nullptr ? diagnosticsOf(server, *module) : Json::array();
  return {{"kind", "full"}, {"items", std::move(items)}};
}

}  // namespace krait::lsp

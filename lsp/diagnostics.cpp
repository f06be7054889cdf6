// Diagnostics for the client: what `krait check` and `krait lint` say of a file, in one list without repeats.
#include <charconv>
#include <set>

#include "analyzer/config/config_text.h"
#include "analyzer/lint/pyproject/lint_pyproject.h"
#include "analyzer/lint/runner.h"
#include "analyzer/semantic/front_findings.h"
#include "lsp/findings.h"
#include "lsp/server.h"

namespace krait::lsp {

// DiagnosticTag of the protocol.
enum DiagnosticTag : int { kUnnecessaryTag = 1, kDeprecatedTag = 2 };

static int tagOf(std::string_view code) {
  static constexpr std::string_view kUnnecessary[] = {"F401", "F811", "F841", "unreachable", "unused-ignore", "ERA001", "redundant-cast"};
  if (code == "deprecated" || code.starts_with("UP")) return code == "deprecated" ? kDeprecatedTag : 0;
  for (std::string_view one : kUnnecessary) {
    if (code == one) return kUnnecessaryTag;
  }
  return 0;
}

static Json toJson(Server& server, SourceModule& module, const Diagnostic& diagnostic) {
  const CodeInfo& code = codeInfo(diagnostic.code);
  int severity = diagnostic.severity == Severity::kError ? 1 : diagnostic.severity == Severity::kWarning ? 2 : 3;
  if (code.tool == Tool::kLint && severity == 1 && diagnostic.rule != Rule::kLintSyntaxError) severity = 2;
  Json out = {{"range", server.rangeJson(module, diagnostic.range)},
              {"severity", severity},
              {"source", "krait"},
              {"message", diagnostic.message}};
  if (!code.text.empty()) {
    out["code"] = std::string(code.text);
    if (server.features.code_description && !code.help.empty()) {
      out["codeDescription"] = {{"href", "krait-explain:/" + std::string(code.text) + ".md"}};
    }
  }
  for (const Note& note : diagnostic.notes) {
    bool is_elsewhere = note.range && !(*note.range == diagnostic.range);
    if (is_elsewhere && server.features.related_information) {
      out["relatedInformation"].push_back({{"location", server.locationJson(module, *note.range)}, {"message", note.message}});
    } else {
      out["message"] = stringOr(out["message"]) + "\nnote: " + note.message;
    }
  }
  int tag = tagOf(code.text);
  if (tag != 0 && server.features.diagnostic_tags) out["tags"] = {tag};
  if (const NotebookCell* cell = module.cellAt(diagnostic.range.begin)) out["data"] = {{"cell", cell->uri}};
  return out;
}

namespace {
struct CheckedDocument {
  program::Session& session;
  SourceModule& module;
};
}  // namespace

static std::vector<Diagnostic> typeFindings(void* data, FileId file) {
  CheckedDocument& document = *static_cast<CheckedDocument*>(data);
  if (document.module.is_open) return document.session.findings(document.module.path(), file);
  return document.session.findingsOfClosed(document.module.path(), document.module.module_name, file);
}

static std::vector<Diagnostic> lintWith(Server& server, SourceModule& module, const config::LintOptions& options) {
  if (module.syntaxError()) return {};
  Workspace& workspace = server.workspace();
  Asker asker(workspace, module);
  lint::LintInput input{.file = module.file(), .id = FileId(0), .module = module.module_name, .options = options,
                        .star_names = workspace.starNames(), .names = workspace.names()};
  // The linter sees type comments as comments: where the tree has them as annotations it makes its own.
  if (!module.parsed()->has_type_comments) {
    input.ast = &module.ast();
    input.model = &module.model();
  }
  std::vector<Diagnostic> found = lint::lintFile(input);
  // The checker says that already.
  std::erase_if(found, [](const Diagnostic& diagnostic) { return diagnostic.code == Code::kInvalidSyntax; });
  return found;
}

const std::vector<Diagnostic>& lintFindings(Server& server, SourceModule& module) {
  if (!module.lint_findings) module.lint_findings = lintWith(server, module, server.workspace().configOf(module.path()).lint);
  return *module.lint_findings;
}

std::vector<Diagnostic> findingsOfRule(Server& server, SourceModule& module, std::string_view code) {
  config::LintOptions options = server.workspace().configOf(module.path()).lint;
  options.selected.assign(codeCount(), false);
  for (uint16_t i = 0; i < codeCount(); ++i) options.selected[i] = codeInfo(static_cast<Code>(i)).text == code;
  return lintWith(server, module, options);
}

bool isSettings(const SourceModule& module) { return lint::isSettingsFile(module.path()) || module.path().ends_with("/krait.toml"); }

// "path:12: what is wrong", as readers of settings say it, on its line; without a line on the first.
static Json faultJson(Server& server, SourceModule& module, std::string_view fault) {
  uint32_t line = 0;
  if (fault.starts_with(module.path() + ":")) fault.remove_prefix(module.path().size() + 1);
  auto [end, error] = std::from_chars(fault.data(), fault.data() + fault.size(), line);
  if (error == std::errc()) fault.remove_prefix(std::min<size_t>(static_cast<size_t>(end - fault.data()) + 2, fault.size()));
  line = std::min(std::max(line, 1u), module.lines().lineCount()) - 1;
  uint32_t begin = module.lines().lineStart(line);
  TextRange range{begin, begin + static_cast<uint32_t>(module.lines().lineText(line).size())};
  return {{"range", server.rangeJson(module, range)}, {"severity", 2}, {"source", "krait"}, {"message", std::string(fault)}};
}

// What is wrong with an open settings file: no TOML, settings that nobody knows or that hold what they cannot, and what the rules
// about such files find.
static Json settingsDiagnostics(Server& server, SourceModule& module) {
  Json out = Json::array();
  Result<config::ConfigText> text = config::readToml(module.path(), module.text());
  if (!text.ok()) {
    out.push_back(faultJson(server, module, text.message()));
    return out;
  }
  config::LintOptions options;
  std::vector<std::string> faults;
  config::readLintOptions(text.value(), module.path(), options, faults);
  for (const std::string& fault : faults) out.push_back(faultJson(server, module, fault));
  if (!server.settings.lints || !lint::isSettingsFile(module.path())) return out;
  Workspace& workspace = server.workspace();
  lint::LintInput input{.file = module.file(), .id = FileId(0), .module = "", .options = workspace.configOf(module.path()).lint,
                        .star_names = workspace.starNames(), .names = workspace.names()};
  for (const Diagnostic& diagnostic : lint::lintSettingsFile(input)) out.push_back(toJson(server, module, diagnostic));
  return out;
}

std::vector<Diagnostic> findingsOf(Server& server, SourceModule& module) {
  Workspace& workspace = server.workspace();
  Asker asker(workspace, module);
  program::Session& session = workspace.session();
  CheckedDocument checked{session, module};
  semantic::FrontContext context{.config = workspace.configOf(module.path()), .resolver = workspace.resolver(), .star_names = workspace.starNames(),
                                 .names = workspace.names()};
  if (server.settings.checks_types) {
    context.checker = typeFindings;
    context.checker_data = &checked;
  }
  semantic::ParsedView parsed;
  if (module.is_open) parsed = session.parsed(module.path());
  bool is_known = parsed.ast != nullptr;
  std::vector<Diagnostic> all = semantic::frontFindings(context, workspace.sourceOf(module), module.file(), FileId(0), is_known ? &parsed : nullptr);
  // What is said twice of a line counts once, as in a report.
  std::set<std::pair<uint32_t, std::string>> said;
  std::erase_if(all, [&](const Diagnostic& diagnostic) {
    return !said.emplace(module.lines().lineOf(diagnostic.range.begin), diagnostic.message).second;
  });
  // The checker and the linter both report undefined names: one finding is enough.
  std::set<uint32_t> undefined;
  for (const Diagnostic& diagnostic : all) {
    if (codeInfo(diagnostic.code).text == "name-defined") undefined.insert(diagnostic.range.begin);
  }
  if (!server.settings.lints) return all;
  for (const Diagnostic& diagnostic : lintFindings(server, module)) {
    bool is_repeat = codeInfo(diagnostic.code).text == "F821" && undefined.count(diagnostic.range.begin) != 0;
    if (!is_repeat) all.push_back(diagnostic);
  }
  return all;
}

Json diagnosticsOf(Server& server, SourceModule& module) {
  if (isSettings(module)) return settingsDiagnostics(server, module);
  Json out = Json::array();
  for (const Diagnostic& diagnostic : findingsOf(server, module)) out.push_back(toJson(server, module, diagnostic));
  for (Json& verdict : server.examples.findings(module.uri)) out.push_back(std::move(verdict));
  return out;
}

// A report's id: the same text means the same findings.
static std::string resultId(const Json& items) { return std::to_string(hashBytes(serialize(items))); }

Json documentDiagnostic(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) module = server.settingsFileOf(params);
  if (module == nullptr) return {{"kind", "full"}, {"items", server.examples.findings(stringOr(member(member(params, "textDocument"), "uri")))}};
  Json items = diagnosticsOf(server, *module);
  if (!module->cells.empty()) {
    std::string cell = stringOr(member(member(params, "textDocument"), "uri"));
    Json own = Json::array();
    for (Json& item : items) {
      if (item["data"]["cell"] == cell) own.push_back(item);
    }
    items = std::move(own);
  }
  std::string id = resultId(items);
  if (stringOr(member(params, "previousResultId")) == id) return {{"kind", "unchanged"}, {"resultId", id}};
  return {{"kind", "full"}, {"resultId", id}, {"items", std::move(items)}};
}

// Every file of the workspace, open ones first; in parts where the client takes parts.
Json workspaceDiagnostic(Server& server, const Json& params) {
  std::map<std::string, std::string> previous;
  const Json& ids = member(params, "previousResultIds");
  if (ids.is_array()) {
    for (const Json& one : ids) previous[stringOr(member(one, "uri"))] = stringOr(member(one, "value"));
  }
  Workspace& workspace = server.workspace();
  std::vector<SourceModule*> modules = workspace.openDocuments();
  std::erase_if(modules, [](SourceModule* module) { return !module->cells.empty(); });
  Json items = Json::array();
  auto add = [&](SourceModule& module) {
    Json found = diagnosticsOf(server, module);
    std::string id = resultId(found);
    Json report = {{"uri", module.uri}, {"version", module.is_open ? Json(module.version) : Json(nullptr)}, {"resultId", id}};
    bool is_unchanged = previous.count(module.uri) != 0 && previous[module.uri] == id;
    report["kind"] = is_unchanged ? "unchanged" : "full";
    if (!is_unchanged) report["items"] = std::move(found);
    if (!server.sendPartial(params, {{"items", Json::array({report})}})) items.push_back(std::move(report));
  };
  for (SourceModule* module : modules) add(*module);
  std::vector<std::string> files = server.settings.checks_workspace ? workspace.projectFiles() : std::vector<std::string>();
  for (const std::string& path : files) {
    if (server.isCancelled()) break;
    SourceModule* module = workspace.load(path);
    if (module != nullptr && !module->is_open) add(*module);
  }
  return {{"items", std::move(items)}};
}

}  // namespace krait::lsp

// textDocument/codeAction (LSP 3.17): the linter's fixes at a place, fix-all, and suppression comments.
#include <algorithm>

#include "analyzer/lint/runner.h"
#include "lsp/server.h"

namespace krait::lsp {

static Json editsOf(Server& server, SourceModule& module, const std::vector<FixEdit>& edits) {
  Json out = Json::array();
  for (const FixEdit& edit : edits) out.push_back({{"range", server.rangeJson(module, edit.range)}, {"newText", edit.replacement}});
  return out;
}

static bool wants(const Json& params, std::string_view kind) {
  const Json& only = member(member(params, "context"), "only");
  if (!only.is_array()) return true;
  return std::any_of(only.begin(), only.end(), [&](const Json& wanted) { return kind.starts_with(stringOr(wanted)); });
}

// `# noqa: CODE` at the end of the finding's line.
static Json suppression(Server& server, SourceModule& module, const Diagnostic& diagnostic) {
  uint32_t line = module.lines().lineOf(diagnostic.range.begin);
  uint32_t end = module.lines().lineStart(line) + static_cast<uint32_t>(module.lines().lineText(line).size());
  std::string code(codeInfo(diagnostic.code).text);
  return {{"title", "Ignore " + code + " on this line"},
          {"kind", "quickfix"},
          {"edit", {{"changes", {{module.uri, editsOf(server, module, {{{end, end}, "  # noqa: " + code}})}}}}}};
}

Json codeAction(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  Json out = Json::array();
  if (module == nullptr || module->syntaxError()) return out;
  const Json& range = member(params, "range");
  uint32_t begin = server.offsetOf(*module, member(range, "start"));
  uint32_t end = server.offsetOf(*module, member(range, "end"));
  Workspace& workspace = server.workspace();
  lint::LintInput input{module->file(), FileId(0), module->module_name, workspace.config().lint, workspace.starNames(), workspace.names()};
  std::vector<FixEdit> all;
  for (const Diagnostic& diagnostic : lint::lintFile(input)) {
    bool is_here = diagnostic.range.begin <= end && begin <= diagnostic.range.end;
    bool is_fixable = diagnostic.fix && diagnostic.fix->safety != FixSafety::kDisplayOnly;
    if (is_here && is_fixable && wants(params, "quickfix")) {
      out.push_back({{"title", diagnostic.fix->title.empty() ? "Fix " + diagnostic.message : diagnostic.fix->title},
                     {"kind", "quickfix"},
                     {"isPreferred", diagnostic.fix->safety == FixSafety::kSafe},
                     {"edit", {{"changes", {{module->uri, editsOf(server, *module, diagnostic.fix->edits)}}}}}});
    }
    if (is_here && wants(params, "quickfix")) out.push_back(suppression(server, *module, diagnostic));
    if (is_fixable && diagnostic.fix->safety == FixSafety::kSafe) {
      auto overlaps = [&](const FixEdit& edit) {
        return std::any_of(all.begin(), all.end(), [&](const FixEdit& other) {
          return edit.range.begin <= other.range.end && other.range.begin <= edit.range.end;
        });
      };
      if (std::none_of(diagnostic.fix->edits.begin(), diagnostic.fix->edits.end(), overlaps)) {
        all.insert(all.end(), diagnostic.fix->edits.begin(), diagnostic.fix->edits.end());
      }
    }
  }
  if (!all.empty() && wants(params, "source.fixAll")) {
    out.push_back({{"title", "Fix all that is safe to fix"},
                   {"kind", "source.fixAll"},
                   {"edit", {{"changes", {{module->uri, editsOf(server, *module, all)}}}}}});
  }
  return out;
}

}  // namespace krait::lsp

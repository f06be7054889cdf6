// F401: an import that nothing in the file uses. ref: pyflakes UnusedImport
#include <algorithm>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// `os`, `os.path`, `collections.abc as abc`, `typing.Any`, as the message names what was imported.
static std::string shownImport(const Ast& ast, const Definition& definition) {
  syntax::Alias alias = ast.as<syntax::Alias>(definition.owner);
  std::string name(syntax::nameText(ast, alias.name()));
  NodeId statement = ast.parent(definition.owner);
  if (auto from = ast.tryAs<syntax::ImportFrom>(statement)) {
    std::string module(from->level(), '.');
    if (from->module().valid()) module += std::string(syntax::nameText(ast, from->module()));
    bool needs_dot = !module.empty() && module.back() != '.';
    name = module + (needs_dot ? "." : "") + name;
  }
  if (!alias.asname().valid()) return name;
  std::string asname(syntax::nameText(ast, alias.asname()));
  size_t dot = name.rfind('.');
  bool is_from = ast.is(statement, NodeKind::kImportFrom);
  bool is_own_name = is_from && asname == name.substr(dot == std::string::npos ? 0 : dot + 1);
  return is_own_name ? name : name + " as " + asname;
}

// `import x as x` and `from m import x as x` say that the name is meant for others.
static bool isRedundantAlias(const Ast& ast, NodeId owner) {
  syntax::Alias alias = ast.as<syntax::Alias>(owner);
  return alias.asname().valid() && syntax::nameText(ast, alias.asname()) == syntax::nameText(ast, alias.name());
}

// Removes one name of an import, or the whole statement when it has no other.
static std::vector<FixEdit> removeAlias(const LintContext& context, NodeId alias) {
  const Ast& ast = context.ast;
  NodeId statement = ast.parent(alias);
  NodeList names = ast.is(statement, NodeKind::kImport) ? ast.as<syntax::Import>(statement).names()
                                                        : ast.as<syntax::ImportFrom>(statement).names();
  if (names.size() == 1) {
    TextRange range = ast.range(statement);
    const LineIndex& lines = context.file.lines;
    uint32_t line = lines.lineOf(range.begin), last = lines.lineOf(range.end);
    std::string_view before = ast.text({lines.lineStart(line), range.begin});
    std::string_view after = lines.lineText(last).substr(range.end - lines.lineStart(last));
    bool is_alone = before.find_first_not_of(" \t") == std::string_view::npos && after.find_first_not_of(" \t") == std::string_view::npos;
    bool is_only_statement = blockOf(ast, statement).size() == 1 && !ast.is(ast.parent(statement), NodeKind::kModule);
    if (is_only_statement) return {{.range = range, .replacement = "pass"}};
    if (!is_alone) return {};
    uint32_t end = last + 1 < lines.lineCount() ? lines.lineStart(last + 1) : static_cast<uint32_t>(ast.text().size());
    return {{.range = {lines.lineStart(line), end}, .replacement = ""}};
  }
  size_t at = static_cast<size_t>(std::find(names.begin(), names.end(), alias) - names.begin());
  TextRange range = ast.range(alias);
  if (at + 1 < names.size()) return {{.range = {range.begin, ast.range(names[at + 1]).begin}, .replacement = ""}};
  return {{.range = {ast.range(names[at - 1]).end, range.end}, .replacement = ""}};
}

static void report(LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  std::string shown = shownImport(ast, definition);
  NodeId asname = ast.as<syntax::Alias>(definition.owner).asname();
  TextRange range = ast.range(asname.valid() ? asname : definition.owner);
  Rule rule = context.is_init ? Rule::kF401InInit : Rule::kF401;
  DiagnosticBuilder builder = context.sink.begin(rule, range, {shown});
  builder.origin(ast.range(ast.parent(definition.owner)));
  std::vector<FixEdit> edits = removeAlias(context, definition.owner);
  if (!edits.empty()) {
    builder.fix("Remove unused import: `" + shown + "`", std::move(edits), context.is_init ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

void checkUnusedImports(LintContext& context) {
  const SemanticModel& model = context.model;
  if (!context.exports.is_all_known) return;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner || context.isUsed(owner)) continue;
    for (const Definition& definition : model.definitions(owner)) {
      if (definition.kind != DefinitionKind::kImport && definition.kind != DefinitionKind::kImportFrom) continue;
      NodeId statement = context.ast.parent(definition.owner);
      auto from = context.ast.tryAs<syntax::ImportFrom>(statement);
      bool is_future = from && from->module().valid() && syntax::nameText(context.ast, from->module()) == "__future__";
      bool is_star = syntax::nameText(context.ast, context.ast.as<syntax::Alias>(definition.owner).name()) == "*";
      bool is_reexport = isRedundantAlias(context.ast, definition.owner);
      if (!is_future && !is_star && !is_reexport) report(context, definition);
    }
  }
}

}  // namespace krait::lint

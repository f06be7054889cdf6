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

// `try: import x` with a handler for the failure: the import asks whether the module is there.
static bool isAvailabilityProbe(const Ast& ast, NodeId alias) {
  for (NodeId child = ast.parent(alias), parent = ast.parent(child); parent.valid(); child = parent, parent = ast.parent(parent)) {
    auto statement = ast.tryAs<syntax::Try>(parent);
    if (!statement || std::find(statement->body().begin(), statement->body().end(), child) == statement->body().end()) continue;
    for (NodeId id : statement->handlers()) {
      NodeId type = ast.as<syntax::ExceptHandler>(id).type();
      if (!type.valid()) continue;
      auto names = [&](NodeId node) {
        std::string_view name = syntax::nameText(ast, node);
        return name == "ImportError" || name == "ModuleNotFoundError";
      };
      bool is_import_error = names(type);
      if (auto tuple = ast.tryAs<syntax::Tuple>(type)) {
        for (NodeId element : tuple->elts()) is_import_error |= names(element);
      }
      if (is_import_error) return true;
    }
  }
  return false;
}

static void report(LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  std::string shown = shownImport(ast, definition);
  NodeId asname = ast.as<syntax::Alias>(definition.owner).asname();
  TextRange range = ast.range(asname.valid() ? asname : definition.owner);
  Rule rule = context.is_init ? Rule::kF401InInit : Rule::kF401;
  bool is_probe = isAvailabilityProbe(ast, definition.owner);
  if (is_probe) rule = Rule::kF401;
  DiagnosticBuilder builder =
      context.sink.begin(rule, range, {shown, is_probe ? "; consider using `importlib.util.find_spec` to test for availability" : ""});
  builder.origin(ast.range(ast.parent(definition.owner)));
  std::vector<FixEdit> edits = removeAlias(context, definition.owner);
  if (!edits.empty() && !is_probe) {
    builder.fix("Remove unused import: `" + shown + "`", std::move(edits), context.is_init ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

// Is the import hidden by a later binding of its name? Submodules of one package share the name.
static bool isShadowed(const Ast& ast, const Definition& definition, const Definition& next) {
  bool is_submodule = next.kind == DefinitionKind::kImport && ast.text(next.owner).find('.') != std::string_view::npos &&
                      definition.kind == DefinitionKind::kImport;
  return !is_submodule;
}

void checkUnusedImports(LintContext& context) {
  const SemanticModel& model = context.model;
  if (!context.exports.is_all_known) return;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner || context.isUsed(owner)) continue;
    std::span<const Definition> definitions = model.definitions(owner);
    for (size_t k = 0; k < definitions.size(); ++k) {
      const Definition& definition = definitions[k];
      if (k + 1 < definitions.size() && isShadowed(context.ast, definition, definitions[k + 1])) continue;
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

// F811: a function, class or import defined again in the same block before it was used. ref: pyflakes
// RedefinedWhileUnused
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isDefinition(DefinitionKind kind) {
  return kind == DefinitionKind::kFunction || kind == DefinitionKind::kClass || kind == DefinitionKind::kImport ||
         kind == DefinitionKind::kImportFrom;
}

// `@overload` and the like: the same name is meant to stand several times.
static bool isMeantToRepeat(const Ast& ast, NodeId statement) {
  NodeList decorators;
  if (auto function = ast.tryAs<syntax::FunctionDef>(statement)) decorators = function->decorators();
  for (NodeId decorator : decorators) {
    NodeId name = decorator;
    if (auto call = ast.tryAs<syntax::Call>(name)) name = call->func();
    if (auto attribute = ast.tryAs<syntax::Attribute>(name)) name = attribute->attr();
    std::string_view text = syntax::nameText(ast, name);
    if (text == "overload" || text == "singledispatch") return true;
  }
  return false;
}

// Whether the scope itself reads the name between two places; what functions do with it later does not count.
static bool isUsedBetween(const LintContext& context, SymbolId owner, uint32_t begin, uint32_t end) {
  for (const Reference& reference : context.model.references(owner)) {
    uint32_t at = context.ast.range(reference.node).begin;
    bool is_same_scope = context.model[reference.symbol].scope == context.model[owner].scope;
    if (is_same_scope && at >= begin && at < end) return true;
  }
  return false;
}

static void compare(LintContext& context, SymbolId owner, const Definition& first, const Definition& second) {
  const Ast& ast = context.ast;
  NodeId a = statementOf(ast, first.owner), b = statementOf(ast, second.owner);
  if (a == b || ast.parent(a) != ast.parent(b) || blockOf(ast, a).data() != blockOf(ast, b).data()) return;
  if (isMeantToRepeat(ast, a) || isMeantToRepeat(ast, b)) return;
  // `import a.b` and `import a.c` bind the same name to the same package.
  bool are_submodules = first.kind == DefinitionKind::kImport && second.kind == DefinitionKind::kImport &&
                        (ast.text(first.owner).find('.') != std::string_view::npos || ast.text(second.owner).find('.') != std::string_view::npos);
  if (are_submodules) return;
  // The decorators and bases of the second definition come before it binds.
  if (isUsedBetween(context, owner, ast.range(a).begin, ast.range(second.node).begin)) return;
  bool is_import = second.kind == DefinitionKind::kImport || second.kind == DefinitionKind::kImportFrom;
  TextRange range = ast.range(is_import ? second.owner : second.node);
  uint32_t line = context.file.lines.lineOf(ast.range(first.node).begin) + 1;
  context.sink.begin(Rule::kF811, range, {context.model.nameOf(owner), std::to_string(line), context.model.nameOf(owner)}).origin(ast.range(is_import ? b : second.node));
}

void checkRedefinitions(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner || isDummyName(model.nameOf(owner))) continue;
    const Definition* last = nullptr;
    for (const Definition& definition : model.definitions(owner)) {
      bool is_definition = isDefinition(definition.kind) && model[definition.symbol].scope == model[owner].scope;
      if (is_definition && last != nullptr) compare(context, owner, *last, definition);
      last = is_definition ? &definition : nullptr;
    }
  }
}

}  // namespace krait::lint

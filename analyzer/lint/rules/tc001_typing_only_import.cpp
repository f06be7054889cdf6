// TC001, TC002, TC003, TC004: imports that only annotations use, and imports under `if TYPE_CHECKING:` that run-time code
// uses. ref: flake8-type-checking
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isTypeCheckingBlock(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    auto branch = ast.tryAs<syntax::If>(parent);
    if (!branch) continue;
    bool is_test = typingName(context, branch->test()) == "TYPE_CHECKING";
    for (NodeId statement : branch->body()) {
      if (statement == child && is_test) return true;
    }
  }
  return false;
}

static std::string fullNameOf(const LintContext& context, const Definition& definition, uint32_t* level, std::string* module) {
  const Ast& ast = context.ast;
  auto alias = ast.as<syntax::Alias>(definition.owner);
  std::string name(syntax::nameText(ast, alias.name()));
  auto from = ast.tryAs<syntax::ImportFrom>(ast.parent(definition.owner));
  *level = from ? from->level() : 0;
  *module = from ? std::string(syntax::nameText(ast, from->module())) : name;
  if (!from) return name;
  std::string full = std::string(from->level(), '.') + *module;
  if (!full.empty() && full.back() != '.') full += '.';
  return full + name;
}

// The first import of the same module that run-time code needs: then moving this one gains nothing.
static bool sharesModule(const LintContext& context, const Definition& definition, const std::string& module, uint32_t level) {
  const SemanticModel& model = context.model;
  for (SymbolId symbol : model.symbolsOf(SemanticModel::kModuleScope)) {
    if (model.resolve(symbol) != symbol) continue;
    for (const Definition& other : model.definitions(symbol)) {
      bool is_import = other.kind == DefinitionKind::kImport || other.kind == DefinitionKind::kImportFrom;
      if (!is_import || other.owner == definition.owner || isTypeCheckingBlock(context, other.owner)) continue;
      uint32_t other_level;
      std::string other_module;
      fullNameOf(context, other, &other_level, &other_module);
      if (other_module != module || other_level != level) continue;
      bool is_used = false;
      for (const Reference& reference : model.references(symbol)) is_used |= !isDeferredAnnotation(context, reference.node);
      if (is_used) return true;
    }
  }
  return false;
}

static void checkSymbol(LintContext& context, SymbolId symbol) {
  const SemanticModel& model = context.model;
  if (model.resolve(symbol) != symbol || model.definitions(symbol).size() != 1) return;
  const Definition& definition = model.definitions(symbol)[0];
  if (definition.kind != DefinitionKind::kImport && definition.kind != DefinitionKind::kImportFrom) return;
  if (model.references(symbol).empty()) return;
  bool only_types = true, any_run_time = false;
  for (const Reference& reference : model.references(symbol)) {
    bool is_type = isDeferredAnnotation(context, reference.node);
    only_types &= is_type;
    any_run_time |= !isInAnnotation(context, reference.node) && !isTypeCheckingBlock(context, reference.node);
  }
  uint32_t level;
  std::string module;
  std::string name = fullNameOf(context, definition, &level, &module);
  TextRange range = context.ast.range(definition.owner);
  if (isTypeCheckingBlock(context, definition.owner)) {
    if (any_run_time) context.sink.begin(Rule::kTC004, range, {name});
    return;
  }
  bool is_exported = model[symbol].scope == SemanticModel::kModuleScope && context.exports.isInAll(model[symbol].name);
  if (!only_types || is_exported || isOneOf(module, {"typing", "typing_extensions", "__future__"})) return;
  if (!context.options.flag("flake8-type-checking.strict") && sharesModule(context, definition, module, level)) return;
  Section section = sectionOf(context, module, level);
  Rule rule = section == Section::kThirdParty ? Rule::kTC002 : section == Section::kStandardLibrary ? Rule::kTC003 : Rule::kTC001;
  context.sink.begin(rule, range, {name});
}

void checkTypingOnlyImports(LintContext& context) {
  if (context.is_stub) return;
  for (uint32_t i = 0; i < context.model.symbols().size(); ++i) checkSymbol(context, SymbolId(i));
}

}  // namespace krait::lint

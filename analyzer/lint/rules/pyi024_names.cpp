// PYI001, PYI018, PYI024, PYI025, PYI033, PYI042, PYI043, PYI046, PYI047, PYI049, PYI057: names of types and their
// imports. ref: flake8-pyi
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkNamedTupleUse(LintContext& context, NodeId node) {
  // By its own name, or by another that is called.
  const Ast& ast = context.ast;
  auto attribute = ast.tryAs<syntax::Attribute>(node);
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  bool is_called = call && call->func() == node;
  if (syntax::nameText(ast, attribute ? attribute->attr() : node) != "namedtuple" && !is_called) return;
  if (!attribute && ast.as<syntax::Name>(node).context() != syntax::ExprContext::kLoad) return;
  if (qualifiedName(context, node) == "collections.namedtuple") context.sink.begin("PYI024"_rule, ast.range(node));
}

void checkTypeImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  std::string_view module = syntax::nameText(ast, import.module());
  for (NodeId alias_id : import.names()) {
    auto alias = ast.as<syntax::Alias>(alias_id);
    std::string_view name = syntax::nameText(ast, alias.name());
    if (name == "ByteString" && (module == "typing" || module == "collections.abc")) {
      context.sink.begin("PYI057"_rule, ast.range(alias_id), {std::string(module) + ".ByteString"});
    }
    bool is_set = module == "collections.abc" && name == "Set";
    std::string_view bound = syntax::nameText(ast, alias.asname().valid() ? alias.asname() : alias.name());
    if (!is_set || bound == "AbstractSet") continue;
    auto finding = context.sink.begin("PYI025"_rule, ast.range(alias.asname().valid() ? alias.asname() : alias_id));
    SymbolId owner = context.model.ownerAt(alias.asname().valid() ? alias.asname() : alias.name());
    if (!owner.valid() || context.model.definitions(owner).size() != 1) continue;
    if (context.model.find(SemanticModel::kModuleScope, ast.names().find("AbstractSet")).valid()) continue;
    std::vector<FixEdit> edits = {{ast.range(alias_id), "Set as AbstractSet"}};
    for (const Reference& reference : context.model.references(owner)) edits.push_back({ast.range(reference.node), "AbstractSet"});
    for (const semantic::AllEntry& entry : context.exports.all) {
      bool is_exported = context.model[owner].scope == SemanticModel::kModuleScope;
      if (is_exported && syntax::stringValue(ast, entry.node) == bound) edits.push_back({ast.range(entry.node), "\"AbstractSet\""});
    }
    finding.fix("Alias `Set` to `AbstractSet`", std::move(edits), FixSafety::kUnsafe);
  }
}

void checkByteStringUse(LintContext& context, NodeId node) {
  std::string name = qualifiedName(context, node);
  if (name != "typing.ByteString" && name != "collections.abc.ByteString") return;
  context.sink.begin("PYI057"_rule, context.ast.range(node), {name});
}

// Comments of the form `# type: int`.
void checkTypeComments(LintContext& context) {
  const Ast& ast = context.ast;
  if (!context.is_stub && !context.options.preview) return;
  for (const syntax::Comment& comment : ast.comments()) {
    std::string_view text = ast.text({comment.begin, comment.end});
    size_t at = text.find_first_not_of(" \t", 1);
    if (at == std::string_view::npos || !text.substr(at).starts_with("type:")) continue;
    std::string_view type = text.substr(at + 5);
    size_t begin = type.find_first_not_of(" \t");
    if (begin == std::string_view::npos) continue;
    type = type.substr(begin);
    bool is_ignore = type.starts_with("ignore") && (type.size() == 6 || type[6] == '[' || type[6] == ' ' || type[6] == '#');
    if (!is_ignore) context.sink.begin("PYI033"_rule, {comment.begin, comment.end});
  }
}

static bool isPrivate(std::string_view name) { return name.starts_with("_") && !name.starts_with("__"); }

// What a type variable's own call names is no use of it.
static bool isUnusedType(const LintContext& context, SymbolId symbol, const Definition& definition) {
  bool is_call = context.ast.is(definition.owner, NodeKind::kAssign);
  return is_call ? context.model.references(symbol).empty() : !context.isUsed(symbol);
}

static void checkAliasName(LintContext& context, std::string_view name, NodeId target) {
  const Ast& ast = context.ast;
  std::string_view plain = name;
  while (plain.starts_with("_")) plain.remove_prefix(1);
  bool is_snake = !plain.empty() && plain[0] >= 'a' && plain[0] <= 'z';
  bool is_builtin = isOneOf(name, {"_str", "_bool", "_bytes", "_float", "_int", "_type", "_object", "_dict", "_list", "_tuple", "_set", "_frozenset", "_function"});
  if (is_snake && !is_builtin) context.sink.begin("PYI042"_rule, ast.range(target), {name});
  size_t n = name.size() - (!name.empty() && name.back() >= '0' && name.back() <= '9');
  bool has_suffix = isPrivate(name) && n > 2 && name[n - 1] == 'T' && name[n - 2] >= 'a' && name[n - 2] <= 'z';
  if (has_suffix) context.sink.begin("PYI043"_rule, ast.range(target), {name});
}

void checkAliasNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto alias = ast.tryAs<syntax::TypeAlias>(node)) {
    checkAliasName(context, syntax::nameText(ast, alias->name()), alias->name());
    return;
  }
  auto assign = ast.as<syntax::AnnAssign>(node);
  if (!ast.is(assign.target(), NodeKind::kName) || typingName(context, assign.annotation()) != "TypeAlias") return;
  checkAliasName(context, syntax::nameText(ast, assign.target()), assign.target());
}

static void checkPrivateDefinition(LintContext& context, SymbolId owner, const Definition& definition) {
  const Ast& ast = context.ast;
  std::string_view name = context.model.nameOf(owner);
  if (auto cls = ast.tryAs<syntax::ClassDef>(definition.owner)) {
    for (NodeId base : cls->args()) {
      NodeId plain = base;
      if (auto subscript = ast.tryAs<syntax::Subscript>(base)) plain = subscript->value();
      std::string type = typingName(context, plain);
      if (type == "Protocol") return (void)context.sink.begin("PYI046"_rule, ast.range(cls->name()), {name});
      if (type == "TypedDict") return (void)context.sink.begin("PYI049"_rule, ast.range(cls->name()), {name});
    }
    return;
  }
  if (auto alias = ast.tryAs<syntax::AnnAssign>(definition.owner)) {
    if (typingName(context, alias->annotation()) == "TypeAlias") context.sink.begin("PYI047"_rule, ast.range(alias->target()), {name});
    return;
  }
  if (auto alias = ast.tryAs<syntax::TypeAlias>(definition.owner)) {
    context.sink.begin("PYI047"_rule, ast.range(alias->name()), {name});
    return;
  }
  auto assign = ast.tryAs<syntax::Assign>(definition.owner);
  auto call = assign ? ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
  if (!call || assign->targets().size() != 1) return;
  std::string type = typingName(context, call->func());
  if (type == "TypedDict") {
    context.sink.begin("PYI049"_rule, ast.range(definition.node), {name});
  } else if (type == "TypeVar" || type == "ParamSpec" || type == "TypeVarTuple") {
    context.sink.begin("PYI018"_rule, ast.range(definition.node), {type, name})
        .fix("Remove unused private " + type + " `" + std::string(name) + "`", {removeStatement(context, definition.owner)}, FixSafety::kUnsafe);
  }
}

void checkPrivateTypes(LintContext& context) {
  const SemanticModel& model = context.model;
  for (const Definition& definition : model.allDefinitions()) {
    SymbolId symbol = definition.symbol;
    ScopeKind scope = model[model[symbol].scope].kind;
    if ((scope != ScopeKind::kModule && scope != ScopeKind::kFunction) || model.resolve(symbol) != symbol) continue;
    // Of several definitions the last one counts.
    if (model.definitions(symbol).back().node != definition.node) continue;
    std::string_view name = model.nameOf(symbol);
    if (name.starts_with("_")) {
      if (isUnusedType(context, symbol, definition)) checkPrivateDefinition(context, symbol, definition);
      continue;
    }
    if (!context.is_stub || scope != ScopeKind::kModule) continue;
    auto assign = context.ast.tryAs<syntax::Assign>(definition.owner);
    auto call = assign ? context.ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
    if (!call || assign->targets().size() != 1) continue;
    std::string type = typingName(context, call->func());
    if (type == "TypeVar" || type == "ParamSpec" || type == "TypeVarTuple") context.sink.begin("PYI001"_rule, context.ast.range(assign->value()), {type});
  }
}

}  // namespace krait::lint

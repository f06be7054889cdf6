// DJ001 to DJ013: models, forms and views of Django. ref: flake8-django
#include <algorithm>
#include <utility>
#include <string>
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isTrueKeyword(const Ast& ast, NodeId call, std::string_view name) {
  return isConstant(ast, keywordOf(ast, call, name), syntax::ConstantKind::kTrue);
}

void checkNullableStrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    NodeId value;
    if (auto assign = ast.tryAs<syntax::Assign>(statement)) value = assign->value();
    if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) value = annotated->value();
    auto call = ast.tryAs<syntax::Call>(value);
    std::string name = call ? qualifiedName(context, call->func()) : std::string();
    if (!name.starts_with("django.db.models.")) continue;
    std::string field = name.substr(name.rfind('.') + 1);
    if (!isOneOf(field, {"CharField", "TextField", "SlugField", "EmailField", "FilePathField", "URLField"})) continue;
    bool is_unique = isTrueKeyword(ast, value, "unique") && isTrueKeyword(ast, value, "blank");
    if (isTrueKeyword(ast, value, "null") && !is_unique) context.sink.begin("DJ001"_rule, ast.range(value), {field});
  }
}

void checkLocalsInRender(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (calleeName(context, node) != "django.shortcuts.render") return;
  NodeId data = argumentOf(ast, node, "context", 2);
  auto call = ast.tryAs<syntax::Call>(data);
  if (call && isBuiltin(context, call->func(), "locals")) context.sink.begin("DJ003"_rule, ast.range(data));
}

void checkModelForms(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!hasBase(context, node, {"django.forms.ModelForm", "django.forms.models.ModelForm"})) return;
  // A form is told once of each.
  bool excludes = false, takes_all = false;
  for (NodeId part : ast.as<syntax::ClassDef>(node).body()) {
    auto meta = ast.tryAs<syntax::ClassDef>(part);
    if (!meta || syntax::nameText(ast, meta->name()) != "Meta") continue;
    for (NodeId statement : meta->body()) {
      auto assign = ast.tryAs<syntax::Assign>(statement);
      if (!assign) continue;
      for (NodeId target : assign->targets()) {
        if (!ast.is(target, NodeKind::kName)) continue;
        std::string_view name = syntax::nameText(ast, target);
        if (name == "exclude" && !std::exchange(excludes, true)) context.sink.begin("DJ006"_rule, ast.range(target));
        bool is_bytes = isConstant(ast, assign->value(), syntax::ConstantKind::kBytes) && ast.text(assign->value()).find("__all__") != std::string_view::npos;
        bool is_all = name == "fields" && (is_bytes || syntax::stringValue(ast, assign->value()) == "__all__");
        if (is_all && !std::exchange(takes_all, true)) context.sink.begin("DJ007"_rule, ast.range(statement));
      }
    }
  }
}

static bool isModel(const LintContext& context, NodeId cls) {
  return hasBase(context, cls, {"django.db.models.Model", "django.db.models.base.Model"});
}

static bool definesStr(const Ast& ast, NodeId cls) {
  for (NodeId statement : ast.as<syntax::ClassDef>(cls).body()) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    if (function && syntax::nameText(ast, function->name()) == "__str__") return true;
  }
  return false;
}

static bool isAbstractModel(const Ast& ast, NodeId cls) {
  for (NodeId part : ast.as<syntax::ClassDef>(cls).body()) {
    auto meta = ast.tryAs<syntax::ClassDef>(part);
    if (!meta || syntax::nameText(ast, meta->name()) != "Meta") continue;
    for (NodeId statement : meta->body()) {
      auto isAbstract = [&](NodeId target, NodeId value) {
        return isConstant(ast, value, syntax::ConstantKind::kTrue) && ast.is(target, NodeKind::kName) && syntax::nameText(ast, target) == "abstract";
      };
      auto annotated = ast.tryAs<syntax::AnnAssign>(statement);
      if (annotated && annotated->value().valid() && isAbstract(annotated->target(), annotated->value())) return true;
      auto assign = ast.tryAs<syntax::Assign>(statement);
      if (!assign) continue;
      for (NodeId target : assign->targets()) {
        if (isAbstract(target, assign->value())) return true;
      }
    }
  }
  return false;
}

void checkModelStr(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.as<syntax::ClassDef>(node).args().empty() || !isModel(context, node) || isAbstractModel(ast, node)) return;
  std::vector<NodeId> classes = {node}, seen;
  while (!classes.empty()) {
    NodeId cls = classes.back();
    classes.pop_back();
    if (std::find(seen.begin(), seen.end(), cls) != seen.end()) continue;
    seen.push_back(cls);
    if (definesStr(ast, cls)) return;
    for (NodeId base : ast.as<syntax::ClassDef>(cls).args()) {
      SymbolId owner = ast.is(base, NodeKind::kName) ? context.model.ownerAt(base) : SymbolId::none();
      if (!owner.valid()) continue;
      for (const Definition& definition : context.model.definitions(owner)) {
        if (definition.kind != DefinitionKind::kClass) continue;
        classes.push_back(ast.is(definition.node, NodeKind::kClassDef) ? definition.node : ast.parent(definition.node));
      }
    }
  }
  context.sink.begin("DJ008"_rule, nameRange(ast, node));
}

namespace {
enum class Content : uint8_t { kField, kManager, kMeta, kMagic, kSave, kUrl, kCustom };
}  // namespace

static constexpr std::string_view kContentNames[] = {"field declaration", "manager declaration", "`Meta` class", "Magic method",
                                                     "`save` method", "`get_absolute_url` method", "custom method"};

static std::optional<Content> contentOf(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    auto call = ast.tryAs<syntax::Call>(assign->value());
    if (call && qualifiedName(context, call->func()).starts_with("django.db.models.")) return Content::kField;
    NodeId target = assign->targets()[0];
    if (ast.is(target, NodeKind::kName) && syntax::nameText(ast, target) == "objects") return Content::kManager;
    return std::nullopt;
  }
  if (auto cls = ast.tryAs<syntax::ClassDef>(statement)) {
    if (syntax::nameText(ast, cls->name()) == "Meta") return Content::kMeta;
    return std::nullopt;
  }
  auto function = ast.tryAs<syntax::FunctionDef>(statement);
  if (!function) return std::nullopt;
  std::string_view name = syntax::nameText(ast, function->name());
  if (isDunder(name)) return Content::kMagic;
  return name == "save" ? Content::kSave : name == "get_absolute_url" ? Content::kUrl : Content::kCustom;
}

void checkModelOrder(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.as<syntax::ClassDef>(node).args().empty() || !isModel(context, node)) return;
  std::vector<Content> seen;
  std::optional<Content> before;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    std::optional<Content> content = contentOf(context, statement);
    // One of each run is enough.
    if (!content || content == before) continue;
    before = content;
    auto later = std::find_if(seen.begin(), seen.end(), [&](Content other) { return other > *content; });
    if (later == seen.end()) {
      seen.push_back(*content);
    } else {
      context.sink.begin("DJ012"_rule, syntax::fullRange(ast, statement), {kContentNames[static_cast<size_t>(*content)], kContentNames[static_cast<size_t>(*later)]});
    }
  }
}

void checkReceiverOrder(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_covered = false;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    auto call = ast.tryAs<syntax::Call>(decorator);
    bool is_receiver = call && qualifiedName(context, call->func()) == "django.dispatch.receiver";
    if (is_receiver && is_covered) context.sink.begin("DJ013"_rule, decoratorRange(ast, decorator));
    is_covered = !is_receiver;
  }
}

}  // namespace krait::lint

// DTZ001 to DTZ012, DTZ901: datetimes without a time zone. ref: flake8-datetimez
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// `x.astimezone()` on the call makes a time zone of it.
static bool isMadeAware(const Ast& ast, NodeId node) {
  auto parent = ast.tryAs<syntax::Attribute>(ast.parent(node));
  return parent && syntax::nameText(ast, parent->attr()) == "astimezone";
}

// Reports a call that must have a time zone argument: one message when it is missing, one when it is None.
static void checkZone(LintContext& context, NodeId call, std::string_view keyword, uint32_t position, Rule missing, Rule none) {
  const Ast& ast = context.ast;
  if (isMadeAware(ast, call)) return;
  NodeId zone = argumentOf(ast, call, keyword, position);
  if (!zone.valid()) {
    context.sink.begin(missing, ast.range(call));
  } else if (isNone(ast, zone)) {
    context.sink.begin(none, ast.range(call));
  }
}

static bool formatHasZone(const Ast& ast, NodeId format) {
  return anyOver(ast, format, [&](NodeId node) {
    auto text = syntax::stringValue(ast, node);
    return text && text->find("%z") != std::string_view::npos;
  });
}

static void checkStrptime(LintContext& context, NodeId call) {
  const Ast& ast = context.ast;
  NodeId format = positionalAt(ast, call, 1);
  if (format.valid() && (isStr(ast, format) || ast.is(format, NodeKind::kJoinedStr)) && formatHasZone(ast, format)) return;
  Rule rule = "DTZ007"_rule;
  auto attribute = ast.tryAs<syntax::Attribute>(ast.parent(call));
  auto outer = attribute ? ast.tryAs<syntax::Call>(ast.parent(attribute->id)) : std::nullopt;
  if (attribute && outer) {
    std::string_view name = syntax::nameText(ast, attribute->attr());
    if (name == "astimezone") return;
    NodeId zone = name == "replace" ? keywordOf(ast, outer->id, "tzinfo") : NodeId::none();
    if (zone.valid() && !isNone(ast, zone)) return;
    if (zone.valid()) rule = "DTZ007Replace"_rule;
  }
  context.sink.begin(rule, ast.range(call));
}

void checkDatetimeCalls(LintContext& context, NodeId node) {
  std::string_view name = calleeName(context, node);
  if (!name.starts_with("datetime.")) return;
  name.remove_prefix(9);
  TextRange range = context.ast.range(node);
  bool is_aware = isMadeAware(context.ast, node);
  if (name == "datetime") {
    checkZone(context, node, "tzinfo", 7, "DTZ001Missing"_rule, "DTZ001"_rule);
  } else if (name == "datetime.now") {
    checkZone(context, node, "tz", 0, "DTZ005Missing"_rule, "DTZ005"_rule);
  } else if (name == "datetime.fromtimestamp") {
    checkZone(context, node, "tz", 1, "DTZ006Missing"_rule, "DTZ006"_rule);
  } else if (name == "datetime.strptime") {
    checkStrptime(context, node);
  } else if (name == "datetime.today" && !is_aware) {
    context.sink.begin("DTZ002"_rule, range);
  } else if (name == "datetime.utcnow" && !is_aware) {
    context.sink.begin("DTZ003"_rule, range);
  } else if (name == "datetime.utcfromtimestamp" && !is_aware) {
    context.sink.begin("DTZ004"_rule, range);
  } else if (name == "date.today") {
    context.sink.begin("DTZ011"_rule, range);
  } else if (name == "date.fromtimestamp") {
    context.sink.begin("DTZ012"_rule, range);
  }
}

void checkDatetimeBounds(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view attr = syntax::nameText(ast, ast.as<syntax::Attribute>(node).attr());
  if (attr != "min" && attr != "max") return;
  std::string name = qualifiedName(context, node);
  if (name != "datetime.datetime.min" && name != "datetime.datetime.max") return;
  auto parent = ast.tryAs<syntax::Attribute>(ast.parent(node));
  if (parent && syntax::nameText(ast, parent->attr()) == "replace") {
    NodeId call = ast.parent(parent->id);
    NodeId zone = ast.is(call, NodeKind::kCall) ? keywordOf(ast, call, "tzinfo") : NodeId::none();
    if (zone.valid() && !isNone(ast, zone)) return;
  }
  // A time of day has no zone to begin with.
  if (parent && syntax::nameText(ast, parent->attr()) == "time" && ast.is(ast.parent(parent->id), NodeKind::kCall)) return;
  context.sink.begin("DTZ901"_rule, ast.range(node), {name});
}

}  // namespace krait::lint

// SLOT000, SLOT001, SLOT002: subclasses of str, tuple and namedtuple without slots. ref: flake8-slots
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool hasSlots(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
      for (NodeId target : assign->targets()) {
        if (syntax::nameText(ast, target) == "__slots__") return true;
      }
    } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
      if (syntax::nameText(ast, annotated->target()) == "__slots__") return true;
    }
  }
  return false;
}

void checkMissingSlots(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  bool is_str = false, is_tuple = false, is_enum = false;
  std::string_view named_tuple;
  bool has_other = false;
  for (NodeId base : cls.args()) {
    if (ast.is(base, NodeKind::kKeyword)) continue;
    if (auto call = ast.tryAs<syntax::Call>(base)) {
      std::string made = qualifiedName(context, call->func());
      has_other |= made != "collections.namedtuple" && made != "typing.NamedTuple";
      if (made == "collections.namedtuple" && named_tuple.empty()) named_tuple = "`collections.namedtuple()`";
      if (made == "typing.NamedTuple" && named_tuple.empty()) named_tuple = "call-based `typing.NamedTuple()`";
      continue;
    }
    has_other = true;
    auto subscript = ast.tryAs<syntax::Subscript>(base);
    std::string name = qualifiedName(context, subscript ? subscript->value() : base);
    is_enum |= name.starts_with("enum.");
    is_str |= !subscript && name == "builtins.str";
    is_tuple |= name == "builtins.tuple" || name == "typing.Tuple";
  }
  if ((!is_str && !is_tuple && named_tuple.empty()) || hasSlots(ast, cls.body())) return;
  TextRange range = nameRange(ast, node);
  if (is_str && !is_enum && !isEnum(context, node)) context.sink.begin("SLOT000"_rule, range);
  if (is_tuple) context.sink.begin("SLOT001"_rule, range);
  if (!named_tuple.empty() && !has_other) context.sink.begin("SLOT002"_rule, range, {named_tuple});
}

}  // namespace krait::lint

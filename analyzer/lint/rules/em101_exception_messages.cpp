// EM101, EM102, EM103: an exception whose message is written in its call. ref: flake8-errmsg
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// Is a name free where the statement stands: nothing around binds it, and its own scope does not before it? Functions
// run when what is around them is bound.
static bool isFree(const LintContext& context, NodeId statement, std::string_view name) {
  const SemanticModel& model = context.model;
  bool is_later = false, is_own = true;
  for (ScopeId scope = model.enclosingScope(statement); scope.valid(); scope = model[scope].parent) {
    bool is_seen = is_own || model[scope].kind != ScopeKind::kClass;
    for (SymbolId symbol : is_seen ? model.symbolsOf(scope) : std::span<const SymbolId>()) {
      if (model.nameOf(symbol) != name) continue;
      for (const Definition& definition : model.definitions(model.resolve(symbol))) {
        // After its handler an exception's name means nothing.
        NodeId handler = definition.kind == DefinitionKind::kExcept ? context.ast.parent(definition.node) : NodeId::none();
        bool is_gone = handler.valid() && !context.ast.range(handler).contains(context.ast.range(statement).begin);
        if (is_gone) continue;
        if (is_later || context.ast.range(definition.node).begin < context.ast.range(statement).begin) return false;
      }
    }
    is_later |= model[scope].kind == ScopeKind::kFunction;
    is_own = false;
  }
  return true;
}

static void report(LintContext& context, NodeId statement, NodeId message, Rule rule, std::string_view what) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(message);
  auto finding = context.sink.begin(rule, range);
  uint32_t begin = ast.range(statement).begin;
  std::string indent(indentationAt(context, begin));
  bool is_first = begin - lineBegin(context, begin) == indent.size();
  if (!is_first) return;
  std::string name = "msg";
  for (int i = 0; !isFree(context, statement, name); ++i) name = "msg_" + std::to_string(i);
  std::string end(lineEndText(context));
  std::string text(ast.text(range));
  if (ast.text(range).find('\n') != std::string_view::npos) text = "(" + end + indent + std::string(indentStep(context)) + text + end + indent + ")";
  finding.fix("Assign to variable; remove " + std::string(what), {{{begin, begin}, name + " = " + text + end + indent}, {range, name}},
              FixSafety::kUnsafe);
}

void checkExceptionMessages(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || call->args().empty()) return;
  NodeId first = call->args()[0];
  if (isConstant(ast, first, syntax::ConstantKind::kStr) || isConstant(ast, first, syntax::ConstantKind::kBytes)) {
    std::string_view value = ast.string(ast.as<syntax::Constant>(first).payload());
    if (value.size() < context.options.number("flake8-errmsg.max-string-length", 0)) return;
    if (qualifiedName(context, call->func()) == "typing.cast") return;
    report(context, node, first, "EM101"_rule, "string literal");
  } else if (ast.is(first, NodeKind::kJoinedStr)) {
    report(context, node, first, "EM102"_rule, "f-string literal");
  } else if (auto inner = ast.tryAs<syntax::Call>(first)) {
    auto method = ast.tryAs<syntax::Attribute>(inner->func());
    bool is_format = method && syntax::nameText(ast, method->attr()) == "format" &&
                     isConstant(ast, method->value(), syntax::ConstantKind::kStr);
    if (is_format) report(context, node, first, "EM103"_rule, "`.format()` string");
  }
}

}  // namespace krait::lint

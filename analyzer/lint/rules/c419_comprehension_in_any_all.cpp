// C419: any(), all() and in the preview sum(), min(), max() around a list comprehension. ref: flake8-comprehensions
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static NodeList loopsOf(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kListComp) ? ast.as<syntax::ListComp>(node).generators() : ast.as<syntax::SetComp>(node).generators();
}

static NodeId elementOf(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kListComp) ? ast.as<syntax::ListComp>(node).elt() : ast.as<syntax::SetComp>(node).elt();
}

static bool isAsynchronous(const Ast& ast, NodeId node) {
  for (NodeId loop : loopsOf(ast, node)) {
    if (ast.as<syntax::Comprehension>(loop).isAsync()) return true;
  }
  return anyOver(ast, elementOf(ast, node), [&](NodeId part) { return ast.is(part, NodeKind::kAwait); });
}

static bool awaitsInside(const Ast& ast, NodeId node) {
  NodeId first = ast.as<syntax::Comprehension>(loopsOf(ast, node)[0]).iter();
  return anyOver(ast, node, [&](NodeId part) { return ast.is(part, NodeKind::kAwait) && !ast.range(first).contains(ast.range(part).begin); });
}

// The place of the first character that is neither blank nor in a comment.
static size_t skipLayout(std::string_view text, size_t at = 0) {
  while (at < text.size()) {
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

static std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

// What is between the opening bracket and the element, as lines of their own behind the call's parenthesis.
static std::string linesBefore(std::string_view layout, std::string_view before) {
  size_t line_begin = before.rfind('\n');
  bool is_below = line_begin != std::string_view::npos;
  std::string indent(is_below ? before.substr(line_begin + 1) : std::string_view()), text;
  if (indent.find_first_not_of(" \t") != std::string::npos) indent.clear(), is_below = false;
  bool is_first = true;
  for (size_t end; (end = layout.find('\n')) != std::string_view::npos; layout.remove_prefix(end + 1), is_first = false) {
    std::string_view line = trimmed(layout.substr(0, end));
    if (is_first && line.empty()) continue;
    text += is_below ? std::string(line) + "\n" + indent : "\n" + std::string(line);
  }
  return text.empty() || is_below ? text : text + "\n";
}

// The call's text with the comprehension as its only argument, without brackets and without a comma behind it.
static std::string withoutBrackets(const LintContext& context, TextRange call, NodeId node) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(node);
  auto loop = ast.as<syntax::Comprehension>(loopsOf(ast, node)[loopsOf(ast, node).size() - 1]);
  TextRange body = {parenthesizedRange(context, elementOf(ast, node)).begin,
                    parenthesizedRange(context, loop.ifs().empty() ? loop.iter() : loop.ifs()[loop.ifs().size() - 1]).end};
  std::string_view before = ast.text({call.begin, range.begin}), layout = ast.text({range.begin + 1, body.begin});
  std::string_view behind = ast.text({body.end, range.end - 1}), after = ast.text({range.end, call.end});
  std::string closing;
  size_t at = skipLayout(after);
  while (at < after.size() && after[at] == ')' && skipLayout(after, at + 1) < after.size()) {
    closing += after.substr(0, at + 1);
    after.remove_prefix(at + 1);
    at = skipLayout(after);
  }
  if (at < after.size() && after[at] == ',') after.remove_prefix(at + 1);
  // A comment beside the end stays where a line ends behind it.
  std::string_view comment = behind.substr(0, behind.find('\n'));
  bool keeps_comment = comment.find('#') != std::string_view::npos && after.substr(0, skipLayout(after)).find('\n') != std::string_view::npos;
  return std::string(before) + linesBefore(layout, before) + std::string(ast.text(body)) + closing + std::string(keeps_comment ? comment : "") + std::string(after);
}

void checkComprehensionInAnyAll(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  bool is_reduction = context.options.preview && isOneOf(name, {"sum", "min", "max"});
  if ((!is_reduction && !isOneOf(name, {"any", "all"})) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().empty() || positionalCount(ast, node) < call.args().size()) return;
  NodeId arg = call.args()[0];
  // A set has each value once.
  if (name == "sum" && ast.is(arg, NodeKind::kSetComp)) return;
  if (ast.is(arg, NodeKind::kListComp) || ast.is(arg, NodeKind::kSetComp)) {
    // An asynchronous generator is no iterable to them.
    if (isAsynchronous(ast, arg)) return;
    TextRange range = ast.range(arg), whole = ast.range(node);
    auto finding = context.sink.begin("C419"_rule, range, {ast.is(arg, NodeKind::kListComp) ? "list" : "set"});
    if (call.args().size() > 1) {
      finding.fix("Remove unnecessary comprehension", {{{range.begin, range.begin + 1}, "("}, {{range.end - 1, range.end}, ")"}}, FixSafety::kUnsafe);
      return;
    }
    // An await behind the first iterable would make the generator asynchronous.
    if (!awaitsInside(ast, arg)) finding.fix("Remove unnecessary comprehension", {{whole, withoutBrackets(context, whole, arg)}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint

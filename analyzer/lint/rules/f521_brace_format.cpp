// F521 to F525: a call of str.format whose arguments do not fit its text. ref: pyflakes StringDotFormat…
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/format_strings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Fields {
  uint32_t automatic = 0;
  // As often as they stand there.
  std::vector<uint32_t> numbered;
  std::vector<std::string_view> names;
  std::string error;
};
}  // namespace

static void readFields(std::string_view text, Fields& out, int depth) {
  BraceFormat format = parseBraceFormat(text);
  if (!format.error.empty()) out.error = format.error;
  for (const BracePart& part : format.parts) {
    if (part.is_literal || !out.error.empty()) continue;
    if (part.name.empty()) {
      ++out.automatic;
    } else if (isDigits(part.name) && part.name.size() < 9) {
      out.numbered.push_back(static_cast<uint32_t>(std::stoul(std::string(part.name))));
    } else {
      out.names.push_back(part.name);
    }
    if (part.has_spec && depth < 2) readFields(part.spec, out, depth + 1);
  }
}

static bool hasIndex(const Fields& fields, uint32_t index) {
  return index < fields.automatic || std::find(fields.numbered.begin(), fields.numbered.end(), index) != fields.numbered.end();
}

static bool hasName(const Fields& fields, std::string_view name) {
  return std::find(fields.names.begin(), fields.names.end(), name) != fields.names.end();
}

namespace {
struct Given {
  std::vector<NodeId> positional, keywords;
  bool has_star = false, has_double_star = false;
};
}  // namespace

static Given givenOf(const Ast& ast, NodeList args) {
  Given out;
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && !keyword->arg().valid()) {
      out.has_double_star = true;
    } else if (keyword) {
      out.keywords.push_back(arg);
    } else if (ast.is(arg, NodeKind::kStarred)) {
      out.has_star = true;
    } else {
      out.positional.push_back(arg);
    }
  }
  return out;
}

// The call without these arguments; those that stay keep their commas.
static FixEdit withoutArguments(const LintContext& context, NodeId node, const std::vector<NodeId>& removed) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(node).args();
  TextRange parens = argumentsRange(context, node);
  if (removed.size() == args.size()) return {parens, "()"};
  std::string out(ast.text({parens.begin, parenthesizedRange(context, args[0]).begin}));
  for (size_t i = 0; i < args.size(); ++i) {
    bool is_last = i + 1 == args.size();
    if (std::find(removed.begin(), removed.end(), args[i]) != removed.end()) continue;
    out += ast.text({parenthesizedRange(context, args[i]).begin, is_last ? parens.end - 1 : parenthesizedRange(context, args[i + 1]).begin});
  }
  return {parens, out + ")"};
}

static void checkUnused(LintContext& context, NodeId node, const Fields& fields, const Given& given) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(node).args();
  std::string positions, names;
  std::vector<NodeId> unused, unused_names;
  uint32_t position = 0, first = 0;
  for (NodeId arg : args) {
    if (ast.is(arg, NodeKind::kKeyword)) continue;
    uint32_t i = position++;
    if (ast.is(arg, NodeKind::kStarred) || hasIndex(fields, i)) continue;
    positions += (positions.empty() ? "" : ", ") + std::to_string(i);
    if (unused.empty()) first = i;
    unused.push_back(arg);
  }
  for (NodeId keyword : given.keywords) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Keyword>(keyword).arg());
    if (hasName(fields, name) || given.has_double_star) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
    unused_names.push_back(keyword);
  }
  if (!positions.empty()) {
    auto finding = context.sink.begin("F523"_rule, ast.range(node), {positions});
    // Those before another would change what its number means.
    std::string title = "Remove extra positional arguments at position(s): " + positions;
    NodeId text = ast.as<syntax::Attribute>(ast.as<syntax::Call>(node).func()).value();
    if (unused.size() == args.size() && ast.text(text).find_first_of("{}") == std::string_view::npos) {
      finding.fix(title, {{ast.range(node), std::string(ast.text(text))}});
    } else if (first + unused.size() == position) {
      finding.fix(title, {withoutArguments(context, node, unused)});
    }
  }
  if (!names.empty()) {
    auto finding = context.sink.begin("F522"_rule, ast.range(node), {names});
    finding.fix("Remove extra named arguments: " + names, {withoutArguments(context, node, unused_names)});
  }
}

static void checkMissing(LintContext& context, NodeId node, const Fields& fields, const Given& given) {
  const Ast& ast = context.ast;
  std::string missing;
  auto addIndex = [&](uint32_t index) {
    if (given.has_star || given.has_double_star || index < given.positional.size()) return;
    missing += (missing.empty() ? "" : ", ") + std::to_string(index);
  };
  for (uint32_t i = 0; i < fields.automatic; ++i) addIndex(i);
  for (uint32_t index : fields.numbered) addIndex(index);
  for (std::string_view name : fields.names) {
    bool is_given = given.has_double_star;
    for (NodeId keyword : given.keywords) is_given |= syntax::nameText(ast, ast.as<syntax::Keyword>(keyword).arg()) == name;
    if (!is_given) missing += (missing.empty() ? "" : ", ") + std::string(name);
  }
  if (!missing.empty()) context.sink.begin("F524"_rule, ast.range(node), {missing});
}

void checkBraceFormats(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "format") return;
  std::optional<std::string_view> text = syntax::stringValue(ast, method->value());
  if (!text) return;
  Fields fields;
  readFields(*text, fields, 0);
  if (!fields.error.empty()) {
    context.sink.begin("F521"_rule, ast.range(node), {fields.error});
    return;
  }
  Given given = givenOf(ast, call.args());
  if (mixesNumbering(*text)) context.sink.begin("F525"_rule, ast.range(node));
  checkUnused(context, node, fields, given);
  checkMissing(context, node, fields, given);
}

}  // namespace krait::lint

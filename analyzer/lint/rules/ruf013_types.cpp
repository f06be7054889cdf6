// RUF013, RUF020, RUF036, PYI016, PYI030, PYI041, PYI051, PYI055, PYI061, PYI062, PYI064, RUF041, TC010: unions and
// literals that say a thing twice, or wrongly. ref: PEP 484, PEP 586, PEP 604, flake8-pyi
#include <set>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::lint {

static bool isUnion(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.tryAs<syntax::BinOp>(node);
  if (operation) return operation->op() == syntax::BinaryOp::kBitOr;
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  return subscript && typingName(context, subscript->value()) == "Union";
}

static bool isLiteral(const LintContext& context, NodeId node) {
  auto subscript = context.ast.tryAs<syntax::Subscript>(node);
  return subscript && typingName(context, subscript->value()) == "Literal";
}

// The node is a union that is no part of a larger one.
static bool isOuterUnion(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isUnion(context, node)) return false;
  NodeId parent = ast.parent(node);
  if (ast.is(parent, NodeKind::kTuple)) parent = ast.parent(parent);
  return !parent.valid() || !isUnion(context, parent);
}

static bool mayBeNone(const LintContext& context, NodeId annotation, int depth) {
  const Ast& ast = context.ast;
  if (depth > 20 || isNone(ast, annotation)) return true;
  if (isUnion(context, annotation)) {
    std::vector<NodeId> members;
    unionMembers(context, annotation, members);
    for (NodeId member : members) {
      if (mayBeNone(context, member, depth + 1)) return true;
    }
    return false;
  }
  // What cannot be looked into may be anything.
  NodeId quoted = unquoted(context, annotation);
  if (quoted != annotation) return mayBeNone(context, quoted, depth + 1);
  if (syntax::stringValue(ast, annotation)) return true;
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  std::string name = typingName(context, subscript ? subscript->value() : annotation);
  if (name == "Optional" || name == "Any") return true;
  if (subscript && name == "Annotated") {
    auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
    return !tuple || tuple->elts().empty() || mayBeNone(context, tuple->elts()[0], depth + 1);
  }
  if (subscript && name == "Literal") {
    auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
    if (!tuple) return isNone(ast, subscript->slice());
    for (NodeId elt : tuple->elts()) {
      if (isNone(ast, elt)) return true;
    }
    return false;
  }
  if (!name.empty()) return false;
  std::string qualified = qualifiedName(context, annotation);
  if (qualified == "builtins.object") return true;
  // Generics of the file are unknown.
  if (subscript) return qualifiedName(context, subscript->value()).empty();
  if (qualified.starts_with("builtins.")) return false;
  // A name of the file: an alias may hold None, a class may not.
  SymbolId owner = ast.is(annotation, NodeKind::kName) ? context.model.ownerAt(annotation) : SymbolId::none();
  if (!owner.valid()) return true;
  for (const Definition& definition : context.model.definitions(owner)) {
    if (definition.kind == DefinitionKind::kClass) return false;
  }
  return true;
}

void checkImplicitOptional(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto param = ast.as<syntax::Parameter>(node);
  if (!param.annotation().valid() || !isNone(ast, param.defaultValue()) || mayBeNone(context, param.annotation(), 0)) return;
  NodeId annotation = unquoted(context, param.annotation());
  TextRange range = ast.range(annotation);
  std::string text(ast.text(annotation));
  context.sink.begin(Rule::kRUF013, range).fix("Convert to `T | None`", {{range, text + " | None"}}, FixSafety::kUnsafe);
}

static void checkNever(LintContext& context, NodeId union_node, const std::vector<NodeId>& members) {
  const Ast& ast = context.ast;
  for (NodeId member : members) {
    std::string name = typingName(context, member);
    if (name != "Never" && name != "NoReturn") continue;
    bool is_operator = ast.is(union_node, NodeKind::kBinOp);
    if (is_operator && members.size() < 2) continue;
    auto finding = context.sink.begin(is_operator ? Rule::kRUF020 : Rule::kRUF020Union, ast.range(member), {name});
    std::string text;
    for (NodeId other : members) {
      if (other != member) text += (text.empty() ? "" : " | ") + std::string(ast.text(other));
    }
    if (is_operator && !text.empty()) finding.fix("Remove `" + name + "`", {{ast.range(union_node), text}});
  }
}

static void checkDuplicates(LintContext& context, NodeId union_node, const std::vector<NodeId>& members) {
  const Ast& ast = context.ast;
  if (context.tokens.quotedTypes().isInComplex(ast, union_node)) return;
  std::set<std::string_view> seen;
  for (NodeId member : members) {
    if (!seen.insert(ast.text(member)).second) {
      context.sink.begin(Rule::kPYI016, ast.range(member), {ast.text(member)});
    }
  }
}

static void checkLiterals(LintContext& context, NodeId union_node, const std::vector<NodeId>& members) {
  const Ast& ast = context.ast;
  std::string items;
  uint32_t count = 0;
  std::set<std::string> builtins;
  for (NodeId member : members) {
    std::string name = qualifiedName(context, member);
    if (name.starts_with("builtins.")) builtins.insert(name.substr(9));
    if (!isLiteral(context, member)) continue;
    ++count;
    items += (items.empty() ? "" : ", ") + std::string(ast.text(ast.as<syntax::Subscript>(member).slice()));
  }
  if (count > 1) context.sink.begin(Rule::kPYI030, ast.range(union_node), {items});
  for (NodeId member : members) {
    if (!isLiteral(context, member)) continue;
    NodeId slice = ast.as<syntax::Subscript>(member).slice();
    NodeList elts = ast.is(slice, NodeKind::kTuple) ? ast.as<syntax::Tuple>(slice).elts() : NodeList(&slice, 1);
    for (NodeId elt : elts) {
      auto constant = ast.tryAs<syntax::Constant>(elt);
      if (!constant) continue;
      std::string type;
      if (constant->constantKind() == syntax::ConstantKind::kStr) type = "str";
      if (constant->constantKind() == syntax::ConstantKind::kBytes) type = "bytes";
      if (constant->constantKind() == syntax::ConstantKind::kInt) type = "int";
      if (isBool(ast, elt)) type = "bool";
      if (!type.empty() && builtins.contains(type)) context.sink.begin(Rule::kPYI051, ast.range(elt), {ast.text(elt), type});
    }
  }
}

static void checkTypes(LintContext& context, NodeId union_node, const std::vector<NodeId>& members) {
  const Ast& ast = context.ast;
  std::string inner, rest;
  uint32_t count = 0;
  for (NodeId member : members) {
    auto subscript = ast.tryAs<syntax::Subscript>(member);
    bool is_type = subscript && isOneOf(qualifiedName(context, subscript->value()), {"builtins.type", "typing.Type"});
    if (is_type) {
      ++count;
      inner += (inner.empty() ? "" : " | ") + std::string(ast.text(subscript->slice()));
    } else {
      rest += " | " + std::string(ast.text(member));
    }
  }
  if (count < 2) return;
  std::string shown = "type[" + inner + "]";
  context.sink.begin(Rule::kPYI055, ast.range(union_node), {shown})
      .fix("Combine multiple `type` members", {{ast.range(union_node), shown + rest}}, hasComment(context, ast.range(union_node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static void checkStringMember(LintContext& context, const std::vector<NodeId>& members) {
  if (context.is_stub) return;
  for (NodeId member : members) {
    bool is_string = syntax::stringValue(context.ast, member).has_value() && context.ast.is(context.ast.parent(member), NodeKind::kBinOp);
    if (is_string && isTypeDefinition(context, member) && !isDeferredAnnotation(context, member)) context.sink.begin(Rule::kTC010, context.ast.range(member));
  }
}

void checkUnionMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isOuterUnion(context, node)) return;
  std::vector<NodeId> members;
  unionMembers(context, node, members);
  checkStringMember(context, members);
  checkNever(context, node, members);
  if (!isTypeDefinition(context, node)) return;
  checkDuplicates(context, node, members);
  checkLiterals(context, node, members);
  checkTypes(context, node, members);
  bool has_late_none = false;
  for (size_t i = 0; i + 1 < members.size(); ++i) has_late_none |= isNone(ast, members[i]);
  if (has_late_none && !isNone(ast, members.back())) {
    std::string text;
    for (NodeId member : members) {
      if (!isNone(ast, member)) text += std::string(ast.text(member)) + " | ";
    }
    auto finding = context.sink.begin(Rule::kRUF036, ast.range(node));
    if (ast.is(node, NodeKind::kBinOp)) finding.fix("Move `None` to the end of the type union", {{ast.range(node), text + "None"}}, hasComment(context, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

// PYI041: `int | float`, `float | complex` of a parameter.
void checkNumericUnion(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId annotation = ast.as<syntax::Parameter>(node).annotation();
  if (!annotation.valid() || !isUnion(context, annotation)) return;
  std::vector<NodeId> members;
  unionMembers(context, annotation, members);
  bool has_int = false, has_float = false, has_complex = false;
  for (NodeId member : members) {
    std::string name = qualifiedName(context, member);
    has_int |= name == "builtins.int";
    has_float |= name == "builtins.float";
    has_complex |= name == "builtins.complex";
  }
  bool is_found = (has_complex && (has_float || has_int)) || (has_float && has_int);
  if (!is_found) return;
  std::string_view supertype = has_complex ? "complex" : "float";
  std::string_view shown = has_complex ? (has_float && has_int ? "int | float | complex" : has_float ? "float | complex" : "int | complex") : "int | float";
  std::string text;
  for (NodeId member : members) {
    std::string name = qualifiedName(context, member);
    bool is_redundant = name == "builtins.int" || (has_complex && name == "builtins.float");
    if (!is_redundant) text += (text.empty() ? "" : " | ") + std::string(ast.text(member));
  }
  auto finding = context.sink.begin(Rule::kPYI041, ast.range(annotation), {supertype, shown});
  if (ast.is(annotation, NodeKind::kBinOp)) finding.fix("Remove redundant type", {{ast.range(annotation), text}}, hasComment(context, ast.range(annotation)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkLiteralMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  std::string name = typingName(context, subscript.value());
  if (name == "Final" && isLiteral(context, subscript.slice())) {
    auto assign = ast.tryAs<syntax::AnnAssign>(ast.parent(node));
    if (assign && assign->value().valid() && assign->annotation() == node) {
      NodeId literal = ast.as<syntax::Subscript>(subscript.slice()).slice();
      if (ast.text(literal) == ast.text(assign->value())) {
        context.sink.begin(Rule::kPYI064, ast.range(ast.parent(node)), {ast.text(literal)})
            .fix("Replace with `Final`", {{ast.range(node), std::string(ast.text(subscript.value()))}});
      }
    }
    return;
  }
  if (name != "Literal" || context.tokens.quotedTypes().isInComplex(ast, node)) return;
  NodeId slice = subscript.slice();
  NodeList elts = ast.is(slice, NodeKind::kTuple) ? ast.as<syntax::Tuple>(slice).elts() : NodeList(&slice, 1);
  std::set<std::string> seen;
  std::vector<std::string> kept, flat;
  std::vector<NodeId> nones;
  bool has_nested = false, has_duplicate = false;
  std::vector<std::pair<NodeId, std::string>> duplicates;
  for (NodeId elt : elts) {
    std::string text(ast.text(elt));
    if (isNone(ast, elt)) nones.push_back(elt);
    if (isLiteral(context, elt)) {
      has_nested = true;
      NodeId inner = ast.as<syntax::Subscript>(elt).slice();
      flat.emplace_back(ast.text(inner));
    } else {
      flat.push_back(text);
    }
    if (!seen.insert(text).second) {
      has_duplicate = true;
      duplicates.emplace_back(elt, text);
    } else {
      kept.push_back(text);
    }
  }
  auto joined = [](const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
    return out;
  };
  for (auto& [elt, text] : duplicates) {
    context.sink.begin(Rule::kPYI062, ast.range(elt), {text}).fix("Remove duplicates", {{ast.range(slice), joined(kept)}});
  }
  (void)has_duplicate;
  if (has_nested && !isLiteral(context, ast.parent(node))) {
    context.sink.begin(Rule::kRUF041, ast.range(node)).fix("Replace with flattened `Literal`", {{ast.range(slice), joined(flat)}});
  }
  for (NodeId none : nones) {
    bool is_only = nones.size() == elts.size();
    auto finding = context.sink.begin(is_only ? Rule::kPYI061 : Rule::kPYI061Optional, ast.range(none));
    if (is_only) {
      finding.fix("Replace with `None`", {{ast.range(node), "None"}});
    }
  }
}

}  // namespace krait::lint

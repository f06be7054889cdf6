// RUF013, RUF020, RUF036, PYI016, PYI030, PYI041, PYI051, PYI055, PYI061, PYI062, PYI064, RUF041, TC010: unions and
// literals that say a thing twice, or wrongly. ref: PEP 484, PEP 586, PEP 604, flake8-pyi
#include <algorithm>
#include <set>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/imports/import_edits.h"
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
  if (name == "Optional" || name == "Any" || name == "Hashable") return true;
  if (qualifiedName(context, annotation) == "collections.abc.Hashable") return true;
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
  // What a name of the file stands for is not asked.
  return true;
}

void checkImplicitOptional(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto param = ast.as<syntax::Parameter>(node);
  if (!param.annotation().valid() || !isNone(ast, param.defaultValue()) || mayBeNone(context, param.annotation(), 0)) return;
  NodeId annotation = unquoted(context, param.annotation());
  // Of `Annotated[T, …]` the type is meant.
  auto annotated = ast.tryAs<syntax::Subscript>(annotation);
  if (annotated && typingName(context, annotated->value()) == "Annotated" && ast.is(annotated->slice(), NodeKind::kTuple)) {
    annotation = unquoted(context, ast.list(annotated->slice(), 0)[0]);
  }
  TextRange range = ast.range(annotation);
  std::string text(ast.text(annotation));
  auto finding = context.sink.begin("RUF013"_rule, range);
  // A type in several string literals cannot be written on.
  if (isStr(ast, param.annotation()) && ast.range(annotation) == ast.range(param.annotation())) return;
  if (context.options.target_minor >= 10) return (void)finding.fix("Convert to `T | None`", {{range, text + " | None"}}, FixSafety::kUnsafe);
  if (mayDeferAnnotations(context)) {
    return (void)finding.fix("Convert to `T | None`", {futureAnnotationsEdit(context), {range, text + " | None"}}, FixSafety::kUnsafe);
  }
  std::optional<ImportedName> optional = importName(context, "typing", "Optional", node);
  if (!optional) return;
  std::vector<FixEdit> edits = {{range, optional->text + "[" + text + "]"}};
  if (optional->edit) edits.push_back(*optional->edit);
  finding.fix("Convert to `Optional[T]`", std::move(edits), FixSafety::kUnsafe);
}

static bool isOptional(const LintContext& context, NodeId node) {
  auto subscript = context.ast.tryAs<syntax::Subscript>(node);
  return subscript && typingName(context, subscript->value()) == "Optional";
}

// Is a part of the union written with `|`?
static bool hasBar(const LintContext& context, NodeId whole) {
  const Ast& ast = context.ast;
  if (ast.is(whole, NodeKind::kBinOp)) return isUnion(context, whole);
  if (!isUnion(context, whole) && !isOptional(context, whole)) return false;
  NodeId slice = ast.as<syntax::Subscript>(whole).slice();
  NodeList elts = ast.is(slice, NodeKind::kTuple) ? ast.as<syntax::Tuple>(slice).elts() : NodeList(&slice, 1);
  return std::any_of(elts.begin(), elts.end(), [&](NodeId elt) { return hasBar(context, elt); });
}

// The edits that write the union anew with these members: with `|` where `has_bar`, else with `Union`, which may have to
// be imported. Empty when it cannot.
static std::vector<FixEdit> unionEdits(const LintContext& context, NodeId whole, const std::vector<std::string_view>& members, bool has_bar) {
  const Ast& ast = context.ast;
  std::string text;
  for (std::string_view member : members) text += (text.empty() ? "" : has_bar ? " | " : ", ") + std::string(member);
  if (has_bar || members.size() == 1) return {{ast.range(whole), text}};
  std::optional<ImportedName> name = importName(context, "typing", "Union", whole);
  if (!name) return {};
  std::vector<FixEdit> edits = {{ast.range(whole), name->text + "[" + text + "]"}};
  if (name->edit) edits.push_back(*name->edit);
  return edits;
}

static void checkNever(LintContext& context, NodeId union_node, const std::vector<NodeId>& members) {
  const Ast& ast = context.ast;
  for (NodeId member : members) {
    std::string name = typingName(context, member);
    if (name != "Never" && name != "NoReturn") continue;
    bool is_operator = ast.is(union_node, NodeKind::kBinOp);
    if (members.size() < 2) continue;
    auto finding = context.sink.begin(is_operator ? "RUF020"_rule : "RUF020Union"_rule, ast.range(member), {name});
    std::vector<std::string_view> kept;
    for (NodeId other : members) {
      if (other != member) kept.push_back(ast.text(other));
    }
    std::vector<FixEdit> edits = unionEdits(context, union_node, kept, hasBar(context, union_node));
    if (!edits.empty()) finding.fix("Remove `" + name + "`", std::move(edits));
  }
}

static FixSafety safetyOf(const LintContext& context, NodeId node) {
  return hasComment(context, context.ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe;
}

namespace {
struct SpelledMember {
  NodeId node;  // invalid: the None that an `Optional[…]` says
  TextRange range;
  std::string_view text;
};
}  // namespace

// The members with their text; the None of `Optional[X]` stands where that name does.
static void spelledMembers(const LintContext& context, NodeId node, std::vector<SpelledMember>& out) {
  const Ast& ast = context.ast;
  if (!isOptional(context, node)) {
    std::vector<NodeId> members;
    unionMembers(context, node, members);
    for (NodeId member : members) {
      if (isOptional(context, member)) {
        spelledMembers(context, member, out);
      } else {
        out.push_back({member, ast.range(member), ast.text(member)});
      }
    }
    return;
  }
  out.push_back({NodeId(), ast.range(ast.as<syntax::Subscript>(node).value()), "None"});
  spelledMembers(context, ast.as<syntax::Subscript>(node).slice(), out);
}

static void checkDuplicates(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId parent = ast.parent(node);
  if (ast.is(parent, NodeKind::kTuple)) parent = ast.parent(parent);
  if (parent.valid() && (isUnion(context, parent) || isOptional(context, parent))) return;
  if (context.tokens.quotedTypes().isInComplex(ast, node)) return;
  if (ast.is(node, NodeKind::kBinOp) && !isTypeDefinition(context, node)) return;
  std::vector<SpelledMember> members;
  spelledMembers(context, node, members);
  std::vector<size_t> kept, doubled;
  bool has_only_none = true;  // written as None each
  for (size_t i = 0; i < members.size(); ++i) {
    has_only_none &= members[i].node.valid() && isNone(ast, members[i].node);
    bool is_known = std::any_of(kept.begin(), kept.end(), [&](size_t other) {
      return members[other].text == members[i].text || (members[i].node.valid() && members[other].node.valid() && isSameExpr(ast, members[other].node, members[i].node));
    });
    (is_known ? doubled : kept).push_back(i);
  }
  if (doubled.empty()) return;
  std::vector<std::string_view> texts;
  for (size_t i : kept) texts.push_back(members[i].text);
  std::vector<FixEdit> edits = has_only_none ? std::vector<FixEdit>() : unionEdits(context, node, texts, hasBar(context, node));
  for (size_t i : doubled) {
    auto finding = context.sink.begin("PYI016"_rule, members[i].range, {members[i].text});
    if (!edits.empty()) finding.fix("Remove duplicate union member `" + std::string(members[i].text) + "`", edits, safetyOf(context, node));
  }
}

// What a literal lists, without the parentheses that a tuple may have.
static std::string itemsText(const Ast& ast, NodeId slice) {
  std::string_view text = ast.text(slice);
  if (ast.is(slice, NodeKind::kTuple)) {
    NodeList elts = ast.as<syntax::Tuple>(slice).elts();
    if (!elts.empty()) return std::string(ast.text({ast.range(elts[0]).begin, ast.range(elts.back()).end}));
  }
  return std::string(text);
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
    items += (items.empty() ? "" : ", ") + itemsText(ast, ast.as<syntax::Subscript>(member).slice());
  }
  if (count > 1) {
    auto finding = context.sink.begin("PYI030"_rule, ast.range(union_node), {items});
    std::string merged;
    std::vector<std::string_view> kept = {{}};
    for (NodeId member : members) {
      if (!isLiteral(context, member)) {
        kept.push_back(ast.text(member));
      } else if (merged.empty()) {
        merged = std::string(ast.text(ast.as<syntax::Subscript>(member).value())) + "[" + items + "]";
      }
    }
    kept[0] = merged;
    std::vector<FixEdit> edits = unionEdits(context, union_node, kept, ast.is(union_node, NodeKind::kBinOp));
    if (!edits.empty()) finding.fix("Replace with a single `Literal`", std::move(edits), safetyOf(context, union_node));
  }
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
      if (constant->constantKind() == syntax::ConstantKind::kFloat) type = "float";
      if (constant->constantKind() == syntax::ConstantKind::kComplex) type = "complex";
      if (isBool(ast, elt)) type = "bool";
      if (!type.empty() && builtins.contains(type)) context.sink.begin("PYI051"_rule, ast.range(elt), {ast.text(elt), type});
    }
  }
}

// The value of a `type` statement, which nothing evaluates before somebody asks.
static bool isLazyAlias(const Ast& ast, NodeId node) { return ast.is(statementOf(ast, node), NodeKind::kTypeAlias); }

static void checkTypes(LintContext& context, NodeId union_node, const std::vector<NodeId>& members) {
  const Ast& ast = context.ast;
  std::string inner;
  std::vector<std::string_view> kept = {{}};
  uint32_t count = 0;
  bool has_bar = hasBar(context, union_node);
  for (NodeId member : members) {
    auto subscript = ast.tryAs<syntax::Subscript>(member);
    bool is_type = subscript && qualifiedName(context, subscript->value()) == "builtins.type" && !ast.is(subscript->slice(), NodeKind::kTuple);
    if (is_type) {
      ++count;
      inner += (inner.empty() ? "" : has_bar ? " | " : ", ") + std::string(ast.text(subscript->slice()));
    } else {
      kept.push_back(ast.text(member));
    }
  }
  // `|` between types may not be evaluated.
  if (count < 2 || !(isTypingOnly(context, union_node) || isLazyAlias(ast, union_node))) return;
  auto finding = context.sink.begin("PYI055"_rule, ast.range(union_node), {has_bar ? "type[" + inner + "]" : "type[Union[" + inner + "]]"});
  std::string combined = "type[" + inner + "]";
  std::string name = has_bar ? "" : std::string(ast.text(ast.as<syntax::Subscript>(union_node).value()));
  if (!has_bar) combined = "type[" + name + "[" + inner + "]]";
  kept[0] = combined;
  std::string text;
  for (std::string_view member : kept) text += (text.empty() ? "" : has_bar ? " | " : ", ") + std::string(member);
  if (!has_bar && kept.size() > 1) text = name + "[" + text + "]";
  finding.fix("Combine multiple `type` members", {{ast.range(union_node), text}}, safetyOf(context, union_node));
}

static bool isInQuotes(const Ast& ast, NodeId node) {
  while (node.valid() && !ast.is(node, NodeKind::kConstant)) node = ast.parent(node);
  return node.valid();
}

static void checkStringMember(LintContext& context, const std::vector<NodeId>& members) {
  // Nothing joins the members of a type that stands in quotes as a whole.
  if (context.is_stub || members.empty() || isInQuotes(context.ast, context.ast.parent(members[0]))) return;
  for (NodeId member : members) {
    bool is_string = syntax::stringValue(context.ast, member).has_value() && context.ast.is(context.ast.parent(member), NodeKind::kBinOp);
    if (is_string && isTypeDefinition(context, member) && !isDeferredAnnotation(context, member) && !isLazyAlias(context.ast, member)) context.sink.begin("TC010"_rule, context.ast.range(member));
  }
}

void checkUnionMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (isUnion(context, node) || isOptional(context, node)) checkDuplicates(context, node);
  if (!isOuterUnion(context, node)) return;
  std::vector<NodeId> members;
  unionMembers(context, node, members);
  checkStringMember(context, members);
  checkNever(context, node, members);
  checkLiterals(context, node, members);
  checkTypes(context, node, members);
  if (!isTypeDefinition(context, node)) return;
  bool has_late_none = false;
  for (size_t i = 0; i + 1 < members.size(); ++i) has_late_none |= isNone(ast, members[i]);
  if (has_late_none && !isNone(ast, members.back())) {
    std::vector<std::string_view> ordered;
    for (NodeId member : members) {
      if (!isNone(ast, member)) ordered.push_back(ast.text(member));
    }
    ordered.push_back("None");
    std::vector<FixEdit> edits = unionEdits(context, node, ordered, hasBar(context, node));
    auto finding = context.sink.begin("RUF036"_rule, ast.range(node));
    if (!edits.empty()) finding.fix("Move `None` to the end of the type union", std::move(edits), safetyOf(context, node));
  }
}

// Is it the parameter by whose annotation a function registers itself as a case of a generic one?
static bool isDispatchedOn(const LintContext& context, NodeId parameter) {
  const Ast& ast = context.ast;
  NodeId function = ast.parent(ast.parent(parameter));
  if (!ast.is(function, NodeKind::kFunctionDef)) return false;
  NodeList params = ast.as<syntax::Parameters>(ast.parent(parameter)).params();
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    auto method = ast.tryAs<syntax::Attribute>(decorator);
    if (!method || syntax::nameText(ast, method->attr()) != "register") continue;
    SymbolId generic = context.model.ownerAt(method->value());
    if (!generic.valid() || context.model.definitions(generic).empty()) continue;
    const Definition& definition = context.model.definitions(generic).back();
    if (definition.kind != DefinitionKind::kFunction) continue;
    for (NodeId each : ast.as<syntax::FunctionDef>(definition.owner).decorators()) {
      std::string name = qualifiedName(context, each);
      size_t index = name == "functools.singledispatch" ? 0 : name == "functools.singledispatchmethod" ? 1 : params.size();
      if (index < params.size() && params[index] == parameter) return true;
    }
  }
  return false;
}

// PYI041: `int | float`, `float | complex` of a parameter.
void checkNumericUnion(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId annotation = ast.as<syntax::Parameter>(node).annotation();
  if (context.options.preview && annotation.valid()) annotation = unquoted(context, annotation);
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
  if (!is_found || isDispatchedOn(context, node)) return;
  std::string_view supertype = has_complex ? "complex" : "float";
  std::string_view shown = has_complex ? (has_float && has_int ? "int | float | complex" : has_float ? "float | complex" : "int | complex") : "int | float";
  std::vector<std::string_view> kept;
  bool has_bar = false;  // around something other than None
  for (NodeId member : members) {
    std::string name = qualifiedName(context, member);
    bool is_redundant = name == "builtins.int" || (has_complex && name == "builtins.float");
    if (!is_redundant) kept.push_back(ast.text(member));
    has_bar |= !isNone(ast, member) && ast.is(ast.parent(member), NodeKind::kBinOp);
  }
  std::vector<FixEdit> edits = unionEdits(context, annotation, kept, has_bar);
  auto finding = context.sink.begin("PYI041"_rule, ast.range(annotation), {supertype, shown});
  if (!edits.empty()) finding.fix("Remove redundant type", std::move(edits), safetyOf(context, annotation));
}

// The values of a literal, those of literals in it too.
static void literalMembers(const LintContext& context, NodeId elt, std::vector<NodeId>& out) {
  const Ast& ast = context.ast;
  if (!isLiteral(context, elt)) return out.push_back(elt);
  NodeId slice = ast.as<syntax::Subscript>(elt).slice();
  if (!ast.is(slice, NodeKind::kTuple)) return literalMembers(context, slice, out);
  for (NodeId inner : ast.as<syntax::Tuple>(slice).elts()) literalMembers(context, inner, out);
}

// Does the union around the literal have a None of its own?
static bool isBesideNone(const LintContext& context, NodeId node) {
  NodeId outer = node;
  while (isUnion(context, context.ast.parent(outer))) outer = context.ast.parent(outer);
  std::vector<NodeId> members;
  unionMembers(context, outer, members);
  return std::any_of(members.begin(), members.end(), [&](NodeId member) { return isNone(context.ast, member); });
}

// PYI064: `x: Final[Literal[1]] = 1`.
static void checkFinalLiteral(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  auto assign = ast.tryAs<syntax::AnnAssign>(ast.parent(node));
  NodeId literal = ast.as<syntax::Subscript>(subscript.slice()).slice();
  if (!assign || assign->annotation() != node || !isLiteral(ast, literal)) return;
  TextRange range = ast.range(ast.parent(node));
  auto finding = context.sink.begin("PYI064"_rule, range, {ast.text(literal)});
  std::vector<FixEdit> edits = {{ast.range(node), std::string(ast.text(subscript.value()))}};
  if (!assign->value().valid()) {
    edits.push_back({{range.end, range.end}, " = " + std::string(ast.text(literal))});
  } else if (!isSameExpr(ast, literal, assign->value())) {
    return;
  }
  finding.fix("Replace with `Final`", std::move(edits));
}

void checkLiteralMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  std::string name = typingName(context, subscript.value());
  if (name == "Final" && isLiteral(context, subscript.slice())) {
    checkFinalLiteral(context, node);
    return;
  }
  if (name != "Literal" || context.tokens.quotedTypes().isInComplex(ast, node)) return;
  NodeId slice = subscript.slice();
  NodeList elts = ast.is(slice, NodeKind::kTuple) ? ast.as<syntax::Tuple>(slice).elts() : NodeList(&slice, 1);
  std::vector<NodeId> seen;
  std::vector<std::string> kept, flat;
  std::vector<NodeId> nones;
  bool has_nested = false;
  std::vector<std::pair<NodeId, std::string>> duplicates;
  for (NodeId elt : elts) {
    if (isNone(ast, elt)) nones.push_back(elt);
    std::vector<NodeId> members;
    literalMembers(context, elt, members);
    has_nested |= members.size() != 1 || members[0] != elt;
    for (NodeId member : members) {
      flat.emplace_back(ast.text(member));
      bool is_known = std::any_of(seen.begin(), seen.end(), [&](NodeId other) { return isSameExpr(ast, other, member); });
      if (is_known) {
        duplicates.emplace_back(member, generatedCode(ast, member));
        continue;
      }
      seen.push_back(member);
      kept.push_back(generatedCode(ast, member));
    }
  }
  // The inner ones are judged with the outermost.
  NodeId around = ast.parent(node);
  if (ast.is(around, NodeKind::kTuple)) around = ast.parent(around);
  if (around.valid() && isLiteral(context, around)) duplicates.clear();
  auto joined = [](const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
    return out;
  };
  for (auto& [elt, text] : duplicates) {
    context.sink.begin("PYI062"_rule, ast.range(elt), {text})
        .fix("Remove duplicates", {{ast.range(node), std::string(ast.text(subscript.value())) + "[" + joined(kept) + "]"}}, safetyOf(context, node));
  }
  if (has_nested && !isLiteral(context, ast.parent(node))) {
    context.sink.begin("RUF041"_rule, ast.range(node)).fix("Replace with flattened `Literal`", {{ast.range(slice), joined(flat)}});
  }
  for (NodeId none : nones) {
    bool is_only = nones.size() == elts.size();
    bool has_bar = context.options.target_minor >= 10 || context.is_stub;
    auto finding = is_only ? context.sink.begin("PYI061"_rule, ast.range(none))
                           : context.sink.begin("PYI061Optional"_rule, ast.range(none), {has_bar ? "Literal[...] | None" : "Optional[Literal[...]]"});
    if (is_only) {
      if (!isBesideNone(context, node)) finding.fix("Replace with `None`", {{ast.range(node), "None"}});
      continue;
    }
    if (isBesideNone(context, node)) continue;
    std::string values;
    for (NodeId elt : elts) {
      if (!isNone(ast, elt)) values += (values.empty() ? "" : ", ") + std::string(ast.text(elt));
    }
    std::string literal = std::string(ast.text(subscript.value())) + "[" + values + "]";
    if (has_bar) {
      NodeKind place = ast.kind(around);
      bool is_bare = place == NodeKind::kAnnAssign || place == NodeKind::kParameter || place == NodeKind::kFunctionDef || place == NodeKind::kBinOp;
      finding.fix("Replace with `Literal[...] | None`", {{ast.range(node), is_bare ? literal + " | None" : "(" + literal + " | None)"}}, safetyOf(context, node));
    } else if (std::optional<ImportedName> optional = importName(context, "typing", "Optional", node)) {
      std::vector<FixEdit> edits = {{ast.range(node), optional->text + "[" + literal + "]"}};
      if (optional->edit) edits.push_back(*optional->edit);
      finding.fix("Replace with `Optional[Literal[...]]`", std::move(edits), safetyOf(context, node));
    }
  }
}

}  // namespace krait::lint

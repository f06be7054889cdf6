// UP013, UP014, UP043, UP049: typed classes in their own syntax, names and defaults of type parameters.
// ref: PEP 695, PEP 696, pyupgrade
#include <set>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/syntax/keywords.h"

namespace krait::lint {

namespace {
// The fields of a class in functional form, and the keywords that its header takes over (`total=…`).
struct ClassFields {
  std::vector<std::pair<std::string, NodeId>> fields;
  NodeList keywords;
};
}  // namespace

static bool isFieldName(const LintContext& context, NodeId key, std::string& name) {
  auto text = syntax::stringValue(context.ast, key);
  if (!text || text->empty() || syntax::isKeyword(*text)) return false;
  bool is_digit = (*text)[0] >= '0' && (*text)[0] <= '9';
  for (char c : *text) {
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (!is_word) return false;
  }
  name = *text;
  return !is_digit && !name.starts_with("__");
}

// `field=type` arguments; none when something else is among them.
static bool addKeywords(const LintContext& context, NodeList args, ClassFields& out) {
  for (NodeId arg : args) {
    auto keyword = context.ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) return false;
    out.fields.emplace_back(syntax::nameText(context.ast, keyword->arg()), keyword->value());
  }
  return true;
}

static std::optional<ClassFields> typedDictFields(const LintContext& context, syntax::Call call) {
  const Ast& ast = context.ast;
  ClassFields out;
  NodeList args = call.args();
  if (args.size() == 1) return out;
  if (ast.is(args[1], NodeKind::kKeyword)) return addKeywords(context, args.subspan(1), out) ? std::optional(out) : std::nullopt;
  out.keywords = args.subspan(2);
  for (NodeId arg : out.keywords) {
    if (!ast.is(arg, NodeKind::kKeyword)) return std::nullopt;
  }
  if (auto made = ast.tryAs<syntax::Call>(args[1])) {
    bool is_dict = isBuiltin(context, made->func(), "dict");
    return is_dict && addKeywords(context, made->args(), out) ? std::optional(out) : std::nullopt;
  }
  auto dict = ast.tryAs<syntax::Dict>(args[1]);
  if (!dict) return std::nullopt;
  for (size_t i = 0; i < dict->keys().size(); ++i) {
    std::string name;
    if (!dict->keys()[i].valid() || !isFieldName(context, dict->keys()[i], name)) return std::nullopt;
    out.fields.emplace_back(name, dict->values()[i]);
  }
  return out;
}

static std::optional<ClassFields> namedTupleFields(const LintContext& context, syntax::Call call) {
  const Ast& ast = context.ast;
  ClassFields out;
  NodeList args = call.args();
  if (args.size() == 1) return out;
  if (ast.is(args[1], NodeKind::kKeyword)) return addKeywords(context, args.subspan(1), out) ? std::optional(out) : std::nullopt;
  auto list = ast.tryAs<syntax::List>(args[1]);
  if (!list || args.size() > 2) return std::nullopt;
  for (NodeId elt : list->elts()) {
    auto field = ast.tryAs<syntax::Tuple>(elt);
    std::string name;
    if (!field || field->elts().size() != 2 || !isFieldName(context, field->elts()[0], name)) return std::nullopt;
    out.fields.emplace_back(name, field->elts()[1]);
  }
  return out;
}

static std::string classForm(const LintContext& context, std::string_view name, NodeId base, const ClassFields& parts) {
  const Ast& ast = context.ast;
  std::string text = "class " + std::string(name) + "(" + std::string(ast.text(base));
  for (NodeId arg : parts.keywords) {
    auto keyword = ast.as<syntax::Keyword>(arg);
    text += ", " + (keyword.arg().valid() ? std::string(syntax::nameText(ast, keyword.arg())) + "=" : "**") + generatedOperand(ast, keyword.value(), Operand::kAtom);
  }
  text += "):";
  std::string line = std::string(lineEndText(context)) + std::string(indentStep(context));
  for (const auto& [field, type] : parts.fields) {
    bool needs_parentheses = ast.is(type, NodeKind::kYield) || ast.is(type, NodeKind::kYieldFrom) || ast.is(type, NodeKind::kNamedExpr);
    std::string code = generatedCode(ast, type);
    if (needs_parentheses && !code.starts_with("(")) code = "(" + code + ")";
    text += line + field + ": " + code;
  }
  return parts.fields.empty() ? text + line + "pass" : text;
}

static void reportClassForm(LintContext& context, NodeId node, syntax::Call call, const std::optional<ClassFields>& parts, Rule rule) {
  if (!parts) return;
  const Ast& ast = context.ast;
  std::string name(syntax::nameText(ast, ast.as<syntax::Assign>(node).targets()[0]));
  TextRange range = ast.range(node);
  auto finding = context.sink.begin(rule, range, {name});
  // As the peer has it, only what begins a line is rewritten.
  const LineIndex& lines = context.file.lines;
  if (lines.lineStart(lines.lineOf(range.begin)) != range.begin) return;
  FixSafety safety = hasComment(context, range) ? FixSafety::kUnsafe : FixSafety::kSafe;
  finding.fix("Convert `" + name + "` to class syntax", {{range, classForm(context, name, call.func(), *parts)}}, safety);
}

void checkFunctionalClasses(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  auto call = ast.tryAs<syntax::Call>(assign.value());
  if (!call || assign.targets().size() != 1 || !ast.is(assign.targets()[0], NodeKind::kName)) return;
  std::string name = typingName(context, call->func());
  // What stands for the name of the class does not matter: it is the target's.
  bool has_name = !call->args().empty() && !ast.is(call->args()[0], NodeKind::kKeyword);
  bool is_unpacked = has_name && ast.is(call->args()[0], NodeKind::kStarred);
  // Unpacked arguments before the fields may be any.
  if (is_unpacked && name == "TypedDict" && call->args().size() > 1 && typedDictFields(context, *call)) {
    context.sink.begin("UP013"_rule, ast.range(node), {syntax::nameText(ast, assign.targets()[0])});
  }
  has_name = has_name && !is_unpacked;
  if (name == "TypedDict" && has_name) reportClassForm(context, node, *call, typedDictFields(context, *call), "UP013"_rule);
  if (name == "NamedTuple" && has_name) reportClassForm(context, node, *call, namedTupleFields(context, *call), "UP014"_rule);
}

// Renames the type parameter where the new name is free everywhere that the old one is used.
static std::vector<FixEdit> withoutUnderscores(const LintContext& context, NodeId name) {
  const Ast& ast = context.ast;
  const SemanticModel& model = context.model;
  std::string_view old_name = syntax::nameText(ast, name);
  std::string new_name(old_name.substr(old_name.find_first_not_of('_')));
  NameId id = ast.names().find(new_name);
  SymbolId owner = model.ownerAt(name);
  bool is_free = owner.valid() && new_name[0] > '9' && !syntax::isKeyword(new_name) && !(id.valid() && context.builtins.has(id));
  if (!is_free) return {};
  std::vector<FixEdit> edits = {{ast.range(name), new_name}};
  if (id.valid() && model.lookup(model.enclosingScope(name), id).valid()) return {};
  for (const Reference& reference : model.references(owner)) {
    bool is_taken = id.valid() && model.lookup(model.enclosingScope(reference.node), id).valid();
    if (is_taken || ast.text(reference.node) != old_name) return {};
    edits.push_back({ast.range(reference.node), new_name});
  }
  return edits;
}

static void checkPrivateParams(LintContext& context, NodeList params, std::string_view kind) {
  const Ast& ast = context.ast;
  for (NodeId param : params) {
    NodeId name = ast.child(param, 0);
    std::string_view text = syntax::nameText(ast, name);
    bool is_private = text.starts_with("_") && !text.ends_with("__") && text.find_first_not_of('_') != std::string_view::npos;
    if (!is_private) continue;
    auto finding = context.sink.begin("UP049"_rule, ast.range(name), {kind});
    std::vector<FixEdit> edits = withoutUnderscores(context, name);
    if (!edits.empty()) finding.fix("Rename type parameter to remove leading underscores", std::move(edits));
  }
}

void checkPrivateTypeParameters(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto function = ast.tryAs<syntax::FunctionDef>(node)) return checkPrivateParams(context, function->typeParams(), "function");
  if (auto cls = ast.tryAs<syntax::ClassDef>(node)) return checkPrivateParams(context, cls->typeParams(), "class");
}

// `Generator[int, None, None]`: the last arguments are the defaults since Python 3.13.
void checkDefaultTypeArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.options.target_minor < 13 && !context.is_stub) return;
  auto subscript = ast.as<syntax::Subscript>(node);
  auto tuple = ast.tryAs<syntax::Tuple>(subscript.slice());
  if (!tuple) return;
  std::string name = qualifiedName(context, subscript.value());
  bool is_generator = isOneOf(name, {"typing.Generator", "collections.abc.Generator"});
  bool is_async = isOneOf(name, {"typing.AsyncGenerator", "collections.abc.AsyncGenerator"});
  if (!is_generator && !is_async) return;
  size_t kept = tuple->elts().size();
  if (kept > (is_generator ? 3u : 2u)) return;
  while (kept > 1 && isNone(ast, tuple->elts()[kept - 1])) --kept;
  if (kept == tuple->elts().size()) return;
  context.sink.begin("UP043"_rule, ast.range(node))
      .fix("Remove default type arguments", {{{ast.range(tuple->elts()[kept - 1]).end, ast.range(tuple->elts().back()).end}, ""}});
}

}  // namespace krait::lint

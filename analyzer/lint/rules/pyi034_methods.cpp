// PYI032, PYI034, PYI036, PYI045, PYI050, PYI058, PYI059, PYI063: annotations of methods and classes.
// ref: flake8-pyi
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
struct Method {
  NodeId node, cls;
  std::string_view name, class_name;
  syntax::FunctionDef function;
  std::vector<syntax::Parameter> params;
};
}  // namespace

static NodeId withoutArguments(const Ast& ast, NodeId annotation) {
  if (auto subscript = ast.tryAs<syntax::Subscript>(annotation)) return subscript->value();
  return annotation;
}

static bool hasOwnBase(const LintContext& context, NodeId cls, std::initializer_list<std::string_view> names) {
  for (NodeId base : context.ast.as<syntax::ClassDef>(cls).args()) {
    if (context.ast.is(base, NodeKind::kKeyword)) continue;
    if (isOneOf(qualifiedName(context, withoutArguments(context.ast, base)), names)) return true;
  }
  return false;
}

static bool namesClass(const Ast& ast, NodeId annotation, std::string_view name) {
  if (!annotation.valid()) return false;
  if (std::optional<std::string_view> text = syntax::stringValue(ast, annotation)) {
    return *text == name;
  }
  return ast.is(annotation, NodeKind::kName) && syntax::nameText(ast, annotation) == name;
}

static void reportSelf(LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(method.function.name());
  std::string_view module = typingModule(context, 11);
  if (module.empty()) return;
  DiagnosticBuilder finding = context.sink.begin("PYI034"_rule, range, {method.name, method.class_name});
  if (std::optional<ImportedName> self = importName(context, module, "Self", method.node)) {
    std::vector<FixEdit> edits = {{ast.range(method.function.returns()), self->text}};
    if (self->edit) edits.push_back(*self->edit);
    // The parameter's own type may be the class: it goes.
    NodeId annotation = method.params.empty() ? NodeId::none() : method.params[0].annotation();
    if (annotation.valid() && anyOver(ast, annotation, [&](NodeId at) { return namesClass(ast, at, method.class_name); })) {
      edits.push_back({{ast.range(method.params[0].name()).end, ast.range(method.params[0].annotation()).end}, ""});
    }
    finding.fix("Use `Self` as return type", std::move(edits), FixSafety::kUnsafe);
  }
}

static bool isInPlace(std::string_view name) {
  return isOneOf(name, {"__iadd__", "__isub__", "__imul__", "__imatmul__", "__itruediv__", "__ifloordiv__", "__imod__", "__ipow__", "__ilshift__",
                        "__irshift__", "__iand__", "__ixor__", "__ior__"});
}

static void checkReturnsSelf(LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  NodeId returns = method.function.returns();
  if (isAbstract(context, method.node) || hasTypingDecorator(context, method.node, "final") || hasTypingDecorator(context, method.cls, "final") || hasTypingDecorator(context, method.node, "overload") || isMetaclass(context, method.cls) == IsMetaclass::kYes) return;
  bool returns_class = namesClass(ast, returns, method.class_name);
  if (method.function.isAsync()) {
    if (method.name == "__aenter__" && returns_class) reportSelf(context, method);
    return;
  }
  if (method.name == "__new__") {
    if (returns_class) reportSelf(context, method);
    return;
  }
  if ((isInPlace(method.name) || method.name == "__enter__") && returns_class) return reportSelf(context, method);
  std::string name = qualifiedName(context, withoutArguments(ast, returns));
  if (method.name == "__iter__" && isOneOf(name, {"typing.Iterator", "typing.Iterable", "collections.abc.Iterator", "collections.abc.Iterable"})) {
    if (hasOwnBase(context, method.cls, {"typing.Iterator", "collections.abc.Iterator"})) reportSelf(context, method);
  }
  if (method.name == "__aiter__" && isOneOf(name, {"typing.AsyncIterator", "typing.AsyncIterable", "collections.abc.AsyncIterator", "collections.abc.AsyncIterable"})) {
    if (hasOwnBase(context, method.cls, {"typing.AsyncIterator", "collections.abc.AsyncIterator"})) reportSelf(context, method);
  }
}

// Does the body do no more than yield and return? What else it does may need the generator.
static bool isSimpleIterator(const Ast& ast, NodeList body) {
  return std::all_of(body.begin(), body.end(), [&](NodeId statement) {
    if (ast.is(statement, NodeKind::kPass) || ast.is(statement, NodeKind::kReturn)) return true;
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    if (!expr) return false;
    NodeKind kind = ast.kind(expr->value());
    return kind == NodeKind::kYield || kind == NodeKind::kYieldFrom || kind == NodeKind::kConstant;
  });
}

static void checkIterReturn(LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  NodeId returns = method.function.returns();
  std::string name = qualifiedName(context, withoutArguments(ast, returns));
  bool is_iter = method.name == "__iter__", is_aiter = method.name == "__aiter__";
  if (is_iter && isOneOf(name, {"typing.Iterable", "collections.abc.Iterable"})) context.sink.begin("PYI045Iter"_rule, ast.range(returns));
  if (is_aiter && isOneOf(name, {"typing.AsyncIterable", "collections.abc.AsyncIterable"})) context.sink.begin("PYI045"_rule, ast.range(returns));
  if ((!is_iter && !is_aiter) || method.function.isAsync()) return;
  bool is_generator = isOneOf(name, is_iter ? std::initializer_list<std::string_view>{"typing.Generator", "collections.abc.Generator"}
                                            : std::initializer_list<std::string_view>{"typing.AsyncGenerator", "collections.abc.AsyncGenerator"});
  if (!is_generator) return;
  auto subscript = ast.tryAs<syntax::Subscript>(returns);
  std::optional<NodeId> yielded;
  if (subscript) {
    auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
    if (!tuple || tuple->elts().size() != (is_iter ? 3u : 2u)) return;
    for (size_t i = 1; i < tuple->elts().size(); ++i) {
      if (!isNone(ast, tuple->elts()[i]) && typingName(context, tuple->elts()[i]) != "Any") return;
    }
    yielded = tuple->elts()[0];
  }
  if (method.params.size() != 1 || (!context.is_stub && !isSimpleIterator(ast, method.function.body()))) return;
  std::string_view plain = is_iter ? "Iterator" : "AsyncIterator";
  auto finding = context.sink.begin("PYI058"_rule, ast.range(method.function.name()), {plain, method.name});
  std::string_view module = name.starts_with("typing.") ? "typing" : "collections.abc";
  std::optional<ImportedName> imported = importName(context, module, plain, method.node);
  if (!imported) return;
  std::vector<FixEdit> edits = {{ast.range(subscript ? subscript->value() : returns), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  if (yielded) edits.push_back({ast.range(subscript->slice()), std::string(ast.text(*yielded))});
  bool is_any = yielded && !isNone(ast, ast.as<syntax::Tuple>(subscript->slice()).elts()[1]);
  finding.fix("Convert the return annotation of your `" + std::string(method.name) + "` method to `" + std::string(plain) + "`", std::move(edits),
              is_any || !context.is_stub ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// The parentheses of the parameters and what is between them.
static TextRange parametersRange(const LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  uint32_t name_end = method.function.typeParams().empty() ? ast.range(method.function.name()).end : ast.range(method.function.typeParams().back()).end;
  uint32_t begin = static_cast<uint32_t>(ast.text().find('(', name_end));
  uint32_t end = std::max(begin + 1, ast.range(method.function.params()).end);
  if (end > begin + 1 && ast.text()[end - 1] == ')') --end;
  return {begin, std::max(end, static_cast<uint32_t>(ast.text().find(')', end)) + 1)};
}

// May the annotation hold every exception class (0), exception (1) or traceback (2), or None?
static bool isExitAnnotation(const LintContext& context, NodeId annotation, size_t index) {
  const Ast& ast = context.ast;
  annotation = unquoted(context, annotation);
  if (isOneOf(qualifiedName(context, annotation), {"builtins.object", "_typeshed.Unused"})) return true;
  std::vector<NodeId> members;
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  bool is_optional = subscript && typingName(context, subscript->value()) == "Optional";
  unionMembers(context, is_optional ? subscript->slice() : annotation, members);
  bool has_none = is_optional, has_type = false;
  for (NodeId member : members) {
    has_none |= isNone(ast, member);
    std::string name = qualifiedName(context, member);
    if (index == 0) {
      auto type = ast.tryAs<syntax::Subscript>(member);
      has_type |= type && isOneOf(qualifiedName(context, type->value()), {"builtins.type", "typing.Type"}) && qualifiedName(context, type->slice()) == "builtins.BaseException";
    } else {
      has_type |= name == (index == 1 ? "builtins.BaseException" : "types.TracebackType");
    }
  }
  return has_none && has_type && members.size() <= 2;
}

// Of two overloads one takes None three times, the other the exception's type, value and traceback.
static void checkExitOverload(LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  uint32_t overloads = 0;
  for (NodeId statement : ast.as<syntax::ClassDef>(method.cls).body()) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    overloads += function && syntax::nameText(ast, function->name()) == method.name && hasTypingDecorator(context, statement, "overload");
  }
  if (overloads != 2 || method.params.size() != 4) return;
  bool has_nones = true, has_types = true;
  for (size_t i = 1; i < 4; ++i) {
    const syntax::Parameter& param = method.params[i];
    if (!param.annotation().valid() || param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) return;
    NodeId annotation = unquoted(context, param.annotation());
    has_nones &= isNone(ast, annotation);
    auto type = ast.tryAs<syntax::Subscript>(annotation);
    if (i == 1) {
      has_types &= type && isOneOf(qualifiedName(context, type->value()), {"builtins.type", "typing.Type"}) && qualifiedName(context, type->slice()) == "builtins.BaseException";
    } else {
      has_types &= qualifiedName(context, annotation) == (i == 2 ? "builtins.BaseException" : "types.TracebackType");
    }
  }
  if (has_nones || has_types) return;
  context.sink.begin("PYI036"_rule, parametersRange(context, method),
                     {"Annotations for a three-argument `" + std::string(method.name) + "` overload (excluding `self`) should either be `None, None, None` or "
                      "`type[BaseException], BaseException, types.TracebackType`"});
}

// Does the method's body do with the parameter what an `object` may not be good for: read an attribute of it, or (`is_any_use`) anything?
static bool isUsedInBody(const LintContext& context, const syntax::Parameter& param, bool is_any_use) {
  const Ast& ast = context.ast;
  SymbolId owner = context.is_stub ? SymbolId::none() : context.model.ownerAt(param.name());
  if (!owner.valid()) return false;
  std::span<const Reference> references = context.model.references(owner);
  return std::any_of(references.begin(), references.end(), [&](const Reference& each) { return is_any_use || ast.is(ast.parent(each.node), NodeKind::kAttribute); });
}

static void checkExit(LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  if (method.name != (method.function.isAsync() ? "__aexit__" : "__exit__")) return;
  if (hasTypingDecorator(context, method.node, "overload")) return checkExitOverload(context, method);
  static constexpr std::string_view kOrdinals[] = {"first", "second", "third"};
  static constexpr std::string_view kTypes[] = {"type[BaseException] | None", "BaseException | None", "types.TracebackType | None"};
  std::string shown = "`" + std::string(method.name) + "`";
  size_t positional = 0;
  bool has_star = false;
  for (const syntax::Parameter& param : method.params) {
    has_star |= param.parameterKind() == syntax::ParameterKind::kVarPositional;
    positional += param.parameterKind() <= syntax::ParameterKind::kPositionalOrKeyword;
  }
  if (!has_star && positional < 4) {
    context.sink.begin("PYI036"_rule, parametersRange(context, method),
                       {"If there are no star-args, " + shown + " should have at least 3 non-keyword-only args (excluding `self`)"});
  }
  bool takes_all = positional >= 4;
  positional = 0;
  for (size_t i = 1; i < method.params.size(); ++i) {
    const syntax::Parameter& param = method.params[i];
    if (param.parameterKind() == syntax::ParameterKind::kVarPositional) {
      if (!takes_all && param.annotation().valid() && !isOneOf(qualifiedName(context, param.annotation()), {"builtins.object", "_typeshed.Unused"})) {
        auto finding = context.sink.begin("PYI036"_rule, ast.range(param.annotation()), {"Star-args in " + shown + " should be annotated with `object`"});
        if (isBuiltinAvailable(context, method.node, "object")) {
          finding.fix("Annotate star-args with `object`", {{ast.range(param.annotation()), "object"}}, isUsedInBody(context, param, true) ? FixSafety::kUnsafe : FixSafety::kSafe);
        }
      }
      continue;
    }
    if (param.parameterKind() == syntax::ParameterKind::kVarKeyword) continue;
    if (param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) {
      if (!param.defaultValue().valid()) {
        context.sink.begin("PYI036"_rule, ast.range(param.id), {"All keyword-only arguments in " + shown + " must have a default value"});
      }
      continue;
    }
    size_t index = positional++;
    if (index >= 3) {
      if (!param.defaultValue().valid()) {
        context.sink.begin("PYI036"_rule, ast.range(param.id), {"All arguments after the first four in " + shown + " must have a default value"});
      }
      continue;
    }
    if (!param.annotation().valid() || isExitAnnotation(context, param.annotation(), index)) continue;
    context.sink.begin("PYI036"_rule, ast.range(param.annotation()),
                       {"The " + std::string(kOrdinals[index]) + " argument in " + shown + " should be annotated with `object` or `" + std::string(kTypes[index]) + "`"});
  }
}

static void checkEquality(LintContext& context, const Method& method) {
  const Ast& ast = context.ast;
  if ((method.name != "__eq__" && method.name != "__ne__") || method.params.size() != 2) return;
  if (method.params[1].parameterKind() != syntax::ParameterKind::kPositionalOrKeyword) return;
  NodeId annotation = method.params[1].annotation();
  if (!annotation.valid()) return;
  bool is_any = typingName(context, annotation) == "Any" || syntax::stringValue(ast, annotation) == "Any" || syntax::stringValue(ast, annotation) == "t.Any";
  if (!is_any) return;
  auto finding = context.sink.begin("PYI032"_rule, ast.range(annotation), {method.name});
  if (isBuiltinAvailable(context, method.node, "object")) {
    finding.fix("Replace with `object`", {{ast.range(annotation), "object"}}, isUsedInBody(context, method.params[1], false) ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

void checkMethodTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  NodeId cls = ast.parent(node);
  if (!ast.is(cls, NodeKind::kClassDef)) return;
  Method method{.node = node,
                .cls = cls,
                .name = syntax::nameText(ast, function.name()),
                .class_name = syntax::nameText(ast, ast.as<syntax::ClassDef>(cls).name()),
                .function = function,
                .params = {}};
  if (!isDunder(method.name)) return;
  for (NodeId param : ast.as<syntax::Parameters>(function.params()).params()) method.params.push_back(ast.as<syntax::Parameter>(param));
  checkExit(context, method);
  checkEquality(context, method);
  if (!function.returns().valid()) return;
  checkReturnsSelf(context, method);
  checkIterReturn(context, method);
}

// PYI063: parameters that a double underscore marks as positional only; PYI050: NoReturn of a parameter.
void checkParameterStyle(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  NodeList params = ast.as<syntax::Parameters>(function.params()).params();
  for (NodeId param_id : params) {
    auto param = ast.as<syntax::Parameter>(param_id);
    if (context.options.target_minor >= 11 && param.annotation().valid() && typingName(context, unquoted(context, param.annotation())) == "NoReturn") {
      context.sink.begin("PYI050"_rule, ast.range(param.annotation()));
    }
  }
  if (params.empty() || context.options.target_minor < 8) return;
  bool has_slash = ast.as<syntax::Parameter>(params[0]).parameterKind() == syntax::ParameterKind::kPositionalOnly;
  if (has_slash) return;
  MethodKind kind = methodKind(context, node);
  size_t at = kind == MethodKind::kInstance || kind == MethodKind::kClass || syntax::nameText(ast, function.name()) == "__new__" ? 1 : 0;
  if (at == 1 && hasDecorator(ast, node, "staticmethod")) at = 0;
  if (at >= params.size()) return;
  auto param = ast.as<syntax::Parameter>(params[at]);
  std::string_view name = syntax::nameText(ast, param.name());
  bool is_private = name.starts_with("__") && !name.ends_with("__");
  if (is_private && param.parameterKind() == syntax::ParameterKind::kPositionalOrKeyword) context.sink.begin("PYI063"_rule, ast.range(param.name()));
}

void checkGenericBase(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  NodeId generic, last;  // the first of them
  size_t count = 0;
  for (NodeId base : cls.args()) {
    if (ast.is(base, NodeKind::kKeyword)) continue;
    last = base;
    if (typingName(context, withoutArguments(ast, base)) != "Generic") continue;
    if (!generic.valid()) generic = base;
    ++count;
  }
  if (!generic.valid() || generic == last) return;
  uint32_t open = ast.range(cls.args()[0]).begin - 1, close = ast.range(cls.args().back()).end;
  while (ast.text()[open] != '(') --open;
  while (ast.text()[close] != ')') close = skipTrivia(ast.text(), close + 1);
  TextRange range{open, close + 1};
  auto finding = context.sink.begin("PYI059"_rule, range);
  if (count != 1) return;
  bool has_star = false;
  for (NodeId base : cls.args()) has_star |= ast.is(base, NodeKind::kStarred);
  if (has_star) return;
  FixEdit removed = removeArgument(context, cls.args(), generic, 0, 0);
  uint32_t end = ast.range(last).end;
  finding.fix("Move `Generic[]` to the end", {removed, {{end, end}, ", " + std::string(ast.text(generic))}});
}

}  // namespace krait::lint

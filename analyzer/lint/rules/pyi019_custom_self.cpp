// PYI019: a method whose first parameter has a type variable of its own, where `Self` says the same. ref: flake8-pyi
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// `type[S]` gives S, when `takes_class`; a string its text.
static std::string_view variableIn(const LintContext& context, NodeId annotation, bool takes_class) {
  const Ast& ast = context.ast;
  if (auto text = syntax::stringValue(ast, annotation)) {
    if (!takes_class) return *text;
    if (!text->starts_with("type[") || !text->ends_with("]")) return {};
    return text->substr(5, text->size() - 6);
  }
  if (takes_class) {
    auto subscript = ast.tryAs<syntax::Subscript>(annotation);
    if (!subscript || !isBuiltin(context, subscript->value(), "type")) return {};
    annotation = subscript->slice();
  }
  return ast.is(annotation, NodeKind::kName) ? syntax::nameText(ast, annotation) : std::string_view();
}

// The type parameter of the function, or the symbol of a TypeVar that an enclosing scope makes.
static SymbolId typeVariable(const LintContext& context, NodeId function, std::string_view name) {
  const Ast& ast = context.ast;
  const SemanticModel& model = context.model;
  for (NodeId param : ast.as<syntax::FunctionDef>(function).typeParams()) {
    auto variable = ast.tryAs<syntax::TypeVar>(param);
    if (variable && syntax::nameText(ast, variable->name()) == name) return model.ownerAt(variable->name());
  }
  for (ScopeId scope = model.enclosingScope(function); scope.valid(); scope = model[scope].parent) {
    for (SymbolId symbol : model.symbolsOf(scope)) {
      if (model.nameOf(symbol) != name || model.resolve(symbol) != symbol || model.definitions(symbol).empty()) continue;
      auto definitions = model.definitions(symbol);
      auto assign = ast.tryAs<syntax::Assign>(definitions[definitions.size() - 1].owner);
      auto call = assign ? ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
      return call && typingName(context, call->func()) == "TypeVar" ? symbol : SymbolId();
    }
  }
  return {};
}

static bool isWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The places in the function that name the variable, but for the annotation that goes.
static std::vector<TextRange> usesOf(const LintContext& context, NodeId function, SymbolId variable, TextRange gone) {
  const Ast& ast = context.ast;
  std::string_view name = context.model.nameOf(variable);
  std::vector<TextRange> out;
  anyOver(ast, function, [&](NodeId node) {
    TextRange range = ast.range(node);
    if (range.begin >= gone.begin && range.end <= gone.end) return false;
    if (ast.is(node, NodeKind::kName) && context.model.ownerAt(node) == variable) out.push_back(range);
    if (!syntax::stringValue(ast, node) || !isTypeDefinition(context, node)) return false;
    std::string_view text = ast.text(range);
    for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + name.size())) {
      bool is_word = (at == 0 || !isWordByte(text[at - 1])) && !isWordByte(text[at + name.size()]);
      uint32_t begin = range.begin + static_cast<uint32_t>(at);
      if (is_word) out.push_back({begin, begin + static_cast<uint32_t>(name.size())});
    }
    return false;
  });
  std::sort(out.begin(), out.end(), [](TextRange a, TextRange b) { return a.begin < b.begin; });
  return out;
}

// Takes the type parameter out of the function's list, or the list with its brackets.
static FixEdit withoutTypeParameter(const Ast& ast, NodeId function, std::string_view name) {
  auto definition = ast.as<syntax::FunctionDef>(function);
  NodeList params = definition.typeParams();
  if (params.size() == 1) return {{ast.range(definition.name()).end, ast.range(definition.params()).begin}, ""};
  for (size_t i = 0; i < params.size(); ++i) {
    auto variable = ast.tryAs<syntax::TypeVar>(params[i]);
    if (!variable || syntax::nameText(ast, variable->name()) != name) continue;
    if (i + 1 < params.size()) return {{ast.range(params[i]).begin, ast.range(params[i + 1]).begin}, ""};
    return {{ast.range(params[i - 1]).end, ast.range(params[i]).end}, ""};
  }
  return {{ast.range(definition.name()).end, ast.range(definition.name()).end}, ""};
}

// From the end of the name to the end of the result's annotation.
static TextRange signatureRange(const Ast& ast, syntax::FunctionDef function) {
  uint32_t end = ast.range(function.params()).end;
  if (function.returns().valid()) end = parenthesizedRange(ast, function.returns()).end;
  return {ast.range(function.name()).end, end};
}

void checkCustomSelf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId cls = classOfMethod(ast, node);
  if (!cls.valid() || isMetaclass(context, cls) != IsMetaclass::kNo) return;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (hasTypingDecorator(context, node, "overload")) return;
  MethodKind kind = methodKind(context, node);
  bool is_new = syntax::nameText(ast, function.name()) == "__new__";
  if (kind == MethodKind::kStatic && !is_new) return;
  NodeList params = ast.as<syntax::Parameters>(function.params()).params();
  if (params.empty()) return;
  auto first = ast.as<syntax::Parameter>(params[0]);
  bool is_positional = first.parameterKind() == syntax::ParameterKind::kPositionalOnly ||
                       first.parameterKind() == syntax::ParameterKind::kPositionalOrKeyword;
  if (!is_positional || !first.annotation().valid()) return;
  std::string_view name = variableIn(context, first.annotation(), is_new || kind == MethodKind::kClass);
  SymbolId variable = name.empty() ? SymbolId() : typeVariable(context, node, name);
  if (!variable.valid()) return;
  std::string_view module = typingModule(context, 11);
  if (module.empty()) return;
  TextRange range = signatureRange(ast, function);
  auto finding = context.sink.begin("PYI019"_rule, range, {name});
  std::optional<ImportedName> self = importName(context, module, "Self", cls);
  if (!self) return;
  std::vector<FixEdit> edits;
  if (self->edit) edits.push_back(*self->edit);
  bool is_own = context.model.definitions(variable)[0].kind == DefinitionKind::kTypeParam;
  if (is_own) edits.push_back(withoutTypeParameter(ast, node, name));
  TextRange gone{ast.range(first.name()).end, parenthesizedRange(ast, first.annotation()).end};
  edits.push_back({gone, ""});
  for (TextRange use : usesOf(context, node, variable, gone)) edits.push_back({use, self->text});
  finding.fix("Replace TypeVar `" + std::string(name) + "` with `Self`", std::move(edits),
              hasComment(context, range) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint

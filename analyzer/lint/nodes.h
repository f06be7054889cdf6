// Small questions about syntax nodes that many rules ask.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is the node the constant of this kind?
bool isConstant(const Ast& ast, NodeId node, syntax::ConstantKind kind);
inline bool isNone(const Ast& ast, NodeId node) { return isConstant(ast, node, syntax::ConstantKind::kNone); }
inline bool isEllipsis(const Ast& ast, NodeId node) { return isConstant(ast, node, syntax::ConstantKind::kEllipsis); }
bool isBool(const Ast& ast, NodeId node);

// The value of the call's keyword argument, or none.
NodeId keywordOf(const Ast& ast, NodeId call, std::string_view name);
// The value of the argument given by position (starred ones end the search) or by name, or none.
NodeId argumentOf(const Ast& ast, NodeId call, std::string_view name, uint32_t position);
// The number of positional arguments, starred ones counted.
uint32_t positionalCount(const Ast& ast, NodeId call);
bool hasStarredArgument(const Ast& ast, NodeId call);

// The nearest FunctionDef (or Lambda) that holds the node, not itself; none at module and class level.
NodeId enclosingFunction(const Ast& ast, NodeId node);
// Does the FunctionDef yield itself, outside of what is defined in it?
bool isGenerator(const Ast& ast, NodeId function);
// The ClassDef whose body directly holds the statement, or none.
NodeId classOfMethod(const Ast& ast, NodeId function);
// Does a decorator of the function end in this name (`overload`, `typing.overload`)?
bool hasDecorator(const Ast& ast, NodeId function, std::string_view name);
enum class MethodKind : uint8_t { kFunction, kInstance, kClass, kStatic };
MethodKind methodKind(const LintContext& context, NodeId function);
// Two underscores on both sides, which may be the same two: `__init__`, `__`.
inline bool isDunder(std::string_view name) { return name.starts_with("__") && name.ends_with("__"); }
// Has the body nothing but a docstring, `pass`, `...`, or `raise NotImplementedError`?
bool isEmptyBody(const LintContext& context, NodeList body);
// The range of a keyword that begins a node ("except", "assert").
TextRange keywordRange(const Ast& ast, NodeId node, uint32_t length);
// From the node's start to its first line's end or its end.
inline TextRange nameRange(const Ast& ast, NodeId definition) {
  NodeId name = ast.is(definition, NodeKind::kFunctionDef) ? ast.as<syntax::FunctionDef>(definition).name()
                                                           : ast.as<syntax::ClassDef>(definition).name();
  return ast.range(name);
}

}  // namespace krait::lint

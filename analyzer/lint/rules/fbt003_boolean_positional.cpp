// FBT003: True or False as a positional argument. ref: flake8-boolean-trap
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Functions whose one argument can only be the value, or whose names say what it means.
static bool isAllowed(std::string_view name) {
  return isOneOf(name, {"__setattr__",    "append",      "assertEqual", "assertEquals",   "assertNotEqual",
                        "assertNotEquals", "bool",        "bytes",       "coalesce",       "count",
                        "failIfEqual",    "failUnlessEqual", "float",    "fromkeys",       "get",
                        "getattr",        "getboolean",  "getfloat",    "getint",         "ifnull",
                        "index",          "insert",      "int",         "is_",            "is_not",
                        "isnull",         "next",        "nvl",         "param",          "pop",
                        "remove",         "set_blocking", "set_enabled", "setattr",       "setdefault",
                        "str"});
}

// `set_visible(True)`, `setVisible(True)`.
static bool isSetter(std::string_view name) {
  if (!name.starts_with("set")) return false;
  return name.size() == 3 || name[3] == '_' || (name[3] >= 'A' && name[3] <= 'Z');
}

void checkBooleanArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  NodeList args = call.args();
  bool has_bool = false;
  for (NodeId arg : args) has_bool |= isBool(ast, arg);
  if (!has_bool) return;
  std::string_view name = lastName(ast, call.func());
  if (auto attribute = ast.tryAs<syntax::Attribute>(call.func())) name = syntax::nameText(ast, attribute->attr());
  if (listsQualified(context, "flake8-boolean-trap.extend-allowed-calls", qualifiedName(context, call.func()))) return;
  if (isAllowed(name) || (positionalCount(ast, node) == 1 && isSetter(name))) return;
  for (NodeId arg : args) {
    if (isBool(ast, arg)) context.sink.begin("FBT003"_rule, ast.range(arg));
  }
}

}  // namespace krait::lint

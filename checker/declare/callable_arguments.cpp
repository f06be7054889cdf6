// Arg, DefaultArg, NamedArg, DefaultNamedArg, VarArg and KwArg of mypy_extensions: parameters of a Callable with names and
// kinds.
#include <optional>

#include "checker/declare/annotation_internal.h"

namespace krait::declare {

static std::optional<ParamKind> kindOf(std::string_view name) {
  static constexpr std::pair<std::string_view, ParamKind> kKinds[] = {
      {"Arg", ParamKind::kPos},       {"DefaultArg", ParamKind::kOpt}, {"NamedArg", ParamKind::kNamed}, {"DefaultNamedArg", ParamKind::kNamedOpt},
      {"VarArg", ParamKind::kStar}, {"KwArg", ParamKind::kStar2}};
  for (const auto& entry : kKinds) {
    if (name == entry.first) return entry.second;
  }
  return std::nullopt;
}

bool addNamedParameter(AnnotationContext& c, NodeId node, CallableParts& parts) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  auto call = ast.tryAs<syntax::Call>(node);
  if (!call || (!ast.is(call->func(), NodeKind::kName) && !ast.is(call->func(), NodeKind::kAttribute))) return false;
  std::string callee = fullNameAt(w, c.module, c.scope, ast, call->func());
  if (!callee.starts_with("mypy_extensions.")) return false;
  std::string constructor = callee.substr(callee.rfind('.') + 1);
  std::optional<ParamKind> kind = kindOf(constructor);
  if (!kind) return false;
  NodeId type_node, name_node;
  auto take = [&](NodeId& slot, NodeId value, const char* what) {
    if (slot.valid()) fail(c, node, Code::kMisc, "\"" + constructor + "\" gets multiple values for keyword argument \"" + what + "\"");
    slot = value;
  };
  int position = 0;
  for (NodeId arg : call->args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    std::string_view name = keyword && keyword->arg().valid() ? syntax::nameText(ast, keyword->arg()) : std::string_view();
    if (keyword && name != "type" && name != "name") {
      fail(c, node, Code::kMisc, "Unexpected argument \"" + std::string(name) + "\" for argument constructor");
    } else if (keyword ? name == "type" : position == 0) {
      take(type_node, keyword ? keyword->value() : arg, "type");
    } else if (keyword || position == 1) {
      take(name_node, keyword ? keyword->value() : arg, "name");
    } else {
      fail(c, node, Code::kMisc, "Too many arguments for argument constructor");
    }
    position += keyword ? 0 : 1;
  }
  TypeId type = type_node.valid() ? analyzeInner(c, type_node, isStar(*kind)) : w.types.any(AnyKind::kSpecialForm);
  NameId name;
  if (name_node.valid()) {
    auto text = syntax::stringValue(ast, name_node);
    auto constant = ast.tryAs<syntax::Constant>(name_node);
    bool is_none = constant && constant->constantKind() == syntax::ConstantKind::kNone;
    if (!text && !is_none) fail(c, node, Code::kMisc, "Expected string literal for argument name, got \"" + std::string(ast.text(name_node)) + "\"");
    if (text && isStar(*kind)) fail(c, node, Code::kMisc, constructor + " arguments should not have names");
    if (text && !isStar(*kind)) name = w.name(*text);
  }
  parts.add(name, *kind, type);
  return true;
}

void checkParameterOrder(AnnotationContext& c, const CallableParts& parts, NodeList items) {
  World& w = c.w;
  bool star = false, star2 = false, named = false, optional = false;
  for (size_t i = 0; i < parts.params.size() && i < items.size(); ++i) {
    const char* problem = nullptr;
    switch (parts.params[i].kind) {
      case ParamKind::kPos:
        if (star || star2 || named || optional) problem = "Required positional args may not appear after default, named or var args";
        break;
      case ParamKind::kOpt:
        if (star || star2 || named) problem = "Positional default args may not appear after named or var args";
        optional = true;
        break;
      case ParamKind::kStar:
        if (star || star2 || named) problem = "Var args may not appear after named or var args";
        star = true;
        break;
      case ParamKind::kNamed:
      case ParamKind::kNamedOpt:
        if (star2) problem = "A **kwargs argument must be the last argument";
        named = true;
        break;
      case ParamKind::kStar2:
        if (star2) problem = "You may only have one **kwargs argument";
        star2 = true;
        break;
    }
    if (problem != nullptr) {
      fail(c, items[i], Code::kMisc, problem);
      break;
    }
  }
  for (size_t i = 0; i < parts.params.size() && i < items.size(); ++i) {
    if (!parts.params[i].name.valid()) continue;
    for (size_t j = 0; j < i; ++j) {
      if (parts.params[j].name != parts.params[i].name) continue;
      fail(c, items[i], Code::kMisc, "Duplicate parameter \"" + std::string(w.text(parts.params[i].name)) + "\" in Callable");
      return;
    }
  }
}

}  // namespace krait::declare

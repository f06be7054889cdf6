#include "analyzer/semantic/open_names.h"

#include <algorithm>
#include <array>

namespace krait::semantic {

using namespace syntax;

namespace {
template <size_t N>
bool isOneOf(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// Words without which no module opens its names: most texts hold none, and are not walked.
constexpr std::array<std::string_view, 7> kSigns = {"globals()", "locals()", "vars()", "exec(", "_convert_", "global_enum", "modules[__name__]"};
// Callables that read the namespace they are given, or write into another.
constexpr std::array<std::string_view, 13> kReaders = {"eval", "__import__", "len", "dict", "list", "sorted", "set", "tuple",
                                                       "iter", "repr", "print", "id", "enumerate"};
constexpr std::array<std::string_view, 6> kReadingMethods = {"get", "items", "keys", "values", "copy", "__contains__"};

struct OpenWalk {
  const Ast& ast;

  // The function that a node stands in; none: it is run with the module.
  bool isAtModuleLevel(NodeId node) const {
    for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
      NodeKind kind = ast.kind(at);
      if (kind == NodeKind::kFunctionDef || kind == NodeKind::kLambda || kind == NodeKind::kClassDef) return false;
    }
    return true;
  }

  // `sys.modules[__name__]`
  bool isOwnModule(NodeId node) const {
    auto item = ast.tryAs<Subscript>(node);
    return item && ast.is(item->slice(), NodeKind::kName) && nameText(ast, item->slice()) == "__name__";
  }

  // `globals()`, `sys.modules[__name__].__dict__`; `locals()` and `vars()` where they mean the same.
  bool isNamespace(NodeId node) const {
    if (auto attribute = ast.tryAs<Attribute>(node)) return nameText(ast, attribute->attr()) == "__dict__" && isOwnModule(attribute->value());
    auto call = ast.tryAs<Call>(node);
    if (!call || !call->args().empty() || !ast.is(call->func(), NodeKind::kName)) return false;
    std::string_view name = nameText(ast, call->func());
    return name == "globals" || ((name == "locals" || name == "vars") && isAtModuleLevel(node));
  }

  // May what is done with the namespace at this place write into it?
  bool mayWrite(NodeId node) const {
    NodeId parent = ast.parent(node);
    switch (ast.kind(parent)) {
      case NodeKind::kSubscript: return ast.as<Subscript>(parent).context() != ExprContext::kLoad;
      case NodeKind::kAttribute: return !isOneOf(nameText(ast, ast.as<Attribute>(parent).attr()), kReadingMethods);
      case NodeKind::kCall: {
        auto call = ast.as<Call>(parent);
        return !ast.is(call.func(), NodeKind::kName) || !isOneOf(nameText(ast, call.func()), kReaders);
      }
      case NodeKind::kKeyword: return false;  // `timeit(…, globals=globals())`
      case NodeKind::kCompare:
      case NodeKind::kFor:
      case NodeKind::kComprehension:
      case NodeKind::kFormattedValue:
      case NodeKind::kExprStmt:
      case NodeKind::kReturn: return false;
      default: return true;
    }
  }

  // `exec(text)` in the module, `setattr(sys.modules[__name__], …)`, `E._convert_("E", __name__, …)`.
  bool isWritingCall(NodeId node) const {
    auto call = ast.as<Call>(node);
    if (ast.is(call.func(), NodeKind::kName)) {
      std::string_view name = nameText(ast, call.func());
      if (name == "setattr") return !call.args().empty() && isOwnModule(call.args()[0]);
      return name == "exec" && call.args().size() == 1 && isAtModuleLevel(node);
    }
    auto method = ast.tryAs<Attribute>(call.func());
    if (!method || nameText(ast, method->attr()) != "_convert_") return false;
    return std::any_of(call.args().begin(), call.args().end(), [&](NodeId arg) { return ast.is(arg, NodeKind::kName) && nameText(ast, arg) == "__name__"; });
  }

  bool isGlobalEnum(NodeId node) const {
    NodeList decorators = ast.as<ClassDef>(node).decorators();
    return std::any_of(decorators.begin(), decorators.end(), [&](NodeId decorator) {
      auto attribute = ast.tryAs<Attribute>(decorator);
      if (!attribute && !ast.is(decorator, NodeKind::kName)) return false;
      return nameText(ast, attribute ? attribute->attr() : decorator) == "global_enum";
    });
  }

  bool opens(NodeId node) const {
    if (isNamespace(node) ? mayWrite(node) : ast.is(node, NodeKind::kCall) && isWritingCall(node)) return true;
    if (ast.is(node, NodeKind::kClassDef) && isGlobalEnum(node)) return true;
    bool found = false;
    forEachChild(ast, node, [&](NodeId child) { found = found || opens(child); });
    return found;
  }
};
}  // namespace

bool opensItsNames(const Ast& ast) {
  std::string_view text = ast.text();
  bool has_sign = std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
  return has_sign && OpenWalk{ast}.opens(ast.root());
}

static bool catchesNameError(const Ast& ast, NodeId type) {
  if (!type.valid()) return true;
  if (ast.is(type, NodeKind::kTuple)) {
    for (NodeId element : ast.as<Tuple>(type).elts()) {
      if (catchesNameError(ast, element)) return true;
    }
    return false;
  }
  return ast.is(type, NodeKind::kName) && nameText(ast, type) == "NameError";
}

bool isNameErrorCaught(const Ast& ast, NodeId node) {
  NodeId child = node;
  for (NodeId parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind == NodeKind::kFunctionDef) return false;
    if (kind != NodeKind::kTry) continue;
    auto statement = ast.as<Try>(parent);
    NodeList body = statement.body();
    if (std::find(body.begin(), body.end(), child) == body.end()) continue;
    for (NodeId handler : statement.handlers()) {
      if (catchesNameError(ast, ast.as<ExceptHandler>(handler).type())) return true;
    }
  }
  return false;
}

}  // namespace krait::semantic

// Variables of a stub: declared ones as they were written, others with the type that the checker tells.
#include <algorithm>
#include <array>

#include "checker/program/queries.h"
#include "cli/infer/name_type.h"
#include "cli/stubgen/stub_context.h"
#include "cli/stubgen/stub_parts.h"
#include "cli/stubgen/stub_text.h"

namespace krait::cli {

using namespace krait::syntax;

bool isShown(const StubContext& c, const StubScope& scope, std::string_view name) {
  // Of the module's own names those that are not shown may still be needed by others.
  return !scope.is_class || scope.is_enum || c.options.includes_private || !isPrivateName(name) || scope.needed.contains(std::string(name));
}

std::string inferredText(const StubContext& c, NodeId node) {
  if (!c.options.has_analysis) return "Incomplete";
  types::TypeId type = program::typeAt(c.w, c.module, node);
  std::optional<std::string> text = type.valid() ? annotationOf(c.w, c.module, type) : std::nullopt;
  return !text ? "Incomplete" : *text == "None" ? "Incomplete | None" : *text;
}

// A display whose items nobody knows still has its class.
static std::string variableText(const StubContext& c, NodeId target, NodeId value) {
  std::string text = inferredText(c, target);
  if (text != "Incomplete") return text;
  if (c.ast.is(value, NodeKind::kList) || c.ast.is(value, NodeKind::kListComp)) return "list[Incomplete]";
  if (c.ast.is(value, NodeKind::kDict) || c.ast.is(value, NodeKind::kDictComp)) return "dict[Incomplete, Incomplete]";
  if (c.ast.is(value, NodeKind::kSet) || c.ast.is(value, NodeKind::kSetComp)) return "set[Incomplete]";
  if (c.ast.is(value, NodeKind::kJoinedStr)) return "str";
  if (c.ast.is(value, NodeKind::kCompare)) return "bool";
  if (auto constant = c.ast.tryAs<Constant>(value)) {
    switch (constant->constantKind()) {
      case ConstantKind::kTrue:
      case ConstantKind::kFalse: return "bool";
      case ConstantKind::kInt: return "int";
      case ConstantKind::kFloat: return "float";
      case ConstantKind::kStr: return "str";
      case ConstantKind::kBytes: return "bytes";
      case ConstantKind::kNone: return "Incomplete | None";
      default: break;
    }
  }
  return text;
}

static std::string_view calledName(const Ast& ast, NodeId node) {
  auto call = ast.tryAs<Call>(node);
  if (!call) return "";
  if (auto attribute = ast.tryAs<Attribute>(call->func())) return nameText(ast, attribute->attr());
  return nameText(ast, call->func());
}

static types::SymbolKind kindOf(const StubContext& c, std::string_view name) {
  if (!c.options.has_analysis) return types::SymbolKind::kVariable;
  types::SymbolId symbol = c.w.scopes[c.w.modules[c.module].scope].names.find(c.w.name(name));
  return symbol.valid() ? c.w.resolved(symbol).kind : types::SymbolKind::kVariable;
}

// What is an alias or makes a type stays as it was written.
static bool isKeptValue(const StubContext& c, const StubScope& scope, std::string_view name, NodeId value) {
  static constexpr std::array<std::string_view, 10> kMakers = {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "TypedDict", "TypeAliasType", "NamedTuple", "namedtuple", "Enum", "IntEnum"};
  static constexpr std::array<std::string_view, 5> kClassMakers = {"property", "staticmethod", "classmethod", "ib", "attrib"};
  std::string_view called = calledName(c.ast, value);
  if (!called.empty() && std::find(kMakers.begin(), kMakers.end(), called) != kMakers.end()) return true;
  if (scope.is_class && std::find(kClassMakers.begin(), kClassMakers.end(), called) != kClassMakers.end()) return true;
  if (scope.is_dataclass && called == "field") return true;
  if (c.ast.is(value, NodeKind::kName) && scope.functions.contains(std::string(nameText(c.ast, value)))) return true;
  return !scope.is_class && called.empty() && kindOf(c, name) == types::SymbolKind::kAlias;
}

// The names in `namedtuple("P", "x y")` or `namedtuple("P", ["x", "y"])`; none where they are not written there.
static std::vector<std::string> tupleFields(const Ast& ast, NodeId value) {
  NodeList args = ast.as<Call>(value).args();
  std::vector<std::string> out;
  if (args.size() != 2 || ast.is(args[1], NodeKind::kKeyword)) return out;
  NodeList items;
  if (auto list = ast.tryAs<List>(args[1])) items = list->elts();
  if (auto tuple = ast.tryAs<Tuple>(args[1])) items = tuple->elts();
  std::optional<std::string_view> joined = stringValue(ast, args[1]);
  for (size_t i = 0; joined && i < joined->size();) {
    size_t end = joined->find_first_of(", \n\t", i);
    if (end == std::string::npos) end = joined->size();
    if (end > i) out.emplace_back(joined->substr(i, end - i));
    i = end + 1;
  }
  for (NodeId item : items) {
    std::optional<std::string_view> text = stringValue(ast, item);
    if (!text) return {};
    out.emplace_back(*text);
  }
  bool is_plain = std::none_of(out.begin(), out.end(), [](const std::string& field) { return field.starts_with('_'); });
  return is_plain ? out : std::vector<std::string>{};
}

std::string namedTupleFieldsText(const Ast& ast, NodeId call) {
  std::string out;
  for (const std::string& field : tupleFields(ast, call)) out += (out.empty() ? "('" : ", ('") + field + "', Incomplete)";
  return out;
}

static std::string namedTupleText(const StubContext& c, const StubScope& scope, const std::string& name, NodeId value) {
  std::vector<std::string> fields = tupleFields(c.ast, value);
  if (fields.empty()) return scope.indent + name + " = " + sourceText(c.ast, value) + "\n";
  std::string out = scope.indent + "class " + name + "(NamedTuple):\n";
  for (const std::string& field : fields) out += scope.indent + "    " + field + ": Incomplete\n";
  return out;
}

static bool isUntold(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kUntold = {"__all__",   "__author__", "__about__",  "__copyright__", "__email__", "__license__", "__summary__",
                                                              "__title__", "__uri__",    "__slots__", "__builtins__",  "__file__",  "__path__",    "__spec__"};
  return std::find(kUntold.begin(), kUntold.end(), name) != kUntold.end();
}

static std::string targetText(StubContext& c, StubScope& scope, NodeId target, NodeId value) {
  NodeList items;
  if (auto tuple = c.ast.tryAs<Tuple>(target)) items = tuple->elts();
  if (auto list = c.ast.tryAs<List>(target)) items = list->elts();
  std::string out;
  for (NodeId item : items) out += targetText(c, scope, item, NodeId::none());
  if (auto star = c.ast.tryAs<Starred>(target)) return targetText(c, scope, star->value(), NodeId::none());
  if (!c.ast.is(target, NodeKind::kName)) return out;
  std::string name(nameText(c.ast, target));
  if (isUntold(name) || !isShown(c, scope, name) || !scope.defined.insert(name).second) return out;
  if (!value.valid()) return scope.indent + name + ": " + inferredText(c, target) + "\n";
  if (calledName(c.ast, value) == "namedtuple") return namedTupleText(c, scope, name, value);
  if (scope.is_enum && !isPrivateName(name)) return scope.indent + name + " = " + defaultText(c.ast, value) + "\n";
  if (isKeptValue(c, scope, name, value)) {
    scope.functions.insert(name);
    return scope.indent + name + " = " + sourceText(c.ast, value) + "\n";
  }
  return scope.indent + name + ": " + variableText(c, target, value) + "\n";
}

static bool isNamed(const Ast& ast, NodeId annotation, std::string_view name) {
  if (auto attribute = ast.tryAs<Attribute>(annotation)) return nameText(ast, attribute->attr()) == name;
  return nameText(ast, annotation) == name;
}

// The value of a declared variable where the stub needs it: " = …".
static std::string keptValueText(const StubContext& c, const StubScope& scope, AnnAssign node) {
  if (!node.value().valid()) return "";
  if (isNamed(c.ast, node.annotation(), "TypeAlias")) return " = " + annotationText(c.ast, node.value());
  if (isNamed(c.ast, node.annotation(), "Final")) return " = " + defaultText(c.ast, node.value());
  if (scope.is_dataclass && c.ast.is(node.value(), NodeKind::kCall)) return " = " + sourceText(c.ast, node.value());
  return scope.is_dataclass || scope.is_named_tuple ? " = " + defaultText(c.ast, node.value()) : "";
}

std::string assignmentText(StubContext& c, StubScope& scope, NodeId node) {
  std::string out;
  if (auto alias = c.ast.tryAs<TypeAlias>(node)) {
    scope.defined.insert(std::string(nameText(c.ast, alias->name())));
    return scope.indent + sourceText(c.ast, node) + "\n";
  }
  if (auto assign = c.ast.tryAs<Assign>(node)) {
    for (NodeId target : assign->targets()) out += targetText(c, scope, target, assign->value());
  }
  auto declared = c.ast.tryAs<AnnAssign>(node);
  if (!declared || !c.ast.is(declared->target(), NodeKind::kName)) return out;
  std::string name(nameText(c.ast, declared->target()));
  if (isUntold(name) || !isShown(c, scope, name) || !scope.defined.insert(name).second) return out;
  std::string value = keptValueText(c, scope, *declared);
  // `Final` alone takes its type from the value.
  bool needs_type = value == " = ..." && isNamed(c.ast, declared->annotation(), "Final");
  if (needs_type) return scope.indent + name + ": " + annotationText(c.ast, declared->annotation()) + "[" + inferredText(c, declared->target()) + "]\n";
  return scope.indent + name + ": " + annotationText(c.ast, declared->annotation()) + value + "\n";
}

}  // namespace krait::cli

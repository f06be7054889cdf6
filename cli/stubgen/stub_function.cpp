// Functions of a stub: signatures as they were written, filled up with what the checker tells.
#include <algorithm>
#include <array>

#include "cli/infer/name_type.h"
#include "cli/stubgen/stub_context.h"
#include "cli/stubgen/stub_parts.h"
#include "cli/stubgen/stub_text.h"

namespace krait::cli {

using namespace krait::syntax;

namespace {
struct KnownMethod {
  std::string_view name;
  std::string_view result;
};
}  // namespace

// What these methods give is fixed by the language. ref: data model, special method names
static constexpr std::array kKnownMethods = {
    KnownMethod{"__init__", "None"},    KnownMethod{"__del__", "None"},       KnownMethod{"__bool__", "bool"},     KnownMethod{"__len__", "int"},
    KnownMethod{"__hash__", "int"},     KnownMethod{"__contains__", "bool"},  KnownMethod{"__eq__", "bool"},       KnownMethod{"__ne__", "bool"},
    KnownMethod{"__lt__", "bool"},      KnownMethod{"__le__", "bool"},        KnownMethod{"__gt__", "bool"},       KnownMethod{"__ge__", "bool"},
    KnownMethod{"__setitem__", "None"}, KnownMethod{"__delitem__", "None"},   KnownMethod{"__setattr__", "None"},  KnownMethod{"__delattr__", "None"},
    KnownMethod{"__set__", "None"},     KnownMethod{"__delete__", "None"},    KnownMethod{"__set_name__", "None"}, KnownMethod{"__init_subclass__", "None"},
    KnownMethod{"__int__", "int"},      KnownMethod{"__float__", "float"},    KnownMethod{"__complex__", "complex"}, KnownMethod{"__bytes__", "bytes"},
    KnownMethod{"__index__", "int"},    KnownMethod{"__format__", "str"},     KnownMethod{"__length_hint__", "int"},
};

// What others know of a class by object already.
static constexpr std::array<std::string_view, 4> kUntoldMethods = {"__str__", "__repr__", "__getstate__", "__setstate__"};

static std::string_view lastName(const Ast& ast, NodeId node) {
  if (auto call = ast.tryAs<Call>(node)) node = call->func();
  if (auto attribute = ast.tryAs<Attribute>(node)) return nameText(ast, attribute->attr());
  return nameText(ast, node);
}

bool hasDecorator(const Ast& ast, NodeList decorators, std::string_view name) {
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId decorator) { return lastName(ast, decorator) == name; });
}

// Decorators that mean something to a checker.
static bool isKept(const Ast& ast, NodeId decorator) {
  static constexpr std::array<std::string_view, 23> kKept = {
      "property",      "staticmethod", "classmethod",     "overload",      "final",          "override",            "abstractmethod",   "abstractproperty",
      "setter",        "deleter",      "getter",          "cached_property", "dataclass",    "dataclass_transform", "type_check_only",  "runtime_checkable",
      "deprecated",    "total_ordering", "contextmanager", "asynccontextmanager", "singledispatch", "singledispatchmethod", "abstractclassmethod"};
  std::string_view name = lastName(ast, decorator);
  return std::find(kKept.begin(), kKept.end(), name) != kKept.end() || name == "lru_cache" || ast.text(decorator) == "functools.cache" || name == "unique" || name == "no_type_check";
}

std::string decoratorsText(const StubContext& c, const StubScope& scope, NodeList decorators) {
  std::string out;
  for (NodeId decorator : decorators) {
    if (isKept(c.ast, decorator)) out += scope.indent + "@" + sourceText(c.ast, decorator) + "\n";
  }
  return out;
}

static std::string exitParameter(size_t index) {
  static constexpr std::array<std::string_view, 3> kTypes = {": type[BaseException] | None", ": BaseException | None", ": types.TracebackType | None"};
  return index >= 1 && index <= 3 ? std::string(kTypes[index - 1]) : "";
}

static std::string parameterText(const StubContext& c, std::string_view function, Parameter param, size_t index, bool is_annotated) {
  const Ast& ast = c.ast;
  std::string stars = param.parameterKind() == ParameterKind::kVarPositional ? "*" : param.parameterKind() == ParameterKind::kVarKeyword ? "**" : "";
  std::string out = stars + std::string(nameText(ast, param.name()));
  bool has_type = param.annotation().valid();
  if (has_type) {
    bool is_unpacked = ast.is(param.annotation(), NodeKind::kStarred);
    out += ": " + (is_unpacked ? sourceText(ast, param.annotation()) : annotationText(ast, param.annotation()));
  } else if (auto known = c.parameter_types.find(ast[param.name()].end); known != c.parameter_types.end()) {
    out += known->second;
    has_type = true;
  } else if ((function == "__exit__" || function == "__aexit__") && stars.empty() && !exitParameter(index).empty() && !is_annotated) {
    out += exitParameter(index);
    has_type = true;
  } else if ((function == "__eq__" || function == "__ne__") && index == 1) {
    out += ": object";
  }
  if (param.defaultValue().valid()) out += (has_type ? " = " : "=") + defaultText(ast, param.defaultValue());
  return out;
}

static std::string parametersText(const StubContext& c, FunctionDef def, std::string_view name) {
  NodeList params = c.ast.as<Parameters>(def.params()).params();
  std::string out;
  bool is_annotated = std::any_of(params.begin(), params.end(), [&](NodeId id) { return c.ast.as<Parameter>(id).annotation().valid(); });
  bool has_star = false;
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = c.ast.as<Parameter>(params[i]);
    if (param.parameterKind() == ParameterKind::kVarPositional) has_star = true;
    if (param.parameterKind() == ParameterKind::kKeywordOnly && !has_star) {
      out += out.empty() ? "*" : ", *";
      has_star = true;
    }
    out += (out.empty() ? "" : ", ") + parameterText(c, name, param, i, is_annotated);
    bool ends_positional = param.parameterKind() == ParameterKind::kPositionalOnly &&
                           (i + 1 == params.size() || c.ast.as<Parameter>(params[i + 1]).parameterKind() != ParameterKind::kPositionalOnly);
    if (ends_positional) out += ", /";
  }
  return out;
}

namespace {
// What a body of its own does: returns a value, yields.
struct BodyFacts {
  const Ast& ast;
  bool returns_value = false, delegates = false;
  std::vector<NodeId> returned, yielded;  // the values; none: `yield` alone

  bool yields() const { return delegates || !yielded.empty(); }

  void visit(NodeId node) {
    if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || ast.is(node, NodeKind::kLambda)) return;
    if (auto given = ast.tryAs<Return>(node)) {
      returned.push_back(given->value());
      returns_value |= given->value().valid() && ast.text(given->value()) != "None";
    }
    if (auto yield = ast.tryAs<Yield>(node)) yielded.push_back(yield->value());
    delegates |= ast.is(node, NodeKind::kYieldFrom);
    forEachChild(ast, node, [&](NodeId child) { visit(child); });
  }
};
}  // namespace

// The type of what the function yields.
static std::string yieldedText(const StubContext& c, const BodyFacts& facts) {
  if (facts.delegates) return "Incomplete";
  std::vector<std::string> texts;
  for (NodeId value : facts.yielded) {
    texts.push_back(value.valid() ? inferredText(c, value) : "None");
    if (texts.back().starts_with("Incomplete")) return "Incomplete";
  }
  return unionText(texts);
}

// `return self` and nothing else: the result is of the class that the method is called on.
static bool givesSelf(const StubContext& c, FunctionDef def, const BodyFacts& facts) {
  NodeList params = c.ast.as<Parameters>(def.params()).params();
  if (params.empty() || facts.returned.empty() || hasDecorator(c.ast, def.decorators(), "staticmethod") || hasDecorator(c.ast, def.decorators(), "classmethod")) return false;
  std::string_view self = nameText(c.ast, c.ast.as<Parameter>(params[0]).name());
  return std::all_of(facts.returned.begin(), facts.returned.end(), [&](NodeId value) { return nameText(c.ast, value) == self; });
}

// What the function gives; "" where nothing is known.
static std::string resultText(const StubContext& c, FunctionDef def, std::string_view name, bool is_method) {
  if (def.returns().valid()) return annotationText(c.ast, def.returns());
  if (is_method) {
    auto known = std::find_if(kKnownMethods.begin(), kKnownMethods.end(), [&](const KnownMethod& m) { return m.name == name; });
    if (known != kKnownMethods.end()) return std::string(known->result);
  }
  BodyFacts facts{c.ast};
  for (NodeId statement : def.body()) facts.visit(statement);
  auto known = c.result_types.find(def.id.value);
  if (is_method && givesSelf(c, def, facts) && (known == c.result_types.end() || known->second.find('|') == std::string::npos)) return "Self";
  if (known != c.result_types.end()) return known->second;
  if (facts.yields()) {
    std::string item = yieldedText(c, facts);
    return def.isAsync() ? "AsyncGenerator[" + item + ", Incomplete]" : "Generator[" + item + (facts.returns_value ? ", Incomplete, Incomplete]" : ", Incomplete]");
  }
  if (facts.returns_value) return "";
  // A body that only raises, or that others are to write, says nothing of the result.
  bool is_open = hasDecorator(c.ast, def.decorators(), "abstractmethod") || hasDecorator(c.ast, def.decorators(), "overload");
  NodeId last = def.body().empty() ? NodeId::none() : def.body()[def.body().size() - 1];
  if (is_open || c.ast.is(last, NodeKind::kRaise)) return "";
  if (auto statement = c.ast.tryAs<ExprStmt>(last)) {
    auto constant = c.ast.tryAs<Constant>(statement->value());
    if (constant && constant->constantKind() == ConstantKind::kEllipsis) return "";
  }
  return "None";
}

std::string typeParametersText(const StubContext& c, NodeList params) {
  std::string out;
  for (NodeId param : params) out += (out.empty() ? "[" : ", ") + sourceText(c.ast, param);
  return out.empty() ? out : out + "]";
}

std::string docstringText(const StubContext& c, NodeList body, const std::string& indent) {
  NodeId docstring = c.options.includes_docstrings ? docstringOf(c.ast, body) : NodeId::none();
  return docstring.valid() ? indent + std::string(c.ast.text(docstring)) + "\n" : "";
}

std::string functionText(StubContext& c, StubScope& scope, NodeId node) {
  auto def = c.ast.as<FunctionDef>(node);
  std::string name(nameText(c.ast, def.name()));
  if (!isShown(c, scope, name)) return "";
  bool is_told = scope.is_class && !c.options.includes_private && std::find(kUntoldMethods.begin(), kUntoldMethods.end(), name) != kUntoldMethods.end();
  if (is_told) return "";
  bool is_overload = hasDecorator(c.ast, def.decorators(), "overload");
  bool is_accessor = hasDecorator(c.ast, def.decorators(), "setter") || hasDecorator(c.ast, def.decorators(), "deleter");
  if (is_overload) scope.overloaded.insert(name);
  // An implementation behind its overloads, or a second definition that some condition chooses.
  bool is_more = !is_overload && !is_accessor && (scope.overloaded.contains(name) || scope.defined.contains(name));
  if (is_more) return "";
  scope.defined.insert(name);
  scope.functions.insert(name);
  std::string out = decoratorsText(c, scope, def.decorators());
  std::string result = resultText(c, def, name, scope.is_class);
  if (is_accessor && result.empty()) result = "None";
  out += scope.indent + (def.isAsync() ? "async def " : "def ") + name + typeParametersText(c, def.typeParams()) + "(" + parametersText(c, def, name) + ")" +
         (result.empty() ? "" : " -> " + result) + ":";
  std::string docstring = docstringText(c, def.body(), scope.indent + "    ");
  return out + (docstring.empty() ? " ...\n" : "\n" + docstring);
}

}  // namespace krait::cli

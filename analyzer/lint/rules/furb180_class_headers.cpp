// FURB180, FURB189, UP051, RUF045, RUF066, RUF074, PLW3201, PLW0244: what stands at classes and their methods.
#include <algorithm>
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

void checkAbcMetaclass(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  NodeId found, first_keyword;
  bool has_base = false;
  for (NodeId arg : cls.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    has_base |= !keyword;
    if (!keyword) continue;
    if (!first_keyword.valid()) first_keyword = arg;
    if (syntax::nameText(ast, keyword->arg()) == "metaclass" && qualifiedName(context, keyword->value()) == "abc.ABCMeta") found = arg;
  }
  if (!found.valid()) return;
  auto finding = context.sink.begin("FURB180"_rule, ast.range(found));
  std::optional<ImportedName> name = importName(context, "abc", "ABC", node);
  if (!name) return;
  std::vector<FixEdit> edits;
  if (name->edit) edits.push_back(*name->edit);
  size_t place = 0;
  while (cls.args()[place] != found) ++place;
  bool is_abstract = std::any_of(cls.args().begin(), cls.args().end(), [&](NodeId arg) { return qualifiedName(context, arg) == "abc.ABC"; });
  if (is_abstract && place > 0) {
    edits = {{{parenthesizedRange(ast, cls.args()[place - 1]).end, ast.range(found).end}, ""}};
  } else if (found == first_keyword) {
    edits.push_back({ast.range(found), name->text});
  } else {
    edits.push_back({{ast.range(first_keyword).begin, ast.range(first_keyword).begin}, name->text + ", "});
    edits.push_back({{ast.range(cls.args()[place - 1]).end, ast.range(found).end}, ""});
  }
  finding.fix("Replace with `abc.ABC`", std::move(edits), has_base ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkBuiltinSubclass(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId base;
  for (NodeId arg : ast.as<syntax::ClassDef>(node).args()) {
    if (ast.is(arg, NodeKind::kKeyword)) continue;
    if (base.valid()) return;
    base = arg;
  }
  if (auto subscript = ast.tryAs<syntax::Subscript>(base)) base = subscript->value();
  if (!base.valid()) return;
  std::string name = qualifiedName(context, base);
  std::string user = name == "builtins.dict" ? "UserDict" : name == "builtins.list" ? "UserList" : name == "builtins.str" ? "UserString" : "";
  if (user.empty()) return;
  auto finding = context.sink.begin("FURB189"_rule, ast.range(base), {name.substr(9), user});
  std::optional<ImportedName> imported = importName(context, "collections", user, node);
  if (!imported) return;
  std::vector<FixEdit> edits = {{ast.range(base), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  finding.fix("Replace with `collections." + user + "`", std::move(edits), FixSafety::kUnsafe);
}

void checkAbstractDecorators(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    std::string name = qualifiedName(context, decorator);
    if (!isOneOf(name, {"abc.abstractproperty", "abc.abstractclassmethod", "abc.abstractstaticmethod"})) continue;
    std::string old = name.substr(4), plain = old.substr(8);
    TextRange range = decoratorRange(ast, decorator);
    uint32_t at = range.begin;
    auto finding = context.sink.begin("UP051"_rule, range, {plain, old});
    std::optional<ImportedName> imported = importName(context, "abc", "abstractmethod", node);
    if (!imported || !isBuiltinAvailable(context, node, plain)) continue;
    std::string text = "@" + plain + std::string(lineEndText(context)) + std::string(indentationAt(context, at)) + "@" + imported->text;
    std::vector<FixEdit> edits = {{{at, ast.range(decorator).end}, std::move(text)}};
    if (imported->edit) edits.push_back(*imported->edit);
    finding.fix("Replace with `@" + plain + "` and `abstractmethod`", std::move(edits));
  }
}

static bool isDataclass(const LintContext& context, NodeId cls) {
  for (NodeId decorator : context.ast.as<syntax::ClassDef>(cls).decorators()) {
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    if (isOneOf(qualifiedName(context, decorator), {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"})) return true;
  }
  return false;
}

void checkDataclassAssignments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isDataclass(context, node)) return;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    auto assign = ast.tryAs<syntax::Assign>(statement);
    if (!assign || assign->targets().size() != 1 || !ast.is(assign->targets()[0], NodeKind::kName)) continue;
    if (syntax::nameText(ast, assign->targets()[0]).starts_with("_")) continue;
    context.sink.begin("RUF045"_rule, ast.range(assign->targets()[0]));
  }
}

static bool gives(const Ast& ast, NodeId node) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kReturn || kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) return true;
  if (kind == NodeKind::kRaise) return true;
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return false;
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || gives(ast, child); });
  return is_found;
}

void checkPropertyReturns(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  bool is_property = false;
  for (NodeId decorator : function.decorators()) {
    is_property |= isOneOf(qualifiedName(context, decorator), {"builtins.property", "enum.property", "functools.cached_property", "abc.abstractproperty", "types.DynamicClassAttribute"});
  }
  if (!is_property || isEmptyBody(context, function.body()) || hasTypingDecorator(context, node, "overload")) return;
  for (NodeId statement : function.body()) {
    if (gives(ast, statement)) return;
  }
  context.sink.begin("RUF066"_rule, ast.range(function.name()), {syntax::nameText(ast, function.name())});
}

// What makes a descriptor of the method: "property" for its setters too; empty for other decorators.
static std::string descriptorOf(const LintContext& context, NodeId decorator) {
  std::string name = qualifiedName(context, decorator);
  if (isOneOf(name, {"builtins.property", "builtins.classmethod", "builtins.staticmethod"})) return name.substr(9);
  if (name == "functools.cached_property") return name;
  auto attribute = context.ast.tryAs<syntax::Attribute>(decorator);
  std::string_view part = attribute ? syntax::nameText(context.ast, attribute->attr()) : std::string_view();
  return part == "setter" || part == "deleter" || part == "getter" ? "property" : "";
}

void checkDecoratorOrder(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList decorators = ast.as<syntax::FunctionDef>(node).decorators();
  for (size_t i = 0; i + 1 < decorators.size(); ++i) {
    NodeId func = decorators[i];
    if (auto call = ast.tryAs<syntax::Call>(func)) func = call->func();
    std::string name = qualifiedName(context, func), inner = descriptorOf(context, decorators[i + 1]);
    // A cache works on what staticmethod makes.
    bool is_cache = isOneOf(name, {"functools.cache", "functools.lru_cache"}) && inner != "staticmethod";
    bool is_abstract = name == "abc.abstractmethod" && inner != "functools.cached_property";
    if (inner.empty() || (!is_cache && !is_abstract)) continue;
    context.sink.begin("RUF074"_rule, decoratorRange(ast, decorators[i]), {name == "abc.abstractmethod" ? "abstractmethod" : name, inner});
  }
}

// Python's own methods. ref: data model 3.3; the copy, pickle, enum and dataclass modules
static bool isKnownDunder(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "__abs__", "__add__", "__aenter__", "__aexit__", "__aiter__", "__and__", "__anext__", "__annotate__", "__attrs_init__", "__attrs_post_init__",
      "__attrs_pre_init__", "__await__", "__bool__", "__buffer__", "__bytes__", "__call__", "__ceil__", "__class__", "__class_getitem__", "__complex__",
      "__contains__", "__copy__", "__deepcopy__", "__del__", "__delattr__", "__delete__", "__delitem__", "__dict__", "__dir__", "__divmod__", "__doc__",
      "__enter__", "__eq__", "__exit__", "__float__", "__floor__", "__floordiv__", "__format__", "__fspath__", "__ge__", "__get__", "__getattr__",
      "__getattribute__", "__getitem__", "__getnewargs__", "__getnewargs_ex__", "__getstate__", "__gt__", "__hash__", "__html__", "__iadd__", "__iand__",
      "__ifloordiv__", "__ilshift__", "__imatmul__", "__imod__", "__imul__", "__index__", "__init__", "__init_subclass__", "__instancecheck__", "__int__",
      "__invert__", "__ior__", "__ipow__", "__irshift__", "__isub__", "__iter__", "__itruediv__", "__ixor__", "__le__", "__len__", "__length_hint__",
      "__lshift__", "__lt__", "__matmul__", "__missing__", "__mod__", "__module__", "__mro_entries__", "__mul__", "__ne__", "__neg__", "__new__", "__next__",
      "__or__", "__pos__", "__post_init__", "__pow__", "__prepare__", "__radd__", "__rand__", "__rdivmod__", "__reduce__", "__reduce_ex__", "__release_buffer__",
      "__replace__", "__repr__", "__reversed__", "__rfloordiv__", "__rlshift__", "__rmatmul__", "__rmod__", "__rmul__", "__ror__", "__round__", "__rpow__",
      "__rrshift__", "__rshift__", "__rsub__", "__rtruediv__", "__rxor__", "__set__", "__set_name__", "__setattr__", "__setitem__", "__setstate__", "__sizeof__",
      "__str__", "__sub__", "__subclasscheck__", "__subclasses__", "__subclasshook__", "__truediv__", "__trunc__", "__weakref__", "__xor__",
      "_generate_next_value_", "_ignore_", "_missing_",
  };
  return std::binary_search(std::begin(kNames), std::end(kNames), name);
}

// The methods of a class, those in branches of its body too.
static void checkDunderName(LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  if (ast.is(statement, NodeKind::kClassDef)) return;
  auto function = ast.tryAs<syntax::FunctionDef>(statement);
  if (!function) {
    syntax::forEachChild(ast, statement, [&](NodeId child) {
      if (syntax::isStatement(ast, child) || ast.is(child, NodeKind::kExceptHandler)) checkDunderName(context, child);
    });
    return;
  }
  std::string_view name = syntax::nameText(ast, function->name());
  bool is_framed = name.size() > 1 && name.starts_with("_") && name.ends_with("_");
  if (!is_framed || isKnownDunder(name) || isListed(context, "pylint.allow-dunder-method-names", name)) return;
  if (!hasTypingDecorator(context, statement, "override")) context.sink.begin("PLW3201"_rule, ast.range(function->name()), {name});
}

void checkDunderNames(LintContext& context, NodeId node) {
  for (NodeId statement : context.ast.as<syntax::ClassDef>(node).body()) checkDunderName(context, statement);
}

// The strings that the class's `__slots__` lists.
static std::vector<NodeId> slotsOf(const Ast& ast, NodeId cls) {
  std::vector<NodeId> out;
  for (NodeId statement : ast.as<syntax::ClassDef>(cls).body()) {
    NodeId value;
    if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
      for (NodeId target : assign->targets()) {
        if (ast.is(target, NodeKind::kName) && syntax::nameText(ast, target) == "__slots__") value = assign->value();
      }
    } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
      if (ast.is(annotated->target(), NodeKind::kName) && syntax::nameText(ast, annotated->target()) == "__slots__") value = annotated->value();
    }
    if (!value.valid()) continue;
    syntax::forEachChild(ast, value, [&](NodeId child) {
      if (isStr(ast, child)) out.push_back(child);
    });
  }
  return out;
}

void checkRepeatedSlots(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::vector<NodeId> slots = slotsOf(ast, node);
  if (slots.empty()) return;
  for (NodeId slot : slots) {
    NodeId base_class;
    std::vector<NodeId> classes = {node}, seen;
    while (!classes.empty() && !base_class.valid()) {
      NodeId cls = classes.back();
      classes.pop_back();
      if (std::find(seen.begin(), seen.end(), cls) != seen.end()) continue;
      seen.push_back(cls);
      if (cls != node) {
        for (NodeId other : slotsOf(ast, cls)) {
          if (syntax::stringValue(ast, other) == syntax::stringValue(ast, slot)) base_class = cls;
        }
      }
      for (NodeId base : ast.as<syntax::ClassDef>(cls).args()) {
        SymbolId owner = ast.is(base, NodeKind::kName) ? context.model.ownerAt(base) : SymbolId::none();
        if (!owner.valid()) continue;
        for (const Definition& definition : context.model.definitions(owner)) {
          NodeId defined = ast.parent(definition.node);
          if (ast.is(defined, NodeKind::kClassDef) && ast.as<syntax::ClassDef>(defined).name() == definition.node) classes.push_back(defined);
          if (ast.is(definition.node, NodeKind::kClassDef)) classes.push_back(definition.node);
        }
      }
    }
    if (!base_class.valid()) continue;
    context.sink.begin("PLW0244"_rule, ast.range(slot), {*syntax::stringValue(ast, slot), definedName(ast, base_class)});
  }
}

}  // namespace krait::lint

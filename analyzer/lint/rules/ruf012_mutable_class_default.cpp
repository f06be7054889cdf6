// RUF008, RUF009, RUF012, RUF033, RUF049: defaults of classes and dataclasses.
#include <optional>
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/immutable_types.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isMutable(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  switch (ast.kind(node)) {
    case NodeKind::kList:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kListComp:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp:
      return true;
    case NodeKind::kCall:
      return isOneOf(qualifiedName(context, ast.as<syntax::Call>(node).func()),
                     {"builtins.dict", "builtins.list", "builtins.set", "collections.Counter", "collections.OrderedDict",
                      "collections.defaultdict", "collections.deque", "collections.ChainMap", "weakref.WeakKeyDictionary", "weakref.WeakValueDictionary", "weakref.WeakSet"});
    default:
      return false;
  }
}

// Does the annotation say that the attribute is the class's own, or cannot change?
static bool isExempt(const LintContext& context, NodeId annotation) {
  const Ast& ast = context.ast;
  if (isImmutableAnnotation(context, annotation)) return true;
  if (auto subscript = ast.tryAs<syntax::Subscript>(annotation)) annotation = subscript->value();
  return isOneOf(typingName(context, annotation), {"ClassVar", "Final"});
}

static bool isFinal(const LintContext& context, NodeId annotation) {
  if (auto subscript = context.ast.tryAs<syntax::Subscript>(annotation)) annotation = subscript->value();
  return typingName(context, annotation) == "Final";
}

static bool isSpecialAttribute(std::string_view name) {
  return isOneOf(name, {"__slots__", "__dict__", "__weakref__", "__annotations__"});
}

static bool isDataclass(const LintContext& context, syntax::ClassDef cls) {
  for (NodeId decorator : cls.decorators()) {
    auto call = context.ast.tryAs<syntax::Call>(decorator);
    std::string name = qualifiedName(context, call ? call->func() : decorator);
    if (isOneOf(name, {"dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.mutable", "attrs.define", "attrs.frozen",
                       "attrs.mutable", "pydantic.dataclasses.dataclass"})) {
      return true;
    }
  }
  return false;
}

namespace {
// Which library makes the class of its fields. Where attrs takes only what is called a field, the others are the class's.
enum class Dataclass : uint8_t { kStandard, kAttrs, kAttrsExplicit };
}  // namespace

static Dataclass dataclassKind(const LintContext& context, syntax::ClassDef cls) {
  const Ast& ast = context.ast;
  for (NodeId decorator : cls.decorators()) {
    auto call = ast.tryAs<syntax::Call>(decorator);
    std::string name = qualifiedName(context, call ? call->func() : decorator);
    if (name == "dataclasses.dataclass" || name == "pydantic.dataclasses.dataclass") return Dataclass::kStandard;
    if (!name.starts_with("attr.") && !name.starts_with("attrs.")) continue;
    NodeId given = call ? keywordOf(ast, decorator, "auto_attribs") : NodeId::none();
    if (isConstant(ast, given, syntax::ConstantKind::kTrue)) return Dataclass::kAttrs;
    bool is_explicit = given.valid() ? !isNone(ast, given) : name == "attr.s";
    return is_explicit ? Dataclass::kAttrsExplicit : Dataclass::kAttrs;
  }
  return Dataclass::kStandard;
}

// Bases whose classes copy their defaults.
static bool copiesDefaults(const LintContext& context, syntax::ClassDef cls) {
  for (NodeId base : allBases(context, cls.id)) {
    if (auto subscript = context.ast.tryAs<syntax::Subscript>(base)) base = subscript->value();
    std::string name = qualifiedName(context, base);
    if (name.starts_with("pydantic.") || name.starts_with("pydantic_settings.") || name.starts_with("sqlmodel.") || name.starts_with("msgspec.")) return true;
  }
  return false;
}

// `_fields_ = […]` of a class that says how C lays it out: from there on ruff judges nothing in it.
static bool isLayout(const LintContext& context, syntax::ClassDef cls, NodeId statement) {
  auto assign = context.ast.tryAs<syntax::Assign>(statement);
  if (!assign || assign->targets().size() != 1 || syntax::nameText(context.ast, assign->targets()[0]) != "_fields_") return false;
  return hasBase(context, cls.id, {"ctypes.Structure", "ctypes.Union", "ctypes.BigEndianStructure", "ctypes.LittleEndianStructure", "ctypes.BigEndianUnion",
                                   "ctypes.LittleEndianUnion"});
}

// Is it a class of this file that `@dataclass(frozen=True)` makes?
static bool isFrozenDataclass(const LintContext& context, NodeId func) {
  const Ast& ast = context.ast;
  SymbolId owner = ast.is(func, NodeKind::kName) ? context.model.ownerAt(func) : SymbolId::none();
  if (!owner.valid()) return false;
  for (const Definition& definition : context.model.definitions(owner)) {
    if (definition.kind != DefinitionKind::kClass) continue;
    for (NodeId decorator : ast.as<syntax::ClassDef>(definition.owner).decorators()) {
      auto call = ast.tryAs<syntax::Call>(decorator);
      bool is_dataclass = call && qualifiedName(context, call->func()) == "dataclasses.dataclass";
      if (is_dataclass && isConstant(ast, keywordOf(ast, decorator, "frozen"), syntax::ConstantKind::kTrue)) return true;
    }
  }
  return false;
}

static void checkCallDefault(LintContext& context, NodeId value, Dataclass made_by) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call) return;
  std::string name = qualifiedName(context, call->func());
  // The fields of the one library are calls as others are to the other one.
  bool is_field = made_by == Dataclass::kStandard ? name == "dataclasses.field"
                                                  : isOneOf(name, {"attr.ib", "attr.attrib", "attr.field", "attrs.field", "attr.Factory", "attrs.Factory"});
  if (is_field || made_by == Dataclass::kAttrsExplicit) return;
  if (isOneOf(name, {"builtins.tuple",
                     "builtins.frozenset", "builtins.str", "builtins.int", "builtins.bool", "builtins.float", "builtins.bytes", "operator.attrgetter",
                     "operator.itemgetter", "operator.methodcaller", "types.MappingProxyType", "re.compile", "pathlib.Path", "datetime.timedelta",
                     "datetime.date", "datetime.datetime", "decimal.Decimal", "fractions.Fraction"})) {
    return;
  }
  if (isFrozenDataclass(context, call->func())) return;
  if (std::string dotted = dottedText(ast, call->func()); !dotted.empty()) {
    context.sink.begin("RUF009"_rule, ast.range(value), {dotted});
  } else {
    context.sink.begin("RUF009Unknown"_rule, ast.range(value));
  }
}

// `field(default=[])`, in the preview.
static void checkFieldDefault(LintContext& context, NodeId value) {
  auto call = context.ast.tryAs<syntax::Call>(value);
  if (!call || !context.options.preview || qualifiedName(context, call->func()) != "dataclasses.field") return;
  NodeId initial = argumentOf(context.ast, value, "default", 0);
  if (initial.valid() && isMutable(context, initial)) context.sink.begin("RUF008"_rule, context.ast.range(initial));
}

static void checkAttribute(LintContext& context, NodeId statement, bool is_dataclass, Dataclass made_by) {
  const Ast& ast = context.ast;
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
    if (!annotated->value().valid()) return;
    if (is_dataclass) {
      bool is_class_variable = isExempt(context, annotated->annotation()) && !isFinal(context, annotated->annotation());
      checkFieldDefault(context, annotated->value());
      if (isMutable(context, annotated->value()) && !is_class_variable) context.sink.begin("RUF008"_rule, ast.range(annotated->value()));
      if (typingName(context, ast.is(annotated->annotation(), NodeKind::kSubscript) ? ast.as<syntax::Subscript>(annotated->annotation()).value()
                                                                                      : annotated->annotation()) != "ClassVar") {
        if (!isImmutableAnnotation(context, annotated->annotation())) checkCallDefault(context, annotated->value(), made_by);
      }
      return;
    }
    bool is_special = ast.is(annotated->target(), NodeKind::kName) && isSpecialAttribute(syntax::nameText(ast, annotated->target()));
    if (!is_special && isMutable(context, annotated->value()) && !isExempt(context, annotated->annotation())) {
      context.sink.begin("RUF012"_rule, ast.range(annotated->value()));
    }
    return;
  }
  auto assign = ast.tryAs<syntax::Assign>(statement);
  if (!assign || !isMutable(context, assign->value())) return;
  NodeId first = assign->targets()[0];
  bool is_special = assign->targets().size() == 1 && ast.is(first, NodeKind::kName) && isSpecialAttribute(syntax::nameText(ast, first));
  if (is_special) return;
  context.sink.begin("RUF012"_rule, ast.range(assign->value()));
}

// The default as that of a field of the class, which only `__init__` takes.
static std::vector<FixEdit> asInitVar(const LintContext& context, NodeId function, syntax::Parameter param) {
  const Ast& ast = context.ast;
  std::string_view name = syntax::nameText(ast, param.name());
  if (isTaken(context, function, name)) return {};
  std::optional<ImportedName> init_var = importName(context, "dataclasses", "InitVar", function, true);
  if (!init_var) return {};
  uint32_t place = lineBegin(context, syntax::fullRange(ast, function).begin);
  std::string indent(indentationAt(context, syntax::fullRange(ast, function).begin));
  TextRange value = parenthesizedRange(ast, param.defaultValue());
  std::string type = param.annotation().valid() ? "[" + std::string(ast.text(param.annotation())) + "]" : "";
  std::string field = indent + std::string(name) + ": " + init_var->text + type + " = " + std::string(ast.text(value)) + std::string(lineEndText(context));
  uint32_t begin = param.annotation().valid() ? parenthesizedRange(ast, param.annotation()).end : ast.range(param.name()).end;
  std::vector<FixEdit> edits;
  if (init_var->edit) edits.push_back(*init_var->edit);
  edits.push_back({{place, place}, field});
  edits.push_back({{begin, value.end}, ""});
  return edits;
}

static void checkPostInitDefaults(LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  // A parameter that keeps its default must not come before one that has none any more.
  bool goes_on = true;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (!param.defaultValue().valid()) continue;
    auto finding = context.sink.begin("RUF033"_rule, ast.range(param.defaultValue()));
    std::vector<FixEdit> edits = goes_on ? asInitVar(context, function, param) : std::vector<FixEdit>();
    goes_on = !edits.empty();
    if (goes_on) finding.fix("Use `dataclasses.InitVar` instead", std::move(edits), FixSafety::kUnsafe);
  }
}

void checkMutableClassDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  bool is_dataclass = isDataclass(context, cls);
  if (is_dataclass) {
    for (NodeId decorator : cls.decorators()) {
      auto call = ast.tryAs<syntax::Call>(decorator);
      if (qualifiedName(context, call ? call->func() : decorator) != "dataclasses.dataclass") continue;
      for (NodeId base : cls.args()) {
        if (isOneOf(qualifiedName(context, base), {"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})) {
          context.sink.begin("RUF049"_rule, {ast.range(decorator).begin - 1, ast.range(decorator).end});
          break;
        }
      }
    }
  }
  if (!is_dataclass && copiesDefaults(context, cls)) return;
  Dataclass made_by = dataclassKind(context, cls);
  for (NodeId statement : cls.body()) {
    if (!is_dataclass && isLayout(context, cls, statement)) return;
    checkAttribute(context, statement, is_dataclass, made_by);
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    if (!is_dataclass || !function || syntax::nameText(ast, function->name()) != "__post_init__") continue;
    checkPostInitDefaults(context, statement);
  }
}

}  // namespace krait::lint

#include "analyzer/lint/immutable_types.h"

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

static constexpr const char* kExtension = "flake8-bugbear.extend-immutable-calls";

static bool isImmutableGeneric(std::string_view name) {
  if (name == "builtins.tuple" || name == "builtins.frozenset") return true;
  constexpr std::string_view kAbc = "collections.abc.", kTyping = "typing.";
  if (name.starts_with(kAbc)) {
    return isOneOf(name.substr(kAbc.size()),
                   {"ByteString", "Collection", "Container", "Iterable", "Mapping", "Reversible", "Sequence", "Set"});
  }
  return name.starts_with(kTyping) &&
         isOneOf(name.substr(kTyping.size()),
                 {"AbstractSet", "ByteString", "Callable", "Collection", "Container", "FrozenSet", "Hashable", "Iterable", "Literal", "Mapping",
                  "Never", "NoReturn", "Reversible", "Sequence", "Tuple"});
}

static bool isImmutableName(const LintContext& context, std::string_view name) {
  if (isImmutableGeneric(name)) return true;
  if (isOneOf(name, {"builtins.bool", "builtins.bytes", "builtins.complex", "builtins.float", "builtins.frozenset", "builtins.int",
                     "builtins.object", "builtins.range", "builtins.str", "collections.abc.Sized", "typing.LiteralString", "typing.Sized"})) {
    return true;
  }
  return listsQualified(context, kExtension, name);
}

bool isImmutableAnnotation(const LintContext& context, NodeId annotation) {
  const Ast& ast = context.ast;
  if (!annotation.valid()) return false;
  if (isNone(ast, annotation)) return true;
  if (auto either = ast.tryAs<syntax::BinOp>(annotation)) {
    return either->op() == syntax::BinaryOp::kBitOr && isImmutableAnnotation(context, either->left()) && isImmutableAnnotation(context, either->right());
  }
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  std::string name = qualifiedName(context, subscript ? subscript->value() : annotation);
  if (!subscript) return !name.empty() && isImmutableName(context, name);
  if (isImmutableGeneric(name)) return true;
  auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
  if (name == "typing.Optional") return isImmutableAnnotation(context, subscript->slice());
  if (name == "typing.Annotated" || name == "typing_extensions.Annotated") return tuple && !tuple->elts().empty() && isImmutableAnnotation(context, tuple->elts()[0]);
  if (name != "typing.Union" || !tuple) return false;
  for (NodeId element : tuple->elts()) {
    if (!isImmutableAnnotation(context, element)) return false;
  }
  return true;
}

bool isImmutableCall(const LintContext& context, NodeId func) {
  std::string name = qualifiedName(context, func);
  if (name.empty()) return false;
  return listsQualified(context, kExtension, name) ||
         isOneOf(name, {"builtins.bool", "builtins.bytes", "builtins.complex", "builtins.float", "builtins.frozenset", "builtins.int",
                        "builtins.range", "builtins.slice", "builtins.str", "builtins.tuple", "datetime.date", "datetime.datetime", "datetime.timedelta",
                        "decimal.Decimal", "fractions.Fraction", "operator.attrgetter", "operator.itemgetter", "operator.methodcaller",
                        "pathlib.Path", "types.MappingProxyType", "re.compile"});
}

bool isMutableCall(const LintContext& context, NodeId func) {
  return isOneOf(qualifiedName(context, func), {"builtins.dict", "builtins.list", "builtins.set", "collections.Counter", "collections.OrderedDict",
                                                "collections.defaultdict", "collections.deque"});
}

}  // namespace krait::lint

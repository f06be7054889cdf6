// FA100, FA102: annotations that `from __future__ import annotations` would allow in the oldest version that the code is
// for. ref: flake8-future-annotations
#include <algorithm>
#include <iterator>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The generics of the library that take type arguments since Python 3.9. ref: PEP 585
static bool isStandardGeneric(std::string_view name) {
  static constexpr std::string_view kAbstract[] = {
      "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "ByteString", "Callable", "Collection", "Container", "Coroutine", "Generator", "ItemsView", "Iterable",
      "Iterator", "KeysView", "Mapping", "MappingView", "MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Set", "ValuesView"};
  constexpr std::string_view kModule = "collections.abc.";
  if (name.starts_with(kModule)) return std::binary_search(std::begin(kAbstract), std::end(kAbstract), name.substr(kModule.size()));
  return isOneOf(name, {"builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset", "builtins.tuple", "builtins.type", "collections.deque", "collections.defaultdict",
                        "collections.OrderedDict", "collections.Counter", "collections.ChainMap", "contextlib.AbstractContextManager", "contextlib.AbstractAsyncContextManager",
                        "re.Match", "re.Pattern", "asyncio.Future", "asyncio.Task", "dataclasses.Field", "functools.cached_property", "functools.partialmethod", "os.PathLike",
                        "queue.LifoQueue", "queue.PriorityQueue", "queue.Queue", "queue.SimpleQueue", "shelve.BsdDbShelf", "shelve.DbfilenameShelf", "shelve.Shelf",
                        "types.MappingProxyType", "weakref.WeakKeyDictionary", "weakref.WeakMethod", "weakref.WeakSet", "weakref.WeakValueDictionary"});
}

// The rules that write types anew put the import in themselves.
static bool isLeftToFixes(const LintContext& context) { return context.options.preview && mayDeferAnnotations(context); }

// Is the annotation evaluated when the program runs: of a function, or of a variable outside functions?
static bool isEvaluated(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isInAnnotation(context, node)) return false;
  NodeId statement = node;
  while (!syntax::isStatement(ast, statement)) {
    if (ast.is(statement, NodeKind::kConstant)) return false;
    statement = ast.parent(statement);
  }
  if (!ast.is(statement, NodeKind::kAnnAssign)) return true;
  for (NodeId around = ast.parent(statement); around.valid(); around = ast.parent(around)) {
    if (ast.is(around, NodeKind::kClassDef)) return true;
    if (ast.is(around, NodeKind::kFunctionDef)) return false;
  }
  return true;
}

void checkFutureUnions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.model.hasFutureAnnotations() || context.is_stub || context.options.target_minor >= 10) return;
  if (ast.as<syntax::BinOp>(node).op() != syntax::BinaryOp::kBitOr || !isEvaluated(context, node)) return;
  context.sink.begin("FA102"_rule, ast.range(node), {"PEP 604 union"}).fix("Add `from __future__ import annotations`", {futureAnnotationsEdit(context)}, FixSafety::kUnsafe);
}

static void reportFutureType(LintContext& context, NodeId type, std::string_view name) {
  if (isLeftToFixes(context)) return;
  context.sink.begin("FA100"_rule, context.ast.range(type), {name})
      .fix("Add `from __future__ import annotations`", {futureAnnotationsEdit(context)}, FixSafety::kUnsafe);
}

void checkFutureTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.model.hasFutureAnnotations() || context.is_stub || context.options.target_minor >= 10) return;
  auto subscript = ast.as<syntax::Subscript>(node);
  std::string name = qualifiedName(context, subscript.value());
  if (isStandardGeneric(name) && context.options.target_minor < 9 && isEvaluated(context, node)) {
    context.sink.begin("FA102"_rule, ast.range(node), {"PEP 585 collection"})
        .fix("Add `from __future__ import annotations`", {futureAnnotationsEdit(context)}, FixSafety::kUnsafe);
  }
  if (context.options.flag("pyupgrade.keep-runtime-typing") || !isInAnnotation(context, node)) return;
  if (isOneOf(name, {"typing.Optional", "typing.Union"}) && isReplaceableUnion(context, node)) reportFutureType(context, subscript.value(), name);
}

void checkFutureGenerics(LintContext& context, NodeId node) {
  if (context.model.hasFutureAnnotations() || context.is_stub || context.options.target_minor >= 9) return;
  if (context.options.flag("pyupgrade.keep-runtime-typing")) return;
  std::string name = qualifiedName(context, node);
  bool is_generic = isOneOf(name, {"typing.List", "typing.Dict", "typing.Set", "typing.FrozenSet", "typing.Tuple", "typing.Type", "typing.Deque", "typing.DefaultDict",
                                   "typing_extensions.Type", "typing_extensions.Deque", "typing_extensions.DefaultDict"});
  if (is_generic && isInAnnotation(context, node)) reportFutureType(context, node, name);
}

}  // namespace krait::lint

// UP010, UP023, UP026, UP029, UP035: imports of what has moved, is there already, or is always on. ref: pyupgrade
#include <algorithm>
#include <map>

#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static std::string quoted(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "`" : ", `") + name + "`";
  return out;
}

// The import without these names, or without the whole statement.
static FixEdit withoutNames(const LintContext& context, NodeId node, NodeList names, const std::vector<NodeId>& removed) {
  const Ast& ast = context.ast;
  if (removed.size() == names.size()) return removeStatement(context, node);
  std::string kept;
  for (NodeId name : names) {
    if (std::find(removed.begin(), removed.end(), name) != removed.end()) continue;
    kept += (kept.empty() ? "" : ", ") + std::string(ast.text(name));
  }
  return {.range = {ast.range(names[0]).begin, ast.range(names.back()).end}, .replacement = kept};
}

static void checkFuture(LintContext& context, NodeId node, syntax::ImportFrom import) {
  const Ast& ast = context.ast;
  if (context.model[context.model.enclosingScope(node)].kind == ScopeKind::kClass) return;
  std::vector<NodeId> removed;
  std::vector<std::string> shown;
  for (NodeId alias_id : import.names()) {
    auto alias = ast.as<syntax::Alias>(alias_id);
    std::string_view name = syntax::nameText(ast, alias.name());
    bool is_always_on = isOneOf(name, {"nested_scopes", "generators", "with_statement", "division", "absolute_import", "print_function",
                                       "unicode_literals", "generator_stop"});
    if (!is_always_on || alias.asname().valid()) continue;
    removed.push_back(alias_id);
    shown.emplace_back(name);
  }
  if (removed.empty()) return;
  std::sort(shown.begin(), shown.end());
  context.sink.begin(removed.size() == 1 ? "UP010"_rule : "UP010Many"_rule, ast.range(node), {quoted(shown)})
      .fix("Remove unnecessary `__future__` import", {withoutNames(context, node, import.names(), removed)});
}

static void checkBuiltinImport(LintContext& context, NodeId node, syntax::ImportFrom import, std::string_view module) {
  const Ast& ast = context.ast;
  bool is_builtins = isOneOf(module, {"builtins", "six.moves.builtins"});
  bool is_six = isOneOf(module, {"six", "six.moves"});
  if (!is_builtins && !is_six && module != "io") return;
  std::vector<NodeId> removed;
  std::vector<std::string> shown;
  for (NodeId alias_id : import.names()) {
    auto alias = ast.as<syntax::Alias>(alias_id);
    std::string_view name = syntax::nameText(ast, alias.name());
    if (alias.asname().valid()) continue;
    static constexpr std::string_view kBuiltins[] = {"*", "ascii", "bytes", "chr", "dict", "filter", "hex", "input", "int", "isinstance",
                                                     "list", "map", "max", "min", "next", "object", "oct", "open", "pow", "range",
                                                     "round", "str", "super", "zip"};
    bool is_known = std::find(std::begin(kBuiltins), std::end(kBuiltins), name) != std::end(kBuiltins);
    if (module == "io") is_known = name == "open";
    if (module == "six") is_known = isOneOf(name, {"callable", "next"});
    if (module == "six.moves") is_known = isOneOf(name, {"filter", "input", "map", "range", "zip"});
    if (!is_known) continue;
    removed.push_back(alias_id);
    shown.emplace_back(name);
  }
  if (removed.empty()) return;
  std::sort(shown.begin(), shown.end());
  context.sink.begin(removed.size() == 1 ? "UP029"_rule : "UP029Many"_rule, ast.range(node), {quoted(shown)})
      .fix("Remove unnecessary builtin import", {withoutNames(context, node, import.names(), removed)}, FixSafety::kUnsafe);
}

namespace {
struct Moved {
  std::string_view from, to, names;  // names separated by spaces
  uint32_t since;                    // minor version
};
struct Replaced {
  std::string_view name, replacement;
};
}  // namespace

static constexpr std::string_view kAbc =
    " AsyncGenerator AsyncIterable AsyncIterator Awaitable Collection Container Coroutine Generator Hashable ItemsView "
    "Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Sized ValuesView ";
static constexpr Moved kMoved[] = {
    {"collections", "collections.abc", kAbc, 3},
    {"collections", "collections.abc", " ByteString Callable Set ", 3},
    {"pipes", "shlex", " quote ", 3},
    {"mypy_extensions", "typing_extensions", " TypedDict ", 7},
    {"mypy_extensions", "typing", " TypedDict ", 8},
    {"typing", "collections.abc", kAbc, 9},
    {"typing", "collections.abc", " Callable ", 10},
    {"typing", "re", " Match Pattern ", 9},
    {"typing.io", "typing", " BinaryIO IO TextIO ", 3},
    {"typing.re", "re", " Match Pattern ", 9},
    {"backports.functools_lru_cache", "functools", " lru_cache ", 9},
    {"typing_extensions", "typing",
     " AbstractSet AnyStr AsyncIterable AsyncIterator Awaitable BinaryIO Callable ChainMap ClassVar Collection Container Coroutine "
     "Counter DefaultDict Deque Dict Final ForwardRef FrozenSet Generic Hashable IO ItemsView Iterable Iterator KeysView List Mapping "
     "MappingView Match MutableMapping MutableSequence MutableSet NoReturn Optional OrderedDict Pattern Reversible Sequence Set Sized "
     "TYPE_CHECKING Text TextIO Tuple Type Union ValuesView cast no_type_check no_type_check_decorator ",
     7},
    {"typing_extensions", "typing", " Annotated ", 9},
    {"typing_extensions", "typing", " Concatenate Literal NewType ParamSpecArgs ParamSpecKwargs TypeAlias TypeGuard get_args get_origin ", 10},
    {"typing_extensions", "typing",
     " Any LiteralString Never NotRequired Required Self assert_never assert_type clear_overloads final get_overloads overload "
     "reveal_type ",
     11},
    {"typing_extensions", "typing",
     " NamedTuple Protocol SupportsAbs SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound "
     "TypeAliasType Unpack dataclass_transform override ",
     12},
    {"typing_extensions", "collections.abc", " Buffer ", 12},
    {"typing_extensions", "types", " get_original_bases ", 12},
    {"typing_extensions", "typing",
     " AsyncContextManager AsyncGenerator ContextManager Generator NoDefault ParamSpec ReadOnly TypeIs TypeVar TypeVarTuple "
     "get_protocol_members get_type_hints is_protocol runtime_checkable ",
     13},
    {"typing_extensions", "types", " CapsuleType ", 13},
    {"typing_extensions", "warnings", " deprecated ", 13},
    {"backports.strenum", "enum", " StrEnum ", 11},
};
static constexpr Replaced kReplaced[] = {
    {"AsyncContextManager", "contextlib.AbstractAsyncContextManager"}, {"ContextManager", "contextlib.AbstractContextManager"},
    {"AbstractSet", "collections.abc.Set"}, {"Tuple", "tuple"}, {"List", "list"}, {"FrozenSet", "frozenset"}, {"Dict", "dict"},
    {"Type", "type"}, {"Set", "set"}, {"Deque", "collections.deque"}, {"DefaultDict", "collections.defaultdict"},
    {"OrderedDict", "collections.OrderedDict"}, {"Counter", "collections.Counter"}, {"ChainMap", "collections.ChainMap"}};

static bool listsName(std::string_view names, std::string_view name) {
  for (size_t at = names.find(name); at != std::string_view::npos; at = names.find(name, at + 1)) {
    if (at > 0 && names[at - 1] == ' ' && names[at + name.size()] == ' ') return true;
  }
  return false;
}

// The import without the names, everything else as it is: a name goes with the comma before it, the first ones with what
// is behind them.
static std::string keptImport(LintContext& context, syntax::ImportFrom import, const std::vector<NodeId>& removed) {
  const Ast& ast = context.ast;
  NodeList names = import.names();
  std::string out;
  uint32_t last = ast.range(import.id).begin;
  bool is_first = true;
  for (size_t i = 0; i < names.size(); ++i) {
    bool is_removed = std::find(removed.begin(), removed.end(), names[i]) != removed.end();
    is_first = is_first && is_removed;
    if (!is_removed) continue;
    TextRange range = ast.range(names[i]);
    if (!is_first) range.begin = context.tokens.nextCode(ast.range(names[i - 1]).end).begin;
    if (is_first && i + 1 < names.size()) range.end = ast.range(names[i + 1]).begin;
    if (range.begin > last) out += ast.text({last, range.begin});
    last = range.end;
  }
  return out + std::string(ast.text({last, ast.range(import.id).end}));
}

static void checkMoved(LintContext& context, NodeId node, syntax::ImportFrom import, std::string_view module) {
  const Ast& ast = context.ast;
  std::map<std::string_view, std::vector<NodeId>> by_target;
  std::vector<std::string_view> order;
  for (NodeId alias_id : import.names()) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias_id).name());
    std::string_view target;
    for (const Moved& moved : kMoved) {
      if (moved.from == module && moved.since <= context.options.target_minor && listsName(moved.names, name)) target = moved.to;
    }
    if (target.empty()) continue;
    if (!by_target.contains(target)) order.push_back(target);
    by_target[target].push_back(alias_id);
  }
  std::sort(order.begin(), order.end());
  for (std::string_view target : order) {
    const std::vector<NodeId>& moved = by_target[target];
    std::vector<std::string> shown;
    std::string list;
    for (NodeId alias : moved) {
      shown.emplace_back(syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()));
      list += (list.empty() ? "" : ", ") + std::string(ast.text(alias));
    }
    auto finding = context.sink.begin("UP035"_rule, ast.range(node), {target, quoted(shown)});
    std::string title = "Import from `" + std::string(target) + "`";
    std::string statement = "from " + std::string(target) + " import " + list;
    if (moved.size() == import.names().size()) {
      finding.fix(title, {{ast.range(node), statement}});
      continue;
    }
    std::string indent(indentAt(context, ast.range(node).begin));
    std::string kept = keptImport(context, import, moved);
    finding.fix(title, {{ast.range(node), kept + std::string(lineEndText(context)) + indent + statement}});
  }
  if (module != "typing") return;
  for (NodeId alias_id : import.names()) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias_id).name());
    for (const Replaced& replaced : kReplaced) {
      if (replaced.name != name || context.options.target_minor < 9) continue;
      context.sink.begin("UP035Deprecated"_rule, ast.range(node), {std::string(module) + "." + std::string(name), replaced.replacement});
    }
  }
}

// `from mock import mock, call`: the module itself is of `unittest`, what it holds of `unittest.mock`.
static void checkMockImport(LintContext& context, syntax::ImportFrom import) {
  const Ast& ast = context.ast;
  TextRange whole = ast.range(import.id), module = ast.range(import.module());
  std::vector<NodeId> modules;
  std::string mocks;
  for (NodeId alias_id : import.names()) {
    if (syntax::nameText(ast, ast.as<syntax::Alias>(alias_id).name()) != "mock") continue;
    modules.push_back(alias_id);
    mocks += std::string(lineEndText(context)) + std::string(indentAt(context, whole.begin)) + "from unittest import " + std::string(ast.text(alias_id));
  }
  auto finding = context.sink.begin("UP026"_rule, whole);
  constexpr std::string_view kTitle = "Import from `unittest.mock` instead";
  if (modules.empty() || modules.size() == import.names().size()) {
    finding.fix(std::string(kTitle), {{module, modules.empty() ? "unittest.mock" : "unittest"}});
  } else if (!isPrecededInLine(context, import.id)) {
    std::string kept = keptImport(context, import, modules);
    kept.replace(module.begin - whole.begin, module.end - module.begin, "unittest.mock");
    finding.fix(std::string(kTitle), {{whole, kept + mocks}});
  }
}

void checkDeprecatedFromImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  if (import.level() != 0 || !import.module().valid()) return;
  std::string_view module = syntax::nameText(ast, import.module());
  if (module == "__future__") return checkFuture(context, node, import);
  checkBuiltinImport(context, node, import, module);
  checkMoved(context, node, import, module);
  if (module == "xml.etree.cElementTree") {
    context.sink.begin("UP023"_rule, ast.range(node)).fix("Replace with `ElementTree`", {{ast.range(import.module()), "xml.etree.ElementTree"}});
  }
  if (module == "xml.etree") {
    for (NodeId alias : import.names()) {
      auto one = ast.as<syntax::Alias>(alias);
      if (syntax::nameText(ast, one.name()) != "cElementTree" || !one.asname().valid()) continue;
      context.sink.begin("UP023"_rule, ast.range(alias)).fix("Replace with `ElementTree`", {{ast.range(one.name()), "ElementTree"}});
    }
  }
  if (module == "mock") checkMockImport(context, import);
}

// The import without its mocks, and lines that import those from unittest.
static std::string mocksApart(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string others, mocks, indent(indentAt(context, ast.range(node).begin));
  for (NodeId alias_id : ast.as<syntax::Import>(node).names()) {
    auto alias = ast.as<syntax::Alias>(alias_id);
    std::string_view name = syntax::nameText(ast, alias.name());
    bool is_mock = name == "mock" || name == "mock.mock";
    if (!is_mock) others += (others.empty() ? "import " : ", ") + std::string(ast.text(alias_id));
    if (!is_mock) continue;
    bool is_renamed = alias.asname().valid() && syntax::nameText(ast, alias.asname()) != "mock";
    mocks += "\n" + indent + "from unittest import mock" + (is_renamed ? " as " + std::string(syntax::nameText(ast, alias.asname())) : "");
  }
  return others.empty() ? mocks.substr(1 + indent.size()) : others + mocks;
}

void checkDeprecatedImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId alias_id : ast.as<syntax::Import>(node).names()) {
    auto alias = ast.as<syntax::Alias>(alias_id);
    std::string_view name = syntax::nameText(ast, alias.name());
    if (name == "xml.etree.cElementTree" && alias.asname().valid()) {
      context.sink.begin("UP023"_rule, ast.range(alias_id)).fix("Replace with `ElementTree`", {{ast.range(alias.name()), "xml.etree.ElementTree"}});
    }
    if (name == "mock" || name == "mock.mock") {
      auto finding = context.sink.begin("UP026"_rule, ast.range(alias_id));
      if (ast.as<syntax::Import>(node).names().size() > 1) {
        // Two statements need lines of their own.
        if (isPrecededInLine(context, node)) continue;
        finding.fix("Import from `unittest.mock` instead", {{ast.range(node), mocksApart(context, node)}});
      } else {
        std::string as = alias.asname().valid() && syntax::nameText(ast, alias.asname()) != "mock" ? " as " + std::string(syntax::nameText(ast, alias.asname())) : "";
        finding.fix("Import from `unittest.mock` instead", {{ast.range(node), "from unittest import mock" + as}});
      }
    }
  }
}

void checkDeprecatedMockUse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  if (syntax::nameText(ast, attribute.attr()) != "mock" || syntax::nameText(ast, attribute.value()) != "mock") return;
  if (qualifiedName(context, attribute.value()) != "mock") return;
  auto around = ast.tryAs<syntax::Attribute>(ast.parent(node));
  if (!around || around->value() != node) return;
  context.sink.begin("UP026"_rule, ast.range(node)).fix("Replace `mock.mock` with `mock`", {{ast.range(node), "mock"}});
}

}  // namespace krait::lint

#include "analyzer/semantic/placement.h"

#include <algorithm>
#include <utility>

namespace krait::semantic {

using namespace syntax;

namespace {
enum class Place : uint8_t { kModule, kClass, kFunction, kComprehension };

struct Context {
  Place place = Place::kModule;
  bool is_in_function = false;   // whatever classes and comprehensions are between
  bool is_coroutine = false;     // the innermost function
  bool is_async_generator = false;
  bool is_checked = true;        // the innermost function has annotations, or all are checked
  int loops = 0;
  bool is_in_class_comprehension = false;  // no function between the comprehension and the class's body
  bool allows_starred = false;   // the expression is an item of a display or of an assignment's target

  bool isLikeFunction() const { return place == Place::kFunction || place == Place::kComprehension; }
  bool isInCoroutine() const { return isLikeFunction() && is_in_function && is_coroutine; }
};

// Does the function's own body hold a `yield`?
bool yields(const Ast& ast, NodeId node) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) return true;
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kLambda || kind == NodeKind::kClassDef) return false;
  bool found = false;
  forEachChild(ast, node, [&](NodeId child) { found = found || yields(ast, child); });
  return found;
}

// What a function's body has said about its names so far.
struct FunctionNames {
  std::vector<NameId> bound, globals, nonlocals;
};

bool has(const std::vector<NameId>& names, NameId name) { return std::find(names.begin(), names.end(), name) != names.end(); }

struct PlacementWalk {
  const Ast& ast;
  const PlacementOptions& options;
  std::vector<Misplaced> found;
  std::vector<FunctionNames> functions;  // those that are open, the innermost last

  void block(NodeId node, std::string message) { found.push_back({ast.range(node), std::move(message), Code::kNone, true}); }
  void fail(NodeId node, std::string message, Code code) { found.push_back({ast.range(node), std::move(message), code}); }

  void all(NodeList nodes, const Context& context) {
    for (NodeId node : nodes) visit(node, context);
  }
  void maybe(NodeId node, const Context& context) {
    if (node.valid()) visit(node, context);
  }
  void children(NodeId node, Context context) {
    context.allows_starred = false;
    forEachChild(ast, node, [&](NodeId child) { visit(child, context); });
  }

  bool hasAnnotations(const FunctionDef& function) const {
    if (function.returns().valid()) return true;
    NodeList params = ast.as<Parameters>(function.params()).params();
    return std::any_of(params.begin(), params.end(), [&](NodeId id) {
      auto parameter = ast.tryAs<Parameter>(id);
      return parameter && parameter->annotation().valid();
    });
  }

  void parameters(NodeId node, const Context& context) {
    std::vector<std::string_view> names;
    for (NodeId id : ast.as<Parameters>(node).params()) {
      auto parameter = ast.tryAs<Parameter>(id);
      if (!parameter || !parameter->name().valid()) continue;
      std::string_view name = nameText(ast, parameter->name());
      bool is_known = std::find(names.begin(), names.end(), name) != names.end();
      if (is_known) found.push_back({ast.range(id), "Duplicate argument \"" + std::string(name) + "\" in function definition", Code::kSyntax, true});
      names.push_back(name);
      Context inner = context;
      inner.allows_starred = true;  // `*args: *Ts`
      maybe(parameter->annotation(), inner);
      maybe(parameter->defaultValue(), context);
    }
  }

  void function(NodeId node, const Context& context) {
    auto def = ast.as<FunctionDef>(node);
    all(def.decorators(), context);
    parameters(def.params(), context);
    Context inner;
    inner.place = Place::kFunction;
    inner.is_in_function = true;
    inner.is_coroutine = def.isAsync();
    inner.is_checked = options.checks_unannotated || hasAnnotations(def);
    NodeList body = def.body();
    inner.is_async_generator = def.isAsync() && std::any_of(body.begin(), body.end(), [&](NodeId each) { return yields(ast, each); });
    functions.emplace_back();
    for (NodeId id : ast.as<Parameters>(def.params()).params()) {
      auto parameter = ast.tryAs<Parameter>(id);
      if (parameter && parameter->name().valid()) functions.back().bound.push_back(nameOf(ast, parameter->name()));
    }
    all(body, inner);
    functions.pop_back();
  }

  // `global` and `nonlocal` of names that the function has used otherwise.
  void redeclare(NodeId node, NodeList names, const Context& context) {
    if (context.place != Place::kFunction || functions.empty()) return;
    FunctionNames& own = functions.back();
    bool is_nonlocal = ast.is(node, NodeKind::kNonlocal);
    for (NodeId each : names) {
      NameId name = nameOf(ast, each);
      std::string shown = "Name \"" + std::string(ast.name(name)) + "\" is ";
      if (is_nonlocal && has(own.bound, name) && context.is_checked) fail(node, shown + "already defined in local scope before nonlocal declaration", Code::kMisc);
      if (has(is_nonlocal ? own.globals : own.nonlocals, name) && context.is_checked) fail(node, shown + "nonlocal and global", Code::kMisc);
      (is_nonlocal ? own.nonlocals : own.globals).push_back(name);
    }
  }

  void lambda(NodeId node, const Context& context) {
    auto def = ast.as<Lambda>(node);
    parameters(def.params(), context);
    Context inner = context;
    inner.place = Place::kFunction;
    inner.is_in_function = true;
    inner.is_coroutine = inner.is_async_generator = inner.allows_starred = inner.is_in_class_comprehension = false;
    inner.loops = 0;
    visit(def.body(), inner);
  }

  void classBody(NodeId node, const Context& context) {
    auto def = ast.as<ClassDef>(node);
    all(def.decorators(), context);
    Context inner = context;
    inner.allows_starred = true;
    all(def.args(), inner);
    inner.allows_starred = false;
    inner.place = Place::kClass;
    inner.loops = 0;
    all(def.body(), inner);
  }

  void comprehension(NodeId node, NodeList generators, std::initializer_list<NodeId> results, const Context& context) {
    bool is_async = std::any_of(generators.begin(), generators.end(), [&](NodeId each) { return ast.as<Comprehension>(each).isAsync(); });
    // A generator expression is only made here; it runs where it is awaited.
    if (is_async && !ast.is(node, NodeKind::kGeneratorExp) && !context.isInCoroutine()) fail(node, "\"async for\" outside async function", Code::kSyntax);
    Context inner = context;
    inner.is_in_class_comprehension = context.place == Place::kClass || context.is_in_class_comprehension;
    inner.place = Place::kComprehension;
    inner.allows_starred = false;
    bool is_first = true;
    for (NodeId each : generators) {
      auto generator = ast.as<Comprehension>(each);
      visit(generator.iter(), is_first ? context : inner);
      is_first = false;
      target(generator.target(), inner, false);
      all(generator.ifs(), inner);
    }
    for (NodeId result : results) visit(result, inner);
  }

  void loop(NodeId head, NodeList body, NodeList orelse, Context context) {
    visit(head, context);
    ++context.loops;
    all(body, context);
    --context.loops;
    all(orelse, context);
  }

  void yield(NodeId node, const char* word, const Context& context) {
    bool is_outside = !context.isLikeFunction() || !context.is_in_function;
    if (is_outside && context.place != Place::kComprehension) return block(node, "\"" + std::string(word) + "\" outside function");
    if (context.place == Place::kComprehension) return block(node, "\"" + std::string(word) + "\" inside comprehension or generator expression");
    if (ast.is(node, NodeKind::kYieldFrom) && context.is_coroutine) return block(node, "\"yield from\" in async function");
    children(node, context);
  }

  void await(NodeId node, const Context& context) {
    if (!context.isLikeFunction() || !context.is_in_function) {
      fail(node, "\"await\" outside function", Code::kTopLevelAwait);
    } else if (!context.is_coroutine) {
      fail(node, "\"await\" outside coroutine (\"async def\")", Code::kAwaitNotAsync);
    }
    children(node, context);
  }

  // A target of an assignment, a loop, a `with`.
  void target(NodeId node, Context context, bool is_nested) {
    NodeList items;
    if (auto tuple = ast.tryAs<Tuple>(node)) items = tuple->elts();
    if (auto list = ast.tryAs<List>(node)) items = list->elts();
    if (ast.is(node, NodeKind::kTuple) || ast.is(node, NodeKind::kList)) {
      auto stars = std::count_if(items.begin(), items.end(), [&](NodeId item) { return ast.is(item, NodeKind::kStarred); });
      if (stars > 1 && context.is_checked) fail(node, "Two starred expressions in assignment", Code::kMisc);
      for (NodeId item : items) target(item, context, true);
      return;
    }
    if (auto star = ast.tryAs<Starred>(node)) {
      if (!is_nested && context.is_checked) fail(node, "Starred assignment target must be in a list or tuple", Code::kMisc);
      return visit(star->value(), context);
    }
    visit(node, context);
  }

  void visit(NodeId node, Context context) {
    if (options.is_skipped != nullptr && node.value < options.is_skipped->size() && (*options.is_skipped)[node.value]) return;
    bool allows_starred = std::exchange(context.allows_starred, false);
    switch (ast.kind(node)) {
      case NodeKind::kImportFrom: {
        auto import = ast.as<ImportFrom>(node);
        bool has_module = import.module().valid() && !nameText(ast, import.module()).empty();
        if (import.level() > options.parents && !has_module) block(node, "No parent module -- cannot perform relative import");
        return;
      }
      case NodeKind::kGlobal: return redeclare(node, ast.as<Global>(node).names(), context);
      case NodeKind::kNonlocal: return redeclare(node, ast.as<Nonlocal>(node).names(), context);
      case NodeKind::kName: {
        auto name = ast.as<Name>(node);
        bool binds = name.context() == ExprContext::kStore && context.place == Place::kFunction && !functions.empty();
        if (binds && !has(functions.back().globals, name.name()) && !has(functions.back().nonlocals, name.name())) functions.back().bound.push_back(name.name());
        return;
      }
      case NodeKind::kNamedExpr:
        if (context.is_in_class_comprehension) found.push_back({ast.range(node), "Assignment expression within a comprehension cannot be used in a class body", Code::kSyntax, true});
        return children(node, context);
      case NodeKind::kFunctionDef: return function(node, context);
      case NodeKind::kTypeAlias: return;  // what may not stand in an alias is said of the alias
      case NodeKind::kLambda: return lambda(node, context);
      case NodeKind::kClassDef: return classBody(node, context);
      case NodeKind::kReturn:
        if (context.place != Place::kFunction) fail(node, "\"return\" outside function", Code::kMisc);
        if (context.place == Place::kFunction && context.is_async_generator && ast.as<Return>(node).value().valid()) {
          fail(node, "\"return\" with value in async generator is not allowed", Code::kMisc);
        }
        return children(node, context);
      case NodeKind::kBreak:
        if (context.loops == 0) block(node, "\"break\" outside loop");
        return;
      case NodeKind::kContinue:
        if (context.loops == 0) block(node, "\"continue\" outside loop");
        return;
      case NodeKind::kFor: {
        auto statement = ast.as<For>(node);
        if (statement.isAsync() && !context.isInCoroutine()) fail(node, "\"async for\" outside async function", Code::kSyntax);
        target(statement.target(), context, false);
        return loop(statement.iter(), statement.body(), statement.orelse(), context);
      }
      case NodeKind::kWhile: {
        auto statement = ast.as<While>(node);
        return loop(statement.test(), statement.body(), statement.orelse(), context);
      }
      case NodeKind::kWith:
        if (ast.as<With>(node).isAsync() && !context.isInCoroutine()) fail(node, "\"async with\" outside async function", Code::kSyntax);
        return children(node, context);
      case NodeKind::kWithItem: {
        auto item = ast.as<WithItem>(node);
        visit(item.contextExpr(), context);
        if (item.optionalVars().valid()) target(item.optionalVars(), context, false);
        return;
      }
      case NodeKind::kAssign: {
        auto statement = ast.as<Assign>(node);
        for (NodeId each : statement.targets()) target(each, context, false);
        return visit(statement.value(), context);
      }
      case NodeKind::kListComp: return comprehension(node, ast.as<ListComp>(node).generators(), {ast.as<ListComp>(node).elt()}, context);
      case NodeKind::kSetComp: return comprehension(node, ast.as<SetComp>(node).generators(), {ast.as<SetComp>(node).elt()}, context);
      case NodeKind::kGeneratorExp:
        return comprehension(node, ast.as<GeneratorExp>(node).generators(), {ast.as<GeneratorExp>(node).elt()}, context);
      case NodeKind::kDictComp:
        return comprehension(node, ast.as<DictComp>(node).generators(), {ast.as<DictComp>(node).key(), ast.as<DictComp>(node).value()}, context);
      case NodeKind::kYield: return yield(node, "yield", context);
      case NodeKind::kYieldFrom: return yield(node, "yield from", context);
      case NodeKind::kAwait: return await(node, context);
      case NodeKind::kTuple:
      case NodeKind::kList:
      case NodeKind::kSet:
      case NodeKind::kSubscript:
      case NodeKind::kCall: {
        Context inner = context;
        inner.allows_starred = true;
        forEachChild(ast, node, [&](NodeId child) { visit(child, inner); });
        return;
      }
      case NodeKind::kStarred:
        if (!allows_starred) return block(node, "Can use starred expression only as assignment target");
        return children(node, context);
      default: return children(node, context);
    }
  }
};
}  // namespace

std::vector<Misplaced> findMisplaced(const Ast& ast, const PlacementOptions& options) {
  PlacementWalk walk{ast, options, {}};
  walk.all(ast.as<Module>(ast.root()).body(), Context{});
  return std::move(walk.found);
}

}  // namespace krait::semantic

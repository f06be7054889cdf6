// Statements: dispatch, control flow, returns, loops, with, try.
#include "analyzer/semantic/flow/condition.h"
#include "checker/check/check.h"
#include "checker/check/unreached_names.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// Statements that may stand in unreachable code without a finding: raise, assert False, pass and the like.
static bool isNoop(Checker& c, NodeId node) {
  const Ast& ast = *c.ast;
  switch (ast.kind(node)) {
    case NodeKind::kRaise: return true;
    case NodeKind::kReturn: {
      NodeId value = ast.as<syntax::Return>(node).value();
      return value.valid() && ast.is(value, NodeKind::kName) && fullNameAt(c.w, c.module, c.scope, ast, value) == "builtins.NotImplemented";
    }
    case NodeKind::kAssert: {
      auto constant = ast.tryAs<syntax::Constant>(ast.as<syntax::Assert>(node).test());
      return constant && (constant->constantKind() == syntax::ConstantKind::kFalse || constant->constantKind() == syntax::ConstantKind::kInt);
    }
    case NodeKind::kExprStmt: {
      NodeId value = ast.as<syntax::ExprStmt>(node).value();
      if (auto constant = ast.tryAs<syntax::Constant>(value)) return constant->constantKind() == syntax::ConstantKind::kEllipsis;
      if (auto call = ast.tryAs<syntax::Call>(value)) {
        if (!ast.is(call->func(), NodeKind::kName) && !ast.is(call->func(), NodeKind::kAttribute)) return false;
        std::string name = fullNameAt(c.w, c.module, c.scope, ast, call->func());
        return name == "typing.assert_never" || name == "typing_extensions.assert_never";
      }
      // `return` and then `yield` make a generator that gives nothing.
      if (auto yielded = ast.tryAs<syntax::Yield>(value)) {
        auto given = yielded->value().valid() ? ast.tryAs<syntax::Constant>(yielded->value()) : std::nullopt;
        return !yielded->value().valid() || (given && given->constantKind() == syntax::ConstantKind::kNone);
      }
      return false;
    }
    default: return false;
  }
}

void setMark(std::unordered_set<uint32_t>& marks, NodeId node, bool is_set) {
  if (is_set) {
    marks.insert(node.value);
  } else if (!marks.empty()) {
    marks.erase(node.value);
  }
}

void checkBody(Checker& c, NodeList statements) {
  std::unordered_set<uint32_t>& unreached = c.w.modules[c.module].unreached;
  bool was_reached = true;
  for (size_t i = 0; i < statements.size(); ++i) {
    NodeId node = statements[i];
    bool is_reached = !c.binder->isUnreachable();
    setMark(unreached, node, was_reached && !is_reached);
    if (was_reached && !is_reached) reportUnreachedNames(c, std::span<const NodeId>(statements.begin() + i, statements.end()));
    was_reached = is_reached;
    if (is_reached) {
      checkStatement(c, node);
      continue;
    }
    bool reports = c.options->warn_unreachable && !isDynamic(c) && !c.binder->isWarningSuppressed() && !isUnreachable(c.w, c.module, node);
    if (!reports) return;
    if (isNoop(c, node)) continue;
    // The finding itself is about unreachable code: let it through.
    Message message;
    message.range = c.ast->range(node);
    message.code = Code::kUnreachable;
    message.text = "Statement is unreachable";
    if (c.silent == 0) c.messages->push_back(std::move(message));
    return;
  }
}

static void checkReturn(Checker& c, NodeId node) {
  World& w = c.w;
  NodeId value = c.ast->as<syntax::Return>(node).value();
  TypeId declared = c.function.declared_return;
  if (!declared.valid()) {
    if (value.valid()) inferExpr(c, value);
    c.binder->unreachable();
    return;
  }
  if (c.facts != nullptr && c.facts->function == c.function.id) {
    c.allows_none = true;
    c.facts->results.push_back(value.valid() ? inferExpr(c, value) : w.types.none());
    c.allows_none = false;
    c.binder->unreachable();
    return;
  }
  TypeId plain = proper(w, declared);
  if (w.types.is(plain, TypeKind::kNever) && !c.function.is_generator) {
    if (value.valid()) inferExpr(c, value, declared);
    fail(c, node, Code::kMisc, "Return statement in function which does not return");
    c.binder->unreachable();
    return;
  }
  if (value.valid()) {
    TypeId context = w.types.is(plain, TypeKind::kAny) ? TypeId::none() : declared;
    bool none_declared = w.types.is(plain, TypeKind::kNone);
    c.allows_none = none_declared || w.types.is(plain, TypeKind::kAny);
    TypeId type = inferExpr(c, value, context);
    // That an async generator returns a value is an error of the syntax.
    bool is_async_generator = c.function.is_generator && c.function.id.valid() && w.functions[c.function.id].has(kFnAsync);
    if (isDynamic(c) || is_async_generator) {
    } else if (w.types.is(proper(w, type), TypeKind::kDeleted)) {
      NameId source(w.types[proper(w, type)].ref);
      fail(c, value, Code::kMisc, "Trying to read deleted variable" + (source.valid() ? " \"" + std::string(w.text(source)) + "\"" : std::string()));
    } else if (w.types.is(proper(w, type), TypeKind::kAny)) {
      bool wants = c.options->warn_return_any && !w.types.is(plain, TypeKind::kAny) && !isObject(w, plain) && !none_declared && !isProperSubtype(w, w.types.any(), plain);
      if (wants) fail(c, node, Code::kNoAnyReturn, "Returning Any from function declared to return " + formatType(w, declared));
    } else if (none_declared) {
      if (!w.types.is(proper(w, type), TypeKind::kNone) && !w.types.is(proper(w, type), TypeKind::kNever)) {
        fail(c, node, Code::kReturnValue, "No return value expected");
      }
    } else {
      checkSubtype(c, type, declared, value, "Incompatible return value type", "got", "expected", Code::kReturnValue);
    }
  } else if (!isDynamic(c)) {
    bool fine = w.types.is(plain, TypeKind::kNone) || w.types.is(plain, TypeKind::kAny) || c.function.is_generator || isSubtype(w, w.types.none(), declared);
    if (!fine) fail(c, node, Code::kReturnValue, "Return value expected");
  }
  c.binder->unreachable();
}

static void checkCondition(Checker& c, NodeId test) { inferExpr(c, test); }

// Is a condition without an else part one that the target settles: `if TYPE_CHECKING:`, `if sys.version_info >= (3, 8):`?
static bool isAlwaysTrue(const Checker& c, NodeId test) {
  return isTrue(semantic::truthOf(*c.ast, test, semantic::targetOf(*c.options)));
}

static void checkIf(Checker& c, NodeId node) {
  Binder& binder = *c.binder;
  FrameScope all(binder, {.can_skip = false, .fall_through = 0, .is_conditional = true});
  for (;;) {
    auto branch = c.ast->as<syntax::If>(node);
    checkCondition(c, branch.test());
    Conditions conditions = findConditions(c, branch.test());
    NodeList body = branch.body();
    NodeList orelse = branch.orelse();
    bool body_off = !body.empty() && isUnreachable(c.w, c.module, body[0]);
    bool else_off = !orelse.empty() && isUnreachable(c.w, c.module, orelse[0]);
    if (body_off) {
      conditions.if_true.is_impossible = true;
      conditions.if_false = {};
    } else if (else_off) {
      conditions.if_false.is_impossible = true;
    } else if (orelse.empty() && isAlwaysTrue(c, branch.test())) {
      else_off = conditions.if_false.is_impossible = true;
    }
    {
      FrameScope frame(binder, {.can_skip = true, .fall_through = 2});
      pushMap(c, conditions.if_true);
      if (body_off) binder.suppressWarnings();
      checkBody(c, body);
    }
    pushMap(c, conditions.if_false);
    if (else_off) {
      binder.suppressWarnings();
    }
    if (orelse.size() == 1 && c.ast->is(orelse[0], NodeKind::kIf) && c.ast->as<syntax::If>(orelse[0]).isElif() && !binder.isUnreachable()) {
      node = orelse[0];
      continue;
    }
    if (orelse.empty()) {
      setMark(c.w.modules[c.module].exhaustive, node, binder.isUnreachable());
    }
    {
      FrameScope frame(binder, {.can_skip = false, .fall_through = 2});
      checkBody(c, orelse);
    }
    break;
  }
}

// Runs a loop's body until nothing more becomes known. `runs`: the body runs at least once.
template <class Body>
static void loop(Checker& c, NodeList orelse, NodeId test, bool runs, Body&& body) {
  Binder& binder = *c.binder;
  {
    FrameScope outer(binder, {.can_skip = false, .fall_through = 1});
    Watch watch = startWatch(c);
    for (int round = 0; round < 20; ++round) {
      takeBack(c, watch);
      int widenings = c.widenings;
      {
        FrameScope inner(binder, {.can_skip = true, .fall_through = 1, .break_frame = 2, .continue_frame = 1});
        body();
      }
      if (!binder.lastPopChanged() && c.widenings == widenings) break;
    }
    if (runs) {
      takeBack(c, watch);
      FrameScope once(binder, {.can_skip = false, .fall_through = 1, .break_frame = 2, .continue_frame = 1});
      body();
    }
    if (test.valid()) {
      ++c.silent;
      inferExpr(c, test);
      Conditions conditions = findConditions(c, test);
      --c.silent;
      pushMap(c, conditions.if_false, true);
    }
    if (!orelse.empty()) checkBody(c, orelse);
  }
}

static void checkWhile(Checker& c, NodeId node) {
  auto view = c.ast->as<syntax::While>(node);
  loop(c, view.orelse(), view.test(), false, [&] {
    checkCondition(c, view.test());
    Conditions conditions = findConditions(c, view.test());
    pushMap(c, conditions.if_true);
    checkBody(c, view.body());
  });
}

// `for x in ("a", "b")`: the literals that a variable without annotation goes through; none: there is more to it.
static TypeId literalItems(Checker& c, NodeId target, TypeId iterable) {
  World& w = c.w;
  TypeId tuple = proper(w, iterable);
  if (!w.types.is(tuple, TypeKind::kTuple) || !c.ast->is(target, NodeKind::kName)) return TypeId::none();
  SymbolId symbol = symbolAt(c, target);
  if (!symbol.valid() || !w.symbols[symbol].has(kIsInferred)) return TypeId::none();
  for (TypeId item : w.types[tuple].args()) {
    if (!w.types.is(item, TypeKind::kInstance) || !w.types[item].extra.valid() || !w.types.is(w.types[item].extra, TypeKind::kLiteral)) return TypeId::none();
  }
  return w.types[tuple].count == 0 ? TypeId::none() : w.types.unionOf(std::vector<TypeId>(w.types[tuple].args().begin(), w.types[tuple].args().end()));
}

// Binds what a loop or a `with` gives; what does not fit is told of `place`, not of the target.
// ref: mypy checker.analyze_index_variables, check_with_item
static void assignGiven(Checker& c, NodeId target, TypeId type, TextRange place) {
  Watch watch = startWatch(c);
  assignTo(c, target, type, NodeId::none());
  if (!hasNewErrors(c, watch)) return;
  std::vector<Message> taken = takeBack(c, watch);
  TextRange written = c.ast->range(target);
  for (Message& message : taken) {
    bool is_misfit = message.code == Code::kAssignment || message.text.find("to unpack") != std::string::npos || message.text.find("iterable") != std::string::npos;
    if (is_misfit && message.range.begin >= written.begin && message.range.end <= written.end) message.range = place;
  }
  putBack(c, std::move(taken));
}

static void checkFor(Checker& c, NodeId node) {
  auto view = c.ast->as<syntax::For>(node);
  TypeId iterable = inferExpr(c, view.iter());
  TypeId item = view.isAsync() ? asyncIteratedType(c, iterable, view.iter()) : iteratedType(c, iterable, view.iter());
  if (TypeId native = nativeRangeItem(c, view.iter()); native.valid()) item = native;
  bool runs = runsAtLeastOnce(c.w, c.module, *c.ast, view.iter());
  loop(c, view.orelse(), NodeId::none(), runs, [&] {
    assignGiven(c, view.target(), item, {c.ast->range(node).begin, c.ast->range(view.iter()).end});
    TypeId literals = mayRedefine(*c.options) ? TypeId::none() : literalItems(c, view.target(), iterable);
    if (literals.valid()) c.binder->put(keyOf(c, view.target()), literals, c.nodeType(view.target()), true);
    checkBody(c, view.body());
  });
}

void checkWith(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::With>(node);
  bool swallows = false;
  for (NodeId item_node : view.items()) {
    auto item = c.ast->as<syntax::WithItem>(item_node);
    NodeId expr = item.contextExpr();
    TypeId manager = inferExpr(c, expr);
    TypeId entered;
    TypeId exited;
    if (view.isAsync()) {
      entered = callMethod(c, w.names.__aenter__, manager, {}, expr).ret;
      entered = awaitedType(c, entered, expr, "Incompatible types in \"async with\" for \"__aenter__\"");
    } else {
      entered = callMethod(c, w.names.__enter__, manager, {}, expr).ret;
    }
    if (item.optionalVars().valid()) assignGiven(c, item.optionalVars(), entered, c.ast->range(expr));
    TypeId none = any(c, AnyKind::kSpecialForm);
    std::vector<Arg> args(3, Arg{NodeId::none(), ArgKind::kPos, NameId::none(), none});
    exited = callMethod(c, view.isAsync() ? w.names.__aexit__ : w.names.__exit__, manager, args, expr).ret;
    if (view.isAsync()) exited = awaitedType(c, exited, expr, "Incompatible types in \"async with\" for \"__aexit__\"");
    TypeId plain = proper(w, exited);
    bool is_bool = isNamed(w, plain, "builtins.bool");
    if (w.types.is(plain, TypeKind::kLiteral)) is_bool = canBeTrue(w, plain) && isNamed(w, w.types[plain].extra, "builtins.bool");
    if (is_bool) swallows = true;
  }
  setMark(w.modules[c.module].swallowing, node, swallows);
  if (swallows) {
    // An exception may end the body anywhere.
    FrameScope frame(*c.binder, {.can_skip = true, .fall_through = 1, .is_try = true});
    checkBody(c, view.body());
  } else {
    checkBody(c, view.body());
  }
}

// What an `except` clause with a value of this type catches: each item of tuples, those in unions as well.
static void exceptionParts(Checker& c, TypeId type, std::vector<TypeId>& parts) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kTuple)) {
    for (TypeId item : w.types[plain].args()) parts.push_back(w.types.is(item, TypeKind::kUnpack) ? any(c) : item);
  } else if (isNamed(w, plain, "builtins.tuple") && w.types[plain].count == 1) {
    parts.push_back(w.types[plain].items[0]);
  } else if (w.types.is(plain, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, plain)) exceptionParts(c, item, parts);
  } else {
    parts.push_back(plain);
  }
}

static TypeId exceptionType(Checker& c, NodeId node, bool is_star) {
  World& w = c.w;
  TypeId type = inferExpr(c, node);
  std::vector<TypeId> results;
  std::vector<TypeId> parts;
  exceptionParts(c, type, parts);
  for (TypeId part : parts) {
    for (TypeId item : unionItems(w, part)) {
      if (w.types.is(item, TypeKind::kAny)) {
        results.push_back(item);
        continue;
      }
      TypeId instance;
      if (w.types.is(item, TypeKind::kCallable) && w.types.callable(item).isTypeObject()) instance = eraseTypeVars(w, w.types.callable(item).made(), nullptr, any(c));
      if (w.types.is(item, TypeKind::kOverloaded) && w.types.callable(w.types[item].items[0]).isTypeObject()) instance = w.types.callable(w.types[item].items[0]).made();
      if (w.types.is(item, TypeKind::kTypeType)) instance = w.types[item].items[0];
      if (w.types.is(item, TypeKind::kTuple)) {
        for (TypeId inner : w.types[item].args()) {
          TypeId inner_plain = proper(w, inner);
          if (w.types.is(inner_plain, TypeKind::kCallable) && w.types.callable(inner_plain).isTypeObject()) results.push_back(w.types.callable(inner_plain).made());
        }
        continue;
      }
      TypeId base = builtinType(w, "BaseException");
      if (!instance.valid() || !isSubtype(w, instance, base)) {
        if (!isDynamic(c)) fail(c, node, Code::kMisc, "Exception type must be derived from BaseException (or be a tuple of exception classes)");
        return any(c);
      }
      ClassId group = is_star && w.types.is(proper(w, instance), TypeKind::kInstance) ? lookupClass(w, "builtins", "BaseExceptionGroup") : ClassId::none();
      bool is_group = group.valid() && isSubclass(w, w.types[proper(w, instance)].cls(), group);
      if (is_group) fail(c, node, Code::kMisc, "Exception type in except* cannot derive from BaseExceptionGroup");
      results.push_back(is_group ? any(c, AnyKind::kFromError) : instance);
    }
  }
  TypeId result = simplifiedUnion(w, results);
  if (is_star) {
    bool exception_only = isSubtype(w, result, builtinType(w, "Exception"));
    return namedType(w, "builtins", exception_only ? "ExceptionGroup" : "BaseExceptionGroup", std::span<const TypeId>(&result, 1));
  }
  return result;
}

void checkTry(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::Try>(node);
  Binder& binder = *c.binder;
  NodeList handlers = view.handlers();
  bool has_finally = !view.finalbody().empty();
  auto inner = [&] {
    // This frame runs the else block when the body falls through.
    FrameScope outer(binder, {.can_skip = false, .fall_through = 2, .is_try = has_finally});
    {
      // This one receives every exit by exception and runs the handlers.
      FrameScope after(binder, {.can_skip = false, .fall_through = 2});
      {
        FrameScope body(binder, {.can_skip = false, .fall_through = 2, .is_try = true});
        checkBody(c, view.body());
      }
      for (NodeId item : handlers) {
        auto handler = c.ast->as<syntax::ExceptHandler>(item);
        FrameScope frame(binder, {.can_skip = true, .fall_through = 4});
        if (handler.type().valid()) {
          TypeId type = exceptionType(c, handler.type(), view.isStar());
          if (handler.name().valid()) {
            SymbolId symbol = lookupName(w, c.scope, syntax::nameOf(*c.ast, handler.name()));
            if (symbol.valid()) {
              bool was_deleted = w.symbols[symbol].type.valid() && w.types.is(w.symbols[symbol].type, TypeKind::kDeleted);
              bool is_free = follows(*c.options, Divergence::kHandlerNames);
              if (w.symbols[symbol].typed != Progress::kDone || was_deleted) {
                w.symbols[symbol].type = type;
                w.symbols[symbol].typed = Progress::kDone;
                w.symbols[symbol].resolved = Progress::kDone;
                if (is_free) w.symbols[symbol].set(kIsInferred);
              }
              TypeId declared = w.symbols[symbol].type;
              if (is_free && w.symbols[symbol].has(kIsInferred) && !w.symbols[symbol].has(kIsFinal) && !isSubtype(w, type, declared)) {
                w.symbols[symbol].type = declared = simplifiedUnion(w, declared, type);
                ++c.widenings;
              }
              if (!isSubtype(w, type, declared)) {
                bool only_handlers = true;
                for (const Definition& definition : w.symbols[symbol].definitions) only_handlers = only_handlers && definition.kind == DefinitionKind::kExcept;
                if (only_handlers) {
                  w.symbols[symbol].type = declared = type;
                }
              }
              c.binder->put(c.keys.variable(symbol), type, declared, true);
            }
          }
        }
        checkBody(c, handler.body());
        if (handler.name().valid()) {
          SymbolId symbol = lookupName(w, c.scope, syntax::nameOf(*c.ast, handler.name()));
          if (symbol.valid()) {
            TypeId deleted = w.types.deleted(syntax::nameOf(*c.ast, handler.name()));
            c.binder->put(c.keys.variable(symbol), deleted, w.symbols[symbol].type, true);
            // The name is free again: no assignment but another handler's gives it a type.
            bool is_own = w.symbols[symbol].scope == c.scope && !mayRedefine(*c.options) && !follows(*c.options, Divergence::kHandlerNames);
            if (is_own) w.symbols[symbol].type = deleted;
            if (is_own) c.binder->forget(c.keys.variable(symbol));
          }
        }
      }
    }
    if (!view.orelse().empty()) checkBody(c, view.orelse());
  };
  {
    FrameScope all(binder, {.can_skip = false, .fall_through = 0});
    inner();
    // `finally` must be right on every abnormal way out, too.
    if (has_finally) {
      if (!binder.isUnreachable()) checkBody(c, view.finalbody());
    }
  }
  if (!has_finally || binder.isUnreachable()) return;
  // All that it can meet it has met before; mypy says once more what it finds now.
  bool is_said = follows(*c.options, Divergence::kFinallyOnce);
  c.silent += is_said ? 1 : 0;
  checkBody(c, view.finalbody());
  c.silent -= is_said ? 1 : 0;
}

// `raise C` calls C without arguments. ref: mypy checker.type_check_raise
static void checkRaisedClass(Checker& c, TypeId callee, NodeId node) {
  CallSite site;
  site.node = node;
  Watch watch = startWatch(c);
  checkCall(c, callee, site);
  for (Message& message : takeBack(c, watch)) {
    if (message.severity != Severity::kError) continue;
    // Nobody wrote the call: what it lacks has no names.
    bool is_positional = message.text.starts_with("Missing positional argument");
    size_t in_call = message.text.rfind(" in call to ");
    if (is_positional && in_call != std::string::npos) message.text = "Too few arguments for " + message.text.substr(in_call + 12);
    fail(c, node, message.code, std::move(message.text));
  }
}

static void checkRaise(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::Raise>(node);
  auto check = [&](NodeId expr, bool allows_none) {
    TypeId type = inferExpr(c, expr);
    TypeId base = builtinType(w, "BaseException");
    for (TypeId item : unionItems(w, type)) {
      TypeId instance = item;
      if (w.types.is(item, TypeKind::kCallable) && w.types.callable(item).isTypeObject()) {
        instance = w.types.callable(item).made();
      } else if (w.types.is(item, TypeKind::kOverloaded) && w.types.callable(w.types[item].items[0]).isTypeObject()) {
        instance = w.types.callable(w.types[item].items[0]).made();
      } else if (w.types.is(item, TypeKind::kTypeType)) {
        instance = w.types[item].items[0];
      }
      if (allows_none && w.types.is(item, TypeKind::kNone)) continue;
      if (w.types.is(proper(w, instance), TypeKind::kDeleted)) {
        fail(c, node, Code::kMisc, "Trying to read deleted variable \"" + std::string(w.text(NameId(w.types[proper(w, instance)].ref))) + "\"");
        continue;
      }
      if (!isSubtype(w, eraseTypeVars(w, instance, nullptr, any(c)), base) && !isDynamic(c)) {
        bool not_implemented = isNamed(w, item, "builtins._NotImplementedType") || isNamed(w, item, "types.NotImplementedType");
        fail(c, node, Code::kMisc, not_implemented ? "Exception must be derived from BaseException; did you mean \"NotImplementedError\"?" : "Exception must be derived from BaseException");
        break;
      }
      if (!allows_none && (w.types.is(item, TypeKind::kCallable) || w.types.is(item, TypeKind::kOverloaded))) checkRaisedClass(c, item, node);
    }
  };
  if (view.exc().valid()) check(view.exc(), false);
  if (view.cause().valid()) check(view.cause(), true);
  c.binder->unreachable();
}

static void checkAssert(Checker& c, NodeId node) {
  auto view = c.ast->as<syntax::Assert>(node);
  checkCondition(c, view.test());
  if (auto tuple = c.ast->tryAs<syntax::Tuple>(view.test())) {
    if (!tuple->elts().empty()) fail(c, view.test(), Code::kMisc, "Assertion is always true, perhaps remove parentheses?");
  }
  Conditions conditions = findConditions(c, view.test());
  if (view.msg().valid()) {
    FrameScope frame(*c.binder, {.can_skip = true, .fall_through = 0});
    // What can never be shown is looked at nevertheless.
    if (!conditions.if_false.is_impossible) pushMap(c, conditions.if_false);
    inferExpr(c, view.msg());
  }
  pushMap(c, conditions.if_true, true);
}

// reveal_type(f()) looks at a coroutine and drops nothing that was wanted; mypy says so all the same.
static bool onlyShows(Checker& c, NodeId call) {
  if (!follows(*c.options, Divergence::kAssertTypeGuides)) return false;
  NodeId callee = c.ast->as<syntax::Call>(call).func();
  if (!c.ast->is(callee, NodeKind::kName) && !c.ast->is(callee, NodeKind::kAttribute)) return false;
  std::string name = fullNameAt(c.w, c.module, c.scope, *c.ast, callee);
  return name.ends_with(".reveal_type") || name.ends_with(".assert_type") ||
         (name.empty() && syntax::nameText(*c.ast, callee) == "reveal_type");
}

// The code under which a value of that type must be used; none: it may be thrown away.
// ref: mypy checker.type_requires_usage
static Code codeOfUnused(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kInstance)) return Code::kNone;
  if (isNamed(w, plain, "typing.Coroutine")) return Code::kUnusedCoroutine;
  bool asks = c.options->enabled_codes.count(Code::kUnusedAwaitable) != 0;
  return asks && findMember(w, w.types[plain].cls(), w.name("__await__")).found() ? Code::kUnusedAwaitable : Code::kNone;
}

// `x or stop()`: where the right side never returns, the left one has decided.
static void keepDecided(Checker& c, NodeId value) {
  auto op = c.ast->tryAs<syntax::BoolOp>(value);
  if (!op || op->values().size() != 2 || !c.ast->is(op->values()[1], NodeKind::kCall) || !follows(*c.options, Divergence::kNeverOperands)) return;
  TypeId right = c.nodeType(op->values()[1]);
  if (!right.valid() || !c.w.types.is(proper(c.w, right), TypeKind::kNever) || c.binder->isUnreachable()) return;
  Conditions conditions = findConditions(c, op->values()[0]);
  pushMap(c, op->op() == syntax::BoolOperator::kAnd ? conditions.if_false : conditions.if_true, true);
}

static void checkExpression(Checker& c, NodeId node) {
  World& w = c.w;
  NodeId value = c.ast->as<syntax::ExprStmt>(node).value();
  TypeId type = inferDiscarded(c, value);
  keepDecided(c, value);
  if (isDynamic(c) || (follows(*c.options, Divergence::kUnusedCalls) && !c.ast->is(value, NodeKind::kCall))) return;
  Code code = codeOfUnused(c, type);
  if (code == Code::kNone || onlyShows(c, value)) return;
  fail(c, value, code, "Value of type " + formatType(w, type) + " must be used");
  note(c, value, code, "Are you missing an await?");
}

// Where a definition begins: a function at its first decorator.
static NodeId beginOf(Checker& c, NodeId node) {
  auto def = c.ast->tryAs<syntax::FunctionDef>(node);
  return def && !def->decorators().empty() ? def->decorators()[0] : node;
}

// Does the definition stand in a handler of the `try` whose body imports the name?
static bool isFallback(Checker& c, NodeId import, NodeId definition) {
  const Ast& ast = *c.ast;
  NodeId outer = ast.parent(import);
  while (outer.valid() && !ast.is(outer, NodeKind::kTry) && !ast.is(outer, NodeKind::kFunctionDef)) outer = ast.parent(outer);
  if (!outer.valid() || !ast.is(outer, NodeKind::kTry)) return false;
  for (NodeId at = definition; at.valid() && at != outer; at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kExceptHandler) && ast.parent(at) == outer) return true;
  }
  return false;
}

void reportRedefinition(Checker& c, SymbolId symbol, NodeId node, NodeId name) {
  World& w = c.w;
  const Symbol& info = w.symbols[symbol];
  if (info.definitions.empty() || info.kind == SymbolKind::kSpecialForm || info.definitions[0].node == node) return;
  const Definition& first = info.definitions[0];
  std::string shown(w.text(info.name));
  if (auto assign = c.ast->tryAs<syntax::AnnAssign>(node)) {
    NodeId head = assign->annotation();
    if (auto subscript = c.ast->tryAs<syntax::Subscript>(head)) head = subscript->value();
    bool named = c.ast->is(head, NodeKind::kName) || c.ast->is(head, NodeKind::kAttribute);
    if (named && fullNameAt(w, c.module, c.scope, *c.ast, head).ends_with(".Final")) {
      fail(c, node, Code::kMisc, "Cannot redefine an existing name as final");
      return;
    }
  }
  if (first.kind == DefinitionKind::kImport || first.kind == DefinitionKind::kImportFrom) {
    if (follows(*c.options, Divergence::kFallbackDefinitions) && isFallback(c, first.node, node)) return;
    SymbolId target = followImports(w, symbol);
    bool is_module = target.valid() && w.resolved(target).kind == SymbolKind::kModule;
    fail(c, node, Code::kNoRedef, "Name \"" + shown + "\" already defined (" + (is_module ? "by an import)" : "possibly by an import)"));
    return;
  }
  auto again = c.ast->tryAs<syntax::AnnAssign>(node);
  bool is_attribute = info.owner.valid() && c.ast->is(name, NodeKind::kAttribute);
  if (again && is_attribute && first.kind == DefinitionKind::kAnnotated && follows(*c.options, Divergence::kRedeclaredAttribute)) {
    AnnotationContext context{w, c.module, c.scope, c.ast};
    context.is_silent = true;
    TypeId type = analyzeType(context, again->annotation());
    TypeId declared = declaredVariableType(w, symbol);
    if (type.valid() && declared.valid() && isSameType(w, type, declared)) return;
  }
  NodeId at = first.node;
  if (auto begun = c.begun.find(symbol.value); begun != c.begun.end()) at = begun->second;
  if (info.owner.valid() && c.ast->is(name, NodeKind::kAttribute)) shown = std::string(w.text(info.name));
  fail(c, beginOf(c, node), Code::kNoRedef, (info.has(kIsSelfAttribute) || is_attribute ? "Attribute \"" : "Name \"") + shown + "\" already defined on line " + std::to_string(lineOf(w, c.module, beginOf(c, at))));
}

// Leaves the jump an `except*` block? (In other modes the syntax check says so.)
static bool leavesExceptStar(Checker& c, NodeId node) {
  if (follows(*c.options, Divergence::kSyntaxOfJumps)) return false;
  bool is_return = c.ast->is(node, NodeKind::kReturn);
  for (NodeId at = c.ast->parent(node); at.valid(); at = c.ast->parent(at)) {
    bool is_loop = c.ast->is(at, NodeKind::kFor) || c.ast->is(at, NodeKind::kWhile);
    if (c.ast->is(at, NodeKind::kFunctionDef) || c.ast->is(at, NodeKind::kClassDef) || (is_loop && !is_return)) return false;
    auto around = c.ast->is(at, NodeKind::kExceptHandler) ? c.ast->tryAs<syntax::Try>(c.ast->parent(at)) : std::nullopt;
    if (around && around->isStar()) return true;
  }
  return false;
}

void checkLeaving(Checker& c, NodeId node) {
  if (!leavesExceptStar(c, node)) return;
  const char* word = c.ast->is(node, NodeKind::kReturn) ? "return" : c.ast->is(node, NodeKind::kBreak) ? "break" : "continue";
  fail(c, node, Code::kMisc, "\"" + std::string(word) + "\" not allowed in except* block");
}

void checkStatement(Checker& c, NodeId node) {
  World& w = c.w;
  if (isUnreachable(w, c.module, node)) {
    // What follows an assert that always fails for this target.
    return;
  }
  switch (c.ast->kind(node)) {
    case NodeKind::kExprStmt: checkExpression(c, node); break;
    case NodeKind::kAssign: {
      checkAssign(c, node);
      auto assign = c.ast->as<syntax::Assign>(node);
      for (NodeId target : assign.targets()) noteGivenItems(c, target, assign.value());
      break;
    }
    case NodeKind::kAnnAssign: {
      checkAnnAssign(c, node);
      auto assign = c.ast->as<syntax::AnnAssign>(node);
      if (assign.value().valid()) noteGivenItems(c, assign.target(), assign.value());
      break;
    }
    case NodeKind::kAugAssign: checkAugAssign(c, node); break;
    case NodeKind::kReturn:
      checkLeaving(c, node);
      checkReturn(c, node);
      break;
    case NodeKind::kIf: checkIf(c, node); break;
    case NodeKind::kWhile: checkWhile(c, node); break;
    case NodeKind::kFor: checkFor(c, node); break;
    case NodeKind::kWith: checkWith(c, node); break;
    case NodeKind::kTry: checkTry(c, node); break;
    case NodeKind::kRaise: checkRaise(c, node); break;
    case NodeKind::kAssert: checkAssert(c, node); break;
    case NodeKind::kDelete: checkDelete(c, node); break;
    case NodeKind::kMatch: checkMatch(c, node); break;
    case NodeKind::kFunctionDef: checkNestedFunction(c, node); break;
    case NodeKind::kClassDef: checkClass(c, node); break;
    case NodeKind::kNonlocal: checkNonlocal(c, node); break;
    case NodeKind::kBreak:
      checkLeaving(c, node);
      c.binder->handleBreak();
      break;
    case NodeKind::kContinue:
      checkLeaving(c, node);
      c.binder->handleContinue();
      break;
    case NodeKind::kTypeAlias: {
      SymbolId symbol = symbolAt(c, c.ast->as<syntax::TypeAlias>(node).name());
      if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kAlias) resolveAlias(w, w.symbols[symbol].alias);
      break;
    }
    case NodeKind::kImport:
    case NodeKind::kImportFrom: {
      checkImportedOver(c, node);
      checkImportedNames(c, node);
      break;
    }
    default: break;
  }
}

}  // namespace krait::check

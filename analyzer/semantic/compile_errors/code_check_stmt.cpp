#include "analyzer/semantic/compile_errors/code_check.h"

namespace krait::semantic {

using namespace syntax;

static constexpr size_t kMaxFrameBlocks = 21;

void leaveFrameBlock(CodeCheck& c) { c.unit().blocks.pop_back(); }

static bool hasYield(const Ast& ast, NodeList nodes);

static bool hasYieldInDefaults(const Ast& ast, NodeId params) {
  for (NodeId id : ast.as<Parameters>(params).params()) {
    NodeId value = ast.as<Parameter>(id).defaultValue();
    if (value.valid() && hasYield(ast, NodeList(&value, 1))) return true;
  }
  return false;
}

// Does the function's own code yield? The bodies of nested functions and classes do not count, comprehensions cannot.
static bool hasYield(const Ast& ast, NodeId id) {
  switch (ast.kind(id)) {
    case NodeKind::kYield:
    case NodeKind::kYieldFrom: return true;
    case NodeKind::kFunctionDef: {
      FunctionDef def = ast.as<FunctionDef>(id);
      return hasYield(ast, def.decorators()) || hasYieldInDefaults(ast, def.params());
    }
    case NodeKind::kClassDef: return hasYield(ast, ast.as<ClassDef>(id).decorators()) || hasYield(ast, ast.as<ClassDef>(id).args());
    case NodeKind::kLambda: return hasYieldInDefaults(ast, ast.as<Lambda>(id).params());
    default: break;
  }
  bool found = false;
  forEachChild(ast, id, [&](NodeId child) { found = found || hasYield(ast, child); });
  return found;
}

static bool hasYield(const Ast& ast, NodeList nodes) {
  for (NodeId id : nodes) {
    if (hasYield(ast, id)) return true;
  }
  return false;
}

// A coroutine or generator has one block around its body.
static bool isInStopIterationBlock(CodeCheck& c) {
  NodeId function = c.unit().function;
  if (function.isNone()) return false;
  return c.unit().kind == UnitKind::kAsyncFunction || hasYield(c.ast, c.ast.as<FunctionDef>(function).body());
}

bool enterFrameBlock(CodeCheck& c, FrameBlock block, NodeId id) {
  size_t depth = c.unit().blocks.size();
  if (depth + 1 >= kMaxFrameBlocks && (depth >= kMaxFrameBlocks || isInStopIterationBlock(c))) {
    return failAt(c.check, id, "too many statically nested blocks");
  }
  c.unit().blocks.push_back(block);
  return true;
}

static bool checkCodeIn(CodeCheck& c, FrameBlock block, NodeId id, NodeList body) {
  if (!enterFrameBlock(c, block, id) || !checkCodeOf(c, body)) return false;
  leaveFrameBlock(c);
  return true;
}

static NodeId defaultOf(const Ast& ast, NodeId param) {
  if (auto variable = ast.tryAs<TypeVar>(param)) return variable->defaultValue();
  if (auto tuple = ast.tryAs<TypeVarTuple>(param)) return tuple->defaultValue();
  if (auto spec = ast.tryAs<ParamSpec>(param)) return spec->defaultValue();
  return NodeId();
}

static bool checkTypeParamOrder(CodeCheck& c, NodeList params) {
  bool has_default = false;
  for (NodeId param : params) {
    if (defaultOf(c.ast, param).valid()) {
      has_default = true;
    } else if (has_default) {
      return failAt(c.check, param,
                    "non-default type parameter '" + std::string(nameText(c.ast, c.ast.child(param, 0))) +
                        "' follows default type parameter");
    }
  }
  return true;
}

static bool checkCodeOfAnnotations(CodeCheck& c, const FunctionDef& def) {
  for (NodeId id : c.ast.as<Parameters>(def.params()).params()) {
    NodeId annotation = c.ast.as<Parameter>(id).annotation();
    if (annotation.isNone()) continue;
    // `*args: *Ts` is the one place where an annotation may be starred.
    NodeId inner = c.ast.is(annotation, NodeKind::kStarred) ? c.ast.as<Starred>(annotation).value() : annotation;
    if (!checkCodeOfExpression(c, inner)) return false;
  }
  return def.returns().isNone() || checkCodeOfExpression(c, def.returns());
}

static bool checkCodeOfFunction(CodeCheck& c, const FunctionDef& def) {
  if (!checkCodeOfExpressions(c, def.decorators()) || !checkCodeOfDefaults(c, def.params()) ||
      !checkTypeParamOrder(c, def.typeParams()) || !checkCodeOfAnnotations(c, def)) {
    return false;
  }
  UnitKind kind = def.isAsync() ? UnitKind::kAsyncFunction : UnitKind::kFunction;
  c.units.push_back({.kind = kind, .is_generator = def.isAsync() && hasYield(c.ast, def.body()), .function = def.id});
  if (!checkCodeOf(c, def.body())) return false;
  c.units.pop_back();
  return true;
}

static bool checkCodeOfClass(CodeCheck& c, const ClassDef& def) {
  if (!checkCodeOfExpressions(c, def.decorators()) || !checkTypeParamOrder(c, def.typeParams())) return false;
  c.units.push_back({.kind = UnitKind::kClass});
  if (!checkCodeOf(c, def.body())) return false;
  c.units.pop_back();
  return checkRepeatedKeywords(c, def.args()) && checkCodeOfArguments(c, def.args());
}

// Leaving an `except*` block is forbidden; otherwise the search ends at a loop, if the statement looks for one.
enum class Leaving : uint8_t { kFoundLoop, kFoundNone, kForbidden };

static Leaving findLoop(CodeCheck& c, bool stops_at_loop) {
  for (size_t i = c.unit().blocks.size(); i-- > 0;) {
    FrameBlock block = c.unit().blocks[i];
    if (block == FrameBlock::kExceptStar) return Leaving::kForbidden;
    if (block == FrameBlock::kLoop && stops_at_loop) return Leaving::kFoundLoop;
  }
  return Leaving::kFoundNone;
}

static constexpr const char* kExceptStarMessage =
    "'break', 'continue' and 'return' cannot appear in an except* block";

static bool checkJump(CodeCheck& c, NodeId id, const char* outside) {
  switch (findLoop(c, true)) {
    case Leaving::kFoundLoop: return true;
    case Leaving::kForbidden: return failAt(c.check, id, kExceptStarMessage);
    case Leaving::kFoundNone: return failAt(c.check, id, outside);
  }
  return true;
}

static bool checkReturn(CodeCheck& c, const Return& statement) {
  CodeUnit& unit = c.unit();
  NodeId value = statement.value();
  if (!isFunctionUnit(unit.kind)) return failAt(c.check, statement.id, "'return' outside function");
  if (value.valid() && unit.kind == UnitKind::kAsyncFunction && unit.is_generator) {
    return failAt(c.check, statement.id, "'return' with value in async generator");
  }
  if (value.valid() && !checkCodeOfExpression(c, value)) return false;
  if (findLoop(c, false) != Leaving::kForbidden) return true;
  // CPython points at a constant value when it stands on the statement's line.
  bool is_constant = value.valid() && (c.ast.is(value, NodeKind::kConstant) || nameText(c.ast, value) == "__debug__");
  bool points_at_value = is_constant &&
                         lineAt(c.check, c.ast.range(value).begin) == lineAt(c.check, statement.range().begin);
  return failAt(c.check, points_at_value ? value : statement.id, kExceptStarMessage);
}

static bool checkCodeOfFor(CodeCheck& c, const For& statement) {
  return checkCodeOfExpression(c, statement.iter()) && enterFrameBlock(c, FrameBlock::kLoop, statement.id) &&
         checkCodeOfExpression(c, statement.target()) && checkCodeOf(c, statement.body()) &&
         (leaveFrameBlock(c), checkCodeOf(c, statement.orelse()));
}

static bool checkCodeOfWith(CodeCheck& c, const With& with) {
  for (NodeId id : with.items()) {
    WithItem item = c.ast.as<WithItem>(id);
    NodeId context = item.contextExpr();
    if (!checkCodeOfExpression(c, context) || !enterFrameBlock(c, FrameBlock::kOther, context)) return false;
    if (item.optionalVars().valid() && !checkCodeOfExpression(c, item.optionalVars())) return false;
  }
  if (!checkCodeOf(c, with.body())) return false;
  for (size_t i = 0; i < with.items().size(); ++i) leaveFrameBlock(c);
  return true;
}

static bool checkCodeOfHandlers(CodeCheck& c, const Try& statement) {
  NodeList handlers = statement.handlers();
  for (size_t i = 0; i < handlers.size(); ++i) {
    ExceptHandler handler = c.ast.as<ExceptHandler>(handlers[i]);
    if (handler.type().isNone() && i + 1 < handlers.size()) {
      return failAt(c.check, handler.id, "default 'except:' must be last");
    }
    if (handler.type().valid() && !checkCodeOfExpression(c, handler.type())) return false;
    if (!checkCodeIn(c, FrameBlock::kOther, handler.id, handler.body())) return false;
  }
  return true;
}

// try … except …, without its finally.
static bool checkCodeOfTryExcept(CodeCheck& c, const Try& statement) {
  if (statement.handlers().empty()) return checkCodeOf(c, statement.body());
  if (!checkCodeIn(c, FrameBlock::kOther, statement.id, statement.body())) return false;
  if (!statement.isStar() && !checkCodeOf(c, statement.orelse())) return false;
  FrameBlock block = statement.isStar() ? FrameBlock::kExceptStar : FrameBlock::kOther;
  if (!enterFrameBlock(c, block, statement.id) || !checkCodeOfHandlers(c, statement)) return false;
  leaveFrameBlock(c);
  return !statement.isStar() || checkCodeOf(c, statement.orelse());
}

static bool checkCodeOfTry(CodeCheck& c, const Try& statement) {
  if (statement.finalbody().empty()) return checkCodeOfTryExcept(c, statement);
  if (!enterFrameBlock(c, FrameBlock::kOther, statement.id) || !checkCodeOfTryExcept(c, statement)) return false;
  leaveFrameBlock(c);
  return checkCodeIn(c, FrameBlock::kOther, statement.id, statement.finalbody());
}

static bool checkFutureImport(CodeCheck& c, const ImportFrom& import) {
  if (import.level() != 0 || import.module().isNone() || nameText(c.ast, import.module()) != "__future__") return true;
  // An import on the line of an accepted one is accepted, too.
  uint32_t begin = import.range().begin;
  if (std::optional<uint32_t> last = c.check.last_future_import) {
    if (begin <= *last || c.ast.text({*last, begin}).find_first_of("\r\n") == std::string_view::npos) return true;
  }
  return failAt(c.check, import.id, kLateFuture);
}

// codegen_check_ann_subscr: the target of an annotation without value; its subscript's parts are evaluated one by one.
static bool checkAnnotatedSubscript(CodeCheck& c, const Subscript& target) {
  if (!checkCodeOfExpression(c, target.value())) return false;
  auto tuple = c.ast.tryAs<Tuple>(target.slice());
  return tuple ? checkCodeOfExpressions(c, tuple->elts()) : checkCodeOfExpression(c, target.slice());
}

static bool checkCodeOfAnnAssign(CodeCheck& c, const AnnAssign& assign) {
  auto subscript = c.ast.tryAs<Subscript>(assign.target());
  if (subscript && assign.value().isNone()) {
    return checkAnnotatedSubscript(c, *subscript) && checkCodeOfExpression(c, assign.annotation());
  }
  if (assign.value().valid() && !checkCodeOfExpression(c, assign.value())) return false;
  return checkCodeOfExpression(c, assign.target()) && checkCodeOfExpression(c, assign.annotation());
}

// Children in field order: right for the statements that evaluate them so.
static bool checkCodeOfParts(CodeCheck& c, NodeId id);

static bool checkCodeOfStatement(CodeCheck& c, NodeId id) {
  const Ast& ast = c.ast;
  switch (ast.kind(id)) {
    case NodeKind::kFunctionDef: return checkCodeOfFunction(c, ast.as<FunctionDef>(id));
    case NodeKind::kClassDef: return checkCodeOfClass(c, ast.as<ClassDef>(id));
    case NodeKind::kTypeAlias: {
      TypeAlias alias = ast.as<TypeAlias>(id);
      return checkTypeParamOrder(c, alias.typeParams()) && checkCodeOfExpression(c, alias.value());
    }
    case NodeKind::kReturn: return checkReturn(c, ast.as<Return>(id));
    case NodeKind::kBreak: return checkJump(c, id, "'break' outside loop");
    case NodeKind::kContinue: return checkJump(c, id, "'continue' not properly in loop");
    case NodeKind::kAssign: {
      Assign assign = ast.as<Assign>(id);
      return checkCodeOfExpression(c, assign.value()) && checkCodeOfExpressions(c, assign.targets());
    }
    case NodeKind::kAnnAssign: return checkCodeOfAnnAssign(c, ast.as<AnnAssign>(id));
    case NodeKind::kFor: return checkCodeOfFor(c, ast.as<For>(id));
    case NodeKind::kWhile: {
      While loop = ast.as<While>(id);
      return enterFrameBlock(c, FrameBlock::kLoop, id) && checkCodeOfExpression(c, loop.test()) &&
             checkCodeOf(c, loop.body()) && (leaveFrameBlock(c), checkCodeOf(c, loop.orelse()));
    }
    case NodeKind::kWith: return checkCodeOfWith(c, ast.as<With>(id));
    case NodeKind::kTry: return checkCodeOfTry(c, ast.as<Try>(id));
    case NodeKind::kMatch: return checkCodeOfMatch(c, ast.as<Match>(id));
    case NodeKind::kImportFrom: return checkFutureImport(c, ast.as<ImportFrom>(id));
    case NodeKind::kImport:
    case NodeKind::kGlobal:
    case NodeKind::kNonlocal: return true;
    default: return checkCodeOfParts(c, id);
  }
}

static bool checkCodeOfParts(CodeCheck& c, NodeId id) {
  bool ok = true;
  forEachChild(c.ast, id, [&](NodeId child) {
    if (ok) ok = isStatement(c.ast, child) ? checkCodeOfStatement(c, child) : checkCodeOfExpression(c, child);
  });
  return ok;
}

bool checkCodeOf(CodeCheck& c, NodeList statements) {
  for (NodeId id : statements) {
    if (!checkCodeOfStatement(c, id)) return false;
  }
  return true;
}

bool checkCode(CompileCheck& check) {
  CodeCheck c{.check = check, .ast = check.ast};
  return checkCodeOf(c, check.ast.as<Module>(check.ast.root()).body());
}

}  // namespace krait::semantic

#include "runtime/codegen/stmt.h"

namespace krait::codegen {

static void expressionStatement(CompileContext& c, NodeId node) {
  NodeId value = c.ast.as<syntax::ExprStmt>(node).value();
  bool shows = c.options.mode == CompileMode::kSingle && c.u->outer == nullptr;
  if (!shows && c.ast.is(value, NodeKind::kConstant)) return emit(c, Op::kNop);
  if (!shows) return exprDiscard(c, value);
  TempScope temps(c);
  uint16_t reg = exprToTemp(c, value);
  at(c, value);
  emit(c, Op::kIntrinsic, reg, reg, static_cast<uint32_t>(bytecode::Intrinsic::kPrint), bytecode::kFreeB);
  emit(c, Op::kClear, reg);
}

void statements(CompileContext& c, NodeList body) {
  for (NodeId node : body) statement(c, node);
}

void statement(CompileContext& c, NodeId node) {
  DepthGuard guard(c, node);
  if (!guard.ok()) return;
  at(c, node);
  switch (c.ast.kind(node)) {
    case NodeKind::kFunctionDef: return functionStatement(c, node);
    case NodeKind::kClassDef: return classStatement(c, node);
    case NodeKind::kTypeAlias: return typeAliasStatement(c, node);
    case NodeKind::kReturn: return returnStatement(c, node);
    case NodeKind::kDelete: return deleteStatement(c, node);
    case NodeKind::kAssign: return assignStatement(c, node);
    case NodeKind::kAugAssign: return augAssignStatement(c, node);
    case NodeKind::kAnnAssign: return annAssignStatement(c, node);
    case NodeKind::kFor: return forStatement(c, node);
    case NodeKind::kWhile: return whileStatement(c, node);
    case NodeKind::kIf: return ifStatement(c, node);
    case NodeKind::kWith: return withStatement(c, node);
    case NodeKind::kMatch: return matchStatement(c, node);
    case NodeKind::kRaise: return raiseStatement(c, node);
    case NodeKind::kTry: return tryStatement(c, node);
    case NodeKind::kAssert: return assertStatement(c, node);
    case NodeKind::kImport: return importStatement(c, node);
    case NodeKind::kImportFrom: return importFromStatement(c, node);
    case NodeKind::kExprStmt: return expressionStatement(c, node);
    case NodeKind::kPass: return emit(c, Op::kNop);
    case NodeKind::kGlobal:
    case NodeKind::kNonlocal: return;
    case NodeKind::kBreak: return breakOrContinue(c, node, true);
    case NodeKind::kContinue: return breakOrContinue(c, node, false);
    default: return fail(c, node, "invalid syntax");
  }
}

}  // namespace krait::codegen

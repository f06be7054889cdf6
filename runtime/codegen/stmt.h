// Statements: each family in its stmt_*.cpp, definitions in def_*.cpp. Every register that a statement takes is given back at
// its end, and every temporary is empty then.
#pragma once

#include "runtime/codegen/expr.h"

namespace krait::codegen {

void statements(CompileContext& c, NodeList body);
void statement(CompileContext& c, NodeId node);

// stmt_assign.cpp
// Stores the operand (freeing a temporary) in any assignment target.
void assignTo(CompileContext& c, NodeId target, const Operand& value);
void assignStatement(CompileContext& c, NodeId node);
void augAssignStatement(CompileContext& c, NodeId node);
void annAssignStatement(CompileContext& c, NodeId node);
void deleteStatement(CompileContext& c, NodeId node);
// The variable's register when the target is a plain local; kNoRegister otherwise.
uint16_t directTarget(CompileContext& c, NodeId target);

// stmt_flow.cpp
void ifStatement(CompileContext& c, NodeId node);
void whileStatement(CompileContext& c, NodeId node);
void forStatement(CompileContext& c, NodeId node);
void returnStatement(CompileContext& c, NodeId node);
void breakOrContinue(CompileContext& c, NodeId node, bool is_break);
void iterableTo(CompileContext& c, NodeId node, uint16_t reg);
// The head of a loop: the next item goes to the target; jumps to `end` with the iterator released.
void emitForNext(CompileContext& c, uint16_t iterator, NodeId target, Label end);
// The same with `async for`; the block returned catches StopAsyncIteration and goes to endAsyncLoop.
Block emitAsyncNext(CompileContext& c, uint16_t iterator, NodeId target);
void endAsyncLoop(CompileContext& c, const Block& exhausted, uint16_t iterator);

// Undoes the blocks above `depth` on the way out of them (handler ranges closed, finally bodies run, loops released);
// restoreBlocks puts them back for the code that follows.
std::vector<Block> unwindBlocks(CompileContext& c, size_t depth, uint16_t held = kNoRegister);
void restoreBlocks(CompileContext& c, const std::vector<Block>& taken);

// stmt_try.cpp
void tryStatement(CompileContext& c, NodeId node);
// stmt_with.cpp
void withStatement(CompileContext& c, NodeId node);
void emitNormalExit(CompileContext& c, uint16_t exit, bool is_async);
// stmt_simple.cpp
void raiseStatement(CompileContext& c, NodeId node);
void assertStatement(CompileContext& c, NodeId node);
void importStatement(CompileContext& c, NodeId node);
void importFromStatement(CompileContext& c, NodeId node);
// stmt_match.cpp
void matchStatement(CompileContext& c, NodeId node);
// def_*.cpp
void functionStatement(CompileContext& c, NodeId node);
void classStatement(CompileContext& c, NodeId node);
void typeAliasStatement(CompileContext& c, NodeId node);

}  // namespace krait::codegen

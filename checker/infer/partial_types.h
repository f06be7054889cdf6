// Partial types: `x = []`, `x = None`, `x = defaultdict(list)` leave open what x holds, until a later statement of the
// scope tells it: an assignment, `x.append(1)`, `x[k] = v`, `x[k].append(v)`. A variable whose type nothing told gets
// "Need type annotation" where its scope ends. ref: mypy checker.PartialTypeScope, checkexpr.try_infer_partial_type
#pragma once

#include "checker/narrow/checker.h"

namespace krait::infer {

using namespace narrow;

enum class PartialScopeKind : uint8_t { kModule, kClass, kFunction };
void enterPartialScope(Checker& c, PartialScopeKind kind);
// Reports the variables that stayed open, and gives them a type.
void leavePartialScope(Checker& c);

// May a variable be given this type? Not when a part of it is still unknown (an ambiguous Never).
bool isValidInferred(World& w, TypeId type);
// Opens a partial type for the variable whose first value has this type; false: the type is no such beginning.
bool openPartial(Checker& c, SymbolId symbol, NodeId target, TypeId type);
// The open variable that a Name or `self.x` names, if its scope lets it be completed here; none otherwise.
SymbolId partialVariable(Checker& c, NodeId reference);
// The variable has its type now: it is open no longer.
void closePartial(Checker& c, SymbolId symbol, TypeId type);
// The value of an open variable where it is read; reports one that is read too early.
TypeId readPartial(Checker& c, SymbolId symbol, NodeId node);

// `x.append(v)`, `x[k].append(v)`: `func` is what is called, `argument` its only argument.
void completeByCall(Checker& c, NodeId func, NodeId argument);
// `x[k] = v`.
void completeByItem(Checker& c, NodeId subscript, NodeId value);
// `x += [1]`, `x |= {1}`.
void completeByAugmented(Checker& c, NodeId statement);
// `x = [1]` for a container; `type`: of the value where it is no expression of its own.
void completeByValue(Checker& c, SymbolId symbol, NodeId value, TypeId type);

}  // namespace krait::infer

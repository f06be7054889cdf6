// Questions about bodies (types/body_facts.h) and what becomes of their answers. A question may lead to others, and back
// to itself. While it is open it is known by its place on the stack `open`; an answer that saw an open question below
// itself is `local`: it holds only as long as that one is open. When the lowest question of such a cycle ends, the
// answers of the whole cycle are made again from each other until none changes; then all of them last. So each body of a
// cycle is evaluated about three times, and what it tells does not depend on who asked first.
#pragma once

#include "checker/types/world.h"

namespace krait::check {

using namespace types;

inline uint64_t factsKey(FunctionId function) { return function.value; }
inline uint64_t factsKey(SymbolId symbol) { return (uint64_t{1} << 32) | symbol.value; }
inline bool isFunctionKey(uint64_t key) { return (key >> 32) == 0; }

// An answer that is there: lasting, or good while what it depends on is open. Null: the question must be asked.
const FactsAnswer* factsAnswer(BodyFactsStore& store, uint64_t key);
// Do both tell the same? The order in unions does not count.
bool isSameAnswer(World& w, const FactsAnswer& a, const FactsAnswer& b);
// The frame of a question that is open already: the asker depends on it. Null: it is not open.
FactsFrame* openFactsFrame(BodyFactsStore& store, uint64_t key);
// Are too many questions open for one more? Then the asker goes on without the answer, and is asked again later.
bool isTooDeep(BodyFactsStore& store, uint64_t key);
// Did it use what has no lasting answer? Then what is unknown in it may still become known.
inline bool isUnfinished(const FactsFrame& frame) { return frame.is_cyclic || !frame.uses.empty(); }
void openQuestion(BodyFactsStore& store, uint64_t key);
// An answer about a function in a function that was found under the same names around it (`names`: a digest of them)
// and from the same answers. Null: it must be asked.
const FactsAnswer* nestedAnswer(BodyFactsStore& store, uint64_t key, uint64_t names);
// The answer about a function in a function that asks for itself, after a second evaluation that knew the first answer: the second
// one; where types only grew by that, the first with what is unknown in the second.
FactsAnswer settledAnswer(World& w, const FactsAnswer& first, const FactsAnswer& again);
// Ends such a question, on top: what it used, its asker used.
void closeNestedQuestion(BodyFactsStore& store, const FactsAnswer& answer, uint64_t names);
// Ends the question on top with its answer. `again` answers a question of a cycle once more. Returns what counts now.
FactsAnswer closeQuestion(World& w, FactsAnswer answer, FactsAnswer (*again)(World&, uint64_t key));

// ---- Answers (body_facts.cpp, inferred_attributes.cpp) ----
// Evaluates the function's body when no question is open that it leads back to.
FactsAnswer evaluateBody(World& w, FunctionId function);
// The same for a call with arguments of these types (none: as the parameter itself tells), whose question is on top.
FactsAnswer evaluateCall(World& w, FunctionId function, const std::vector<TypeId>& given);
// A digest of the types of the names that a function in a function sees of the functions around it.
uint64_t digestOfNames(World& w, FunctionId function);
// Does nobody say what the function gives, so that its body does?
bool hasOpenResult(World& w, FunctionId function);
// Unites what a variable is given. `is_asked`: its question is on top, and shows what was found so far.
FactsAnswer evaluateAttribute(World& w, SymbolId symbol, bool is_asked);
// Answers a question of a cycle again.
FactsAnswer answerAgain(World& w, uint64_t key);
// A type as others may see it: containers that nobody filled hold Any.
TypeId asSeen(World& w, TypeId type);
bool isUnknownFact(World& w, TypeId type);

}  // namespace krait::check

// The Python side of `_decimal`: Decimal objects, Context objects, and how conditions become signals.
#pragma once

#include "runtime/modules/decimal/number.h"
#include "runtime/modules/module_table.h"

namespace krait::modules::decimal {

struct Decimal : Object {
  Number number;  // made by newDecimal, ended by the type's dealloc
};
struct Context : Object {
  Dict* dict;
  Settings settings;
  uint32_t flags, traps;
};
struct DecimalState {
  Type *decimal, *context, *signal_dict, *manager, *tuple_type;
  Type* signals[9];       // in the order of kSignals
  Type* conditions[5];    // ConversionSyntax, DivisionImpossible, DivisionUndefined, InvalidContext; what invalid operations are
  Value variable;         // the ContextVar of the current context
  Value default_context, basic_context, extended_context;  // what setcontext takes as templates
};
extern DecimalState* state;

struct SignalInfo {
  const char* name;
  uint32_t condition;
};
// CPython's order, which decides which of several trapped signals is raised.
inline constexpr SignalInfo kSignals[9] = {{"InvalidOperation", kAnyInvalid}, {"FloatOperation", kFloatOperation}, {"DivisionByZero", kDivisionByZero},
    {"Overflow", kOverflow}, {"Underflow", kUnderflow}, {"Subnormal", kSubnormal}, {"Inexact", kInexact}, {"Rounded", kRounded}, {"Clamped", kClamped}};

inline Decimal* decimal(Value v) { return v.as<Decimal>(); }
inline const Number& numberOf(Value v) { return decimal(v)->number; }
bool isDecimal(Value v);
Ref newDecimal(Number number, Type* type = nullptr);
// The current context, borrowed (the thread's variable keeps it).
Fallible<Context*> currentContext(Thread& t);
// `v` when it is a Context, the current one for None.
Fallible<Context*> contextFrom(Thread& t, Value v);
// Records the conditions in the flags and raises the trapped signal.
Status signalConditions(Thread& t, Context* c, uint32_t status);
// From an int exactly; from any argument of Decimal() as that constructor does, rounding only with `round`.
Number numberFromInt(Value v);
Status numberFrom(Thread& t, Value v, Context* c, bool round, Number& out);
Ref toInt(Thread& t, const Number& n);
// Operand of an operator: false in `ok` for types that are not numbers. Raises TypeError when `must`.
Status operand(Thread& t, Value v, bool must, Number& out, bool& ok);

void addDecimalType(Thread& t, Module* m);
void addContextTypes(Thread& t, Module* m);
Ref formatDecimal(Thread& t, const Value* a);
extern const char* const kRoundingNames[8];

}  // namespace krait::modules::decimal

// The `_opcode` module. Krait's code objects have instructions of their own, so what the library's tables say of CPython's
// opcodes is about those that co_code shows (object/code_bytes.cpp).
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace {
struct OpRange {
  int64_t first, last;
};
// CPython 3.14's groups of opcodes.
constexpr OpRange kValid[] = {{0, 120}, {128, 211}, {234, 266}};
constexpr OpRange kWithArgument[] = {{44, 120}, {128, 128}, {143, 153}, {155, 195}, {197, 197}, {200, 200}, {209, 211}, {237, 237}, {239, 239}, {241, 245}, {247, 251}, {253, 253}, {255, 255}, {257, 261}, {263, 266}};
constexpr OpRange kWithConstant[] = {{82, 82}, {190, 191}};
constexpr OpRange kWithName[] = {{61, 61}, {64, 65}, {72, 73}, {80, 80}, {91, 93}, {96, 96}, {110, 110}, {115, 116}, {179, 179}, {189, 189}, {194, 195}, {200, 200}, {249, 249}};
constexpr OpRange kWithJump[] = {{68, 68}, {70, 70}, {75, 77}, {100, 103}, {106, 106}, {172, 176}, {237, 237}, {248, 248}, {257, 260}};
constexpr OpRange kWithFree[] = {{62, 62}, {90, 90}, {97, 97}, {111, 111}};
constexpr OpRange kWithLocal[] = {{3, 3}, {63, 63}, {83, 89}, {112, 114}, {261, 261}, {266, 266}};
constexpr OpRange kWithException[] = {{263, 265}};
template <const auto& ranges>
Ref isIn(Thread& t, const Value* a) {
  int64_t op = TRY(toInt64_py(t, a[0]));
  for (const OpRange& r : ranges) {
    if (op >= r.first && op <= r.last) return Ref::boolean(true);
  }
  return Ref::boolean(false);
}
}  // namespace

// How much an opcode adds to the stack: `fixed` and what its argument adds to that.
enum class Adds : uint8_t { Nothing, Arg, MinusArg, MinusTwice, LowBit, MinusLowBit, BothBytes };
struct StackEffect {
  int first, last;  // opcodes
  Adds adds;
  int fixed;
};
// What is not here leaves the stack as high as it was. Those that set up handlers add nothing unless they jump.
constexpr StackEffect kEffects[] = {{119, 119, Adds::Arg, -1}, {47, 47, Adds::MinusTwice, 1}, {45, 45, Adds::MinusLowBit, -1}, {55, 55, Adds::MinusArg, -2}, {251, 251, Adds::MinusArg, -2},
    {52, 52, Adds::MinusArg, -1}, {250, 250, Adds::MinusArg, -1}, {104, 104, Adds::MinusArg, 0}, {46, 46, Adds::MinusArg, 1}, {48, 51, Adds::MinusArg, 1},
    {118, 118, Adds::BothBytes, 0}, {96, 96, Adds::LowBit, -2}, {249, 249, Adds::LowBit, -2}, {80, 80, Adds::LowBit, 0}, {92, 92, Adds::LowBit, 1},
    {37, 37, Adds::Nothing, -4}, {4, 4, Adds::Nothing, -3}, {38, 38, Adds::Nothing, -3}, {252, 252, Adds::Nothing, -3}, {1, 1, Adds::Nothing, -2},
    {8, 8, Adds::Nothing, -2}, {68, 68, Adds::Nothing, -2}, {98, 99, Adds::Nothing, -2}, {110, 110, Adds::Nothing, -2},
    {114, 114, Adds::Nothing, -2}, {248, 248, Adds::Nothing, -2}, {2, 2, Adds::Nothing, -1}, {7, 7, Adds::Nothing, -1}, {9, 11, Adds::Nothing, -1},
    {13, 13, Adds::Nothing, -1}, {20, 20, Adds::Nothing, -1}, {29, 31, Adds::Nothing, -1}, {44, 44, Adds::Nothing, -1}, {54, 54, Adds::Nothing, -1},
    {56, 57, Adds::Nothing, -1}, {61, 61, Adds::Nothing, -1}, {66, 67, Adds::Nothing, -1}, {73, 74, Adds::Nothing, -1}, {78, 79, Adds::Nothing, -1},
    {100, 103, Adds::Nothing, -1}, {105, 105, Adds::Nothing, -1}, {107, 109, Adds::Nothing, -1}, {111, 112, Adds::Nothing, -1},
    {115, 116, Adds::Nothing, -1}, {234, 236, Adds::Nothing, -1}, {241, 244, Adds::Nothing, -1}, {266, 266, Adds::Nothing, -1},
    {15, 15, Adds::Nothing, 1}, {18, 18, Adds::Nothing, 1}, {21, 22, Adds::Nothing, 1}, {24, 26, Adds::Nothing, 1}, {32, 34, Adds::Nothing, 1},
    {43, 43, Adds::Nothing, 1}, {59, 59, Adds::Nothing, 1}, {70, 70, Adds::Nothing, 1}, {72, 72, Adds::Nothing, 1}, {81, 86, Adds::Nothing, 1},
    {88, 88, Adds::Nothing, 1}, {93, 95, Adds::Nothing, 1}, {237, 237, Adds::Nothing, 1}, {261, 261, Adds::Nothing, 1}, {87, 87, Adds::Nothing, 2},
    {89, 89, Adds::Nothing, 2}};
// Opcodes of the interpreter alone: specialised and instrumented ones.
constexpr OpRange kInner[] = {{3, 3}, {129, 211}};
constexpr int64_t kSetupCleanup = 263, kSetupWith = 265;
// ref: _opcode_stack_effect_impl.
static Ref stackEffect(Thread& t, const Value* a) {
  int op = TRY(toCInt_py(t, a[0])), arg = a[1].isNone() ? 0 : TRY(toCInt_py(t, a[1]));
  if (!a[2].isNone() && !a[2].isBool()) return raiseValueError(t, "stack_effect: jump must be False, True or None");
  bool is_known = false;
  for (const OpRange& r : kValid) is_known = is_known || (op >= r.first && op <= r.last);
  for (const OpRange& r : kInner) is_known = is_known && (op < r.first || op > r.last);
  if (!is_known) return raiseValueError(t, "invalid opcode or oparg");
  if (op >= kSetupCleanup && op <= kSetupWith) return newIntSmall(a[2].isFalse() ? 0 : op == kSetupCleanup ? 2 : 1);
  for (const StackEffect& e : kEffects) {
    if (op < e.first || op > e.last) continue;
    int64_t n = arg;
    switch (e.adds) {
      case Adds::Nothing: n = 0; break;
      case Adds::Arg: break;
      case Adds::MinusArg: n = -n; break;
      case Adds::MinusTwice: n *= -2; break;
      case Adds::LowBit: n &= 1; break;
      case Adds::MinusLowBit: n = -(n & 1); break;
      case Adds::BothBytes: n = (n & 0xFF) + (n >> 8); break;
    }
    return newInt(t, e.fixed + n);
  }
  return newIntSmall(0);
}
static Ref none(Thread&, const Value*) { return Ref::none(); }
static Ref textList(Thread& t, const char* const* from, size_t n) {
  Ref list = newList(t);
  for (size_t i = 0; i < n; ++i) listAppendSteal(list.as<List>(), newStr(t, from[i]).release());
  return list;
}
static Ref intrinsics1(Thread& t, const Value*) {
  static constexpr const char* kNames[] = {"INTRINSIC_1_INVALID", "INTRINSIC_PRINT", "INTRINSIC_IMPORT_STAR", "INTRINSIC_STOPITERATION_ERROR", "INTRINSIC_ASYNC_GEN_WRAP",
      "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_TYPEVAR", "INTRINSIC_PARAMSPEC", "INTRINSIC_TYPEVARTUPLE", "INTRINSIC_SUBSCRIPT_GENERIC",
      "INTRINSIC_TYPEALIAS"};
  return textList(t, kNames, std::size(kNames));
}
static Ref intrinsics2(Thread& t, const Value*) {
  static constexpr const char* kNames[] = {"INTRINSIC_2_INVALID", "INTRINSIC_PREP_RERAISE_STAR", "INTRINSIC_TYPEVAR_WITH_BOUND", "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
      "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", "INTRINSIC_SET_TYPEPARAM_DEFAULT"};
  return textList(t, kNames, std::size(kNames));
}
static Ref specialNames(Thread& t, const Value*) {
  static constexpr const char* kNames[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
  return textList(t, kNames, std::size(kNames));
}
static Ref operators(Thread& t, const Value*) {
  static constexpr const char* kNames[][2] = {{"NB_ADD", "+"}, {"NB_AND", "&"}, {"NB_FLOOR_DIVIDE", "//"}, {"NB_LSHIFT", "<<"}, {"NB_MATRIX_MULTIPLY", "@"},
      {"NB_MULTIPLY", "*"}, {"NB_REMAINDER", "%"}, {"NB_OR", "|"}, {"NB_POWER", "**"}, {"NB_RSHIFT", ">>"}, {"NB_SUBTRACT", "-"}, {"NB_TRUE_DIVIDE", "/"},
      {"NB_XOR", "^"}, {"NB_INPLACE_ADD", "+="}, {"NB_INPLACE_AND", "&="}, {"NB_INPLACE_FLOOR_DIVIDE", "//="}, {"NB_INPLACE_LSHIFT", "<<="},
      {"NB_INPLACE_MATRIX_MULTIPLY", "@="}, {"NB_INPLACE_MULTIPLY", "*="}, {"NB_INPLACE_REMAINDER", "%="}, {"NB_INPLACE_OR", "|="}, {"NB_INPLACE_POWER", "**="},
      {"NB_INPLACE_RSHIFT", ">>="}, {"NB_INPLACE_SUBTRACT", "-="}, {"NB_INPLACE_TRUE_DIVIDE", "/="}, {"NB_INPLACE_XOR", "^="}, {"NB_SUBSCR", "[]"}};
  Ref list = newList(t);
  for (auto& n : kNames) {
    Ref name = newStr(t, n[0]), text = newStr(t, n[1]);
    listAppendSteal(list.as<List>(), tupleOf(t, {name.get(), text.get()}).release());
  }
  return list;
}
static const NativeDef kFunctions[] = {{"stack_effect", "(opcode, oparg=None, /, *, jump=None)", stackEffect}, {"is_valid", "(opcode)", isIn<kValid>},
    {"has_arg", "(opcode)", isIn<kWithArgument>}, {"has_const", "(opcode)", isIn<kWithConstant>}, {"has_name", "(opcode)", isIn<kWithName>}, {"has_jump", "(opcode)", isIn<kWithJump>}, {"has_free", "(opcode)", isIn<kWithFree>},
    {"has_local", "(opcode)", isIn<kWithLocal>}, {"has_exc", "(opcode)", isIn<kWithException>}, {"get_intrinsic1_descs", "()", intrinsics1}, {"get_intrinsic2_descs", "()", intrinsics2},
    {"get_special_method_names", "()", specialNames}, {"get_nb_ops", "()", operators}, {"get_executor", "(*, code, offset)", none},
    {"get_specialization_stats", "()", none}, {nullptr, nullptr, nullptr}};
static Status initModule(Thread& t, Module* m) {
  moduleSet(t, m, "ENABLE_SPECIALIZATION", Value::fromBool(true));
  moduleSet(t, m, "ENABLE_SPECIALIZATION_FT", Value::fromBool(false));
  return kDone;
}
extern const NativeModule kOpcodeModule;
const NativeModule kOpcodeModule = {"_opcode", "Opcode support module.", kFunctions, initModule};

}  // namespace krait::modules

// The `_opcode` module. Krait's code objects have instructions of their own, so what the library's tables say of CPython's
// opcodes is about those that co_code shows (object/code_bytes.cpp); stack_effect raises ValueError.
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

static Ref stackEffect(Thread& t, const Value*) { return raiseValueError(t, "invalid opcode or oparg"); }
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

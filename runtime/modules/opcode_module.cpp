// The `_opcode` module. Krait's code objects have instructions of their own, so what the library's tables say of CPython's
// opcodes has no counterpart here: the predicates answer for the documented groups and stack_effect raises ValueError.
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Ref no(Thread& t, const Value* a) {
  (void)TRY(toInt64_py(t, a[0]));
  return Ref::boolean(false);
}
static Ref hasArg(Thread& t, const Value* a) { return Ref::boolean(TRY(toInt64_py(t, a[0])) > 43); }
static Ref isValid(Thread& t, const Value* a) {
  int64_t op = TRY(toInt64_py(t, a[0]));
  return Ref::boolean(op >= 0 && op < 256);
}
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
static const NativeDef kFunctions[] = {{"stack_effect", "(opcode, oparg=None, /, *, jump=None)", stackEffect}, {"is_valid", "(opcode)", isValid},
    {"has_arg", "(opcode)", hasArg}, {"has_const", "(opcode)", no}, {"has_name", "(opcode)", no}, {"has_jump", "(opcode)", no}, {"has_free", "(opcode)", no},
    {"has_local", "(opcode)", no}, {"has_exc", "(opcode)", no}, {"get_intrinsic1_descs", "()", intrinsics1}, {"get_intrinsic2_descs", "()", intrinsics2},
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

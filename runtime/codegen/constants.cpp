// The constants of a code object: one entry for each distinct value.
#include <bit>

#include "runtime/codegen/emit.h"

namespace krait::codegen {

static void appendRaw(std::string& key, uint64_t v) { key.append(reinterpret_cast<const char*>(&v), sizeof v); }

// Distinguishes 1, 1.0 and True, and 0.0 from -0.0, as the language does.
static void appendKey(std::string& key, const Constant& value) {
  key += static_cast<char>(value.kind);
  switch (value.kind) {
    case ConstantKind::kInt:
    case ConstantKind::kCode: return appendRaw(key, static_cast<uint64_t>(value.integer));
    case ConstantKind::kFloat: return appendRaw(key, std::bit_cast<uint64_t>(value.real));
    case ConstantKind::kComplex:
      appendRaw(key, std::bit_cast<uint64_t>(value.real));
      return appendRaw(key, std::bit_cast<uint64_t>(value.imag));
    case ConstantKind::kBigInt: key += static_cast<char>(value.base); [[fallthrough]];
    case ConstantKind::kStr:
    case ConstantKind::kBytes:
      appendRaw(key, value.text.size());
      key += value.text;
      return;
    case ConstantKind::kTuple:
    case ConstantKind::kFrozenSet:
      appendRaw(key, value.items.size());
      for (const Constant& item : value.items) appendKey(key, item);
      return;
    default: return;
  }
}

uint32_t addConstant(CompileContext& c, const Constant& value) {
  std::string key;
  appendKey(key, value);
  std::vector<Constant>& constants = c.u->code->constants;
  auto [it, is_new] = c.u->constant_index.try_emplace(std::move(key), static_cast<uint32_t>(constants.size()));
  if (is_new) constants.push_back(value);
  return it->second;
}

void loadConstant(CompileContext& c, const Constant& value, uint16_t dst) {
  if (!c.u->is_reachable) return;
  if (value.kind == ConstantKind::kNone) return loadNone(c, dst);
  if (value.kind == ConstantKind::kInt && value.integer >= -32768 && value.integer <= 32767) {
    return emit(c, Op::kLoadInt, dst, static_cast<uint16_t>(value.integer));
  }
  emitWide(c, Op::kLoadConst, dst, addConstant(c, value));
}

void loadNone(CompileContext& c, uint16_t dst) { emit(c, Op::kLoadNone, dst); }

void loadString(CompileContext& c, std::string_view text, uint16_t dst) {
  Constant value;
  value.kind = ConstantKind::kStr;
  value.text = text;
  loadConstant(c, value, dst);
}

}  // namespace krait::codegen

#include "runtime/object/type_signatures.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace krait::object {

namespace {
struct Signature {
  std::string_view name;
  const char* text;
};
constexpr Signature kSignatures[] = {
#define SIGNATURE(name, text) {name, text},
#include "runtime/object/type_signatures.def"
};
constexpr Signature kFunctionSignatures[] = {
#define FUNCTION_SIGNATURE(name, text) {name, text},
#include "runtime/object/function_signatures.def"
};
}  // namespace

const char* textSignatureOf(const Type* type) {
  if (type->has(kTypeHeap)) return nullptr;
  std::string_view name = typeName(type);
  for (const Signature& signature : kSignatures) {
    if (signature.name == name) return signature.text;
  }
  return nullptr;
}


bool statedSignature(std::string_view name, const char*& text) {
  const Signature* found = std::lower_bound(std::begin(kFunctionSignatures), std::end(kFunctionSignatures), name, [](const Signature& s, std::string_view key) { return s.name < key; });
  if (found == std::end(kFunctionSignatures) || found->name != name) return false;
  text = found->text;
  return true;
}

}  // namespace krait::object

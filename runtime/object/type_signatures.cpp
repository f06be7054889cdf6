#include "runtime/object/type_signatures.h"

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
}  // namespace

const char* textSignatureOf(const Type* type) {
  if (type->has(kTypeHeap)) return nullptr;
  std::string_view name = typeName(type);
  for (const Signature& signature : kSignatures) {
    if (signature.name == name) return signature.text;
  }
  return nullptr;
}

}  // namespace krait::object

// What the builtin exceptions and the methods of builtin types say of themselves where their own tables do not.
#include "runtime/object/builtin_docs.h"

namespace krait::object {

namespace {
struct BuiltinDoc {
  std::string_view owner, name;  // a class; empty: the class itself
  const char* doc;
};
constexpr BuiltinDoc kDocs[] = {
#define DOC(owner, name, text) {owner, name, text},
#define CLASS(owner, text) {owner, "", text},
#include "runtime/object/builtin_docs.def"
#undef DOC
#undef CLASS
};
// A class whose methods have the texts of another's.
constexpr std::string_view kSame[][2] = {{"bytearray", "bytes"}, {"frozenset", "set"}, {"UnicodeEncodeError", "UnicodeDecodeError"},
    {"UnicodeTranslateError", "UnicodeDecodeError"}, {"ExceptionGroup", "BaseExceptionGroup"}};
}  // namespace

const char* builtinDoc(std::string_view owner, std::string_view name) {
  for (const BuiltinDoc& entry : kDocs) {
    if (entry.owner == owner && entry.name == name) return entry.doc;
  }
  for (auto& same : kSame) {
    if (same[0] == owner && !name.empty()) return builtinDoc(same[1], name);
  }
  return nullptr;
}

}  // namespace krait::object

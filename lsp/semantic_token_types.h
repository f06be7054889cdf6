// The legend of semantic tokens (LSP 3.17, SemanticTokenTypes): indices here are those on the wire.
#pragma once

#include <string>
#include <vector>

namespace krait::lsp {

enum class SemanticTokenType : uint32_t {
  kNamespace, kClass, kTypeParameter, kParameter, kVariable, kProperty, kFunction, kMethod, kDecorator, kEnum, kEnumMember
};
enum SemanticTokenModifier : uint32_t { kDeclarationModifier = 1, kDefaultLibraryModifier = 2, kAsyncModifier = 4, kReadonlyModifier = 8, kStaticModifier = 16 };

inline std::vector<std::string> semanticTokenTypes() {
  return {"namespace", "class", "typeParameter", "parameter", "variable", "property", "function", "method", "decorator", "enum", "enumMember"};
}
inline std::vector<std::string> semanticTokenModifiers() { return {"declaration", "defaultLibrary", "async", "readonly", "static"}; }

}  // namespace krait::lsp

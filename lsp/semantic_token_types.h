// The legend of semantic tokens (LSP 3.17, SemanticTokenTypes): indices here are those on the wire.
#pragma once

#include <string>
#include <vector>

namespace krait::lsp {

enum class SemanticTokenType : uint32_t {
  kNamespace, kClass, kTypeParameter, kParameter, kVariable, kProperty, kFunction, kMethod, kDecorator
};
enum SemanticTokenModifier : uint32_t { kDeclarationModifier = 1, kDefaultLibraryModifier = 2, kAsyncModifier = 4, kReadonlyModifier = 8 };

inline std::vector<std::string> semanticTokenTypes() {
  return {"namespace", "class", "typeParameter", "parameter", "variable", "property", "function", "method", "decorator"};
}
inline std::vector<std::string> semanticTokenModifiers() { return {"declaration", "defaultLibrary", "async", "readonly"}; }

}  // namespace krait::lsp

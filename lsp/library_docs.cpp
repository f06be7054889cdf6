#include "lsp/library_docs.h"

#include <string>
#include <unordered_map>

namespace krait::lsp {

namespace {
struct LibraryDoc {
  std::string_view module, name, text;
};
constexpr LibraryDoc kDocs[] = {
#define DOC(module, name, text) {module, name, text},
#include "lsp/library_docs/builtins.def"
#include "lsp/library_docs/modules.def"
#undef DOC
};
}  // namespace

std::string_view libraryDoc(std::string_view module, std::string_view name) {
  static const auto* const kByName = [] {
    auto* out = new std::unordered_map<std::string, std::string_view>();
    for (const LibraryDoc& doc : kDocs) out->emplace(std::string(doc.module) + ":" + std::string(doc.name), doc.text);
    return out;
  }();
  auto found = kByName->find(std::string(module) + ":" + std::string(name));
  return found == kByName->end() ? std::string_view() : found->second;
}

}  // namespace krait::lsp

// FileIndex: what other files may ask about one file without its tree: where it names what can be seen elsewhere, what
// it defines, and which files it looks into. Made from a file that was parsed, bound and checked; holds no references.
// What is meant is written as a key: a hash of the defining file and of the names around the definition, so that edits
// elsewhere in that file do not change it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

// One place that names something which can be seen from other files. A place that may mean several things is there
// once for each.
struct Mention {
  uint32_t key = 0;                // keyOf what it means
  uint32_t word = 0;               // wordHash of the text
  uint32_t offset = 0;             // of its last part, where it is dotted
  bool is_definition : 1 = false;  // of what it means
  bool is_exported : 1 = false;    // a string of `__all__`
};

// SymbolKind of the protocol, as far as Python has them.
enum class SymbolForm : uint8_t {
  kClass = 5, kMethod = 6, kProperty = 7, kField = 8, kConstructor = 9, kEnum = 10, kFunction = 12, kVariable = 13, kConstant = 14, kEnumMember = 22, kTypeAlias = 26
};

struct IndexedSymbol {
  std::string name;
  uint32_t offset = 0;
  SymbolForm form = SymbolForm::kVariable;
};

struct FileIndex {
  int64_t modified = 0;     // the file's time stamp when it was read
  uint64_t interface = 0;   // program::interfaceHash
  std::vector<Mention> mentions;       // by key, then offset
  std::vector<uint32_t> looks_into;    // pathHash of the files that define what it mentions, sorted
  std::vector<IndexedSymbol> symbols;  // of the module and its classes, in order of the text

  std::span<const Mention> mentionsOf(uint32_t key) const;
};

uint32_t wordHash(std::string_view word);
uint32_t pathHash(std::string_view path);
// What a target is, whatever else is edited in its file.
uint32_t keyOf(const Target& target);

// Can the name be seen from other files: is it bound at module level or in a class, an attribute, a parameter?
bool isSeenElsewhere(SourceModule& module, NodeId name);
// The last part of a dotted identifier, where the name itself stands.
TextRange lastPart(SourceModule& module, NodeId name);
// The statement is `__all__ = …`, `__all__ += …` or a call on it: then the constant's text names something.
bool isInAll(const syntax::Ast& ast, NodeId constant);

// Of a file that is not open.
FileIndex indexFile(Workspace& workspace, SourceModule& module);

}  // namespace krait::lsp

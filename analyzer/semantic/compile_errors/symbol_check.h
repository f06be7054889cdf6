// SymbolCheck: the symbol table as far as its errors need it: which flags a name has in a scope when the walk comes by.
// The walk visits everything in the order of Python/symtable.c, because the first error wins.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/semantic/compile_errors/compile_check.h"

namespace krait::semantic {

enum class BlockKind : uint8_t { kModule, kClass, kFunction, kAnnotation, kTypeVariable, kTypeAlias, kTypeParameters };
enum class ComprehensionKind : uint8_t { kNone, kList, kSet, kDict, kGenerator };

enum NameFlags : uint32_t {
  kNameGlobal = 1 << 0,
  kNameLocal = 1 << 1,
  kNameParam = 1 << 2,
  kNameNonlocal = 1 << 3,
  kNameUsed = 1 << 4,
  kNameImport = 1 << 5,
  kNameAnnotated = 1 << 6,
  kNameIteration = 1 << 7,
  kNameTypeParam = 1 << 8,
};

struct SymbolBlock {
  BlockKind kind = BlockKind::kModule;
  ComprehensionKind comprehension = ComprehensionKind::kNone;
  uint32_t parent = 0;
  NameId class_name;                 // for mangling, of the nearest class
  const char* place = nullptr;       // of a type variable's block: "a TypeVar bound"
  int iterable_depth = 0;            // inside iterables of comprehensions
  bool in_iteration_target = false;
  bool is_coroutine = false;
};

// A name in a block. Kept in order of first mention.
struct BlockName {
  uint32_t block;
  NameId name;  // mangled
  uint32_t flags;
};

struct Directive {
  uint32_t block;
  NameId name;  // mangled
  TextRange range;
};

struct SymbolCheck {
  CompileCheck& check;
  const syntax::Ast& ast;
  std::vector<SymbolBlock> blocks = {SymbolBlock{}};
  std::vector<uint32_t> stack = {0};
  std::vector<BlockName> block_names;
  std::vector<uint32_t> table = std::vector<uint32_t>(64, 0);  // (block, name) -> 1 + index into block_names
  std::vector<Directive> directives;
  bool has_nonlocal = false;

  uint32_t currentIndex() const { return stack.back(); }
  SymbolBlock& current() { return blocks[stack.back()]; }
};

// symbol_check.cpp: blocks and names.
NameId mangledName(SymbolCheck& c, NameId name);
uint32_t& flagsOf(SymbolCheck& c, uint32_t block, NameId mangled);
SymbolBlock& enterBlock(SymbolCheck& c, BlockKind kind);
void leaveBlock(SymbolCheck& c);
// What a name is being given to: decides the word in "cannot assign to __debug__".
enum class NameUse : uint8_t { kLoad, kStore, kDelete };
bool checkReservedName(SymbolCheck& c, std::string_view name, TextRange range, NameUse use);
bool addName(SymbolCheck& c, NameId name, uint32_t flags, TextRange range, NameUse use = NameUse::kStore);
bool addNameIn(SymbolCheck& c, uint32_t block, NameId name, uint32_t flags, TextRange range);
inline bool isFunctionLike(BlockKind kind) { return kind != BlockKind::kModule && kind != BlockKind::kClass; }

// symbol_check_stmt.cpp
bool checkStatement(SymbolCheck& c, syntax::NodeId id);
bool checkStatements(SymbolCheck& c, syntax::NodeList list);
bool checkParameters(SymbolCheck& c, syntax::NodeId parameters);
bool checkDefaults(SymbolCheck& c, syntax::NodeId parameters);
// symbol_check_expr.cpp
bool checkExpression(SymbolCheck& c, syntax::NodeId id);
bool checkExpressions(SymbolCheck& c, syntax::NodeList list);
bool checkKeywordNames(SymbolCheck& c, syntax::NodeList args);
// symbol_check_pattern.cpp
bool checkPattern(SymbolCheck& c, syntax::NodeId id);
// symbol_check_nonlocal.cpp: runs when all blocks are known.
bool checkNonlocals(SymbolCheck& c);

}  // namespace krait::semantic

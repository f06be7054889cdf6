#include "analyzer/semantic/compile_errors/symbol_check.h"

#include "analyzer/semantic/binder.h"

namespace krait::semantic {

using namespace syntax;

NameId mangledName(SymbolCheck& c, NameId name) {
  NameId class_name = c.current().class_name;
  if (class_name.isNone()) return name;
  std::string_view text = c.ast.name(name);
  if (!text.starts_with("__")) return name;
  return mangle(c.check.names, c.ast.name(class_name), name);
}

static size_t slotOf(const SymbolCheck& c, uint32_t block, NameId name) {
  size_t mask = c.table.size() - 1;
  size_t slot = mixBits(uint64_t{block} << 32 | name.value) & mask;
  while (c.table[slot] != 0) {
    const BlockName& entry = c.block_names[c.table[slot] - 1];
    if (entry.block == block && entry.name == name) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

static void growTable(SymbolCheck& c) {
  c.table.assign(c.table.size() * 2, 0);
  for (uint32_t i = 0; i < c.block_names.size(); ++i) {
    c.table[slotOf(c, c.block_names[i].block, c.block_names[i].name)] = i + 1;
  }
}

uint32_t& flagsOf(SymbolCheck& c, uint32_t block, NameId mangled) {
  if (c.block_names.size() * 2 >= c.table.size()) growTable(c);
  size_t slot = slotOf(c, block, mangled);
  if (c.table[slot] == 0) {
    c.block_names.push_back({block, mangled, 0});
    c.table[slot] = static_cast<uint32_t>(c.block_names.size());
  }
  return c.block_names[c.table[slot] - 1].flags;
}

SymbolBlock& enterBlock(SymbolCheck& c, BlockKind kind) {
  SymbolBlock block;
  block.kind = kind;
  block.parent = c.currentIndex();
  block.class_name = c.current().class_name;
  block.iterable_depth = c.current().iterable_depth;
  c.blocks.push_back(block);
  c.stack.push_back(static_cast<uint32_t>(c.blocks.size() - 1));
  return c.blocks.back();
}

void leaveBlock(SymbolCheck& c) { c.stack.pop_back(); }

bool checkReservedName(SymbolCheck& c, std::string_view name, TextRange range, NameUse use) {
  if (use == NameUse::kLoad || name != "__debug__") return true;
  return failAt(c.check, range, use == NameUse::kStore ? "cannot assign to __debug__" : "cannot delete __debug__");
}

bool addNameIn(SymbolCheck& c, uint32_t block, NameId name, uint32_t flags, TextRange range) {
  uint32_t& known = flagsOf(c, block, mangledName(c, name));
  auto shown = [&] { return "'" + std::string(c.ast.name(name)) + "'"; };
  if ((flags & kNameParam) != 0 && (known & kNameParam) != 0) {
    return failAt(c.check, range, "duplicate argument " + shown() + " in function definition");
  }
  if ((flags & kNameTypeParam) != 0 && (known & kNameTypeParam) != 0) {
    return failAt(c.check, range, "duplicate type parameter " + shown());
  }
  known |= flags;
  if (!c.blocks[block].in_iteration_target) return true;
  if ((known & (kNameGlobal | kNameNonlocal)) != 0) {
    return failAt(c.check, range, "comprehension inner loop cannot rebind assignment expression target " + shown());
  }
  known |= kNameIteration;
  return true;
}

bool addName(SymbolCheck& c, NameId name, uint32_t flags, TextRange range, NameUse use) {
  bool is_write = (flags & (kNameParam | kNameLocal | kNameImport)) != 0;
  if (is_write && !checkReservedName(c, c.ast.name(name), range, use)) return false;
  return addNameIn(c, c.currentIndex(), name, flags, range);
}

bool checkSymbols(CompileCheck& check) {
  SymbolCheck c{.check = check, .ast = check.ast};
  return checkStatements(c, check.ast.as<Module>(check.ast.root()).body()) && checkNonlocals(c);
}

}  // namespace krait::semantic

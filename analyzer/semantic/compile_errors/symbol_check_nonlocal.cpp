// `nonlocal` names need a binding in an enclosing function. CPython decides when all blocks are known, block by block
// from the outside in, in each in the order in which names were first mentioned (analyze_block, analyze_name).
#include <algorithm>

#include "analyzer/semantic/compile_errors/symbol_check.h"

namespace krait::semantic {

static TextRange directiveRange(const SymbolCheck& c, const BlockName& name) {
  for (const Directive& directive : c.directives) {
    if (directive.block == name.block && directive.name == name.name) return directive.range;
  }
  return {};
}

enum class Found : uint8_t { kNothing, kVariable, kTypeParam };

// What the name means in the nearest enclosing function-like block that binds it.
static Found findBinding(SymbolCheck& c, const BlockName& name) {
  bool is_own_class = c.ast.name(name.name) == "__class__" || c.ast.name(name.name) == "__classdict__";
  for (uint32_t index = name.block; index != 0;) {
    index = c.blocks[index].parent;
    const SymbolBlock& block = c.blocks[index];
    if (block.kind == BlockKind::kClass && is_own_class) return Found::kVariable;
    if (!isFunctionLike(block.kind)) continue;
    uint32_t flags = flagsOf(c, index, name.name);
    if ((flags & kNameGlobal) != 0) return Found::kNothing;
    if ((flags & kNameNonlocal) != 0) continue;
    if ((flags & kNameTypeParam) != 0) return Found::kTypeParam;
    if ((flags & (kNameLocal | kNameParam | kNameImport)) != 0) return Found::kVariable;
  }
  return Found::kNothing;
}

static bool checkNonlocal(SymbolCheck& c, const BlockName& name) {
  std::string shown = "'" + std::string(c.ast.name(name.name)) + "'";
  auto fail = [&](const std::string& message) { return failAt(c.check, directiveRange(c, name), message); };
  if ((name.flags & kNameGlobal) != 0) return fail("name " + shown + " is nonlocal and global");
  if (name.block == 0) return fail("nonlocal declaration not allowed at module level");
  switch (findBinding(c, name)) {
    case Found::kVariable: return true;
    case Found::kTypeParam: return fail("nonlocal binding not allowed for type parameter " + shown);
    case Found::kNothing: return fail("no binding for nonlocal " + shown + " found");
  }
  return true;
}

bool checkNonlocals(SymbolCheck& c) {
  if (!c.has_nonlocal) return true;
  // Blocks are numbered as they were entered, which is the order of the analysis.
  std::vector<std::pair<uint32_t, uint32_t>> found;  // block, index into block_names
  for (uint32_t i = 0; i < c.block_names.size(); ++i) {
    const BlockName& name = c.block_names[i];
    bool is_comprehension = c.blocks[name.block].comprehension != ComprehensionKind::kNone;
    if ((name.flags & kNameNonlocal) != 0 && !is_comprehension) found.emplace_back(name.block, i);
  }
  std::sort(found.begin(), found.end());
  for (auto [block, index] : found) {
    BlockName name = c.block_names[index];
    if (!checkNonlocal(c, name)) return false;
  }
  return true;
}

}  // namespace krait::semantic

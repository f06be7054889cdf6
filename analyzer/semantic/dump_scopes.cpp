#include "analyzer/semantic/dump_scopes.h"

#include <algorithm>

#include "analyzer/base/json_text.h"
#include "analyzer/semantic/symtable.h"

namespace krait::semantic {

namespace {
struct FlagName {
  uint32_t flag;
  const char* name;
};
constexpr FlagName kSymbolFlagNames[] = {
    {kDefGlobal, "declared global"}, {kDefNonlocal, "nonlocal"}, {kDefParam, "parameter"}, {kDefLocal, "assigned"},
    {kDefImport, "imported"},        {kDefAnnot, "annotated"},   {kTypeParam, "type parameter"},
    {kCompIter, "iteration"},        {kCompCell, "comprehension cell"}, {kFreeClass, "free in a method"},
    {kFromClass, "from the class"},  {kFromComprehension, "of a comprehension"}, {kUsed, "used"}};
constexpr FlagName kScopeFlagNames[] = {
    {kNested, "nested"},           {kGeneratorCode, "generator"},        {kCoroutine, "coroutine"},
    {kInlined, "inlined"},         {kSeesClass, "sees class"},           {kNeedsClassCell, "class cell"},
    {kNeedsClassDict, "class dict"}, {kConditionalAnnotations, "conditional annotations"},
    {kStarImport, "star import"},  {kDetached, "not evaluated"},         {kUsesLocals, "uses locals()"}};

void appendFlags(std::string& out, uint32_t flags, std::span<const FlagName> names) {
  for (const FlagName& entry : names) {
    if (!(flags & entry.flag)) continue;
    out += ", ";
    out += entry.name;
  }
}

uint32_t lineOf(const Ast& ast, NodeId node) {
  std::string_view before = ast.text().substr(0, ast.range(node).begin);
  return 1 + static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n'));
}

std::string counted(uint32_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void dumpScope(const SemanticModel& model, ScopeId id, int depth, std::string& out) {
  const Scope& scope = model[id];
  out.append(depth * 2, ' ');
  out += spelling(scope.kind);
  out += ' ';
  out += model.ast().name(scope.name);
  out += " line " + std::to_string(lineOf(model.ast(), scope.node));
  appendFlags(out, scope.flags, kScopeFlagNames);
  out += '\n';
  for (SymbolId symbol_id : model.symbolsOf(id)) {
    const Symbol& symbol = model[symbol_id];
    out.append(depth * 2 + 2, ' ');
    out += model.ast().name(symbol.name);
    out += ": ";
    out += spelling(symbol.binding);
    appendFlags(out, symbol.flags, kSymbolFlagNames);
    if (model.resolve(symbol_id) == symbol_id) {
      out += "; " + counted(symbol.definition_count, "definition") + ", " + counted(symbol.reference_count, "use");
    }
    out += '\n';
  }
  for (ScopeId child = scope.first_child; child.valid(); child = model[child].next_sibling) {
    dumpScope(model, child, depth + 1, out);
  }
}

void appendEntry(const SymtableBlock& block, std::string& out) {
  auto symbols = block.symbols;
  std::sort(symbols.begin(), symbols.end());
  out += '[' + std::to_string(block.type) + ',';
  appendJsonString(out, block.name);
  out += block.is_nested ? ",1,{" : ",0,{";
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (i > 0) out += ',';
    appendJsonString(out, symbols[i].first);
    out += ':' + std::to_string(symbols[i].second);
  }
  out += "},[";
  for (size_t i = 0; i < block.children.size(); ++i) {
    if (i > 0) out += ',';
    appendEntry(block.children[i], out);
  }
  out += "]]";
}
}  // namespace

std::string dumpScopes(const SemanticModel& model) {
  std::string out;
  dumpScope(model, SemanticModel::kModuleScope, 0, out);
  return out;
}

std::string dumpSymtable(const SemanticModel& model) {
  std::string out;
  appendEntry(symtableOf(model), out);
  return out;
}

}  // namespace krait::semantic

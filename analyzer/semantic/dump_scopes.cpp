#include "analyzer/semantic/dump_scopes.h"

#include <algorithm>

#include "analyzer/base/json_text.h"

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

int blockType(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::kClass: return 1;
    case ScopeKind::kModule: return 2;
    case ScopeKind::kAnnotations: return 3;
    case ScopeKind::kTypeAlias: return 4;
    case ScopeKind::kTypeParameters: return 5;
    case ScopeKind::kTypeVariable: return 6;
    default: return 0;
  }
}

using SymbolList = std::vector<std::pair<std::string, uint32_t>>;

void appendEntryHead(std::string& out, int type, std::string_view name, bool is_nested, SymbolList symbols) {
  std::sort(symbols.begin(), symbols.end());
  out += '[' + std::to_string(type) + ',';
  appendJsonString(out, name);
  out += is_nested ? ",1,{" : ",0,{";
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (i > 0) out += ',';
    appendJsonString(out, symbols[i].first);
    out += ':' + std::to_string(symbols[i].second);
  }
  out += "},[";
}

constexpr uint32_t symtableFlags(uint32_t flags, Binding binding) {
  return flags | static_cast<uint32_t>(binding) << 12;
}
constexpr uint32_t kFormatFlags = symtableFlags(kDefParam | kUsed, Binding::kLocal);

// CPython opens an annotation block for each function, annotated or not; the model only for annotated ones.
void appendEmptyAnnotations(std::string& out, const Scope& parent, bool sees_class) {
  SymbolList symbols = {{".format", kFormatFlags}};
  if (sees_class) symbols.push_back({"__classdict__", symtableFlags(kUsed, Binding::kFree)});
  appendEntryHead(out, 3, "__annotate__", parent.has(kNested) || isFunctionLike(parent.kind), symbols);
  out += "]]";
}

void appendEntry(const SemanticModel& model, ScopeId id, std::string& out);

void appendChildren(const SemanticModel& model, ScopeId id, bool& is_first, std::string& out) {
  auto separate = [&] {
    if (!is_first) out += ',';
    is_first = false;
  };
  const Scope& scope = model[id];
  for (ScopeId child = scope.first_child; child.valid(); child = model[child].next_sibling) {
    const Scope& record = model[child];
    if (record.has(kDetached)) {
      // Annotations of local variables: CPython has the block and nothing in it.
      if (model.hasFutureAnnotations()) continue;
      separate();
      appendEmptyAnnotations(out, scope, false);
      continue;
    }
    if (record.has(kInlined)) {
      appendChildren(model, child, is_first, out);
      continue;
    }
    if (record.kind == ScopeKind::kFunction && !record.own_annotations.valid() && !model.hasFutureAnnotations()) {
      separate();
      appendEmptyAnnotations(out, scope, scope.kind == ScopeKind::kClass || scope.has(kSeesClass));
    }
    separate();
    appendEntry(model, child, out);
  }
}

void appendEntry(const SemanticModel& model, ScopeId id, std::string& out) {
  const Scope& scope = model[id];
  SymbolList symbols;
  for (SymbolId symbol_id : model.symbolsOf(id)) {
    const Symbol& symbol = model[symbol_id];
    symbols.push_back({std::string(model.ast().name(symbol.name)),
                       symtableFlags(symbol.flags & kCPythonMask, symbol.binding)});
  }
  bool has_format = scope.kind == ScopeKind::kAnnotations || scope.kind == ScopeKind::kTypeVariable ||
                    scope.kind == ScopeKind::kTypeAlias;
  if (has_format) symbols.push_back({".format", kFormatFlags});
  if (isComprehension(scope.kind)) symbols.push_back({".0", symtableFlags(kDefParam, Binding::kLocal)});
  appendEntryHead(out, blockType(scope.kind), model.ast().name(scope.name), scope.has(kNested), std::move(symbols));
  bool is_first = true;
  appendChildren(model, id, is_first, out);
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
  appendEntry(model, SemanticModel::kModuleScope, out);
  return out;
}

}  // namespace krait::semantic

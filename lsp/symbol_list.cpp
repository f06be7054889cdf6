#include "lsp/symbol_list.h"

#include <cctype>

namespace krait::lsp {

using namespace krait::syntax;

bool isEnum(const Ast& ast, NodeId owner) {
  auto cls = ast.tryAs<ClassDef>(owner);
  if (!cls) return false;
  static constexpr std::string_view kBases[] = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"};
  for (NodeId base : cls->args()) {
    auto attribute = ast.tryAs<Attribute>(base);
    std::string_view name = nameText(ast, attribute ? attribute->attr() : base);
    for (std::string_view one : kBases) {
      if (name == one) return true;
    }
  }
  return false;
}

bool isConstantName(std::string_view name) {
  bool has_letter = false;
  for (unsigned char c : name) {
    if (std::islower(c)) return false;
    has_letter |= std::isupper(c) != 0;
  }
  return has_letter;
}

static bool isPropertyDecorated(const Ast& ast, FunctionDef function) {
  for (NodeId decorator : function.decorators()) {
    std::string_view name = nameText(ast, decorator);
    if (name == "property" || name == "cached_property") return true;
  }
  return false;
}

static SymbolForm functionForm(const Ast& ast, FunctionDef function, bool is_in_class) {
  if (!is_in_class) return SymbolForm::kFunction;
  if (nameText(ast, function.name()) == "__init__") return SymbolForm::kConstructor;
  return isPropertyDecorated(ast, function) ? SymbolForm::kProperty : SymbolForm::kMethod;
}

// The definitions directly in a body, those inside if, try, with and loops included.
static void collectEntries(const Ast& ast, NodeList body, bool is_in_class, std::vector<SymbolEntry>* out) {
  for (NodeId statement : body) {
    if (auto function = ast.tryAs<FunctionDef>(statement)) {
      out->push_back({function->name(), statement, functionForm(ast, *function, is_in_class)});
    } else if (auto cls = ast.tryAs<ClassDef>(statement)) {
      out->push_back({cls->name(), statement, isEnum(ast, statement) ? SymbolForm::kEnum : SymbolForm::kClass});
    } else if (auto alias = ast.tryAs<TypeAlias>(statement)) {
      out->push_back({alias->name(), statement, SymbolForm::kTypeAlias});
    } else if (ast.is(statement, NodeKind::kAssign) || ast.is(statement, NodeKind::kAnnAssign)) {
      NodeList targets = ast.is(statement, NodeKind::kAssign) ? ast.as<Assign>(statement).targets() : NodeList();
      NodeId single = ast.is(statement, NodeKind::kAnnAssign) ? ast.as<AnnAssign>(statement).target() : NodeId::none();
      auto add = [&](auto& self, NodeId target) -> void {
        if (ast.is(target, NodeKind::kTuple) || ast.is(target, NodeKind::kList)) forEachChild(ast, target, [&](NodeId part) { self(self, part); });
        if (auto rest = ast.tryAs<Starred>(target)) self(self, rest->value());
        if (!ast.is(target, NodeKind::kName)) return;
        SymbolForm form = isConstantName(nameText(ast, target)) ? SymbolForm::kConstant : SymbolForm::kVariable;
        bool is_member = ast.is(statement, NodeKind::kAssign) && isEnum(ast, ast.parent(statement)) && !nameText(ast, target).starts_with("_");
        out->push_back({target, statement, is_member ? SymbolForm::kEnumMember : form});
      };
      if (single.valid()) add(add, single);
      for (NodeId target : targets) add(add, target);
    } else {
      std::span<const FieldInfo> fields = fieldsOf(ast.kind(statement));
      for (uint32_t i = 0; i < fields.size(); ++i) {
        if (fields[i].kind != FieldKind::kList) continue;
        NodeList list = ast.list(statement, i);
        if (!list.empty() && isStatement(ast, list[0])) collectEntries(ast, list, is_in_class, out);
        for (NodeId part : list) {
          if (ast.is(part, NodeKind::kExceptHandler)) collectEntries(ast, ast.as<ExceptHandler>(part).body(), is_in_class, out);
          if (ast.is(part, NodeKind::kMatchCase)) collectEntries(ast, ast.as<MatchCase>(part).body(), is_in_class, out);
        }
      }
    }
  }
}

std::vector<SymbolEntry> symbolEntries(const Ast& ast, NodeList body, bool is_in_class) {
  std::vector<SymbolEntry> out;
  collectEntries(ast, body, is_in_class, &out);
  return out;
}

std::vector<IndexedSymbol> symbolsOf(SourceModule& module) {
  const Ast& ast = module.ast();
  std::vector<SymbolEntry> entries = symbolEntries(ast, ast.as<Module>(ast.root()).body(), false);
  size_t top_level = entries.size();
  for (size_t i = 0; i < top_level; ++i) {
    if (entries[i].form == SymbolForm::kClass || entries[i].form == SymbolForm::kEnum) collectEntries(ast, bodyOf(ast, entries[i].node), true, &entries);
  }
  std::vector<IndexedSymbol> out;
  out.reserve(entries.size());
  for (const SymbolEntry& entry : entries) out.push_back({std::string(nameText(ast, entry.name)), ast.range(entry.name).begin, entry.form});
  return out;
}

}  // namespace krait::lsp

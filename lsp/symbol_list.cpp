#include "lsp/symbol_list.h"

#include <cctype>
#include <set>

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
    auto attribute = ast.tryAs<Attribute>(decorator);
    if (attribute && (nameText(ast, attribute->attr()) == "setter" || nameText(ast, attribute->attr()) == "deleter")) return true;
  }
  return false;
}

static SymbolForm functionForm(const Ast& ast, FunctionDef function, bool is_in_class) {
  if (!is_in_class) return SymbolForm::kFunction;
  if (nameText(ast, function.name()) == "__init__") return SymbolForm::kConstructor;
  return isPropertyDecorated(ast, function) ? SymbolForm::kProperty : SymbolForm::kMethod;
}

// The names that a loop or a `with` binds.
static void addTargets(const Ast& ast, NodeId statement, std::vector<SymbolEntry>* out) {
  auto add = [&](auto& self, NodeId target) -> void {
    if (ast.is(target, NodeKind::kTuple) || ast.is(target, NodeKind::kList)) forEachChild(ast, target, [&](NodeId part) { self(self, part); });
    if (auto rest = ast.tryAs<Starred>(target)) self(self, rest->value());
    if (ast.is(target, NodeKind::kName) && nameText(ast, target) != "_") out->push_back({target, target, SymbolForm::kVariable});
  };
  if (auto loop = ast.tryAs<For>(statement)) add(add, loop->target());
  auto with = ast.tryAs<With>(statement);
  for (NodeId item : with ? with->items() : NodeList()) add(add, ast.as<WithItem>(item).optionalVars());
}

// The definitions directly in a body, those inside if, try, with and loops included.
static void collectEntries(const Ast& ast, NodeList body, bool is_in_class, std::vector<SymbolEntry>* out, bool has_targets = false) {
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
      if (has_targets) addTargets(ast, statement, out);
      std::span<const FieldInfo> fields = fieldsOf(ast.kind(statement));
      for (uint32_t i = 0; i < fields.size(); ++i) {
        if (fields[i].kind != FieldKind::kList) continue;
        NodeList list = ast.list(statement, i);
        if (!list.empty() && isStatement(ast, list[0])) collectEntries(ast, list, is_in_class, out, has_targets);
        for (NodeId part : list) {
          if (ast.is(part, NodeKind::kExceptHandler)) collectEntries(ast, ast.as<ExceptHandler>(part).body(), is_in_class, out, has_targets);
          if (ast.is(part, NodeKind::kMatchCase)) collectEntries(ast, ast.as<MatchCase>(part).body(), is_in_class, out, has_targets);
        }
      }
    }
  }
}

std::vector<NodeId> selfAssignments(const Ast& ast, NodeList body) {
  std::vector<NodeId> out;
  for (NodeId statement : body) {
    auto function = ast.tryAs<FunctionDef>(statement);
    NodeList parameters = function ? ast.as<Parameters>(function->params()).params() : NodeList();
    if (parameters.empty()) continue;
    NameId self = nameOf(ast, ast.as<Parameter>(parameters[0]).name());
    std::vector<NodeId> pending(function->body().rbegin(), function->body().rend());
    while (!pending.empty()) {
      NodeId node = pending.back();
      pending.pop_back();
      if (ast.is(node, NodeKind::kClassDef)) continue;
      auto attribute = ast.tryAs<Attribute>(node);
      bool is_given = attribute && attribute->context() == ExprContext::kStore && ast.is(attribute->value(), NodeKind::kName) && nameOf(ast, attribute->value()) == self;
      if (is_given) out.push_back(node);
      std::vector<NodeId> children;
      forEachChild(ast, node, [&](NodeId child) { children.push_back(child); });
      pending.insert(pending.end(), children.rbegin(), children.rend());
    }
  }
  return out;
}

// What methods give to self and the class's body does not name.
static void addInstanceAttributes(const Ast& ast, NodeList body, std::vector<SymbolEntry>& out) {
  std::set<NameId> known;
  for (const SymbolEntry& entry : out) known.insert(nameOf(ast, entry.name));
  for (NodeId node : selfAssignments(ast, body)) {
    NodeId name = ast.as<Attribute>(node).attr();
    if (known.insert(nameOf(ast, name)).second) out.push_back({name, node, SymbolForm::kField});
  }
}

std::vector<SymbolEntry> outlineOf(const Ast& ast, NodeList body, bool is_in_class) {
  std::vector<SymbolEntry> out;
  collectEntries(ast, body, is_in_class, &out, true);
  if (is_in_class) addInstanceAttributes(ast, body, out);
  return out;
}

std::vector<IndexedSymbol> symbolsOf(SourceModule& module) {
  const Ast& ast = module.ast();
  std::vector<SymbolEntry> entries;
  collectEntries(ast, ast.as<Module>(ast.root()).body(), false, &entries);
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

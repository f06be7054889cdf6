#include "analyzer/semantic/exports.h"

namespace krait::semantic {

using namespace syntax;

namespace {
struct ExportWalk {
  const Ast& ast;
  Interner& names;
  const std::vector<bool>& is_skipped;
  ModuleExports result;

  bool isAll(NodeId node) const { return ast.is(node, NodeKind::kName) && nameText(ast, node) == "__all__"; }

  void addString(NodeId node, bool is_removal) {
    auto value = stringValue(ast, node);
    if (!value) {
      result.is_all_known = false;
      return;
    }
    result.all.push_back({names.intern(*value), node, is_removal});
  }

  // `m.__all__`, `a.b.__all__`
  bool addModuleAll(NodeId node) {
    auto attribute = ast.tryAs<Attribute>(node);
    if (!attribute || nameText(ast, attribute->attr()) != "__all__") return false;
    result.all_of_modules.emplace_back(ast.text(attribute->value()));
    return true;
  }

  // A list or tuple of strings, a sum of such, or another module's __all__.
  void addValue(NodeId node) {
    switch (ast.kind(node)) {
      case NodeKind::kList:
        for (NodeId element : ast.as<List>(node).elts()) addElement(element);
        return;
      case NodeKind::kTuple:
        for (NodeId element : ast.as<Tuple>(node).elts()) addElement(element);
        return;
      case NodeKind::kSet:
        for (NodeId element : ast.as<Set>(node).elts()) addElement(element);
        return;
      case NodeKind::kBinOp: {
        auto sum = ast.as<BinOp>(node);
        if (sum.op() != BinaryOp::kAdd) break;
        addValue(sum.left());
        return addValue(sum.right());
      }
      case NodeKind::kName:
        if (isAll(node)) return;
        break;
      case NodeKind::kCall: {  // list(m.__all__), tuple([...])
        auto call = ast.as<Call>(node);
        std::string_view function = nameText(ast, call.func());
        if ((function == "list" || function == "tuple") && call.args().size() == 1) return addValue(call.args()[0]);
        break;
      }
      default:
        if (addModuleAll(node)) return;
    }
    result.is_all_known = false;
  }

  void addElement(NodeId node) {
    if (auto starred = ast.tryAs<Starred>(node)) return addValue(starred->value());
    addString(node, false);
  }

  // __all__.append("x"), .extend([...]), .remove("x")
  void visitCall(NodeId node) {
    auto call = ast.tryAs<Call>(node);
    auto method = call ? ast.tryAs<Attribute>(call->func()) : std::nullopt;
    if (!method || !isAll(method->value()) || call->args().size() != 1) return;
    std::string_view name = nameText(ast, method->attr());
    if (name == "append") return addString(call->args()[0], false);
    if (name == "remove") return addString(call->args()[0], true);
    if (name == "extend") return addValue(call->args()[0]);
    result.is_all_known = false;
  }

  // Does the value begin with what the list holds: `__all__ + [...]`?
  bool extendsAll(NodeId value) const {
    auto sum = ast.tryAs<BinOp>(value);
    while (sum && sum->op() == BinaryOp::kAdd) {
      if (isAll(sum->left()) || isAll(sum->right())) return true;
      sum = ast.tryAs<BinOp>(sum->left());
    }
    return false;
  }

  void assignAll(NodeId value) {
    result.has_all = true;
    if (extendsAll(value)) return addValue(value);
    result.replaced_all.insert(result.replaced_all.end(), result.all.begin(), result.all.end());
    result.all.clear();
    result.all_of_modules.clear();
    result.is_all_known = true;
    addValue(value);
  }

  void visitImportFrom(NodeId node) {
    auto import = ast.as<ImportFrom>(node);
    for (NodeId alias : import.names()) {
      if (nameText(ast, ast.as<Alias>(alias).name()) != "*") continue;
      result.star_imports.push_back({node, syntax::nameOf(ast, import.module()), import.level()});
    }
  }

  void visit(NodeId node) {
    if (node.value < is_skipped.size() && is_skipped[node.value]) return;
    switch (ast.kind(node)) {
      case NodeKind::kAssign: {
        auto assign = ast.as<Assign>(node);
        for (NodeId target : assign.targets()) {
          if (isAll(target)) assignAll(assign.value());
        }
        return;
      }
      case NodeKind::kAnnAssign: {
        auto assign = ast.as<AnnAssign>(node);
        if (isAll(assign.target()) && assign.value().valid()) assignAll(assign.value());
        return;
      }
      case NodeKind::kAugAssign: {
        auto assign = ast.as<AugAssign>(node);
        if (!isAll(assign.target())) return;
        result.has_all = true;
        return addValue(assign.value());
      }
      case NodeKind::kExprStmt: return visitCall(ast.as<ExprStmt>(node).value());
      case NodeKind::kImportFrom: return visitImportFrom(node);
      case NodeKind::kFunctionDef:
      case NodeKind::kClassDef: return;
      default:
        forEachChild(ast, node, [&](NodeId child) {
          NodeKind kind = ast.kind(child);
          if (isStatement(ast, child) || kind == NodeKind::kExceptHandler || kind == NodeKind::kMatchCase) visit(child);
        });
    }
  }
};

bool isReexport(const Ast& ast, const Definition& definition) {
  if (definition.kind != DefinitionKind::kImport && definition.kind != DefinitionKind::kImportFrom) return true;
  auto alias = ast.as<Alias>(definition.owner);
  return alias.asname().valid() && syntax::nameOf(ast, alias.asname()) == syntax::nameOf(ast, alias.name());
}

Visibility visibilityOf(const SemanticModel& model, const ModuleExports& exports, SymbolId symbol, FileKind kind) {
  NameId name = model[symbol].name;
  if (kind == FileKind::kStub && !exports.isInAll(name)) {
    bool is_passed_on = model.definitions(symbol).empty();
    for (const Definition& definition : model.definitions(symbol)) is_passed_on |= isReexport(model.ast(), definition);
    if (!is_passed_on) return Visibility::kImported;
  }
  return model.ast().name(name).starts_with("_") ? Visibility::kUnderscored : Visibility::kPublic;
}
}  // namespace

bool DeclaredAll::isInAll(NameId name) const {
  bool is_in = false;
  for (const AllEntry& entry : all) {
    if (entry.name == name) is_in = !entry.is_removal;
  }
  return is_in;
}

static ModuleExports readModule(const Ast& ast, Interner& names, const std::vector<bool>& is_skipped) {
  ExportWalk walk{ast, names, is_skipped, {}};
  for (NodeId statement : bodyOf(ast, ast.root())) walk.visit(statement);
  return std::move(walk.result);
}

DeclaredAll declaredAll(const Ast& ast, Interner& names, const std::vector<bool>& is_skipped) {
  return readModule(ast, names, is_skipped);
}

ModuleExports exportsOf(const SemanticModel& model, Interner& names, FileKind kind,
                        const std::vector<bool>& is_skipped) {
  ModuleExports exports = readModule(model.ast(), names, is_skipped);
  for (SymbolId symbol : model.symbolsOf(SemanticModel::kModuleScope)) {
    exports.visibility.push_back(visibilityOf(model, exports, symbol, kind));
  }
  return exports;
}

std::string dumpExports(const SemanticModel& model, const ModuleExports& exports) {
  std::string out;
  if (exports.has_all) {
    out += exports.is_all_known ? "__all__:" : "__all__ (not fully known):";
    for (const AllEntry& entry : exports.all) {
      out += entry.is_removal ? " -" : " ";
      out += model.ast().name(entry.name);
    }
    for (const std::string& module : exports.all_of_modules) out += " *" + module;
    out += '\n';
  }
  for (const StarImport& star : exports.star_imports) {
    out += "star import: " + std::string(star.level, '.');
    out += model.ast().name(star.module);
    out += '\n';
  }
  static constexpr const char* kNames[] = {"public", "underscored", "imported, not re-exported"};
  auto symbols = model.symbolsOf(SemanticModel::kModuleScope);
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (model.definitions(symbols[i]).empty()) continue;
    out += model.nameOf(symbols[i]);
    out += ": ";
    out += kNames[static_cast<int>(exports.visibility[i])];
    out += '\n';
  }
  return out;
}

}  // namespace krait::semantic

#include "analyzer/semantic/imports/imports_of.h"

#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::semantic {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

namespace {
struct ImportWalk {
  const Ast& ast;
  std::string_view module;
  bool is_package;
  const std::vector<bool>& is_skipped;
  std::vector<ImportedModule> found;
};

struct Place {
  NodeId node;
  bool is_top_level;
  bool in_try;
};
}  // namespace

static void addImport(ImportWalk& walk, const Place& place) {
  const Ast& ast = walk.ast;
  for (NodeId alias : ast.as<syntax::Import>(place.node).names()) {
    std::string name(syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()));
    walk.found.push_back({std::move(name), alias, NodeId::none(), place.is_top_level, false, place.in_try});
  }
}

static void addImportFrom(ImportWalk& walk, const Place& place) {
  const Ast& ast = walk.ast;
  auto import = ast.as<syntax::ImportFrom>(place.node);
  std::string base =
      absoluteModule(walk.module, walk.is_package, import.level(), syntax::nameText(ast, import.module()));
  walk.found.push_back({base, place.node, NodeId::none(), place.is_top_level, false, place.in_try});
  if (base.empty()) return;
  for (NodeId alias : import.names()) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias).name());
    if (name == "*" || name.empty()) continue;
    walk.found.push_back({base + "." + std::string(name), place.node, alias, place.is_top_level, true, place.in_try});
  }
}

std::vector<ImportedModule> importsOf(const Ast& ast, std::string_view module, bool is_package,
                                      const std::vector<bool>& is_skipped) {
  ImportWalk walk{ast, module, is_package, is_skipped, {}};
  std::vector<Place> work;
  auto pushChildren = [&](NodeId parent, bool is_top_level, bool in_try) {
    size_t start = work.size();
    syntax::forEachChild(ast, parent, [&](NodeId child) {
      NodeKind kind = ast.kind(child);
      bool holds_statements = syntax::isStatement(ast, child) || kind == NodeKind::kExceptHandler ||
                              kind == NodeKind::kMatchCase;
      if (holds_statements) work.push_back({child, is_top_level, in_try});
    });
    for (size_t i = start, j = work.size(); i + 1 < j; ++i) std::swap(work[i], work[--j]);
  };
  pushChildren(ast.root(), true, false);
  while (!work.empty()) {
    Place place = work.back();
    work.pop_back();
    if (place.node.value < is_skipped.size() && is_skipped[place.node.value]) continue;
    switch (ast.kind(place.node)) {
      case NodeKind::kImport: addImport(walk, place); break;
      case NodeKind::kImportFrom: addImportFrom(walk, place); break;
      case NodeKind::kFunctionDef: pushChildren(place.node, false, place.in_try); break;
      case NodeKind::kTry:
        pushChildren(place.node, place.is_top_level,
                     place.in_try || !ast.as<syntax::Try>(place.node).handlers().empty());
        break;
      case NodeKind::kAssign:
      case NodeKind::kExprStmt:
      case NodeKind::kReturn: break;
      default: pushChildren(place.node, place.is_top_level, place.in_try);
    }
  }
  return std::move(walk.found);
}

}  // namespace krait::semantic

#include "cli/verify/needs.h"

#include <algorithm>

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

static bool has(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

static std::string boundBy(const Ast& ast, NodeId alias_id) {
  auto alias = ast.as<syntax::Alias>(alias_id);
  std::string name(ast.text(ast.range(alias.asname().valid() ? alias.asname() : alias.name())));
  return alias.asname().valid() ? name : name.substr(0, name.find('.'));
}

void readImports(VerifiedBlock& verified, const Ast& ast) {
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    auto import = ast.tryAs<syntax::Import>(statement);
    auto import_from = ast.tryAs<syntax::ImportFrom>(statement);
    if (!import && !import_from) continue;
    std::string text = std::string(ast.text(ast.range(statement))) + "\n";
    if (text.starts_with("from __future__")) continue;
    for (NodeId alias : import ? import->names() : import_from->names()) verified.import_of[boundBy(ast, alias)] = text;
  }
  // A name that something else binds as well is not the import's alone.
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    auto cls = ast.tryAs<syntax::ClassDef>(statement);
    auto assign = ast.tryAs<syntax::Assign>(statement);
    if (function || cls) verified.import_of.erase(std::string(syntax::nameText(ast, function ? function->name() : cls->name())));
    if (!assign) continue;
    for (NodeId target : assign->targets()) {
      if (ast.is(target, NodeKind::kName)) verified.import_of.erase(std::string(syntax::nameText(ast, target)));
    }
  }
}

// `__name__ == "__main__"`
static bool isMainTest(const Ast& ast, NodeId test) {
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (!compare || !ast.is(compare->left(), NodeKind::kName) || syntax::nameText(ast, compare->left()) != "__name__") return false;
  return ast.text(ast.range(test)).find("__main__") != std::string_view::npos;
}

void readGuard(VerifiedBlock& verified, const Ast& ast, Interner& names) {
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    auto guard = ast.tryAs<syntax::If>(statement);
    if (!guard || guard->orelse().size() != 0 || !isMainTest(ast, guard->test())) continue;
    TextRange range = syntax::fullRange(ast, statement);
    verified.unguarded = std::string(ast.text({0, range.begin})) + "pass" + std::string(ast.text({range.end, static_cast<uint32_t>(ast.text().size())}));
    std::vector<std::string> bound = boundNames(verified.unguarded, names);
    for (const std::string& name : verified.defined) {
      if (!has(bound, name)) verified.guarded.insert(name);
    }
    return;
  }
}

// The nearest block above that defines a name; blocks of the same section come first.
static std::optional<size_t> findDefiner(const VerifiedDocument& document, size_t before, const std::string& name) {
  for (bool is_same_section : {true, false}) {
    for (size_t i = before; i-- > 0;) {
      const VerifiedBlock& candidate = document.blocks[i];
      bool is_wanted = candidate.isRunnable() && (!is_same_section || candidate.block.section_id == document.blocks[before].block.section_id);
      if (is_wanted && has(candidate.defined, name)) return i;
    }
  }
  return std::nullopt;
}

static void addNeed(const VerifiedDocument& document, size_t needed, std::set<size_t>& needs) {
  needs.insert(needed);
  needs.insert(document.blocks[needed].needs.begin(), document.blocks[needed].needs.end());
}

// Blocks between the definer and the block that use the name too: they may change what it stands for. Of a module, those of
// the block's own section.
static void addUsers(const VerifiedDocument& document, size_t index, size_t definer, const std::string& name, bool is_module, std::set<size_t>& needs) {
  for (size_t i = definer + 1; i < index; ++i) {
    const VerifiedBlock& between = document.blocks[i];
    bool is_user = between.isRunnable() && has(between.missing, name) && between.block.section_id != 0;
    bool is_near = !is_module || between.block.section_id == document.blocks[index].block.section_id;
    if (is_user && is_near) addNeed(document, i, needs);
  }
}

// A block that reads a file needs the last one before it that wrote it.
static void addFileWriters(const VerifiedDocument& document, size_t index, std::set<size_t>& needs) {
  for (const std::string& name : document.blocks[index].reads) {
    for (size_t i = index; i-- > 0;) {
      const VerifiedBlock& candidate = document.blocks[i];
      if (!candidate.isRunnable() || !has(candidate.writes, name)) continue;
      addNeed(document, i, needs);
      break;
    }
  }
}

void findNeeds(VerifiedDocument& document, const SourceFile& file, size_t index) {
  VerifiedBlock& verified = document.blocks[index];
  std::set<size_t> needs;
  if (verified.block.is_continued) {
    for (size_t i = 0; i < index; ++i) {
      if (document.blocks[i].isRunnable()) needs.insert(i);
    }
  }
  for (size_t i = 0; i < verified.missing.size(); ++i) {
    const std::string& name = verified.missing[i];
    std::optional<size_t> definer = findDefiner(document, index, name);
    if (!definer) {
      bool is_told = document.module_path.empty() && !verified.is_open;
      if (is_told) sayFinding(document, Rule::kUndefinedName, documentRange(file, verified.block, verified.missing_at[i]), {name});
      continue;
    }
    const VerifiedBlock& block = document.blocks[*definer];
    auto import = block.import_of.find(name);
    bool is_import = import != block.import_of.end() && block.block.section_id != verified.block.section_id && !needs.contains(*definer);
    if (!is_import) addNeed(document, *definer, needs);
    if (is_import && !has(verified.needed_imports, import->second)) verified.needed_imports.push_back(import->second);
    addUsers(document, index, *definer, name, is_import, needs);
  }
  addFileWriters(document, index, needs);
  verified.needs.assign(needs.begin(), needs.end());
}

std::vector<std::string> importsFor(const VerifiedDocument& document, size_t index) {
  std::vector<std::string> imports;
  auto add = [&](size_t block) {
    for (const std::string& import : document.blocks[block].needed_imports) {
      if (!has(imports, import)) imports.push_back(import);
    }
  };
  for (size_t needed : document.blocks[index].needs) add(needed);
  add(index);
  return imports;
}

const std::string& textForLater(const VerifiedDocument& document, size_t needed, size_t index) {
  const VerifiedBlock& earlier = document.blocks[needed];
  if (earlier.unguarded.empty()) return earlier.plain;
  auto wants = [&](const VerifiedBlock& later) {
    bool wants_name = std::any_of(later.missing.begin(), later.missing.end(), [&](const std::string& name) { return earlier.guarded.contains(name); });
    return wants_name || std::any_of(later.reads.begin(), later.reads.end(), [&](const std::string& path) { return has(earlier.writes, path); });
  };
  bool is_wanted = document.blocks[index].block.is_continued || wants(document.blocks[index]);
  for (size_t other : document.blocks[index].needs) is_wanted = is_wanted || (other > needed && wants(document.blocks[other]));
  return is_wanted ? earlier.plain : earlier.unguarded;
}

}  // namespace krait::cli

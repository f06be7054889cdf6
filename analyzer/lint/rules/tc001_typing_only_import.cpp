// TC001, TC002, TC003, TC004: imports that only annotations use, and imports under `if TYPE_CHECKING:` that run-time code
// uses. ref: flake8-type-checking
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/quoted_types.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool listsExactly(const LintContext& context, std::string_view key, const std::string& name) {
  const std::vector<std::string>* list = context.options.list(key);
  // A name without a module is a builtin's.
  return list != nullptr && name.find('.') != std::string::npos && std::find(list->begin(), list->end(), name) != list->end();
}

// Does one of the decorators read annotations when the program runs, by the settings?
static bool hasReadingDecorator(const LintContext& context, NodeList decorators) {
  for (NodeId decorator : decorators) {
    auto call = context.ast.tryAs<syntax::Call>(decorator);
    if (listsExactly(context, "flake8-type-checking.runtime-evaluated-decorators", qualifiedName(context, call ? call->func() : decorator))) return true;
  }
  return false;
}

// Is the node in an annotation that a base class or a decorator reads when the program runs, by the settings?
static bool isReadAnnotation(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId at = node; at.valid(); at = ast.parent(at)) {
    if (auto function = ast.tryAs<syntax::FunctionDef>(at)) return hasReadingDecorator(context, function->decorators());
    if (!ast.is(at, NodeKind::kAnnAssign)) continue;
    auto cls = ast.tryAs<syntax::ClassDef>(ast.parent(at));
    if (!cls) return false;
    if (hasReadingDecorator(context, cls->decorators())) return true;
    std::vector<NodeId> bases = allBases(context, ast.parent(at));
    return std::any_of(bases.begin(), bases.end(), [&](NodeId base) {
      auto subscript = ast.tryAs<syntax::Subscript>(base);
      return listsExactly(context, "flake8-type-checking.runtime-evaluated-base-classes", qualifiedName(context, subscript ? subscript->value() : base));
    });
  }
  return false;
}

// What dataclasses look for in annotations.
static bool isFieldMark(std::string_view name) { return name == "dataclasses.KW_ONLY" || name == "dataclasses.InitVar"; }

static bool runsWithProgram(const LintContext& context, const FlowReference& reference) {
  if (reference.typing == 0) return true;
  return (reference.typing & kTypingAnnotation) != 0 && (reference.typing & (kTypingBlock | kTypingString)) == 0 && isReadAnnotation(context, reference.node);
}

// An annotation that runs, but that need not.
static bool isDeferrable(const LintContext& context, const FlowReference& reference) {
  return reference.typing == 0 && isInAnnotation(context, reference.node) && !isReadAnnotation(context, reference.node);
}

// One that the settings let us put into quotes.
static bool isQuotable(const LintContext& context, const FlowReference& reference) {
  return context.options.flag("flake8-type-checking.quote-annotations") && isDeferrable(context, reference);
}

static bool isTypingReference(const LintContext& context, const FlowReference& reference) {
  bool is_put_off = isQuotable(context, reference) || (mayDeferAnnotations(context) && isDeferrable(context, reference));
  if (is_put_off) return isTypeDefinition(context, reference.node);
  if (runsWithProgram(context, reference)) return false;
  if ((reference.typing & kTypingBlock) != 0) return true;
  return (reference.typing & (kTypingAnnotation | kTypingString)) != 0 && isTypeDefinition(context, reference.node);
}

template <class Test>
static bool anyReference(const NameFlow& flow, const FlowBinding& binding, Test&& test) {
  for (uint32_t at = binding.references; at != kNoBinding; at = flow.references[at].next) {
    if (test(flow.references[at])) return true;
  }
  return false;
}

// The module that importing the name loads: "a" of `import a.b`, "a.b" of `from a.b import c`.
static std::string loadedModule(const Ast& ast, const FlowBinding& binding) {
  std::string name = importedModule(ast, binding.node);
  if (binding.kind != BindKind::kFromImport) return name.substr(0, name.find('.'));
  size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string() : name.substr(0, dot);
}

static bool isAround(const LintContext& context, ScopeId outer, ScopeId inner) {
  for (ScopeId at = inner; at.valid(); at = context.model[at].parent) {
    if (at == outer) return true;
  }
  return false;
}

static bool isExempt(const LintContext& context, const std::string& name) {
  const std::vector<std::string>* modules = context.options.list("flake8-type-checking.exempt-modules");
  auto isOf = [&](std::string_view module) { return name == module || (name.starts_with(module) && name[module.size()] == '.'); };
  if (isOf("typing_extensions")) return true;
  if (modules == nullptr) return isOf("typing");
  return std::any_of(modules->begin(), modules->end(), isOf);
}

namespace {
// A typing-only import: its finding, and what its fix needs.
struct Movable {
  const FlowBinding* binding;
  Rule rule;
  std::string name;
  bool is_quotable = false;  // TC004: quotes around its uses are enough
};
}  // namespace

// The first place that uses one of the names; the statement that binds them when none does.
static NodeId firstUse(const LintContext& context, const NameFlow& flow, const std::vector<const Movable*>& group) {
  const Ast& ast = context.ast;
  NodeId first;
  for (const Movable* one : group) {
    for (uint32_t at = one->binding->references; at != kNoBinding; at = flow.references[at].next) {
      NodeId node = flow.references[at].node;
      if (!first.valid() || ast.range(node).begin < ast.range(first).begin) first = node;
    }
  }
  return first.valid() ? first : group[0]->binding->statement;
}

// The lines of the text behind one indentation.
static std::string indented(std::string_view text, std::string_view indent) {
  std::string out(indent);
  for (char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out;
}

// Puts the import into the block of `if TYPE_CHECKING:` before `use`, or into a new one after the imports.
static std::vector<FixEdit> intoTypingBlock(const LintContext& context, NodeId use, const std::string& import) {
  const Ast& ast = context.ast;
  NodeId previous;
  for (NodeId id : syntax::bodyOf(ast, ast.root())) {
    if (ast.range(id).begin >= ast.range(use).begin) break;
    if (isTypingBlock(context, id)) {
      auto branch = ast.tryAs<syntax::If>(id);
      uint32_t begin = syntax::fullRange(ast, branch->body()[0]).begin, line = lineBegin(context, begin);
      if (line <= ast.range(branch->test()).end) return {{{begin, begin}, import + "; "}};
      return {{{line, line}, indented(import, indentationAt(context, begin)) + std::string(lineEndText(context))}};
    }
    if (ast.is(id, NodeKind::kImport) || ast.is(id, NodeKind::kImportFrom)) previous = id;
  }
  std::optional<ImportedName> checking = importName(context, "typing", "TYPE_CHECKING", use);
  std::string end(lineEndText(context));
  if (!checking) return {};
  if (!previous.valid()) {
    if (!checking->edit) return {};
    return {{checking->edit->range, checking->edit->replacement + end + "if " + checking->text + ":" + end + indented(import, indentStep(context)) + end}};
  }
  uint32_t place = nextLineBegin(context, ast.range(previous).end);
  std::string block = end + "if " + checking->text + ":" + end + indented(import, indentStep(context)) + end;
  if (place == ast.text().size() && !ast.text().ends_with('\n')) return {};
  // The line end before is written again, so that of several such fixes one comes first and the others find its block.
  std::string line_end(ast.text({place - 1, place}));
  if (!checking->edit) return {{{place - 1, place}, line_end + block}};
  if (checking->edit->range.begin == place) return {{{place - 1, place}, line_end + checking->edit->replacement + block}};
  return {*checking->edit, {{place - 1, place}, line_end + block}};
}

static std::vector<NodeId> aliasesOf(const Ast& ast, const std::vector<const Movable*>& group) {
  std::vector<NodeId> aliases;
  for (const Movable* one : group) aliases.push_back(ast.parent(one->binding->node));
  return aliases;
}

// The import statement with these names only.
static std::string importOf(const Ast& ast, NodeId statement, const std::vector<NodeId>& aliases) {
  std::string names;
  NodeList all = ast.is(statement, NodeKind::kImport) ? ast.as<syntax::Import>(statement).names() : ast.as<syntax::ImportFrom>(statement).names();
  for (NodeId alias : all) {
    bool is_moved = std::find(aliases.begin(), aliases.end(), alias) != aliases.end();
    if (is_moved) names += (names.empty() ? "" : ", ") + std::string(ast.text(alias));
  }
  auto from = ast.tryAs<syntax::ImportFrom>(statement);
  if (!from) return "import " + names;
  return "from " + std::string(from->level(), '.') + std::string(from->module().valid() ? syntax::nameText(ast, from->module()) : "") + " import " + names;
}

// The same with the statement's own layout.
static std::string importLaidOut(const LintContext& context, NodeId statement, const std::vector<NodeId>& aliases) {
  const Ast& ast = context.ast;
  NodeList all = ast.is(statement, NodeKind::kImport) ? ast.as<syntax::Import>(statement).names() : ast.as<syntax::ImportFrom>(statement).names();
  std::vector<NodeId> others;
  for (NodeId alias : all) {
    if (std::find(aliases.begin(), aliases.end(), alias) == aliases.end()) others.push_back(alias);
  }
  TextRange range = ast.range(statement);
  std::string text(ast.text(statement));
  if (others.empty()) return text;
  std::optional<FixEdit> edit = withoutAliases(context, statement, others);
  if (!edit || edit->range.begin < range.begin || edit->range.end > range.end) return importOf(ast, statement, aliases);
  return text.replace(edit->range.begin - range.begin, edit->range.end - edit->range.begin, edit->replacement);
}

// Moves the names of one statement that the program needs behind the imports before their first use.
static std::vector<FixEdit> movedOut(const LintContext& context, const NameFlow& flow, const std::vector<const Movable*>& group) {
  NodeId statement = group[0]->binding->statement;
  std::vector<NodeId> aliases = aliasesOf(context.ast, group);
  std::optional<FixEdit> removed = withoutAliases(context, statement, aliases);
  FixEdit added = importEdit(context, importLaidOut(context, statement, aliases), context.ast.range(firstUse(context, flow, group)).begin);
  if (!removed || (added.range.begin < removed->range.end && removed->range.begin < added.range.begin)) return {};
  std::vector<FixEdit> edits = {added, *removed};
  std::sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; });
  return edits;
}

// Moves the names of one statement that only type checkers need.
static std::vector<FixEdit> movedNames(const LintContext& context, const NameFlow& flow, const std::vector<const Movable*>& group) {
  const Ast& ast = context.ast;
  NodeId statement = group[0]->binding->statement;
  std::vector<NodeId> aliases = aliasesOf(ast, group);
  std::optional<FixEdit> removed = withoutAliases(context, statement, aliases);
  NodeList all = ast.is(statement, NodeKind::kImport) ? ast.as<syntax::Import>(statement).names() : ast.as<syntax::ImportFrom>(statement).names();
  // A statement that moves as a whole keeps its layout.
  bool is_whole = aliases.size() == all.size() && indentationAt(context, ast.range(statement).begin).empty();
  std::string import = is_whole ? std::string(ast.text(statement)) : importOf(ast, statement, aliases);
  std::vector<FixEdit> edits = intoTypingBlock(context, firstUse(context, flow, group), import);
  if (!removed || edits.empty()) return {};
  // The import that the fix needs may be an addition to this very statement.
  for (FixEdit& edit : edits) {
    bool is_line_end = edit.range.end == removed->range.end && edit.range.begin + 1 == edit.range.end && removed->replacement.empty();
    // The statement is the last import: its own line end goes with it.
    if (is_line_end) {
      edit.replacement.erase(0, 1);
      edit.range.begin = removed->range.begin;
      return edits;
    }
    if (edit.range.begin < removed->range.end && removed->range.begin < edit.range.end) return {};
  }
  edits.push_back(*removed);
  std::sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; });
  return edits;
}

// Quotes around the annotations that run and use the names.
static std::vector<FixEdit> quotedUses(const LintContext& context, const NameFlow& flow, const std::vector<const Movable*>& group) {
  std::vector<NodeId> types;
  for (const Movable* one : group) {
    for (uint32_t at = one->binding->references; at != kNoBinding; at = flow.references[at].next) {
      const FlowReference& reference = flow.references[at];
      if (reference.typing == 0 && isQuotable(context, reference)) types.push_back(wholeType(context.ast, reference.node));
    }
  }
  auto range = [&](NodeId type) { return context.ast.range(type); };
  std::sort(types.begin(), types.end(), [&](NodeId a, NodeId b) {
    return range(a).begin != range(b).begin ? range(a).begin < range(b).begin : range(a).end > range(b).end;
  });
  std::vector<FixEdit> edits;
  for (NodeId type : types) {
    bool is_inside = !edits.empty() && range(type).begin < edits.back().range.end;
    if (!is_inside) edits.push_back({range(type), quotedType(context, type)});
  }
  return edits;
}

// Does an annotation that runs use one of the names?
static bool usesRunningAnnotation(const LintContext& context, const NameFlow& flow, const std::vector<const Movable*>& group) {
  return std::any_of(group.begin(), group.end(), [&](const Movable* one) {
    return anyReference(flow, *one->binding, [&](const FlowReference& reference) { return isDeferrable(context, reference); });
  });
}

static void reportMovable(LintContext& context, const NameFlow& flow, const std::vector<Movable>& found) {
  for (const Movable& one : found) {
    std::vector<const Movable*> group;
    for (const Movable& other : found) {
      bool is_same = other.binding->statement == one.binding->statement && other.rule == one.rule && other.is_quotable == one.is_quotable;
      if (is_same) group.push_back(&other);
    }
    Rule rule = one.is_quotable ? "TC004Quoted"_rule : one.rule;
    auto finding = context.sink.begin(rule, context.ast.range(one.binding->node), {one.name});
    bool is_run = one.binding->is_typing;
    std::vector<FixEdit> edits = one.is_quotable ? std::vector<FixEdit>() : is_run ? movedOut(context, flow, group) : movedNames(context, flow, group);
    if (edits.empty() && !one.is_quotable) continue;
    if (!is_run || one.is_quotable) {
      bool defers = !one.is_quotable && mayDeferAnnotations(context);
      std::vector<FixEdit> quoted = defers ? std::vector<FixEdit>() : quotedUses(context, flow, group);
      if (defers && usesRunningAnnotation(context, flow, group)) quoted.push_back(futureAnnotationsEdit(context));
      edits.insert(defers ? edits.begin() : edits.end(), quoted.begin(), quoted.end());
    }
    std::string_view title = one.is_quotable ? "Quote references" : is_run ? "Move out of type-checking block" : "Move into type-checking block";
    if (!edits.empty()) finding.fix(std::string(title), std::move(edits), FixSafety::kUnsafe);
  }
}

void checkTypingOnlyImports(LintContext& context) {
  if (context.is_stub) return;
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<const FlowBinding*> typing_only, needed;
  std::vector<Movable> found;
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    if (!isImportKind(binding.kind) || !binding.isUsed()) continue;
    bool is_run = anyReference(flow, binding, [&](const FlowReference& reference) { return !isTypingReference(context, reference); });
    if (!binding.is_typing) {
      (is_run ? needed : typing_only).push_back(&binding);
      continue;
    }
    bool runs = anyReference(flow, binding, [&](const FlowReference& reference) { return runsWithProgram(context, reference); });
    if (!runs) continue;
    bool is_quotable = !anyReference(flow, binding, [&](const FlowReference& reference) {
      return runsWithProgram(context, reference) && !isQuotable(context, reference);
    });
    found.push_back({&binding, "TC004"_rule, importedModule(context.ast, binding.node), is_quotable});
  }
  bool is_strict = context.options.flag("flake8-type-checking.strict");
  for (const FlowBinding* binding : typing_only) {
    ScopeKind kind = context.model[binding->scope].kind;
    if (kind != ScopeKind::kModule && kind != ScopeKind::kFunction) continue;
    std::string name = importedModule(context.ast, binding->node), module = loadedModule(context.ast, *binding);
    bool is_loaded = !is_strict && std::any_of(needed.begin(), needed.end(), [&](const FlowBinding* other) {
      return isAround(context, other->scope, binding->scope) && loadedModule(context.ast, *other) == module;
    });
    if (is_loaded || isExempt(context, name) || isFieldMark(name)) continue;
    auto from = context.ast.tryAs<syntax::ImportFrom>(binding->statement);
    uint32_t level = from ? from->level() : 0;
    Section section = sectionOf(context, from ? std::string(syntax::nameText(context.ast, from->module())) : name, level);
    Rule rule = section == Section::kThirdParty ? "TC002"_rule : section == Section::kStandardLibrary ? "TC003"_rule : "TC001"_rule;
    found.push_back({binding, rule, name});
  }
  reportMovable(context, flow, found);
}

}  // namespace krait::lint

#include "analyzer/lint/runner.h"

#include <algorithm>
#include <array>

#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/quoted_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/syntax/parser.h"

namespace krait::lint {

// Only the runner knows the rules, so that a new one rebuilds nothing else.
#define MODULE_RULE(code, function) void function(LintContext& context);
#define NODE_RULE(code, function, kind) void function(LintContext& context, NodeId node);
#include "analyzer/lint/rules.def"

namespace {
struct Selected {
  std::vector<ModuleRule> modules;
  std::array<std::vector<NodeRule>, 256> nodes;  // by NodeKind
  bool has_nodes = false;
  std::vector<bool> wanted;  // by Code

  bool want(const LintInput& input, Code code);
};
}  // namespace

static bool isWanted(const LintInput& input, Code code) {
  return config::isLintCodeSelected(input.options, code) && !config::isIgnoredInFile(input.options, code, input.file.path);
}

bool Selected::want(const LintInput& input, Code code) {
  if (!isWanted(input, code)) return false;
  wanted[static_cast<size_t>(code)] = true;
  return true;
}

// A function that stands for several codes runs once.
template <class Function>
static void addOnce(std::vector<Function>& functions, Function function) {
  if (std::find(functions.begin(), functions.end(), function) == functions.end()) functions.push_back(function);
}

static Selected selectRules(const LintInput& input) {
  Selected selected;
  selected.wanted.resize(codeCount());
#define MODULE_RULE(code, function) \
  if (selected.want(input, Code::k##code)) addOnce(selected.modules, function);
#define NODE_RULE(code, function, kind)                                           \
  if (selected.want(input, Code::k##code)) {                                      \
    addOnce(selected.nodes[static_cast<size_t>(NodeKind::k##kind)], function);    \
    selected.has_nodes = true;                                                    \
  }
#include "analyzer/lint/rules.def"
  return selected;
}

static std::vector<Diagnostic> runRules(const LintInput& input, const Ast& ast, const SemanticModel& model) {
  Selected selected = selectRules(input);
  bool is_stub = input.file.path.ends_with(".pyi");
  bool is_init = input.file.path.ends_with("__init__.py");
  semantic::ModuleExports exports =
      semantic::exportsOf(model, input.names, is_stub ? semantic::FileKind::kStub : semantic::FileKind::kSource);
  std::unique_ptr<semantic::NameSet> star_names = input.star_names.namesOf(model, input.module, is_init);
  semantic::NameSet quoted = quotedNames(ast, input.names);
  DiagnosticSink own(input.id);
  CalleeCache callees;
  LintContext context{.file = input.file,
                      .ast = ast,
                      .model = model,
                      .exports = exports,
                      .options = input.options,
                      .builtins = input.star_names.builtins(),
                      .star_names = star_names.get(),
                      .quoted_names = quoted,
                      .is_stub = is_stub,
                      .is_init = is_init,
                      .sink = own,
                      .callees = callees};
  for (ModuleRule rule : selected.modules) rule(context);
  for (uint32_t i = 0; i < ast.nodeCount() && selected.has_nodes; ++i) {
    NodeId node(i);
    for (NodeRule rule : selected.nodes[static_cast<size_t>(ast.kind(node))]) rule(context, node);
  }
  std::vector<Diagnostic> findings = own.take();
  std::erase_if(findings, [&](const Diagnostic& d) { return !selected.wanted[static_cast<size_t>(d.code)]; });
  return findings;
}

std::vector<Diagnostic> lintFile(const LintInput& input) {
  DiagnosticSink sink(input.id);
  std::optional<syntax::ParsedModule> own;
  if (input.ast == nullptr) own = syntax::parseModule(input.file.text, input.names);
  if (own && own->error) {
    sink.begin(Rule::kLintSyntaxError, own->error->range, {own->error->message});
    return sink.take();
  }
  const Ast& ast = input.ast != nullptr ? *input.ast : own->ast;
  std::vector<Diagnostic> findings = input.model != nullptr
                                         ? runRules(input, ast, *input.model)
                                         : runRules(input, ast, semantic::bind(ast, input.names));
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : ast.comments()) comments.push_back({comment.begin, comment.end});
  Suppressions suppressions = readSuppressions(input.file, comments, static_cast<uint32_t>(input.file.text.size()));
  SuppressionSettings settings{.tool = Tool::kLint, .reports_unused_noqa = isWanted(input, Code::kRUF100)};
  return applySuppressions(std::move(findings), suppressions, input.file, input.id, settings);
}

}  // namespace krait::lint

#include "analyzer/lint/runner.h"

#include <array>

#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/quoted_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/syntax/parser.h"

namespace krait::lint {

namespace {
struct Selected {
  std::vector<ModuleRule> modules;
  std::array<std::vector<NodeRule>, 256> nodes;  // by NodeKind
  bool has_nodes = false;
};
}  // namespace

static bool isWanted(const LintInput& input, Code code) {
  return config::isLintCodeSelected(input.options, code) && !config::isIgnoredInFile(input.options, code, input.file.path);
}

static Selected selectRules(const LintInput& input) {
  Selected selected;
#define MODULE_RULE(code, function) \
  if (isWanted(input, Code::k##code)) selected.modules.push_back(function);
#define NODE_RULE(code, function, kind)                                            \
  if (isWanted(input, Code::k##code)) {                                            \
    selected.nodes[static_cast<size_t>(NodeKind::k##kind)].push_back(function);    \
    selected.has_nodes = true;                                                     \
  }
#include "analyzer/lint/rules.def"
  return selected;
}

static void runRules(const LintInput& input, const Ast& ast, const SemanticModel& model, DiagnosticSink& sink) {
  Selected selected = selectRules(input);
  bool is_stub = input.file.path.ends_with(".pyi");
  bool is_init = input.file.path.ends_with("__init__.py");
  semantic::ModuleExports exports =
      semantic::exportsOf(model, input.names, is_stub ? semantic::FileKind::kStub : semantic::FileKind::kSource);
  std::unique_ptr<semantic::NameSet> star_names = input.star_names.namesOf(model, input.module, is_init);
  semantic::NameSet quoted = quotedNames(ast, input.names);
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
                      .sink = sink};
  for (ModuleRule rule : selected.modules) rule(context);
  for (uint32_t i = 0; i < ast.nodeCount() && selected.has_nodes; ++i) {
    NodeId node(i);
    for (NodeRule rule : selected.nodes[static_cast<size_t>(ast.kind(node))]) rule(context, node);
  }
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
  if (input.model != nullptr) {
    runRules(input, ast, *input.model, sink);
  } else {
    runRules(input, ast, semantic::bind(ast, input.names), sink);
  }
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : ast.comments()) comments.push_back({comment.begin, comment.end});
  Suppressions suppressions = readSuppressions(input.file, comments, static_cast<uint32_t>(input.file.text.size()));
  SuppressionSettings settings{.tool = Tool::kLint, .reports_unused_noqa = isWanted(input, Code::kRUF100)};
  return applySuppressions(sink.take(), suppressions, input.file, input.id, settings);
}

}  // namespace krait::lint

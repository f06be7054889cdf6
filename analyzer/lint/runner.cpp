#include "analyzer/lint/runner.h"

#include <algorithm>
#include <array>

#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/quoted_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/syntax/parser.h"

namespace krait::lint {

#define MODULE_RULE(code, function) void function(LintContext& context);
#define NODE_RULE(code, function, kind) void function(LintContext& context, NodeId node);
#include "analyzer/lint/rules.def"

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

// A function that finds several codes runs once.
template <class Function>
static void addOnce(std::vector<Function>& functions, Function function) {
  if (std::find(functions.begin(), functions.end(), function) == functions.end()) functions.push_back(function);
}

static Selected selectRules(const LintInput& input) {
  Selected selected;
#define MODULE_RULE(code, function) \
  if (isWanted(input, Code::k##code)) addOnce<ModuleRule>(selected.modules, function);
#define NODE_RULE(code, function, kind)                                            \
  if (isWanted(input, Code::k##code)) {                                            \
    addOnce<NodeRule>(selected.nodes[static_cast<size_t>(NodeKind::k##kind)], function); \
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
  SharedTokens tokens(input.file.text);
  CalleeCache callees;
  LintContext context{.file = input.file,
                      .module = input.module,
                      .ast = ast,
                      .model = model,
                      .exports = exports,
                      .options = input.options,
                      .builtins = input.star_names.builtins(),
                      .star_names = star_names.get(),
                      .quoted_names = quoted,
                      .is_stub = is_stub,
                      .is_init = is_init,
                      .sink = sink,
                      .tokens = tokens,
                      .callees = callees};
  for (ModuleRule rule : selected.modules) rule(context);
  for (uint32_t i = 0; i < ast.nodeCount() && selected.has_nodes; ++i) {
    NodeId node(i);
    for (NodeRule rule : selected.nodes[static_cast<size_t>(ast.kind(node))]) rule(context, node);
  }
}

// Functions that find several codes report them all.
static void dropUnwanted(const LintInput& input, std::vector<Diagnostic>& found) {
  std::vector<int8_t> verdicts(codeCount(), -1);
  std::erase_if(found, [&](const Diagnostic& diagnostic) {
    int8_t& verdict = verdicts[static_cast<size_t>(diagnostic.code)];
    if (verdict < 0) verdict = diagnostic.code == Code::kInvalidSyntax || isWanted(input, diagnostic.code);
    return verdict == 0;
  });
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
  std::vector<Diagnostic> found = sink.take();
  dropUnwanted(input, found);
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : ast.comments()) comments.push_back({comment.begin, comment.end});
  Suppressions suppressions = readSuppressions(input.file, comments, static_cast<uint32_t>(input.file.text.size()));
  SuppressionSettings settings{.tool = Tool::kLint, .reports_unused_noqa = isWanted(input, Code::kRUF100)};
  // What is said about the comments themselves they cannot silence.
  std::vector<Diagnostic> about_comments;
  std::erase_if(found, [&](Diagnostic& diagnostic) {
    if (diagnostic.code != Code::kPGH004) return false;
    about_comments.push_back(std::move(diagnostic));
    return true;
  });
  std::vector<Diagnostic> kept = applySuppressions(std::move(found), suppressions, input.file, input.id, settings);
  for (Diagnostic& diagnostic : about_comments) kept.push_back(std::move(diagnostic));
  return kept;
}

}  // namespace krait::lint

#include "analyzer/lint/runner.h"

#include <algorithm>
#include <array>

#include "analyzer/config/lint_selection.h"
#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/newer_syntax.h"
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/external_codes.h"
#include "analyzer/lint/pyproject/lint_pyproject.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/silenced.h"
#include "analyzer/lint/suppression_comments.h"
#include "analyzer/lint/syntax_findings.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/quoted_types.h"
#include "analyzer/syntax/reparse.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::lint {

#define TEXT_RULE(code, function) void function(LintContext& context);
#define MODULE_RULE(code, function) void function(LintContext& context);
#define NODE_RULE(code, function, kind) void function(LintContext& context, NodeId node);
#include "analyzer/lint/rules.def"

namespace {
struct Selected {
  std::vector<bool> wanted;  // by code: what the rules were selected for
  std::vector<ModuleRule> texts;  // those of the modules' that ask for no tree
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

static Selected makeSelection(std::vector<bool> wanted) {
  Selected selected;
#define TEXT_RULE(code, function) \
  if (wanted[static_cast<size_t>(#code ""_code)]) addOnce<ModuleRule>(selected.texts, function), addOnce<ModuleRule>(selected.modules, function);
#define MODULE_RULE(code, function) \
  if (wanted[static_cast<size_t>(#code ""_code)]) addOnce<ModuleRule>(selected.modules, function);
#define NODE_RULE(code, function, kind)                                            \
  if (wanted[static_cast<size_t>(#code ""_code)]) {                                \
    addOnce<NodeRule>(selected.nodes[static_cast<size_t>(NodeKind::k##kind)], function); \
    selected.has_nodes = true;                                                     \
  }
#include "analyzer/lint/rules.def"
  selected.wanted = std::move(wanted);
  return selected;
}

// The rules for a file. Most files of a run want the same ones: each thread keeps what it selected last.
static const Selected& selectRules(const LintInput& input) {
  std::vector<bool> wanted = input.options.selected;
  if (wanted.empty() || !input.options.per_file_ignores.empty()) {
    wanted.resize(codeCount());
    for (uint16_t i = 0; i < codeCount(); ++i) wanted[i] = isWanted(input, static_cast<Code>(i));
  }
  thread_local Selected last;
  if (last.wanted != wanted) last = makeSelection(std::move(wanted));
  return last;
}

static void runRules(const LintInput& input, LintContext& context, std::vector<NamedPlace>& places) {
  const Selected& selected = selectRules(input);
  // Rules ask what names mean where they stand.
  context.tokens.nameFlow(context);
  for (ModuleRule rule : selected.modules) rule(context);
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount() && selected.has_nodes; ++i) {
    NodeId node(i);
    for (NodeRule rule : selected.nodes[static_cast<size_t>(ast.kind(node))]) rule(context, node);
  }
  if (input.links != nullptr) *input.links = linksOf(context);
  const std::vector<Diagnostic>& found = context.sink.all();
  bool has_fix = std::any_of(found.begin(), found.end(), [](const Diagnostic& each) { return each.fix && each.fix->safety == FixSafety::kSafe; });
  if (has_fix) places = namedPlaces(context);
}

namespace {
// What a context borrows.
struct Borrowed {
  Borrowed(const LintInput& input, const Ast& ast, const SemanticModel& model, const syntax::QuotedTypes& types, DiagnosticSink& sink)
      : is_stub(input.file.path.ends_with(".pyi")),
        is_init(input.file.path.ends_with("__init__.py")),
        exports(semantic::exportsOf(model, input.names, is_stub ? semantic::FileKind::kStub : semantic::FileKind::kSource)),
        star_names(input.star_names.namesOf(model, input.module, is_init)),
        tokens(input.file.text, types),
        context{.file = input.file,
                .module = input.module,
                .ast = ast,
                .model = model,
                .exports = exports,
                .options = input.options,
                .builtins = input.star_names.builtins(),
                .star_names = star_names.get(),
                .is_stub = is_stub,
                .is_init = is_init,
                .sink = sink,
                .tokens = tokens,
                .callees = callees} {}
  bool is_stub, is_init;
  semantic::ModuleExports exports;
  std::unique_ptr<semantic::NameSet> star_names;
  SharedTokens tokens;
  CalleeCache callees;
  LintContext context;
};
}  // namespace

// Functions that find several codes report them all.
static void dropUnwanted(const LintInput& input, std::vector<Diagnostic>& found) {
  std::vector<int8_t> verdicts(codeCount(), -1);
  std::erase_if(found, [&](const Diagnostic& diagnostic) {
    int8_t& verdict = verdicts[static_cast<size_t>(diagnostic.code)];
    if (verdict < 0) verdict = diagnostic.code == Code::kInvalidSyntax || isWanted(input, diagnostic.code);
    return verdict == 0;
  });
}

// Runs the rules over a tree and its names; where types stand in quotes, over the tree with those types read. `places`: where the
// module's names are bound, if there is a safe fix.
static void lintTree(const LintInput& input, std::optional<Ast> own, DiagnosticSink& sink, std::vector<NamedPlace>& places) {
  std::optional<SemanticModel> own_model;
  if (own) own_model = semantic::bind(*own, input.names);
  const Ast& ast = own ? *own : *input.ast;
  std::vector<NodeId> quoted;
  {
    syntax::QuotedTypes none;
    Borrowed first(input, ast, own_model ? *own_model : *input.model, none, sink);
    quoted = findQuotedTypes(first.context);
    if (quoted.empty()) {
      reportNewerSyntax(first.context);
      return runRules(input, first.context, places);
    }
  }
  own_model.reset();
  if (!own) own = syntax::copyOf(*input.ast, input.names);
  syntax::QuotedTypes types;
  own = syntax::addQuotedTypes(std::move(*own), input.names, quoted, types);
  SemanticModel model = semantic::bind(*own, input.names, &types);
  Borrowed second(input, *own, model, types, sink);
  reportNewerSyntax(second.context);
  runRules(input, second.context, places);
}

// What still holds for a text that Python rejects: the rules of lines and tokens.
static void lintBrokenText(const LintInput& input, const Ast& ast, std::vector<Token> tokens, DiagnosticSink& sink) {
  const std::vector<ModuleRule>& rules = selectRules(input).texts;
  if (rules.empty()) return;
  SemanticModel model = semantic::bind(ast, input.names);
  syntax::QuotedTypes none;
  Borrowed borrowed(input, ast, model, none, sink);
  if (!tokens.empty()) borrowed.tokens.use(std::move(tokens));
  for (ModuleRule rule : rules) rule(borrowed.context);
}

static bool mentionsRuff(const LintInput& input, const std::vector<TextRange>& comments) {
  return std::any_of(comments.begin(), comments.end(), [&](TextRange comment) {
    return std::string_view(input.file.text).substr(comment.begin, comment.size()).find("ruff") != std::string_view::npos;
  });
}

// Takes out what comments silence and adds what is said about the comments. In a broken text most rules did not run: nobody knows
// what a `# noqa` is good for.
static std::vector<Diagnostic> suppress(const LintInput& input, const std::vector<TextRange>& comments, bool is_broken, std::vector<Diagnostic> found) {
  Suppressions suppressions = readSuppressions(input.file, comments, static_cast<uint32_t>(input.file.text.size()));
  SuppressionSettings settings{.tool = Tool::kLint,
                               .reports_unused_noqa = !is_broken && isWanted(input, "RUF100"_code),
                               .is_enabled = [&](Code code) { return isWanted(input, code); },
                               .is_external = [&](std::string_view code) { return isExternalCode(input.options, code); }};
  bool has_ranges = mentionsRuff(input, comments);
  if (!suppressions.all.empty() || has_ranges) settings.joined_lines = joinedLines(input.file);
  RangeSuppressions ranges;
  if (has_ranges) ranges = readRangeSuppressions(input.file, syntax::tokenize(input.file.text, syntax::Trivia::kKeep).tokens, settings.joined_lines);
  // What is said about the comments themselves they cannot silence.
  std::vector<Diagnostic> about_comments;
  std::erase_if(found, [&](Diagnostic& diagnostic) {
    if (diagnostic.code != "PGH004"_code && diagnostic.code != "RUF102"_code) return false;
    about_comments.push_back(std::move(diagnostic));
    return true;
  });
  // Comments for the whole file come first, so that a range that they make needless is said to be.
  Suppressions whole;
  for (const Suppression& each : suppressions.all) {
    if (!each.is_file_level || each.kind != SuppressionKind::kNoqa) continue;
    settings.reports_unused_noqa &= !each.codes.empty();
    whole.all.push_back(each);
  }
  SuppressionSettings for_file = settings;
  for_file.judges_file_level = true;
  for_file.joined_lines.clear();
  if (!whole.all.empty()) found = applySuppressions(std::move(found), whole, input.file, input.id, for_file);
  DiagnosticSink sink(input.id);
  reportCodesInSuppressions(ranges, input.file, input.options, sink);
  // A comment that silences what nobody asked for is of no use.
  for (Diagnostic& diagnostic : sink.take()) {
    if (isWanted(input, diagnostic.code)) found.push_back(std::move(diagnostic));
  }
  dropCovered(ranges, input.file, input.options, found);
  judgeRangeSuppressions(ranges, input.file, input.options, sink);
  for (Diagnostic& diagnostic : sink.take()) about_comments.push_back(std::move(diagnostic));
  bool judges_noqa = isWanted(input, "RUF105"_code);
  std::vector<Diagnostic> all = judges_noqa ? found : std::vector<Diagnostic>();
  std::vector<Diagnostic> kept = applySuppressions(std::move(found), suppressions, input.file, input.id, settings);
  for (Diagnostic& diagnostic : about_comments) kept.push_back(std::move(diagnostic));
  if (judges_noqa) {
    settings.reports_unused_noqa = false;
    auto codesOf = [&](const Suppression& comment) {
      std::set<std::string> codes;
      for (const Diagnostic& diagnostic : all) {
        bool is_left = !applySuppressions({diagnostic}, {.all = {comment}, .invalid_ignores = {}}, input.file, input.id, settings).empty();
        if (!is_left && isWanted(input, diagnostic.code)) codes.insert(std::string(codeInfo(diagnostic.code).text));
      }
      return codes;
    };
    reportNoqaComments(suppressions, input.file, kept, isWanted(input, "RUF100"_code), codesOf, sink);
    for (Diagnostic& diagnostic : sink.take()) kept.push_back(std::move(diagnostic));
  }
  dropUnwanted(input, kept);
  return kept;
}

// What other files ask the module for, and what type comments name, is not taken away without a word. A definition that is made anew
// (F811) leaves the name.
static void keepAskedNames(const LintInput& input, const std::vector<TextRange>& comments, const std::vector<NamedPlace>& places, std::vector<Diagnostic>& found) {
  auto isNeeded = [&](std::string_view name) {
    if (input.asked != nullptr && isAsked(*input.asked, name)) return true;
    return std::any_of(comments.begin(), comments.end(), [&](TextRange comment) { return isNamedInTypeComment(std::string_view(input.file.text).substr(comment.begin, comment.size()), name); });
  };
  for (Diagnostic& diagnostic : found) {
    if (!diagnostic.fix || diagnostic.fix->safety != FixSafety::kSafe || diagnostic.code == "F811"_code) continue;
    for (std::string& name : namesTaken(input.file.text, *diagnostic.fix, places)) {
      if (isNeeded(name)) diagnostic.fix->safety = FixSafety::kUnsafe;
      if (input.links != nullptr) input.links->taken.push_back(std::move(name));
    }
  }
}

// `extend-safe-fixes` and `extend-unsafe-fixes`: the entry that names the code more closely decides.
static void applySafetySettings(const config::LintOptions& options, std::vector<Diagnostic>& found) {
  const std::vector<std::string>*safe = options.list("extend-safe-fixes"), *unsafe = options.list("extend-unsafe-fixes");
  if (safe == nullptr && unsafe == nullptr) return;
  auto weight = [](const std::vector<std::string>* entries, Code code) {
    return entries == nullptr ? 0 : config::codeSpecificity(*entries, codeInfo(code).text);
  };
  for (Diagnostic& diagnostic : found) {
    if (!diagnostic.fix || diagnostic.fix->safety == FixSafety::kDisplayOnly) continue;
    size_t as_safe = weight(safe, diagnostic.code), as_unsafe = weight(unsafe, diagnostic.code);
    if (as_safe > as_unsafe) diagnostic.fix->safety = FixSafety::kSafe;
    if (as_unsafe > 0 && as_unsafe >= as_safe) diagnostic.fix->safety = FixSafety::kUnsafe;
  }
}

std::vector<Diagnostic> lintFile(const LintInput& input) {
  if (isSettingsFile(input.file.path)) return lintSettingsFile(input);
  DiagnosticSink sink(input.id);
  std::optional<Ast> own;
  bool is_broken = false;
  // The comments of the tree outlive it.
  std::vector<TextRange> comments;
  std::vector<Token> tokens;  // of a broken text
  std::vector<NamedPlace> places;
  if (input.ast == nullptr) {
    syntax::ParsedModule parsed = syntax::parseModule(input.file.text, input.names, syntax::SyntaxCheck::kWhenSuspicious);
    is_broken = parsed.error.has_value();
    // Without a target: the newest that linters know.
    uint32_t minor = input.options.has_target ? input.options.target_minor : 15;
    if (is_broken) tokens = reportSyntaxErrors(input.file.text, minor, *parsed.error, sink);
    own = std::move(parsed.ast);
    if (!is_broken) reportCompileErrors(*own, minor, input.names, sink);
  }
  for (const syntax::Comment& comment : (own ? *own : *input.ast).comments()) comments.push_back({comment.begin, comment.end});
  if (is_broken) lintBrokenText(input, *own, std::move(tokens), sink);
  else lintTree(input, std::move(own), sink, places);
  std::vector<Diagnostic> found = sink.take();
  dropUnwanted(input, found);
  if (!input.ignores_comments) found = suppress(input, comments, is_broken, std::move(found));
  // A text that does not parse is not rewritten.
  for (Diagnostic& diagnostic : found) {
    if (is_broken) diagnostic.fix.reset();
  }
  keepAskedNames(input, comments, places, found);
  applySafetySettings(input.options, found);
  return found;
}

}  // namespace krait::lint

#include "cli/verify/soundness.h"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/lint/runner.h"
#include "analyzer/semantic/front_findings.h"
#include "checker/program/observed.h"
#include "checker/program/queries.h"
#include "checker/program/session.h"
#include "cli/observations.h"

namespace krait::cli {

using program::Fit;
using program::ObservedKind;

// The name that a block's program has when it runs.
static constexpr const char* kProgramName = "script.py";
// How many places with Any a block is told of.
static constexpr size_t kToldOfAny = 20;

static config::Config configuration() {
  Result<config::Config> loaded = config::loadConfig({});
  return loaded.ok() ? std::move(loaded.value()) : config::Config();
}

static std::vector<config::Source> sourcesBelow(const std::vector<std::string>& roots) {
  std::vector<config::Source> sources;
  for (const std::string& root : roots) sources.push_back({.path = root, .module = "", .base_dir = root});
  return sources;
}

struct BlockChecker::State {
  explicit State(const std::vector<std::string>& roots) : resolver(semantic::resolverOptionsFor(config, sourcesBelow(roots))) {}

  config::Config config = configuration();
  semantic::ImportResolver resolver;
  Interner names;
  semantic::StarNames star_names{resolver, names};
  program::Session session{config, resolver, names};
  SourceFiles files;  // the programs

  struct Entered {
    std::string path;  // no file has such a name
    FileId id;
    BlockProgram program;
    std::optional<std::vector<Diagnostic>> findings;
  };
  std::map<std::pair<uint32_t, size_t>, Entered> programs;  // by document and block

  Entered& of(const VerifiedDocument& document, size_t index) { return programs.at({document.id.value, index}); }

  // What the program's own comments leave of the checker's findings.
  const std::vector<Diagnostic>& findingsOf(Entered& entered) {
    if (entered.findings) return *entered.findings;
    asked = &entered.path;
    auto check = [](void* data, FileId file) {
      auto& state = *static_cast<State*>(data);
      return state.session.findings(*state.asked, file);
    };
    semantic::FrontContext context{config, resolver, star_names, names, check, this};
    semantic::ParsedView parsed = session.parsed(entered.path);
    entered.findings = semantic::frontFindings(context, {.path = entered.path, .module = "", .base_dir = ""}, files[entered.id], entered.id, &parsed);
    return *entered.findings;
  }

 private:
  const std::string* asked = nullptr;  // the path that the checker is asked about
};

BlockChecker::BlockChecker(const std::vector<std::string>& roots) : state_(std::make_unique<State>(roots)) {}
BlockChecker::~BlockChecker() = default;

void BlockChecker::enter(const SourceFile& file, const VerifiedDocument& document, size_t index) {
  State::Entered entered{.path = "document " + std::to_string(document.id.value) + " block " + std::to_string(index) + ".py", .program = plainProgramOf(file, document, index)};
  entered.id = state_->files.add(entered.path);
  state_->files[entered.id].setText(entered.program.text);
  state_->session.setText(entered.path, "", entered.program.text);
  state_->programs[{document.id.value, index}] = std::move(entered);
}

// Does the text say, and the run show, that the statement at this place raises? Then a finding of the checker is what is meant.
static bool isShownToRaise(const SourceFile& file, const VerifiedBlock& block, TextRange range) {
  return std::any_of(block.claims.begin(), block.claims.end(), [&](const Claim& claim) {
    if (claim.form != ClaimForm::kRaises || claim.verdict != Verdict::kHolds || !claim.code.empty()) return false;
    TextRange statement = documentRange(file, block.block, claim.statement);
    return statement.begin <= range.begin && range.begin < statement.end;
  });
}

void BlockChecker::addTypeFindings(const SourceFile& file, VerifiedDocument& document, size_t index) {
  State::Entered& entered = state_->of(document, index);
  for (Diagnostic found : state_->findingsOf(entered)) {
    std::optional<TextRange> range = ownRange(file, document, entered.program, found.range);
    // What the front end finds was said of the block already.
    if (!range || found.code == Code::kSyntax || found.code == Code::kNameDefined || found.code == Code::kImportNotFound || found.code == Code::kImportUntyped) continue;
    if (isShownToRaise(file, document.blocks[index], *range)) continue;
    found.file = document.id;
    found.range = *range;
    found.origin.reset();
    found.notes.clear();
    document.findings.push_back(std::move(found));
  }
}

void BlockChecker::addLintFindings(const SourceFile& file, VerifiedDocument& document, size_t index) {
  State::Entered& entered = state_->of(document, index);
  lint::LintInput input{.file = state_->files[entered.id], .id = entered.id, .module = "", .options = state_->config.lint, .star_names = state_->star_names, .names = state_->names};
  // What later blocks take from this one is used.
  bool is_needed = std::any_of(document.blocks.begin(), document.blocks.end(), [&](const VerifiedBlock& other) { return std::count(other.needs.begin(), other.needs.end(), index) > 0; });
  for (Diagnostic& found : lint::lintFile(input)) {
    if (is_needed && found.code == "F401"_code) continue;
    std::optional<TextRange> range = ownRange(file, document, entered.program, found.range);
    if (!range || found.code == "F821"_code || found.code == Code::kInvalidSyntax) continue;
    found.file = document.id;
    found.range = *range;
    found.origin.reset();
    found.fix.reset();  // its places are the program's
    document.findings.push_back(std::move(found));
  }
}

static std::string kindsText(const std::vector<ObservedKind>& kinds) {
  std::set<std::string> texts;
  for (const ObservedKind& kind : kinds) texts.insert(program::kindText(kind));
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : " | ") + text;
  return out;
}

static void say(VerifiedDocument& document, Rule rule, TextRange range, std::initializer_list<std::string_view> arguments) {
  DiagnosticSink sink(document.id);
  sink.begin(rule, range, arguments);
  for (Diagnostic& diagnostic : sink.take()) {
    diagnostic.shows_note_code = true;
    document.findings.push_back(std::move(diagnostic));
  }
}

// The outermost expression that has exactly this range, or the parameter.
static syntax::NodeId nodeAt(const syntax::Ast& ast, const std::map<std::pair<uint32_t, uint32_t>, syntax::NodeId>& nodes, const ObservedPlace& place, TextRange range) {
  auto found = nodes.find({range.begin, range.end});
  if (found == nodes.end()) return syntax::NodeId::none();
  if (place.what == "parameter") return ast.is(found->second, syntax::NodeKind::kParameter) ? ast.as<syntax::Parameter>(found->second).name() : syntax::NodeId::none();
  return syntax::isExpression(ast, found->second) ? found->second : syntax::NodeId::none();
}

// The parameter without annotation, but with a default, of a function around the name that the name stands for; none: it stands for
// something else.
static syntax::NodeId guessedParameter(const syntax::Ast& ast, syntax::NodeId node) {
  if (!ast.is(node, syntax::NodeKind::kName)) return syntax::NodeId::none();
  for (syntax::NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    auto function = ast.tryAs<syntax::FunctionDef>(at);
    if (!function) continue;
    for (syntax::NodeId each : ast.as<syntax::Parameters>(function->params()).params()) {
      auto parameter = ast.as<syntax::Parameter>(each);
      if (syntax::nameText(ast, parameter.name()) != syntax::nameText(ast, node)) continue;
      return parameter.defaultValue().valid() && !parameter.annotation().valid() ? each : syntax::NodeId::none();
    }
  }
  return syntax::NodeId::none();
}

namespace {

// An expression by which values came that its type leaves out.
struct Break {
  TextRange range;  // in the document
  syntax::NodeId node;
  types::TypeId type;
  std::vector<ObservedKind> kinds;
};

}  // namespace

using Names = std::set<std::string_view>;

static bool mentions(const syntax::Ast& ast, syntax::NodeId node, const Names& names) {
  if (ast.is(node, syntax::NodeKind::kName)) return names.count(syntax::nameText(ast, node)) > 0;
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](syntax::NodeId child) { is_found = is_found || mentions(ast, child, names); });
  return is_found;
}

// Adds the names that something below the node gives a value made of one of the names.
static void addNamesMade(const syntax::Ast& ast, syntax::NodeId node, Names& names) {
  auto bind = [&](syntax::NodeId target, syntax::NodeId value) {
    bool is_made = ast.is(target, syntax::NodeKind::kName) && value.valid() && mentions(ast, value, names);
    if (is_made) names.insert(syntax::nameText(ast, target));
  };
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    for (syntax::NodeId target : assign->targets()) bind(target, assign->value());
  }
  if (auto assign = ast.tryAs<syntax::AnnAssign>(node)) bind(assign->target(), assign->value());
  if (auto assign = ast.tryAs<syntax::AugAssign>(node)) bind(assign->target(), assign->value());
  if (auto walrus = ast.tryAs<syntax::NamedExpr>(node)) bind(walrus->target(), walrus->value());
  syntax::forEachChild(ast, node, [&](syntax::NodeId child) { addNamesMade(ast, child, names); });
}

// A parameter of a function around the expression that got what its default had not led to expect, and of which the expression
// is made; none: there is none.
static syntax::NodeId wrongGuess(const syntax::Ast& ast, const std::vector<Break>& breaks, syntax::NodeId node) {
  for (const Break& each : breaks) {
    syntax::NodeId parameter = guessedParameter(ast, each.node);
    if (!parameter.valid()) continue;
    syntax::NodeId function = ast.parent(ast.parent(parameter));
    if (ast.range(node).begin < ast.range(function).begin || ast.range(node).end > ast.range(function).end) continue;
    Names names{syntax::nameText(ast, ast.as<syntax::Parameter>(parameter).name())};
    for (size_t before = 0; before != names.size();) {
      before = names.size();
      addNamesMade(ast, function, names);
    }
    if (mentions(ast, node, names)) return parameter;
  }
  return syntax::NodeId::none();
}

// Whose fault it is: a guess's, a stub's, or the checker's.
static void sayBreaks(VerifiedDocument& document, types::World& w, types::ModuleId module, const std::vector<Break>& breaks) {
  const syntax::Ast& ast = *w.modules[module].ast;
  for (const Break& each : breaks) {
    std::string text(ast.text(each.node)), type = program::typeText(w, each.type), kinds = kindsText(each.kinds);
    syntax::NodeId called = each.node;
    if (auto await = ast.tryAs<syntax::Await>(called)) called = await->value();
    auto call = ast.tryAs<syntax::Call>(called);
    if (syntax::NodeId parameter = wrongGuess(ast, breaks, each.node); parameter.valid()) {
      say(document, "Guessed"_rule, each.range, {text, type, syntax::nameText(ast, ast.as<syntax::Parameter>(parameter).name()), kinds});
    } else if (call && program::isOfStub(w, module, call->func())) {
      say(document, "StubDiffers"_rule, each.range, {text, type, kinds});
    } else {
      say(document, Rule::kUnsound, each.range, {text, type, kinds});
    }
  }
}

void BlockChecker::addSoundness(const SourceFile& file, VerifiedDocument& document, size_t index, const std::string& observations) {
  State::Entered& entered = state_->of(document, index);
  const std::vector<Diagnostic>& errors = state_->findingsOf(entered);
  bool has_errors = std::any_of(errors.begin(), errors.end(), [](const Diagnostic& d) { return d.severity == Severity::kError; });
  if (has_errors) return;
  program::Session::View view = state_->session.view(entered.path);
  if (view.world == nullptr || !view.module.valid()) return;
  types::World& w = *view.world;
  const syntax::Ast& ast = *w.modules[view.module].ast;
  std::map<std::pair<uint32_t, uint32_t>, syntax::NodeId> nodes;
  for (uint32_t i = ast.nodeCount(); i-- > 0;) {
    syntax::NodeId node(i);
    if (syntax::isExpression(ast, node) || ast.is(node, syntax::NodeKind::kParameter)) nodes[{ast.range(node).begin, ast.range(node).end}] = node;
  }
  LineIndex lines(entered.program.text);
  size_t told = 0;
  std::vector<Break> breaks;
  for (const ObservedPlace& place : readObservations(observations)) {
    bool is_own_text = place.file.ends_with(kProgramName) && !place.file.starts_with("<");
    if (!is_own_text || place.line == 0 || place.what == "result") continue;
    TextRange range{lines.offsetOf({place.line - 1, place.column}), lines.offsetOf({place.end_line - 1, place.end_column})};
    std::optional<TextRange> own = ownRange(file, document, entered.program, range);
    syntax::NodeId node = own ? nodeAt(ast, nodes, place, range) : syntax::NodeId::none();
    types::TypeId type = node.valid() ? program::typeAt(w, view.module, node) : types::TypeId::none();
    if (!type.valid()) continue;
    if (w.types.is(type, types::TypeKind::kAny)) {
      if (told++ < kToldOfAny) say(document, Rule::kAnyHides, *own, {ast.text(node), kindsText(place.kinds)});
      continue;
    }
    std::vector<ObservedKind> breaking;
    for (const ObservedKind& kind : place.kinds) {
      if (program::fitOf(w, view.module, type, kind) == Fit::kBreaks) breaking.push_back(kind);
    }
    if (!breaking.empty()) breaks.push_back({*own, node, type, std::move(breaking)});
  }
  sayBreaks(document, w, view.module, breaks);
}

std::string observeBlock(const RunRequest& request, const SourceFile& file, const VerifiedDocument& document, size_t index) {
  return runObserved(request, file, document, index, plainProgramOf(file, document, index).text);
}

}  // namespace krait::cli

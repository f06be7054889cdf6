#include "cli/verify/document.h"

#include <algorithm>
#include <set>

#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/imports/imports_of.h"
#include "analyzer/semantic/undefined_names.h"
#include "analyzer/syntax/parser.h"
#include "cli/notebook.h"
#include "cli/verify/instrument.h"
#include "cli/verify/needs.h"
#include "cli/verify/repair.h"

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

static bool isPythonLabel(std::string_view language) {
  for (std::string_view label : {"python", "py", "python3", "py3", "pycon", "python-repl", "ipython", "pyi", "ipython3"}) {
    if (language == label) return true;
  }
  return false;
}

// Without a label a text is Python when it parses and does something that prose does not.
static bool looksLikePython(const Ast& ast) {
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    auto expression = ast.tryAs<syntax::ExprStmt>(statement);
    if (!expression || ast.is(expression->value(), NodeKind::kCall)) return true;
  }
  return false;
}

bool isDocument(std::string_view path) {
  for (std::string_view end : {".md", ".markdown", ".rst", ".txt", ".py", ".ipynb"}) {
    if (path.ends_with(end)) return true;
  }
  return false;
}

TextRange documentRange(const SourceFile& file, const TextBlock& block, TextRange range) {
  LineIndex lines(block.text);
  auto place = [&](uint32_t offset) {
    LineColumn at = lines.locate(offset);
    uint32_t line = std::min(block.first_line - 1 + at.line, file.lines.lineCount() - 1);
    // What was taken off the front of the document's line: quote marks and indentation.
    size_t taken =
        file.lines.lineText(line).size() - std::min(file.lines.lineText(line).size(), lines.lineText(at.line).size());
    return file.lines.offsetOf({line, at.column + static_cast<uint32_t>(taken)});
  };
  return {place(range.begin), place(range.end)};
}

uint32_t lineOfClaim(const VerifiedBlock& block, const Claim& claim) {
  return claim.line == 0 ? claim.document_line : block.block.first_line - 1 + claim.line;
}

static void readNames(VerifiedBlock& verified, const semantic::SemanticModel& model, semantic::StarNames& star_names) {
  const Ast& ast = model.ast();
  for (semantic::SymbolId symbol : model.symbolsOf(semantic::SemanticModel::kModuleScope)) {
    if (model.resolve(symbol) == symbol && model.isBound(symbol)) verified.defined.emplace_back(model.nameOf(symbol));
  }
  std::unique_ptr<semantic::NameSet> from_stars = star_names.namesOf(model, "", false);
  // Where not all names can be known, those that earlier blocks have are still taken from there.
  verified.is_open = from_stars == nullptr;
  semantic::NameSet no_names;
  semantic::UndefinedNameOptions options{.star_names = verified.is_open ? &no_names : from_stars.get(),
                                         .handlers = semantic::NameErrorHandlers::kRespected};
  for (NodeId node : semantic::findUndefinedNames(model, star_names.builtins(), options)) {
    std::string name(syntax::nameText(ast, node));
    if (std::find(verified.missing.begin(), verified.missing.end(), name) != verified.missing.end()) continue;
    verified.missing.push_back(std::move(name));
    verified.missing_at.push_back(ast.range(node));
  }
}

// The text of a call's first argument, or of what a path is made of.
static std::string openedPath(const Ast& ast, const syntax::Call& call) {
  NodeId source = call.args().empty() ? NodeId::none() : call.args()[0];
  if (!source.valid()) return "";
  std::optional<std::string_view> text = syntax::stringValue(ast, source);
  return std::string(text.value_or(""));
}

// `open("notes.txt", "w")`: which files a block opens, and how. A block that writes a file itself needs nobody's.
static void readFileUses(const Ast& ast, NodeId node, VerifiedBlock& verified) {
  auto call = ast.tryAs<syntax::Call>(node);
  bool is_open = call && ast.is(call->func(), NodeKind::kName) && syntax::nameText(ast, call->func()) == "open";
  if (is_open) {
    std::string path = openedPath(ast, *call);
    std::optional<std::string_view> mode = call->args().size() > 1 ? syntax::stringValue(ast, call->args()[1]) : std::optional<std::string_view>("r");
    bool is_write = mode && mode->find_first_of("wax") != std::string_view::npos;
    bool is_own = std::find(verified.writes.begin(), verified.writes.end(), path) != verified.writes.end();
    // What is appended to must be there.
    bool is_read = !is_write || mode->find('a') != std::string_view::npos;
    if (!path.empty() && is_read && !is_own) verified.reads.push_back(path);
    if (!path.empty() && is_write) verified.writes.push_back(path);
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { readFileUses(ast, child, verified); });
}

void sayFinding(VerifiedDocument& document, Rule rule, TextRange range, std::initializer_list<std::string_view> arguments) {
  DiagnosticSink sink(document.id);
  sink.begin(rule, range, arguments);
  for (Diagnostic& diagnostic : sink.take()) document.findings.push_back(std::move(diagnostic));
}

std::vector<std::string> boundNames(const std::string& source, Interner& names) {
  syntax::ParsedModule module = syntax::parseModule(source, names);
  if (module.error) return {};
  std::vector<std::string> bound;
  semantic::SemanticModel model = semantic::bind(module.ast, names);
  for (semantic::SymbolId symbol : model.symbolsOf(semantic::SemanticModel::kModuleScope)) {
    if (model.resolve(symbol) == symbol && model.isBound(symbol)) bound.emplace_back(model.nameOf(symbol));
  }
  return bound;
}

// A session's examples become one text for the front end, and claims.
static std::string readSession(VerifiedBlock& verified, Interner& names) {
  std::string code;
  uint32_t line = 1;
  for (const SessionExample& example : examplesOf(verified.block.text)) {
    // Each example stands on the lines that it has in the block.
    for (; line < example.line; ++line) code += "\n";
    code += example.source;
    line += static_cast<uint32_t>(std::count(example.source.begin(), example.source.end(), '\n'));
    std::string_view expected = example.expected;
    if (expected.ends_with("\n")) expected.remove_suffix(1);
    verified.claims.push_back({.line = expected.empty() ? example.line : example.expected_line,
                               .text = std::string(expected),
                               .form = ClaimForm::kSession,
                               .shown_name = "",
                               .code = example.source,
                               .flags = verified.block.flags,
                               .binds = boundNames(example.source, names),
                               .executions = {}});
  }
  return code;
}

// What a notebook shows below a cell as the value of its last line.
static void addResult(VerifiedBlock& verified, const Ast& ast) {
  syntax::NodeList body = syntax::bodyOf(ast, ast.root());
  if (verified.block.result.empty() || body.empty() || !ast.is(body[body.size() - 1], NodeKind::kExprStmt)) return;
  TextRange statement = ast.range(body[body.size() - 1]);
  verified.claims.push_back({.line = LineIndex(ast.text()).lineOf(statement.begin) + 1,
                             .text = std::string(trimmedClaim(verified.block.result)),
                             .form = ClaimForm::kOutput,
                             .statement = statement,
                             .is_expression = true,
                             .shown_name = "",
                             .code = "",
                             .flags = "",
                             .binds = {},
                             .executions = {}});
}

// A `**Output:**` between two blocks makes the second a claim about what the first prints.
static void addOutput(VerifiedBlock& before, std::string_view output, uint32_t line) {
  before.claims.push_back({.line = 0,
                           .document_line = line,
                           .text = std::string(trimmedClaim(output)),
                           .form = ClaimForm::kOutput,
                           .shown_name = "",
                           .code = "",
                           .flags = "",
                           .binds = {},
                           .executions = {}});
}

// A text that does not parse, with what is no Python taken out; nobody says of one without a label that it is Python.
static bool repair(VerifiedBlock& verified, std::string& text, bool is_labelled, Interner& names) {
  if (std::optional<std::string> repaired = is_labelled ? withComments(text, names) : std::nullopt) {
    text = std::move(*repaired);
    return true;
  }
  std::optional<ProgramWithOutput> parted = partedFromOutput(text, names);
  if (!parted) return false;
  text = std::move(parted->program);
  addOutput(verified, parted->output, verified.block.first_line + parted->heading_line);
  return true;
}

static void readBlock(VerifiedDocument& document, const SourceFile& file, VerifiedBlock& verified,
                      semantic::StarNames& star_names, Interner& names) {
  bool is_labelled = isPythonLabel(verified.block.language);
  verified.status = BlockStatus::kNotPython;
  verified.file = fileNameOf(verified.block);
  verified.is_session = (isSession(verified.block.text) && !verified.block.is_file) || (verified.block.language == "pycon" && !examplesOf(verified.block.text).empty());
  if (!is_labelled && !verified.block.language.empty() && !verified.is_session) return;
  if (verified.block.is_magic && !verified.is_session) verified.block.text = pythonOfCell(verified.block.text);
  std::string text = verified.is_session ? readSession(verified, names) : verified.block.text;
  syntax::ParsedModule module = syntax::parseModule(text, names);
  if (!module.error) module.error = semantic::findCompileError(module.ast, names);
  std::optional<syntax::SyntaxError> error = std::move(module.error);
  bool is_python = is_labelled || verified.is_session;
  if (error && !verified.is_session && repair(verified, text, is_labelled, names)) {
    verified.is_repaired = true;
    module = syntax::parseModule(text, names);
  }
  bool is_readable = !error || verified.is_repaired;
  if (!is_python && (!is_readable || !looksLikePython(module.ast))) {
    verified.is_repaired = false;
    return;
  }
  verified.status = error ? BlockStatus::kSyntaxError : BlockStatus::kUnrun;
  if (error) sayFinding(document, Rule::kSyntaxError, documentRange(file, verified.block, error->range), {error->message});
  if (!is_readable) return;
  readNames(verified, semantic::bind(module.ast, names), star_names);
  readFileUses(module.ast, module.ast.root(), verified);
  for (const semantic::ImportedModule& imported : semantic::importsOf(module.ast, "", false)) {
    if (!imported.name.empty()) verified.imports.insert(imported.name.substr(0, imported.name.find('.')));
  }
  verified.plain = text;
  readImports(verified, module.ast);
  readGuard(verified, module.ast, names);
  if (verified.is_session) {
    verified.program = sessionProgram(verified.claims);
    return;
  }
  for (Claim& claim : findClaims(module.ast, names)) verified.claims.push_back(std::move(claim));
  if (verified.block.is_continued && !verified.block.lead.empty()) {
    // What the notebook keeps as the cell's output.
    verified.claims.push_back({.line = 0, .document_line = verified.block.line, .text = verified.block.lead, .form = ClaimForm::kOutput, .shown_name = "", .code = "", .flags = "", .binds = {}, .executions = {}});
  }
  addResult(verified, module.ast);
  verified.program = instrumented(module.ast, verified.claims);
  std::string called = withCallsUncommented(module.ast, verified.defined, names);
  if (called.empty()) return;
  syntax::ParsedModule called_module = syntax::parseModule(called, names);
  verified.called_claims = findClaims(called_module.ast, names);
  verified.called_program = instrumented(called_module.ast, verified.called_claims);
}

// True: the block at `index` is what an earlier one is said to print, and no program, whatever its label says.
static bool readOutputBlock(VerifiedDocument& document, size_t index) {
  VerifiedBlock& verified = document.blocks[index];
  if (verified.block.role == BlockRole::kOutput) {
    verified.status = BlockStatus::kNotPython;
    for (size_t i = index; i-- > 0;) {
      VerifiedBlock& before = document.blocks[i];
      if (before.block.role != BlockRole::kTest || before.block.group != verified.block.group) continue;
      if (before.isRunnable()) addOutput(before, verified.block.text, verified.block.first_line);
      break;
    }
    return true;
  }
  if (index == 0) return false;
  VerifiedBlock& before = document.blocks[index - 1];
  if (!verified.block.is_next || !isOutputHeading(verified.block.lead) || !before.isRunnable() || before.is_session) return false;
  addOutput(before, verified.block.text, verified.block.lead_line);
  verified.status = BlockStatus::kNotPython;
  return true;
}

VerifiedDocument readDocument(const SourceFile& file, FileId id, semantic::StarNames& star_names, Interner& names, const semantic::ImportResolver& library) {
  VerifiedDocument document{.id = id, .module_path = "", .project = {}, .files = {}, .blocks = {}, .findings = {}};
  std::vector<TextBlock> blocks;
  std::string_view path = file.path;
  if (path.ends_with(".py")) {
    document.module_path = file.path;
    blocks = findPythonBlocks(file.text, names);
  } else if (path.ends_with(".rst") || path.ends_with(".txt")) {
    blocks = findRestBlocks(file.text);
  } else if (path.ends_with(".ipynb")) {
    if (!findNotebookCells(file.text, blocks)) sayFinding(document, Rule::kSyntaxError, {0, 0}, {"not a notebook"});
  } else {
    blocks = findMarkdownBlocks(file.text);
  }
  std::string flags = exampleFlagsOf(path);
  for (TextBlock& block : blocks) block.flags += flags;
  for (TextBlock& block : blocks) document.blocks.push_back({.block = std::move(block), .program = "", .plain = "", .file = "", .input = ""});
  for (size_t i = 0; i < document.blocks.size(); ++i) {
    if (!readOutputBlock(document, i)) readBlock(document, file, document.blocks[i], star_names, names);
  }
  for (size_t i = 0; i < document.blocks.size(); ++i) {
    if (document.blocks[i].isRunnable()) findNeeds(document, file, i);
  }
  ImportedNames imported;
  for (const VerifiedBlock& block : document.blocks) {
    imported.named.insert(block.imports.begin(), block.imports.end());
    if (!block.file.empty()) imported.own.insert(block.file.substr(0, block.file.find_first_of("/.")));
  }
  document.project = projectOf(path, imported, library);
  return document;
}

static std::string moduleNameOf(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  return std::string(name.substr(0, name.size() - 3));
}

// What makes the names of a file known to its doctests.
static std::string importOf(const VerifiedDocument& document) {
  if (!document.project.module.empty()) return "import importlib; globals().update(vars(importlib.import_module('" + document.project.module + "')))\n";
  if (document.module_path.empty()) return "";
  std::string name = moduleNameOf(document.module_path);
  return "import runpy; globals().update(runpy.run_path('" + name + ".py', run_name='" + name + "'))\n";
}

std::string programOf(const VerifiedDocument& document, size_t index, BlockForm form) {
  std::string out = document.blocks[index].block.is_file ? "" : importOf(document);
  for (const std::string& import : importsFor(document, index)) out += earlierBlock(import);
  for (size_t needed : document.blocks[index].needs) out += earlierBlock(textForLater(document, needed, index));
  if (!out.empty()) out += startMark();
  return out + (form == BlockForm::kCalled ? document.blocks[index].called_program : document.blocks[index].program);
}

std::vector<NamedFile> filesOf(const VerifiedDocument& document, size_t index) {
  std::vector<NamedFile> earlier;
  for (size_t i = 0; i < index; ++i) {
    const VerifiedBlock& block = document.blocks[i];
    if (!block.file.empty()) earlier.push_back({block.file, block.block.text});
  }
  std::vector<NamedFile> out = document.files;
  for (NamedFile& file : filesFor(earlier, programOf(document, index))) out.push_back(std::move(file));
  return out;
}

}  // namespace krait::cli

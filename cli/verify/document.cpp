#include "cli/verify/document.h"

#include <algorithm>
#include <set>

#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/undefined_names.h"
#include "analyzer/syntax/parser.h"

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

static constexpr std::string_view kStartMark = "\x1ekrait:start";

static bool isPythonLabel(std::string_view language) {
  return language == "python" || language == "py" || language == "python3" || language == "py3";
}

// Without a label a text is Python when it parses and does something that prose does not.
static bool looksLikePython(const Ast& ast) {
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    auto expression = ast.tryAs<syntax::ExprStmt>(statement);
    if (!expression || ast.is(expression->value(), NodeKind::kCall)) return true;
  }
  return false;
}

TextRange documentRange(const SourceFile& file, const MarkdownBlock& block, TextRange range) {
  LineIndex lines(block.text);
  auto place = [&](uint32_t offset) {
    LineColumn at = lines.locate(offset);
    uint32_t line = std::min(block.firstLine() - 1 + at.line, file.lines.lineCount() - 1);
    // What was taken off the front of the document's line: quote marks and indentation.
    size_t taken =
        file.lines.lineText(line).size() - std::min(file.lines.lineText(line).size(), lines.lineText(at.line).size());
    return file.lines.offsetOf({line, at.column + static_cast<uint32_t>(taken)});
  };
  return {place(range.begin), place(range.end)};
}

static void readNames(VerifiedBlock& verified, const semantic::SemanticModel& model, semantic::StarNames& star_names) {
  const Ast& ast = model.ast();
  for (semantic::SymbolId symbol : model.symbolsOf(semantic::SemanticModel::kModuleScope)) {
    if (model.resolve(symbol) == symbol && model.isBound(symbol)) verified.defined.emplace_back(model.nameOf(symbol));
  }
  std::unique_ptr<semantic::NameSet> from_stars = star_names.namesOf(model, "", false);
  semantic::UndefinedNameOptions options{.star_names = from_stars.get(),
                                         .handlers = semantic::NameErrorHandlers::kRespected};
  for (NodeId node : semantic::findUndefinedNames(model, star_names.builtins(), options)) {
    std::string name(syntax::nameText(ast, node));
    if (std::find(verified.missing.begin(), verified.missing.end(), name) != verified.missing.end()) continue;
    verified.missing.push_back(std::move(name));
    verified.missing_at.push_back(ast.range(node));
  }
}

static void readBlock(VerifiedDocument& document, const SourceFile& file, VerifiedBlock& verified,
                      semantic::StarNames& star_names, Interner& names) {
  bool is_labelled = isPythonLabel(verified.block.language);
  verified.status = BlockStatus::kNotPython;
  if (!is_labelled && !verified.block.language.empty()) return;
  syntax::ParsedModule module = syntax::parseModule(verified.block.text, names);
  if (!module.error) module.error = semantic::findCompileError(module.ast, names);
  if (!is_labelled && (module.error || !looksLikePython(module.ast))) return;
  if (module.error) {
    verified.status = BlockStatus::kSyntaxError;
    DiagnosticSink sink(document.id);
    sink.begin(Rule::kSyntaxError, documentRange(file, verified.block, module.error->range), {module.error->message});
    for (Diagnostic& diagnostic : sink.take()) document.findings.push_back(std::move(diagnostic));
    return;
  }
  verified.status = BlockStatus::kUnrun;
  readNames(verified, semantic::bind(module.ast, names), star_names);
  verified.claims = findClaims(module.ast);
  verified.program = markedProgram(module.ast, verified.claims);
}

// The nearest block above that defines a name; blocks of the same section come first.
static std::optional<size_t> findDefiner(const VerifiedDocument& document, size_t before, const std::string& name) {
  for (bool is_same_section : {true, false}) {
    for (size_t i = before; i-- > 0;) {
      const VerifiedBlock& candidate = document.blocks[i];
      bool is_wanted = candidate.status == BlockStatus::kUnrun &&
                       (!is_same_section || candidate.block.section_id == document.blocks[before].block.section_id);
      if (is_wanted && std::find(candidate.defined.begin(), candidate.defined.end(), name) != candidate.defined.end())
        return i;
    }
  }
  return std::nullopt;
}

// What a block needs, and what that needs in turn; names found nowhere are findings.
static void findNeeds(VerifiedDocument& document, const SourceFile& file, size_t index) {
  VerifiedBlock& verified = document.blocks[index];
  std::set<size_t> needs;
  DiagnosticSink sink(document.id);
  for (size_t i = 0; i < verified.missing.size(); ++i) {
    std::optional<size_t> definer = findDefiner(document, index, verified.missing[i]);
    if (!definer) {
      sink.begin(Rule::kUndefinedName, documentRange(file, verified.block, verified.missing_at[i]),
                 {verified.missing[i]});
      continue;
    }
    needs.insert(*definer);
    needs.insert(document.blocks[*definer].needs.begin(), document.blocks[*definer].needs.end());
  }
  verified.needs.assign(needs.begin(), needs.end());
  for (Diagnostic& diagnostic : sink.take()) document.findings.push_back(std::move(diagnostic));
}

VerifiedDocument readDocument(const SourceFile& file, FileId id, semantic::StarNames& star_names, Interner& names) {
  VerifiedDocument document{.id = id, .blocks = {}, .findings = {}};
  for (MarkdownBlock& block : findMarkdownBlocks(file.text)) document.blocks.push_back({.block = std::move(block)});
  for (VerifiedBlock& verified : document.blocks) readBlock(document, file, verified, star_names, names);
  for (size_t i = 0; i < document.blocks.size(); ++i) {
    if (document.blocks[i].status == BlockStatus::kUnrun) findNeeds(document, file, i);
  }
  return document;
}

std::string programOf(const VerifiedDocument& document, size_t index) {
  std::string out;
  for (size_t needed : document.blocks[index].needs) out += document.blocks[needed].block.text;
  if (!out.empty()) out += "print(\"\\x1ekrait:start\")\n";
  return out + document.blocks[index].program;
}

std::string_view ownOutput(std::string_view output) {
  size_t at = output.find(kStartMark);
  if (at == std::string_view::npos) return output;
  return output.substr(std::min(at + kStartMark.size() + 1, output.size()));
}

static std::string_view lastLine(std::string_view text) {
  while (text.ends_with("\n")) text.remove_suffix(1);
  size_t begin = text.rfind('\n');
  return text.substr(begin == std::string_view::npos ? 0 : begin + 1);
}

void recordRun(VerifiedDocument& document, const SourceFile& file, size_t index, std::string output) {
  VerifiedBlock& verified = document.blocks[index];
  bool has_started = verified.needs.empty() || output.find(kStartMark) != std::string::npos;
  verified.stdout_text =
      has_started ? judgeClaims(ownOutput(output), verified.claims, isRepeatable(programOf(document, index))) : "";
  DiagnosticSink sink(document.id);
  uint32_t begin = file.lines.lineStart(verified.block.line - 1);
  TextRange fence{begin, begin + static_cast<uint32_t>(file.lines.lineText(verified.block.line - 1).size())};
  if (verified.status == BlockStatus::kFailed) {
    sink.begin(Rule::kBlockFailed, fence, {lastLine(verified.stderr_text)});
  } else if (verified.status == BlockStatus::kTimeout) {
    sink.begin(Rule::kBlockTimeout, fence);
  }
  LineIndex lines(verified.block.text);
  for (const Claim& claim : verified.claims) {
    if (claim.verdict != Verdict::kWrong) continue;
    uint32_t at = lines.lineStart(claim.line - 1);
    sink.begin(
        Rule::kClaimWrong,
        documentRange(file, verified.block, {at, at + static_cast<uint32_t>(lines.lineText(claim.line - 1).size())}),
        {claim.text, actualText(claim)});
  }
  for (Diagnostic& diagnostic : sink.take()) document.findings.push_back(std::move(diagnostic));
}

std::string_view statusName(BlockStatus status) {
  switch (status) {
    case BlockStatus::kNotPython:
      return "not-python";
    case BlockStatus::kSyntaxError:
      return "syntax-error";
    case BlockStatus::kUnrun:
      return "unrun";
    case BlockStatus::kOk:
      return "ok";
    case BlockStatus::kFailed:
      return "failed";
    case BlockStatus::kTimeout:
      return "timeout";
    case BlockStatus::kCut:
      return "too-much-output";
  }
  return "";
}

}  // namespace krait::cli

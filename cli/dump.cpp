// krait dump STAGE FILE...: what a stage made of a file, as stable text. One function a stage.
#include <algorithm>
#include <cstdio>

#include "analyzer/base/file_io.h"
#include "analyzer/base/json_text.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/dump_scopes.h"
#include "analyzer/semantic/exports.h"
#include "analyzer/semantic/flow/use_def.h"
#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "analyzer/syntax/tokens/tokenizer.h"
#include "cli/commands.h"
#include "runtime/bytecode/disassemble.h"
#include "runtime/bytecode/verify.h"
#include "runtime/codegen/compile.h"

namespace krait::cli {

enum DumpOption : size_t { kSyntaxOnly, kNoRanges };

CommandSpec dumpSpec() {
  return {.name = "dump",
          .summary = "Print what a stage made of a file",
          .details = "Stages: tokens, ast, scopes, cfg, exports, bytecode.",
          .operands = "STAGE FILE...",
          .options = {{"--syntax-only", ArgKind::kFlag, "", "with ast: one JSON line a file, whether Python accepts it", ""},
                      {"--no-ranges", ArgKind::kFlag, "", "with ast: leave the positions out", ""}}};
}

namespace {
struct DumpInput {
  const std::string& path;
  std::string_view text;
  bool has_ranges;
  std::optional<syntax::SyntaxError> decoding_error;
};
}  // namespace

static std::string dumpTokens(const DumpInput& input) {
  syntax::TokenList list = syntax::tokenize(input.text, syntax::Trivia::kKeep);
  LineIndex lines(input.text);
  std::string out;
  for (const syntax::Token& token : list.tokens) {
    LineColumn begin = lines.locate(token.begin, ColumnUnit::kUtf32);
    LineColumn end = lines.locate(token.end, ColumnUnit::kUtf32);
    out += std::to_string(begin.line + 1) + ":" + std::to_string(begin.column) + "-" + std::to_string(end.line + 1) + ":" +
           std::to_string(end.column) + " " + std::string(syntax::tokenKindText(token.kind)) + " " +
           jsonString(input.text.substr(token.begin, token.end - token.begin)) + "\n";
  }
  if (list.error) out += "error: " + list.error->error.message + "\n";
  return out;
}

static std::string dumpTree(const DumpInput& input) {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(input.text, names);
  return syntax::dumpAst(module.ast, input.has_ranges ? syntax::DumpRanges::kLineColumn : syntax::DumpRanges::kNone);
}

static std::string dumpScopes(const DumpInput& input) {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(input.text, names);
  return semantic::dumpScopes(semantic::bind(module.ast, names));
}

// The graphs of all frames, and the uses that may find their name unbound.
static std::string dumpFlow(const DumpInput& input) {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(input.text, names);
  semantic::SemanticModel model = semantic::bind(module.ast, names);
  std::string out;
  LineIndex lines(input.text);
  for (const semantic::Cfg& cfg : semantic::buildCfgs(model, semantic::Target())) {
    out += semantic::dumpCfg(cfg, model);
    std::string problem = semantic::verifyCfg(cfg, model.ast());
    CHECK(problem.empty(), problem.c_str());
    semantic::UseDef use_def = semantic::computeUseDef(cfg, model);
    problem = semantic::verifyUseDef(use_def);
    CHECK(problem.empty(), problem.c_str());
    for (const auto& [node, state] : use_def.unboundUses()) {
      out += state == semantic::BoundState::kUnbound ? "  unbound: " : "  possibly unbound: ";
      out += model.ast().text(node);
      out += " line " + std::to_string(lines.lineOf(model.ast().range(node).begin) + 1) + "\n";
    }
  }
  return out;
}

static std::string dumpExports(const DumpInput& input) {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(input.text, names);
  semantic::SemanticModel model = semantic::bind(module.ast, names);
  semantic::FileKind kind = input.path.ends_with(".pyi") ? semantic::FileKind::kStub : semantic::FileKind::kSource;
  return semantic::dumpExports(model, semantic::exportsOf(model, names, kind));
}

static std::string syntaxErrorLine(const syntax::SyntaxError& error) {
  return std::string(syntax::syntaxErrorClassName(error.error_class)) + ": " + error.message + " (line " + std::to_string(error.line) + ")\n";
}

static std::string dumpBytecode(const DumpInput& input) {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(input.text, names);
  std::optional<syntax::SyntaxError> error = module.error ? module.error : semantic::findCompileError(module.ast, names);
  if (error) return syntaxErrorLine(*error);
  semantic::SemanticModel model = semantic::bind(module.ast, names);
  codegen::CompileResult result = codegen::compileModule(model, names, codegen::CompileOptions());
  if (!result.unit) return "error: " + result.error.message + "\n";
  std::string problem = bytecode::verifyAll(*result.unit);
  CHECK(problem.empty(), problem.c_str());
  return bytecode::disassembleAll(*result.unit);
}

static std::string dumpSyntaxVerdict(const DumpInput& input) {
  std::optional<syntax::SyntaxError> error = input.decoding_error;
  if (!error) {
    Interner names;
    syntax::ParsedModule module = syntax::parseModule(input.text, names);
    error = module.error ? module.error : semantic::findCompileError(module.ast, names);
  }
  std::string out = "{\"file\": " + jsonString(input.path) + ", \"ok\": ";
  if (!error) return out + "true}\n";
  return out + "false, \"class\": " + jsonString(syntax::syntaxErrorClassName(error->error_class)) +
         ", \"message\": " + jsonString(error->message) + ", \"line\": " + std::to_string(error->line) +
         ", \"column\": " + std::to_string(error->column) + ", \"end_line\": " + std::to_string(error->end_line) +
         ", \"end_column\": " + std::to_string(error->end_column) + "}\n";
}

using DumpFunction = std::string (*)(const DumpInput&);

static DumpFunction findStage(std::string_view stage, bool is_syntax_only) {
  if (stage == "tokens") return dumpTokens;
  if (stage == "ast") return is_syntax_only ? dumpSyntaxVerdict : dumpTree;
  if (stage == "scopes") return dumpScopes;
  if (stage == "cfg") return dumpFlow;
  if (stage == "exports") return dumpExports;
  if (stage == "bytecode") return dumpBytecode;
  return nullptr;
}

static int dumpFile(DumpFunction dump, const std::string& path, bool has_ranges) {
  Result<std::string> text = readFile(path);
  if (!text.ok()) {
    std::fprintf(stderr, "krait dump: %s\n", text.message().c_str());
    return 2;
  }
  syntax::SourceText source = syntax::decodeSource(text.value());
  std::string out = dump({.path = path, .text = source.text, .has_ranges = has_ranges, .decoding_error = source.error});
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}

int runDump(const Arguments& arguments) {
  CommandSpec spec = dumpSpec();
  ParsedArguments parsed = parseArguments(spec, arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  bool is_syntax_only = false, has_ranges = true;
  for (const ParsedOption& option : parsed.options) {
    is_syntax_only |= option.index == kSyntaxOnly;
    has_ranges &= option.index != kNoRanges;
  }
  DumpFunction dump = parsed.operands.empty() ? nullptr : findStage(parsed.operands[0], is_syntax_only);
  if (dump == nullptr || parsed.operands.size() < 2) {
    std::fprintf(stderr, "usage: krait dump STAGE FILE...\nkrait dump: error: %s\n",
                 dump == nullptr ? "STAGE is one of tokens, ast, scopes, cfg, exports, bytecode" : "no FILE is given");
    return 2;
  }
  int exit_code = 0;
  runOnDeepStack([&] {
    for (size_t i = 1; i < parsed.operands.size(); ++i) {
      exit_code = std::max(exit_code, dumpFile(dump, parsed.operands[i], has_ranges));
    }
  });
  return exit_code;
}

}  // namespace krait::cli

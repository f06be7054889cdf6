// krait dump STAGE FILE: what a stage made of a file, as stable text.
#include <cstdio>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/dump_scopes.h"
#include "analyzer/semantic/exports.h"
#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/parser.h"
#include "cli/commands.h"

namespace krait::cli {

enum DumpOption : size_t { kSyntaxOnly, kNoRanges };

CommandSpec dumpSpec() {
  return {.name = "dump",
          .summary = "Print what a stage made of a file",
          .details = "Stages: ast, scopes, exports.",
          .operands = "STAGE FILE...",
          .options = {{"--syntax-only", ArgKind::kFlag, "", "with ast: one JSON line a file, whether Python accepts it", ""},
                      {"--no-ranges", ArgKind::kFlag, "", "with ast: leave the positions out", ""}}};
}

static int dumpFile(std::string_view stage, const std::string& path, syntax::DumpRanges ranges) {
  Result<std::string> text = readFile(path);
  if (!text.ok()) {
    std::fprintf(stderr, "krait dump: %s\n", text.message().c_str());
    return 2;
  }
  Interner names;
  syntax::LoweredModule module = syntax::parseModule(text.value(), names);
  std::string out;
  if (stage == "ast") {
    out = syntax::dumpAst(module.ast, ranges);
  } else {
    semantic::SemanticModel model = semantic::bind(module.ast, names);
    semantic::FileKind kind = path.ends_with(".pyi") ? semantic::FileKind::kStub : semantic::FileKind::kSource;
    out = stage == "scopes" ? semantic::dumpScopes(model)
                            : semantic::dumpExports(model, semantic::exportsOf(model, names, kind));
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}

int runDump(const Arguments& arguments) {
  CommandSpec spec = dumpSpec();
  ParsedArguments parsed = parseArguments(spec, arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  bool is_stage = false;
  for (std::string_view stage : {"ast", "scopes", "exports"}) {
    is_stage |= !parsed.operands.empty() && parsed.operands[0] == stage;
  }
  if (parsed.operands.size() < 2 || !is_stage) {
    std::fprintf(stderr, "usage: krait dump (ast | scopes | exports) FILE...\n");
    return 2;
  }
  syntax::DumpRanges ranges = syntax::DumpRanges::kLineColumn;
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kNoRanges) ranges = syntax::DumpRanges::kNone;
  }
  int exit_code = 0;
  for (size_t i = 1; i < parsed.operands.size(); ++i) {
    runOnDeepStack([&] { exit_code = std::max(exit_code, dumpFile(parsed.operands[0], parsed.operands[i], ranges)); });
  }
  return exit_code;
}

}  // namespace krait::cli

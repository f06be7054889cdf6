// krait verify: documents whose Python blocks, sessions and doctests are checked, and run in a sandbox, and whose claims
// about output are compared with what happened.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/diagnostics/render.h"
#include "analyzer/semantic/front_findings.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/load_source.h"
#include "cli/sandbox/options.h"
#include "cli/verify/document.h"
#include "cli/verify/fix.h"
#include "cli/verify/report.h"
#include "cli/verify/run.h"
#include "cli/verify/scaffold.h"
#include "cli/verify/side_file.h"
#include "cli/verify/soundness.h"

namespace krait::cli {

namespace fs = std::filesystem;

enum VerifyOption : size_t {
  kOutput, kNoRun, kFix, kPage, kWith, kTimeout, kDeterministic, kContracts, kSoundness, kNoTypes, kLint, kScaffold, kLine, kFirstSandboxOption
};

CommandSpec verifySpec() {
  return {
      .name = "verify",
      .summary = "Check and run the Python examples of documents, and test what they claim",
      .details =
          "Documents are Markdown (.md), reStructuredText (.rst), Python files with doctests or claims and notebooks; of a folder,\n"
          "all of them below it. A block that uses names of earlier blocks runs after them. Claims are comments: `# Output: 5`,\n"
          "`# => 5`, `# raises ValueError`, values behind a statement, `# cache hit`, `# all in memory`, `# works` behind code in a\n"
          "comment, and what stands below `>>>`. Programs run in a private folder, see nothing else of the machine but Python,\n"
          "and have limits on time, memory, files and processes; one that sleeps longer runs again with a clock that does not wait.\n"
          "What blocks need besides (input, arguments, files) stands in verify.toml beside the document, or in comments\n"
          "(`# stdin: Ada`, `# argv: --all`).\n"
          "Exit code: 0 nothing found, 1 findings, 2 wrong usage.",
      .operands = "PATHS...",
      .options = withSandboxOptions({
          {"-O,--output", ArgKind::kValue, "FORMAT", "text, json, or a form of `krait check`", ""},
          {"--no-run", ArgKind::kFlag, "", "only check the blocks", ""},
          {"--fix", ArgKind::kFlag, "", "put what was really seen in the place of wrong claims", ""},
          {"--html", ArgKind::kValue, "FILE", "write a page with the verdicts beside the text", ""},
          {"--with", ArgKind::kValue, "PROGRAM", "run blocks by another Python instead of krait", ""},
          {"--timeout", ArgKind::kValue, "SECONDS", "for each block (default 10)", ""},
          {"--deterministic", ArgKind::kFlag, "", "clock, randomness and hashes that repeat, and no waiting", ""},
          {"--contracts", ArgKind::kFlag, "", "test annotations against the values that flow", ""},
          {"--soundness", ArgKind::kFlag, "", "compare the type of every expression with the values that came by", ""},
          {"--no-types", ArgKind::kFlag, "", "do not check the blocks' types", ""},
          {"--lint", ArgKind::kFlag, "", "lint the blocks too", ""},
          {"--scaffold", ArgKind::kFlag, "", "write stand-ins for missing files, input and pages into verify.toml", ""},
          {"--line", ArgKind::kValue, "LINE", "only the block on this line, with what it needs", ""}})};
}

namespace {
struct VerifyRequest {
  std::string format = "text";
  bool runs = true;
  bool fixes = false;
  bool checks_types = true;
  bool checks_soundness = false;
  bool lints = false;
  uint32_t line = 0;        // of the only block to look at, from 1; 0: all
  bool scaffolds = false;
  std::string page;         // empty: none
  std::string interpreter;  // empty: krait itself
  SandboxChoice sandbox;
  RunRequest run;
};
}  // namespace

static std::optional<std::string> readOption(const ParsedOption& option, VerifyRequest& request) {
  switch (option.index) {
    case kOutput:
      request.format = option.values[0];
      if (!findOutputFormat(request.format)) return "argument -O/--output: invalid choice: '" + request.format + "'";
      break;
    case kNoRun: request.runs = false; break;
    case kFix: request.fixes = true; break;
    case kPage: request.page = option.values[0]; break;
    case kWith: request.interpreter = option.values[0]; break;
    case kTimeout:
      request.run.limits.wall_seconds = static_cast<unsigned>(std::atoi(option.values[0].c_str()));
      if (request.run.limits.wall_seconds == 0) return "argument --timeout: expected a number of seconds";
      request.run.limits.cpu_seconds = request.run.limits.wall_seconds;
      break;
    case kDeterministic: request.run.is_deterministic = true; break;
    case kContracts: request.run.has_contracts = true; break;
    case kSoundness: request.checks_soundness = true; break;
    case kNoTypes: request.checks_types = false; break;
    case kLint: request.lints = true; break;
    case kLine:
      request.line = static_cast<uint32_t>(std::max(std::atoi(option.values[0].c_str()), 0));
      if (request.line == 0) return "argument --line: expected a line's number";
      break;
    case kScaffold: request.scaffolds = true; break;
    default: return readSandboxOption(option, kFirstSandboxOption, request.sandbox);
  }
  return std::nullopt;
}

// How a block's program is started; empty when this build cannot run programs.
static std::vector<std::string> interpreterCommand(const VerifyRequest& request) {
  if (!request.interpreter.empty()) return {request.interpreter};
  std::vector<CommandSpec> commands = allCommands();
  bool has_runtime =
      std::any_of(commands.begin(), commands.end(), [](const CommandSpec& spec) { return spec.name == "run"; });
  char buffer[4096];
  ssize_t length = readlink("/proc/self/exe", buffer, sizeof buffer);
  if (!has_runtime || length <= 0) return {};
  return {std::string(buffer, static_cast<size_t>(length)), "run"};
}

static void runDocuments(VerifyRequest& request, const SourceFiles& files, std::vector<VerifiedDocument>& documents) {
  request.run.interpreter = interpreterCommand(request);
  request.run.permissions = request.sandbox.permissions;
  request.run.policy = request.sandbox.policy;
  request.run.is_own = request.interpreter.empty();
  if (request.run.interpreter.empty()) {
    std::fprintf(stderr, "krait verify: blocks are not run: this build has no runtime\n");
    return;
  }
  std::vector<std::string> missing = missingSandboxLayers();
  if (!missing.empty() && request.run.policy == SandboxPolicy::kRequired) {
    for (const std::string& layer : missing)
      std::fprintf(stderr, "krait verify: this kernel does not offer %s\n", layer.c_str());
    std::fprintf(stderr, "krait verify: blocks are not run; --allow-weak-sandbox runs them all the same\n");
    return;
  }
  for (VerifiedDocument& document : documents) runDocument(request.run, files[document.id], document);
}

// Types, and what is left of them when the programs run.
static void checkTypes(const VerifyRequest& request, const SourceFiles& files, std::vector<VerifiedDocument>& documents) {
  std::vector<std::string> roots;
  for (const VerifiedDocument& document : documents) roots.insert(roots.end(), document.project.roots.begin(), document.project.roots.end());
  BlockChecker checker(roots);
  for (const VerifiedDocument& document : documents) {
    for (size_t i = 0; i < document.blocks.size(); ++i) {
      if (document.blocks[i].isChecked()) checker.enter(files[document.id], document, i);
    }
  }
  for (VerifiedDocument& document : documents) {
    std::vector<std::string> seen(document.blocks.size());
    if (request.checks_soundness && request.runs && !request.run.interpreter.empty()) {
      parallelFor(document.blocks.size(), hardwareThreads() * kBlocksPerThread, [&](size_t i) {
        // One that did not end tells nothing.
        if (document.blocks[i].isChecked() && document.blocks[i].status != BlockStatus::kTimeout) seen[i] = observeBlock(request.run, files[document.id], document, i);
      });
    }
    for (size_t i = 0; i < document.blocks.size(); ++i) {
      if (!document.blocks[i].isChecked()) continue;
      if (request.checks_types) checker.addTypeFindings(files[document.id], document, i);
      if (request.lints) checker.addLintFindings(files[document.id], document, i);
      if (!seen[i].empty()) checker.addSoundness(files[document.id], document, i, seen[i]);
    }
    if (document.module_path.empty() || !request.checks_soundness || !request.runs) continue;
    // A Python file is a program itself, beside the doctests in it.
    std::string seen_of_file = observeBlock(request.run, files[document.id], document, kWholeFile);
    checker.enter(files[document.id], document, kWholeFile);
    if (!seen_of_file.empty()) checker.addSoundness(files[document.id], document, kWholeFile, seen_of_file);
  }
}

// The documents that the operands name, those below a folder in order of their names. `wrong`: what is none.
static std::vector<std::string> findDocuments(const std::vector<std::string>& operands, std::string& wrong) {
  std::vector<std::string> paths;
  for (const std::string& operand : operands) {
    std::error_code error;
    if (!fs::is_directory(operand, error)) {
      if (!isDocument(operand)) wrong = operand + ": not a document: .md, .markdown, .rst, .txt, .py and .ipynb are";
      paths.push_back(operand);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator walk(operand, fs::directory_options::skip_permission_denied, error), end;
    for (; !error && walk != end; walk.increment(error)) {
      std::string name = walk->path().filename().string();
      std::error_code ignored;
      if (walk->is_directory(ignored) && (name.starts_with(".") || name == "node_modules" || name == "__pycache__")) walk.disable_recursion_pending();
      bool is_wanted = walk->is_regular_file(ignored) && isDocument(name) && !name.ends_with(".txt");
      if (is_wanted) found.push_back(walk->path().string());
    }
    std::sort(found.begin(), found.end());
    paths.insert(paths.end(), found.begin(), found.end());
  }
  return paths;
}

// Writes the fixed texts; gives how many claims were put right, none when a file could not be written.
static std::optional<size_t> writeFixes(const SourceFiles& files, const std::vector<VerifiedDocument>& documents) {
  size_t total = 0;
  for (const VerifiedDocument& document : documents) {
    size_t fixed = 0;
    std::string text = withClaimsFixed(files[document.id], document, fixed);
    if (fixed == 0) continue;
    Result<size_t> written = writeFileAtomically(files[document.id].path, text);
    if (!written.ok()) {
      std::fprintf(stderr, "krait verify: %s\n", written.message().c_str());
      return std::nullopt;
    }
    total += fixed;
  }
  return total;
}

// Offers stand-ins for what was missing, in a side file beside each document. False: a file could not be written.
static bool writeScaffolds(const SourceFiles& files, const std::vector<VerifiedDocument>& documents) {
  std::map<std::string, Scaffold> by_folder;
  for (const VerifiedDocument& document : documents) {
    const std::string& path = files[document.id].path;
    size_t slash = path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1;
    addNeeds(document, path.substr(slash), by_folder[path.substr(0, slash)]);
  }
  for (const auto& [folder, scaffold] : by_folder) {
    if (scaffold.size() == 0) continue;
    std::string path = folder + "verify.toml";
    Result<std::string> existing = readFile(path);
    Result<size_t> written = writeFileAtomically(path, withScaffold(existing.ok() ? existing.value() : "", scaffold));
    if (!written.ok()) {
      std::fprintf(stderr, "krait verify: %s\n", written.message().c_str());
      return false;
    }
    std::fprintf(stderr, "%s: %zu stand-ins written; the next run uses them\n", path.c_str(), scaffold.size());
  }
  return true;
}

static int report(const VerifyRequest& request, const SourceFiles& files, const std::vector<VerifiedDocument>& documents) {
  std::vector<Diagnostic> findings;
  for (const VerifiedDocument& document : documents)
    findings.insert(findings.end(), document.findings.begin(), document.findings.end());
  Report all(files, std::move(findings));
  if (!request.page.empty()) {
    Result<size_t> written = writeFileAtomically(request.page, renderVerifyPage(files, documents));
    if (!written.ok()) {
      std::fprintf(stderr, "krait verify: %s\n", written.message().c_str());
      return 2;
    }
  }
  std::string out;
  if (request.format == "json") {
    out = renderVerifyJson(files, documents);
  } else {
    out = render(*findOutputFormat(request.format), all, renderOptionsOf(config::Options()));
    bool is_for_people = request.format == "text" || request.format == "full" || request.format == "concise";
    for (const VerifiedDocument& document : documents) {
      if (is_for_people && !document.blocks.empty()) out += documentSummary(files[document.id], document);
    }
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (request.fixes) {
    std::optional<size_t> fixed = writeFixes(files, documents);
    if (!fixed) return 2;
    std::fprintf(stderr, "%zu claims put right\n", *fixed);
  }
  if (request.scaffolds && !writeScaffolds(files, documents)) return 2;
  return all.errorCount() > 0 ? 1 : 0;
}

// All blocks but the last one that begins on or before the line.
static void skipOthers(VerifiedDocument& document, uint32_t line) {
  const VerifiedBlock* chosen = nullptr;
  for (const VerifiedBlock& block : document.blocks) {
    if (block.block.line <= line) chosen = &block;
  }
  for (VerifiedBlock& block : document.blocks) block.is_skipped |= &block != chosen;
}

static int verifyPaths(VerifyRequest& request, const std::vector<std::string>& operands) {
  std::string wrong;
  std::vector<std::string> paths = findDocuments(operands, wrong);
  if (!wrong.empty()) {
    std::fprintf(stderr, "krait verify: %s\n", wrong.c_str());
    return 2;
  }
  SourceFiles files;
  Interner names;
  config::Config config;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, {}));
  semantic::StarNames star_names(resolver, names);
  std::vector<VerifiedDocument> documents;
  for (const std::string& path : paths) {
    FileId id = files.add(path);
    Result<std::string> text = readFile(path);
    if (!text.ok()) {
      std::fprintf(stderr, "krait verify: %s\n", text.message().c_str());
      return 2;
    }
    files[id].setText(std::move(text.value()));
    documents.push_back(readDocument(files[id], id, star_names, names, resolver));
    if (std::optional<std::string> wrong_side = readSideFile(path, documents.back())) {
      std::fprintf(stderr, "krait verify: %s\n", wrong_side->c_str());
      return 2;
    }
  }
  if (request.line != 0) {
    for (VerifiedDocument& document : documents) skipOthers(document, request.line);
  }
  if (request.runs) runDocuments(request, files, documents);
  if (request.checks_types || request.checks_soundness || request.lints) checkTypes(request, files, documents);
  return report(request, files, documents);
}

int runVerify(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(verifySpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  VerifyRequest request;
  std::optional<std::string> wrong;
  for (const ParsedOption& option : parsed.options) {
    if (!wrong) wrong = readOption(option, request);
  }
  bool needs_krait = request.run.is_deterministic || request.run.has_contracts || request.checks_soundness;
  if (!wrong && needs_krait && !request.interpreter.empty()) wrong = "argument --with: not with --deterministic, --contracts or --soundness";
  if (!wrong && request.scaffolds && !request.runs) wrong = "argument --scaffold: not with --no-run";
  if (!wrong && parsed.operands.empty()) wrong = "no document is given";
  if (wrong) return sayUsageError(verifySpec(), *wrong);
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = verifyPaths(request, parsed.operands); });
  return exit_code;
}

}  // namespace krait::cli

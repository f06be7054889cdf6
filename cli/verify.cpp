// krait verify: Markdown documents whose Python blocks are checked, and run in a sandbox, and whose claims about output
// are compared with what happened.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "analyzer/base/json_text.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/diagnostics/render.h"
#include "analyzer/semantic/front_findings.h"
#include "cli/check_options.h"
#include "cli/commands.h"
#include "cli/load_source.h"
#include "cli/verify/document.h"
#include "cli/verify/sandbox.h"

namespace krait::cli {

enum VerifyOption : size_t { kOutput, kNoRun, kWith, kTimeout, kWeakSandbox };

CommandSpec verifySpec() {
  return {
      .name = "verify",
      .summary = "Check and run the Python blocks of Markdown documents, and test what they claim",
      .details =
          "A block that uses names of earlier blocks runs after them. Claims are comments: `# Output: 5`, `# => 5`, "
          "and\n"
          "values behind a print or an assignment. Programs run in a private folder, without the network, with limits\n"
          "on time, memory and files.\n"
          "Exit code: 0 nothing found, 1 findings, 2 wrong usage.",
      .operands = "DOCUMENTS...",
      .options = {
          {"-O,--output", ArgKind::kValue, "FORMAT", "text, json, or a form of `krait check`", ""},
          {"--no-run", ArgKind::kFlag, "", "only check the blocks", ""},
          {"--with", ArgKind::kValue, "PROGRAM", "run blocks by another Python instead of krait", ""},
          {"--timeout", ArgKind::kValue, "SECONDS", "for each block (default 10)", ""},
          {"--allow-weak-sandbox", ArgKind::kFlag, "", "run even where the kernel lacks a layer of the sandbox", ""}}};
}

namespace {
struct VerifyRequest {
  std::string format = "text";
  bool runs = true;
  std::string interpreter;  // empty: krait itself
  SandboxLimits limits;
  SandboxPolicy policy = SandboxPolicy::kRequired;
};
}  // namespace

static std::optional<std::string> readRequest(const ParsedArguments& parsed, VerifyRequest& request) {
  for (const ParsedOption& option : parsed.options) {
    switch (option.index) {
      case kOutput:
        request.format = option.values[0];
        if (!findOutputFormat(request.format)) return "argument -O/--output: invalid choice: '" + request.format + "'";
        break;
      case kNoRun:
        request.runs = false;
        break;
      case kWith:
        request.interpreter = option.values[0];
        break;
      case kTimeout:
        request.limits.wall_seconds = static_cast<unsigned>(std::atoi(option.values[0].c_str()));
        if (request.limits.wall_seconds == 0) return "argument --timeout: expected a number of seconds";
        request.limits.cpu_seconds = request.limits.wall_seconds;
        break;
      case kWeakSandbox:
        request.policy = SandboxPolicy::kBestEffort;
        break;
      default:
        break;
    }
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

static void removeFolder(const std::string& folder) {
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/rm", "rm", "-rf", "--", folder.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
}

static void runBlock(const VerifyRequest& request, const std::vector<std::string>& interpreter,
                     VerifiedDocument& document, size_t index, std::string& output) {
  VerifiedBlock& verified = document.blocks[index];
  std::string folder = "/tmp/krait-verify-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return;
  std::string path = folder + "/block.py";
  if (!writeFileAtomically(path, programOf(document, index)).ok()) return;
  std::vector<std::string> command = interpreter;
  command.push_back(path);
  SandboxedRun run = runSandboxed(command, folder, "", request.limits, request.policy);
  removeFolder(folder);
  if (run.is_refused) return;
  verified.exit_code = run.exit_code;
  verified.stderr_text = run.stderr_text;
  bool is_over = run.is_timeout || run.signal == SIGXCPU || (run.signal == SIGKILL && !run.is_cut);
  verified.status = run.is_cut           ? BlockStatus::kCut
                    : is_over            ? BlockStatus::kTimeout
                    : run.exit_code == 0 ? BlockStatus::kOk
                                         : BlockStatus::kFailed;
  if (run.signal != 0 && !is_over && !run.is_cut)
    verified.stderr_text += "ended by signal " + std::string(strsignal(run.signal)) + "\n";
  output = std::move(run.stdout_text);
}

static size_t count(const VerifiedDocument& document, BlockStatus status) {
  return static_cast<size_t>(std::count_if(document.blocks.begin(), document.blocks.end(),
                                           [&](const VerifiedBlock& b) { return b.status == status; }));
}

static size_t countClaims(const VerifiedDocument& document, Verdict verdict) {
  size_t total = 0;
  for (const VerifiedBlock& block : document.blocks) {
    total += static_cast<size_t>(
        std::count_if(block.claims.begin(), block.claims.end(), [&](const Claim& c) { return c.verdict == verdict; }));
  }
  return total;
}

static std::string documentSummary(const SourceFile& file, const VerifiedDocument& document) {
  size_t others = count(document, BlockStatus::kNotPython), unrun = count(document, BlockStatus::kUnrun);
  size_t stopped = count(document, BlockStatus::kTimeout) + count(document, BlockStatus::kCut);
  std::string out = file.path + ": " + std::to_string(document.blocks.size()) + " blocks, " +
                    std::to_string(document.blocks.size() - others) +
                    " Python: " + std::to_string(count(document, BlockStatus::kOk)) + " ran, " +
                    std::to_string(count(document, BlockStatus::kFailed)) + " failed, " + std::to_string(stopped) +
                    " stopped, " + std::to_string(count(document, BlockStatus::kSyntaxError)) + " do not parse";
  if (unrun > 0) out += ", " + std::to_string(unrun) + " not run";
  return out + "; claims: " + std::to_string(countClaims(document, Verdict::kHolds)) + " hold, " +
         std::to_string(countClaims(document, Verdict::kWrong)) + " wrong, " +
         std::to_string(countClaims(document, Verdict::kSample)) + " samples, " +
         std::to_string(countClaims(document, Verdict::kUnreached)) + " unreached\n";
}

static void appendBlockJson(std::string& blocks, std::string& claims, const std::string& path,
                            const VerifiedBlock& verified) {
  const MarkdownBlock& block = verified.block;
  std::string file = "{\"file\": " + jsonString(path);
  blocks += (blocks.empty() ? "\n" : ",\n") + file + ", \"line\": " + std::to_string(block.line) +
            ", \"section\": " + jsonString(block.section) + ", \"language\": " + jsonString(block.language) +
            ", \"status\": \"" + std::string(statusName(verified.status)) +
            "\", \"stdout\": " + jsonString(verified.stdout_text) +
            ", \"stderr\": " + jsonString(verified.stderr_text) +
            ", \"exit_code\": " + (verified.exit_code < 0 ? "null" : std::to_string(verified.exit_code)) + "}";
  for (const Claim& claim : verified.claims) {
    claims += (claims.empty() ? "\n" : ",\n") + file + ", \"line\": " + std::to_string(block.line + claim.line) +
              ", \"claim\": " + jsonString(claim.text) + ", \"actual\": " + jsonString(actualText(claim)) +
              ", \"verdict\": \"" + std::string(verdictName(claim.verdict)) + "\"}";
  }
}

static std::string renderVerifyJson(const SourceFiles& files, const std::vector<VerifiedDocument>& documents) {
  std::string shown, blocks, claims;
  for (const VerifiedDocument& document : documents) {
    const std::string& path = files[document.id].path;
    shown += (shown.empty() ? "\n" : ",\n") + std::string("{\"file\": ") + jsonString(path) +
             ", \"blocks\": " + std::to_string(document.blocks.size()) +
             ", \"ran\": " + std::to_string(count(document, BlockStatus::kOk)) +
             ", \"failed\": " + std::to_string(count(document, BlockStatus::kFailed)) +
             ", \"claims_held\": " + std::to_string(countClaims(document, Verdict::kHolds)) +
             ", \"claims_wrong\": " + std::to_string(countClaims(document, Verdict::kWrong)) + "}";
    for (const VerifiedBlock& block : document.blocks) appendBlockJson(blocks, claims, path, block);
  }
  return "{\"documents\": [" + shown + "],\n\"blocks\": [" + blocks + "],\n\"claims\": [" + claims + "]}\n";
}

static void runDocuments(const VerifyRequest& request, const SourceFiles& files,
                         std::vector<VerifiedDocument>& documents) {
  std::vector<std::string> interpreter = interpreterCommand(request);
  if (interpreter.empty()) {
    std::fprintf(stderr, "krait verify: blocks are not run: this build has no runtime\n");
    return;
  }
  std::vector<std::string> missing = missingSandboxLayers();
  if (!missing.empty() && request.policy == SandboxPolicy::kRequired) {
    for (const std::string& layer : missing)
      std::fprintf(stderr, "krait verify: this kernel does not offer %s\n", layer.c_str());
    std::fprintf(stderr, "krait verify: blocks are not run; --allow-weak-sandbox runs them all the same\n");
    return;
  }
  for (VerifiedDocument& document : documents) {
    std::vector<std::string> outputs(document.blocks.size());
    parallelFor(document.blocks.size(), hardwareThreads(), [&](size_t i) {
      if (document.blocks[i].status == BlockStatus::kUnrun) runBlock(request, interpreter, document, i, outputs[i]);
    });
    for (size_t i = 0; i < document.blocks.size(); ++i) {
      if (document.blocks[i].status != BlockStatus::kUnrun)
        recordRun(document, files[document.id], i, std::move(outputs[i]));
    }
  }
}

static int verifyPaths(const VerifyRequest& request, const std::vector<std::string>& paths) {
  SourceFiles files;
  Interner names;
  config::Config config;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, {}));
  semantic::StarNames star_names(resolver, names);
  std::vector<VerifiedDocument> documents;
  for (const std::string& path : paths) {
    if (!path.ends_with(".md") && !path.ends_with(".markdown")) {
      std::fprintf(stderr, "krait verify: %s: only Markdown documents (.md) can be verified\n", path.c_str());
      return 2;
    }
    FileId id = files.add(path);
    Result<std::string> text = readFile(path);
    if (!text.ok()) {
      std::fprintf(stderr, "krait verify: %s\n", text.message().c_str());
      return 2;
    }
    files[id].setText(std::move(text.value()));
    documents.push_back(readDocument(files[id], id, star_names, names));
  }
  if (request.runs) runDocuments(request, files, documents);
  std::vector<Diagnostic> findings;
  for (const VerifiedDocument& document : documents)
    findings.insert(findings.end(), document.findings.begin(), document.findings.end());
  Report report(files, std::move(findings));
  std::string out;
  if (request.format == "json") {
    out = renderVerifyJson(files, documents);
  } else {
    out = render(*findOutputFormat(request.format), report, renderOptionsOf(config.base));
    bool is_for_people = request.format == "text" || request.format == "full" || request.format == "concise";
    for (const VerifiedDocument& document : documents) {
      if (is_for_people) out += documentSummary(files[document.id], document);
    }
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return report.errorCount() > 0 ? 1 : 0;
}

int runVerify(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(verifySpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  VerifyRequest request;
  std::optional<std::string> wrong = readRequest(parsed, request);
  if (!wrong && parsed.operands.empty()) wrong = "no document is given";
  if (wrong) {
    std::fprintf(stderr, "usage: krait verify [options] DOCUMENTS...\nkrait verify: error: %s\n", wrong->c_str());
    return 2;
  }
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = verifyPaths(request, parsed.operands); });
  return exit_code;
}

}  // namespace krait::cli

#include "cli/verify/report.h"

#include <algorithm>

#include "analyzer/base/json_text.h"
#include "cli/verify/judge.h"

namespace krait::cli {

static size_t count(const VerifiedDocument& document, BlockStatus status) {
  return static_cast<size_t>(std::count_if(document.blocks.begin(), document.blocks.end(),
                                           [&](const VerifiedBlock& b) { return b.status == status; }));
}

// Blocks that ended with an error that nobody foretold. One that ends as the text says has run.
static size_t countFailed(const VerifiedDocument& document) {
  return static_cast<size_t>(std::count_if(document.blocks.begin(), document.blocks.end(), [&](const VerifiedBlock& b) {
    return b.status == BlockStatus::kFailed && !isErrorClaimed(b.claims);
  }));
}

static size_t countRan(const VerifiedDocument& document) {
  return count(document, BlockStatus::kOk) + count(document, BlockStatus::kFailed) - countFailed(document);
}

static size_t countClaims(const VerifiedDocument& document, Verdict verdict) {
  size_t total = 0;
  for (const VerifiedBlock& block : document.blocks) {
    total += static_cast<size_t>(
        std::count_if(block.claims.begin(), block.claims.end(), [&](const Claim& c) { return c.verdict == verdict; }));
  }
  return total;
}

std::string documentSummary(const SourceFile& file, const VerifiedDocument& document) {
  size_t others = count(document, BlockStatus::kNotPython), unrun = count(document, BlockStatus::kUnrun);
  size_t stopped = count(document, BlockStatus::kTimeout) + count(document, BlockStatus::kCut);
  std::string out = file.path + ": " + std::to_string(document.blocks.size()) + " blocks, " +
                    std::to_string(document.blocks.size() - others) +
                    " Python: " + std::to_string(countRan(document)) + " ran, " +
                    std::to_string(countFailed(document)) + " failed, " + std::to_string(stopped) +
                    " stopped, " + std::to_string(count(document, BlockStatus::kSyntaxError)) + " do not parse";
  if (unrun > 0) out += ", " + std::to_string(unrun) + " not run";
  return out + "; claims: " + std::to_string(countClaims(document, Verdict::kHolds)) + " hold, " +
         std::to_string(countClaims(document, Verdict::kWrong)) + " wrong, " +
         std::to_string(countClaims(document, Verdict::kSample)) + " samples, " +
         std::to_string(countClaims(document, Verdict::kUnreached)) + " unreached\n";
}

static void appendBlockJson(std::string& blocks, std::string& claims, const std::string& path,
                            const VerifiedBlock& verified) {
  const TextBlock& block = verified.block;
  std::string file = "{\"file\": " + jsonString(path);
  blocks += (blocks.empty() ? "\n" : ",\n") + file + ", \"line\": " + std::to_string(block.line) +
            ", \"section\": " + jsonString(block.section) + ", \"language\": " + jsonString(block.language) +
            ", \"status\": \"" + std::string(statusName(verified.status)) +
            "\", \"stdout\": " + jsonString(verified.stdout_text) +
            ", \"stderr\": " + jsonString(verified.stderr_text) +
            ", \"exit_code\": " + (verified.exit_code < 0 ? "null" : std::to_string(verified.exit_code)) + "}";
  for (const Claim& claim : verified.claims) {
    claims += (claims.empty() ? "\n" : ",\n") + file + ", \"line\": " + std::to_string(lineOfClaim(verified, claim)) +
              ", \"claim\": " + jsonString(claim.text) + ", \"actual\": " + jsonString(actualText(claim)) +
              ", \"verdict\": \"" + std::string(verdictName(claim.verdict)) + "\"}";
  }
}

static void appendFindingsJson(std::string& findings, const SourceFile& file, const VerifiedDocument& document) {
  for (const Diagnostic& finding : document.findings) {
    findings += (findings.empty() ? "\n" : ",\n") + std::string("{\"file\": ") + jsonString(file.path) + ", \"line\": " + std::to_string(file.lines.locate(finding.range.begin).line + 1) +
                ", \"severity\": \"" + std::string(severityName(finding.severity)) + "\", \"code\": " + jsonString(codeInfo(finding.code).text) + ", \"message\": " + jsonString(finding.message) + "}";
  }
}

std::string renderVerifyJson(const SourceFiles& files, const std::vector<VerifiedDocument>& documents) {
  std::string shown, blocks, claims, findings;
  for (const VerifiedDocument& document : documents) {
    const std::string& path = files[document.id].path;
    shown += (shown.empty() ? "\n" : ",\n") + std::string("{\"file\": ") + jsonString(path) +
             ", \"blocks\": " + std::to_string(document.blocks.size()) +
             ", \"ran\": " + std::to_string(countRan(document)) +
             ", \"failed\": " + std::to_string(countFailed(document)) +
             ", \"claims_held\": " + std::to_string(countClaims(document, Verdict::kHolds)) +
             ", \"claims_wrong\": " + std::to_string(countClaims(document, Verdict::kWrong)) + "}";
    for (const VerifiedBlock& block : document.blocks) appendBlockJson(blocks, claims, path, block);
    appendFindingsJson(findings, files[document.id], document);
  }
  return "{\"documents\": [" + shown + "],\n\"blocks\": [" + blocks + "],\n\"claims\": [" + claims + "],\n\"findings\": [" + findings + "]}\n";
}

}  // namespace krait::cli

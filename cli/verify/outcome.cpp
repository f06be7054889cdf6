// What a block's run says of its document: the block's own output, verdicts, findings.
#include <algorithm>

#include "cli/verify/document.h"
#include "cli/verify/instrument.h"
#include "cli/verify/judge.h"

namespace krait::cli {

static std::string_view lastLine(std::string_view text) {
  while (text.ends_with("\n")) text.remove_suffix(1);
  size_t begin = text.rfind('\n');
  return text.substr(begin == std::string_view::npos ? 0 : begin + 1);
}

// `package.SomeError`, alone or before a colon.
static bool namesException(std::string_view line) {
  std::string_view name = line.substr(0, line.find(':'));
  auto is_part = [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80; };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_part);
}

std::string_view errorLineOf(std::string_view stderr_text) {
  std::string_view last = lastLine(stderr_text);
  for (std::string_view rest = stderr_text; !rest.empty();) {
    std::string_view line = lastLine(rest);
    if (namesException(line)) return line;
    rest = rest.substr(0, static_cast<size_t>(line.data() - rest.data()));
    while (rest.ends_with("\n")) rest.remove_suffix(1);
  }
  return last;
}

void judgeRun(const VerifiedBlock& block, std::string_view output, BlockForm form, BlockRun& run) {
  run.claims = form == BlockForm::kCalled ? block.called_claims : block.claims;
  bool has_started = block.needs.empty() || hasStartMark(output);
  std::string own = has_started ? readMarks(afterStartMark(output), run.claims) : "";
  // What does not parse prints nothing, whatever its repaired text does.
  if (!block.is_repaired) run.stdout_text = own;
  for (Claim& claim : run.claims) {
    bool has_ended = run.status == BlockStatus::kOk || run.status == BlockStatus::kFailed;
    if (claim.line == 0 && has_started && has_ended) claim.executions.push_back({.printed = own, .value = "", .exception = "", .is_finished = true});
  }
  run.has_unreached = std::any_of(run.claims.begin(), run.claims.end(), [](const Claim& claim) { return claim.executions.empty(); });
  judgeClaims(run.claims, run.status == BlockStatus::kFailed ? errorLineOf(run.stderr_text) : "", own);
}

// What was raised, and what the sandbox says about it.
static std::string withNote(std::string_view error) {
  std::string_view raised = errorLineOf(error), last = lastLine(error);
  return std::string(raised) + (last.find("--allow-") != std::string_view::npos && last.data() != raised.data() ? "; " + std::string(last) : "");
}

static std::string onOneLine(std::string text) {
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\n");
  return text;
}

void recordRun(VerifiedDocument& document, const SourceFile& file, size_t index, BlockRun run) {
  VerifiedBlock& verified = document.blocks[index];
  bool is_claimed = isErrorClaimed(run.claims);
  for (size_t needed : verified.needs) verified.lost.insert(document.blocks[needed].lost.begin(), document.blocks[needed].lost.end());
  // What an earlier failure is to blame for was said there.
  bool is_passed_on = missesOneOf(errorLineOf(run.stderr_text), verified.lost);
  passFailuresOn(run.claims, verified.lost);
  if (run.status == BlockStatus::kFailed) verified.lost.insert(verified.defined.begin(), verified.defined.end());
  // A block that did not parse keeps that as its status.
  if (!verified.is_repaired) verified.status = run.status;
  verified.claims = std::move(run.claims);
  verified.stdout_text = std::move(run.stdout_text);
  verified.stderr_text = std::move(run.stderr_text);
  verified.exit_code = run.exit_code;
  uint32_t begin = file.lines.lineStart(verified.block.line - 1);
  TextRange fence{begin, begin + static_cast<uint32_t>(file.lines.lineText(verified.block.line - 1).size())};
  if (verified.status == BlockStatus::kFailed && !is_claimed && !is_passed_on) {
    sayFinding(document, Rule::kBlockFailed, fence, {withNote(verified.stderr_text)});
  } else if (verified.status == BlockStatus::kTimeout) {
    sayFinding(document, Rule::kBlockTimeout, fence, {});
  }
  for (const Claim& claim : verified.claims) {
    if (claim.verdict != Verdict::kWrong) continue;
    std::string unexpected = unexpectedError(claim);
    uint32_t line = std::min(lineOfClaim(verified, claim), file.lines.lineCount()) - 1;
    std::string_view text = file.lines.lineText(line);
    auto from = static_cast<uint32_t>(std::min(text.find_first_not_of(" \t"), text.size()));
    TextRange place{file.lines.lineStart(line) + from, file.lines.lineStart(line) + static_cast<uint32_t>(text.size())};
    if (claim.text.empty() && !unexpected.empty()) {
      sayFinding(document, Rule::kBlockFailed, place, {onOneLine(unexpected)});
    } else {
      sayFinding(document, Rule::kClaimWrong, place, {onOneLine(claim.text), onOneLine(unexpected.empty() ? actualText(claim) : unexpected)});
    }
  }
}

std::string_view statusName(BlockStatus status) {
  switch (status) {
    case BlockStatus::kNotPython: return "not-python";
    case BlockStatus::kSyntaxError: return "syntax-error";
    case BlockStatus::kUnrun: return "unrun";
    case BlockStatus::kOk: return "ok";
    case BlockStatus::kFailed: return "failed";
    case BlockStatus::kTimeout: return "timeout";
    case BlockStatus::kCut: return "too-much-output";
  }
  return "";
}

}  // namespace krait::cli

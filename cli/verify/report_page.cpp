// The page of `krait verify --html`: a document's lines, and beside them what was found out about them.
#include <algorithm>
#include <map>

#include "analyzer/base/markup_text.h"
#include "cli/verify/report.h"

namespace krait::cli {

static constexpr std::string_view kStyle =
    "body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:76em;padding:0 1em;color:#1c1c1c;background:#fff}"
    "h1{font-size:1.2em;margin:1.6em 0 .3em}p.sum{margin:.2em 0 1em;color:#555}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "td{vertical-align:top;padding:0 .6em;font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}"
    "td.n{width:4em;text-align:right;color:#999;user-select:none}td.v{width:24em;font-family:system-ui,sans-serif}"
    "tr.code td.t{background:#f6f6f4}tr.at td{border-top:1px solid #ddd}"
    "span{display:block;border-left:3px solid;padding-left:.5em;margin:.1em 0}"
    ".holds,.ok{border-color:#2e7d32}.wrong,.failed,.syntax-error{border-color:#c62828;color:#8e1c1c}"
    ".sample,.unreached,.unrun,.timeout,.too-much-output{border-color:#b26a00}.not-python{border-color:#bbb;color:#777}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}tr.code td.t{background:#222}p.sum,td.n{color:#888}"
    "tr.at td{border-color:#333}.wrong,.failed,.syntax-error{color:#ff8a80}}"
    "@media(max-width:50em){td.v{width:11em}}";

static std::string note(std::string_view kind, std::string_view text) {
  return "<span class=\"" + std::string(kind) + "\">" + markupText(text) + "</span>";
}

// What stands in the margin, by line of the document.
static std::map<uint32_t, std::string> marginOf(const VerifiedDocument& document) {
  std::map<uint32_t, std::string> margin;
  for (const VerifiedBlock& verified : document.blocks) {
    std::string_view status = statusName(verified.status);
    std::string text(status);
    if (verified.status == BlockStatus::kFailed) text += ": " + std::string(errorLineOf(verified.stderr_text));
    if (verified.status != BlockStatus::kNotPython) margin[verified.block.line] += note(status, text);
    for (const Claim& claim : verified.claims) {
      std::string said(verdictName(claim.verdict));
      if (claim.verdict == Verdict::kWrong || claim.verdict == Verdict::kSample) said += ": " + actualText(claim);
      margin[lineOfClaim(verified, claim)] += note(verdictName(claim.verdict), said);
    }
  }
  return margin;
}

static std::vector<bool> codeLines(const SourceFile& file, const VerifiedDocument& document) {
  std::vector<bool> is_code(file.lines.lineCount() + 2);
  for (const VerifiedBlock& verified : document.blocks) {
    auto lines = static_cast<uint32_t>(std::count(verified.block.text.begin(), verified.block.text.end(), '\n'));
    for (uint32_t i = 0; i < lines && verified.block.first_line + i < is_code.size(); ++i) is_code[verified.block.first_line + i] = true;
  }
  return is_code;
}

std::string renderVerifyPage(const SourceFiles& files, const std::vector<VerifiedDocument>& documents) {
  std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                    "<title>krait verify</title><style>" + std::string(kStyle) + "</style></head><body>\n";
  for (const VerifiedDocument& document : documents) {
    const SourceFile& file = files[document.id];
    std::string summary = documentSummary(file, document);
    out += "<h1>" + markupText(file.path) + "</h1><p class=\"sum\">" + markupText(trimmedClaim(summary.substr(file.path.size() + 2))) + "</p>\n<table>\n";
    std::map<uint32_t, std::string> margin = marginOf(document);
    std::vector<bool> is_code = codeLines(file, document);
    for (uint32_t line = 1; line <= file.lines.lineCount(); ++line) {
      auto found = margin.find(line);
      std::string kind = std::string(is_code[line] ? "code" : "") + (found != margin.end() ? " at" : "");
      out += "<tr class=\"" + kind + "\" id=\"L" + std::to_string(line) + "\"><td class=\"n\">" + std::to_string(line) + "</td><td class=\"t\">" +
             markupText(file.lines.lineText(line - 1)) + "</td><td class=\"v\">" + (found != margin.end() ? found->second : "") + "</td></tr>\n";
    }
    out += "</table>\n";
  }
  return out + "</body></html>\n";
}

}  // namespace krait::cli

// krait explain CODE: what a code finds, which messages carry it, and the broader or narrower codes around it.
#include <algorithm>
#include <cstdio>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule.h"
#include "analyzer/diagnostics/rule_names.h"
#include "cli/commands.h"
#include "cli/example.h"

namespace krait::cli {

CommandSpec explainSpec() {
  return {.name = "explain",
          .summary = "Say what a code means",
          .details = "Codes are those of findings: `attr-defined`, `F401`. Names of rules, bandit's codes and pylint's names do too.\n"
                     "Without a code, all are listed; `all` explains every one.",
          .operands = "[CODE...]",
          .options = {}};
}

static std::string_view toolName(Tool tool) {
  switch (tool) {
    case Tool::kChecker:
      return "krait check";
    case Tool::kLint:
      return "krait lint";
    case Tool::kVerify:
      return "krait verify";
  }
  return "";
}

// A message's text with its places for arguments shown as "…".
static std::string shownText(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("{}")) {
      out += "…";
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

static void explainCode(Code code) {
  const CodeInfo& info = codeInfo(code);
  std::string out = std::string(info.text) + " (" + std::string(toolName(info.tool)) +
                    (info.is_enabled_by_default ? "" : ", off by default") + ")\n\n" + std::string(info.help) + "\n";
  if (info.parent != Code::kNone) {
    out += "\nA part of " + std::string(codeInfo(info.parent).text) + ": switching that off switches this off too.\n";
  }
  std::string messages;
  for (uint16_t i = 0; i < ruleCount(); ++i) {
    const RuleInfo& rule = ruleInfo(static_cast<Rule>(i));
    if (rule.code == code && rule.text != "{}") messages += "  " + shownText(rule.text) + "\n";
  }
  if (!messages.empty()) out += "\nMessages:\n" + messages;
  if (Example example = exampleOf(info.text); !example.text.empty()) {
    out += std::string("\nExample") + (example.is_stub ? ", a stub" : "") + (example.options.empty() ? "" : " (with " + example.options + ")") + ":\n\n" + example.text;
  }
  out += "\nTo silence one line: " + std::string(info.tool == Tool::kLint ? "# noqa: " : "# type: ignore[") +
         std::string(info.text) + (info.tool == Tool::kLint ? "\n" : "]\n");
  std::fputs(out.c_str(), stdout);
}

static void listCodes() {
  for (uint16_t i = 1; i < codeCount(); ++i) {
    const CodeInfo& info = codeInfo(static_cast<Code>(i));
    std::printf("%-28.*s %.*s\n", static_cast<int>(info.text.size()), info.text.data(),
                static_cast<int>(info.help.size()), info.help.data());
  }
}

// The code by its own text, the one it had before, its name, or what bandit (B101) and pylint (W0611) call it.
static std::optional<Code> findNamed(const std::string& text) {
  if (std::optional<Code> code = findCode(text)) return code;
  std::string_view today = redirectedCode(text), named = lintCodeOfRule(text);
  if (!today.empty()) return findCode(today);
  if (!named.empty()) return findCode(named);
  bool is_bandit = text.size() == 4 && text[0] == 'B' && text.find_first_not_of("0123456789", 1) == std::string::npos;
  return findCode(is_bandit ? "S" + text.substr(1) : "PL" + text);
}

int runExplain(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(explainSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  if (parsed.operands.empty()) listCodes();
  bool is_all = parsed.operands.size() == 1 && (parsed.operands[0] == "all" || parsed.operands[0] == "ALL");
  if (is_all) {
    for (uint16_t i = 1; i < codeCount(); ++i) {
      if (i > 1) std::fputs("\n", stdout);
      explainCode(static_cast<Code>(i));
    }
    return 0;
  }
  int exit_code = 0;
  for (size_t i = 0; i < parsed.operands.size(); ++i) {
    if (i > 0) std::fputs("\n", stdout);
    std::optional<Code> code = findNamed(parsed.operands[i]);
    if (code) {
      explainCode(*code);
      continue;
    }
    std::optional<Code> similar = findSimilarCode(parsed.operands[i]);
    std::string advice =
        similar ? "; did you mean " + std::string(codeInfo(*similar).text) + "?" : "; `krait explain` lists all codes";
    std::fprintf(stderr, "krait explain: no code is called %s%s\n", parsed.operands[i].c_str(), advice.c_str());
    exit_code = 2;
  }
  return exit_code;
}

}  // namespace krait::cli

#include "cli/generate.h"

#include <cstdio>

#include "checker/program/stub_trees.h"
#include "runtime/embed/embed.h"

namespace krait::cli {

static std::string longNames(const CommandSpec& spec, const char* separator) {
  std::string out = "--help";
  for (const OptionSpec& option : spec.options) {
    if (option.help.empty()) continue;
    size_t at = option.names.find("--");
    if (at != std::string::npos) out += separator + option.names.substr(at);
  }
  return out;
}

static std::string commandNames() {
  std::string out;
  for (const CommandSpec& spec : allCommands()) out += (out.empty() ? "" : " ") + spec.name;
  return out;
}

static std::string bashCompletion() {
  std::string out =
      "_krait() {\n  local current=${COMP_WORDS[COMP_CWORD]}\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    "
      "COMPREPLY=($(compgen -W \"" +
      commandNames() +
      " --help --version\" -- \"$current\"))\n    return\n  fi\n  local options=\n  case ${COMP_WORDS[1]} in\n";
  for (const CommandSpec& spec : allCommands())
    out += "    " + spec.name + ") options=\"" + longNames(spec, " ") + "\" ;;\n";
  return out +
         "  esac\n  case $current in\n    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$current\")) ;;\n  esac\n}\ncomplete -o filenames -F _krait krait\n";
}

// Text inside single quotes of a shell, without what zsh and fish take apart in descriptions.
static std::string quoted(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out;
}

static std::string zshCompletion() {
  std::string out = "#compdef krait\n_krait() {\n  if (( CURRENT == 2 )); then\n    local -a commands=(\n";
  for (const CommandSpec& spec : allCommands()) out += "      '" + spec.name + ":" + quoted(spec.summary) + "'\n";
  out += "    )\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n";
  for (const CommandSpec& spec : allCommands()) {
    out += "    " + spec.name + ") _arguments";
    for (const OptionSpec& option : spec.options) {
      size_t at = option.names.find("--");
      if (option.help.empty() || at == std::string::npos) continue;
      out += " \\\n      '" + option.names.substr(at) + "[" + quoted(option.help) + "]" +
             (option.kind == ArgKind::kFlag || option.kind == ArgKind::kOptional ? "" : ":" + quoted(option.metavar) + ":_files") + "'";
    }
    out += " \\\n      '*:file:_files' ;;\n";
  }
  return out + "  esac\n}\n_krait \"$@\"\n";
}

static std::string fishCompletion() {
  std::string out;
  for (const CommandSpec& spec : allCommands()) {
    out += "complete -c krait -n __fish_use_subcommand -a " + spec.name + " -d '" + quoted(spec.summary) + "'\n";
    for (const OptionSpec& option : spec.options) {
      size_t at = option.names.find("--");
      if (option.help.empty() || at == std::string::npos) continue;
      out += "complete -c krait -n '__fish_seen_subcommand_from " + spec.name + "' -l " + option.names.substr(at + 2) +
             (option.kind == ArgKind::kFlag || option.kind == ArgKind::kOptional ? "" : " -r") + " -d '" + quoted(option.help) + "'\n";
    }
  }
  return out;
}

// roff: a leading dot or quote is a request, and hyphens in options are escaped.
static std::string roff(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    bool is_line_start = i == 0 || text[i - 1] == '\n';
    if (is_line_start && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    if (text[i] == '-' || text[i] == '\\') out += '\\';
    out += text[i];
  }
  return out;
}

static std::string manualPage() {
  std::string out = ".TH KRAIT 1 \"\" \"krait " KRAIT_VERSION
                    "\" \"User Commands\"\n.SH NAME\nkrait \\- check, lint, edit, run and verify Python\n"
                    ".SH SYNOPSIS\n.B krait\n.I COMMAND\n[options] ...\n.SH COMMANDS\n";
  for (const CommandSpec& spec : allCommands()) {
    out += ".SS krait " + spec.name + " " + roff(spec.operands) + "\n" + roff(spec.summary) + ".\n";
    for (const OptionSpec& option : spec.options) {
      if (option.help.empty()) continue;
      out += ".TP\n.B " + roff(option.names) + (option.metavar.empty() ? "" : " " + roff(option.metavar)) + "\n" +
             roff(option.help) + "\n";
    }
    if (!spec.details.empty()) out += ".PP\n" + roff(spec.details) + "\n";
  }
  return out + ".SH EXIT STATUS\n0 when nothing was found, 1 with findings, 2 for wrong usage or configuration.\n";
}

int runGenerate(const Arguments& arguments) {
  if (arguments.size() == 3 && arguments[0] == "trees") {
    std::string wrong = program::writeStubTrees(arguments[1], arguments[2]);
    if (!wrong.empty()) std::fprintf(stderr, "krait: %s\n", wrong.c_str());
    return wrong.empty() ? 0 : 2;
  }
  if (arguments.size() == 3 && arguments[0] == "frozen") return embed::writeFrozen(arguments[1], arguments[2]);
  std::string kind = arguments.size() == 1 ? arguments[0] : "";
  std::string out;
  if (kind == "bash") out = bashCompletion();
  if (kind == "zsh") out = zshCompletion();
  if (kind == "fish") out = fishCompletion();
  if (kind == "man") out = manualPage();
  if (out.empty()) {
    std::fputs("usage: krait --generate bash|zsh|fish|man, krait --generate frozen LIBRARY FILE, or krait --generate trees STUBS FILE\n", stderr);
    return 2;
  }
  std::fputs(out.c_str(), stdout);
  return 0;
}

}  // namespace krait::cli

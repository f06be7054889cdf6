// Help as text: usage, summary, options by heading, details.
#include <algorithm>

#include "cli/arguments.h"

namespace krait::cli {

static constexpr size_t kHelpColumn = 30;

static std::string shownNames(const OptionSpec& option) {
  std::string out;
  for (char c : option.names) {
    out += c;
    if (c == ',') out += ' ';
  }
  return option.metavar.empty() ? out : out + " " + option.metavar;
}

static void appendOption(std::string& out, const OptionSpec& option) {
  std::string left = "  " + shownNames(option);
  if (left.size() + 2 > kHelpColumn) {
    out += left + "\n" + std::string(kHelpColumn, ' ');
  } else {
    out += left + std::string(kHelpColumn - left.size(), ' ');
  }
  out += option.help + "\n";
}

std::string helpText(const CommandSpec& spec) {
  std::string out = "usage: krait " + spec.name + " [options]" + (spec.operands.empty() ? "" : " " + spec.operands) +
                    "\n\n" + spec.summary + "\n";
  std::vector<std::string> groups;
  for (const OptionSpec& option : spec.options) {
    if (!option.help.empty() && std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  if (std::find(groups.begin(), groups.end(), "") == groups.end()) groups.insert(groups.begin(), "");
  for (const std::string& group : groups) {
    out += "\n" + (group.empty() ? "options" : group) + ":\n";
    if (group.empty()) appendOption(out, {.names = "-h,--help", .help = "print this text"});
    for (const OptionSpec& option : spec.options) {
      if (option.group == group && !option.help.empty()) appendOption(out, option);
    }
  }
  return spec.details.empty() ? out : out + "\n" + spec.details + "\n";
}

}  // namespace krait::cli

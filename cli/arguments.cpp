// The only file that sees CLI11. It is compiled with exceptions, and lets none out. Of a command's options only those
// that the line mentions are handed to CLI11: the checker has two hundred, and start-up is counted in milliseconds.
#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace krait::cli {

static std::vector<std::string> splitNames(const std::string& names) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin <= names.size();) {
    size_t end = std::min(names.find(',', begin), names.size());
    out.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

namespace {
struct Name {
  std::string text;
  size_t option;
};
struct Registered {
  CLI::Option* option;
  size_t index;
  std::vector<std::string> values;
  size_t used = 0;
};
}  // namespace

// CLI11 would take the next word for the value of an option that has none: this stands for it.
static constexpr std::string_view kNoValue = "\x01";

static void fillOptional(std::string& argument, const CommandSpec& spec, const std::vector<Name>& names) {
  for (const Name& name : names) {
    if (name.text == argument && name.option < spec.options.size() && spec.options[name.option].kind == ArgKind::kOptional) {
      argument += "=" + std::string(kNoValue);
      return;
    }
  }
}

// CLI11 takes the next word for the value of `--name=`, which is the empty text: that becomes a word of its own.
static std::vector<std::string> withEmptyValues(std::vector<std::string> arguments, const CommandSpec& spec, const std::vector<Name>& names) {
  for (size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    std::string argument = arguments[i];
    if (!argument.starts_with("--") || argument.find('=') + 1 != argument.size()) continue;
    argument.pop_back();
    for (const Name& name : names) {
      if (name.text != argument || name.option >= spec.options.size() || spec.options[name.option].kind != ArgKind::kValue) continue;
      arguments[i] = argument;
      arguments.insert(arguments.begin() + static_cast<ptrdiff_t>(i) + 1, "");
      break;
    }
  }
  return arguments;
}

// Replaces a shortened long option by its full name. Gives a message when it could be several.
static std::optional<std::string> completeName(std::string& argument, const std::vector<Name>& names) {
  if (!argument.starts_with("--") || argument.size() == 2) return std::nullopt;
  size_t equals = argument.find('=');
  std::string typed = argument.substr(0, equals);
  std::vector<std::string> found;
  for (const Name& name : names) {
    if (name.text == typed) return std::nullopt;
    if (name.text.starts_with(typed)) found.push_back(name.text);
  }
  if (found.size() == 1) argument = found[0] + (equals == std::string::npos ? "" : argument.substr(equals));
  if (found.size() < 2) return std::nullopt;
  std::string list;
  for (size_t i = 0; i < found.size() && i < 6; ++i) list += (i == 0 ? "" : ", ") + found[i];
  return "ambiguous option: " + typed + " could match " + list;
}

static bool isMentioned(const Name& name, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument.starts_with(name.text)) return true;
    // A short option may stand inside a cluster: -vp.
    bool is_cluster = name.text.size() == 2 && argument.size() > 2 && argument[0] == '-' && argument[1] != '-';
    if (is_cluster && argument.find(name.text[1]) != std::string::npos) return true;
  }
  return false;
}

int sayUsageError(const CommandSpec& spec, const std::string& message) {
  std::fprintf(stderr, "usage: krait %s [options]%s%s\nkrait %s: error: %s\n", spec.name.c_str(),
               spec.operands.empty() ? "" : " ", spec.operands.c_str(), spec.name.c_str(), message.c_str());
  return 2;
}

static ParsedArguments usageError(const CommandSpec& spec, const std::string& message) {
  ParsedArguments out;
  out.exit_code = sayUsageError(spec, message);
  return out;
}

static std::vector<Registered> registerOptions(CLI::App& app, const CommandSpec& spec, const std::vector<Name>& names,
                                               const std::vector<std::string>& arguments) {
  std::vector<Registered> registered;
  registered.reserve(spec.options.size());
  std::vector<bool> is_wanted(spec.options.size());
  for (const Name& name : names) is_wanted[name.option] = is_wanted[name.option] || isMentioned(name, arguments);
  for (size_t i = 0; i < spec.options.size(); ++i) {
    if (!is_wanted[i]) continue;
    const OptionSpec& option = spec.options[i];
    registered.push_back({.option = nullptr, .index = i, .values = {}});
    if (option.kind == ArgKind::kFlag) {
      registered.back().option = app.add_flag(option.names);
    } else {
      registered.back().option = app.add_option(option.names, registered.back().values);
      registered.back().option->expected(option.kind == ArgKind::kPair ? 2 : 1)->allow_extra_args(false)->take_all();
    }
  }
  return registered;
}

// CLI11 keeps one entry in parse_order for each value that an option took, and one for each use of a flag.
static void collect(const CLI::App& app, const CommandSpec& spec, std::vector<Registered>& registered,
                    ParsedArguments& out) {
  for (const CLI::Option* option : app.parse_order()) {
    for (Registered& entry : registered) {
      if (entry.option != option) continue;
      ArgKind kind = spec.options[entry.index].kind;
      std::vector<std::string> values;
      if (kind != ArgKind::kFlag) {
        std::vector<std::string> all = option->results();
        if (entry.used >= all.size()) continue;
        values.push_back(all[entry.used++]);
        if (values.back() == kNoValue) values.back().clear();
      }
      bool continues_pair = kind == ArgKind::kPair && entry.used % 2 == 0;
      if (continues_pair) {
        out.options.back().values.push_back(values[0]);
      } else {
        out.options.push_back({.index = entry.index, .values = std::move(values)});
      }
    }
  }
}

ParsedArguments parseArguments(const CommandSpec& spec, std::vector<std::string> arguments) {
  std::vector<Name> names;
  for (size_t i = 0; i < spec.options.size(); ++i) {
    for (const std::string& name : splitNames(spec.options[i].names)) names.push_back({name, i});
  }
  names.push_back({"--help", spec.options.size()});
  ParsedArguments out;
  for (std::string& argument : arguments) {
    if (argument == "--") break;
    if (std::optional<std::string> message = completeName(argument, names)) return usageError(spec, *message);
    fillOptional(argument, spec, names);
    if (argument == "-h" || argument == "--help") {
      std::fputs(helpText(spec).c_str(), stdout);
      out.exit_code = 0;
      return out;
    }
    if (spec.ends_at_operand && !argument.starts_with("-")) break;
  }
  names.pop_back();
  if (!spec.ends_at_operand) arguments = withEmptyValues(std::move(arguments), spec, names);
  try {
    CLI::App app;
    app.set_help_flag("");
    std::vector<Registered> registered = registerOptions(app, spec, names, arguments);
    if (spec.ends_at_operand) app.prefix_command(true);
    if (!spec.ends_at_operand && !spec.operands.empty()) app.add_option("operands", out.operands);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
    collect(app, spec, registered, out);
    if (spec.ends_at_operand) out.operands = app.remaining();
    for (const ParsedOption& option : out.options) {
      const OptionSpec& wanted = spec.options[option.index];
      if (wanted.kind == ArgKind::kPair && option.values.size() != 2)
        return usageError(spec, wanted.names + " takes two values: " + wanted.metavar);
    }
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    if (auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error); extras != nullptr) {
      message = "unrecognized arguments: " + message.substr(std::min(message.find(": ") + 2, message.size()));
    }
    return usageError(spec, message);
  } catch (const CLI::Error& error) {
    return usageError(spec, error.what());
  }
  return out;
}

}  // namespace krait::cli

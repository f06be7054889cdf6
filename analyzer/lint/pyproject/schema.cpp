// RUF200: [project], [build-system] and [dependency-groups] as the specifications lay them down. Of several faults the first
// is told, in the order of the keys' names. ref: PEP 518, 621, 639, 735
#include <algorithm>
#include <functional>

#include "analyzer/config/toml_tree.h"
#include "analyzer/lint/pyproject/dependency.h"
#include "analyzer/lint/pyproject/lint_pyproject.h"
#include "analyzer/lint/pyproject/version.h"

namespace krait::lint {

using config::TomlKind;
using config::TomlValue;

namespace {
struct Fault {
  std::string message;
  TextRange range;
};
using Verdict = std::optional<Fault>;
using Check = std::function<Verdict(const TomlValue&)>;

struct Field {
  std::string_view name;
  Check check;
};
}  // namespace

// A text as messages quote it.
static std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '\r') out += "\\r";
    else out += c;
  }
  return out + "\"";
}

static std::string described(const TomlValue& value) {
  switch (value.kind) {
    case TomlKind::kText:
      return "string " + quoted(value.text);
    case TomlKind::kInteger:
      return "integer `" + value.text + "`";
    case TomlKind::kFloat:
      return "floating point `" + value.text + "`";
    case TomlKind::kBool:
      return "boolean `" + value.text + "`";
    case TomlKind::kList:
      return "sequence";
    case TomlKind::kDate:
    case TomlKind::kTable:
      break;
  }
  return "map";
}

static Verdict expected(const TomlValue& value, std::string_view what) {
  return Fault{"invalid type: " + described(value) + ", expected " + std::string(what), value.range};
}

static Verdict checkText(const TomlValue& value) { return value.kind == TomlKind::kText ? Verdict() : expected(value, "a string"); }

static Verdict checkVersion(const TomlValue& value) {
  if (Verdict fault = checkText(value)) return fault;
  std::optional<std::string> wrong = faultOfVersion(value.text);
  return wrong ? Verdict(Fault{std::move(*wrong), value.range}) : std::nullopt;
}

// `requires-python`: the specifiers stand once more below the message, with marks under the wrong one.
static Verdict checkSpecifiers(const TomlValue& value) {
  if (Verdict fault = checkText(value)) return fault;
  std::optional<SpecifierFault> wrong = faultOfSpecifiers(value.text);
  if (!wrong) return std::nullopt;
  std::string marks = std::string(wrong->range.begin, ' ') + std::string(wrong->range.size(), '^');
  return Fault{"Failed to parse version: " + wrong->message + ":\n" + value.text + "\n" + marks + "\n", value.range};
}

static Verdict checkDependency(const TomlValue& value) {
  if (Verdict fault = checkText(value)) return fault;
  std::optional<std::string> wrong = faultOfDependency(value.text);
  return wrong ? Verdict(Fault{std::move(*wrong), value.range}) : std::nullopt;
}

static Check listOf(Check item) {
  return [item = std::move(item)](const TomlValue& value) -> Verdict {
    if (value.kind != TomlKind::kList) return expected(value, "a sequence");
    for (const TomlValue& each : value.items) {
      if (Verdict fault = item(each)) return fault;
    }
    return std::nullopt;
  };
}

static Check tableOf(Check item) {
  return [item = std::move(item)](const TomlValue& value) -> Verdict {
    if (value.kind != TomlKind::kTable) return expected(value, "a map");
    for (const auto& [key, each] : value.entries) {
      if (Verdict fault = item(each)) return fault;
    }
    return std::nullopt;
  };
}

static bool isTextUnder(const TomlValue& table, std::string_view key) {
  const TomlValue* value = table.find(key);
  return value != nullptr && value->kind == TomlKind::kText;
}

// One of several forms: which of them was meant nobody can tell.
static Verdict noForm(const TomlValue& value, std::string_view type) {
  return Fault{"data did not match any variant of untagged enum " + std::string(type), value.range};
}

// A path, or a table of texts.
static Verdict checkReadme(const TomlValue& value) {
  if (value.kind == TomlKind::kText) return std::nullopt;
  bool is_fine = value.kind == TomlKind::kTable;
  for (std::string_view key : {"file", "text", "content-type"}) is_fine &= value.find(key) == nullptr || isTextUnder(value, key);
  return is_fine ? Verdict() : noForm(value, "ReadMe");
}

// An expression, or a table with `text` or `file`. ref: PEP 639
static Verdict checkLicense(const TomlValue& value) {
  bool is_fine = value.kind == TomlKind::kText || isTextUnder(value, "text") || isTextUnder(value, "file");
  return is_fine ? Verdict() : noForm(value, "License");
}

static Verdict checkPerson(const TomlValue& value) {
  bool is_fine = value.kind == TomlKind::kTable && !value.entries.empty();
  for (const auto& [key, each] : value.entries) is_fine &= (key == "name" || key == "email") && each.kind == TomlKind::kText;
  return is_fine ? Verdict() : Verdict(Fault{"a table with 'name' and/or 'email' keys", value.range});
}

// A dependency, or the name of another group. ref: PEP 735
static Verdict checkGroupItem(const TomlValue& value) {
  bool is_fine = isTextUnder(value, "include-group") || (value.kind == TomlKind::kText && !faultOfDependency(value.text));
  return is_fine ? Verdict() : noForm(value, "DependencyGroupSpecifier");
}

// A table of a fixed form; what it holds besides is its own affair.
static Verdict checkFields(const TomlValue& value, std::string_view type, const std::vector<Field>& fields, std::string_view required) {
  if (value.kind != TomlKind::kTable) return expected(value, "struct " + std::string(type));
  for (const auto& [key, each] : value.entries) {
    auto field = std::find_if(fields.begin(), fields.end(), [&key](const Field& one) { return one.name == key; });
    if (field == fields.end()) continue;
    if (Verdict fault = field->check(each)) return fault;
  }
  if (value.find(required) != nullptr) return std::nullopt;
  return Fault{"missing field `" + std::string(required) + "`", value.range};
}

static Verdict checkBuildSystem(const TomlValue& value) {
  static const std::vector<Field> kFields = {{"requires", listOf(checkDependency)}, {"build-backend", checkText}, {"backend-path", listOf(checkText)}};
  return checkFields(value, "BuildSystem", kFields, "requires");
}

static Verdict checkProject(const TomlValue& value) {
  static const std::vector<Field> kFields = {{"name", checkText},
                                             {"version", checkVersion},
                                             {"description", checkText},
                                             {"readme", checkReadme},
                                             {"requires-python", checkSpecifiers},
                                             {"license", checkLicense},
                                             {"license-files", listOf(checkText)},
                                             {"authors", listOf(checkPerson)},
                                             {"maintainers", listOf(checkPerson)},
                                             {"keywords", listOf(checkText)},
                                             {"classifiers", listOf(checkText)},
                                             {"urls", tableOf(checkText)},
                                             {"entry-points", tableOf(tableOf(checkText))},
                                             {"scripts", tableOf(checkText)},
                                             {"gui-scripts", tableOf(checkText)},
                                             {"dependencies", listOf(checkDependency)},
                                             {"optional-dependencies", tableOf(listOf(checkDependency))},
                                             {"dynamic", listOf(checkText)}};
  return checkFields(value, "Project", kFields, "name");
}

static Verdict faultOf(const TomlValue& root) {
  static const std::vector<Field> kTables = {{"build-system", checkBuildSystem}, {"dependency-groups", tableOf(listOf(checkGroupItem))}, {"project", checkProject}};
  for (const Field& table : kTables) {
    const TomlValue* value = root.find(table.name);
    if (value == nullptr) continue;
    if (Verdict fault = table.check(*value)) return fault;
  }
  return std::nullopt;
}

void checkPyproject(std::string_view text, DiagnosticSink& sink) {
  config::TomlTree tree = config::readTomlTree(text);
  Verdict fault = tree.error.empty() ? faultOf(tree.root) : Verdict(Fault{tree.error, tree.error_range});
  if (fault) sink.begin("RUF200"_rule, fault->range, {fault->message});
}

}  // namespace krait::lint

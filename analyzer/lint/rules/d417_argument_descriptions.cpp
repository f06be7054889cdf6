// D417: parameters that a docstring's section of arguments leaves out. ref: pydocstyle, the styles of Google and NumPy
#include <algorithm>
#include <set>

#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Section {
  std::string name;  // small letters, without colon
  size_t line;       // of its heading
  size_t indent;
};
using Names = std::set<std::string, std::less<>>;
}  // namespace

static size_t indentOf(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

static std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r\f");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\f") + 1 - begin);
}

static bool isSectionName(std::string_view name, bool is_numpy) {
  if (isOneOf(name, {"attributes", "examples", "methods", "notes", "raises", "references", "returns", "see also", "warnings", "warns", "yields"})) return true;
  if (is_numpy) return isOneOf(name, {"short summary", "extended summary", "parameters", "other parameters", "receives"});
  return isOneOf(name, {"args", "arguments", "attention", "caution", "danger", "error", "example", "hint", "important", "keyword args",
                        "keyword arguments", "note", "other args", "other arguments", "return", "tip", "todo", "warning", "yield"});
}

static bool isArgumentsSection(std::string_view name) {
  return isOneOf(name, {"args", "arguments", "keyword args", "keyword arguments", "other args", "other arguments"});
}

static bool endsParagraph(std::string_view line) {
  std::string_view text = trimmed(line);
  return text.empty() || std::string_view(",;.-\\/]})").find(text.back()) != std::string_view::npos;
}

static std::vector<Section> sectionsOf(const std::vector<std::string_view>& lines, bool is_numpy) {
  std::vector<Section> out;
  for (size_t i = 1; i < lines.size(); ++i) {
    std::string_view text = trimmed(lines[i]);
    if (text.ends_with(':')) text = trimmed(text.substr(0, text.size() - 1));
    std::string name(text);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (name.empty() || !isSectionName(name, is_numpy)) continue;
    std::string_view next = i + 1 < lines.size() ? trimmed(lines[i + 1]) : std::string_view();
    bool is_underlined = !next.empty() && next.find_first_not_of("-=") == std::string_view::npos;
    if (!is_underlined && !endsParagraph(lines[i - 1])) continue;
    size_t indent = indentOf(lines[i]);
    // `args:` as the description of a parameter inside a section.
    bool is_inner = !is_underlined && !out.empty() && out.back().indent < indent && text[0] >= 'a' && text[0] <= 'z';
    if (!is_inner) out.push_back({std::move(name), i, indent});
  }
  return out;
}

// The parameter that `name (type): text` describes, or nothing.
static std::string describedName(std::string_view entry) {
  size_t end = 0;
  while (end < entry.size() && (entry[end] == '*' || entry[end] == '\\')) ++end;
  size_t begin = end;
  auto is_word = [](char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; };
  while (end < entry.size() && is_word(entry[end])) ++end;
  if (end == begin) return {};
  std::string name(entry.substr(0, end));
  size_t at = entry.find_first_not_of(" \t\n\r", end);
  if (at == std::string_view::npos) return {};
  if (entry[at] == '(') {
    // The shortest run up to a parenthesis with a colon behind it.
    size_t line_end = std::min(entry.find('\n', at), entry.size());
    size_t close = entry.find("):", at);
    if (close == std::string_view::npos || close > line_end) return {};
    at = close + 1;
  }
  if (entry[at] != ':' || trimmed(entry.substr(at + 1)).find_first_not_of(" \t\n\r") == std::string_view::npos) return {};
  return name;
}

static void addGoogleNames(const std::vector<std::string_view>& lines, size_t begin, size_t end, Names& out) {
  while (begin < end && isBlank(lines[begin])) ++begin;
  if (begin >= end) return;
  size_t indent = indentOf(lines[begin]);
  std::string entry;
  for (size_t i = begin; i < end; ++i) {
    if (!isBlank(lines[i]) && indentOf(lines[i]) < indent) continue;
    bool is_start = !isBlank(lines[i]) && indentOf(lines[i]) == indent;
    if (is_start) {
      out.insert(describedName(entry));
      entry.clear();
    }
    entry += std::string(is_start ? lines[i].substr(indent) : lines[i]) + "\n";
  }
  out.insert(describedName(entry));
}

static void addNumpyNames(const std::vector<std::string_view>& lines, const Section& section, size_t end, Names& out) {
  for (size_t i = section.line + 1; i + 1 < end; ++i) {
    bool is_entry = !isBlank(lines[i]) && indentOf(lines[i]) == section.indent && !isBlank(lines[i + 1]) &&
                    indentOf(lines[i + 1]) > section.indent;
    if (!is_entry) continue;
    std::string_view names = lines[i].substr(0, lines[i].find(':'));
    while (true) {
      size_t comma = names.find(',');
      out.insert(std::string(trimmed(names.substr(0, comma))));
      if (comma == std::string_view::npos) break;
      names.remove_prefix(comma + 1);
    }
  }
}

static bool isDescribed(const Names& names, std::string_view stars, std::string_view name) {
  std::string starred = std::string(stars) + std::string(name);
  std::string escaped;
  for (char c : stars) escaped += std::string("\\") + c;
  return names.contains(name) || (!stars.empty() && (names.contains(starred) || names.contains(escaped + std::string(name))));
}

static void reportMissing(LintContext& context, NodeId owner, const Names& names) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(owner);
  NodeList params = ast.as<syntax::Parameters>(function.params()).params();
  bool skips_first = classOfMethod(ast, owner).valid() && methodKind(context, owner) != MethodKind::kStatic;
  std::set<std::string> missing;
  for (size_t i = skips_first ? 1 : 0; i < params.size(); ++i) {
    auto param = ast.as<syntax::Parameter>(params[i]);
    std::string_view name = syntax::nameText(ast, param.name());
    if (name.starts_with('_')) continue;
    std::string_view stars = param.parameterKind() == syntax::ParameterKind::kVarPositional  ? "*"
                             : param.parameterKind() == syntax::ParameterKind::kVarKeyword ? "**"
                                                                                            : "";
    if (!isDescribed(names, stars, name)) missing.insert(std::string(stars) + std::string(name));
  }
  if (missing.empty()) return;
  std::string list;
  for (const std::string& name : missing) list += (list.empty() ? "`" : ", `") + name + "`";
  std::string_view shown = syntax::nameText(ast, function.name());
  TextRange range = ast.range(function.name());
  context.sink.begin(missing.size() == 1 ? Rule::kD417 : Rule::kD417Several, range, {shown, list});
}

static bool isNumpyStyle(const std::vector<Section>& numpy, const std::vector<Section>& google, std::string_view convention) {
  if (convention == "numpy" || convention == "google") return convention == "numpy";
  for (const Section& section : numpy) {
    if (section.name == "parameters" || section.name == "other parameters") return true;
  }
  for (const Section& section : google) {
    if (isArgumentsSection(section.name)) return false;
  }
  return google.size() <= numpy.size();
}

static void checkDocstring(LintContext& context, const Docstring& docstring, std::string_view convention) {
  std::vector<std::string_view> lines = linesOf(docstring.content);
  if (lines.size() < 2) return;
  std::vector<Section> numpy = sectionsOf(lines, true), google = sectionsOf(lines, false);
  if (numpy.empty() && google.empty()) return;
  bool is_numpy = isNumpyStyle(numpy, google, convention);
  const std::vector<Section>& sections = is_numpy ? numpy : google;
  Names names;
  bool has_arguments = false;
  for (size_t i = 0; i < sections.size(); ++i) {
    size_t end = i + 1 < sections.size() ? sections[i + 1].line : lines.size();
    if (is_numpy && sections[i].name == "parameters") {
      addNumpyNames(lines, sections[i], end, names);
      has_arguments = true;
    } else if (!is_numpy && isArgumentsSection(sections[i].name)) {
      addGoogleNames(lines, sections[i].line + 1, end, names);
      has_arguments = true;
    }
  }
  if (has_arguments) reportMissing(context, docstring.owner, names);
}

static bool isOverride(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (isOneOf(qualifiedName(context, decorator), {"typing.override", "typing_extensions.override"})) return true;
  }
  return false;
}

void checkArgumentDescriptions(LintContext& context) {
  std::string convention = context.options.text("pydocstyle.convention", "");
  for (const Docstring& docstring : docstringsOf(context)) {
    if (!context.ast.is(docstring.owner, NodeKind::kFunctionDef) || isOverride(context, docstring.owner)) continue;
    checkDocstring(context, docstring, convention);
  }
}

}  // namespace krait::lint

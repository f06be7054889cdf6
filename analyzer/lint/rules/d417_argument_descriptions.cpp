// D417: parameters that a docstring's section of arguments leaves out. ref: pydocstyle, the styles of Google and NumPy
#include <algorithm>
#include <set>

#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using Names = std::set<std::string, std::less<>>;

static size_t indentOf(std::string_view line) { return indentSize(line); }

static std::string_view trimmed(std::string_view text) { return trimmedText(text); }

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

static void addGoogleNames(const std::vector<DocLine>& lines, size_t begin, size_t end, Names& out) {
  while (begin < end && isBlank(lines[begin].text)) ++begin;
  if (begin >= end) return;
  size_t indent = indentOf(lines[begin].text);
  std::string entry;
  for (size_t i = begin; i < end; ++i) {
    if (!isBlank(lines[i].text) && indentOf(lines[i].text) < indent) continue;
    bool is_start = !isBlank(lines[i].text) && indentOf(lines[i].text) == indent;
    if (is_start) {
      out.insert(describedName(entry));
      entry.clear();
    }
    entry += std::string(is_start ? lines[i].text.substr(indent) : lines[i].text) + "\n";
  }
  out.insert(describedName(entry));
}

static void addNumpyNames(const std::vector<DocLine>& lines, const DocSection& section, size_t end, Names& out) {
  for (size_t i = section.line + 1; i + 1 < end; ++i) {
    bool is_entry = !isBlank(lines[i].text) && indentOf(lines[i].text) == section.indent && !isBlank(lines[i + 1].text) &&
                    indentOf(lines[i + 1].text) > section.indent;
    if (!is_entry) continue;
    std::string_view names = lines[i].text.substr(0, lines[i].text.find(':'));
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
  bool skips_first = classOfMethod(ast, owner).valid() && (methodKind(context, owner) != MethodKind::kStatic || definedName(ast, owner) == "__new__");
  std::set<std::string> missing;
  for (size_t i = skips_first ? 1 : 0; i < params.size(); ++i) {
    auto param = ast.as<syntax::Parameter>(params[i]);
    std::string_view name = syntax::nameText(ast, param.name());
    if (name.starts_with('_')) continue;
    std::string_view stars = param.parameterKind() == syntax::ParameterKind::kVarPositional  ? "*"
                             : param.parameterKind() == syntax::ParameterKind::kVarKeyword ? "**"
                                                                                            : "";
    if (!stars.empty() && context.options.flag("pydocstyle.ignore-var-parameters")) continue;
    if (!isDescribed(names, stars, name)) missing.insert(std::string(stars) + std::string(name));
  }
  if (missing.empty()) return;
  std::string list;
  for (const std::string& name : missing) list += (list.empty() ? "`" : ", `") + name + "`";
  std::string_view shown = syntax::nameText(ast, function.name());
  TextRange range = ast.range(function.name());
  context.sink.begin(missing.size() == 1 ? "D417"_rule : "D417Several"_rule, range, {shown, list});
}

static void checkDocstring(LintContext& context, const Docstring& docstring) {
  DocSections doc = readSections(context, docstring);
  Names names;
  bool has_arguments = false;
  for (const DocSection& section : doc.sections) {
    if (doc.is_numpy && section.kind == "Parameters") {
      addNumpyNames(doc.lines, section, section.line_end, names);
      has_arguments = true;
    } else if (!doc.is_numpy && isArgumentsSection(section.kind)) {
      addGoogleNames(doc.lines, section.line + 1, section.line_end, names);
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
  for (const Docstring& docstring : docstringsOf(context)) {
    if (!context.ast.is(docstring.owner, NodeKind::kFunctionDef) || isOverride(context, docstring.owner)) continue;
    checkDocstring(context, docstring);
  }
}

}  // namespace krait::lint

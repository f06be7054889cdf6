// Interactive sessions (`>>>`), in docstrings and documents. ref: doctest, "How are docstring examples recognized?"
#include <algorithm>

#include "analyzer/syntax/parser.h"
#include "cli/verify/blocks.h"

namespace krait::cli {

static std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with("\r")) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

static size_t indentOf(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

static bool hasPrompt(std::string_view line, std::string_view prompt) {
  std::string_view rest = line.substr(indentOf(line));
  return rest.starts_with(prompt) && (rest.size() == prompt.size() || rest[prompt.size()] == ' ');
}

// The width of IPython's prompt `In [3]: ` or `Out[3]: `; 0: the line has none.
static size_t promptWidth(std::string_view line, std::string_view name) {
  if (!line.starts_with(name)) return 0;
  size_t at = name.size();
  while (at < line.size() && line[at] >= '0' && line[at] <= '9') ++at;
  if (at == name.size() || !line.substr(at).starts_with("]:")) return 0;
  return std::min(line.size(), at + 3);
}
static constexpr std::string_view kIn = "In [", kOut = "Out[";

// `   ...: x`
static size_t continuationWidth(std::string_view line) {
  size_t dots = indentOf(line);
  return line.substr(dots).starts_with("...:") ? std::min(line.size(), dots + 5) : 0;
}

static std::vector<SessionExample> ipythonExamples(const std::vector<std::string_view>& lines) {
  std::vector<SessionExample> examples;
  for (size_t i = 0; i < lines.size();) {
    size_t width = promptWidth(lines[i], kIn);
    if (width == 0) {
      ++i;
      continue;
    }
    SessionExample example{.line = static_cast<uint32_t>(i) + 1, .source = std::string(lines[i].substr(width)) + "\n", .expected = ""};
    for (++i; i < lines.size() && continuationWidth(lines[i]) != 0; ++i) example.source += std::string(lines[i].substr(continuationWidth(lines[i]))) + "\n";
    while (i < lines.size() && indentOf(lines[i]) == lines[i].size()) ++i;
    example.expected_line = static_cast<uint32_t>(i) + 1;
    for (; i < lines.size() && promptWidth(lines[i], kIn) == 0 && indentOf(lines[i]) < lines[i].size(); ++i) {
      example.expected += std::string(lines[i].substr(promptWidth(lines[i], kOut))) + "\n";
      ++example.expected_count;
    }
    examples.push_back(std::move(example));
  }
  return examples;
}

bool isSession(std::string_view text) {
  for (std::string_view line : linesOf(text)) {
    if (indentOf(line) == line.size() || line[indentOf(line)] == '#') continue;
    return hasPrompt(line, ">>>") || promptWidth(line, kIn) != 0;
  }
  return false;
}

std::vector<SessionExample> examplesOf(std::string_view text) {
  std::vector<SessionExample> examples;
  std::vector<std::string_view> lines = linesOf(text);
  bool is_ipython = std::any_of(lines.begin(), lines.end(), [](std::string_view line) { return promptWidth(line, kIn) != 0; });
  if (is_ipython) return ipythonExamples(lines);
  for (size_t i = 0; i < lines.size();) {
    if (!hasPrompt(lines[i], ">>>")) {
      ++i;
      continue;
    }
    size_t indent = indentOf(lines[i]);
    auto code = [&](std::string_view line) { return std::string(line.substr(std::min(line.size(), indent + 4))) + "\n"; };
    SessionExample example{.line = static_cast<uint32_t>(i) + 1, .source = code(lines[i]), .expected = ""};
    for (++i; i < lines.size() && hasPrompt(lines[i], "..."); ++i) example.source += code(lines[i]);
    example.expected_line = static_cast<uint32_t>(i) + 1;
    for (; i < lines.size() && indentOf(lines[i]) < lines[i].size() && !hasPrompt(lines[i], ">>>"); ++i) {
      example.expected += std::string(lines[i].substr(std::min(indent, indentOf(lines[i])))) + "\n";
      ++example.expected_count;
    }
    examples.push_back(std::move(example));
  }
  return examples;
}

namespace {
struct DocstringReader {
  const syntax::Ast& ast;
  LineIndex lines;
  std::vector<TextBlock> blocks;

  void read(syntax::NodeList body, const std::string& name);
  void visit(syntax::NodeId node, const std::string& name);
};
}  // namespace

void DocstringReader::read(syntax::NodeList body, const std::string& name) {
  syntax::NodeId docstring = syntax::docstringOf(ast, body);
  if (docstring.valid()) {
    TextRange range = ast.range(docstring);
    uint32_t first = lines.lineOf(range.begin), last = lines.lineOf(range.end);
    std::string text;
    for (uint32_t i = first; i <= last; ++i) text += std::string(lines.lineText(i)) + "\n";
    // The quotes around it are not a part of the first and last examples.
    size_t quote = text.find(">>>") == std::string::npos ? std::string::npos : std::min(text.find("\"\"\""), text.find("'''"));
    if (quote != std::string::npos) text.replace(quote, 3, "   ");
    size_t end = std::max(text.rfind("\"\"\"") == std::string::npos ? 0 : text.rfind("\"\"\""), text.rfind("'''") == std::string::npos ? 0 : text.rfind("'''"));
    if (end != 0) text.erase(end, std::max<size_t>(text.size() - end, 1) - 1);
    if (!examplesOf(text).empty()) {
      blocks.push_back({.line = first + 1, .first_line = first + 1, .language = "pycon", .info = "", .text = text, .section = name, .section_id = static_cast<uint32_t>(blocks.size()) + 1, .lead = "", .group = "", .flags = "", .result = ""});
    }
  }
  for (syntax::NodeId statement : body) visit(statement, name);
}

void DocstringReader::visit(syntax::NodeId node, const std::string& name) {
  auto inner = [&](std::string_view own) { return name.empty() ? std::string(own) : name + "." + std::string(own); };
  if (auto def = ast.tryAs<syntax::FunctionDef>(node)) return read(def->body(), inner(syntax::nameText(ast, def->name())));
  if (auto cls = ast.tryAs<syntax::ClassDef>(node)) return read(cls->body(), inner(syntax::nameText(ast, cls->name())));
  if (ast.is(node, syntax::NodeKind::kIf) || ast.is(node, syntax::NodeKind::kTry)) {
    syntax::forEachChild(ast, node, [&](syntax::NodeId child) { visit(child, name); });
  }
}

std::vector<TextBlock> findDoctests(const syntax::Ast& ast) {
  DocstringReader reader{.ast = ast, .lines = LineIndex(ast.text()), .blocks = {}};
  reader.read(syntax::bodyOf(ast, ast.root()), "");
  return std::move(reader.blocks);
}

std::vector<TextBlock> findDoctests(std::string_view source, Interner& names) {
  syntax::ParsedModule module = syntax::parseModule(source, names);
  return module.error ? std::vector<TextBlock>() : findDoctests(module.ast);
}

}  // namespace krait::cli

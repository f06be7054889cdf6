#include "analyzer/lint/docstrings.h"

#include "analyzer/lint/qualified_names.h"

#include "analyzer/lint/name_settings.h"

#include <algorithm>

#include "analyzer/lint/docstring_sections.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

std::vector<uint32_t> docstringStarts(const Ast& ast) {
  std::vector<uint32_t> starts;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeKind kind = ast.kind(NodeId(i));
    if (kind != NodeKind::kModule && kind != NodeKind::kClassDef && kind != NodeKind::kFunctionDef) continue;
    NodeId docstring = syntax::docstringOf(ast, syntax::bodyOf(ast, NodeId(i)));
    if (docstring.valid()) starts.push_back(ast.range(docstring).begin);
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

bool isBlank(std::string_view line) { return line.find_first_not_of(" \t\r\f") == std::string_view::npos; }

static void addDocstring(const LintContext& context, NodeId owner, std::vector<Docstring>& out) {
  const Ast& ast = context.ast;
  NodeId node = syntax::docstringOf(ast, syntax::bodyOf(ast, owner));
  if (!node.valid()) return;
  std::string_view literal = ast.text(node);
  syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
  uint32_t head = prefix.prefix_size + prefix.quote_size;
  if (literal.size() < head + prefix.quote_size) return;
  std::string_view quote = literal.substr(prefix.prefix_size, prefix.quote_size);
  std::string_view content = literal.substr(head, literal.size() - head - prefix.quote_size);
  if (!literal.ends_with(quote)) return;
  // Joined literals have their first quote again inside.
  for (size_t at = 0; at < content.size(); ++at) {
    if (content.substr(at).starts_with(quote)) return;
    at += content[at] == '\\';
  }
  out.push_back({owner, ast.range(node), content, quote});
}

bool isIgnoredByDecorator(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    std::string name = qualifiedName(context, decorator);
    if (!name.empty() && listsQualified(context, "pydocstyle.ignore-decorators", name)) return true;
  }
  return false;
}

std::vector<Docstring> docstringsOf(const LintContext& context) {
  const Ast& ast = context.ast;
  std::vector<Docstring> out;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeKind kind = ast.kind(NodeId(i));
    if (kind == NodeKind::kFunctionDef && isIgnoredByDecorator(context, NodeId(i))) continue;
    if (kind == NodeKind::kModule || kind == NodeKind::kClassDef || kind == NodeKind::kFunctionDef) {
      addDocstring(context, NodeId(i), out);
    }
  }
  std::sort(out.begin(), out.end(), [](const Docstring& a, const Docstring& b) { return a.range.begin < b.range.begin; });
  return out;
}

// Is it a line under or above a heading?
static bool isDrawn(std::string_view line) {
  line = line.substr(line.find_first_not_of(" \t\f"));
  line = line.substr(0, line.find_last_not_of(" \t\r\f") + 1);
  return line.find_first_not_of("-=~#") == std::string_view::npos;
}

std::string_view summaryEnd(std::string_view content) {
  std::vector<std::string_view> lines = linesOf(content);
  // The last line of the first paragraph counts, or of the heading that a line of dashes and the like is drawn under.
  std::string_view summary;
  for (std::string_view line : lines) {
    if (isBlank(line) || isDrawn(line)) {
      if (!summary.empty()) break;
      continue;
    }
    summary = line;
  }
  size_t end = summary.find_last_not_of(" \t\r\f");
  if (end == std::string_view::npos) return {};
  summary = summary.substr(0, end + 1);
  return summary.substr(summary.find_first_not_of(" \t"));
}

std::optional<FixEdit> endSummary(const LintContext& context, const Docstring& docstring, std::string_view mark, std::string_view stops) {
  std::string_view summary = summaryEnd(docstring.content);
  if (summary.empty() || stops.find(summary.back()) != std::string_view::npos) return std::nullopt;
  uint32_t at = static_cast<uint32_t>(summary.data() + summary.size() - context.ast.text().data());
  return FixEdit{{at, at}, std::string(mark)};
}

// Does the docstring begin with a field (`:param x:`), or with a section's heading?
static bool isField(std::string_view content) {
  std::string_view line = content.substr(std::min(content.find_first_not_of(" \t\r\n\f"), content.size()));
  line = line.substr(0, line.find_first_of("\r\n"));
  for (std::string_view field : {":param", ":type", ":raises", ":return", ":rtype"}) {
    if (line.starts_with(field)) return true;
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return isSectionName(line);
}

bool summaryEndsIn(std::string_view content, std::string_view characters) {
  std::string_view text = summaryEnd(content);
  if (text.empty() || isField(content)) return true;
  if (text.ends_with('\\')) return true;
  return characters.find(text.back()) != std::string_view::npos;
}

}  // namespace krait::lint

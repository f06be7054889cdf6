#include "analyzer/lint/statement_edits.h"

#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

uint32_t skipTrivia(std::string_view text, uint32_t at) {
  while (at < text.size()) {
    char c = text[at];
    if (c == '#') {
      at = static_cast<uint32_t>(std::min(text.find('\n', at), text.size()));
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\\') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

uint32_t lineBegin(const LintContext& context, uint32_t offset) {
  return context.file.lines.lineStart(context.file.lines.lineOf(offset));
}

uint32_t nextLineBegin(const LintContext& context, uint32_t offset) {
  uint32_t line = context.file.lines.lineOf(offset) + 1;
  return line < context.file.lines.lineCount() ? context.file.lines.lineStart(line)
                                               : static_cast<uint32_t>(context.file.text.size());
}

std::string_view indentationAt(const LintContext& context, uint32_t offset) {
  uint32_t begin = lineBegin(context, offset);
  std::string_view text = context.ast.text().substr(begin);
  return text.substr(0, std::min(text.find_first_not_of(" \t\f"), text.size()));
}

std::string_view lineEndText(const LintContext& context) {
  std::string_view text = context.ast.text();
  size_t at = text.find('\n');
  if (at == std::string_view::npos) return "\n";
  return at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";
}

FixEdit deleteStatement(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  TextRange range = syntax::fullRange(ast, statement);
  NodeList block = blockOf(ast, statement);
  if (block.size() == 1 && !ast.is(ast.parent(statement), NodeKind::kModule)) return {range, "pass"};
  std::string_view text = ast.text();
  uint32_t after = range.end;
  while (after < text.size() && (text[after] == ' ' || text[after] == '\t')) ++after;
  if (after < text.size() && text[after] == ';') {
    uint32_t next = after + 1;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
    return {{range.begin, next}, ""};
  }
  uint32_t begin = lineBegin(context, range.begin);
  bool is_first = text.substr(begin, range.begin - begin).find_first_not_of(" \t\f") == std::string_view::npos;
  if (!is_first) return {range, ""};
  return {{begin, nextLineBegin(context, range.end)}, ""};
}

FixEdit removeArgument(const LintContext& context, NodeId call_node, NodeId argument) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(call_node);
  NodeList args = call.args();
  size_t index = static_cast<size_t>(std::find(args.begin(), args.end(), argument) - args.begin());
  TextRange range = ast.range(argument);
  if (index + 1 < args.size()) {
    uint32_t comma = skipTrivia(ast.text(), range.end);
    while (comma < ast.text().size() && ast.text()[comma] == ')') comma = skipTrivia(ast.text(), comma + 1);
    return {{range.begin, skipTrivia(ast.text(), comma + 1)}, ""};
  }
  if (index > 0) {
    uint32_t comma = skipTrivia(ast.text(), ast.range(args[index - 1]).end);
    while (comma < range.begin && ast.text()[comma] != ',') comma = skipTrivia(ast.text(), comma + 1);
    return {{comma, range.end}, ""};
  }
  uint32_t open = skipTrivia(ast.text(), ast.range(call.func()).end);
  while (open < range.begin && ast.text()[open] == ')') open = skipTrivia(ast.text(), open + 1);
  return {{open, ast.range(call_node).end}, "()"};
}

FixEdit addArgument(const LintContext& context, NodeId call_node, std::string_view argument) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(call_node).args();
  uint32_t end = ast.range(call_node).end;
  if (args.empty()) return {{end - 1, end - 1}, std::string(argument)};
  for (NodeId arg : args) {
    uint32_t begin = ast.range(arg).begin;
    if (ast.is(arg, NodeKind::kKeyword)) return {{begin, begin}, std::string(argument) + ", "};
  }
  NodeId last = args[args.size() - 1];
  bool is_bare = args.size() == 1 && ast.is(last, NodeKind::kGeneratorExp) && ast.range(last).end == end;
  uint32_t at = is_bare ? end - 1 : parenthesizedRange(ast, last).end;
  return {{at, at}, ", " + std::string(argument)};
}

// Where an import can be added: after the last of the module's leading imports that ends before the place.
static FixEdit importEdit(const LintContext& context, const std::string& statement, NodeId at) {
  const Ast& ast = context.ast;
  NodeList body = syntax::bodyOf(ast, ast.root());
  uint32_t limit = ast.range(at).begin;
  NodeId last;
  NodeId docstring = syntax::docstringOf(ast, body);
  for (NodeId child : body) {
    if (ast.range(child).end > limit) break;
    if (ast.is(child, NodeKind::kImport) || ast.is(child, NodeKind::kImportFrom)) last = child;
  }
  if (!last.valid() && docstring.valid()) last = body[0];
  std::string line = statement + std::string(lineEndText(context));
  if (last.valid()) {
    uint32_t begin = nextLineBegin(context, ast.range(last).end);
    if (begin == ast.text().size() && !ast.text().ends_with('\n')) line = std::string(lineEndText(context)) + statement;
    return {{begin, begin}, line};
  }
  uint32_t begin = 0;
  for (const syntax::Comment& comment : ast.comments()) {
    if (comment.begin != begin) break;
    begin = nextLineBegin(context, comment.begin);
  }
  return {{begin, begin}, line};
}

std::optional<ImportedName> importName(const LintContext& context, std::string_view module, std::string_view name, NodeId at) {
  const Ast& ast = context.ast;
  const SemanticModel& model = context.model;
  std::string full = std::string(module) + "." + std::string(name);
  uint32_t here = ast.range(at).begin;
  for (NodeId child : syntax::bodyOf(ast, ast.root())) {
    if (ast.range(child).begin >= here) break;
    bool is_import = ast.is(child, NodeKind::kImport);
    if (!is_import && !ast.is(child, NodeKind::kImportFrom)) continue;
    NodeList aliases = is_import ? ast.as<syntax::Import>(child).names() : ast.as<syntax::ImportFrom>(child).names();
    for (NodeId id : aliases) {
      auto alias = ast.as<syntax::Alias>(id);
      std::string_view imported = syntax::nameText(ast, alias.name());
      NodeId bound = alias.asname().valid() ? alias.asname() : alias.name();
      if (is_import && imported == module) {
        return ImportedName{std::string(alias.asname().valid() ? syntax::nameText(ast, bound) : module) + "." + std::string(name), {}};
      }
      if (is_import) continue;
      auto from = ast.as<syntax::ImportFrom>(child);
      if (from.level() == 0 && syntax::nameText(ast, from.module()) == module && imported == name) {
        return ImportedName{std::string(syntax::nameText(ast, bound)), {}};
      }
    }
  }
  std::string_view first = module.substr(0, module.find('.'));
  for (SymbolId symbol : model.symbolsOf(SemanticModel::kModuleScope)) {
    if (model.nameOf(symbol) != first) continue;
    for (const Definition& definition : model.definitions(model.resolve(symbol))) {
      if (definition.kind != DefinitionKind::kImport) return std::nullopt;
    }
  }
  return ImportedName{full, importEdit(context, "import " + std::string(module), at)};
}

}  // namespace krait::lint

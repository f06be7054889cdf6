#include "analyzer/lint/rewrites.h"

#include "analyzer/lint/annotations.h"

#include <algorithm>

#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

static bool isBlankText(std::string_view text) { return text.find_first_not_of(" \t\f") == std::string_view::npos; }

FixEdit removeStatement(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  const LineIndex& lines = context.file.lines;
  TextRange range = syntax::fullRange(ast, statement);
  bool is_only = blockOf(ast, statement).size() == 1 && !ast.is(ast.parent(statement), NodeKind::kModule);
  if (is_only) return {.range = range, .replacement = "pass"};
  uint32_t line = lines.lineOf(range.begin), last = lines.lineOf(range.end);
  std::string_view before = ast.text({lines.lineStart(line), range.begin});
  uint32_t line_end = lines.lineStart(last) + static_cast<uint32_t>(lines.lineText(last).size());
  // A semicolon after the statement: the rest of the line stays.
  const Token& next = context.tokens.nextCode(range.end);
  if (next.kind == TokenKind::kSemicolon && lines.lineOf(next.begin) == last) {
    const Token& after = context.tokens.nextCode(next.end);
    if (after.kind != TokenKind::kNewline) return {.range = {range.begin, after.begin}, .replacement = ""};
  }
  ptrdiff_t previous = context.tokens.lastBefore(range.begin);
  bool is_behind = previous >= 0 && context.tokens.all()[static_cast<size_t>(previous)].kind == TokenKind::kSemicolon;
  if (is_behind) return {.range = range, .replacement = ""};
  if (!isBlankText(before)) return {.range = range, .replacement = "pass"};
  uint32_t end = last + 1 < lines.lineCount() ? lines.lineStart(last + 1) : line_end;
  return {.range = {lines.lineStart(line), end}, .replacement = ""};
}

TextRange argumentsRange(const LintContext& context, NodeId call) {
  NodeId func = context.ast.as<syntax::Call>(call).func();
  const std::vector<Token>& tokens = context.tokens.all();
  size_t at = context.tokens.firstAt(context.ast.range(func).end);
  while (at < tokens.size() && tokens[at].kind != TokenKind::kLeftParen) ++at;
  uint32_t begin = at < tokens.size() ? tokens[at].begin : context.ast.range(func).end;
  return {begin, context.ast.range(call).end};
}

// Where the text goes on after a comma: a comment stays.
static uint32_t afterComma(const Ast& ast, uint32_t at) {
  while (at < ast.text().size() && std::string_view(" \t\f\r\n").find(ast.text()[at]) != std::string_view::npos) ++at;
  return at;
}

FixEdit removeArgument(const LintContext& context, NodeList args, NodeId argument, uint32_t open, uint32_t close,
                       bool removes_parentheses) {
  const Ast& ast = context.ast;
  if (args.size() == 1) {
    if (removes_parentheses) return {.range = {open, close}, .replacement = ""};
    return {.range = {open + 1, close - 1}, .replacement = ""};
  }
  size_t at = static_cast<size_t>(std::find(args.begin(), args.end(), argument) - args.begin());
  TextRange range = parenthesizedRange(context, argument);
  if (at + 1 < args.size()) return {.range = {range.begin, afterComma(ast, context.tokens.nextCode(range.end).end)}, .replacement = ""};
  return {.range = {parenthesizedRange(context, args[at - 1]).end, range.end}, .replacement = ""};
}

// Does a function run between the scope of the definition and the place? Then all that the scope ever binds counts.
static bool runsInOrder(const LintContext& context, NodeId at, ScopeId scope) {
  if (isDeferredAnnotation(context, at)) return false;
  for (ScopeId inner = context.model.enclosingScope(at); inner.valid() && inner != scope; inner = context.model[inner].parent) {
    ScopeKind kind = context.model[inner].kind;
    if (kind == ScopeKind::kFunction || kind == ScopeKind::kLambda) return false;
  }
  return true;
}

// Where the name gets its value: behind what is evaluated for it.
static uint32_t boundAt(const Ast& ast, const Definition& definition) {
  if (ast.is(definition.owner, NodeKind::kAssign) || ast.is(definition.owner, NodeKind::kAnnAssign)) return ast.range(definition.owner).end;
  if (auto loop = ast.tryAs<syntax::For>(definition.owner)) return ast.range(loop->iter()).end;
  return ast.range(definition.node).begin;
}

static bool isHidden(const LintContext& context, NodeId at, std::string_view name, bool is_at_end) {
  NameId id = context.ast.names().find(name);
  if (!id.valid()) return false;
  SymbolId symbol = context.model.lookup(context.model.enclosingScope(at), id);
  if (!symbol.valid()) return false;
  // What runs from above is not hidden by what is bound further down.
  bool is_in_order = !is_at_end && runsInOrder(context, at, context.model[symbol].scope);
  for (const Definition& definition : context.model.definitions(context.model.resolve(symbol))) {
    bool is_own = definition.kind == DefinitionKind::kFunction || definition.kind == DefinitionKind::kClass;
    uint32_t bound = is_own ? context.ast.range(definition.owner).end : boundAt(context.ast, definition);
    bool is_later = is_in_order && bound > context.ast.range(at).begin;
    if (definition.kind != DefinitionKind::kAnnotation && !is_later) return true;
  }
  return false;
}

bool isBuiltinAvailable(const LintContext& context, NodeId at, std::string_view name) { return !isHidden(context, at, name, false); }

std::optional<ImportedName> builtinNameAtEnd(const LintContext& context, NodeId at, std::string_view name) {
  // As the peer has it: what the module binds at its end, not what the class around does.
  if (!isHidden(context, context.ast.root(), name, true)) return ImportedName{.text = std::string(name), .edit = std::nullopt};
  return importName(context, "builtins", name, at, true);
}

std::optional<ImportedName> builtinName(const LintContext& context, NodeId at, std::string_view name) {
  if (isBuiltinAvailable(context, at, name)) return ImportedName{.text = std::string(name), .edit = std::nullopt};
  return importName(context, "builtins", name, at, true);
}

bool hasCommentAround(const LintContext& context, TextRange range) {
  const LineIndex& lines = context.file.lines;
  uint32_t begin = lines.lineStart(lines.lineOf(range.begin));
  if (!isBlankText(context.ast.text({begin, range.begin}))) begin = range.begin;
  uint32_t line = lines.lineOf(range.end);
  uint32_t end = lines.lineStart(line) + static_cast<uint32_t>(lines.lineText(line).size());
  std::string_view after = end > range.end ? context.ast.text({range.end, end}) : std::string_view();
  size_t code = after.find_first_not_of(" \t\f");
  bool has_code = code != std::string_view::npos && after[code] != '#';
  return hasComment(context, {begin, has_code ? range.end : std::max(end, range.end)});
}

bool hasComment(const LintContext& context, TextRange range) {
  auto comments = context.ast.comments();
  auto found = std::lower_bound(comments.begin(), comments.end(), range.begin,
                                [](const syntax::Comment& comment, uint32_t place) { return comment.begin < place; });
  return found != comments.end() && found->begin < range.end;
}

TextRange parenthesizedRange(const LintContext& context, NodeId node) {
  TextRange range = context.ast.range(node);
  if (!context.ast.hasFlag(node, syntax::kParenthesized)) return range;
  const std::vector<Token>& tokens = context.tokens.all();
  while (true) {
    ptrdiff_t before = context.tokens.lastBefore(range.begin);
    const Token& after = context.tokens.nextCode(range.end);
    if (before < 0 || tokens[static_cast<size_t>(before)].kind != TokenKind::kLeftParen) return range;
    if (after.kind != TokenKind::kRightParen) return range;
    // The parenthesis of a call is not the argument's own.
    if (before > 0) {
      const Token& callee = tokens[static_cast<size_t>(before) - 1];
      bool is_call = callee.kind == TokenKind::kName || isClosing(callee.kind) || callee.kind == TokenKind::kString;
      if (is_call && callee.end == tokens[static_cast<size_t>(before)].begin) return range;
    }
    range = {tokens[static_cast<size_t>(before)].begin, after.end};
  }
}

std::string_view indentAt(const LintContext& context, uint32_t offset) {
  const LineIndex& lines = context.file.lines;
  std::string_view line = lines.lineText(lines.lineOf(offset));
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view indentStep(const LintContext& context) {
  const std::vector<Token>& tokens = context.tokens.all();
  std::string_view text = context.ast.text();
  for (const Token& token : tokens) {
    if (token.kind != TokenKind::kIndent) continue;
    std::string_view step = indentAt(context, token.end);
    return step.substr(step.rfind('\f') + 1);
  }
  for (const Token& token : tokens) {
    if (token.kind != TokenKind::kNl) continue;
    std::string_view line = text.substr(token.end, text.find_first_of("\r\n", token.end) - token.end);
    size_t blanks = line.find_first_not_of(" \t");
    if (blanks != std::string_view::npos && blanks > 0) return line.substr(0, blanks);
  }
  return "    ";
}

std::string inPreferredQuotes(const LintContext& context, std::string_view text) {
  char quote = '"';
  for (const Token& token : context.tokens.all()) {
    // The first string counts, not one inside an f-string's field.
    bool is_format = token.kind == TokenKind::kFStringStart;
    if (token.kind != TokenKind::kString && !is_format) continue;
    std::string_view literal = context.ast.text(token.range());
    char last = literal.back();
    bool is_triple = !is_format && literal.size() >= 6 && literal.ends_with(std::string(3, last));
    if (is_triple) continue;
    quote = last;
    break;
  }
  return quote + std::string(text) + quote;
}

bool isMultiline(const LintContext& context, TextRange range) {
  return context.ast.text(range).find_first_of("\r\n") != std::string_view::npos;
}

// The last import at module level that begins before the offset, or none.
static NodeId importBefore(const LintContext& context, uint32_t offset) {
  const Ast& ast = context.ast;
  NodeId found;
  for (NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
    if (ast.range(statement).begin >= offset) break;
    if (ast.is(statement, NodeKind::kImport) || ast.is(statement, NodeKind::kImportFrom)) found = statement;
  }
  return found;
}

FixEdit importEdit(const LintContext& context, const std::string& statement, uint32_t offset) {
  NodeId previous = importBefore(context, offset);
  if (!previous.valid()) return importAtStart(context, statement);
  uint32_t end = context.ast.range(previous).end;
  const LineIndex& lines = context.file.lines;
  size_t behind = std::min(context.ast.text().find_first_not_of(" \t", end), context.ast.text().size());
  if (context.ast.text().substr(behind).starts_with(';')) {
    uint32_t at = static_cast<uint32_t>(behind) + 1;
    return {.range = {at, at}, .replacement = " " + statement + ";"};
  }
  uint32_t line = lines.lineOf(end);
  uint32_t next = line + 1 < lines.lineCount() ? lines.lineStart(line + 1) : static_cast<uint32_t>(context.ast.text().size());
  if (next == context.ast.text().size() && !context.ast.text().ends_with('\n')) return {.range = {next, next}, .replacement = std::string(lineEndText(context)) + statement};
  return {.range = {next, next}, .replacement = statement + std::string(lineEndText(context))};
}

// Does the name mean nothing yet where the node stands, and nothing of its own function anywhere?
static bool isNameFree(const LintContext& context, NodeId at, std::string_view name) {
  NameId id = context.ast.names().find(name);
  if (!id.valid()) return true;
  ScopeId scope = context.model.enclosingScope(at);
  SymbolId symbol = context.model.lookup(scope, id);
  // A name of a function is its own from the function's first line.
  ScopeKind kind = symbol.valid() ? context.model[context.model[symbol].scope].kind : ScopeKind::kModule;
  bool is_own = kind == ScopeKind::kFunction || kind == ScopeKind::kLambda;
  if (is_own && !context.model.definitions(context.model.resolve(symbol)).empty()) return false;
  return !isHidden(context, at, name, false);
}

// How the definition, an import that stands before `at`, makes the module's member known there.
static std::optional<std::string> importedText(const LintContext& context, const Definition& definition, std::string_view module,
                                               std::string_view member, NodeId at) {
  const Ast& ast = context.ast;
  auto alias = ast.tryAs<syntax::Alias>(definition.owner);
  NodeId statement = alias ? ast.parent(alias->id) : NodeId::none();
  if (!statement.valid() || ast.range(statement).begin >= ast.range(at).begin) return std::nullopt;
  auto from = ast.tryAs<syntax::ImportFrom>(statement);
  if (from && (from->level() != 0 || syntax::nameText(ast, from->module()) != module)) return std::nullopt;
  std::string_view imported = syntax::nameText(ast, alias->name());
  // `import a.b` makes `a` known, too.
  if (!from && !alias->asname().valid() && module.find('.') == std::string_view::npos) imported = imported.substr(0, imported.find('.'));
  if (imported != (from ? member : module)) return std::nullopt;
  NodeId bound = alias->asname().valid() ? alias->asname() : alias->name();
  std::string_view text = syntax::nameText(ast, bound);
  NameId name = ast.names().find(text.substr(0, text.find('.')));
  SymbolId here = name.valid() ? context.model.lookup(context.model.enclosingScope(at), name) : SymbolId::none();
  if (!here.valid() || context.model.resolve(here) != definition.symbol) return std::nullopt;
  if (!from) return (alias->asname().valid() ? std::string(text) : std::string(module)) + "." + std::string(member);
  return std::string(text);
}

// Is it what gives the name its value where the node stands: the last before it, or the last of all where a function runs later?
static bool isCurrent(const LintContext& context, const Definition& definition, NodeId at) {
  bool is_in_order = runsInOrder(context, at, context.model[definition.symbol].scope);
  uint32_t bound = boundAt(context.ast, definition);
  for (const Definition& other : context.model.definitions(definition.symbol)) {
    if (other.kind == DefinitionKind::kAnnotation) continue;
    uint32_t place = boundAt(context.ast, other);
    if (place > bound && (!is_in_order || place <= context.ast.range(at).begin)) return false;
  }
  return true;
}

// An import that the place can use: of its own function, of those around it, of the module; the last one counts.
static std::optional<ImportedName> existingImport(const LintContext& context, std::string_view module, std::string_view member,
                                                  NodeId at) {
  const SemanticModel& model = context.model;
  for (ScopeId scope = model.enclosingScope(at); scope.valid(); scope = model[scope].parent) {
    std::optional<std::string> found;
    uint32_t found_at = 0;
    for (SymbolId symbol : model.symbolsOf(scope)) {
      for (const Definition& definition : model.definitions(symbol)) {
        if (definition.kind != DefinitionKind::kImport && definition.kind != DefinitionKind::kImportFrom) continue;
        std::optional<std::string> text = importedText(context, definition, module, member, at);
        uint32_t begin = text ? context.ast.range(definition.owner).begin : 0;
        if (!text || begin < found_at || !isCurrent(context, definition, at)) continue;
        found = text;
        found_at = begin;
      }
    }
    if (found) return ImportedName{.text = *found, .edit = std::nullopt};
  }
  return std::nullopt;
}

// Puts a name behind the last one of an import. Where a comma follows that one, the new one gets the same around it.
static FixEdit addedAlias(const Ast& ast, NodeId last, std::string_view name) {
  uint32_t end = ast.range(last).end, close = ast.range(ast.parent(last)).end - 1;
  uint32_t comma = skipTrivia(ast.text(), end);
  if (comma >= close || ast.text()[comma] != ',') return {.range = {end, end}, .replacement = ", " + std::string(name)};
  return {.range = {close, close}, .replacement = std::string(name) + std::string(ast.text({comma, close}))};
}

std::optional<ImportedName> importName(const LintContext& context, std::string_view module, std::string_view member,
                                       NodeId at, bool prefers_module) {
  if (std::optional<ImportedName> known = existingImport(context, module, member, at)) return known;
  const Ast& ast = context.ast;
  uint32_t place = ast.range(at).begin;
  // The last import from the module takes the name in, or nothing does when the name means something else here.
  NodeId last;
  for (NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
    if (ast.range(statement).begin >= place) break;
    auto from = ast.tryAs<syntax::ImportFrom>(statement);
    if (!from || from->level() != 0 || syntax::nameText(ast, from->module()) != module) continue;
    if (syntax::nameText(ast, ast.as<syntax::Alias>(from->names().back()).name()) != "*") last = from->names().back();
  }
  if (last.valid()) {
    if (!isNameFree(context, at, member)) return std::nullopt;
    return ImportedName{.text = std::string(member), .edit = addedAlias(ast, last, member)};
  }
  if (!prefers_module) {
    if (!isNameFree(context, at, member)) return std::nullopt;
    std::string statement = "from " + std::string(module) + " import " + std::string(member);
    return ImportedName{.text = std::string(member), .edit = importEdit(context, statement, place)};
  }
  if (!isNameFree(context, at, module)) return std::nullopt;
  return ImportedName{.text = std::string(module) + "." + std::string(member),
                      .edit = importEdit(context, "import " + std::string(module), place)};
}

}  // namespace krait::lint

// Annotations from what the checker knows, f-strings from format() and %, and back.
#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "lsp/code_actions/action_list.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
// A type as the file can write it, and the imports that it needs for that.
struct WrittenType {
  std::string text;
  std::vector<Edit> imports;
};
}  // namespace

static bool isWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// `place`: where it will stand; `value`: an expression of the type, or none. Nothing: some name of it has no home that is known.
static std::optional<WrittenType> writtenType(ActionList& actions, const std::string& type, uint32_t place, NodeId value) {
  Workspace& workspace = actions.server.workspace();
  WrittenType out;
  std::set<std::string> imported;
  char quote = 0;
  for (size_t i = 0; i < type.size();) {
    if (type[i] == '"' || type[i] == '\'') quote = quote == 0 ? type[i] : quote == type[i] ? 0 : quote;
    size_t end = i;
    while (end < type.size() && isWordByte(type[end])) ++end;
    bool is_name = quote == 0 && end > i && !std::isdigit(static_cast<unsigned char>(type[i])) && (i == 0 || type[i - 1] != '.');
    if (!is_name) {
      out.text += type.substr(i, std::max<size_t>(end - i, 1));
      i = std::max(end, i + 1);
      continue;
    }
    std::string word = type.substr(i, end - i), home;
    i = end;
    // Who writes annotations means texts of any origin.
    if (word == "LiteralString") word = "str";
    if (!nameTargets(workspace, actions.module, place, word).empty() || imported.count(word) != 0) {
      out.text += word;
      continue;
    }
    std::vector<Target> classes = value.valid() ? typeTargets(workspace, actions.module, value) : std::vector<Target>();
    for (const Target& one : classes) {
      if (one.name.valid() && nameText(one.module->ast(), one.name) == word) home = one.module->module_name;
    }
    SourceModule* typing = home.empty() ? workspace.loadModule("typing") : nullptr;
    if (typing != nullptr && !moduleMember(workspace, *typing, word, FollowImports::kNo).empty()) home = "typing";
    if (home.empty() || home == "builtins" || home[0] == '_') return std::nullopt;
    std::vector<Target> known = nameTargets(workspace, actions.module, place, home);
    bool has_module = std::any_of(known.begin(), known.end(), [&](const Target& one) { return one.name.isNone() && one.module->module_name == home; });
    out.text += has_module ? home + "." + word : word;
    if (has_module) continue;
    imported.insert(word);
    for (Edit& edit : importEdits(workspace, actions.module, home, word)) out.imports.push_back(std::move(edit));
  }
  return out;
}

static void addAnnotation(ActionList& actions, const std::string& title, const std::string& type, NodeId value, TextRange range, const std::string& before, const std::string& behind) {
  std::optional<WrittenType> written = writtenType(actions, type, range.begin, value);
  if (!written) return;
  std::vector<Edit> edits = std::move(written->imports);
  edits.push_back({&actions.module, range, before + written->text + behind});
  actions.add(title + " as `" + written->text + "`", "refactor.rewrite", edits);
}

static NodeId functionHeaderAt(const Ast& ast, TextRange selection) {
  NodeId found;
  for (NodeId node : nodesAt(ast, selection.begin)) {
    bool is_header = ast.is(node, NodeKind::kFunctionDef) && selection.begin < ast.range(bodyOf(ast, node)[0]).begin;
    if (is_header) found = node;
  }
  return found;
}

static void addReturnAnnotation(ActionList& actions, NodeId function) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  FunctionDef def = ast.as<FunctionDef>(function);
  if (def.returns().valid()) return;
  std::string type = returnTypeText(actions.server.workspace(), module, function);
  uint32_t place = resultPlace(ast, function);
  if (type.empty() || place == 0) return;
  addAnnotation(actions, "Annotate the result", type, NodeId::none(), {place, place}, " -> ", "");
}

// `def f(count=1)`: by its default, where that tells enough.
static void addParameterAnnotation(ActionList& actions) {
  const Ast& ast = actions.module.ast();
  for (NodeId node : nodesAt(ast, actions.selection.begin)) {
    auto parameter = ast.tryAs<Parameter>(node);
    if (!parameter || parameter->annotation().valid() || parameter->defaultValue().isNone() || ast.is(ast.parent(ast.parent(node)), NodeKind::kLambda)) continue;
    std::string type = typeTextAt(actions.server.workspace(), actions.module, parameter->defaultValue());
    if (type.empty() || type == "None" || type.find("Any") != std::string::npos || type.starts_with("def ")) continue;
    uint32_t name_end = ast.range(parameter->name()).end, begin = ast.range(parameter->defaultValue()).begin;
    addAnnotation(actions, "Annotate `" + std::string(nameText(ast, parameter->name())) + "`", type, parameter->defaultValue(), {name_end, begin}, ": ", " = ");
  }
}

static void addVariableAnnotation(ActionList& actions) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId name = nameAt(ast, actions.selection.begin);
  auto assign = name.valid() ? ast.tryAs<Assign>(ast.parent(name)) : std::nullopt;
  if (!assign || assign->targets().size() != 1 || assign->targets()[0] != name || !ast.is(name, NodeKind::kName)) return;
  if (module.model().definitions(module.model().ownerAt(name))[0].node != name) return;
  std::string type = typeTextAt(actions.server.workspace(), module, name);
  if (type.empty() || type.find("Any") != std::string::npos || type.starts_with("def ") || type.find('<') != std::string::npos) return;
  uint32_t end = ast.range(name).end;
  addAnnotation(actions, "Annotate", type, name, {end, end}, ": ", "");
}

// ---- f-strings ----

namespace {
// A plain one-line literal: its quote and what stands between the quotes.
struct Literal {
  char quote = 0;
  std::string_view body;
};
}  // namespace

static Literal literalOf(const Ast& ast, NodeId node) {
  if (!ast.is(node, NodeKind::kConstant) || !stringValue(ast, node)) return {};
  std::string_view text = ast.text(node);
  bool is_plain = text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0] && !text.starts_with("\"\"\"") && !text.starts_with("'''");
  if (!is_plain || text.substr(1, text.size() - 2).find(text[0]) != std::string_view::npos) return {};
  return {text[0], text.substr(1, text.size() - 2)};
}

// May the expression stand inside the braces of an f-string with this quote, whatever the version?
static bool fitsInside(std::string_view expression, char quote) {
  return expression.find(quote) == std::string_view::npos && expression.find('\\') == std::string_view::npos && expression.find('\n') == std::string_view::npos &&
         !expression.empty() && expression[0] != '{' && expression.find('#') == std::string_view::npos;
}

// The value as it stands inside those braces: strings in it with the other quotes; nothing: it cannot stand there.
static std::optional<std::string> bracedText(const Ast& ast, NodeId value, char quote) {
  std::string text(ast.text(value));
  char other = quote == '"' ? '\'' : '"';
  if (text.find(quote) != std::string::npos && text.find(other) == std::string::npos) std::replace(text.begin(), text.end(), quote, other);
  if (!fitsInside(text, quote)) return std::nullopt;
  bool has_colon = ast.is(value, NodeKind::kLambda) || ast.is(value, NodeKind::kNamedExpr);
  return has_colon ? "(" + text + ")" : text;
}

static std::optional<std::string> fromFormat(const Ast& ast, Call call) {
  auto attribute = ast.tryAs<Attribute>(call.func());
  if (!attribute || nameText(ast, attribute->attr()) != "format") return std::nullopt;
  Literal literal = literalOf(ast, attribute->value());
  if (literal.quote == 0) return std::nullopt;
  std::string out = std::string("f") + literal.quote;
  size_t next = 0;
  for (size_t i = 0; i < literal.body.size(); ++i) {
    char c = literal.body[i];
    bool is_double = (c == '{' || c == '}') && i + 1 < literal.body.size() && literal.body[i + 1] == c;
    out += c;
    if (is_double) out += literal.body[++i];
    if (is_double || c != '{') continue;
    size_t close = literal.body.find('}', i);
    if (close == std::string_view::npos) return std::nullopt;
    std::string_view field = literal.body.substr(i + 1, close - i - 1);
    size_t name_end = std::min(field.find_first_of("!:.["), field.size());
    std::string_view key = field.substr(0, name_end);
    NodeId value;
    size_t index = key.empty() ? next++ : key[0] >= '0' && key[0] <= '9' ? static_cast<size_t>(key[0] - '0') : call.args().size();
    if (key.size() > 1 && index < call.args().size() && !key.empty()) return std::nullopt;
    for (size_t a = 0; a < call.args().size(); ++a) {
      auto keyword = ast.tryAs<Keyword>(call.args()[a]);
      if (keyword && keyword->arg().valid() && nameText(ast, keyword->arg()) == key) value = keyword->value();
      if (!keyword && a == index) value = call.args()[a];
    }
    if (value.isNone() || ast.is(value, NodeKind::kStarred) || field.find('{') != std::string_view::npos) return std::nullopt;
    std::optional<std::string> text = bracedText(ast, value, literal.quote);
    if (!text) return std::nullopt;
    out += *text + std::string(field.substr(name_end)) + "}";
    i = close;
  }
  return out + literal.quote;
}

// A conversion of printf's kind in an f-string's braces; none: it would read differently there.
static std::optional<std::string> replacementField(ActionList& actions, NodeId value, const std::string& text, std::string_view width, char form) {
  if ((form == 's' || form == 'r') && width.empty()) return "{" + text + (form == 'r' ? "!r}" : "}");
  // Text with a width stands right there and left here.
  if (std::string_view("feEgG").find(form) != std::string_view::npos) return "{" + text + ":" + std::string(width) + form + "}";
  bool is_whole = form == 'd' || form == 'x' || form == 'X';
  if (!is_whole || width.find('.') != std::string_view::npos || typeTextAt(actions.server.workspace(), actions.module, value) != "int") return std::nullopt;
  bool is_plain = form == 'd' && width.empty();
  return "{" + text + (is_plain ? "" : ":" + std::string(width) + form) + "}";
}

// One name may hold a tuple of several values, or a dict.
static bool mayBeTuple(ActionList& actions, NodeId value) {
  const Ast& ast = actions.module.ast();
  if (ast.is(value, NodeKind::kConstant) || ast.is(value, NodeKind::kJoinedStr)) return false;
  static constexpr std::string_view kPlain[] = {"str", "int", "float", "bool", "bytes", "complex"};
  std::string type = typeTextAt(actions.server.workspace(), actions.module, value);
  return std::find(std::begin(kPlain), std::end(kPlain), type) == std::end(kPlain);
}

static std::optional<std::string> fromPercent(ActionList& actions, BinOp operation) {
  const Ast& ast = actions.module.ast();
  Literal literal = literalOf(ast, operation.left());
  if (operation.op() != BinaryOp::kMod || literal.quote == 0) return std::nullopt;
  std::vector<NodeId> values = {operation.right()};
  if (auto tuple = ast.tryAs<Tuple>(operation.right())) values.assign(tuple->elts().begin(), tuple->elts().end());
  else if (mayBeTuple(actions, operation.right())) return std::nullopt;
  std::string out = std::string("f") + literal.quote;
  size_t next = 0;
  for (size_t i = 0; i < literal.body.size(); ++i) {
    char c = literal.body[i];
    if (c == '{' || c == '}') out += c;
    if (c != '%') {
      out += c;
      continue;
    }
    size_t width = i + 1;
    while (width < literal.body.size() && ((literal.body[width] >= '0' && literal.body[width] <= '9') || literal.body[width] == '.')) ++width;
    std::string_view digits = literal.body.substr(i + 1, width - i - 1);
    char form = width < literal.body.size() ? literal.body[width] : '\0';
    i = width;
    if (form == '%' && digits.empty()) {
      out += '%';
      continue;
    }
    std::optional<std::string> text = next < values.size() ? bracedText(ast, values[next], literal.quote) : std::nullopt;
    if (!text) return std::nullopt;
    std::optional<std::string> field = replacementField(actions, values[next++], *text, digits, form);
    if (!field) return std::nullopt;
    out += *field;
  }
  if (next != values.size()) return std::nullopt;
  return out + literal.quote;
}

// The text between braces of an f-string, for str.format: what is put in goes to `values`. False: format cannot say it.
static bool addFormatParts(const Ast& ast, NodeList parts, std::string& text, std::string& values, int depth) {
  for (NodeId part : parts) {
    auto field = ast.tryAs<FormattedValue>(part);
    if (!field) {
      text += ast.text(part);
      continue;
    }
    std::string_view whole = ast.text(part);
    size_t behind = ast.range(field->value()).end - ast.range(part).begin;
    // `{x=}` writes what it holds.
    if (depth > 1 || whole.substr(behind).find_first_not_of(" ") == std::string_view::npos || whole[whole.find_first_not_of(' ', behind)] == '=') return false;
    if (ast.is(field->value(), NodeKind::kStarred) || ast.is(field->value(), NodeKind::kTuple)) return false;
    values += (values.empty() ? "" : ", ") + std::string(ast.text(field->value()));
    text += "{";
    char conversion = static_cast<char>(field->conversion());
    if (conversion == 'r' || conversion == 's' || conversion == 'a') text += std::string("!") + conversion;
    if (auto spec = ast.tryAs<JoinedStr>(field->formatSpec())) {
      text += ":";
      if (!addFormatParts(ast, spec->values(), text, values, depth + 1)) return false;
    }
    text += "}";
  }
  return true;
}

static void addFormatCall(ActionList& actions) {
  const Ast& ast = actions.module.ast();
  for (NodeId node : nodesAt(ast, actions.selection.begin)) {
    auto joined = ast.tryAs<JoinedStr>(node);
    std::string_view whole = joined ? ast.text(node) : std::string_view();
    bool is_plain = whole.size() > 3 && (whole[0] == 'f' || whole[0] == 'F') && (whole[1] == '"' || whole[1] == '\'') && whole[1] != whole[2];
    // Strings inside it, or beside it, have quotes of their own.
    is_plain = is_plain && whole.find(whole[1], 2) == whole.size() - 1;
    if (!is_plain || whole.find('\n') != std::string_view::npos || ast.is(ast.parent(node), NodeKind::kFormattedValue)) continue;
    std::string text, values;
    if (!addFormatParts(ast, joined->values(), text, values, 0) || values.empty()) continue;
    actions.add("Convert to str.format", "refactor.rewrite", {{&actions.module, ast.range(node), whole[1] + text + whole[1] + ".format(" + values + ")"}});
    return;
  }
}

static void addFString(ActionList& actions) {
  const Ast& ast = actions.module.ast();
  for (NodeId node : nodesAt(ast, actions.selection.begin)) {
    std::optional<std::string> text;
    if (auto call = ast.tryAs<Call>(node)) text = fromFormat(ast, *call);
    if (auto operation = ast.tryAs<BinOp>(node)) text = fromPercent(actions, *operation);
    if (text) actions.add("Convert to an f-string", "refactor.rewrite", {{&actions.module, ast.range(node), *text}});
  }
}

void addRewriteActions(ActionList& actions) {
  if (!actions.wants("refactor.rewrite")) return;
  NodeId function = functionHeaderAt(actions.module.ast(), actions.selection);
  if (function.valid()) addReturnAnnotation(actions, function);
  addVariableAnnotation(actions);
  addParameterAnnotation(actions);
  addFString(actions);
  addFormatCall(actions);
}

}  // namespace krait::lsp

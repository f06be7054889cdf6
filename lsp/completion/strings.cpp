// Inside strings and brackets: keys of dicts and TypedDicts, literals that a comparison or parameter takes.
#include <algorithm>
#include <cctype>

#include "lsp/completion/completion.h"
#include "lsp/completion/wanted.h"
#include "lsp/quoted_names.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Keys that the file itself writes for this expression: in a display that is assigned to it, in subscripts of it.
static void addWrittenKeys(const Ast& ast, std::string_view expression, std::vector<std::string>* keys) {
  auto add = [&](NodeId node) {
    if (node.isNone()) return;
    std::optional<std::string_view> text = stringValue(ast, node);
    if (text && std::find(keys->begin(), keys->end(), *text) == keys->end()) keys->emplace_back(*text);
  };
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (auto subscript = ast.tryAs<Subscript>(node); subscript && ast.text(subscript->value()) == expression) add(subscript->slice());
    NodeId value;
    if (auto assign = ast.tryAs<Assign>(node); assign && ast.text(assign->targets()[0]) == expression) value = assign->value();
    if (auto assign = ast.tryAs<AnnAssign>(node); assign && ast.text(assign->target()) == expression) value = assign->value();
    if (auto dict = ast.tryAs<Dict>(value)) {
      for (NodeId key : dict->keys()) add(key);
    }
  }
}

// The expression in front of the bracket at `bracket`, as far as one line tells: names, dots and brackets.
static std::string_view expressionText(std::string_view text, uint32_t bracket) {
  uint32_t begin = bracket;
  int depth = 0;
  while (begin > 0) {
    char c = text[begin - 1];
    if (c == ')' || c == ']') ++depth;
    if ((c == '(' || c == '[') && depth-- == 0) break;
    bool is_part = depth > 0 || c == '(' || c == '[' || c == '.' || c == '_' || std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
    if (!is_part || c == '\n') break;
    --begin;
  }
  return text.substr(begin, bracket - begin);
}

// `list[|`: a class by its name has type arguments, no keys; the checker need not be asked.
static bool isClassName(const CompletionPlace& place, std::string_view expression) {
  bool is_name = !expression.empty() && expression.find_first_of(".()[]") == std::string_view::npos;
  std::vector<Target> targets = is_name ? nameTargets(place.server.workspace(), place.module, place.cursor, expression) : std::vector<Target>();
  return !targets.empty() && std::all_of(targets.begin(), targets.end(), [](const Target& one) { return one.module->ast().is(one.owner, NodeKind::kClassDef); });
}

static void addKeys(const CompletionPlace& place, uint32_t bracket, bool is_quoted, Items& items) {
  Workspace& workspace = place.server.workspace();
  std::string_view expression = expressionText(place.module.text(), bracket);
  // `Color["|`
  bool is_name = !expression.empty() && expression.find_first_of("()[]") == std::string_view::npos;
  for (const Target& cls : is_name ? dottedTargets(workspace, place.module, bracket, expression) : std::vector<Target>()) {
    for (const std::string& name : enumMembers(workspace, cls)) items.add(is_quoted ? name : "\"" + name + "\"", kConstantItem, 0);
  }
  if (isClassName(place, expressionText(place.module.text(), bracket))) return;
  std::vector<std::string> keys;
  std::string_view closing = is_quoted ? "x" : "0";
  TypedPlace typed = typedBefore(workspace, place.module, bracket, place.cursor, closing, Asking::kWithRepair);
  if (typed.valid()) keys = keysOf(typed);
  if (keys.empty()) addWrittenKeys(place.module.ast(), expressionText(place.module.text(), bracket), &keys);
  for (const std::string& key : keys) {
    if (!is_quoted && key.find_first_of("\"\\\n") != std::string::npos) continue;
    items.add(is_quoted ? key : "\"" + key + "\"", kConstantItem, 0);
  }
}

static void addLiteralTexts(const TypedPlace& typed, Items& items) {
  if (!typed.valid()) return;
  for (const std::string& value : literalTextsOf(typed)) items.add(value, kConstantItem, 0);
}

// `movie.get("|`: the keys of what the method belongs to.
static void addKeysOfMethod(const CompletionPlace& place, const CallPlace& call, Items& items) {
  static constexpr std::string_view kMethods[] = {".get", ".pop", ".setdefault"};
  std::string_view before = place.module.text().substr(0, call.open);
  for (std::string_view method : kMethods) {
    if (!call.valid() || call.index != 0 || !before.ends_with(method)) continue;
    uint32_t dot = call.open - static_cast<uint32_t>(method.size());
    TypedPlace typed = typedBefore(place.server.workspace(), place.module, dot, place.cursor, "x", Asking::kWithRepair);
    std::vector<std::string> keys;
    if (typed.valid()) keys = keysOf(typed);
    if (keys.empty()) addWrittenKeys(place.module.ast(), expressionText(place.module.text(), dot), &keys);
    for (const std::string& key : keys) items.add(key, kConstantItem, 0);
  }
}

// `case {"|`, `case {"a": 1, "|`.
static bool isKeyOfPattern(const CompletionPlace& place) {
  std::string_view text = place.module.text();
  size_t last = text.find_last_not_of(" \t\r\n", place.ends.string_begin == 0 ? 0 : place.ends.string_begin - 1);
  OpenEnds ends = openEndsAt(text, place.ends.string_begin);
  return last != std::string_view::npos && (text[last] == '{' || text[last] == ',') && !ends.opens.empty() && text[ends.opens[0]] == '{';
}

// `x in ("|`, `x in {"a", "|`: where x ends; 0: it is none.
static uint32_t memberEnd(const CompletionPlace& place) {
  OpenEnds ends = openEndsAt(place.module.text(), place.ends.string_begin);
  if (ends.in_string || ends.opens.empty()) return 0;
  std::string_view before = place.module.text().substr(0, ends.opens[0]);
  auto dropWord = [&](std::string_view word) {
    size_t end = before.find_last_not_of(" \t");
    if (end == std::string_view::npos || end < word.size() || before.substr(end + 1 - word.size(), word.size()) != word || before[end - word.size()] != ' ') return false;
    before = before.substr(0, before.find_last_not_of(" \t", end - word.size()) + 1);
    return true;
  };
  if (!dropWord("in")) return 0;
  dropWord("not");
  return static_cast<uint32_t>(before.size());
}

// Where the other side of the comparison ends that the string is a side of; 0: it is none.
static uint32_t comparedEnd(const CompletionPlace& place) {
  std::string_view text = place.module.text();
  uint32_t at = place.ends.string_begin;
  while (at > 0 && (text[at - 1] == ' ' || std::isalpha(static_cast<unsigned char>(text[at - 1])))) --at;
  if (at < 2 || (text.substr(at - 2, 2) != "==" && text.substr(at - 2, 2) != "!=")) return 0;
  at -= 2;
  while (at > 0 && text[at - 1] == ' ') --at;
  return at;
}

// `x == "|`, `x in ("|`, `case "|`, `f("|`, `f(mode="|`, `mode: Mode = "|`.
static void addLiterals(const CompletionPlace& place, Items& items) {
  Workspace& workspace = place.server.workspace();
  for (auto endOf : {comparedEnd, memberEnd, matchSubjectEnd}) {
    uint32_t end = endOf(place);
    if (end == 0) continue;
    TypedPlace typed = typedBefore(workspace, place.module, end, place.cursor, "x", Asking::kWithRepair);
    addLiteralTexts(typed, items);
    // `case {"|`: the keys of what is matched.
    if (endOf == matchSubjectEnd && typed.valid() && isKeyOfPattern(place)) {
      for (const std::string& key : keysOf(typed)) items.add(key, kConstantItem, 0);
    }
    return;
  }
  addKeysOfMethod(place, callAround(workspace, place.module, place.cursor), items);
  for (const std::string& value : literalsOf(wantedAt(place, place.ends.string_begin))) items.add(value, kConstantItem, 0);
}

// Is what stands before the place the bracket of a subscript, and not of a list?
static bool isSubscript(std::string_view text, uint32_t at) {
  if (at < 2 || text[at - 1] != '[') return false;
  char c = text[at - 2];
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ']' || c == ')' || static_cast<unsigned char>(c) >= 0x80;
}

// `f"{x:>|`: behind the colon of a field no names stand, but in the fields inside.
static bool isInFormat(std::string_view field) {
  int depth = 0;
  char quote = 0;
  for (size_t i = 0; i < field.size(); ++i) {
    char c = field[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c == ':' && depth == 0) return true;
  }
  return false;
}

bool addConversions(const CompletionPlace& place, Items& items) {
  std::string_view text = place.module.text();
  bool is_field = place.ends.opens.size() > 1 && text[place.ends.opens[0]] == '{' && (text[place.ends.opens[1]] == '"' || text[place.ends.opens[1]] == '\'');
  if (!is_field) return false;
  uint32_t begin = place.ends.opens[0] + 1;
  if (isInFormat(text.substr(begin, place.word_begin - begin))) return true;
  bool is_sign = text[place.word_begin - 1] == '!' && place.word().size() < 2;
  if (!is_sign) return false;
  items.add("r", kKeywordItem, 0, "repr()");
  items.add("s", kKeywordItem, 0, "str()");
  items.add("a", kKeywordItem, 0, "ascii()");
  return true;
}

// `# type: |`, where a type is written.
static bool isInTypeComment(const CompletionPlace& place) {
  size_t sign = place.line_before.rfind('#');
  std::string_view comment = sign == std::string_view::npos ? std::string_view() : place.line_before.substr(sign + 1);
  size_t first = comment.find_first_not_of(" \t");
  if (first == std::string_view::npos || !comment.substr(first).starts_with("type:")) return false;
  std::string type = std::string(comment.substr(first + 5)) + std::string(place.word());
  size_t begin = type.find_first_not_of(" \t");
  return begin == std::string::npos || !type.substr(begin).starts_with("ignore");
}

bool addStringContents(const CompletionPlace& place, Items& items) {
  if (place.ends.in_comment) return !isInTypeComment(place);
  std::string_view text = place.module.text();
  if (!place.ends.in_string) {
    // `d[|`: the key with its quotes, besides all else.
    if (isSubscript(text, place.word_begin)) addKeys(place, place.word_begin - 1, false, items);
    else addDisplayKeys(place, items);
    return false;
  }
  if (addFixtures(place, items)) return true;
  if (quotedNameAt(place.module.ast(), place.dot != 0xffffffffu ? place.dot : place.cursor)) return false;
  uint32_t begin = place.ends.string_begin;
  if (isSubscript(text, begin)) addKeys(place, begin - 1, true, items);
  else if (!addDisplayKeys(place, items)) addLiterals(place, items);
  return true;
}

}  // namespace krait::lsp

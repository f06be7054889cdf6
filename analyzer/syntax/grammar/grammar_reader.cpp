#include <algorithm>
#include <cstdio>

#include "analyzer/base/check.h"
#include "analyzer/syntax/grammar/grammar_rules.h"

namespace krait::syntax {

namespace {

struct GrammarReader {
  std::string_view text;
  size_t at = 0;
  RuleSet rules;

  bool atEnd() const { return at >= text.size(); }
  char peek() const { return atEnd() ? 0 : text[at]; }
};

bool isNameChar(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

void skipSpace(GrammarReader& reader) {
  while (!reader.atEnd() && (reader.peek() == ' ' || reader.peek() == '\n')) ++reader.at;
}

bool take(GrammarReader& reader, std::string_view expected) {
  skipSpace(reader);
  if (reader.text.substr(reader.at, expected.size()) != expected) return false;
  reader.at += expected.size();
  return true;
}

std::string_view takeName(GrammarReader& reader) {
  skipSpace(reader);
  size_t begin = reader.at;
  while (isNameChar(reader.peek())) ++reader.at;
  return reader.text.substr(begin, reader.at - begin);
}

[[noreturn]] void fail(const GrammarReader& reader, const char* what) {
  std::fprintf(stderr, "grammar: %s near: %.60s\n", what, std::string(reader.text.substr(reader.at, 60)).c_str());
  UNREACHABLE("the grammar's notation is right");
}

uint16_t findRule(GrammarReader& reader, std::string_view name) {
  auto& rules = reader.rules.rules;
  auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.name == name; });
  if (found == rules.end()) fail(reader, "unknown rule");
  return static_cast<uint16_t>(found - rules.begin());
}

uint16_t tokenKindOf(GrammarReader& reader, std::string_view shown) {
  for (uint32_t i = 0; i < kTokenKindCount; ++i) {
    if (tokenKindText(static_cast<TokenKind>(i)) == shown) return static_cast<uint16_t>(i);
  }
  fail(reader, "unknown token");
}

uint32_t addElement(GrammarReader& reader, Element element) {
  reader.rules.elements.push_back(std::move(element));
  return static_cast<uint32_t>(reader.rules.elements.size() - 1);
}

uint32_t wrap(GrammarReader& reader, ElementKind kind, uint32_t child) {
  return addElement(reader, {.kind = kind, .child = child});
}

std::vector<Alternative> readAlternatives(GrammarReader& reader);

std::string_view takeQuoted(GrammarReader& reader, char quote) {
  size_t begin = ++reader.at;
  while (reader.peek() != quote) ++reader.at;
  return reader.text.substr(begin, reader.at++ - begin);
}

uint32_t readSoft(GrammarReader& reader) {
  std::string_view word = takeQuoted(reader, '"');
  SoftKeyword soft = word == "match"  ? SoftKeyword::kMatch
                     : word == "case" ? SoftKeyword::kCase
                     : word == "type" ? SoftKeyword::kType
                                      : SoftKeyword::kUnderscore;
  return addElement(reader, {.kind = ElementKind::kSoft, .value = static_cast<uint16_t>(soft)});
}

uint32_t readGroup(GrammarReader& reader, const char* close) {
  ++reader.at;
  Element group{.kind = ElementKind::kGroup, .alternatives = readAlternatives(reader)};
  if (!take(reader, close)) fail(reader, "unclosed group");
  return addElement(reader, std::move(group));
}

uint32_t readAtom(GrammarReader& reader) {
  skipSpace(reader);
  char c = reader.peek();
  if (c == '\'') {
    uint16_t kind = tokenKindOf(reader, takeQuoted(reader, '\''));
    return addElement(reader, {.kind = ElementKind::kToken, .value = kind});
  }
  if (c == '"') return readSoft(reader);
  if (c == '(') return readGroup(reader, ")");
  if (c == '[') {
    uint32_t group = readGroup(reader, "]");
    return wrap(reader, ElementKind::kOptional, group);
  }
  std::string_view name = takeName(reader);
  if (name.empty()) fail(reader, "element expected");
  if (name == "SOFT_KEYWORD") return addElement(reader, {.kind = ElementKind::kAnySoft});
  if (name[0] >= 'A' && name[0] <= 'Z') {
    return addElement(reader, {.kind = ElementKind::kToken, .value = tokenKindOf(reader, name)});
  }
  return addElement(reader, {.kind = ElementKind::kRule, .value = findRule(reader, name)});
}

// An atom with its suffix: e?, e*, e+ and sep.e+.
uint32_t readSuffixed(GrammarReader& reader) {
  uint32_t atom = readAtom(reader);
  if (reader.peek() == '.') {
    ++reader.at;
    uint32_t child = readAtom(reader);
    if (!take(reader, "+")) fail(reader, "gather without +");
    return addElement(reader, {.kind = ElementKind::kGather, .child = child, .separator = atom});
  }
  if (reader.peek() == '?') return ++reader.at, wrap(reader, ElementKind::kOptional, atom);
  if (reader.peek() == '*') return ++reader.at, wrap(reader, ElementKind::kStar, atom);
  if (reader.peek() == '+') return ++reader.at, wrap(reader, ElementKind::kPlus, atom);
  return atom;
}

Item readItem(GrammarReader& reader) {
  skipSpace(reader);
  Item item;
  if (reader.at + 1 < reader.text.size() && reader.text[reader.at + 1] == '=' && isNameChar(reader.peek())) {
    item.capture = reader.peek();
    reader.at += 2;
  }
  if (take(reader, "&&")) {
    item.element = readAtom(reader);
    reader.rules.elements[item.element].kind = ElementKind::kForce;
  } else if (take(reader, "&")) {
    item.element = wrap(reader, ElementKind::kAnd, readAtom(reader));
  } else if (take(reader, "!")) {
    item.element = wrap(reader, ElementKind::kNot, readAtom(reader));
  } else if (take(reader, "~")) {
    item.element = addElement(reader, {.kind = ElementKind::kCut});
  } else {
    item.element = readSuffixed(reader);
  }
  return item;
}

ActionArg readArg(GrammarReader& reader, const Alternative& alternative) {
  ActionArg arg;
  std::string_view name = takeName(reader);
  if (take(reader, ":")) {
    arg.selector = name == "first" ? Selector::kFirst : name == "last" ? Selector::kLast : Selector::kLastClause;
    name = takeName(reader);
  }
  for (const Item& item : alternative.items) {
    if (item.capture == 0) continue;
    if (item.capture == name[0]) return arg;
    ++arg.capture;
  }
  fail(reader, "unknown capture");
}

void setActionKind(GrammarReader& reader, Action& action, std::string_view name) {
#define SYNTAX_NODE(Name, shown) \
  if (name == #Name) return action.kind = ActionKind::kNode, action.node_kind = SyntaxNodeKind::k##Name, void();
#define SYNTAX_ERROR_ACTION(action_name) \
  if (name == #action_name) return action.kind = ActionKind::k_##action_name, void();
#define SYNTAX_CHECK(action_name) \
  if (name == #action_name) return action.kind = ActionKind::k_##action_name, void();
#include "analyzer/syntax/grammar/actions.def"
  fail(reader, "unknown action");
}

std::string readMessage(GrammarReader& reader) {
  std::string message;
  for (++reader.at; reader.peek() != '"'; ++reader.at) {
    if (reader.peek() == '\\') ++reader.at;
    message += reader.peek();
  }
  ++reader.at;
  return message;
}

Action readAction(GrammarReader& reader, const Alternative& alternative) {
  Action action;
  size_t begin = reader.at;
  std::string_view name = takeName(reader);
  if (reader.peek() == '(') {
    setActionKind(reader, action, name);
    ++reader.at;
    while (!take(reader, ")")) action.args[action.arg_count++] = readArg(reader, alternative);
  } else {
    reader.at = begin;
    action.kind = ActionKind::kPass;
    action.args[action.arg_count++] = readArg(reader, alternative);
  }
  skipSpace(reader);
  if (reader.peek() == '"') action.message = reader.rules.messages.emplace_back(readMessage(reader));
  for (const Item& item : alternative.items) action.capture_count += item.capture != 0;
  return action;
}

// What an alternative yields when it names no action: its only item, else a plain node.
void addDefaultAction(Alternative& alternative, RuleSet& rules) {
  Action action;
  if (alternative.items.size() == 1 && alternative.items[0].capture == 0) {
    ElementKind kind = rules.elements[alternative.items[0].element].kind;
    if (kind == ElementKind::kToken || kind == ElementKind::kSoft || kind == ElementKind::kRule ||
        kind == ElementKind::kGroup) {
      alternative.items[0].capture = 'a';
      action = {.kind = ActionKind::kPass, .capture_count = 1, .arg_count = 1};
    }
  } else if (alternative.items.size() == 2 && rules.elements[alternative.items[0].element].kind == ElementKind::kAnd &&
             rules.elements[alternative.items[1].element].kind == ElementKind::kRule) {
    alternative.items[1].capture = 'a';
    action = {.kind = ActionKind::kPass, .capture_count = 1, .arg_count = 1};
  }
  alternative.action = static_cast<int>(rules.actions.size());
  rules.actions.push_back(std::move(action));
}

Alternative readAlternative(GrammarReader& reader) {
  Alternative alternative;
  for (;;) {
    skipSpace(reader);
    char c = reader.peek();
    bool at_next_rule = reader.at > 0 && reader.text[reader.at - 1] == '\n' && isNameChar(c);
    if (reader.atEnd() || c == '|' || c == ')' || c == ']' || at_next_rule) break;
    if (take(reader, "->")) {
      alternative.action = static_cast<int>(reader.rules.actions.size());
      Action action = readAction(reader, alternative);
      reader.rules.actions.push_back(std::move(action));
      return alternative;
    }
    alternative.items.push_back(readItem(reader));
  }
  addDefaultAction(alternative, reader.rules);
  return alternative;
}

std::vector<Alternative> readAlternatives(GrammarReader& reader) {
  std::vector<Alternative> alternatives;
  take(reader, "|");
  do alternatives.push_back(readAlternative(reader));
  while (take(reader, "|"));
  return alternatives;
}

// Finds the rules' names, so that a rule may use one that comes later: a rule begins in the first column of a line.
void declareRules(GrammarReader& reader) {
  for (size_t line = 0; line < reader.text.size();) {
    size_t end = reader.text.find('\n', line);
    if (end == std::string_view::npos) end = reader.text.size();
    if (isNameChar(reader.text[line])) {
      size_t name_end = reader.text.find_first_of(":(", line);
      reader.rules.rules.push_back({.name = reader.text.substr(line, name_end - line)});
    }
    line = end + 1;
  }
}

void readFlag(GrammarReader& reader, Rule& rule) {
  std::string_view flag = takeName(reader);
  if (flag == "memo" || flag == "left") rule.memo = Memo::kShared;
  if (flag == "extra") rule.memo = Memo::kSecondRun;
  if (flag == "often") rule.memo = Memo::kByMode;
  rule.is_quiet |= flag == "quiet";
  rule.is_left_recursive |= flag == "left";
  rule.has_shortcut |= flag == "shortcut";
}

void readRule(GrammarReader& reader, Rule& rule) {
  takeName(reader);
  if (reader.peek() == '(') {
    ++reader.at;
    while (!take(reader, ")")) readFlag(reader, rule);
  }
  if (!take(reader, ":")) fail(reader, "rule without ':'");
  std::vector<Alternative> alternatives = readAlternatives(reader);
  rule.alternatives = std::move(alternatives);
}

}  // namespace

RuleSet readGrammar(std::string_view text) {
  GrammarReader reader{.text = text};
  declareRules(reader);
  for (size_t i = 0; i < reader.rules.rules.size(); ++i) {
    skipSpace(reader);
    Rule rule = reader.rules.rules[i];
    readRule(reader, rule);
    reader.rules.rules[i] = std::move(rule);
  }
  skipSpace(reader);
  CHECK(reader.atEnd(), "the grammar was read to its end");
  return std::move(reader.rules);
}

}  // namespace krait::syntax

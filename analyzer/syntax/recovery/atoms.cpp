// Names, displays and calls of a broken text; what may be assigned and deleted.
#include <algorithm>
#include <cstddef>

#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

// The place of a name. A keyword is taken for one; where there is none, nothing is taken.
TextRange RecoveringParser::identifier(bool* is_missing) {
  TextRange place = range();
  if (is(kName)) {
    bump();
    return place;
  }
  if (isKeyword(kind())) {
    say(place, "Expected an identifier, but found a keyword `" + std::string(tokenKindText(kind())) + "` that cannot be used here");
    bump();
    return place;
  }
  say(place, "Expected an identifier");
  if (is_missing != nullptr) *is_missing = true;
  return missing();
}

Expr RecoveringParser::name() {
  Expr out{.form = Form::kName};
  out.range = identifier(&out.is_missing);
  return out;
}

// A name is wanted, and a keyword that goes on with the statement stands there.
Expr RecoveringParser::noName() {
  sayHere("Expected an identifier");
  return {.form = Form::kName, .range = missing(), .is_missing = true};
}

bool RecoveringParser::beginsComprehension() const { return is(kKwFor) || (is(kKwAsync) && peek().kind == kKwFor); }

// The first element of a display: it may be missing in front of `for`.
Expr RecoveringParser::firstElement(Allowed allowed) {
  allowed.before_for = true;
  return namedExpression(allowed);
}

Expr RecoveringParser::atom() {
  TextRange place = range();
  switch (kind()) {
    case kNumber: {
      bool is_radix = describe(lexer_.token()) == "int";
      bool is_imaginary = !is_radix && (text_[place.end - 1] | 0x20) == 'j';
      bump();
      return {.form = is_imaginary ? Form::kImaginary : Form::kReal, .range = place};
    }
    case kKwTrue: case kKwFalse: case kKwNone: case kEllipsis: bump(); return {.range = place};
    case kString: case kFStringStart: case kTStringStart: return strings();
    case kLeftParen: return parenthesized();
    case kLeftBracket: return listDisplay();
    case kLeftBrace: return braces();
    default:
      if (is(kName) || isKeyword(kind())) return name();
      say(place, "Expected an expression");
      return {.form = Form::kName, .range = missing(), .is_missing = true};
  }
}

Expr RecoveringParser::parenthesized() {
  uint32_t start = begin();
  bump();
  if (atLineEnd()) sayHere("Missing closing parenthesis `)`");
  if (take(kRightParen)) return {.form = Form::kTuple, .range = from(start), .is_parenthesized = true};
  Expr first = firstElement(kYieldOrStarred);
  if (is(kComma)) return tupleRest(std::move(first), start, true, [&] { return namedExpression(kStarredOperand); });
  if (is(kKwFor) || is(kKwAsync)) {
    if (first.isBare(Form::kStarred)) need(15, first.range, "Cannot use iterable unpacking in a generator expression");
    generators();
    expect(kRightParen);
    return {.form = Form::kGenerator, .range = from(start), .is_parenthesized = true};
  }
  if (first.form == Form::kStarred) say(first.range, "Starred expression cannot be used here");
  expect(kRightParen);
  first.is_parenthesized = true;
  return first;
}

Expr RecoveringParser::listDisplay() {
  uint32_t start = begin();
  bump();
  Expr list{.form = Form::kList};
  if (atLineEnd()) sayHere("Missing closing bracket `]`");
  if (!take(kRightBracket)) {
    Expr first = firstElement(kStarredOperand);
    if (is(kKwFor) || is(kKwAsync)) {
      if (first.isBare(Form::kStarred)) need(15, first.range, "Cannot use iterable unpacking in a list comprehension");
      generators();
      list.form = Form::kOther;
    } else {
      list.parts.push_back(std::move(first));
      if (!atSequenceEnd()) expect(kComma);
      parseCommaList(List::kListElements, [&] { list.parts.push_back(namedExpression(kStarredOperand)); });
    }
    expect(kRightBracket);
  }
  list.range = from(start);
  return list;
}

Expr RecoveringParser::braces() {
  uint32_t start = begin();
  bump();
  if (atLineEnd()) sayHere("Missing closing brace `}`");
  if (take(kRightBrace)) return {.range = from(start)};
  bool is_unpacked = is(kDoubleStar);
  Expr first;
  if (is_unpacked) {
    uint32_t stars = begin();
    bump();
    bitwiseOnly();
    first = {.form = Form::kStarred, .range = from(stars)};
  } else {
    first = firstElement(kStarredOperand);
  }
  if (is(kKwFor) || is(kKwAsync)) {
    if (is_unpacked) need(15, first.range, "Cannot use dictionary unpacking in a dict comprehension");
    else if (first.isBare(Form::kStarred)) need(15, first.range, "Cannot use iterable unpacking in a set comprehension");
    if (first.isBare(Form::kNamed)) need(9, first.range, "Cannot use unparenthesized assignment expression as an element in a set comprehension");
    generators();
  } else if (is(kColon)) {
    if (first.isBare(Form::kStarred)) say(first.range, "Starred expression cannot be used here");
    if (first.isBare(Form::kNamed)) say(first.range, "Unparenthesized named expression cannot be used here");
    bump();
    dictValue();
    if (is(kKwFor) || is(kKwAsync)) generators();
    else dictElements();
  } else if (is_unpacked) {
    dictElements();
  } else {
    auto check = [&](const Expr& element) {
      if (element.isBare(Form::kNamed)) need(9, element.range, "Cannot use unparenthesized assignment expression as an element in a set literal");
    };
    check(first);
    if (!atSequenceEnd()) expect(kComma);
    parseCommaList(List::kSetElements, [&] { check(namedExpression(kStarredOperand)); });
  }
  expect(kRightBrace);
  return {.range = from(start)};
}

void RecoveringParser::dictElements() {
  if (!atSequenceEnd()) expect(kComma);
  parseCommaList(List::kDictElements, [&] {
    if (take(kDoubleStar)) {
      bitwiseOnly();
      return;
    }
    expression();
    expect(kColon);
    dictValue();
  });
}

void RecoveringParser::dictValue() {
  uint32_t start = begin();
  if (!take(kDoubleStar)) {
    expression();
    return;
  }
  bitwiseOnly();
  say(from(start), "Starred expression cannot be used here");
}

void RecoveringParser::generators() {
  while ((is(kKwFor) || is(kKwAsync)) && !gave_up_) {
    if (take(kKwAsync)) expect(kKwFor);
    else bump();
    checkAssignmentTarget(expressionList(kTarget));
    expect(kKwIn);
    binary(Precedence::kNone, kPlain);
    while (take(kKwIf)) binary(Precedence::kNone, kPlain);
  }
}

struct RecoveringParser::Arguments {
  bool has_keyword = false, has_unpacked_keywords = false;
  size_t count = 0;
  std::vector<TextRange> keywords, bare_generators;
};

void RecoveringParser::argument(Arguments& seen) {
  ++seen.count;
  if (take(kDoubleStar)) {
    expression();
    seen.has_unpacked_keywords = true;
    return;
  }
  uint32_t start = begin();
  Expr value = namedExpression(kStarredCondition);
  if (is(kKwFor) || is(kKwAsync)) {
    if (value.isBare(Form::kStarred)) need(15, value.range, "Cannot use iterable unpacking in a generator expression");
    generators();
    value = {.form = Form::kGenerator, .range = from(start)};
  } else if (seen.has_unpacked_keywords && value.isBare(Form::kStarred)) {
    say(value.range, "Iterable argument unpacking cannot follow keyword argument unpacking");
  }
  uint32_t equal = last_end_;
  if (take(kEqual)) {
    seen.has_keyword = true;
    if (value.form != Form::kName) say(value.range, "Expected a parameter name");
    else if (!value.is_missing) seen.keywords.push_back(value.range);
    TextRange name = value.range;
    if (value.form == Form::kName && value.is_parenthesized && minor_ >= 8) {
      std::string words = "Cannot use parenthesized keyword argument name on Python 3." + std::to_string(minor_) + " (syntax was removed in Python 3.8)";
      versions_.push_back({{start, equal}, std::move(words)});
    }
    expression();
    if (value.form == Form::kName && !value.is_missing) seen.keywords.back() = {name.begin, last_end_};
    return;
  }
  if (value.isBare(Form::kGenerator)) seen.bare_generators.push_back(value.range);
  if (value.isBare(Form::kStarred)) return;
  if (seen.has_unpacked_keywords) say(value.range, "Positional argument cannot follow keyword argument unpacking");
  else if (seen.has_keyword) say(value.range, "Positional argument cannot follow keyword argument");
}

void RecoveringParser::arguments(bool is_of_class) {
  bump();
  Arguments seen;
  bool has_comma = parseCommaList(List::kArguments, [&] { argument(seen); });
  expect(kRightParen);
  auto nameOf = [&](TextRange keyword) {
    std::string_view written = text(keyword);
    return written.substr(0, written.find_first_of(" \t\f\\=\r\n"));
  };
  if (seen.count > 1 || has_comma || is_of_class) {
    for (TextRange generator : seen.bare_generators) say(generator, "Unparenthesized generator expression cannot be used here");
  }
  for (size_t i = 0; i < seen.keywords.size(); ++i) {
    std::string_view name = nameOf(seen.keywords[i]);
    bool is_repeated = std::any_of(seen.keywords.begin(), seen.keywords.begin() + static_cast<ptrdiff_t>(i), [&](TextRange other) { return nameOf(other) == name; });
    if (is_repeated) sayLater(seen.keywords[i], "Duplicate keyword argument `" + std::string(name) + "`");
  }
}

void RecoveringParser::checkAssignmentTarget(const Expr& target) {
  switch (target.form) {
    case Form::kName: case Form::kAttribute: case Form::kSubscript: return;
    case Form::kStarred: case Form::kTuple: case Form::kList:
      for (const Expr& part : target.parts) checkAssignmentTarget(part);
      return;
    default: say(target.range, "Invalid assignment target");
  }
}

void RecoveringParser::checkDeleteTarget(const Expr& target) {
  switch (target.form) {
    case Form::kName: case Form::kAttribute: case Form::kSubscript: return;
    case Form::kTuple: case Form::kList:
      for (const Expr& part : target.parts) checkDeleteTarget(part);
      return;
    default: say(target.range, "Invalid delete target");
  }
}

void RecoveringParser::checkAnnotatedTarget(const Expr& target) {
  switch (target.form) {
    case Form::kName: case Form::kAttribute: case Form::kSubscript: return;
    case Form::kTuple: say(target.range, "Only single target (not tuple) can be annotated"); return;
    case Form::kList: say(target.range, "Only single target (not list) can be annotated"); return;
    default: say(target.range, "Invalid annotated assignment target");
  }
}

}  // namespace krait::syntax::recovery

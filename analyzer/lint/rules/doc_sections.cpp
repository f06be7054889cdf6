// DOC102, DOC201, DOC202, DOC402, DOC403, DOC501, DOC502: what a docstring's sections say beside what the function does.
// ref: pydoclint
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"
#include "analyzer/syntax/keywords.h"

namespace krait::lint {

namespace {
// What the body of a function does; functions and classes in it are left out.
struct Body {
  int returns = 0;       // all `return`s
  int none_returns = 0;  // of those, the ones that give None: bare, or `return None`
  int bare_returns = 0;
  int yields = 0, none_yields = 0;
  std::vector<std::string> raised;
};

// A handler around a statement.
struct Handler {
  NodeId node;
  const Handler* outer;
};

// What a docstring tells.
struct Documented {
  const DocSection* returns = nullptr;
  const DocSection* yields = nullptr;
  const DocSection* raises = nullptr;
  std::vector<std::string_view> raised;
};
}  // namespace

// The name of a class or function that this file defines, with the attributes behind it.
static std::string localName(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (auto attribute = ast.tryAs<syntax::Attribute>(expr)) {
    std::string base = localName(context, attribute->value());
    return base.empty() ? base : base + "." + std::string(syntax::nameText(ast, attribute->attr()));
  }
  if (!ast.is(expr, NodeKind::kName)) return {};
  auto definitions = context.model.definitions(context.model.ownerAt(expr));
  if (definitions.empty()) return {};
  NodeId owner = definitions[definitions.size() - 1].owner;
  bool is_definition = ast.is(owner, NodeKind::kClassDef) || ast.is(owner, NodeKind::kFunctionDef);
  return is_definition ? std::string(syntax::nameText(ast, expr)) : std::string();
}

static void addRaised(const LintContext& context, NodeId exception, bool is_caught, Body& body) {
  if (auto call = context.ast.tryAs<syntax::Call>(exception); call && !is_caught) exception = call->func();
  std::string name = qualifiedName(context, exception);
  if (name.empty()) name = localName(context, exception);
  if (name.starts_with("builtins.")) name = name.substr(9);
  if (name.empty() || (is_caught && isOneOf(name, {"Exception", "BaseException"}))) return;
  if (std::find(body.raised.begin(), body.raised.end(), name) == body.raised.end()) body.raised.push_back(name);
}

static void addCaught(const LintContext& context, const Handler* handler, Body& body) {
  const Ast& ast = context.ast;
  NodeId type = handler ? ast.as<syntax::ExceptHandler>(handler->node).type() : NodeId();
  if (!type.valid()) return;
  auto tuple = ast.tryAs<syntax::Tuple>(type);
  if (!tuple) return addRaised(context, type, true, body);
  for (NodeId element : tuple->elts()) addRaised(context, element, true, body);
}

static void readRaise(const LintContext& context, NodeId node, const Handler* handlers, Body& body) {
  const Ast& ast = context.ast;
  NodeId exception = ast.as<syntax::Raise>(node).exc();
  if (!exception.valid()) return addCaught(context, handlers, body);
  for (const Handler* at = handlers; at && ast.is(exception, NodeKind::kName); at = at->outer) {
    NodeId name = ast.as<syntax::ExceptHandler>(at->node).name();
    if (name.valid() && syntax::nameText(ast, name) == syntax::nameText(ast, exception)) return addCaught(context, at, body);
  }
  addRaised(context, exception, false, body);
}

static void readBody(const LintContext& context, NodeId node, const Handler* handlers, Body& body) {
  const Ast& ast = context.ast;
  Handler own{node, handlers};
  switch (ast.kind(node)) {
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef:
    case NodeKind::kLambda: return;
    case NodeKind::kReturn: {
      NodeId value = ast.as<syntax::Return>(node).value();
      ++body.returns;
      body.bare_returns += value.valid() ? 0 : 1;
      body.none_returns += !value.valid() || isNone(ast, value) ? 1 : 0;
      break;
    }
    case NodeKind::kYield: {
      NodeId value = ast.as<syntax::Yield>(node).value();
      ++body.yields;
      body.none_yields += !value.valid() || isNone(ast, value) ? 1 : 0;
      break;
    }
    case NodeKind::kYieldFrom: ++body.yields; break;
    case NodeKind::kRaise: readRaise(context, node, handlers, body); break;
    case NodeKind::kExceptHandler: handlers = &own; break;
    default: break;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { readBody(context, child, handlers, body); });
}

// The entries of a section in Google's style: `Name: text` at the indentation of its first line, as of a blank one.
static std::vector<std::string_view> googleEntries(const DocSections& doc, const DocSection& section) {
  std::vector<std::string_view> entries;
  size_t first = section.line + 1;
  if (first >= section.line_end) return entries;
  uint32_t indent = indentSize(doc.lines[first].text);
  for (size_t i = first; i < section.line_end; ++i) {
    std::string_view line = doc.lines[i].text;
    size_t colon = line.find(':');
    if (isBlank(line) || indentSize(line) != indent || colon == std::string_view::npos) continue;
    if (std::string_view entry = trimmedText(line.substr(0, colon)); !entry.empty()) entries.push_back(entry);
  }
  return entries;
}

// In NumPy's style: the lines below the line of dashes that begin where it does.
static std::vector<std::string_view> numpyEntries(const DocSections& doc, const DocSection& section) {
  std::vector<std::string_view> entries;
  if (section.line + 1 >= section.line_end) return entries;
  uint32_t indent = indentSize(doc.lines[section.line + 1].text);
  for (size_t i = section.line + 2; i < section.line_end; ++i) {
    std::string_view line = doc.lines[i].text;
    if (isBlank(line) || indentSize(line) != indent) continue;
    entries.push_back(trimmedText(line));
  }
  return entries;
}

static std::string convention(const LintContext& context) { return context.options.text("pydocstyle.convention", ""); }

namespace {
struct Entries {
  std::vector<std::string_view> texts;
  bool is_numpy = false;
};
}  // namespace

static Entries entriesOf(const LintContext& context, const DocSections& doc, const DocSection& section) {
  if (convention(context) == "numpy") return {numpyEntries(doc, section), true};
  std::vector<std::string_view> entries = googleEntries(doc, section);
  if (entries.empty() && convention(context) != "google") return {numpyEntries(doc, section), true};
  return {entries, false};
}

static Documented readDocumented(const LintContext& context, const DocSections& doc) {
  Documented found;
  for (const DocSection& section : doc.sections) {
    if (section.kind == "Returns") found.returns = &section;
    if (section.kind == "Yields") found.yields = &section;
    if (section.kind == "Raises") {
      found.raises = &section;
      found.raised = entriesOf(context, doc, section).texts;
    }
  }
  return found;
}

// Does the dotted name end in the other one, part by part?
static bool endsInName(std::string_view name, std::string_view end) {
  if (!name.ends_with(end)) return false;
  return name.size() == end.size() || name[name.size() - end.size() - 1] == '.';
}

static bool isGenerator(const LintContext& context, NodeId annotation) {
  return isOneOf(typingName(context, annotation), {"Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable"}) ||
         qualifiedName(context, annotation).starts_with("collections.abc.");
}

// Whether a generator's annotation says that it yields None, or returns None.
static bool saysNone(const LintContext& context, NodeId annotation, bool is_yielded) {
  const Ast& ast = context.ast;
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  if (!isGenerator(context, subscript ? subscript->value() : annotation)) return false;
  if (!subscript) return true;
  auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
  if (!tuple) return !is_yielded || isNone(ast, subscript->slice());
  if (is_yielded) return tuple->elts().size() > 0 && isNone(ast, tuple->elts()[0]);
  return tuple->elts().size() < 3 || isNone(ast, tuple->elts()[2]);
}

static bool isProperty(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    std::string name = qualifiedName(context, decorator);
    if (isOneOf(name, {"builtins.property", "functools.cached_property", "abc.abstractproperty", "enum.property", "types.DynamicClassAttribute"}) || listsQualified(context, "pydocstyle.property-decorators", name)) return true;
  }
  return false;
}

static bool beginsWith(const Docstring& docstring, std::string_view word) {
  std::string_view first = docstring.content.substr(0, docstring.content.find(' '));
  return first == word || (first.size() == word.size() + 1 && first.starts_with(word) && first.back() == 's');
}

static void checkReturns(LintContext& context, const Docstring& docstring, const Documented& documented, const Body& body) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(docstring.owner);
  bool is_google = convention(context) == "google";
  NodeId annotation = function.returns();
  bool is_abstract = isAbstract(context, docstring.owner);
  if (!documented.returns && body.returns > body.bare_returns && !(is_google && beginsWith(docstring, "Return"))) {
    bool is_none = annotation.valid() ? isNone(ast, annotation) || (body.yields > 0 && saysNone(context, annotation, false)) : body.none_returns == body.returns;
    bool is_said = isProperty(context, docstring.owner) || syntax::nameText(ast, function.name()) == "__new__";
    if (!is_none && !is_said) context.sink.begin("DOC201"_rule, docstring.range);
  }
  if (documented.returns && body.returns == body.bare_returns && !is_abstract) context.sink.begin("DOC202"_rule, docstring.range);
  if (!documented.yields && body.yields > 0 && !(is_google && beginsWith(docstring, "Yield"))) {
    bool is_none = annotation.valid() ? saysNone(context, annotation, true) : body.none_yields == body.yields;
    if (!is_none) context.sink.begin("DOC402"_rule, docstring.range);
  }
  if (documented.yields && body.yields == 0 && !is_abstract) context.sink.begin("DOC403"_rule, docstring.range);
}

static void checkRaises(LintContext& context, const Docstring& docstring, const Documented& documented, const Body& body) {
  for (const std::string& raised : body.raised) {
    bool is_documented = raised == "NotImplementedError";
    for (std::string_view entry : documented.raised) is_documented |= endsInName(raised, entry);
    if (!is_documented) context.sink.begin("DOC501"_rule, docstring.range, {raised.substr(raised.rfind('.') + 1)});
  }
  if (isAbstract(context, docstring.owner)) return;
  std::string missing;
  int count = 0;
  for (std::string_view entry : documented.raised) {
    bool is_raised = std::any_of(body.raised.begin(), body.raised.end(), [&](const std::string& raised) { return endsInName(raised, entry); });
    if (is_raised) continue;
    missing += (count++ > 0 ? ", `" : "`") + std::string(entry) + "`";
  }
  if (count > 0) context.sink.begin("DOC502"_rule, docstring.range, {count > 1 ? "s are" : " is", missing});
}

// The parameter that an entry describes: its name without stars, in Google's style up to a blank.
static std::string_view parameterName(std::string_view entry, bool is_numpy) {
  while (!entry.empty() && entry.front() == '*') entry.remove_prefix(1);
  auto is_word = [](char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; };
  size_t end = 0;
  while (end < entry.size() && is_word(entry[end])) ++end;
  bool is_name = end > 0 && !(entry[0] >= '0' && entry[0] <= '9') && (end == entry.size() || (entry[end] == ' ' && !is_numpy));
  return is_name && !syntax::isKeyword(entry.substr(0, end)) ? entry.substr(0, end) : std::string_view();
}

static bool hasParameter(const Ast& ast, NodeId function, std::string_view name) {
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params()) {
    if (syntax::nameText(ast, ast.as<syntax::Parameter>(id).name()) == name) return true;
  }
  return false;
}

static bool takesAnything(const Ast& ast, NodeId function) {
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params()) {
    syntax::ParameterKind kind = ast.as<syntax::Parameter>(id).parameterKind();
    if (kind == syntax::ParameterKind::kVarPositional || kind == syntax::ParameterKind::kVarKeyword) return true;
  }
  return false;
}

static void checkParameters(LintContext& context, const Docstring& docstring, const DocSections& doc) {
  if (takesAnything(context.ast, docstring.owner)) return;
  for (const DocSection& section : doc.sections) {
    if (!isOneOf(section.kind, {"Args", "Arguments", "Parameters"})) continue;
    Entries entries = entriesOf(context, doc, section);
    for (std::string_view entry : entries.texts) {
      // `a, b : int`
      if (entries.is_numpy) entry = entry.substr(0, entry.find(':'));
      while (!entry.empty()) {
        size_t comma = entries.is_numpy ? entry.find(',') : std::string_view::npos;
        std::string_view name = parameterName(trimmedText(entry.substr(0, comma)), entries.is_numpy);
        entry.remove_prefix(comma == std::string_view::npos ? entry.size() : comma + 1);
        if (name.empty() || hasParameter(context.ast, docstring.owner, name)) continue;
        uint32_t begin = static_cast<uint32_t>(name.data() - context.ast.text().data()), end = begin + static_cast<uint32_t>(name.size());
        while (begin > 0 && context.ast.text()[begin - 1] == '*') --begin;
        context.sink.begin("DOC102"_rule, {begin, end}, {name});
      }
    }
  }
}

void checkDocumentation(LintContext& context) {
  const Ast& ast = context.ast;
  for (const Docstring& docstring : docstringsOf(context)) {
    if (!ast.is(docstring.owner, NodeKind::kFunctionDef) || trimmedText(docstring.content).empty()) continue;
    NodeList statements = ast.as<syntax::FunctionDef>(docstring.owner).body();
    if (isEmptyBody(context, statements)) continue;
    bool is_one_line = trimmedText(docstring.content).find('\n') == std::string_view::npos;
    if (is_one_line && context.options.flag("pydoclint.ignore-one-line-docstrings")) continue;
    Body body;
    for (NodeId statement : statements) readBody(context, statement, nullptr, body);
    DocSections doc = readSections(context, docstring);
    Documented documented = readDocumented(context, doc);
    checkParameters(context, docstring, doc);
    checkReturns(context, docstring, documented, body);
    checkRaises(context, docstring, documented, body);
  }
}

}  // namespace krait::lint

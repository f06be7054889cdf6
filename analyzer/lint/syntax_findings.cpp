#include "analyzer/lint/syntax_findings.h"

#include <algorithm>

#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/recovery/broken_text.h"

namespace krait::lint {

// Parts of CPython's messages whose errors have rules of their own: F404, F406, F407, F621, F622, F701, F702, F704, F706, F707,
// PLE0115, PLE0117, PLE0118, PLE1142, PLE1700, B901.
static constexpr std::string_view kRuled[] = {
    "from __future__ imports must",  "import * only allowed",    "future feature ",          "not a chance",
    "too many expressions in star",  "multiple starred",         "'break' outside loop",     "'continue' not properly",
    "' outside function",            "default 'except:' must",   " is nonlocal and global",  "no binding for nonlocal",
    " used prior to ",               " assigned to before ",     " outside async function",  " inside async function",
    "outside of an asynchronous",    "in async generator",        "' inside list comprehension", "' inside set comprehension",
    "' inside dict comprehension",   "' inside generator exp",
};

// Parts of those that reportSemanticErrors finds, or that are none to linters: a starred expression alone, jumps out of `except*`.
static constexpr std::string_view kFoundOtherwise[] = {
    "use starred expression here", "starred assignment target", "keyword argument repeated", "checks duplicate key", "repeated in class pattern",
    "multiple assignments to name", "multiple starred names",   "__debug__",                 "follows default type", "is parameter and ",
    "' can't be global",           "within a comprehension cannot be used in a class", "in an except* block", "not allowed for type parameter",
    "alternative patterns bind",   "nonlocal declaration not allowed",
};

// Words of CPython that linters say otherwise.
static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"within an annotation", "within a type annotation"},
    {"within the definition of a generic", "within a generic definition"},
};

// As linters word an error of CPython's compiler: names stand in backquotes.
static std::string wordingOf(std::string message) {
  size_t open = message.find('\''), close = message.find('\'', open + 1);
  std::string_view text = message;
  std::string name(close == std::string::npos ? "" : text.substr(open + 1, close - open - 1));
  if (text.starts_with("duplicate argument '")) return "Duplicate parameter \"" + name + "\"";
  if (text.starts_with("duplicate type parameter '")) return "duplicate type parameter";
  if (text.starts_with("assignment expression cannot rebind")) return "assignment expression cannot rebind comprehension variable";
  bool is_name = text.starts_with("name capture '") || text.starts_with("annotated name '");
  if (is_name && !name.empty()) message[open] = message[close] = '`';
  for (auto [theirs, ours] : kWords) {
    if (size_t at = message.find(theirs); at != std::string::npos) return message.replace(at, theirs.size(), ours);
  }
  return message;
}

// A capture in front of other alternatives is said to bind other names than they do.
static bool isInAlternatives(const syntax::Ast& ast, const syntax::SyntaxError& error) {
  if (!error.message.ends_with("makes remaining patterns unreachable")) return false;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    TextRange around = ast.range(syntax::NodeId(i));
    bool is_inside = around.begin <= error.range.begin && error.range.end <= around.end;
    if (is_inside && ast.is(syntax::NodeId(i), syntax::NodeKind::kMatchOr)) return true;
  }
  return false;
}

std::vector<syntax::Token> reportSyntaxErrors(std::string_view text, uint32_t minor, const syntax::SyntaxError& error, DiagnosticSink& sink) {
  std::optional<syntax::recovery::BrokenText> broken = syntax::recovery::readBrokenText(text, minor);
  if (!broken || broken->problems.empty()) {
    sink.begin(Rule::kLintSyntaxError, error.range, {error.message});
    return {};
  }
  for (const syntax::recovery::Problem& problem : broken->problems) sink.begin(Rule::kLintSyntaxError, problem.range, {problem.message});
  return std::move(broken->tokens);
}

void reportCompileErrors(const syntax::Ast& ast, uint32_t minor, Interner& names, DiagnosticSink& sink) {
  std::vector<syntax::SyntaxError> errors = semantic::findCompileErrors(ast, names);
  if (!errors.empty()) reportSemanticErrors(ast, minor, sink);
  for (const syntax::SyntaxError& error : errors) {
    auto isPart = [&](std::string_view part) { return error.message.find(part) != std::string::npos; };
    bool is_ruled = std::any_of(std::begin(kRuled), std::end(kRuled), isPart) || std::any_of(std::begin(kFoundOtherwise), std::end(kFoundOtherwise), isPart);
    if (is_ruled || isInAlternatives(ast, error)) continue;
    TextRange range = error.range;
    // Of an annotation and a parameter the name is meant.
    for (std::string_view words : {"annotated name '", "duplicate argument '"}) {
      if (error.message.starts_with(words)) range.end = range.begin + static_cast<uint32_t>(error.message.find('\'', words.size()) - words.size());
    }
    sink.begin(Rule::kLintSyntaxError, range, {wordingOf(error.message)});
  }
}

}  // namespace krait::lint

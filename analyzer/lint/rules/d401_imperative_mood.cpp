// D401: a function's docstring begins with an order: "Return", not "Returns". ref: pydocstyle, PEP 257
#include <algorithm>
#include <array>

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"
#include "analyzer/lint/word_stem.h"

namespace krait::lint {

// Words that begin no order.
static constexpr std::string_view kBlacklist[] = {
    "a", "action", "added", "always", "an", "api", "base", "basic", "business", "calculation", "callback", "collection",
    "common", "constructor", "convenience", "convenient", "current", "currently", "custom", "data", "deprecated", "description", "dict", "dictionary", "does", "dummy", "example", "factory", "false", "final",
    "formula", "function", "generic", "handler", "helper", "here", "hook", "implementation", "importantly",
    "internal", "it", "main", "method", "module", "new", "number", "optional", "placeholder", "reference", "result",
    "same", "schema", "setup", "should", "simple", "some", "special", "sql", "standard", "static", "string",
    "subclasses", "that", "the", "these", "this", "true", "unique", "unit", "utility", "what", "wrapper",
};

// Verbs that docstrings begin with, in the form of an order.
static constexpr std::string_view kVerbs[] = {
    "accept", "access", "add", "adjust", "aggregate", "allow", "append", "apply", "archive", "assert", "assign", "attempt",
    "authenticate", "authorize", "break", "build", "cache", "calculate", "call", "cancel", "capture", "change", "check", "clean",
    "clear", "close", "collect", "combine", "commit", "compare", "compute", "configure", "confirm", "connect", "construct",
    "control", "convert", "copy", "count", "create", "customize", "declare", "decode", "decorate", "define", "delegate",
    "delete", "deprecate", "derive", "describe", "detect", "determine", "display", "download", "drop", "dump", "emit", "empty",
    "enable", "encapsulate", "encode", "end", "ensure", "enumerate", "establish", "evaluate", "examine", "execute", "exit",
    "expand", "expect", "export", "extend", "extract", "feed", "fetch", "fill", "filter", "finalize", "find", "fire", "fix",
    "flag", "force", "format", "forward", "generate", "get", "give", "go", "group", "handle", "help", "hold", "identify",
    "implement", "import", "indicate", "init", "initialise", "initialize", "initiate", "input", "insert", "instantiate",
    "intercept", "invoke", "iterate", "join", "keep", "launch", "list", "listen", "load", "log", "look", "make", "manage",
    "manipulate", "map", "mark", "match", "merge", "mock", "modify", "monitor", "move", "normalize", "note", "obtain", "open",
    "output", "override", "overwrite", "package", "pad", "parse", "partial", "pass", "perform", "persist", "pick", "plot",
    "poll", "populate", "post", "prepare", "print", "process", "produce", "provide", "publish", "pull", "put", "query",
    "raise", "read", "record", "refer", "refresh", "register", "reload", "remove", "rename", "render", "replace", "reply",
    "report", "represent", "request", "require", "reset", "resolve", "retrieve", "return", "roll", "rollback", "round", "run",
    "sample", "save", "scan", "search", "select", "send", "serialise", "serialize", "serve", "set", "show", "simulate",
    "source", "specify", "split", "start", "step", "stop", "store", "strip", "submit", "subscribe", "sum", "swap", "sync",
    "synchronise", "synchronize", "take", "tear", "test", "time", "transform", "translate", "transmit", "truncate", "try",
    "turn", "tweak", "update", "upload", "use", "validate", "verify", "view", "wait", "walk", "wrap", "write", "yield"};

enum class Mood : uint8_t { kUnknown, kOrder, kOther };

static Mood moodOf(std::string_view word) {
  if (std::find(std::begin(kBlacklist), std::end(kBlacklist), word) != std::end(kBlacklist)) return Mood::kOther;
  if (std::find(std::begin(kVerbs), std::end(kVerbs), word) != std::end(kVerbs)) return Mood::kOrder;
  static const std::vector<std::string> kStems = [] {
    std::vector<std::string> stems;
    for (std::string_view verb : kVerbs) stems.push_back(stemOf(verb));
    std::sort(stems.begin(), stems.end());
    return stems;
  }();
  return std::binary_search(kStems.begin(), kStems.end(), stemOf(word)) ? Mood::kOther : Mood::kUnknown;
}

// The first word as a dictionary has it: lower-case letters; empty when it holds anything else.
static std::string firstWord(std::string_view line) {
  size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  std::string_view word = line.substr(begin, line.find_first_of(" \t", begin) - begin);
  auto isPunctuation = [](char c) { return std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").find(c) != std::string_view::npos; };
  while (!word.empty() && isPunctuation(word.back())) word.remove_suffix(1);
  while (!word.empty() && isPunctuation(word.front())) word.remove_prefix(1);
  std::string out;
  for (char c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c < 'a' || c > 'z') return {};
    out += c;
  }
  return out;
}

static bool isProperty(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    std::string name = qualifiedName(context, decorator);
    if (isOneOf(name, {"builtins.property", "functools.cached_property", "abc.abstractproperty"})) return true;
    if (listsQualified(context, "pydocstyle.property-decorators", name)) return true;
  }
  return false;
}

static bool isTest(std::string_view name) { return name == "runTest" || name.starts_with("test"); }

void checkImperativeMood(LintContext& context) {
  const Ast& ast = context.ast;
  for (const Docstring& docstring : docstringsOf(context)) {
    if (!ast.is(docstring.owner, NodeKind::kFunctionDef) || isProperty(context, docstring.owner)) continue;
    if (isTest(syntax::nameText(ast, ast.as<syntax::FunctionDef>(docstring.owner).name()))) continue;
    size_t begin = docstring.content.find_first_not_of(" \t\r\n\f");
    if (begin == std::string_view::npos) continue;
    std::string_view line = docstring.content.substr(begin);
    line = line.substr(0, line.find_first_of("\r\n"));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    std::string word = firstWord(line);
    if (!word.empty() && moodOf(word) == Mood::kOther) context.sink.begin("D401"_rule, docstring.range, {line});
  }
}

}  // namespace krait::lint

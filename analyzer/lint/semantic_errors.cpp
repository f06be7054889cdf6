// Errors behind the grammar where linters look at other places, or say other things, than CPython's compiler. ref: CPython's
// Python/symtable.c and Python/codegen.c for what is wrong
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/syntax_findings.h"
#include "analyzer/semantic/compile_errors/pattern_key.h"

namespace krait::lint {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

static constexpr std::string_view kBadStar = "Starred expression cannot be used here";

namespace {
struct SemanticErrors {
  const Ast& ast;
  uint32_t minor;
  DiagnosticSink& sink;
  std::vector<std::pair<NodeId, std::string_view>> globals;  // by the definition (or module) around the statement

  void say(NodeId node, std::string_view message) { say(ast.range(node), message); }
  void say(TextRange range, std::string_view message) { sink.begin(Rule::kLintSyntaxError, range, {message}); }
  std::string quoted(NodeId node) const { return "`" + std::string(ast.text(node)) + "`"; }
  // The function, class, lambda or module whose names the node's are.
  NodeId scopeOf(NodeId node) const {
    NodeId at = ast.parent(node);
    while (at.valid() && !ast.is(at, NodeKind::kFunctionDef) && !ast.is(at, NodeKind::kClassDef) && !ast.is(at, NodeKind::kModule)) at = ast.parent(at);
    return at;
  }
};
}  // namespace

static bool isStarred(const SemanticErrors& check, NodeId node) { return node.valid() && check.ast.is(node, NodeKind::kStarred); }

static void checkStar(SemanticErrors& check, NodeId node) {
  if (isStarred(check, node)) check.say(node, kBadStar);
}

static void checkAssignment(SemanticErrors& check, NodeId node) {
  auto assign = check.ast.as<syntax::Assign>(node);
  for (NodeId target : assign.targets()) {
    if (isStarred(check, target)) check.say(target, "starred assignment target must be in a list or tuple");
  }
  checkStar(check, assign.value());
}

// A keyword argument that the call has already.
static void checkKeywords(SemanticErrors& check, NodeList args) {
  std::vector<std::string_view> seen;
  for (NodeId arg : args) {
    auto keyword = check.ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    std::string_view name = syntax::nameText(check.ast, keyword->arg());
    if (std::find(seen.begin(), seen.end(), name) == seen.end()) seen.push_back(name);
    else check.say(arg, "Duplicate keyword argument `" + std::string(name) + "`");
  }
}

static void checkMapping(SemanticErrors& check, NodeId node) {
  std::vector<std::string> seen;
  for (NodeId key : check.ast.as<syntax::MatchMapping>(node).keys()) {
    std::optional<semantic::PatternKey> constant = semantic::patternKey(check.ast, key);
    if (!constant) continue;
    if (std::find(seen.begin(), seen.end(), constant->identity) == seen.end()) seen.push_back(constant->identity);
    else check.say(key, "mapping pattern checks duplicate key " + check.quoted(key));
  }
}

static void checkClassPattern(SemanticErrors& check, NodeId node) {
  std::vector<std::string_view> seen;
  for (NodeId attr : check.ast.as<syntax::MatchClass>(node).kwdAttrs()) {
    std::string_view name = syntax::nameText(check.ast, attr);
    if (std::find(seen.begin(), seen.end(), name) == seen.end()) seen.push_back(name);
    else check.say(attr, "attribute name " + check.quoted(attr) + " repeated in class pattern");
  }
}

static void checkSequence(SemanticErrors& check, NodeId node) {
  size_t stars = 0;
  for (NodeId pattern : check.ast.as<syntax::MatchSequence>(node).patterns()) {
    if (check.ast.is(pattern, NodeKind::kMatchStar) && ++stars == 2) check.say(pattern, "multiple starred names in sequence pattern");
  }
}

// Names that the pattern binds, each said to be bound again where it is; alternatives each start from the same names.
static void checkCaptures(SemanticErrors& check, NodeId node, std::vector<std::string_view>& seen) {
  const Ast& ast = check.ast;
  auto bind = [&](NodeId name) {
    if (!name.valid()) return;
    std::string_view text = syntax::nameText(ast, name);
    if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
    else check.say(name, "multiple assignments to name " + check.quoted(name) + " in pattern");
  };
  auto all = [&](NodeList patterns) {
    for (NodeId pattern : patterns) checkCaptures(check, pattern, seen);
  };
  switch (ast.kind(node)) {
    case NodeKind::kMatchSequence: return all(ast.as<syntax::MatchSequence>(node).patterns());
    case NodeKind::kMatchMapping: {
      auto mapping = ast.as<syntax::MatchMapping>(node);
      all(mapping.patterns());
      return bind(mapping.rest());
    }
    case NodeKind::kMatchClass: {
      auto cls = ast.as<syntax::MatchClass>(node);
      all(cls.patterns());
      return all(cls.kwdPatterns());
    }
    case NodeKind::kMatchStar: return bind(ast.as<syntax::MatchStar>(node).name());
    case NodeKind::kMatchAs: {
      auto capture = ast.as<syntax::MatchAs>(node);
      if (capture.pattern().valid()) checkCaptures(check, capture.pattern(), seen);
      return bind(capture.name());
    }
    case NodeKind::kMatchOr: {
      std::vector<std::string_view> before = seen, after = seen;
      bool is_first = true, differs = false;
      for (NodeId pattern : ast.as<syntax::MatchOr>(node).patterns()) {
        seen = before;
        checkCaptures(check, pattern, seen);
        size_t known = after.size();
        for (std::string_view name : seen) {
          if (std::find(after.begin(), after.end(), name) == after.end()) after.push_back(name);
        }
        differs |= !is_first && (after.size() > known || seen.size() < after.size());
        is_first = false;
      }
      if (differs) check.say(node, "alternative patterns bind different names");
      seen = std::move(after);
      return;
    }
    default: return;
  }
}

// `__debug__` where a name is bound.
static void checkDebug(SemanticErrors& check, NodeId node) {
  const Ast& ast = check.ast;
  if (syntax::nameText(ast, node) != "__debug__") return;
  if (auto name = ast.tryAs<syntax::Name>(node)) {
    if (name->context() == syntax::ExprContext::kStore) check.say(node, "cannot assign to `__debug__`");
    bool is_deleted = name->context() == syntax::ExprContext::kDel && check.minor >= 9;
    if (is_deleted) check.say(node, "cannot delete `__debug__` on Python 3." + std::to_string(check.minor) + " (syntax was removed in 3.9)");
    return;
  }
  NodeId around = ast.parent(node);
  switch (ast.kind(around)) {
    case NodeKind::kAttribute: case NodeKind::kKeyword: case NodeKind::kGlobal: case NodeKind::kNonlocal: case NodeKind::kImportFrom: return;
    case NodeKind::kAlias: {
      auto alias = ast.as<syntax::Alias>(around);
      if (alias.asname().valid() && alias.asname() != node) return;
      break;
    }
    case NodeKind::kMatchClass: {
      NodeList attrs = ast.as<syntax::MatchClass>(around).kwdAttrs();
      if (std::find(attrs.begin(), attrs.end(), node) != attrs.end()) return;
      break;
    }
    default: break;
  }
  check.say(node, "cannot assign to `__debug__`");
}

static void checkTypeParameters(SemanticErrors& check, NodeList params) {
  bool has_default = false;
  for (NodeId param : params) {
    const Ast& ast = check.ast;
    NodeId name, value;
    if (auto plain = ast.tryAs<syntax::TypeVar>(param)) name = plain->name(), value = plain->defaultValue();
    if (auto spec = ast.tryAs<syntax::ParamSpec>(param)) name = spec->name(), value = spec->defaultValue();
    if (auto tuple = ast.tryAs<syntax::TypeVarTuple>(param)) name = tuple->name(), value = tuple->defaultValue();
    if (!value.valid() && has_default) check.say(param, "non default type parameter " + check.quoted(name) + " follows default type parameter");
    has_default |= value.valid();
  }
}

// A parameter of the function around that is declared to be another scope's.
static void checkDeclared(SemanticErrors& check, NodeList names, NodeId statement, std::string_view what) {
  const Ast& ast = check.ast;
  auto function = ast.tryAs<syntax::FunctionDef>(check.scopeOf(statement));
  if (!function) return;
  for (NodeId name : names) {
    for (NodeId param : ast.as<syntax::Parameters>(function->params()).params()) {
      if (syntax::nameText(ast, ast.as<syntax::Parameter>(param).name()) != syntax::nameText(ast, name)) continue;
      check.say(name, "name " + check.quoted(name) + " cannot refer to a parameter and a " + std::string(what) + " variable");
      break;
    }
  }
}

static void checkAnnotated(SemanticErrors& check, NodeId node) {
  NodeId target = check.ast.as<syntax::AnnAssign>(node).target();
  if (!check.ast.is(target, NodeKind::kName)) return;
  std::pair<NodeId, std::string_view> wanted{check.scopeOf(node), syntax::nameText(check.ast, target)};
  bool is_global = std::find(check.globals.begin(), check.globals.end(), wanted) != check.globals.end();
  if (is_global) check.say(target, "annotated name " + check.quoted(target) + " can't be global");
}

// A walrus in a comprehension that stands in a class's body.
static void checkNamedInClass(SemanticErrors& check, NodeId node) {
  const Ast& ast = check.ast;
  bool in_comprehension = false;
  NodeId child = node;
  for (NodeId at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    switch (ast.kind(at)) {
      case NodeKind::kListComp: case NodeKind::kSetComp: case NodeKind::kDictComp: case NodeKind::kGeneratorExp: in_comprehension = true; break;
      case NodeKind::kLambda: case NodeKind::kFunctionDef: return;
      case NodeKind::kClassDef: {
        NodeList body = ast.as<syntax::ClassDef>(at).body();
        bool is_inside = std::find(body.begin(), body.end(), child) != body.end();
        if (is_inside && in_comprehension) check.say(node, "assignment expression within a comprehension cannot be used in a class body");
        return;
      }
      default: break;
    }
  }
}

static void checkNode(SemanticErrors& check, NodeId node) {
  const Ast& ast = check.ast;
  switch (ast.kind(node)) {
    case NodeKind::kAssign: return checkAssignment(check, node);
    case NodeKind::kAnnAssign: return checkAnnotated(check, node);
    case NodeKind::kReturn: return checkStar(check, ast.as<syntax::Return>(node).value());
    case NodeKind::kYield: return checkStar(check, ast.as<syntax::Yield>(node).value());
    case NodeKind::kFor:
      checkStar(check, ast.as<syntax::For>(node).target());
      return checkStar(check, ast.as<syntax::For>(node).iter());
    case NodeKind::kComprehension: return checkStar(check, ast.as<syntax::Comprehension>(node).target());
    case NodeKind::kCall: return checkKeywords(check, ast.as<syntax::Call>(node).args());
    case NodeKind::kClassDef:
      checkKeywords(check, ast.as<syntax::ClassDef>(node).args());
      return checkTypeParameters(check, ast.as<syntax::ClassDef>(node).typeParams());
    case NodeKind::kFunctionDef: return checkTypeParameters(check, ast.as<syntax::FunctionDef>(node).typeParams());
    case NodeKind::kTypeAlias: return checkTypeParameters(check, ast.as<syntax::TypeAlias>(node).typeParams());
    case NodeKind::kGlobal: return checkDeclared(check, ast.as<syntax::Global>(node).names(), node, "global");
    case NodeKind::kNonlocal:
      if (ast.is(check.scopeOf(node), NodeKind::kModule)) check.say(node, "nonlocal declaration not allowed at module level");
      return checkDeclared(check, ast.as<syntax::Nonlocal>(node).names(), node, "nonlocal");
    case NodeKind::kMatchMapping: return checkMapping(check, node);
    case NodeKind::kMatchClass: return checkClassPattern(check, node);
    case NodeKind::kMatchSequence: return checkSequence(check, node);
    case NodeKind::kMatchCase: {
      std::vector<std::string_view> seen;
      return checkCaptures(check, ast.as<syntax::MatchCase>(node).pattern(), seen);
    }
    case NodeKind::kName: case NodeKind::kIdentifier: return checkDebug(check, node);
    case NodeKind::kNamedExpr: return checkNamedInClass(check, node);
    default: return;
  }
}

void reportSemanticErrors(const Ast& ast, uint32_t minor, DiagnosticSink& sink) {
  SemanticErrors check{ast, minor, sink, {}};
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto statement = ast.tryAs<syntax::Global>(NodeId(i));
    if (!statement) continue;
    for (NodeId name : statement->names()) check.globals.push_back({check.scopeOf(NodeId(i)), syntax::nameText(ast, name)});
  }
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) checkNode(check, NodeId(i));
}

}  // namespace krait::lint

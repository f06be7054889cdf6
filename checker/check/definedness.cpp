// Names that may be undefined, or are used before their definition. Follows the structure of the code as mypy's
// partially_defined.py does, not the flow of types: each branch of a statement says which names it surely and which it
// perhaps defines; a jump takes its branch out of the count.
#include <set>

#include "analyzer/semantic/open_names.h"
#include "checker/check/check.h"

namespace krait::check {

namespace {

using Names = std::set<NameId>;

struct Branch {
  Names must, may;
  bool is_skipped = false;
};

struct BranchStatement {
  Branch initial;
  std::vector<Branch> branches;

  explicit BranchStatement(Branch start) : initial(std::move(start)) { next(); }

  void next() { branches.push_back({initial.must, initial.may, false}); }
  Branch& last() { return branches.back(); }
  const Branch& last() const { return branches.back(); }
  bool definesSomewhere(NameId name) const {
    for (const Branch& branch : branches) {
      if (branch.must.count(name) != 0 || branch.may.count(name) != 0) return true;
    }
    return false;
  }
  // What the statement as a whole defines. Skipped branches still tell which names exist.
  Branch done() const {
    Branch result;
    bool is_first = true;
    Names all;
    for (const Branch& branch : branches) {
      all.insert(branch.must.begin(), branch.must.end());
      all.insert(branch.may.begin(), branch.may.end());
      if (branch.is_skipped) continue;
      if (is_first) {
        result.must = branch.must;
      } else {
        std::erase_if(result.must, [&](NameId name) { return branch.must.count(name) == 0; });
      }
      is_first = false;
    }
    result.is_skipped = is_first;
    for (NameId name : all) {
      if (result.must.count(name) == 0) result.may.insert(name);
    }
    return result;
  }
};

enum class Kind : uint8_t { kGlobal, kClass, kFunction, kComprehension };

struct NameScope {
  std::vector<BranchStatement> statements;
  Kind kind;
  std::vector<NodeId> undefined;  // uses that a later definition may explain
  Names handled;                  // names of except clauses: local, and free behind their clauses
};

struct Loop {
  std::vector<Branch> breaks;  // what is defined at each break
};

struct Tracker {
  std::vector<NameScope> scopes;
  bool ignores_jumps = false;

  NameScope& scope() { return scopes.back(); }
  BranchStatement& statement() { return scope().statements.back(); }
  void define(NameId name) {
    statement().last().must.insert(name);
    statement().last().may.erase(name);
  }
  void forget(NameId name) {
    statement().last().must.erase(name);
    statement().last().may.erase(name);
  }
  void skip() {
    if (!ignores_jumps) statement().last().is_skipped = true;
  }
  void start() { scope().statements.emplace_back(statement().last()); }
  void end() {
    Branch result = statement().done();
    scope().statements.pop_back();
    Branch& current = statement().last();
    if (result.is_skipped) {
      current.is_skipped = true;
      return;
    }
    current.must.insert(result.must.begin(), result.must.end());
    current.may.insert(result.may.begin(), result.may.end());
    std::erase_if(current.may, [&](NameId name) { return current.must.count(name) != 0; });
  }
  bool mayBeUndefined(NameId name) { return statement().last().may.count(name) != 0; }
  bool isUndefined(NameId name) { return !mayBeUndefined(name) && statement().last().must.count(name) == 0; }
  bool isDefinedElsewhere(NameId name) {
    if (!isUndefined(name)) return false;
    for (const BranchStatement& each : scope().statements) {
      if (each.definesSomewhere(name)) return true;
    }
    return false;
  }
};

NodeList generatorsOf(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kListComp: return ast.as<syntax::ListComp>(node).generators();
    case NodeKind::kSetComp: return ast.as<syntax::SetComp>(node).generators();
    case NodeKind::kDictComp: return ast.as<syntax::DictComp>(node).generators();
    default: return ast.as<syntax::GeneratorExp>(node).generators();
  }
}

bool matchesAll(const Ast& ast, NodeId node) {
  if (auto as = ast.tryAs<syntax::MatchAs>(node)) return !as->pattern().valid() || matchesAll(ast, as->pattern());
  if (auto either = ast.tryAs<syntax::MatchOr>(node)) {
    for (NodeId part : either->patterns()) {
      if (matchesAll(ast, part)) return true;
    }
  }
  return false;
}

bool hasSureItem(const Ast& ast, NodeList items) {
  for (NodeId item : items) {
    if (!ast.is(item, NodeKind::kStarred)) return true;
  }
  return false;
}

bool isAnnotated(const Ast& ast, const syntax::FunctionDef& function) {
  if (function.returns().valid()) return true;
  for (NodeId param : ast.as<syntax::Parameters>(function.params()).params()) {
    if (ast.as<syntax::Parameter>(param).annotation().valid()) return true;
  }
  return false;
}

class Visitor {
 public:
  Visitor(World& w, ModuleId module) : w_(w), module_(module), ast_(*w.modules[module].ast) {
    tracker_.scopes.push_back({{}, Kind::kGlobal, {}, {}});
    tracker_.scope().statements.emplace_back(Branch{});
  }
  void run() {
    body(ast_.as<syntax::Module>(ast_.root()).body());
    reportFreed();
  }

 private:
  void report(NodeId node, Code code, const char* what);
  void define(NameId name);
  void target(NodeId node);
  void use(NodeId name);
  void body(NodeList statements);
  void visit(NodeId node);
  void children(NodeId node);
  void conditional(NodeId node);
  void loop(NodeId test, bool runs, NodeList statements, NodeList orelse);
  void tryStatement(NodeId node);
  void tryParts(const syntax::Try& view);
  void matchStatement(NodeId node);
  void pattern(NodeId node);
  void function(NodeId node);
  void parameters(NodeId node, NodeList statements, NodeId value);
  void comprehension(NodeId node);
  void import(NodeId node);
  bool isOff(NodeList statements) const { return !statements.empty() && declare::isUnreachable(w_, module_, statements[0]); }
  bool isConstant(NodeId node, bool value) const;
  bool neverEnds(NodeId expression) const;
  void enter(Kind kind) {
    Branch initial;
    if (kind == Kind::kComprehension) initial = tracker_.statement().last();
    tracker_.scopes.push_back({{}, kind, {}, {}});
    tracker_.scope().statements.emplace_back(std::move(initial));
  }
  void leave() {
    reportFreed();
    tracker_.scopes.pop_back();
  }
  void reportFreed();

  World& w_;
  ModuleId module_;
  const Ast& ast_;
  Tracker tracker_;
  std::vector<Loop> loops_;
  int try_depth_ = 0;
  std::set<uint32_t> reported_;
};

void Visitor::report(NodeId node, Code code, const char* what) {
  Module& module = w_.modules[module_];
  if (!reported_.insert(node.value).second) return;
  if (follows(module.options, Divergence::kGuardedNames) && semantic::isNameErrorCaught(ast_, node)) return;
  Message message;
  message.range = ast_.range(node);
  message.code = code;
  message.text = "Name \"" + std::string(syntax::nameText(ast_, node)) + "\" " + what;
  message.phase = 3;
  module.messages.push_back(std::move(message));
}

// Behind its except clause a name is free again: on no way to these uses it has a value.
void Visitor::reportFreed() {
  Module& module = w_.modules[module_];
  if (!follows(module.options, Divergence::kHandlerNames)) return;
  for (NodeId node : tracker_.scope().undefined) {
    if (tracker_.scope().handled.count(syntax::nameOf(ast_, node)) == 0 || !reported_.insert(node.value).second) continue;
    Message message;
    message.range = ast_.range(node);
    message.code = Code::kMisc;
    message.text = "Trying to read deleted variable \"" + std::string(syntax::nameText(ast_, node)) + "\"";
    message.phase = 3;
    module.messages.push_back(std::move(message));
  }
}

void Visitor::define(NameId name) {
  NameScope& scope = tracker_.scope();
  if (scope.kind != Kind::kClass) {
    std::erase_if(scope.undefined, [&](NodeId node) {
      if (syntax::nameOf(ast_, node) != name) return false;
      if (loops_.empty()) {
        report(node, Code::kUsedBeforeDef, "is used before definition");
      } else {
        report(node, Code::kPossiblyUndefined, "may be undefined");
      }
      return true;
    });
  }
  tracker_.define(name);
}

void Visitor::target(NodeId node) {
  if (auto name = ast_.tryAs<syntax::Name>(node)) {
    define(name->name());
  } else if (auto star = ast_.tryAs<syntax::Starred>(node)) {
    target(star->value());
  } else if (auto list = ast_.tryAs<syntax::List>(node)) {
    for (NodeId item : list->elts()) target(item);
  } else if (auto tuple = ast_.tryAs<syntax::Tuple>(node)) {
    for (NodeId item : tuple->elts()) target(item);
  }
}

void Visitor::use(NodeId node) {
  NameId name = syntax::nameOf(ast_, node);
  if (tracker_.scope().kind == Kind::kGlobal) {
    if (w_.scopes[w_.modules[w_.builtins].scope].names.find(name).valid()) return;
  }
  if (tracker_.mayBeUndefined(name)) {
    report(node, Code::kPossiblyUndefined, "may be undefined");
    tracker_.define(name);  // once is enough
  } else if (tracker_.isDefinedElsewhere(name)) {
    if (!loops_.empty() || try_depth_ > 0) {
      report(node, Code::kPossiblyUndefined, "may be undefined");
    } else {
      report(node, Code::kUsedBeforeDef, "is used before definition");
    }
  } else if (tracker_.isUndefined(name)) {
    tracker_.scope().undefined.push_back(node);
  }
}

bool Visitor::isConstant(NodeId node, bool value) const {
  auto constant = ast_.tryAs<syntax::Constant>(node);
  if (!constant) return false;
  if (constant->constantKind() == syntax::ConstantKind::kInt) {
    const syntax::IntConstant& number = ast_.integer(constant->payload());
    return (!number.fits || number.value != 0) == value;
  }
  return constant->constantKind() == (value ? syntax::ConstantKind::kTrue : syntax::ConstantKind::kFalse);
}

// A call that never returns, or code that is never reached.
bool Visitor::neverEnds(NodeId expression) const {
  TypeId type = w_.modules[module_].node_types[expression.value];
  return !type.valid() || w_.types.is(type, TypeKind::kNever);
}

void Visitor::body(NodeList statements) {
  for (NodeId statement : statements) visit(statement);
}

void Visitor::children(NodeId node) {
  syntax::forEachChild(ast_, node, [&](NodeId child) { visit(child); });
}

void Visitor::conditional(NodeId node) {
  auto view = ast_.as<syntax::If>(node);
  visit(view.test());
  tracker_.start();
  if (!isOff(view.body())) {
    body(view.body());
    tracker_.statement().next();
  }
  bool never_else = view.orelse().empty() && w_.modules[module_].exhaustive.count(node.value) != 0;
  if (never_else || isOff(view.orelse())) {
    tracker_.skip();
  } else {
    body(view.orelse());
  }
  tracker_.end();
}

// `test`: of a while loop. A body that surely runs is no branch.
void Visitor::loop(NodeId test, bool runs, NodeList statements, NodeList orelse) {
  tracker_.start();
  loops_.push_back({});
  body(statements);
  std::vector<Branch> breaks = std::move(loops_.back().breaks);
  if (!runs && (!test.valid() || !isConstant(test, true))) tracker_.statement().next();
  tracker_.end();
  if (!orelse.empty()) {
    // The else part runs unless a break left the loop.
    tracker_.start();
    body(orelse);
    for (Branch& state : breaks) {
      tracker_.statement().next();
      tracker_.statement().last() = std::move(state);
    }
    tracker_.end();
  }
  loops_.pop_back();
}

void Visitor::tryParts(const syntax::Try& view) {
  tracker_.start();
  body(view.body());
  body(view.orelse());
  for (NodeId each : view.handlers()) {
    auto handler = ast_.as<syntax::ExceptHandler>(each);
    tracker_.statement().next();
    if (handler.type().valid()) visit(handler.type());
    NameId name = handler.name().valid() ? syntax::nameOf(ast_, handler.name()) : NameId::none();
    if (name.valid()) define(name);
    body(handler.body());
    if (name.valid()) {
      tracker_.forget(name);
      tracker_.scope().handled.insert(name);
    }
  }
  tracker_.end();
  body(view.finalbody());
}

// A finally block runs after jumps, too: it is read once with jumps ignored; what follows sees them.
void Visitor::tryStatement(NodeId node) {
  auto view = ast_.as<syntax::Try>(node);
  ++try_depth_;
  if (!view.finalbody().empty()) {
    Tracker before = tracker_;
    tracker_.ignores_jumps = true;
    tryParts(view);
    tracker_ = std::move(before);
  }
  tryParts(view);
  --try_depth_;
}

void Visitor::pattern(NodeId node) {
  auto bind = [&](NodeId name) {
    if (name.valid()) define(syntax::nameOf(ast_, name));
  };
  if (auto as = ast_.tryAs<syntax::MatchAs>(node)) {
    bind(as->name());
    if (as->pattern().valid()) pattern(as->pattern());
  } else if (auto star = ast_.tryAs<syntax::MatchStar>(node)) {
    bind(star->name());
  } else if (auto mapping = ast_.tryAs<syntax::MatchMapping>(node)) {
    for (size_t i = 0; i < mapping->keys().size(); ++i) {
      visit(mapping->keys()[i]);
      pattern(mapping->patterns()[i]);
    }
    bind(mapping->rest());
  } else if (auto cls = ast_.tryAs<syntax::MatchClass>(node)) {
    visit(cls->cls());
    for (NodeId part : cls->patterns()) pattern(part);
    for (NodeId part : cls->kwdPatterns()) pattern(part);
  } else {
    syntax::forEachChild(ast_, node, [&](NodeId child) {
      syntax::isExpression(ast_, child) ? visit(child) : pattern(child);
    });
  }
}

void Visitor::matchStatement(NodeId node) {
  auto view = ast_.as<syntax::Match>(node);
  tracker_.start();
  visit(view.subject());
  for (NodeId each : view.cases()) {
    auto part = ast_.as<syntax::MatchCase>(each);
    pattern(part.pattern());
    if (part.guard().valid()) visit(part.guard());
    if (isOff(part.body())) {
      tracker_.skip();
    } else {
      body(part.body());
    }
    if (!matchesAll(ast_, part.pattern())) tracker_.statement().next();
  }
  tracker_.end();
}

void Visitor::parameters(NodeId node, NodeList statements, NodeId value) {
  NodeList params = ast_.as<syntax::Parameters>(node).params();
  for (NodeId param : params) {
    NodeId initial = ast_.as<syntax::Parameter>(param).defaultValue();
    if (initial.valid()) visit(initial);
  }
  enter(Kind::kFunction);
  for (NodeId param : params) define(syntax::nameOf(ast_, ast_.as<syntax::Parameter>(param).name()));
  body(statements);
  if (value.valid()) visit(value);
  leave();
}

void Visitor::function(NodeId node) {
  auto view = ast_.as<syntax::FunctionDef>(node);
  for (NodeId decorator : view.decorators()) visit(decorator);
  define(syntax::nameOf(ast_, view.name()));
  if (!isAnnotated(ast_, view) && !w_.modules[module_].options.check_untyped_defs) return;
  parameters(view.params(), view.body(), NodeId::none());
}

void Visitor::comprehension(NodeId node) {
  NodeList generators = generatorsOf(ast_, node);
  enter(Kind::kComprehension);
  for (NodeId each : generators) target(ast_.as<syntax::Comprehension>(each).target());
  for (NodeId each : generators) {
    auto part = ast_.as<syntax::Comprehension>(each);
    visit(part.iter());
    for (NodeId test : part.ifs()) visit(test);
  }
  syntax::forEachChild(ast_, node, [&](NodeId child) {
    if (!ast_.is(child, NodeKind::kComprehension)) visit(child);
  });
  leave();
}

void Visitor::import(NodeId node) {
  bool is_from = ast_.is(node, NodeKind::kImportFrom);
  NodeList names = is_from ? ast_.as<syntax::ImportFrom>(node).names() : ast_.as<syntax::Import>(node).names();
  for (NodeId each : names) {
    auto alias = ast_.as<syntax::Alias>(each);
    if (alias.asname().valid()) {
      tracker_.define(syntax::nameOf(ast_, alias.asname()));
      continue;
    }
    std::string_view name = syntax::nameText(ast_, alias.name());
    if (name != "*") tracker_.define(w_.name(is_from ? name : name.substr(0, name.find('.'))));
  }
}

void Visitor::visit(NodeId node) {
  switch (ast_.kind(node)) {
    case NodeKind::kName: use(node); return;
    case NodeKind::kAssign: {
      auto view = ast_.as<syntax::Assign>(node);
      for (NodeId each : view.targets()) target(each);
      visit(view.value());
      for (NodeId each : view.targets()) visit(each);
      return;
    }
    case NodeKind::kAnnAssign: {
      auto view = ast_.as<syntax::AnnAssign>(node);
      // A declaration without a value defines nothing when the program runs, but as for mypy it counts.
      target(view.target());
      if (view.value().valid()) visit(view.value());
      visit(view.target());
      return;
    }
    case NodeKind::kTypeAlias: define(syntax::nameOf(ast_, ast_.as<syntax::TypeAlias>(node).name())); return;
    case NodeKind::kNamedExpr: {
      auto view = ast_.as<syntax::NamedExpr>(node);
      visit(view.value());
      target(view.target());
      return;
    }
    case NodeKind::kIf: conditional(node); return;
    case NodeKind::kFor: {
      auto view = ast_.as<syntax::For>(node);
      visit(view.iter());
      target(view.target());
      visit(view.target());
      loop(NodeId::none(), runsAtLeastOnce(w_, module_, ast_, view.iter()), view.body(), view.orelse());
      return;
    }
    case NodeKind::kWhile: {
      auto view = ast_.as<syntax::While>(node);
      visit(view.test());
      loop(view.test(), false, view.body(), view.orelse());
      return;
    }
    case NodeKind::kTry: tryStatement(node); return;
    case NodeKind::kMatch: matchStatement(node); return;
    case NodeKind::kWith: {
      auto view = ast_.as<syntax::With>(node);
      for (NodeId each : view.items()) {
        auto item = ast_.as<syntax::WithItem>(each);
        visit(item.contextExpr());
        if (item.optionalVars().valid()) target(item.optionalVars());
      }
      body(view.body());
      return;
    }
    case NodeKind::kFunctionDef: function(node); return;
    case NodeKind::kLambda: {
      auto view = ast_.as<syntax::Lambda>(node);
      parameters(view.params(), {}, view.body());
      return;
    }
    case NodeKind::kClassDef: {
      auto view = ast_.as<syntax::ClassDef>(node);
      define(syntax::nameOf(ast_, view.name()));
      enter(Kind::kClass);
      for (NodeId decorator : view.decorators()) visit(decorator);
      for (NodeId arg : view.args()) visit(arg);
      body(view.body());
      leave();
      return;
    }
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: comprehension(node); return;
    case NodeKind::kGlobal:
      for (NodeId name : ast_.as<syntax::Global>(node).names()) define(syntax::nameOf(ast_, name));
      return;
    case NodeKind::kNonlocal:
      for (NodeId name : ast_.as<syntax::Nonlocal>(node).names()) define(syntax::nameOf(ast_, name));
      return;
    case NodeKind::kImport:
    case NodeKind::kImportFrom: import(node); return;
    case NodeKind::kAssert:
      children(node);
      if (isConstant(ast_.as<syntax::Assert>(node).test(), false)) tracker_.skip();
      return;
    case NodeKind::kExprStmt:
      if (neverEnds(ast_.as<syntax::ExprStmt>(node).value())) tracker_.skip();
      children(node);
      return;
    case NodeKind::kBreak:
      if (!loops_.empty()) loops_.back().breaks.push_back(tracker_.statement().last());
      tracker_.skip();
      return;
    case NodeKind::kReturn:
    case NodeKind::kRaise:
    case NodeKind::kContinue:
      children(node);
      tracker_.skip();
      return;
    default: children(node); return;
  }
}

}  // namespace

bool runsAtLeastOnce(const World& w, ModuleId module, const Ast& ast, NodeId iterable) {
  if (!follows(w.modules[module].options, Divergence::kDisplayLoops)) return false;
  if (auto list = ast.tryAs<syntax::List>(iterable)) return hasSureItem(ast, list->elts());
  if (auto tuple = ast.tryAs<syntax::Tuple>(iterable)) return hasSureItem(ast, tuple->elts());
  auto set = ast.tryAs<syntax::Set>(iterable);
  return set && hasSureItem(ast, set->elts());
}

void checkDefinedness(World& w, ModuleId module) {
  const Module& info = w.modules[module];
  if (info.is_stub || info.is_library) return;
  if (follows(info.options, Divergence::kBoundNames)) return checkBoundNames(w, module);
  const auto& enabled = info.options.enabled_codes;
  if (info.options.disabled_codes.count(Code::kUsedBeforeDef) != 0 && enabled.count(Code::kPossiblyUndefined) == 0) return;
  Visitor(w, module).run();
}

}  // namespace krait::check

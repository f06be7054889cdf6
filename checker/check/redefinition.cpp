// Variables that change their type. --allow-redefinition-old: an assignment in the block of the first one, after the
// variable was read, begins a new variable under the old name (as mypy's renaming pass has it). --allow-redefinition:
// an assignment of another type makes the variable's type wider; flow knows the type of the moment.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "checker/check/check.h"

namespace krait::check {

namespace {

// The assignments of one scope and of the classes in it that begin a new variable. Functions inside are scopes of their
// own; as they may see a variable, none that exists before them is begun again behind them. ref: mypy renaming.py
class Renaming {
 public:
  Renaming(const Ast& ast, std::unordered_set<uint32_t>& starts) : ast_(ast), starts_(starts) {}

  void function(NodeId node) {
    auto def = ast_.as<syntax::FunctionDef>(node);
    enter();
    for (NodeId param : ast_.as<syntax::Parameters>(def.params()).params()) {
      NameId name = syntax::nameOf(ast_, ast_.as<syntax::Parameter>(param).name());
      assign(name, syntax::nameText(ast_, ast_.as<syntax::Parameter>(param).name()) != "self");
      top().reads[name] = 0;
    }
    for (NodeId statement : def.body()) visit(statement);
    scopes_.pop_back();
  }
  void module(NodeId node) {
    enter();
    for (NodeId statement : ast_.as<syntax::Module>(node).body()) visit(statement);
    scopes_.pop_back();
  }

 private:
  static constexpr uint32_t kFixed = 0xffffffffu;
  struct Names {
    std::unordered_map<NameId, uint32_t> blocks;  // where it was defined; kFixed: it is not begun again
    std::unordered_map<NameId, uint32_t> reads;
    std::vector<uint32_t> open_blocks;
  };

  Names& top() { return scopes_.back(); }
  void enter() {
    scopes_.emplace_back();
    open();
  }
  void open() {
    top().open_blocks.push_back(next_block_);
    block_loops_.push_back(loop_depth_);
    ++next_block_;
  }
  void block(NodeList statements) {
    open();
    for (NodeId statement : statements) visit(statement);
    top().open_blocks.pop_back();
  }
  void loopBlock(NodeList statements) {
    ++loop_depth_;
    block(statements);
    --loop_depth_;
  }
  bool assign(NameId name, bool can_begin_again) {
    auto read = top().reads.find(name);
    if (read != top().reads.end() && read->second == 0) return false;
    uint32_t block = top().open_blocks.back();
    auto [entry, is_new] = top().blocks.try_emplace(name, can_begin_again && fixed_depth_ == 0 ? block : kFixed);
    return is_new || entry->second == block;
  }
  void fixLoop() {
    for (auto& entry : top().blocks) {
      if (entry.second != kFixed && block_loops_[entry.second] == loop_depth_) entry.second = kFixed;
    }
  }
  void read(NodeId node) {
    switch (ast_.kind(node)) {
      case NodeKind::kName: ++top().reads[syntax::nameOf(ast_, node)]; return;
      case NodeKind::kFunctionDef:
      case NodeKind::kClassDef: return;
      default: syntax::forEachChild(ast_, node, [&](NodeId child) { read(child); });
    }
  }
  void target(NodeId node, bool is_nested = false) {
    if (auto starred = ast_.tryAs<syntax::Starred>(node)) return target(starred->value(), is_nested);
    NodeList elements;
    if (auto tuple = ast_.tryAs<syntax::Tuple>(node)) elements = tuple->elts();
    if (auto list = ast_.tryAs<syntax::List>(node)) elements = list->elts();
    for (NodeId element : elements) target(element, true);
    if (!elements.empty()) return;
    if (!ast_.is(node, NodeKind::kName)) return read(node);
    NameId name = syntax::nameOf(ast_, node);
    if (assign(name, true)) {
      starts_.insert(node.value);
      top().reads[name] = 0;
    }
    // Names of a tuple are often dummies that nobody reads.
    if (is_nested) read(node);
  }
  void visit(NodeId node);
  void imports(NodeList names) {
    for (NodeId each : names) {
      auto alias = ast_.as<syntax::Alias>(each);
      NodeId bound = alias.asname().valid() ? alias.asname() : alias.name();
      if (assign(syntax::nameOf(ast_, bound), false)) top().reads[syntax::nameOf(ast_, bound)] = 0;
    }
  }

  const Ast& ast_;
  std::unordered_set<uint32_t>& starts_;
  std::vector<Names> scopes_;
  std::vector<uint32_t> block_loops_;  // by block: how many loops were around it
  uint32_t next_block_ = 0, loop_depth_ = 0, fixed_depth_ = 0;
};

void Renaming::visit(NodeId node) {
  switch (ast_.kind(node)) {
    case NodeKind::kAssign: {
      auto view = ast_.as<syntax::Assign>(node);
      read(view.value());
      for (NodeId each : view.targets()) target(each);
      return;
    }
    case NodeKind::kAnnAssign: {
      auto view = ast_.as<syntax::AnnAssign>(node);
      if (view.value().valid()) read(view.value());
      target(view.target());
      return;
    }
    case NodeKind::kIf: {
      auto view = ast_.as<syntax::If>(node);
      read(view.test());
      block(view.body());
      block(view.orelse());
      return;
    }
    case NodeKind::kWhile: {
      auto view = ast_.as<syntax::While>(node);
      read(view.test());
      loopBlock(view.body());
      block(view.orelse());
      return;
    }
    case NodeKind::kFor: {
      auto view = ast_.as<syntax::For>(node);
      read(view.iter());
      target(view.target());
      read(view.target());
      loopBlock(view.body());
      block(view.orelse());
      return;
    }
    case NodeKind::kTry: {
      auto view = ast_.as<syntax::Try>(node);
      ++fixed_depth_;
      block(view.body());
      --fixed_depth_;
      for (NodeId each : view.handlers()) {
        auto handler = ast_.as<syntax::ExceptHandler>(each);
        if (handler.type().valid()) read(handler.type());
        block(handler.body());
      }
      block(view.orelse());
      block(view.finalbody());
      return;
    }
    case NodeKind::kWith: {
      auto view = ast_.as<syntax::With>(node);
      for (NodeId each : view.items()) {
        auto item = ast_.as<syntax::WithItem>(each);
        read(item.contextExpr());
        if (item.optionalVars().valid()) target(item.optionalVars());
      }
      ++fixed_depth_;
      block(view.body());
      --fixed_depth_;
      return;
    }
    case NodeKind::kMatch: {
      auto view = ast_.as<syntax::Match>(node);
      read(view.subject());
      for (NodeId each : view.cases()) block(ast_.as<syntax::MatchCase>(each).body());
      return;
    }
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef: {
      for (auto& entry : top().blocks) entry.second = kFixed;
      bool is_class = ast_.is(node, NodeKind::kClassDef);
      NodeId name = is_class ? ast_.as<syntax::ClassDef>(node).name() : ast_.as<syntax::FunctionDef>(node).name();
      if (assign(syntax::nameOf(ast_, name), false)) top().reads[syntax::nameOf(ast_, name)] = 0;
      if (!is_class) return;
      enter();
      for (NodeId statement : ast_.as<syntax::ClassDef>(node).body()) visit(statement);
      scopes_.pop_back();
      return;
    }
    case NodeKind::kImport: imports(ast_.as<syntax::Import>(node).names()); return;
    case NodeKind::kImportFrom: imports(ast_.as<syntax::ImportFrom>(node).names()); return;
    case NodeKind::kBreak:
    case NodeKind::kContinue: fixLoop(); return;
    default: read(node); return;
  }
}

// Names bound by with statements alone and used only inside them: each statement has a variable of its own. Behind a
// function or class, which may see the name, there is but one. ref: mypy renaming.LimitedVariableRenameVisitor
class WithNames {
 public:
  WithNames(const Ast& ast, std::unordered_set<uint32_t>& starts) : ast_(ast), starts_(starts) {}

  void scope(NodeList statements) {
    std::vector<Bound> outer = std::exchange(bound_, {});
    std::vector<NameId> outer_open = std::exchange(open_, {});
    std::vector<NameId> outer_skipped = std::exchange(skipped_, {});
    for (NodeId statement : statements) visit(statement);
    for (const Bound& each : bound_) {
      bool is_skipped = is_open_ended_ || std::find(skipped_.begin(), skipped_.end(), each.name) != skipped_.end();
      if (is_skipped || each.targets.size() < 2) continue;
      for (NodeId target : each.targets) starts_.insert(target.value);
    }
    bound_ = std::move(outer);
    open_ = std::move(outer_open);
    skipped_ = std::move(outer_skipped);
  }

 private:
  struct Bound {
    NameId name;
    std::vector<NodeId> targets;
  };

  bool isOpen(NameId name) const { return std::find(open_.begin(), open_.end(), name) != open_.end(); }
  void bind(NodeId node) {
    NodeList elements;
    if (auto tuple = ast_.tryAs<syntax::Tuple>(node)) elements = tuple->elts();
    if (auto list = ast_.tryAs<syntax::List>(node)) elements = list->elts();
    for (NodeId element : elements) bind(element);
    if (!elements.empty()) return;
    if (!ast_.is(node, NodeKind::kName)) return visit(node);
    NameId name = syntax::nameOf(ast_, node);
    if (isOpen(name)) return;
    auto found = std::find_if(bound_.begin(), bound_.end(), [&](const Bound& each) { return each.name == name; });
    if (found == bound_.end()) {
      bound_.push_back(Bound{name, {}});
      found = bound_.end() - 1;
    }
    found->targets.push_back(node);
    open_.push_back(name);
  }
  void skipBound() {
    for (const Bound& each : bound_) skipped_.push_back(each.name);
  }
  void visit(NodeId node) {
    switch (ast_.kind(node)) {
      case NodeKind::kName:
        if (!isOpen(syntax::nameOf(ast_, node))) skipped_.push_back(syntax::nameOf(ast_, node));
        return;
      case NodeKind::kWith: {
        auto view = ast_.as<syntax::With>(node);
        size_t before = open_.size();
        for (NodeId each : view.items()) {
          auto item = ast_.as<syntax::WithItem>(each);
          visit(item.contextExpr());
          if (item.optionalVars().valid()) bind(item.optionalVars());
        }
        for (NodeId statement : view.body()) visit(statement);
        open_.resize(before);
        return;
      }
      case NodeKind::kFunctionDef:
        skipBound();
        return;
      case NodeKind::kClassDef:
        skipBound();
        scope(ast_.as<syntax::ClassDef>(node).body());
        return;
      case NodeKind::kGlobal:
        for (NodeId name : ast_.as<syntax::Global>(node).names()) skipped_.push_back(syntax::nameOf(ast_, name));
        return;
      case NodeKind::kNonlocal:
        for (NodeId name : ast_.as<syntax::Nonlocal>(node).names()) skipped_.push_back(syntax::nameOf(ast_, name));
        return;
      case NodeKind::kImport: return imports(ast_.as<syntax::Import>(node).names());
      case NodeKind::kImportFrom: return imports(ast_.as<syntax::ImportFrom>(node).names());
      case NodeKind::kMatch: is_open_ended_ = true; break;
      case NodeKind::kExceptHandler: {
        NodeId name = ast_.as<syntax::ExceptHandler>(node).name();
        if (name.valid()) skipped_.push_back(syntax::nameOf(ast_, name));
        break;
      }
      default: break;
    }
    syntax::forEachChild(ast_, node, [&](NodeId child) { visit(child); });
  }
  void imports(NodeList names) {
    for (NodeId each : names) {
      auto alias = ast_.as<syntax::Alias>(each);
      NodeId name = alias.asname().valid() ? alias.asname() : alias.name();
      if (syntax::nameText(ast_, name) == "*") is_open_ended_ = true;
      skipped_.push_back(syntax::nameOf(ast_, name));
    }
  }

  const Ast& ast_;
  std::unordered_set<uint32_t>& starts_;
  std::vector<Bound> bound_;
  std::vector<NameId> open_, skipped_;
  bool is_open_ended_ = false;  // `import *` or a match statement may bind any name
};

bool hasWithIn(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kWith)) return true;
  if (!syntax::isStatement(ast, node) && !ast.is(node, NodeKind::kExceptHandler) && !ast.is(node, NodeKind::kMatchCase)) return false;
  if (ast.is(node, NodeKind::kFunctionDef)) return false;
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || hasWithIn(ast, child); });
  return found;
}

// Is there any with statement?
bool hasWith(const Ast& ast, NodeList statements) {
  for (NodeId statement : statements) {
    if (hasWithIn(ast, statement)) return true;
  }
  return false;
}

}  // namespace

void findRedefinitions(Checker& c, NodeId scope) {
  bool is_module = c.ast->is(scope, NodeKind::kModule);
  if (c.options->allow_redefinition_old) {
    Renaming renaming(*c.ast, c.starts);
    is_module ? renaming.module(scope) : renaming.function(scope);
    return;
  }
  NodeList body = is_module ? c.ast->as<syntax::Module>(scope).body() : c.ast->as<syntax::FunctionDef>(scope).body();
  if (!mayRedefine(*c.options) && hasWith(*c.ast, body)) WithNames(*c.ast, c.starts).scope(body);
}

SymbolId redefined(Checker& c, NodeId target) {
  World& w = c.w;
  if (c.starts.count(target.value) == 0) return SymbolId::none();
  SymbolId symbol = symbolAt(c, target);
  if (!symbol.valid() || w.symbols[symbol].scope != c.scope || w.resolved(symbol).kind != SymbolKind::kVariable) return SymbolId::none();
  const Symbol& info = w.symbols[symbol];
  bool is_first = info.definitions.empty() || info.definitions[0].target == target;
  // In a further round of a loop the first assignment takes its own type again.
  if (is_first && c.begun.count(symbol.value) == 0) return SymbolId::none();
  return info.typed == Progress::kDone ? symbol : SymbolId::none();
}

void beginAgain(Checker& c, SymbolId symbol, NodeId target, NodeId statement) {
  World& w = c.w;
  std::erase_if(c.partials, [&](const PartialVariable& partial) { return partial.symbol == symbol; });
  w.symbols[symbol].typed = Progress::kNot;
  w.symbols[symbol].clear(kIsDeclared);
  c.begun[symbol.value] = statement;
  KeyId key = keyOf(c, target);
  if (!key.valid()) return;
  c.binder->invalidateDependents(key, c.keys);
  c.binder->forget(key);
}

// What *args and **kwargs hold at the begin is known: a tuple and a dict.
static bool isStarParameter(const Checker& c, const Symbol& symbol) {
  auto param = symbol.definitions.empty() ? std::nullopt : c.ast->tryAs<syntax::Parameter>(symbol.definitions[0].node);
  return param && (param->parameterKind() == syntax::ParameterKind::kVarPositional || param->parameterKind() == syntax::ParameterKind::kVarKeyword);
}

static bool isUnannotatedParameter(const Checker& c, const Symbol& symbol) {
  auto param = c.ast->tryAs<syntax::Parameter>(symbol.definitions[0].node);
  if (!param || param->annotation().valid()) return false;
  return isStarParameter(c, symbol) || c.w.types.is(symbol.type, TypeKind::kAny);
}

bool mayWiden(Checker& c, SymbolId symbol) {
  World& w = c.w;
  if (!mayRedefine(*c.options) || !symbol.valid()) return false;
  const Symbol& info = w.symbols[symbol];
  if (info.module != c.module || info.kind != SymbolKind::kVariable || info.has(kIsFinal) || info.typed != Progress::kDone) return false;
  if (!info.type.valid() || w.types.is(info.type, TypeKind::kPartial)) return false;
  bool is_parameter = !info.definitions.empty() && info.definitions[0].kind == DefinitionKind::kParameter;
  if (!is_parameter && !info.has(kIsInferred)) return false;
  if (follows(*c.options, Divergence::kRedefinition)) return !is_parameter || isUnannotatedParameter(c, info);
  if (info.scope == c.scope) return true;
  // From another scope only None is added to.
  return w.types.is(proper(w, info.type), TypeKind::kNone);
}

bool isWidened(Checker& c, SymbolId symbol, NodeId target) { return c.ast->is(target, NodeKind::kName) && mayWiden(c, symbol); }

TypeId widen(Checker& c, SymbolId symbol, TypeId type) {
  World& w = c.w;
  TypeId declared = w.symbols[symbol].type;
  TypeId plain = removeLastKnownValues(w, type);
  bool is_new = !isSubtype(w, plain, declared) || (w.types.is(proper(w, declared), TypeKind::kAny) && !w.types.is(proper(w, plain), TypeKind::kAny));
  if (isValidInferred(w, plain) && is_new && !w.types.is(proper(w, plain), TypeKind::kDeleted)) {
    TypeId both[] = {declared, plain};
    declared = simplifiedUnion(w, both);
    // What a function assigns to a variable of the module was taken into account where the module ends.
    bool is_shared = follows(*c.options, Divergence::kRedefinition) && w.symbols[symbol].scope != c.scope && w.scopes[w.symbols[symbol].scope].kind == ScopeKind::kModule;
    // Where nothing is assigned to a star parameter yet, it is what the call gave.
    bool stays = is_shared || (w.symbols[symbol].scope == c.scope && isStarParameter(c, w.symbols[symbol]));
    if (!stays) w.symbols[symbol].type = declared;
    if (!stays) ++c.widenings;
  }
  if (w.symbols[symbol].scope != c.scope) recordAssigned(c, symbol, plain);
  return declared;
}

void assignWidening(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId rvalue) {
  World& w = c.w;
  TypeId declared = w.symbols[symbol].type;
  if (rvalue.valid()) {
    Watch watch = startWatch(c);
    bool is_any = w.types.is(proper(w, declared), TypeKind::kAny);
    type = inferExpr(c, rvalue, is_any ? TypeId::none() : declared);
    if (!isSubtype(w, type, declared) || hasNewErrors(c, watch)) {
      takeBack(c, watch);
      type = inferExpr(c, rvalue);
    }
  }
  // `x = None`, then `x = []`: what the display leaves open is anything.
  if (follows(*c.options, Divergence::kRedefinition) && !isValidInferred(w, type)) type = withUnsolvedAny(w, proper(w, type));
  declared = widen(c, symbol, type);
  c.nodeType(target) = declared;
  KeyId key = keyOf(c, target);
  if (!key.valid()) return;
  c.binder->invalidateDependents(key, c.keys);
  c.binder->assign(key, type, declared, w.symbols[symbol].scope == c.scope);
}

}  // namespace krait::check

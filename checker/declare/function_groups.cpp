#include "checker/declare/function_groups.h"

#include <memory>
#include <unordered_map>

#include "analyzer/semantic/flow/condition.h"

namespace krait::declare {

namespace {

// What is known of an if statement that holds nothing but functions of one name.
struct Choice {
  bool has_block = false;  // one of its blocks surely runs
  NodeId unknown;
  NodeList block = {};  // the one that runs
};

struct Groups {
  std::vector<UnmergedOverloads> unmerged;
  std::vector<std::vector<NodeId>> groups;  // of more than one function
};

class Merger {
 public:
  Merger(World& w, ModuleId module) : ast_(*w.modules[module].ast), target_(semantic::targetOf(w.modules[module].options)) {}

  Groups run(NodeList statements);

 private:
  NameId functionName(NodeId node) const { return syntax::nameOf(ast_, ast_.as<syntax::FunctionDef>(node).name()); }
  bool isDecorated(NodeId node) const { return !ast_.as<syntax::FunctionDef>(node).decorators().empty(); }
  NameId blockName(NodeList body, NameId current) const;
  NameId ifName(NodeId node, NameId current) const;
  Choice choose(NodeId node) const;
  void functionsIn(NodeList block, std::vector<NodeId>& found) const;

  const Ast& ast_;
  semantic::Target target_;
};

// The one name of all functions of a block; none: there is something else in it.
NameId Merger::blockName(NodeList body, NameId current) const {
  if (body.empty() || !ast_.is(body[body.size() - 1], NodeKind::kFunctionDef)) return NameId::none();
  NameId name = functionName(body[body.size() - 1]);
  for (size_t i = 0; i < body.size(); ++i) {
    if (ast_.is(body[i], NodeKind::kIf)) {
      if (ifName(body[i], name) != name) return NameId::none();
      continue;
    }
    if (!ast_.is(body[i], NodeKind::kFunctionDef) || functionName(body[i]) != name) return NameId::none();
    bool may_be_plain = i + 1 == body.size() && (i > 0 || current.valid());
    if (!isDecorated(body[i]) && !may_be_plain) return NameId::none();
  }
  return name;
}

NameId Merger::ifName(NodeId node, NameId current) const {
  auto branch = ast_.as<syntax::If>(node);
  NameId name = blockName(branch.body(), current);
  NodeList otherwise = branch.orelse();
  if (!name.valid() || otherwise.empty()) return name;
  if (otherwise.size() == 1 && ast_.is(otherwise[0], NodeKind::kIf)) return ifName(otherwise[0], current) == name ? name : NameId::none();
  return blockName(otherwise, name) == name ? name : NameId::none();
}

Choice Merger::choose(NodeId node) const {
  auto branch = ast_.as<syntax::If>(node);
  semantic::Truth truth = semantic::truthOf(ast_, branch.test(), target_);
  if (isTrue(truth)) return {true, NodeId::none(), branch.body()};
  if (!isFalse(truth)) return {false, node};
  NodeList otherwise = branch.orelse();
  if (otherwise.empty()) return {};
  if (ast_.is(otherwise[0], NodeKind::kIf)) return choose(otherwise[0]);
  return {true, NodeId::none(), otherwise};
}

void Merger::functionsIn(NodeList block, std::vector<NodeId>& found) const {
  for (NodeId node : block) {
    if (ast_.is(node, NodeKind::kIf)) functionsIn(choose(node).block, found);
    if (ast_.is(node, NodeKind::kFunctionDef)) found.push_back(node);
  }
}

Groups Merger::run(NodeList statements) {
  Groups result;
  NameId current;                 // of the functions that are being joined
  std::vector<NodeId> group;      // these
  UnmergedOverloads waiting;      // an if statement that they began with
  std::vector<NodeId> in_waiting;  // and its functions
  bool is_complete = false;       // an undecorated function was among them
  auto takeWaiting = [&] {
    group.insert(group.end(), in_waiting.begin(), in_waiting.end());
    in_waiting.clear();
  };
  auto finish = [&] {
    if (group.size() > 1) result.groups.push_back(group);
    group.clear();
    in_waiting.clear();
    waiting = {};
    is_complete = false;
    current = NameId::none();
  };
  for (NodeId node : statements) {
    bool is_function = ast_.is(node, NodeKind::kFunctionDef);
    NameId name = ast_.is(node, NodeKind::kIf) ? ifName(node, current) : NameId::none();
    Choice choice = name.valid() ? choose(node) : Choice{};
    if (current.valid() && is_function && functionName(node) == current) {
      takeWaiting();
      if (waiting.unknown.valid()) result.unmerged.push_back(waiting);
      waiting = {};
      group.push_back(node);
      is_complete = is_complete || !isDecorated(node);
    } else if (current.valid() && name == current && !is_complete) {
      if (!choice.has_block) {
        if (choice.unknown.valid()) result.unmerged.push_back({node, choice.unknown});
        continue;
      }
      takeWaiting();
      functionsIn(choice.block, group);
    } else {
      finish();
      if (is_function && isDecorated(node) && ast_.text(ast_.as<syntax::FunctionDef>(node).name()) != "_") {
        current = functionName(node);
        group.push_back(node);
      } else if (name.valid()) {
        current = name;
        waiting = {node, choice.has_block ? NodeId::none() : choice.unknown};
        functionsIn(choice.block, in_waiting);
      }
    }
  }
  finish();
  return result;
}

// The lists of statements that stand directly below the node.
std::vector<NodeList> blocksOf(const Ast& ast, NodeId node) {
  if (auto branch = ast.tryAs<syntax::If>(node)) return {branch->body(), branch->orelse()};
  if (auto loop = ast.tryAs<syntax::For>(node)) return {loop->body(), loop->orelse()};
  if (auto loop = ast.tryAs<syntax::While>(node)) return {loop->body(), loop->orelse()};
  if (auto with = ast.tryAs<syntax::With>(node)) return {with->body()};
  if (auto attempt = ast.tryAs<syntax::Try>(node)) return {attempt->body(), attempt->orelse(), attempt->finalbody()};
  if (auto handler = ast.tryAs<syntax::ExceptHandler>(node)) return {handler->body()};
  if (auto part = ast.tryAs<syntax::MatchCase>(node)) return {part->body()};
  return {syntax::bodyOf(ast, node)};
}

// The groups of a whole module, made when the first one is asked for.
struct ModuleGroups {
  std::weak_ptr<const Ast> ast;
  std::unordered_map<uint32_t, std::shared_ptr<const std::vector<NodeId>>> of;  // by function; none: it stands alone

  void read(Merger& merger, const Ast& tree, NodeId node) {
    if (syntax::isExpression(tree, node)) return;
    syntax::forEachChild(tree, node, [&](NodeId child) { read(merger, tree, child); });
    // Those of an `if` that surely runs belong to the ones around it: the outer block has the last word.
    for (NodeList block : blocksOf(tree, node)) {
      for (std::vector<NodeId>& group : merger.run(block).groups) {
        auto members = std::make_shared<const std::vector<NodeId>>(std::move(group));
        for (NodeId member : *members) of[member.value] = members;
      }
    }
  }
};

// Of the module that was asked about last: functions are collected and checked a module at a time.
const ModuleGroups& groupsOf(World& w, ModuleId module) {
  static thread_local ModuleGroups last;
  const std::shared_ptr<const Ast>& ast = w.modules[module].ast;
  if (last.ast.lock() == ast) return last;
  last = {ast, {}};
  Merger merger(w, module);
  last.read(merger, *ast, ast->root());
  return last;
}

}  // namespace

std::vector<UnmergedOverloads> unmergedOverloads(World& w, ModuleId module, NodeList statements) { return Merger(w, module).run(statements).unmerged; }

bool isSpelledOverload(const Ast& ast, NodeId function) {
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    auto attribute = ast.tryAs<syntax::Attribute>(decorator);
    if (syntax::nameText(ast, attribute ? attribute->attr() : decorator) == "overload") return true;
  }
  return false;
}

FunctionGroup functionGroup(World& w, ModuleId module, NodeId function) {
  const Ast& ast = *w.modules[module].ast;
  const ModuleGroups& groups = groupsOf(w, module);
  auto found = groups.of.find(function.value);
  std::vector<NodeId> alone{function};
  const std::vector<NodeId>& members = found != groups.of.end() ? *found->second : alone;
  FunctionGroup result{members[0], 0, false};
  for (NodeId member : members) {
    bool is_overload = isSpelledOverload(ast, member);
    result.overloads += is_overload ? 1 : 0;
    result.has_implementation = !is_overload;
  }
  return result;
}

}  // namespace krait::declare

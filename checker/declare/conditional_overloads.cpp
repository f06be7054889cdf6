#include "checker/declare/conditional_overloads.h"

#include "analyzer/semantic/flow/condition.h"

namespace krait::declare {

namespace {

// What is known of an if statement that holds nothing but functions of one name.
struct Choice {
  bool has_block = false;  // one of its blocks surely runs
  NodeId unknown;
};

class Merger {
 public:
  Merger(World& w, ModuleId module) : ast_(*w.modules[module].ast), target_(semantic::targetOf(w.modules[module].options)) {}

  std::vector<UnmergedOverloads> run(NodeList statements);

 private:
  NameId functionName(NodeId node) const { return syntax::nameOf(ast_, ast_.as<syntax::FunctionDef>(node).name()); }
  bool isDecorated(NodeId node) const { return !ast_.as<syntax::FunctionDef>(node).decorators().empty(); }
  NameId blockName(NodeList body, NameId current) const;
  NameId ifName(NodeId node, NameId current) const;
  Choice choose(NodeId node) const;

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
  if (isTrue(truth)) return {true, NodeId::none()};
  if (!isFalse(truth)) return {false, node};
  NodeList otherwise = branch.orelse();
  if (otherwise.empty()) return {};
  if (ast_.is(otherwise[0], NodeKind::kIf)) return choose(otherwise[0]);
  return {true, NodeId::none()};
}

std::vector<UnmergedOverloads> Merger::run(NodeList statements) {
  std::vector<UnmergedOverloads> result;
  NameId current;            // of the functions that are being joined
  UnmergedOverloads waiting;  // an if statement that they began with
  bool is_complete = false;  // an undecorated function ended them
  for (NodeId node : statements) {
    bool is_function = ast_.is(node, NodeKind::kFunctionDef);
    bool is_if = ast_.is(node, NodeKind::kIf);
    NameId name = is_if && !is_complete ? ifName(node, current) : NameId::none();
    Choice choice = name.valid() ? choose(node) : Choice{};
    if (current.valid() && is_function && functionName(node) == current) {
      if (waiting.unknown.valid()) result.push_back(waiting);
      waiting = {};
      is_complete = !isDecorated(node);
    } else if (current.valid() && name == current) {
      if (!choice.has_block && choice.unknown.valid()) result.push_back({node, choice.unknown});
    } else {
      waiting = {};
      is_complete = false;
      current = NameId::none();
      if (is_function && isDecorated(node)) {
        current = functionName(node);
      } else if (name.valid()) {
        current = name;
        waiting = {node, choice.has_block ? NodeId::none() : choice.unknown};
      }
    }
  }
  return result;
}

}  // namespace

std::vector<UnmergedOverloads> unmergedOverloads(World& w, ModuleId module, NodeList statements) { return Merger(w, module).run(statements); }

}  // namespace krait::declare

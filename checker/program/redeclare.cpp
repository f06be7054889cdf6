#include "checker/program/redeclare.h"

#include <algorithm>

#include "checker/check/fact_questions.h"
#include "checker/declare/recollect.h"
#include "checker/program/recheck.h"

namespace krait::program {

using namespace types;
namespace syn = krait::syntax;
using syn::NodeKind;

static bool reachOut(const Ast& ast, uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end; ++i) {
    if (reachesOut(ast, NodeId(i))) return true;
  }
  return false;
}

static bool hasKind(const Ast& ast, std::pair<uint32_t, uint32_t> nodes, NodeKind kind) {
  for (uint32_t i = nodes.first; i <= nodes.second; ++i) {
    if (ast.is(NodeId(i), kind)) return true;
  }
  return false;
}

static std::pair<uint32_t, uint32_t> nodesOf(const Ast& ast, NodeId statement) { return {firstNode(ast, statement), statement.value}; }

bool Redeclaration::isInUnits(const std::vector<std::pair<uint32_t, uint32_t>>& units, NodeId node) const {
  return std::any_of(units.begin(), units.end(), [&](const auto& unit) { return node.valid() && unit.first <= node.value && node.value <= unit.second; });
}

// A class whose members are what its body says, no more.
bool Redeclaration::isPlainClass(const World& w) const {
  const ClassInfo& info = w.classes[cls_];
  constexpr uint32_t kSpecial = kClassProtocol | kClassEnum | kClassNamedTuple | kClassTypedDict | kClassNewType | kClassHasErrors | kClassBadMro;
  return (info.flags & kSpecial) == 0 && info.membered == Progress::kDone && info.self_attributes == Progress::kDone;
}

bool Redeclaration::plan(Program::State& state, ModuleId module, const Ast& before, const Ast& after, const TreeChange& change) {
  World& w = state.world;
  std::optional<DeclaredChange> declared = findDeclaredChange(before, after, change);
  if (!declared) return false;
  module_ = module;
  before_ = &before;
  after_ = &after;
  change_ = &change;
  declared_ = std::move(*declared);
  scope_ = w.modules[module].scope;
  if (before.is(declared_.owner_before, NodeKind::kClassDef)) {
    auto found = w.modules[module].classes.find(declared_.owner_before.value);
    if (found == w.modules[module].classes.end()) return false;
    cls_ = found->second;
    scope_ = w.classes[cls_].scope;
    if (!isPlainClass(w)) return false;
  }
  bool is_body = declared_.before.size() == 1 && declared_.after.size() == 1 &&
                 differsInBodyOnly(before, after, change, declared_.before[0], declared_.after[0]);
  if (is_body && planAttributes(w)) return true;
  if (!planStatements(w)) return false;
  // What apply() would find out when it is too late, and the World is needed for the next answers.
  NameIds names = namesOfNewStatements();
  names.insert(names_.begin(), names_.end());
  return isSeenByMentions(w, names) && !areMentionedElsewhere(state, module, names);
}

// What the new statements bind in their own scope.
NameIds Redeclaration::namesOfNewStatements() const {
  NameIds names;
  for (NodeId statement : declared_.after) {
    if (auto function = after_->tryAs<syn::FunctionDef>(statement)) {
      names.insert(syn::nameOf(*after_, function->name()));
    } else if (auto cls = after_->tryAs<syn::ClassDef>(statement)) {
      names.insert(syn::nameOf(*after_, cls->name()));
    } else {
      for (auto [node, last] = nodesOf(*after_, statement); node <= last; ++node) {
        auto name = after_->tryAs<syn::Name>(NodeId(node));
        if (name && name->context() != syn::ExprContext::kLoad) names.insert(syn::nameOf(*after_, NodeId(node)));
        if (after_->is(NodeId(node), NodeKind::kIdentifier) && after_->is(after_->parent(NodeId(node)), NodeKind::kAlias)) names.insert(syn::nameOf(*after_, NodeId(node)));
      }
    }
  }
  return names;
}

bool Redeclaration::planAttributes(World& w) {
  auto found = w.modules[module_].functions.find(declared_.before[0].value);
  if (found == w.modules[module_].functions.end()) return false;
  auto old_def = before_->as<syn::FunctionDef>(declared_.before[0]);
  auto def = after_->as<syn::FunctionDef>(declared_.after[0]);
  bool is_same_kind = declare::isTrivialBody(*before_, old_def.body()) == declare::isTrivialBody(*after_, def.body());
  if (!is_same_kind || !def.typeParams().empty()) return false;
  if (reachOut(*before_, change_->begin, change_->old_end) || reachOut(*after_, change_->begin, change_->new_end)) return false;
  for (NodeId parent : change_->parents) {
    for (NodeId node = parent; node.valid() && node != declared_.after[0]; node = after_->parent(node)) {
      if (after_->is(node, NodeKind::kGlobal) || after_->is(node, NodeKind::kNonlocal)) return false;
    }
  }
  body_ = found->second;
  return true;
}

bool Redeclaration::planStatements(World& w) {
  const Module& module = w.modules[module_];
  std::vector<NodeId> more;
  for (NodeId statement : declared_.before) before_nodes_.push_back(nodesOf(*before_, statement));
  for (SymbolId symbol : w.scopes[scope_].names.in_order) {
    const Symbol& info = w.symbols[symbol];
    bool is_bound = std::any_of(info.definitions.begin(), info.definitions.end(), [&](const Definition& each) { return isInUnits(before_nodes_, each.node); });
    if (!is_bound) continue;
    if (info.kind == SymbolKind::kTypeVar) return false;
    symbols_.push_back(symbol);
    names_.insert(info.name);
    for (const Definition& definition : info.definitions) {
      if (isInUnits(before_nodes_, definition.node)) continue;
      // Other parts of a property, other overloads: all are bound again.
      bool is_function = definition.kind == DefinitionKind::kFunction && before_->parent(definition.node) == declared_.owner_before;
      if (!is_function) return false;
      more.push_back(definition.node);
    }
  }
  for (NodeId statement : more) {
    if (isInUnits(before_nodes_, statement)) continue;
    before_nodes_.push_back(nodesOf(*before_, statement));
    declared_.before.push_back(statement);
    declared_.after.push_back(change_->map(statement));
  }
  bool is_dataclass = cls_.valid() && w.classes[cls_].dataclass;
  auto isUsual = [&](const Ast& ast, NodeId statement) {
    auto nodes = nodesOf(ast, statement);
    switch (ast.kind(statement)) {
      case NodeKind::kFunctionDef: return !hasKind(ast, nodes, NodeKind::kGlobal);
      case NodeKind::kClassDef:
      case NodeKind::kAssign:
      case NodeKind::kAnnAssign:
      case NodeKind::kImport:
      case NodeKind::kImportFrom:
      case NodeKind::kExprStmt:
      case NodeKind::kPass: return !is_dataclass && !hasKind(ast, nodes, NodeKind::kGlobal);
      // Whether what comes after them is reached must not depend on them.
      case NodeKind::kIf:
      case NodeKind::kFor:
      case NodeKind::kWith:
      case NodeKind::kTry:
        return !is_dataclass && !hasKind(ast, nodes, NodeKind::kGlobal) && !hasKind(ast, nodes, NodeKind::kRaise) && !hasKind(ast, nodes, NodeKind::kReturn);
      default: return false;
    }
  };
  for (NodeId statement : declared_.before) {
    if (!isUsual(*before_, statement)) return false;
    gone_places_.push_back(syn::fullRange(*before_, statement));
  }
  for (NodeId statement : declared_.after) {
    if (!isUsual(*after_, statement)) return false;
  }
  for (auto [node, function] : module.functions) {
    if (isInUnits(before_nodes_, NodeId(node))) gone_.push_back(function);
  }
  return true;
}

// The names that the new statements bind, with all that was known of the old ones forgotten.
bool Redeclaration::bindAgain(World& w) {
  Module& module = w.modules[module_];
  std::sort(declared_.after.begin(), declared_.after.end(), [](NodeId a, NodeId b) { return a.value < b.value; });
  for (NodeId statement : declared_.after) after_nodes_.push_back(nodesOf(*after_, statement));
  auto isInside = [&](const auto& entry) { return isInUnits(after_nodes_, NodeId(entry.first)); };
  std::erase_if(module.functions, isInside);
  std::erase_if(module.classes, isInside);
  for (SymbolId symbol : symbols_) {
    Symbol fresh;
    fresh.name = w.symbols[symbol].name;
    fresh.scope = scope_;
    fresh.module = module_;
    if (cls_.valid()) fresh.owner = cls_;
    w.symbols[symbol] = std::move(fresh);
    w.body_facts.known.erase(check::factsKey(symbol));
  }
  declare::collectStatements(w, scope_, declared_.after);
  NameTable& table = w.scopes[scope_].names;
  for (SymbolId symbol : symbols_) {
    if (!w.symbols[symbol].definitions.empty()) continue;
    table.by_name.erase(w.symbols[symbol].name);
    std::erase(table.in_order, symbol);
  }
  for (SymbolId symbol : table.in_order) {
    const Symbol& info = w.symbols[symbol];
    size_t inside = 0;
    for (const Definition& definition : info.definitions) inside += isInUnits(after_nodes_, definition.node) ? 1 : 0;
    if (inside == 0) continue;
    if (inside != info.definitions.size()) return false;
    names_.insert(info.name);
  }
  return true;
}

// Do heirs of the class, or what is abstract, depend on which members it has?
bool Redeclaration::isAskedForByClasses(World& w) const {
  for (uint32_t i = 0; i < w.classes.size(); ++i) {
    const ClassInfo& info = w.classes[ClassId(i)];
    if (std::find(info.mro.begin(), info.mro.end(), cls_) == info.mro.end()) continue;
    for (NameId name : names_) {
      bool is_abstract = std::any_of(info.abstract_members.begin(), info.abstract_members.end(), [&](const auto& member) { return member.first == name; });
      // Whether methods of a class below define an attribute depends on what this one has.
      bool is_assigned = ClassId(i) != cls_ && std::find(info.self_assigned.begin(), info.self_assigned.end(), name) != info.self_assigned.end();
      if (is_abstract || is_assigned) return true;
    }
  }
  for (NameId name : names_) {
    SymbolId own = w.scopes[scope_].names.find(name);
    for (FunctionId function : own.valid() ? w.symbols[own].functions : std::vector<FunctionId>()) {
      declare::readDecorators(w, function);
      if (w.functions[function].has(kFnAbstract)) return true;
    }
    for (ClassId base : w.classes[cls_].mro) {
      const auto& members = w.classes[base].abstract_members;
      if (std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.first == name; })) return true;
    }
  }
  return false;
}

// Is the statement, or the class around it, reached? Of classes that are not, nobody checks the methods.
static bool isReached(const Module& module, const Ast& ast, NodeId statement) {
  for (NodeId at = statement; at.valid(); at = ast.parent(at)) {
    NodeId parent = ast.parent(at);
    if (!parent.valid()) return true;
    std::span<const syn::FieldInfo> fields = syn::fieldsOf(ast.kind(parent));
    for (uint32_t i = 0; i < fields.size(); ++i) {
      if (fields[i].kind != syn::FieldKind::kList) continue;
      syn::NodeList list = ast.list(parent, i);
      if (std::find(list.begin(), list.end(), at) == list.end()) continue;
      for (NodeId each : list) {
        if (module.unreached.contains(each.value)) return false;
        if (each == at) break;
      }
    }
  }
  return true;
}

static bool isTouched(void* context, const Definition& definition) {
  const auto& [ast, change] = *static_cast<std::pair<const Ast*, const TreeChange*>*>(context);
  TextRange range = ast->range(definition.node);
  return range.begin <= change->text_new_end && change->text_begin <= range.end;
}

bool Redeclaration::apply(Program::State& state) {
  World& w = state.world;
  if (!body_.valid() && !bindAgain(w)) return false;
  if (cls_.valid()) {
    std::pair<const Ast*, const TreeChange*> context{after_, change_};
    declare::refreshSelfAttributes(w, cls_, isTouched, &context, names_);
    for (NameId name : names_) {
      SymbolId symbol = w.scopes[scope_].names.find(name);
      if (symbol.valid()) w.body_facts.known.erase(check::factsKey(symbol));
    }
  }
  if (!isSeenByMentions(w, names_) || (cls_.valid() && isAskedForByClasses(w))) return false;
  std::optional<std::vector<FunctionId>> found = findMentions(state, module_, names_, after_nodes_);
  if (!found) return false;
  functions_ = std::move(*found);
  if (body_.valid() && std::find(functions_.begin(), functions_.end(), body_) == functions_.end()) functions_.push_back(body_);
  return true;
}

std::vector<FunctionId> Redeclaration::newFunctions(World& w) const {
  std::vector<std::pair<uint32_t, FunctionId>> ordered;
  for (auto [node, function] : w.modules[module_].functions) {
    const FunctionInfo& info = w.functions[function];
    if (!isInUnits(after_nodes_, NodeId(node)) || info.has(kFnLambda) || declare::enclosingFunction(w, info.parent).valid()) continue;
    if (info.owner.valid() && !isReached(w.modules[module_], *after_, w.classes[info.owner].node)) continue;
    ordered.push_back({node, function});
  }
  std::sort(ordered.begin(), ordered.end());
  std::vector<FunctionId> out;
  for (const auto& [node, function] : ordered) out.push_back(function);
  return out;
}

bool Redeclaration::isGone(const Message& message) const {
  if (std::find(gone_.begin(), gone_.end(), message.target) != gone_.end()) return true;
  bool is_declared = message.phase != 2 || message.target == World::kDeclaration;
  return is_declared && std::any_of(gone_places_.begin(), gone_places_.end(), [&](TextRange place) {
    return place.begin <= message.range.begin && message.range.begin < place.end;
  });
}

}  // namespace krait::program

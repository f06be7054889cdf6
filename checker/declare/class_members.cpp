// Members of classes: the names of the body, what transforms add, attributes that methods define on self, and which
// members are abstract.
#include <algorithm>

#include "checker/declare/field_transform.h"

namespace krait::declare {

// __slots__ = … of a class body, where all its items are known.
static void readSlots(World& w, ClassId cls) {
  SymbolId symbol = w.scopes[w.classes[cls].scope].names.find(w.names.__slots__);
  if (!symbol.valid() || w.symbols[symbol].definitions.empty()) return;
  const Ast& ast = *w.modules[w.classes[cls].module].ast;
  NodeId node = w.symbols[symbol].definitions[0].node;
  NodeId value;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    // Only an assignment to it alone tells what the slots are.
    if (assign->targets().size() == 1 && ast.is(assign->targets()[0], NodeKind::kName)) value = assign->value();
  }
  if (auto assign = ast.tryAs<syntax::AnnAssign>(node)) value = assign->value();
  if (!value.valid()) return;
  std::vector<NodeId> items;
  auto take = [&](NodeList list) { items.assign(list.begin(), list.end()); };
  if (auto list = ast.tryAs<syntax::List>(value)) {
    take(list->elts());
  } else if (auto tuple = ast.tryAs<syntax::Tuple>(value)) {
    take(tuple->elts());
  } else if (auto set = ast.tryAs<syntax::Set>(value)) {
    take(set->elts());
  } else if (auto dict = ast.tryAs<syntax::Dict>(value)) {
    take(dict->keys());
  } else if (syntax::stringValue(ast, value)) {
    items.push_back(value);
  } else {
    return;
  }
  std::vector<NameId> slots;
  for (NodeId item : items) {
    auto text = item.valid() ? syntax::stringValue(ast, item) : std::nullopt;
    if (!text || *text == "__dict__") return;
    slots.push_back(w.name(*text));
  }
  w.classes[cls].slots = slots;
  w.classes[cls].has_slots = true;
}

// A class that defines __eq__ alone has no hash. ref: Python's data model, object.__hash__
static void addMissingHash(World& w, ClassId cls) {
  const Module& module = w.modules[w.classes[cls].module];
  if (module.is_stub || w.classes[cls].has(kClassProtocol) || w.classes[cls].dataclass || !follows(module.options, Divergence::kUnhashableDataclasses)) return;
  SymbolId equality = w.scopes[w.classes[cls].scope].names.find(w.names.__eq__);
  if (!equality.valid() || w.symbols[equality].kind != SymbolKind::kFunction || w.symbols[equality].has(kIsSynthesised)) return;
  addMember(w, cls, w.names.__hash__, w.types.none(), SymbolKind::kVariable, kIsInitializedInClass | kIsClassVar);
}

void completeMembers(World& w, ClassId cls) {
  if (w.classes[cls].membered != Progress::kNot) return;
  w.classes[cls].membered = Progress::kRunning;
  w.header(cls);
  collectClass(w, cls);
  if (w.classes[cls].has(kClassEnum)) transformEnum(w, cls);
  readSlots(w, cls);
  transformDataclass(w, cls);
  transformAttrs(w, cls);
  transformTotalOrdering(w, cls);
  addMissingHash(w, cls);
  w.classes[cls].membered = Progress::kDone;
}

SymbolId addMember(World& w, ClassId cls, NameId name, TypeId type, SymbolKind kind, uint32_t flags) {
  ScopeId scope = w.classes[cls].scope;
  SymbolId found = w.scopes[scope].names.find(name);
  if (found.valid() && !w.symbols[found].has(kIsSynthesised)) return found;
  Symbol symbol;
  symbol.kind = kind;
  symbol.name = name;
  symbol.scope = scope;
  symbol.module = w.classes[cls].module;
  symbol.owner = cls;
  symbol.flags = flags | kIsSynthesised | kIsDeclared;
  symbol.resolved = Progress::kDone;
  symbol.typed = Progress::kDone;
  symbol.type = type;
  SymbolId id = w.symbols.add(std::move(symbol));
  w.scopes[scope].names.add(name, id);
  return id;
}

SymbolId addMethod(World& w, ClassId cls, std::string_view name, CallableParts parts, uint32_t flags) {
  NameId id = w.name(name);
  if (!parts.name.valid()) parts.name = w.name(std::string(name) + " of " + std::string(w.text(w.classes[cls].name)));
  return addMember(w, cls, id, w.types.callable(parts), SymbolKind::kFunction, flags);
}

namespace {

// Looks for `self.x = …` in one method.
struct SelfFinder {
  World& w;
  ClassId cls;
  FunctionId function;
  const Ast& ast;
  NameId self;

  void body(NodeList statements);
  void statement(NodeId node);
  void target(NodeId node, NodeId statement);
  void augmented(NodeId node, NodeId statement);
};

}  // namespace

// A variable of a class without annotation (Divergence::kInferredAttributes): others may assign other types to it.
static bool isUndeclared(World& w, SymbolId id) {
  const Symbol& symbol = w.resolved(id);
  const CheckOptions& options = w.modules[symbol.module].options;
  if (!follows(options, Divergence::kInferredAttributes) || w.modules[symbol.module].is_stub || !symbol.owner.valid()) return false;
  if (symbol.kind != SymbolKind::kVariable || symbol.has(kIsDeclared) || symbol.has(kIsFinal) || symbol.has(kIsSynthesised) || symbol.name == w.names.__match_args__) return false;
  if (symbol.has(kIsEnumMember) || symbol.has(kIsEnumAlias) || symbol.definitions.empty()) return false;
  const Ast& ast = *w.modules[symbol.module].ast;
  for (const Definition& definition : symbol.definitions) {
    if (ast.is(definition.node, NodeKind::kAnnAssign)) return false;
  }
  DefinitionKind first = symbol.definitions[0].kind;
  return first == DefinitionKind::kSelf || first == DefinitionKind::kAssign || first == DefinitionKind::kAugmented;
}

// A class variable without annotation, whose type the methods decide, too.
static bool mayHoldMore(World& w, SymbolId id) { return !w.symbols[id].has(kIsSelfAttribute) && isUndeclared(w, id); }

bool isInferredAttribute(World& w, SymbolId id) {
  if (!w.symbols[id].owner.valid() || w.symbols[id].kind != SymbolKind::kVariable || !isUndeclared(w, id)) return false;
  ClassId owner = w.symbols[id].owner;
  if (w.modules[w.symbols[id].module].is_library || w.header(owner).has(kClassEnum)) return false;
  if (w.classes[owner].self_attributes == Progress::kNot) completeSelfAttributes(w, owner);
  bool is_assigned = false;
  for (const Definition& definition : w.symbols[id].definitions) is_assigned = is_assigned || definition.kind == DefinitionKind::kSelf;
  if (!is_assigned || !isUndeclared(w, id)) return false;
  // What a base class declares holds here, too.
  const std::vector<ClassId>& mro = w.classes[owner].mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    SymbolId inherited = ownMember(w, mro[i], w.symbols[id].name);
    if (inherited.valid() && !isUndeclared(w, inherited)) return false;
  }
  return true;
}

void SelfFinder::target(NodeId node, NodeId statement) {
  switch (ast.kind(node)) {
    case NodeKind::kTuple:
      for (NodeId item : ast.as<syntax::Tuple>(node).elts()) target(item, statement);
      return;
    case NodeKind::kList:
      for (NodeId item : ast.as<syntax::List>(node).elts()) target(item, statement);
      return;
    case NodeKind::kStarred: target(ast.as<syntax::Starred>(node).value(), statement); return;
    case NodeKind::kAttribute: break;
    default: return;
  }
  auto attribute = ast.as<syntax::Attribute>(node);
  if (!ast.is(attribute.value(), NodeKind::kName) || syntax::nameOf(ast, attribute.value()) != self) return;
  NameId name = syntax::nameOf(ast, attribute.attr());
  ScopeId scope = w.classes[cls].scope;
  SymbolId found = w.scopes[scope].names.find(name);
  w.classes[cls].self_assigned.push_back(name);
  if (found.valid()) {
    bool sets_final = w.symbols[found].kind == SymbolKind::kVariable && w.functions[function].name == w.names.__init__ && !w.symbols[found].has(kIsSelfAttribute);
    if (sets_final) {
      // `x: Final[int]` of the body is given its value in __init__.
      declaredVariableType(w, found);
      sets_final = w.symbols[found].has(kIsFinalUnset);
    }
    bool adds = w.symbols[found].has(kIsSelfAttribute) || sets_final || mayHoldMore(w, found);
    if (adds) w.symbols[found].definitions.push_back({DefinitionKind::kSelf, statement, node});
    return;
  }
  // An attribute that a base class has is not defined anew, unless it is declared here.
  bool annotated = ast.is(statement, NodeKind::kAnnAssign);
  if (!annotated) {
    const ClassInfo& info = w.header(cls);
    for (size_t i = 1; i < info.mro.size(); ++i) {
      SymbolId inherited = ownMember(w, info.mro[i], name);
      if (inherited.valid() && !isUndeclared(w, inherited)) return;
    }
  }
  if (w.classes[cls].has(kClassProtocol)) {
    report(w, w.classes[cls].module, node, Code::kMisc, "Protocol members cannot be defined via assignment to self");
    return;
  }
  Symbol symbol;
  symbol.name = name;
  symbol.scope = scope;
  symbol.module = w.classes[cls].module;
  symbol.owner = cls;
  symbol.flags = kIsSelfAttribute;
  if (annotated) symbol.set(kIsDeclared);
  symbol.resolved = Progress::kDone;
  symbol.self_function = function;
  symbol.definitions.push_back({DefinitionKind::kSelf, statement, node});
  SymbolId id = w.symbols.add(std::move(symbol));
  w.scopes[scope].names.add(name, id);
}

// `self.x += 1` of an attribute that may hold anything is an assignment like others; it defines none.
void SelfFinder::augmented(NodeId node, NodeId statement) {
  auto attribute = ast.tryAs<syntax::Attribute>(node);
  if (!attribute || !ast.is(attribute->value(), NodeKind::kName) || syntax::nameOf(ast, attribute->value()) != self) return;
  SymbolId found = w.scopes[w.classes[cls].scope].names.find(syntax::nameOf(ast, attribute->attr()));
  if (found.valid() && isUndeclared(w, found)) w.symbols[found].definitions.push_back({DefinitionKind::kSelf, statement, node});
}

void SelfFinder::body(NodeList statements) {
  for (NodeId node : statements) statement(node);
}

void SelfFinder::statement(NodeId node) {
  if (isUnreachable(w, w.classes[cls].module, node)) return;
  switch (ast.kind(node)) {
    case NodeKind::kAssign:
      for (NodeId each : ast.as<syntax::Assign>(node).targets()) target(each, node);
      break;
    case NodeKind::kAnnAssign: target(ast.as<syntax::AnnAssign>(node).target(), node); break;
    case NodeKind::kAugAssign: augmented(ast.as<syntax::AugAssign>(node).target(), node); break;
    case NodeKind::kFor: {
      auto loop = ast.as<syntax::For>(node);
      target(loop.target(), node);
      body(loop.body());
      body(loop.orelse());
      break;
    }
    case NodeKind::kWhile: {
      auto loop = ast.as<syntax::While>(node);
      body(loop.body());
      body(loop.orelse());
      break;
    }
    case NodeKind::kIf: {
      auto branch = ast.as<syntax::If>(node);
      body(branch.body());
      body(branch.orelse());
      break;
    }
    case NodeKind::kWith: {
      auto with = ast.as<syntax::With>(node);
      for (NodeId item : with.items()) {
        NodeId vars = ast.as<syntax::WithItem>(item).optionalVars();
        if (vars.valid()) target(vars, node);
      }
      body(with.body());
      break;
    }
    case NodeKind::kTry: {
      auto attempt = ast.as<syntax::Try>(node);
      body(attempt.body());
      for (NodeId handler : attempt.handlers()) body(ast.as<syntax::ExceptHandler>(handler).body());
      body(attempt.orelse());
      body(attempt.finalbody());
      break;
    }
    case NodeKind::kMatch:
      for (NodeId part : ast.as<syntax::Match>(node).cases()) body(ast.as<syntax::MatchCase>(part).body());
      break;
    default: break;
  }
}

void completeSelfAttributes(World& w, ClassId cls) {
  if (w.classes[cls].self_attributes != Progress::kNot) return;
  w.classes[cls].self_attributes = Progress::kRunning;
  ModuleId module = w.classes[cls].module;
  if (!w.modules[module].is_stub) {
    const Ast& ast = *w.modules[module].ast;
    std::vector<SymbolId> symbols = w.scopes[w.classes[cls].scope].names.in_order;
    for (SymbolId symbol : symbols) {
      for (const Definition definition : std::vector<Definition>(w.symbols[symbol].definitions)) {
        if (definition.kind != DefinitionKind::kFunction || !ast.is(definition.node, NodeKind::kFunctionDef)) continue;
        auto found = w.modules[module].functions.find(definition.node.value);
        if (found == w.modules[module].functions.end()) continue;
        readDecorators(w, found->second);
        // What __new__ assigns to cls belongs to the class.
        bool is_new = w.functions[found->second].name == w.names.__new__ && follows(w.modules[module].options, Divergence::kInferredAttributes);
        if (w.functions[found->second].has(kFnStatic) && !is_new) continue;
        auto def = ast.as<syntax::FunctionDef>(definition.node);
        NodeList params = ast.as<syntax::Parameters>(def.params()).params();
        if (params.empty()) continue;
        NameId self = syntax::nameOf(ast, ast.as<syntax::Parameter>(params[0]).name());
        SelfFinder{w, cls, found->second, ast, self}.body(def.body());
      }
    }
  }
  w.classes[cls].self_attributes = Progress::kDone;
}

void completeAbstract(World& w, ClassId cls) {
  if (w.classes[cls].abstract_known != Progress::kNot) return;
  w.classes[cls].abstract_known = Progress::kRunning;
  std::vector<NameId> concrete;
  std::vector<std::pair<NameId, FunctionId>> abstract;
  std::vector<NameId> self_assigned;
  std::vector<ClassId> mro = w.header(cls).mro;
  for (ClassId base : mro) {
    w.members(base);
    if (w.classes[base].self_attributes == Progress::kNot) completeSelfAttributes(w, base);
    bool is_protocol = w.classes[base].has(kClassProtocol);
    const std::vector<NameId>& assigned = w.classes[base].self_assigned;
    self_assigned.insert(self_assigned.end(), assigned.begin(), assigned.end());
    std::vector<SymbolId> symbols = w.scopes[w.classes[base].scope].names.in_order;
    for (SymbolId symbol : symbols) {
      NameId name = w.symbols[symbol].name;
      bool seen = false;
      for (NameId other : concrete) seen = seen || other == name;
      for (const auto& other : abstract) seen = seen || other.first == name;
      if (seen) continue;
      bool is_abstract = false;
      FunctionId function;
      if (w.symbols[symbol].kind == SymbolKind::kFunction && !w.symbols[symbol].functions.empty()) {
        std::vector<FunctionId> functions = w.symbols[symbol].functions;
        function = functions[0];
        for (FunctionId each : functions) {
          readDecorators(w, each);
          is_abstract = is_abstract || w.functions[each].has(kFnAbstract);
          // To mypy a property is as abstract as its getter. ref: mypy semanal.analyze_property_with_multi_part_definition
          if (w.options.mypy && w.functions[each].has(kFnProperty)) break;
        }
        // A protocol's method without a body must be implemented, too.
        if (is_protocol && !is_abstract && !w.modules[w.classes[base].module].is_stub) {
          FunctionId last = functions.back();
          bool trivial = w.functions[last].has(kFnTrivialBody);
          bool overloads_only = w.functions[last].has(kFnOverload);
          if (overloads_only) {
            is_abstract = true;
          } else if (trivial && w.functions[last].node.valid()) {
            TypeId type = declaredSignature(w, last);
            TypeId ret = type.valid() && w.types.is(type, TypeKind::kCallable) ? proper(w, w.types.callable(type).ret()) : TypeId::none();
            bool may_be_none = ret.valid() && isSubtype(w, w.types.none(), ret);
            is_abstract = true;
            if (may_be_none) w.functions[last].set(kFnImplicitAbstract);
          }
        }
      } else if (is_protocol && w.symbols[symbol].kind == SymbolKind::kVariable && base != mro[0]) {
        // A protocol's variable without a value is abstract for explicit subclasses.
        const Ast& ast = *w.modules[w.classes[base].module].ast;
        for (const Definition& definition : w.symbols[symbol].definitions) {
          if (definition.kind == DefinitionKind::kAnnotated && !ast.as<syntax::AnnAssign>(definition.node).value().valid() &&
              !w.modules[w.classes[base].module].is_stub) {
            is_abstract = true;
          }
        }
        if (w.classes[mro[0]].has(kClassProtocol)) is_abstract = false;
        for (NameId other : self_assigned) is_abstract = is_abstract && other != name;
      }
      if (is_abstract) {
        abstract.push_back({name, function});
      } else {
        concrete.push_back(name);
      }
    }
  }
  std::sort(abstract.begin(), abstract.end(), [&](const auto& a, const auto& b) { return w.text(a.first) < w.text(b.first); });
  w.classes[cls].abstract_members = abstract;
  w.classes[cls].abstract_known = Progress::kDone;
}

}  // namespace krait::declare

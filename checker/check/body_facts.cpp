// Evaluates the bodies of functions for what they tell others (types/body_facts.h): what they give, and what they assign.
#include <algorithm>

#include "checker/check/check.h"
#include "checker/check/fact_questions.h"

namespace krait::check {

namespace {

// The names of a function and of the functions in it, put back as they were.
class SavedNames {
 public:
  SavedNames(World& w, FunctionId function) : w_(w), function_(function) {
    const std::vector<FunctionId>& evaluated = w.body_facts.evaluated;
    bool is_evaluated = std::find(evaluated.begin(), evaluated.end(), function) != evaluated.end();
    is_in_use_ = is_evaluated || w.functions[function].checked != Progress::kNot;
    if (!is_in_use_) return;
    take(w.functions[function].scope);
    const Module& module = w.modules[w.functions[function].module];
    end_ = w.functions[function].node.value + 1;
    begin_ = firstNode(*module.ast, w.functions[function].node).value;
    if (!module.node_types.empty()) node_types_.assign(module.node_types.begin() + begin_, module.node_types.begin() + end_);
  }
  ~SavedNames() {
    if (!is_in_use_) return;
    for (const Saved& each : saved_) {
      Symbol& symbol = w_.symbols[each.id];
      symbol.type = each.type;
      symbol.setter_type = each.setter_type;
      symbol.final_value = each.final_value;
      symbol.flags = each.flags;
      symbol.typed = each.typed;
    }
    std::copy(node_types_.begin(), node_types_.end(), w_.modules[w_.functions[function_].module].node_types.begin() + begin_);
  }
  SavedNames(const SavedNames&) = delete;

 private:
  struct Saved {
    SymbolId id;
    TypeId type, setter_type, final_value;
    uint32_t flags;
    Progress typed;
  };
  // The nodes of a definition stand one after the other, children before their parents.
  static NodeId firstNode(const Ast& ast, NodeId node) {
    for (NodeId first = node;; node = first) {
      syntax::forEachChild(ast, node, [&](NodeId child) { first = child.value < first.value ? child : first; });
      if (first == node) return node;
    }
  }
  void take(ScopeId scope) {
    for (SymbolId id : w_.scopes[scope].names.in_order) {
      const Symbol& symbol = w_.symbols[id];
      saved_.push_back({id, symbol.type, symbol.setter_type, symbol.final_value, symbol.flags, symbol.typed});
      for (FunctionId inner : symbol.functions) {
        ScopeId own = w_.functions[inner].scope;
        if (own.valid() && own != scope && w_.functions[inner].parent == scope) take(own);
      }
    }
  }

  World& w_;
  FunctionId function_;
  bool is_in_use_ = false;
  std::vector<Saved> saved_;
  uint32_t begin_ = 0, end_ = 0;  // its nodes
  std::vector<TypeId> node_types_;
};

}  // namespace

// `given`: the types of the arguments of a call; null: nobody calls it.
static BodyFacts evaluate(World& w, FunctionId id, const std::vector<TypeId>* given = nullptr) {
  ModuleId module = w.functions[id].module;
  if (w.modules[module].checked == Progress::kNot) checkTopLevel(w, module);
  BodyFacts facts;
  facts.function = id;
  facts.given = given;
  TypeId signature = declaredSignature(w, id);
  if (!signature.valid()) return facts;
  collectFunction(w, id);
  SavedNames saved(w, id);
  Checker c = checkerFor(w, module);
  Binder binder = binderFor(c);
  c.binder = &binder;
  c.silent = 1;
  c.scope = w.functions[id].scope;
  c.cls = w.functions[id].owner.valid() ? w.functions[id].owner : enclosingClass(w, w.functions[id].parent);
  c.function.id = id;
  c.function.is_async = w.functions[id].has(kFnAsync);
  c.function.is_generator = w.functions[id].has(kFnGenerator);
  c.facts = &facts;
  forgetLocals(c, c.scope);
  w.body_facts.evaluated.push_back(id);
  FunctionId asker = std::exchange(w.target, id);
  facts.is_end_reachable = checkStatementsOf(c, id, signature);
  w.target = asker;
  w.body_facts.evaluated.pop_back();
  forgetLocals(c, w.functions[id].scope);
  return facts;
}

bool isUnknownFact(World& w, TypeId type) {
  TypeKind kind = w.types.kind(proper(w, type));
  return kind == TypeKind::kAny || kind == TypeKind::kDeleted || kind == TypeKind::kPartial;
}

// A type as others may see it: containers that nobody filled hold Any.
TypeId asSeen(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kDeleted) || w.types.is(plain, TypeKind::kPartial)) return w.types.any();
  if (w.types.is(plain, TypeKind::kNever) || isValidInferred(w, type)) return type;
  if (w.types.is(plain, TypeKind::kInstance)) return instanceWithAny(w, w.types[plain].cls(), AnyKind::kFromError);
  if (w.types.is(plain, TypeKind::kTuple) || w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> args(w.types[plain].args().begin(), w.types[plain].args().end());
    for (TypeId& arg : args) arg = asSeen(w, arg);
    if (w.types.is(plain, TypeKind::kUnion)) return simplifiedUnion(w, args);
    return w.types.rebuild(w.types[plain], args, w.types[plain].extra);
  }
  return w.types.any();
}

// True here and False there are bool.
static void uniteTruths(World& w, std::vector<TypeId>& types) {
  TypeId first;
  bool differ = false;
  for (TypeId type : types) {
    if (!isNamed(w, proper(w, type), "builtins.bool")) continue;
    differ = differ || (first.valid() && first != type);
    first = type;
  }
  if (!differ) return;
  for (TypeId& type : types) {
    if (isNamed(w, proper(w, type), "builtins.bool")) type = w.types.withoutLiteral(proper(w, type));
  }
}

static bool hasReturn(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kReturn)) return true;
  bool is_other = ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || syntax::isExpression(ast, node);
  bool found = false;
  if (!is_other) syntax::forEachChild(ast, node, [&](NodeId child) { found = found || hasReturn(ast, child); });
  return found;
}

// A function whose body has no end and no return. What is abstract or raises NotImplementedError is there to be
// overridden: that it does not return must be declared. So must it for methods that return where a subclass has other
// attributes.
static bool neverReturns(World& w, FunctionId id) {
  const FunctionInfo& function = w.functions[id];
  if (function.owner.valid()) {
    for (NodeId statement : w.modules[function.module].ast->as<syntax::FunctionDef>(function.node).body()) {
      if (hasReturn(*w.modules[function.module].ast, statement)) return false;
    }
  }
  bool is_protocol = function.owner.valid() && w.header(function.owner).has(kClassProtocol);
  if (is_protocol || function.has(kFnAbstract) || function.has(kFnGenerator)) return false;
  const Ast& ast = *w.modules[function.module].ast;
  for (NodeId statement : ast.as<syntax::FunctionDef>(function.node).body()) {
    auto raise = ast.tryAs<syntax::Raise>(statement);
    if (!raise || !raise->exc().valid()) continue;
    NodeId raised = raise->exc();
    if (auto call = ast.tryAs<syntax::Call>(raised)) raised = call->func();
    if (ast.is(raised, NodeKind::kName) && syntax::nameText(ast, raised) == "NotImplementedError") return false;
  }
  return true;
}

// What is returned in all, alone; none: nobody can tell. `is_unfinished`: what
// is unknown may be so because others are not answered yet; it does not count.
static TypeId returned(World& w, const BodyFacts& facts, bool is_unfinished) {
  std::vector<TypeId> all;
  for (TypeId type : facts.results) {
    type = asSeen(w, type);
    if (isNamed(w, proper(w, type), "types.NotImplementedType") || isNamed(w, proper(w, type), "builtins._NotImplementedType")) continue;
    for (TypeId item : unionItems(w, type)) all.push_back(item);
  }
  if (facts.is_end_reachable) all.push_back(w.types.none());
  if (is_unfinished) {
    bool has_known = std::any_of(all.begin(), all.end(), [&](TypeId type) { return !isUnknownFact(w, type); });
    if (has_known) std::erase_if(all, [&](TypeId type) { return isUnknownFact(w, type); });
  }
  uniteTruths(w, all);
  TypeId united = all.empty() ? TypeId::none() : simplifiedUnion(w, all);
  if (united.valid() && (!w.types.is(united, TypeKind::kNever) || neverReturns(w, facts.function))) return united;
  return facts.results.empty() && neverReturns(w, facts.function) ? w.types.never() : TypeId::none();
}

static TypeId resultOf(World& w, const BodyFacts& facts, bool is_unfinished) {
  const FunctionInfo& function = w.functions[facts.function];
  TypeId type = returned(w, facts, is_unfinished);
  TypeId unknown = w.types.any(AnyKind::kUnannotated);
  if (!function.has(kFnGenerator)) {
    if (!type.valid() || !function.has(kFnAsync)) return type;
    TypeId args[] = {unknown, unknown, type};
    return namedType(w, "typing", "Coroutine", args);
  }
  std::vector<TypeId> yields;
  for (TypeId yield : facts.yields) yields.push_back(asSeen(w, yield));
  TypeId item = yields.empty() ? w.types.never() : simplifiedUnion(w, yields);
  if (function.has(kFnAsync)) {
    TypeId args[] = {item, unknown};
    return namedType(w, "typing", "AsyncGenerator", args);
  }
  TypeId args[] = {item, unknown, type.valid() ? type : unknown};
  return namedType(w, "typing", "Generator", args);
}

// What an evaluation found, once.
static FactsAnswer answerOf(World& w, BodyFacts facts, bool is_unfinished) {
  FactsAnswer answer;
  answer.type = resultOf(w, facts, is_unfinished);
  for (const auto& each : facts.assigned) {
    if (std::find(answer.assigned.begin(), answer.assigned.end(), each) == answer.assigned.end()) answer.assigned.push_back(each);
  }
  return answer;
}

FactsAnswer evaluateBody(World& w, FunctionId function) { return answerOf(w, evaluate(w, function), false); }

FactsAnswer answerAgain(World& w, uint64_t key) {
  if (isFunctionKey(key)) return evaluateBody(w, FunctionId(static_cast<uint32_t>(key)));
  return evaluateAttribute(w, SymbolId(static_cast<uint32_t>(key)), false);
}

uint64_t digestOfNames(World& w, FunctionId function) {
  uint64_t digest = 0;
  for (FunctionId outer = enclosingFunction(w, w.functions[function].parent); outer.valid(); outer = enclosingFunction(w, w.functions[outer].parent)) {
    if (!w.functions[outer].scope.valid()) continue;
    for (SymbolId id : w.scopes[w.functions[outer].scope].names.in_order) {
      const Symbol& symbol = w.symbols[id];
      uint64_t state = (uint64_t{symbol.type.value} << 2) | static_cast<uint64_t>(symbol.typed);
      digest = (digest ^ state) * 0x9E3779B97F4A7C15u;
      digest ^= digest >> 29;
    }
  }
  return digest;
}

static std::optional<FactsAnswer> askNested(World& w, FunctionId function) {
  BodyFactsStore& store = w.body_facts;
  uint64_t key = factsKey(function);
  uint64_t names = digestOfNames(w, function);
  if (const FactsAnswer* known = nestedAnswer(store, key, names)) return *known;
  if (FactsFrame* open = openFactsFrame(store, key); open != nullptr && open->so_far.valid()) return FactsAnswer{.type = open->so_far, .assigned = {}};
  if (openFactsFrame(store, key) != nullptr || isTooDeep(store, key)) return std::nullopt;
  openQuestion(store, key);
  BodyFacts facts = evaluate(w, function);
  FactsAnswer answer = answerOf(w, std::move(facts), isUnfinished(store.open.back()));
  if (store.open.back().is_cyclic && answer.type.valid()) {
    // It asked for itself: once more with what it gave, so that only what is unknown for good counts as unknown.
    store.open.back().so_far = answer.type;
    BodyFacts again = evaluate(w, function);
    const std::vector<FactsUse>& uses = store.open.back().uses;
    bool waits_for_others = std::any_of(uses.begin(), uses.end(), [&](const FactsUse& each) { return each.key != key; });
    answer = settledAnswer(w, answer, answerOf(w, std::move(again), waits_for_others));
  }
  closeNestedQuestion(store, answer, names);
  return answer;
}

// The answer about a body; nullopt: it is being asked already, or it is too much.
static std::optional<FactsAnswer> askBody(World& w, FunctionId function) {
  BodyFactsStore& store = w.body_facts;
  uint64_t key = factsKey(function);
  if (enclosingFunction(w, w.functions[function].parent).valid()) return askNested(w, function);
  if (const FactsAnswer* known = factsAnswer(store, key)) return *known;
  if (openFactsFrame(store, key) != nullptr || isTooDeep(store, key)) return std::nullopt;
  openQuestion(store, key);
  BodyFacts facts = evaluate(w, function);
  return closeQuestion(w, answerOf(w, std::move(facts), isUnfinished(store.open.back())), answerAgain);
}

FactsAnswer factsOfBody(World& w, FunctionId function) {
  std::optional<FactsAnswer> answer = askBody(w, function);
  return answer ? *answer : FactsAnswer{};
}

FactsAnswer evaluateCall(World& w, FunctionId function, const std::vector<TypeId>& given) {
  BodyFacts facts = evaluate(w, function, &given);
  return answerOf(w, std::move(facts), isUnfinished(w.body_facts.open.back()));
}

bool hasOpenResult(World& w, FunctionId id) {
  const FunctionInfo& function = w.functions[id];
  const Module& module = w.modules[function.module];
  if (!follows(module.options, Divergence::kInferredResults) || module.is_library || module.is_stub) return false;
  if (!function.node.valid() || !module.ast->is(function.node, NodeKind::kFunctionDef)) return false;
  if (module.ast->as<syntax::FunctionDef>(function.node).returns().valid()) return false;
  if (function.has(kFnOverload) || function.has(kFnNoTypeCheck) || function.has(kFnSynthesised) || function.has(kFnSetter)) return false;
  bool is_constructor = function.owner.valid() && (function.name == w.names.__init__ || function.name == w.names.__init_subclass__);
  if (is_constructor) return false;
  bool is_protocol = function.owner.valid() && w.header(function.owner).has(kClassProtocol);
  return !(function.has(kFnTrivialBody) && (function.has(kFnAbstract) || is_protocol));
}

TypeId inferResult(World& w, FunctionId id) {
  if (!hasOpenResult(w, id)) return TypeId::none();
  readDecorators(w, id);
  if (!hasOpenResult(w, id)) return TypeId::none();
  if (auto known = w.body_facts.known.find(factsKey(id)); known != w.body_facts.known.end()) return known->second.type;
  std::optional<FactsAnswer> answer = askBody(w, id);
  return answer ? answer->type : TypeId::none();
}

}  // namespace krait::check

// Evaluates the bodies of functions for what they tell others (types/body_facts.h).
//
// A question (what does f give? what is self.x?) may lead to others, and back to itself. While it is open it is known
// by its place on the stack `open`; an answer that saw an open question below itself holds only as long as that one is
// open (`local`). The lowest question of such a cycle gets a lasting answer, the others are asked again when somebody
// wants them, each with itself as the lowest. So an answer does not depend on who asked first: all processes of a run,
// and a run with other modules checked before, find the same. In a cycle of more than `kLargestCycle` answers, nobody
// gets one.
#include <algorithm>

#include "checker/check/check.h"

namespace krait::check {

static constexpr int kLargestCycle = 60;
static constexpr size_t kDeepest = 40;
// How many bodies are being evaluated inside of each other, barriers or not: the machine's stack is finite.
static thread_local int nested_bodies = 0;

static uint64_t keyOf(FunctionId function) { return function.value; }
static uint64_t keyOf(SymbolId symbol) { return (uint64_t{1} << 32) | symbol.value; }

namespace {

using Known = BodyFactsStore::Known;

// The names of a function and of the functions in it, put back as they were.
class SavedNames {
 public:
  SavedNames(World& w, FunctionId function) : w_(w), function_(function) {
    is_in_use_ = w.functions[function].checked != Progress::kNot;
    for (const FactsFrame& frame : w.body_facts.open) is_in_use_ = is_in_use_ || frame.key == keyOf(function);
    if (!is_in_use_) return;
    take(w.functions[function].scope);
    node_types_ = w.modules[w.functions[function].module].node_types;
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
    std::swap(w_.modules[w_.functions[function_].module].node_types, node_types_);
  }
  SavedNames(const SavedNames&) = delete;

 private:
  struct Saved {
    SymbolId id;
    TypeId type, setter_type, final_value;
    uint32_t flags;
    Progress typed;
  };
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
  std::vector<TypeId> node_types_;
};

}  // namespace

static BodyFacts evaluate(World& w, FunctionId id) {
  ModuleId module = w.functions[id].module;
  if (w.modules[module].checked == Progress::kNot) checkTopLevel(w, module);
  BodyFacts facts;
  facts.function = id;
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
  FunctionId asker = std::exchange(w.target, id);
  facts.is_end_reachable = checkStatementsOf(c, id, signature);
  w.target = asker;
  forgetLocals(c, w.functions[id].scope);
  return facts;
}

static bool isUnknown(World& w, TypeId type) {
  TypeKind kind = w.types.kind(proper(w, type));
  return kind == TypeKind::kAny || kind == TypeKind::kDeleted || kind == TypeKind::kPartial;
}

// A type as others may see it: containers that nobody filled hold Any.
static TypeId asSeen(World& w, TypeId type) {
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

// What is returned in all, alone; none: nobody can tell. `is_cyclic`: what a call of itself gives does not count.
static TypeId returned(World& w, const BodyFacts& facts, bool is_cyclic) {
  std::vector<TypeId> all;
  for (TypeId type : facts.results) {
    type = asSeen(w, type);
    if (isNamed(w, proper(w, type), "types.NotImplementedType") || isNamed(w, proper(w, type), "builtins._NotImplementedType")) continue;
    for (TypeId item : unionItems(w, type)) all.push_back(item);
  }
  if (facts.is_end_reachable) all.push_back(w.types.none());
  if (is_cyclic) {
    bool has_known = std::any_of(all.begin(), all.end(), [&](TypeId type) { return !isUnknown(w, type); });
    if (has_known) std::erase_if(all, [&](TypeId type) { return isUnknown(w, type); });
  }
  uniteTruths(w, all);
  // What never returns may be there to be overridden: that it does not return must be declared.
  return all.empty() ? TypeId::none() : simplifiedUnion(w, all);
}

static TypeId resultOf(World& w, const BodyFacts& facts, bool is_cyclic) {
  const FunctionInfo& function = w.functions[facts.function];
  TypeId type = returned(w, facts, is_cyclic);
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

// Is there a frame of the same cycle open? Then the lasting answer is not the one that counts here.
static bool isOpenCycle(const BodyFactsStore& store, uint32_t cycle) {
  for (const FactsFrame& frame : store.open) {
    auto found = store.cycles.find(frame.key);
    if (found != store.cycles.end() && found->second == cycle) return true;
  }
  return false;
}

// An answer that is there: lasting, or good while what it depends on is open. Null: the question must be asked.
static const Known* answerOf(BodyFactsStore& store, uint64_t key) {
  auto known = store.known.find(key);
  if (known != store.known.end() && (known->second.cycle == 0 || !isOpenCycle(store, known->second.cycle))) return &known->second;
  auto local = store.local.find(key);
  if (local == store.local.end()) return nullptr;
  if (!store.open.empty()) store.open.back().low = std::min(store.open.back().low, local->second.low);
  return &local->second.answer;
}

// Is the question open already? The asker depends on it.
static FactsFrame* openFrame(BodyFactsStore& store, uint64_t key) {
  for (size_t i = 0; i < store.open.size(); ++i) {
    if (store.open[i].key != key) continue;
    store.open[i].is_cyclic = true;
    store.open.back().low = std::min(store.open.back().low, i);
    return &store.open[i];
  }
  return nullptr;
}

static bool isTooMuch(const BodyFactsStore& store) {
  if (store.open.size() >= kDeepest || nested_bodies >= static_cast<int>(kDeepest)) return true;
  return std::any_of(store.open.begin(), store.open.end(), [](const FactsFrame& frame) { return frame.tainted > kLargestCycle; });
}

static void openQuestion(BodyFactsStore& store, uint64_t key) {
  FactsFrame frame;
  frame.key = key;
  frame.low = store.open.size();
  store.open.push_back(frame);
}

// Ends the question on top with its answer.
static Known closeQuestion(World& w, Known answer) {
  BodyFactsStore& store = w.body_facts;
  FactsFrame frame = store.open.back();
  store.open.pop_back();
  size_t index = store.open.size();
  if (frame.low < index) {
    store.open.back().low = std::min(store.open.back().low, frame.low);
    ++store.open[frame.low].tainted;
    store.local[frame.key] = {answer, frame.low};
    return answer;
  }
  if (frame.tainted > kLargestCycle) {
    answer.type = TypeId::none();
    answer.facts = BodyFacts{};
  }
  std::vector<uint64_t> inside;
  for (const auto& [key, local] : store.local) {
    if (local.low >= index) inside.push_back(key);
  }
  if (frame.is_cyclic) {
    uint32_t cycle = store.cycles.contains(frame.key) ? store.cycles[frame.key] : store.next_cycle++;
    answer.cycle = store.cycles[frame.key] = cycle;
    for (uint64_t key : inside) store.cycles[key] = cycle;
  }
  for (uint64_t key : inside) store.local.erase(key);
  store.known[frame.key] = answer;
  return answer;
}

// The answer about a body; nullopt: it is being asked already, or it is too much.
static std::optional<Known> askBody(World& w, FunctionId function) {
  BodyFactsStore& store = w.body_facts;
  uint64_t key = keyOf(function);
  bool is_nested = enclosingFunction(w, w.functions[function].parent).valid();
  if (!is_nested) {
    if (const Known* known = answerOf(store, key)) return *known;
  }
  if (openFrame(store, key) != nullptr) return std::nullopt;
  if (isTooMuch(store)) {
    // What is found without an answer does not last.
    if (!store.open.empty()) store.open.back().low = 0;
    return std::nullopt;
  }
  openQuestion(store, key);
  Known answer;
  ++nested_bodies;
  answer.facts = evaluate(w, function);
  --nested_bodies;
  answer.type = resultOf(w, answer.facts, store.open.back().is_cyclic);
  if (!is_nested) return closeQuestion(w, std::move(answer));
  // A function in a function sees that one's names as they are now: asked again each time.
  FactsFrame frame = store.open.back();
  store.open.pop_back();
  if (frame.low < store.open.size()) store.open.back().low = std::min(store.open.back().low, frame.low);
  return answer;
}

BodyFacts factsOfBody(World& w, FunctionId function) {
  std::optional<Known> answer = askBody(w, function);
  return answer ? answer->facts : BodyFacts{};
}

// Does nobody say what the function gives, so that its body does?
static bool isOpen(World& w, FunctionId id) {
  const FunctionInfo& function = w.functions[id];
  const Module& module = w.modules[function.module];
  if (!follows(module.options, Divergence::kInferredResults) || module.is_library || module.is_stub) return false;
  if (!function.node.valid() || !module.ast->is(function.node, NodeKind::kFunctionDef)) return false;
  if (module.ast->as<syntax::FunctionDef>(function.node).returns().valid()) return false;
  if (function.has(kFnOverload) || function.has(kFnNoTypeCheck) || function.has(kFnSynthesised) || function.has(kFnSetter)) return false;
  bool is_constructor = function.owner.valid() && (function.name == w.names.__init__ || function.name == w.names.__new__ || function.name == w.names.__init_subclass__);
  if (is_constructor) return false;
  bool is_protocol = function.owner.valid() && w.header(function.owner).has(kClassProtocol);
  return !(function.has(kFnTrivialBody) && (function.has(kFnAbstract) || is_protocol));
}

TypeId inferResult(World& w, FunctionId id) {
  if (!isOpen(w, id)) return TypeId::none();
  readDecorators(w, id);
  if (!isOpen(w, id)) return TypeId::none();
  if (auto known = w.body_facts.known.find(keyOf(id)); known != w.body_facts.known.end() && known->second.cycle == 0) return known->second.type;
  std::optional<Known> answer = askBody(w, id);
  return answer ? answer->type : TypeId::none();
}

void recordAssigned(Checker& c, SymbolId symbol, TypeId type) {
  if (c.facts != nullptr) c.facts->assigned.push_back({symbol, asSeen(c.w, removeLastKnownValues(c.w, type))});
}

// The functions in which the definitions stand that are not at the variable's own level: methods of its class, or of
// the functions around the outermost one.
static std::vector<FunctionId> definers(World& w, SymbolId id) {
  std::vector<FunctionId> out;
  const Module& module = w.modules[w.symbols[id].module];
  for (const Definition& definition : w.symbols[id].definitions) {
    FunctionId found;
    for (NodeId node = definition.node; node.valid(); node = module.ast->parent(node)) {
      auto function = module.functions.find(node.value);
      if (function == module.functions.end()) continue;
      found = function->second;
      if (w.symbols[id].owner.valid() && w.functions[found].owner == w.symbols[id].owner) break;
    }
    if (found.valid() && std::find(out.begin(), out.end(), found) == out.end()) out.push_back(found);
  }
  return out;
}

// The value that the class body gives.
static TypeId ownDefault(World& w, SymbolId id) {
  if (w.symbols[id].definitions[0].kind == DefinitionKind::kSelf) return TypeId::none();
  TypeId type = w.hooks.infer_value(w, id);
  return type.valid() ? asSeen(w, type) : type;
}

static bool isDescriptor(World& w, TypeId type) {
  TypeId plain = type.valid() ? proper(w, type) : type;
  if (!w.types.is(plain, TypeKind::kInstance)) return false;
  ClassId cls = w.types[plain].cls();
  return findMember(w, cls, w.names.__get__).found() || findMember(w, cls, w.names.__set__).found();
}

TypeId inferInferredAttribute(World& w, SymbolId id) {
  BodyFactsStore& store = w.body_facts;
  uint64_t key = keyOf(id);
  TypeId unknown = w.types.any(AnyKind::kUnannotated);
  auto last = [&](TypeId type) {
    w.symbols[id].type = type;
    w.symbols[id].typed = Progress::kDone;
    return type;
  };
  if (const Known* known = answerOf(store, key)) {
    TypeId type = known->type.valid() ? known->type : unknown;
    auto lasting = store.known.find(key);
    bool is_lasting = lasting != store.known.end() && &lasting->second == known && known->cycle == 0;
    return is_lasting ? last(type) : type;
  }
  if (FactsFrame* open = openFrame(store, key)) return open->so_far.valid() ? open->so_far : unknown;
  if (isTooMuch(store)) return unknown;
  openQuestion(store, key);
  size_t index = store.open.size() - 1;
  std::vector<TypeId> all;
  auto add = [&](TypeId type) {
    bool is_known = !isUnknown(w, type) || !store.open[index].is_cyclic;
    if (is_known) all.push_back(type);
    store.open[index].so_far = all.empty() ? TypeId::none() : simplifiedUnion(w, all);
  };
  TypeId own = ownDefault(w, id);
  if (own.valid()) add(own);
  // What is assigned over a descriptor, it takes.
  std::vector<FunctionId> functions = isDescriptor(w, own) ? std::vector<FunctionId>() : definers(w, id);
  for (FunctionId function : functions) {
    for (const auto& [symbol, type] : factsOfBody(w, function).assigned) {
      if (symbol == id) add(type);
    }
  }
  Known answer;
  answer.type = all.empty() ? unknown : simplifiedUnion(w, all);
  bool lasts = store.open.back().low == index;
  answer = closeQuestion(w, std::move(answer));
  TypeId type = answer.type.valid() ? answer.type : unknown;
  return lasts && answer.cycle == 0 ? last(type) : type;
}

SymbolId inferredAttributeAt(Checker& c, NodeId target) {
  World& w = c.w;
  SymbolId symbol;
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(target)) {
    if (!c.cls.valid() || !c.function.id.valid() || !c.ast->is(attribute->value(), NodeKind::kName)) return symbol;
    symbol = ownMember(w, c.cls, syntax::nameOf(*c.ast, attribute->attr()));
  } else if (c.cls.valid() && w.scopes[c.scope].kind == ScopeKind::kClass) {
    symbol = w.scopes[c.scope].names.find(syntax::nameOf(*c.ast, target));
  }
  if (!symbol.valid() || w.symbols[symbol].module != c.module) return SymbolId::none();
  bool is_own = false;
  for (const Definition& definition : w.symbols[symbol].definitions) is_own = is_own || definition.target == target;
  if (!is_own || !isInferredAttribute(w, symbol)) return SymbolId::none();
  return isDescriptor(w, ownDefault(w, symbol)) ? SymbolId::none() : symbol;
}

void assignInferredAttribute(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId rvalue) {
  World& w = c.w;
  TypeId declared;
  if (c.facts != nullptr) {
    if (rvalue.valid()) type = inferExpr(c, rvalue);
    recordAssigned(c, symbol, type);
    type = asSeen(w, type);
    declared = removeLastKnownValues(w, type);
  } else {
    declared = inferInferredAttribute(w, symbol);
    if (rvalue.valid()) {
      Watch watch = startWatch(c);
      type = inferExpr(c, rvalue, w.types.is(proper(w, declared), TypeKind::kAny) ? TypeId::none() : declared);
      if (hasNewErrors(c, watch) || !isSubtype(w, type, declared)) {
        takeBack(c, watch);
        type = inferExpr(c, rvalue);
      }
    }
    type = asSeen(w, type);
    TypeId both[] = {declared, removeLastKnownValues(w, type)};
    declared = simplifiedUnion(w, both);
  }
  c.nodeType(target) = declared;
  KeyId key = narrow::keyOf(c, target);
  if (!key.valid()) return;
  c.binder->invalidateDependents(key, c.keys);
  c.binder->assign(key, type, declared, true);
}

void widenByFunctions(Checker& c) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kRedefinition) || w.modules[c.module].is_stub || w.modules[c.module].is_library) return;
  for (SymbolId id : std::vector<SymbolId>(w.scopes[c.scope].names.in_order)) {
    if (w.symbols[id].kind != SymbolKind::kVariable || !w.symbols[id].has(kIsInferred) || w.symbols[id].typed != Progress::kDone) continue;
    if (w.symbols[id].has(kIsFinal) || w.symbols[id].definitions.size() < 2) continue;
    std::vector<TypeId> all{w.symbols[id].type};
    for (FunctionId function : definers(w, id)) {
      for (const auto& [symbol, type] : factsOfBody(w, function).assigned) {
        if (symbol == id) all.push_back(type);
      }
    }
    if (all.size() > 1) w.symbols[id].type = simplifiedUnion(w, all);
  }
}

}  // namespace krait::check

// `del`: items of containers and TypedDicts, attributes, names. And the items that an assignment gives a TypedDict.
#include "checker/check/check.h"
#include "checker/declare/any_rules.h"

namespace krait::check {

static void deleteTypedDictItem(Checker& c, TypeId dict, NodeId key_node, NodeId part) {
  World& w = c.w;
  inferExpr(c, key_node);
  if (literalKeys(c, key_node).empty() && typedDictAsDict(w, dict).valid()) return;
  if (literalKeys(c, key_node).empty()) return fail(c, key_node, Code::kLiteralRequired, "Expected TypedDict key to be string literal");
  NodeId whole = part;
  part = key_node;
  typedDictItem(c, dict, key_node, part, true);
  for (const std::string& name : literalKeys(c, key_node)) noteAbsent(c, c.ast->as<syntax::Subscript>(whole).value(), name);
  TypeId key = proper(w, c.nodeType(key_node));
  TypeId literal = w.types.is(key, TypeKind::kInstance) ? w.types[key].extra : key;
  if (!literal.valid() || !w.types.is(literal, TypeKind::kLiteral)) return;
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
    bool is_named = w.text(item.name) == w.types.literalValue(literal).text;
    if (!is_named || !(item.required || item.read_only)) continue;
    fail(c, part, Code::kTypedDictItem, "Key \"" + std::string(w.text(item.name)) + "\" of TypedDict " + formatType(w, dict) + " cannot be deleted");
  }
}

static void deleteItem(Checker& c, const syntax::Subscript& subscript, NodeId part) {
  World& w = c.w;
  TypeId base = inferExpr(c, subscript.value());
  TypeId plain = proper(w, base);
  if (w.types.is(plain, TypeKind::kTypedDict)) return deleteTypedDictItem(c, plain, subscript.slice(), part);
  std::vector<Arg> args{{subscript.slice(), ArgKind::kPos, NameId::none(), TypeId::none()}};
  // mypy's findings stand at the statement.
  NodeId where = part;
  while (!follows(*c.options, Divergence::kPropertyDeletion) && !c.ast->is(where, NodeKind::kDelete)) where = c.ast->parent(where);
  callMethod(c, w.names.__delitem__, base, std::move(args), where);
  // The next item has its place.
  KeyId key = keyOf(c, part);
  if (!key.valid() || !c.binder->get(key).valid()) return;
  c.binder->invalidateDependents(key, c.keys);
  c.binder->forget(key);
}

// A property without deleter, made by @property here or in a base.
static bool lacksDeleter(World& w, SymbolId symbol) {
  const std::vector<FunctionId>& functions = w.symbols[symbol].functions;
  if (functions.empty() || !w.functions[functions[0]].has(kFnProperty) || w.functions[functions[0]].has(kFnCachedProperty)) return false;
  for (FunctionId function : functions) {
    if (w.functions[function].has(kFnDeleter)) return false;
  }
  return true;
}

// Fields of named tuples stay, and so does what a property without deleter stands for.
static void deleteAttribute(Checker& c, const syntax::Attribute& attribute, NodeId part) {
  World& w = c.w;
  TypeId value = c.nodeType(attribute.value());
  TypeId owner = proper(w, value.valid() ? value : w.types.any(AnyKind::kFromError));
  TypeId instance = w.types.is(owner, TypeKind::kTuple) ? fallbackOf(w, owner) : owner;
  if (w.types.is(owner, TypeKind::kCallable) && w.types.callable(owner).isTypeObject() && follows(*c.options, Divergence::kEnumDeletion)) {
    TypeId made = proper(w, w.types.callable(owner).made());
    FoundMember member = w.types.is(made, TypeKind::kInstance) ? findMember(w, w.types[made].cls(), syntax::nameOf(*c.ast, attribute.attr())) : FoundMember{};
    if (!member.found() || !w.symbols[member.symbol].has(kIsEnumMember)) return;
    return fail(c, part, Code::kMisc, "Cannot delete enum member \"" + std::string(w.text(w.symbols[member.symbol].name)) + "\"");
  }
  if (!w.types.is(instance, TypeKind::kInstance)) return;
  FoundMember found = findMember(w, w.types[instance].cls(), syntax::nameOf(*c.ast, attribute.attr()));
  if (!found.found()) return;
  bool is_kept = w.symbols[found.symbol].has(kIsReadOnlyItem) || (lacksDeleter(w, found.symbol) && follows(*c.options, Divergence::kPropertyDeletion));
  if (!is_kept) return;
  fail(c, part, Code::kMisc,
       "Property \"" + std::string(w.text(w.symbols[found.symbol].name)) + "\" defined in \"" + std::string(w.text(w.classes[found.owner].name)) + "\" is read-only");
}

static void deleteTarget(Checker& c, NodeId part) {
  if (auto subscript = c.ast->tryAs<syntax::Subscript>(part)) return deleteItem(c, *subscript, part);
  inferExpr(c, part);
  auto attribute = c.ast->tryAs<syntax::Attribute>(part);
  if (attribute && follows(*c.options, Divergence::kNamedTupleFields)) deleteAttribute(c, *attribute, part);
  if (!c.ast->is(part, NodeKind::kName)) return;
  SymbolId symbol = symbolAt(c, part);
  SymbolKind kind = symbol.valid() ? c.w.resolved(symbol).kind : SymbolKind::kVariable;
  bool is_kept = kind == SymbolKind::kFunction || kind == SymbolKind::kModule || kind == SymbolKind::kImport;
  if (is_kept && !follows(*c.options, Divergence::kDeletedFunctions)) return;
  KeyId key = keyOf(c, part);
  if (key.valid()) c.binder->put(key, c.w.types.deleted(syntax::nameOf(*c.ast, part)), c.nodeType(part), true);
}

void noteGivenItems(Checker& c, NodeId target, NodeId value) {
  World& w = c.w;
  TypeId type = c.nodeType(value);
  if (!type.valid() || !w.types.is(proper(w, type), TypeKind::kTypedDict)) return;
  if (auto display = c.ast->tryAs<syntax::Dict>(value)) {
    for (NodeId key : display->keys()) {
      std::vector<std::string> names = key.valid() ? literalKeys(c, key) : std::vector<std::string>();
      if (names.size() == 1) notePresent(c, target, names[0]);
    }
  } else if (auto call = c.ast->tryAs<syntax::Call>(value)) {
    for (NodeId arg : call->args()) {
      auto keyword = c.ast->tryAs<syntax::Keyword>(arg);
      if (keyword && keyword->arg().valid()) notePresent(c, target, w.text(syntax::nameOf(*c.ast, keyword->arg())));
    }
  }
}

void checkDelete(Checker& c, NodeId node) {
  for (NodeId target : c.ast->as<syntax::Delete>(node).targets()) {
    std::vector<NodeId> parts{target};
    while (!parts.empty()) {
      NodeId part = parts.back();
      parts.pop_back();
      if (auto tuple = c.ast->tryAs<syntax::Tuple>(part)) {
        for (NodeId item : tuple->elts()) parts.push_back(item);
      } else {
        deleteTarget(c, part);
      }
    }
  }
}

}  // namespace krait::check

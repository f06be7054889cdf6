// TypedDicts: displays and calls that make one, and the methods whose types depend on the keys. Follows mypy's
// check_typeddict_call and its plugin for TypedDict methods.
#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c) { return c.w.types.any(AnyKind::kFromError); }

// One `key: value` (or `**value`: no key) on its way into a TypedDict.
struct Entry {
  NameId key;
  NodeId value;
};

std::vector<std::string> literalKeys(Checker& c, NodeId key) {
  World& w = c.w;
  if (auto text = syntax::stringValue(*c.ast, key)) return {std::string(*text)};
  TypeId type = c.nodeType(key);
  if (!type.valid()) type = inferExpr(c, key);
  std::vector<std::string> keys;
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    TypeId literal = w.types.is(plain, TypeKind::kLiteral) ? plain
                     : w.types.is(plain, TypeKind::kInstance) ? w.types[plain].extra : TypeId::none();
    if (!w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != LiteralKind::kStr) return {};
    keys.emplace_back(w.types.literalValue(literal).text);
  }
  return keys;
}

static const TypedDictItem* itemNamed(const std::vector<TypedDictItem>& items, NameId name) {
  for (const TypedDictItem& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

static std::string keyList(World& w, const std::vector<NameId>& keys) {
  std::string text;
  for (NameId key : keys) text += (text.empty() ? "\"" : ", \"") + std::string(w.text(key)) + "\"";
  return keys.size() == 1 ? "key " + text : "keys (" + text + ")";
}

static bool isAnonymous(World& w, TypeId dict) {
  return !w.types.is(w.types[dict].extra, TypeKind::kInstance) || w.classes[w.types[w.types[dict].extra].cls()].fullname.ends_with("_TypedDict");
}

static bool contains(const std::vector<NameId>& names, NameId name) {
  for (NameId other : names) {
    if (other == name) return true;
  }
  return false;
}

// Reports keys that are missing or too many. False: something required is missing.
static bool checkKeys(Checker& c, TypeId dict, const std::vector<NameId>& present, const std::vector<NameId>& certain, NodeId at) {
  World& w = c.w;
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  std::vector<NameId> missing, extra, expected;
  for (const TypedDictItem& item : items) {
    if (item.required && !contains(certain, item.name)) missing.push_back(item.name);
    if (item.required || contains(present, item.name)) expected.push_back(item.name);
  }
  bool takes_more = w.types.typedDictExtra(dict).valid();
  for (NameId key : present) {
    if (itemNamed(items, key) == nullptr && !takes_more && !contains(extra, key)) extra.push_back(key);
  }
  if (missing.empty() && extra.empty()) return true;
  if (isAnonymous(w, dict)) {
    std::string found = present.empty() ? "no keys" : keyList(w, present);
    if (expected.empty()) {
      fail(c, at, Code::kMisc, "Unexpected TypedDict " + found);
    } else {
      if (!present.empty() && extra.empty()) found = "only " + found;
      fail(c, at, Code::kTypedDictItem, "Expected TypedDict " + keyList(w, expected) + " but found " + found);
    }
    return missing.empty();
  }
  if (!missing.empty()) fail(c, at, Code::kTypedDictItem, "Missing " + keyList(w, missing) + " for TypedDict " + formatType(w, dict));
  if (!extra.empty()) fail(c, at, Code::kTypedDictUnknownKey, "Extra " + keyList(w, extra) + " for TypedDict " + formatType(w, dict));
  return missing.empty();
}

static void checkItem(Checker& c, const TypedDictItem& item, NodeId value) {
  TypeId given = inferExpr(c, value, item.type);
  checkSubtype(c, given, item.type, value, "Incompatible types", "expression has type",
               ("TypedDict item \"" + std::string(c.w.text(item.name)) + "\" has type").c_str(), Code::kTypedDictItem);
}

// The generic TypedDict with its variables solved by the values.
static TypeId solvedDict(Checker& c, TypeId callee, TypeId dict, const std::vector<Entry>& entries, NodeId at) {
  World& w = c.w;
  if (!callee.valid() || !w.types.callable(callee).isGeneric()) return dict;
  CallableParts parts;
  parts.vars.assign(w.types.callable(callee).vars().begin(), w.types.callable(callee).vars().end());
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
    parts.add(item.name, item.required ? ParamKind::kNamed : ParamKind::kNamedOpt, item.type);
  }
  parts.ret = dict;
  parts.name = w.types.callable(callee).shape->name;
  CallSite site;
  site.node = at;
  for (const Entry& entry : entries) {
    if (entry.key.valid()) site.args.push_back({entry.value, ArgKind::kNamed, entry.key, TypeId::none()});
  }
  ++c.silent;
  TypeId solved = proper(w, checkCall(c, w.types.callable(parts), site).ret);
  --c.silent;
  return w.types.is(solved, TypeKind::kTypedDict) ? solved : dict;
}

// Does the type hold keys that are not known, of any type?
static bool isAnyMapping(World& w, TypeId type) {
  ClassId mapping = lookupClass(w, "typing", "Mapping");
  if (!mapping.valid() || !w.types.is(type, TypeKind::kInstance) || !isSubclass(w, w.types[type].cls(), mapping)) return false;
  TypeId mapped = mapToSupertype(w, type, mapping);
  return w.types[mapped].count == 2 && w.types.is(proper(w, w.types[mapped].items[0]), TypeKind::kAny) &&
         w.types.is(proper(w, w.types[mapped].items[1]), TypeKind::kAny);
}

// `**value` brings keys that are not known into `dict`.
static void openItem(Checker& c, TypeId dict, NodeId value) {
  if (!c.w.types.typedDictShape(dict).is_closed) return;
  fail(c, value, Code::kTypedDictItem, "Cannot unpack item that may contain extra keys into a closed TypedDict");
}

static TypeId checkEntries(Checker& c, TypeId callee, TypeId dict, const std::vector<Entry>& entries, NodeId at) {
  World& w = c.w;
  std::vector<NameId> present, certain;
  std::vector<std::pair<NameId, TypeId>> unpacked;
  bool may_hide_keys = false;
  for (const Entry& entry : entries) {
    if (entry.key.valid()) {
      if (!contains(present, entry.key)) present.push_back(entry.key);
      certain.push_back(entry.key);
      continue;
    }
    TypeId other = proper(w, inferExpr(c, entry.value, dict));
    for (TypeId item : unionItems(w, other)) {
      TypeId plain = proper(w, item);
      if (w.types.is(plain, TypeKind::kTypedDict)) {
        for (const TypedDictItem& each : w.types.typedDictItems(plain)) {
          if (!contains(present, each.name)) present.push_back(each.name);
          if (each.required) certain.push_back(each.name);
          unpacked.push_back({each.name, each.type});
        }
        bool is_open = !w.types.typedDictShape(plain).is_closed;
        may_hide_keys = may_hide_keys || is_open;
        if (is_open && c.options->extra_checks) openItem(c, dict, entry.value);
      } else if (isAnyMapping(w, plain)) {
        may_hide_keys = true;
        if (c.options->extra_checks) openItem(c, dict, entry.value);
      } else if (!w.types.is(plain, TypeKind::kAny)) {
        fail(c, entry.value, Code::kTypedDictItem, "Unsupported type " + formatType(w, plain) + " for ** expansion in TypedDict");
      }
    }
  }
  TypeId made = solvedDict(c, callee, dict, entries, at);
  if (may_hide_keys && c.options->extra_checks) {
    for (const TypedDictItem& item : w.types.typedDictItems(made)) {
      if (item.required || contains(present, item.name)) continue;
      fail(c, at, Code::kTypedDictItem, "Non-required key \"" + std::string(w.text(item.name)) + "\" not explicitly found in any ** item");
    }
  }
  if (!checkKeys(c, made, present, certain, at)) {
    for (const Entry& entry : entries) {
      if (entry.key.valid()) inferExpr(c, entry.value);
    }
    return any(c);
  }
  std::vector<TypedDictItem> items = w.types.typedDictItems(made);
  for (const Entry& entry : entries) {
    if (!entry.key.valid()) continue;
    const TypedDictItem* item = itemNamed(items, entry.key);
    if (item != nullptr) {
      checkItem(c, *item, entry.value);
    } else if (w.types.typedDictShape(made).has_extra) {
      TypedDictItem extra = restOf(w, made);
      extra.name = entry.key;
      checkItem(c, extra, entry.value);
    } else {
      inferExpr(c, entry.value);
    }
  }
  for (const auto& entry : unpacked) {
    const TypedDictItem* item = itemNamed(items, entry.first);
    if (item == nullptr) continue;
    checkSubtype(c, entry.second, item->type, at, "Incompatible types", "expression has type",
                 ("TypedDict item \"" + std::string(w.text(item->name)) + "\" has type").c_str(), Code::kTypedDictItem);
  }
  return made;
}

// The entries of a display; false: a key is no literal (reported).
static bool entriesOf(Checker& c, NodeId node, std::vector<Entry>& entries) {
  auto dict = c.ast->as<syntax::Dict>(node);
  for (size_t i = 0; i < dict.values().size(); ++i) {
    NodeId key = dict.keys()[i];
    if (!key.valid()) {
      entries.push_back({NameId::none(), dict.values()[i]});
      continue;
    }
    inferExpr(c, key);
    std::vector<std::string> texts = literalKeys(c, key);
    if (texts.size() != 1) {
      fail(c, key, Code::kLiteralRequired, "Expected TypedDict key to be string literal");
      return false;
    }
    entries.push_back({c.w.name(texts[0]), dict.values()[i]});
  }
  return true;
}

TypeId typedDictDisplay(Checker& c, NodeId node, TypeId wanted) {
  World& w = c.w;
  std::vector<Entry> entries;
  if (!entriesOf(c, node, entries)) return any(c);
  TypeId callee;
  // What is wanted leaves its type arguments open: the values say them.
  if (w.types[wanted].has(kHasErased) && w.types.is(w.types[wanted].extra, TypeKind::kInstance) && follows(*c.options, Divergence::kGenericDisplays)) {
    callee = proper(w, classCallable(w, w.types[w.types[wanted].extra].cls()));
    TypeId own = w.types.is(callee, TypeKind::kCallable) ? proper(w, w.types.callable(callee).ret()) : callee;
    if (w.types.is(own, TypeKind::kTypedDict)) wanted = own;
    else callee = TypeId::none();
  }
  return checkEntries(c, callee, wanted, entries, node);
}

// Could the display be this TypedDict, going by its keys?
static bool keysMatch(Checker& c, NodeId node, TypeId dict) {
  auto display = c.ast->as<syntax::Dict>(node);
  std::vector<TypedDictItem> items = c.w.types.typedDictItems(dict);
  std::vector<NameId> given;
  for (NodeId key : display.keys()) {
    if (!key.valid()) return true;
    std::vector<std::string> texts = literalKeys(c, key);
    if (texts.size() != 1) return false;
    given.push_back(c.w.name(texts[0]));
    if (itemNamed(items, given.back()) == nullptr) return false;
  }
  for (const TypedDictItem& item : items) {
    if (item.required && !contains(given, item.name)) return false;
  }
  return true;
}

TypeId typedDictInContext(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  std::vector<TypeId> members = unionItems(w, context);
  if (members.size() == 1) {
    TypeId only = proper(w, members[0]);
    return w.types.is(only, TypeKind::kTypedDict) ? typedDictDisplay(c, node, only) : TypeId::none();
  }
  std::vector<TypeId> dicts;
  bool is_exhaustive = true;
  for (TypeId member : members) {
    TypeId plain = proper(w, member);
    if (!w.types.is(plain, TypeKind::kTypedDict)) {
      is_exhaustive = false;
    } else if (keysMatch(c, node, plain)) {
      dicts.push_back(plain);
    }
  }
  if (dicts.empty()) return TypeId::none();
  if (dicts.size() == 1 && is_exhaustive) return typedDictDisplay(c, node, dicts[0]);
  for (TypeId dict : dicts) {
    int was_silent = c.silent;
    c.silent = 0;
    Watch watch = startWatch(c);
    TypeId made = typedDictDisplay(c, node, dict);
    bool failed = hasNewErrors(c, watch);
    takeBack(c, watch);
    c.silent = was_silent;
    if (!failed) return made;
  }
  if (is_exhaustive) {
    std::string all;
    for (const std::string& text : formatDistinctly(w, dicts)) all += (all.empty() ? "" : ", ") + text;
    fail(c, node, Code::kMisc, "Type of TypedDict is ambiguous, none of (" + all + ") matches cleanly");
  }
  return TypeId::none();
}

TypeId dictCallInContext(Checker& c, NodeId node, TypeId context) {
  if (!context.valid()) return context;
  context = proper(c.w, context);
  if (!c.w.types.is(context, TypeKind::kTypedDict)) return TypeId::none();
  std::vector<Entry> entries;
  NodeList args = c.ast->as<syntax::Call>(node).args();
  for (NodeId arg : args) {
    auto keyword = c.ast->tryAs<syntax::Keyword>(arg);
    if (!keyword) return TypeId::none();
    entries.push_back({keyword->arg().valid() ? syntax::nameOf(*c.ast, keyword->arg()) : NameId::none(), keyword->value()});
  }
  return args.empty() ? TypeId::none() : checkEntries(c, TypeId::none(), context, entries, node);
}

TypeId typedDictCall(Checker& c, TypeId callee, NodeId node) {
  World& w = c.w;
  callee = proper(w, callee);
  if (!w.types.is(callee, TypeKind::kCallable) || !w.types.callable(callee).isTypeObject()) return TypeId::none();
  TypeId dict = proper(w, w.types.callable(callee).ret());
  if (!w.types.is(dict, TypeKind::kTypedDict)) return TypeId::none();
  NodeList args = c.ast->as<syntax::Call>(node).args();
  std::vector<Entry> entries;
  bool all_named = true;
  for (NodeId arg : args) {
    auto keyword = c.ast->tryAs<syntax::Keyword>(arg);
    all_named = all_named && keyword.has_value();
    if (!keyword) break;
    entries.push_back({keyword->arg().valid() ? syntax::nameOf(*c.ast, keyword->arg()) : NameId::none(), keyword->value()});
  }
  if (all_named) return checkEntries(c, callee, dict, entries, node);
  if (args.size() == 1) {
    if (c.ast->is(args[0], NodeKind::kDict)) {
      entries.clear();
      if (!entriesOf(c, args[0], entries)) return any(c);
      return checkEntries(c, callee, dict, entries, node);
    }
    auto call = c.ast->tryAs<syntax::Call>(args[0]);
    if (call && fullNameAt(w, c.module, c.scope, *c.ast, call->func()) == "builtins.dict") {
      entries.clear();
      bool named = true;
      for (NodeId arg : call->args()) {
        auto keyword = c.ast->tryAs<syntax::Keyword>(arg);
        named = named && keyword.has_value();
        if (keyword) entries.push_back({keyword->arg().valid() ? syntax::nameOf(*c.ast, keyword->arg()) : NameId::none(), keyword->value()});
      }
      if (named) return checkEntries(c, callee, dict, entries, node);
    }
  }
  fail(c, node, Code::kMisc, "Expected keyword arguments, {...}, or dict(...) in TypedDict constructor");
  return any(c);
}

// ---- methods ----

static void keyNotFound(Checker& c, TypeId dict, const std::string& key, NodeId at) {
  typedDictKeyNotFound(c, dict, key, at, false);
}

void typedDictKeyNotFound(Checker& c, TypeId dict, const std::string& key, NodeId at, bool is_assignment) {
  World& w = c.w;
  std::vector<NameId> names;
  std::string listed;
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
    names.push_back(item.name);
    listed += (listed.empty() ? "\"" : ", \"") + std::string(w.text(item.name)) + "\"";
  }
  if (isAnonymous(w, dict)) {
    fail(c, at, Code::kMisc, "\"" + key + "\" is not a valid TypedDict key; expected one of (" + listed + ")");
    return;
  }
  Code code = is_assignment ? Code::kTypedDictUnknownKey : Code::kTypedDictItem;
  fail(c, at, code, "TypedDict " + formatType(w, dict) + " has no key \"" + key + "\"");
  std::vector<std::string> matches = similarNames(w, names, key);
  if (!matches.empty()) note(c, at, code, "Did you mean " + didYouMean(matches) + "?");
}

static TypeId getResult(Checker& c, TypeId dict, NodeList args, TypeId result) {
  World& w = c.w;
  std::vector<std::string> keys = literalKeys(c, args[0]);
  if (keys.empty() || args.size() > 2) return result;
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  std::vector<TypeId> types;
  for (const std::string& key : keys) {
    const TypedDictItem* item = itemNamed(items, w.name(key));
    TypedDictItem rest = restOf(w, dict);
    if (item == nullptr) {
      if (rest.read_only && isObject(w, rest.type)) return objectType(w);
      item = &rest;
    }
    if (item->required) {
      types.push_back(item->type);
      continue;
    }
    if (args.size() == 1) {
      types.push_back(item->type);
      types.push_back(w.types.none());
      continue;
    }
    NodeId value = args[1];
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(value)) value = keyword->value();
    TypeId item_type = proper(w, item->type);
    bool empty_dict = c.ast->is(value, NodeKind::kDict) && c.ast->as<syntax::Dict>(value).values().empty();
    if (empty_dict && w.types.is(item_type, TypeKind::kTypedDict)) {
      // {} stands for the dict with none of its keys.
      std::vector<TypedDictItem> optional = w.types.typedDictItems(item_type);
      for (TypedDictItem& each : optional) each.required = false;
      types.push_back(w.types.typedDict(optional, w.types[item_type].extra));
    } else {
      types.push_back(item->type);
      Watch watch = startWatch(c);
      TypeId given = inferExpr(c, value, item->type);
      bool fits = !hasNewErrors(c, watch);
      takeBack(c, watch);
      types.push_back(fits ? given : inferExpr(c, value));
    }
  }
  return simplifiedUnion(w, types);
}

static TypeId popResult(Checker& c, TypeId dict, NodeId call, NodeList args, bool is_setdefault, TypeId result) {
  World& w = c.w;
  std::vector<std::string> keys = literalKeys(c, args[0]);
  if (keys.empty()) {
    fail(c, args[0], Code::kLiteralRequired, "Expected TypedDict key to be string literal");
    return any(c);
  }
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  std::vector<TypeId> types;
  for (const std::string& key : keys) {
    const TypedDictItem* item = itemNamed(items, w.name(key));
    TypedDictItem rest;
    if (item == nullptr && w.types.typedDictShape(dict).has_extra) {
      rest = restOf(w, dict);
      item = &rest;
    }
    if (item == nullptr) {
      keyNotFound(c, dict, key, args[0]);
      return any(c);
    }
    types.push_back(item->type);
    if (is_setdefault) {
      if (item->read_only) fail(c, call, Code::kTypedDictReadonlyMutated, "ReadOnly TypedDict key \"" + key + "\" TypedDict is mutated");
      TypeId given = inferExpr(c, args[1], item->type);
      if (!isSubtype(w, given, item->type)) {
        auto texts = formatTwo(w, given, item->type);
        fail(c, args[1], Code::kTypedDictItem,
             "Argument 2 to \"setdefault\" of \"TypedDict\" has incompatible type " + texts.first + "; expected " + texts.second);
      }
    } else if (item->required || item->read_only) {
      fail(c, args[0], Code::kTypedDictItem, "Key \"" + key + "\" of TypedDict " + formatType(w, dict) + " cannot be deleted");
    }
  }
  (void)result;
  if (!is_setdefault && args.size() == 2) types.push_back(inferExpr(c, args[1]));
  return simplifiedUnion(w, types);
}

// Keys that are read only and that update() would change.
static void checkUpdate(Checker& c, TypeId dict, NodeId arg, NodeId call) {
  World& w = c.w;
  std::vector<NameId> given;
  TypeId type = c.nodeType(arg).valid() ? proper(w, c.nodeType(arg)) : any(c);
  if (c.ast->is(arg, NodeKind::kDict)) {
    for (NodeId key : c.ast->as<syntax::Dict>(arg).keys()) {
      auto text = key.valid() ? syntax::stringValue(*c.ast, key) : std::nullopt;
      if (text) given.push_back(w.name(*text));
    }
  } else if (w.types.is(type, TypeKind::kTypedDict)) {
    for (const TypedDictItem& item : w.types.typedDictItems(type)) {
      if (!w.types.is(proper(w, item.type), TypeKind::kNever)) given.push_back(item.name);
    }
  }
  std::vector<NameId> changed;
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
    if (item.read_only && contains(given, item.name)) changed.push_back(item.name);
  }
  if (changed.empty()) return;
  fail(c, call, Code::kTypedDictReadonlyMutated,
       "ReadOnly TypedDict " + keyList(w, changed) + " TypedDict " + (changed.size() == 1 ? "is" : "are") + " mutated");
}

TypeId typedDictAsDict(World& w, TypeId dict) {
  if (!w.types.typedDictShape(dict).has_extra) return TypeId::none();
  TypeId args[] = {builtinType(w, "str"), restOf(w, dict).type};
  TypeId wanted = builtinType(w, "dict", args);
  return isSubtype(w, dict, wanted) ? wanted : TypeId::none();
}

// items() and values() of a TypedDict whose items are all known: typeshed says object. ref: PEP 728
static TypeId viewResult(Checker& c, TypeId dict, TypeId result) {
  World& w = c.w;
  const TypedDictShape& shape = w.types.typedDictShape(dict);
  TypeId view = proper(w, result);
  bool is_known = (shape.has_extra || shape.is_closed) && follows(*c.options, Divergence::kTypedDictViews);
  if (!is_known || !w.types.is(view, TypeKind::kInstance) || w.types[view].count != 2) return result;
  std::vector<TypeId> values;
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) values.push_back(item.type);
  if (shape.has_extra) values.push_back(restOf(w, dict).type);
  TypeId args[] = {w.types[view].items[0], simplifiedUnion(w, values)};
  return w.types.instance(w.types[view].cls(), args);
}

TypeId typedDictMethod(Checker& c, TypeId dict, NameId method, NodeId call, TypeId result) {
  World& w = c.w;
  NodeList args = c.ast->as<syntax::Call>(call).args();
  if (args.empty() && (w.text(method) == "items" || w.text(method) == "values")) return viewResult(c, dict, result);
  if (args.empty() || c.ast->is(args[0], NodeKind::kKeyword) || c.ast->is(args[0], NodeKind::kStarred)) return result;
  if (method == w.names.get) return getResult(c, dict, args, result);
  if (method == w.names.pop && args.size() <= 2) return popResult(c, dict, call, args, false, result);
  if (method == w.names.setdefault && args.size() == 2) return popResult(c, dict, call, args, true, result);
  if (w.text(method) == "__delitem__") return popResult(c, dict, call, args, false, w.types.none()), w.types.none();
  if (method == w.names.update) {
    checkUpdate(c, dict, args[0], call);
  }
  return result;
}

// typeshed declares the key as Never; any str may stand there, the keys themselves are checked by typedDictMethod.
static TypeId withStringKey(World& w, TypeId callable) {
  CallableParts parts = w.types.parts(callable);
  if (!parts.types.empty() && w.types.is(proper(w, parts.types[0]), TypeKind::kNever)) parts.types[0] = builtinType(w, "str");
  return w.types.callable(parts);
}

// What update() takes: any of the keys. A TypedDict that is given is measured by the keys that it has.
static TypeId updateParameter(Checker& c, TypeId dict, TypeId given) {
  World& w = c.w;
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  bool is_dict = given.valid() && w.types.is(given, TypeKind::kTypedDict);
  std::vector<TypedDictItem> given_items = is_dict ? w.types.typedDictItems(given) : std::vector<TypedDictItem>{};
  std::vector<TypedDictItem> kept;
  for (TypedDictItem& item : items) {
    const TypedDictItem* other = itemNamed(given_items, item.name);
    item.required = other != nullptr && other->required;
    // What is given is only read.
    if (follows(*c.options, Divergence::kUpdateArgument)) item.read_only = true;
    if (!is_dict || other != nullptr || c.options->extra_checks) kept.push_back(item);
  }
  TypeId extra = w.types.typedDictExtra(dict);
  return w.types.typedDict(kept, namedType(w, "typing", "_TypedDict"), false, is_dict ? TypeId::none() : extra);
}

TypeId typedDictCallee(Checker& c, TypeId dict, NameId method, TypeId callee, NodeId arg, TypeId given) {
  World& w = c.w;
  TypeId plain = proper(w, callee);
  if (given.valid()) given = proper(w, given);
  if (method == w.names.pop || method == w.names.setdefault || w.text(method) == "__delitem__") {
    if (w.types.is(plain, TypeKind::kCallable)) return withStringKey(w, plain);
    if (!w.types.is(plain, TypeKind::kOverloaded)) return callee;
    std::vector<TypeId> items;
    for (TypeId item : std::vector<TypeId>(w.types[plain].args().begin(), w.types[plain].args().end())) items.push_back(withStringKey(w, item));
    return w.types.overloaded(items);
  }
  bool updates = method == w.names.update || w.text(method) == "__ior__";
  if (updates && w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  if (!updates || !w.types.is(plain, TypeKind::kCallable) || w.types.callable(plain).paramCount() != 1) return callee;
  CallableParts parts = w.types.parts(plain);
  if (arg.valid() && !c.ast->is(arg, NodeKind::kDict)) {
    ++c.silent;
    given = proper(w, inferExpr(c, arg));
    --c.silent;
  }
  std::vector<TypeId> wanted;
  if (given.valid() && w.types.is(given, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, given)) wanted.push_back(updateParameter(c, dict, proper(w, item)));
    parts.types[0] = w.types.unionOf(wanted);
  } else {
    parts.types[0] = updateParameter(c, dict, given);
  }
  return w.types.callable(parts);
}

TypeId typedDictUnionCall(Checker& c, TypeId object, NodeId call, CallSite& site) {
  World& w = c.w;
  auto attribute = c.ast->as<syntax::Attribute>(c.ast->as<syntax::Call>(call).func());
  NameId method = syntax::nameOf(*c.ast, attribute.attr());
  NodeId arg = !site.args.empty() && site.args[0].kind == ArgKind::kPos ? site.args[0].node : NodeId::none();
  std::vector<TypeId> results;
  for (TypeId item : unionItems(w, object)) {
    TypeId plain = proper(w, item);
    AttributeSite inner;
    inner.node = c.ast->as<syntax::Call>(call).func();
    inner.name = method;
    inner.original = object;
    inner.self_type = plain;
    TypeId callee = attributeType(c, plain, inner);
    bool is_dict = w.types.is(plain, TypeKind::kTypedDict);
    if (is_dict) callee = typedDictCallee(c, plain, method, callee, arg);
    CallSite copy = site;
    TypeId ret = checkCall(c, callee, copy).ret;
    results.push_back(is_dict ? typedDictMethod(c, plain, method, call, ret) : ret);
  }
  return simplifiedUnion(w, results);
}

void typedDictAssign(Checker& c, TypeId dict, NodeId target, TypeId type, NodeId rvalue) {
  World& w = c.w;
  NodeId index = c.ast->as<syntax::Subscript>(target).slice();
  Watch watch = startWatch(c);
  TypeId item = typedDictItem(c, dict, index, target, true);
  bool unknown_key = hasNewErrors(c, watch);
  TypeId key = proper(w, c.nodeType(index));
  TypeId str = builtinType(w, "str");
  if (unknown_key && !isSubtype(w, key, str)) {
    auto texts = formatTwo(w, key, str);
    fail(c, index, Code::kArgType, "Argument 1 to \"__setitem__\" has incompatible type " + texts.first + "; expected " + texts.second);
  }
  std::vector<std::string> names = literalKeys(c, index);
  std::string name = names.empty() ? "" : names[0];
  if (rvalue.valid()) type = inferExpr(c, rvalue, item);
  if (names.size() == 1) notePresent(c, c.ast->as<syntax::Subscript>(target).value(), name);
  for (const TypedDictItem& each : w.types.typedDictItems(dict)) {
    if (each.read_only && w.text(each.name) == name) {
      fail(c, target, Code::kTypedDictReadonlyMutated, "ReadOnly TypedDict key \"" + name + "\" TypedDict is mutated");
    }
  }
  bool is_extra = !names.empty() && w.types.typedDictShape(dict).extra_read_only;
  for (const TypedDictItem& each : w.types.typedDictItems(dict)) is_extra = is_extra && w.text(each.name) != name;
  if (is_extra) fail(c, target, Code::kTypedDictReadonlyMutated, "ReadOnly TypedDict key \"" + name + "\" TypedDict is mutated");
  if (names.size() > 1 && follows(*c.options, Divergence::kUnionKeys)) {
    for (const TypedDictItem& each : w.types.typedDictItems(dict)) {
      bool is_meant = std::find(names.begin(), names.end(), w.text(each.name)) != names.end();
      if (!is_meant || isSubtype(w, type, each.type)) continue;
      item = each.type;
      name = w.text(each.name);
    }
  }
  if (isSubtype(w, type, item)) return;
  auto texts = formatTwo(w, type, item);
  fail(c, rvalue.valid() ? rvalue : target, Code::kTypedDictItem,
       "Value of \"" + name + "\" has incompatible type " + texts.first + "; expected " + texts.second);
}

}  // namespace krait::infer

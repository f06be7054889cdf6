// Whether each argument's type fits its parameter, and what to say where it does not.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

TypeId inferArgument(Context& c, const Argument& argument, TypeId wanted) {
  if (argument.type.valid()) return argument.type;
  if (!argument.second.valid()) return inferExpr(c, argument.node, wanted);
  World& w = c.w;
  TypeId key_wanted, value_wanted;
  TypeId plain = wanted.valid() ? proper(w, wanted) : wanted;
  if (plain.valid() && w.types.is(plain, TypeKind::kTuple) && w.types[plain].count == 2) {
    key_wanted = w.types[plain].items[0];
    value_wanted = w.types[plain].items[1];
  }
  TypeId pair[] = {inferExpr(c, argument.node, key_wanted), inferExpr(c, argument.second, value_wanted)};
  return w.types.tuple(pair, builtinType(w, "tuple", w.types.any(AnyKind::kSpecialForm)));
}

std::vector<TypeId> inferArgumentsAlone(Context& c, const std::vector<Argument>& args) {
  std::vector<TypeId> types;
  for (const Argument& argument : args) types.push_back(inferArgument(c, argument));
  return types;
}

std::vector<TypeId> inferArguments(Context& c, TypeId callee, const std::vector<Argument>& args, const ArgumentMap& map) {
  World& w = c.w;
  std::vector<TypeId> types(args.size());
  for (size_t i = 0; i < map.formals.size(); ++i) {
    for (uint32_t actual : map.formals[i]) {
      const Argument& argument = args[actual];
      if (argument.kind == ArgKind::kStar || argument.kind == ArgKind::kStar2) continue;
      TypeId wanted = w.types.callable(callee).types()[i];
      if (w.types.is(wanted, TypeKind::kUnpack)) wanted = TypeId::none();
      types[actual] = inferArgument(c, argument, wanted);
    }
  }
  for (size_t i = 0; i < args.size(); ++i) {
    if (!types[i].valid()) types[i] = inferArgument(c, args[i]);
  }
  return types;
}

bool isValidStarArgument(Context& c, TypeId type) {
  World& w = c.w;
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kTuple) || isAny(w, type) || w.types.is(type, TypeKind::kTypeVar)) return true;
  ClassId iterable = lookupClass(w, "typing", "Iterable");
  return !iterable.valid() || isSubtype(w, type, instanceWithAny(w, iterable));
}

bool isValidStarStarArgument(Context& c, TypeId type) {
  World& w = c.w;
  type = proper(w, type);
  if (isAny(w, type) || w.types.is(type, TypeKind::kTypedDict) || isParamSpec(w, type)) return true;
  ClassId keyed = lookupClass(w, "_typeshed", "SupportsKeysAndGetItem");
  if (!keyed.valid()) return true;
  TypeId with_str[] = {builtinType(w, "str"), w.types.any(AnyKind::kSpecialForm)};
  TypeId with_never[] = {w.types.never(), w.types.never()};
  return isSubtype(w, type, w.types.instance(keyed, with_str)) || isSubtype(w, type, w.types.instance(keyed, with_never));
}

// An abstract class or protocol where type[X] is wanted.
static bool isAbstractClassFor(World& w, TypeId given, TypeId wanted) {
  auto check = [&](TypeId actual, TypeId formal) {
    actual = proper(w, actual);
    formal = proper(w, formal);
    if (!w.types.is(formal, TypeKind::kTypeType) || !w.types.is(actual, TypeKind::kCallable)) return false;
    if (!isTypeObject(w, actual) || w.types.callable(actual).has(kFromTypeType)) return false;
    TypeId item = proper(w, w.types[formal].items[0]);
    if (!w.types.is(item, TypeKind::kInstance)) return false;
    ClassId wanted_class = w.types[item].cls();
    w.hooks.complete_abstract(w, wanted_class);
    if (w.classes[wanted_class].abstract_members.empty() && !w.header(wanted_class).has(kClassProtocol)) return false;
    TypeId made = proper(w, w.types.callable(actual).ret());
    if (!w.types.is(made, TypeKind::kInstance)) return false;
    ClassId cls = w.types[made].cls();
    w.hooks.complete_abstract(w, cls);
    return !w.classes[cls].abstract_members.empty() || w.header(cls).has(kClassProtocol);
  };
  given = proper(w, given);
  wanted = proper(w, wanted);
  if (w.types.is(given, TypeKind::kTuple) && w.types.is(wanted, TypeKind::kTuple)) {
    for (uint32_t i = 0; i < w.types[given].count && i < w.types[wanted].count; ++i) {
      if (check(w.types[given].items[i], w.types[wanted].items[i])) return true;
    }
  }
  return check(given, wanted);
}

// The await that was forgotten: a coroutine whose result would fit.
static void missingAwait(Context& c, TypeId given, TypeId wanted, NodeId at, Code code) {
  World& w = c.w;
  given = proper(w, given);
  if (!w.types.is(given, TypeKind::kInstance) || !findMember(w, w.types[given].cls(), w.names.__await__).found()) return;
  TypeId result;
  {
    MessageFilter filter(c);
    result = awaitedType(c, given, at, "");
    if (filter.hasErrors()) return;
  }
  if (isSubtype(w, result, wanted)) note(c, at, code, "Maybe you forgot to use \"await\"?");
}

static void checkOne(Context& c, TypeId given, TypeId original, const Argument& argument, size_t number, size_t parameter,
                     TypeId wanted, TypeId callee, TypeId object_type, NodeId call) {
  World& w = c.w;
  NodeId at = argument.node.valid() ? argument.node : call;
  given = proper(w, given);
  if (w.types.is(given, TypeKind::kDeleted)) {
    fail(c, at, Code::kMisc, "Trying to read deleted variable");
    return;
  }
  if (isAbstractClassFor(w, given, wanted)) {
    fail(c, at, Code::kTypeAbstract, "Only concrete class can be given where " + formatType(w, wanted) + " is expected");
    return;
  }
  if (isSubtype(w, given, wanted)) return;
  // The label of a keyword argument counts only in the call that it was written in.
  reportArgument(c, number, parameter, callee, original, argument.kind, argument.kind == ArgKind::kNamed ? argument.name : NameId(),
                 object_type, at, wanted);
  if (argument.kind != ArgKind::kStar && argument.kind != ArgKind::kStar2) {
    explainMismatch(c, original, wanted, at, Code::kArgType);
  }
  missingAwait(c, given, wanted, at, Code::kArgType);
}

// The types of *args: *tuple[…] for so many arguments.
static std::vector<TypeId> variadicTypes(World& w, TypeId unpack, size_t count) {
  TypeId inner = proper(w, w.types[unpack].items[0]);
  std::vector<TypeId> types;
  if (w.types.is(inner, TypeKind::kTuple)) {
    std::span<const TypeId> items = w.types[inner].args();
    size_t star = items.size();
    for (size_t i = 0; i < items.size(); ++i) {
      if (w.types.is(items[i], TypeKind::kUnpack)) star = i;
    }
    if (star == items.size()) return {items.begin(), items.end()};
    size_t suffix = items.size() - star - 1;
    for (size_t i = 0; i < star; ++i) types.push_back(items[i]);
    TypeId middle = proper(w, w.types[items[star]].items[0]);
    TypeId item = w.types.is(middle, TypeKind::kInstance) && w.types[middle].count > 0 ? w.types[middle].items[0] : items[star];
    while (types.size() + suffix < count) types.push_back(item);
    for (size_t i = 0; i < suffix; ++i) types.push_back(items[star + 1 + i]);
    return types;
  }
  TypeId item = w.types.is(inner, TypeKind::kInstance) && w.types[inner].count > 0 ? w.types[inner].items[0] : unpack;
  types.assign(count, item);
  return types;
}

void checkArgumentTypes(Context& c, const std::vector<TypeId>& arg_types, const std::vector<Argument>& args, TypeId callee,
                        const ArgumentMap& map, NodeId at, TypeId object_type, bool* failed) {
  World& w = c.w;
  ArgumentExpander expander(c);
  for (size_t i = 0; i < args.size(); ++i) {
    TypeId type = proper(w, arg_types[i]);
    if (args[i].kind == ArgKind::kStar && !isParamSpec(w, type) && !isValidStarArgument(c, type)) {
      fail(c, at, Code::kMisc, "Expected iterable as variadic argument");
    }
    if (args[i].kind == ArgKind::kStar2 && !isValidStarStarArgument(c, type)) {
      ClassId keyed = lookupClass(w, "_typeshed", "SupportsKeysAndGetItem");
      bool is_mapping = keyed.valid() && isSubtype(w, type, instanceWithAny(w, keyed));
      if (w.types.is(type, TypeKind::kInstance) && is_mapping) {
        fail(c, at, Code::kMisc, "Keywords must be strings");
      } else {
        fail(c, at, Code::kArgType, "Argument after ** must be a mapping, not " + formatType(w, type));
      }
    }
  }
  for (size_t i = 0; i < map.formals.size(); ++i) {
    const std::vector<uint32_t>& actuals = map.formals[i];
    if (actuals.empty()) continue;
    ParamShape param = w.types.callable(callee).params()[i];
    TypeId wanted = w.types.callable(callee).types()[i];
    std::vector<TypeId> wanted_types(actuals.size(), wanted);
    if (w.types.is(wanted, TypeKind::kUnpack)) {
      wanted_types = variadicTypes(w, wanted, actuals.size());
      if (wanted_types.size() > actuals.size() && actuals.size() > 0) {
        bool has_star = false;
        for (uint32_t actual : actuals) has_star = has_star || args[actual].kind == ArgKind::kStar;
        if (!has_star) fail(c, at, Code::kCallArg, "Too few arguments" + forFunction(w, callee));
      } else if (wanted_types.size() < actuals.size()) {
        fail(c, at, Code::kCallArg, "Too many arguments" + forFunction(w, callee));
      }
      wanted_types.resize(actuals.size(), w.types.any(AnyKind::kFromError));
    }
    for (size_t j = 0; j < actuals.size(); ++j) {
      uint32_t actual = actuals[j];
      TypeId given = expander.expand(arg_types[actual], args[actual].kind, param.name, param.kind);
      checkOne(c, given, arg_types[actual], args[actual], actual + 1, i + 1, wanted_types[j], callee, object_type, at);
    }
  }
}

// ---- the message ----

static bool reportDisplayItem(Context& c, const std::string& tag, size_t number, TypeId callee, TypeId given, NodeId at,
                              TypeId wanted) {
  World& w = c.w;
  if (tag == "<list>") {
    auto [actual, expected] = formatTwo(w, given, wanted);
    fail(c, at, Code::kListItem, "List item " + std::to_string(number - 1) + " has incompatible type " + actual + "; expected " + expected);
    return true;
  }
  if (tag == "<dict>" && w.types.is(proper(w, wanted), TypeKind::kTuple) && w.types.is(proper(w, given), TypeKind::kTuple)) {
    std::span<const TypeId> have = w.types[proper(w, given)].args();
    std::span<const TypeId> want = w.types[proper(w, wanted)].args();
    std::string texts[4];
    for (int i = 0; i < 2; ++i) {
      if (isSubtype(w, have[i], want[i])) {
        texts[i] = formatType(w, have[i]);
        texts[i + 2] = formatType(w, want[i]);
      } else {
        std::tie(texts[i], texts[i + 2]) = formatTwo(w, have[i], want[i]);
      }
    }
    fail(c, at, Code::kDictItem, "Dict entry " + std::to_string(number - 1) + " has incompatible type " + texts[0] + ": " + texts[1] +
                                     "; expected " + texts[2] + ": " + texts[3]);
    return true;
  }
  if (tag == "<dict>") {
    auto [actual, expected] = formatTwo(w, given, wanted);
    fail(c, at, Code::kDictItem, "Unpacked dict entry " + std::to_string(number - 1) + " has incompatible type " + actual + "; expected " + expected);
    return true;
  }
  if (tag == "<list-comprehension>" || tag == "<set-comprehension>") {
    auto [actual, expected] = formatTwo(w, given, wanted, true);
    std::string name = tag == "<list-comprehension>" ? "List" : "Set";
    fail(c, at, Code::kMisc, name + " comprehension has incompatible type " + name + "[" + actual + "]; expected " + name + "[" + expected + "]");
    return true;
  }
  if (tag == "<dictionary-comprehension>") {
    auto [actual, expected] = formatTwo(w, given, wanted);
    fail(c, at, Code::kMisc, std::string(number == 1 ? "Key" : "Value") +
                                 " expression in dictionary comprehension has incompatible type " + actual + "; expected type " + expected);
    return true;
  }
  if (tag == "<generator>") {
    auto [actual, expected] = formatTwo(w, given, wanted);
    fail(c, at, Code::kMisc, "Generator has incompatible item type " + actual + "; expected " + expected);
    return true;
  }
  return false;
}

void reportArgument(Context& c, size_t number, size_t parameter, TypeId callee, TypeId given, ArgKind kind, NameId given_name,
                    TypeId object_type, NodeId at, TypeId wanted) {
  World& w = c.w;
  given = proper(w, given);
  CallableView view = w.types.callable(callee);
  std::string name = callableName(w, callee);
  std::string target;
  if (!name.empty()) {
    if (name[0] == '"') {
      size_t end = name.find('"', 1);
      std::string method = name.substr(1, end - 1);
      bool of_class = name.size() > end + 1;
      if (of_class && object_type.valid()) {
        std::string plain = method.starts_with("__r") ? "__" + method.substr(3) : method;
        std::string_view op = operatorSymbol(method);
        bool reversed = false;
        if (op.empty() && method != "__repr__") {
          op = operatorSymbol(plain);
          reversed = !op.empty();
        }
        if (!op.empty()) {
          if (op == "in" || reversed) {
            reportUnsupportedOperands(c, op, given, object_type, at);
          } else {
            reportUnsupportedOperands(c, op, object_type, given, at);
          }
          return;
        }
        if (method == "__getitem__" || (method == "__setitem__" && number == 1)) {
          auto [actual, expected] = formatTwo(w, given, view.types()[number - 1]);
          fail(c, at, Code::kIndex, "Invalid index type " + actual + " for " + formatType(w, object_type) + "; expected type " + expected);
          return;
        }
        if (method == "__setitem__") {
          auto [actual, expected] = formatTwo(w, given, view.types()[number - 1]);
          fail(c, at, Code::kAssignment,
               "Incompatible types in assignment (expression has type " + actual + ", target has type " + expected + ")");
          return;
        }
      }
    }
    target = "to " + name + " ";
  }
  if (!name.empty() && name[0] == '<' && reportDisplayItem(c, name, number, callee, given, at, wanted)) return;
  TypeId shown_wanted = wanted;
  auto [actual, expected] = formatTwo(w, given, shown_wanted, true);
  if (kind == ArgKind::kStar) actual = "*" + actual;
  if (kind == ArgKind::kStar2) actual = "**" + actual;
  std::string label = given_name.valid() ? "\"" + std::string(w.text(given_name)) + "\"" : std::to_string(number);
  if (kind == ArgKind::kStar2 && w.types.is(given, TypeKind::kTypedDict) && parameter <= view.paramCount() &&
      view.params()[parameter - 1].name.valid() && view.params()[parameter - 1].kind != ParamKind::kStar2) {
    for (const TypedDictItem& item : w.types.typedDictItems(given)) {
      if (item.name != view.params()[parameter - 1].name) continue;
      std::tie(actual, expected) = formatTwo(w, item.type, shown_wanted, true);
      label = "\"" + std::string(w.text(item.name)) + "\"";
    }
  }
  fail(c, at, Code::kArgType, "Argument " + label + " " + target + "has incompatible type " + quoteType(actual) + "; expected " +
                                  quoteType(expected));
  std::vector<std::string> notes;
  for (TypeId item : unionItems(w, wanted)) noteInvariance(w, given, proper(w, item), notes);
  for (std::string& text : notes) note(c, at, Code::kArgType, std::move(text));
}

void noteInvariance(World& w, TypeId actual, TypeId wanted, std::vector<std::string>& notes) {
  actual = proper(w, actual);
  wanted = proper(w, wanted);
  if (!w.types.is(actual, TypeKind::kInstance) || !w.types.is(wanted, TypeKind::kInstance)) return;
  std::string kind, advice;
  auto both = [&](std::string_view name) { return isNamed(w, actual, name) && isNamed(w, wanted, name); };
  std::span<const TypeId> have = w.types[actual].args(), want = w.types[wanted].args();
  if (both("builtins.list") && isSubtype(w, have[0], want[0])) {
    kind = "list";
    advice = "Consider using \"Sequence\" instead, which is covariant";
  } else if (both("builtins.dict") && isSameType(w, have[0], want[0]) && isSubtype(w, have[1], want[1])) {
    kind = "dict";
    advice = "Consider using \"Mapping\" instead, which is covariant in the value type";
  }
  if (!kind.empty()) {
    notes.push_back("\"" + kind + "\" is invariant -- see https://mypy.readthedocs.io/en/stable/common_issues.html#variance");
    notes.push_back(advice);
  }
  const std::string& fullname = w.classes[w.types[wanted].cls()].fullname;
  for (const char* number : {"Number", "Complex", "Real", "Rational", "Integral"}) {
    if (fullname != std::string("numbers.") + number) continue;
    notes.push_back("Types from \"numbers\" aren't supported for static type checking");
    notes.push_back("See https://peps.python.org/pep-0484/#the-numeric-tower");
    notes.push_back("Consider using a protocol instead, such as typing.SupportsFloat");
  }
}

}  // namespace krait::infer

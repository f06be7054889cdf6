// Messages that several forms of expressions share.
#include "checker/infer/infer.h"

#include <algorithm>

namespace krait::infer {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Two types that do not fit, told apart. Where only the names of parameters keep a callable from fitting, they are shown.
// ref: mypy messages.format_type_distinctly
static std::pair<std::string, std::string> textsOf(World& w, TypeId actual, TypeId wanted, bool bare = false) {
  TypeId a = proper(w, actual), b = proper(w, wanted);
  if (w.types.is(a, TypeKind::kCallable) && w.types.is(b, TypeKind::kCallable)) {
    auto params = w.types.callable(b).params();
    bool is_named = std::any_of(params.begin(), params.end(), [](const ParamShape& param) { return param.name.valid(); });
    SubtypeOptions without_names;
    without_names.ignore_positional_names = true;
    if (is_named && isSubtype(w, a, b, without_names)) {
      if (bare) return {formatTypeBare(w, actual, 1), formatTypeBare(w, wanted, 1)};
      return {formatType(w, actual, 1), formatType(w, wanted, 1)};
    }
  }
  return formatTwo(w, actual, wanted, bare);
}

std::string callableName(World& w, TypeId callee) {
  if (!w.types.is(callee, TypeKind::kCallable)) return "";
  CallableView view = w.types.callable(callee);
  if (!view.shape->name.valid()) return "";
  std::string name(w.text(view.shape->name));
  if (!name.empty() && name[0] == '<') return name;
  size_t of = name.find(" of ");
  if (of == std::string::npos) return quoted(name);
  return quoted(name.substr(0, of)) + " of " + quoted(name.substr(of + 4));
}

std::string forFunction(World& w, TypeId callee) {
  std::string name = callableName(w, callee);
  return name.empty() ? "" : " for " + name;
}

std::vector<std::string> invarianceNotes(World& w, TypeId actual, TypeId wanted) {
  std::vector<std::string> notes;
  actual = proper(w, actual);
  wanted = proper(w, wanted);
  if (!w.types.is(actual, TypeKind::kInstance) || !w.types.is(wanted, TypeKind::kInstance)) return notes;
  const Type& a = w.types[actual];
  const Type& b = w.types[wanted];
  std::string invariant, covariant;
  if (isNamed(w, actual, "builtins.list") && isNamed(w, wanted, "builtins.list") && a.count == 1 && b.count == 1 &&
      isSubtype(w, a.items[0], b.items[0])) {
    invariant = "list";
    covariant = "Consider using \"Sequence\" instead, which is covariant";
  } else if (isNamed(w, actual, "builtins.dict") && isNamed(w, wanted, "builtins.dict") && a.count == 2 && b.count == 2 &&
             isSameType(w, a.items[0], b.items[0]) && isSubtype(w, a.items[1], b.items[1])) {
    invariant = "dict";
    covariant = "Consider using \"Mapping\" instead, which is covariant in the value type";
  }
  if (!invariant.empty()) {
    notes.push_back("\"" + invariant + "\" is invariant -- see https://mypy.readthedocs.io/en/stable/common_issues.html#variance");
    notes.push_back(covariant);
  }
  return notes;
}

static void numericNotes(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code) {
  World& w = c.w;
  wanted = proper(w, wanted);
  if (!w.types.is(wanted, TypeKind::kInstance)) return;
  const std::string& name = w.classes[w.types[wanted].cls()].fullname;
  static constexpr const char* kNumbers[] = {"numbers.Number", "numbers.Complex", "numbers.Real", "numbers.Rational", "numbers.Integral"};
  bool is_number = false;
  for (const char* number : kNumbers) is_number = is_number || name == number;
  if (!is_number) return;
  actual = proper(w, actual);
  bool builtin = isNamed(w, actual, "builtins.int") || isNamed(w, actual, "builtins.float") || isNamed(w, actual, "builtins.complex");
  if (!builtin) return;
  note(c, node, code, "Types from \"numbers\" are not supported for static type checking");
  note(c, node, code, "See https://peps.python.org/pep-0484/#the-numeric-tower");
  note(c, node, code, "Consider using a protocol instead, such as typing.SupportsFloat");
}

static std::string baseOfMethodName(const std::string& name) {
  size_t of = name.find("\" of \"");
  return of == std::string::npos ? "" : name.substr(of + 6, name.size() - of - 7);
}

static const char* symbolOfMethod(std::string_view method) {
  static constexpr std::pair<std::string_view, const char*> kMethods[] = {
      {"__add__", "+"}, {"__sub__", "-"}, {"__mul__", "*"}, {"__truediv__", "/"}, {"__mod__", "%"}, {"__divmod__", "divmod"},
      {"__floordiv__", "//"}, {"__pow__", "**"}, {"__matmul__", "@"}, {"__and__", "&"}, {"__or__", "|"}, {"__xor__", "^"},
      {"__lshift__", "<<"}, {"__rshift__", ">>"}, {"__eq__", "=="}, {"__ne__", "!="}, {"__lt__", "<"}, {"__ge__", ">="},
      {"__gt__", ">"}, {"__le__", "<="}, {"__contains__", "in"}};
  for (const auto& entry : kMethods) {
    if (entry.first == method) return entry.second;
  }
  return nullptr;
}

// Operators called through their methods are reported as operators. True: it was one.
static bool reportOperator(Checker& c, TypeId callee, const std::string& name, size_t n, TypeId actual, NodeId node, const CallSite& site) {
  World& w = c.w;
  std::string method = name.substr(1, name.find('"', 1) - 1);
  std::string base = site.object_type.valid() ? formatTypeBare(w, site.object_type) : baseOfMethodName(name);
  if (name.find("\" of \"") == std::string::npos) return false;
  bool reversed = false;
  const char* symbol = symbolOfMethod(method);
  if (symbol == nullptr && method.starts_with("__r")) {
    symbol = symbolOfMethod("__" + method.substr(3));
    reversed = symbol != nullptr;
  }
  std::string arg = formatType(w, actual);
  if (symbol != nullptr) {
    bool swap = reversed || std::string_view(symbol) == "in";
    std::string left = swap ? arg : quoteType(base);
    std::string right = swap ? quoteType(base) : arg;
    std::string text = std::string_view(symbol) == "divmod" ? "Unsupported operand types for divmod (" : "Unsupported operand types for " + std::string(symbol) + " (";
    fail(c, node, Code::kOperator, text + left + " and " + right + ")");
    return true;
  }
  if (method == "__getitem__" || (method == "__setitem__" && n == 1)) {
    TypeId wanted = w.types.callable(callee).types()[std::min<size_t>(n - 1, w.types.callable(callee).paramCount() - 1)];
    auto texts = textsOf(w, actual, wanted);
    fail(c, node, Code::kIndex, "Invalid index type " + texts.first + " for " + quoteType(base) + "; expected type " + texts.second);
    return true;
  }
  if (method == "__setitem__") {
    auto texts = formatTwo(w, actual, w.types.callable(callee).types()[std::min<size_t>(n - 1, w.types.callable(callee).paramCount() - 1)]);
    fail(c, node, Code::kAssignment, "Incompatible types in assignment (expression has type " + texts.first + ", target has type " + texts.second + ")");
    return true;
  }
  return false;
}

// A function whose parameters may be given by name, where Concatenate passes them by position: that is what to change.
// ref: mypy messages.maybe_note_concatenate_pos_args
static void concatenateNote(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code) {
  World& w = c.w;
  actual = proper(w, actual);
  wanted = proper(w, wanted);
  if (!w.types.is(actual, TypeKind::kCallable) || !w.types.is(wanted, TypeKind::kCallable)) return;
  if (!w.types.callable(actual).has(kFromConcatenate) && !w.types.callable(wanted).has(kFromConcatenate)) return;
  std::vector<FormalArgument> given = formalArguments(w, actual), asked = formalArguments(w, wanted);
  std::string names;
  for (size_t i = 0; i < given.size() && i < asked.size(); ++i) {
    if (given[i].position < 0 || asked[i].position < 0 || asked[i].name.valid() || !given[i].name.valid()) continue;
    names += (names.empty() ? "\"" : ", \"") + std::string(w.text(given[i].name)) + "\"";
  }
  if (names.empty()) return;
  std::string name = callableName(w, actual);
  note(c, node, code, "This is likely because " + (name.empty() ? "it" : name) + " has named arguments: " + names + ". Consider marking them positional-only");
}

static constexpr size_t kLargeUnion = 10;

// Of a large union only the members that do not fit are told apart. ref: mypy messages.append_union_note
static void unionNote(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code) {
  World& w = c.w;
  if (!w.types.is(proper(w, actual), TypeKind::kUnion) || !w.types.is(proper(w, wanted), TypeKind::kUnion)) return;
  std::vector<TypeId> items = unionItems(w, actual);
  if (items.size() < kLargeUnion) return;
  std::string names;
  size_t count = 0;
  for (TypeId item : items) {
    if (isSubtype(w, item, wanted)) continue;
    names += (count++ == 0 ? "" : ", ") + formatType(w, item);
  }
  if (count > 0) note(c, node, code, std::string(count == 1 ? "Item" : "Items") + " in the first union not in the second: " + names);
}

// A returned variable whose inferred type is too narrow. ref: mypy messages.make_inferred_type_note
static void inferredTypeNote(Checker& c, TypeId actual, TypeId wanted, const std::string& shown, NodeId node, Code code) {
  World& w = c.w;
  const Type& given = w.types[proper(w, actual)];
  const Type& asked = w.types[proper(w, wanted)];
  bool is_same_class = given.kind == TypeKind::kInstance && asked.kind == TypeKind::kInstance && given.ref == asked.ref && given.count > 0 && asked.count > 0;
  if (!is_same_class || !node.valid() || !c.ast->is(node, NodeKind::kName) || !c.ast->is(c.ast->parent(node), NodeKind::kReturn)) return;
  SymbolId symbol = symbolAt(c, node);
  if (!symbol.valid() || !w.symbols[symbol].has(kIsInferred)) return;
  for (uint32_t i = 0; i < given.count && i < asked.count; ++i) {
    if (!isSubtype(w, given.items[i], asked.items[i])) return;
  }
  note(c, node, code, "Perhaps you need a type annotation for \"" + std::string(w.text(w.symbols[symbol].name)) + "\"? Suggestion: " + shown);
}

// What awaiting a value gives; none: it cannot be awaited, or nobody knows what it gives.
static TypeId preciseAwaited(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kInstance)) return TypeId::none();
  TypeId method = findMemberType(w, w.names.__await__, plain, plain);
  if (!method.valid() || !w.types.is(proper(w, method), TypeKind::kCallable)) return TypeId::none();
  TypeId generator = proper(w, w.types.callable(proper(w, method)).ret());
  ClassId cls = lookupClass(w, "typing", "Generator");
  if (!w.types.is(generator, TypeKind::kInstance) || !cls.valid() || !isSubclass(w, w.types[generator].cls(), cls)) return TypeId::none();
  TypeId mapped = mapToSupertype(w, generator, cls);
  TypeId result = w.types[mapped].count > 2 ? w.types[mapped].items[2] : TypeId::none();
  return result.valid() && !w.types.is(proper(w, result), TypeKind::kAny) ? result : TypeId::none();
}

static constexpr const char* kForgottenAwait = "Maybe you forgot to use \"await\"?";

// Would the value fit if it were awaited?
static void awaitNote(Checker& c, TypeId actual, TypeId wanted, NodeId node, Code code) {
  TypeId awaited = preciseAwaited(c.w, actual);
  if (awaited.valid() && isSubtype(c.w, awaited, wanted)) note(c, node, code, kForgottenAwait);
}

void reportIncompatibleArgument(Checker& c, TypeId callee, const CallSite& site, size_t n, size_t m, TypeId actual, ArgKind kind, NodeId where) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  TypeId wanted = view.types()[std::min<size_t>(m, view.paramCount()) - 1];
  std::string name = callableName(w, callee);
  Code code = Code::kArgType;
  std::vector<std::string> notes;
  std::string text;
  if (name == "<list>" || name == "<set>") {
    auto texts = textsOf(w, actual, view.types()[0]);
    text = std::string(name == "<list>" ? "List" : "Set") + " item " + std::to_string(n - 1) + " has incompatible type " + texts.first + "; expected " + texts.second;
    code = Code::kListItem;
    if (name == "<set>") code = Code::kArgType;
    if (name == "<set>") text = "Argument " + std::to_string(n) + " to <set> has incompatible type " + texts.first + "; expected " + texts.second;
  } else if (name == "<list-comprehension>" || name == "<set-comprehension>" || name == "<generator>") {
    auto texts = textsOf(w, actual, view.types()[0], true);
    bool is_list = name == "<list-comprehension>";
    std::string cls = is_list ? "List" : "Set";
    text = cls + " comprehension has incompatible type " + cls + "[" + texts.first + "]; expected " + cls + "[" + texts.second + "]";
    if (name == "<generator>") text = "Generator has incompatible item type " + quoteType(texts.first) + "; expected " + quoteType(texts.second);
    code = Code::kMisc;
  } else {
    if (!name.empty() && reportOperator(c, callee, name, n, actual, where, site)) return;
    auto texts = textsOf(w, actual, wanted, true);
    if (kind == ArgKind::kStar) texts.first = "*" + texts.first;
    if (kind == ArgKind::kStar2) texts.first = "**" + texts.first;
    std::string label = std::to_string(n);
    if (n <= site.args.size() && site.args[n - 1].name.valid()) label = quoted(w.text(site.args[n - 1].name));
    text = "Argument " + label + " " + (name.empty() ? "" : "to " + name + " ") + "has incompatible type " + quoteType(texts.first) +
           "; expected " + quoteType(texts.second);
    for (TypeId item : unionItems(w, wanted)) {
      for (std::string& extra : invarianceNotes(w, actual, item)) notes.push_back(std::move(extra));
    }
  }
  fail(c, where, code, text);
  for (std::string& extra : notes) note(c, where, code, std::move(extra));
  numericNotes(c, actual, wanted, where, code);
  unionNote(c, actual, wanted, where, code);
  concatenateNote(c, actual, wanted, where, code);
  protocolNotes(c, actual, wanted, where, code);
  if (kind == ArgKind::kPos || kind == ArgKind::kNamed) awaitNote(c, actual, wanted, where, code);
}

static constexpr uint32_t kLongTuple = 10;

// A tuple by its first items, if it is long.
static std::string longTuple(World& w, TypeId tuple) {
  if (w.types[tuple].count <= kLongTuple) return formatType(w, tuple);
  return "\"tuple[" + formatTypeBare(w, w.types[tuple].items[0]) + ", " + formatTypeBare(w, w.types[tuple].items[1]) + ", ... <" +
         std::to_string(w.types[tuple].count - 2) + " more items>]\"";
}

// Long tuples are compared item by item; false: they are not long. ref: mypy messages.try_report_long_tuple_assignment_error
static bool reportLongTuple(Checker& c, TypeId actual, TypeId wanted, NodeId node, const std::string& message, const char* actual_label,
                            const char* wanted_label, Code code) {
  World& w = c.w;
  actual = proper(w, actual);
  wanted = proper(w, wanted);
  if (!w.types.is(actual, TypeKind::kTuple)) return false;
  std::vector<TypeId> given(w.types[actual].args().begin(), w.types[actual].args().end());
  std::vector<TypeId> items;
  if (isNamed(w, wanted, "builtins.tuple") && given.size() > kLongTuple) {
    items.assign(given.size(), w.types[wanted].items[0]);
  } else if (w.types.is(wanted, TypeKind::kTuple) && (given.size() > kLongTuple || w.types[wanted].count > kLongTuple)) {
    items.assign(w.types[wanted].args().begin(), w.types[wanted].args().end());
  } else {
    return false;
  }
  if (items.size() != given.size()) {
    if (actual_label == nullptr || wanted_label == nullptr) return false;
    fail(c, node, code, message + " (" + actual_label + " " + longTuple(w, actual) + ", " + wanted_label + " " + longTuple(w, wanted) + ")");
    return true;
  }
  std::vector<std::string> notes;
  size_t wrong = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    if (isSubtype(w, given[i], items[i])) continue;
    if (++wrong <= 3) notes.push_back("Expression tuple item " + std::to_string(i) + " has type " + formatType(w, given[i]) + "; " + formatType(w, items[i]) + " expected;");
  }
  std::string text = message + " (" + std::to_string(wrong) + " tuple items are incompatible";
  fail(c, node, code, text + (wrong > 3 ? "; " + std::to_string(wrong - 3) + " items are omitted)" : ")"));
  for (std::string& each : notes) note(c, node, code, std::move(each));
  return true;
}

bool checkSubtype(Checker& c, TypeId actual, TypeId wanted, NodeId node, const std::string& message, const char* actual_label,
                  const char* wanted_label, Code code) {
  World& w = c.w;
  if (isSubtype(w, actual, wanted)) return true;
  if (isDynamic(c)) return false;
  if (reportLongTuple(c, actual, wanted, node, message, actual_label, wanted_label, code)) return false;
  auto texts = textsOf(w, actual, wanted);
  std::string extra;
  if (actual_label != nullptr) extra = std::string(actual_label) + " " + texts.first;
  if (wanted_label != nullptr) extra += (extra.empty() ? "" : ", ") + std::string(wanted_label) + " " + texts.second;
  std::string text = message;
  if (!extra.empty()) text += " (" + extra + ")";
  fail(c, node, code, text);
  for (std::string& line : invarianceNotes(w, actual, wanted)) note(c, node, code, std::move(line));
  numericNotes(c, actual, wanted, node, code);
  unionNote(c, actual, wanted, node, code);
  inferredTypeNote(c, actual, wanted, texts.second, node, code);
  concatenateNote(c, actual, wanted, node, code);
  protocolNotes(c, actual, wanted, node, code);
  awaitNote(c, actual, wanted, node, code);
  return false;
}

void cannotDetermine(Checker& c, NameId name, NodeId node) {
  c.is_deferred = true;
  fail(c, node, Code::kHasType, "Cannot determine type of \"" + std::string(c.w.text(name)) + "\"");
}

// Why the function is deprecated as a whole: the one definition, or the implementation of overloads.
static std::string functionDeprecation(World& w, SymbolId symbol, bool is_setter) {
  for (FunctionId id : std::vector<FunctionId>(w.symbols[symbol].functions)) {
    readDecorators(w, id);
    const FunctionInfo& function = w.functions[id];
    if (function.deprecated.empty() || function.has(kFnOverload) || function.has(kFnSetter) != is_setter) continue;
    return "function " + fullNameOf(w, symbol) + " is deprecated: " + function.deprecated;
  }
  return "";
}

static void sayDeprecated(Checker& c, ModuleId origin, NodeId node, std::string text) {
  bool is_library = origin.valid() && c.w.modules[origin].is_library && follows(*c.options, Divergence::kLibraryDeprecations);
  if (!c.options->report_deprecated_as_note && !is_library) return fail(c, node, Code::kDeprecated, std::move(text));
  size_t before = c.messages->size();
  note(c, node, Code::kDeprecated, std::move(text));
  if (c.messages->size() > before) c.messages->back().shows_code = true;
}

static bool isExcluded(Checker& c, const std::string& name) {
  for (const std::string& prefix : c.options->deprecated_calls_exclude) {
    if (name == prefix || name.starts_with(prefix + ".")) return true;
  }
  return false;
}

void checkDeprecated(Checker& c, SymbolId symbol, NodeId node, bool is_setter) {
  World& w = c.w;
  symbol = followImports(w, symbol);
  if (!symbol.valid() || w.modules[c.module].is_stub) return;
  const Symbol& info = w.resolved(symbol);
  std::string text;
  if (info.kind == SymbolKind::kFunction) {
    text = functionDeprecation(w, symbol, is_setter);
  } else if (info.kind == SymbolKind::kClass) {
    const ClassInfo& cls = w.header(info.cls);
    if (!cls.deprecated.empty()) text = "class " + cls.fullname + " is deprecated: " + cls.deprecated;
  }
  if (text.empty() || isExcluded(c, info.kind == SymbolKind::kClass ? w.classes[info.cls].fullname : fullNameOf(w, symbol))) return;
  sayDeprecated(c, w.symbols[symbol].module, node, std::move(text));
}

void checkDeprecatedOverload(Checker& c, TypeId chosen, NodeId node) {
  World& w = c.w;
  chosen = proper(w, chosen);
  if (!node.valid() || w.modules[c.module].is_stub || !w.types.is(chosen, TypeKind::kCallable)) return;
  FunctionId id = w.types.callable(chosen).shape->definition;
  if (!id.valid() || w.functions[id].deprecated.empty() || !w.functions[id].has(kFnOverload)) return;
  SymbolId symbol = w.functions[id].symbol;
  std::string name = symbol.valid() ? fullNameOf(w, symbol) : std::string(w.text(w.functions[id].name));
  if (isExcluded(c, name)) return;
  sayDeprecated(c, w.functions[id].module, node, "overload " + revealType(w, declaredSignature(w, id)) + " of function " + name + " is deprecated: " + w.functions[id].deprecated);
}

// The letters that two names share in difflib's matching blocks: the longest common run, then those on either side of it.
static size_t sharedLetters(std::string_view a, std::string_view b) {
  size_t best = 0, at_a = 0, at_b = 0;
  std::vector<size_t> runs(b.size() + 1);
  for (size_t i = 0; i < a.size(); ++i) {
    std::vector<size_t> next(b.size() + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      if (a[i] != b[j]) continue;
      next[j + 1] = runs[j] + 1;
      if (next[j + 1] <= best) continue;
      best = next[j + 1];
      at_a = i + 1 - best;
      at_b = j + 1 - best;
    }
    runs = std::move(next);
  }
  if (best == 0) return 0;
  return best + sharedLetters(a.substr(0, at_a), b.substr(0, at_b)) + sharedLetters(a.substr(at_a + best), b.substr(at_b + best));
}

// ref: mypy messages.best_matches
std::vector<std::string> similarNames(World& w, const std::vector<NameId>& names, std::string_view wanted) {
  constexpr double kEnough = 0.75;
  constexpr size_t kMany = 50;
  auto ratioOf = [&](size_t shared, size_t size) { return 2.0 * static_cast<double>(shared) / static_cast<double>(size + wanted.size()); };
  std::vector<std::string_view> options;
  for (NameId id : names) {
    std::string_view name = w.text(id);
    if (name != wanted && ratioOf(std::min(name.size(), wanted.size()), name.size()) > kEnough) options.push_back(name);
  }
  std::sort(options.begin(), options.end());
  options.erase(std::unique(options.begin(), options.end()), options.end());
  if (options.size() >= kMany) {
    std::erase_if(options, [&](std::string_view name) { return std::max(name.size(), wanted.size()) - std::min(name.size(), wanted.size()) > 1; });
  }
  std::vector<std::pair<double, std::string>> ranked;
  for (std::string_view name : options) {
    double ratio = ratioOf(sharedLetters(wanted, name), name.size());
    if (ratio > kEnough) ranked.push_back({ratio, std::string(name)});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> result;
  for (size_t i = 0; i < ranked.size() && i < 3; ++i) result.push_back(ranked[i].second);
  return result;
}

std::string didYouMean(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += names.size() == 2 ? " or " : (i + 1 == names.size() ? ", or " : ", ");
    text += quoted(names[i]);
  }
  return text;
}

std::string perhapsMeant(World& w, const std::vector<NameId>& names, std::string_view wanted) {
  std::vector<std::string> matches;
  auto isThere = [&](std::string_view text) { return std::any_of(names.begin(), names.end(), [&](NameId each) { return w.text(each) == text; }); };
  // What those who come from sets look for in a list.
  if (wanted == "add" && isThere("append")) matches.push_back("append");
  if (wanted == "add" && isThere("extend")) matches.push_back("extend");
  for (std::string& match : similarNames(w, names, wanted)) matches.push_back(std::move(match));
  return matches.empty() ? "" : "; maybe " + didYouMean(matches) + "?";
}

std::vector<NameId> publicNames(World& w, ModuleId module) {
  std::vector<NameId> names;
  for (SymbolId symbol : w.scopes[w.modules[module].scope].names.in_order) {
    const Symbol& info = w.symbols[symbol];
    if (!info.has(kIsPrivateImport) && !info.has(kIsMissingImport)) names.push_back(info.name);
  }
  return names;
}

void noAttribute(Checker& c, TypeId original, TypeId type, NameId name, NodeId node, bool is_assignment) {
  World& w = c.w;
  type = proper(w, type);
  original = proper(w, original);
  std::string member(w.text(name));
  if (w.types.is(type, TypeKind::kModule) && !isObject(w, w.types[type].extra)) {
    fail(c, node, Code::kAttrDefined, "Module has no attribute \"" + member + "\"" + perhapsMeant(w, publicNames(w, ModuleId(w.types[type].ref)), member));
    return;
  }
  std::string shown = formatType(w, original);
  auto failHere = [&](Code code, std::string text) { fail(c, node, code, std::move(text)); };
  static constexpr std::pair<std::string_view, const char*> kOperators[] = {
      {"__contains__", "in"}, {"__getitem__", ""}, {"__setitem__", ""}, {"__delitem__", ""}, {"__call__", ""}};
  (void)kOperators;
  if (member == "__contains__") return failHere(Code::kOperator, "Unsupported right operand type for in (" + shown + ")");
  if (member == "__getitem__") {
    bool is_class = (w.types.is(original, TypeKind::kCallable) && w.types.callable(original).isTypeObject());
    if (is_class) {
      TypeId item = w.types.callable(original).made();
      return failHere(Code::kTypeArg, "The type " + formatType(w, w.types.typeType(item)) + " is not generic and not indexable");
    }
    return failHere(Code::kIndex, "Value of type " + shown + " is not indexable");
  }
  if (member == "__setitem__") return failHere(Code::kIndex, "Unsupported target for indexed assignment (" + shown + ")");
  if (member == "__call__" && isNamed(w, original, "builtins.function")) return failHere(Code::kOperator, "Cannot call function of unknown type");
  if (member == "__call__") return failHere(Code::kOperator, shown + " not callable");
  if (w.types.is(original, TypeKind::kUnion) && type != original) {
    std::string item = formatType(w, type);
    auto texts = formatTwo(w, type, original);
    return failHere(Code::kUnionAttr, "Item " + texts.first + " of " + texts.second + " has no attribute \"" + member + "\"");
  }
  if (w.types.is(original, TypeKind::kTypeVar)) {
    TypeId bound = proper(w, upperBound(w, TypeVarId(w.types[original].ref)));
    if (w.types.is(bound, TypeKind::kUnion)) {
      auto texts = formatTwo(w, type, bound);
      return failHere(Code::kUnionAttr, "Item " + texts.first + " of the upper bound " + texts.second + " of type variable " + shown + " has no attribute \"" + member + "\"");
    }
  }
  if (w.types.is(original, TypeKind::kCallable) && w.types.callable(original).isTypeObject()) {
    shown = formatType(w, w.types.typeType(proper(w, w.types.callable(original).made())));
  }
  std::vector<NameId> names;
  if (w.types.is(original, TypeKind::kInstance)) {
    ClassId cls = w.types[original].cls();
    ownMember(w, cls, name);
    for (SymbolId symbol : w.scopes[w.classes[cls].scope].names.in_order) names.push_back(w.symbols[symbol].name);
  }
  std::string extra = member == "__iter__" ? " (not iterable)" : member == "__aiter__" ? " (not async iterable)" : "";
  std::string maybe = perhapsMeant(w, names, member);
  // That it can be iterated without `async` does not help.
  if (member == "__aiter__" && maybe == "; maybe \"__iter__\"?") maybe.clear();
  if (!maybe.empty()) return failHere(Code::kAttrDefined, shown + " has no attribute \"" + member + "\"" + maybe + extra);
  failHere(Code::kAttrDefined, shown + " has no attribute \"" + member + "\"" + extra);
  TypeId awaited = original == type && !is_assignment ? preciseAwaited(w, type) : TypeId::none();
  if (!awaited.valid() || !w.types.is(proper(w, awaited), TypeKind::kInstance)) return;
  if (findMember(w, w.types[proper(w, awaited)].cls(), name).found()) note(c, node, Code::kAttrDefined, kForgottenAwait);
}

}  // namespace krait::infer

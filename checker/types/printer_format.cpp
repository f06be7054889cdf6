// The form of types in messages, as mypy's messages.format_type gives it.
#include <algorithm>
#include <unordered_set>

#include "checker/types/printer.h"
#include "checker/types/substitute.h"

namespace krait::types {

namespace {

struct Formatter {
  World& w;
  int verbosity;
  const std::vector<std::string>* full_names;  // classes to print with their full names
  std::vector<TypeId> seen_aliases;

  std::string format(TypeId id);
  std::string list(std::span<const TypeId> types, const char* separator = ", ");
  std::string className(const ClassInfo& info);
  std::string formatInstance(const Type& type);
  std::string formatUnion(const Type& type);
  std::string unionItems(std::span<const TypeId> items);
  std::string formatCallable(TypeId id);
  std::string formatParams(TypeId id, uint32_t count);
  std::string formatTypeVar(const Type& type);
  std::string formatTypedDict(TypeId id);
};

constexpr size_t kMaxUnionItems = 10;

}  // namespace

std::string Formatter::list(std::span<const TypeId> types, const char* separator) {
  std::string out;
  for (TypeId type : types) {
    if (!out.empty()) out += separator;
    out += format(type);
  }
  return out;
}

std::string Formatter::className(const ClassInfo& info) {
  bool full = verbosity >= 2;
  if (full_names != nullptr) {
    for (const std::string& name : *full_names) full = full || name == info.fullname;
  }
  if (!full) return std::string(w.text(info.name));
  std::string name = info.fullname;
  if (info.in_function) name += "@" + std::to_string(info.line);
  return name;
}

std::string Formatter::formatInstance(const Type& type) {
  if (type.sub == 1) return "LiteralString";
  const ClassInfo& info = w.classes[type.cls()];
  if (info.fullname == "types.ModuleType") return "Module";
  if (info.fullname == "typing._SpecialForm") return "<typing special form>";
  std::string name = className(info);
  if (info.fullname == "builtins.tuple" && type.count == 1) return "tuple[" + format(type.items[0]) + ", ...]";
  if (type.count > 0) return name + "[" + list(type.args()) + "]";
  if (info.type_vars.size() == 1 && w.type_vars[info.type_vars[0]].kind == TypeVarKind::kTypeVarTuple) {
    return name + "[()]";
  }
  return name;
}

std::string Formatter::unionItems(std::span<const TypeId> items) {
  std::vector<TypeId> shown;
  bool has_none = false;
  // Values that are known but not declared are not shown: `int` for 1 and 2.
  auto isSame = [&](TypeId a, TypeId b) {
    const Type& x = w.types[a];
    const Type& y = w.types[b];
    bool are_known = x.kind == TypeKind::kInstance && y.kind == TypeKind::kInstance && w.types.is(x.extra, TypeKind::kLiteral) && w.types.is(y.extra, TypeKind::kLiteral);
    return are_known && x.cls() == y.cls() && x.count == 0 && y.count == 0;
  };
  for (TypeId item : items) {
    if (w.types.is(item, TypeKind::kNone)) {
      has_none = true;
    } else if (std::none_of(shown.begin(), shown.end(), [&](TypeId other) { return isSame(item, other); })) {
      shown.push_back(item);
    }
  }
  std::string out;
  if (shown.size() > kMaxUnionItems && verbosity == 0) {
    size_t more = shown.size() - kMaxUnionItems / 2;
    std::span<const TypeId> first(shown.data(), kMaxUnionItems / 2);
    out = list(first, " | ") + " | <" + std::to_string(more) + " more items>";
  } else {
    out = list(shown, " | ");
  }
  if (has_none) out += out.empty() ? "None" : " | None";
  return out;
}

std::string Formatter::formatUnion(const Type& type) {
  std::vector<TypeId> literals, others;
  for (TypeId item : type.args()) (w.types.is(item, TypeKind::kLiteral) && !isSentinel(w, item) ? literals : others).push_back(item);
  if (literals.size() > 1) {
    std::string text = "Literal[";
    for (size_t i = 0; i < literals.size(); ++i) {
      if (i > 0) text += ", ";
      text += literalText(w, literals[i], verbosity >= 2);
    }
    text += "]";
    if (others.empty()) return text;
    return text + " | " + unionItems(others);
  }
  return unionItems(type.args());
}

static const char* constructorName(ParamKind kind) {
  static constexpr const char* kNames[] = {"Arg", "DefaultArg", "VarArg", "NamedArg", "DefaultNamedArg", "KwArg"};
  return kNames[static_cast<size_t>(kind)];
}

std::string Formatter::formatParams(TypeId id, uint32_t count) {
  CallableView view = w.types.callable(id);
  std::string out;
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    const ParamShape& param = view.params()[i];
    std::string type = format(view.types()[i]);
    if ((param.kind == ParamKind::kPos && !param.name.valid()) || (verbosity == 0 && isPositional(param.kind))) {
      out += type;
    } else if (isStar(param.kind) || !param.name.valid()) {
      out += std::string(constructorName(param.kind)) + "(" + type + ")";
    } else {
      out += std::string(constructorName(param.kind)) + "(" + type + ", " + pythonRepr(w.text(param.name)) + ")";
    }
  }
  return out;
}

std::string Formatter::formatCallable(TypeId id) {
  CallableView view = w.types.callable(id);
  if (view.isTypeObject()) {
    TypeId item = proper(w, view.made());
    if (w.types.is(item, TypeKind::kNever)) return "Never";
    return "type[" + format(item) + "]";
  }
  std::string ret;
  if (view.has(kTypeGuard)) {
    ret = "TypeGuard[" + format(view.guard()) + "]";
  } else if (view.has(kTypeIs)) {
    ret = "TypeIs[" + format(view.guard()) + "]";
  } else {
    ret = format(view.ret());
  }
  if (view.has(kEllipsisArgs)) return "Callable[..., " + ret + "]";
  TypeId spec = paramSpecOf(w, id);
  if (spec.valid()) {
    std::string prefix = formatParams(id, view.paramCount() - 2);
    std::string name(w.text(typeVarOf(w, spec).name));
    if (prefix.empty()) return "Callable[" + name + ", " + ret + "]";
    return "Callable[[" + prefix + ", **" + name + "], " + ret + "]";
  }
  // A parameter that Callable[…] cannot express: the signature as it would be written.
  for (const ParamShape& param : view.params()) {
    bool is_plain = (param.kind == ParamKind::kPos && !param.name.valid()) || (verbosity == 0 && isPositional(param.kind));
    if (!is_plain) return prettyCallable(w, id);
  }
  return "Callable[[" + formatParams(id, view.paramCount()) + "], " + ret + "]";
}

std::string Formatter::formatTypeVar(const Type& type) {
  const TypeVarInfo& info = w.type_vars[TypeVarId(type.ref)];
  std::string name(w.text(info.name));
  if (type.sub == static_cast<uint8_t>(TypeVarForm::kArgs)) name += ".args";
  if (type.sub == static_cast<uint8_t>(TypeVarForm::kKwargs)) name += ".kwargs";
  if (type.count > 0 && w.types.callable(type.items[0]).paramCount() > 0) {
    CallableView prefix = w.types.callable(type.items[0]);
    return "[" + formatParams(type.items[0], prefix.paramCount()) + ", **" + name + "]";
  }
  return name;
}

std::string Formatter::formatTypedDict(TypeId id) {
  const Type& type = w.types[id];
  if (w.classes[w.types[type.extra].cls()].has(kClassTypedDict)) return format(type.extra);
  std::string s;
  for (const TypedDictItem& item : w.types.typedDictItems(id)) {
    if (!s.empty()) s += ", ";
    s += pythonRepr(w.text(item.name));
    if (!item.required) s += "?";
    if (item.read_only) s += "=";
    s += ": " + format(item.type);
  }
  return "TypedDict({" + s + "})";
}

std::string Formatter::format(TypeId id) {
  const Type& type = w.types[id];
  switch (type.kind) {
    case TypeKind::kAny: return "Any";
    case TypeKind::kNone: return "None";
    case TypeKind::kNever: return "Never";
    case TypeKind::kErased: return "<nothing>";
    case TypeKind::kDeleted: return "<deleted>";
    case TypeKind::kUnbound: return std::string(w.text(NameId(type.ref))) + "?";
    case TypeKind::kInstance: return formatInstance(type);
    case TypeKind::kTypeVar: return formatTypeVar(type);
    case TypeKind::kUnpack:
      return w.options.reveal_verbose_types ? "Unpack[" + format(type.items[0]) + "]" : "*" + format(type.items[0]);
    case TypeKind::kTuple:
      if (!isNamed(w, type.extra, "builtins.tuple")) return format(type.extra);
      return "tuple[" + (type.count == 0 ? "()" : list(type.args())) + "]";
    case TypeKind::kUnion: return formatUnion(type);
    case TypeKind::kLiteral:
      if (isSentinel(w, id)) return literalText(w, id, false);
      return "Literal[" + literalText(w, id, verbosity >= 2) + "]";
    case TypeKind::kCallable: return formatCallable(id);
    // `...` too is written out, as [VarArg(Any), KwArg(Any)].
    case TypeKind::kParameters: return "[" + formatParams(id, w.types.callable(id).paramCount()) + "]";
    case TypeKind::kOverloaded:
      if (w.types.callable(type.items[0]).isTypeObject()) return formatCallable(type.items[0]);
      return "overloaded function";
    case TypeKind::kTypeType: return (type.sub == 1 ? "TypeForm[" : "type[") + format(type.items[0]) + "]";
    case TypeKind::kTypedDict: return formatTypedDict(id);
    case TypeKind::kAlias: {
      for (TypeId seen : seen_aliases) {
        if (seen == id) return "...";
      }
      if (verbosity < 2) {
        // A recursive alias is told by its name.
        std::string s(w.text(w.aliases[AliasId(type.ref)].name));
        return type.count == 0 ? s : s + "[" + list(type.args()) + "]";
      }
      seen_aliases.push_back(id);
      std::string s = format(proper(w, id));
      seen_aliases.pop_back();
      return s;
    }
    case TypeKind::kPartial: return "<partial>";
    case TypeKind::kModule: return isNamed(w, type.extra, "builtins.object") ? "object" : "Module";
  }
  return "?";
}

std::string quoteType(const std::string& text) {
  if (text == "Module" || text == "overloaded function" || text == "<deleted>" || text.starts_with("Module ") ||
      text.ends_with("?")) {
    return text;
  }
  return "\"" + text + "\"";
}

// All classes in the type, each once. A type that was seen is not looked into again: types share their parts.
static void collectClasses(World& w, TypeId id, std::vector<ClassId>& out, std::unordered_set<uint32_t>& seen) {
  if (!seen.insert(id.value).second) return;
  const Type& type = w.types[id];
  if (type.kind == TypeKind::kAlias) return collectClasses(w, proper(w, id), out, seen);
  if (type.kind == TypeKind::kInstance && std::find(out.begin(), out.end(), type.cls()) == out.end()) out.push_back(type.cls());
  if (type.kind == TypeKind::kTuple || type.kind == TypeKind::kTypedDict || type.kind == TypeKind::kLiteral) {
    collectClasses(w, type.extra, out, seen);
  }
  for (TypeId arg : type.args()) collectClasses(w, arg, out, seen);
}

bool isTypingHint(std::string_view name) {
  static constexpr std::string_view kNames[] = {"Any", "Callable", "Dict", "Iterable", "Iterator", "List", "Optional", "Set", "Tuple", "TypeVar", "Union", "cast"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

std::vector<std::string> missingNameHints(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kFixtures[] = {
      {"list", "list"}, {"dict", "dict"}, {"set", "set"}, {"tuple", "tuple"}, {"bool", "bool"}, {"Exception", "exception"},
      {"BaseException", "exception"}, {"isinstance", "isinstancelist"}, {"property", "property"}, {"classmethod", "classmethod"}};
  std::vector<std::string> hints;
  for (const auto& [missing, fixture] : kFixtures) {
    if (missing != name) continue;
    hints.push_back("Maybe your test fixture does not define \"builtins." + std::string(name) + "\"?");
    hints.push_back("Consider adding [builtins fixtures/" + std::string(fixture) + ".pyi] to your test description");
  }
  static constexpr std::string_view kTyping[] = {"Dict", "List", "Set", "Tuple"};
  std::string suggested = isTypingHint(name) ? std::string(name) : "";
  for (std::string_view each : kTyping) {
    std::string lower(each);
    lower[0] = static_cast<char>(lower[0] + 32);
    if (lower == name) suggested = each;
  }
  if (!suggested.empty()) hints.push_back("Did you forget to import it from \"typing\"? (Suggestion: \"from typing import " + suggested + "\")");
  return hints;
}

// The full names of classes of which the types have two with one name, and of those that are named as one of typing is.
static std::vector<std::string> overlappingNames(World& w, std::span<const TypeId> types) {
  std::vector<ClassId> classes;
  std::unordered_set<uint32_t> seen;
  for (TypeId type : types) collectClasses(w, type, classes, seen);
  std::vector<std::string> result;
  for (ClassId a : classes) {
    std::string_view name = w.text(w.classes[a].name);
    if (isTypingHint(name) && w.classes[a].fullname != "typing." + std::string(name)) result.push_back(w.classes[a].fullname);
    for (ClassId b : classes) {
      if (a == b || w.classes[a].name != w.classes[b].name) continue;
      if (w.classes[a].fullname == w.classes[b].fullname) continue;
      result.push_back(w.classes[a].fullname);
    }
  }
  return result;
}

std::string formatTypeBare(World& w, TypeId type, int verbosity) {
  std::vector<std::string> full = overlappingNames(w, std::span<const TypeId>(&type, 1));
  return Formatter{w, verbosity, &full, {}}.format(type);
}

std::string formatType(World& w, TypeId type, int verbosity) { return quoteType(formatTypeBare(w, type, verbosity)); }

std::vector<std::string> formatDistinctly(World& w, std::span<const TypeId> types, bool bare) {
  std::vector<std::string> full = overlappingNames(w, types);
  std::vector<std::string> texts;
  for (int verbosity = 0; verbosity < 3; ++verbosity) {
    texts.clear();
    for (TypeId type : types) texts.push_back(Formatter{w, verbosity, &full, {}}.format(type));
    bool distinct = true;
    for (size_t i = 0; i < texts.size(); ++i) {
      for (size_t j = 0; j < i; ++j) distinct = distinct && texts[i] != texts[j];
    }
    if (distinct) break;
  }
  if (!bare) {
    for (std::string& text : texts) text = quoteType(text);
  }
  return texts;
}

std::pair<std::string, std::string> formatTwo(World& w, TypeId first, TypeId second, bool bare) {
  TypeId both[] = {first, second};
  std::vector<std::string> texts = formatDistinctly(w, both, bare);
  return {texts[0], texts[1]};
}

// The name of the first parameter that the definition has and the callable has not; or nothing.
static std::string boundParameter(World& w, const CallableView& view) {
  const FunctionInfo& function = w.functions[view.shape->definition];
  if (!function.node.valid() || view.has(kFromConcatenate)) return "";
  const syntax::Ast& ast = *w.modules[function.module].ast;
  auto def = ast.tryAs<syntax::FunctionDef>(function.node);
  if (!def) return "";
  syntax::NodeList params = ast.as<syntax::Parameters>(def->params()).params();
  if (params.size() <= view.paramCount()) return "";
  return std::string(syntax::nameText(ast, ast.as<syntax::Parameter>(params[0]).name()));
}

std::string prettyCallable(World& w, TypeId callable, bool skip_self) {
  CallableView view = w.types.callable(callable);
  std::vector<TypeId> one{callable};
  std::vector<std::string> full = overlappingNames(w, one);
  Formatter formatter{w, 0, &full, {}};
  std::string s;
  bool asterisk = false;
  bool slash = false;
  TypeId spec = paramSpecOf(w, callable);
  uint32_t count = view.paramCount() - (spec.valid() ? 2 : 0);
  for (uint32_t i = 0; i < count; ++i) {
    const ParamShape& param = view.params()[i];
    if (!s.empty()) s += ", ";
    if (isNamed(param.kind) && !asterisk) {
      s += "*, ";
      asterisk = true;
    }
    if (param.kind == ParamKind::kStar) {
      s += "*";
      asterisk = true;
    }
    if (param.kind == ParamKind::kStar2) s += "**";
    bool named = param.name.valid();
    if (named) s += std::string(w.text(param.name)) + ": ";
    std::string type = formatter.format(view.types()[i]);
    if (param.kind == ParamKind::kStar2 && view.has(kUnpackKwargs)) type = "Unpack[" + type + "]";
    s += type;
    if (param.kind == ParamKind::kOpt || param.kind == ParamKind::kNamedOpt) s += " = ...";
    bool is_last = i + 1 == view.paramCount();
    if (!slash && isPositional(param.kind) && !named &&
        (is_last || view.params()[i + 1].name.valid() || !isPositional(view.params()[i + 1].kind))) {
      s += ", /";
      slash = true;
    }
  }
  if (spec.valid()) {
    std::string name(w.text(typeVarOf(w, spec).name));
    if (!s.empty()) s += ", ";
    s += "*args: " + name + ".args, **kwargs: " + name + ".kwargs";
  }
  std::string name;
  if (view.shape->definition.valid() && !view.isTypeObject() && !w.functions[view.shape->definition].has(kFnLambda)) {
    name = std::string(w.text(w.functions[view.shape->definition].name));
  } else if (view.shape->name.valid()) {
    name = std::string(w.text(view.shape->name));
    size_t of = name.find(" of ");
    if (of != std::string::npos) name = name.substr(0, of);
  }
  std::string head = "def ";
  std::string vars;
  for (TypeId var : view.vars()) {
    TypeVarId variable(w.types[var].ref);
    if (!vars.empty()) vars += ", ";
    vars += w.text(w.type_vars[variable].name);
    std::vector<TypeId> values = valuesOf(w, variable);
    TypeId bound = upperBound(w, variable);
    if (w.type_vars[variable].kind == TypeVarKind::kTypeVar && values.empty() && !isNamed(w, bound, "builtins.object")) {
      vars += ": " + formatter.format(bound);
    } else if (!values.empty()) {
      vars += ": (" + formatter.list(values) + ")";
    }
    TypeId fallback = defaultOf(w, variable);
    if (fallback.valid()) vars += " = " + formatter.format(fallback);
  }
  if (!skip_self && view.shape->definition.valid() && !view.isTypeObject()) {
    // A bound method shows its self, too.
    std::string self = boundParameter(w, view);
    if (!self.empty()) s = self + (s.empty() ? "" : ", " + s);
  }
  if (!vars.empty()) head += "[" + vars + "] ";
  head += name;
  s = head + "(" + s + ")";
  s += " -> ";
  if (view.has(kTypeGuard)) {
    s += "TypeGuard[" + formatter.format(view.guard()) + "]";
  } else if (view.has(kTypeIs)) {
    s += "TypeIs[" + formatter.format(view.guard()) + "]";
  } else {
    s += formatter.format(view.ret());
  }
  return s;
}

}  // namespace krait::types

#include "checker/program/observed.h"

#include <algorithm>
#include <array>

#include "checker/program/queries.h"
#include "checker/types/printer.h"

namespace krait::program {

using namespace types;

namespace {
// Classes of the interpreter that the stubs put elsewhere. ref: the `types` and `collections.abc` modules.
struct Moved {
  std::string_view from, module, name;
};
}  // namespace
static constexpr Moved kMoved[] = {
    {"builtins:NoneType", "types", "NoneType"}, {"builtins:function", "types", "FunctionType"}, {"builtins:method", "types", "MethodType"},
    {"builtins:builtin_function_or_method", "types", "BuiltinFunctionType"}, {"builtins:module", "types", "ModuleType"},
    {"builtins:generator", "types", "GeneratorType"}, {"builtins:coroutine", "types", "CoroutineType"},
    {"builtins:async_generator", "types", "AsyncGeneratorType"}, {"builtins:mappingproxy", "types", "MappingProxyType"},
    {"builtins:code", "types", "CodeType"}, {"builtins:frame", "types", "FrameType"}, {"builtins:traceback", "types", "TracebackType"},
    {"builtins:cell", "types", "CellType"}, {"builtins:dict_keys", "_collections_abc", "dict_keys"},
    {"builtins:dict_values", "_collections_abc", "dict_values"}, {"builtins:dict_items", "_collections_abc", "dict_items"}};

static ClassId classIn(World& w, ModuleId module, std::string_view path) {
  if (!module.valid()) return ClassId::none();
  ScopeId scope = w.modules[module].scope;
  ClassId found;
  while (!path.empty() && scope.valid()) {
    size_t dot = std::min(path.find('.'), path.size());
    SymbolId symbol = w.scopes[scope].names.find(w.name(path.substr(0, dot)));
    if (!symbol.valid()) return ClassId::none();
    symbol = followImports(w, symbol);
    if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kClass) return ClassId::none();
    found = w.symbols[symbol].cls;
    if (!found.valid()) return found;
    scope = w.classes[found].scope;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return found;
}

ClassId classOfObserved(World& w, ModuleId main, std::string_view name) {
  for (const Moved& moved : kMoved) {
    if (moved.from == name) return lookupClass(w, moved.module, moved.name);
  }
  size_t colon = name.find(':');
  if (colon == std::string_view::npos) return ClassId::none();
  std::string_view module = name.substr(0, colon);
  return classIn(w, module == "__main__" ? main : w.hooks.find_module(w, module), name.substr(colon + 1));
}

static std::string_view lastName(std::string_view name) {
  size_t at = name.find_last_of(".:");
  return at == std::string_view::npos ? name : name.substr(at + 1);
}

// Is something whose classes these are a value of `cls`?
static Fit nominalFit(World& w, ModuleId main, ClassId cls, const std::vector<std::string>& mro) {
  const ClassInfo& wanted = w.header(cls);
  if ((wanted.flags & kClassFallbackToAny) != 0) return Fit::kUnknown;
  if ((wanted.flags & kClassNewType) != 0 && wanted.mro.size() > 1) return nominalFit(w, main, wanted.mro[1], mro);
  for (const std::string& name : mro) {
    if (name == "builtins:object") break;
    ClassId own = classOfObserved(w, main, name);
    if (!own.valid()) {
      // A class of a function: its name is all that tells it.
      if (name.find("<locals>") != std::string::npos && lastName(name) == w.text(wanted.name)) return Fit::kFits;
      if (name == mro.front()) return nominalFit(w, main, cls, std::vector<std::string>(mro.begin() + 1, mro.end())) == Fit::kFits ? Fit::kFits : Fit::kUnknown;
      continue;
    }
    if (isSubclass(w, own, cls)) return Fit::kFits;
    if ((w.classes[own].flags & kClassFallbackToAny) != 0) return Fit::kUnknown;
    // What the language lets pass: int for float, both for complex, byte containers for bytes.
    std::string_view full = wanted.fullname, known = w.classes[own].fullname;
    bool is_promoted = (full == "builtins.float" && isSubclass(w, own, "builtins.int")) ||
                       (full == "builtins.complex" && (isSubclass(w, own, "builtins.int") || isSubclass(w, own, "builtins.float"))) ||
                       (full == "builtins.bytes" && (known == "builtins.bytearray" || known == "builtins.memoryview"));
    if (is_promoted) return Fit::kFits;
    // A private class of a stub may stand for something that has no class of its own there.
    bool is_stand_in = w.modules[wanted.module].is_stub && w.text(wanted.name).starts_with("_");
    return (wanted.flags & kClassProtocol) != 0 || is_stand_in ? Fit::kUnknown : Fit::kBreaks;
  }
  if (wanted.fullname == "builtins.object") return Fit::kFits;
  return Fit::kUnknown;
}

static Fit allFit(World& w, ModuleId main, TypeId type, const std::vector<ObservedKind>& items) {
  Fit fit = Fit::kFits;
  for (const ObservedKind& item : items) fit = std::max(fit, fitOf(w, main, type, item));
  return fit;
}

static Fit itemsFit(World& w, ModuleId main, const Type& type, const ObservedKind& kind) {
  static constexpr std::string_view kHolders[] = {
      "builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple", "typing.Sequence", "typing.Iterable", "typing.Collection",
      "typing.MutableSequence", "typing.AbstractSet", "typing.MutableSet", "typing.Container", "typing.Reversible", "collections.deque"};
  static constexpr std::string_view kMappings[] = {"builtins.dict", "typing.Mapping", "typing.MutableMapping", "collections.OrderedDict", "collections.defaultdict"};
  if (!kind.has_items) return Fit::kFits;
  std::string_view name = w.classes[type.cls()].fullname;
  bool is_dict = std::find(kind.mro.begin(), kind.mro.end(), "builtins:dict") != kind.mro.end();
  if (type.count == 2 && is_dict && std::find(std::begin(kMappings), std::end(kMappings), name) != std::end(kMappings))
    return std::max(allFit(w, main, type.items[0], kind.keys), allFit(w, main, type.items[1], kind.items));
  if (type.count != 1 || std::find(std::begin(kHolders), std::end(kHolders), name) == std::end(kHolders)) return Fit::kFits;
  return allFit(w, main, type.items[0], is_dict ? kind.keys : kind.items);
}

static Fit tupleFit(World& w, ModuleId main, const Type& type, const ObservedKind& kind) {
  Fit fit = nominalFit(w, main, w.types[type.extra].cls(), kind.mro);
  if (fit != Fit::kFits || !kind.has_items || !kind.is_whole) return fit;
  for (TypeId item : type.args()) {
    if (w.types.is(item, TypeKind::kUnpack)) return Fit::kUnknown;
  }
  if (kind.items.size() != type.count) return Fit::kBreaks;
  for (size_t i = 0; i < kind.items.size(); ++i) fit = std::max(fit, fitOf(w, main, type.items[i], kind.items[i]));
  return fit;
}

static Fit literalFit(World& w, ModuleId main, TypeId id, const ObservedKind& kind) {
  Fit fit = fitOf(w, main, w.types[id].extra, kind);
  const LiteralValue& literal = w.types.literalValue(id);
  if (fit != Fit::kFits) return fit;
  if (literal.kind == LiteralKind::kEnum) return kind.member.empty() ? Fit::kUnknown : kind.member == literal.text ? Fit::kFits : Fit::kBreaks;
  if (kind.value.empty()) return Fit::kUnknown;
  if (literal.kind == LiteralKind::kInt) return kind.value == literal.text ? Fit::kFits : Fit::kBreaks;
  if (literal.kind == LiteralKind::kBool) return (kind.value == "true") == (literal.text == "True") ? Fit::kFits : Fit::kBreaks;
  if (literal.kind == LiteralKind::kStr) return kind.value == "\"" + std::string(literal.text) + "\"" ? Fit::kFits : kind.value.find('\\') != std::string::npos ? Fit::kUnknown : Fit::kBreaks;
  return Fit::kUnknown;
}

static Fit classObjectFit(World& w, ModuleId main, TypeId instance, const ObservedKind& kind) {
  if (kind.of.empty()) return Fit::kUnknown;
  TypeId wanted = proper(w, instance);
  if (!w.types.is(wanted, TypeKind::kInstance)) return Fit::kUnknown;
  return nominalFit(w, main, w.types[wanted].cls(), kind.of);
}

static Fit callableFit(World& w, ModuleId main, TypeId type, const ObservedKind& kind) {
  if (!kind.is_callable) return Fit::kBreaks;
  CallableView view = w.types.callable(type);
  return view.isTypeObject() && !kind.of.empty() ? classObjectFit(w, main, view.ret(), kind) : Fit::kFits;
}

// Places where stubs say something else than what is there, by agreement: field specifiers are declared to return the field's
// type (PEP 681), special forms stand for types.
static bool isDisguised(World& w, const Type& type, const ObservedKind& kind) {
  // Inside its class the name of a property is its getter's.
  if (type.kind == TypeKind::kCallable && kind.mro.front() == "builtins:property") return true;
  if (kind.mro.front() == "dataclasses:Field" || kind.mro.front().starts_with("attr._make:")) return true;
  return type.kind == TypeKind::kInstance && w.classes[type.cls()].fullname == "typing._SpecialForm";
}

Fit fitOf(World& w, ModuleId main, TypeId given, const ObservedKind& kind) {
  TypeId id = proper(w, given);
  if (!id.valid() || isDisguised(w, w.types[id], kind)) return Fit::kUnknown;
  const Type& type = w.types[id];
  switch (type.kind) {
    case TypeKind::kAny: return Fit::kFits;
    case TypeKind::kNone: return kind.mro.front() == "builtins:NoneType" ? Fit::kFits : Fit::kBreaks;
    case TypeKind::kNever: return type.sub == 0 ? Fit::kBreaks : Fit::kUnknown;
    case TypeKind::kUnion: {
      Fit fit = Fit::kBreaks;
      for (TypeId item : type.args()) fit = std::min(fit, fitOf(w, main, item, kind));
      return fit;
    }
    case TypeKind::kTypeVar: {
      const TypeVarInfo& info = w.type_vars[TypeVarId(type.ref)];
      bool is_plain = info.kind == TypeVarKind::kTypeVar && info.values.empty() && info.bound.valid();
      return is_plain ? fitOf(w, main, info.bound, kind) : Fit::kUnknown;
    }
    case TypeKind::kInstance: {
      Fit fit = nominalFit(w, main, type.cls(), kind.mro);
      return fit == Fit::kFits ? itemsFit(w, main, type, kind) : fit;
    }
    case TypeKind::kTuple: return tupleFit(w, main, type, kind);
    case TypeKind::kLiteral: return literalFit(w, main, id, kind);
    case TypeKind::kTypedDict: return std::find(kind.mro.begin(), kind.mro.end(), "builtins:dict") != kind.mro.end() ? Fit::kFits : Fit::kBreaks;
    case TypeKind::kCallable: return callableFit(w, main, id, kind);
    case TypeKind::kOverloaded: return kind.is_callable ? Fit::kFits : Fit::kBreaks;
    case TypeKind::kTypeType: return type.sub == 0 ? classObjectFit(w, main, type.items[0], kind) : Fit::kUnknown;
    case TypeKind::kModule: return !kind.module.empty() ? Fit::kFits : Fit::kUnknown;
    default: return Fit::kUnknown;
  }
}

static std::string joined(const std::vector<ObservedKind>& kinds, std::string_view separator) {
  std::vector<std::string> texts;
  for (const ObservedKind& kind : kinds) {
    std::string text = kindText(kind);
    if (separator == ", " || std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : std::string(separator)) + text;
  return out;
}

std::string kindText(const ObservedKind& kind) {
  const std::string& name = kind.mro.front();
  if (name == "builtins:NoneType") return "None";
  if (!kind.module.empty()) return "Module " + kind.module;
  if (!kind.of.empty()) return "type[" + std::string(lastName(kind.of.front())) + "]";
  std::string text(lastName(name));
  if (!kind.has_items || kind.items.empty()) return text;
  if (name == "builtins:tuple") return "tuple[" + (kind.is_whole ? joined(kind.items, ", ") : joined(kind.items, " | ") + ", ...") + "]";
  if (!kind.keys.empty()) return text + "[" + joined(kind.keys, " | ") + ", " + joined(kind.items, " | ") + "]";
  return text + "[" + joined(kind.items, " | ") + "]";
}

}  // namespace krait::program

#include "cli/infer/name_type.h"

#include <algorithm>

#include "checker/program/queries.h"

namespace krait::cli {

using namespace types;
using program::ObservedKind;

static constexpr int kDepth = 6;

static bool contains(const std::vector<std::string>& texts, std::string_view text) { return std::find(texts.begin(), texts.end(), text) != texts.end(); }

// The members of a union's text.
static std::vector<std::string> membersOf(const std::string& text) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    depth += (text[i] == '[') - (text[i] == ']');
    if (depth == 0 && text.compare(i, 3, " | ") == 0) {
      out.emplace_back();
      i += 2;
    } else {
      out.back() += text[i];
    }
  }
  return out;
}

std::string unionText(const std::vector<std::string>& texts) {
  std::vector<std::string> kept;
  for (const std::string& text : texts) {
    for (std::string& member : membersOf(text)) {
      if (!contains(kept, member)) kept.push_back(std::move(member));
    }
  }
  auto isIn = [&](std::string_view narrow, std::string_view wide) {
    if (contains(kept, wide)) std::erase(kept, narrow);
  };
  isIn("bool", "int");
  isIn("int", "float");
  isIn("bool", "float");
  std::stable_partition(kept.begin(), kept.end(), [](const std::string& text) { return text != "None"; });
  std::string out;
  for (const std::string& text : kept) out += (out.empty() ? "" : " | ") + text;
  return out;
}

// The name that the module has for the class: its own, an imported one, `module.Name`, or a builtin's.
static std::optional<std::string> nameOf(World& w, ModuleId module, ClassId cls) {
  const ClassInfo& info = w.classes[cls];
  std::string name(w.text(info.name));
  ScopeId scope = w.modules[module].scope;
  auto leadsHere = [&](SymbolId symbol) {
    SymbolId found = symbol.valid() ? followImports(w, symbol) : SymbolId::none();
    return found.valid() && w.resolved(found).kind == SymbolKind::kClass && w.symbols[found].cls == cls;
  };
  SymbolId own = w.scopes[scope].names.find(info.name);
  if (own.valid()) return leadsHere(own) ? std::optional(name) : std::nullopt;
  if (info.fullname == "builtins." + name) return name;
  // `import decimal` has decimal.Decimal.
  std::string home(w.text(w.modules[info.module].name));
  SymbolId package = home.find('.') == std::string::npos ? w.scopes[scope].names.find(w.name(home)) : SymbolId::none();
  if (!package.valid()) return std::nullopt;
  w.resolved(package);
  bool is_module = w.symbols[package].kind == SymbolKind::kImport || w.symbols[package].kind == SymbolKind::kModule;
  return is_module && leadsHere(lookupGlobal(w, home, name)) ? std::optional(home + "." + name) : std::nullopt;
}

static std::optional<std::string> textOf(World& w, ModuleId module, TypeId given, int depth);

static std::optional<std::string> joinedTexts(World& w, ModuleId module, std::span<const TypeId> types, int depth, bool is_union) {
  std::vector<std::string> texts;
  for (TypeId type : types) {
    std::optional<std::string> text = textOf(w, module, type, depth);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  if (is_union) return unionText(texts);
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

static std::optional<std::string> textOf(World& w, ModuleId module, TypeId given, int depth) {
  TypeId id = proper(w, given);
  if (depth == 0 || !id.valid()) return std::nullopt;
  const Type& type = w.types[id];
  switch (type.kind) {
    case TypeKind::kNone: return "None";
    case TypeKind::kUnion: return joinedTexts(w, module, type.args(), depth - 1, true);
    case TypeKind::kLiteral: return textOf(w, module, type.extra, depth);
    case TypeKind::kTuple: {
      if (w.classes[w.types[type.extra].cls()].fullname != "builtins.tuple") return textOf(w, module, type.extra, depth);
      std::optional<std::string> items = joinedTexts(w, module, type.args(), depth - 1, false);
      return items ? std::optional("tuple[" + (items->empty() ? "()" : *items) + "]") : std::nullopt;
    }
    case TypeKind::kTypedDict: return textOf(w, module, type.extra, depth);
    case TypeKind::kTypeType: {
      std::optional<std::string> item = type.sub == 0 ? textOf(w, module, type.items[0], depth - 1) : std::nullopt;
      return item ? std::optional("type[" + *item + "]") : std::nullopt;
    }
    case TypeKind::kInstance: {
      if (w.classes[type.cls()].fullname == "builtins.object") return std::nullopt;
      std::optional<std::string> name = nameOf(w, module, type.cls());
      if (!name || type.count == 0) return name;
      std::optional<std::string> args = joinedTexts(w, module, type.args(), depth - 1, false);
      bool is_plain_tuple = w.classes[type.cls()].fullname == "builtins.tuple";
      return args ? std::optional(*name + "[" + *args + (is_plain_tuple ? ", ..." : "") + "]") : std::nullopt;
    }
    default: return std::nullopt;
  }
}

std::optional<std::string> annotationOf(World& w, ModuleId module, TypeId type) { return textOf(w, module, type, kDepth); }

static std::optional<std::string> kindsText(World& w, ModuleId module, const std::vector<ObservedKind>& kinds, int depth);

// All items of containers of one class together: their union is the argument.
static std::vector<ObservedKind> itemsOf(const std::vector<const ObservedKind*>& kinds, bool are_keys) {
  std::vector<ObservedKind> out;
  for (const ObservedKind* kind : kinds) {
    const std::vector<ObservedKind>& items = are_keys ? kind->keys : kind->items;
    out.insert(out.end(), items.begin(), items.end());
  }
  return out;
}

static std::optional<std::string> tupleText(World& w, ModuleId module, const std::vector<const ObservedKind*>& kinds, int depth) {
  size_t size = kinds[0]->items.size();
  for (const ObservedKind* kind : kinds) {
    if (kind->is_whole && kind->items.size() == size) continue;
    std::optional<std::string> item = kindsText(w, module, itemsOf(kinds, false), depth - 1);
    return item ? std::optional("tuple[" + *item + ", ...]") : std::nullopt;
  }
  std::string out;
  for (size_t i = 0; i < size; ++i) {
    std::vector<ObservedKind> at;
    for (const ObservedKind* kind : kinds) at.push_back(kind->items[i]);
    std::optional<std::string> item = kindsText(w, module, at, depth - 1);
    if (!item) return std::nullopt;
    out += (i == 0 ? "" : ", ") + *item;
  }
  return "tuple[" + (out.empty() ? "()" : out) + "]";
}

static std::optional<std::string> classText(World& w, ModuleId module, const std::vector<const ObservedKind*>& kinds, int depth) {
  const std::string& name = kinds[0]->mro.front();
  if (name == "builtins:NoneType") return "None";
  if (name == "builtins:tuple") return tupleText(w, module, kinds, depth);
  ClassId cls = program::classOfObserved(w, module, name);
  std::optional<std::string> own = cls.valid() ? nameOf(w, module, cls) : std::nullopt;
  if (!own || name == "builtins:object" || name == "builtins:type") return std::nullopt;
  size_t parameters = w.header(cls).type_vars.size();
  if (parameters == 0) return own;
  std::optional<std::string> items = kindsText(w, module, itemsOf(kinds, false), depth - 1);
  if (parameters == 1) return items ? std::optional(*own + "[" + *items + "]") : std::nullopt;
  std::optional<std::string> keys = kindsText(w, module, itemsOf(kinds, true), depth - 1);
  return parameters == 2 && keys && items ? std::optional(*own + "[" + *keys + ", " + *items + "]") : std::nullopt;
}

static std::optional<std::string> kindsText(World& w, ModuleId module, const std::vector<ObservedKind>& kinds, int depth) {
  if (depth == 0 || kinds.empty()) return std::nullopt;
  std::vector<std::vector<const ObservedKind*>> by_class;
  for (const ObservedKind& kind : kinds) {
    auto same = std::find_if(by_class.begin(), by_class.end(), [&](const auto& group) { return group[0]->mro.front() == kind.mro.front(); });
    if (same == by_class.end()) by_class.push_back({&kind});
    else same->push_back(&kind);
  }
  std::vector<std::string> texts;
  for (const std::vector<const ObservedKind*>& group : by_class) {
    std::optional<std::string> text = classText(w, module, group, depth);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return unionText(texts);
}

std::optional<std::string> annotationOf(World& w, ModuleId module, const std::vector<ObservedKind>& kinds) { return kindsText(w, module, kinds, kDepth); }

}  // namespace krait::cli

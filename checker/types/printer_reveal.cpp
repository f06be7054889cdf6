// The form of types in reveal_type, as mypy's TypeStrVisitor gives it.
#include "analyzer/base/python_escape.h"
#include "checker/types/printer.h"
#include "checker/types/substitute.h"

namespace krait::types {

std::string pythonRepr(std::string_view text) {
  bool has_single = text.find('\'') != std::string_view::npos;
  bool has_double = text.find('"') != std::string_view::npos;
  char quote = has_single && !has_double ? '"' : '\'';
  std::string out(1, quote);
  for (char c : text) appendEscaped(out, c, quote);
  out += quote;
  return out;
}

static std::string shownName(World& w, const ClassInfo& info, bool full) {
  std::string name = full ? info.fullname : std::string(w.text(info.name));
  if (info.in_function && full && name.find('@') == std::string::npos) name += "@" + std::to_string(info.line);
  return name;
}

std::string literalText(World& w, TypeId literal, bool full_names) {
  const LiteralValue& value = w.types.literalValue(literal);
  switch (value.kind) {
    case LiteralKind::kStr: return pythonRepr(value.text);
    case LiteralKind::kBytes: return "b" + pythonRepr(value.text);
    case LiteralKind::kEnum: {
      const ClassInfo& info = w.classes[w.types[w.types[literal].extra].cls()];
      return shownName(w, info, full_names) + "." + std::string(value.text);
    }
    case LiteralKind::kSentinel: return std::string(value.text.substr(value.text.find(':') + 1));
    default: return std::string(value.text);
  }
}

bool isSentinel(World& w, TypeId type) {
  return w.types.is(type, TypeKind::kLiteral) && w.types.literalValue(type).kind == LiteralKind::kSentinel;
}

namespace {

struct Revealer {
  World& w;
  bool full;  // are all names whole?
  bool simple = w.options.mypy && !full;  // mypy's form for readers
  std::vector<TypeId> seen_aliases;

  std::string show(TypeId id);
  std::string list(std::span<const TypeId> types);
  // In mypy mode only the names of builtins are ever short. ref: mypy types.TypeStrVisitor.visit_instance
  bool isFull(const ClassInfo& info) const { return full || (simple && !info.fullname.starts_with("builtins.")); }
  std::string unpacked(const std::string& shown) const { return simple ? "*" + shown : "Unpack[" + shown + "]"; }
  std::string showInstance(TypeId id, const Type& type);
  // Does no argument stand for the ParamSpec?
  bool isOmitted(TypeId parameters);
  // Of a type variable: of TypeVarTuple it is unpacked.
  std::string showDefault(TypeVarKind kind, TypeId type);
  std::string showTypeVar(TypeId id, const Type& type);
  std::string showCallable(TypeId id);
  std::string showParams(TypeId id, uint32_t count, bool is_parameters);
  std::string showTypedDict(TypeId id);
};

}  // namespace

std::string Revealer::list(std::span<const TypeId> types) {
  std::string out;
  for (TypeId type : types) {
    if (!out.empty()) out += ", ";
    out += show(type);
  }
  return out;
}

std::string Revealer::showInstance(TypeId id, const Type& type) {
  if (type.sub == 1) return full ? "typing.LiteralString" : "LiteralString";
  const ClassInfo& info = w.classes[type.cls()];
  if (w.types.is(type.extra, TypeKind::kLiteral) && type.count == 0) return show(type.extra) + "?";
  std::string name = shownName(w, info, isFull(info));
  if (info.fullname == "builtins.tuple" && type.count == 1) return name + "[" + show(type.items[0]) + ", ...]";
  if (type.count > 0) return name + "[" + list(type.args()) + "]";
  for (TypeVarId variable : info.type_vars) {
    if (w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple && info.type_vars.size() == 1) return name + "[()]";
  }
  return name;
}

bool Revealer::isOmitted(TypeId parameters) {
  CallableView view = w.types.callable(parameters);
  if (!view.has(kEllipsisArgs) || view.paramCount() == 0 || !w.types.is(view.types()[0], TypeKind::kAny)) return false;
  AnyKind kind = static_cast<AnyKind>(w.types[view.types()[0]].sub);
  return kind == AnyKind::kFromOmittedGenerics || kind == AnyKind::kFromError;
}

std::string Revealer::showDefault(TypeVarKind kind, TypeId type) {
  bool is_unpacked = kind == TypeVarKind::kTypeVarTuple && !w.types.is(type, TypeKind::kUnpack) && !w.types.is(type, TypeKind::kAny);
  return is_unpacked ? unpacked(show(type)) : show(type);
}

std::string Revealer::showTypeVar(TypeId id, const Type& type) {
  const TypeVarInfo& info = w.type_vars[TypeVarId(type.ref)];
  std::string name(w.text(info.name));
  if (type.sub == static_cast<uint8_t>(TypeVarForm::kArgs)) name += ".args";
  if (type.sub == static_cast<uint8_t>(TypeVarForm::kKwargs)) name += ".kwargs";
  if (full) name += "`" + std::to_string(info.raw_id);
  if (type.count > 0 && w.types.callable(type.items[0]).paramCount() > 0) {
    std::string prefix = list(w.types.callable(type.items[0]).types());
    name = "[" + prefix + ", **" + name + "]";
  }
  TypeId default_type = defaultOf(w, TypeVarId(type.ref));
  if (default_type.valid() && !info.is_meta && !simple) name += " = " + showDefault(info.kind, default_type);
  return name;
}

std::string Revealer::showParams(TypeId id, uint32_t count, bool is_parameters) {
  CallableView view = w.types.callable(id);
  std::string s;
  bool asterisk = false;
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
    std::string type = show(view.types()[i]);
    if (param.name.valid()) {
      s += std::string(w.text(param.name)) + ": ";
    } else if (param.kind == ParamKind::kStar && type.starts_with('*')) {
      s += "args: ";
    }
    if (param.kind == ParamKind::kStar2 && view.has(kUnpackKwargs)) type = simple ? "**" + type : "Unpack[" + type + "]";
    s += type;
    if (param.kind == ParamKind::kOpt || param.kind == ParamKind::kNamedOpt) s += " =";
  }
  return s;
}

std::string Revealer::showCallable(TypeId id) {
  CallableView view = w.types.callable(id);
  TypeId spec = paramSpecOf(w, id);
  std::string s = showParams(id, view.paramCount() - (spec.valid() ? 2 : 0), false);
  if (spec.valid()) {
    std::string name(w.text(typeVarOf(w, spec).name));
    if (!s.empty()) s += ", ";
    s += "*" + name + ".args, **" + name + ".kwargs";
  }
  s = "(" + s + ")";
  if (view.has(kTypeGuard)) {
    s += " -> TypeGuard[" + show(view.guard()) + "]";
  } else if (view.has(kTypeIs)) {
    s += " -> TypeIs[" + show(view.guard()) + "]";
  } else if (proper(w, view.ret()) != w.types.none()) {
    s += " -> " + show(view.ret());
  }
  if (view.isGeneric()) {
    std::string vars;
    for (TypeId var : view.vars()) {
      if (!vars.empty()) vars += ", ";
      TypeVarId variable(w.types[var].ref);
      vars += w.text(w.type_vars[variable].name);
      TypeId default_type = defaultOf(w, variable);
      const std::vector<TypeId> values = valuesOf(w, variable);
      TypeId bound = upperBound(w, variable);
      if (!values.empty()) {
        vars += " in (" + list(values) + ")";
      } else if (w.type_vars[variable].kind == TypeVarKind::kTypeVar && !isNamed(w, bound, "builtins.object")) {
        vars += " <: " + show(bound);
      }
      if (default_type.valid()) vars += " = " + showDefault(w.type_vars[variable].kind, default_type);
    }
    s = "[" + vars + "] " + s;
  }
  return "def " + s;
}

std::string Revealer::showTypedDict(TypeId id) {
  std::string s;
  for (const TypedDictItem& item : w.types.typedDictItems(id)) {
    if (!s.empty()) s += ", ";
    s += pythonRepr(w.text(item.name));
    if (!item.required) s += "?";
    if (item.read_only) s += "=";
    s += ": " + show(item.type);
  }
  TypeId extra = w.types.typedDictExtra(id);
  if (extra.valid()) {
    if (!s.empty()) s += ", ";
    s += "...: " + show(extra);
  }
  std::string prefix;
  const ClassInfo& info = w.classes[w.types[w.types[id].extra].cls()];
  if (info.has(kClassTypedDict)) prefix = (simple ? shownName(w, info, true) : pythonRepr(shownName(w, info, full))) + ", ";
  std::string closed = w.types.typedDictShape(id).is_closed ? ", closed=True" : "";
  return "TypedDict(" + prefix + "{" + s + "}" + closed + ")";
}

std::string Revealer::show(TypeId id) {
  if (!id.valid()) return "<none>";
  const Type& type = w.types[id];
  switch (type.kind) {
    case TypeKind::kAny: return "Any";
    case TypeKind::kNone: return "None";
    case TypeKind::kNever: return "Never";
    case TypeKind::kErased: return "<Erased>";
    case TypeKind::kDeleted:
      return NameId(type.ref).valid() ? "<Deleted '" + std::string(w.text(NameId(type.ref))) + "'>" : "<Deleted>";
    case TypeKind::kUnbound: return std::string(w.text(NameId(type.ref))) + "?";
    case TypeKind::kInstance: return showInstance(id, type);
    case TypeKind::kTypeVar: return showTypeVar(id, type);
    case TypeKind::kUnpack: return unpacked(show(type.items[0]));
    case TypeKind::kTuple: {
      std::string s = type.count == 0 ? "()" : list(type.args());
      const Type& fallback = w.types[type.extra];
      if (fallback.kind == TypeKind::kInstance && !isNamed(w, type.extra, "builtins.tuple")) {
        return "tuple[" + s + ", fallback=" + show(type.extra) + "]";
      }
      return "tuple[" + s + "]";
    }
    case TypeKind::kUnion: {
      std::string s;
      for (TypeId item : type.args()) {
        if (!s.empty()) s += " | ";
        bool is_function = w.types.is(item, TypeKind::kCallable);
        s += is_function ? "(" + show(item) + ")" : show(item);
      }
      return s;
    }
    case TypeKind::kLiteral: return isSentinel(w, id) ? literalText(w, id, full) : "Literal[" + literalText(w, id, full || simple) + "]";
    case TypeKind::kCallable: return showCallable(id);
    case TypeKind::kParameters:
      if (isOmitted(id)) return "Any";
      return w.types.callable(id).has(kEllipsisArgs)
                 ? "..."
                 : "[" + showParams(id, w.types.callable(id).paramCount(), true) + "]";
    case TypeKind::kOverloaded: return "Overload(" + list(type.args()) + ")";
    case TypeKind::kTypeType: return (type.sub == 1 ? "TypeForm[" : "type[") + show(type.items[0]) + "]";
    case TypeKind::kTypedDict: return showTypedDict(id);
    case TypeKind::kAlias: {
      for (TypeId seen : seen_aliases) {
        if (seen == id) return "...";
      }
      seen_aliases.push_back(id);
      std::string s = show(proper(w, id));
      seen_aliases.pop_back();
      return s;
    }
    case TypeKind::kPartial:
      if (!ClassId(type.ref).valid()) return "<partial None>";
      return "<partial " + std::string(w.text(w.classes[type.cls()].name)) + "[?]>";
    case TypeKind::kModule:
      if (isNamed(w, type.extra, "builtins.object")) return show(type.extra);
      return full || simple ? "types.ModuleType" : "ModuleType";
  }
  return "?";
}

std::string revealType(World& w, TypeId type) {
  return Revealer{.w = w, .full = w.options.reveal_verbose_types, .seen_aliases = {}}.show(type);
}

}  // namespace krait::types

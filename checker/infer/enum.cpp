// Members of enums: what .name and .value are, and classes that are wrapped by member() and nonmember(). Follows mypy's
// enum plugin. ref: typing specification, enumerations
#include "checker/infer/infer.h"

namespace krait::infer {

// The member that a type stands for, by name; none: not known.
static NameId knownMember(World& w, TypeId type) {
  type = proper(w, type);
  TypeId literal = w.types.is(type, TypeKind::kLiteral) ? type : (w.types.is(type, TypeKind::kInstance) ? w.types[type].extra : TypeId::none());
  if (!literal.valid() || !w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != LiteralKind::kEnum) return NameId::none();
  return w.name(w.types.literalValue(literal).text);
}

static ClassId enumOf(World& w, TypeId type) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kLiteral)) type = w.types[type].extra;
  if (!w.types.is(type, TypeKind::kInstance)) return ClassId::none();
  ClassId cls = w.types[type].cls();
  return w.header(cls).has(kClassEnum) ? cls : ClassId::none();
}

// A mixin or the enum makes its values itself.
static bool makesValues(World& w, ClassId cls) {
  FoundMember creator = findMember(w, cls, w.names.__new__);
  return creator.found() && !w.classes[creator.owner].fullname.starts_with("builtins.") && !w.classes[creator.owner].fullname.starts_with("enum.");
}

// What auto() gives: what _generate_next_value_ returns.
static TypeId autoValue(World& w, ClassId cls) {
  FoundMember maker = findMember(w, cls, w.name("_generate_next_value_"));
  if (!maker.found()) return TypeId::none();
  if (isNamed(w, maker.owner, "enum.Enum")) return builtinType(w, "int");
  TypeId type = w.hooks.symbol_type(w, maker.symbol);
  if (!type.valid()) return type;
  type = proper(w, type);
  return w.types.is(type, TypeKind::kCallable) ? w.types.callable(type).ret() : TypeId::none();
}

TypeId enumMemberValue(World& w, ClassId cls, SymbolId symbol) {
  Symbol& member = w.symbols[symbol];
  if (!member.final_value.valid()) {
    if (member.definitions.empty() || w.hooks.infer_value == nullptr) return TypeId::none();
    TypeId value = w.hooks.infer_value(w, symbol);
    w.symbols[symbol].final_value = value;
  }
  TypeId value = proper(w, w.symbols[symbol].final_value);
  if (isNamed(w, value, "enum.auto")) return autoValue(w, cls);
  if (isNamed(w, value, "enum.member") && w.types[value].count == 1) return w.types[value].items[0];
  return value;
}

// The common type of all members' values; none: there is no one type.
static TypeId commonValue(World& w, ClassId cls, bool unites) {
  std::vector<TypeId> values;
  for (SymbolId id : std::vector<SymbolId>(w.scopes[w.members(cls).scope].names.in_order)) {
    if (!w.resolved(id).has(kIsEnumMember)) continue;
    TypeId value = enumMemberValue(w, cls, id);
    if (!value.valid() || w.types.is(value, TypeKind::kAny)) return TypeId::none();
    values.push_back(value);
  }
  if (values.empty()) return TypeId::none();
  bool same = true;
  for (TypeId value : values) {
    same = same && value == values[0];
    if (!unites && !isEquivalent(w, value, values[0])) return TypeId::none();
  }
  return same ? values[0] : simplifiedUnion(w, values);
}

TypeId enumAttribute(Checker& c, TypeId type, NameId name, TypeId fallback) {
  World& w = c.w;
  ClassId cls = enumOf(w, type);
  if (!cls.valid()) return fallback;
  NameId known = knownMember(w, type);
  if (name == w.names.name || name == w.names._name_) {
    if (!known.valid()) return fallback;
    TypeId str = builtinType(w, "str");
    if (!w.types.is(str, TypeKind::kInstance)) return fallback;
    return w.types.instance(w.types[str].cls(), {}, w.types.literal(LiteralKind::kStr, w.text(known), str));
  }
  // What the enum's own code says of `value` counts.
  FoundMember own_property = findMember(w, cls, name);
  bool is_own = own_property.found() && w.resolved(own_property.symbol).kind == SymbolKind::kFunction &&
                !w.classes[own_property.owner].fullname.starts_with("enum.");
  if (is_own && follows(*c.options, Divergence::kEnumProperties)) return fallback;
  // A declared _value_ says what the values are.
  FoundMember declared = findMember(w, cls, w.names._value_);
  bool own = declared.found() && !w.classes[declared.owner].fullname.starts_with("enum.") && w.resolved(declared.symbol).kind == SymbolKind::kVariable;
  if (own) {
    TypeId value = w.hooks.symbol_type(w, declared.symbol);
    if (value.valid()) return value;
  }
  if (makesValues(w, cls)) return fallback;
  if (follows(*c.options, Divergence::kEnumInit) && findMember(w, cls, w.names.__init__).found()) {
    ClassId owner = findMember(w, cls, w.names.__init__).owner;
    if (!w.classes[owner].fullname.starts_with("enum.") && !w.classes[owner].fullname.starts_with("builtins.")) return fallback;
  }
  if (known.valid()) {
    SymbolId member = ownMember(w, cls, known);
    if (!member.valid()) return fallback;
    TypeId value = enumMemberValue(w, cls, member);
    return value.valid() ? value : fallback;
  }
  TypeId common = commonValue(w, cls, follows(*c.options, Divergence::kEnumValues));
  return common.valid() ? common : fallback;
}

TypeId withoutNonMember(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  return isNamed(w, plain, "enum.nonmember") && w.types[plain].count == 1 ? w.types[plain].items[0] : type;
}

}  // namespace krait::infer
